/* SPDX-License-Identifier: MIT */
/*
 * The file is mapped, json_scan walks to the end of the next entry, and that alone becomes a tree: memory
 * for one entry, whatever the file has. Lines are counted along the way.
 *
 * <image> may stand anywhere in the question: LLaVA's own loader moves it to the front.
 */
#include <config.h>

#include "formats/dataset/llava_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "formats/encoding/json.h"
#include "formats/encoding/json_scan.h"

#define ENTRY_BYTES_MAX ((size_t)1 << 20)
#define IMAGE_NAME_BYTES_MAX 4096
#define IMAGE_TOKEN "<image>"
#define SPACE " \t\n\r\v\f"

struct llava_reader {
	char *path, *folder;
	const char *map; /* NULL for an empty file */
	size_t bytes, at;
	long line; /* of `at` */
	size_t count;
	struct arena arena; /* owns the strings */
};

/* --- messages ------------------------------------------------------------------------------- */

/* The entry at hand, counted from 1 as lines are. */
__attribute__((format(printf, 4, 5))) static int
entry_error(const struct llava_reader *r, enum err_code code, struct err *err, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(err, code, "%s:%ld: entry %zu: %s", r->path, r->line, r->count + 1, what);
}

/* An entry that is JSON, with its id if it has one in quotes. */
struct entry {
	const struct llava_reader *reader;
	struct json_doc doc;
	const char *id;
};

__attribute__((format(printf, 4, 5))) static int
node_error(const struct entry *e, const cJSON *node, struct err *err, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return json_error(&e->doc, node, err, "entry %zu%s%.60s%s: %s", e->reader->count + 1,
			  e->id ? " ('" : "", e->id ? e->id : "", e->id ? "')" : "", what);
}

/* --- opening -------------------------------------------------------------------------------- */

static int map_file(struct llava_reader *r, int fd, struct err *err)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot read %s", r->path);
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : ESPIPE;
		return err_errno(err, "cannot read %s", r->path);
	}
	if (st.st_size == 0)
		return 0;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return err_errno(err, "cannot read %s", r->path);
	r->map = map;
	r->bytes = (size_t)st.st_size;
	return 0;
}

/* Goes on to `at`. */
static void advance(struct llava_reader *r, size_t at)
{
	for (; r->at < at; r->at++)
		r->line += r->map[r->at] == '\n';
}

/* The byte behind white space, which is passed over; -1 at the end. */
static int next_byte(struct llava_reader *r)
{
	struct json_scan s = {.text = r->map, .len = r->bytes, .at = r->at, .wanted = SIZE_MAX};

	json_scan_space(&s);
	advance(r, s.at);
	return r->at < r->bytes ? (unsigned char)r->map[r->at] : -1;
}

static int begin_array(struct llava_reader *r, struct err *err)
{
	if (r->bytes >= 3 && memcmp(r->map, "\xef\xbb\xbf", 3) == 0)
		r->at = 3;
	if (next_byte(r) != '[')
		return err_set(err, ERR_FORMAT, "%s:%ld: an array of entries must begin here",
			       r->path, r->line);
	advance(r, r->at + 1);
	return 0;
}

static char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return arena_strndup(arena, ".", 1);
	return arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

struct llava_reader *llava_reader_open(const char *path, const char *image_folder, struct err *err)
{
	struct llava_reader *r;
	int fd, rc;

	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	while (fd < 0 && errno == EINTR);
	if (fd < 0) {
		err_errno(err, "cannot open %s", path);
		return NULL;
	}
	r = mem_alloc(1, sizeof(*r));
	r->line = 1;
	r->path = arena_strndup(&r->arena, path, strlen(path));
	r->folder = image_folder ? arena_strndup(&r->arena, image_folder, strlen(image_folder))
				 : folder_of(&r->arena, path);
	rc = map_file(r, fd, err);
	close(fd); /* only read: nothing can be lost */
	if (rc == 0 && begin_array(r, err) == 0)
		return r;
	llava_reader_free(r);
	return NULL;
}

void llava_reader_free(struct llava_reader *r)
{
	if (!r)
		return;
	if (r->map)
		munmap((void *)(uintptr_t)r->map, r->bytes);
	arena_free(&r->arena);
	free(r);
}

