#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the styles of degraded pictures: each is a style of samples/styles, line by line, and behind it
# what paper, copiers, scanners and cameras do.
#
#	samples/presets.sh [FROM [TO]]
#
# FROM, where the styles are read, defaults to samples/styles; TO, where they are written, to FROM.
set -eu
styles=${1:-$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/styles}
to=${2:-$styles}
mkdir -p "$to"

# preset NAME FROM ABOUT [LINES]: the value of "degradation" comes on standard input. LINES, keys with
# their values, take the place of those that FROM has.
preset() {
	{
		sed -e '$d' -e "s/\"standard\": \"$2\"/\"standard\": \"$1\"/" \
			-e "s/\"about\": \".*\"/\"about\": \"$3\"/" "$styles/$2.json" |
			sed -e '$s/$/,/' | LINES="${4-}" awk -F '"' '
				BEGIN {
					n = split(ENVIRON["LINES"], lines, "\n")
					for (i = 1; i <= n; i++) {
						split(lines[i], word)
						ours[word[2]] = lines[i]
					}
				}
				{ print $2 in ours ? ours[$2] : $0 }'
		printf '  "degradation": '
		cat
		printf '}\n'
	} >"$to/$1.json.part"
	mv "$to/$1.json.part" "$to/$1.json"
}

# Drawn with ruling pens, or traced on film by a plotter.
traced='  "overshoot_mm": [0.1, 0.4],
  "double_share": 0,
  "lines": ["plotted", "ruled"],
  "pen": ["technical", "ink"],'

# What pupils have in their cases.
pupils='  "wobble_mm": [0.1, 0.3],
  "overshoot_mm": [0.3, 1],
  "double_share": [0, 0.2],
  "construction_share": [0, 0.2],
  "lines": {"usual": ["ruled", "freehand"], "fault": "plotted", "share": 0.05},
  "pen": {"usual": ["pencil", "ballpoint"], "fault": ["ink", "felt"], "share": 0.15},'

# Thinking with a pencil: nothing is ruled, little is rubbed out.
sketched='  "wobble_mm": [0.15, 0.4],
  "overshoot_mm": [0.4, 1.5],
  "double_share": [0.1, 0.5],
  "construction_share": [0.1, 0.6],
  "lettering": "hand",
  "lines": {"usual": "freehand", "fault": "ruled", "share": 0.1},
  "pen": "pencil",'

# A print out of a CAD system, as a picture in a document.
preset cad_pdf iso 'iso as a picture in a document: few pixels, JPEG, now and then' <<'END'
{
    "low_dpi": {"share": 0.3, "scale": [0.75, 0.98]},
    "jpeg": {"share": 0.7, "quality": [70, 95]}
  }
END

# A print laid on the glass of an office's copier and sent as a file.
preset office_scan iso 'iso through an office scanner: skew, dust, streaks, JPEG' <<'END'
{
    "ink_bleed": {"share": 0.4, "sigma_mm": [0.04, 0.12], "threshold": [0.38, 0.48], "noise": [0, 0.06]},
    "thin_print": {"share": 0.25, "sigma_mm": [0.03, 0.08], "threshold": [0.52, 0.58]},
    "paper_texture": {"share": 0.9, "amplitude": [0.004, 0.014]},
    "paper_colour": {"share": 0.5, "dark": [0.01, 0.05], "tint": 0, "edge": [0, 0.05], "edge_mm": [10, 40]},
    "paper_clip": {"share": 0.02, "length_mm": [26, 33], "angle_deg": [-6, 6]},
    "dust": {"share": 0.4, "per_dm2": [0.5, 4], "radius_mm": [0.1, 0.25]},
    "hairs": {"share": 0.1, "count": [1, 2], "length_mm": [3, 9]},
    "streaks": {"share": 0.25, "amplitude": [0.01, 0.05], "lines": [1, 5], "period_mm": [75, 100]},
    "speckle": {"share": 0.3, "per_mille": [0.02, 0.2], "size_px": [1, 1.3]},
    "skew": {"share": 0.8, "angle_deg": [-1, 1]},
    "stretch": {"share": 0.4, "aspect": [-0.005, 0.005], "shear_deg": [-0.1, 0.1], "feed": [0, 0.002], "period_mm": [40, 150]},
    "low_dpi": {"share": 0.2, "scale": [0.8, 0.98]},
    "sharpening": {"share": 0.5, "radius_px": [0.8, 1.2], "amount": [0.3, 0.9]},
    "jpeg": {"share": 0.8, "quality": [60, 94]}
  }
