/* SPDX-License-Identifier: MIT */
/*
 * README.md of a dataset:
 *
 *	## Samples      counts
 *	## Statistics   put here, or in the place of what was put here before
 *	## Files
 */
#include <config.h>

#include <string.h>

#include "base/fs.h"
#include "formats/dataset/dataset_private.h"
#include "formats/dataset/dataset_stats.h"

#define README_BYTES_MAX ((size_t)16 << 20)
#define FENCE "```\n"

/* The place of a line that begins so, or NULL. */
static const char *find_line(const char *text, const char *start)
{
	size_t n = strlen(start);

	while (text && strncmp(text, start, n) != 0) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return text;
}

static int put_section(const char *readme, const char *name, const char *table, struct buf *out,
		       struct err *err)
{
	const char *old = find_line(readme, "## Statistics\n");
	const char *after = find_line(old ? old : readme, "## Files\n");

	if (!after)
		return err_set(err, ERR_FORMAT, "%s has no section 'Files' to stand before", name);
	buf_bytes(out, readme, (size_t)((old ? old : after) - readme));
	buf_str(out, "## Statistics\n\nAs `cadgen stats` counts them; cadgen(1) says what each "
		     "line means.\n\n" FENCE);
	buf_str(out, table);
	buf_str(out, FENCE "\n");
	buf_str(out, after);
	return 0;
}

int dataset_card_put_stats(const char *folder, const char *text, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct buf readme = {0}, out = {0};
	int rc;

	dataset_file_path(folder, "README.md", "", path);
	rc = fs_read(path, README_BYTES_MAX, &readme, err);
	if (rc == 0)
		rc = put_section(readme.data, path, text, &out, err);
	if (rc == 0)
		rc = fs_write_durable(path, out.data, out.len, err);
	buf_free(&readme);
	buf_free(&out);
	return rc;
}
