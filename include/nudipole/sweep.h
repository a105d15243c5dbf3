/* Sweeps: one point for many reheating temperatures, and thermalization curves in the mass.
 *
 * Points are independent and run in parallel (OpenMP); results do not depend on the number of
 * threads. Both functions may be called from several threads at once, each of which then opens its
 * own team; a progress callback must not call them back. A point that fails is marked, with its
 * reason, and the sweep goes on. */
#ifndef NUDIPOLE_SWEEP_H
#define NUDIPOLE_SWEEP_H

#include "nudipole/viability.h"

struct nd_sweep_row {
    struct nd_viability viability; /* valid if error.status is ND_OK */
    double T_RH;                   /* [MeV] */
    struct nd_error error;
};

/* Called from time to time with the number of finished items; may be NULL. One call at a time. */
typedef void nd_progress(int done, int total, void *context);

/* Solves and judges the model for each T_RH [MeV]; `rows` has room for n. The table must reach from
 * options->T_end to the largest T_RH; T_RH in `options` is not used. Returns the number of rows
 * that failed. */
int nd_sweep_T_RH(const struct nd_model *model, const struct nd_rate_table *table,
                  const struct nd_background *background, const double *T_RH, int n,
                  const struct nd_abundance_options *options,
                  const struct nd_viability_options *viability, struct nd_sweep_row *rows,
                  nd_progress *progress, void *progress_context);

struct nd_curve_point {
    double m4;                /* [MeV] */
    double mu;                /* Gamma/H = 1 at its maximum below T_RH [MeV^-1] */
    double T;                 /* where that maximum lies [MeV] */
    enum nd_channel dominant; /* the channel that contributes most there */
    double relative_error;    /* of mu, from the table of rates */
    struct nd_error error;
};

/* Thermalization curves: for each mass the mu at which the largest total Gamma/H per neutrino in
 * [T_low, T_RH] is 1, for each of n_T_RH reheating temperatures [MeV]. points[t * n_masses + i].
 * The table of rates is built once a mass. Returns the number of masses that failed. */
int nd_thermalization_curves(const double *m4, int n_masses, const struct nd_treatment *treatment,
                             const struct nd_background *background, double T_low,
                             const double *T_RH, int n_T_RH, double tolerance,
                             struct nd_curve_point *points, nd_progress *progress,
                             void *progress_context);

#endif
