#!/bin/sh
# Two ranks against one, run by `make bench-mpi`: JSON lines as those of nd_bench.  Of each the
# least of five times is taken, in turn, and the time of the same command with nothing to do, which
# is what mpirun takes, is subtracted.  Other programs on the same cores spoil it all the same.
set -eu
cd "$(dirname "$0")/../.."
NUDIPOLE=${NUDIPOLE:-$PWD/build/nudipole}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export OMP_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# seconds RANKS OPTION...: of the work alone
seconds() {
    ranks=$1
    shift
    rm -rf "$folder/sweep"
    begin=$(date +%s%N)
    mpirun -n "$ranks" "$NUDIPOLE" sweep "$@" --quiet --output "$folder/sweep" > "$folder/log" 2>&1
    middle=$(date +%s%N)
    mpirun -n "$ranks" "$NUDIPOLE" sweep "$@" --quiet --output "$folder/sweep" > "$folder/log" 2>&1
    echo $((2 * middle - begin - $(date +%s%N)))
}

# compare NAME REPEATS OPTION...
compare() {
    name=$1 repeats=$2
    shift 2
    for repeat in $(seq "$repeats"); do
        echo "$(seconds 1 "$@") $(seconds 2 "$@")"
    done | awk -v name="$name" '
        { for (i = 1; i <= 2; i++) if (NR == 1 || $i < least[i]) least[i] = $i }
        END {
            for (i = 1; i <= 2; i++)
                printf "{\"bench\": \"%s, ranks: %d\", \"min_s\": %.3f}\n", name, i, least[i] / 1e9
            printf "{\"bench\": \"%s, 2 ranks against 1\", \"ratio\": %.3f}\n", name, least[1] / least[2]
        }'
}

compare 'sweep, 1000 test particles' 5 params/b8.ini --set work=evolve \
    --set statistics=maxwell-boltzmann --set screening=none \
    --set 'vary=m4_keV log 200 800 5, d_muB log 1e-11 1e-9 100, T_RH_MeV list 2 5'
compare 'sweep, 36 coupled points, fast' 3 params/plane.ini --set precision=precision_fast.ini \
    --set 'vary=m4_keV list 200 400 600, d_muB log 1e-11 1e-9 6, T_RH_MeV list 2 5'
