/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/model/vocab_files.h"

#include <string.h>

#include "base/fs.h"

const char *const vocab_roles[VOCAB_ROLE_COUNT_ + 1] = {"<pad>", "<s>",     "</s>",
							"<unk>", "<image>", NULL};

static const char *const role_keys[VOCAB_ROLE_COUNT_] = {"pad_token", "bos_token", "eos_token",
							 "unk_token", "image_token"};

/* Contents of a message: a string, or a list of parts that are text or an image. */
static const char chat_template[] = "{{ bos_token }}"
				    "{%- for message in messages %}"
				    "{%- if message['content'] is string %}"
				    "{%- set content = message['content'] %}"
				    "{%- else %}"
				    "{%- set parts = namespace(images='', text='') %}"
				    "{%- for part in message['content'] %}"
				    "{%- if part['type'] == 'image' %}"
				    "{%- set parts.images = parts.images + '<image>\n' %}"
				    "{%- elif part['type'] == 'text' %}"
				    "{%- set parts.text = parts.text + part['text'] %}"
				    "{%- endif %}"
				    "{%- endfor %}"
				    "{%- set content = parts.images + parts.text %}"
				    "{%- endif %}"
				    "{%- if message['role'] == 'assistant' %}"
				    "{{- content + eos_token }}"
				    "{%- else %}"
				    "{{- content + '\n' }}"
				    "{%- endif %}"
				    "{%- endfor %}";

static void put_roles(struct buf *out)
{
	for (int role = 0; role < VOCAB_ROLE_COUNT_; role++) {
		buf_str(out, "  \"");
		buf_str(out, role_keys[role]);
		buf_str(out, "\": ");
		buf_json_str(out, vocab_roles[role]);
		buf_str(out, role + 1 < VOCAB_ROLE_COUNT_ ? ",\n" : "\n");
	}
}

static void put_config(const struct vocab *vocab, struct buf *out)
{
	buf_str(out, "{\n  \"tokenizer_class\": \"PreTrainedTokenizerFast\",\n"
		     "  \"clean_up_tokenization_spaces\": false,\n"
		     "  \"padding_side\": \"right\",\n"
		     "  \"model_input_names\": [\"input_ids\", \"attention_mask\"],\n"
		     "  \"added_tokens_decoder\": {\n");
	for (uint32_t i = 0; i < vocab->added_count; i++) {
		uint32_t id = vocab->added[i].id;

		buf_str(out, "    \"");
		buf_int(out, id);
		buf_str(out, "\": {\"content\": ");
		buf_json_str(out, vocab->tokens[id].bytes);
		buf_str(out, ", \"lstrip\": false, \"normalized\": false, \"rstrip\": false, "
			     "\"single_word\": false, \"special\": true}");
		buf_str(out, i + 1 < vocab->added_count ? ",\n" : "\n");
	}
	buf_str(out, "  },\n");
	put_roles(out);
	buf_str(out, "}\n");
}

/* The file of that name in the folder of path. */
static int write_beside(const char *path, const char *name, const struct buf *text, struct err *err)
{
	struct buf beside = {0};
	int rc;

	buf_bytes(&beside, path, (size_t)(fs_base_name(path) - path));
	buf_str(&beside, name);
	rc = fs_write(beside.data, text->data, text->len, err);
	buf_free(&beside);
	return rc;
}

int vocab_files_write(const struct vocab *vocab, const char *path, struct err *err)
{
	struct buf text = {0}, config = {0}, map = {0}, chat = {0};
	int rc;

	vocab_write(vocab, &text);
	put_config(vocab, &config);
	buf_str(&map, "{\n");
	put_roles(&map);
	buf_str(&map, "}\n");
	buf_str(&chat, chat_template);
	rc = write_beside(path, "tokenizer_config.json", &config, err);
	if (rc == 0)
		rc = write_beside(path, "special_tokens_map.json", &map, err);
	if (rc == 0)
		rc = write_beside(path, "chat_template.jinja", &chat, err);
	/* The one that others look for comes last. */
	if (rc == 0)
		rc = fs_write(path, text.data, text.len, err);
	buf_free(&text);
	buf_free(&config);
	buf_free(&map);
	buf_free(&chat);
	return rc;
}
