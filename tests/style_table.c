/* SPDX-License-Identifier: MIT */
/*
 * style_table: the tables of style.h, one key a line, for check_style_page.sh.
 *
 *	thick_mm 0.1 2 0.5		lowest, highest, built in
 *	arrow filled open blank ...	the built-in word first
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "formats/style.h"

static void print_value(const char *name, int value, int lo, int hi)
{
	printf("%s %.10g %.10g %.10g\n", name, lo / 1000.0, hi / 1000.0, value / 1000.0);
}

/* The page says that the first word is the built-in one; where it is not, the line says so. */
static void print_choice(const char *name, const char *words, const char *builtin)
{
	size_t len = strcspn(words, " ");
	int first = strlen(builtin) == len && strncmp(words, builtin, len) == 0;

	printf("%s %s%s%s\n", name, words, first ? "" : "; built in: ", first ? "" : builtin);
}

int main(void)
{
#define V(name, value, lo, hi, about) print_value(#name, value, lo, hi);
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, about) print_choice(#name, words, word);
	STYLE_CHOICES(C)
#undef C
	return 0;
}
