/* Thermalization curves of the paper's criterion: the coupling at which the largest Gamma/H per
 * neutrino below T_RH is 1, against the mass (arXiv:2007.05513, Fig. 4). */
#ifndef NUDIPOLE_THERMALIZATION_H
#define NUDIPOLE_THERMALIZATION_H

#include "nudipole/progress.h"
#include "nudipole/viability.h"

struct nd_curve_point {
    double m4;                /* [MeV] */
    double mu;                /* Gamma/H = 1 at its maximum below T_RH [MeV^-1] */
    double T;                 /* where that maximum lies [MeV] */
    enum nd_channel dominant; /* the channel that contributes most there */
    double relative_error;    /* of mu, from the table of rates */
    struct nd_error error;
};

/* The point of one mass, that of the table, for one T_RH; reasons of a failure are in
 * point->error. */
void nd_curve_point_compute(const struct nd_rate_table *table,
                            const struct nd_background *background, double T_low, double T_RH,
                            struct nd_curve_point *point);

/* Thermalization curves: for each mass the mu at which the largest total Gamma/H per neutrino in
 * [T_low, T_RH] is 1, for each of n_T_RH reheating temperatures [MeV]. points[t * n_masses + i].
 * The table of rates is built once a mass, masses run in parallel (OpenMP). Returns the number of
 * masses that failed. */
int nd_thermalization_curves(const double *m4, int n_masses, const struct nd_treatment *treatment,
                             const struct nd_background *background, double T_low,
                             const double *T_RH, int n_T_RH, double tolerance,
                             struct nd_curve_point *points, nd_progress *progress,
                             void *progress_context);

#endif