/* --- an entry's parts ----------------------------------------------------------------------- */

/* The id as text: a string, a whole number, or none. */
static int read_id(struct entry *e, struct llava_sample *sample, struct arena *arena,
		   struct err *err)
{
	const cJSON *node = json_member(e->doc.root, "id");
	char text[32];

	snprintf(text, sizeof(text), "%zu", sample->index);
	if (cJSON_IsString(node)) {
		e->id = sample->id =
			arena_strndup(arena, node->valuestring, strlen(node->valuestring));
		return 0;
	}
	if (node && !cJSON_IsNull(node)) {
		double v;

		if (json_whole(&e->doc, e->doc.root, "id", -0x1p53, 0x1p53, &v, NULL) < 0)
			return node_error(e, node, err, "'id' must be a string or a whole number");
		snprintf(text, sizeof(text), "%.0f", v);
	}
	sample->id = arena_strndup(arena, text, strlen(text));
	return 0;
}

/* Whether a part of the path is "..". */
static bool goes_up(const char *name)
{
	while (*name) {
		size_t n = strcspn(name, "/");

		if (n == 2 && name[0] == '.' && name[1] == '.')
			return true;
		name += n;
		name += strspn(name, "/");
	}
	return false;
}

static int read_image(const struct entry *e, struct llava_sample *sample, struct arena *arena,
		      struct err *err)
{
	const cJSON *node = json_member(e->doc.root, "image");
	const char *folder = e->reader->folder, *name;
	struct buf path = {0};

	if (!node || cJSON_IsNull(node))
		return node_error(e, node, err, "it has no 'image'");
	if (!cJSON_IsString(node))
		return node_error(e, node, err, "'image' must be a string");
	name = node->valuestring;
	if (*name == '\0' || strlen(name) > IMAGE_NAME_BYTES_MAX)
		return node_error(e, node, err, "'image' must have 1 to %d bytes",
				  IMAGE_NAME_BYTES_MAX);
	if (*name == '/' || goes_up(name))
		return node_error(e, node, err, "'image' is '%.60s', outside the image folder",
				  name);
	buf_str(&path, folder);
	if (*folder && folder[strlen(folder) - 1] != '/')
		buf_char(&path, '/');
	buf_str(&path, name);
	sample->image = arena_strndup(arena, path.data, path.len);
	buf_free(&path);
	return 0;
}

/* The text of turn k, which must be from `from`; NULL with err. */
static const char *turn(const struct entry *e, const cJSON *turns, int k, const char *from,
			struct err *err)
{
	const cJSON *one = cJSON_GetArrayItem(turns, k);
	const cJSON *who = json_member(one, "from"), *value = json_member(one, "value");

	if (!cJSON_IsString(who) || strcmp(who->valuestring, from) != 0) {
		node_error(e, who ? who : one, err, "turn %d must be from '%s'", k + 1, from);
		return NULL;
	}
	if (!cJSON_IsString(value)) {
		node_error(e, value ? value : one, err, "'value' of turn %d must be a string",
			   k + 1);
		return NULL;
	}
	if (value->valuestring[strspn(value->valuestring, SPACE)] == '\0') {
		node_error(e, value, err, "turn %d says nothing", k + 1);
		return NULL;
	}
	return value->valuestring;
}

/* Without the ends' white space. */
static const char *stripped(struct arena *arena, const char *text, size_t len)
{
	size_t skipped = strspn(text, SPACE);

	skipped = skipped < len ? skipped : len;
	text += skipped;
	len -= skipped;
	while (len && strchr(SPACE, text[len - 1]))
		len--;
	return arena_strndup(arena, text, len);
}

/* The question, out of which <image> is taken. */
static int read_prompt(const struct entry *e, const cJSON *turns, const char *question,
		       struct llava_sample *sample, struct arena *arena, struct err *err)
{
	const cJSON *value = json_member(turns->child, "value");
	const char *token = strstr(question, IMAGE_TOKEN), *rest;
	struct buf text = {0};
	int rc = 0;

