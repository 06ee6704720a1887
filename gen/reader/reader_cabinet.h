/* SPDX-License-Identifier: MIT */
/*
 * reader_cabinet: the parts of read_cabinet, and what they hand to each other.
 *
 *	struct cabinet_reader c = {.reader = reader, .err = err};
 *	cabinet_find_views(&c);			reader_cabinet_views.c
 *	cabinet_take_numbers(&c);		reader_cabinet_values.c
 *	... cabinet_alike(&c, steps, n);
 *	... cabinet_between(&c, CABINET_X, 0, c.wide, "carcass", "w", &value);
 *
 * Coordinates of the cabinet are mm on the sheet, along its own axes from its origin. Functions that
 * return int return 0, or -1 with c->err filled (ERR_FORMAT).
 */
#ifndef GEN_READER_CABINET_H
#define GEN_READER_CABINET_H

#include "formats/scene/cabinet.h"
#include "gen/reader/reader.h"

/* A rectangle, as seen in its view: u to the right, v up, from the view's origin. */
struct seen_board {
	double u0, v0, u1, v1;
	enum cabinet_view view;
	enum layer layer; /* OUTLINE, HIDDEN; THIN: a handle */
	bool explained;   /* some part is drawn so */
};

/* A thin line from a corner over the middle of a side to another corner: how a door swings. */
struct seen_swing {
	struct vec ends[2], apex; /* on the sheet */
};

struct seen_view {
	bool is_there;
	struct box box; /* of its outlines, on the sheet */
	struct vec origin;
	bool mirrored; /* u goes to the left */
};

/* A coordinate that edges stand at; what is known of it is how far it lies from its root. */
struct place {
	double at;
	int root; /* itself: nothing known yet */
	int64_t from_root;
};

/* From one coordinate to another. */
struct step {
	enum cabinet_axis axis;
	double from, to;
};

struct cabinet_reader {
	struct reader *reader;
	struct err *err;
	struct seen_view views[CABINET_VIEWS];
	struct seen_board *boards;
	int board_count;
	struct seen_swing *swings;
	int swing_count;
	struct place *places[CABINET_AXES];
	int place_count[CABINET_AXES];

	/* The carcass, once the views are found. */
	double wide, deep, high, bt, bp;
};

/* Finds the views by their titles, the carcass in them, and all boards. */
int cabinet_find_views(struct cabinet_reader *c);

/* Lengths and places that are equal within the noise of drawings. */
bool cabinet_same(double a, double b);

/* The smallest board of the view whose edges or inside have this point; NULL: none. */
struct seen_board *cabinet_board_at(struct cabinet_reader *c, enum cabinet_view view, double u,
				    double v);

/* Takes the numbers of all dimensions that go from edge to edge, and of leaders that tell how thick a
 * board is. */
int cabinet_take_numbers(struct cabinet_reader *c);

/* All steps are of one length, by construction: what one measures, the others do. An error where
 * they are drawn unlike; what they are goes into the message. */
int cabinet_alike(struct cabinet_reader *c, const struct step *steps, int count, const char *what);

/* The number between two places, which dimensions lead from one to the other to. */
int cabinet_between(struct cabinet_reader *c, enum cabinet_axis axis, double from, double to,
		    const char *part, const char *name, int64_t *value);

#endif
