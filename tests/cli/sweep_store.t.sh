# Sweeps over axes: resumed, failures as rows, and nothing computed twice.

sto_dir=$TMP_DIR/store
mkdir "$sto_dir"
sto_axes='vary=m4_keV log 200 800 3, d_muB log 1e-11 1e-9 20, T_RH_MeV list 2 5'
sto_simple='--set work=evolve --set statistics=maxwell-boltzmann --set screening=none'

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
refused 'sweep: several temperatures' '.*T_RH_MeV: 3 temperatures: a point of a sweep has one: ' \
    sweep params/b8.ini --set 'vary=m4_keV list 100 200'
refused 'sweep: unknown column' '--set: columns: Y_q: there is no such column' sweep params/b8.ini \
    --set 'vary=T_RH_MeV list 2 5' --set columns=Y_q
refused 'sweep: column of other work' '--set: columns: Y_p: is not computed by work = evolve' \
    sweep params/b8.ini --set 'vary=T_RH_MeV list 2 5' --set columns=Y_p --set work=evolve
refused 'sweep: no axes' 'params/b8\.ini: vary: a sweep needs axes: .*vary = m4_keV log ' \
    sweep params/b8.ini
refused 'sweep: a word that is none, not the first' '--set: flavour = taw: .*e, mu or tau' \
    sweep params/b8.ini --set 'vary=flavour list e taw' --set T_RH_MeV=2
refused 'sweep: an axis that changes the columns' \
    '.*backreaction = on \(--set\), .*allowed is the same for all points' sweep params/b8.ini \
    --set 'vary=backreaction list off on' --set T_RH_MeV=2 --set work=evolve
refused 'sweep: an axis of what is read once' '--set: rates = parthenope3: all points of a sweep share one' \
    sweep params/b8.ini --set 'vary=rates list primat2023 parthenope3' --set T_RH_MeV=2
refused 'sweep: an axis of precision files' "axis 'precision': the file is read before" \
    sweep params/b8.ini --set T_RH_MeV=2 \
    --set 'vary=precision list precision_fast.ini precision_high.ini'
refused 'sweep: an axis of the sweep itself' '--set: samples: it belongs to the sweep and not to a point' \
    sweep params/b8.ini --set 'vary=samples list 1 2' --set T_RH_MeV=2
refused 'sweep: rates without N' 'params/standard\.ini:[0-9]+: sterile = off: there is no N for work = rates: ' \
    sweep params/standard.ini --set work=rates --set 'vary=T_RH_MeV list 2 5'

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

# bbn follows the coupled Universe whatever `backreaction` says, so that a field may reheat it
expect 'sweep: bbn after a field' 0 '1 points done, 0 failed' -- \
    "$NUDIPOLE" sweep params/b8.ini --set work=bbn --set reheating=field --set 'vary=T_RH_MeV list 2' \
    --set precision=precision_fast.ini --set abundance_errors=off --output "$sto_dir/field"
expect 'sweep: a test particle after a field' 2 \
    'reheating = field: only the coupled Universe knows it' -- \
    "$NUDIPOLE" sweep params/b8.ini --set work=evolve --set reheating=field \
    --set 'vary=T_RH_MeV list 2' --output "$sto_dir/no_field"

# ---- files of points: an axis before all others
mkdir "$sto_dir/points"
printf '[model]\nm4_keV = 300\n' > "$sto_dir/points/300.ini"
printf '[model]\nm4_keV = 200\n[universe]\nT_end_MeV = 0.02\n' > "$sto_dir/points/a.light.ini"
cat > "$sto_dir/points/sweep.ini" << 'END'
d_muB = 3e-10
T_RH_MeV = 2
[rates]
statistics = maxwell-boltzmann
screening = none
[sweep]
points = 300.ini, a.light.ini
vary = flavour list e tau, solver_tolerance log 1e-8 1e-7 2
work = evolve
END

# points_sweep FOLDER OPTION...
points_sweep() {
    sto_folder=$1
    shift
    "$NUDIPOLE" sweep "$sto_dir/points/sweep.ini" --output "$sto_dir/$sto_folder" "$@"
}
expect 'sweep of files' 0 '^sweep +8 points of 3 axes, work = evolve, 8 to do$' -- points_sweep files
expect 'sweep of files: names, the first axis slowest' 0 \
    '^0:300/e 1:300/e 2:300/tau 3:300/tau 4:a.light/e 5:a.light/e 6:a.light/tau 7:a.light/tau $' -- \
    sh -c "'$NUDIPOLE' export '$sto_dir/files' | awk -F, '/^[0-9]/ { printf \"%s:%s/%s \", \$1, \$5, \$6 } END { print \"\" }'"
