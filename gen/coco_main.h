/* SPDX-License-Identifier: MIT */
/*
 * coco_main: the annotations of a finished dataset as one file in the format of COCO.
 *
 *	return coco_main(argc, argv);	(argv[0] is "coco")
 */
#ifndef GEN_COCO_MAIN_H
#define GEN_COCO_MAIN_H

/* Returns the exit status: 0 written, 1 failed, 2 usage. */
int coco_main(int argc, char **argv);

#endif
