#!/bin/sh
# SPDX-License-Identifier: MIT
# cadloop from the shell, with the real programs but a small one in place of cadeval: a run, the same again, one
# option changed, stopped and killed in the middle and gone on with, tables, and in one line what is wrong.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
cd "$tmp" || exit 1

# Programs are looked for beside cadloop, wherever its file lies.
mkdir bin
cp "$CADGEN_BUILDDIR/cadloop" bin
for program in cadgen cadtok cadtrain; do
	ln -s "$CADGEN_BUILDDIR/$program" bin
done
cat >bin/cadeval <<'END'
#!/bin/sh
for a; do
	case $a in
	--version) echo "cadeval 1"; exit ;;
	--help) for o in model data out min-exact limit; do echo "      --$o=X"; done; exit ;;
	--out=*) out=${a#--out=} ;;
	--min-exact=*) echo "too bad" >&2; exit 3 ;;
	--data=*scans*) exact=12 ;;
	esac
done
e=${exact-40}
echo '{"all":{"drawings":9,"exact":{"value":'"$e,\"low\":$((e - 5)),\"high\":$((e + 5))"',"drawings":9}}}' \
	>"$out/metrics.json"
echo '<!DOCTYPE html>' >"$out/report.html"
echo read it
END
chmod +x bin/cadeval
cadloop=$tmp/bin/cadloop

# refuse STATUS MESSAGE ARG...
refuse() {
	refuse_status=$1
	refuse_line="cadloop: $2"
	shift 2
	"$cadloop" "$@" >out 2>err </dev/null
	refuse_got=$?
	if [ "$refuse_got" = "$refuse_status" ] && [ "$(tail -n 1 err)" = "$refuse_line" ]; then
		pass "refused: $refuse_line"
	else
		fail "refused: $refuse_line" "status $refuse_got" "$(cat err)"
	fi
}

# states RECIPE ARG...: "NAME: STATE" of every step, without the commands.
states() {
	"$cadloop" --dry-run "$@" | sed 's/: \([a-z ]*\): .*/: \1/' | tr '\n' ';'
}

cat >r.yaml <<'END'
name: run
steps:
  - generate: {as: clean, count: 24, size: 128, val_fraction: 0.25}
  - restyle: {as: scans, data: clean, style: office_scan}
  - tokenizer: {as: words, data: clean}
  - train:
      as: model
      data: clean
      tokenizer: words
      preset: nano
      side: 128
      batch: 2
      steps: 4
      check_every: 1
      check_samples: 1
      show_every: 1
      threads: 1
  - evaluate: {as: on-clean, model: model, data: clean}
  - evaluate: {as: on-scans, model: model/best, data: scans}
  - compare: {as: table, metrics: [on-clean, on-scans]}
END
all_done="clean: up to date;scans: up to date;words: up to date;model: up to date;"
all_done="${all_done}on-clean: up to date;on-scans: up to date;table: up to date;"

ok "nothing is done in a dry run" "$cadloop" --dry-run r.yaml
ok "and nothing is made" test ! -e run
ok "a run" sh -c '"$1" r.yaml >out 2>err' - "$cadloop"
cat >expected <<'END'
on-clean: 9 drawings, exact 40.0; run/on-clean/report.html
on-scans: 9 drawings, exact 12.0; run/on-scans/report.html

| figure | on-clean | on-scans | gain |
|---|---:|---:|---:|
| drawings | 9 | 9 | |
| exact | 40.00 (35.00 to 45.00) | 12.00 (7.00 to 17.00) | **-28.00** |
END
ok "ends with the report" diff expected out
ok "what programs say is shown" grep -q '^step 4/4 ' err
ok "and kept" grep -q '^step 4/4 ' run/model.log
ok "also of standard output" grep -qx 'read it' run/on-clean.log
for file in clean/train.json scans/train.json words/tokenizer.json model/last/model.safetensors \
	model/stamp.json table/table.md table/table.json versions.txt log.txt; do
	ok "$file is there" test -s "run/$file"
done
ok "the recipe too" cmp r.yaml run/recipe.yaml
ok "nothing is left over" sh -c 'test -z "$(ls -d run/*.part run/*.old run/*.begun 2>/dev/null)"'
ok "cadgen proves what it made" "$CADGEN" verify run/clean
cp run/log.txt before
ok "the same again" sh -c '"$1" r.yaml >again 2>err' - "$cadloop"
ok "reports the same" cmp out again
ok "and does nothing" test "$(grep -c 'up to date$' err)" = 7 -a "$(grep -c '' err)" = 7
ok "everything is up to date" test "$(states r.yaml)" = "$all_done"

cp run/clean/stamp.json stamp
ok "one option changed" "$cadloop" --quiet r.yaml --set model.steps=3 --set on-clean.limit=2
ok "what does not depend on it stays" cmp stamp run/clean/stamp.json
ok "what does is new" grep -q '^{"step":3,' run/model/metrics.jsonl
ok "the folder's recipe has it" "$cadloop" --quiet run/recipe.yaml
ok "and nothing else" test "$(grep -c ': .*cadtrain' run/log.txt)" = 2

