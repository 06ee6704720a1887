/* SPDX-License-Identifier: MIT */
/*
 * ids_file_parse. What is accepted is written in the three formats and read again as the same ids;
 * what is refused must leave a proper error.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/encoding/ids_file.h"

/* Of what is written: a pipe must hold it. */
#define INPUT_MAX 4096
#define PIPE_BYTES (1 << 18)

static void write_ids(const struct ids_file *file, const char *path, enum ids_format format)
{
	struct ids_writer writer;
	size_t at = 0;

	if (ids_writer_open(&writer, path, format, NULL) < 0)
		abort();
	for (size_t i = 0; i < file->count; at = file->ends[i++]) {
		const uint32_t *ids = file->ids ? file->ids + at : NULL;

		if (ids_writer_add(&writer, ids, NULL, file->ends[i] - at, NULL) < 0)
			abort();
	}
	if (ids_writer_finish(&writer, NULL) < 0)
		abort();
	ids_writer_free(&writer);
}

static void read_pipe(int fd, struct buf *out)
{
	for (;;) {
		ssize_t got = read(fd, buf_reserve(out, 1 << 12), 1 << 12);

		if (got < 0 && errno != EINTR)
			abort();
		if (got == 0)
			break;
		out->len += got > 0 ? (size_t)got : 0;
	}
}

static void write_to_buf(const struct ids_file *file, enum ids_format format, struct buf *out)
{
	int ends[2];
	char path[64];

	if (pipe(ends) < 0 || fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES) < 0) {
		perror("pipe");
		abort();
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[1]);
	write_ids(file, path, format);
	close(ends[1]);
	read_pipe(ends[0], out);
	close(ends[0]);
}

static bool fits_npy(const struct ids_file *file)
{
	for (size_t i = 0; i < file->id_count; i++)
		if (file->ids[i] > INT32_MAX)
			return false;
	return true;
}

static void check_round_trip(const struct ids_file *file, enum ids_format format)
{
	struct ids_file again;
	struct buf out = {0};

	write_to_buf(file, format, &out);
	if (ids_file_parse(&again, "written", out.data ? out.data : "", out.len, NULL) < 0)
		abort();
	if (again.id_count != file->id_count ||
	    (file->id_count &&
	     memcmp(again.ids, file->ids, file->id_count * sizeof(*file->ids)) != 0))
		abort();
	if (again.count != (format == IDS_NPY ? 1 : file->count))
		abort();
	for (size_t i = 0; i < again.count && format != IDS_NPY; i++)
		if (again.ends[i] != file->ends[i])
			abort();
	ids_file_free(&again);
	buf_free(&out);
}

static void check_refused(const struct ids_file *file, const struct err *err)
{
	if (file->ids || file->ends || file->count || file->id_count)
		abort();
	if (err->code != ERR_FORMAT && err->code != ERR_UNSUPPORTED)
		abort();
	if (strncmp(err->msg, "fuzz:", 5) != 0 || strchr(err->msg, '\n'))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ids_file file;
	struct err err = {0};

	if (size > INPUT_MAX)
		return 0;
	if (ids_file_parse(&file, "fuzz", (const char *)data, size, &err) < 0) {
		check_refused(&file, &err);
		return 0;
	}
	if (file.count && file.ends[file.count - 1] != file.id_count)
		abort();
	check_round_trip(&file, IDS_TEXT);
	check_round_trip(&file, IDS_JSON);
	if (fits_npy(&file))
		check_round_trip(&file, IDS_NPY);
	ids_file_free(&file);
	return 0;
}
