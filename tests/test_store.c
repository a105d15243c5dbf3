/* The store of a sweep: what goes in comes out, resuming, refusals, readers, CSV. */
#include "nudipole/store.h"

#include <float.h>

#include "store_support.h"

static struct nd_error error;

TestSuite(store, .init = make_folder, .fini = remove_folder);

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "cannot write %s", name);
}

/* Opens with other parameters, layout or points, and expects a refusal. */
static void refuse(const char *parameters, const struct nd_store_layout *other, long n_points,
                   enum nd_status expected, const char *fragment)
{
    struct nd_error e = ND_ERROR_INIT;
    struct nd_store *store = (struct nd_store *)&e;
    ASSERT_ERROR(nd_store_open(&store, folder, parameters, PROVENANCE, other, n_points, &e), e,
                 expected, fragment);
    cr_assert(store == NULL, "a store after an error");
}

static void refuse_file(enum nd_status expected, const char *fragment)
{
    struct nd_error e = ND_ERROR_INIT;
    struct nd_store_reader *reader = (struct nd_store_reader *)&e;
    refuse(PARAMETERS, &layout, 10, expected, fragment);
    ASSERT_ERROR(nd_store_reader_open(&reader, folder, &e), e, expected, fragment);
    cr_assert(reader == NULL, "a reader after an error");
}

/* ---- content ---------------------------------------------------------------------------- */

static const double numbers[] = {0.0,     -0.0,     1.0,       -3.0,    0.1,
                                 1.0 / 3, 5e-324,   -4e-320,   DBL_MIN, DBL_MAX,
                                 1e22,    INFINITY, -INFINITY, NAN,     9007199254740993.0,
                                 -1e-300, 1e15,     -DBL_MAX,  2e-308,  9223372036854775808.0};
static const char *const texts[] = {
    "",    NULL,  "it's \"quoted\"", "two\nlines\r\n", "N\xc3\xbc \xe2\x9c\x93", "NULL",
    "1e5", " 7 ", "\xff\xfe",        "x'00'"};
enum { N_NUMBERS = sizeof numbers / sizeof numbers[0], N_TEXTS = sizeof texts / sizeof texts[0] };

static int same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int same_number(double a, double b)
{
    return isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof a) == 0;
}

static int check_row(const struct nd_store_row *row, void *context)
{
    long *next = context;
    const double number = numbers[*next];
    const char *text = texts[*next % N_TEXTS];
    cr_assert(row->id == *next && row->status == ND_POINT_OK, "row %ld, status %d", row->id,
              (int)row->status);
    cr_assert(same_number(row->seconds, number) && same_text(row->message, text),
              "row %ld: seconds %a, message '%s'", row->id, row->seconds, row->message);
    for (int i = 0; i < N_COLUMNS; i++)
        if (columns[i].is_text)
            cr_assert(same_text(row->values[i].text, text) && isnan(row->values[i].number),
                      "row %ld: text '%s'", row->id, row->values[i].text);
        else
            cr_assert(same_number(row->values[i].number, number) && row->values[i].text == NULL,
                      "row %ld: %a instead of %a", row->id, row->values[i].number, number);
    ++*next;
    return 0;
}

Test(store, numbers_and_texts_come_back_exactly)
{
    struct nd_store *store = open_store(folder, N_NUMBERS);
    for (long id = N_NUMBERS - 1; id >= 0; id--) {
        struct nd_store_value values[N_COLUMNS];
        for (int i = 0; i < N_COLUMNS; i++)
            values[i] = (struct nd_store_value){numbers[id], texts[id % N_TEXTS]};
        const struct nd_store_row row = {id, ND_POINT_OK, numbers[id], texts[id % N_TEXTS], values};
        ASSERT_OK(nd_store_add(store, &row, &error), error);
    }
    for (int open = 1; open >= 0; open--) {
        struct nd_store_reader *reader;
        long next = 0;
        if (!open)
            close_store(store);
        ASSERT_OK(nd_store_reader_open(&reader, folder, &error), error);
        ASSERT_OK(nd_store_reader_rows(reader, check_row, &next, &error), error);
        cr_assert(next == N_NUMBERS, "%ld rows", next);
        nd_store_reader_close(reader);
    }
    cr_assert(strcmp(run_sql("SELECT typeof(N_eff) || typeof(note) FROM points WHERE id = 13"),
                     "nulltext") == 0,
              "a NAN is not NULL");
}

