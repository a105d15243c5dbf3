/* The store of a sweep: folder/sweep.sqlite, one SQLite file that survives a kill at any moment.
 *
 * One program writes, any number reads, also while the sweep runs. A row is in the file when
 * nd_store_add returns: a kill of the program loses nothing, a power cut at most the last rows.
 * Apart from `seconds`, the content does not depend on interruptions or on the order of the adds.
 *
 * A writer holds a lock on folder/sweep.lock, which the kernel releases when the process ends and
 * which stays on disk. While a sweep runs, and after a kill, sweep.sqlite-wal and sweep.sqlite-shm
 * belong to the file; nd_store_close leaves sweep.sqlite alone unless a reader is at work. The lock
 * and SQLite's own need a local disk: network file systems without locks and shared memory are not
 * supported.
 *
 * The tables, format 1:
 *   run(key, value): format, parameters, provenance, columns (a line each: name, type), n_axes,
 *       n_points;
 *   points(id, status, seconds, message, the columns): status is 'ok' or 'failed', a point without
 *       a row is pending.
 * Numbers are stored bit by bit, infinities and -0 too; a NAN is stored as NULL and read as NAN. */
#ifndef NUDIPOLE_STORE_H
#define NUDIPOLE_STORE_H

#include <stdio.h>

#include "nudipole/error.h"

enum nd_store_status { ND_POINT_PENDING, ND_POINT_OK, ND_POINT_FAILED };

enum { ND_POINT_STATUSES = ND_POINT_FAILED + 1, ND_STORE_COLUMNS_MAX = 1000 };

struct nd_store_column {
    const char
        *name; /* [A-Za-z0-9_]+, unique whatever the case; not id, status, seconds, message */
    int is_text;
};

struct nd_store_layout {
    int n;
    const struct nd_store_column *columns;
    int n_axes; /* the first n_axes columns are what was varied */
};

/* The one that the type of the column says. */
struct nd_store_value {
    double number;
    const char *text; /* may be NULL, which is not the empty text */
};

struct nd_store_row {
    long id; /* 0 ... n_points - 1 */
    enum nd_store_status status;
    double seconds;
    const char *message;                 /* may be NULL */
    const struct nd_store_value *values; /* one a column; of a failed row only the axes are used */
};

/* ---- writing ------------------------------------------------------------------------------- */

/* One thread at a time; not to be carried through a fork. */
struct nd_store;

/* Creates folder/sweep.sqlite or resumes it; the folder must exist. `parameters`: the resolved
 * parameters, a text of several lines; `provenance`: the version of the program. A store that is
 * resumed by another version keeps both, a line each.
 *
 * Errors, all with *store = NULL: ND_BAD_INPUT if another process writes to it, if what is stored
 * has other parameters (the message says which line differs first, and what to do), another layout
 * or n_points, or if the file is no store; such a file is left as it is. ND_IO_ERROR with the
 * reason of SQLite or of the system. ND_NO_MEMORY. */
enum nd_status nd_store_open(struct nd_store **store, const char *folder, const char *parameters,
                             const char *provenance, const struct nd_store_layout *layout,
                             long n_points, struct nd_error *error);

/* From memory; pending for an id that is no point. */
enum nd_store_status nd_store_status_of(const struct nd_store *store, long id);
long nd_store_count(const struct nd_store *store, enum nd_store_status status);

/* Adds a row, or replaces the failed row of the same id. After an error the file is as before, and
 * the row may be added again.
 *
 * Errors: ND_BAD_INPUT if the id is no point, the status is neither ok nor failed, or the point has
 * an ok row. ND_IO_ERROR if it cannot be written: no space, file removed. ND_NO_MEMORY. */
enum nd_status nd_store_add(struct nd_store *store, const struct nd_store_row *row,
                            struct nd_error *error);

/* NULL is fine. Frees the store in any case. Errors: ND_IO_ERROR if the file is no longer there, or
 * could not be tidied up; in the second case no row is lost. */
enum nd_status nd_store_close(struct nd_store *store, struct nd_error *error);

/* ---- reading, also while a sweep writes ---------------------------------------------------- */

/* One thread at a time. Reading changes no row; it may tidy up what a kill left. */
struct nd_store_reader;

/* Errors: ND_BAD_INPUT if the file is no store, ND_IO_ERROR if it is missing or cannot be read,
 * ND_NO_MEMORY. */
enum nd_status nd_store_reader_open(struct nd_store_reader **reader, const char *folder,
                                    struct nd_error *error);
void nd_store_reader_close(struct nd_store_reader *reader); /* NULL is fine */

/* As the writer gave them; they live as long as the reader. */
const struct nd_store_layout *nd_store_reader_layout(const struct nd_store_reader *reader);
const char *nd_store_reader_parameters(const struct nd_store_reader *reader);
const char *nd_store_reader_provenance(const struct nd_store_reader *reader);
long nd_store_reader_n_points(const struct nd_store_reader *reader);

/* How many points have each status now. Errors: ND_IO_ERROR, ND_NO_MEMORY. */
enum nd_status nd_store_reader_counts(struct nd_store_reader *reader,
                                      long counts[ND_POINT_STATUSES], struct nd_error *error);

/* Takes one row; it and its texts live until the return. Not 0 ends the reading. */
typedef int nd_store_each(const struct nd_store_row *row, void *context);

/* Calls `each` with every row that is in the file at the start, in order of id. Of a failed row
 * only the axes are known: the others are NAN and NULL. Errors: ND_IO_ERROR, ND_NO_MEMORY. */
enum nd_status nd_store_reader_rows(struct nd_store_reader *reader, nd_store_each *each,
                                    void *context, struct nd_error *error);

/* Writes the store to `stream` as CSV: the provenance in lines with `#`, the line of names
 * (id, status, seconds, message, the columns), the rows in order of id. Numbers have 17 digits,
 * inf and -inf are infinities; a NAN or a text that is NULL is nothing, the empty text "". Quotes
 * as in RFC 4180. Errors: those of opening and reading; ND_IO_ERROR if `stream` has one. */
enum nd_status nd_store_export_csv(const char *folder, FILE *stream, struct nd_error *error);

/* Writes the store to the HDF5 file `path`, which is replaced: a group `points` with a dataset a
 * column, rows in order of id. id is an int64, status an enum of ok = 1 and failed = 2, numbers are
 * float64 bit by bit (a NAN where the store has none), texts UTF-8 of variable length. Attributes
 * of the file: parameters, provenance, n_points, n_axes; of a column: is_axis, 0 or 1. A few
 * thousand rows at a time are in memory.
 *
 * Errors: those of opening and reading; ND_IO_ERROR with the reason of HDF5. What is at `path`
 * after an error is of no use. After a disk was full HDF5 cannot close the file, and crashes when
 * it tries again at the exit, unless the program has called H5dont_atexit before anything else of
 * HDF5. */
enum nd_status nd_store_export_hdf5(const char *folder, const char *path, struct nd_error *error);

#endif
