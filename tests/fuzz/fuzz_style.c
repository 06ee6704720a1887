/* SPDX-License-Identifier: MIT */
/* style_parse; whatever it accepts must be written and read back as the same sheet. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/style.h"

static void check_same(const struct style_sheet *a, const struct style_sheet *b)
{
#define V(name, value, lowest, highest, about)                                                     \
	if (a->name.lo != b->name.lo || a->name.hi != b->name.hi)                                  \
		abort();
	STYLE_VALUES(V)
#undef V
	if (strcmp(a->standard, b->standard) != 0 || a->decimal_mark != b->decimal_mark)
		abort();
}

static void check_round_trip(const struct style_sheet *sheet)
{
	struct buf out = {0};
	struct style_sheet again;
	struct err err;

	style_write(sheet, &out);
	if (style_parse(&again, "written", out.data, out.len, &err) < 0)
		abort();
	check_same(sheet, &again);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct style_sheet sheet;
	struct err err;

	if (style_parse(&sheet, "fuzz", (const char *)data, size, &err) == 0)
		check_round_trip(&sheet);
	return 0;
}
