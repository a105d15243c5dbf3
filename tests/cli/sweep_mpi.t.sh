# Sweeps over axes on several ranks of MPI: the rows of one process, and no way to hang or to lose any.

mpi_dir=$TMP_DIR/mpi
mkdir "$mpi_dir"
mpi_axes='vary=m4_keV log 200 800 3, d_muB log 1e-11 1e-9 20, T_RH_MeV list 2 5'
mpi_many='vary=m4_keV log 200 800 5, d_muB log 1e-11 1e-9 60, T_RH_MeV list 2 5'
mpi_simple='--set work=evolve --set statistics=maxwell-boltzmann --set screening=none'

# Open MPI: any user, more ranks than cores, none tied to a core, and no second of grace after a
# failure; what it leaves behind is its own.
mpi_env() {
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
    export OMPI_MCA_odls_base_sigkill_timeout=0
    export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
}
mpi_run() (
    mpi_env
    exec timeout 60 mpirun "$@"
)

# once COMMAND...: one message of the program, whatever mpirun says
once() {
    "$@" > "$mpi_dir/once" 2>&1
    once_code=$?
    cat "$mpi_dir/once"
    test "$(grep -c '^nudipole: ' "$mpi_dir/once")" -eq 1 || return 99
    return $once_code
}

# on_ranks N THREADS FOLDER: the rows of one process on one thread
on_ranks() {
    OMP_NUM_THREADS=$2 mpi_run -n "$1" "$NUDIPOLE" sweep params/b8.ini --set "$mpi_axes" $mpi_simple \
        --output "$3" && same_content "$mpi_dir/alone" "$3"
}

# shared FOLDER: none of two ranks has spent less than a fifth of the time that both have
shared() {
    mpi_run -n 2 sh -c '"$@" && times > "$0.${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"' "$1" \
        "$NUDIPOLE" sweep params/b8.ini --set "$mpi_many" $mpi_simple --output "$1" || return
    tail -qn 1 "$1.0" "$1.1" | awk -F'[ms]' '{ t[NR] = 60 * $1 + $2; print t[NR] " s on rank " NR - 1 }
        END { exit NR != 2 || t[1] < 0.2 * (t[1] + t[2]) || t[2] < 0.2 * (t[1] + t[2]) }'
}

# coupled FOLDER LAUNCHER...
coupled() {
    mpi_folder=$1
    shift
    "$@" "$NUDIPOLE" sweep params/plane.ini --set precision=precision_fast.ini \
        --set 'vary=m4_keV list 600, d_muB list 1e-10 1e-9 3e-9, T_RH_MeV list 2' \
        --output "$mpi_folder"
}

# many FOLDER: in the background on two ranks, which leave their numbers in FOLDER.0 and FOLDER.1
many() {
    rm -rf "$1"
    mpi_run -n 2 sh -c 'echo $$ > "$0.${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"; exec "$@"' "$1" \
        "$NUDIPOLE" sweep params/b8.ini --set "$mpi_many" $mpi_simple --output "$1" \
        > "$1.log" 2>&1 &
    mpi_pid=$!
    wait_for_stored "$1" 20
}

# many_ended FOLDER
many_ended() {
    wait $mpi_pid
    mpi_code=$?
    cat "$1.log"
    return $mpi_code
}

# many_finished FOLDER: rows are left, and the same command computes them
many_finished() {
    test "$(stored "$1")" -lt 600 && mpi_run -n 2 "$NUDIPOLE" sweep params/b8.ini --set "$mpi_many" \
        $mpi_simple --output "$1" && same_content "$mpi_dir/many" "$1"
}

# in_slurm FOLDER: params/sweep.slurm as if Slurm had started it on two ranks, and the time were over
# soon
in_slurm() {
    printf '#!/bin/sh\necho requeued "$2"\n' > "$mpi_dir/scontrol"
    printf '#!/bin/sh\nexit 1\n' > "$mpi_dir/srun" # no PMIx: mpirun
    chmod +x "$mpi_dir/scontrol" "$mpi_dir/srun"
    (
        mpi_env
        export PATH="$mpi_dir:$PATH" SLURM_JOB_ID=77 SLURM_NTASKS=2
        exec bash params/sweep.slurm params/b8.ini --set "$mpi_many" $mpi_simple --output "$1"
    ) > "$1.log" 2>&1 &
    mpi_pid=$!
    wait_for_stored "$1" 20 && kill -s USR1 $mpi_pid
    many_ended "$1"
}

