/* The store of a sweep, its writer: see nudipole/store.h. */
#include "nudipole/store.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_internal.h"

enum {
    FIXED_COLUMNS = 4,
    /* of a line in a message: how much of it, and how much of that before the difference */
    SHOWN = 120,
    SHOWN_BEFORE = 40
};
static const char *const fixed_columns[FIXED_COLUMNS] = {"id", "status", "seconds", "message"};

/* A file that must stay where it is. */
struct place {
    char path[ND_STORE_PATH_MAX + 8];
    dev_t device;
    ino_t inode;
};

struct nd_store {
    char path[ND_STORE_PATH_MAX];
    struct place file, journal;
    int lock;
    sqlite3 *db;
    sqlite3_stmt *add;
    int n, n_axes;
    unsigned char *is_text; /* of a column */
    long n_points, counts[ND_POINT_STATUSES];
    unsigned char *statuses; /* of a point */
};

/* ---- layout ----------------------------------------------------------------------------- */

static enum nd_status check_name(const struct nd_store_layout *layout, int column,
                                 struct nd_error *error)
{
    const char *name = layout->columns[column].name, *p = name;
    while (isalnum((unsigned char)*p) || *p == '_')
        p++;
    if (p == name || *p != '\0')
        return nd_fail(error, ND_BAD_INPUT,
                       "store: column '%.80s': a name has letters, digits and _ only", name);
    for (int i = 0; i < FIXED_COLUMNS; i++)
        if (strcasecmp(name, fixed_columns[i]) == 0)
            return nd_fail(error, ND_BAD_INPUT, "store: column '%s': the name is taken", name);
    for (int i = 0; i < column; i++)
        if (strcasecmp(name, layout->columns[i].name) == 0)
            return nd_fail(error, ND_BAD_INPUT, "store: column '%.80s': the name occurs twice",
                           name);
    return ND_OK;
}

static enum nd_status check_layout(const struct nd_store_layout *layout, long n_points,
                                   struct nd_error *error)
{
    enum nd_status status = ND_OK;
    if (layout->n < 1 || layout->n > ND_STORE_COLUMNS_MAX || layout->n_axes < 0 ||
        layout->n_axes > layout->n || n_points < 1)
        return nd_fail(error, ND_BAD_INPUT,
                       "store: %d columns, %d axes, %ld points: allowed are 1 to %d columns, no "
                       "more axes than columns, at least one point",
                       layout->n, layout->n_axes, n_points, ND_STORE_COLUMNS_MAX);
    for (int i = 0; i < layout->n && status == ND_OK; i++)
        status = check_name(layout, i, error);
    return status;
}

/* The text of a value in the table run; NULL without memory. */
static char *layout_text(const struct nd_store_layout *layout)
{
    sqlite3_str *text = sqlite3_str_new(NULL);
    for (int i = 0; i < layout->n; i++)
        sqlite3_str_appendf(text, "%s %s\n", layout->columns[i].name,
                            layout->columns[i].is_text ? "text" : "number");
    return sqlite3_str_finish(text);
}

/* ---- comparison with what is stored ------------------------------------------------------- */

/* The number of the first line that differs, from 1, or 0; *a and *b are then at these lines. A
 * final newline does not count. */
static int first_difference(const char **a, const char **b)
{
    for (int line = 1;; line++) {
        const size_t length = strcspn(*a, "\n");
        if (length != strcspn(*b, "\n") || memcmp(*a, *b, length) != 0)
            return line;
        if ((*a)[length] == '\0' && (*b)[length] == '\0')
            return 0;
        *a += length + ((*a)[length] != '\0');
        *b += length + ((*b)[length] != '\0');
    }
}

/* Copies the part of a line that shows what begins at `from`. */
static void shown_part(char shown[SHOWN + 1], const char *line, size_t from)
{
    const size_t length = strcspn(line, "\n"),
                 skipped = from > SHOWN_BEFORE ? from - SHOWN_BEFORE : 0;
    const int cut = skipped > 0 && length > SHOWN;
    const char *start = cut ? line + skipped : line;
    snprintf(shown, SHOWN + 1, "%s%.*s", cut ? "..." : "", (int)strcspn(start, "\n"), start);
}

