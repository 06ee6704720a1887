/* SPDX-License-Identifier: MIT */
/*
 * sha256: the hash by which files of others are known (FIPS 180-4).
 *
 *	char hex[SHA256_HEX_BYTES];
 *	sha256_hex(data, len, hex);
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

#define SHA256_HEX_BYTES 65

/* 64 small hexadecimal digits and a NUL. */
void sha256_hex(const void *data, size_t len, char hex[SHA256_HEX_BYTES]);

#endif
