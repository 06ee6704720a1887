/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "render/paint/svg_stream.h"

#include <string.h>

cairo_status_t stream_to_buf(void *out, const unsigned char *data, unsigned length)
{
	buf_bytes(out, data, length);
	return CAIRO_STATUS_SUCCESS;
}

void svg_cut_surface_id(struct buf *out, size_t start)
{
	static const char key[] = " id=\"surface";
	char *from = out->data ? strstr(out->data + start, key) : NULL;
	char *to = from ? strchr(from + strlen(key), '"') : NULL;

	if (!to)
		return;
	to++;
	memmove(from, to, (size_t)(out->data + out->len - to) + 1); /* and the NUL */
	out->len -= (size_t)(to - from);
}
