/* The plane of mass and coupling as the early Universe sees it, for several T_RH.
 *
 * Two criteria side by side: the paper's estimate, max Gamma/H = 1, and the solved abundance, the
 * largest n/n_eq in the window of nudipole/viability.h and the largest rho_N/rho_gamma. For each
 * mass the rates are tabulated once; every coupling and T_RH follows from that. */
#ifndef NUDIPOLE_THERMAL_MAP_H
#define NUDIPOLE_THERMAL_MAP_H

#include "nudipole/abundance_scan.h"
#include "nudipole/thermalization.h"
#include "nudipole/values.h"

struct nd_map_options {
    struct nd_treatment treatment;
    struct nd_double_list T_RH;      /* [MeV] */
    double T_end;                    /* lowest temperature that is looked at [MeV] */
    double x_max;                    /* of the window for n/n_eq */
    struct nd_double_list fractions; /* of equilibrium, for curves */
    double rho;                      /* rho_N/rho_gamma, for a curve */
    double mu_max;                   /* no curve is looked for above [MeV^-1] */
    double tolerance;                /* of the rates */
};

/* A point of the plane for one T_RH. */
struct nd_map_cell {
    double gamma_over_H; /* its maximum below T_RH, per neutrino */
    struct nd_abundance_maxima maxima;
};

/* Curves at one mass for one T_RH. */
struct nd_map_column {
    struct nd_curve_point paper;     /* Gamma/H = 1 */
    double mu_fraction[ND_LIST_MAX]; /* n/n_eq reaches fractions.values[i]; INFINITY if never */
    double mu_rho;                   /* rho_N/rho_gamma reaches rho */
};

struct nd_thermal_map {
    int n_masses, n_mu, n_T_RH;
    struct nd_map_column *columns; /* [T_RH * n_masses + mass] */
    struct nd_map_cell *cells;     /* [(T_RH * n_masses + mass) * n_mu + coupling] */
    struct nd_error *errors;       /* of a mass: its columns and cells are not filled */
    int failed;                    /* masses */
};

/* Masses [MeV] run in parallel (OpenMP); the result does not depend on the number of threads. A
 * mass that fails is marked and the others go on. Errors: ND_NO_MEMORY. */
enum nd_status nd_thermal_map_create(struct nd_thermal_map *map,
                                     const struct nd_background *background,
                                     const struct nd_map_options *options, const double *m4,
                                     int n_masses, const double *mu, int n_mu,
                                     nd_progress *progress, void *progress_context,
                                     struct nd_error *error);
void nd_thermal_map_clear(struct nd_thermal_map *map);

/* Highest reheating temperature at which a point does not thermalise. */
struct nd_highest_T_RH {
    double paper;     /* max Gamma/H < 1 [MeV] */
    double dynamical; /* max n/n_eq < fraction [MeV] */
};

/* Looked for between T_low and T_high [MeV] to 1e-4: 0 where the point thermalises at all of them
 * (48 steps in ln T_RH are tried), INFINITY where it does not even at T_high. Below the answer it
 * may thermalise again, since the window begins at T_RH. Errors: those of rates and tables. */
enum nd_status nd_highest_T_RH(struct nd_highest_T_RH *highest,
                               const struct nd_background *background,
                               const struct nd_map_options *options, double m4, double mu,
                               double fraction, double T_low, double T_high,
                               struct nd_error *error);

#endif
