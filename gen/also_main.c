/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "gen/also_main.h"
#include "render/dxf/dxf.h"
#include "render/paint/vector.h"

/* The bit of the name, or 0. */
static unsigned bit_from_name(const char *name, size_t length)
{
	for (int i = 0; i < ALSO_COUNT_; i++) {
		const char *known = dataset_also_name((enum dataset_also)i);

		if (strlen(known) == length && memcmp(known, name, length) == 0)
			return 1u << i;
	}
	return 0;
}

int also_parse(const char *list, unsigned *also, struct err *err)
{
	while (*list) {
		size_t length = strcspn(list, ",");
		unsigned bit = bit_from_name(list, length);

		if (!bit)
			return err_set(err, ERR_USAGE, "--also: '%.*s' is none of svg, pdf, dxf",
				       (int)length, list);
		*also |= bit;
		list += length;
		if (*list == ',' && *++list == '\0')
			return err_set(err, ERR_USAGE, "--also: nothing behind the last comma");
	}
	return 0;
}

void also_write_option(unsigned also, struct buf *out)
{
	const char *before = " --also ";

	for (int i = 0; i < ALSO_COUNT_; i++)
		if (also >> i & 1) {
			buf_str(out, before);
			buf_str(out, dataset_also_name((enum dataset_also)i));
			before = ",";
		}
}

int also_encode(enum dataset_also also, const struct drawing *drawing, const struct scene *scene,
		const struct style *style, const struct font *font, struct buf *out,
		struct err *err)
{
	static const struct scene nothing = {.unit = UNIT_MM};

	switch (also) {
	case ALSO_SVG:
		return svg_from_drawing(drawing, font, out, err);
	case ALSO_PDF:
		return pdf_from_drawing(drawing, font, out, err);
	case ALSO_DXF:
		dxf_from_drawing(drawing, scene ? scene : &nothing, style, out);
		break;
	case ALSO_COUNT_:
		break;
	}
	return 0;
}
