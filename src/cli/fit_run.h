/* A run of `nudipole fit`: solved in cmd_fit.c, written and printed by fit_report.c. */
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
    int n_masses, n_mu;
    double *m4, *mu;             /* [MeV], [MeV^-1] */
    struct nd_plane_fit *planes; /* one a set */
    int n_exclusions;
    struct nd_cli_exclusion *exclusions;
};

/* Is some point of the plane better than no signal? */
static inline int nd_cli_has_best(const struct nd_plane_fit *plane)
{
    return plane->best.gain > 0.0;
}

/* Tables, regions.json, summary.json, figure, and the report on the terminal. */
enum nd_status nd_cli_fit_finish(const struct nd_cli_options *options, const struct nd_cli_fit *run,
                                 const char *folder, struct nd_error *error);

#endif
