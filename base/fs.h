/* SPDX-License-Identifier: MIT */
/*
 * fs: whole files and folders.
 *
 *	struct buf b = {0};
 *	if (fs_read(path, 1 << 20, &b, err) < 0) ...
 *	if (fs_write(path, b.data, b.len, err) < 0) ...	(appears complete, by rename)
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the file's bytes to *b, which is NUL-terminated even for an empty file; "-" is not
 * special. More than max_bytes is ERR_LIMIT. On failure *b holds what it held before. */
int fs_read(const char *path, size_t max_bytes, struct buf *b, struct err *err);

/* The same of n bytes from `offset` on; ERR_FORMAT where the file ends before. */
int fs_read_part(const char *path, uint64_t offset, size_t n, struct buf *b, struct err *err);

/* False also where there is nothing. */
bool fs_is_folder(const char *path);

/* Writes PATH.tmp, closes it and renames it to path; on failure PATH.tmp is removed and path is as
 * it was. An existing path that is neither file nor folder (a device, a pipe) is written in place.
 * Not synced to the medium: see fs_write_durable. */
int fs_write(const char *path, const void *data, size_t n, struct err *err);

/* As fs_write, and fsyncs file and folder: the file survives a power cut. Where syncing the folder
 * fails the new file stays. */
int fs_write_durable(const char *path, const void *data, size_t n, struct err *err);

/* As fs_write_durable, of a file that does not fit into memory: piece by piece, then finished or
 * dropped, which both free it. A failed fs_file_add leaves only dropping; fs_file_new that fails
 * returns NULL. NULL may be dropped. */
struct fs_file;
struct fs_file *fs_file_new(const char *path, struct err *err);
int fs_file_add(struct fs_file *file, const void *data, size_t n, struct err *err);
int fs_file_finish(struct fs_file *file, struct err *err);
void fs_file_drop(struct fs_file *file);

/* Writes straight into path, which costs half of a rename: only for files that nobody looks at before
 * something else vouches for them (a picture before its dataset's journal does). On failure the file
 * is removed. */
int fs_write_unguarded(const char *path, const void *data, size_t n, struct err *err);

/* Writes all n bytes to a descriptor, through short writes and interrupts. -1 with errno set. */
int fs_write_fd(int fd, const void *data, size_t n);

/* What follows the last slash of the path; in it. */
const char *fs_base_name(const char *path);

/* Makes the folder and its parents; existing ones are fine. */
int fs_mkdirs(const char *path, struct err *err);

/* 1 if path is a folder with entries, 0 if it is absent or empty, -1 on error (also when it is no
 * folder). */
int fs_dir_in_use(const char *path, struct err *err);

/* Whether both are there and one and the same. */
bool fs_is_same(const char *a, const char *b);

/* 1 if path is the folder or lies in it, through whatever links; 0 if not; -1 where that cannot be told. What
 * is not there may be asked about as well. */
int fs_is_within(const char *path, const char *folder, struct err *err);

/* Removes the folder's whole contents and the folder; absent is fine. Links are removed, not
 * followed, path itself included; a file there is an error. */
int fs_remove_tree(const char *path, struct err *err);

#endif
