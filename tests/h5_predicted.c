/* SPDX-License-Identifier: MIT */
/* h5_predicted FILE OUT [GT]: writes the vectors OUT and GT as DeepCAD's scripts write predictions. */
#include <config.h>

#include <stdio.h>

#include "base/arena.h"
#include "tests/h5_file.h"

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct cad_vec vecs[2];
	struct err err = {0};
	int rc = 0;

	if (argc < 3 || argc > 4)
		return 2;
	for (int i = 2; i < argc && rc == 0; i++)
		rc = cad_vec_read(&vecs[i - 2], argv[i], &arena, &err);
	if (rc == 0)
		rc = h5_file_predicted(argv[1], &vecs[0], argc > 3 ? &vecs[1] : NULL);
	if (rc < 0)
		fprintf(stderr, "h5_predicted: %s\n", err.msg);
	arena_free(&arena);
	return rc < 0;
}
