/* SPDX-License-Identifier: MIT */
/*
 * Writing: libarchive hands every block on at once, to whatever buffer the running tar_put has. When it
 * is freed it would end the archive: there is no buffer then, and what it writes goes nowhere.
 *
 * Reading is stricter than libarchive, which takes an archive that is cut between two entries for whole
 * and passes over what lies behind the end: behind the last entry there must be two blocks of zeros,
 * and nothing but zeros. An entry's room grows as its bytes come in.
 */
#include <config.h>

#include "formats/encoding/tar.h"

#include <string.h>

#include "base/err.h"

enum { BLOCK_BYTES = 512 };

void tar_put_end(struct buf *out)
{
	memset(buf_reserve(out, 2 * BLOCK_BYTES), 0, 2 * BLOCK_BYTES);
	out->len += 2 * BLOCK_BYTES;
	out->data[out->len] = '\0';
}

#ifdef HAVE_LIBARCHIVE

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/mem.h"

#define CHUNK_BYTES ((size_t)64 << 10)

bool tar_available(void)
{
	return true;
}

/* --- writing ---------------------------------------------------------------------------------- */

struct tar_writer {
	struct archive *archive;
	struct archive_entry *entry;
	struct buf *out; /* NULL between two calls */
};

static la_ssize_t on_write(struct archive *archive, void *data, const void *bytes, size_t n)
{
	struct tar_writer *writer = data;

	(void)archive;
	if (writer->out)
		buf_bytes(writer->out, bytes, n);
	return (la_ssize_t)n;
}

struct tar_writer *tar_writer_new(struct err *err)
{
	struct tar_writer *writer = mem_alloc(1, sizeof(*writer));

	writer->archive = archive_write_new();
	writer->entry = archive_entry_new();
	if (!writer->archive || !writer->entry)
		mem_exhausted(CHUNK_BYTES);
	if (archive_write_set_format_ustar(writer->archive) == ARCHIVE_OK &&
	    archive_write_set_bytes_per_block(writer->archive, 0) == ARCHIVE_OK &&
	    archive_write_open(writer->archive, writer, NULL, on_write, NULL) == ARCHIVE_OK)
		return writer;
	err_set(err, ERR_UNSUPPORTED, "libarchive writes no tar archives: %s",
		archive_error_string(writer->archive));
	tar_writer_free(writer);
	return NULL;
}

static int write_entry(struct tar_writer *writer, const char *name, const void *data, size_t n)
{
	struct archive_entry *entry = archive_entry_clear(writer->entry);

	archive_entry_copy_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)n);
	archive_entry_set_mtime(entry, 0, 0);
	if (archive_write_header(writer->archive, entry) != ARCHIVE_OK)
		return -1;
	if (n > 0 && archive_write_data(writer->archive, data, n) != (la_ssize_t)n)
		return -1;
	return archive_write_finish_entry(writer->archive) == ARCHIVE_OK ? 0 : -1;
}

int tar_put(struct tar_writer *writer, const char *name, const void *data, size_t n,
	    struct buf *out, struct err *err)
{
	size_t start = out->len;
	int rc = 0;

	if (n > TAR_ENTRY_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "%s: %zu bytes, an archive's entry has at most %zu",
			       name, n, TAR_ENTRY_BYTES_MAX);
	writer->out = out;
	if (write_entry(writer, name, data, n) < 0) {
		rc = err_set(err, ERR_LIMIT, "%s: cannot be put into a tar archive: %s", name,
			     archive_error_string(writer->archive));
		if (out->data) {
			out->len = start;
			out->data[start] = '\0';
		}
	}
	writer->out = NULL;
	return rc;
}

