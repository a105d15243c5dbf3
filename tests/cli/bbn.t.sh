# nudipole bbn: the Standard Model's abundances, files, columns, summary; what it is told and what
# it refuses; N, fields that reheat, rates of one's own.

bbn_dir=$TMP_DIR/bbn
mkdir "$bbn_dir"
bbn_fast='--set precision=precision_fast.ini --set abundance_errors=off'

# bare COMMAND...: without gnuplot, which takes most of the time
bare() {
    (PATH=$bbn_dir/nowhere && "$@")
}

# bbn NAME FILE OPTION...: a run without figures, in the folder NAME
bbn() {
    bbn_name=$1
    shift
    bare "$NUDIPOLE" bbn "$@" --output "$bbn_dir/$bbn_name"
}

# near KEY VALUE TOLERANCE NAME: that number at the top of the summary of NAME
near() {
    of "$1" "$4" | awk -v value="$2" -v tolerance="$3" '{ print; d = $1 - value
        bad = !(d <= tolerance && -d <= tolerance) } END { exit bad || NR != 1 }'
}

# of KEY NAME: that number at the top of the summary of NAME
of() {
    sed -n "s/^  \"$1\": \([-0-9.e+]*\),*\$/\1/p" "$bbn_dir/$2/summary.json"
}

# rising NUMBER...
rising() {
    printf '%s\n' "$@" | awk '{ print; bad += NR > 1 && !($1 > last); last = $1 }
        END { exit bad || NR < 2 }'
}

# rows NAME: the numbers of abundances.dat
rows() {
    grep -v '^#' "$bbn_dir/$1/abundances.dat" > "$bbn_dir/$1.rows"
}
# same NAME NAME: the same abundances
same() {
    rows "$1" && rows "$2" && cmp "$bbn_dir/$1.rows" "$bbn_dir/$2.rows"
}

# ---- the Standard Model, at the published numbers
bbn_log() {
    "$NUDIPOLE" bbn params/standard.ini --output "$bbn_dir/standard" > "$bbn_dir/log"
}
bbn_number='[0-9.]+ +[0-9.]+'
expect 'bbn' 0 '' -- bbn_log
expect 'bbn: says what is computed' 0 '^bbn +no N; coupled, sudden reheating, ' -- cat "$bbn_dir/log"
expect 'bbn: nuclear rates and corrections are named' 0 \
    '^ +nuclear rates primat2023; weak corrections coulomb, radiative, recoil, magnetism; omega_b' \
    -- cat "$bbn_dir/log"
expect 'bbn: one line a T_RH' 0 "^ +20 +3\.04[0-9]+( +$bbn_number){4} +1\.049[0-9]+ +[0-9]+\$" \
    -- cat "$bbn_dir/log"
expect 'bbn: beside what is measured' 0 '^D/H x 1e5 +2\.4[0-9]+ +2\.5270 +0\.0300 +-1\.9[0-9] +Cooke' \
    -- cat "$bbn_dir/log"
expect 'bbn: what is not used says so' 0 '^7Li/H x 1e10 .* \(not used for verdicts\)$' -- \
    cat "$bbn_dir/log"
expect 'bbn: no verdict, which is for viability' 1 '' -- \
    grep -E 'allowed|tension|excluded' "$bbn_dir/log"
expect 'bbn: files' 0 '' -- \
    has "$bbn_dir/standard" abundances.dat $(figure abundances) summary.json run.ini
expect 'bbn: columns' 0 '' -- columns "$bbn_dir/standard/abundances.dat" 401 \
    'T_RH_MeV T_MeV T9 n_per_baryon p_per_baryon d_per_baryon t_per_baryon He3_per_baryon He4_per_baryon Li7_per_baryon Be7_per_baryon'
expect 'bbn: baryons are conserved, T9 is T' 0 '^401 rows, 0 off$' -- awk '
    function off(x, y) { d = x / y - 1; return !(d < 1e-9 && d > -1e-9) }
    !/^#/ && NF { n++; bad += off($4 + $5 + 2*$6 + 3*($7 + $8) + 4*$9 + 7*($10 + $11), 1) ||
        off($2, $3 * 0.08617333262145) } END { print n " rows, " bad + 0 " off" }' \
    "$bbn_dir/standard/abundances.dat"
expect 'bbn: summary' 0 '' -- valid_json "$bbn_dir/standard/summary.json"
expect 'bbn: N_eff' 0 '' -- near N_eff 3.0438 2e-4 standard
expect 'bbn: N_eff without an error' 0 '^  "N_eff_error": null' -- \
    cat "$bbn_dir/standard/summary.json"
