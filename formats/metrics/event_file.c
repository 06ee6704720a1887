/* SPDX-License-Identifier: MIT */
/*
 * Messages within a message are written first, into buffers of their own.
 *
 * TensorBoard reads a folder's files in the order of their names and never goes back to one that it
 * has left, so every run makes a file of its own.
 */
#include <config.h>

#include "formats/metrics/event_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/encoding/protobuf.h"
#include "formats/encoding/tfrecord.h"

#define NAME_START "events.out.tfevents."
#define FILES_MAX 1000 /* of one process and second */
#define PNG_LEVEL 6

struct event_file {
	int fd;
	struct buf path;
	struct png_encoder *encoder; /* made with the first picture */
};

/* --- messages --------------------------------------------------------------------------------- */

/* Numbers of the fields that are written. */
enum {
	EVENT_WALL_TIME = 1,
	EVENT_STEP = 2,
	EVENT_FILE_VERSION = 3,
	EVENT_SUMMARY = 5,
	EVENT_SESSION_LOG = 7,
	SESSION_LOG_STATUS = 1,
	SUMMARY_VALUE = 1,
	VALUE_TAG = 1,
	VALUE_SIMPLE_VALUE = 2,
	VALUE_IMAGE = 4,
	VALUE_TENSOR = 8,
	VALUE_METADATA = 9,
	IMAGE_HEIGHT = 1,
	IMAGE_WIDTH = 2,
	IMAGE_COLORSPACE = 3, /* the number of channels */
	IMAGE_ENCODED = 4,
	TENSOR_DTYPE = 1,
	TENSOR_SHAPE = 2,
	TENSOR_STRING_VAL = 8,
	METADATA_PLUGIN_DATA = 1,
	METADATA_DATA_CLASS = 4,
	PLUGIN_DATA_NAME = 1,
};

enum { SESSION_START = 1, DTYPE_STRING = 7, DATA_CLASS_TENSOR = 2 };

/* Takes the message's memory. */
static void put_message(struct buf *out, int field, struct buf *message)
{
	protobuf_put_bytes(out, field, message->data, message->len);
	buf_free(message);
}

/* --- records ---------------------------------------------------------------------------------- */

/* Takes the event's memory. */
static int write_event(struct event_file *file, struct buf *event, struct err *err)
{
	struct buf record = {0};
	int rc = 0;

	tfrecord_put(&record, event->data, event->len);
	if (fs_write_fd(file->fd, record.data, record.len) < 0)
		rc = err_errno(err, "cannot write %s", file->path.data);
	buf_free(&record);
	buf_free(event);
	return rc;
}

static struct buf event_at(int64_t step, double wall_time)
{
	struct buf event = {0};

	protobuf_put_double(&event, EVENT_WALL_TIME, wall_time);
	if (step)
		protobuf_put_number(&event, EVENT_STEP, step);
	return event;
}

/* An event of one value, of which all but the tag is given; takes its memory. */
static int write_value(struct event_file *file, const char *tag, int64_t step, double wall_time,
		       struct buf *rest, struct err *err)
{
	struct buf value = {0}, summary = {0}, event = event_at(step, wall_time);

	protobuf_put_string(&value, VALUE_TAG, tag);
	buf_bytes(&value, rest->data, rest->len);
	buf_free(rest);
	put_message(&summary, SUMMARY_VALUE, &value);
	put_message(&event, EVENT_SUMMARY, &summary);
	return write_event(file, &event, err);
}

int event_file_scalar(struct event_file *file, const char *tag, int64_t step, double wall_time,
		      double value, struct err *err)
{
	struct buf rest = {0};

	protobuf_put_float(&rest, VALUE_SIMPLE_VALUE, (float)value);
	return write_value(file, tag, step, wall_time, &rest, err);
}

int event_file_image(struct event_file *file, const char *tag, int64_t step, double wall_time,
		     const struct image *image, struct err *err)
{
	struct buf png = {0}, message = {0}, rest = {0};

	if (!file->encoder)
		file->encoder = png_encoder_new(PNG_LEVEL);
	image_encode_png(image, file->encoder, &png);
	protobuf_put_number(&message, IMAGE_HEIGHT, image->height);
	protobuf_put_number(&message, IMAGE_WIDTH, image->width);
	protobuf_put_number(&message, IMAGE_COLORSPACE, image->channels);
	put_message(&message, IMAGE_ENCODED, &png);
	put_message(&rest, VALUE_IMAGE, &message);
	return write_value(file, tag, step, wall_time, &rest, err);
}

