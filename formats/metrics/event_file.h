/* SPDX-License-Identifier: MIT */
/*
 * event_file: what TensorBoard shows: numbers, pictures and texts of a run by step.
 *
 *	struct event_file *file = event_file_open("run", -1, &err);
 *	double now = event_file_time();
 *	if (event_file_scalar(file, "loss/train", 10, now, 3.25, &err) < 0 ||
 *	    event_file_image(file, "drawing", 10, now, &image, &err) < 0 ||
 *	    event_file_text(file, "program", 10, now, "circle(...)", &err) < 0) ...
 *	if (event_file_close(file, &err) < 0) ...
 *
 * The file is RUN/events.out.tfevents.SECONDS.HOST.PID.NUMBER, a list of records (formats/encoding/tfrecord.h),
 * each a message Event of protocol buffers. The first says
 * file_version "brain.Event:2". A record reaches the system in one write before its function returns.
 *
 * Sources: https://github.com/tensorflow/tensorboard, tensorboard/compat/proto/event.proto,
 * summary.proto, tensor.proto.
 */
#ifndef FORMATS_EVENT_FILE_H
#define FORMATS_EVENT_FILE_H

#include <stdint.h>

#include "base/err.h"
#include "formats/image/image.h"

struct event_file;

/* Makes a new file in the folder, which exists. resumed_at is the step that a resumed run goes on with:
 * what files of the folder say of it and of later steps is void for TensorBoard. Below 0 the run is a
 * new one, and event files that are there are removed, as they are of another. NULL with ERR_IO. */
struct event_file *event_file_open(const char *folder, int64_t resumed_at, struct err *err);

/* Seconds since 1970, the wall_time of what is written now. */
double event_file_time(void);

/* Tags are UTF-8; a slash groups them. All return 0, or -1 with ERR_IO, after which only closing is
 * left. A number is kept as a float; it may be a NaN. */
int event_file_scalar(struct event_file *file, const char *tag, int64_t step, double wall_time,
		      double value, struct err *err);

/* At most 1 GiB of pixels. */
int event_file_image(struct event_file *file, const char *tag, int64_t step, double wall_time,
		     const struct image *image, struct err *err);

/* UTF-8; TensorBoard shows it as Markdown. */
int event_file_text(struct event_file *file, const char *tag, int64_t step, double wall_time,
		    const char *text, struct err *err);

/* Frees, also on failure. NULL is allowed. */
int event_file_close(struct event_file *file, struct err *err);

#endif