Test(store, a_reader_tells_what_the_writer_gave)
{
    struct nd_store_reader *reader;
    close_store(open_store(folder, 12));
    ASSERT_OK(nd_store_reader_open(&reader, folder, &error), error);
    const struct nd_store_layout *read = nd_store_reader_layout(reader);
    cr_assert(read->n == N_COLUMNS && read->n_axes == N_AXES, "%d columns, %d axes", read->n,
              read->n_axes);
    for (int i = 0; i < N_COLUMNS; i++)
        cr_assert(strcmp(read->columns[i].name, columns[i].name) == 0 &&
                      read->columns[i].is_text == columns[i].is_text,
                  "column %d is %s", i, read->columns[i].name);
    cr_assert(strcmp(nd_store_reader_parameters(reader), PARAMETERS) == 0, "parameters");
    cr_assert(strcmp(nd_store_reader_provenance(reader), PROVENANCE) == 0, "provenance");
    cr_assert(nd_store_reader_n_points(reader) == 12, "n_points");
    nd_store_reader_close(reader);
    nd_store_reader_close(NULL);
}

Test(store, a_failed_row_keeps_its_axes_only_and_can_be_replaced)
{
    struct nd_store *store = open_store(folder, 5);
    ASSERT_OK(nd_store_add(store, row_of(3), &error), error);
    char *text = dump(folder);
    cr_assert(strcmp(text, "3 2 did not converge|0x1.5555555555555p-3|tau|nan|NULL|nan\n") == 0,
              "%s", text);
    free(text);
    cr_assert(nd_store_status_of(store, 3) == ND_POINT_FAILED, "status");
    struct nd_store_row row = *row_of(4);
    row.id = 3;
    row.status = ND_POINT_FAILED;
    row.message = "again";
    ASSERT_OK(nd_store_add(store, &row, &error), error);
    cr_assert(nd_store_count(store, ND_POINT_FAILED) == 1, "count");
    row.status = ND_POINT_OK;
    row.message = NULL;
    ASSERT_OK(nd_store_add(store, &row, &error), error);
    cr_assert(nd_store_status_of(store, 3) == ND_POINT_OK, "status");
    cr_assert(nd_store_count(store, ND_POINT_FAILED) == 0, "count");
    close_store(store);
    text = dump(folder);
    cr_assert(strcmp(text, "3 1 NULL|0x1.2492492492492p-3|mu|0x1.8p+1|note, \"4\"|"
                           "0x1.999999999999ap-2\n") == 0,
              "%s", text);
    free(text);
}

Test(store, what_is_no_new_row_is_refused)
{
    struct nd_store *store = open_store(folder, 5);
    add_rows(store, 4, 5);
    char *before = dump(folder);
    static const struct {
        long id;
        int status;
        const char *fragment;
    } cases[] = {{4, ND_POINT_OK, "point 4: it has an ok row already"},
                 {4, ND_POINT_FAILED, "point 4: it has an ok row already"},
                 {5, ND_POINT_OK, "point 5: the points are 0 to 4"},
                 {-1, ND_POINT_OK, "point -1: the points are 0 to 4"},
                 {1, ND_POINT_PENDING, "point 1: status 0: a row is ok or failed"},
                 {1, 3, "point 1: status 3: a row is ok or failed"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct nd_error e = ND_ERROR_INIT;
        struct nd_store_row row = *row_of(2);
        row.id = cases[i].id;
        row.status = (enum nd_store_status)cases[i].status;
        ASSERT_ERROR(nd_store_add(store, &row, &e), e, ND_BAD_INPUT, cases[i].fragment);
    }
    /* a row that came from elsewhere is not replaced either */
    run_sql("INSERT INTO points(id, status) VALUES(2, 'ok')");
    struct nd_error e = ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_add(store, row_of(2), &e), e, ND_BAD_INPUT,
                 "sweep.sqlite: point 2: it has an ok row already");
    run_sql("DELETE FROM points WHERE id = 2");
    ASSERT_OK(nd_store_add(store, row_of(2), &error), error);
    run_sql("DELETE FROM points WHERE id = 2");
    close_store(store);
    char *after = dump(folder);
    cr_assert(strcmp(before, after) == 0, "%s became %s", before, after);
    free(before);
    free(after);
}

