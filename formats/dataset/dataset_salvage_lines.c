/* SPDX-License-Identifier: MIT */
/*
 * dataset_salvage_lines: lines that bear an id are found by it. A line before the wanted sample is dropped, one
 * behind it stays for later, and one whose id is higher than that of the line that follows it bears a wrong one.
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "formats/dataset/dataset_salvage_private.h"

#define NO_ID UINT64_MAX

/* Reads on into a line. */
static void read_line(struct dataset_salvage *s, struct strand *l, struct line *line)
{
	ssize_t n;

	line->there = false;
	if (!l->file || l->ended)
		return;
	n = getline(&line->text, &line->room, l->file);
	if (n < 0) {
		if (ferror(l->file))
			salvage_tell(s, "%s: %s", l->path, strerror(errno));
		l->ended = true;
		return;
	}
	line->number = ++l->read;
	line->there = true;
	if (line->text[n - 1] == '\n')
		n--;
	else
		salvage_tell(s, "%s:%" PRIu64 ": cut short: the last line has no end", l->path,
			     l->read);
	line->text[n] = '\0';
	line->length = (size_t)n;
}

void salvage_drop_line(struct dataset_salvage *s, struct strand *l)
{
	struct line was = l->now;

	l->now = l->next;
	l->next = was;
	read_line(s, l, &l->next);
}

void salvage_open_strand(struct dataset_salvage *s, enum dataset_part part)
{
	struct strand *l = &s->strands[part];
	char name[DATASET_NAME_BYTES];

	if (!dataset_has_part(&s->settings, part))
		return;
	l->array = dataset_part_is_array(s->facts.layout, part);
	dataset_part_name(s->facts.layout, part, name);
	dataset_file_path(s->folder, name, "", l->path);
	l->file = fopen(l->path, "re");
	if (!l->file)
		salvage_tell(s, "%s: %s", l->path, strerror(errno));
	read_line(s, l, &l->now);
	read_line(s, l, &l->next);
}

/* The number in "id":"00000042"; NO_ID where there is none below the count. */
static uint64_t id_of(const struct dataset_salvage *s, const struct line *line)
{
	static const char key[] = "\"id\":\"";
	const char *at = line->there ? strstr(line->text, key) : NULL;
	uint64_t id = NO_ID;
	char *end;

	if (!at)
		return NO_ID;
	at += strlen(key);
	if (strspn(at, "0123456789") >= 8)
		id = strtoull(at, &end, 10);
	return id != NO_ID && *end == '"' && id < s->facts.count ? id : NO_ID;
}

bool salvage_is_bracket(struct strand *l)
{
	const char *text = l->now.text;

	if (!l->array || l->now.length > 2)
		return false;
	l->opened |= text[0] == '[' && l->now.number == 1;
	l->closed |= text[l->now.length - (l->now.length > 0)] == ']' && !l->next.there;
	return strcmp(text, "[") == 0 || strcmp(text, "]") == 0 || strcmp(text, "[]") == 0;
}

bool salvage_find_line(struct dataset_salvage *s, struct strand *l, uint64_t index)
{
	while (l->now.there) {
		uint64_t id, after;

		if (salvage_is_bracket(l)) {
			salvage_drop_line(s, l);
			continue;
		}
		id = id_of(s, &l->now);
		after = id_of(s, &l->next);
		if (id == index)
			return true;
		if (id == NO_ID)
			salvage_tell(s, "%s:%" PRIu64 ": no line of a sample: %.*s", l->path,
				     l->now.number, SALVAGE_QUOTED, l->now.text);
		else if (id < index || (after != NO_ID && after < id))
			salvage_tell(s, "%s:%" PRIu64 ": sample %08" PRIu64 " does not belong here",
				     l->path, l->now.number, id);
		else
			return false;
		salvage_drop_line(s, l);
	}
	return false;
}

void salvage_miss_line(struct dataset_salvage *s, struct strand *l, const char *id)
{
	if (l->now.there)
		salvage_tell(s, "%s: no line of sample %s", l->path, id);
	else if (l->file && !l->missed)
		salvage_tell(s, "%s: ends before sample %s", l->path, id);
	l->missed |= !l->now.there;
}
