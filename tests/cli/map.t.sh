# nudipole map: files, numbers against other commands, regions from a file, bounds, parameters that
# are refused.

map_dir=$TMP_DIR/map
mkdir "$map_dir"
unset NUDIPOLE_DATA
cat > "$map_dir/map.ini" << EOF
[grid]
m4_min_keV = 10
m4_max_keV = 5000
m4_points = 6
d_min_muB = 1e-12
d_max_muB = 1e-6
d_points = 8

[universe]
T_RH_MeV = 2, 5

[rates]
statistics = maxwell-boltzmann
screening = none

[sweep]
points = $PWD/params/b8.ini, $PWD/params/cno.ini
T_RH_min_MeV = 0.1
T_RH_max_MeV = 20

[solar]
sources = pp, 8B
EOF

# map_in DIR OPTION...: a run without figure, which takes most of the time
map_in() {
    map_in_dir=$1
    shift
    (PATH=$map_dir/nowhere && "$NUDIPOLE" map "$map_dir/map.ini" "$@" --output \
        "$map_dir/$map_in_dir")
}

# map_or_fail DIR OPTION...: the same as a preparation
map_or_fail() {
    map_in "$@" > "$log" 2>&1 || fail "preparation of $1" 'the run failed'
}

# map_has DIR FILE...: exactly these files, none empty
map_has() {
    map_has_dir=$map_dir/$1
    shift
    for map_has_file; do
        test -s "$map_has_dir/$map_has_file" || { echo "$map_has_file: missing or empty"; return 1; }
    done
    ls "$map_has_dir"
    test "$(ls "$map_has_dir" | grep -c .)" -eq $#
}

# map_columns FILE ROWS 'NAME ...': last line of the header, rows, as many values in each row
map_columns() {
    test "$(grep '^#' "$map_dir/$1" | tail -n 1)" = "# $3" || return 1
    awk -v rows="$2" -v names="$3" '
        BEGIN { fields = split(names, x, " ") }
        /^#/ || !NF { next }
        NF != fields { print; bad = 1 }
        { n++ }
        END { print n " rows"; exit bad || n != rows }' "$map_dir/$1"
}

# map_rows FILE: without the header
map_rows() {
    grep -v '^#' "$map_dir/$1"
}

# map_scaled FILE1 FILE2 COLUMN FACTOR TOLERANCE: that column of FILE2 is FACTOR times the one of
# FILE1, the others are equal
map_scaled() {
    map_rows "$1" > "$map_dir/one"
    map_rows "$2" > "$map_dir/two"
    paste -d ' ' "$map_dir/one" "$map_dir/two" | awk -v column="$3" -v factor="$4" -v e="$5" '
        function off(a, b) { d = a == b ? 0 : b / a - 1; return !(d <= e && d >= -e) }
        NF { n++
             for (i = 1; i <= NF / 2; i++) {
                 a = $i; b = $(i + NF / 2)
                 if (i == column ? off(factor * a, b) : a ~ /^[0-9]/ ? off(a, b) : a != b) {
                     print; bad = 1; next } } }
        END { exit bad || !n }'
}

# map_same DIR1 DIR2 FILE...: these files are equal to the byte
map_same() {
    map_one=$map_dir/$1 map_two=$map_dir/$2
    shift 2
    for map_file; do
        cmp "$map_one/$map_file" "$map_two/$map_file" || return 1
    done
}

# map_words FILE: the first words of the rows, each once, in one line
map_words() {
    map_rows "$1" | awk 'NF && !seen[$1]++ { printf "%s ", $1 } END { print "" }'
}

# ---- a run
expect 'map' 0 '^cno +260 +1e-10 +2 +0\.2[12]' -- map_in plane
expect 'map: files' 0 '' -- map_has plane map.dat curves.dat bounds.dat points.dat verdicts.dat \
    contours.dat best.dat map.gp summary.json run.ini
