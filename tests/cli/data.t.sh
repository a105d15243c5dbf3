# Where the measured inputs are found, one's own experiments and fluxes, and malformed data.

dat_dir=$TMP_DIR/data
mkdir "$dat_dir"
unset NUDIPOLE_DATA

# The shipped data predict 20.02 events of fig1.ini, a folder with twice the flux of 8B 40.03: so it
# shows which of the two was read.
dat_once='^8B +20\.02 '
dat_twice='^8B +40\.03 '
cp -r params/data "$dat_dir/twice"
sed 's/^8B,5460000,/8B,10920000,/' params/data/solar/fluxes.csv > "$dat_dir/twice/solar/fluxes.csv"

# count PROGRAM FILE OPTION...: the numbers of a spectrum; no figure, which takes most of the time
count() {
    count_program=$1
    shift
    (PATH=$dat_dir/nowhere && "$count_program" spectrum "$@" --output "$dat_dir/out")
}
# count_from DIR PROGRAM FILE OPTION...: the same in another working directory
count_from() {
    count_from=$1
    shift
    (cd "$count_from" && count "$@")
}
# no_data NAME 'regex' COMMAND...: exit code 2, a message, nothing written
no_data() {
    no_data_name=$1 no_data_regex=$2
    shift 2
    rm -rf "$dat_dir/out"
    expect "$no_data_name" 2 "^nudipole: $no_data_regex" -- "$@"
    expect "$no_data_name: writes nothing" 0 '' -- test ! -e "$dat_dir/out"
}
dat_fig1=$PWD/params/fig1.ini
dat_data=$PWD/params/data

# ---- lookup
expect 'data: found' 0 "$dat_once" -- count "$NUDIPOLE" params/fig1.ini
expect 'data: --data' 0 "$dat_twice" -- count "$NUDIPOLE" params/fig1.ini --data "$dat_dir/twice"
export NUDIPOLE_DATA="$dat_dir/twice"
expect 'data: NUDIPOLE_DATA' 0 "$dat_twice" -- count "$NUDIPOLE" params/fig1.ini
expect 'data: --data wins' 0 "$dat_once" -- count "$NUDIPOLE" params/fig1.ini --data params/data
no_data 'data: a wrong --data is not skipped' \
    '--data nowhere: there is no such folder: needed is .* that holds solar/fluxes\.csv$' \
    count "$NUDIPOLE" params/fig1.ini --data nowhere
export NUDIPOLE_DATA=nowhere2
no_data 'data: both are wrong' '--data nowhere: there is no such folder: needed is ' \
    count "$NUDIPOLE" params/fig1.ini --data nowhere
no_data 'data: a wrong NUDIPOLE_DATA' 'NUDIPOLE_DATA = nowhere2: there is no such folder: needed ' \
    count "$NUDIPOLE" params/fig1.ini
no_data 'data: a wrong NUDIPOLE_DATA of a fit' 'NUDIPOLE_DATA = nowhere2: there is no such folder' \
    "$NUDIPOLE" fit params/fig1.ini --output "$dat_dir/out"
expect 'data: --data beats a wrong NUDIPOLE_DATA' 0 "$dat_twice" -- \
    count "$NUDIPOLE" params/fig1.ini --data "$dat_dir/twice"
export NUDIPOLE_DATA=
expect 'data: an empty NUDIPOLE_DATA is none' 0 "$dat_once" -- count "$NUDIPOLE" params/fig1.ini
unset NUDIPOLE_DATA
no_data 'data: --data without data' '--data params: it does not hold the data: needed is the folder ' \
    count "$NUDIPOLE" params/fig1.ini --data params
expect 'data: params takes no --data' 2 '^nudipole: params: takes no --data: it reads no measured inputs$' -- \
    "$NUDIPOLE" params --data params/data

# an installed program, a source tree, a program alone
mkdir -p "$dat_dir/usr/bin" "$dat_dir/usr/share/nudipole" "$dat_dir/tree/build/san" \
    "$dat_dir/tree/params" "$dat_dir/1/2/3/4"
for dat_name in usr/bin tree/build/san 1/2/3/4; do
    cp "$NUDIPOLE" "$dat_dir/$dat_name/nudipole"