/* ---- resuming --------------------------------------------------------------------------- */

Test(store, a_store_resumes_where_it_was)
{
    struct nd_store *store = open_store(folder, 40);
    cr_assert(nd_store_count(store, ND_POINT_PENDING) == 40, "count");
    add_rows(store, 0, 25);
    for (int again = 0; again < 2; again++) {
        cr_assert(nd_store_count(store, ND_POINT_PENDING) == 15 &&
                      nd_store_count(store, ND_POINT_OK) == 22 &&
                      nd_store_count(store, ND_POINT_FAILED) == 3,
                  "counts, resumed %d", again);
        for (long id = -1; id <= 40; id++) {
            const enum nd_store_status expected = id < 0 || id >= 25 ? ND_POINT_PENDING
                                                  : id % 10 == 3     ? ND_POINT_FAILED
                                                                     : ND_POINT_OK;
            cr_assert(nd_store_status_of(store, id) == expected, "status of %ld", id);
        }
        if (again == 0) {
            close_store(store);
            store = open_store(folder, 40);
        }
    }
    struct nd_error e = ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_add(store, row_of(0), &e), e, ND_BAD_INPUT, "has an ok row already");
    add_rows(store, 3, 4);
    add_rows(store, 25, 40);
    close_store(store);
    ASSERT_OK(nd_store_close(NULL, &error), error);
    cr_assert(!exists("sweep.sqlite-wal") && !exists("sweep.sqlite-shm") && exists("sweep.lock"),
              "the files at rest");
    assert_sound(40);
}

Test(store, other_parameters_are_refused_with_the_line)
{
    static const struct {
        const char *parameters, *fragment;
    } cases[] = {
        {"[model]\nm4_keV = 601\nflavour = mu\n",
         "sweep.sqlite: it holds a sweep with other parameters: line 2 is 'm4_keV = 600' there and "
         "'m4_keV = 601' now; choose another --output, or remove the file"},
        {"[model]\nm4_keV = 600\nflavour = tau\nnew = 1\n", "line 4 is '' there and 'new = 1' now"},
        {"[model]\nm4_keV = 600\n", "line 3 is 'flavour = tau' there and '' now"},
        {"", "line 1 is '[model]' there and '' now"},
    };
    close_store(open_store(folder, 3));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refuse(cases[i].parameters, &layout, 3, ND_BAD_INPUT, cases[i].fragment);
    /* a final newline is no difference */
    struct nd_store *store;
    ASSERT_OK(nd_store_open(&store, folder, "[model]\nm4_keV = 600\nflavour = tau", PROVENANCE,
                            &layout, 3, &error),
              error);
    close_store(store);
}

Test(store, of_long_lines_the_message_shows_what_differs)
{
    char a[600], b[600];
    struct nd_store *store;
    memset(a, 'x', sizeof a);
    a[599] = '\0';
    memcpy(b, a, sizeof a);
    memcpy(a + 400, "one", 3);
    memcpy(b + 400, "two", 3);
    ASSERT_OK(nd_store_open(&store, folder, a, PROVENANCE, &layout, 3, &error), error);
    close_store(store);
    refuse(b, &layout, 3, ND_BAD_INPUT, "xxonexx");
    refuse(b, &layout, 3, ND_BAD_INPUT, "xxtwoxx");
    refuse(b, &layout, 3, ND_BAD_INPUT, "line 1 is '...xx");
    refuse(b, &layout, 3, ND_BAD_INPUT, "or remove the file");
}

