/* SPDX-License-Identifier: MIT */
/*
 * tar: archives of files, written piece by piece, and read.
 *
 *	struct tar_writer *writer = tar_writer_new(&err);	(one per thread)
 *	if (tar_put(writer, "0007.png", png.data, png.len, &out, &err) < 0) ...
 *	tar_writer_free(writer);
 *	tar_put_end(&out);			(behind all entries of all writers)
 *
 *	struct tar_reader *reader = tar_open(path, &err);
 *	while ((got = tar_next(reader, &entry, &err)) > 0)
 *		... entry.name, entry.data, entry.len
 *	tar_close(reader);
 *
 * Entries are ustar (POSIX.1-1988) of whole blocks, so what several writers made may follow each
 * other in any order; an archive may be cut back to where any entry ended, and goes on there.
 *
 * Without libarchive writers and readers are ERR_UNSUPPORTED.
 */
#ifndef FORMATS_TAR_H
#define FORMATS_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define TAR_ENTRY_BYTES_MAX ((size_t)256 << 20)

bool tar_available(void);

/* --- writing ---------------------------------------------------------------------------------- */

struct tar_writer;

/* NULL with ERR_UNSUPPORTED. */
struct tar_writer *tar_writer_new(struct err *err);

/* Appends one file: mode 0644, owner and group 0 without names, time 0; the same bytes on every
 * machine. The name is written as it is, and slashes part its folders. ERR_LIMIT for names and data
 * that are too long (names: some 100 bytes behind the last slash and 155 before), with *out as it
 * was. */
int tar_put(struct tar_writer *writer, const char *name, const void *data, size_t n,
	    struct buf *out, struct err *err);

/* Writes nothing. NULL is allowed. */
void tar_writer_free(struct tar_writer *writer);

/* Appends what ends an archive: two blocks of zeros. In all builds. */
void tar_put_end(struct buf *out);

/* --- reading ---------------------------------------------------------------------------------- */

struct tar_reader;

/* A regular file; all of it is the reader's, until the next call. */
struct tar_entry {
	const char *name;
	uint64_t offset;  /* of data in the file, of an entry with a plain header of one block */
	const char *data; /* NUL-terminated */
	size_t len;
};

/* NULL with ERR_IO, ERR_FORMAT for what is no archive, or ERR_UNSUPPORTED. */
struct tar_reader *tar_open(const char *path, struct err *err);

/* The next regular file of a ustar, GNU or pax archive, uncompressed: 1, or 0 behind the last. Folders
 * are passed over. -1 with the file's name: ERR_FORMAT for broken headers, for an archive that is cut
 * or does not end with zeros alone, and for links, devices and sparse files, which would be missing
 * otherwise; ERR_LIMIT over TAR_ENTRY_BYTES_MAX; ERR_IO. After that only closing is left. */
int tar_next(struct tar_reader *reader, struct tar_entry *entry, struct err *err);

/* NULL is allowed. */
void tar_close(struct tar_reader *reader);

#endif