done
cp -r "$dat_dir/twice" "$dat_dir/usr/share/nudipole/data"
cp -r "$dat_dir/twice" "$dat_dir/tree/params/data"
for dat_name in / "$PWD"; do
    expect "data: an installed program in $dat_name" 0 "$dat_twice" -- \
        count_from "$dat_name" "$dat_dir/usr/bin/nudipole" "$dat_fig1"
    expect "data: a source tree in $dat_name" 0 "$dat_twice" -- \
        count_from "$dat_name" "$dat_dir/tree/build/san/nudipole" "$dat_fig1"
done
ln -s "$dat_dir/usr/bin/nudipole" "$dat_dir/1/link"
expect 'data: an installed program by a link' 0 "$dat_twice" -- \
    count_from / "$dat_dir/1/link" "$dat_fig1"
dat_alone=$dat_dir/1/2/3/4/nudipole
no_data 'data: a program alone' 'no folder of data found: say where it is with --data DIR or NUDIPOLE_DATA; none of these holds solar/fluxes\.csv: .*/1/2/3/share/nudipole/data, .*/1/2/3/4/params/data, .*/1/params/data, params/data, ' \
    count_from / "$dat_alone" "$dat_fig1"
expect 'data: a program alone with --data' 0 "$dat_twice" -- \
    count_from / "$dat_alone" "$dat_fig1" --data "$dat_dir/twice"
expect 'data: a program alone in a source tree' 0 "$dat_twice" -- \
    count_from "$dat_dir/tree/build" "$dat_alone" "$dat_fig1"

# ---- one's own experiment and fluxes, relative to the parameter file, not to the working directory
mkdir "$dat_dir/own"
cp params/fig1.ini "$dat_dir/own/plain.ini"
cp -r params/data/experiments/xenon1t "$dat_dir/own/mine"
sed -e 's/^title = .*/title = Mine/' -e 's/^exposure_t_yr = .*/exposure_t_yr = 1.294619028/' \
    params/data/experiments/xenon1t/experiment.ini > "$dat_dir/own/mine/experiment.ini"
{ cat params/fig1.ini && printf '[detector]\nexperiment = ./mine\n'; } > "$dat_dir/own/mine.ini"
expect 'own experiment: twice the exposure, twice the events' 0 "$dat_twice" -- \
    count "$NUDIPOLE" "$dat_dir/own/mine.ini"
mv "$dat_dir/out" "$dat_dir/mine"
expect 'own experiment: title and exposure' 0 '^data +Mine, 1\.29462 t yr; 1 to 7 keV: 285 ' -- \
    count_from "$dat_dir/own" "$NUDIPOLE" mine.ini --data "$dat_data"
expect 'own experiment: as a limit, under the name of its folder' 0 \
    '^mine 8B 640 [0-9.e-]+ 7\.[0-9]* [0-9.e-]+ [0-9.e-]+$' -- sh -c '"$1" fit "$2/own/plain.ini" \
    --set exclusion=./mine --set window_min_keV=1 --set window_max_keV=30 --set m4_min_keV=640 \
    --set m4_points=1 --set d_points=3 --quiet --output "$2/limit" && cat "$2/limit/limits.dat"' - \
    "$NUDIPOLE" "$dat_dir"

# A flux file doubles 8B and leaves the others; a shape is relative to the flux file.
mkdir "$dat_dir/own/flux"
cp params/data/solar/spectrum_8B.csv "$dat_dir/own/flux/mine.csv"
printf 'source,flux_per_cm2_s,relative_error\n8B,10920000,0.1\n' > "$dat_dir/own/flux/a.csv"
printf 'source,flux_per_cm2_s,relative_error,shape\n8B,10920000,0.1,mine.csv\npp,5.98e10,0.01,-\n' \
    > "$dat_dir/own/flux/b.csv"
{ cat params/fig1.ini && printf '[solar]\nflux_file = flux/a.csv\n'; } > "$dat_dir/own/flux.ini"
expect 'own flux: twice the flux, twice the events' 0 "$dat_twice" -- \
    count "$NUDIPOLE" "$dat_dir/own/flux.ini"
mv "$dat_dir/out" "$dat_dir/flux"
expect 'own flux: is told' 0 '; all neutrinos \(P = 1\), own fluxes on b16-gs98, ' -- \
    count "$NUDIPOLE" "$dat_dir/own/flux.ini"
