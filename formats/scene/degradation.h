/* SPDX-License-Identifier: MIT */
/*
 * degradation: what paper, copiers, cameras and scanners may do to a drawing: the "degradation" of a
 * style file; style(5).
 *
 *	struct degradation_sheet sheet = degradation_none();
 *	if (degradation_parse(&sheet, &doc, node, &err) < 0) ...	(the value of the key)
 *	if (sheet.share[DEGRADATION_skew] > 0) ...
 *	struct style_range angle = sheet.range[DEGRADATION_skew_angle_deg];
 *
 * File: "degradation": {"skew": {"share": 0.8, "angle_deg": [-1, 1]}, "jpeg": {}}. What is not named
 * does not happen; a share left out is 1, a parameter left out has its built-in range.
 *
 * The table is the one place that names them: parser, writer, style(5), recipes (augment/recipe.h)
 * and what carries them out (augment/scan.c) come from it. They are applied in its order.
 */
#ifndef FORMATS_DEGRADATION_H
#define FORMATS_DEGRADATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * E(name, phase, kind, legibility, source, meaning)
 *	phase		INK, PAPER, SHEET, COPY, POSE, CAMERA, SCANNER: where its picture stands
 *	kind		PIXELS changes them where they are; WARP moves them, and annotations with them;
 *			BOTH; TURN turns the finished picture, and annotations with it
 *	legibility	CLEAR leaves lettering alone; WEAK may weaken it; HIDE may cover or cut it off
 *	source		BIBLIOGRAPHY below
 * P(entry, name, lo, hi, least, most, meaning)
 *	the built-in range lo to hi and what is allowed, in thousandths; the unit is part of the name:
 *	mm on the sheet, px of the picture, deg; numbers without one are shares
 *
 * BIBLIOGRAPHY
 *	augraphy	Augraphy 8.2.6 (MIT), the augmentation of like name: its ranges
 *	ocrodeg		ocrodeg (NVlabs), function of like name: its ranges
 *	doccreator	Journet et al., DocCreator, J. Imaging 3:62, 2017
 *	kanungo		Kanungo, Haralick, Phillips, Global and local document degradation models, 1993
 *	docunet		Ma et al., DocUNet, CVPR 2018: fold and curl of a mesh
 *	sauvola		Sauvola and Pietikainen, Adaptive document image binarization, 2000
 *	otsu		Otsu, A threshold selection method from gray-level histograms, 1979
 *	t81		ITU-T T.81 | ISO/IEC 10918-1, Annex A and K
 *	brown		Brown, Decentering distortion of lenses, 1966: radial terms
 *	jbig2		Kriesel, Xerox scanners and photocopiers randomly alter numbers, 2013; ISO/IEC
 *			14492 of symbols
 *	iso838		ISO 838, holes for filing
 *	common		known to whoever has seen one
 */