expect 'bbn: Y_p' 0 '' -- near Y_p 0.2470 1.5e-4 standard
expect 'bbn: D/H' 0 '' -- near D_H 2.435e-5 9.7e-8 standard
expect 'bbn: 3He/H' 0 '' -- near He3_H 1.040e-5 5.2e-8 standard
expect 'bbn: 7Li/H' 0 '' -- near Li7_H 5.56e-10 1.1e-11 standard
expect 'bbn: error of Y_p' 0 '' -- near Y_p_error 1.2e-4 2e-5 standard
expect 'bbn: error of D/H' 0 '' -- near D_H_error 3.6e-7 0.5e-7 standard
for name in '"He3_H_error": 1\.[0-9e-]+' '"Li7_H_error": 1\.[0-9e-]+' '"eta_cmb": 6\.1[0-9e-]+' \
    '"set": "primat2023"' '"n_p__d_g": "Ando' '"magnetism"' '"file": ".*/observations.ini"' \
    '"baryons": "omega_b is fixed today' '"pull": -1\.9' '"method": "linear"' '"network_steps": [1-9]'; do
    expect "bbn: $name is in the summary" 0 "$name" -- cat "$bbn_dir/standard/summary.json"
done
command -v gnuplot > /dev/null && # else there is a warning
    expect 'bbn: nothing else is said with --quiet' 0 '' -- no_complaint "$NUDIPOLE" bbn \
        params/standard.ini $bbn_fast --quiet --output "$bbn_dir/quiet"
expect 'bbn: --quiet' 0 '' -- silent bbn quiet params/standard.ini $bbn_fast --quiet

expect 'bbn: rates of PArthENoPE' 0 '' -- bbn parthenope params/standard.ini \
    --set rates=parthenope3 --set abundance_errors=off
expect 'bbn: rates of PArthENoPE: Y_p' 0 '' -- near Y_p 0.24690 1.5e-4 parthenope
expect 'bbn: rates of PArthENoPE: D/H' 0 '' -- near D_H 2.499e-5 1.0e-7 parthenope
expect 'bbn: rates of PArthENoPE: 7Li/H' 0 '' -- near Li7_H 4.81e-10 9.6e-12 parthenope
expect 'bbn: dark radiation' 0 '' -- bbn dark params/standard.ini --set delta_N_eff=0.5 \
    --set abundance_errors=off
# 4 % more expansion, while e+- heat neutrinos by 0.034 of N_eff
bbn_dark_added() {
    echo "$(of N_eff dark) $(of N_eff standard)" |
        awk '{ print $1 - $2; exit !($1 - $2 > 0.498 && $1 - $2 < 0.5) }'
}
expect 'bbn: dark radiation: N_eff' 0 '' -- bbn_dark_added
expect 'bbn: dark radiation: Y_p' 0 '' -- near Y_p 0.2535 1.5e-4 dark
expect 'bbn: dark radiation: D/H' 0 '' -- near D_H 2.60e-5 1.04e-7 dark
expect 'bbn: Born rates' 0 '^ +nuclear rates primat2023; weak corrections none; ' -- bbn born \
    params/standard.ini --set weak_corrections=none --set abundance_errors=off
expect 'bbn: Born rates: Y_p' 0 '' -- near Y_p 0.2427 1.5e-4 born
expect 'bbn: no errors: Y_p_error' 0 '^  "Y_p_error": null' -- cat "$bbn_dir/born/summary.json"
expect 'bbn: no errors: none is printed' 0 \
    '^ +20 +3\.04[0-9]+ +[0-9.]+ +- +[0-9.]+ +- +[0-9.]+ +- +[0-9.]+ +- +1\.04' -- \
    bbn off params/standard.ini $bbn_fast
expect 'bbn: Monte Carlo' 0 '' -- bbn monte params/standard.ini --set bbn_samples=20 \
    --set abundance_errors=monte-carlo
expect 'bbn: Monte Carlo: error of Y_p' 0 '' -- near Y_p_error 1.2e-4 0.6e-4 monte
expect 'bbn: Monte Carlo is in the summary' 0 '"samples": 20' -- cat "$bbn_dir/monte/summary.json"

# ---- N, and fields that reheat
expect 'bbn: N, two T_RH' 0 '^ +3 +[45]\.[0-9]+ +0\.2[67][0-9]+ ' -- bbn N params/b8.ini $bbn_fast \
    --set T_RH_MeV=2,3 --set bbn_points=11
expect 'bbn: N: a block for each' 0 '^2 3 $' -- awk '
    /^#/ { next } !NF { new = 1; next } new || !n { printf "%s ", $1; n++; new = 0 }
    END { print "" }' "$bbn_dir/N/abundances.dat"
