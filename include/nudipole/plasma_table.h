/* Equation of state of the photon-electron plasma with QED corrections, tabulated over ln T for use
 * inside differential equations: some 50 ns a call, three times continuously differentiable.
 *
 * All quantities derive from three tabulated functions by exact relations, so that
 * T dp/dT = rho + p and drho_dT = d(rho)/dT hold to rounding. Interpolation errs by less than 1e-10
 * of rho, p, drho_dT, and of each of the others by less than 1e-9 of itself, however few electrons
 * are left. As in nudipole/plasma.h, muons, hadrons and the baryons' electrons are missing. */
#ifndef NUDIPOLE_PLASMA_TABLE_H
#define NUDIPOLE_PLASMA_TABLE_H

#include "nudipole/error.h"
#include "nudipole/qed.h"

struct nd_plasma_state {
    double T;             /* temperature [MeV] */
    double rho;           /* energy density of photons, e-, e+ and their interaction [MeV^4] */
    double p;             /* pressure of the same [MeV^4]; entropy density is (rho + p) / T */
    double drho_dT;       /* [MeV^3] */
    double rho_e;         /* energy density of e- and e+ as ideal gases [MeV^4] */
    double p_e;           /* their pressure [MeV^4] */
    double m_debye2;      /* squared Debye mass at order e^2 [MeV^2] */
    double m_asymptotic2; /* squared mass of a hard transverse photon at order e^2 [MeV^2] */
};

struct nd_plasma_table; /* opaque */

/* Builds a table for T_min <= T <= T_max [MeV], 0 < T_min < T_max; takes some milliseconds. Free
 * with nd_plasma_table_free. Errors: ND_BAD_INPUT, ND_NO_MEMORY. */
enum nd_status nd_plasma_table_create(struct nd_plasma_table **table, enum nd_qed qed, double T_min,
                                      double T_max, struct nd_error *error);

void nd_plasma_table_free(struct nd_plasma_table *table);

/* State at T [MeV]. Below m_e/500 electrons, e^-500, are left out. Errors: ND_BAD_INPUT outside
 * [T_min, T_max]; a table may be read by several threads at once. */
enum nd_status nd_plasma_table_at(const struct nd_plasma_table *table, double T,
                                  struct nd_plasma_state *state, struct nd_error *error);

#endif
