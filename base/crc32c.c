/* SPDX-License-Identifier: MIT */
/*
 * Bits go in lowest first, so polynomial and register are mirrored: 0x1edc6f41 is 0x82f63b78.
 *
 * Eight bytes go in at once: the checksum is linear, so it is the sum of what each of them alone would
 * leave after the bytes behind it, all of which is in tables (M. Kounavis and F. Berry, "A systematic
 * approach to building high performance software-based CRC generators", 2005). tables[k][byte] is what
 * a byte leaves with k bytes of zeros behind it. They are made once, by the first call.
 */
#include <config.h>

#include "base/crc32c.h"

#include <pthread.h>

#define POLYNOMIAL 0x82f63b78
#define SLICES 8

static uint32_t tables[SLICES][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void make_tables(void)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t rest = byte;

		for (int bit = 0; bit < 8; bit++)
			rest = rest >> 1 ^ (rest & 1 ? POLYNOMIAL : 0);
		tables[0][byte] = rest;
	}
	for (int k = 1; k < SLICES; k++)
		for (int byte = 0; byte < 256; byte++) {
			uint32_t before = tables[k - 1][byte];

			tables[k][byte] = before >> 8 ^ tables[0][before & 255];
		}
}

static uint32_t word_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static uint32_t eight_more(uint32_t crc, const uint8_t *bytes)
{
	uint32_t low = crc ^ word_at(bytes), high = word_at(bytes + 4);

	return tables[7][low & 255] ^ tables[6][low >> 8 & 255] ^ tables[5][low >> 16 & 255] ^
	       tables[4][low >> 24] ^ tables[3][high & 255] ^ tables[2][high >> 8 & 255] ^
	       tables[1][high >> 16 & 255] ^ tables[0][high >> 24];
}

uint32_t crc32c(uint32_t crc, const void *data, size_t n)
{
	const uint8_t *bytes = data;

	pthread_once(&tables_once, make_tables);
	crc = ~crc;
	for (; n >= SLICES; n -= SLICES, bytes += SLICES)
		crc = eight_more(crc, bytes);
	for (; n > 0; n--, bytes++)
		crc = crc >> 8 ^ tables[0][(crc ^ *bytes) & 255];
	return ~crc;
}
