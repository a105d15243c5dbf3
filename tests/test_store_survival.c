/* The store of a sweep under kills, a full disk, removed files and other processes. */
#include "nudipole/store.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "store_support.h"

static struct nd_error error;

TestSuite(store_survival, .init = make_folder, .fini = remove_folder);

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static long size_of(const char *name)
{
    struct stat info;
    return stat(path_of(name), &info) == 0 ? (long)info.st_size : -1;
}

/* ---- kills ------------------------------------------------------------------------------ */

enum { N_KILLED = 2500, STRIDE = 1237 };

/* Adds what is missing, in an order of its own; *done counts the adds that have returned. After
 * `most` of them it waits for the end. */
static int work(volatile long *done, long most)
{
    const long end = *done + most;
    struct nd_error e = ND_ERROR_INIT;
    struct nd_store *store;
    if (nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &layout, N_KILLED, &e) != ND_OK)
        return 1;
    for (long i = 0; i < N_KILLED; i++) {
        const long id = i * STRIDE % N_KILLED;
        if (nd_store_status_of(store, id) != ND_POINT_PENDING)
            continue;
        if (nd_store_add(store, row_of(id), &e) != ND_OK)
            return 2;
        if (++*done == end)
            pause();
    }
    return nd_store_close(store, &e) == ND_OK ? 0 : 3;
}

/* Starts a worker and kills it after `microseconds`, or when it has added `adds` rows. */
static void kill_a_worker(int microseconds, long adds, volatile long *done)
{
    enum { MORE = 20, MOST = 100 };
    const long before = *done;
    const double start = now();
    int state;
    const pid_t child = fork();
    cr_assert(child >= 0, "cannot fork");
    if (child == 0)
        _exit(work(done, adds > 0 ? adds + MORE : MOST));
    if (adds == 0)
        usleep((useconds_t)microseconds);
    while (adds > 0 && *done < before + adds && now() < start + 5.0)
        usleep(20);
    kill(child, SIGKILL);
    cr_assert(waitpid(child, &state, 0) == child, "waitpid");
    cr_assert(WIFSIGNALED(state), "the worker ended by itself: %d", WEXITSTATUS(state));
}

