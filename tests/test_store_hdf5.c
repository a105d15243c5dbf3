/* The store of a sweep as HDF5, read back with HDF5 and held against the store bit by bit. */
#include <criterion/criterion.h>
#include <hdf5.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "store_support.h"

static struct nd_error error;

/* As the program does: see nudipole/store.h. */
static void setup(void)
{
    H5dont_atexit();
    make_folder();
}

TestSuite(store_hdf5, .init = setup, .fini = remove_folder);

/* ---- reading ------------------------------------------------------------------------------ */

struct table {
    hid_t file;
    hsize_t n;
    int64_t *ids;
    int8_t *statuses;
    double *seconds, *numbers[N_COLUMNS];
    char **messages, **texts[N_COLUMNS];
};

static hid_t text_type(void)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

/* All of a dataset of n rows, whose type in the file must be the given one. */
static void *read_dataset(struct table *t, const char *name, hid_t memory, hid_t in_file,
                          size_t size)
{
    char path[80];
    snprintf(path, sizeof path, "points/%s", name);
    const hid_t dataset = H5Dopen2(t->file, path, H5P_DEFAULT);
    cr_assert(dataset >= 0, "there is no %s", path);
    const hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset);
    hsize_t n = 0;
    cr_assert(H5Sget_simple_extent_ndims(space) == 1);
    H5Sget_simple_extent_dims(space, &n, NULL);
    if (t->n == (hsize_t)-1)
        t->n = n;
    cr_assert(n == t->n, "%s has %d rows", name, (int)n);
    cr_assert(in_file < 0 || H5Tequal(type, in_file) > 0, "%s: another type", name);
    void *rows = calloc(n + 1, size);
    cr_assert(H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows) >= 0, "%s", name);
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(dataset);
    return rows;
}

static struct table read_table(const char *path)
{
    const hid_t text = text_type();
    struct table t = {.file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), .n = (hsize_t)-1};
    cr_assert(t.file >= 0, "%s cannot be opened", path);
    t.ids = read_dataset(&t, "id", H5T_NATIVE_INT64, H5T_STD_I64LE, sizeof *t.ids);
    t.seconds = read_dataset(&t, "seconds", H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE, sizeof(double));
    t.messages = read_dataset(&t, "message", text, text, sizeof(char *));
    const hid_t dataset = H5Dopen2(t.file, "points/status", H5P_DEFAULT);
    const hid_t status = H5Dget_type(dataset);
    t.statuses = read_dataset(&t, "status", status, status, 1);
    H5Tclose(status);
    H5Dclose(dataset);
    for (int i = 0; i < N_COLUMNS; i++)
        if (columns[i].is_text)
            t.texts[i] = read_dataset(&t, columns[i].name, text, text, sizeof(char *));
        else
            t.numbers[i] = read_dataset(&t, columns[i].name, H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE,
                                        sizeof(double));
    H5Tclose(text);
    return t;
}

static void free_texts(char **texts, hsize_t n)
{
    for (hsize_t i = 0; texts != NULL && i < n; i++)
        H5free_memory(texts[i]);
    free(texts);
}

static void free_table(struct table *t)
{
    for (int i = 0; i < N_COLUMNS; i++) {
        free(t->numbers[i]);
        free_texts(t->texts[i], t->n);
    }
    free_texts(t->messages, t->n);
    free(t->ids);
    free(t->statuses);
    free(t->seconds);
    H5Fclose(t->file);
}

static int same_bits(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static int same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

struct comparison {
    const struct table *table;
    hsize_t row;
};

static int compare_row(const struct nd_store_row *row, void *context)
{
    struct comparison *c = context;
    const struct table *t = c->table;
    const hsize_t k = c->row++;
    cr_assert(k < t->n, "more rows in the store");
    cr_assert(t->ids[k] == row->id && t->statuses[k] == (int)row->status, "row %ld", row->id);
    cr_assert(same_bits(t->seconds[k], row->seconds), "seconds of %ld", row->id);
    cr_assert(same_text(t->messages[k], row->message), "message of %ld", row->id);
    for (int i = 0; i < N_COLUMNS; i++)
        if (columns[i].is_text)
            cr_assert(same_text(t->texts[i][k], row->values[i].text), "%s of %ld: '%s', '%s'",
                      columns[i].name, row->id, t->texts[i][k], row->values[i].text);
        else
            cr_assert(same_bits(t->numbers[i][k], row->values[i].number), "%s of %ld: %a, %a",
                      columns[i].name, row->id, t->numbers[i][k], row->values[i].number);
    return 0;
}

/* Datasets, groups, attributes, types and files that are open. */
static int handles(void)
{
    return (int)H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL);
}

/* Exports the store of the folder and holds every row against it. */
static void assert_same_table(long n_rows)
{
    struct nd_store_reader *reader;
    const int before = handles();
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_OK(nd_store_export_hdf5(folder, path_of("table.h5"), &error), error);
    cr_assert(handles() == before, "%d are left open", handles() - before);
    struct table table = read_table(path_of("table.h5"));
    struct comparison comparison = {&table, 0};
    ASSERT_OK(nd_store_reader_open(&reader, folder, &error), error);
    ASSERT_OK(nd_store_reader_rows(reader, compare_row, &comparison, &error), error);
    nd_store_reader_close(reader);
    cr_assert(comparison.row == (hsize_t)n_rows && table.n == (hsize_t)n_rows, "%d rows",
              (int)table.n);
    free_table(&table);
}

