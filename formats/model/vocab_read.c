/* SPDX-License-Identifier: MIT */
/*
 * tokenizer.json into a vocab. The model's keys and the added tokens' contents are numbered in one
 * map of strings; ids come from the file and must fill 0 to n-1 without gaps. What the file says of
 * normalizer, pre-tokenizer, post-processor and decoder is compared with what is known here, and
 * anything else refused by name: tokens that are almost right would be worse than none.
 */
#include <config.h>

#include "formats/model/vocab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_map.h"
#include "base/mem.h"
#include "formats/encoding/json.h"

struct reading {
	struct json_doc doc;
	struct vocab *vocab;
	struct byte_map keys; /* of the model and of added tokens, as the file writes them */
	uint32_t *ids;        /* of each key */
	uint32_t keys_room;
	struct err *err;
};

/* The patterns of Split that are known, as the files of their models write them. */
static const struct {
	const char *pattern;
	enum split split;
} patterns[] = {
	{"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| "
	 "?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
	 SPLIT_LLAMA3},
	{"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| "
	 "?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
	 SPLIT_QWEN2},
	{"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
	 SPLIT_GPT2},
};

static int wrong(struct reading *r, const cJSON *node, const char *what)
{
	return json_error(&r->doc, node, r->err, "%s", what);
}

/* Places are the file's, as of any other error in it; only the code differs. */
static int unsupported(struct reading *r, const cJSON *node, const char *what, const char *name)
{
	return json_unsupported(&r->doc, node, r->err, "%s%.60s is not supported", what, name);
}

static bool is_nothing(const cJSON *node)
{
	return !node || cJSON_IsNull(node);
}

/* The string under that key, "" where there is none. */
static const char *text_of(const cJSON *object, const char *key)
{
	const cJSON *node = json_member(object, key);

	return cJSON_IsString(node) ? node->valuestring : "";
}

static bool is_type(const cJSON *object, const char *type)
{
	return strcmp(text_of(object, "type"), type) == 0;
}

/* A flag that may be left out; -1 where it is none. */
static int flag_of(struct reading *r, const cJSON *object, const char *key, bool without, bool *out)
{
	const cJSON *node = json_member(object, key);

	*out = node ? cJSON_IsTrue(node) : without;
	if (!node || cJSON_IsBool(node))
		return 0;
	return json_error(&r->doc, node, r->err, "'%s' must be true or false", key);
}

static int id_of(struct reading *r, const cJSON *node, uint32_t *id)
{
	double v = node->valuedouble;

	if (!cJSON_IsNumber(node) || !(v >= 0) || v != floor(v))
		return wrong(r, node, "an id must be a whole number from 0 on");
	if (v >= VOCAB_TOKENS_MAX)
		return json_limit(&r->doc, node, r->err, "id %.15g; at most %d tokens are read", v,
				  VOCAB_TOKENS_MAX);
	*id = (uint32_t)v;
	return 0;
}

/* --- tokens --------------------------------------------------------------------------------- */

static void add_key(struct reading *r, const char *key, uint32_t id)
{
	uint32_t number = byte_map_add(&r->keys, key, strlen(key));

	if (number >= r->keys_room) {
		r->keys_room = number + number / 2 + 1024;
		r->ids = mem_realloc(r->ids, r->keys_room, sizeof(*r->ids));
	}
	r->ids[number] = id;
}

static uint32_t find_key(const struct reading *r, const char *key, size_t len)
{
	uint32_t number = byte_map_find(&r->keys, key, len);

	return number == BYTE_MAP_NONE ? VOCAB_NONE : r->ids[number];
}

/* Of the model's vocabulary and the added tokens. */
static int highest_id(struct reading *r, const cJSON *object, const cJSON *added, uint32_t *count)
{
	uint32_t id;

	*count = 0;
	for (const cJSON *node = object->child; node; node = node->next) {
		if (id_of(r, node, &id) < 0)
			return -1;
		*count = id >= *count ? id + 1 : *count;
	}
	r->vocab->model_count = *count;
	for (const cJSON *node = added ? added->child : NULL; node; node = node->next) {
		if (!cJSON_IsObject(node))
			return wrong(r, node, "an added token must be an object");
		if (!json_member(node, "id"))
			return wrong(r, node, "an added token needs an 'id'");
		if (id_of(r, json_member(node, "id"), &id) < 0)
			return -1;
		*count = id >= *count ? id + 1 : *count;
	}
	return 0;
}

