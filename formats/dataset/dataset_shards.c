/* SPDX-License-Identifier: MIT */
/*
 * dataset_shards: files of many samples, for programs that stream.
 *
 *	numbers 0 to 9999	shards/train-000000.tar	shards/val-000000.tar
 *	numbers 10000 to 19999	shards/train-000001.tar	(none, if there is no such sample)
 *
 * A shard holds the samples of a split whose numbers lie in one block, so that where it begins depends on no
 * other: ranks and repairs make the same files. With a bound on their bytes, a shard that is full goes on in
 * train-000000-1.tar and so on.
 *
 * A shard grows as NAME.part; it is ended, synced and renamed when the block is left, or when it is full. Where a
 * crash follows before the journal has moved on, the journal tells of a shard that has its name already: it gets
 * .part again and is cut back.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "formats/dataset/dataset_private.h"

const char *dataset_shard_path(const char *folder, const struct dataset_layout *layout,
			       enum dataset_split split, uint64_t block, uint64_t piece, int stream,
			       const char *suffix, char buffer[DATASET_PATH_BYTES])
{
	char name[2 * DATASET_NAME_BYTES], number[32] = "";

	if (piece > 0)
		snprintf(number, sizeof(number), "-%" PRIu64, piece);
	snprintf(name, sizeof(name), DATASET_SHARDS "/%s-%06" PRIu64 "%s%s", layout->splits[split],
		 block, number, layout->streams[stream]);
	return dataset_file_path(folder, name, suffix, buffer);
}

static int stream_count(const struct dataset_layout *layout)
{
	int n = 0;

	while (n < DATASET_STREAMS_MAX && layout->streams[n])
		n++;
	return n;
}

static const char *path_of(const struct dataset_shards *shards, const struct dataset_position *p,
			   int split, int stream, const char *suffix, char path[DATASET_PATH_BYTES])
{
	return dataset_shard_path(shards->settings->path, dataset_layout_of(shards->settings),
				  (enum dataset_split)split, p->block, p->shards[split].piece,
				  stream, suffix, path);
}

/* Opens a shard's file anew, or with bytes cuts it back to them. */
static int open_stream(struct dataset_shards *shards, const struct dataset_position *p, int split,
		       int stream, struct err *err)
{
	char path[DATASET_PATH_BYTES], whole[DATASET_PATH_BYTES];
	uint64_t bytes = p->shards[split].samples ? p->shards[split].bytes[stream] : 0;
	struct stat st;
	int fd;

	path_of(shards, p, split, stream, ".part", path);
	path_of(shards, p, split, stream, "", whole);
	if (bytes > 0 && access(path, F_OK) < 0 && errno == ENOENT && rename(whole, path) < 0)
		return err_errno(err, "cannot open %s", path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return err_errno(err, "cannot open %s", path);
	shards->fds[split][stream] = fd;
	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot look at %s", path);
	if ((uint64_t)st.st_size < bytes)
		return err_set(err, ERR_FORMAT, "%s: %jd bytes, the journal says %" PRIu64, path,
			       (intmax_t)st.st_size, bytes);
	if (ftruncate(fd, (off_t)bytes) < 0)
		return err_errno(err, "cannot cut %s", path);
	return 0;
}

int dataset_shards_open(struct dataset_shards *shards, const struct dataset_position *position,
			struct err *err)
{
	const struct dataset_layout *layout = dataset_layout_of(shards->settings);
	char path[DATASET_PATH_BYTES];

	if (!layout->streams[0])
		return 0;
	if (fs_mkdirs(dataset_file_path(shards->settings->path, DATASET_SHARDS, "", path), err) < 0)
		return -1;
	for (int i = 0; i < SPLIT_COUNT_; i++)
		for (int k = 0; k < stream_count(layout) && position->shards[i].samples; k++)
			if (open_stream(shards, position, i, k, err) < 0)
				return -1;
	return 0;
}

static struct dataset_shard_facts facts_of(const struct dataset_shards *shards,
					   const struct dataset_shard *shard, int stream)
{
	return (struct dataset_shard_facts){shard->samples, shard->bytes[stream],
					    (int)shards->settings->size_px};
}

/* The head of a stream, which is right once the shard is whole, and what follows the samples. */
static int end_stream(struct dataset_shards *shards, const struct dataset_position *p, int split,
		      int stream, struct err *err)
{
	const struct dataset_layout *layout = dataset_layout_of(shards->settings);
	struct dataset_shard_facts facts = facts_of(shards, &p->shards[split], stream);
	char path[DATASET_PATH_BYTES], whole[DATASET_PATH_BYTES];
	int fd = shards->fds[split][stream], rc = 0;
	struct buf head = {0}, end = {0};

	path_of(shards, p, split, stream, ".part", path);
	path_of(shards, p, split, stream, "", whole);
	if (layout->put_head)
		layout->put_head(stream, &facts, &head);
	if (layout->put_end)
		layout->put_end(stream, &end);
	if (dataset_write_at(fd, head.data, head.len, 0) < 0 ||
	    dataset_write_at(fd, end.data, end.len, facts.bytes) < 0 || fsync(fd) < 0)
		rc = err_errno(err, "cannot write %s", path);
	shards->fds[split][stream] = -1;
	if (close(fd) < 0 && rc == 0)
		rc = err_errno(err, "cannot write %s", path);
	if (rc == 0 && rename(path, whole) < 0)
		rc = err_errno(err, "cannot rename %s", path);
	buf_free(&head);
	buf_free(&end);
	return rc;
}

static int end_shard(struct dataset_shards *shards, struct dataset_position *p, int split,
		     struct err *err)
{
	int streams = stream_count(dataset_layout_of(shards->settings));

	for (int k = 0; k < streams && p->shards[split].samples; k++)
		if (end_stream(shards, p, split, k, err) < 0)
			return -1;
	return 0;
}

int dataset_shards_end(struct dataset_shards *shards, struct dataset_position *position,
		       struct err *err)
{
	for (int i = 0; i < SPLIT_COUNT_; i++) {
		if (end_shard(shards, position, i, err) < 0)
			return -1;
		position->shards[i] = (struct dataset_shard){0};
	}
	return 0;
}

static int begin_shard(struct dataset_shards *shards, struct dataset_position *p, int split,
		       struct err *err)
{
	const struct dataset_layout *layout = dataset_layout_of(shards->settings);

	for (int k = 0; k < stream_count(layout); k++) {
		if (open_stream(shards, p, split, k, err) < 0)
			return -1;
		p->shards[split].bytes[k] = layout->head_bytes;
	}
	return 0;
}

/* Whether the shard has samples and would be too large with one more. */
static bool is_full(const struct dataset_settings *settings, const struct dataset_shard *shard,
		    const struct dataset_record *record)
{
	uint64_t bytes = 0;

	for (int k = 0; k < DATASET_STREAMS_MAX; k++)
		bytes += shard->bytes[k] + record->bytes[k];
	return shard->samples > 0 && settings->shard_bytes > 0 && bytes > settings->shard_bytes;
}

/* Goes to the file of the sample. */
static int turn_to(struct dataset_shards *shards, struct dataset_position *p,
		   const struct dataset_record *record, struct err *err)
{
	uint64_t block = record->index / shards->settings->shard_size;
	struct dataset_shard *shard = &p->shards[record->split];

	if (block != p->block) {
		if (dataset_shards_end(shards, p, err) < 0)
			return -1;
		p->block = block;
	}
	if (is_full(shards->settings, shard, record)) {
		if (end_shard(shards, p, record->split, err) < 0)
			return -1;
		*shard = (struct dataset_shard){.piece = shard->piece + 1};
	}
	return shard->samples ? 0 : begin_shard(shards, p, record->split, err);
}

int dataset_shards_append(struct dataset_shards *shards, struct dataset_position *p,
			  const struct dataset_lines *lines, struct err *err)
{
	int streams = stream_count(dataset_layout_of(shards->settings));
	size_t at[DATASET_STREAMS_MAX] = {0};
	char path[DATASET_PATH_BYTES];

	for (size_t i = 0; i < lines->record_count; i++) {
		const struct dataset_record *record = &lines->records[i];
		struct dataset_shard *shard = &p->shards[record->split];

		if (turn_to(shards, p, record, err) < 0)
			return -1;
		for (int k = 0; k < streams; k++) {
			if (dataset_write_at(shards->fds[record->split][k],
					     lines->streams[k].data + at[k], record->bytes[k],
					     shard->bytes[k]) < 0)
				return err_errno(
					err, "cannot write %s",
					path_of(shards, p, record->split, k, ".part", path));
			at[k] += record->bytes[k];
			shard->bytes[k] += record->bytes[k];
		}
		shard->samples++;
	}
	return 0;
}

int dataset_shards_sync(struct dataset_shards *shards, struct err *err)
{
	for (int i = 0; i < SPLIT_COUNT_; i++)
		for (int k = 0; k < DATASET_STREAMS_MAX; k++)
			if (shards->fds[i][k] >= 0 && fsync(shards->fds[i][k]) < 0)
				return err_errno(err, "cannot write %s/" DATASET_SHARDS,
						 shards->settings->path);
	return 0;
}

void dataset_shards_close(struct dataset_shards *shards)
{
	for (int i = 0; i < SPLIT_COUNT_; i++)
		for (int k = 0; k < DATASET_STREAMS_MAX; k++) {
			if (shards->fds[i][k] >= 0)
				close(shards->fds[i][k]);
			shards->fds[i][k] = -1;
		}
}
