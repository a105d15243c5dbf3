# nudipole plot: a stored sweep as planes, lines and points; what is failed or pending; what is refused.

plo_dir=$TMP_DIR/plot
mkdir "$plo_dir"
plo_cheap='--set work=evolve --set statistics=maxwell-boltzmann --set screening=none --quiet'

# plo_sweep FOLDER 'AXES' OPTION...
plo_sweep() {
    plo_folder=$plo_dir/$1 plo_axes=$2
    shift 2
    "$NUDIPOLE" sweep params/b8.ini --set "vary=$plo_axes" $plo_cheap --output "$plo_folder" "$@" \
        > "$log" 2>&1 || test $? -eq 4 || fail "preparation of $plo_folder" 'the sweep failed'
}
plo_sweep plane 'm4_keV log 100 1000 3, d_muB log 1e-11 1e-9 5, T_RH_MeV list 5 2'
plo_sweep lines 'flavour list tau mu, T_RH_MeV log 1 4 3' --set columns=max_n_over_neq,thermalises_paper
plo_sweep from_zero 'm4_keV list 200 600, d_muB list 1e-10 1e-9' --set T_RH_MeV=2
plo_sweep drawn 'm4_keV log 100 1000, d_muB log 1e-11 1e-9' --set sampling=sobol --set samples=12 \
    --set T_RH_MeV=2
plo_sweep many 'm4_keV log 100 1000 13, T_RH_MeV list 2 5'
plo_sweep panels 'm4_keV log 100 1000 13, T_RH_MeV list 2 5, omega_b list 0.022 0.023'
plo_sweep failed 'm4_keV list 600 700, d_muB list 1e-10 1e-9' --set T_RH_MeV=20 --set solver_points=2 \
    --set solver_max_steps=450
# the only words are those of viability
"$NUDIPOLE" sweep params/cno.ini --quiet --set 'vary=d_muB list 1e-10 2e-10, T_RH_MeV list 2 5' \
    --set precision=precision_fast.ini --set abundance_errors=off --set columns=verdict,sigma,decided_by,N_eff \
    --output "$plo_dir/words" > "$log" 2>&1 || fail 'preparation of words' 'the sweep failed'
plo_sweep failing 'T_RH_MeV list 0.02 20' --set solver_points=2 --set solver_max_steps=450

# plo_plot FOLDER OPTION...: without the figure
plo_plot() {
    plo_folder=$plo_dir/$1
    shift
    (PATH=$plo_dir/nowhere && "$NUDIPOLE" plot "$plo_folder" "$@")
}

# ---- a plane
plo_drawn() {
    "$NUDIPOLE" plot "$plo_dir/plane" --set column=max_n_over_neq && has "$plo_dir/plane/plot" plot.dat \
        contours.dat best.dat bounds.dat summary.json run.ini $(figure plot)
}
expect 'plot of a plane: files' 0 '^plot +nu_tau, half convention, 30 points$' -- plo_drawn
plo_from_zero() { # the edge of the first cell of a linear axis
    "$NUDIPOLE" plot "$plo_dir/from_zero" > "$log" && test -s "$plo_dir/from_zero/plot/plot.pdf"
}
expect 'plot of a plane: a cell that begins at 0' 0 '' -- plo_from_zero
expect 'plot of a plane: its numbers' 0 '' -- columns "$plo_dir/plane/plot/plot.dat" 30 \
    'status m4_keV d_muB T_RH_MeV x_low x_high y_low y_high max_n_over_neq'
expect 'plot of a plane: the sweep is left alone' 0 '^  "command": "sweep",$' -- \
    cat "$plo_dir/plane/summary.json"
expect 'plot of a plane: summary' 0 '^  "y": "d_muB",$' -- cat "$plo_dir/plane/plot/summary.json"
expect 'plot of a plane: summary is JSON' 0 '' -- valid_json "$plo_dir/plane/plot/summary.json"
expect 'plot of a plane: a panel for each T_RH, sorted' 0 '^2 15 5 15$' -- awk '/^#/ { next }
        !NF { blank++; next }
        blank > 1 { printf "%s %d ", T, n; n = 0 }
        { blank = 0; n++; T = $4 }
        END { print T, n }' "$plo_dir/plane/plot/plot.dat"
