/* SPDX-License-Identifier: MIT */
/*
 * style_table: the tables of style.h, one key a line, for check_style_page.sh.
 *
 *	thick_mm 0.1 2 0.5		lowest, highest, built in
 *	text_mm 1.8 20 3.5 (each)	single dimensions may break it alone
 *	arrow filled open ... (each)	the built-in word first
 *
 * With an argument the table of degradation.h, two lines a row, the second what it means:
 *
 *	skew (pose, warp, clear; augraphy)
 *	skew.angle_deg -1 to 1 , -15 to 15
 */
#include <config.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "formats/scene/style.h"

static const char *each(const char *why_not)
{
	return why_not[0] ? "" : " (each)";
}

static void print_value(const char *name, int value, int lo, int hi, const char *why_not)
{
	printf("%s %.10g %.10g %.10g%s\n", name, lo / 1000.0, hi / 1000.0, value / 1000.0,
	       each(why_not));
}

/* The page says that the first word is the built-in one; where it is not, the line says so. */
static void print_choice(const char *name, const char *words, const char *builtin,
			 const char *why_not)
{
	size_t len = strcspn(words, " ");
	int first = strlen(builtin) == len && strncmp(words, builtin, len) == 0;

	printf("%s %s%s%s%s\n", name, words, first ? "" : "; built in: ", first ? "" : builtin,
	       each(why_not));
}

/* In lower case, as far as ASCII goes. */
static void print_word(const char *word)
{
	for (; *word; word++)
		putchar(tolower((unsigned char)*word));
}

static void print_entry(const char *name, const char *phase, const char *kind,
			const char *legibility, const char *source, const char *about)
{
	printf("%s (", name);
	print_word(phase);
	printf(", ");
	print_word(kind);
	printf(", ");
	print_word(legibility);
	printf("; %s)\n%s\n", source, about);
}

static void print_degradations(void)
{
#define E(name, phase, kind, legibility, source, about)                                            \
	print_entry(#name, #phase, #kind, #legibility, #source, about);
#define P(entry, name, lo, hi, least, most, about)                                                 \
	printf("%s.%s %.10g to %.10g , %.10g to %.10g\n%s\n", #entry, #name, lo / 1000.0,          \
	       hi / 1000.0, least / 1000.0, most / 1000.0, about);
	DEGRADATIONS(E, P)
#undef E
#undef P
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		print_degradations();
		return 0;
	}
#define V(name, value, lo, hi, why_not, about) print_value(#name, value, lo, hi, why_not);
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about) print_choice(#name, words, word, why_not);
	STYLE_CHOICES(C)
#undef C
	return 0;
}
