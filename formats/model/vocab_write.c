/* SPDX-License-Identifier: MIT */
/*
 * tokenizer.json, laid out as serde_json lays it out: two blanks a level, one value a line.
 */
#include <config.h>

#include "formats/model/vocab.h"

#include <assert.h>
#include <string.h>

static bool is_added(const struct vocab *vocab, uint32_t id)
{
	for (uint32_t i = 0; i < vocab->added_count; i++)
		if (vocab->added[i].id == id)
			return true;
	return false;
}

void vocab_write_token(const struct vocab *vocab, uint32_t id, struct buf *out)
{
	const struct vocab_token *token = &vocab->tokens[id];
	char key[3];

	if (token->is_verbatim || is_added(vocab, id)) {
		buf_bytes(out, token->bytes, token->len);
		return;
	}
	for (uint32_t i = 0; i < token->len; i++)
		buf_bytes(out, key, byte_alphabet_key((uint8_t)token->bytes[i], key));
}

static void put_token(const struct vocab *vocab, uint32_t id, struct buf *scratch, struct buf *out)
{
	buf_clear(scratch);
	vocab_write_token(vocab, id, scratch);
	buf_json_str(out, scratch->data);
}

static void put_flag(const char *name, bool flag, const char *end, struct buf *out)
{
	buf_str(out, "      \"");
	buf_str(out, name);
	buf_str(out, flag ? "\": true" : "\": false");
	buf_str(out, end);
}

static void put_added(const struct vocab *vocab, struct buf *scratch, struct buf *out)
{
	buf_str(out, "  \"added_tokens\": [");
	for (uint32_t i = 0; i < vocab->added_count; i++) {
		const struct added_token *added = &vocab->added[i];

		buf_str(out, i ? ",\n    {\n      \"id\": " : "\n    {\n      \"id\": ");
		buf_int(out, added->id);
		buf_str(out, ",\n      \"content\": ");
		put_token(vocab, added->id, scratch, out);
		buf_str(out, ",\n");
		put_flag("single_word", false, ",\n", out);
		put_flag("lstrip", added->lstrip, ",\n", out);
		put_flag("rstrip", added->rstrip, ",\n", out);
		put_flag("normalized", added->normalized, ",\n", out);
		put_flag("special", added->special, "\n    }", out);
	}
	buf_str(out, vocab->added_count ? "\n  ],\n" : "],\n");
}

static const char byte_level[] = "\"type\": \"ByteLevel\",\n"
				 "%\"add_prefix_space\": false,\n"
				 "%\"trim_offsets\": true,\n"
				 "%\"use_regex\": true\n";

/* The default of tokenizers; a decoder looks at none of these. */
static const char byte_level_decoder[] = "\"type\": \"ByteLevel\",\n"
					 "%\"add_prefix_space\": true,\n"
					 "%\"trim_offsets\": true,\n"
					 "%\"use_regex\": true\n";

/* The text with `indent` for each '%'. */
static void put_indented(const char *text, const char *indent, struct buf *out)
{
	for (; *text; text++) {
		if (*text == '%')
			buf_str(out, indent);
		else
			buf_char(out, *text);
	}
}

static void put_splits(const struct vocab *vocab, struct buf *out)
{
	buf_str(out, "  \"normalizer\": null,\n  \"pre_tokenizer\": {\n    ");
	if (vocab->split_count == 1) {
		assert(vocab->splits[0] == SPLIT_GPT2);
		put_indented(byte_level, "    ", out);
		buf_str(out, "  },\n");
		return;
	}
	assert(vocab->split_count == 2 && vocab->splits[0] == SPLIT_DIGITS &&
	       vocab->splits[1] == SPLIT_GPT2);
	buf_str(out, "\"type\": \"Sequence\",\n"
		     "    \"pretokenizers\": [\n"
		     "      {\n"
		     "        \"type\": \"Digits\",\n"
		     "        \"individual_digits\": true\n"
		     "      },\n"
		     "      {\n        ");
	put_indented(byte_level, "        ", out);
	buf_str(out, "      }\n    ]\n  },\n");
}

static void put_special_item(const struct vocab *vocab, uint32_t id, struct buf *scratch,
			     struct buf *out)
{
	buf_str(out, "      {\n        \"SpecialToken\": {\n          \"id\": ");
	put_token(vocab, id, scratch, out);
	buf_str(out, ",\n          \"type_id\": 0\n        }\n      }");
}

static void put_sequence_item(const char *name, struct buf *out)
{
	buf_str(out, "      {\n        \"Sequence\": {\n          \"id\": \"");
	buf_str(out, name);
	buf_str(out, "\",\n          \"type_id\": 0\n        }\n      }");
}