static enum nd_status compare(const char *path, const char *what, const char *stored,
                              const char *given, struct nd_error *error)
{
    char shown_stored[SHOWN + 1], shown_given[SHOWN + 1];
    size_t from = 0;
    const int line = first_difference(&stored, &given);
    if (line == 0)
        return ND_OK;
    while (stored[from] == given[from])
        from++;
    shown_part(shown_stored, stored, from);
    shown_part(shown_given, given, from);
    return nd_fail(error, ND_BAD_INPUT,
                   "%s: it holds a sweep with other %s: line %d is '%s' there and '%s' now; choose "
                   "another --output, or remove the file",
                   path, what, line, shown_stored, shown_given);
}

/* ---- opening ------------------------------------------------------------------------------ */

static enum nd_status take_lock(struct nd_store *store, const char *folder, struct nd_error *error)
{
    char path[ND_STORE_PATH_MAX];
    enum nd_status status = nd_store_path(path, folder, "sweep.lock", error);
    if (status != ND_OK)
        return status;
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (store->lock < 0)
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be opened: %s", path, strerror(errno));
    if (flock(store->lock, LOCK_EX | LOCK_NB) == 0)
        return ND_OK;
    if (errno == EWOULDBLOCK)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s: another process writes to this sweep; wait for it, or choose another "
                       "--output",
                       store->path);
    return nd_fail(error, ND_IO_ERROR, "%s: cannot be locked: %s", path, strerror(errno));
}

static enum nd_status execute(struct nd_store *store, const char *sql, const char *what,
                              struct nd_error *error)
{
    if (sql == NULL)
        return nd_store_sql_fail(store->path, NULL, what, error);
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? ND_OK
               : nd_store_sql_fail(store->path, store->db, what, error);
}

/* The code of SQLite; `taken`: the mode is now the wanted one. */
static int set_journal(sqlite3 *db, const char *sql, const char *mode, int *taken)
{
    sqlite3_stmt *statement;
    *taken = 0;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        *taken = text != NULL && strcmp(text, mode) == 0;
    }
    return sqlite3_finalize(statement);
}

static enum nd_status start_journal(struct nd_store *store, struct nd_error *error)
{
    int taken;
    if (set_journal(store->db, "PRAGMA journal_mode = WAL", "wal", &taken) != SQLITE_OK)
        return nd_store_sql_fail(store->path, store->db, "cannot be written", error);
    if (!taken)
        return nd_fail(error, ND_IO_ERROR,
                       "%s: cannot be written: the file system has no shared memory for SQLite",
                       store->path);
    return execute(store, "PRAGMA synchronous = NORMAL", "cannot be set up", error);
}

/* All tables in one transaction: after a kill there are all or none. Numbers have no type
 * since SQLite stores a whole number of type REAL as an integer, which has no -0. */
static enum nd_status create_tables(struct nd_store *store, const char *const *values,
                                    const struct nd_store_layout *layout, struct nd_error *error)
{
    sqlite3_str *sql = sqlite3_str_new(store->db);
    sqlite3_str_appendf(sql,
                        "BEGIN IMMEDIATE;\n"
                        "CREATE TABLE run(key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);\n"
                        "CREATE TABLE points(id INTEGER PRIMARY KEY CHECK (id BETWEEN 0 AND %lld),"
                        "\n    status TEXT NOT NULL CHECK (status IN ('ok', 'failed')),"
                        "\n    seconds CHECK (typeof(seconds) IN ('real', 'null')),"
                        "\n    message TEXT",
                        (long long)store->n_points - 1);
    for (int i = 0; i < layout->n; i++) {
        const char *name = layout->columns[i].name;
        const int is_text = layout->columns[i].is_text;
        sqlite3_str_appendf(sql, ",\n    \"%s\"%s CHECK (typeof(\"%s\") IN ('%s', 'null'))", name,
                            is_text ? " TEXT" : "", name, is_text ? "text" : "real");
    }
    sqlite3_str_appendall(sql, ");\n");
    for (int key = 0; key < ND_STORE_KEYS; key++)
        sqlite3_str_appendf(sql, "INSERT INTO run VALUES(%Q, %Q);\n", nd_store_key_names[key],
                            values[key]);
    sqlite3_str_appendall(sql, "COMMIT;\n");
    char *text = sqlite3_str_finish(sql);
    enum nd_status status = execute(store, text, "the tables cannot be made", error);
    sqlite3_free(text);
    return status;
}

