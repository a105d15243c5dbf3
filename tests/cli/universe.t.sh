# nudipole evolve with backreaction = on: files, columns, numbers; what is refused; precision files.

uni_dir=$TMP_DIR/universe
mkdir "$uni_dir"
# the coarsest grid that is still a Universe
uni_coarse='--set dy=1 --set y_core=16 --set tail_growth=1.5 --set exchange_nodes=4'
uni_coarse="$uni_coarse --set step_lnT=0.5 --set step_lnz=0.3 --set universe_tolerance=3e-5"
uni_coarse="$uni_coarse --set error_estimate=off --set solver_points=21"

# plain COMMAND...: without gnuplot, which takes most of the time
plain() {
    (PATH=$uni_dir/nowhere && "$@")
}

# between LOW HIGH KEY FILE: that number of a JSON file
between() {
    sed -n "s/^ *\"$3\": \([-0-9.e+]*\),*\$/\1/p" "$4" | awk -v low="$1" -v high="$2" '
        { print; bad = !($1 >= low && $1 <= high) } END { exit bad || NR < 1 }'
}

uni_history='T_RH_MeV T_MeV t_s a_per_MeV z H_MeV rho_gamma_MeV4 rho_plasma_MeV4 rho_nu_e_MeV4 rho_nu_mu_MeV4 rho_nu_tau_MeV4 n_nu_e_MeV3 n_nu_mu_MeV3 n_nu_tau_MeV3 T_eff_nu_e_MeV T_eff_nu_mu_MeV T_eff_nu_tau_MeV n_N_MeV3 n_N_eq_MeV3 rho_N_MeV4 rho_phi_MeV4 N_eff'
uni_spectra='T_RH_MeV T_MeV y p_MeV f_nu_e f_nu_mu f_nu_tau f_N f_thermal'

# ---- with N, two reheating temperatures
expect 'coupled: one line a T_RH' 0 '^ +3 +[0-9.]+ +- +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.e-]+ +[0-9]+$' \
    -- "$NUDIPOLE" evolve params/coupled.ini $uni_coarse --set T_RH_MeV=2,3 \
    --set spectra_T_MeV=2.5,0.1 --output "$uni_dir/N"
expect 'coupled: files' 0 '' -- has "$uni_dir/N" \
    history.dat spectra.dat $(figure history) $(figure spectra) summary.json run.ini
expect 'coupled: columns of history.dat' 0 '' -- columns "$uni_dir/N/history.dat" 42 "$uni_history"
expect 'coupled: blocks of spectra.dat' 0 '^2 2 3 3 3 $' -- awk '
    /^#/ { next } !NF { new = 1; next } new || !n { printf "%s ", $1; n++; new = 0 }
    END { print "" }' "$uni_dir/N/spectra.dat"
expect 'coupled: the columns of a row belong together' 0 '^42 rows, 0 off$' -- awk '
    function off(x, y) { d = x / y - 1; return !(d < 1e-10 && d > -1e-10) }
    !/^#/ && NF {
        n++; pi = 3.14159265358979
        bad += off($5, $2 * $4) || off($7, pi^2 / 15 * $2^4) || off($15^4 * 7 * pi^2 / 120, $9) ||
            off($22, 8 / 7 * (11 / 4)^(4 / 3) * ($9 + $10 + $11) / $7)
    } END { print n " rows, " bad + 0 " off" }' "$uni_dir/N/history.dat"
expect 'coupled: momenta and thermal occupations' 0 '^[1-9][0-9]* rows, 0 off$' -- awk '
    !/^#/ && NF { n++; d = $9 * (exp($3) + 1) - 1; bad += !(d < 1e-10 && d > -1e-10) ||
        !($4 > 0 && $5 > -1e-9 && $8 > -1e-9) } END { print n " rows, " bad + 0 " off" }' \
    "$uni_dir/N/spectra.dat"
