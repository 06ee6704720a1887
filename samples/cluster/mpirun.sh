#!/bin/sh
# SPDX-License-Identifier: MIT
# One dataset by processes of Open MPI's mpirun, on this machine or on those of a host file:
#
#	PROCESSES=32 HOSTFILE=hosts ./mpirun.sh --count 1000000 --style mix --family mix --out /shared/drawings
#
# The options are those of cadgen. PROCESSES is one for each processor of this machine where it is not given, and each
# has JOBS threads, 1. Run again, after whatever stopped it, it goes on.
set -eu
exec mpirun -n "${PROCESSES:-$(nproc)}" ${HOSTFILE:+--hostfile "$HOSTFILE"} --bind-to none \
	cadgen --jobs "${JOBS:-1}" --resume "$@"