Test(store, another_layout_is_refused)
{
    struct nd_store_column other[N_COLUMNS];
    const struct nd_store_layout axes = {N_COLUMNS, columns, 1}, fewer = {4, columns, N_AXES},
                                 changed = {N_COLUMNS, other, N_AXES};
    struct nd_store *store = open_store(folder, 3);
    add_rows(store, 0, 2);
    close_store(store);
    refuse(PARAMETERS, &axes, 3, ND_BAD_INPUT, "other number of axes: line 1 is '2' there and '1'");
    refuse(PARAMETERS, &layout, 4, ND_BAD_INPUT, "number of points: line 1 is '3' there and '4'");
    refuse(PARAMETERS, &fewer, 3, ND_BAD_INPUT, "columns: line 5 is 'Y_p number' there and ''");
    memcpy(other, columns, sizeof other);
    other[2].name = "n_eff";
    refuse(PARAMETERS, &changed, 3, ND_BAD_INPUT, "'N_eff number' there and 'n_eff number' now");
    memcpy(other, columns, sizeof other);
    other[2].is_text = 1;
    refuse(PARAMETERS, &changed, 3, ND_BAD_INPUT, "'N_eff number' there and 'N_eff text' now");
    close_store(open_store(folder, 3));
    assert_sound(2);
}

Test(store, versions_that_worked_on_a_store_are_kept)
{
    static const char *const versions[] = {"nudipole 1.0 (abc)", "nudipole 1.0",
                                           "nudipole 1.0",       "0 (abc)",
                                           "nudipole 1.0 (abc)", "it's 2"};
    struct nd_store_reader *reader;
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        struct nd_store *store;
        ASSERT_OK(nd_store_open(&store, folder, PARAMETERS, versions[i], &layout, 3, &error),
                  error);
        close_store(store);
    }
    ASSERT_OK(nd_store_reader_open(&reader, folder, &error), error);
    cr_assert(strcmp(nd_store_reader_provenance(reader),
                     "nudipole 1.0 (abc)\nnudipole 1.0\n0 (abc)\nit's 2") == 0,
              "%s", nd_store_reader_provenance(reader));
    nd_store_reader_close(reader);
}

/* ---- refusals --------------------------------------------------------------------------- */

Test(store, layouts_that_cannot_be_stored_are_refused_and_make_nothing)
{
    static const struct {
        const char *first, *second, *fragment;
    } cases[] = {{"x y", "b", "column 'x y': a name has letters, digits and _ only"},
                 {"", "b", "column '': a name has"},
                 {"a\"", "b", "column 'a\"': a name has"},
                 {"a", "\xc3\xa4", "a name has letters"},
                 {"a", "ID", "column 'ID': the name is taken"},
                 {"status", "b", "the name is taken"},
                 {"seconds", "b", "the name is taken"},
                 {"a", "Message", "the name is taken"},
                 {"m4", "M4", "column 'M4': the name occurs twice"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct nd_store_column pair[] = {{cases[i].first, 0}, {cases[i].second, 0}};
        const struct nd_store_layout bad = {2, pair, 0};
        refuse(PARAMETERS, &bad, 3, ND_BAD_INPUT, cases[i].fragment);
    }
    const struct nd_store_layout none = {0, columns, 0},
                                 many = {ND_STORE_COLUMNS_MAX + 1, columns, 0},
                                 axes = {N_COLUMNS, columns, N_COLUMNS + 1},
                                 negative = {N_COLUMNS, columns, -1};
    refuse(PARAMETERS, &none, 3, ND_BAD_INPUT, "0 columns, 0 axes, 3 points: allowed are");
    refuse(PARAMETERS, &many, 3, ND_BAD_INPUT, "allowed are 1 to 1000 columns");
    refuse(PARAMETERS, &axes, 3, ND_BAD_INPUT, "no more axes than columns");
    refuse(PARAMETERS, &negative, 3, ND_BAD_INPUT, "-1 axes");
    refuse(PARAMETERS, &layout, 0, ND_BAD_INPUT, "at least one point");
    cr_assert(!exists("sweep.sqlite") && !exists("sweep.lock"), "a file was made");
}

Test(store, names_that_sql_uses_and_many_columns_are_fine)
{
    static char names[ND_STORE_COLUMNS_MAX][16];
    static struct nd_store_column wide[ND_STORE_COLUMNS_MAX];
    static struct nd_store_value values[ND_STORE_COLUMNS_MAX];
    static const char *const odd[] = {"select", "rowid", "1st", "_", "excluded", "points", "NULL"};
    const struct nd_store_layout all = {ND_STORE_COLUMNS_MAX, wide, ND_STORE_COLUMNS_MAX};
    struct nd_store *store;
    for (int i = 0; i < ND_STORE_COLUMNS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "c%d", i);
        wide[i].name = i < 7 ? odd[i] : names[i];
        values[i].number = i;
    }
    for (int status = ND_POINT_FAILED; status >= ND_POINT_OK; status--) {
        const struct nd_store_row row = {1, (enum nd_store_status)status, 0.0, NULL, values};
        ASSERT_OK(nd_store_open(&store, folder, "", "", &all, 2, &error), error);
        ASSERT_OK(nd_store_add(store, &row, &error), error);
        close_store(store);
    }
    cr_assert(strcmp(run_sql("SELECT \"1st\" + c999 + points.\"rowid\" FROM points"), "1002.0") ==
                  0,
              "%s", run_sql("SELECT \"1st\" + c999 + points.\"rowid\" FROM points"));
}

