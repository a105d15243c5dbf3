/* Results on disk: one folder a run, files that are either complete or absent. */
#ifndef NUDIPOLE_OUTPUT_H
#define NUDIPOLE_OUTPUT_H

#include <stdio.h>

#include "nudipole/error.h"
#include "nudipole/params.h"

/* Can a folder be written, or made? Creates nothing. Errors: ND_IO_ERROR with the reason. */
enum nd_status nd_output_check(const char *directory, struct nd_error *error);

/* Makes the folder and those above it. Errors: ND_IO_ERROR. */
enum nd_status nd_output_create(const char *directory, struct nd_error *error);

/* A file being written: directory/name.tmp, renamed to directory/name by nd_output_commit. */
struct nd_output_file {
    FILE *stream;
    char path[1024], temporary[1032];
};

enum nd_status nd_output_begin(struct nd_output_file *file, const char *directory, const char *name,
                               struct nd_error *error);
/* Flushes and renames; after an error the temporary file is removed. Errors: ND_IO_ERROR. */
enum nd_status nd_output_commit(struct nd_output_file *file, struct nd_error *error);
/* Drops what was written, after a failure of the caller. */
void nd_output_discard(struct nd_output_file *file);

/* The `#` header of a table: program and version, title, the parameters that the computation uses
 * (a sum of enum nd_params_use), column names last. */
void nd_output_table_header(FILE *stream, const struct nd_params *params, int uses,
                            const char *title, const char *columns);

/* directory/run.ini: every parameter, resolved. */
enum nd_status nd_output_params(const char *directory, const struct nd_params *params,
                                struct nd_error *error);

#endif
