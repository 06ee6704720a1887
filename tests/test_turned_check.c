/* SPDX-License-Identifier: MIT */
/* turned_check: what makes a turned part, every message of check_turned; the profile of parts. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "formats/scene/turned.h"

#define CYLINDER(x, length, d)                                                                     \
	"{\"type\":\"cylinder\",\"x\":" #x ",\"length\":" #length ",\"d\":" #d "}"
#define CONE(x, length, d, d2)                                                                     \
	"{\"type\":\"cone\",\"x\":" #x ",\"length\":" #length ",\"d\":" #d ",\"d2\":" #d2 "}"
#define BORE(x, length, d) "{\"type\":\"bore\",\"x\":" #x ",\"length\":" #length ",\"d\":" #d "}"
#define GROOVE(x, width, d) "{\"type\":\"groove\",\"x\":" #x ",\"width\":" #width ",\"d\":" #d "}"
#define KEYWAY(x, length, width, depth)                                                            \
	"{\"type\":\"keyway\",\"x\":" #x ",\"length\":" #length ",\"width\":" #width               \
	",\"depth\":" #depth "}"
#define THREAD(x, length, d, pitch)                                                                \
	"{\"type\":\"thread\",\"x\":" #x ",\"length\":" #length ",\"d\":" #d ",\"pitch\":" #pitch  \
	"}"
#define CHAMFER(x, y, c) "{\"type\":\"chamfer\",\"x\":" #x ",\"y\":" #y ",\"c\":" #c "}"
#define FILLET(x, y, r) "{\"type\":\"fillet\",\"x\":" #x ",\"y\":" #y ",\"r\":" #r "}"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* more: further keys, each with its comma. */
static int parse_more(const char *section, const char *more, const char *shapes,
		      struct scene *scene, struct err *err)
{
	char text[4096];
	int n = snprintf(text, sizeof(text),
			 "{\"family\":\"turned\",\"unit\":\"mm\",\"sheet\":210,\"scale\":\"1:1\","
			 "\"arrangement\":\"chain\",\"section\":\"%s\",%s\"shapes\":[%s],"
			 "\"dimensions\":[]}",
			 section, more, shapes);

	assert_true(n < (int)sizeof(text));
	return scene_parse(scene, "scene", text, (size_t)n, &arena, err);
}

static int parse(const char *section, const char *shapes, struct scene *scene, struct err *err)
{
	return parse_more(section, "", shapes, scene, err);
}

static struct scene scene_of(const char *section, const char *shapes)
{
	struct scene scene;
	struct err err = {0};

	if (parse(section, shapes, &scene, &err) < 0)
		fail_msg("%s", err.msg);
	return scene;
}

struct example {
	const char *section, *shapes, *message;
};