Test(store_survival, kills_at_any_moment_change_nothing)
{
    static const struct {
        int microseconds;
        long adds;
    } kills[] = {{0, 0},    {700, 0},  {2000, 0}, {4000, 0},  {0, 1},     {7000, 0}, {0, 37},
                 {1000, 0}, {0, 3},    {0, 150},  {11000, 0}, {0, 400},   {3000, 0}, {0, 1},
                 {0, 219},  {5000, 0}, {0, 330},  {17000, 0}, {25000, 0}, {0, 2}};
    volatile long *done =
        mmap(NULL, sizeof *done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert((void *)done != MAP_FAILED, "no shared memory");
    for (size_t i = 0; i < sizeof kills / sizeof kills[0]; i++) {
        kill_a_worker(kills[i].microseconds, kills[i].adds, done);
        /* nothing that was added is lost; the last row may be there without the count */
        long counts[ND_POINT_STATUSES] = {N_KILLED, 0, 0};
        struct nd_store_reader *reader;
        struct nd_error e = ND_ERROR_INIT;
        if (*done > 0 || nd_store_reader_open(&reader, folder, &e) == ND_OK) {
            if (*done > 0)
                ASSERT_OK(nd_store_reader_open(&reader, folder, &e), e);
            ASSERT_OK(nd_store_reader_counts(reader, counts, &e), e);
            nd_store_reader_close(reader);
        }
        const long rows = counts[ND_POINT_OK] + counts[ND_POINT_FAILED];
        cr_assert(rows == *done || rows == *done + 1, "kill %zu: %ld rows, %ld added", i, rows,
                  *done);
        *done = rows;
    }
    cr_assert(*done > 1000 && *done < N_KILLED, "%ld rows after all kills", *done);
    cr_assert(work(done, N_KILLED + 1) == 0, "the last run failed");
    cr_assert(*done == N_KILLED, "%ld rows", *done);

    cr_assert(mkdir(path_of("other"), 0777) == 0, "mkdir");
    struct nd_store *store = open_store(path_of("other"), N_KILLED);
    add_rows(store, 0, N_KILLED);
    close_store(store);
    char *killed = dump(folder), *reference = dump(path_of("other"));
    cr_assert(strcmp(killed, reference) == 0, "the stores differ");
    free(killed);
    free(reference);
    assert_sound(N_KILLED);
    munmap((void *)done, sizeof *done);
}

Test(store_survival, what_a_kill_leaves_beside_a_removed_file_does_not_come_back)
{
    long done = 0;
    volatile long *shared =
        mmap(NULL, sizeof done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct nd_store *store;
    kill_a_worker(0, 200, shared);
    cr_assert(exists("sweep.sqlite-wal"), "there is no journal");
    cr_assert(unlink(path_of("sweep.sqlite")) == 0, "unlink");
    ASSERT_OK(nd_store_open(&store, folder, "other = 1\n", PROVENANCE, &layout, 50, &error), error);
    cr_assert(nd_store_count(store, ND_POINT_PENDING) == 50, "rows of the removed store");
    add_rows(store, 0, 20);
    close_store(store);
    assert_sound(20);
    munmap((void *)shared, sizeof done);
}

/* ---- other processes ---------------------------------------------------------------------- */

/* Forks a child that holds what `hold` takes for a time; returns when it has it. */
static pid_t start_holder(void (*hold)(void), int milliseconds)
{
    int ends[2];
    char letter;
    cr_assert(pipe(ends) == 0, "pipe");
    const pid_t child = fork();
    cr_assert(child >= 0, "cannot fork");
    if (child == 0) {
        hold();
        if (write(ends[1], "x", 1) == 1)
            usleep((useconds_t)milliseconds * 1000);
        _exit(0);
    }
    close(ends[1]);
    cr_assert(read(ends[0], &letter, 1) == 1, "the child did not start");
    close(ends[0]);
    return child;
}

static void hold_store(void)
{
    struct nd_store *store;
    if (nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &layout, 10, NULL) != ND_OK ||
        nd_store_add(store, row_of(1), NULL) != ND_OK)
        _exit(1);
}

/* A write transaction of another program; its end releases it. */
static void hold_transaction(void)
{
    sqlite3 *db;
    if (sqlite3_open(path_of("sweep.sqlite"), &db) != SQLITE_OK ||
        sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        _exit(1);
}

Test(store_survival, a_second_writer_is_refused_at_once)
{
    struct nd_store *store, *second;
    struct nd_error e = ND_ERROR_INIT, f = ND_ERROR_INIT;
    const pid_t child = start_holder(hold_store, 60000);
    const double start = now();
    ASSERT_ERROR(nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &layout, 10, &e), e,
                 ND_BAD_INPUT, "sweep.sqlite: another process writes to this sweep");
    cr_assert(now() < start + 2.0, "the refusal took %g s", now() - start);
    char *text = dump(folder);
    cr_assert(strncmp(text, "1 1 NULL|", 9) == 0, "a reader sees %s", text);
    free(text);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);

    store = open_store(folder, 10);
    cr_assert(nd_store_status_of(store, 1) == ND_POINT_OK, "the row of the killed writer is lost");
    ASSERT_ERROR(nd_store_open(&second, folder, PARAMETERS, PROVENANCE, &layout, 10, &f), f,
                 ND_BAD_INPUT, "another process writes to this sweep");
    add_rows(store, 2, 4);
    close_store(store);
    close_store(open_store(folder, 10));
    assert_sound(3);
}

Test(store_survival, an_add_waits_for_another_program)
{
    struct nd_store *store = open_store(folder, 10);
    const pid_t child = start_holder(hold_transaction, 200);
    add_rows(store, 0, 2);
    waitpid(child, NULL, 0);
    close_store(store);
    assert_sound(2);
}

/* A transaction that has reached the file but is not complete: in memory there is no room for it.
 */
static void hold_half_a_transaction(void)
{
    sqlite3 *db;
    if (sqlite3_open(path_of("sweep.sqlite"), &db) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA cache_size = 1; BEGIN; UPDATE points SET Y_p = 1.0, status = 'ok'",
                     NULL, NULL, NULL) != SQLITE_OK)
        _exit(1);
}