END

# A copy of a copy out of an archive, black and white, worn.
preset old_copy gost 'gost as a copy of a copy: worn lines, folds, stains, lost toner' "$traced" <<'END'
{
    "ink_bleed": {"share": 0.5, "sigma_mm": [0.06, 0.16], "threshold": [0.35, 0.46], "noise": [0, 0.1]},
    "broken_lines": {"share": 0.5, "per_dm2": [2, 12], "length_mm": [0.3, 1.2]},
    "paper_texture": {"share": 1, "amplitude": [0.008, 0.025]},
    "folds": {"share": 0.5, "across": [1, 2], "down": [0, 2], "width_mm": [0.6, 1.6], "shade": [0.05, 0.16], "ink_loss": [0.1, 0.6], "tilt_deg": [0, 1]},
    "stains": {"share": 0.4, "count": [1, 4], "radius_mm": [6, 30], "dark": [0.03, 0.15]},
    "corrections": {"share": 0.1, "count": [1, 2], "pen_mm": [0.25, 0.5], "alpha": [0.7, 0.95], "red": 0.3, "other": 0},
    "punch_holes": {"share": 0.3, "edge_mm": [10, 13], "diameter_mm": [5.5, 6.5]},
    "dust": {"share": 0.8, "per_dm2": [3, 25], "radius_mm": [0.1, 0.35]},
    "hairs": {"share": 0.3, "count": [1, 4], "length_mm": [4, 12]},
    "photocopy": {"share": 0.8, "generations": [1, 2], "alpha0": [0.1, 0.35], "alpha": [0.5, 1.5], "beta0": [0.05, 0.2], "beta": [0.5, 1.5], "eta": [0, 0.001], "contrast": [1.1, 1.7], "scale": [-0.006, 0.006]},
    "streaks": {"share": 0.5, "amplitude": [0.02, 0.12], "lines": [2, 12], "period_mm": [75, 100]},
    "speckle": {"share": 0.6, "per_mille": [0.1, 1], "size_px": [1, 1.6]},
    "toner_loss": {"share": 0.4, "loss": [0.03, 0.12], "patch_mm": [1, 6]},
    "sauvola": {"share": 0.2, "k": [0.1, 0.25], "window_mm": [8, 15]},
    "skew": {"share": 0.9, "angle_deg": [-1.5, 1.5]},
    "stretch": {"share": 0.5, "aspect": [-0.01, 0.01], "shear_deg": [-0.2, 0.2], "feed": [0, 0.003], "period_mm": [40, 150]},
    "sharpening": {"share": 0.3, "radius_px": [0.8, 1.2], "amount": [0.2, 0.8]},
    "jpeg": {"share": 0.5, "quality": [55, 90]}
  }
END