/* What HDF5 cannot close it keeps, and the leak sanitizer, if it is there, would report. */
__attribute__((weak)) void __lsan_disable(void);
static void allow_leaks(void)
{
    if (__lsan_disable != NULL)
        __lsan_disable();
}

/* ---- what comes back ---------------------------------------------------------------------- */

/* More than two blocks of rows, with failed ones, and a point in between that is pending. */
Test(store_hdf5, every_row_of_many_comes_back)
{
    enum { N = 9000 };
    struct nd_store *store = open_store(folder, N);
    struct nd_error e = ND_ERROR_INIT;
    for (long id = N - 1; id >= 0; id--)
        if (id != 5000)
            ASSERT_OK(nd_store_add(store, row_of(id), &e), e);
    assert_same_table(N - 1); /* while it is being written to */
    close_store(store);
    assert_same_table(N - 1);
}

/* Whole blocks, and one row more or less. */
Test(store_hdf5, ends_of_blocks)
{
    static const long n[] = {4095, 4096, 4097};
    struct nd_store *store = open_store(folder, 5000);
    for (int i = 0, done = 0; i < 3; done = (int)n[i++]) {
        add_rows(store, done, n[i]);
        assert_same_table(n[i]);
    }
    close_store(store);
}

Test(store_hdf5, odd_numbers_and_texts_come_back)
{
    static const double numbers[] = {0.0, -0.0, INFINITY, -INFINITY, NAN, 5e-324, 1.7e308, 0.1};
    static const char *const texts[] = {NULL, "", "a, \"b\"\nc", "\xce\xbd\xcf\x84", " ", "NULL"};
    enum { N = sizeof numbers / sizeof numbers[0], M = sizeof texts / sizeof texts[0] };
    struct nd_store *store = open_store(folder, N * M);
    for (int i = 0; i < N * M; i++) {
        const double x = numbers[i % N];
        const char *text = texts[i / N];
        const struct nd_store_value values[N_COLUMNS] = {
            {.number = x}, {.text = text}, {.number = -x}, {.text = text}, {.number = x}};
        const struct nd_store_row row = {i, i % 5 ? ND_POINT_OK : ND_POINT_FAILED, x, text, values};
        ASSERT_OK(nd_store_add(store, &row, &error), error);
    }
    close_store(store);
    assert_same_table(N * M);
}

/* Of a failed row the axes are known: what else there is is NAN and no text. */
Test(store_hdf5, a_failed_row)
{
    struct nd_store *store = open_store(folder, 10);
    add_rows(store, 2, 5); /* 3 has failed */
    close_store(store);
    assert_same_table(3);
    struct table t = read_table(path_of("table.h5"));
    cr_assert(t.ids[1] == 3 && t.statuses[0] == ND_POINT_OK && t.statuses[1] == ND_POINT_FAILED);
    cr_assert_str_eq(t.messages[1], "did not converge");
    cr_assert(t.messages[0] == NULL);
    cr_assert(t.numbers[0][1] == 1.0 / 6.0 && strcmp(t.texts[1][1], "tau") == 0);
    cr_assert(isnan(t.numbers[2][1]) && t.texts[3][1] == NULL && isnan(t.numbers[4][1]));
    free_table(&t);
}

Test(store_hdf5, no_rows)
{
    close_store(open_store(folder, 10));
    assert_same_table(0);
}

static void assert_text_attribute(hid_t file, const char *name, const char *expected)
{
    const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT), text = text_type();
    char *value = NULL;
    cr_assert(attribute >= 0 && H5Aread(attribute, text, &value) >= 0, "%s", name);
    cr_assert_str_eq(value, expected);
    H5free_memory(value);
    H5Tclose(text);
    H5Aclose(attribute);
}

static int64_t whole_attribute(hid_t object, const char *name)
{
    int64_t value = -1;
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    cr_assert(attribute >= 0 && H5Aread(attribute, H5T_NATIVE_INT64, &value) >= 0, "%s", name);
    H5Aclose(attribute);
    return value;
}