static int read_model_tokens(struct reading *r, const cJSON *object)
{
	struct vocab *vocab = r->vocab;

	for (const cJSON *node = object->child; node; node = node->next) {
		uint32_t id = (uint32_t)node->valuedouble;

		if (!*node->string)
			return wrong(r, node, "a token must not be empty");
		if (vocab->tokens[id].bytes)
			return json_error(&r->doc, node, r->err, "id %u given twice", id);
		vocab->tokens[id] = vocab_token_from_key(node->string, &vocab->arena);
		add_key(r, node->string, id);
	}
	return 0;
}

static bool is_reached(const struct vocab *vocab, uint32_t id)
{
	for (int b = 0; b < 256; b++)
		if (vocab->byte_token[b] == id)
			return true;
	for (uint32_t rank = 0; rank < vocab->merge_count; rank++)
		if (vocab->merges[rank].result == id)
			return true;
	return false;
}

/* An added token stands for its content, also where the model's key is the same characters for other
 * bytes ("\u0120" is a blank): harmless unless the model makes that token of those bytes. */
static int give_content(struct reading *r, const cJSON *node, uint32_t id, const char *content)
{
	struct vocab_token *token = &r->vocab->tokens[id];
	size_t len = strlen(content);

	if (token->bytes && strcmp(token->bytes, content) == 0)
		return 0;
	if (token->bytes && is_reached(r->vocab, id))
		return unsupported(r, node,
				   "an added token that is other bytes in the model: ", content);
	token->bytes = arena_strndup(&r->vocab->arena, content, len);
	token->len = (uint32_t)len;
	token->is_verbatim = true;
	return 0;
}

static int read_added_token(struct reading *r, const cJSON *node, struct added_token *added)
{
	const char *content = text_of(node, "content");
	size_t len = strlen(content);
	bool single_word;
	uint32_t known;

	if (!*content)
		return wrong(r, node, "an added token needs a 'content'");
	if (id_of(r, json_member(node, "id"), &added->id) < 0 ||
	    flag_of(r, node, "special", false, &added->special) < 0 ||
	    flag_of(r, node, "single_word", false, &single_word) < 0 ||
	    flag_of(r, node, "lstrip", false, &added->lstrip) < 0 ||
	    flag_of(r, node, "rstrip", false, &added->rstrip) < 0 ||
	    flag_of(r, node, "normalized", !added->special, &added->normalized) < 0)
		return -1;
	if (single_word)
		return unsupported(r, node, "an added token with ", "single_word");
	known = find_key(r, content, len);
	if (known == VOCAB_NONE && r->vocab->tokens[added->id].bytes)
		return json_error(&r->doc, node, r->err, "id %u given twice", added->id);
	if (known != VOCAB_NONE && known != added->id)
		return json_error(&r->doc, node, r->err, "added token '%.40s' has id %u, and %u",
				  content, added->id, known);
	if (give_content(r, node, added->id, content) < 0)
		return -1;
	add_key(r, content, added->id);
	return 0;
}

static int read_added(struct reading *r, const cJSON *array)
{
	struct vocab *vocab = r->vocab;
	const cJSON *node = array ? array->child : NULL;

	if (!node)
		return 0;
	vocab->added =
		ARENA_NEW(&vocab->arena, struct added_token, (size_t)cJSON_GetArraySize(array));
	for (; node; node = node->next)
		if (read_added_token(r, node, &vocab->added[vocab->added_count++]) < 0)
			return -1;
	return 0;
}

static int check_ids(struct reading *r, const cJSON *object)
{
	struct vocab *vocab = r->vocab;

	for (uint32_t id = 0; id < vocab->token_count; id++)
		if (!vocab->tokens[id].bytes)
			return json_error(&r->doc, object, r->err,
					  "no token has id %u, though ids go up to %u", id,
					  vocab->token_count - 1);
	return 0;
}

/* The token of each byte. */
static int read_bytes(struct reading *r, const cJSON *object)
{
	for (int b = 0; b < 256; b++) {
		char key[3];
		size_t len = byte_alphabet_key((uint8_t)b, key);

		r->vocab->byte_token[b] = find_key(r, key, len);
		if (r->vocab->byte_token[b] == VOCAB_NONE)
			return json_error(&r->doc, object, r->err,
					  "no token for byte 0x%02x: not a byte-level vocabulary",
					  b);
	}
	return 0;
}

