/* Which masses and couplings a recoil spectrum likes, and which it excludes.
 *
 * The gain of a point is 2 ln L(m4, mu) - 2 ln L(no signal), nuisance parameters profiled. Since
 * the signal goes as mu^2, one spectrum a mass serves every coupling. Confidence levels are those
 * of Wilks: chi^2 with one degree of freedom for mu at a given mass, with two in the plane. */
#ifndef NUDIPOLE_FIT_H
#define NUDIPOLE_FIT_H

#include "nudipole/contour.h"
#include "nudipole/likelihood.h"
#include "nudipole/signal.h"

/* Difference of -2 ln L that a number of standard deviations (two-sided) corresponds to, for 1 or 2
 * degrees of freedom: 2.30, 6.18, 11.83 for 1, 2, 3 with two. And back: 0 for no difference. */
double nd_two_nll_of_sigma(double sigma, int dof);
double nd_sigma_of_two_nll(double difference, int dof);

/* ---- one mass --------------------------------------------------------------------------- */

struct nd_mass_fit {
    double m4;     /* [MeV] */
    double mu;     /* best coupling, >= 0 [MeV^-1] */
    double gain;   /* 2 ln L(mu) - 2 ln L(0), >= 0 */
    double mu_low; /* interval at the confidence level, one degree of freedom; 0 if it */
    double mu_up;  /* holds mu = 0, and INFINITY where there is no signal at any mu */
    struct nd_profile at_best, at_zero;
};

/* Best coupling and interval for a signal given as counts a bin at mu = 1 MeV^-1. The interval
 * holds where -2 ln L is less than chi^2(confidence, 1 dof) above its minimum over mu >= 0; its
 * upper end is the upper limit. Couplings are accurate to 1e-8. Errors: ND_NOT_CONVERGED. */
enum nd_status nd_fit_mass(const struct nd_likelihood *likelihood, const double *counts, double m4,
                           double confidence, struct nd_mass_fit *fit, struct nd_error *error);

/* Gains for n couplings [MeV^-1], ascending for speed. Errors: ND_NOT_CONVERGED. */
enum nd_status nd_fit_gains(const struct nd_likelihood *likelihood, const double *counts,
                            const double *mu, int n, double *gains, struct nd_error *error);

/* A gain below this is no preference: the plane then has no best point. */
#define ND_GAIN_MIN 0.01

/* ---- the plane -------------------------------------------------------------------------- */

/* Counts of every source for every mass at mu = 1 MeV^-1. */
struct nd_signal_table {
    int n_masses, n_bins;
    double *m4;                   /* [MeV] */
    double *counts[ND_N_SOURCES]; /* [mass * n_bins + bin]; NULL for a source not needed */
};

/* Runs over masses in parallel (OpenMP). Errors: ND_NO_MEMORY. */
enum nd_status nd_signal_table_create(struct nd_signal_table *table,
                                      const struct nd_response *response,
                                      const struct nd_fluxes *fluxes, const double *m4,
                                      int n_masses, struct nd_error *error);
void nd_signal_table_clear(struct nd_signal_table *table);
/* Sum over a set, for one mass of the table; `counts` has room for n_bins. */
void nd_signal_table_sum(const struct nd_signal_table *table, const struct nd_source_set *set,
                         int mass, double *counts);

/* nd_fit_mass for every mass of the table, in parallel; `fits` has room for all of them. Errors:
 * ND_NOT_CONVERGED with the mass. */
enum nd_status nd_fit_masses(const struct nd_likelihood *likelihood,
                             const struct nd_signal_table *table, const struct nd_source_set *set,
                             double confidence, struct nd_mass_fit *fits, struct nd_error *error);

/* What the contours enclose. */
enum nd_contour_kind {
    ND_CONTOUR_LIKELIHOOD_RATIO, /* points less than the level below the best one */
    ND_CONTOUR_DISCOVERY         /* points more than the level above no signal */
};

enum { ND_N_LEVELS = 3 }; /* 1, 2, 3 sigma */

struct nd_plane_options {
    double confidence; /* of the intervals at each mass */
    enum nd_contour_kind contours;
};

struct nd_plane_fit {
    struct nd_source_set set;
    int n_masses, n_mu;
    double *m4, *mu;            /* the grid [MeV], [MeV^-1] */
    double *gains;              /* [mass * n_mu + coupling] */
    struct nd_mass_fit *masses; /* at each mass, over all mu >= 0 */
    int has_signal;             /* some mass of the grid is within reach of the sources */
    struct nd_mass_fit best;    /* of the plane, between the nodes; all zero if no gain reaches
                                   ND_GAIN_MIN */
    int best_at_edge;           /* bits of enum nd_contour_edge: the best point lies there and the
                                   likelihood rises on beyond (X is m4, Y is mu) */
    /* Regions of 1, 2, 3 sigma with two degrees of freedom; x is m4, y is mu. */
    struct nd_contours contours[ND_N_LEVELS];
};

/* Fits the plane spanned by the table's masses and the couplings, both increasing, at least one
 * each. Parallel over masses (OpenMP); the result does not depend on the number of threads.
 * Errors: ND_NOT_CONVERGED, ND_NO_MEMORY. Free with nd_plane_fit_clear. */
enum nd_status nd_plane_fit_create(struct nd_plane_fit *fit, const struct nd_likelihood *likelihood,
                                   const struct nd_response *response,
                                   const struct nd_fluxes *fluxes,
                                   const struct nd_signal_table *table,
                                   const struct nd_source_set *set, const double *mu, int n_mu,
                                   const struct nd_plane_options *options, struct nd_error *error);
void nd_plane_fit_clear(struct nd_plane_fit *fit);

#endif
