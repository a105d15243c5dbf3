# What several files of tests use; sourced by run.sh before them.

# has DIR FILE...: exactly these files, none empty
has() {
    has_dir=$1
    shift
    for has_file; do
        test -s "$has_dir/$has_file" || { echo "$has_dir/$has_file is missing or empty"; return 1; }
    done
    has_all=$(find "$has_dir" -type f | grep -c .)
    test "$has_all" -eq $# || { echo "more files than expected:"; ls -A "$has_dir"; return 1; }
}

# columns FILE ROWS 'NAME ...': last line of the header, rows, as many values in each row
columns() {
    test "$(grep '^#' "$1" | tail -n 1)" = "# $3" || { grep '^#' "$1" | tail -n 1; return 1; }
    awk -v rows="$2" -v names="$3" '
        BEGIN { fields = split(names, x, " ") }
        /^#/ { if (n) { print "a comment below the header: " $0; bad = 1 } next }
        NF && NF != fields { print NF " values in: " $0; bad = 1 }
        NF { n++ }
        END { if (n != rows) { print n " rows"; bad = 1 } exit bad }' "$1"
}

# valid_json FILE
valid_json() {
    if command -v jq > /dev/null; then
        jq . "$1" > /dev/null
    elif python3 -c 'import json' 2> /dev/null; then
        python3 -m json.tool "$1" > /dev/null
    else
        test "$(head -n 1 "$1")" = '{' && test "$(tail -n 1 "$1")" = '}'
    fi
}

# silent COMMAND...: nothing on standard output
silent() {
    silent_text=$("$@" 2> /dev/null) && test -z "$silent_text"
}

# no_complaint COMMAND...: nothing on standard error
no_complaint() {
    complaint=$("$@" 2>&1 > /dev/null) && test -z "$complaint"
}

# content FOLDER: the rows of a sweep without what they cost
content() {
    "$NUDIPOLE" export "$1" | cut -d, -f1,2,4-
}

# same_content FOLDER FOLDER
same_content() {
    content "$1" > "$TMP_DIR/content.csv" && test -s "$TMP_DIR/content.csv" &&
        content "$2" | cmp "$TMP_DIR/content.csv" -
}

# stored FOLDER: how many rows the store of a sweep has; 0 before there is one
stored() {
    "$NUDIPOLE" export "$1" 2> /dev/null | grep -c '^[0-9]'
}

# wait_for_stored FOLDER N: until a running sweep has that many; for half a minute at most
wait_for_stored() {
    for stored_tries in $(seq 300); do
        test "$(stored "$1")" -ge "$2" && return 0
        sleep 0.1
    done
    return 1
}

# A run without gnuplot misses .png and .pdf.
if command -v gnuplot > /dev/null; then
    figure() { echo "$1.gp $1.png $1.pdf"; }
else
    figure() { echo "$1.gp"; }
fi
