/* SPDX-License-Identifier: MIT */
/*
 * typeface: the catalogue of letterings that a style may name: strokes drawn for cadgen, writers, and
 * outline fonts of Debian's packages.
 *
 *	const struct typeface *face = typeface_at(word);
 *	if (*face->package) printf("apt-get install %s\n", face->package);
 *
 * A font file is known by its SHA-256: another version's letters are as wide as they like, and the
 * same style would no longer give the same drawings.
 */
#ifndef FORMATS_TYPEFACE_H
#define FORMATS_TYPEFACE_H

/* FIRST and T(name, package, file below /usr/share/fonts, SHA-256, licence, lacks); without a package
 * it is ours. `lacks`: characters drawn in our strokes although the file has ink for them, as it is a
 * black box, too small to be read, or another sign. The row's number is that of the word in the style
 * key `lettering`. */
#define TYPEFACES(FIRST, T)                                                                        \
	FIRST(iso3098, "", "", "", "", "")                                                         \
	T(iso3098_slanted, "", "", "", "", "")                                                     \
	T(gost_a, "", "", "", "", "")                                                              \
	T(gost_a_slanted, "", "", "", "", "")                                                      \
	T(gost_b, "", "", "", "", "")                                                              \
	T(gost_b_slanted, "", "", "", "", "")                                                      \
	T(plotter, "", "", "", "", "")                                                             \
	T(hand, "", "", "", "", "")                                                                \
	T(osifont, "fonts-osifont", "truetype/osifont/osifont.ttf",                                \
	  "071c658a55ff38bcd45fac342bda46a6a1839de3c20cb661e0a1a1b8a138412b",                      \
	  "GPL-3 or LGPL-3 with font exception", "ЁЭёэ")                                           \
	T(routed_gothic, "fonts-routed-gothic", "truetype/routed-gothic/routed-gothic.ttf",        \
	  "11f90db97172043a955522b83a96ca7e459f490623da39e102f03ba0142a098e", "OFL-1.1", "")       \
	T(routed_gothic_italic, "fonts-routed-gothic",                                             \
	  "truetype/routed-gothic/routed-gothic-italic.ttf",                                       \
	  "3fa6c2a2565db099a452dbf4fb7de50318131b0d1255c2a7290f4dfcd86d8be8", "OFL-1.1", "")       \
	T(jura, "fonts-jura", "opentype/jura/Jura-Regular.otf",                                    \
	  "54ee2a9d8d95163cbfb2d774d594390bca710c65ff28e34781937fed6f0e66da", "GPL-3 or OFL-1.1",  \
	  "")                                                                                      \
	T(okolaks, "fonts-okolaks", "truetype/okolaks/okolaksRegular.ttf",                         \
	  "e1354c65e5cfb0eb67b41f179077f45aaddf57be7cb3dbf51fecb7c36250b742", "OFL-1.1", "")       \
	T(dejavu_sans, "fonts-dejavu-core", "truetype/dejavu/DejaVuSans.ttf",                      \
	  "abdc775b21b1bc470d50c97e790d276f2054b7504e56e5bd3e64f48d68582322", "Bitstream Vera",    \
	  "")                                                                                      \
	T(liberation_sans, "fonts-liberation", "truetype/liberation/LiberationSans-Regular.ttf",   \
	  "f8ace1f892b2bd9dc1792ba7f097fa7588f84fed48321480e04de5390828221f",                      \
	  "GPL-2 with font exception", "")                                                         \
	T(carlito, "fonts-crosextra-carlito", "truetype/crosextra/Carlito-Regular.ttf",            \
	  "b4ff23ba370cc95a3c349336b73f9c28514a1371210f89832efc85c4b1ea7131", "OFL-1.1", "")       \
	T(gnutypewriter, "fonts-gnutypewriter", "truetype/gnutypewriter/GNUTypewriter.ttf",        \
	  "b1fe42bebdda3a4aed34eb3fef0b05ca4bbe50b4086a7e5c20e18860d6d20faf", "OFL-1.1", "()")     \
	T(delphine, "fonts-sjfonts", "truetype/sjfonts/Delphine.ttf",                              \
	  "afeea795e392f6b8e0cc4ba3978375908d1f29f8d82f1b7b15d9fdc755a05288",                      \
	  "GPL-2 with font exception", "")                                                         \
	T(stevehand, "fonts-sjfonts", "truetype/sjfonts/SteveHand.ttf",                            \
	  "51e0820b832b2cd3db9dc9a759520c868166ae291f19afc3d94689e668d0435e",                      \
	  "GPL-2 with font exception", "°×")                                                       \
	T(dkg, "fonts-dkg-handwriting", "truetype/fifthhorseman/dkg.ttf",                          \
	  "93eb07f57b84f04fa975ebf49ecec43d9b2c85834a9b63864072c6b993efd131", "OFL-1.1", "°×")     \
	T(breip, "fonts-breip", "truetype/breip/Breip.ttf",                                        \
	  "cded2aeeeb7d35baa8aa5b57df35a25836910498271d3d2eec502f6aa7033eb7", "OFL-1.0 or GPL-2",  \
	  "")                                                                                      \
	T(rufscript, "fonts-rufscript", "truetype/rufscript/Rufscript010.ttf",                     \
	  "99b16515f19ab35d18049235797b0dbe3ec73535d455994442b206c96405050f",                      \
	  "GPL-3 with font exception", "")                                                         \
	T(kristi, "fonts-kristi", "truetype/kristi/Kristi.ttf",                                    \
	  "6c14164cd50b52d03d88728971285fe1dbf0d6ee8af6d29274b5d5026a0fb622", "OFL-1.1", "°")      \
	T(bwht_build, "fonts-bwht", "opentype/bwht/BecauseWeBuild-Regular.otf",                    \
	  "202160d49b0cfbe8a812c5a75487058f7caba2398324214a1e6d34f24b68d855", "OFL-1.1", "")       \
	T(bwht_connect, "fonts-bwht", "opentype/bwht/BecauseWeConnect-Regular.otf",                \
	  "c9c7135605a5c8cd143b611881c93383c6804166c4770810ab0c07dbbff3aac9", "OFL-1.1", "")       \
	T(bwht_create, "fonts-bwht", "opentype/bwht/BecauseWeCreate-Regular.otf",                  \
	  "abdbea89b7de43bccae63975af1714a26a473584341d5c395fca1cb1c51ff48f", "OFL-1.1", "")       \
	T(bwht_learn, "fonts-bwht", "opentype/bwht/BecauseWeLearn-Regular.otf",                    \
	  "d5551a6a1449de4ee2e8ddcd0bcc3e7d292d24c61fc6515d8db9b03a65b127dd", "OFL-1.1", "")       \
	T(bwht_mentor, "fonts-bwht", "opentype/bwht/BecauseWeMentor-Regular.otf",                  \
	  "b71888fd9a79936e44a55baf1bf0bb4e594827be890882c4fc9918409e8c2509", "OFL-1.1", "")       \
	T(bwht_organize, "fonts-bwht", "opentype/bwht/BecauseWeOrganize-Regular.otf",              \
	  "f97f8557caa4de42f743d8d4ea0851993b12c112e8713fd6d6d08881e6a24c5e", "OFL-1.1", "")       \
	T(domestic_manners, "fonts-dustin", "truetype/dustin/Domestic_Manners.ttf",                \
	  "7a5a9423f3d612417592ac573af628d7266b0e0c809cdb659614f842c5b92882", "GPL-2", "")         \
	T(junkyard, "fonts-dustin", "truetype/dustin/Junkyard.ttf",                                \
	  "126c49b10dfceae16ce53bf8593956f17853f4ed3d0177d1f724247b27e08636", "GPL-2", "")

#define TYPEFACE_FOLDER "/usr/share/fonts"

#define TYPEFACE_FIRST_WORD(name, package, file, sha256, licence, lacks) #name
#define TYPEFACE_WORD(name, package, file, sha256, licence, lacks) " " #name
#define TYPEFACE_WORDS TYPEFACES(TYPEFACE_FIRST_WORD, TYPEFACE_WORD)

enum {
#define T(name, package, file, sha256, licence, lacks) TYPEFACE_##name,
	TYPEFACES(T, T)
#undef T
		TYPEFACE_COUNT_
};

struct typeface {
	const char *name, *package, *file, *sha256, *licence, *lacks;
};

/* Row 0 to TYPEFACE_COUNT_ - 1. */
const struct typeface *typeface_at(int number);

#endif