static const cJSON *added_list(const struct reading *r)
{
	return json_member(r->doc.root, "added_tokens");
}

static int read_tokens(struct reading *r, const cJSON *model)
{
	const cJSON *object = json_member(model, "vocab"), *added = added_list(r);
	struct vocab *vocab = r->vocab;

	if (!cJSON_IsObject(object))
		return wrong(r, object ? object : model, "the model needs an object 'vocab'");
	if (!is_nothing(added) && !cJSON_IsArray(added))
		return wrong(r, added, "'added_tokens' must be an array");
	if (highest_id(r, object, added, &vocab->token_count) < 0)
		return -1;
	vocab->tokens = ARENA_NEW(&vocab->arena, struct vocab_token, vocab->token_count + 1);
	return read_model_tokens(r, object);
}

/* --- merges --------------------------------------------------------------------------------- */

struct merge_text {
	const char *left, *right;
	size_t left_len, right_len;
};

/* "a b" or ["a", "b"]. */
static int merge_text_read(struct reading *r, const cJSON *node, struct merge_text *m)
{
	const cJSON *left = cJSON_IsArray(node) ? node->child : NULL;
	const cJSON *right = left ? left->next : NULL;
	const char *space;

	if (cJSON_IsString(left) && cJSON_IsString(right) && !right->next) {
		m->left = left->valuestring;
		m->right = right->valuestring;
		m->left_len = strlen(m->left);
		m->right_len = strlen(m->right);
		return 0;
	}
	space = cJSON_IsString(node) ? strchr(node->valuestring, ' ') : NULL;
	if (!space || strchr(space + 1, ' '))
		return wrong(r, node, "a merge must be \"left right\" or [\"left\", \"right\"]");
	m->left = node->valuestring;
	m->left_len = (size_t)(space - m->left);
	m->right = space + 1;
	m->right_len = strlen(m->right);
	return 0;
}

static int unknown_part(struct reading *r, const cJSON *node, const char *part, size_t len)
{
	return json_error(&r->doc, node, r->err, "merge of '%.*s', which is no token",
			  len > 40 ? 40 : (int)len, part);
}

static int read_merge(struct reading *r, const cJSON *node, struct vocab_merge *merge,
		      struct buf *whole)
{
	struct merge_text m = {0};

	if (merge_text_read(r, node, &m) < 0)
		return -1;
	merge->left = find_key(r, m.left, m.left_len);
	if (merge->left == VOCAB_NONE)
		return unknown_part(r, node, m.left, m.left_len);
	merge->right = find_key(r, m.right, m.right_len);
	if (merge->right == VOCAB_NONE)
		return unknown_part(r, node, m.right, m.right_len);
	buf_clear(whole);
	buf_bytes(whole, m.left, m.left_len);
	buf_bytes(whole, m.right, m.right_len);
	merge->result = find_key(r, whole->data, whole->len);
	if (merge->result == VOCAB_NONE)
		return json_error(&r->doc, node, r->err, "merge into '%.60s', which is no token",
				  whole->data);
	return 0;
}

static int read_merges(struct reading *r, const cJSON *model)
{
	const cJSON *array = json_member(model, "merges"), *node;
	struct vocab *vocab = r->vocab;
	struct buf whole = {0};
	int rc = 0;

	if (!cJSON_IsArray(array))
		return wrong(r, array ? array : model, "the model needs an array 'merges'");
	vocab->merges =
		ARENA_NEW(&vocab->arena, struct vocab_merge, (size_t)cJSON_GetArraySize(array) + 1);
	for (node = array->child; node && rc == 0; node = node->next)
		rc = read_merge(r, node, &vocab->merges[vocab->merge_count++], &whole);
	buf_free(&whole);
	return rc;
}

/* --- what stands around the model ----------------------------------------------------------- */

static int refuse_option(struct reading *r, const cJSON *model, const char *key)
{
	const cJSON *node = json_member(model, key);

	if (is_nothing(node) || cJSON_IsFalse(node) ||
	    (cJSON_IsString(node) && !*node->valuestring) ||
	    (cJSON_IsNumber(node) && node->valuedouble == 0))
		return 0;
	return unsupported(r, node, "the model's ", key);
}

