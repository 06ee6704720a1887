/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/encoding/json_put.h"

struct json_put json_put_begin(struct buf *out)
{
	buf_char(out, '{');
	return (struct json_put){.out = out};
}

void json_put_end(struct json_put *root)
{
	json_put_close(root);
	buf_char(root->out, '\n');
}

void json_put_key(struct json_put *o, const char *key)
{
	buf_str(o->out, o->begun ? ",\n" : "\n");
	for (int i = 0; i <= o->depth; i++)
		buf_char(o->out, '\t');
	buf_json_str(o->out, key);
	buf_str(o->out, ": ");
	o->begun = true;
}

void json_put_count(struct json_put *o, const char *key, int64_t count)
{
	json_put_key(o, key);
	buf_int(o->out, count);
}

struct json_put json_put_open(struct json_put *in, const char *key)
{
	json_put_key(in, key);
	buf_char(in->out, '{');
	return (struct json_put){.out = in->out, .depth = in->depth + 1};
}

void json_put_close(struct json_put *o)
{
	if (o->begun) {
		buf_char(o->out, '\n');
		for (int i = 0; i < o->depth; i++)
			buf_char(o->out, '\t');
	}
	buf_char(o->out, '}');
}