static void test_parts_are_accepted(void **state)
{
	static const struct example parts[] = {
		{"none", CYLINDER(0, 50, 30), NULL},
		{"none", CONE(0, 20, 10, 30) "," CYLINDER(20, 30, 30), NULL},
		{"none", CYLINDER(0, 20, 30) "," CYLINDER(20, 16, 30.002), NULL},
		/* a neck just too long for a groove; a groove as wide as may be */
		{"none",
		 CYLINDER(0, 20, 40) "," CYLINDER(20, 10.001, 20) "," CYLINDER(30.001, 9, 40),
		 NULL},
		{"none", CYLINDER(0, 50, 30) "," GROOVE(10, 10, 20), NULL},
		{"none", CYLINDER(0, 50, 30) "," CYLINDER(50, 20, 24) "," GROOVE(50, 3, 20), NULL},
		{"full",
		 CYLINDER(0, 50, 30) "," BORE(0, 30, 12) "," CHAMFER(0, 6, 1) "," CHAMFER(
			 0, 15, 2) "," BORE(30, 20, 20),
		 NULL},
		{"half", CYLINDER(0, 50, 30) "," BORE(20, 30, 12), NULL},
		{"local", CYLINDER(0, 50, 30) "," BORE(0, 20, 12), NULL},
		{"none", CYLINDER(0, 50, 30) "," KEYWAY(5, 20, 8, 4), NULL},
		{"none", CYLINDER(0, 50, 20) "," THREAD(0, 50, 20, 0), NULL},
		{"none",
		 CYLINDER(0, 50, 20) "," THREAD(0, 47, 20,
						1.5) "," GROOVE(47, 3, 17) "," CYLINDER(50, 20, 30),
		 NULL},
		{"none", CYLINDER(0, 50, 20) "," THREAD(0, 20, 20, 5) "," THREAD(20, 30, 20, 0),
		 NULL},
		{"none", CYLINDER(0, 50, 20) "," CYLINDER(50, 20, 30) "," FILLET(50, 10, 4.999),
		 NULL},
		{"none",
		 CYLINDER(0, 50, 20) "," CYLINDER(50, 20, 30) "," FILLET(50, 10, 2) "," CHAMFER(
			 50, 15, 2.999),
		 NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct scene scene;
		struct err err = {0};

		if (parse(parts[i].section, parts[i].shapes, &scene, &err) < 0)
			fail_msg("%zu: %s", i, err.msg);
	}
}

static const struct example refused[] = {
	/* steps */
	{"none", CHAMFER(0, 10, 1), "shape 0: no cylinder or cone; allowed 1 or more"},
	{"none", CYLINDER(1, 50, 30),
	 "shape 0: cylinder at x 1; allowed 0, where the one before it ends"},
	{"none", CYLINDER(0, 50, 30) "," CYLINDER(49, 50, 20),
	 "shape 1: cylinder at x 49; allowed 50, where the one before it ends"},
	{"none", CONE(0, 50, 30, 30),
	 "shape 0: cone with 'd' and 'd2' of 30; allowed different ones"},
	{"none", CONE(0, 5, 30, 20),
	 "shape 0: cone at 45 degrees, which is a chamfer's; allowed a 'length' other than 5"},
	{"none", CYLINDER(0, 50, 30) "," CYLINDER(50, 20, 30),
	 "shape 1: cylinder goes on where the one before it ends; allowed another 'd' than 30"},
	{"none", CONE(0, 20, 30, 20) "," CONE(20, 10, 20, 15),
	 "shape 1: cone goes on where the one before it ends; allowed another 'd' than 20"},
	{"none", CYLINDER(0, 50, 30) "," GROOVE(49, 2, 20) "," CYLINDER(50, 20, 24),
	 "shape 1: groove from x 49 to 51; allowed inside one cylinder"},
	{"none", CYLINDER(0, 50, 30) "," GROOVE(10, 2, 30),
	 "shape 1: groove with 'd' 30; allowed less than 30, that of its cylinder"},
	{"none", CYLINDER(0, 50, 30) "," GROOVE(10, 10.001, 20),
	 "shape 1: groove with 'width' 10.001; allowed up to 10, half its 'd'"},
	{"none", CYLINDER(0, 50, 30) "," GROOVE(0, 2, 20),
	 "shape 1: groove at an end of its cylinder; allowed beside a larger one"},
	{"none", CYLINDER(0, 50, 30) "," GROOVE(48, 2, 20) "," CYLINDER(50, 20, 24),
	 "shape 1: groove at an end of its cylinder; allowed beside a larger one"},
	{"none",
	 CYLINDER(0, 50, 30) "," CYLINDER(50, 5, 20) "," GROOVE(50, 5, 16) "," CYLINDER(55, 5, 30),
	 "shape 2: groove as wide as its cylinder; allowed less"},
	{"none", CYLINDER(0, 50, 30) "," GROOVE(10, 2, 20) "," GROOVE(12, 2, 26),
	 "shape 2: groove at x 12; allowed more than 12, where another ends"},
	{"none", CYLINDER(0, 50, 30) "," CYLINDER(50, 10, 20) "," CYLINDER(60, 50, 30),
	 "shape 1: cylinder with 'length' 10 between larger ones, which is a groove's; allowed "
	 "more "
	 "than 10"},
	/* bores */
	{"full", CYLINDER(0, 50, 30) "," BORE(10, 41, 12),
	 "shape 1: bore from x 10 to 51; allowed 0 to 50"},
	{"full", CYLINDER(0, 50, 30) "," BORE(0, 30, 12) "," BORE(29, 21, 10),
	 "shape 2: bore at x 29; allowed from 30, where another ends"},
	{"full", CYLINDER(0, 50, 30) "," BORE(0, 30, 12) "," BORE(30, 20, 12),
	 "shape 2: bore goes on where the one before it ends; allowed another 'd' than 12"},
	{"full", CYLINDER(0, 50, 30) "," BORE(0, 50, 30),
	 "shape 1: bore with 'd' 30; allowed less than 30, the outside there"},
	{"full", CYLINDER(0, 50, 30) "," BORE(0, 50, 20) "," GROOVE(10, 2, 20),
	 "shape 1: bore with 'd' 20; allowed less than 20, the outside there"},
	{"full", CONE(0, 40, 30, 10) "," BORE(0, 20, 20),
	 "shape 1: bore with 'd' 20; allowed less than 20, the outside there"},
	/* a hole as wide as the next step would part the two */
	{"full", CYLINDER(0, 50, 30) "," BORE(0, 50, 20) "," CYLINDER(50, 20, 18),
	 "shape 1: bore with 'd' 20; allowed less than 18, the outside there"},
	{"full", CYLINDER(0, 50, 30) "," BORE(10, 20, 12),
	 "shape 1: bore at x 10; allowed from a face, or from a bore that begins there"},
	{"local", CYLINDER(0, 50, 30) "," BORE(0, 50, 12),
	 "shape 1: bore from face to face in a local section; allowed full or half"},
	{"full", CYLINDER(0, 50, 30),
	 "shape 0: no bore in a part that is cut; allowed section none"},
	{"local", CYLINDER(0, 50, 30) "," BORE(0, 44, 12),
	 "shape 0: bores too long for a local section; allowed full or half"},
	{"quarter", CYLINDER(0, 50, 30) "," BORE(0, 25, 12),
	 "shape 1: bore from x 0 to 25 ends with a quarter section; allowed other ends than 25"},
	{"quarter",
	 CYLINDER(0, 28, 30) "," BORE(0, 28, 12) "," CYLINDER(28, 22, 40) "," BORE(28, 22, 10),
	 "shape 1: bore from x 0 to 28 ends with a quarter section; allowed other ends than 28"},
	{"quarter", CYLINDER(0, 50, 30), "shape 0: no bore in a part that is cut"},
	/* keyways */
	{"quarter", CYLINDER(0, 50, 30) "," BORE(0, 4, 12) "," KEYWAY(10, 20, 8, 4),
	 "shape 2: keyway in a part that is cut along the axis; allowed section none or local"},
	{"full", CYLINDER(0, 50, 30) "," BORE(0, 4, 12) "," KEYWAY(10, 20, 8, 4),
	 "shape 2: keyway in a part that is cut along the axis; allowed section none or local"},
	{"none", CYLINDER(0, 50, 30) "," KEYWAY(0, 20, 8, 4),
	 "shape 1: keyway from x 0 to 20; allowed inside one cylinder, off its ends and off a "
	 "local "
	 "section"},
	{"none", CYLINDER(0, 50, 30) "," KEYWAY(30, 19, 8, 4) "," CHAMFER(50, 15, 1),
	 "shape 1: keyway from x 30 to 49; allowed inside one cylinder, off its ends"},
	{"local", CYLINDER(0, 50, 30) "," BORE(0, 10, 12) "," KEYWAY(16, 20, 8, 4),
	 "shape 2: keyway from x 16 to 36; allowed inside one cylinder, off its ends"},
	{"none", CYLINDER(0, 50, 30) "," BORE(0, 11, 12) "," KEYWAY(10, 20, 8, 4),
	 "shape 2: keyway over a bore; allowed on solid parts"},
	{"none", CYLINDER(0, 50, 30) "," GROOVE(8, 2, 20) "," KEYWAY(10, 20, 8, 4),
	 "shape 2: keyway on a groove, a thread or another keyway; allowed apart"},
	{"none", CYLINDER(0, 50, 10) "," KEYWAY(10, 20, 10, 4),
	 "shape 1: keyway with 'width' 10; allowed less than 10, the diameter"},
	{"none", CYLINDER(0, 50, 30) "," KEYWAY(10, 20, 8, 15),
	 "shape 1: keyway with 'depth' 15; allowed deep enough for walls and less than 15, half "
	 "the "
	 "diameter"},
	{"none", CYLINDER(0, 50, 30) "," KEYWAY(10, 25, 24, 6),
	 "shape 1: keyway with 'depth' 6; allowed deep enough for walls and less than 15"},
	{"none",
	 CYLINDER(0, 50, 30) "," KEYWAY(2, 5, 4, 2) "," KEYWAY(9, 5, 4, 2) "," KEYWAY(
		 16, 5, 4, 2) "," KEYWAY(23, 5, 4, 2) "," KEYWAY(30, 5, 4, 2) "," KEYWAY(37, 5, 4,
											 2),
	 "shape 6: 6 keyways and more; allowed 5, a section for each"},
	/* threads */
	{"none", CYLINDER(0, 50, 30) "," THREAD(0, 20, 24, 0),
	 "shape 1: thread from x 0 to 20; allowed on one cylinder of its 'd', 24"},
	{"none", CYLINDER(0, 50, 24) "," THREAD(10, 20, 24, 0),
	 "shape 1: thread at x 10; allowed from an end of its cylinder that is free"},
	{"none", CYLINDER(0, 50, 24) "," THREAD(30, 20, 24, 0) "," CYLINDER(50, 20, 30),
	 "shape 1: thread at x 30; allowed from an end of its cylinder that is free"},
	{"none", CYLINDER(0, 50, 24) "," THREAD(0, 48, 24, 0) "," CHAMFER(50, 12, 2),
	 "shape 1: thread from x 0 to 48; allowed to the ends of its cylinder, or off their "
	 "chamfers "
	 "and fillets"},
	{"none", CYLINDER(0, 50, 24) "," THREAD(0, 20, 24, 0) "," GROOVE(19, 2, 20),
	 "shape 1: thread on a groove, a keyway or another thread; allowed apart"},
	{"none", CYLINDER(0, 50, 24) "," THREAD(0, 20, 24, 6.001),
	 "shape 1: thread with 'pitch' 6.001; allowed up to 6, a quarter of its 'd'"},
	/* corners */
	{"none", CYLINDER(0, 50, 30) "," FILLET(0, 15, 2),
	 "shape 1: fillet at (0,15); allowed at inner corners of shoulders outside"},
	{"none",
	 CYLINDER(0, 50, 20) "," GROOVE(47, 3, 16) "," CYLINDER(50, 20, 30) "," FILLET(50, 8, 1),
	 "shape 3: fillet at (50,8); allowed at inner corners of shoulders outside"},
	{"full", CYLINDER(0, 50, 40) "," BORE(0, 20, 20) "," BORE(20, 30, 10) "," FILLET(20, 10, 1),
	 "shape 3: fillet at (20,10); allowed at inner corners of shoulders outside"},
	{"none", CYLINDER(0, 50, 20) "," CYLINDER(50, 20, 30) "," CHAMFER(50, 10, 1),
	 "shape 2: chamfer at (50,10); allowed at outer corners of cylinders and mouths of bores"},
	{"none", CONE(0, 50, 20, 10) "," CHAMFER(0, 10, 1),
	 "shape 1: chamfer at (0,10); allowed at outer corners of cylinders and mouths of bores"},
	{"none", CYLINDER(0, 50, 20) "," GROOVE(20, 3, 16) "," CHAMFER(20, 10, 1),
	 "shape 2: chamfer at (20,10); allowed at outer corners of cylinders and mouths of bores"},
	{"full", CYLINDER(0, 50, 40) "," BORE(0, 20, 20) "," BORE(20, 30, 10) "," CHAMFER(20, 5, 1),
	 "shape 3: chamfer at (20,5); allowed at outer corners of cylinders and mouths of bores"},
	{"none", CYLINDER(0, 50, 30) "," CHAMFER(0, 14, 1),
	 "shape 1: chamfer at (0,14); allowed at corners of the profile, one at each"},
	{"none", CYLINDER(0, 50, 30) "," CHAMFER(0, 15, 1) "," CHAMFER(0, 15, 2),
	 "shape 2: chamfer at (0,15); allowed at corners of the profile, one at each"},
	{"none", CYLINDER(0, 50, 30) "," CHAMFER(0, 15, 15),
	 "shape 1: chamfer takes all of an edge of 15; allowed less"},
	{"none", CYLINDER(0, 5, 30) "," CHAMFER(0, 15, 2) "," CHAMFER(5, 15, 3),
	 "shape 2: chamfer takes all of an edge of 5; allowed less"},
	{"none", CYLINDER(0, 50, 20) "," CYLINDER(50, 20, 30) "," FILLET(50, 10, 5),
	 "shape 2: fillet takes all of an edge of 5; allowed less"},
	{"full",
	 CYLINDER(0, 50, 30) "," BORE(0, 50, 20) "," CHAMFER(0, 10, 3) "," CHAMFER(0, 15, 2),
	 "shape 3: chamfer takes all of an edge of 5; allowed less"},
};

static void test_what_is_no_turned_part(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct scene scene;
		struct err err = {0};

		if (parse(refused[i].section, refused[i].shapes, &scene, &err) == 0)
			fail_msg("accepted: %s", refused[i].shapes);
		if (!strstr(err.msg, refused[i].message))
			fail_msg("'%s' does not say '%s'", err.msg, refused[i].message);
	}
}