# Stopped by a signal when training has said a line, then killed, then gone on with: the same model as at once.
# stop SIGNAL: starts the run in stopped/, and ends it.
stop() {
	"$cadloop" r.yaml --out stopped >out 2>err &
	pid=$!
	while ! grep -q '^step 1/' err && kill -0 $pid 2>/dev/null; do :; done
	kill "-$1" $pid 2>/dev/null
	wait $pid 2>/dev/null
	status=$?
}
stop INT
if grep -q '^model: done' err; then
	pass "the interrupt came too late"
else
	ok "an interrupt ends with status 1" test $status = 1
	ok "and says so" test "$(tail -n 1 err)" = \
		"cadloop: stopped at step 'model'; the same command goes on"
	ok "the step goes on" sh -c '"$1" --dry-run r.yaml --out stopped | grep -q "^model: goes on: .*--resume"' \
		- "$cadloop"
fi
# A child that outlives its loop ends as well; until then the folder is locked.
"$cadloop" r.yaml --out killed --stop-after words >/dev/null 2>&1
"$cadloop" r.yaml --out killed --set model.steps=2000 >out 2>err &
pid=$!
while [ ! -e killed/model.part/state.safetensors ] && kill -0 $pid 2>/dev/null; do :; done
kill -KILL $pid
wait $pid 2>/dev/null
tries=0
while "$cadloop" r.yaml --out killed --stop-after clean 2>&1 | grep -q 'another cadloop is at work in killed$' &&
	[ $tries -lt 600 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
ok "a killed run leaves nobody behind" test $tries -lt 600
ok "and goes on" test "$(states r.yaml --out killed --set model.steps=2000 |
	grep -c 'words: up to date;model: goes on;on-clean: to do')" = 1

ok "the stopped run goes on" "$cadloop" --quiet r.yaml --out stopped
ok "a run in one go" "$cadloop" --quiet r.yaml
ok "makes the same model" cmp stopped/model/last/model.safetensors run/model/last/model.safetensors

# A program that fails.
refuse 1 "r.yaml:6: step 'model': cadtrain ended with status 2: cadtrain: --batch: 0 is out of range 1..65536" \
	r.yaml --set model.batch=0
ok "what was there stays" test -s run/model/stamp.json
ok "and is up to date without the mistake" test "$(states r.yaml)" = "$all_done"
refuse 3 "r.yaml:18: step 'on-clean': cadeval ended with status 3: too bad" r.yaml --set on-clean.min_exact=50

# What is wrong before anything runs.
printf 'name: x\nsteps:\n  - generrate: {count: 3}\n' >wrong.yaml
refuse 1 "wrong.yaml:3: unknown step 'generrate'; did you mean 'generate'?" wrong.yaml
printf 'name: x\nsteps:\n  - generate:\n      cuont: 3\n' >wrong.yaml
refuse 1 "wrong.yaml:4: cadgen has no option 'cuont'; did you mean 'count'?" wrong.yaml
printf 'name: x\nsteps:\n  - generate: {as: data}\n  - train: {data: dat}\n' >wrong.yaml
refuse 1 "wrong.yaml:4: no step before this one is called 'dat'; did you mean 'data'?" wrong.yaml
refuse 1 "cannot open absent.yaml: No such file or directory" absent.yaml
refuse 2 "--set: clena.count=3: no step is called 'clena'; did you mean 'clean'?" r.yaml --set clena.count=3
refuse 2 "--stop-after: no step is called 'wrods'; did you mean 'words'?" r.yaml --stop-after wrods
refuse 2 "a recipe is needed"
refuse 2 "unexpected argument 'wrong.yaml'" r.yaml wrong.yaml
ok "nothing of it was made" test ! -e x
if "$cadloop" r.yaml >/dev/full 2>err; then
	fail "a full standard output is noticed"
else
	ok "a full standard output is noticed" grep -q '^cadloop: cannot write to standard output' err
fi

# On a terminal the programs have one as well.
if command -v script >/dev/null; then
	script -q -c "'$cadloop' r.yaml --out seen --stop-after clean --set clean.count=3000" /dev/null \
		</dev/null >screen 2>&1
	ok "a bar of progress is shown on a terminal" env LC_ALL=C grep -q -a 'drawings  \[#* *\]' screen
	ok "and not kept" sh -c '! grep -q "\[#" seen/clean.log'
else
	skip "a bar of progress is shown on a terminal" "no script(1)"
fi

# The recipes that come along, with the real programs: each is sound, and the shortest one runs.
recipes=$CADGEN_SRCDIR/samples/recipes
cadloop=$CADGEN_BUILDDIR/cadloop
mkdir -p mine cpu-hour/model/last cpu-hour/scans
echo '[]' >mine/train.json
echo '[]' >mine/val.json
for recipe in "$recipes"/*.yaml; do
	name=$(basename "$recipe" .yaml)
	ok "$name.yaml is sound" "$cadloop" --dry-run "$recipe"
	ok "and has that name" grep -qx "name: $name" "$recipe"
done
ok "minutes.yaml, shortened" sh -c '"$1" --quiet "$2" --set drawings.count=60 --set model.steps=2 \
	--set model.check_samples=2 --set score.limit=3 --set score.max_tokens=12 >out' - "$cadloop" \
	"$recipes/minutes.yaml"
ok "has measured a model" grep -q '^score: 3 drawings, valid [0-9.]*, exact [0-9.]*, .*; minutes/score/' out
ok "and says where it is told" test -s "$(sed -n 's/^score: .*; //p' out)"
tap_done
