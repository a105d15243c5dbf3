/* The store of a sweep, its readers: see nudipole/store.h. */
#include "nudipole/store.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

const char *const nd_store_key_names[ND_STORE_KEYS] = {"format",  "parameters", "provenance",
                                                       "columns", "n_axes",     "n_points"};
const char nd_store_format[] = "1";

/* ---- shared with the writer ---------------------------------------------------------------- */

enum nd_status nd_store_path(char path[ND_STORE_PATH_MAX], const char *folder, const char *name,
                             struct nd_error *error)
{
    const int length = snprintf(path, ND_STORE_PATH_MAX, "%s/%s", folder, name);
    if (*folder != '\0' && length > 0 && length < ND_STORE_PATH_MAX)
        return ND_OK;
    return nd_fail(error, ND_IO_ERROR,
                   "'%.80s/%s': the name of the folder is empty or too long: at most %d characters "
                   "in all",
                   folder, name, ND_STORE_PATH_MAX - 1);
}

enum nd_status nd_store_sql_fail(const char *path, sqlite3 *db, const char *what,
                                 struct nd_error *error)
{
    const int system = errno;
    const int code = db == NULL ? SQLITE_NOMEM : sqlite3_errcode(db);
    const int has_reason = code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
    int reason = has_reason ? sqlite3_system_errno(db) : 0;
    /* SQLite forgets to set it when a commit fails */
    if (has_reason && reason == 0 && sqlite3_extended_errcode(db) == SQLITE_IOERR_WRITE)
        reason = system;
    const enum nd_status status = code == SQLITE_NOMEM    ? ND_NO_MEMORY
                                  : code == SQLITE_NOTADB ? ND_BAD_INPUT
                                                          : ND_IO_ERROR;
    return nd_fail(error, status, "%s: %s: %s%s%s", path, what,
                   db == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(db), reason != 0 ? ": " : "",
                   reason != 0 ? strerror(reason) : "");
}

enum nd_status nd_store_connect(sqlite3 **db, const char *path, int flags, struct nd_error *error)
{
    if (sqlite3_open_v2(path, db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return nd_store_sql_fail(path, *db, "cannot be opened", error);
    return sqlite3_busy_timeout(*db, ND_STORE_BUSY_MILLISECONDS) == SQLITE_OK
               ? ND_OK
               : nd_store_sql_fail(path, *db, "cannot be opened", error);
}

/* A single integer. */
static enum nd_status ask(sqlite3 *db, const char *path, const char *sql, int *answer,
                          struct nd_error *error)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        return nd_store_sql_fail(path, db, "cannot be read", error);
    enum nd_status status = ND_OK;
    if (sqlite3_step(statement) == SQLITE_ROW)
        *answer = sqlite3_column_int(statement, 0);
    else
        status = nd_store_sql_fail(path, db, "cannot be read", error);
    sqlite3_finalize(statement);
    return status;
}

/* Copies a text of the current row; NULL stays NULL. */
static enum nd_status copy_text(char **copy, sqlite3_stmt *statement, int column,
                                struct nd_error *error)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    *copy = text == NULL ? NULL : strdup(text);
    if (*copy == NULL && sqlite3_column_type(statement, column) != SQLITE_NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for what a store says about its sweep");
    return ND_OK;
}

static enum nd_status read_values(struct nd_store_run *run, sqlite3 *db, const char *path,
                                  struct nd_error *error)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db, "SELECT key, value FROM run", -1, &statement, NULL);
    if (code != SQLITE_OK)
        return nd_store_sql_fail(path, db, "cannot be read", error);
    enum nd_status status = ND_OK;
    while (status == ND_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *key = (const char *)sqlite3_column_text(statement, 0);
        for (int i = 0; i < ND_STORE_KEYS && key != NULL && status == ND_OK; i++)
            if (strcmp(key, nd_store_key_names[i]) == 0 && run->values[i] == NULL)
                status = copy_text(&run->values[i], statement, 1, error);
    }
    if (status == ND_OK && code != SQLITE_DONE)
        status = nd_store_sql_fail(path, db, "cannot be read", error);
    sqlite3_finalize(statement);
    return status;
}