Test(store, folders_that_cannot_hold_a_store_are_refused)
{
    static char name[700];
    struct nd_store *store;
    struct nd_store_reader *reader;
    memset(name, 'x', sizeof name - 1);
    const struct {
        const char *name, *writer, *reader;
    } cases[] = {{path_of("none"), "/none/sweep.lock: cannot be opened: No such file or directory",
                  "/none/sweep.sqlite: cannot be opened: unable to open database file: No such"},
                 {"", "'/sweep.sqlite': the name of the folder is empty", "is empty"},
                 {name, "too long: at most 511 characters", "too long"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct nd_error e = ND_ERROR_INIT, f = ND_ERROR_INIT;
        ASSERT_ERROR(nd_store_open(&store, cases[i].name, "", "", &layout, 3, &e), e, ND_IO_ERROR,
                     cases[i].writer);
        ASSERT_ERROR(nd_store_reader_open(&reader, cases[i].name, &f), f, ND_IO_ERROR,
                     cases[i].reader);
    }
}

Test(store, files_that_are_no_store_are_refused_and_left_alone)
{
    write_file("sweep.sqlite", "a table of numbers\n");
    refuse_file(ND_BAD_INPUT, "sweep.sqlite: cannot be read: file is not a database");
    unlink(path_of("sweep.sqlite"));
    static const char *const sql[] = {
        "CREATE TABLE mine(x)", "CREATE TABLE run(key, value)", "CREATE TABLE points(id, status)",
        "INSERT INTO run VALUES('format', '1'), ('parameters', 'a'), ('provenance', 'b')",
        "INSERT INTO run VALUES('columns', 'x number'), ('n_axes', '0')"};
    for (size_t i = 0; i < sizeof sql / sizeof sql[0]; i++) {
        run_sql(sql[i]);
        refuse_file(ND_BAD_INPUT, "sweep.sqlite: it is not the store of a sweep");
    }
    cr_assert(strcmp(run_sql("PRAGMA journal_mode"), "delete") == 0, "the file was changed");
    run_sql(
        "INSERT INTO run VALUES('n_points', '3'); UPDATE run SET value = 2 WHERE key = 'format'");
    refuse_file(ND_BAD_INPUT, "the store has format '2', this program knows format 1");
}

Test(store, damaged_stores_are_reported)
{
    struct nd_store_reader *reader;
    struct nd_store *store = open_store(folder, 1000);
    struct nd_error e = ND_ERROR_INIT;
    add_rows(store, 0, 1000);
    close_store(store);
    run_sql("UPDATE run SET value = 'm4_keV' || char(10) || 'Y_p text' || char(10) "
            "WHERE key = 'columns'");
    ASSERT_ERROR(nd_store_reader_open(&reader, folder, &e), e, ND_BAD_INPUT,
                 "damaged: column 'm4_keV' has no type");
    run_sql("UPDATE run SET value = 'm4_keV text' || char(10) WHERE key = 'columns'");
    e = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_reader_open(&reader, folder, &e), e, ND_BAD_INPUT,
                 "damaged: 2 axes of 1 columns");
    run_sql("UPDATE run SET value = 'a text' || char(10) || 'b number' || char(10) "
            "WHERE key = 'columns'");
    e = (struct nd_error)ND_ERROR_INIT;
    ASSERT_OK(nd_store_reader_open(&reader, folder, &e), e);
    ASSERT_ERROR(nd_store_reader_rows(reader, dump_row, stderr, &e), e, ND_IO_ERROR,
                 "cannot be read: no such column: points.a");
    nd_store_reader_close(reader);

    run_sql("DELETE FROM run");
    write_file("sweep.sqlite", "xxxxxxxx");
    refuse_file(ND_BAD_INPUT, "file is not a database");
}