expect 'map: map.dat' 0 '' -- map_columns plane/map.dat 96 \
    'T_RH_MeV m4_keV d_muB max_Gamma_over_H max_n_over_neq at_edge max_rho_N_over_rho_gamma status'
expect 'map: curves.dat' 0 '' -- map_columns plane/curves.dat 60 'criterion value T_RH_MeV m4_keV d_muB'
expect 'map: points.dat' 0 '' -- map_columns plane/points.dat 4 \
    'point m4_keV d_muB T_RH_paper_MeV T_RH_dynamical_MeV'
expect 'map: verdicts.dat' 0 '' -- map_columns plane/verdicts.dat 40 \
    'point m4_keV d_muB T_RH_MeV criterion value d_curve_muB d_over_d_curve above'
expect 'map: bounds.dat' 0 ' rows$' -- map_columns plane/bounds.dat \
    "$(map_rows plane/bounds.dat | grep -c .)" 'bound excluded m4_keV d_muB'
expect 'map: contours.dat' 0 ' rows$' -- map_columns plane/contours.dat \
    "$(map_rows plane/contours.dat | grep -c .)" 'source sigma m4_keV d_muB'
expect 'map: best.dat' 0 '' -- map_columns plane/best.dat 2 'source m4_keV d_muB two_dlnL'
for map_file in map curves bounds points verdicts; do
    expect "map: the header of $map_file.dat has what matters" 0 '^# statistics = maxwell' -- \
        cat "$map_dir/plane/$map_file.dat"
done
expect 'map: the header has nothing else' 1 '' -- \
    grep -E '^# (m4_keV|d_muB|solver_points|window_of_nothing) = ' "$map_dir/plane/map.dat"

expect 'map: a block of curves for each T_RH and criterion' 0 \
    '^gamma_over_H/1/2 n_over_neq/0\.1/2 n_over_neq/0\.5/2 n_over_neq/0\.9/2 rho_N_over_rho_gamma/0\.01/2 gamma_over_H/1/5 n_over_neq/0\.1/5 n_over_neq/0\.5/5 n_over_neq/0\.9/5 rho_N_over_rho_gamma/0\.01/5 $' \
    -- awk '/^#/ { next }
        !NF { blank++; next }
        { name = sprintf("%s/%.4g/%g", $1, $2, $3) }
        blank > 1 || !n { if (n && n != 6) exit 1; n = 0; block = name; printf "%s ", name }
        { blank = 0; n++; if (name != block) exit 1 }
        END { print ""; exit n != 6 }' "$map_dir/plane/curves.dat"
expect 'map: blocks of the plane' 0 '^2 12 96$' -- awk '/^#/ { next }
        !NF { blank++; next }
        blank > 1 || !n { blocks++ }
        blank || !n { masses++ }
        { blank = 0; n++ }
        END { print blocks, masses, n }' "$map_dir/plane/map.dat"
expect 'map: Gamma/H of the plane goes as d^2' 0 '' -- awk '/^#/ || !NF { next }
        { key = $1 " " $2; a = $4 / $3 / $3 }
        key in first && (a / first[key] > 1 + 1e-12 || a / first[key] < 1 - 1e-12) { bad = 1 }
        !(key in first) { first[key] = a }
        { n++ }
        END { exit bad || n != 96 }' "$map_dir/plane/map.dat"
# the plane crosses the value of a curve where the curve is
expect 'map: plane and curves agree' 0 '^480$' -- awk '/^#/ || !NF { next }
        FNR == NR { i = ++n[$3 " " $4]; key = $3 " " $4 " " i
                    criterion[key] = $1; value[key] = $2; d[key] = $5; next }
        { for (i = 1; i <= n[$1 " " $2]; i++) {
              key = $1 " " $2 " " i
              x = criterion[key] == "gamma_over_H" ? $4 : criterion[key] == "n_over_neq" ? $5 : $7
              if ((x >= value[key]) != (d[key] != "inf" && $3 >= d[key])) { print; bad = 1 }
              checked++ } }
        END { print checked; exit bad }' "$map_dir/plane/curves.dat" "$map_dir/plane/map.dat"

