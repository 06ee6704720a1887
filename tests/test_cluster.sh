#!/bin/sh
# SPDX-License-Identifier: MIT
# samples/cluster: the files parse, say only options that cadgen has, and agree with themselves on the number of parts;
# the scripts, under a stand-in for Slurm and under the mpirun that is installed, make the bytes of one process.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cluster=$CADGEN_SRCDIR/samples/cluster
cd "$tmp" || exit 1
unset OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE PMI_RANK PMI_SIZE SLURM_PROCID SLURM_NTASKS \
	SLURM_STEP_ID SLURM_STEP_NUM_TASKS JOBS PROCESSES HOSTFILE
"$CADGEN" --help | grep -o -e '--[a-z-]*' | sort -u >options
"$CADGEN_BUILDDIR/cadtrain" --help | grep -o -e '--[a-z-]*' | sort -u >train.options

# options_exist FILE: all words --... from "cadgen" to the end of its command are options of cadgen.
options_exist() {
	awk '
		/^#SBATCH/ { next }
		{ sub(/^#/, "") }
		/resources:/ { on = 0 } # the end of the command in the Job
		/(^|[ \t]|exec |- )(cadgen|slurm.*\.sbatch|[.]\/mpirun\.sh)([ \t]|$)/ { on = 1; sub(/.*(cadgen|\.sbatch|mpirun\.sh)/, "") }
		on { print; if ($0 !~ /\\$|^ *- |^$/) on = 0 }' "$1" |
		grep -o -e '--[a-z][a-z-]*' | sort -u >said
	[ "$(wc -l <said)" -ge 3 ] && [ -z "$(comm -23 said options)" ] && return
	echo "said:" && cat said
	echo "not of cadgen:" && comm -23 said options
	return 1
}

for file in slurm.sbatch slurm-array.sbatch train.sbatch; do
	ok "$file parses" bash -n "$cluster/$file"
done
ok "mpirun.sh parses" sh -n "$cluster/mpirun.sh"
for file in slurm.sbatch slurm-array.sbatch mpirun.sh kubernetes.yaml README.md; do
	ok "$file has options of cadgen alone" options_exist "$cluster/$file"
done

ok "train.sbatch has options of cadtrain alone" sh -c 'sed -n "/cadtrain --/p; /sbatch train/p" "$1" |
	sed "s/.*\(cadtrain\|train.sbatch\) //" | grep -o -e "--[a-z][a-z-]*" | sort -u >said
	[ "$(wc -l <said)" -ge 5 ] && [ -z "$(comm -23 said train.options)" ]' - "$cluster/train.sbatch"

number() {
	sed -n "s/$1/\\1/p" "$2"
}

parts=$(number '^PARTS=\([0-9]*\)$' "$cluster/slurm-array.sbatch")
ok "slurm-array.sbatch: the array has as many elements as parts" \
	grep -x "#SBATCH --array=0-$((parts - 1))" "$cluster/slurm-array.sbatch"
completions=$(number '^  completions: \([0-9]*\)$' "$cluster/kubernetes.yaml")
ok "kubernetes.yaml: as many completions as parts" \
	grep -F -x -e "            - --shard=\$(JOB_COMPLETION_INDEX)/$completions" "$cluster/kubernetes.yaml"
if python3 -c 'import yaml' 2>/dev/null; then
	ok "kubernetes.yaml is YAML, an indexed Job" python3 -c '
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))
spec = job["spec"]["template"]["spec"]
assert (job["kind"], job["spec"]["completionMode"]) == ("Job", "Indexed")
assert spec["containers"][0]["command"][0] == "cadgen"
assert spec["containers"][0]["volumeMounts"][0]["name"] == spec["volumes"][0]["name"]' "$cluster/kubernetes.yaml"
else
	skip "kubernetes.yaml is YAML, an indexed Job" "python3 has no yaml: apt-get install python3-yaml"
fi

# --- they run ------------------------------------------------------------------------------------

mkdir bin
ln -s "$CADGEN" bin/cadgen
cat >bin/srun <<'END'
#!/bin/sh
# Three tasks, with the environment that srun gives them, behind options of its own.
while [ "${1#-}" != "$1" ]; do shift; done
export SLURM_NTASKS=3 SLURM_STEP_NUM_TASKS=3 SLURM_STEP_ID=0
SLURM_PROCID=1 "$@" & one=$!
SLURM_PROCID=2 "$@" & two=$!
SLURM_PROCID=0 "$@" && wait $one && wait $two
END
chmod +x bin/srun
PATH=$tmp/bin:$PATH
set -- --count 90 --size 128 --seed 4
ok "one process" cadgen "$@" --out one

ok "slurm.sbatch" env SLURM_CPUS_PER_TASK=1 SLURM_PROCID=0 SLURM_NTASKS=3 \
	bash "$cluster/slurm.sbatch" "$@" --out slurm
ok "slurm.sbatch: the same bytes" diff -r one slurm
ok "slurm.sbatch: sent again" env SLURM_CPUS_PER_TASK=1 bash "$cluster/slurm.sbatch" "$@" --out slurm
ok "slurm.sbatch: still the same" diff -r one slurm

sed 's/^PARTS=.*/PARTS=3/' "$cluster/slurm-array.sbatch" >array.sbatch
for i in 2 0 1; do
	ok "slurm-array.sbatch: element $i" env SLURM_CPUS_PER_TASK=1 SLURM_ARRAY_TASK_ID=$i SLURM_PROCID=0 \
		SLURM_NTASKS=1 bash array.sbatch "$@" --out array
done
ok "slurm-array.sbatch: the same bytes" diff -r one array

printf '#!/bin/sh\necho "$SLURM_PROCID of $SLURM_STEP_NUM_TASKS:" "$@"\n' >bin/cadtrain
chmod +x bin/cadtrain
said="--device cuda --feed-threads 2 --train drawings --out a/run"
mkdir -p a/run
ok "train.sbatch: a process for each task" sh -c 'SLURM_CPUS_PER_TASK=2 bash "$1" --train drawings --out a/run |
	sort >train.log; i=0; while [ $i -lt 3 ]; do echo "$i of 3: $2"; i=$((i + 1)); done | cmp - train.log' - \
	"$cluster/train.sbatch" "$said"
touch a/run/state.safetensors
for out in "--out a/run" "--out=a/run" "-o a/run"; do
	ok "train.sbatch $out: sent again" sh -c 'SLURM_CPUS_PER_TASK=2 bash "$1" $2 --train drawings | grep -c -x \
		"[0-2] of 3: --device cuda --feed-threads 2 $2 --train drawings --resume" | grep -x 3' - \
		"$cluster/train.sbatch" "$out"
done

if ! command -v mpirun >/dev/null; then
	skip "mpirun.sh" "not installed: apt-get install openmpi-bin"
elif ! OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun -n 1 true >mpirun.log 2>&1; then
	skip "mpirun.sh" "mpirun does not run here: $(grep . mpirun.log | tail -n 1)"
else
	printf 'localhost slots=3\n' >hosts
	ok "mpirun.sh" env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 PROCESSES=3 HOSTFILE=hosts \
		sh "$cluster/mpirun.sh" "$@" --out mpi
	ok "mpirun.sh: the same bytes" diff -r one mpi
fi
tap_done
