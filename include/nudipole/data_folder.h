/* Where the measured inputs are. They are found at run time; no path is fixed when the program is
 * built. */
#ifndef NUDIPOLE_DATA_FOLDER_H
#define NUDIPOLE_DATA_FOLDER_H

#include "nudipole/error.h"

enum { ND_DATA_PATH_MAX = 1024 };

/* Finds the folder of data, the one that holds solar/fluxes.csv. In this order:
 *   `given`, unless NULL or empty;
 *   the environment variable NUDIPOLE_DATA, unless empty;
 *   ../share/nudipole/data from the folder of the running program (an installed one);
 *   params/data in that folder or in one of three above it (a source tree);
 *   params/data in the working directory or in one of two above it.
 * Errors: ND_IO_ERROR if none is found, with what was tried and how to say where it is. A folder
 * that was named by `given` or the environment is never skipped. */
enum nd_status nd_data_folder(const char *given, char folder[ND_DATA_PATH_MAX],
                              struct nd_error *error);

/* The same with everything given that nd_data_folder finds out: the value of NUDIPOLE_DATA and the
 * path of the running program, both may be NULL. */
enum nd_status nd_data_folder_search(const char *given, const char *environment,
                                     const char *program, char folder[ND_DATA_PATH_MAX],
                                     struct nd_error *error);

/* Writes folder/name to `path`, the name by a printf format: nd_data_path(path, error, folder,
 * "solar/spectrum_%s.csv", source). Does not look whether it exists. Errors: ND_IO_ERROR if it is
 * too long. */
enum nd_status nd_data_path(char path[ND_DATA_PATH_MAX], struct nd_error *error, const char *folder,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