expect 'plot of a plane: every row is one of the store' 0 '^30$' -- sh -c '
    "$1" export "$2/plane" | awk -F, "/^[0-9]/ { print \$5 + 0, \$6 + 0, \$7 + 0, \$10 + 0 }" | sort > "$2/stored"
    awk "!/^#/ && NF { print \$2 + 0, \$3 + 0, \$4 + 0, \$9 + 0 }" "$2/plane/plot/plot.dat" | sort > "$2/drawn.rows"
    cmp "$2/stored" "$2/drawn.rows" && grep -c . "$2/stored"' - "$NUDIPOLE" "$plo_dir"
expect 'plot of a plane: cells touch, half way in the logarithm' 0 '^30$' -- awk '/^#/ || !NF { next }
        { n++
          x = $2 * $2 / $5 / $6; y = $3 * $3 / $7 / $8; w = $6 / $5 / sqrt(10); h = $8 / $7 / sqrt(10)
          if (x > 1 + 1e-9 || x < 1 - 1e-9 || y > 1 + 1e-9 || y < 1 - 1e-9) bad = 1
          if (w > 1 + 1e-9 || w < 1 - 1e-9 || h > 1 + 1e-9 || h < 1 - 1e-9) bad = 1 }
        END { print n; exit bad }' "$plo_dir/plane/plot/plot.dat"
expect 'plot of a plane: the level of n/n_eq' 0 "^levels = '0\.5'\$" -- cat "$plo_dir/plane/plot/plot.gp"
expect 'plot: the first column by itself' 0 '^# status .* y_high max_Gamma_over_H$' -- sh -c '
    "$1" plot "$2/plane" --quiet --set overlays=none --output "$2/first" && cat "$2/first/plot.dat"' \
    - "$NUDIPOLE" "$plo_dir"
expect 'plot: no overlays' 1 '' -- test -e "$plo_dir/first/bounds.dat"
expect 'plot: overlays = bounds' 0 '^$' -- sh -c '
    "$1" plot "$2/plane" --quiet --set overlays=bounds --set bounds=stellar --output "$2/bounds" &&
    grep -c "^stellar left" "$2/bounds/bounds.dat" > /dev/null && grep -v "^#" "$2/bounds/contours.dat"
    echo' - "$NUDIPOLE" "$plo_dir"
expect 'plot: a held axis' 0 '^plot +T_RH_MeV=5; ' -- plo_plot plane --set 'at=T_RH_MeV 5' \
    --output "$plo_dir/held"
expect 'plot: its slice alone' 0 '' -- columns "$plo_dir/held/plot.dat" 15 \
    'status m4_keV d_muB x_low x_high y_low y_high max_Gamma_over_H'

# ---- lines
plo_lines() {
    "$NUDIPOLE" plot "$plo_dir/lines" --quiet && has "$plo_dir/lines/plot" plot.dat summary.json run.ini \
        $(figure plot)
}
expect 'plot of lines: files' 0 '' -- plo_lines
expect 'plot of lines: numbers' 0 '' -- columns "$plo_dir/lines/plot/plot.dat" 6 \
    'status T_RH_MeV flavour x_low x_high max_n_over_neq'
expect 'plot of lines: one for each word' 0 '^tau tau tau mu mu mu $' -- \
    awk '!/^#/ && NF { printf "%s ", $3 } END { print "" }' "$plo_dir/lines/plot/plot.dat"
expect 'plot of lines: y of a plane can be none' 0 '^# status m4_keV d_muB x_low x_high ' -- sh -c '
    "$1" plot "$2/plane" --quiet --set "at=T_RH_MeV 2" --set y=none --set x=m4_keV --output "$2/y" &&
    cat "$2/y/plot.dat"' - "$NUDIPOLE" "$plo_dir"

expect 'plot of lines: measured values' 0 "^measured = '[0-9.]+,[0-9.]+\\|'\$" -- sh -c '
    "$1" plot "$2/words" --quiet --set column=N_eff,verdict --output "$2/measured" && cat "$2/measured/plot.gp"' \
    - "$NUDIPOLE" "$plo_dir"
