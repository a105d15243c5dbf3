#!/bin/sh
# Tests of the command line program.  NUDIPOLE is the program to test.
#
# Sources the files that are named, or every tests/cli/*.t.sh; those call
#
#     expect NAME EXIT 'regex' -- command...
#
# which runs the command, and passes when it exits with EXIT and a line of its
# output (standard output and error together) matches the extended regex; an
# empty regex matches any output.  The working directory is the project's root;
# $TMP_DIR is an empty directory, removed at the end.
set -u
cd "$(dirname "$0")/../.." || exit 1
NUDIPOLE=${NUDIPOLE:-$PWD/build/nudipole}
TMP_DIR=$(mktemp -d) || exit 1
export NUDIPOLE TMP_DIR
log=$(mktemp) || exit 1
trap 'rm -rf "$TMP_DIR" "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
passed=0
failed=0

fail() {
    failed=$((failed + 1))
    echo "FAIL: $1: $2"
    sed 's/^/    | /' "$log"
}

expect() {
    expect_name=$1 expect_exit=$2 expect_regex=$3
    if [ "$4" != -- ]; then
        : > "$log"
        fail "$expect_name" "usage: expect NAME EXIT 'regex' -- command..."
        return 0
    fi
    shift 4
    "$@" > "$log" 2>&1 < /dev/null
    expect_status=$?
    if [ "$expect_status" -ne "$expect_exit" ]; then
        fail "$expect_name" "exit code $expect_status, expected $expect_exit"
    elif [ -n "$expect_regex" ] && ! grep -E -q -e "$expect_regex" "$log"; then
        fail "$expect_name" "no line of the output matches '$expect_regex'"
    else
        passed=$((passed + 1))
    fi
    return 0
}

. ./tests/cli/helpers.sh
[ $# -gt 0 ] || set -- tests/cli/*.t.sh
for file; do
    if [ ! -e "$file" ]; then
        echo "no tests found in tests/cli" >&2
        failed=1
        break
    fi
    . "./$file"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