expect 'coupled: summary' 0 '' -- valid_json "$uni_dir/N/summary.json"
expect 'coupled: two T_RH, no N_eff at the top' 1 '' -- grep '^  "N_eff"' "$uni_dir/N/summary.json"
expect 'coupled: N changes N_eff' 0 '' -- between 3.5 6 N_eff "$uni_dir/N/summary.json"
expect 'coupled: N is in the header' 0 '^# m4_keV = 600$' -- cat "$uni_dir/N/history.dat"
expect 'coupled: other solvers are not' 1 '' -- grep '^# solver_tolerance' "$uni_dir/N/history.dat"
command -v gnuplot > /dev/null && # else there is a warning
    expect 'coupled: nothing else is said with --quiet' 0 '' -- no_complaint "$NUDIPOLE" evolve \
        params/coupled.ini $uni_coarse --set T_RH_MeV=2 --quiet --output "$uni_dir/quiet"
expect 'coupled: --quiet' 0 '' -- silent plain "$NUDIPOLE" evolve params/standard.ini $uni_coarse \
    --quiet --output "$uni_dir/quiet"

# ---- without N
expect 'standard: says that there is no N' 0 '^evolve +no N; coupled, sudden reheating, ' -- \
    plain "$NUDIPOLE" evolve params/standard.ini $uni_coarse --output "$uni_dir/standard"
expect 'standard: N_eff at the top' 0 '^  "N_eff": 3\.0' -- cat "$uni_dir/standard/summary.json"
expect 'standard: N_eff' 0 '' -- between 3.03 3.06 N_eff "$uni_dir/standard/summary.json"
expect 'standard: no error was estimated' 0 '^  "N_eff_error": null' -- \
    cat "$uni_dir/standard/summary.json"
expect 'standard: a T' 0 '' -- between 1.397 1.399 z "$uni_dir/standard/summary.json"
expect 'standard: no N in the header' 1 '' -- grep '^# m4_keV' "$uni_dir/standard/history.dat"
expect 'standard: no N in the table' 0 '^0 0 0$' -- awk '!/^#/ && NF { print $18, $19, $20; exit }' \
    "$uni_dir/standard/history.dat"
expect 'the error of N_eff is estimated' 0 '^ +20 +3\.0[0-9]+ +(0\.00[0-9]+|[0-9.]+e-[0-9]+) ' -- \
    plain "$NUDIPOLE" evolve params/standard.ini --set precision=precision_fast.ini \
    --set error_estimate=on --set solver_points=2 --output "$uni_dir/error"
expect 'the error of N_eff is in the summary' 0 '' -- \
    between 1e-6 1e-2 N_eff_error "$uni_dir/error/summary.json"
expect 'the precision file is in run.ini by its values' 0 '^dy = 0\.8$' -- cat "$uni_dir/error/run.ini"
expect 'the precision file is not in run.ini by its name' 1 '' -- \
    grep '^precision' "$uni_dir/error/run.ini"
expect 'too early an end is warned about' 0 \
    '^nudipole: warning: T_RH = 3 MeV: N_eff is not final: at T_end_MeV = 0\.1 .* of e\+-, ' -- \
    plain "$NUDIPOLE" evolve params/standard.ini $uni_coarse --set T_RH_MeV=3 --set T_end_MeV=0.1 \
    --quiet --output "$uni_dir/early"
expect 'too early an end is in the summary' 0 '"N_eff_is_final": false' -- \
    cat "$uni_dir/early/summary.json"

# ---- a field that decays; run.ini repeats it, and threads do not matter
expect 'field' 0 '^evolve +no N; coupled, field reheating, ' -- plain "$NUDIPOLE" evolve \
    params/reheating.ini $uni_coarse --set T_RH_MeV=2 --output "$uni_dir/field"
expect 'field: N_eff' 0 '' -- between 1.0 1.3 N_eff "$uni_dir/field/summary.json"
expect 'field: starts with a field and without neutrinos' 0 '^6 0 1$' -- awk '
    !/^#/ && NF { printf "%.6g %.6g %d\n", $2, $9, ($21 > 10 * $8); exit }' "$uni_dir/field/history.dat"
repeated() {
    OMP_NUM_THREADS=1 plain "$NUDIPOLE" evolve "$uni_dir/field/run.ini" --quiet \
        --output "$uni_dir/again" &&
        cmp "$uni_dir/field/history.dat" "$uni_dir/again/history.dat" &&
        cmp "$uni_dir/field/spectra.dat" "$uni_dir/again/spectra.dat" &&
        cmp "$uni_dir/field/run.ini" "$uni_dir/again/run.ini"
}
expect 'run.ini repeats a coupled Universe' 0 '' -- repeated

