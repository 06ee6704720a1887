/* SPDX-License-Identifier: MIT */
/*
 * program_grammar: the text of program.gbnf, with a rule for each language of programs, and of solids.gbnf, with the
 * rule sketch.
 *
 *	struct gbnf *g = gbnf_parse("program.gbnf", program_grammar, strlen(program_grammar), &err);
 */
#ifndef FORMATS_PROGRAM_GRAMMAR_H
#define FORMATS_PROGRAM_GRAMMAR_H

extern const char program_grammar[], solids_grammar[];

#endif