expect 'sweep of files: nothing to do again' 0 ', 0 to do$' -- points_sweep files

# as_evolve: the first row of each file is what evolve says of that file
as_evolve() {
    for sto_name in 300 a.light; do
        "$NUDIPOLE" evolve "$sto_dir/points/$sto_name.ini" --quiet --set T_RH_MeV=2 --set d_muB=3e-10 \
            --set statistics=maxwell-boltzmann --set screening=none --output "$sto_dir/one_file" ||
            return 1
        sto_want=$(sed -n '/"max_n_over_neq"/{n;s/.*: \(.*\),/\1/p;q}' "$sto_dir/one_file/summary.json")
        sto_got=$("$NUDIPOLE" export "$sto_dir/files" | awk -F, -v name="$sto_name" '
            /^id/ { for (i = 1; i <= NF; i++) if ($i == "max_n_over_neq") c = i }
            $5 == name { print $c; exit }')
        echo "$sto_name $sto_want $sto_got"
        awk -v a="$sto_want" -v b="$sto_got" \
            'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a > 0 && d < 1e-9 * a) }' || return 1
    done
}
expect 'sweep of files: the same numbers as evolve' 0 '' -- as_evolve
expect 'sweep of files: --set is on top of them' 0 '^4,ok,.*,a.light,e,' -- \
    sh -c "'$NUDIPOLE' sweep '$sto_dir/points/sweep.ini' --set m4_keV=250 --output '$sto_dir/set' --quiet &&
        '$NUDIPOLE' export '$sto_dir/set'"
# same_mass: with the mass from --set, files that differ in T_end_MeV alone give the same Gamma/H
same_mass() {
    "$NUDIPOLE" export "$sto_dir/set" | awk -F, '
        /^id/ { for (i = 1; i <= NF; i++) if ($i == "max_Gamma_over_H") c = i }
        $1 == 0 || $1 == 4 { v[$1] = $c }
        END { d = v[0] / v[4] - 1; print v[0], v[4]; exit !(v[0] > 0 && d * d < 1e-12) }'
}
expect 'sweep of files: --set gives both the same mass' 0 '' -- same_mass

# the contents of the files are part of the sweep
points_changed() {
    cp "$sto_dir/points/a.light.ini" "$sto_dir/points/kept"
    printf '[model]\nm4_keV = 201\n[universe]\nT_end_MeV = 0.02\n' > "$sto_dir/points/a.light.ini"
    points_sweep files
    sto_code=$?
    cp "$sto_dir/points/kept" "$sto_dir/points/a.light.ini"
    return $sto_code
}
expect 'sweep of files: a file has changed' 2 \
    "other parameters: line [0-9]+ is '# a.light: m4_keV = 200' there and '# a.light: m4_keV = 201' now" \
    -- points_changed
expect 'sweep of files: drawn points' 0 '^sweep +6 points of 2 axes' -- points_sweep drawn \
    --set 'vary=d_muB log 1e-10 1e-9' --set sampling=random --set samples=3
expect 'sweep of files: each has the same draws' 0 '^3 pairs$' -- sh -c \
    "'$NUDIPOLE' export '$sto_dir/drawn' | awk -F, '/^[0-9]/ { n += seen[\$6]++ } END { print n \" pairs\" }'"

# a point in another folder with a precision file of its own; --set is relative to the sweep's file
mkdir "$sto_dir/points/sub"
echo 'dy = 0.7' > "$sto_dir/points/coarse.ini"
echo 'dy = 0.9' > "$sto_dir/points/sub/own.ini"
echo 'precision = own.ini' > "$sto_dir/points/sub/p.ini"
precise() {
    points_sweep precise --quiet --set precision=coarse.ini --set points=sub/p.ini,300.ini \
        --set 'vary=T_RH_MeV list 2'
}
expect 'sweep of files: a path in --set is relative to the sweep' 0 '' -- precise
own_precision() {
    printf '[precision]\nprecision = coarse.ini\n[sweep]\npoints = sub/p.ini\nvary = T_RH_MeV list 2\nwork = evolve\n' \
        > "$sto_dir/points/precise.ini"
    "$NUDIPOLE" sweep "$sto_dir/points/precise.ini" --output "$sto_dir/own_precision" $sto_simple "$@"
}
expect 'sweep of files: a precision file of its own' 0 '1 points done' -- own_precision
echo 'dy = 0.8' > "$sto_dir/points/sub/own.ini"
expect 'sweep of files: the precision file has changed' 2 \
    "line [0-9]+ is '# p: dy = 0\.9' there and '# p: dy = 0\.8' now" -- own_precision

# points_refused NAME REGEX CONTENTS OPTION...: with a file c.ini of these contents
points_refused() {
    sto_name=$1 sto_regex=$2
    printf "$3" > "$sto_dir/points/c.ini"
    shift 3
    refused "sweep of files: $sto_name" "$sto_regex" sweep "$sto_dir/points/sweep.ini" \
        --set points=300.ini,c.ini "$@"
}
points_refused 'two of one name' "axis 'point': '300' occurs twice" '' --set points=300.ini,./300.ini
points_refused 'a file is missing' '.*nowhere\.ini: cannot be read' '' --set points=nowhere.ini
points_refused 'axes in a file' '.*c\.ini:1: vary: it belongs to the sweep' 'vary = m4_keV list 1 2\n'
points_refused 'other work in a file' '.*c\.ini:1: work: it belongs to the sweep' 'work = bbn\n'
points_refused 'other nuclear rates in a file' '.*c\.ini:1: rates = parthenope3: all points' \
    'rates = parthenope3\n'
points_refused 'other columns in a file' '.*backreaction = on \(.*c\.ini:1\)' 'backreaction = on\n'
points_refused 'several temperatures in a file' '.*c\.ini:1: T_RH_MeV: 2 temperatures' \
    'T_RH_MeV = 2, 5\n'
points_refused 'a file whose T_RH is too low' '.*T_RH_MeV = 0.015: not above T_end_MeV = 0.02' \
    'T_RH_MeV = 0.015\nT_end_MeV = 0.02\n'

# ---- kinds of work
expect 'sweep: rates' 0 '^id,status,seconds,message,T_RH_MeV,max_Gamma_over_H,T_max_Gamma_MeV,thermalises_paper$' \
    -- sh -c "'$NUDIPOLE' sweep params/b8.ini $sto_simple --set work=rates --set 'vary=T_RH_MeV list 2 5' \
        --output '$sto_dir/rates' --quiet && '$NUDIPOLE' export '$sto_dir/rates'"

# coupled: the coupled Universe of a sweep and of evolve, the same digits
coupled() {
    "$NUDIPOLE" evolve params/cno.ini --quiet --set backreaction=on --set T_RH_MeV=2 \
        --set precision=precision_fast.ini --set error_estimate=on --output "$sto_dir/evolved" &&
        "$NUDIPOLE" sweep params/cno.ini --quiet --set backreaction=on --set work=evolve \
            --set precision=precision_fast.ini --set error_estimate=on \
            --set 'vary=T_RH_MeV list 2' --output "$sto_dir/coupled" &&
        sto_want=$(sed -n 's/^  "N_eff": \(.*\),/\1/p' "$sto_dir/evolved/summary.json") &&
        sto_error=$(sed -n 's/^  "N_eff_error": \(.*\),/\1/p' "$sto_dir/evolved/summary.json") &&
        "$NUDIPOLE" export "$sto_dir/coupled" | grep "^0,ok,[^,]*,,2,$sto_want,$sto_error,"
}
expect 'sweep: evolve with backreaction = on' 0 '' -- coupled
expect 'sweep: passive N leaves N_eff alone' 0 '^0,ok,[^,]*,,2,3\.0[34][0-9]*$' -- sh -c \
    "'$NUDIPOLE' sweep params/b8.ini --quiet --set backreaction=passive --set work=evolve \
        --set precision=precision_fast.ini --set 'vary=T_RH_MeV list 2' --set columns=N_eff \
        --output '$sto_dir/passive' && '$NUDIPOLE' export '$sto_dir/passive'"

# ---- export to files
sto_h5=$sto_dir/table.h5
expect 'export: HDF5' 0 "^table +$sto_h5\$" -- "$NUDIPOLE" export "$sto_dir/files" --output "$sto_h5"
expect 'export: it is HDF5, whole' 0 '' -- sh -c \
    "head -c 8 '$sto_h5' | od -c | grep -q 'H   D   F' && test ! -e '$sto_h5.tmp'"
if command -v h5dump > /dev/null; then
    expect 'export: HDF5 has the column of files' 0 '"300", "300", "300", "300", "a.light",' -- \
        h5dump -d /points/point "$sto_h5"
fi
sleep 1 # the same rows make the same file, whenever it was written
expect 'export: .hdf5, quietly' 0 '' -- silent "$NUDIPOLE" export "$sto_dir/files" --quiet \
    --output "$sto_dir/table.hdf5"
expect 'export: the two names mean the same' 0 '' -- cmp "$sto_h5" "$sto_dir/table.hdf5"
csv_file() {
    "$NUDIPOLE" export "$sto_dir/files" --output "$sto_dir/table.csv" > /dev/null &&
        "$NUDIPOLE" export "$sto_dir/files" | cmp - "$sto_dir/table.csv"
}
expect 'export: a CSV file is what standard output is' 0 '' -- csv_file
expect 'export: another format' 2 \
    '^nudipole: --output: .*/table\.txt: .*allowed is FILE\.csv, FILE\.h5 or FILE\.hdf5$' -- \
    "$NUDIPOLE" export "$sto_dir/files" --output "$sto_dir/table.txt"
expect 'export: no name before the format' 2 '^nudipole: --output: \.h5: ' -- \
    "$NUDIPOLE" export "$sto_dir/files" --output .h5
expect 'export: --set' 2 '^nudipole: export: takes no --set' -- \
    "$NUDIPOLE" export "$sto_dir/files" --set m4_keV=3
expect 'export --help tells what --output is' 0 '^  --output FILE ' -- "$NUDIPOLE" export --help
expect 'export: a folder that is not there' 2 'nowhere/x\.h5\.tmp: cannot be written: No such file' \
    -- "$NUDIPOLE" export "$sto_dir/files" --output "$sto_dir/nowhere/x.h5"

# kept FORMAT STORE PLACE: a file that is there stays as it is when the export fails, and nothing is left
kept() {
    echo before > "$sto_dir/kept.$1"
    test -z "$3" || ln -s "$3" "$sto_dir/kept.$1.tmp"
    # what HDF5 cannot close it keeps: no leak of the program
    ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 "$NUDIPOLE" export "$2" --output "$sto_dir/kept.$1"
    sto_code=$?
    test "$(cat "$sto_dir/kept.$1")" = before && test ! -L "$sto_dir/kept.$1.tmp" &&
        test ! -e "$sto_dir/kept.$1.tmp" || return 1
    return $sto_code
}
for sto_format in csv h5; do
    expect "export: no sweep, the $sto_format file stays" 2 '^nudipole: .*sweep\.sqlite' -- \
        kept $sto_format "$sto_dir/nowhere" ''
    test -c /dev/full && expect "export: full disk, the $sto_format file stays" 2 \
        '^nudipole: .*: No space left on device$' -- kept $sto_format "$sto_dir/files" /dev/full
done

# as_viability: the same digits as the command of that name, in a sweep of files
as_viability() {
    "$NUDIPOLE" viability params/cno.ini --quiet --set T_RH_MeV=2 --set abundance_errors=off \
        --set precision=precision_fast.ini --output "$sto_dir/judged" &&
        "$NUDIPOLE" sweep params/sweep_trh.ini --quiet --set points=cno.ini \
            --set 'vary=T_RH_MeV list 2' --set precision=precision_fast.ini \
            --set universe_tolerance=3e-5 --set abundance_errors=off \
            --set columns=N_eff,Y_p,sigma,verdict,max_n_over_neq --output "$sto_dir/judging" || return 1
    sto_want=$(awk '/^# point / { for (i = 2; i <= NF; i++) c[$i] = i - 1 }
        !/^#/ && NF { printf "%s,%s,%s,%s,%s\n", $c["N_eff"], $c["Y_p"], $c["sigma"], $c["verdict"],
            $c["max_n_over_neq"] }' "$sto_dir/judged/viability.dat")
    "$NUDIPOLE" export "$sto_dir/judging"
    echo "$sto_want"
    test "$("$NUDIPOLE" export "$sto_dir/judging" | sed -n 's/^0,ok,[^,]*,,cno,2,//p')" = "$sto_want"
}
expect 'sweep: the same numbers as viability' 0 '' -- as_viability

# fills_up: a disk that is full in the middle of an HDF5 file, after which HDF5 would crash at the exit
fills_up() {
    (trap '' XFSZ && ulimit -f 16 && ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
        "$NUDIPOLE" export "$sto_dir/files" --output "$sto_dir/full.h5")
    sto_code=$?
    test ! -e "$sto_dir/full.h5" && test ! -e "$sto_dir/full.h5.tmp" || return 1
    return $sto_code
}
expect 'export: the disk fills up' 2 '^nudipole: .*/full\.h5\.tmp: .*: File too large$' -- fills_up
