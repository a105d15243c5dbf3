/* The abundance of N on the standard background: one stiff Boltzmann equation, solved by CVODE.
 *
 * n counts N and Nbar together (no asymmetry). With gamma_c the production rate of N alone of
 * channel c, n_eq = 2 n_N^eq(T), and detailed balance at the plasma's temperature,
 *
 *     dn/dt + 3 H n = sum_c [ 2 gamma_c(T, T_nu) - n/n_N^eq gamma_c(T, T) ].
 *
 * Reheating is sudden: at T_RH everything but N is in equilibrium and N is absent (or given).
 * Assumed: f_N proportional to the equilibrium distribution at T (kinetic equilibrium), which
 * spectra fed by freeze-in do not have: it enters the mean energy and the time dilation of decays;
 * and N so rare that it does not act back on plasma, neutrinos and H.
 *
 * The unknown is L = ln(n/s), s the plasma's entropy density (s a^3 is constant), as a function of
 * ln(T_RH/T): decaying relics fall by thousands of e-folds and equilibrium is tracked to the same
 * relative accuracy everywhere. */
#ifndef NUDIPOLE_ABUNDANCE_H
#define NUDIPOLE_ABUNDANCE_H

#include "nudipole/rate_table.h"

/* State of N at one temperature. */
struct nd_abundance {
    struct nd_background_state background;
    double log_n;                /* ln(n_N + n_Nbar) [MeV^3]; -INFINITY at T_RH if absent */
    double log_n_eq;             /* ln of its equilibrium value at T [MeV^3] */
    double rho_N_over_rho_gamma; /* energy of N and Nbar over that of photons */
};

struct nd_abundance_options {
    double T_RH;        /* reheating temperature: start [MeV] */
    double T_end;       /* [MeV] < T_RH */
    int n_points;       /* of the result, >= 2, spaced evenly in ln T */
    double tolerance;   /* absolute tolerance of L, so relative of n; per step of CVODE */
    long max_steps;     /* of CVODE between two points of the result */
    double log_n_start; /* ln(n_N + n_Nbar) at T_RH [MeV^3]; -INFINITY: absent */
};

/* Options with defaults for a start at T_RH [MeV]: T_end 0.01 MeV, 400 points, tolerance 1e-8,
 * 20000 steps, N absent. */
struct nd_abundance_options nd_abundance_defaults(double T_RH);

struct nd_abundance_stats {
    long steps, rhs_calls, jacobian_calls, error_test_failures;
};

/* A solution owns its points, from T_RH to T_end: every `stride`-th is one of the n_points asked
 * for, those between make sure that no maximum is missed however few were. */
struct nd_abundance_history {
    int n_points, stride;
    struct nd_abundance *points;
    struct nd_abundance_stats stats;
};

/* Solves for the model's mu; `table` must be of the model's mass and cover [T_end, T_RH]. The
 * treatment is the table's. Errors: ND_BAD_INPUT; ND_NOT_CONVERGED with T, CVODE's text and what
 * to try. Free the history with nd_abundance_history_clear. */
enum nd_status nd_abundance_solve(const struct nd_model *model, const struct nd_rate_table *table,
                                  const struct nd_background *background,
                                  const struct nd_abundance_options *options,
                                  struct nd_abundance_history *history, struct nd_error *error);

void nd_abundance_history_clear(struct nd_abundance_history *history);

#endif
