/* SPDX-License-Identifier: MIT */
/*
 * score_from_programs for predictions of any text, against one true part of each family; a text that
 * reads is a truth as well, to which itself must be equal. Input: the language, the text.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "trainer/score/confusions.h"
#include "trainer/score/score.h"

static const char *const truths[FAMILY_COUNT_] = {
	[FAMILY_SHAPES] = "circle(x=30,y=5,r=5); polyline(points=[(1,2),(30,2),(30,9.5)]); "
			  "rectangle(x=10,y=15,width=40,height=20,angle=30)",
	[FAMILY_PLATE] = "profile(points=[(0,0),(80,0),(80,50),(0,50)],thickness=8); "
			 "fillet(x=0,y=0,r=5); hole(x=12,y=40,d=6); "
			 "hole_grid(x=15,y=10,d=5,columns=4,rows=2,dx=12,dy=10)",
	[FAMILY_TURNED] = "cylinder(x=0,length=30,d=20); bore(x=0,length=15,d=8); "
			  "groove(x=3,width=2,d=17); cylinder(x=30,length=20,d=30)",
	[FAMILY_CABINET] = "carcass(x=300,y=250,z=400,w=600,d=500,h=800,BT=20,BP=5); "
			   "shelves(x=300,y=295,z=400,w=560,d=400,h=760,N=2,NKA=560,BT=20)",
};

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_counts(const struct score_shape_count *c)
{
	int most = c->truths < c->said ? c->truths : c->said;

	check(c->equal >= 0 && c->equal <= most && c->near <= most);
	check(c->missed >= 0 && c->truths - c->missed == c->said - c->added);
}

static void check_score(const struct score *s, const struct score_case *c)
{
	check_counts(&s->shapes);
	for (int k = 0; k < SHAPE_COUNT_; k++)
		check_counts(&s->kinds[k]);
	check(s->shapes.truths == c->truth->shape_count);
	check(s->numbers[NUMBERS_ALL].right <= s->numbers[NUMBERS_ALL].near);
	check(s->numbers[NUMBERS_ALL].near <= s->numbers[NUMBERS_ALL].all);
	check(s->iou >= 0 && s->iou <= 1 && s->chamfer >= 0 && s->chamfer <= 1);
	check(s->parsed || !s->valid);
	check(s->valid || (s->iou == 0 && s->chamfer == 1));
	check(s->models <= s->boxes_matched && s->boxes_matched <= s->shapes.truths);
	check(s->parameters_right <= s->parameters);
}

static void check_itself(const struct score *s)
{
	check(s->parsed && s->exact && s->shapes.equal == s->shapes.truths);
	check(s->shapes.near == s->shapes.truths && s->shapes.missed + s->shapes.added == 0);
	check(s->numbers[NUMBERS_ALL].right == s->numbers[NUMBERS_ALL].all);
	check(!s->valid || s->chamfer < 1e-6);
}

/* Returns whether it reads; *said is then the program. */
static bool check_case(struct score_case *c, struct program *said, struct arena *arena)
{
	struct metrics_errors errors = {0};
	struct score_reading reading;
	struct score score;
	struct err why;

	score_from_programs(&score, c, &reading, arena, &why);
	check_score(&score, c);
	confusions_add(&errors, c->truth, &reading);
	check(!reading.parsed || errors.fates[FATE_RIGHT] == score.numbers[NUMBERS_ALL].right);
	if (reading.parsed && c->truth == said)
		check_itself(&score);
	if (reading.parsed)
		*said = reading.said;
	return reading.parsed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct program truth, said;

	if (size == 0)
		return 0;
	for (int family = 0; family < FAMILY_COUNT_; family++) {
		struct score_case c = {.family = (enum family)family,
				       .truth = &truth,
				       .language = (enum language)(data[0] % LANGUAGE_COUNT_),
				       .text = (const char *)data + 1,
				       .len = size - 1};

		check(program_parse(&truth, LANGUAGE_CALLS, "truth", truths[family],
				    strlen(truths[family]), &arena, NULL) == 0);
		if (check_case(&c, &said, &arena)) {
			c.truth = &said;
			check_case(&c, &said, &arena);
		}
	}
	arena_free(&arena);
	return 0;
}