expect 'own flux: with an own shape' 0 "$dat_twice" -- \
    count "$NUDIPOLE" "$dat_dir/own/plain.ini" --set flux_file=flux/b.csv
dat_other='--set m4_keV=100 --set sources=CNO'
count "$NUDIPOLE" "$dat_dir/own/plain.ini" $dat_other 2> /dev/null |
    grep '^CNO ' > "$dat_dir/cno" || fail 'preparation of CNO' 'no such line'
expect 'own flux: leaves other sources' 0 "^$(cat "$dat_dir/cno")\$" -- \
    count "$NUDIPOLE" "$dat_dir/own/flux.ini" $dat_other

# elsewhere NAME: run.ini repeats a run from another folder and another working directory
elsewhere() {
    mkdir -p "$dat_dir/elsewhere" && cp "$dat_dir/$1/run.ini" "$dat_dir/elsewhere/any.ini" &&
        count_from / "$NUDIPOLE" "$dat_dir/elsewhere/any.ini" --data "$dat_data" &&
        cmp "$dat_dir/$1/spectrum.dat" "$dat_dir/out/spectrum.dat" &&
        cmp "$dat_dir/$1/run.ini" "$dat_dir/out/run.ini"
}
expect 'own experiment: run.ini repeats it from elsewhere' 0 "$dat_twice" -- elsewhere mine
expect 'own flux: run.ini repeats it from elsewhere' 0 "$dat_twice" -- elsewhere flux

# ---- malformed experiments
dat_small=$dat_dir/own/small
mkdir "$dat_small"
printf '%s\n' '# mine' 'e_lo_kev,e_hi_kev,counts,b0' 1,2,26,22 2,4,60,54 4,7,50,49.5 \
    > "$dat_small/binned.csv"
printf '%s\n' energy_kev,eff 0,0 1,0.5 10,0.9 > "$dat_small/efficiency.csv"
printf '%s\n' '[experiment]' 'title = Small' 'exposure_t_yr = 0.5' 'resolution_sqrt = 0.3' \
    'resolution_linear = 0' 'efficiency_error = 0.03' 'background_error = 0.03' \
    'binned_file = binned.csv' 'counts_column = counts' 'background_column = b0' \
    'efficiency_file = efficiency.csv' 'efficiency_column = eff' > "$dat_small/experiment.ini"
printf '[solar]\nsources = 8B\n[detector]\nexperiment = ./bad\n' > "$dat_dir/own/bad.ini"

# changed FILE 'sed script': the small experiment with a change, as ./bad
changed() {
    rm -rf "$dat_dir/own/bad"
    cp -r "$dat_small" "$dat_dir/own/bad"
    sed "$2" "$dat_small/$1" > "$dat_dir/own/bad/$1"
}
# malformed NAME FILE 'sed script' 'regex after the name of the file'
malformed() {
    changed "$2" "$3"
    no_data "$1" ".*/bad/$2$4" count "$NUDIPOLE" "$dat_dir/own/bad.ini"
}
changed binned.csv ''
expect 'a small experiment is fine' 0 '^data +Small, 0\.5 t yr; 1 to 7 keV: 136 observed, 125\.5 ' \
    -- count "$NUDIPOLE" "$dat_dir/own/bad.ini"
grep -v '^#' "$dat_dir/out/spectrum.dat" > "$dat_dir/kev"
changed binned.csv 's/e_lo_kev,e_hi_kev/e_lo_kev,e_hi_ev/; s/^\([0-9]\),\([0-9]\),/\1,\2000,/'
expect 'a small experiment in other units' 0 '^data +Small' -- \
    count "$NUDIPOLE" "$dat_dir/own/bad.ini"
grep -v '^#' "$dat_dir/out/spectrum.dat" > "$dat_dir/ev"
expect 'other units: three bins' 0 '^3$' -- grep -c . "$dat_dir/kev"
expect 'other units give the same' 0 '' -- cmp "$dat_dir/kev" "$dat_dir/ev"

malformed 'bins: a cell too few' binned.csv 's/^2,4,60,54/2,4,60/' \
    ':4: 3 cells: expected are 4: e_lo_kev, e_hi_kev, counts, b0$'