expect 'plot of lines: a word has no blank' 0 '^ok 2 [^ ]+ [^ ]+ [^ ]+ (allowed|in_tension|excluded)$' -- sh -c '
    "$1" plot "$2/words" --quiet --output "$2/verdict" && cat "$2/verdict/plot.dat"' - "$NUDIPOLE" "$plo_dir"
expect 'plot of a plane: sigma beside the verdict' 0 '^# status .* y_high verdict sigma$' -- sh -c '
    "$1" plot "$2/words" --quiet --set x=T_RH_MeV --set y=d_muB --output "$2/sigma" && cat "$2/sigma/plot.dat"' \
    - "$NUDIPOLE" "$plo_dir"

# ---- points that were drawn
expect 'plot of drawn points' 0 '^plot +T_RH_MeV=2; nu_tau, half convention, 12 points$' -- \
    plo_plot drawn
expect 'plot of drawn points: numbers' 0 '' -- columns "$plo_dir/drawn/plot/plot.dat" 12 \
    'status m4_keV d_muB max_Gamma_over_H'

# the same draws for each file
"$NUDIPOLE" sweep params/b8.ini --quiet --set points=b8.ini,cno.ini --set 'vary=d_muB log 1e-11 1e-9' \
    --set sampling=random --set samples=7 --set T_RH_MeV=2 --set work=rates \
    --set statistics=maxwell-boltzmann --set screening=none --output "$plo_dir/files" > "$log" 2>&1 ||
    fail 'preparation of files' 'the sweep failed'
expect 'plot of drawn points of two files' 2 "^nudipole: point: .* for each of 2 values: .*'at=point b8'" -- \
    plo_plot files
expect 'plot of drawn points of one of two files' 0 '7 points$' -- plo_plot files --set 'at=point cno'
expect 'plot of drawn points of one of two files: its rows' 0 '^7$' -- sh -c '
    "$1" export "$2/files" | awk -F, "\$5 == \"cno\" { print \$6 + 0, \$7 + 0 }" | sort > "$2/stored"
    awk "!/^#/ && NF { print \$2 + 0, \$3 + 0 }" "$2/files/plot/plot.dat" | sort > "$2/drawn.rows"
    cmp "$2/stored" "$2/drawn.rows" && grep -c . "$2/stored"' - "$NUDIPOLE" "$plo_dir"

# ---- failed and pending
expect 'plot: failed points' 0 ', 2 points, 1 failed \(crosses\)$' -- plo_plot failing
expect 'plot: a failed point has no number' 0 '^failed 20 [^ ]+ [^ ]+ nan$' -- \
    cat "$plo_dir/failing/plot/plot.dat"

# Figures are drawn without complaint.
# plo_figure NAME FOLDER OPTION...
plo_figure() {
    plo_name=$1 plo_folder=$2
    shift 2
    expect "plot: the figure of $plo_name" 0 '' -- no_complaint "$NUDIPOLE" plot "$plo_dir/$plo_folder" \
        --output "$plo_dir/figure" "$@"
    expect "plot: the figure of $plo_name is there" 0 '' -- test -s "$plo_dir/figure/plot.pdf"
    rm -rf "$plo_dir/figure"
}
if command -v gnuplot > /dev/null; then
    plo_figure 'two columns' plane --set column=thermalises_dynamical,max_Gamma_over_H
    plo_figure 'a plane without overlays' plane --set overlays=none
    plo_figure 'a plane with bounds alone' plane --set overlays=bounds
    plo_figure 'levels that are given' plane --set levels=0.1,1,10 --set scale=log
    plo_figure 'a plane that is not of m4 and d' plane --set y=T_RH_MeV --set x=d_muB
    plo_figure 'lines' lines --set column=max_n_over_neq,thermalises_paper
    plo_figure 'lines of 13 points' many --set x=m4_keV --set y=none
    plo_figure 'a line with a failed point' failing
    plo_figure 'nothing but failed points' failed
    plo_figure 'words in rows, and measured values' words --set column=N_eff,verdict,decided_by
    plo_figure 'words in a plane' words --set x=T_RH_MeV --set y=d_muB --set column=verdict,decided_by
    plo_figure 'points in a plane' drawn --set column=max_Gamma_over_H,thermalises_paper
    plo_figure 'points along one axis' drawn --set y=none
