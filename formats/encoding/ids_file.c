/* SPDX-License-Identifier: MIT */
/* An array's length stands before it, so npy is gathered in memory and written at the end. */
#include <config.h>

#include "formats/encoding/ids_file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/fs.h"
#include "formats/encoding/npy.h"

#define PIECE_BYTES ((size_t)1 << 20)

const char *const ids_format_names[4] = {"text", "json", "npy", NULL};

int ids_writer_open(struct ids_writer *writer, const char *path, enum ids_format format,
		    struct err *err)
{
	*writer = (struct ids_writer){.path = path, .format = format};
	if (!path || format == IDS_NPY)
		return 0;
	writer->file = fs_file_new(path, err);
	return writer->file ? 0 : -1;
}

static int put_out(const void *data, size_t n, struct err *err)
{
	if (fwrite(data, 1, n, stdout) == n)
		return 0;
	return err_errno(err, "cannot write to standard output");
}

/* Hands on what is gathered, if it is at least so much. */
static int flush(struct ids_writer *writer, size_t least, struct err *err)
{
	int rc;

	if (writer->text.len < least || !writer->text.len)
		return 0;
	rc = writer->file ? fs_file_add(writer->file, writer->text.data, writer->text.len, err)
			  : put_out(writer->text.data, writer->text.len, err);
	buf_clear(&writer->text);
	return rc;
}

static int put_numbers(const uint32_t *ids, size_t count, struct buf *out, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i] > INT32_MAX)
			return err_set(err, ERR_LIMIT, "id %" PRIu32 " is too large for npy",
				       ids[i]);
		npy_put_number(out, ids[i], 4);
	}
	return 0;
}

static void put_json(const uint32_t *ids, const struct token_span *spans, size_t count,
		     struct buf *out)
{
	buf_str(out, "{\"ids\":[");
	for (size_t i = 0; i < count; i++) {
		buf_str(out, i ? "," : "");
		buf_int(out, ids[i]);
	}
	for (size_t i = 0; i < count && spans; i++) {
		buf_str(out, i ? ",[" : "],\"spans\":[[");
		buf_int(out, (int64_t)spans[i].start);
		buf_char(out, ',');
		buf_int(out, (int64_t)spans[i].end);
		buf_char(out, ']');
	}
	buf_str(out, "]}\n");
}

int ids_writer_add(struct ids_writer *writer, const uint32_t *ids, const struct token_span *spans,
		   size_t count, struct err *err)
{
	struct buf *out = &writer->text;

	switch (writer->format) {
	case IDS_TEXT:
		for (size_t i = 0; i < count; i++) {
			buf_str(out, i ? " " : "");
			buf_int(out, ids[i]);
		}
		buf_char(out, '\n');
		break;
	case IDS_JSON:
		put_json(ids, spans, count, out);
		break;
	case IDS_NPY:
		return put_numbers(ids, count, out, err);
	}
	return flush(writer, PIECE_BYTES, err);
}

static int finish_npy(struct ids_writer *writer, struct err *err)
{
	struct buf whole = {0};
	char shape[64];
	int rc;

	snprintf(shape, sizeof(shape), "(%zu,)", writer->text.len / 4);
	npy_put_header(&whole, "<i4", shape);
	buf_bytes(&whole, writer->text.data, writer->text.len);
	rc = writer->path ? fs_write(writer->path, whole.data, whole.len, err)
			  : put_out(whole.data, whole.len, err);
	buf_free(&whole);
	return rc;
}

int ids_writer_finish(struct ids_writer *writer, struct err *err)
{
	struct fs_file *file = writer->file;

	if ((writer->format == IDS_NPY ? finish_npy(writer, err) : flush(writer, 0, err)) < 0)
		return -1;
	if (file) {
		writer->file = NULL;
		return fs_file_finish(file, err);
	}
	if (!writer->path && (fflush(stdout) != 0 || ferror(stdout)))
		return err_errno(err, "cannot write to standard output");
	return 0;
}

void ids_writer_free(struct ids_writer *writer)
{
	fs_file_drop(writer->file);
	buf_free(&writer->text);
}
