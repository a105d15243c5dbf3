# nudipole spectrum and nudipole fit: files, numbers, reproducibility, and parameters that are
# refused.  Where data come from and what is wrong with them is in data.t.sh.

det_dir=$TMP_DIR/detection
mkdir "$det_dir"
unset NUDIPOLE_DATA
det_one='--set sources=8B --set flavour_weight=none --set m4_points=1 --set m4_min_keV=640'
det_one="$det_one --set d_min_muB=1e-10 --set d_max_muB=1e-8 --set d_points=200"
det_coarse='--set m4_points=20 --set d_points=40'

# run_in DIR COMMAND FILE OPTION...: a run without figure, which takes most of the time
run_in() {
    run_in_dir=$1
    shift
    (PATH=$det_dir/nowhere && "$NUDIPOLE" "$@" --output "$det_dir/$run_in_dir")
}

# run_or_fail: the same as a preparation
run_or_fail() {
    run_in "$@" > "$log" 2>&1 || fail "preparation of $1" 'the run failed'
}

# near EXPECTED TOLERANCE COMMAND...: the number that COMMAND prints is the expected one
near() {
    near_expected=$1 near_tolerance=$2
    shift 2
    near_number=$("$@") || return 1
    echo "$near_number" | awk -v a="$near_expected" -v e="$near_tolerance" '
        { print; bad = NF != 1 || !($1 >= a * (1 - e) && $1 <= a * (1 + e)) }
        END { exit bad || NR != 1 }'
}

# holds DIR FILE...: the same as has, in the folder of these tests
holds() {
    holds_dir=$det_dir/$1
    shift
    has "$holds_dir" "$@" && ls "$holds_dir"
}

# last_comment FILE: the column names, which end the header
last_comment() {
    sed -n '/^#/!q; p' "$det_dir/$1" | grep -v '^# [^ ]*$' | tail -n 1
}

# rows FILE: how many, and of how many values
rows() {
    awk '!/^#/ && NF { n++; if (!fields) fields = NF; if (NF != fields) bad = 1 }
        END { print n " rows of " fields; exit bad }' "$det_dir/$1"
}

# blocks FILE COLUMN: the first word (0: the comment before) and the number of rows of each block
blocks() {
    awk -v column="$2" '
        /^#/ { comment = $2; next }
        !NF { blank++; next }
        { if (blank > 1 || !n) word[++n] = column ? $column : comment; blank = 0; rows[n]++ }
        END { for (i = 1; i <= n; i++) printf "%s%s %d", (i > 1 ? " " : ""), word[i], rows[i]
              print "" }' "$det_dir/$1"
}

# scaled FILE1 FILE2 COLUMN FACTOR: that column of FILE2 is FACTOR times the one of FILE1
scaled() {
    grep -v '^#' "$det_dir/$1" > "$det_dir/one"
    grep -v '^#' "$det_dir/$2" > "$det_dir/two"
    paste -d ' ' "$det_dir/one" "$det_dir/two" | awk -v column="$3" -v factor="$4" '
        NF { a = factor * $column; b = $(column + NF / 2); n++
             if (!(a > 0 && (b - a) / a < 1e-12 && (a - b) / a < 1e-12)) { print; bad = 1 } }
        END { exit bad || !n }'
}

# same DIR1 DIR2 FILE...: these files are equal to the byte
same() {
    same_one=$det_dir/$1 same_two=$det_dir/$2
    shift 2
    for same_file; do
        cmp "$same_one/$same_file" "$same_two/$same_file" || return 1
    done
}

# same_rows FILE1 FILE2 NAME1 NAME2: below the headers, once NAME2 is called NAME1
same_rows() {
    grep -v '^#' "$det_dir/$1" > "$det_dir/one"
    grep -v '^#' "$det_dir/$2" | sed "s/^\(xenon1t \)*$4 /\1$3 /" > "$det_dir/two"
    test -s "$det_dir/one" && cmp "$det_dir/one" "$det_dir/two"
}

