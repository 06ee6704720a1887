#!/bin/sh
# SPDX-License-Identifier: MIT
# Several processes make one dataset, and its bytes are those of one process: parts by --shard, by what each
# launcher puts into the environment, and under a real mpirun; killed and resumed; the last one to be done joins.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1
# The test itself may run under a launcher.
unset OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE PMI_RANK PMI_SIZE SLURM_PROCID SLURM_NTASKS \
	SLURM_STEP_ID SLURM_STEP_NUM_TASKS
count=400 ranks=4 jobs=1
trap '[ -z "$pids" ] || kill -9 $pids; chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
pids=

# The options of every run, of one process as well: three whole blocks of shards and one that is not.
set -- --size 128 --seed 91 --count $count --test-fraction 0.05 --file-samples 120 --jobs $jobs

# same NAME FOLDER FORMAT
same() {
	ok "$1" diff -r "one-$3" "$2"
	rm -rf "$2"
}

# launched LAUNCHER I N COMMAND...: as process I of N of that launcher.
launched() {
	launched_by=$1 launched_i=$2 launched_n=$3
	shift 3
	case $launched_by in
	open-mpi) set -- OMPI_COMM_WORLD_RANK="$launched_i" OMPI_COMM_WORLD_SIZE="$launched_n" "$@" ;;
	mpich) set -- PMI_RANK="$launched_i" PMI_SIZE="$launched_n" "$@" ;;
	srun) set -- SLURM_PROCID="$launched_i" SLURM_NTASKS="$launched_n" SLURM_STEP_ID=0 \
		SLURM_STEP_NUM_TASKS="$launched_n" "$@" ;;
	esac
	exec env "$@"
}

# wait_all: for what was begun in the background. $stopped is how many of them did not come to their end.
wait_all() {
	stopped=0
	for wait_pid in $pids; do
		wait "$wait_pid" 2>/dev/null || stopped=$((stopped + 1))
	done
	pids=
	[ $stopped = 0 ]
}

for format in tinyllava hf-imagefolder webdataset; do
	"$CADGEN" "$@" --format "$format" --out one-$format >one.log 2>&1
	status=$?
	if [ $status != 0 ] && grep -q libarchive one.log; then
		skip "$format" "built without libarchive"
		continue
	fi
	ok "$format: one process" test $status = 0
	made="$made $format"
done

# --- by hand -------------------------------------------------------------------------------------

# The other way round and one after the other; the last one finds all done.
for i in 3 1 0; do
	ok "--shard $i/$ranks" "$CADGEN" "$@" --out parts --shard $i/$ranks
done
ok "nothing looks whole while one is left" \
	test ! -e parts/dataset_info.json -a -d parts/.cadgen-ranks
ok "--shard 2/$ranks" "$CADGEN" "$@" --out parts --shard 2/$ranks
same "the last one joins, the same bytes" parts tinyllava
ok "--shard 0/1" "$CADGEN" "$@" --out parts --shard 0/1
same "--shard 0/1 is all of it" parts tinyllava

# --- launchers -----------------------------------------------------------------------------------

for launcher in open-mpi mpich srun; do
	for i in 0 1 2 3; do
		(launched $launcher $i $ranks "$CADGEN" "$@" --out parts) >launched-$i.log 2>&1 &
		pids="$pids $!"
	done
	ok "$launcher's environment: $ranks processes at once" wait_all
	same "$launcher's environment: the same bytes" parts tinyllava
	# One alone makes its part and waits for nobody.
	(launched $launcher 1 $ranks "$CADGEN" "$@" --out parts) >launched.log 2>&1
	ok "$launcher's environment: one of $ranks makes a part" \
		test -d parts/.cadgen-ranks/0001-of-0004 -a ! -e parts/dataset_info.json
	rm -rf parts
done

# A batch script has Slurm's numbers without being one of several.
ok "Slurm's batch script" env SLURM_JOB_ID=7 SLURM_PROCID=0 SLURM_NTASKS=4 "$CADGEN" "$@" --out parts
same "Slurm's batch script makes all of it" parts tinyllava
ok "an interactive step of Slurm's" env SLURM_JOB_ID=7 SLURM_PROCID=0 SLURM_NTASKS=4 \
	SLURM_STEP_ID=4294967290 SLURM_STEP_NUM_TASKS=1 "$CADGEN" "$@" --out parts
same "an interactive step makes all of it" parts tinyllava
ok "--shard goes before the launcher" env OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4 \
	"$CADGEN" "$@" --out parts --shard 0/1
same "--shard 0/1 under a launcher makes all of it" parts tinyllava
refused "a launcher that cannot count" 2 'OMPI_COMM_WORLD_RANK.*4/4' \
	env OMPI_COMM_WORLD_RANK=4 OMPI_COMM_WORLD_SIZE=4 "$CADGEN" "$@" --out parts