static int read_model(struct reading *r)
{
	const cJSON *model = json_member(r->doc.root, "model");

	if (!cJSON_IsObject(model))
		return wrong(r, model, "a tokenizer needs an object 'model'");
	/* Older files of BPE models have no type. */
	if (json_member(model, "type") && !is_type(model, "BPE"))
		return unsupported(r, json_member(model, "type"), "model ", text_of(model, "type"));
	if (refuse_option(r, model, "dropout") < 0 ||
	    refuse_option(r, model, "continuing_subword_prefix") < 0 ||
	    refuse_option(r, model, "end_of_word_suffix") < 0 ||
	    refuse_option(r, model, "byte_fallback") < 0 ||
	    flag_of(r, model, "ignore_merges", false, &r->vocab->ignore_merges) < 0)
		return -1;
	/* Merges are of the model's own tokens: added ones come behind them. */
	if (read_tokens(r, model) < 0 || read_bytes(r, json_member(model, "vocab")) < 0 ||
	    read_merges(r, model) < 0 || read_added(r, added_list(r)) < 0)
		return -1;
	return check_ids(r, json_member(model, "vocab"));
}

static int add_split(struct reading *r, const cJSON *node, enum split split)
{
	struct vocab *vocab = r->vocab;

	if (vocab->split_count == VOCAB_SPLITS_MAX)
		return unsupported(r, node, "so long a sequence of pre-tokenizers", "");
	vocab->splits[vocab->split_count++] = split;
	return 0;
}

static int read_byte_level(struct reading *r, const cJSON *node)
{
	bool prefix, regex;

	if (flag_of(r, node, "add_prefix_space", true, &prefix) < 0 ||
	    flag_of(r, node, "use_regex", true, &regex) < 0)
		return -1;
	if (prefix)
		return unsupported(r, node, "ByteLevel with ", "add_prefix_space");
	return regex ? add_split(r, node, SPLIT_GPT2) : 0;
}

static int read_pattern(struct reading *r, const cJSON *node)
{
	const char *pattern = text_of(json_member(node, "pattern"), "Regex");
	bool invert;

	if (flag_of(r, node, "invert", false, &invert) < 0)
		return -1;
	if (invert || strcmp(text_of(node, "behavior"), "Isolated") != 0)
		return unsupported(r, node, "Split other than ", "Isolated");
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		if (strcmp(pattern, patterns[i].pattern) == 0)
			return add_split(r, node, patterns[i].split);
	return unsupported(r, node, "the pattern ", pattern);
}

/* A pre-tokenizer that is no sequence. */
static int read_splitter(struct reading *r, const cJSON *node)
{
	bool single;

	if (is_type(node, "ByteLevel"))
		return read_byte_level(r, node);
	if (is_type(node, "Split"))
		return read_pattern(r, node);
	if (is_type(node, "Digits")) {
		if (flag_of(r, node, "individual_digits", false, &single) < 0)
			return -1;
		return add_split(r, node, single ? SPLIT_DIGITS : SPLIT_DIGIT_RUNS);
	}
	return unsupported(r, node, "pre-tokenizer ", text_of(node, "type"));
}

static bool is_byte_level(const cJSON *node)
{
	return is_type(node, "ByteLevel");
}

static int without_byte_level(struct reading *r, const cJSON *node)
{
	return unsupported(r, node, "a pre-tokenizer without ByteLevel as its last", "");
}

/* ByteLevel makes characters of the alphabet of bytes, and what came behind would split these: it is
 * the last and no other is. */
static int read_sequence(struct reading *r, const cJSON *node)
{
	const cJSON *list = json_member(node, "pretokenizers"), *last = NULL;

	if (!cJSON_IsArray(list))
		return wrong(r, node, "a Sequence needs an array 'pretokenizers'");
	for (const cJSON *item = list->child; item; last = item, item = item->next) {
		if (is_byte_level(item) && item->next)
			return unsupported(r, item, "a pre-tokenizer behind ", "ByteLevel");
		if (read_splitter(r, item) < 0)
			return -1;
	}
	return is_byte_level(last) ? 0 : without_byte_level(r, node);
}

static int read_pre_tokenizer(struct reading *r)
{
	const cJSON *node = json_member(r->doc.root, "pre_tokenizer");

	if (is_nothing(node))
		return unsupported(r, node, "no pre-tokenizer: not byte-level; that", "");
	if (is_type(node, "Sequence"))
		return read_sequence(r, node);
	if (read_splitter(r, node) < 0)
		return -1;
	return is_byte_level(node) ? 0 : without_byte_level(r, node);
}