# value FILE KEY: the first number of a JSON file with this key
value() {
    sed -n 's/^ *"'"$2"'": \([-+.0-9e]*\),*$/\1/p' "$det_dir/$1" | head -n 1
}

# quiet DIR COMMAND FILE OPTION...: prints nothing, without gnuplot nothing but the warning; figures
# are drawn without complaint
quiet() {
    quiet_dir=$det_dir/$1
    shift
    quiet_text=$("$NUDIPOLE" "$@" --output "$quiet_dir" 2>&1) || return 1
    echo "$quiet_text"
    test -s "$quiet_dir/run.ini" || return 1
    if command -v gnuplot > /dev/null; then test -z "$quiet_text"; else
        test "$(echo "$quiet_text" | grep -v -c 'warning: cannot run gnuplot')" -eq 0
    fi
}

if command -v gnuplot > /dev/null; then
    drawn() { echo "$1.gp $1.png $1.pdf"; }
else
    drawn() { echo "$1.gp"; }
fi

# ---- spectrum
expect 'spectrum' 0 '^8B +[12][0-9.]+ +2\.3' -- \
    "$NUDIPOLE" spectrum params/fig1.ini --output "$det_dir/fig1"
expect 'spectrum: files' 0 '' -- \
    holds fig1 spectrum.dat spectrum_fine.dat $(drawn spectrum) summary.json run.ini
expect 'spectrum: columns' 0 '^# E_keV signal background total data data_err$' -- \
    last_comment fig1/spectrum.dat
expect 'spectrum: rows' 0 '^29 rows of 6$' -- rows fig1/spectrum.dat
expect 'spectrum: fine columns' 0 '^# E_keV recoil signal background total$' -- \
    last_comment fig1/spectrum_fine.dat
expect 'spectrum: fine rows' 0 '^290 rows of 5$' -- rows fig1/spectrum_fine.dat
expect 'spectrum: the header has what matters' 0 '^# m4_keV = 640$' -- \
    cat "$det_dir/fig1/spectrum.dat"
expect 'spectrum: the header has nothing else' 1 '' -- \
    grep -E '^# (T_RH_MeV|m4_min_keV|d_points|statistics|contours) = ' "$det_dir/fig1/spectrum.dat"

# events COLUMN: from 1 to 7 keV, of a rate per t yr keV
events() {
    awk -v column="$1" '!/^#/ && $1 > 1 && $1 < 7 { sum += $column }
        END { printf "%.10g\n", sum * 0.647309514 }' "$det_dir/fig1/spectrum.dat"
}
expect 'spectrum: signal from 1 to 7 keV' 0 '' -- near 19.9 0.02 events 2
expect 'spectrum: background from 1 to 7 keV' 0 '' -- near 231.6 0.001 events 3
expect 'spectrum: data from 1 to 7 keV' 0 '' -- near 285 1e-6 events 5
expect 'spectrum: total and error' 0 '^fine$' -- awk '
    function off(a, b) { d = a / b - 1; return d > 1e-14 || d < -1e-14 }
    !/^#/ && NF && (off($2 + $3, $4) || off($6 * $6 * 0.647309514, $5)) { bad++ }
    END { print bad ? bad " rows are off" : "fine" }' "$det_dir/fig1/spectrum.dat"
expect 'spectrum: summary, signal' 0 '' -- near 19.9 0.02 value fig1/summary.json signal_counts
expect 'spectrum: summary, peak' 0 '' -- near 2.3 0.02 value fig1/summary.json peak_keV
expect 'spectrum: summary, data' 0 '' -- near 285 0 value fig1/summary.json observed
expect 'spectrum: summary is JSON' 0 '^}$' -- tail -n 1 "$det_dir/fig1/summary.json"

# the rate is proportional to d^2, and four times larger as Eq. 1 is printed
run_or_fail double spectrum params/fig1.ini --set d_muB=4.4e-9
run_or_fail lagrangian spectrum params/fig1.ini --set convention=lagrangian
expect 'spectrum: twice the coupling' 0 '' -- \
    scaled fig1/spectrum.dat double/spectrum.dat 2 4
