/* SPDX-License-Identifier: MIT */
/* The parts of a good file stand for those that are not given. */
#include <config.h>

#include "tests/vocab_parts.h"

#include "formats/model/vocab.h"

static void put_key(uint32_t code, struct buf *out)
{
	char key[3] = {(char)code};

	if (code >= 0x80) {
		key[0] = (char)(0xc0 | code >> 6);
		key[1] = (char)(0x80 | (code & 0x3f));
	}
	buf_json_str(out, key);
}

void vocab_bytes_write(struct buf *out)
{
	for (int b = 0; b < 256; b++) {
		buf_str(out, b ? ", " : "");
		put_key(byte_alphabet_code((uint8_t)b), out);
		buf_str(out, ": ");
		buf_int(out, b);
	}
}

static void put_part(const char *before, const char *value, const char *otherwise,
		     const char *after, struct buf *out)
{
	buf_str(out, before);
	buf_str(out, value ? value : otherwise);
	buf_str(out, after);
}

void vocab_parts_write(const struct vocab_parts *p, struct buf *out)
{
	struct buf bytes = {0};

	vocab_bytes_write(&bytes);
	put_part("{\n\"added_tokens\": ", p->added, "[]", ",\n", out);
	put_part("", p->stages, "\"normalizer\": null,", "\n", out);
	put_part("\"pre_tokenizer\": ", p->splits, BYTE_LEVEL, ",\n", out);
	put_part("\"post_processor\": ", p->processor, "null", ",\n", out);
	put_part("\"decoder\": ", p->decoder, "{\"type\": \"ByteLevel\"}", ",\n", out);
	put_part("\"model\": {", p->type, "\"type\": \"BPE\",", "\n", out);
	put_part("\"vocab\": {", p->bytes, bytes.data, "\n", out);
	put_part("", p->tokens, "", "},\n", out);
	put_part("\"merges\": ", p->merges, "[]", "}\n}\n", out);
	buf_free(&bytes);
}