/* Adds the version of the program to those that have worked on the store. */
static enum nd_status add_provenance(struct nd_store *store, const char *stored, const char *given,
                                     struct nd_error *error)
{
    const size_t length = strlen(given);
    for (const char *p = strstr(stored, given); p != NULL; p = strstr(p + 1, given))
        if ((p == stored || p[-1] == '\n') && (p[length] == '\n' || p[length] == '\0'))
            return ND_OK;
    char *sql = sqlite3_mprintf("UPDATE run SET value = value || char(10) || %Q WHERE key = %Q",
                                given, nd_store_key_names[ND_STORE_PROVENANCE]);
    enum nd_status status = execute(store, sql, "cannot be written", error);
    sqlite3_free(sql);
    return status;
}

/* Makes a new store, or checks that a stored one is the same sweep. */
static enum nd_status create_or_resume(struct nd_store *store, const char *parameters,
                                       const char *provenance, const struct nd_store_layout *layout,
                                       struct nd_error *error)
{
    static const enum nd_store_key compared[] = {ND_STORE_PARAMETERS, ND_STORE_LAYOUT,
                                                 ND_STORE_N_AXES, ND_STORE_N_POINTS};
    static const char *const what[] = {"parameters", "columns", "number of axes",
                                       "number of points"};
    char n_axes[24], n_points[24];
    struct nd_store_run run;
    int is_new;
    enum nd_status status = nd_store_run_read(&run, &is_new, store->db, store->path, error);
    char *columns = layout_text(layout);
    snprintf(n_axes, sizeof n_axes, "%d", layout->n_axes);
    snprintf(n_points, sizeof n_points, "%ld", store->n_points);
    const char *const values[ND_STORE_KEYS] = {nd_store_format, parameters, provenance,
                                               columns,         n_axes,     n_points};
    if (status == ND_OK && columns == NULL)
        status = nd_fail(error, ND_NO_MEMORY, "no memory for a store of %d columns", layout->n);
    for (size_t i = 0; i < sizeof compared / sizeof compared[0] && status == ND_OK && !is_new; i++)
        status = compare(store->path, what[i], run.values[compared[i]], values[compared[i]], error);
    if (status == ND_OK)
        status = start_journal(store, error);
    if (status == ND_OK)
        status = is_new ? create_tables(store, values, layout, error)
                        : add_provenance(store, run.values[ND_STORE_PROVENANCE], provenance, error);
    sqlite3_free(columns);
    nd_store_run_free(&run);
    return status;
}

static enum nd_status load_statuses(struct nd_store *store, struct nd_error *error)
{
    sqlite3_stmt *statement;
    int code =
        sqlite3_prepare_v2(store->db, "SELECT id, status = 'ok' FROM points", -1, &statement, NULL);
    if (code != SQLITE_OK)
        return nd_store_sql_fail(store->path, store->db, "cannot be read", error);
    enum nd_status status = ND_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW && status == ND_OK) {
        const sqlite3_int64 id = sqlite3_column_int64(statement, 0);
        if (id < 0 || id >= store->n_points) {
            status = nd_fail(error, ND_BAD_INPUT, "%s: damaged: there is a point %lld", store->path,
                             (long long)id);
            break;
        }
        store->statuses[id] = sqlite3_column_int(statement, 1) ? ND_POINT_OK : ND_POINT_FAILED;
        store->counts[store->statuses[id]]++;
        store->counts[ND_POINT_PENDING]--;
    }
    if (status == ND_OK && code != SQLITE_DONE)
        status = nd_store_sql_fail(store->path, store->db, "cannot be read", error);
    sqlite3_finalize(statement);
    return status;
}

