/* SPDX-License-Identifier: MIT */
/*
 * dxf_groups: a DXF file as codes and values, for tests.
 *
 *	dxf_groups_make(&drawing, &scene, &style);
 *	int e = dxf_find("DIMENSION", 0);
 *	assert_string_equal(dxf_get(e, 1), "4\\U+00D7<>");
 *	dxf_groups_free();
 *
 * One file at a time; what cannot be parsed fails the test.
 */
#ifndef TESTS_DXF_GROUPS_H
#define TESTS_DXF_GROUPS_H

#include <stdbool.h>

#include "formats/drawing/drawing.h"
#include "formats/scene/scene.h"
#include "formats/scene/style.h"

#define DXF_GROUPS_MAX 100000

struct dxf_groups {
	int count;
	int code[DXF_GROUPS_MAX];
	char *value[DXF_GROUPS_MAX];
};

extern struct dxf_groups dxf_groups;

/* Writes the file and takes it apart. */
void dxf_groups_make(const struct drawing *drawing, const struct scene *scene,
		     const struct style *style);
void dxf_groups_free(void);

/* Whether group i is this one. */
bool dxf_is(int i, int code, const char *value);

/* The nth (0 first) entity of the kind in ENTITIES, or -1. */
int dxf_find(const char *kind, int nth);

/* The nth value of the entity's groups of the code, or "nothing". */
const char *dxf_get_nth(int entity, int code, int nth);
const char *dxf_get(int entity, int code);
void dxf_assert_real(int entity, int code, double value);

/* How many groups are this one. */
int dxf_count(int code, const char *value);

/* The value of a variable of the header, or "nothing". */
const char *dxf_header_of(const char *variable);

/* The built-in style. */
struct style dxf_iso_style(void);

#endif