/* A part with a key that names places along it. */
struct placed {
	const char *section, *places, *shapes, *message; /* NULL: accepted */
};

static void try_placed(const char *key, const struct placed *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char more[64];
		struct scene scene;
		struct err err = {0};
		int rc;

		snprintf(more, sizeof(more), "\"%s\":%s,", key, examples[i].places);
		rc = parse_more(examples[i].section, more, examples[i].shapes, &scene, &err);
		if (!examples[i].message) {
			if (rc < 0)
				fail_msg("%zu: %s", i, err.msg);
			continue;
		}
		if (rc == 0)
			fail_msg("accepted: %zu", i);
		if (!strstr(err.msg, examples[i].message))
			fail_msg("'%s' does not say '%s'", err.msg, examples[i].message);
	}
}

static void test_what_cannot_be_interrupted(void **state)
{
	static const struct placed examples[] = {
		{"none", "[20,480]", CYLINDER(0, 500, 30), NULL},
		{"local", "[60,480]", CYLINDER(0, 500, 30) "," BORE(0, 20, 12), NULL},
		{"none", "[20,23]", CYLINDER(0, 500, 30),
		 "'interrupted' from 20 to 23; allowed more than 3, 3 mm on the sheet"},
		{"full", "[60,480]", CYLINDER(0, 500, 30) "," BORE(0, 500, 12),
		 "in no section along the part"},
		{"none", "[20,500]", CYLINDER(0, 500, 30), "shape 0: cylinder from x 0 to 500"},
		{"none", "[0,400]", CYLINDER(0, 500, 30), "shape 0: cylinder from x 0 to 500"},
		{"none", "[20,480]", CYLINDER(0, 100, 30) "," CYLINDER(100, 400, 20),
		 "shape 0: cylinder from x 0 to 100 in what is not shown, 20 to 480"},
		{"none", "[520,580]", CYLINDER(0, 500, 30), "'interrupted' up to 580"},
		{"none", "[20,480]", CYLINDER(0, 500, 30) "," GROOVE(478, 5, 26),
		 "shape 1: groove from x 478 to 483"},
		{"none", "[20,480]", CYLINDER(0, 500, 30) "," THREAD(0, 20, 30, 2),
		 "shape 1: thread from x 0 to 20"},
		{"none", "[20,495]", CYLINDER(0, 500, 30) "," CHAMFER(500, 15, 10),
		 "shape 1: chamfer from x 490 to 510"},
		{"none", "[60,480]", CYLINDER(0, 500, 30) "," KEYWAY(5, 20, 8, 4),
		 "shape 1: keyway in an interrupted view"},
		{"local", "[20,480]", CYLINDER(0, 500, 30) "," BORE(0, 22, 12),
		 "shape 1: bore from x 0 to 22"},
	};

	(void)state;
	try_placed("interrupted", examples, sizeof(examples) / sizeof(*examples));
}