malformed 'bins: a cell too many' binned.csv 's/^2,4,/2,4,5,/' ':4: 5 cells: expected are 4: '
malformed 'bins: an empty cell' binned.csv 's/^2,4,60/2,4,/' ':4: counts: the cell is empty: '
malformed 'bins: not increasing' binned.csv 's/^4,7/2,7/' ':5: e_lo_kev = 2: not above the one bef'
malformed 'bins: a gap' binned.csv 's/^4,7/5,7/' ':5: bin from 5 keV: must begin .*, at 4 keV$'
malformed 'bins: upside down' binned.csv 's/^1,2/1,0.5/; s/^2,4/1.5,4/' \
    ':3: bin from 1 to 0\.5 keV: the upper edge must be above the lower$'
malformed 'bins: negative counts' binned.csv 's/,60,/,-60,/' ':4: counts = -60: out of range: '
malformed 'bins: negative background' binned.csv 's/,54/,-1/' ':4: b0 = -1: out of range: '
malformed 'bins: counts without background' binned.csv 's/,54/,0/' ':4: 60 counts and no backg'
malformed 'bins: text' binned.csv 's/,60,/,many,/' ':4: counts = many: not a number: allowed is '
malformed 'bins: nan' binned.csv 's/,60,/,nan,/' ':4: counts = nan: not a finite number: '
malformed 'bins: no unit' binned.csv 's/e_lo_kev/e_lo/' \
    ":2: column 'e_lo': the unit is missing: allowed is e_lo_ev, e_lo_kev or e_lo_mev\$"
malformed 'bins: no such column' binned.csv 's/counts/events/' \
    ":2: column 'counts': missing: there are e_lo_kev, e_hi_kev, events, b0\$"
malformed 'bins: no rows' binned.csv '/^[0-9]/d' ':2: no rows: '
malformed 'bins: a comment between rows' binned.csv 's/^2,4/# &/' ':4: a comment between rows: '
malformed 'efficiency: no unit' efficiency.csv 's/energy_kev/energy/' \
    ":1: column 'energy': the unit is missing: allowed is energy_ev, energy_kev or energy_mev\$"
malformed 'efficiency: an unknown unit' efficiency.csv 's/energy_kev/energy_gev/' \
    ":1: column 'energy_gev': the unit is unknown: allowed is energy_ev, "
malformed 'efficiency: not increasing' efficiency.csv 's/^1,/0,/' \
    ':3: energy_kev = 0: not above the one before it: allowed is more than 0$'
malformed 'efficiency: above 1' efficiency.csv 's/0\.9/1.1/' \
    ':4: eff = 1\.1: out of range: allowed is a number from 0 to 1$'
malformed 'efficiency: does not cover the bins' efficiency.csv 's/^10,/6,/' \
    ':4: the efficiency ends at 6 keV: it is needed up to 7 keV, where the bins end$'
malformed 'experiment.ini: a key is missing' experiment.ini '/^exposure/d' \
    ': exposure_t_yr is missing: exposure: allowed is 1e-06 to 1e\+06 t yr$'
malformed 'experiment.ini: a file is missing' experiment.ini '/^binned_file/d' \
    ': binned_file is missing: '
malformed 'experiment.ini: unknown key' experiment.ini 's/^exposure_t_yr/exposure/' \
    ":3: exposure = 0\.5: unknown key: did you mean 'exposure_t_yr'\?\$"
malformed 'experiment.ini: unknown section' experiment.ini 's/^\[experiment/[detector/' \
    ':1: \[detector\]: unknown section: allowed is experiment$'
malformed 'experiment.ini: no number' experiment.ini 's/= 0\.5/= half/' \
    ':3: exposure_t_yr = half: not a number: '
changed experiment.ini ''
echo 'background_curve_file = binned.csv' >> "$dat_dir/own/bad/experiment.ini"
no_data 'experiment.ini: a curve without its column' \
    '.*/bad/experiment\.ini: background_curve_file and background_curve_column: one without the oth' \
    count "$NUDIPOLE" "$dat_dir/own/bad.ini"
changed experiment.ini 's/= binned\.csv/= nowhere.csv/'
no_data 'bins: no such file' '.*bad\.ini:4: experiment = .*/bad/nowhere\.csv: cannot be read: No ' \
    count "$NUDIPOLE" "$dat_dir/own/bad.ini"