expect 'bbn: N: two T_RH, no Y_p at the top' 1 '' -- grep '^  "Y_p"' "$bbn_dir/N/summary.json"
expect 'bbn: N: summary' 0 '' -- valid_json "$bbn_dir/N/summary.json"
expect 'bbn: N is in the header' 0 '^# m4_keV = 600$' -- cat "$bbn_dir/N/abundances.dat"
expect 'bbn: no N, not in the header' 1 '' -- grep '^# m4_keV' "$bbn_dir/standard/abundances.dat"
expect 'bbn: the coupled Universe, whatever backreaction was' 0 '^# backreaction = on$' -- \
    cat "$bbn_dir/N/abundances.dat"
expect 'bbn: backreaction = on' 0 '' -- bbn on params/coupled.ini $bbn_fast --set T_RH_MeV=2,3 \
    --set bbn_points=11
expect 'bbn: backreaction = on is the same' 0 '' -- same N on
expect 'bbn: passive N' 0 '^bbn +m4 = .*, N absent at the start and passive, ' -- bbn passive \
    params/b8.ini $bbn_fast --set T_RH_MeV=3 --set backreaction=passive
expect 'bbn: passive N: N_eff' 0 '' -- near N_eff 3.044 3e-3 passive
expect 'bbn: passive N: Y_p' 0 '' -- near Y_p 0.2470 3e-4 passive
expect 'bbn: field' 0 '' -- bbn field4 params/reheating.ini --set T_RH_MeV=4 --set abundance_errors=off
expect 'bbn: field, hotter' 0 '' -- bbn field5 params/reheating.ini --set T_RH_MeV=5 \
    --set abundance_errors=off
# fewer nu_e leave more neutrons, which outweighs the slower expansion (arXiv:1511.00672)
expect 'bbn: field: the colder, the more helium' 0 '' -- rising "$(of Y_p standard)" \
    "$(of Y_p field5)" "$(of Y_p field4)"
expect 'bbn: field: the colder, the fewer neutrinos' 0 '' -- rising "$(of N_eff field4)" \
    "$(of N_eff field5)" "$(of N_eff standard)"
expect 'bbn: field: N_eff' 0 '' -- near N_eff 2.890 3e-3 field5

# ---- densities of baryons
expect 'bbn: omega_b' 0 '^table +.*/abundances\.dat$' -- "$NUDIPOLE" bbn params/omega_b.ini \
    --set precision=precision_fast.ini --set omega_b_points=3 --set omega_b_min=0.022425 \
    --output "$bbn_dir/omega_b"
expect 'bbn: omega_b: files' 0 '' -- has "$bbn_dir/omega_b" abundances.dat omega_b.dat \
    $(figure abundances) $(figure omega_b) summary.json run.ini
expect 'bbn: omega_b: columns' 0 '' -- columns "$bbn_dir/omega_b/omega_b.dat" 3 \
    'omega_b eta_CMB Y_p Y_p_error D_H D_H_error He3_H He3_H_error Li7_H Li7_H_error'
bbn_first() {
    awk -v column="$1" '!/^#/ && NF { print $column; exit }' "$bbn_dir/omega_b/omega_b.dat"
}
expect 'bbn: omega_b: the first row is the result' 0 '' -- \
    near Y_p "$(bbn_first 3)" 1e-12 omega_b
expect 'bbn: omega_b: errors without that of omega_b' 0 '^fine$' -- awk '
    !/^#/ && NF { if (!n++ && !($6 > 2.4e-7 && $6 < 2.9e-7)) bad = 1
        if (n > 1 && !($3 > Y && $5 < D && $2 > eta)) bad = 1
        Y = $3; D = $5; eta = $2 } END { print bad ? "off" : "fine" }' "$bbn_dir/omega_b/omega_b.dat"
expect 'bbn: omega_b without errors' 0 '' -- bbn no_errors params/omega_b.ini $bbn_fast \
    --set omega_b_points=1
expect 'bbn: omega_b without errors: one row' 0 '^0\.004[0-9]* 0 0 0 0$' -- awk '
    !/^#/ && NF { print $1, $4, $6, $8, $10 }' "$bbn_dir/no_errors/omega_b.dat"

# ---- inputs of one's own
cp -r params/data/nuclear/primat2023 "$bbn_dir/mine"
expect 'bbn: rates of a folder' 0 "^ +nuclear rates $bbn_dir/mine; " -- bbn folder \
    params/standard.ini $bbn_fast --set rates="$bbn_dir/mine"
expect 'bbn: rates of a folder are those of the set' 0 '' -- same folder off
awk 'BEGIN { FS = OFS = "," } /^[0-9]/ { $2 *= 1.1 } { print }' params/data/nuclear/primat2023/d_p__He3_g.csv \
    > "$bbn_dir/mine/d_p__He3_g.csv"
expect 'bbn: rates of a folder, changed' 0 '' -- bbn folder params/standard.ini $bbn_fast \
    --set rates="$bbn_dir/mine"