/* The numbers of the parameters are those of the columns, from 1: id, status, ... */
static enum nd_status prepare_add(struct nd_store *store, const struct nd_store_layout *layout,
                                  struct nd_error *error)
{
    sqlite3_str *sql = sqlite3_str_new(store->db);
    sqlite3_str_appendall(sql, "INSERT INTO points VALUES(?1");
    for (int i = 2; i <= FIXED_COLUMNS + layout->n; i++)
        sqlite3_str_appendf(sql, ", ?%d", i);
    sqlite3_str_appendall(sql, ") ON CONFLICT(id) DO UPDATE SET status = ?2, seconds = ?3, "
                               "message = ?4");
    for (int i = 0; i < layout->n; i++)
        sqlite3_str_appendf(sql, ", \"%s\" = ?%d", layout->columns[i].name, FIXED_COLUMNS + 1 + i);
    sqlite3_str_appendall(sql, " WHERE status = 'failed'");
    char *text = sqlite3_str_finish(sql);
    const int code =
        text == NULL
            ? SQLITE_NOMEM
            : sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT, &store->add, NULL);
    sqlite3_free(text);
    if (code == SQLITE_OK)
        return ND_OK;
    return nd_store_sql_fail(store->path, text == NULL ? NULL : store->db, "cannot be written",
                             error);
}

static enum nd_status remember_place(struct place *place, const char *path, const char *suffix,
                                     struct nd_error *error)
{
    struct stat info;
    snprintf(place->path, sizeof place->path, "%s%s", path, suffix);
    if (stat(place->path, &info) != 0)
        return nd_fail(error, ND_IO_ERROR, "%s: %s", place->path, strerror(errno));
    place->device = info.st_dev;
    place->inode = info.st_ino;
    return ND_OK;
}