# second_rank OPTIONS COMMAND...: two ranks, of which the second has further options
second_rank() {
    mpi_run -n 2 sh -c 'more=$0
        test "${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" = 1 || more=
        exec "$@" $more' "$@"
}

mpi_tests() {
    # ---- the same rows
    OMP_NUM_THREADS=1 "$NUDIPOLE" sweep params/b8.ini --set "$mpi_axes" $mpi_simple --quiet \
        --output "$mpi_dir/alone"
    for mpi_case in '1 2' '2 1' '3 1' '2 2'; do
        expect "mpi: the same rows on '$mpi_case' ranks and threads" 0 \
            '120 points done, 0 failed, 0 left$' -- on_ranks $mpi_case "$mpi_dir/$mpi_case"
    done
    expect 'mpi: both ranks have worked' 0 '' -- shared "$mpi_dir/shared"
    expect 'mpi: nothing to do again' 0 ', 0 to do$' -- on_ranks 2 1 "$mpi_dir/2 1"
    OMP_NUM_THREADS=1 coupled "$mpi_dir/coupled_alone" env > /dev/null 2>&1
    expect 'mpi: the coupled Universe' 0 '3 points done, 0 failed' -- \
        coupled "$mpi_dir/coupled" mpi_run -n 2
    expect 'mpi: the coupled Universe, the same rows' 0 '' -- \
        same_content "$mpi_dir/coupled_alone" "$mpi_dir/coupled"

    # ---- failures are rows
    for mpi_case in alone ranks; do
        case $mpi_case in alone) mpi_launch=env ;; *) mpi_launch='mpi_run -n 2' ;; esac
        expect "mpi: points fail, $mpi_case" 4 '^nudipole: 100 points failed; ' -- \
            once $mpi_launch "$NUDIPOLE" sweep params/b8.ini $mpi_simple \
            --set 'vary=d_muB log 1e-11 1e-9 100, T_RH_MeV list 0.02 20' --set solver_points=2 --set solver_max_steps=450 --output "$mpi_dir/failing_$mpi_case"
    done
    expect 'mpi: the reasons too are the same' 0 '' -- \
        same_content "$mpi_dir/failing_alone" "$mpi_dir/failing_ranks"

    # ---- what cannot be: said once, and nothing is written
    expect 'mpi: another command' 2 "^nudipole: rates: started as 2 ranks: only 'nudipole sweep' " -- \
        once mpi_run -n 2 "$NUDIPOLE" rates params/b8.ini --output "$mpi_dir/no"
    expect 'mpi: a sweep without axes' 2 'vary: a sweep needs axes: ' -- \
        once mpi_run -n 2 "$NUDIPOLE" sweep params/b8.ini --output "$mpi_dir/no"
    expect 'mpi: an unknown option' 2 '^nudipole: --fast: unknown option' -- \
        once mpi_run -n 2 "$NUDIPOLE" sweep params/b8.ini --fast --output "$mpi_dir/no"
    expect 'mpi: an unknown key' 2 '^nudipole: .*unknown key' -- \
        once mpi_run -n 3 "$NUDIPOLE" sweep params/b8.ini --set mass=1 --output "$mpi_dir/no"
    expect 'mpi: no such file' 2 '^nudipole: params/none.ini: ' -- \
        once mpi_run -n 2 "$NUDIPOLE" sweep params/none.ini --output "$mpi_dir/no"
    expect 'mpi: no data on one rank' 2 '^nudipole: rank 1 on .*: --data /nowhere: ' -- \
        once second_rank '--data /nowhere' "$NUDIPOLE" sweep params/plane.ini --output "$mpi_dir/no"
    expect 'mpi: no file on one rank' 2 '^nudipole: rank 1 on .*: --set: precision = .*none.ini: ' -- \
        once second_rank '--set precision=none.ini' "$NUDIPOLE" sweep params/plane.ini \
        --output "$mpi_dir/no"
    expect 'mpi: other parameters on one rank' 2 \
        "^nudipole: rank 1 on .*: parameters: 'tau_n_s = 880' here, 'tau_n_s = 878.4' for rank 0" -- \
        once second_rank '--set tau_n_s=880' "$NUDIPOLE" sweep params/plane.ini --output "$mpi_dir/no"
    expect 'mpi: what cannot be writes nothing' 0 '' -- test ! -e "$mpi_dir/no"
    expect 'mpi: the version, once' 0 '' -- \
        test "$(mpi_run -n 2 "$NUDIPOLE" --version | grep -c nudipole)" -eq 1

    # ---- stopped, killed, locked out, without a disk
    "$NUDIPOLE" sweep params/b8.ini --set "$mpi_many" $mpi_simple --quiet --output "$mpi_dir/many"
    mpi_locked() {
        many "$mpi_dir/locked"
        once mpi_run -n 2 "$NUDIPOLE" sweep params/b8.ini --set "$mpi_many" $mpi_simple \
            --output "$mpi_dir/locked"
        mpi_locked_code=$?
        many_ended "$mpi_dir/locked" > /dev/null && same_content "$mpi_dir/many" "$mpi_dir/locked" &&
            return $mpi_locked_code
    }
    expect 'mpi: two sweeps on one store' 2 'another process writes to this sweep' -- mpi_locked
    for mpi_rank in 0 1; do
        mpi_kill() {
            many "$mpi_dir/kill" && kill -s KILL "$(cat "$mpi_dir/kill.$mpi_rank")"
            many_ended "$mpi_dir/kill"
        }
        expect "mpi: rank $mpi_rank is killed" 137 '' -- mpi_kill
        expect "mpi: resumed after rank $mpi_rank was killed" 0 ', 0 left$' -- many_finished "$mpi_dir/kill"
    done
    mpi_removed() {
        many "$mpi_dir/removed" && rm -rf "$mpi_dir/removed"
        many_ended "$mpi_dir/removed"
    }
    expect 'mpi: the folder is removed' 2 'the file was removed or replaced while in use$' -- mpi_removed

    # a signal to one rank stops all, long before they have shared the rest
    mpi_many='vary=m4_keV log 200 800 10, d_muB log 1e-11 1e-9 100, T_RH_MeV list 2 5'
    for mpi_rank in 0 1; do
        mpi_stop() {
            many "$mpi_dir/stop" && kill -s TERM "$(cat "$mpi_dir/stop.$mpi_rank")"
            many_ended "$mpi_dir/stop"
            mpi_stop_code=$?
            mpi_stopped=$(stored "$mpi_dir/stop")
            test "$mpi_stopped" -ge 20 && test "$mpi_stopped" -lt 1000 && return $mpi_stop_code
        }
        expect "mpi: rank $mpi_rank is stopped" 130 '^nudipole: interrupted; the same command goes on' -- \
            mpi_stop
    done
    expect 'mpi: a job of Slurm whose time is over' 130 '^requeued 77$' -- in_slurm "$mpi_dir/slurm"
    expect 'mpi: a job of Slurm, with points left' 0 '' -- \
        test "$(stored "$mpi_dir/slurm")" -ge 20 -a "$(stored "$mpi_dir/slurm")" -lt 2000
}

if ! command -v mpirun > /dev/null; then
    echo 'mpi: skipped (there is no mpirun)'
elif ! mpi_run -n 1 "$NUDIPOLE" --version > /dev/null 2>&1; then
    expect 'mpi: mpirun works' 0 '' -- mpi_run -n 1 "$NUDIPOLE" --version
elif mpi_run -n 2 "$NUDIPOLE" --version > /dev/null 2>&1; then
    mpi_tests
else
    expect 'mpi: several ranks of a program without MPI' 2 \
        "^nudipole: started as 2 ranks, but built for one: 'make MPI=1' " -- \
        once mpi_run -n 2 "$NUDIPOLE" sweep params/b8.ini --output "$mpi_dir/no"
    echo 'mpi: skipped (built without MPI=1)'
fi