int event_file_text(struct event_file *file, const char *tag, int64_t step, double wall_time,
		    const char *text, struct err *err)
{
	struct buf tensor = {0}, plugin = {0}, metadata = {0}, rest = {0};

	protobuf_put_number(&tensor, TENSOR_DTYPE, DTYPE_STRING);
	protobuf_put_string(&tensor, TENSOR_SHAPE, ""); /* of a scalar */
	protobuf_put_string(&tensor, TENSOR_STRING_VAL, text);
	protobuf_put_string(&plugin, PLUGIN_DATA_NAME, "text");
	put_message(&metadata, METADATA_PLUGIN_DATA, &plugin);
	protobuf_put_number(&metadata, METADATA_DATA_CLASS, DATA_CLASS_TENSOR);
	put_message(&rest, VALUE_TENSOR, &tensor);
	put_message(&rest, VALUE_METADATA, &metadata);
	return write_value(file, tag, step, wall_time, &rest, err);
}

/* --- the file --------------------------------------------------------------------------------- */

double event_file_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int remove_files(const char *folder, struct err *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return err_errno(err, "cannot read %s", folder);
	while (rc == 0 && (entry = readdir(dir)))
		if (strncmp(entry->d_name, NAME_START, strlen(NAME_START)) == 0 &&
		    unlinkat(dirfd(dir), entry->d_name, 0) < 0)
			rc = err_errno(err, "cannot remove %s/%s", folder, entry->d_name);
	closedir(dir);
	return rc;
}

static void put_host(struct buf *path)
{
	char host[256] = "localhost";

	if (gethostname(host, sizeof(host) - 1) < 0 || !*host)
		strcpy(host, "localhost");
	host[sizeof(host) - 1] = '\0';
	for (char *c = host; *c; c++)
		if (*c == '/')
			*c = '_';
	buf_str(path, host);
}

static void name_file(struct event_file *file, const char *folder, int number)
{
	char text[32];

	buf_clear(&file->path);
	buf_str(&file->path, folder);
	buf_str(&file->path, "/" NAME_START);
	snprintf(text, sizeof(text), "%010" PRId64 ".", (int64_t)time(NULL));
	buf_str(&file->path, text);
	put_host(&file->path);
	snprintf(text, sizeof(text), ".%ld.%d", (long)getpid(), number);
	buf_str(&file->path, text);
}

static int make_file(struct event_file *file, const char *folder, struct err *err)
{
	for (int number = 0; number < FILES_MAX; number++) {
		name_file(file, folder, number);
		do
			file->fd = open(file->path.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
					0666);
		while (file->fd < 0 && errno == EINTR);
		if (file->fd >= 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return err_errno(err, "cannot open %s", file->path.data);
}

static int write_beginning(struct event_file *file, int64_t resumed_at, struct err *err)
{
	double now = event_file_time();
	struct buf event = event_at(0, now), session = {0};

	protobuf_put_string(&event, EVENT_FILE_VERSION, "brain.Event:2");
	if (write_event(file, &event, err) < 0)
		return -1;
	if (resumed_at < 0)
		return 0;
	event = event_at(resumed_at, now);
	protobuf_put_number(&session, SESSION_LOG_STATUS, SESSION_START);
	put_message(&event, EVENT_SESSION_LOG, &session);
	return write_event(file, &event, err);
}

struct event_file *event_file_open(const char *folder, int64_t resumed_at, struct err *err)
{
	struct event_file *file;

	if (resumed_at < 0 && remove_files(folder, err) < 0)
		return NULL;
	file = mem_alloc(1, sizeof(*file));
	if (make_file(file, folder, err) == 0) {
		if (write_beginning(file, resumed_at, err) == 0)
			return file;
		unlink(file->path.data);
	}
	event_file_close(file, NULL);
	return NULL;
}

int event_file_close(struct event_file *file, struct err *err)
{
	int rc = 0;

	if (!file)
		return 0;
	/* The descriptor is gone even after EINTR. */
	if (file->fd >= 0 && close(file->fd) < 0 && errno != EINTR)
		rc = err_errno(err, "cannot write %s", file->path.data);
	png_encoder_free(file->encoder);
	buf_free(&file->path);
	free(file);
	return rc;
}
