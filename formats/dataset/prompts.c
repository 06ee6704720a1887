/* SPDX-License-Identifier: MIT */
/*
 * prompts: the built-in tables and the reader of a user's file.
 *
 * The three-dimensional prompts are those that published image-to-CAD instruction sets use, so a
 * model trained on them can be trained further here. A line of a file is one prompt as it stands;
 * what would break a sample is refused: bytes that are not UTF-8, control characters (tabs and
 * carriage returns too), and the image token, which the dataset itself puts before the prompt.
 * A byte order mark at the beginning is passed over.
 */
#include <config.h>

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "formats/dataset/prompts.h"

enum { FILE_BYTES_MAX = 1 << 20, PROMPTS_MAX = 10000, LINE_BYTES_MAX = 4096 };

#define IMAGE_TOKEN "<image>"

static const char *texts_2d[] = {
	"Write the program that draws the dimensioned drawing in this image.",
	"Read the dimensions on this drawing and give its drawing program.",
	"Which drawing commands produce the shapes in this technical drawing?",
	"Turn this dimensioned drawing into code, with every size and position as stated.",
	"List the shapes of this drawing as a program, using the values of its dimensions.",
};

static const char *texts_3d[] = {
	"Generate the CAD construction sequence for this design.",
	"What is the CAD code for this 3D model?",
	"Create parametric CAD code for the design shown in the image.",
	"Describe this CAD model using construction operations.",
	"Convert this image into a CAD construction sequence.",
};

static const struct prompts table_2d = {sizeof(texts_2d) / sizeof(*texts_2d), texts_2d, NULL};
/* What Bbox is must be in the question: no drawing says it. */
#define BBOX                                                                                       \
	" Bbox(x, y, z, w, d, h, angle) is a box with its centre at x, y, z in mm, w wide along "  \
	"x, "                                                                                      \
	"d deep along y, h high along z, turned by angle degrees about z; each model_i fills "     \
	"bbox_i "                                                                                  \
	"and is named with its parameters."

static const char *texts_cabinet[] = {
	"Write this cabinet as a parametric program of boxes and models." BBOX,
	"Which panels, shelves, drawers and doors is this cabinet made of? Answer as a "
	"program." BBOX,
	"Turn the three views of this cabinet into a program." BBOX,
};

static const struct prompts table_cabinet = {sizeof(texts_cabinet) / sizeof(*texts_cabinet),
					     texts_cabinet, NULL};
static const struct prompts table_3d = {sizeof(texts_3d) / sizeof(*texts_3d), texts_3d, NULL};

static const char *texts_solid[] = {
	"Write the sketches and extrudes that make the part in this drawing.",
	"Which sketches and extrudes make this part? Answer as a program.",
	"Turn this drawing of a part into its CAD program.",
	"Give the CAD construction sequence of the part that is drawn here.",
	"Create the CAD code for the part on this drawing.",
};

static const struct prompts table_solid = {sizeof(texts_solid) / sizeof(*texts_solid), texts_solid,
					   NULL};

const struct prompts *prompts_solid(void)
{
	return &table_solid;
}

const struct prompts *prompts_builtin(enum family family)
{
	switch (family) {
	case FAMILY_TURNED:
		return prompts_table(3);
	case FAMILY_CABINET:
		return &table_cabinet;
	case FAMILY_SHAPES:
	case FAMILY_PLATE:
		break;
	case FAMILY_COUNT_:
		assert(!"a family");
		break;
	}
	return prompts_table(2);
}

const struct prompts *prompts_table(int dimensions)
{
	assert(dimensions == 2 || dimensions == 3);
	return dimensions == 2 ? &table_2d : &table_3d;
}

static int check_line(const char *path, int number, const char *line, size_t len, struct err *err)
{
	if (len > LINE_BYTES_MAX)
		return err_set(err, ERR_FORMAT, "%s:%d: %zu bytes, a prompt has at most %d", path,
			       number, len, LINE_BYTES_MAX);
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;
		n = utf8_char(line + i, len - i, &c);
		if (n == 0)
			return err_set(err, ERR_FORMAT, "%s:%d: byte %zu is not UTF-8", path,
				       number, i + 1);
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return err_set(err, ERR_FORMAT, "%s:%d: control character U+%04X%s", path,
				       number, (unsigned)c,
				       c == '\r' ? " (lines end in LF alone)" : "");
	}
	if (len > 0 && *line != '#' && memmem(line, len, IMAGE_TOKEN, strlen(IMAGE_TOKEN)))
		return err_set(err, ERR_FORMAT,
			       "%s:%d: %s is put before each prompt and cannot be part of it", path,
			       number, IMAGE_TOKEN);
	return 0;
}

/* Cuts text into lines in place; the strings of *prompts point into it. */
static int split(struct prompts *prompts, const char *path, char *text, size_t len, struct err *err)
{
	char *end = text + len, *line = text;
	int number = 0;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	for (char *next; line < end; line = next) {
		char *stop = memchr(line, '\n', (size_t)(end - line));
		if (!stop)
			stop = end;
		next = stop + 1;
		number++;
		if (check_line(path, number, line, (size_t)(stop - line), err) < 0)
			return -1;
		if (line == stop || *line == '#')
			continue;
		if (prompts->count == PROMPTS_MAX)
			return err_set(err, ERR_LIMIT, "%s:%d: more than %d prompts", path, number,
				       PROMPTS_MAX);
		*stop = '\0'; /* at the end this is the buffer's own NUL */
		prompts->text[prompts->count++] = line;
	}
	if (prompts->count == 0)
		return err_set(err, ERR_FORMAT, "%s:%d: no prompt in the file", path,
			       number ? number : 1);
	return 0;
}

int prompts_read(struct prompts *prompts, const char *path, struct err *err)
{
	struct buf text = {0};

	*prompts = (struct prompts){0};
	if (fs_read(path, FILE_BYTES_MAX, &text, err) < 0) {
		buf_free(&text);
		return -1;
	}
	buf_bytes(&text, "", 0); /* an empty file has a NUL too */
	prompts->storage = text.data;
	prompts->text = mem_alloc(PROMPTS_MAX, sizeof(*prompts->text));
	if (split(prompts, path, text.data, text.len, err) < 0) {
		prompts_free(prompts);
		return -1;
	}
	return 0;
}

void prompts_free(struct prompts *prompts)
{
	if (!prompts->storage) /* built-in, or already free */
		return;
	free(prompts->text);
	free(prompts->storage);
	*prompts = (struct prompts){0};
}
