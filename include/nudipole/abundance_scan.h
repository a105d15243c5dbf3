/* The abundance of N for many couplings of one mass and one T_RH.
 *
 * The equation of nudipole/abundance.h is linear in n, and both its source and its sink are
 * proportional to mu^2. With Y = n/s, x = ln(T_RH/T),
 *
 *     dY/dtau = q - Y,   tau = mu^2 int kappa dx,   q = source / sink,
 *
 * where q and kappa do not depend on mu: they are evaluated once, and each coupling then costs one
 * exponential a step. Between nodes q is a parabola in tau, which is exact in tau and of fourth
 * order in x. Same physics and the same answers as nd_abundance_solve
 * (tests/test_abundance_scan.c), some hundred times faster. */
#ifndef NUDIPOLE_ABUNDANCE_SCAN_H
#define NUDIPOLE_ABUNDANCE_SCAN_H

#include "nudipole/rate_table.h"

struct nd_abundance_scan; /* opaque; read-only once built, so threads may share it */

/* For sudden reheating at T_RH with N absent, down to T_end [MeV], on the mass of the table; n/n_eq
 * is looked at while 1/T <= 1/T_RH + x_max/m4 (nudipole/viability.h). Errors: ND_BAD_INPUT,
 * ND_NO_MEMORY. Free with nd_abundance_scan_free. */
enum nd_status nd_abundance_scan_create(struct nd_abundance_scan **result,
                                        const struct nd_rate_table *table,
                                        const struct nd_background *background, double T_RH,
                                        double T_end, double x_max, struct nd_error *error);
void nd_abundance_scan_free(struct nd_abundance_scan *scan);

struct nd_abundance_maxima {
    double n_over_neq;           /* largest in the window */
    int at_window_edge;          /* there where the window ends: still rising */
    double rho_N_over_rho_gamma; /* largest down to T_end */
};

/* For a coupling mu > 0 [MeV^-1, half convention]. */
void nd_abundance_scan_maxima(const struct nd_abundance_scan *scan, double mu,
                              struct nd_abundance_maxima *maxima);

/* Y = n/s at T_end, for tests and plots. */
double nd_abundance_scan_end(const struct nd_abundance_scan *scan, double mu);

/* Least mu at which the largest n/n_eq in the window (or, with rho not 0, the largest
 * rho_N/rho_gamma) reaches `value`, to 1e-8; INFINITY if none below mu_max does. */
double nd_abundance_scan_threshold(const struct nd_abundance_scan *scan, int rho, double value,
                                   double mu_max);

#endif
