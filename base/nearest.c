/* SPDX-License-Identifier: MIT */
/* Wagner and Fischer's table, of which three rows are kept: a swap looks back two. */
#include <config.h>

#include <string.h>

#include "base/nearest.h"

#define WORD_BYTES_MAX 64
#define EDITS_MAX 2

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Both words have at most WORD_BYTES_MAX bytes. */
static size_t edits(const char *a, const char *b)
{
	size_t rows[3][WORD_BYTES_MAX + 1], len = strlen(b);

	for (size_t k = 0; k <= len; k++)
		rows[0][k] = k;
	for (size_t i = 1; i <= strlen(a); i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t k = 1; k <= len; k++) {
			row[k] = above[k - 1] + (a[i - 1] != b[k - 1]);
			row[k] = least(row[k], least(above[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				row[k] = least(row[k], before[k - 2] + 1);
		}
	}
	return rows[strlen(a) % 3][len];
}

struct nearest nearest_to(const char *typed)
{
	return (struct nearest){.typed = typed, .distance = EDITS_MAX + 1};
}

void nearest_try(struct nearest *near, const char *word)
{
	size_t shorter = least(strlen(near->typed), strlen(word)), distance;

	if (strlen(near->typed) > WORD_BYTES_MAX || strlen(word) > WORD_BYTES_MAX)
		return;
	distance = edits(near->typed, word);
	if (distance < near->distance && 2 * distance < shorter) {
		near->distance = distance;
		near->word = word;
	}
}
