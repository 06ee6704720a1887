/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "render/dxf/dxf.h"
#include "tests/dxf_groups.h"

struct dxf_groups dxf_groups;

static struct buf text; /* values point into it */

void dxf_groups_free(void)
{
	buf_free(&text);
	dxf_groups.count = 0;
}

void dxf_groups_make(const struct drawing *drawing, const struct scene *scene,
		     const struct style *style)
{
	struct dxf_groups *g = &dxf_groups;
	char *line;

	dxf_groups_free();
	dxf_from_drawing(drawing, scene, style, &text);
	assert_int_equal(strlen(text.data), text.len);
	for (line = text.data; *line;) {
		char *end = strchr(line, '\n'), *value;

		assert_non_null(end);
		assert_true(g->count < DXF_GROUPS_MAX);
		*end = '\0';
		value = end + 1;
		assert_int_equal(strspn(line, "0123456789"), strlen(line));
		g->code[g->count] = atoi(line);
		end = strchr(value, '\n');
		assert_non_null(end);
		*end = '\0';
		g->value[g->count++] = value;
		line = end + 1;
	}
}

bool dxf_is(int i, int code, const char *value)
{
	return dxf_groups.code[i] == code && strcmp(dxf_groups.value[i], value) == 0;
}

int dxf_find(const char *kind, int nth)
{
	bool inside = false;

	for (int i = 0; i < dxf_groups.count; i++) {
		if (dxf_is(i, 2, "ENTITIES"))
			inside = true;
		if (inside && dxf_is(i, 0, "ENDSEC"))
			return -1;
		if (inside && dxf_is(i, 0, kind) && nth-- == 0)
			return i;
	}
	return -1;
}

const char *dxf_get_nth(int entity, int code, int nth)
{
	assert_true(entity >= 0);
	for (int i = entity + 1; i < dxf_groups.count && dxf_groups.code[i] != 0; i++)
		if (dxf_groups.code[i] == code && nth-- == 0)
			return dxf_groups.value[i];
	return "nothing";
}

const char *dxf_get(int entity, int code)
{
	return dxf_get_nth(entity, code, 0);
}

void dxf_assert_real(int entity, int code, double value)
{
	double is = strtod(dxf_get(entity, code), NULL);

	if (!(fabs(is - value) < 1e-8))
		fail_msg("group %d is %.10g instead of %.10g", code, is, value);
}

int dxf_count(int code, const char *value)
{
	int n = 0;

	for (int i = 0; i < dxf_groups.count; i++)
		n += dxf_is(i, code, value);
	return n;
}

const char *dxf_header_of(const char *variable)
{
	for (int i = 0; i + 1 < dxf_groups.count; i++)
		if (dxf_is(i, 9, variable))
			return dxf_groups.value[i + 1];
	return "nothing";
}

struct style dxf_iso_style(void)
{
	struct style_sheet sheet = style_iso();
	struct rng rng = rng_seed(1, 1);

	return style_from_sheet(&sheet, &rng);
}