expect 'spectrum: lagrangian convention' 0 '' -- \
    scaled fig1/spectrum.dat lagrangian/spectrum.dat 2 4
expect 'spectrum: the background does not change' 0 '' -- \
    scaled fig1/spectrum.dat lagrangian/spectrum.dat 3 1

# several sources
run_or_fail sources spectrum params/fig1.ini --set m4_keV=100 --set sources=8B,pp,CNO
run_or_fail members spectrum params/fig1.ini --set m4_keV=100 --set sources=8B,pp,17F+13N+15O
expect 'spectrum: one block a source, in order' 0 '^8B 29 pp 29 CNO 29$' -- \
    blocks sources/spectrum.dat 0
expect 'spectrum: one fine block a source' 0 '^8B 290 pp 290 CNO 290$' -- \
    blocks sources/spectrum_fine.dat 0
expect 'spectrum: CNO is 13N+15O+17F' 0 '' -- \
    same_rows sources/spectrum.dat members/spectrum.dat CNO 17F+13N+15O
run_or_fail sum spectrum params/fig1.ini --set m4_keV=100 --set 'sources=8B + pp + CNO'
expect 'spectrum: signals add up' 0 '^29 fine$' -- awk '
    FNR == 1 { file++ }
    /^#/ || !NF { next }
    file == 1 { parts[$1] += $2; next }
    { d = $2 / parts[$1] - 1; if (d < 1e-12 && d > -1e-12) n++ }
    END { print n " fine" }' "$det_dir/sources/spectrum.dat" "$det_dir/sum/spectrum.dat"
expect 'spectrum: no mass above the end point of one source of two' 0 '^8B +[0-9.]+ +2\.3' -- \
    run_in half spectrum params/fig1.ini --set sources=pp,8B

# ---- fit of one mass
expect 'fit of one mass' 0 '^8B +640 +3\.2[0-9]e-09 +7\.' -- \
    "$NUDIPOLE" fit params/fig2.ini $det_one --set exclusion=xenonnt --output "$det_dir/one_mass"
expect 'fit: columns' 0 '^# source m4_keV d_muB two_dlnL$' -- last_comment one_mass/fit.dat
expect 'fit: rows' 0 '^200 rows of 4$' -- rows one_mass/fit.dat
expect 'fit: the header has what matters' 0 '^# d_points = 200$' -- cat "$det_dir/one_mass/fit.dat"
expect 'fit: the header has nothing else' 1 '' -- \
    grep -E '^# (T_RH_MeV|m4_keV|d_muB|statistics) = ' "$det_dir/one_mass/fit.dat"

# best COLUMN: of the row with the largest gain
best() {
    awk -v column="$1" '!/^#/ && NF && (!n++ || $4 > gain) { gain = $4; found = $column }
        END { print found }' "$det_dir/one_mass/fit.dat"
}
# limit DIR EXPERIMENT COLUMN: of the only row of limits.dat for that experiment
limit() {
    awk -v experiment="$2" -v column="$3" '$1 == experiment { print $column }' \
        "$det_dir/$1/limits.dat"
}
expect 'fit: best coupling of the grid' 0 '' -- near 3.26e-9 0.03 best 3
expect 'fit: largest gain of the grid' 0 '' -- near 7.0 0.02 best 4
expect 'fit: best coupling' 0 '' -- near 3.26e-9 0.01 limit one_mass xenon1t 4
expect 'fit: limit of XENONnT' 0 '' -- near 1.22e-9 0.02 limit one_mass xenonnt 7
expect 'fit: columns of limits.dat' 0 \
    '^# experiment source m4_keV d_best_muB two_dlnL d_low_muB d_up_muB$' -- \
    last_comment one_mass/limits.dat
expect 'fit: columns of best.dat' 0 '^# source m4_keV d_muB two_dlnL$' -- \
    last_comment one_mass/best.dat
expect 'fit: -2 ln L without signal' 0 '' -- \
    near 44.00 0.0003 value one_mass/summary.json no_signal_two_nll

run_or_fail massless fit params/fig2.ini --set flavour_weight=none --set m4_points=1 \
    --set m4_min_keV=1 --set sources=pp+7Be+pep+CNO
