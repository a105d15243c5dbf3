/* Quantum statistics: occupation numbers and incomplete moments of Fermi-Dirac distributions.
 *
 * Exponentials are kept apart: functions called "scaled" return the quantity times exp(x), which
 * is of order one for every x >= 0. Rates can then be computed where exp(-m4/T) underflows. */
#ifndef NUDIPOLE_STATISTICS_H
#define NUDIPOLE_STATISTICS_H

enum nd_statistics {
    ND_MAXWELL_BOLTZMANN, /* f = exp(-E/T), no blocking, no stimulated emission */
    ND_QUANTUM            /* Fermi-Dirac, Bose-Einstein, Pauli blocking, Bose enhancement */
};

/* exp(x) / (exp(x) + 1) for x >= 0: scaled Fermi-Dirac occupation. Maxwell-Boltzmann: 1. */
double nd_fermi_scaled(enum nd_statistics statistics, double x);

/* exp(x) / (exp(x) - 1) for x > 0: scaled Bose-Einstein occupation. Maxwell-Boltzmann: 1. */
double nd_bose_scaled(enum nd_statistics statistics, double x);

/* The scaled complete Fermi-Dirac integrals of order 0, 1, 2,
 *     phi[j] = exp(x) / j! * integral_0^infinity du u^j / (exp(x + u) + 1),   x >= 0,
 * which are the moments above a cut x of a Fermi-Dirac distribution. They lie between
 * eta(j + 1) (Dirichlet) at x = 0 and 1. Maxwell-Boltzmann: 1. Relative accuracy 1e-14 (GSL). */
void nd_fermi_moments_scaled(enum nd_statistics statistics, double x, double phi[3]);

#endif
