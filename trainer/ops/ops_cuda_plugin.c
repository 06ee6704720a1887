/* SPDX-License-Identifier: MIT */
/*
 * Everything of CUDA's is in the plug-in, so that the same programs run where there is none of it. The
 * makefile gives PLUGIN_FOLDER, where it is installed. It stays loaded: CUDA does not like to go.
 */
#include <config.h>

#include "trainer/ops/cuda_graphs.h"
#include "trainer/ops/ops_cuda.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PLUGIN "libcadgen-cuda.so"

/* In the folder of the program, as in the build folder, or where it is installed. */
static const char *find_plugin(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - sizeof(PLUGIN));
	char *slash;

	path[n < 0 ? 0 : n] = '\0';
	slash = strrchr(path, '/');
	if (slash) {
		strcpy(slash + 1, PLUGIN);
		if (access(path, R_OK) == 0)
			return path;
	}
	return access(PLUGIN_FOLDER "/" PLUGIN, R_OK) == 0 ? PLUGIN_FOLDER "/" PLUGIN : NULL;
}

static const struct cuda_plugin *load_plugin(struct err *err)
{
	char found[PATH_MAX];
	const char *path = find_plugin(found);
	const struct cuda_plugin *plugin;
	void *library;

	if (!path) {
		err_set(err, ERR_UNSUPPORTED,
			"this cadgen was built without CUDA: no " PLUGIN " in " PLUGIN_FOLDER
			"; configure --with-cuda makes it");
		return NULL;
	}
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		err_set(err, ERR_UNSUPPORTED, "CUDA does not load: %s", dlerror());
		return NULL;
	}
	plugin = dlsym(library, "cadgen_cuda_plugin");
	if (plugin && plugin->version == CUDA_PLUGIN_VERSION)
		return plugin;
	err_set(err, ERR_UNSUPPORTED, "%s is of another version of cadgen", path);
	dlclose(library);
	return NULL;
}

struct cuda_device *ops_cuda_device(struct err *err)
{
	const struct cuda_plugin *plugin = load_plugin(err);
	char message[CUDA_MESSAGE_BYTES] = "";
	struct cuda_device *device;

	if (!plugin)
		return NULL;
	device = plugin->open(message);
	if (!device)
		err_set(err, ERR_DEVICE, "%s", message);
	return device;
}

struct ops *ops_cuda_new(enum dtype act, struct err *err)
{
	struct cuda_device *device = ops_cuda_device(err);

	return device ? ops_cuda_new_on(cuda_graphs_new(device), act) : NULL;
}