(PATH=$map_dir/nowhere && "$NUDIPOLE" curves "$map_dir/map.ini" --set treatments=configured --quiet \
    --output "$map_dir/curves") > "$log" 2>&1 || fail 'preparation of curves' 'the run failed'
map_rows plane/curves.dat | awk '$1 == "gamma_over_H" { print $3, $4, $5 }' > "$map_dir/of_map"
map_rows curves/curves.dat | awk 'NF { print $2, $3, $4 }' > "$map_dir/of_curves"
expect 'map: Gamma/H = 1 is what nudipole curves finds' 0 '^12$' -- sh -c 'paste -d " " "$1" "$2" |
    awk "{ d = \$6 / \$3 - 1; if (\$1 != \$4 || \$2 != \$5 || !(d < 1e-6 && d > -1e-6)) exit 1; n++ }
         END { print n }"' - "$map_dir/of_map" "$map_dir/of_curves"

# ---- points
expect 'map: the points' 0 '^b8 cno best_pp best_8B $' -- map_words plane/points.dat
expect 'map: 8B thermalises at any T_RH, by Gamma/H' 0 '^b8 600 [^ ]+ 0 ' -- \
    map_rows plane/points.dat
expect 'map: CNO, highest T_RH' 0 '^cno 260 1e-10 6\.4[0-9]+ 7\.1[0-9]+$' -- \
    map_rows plane/points.dat
expect 'map: verdicts are consistent' 0 '^40$' -- awk '/^#/ || !NF { next }
        { f = $3 / $7 / $8 - 1; n++
          if (f > 1e-12 || f < -1e-12 || $9 != ($8 >= 1)) { print; bad = 1 } }
        END { print n; exit bad }' "$map_dir/plane/verdicts.dat"
expect 'map: verdict on 8B' 0 '^b8 600 [^ ]+ 2 gamma_over_H 1 2\.38[0-9]*e-10 4\.19[0-9]+ 1$' -- \
    map_rows plane/verdicts.dat
expect 'map: verdict on CNO' 0 '^cno 260 1e-10 5 n_over_neq 0\.5 [^ ]+ 0\.8[0-9]+ 0$' -- \
    map_rows plane/verdicts.dat
expect 'map: summary.json is JSON' 0 '' -- sh -c 'if command -v jq > /dev/null; then
        jq . "$1"; elif python3 -c "import json"; then python3 -m json.tool "$1"; fi' - \
    "$map_dir/plane/summary.json"
for map_line in '"command": "map"' '"point": "best_8B"' '"highest_T_RH_MeV_paper": "none"' \
    '"highest_T_RH_MeV_paper": 6\.4[0-9]*' '"at_window_edge": true' '"excluded_by": \[$' \
    '"bound": "sn1987a"' '"confidence": "90 %"' '"failed": \[\]'; do
    expect "map: summary.json has $map_line" 0 "^ *$map_line,?\$" -- \
        cat "$map_dir/plane/summary.json"
done
expect 'map: no points' 0 '^best_pp best_8B $' -- sh -c 'sed /^points/d "$1/map.ini" > "$1/few.ini" &&
    "$NUDIPOLE" map "$1/few.ini" --quiet --set m4_points=2 --set d_points=8 --set T_RH_MeV=2 --output \
    "$1/few" && grep -v "^#" "$1/few/points.dat" | cut -d " " -f 1 | tr "\n" " "' - "$map_dir"

# ---- reproducibility, --quiet, the figure
(PATH=$map_dir/nowhere && "$NUDIPOLE" map "$map_dir/plane/run.ini" --output "$map_dir/again") \
    > "$log" 2>&1 || fail 'preparation of again' 'the run failed'
