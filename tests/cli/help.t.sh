# Help, version, the reference of parameters, and what is no command or option.

for command in viability rates evolve bbn sweep plot curves spectrum fit map params; do
    expect "$command --help" 0 "^usage: nudipole $command " -- "$NUDIPOLE" "$command" --help
    expect "$command --help lists its options" 0 '^  --help  ' -- "$NUDIPOLE" "$command" --help
    expect "--help lists $command" 0 "^  $command  *[a-z]" -- "$NUDIPOLE" --help
done
expect 'help as a command' 0 '^usage: nudipole COMMAND' -- "$NUDIPOLE" help
expect '--help tells the exit codes' 0 '^Exit code: 0 fine, 2 ' -- "$NUDIPOLE" --help
expect '--help of rates tells what it writes' 0 '^writes: rates.dat, ' -- "$NUDIPOLE" rates --help
expect 'no command shows the help and fails' 2 '^usage: nudipole COMMAND' -- "$NUDIPOLE"
expect '--version' 0 '^nudipole [0-9]+\.[0-9]+\.[0-9]+ \(.+\)$' -- "$NUDIPOLE" --version

expect 'params' 0 '^m4_keV +unit keV +default 600$' -- "$NUDIPOLE" params
expect 'params has sections' 0 '^\[universe\]$' -- "$NUDIPOLE" params
expect 'params tells what is allowed' 0 '^    allowed: e, mu or tau$' -- "$NUDIPOLE" params
expect 'params --markdown' 0 '^\| `m4_keV` \| keV \| 600 \| 1 to 100000 keV \| mass of N \|$' \
    -- "$NUDIPOLE" params --markdown
expect 'params takes no file' 2 'params: 1 files given: usage: ' \
    -- "$NUDIPOLE" params params/b8.ini

expect 'unknown command' 2 "^nudipole: rate: unknown command: see 'nudipole --help'\$" \
    -- "$NUDIPOLE" rate params/b8.ini
expect 'unknown option' 2 "^nudipole: --fast: unknown option: see 'nudipole rates --help'\$" \
    -- "$NUDIPOLE" rates --fast params/b8.ini
expect 'unknown option after the file' 2 '^nudipole: -x: unknown option' \
    -- "$NUDIPOLE" rates params/b8.ini -x
expect 'option without its value' 2 "^nudipole: --set: needs a value: see 'nudipole rates --help'" \
    -- "$NUDIPOLE" rates params/b8.ini --set
expect 'no file' 2 '^nudipole: rates: 0 files given: usage: nudipole rates \[OPTIONS\] FILE.ini' \
    -- "$NUDIPOLE" rates
expect 'two files where one is needed' 2 '^nudipole: evolve: 2 files given: ' \
    -- "$NUDIPOLE" evolve params/b8.ini params/pp.ini