Test(store_hdf5, the_file_says_what_it_holds)
{
    char word[20];
    close_store(open_store(folder, 77));
    assert_same_table(0);
    const hid_t file = H5Fopen(path_of("table.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_text_attribute(file, "parameters", PARAMETERS);
    assert_text_attribute(file, "provenance", PROVENANCE);
    cr_assert(whole_attribute(file, "n_points") == 77 && whole_attribute(file, "n_axes") == N_AXES);
    const hid_t group = H5Gopen2(file, "points", H5P_DEFAULT);
    for (int i = 0; i < N_COLUMNS; i++) {
        char name[80];
        const hid_t dataset = H5Dopen2(group, columns[i].name, H5P_DEFAULT);
        cr_assert(whole_attribute(dataset, "is_axis") == (i < N_AXES), "%s", columns[i].name);
        H5Dclose(dataset);
        H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, (hsize_t)i + 4, name,
                           sizeof name, H5P_DEFAULT);
        cr_assert_str_eq(name, columns[i].name);
    }
    const hid_t dataset = H5Dopen2(group, "status", H5P_DEFAULT), type = H5Dget_type(dataset);
    const int8_t ok = 1, failed = 2;
    cr_assert(H5Tenum_nameof(type, &ok, word, sizeof word) >= 0 && strcmp(word, "ok") == 0);
    cr_assert(H5Tenum_nameof(type, &failed, word, sizeof word) >= 0 && strcmp(word, "failed") == 0);
    H5Tclose(type);
    H5Dclose(dataset);
    H5Gclose(group);
    H5Fclose(file);
}

/* Many columns: HDF5's own limits are far. */
Test(store_hdf5, many_columns)
{
    enum { MANY = 1000 };
    static char names[MANY][8];
    static struct nd_store_column many[MANY];
    static struct nd_store_value values[MANY];
    const struct nd_store_layout wide = {MANY, many, 1};
    struct nd_store *store;
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "c%d", i);
        many[i] = (struct nd_store_column){names[i], 0};
        values[i].number = i;
    }
    const struct nd_store_row row = {0, ND_POINT_OK, 1.0, NULL, values};
    ASSERT_OK(nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &wide, 1, &error), error);
    ASSERT_OK(nd_store_add(store, &row, &error), error);
    close_store(store);
    ASSERT_OK(nd_store_export_hdf5(folder, path_of("table.h5"), &error), error);
    const hid_t file = H5Fopen(path_of("table.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, "points/c999", H5P_DEFAULT);
    double value = 0.0;
    cr_assert(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) >= 0);
    cr_assert(value == 999.0);
    H5Dclose(dataset);
    H5Fclose(file);
}

/* ---- what fails --------------------------------------------------------------------------- */

static void assert_fails(const char *where, const char *path, enum nd_status expected,
                         const char *message)
{
    struct nd_error e = ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_export_hdf5(where, path, &e), e, expected, message);
    cr_assert(strchr(e.message, '\n') == NULL, "%s", e.message);
    cr_assert(nd_store_export_hdf5(where, path, NULL) == expected);
}

static int lines_of_standard_error(void)
{
    char text[400] = "";
    FILE *stream = fopen(path_of("copy"), "r");
    int n = 0;
    while (fgets(text, sizeof text, stream) != NULL)
        n++;
    fclose(stream);
    return n;
}

/* The reason is in the message, and HDF5 does not print it besides. */
Test(store_hdf5, places_that_cannot_be_written)
{
    struct nd_store *store = open_store(folder, 10);
    add_rows(store, 0, 10);
    close_store(store);
    allow_leaks();
    cr_assert(freopen(path_of("copy"), "w", stderr) != NULL);
    assert_fails(folder, "/nowhere/table.h5", ND_IO_ERROR,
                 "/nowhere/table.h5: cannot be made: HDF5: unable to open file: No such file");
    assert_fails(folder, folder, ND_IO_ERROR, "Is a directory");
    if (access("/dev/full", F_OK) == 0)
        assert_fails(folder, "/dev/full", ND_IO_ERROR, "No space left on device");
    fflush(stderr);
    cr_assert(lines_of_standard_error() == 0, "HDF5 printed");
}

/* A disk that is full after any number of bytes, also in the very last moment: an error each time,
 * and with enough room none. */
Test(store_hdf5, a_disk_that_fills_up)
{
    struct nd_store *store = open_store(folder, 10);
    struct stat info;
    allow_leaks();
    add_rows(store, 0, 10);
    close_store(store);
    assert_same_table(10);
    cr_assert(stat(path_of("table.h5"), &info) == 0);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t room = 0; room < (rlim_t)info.st_size; room += 509) {
        const struct rlimit limit = {room, RLIM_INFINITY};
        cr_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
        assert_fails(folder, path_of("table.h5"), ND_IO_ERROR, "File too large");
    }
    const struct rlimit enough = {2 * (rlim_t)info.st_size, RLIM_INFINITY};
    cr_assert(setrlimit(RLIMIT_FSIZE, &enough) == 0);
    assert_same_table(10);
}

Test(store_hdf5, a_missing_store_makes_no_file)
{
    assert_fails(folder, path_of("table.h5"), ND_IO_ERROR, "sweep.sqlite: cannot be opened");
    cr_assert(!exists("table.h5"));
}

static herr_t print(hid_t stack, void *data)
{
    (void)stack;
    (void)data;
    return 0;
}

/* How the program that uses the library wants HDF5's errors to be printed stays as it was. */
Test(store_hdf5, printing_is_left_as_it_was)
{
    H5E_auto2_t now = NULL;
    void *data = NULL;
    int mark;
    close_store(open_store(folder, 10));
    H5Eset_auto2(H5E_DEFAULT, print, &mark);
    assert_same_table(0);
    H5Eget_auto2(H5E_DEFAULT, &now, &data);
    cr_assert(now == print && data == &mark);
}