static void test_what_cannot_be_off_scale(void **state)
{
	static const struct placed examples[] = {
		{"none", "[0,50,60]", CYLINDER(0, 50, 30), NULL},
		{"none", "[0,50,25]", CYLINDER(0, 50, 30) "," CHAMFER(0, 15, 2), NULL},
		{"none", "[0,50,60]",
		 CYLINDER(0, 50, 30) "," CYLINDER(50, 40, 26) "," GROOVE(50, 3, 20), NULL},
		{"none", "[0,50,50]", CYLINDER(0, 50, 30), "shown 50 long; allowed another length"},
		{"none", "[0,50,24]", CYLINDER(0, 50, 30), "half to twice as long"},
		{"none", "[0,50,101]", CYLINDER(0, 50, 30), "half to twice as long"},
		{"full", "[0,50,60]", CYLINDER(0, 50, 30) "," BORE(0, 50, 12), "neither cut nor"},
		{"none", "[0,50,60]", CYLINDER(0, 50, 30) "," BORE(0, 20, 12),
		 "shape 1: bore beside or on what is off scale, 0 to 50"},
		{"none", "[0,50,60]", CYLINDER(0, 50, 30) "," GROOVE(20, 3, 20),
		 "shape 1: groove beside or on"},
		{"none", "[0,50,60]",
		 CYLINDER(0, 50, 30) "," CYLINDER(50, 60, 40) "," KEYWAY(60, 20, 8, 4),
		 "shape 2: keyway beside or on"},
		{"none", "[0,40,50]", CYLINDER(0, 50, 30), "shape 0: cylinder beside or on"},
		{"none", "[0,50,30]", CYLINDER(0, 50, 40) "," CHAMFER(0, 20, 14.999), NULL},
		{"none", "[0,50,30]", CYLINDER(0, 50, 40) "," CHAMFER(0, 20, 15),
		 "shape 1: chamfer of 15 on what is off scale; allowed less than 15"},
		{"none", "[0,20,30]",
		 CYLINDER(0, 20, 20) "," CYLINDER(20, 50, 50) "," FILLET(20, 10, 10),
		 "shape 2: fillet of 10 on what is off scale; allowed less than 10"},
		{"none", "[50,90,50]", CYLINDER(0, 50, 30),
		 "allowed where a cylinder begins and ends"},
	};

	(void)state;
	try_placed("off_scale", examples, sizeof(examples) / sizeof(*examples));
}

