# Good runs: the promised files, documented columns, valid JSON, --quiet, --set, default folder.

run_dir=$TMP_DIR/runs
mkdir "$run_dir"
run_simple='--set statistics=maxwell-boltzmann --set screening=none'
run_criteria="$run_simple --set light_elements=off"

# ---- rates
expect 'rates' 0 '^total +[0-9.]+ +[0-9.]+$' -- \
    "$NUDIPOLE" rates params/fig3_paper.ini --output "$run_dir/rates"
expect 'rates: files' 0 '' -- has "$run_dir/rates" rates.dat $(figure rates) summary.json run.ini
expect 'rates: columns' 0 '' -- columns "$run_dir/rates/rates.dat" 201 \
    'T_MeV T_nu_MeV H_MeV id_per_nu up_per_nu syn_per_nu plasmon_per_nu total_per_nu id_per_N up_per_N syn_per_N plasmon_per_N total_per_N'
expect 'rates: the range of T is exact' 0 '^0\.0500000+[0-9]* 10$' -- awk \
    '!/^#/ && NF { if (!n++) first = $1; last = $1 } END { print first, last }' \
    "$run_dir/rates/rates.dat"
expect 'rates: the totals are sums' 0 '^fine$' -- awk '
    function off(sum, total) { d = sum / total - 1; return d > 1e-14 || d < -1e-14 }
    !/^#/ && NF && (off($4 + $5 + $6 + $7, $8) || off($9 + $10 + $11 + $12, $13)) { bad++ }
    END { print bad ? bad " rows are off" : "fine" }' "$run_dir/rates/rates.dat"
expect 'rates: summary' 0 '' -- valid_json "$run_dir/rates/summary.json"
expect 'rates: summary has the maxima' 0 '"max_Gamma_over_H": \{' -- \
    cat "$run_dir/rates/summary.json"

# ---- evolve
expect 'evolve' 0 '^ +2 +[0-9.]+ +[0-9.]+ ' -- "$NUDIPOLE" evolve params/b8.ini $run_simple \
    --set T_RH_MeV=2 --output "$run_dir/evolve"
expect 'evolve: files' 0 '' -- \
    has "$run_dir/evolve" abundance.dat $(figure abundance) summary.json run.ini
expect 'evolve: columns' 0 '' -- columns "$run_dir/evolve/abundance.dat" 401 \
    'T_RH_MeV T_MeV T_nu_MeV t_s H_MeV n_N_MeV3 n_N_eq_MeV3 n_over_neq log10_n_over_neq rho_N_over_rho_gamma'
expect 'evolve: N is absent at T_RH' 0 '^2 2 0$' -- \
    awk '!/^#/ && NF { print $1, $2, $8; exit }' "$run_dir/evolve/abundance.dat"
expect 'evolve: summary' 0 '' -- valid_json "$run_dir/evolve/summary.json"

# ---- viability
expect 'viability of two files' 0 '^  T_RH = 5 MeV: Gamma/H exceeds 1 .*; N thermalises' -- \
    "$NUDIPOLE" viability params/b8.ini params/pp.ini $run_criteria --output "$run_dir/viability"
expect 'viability of two files: files' 0 '' -- has "$run_dir/viability" summary.json
expect 'viability: summary' 0 '' -- valid_json "$run_dir/viability/summary.json"
expect 'viability: summary has both points' 0 '^2$' -- \
    grep -c '"name": "\(b8\|pp\)"' "$run_dir/viability/summary.json"
expect 'viability of one file' 0 'summary.json$' -- \
    "$NUDIPOLE" viability params/pp.ini $run_criteria --output "$run_dir/viability1"
expect 'viability of one file: files' 0 '' -- has "$run_dir/viability1" summary.json run.ini

# ---- sweep (its store: sweep_store.t.sh)
expect 'sweep' 0 '^sweep +4 points of 2 axes, work = viability, 4 to do$' -- \
    "$NUDIPOLE" sweep params/sweep_trh.ini $run_criteria --set 'vary=T_RH_MeV log 0.5 20 2' \
    --set points=b8.ini,pp.ini --output "$run_dir/sweep"
expect 'sweep: files' 0 '' -- test -s "$run_dir/sweep/sweep.sqlite" -a -s "$run_dir/sweep/run.ini"
expect 'sweep: every row is ok, in order' 0 '^b8 0.5 ok b8 20 ok pp 0.5 ok pp 20 ok $' -- sh -c \
    "'$NUDIPOLE' export '$run_dir/sweep' | awk -F, '/^[0-9]/ { printf \"%s %s %s \", \$5, \$6, \$2 } END { print \"\" }'"
