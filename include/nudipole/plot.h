/* Figures: gnuplot scripts, written beside the tables they read and drawn by gnuplot.
 *
 * The scripts of src/plot/ are embedded in the library: "rates", "abundance", "sweep", "curves".
 * Each reads SCRIPT.dat in its own folder; its first comment lists the variables it knows. */
#ifndef NUDIPOLE_PLOT_H
#define NUDIPOLE_PLOT_H

#include <stddef.h>
#include "nudipole/error.h"

struct nd_plot_variable {
    const char *name;  /* a gnuplot variable: letters, digits and _, not starting with a digit */
    const char *value; /* UTF-8 text; any characters, control characters become spaces */
};

/* Writes `directory`/`script`.gp: the variables, as strings, and then the embedded script. The
 * directory must exist. If `draw` is not 0, also runs `gnuplot` in that directory, which makes
 * `script`.png and `script`.pdf there.
 * Errors: ND_BAD_INPUT for an unknown script or the name of a variable; ND_IO_ERROR if the file
 * cannot be written, if gnuplot is not installed (the .gp is there then), or if gnuplot fails (the
 * message ends with what gnuplot said). */
enum nd_status nd_plot_write(const char *directory, const char *script,
                             const struct nd_plot_variable *variables, size_t n_variables, int draw,
                             struct nd_error *error);

#endif