/* ---- readers ---------------------------------------------------------------------------- */

struct watch {
    struct nd_store *store;
    long seen, adds, ends;
};

/* Counts the rows, and writes others meanwhile. */
static int watch_row(const struct nd_store_row *row, void *context)
{
    struct watch *watch = context;
    cr_assert(row->id == watch->seen, "row %ld after %ld", row->id, watch->seen);
    if (row->id < watch->adds)
        add_rows(watch->store, 100 + row->id, 101 + row->id);
    return ++watch->seen == watch->ends;
}

static void assert_counts(struct nd_store_reader *reader, long ok, long failed, long pending)
{
    long counts[ND_POINT_STATUSES];
    ASSERT_OK(nd_store_reader_counts(reader, counts, &error), error);
    cr_assert(counts[ND_POINT_OK] == ok && counts[ND_POINT_FAILED] == failed &&
                  counts[ND_POINT_PENDING] == pending,
              "%ld ok, %ld failed, %ld pending", counts[ND_POINT_OK], counts[ND_POINT_FAILED],
              counts[ND_POINT_PENDING]);
}

Test(store, readers_see_whole_rows_while_a_sweep_writes)
{
    struct nd_store_reader *reader;
    struct nd_store *store = open_store(folder, 1000);
    ASSERT_OK(nd_store_reader_open(&reader, folder, &error), error);
    assert_counts(reader, 0, 0, 1000);
    add_rows(store, 0, 100);
    assert_counts(reader, 90, 10, 900);
    /* rows that are added during the reading belong to the next one */
    struct watch first = {store, 0, 50, 0}, second = {store, 0, 0, 0}, third = {store, 0, 0, 7};
    ASSERT_OK(nd_store_reader_rows(reader, watch_row, &first, &error), error);
    cr_assert(first.seen == 100, "%ld rows", first.seen);
    ASSERT_OK(nd_store_reader_rows(reader, watch_row, &second, &error), error);
    cr_assert(second.seen == 150, "%ld rows", second.seen);
    ASSERT_OK(nd_store_reader_rows(reader, watch_row, &third, &error), error);
    cr_assert(third.seen == 7, "%ld rows", third.seen);
    assert_counts(reader, 135, 15, 850);
    nd_store_reader_close(reader);
    add_rows(store, 150, 160);
    close_store(store);
    assert_sound(160);
}

static int close_meanwhile(const struct nd_store_row *row, void *context)
{
    struct nd_store **store = context;
    struct nd_error e = ND_ERROR_INIT;
    cr_assert(row->id < 100, "row %ld", row->id);
    if (*store != NULL)
        ASSERT_OK(nd_store_close(*store, &e), e);
    *store = NULL;
    return 0;
}

Test(store, a_writer_may_close_and_resume_while_another_reads)
{
    struct nd_store_reader *reader;
    struct nd_store *store = open_store(folder, 100), *open;
    add_rows(store, 0, 99);
    ASSERT_OK(nd_store_reader_open(&reader, folder, &error), error);
    open = store;
    ASSERT_OK(nd_store_reader_rows(reader, close_meanwhile, &open, &error), error);
    cr_assert(open == NULL, "the writer is open");
    assert_counts(reader, 89, 10, 1);
    store = open_store(folder, 100);
    cr_assert(nd_store_count(store, ND_POINT_PENDING) == 1, "a row is lost");
    add_rows(store, 99, 100);
    close_store(store);
    assert_counts(reader, 90, 10, 0);
    nd_store_reader_close(reader);
    assert_sound(100);
}