	if (!token)
		return node_error(e, value, err, "no " IMAGE_TOKEN " in turn 1");
	rest = token + strlen(IMAGE_TOKEN);
	buf_bytes(&text, question, (size_t)(token - question));
	buf_str(&text, rest);
	sample->prompt = stripped(arena, text.data, text.len);
	if (strstr(text.data, IMAGE_TOKEN)) /* also what was around the first */
		rc = node_error(e, value, err, "more than one " IMAGE_TOKEN " in turn 1");
	else if (*sample->prompt == '\0')
		rc = node_error(e, value, err, "turn 1 asks nothing");
	buf_free(&text);
	return rc;
}

static int read_turns(const struct entry *e, struct llava_sample *sample, struct arena *arena,
		      struct err *err)
{
	const cJSON *turns = json_member(e->doc.root, "conversations");
	const char *question, *answer;

	if (!cJSON_IsArray(turns))
		return node_error(e, turns, err, "'conversations' must be an array");
	if (cJSON_GetArraySize(turns) != 2)
		return node_error(e, turns, err, "%d turns; one question and its answer are taken",
				  cJSON_GetArraySize(turns));
	question = turn(e, turns, 0, "human", err);
	answer = question ? turn(e, turns, 1, "gpt", err) : NULL;
	if (!answer)
		return -1;
	if (strstr(answer, IMAGE_TOKEN))
		return node_error(e, json_member(turns->child->next, "value"), err,
				  IMAGE_TOKEN " in turn 2");
	sample->program = arena_strndup(arena, answer, strlen(answer));
	return read_prompt(e, turns, question, sample, arena, err);
}

static int read_parts(struct entry *e, struct llava_sample *sample, struct arena *arena,
		      struct err *err)
{
	if (!cJSON_IsObject(e->doc.root))
		return node_error(e, NULL, err, "it is no object");
	if (read_id(e, sample, arena, err) < 0 || read_image(e, sample, arena, err) < 0)
		return -1;
	return read_turns(e, sample, arena, err);
}

/* --- entries -------------------------------------------------------------------------------- */

/* Where the value that begins here ends; 0 with err where it does not, or is too long. */
static size_t entry_end(struct llava_reader *r, struct err *err)
{
	size_t left = r->bytes - r->at;
	struct json_scan s = {.text = r->map + r->at,
			      .len = left < ENTRY_BYTES_MAX ? left : ENTRY_BYTES_MAX,
			      .wanted = SIZE_MAX};
	bool cut = s.len < left;

	if (json_scan_value(&s) == 0)
		return r->at + s.at;
	if (cut && s.at + 8 > s.len) { /* a character or a word may be cut, too */
		entry_error(r, ERR_LIMIT, err, "more than %zu bytes", ENTRY_BYTES_MAX);
		return 0;
	}
	advance(r, r->at + s.at);
	entry_error(r, ERR_FORMAT, err, "%s", s.why);
	return 0;
}

static int end_array(struct llava_reader *r, struct err *err)
{
	advance(r, r->at + 1);
	if (next_byte(r) >= 0)
		return err_set(err, ERR_FORMAT, "%s:%ld: more text behind the array", r->path,
			       r->line);
	return 0;
}

/* Passes over a comma. Returns 1 with an entry ahead, 0 behind the last, or -1. */
static int next_entry(struct llava_reader *r, struct err *err)
{
	int c = next_byte(r);

	if (c == ']')
		return end_array(r, err);
	if (r->count == 0 && c >= 0)
		return 1;
	if (c != ',')
		return entry_error(r, ERR_FORMAT, err, "expected ',' or ']' before it");
	advance(r, r->at + 1);
	next_byte(r);
	return 1;
}

int llava_read(struct llava_reader *r, struct llava_sample *sample, struct arena *arena,
	       struct err *err)
{
	struct entry e = {.reader = r};
	int rc = next_entry(r, err);
	size_t end;

	if (rc <= 0)
		return rc;
	*sample = (struct llava_sample){.index = r->count, .line = r->line};
	end = entry_end(r, err);
	if (!end)
		return -1;
	if (json_parse_line(&e.doc, r->path, r->line, r->map + r->at, end - r->at, err) < 0)
		return -1;
	rc = read_parts(&e, sample, arena, err);
	json_free(&e.doc);
	if (rc < 0)
		return -1;
	advance(r, end);
	r->count++;
	return 1;
}
