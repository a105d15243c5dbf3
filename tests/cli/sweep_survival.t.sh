# Sweeps over axes that are killed, stopped, or lose their disk: the store is intact, no row is lost,
# and the same command finishes it. By the program itself; the store alone: tests/test_store_survival.c.

sur_dir=$TMP_DIR/survival
mkdir "$sur_dir"
sur_points=2000
sur_axes='vary=m4_keV log 200 800 10, d_muB log 1e-11 1e-9 100, T_RH_MeV list 2 5'

# sur_sweep FOLDER OPTION...
sur_sweep() {
    sur_folder=$1
    shift
    "$NUDIPOLE" sweep params/b8.ini --set "$sur_axes" --set work=evolve \
        --set statistics=maxwell-boltzmann --set screening=none --output "$sur_folder" "$@"
}

# sur_start FOLDER: in the background, with its output in FOLDER.log; sur_pid is its process
sur_start() {
    "$NUDIPOLE" sweep params/b8.ini --set "$sur_axes" --set work=evolve \
        --set statistics=maxwell-boltzmann --set screening=none --output "$1" > "$1.log" 2>&1 &
    sur_pid=$!
}

# sur_ended: exit code of the sweep in the background, with what it said
sur_ended() {
    wait "$sur_pid"
    sur_code=$?
    cat "$1.log"
    return $sur_code
}

milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

sur_before=$(milliseconds)
expect 'survival: a sweep that nothing happens to' 0 " $sur_points points done, 0 failed, 0 left\$" \
    -- sur_sweep "$sur_dir/whole"
sur_whole=$(($(milliseconds) - sur_before))

# killed N SEED: killed at N random moments, each within what is left of the sweep, then finished
killed() {
    sur_had=0
    sur_random=$2
    for sur_kill in $(seq "$1"); do
        sur_random=$((sur_random * 1103515245 % 2147483648 + 12345))
        # of a share of what is left, 0.2 to 1.8 at random
        sur_wait=$((sur_whole * (sur_points - sur_had) / sur_points / ($1 - sur_kill + 3)))
        sur_wait=$((sur_wait * (200 + sur_random / 65536 % 1600) / 1000 + 5))
        sur_start "$sur_dir/killed"
        sleep "$((sur_wait / 1000)).$(printf %03d $((sur_wait % 1000)))"
        kill -9 "$sur_pid"
        wait "$sur_pid" 2> /dev/null
        sur_code=$?
        sur_has=$(stored "$sur_dir/killed")
        echo "kill $sur_kill after $sur_wait ms: exit code $sur_code, $sur_had rows before, $sur_has after"
        test "$sur_code" -eq 137 && test "$sur_has" -ge "$sur_had" &&
            test "$sur_has" -lt $sur_points || return 1
        sur_had=$sur_has
    done
    test "$sur_had" -gt $((sur_points / 2)) && sur_sweep "$sur_dir/killed" &&
        same_content "$sur_dir/whole" "$sur_dir/killed"
}
expect "survival: 20 kills of $sur_points points, the same rows" 0 ', 0 failed, 0 left$' -- killed 20 1

# the rest with fewer points
sur_points=400
sur_axes='vary=m4_keV log 200 800 4, d_muB log 1e-11 1e-9 50, T_RH_MeV list 2 5'
rm -rf "$sur_dir/whole"
sur_sweep "$sur_dir/whole" --quiet

# stopped SIGNAL: points in flight are finished, and the rest is left
stopped() {
    rm -rf "$sur_dir/stopped"
    sur_start "$sur_dir/stopped"
    wait_for_stored "$sur_dir/stopped" 20 && kill -s "$1" "$sur_pid"
    sur_ended "$sur_dir/stopped"
}
# a shell without job control starts what is in the background with SIGINT ignored
for sur_signal in TERM USR1; do
    expect "survival: SIG$sur_signal" 130 'interrupted; the same command goes on' -- \
        stopped $sur_signal
    expect "survival: SIG$sur_signal, what it says" 130 '^nudipole: finishing the points in flight$' -- \
        stopped $sur_signal
done
expect 'survival: stopped, and nothing is left in between' 0 '' -- \
    test ! -e "$sur_dir/stopped/sweep.sqlite-wal"
stopped_and_resumed() {
    sur_sweep "$sur_dir/stopped" && same_content "$sur_dir/whole" "$sur_dir/stopped"
}
expect 'survival: stopped and resumed, the same rows' 0 ', 0 left$' -- stopped_and_resumed

# two processes on one store
second() {
    sur_start "$sur_dir/two"
    wait_for_stored "$sur_dir/two" 1
    sur_sweep "$sur_dir/two" > "$sur_dir/two.second" 2>&1
    sur_second=$?
    sur_ended "$sur_dir/two" > /dev/null && same_content "$sur_dir/whole" "$sur_dir/two" || return 1
    cat "$sur_dir/two.second"
    return $sur_second
}
expect 'survival: a second process is refused, the first goes on' 2 \
    '^nudipole: .*/sweep\.sqlite: another process writes to this sweep; ' -- second

# the folder is removed
removed() {
    sur_start "$sur_dir/removed"
    wait_for_stored "$sur_dir/removed" 20 && rm -rf "$sur_dir/removed"
    sur_ended "$sur_dir/removed"
}
expect 'survival: the folder is removed' 2 \
    '^nudipole: .*/sweep\.sqlite.*: the file was removed or replaced while in use$' -- removed

# the disk is full, and then it is not
if test "$(id -u)" -eq 0 && mkdir "$sur_dir/disk" &&
    mount -t tmpfs -o size=400k tmpfs "$sur_dir/disk" 2> /dev/null; then
    expect 'survival: the disk is full' 2 \
        '^nudipole: .*/sweep\.sqlite: a row cannot be written: .*(full|No space)' -- \
        sur_sweep "$sur_dir/disk/sweep"
    sur_had=$(stored "$sur_dir/disk/sweep")
    expect 'survival: the disk is full, and has rows' 0 '' -- test "$sur_had" -ge 10
    mount -o remount,size=32m "$sur_dir/disk"
    expect 'survival: resumed when there is room' 0 ", $((sur_points - sur_had)) to do\$" -- \
        sur_sweep "$sur_dir/disk/sweep"
    expect 'survival: resumed when there is room, the same rows' 0 '' -- \
        same_content "$sur_dir/whole" "$sur_dir/disk/sweep"
    umount "$sur_dir/disk"
else
    echo 'survival: a full disk: skipped (needs root and tmpfs)'
fi