fi

# plo_interrupted: a sweep that is killed before its first point is done
plo_interrupted() {
    "$NUDIPOLE" sweep params/plane.ini --quiet --output "$plo_dir/begun" > "$plo_dir/log" 2>&1 &
    plo_pid=$!
    for plo_i in $(seq 200); do
        test -s "$plo_dir/begun/run.ini" && break
        sleep 0.02
    done
    kill -9 "$plo_pid"
    wait "$plo_pid" 2> /dev/null
    plo_plot begun
}
expect 'plot: nothing is done yet' 2 '^nudipole: none of 168 points is done yet: allowed are folders' -- \
    plo_interrupted

# ---- keys of [plot] are no business of the store
expect 'plot: the store takes other keys of [plot]' 0 ', 0 to do$' -- "$NUDIPOLE" sweep params/b8.ini \
    --set 'vary=flavour list tau mu, T_RH_MeV log 1 4 3' --set columns=max_n_over_neq,thermalises_paper \
    --set work=evolve --set statistics=maxwell-boltzmann --set screening=none \
    --set column=thermalises_paper --set scale=linear --output "$plo_dir/lines"
expect 'plot: run.ini has them' 0 '^# status .* x_high thermalises_paper$' -- sh -c '
    "$1" plot "$2/lines" --quiet --output "$2/kept" && cat "$2/kept/plot.dat"' - "$NUDIPOLE" "$plo_dir"

# ---- below a map
# plo_map FOLDER OPTION...: a small map, without the figure
plo_map() {
    plo_folder=$plo_dir/$1
    shift
    (PATH=$plo_dir/nowhere && "$NUDIPOLE" map params/b8.ini --set m4_points=2 --set d_points=3 --set \
        statistics=maxwell-boltzmann --set screening=none --set bounds=none \
        --set T_RH_MeV=2 --set "store=$plo_folder" --output "$plo_dir/map" "$@")
}
expect 'map: a stored column' 0 '; 15 stored points$' -- \
    plo_map plane --set column=max_n_over_neq
expect 'map: its rows' 0 '' -- columns "$plo_dir/map/stored.dat" 15 \
    'status m4_keV d_muB x_low x_high y_low y_high max_n_over_neq'
expect 'map: they are those of its T_RH' 0 '^15$' -- sh -c '
    "$1" export "$2/plane" | awk -F, "\$7 == 2 { print \$5 + 0, \$6 + 0, \$10 + 0 }" | sort > "$2/at2"
    awk "!/^#/ && NF { print \$2 + 0, \$3 + 0, \$8 + 0 }" "$2/map/stored.dat" | sort | cmp "$2/at2" - &&
    grep -c . "$2/at2"' - "$NUDIPOLE" "$plo_dir"
expect 'map: failed points' 0 '; 4 stored points, 4 failed \(blank\)$' -- plo_map failed --set T_RH_MeV=20
rm -rf "$plo_dir/map"
expect 'map: points that were drawn' 0 '^table +' -- plo_map drawn
expect 'map: their rows' 0 '' -- columns "$plo_dir/map/stored.dat" 12 \
    'status m4_keV d_muB max_Gamma_over_H'
rm -rf "$plo_dir/map"
if command -v gnuplot > /dev/null; then
    expect 'map: the figure of a stored column' 0 '^figure ' -- "$NUDIPOLE" map params/fig4.ini --set \
        m4_points=2 --set d_points=3 --set statistics=maxwell-boltzmann --set screening=none \
        --set T_RH_MeV=2 --set "store=$plo_dir/plane" --output "$plo_dir/map.figure"
fi

# plo_unmatched NAME 'regex' FOLDER OPTION...: exit code 2, a message, nothing written
plo_unmatched() {
    plo_name=$1 plo_regex=$2
    shift 2
    expect "map: $plo_name" 2 "^nudipole: --set: store = [^ ]*: $plo_regex" -- plo_map "$@"
    expect "map: $plo_name: writes nothing" 0 '' -- test ! -e "$plo_dir/map"
}
plo_unmatched 'no store' '.*nowhere/run\.ini: ' nowhere
plo_unmatched 'a store without d' 'm4_keV or d_muB is no axis of it' many
plo_unmatched 'a T_RH that is not stored' "'T_RH_MeV 3': no such value: allowed are 2 5\$" plane \
    --set T_RH_MeV=3