expect 'run.ini repeats map' 0 '' -- map_same plane again map.dat curves.dat bounds.dat points.dat \
    verdicts.dat contours.dat best.dat run.ini
map_with_threads() {
    for map_threads in 1 2; do
        (export OMP_NUM_THREADS=$map_threads && map_in threads$map_threads) || return 1
    done
    map_same threads1 threads2 map.dat curves.dat bounds.dat points.dat verdicts.dat contours.dat \
        best.dat
}
expect 'map: one thread and two give the same bytes' 0 '' -- map_with_threads
# nothing is printed, without gnuplot nothing but the warning; the figure is drawn without complaint
map_quiet() {
    map_text=$("$NUDIPOLE" map params/fig4.ini --set m4_points=6 --set d_points=8 --set \
        statistics=maxwell-boltzmann --set screening=none --quiet --output "$map_dir/quiet" 2>&1) ||
        return 1
    echo "$map_text"
    if command -v gnuplot > /dev/null; then
        test -z "$map_text" && test -s "$map_dir/quiet/map.png" && test -s "$map_dir/quiet/map.pdf"
    else
        test "$(echo "$map_text" | grep -v -c 'warning: cannot run gnuplot')" -eq 0
    fi
}
expect 'map: --quiet' 0 '' -- map_quiet

# ---- regions
(PATH=$map_dir/nowhere && "$NUDIPOLE" fit "$map_dir/map.ini" --quiet --output "$map_dir/fit") \
    > "$log" 2>&1 || fail 'preparation of fit' 'the run failed'
map_or_fail read --set regions="$map_dir/fit/regions.json"
expect 'regions of a file: contours' 0 '' -- \
    map_scaled plane/contours.dat read/contours.dat 4 1 1e-12
expect 'regions of a file: best points' 0 '' -- map_scaled plane/best.dat read/best.dat 3 1 1e-12
expect 'regions of a file: points' 0 '' -- map_scaled plane/points.dat read/points.dat 3 1 1e-9
expect 'regions of a file: map' 0 '' -- map_scaled plane/curves.dat read/curves.dat 5 1 0
expect 'regions of fit: contours' 0 '' -- map_scaled fit/contours.dat read/contours.dat 4 1 1e-12
expect 'regions of fit: best points' 0 '' -- map_scaled fit/best.dat read/best.dat 3 1 1e-12

expect 'regions of a file: of another flavour' 2 \
    '^nudipole: .*regions\.json: is for nu_tau: flavour = mu \(--set\): allowed is the same' -- \
    map_in refused --set flavour=mu --set regions="$map_dir/fit/regions.json"
expect 'regions of a file: what it was made with' 0 '^# nuisances = fixed$' -- sh -c '
    "$NUDIPOLE" fit "$1/map.ini" --quiet --set nuisances=fixed --output "$1/fixed" > /dev/null 2>&1
    "$NUDIPOLE" map "$1/map.ini" --quiet --set regions="$1/fixed/regions.json" --set m4_points=1 \
        --set d_points=2 --output "$1/readfixed" > /dev/null 2>&1
    grep "^# nuisances" "$1/readfixed/map.dat"' - "$map_dir"

# ---- convention
cp "$map_dir/fit/regions.json" "$map_dir/near.json"
map_or_fail lagrangian --set convention=lagrangian --set regions="$map_dir/near.json" \
    --set d_min_muB=5e-13 --set d_max_muB=5e-7
expect 'lagrangian: d of the curves is half' 0 '' -- \
    map_scaled plane/curves.dat lagrangian/curves.dat 5 0.5 1e-7
expect 'lagrangian: d of the plane is half' 0 '' -- \
    map_scaled plane/map.dat lagrangian/map.dat 3 0.5 1e-7
expect 'lagrangian: d of the regions is half' 0 '' -- \
    map_scaled plane/contours.dat lagrangian/contours.dat 4 0.5 1e-12
