/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "fonts/typefaces.h"

#define FILE_BYTES_MAX ((size_t)64 << 20)

struct typefaces {
	struct font *loaded[TYPEFACE_COUNT_]; /* owned; NULL: ours, or not asked for */
};

/* The bytes are those that the catalogue knows. */
static int check_file(const struct typeface *face, const char *path, struct err *err)
{
	struct buf bytes = {0};
	char hex[SHA256_HEX_BYTES];
	int rc = fs_read(path, FILE_BYTES_MAX, &bytes, err);

	if (rc < 0)
		return err_set(err, ERR_UNSUPPORTED,
			       "the lettering '%s' is not installed: apt-get install %s",
			       face->name, face->package);
	sha256_hex(bytes.data, bytes.len, hex);
	buf_free(&bytes);
	if (strcmp(hex, face->sha256) != 0)
		return err_set(err, ERR_FORMAT,
			       "%s is another version of '%s' than the catalogue's; "
			       "--font takes any file",
			       path, face->name);
	return 0;
}

static struct font *load(const struct typeface *face, const char *folder, struct err *err)
{
	struct buf path = {0};
	struct font *font = NULL;

	buf_str(&path, folder);
	buf_char(&path, '/');
	buf_str(&path, face->file);
	if (check_file(face, path.data, err) == 0)
		font = font_load_without(path.data, face->lacks, err);
	buf_free(&path);
	return font;
}

struct typefaces *typefaces_load(uint32_t words, const char *folder, struct err *err)
{
	struct typefaces *faces = mem_alloc(1, sizeof(*faces));

	for (int i = 0; i < TYPEFACE_COUNT_; i++) {
		const struct typeface *face = typeface_at(i);

		if (!(words >> i & 1) || !*face->package)
			continue;
		faces->loaded[i] = load(face, folder, err);
		if (!faces->loaded[i]) {
			typefaces_free(faces);
			return NULL;
		}
	}
	return faces;
}

void typefaces_free(struct typefaces *faces)
{
	if (!faces)
		return;
	for (int i = 0; i < TYPEFACE_COUNT_; i++)
		font_free(faces->loaded[i]);
	free(faces);
}

const struct font *typefaces_font(const struct typefaces *faces, int word, struct rng *writer,
				  struct arena *arena)
{
	const struct font *font;

	if (word == TYPEFACE_hand)
		return font_by_hand(writer, arena);
	font = faces->loaded[word];
	if (!font)
		font = font_drawn(typeface_at(word)->name);
	assert(font);
	return font;
}