/* What is shown: shorter by all but the gap, and whatever lies behind it moved up. */
static void test_shown(void **state)
{
	struct scene scene = scene_of(
		"none", CYLINDER(0, 500, 30) "," GROOVE(497, 3, 26) "," CYLINDER(500, 40, 50));
	struct scene shown;

	(void)state;
	shown = turned_shown(&scene, &arena);
	assert_true(shown.shapes == scene.shapes);
	scene.interrupted[0] = 100000;
	scene.interrupted[1] = 403000;
	assert_int_equal(turned_gap(&scene), 3000);
	shown = turned_shown(&scene, &arena);
	assert_int_equal(shown.shapes[0].value[PARAM_LENGTH], 200000);
	assert_int_equal(shown.shapes[2].value[PARAM_X], 200000);
	assert_int_equal(shown.shapes[2].value[PARAM_LENGTH], 40000);
	assert_int_equal(shown.shapes[1].value[PARAM_X], 197000);
	assert_int_equal(shown.interrupted[0], 100000);
	assert_int_equal(shown.interrupted[1], 103000);
	assert_int_equal(scene.shapes[0].value[PARAM_LENGTH], 500000);
	scene.scale_real = 2;
	assert_int_equal(turned_gap(&scene), 6000);
	scene.interrupted[0] = scene.interrupted[1] = 0;
	scene.off_scale[0] = 500000;
	scene.off_scale[1] = 540000;
	scene.off_scale[2] = 55000;
	shown = turned_shown(&scene, &arena);
	assert_int_equal(shown.shapes[0].value[PARAM_LENGTH], 500000);
	assert_int_equal(shown.shapes[2].value[PARAM_LENGTH], 55000);
}