expect 'lagrangian: d of best points is half' 0 '' -- \
    map_scaled plane/best.dat lagrangian/best.dat 3 0.5 1e-12
expect 'lagrangian: d of bounds is half' 0 '' -- sh -c 'for f in plane lagrangian; do
        grep "^donut above" "$1/$f/bounds.dat" | tail -n 1 | cut -d " " -f 4; done |
    awk "{ x[NR] = \$1 } END { d = 2 * x[2] / x[1] - 1; exit !(d < 1e-12 && d > -1e-12) }"' - "$map_dir"

# ---- bounds
map_cheap="--quiet --set regions=$map_dir/fit/regions.json --set m4_points=1 --set d_points=2"
map_cheap="$map_cheap --set T_RH_MeV=2"
map_fresh='--quiet --set m4_points=1 --set d_points=2 --set T_RH_MeV=2'
map_bounds_mu() {
    map_in bounds $map_fresh --set flavour=mu "$@" > "$log.mu" 2>&1 || { cat "$log.mu"; return 1; }
    map_words bounds/bounds.dat
}
map_bounds() {
    map_in bounds $map_cheap "$@" > "$log" 2>&1 || { cat "$log"; return 1; }
    map_words bounds/bounds.dat
}
map_names() {
    map_words bounds/bounds.dat
}
expect 'bounds=all: those of tau' 0 '^donut lep sn1987a stellar stellar_brdar xenon1t_nr $' \
    -- map_words plane/bounds.dat
expect 'bounds=all: charm2 is not for tau' 1 '' -- grep charm2 "$map_dir/plane/bounds.dat"
expect 'bounds=none' 0 '^$' -- map_bounds --set bounds=none
expect 'bounds=sn1987a' 0 '^sn1987a $' -- map_bounds --set bounds=sn1987a
expect 'bounds=sn1987a: a region' 0 '^sn1987a inside 10 ' -- cat "$map_dir/bounds/bounds.dat"
expect 'bounds in the order given' 0 '^stellar borexino $' -- map_bounds --set bounds=stellar,borexino
expect 'bounds: a mass has no coupling' 0 '^stellar left 250 nan$' -- \
    cat "$map_dir/bounds/bounds.dat"
expect 'bounds=all: mu has charm2' 0 ' charm2 ' -- map_bounds_mu
expect 'bounds=charm2 for mu' 0 '^charm2 $' -- map_bounds_mu --set bounds=charm2

cat > "$map_dir/mine.csv" << EOF
# title: Mine, in 100 % of cases
# source: nowhere
# convention: lagrangian
# flavours: tau
# excluded: above
# confidence: none stated
m4_mev,d_muB
0.1,1e-10
1,1e-10
EOF
sed 's/muB$/parsec/' "$map_dir/mine.csv" > "$map_dir/bad.csv"
{ cat "$map_dir/map.ini"; echo '[map]'; echo 'bounds = sn1987a, ./mine.csv'; } > "$map_dir/mine.ini"
expect 'bounds: a file beside the parameter file' 0 '"cno".* excluded' -- sh -c '
    "$NUDIPOLE" map "$1/mine.ini" $2 --output "$1/mine" && tr -d "\n" < "$1/mine/summary.json" |
    sed "s/\"excluded_by\"/excluded/g"' - "$map_dir" "$map_cheap"
expect 'bounds: its rows, with mu = 2 d' 0 '^mine above 100 (2e-10|2\.0*[0-9]e-10|1\.9999999[0-9]*e-10)$' \
    -- cat "$map_dir/mine/bounds.dat"
expect 'bounds: its title' 0 '"title": "Mine, in 100 % of cases"' -- cat "$map_dir/mine/summary.json"

