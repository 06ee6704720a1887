/* SPDX-License-Identifier: MIT */
/*
 * Ranks join by an id that the device of rank 0 makes and that the others read from a file of the folder:
 *
 *	FOLDER/ranks-TAG.id	the bytes of a cuda_ranks_id
 *
 * The file is there from when rank 0 has its id until all have joined. One that a killed run left behind must
 * not be taken for it, so the launcher gives the tag: it is the same in all processes of one start, and
 * another at another start. Where there is no tag the name is ranks.id, and who comes before rank 0 has removed
 * an old one joins nobody: the device says so.
 */
#include <config.h>

#include "trainer/ops/ops_cuda.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "trainer/ops/cuda.h"

#define LOOK_NANOSECONDS 50000000
#define TAG_NAMES 3

struct cuda_ranks {
	struct ranks ranks; /* first: the two are the same address */
	struct cuda *cuda;
};

/* What is known of a joining. */
struct joining {
	struct cuda_device *device;
	int rank, count;
	const char *folder;
	struct buf path; /* of the id's file */
	double seconds;  /* to wait for it */
};

/* --- where the id is ------------------------------------------------------------------------ */

/* Variables of launchers: where the first of a row is there, what the row names is the tag. Open MPI's number
 * of a job follows from mpirun's process number, which may be the same whenever a container starts; its key is
 * drawn at random. Slurm leaves a job that it puts back into the queue its number. */
static const char *const tags[][TAG_NAMES] = {
	{"PMIX_NAMESPACE", "OMPI_MCA_orte_precondition_transports"},
	{"OMPI_MCA_ess_base_jobid", "OMPI_MCA_orte_precondition_transports"},
	{"PMI_JOBID"},
	{"SLURM_STEP_ID", "SLURM_JOB_ID", "SLURM_RESTART_COUNT"},
};

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-';
}

/* Nothing where there is no such variable. */
static void add_variable(struct buf *path, const char *name)
{
	const char *value = name ? getenv(name) : NULL;

	if (!value || !*value)
		return;
	buf_char(path, '-');
	for (; *value; value++)
		buf_char(path, is_plain(*value) ? *value : '_');
}

static void put_path(struct buf *path, const char *folder)
{
	size_t untagged;

	buf_str(path, folder);
	buf_str(path, "/ranks");
	untagged = path->len;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags) && path->len == untagged; i++) {
		add_variable(path, tags[i][0]);
		for (int k = 1; k < TAG_NAMES && path->len > untagged; k++)
			add_variable(path, tags[i][k]);
	}
	buf_str(path, ".id");
}

/* --- joining -------------------------------------------------------------------------------- */

static int device_failed(struct cuda_device *d, struct err *err)
{
	return err_set(err, ERR_DEVICE, "%s", d->failure(d));
}

/* Absent is fine. */
static int remove_file(const char *path, struct err *err)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove %s", path);
	return 0;
}

static int join_first(const struct joining *j, struct err *err)
{
	struct cuda_device *d = j->device;
	struct cuda_ranks_id id;
	bool joined;

	if (fs_mkdirs(j->folder, err) < 0 || remove_file(j->path.data, err) < 0)
		return -1;
	if (!d->make_id(d, &id))
		return device_failed(d, err);
	if (fs_write(j->path.data, &id, sizeof(id), err) < 0)
		return -1;
	joined = d->join(d, &id, j->rank, j->count);
	if (remove_file(j->path.data, err) < 0)
		return -1;
	return joined ? 0 : device_failed(d, err);
}

/* What NFS remembers to be absent it looks for again only when the folder was opened. */
static void look_again(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
}

/* 1 once it is there, 0 where it is not yet; rank 0 may take an old one away meanwhile. */
static int read_id(const char *path, struct cuda_ranks_id *id, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -1;
	ssize_t n = fd < 0 ? -1 : read(fd, id, sizeof(*id));

	if (n == (ssize_t)sizeof(*id))
		rc = 1;
	else if (n >= 0)
		err_set(err, ERR_FORMAT, "%s: not an id of ranks", path);
	else if (errno == ENOENT || errno == ESTALE)
		rc = 0;
	else
		err_errno(err, "cannot read %s", path);
	if (fd >= 0)
		close(fd); /* only read: nothing can be lost */
	return rc;
}

static int wait_for_id(const struct joining *j, struct cuda_ranks_id *id, struct err *err)
{
	const struct timespec pause = {.tv_nsec = LOOK_NANOSECONDS};
	double began = clock_seconds();

	for (;;) {
		int found;

		look_again(j->folder);
		found = read_id(j->path.data, id, err);
		if (found)
			return found < 0 ? -1 : 0;
		if (clock_seconds() - began >= j->seconds)
			return err_set(err, ERR_IO,
				       "%s did not come within %g s: rank 0 was to write it",
				       j->path.data, j->seconds);
		nanosleep(&pause, NULL);
	}
}

static int join_later(const struct joining *j, struct err *err)
{
	struct cuda_ranks_id id;

	if (wait_for_id(j, &id, err) < 0)
		return -1;
	return j->device->join(j->device, &id, j->rank, j->count) ? 0
								  : device_failed(j->device, err);
}

/* Each adds 1. What does not work between the ranks is known now and not in the midst of a step, and none goes
 * on, to join once more maybe, before rank 0 has removed the file. */
static int count_ranks(struct cuda *c, int count, struct err *err)
{
	struct cuda_device *d = c->device;
	float *at = cuda_scratch(c, sizeof(*at)), sum = 1;

	if (at) {
		d->upload(d, at, &sum, sizeof(sum));
		d->sum(d, at, 1);
		d->download(d, &sum, at, sizeof(sum));
	}
	if (c->ops.check(&c->ops, err) < 0)
		return -1;
	if (sum != (float)count)
		return err_set(err, ERR_DEVICE, "%s: %d ranks joined, and their ones make %g",
			       d->name, count, (double)sum);
	return 0;
}

/* --- the ranks ------------------------------------------------------------------------------ */

static void ranks_sum(struct ranks *ranks, struct tensor numbers, size_t n)
{
	struct cuda *c = ((struct cuda_ranks *)ranks)->cuda;

	assert(numbers.type == DTYPE_F32);
	if (n > 0 && !c->lacking)
		c->device->sum(c->device, numbers.at, n);
}

static void ranks_free(struct ranks *ranks)
{
	free(ranks);
}

struct ranks *ops_cuda_ranks(struct ops *ops, int rank, int count, const char *folder,
			     double seconds, struct err *err)
{
	struct cuda *c = cuda_of(ops);
	struct joining j = {.device = c->device, rank, count, folder, .seconds = seconds};
	struct cuda_ranks *made;
	int rc;

	assert(rank >= 0 && rank < count);
	if (!c->device->join) {
		err_set(err, ERR_UNSUPPORTED,
			"this cadgen was built without NCCL, by which several GPUs train: "
			"configure --with-nccl makes it");
		return NULL;
	}
	put_path(&j.path, folder);
	rc = rank == 0 ? join_first(&j, err) : join_later(&j, err);
	buf_free(&j.path);
	if (rc < 0 || count_ranks(c, count, err) < 0)
		return NULL;
	made = mem_alloc(1, sizeof(*made));
	*made = (struct cuda_ranks){{rank, count, ranks_sum, ranks_free}, c};
	return &made->ranks;
}
