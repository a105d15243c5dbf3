/* Measured inputs: CSV files with `#` comments before the data, one line of column names and rows
 * of cells separated by commas. Blank lines, blanks around cells, CRLF and a UTF-8 byte order mark
 * are accepted; quotes are not special. A column carries its unit in its name. */
#ifndef NUDIPOLE_DATAFILE_H
#define NUDIPOLE_DATAFILE_H

#include "nudipole/error.h"

struct nd_datafile; /* opaque */

enum nd_energy_unit { ND_MEV, ND_KEV };

/* Reads a whole file. Errors: ND_IO_ERROR if it cannot be read; ND_BAD_INPUT with file and line
 * for a row with too few or too many cells, an empty cell, a column named twice, no column names,
 * no rows, a NUL character, an overlong line; ND_NO_MEMORY. Free with nd_datafile_free. */
enum nd_status nd_datafile_read(struct nd_datafile **file, const char *path,
                                struct nd_error *error);

void nd_datafile_free(struct nd_datafile *file);

/* Number of rows, at least 1. */
int nd_datafile_rows(const struct nd_datafile *file);

/* The path that was read. */
const char *nd_datafile_path(const struct nd_datafile *file);

/* Is there such a column? */
int nd_datafile_has(const struct nd_datafile *file, const char *column);

/* Text of a cell, 0 <= row < rows; it lives as long as the file. NULL without such a column. */
const char *nd_datafile_text(const struct nd_datafile *file, int row, const char *column);

/* A column of decimal numbers, each in [low, high], into `values`, which has room for all rows.
 * Errors: ND_BAD_INPUT with file and line if there is no such column (with a list of those that
 * are there), or if a cell is not a number, is not finite or is out of range. */
enum nd_status nd_datafile_numbers(const struct nd_datafile *file, const char *column, double low,
                                   double high, double *values, struct nd_error *error);

/* A column of energies, each >= 0, in MeV or keV. `quantity` "energy" is read from whichever of
 * energy_ev, energy_kev and energy_mev is there; in the file's own unit values come out exactly as
 * written. If `increasing`, each is above the one before.
 * Errors: as above, and if the unit is missing, is another one or is given twice. */
enum nd_status nd_datafile_energies(const struct nd_datafile *file, const char *quantity,
                                    enum nd_energy_unit unit, int increasing, double *values,
                                    struct nd_error *error);

/* Value of the comment line `# key: value`, without blanks around it, "" if there is none; NULL
 * without such a line. The key is everything between `#` and the first colon. It lives as long as
 * the file. Free text may repeat a key: then the first line counts, unless the reader minds, who
 * asks for their number. */
const char *nd_datafile_header(const struct nd_datafile *file, const char *key);

/* Number of comment lines with a key. */
int nd_datafile_header_count(const struct nd_datafile *file, const char *key);

/* Fails with ND_BAD_INPUT and "path:line: message" for the last comment line with a key, for the
 * column names if there is none. */
enum nd_status nd_datafile_header_fail(const struct nd_datafile *file, const char *key,
                                       struct nd_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Fails with ND_BAD_INPUT and "path:line: message" for a row, for the column names if it is -1. */
enum nd_status nd_datafile_fail(const struct nd_datafile *file, int row, struct nd_error *error,
                                const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
