/* SPDX-License-Identifier: MIT */
/*
 * cadgen styles:
 *
 *	no name           -> every name with what its file says about it
 *	name or path      -> the complete style on standard output
 *	--contact-sheet   -> PNG of one scene in all that are one sheet
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cli.h"
#include "base/mem.h"
#include "formats/scene/style_folder.h"
#include "formats/scene/style_mix.h"
#include "gen/styles_folder_main.h"
#include "gen/styles_main.h"
#include "gen/styles_sheet_main.h"

struct options {
	const char *name, *contact_sheet;
	int family;
	uint64_t seed;
	int64_t size_px;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"contact-sheet", 0, "FILE", "write a PNG that shows one scene in all styles",
		 CLI_STRING, &o->contact_sheet, 0, 0, NULL},
		{"family", 0, "FAMILY", "with --contact-sheet: what is drawn (plate)", CLI_CHOICE,
		 &o->family, 0, 0, family_names},
		{"seed", 's', "SEED", "with --contact-sheet: of the scene (0)", CLI_UINT64,
		 &o->seed, 0, 0, NULL},
		{"size", 0, "PX", "with --contact-sheet: longer side of each picture (640)",
		 CLI_INT, &o->size_px, 128, 4096, NULL},
		{0},
	};
	const struct cli_program program = {
		"cadgen styles", "[OPTION]... [STYLE]",
		"Lists the styles that --style knows by name, or prints the complete file of one.",
		table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first + 1 < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first + 1]);
	if (first < argc && o->contact_sheet)
		return err_set(err, ERR_USAGE, "--contact-sheet shows all styles: no '%s'",
			       argv[first]);
	o->name = argv[first];
	return 0;
}

/* Every style in the folder, read. */
struct styles {
	const char *const *names;
	struct style_mix *mixes;
	int count;
};

static int read_all(struct styles *all, struct arena *arena, struct err *err)
{
	all->count = style_names(&all->names, styles_folder(), arena, err);
	if (all->count < 0)
		return -1;
	if (all->count == 0)
		return err_set(err, ERR_IO, "there are no styles in %s", styles_folder());
	all->mixes = ARENA_NEW(arena, struct style_mix, all->count);
	for (int i = 0; i < all->count; i++)
		if (styles_load(&all->mixes[i], all->names[i], arena, err) < 0)
			return -1;
	return 0;
}

static int print_text(const struct buf *text, struct err *err)
{
	if (fwrite(text->data, 1, text->len, stdout) != text->len || fflush(stdout) != 0)
		return err_errno(err, "cannot write standard output");
	return 0;
}

static void list_styles(const struct styles *all, struct buf *out)
{
	size_t widest = 0;

	for (int i = 0; i < all->count; i++)
		if (strlen(all->names[i]) > widest)
			widest = strlen(all->names[i]);
	for (int i = 0; i < all->count; i++) {
		buf_str(out, all->names[i]);
		for (size_t n = strlen(all->names[i]); n < widest + 2; n++)
			buf_char(out, ' ');
		buf_str(out, all->mixes[i].about);
		buf_char(out, '\n');
	}
}

static int print_list(struct arena *arena, struct err *err)
{
	struct styles all = {0};
	struct buf out = {0};
	int rc = read_all(&all, arena, err);

	if (rc == 0) {
		list_styles(&all, &out);
		rc = print_text(&out, err);
	}
	buf_free(&out);
	return rc;
}

static int print_style(const char *name, struct arena *arena, struct err *err)
{
	struct style_mix mix;
	struct buf out = {0};
	int rc = styles_load(&mix, name, arena, err);

	if (rc == 0) {
		style_mix_write(&mix, &out);
		rc = print_text(&out, err);
	}
	buf_free(&out);
	return rc;
}

/* A mix would only show one of its sheets. */
static int write_sheet(const struct options *o, struct arena *arena, struct err *err)
{
	struct styles all = {0};
	struct style_sheet *sheets;
	struct styles_sheet sheet;
	const char **names;
	int count = 0;

	if (read_all(&all, arena, err) < 0)
		return -1;
	sheets = ARENA_NEW(arena, struct style_sheet, all.count);
	names = ARENA_NEW(arena, const char *, all.count);
	for (int i = 0; i < all.count; i++)
		if (all.mixes[i].count == 1) {
			names[count] = all.names[i];
			sheets[count++] = all.mixes[i].parts[0].sheet;
		}
	if (count == 0)
		return err_set(err, ERR_UNSUPPORTED, "%s holds mixes alone", styles_folder());
	sheet = (struct styles_sheet){.names = names,
				      .sheets = sheets,
				      .count = count,
				      .family = (enum family)o->family,
				      .seed = o->seed,
				      .size_px = (int)o->size_px};
	return styles_sheet_write(&sheet, o->contact_sheet, err);
}

static int run(const struct options *o, struct arena *arena, struct err *err)
{
	if (o->contact_sheet)
		return write_sheet(o, arena, err);
	return o->name ? print_style(o->name, arena, err) : print_list(arena, err);
}

int styles_main(int argc, char **argv)
{
	struct options o = {.family = FAMILY_PLATE, .size_px = 640};
	struct arena arena = {0};
	struct err err = {0};
	int rc = parse_options(&o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = run(&o, &arena, &err);
	arena_free(&arena);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadgen: %s\n", err.msg);
	return cli_status(&err);
}
