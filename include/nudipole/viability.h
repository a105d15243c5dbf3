/* Does N thermalise after reheating? The answer of two criteria, and how near they come.
 *
 *   paper     max over T < T_RH of the summed Gamma/H per neutrino is below 1
 *             (arXiv:2007.05513, Sec. IV D);
 *   dynamical n_N/n_N^eq, solved, stays below a given fraction while 1/T <= 1/T_RH + x_max/m4.
 *
 * The window of the second criterion, T >= m4/x_max for T_RH >> m4, ends when the Boltzmann factor
 * exp(-m4/T) has fallen by e^-x_max since reheating. It is needed because n_eq falls without end:
 * every relic, however rare, exceeds it at last without ever having been in equilibrium. */
#ifndef NUDIPOLE_VIABILITY_H
#define NUDIPOLE_VIABILITY_H

#include "nudipole/abundance.h"

struct nd_extremum {
    double value;
    double T; /* where [MeV] */
};

struct nd_viability_options {
    double fraction; /* of equilibrium that counts as thermalised, in (0, 1] */
    double x_max;    /* of the window, > 0 */
};

struct nd_viability {
    double T_RH;                                    /* [MeV] */
    double T_window;                                /* lowest temperature of the window [MeV] */
    struct nd_extremum gamma_over_H[ND_N_CHANNELS]; /* per neutrino, each at its own maximum */
    struct nd_extremum total_gamma_over_H;
    struct nd_extremum n_over_neq; /* inside the window */
    int at_window_edge;            /* that maximum is where the window ends: n/n_eq still rises */
    struct nd_extremum log10_n_over_neq_all; /* log10 of n/n_eq, down to T_end */
    struct nd_extremum rho_N_over_rho_gamma; /* down to T_end */
    int thermalises_paper;
    int thermalises_dynamical;
    struct nd_abundance_stats stats;
};

/* Largest total Gamma/H per neutrino in [T_low, T_high] and that of each channel (`channels` may
 * be NULL), by a scan refined by golden section; T within the table. */
enum nd_status nd_max_gamma_over_H(const struct nd_model *model, const struct nd_rate_table *table,
                                   const struct nd_background *background, double T_low,
                                   double T_high, struct nd_extremum *total,
                                   struct nd_extremum channels[ND_N_CHANNELS],
                                   struct nd_error *error);

/* The paper's criterion, which needs no abundance: T_RH, gamma_over_H, total_gamma_over_H and
 * thermalises_paper, from T_end up to T_RH [MeV]; all else is 0. Errors as above. */
enum nd_status nd_viability_rates(const struct nd_model *model, const struct nd_rate_table *table,
                                  const struct nd_background *background, double T_end, double T_RH,
                                  struct nd_viability *viability, struct nd_error *error);

/* Judges a solved history. Errors as above. */
enum nd_status nd_viability_judge(const struct nd_model *model, const struct nd_rate_table *table,
                                  const struct nd_background *background,
                                  const struct nd_abundance_history *history,
                                  const struct nd_viability_options *options,
                                  struct nd_viability *viability, struct nd_error *error);

/* The verdict in words, one sentence without a full stop. */
void nd_viability_words(const struct nd_viability *viability,
                        const struct nd_viability_options *options, char *text, int size);

#endif