ok "and nothing is made" test ! -e parts

# --- killed --------------------------------------------------------------------------------------

# has_begun FORMAT FOLDER: pictures of the middle of part 1 of 2 are there.
has_begun() {
	case $1 in
	tinyllava) ls "$2"/images/00/000002[2-6]?.png ;;
	hf-imagefolder) ls "$2"/*/00/000002[2-6]?.png ;;
	webdataset) test -s "$2"/shards/train-000002.tar.part ;;
	esac >/dev/null 2>&1
}

# kill_begun PID FORMAT: kill -9 once it has begun. Fails where the run was faster.
kill_begun() {
	while kill -0 "$1" 2>/dev/null && ! has_begun "$2" parts; do
		:
	done
	kill -9 "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	[ $? = 137 ]
}

for format in $made; do
	"$CADGEN" "$@" --format "$format" --out parts --shard 1/2 >killed.log 2>&1 &
	pids=$!
	if kill_begun $pids "$format"; then
		pass "$format: killed in its middle"
	else
		skip "$format: killed in its middle" "the run was over before it"
	fi
	pids=
	ok "$format: the other one" "$CADGEN" "$@" --format "$format" --out parts --shard 0/2 --resume
	ok "$format: --resume of the one that was killed" \
		"$CADGEN" "$@" --format "$format" --out parts --shard 1/2 --resume
	same "$format: the same bytes" parts "$format"
done

# Until twenty have died, three processes are stopped at a random moment, by SIGKILL or by SIGTERM, at which they
# commit. Where they were faster, what they made is compared, and they begin anew.
random=$(od -An -N2 -tu2 /dev/urandom)
echo "# random moments from $((random))"
hits=0 moment=0 whole=0
while [ $hits -lt 20 ] && [ $moment -lt 200 ]; do
	if [ -e parts/dataset_info.json ]; then
		whole=$((whole + 1))
		diff -r one-tinyllava parts >whole.log 2>&1 || break
		rm -rf parts
	fi
	for i in 0 1 2; do
		"$CADGEN" "$@" --out parts --shard $i/3 --resume >killed-$i.log 2>&1 &
		pids="$pids $!"
	done
	random=$(((random * 75 + 74) % 65537))
	sleep "0.$(printf %03d $((random % 120)))"
	case $((random / 128 % 2)) in
	0) signal=KILL ;;
	1) signal=TERM ;;
	esac
	for pid in $pids; do
		kill -"$signal" "$pid" 2>/dev/null
	done
	wait_all
	hits=$((hits + stopped))
	moment=$((moment + 1))
done
echo "# $hits of $((3 * moment)) runs did not come to their end; $whole times all was made before"
ok "killed at random moments" test $hits -ge 20
for i in 0 1 2; do
	ok "killed at random moments: --resume of $i/3" "$CADGEN" "$@" --out parts --shard $i/3 --resume
done
same "killed at random moments: the same bytes" parts tinyllava

# --- mpirun --------------------------------------------------------------------------------------

mpi() {
	if [ "$(id -u)" = 0 ]; then
		mpirun --allow-run-as-root --oversubscribe "$@"
	else
		mpirun --oversubscribe "$@"
	fi
}

if ! command -v mpirun >/dev/null; then
	skip "mpirun" "not installed: apt-get install openmpi-bin"
	tap_done
elif ! mpi -n 2 true >mpirun.log 2>&1; then
	skip "mpirun" "does not run here: $(grep . mpirun.log | tail -n 1)"
	tap_done
fi

for format in $made; do
	ok "mpirun -n $ranks, $format" mpi -n $ranks "$CADGEN" "$@" --format "$format" --out parts
	same "mpirun -n $ranks, $format: the same bytes" parts "$format"
done

# Where one dies mpirun ends the others; all go on.
cat >rank.sh <<'END'
echo $$ >"pid-$OMPI_COMM_WORLD_RANK"
exec "$@"
END
mpi -n 2 sh rank.sh "$CADGEN" "$@" --out parts >mpirun.log 2>&1 &
pids=$!
while kill -0 $pids 2>/dev/null && ! has_begun tinyllava parts; do
	:
done
kill -9 "$(cat pid-1)" 2>/dev/null
if wait $pids; then
	skip "mpirun: one is killed" "the run was over before it"
else
	ok "mpirun: one is killed, nothing looks whole" test ! -e parts/dataset_info.json
fi
pids=
ok "mpirun: --resume" mpi -n 2 "$CADGEN" "$@" --out parts --resume
same "mpirun: --resume, the same bytes" parts tinyllava
tap_done