# A sheet on a desk, photographed by hand.
preset phone_photo iso 'iso photographed by hand: perspective, light, noise, JPEG' <<'END'
{
    "paper_texture": {"share": 0.6, "amplitude": [0.004, 0.015]},
    "folds": {"share": 0.35, "across": [1, 3], "down": [0, 1], "width_mm": [0.8, 2], "shade": [0.04, 0.14], "ink_loss": [0, 0.3], "tilt_deg": [0.3, 2.5]},
    "wrinkles": {"share": 0.2, "creases": [12, 30], "shade": [0.02, 0.07], "shift_mm": [0, 0.4]},
    "perspective": {"share": 1, "tilt_deg": [-14, 14], "yaw_deg": [-10, 10], "roll_deg": [-5, 5], "distance": [1.3, 3]},
    "curl": {"share": 0.35, "height": [0.01, 0.05], "direction_deg": [-90, 90], "shade": [0.02, 0.15]},
    "lens": {"share": 0.6, "k1": [-0.05, 0.03], "k2": [-0.01, 0.01]},
    "wobble": {"share": 0.2, "shift_px": [0.3, 1.2], "period_px": [150, 600]},
    "framing": {"share": 1, "margin": [0.01, 0.06], "shift": [0, 0.01], "table": [0.2, 0.7], "tint": [0, 0.6]},
    "vignette": {"share": 0.7, "amount": [0.05, 0.3]},
    "uneven_light": {"share": 0.9, "amount": [0.08, 0.35], "bulge": [0, 0.7]},
    "shadow": {"share": 0.4, "opacity": [0.1, 0.4], "blur": [0.03, 0.12]},
    "glare": {"share": 0.12, "count": 1, "peak": [0.1, 0.3], "radius": [0.08, 0.2]},
    "defocus": {"share": 0.5, "radius_px": [0.4, 0.8]},
    "motion_blur": {"share": 0.2, "length_px": [0.8, 1.8], "angle_deg": [0, 180]},
    "sensor_noise": {"share": 1, "levels": [0.5, 3], "electrons": [500, 3000], "colour": [0, 0.5]},
    "noise_reduction": {"share": 0.4, "strength": [0.3, 0.9]},
    "colour_cast": {"share": 1, "warmth": [-0.06, 0.1], "green": [-0.02, 0.02], "exposure": [0.78, 0.98], "gamma": [0.85, 1.3]},
    "misregistration": {"share": 0.2, "shift_px": [0.1, 0.5]},
    "low_dpi": {"share": 0.15, "scale": [0.8, 0.98]},
    "sharpening": {"share": 0.5, "radius_px": [0.8, 1.3], "amount": [0.3, 1]},
    "jpeg": {"share": 1, "quality": [65, 94]},
    "quarter_turn": {"share": 0.05, "turns": [1, 3]}
  }
END

# Black and white, coarse, with lines missing.
preset fax iso 'iso through a fax: black and white, coarse, uneven feed' <<'END'
{
    "ink_bleed": {"share": 0.5, "sigma_mm": [0.05, 0.12], "threshold": [0.35, 0.46], "noise": [0, 0.06]},
    "streaks": {"share": 0.3, "amplitude": [0.02, 0.1], "lines": [1, 6], "period_mm": [75, 100]},
    "speckle": {"share": 0.7, "per_mille": [0.1, 1], "size_px": [1, 1.4]},
    "skew": {"share": 0.8, "angle_deg": [-1, 1]},
    "stretch": {"share": 0.7, "aspect": [-0.012, 0.012], "shear_deg": [-0.1, 0.1], "feed": [0, 0.004], "period_mm": [40, 150]},
    "one_bit": {"share": 1, "level": [0.62, 0.8]}
  }
END