Test(store, a_reader_finds_no_sweep_in_an_empty_file)
{
    struct nd_store_reader *reader;
    write_file("sweep.sqlite", "");
    ASSERT_ERROR(nd_store_reader_open(&reader, folder, &error), error, ND_BAD_INPUT,
                 "sweep.sqlite: it holds no sweep yet");
    /* a writer takes it as what a kill left */
    close_store(open_store(folder, 2));
    assert_sound(0);
}

/* ---- CSV -------------------------------------------------------------------------------- */

Test(store, csv_is_exactly_this)
{
    struct nd_store_value values[N_COLUMNS] = {
        {.number = 0.1}, {.text = "tau"}, {.number = -INFINITY}, {.text = "a,b"}, {.number = -0.0}};
    struct nd_store_row row = {0, ND_POINT_OK, 1.5, NULL, values};
    struct nd_store *store;
    ASSERT_OK(nd_store_open(&store, folder, PARAMETERS, "nudipole 1\nof today", &layout, 9, &error),
              error);
    static const char *const notes[] = {"a,b", "say \"x\"", "two\nlines", "",
                                        NULL,  "a\rb",      "plain"};
    for (long id = 6; id >= 0; id--) {
        row.id = id;
        values[3].text = notes[id];
        ASSERT_OK(nd_store_add(store, &row, &error), error);
    }
    values[0].number = 1e300;
    row = (struct nd_store_row){8, ND_POINT_FAILED, NAN, "no, \"never\"", values};
    ASSERT_OK(nd_store_add(store, &row, &error), error);
    static const char expected[] =
        "# nudipole 1\n# of today\n"
        "id,status,seconds,message,m4_keV,flavour,N_eff,note,Y_p\n"
        "0,ok,1.5,,0.10000000000000001,tau,-inf,\"a,b\",-0\n"
        "1,ok,1.5,,0.10000000000000001,tau,-inf,\"say \"\"x\"\"\",-0\n"
        "2,ok,1.5,,0.10000000000000001,tau,-inf,\"two\nlines\",-0\n"
        "3,ok,1.5,,0.10000000000000001,tau,-inf,\"\",-0\n"
        "4,ok,1.5,,0.10000000000000001,tau,-inf,,-0\n"
        "5,ok,1.5,,0.10000000000000001,tau,-inf,\"a\rb\",-0\n"
        "6,ok,1.5,,0.10000000000000001,tau,-inf,plain,-0\n"
        "8,failed,,\"no, \"\"never\"\"\",1.0000000000000001e+300,tau,,,\n";
    for (int open = 1; open >= 0; open--) {
        char *text = NULL;
        size_t size;
        FILE *stream = open_memstream(&text, &size);
        ASSERT_OK(nd_store_export_csv(folder, stream, &error), error);
        fclose(stream);
        cr_assert(strcmp(text, expected) == 0, "%s", text);
        free(text);
        if (open)
            close_store(store);
    }
}

Test(store, csv_reports_a_full_disk_and_a_missing_store)
{
    FILE *stream = fopen("/dev/full", "w");
    if (stream == NULL)
        cr_skip_test("there is no /dev/full");
    ASSERT_ERROR(nd_store_export_csv(folder, stream, &error), error, ND_IO_ERROR,
                 "sweep.sqlite: cannot be opened: unable to open database file: No such file");
    struct nd_store *store = open_store(folder, 1000);
    add_rows(store, 0, 5);
    for (long n = 5; n <= 1000; n += 995) {
        struct nd_error e = ND_ERROR_INIT;
        ASSERT_ERROR(nd_store_export_csv(folder, stream, &e), e, ND_IO_ERROR,
                     "sweep.sqlite: the CSV cannot be written: No space left on device");
        if (n == 5)
            add_rows(store, 5, 1000);
    }
    fclose(stream);
    close_store(store);
}
