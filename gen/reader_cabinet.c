/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gen/reader.h"

int read_cabinet(struct program *program, struct reader *reader, struct err *err)
{
	(void)program;
	(void)reader;
	return err_set(err, ERR_UNSUPPORTED, "no reader");
}