static enum nd_status open_file(struct nd_store *store, const char *parameters,
                                const char *provenance, const struct nd_store_layout *layout,
                                struct nd_error *error)
{
    enum nd_status status = nd_store_connect(&store->db, store->path,
                                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    if (status == ND_OK && sqlite3_db_readonly(store->db, "main") != 0)
        status =
            nd_fail(error, ND_IO_ERROR, "%s: cannot be written: Permission denied", store->path);
    if (status == ND_OK)
        status = create_or_resume(store, parameters, provenance, layout, error);
    if (status == ND_OK)
        status = load_statuses(store, error);
    if (status == ND_OK)
        status = prepare_add(store, layout, error);
    if (status == ND_OK)
        status = remember_place(&store->file, store->path, "", error);
    if (status == ND_OK)
        status = remember_place(&store->journal, store->path, "-wal", error);
    return status;
}

static void release(struct nd_store *store)
{
    if (store->lock >= 0)
        close(store->lock);
    free(store->is_text);
    free(store->statuses);
    free(store);
}

enum nd_status nd_store_open(struct nd_store **store, const char *folder, const char *parameters,
                             const char *provenance, const struct nd_store_layout *layout,
                             long n_points, struct nd_error *error)
{
    *store = NULL;
    enum nd_status status = check_layout(layout, n_points, error);
    if (status != ND_OK)
        return status;
    struct nd_store *s = calloc(1, sizeof *s);
    if (s == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a store");
    s->lock = -1;
    s->n = layout->n;
    s->n_axes = layout->n_axes;
    s->n_points = n_points;
    s->counts[ND_POINT_PENDING] = n_points;
    s->is_text = calloc((size_t)s->n, 1);
    s->statuses = calloc((size_t)n_points, 1);
    if (s->is_text == NULL || s->statuses == NULL)
        status = nd_fail(error, ND_NO_MEMORY, "no memory for a store of %ld points", n_points);
    else
        for (int i = 0; i < s->n; i++)
            s->is_text[i] = layout->columns[i].is_text != 0;
    if (status == ND_OK)
        status = nd_store_path(s->path, folder, "sweep.sqlite", error);
    if (status == ND_OK)
        status = take_lock(s, folder, error);
    if (status == ND_OK)
        status = open_file(s, parameters, provenance, layout, error);
    if (status != ND_OK) {
        sqlite3_finalize(s->add);
        sqlite3_close(s->db);
        release(s);
        return status;
    }
    *store = s;
    return ND_OK;
}

/* ---- use ---------------------------------------------------------------------------------- */

enum nd_store_status nd_store_status_of(const struct nd_store *store, long id)
{
    return id < 0 || id >= store->n_points ? ND_POINT_PENDING
                                           : (enum nd_store_status)store->statuses[id];
}

long nd_store_count(const struct nd_store *store, enum nd_store_status status)
{
    return store->counts[status];
}

/* Rows written to a file that was removed would vanish without an error. */
static enum nd_status check_place(const struct place *place, struct nd_error *error)
{
    struct stat info;
    if (stat(place->path, &info) == 0 && info.st_dev == place->device &&
        info.st_ino == place->inode)
        return ND_OK;
    return nd_fail(error, ND_IO_ERROR, "%s: the file was removed or replaced while in use",
                   place->path);
}

static enum nd_status check_places(const struct nd_store *store, struct nd_error *error)
{
    enum nd_status status = check_place(&store->file, error);
    return status == ND_OK ? check_place(&store->journal, error) : status;
}

static int bind_number(sqlite3_stmt *statement, int i, double number)
{
    return isnan(number) ? sqlite3_bind_null(statement, i)
                         : sqlite3_bind_double(statement, i, number);
}

/* A text that is NULL becomes NULL. */
static int bind_text(sqlite3_stmt *statement, int i, const char *text)
{
    return sqlite3_bind_text(statement, i, text, -1, SQLITE_STATIC);
}

/* The code of SQLite. What is not bound is NULL. */
static int bind_row(struct nd_store *store, const struct nd_store_row *row)
{
    const int n = row->status == ND_POINT_OK ? store->n : store->n_axes;
    int code = sqlite3_bind_int64(store->add, 1, row->id);
    if (code == SQLITE_OK)
        code = bind_text(store->add, 2, row->status == ND_POINT_OK ? "ok" : "failed");
    if (code == SQLITE_OK)
        code = bind_number(store->add, 3, row->seconds);
    if (code == SQLITE_OK)
        code = bind_text(store->add, 4, row->message);
    for (int i = 0; i < n && code == SQLITE_OK; i++) {
        const int parameter = FIXED_COLUMNS + 1 + i;
        code = store->is_text[i] ? bind_text(store->add, parameter, row->values[i].text)
                                 : bind_number(store->add, parameter, row->values[i].number);
    }
    return code;
}

enum nd_status nd_store_add(struct nd_store *store, const struct nd_store_row *row,
                            struct nd_error *error)
{
    if (row->id < 0 || row->id >= store->n_points)
        return nd_fail(error, ND_BAD_INPUT, "%s: point %ld: the points are 0 to %ld", store->path,
                       row->id, store->n_points - 1);
    if (row->status != ND_POINT_OK && row->status != ND_POINT_FAILED)
        return nd_fail(error, ND_BAD_INPUT, "%s: point %ld: status %d: a row is ok or failed",
                       store->path, row->id, (int)row->status);
    enum nd_status status = check_places(store, error);
    if (status != ND_OK)
        return status;
    int code = SQLITE_CONSTRAINT, changes = 0;
    if (store->statuses[row->id] != ND_POINT_OK) {
        code = bind_row(store, row);
        if (code == SQLITE_OK)
            code = sqlite3_step(store->add);
        if (code == SQLITE_DONE)
            changes = sqlite3_changes(store->db);
        else
            status = nd_store_sql_fail(store->path, store->db, "a row cannot be written", error);
        /* what it returns is the failure of the step once more */
        sqlite3_reset(store->add);
        sqlite3_clear_bindings(store->add);
    }
    if (status != ND_OK)
        return status;
    if (changes == 0)
        return nd_fail(error, ND_BAD_INPUT, "%s: point %ld: it has an ok row already", store->path,
                       row->id);
    store->counts[store->statuses[row->id]]--;
    store->counts[row->status]++;
    store->statuses[row->id] = (unsigned char)row->status;
    return ND_OK;
}

enum nd_status nd_store_close(struct nd_store *store, struct nd_error *error)
{
    if (store == NULL)
        return ND_OK;
    int taken;
    sqlite3_finalize(store->add);
    enum nd_status status = check_places(store, error);
    if (status == ND_OK) {
        /* at rest one plain file, which can be read where nothing can be written; readers that are
         * at work prevent that, and nothing is lost */
        sqlite3_busy_timeout(store->db, 0);
        const int code = set_journal(store->db, "PRAGMA journal_mode = DELETE", "delete", &taken);
        if (code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED)
            status = nd_store_sql_fail(store->path, store->db, "cannot be tidied up", error);
    }
    /* of a file that was moved or removed SQLite leaves the journal alone: it may be another's */
    if (sqlite3_close(store->db) != SQLITE_OK && status == ND_OK)
        status = nd_store_sql_fail(store->path, store->db, "cannot be closed", error);
    release(store);
    return status;
}
