/* SPDX-License-Identifier: MIT */
/*
 * styles_main: the verb that lists styles, prints one, or draws one scene in all of them.
 *
 *	return styles_main(argc - 1, argv + 1);		(argv: "styles", "--help")
 */
#ifndef GEN_STYLES_MAIN_H
#define GEN_STYLES_MAIN_H

/* Returns the exit status. */
int styles_main(int argc, char **argv);

#endif
