/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <assert.h>

#include "formats/scene/typeface.h"

const struct typeface *typeface_at(int number)
{
	static const struct typeface table[] = {
#define T(name, package, file, sha256, licence, lacks)                                             \
	{#name, package, file, sha256, licence, lacks},
		TYPEFACES(T, T)
#undef T
	};

	assert(number >= 0 && number < TYPEFACE_COUNT_);
	return &table[number];
}