static void test_kinds_of_other_families(void **state)
{
	struct scene scene;
	struct err err = {0};

	(void)state;
	assert_int_equal(
		parse("none", "{\"type\":\"circle\",\"x\":0,\"y\":0,\"r\":5}", &scene, &err), -1);
	assert_non_null(strstr(err.msg, "shape 0: circle is no shape of family turned"));
}

/* Grooves are cut into their cylinder; bores that touch are one hollow. */
static void test_profile(void **state)
{
	static const int64_t pieces[][4] = {
		{0, 10000, 30000, 30000},     {10000, 12000, 26000, 26000},
		{12000, 40000, 30000, 30000}, {40000, 43000, 18000, 18000},
		{43000, 60000, 20000, 20000}, {60000, 80000, 20000, 10000}};
	struct scene scene = scene_of(
		"full",
		CYLINDER(0, 40, 30) "," BORE(0, 20, 12) "," GROOVE(10, 2, 26) "," BORE(
			20, 5, 8) "," CYLINDER(40, 20,
					       20) "," GROOVE(40, 3,
							      18) "," CONE(60, 20, 20,
									   10) "," BORE(70, 10, 4));
	struct turned part;
	struct turned_line line;
	int first = 0;

	(void)state;
	turned_from_scene(&part, &scene);
	assert_int_equal(part.length, 80000);
	assert_int_equal(part.count, 6);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(part.pieces[i].x0, pieces[i][0]);
		assert_int_equal(part.pieces[i].x1, pieces[i][1]);
		assert_int_equal(part.pieces[i].d0, pieces[i][2]);
		assert_int_equal(part.pieces[i].d1, pieces[i][3]);
	}
	assert_int_equal(turned_widest(&part), 30000);
	assert_int_equal(turned_mouth(&part, 0), 12000);
	assert_int_equal(turned_mouth(&part, 1), 4000);
	assert_int_equal(turned_break(&part, 0), 29000);
	assert_int_equal(turned_break(&part, 1), 68000);
	assert_true(turned_next_hollow(&part, &first, &line));
	assert_int_equal(first, 2);
	assert_int_equal(line.count, 4);
	assert_true(line.opens[0] && !line.opens[1]);
	assert_true(turned_next_hollow(&part, &first, &line));
	assert_int_equal(line.count, 2);
	assert_true(!line.opens[0] && line.opens[1]);
	assert_false(turned_next_hollow(&part, &first, &line));
}