enum nd_status nd_store_run_read(struct nd_store_run *run, int *is_new, sqlite3 *db,
                                 const char *path, struct nd_error *error)
{
    int tables = 0, own = 0;
    memset(run, 0, sizeof *run);
    *is_new = 0;
    enum nd_status status = ask(db, path, "SELECT count(*) FROM sqlite_master", &tables, error);
    if (status != ND_OK)
        return status;
    *is_new = tables == 0;
    if (*is_new)
        return ND_OK;
    status = ask(db, path,
                 "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND "
                 "name IN ('run', 'points')",
                 &own, error);
    if (status == ND_OK && own == 2)
        status = read_values(run, db, path, error);
    for (int i = 0; i < ND_STORE_KEYS && status == ND_OK; i++)
        if (run->values[i] == NULL)
            status = nd_fail(error, ND_BAD_INPUT, "%s: it is not the store of a sweep", path);
    if (status == ND_OK && strcmp(run->values[ND_STORE_FORMAT], nd_store_format) != 0)
        status = nd_fail(error, ND_BAD_INPUT,
                         "%s: the store has format '%.20s', this program knows format %s", path,
                         run->values[ND_STORE_FORMAT], nd_store_format);
    if (status != ND_OK)
        nd_store_run_free(run);
    return status;
}

void nd_store_run_free(struct nd_store_run *run)
{
    for (int i = 0; i < ND_STORE_KEYS; i++)
        free(run->values[i]);
    memset(run, 0, sizeof *run);
}

/* ---- opening ------------------------------------------------------------------------------ */

struct nd_store_reader {
    char path[ND_STORE_PATH_MAX];
    sqlite3 *db;
    struct nd_store_run run;
    struct nd_store_column *columns; /* names inside run */
    struct nd_store_layout layout;
    long n_points;
};

