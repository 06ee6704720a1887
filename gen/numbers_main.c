/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "gen/numbers_main.h"
#include "trainer/train/picture.h"

#define TOKENIZER_BYTES_MAX ((size_t)256 << 20)

struct numbers_maker {
	const struct numbers_source *source;
	struct token_cache *cache;
	struct tokens tokens;
	uint8_t *square;
};

int numbers_open(struct numbers_source *source, const char *tokenizer, int64_t side_px,
		 struct err *err)
{
	struct buf path = {0}, bytes = {0};
	int rc;

	*source = (struct numbers_source){.side_px = (int)side_px};
	buf_str(&path, tokenizer);
	if (fs_is_folder(tokenizer))
		buf_str(&path, "/tokenizer.json");
	rc = fs_read(path.data, TOKENIZER_BYTES_MAX, &bytes, err);
	if (rc == 0) {
		source->hash = dataset_checksum(bytes.data, bytes.len);
		source->tokenizer = tokenizer_read(path.data, err);
		rc = source->tokenizer ? 0 : -1;
	}
	buf_free(&path);
	buf_free(&bytes);
	return rc;
}

void numbers_close(struct numbers_source *source)
{
	tokenizer_free(source->tokenizer);
	source->tokenizer = NULL;
}

int numbers_check_layout(const struct dataset_layout *layout, const char *tokenizer,
			 struct err *err)
{
	if (layout->needs_numbers && !tokenizer)
		return err_set(err, ERR_USAGE, "--format %s needs --tokenizer", layout->name);
	if (!layout->needs_numbers && tokenizer)
		return err_set(err, ERR_USAGE, "--format %s has no use for --tokenizer",
			       layout->name);
	return 0;
}

struct numbers_maker *numbers_maker_new(const struct numbers_source *source)
{
	size_t side = (size_t)source->side_px;
	struct numbers_maker *m;

	if (!source->tokenizer)
		return NULL;
	m = mem_alloc(1, sizeof(*m));
	m->source = source;
	m->cache = token_cache_new();
	m->square = mem_alloc(side * side, 1);
	return m;
}

void numbers_maker_free(struct numbers_maker *m)
{
	if (!m)
		return;
	token_cache_free(m->cache);
	tokens_free(&m->tokens);
	free(m->square);
	free(m);
}

void numbers_make(struct numbers_maker *m, const struct image *image, struct dataset_item *item)
{
	if (!m)
		return;
	picture_from_image(image, m->source->side_px, m->square);
	tokens_clear(&m->tokens);
	tokens_from_text(m->source->tokenizer, m->cache, item->program, strlen(item->program),
			 TOKENS_BARE | TOKENS_PLAIN, &m->tokens);
	item->square = m->square;
	item->side_px = m->source->side_px;
	item->tokens = m->tokens.ids;
	item->token_count = m->tokens.count;
}
