/* What the writer and the readers of a sweep's store share: see nudipole/store.h. */
#ifndef ND_STORE_INTERNAL_H
#define ND_STORE_INTERNAL_H

#include <sqlite3.h>

#include "nudipole/store.h"

enum {
    ND_STORE_PATH_MAX = 512,          /* with the final NUL; SQLite takes no longer ones */
    ND_STORE_BUSY_MILLISECONDS = 5000 /* how long to wait for a lock of SQLite's */
};

/* The keys of the table run. */
enum nd_store_key {
    ND_STORE_FORMAT,
    ND_STORE_PARAMETERS,
    ND_STORE_PROVENANCE,
    ND_STORE_LAYOUT,
    ND_STORE_N_AXES,
    ND_STORE_N_POINTS,
    ND_STORE_KEYS
};
extern const char *const nd_store_key_names[ND_STORE_KEYS];
extern const char nd_store_format[];

struct nd_store_run {
    char *values[ND_STORE_KEYS];
};

/* Writes folder/name to `path`. Errors: ND_IO_ERROR if it is empty or too long. */
enum nd_status nd_store_path(char path[ND_STORE_PATH_MAX], const char *folder, const char *name,
                             struct nd_error *error);

/* Records the last error of `db`, "path: what: SQLite's text"; `db` may be NULL: no memory. */
enum nd_status nd_store_sql_fail(const char *path, sqlite3 *db, const char *what,
                                 struct nd_error *error);

/* Opens the file with the flags of sqlite3_open_v2; *db must be closed after an error too. */
enum nd_status nd_store_connect(sqlite3 **db, const char *path, int flags, struct nd_error *error);

/* Reads the table run. A file without any table is no error: `is_new` is then 1 and all values are
 * NULL. Otherwise every value is there, and the format is known. Errors: ND_BAD_INPUT if the file
 * is no store, ND_IO_ERROR, ND_NO_MEMORY. */
enum nd_status nd_store_run_read(struct nd_store_run *run, int *is_new, sqlite3 *db,
                                 const char *path, struct nd_error *error);
void nd_store_run_free(struct nd_store_run *run);

#endif