expect 'fit, massless: best coupling' 0 '' -- near 2.36e-11 0.02 limit massless xenon1t 4
expect 'fit, massless: gain' 0 '' -- near 10.0 0.02 limit massless xenon1t 5
expect 'fit, massless: lower end' 0 '' -- near 1.60e-11 0.02 limit massless xenon1t 6
expect 'fit, massless: upper end' 0 '' -- near 2.94e-11 0.02 limit massless xenon1t 7
expect 'fit, massless: name of the sum' 0 '^pp\+7Be\+pep\+CNO$' -- limit massless xenon1t 2

run_or_fail fit_lagrangian fit params/fig2.ini $det_one --set exclusion=xenonnt \
    --set convention=lagrangian
expect 'fit: the convention halves the limits' 0 '' -- \
    scaled one_mass/limits.dat fit_lagrangian/limits.dat 7 0.5
expect 'fit: the convention keeps the grid' 0 '' -- scaled one_mass/fit.dat fit_lagrangian/fit.dat 3 1

# ---- fit of masses and couplings
# closed FILE: the arrays of a JSON file are polygons; prints how many
closed() {
    awk '/"(m4_keV|d_muB)": \[/ { inside = 1; n = 0; next }
        inside && /\]/ { inside = 0; arrays++; if (n < 4 || first != last) bad++; next }
        inside { sub(/,/, ""); last = $1; if (!n++) first = last }
        END { print arrays / 2 " polygons, " bad + 0 " open" }' "$det_dir/$1"
}
# closed_blocks FILE: the same of contours.dat
closed_blocks() {
    awk 'function finish() { if (n) { polygons++; if (n < 4 || first != last) bad++ } n = 0 }
        /^#/ { next }
        !NF { finish(); next }
        { last = $0; if (!n++) first = last }
        END { finish(); print polygons " polygons, " bad + 0 " open" }' "$det_dir/$1"
}
expect 'fit of a plane' 0 '^pp +[0-9.]+ +[0-9.]+e-11 ' -- "$NUDIPOLE" fit params/fig2_xenonnt.ini \
    $det_coarse --output "$det_dir/plane"
expect 'fit of a plane: files' 0 '' -- holds plane fit.dat contours.dat best.dat limits.dat \
    regions.json $(drawn fit) summary.json run.ini
expect 'fit of a plane: rows' 0 '^2400 rows of 4$' -- rows plane/fit.dat
expect 'fit of a plane: columns of contours.dat' 0 '^# source sigma m4_keV d_muB$' -- \
    last_comment plane/contours.dat
expect 'fit of a plane: regions are closed' 0 '^[1-9][0-9]* polygons, 0 open$' -- \
    closed plane/regions.json
expect 'fit of a plane: contours.dat has the same' 0 "^$(closed plane/regions.json)\$" -- \
    closed_blocks plane/contours.dat
expect 'fit of a plane: best points' 0 '^pp 1 CNO 1 8B 1 $' -- awk \
    '!/^#/ && NF && $4 > 9.5 && $4 < 10.5 { printf "%s 1 ", $1 } END { print "" }' \
    "$det_dir/plane/best.dat"
expect 'fit of a plane: limits, experiment by experiment' 0 \
    '^xenon1t 20 xenon1t 20 xenon1t 20 xenonnt 20 xenonnt 20 xenonnt 20$' -- \
    blocks plane/limits.dat 1
expect 'fit of a plane: limits, source by source' 0 '^pp 20 CNO 20 8B 20 pp 20 CNO 20 8B 20$' -- \
    blocks plane/limits.dat 2
for det_name in fig2 fig2_paper; do
    expect "fit of $det_name.ini" 0 '^data +XENON1T SR1, ' -- \
        run_in $det_name fit params/$det_name.ini $det_coarse
    expect "fit of $det_name.ini: regions are closed" 0 '^[1-9][0-9]* polygons, 0 open$' -- \
        closed $det_name/regions.json
done