void tar_writer_free(struct tar_writer *writer)
{
	if (!writer)
		return;
	archive_entry_free(writer->entry);
	archive_write_free(writer->archive);
	free(writer);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct tar_reader {
	struct archive *archive;
	FILE *file;
	char *path;
	const char *name; /* of the entry */
	struct buf data;
	bool is_ended;
	int read_errno; /* of a read that failed */
	uint8_t chunk[CHUNK_BYTES];
};

static la_ssize_t on_read(struct archive *archive, void *data, const void **bytes)
{
	struct tar_reader *reader = data;
	size_t n = fread(reader->chunk, 1, CHUNK_BYTES, reader->file);

	*bytes = reader->chunk;
	if (n > 0 || !ferror(reader->file))
		return (la_ssize_t)n;
	reader->read_errno = errno;
	archive_set_error(archive, errno, "cannot be read");
	return -1;
}

/* What libarchive has just refused. */
static int refused(struct tar_reader *reader, struct err *err)
{
	if (reader->read_errno) {
		errno = reader->read_errno;
		return err_errno(err, "cannot read %s", reader->path);
	}
	return err_set(err, ERR_FORMAT, "%s: byte %" PRId64 ": broken tar archive: %s",
		       reader->path, (int64_t)archive_read_header_position(reader->archive),
		       archive_error_string(reader->archive));
}

static int wrong_entry(struct tar_reader *reader, enum err_code code, const char *why,
		       struct err *err)
{
	return err_set(err, code, "%s: byte %" PRId64 ": '%s' %s", reader->path,
		       (int64_t)archive_read_header_position(reader->archive), reader->name, why);
}

static struct tar_reader *new_reader(const char *path, FILE *file)
{
	struct tar_reader *reader = mem_alloc(1, sizeof(*reader));
	struct buf copy = {0};

	buf_str(&copy, path);
	reader->path = copy.data;
	reader->file = file;
	reader->archive = archive_read_new();
	if (!reader->archive)
		mem_exhausted(CHUNK_BYTES);
	return reader;
}

struct tar_reader *tar_open(const char *path, struct err *err)
{
	FILE *file = fopen(path, "rbe");
	struct tar_reader *reader;

	if (!file) {
		err_errno(err, "cannot open %s", path);
		return NULL;
	}
	reader = new_reader(path, file);
	if (archive_read_support_filter_none(reader->archive) == ARCHIVE_OK &&
	    archive_read_support_format_tar(reader->archive) == ARCHIVE_OK &&
	    archive_read_open(reader->archive, reader, NULL, on_read, NULL) == ARCHIVE_OK)
		return reader;
	refused(reader, err);
	tar_close(reader);
	return NULL;
}

void tar_close(struct tar_reader *reader)
{
	if (!reader)
		return;
	archive_read_free(reader->archive);
	fclose(reader->file); /* only read: nothing can be lost */
	buf_free(&reader->data);
	free(reader->path);
	free(reader);
}

/* Whether all from the last entry's end on is zeros, and two blocks of them at least. */
static int check_end(struct tar_reader *reader, struct err *err)
{
	int64_t at = archive_read_header_position(reader->archive);
	size_t zeros = 0;
	int c;

	if (fseeko(reader->file, (off_t)at, SEEK_SET) < 0)
		return err_errno(err, "cannot read %s", reader->path);
	while ((c = getc(reader->file)) == 0)
		zeros++;
	if (ferror(reader->file))
		return err_errno(err, "cannot read %s", reader->path);
	if (c != EOF)
		return err_set(err, ERR_FORMAT,
			       "%s: byte %" PRId64 ": more behind the end of the archive",
			       reader->path, at + (int64_t)zeros);
	if (zeros < 2 * BLOCK_BYTES)
		return err_set(err, ERR_FORMAT,
			       "%s: byte %" PRId64 ": the file ends without the end of the archive",
			       reader->path, at + (int64_t)zeros);
	return 0;
}

/* 0, or -1 for what is neither a file nor a folder, or has no name or size. */
static int check_kind(struct tar_reader *reader, struct archive_entry *entry, struct err *err)
{
	bool linked = archive_entry_hardlink(entry) || archive_entry_symlink(entry);
	mode_t type = archive_entry_filetype(entry);

	reader->name = archive_entry_pathname(entry);
	if (!reader->name)
		reader->name = archive_entry_pathname_utf8(entry);
	if (!reader->name || !*reader->name) {
		reader->name = "";
		return wrong_entry(reader, ERR_FORMAT, "is no name", err);
	}
	if (linked || (type != AE_IFREG && type != AE_IFDIR))
		return wrong_entry(reader, ERR_FORMAT, "is neither a file nor a folder", err);
	if (archive_entry_size(entry) < 0)
		return wrong_entry(reader, ERR_FORMAT, "has no size", err);
	if (archive_entry_size(entry) > (la_int64_t)TAR_ENTRY_BYTES_MAX)
		return wrong_entry(reader, ERR_LIMIT, "is over 256 MiB", err);
	return 0;
}

/* Pieces that follow each other; holes are only in sparse files. */
static int read_data(struct tar_reader *reader, la_int64_t size, struct err *err)
{
	const void *piece;
	size_t n;
	la_int64_t at;
	int rc;

	buf_clear(&reader->data);
	while ((rc = archive_read_data_block(reader->archive, &piece, &n, &at)) == ARCHIVE_OK) {
		if (at != (la_int64_t)reader->data.len || (la_int64_t)n > size - at)
			return wrong_entry(reader, ERR_FORMAT, "is a sparse file", err);
		buf_bytes(&reader->data, piece, n);
	}
	if (rc != ARCHIVE_EOF)
		return refused(reader, err);
	if ((la_int64_t)reader->data.len != size)
		return wrong_entry(reader, ERR_FORMAT, "is a sparse file", err);
	buf_bytes(&reader->data, "", 0);
	return 0;
}

/* A warning is of a header that is partly wrong, or of a name that this locale cannot write, which is
 * given as it stands. */
static bool is_harmless(struct tar_reader *reader)
{
	const char *why = archive_error_string(reader->archive);

	return why && strstr(why, "can't be converted");
}

int tar_next(struct tar_reader *reader, struct tar_entry *out, struct err *err)
{
	struct archive_entry *entry;
	uint64_t at;
	int rc;

	if (reader->is_ended)
		return 0;
	do {
		rc = archive_read_next_header(reader->archive, &entry);
		if (rc == ARCHIVE_EOF) {
			reader->is_ended = true;
			return check_end(reader, err);
		}
		if (rc != ARCHIVE_OK && !(rc == ARCHIVE_WARN && is_harmless(reader)))
			return refused(reader, err);
		if (check_kind(reader, entry, err) < 0)
			return -1;
	} while (archive_entry_filetype(entry) == AE_IFDIR);
	at = (uint64_t)archive_read_header_position(reader->archive);
	if (read_data(reader, archive_entry_size(entry), err) < 0)
		return -1;
	*out = (struct tar_entry){.name = reader->name,
				  .offset = at + BLOCK_BYTES,
				  .data = reader->data.data,
				  .len = reader->data.len};
	return 1;
}

#else

bool tar_available(void)
{
	return false;
}

static int absent(struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED,
		       "built without libarchive: apt-get install libarchive-dev, configure and "
		       "build again");
}

struct tar_writer *tar_writer_new(struct err *err)
{
	absent(err);
	return NULL;
}

int tar_put(struct tar_writer *writer, const char *name, const void *data, size_t n,
	    struct buf *out, struct err *err)
{
	(void)writer, (void)name, (void)data, (void)n, (void)out;
	return absent(err);
}

void tar_writer_free(struct tar_writer *writer)
{
	(void)writer;
}

struct tar_reader *tar_open(const char *path, struct err *err)
{
	(void)path;
	absent(err);
	return NULL;
}

int tar_next(struct tar_reader *reader, struct tar_entry *entry, struct err *err)
{
	(void)reader, (void)entry;
	return absent(err);
}

void tar_close(struct tar_reader *reader)
{
	(void)reader;
}

#endif