# A blueprint, or another of the processes that copied tracings, years later.
preset blueprint asme-mm 'asme-mm as a blueprint: white on mottled blue, folds, stains' "$traced" <<'END'
{
    "thin_print": {"share": 0.3, "sigma_mm": [0.04, 0.1], "threshold": [0.52, 0.58]},
    "feathering": {"share": 0.3, "reach_mm": [0.05, 0.2], "strength": [0.1, 0.3]},
    "paper_texture": {"share": 1, "amplitude": [0.01, 0.03]},
    "blueprint": {"share": 1, "contrast": [0.6, 0.95], "mottling": [0.05, 0.16]},
    "folds": {"share": 0.6, "across": [1, 3], "down": [0, 2], "width_mm": [0.6, 1.6], "shade": [0.04, 0.14], "ink_loss": [0.1, 0.5], "tilt_deg": [0, 1]},
    "wrinkles": {"share": 0.35, "creases": [12, 36], "shade": [0.02, 0.08], "shift_mm": [0, 0.4]},
    "stains": {"share": 0.3, "count": [1, 3], "radius_mm": [6, 30], "dark": [0.03, 0.12]},
    "dust": {"share": 0.6, "per_dm2": [2, 15], "radius_mm": [0.1, 0.3]},
    "skew": {"share": 0.7, "angle_deg": [-1, 1]},
    "elastic": {"share": 0.3, "wave_mm": [30, 80], "shift_mm": [0.1, 0.5]},
    "uneven_light": {"share": 0.4, "amount": [0.05, 0.2], "bulge": [0, 0.6]},
    "jpeg": {"share": 0.7, "quality": [65, 94]}
  }
END

# A sheet out of an exercise book: the paper; pens and hands are another matter.
preset school_notebook school 'school in an exercise book: squares, punch holes, a scan' "$pupils" <<'END'
{
    "paper_texture": {"share": 1, "amplitude": [0.006, 0.02]},
    "paper_colour": {"share": 0.8, "dark": [0.01, 0.06], "tint": [0, 0.4], "edge": [0, 0.1], "edge_mm": [10, 60]},
    "squared_paper": {"share": 0.7, "pitch_mm": 5, "alpha": [0.15, 0.4], "hue_deg": [190, 225]},
    "millimetre_paper": {"share": 0.1, "alpha": [0.1, 0.3], "hue_deg": [15, 35]},
    "isometric_paper": {"share": 0.05, "pitch_mm": 5, "alpha": [0.1, 0.3], "hue_deg": [100, 220]},
    "show_through": {"share": 0.3, "alpha": [0.03, 0.1], "sigma_mm": [0.3, 0.7]},
    "punch_holes": {"share": 0.3, "edge_mm": [10, 13], "diameter_mm": [5.5, 6.5]},
    "skew": {"share": 0.8, "angle_deg": [-1.5, 1.5]},
    "uneven_light": {"share": 0.5, "amount": [0.03, 0.2], "bulge": [0, 0.6]},
    "sharpening": {"share": 0.3, "radius_px": [0.8, 1.2], "amount": [0.2, 0.7]},
    "jpeg": {"share": 0.8, "quality": [65, 94]}
  }
END

# A sketch in pencil on squared or plain paper, under a lamp.
preset pencil_sketch school 'school sketched freehand in pencil, scanned or photographed' "$sketched" <<'END'
{
    "pencil_grain": {"share": 1, "cover": [0.65, 0.95], "depth": [0.4, 1.3], "grey": [0.05, 0.2]},
    "paper_texture": {"share": 1, "amplitude": [0.006, 0.02]},
    "paper_colour": {"share": 0.6, "dark": [0.01, 0.05], "tint": [0, 0.4], "edge": [0, 0.1], "edge_mm": [10, 60]},
    "squared_paper": {"share": 0.4, "pitch_mm": 5, "alpha": [0.1, 0.3], "hue_deg": [190, 225]},
    "skew": {"share": 0.3, "angle_deg": [-1.5, 1.5]},
    "perspective": {"share": 0.6, "tilt_deg": [-8, 8], "yaw_deg": [-6, 6], "roll_deg": [-3, 3], "distance": [1.5, 3]},
    "framing": {"share": 0.6, "margin": [0, 0.04], "shift": [0, 0.01], "table": [0.2, 0.7], "tint": [0, 0.6]},
    "uneven_light": {"share": 0.7, "amount": [0.03, 0.25], "bulge": [0, 0.6]},
    "jpeg": {"share": 0.8, "quality": [65, 94]}
  }
END