Test(store_survival, a_reader_undoes_half_a_transaction)
{
    struct nd_store *store = open_store(folder, 500);
    add_rows(store, 0, 500);
    close_store(store);
    char *before = dump(folder);
    const pid_t child = start_holder(hold_half_a_transaction, 60000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    cr_assert(size_of("sweep.sqlite-journal") > 0, "there is no journal");
    char *after = dump(folder);
    cr_assert(strcmp(before, after) == 0, "the rows changed");
    cr_assert(!exists("sweep.sqlite-journal"), "the journal is left");
    free(before);
    free(after);
}

/* ---- full disk ----------------------------------------------------------------------------- */

/* No file may grow beyond this; -1 lifts the limit. */
static void limit_files(long size)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    cr_assert(getrlimit(RLIMIT_FSIZE, &limit) == 0, "getrlimit");
    limit.rlim_cur = size < 0 ? limit.rlim_max : (rlim_t)size;
    cr_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
}

Test(store_survival, a_full_disk_is_reported_and_the_store_goes_on)
{
    struct nd_store *store = open_store(folder, 600);
    long id = 100;
    add_rows(store, 0, id);
    for (int round = 0; round < 3; round++) {
        struct nd_error e = ND_ERROR_INIT;
        const long limit = size_of("sweep.sqlite-wal") + 12345;
        limit_files(limit);
        while (id < 600 && nd_store_add(store, row_of(id), &e) == ND_OK)
            id++;
        cr_assert(id < 600, "the limit has no effect");
        cr_assert(nd_store_status_of(store, id) == ND_POINT_PENDING, "the row counts");
        cr_assert(nd_store_count(store, ND_POINT_PENDING) == 600 - id, "the row counts");
        for (int again = 0; again < 2; again++) {
            e = (struct nd_error)ND_ERROR_INIT;
            ASSERT_ERROR(nd_store_add(store, row_of(id), &e), e, ND_IO_ERROR,
                         "sweep.sqlite: a row cannot be written: disk I/O error: File too large");
        }
        limit_files(-1);
        assert_sound(id);
        add_rows(store, id, id + 50);
        id += 50;
    }
    /* no room to move the rows from the journal to the file: they stay in the journal */
    limit_files(8192);
    struct nd_error e = ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_close(store, &e), e, ND_IO_ERROR,
                 "sweep.sqlite: cannot be tidied up: disk I/O error: File too large");
    limit_files(-1);
    store = open_store(folder, 600);
    cr_assert(nd_store_count(store, ND_POINT_PENDING) == 600 - id, "rows are lost");
    add_rows(store, id, 600);
    close_store(store);
    assert_sound(600);
}

Test(store_survival, a_full_disk_at_the_start_is_reported)
{
    static const long limits[] = {0, 4096, 30000, 8192};
    struct nd_store *store;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct nd_error e = ND_ERROR_INIT;
        limit_files(limits[i]);
        ASSERT_ERROR(nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &layout, 10, &e), e,
                     ND_IO_ERROR, "sweep.sqlite: ");
        cr_assert(strstr(e.message, "File too large") != NULL, "%s", e.message);
    }
    limit_files(-1);
    store = open_store(folder, 10);
    add_rows(store, 0, 10);
    close_store(store);
    assert_sound(10);
}

/* ---- files that go away --------------------------------------------------------------------- */

Test(store_survival, a_folder_that_is_removed_is_reported)
{
    struct nd_store *store = open_store(folder, 10);
    add_rows(store, 0, 3);
    remove_folder();
    for (int again = 0; again < 2; again++) {
        struct nd_error e = ND_ERROR_INIT;
        ASSERT_ERROR(nd_store_add(store, row_of(4), &e), e, ND_IO_ERROR,
                     "sweep.sqlite: the file was removed or replaced while in use");
    }
    ASSERT_ERROR(nd_store_close(store, &error), error, ND_IO_ERROR, "was removed or replaced");
    cr_assert(!exists("sweep.sqlite-wal"), "a file was made");
}

Test(store_survival, a_journal_that_is_removed_is_reported)
{
    struct nd_store *store = open_store(folder, 10);
    add_rows(store, 0, 3);
    cr_assert(unlink(path_of("sweep.sqlite-wal")) == 0, "unlink");
    ASSERT_ERROR(nd_store_add(store, row_of(4), &error), error, ND_IO_ERROR,
                 "sweep.sqlite-wal: the file was removed or replaced while in use");
    struct nd_error e = ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_close(store, &e), e, ND_IO_ERROR, "sweep.sqlite-wal: the file was");
}

