# Bad input: exit code 2, one message with file, line, key, value, reason and what is allowed, and
# nothing is written.

in_dir=$TMP_DIR/input
mkdir "$in_dir"

# refused NAME 'regex' COMMAND ARGUMENT...
refused() {
    refused_name=$1 refused_regex=$2
    shift 2
    expect "$refused_name" 2 "^nudipole: $refused_regex" -- \
        "$NUDIPOLE" "$@" --output "$in_dir/out"
    expect "$refused_name: writes nothing" 0 '' -- test ! -e "$in_dir/out"
}

# refused_file NAME 'text' 'regex after the name of the file'
refused_file() {
    printf '%b' "$2" > "$in_dir/bad.ini"
    expect "$1" 2 "^nudipole: $in_dir/bad\.ini$3" -- \
        "$NUDIPOLE" rates "$in_dir/bad.ini" --output "$in_dir/out"
    expect "$1: writes nothing" 0 '' -- test ! -e "$in_dir/out"
}

refused_file 'unknown key' '[model]\nm4_kev = 600\n' \
    ":2: m4_kev = 600: unknown key: did you mean 'm4_keV'\?"
refused_file 'key twice' 'm4_keV = 600\nm4_keV = 700\n' ':2: m4_keV = 700: given twice: '
refused_file 'empty value' 'm4_keV =\n' ':1: m4_keV = : the value is empty: allowed is 1 to '
refused_file 'trailing garbage' '\nm4_keV = 600x\n' ':2: m4_keV = 600x: something follows '
refused_file 'no number' 'm4_keV = heavy\n' ':1: m4_keV = heavy: not a number: allowed is 1 to '
refused_file 'nan' 'm4_keV = nan\n' ':1: m4_keV = nan: not a finite number: '
refused_file 'inf' 'd_muB = inf\n' ':1: d_muB = inf: not a finite number: '
refused_file 'negative mass' 'm4_keV = -600\n' \
    ':1: m4_keV = -600: out of range: allowed is 1 to 100000 keV$'
refused_file 'no whole number' 'T_points = 2.5\n' ':1: T_points = 2.5: not a whole number: '
refused_file 'unknown word' 'flavour = top\n' \
    ':1: flavour = top: unknown word: allowed is e, mu or tau$'
refused_file 'empty item' 'T_RH_MeV = 2,,5\n' ':1: T_RH_MeV = 2,,5: an item is empty: '
refused_file 'wrong section' '[rates]\nm4_keV = 600\n' \
    ':2: m4_keV = 600: in section \[rates\]: belongs in \[model\]$'
refused_file 'unknown section' '[modl]\n' \
    ':1: \[modl\]: unknown section: allowed are model, universe, .*, detector, fit, map and plot$'
refused_file 'no assignment' '[model]\nhello\n' ":2: neither 'key = value' nor '\[section\]' nor "
refused_file 'indented line' 'm4_keV = 600\n d_muB = 1e-9\n' ':2: .*an indented line continues '
refused_file 'too long line' "# $(printf '%0300d' 0)\n" ':1: the line is too long: at most 198 '
refused_file 'T_RH below T_end' '\nT_RH_MeV = 2\nT_end_MeV = 3\n' \
    ':2: T_RH_MeV = 2: not above T_end_MeV = 3 \(.*bad\.ini:3\): allowed is T_RH_MeV > T_end_MeV$'
refused_file 'binary file' '\001\002\003\377\n\000\000\n' ':1: neither '

for command in viability rates evolve bbn sweep curves; do
    refused "$command: missing file" 'nowhere\.ini: cannot be read: No such file' \
        "$command" nowhere.ini
    refused "$command: directory as file" 'params: is a directory: a parameter file is needed$' \
        "$command" params
    refused "$command: bad --set" '--set: m4_keV = 600x: something follows the number: ' \
        "$command" params/b8.ini --set m4_keV=600x
    expect "$command: output below a regular file" 2 \
        '^nudipole: output folder Makefile/out: cannot be made: Not a directory$' \
        -- "$NUDIPOLE" "$command" params/b8.ini --output Makefile/out
    expect "$command: output is a regular file" 2 \
        '^nudipole: output folder Makefile: Makefile is not a folder$' \
        -- "$NUDIPOLE" "$command" params/b8.ini --output Makefile
done
expect 'empty name of the output folder' 2 "^nudipole: output folder '': empty " \
    -- "$NUDIPOLE" rates params/b8.ini --output ''

printf '[grid]\nd_min_muB = 1e-7\nd_max_muB = 1e-8\n' > "$in_dir/grid.ini"
refused 'masses of the grid contradict each other' 'default: m4_max_keV = 2000: not above m4_min_keV = 3000 \(--set\): ' \
    curves params/b8.ini --set m4_min_keV=3000
refused 'couplings of the grid contradict each other' \
    ".*grid\.ini:3: d_max_muB = 1e-08: not above d_min_muB = 1e-07 \(.*grid\.ini:2\): " \
    rates "$in_dir/grid.ini"

refused '--set without =' '--set: m4_keV: not an assignment: allowed is key=value$' \
    rates params/b8.ini --set m4_keV
refused '--set of an unknown key' "--set: mass = 6: unknown key: did you mean '" \
    rates params/b8.ini --set mass=6
refused '--set contradicts the file' '--set: T_max_MeV = 0.02: not above T_min_MeV = 0.05 \(' \
    rates params/fig3_paper.ini --set T_max_MeV=0.02
refused 'second of two files is bad' 'nowhere\.ini: cannot be read: ' \
    viability params/b8.ini nowhere.ini
refused 'sweep: a point is missing' '/.*/params/nowhere\.ini: cannot be read: ' \
    sweep params/sweep_trh.ini --set points=b8.ini,nowhere.ini
