#!/bin/sh
# symbols.sh LIBRARY: fail when a global symbol defined there does not begin with nd_.
set -eu
lib=$1
all=$(nm -g --defined-only "$lib" | awk 'NF == 3 { print $3 }')
# `#pragma omp critical (name)` makes the compiler emit .gomp_critical_user_name.
bad=$(printf '%s\n' "$all" | grep -v -e '^nd_' -e '^\.gomp_critical_user_' || true)
if [ -z "$all" ]; then
    echo "$lib defines no global symbols" >&2
    exit 1
fi
if [ -n "$bad" ]; then
    echo "$lib defines global symbols without the nd_ prefix:" >&2
    printf '%s\n' "$bad" | sed 's/^/  /' >&2
    exit 1
fi
echo "symbols: $(printf '%s\n' "$all" | wc -l | tr -d ' ') global symbols, all begin with nd_"