expect 'sweep: summary' 0 '' -- valid_json "$run_dir/sweep/summary.json"
expect 'sweep: nothing failed' 0 '"failed": 0' -- cat "$run_dir/sweep/summary.json"

# ---- curves
expect 'curves' 0 '^paper +5 +[0-9.e-]+ +[0-9.]+$' -- "$NUDIPOLE" curves params/curves.ini \
    --set m4_points=2 --set treatments=paper --output "$run_dir/curves"
expect 'curves: files' 0 '' -- \
    has "$run_dir/curves" curves.dat $(figure curves) summary.json run.ini
expect 'curves: columns' 0 '' -- columns "$run_dir/curves/curves.dat" 4 \
    'treatment T_RH_MeV m4_keV d_th_muB T_at_max_MeV channel relative_error'
expect 'curves: summary' 0 '' -- valid_json "$run_dir/curves/summary.json"

# ---- options
run_few='--set T_points=3'
expect '--quiet: rates' 0 '' -- silent "$NUDIPOLE" rates params/fig3_paper.ini $run_few \
    --quiet --output "$run_dir/quiet"
expect '--quiet: evolve' 0 '' -- silent "$NUDIPOLE" evolve params/b8.ini $run_simple \
    --set T_RH_MeV=2 --quiet --output "$run_dir/quiet"
expect '--quiet: viability' 0 '' -- silent "$NUDIPOLE" viability params/pp.ini $run_criteria \
    -q --output "$run_dir/quiet"
expect '--quiet: sweep' 0 '' -- silent "$NUDIPOLE" sweep params/b8.ini $run_criteria \
    --set 'vary=T_RH_MeV list 2 5' --quiet --output "$run_dir/quiet"
expect '--quiet: curves' 0 '' -- silent "$NUDIPOLE" curves params/curves.ini --set m4_points=2 \
    --set treatments=paper --quiet --output "$run_dir/quiet"
expect 'without --quiet there is output' 1 '' -- silent "$NUDIPOLE" rates params/fig3_paper.ini \
    $run_few --output "$run_dir/quiet"
command -v gnuplot > /dev/null && # else there is a warning
    expect 'nothing on standard error' 0 '' -- no_complaint "$NUDIPOLE" rates \
        params/fig3_paper.ini $run_few --output "$run_dir/quiet"

expect '--set beats the file, the last --set wins' 0 '^rates +m4 = 500 keV, d = 4e-09 mu_B, nu_e, ' \
    -- "$NUDIPOLE" rates params/fig3_paper.ini $run_few --set m4_keV=500 --set d_muB=3e-9 \
    --set flavour=e --set 'd_muB = 4e-9' --output "$run_dir/new/nested/set"
expect '--set stands in run.ini' 0 '^m4_keV = 500$' -- cat "$run_dir/new/nested/set/run.ini"
expect '--set stands in the header of the table' 0 '^# m4_keV = 500$' -- \
    cat "$run_dir/new/nested/set/rates.dat"
expect 'a temperature above 30 MeV is warned about' 0 'warning: T up to 40 MeV: muons and ' -- \
    "$NUDIPOLE" rates params/fig3_paper.ini $run_few --set T_max_MeV=40 --output "$run_dir/hot"

# default_folder: output/NAME in the working directory
default_folder() {
    cp params/fig3_paper.ini "$run_dir/my.model.ini" && (cd "$run_dir" &&
        "$NUDIPOLE" rates my.model.ini $run_few && test -s output/my.model/rates.dat)
}
expect 'the default folder is output/NAME' 0 '^table +output/my\.model/rates\.dat$' -- \
    default_folder

# a curve with the treatment of the file's own keys is the named one with the same keys
for run_words in 'screened' 'configured --set statistics=maxwell-boltzmann --set screening=htl --set neutrino_temperature=equal'; do
    "$NUDIPOLE" curves params/curves.ini --quiet --set m4_points=2 --set treatments=$run_words \
        --output "$run_dir/curves-${run_words%% *}"
    grep -v '^#' "$run_dir/curves-${run_words%% *}/curves.dat" | cut -d' ' -f2- \
        > "$run_dir/${run_words%% *}.rows"
done
expect 'curves: configured' 0 '' -- cmp "$run_dir/screened.rows" "$run_dir/configured.rows"
