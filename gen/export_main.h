/* SPDX-License-Identifier: MIT */
/*
 * export_main: models of DeepCAD, or of a dataset of cadconv, into other files.
 *
 *	return export_main(argc, argv);		(argv[0] is "export")
 */
#ifndef GEN_EXPORT_MAIN_H
#define GEN_EXPORT_MAIN_H

/* Returns the exit status: 0 all written, 1 failed, or some models did, 2 usage. */
int export_main(int argc, char **argv);

#endif
