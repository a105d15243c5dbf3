# Sweeps over axes: resumed, failures as rows, and nothing computed twice.

sto_dir=$TMP_DIR/store
mkdir "$sto_dir"
sto_axes='vary=m4_keV log 200 800 3, d_muB log 1e-11 1e-9 20, T_RH_MeV list 2 5'
sto_simple='--set work=abundance --set statistics=maxwell-boltzmann --set screening=none'

# sto_sweep FOLDER OPTION...
sto_sweep() {
    sto_folder=$1
    shift
    "$NUDIPOLE" sweep params/b8.ini --set "$sto_axes" $sto_simple --output "$sto_folder" "$@"
}

expect 'sweep over axes' 0 'sweep.sqlite: 120 points done, 0 failed, 0 left$' -- \
    sto_sweep "$sto_dir/whole"
for sto_file in sweep.sqlite summary.json run.ini; do
    expect "sweep over axes: $sto_file" 0 '' -- test -s "$sto_dir/whole/$sto_file"
done
expect 'sweep over axes: summary' 0 '^  "done": 120,$' -- cat "$sto_dir/whole/summary.json"
expect 'sweep over axes: nothing to do again' 0 ', 0 to do$' -- sto_sweep "$sto_dir/whole"
expect 'export: names' 0 '^id,status,seconds,message,m4_keV,d_muB,T_RH_MeV,max_Gamma_over_H,' -- \
    "$NUDIPOLE" export "$sto_dir/whole"
expect 'export: the last axis runs fastest' 0 '^1,ok,[^,]*,,200,[^,]*,5,' -- \
    "$NUDIPOLE" export "$sto_dir/whole"
expect 'export of no sweep' 2 '^nudipole: .*sweep\.sqlite' -- "$NUDIPOLE" export "$sto_dir"

# one thread and two
one_thread() {
    OMP_NUM_THREADS=1 sto_sweep "$sto_dir/one" --quiet && same_content "$sto_dir/whole" "$sto_dir/one"
}
expect 'sweep over axes: one thread gives the same rows' 0 '' -- one_thread

expect 'sweep over axes: changed parameters' 2 \
    "it holds a sweep with other parameters: line [0-9]+ is 'solver_points = 401' there and 'solver_points = 101' now" -- \
    sto_sweep "$sto_dir/whole" --set solver_points=101

# ---- what cannot be a sweep
refused 'sweep: unknown key' '.*mass' sweep params/b8.ini --set 'vary=mass lin 1 2 3' --set T_RH_MeV=2
refused 'sweep: bad axis' "axis 'm4_keV log 50': " sweep params/b8.ini --set 'vary=m4_keV log 50'
refused 'sweep: several temperatures' '.*T_RH_MeV: 3 temperatures: a sweep over axes takes one' \
    sweep params/b8.ini --set 'vary=m4_keV list 100 200'
refused 'sweep: unknown column' '--set: columns: Y_q: there is no such column' sweep params/b8.ini \
    --set 'vary=T_RH_MeV list 2 5' --set columns=Y_q
refused 'sweep: column of other work' '--set: columns: Y_p: is not computed by work = abundance' \
    sweep params/b8.ini --set 'vary=T_RH_MeV list 2 5' --set columns=Y_p --set work=abundance
refused '--retry-failed without axes' '--retry-failed: needs a sweep over axes' sweep params/b8.ini \
    --retry-failed

# ---- failures are rows
sto_failing() {
    "$NUDIPOLE" sweep params/b8.ini $sto_simple --set 'vary=T_RH_MeV list 0.02 20' \
        --set solver_points=2 --set solver_max_steps=450 --output "$sto_dir/failing" "$@"
}
expect 'sweep: a point fails' 4 '^nudipole: 1 points failed; ' -- sto_failing
expect 'sweep: the reason is in the row' 0 '^1,failed,.*CV_TOO_MUCH_WORK' -- \
    "$NUDIPOLE" export "$sto_dir/failing"
expect 'sweep: failed points are left alone' 4 ', 0 to do$' -- sto_failing
expect 'sweep: --retry-failed' 4 ', 1 to do$' -- sto_failing --retry-failed

# ---- the coupled Universe, drawn at random and by Sobol
for sto_sampling in sobol random; do
    expect "sweep: $sto_sampling" 0 '3 points done, 0 failed' -- \
        "$NUDIPOLE" sweep params/cno.ini --set work=bbn --set T_RH_MeV=2 \
        --set 'vary=d_muB log 1e-10 2e-10, omega_b lin 0.022 0.023' --set "sampling=$sto_sampling" \
        --set samples=3 --set precision=precision_fast.ini --set abundance_errors=off \
        --set columns=N_eff,D_H --output "$sto_dir/$sto_sampling"
    expect "sweep: columns of $sto_sampling" 0 '^id,status,seconds,message,d_muB,omega_b,N_eff,D_H$' \
        -- "$NUDIPOLE" export "$sto_dir/$sto_sampling"
done