# ---- what is refused
# map_refused NAME 'regex' OPTION...: exit code 2, a message, nothing written
map_refused() {
    map_name=$1 map_regex=$2
    shift 2
    expect "map: $map_name" 2 "^nudipole: $map_regex" -- map_in refused "$@"
    expect "map: $map_name: writes nothing" 0 '' -- test ! -e "$map_dir/refused"
    rm -rf "$map_dir/refused"
}
map_refused 'unknown bound' '--set: bounds = nowhere: .*/bounds/nowhere\.csv: cannot be read: ' \
    --set bounds=nowhere
map_refused 'a bound of another flavour' '--set: bounds = charm2: does not hold for nu_tau: allowed' \
    --set bounds=charm2
map_refused 'a bound twice' '--set: bounds = stellar: given twice: allowed is each once$' \
    --set bounds=stellar,stellar
map_refused 'all is alone' '--set: bounds = all: ' --set bounds=all,sn1987a
map_refused 'a bad file of bounds' '--set: bounds = .*/bad\.csv: .*bad\.csv:7: ' --set bounds=./bad.csv
map_refused 'no such file of bounds' '--set: bounds = .*/none\.csv: .*cannot be read' \
    --set bounds=./none.csv
map_refused 'T_RH below T_end' \
    '--set: T_RH_MeV = 0\.5: not above T_end_MeV = 1 \(--set\): allowed is T_RH_MeV > T_end_MeV$' \
    --set T_RH_MeV=0.5 --set T_end_MeV=1
map_refused 'T_RH_min below T_end' '.*/map\.ini:.*: T_RH_min_MeV = 0\.1: not above T_end_MeV = 1 \(' \
    --set T_end_MeV=1
map_refused 'T_RH_max below T_RH_min' '.*: T_RH_max_MeV = 20: not above T_RH_min_MeV = 30 \(' \
    --set T_RH_min_MeV=30
map_refused 'a fraction above 1' '--set: fractions = .*2.*: ' --set fractions=0.5,2
map_refused 'a missing point' '.*nowhere\.ini: cannot be read: ' --set points=nowhere.ini

# map_broken NAME 'regex' 'SED COMMAND': a regions.json that is spoilt
map_broken() {
    sed "$3" "$map_dir/fit/regions.json" > "$map_dir/broken.json"
    cmp -s "$map_dir/fit/regions.json" "$map_dir/broken.json" &&
        fail "preparation of $1" 'the sed command changed nothing'
    map_refused "regions: $1" ".*broken\.json:$2" --set regions="$map_dir/broken.json"
}
map_refused 'regions: missing file' '.*nowhere\.json:.*No such file' --set regions=./nowhere.json
map_broken 'not JSON' '1: .*expected' '1s/.*/m4_keV,d_muB/'
map_broken 'cut off' '[0-9]+: ' '$d'
map_broken 'empty' '1: ' 'd'
map_broken 'no convention' ' no convention, half or lagrangian: allowed is a regions\.json as' \
    '/"convention"/d'
map_broken 'unknown convention' ' no convention' 's/"convention": "half"/"convention": "third"/'
map_broken 'wrong sigma' ' sigma is not 1, 2 or 3' 's/"sigma": 3/"sigma": 4/'
map_broken 'a sigma that is no number' ' sigma is not 1' 's/"sigma": 1/"sigma": "one"/'
map_broken 'a sigma twice' ' a sigma is given twice' 's/"sigma": 2/"sigma": 1/'
map_broken 'unknown source' ' .*unknown source' 's/"source": "8B"/"source": "9B"/'
map_broken 'no source' ' a source has no name' 's/"source": "pp"/"name": "pp"/'
map_broken 'no sources' ' no sources' 's/"sources"/"others"/'
map_broken 'best point without a coupling' ' a best point has no positive' '/"best"/,/}/s/"d_muB"/"d"/'
map_broken 'no masses' ' a polygon needs as many' '/"polygons"/,$s/"m4_keV"/"m"/'