# ---- what is refused
# uni_refused NAME 'regex' OPTION...
uni_refused() {
    uni_name=$1 uni_regex=$2
    shift 2
    expect "$uni_name" 2 "^nudipole: $uni_regex" -- \
        "$NUDIPOLE" evolve params/b8.ini "$@" --output "$uni_dir/refused"
    expect "$uni_name: writes nothing" 0 '' -- test ! -e "$uni_dir/refused"
}
uni_alone='only the coupled Universe knows it, but backreaction = off \(default\): allowed is'
uni_refused 'field without backreaction' "--set: reheating = field: $uni_alone sudden, or " \
    --set reheating=field
uni_refused 'thermal N without backreaction' "--set: N_initial = thermal: $uni_alone absent, or " \
    --set N_initial=thermal
uni_refused 'no N without backreaction' "--set: sterile = off: $uni_alone on, or backreaction = on\$" \
    --set sterile=off
uni_refused 'Maxwell-Boltzmann with backreaction' \
    '--set: statistics = maxwell-boltzmann: the coupled Universe .* has quantum statistics: ' \
    --set backreaction=on --set statistics=maxwell-boltzmann
uni_refused 'one temperature with backreaction' \
    '--set: neutrino_temperature = equal: .* has its own neutrino temperatures: allowed is decoupled$' \
    --set backreaction=on --set neutrino_temperature=equal
uni_refused 'thermal N without N' '--set: N_initial = thermal: .* has no N with sterile = off: ' \
    --set backreaction=on --set sterile=off --set N_initial=thermal
uni_refused 'T_end below 0.01 without backreaction' \
    '--set: T_end_MeV = 0\.005: out of range: allowed is 0\.01 to 99 MeV, and in evolve with ' \
    --set T_end_MeV=0.005
uni_refused 'T_end below 0.0001' '--set: T_end_MeV = 0\.00005: out of range: allowed is 0\.0001 to ' \
    --set T_end_MeV=0.00005 --set backreaction=on
uni_refused 'a spectrum that no run passes' '--set: spectra_T_MeV = 20: no run passes it: ' \
    --set backreaction=on --set spectra_T_MeV=20
expect 'T_end below 0.01 in another command' 2 '^nudipole: --set: T_end_MeV = 0\.005: out of range' \
    -- "$NUDIPOLE" curves params/coupled.ini --set T_end_MeV=0.005 --output "$uni_dir/refused"
expect 'a failed run says where and why' 3 \
    '^nudipole: .*T_RH = 20 MeV: .*try a larger universe_max_steps$' -- "$NUDIPOLE" evolve \
    params/standard.ini $uni_coarse --set universe_max_steps=10 --output "$uni_dir/refused"
expect 'a failed run writes nothing' 0 '' -- test ! -e "$uni_dir/refused"

# ---- precision files
printf '[precision]\ndy = 0.9\ny_core = 16\n' > "$uni_dir/coarse.ini"
printf 'dy = 0.9\nm4_keV = 700\n' > "$uni_dir/wrong.ini"
printf '[universe]\nT_RH_MeV = 1\nbackreaction = on\nsterile = off\n[precision]\n%s' \
    'precision = coarse.ini
error_estimate = off
universe_tolerance = 3e-5
dy = 0.8
' > "$uni_dir/model.ini"
expect 'precision file' 0 '' -- plain "$NUDIPOLE" evolve "$uni_dir/model.ini" \
    --set universe_tolerance=1e-4 --output "$uni_dir/precise"
expect 'default < precision file < parameter file < --set' 0 \
    '^dy = 0\.8 y_core = 16 step_lnz = 0\.1 universe_tolerance = 0\.0001 $' -- awk '
    /^(dy|y_core|step_lnz|universe_tolerance) / { printf "%s ", $0 } END { print "" }' \
    "$uni_dir/precise/run.ini"
uni_refused 'precision file: other keys' \
    '.*/wrong\.ini:2: m4_keV = 700: does not belong in a precision file: allowed is ' \
    --set precision="$uni_dir/wrong.ini"
uni_refused 'precision file: missing' \
    '--set: precision = /.*/params/nowhere\.ini: cannot be read: No such file or directory$' \
    --set precision=nowhere.ini

expect '--help of evolve tells both kinds of files' 0 '^ +history\.dat, spectra\.dat, history\.png' -- \
    "$NUDIPOLE" evolve --help