#define DEGRADATIONS(E, P)                                                                         \
	E(symbol_swap, INK, PIXELS, HIDE, jbig2, "digits become others; labels keep the first")    \
	P(symbol_swap, count, 1000, 2000, 0, 20000, "how many")                                    \
	E(pencil_grain, INK, PIXELS, WEAK, common, "graphite on the hills of the paper alone")     \
	P(pencil_grain, cover, 500, 850, 300, 1000, "of the paper, under a line")                  \
	P(pencil_grain, depth, 500, 1600, 0, 3000, "of the valleys")                               \
	P(pencil_grain, grey, 60, 260, 0, 500, "how light graphite is")                            \
	E(ink_bleed, INK, PIXELS, WEAK, augraphy, "ink spreads and darkens")                       \
	P(ink_bleed, sigma_mm, 40, 140, 10, 1000, "how far")                                       \
	P(ink_bleed, threshold, 350, 480, 100, 500, "of darkness from which paper turns black")    \
	P(ink_bleed, noise, 0, 80, 0, 500, "ragged edges")                                         \
	E(thin_print, INK, PIXELS, WEAK, augraphy, "lines lose their edges")                       \
	P(thin_print, sigma_mm, 40, 100, 10, 1000, "how far")                                      \
	P(thin_print, threshold, 520, 620, 500, 850, "of darkness below which ink is lost")        \
	E(feathering, INK, PIXELS, WEAK, doccreator, "ink creeps along fibres")                    \
	P(feathering, reach_mm, 50, 200, 20, 2000, "how far")                                      \
	P(feathering, strength, 150, 350, 0, 1000, "how dark")                                     \
	E(broken_lines, INK, PIXELS, WEAK, augraphy, "gaps in lines")                              \
	P(broken_lines, per_dm2, 3000, 20000, 0, 200000, "gaps on a square decimetre, at most")    \
	P(broken_lines, length_mm, 300, 1500, 100, 5000, "of a gap")                               \
	E(paper_texture, PAPER, PIXELS, CLEAR, augraphy, "grain and fibres")                       \
	P(paper_texture, amplitude, 6, 25, 0, 150, "of the grain")                                 \
	E(paper_colour, PAPER, PIXELS, CLEAR, augraphy, "tinted or yellowed paper")                \
	P(paper_colour, dark, 10, 120, 0, 600, "how much darker than white")                       \
	P(paper_colour, tint, 150, 600, 0, 1000, "0 grey, 1 brown")                                \
	P(paper_colour, edge, 0, 200, 0, 800, "how much darker at the edges")                      \
	P(paper_colour, edge_mm, 10000, 60000, 2000, 200000, "how far the edges reach in")         \
	E(squared_paper, PAPER, PIXELS, WEAK, common, "printed squares")                           \
	P(squared_paper, pitch_mm, 5000, 5000, 2000, 20000, "side of a square")                    \
	P(squared_paper, alpha, 150, 400, 0, 800, "how dark")                                      \
	P(squared_paper, hue_deg, 190000, 225000, 0, 360000, "0 red, 120 green, 240 blue")         \
	E(millimetre_paper, PAPER, PIXELS, WEAK, common, "printed millimetres")                    \
	P(millimetre_paper, alpha, 100, 350, 0, 800, "how dark")                                   \
	P(millimetre_paper, hue_deg, 15000, 35000, 0, 360000, "0 red, 120 green, 240 blue")        \
	E(isometric_paper, PAPER, PIXELS, WEAK, common, "printed triangles")                       \
	P(isometric_paper, pitch_mm, 5000, 5000, 2000, 20000, "side of a triangle")                \
	P(isometric_paper, alpha, 100, 350, 0, 800, "how dark")                                    \
	P(isometric_paper, hue_deg, 100000, 220000, 0, 360000, "0 red, 120 green, 240 blue")       \
	E(lined_paper, PAPER, PIXELS, WEAK, common, "printed lines and a margin")                  \
	P(lined_paper, pitch_mm, 7000, 9000, 3000, 20000, "from line to line")                     \
	P(lined_paper, alpha, 150, 400, 0, 800, "how dark")                                        \
	P(lined_paper, hue_deg, 190000, 225000, 0, 360000, "0 red, 120 green, 240 blue")           \
	E(blueprint, PAPER, PIXELS, WEAK, common, "white lines on blue")                           \
	P(blueprint, contrast, 600, 950, 300, 1000, "of the lines")                                \
	P(blueprint, mottling, 50, 150, 0, 500, "uneven blue")                                     \
	E(diazo, PAPER, PIXELS, WEAK, common, "violet lines on fogged pale blue")                  \
	P(diazo, contrast, 500, 900, 300, 1000, "of the lines")                                    \
	P(diazo, mottling, 30, 120, 0, 500, "uneven fog")                                          \
	E(sepia, PAPER, PIXELS, WEAK, common, "brown lines on cream")                              \
	P(sepia, contrast, 500, 900, 300, 1000, "of the lines")                                    \
	P(sepia, mottling, 30, 120, 0, 500, "uneven ground")                                       \
	E(folds, SHEET, BOTH, WEAK, augraphy, "the sheet was folded")                              \
	P(folds, across, 1000, 3000, 0, 7000, "creases from side to side")                         \
	P(folds, down, 0, 2000, 0, 7000, "creases from top to bottom")                             \
	P(folds, width_mm, 500, 1600, 200, 10000, "of a crease's shade")                           \
	P(folds, shade, 30, 130, 0, 500, "how dark and how light beside it")                       \
	P(folds, ink_loss, 0, 600, 0, 1000, "in the crease")                                       \
	P(folds, tilt_deg, 0, 2500, 0, 6000, "of the parts between")                               \
	E(wrinkles, SHEET, BOTH, WEAK, docunet, "the sheet was crumpled")                          \
	P(wrinkles, creases, 12000, 40000, 1000, 100000, "how many")                               \
	P(wrinkles, shade, 20, 80, 0, 400, "of the slopes")                                        \
	P(wrinkles, shift_mm, 0, 400, 0, 3000, "how far ink moves")                                \
	E(stains, SHEET, PIXELS, WEAK, augraphy, "dried drops with darker rims")                   \
	P(stains, count, 1000, 4000, 0, 20000, "how many")                                         \
	P(stains, radius_mm, 6000, 35000, 1000, 100000, "of one")                                  \
	P(stains, dark, 20, 150, 0, 600, "how dark")                                               \
	E(coffee_ring, SHEET, PIXELS, WEAK, common, "where a cup stood")                           \
	P(coffee_ring, radius_mm, 30000, 45000, 10000, 80000, "of the ring")                       \
	P(coffee_ring, width_mm, 1500, 3500, 500, 10000, "of its line")                            \
	P(coffee_ring, dark, 80, 350, 0, 700, "how dark")                                          \
	E(show_through, SHEET, PIXELS, WEAK, doccreator, "the back of the sheet, mirrored")        \
	P(show_through, alpha, 30, 180, 0, 500, "how dark")                                        \
	P(show_through, sigma_mm, 200, 600, 50, 3000, "how blurred")                               \
	E(stamp, SHEET, PIXELS, HIDE, common, "a stamp with a word")                               \
	P(stamp, width_mm, 25000, 50000, 8000, 120000, "of it")                                    \
	P(stamp, angle_deg, -20000, 20000, -180000, 180000, "how oblique")                         \
	P(stamp, alpha, 350, 800, 0, 1000, "how dark")                                             \
	P(stamp, hue_deg, 0, 280000, 0, 360000, "0 red, 120 green, 240 blue")                      \
	E(redlines, SHEET, PIXELS, HIDE, common, "revision clouds, ticks and arrows by hand")      \
	P(redlines, count, 1000, 4000, 0, 20000, "how many")                                       \
	P(redlines, size_mm, 8000, 30000, 3000, 100000, "of one")                                  \
	P(redlines, pen_mm, 400, 800, 100, 3000, "width of the pen")                               \
	P(redlines, alpha, 500, 900, 0, 1000, "how dark")                                          \
	E(corrections, SHEET, PIXELS, HIDE, common, "numbers struck out and written anew by hand") \
	P(corrections, count, 1000, 3000, 0, 20000, "how many")                                    \
	P(corrections, pen_mm, 250, 500, 100, 2000, "width of the pen")                            \
	P(corrections, alpha, 600, 950, 0, 1000, "how dark")                                       \
	P(corrections, red, 600, 600, 0, 1000, "share in red; others are grey")                    \
	P(corrections, other, 0, 0, 0, 1000, "share with another number; labels keep the first")   \
	E(tape, SHEET, PIXELS, WEAK, common, "a strip of yellowed tape")                           \
	P(tape, width_mm, 12000, 25000, 5000, 60000, "of the strip")                               \
	P(tape, length_mm, 40000, 120000, 10000, 400000, "of the strip")                           \
	P(tape, dark, 40, 150, 0, 500, "how dark")                                                 \
	E(punch_holes, SHEET, PIXELS, HIDE, iso838, "two holes for filing")                        \
	P(punch_holes, edge_mm, 10000, 14000, 4000, 40000, "from the edge to their middle")        \
	P(punch_holes, diameter_mm, 5500, 6500, 2000, 12000, "of a hole")                          \
	E(staple, SHEET, PIXELS, HIDE, augraphy, "a staple in a corner, or its marks")             \
	P(staple, length_mm, 10000, 13000, 4000, 25000, "of it")                                   \
	E(paper_clip, SHEET, PIXELS, HIDE, common, "a clip on an edge")                            \
	P(paper_clip, length_mm, 26000, 33000, 15000, 80000, "of it")                              \
	P(paper_clip, angle_deg, -6000, 6000, -30000, 30000, "how oblique")                        \
	E(torn_corner, SHEET, PIXELS, HIDE, augraphy, "a corner is missing")                       \
	P(torn_corner, size_mm, 5000, 20000, 1000, 80000, "of what is missing")                    \
	E(dust, SHEET, PIXELS, WEAK, ocrodeg, "dark and light specks")                             \
	P(dust, per_dm2, 2000, 30000, 0, 500000, "specks on a square decimetre")                   \
	P(dust, radius_mm, 100, 300, 20, 3000, "of the largest")                                   \
	E(hairs, SHEET, PIXELS, WEAK, ocrodeg, "fibres on the glass")                              \
	P(hairs, count, 1000, 6000, 0, 100000, "how many")                                         \
	P(hairs, length_mm, 4000, 15000, 500, 80000, "of one")                                     \
	E(photocopy, COPY, BOTH, WEAK, kanungo, "a copy of a copy")                                \
	P(photocopy, generations, 1000, 2000, 1000, 5000, "how often")                             \
	P(photocopy, alpha0, 100, 350, 0, 1000, "ink lost at its edge")                            \
	P(photocopy, alpha, 500, 1500, 100, 5000, "how fast that ends inside")                     \
	P(photocopy, beta0, 50, 200, 0, 1000, "ink gained at its edge")                            \
	P(photocopy, beta, 500, 1500, 100, 5000, "how fast that ends outside")                     \
	P(photocopy, eta, 0, 1, 0, 50, "spots anywhere")                                           \
	P(photocopy, contrast, 1200, 2000, 500, 5000, "steeper greys")                             \
	P(photocopy, scale, -8, 8, -50, 50, "how much larger each copy is")                        \
	E(streaks, COPY, PIXELS, CLEAR, augraphy, "marks of drum and rollers along the feed")      \
	P(streaks, amplitude, 10, 60, 0, 400, "how dark")                                          \
	P(streaks, lines, 1000, 8000, 0, 60000, "thin lines")                                      \
	P(streaks, period_mm, 75000, 100000, 10000, 300000, "of a mark that comes again")          \
	E(speckle, COPY, PIXELS, WEAK, common, "black and white points")                           \
	P(speckle, per_mille, 50, 500, 0, 20000, "of the pixels")                                  \
	P(speckle, size_px, 1000, 1600, 1000, 6000, "of the largest")                              \
	E(toner_loss, COPY, PIXELS, WEAK, augraphy, "patches without toner")                       \
	P(toner_loss, loss, 30, 180, 0, 600, "of the sheet")                                       \
	P(toner_loss, patch_mm, 1000, 6000, 300, 40000, "of a patch")                              \
	E(ordered_dither, COPY, PIXELS, WEAK, augraphy, "greys as a pattern of points")            \
	P(ordered_dither, strength, 600, 1000, 0, 1000, "1: black and white only")                 \
	E(floyd_steinberg, COPY, PIXELS, WEAK, augraphy, "greys as scattered points")              \
	P(floyd_steinberg, strength, 600, 1000, 0, 1000, "1: black and white only")                \
	E(halftone, COPY, PIXELS, WEAK, augraphy, "greys as a screen at 45 degrees")               \
	P(halftone, cell_px, 2500, 4000, 2000, 16000, "from dot to dot")                           \
	P(halftone, strength, 300, 700, 0, 1000, "1: black and white only")                        \
	E(threshold, COPY, PIXELS, WEAK, common, "black or white, by one level")                   \
	P(threshold, level, 550, 800, 50, 980, "what is darker is black")                          \
	E(otsu, COPY, PIXELS, WEAK, otsu, "black or white, by the histogram")                      \
	P(otsu, bias, 0, 150, -400, 400, "added to the level")                                     \
	E(sauvola, COPY, PIXELS, WEAK, sauvola, "black or white, by the neighbourhood")            \
	P(sauvola, k, 100, 300, 20, 800, "of the formula")                                         \
	P(sauvola, window_mm, 6000, 15000, 1000, 60000, "side of the neighbourhood")               \
	E(skew, POSE, WARP, CLEAR, augraphy, "the sheet lies askew")                               \
	P(skew, angle_deg, -1000, 1000, -15000, 15000, "counter-clockwise")                        \
	E(stretch, POSE, WARP, CLEAR, ocrodeg, "uneven scales and feed")                           \
	P(stretch, aspect, -8, 8, -150, 150, "width over height, less 1")                          \
	P(stretch, shear_deg, -200, 200, -5000, 5000, "of vertical lines")                         \
	P(stretch, feed, 0, 3, 0, 20, "how the feed's speed varies")                               \
	P(stretch, period_mm, 40000, 150000, 10000, 500000, "of that")                             \
	E(elastic, POSE, WARP, CLEAR, ocrodeg, "uneven paper")                                     \
	P(elastic, wave_mm, 25000, 80000, 8000, 300000, "how far apart hills are")                 \
	P(elastic, shift_mm, 100, 800, 0, 4000, "how far ink moves, at most")                      \
	E(perspective, POSE, WARP, WEAK, docunet, "seen by a camera from aside")                   \
	P(perspective, tilt_deg, -18000, 18000, -40000, 40000, "about a level line")               \
	P(perspective, yaw_deg, -15000, 15000, -40000, 40000, "about an upright line")             \
	P(perspective, roll_deg, -6000, 6000, -30000, 30000, "about the line of sight")            \
	P(perspective, distance, 1200, 3000, 800, 20000, "over the sheet's longer side")           \
	E(curl, POSE, BOTH, WEAK, docunet, "the sheet is bent")                                    \
	P(curl, height, 10, 60, 0, 200, "of the bow over the sheet's side")                        \
	P(curl, direction_deg, -90000, 90000, -180000, 180000, "of the bow")                       \
	P(curl, shade, 20, 150, 0, 500, "of the slopes")                                           \
	E(lens, POSE, WARP, CLEAR, brown, "barrel or pincushion")                                  \
	P(lens, k1, -60, 40, -250, 150, "third order")                                             \
	P(lens, k2, -10, 10, -100, 50, "fifth order")                                              \
	E(wobble, POSE, WARP, CLEAR, common, "rolling shutter in a moving hand")                   \
	P(wobble, shift_px, 300, 1500, 0, 8000, "to the sides")                                    \
	P(wobble, period_px, 120000, 600000, 40000, 4000000, "of the swing, downwards")            \
	E(framing, POSE, BOTH, HIDE, common, "what the camera sees beside the sheet")              \
	P(framing, margin, 10, 80, -150, 400, "of the picture's side; negative cuts off")          \
	P(framing, shift, -20, 20, -200, 200, "of the middle")                                     \
	P(framing, table, 200, 700, 0, 1000, "how light the table is")                             \
	P(framing, tint, 0, 600, 0, 1000, "0 grey, 1 brown")                                       \
	E(vignette, CAMERA, PIXELS, CLEAR, common, "dark corners")                                 \
	P(vignette, amount, 50, 350, 0, 900, "in the corners")                                     \
	E(uneven_light, CAMERA, PIXELS, CLEAR, augraphy, "a lamp from one side")                   \
	P(uneven_light, amount, 80, 350, 0, 900, "from the lightest to the darkest")               \
	P(uneven_light, bulge, 0, 600, 0, 1000, "0 a slope, 1 a spot")                             \
	E(shadow, CAMERA, PIXELS, WEAK, augraphy, "of a hand or a phone")                          \
	P(shadow, opacity, 100, 400, 0, 950, "how dark")                                           \
	P(shadow, blur, 20, 100, 5, 400, "of its edge, over the picture's side")                   \
	E(glare, CAMERA, PIXELS, HIDE, augraphy, "a lamp mirrored")                                \
	P(glare, count, 1000, 2000, 0, 8000, "how many")                                           \
	P(glare, peak, 150, 500, 0, 2000, "how light")                                             \
	P(glare, radius, 80, 250, 10, 1000, "over the picture's side")                             \
	E(defocus, CAMERA, PIXELS, WEAK, common, "out of focus")                                   \
	P(defocus, radius_px, 400, 900, 100, 8000, "of the disc of a point")                       \
	E(motion_blur, CAMERA, PIXELS, WEAK, common, "a shaken camera")                            \
	P(motion_blur, length_px, 1000, 2500, 100, 30000, "of the trace of a point")               \
	P(motion_blur, angle_deg, 0, 180000, 0, 180000, "of it")                                   \
	E(sensor_noise, CAMERA, PIXELS, WEAK, common, "of light and of the amplifier")             \
	P(sensor_noise, levels, 1000, 4000, 0, 60000, "of 255, in the dark")                       \
	P(sensor_noise, electrons, 300000, 2000000, 20000, 20000000, "of white")                   \
	P(sensor_noise, colour, 0, 700, 0, 1000, "0 the same in all channels")                     \
	E(noise_reduction, CAMERA, PIXELS, WEAK, common, "grain and faint lines are smeared")      \
	P(noise_reduction, strength, 200, 900, 0, 1000, "how near to the median of nine pixels")   \
	E(colour_cast, CAMERA, PIXELS, CLEAR, common, "white balance, exposure and gamma")         \
	P(colour_cast, warmth, -80, 140, -500, 500, "negative is blue")                            \
	P(colour_cast, green, -40, 40, -300, 300, "negative is magenta")                           \
	P(colour_cast, exposure, 800, 1020, 200, 2000, "times the light")                          \
	P(colour_cast, gamma, 800, 1300, 300, 3000, "over 1 darkens greys")                        \
	E(misregistration, CAMERA, PIXELS, WEAK, common, "coloured edges")                         \
	P(misregistration, shift_px, 200, 800, 0, 6000, "of red and blue")                         \
	E(moire, CAMERA, PIXELS, CLEAR, augraphy, "two gratings")                                  \
	P(moire, period_px, 4000, 30000, 2100, 200000, "of the beat")                              \
	P(moire, amplitude, 10, 50, 0, 400, "how strong")                                          \
	E(low_dpi, SCANNER, PIXELS, WEAK, augraphy, "fewer pixels, made more again")               \
	P(low_dpi, scale, 650, 950, 150, 1000, "of their number on a side")                        \
	E(sharpening, SCANNER, PIXELS, CLEAR, common, "an unsharp mask")                           \
	P(sharpening, radius_px, 700, 1300, 300, 6000, "of it")                                    \
	P(sharpening, amount, 200, 1000, 0, 3000, "of it")                                         \
	E(jpeg, SCANNER, PIXELS, WEAK, t81, "lossy compression")                                   \
	P(jpeg, quality, 50000, 94000, 5000, 100000, "of the tables of Annex K")                   \
	E(jpeg_again, SCANNER, PIXELS, WEAK, t81, "a second time, on a shifted grid")              \
	P(jpeg_again, quality, 60000, 94000, 5000, 100000, "of the tables of Annex K")             \
	E(inversion, SCANNER, PIXELS, CLEAR, common, "a negative")                                 \
	E(greyscale, SCANNER, PIXELS, CLEAR, common, "no colours")                                 \
	E(one_bit, SCANNER, PIXELS, WEAK, common, "black or white, at last")                       \
	P(one_bit, level, 450, 700, 50, 980, "what is darker is black")                            \
	E(quarter_turn, SCANNER, TURN, CLEAR, common, "the file lies on its side or its head")     \
	P(quarter_turn, turns, 1000, 3000, 1000, 3000, "counter-clockwise, to the nearest whole")