Test(store_survival, a_store_in_the_place_of_a_removed_one_is_not_touched)
{
    struct nd_store *old = open_store(folder, 10);
    add_rows(old, 0, 3);
    remove_folder();
    cr_assert(mkdir(folder, 0700) == 0, "mkdir");
    struct nd_store *store = open_store(folder, 20);
    add_rows(store, 0, 15);
    struct nd_error e = ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_add(old, row_of(4), &e), e, ND_IO_ERROR, "was removed or replaced");
    ASSERT_ERROR(nd_store_close(old, &error), error, ND_IO_ERROR, "was removed or replaced");
    cr_assert(exists("sweep.sqlite-wal") && exists("sweep.sqlite-shm"), "its files were removed");
    add_rows(store, 15, 20);
    close_store(store);
    assert_sound(20);
}

/* ---- damage ----------------------------------------------------------------------------- */

static void overwrite(long offset, int letter, int n)
{
    FILE *file = fopen(path_of("sweep.sqlite"), "r+");
    cr_assert(file != NULL && fseek(file, offset, SEEK_SET) == 0, "cannot overwrite");
    while (n-- > 0)
        fputc(letter, file);
    fclose(file);
}

Test(store_survival, damaged_pages_are_reported)
{
    struct nd_store_reader *reader;
    struct nd_store *store = open_store(folder, 1000);
    struct nd_error e = ND_ERROR_INIT;
    long counts[ND_POINT_STATUSES];
    add_rows(store, 0, 1000);
    close_store(store);
    overwrite(6 * 4096, 0xaa, 6 * 4096);
    ASSERT_ERROR(nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &layout, 1000, &e), e,
                 ND_IO_ERROR, "sweep.sqlite: cannot be read: database disk image is malformed");
    e = (struct nd_error)ND_ERROR_INIT;
    ASSERT_OK(nd_store_reader_open(&reader, folder, &e), e);
    ASSERT_ERROR(nd_store_reader_counts(reader, counts, &e), e, ND_IO_ERROR, "malformed");
    e = (struct nd_error)ND_ERROR_INIT;
    FILE *stream = fopen("/dev/null", "w");
    ASSERT_ERROR(nd_store_reader_rows(reader, dump_row, stream, &e), e, ND_IO_ERROR, "malformed");
    e = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_export_csv(folder, stream, &e), e, ND_IO_ERROR, "malformed");
    fclose(stream);
    nd_store_reader_close(reader);
    cr_assert(truncate(path_of("sweep.sqlite"), 3 * 4096 + 10) == 0, "truncate");
    e = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &layout, 1000, &e), e,
                 ND_IO_ERROR, "malformed");
}

/* ---- rights ---------------------------------------------------------------------------------- */

/* Root may do everything, so these tests go on as another user. */
static void leave_root(void)
{
    enum { NOBODY = 65534 };
    if (geteuid() == 0 && seteuid(NOBODY) != 0)
        cr_skip_test("root may write everywhere");
}

static void return_to_root(void)
{
    if (getuid() == 0)
        cr_assert(seteuid(0) == 0, "seteuid");
}

Test(store_survival, a_store_at_rest_can_be_read_where_nothing_can_be_written)
{
    struct nd_store *store = open_store(folder, 10);
    add_rows(store, 0, 10);
    close_store(store);
    char *before = dump(folder);
    cr_assert(chmod(folder, 0555) == 0, "chmod");
    leave_root();
    char *after = dump(folder);
    cr_assert(strcmp(before, after) == 0, "%s became %s", before, after);
    free(before);
    free(after);
    struct nd_error e = ND_ERROR_INIT;
    const enum nd_status status =
        nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &layout, 10, &e);
    return_to_root();
    chmod(folder, 0700);
    ASSERT_ERROR(status, e, ND_IO_ERROR, "/sweep.lock: cannot be opened: Permission denied");
}

Test(store_survival, a_file_that_cannot_be_written_is_refused)
{
    struct nd_store *store;
    close_store(open_store(folder, 10));
    cr_assert(chmod(folder, 0777) == 0 && chmod(path_of("sweep.sqlite"), 0444) == 0 &&
                  chmod(path_of("sweep.lock"), 0666) == 0,
              "chmod");
    leave_root();
    const enum nd_status status =
        nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &layout, 10, &error);
    return_to_root();
    ASSERT_ERROR(status, error, ND_IO_ERROR, "sweep.sqlite: cannot be written: Permission denied");
}
