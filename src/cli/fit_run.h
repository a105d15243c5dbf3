/* A fit: solved in fit_run.c for `nudipole fit` and `nudipole map`, written by fit_report.c. */
#ifndef ND_CLI_FIT_RUN_H
#define ND_CLI_FIT_RUN_H

#include "cli.h"

/* Another experiment: what it says about every set and mass, and about the best points. */
struct nd_cli_exclusion {
    struct nd_detector detector;
    struct nd_mass_fit *fits; /* set, mass */
    double *best_gain;        /* set: 2 dlnL of the best point of the fit; NAN if there is none */
    double *best_limit;       /* set: upper limit at its mass [MeV^-1] */
};

struct nd_cli_fit {
    struct nd_params params;
    struct nd_beam beam;
    struct nd_detector detector;
    double *m4, *mu;             /* the grid, m4_points and d_points [MeV], [MeV^-1] */
    struct nd_plane_fit *planes; /* one a set */
    char title[ND_TEXT_MAX];     /* of the experiment, of regions from a file */
    int n_exclusions;
    struct nd_cli_exclusion *exclusions;
};

/* The masses [MeV] and couplings [MeV^-1] of the keys of [grid], in new memory. */
enum nd_status nd_cli_make_grid(const struct nd_params *params, double **m4, double **mu,
                                struct nd_error *error);

/* Solves run->params, which are read and checked. Clear it also after an error. */
enum nd_status nd_cli_fit_solve(struct nd_cli_fit *run, const char *data, struct nd_error *error);
void nd_cli_fit_clear(struct nd_cli_fit *run);

/* Regions and best points out of a regions.json, in place of solving: `beam` then holds nothing but
 * the sets, and fit->params what the file was made with, which must be for the same flavour.
 * Errors: ND_IO_ERROR, ND_BAD_INPUT with what is wrong. */
enum nd_status nd_cli_fit_read_regions(struct nd_cli_fit *fit, const char *path,
                                       struct nd_error *error);

/* Names, titles and columns of contours.dat and best.dat, as struct nd_cli_table has them. */
#define ND_CLI_CONTOURS_TABLE                                                                      \
    "contours",                                                                                    \
        "regions of 1, 2, 3 sigma (2 degrees of freedom); one block a closed polygon, its last "   \
        "row repeats the first",                                                                   \
        "source sigma m4_keV d_muB"
#define ND_CLI_BEST_TABLE                                                                          \
    "best", "best points; nan where no point of the grid is better than no signal",                \
        "source m4_keV d_muB two_dlnL"

/* Their rows, d in the convention of run->params. */
void nd_cli_fit_write_contours(const struct nd_cli_fit *run, FILE *stream);
void nd_cli_fit_write_best(const struct nd_cli_fit *run, FILE *stream);

/* Bit of enum nd_contour_edge for the name that regions.json gives it, or 0. */
int nd_cli_edge_bit(const char *name);

/* Closed polygons in all. */
int nd_cli_fit_count_contours(const struct nd_cli_fit *run);

/* Is some point of the plane better than no signal? */
static inline int nd_cli_has_best(const struct nd_plane_fit *plane)
{
    return plane->best.gain > 0.0;
}

/* Tables, regions.json, summary.json, figure, and the report on the terminal. */
enum nd_status nd_cli_fit_finish(const struct nd_cli_options *options, const struct nd_cli_fit *run,
                                 const char *folder, struct nd_error *error);

#endif