plo_unmatched 'another T_RH' "it is for T_RH_MeV = 2: allowed is the map's 5\$" drawn --set T_RH_MeV=5
plo_unmatched 'several T_RH' 'T_RH_MeV \(--set\): 2 temperatures: allowed is one' plane \
    --set T_RH_MeV=2,5
plo_unmatched 'another flavour' 'it is for nu_tau: allowed is flavour = mu$' plane --set flavour=mu
plo_unmatched 'another convention' 'it has another convention: allowed is lagrangian$' plane \
    --set convention=lagrangian
plo_unmatched 'several columns' '2 columns, 1 planes: allowed is one' plane \
    --set column=max_Gamma_over_H,max_n_over_neq
plo_unmatched 'unknown column' '--set: column: Y_q: no such column' plane --set column=Y_q

# ---- what is refused
# plo_refused NAME 'regex' FOLDER OPTION...: exit code 2, a message, nothing written
plo_refused() {
    plo_name=$1 plo_regex=$2
    shift 2
    expect "plot: $plo_name" 2 "^nudipole: $plo_regex" -- plo_plot "$@" --output "$plo_dir/refused"
    expect "plot: $plo_name: writes nothing" 0 '' -- test ! -e "$plo_dir/refused"
}
mkdir "$plo_dir/unswept" && cp "$plo_dir/plane/run.ini" "$plo_dir/unswept"
plo_refused 'no folder' '.*nowhere/run\.ini: cannot be read' nowhere
plo_refused 'no store' '.*unswept/sweep\.sqlite' unswept
mkdir "$plo_dir/single" && cp params/b8.ini "$plo_dir/single/run.ini"
plo_refused 'a run that is no sweep' '.*single/run\.ini: vary: empty: allowed is the folder' single
plo_refused 'unknown column' '--set: column: Y_q: no such column in the store: allowed are max_G' plane \
    --set column=Y_q
plo_refused 'an axis is no column' '--set: column: m4_keV: no such column' plane --set column=m4_keV
plo_refused 'unknown axis' '--set: x = mass: not an axis of the sweep: allowed are m4_keV d_muB T_RH' \
    plane --set x=mass
plo_refused 'an axis of words' '--set: y = flavour: an axis of words: allowed are T_RH_MeV$' lines \
    --set y=flavour
plo_refused 'a held axis as x' '--set: x = m4_keV: held by `at`: allowed are d_muB T_RH_MeV$' plane \
    --set x=m4_keV --set 'at=m4_keV 100'
plo_refused 'one axis twice' '--set: y = m4_keV: is x, too' plane --set x=m4_keV --set y=m4_keV
plo_refused 'too many lines' \
    '13 lines, for the values of the axes besides T_RH_MeV: allowed are 12: .*at=m4_keV VALUE' many
plo_refused 'too many panels' '13 panels, .* besides T_RH_MeV and omega_b: ' panels \
    --set x=T_RH_MeV --set y=omega_b
plo_refused 'no such value' "--set: at: 'T_RH_MeV 3': no such value: allowed are 2 5\$" plane \
    --set 'at=T_RH_MeV 3'
plo_refused 'no logarithm' '--set: scale = log: thermalises_paper has values such as 0: allowed is lin' \
    plane --set column=thermalises_paper --set scale=log
plo_refused 'bad bounds' '--set: bounds = nowhere: ' plane --set bounds=nowhere

sed 's/, T_RH_MeV list 5 2/, T_RH_MeV list 5 3/' "$plo_dir/plane/run.ini" > "$plo_dir/run.ini"
plo_other() {
    mkdir "$plo_dir/other" && cp "$plo_dir/plane/sweep.sqlite" "$plo_dir/run.ini" "$plo_dir/other" &&
        plo_plot other
}
expect 'plot: run.ini of another sweep' 2 'T_RH_MeV is 2 in the store and 3 in the parameters' -- plo_other
