# Computations that fail, disks that are full and a gnuplot that is missing.

fail_dir=$TMP_DIR/failures
mkdir "$fail_dir"
fail_simple='--set statistics=maxwell-boltzmann --set screening=none'
fail_steps="$fail_simple --set solver_max_steps=10 --set solver_points=2"
fail_criteria="$fail_steps --set light_elements=off"

# ---- the integration fails
expect 'evolve: the integration fails' 3 \
    '^nudipole: .*T_RH = 2 MeV: CVODE stopped at T = [0-9.]+ MeV .*; try a larger solver_max_steps' \
    -- "$NUDIPOLE" evolve params/b8.ini $fail_steps --output "$fail_dir/evolve"
expect 'evolve: a failed run writes nothing' 0 '' -- test ! -e "$fail_dir/evolve"
expect 'viability: the integration fails' 3 '^nudipole: params/pp\.ini: .*CVODE stopped at T = ' \
    -- "$NUDIPOLE" viability params/pp.ini params/b8.ini --set T_RH_MeV=2 $fail_criteria \
    --output "$fail_dir/viability"
expect 'viability: a failed run writes nothing' 0 '' -- test ! -e "$fail_dir/viability"

# ---- the disk is full
full_disk() {
    mkdir -p "$fail_dir/full" && ln -s /dev/full "$fail_dir/full/$1.tmp" || return 1
    "$NUDIPOLE" rates params/fig3_paper.ini --set T_points=2 --output "$fail_dir/full"
    full_code=$?
    test ! -e "$fail_dir/full/$1" && test ! -L "$fail_dir/full/$1.tmp" || return 1
    rm -rf "$fail_dir/full"
    return $full_code
}
if test -c /dev/full; then
    for name in run.ini rates.dat summary.json; do
        expect "full disk: $name" 2 \
            "^nudipole: .*/full/$name: cannot be written: No space left on device\$" \
            -- full_disk $name
    done
fi

# ---- no gnuplot: the numbers are there, and a warning tells what to install
without_gnuplot() {
    (PATH=$fail_dir/nowhere "$NUDIPOLE" rates params/fig3_paper.ini --set T_points=2 "$@" \
        --output "$fail_dir/bare")
}
expect 'no gnuplot: a warning' 0 '^nudipole: warning: cannot run gnuplot .*install gnuplot ' \
    -- without_gnuplot
expect 'no gnuplot: the warning is there with --quiet' 0 '^nudipole: warning: cannot run gnuplot ' \
    -- without_gnuplot --quiet
for name in rates.dat rates.gp summary.json run.ini; do
    expect "no gnuplot: $name is written" 0 '' -- test -s "$fail_dir/bare/$name"
done

# ---- viability: the verdicts that can be had are given
fail_two="$fail_simple --set light_elements=off --set solver_max_steps=450 --set solver_points=2 --set T_RH_MeV=0.02,20"
expect 'viability: one verdict of two fails' 4 'T_RH = 20 MeV: failed: .*CV_TOO_MUCH_WORK' \
    -- "$NUDIPOLE" viability params/b8.ini $fail_two --output "$fail_dir/verdicts"
expect 'viability: the reason is in the summary' 0 '"error": "abundance of N, .*CV_TOO_MUCH_WORK' \
    -- cat "$fail_dir/verdicts/summary.json"
expect 'viability: no verdict at all' 3 '^nudipole: params/b8\.ini: abundance of N' \
    -- "$NUDIPOLE" viability params/b8.ini $fail_criteria --output "$fail_dir/none"
expect 'viability: no verdict, nothing written' 0 '' -- test ! -e "$fail_dir/none"