/* Ids that the template puts around its text, in order; *text tells where the text stands. */
static int read_template(struct reading *r, const cJSON *node)
{
	const cJSON *list = json_member(node, "single"), *names, *item;
	struct vocab *vocab = r->vocab;
	int n = cJSON_GetArraySize(list);
	bool behind = false;

	if (!cJSON_IsArray(list))
		return wrong(r, node, "a TemplateProcessing needs an array 'single'");
	vocab->before = ARENA_NEW(&vocab->arena, uint32_t, n + 1);
	vocab->after = ARENA_NEW(&vocab->arena, uint32_t, n + 1);
	names = json_member(node, "special_tokens");
	for (item = list->child; item; item = item->next) {
		const cJSON *special = json_member(item, "SpecialToken");
		const cJSON *ids = json_member(json_member(names, text_of(special, "id")), "ids");
		uint32_t id;

		if (json_member(item, "Sequence") && !behind) {
			behind = true;
			continue;
		}
		if (cJSON_GetArraySize(ids) != 1)
			return unsupported(r, item, "a template of this kind", "");
		if (id_of(r, ids->child, &id) < 0)
			return -1;
		if (id >= vocab->token_count)
			return json_error(&r->doc, ids->child, r->err, "no token has id %u", id);
		if (behind)
			vocab->after[vocab->after_count++] = id;
		else
			vocab->before[vocab->before_count++] = id;
	}
	return behind ? 0 : wrong(r, list, "a template without its text");
}

static int read_processor(struct reading *r, const cJSON *node)
{
	if (is_byte_level(node))
		return 0; /* offsets alone */
	if (is_type(node, "TemplateProcessing") && !r->vocab->before)
		return read_template(r, node);
	return unsupported(r, node, "post-processor ", text_of(node, "type"));
}

static int read_post_processor(struct reading *r)
{
	const cJSON *node = json_member(r->doc.root, "post_processor"), *list;

	if (is_nothing(node))
		return 0;
	if (!is_type(node, "Sequence"))
		return read_processor(r, node);
	list = json_member(node, "processors");
	if (!cJSON_IsArray(list))
		return wrong(r, node, "a Sequence needs an array 'processors'");
	for (list = list->child; list; list = list->next)
		if (read_processor(r, list) < 0)
			return -1;
	return 0;
}

static int refuse_stage(struct reading *r, const char *stage, const char *what)
{
	const cJSON *node = json_member(r->doc.root, stage);

	return is_nothing(node) ? 0 : unsupported(r, node, what, text_of(node, "type"));
}

static int refuse_stages(struct reading *r)
{
	const cJSON *decoder = json_member(r->doc.root, "decoder");

	if (refuse_stage(r, "normalizer", "normalizer ") < 0 ||
	    refuse_stage(r, "truncation", "truncation") < 0 ||
	    refuse_stage(r, "padding", "padding") < 0)
		return -1;
	if (!is_byte_level(decoder))
		return unsupported(r, decoder, "a decoder other than ", "ByteLevel");
	return 0;
}

static int read_all(struct reading *r)
{
	if (!cJSON_IsObject(r->doc.root))
		return wrong(r, NULL, "a tokenizer must be an object");
	/* The model first: a file of another kind is best told by it. */
	if (read_model(r) < 0 || refuse_stages(r) < 0 || read_pre_tokenizer(r) < 0)
		return -1;
	return read_post_processor(r);
}

/* Takes the document that was read, or not. */
static struct vocab *vocab_from_doc(struct reading *r, int rc)
{
	struct vocab *vocab = mem_alloc(1, sizeof(*vocab));

	r->vocab = vocab;
	if (rc == 0)
		rc = read_all(r);
	json_free(&r->doc);
	byte_map_free(&r->keys);
	free(r->ids);
	if (rc == 0)
		return vocab;
	vocab_free(vocab);
	return NULL;
}

struct vocab *vocab_read(const char *path, struct err *err)
{
	struct reading r = {.err = err};
	int rc = json_read(&r.doc, path, err);

	return vocab_from_doc(&r, rc);
}

struct vocab *vocab_parse(const char *name, const char *text, size_t len, struct err *err)
{
	struct reading r = {.err = err};
	int rc = json_parse(&r.doc, name, text, len, err);

	return vocab_from_doc(&r, rc);
}