run_or_fail order fit params/fig2.ini --set m4_points=3 --set d_points=4 \
    --set sources=8B,CNO,13N+15O,pp
expect 'fit: sources in the order of the file' 0 '^8B CNO 13N\+15O pp $' -- awk '
    !/^#/ && NF { printf "%s ", $1 } END { print "" }' "$det_dir/order/best.dat"
run_or_fail fit_cno fit params/fig2.ini --set m4_points=3 --set d_points=4 --set sources=CNO
run_or_fail fit_members fit params/fig2.ini --set m4_points=3 --set d_points=4 \
    --set sources=13N+15O+17F
for det_name in fit limits; do
    expect "fit: CNO is 13N+15O+17F in $det_name.dat" 0 '' -- \
        same_rows fit_cno/$det_name.dat fit_members/$det_name.dat CNO 13N+15O+17F
done

# ---- tritium, other experiments
expect 'fit: tritium is told' 0 ', tritium free$' -- run_in tritium fit params/fig2.ini $det_one \
    --set m4_min_keV=10 --set tritium=free
expect 'fit: -2 ln L without signal, tritium free' 0 '' -- \
    near 34.48 0.0003 value tritium/summary.json no_signal_two_nll
expect 'fit: tritium takes most of the gain' 0 '^0\.[1-9]' -- limit tritium xenon1t 5
run_or_fail tritium spectrum params/fig1.ini --set tritium=free
expect 'spectrum: tritium takes most of the gain' 0 '^0\.[1-9]' -- \
    value tritium/summary.json two_dlnL
expect 'spectrum: the size of tritium' 0 '^0\.[1-9]|^[1-9]' -- value tritium/summary.json tau
for det_name in lz2022 lz2024 pandax4t; do
    expect "fit to $det_name" 0 '^data +(LZ|PandaX).* \(secondary: digitised\), ' -- \
        run_in $det_name fit params/fig2.ini $det_one --set experiment=$det_name
    expect "spectrum against $det_name" 0 '"secondary": true' -- sh -c '"$1" spectrum \
        params/fig1.ini --set experiment=$2 --quiet --output "$3" && cat "$3/summary.json"' - \
        "$NUDIPOLE" $det_name "$det_dir/$det_name"
done
expect 'XENONnT is not secondary' 0 '^data +XENONnT SR0, 1\.16 t yr; ' -- \
    run_in xenonnt spectrum params/fig1.ini --set experiment=xenonnt

# ---- reproducibility, --quiet
run_or_fail again spectrum "$det_dir/fig1/run.ini"
expect 'run.ini repeats spectrum' 0 '' -- same fig1 again spectrum.dat spectrum_fine.dat run.ini
run_or_fail plane_again fit "$det_dir/plane/run.ini"
expect 'run.ini repeats fit' 0 '' -- same plane plane_again fit.dat contours.dat best.dat \
    limits.dat regions.json run.ini
same_with_threads() {
    for det_threads in 1 2; do
        (export OMP_NUM_THREADS=$det_threads && run_in threads$det_threads fit \
            params/fig2_xenonnt.ini --set m4_points=60 --set d_points=60) || return 1
    done
    same threads1 threads2 fit.dat contours.dat best.dat limits.dat regions.json
}
expect 'fit: one thread and two give the same bytes' 0 '' -- same_with_threads
expect '--quiet: spectrum' 0 '' -- \
    quiet quiet spectrum params/fig1.ini --set sources=8B,pp --quiet
expect '--quiet: fit of one mass' 0 '' -- \
    quiet quiet_one fit params/fig2.ini $det_one --set exclusion=xenonnt --quiet
expect '--quiet: fit of a plane' 0 '' -- \
    quiet quiet_plane fit params/fig2.ini $det_coarse -q

# ---- parameters that are refused
# refused_run NAME 'regex' COMMAND FILE OPTION...: exit code 2, a message, nothing written
refused_run() {
    refused_name=$1 refused_regex=$2
    shift 2
    expect "$refused_name" 2 "^nudipole: $refused_regex" -- "$NUDIPOLE" "$@" \
        --output "$det_dir/refused"
    expect "$refused_name: writes nothing" 0 '' -- test ! -e "$det_dir/refused"
    rm -rf "$det_dir/refused"
}