/* One text, or two. */
static void put_template(const struct vocab *vocab, bool two, struct buf *scratch, struct buf *out)
{
	buf_str(out, two ? "    \"pair\": [\n" : "    \"single\": [\n");
	for (int i = 0; i < vocab->before_count; i++) {
		put_special_item(vocab, vocab->before[i], scratch, out);
		buf_str(out, ",\n");
	}
	put_sequence_item("A", out);
	if (two) {
		buf_str(out, ",\n");
		put_sequence_item("B", out);
	}
	for (int i = 0; i < vocab->after_count; i++) {
		buf_str(out, ",\n");
		put_special_item(vocab, vocab->after[i], scratch, out);
	}
	buf_str(out, "\n    ],\n");
}

static void put_special_name(const struct vocab *vocab, uint32_t id, struct buf *scratch,
			     struct buf *out)
{
	buf_str(out, "      ");
	put_token(vocab, id, scratch, out);
	buf_str(out, ": {\n        \"id\": ");
	put_token(vocab, id, scratch, out);
	buf_str(out, ",\n        \"ids\": [\n          ");
	buf_int(out, id);
	buf_str(out, "\n        ],\n        \"tokens\": [\n          ");
	put_token(vocab, id, scratch, out);
	buf_str(out, "\n        ]\n      }");
}

static bool is_among(const uint32_t *ids, int count, uint32_t id)
{
	for (int i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static void put_processor(const struct vocab *vocab, struct buf *scratch, struct buf *out)
{
	const char *comma = "";

	if (!vocab->before_count && !vocab->after_count) {
		buf_str(out, "  \"post_processor\": null,\n");
		return;
	}
	buf_str(out, "  \"post_processor\": {\n    \"type\": \"TemplateProcessing\",\n");
	put_template(vocab, false, scratch, out);
	put_template(vocab, true, scratch, out);
	buf_str(out, "    \"special_tokens\": {\n");
	for (int i = 0; i < vocab->before_count; i++) {
		if (is_among(vocab->before, i, vocab->before[i]))
			continue;
		buf_str(out, comma);
		put_special_name(vocab, vocab->before[i], scratch, out);
		comma = ",\n";
	}
	for (int i = 0; i < vocab->after_count; i++) {
		if (is_among(vocab->before, vocab->before_count, vocab->after[i]) ||
		    is_among(vocab->after, i, vocab->after[i]))
			continue;
		buf_str(out, comma);
		put_special_name(vocab, vocab->after[i], scratch, out);
		comma = ",\n";
	}
	buf_str(out, "\n    }\n  },\n");
}

static void put_model(const struct vocab *vocab, struct buf *scratch, struct buf *out)
{
	buf_str(out, "  \"model\": {\n"
		     "    \"type\": \"BPE\",\n"
		     "    \"dropout\": null,\n"
		     "    \"unk_token\": null,\n"
		     "    \"continuing_subword_prefix\": null,\n"
		     "    \"end_of_word_suffix\": null,\n"
		     "    \"fuse_unk\": false,\n"
		     "    \"byte_fallback\": false,\n");
	put_indented(vocab->ignore_merges ? "%\"ignore_merges\": true,\n"
					  : "%\"ignore_merges\": false,\n",
		     "    ", out);
	buf_str(out, "    \"vocab\": {");
	for (uint32_t id = 0; id < vocab->model_count; id++) {
		buf_str(out, id ? ",\n      " : "\n      ");
		put_token(vocab, id, scratch, out);
		buf_str(out, ": ");
		buf_int(out, id);
	}
	buf_str(out, "\n    },\n    \"merges\": [");
	for (uint32_t rank = 0; rank < vocab->merge_count; rank++) {
		buf_str(out, rank ? ",\n      [\n        " : "\n      [\n        ");
		put_token(vocab, vocab->merges[rank].left, scratch, out);
		buf_str(out, ",\n        ");
		put_token(vocab, vocab->merges[rank].right, scratch, out);
		buf_str(out, "\n      ]");
	}
	buf_str(out, vocab->merge_count ? "\n    ]\n  }\n}" : "]\n  }\n}");
}

void vocab_write(const struct vocab *vocab, struct buf *out)
{
	struct buf scratch = {0};

	buf_str(out, "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n");
	put_added(vocab, &scratch, out);
	put_splits(vocab, out);
	put_processor(vocab, &scratch, out);
	buf_str(out, "  \"decoder\": {\n    ");
	put_indented(byte_level_decoder, "    ", out);
	buf_str(out, "  },\n");
	put_model(vocab, &scratch, out);
	buf_free(&scratch);
}
