/* SPDX-License-Identifier: MIT */
/* In --help a line of an option is blanks, perhaps a letter ("-o, "), and "--name". */
#include <config.h>

#include "trainer/loop/loop_program.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "trainer/loop/loop_child.h"

#define ANSWER_BYTES_MAX (1u << 20)

/* --- where ----------------------------------------------------------------------------------- */

const char *loop_own_folder(char folder[LOOP_FOLDER_BYTES])
{
	ssize_t n = readlink("/proc/self/exe", folder, LOOP_FOLDER_BYTES - 1);
	char *slash;

	if (n < 0)
		return NULL;
	folder[n] = '\0';
	slash = strrchr(folder, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	return folder;
}

static bool is_program(const char *path)
{
	struct stat st;

	return access(path, X_OK) == 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* folder[0..len)/name, or NULL; an empty folder is the current one. */
static const char *try_folder(const char *folder, size_t len, const char *name, struct arena *arena)
{
	struct buf path = {0};
	const char *found = NULL;

	if (len == 0)
		buf_char(&path, '.');
	buf_bytes(&path, folder, len);
	buf_char(&path, '/');
	buf_str(&path, name);
	if (is_program(path.data))
		found = arena_strndup(arena, path.data, path.len);
	buf_free(&path);
	return found;
}

static const char *find(const char *name, const struct loop_places *places, struct arena *arena)
{
	const char *found = NULL, *at = places->search;

	if (places->folder)
		found = try_folder(places->folder, strlen(places->folder), name, arena);
	while (!found && at) {
		size_t len = strcspn(at, ":");

		found = try_folder(at, len, name, arena);
		at = at[len] ? at + len + 1 : NULL;
	}
	return found;
}

/* --- what it says ---------------------------------------------------------------------------- */

static int ask(const char *path, const char *verb, const char *what, struct buf *answer,
	       struct err *err)
{
	char *argv[4];
	int n = 0;

	argv[n++] = (char *)path;
	if (verb)
		argv[n++] = (char *)verb;
	argv[n++] = (char *)what;
	argv[n] = NULL;
	buf_clear(answer);
	if (loop_child_output(argv, ANSWER_BYTES_MAX, answer, err) < 0)
		return err_context(err, "%s", what);
	buf_bytes(answer, "", 0);
	return 0;
}

/* The name in a line of an option, its length in *len, or NULL. */
static const char *option_name(const char *line, size_t *len)
{
	const char *at = line + strspn(line, " ");

	if (at == line)
		return NULL;
	if (at[0] == '-' && at[1] && at[1] != '-' && at[2] == ',' && at[3] == ' ')
		at += 4;
	if (strncmp(at, "--", 2) != 0)
		return NULL;
	*len = strspn(at + 2, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return *len ? at + 2 : NULL;
}

/* Those in the text, or only their number where words is NULL. */
static size_t walk(const char *text, const char **words, struct arena *arena)
{
	size_t n = 0, len;

	while (*text) {
		const char *name = option_name(text, &len);

		if (name && words)
			words[n] = arena_strndup(arena, name, len);
		n += name != NULL;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return n;
}

static void read_words(struct loop_program *program, const char *help, struct arena *arena)
{
	const char **words = ARENA_NEW(arena, const char *, walk(help, NULL, NULL) + 1);

	walk(help, words, arena);
	program->words = words;
}

int loop_program_find(struct loop_program *program, const char *name, const char *verb,
		      const struct loop_places *places, struct arena *arena, struct err *err)
{
	struct buf answer = {0};
	int rc;

	program->path = find(name, places, arena);
	if (!program->path)
		return err_set(err, ERR_IO, "no program %s, neither in %s nor in PATH", name,
			       places->folder ? places->folder : "a folder of its own");
	rc = ask(program->path, NULL, "--version", &answer, err);
	if (rc == 0) {
		program->version = arena_strndup(arena, answer.data, strcspn(answer.data, "\n"));
		rc = ask(program->path, verb, "--help", &answer, err);
	}
	if (rc == 0)
		read_words(program, answer.data, arena);
	buf_free(&answer);
	return rc;
}