det_edges='edges of its 29 bins from 1 to 30 keV'
for command in spectrum fit; do
    printf '[solar]\nsources = pp, 9B\n' > "$det_dir/bad.ini"
    refused_run "$command: unknown source" \
        ".*/bad\.ini:2: sources = 9B: '9B': unknown source: allowed are pp, pep, 7Be, 8B, hep, " \
        $command "$det_dir/bad.ini"
    refused_run "$command: unknown source in a sum" \
        "--set: sources = pp\+8b: '8b': unknown source: allowed are " \
        $command params/fig1.ini --set sources=pp+8b
    refused_run "$command: a source twice" "--set: sources = 8B: the same as '8B': allowed is " \
        $command params/fig1.ini --set sources=8B,8B
    refused_run "$command: a sum twice" "--set: sources = CNO: the same as '13N\+15O\+17F': " \
        $command params/fig1.ini --set sources=13N+15O+17F,CNO
    refused_run "$command: a source twice in a sum" \
        "--set: sources = CNO\+15O: .*'15O' counts a source twice: allowed is each source once" \
        $command params/fig1.ini --set sources=CNO+15O
    for det_window in 'min_keV=0' 'min_keV=1.5' 'max_keV=40' 'max_keV=7.5'; do
        refused_run "$command: window_$det_window" \
            "--set: window_${det_window%=*} = ${det_window#*=}: no bin of XENON1T SR1 .* at ${det_window#*=} keV: allowed are $det_edges" \
            $command params/fig1.ini --set window_$det_window
    done
    refused_run "$command: window_min above window_max" \
        '--set: window_max_keV = 5: not above window_min_keV = 6 \(--set\): ' \
        $command params/fig1.ini --set window_min_keV=6 --set window_max_keV=5
    refused_run "$command: tritium without template" \
        '--set: tritium = free: XENONnT SR0 has no tritium template: allowed is off' \
        $command params/fig1.ini --set tritium=free --set experiment=xenonnt
    refused_run "$command: unknown experiment" \
        '--set: experiment = nowhere: .*/experiments/nowhere/experiment\.ini: cannot be read: ' \
        $command params/fig1.ini --set experiment=nowhere
    refused_run "$command: unknown folder of an experiment" \
        '--set: experiment = .*nowhere: .*/nowhere/experiment\.ini: cannot be read: ' \
        $command params/fig1.ini --set experiment=./nowhere
    refused_run "$command: confidence_level" \
        '--set: confidence_level = 2: out of range: allowed is 0\.5 to 0\.9999$' \
        $command params/fig1.ini --set confidence_level=2
done
refused_run 'spectrum: mass above the end point' \
    '--set: m4_keV = 5000.*: above the end point of every source: allowed is below 3476\.2 keV, ' \
    spectrum params/fig1.ini --set m4_keV=5000
refused_run 'fit: masses above the end point' \
    '--set: m4_min_keV = 5000.*: above the end point of every source: allowed is below 3476\.2 ' \
    fit params/fig1.ini --set m4_min_keV=5000 --set m4_max_keV=6000
refused_run 'fit: unknown experiment of a limit' '--set: exclusion = nowhere: .*cannot be read: ' \
    fit params/fig1.ini --set exclusion=xenonnt,nowhere
refused_run 'fit: m4_max below m4_min' '--set: m4_max_keV = 5: not above m4_min_keV = 10 \(' \
    fit params/fig2.ini --set m4_max_keV=5
refused_run 'fit: d_max below d_min' '--set: d_max_muB = 1e-12: not above d_min_muB = 1e-11 \(' \
    fit params/fig2.ini --set d_max_muB=1e-12
for command in spectrum fit; do
    refused_run "$command: missing file" 'nowhere\.ini: cannot be read: No such file' \
        $command nowhere.ini
    expect "$command: output is a regular file" 2 'Makefile is not a folder$' -- \
        "$NUDIPOLE" $command params/fig1.ini --output Makefile
done