expect 'bbn: more d + p, less D/H' 0 '' -- near D_H 2.36e-5 5e-7 folder
printf '[D_H]\nvalue = 2.5e-5\nerror = 1e-6\nsource = a test\n' > "$bbn_dir/seen.ini"
expect 'bbn: observations of a file' 0 '^D/H x 1e5 +2\.4[0-9]+ +2\.5000 +0\.1000 +-0\.[0-9]+ +a test$' \
    -- bbn seen params/standard.ini $bbn_fast --set observations="$bbn_dir/seen.ini"
expect 'bbn: observations of a file are in the summary' 0 "\"file\": \"$bbn_dir/seen.ini\"" -- \
    cat "$bbn_dir/seen/summary.json"
bbn_repeated() {
    bbn first params/standard.ini --quiet --set precision=precision_fast.ini --set T_RH_MeV=9.9 \
        --set omega_b=0.0223 --set omega_b_points=2 || return 1
    OMP_NUM_THREADS=1 bbn again "$bbn_dir/first/run.ini" --quiet || return 1
    for bbn_file in abundances.dat omega_b.dat run.ini; do
        cmp "$bbn_dir/first/$bbn_file" "$bbn_dir/again/$bbn_file" || return 1
    done
}
expect 'bbn: run.ini repeats a run, threads do not matter' 0 '' -- bbn_repeated

# ---- what is refused, what fails
# bbn_refused NAME EXIT 'regex' FILE OPTION...
bbn_refused() {
    bbn_test=$1 bbn_exit=$2 bbn_regex=$3
    shift 3
    expect "bbn: $bbn_test" "$bbn_exit" "^nudipole: $bbn_regex" -- bbn refused "$@"
    expect "bbn: $bbn_test: writes nothing" 0 '' -- test ! -e "$bbn_dir/refused"
}
bbn_refused 'corrections: none, and others' 2 '--set: weak_corrections: none, and others: ' \
    params/standard.ini --set weak_corrections=none,coulomb
bbn_refused 'corrections: magnetism alone' 2 '--set: weak_corrections: magnetism without recoil' \
    params/standard.ini --set weak_corrections=magnetism
bbn_refused 'T_RH too low' 2 '--set: T_RH_MeV = 0\.2: .* allowed is 0\.3 to 100 MeV$' \
    params/standard.ini --set T_RH_MeV=0.2
bbn_refused 'omega_b the wrong way round' 2 '.*/omega_b\.ini:10: omega_b_max = 0\.06: not above omega_b_min' \
    params/omega_b.ini --set omega_b_min=0.07
bbn_refused 'unknown set of rates' 2 '--set: rates = primat1999: there is no folder .*: allowed is ' \
    params/standard.ini --set rates=primat1999
bbn_refused 'no folder of rates' 2 '/nowhere/n_p__d_g\.csv: cannot be read: No such file' \
    params/standard.ini --set rates=/nowhere
rm "$bbn_dir/mine/t_d__a_n.csv"
bbn_refused 'a folder that lacks a rate' 2 '.*/mine/t_d__a_n\.csv: cannot be read: .*t \+ d -> He4 \+ n$' \
    params/standard.ini --set rates="$bbn_dir/mine"
bbn_refused 'no observations' 2 '/.*/nowhere\.ini: cannot be read: No such file' \
    params/standard.ini --set observations=nowhere.ini
printf '[D_H]\nvalue = 2.5e-5\nerror = -1e-6\nsource = a test\n' > "$bbn_dir/seen.ini"
bbn_refused 'bad observations' 2 '/.*/seen\.ini:3: error = -1e-6: ' \
    params/standard.ini --set observations="$bbn_dir/seen.ini"
bbn_refused 'the network fails' 3 'T_RH = 20 MeV: nucleosynthesis: .*; try a larger bbn_max_steps$' \
    params/standard.ini $bbn_fast --set bbn_max_steps=10
bbn_refused 'the Universe fails' 3 '.*T_RH = 20 MeV: .*; try a larger universe_max_steps$' \
    params/standard.ini $bbn_fast --set universe_max_steps=10
bbn_refused 'N is left at the end' 3 'T_RH = 2 MeV: .* of N \(when it decays\), .*; try a lower bbn_T_end_MeV$' \
    params/pp.ini $bbn_fast --set T_RH_MeV=2 --set bbn_T_end_MeV=0.02
expect 'bbn: --help tells what it writes' 0 '^writes: abundances\.dat, ' -- "$NUDIPOLE" bbn --help

# ---- a hot field: recoil to first order would make weak rates negative where the run starts
expect 'bbn: a field at 12 MeV' 0 '^ +12 +3\.04[0-9]+ +0\.2470' -- "$NUDIPOLE" bbn \
    params/standard.ini --set T_RH_MeV=12 --set reheating=field --set abundance_errors=off \
    --output "$TMP_DIR/hot_field"