enum degradation {
#define E(name, phase, kind, legibility, source, about) DEGRADATION_##name,
#define P(entry, name, lo, hi, least, most, about)
	DEGRADATIONS(E, P)
#undef E
#undef P
		DEGRADATION_COUNT_
};

/* DEGRADATION_skew_angle_deg and so on. */
enum degradation_param {
#define E(name, phase, kind, legibility, source, about)
#define P(entry, name, lo, hi, least, most, about) DEGRADATION_##entry##_##name,
	DEGRADATIONS(E, P)
#undef E
#undef P
		DEGRADATION_PARAM_COUNT_
};

struct degradation_range {
	int64_t lo, hi; /* thousandths */
};

struct degradation_sheet {
	int64_t share[DEGRADATION_COUNT_]; /* of drawings, thousandths; 0: never */
	struct degradation_range range[DEGRADATION_PARAM_COUNT_];
};

struct json_doc;
struct cJSON;

const char *degradation_name(enum degradation which);

/* Whose parameter it is. */
enum degradation degradation_of_param(enum degradation_param param);

/* Nothing happens; all ranges are built in. */
struct degradation_sheet degradation_none(void);

/* Whether anything may happen. */
bool degradation_any(const struct degradation_sheet *sheet);

/* Reads the value of the key "degradation": an object of objects. What is no object, unknown names and
 * parameters, shares outside 0 to 1, ranges upside down or out of bounds: ERR_FORMAT with file:line,
 * the name and what is allowed. *sheet then holds nothing of use. */
int degradation_parse(struct degradation_sheet *sheet, const struct json_doc *doc,
		      const struct cJSON *node, struct err *err);

/* The value of the key as JSON, one degradation a line, every parameter of those with a share. */
void degradation_write(const struct degradation_sheet *sheet, struct buf *out);

#endif
