# Reproducibility: run.ini repeats a run to the byte, threads do not matter, and the exact factor
# between the two conventions.

rep_dir=$TMP_DIR/reproduce
mkdir "$rep_dir"
rep_simple='--set statistics=maxwell-boltzmann --set screening=none'

# repeats TABLE COMMAND FILE OPTION...: a run, and a second one from the run.ini of the first, under
# the name of FILE because viability names its points after their files
repeats() {
    rep_table=$1 rep_command=$2 rep_file=$3
    shift 3
    "$NUDIPOLE" "$rep_command" "$rep_file" "$@" --quiet --output "$rep_dir/$rep_command" &&
        cp "$rep_dir/$rep_command/run.ini" "$rep_dir/${rep_file##*/}" &&
        "$NUDIPOLE" "$rep_command" "$rep_dir/${rep_file##*/}" --quiet \
            --output "$rep_dir/${rep_command}2" &&
        cmp "$rep_dir/$rep_command/$rep_table" "$rep_dir/${rep_command}2/$rep_table" &&
        cmp "$rep_dir/$rep_command/run.ini" "$rep_dir/${rep_command}2/run.ini"
}

# 333.3333333333333 and 0.3 have no finite binary expansion
expect 'run.ini repeats rates' 0 '' -- repeats rates.dat rates params/fig3_paper.ini \
    --set m4_keV=333.3333333333333 --set T_min_MeV=0.3 --set T_points=5
expect 'run.ini repeats evolve' 0 '' -- repeats abundance.dat evolve params/b8.ini $rep_simple \
    --set T_RH_MeV=2,0.3 --set m4_keV=333.3333333333333
# its rows as a table; what they cost differs
sweep_rows() {
    "$NUDIPOLE" export "$1" | cut -d, -f1,2,4-
}
repeats_sweep() {
    repeats run.ini sweep params/sweep_trh.ini $rep_simple --set work=evolve --set solver_tolerance=1.1e-8 \
        --set points=b8.ini,cno.ini --set 'vary=T_RH_MeV log 0.3 20 3' || return 1
    sweep_rows "$rep_dir/sweep" > "$rep_dir/sweep.csv"
    sweep_rows "$rep_dir/sweep2" | cmp "$rep_dir/sweep.csv" - && grep -c '^[0-9]*,ok' "$rep_dir/sweep.csv"
}
expect 'run.ini repeats sweep' 0 '^6$' -- repeats_sweep
expect 'run.ini repeats curves' 0 '' -- repeats curves.dat curves params/curves.ini \
    --set m4_points=2 --set treatments=paper --set m4_min_keV=33.3
# a header lists what the command looks at, run.ini everything
expect 'the header of curves.dat has no m4_keV' 1 '' -- \
    grep '^# m4_keV = ' "$rep_dir/curves/curves.dat"
expect 'the header of curves.dat has its masses' 0 '^# m4_min_keV = 33\.3$' -- \
    cat "$rep_dir/curves/curves.dat"
expect 'the run.ini of curves has m4_keV' 0 '^m4_keV = 600$' -- cat "$rep_dir/curves/run.ini"
expect 'run.ini repeats viability' 0 '' -- repeats viability.dat viability params/pp.ini $rep_simple \
    --set precision=precision_fast.ini --set T_RH_MeV=2 --set abundance_errors=off

# same_with_threads: a sweep with one thread and with two
same_with_threads() {
    for rep_threads in 1 2; do
        OMP_NUM_THREADS=$rep_threads "$NUDIPOLE" sweep params/sweep_trh.ini $rep_simple --quiet \
            --set points=b8.ini,cno.ini --set 'vary=T_RH_MeV log 0.5 20 5' --set work=evolve \
            --output "$rep_dir/threads$rep_threads" || return 1
        sweep_rows "$rep_dir/threads$rep_threads" > "$rep_dir/threads$rep_threads/sweep.csv"
        OMP_NUM_THREADS=$rep_threads "$NUDIPOLE" curves params/curves.ini --quiet \
            --set treatments=paper,screened --set m4_points=4 \
            --output "$rep_dir/threads$rep_threads" || return 1
    done
    cmp "$rep_dir/threads1/sweep.csv" "$rep_dir/threads2/sweep.csv" &&
        cmp "$rep_dir/threads1/curves.dat" "$rep_dir/threads2/curves.dat"
}
expect 'one thread and two give the same bytes' 0 '' -- same_with_threads

# ratio FILE1 FILE2 FIRST LAST RATIO: columns FIRST to LAST of FILE2 are RATIO times those of FILE1
ratio() {
    grep -v '^#' "$1" > "$rep_dir/one"
    grep -v '^#' "$2" > "$rep_dir/two"
    paste -d ' ' "$rep_dir/one" "$rep_dir/two" | awk -v first="$3" -v last="$4" -v ratio="$5" '
        NF {
            for (i = first; i <= last; i++) {
                difference = $(i + NF / 2) - ratio * $i
                if (difference < 0) difference = -difference
                if (!(difference <= 1e-12 * ratio * $i)) { print "column " i ": " $0; bad++ }
            }
            n++
        }
        END { print n " rows, " bad + 0 " off" }'
}

for rep_convention in half lagrangian; do
    "$NUDIPOLE" rates params/fig3.ini --quiet --set convention=$rep_convention \
        --set screening=htl --set statistics=maxwell-boltzmann --set T_points=21 \
        --output "$rep_dir/$rep_convention" || fail "rates, $rep_convention" "did not run"
done
"$NUDIPOLE" rates params/fig3.ini --quiet --set d_muB=2e-9 \
    --set screening=htl --set statistics=maxwell-boltzmann --set T_points=21 \
    --output "$rep_dir/double" || fail 'rates, twice the coupling' 'did not run'
expect 'the convention multiplies every rate by 4' 0 '^21 rows, 0 off$' -- \
    ratio "$rep_dir/half/rates.dat" "$rep_dir/lagrangian/rates.dat" 4 13 4
expect 'the convention leaves the background alone' 0 '^21 rows, 0 off$' -- \
    ratio "$rep_dir/half/rates.dat" "$rep_dir/lagrangian/rates.dat" 1 3 1
expect 'twice the coupling multiplies every rate by 4' 0 '^21 rows, 0 off$' -- \
    ratio "$rep_dir/half/rates.dat" "$rep_dir/double/rates.dat" 4 13 4

# d_th is read in the convention: half as large where the rates are four times larger
"$NUDIPOLE" curves params/curves.ini --quiet --set m4_points=2 --set treatments=paper \
    --set m4_min_keV=33.3 --set convention=lagrangian --output "$rep_dir/curves_lagrangian" ||
    fail 'curves, lagrangian' 'did not run'
expect 'the convention halves the thermalization curve' 0 '^4 rows, 0 off$' -- \
    ratio "$rep_dir/curves/curves.dat" "$rep_dir/curves_lagrangian/curves.dat" 4 4 0.5
