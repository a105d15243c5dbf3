/* What the tests of a sweep's store share: a temporary folder, a layout, rows made from their id.
 */
#ifndef ND_TESTS_STORE_SUPPORT_H
#define ND_TESTS_STORE_SUPPORT_H

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nudipole/store.h"
#include "support.h"

enum { N_COLUMNS = 5, N_AXES = 2 };

static const char PARAMETERS[] = "[model]\nm4_keV = 600\nflavour = tau\n";
static const char PROVENANCE[] = "nudipole 1.0 (abc)";

static const struct nd_store_column columns[N_COLUMNS] = {
    {"m4_keV", 0}, {"flavour", 1}, {"N_eff", 0}, {"note", 1}, {"Y_p", 0}};
static const struct nd_store_layout layout = {N_COLUMNS, columns, N_AXES};

static char folder[] = "/tmp/nd_store_XXXXXX";

static inline const char *path_of(const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static inline int exists(const char *name)
{
    struct stat info;
    return lstat(path_of(name), &info) == 0;
}

static inline void make_folder(void)
{
    cr_assert(mkdtemp(folder) != NULL, "no temporary folder");
}

/* Removes the files of a store and the folder, which may be gone already. */
static inline void remove_folder(void)
{
    static const char *const names[] = {"other/sweep.sqlite",
                                        "other/sweep.sqlite-wal",
                                        "other/sweep.sqlite-shm",
                                        "other/sweep.lock",
                                        "sweep.sqlite",
                                        "sweep.sqlite-wal",
                                        "sweep.sqlite-shm",
                                        "sweep.sqlite-journal",
                                        "sweep.lock",
                                        "table.csv",
                                        "table.h5",
                                        "copy"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(path_of(names[i]));
    rmdir(path_of("other"));
    rmdir(folder);
}

/* Opens the store with the usual layout, or fails the test. */
static inline struct nd_store *open_store(const char *where, long n_points)
{
    struct nd_error e = ND_ERROR_INIT;
    struct nd_store *store;
    ASSERT_OK(nd_store_open(&store, where, PARAMETERS, PROVENANCE, &layout, n_points, &e), e);
    return store;
}

static inline void close_store(struct nd_store *store)
{
    struct nd_error e = ND_ERROR_INIT;
    ASSERT_OK(nd_store_close(store, &e), e);
}

/* The row of a point; every tenth has failed. Valid until the next call. */
static inline const struct nd_store_row *row_of(long id)
{
    static struct nd_store_row row;
    static struct nd_store_value values[N_COLUMNS];
    static char note[40];
    snprintf(note, sizeof note, "note, \"%ld\"", id);
    values[0] = (struct nd_store_value){.number = 1.0 / (double)(id + 3)};
    values[1] = (struct nd_store_value){.text = id % 2 ? "tau" : "mu"};
    values[2] = (struct nd_store_value){.number = 3.0 + 1e-17 * (double)id};
    values[3] = (struct nd_store_value){.text = note};
    values[4] = (struct nd_store_value){.number = id % 7 ? 0.1 * (double)id : NAN};
    row = (struct nd_store_row){id, ND_POINT_OK, 0.25, NULL, values};
    if (id % 10 == 3) {
        row.status = ND_POINT_FAILED;
        row.message = "did not converge";
    }
    return &row;
}

static inline void add_rows(struct nd_store *store, long first, long end)
{
    struct nd_error e = ND_ERROR_INIT;
    for (long id = first; id < end; id++)
        ASSERT_OK(nd_store_add(store, row_of(id), &e), e);
}

/* Writes everything of a row but its seconds, exactly. */
static inline int dump_row(const struct nd_store_row *row, void *stream)
{
    fprintf(stream, "%ld %d %s", row->id, (int)row->status,
            row->message != NULL ? row->message : "NULL");
    for (int i = 0; i < N_COLUMNS; i++)
        if (columns[i].is_text)
            fprintf(stream, "|%s", row->values[i].text != NULL ? row->values[i].text : "NULL");
        else
            fprintf(stream, "|%a", row->values[i].number);
    fputc('\n', stream);
    return 0;
}

/* All rows of the store in a folder, to be freed. */
static inline char *dump(const char *where)
{
    struct nd_error e = ND_ERROR_INIT;
    struct nd_store_reader *reader;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    ASSERT_OK(nd_store_reader_open(&reader, where, &e), e);
    ASSERT_OK(nd_store_reader_rows(reader, dump_row, stream, &e), e);
    nd_store_reader_close(reader);
    fclose(stream);
    return text;
}

/* Runs SQL on the file behind the back of the store; returns the first value of the first row. */
static inline const char *run_sql(const char *sql)
{
    static char answer[400];
    sqlite3 *db;
    sqlite3_stmt *statement;
    int code = sqlite3_open(path_of("sweep.sqlite"), &db);
    answer[0] = '\0';
    while (code == SQLITE_OK && *sql != '\0') {
        code = sqlite3_prepare_v2(db, sql, -1, &statement, &sql);
        if (code == SQLITE_OK && statement != NULL && sqlite3_step(statement) == SQLITE_ROW)
            snprintf(answer, sizeof answer, "%s", (const char *)sqlite3_column_text(statement, 0));
        if (code == SQLITE_OK)
            code = sqlite3_finalize(statement);
    }
    cr_assert(code == SQLITE_OK, "SQL failed: %s", sqlite3_errmsg(db));
    sqlite3_close(db);
    return answer;
}

/* Fails unless the file is sound and has this many rows. */
static inline void assert_sound(long n_rows)
{
    cr_assert(strcmp(run_sql("PRAGMA integrity_check"), "ok") == 0, "the file is damaged");
    const long found = atol(run_sql("SELECT count(*) FROM points"));
    cr_assert(found == n_rows, "%ld rows instead of %ld", found, n_rows);
}

#endif