rm "$dat_dir/own/bad/experiment.ini"
no_data 'no experiment.ini' '.*bad\.ini:4: experiment = .*/bad/experiment\.ini: cannot be read: No' \
    count "$NUDIPOLE" "$dat_dir/own/bad.ini"

# ---- malformed fluxes
# bad_flux NAME 'text' 'regex after the name of the file'
bad_flux() {
    printf '%b' "$2" > "$dat_dir/own/bad.csv"
    no_data "$1" ".*/own/bad\.csv$3" \
        count "$NUDIPOLE" "$dat_dir/own/plain.ini" --set flux_file=bad.csv
}
dat_head='source,flux_per_cm2_s,relative_error'
bad_flux 'flux: unknown source' "# mine\n$dat_head\n9B,1e6,0.1\n" \
    ':3: source = 9B: unknown source: allowed are pp, pep, 7Be, 8B, hep, 13N, 15O and 17F$'
bad_flux 'flux: a source twice' "$dat_head\n8B,1e6,0.1\n8B,1e6,0.1\n" ':3: source = 8B: given twic'
bad_flux 'flux: negative' "$dat_head\n8B,-1e6,0.1\n" ':2: flux_per_cm2_s = -1e6: out of range: '
bad_flux 'flux: text' "$dat_head\n8B,1e6,small\n" ':2: relative_error = small: not a number: '
bad_flux 'flux: no such column' 'source,flux,relative_error\n8B,1e6,0.1\n' \
    ":1: column 'flux_per_cm2_s': missing: there are source, flux, relative_error\$"
bad_flux 'flux: no source' 'flux_per_cm2_s,relative_error\n1e6,0.1\n' ":1: .*'source'"
bad_flux 'flux: empty' '' ':.* no column names: '
printf '%b' "$dat_head,shape\n8B,1e6,0.1,nowhere.csv\n" > "$dat_dir/own/bad.csv"
no_data 'flux: no such shape' '.*/own/nowhere\.csv: cannot be read: No such file' \
    count "$NUDIPOLE" "$dat_dir/own/plain.ini" --set flux_file=bad.csv
no_data 'flux: no such file' '.*/own/nowhere\.csv: cannot be read: No such file' \
    count "$NUDIPOLE" "$dat_dir/own/plain.ini" --set flux_file=nowhere.csv

# ---- malformed data of the Sun and of xenon
# bad_data NAME FILE 'sed script' 'regex after the name of the file'
bad_data() {
    rm -rf "$dat_dir/bad"
    cp -r params/data "$dat_dir/bad"
    sed "$3" "params/data/$2" > "$dat_dir/bad/$2"
    no_data "$1" ".*/bad/$2$4" count "$NUDIPOLE" params/fig1.ini --data "$dat_dir/bad"
}
dat_line=$(grep -n '^8B,' params/data/solar/fluxes.csv | cut -d : -f 1)
bad_data 'data: a flux is no number' solar/fluxes.csv 's/^8B,[^,]*/8B,large/' \
    ":$dat_line: b16_gs98_per_cm2_s = large: not a number: "
bad_data 'data: a flux is missing' solar/fluxes.csv '/^8B/d' ':[0-9]+: no flux of 8B: one is needed$'
bad_data 'data: a line without unit' solar/lines.csv 's/e_nu_[km]*ev/e_nu/' \
    ":[0-9]+: column 'e_nu': the unit is missing: "
bad_data 'data: a spectrum that does not increase' solar/spectrum_8B.csv '$s/^[^,]*/0.01/' \
    ":$(grep -c '' params/data/solar/spectrum_8B.csv): e_nu_mev = 0\.01: not above the one before it"
bad_data 'data: a cell too few in the binding energies' xenon/binding_energies.csv '$s/,[^,]*$//' \
    ":$(grep -c '' params/data/xenon/binding_energies.csv): [0-9]+ cells: expected are "
bad_data 'data: an experiment with negative counts' experiments/xenon1t/binned.csv \
    '$s/^\([^,]*,[^,]*\),/\1,-/' \
    ":$(grep -c '' params/data/experiments/xenon1t/binned.csv): counts = -[0-9]+: out of range: "
rm "$dat_dir/bad/solar/lines.csv"
no_data 'data: a file is missing' '.*/bad/solar/lines\.csv: cannot be read: No such file' \
    count "$NUDIPOLE" params/fig1.ini --data "$dat_dir/bad"
