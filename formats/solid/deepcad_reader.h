/* SPDX-License-Identifier: MIT */
/*
 * deepcad_reader: the parts of a DeepCAD file, read on demand of its sequence.
 *
 *	struct deepcad_reader r = {.arena = arena, .err = err, .unit = 1};
 *	if (deepcad_read_sketch(&r, node, "FQgWVhwG_0", &sketch) < 0) ...
 *
 * Everything that fails has filled r->err with the line where it stands.
 */
#ifndef FORMATS_DEEPCAD_READER_H
#define FORMATS_DEEPCAD_READER_H

#include "formats/encoding/json.h"
#include "formats/solid/deepcad.h"

struct deepcad_reader {
	struct json_doc doc;
	struct arena *arena;
	struct err *err;
	double unit;    /* how many there are in a metre */
	bool is_fusion; /* arcs run about their own normal */
};

/* The member under that key: of an object, an array, a string that is there. NULL after an error. */
const cJSON *deepcad_object(const struct deepcad_reader *r, const cJSON *parent, const char *key);
const cJSON *deepcad_array(const struct deepcad_reader *r, const cJSON *parent, const char *key);
const char *deepcad_string(const struct deepcad_reader *r, const cJSON *parent, const char *key);

/* A copy of the string under that key, or of `otherwise` where there is none; in the arena. */
int deepcad_name(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		 const char *otherwise, const char **out);

/* The place of the string in the names, or -1 after an error. */
int deepcad_choice(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		   const char *const *names);

/* A number within DEEPCAD_LENGTH_MAX; a length is divided by the file's unit. */
int deepcad_number(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		   double *out);
int deepcad_length(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		   double *out);

/* {"x":,"y":,"z":} as lengths. */
int deepcad_point(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		  struct vec3 *out);

/* The same without a unit. */
int deepcad_vector(const struct deepcad_reader *r, const cJSON *parent, const char *key,
		   struct vec3 *out);

/* The entity as a sketch; its curves follow each other. */
int deepcad_read_sketch(const struct deepcad_reader *r, const cJSON *node, const char *id,
			struct deepcad_sketch *out);

typedef int deepcad_curve_reader(const struct deepcad_reader *r, const cJSON *node,
				 const struct deepcad_plane *plane, struct deepcad_curve *out);
typedef int deepcad_loop_reader(const struct deepcad_reader *r, const cJSON *node,
				const struct deepcad_plane *plane, struct deepcad_loop *out);

/* One of profile_curves, as it stands in the file. */
deepcad_curve_reader deepcad_read_curve;

/* The curves that an array or an object has, one behind the other; *out is empty. */
int deepcad_read_loop(const struct deepcad_reader *r, const cJSON *curves,
		      const struct deepcad_plane *plane, deepcad_curve_reader *read_curve,
		      struct deepcad_loop *out);

/* A profile of the loops that an array or an object has. It may still have faults. */
int deepcad_read_loops(const struct deepcad_reader *r, const cJSON *loops,
		       const struct deepcad_plane *plane, deepcad_loop_reader *read_loop,
		       struct deepcad_profile *out);

/* All of a feature but its regions, which are there. */
int deepcad_read_extent(const struct deepcad_reader *r, const cJSON *node,
			struct deepcad_feature *out);

/* All of a file in Text2CAD's minimal JSON, which has "parts"; its unit is taken for a metre. */
int deepcad_read_parts(const struct deepcad_reader *r, struct deepcad_model *model);

#endif