/* Where the cut of a quarter section ends. */
static void test_quarter(void **state)
{
	static const struct {
		const char *shapes;
		struct turned_cut cut;
	} parts[] = {
		{CYLINDER(0, 50, 30) "," BORE(0, 50, 12), {0, 25000, 30000, false}},
		{CYLINDER(0, 50, 30) "," BORE(0, 20, 12) "," BORE(20, 30, 14),
		 {1, 25000, 30000, false}},
		/* the shoulder nearest to the middle */
		{CYLINDER(0, 20, 30) "," BORE(0, 50, 12) "," CYLINDER(20, 8,
								      36) "," CYLINDER(28, 22, 44),
		 {0, 28000, 36000, true}},
		{CYLINDER(0, 20, 30) "," BORE(0, 10, 12) "," BORE(10, 40, 14) "," CYLINDER(20, 30,
											   44),
		 {1, 20000, 44000, true}},
		/* not one with a fillet, nor at a groove */
		{CYLINDER(0, 20, 30) "," BORE(0, 50, 12) "," CYLINDER(20, 30, 44) "," FILLET(20, 15,
											     2),
		 {0, 35000, 44000, false}},
		{CYLINDER(0, 20, 30) "," BORE(0, 50, 12) "," GROOVE(18, 2, 26) "," CYLINDER(20, 30,
											    44),
		 {0, 35000, 44000, false}},
		/* nor beyond the middle half */
		{CYLINDER(0, 12, 30) "," BORE(0, 50, 12) "," CYLINDER(12, 38, 44),
		 {0, 31000, 44000, false}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct scene scene = scene_of("quarter", parts[i].shapes);
		struct turned part;
		struct turned_cut cut;

		turned_from_scene(&part, &scene);
		cut = turned_quarter(&part);
		assert_int_equal(cut.side, parts[i].cut.side);
		assert_int_equal(cut.x, parts[i].cut.x);
		assert_int_equal(cut.d, parts[i].cut.d);
		assert_int_equal(cut.at_shoulder, parts[i].cut.at_shoulder);
	}
}

/* Closed, symmetrical, with a chamfer and a fillet where they were asked for. */
static void test_path(void **state)
{
	struct scene scene =
		scene_of("none", CYLINDER(0, 50, 20) "," CHAMFER(0, 10, 2) "," CYLINDER(
					 50, 20, 30) "," FILLET(50, 10, 3));
	struct turned part;
	struct turned_line line;
	struct path upper, path;

	(void)state;
	turned_from_scene(&part, &scene);
	turned_outside(&part, &line);
	assert_int_equal(line.count, 4);
	upper = path_from_turned_line(&part, &line, &arena);
	assert_int_equal(upper.count, 5);
	assert_true(upper.segs[0].a.x == 0 && upper.segs[0].a.y == 8);
	assert_true(upper.segs[0].b.x == 2 && upper.segs[0].b.y == 10);
	assert_int_equal(upper.segs[2].kind, SEG_ARC);
	assert_true(upper.segs[2].centre.x == 47 && upper.segs[2].centre.y == 13);
	assert_true(upper.segs[2].sweep > 0);
	assert_true(upper.segs[4].b.x == 70 && upper.segs[4].b.y == 15);
	path = path_closed_with_mirror(&upper, &arena);
	assert_int_equal(path.count, 12);
	assert_true(path.closed);
	for (int i = 0; i < path.count; i++) {
		const struct seg *s = &path.segs[i], *next = &path.segs[(i + 1) % path.count];
		const struct seg *other = &path.segs[(2 * upper.count - i + 12) % 12];

		assert_true(vec_length(vec_sub(s->b, next->a)) < 1e-9);
		if (i <= 2 * upper.count)
			assert_true(fabs(s->a.x - other->b.x) + fabs(s->a.y + other->b.y) < 1e-9);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_are_accepted),
		cmocka_unit_test(test_what_is_no_turned_part),
		cmocka_unit_test(test_what_cannot_be_interrupted),
		cmocka_unit_test(test_what_cannot_be_off_scale),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_kinds_of_other_families),
		cmocka_unit_test(test_profile),
		cmocka_unit_test(test_quarter),
		cmocka_unit_test(test_path),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, forget);
}