/* Cuts the text of the layout into names and types. */
static enum nd_status read_layout(struct nd_store_reader *reader, struct nd_error *error)
{
    char *text = reader->run.values[ND_STORE_LAYOUT];
    int n = 0;
    for (const char *p = text; *p != '\0'; p++)
        n += *p == '\n';
    reader->columns = calloc((size_t)n + 1, sizeof *reader->columns);
    if (reader->columns == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a store of %d columns", n);
    for (int i = 0; i < n; i++) {
        char *end = strchr(text, '\n'), *type = strchr(text, ' ');
        *end = '\0';
        if (type == NULL || type > end)
            return nd_fail(error, ND_BAD_INPUT, "%s: damaged: column '%.80s' has no type",
                           reader->path, text);
        *type = '\0';
        reader->columns[i].name = text;
        reader->columns[i].is_text = strcmp(type + 1, "text") == 0;
        text = end + 1;
    }
    reader->layout.n = n;
    reader->layout.columns = reader->columns;
    reader->layout.n_axes = (int)strtol(reader->run.values[ND_STORE_N_AXES], NULL, 10);
    reader->n_points = strtol(reader->run.values[ND_STORE_N_POINTS], NULL, 10);
    if (reader->layout.n_axes < 0 || reader->layout.n_axes > n)
        return nd_fail(error, ND_BAD_INPUT, "%s: damaged: %d axes of %d columns", reader->path,
                       reader->layout.n_axes, n);
    return ND_OK;
}

enum nd_status nd_store_reader_open(struct nd_store_reader **reader, const char *folder,
                                    struct nd_error *error)
{
    int is_new = 0;
    struct nd_store_reader *r = calloc(1, sizeof *r);
    *reader = NULL;
    if (r == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a store");
    enum nd_status status = nd_store_path(r->path, folder, "sweep.sqlite", error);
    /* for writing where that is possible: a kill in the middle of opening or closing leaves a
     * journal that SQLite must undo before anything can be read */
    if (status == ND_OK)
        status = nd_store_connect(&r->db, r->path, SQLITE_OPEN_READWRITE, error);
    if (status == ND_OK)
        status = nd_store_run_read(&r->run, &is_new, r->db, r->path, error);
    if (status == ND_OK)
        status = is_new ? nd_fail(error, ND_BAD_INPUT, "%s: it holds no sweep yet", r->path)
                        : read_layout(r, error);
    if (status != ND_OK) {
        nd_store_reader_close(r);
        return status;
    }
    *reader = r;
    return ND_OK;
}

void nd_store_reader_close(struct nd_store_reader *reader)
{
    if (reader == NULL)
        return;
    sqlite3_close(reader->db);
    nd_store_run_free(&reader->run);
    free(reader->columns);
    free(reader);
}

const struct nd_store_layout *nd_store_reader_layout(const struct nd_store_reader *reader)
{
    return &reader->layout;
}

const char *nd_store_reader_parameters(const struct nd_store_reader *reader)
{
    return reader->run.values[ND_STORE_PARAMETERS];
}

const char *nd_store_reader_provenance(const struct nd_store_reader *reader)
{
    return reader->run.values[ND_STORE_PROVENANCE];
}

long nd_store_reader_n_points(const struct nd_store_reader *reader)
{
    return reader->n_points;
}

/* ---- rows --------------------------------------------------------------------------------- */

enum nd_status nd_store_reader_counts(struct nd_store_reader *reader,
                                      long counts[ND_POINT_STATUSES], struct nd_error *error)
{
    sqlite3_stmt *statement;
    static const char sql[] = "SELECT count(*), coalesce(sum(status = 'ok'), 0) FROM points";
    if (sqlite3_prepare_v2(reader->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return nd_store_sql_fail(reader->path, reader->db, "cannot be read", error);
    enum nd_status status = ND_OK;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        const long rows = (long)sqlite3_column_int64(statement, 0);
        counts[ND_POINT_OK] = (long)sqlite3_column_int64(statement, 1);
        counts[ND_POINT_FAILED] = rows - counts[ND_POINT_OK];
        counts[ND_POINT_PENDING] = reader->n_points - rows;
    } else {
        status = nd_store_sql_fail(reader->path, reader->db, "cannot be read", error);
    }
    sqlite3_finalize(statement);
    return status;
}

static enum nd_status prepare_rows(struct nd_store_reader *reader, sqlite3_stmt **statement,
                                   struct nd_error *error)
{
    sqlite3_str *sql = sqlite3_str_new(reader->db);
    sqlite3_str_appendall(sql, "SELECT id, seconds, message, status = 'ok'");
    for (int i = 0; i < reader->layout.n; i++)
        sqlite3_str_appendf(sql, ", points.\"%w\"", reader->columns[i].name);
    sqlite3_str_appendall(sql, " FROM points ORDER BY id");
    char *text = sqlite3_str_finish(sql);
    if (text == NULL)
        return nd_store_sql_fail(reader->path, NULL, "cannot be read", error);
    const int code = sqlite3_prepare_v2(reader->db, text, -1, statement, NULL);
    sqlite3_free(text);
    return code == SQLITE_OK ? ND_OK
                             : nd_store_sql_fail(reader->path, reader->db, "cannot be read", error);
}

static double number_at(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? NAN
               : sqlite3_column_double(statement, column);
}

/* The texts of the row point into the statement. Errors: ND_NO_MEMORY. */
static enum nd_status read_row(struct nd_store_reader *reader, sqlite3_stmt *statement,
                               struct nd_store_row *row, struct nd_store_value *values,
                               struct nd_error *error)
{
    enum { FIRST = 4 };
    row->id = (long)sqlite3_column_int64(statement, 0);
    row->seconds = number_at(statement, 1);
    row->message = (const char *)sqlite3_column_text(statement, 2);
    row->status = sqlite3_column_int(statement, 3) ? ND_POINT_OK : ND_POINT_FAILED;
    row->values = values;
    for (int i = 0; i < reader->layout.n; i++) {
        values[i].number = NAN;
        values[i].text = NULL;
        if (reader->columns[i].is_text)
            values[i].text = (const char *)sqlite3_column_text(statement, FIRST + i);
        else
            values[i].number = number_at(statement, FIRST + i);
    }
    return sqlite3_errcode(reader->db) == SQLITE_NOMEM
               ? nd_store_sql_fail(reader->path, reader->db, "cannot be read", error)
               : ND_OK;
}

enum nd_status nd_store_reader_rows(struct nd_store_reader *reader, nd_store_each *each,
                                    void *context, struct nd_error *error)
{
    sqlite3_stmt *statement = NULL;
    struct nd_store_row row;
    struct nd_store_value *values = calloc((size_t)reader->layout.n + 1, sizeof *values);
    if (values == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a row of %d columns", reader->layout.n);
    enum nd_status status = prepare_rows(reader, &statement, error);
    int code = SQLITE_DONE, ended = 0;
    while (status == ND_OK && !ended && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        status = read_row(reader, statement, &row, values, error);
        if (status == ND_OK)
            ended = each(&row, context);
    }
    if (status == ND_OK && !ended && code != SQLITE_DONE)
        status = nd_store_sql_fail(reader->path, reader->db, "cannot be read", error);
    sqlite3_finalize(statement);
    free(values);
    return status;
}

/* ---- CSV ---------------------------------------------------------------------------------- */

struct csv {
    FILE *stream;
    const struct nd_store_layout *layout;
};

static void write_text(FILE *stream, const char *text)
{
    if (text == NULL)
        return;
    if (*text != '\0' && strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, stream);
        return;
    }
    fputc('"', stream);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', stream);
        fputc(*text, stream);
    }
    fputc('"', stream);
}

static void write_number(FILE *stream, double number)
{
    if (!isnan(number))
        fprintf(stream, "%.17g", number);
}

static int write_row(const struct nd_store_row *row, void *context)
{
    const struct csv *csv = context;
    fprintf(csv->stream, "%ld,%s,", row->id, row->status == ND_POINT_OK ? "ok" : "failed");
    write_number(csv->stream, row->seconds);
    fputc(',', csv->stream);
    write_text(csv->stream, row->message);
    for (int i = 0; i < csv->layout->n; i++) {
        fputc(',', csv->stream);
        if (csv->layout->columns[i].is_text)
            write_text(csv->stream, row->values[i].text);
        else
            write_number(csv->stream, row->values[i].number);
    }
    fputc('\n', csv->stream);
    return ferror(csv->stream);
}

static void write_head(const struct csv *csv, const char *provenance)
{
    while (*provenance != '\0') {
        const size_t length = strcspn(provenance, "\n");
        fprintf(csv->stream, "# %.*s\n", (int)length, provenance);
        provenance += length + (provenance[length] != '\0');
    }
    fputs("id,status,seconds,message", csv->stream);
    for (int i = 0; i < csv->layout->n; i++)
        fprintf(csv->stream, ",%s", csv->layout->columns[i].name);
    fputc('\n', csv->stream);
}

enum nd_status nd_store_export_csv(const char *folder, FILE *stream, struct nd_error *error)
{
    struct nd_store_reader *reader;
    enum nd_status status = nd_store_reader_open(&reader, folder, error);
    if (reader == NULL)
        return status;
    struct csv csv = {stream, &reader->layout};
    errno = 0;
    write_head(&csv, nd_store_reader_provenance(reader));
    status = nd_store_reader_rows(reader, write_row, &csv, error);
    if (status == ND_OK && (fflush(stream) != 0 || ferror(stream)))
        status = nd_fail(error, ND_IO_ERROR, "%s: the CSV cannot be written: %s", reader->path,
                         errno != 0 ? strerror(errno) : "write error");
    nd_store_reader_close(reader);
    return status;
}
