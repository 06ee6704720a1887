/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/preview_main.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/image/image_grid.h"
#include "trainer/decode/decode.h"
#include "trainer/redraw_main.h"

#define TOKENS_MORE 32 /* than the true program has */

struct shown {
	struct conversation conversation;
	uint8_t *pixels;
	struct buf truth, said;
};

struct preview {
	const struct tokenizer *tokenizer;
	int side, count, asked;
	struct shown *samples;
	struct decode_model *model;
	struct decoder *decoder;
	struct redrawer *redrawer;
};

/* --- samples -------------------------------------------------------------------------------- */

/* Returns how many tokens its answer has. */
static int read_sample(struct preview *p, struct source *source, int n, struct err *err)
{
	struct shown *s = &p->samples[n];
	struct conversation *c = &s->conversation;
	size_t tokens;

	s->pixels = mem_alloc((size_t)p->side, (size_t)p->side);
	/* the last worker is the one that reads validation samples, and does not now */
	if (source->read(source, source->workers - 1, SOURCE_VAL, n, c, s->pixels, NULL, err) < 0)
		return -1;
	tokens = c->count - c->answer;
	if (text_from_tokens(p->tokenizer, (const uint32_t *)c->ids + c->answer, tokens,
			     TEXT_WITHOUT_SPECIAL, &s->truth, err) < 0)
		return -1;
	return (int)tokens;
}

static int read_samples(struct preview *p, struct source *source, int count, struct err *err)
{
	int most = 0;

	p->samples = mem_alloc((size_t)count, sizeof(*p->samples));
	for (; p->count < count; p->count++) {
		int tokens = read_sample(p, source, p->count, err);

		if (tokens < 0)
			return -1;
		most = tokens > most ? tokens : most;
	}
	return most;
}

static int make_decoder(struct preview *p, const struct model_config *config, struct ops *ops,
			int tokens, struct err *err)
{
	struct decode_options options = DECODE_OPTIONS;
	struct decode_limits limits;

	options.batch = p->count;
	options.tokens = tokens + TOKENS_MORE;
	limits = decode_limits_for(config, &options);
	p->model = decode_model_new(config, ops, &limits, err);
	if (!p->model)
		return -1;
	p->decoder = decoder_new(p->model, p->tokenizer, &options, err);
	p->redrawer = p->decoder ? redrawer_new(p->side, err) : NULL;
	return p->redrawer ? 0 : -1;
}

struct preview *preview_new(struct source *source, const struct tokenizer *tokenizer,
			    const struct model_config *config, struct ops *ops, int count,
			    struct err *err)
{
	struct preview *p = mem_alloc(1, sizeof(*p));
	int64_t there = source->count[SOURCE_VAL];
	int tokens;

	p->tokenizer = tokenizer;
	p->side = config->vision.side;
	tokens = read_samples(p, source, there < count ? (int)there : count, err);
	if (tokens >= 0 && (!p->count || make_decoder(p, config, ops, tokens, err) == 0))
		return p;
	preview_free(p);
	return NULL;
}

void preview_free(struct preview *preview)
{
	if (!preview)
		return;
	for (int i = 0; i < preview->count; i++) {
		struct shown *s = &preview->samples[i];

		conversation_free(&s->conversation);
		free(s->pixels);
		buf_free(&s->truth);
		buf_free(&s->said);
	}
	free(preview->samples);
	decoder_free(preview->decoder);
	decode_model_free(preview->model);
	redrawer_free(preview->redrawer);
	free(preview);
}

/* --- what is said --------------------------------------------------------------------------- */

static int ask(void *ctx, struct decode_request *request, struct err *err)
{
	struct preview *p = ctx;
	const struct shown *s = &p->samples[p->asked];

	(void)err;
	if (p->asked == p->count)
		return 0;
	*request = (struct decode_request){.number = (uint64_t)p->asked++,
					   .pixels = s->pixels,
					   .ids = s->conversation.ids,
					   .count = s->conversation.answer};
	return 1;
}

static int keep(void *ctx, const struct decode_result *result, struct err *err)
{
	struct preview *p = ctx;
	struct buf *said = &p->samples[result->number].said;

	(void)err;
	buf_clear(said);
	buf_str(said, result->answers[0].text);
	return 0;
}

/* In whatever language it is. */
static bool redraw(struct preview *p, const struct buf *text)
{
	struct arena arena = {0};
	struct program program;
	bool drawn = false;

	for (int i = 0; i < LANGUAGE_COUNT_ && !drawn; i++)
		drawn = program_parse(&program, (enum language)i, "", text->data, text->len, &arena,
				      NULL) == 0 &&
			redraw_program(p->redrawer, &program, NULL) == 0;
	arena_free(&arena);
	return drawn;
}

static void put_code(struct buf *text, const char *what, const struct buf *program)
{
	buf_str(text, what);
	buf_str(text, "\n\n```\n");
	buf_str(text, program->len ? program->data : "");
	buf_str(text, "\n```\n\n");
}

static int show(struct preview *p, int n, int64_t step, struct run_log *log, struct err *err)
{
	struct shown *s = &p->samples[n];
	struct image picture = {.width = p->side,
				.height = p->side,
				.channels = 1,
				.stride = (size_t)p->side,
				.px = s->pixels};
	struct image_grid grid;
	struct buf text = {0};
	struct image drawn;
	int rc;

	if (image_grid_new(&grid, 2, 1, p->side, 0, err) < 0)
		return -1;
	image_grid_place(&grid, 0, &picture);
	if (redraw(p, &s->said)) {
		drawn = redrawn_image(p->redrawer);
		image_grid_place(&grid, 1, &drawn);
	}
	put_code(&text, "true", &s->truth);
	put_code(&text, "said", &s->said);
	rc = run_log_preview(log, step, n, &grid.image, text.data, err);
	image_grid_free(&grid);
	buf_free(&text);
	return rc;
}

int preview_show(struct preview *p, struct tensor params, int64_t step, struct run_log *log,
		 struct err *err)
{
	const struct decode_io io = {p, ask, keep};

	if (!p->count)
		return 0;
	p->asked = 0;
	decode_model_load(p->model, params);
	if (decoder_run(p->decoder, &io, err) < 0)
		return -1;
	for (int i = 0; i < p->count; i++)
		if (show(p, i, step, log, err) < 0)
			return -1;
	return 0;
}
