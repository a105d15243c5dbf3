/* The rates of one mass over a range of temperatures, tabulated once for every coupling.
 *
 * All rates are proportional to mu^2, so a table holds gamma / mu^2 for one m4 and one treatment on
 * the standard background. What is interpolated (cubic splines in ln T) is ln gamma with the
 * Boltzmann exponent of each channel taken out. */
#ifndef NUDIPOLE_RATE_TABLE_H
#define NUDIPOLE_RATE_TABLE_H

#include "nudipole/background.h"
#include "nudipole/rates.h"

struct nd_rate_table; /* opaque; read-only once built, so threads may share it */

/* Rates of a coupling at one temperature. */
struct nd_rates {
    double log_gain[ND_N_CHANNELS]; /* ln gamma(T, T_nu) [MeV^4], -INFINITY where closed */
    double log_loss[ND_N_CHANNELS]; /* ln gamma(T, T): n_N/n_N^eq times this is destroyed */
    double log_n_eq;                /* ln n_N^eq(T) [MeV^3], N alone */
};

/* Builds the table for m4 [MeV] over [T_min, T_max] [MeV], which must lie within the
 * temperatures ND_RATE_T_MIN to ND_RATE_T_MAX. `tolerance` is the quadrature's, relative.
 * Errors: ND_BAD_INPUT, ND_NOT_CONVERGED, ND_NO_MEMORY. Free with nd_rate_table_free. */
enum nd_status nd_rate_table_create(struct nd_rate_table **table, double m4,
                                    const struct nd_treatment *treatment,
                                    const struct nd_background *background, double T_min,
                                    double T_max, double tolerance, struct nd_error *error);
void nd_rate_table_free(struct nd_rate_table *table);

#define ND_RATE_T_MIN 0.01  /* [MeV] */
#define ND_RATE_T_MAX 100.0 /* [MeV] */

/* Rates for a dipole moment mu [MeV^-1, half convention] at a state of the background.
 * Errors: ND_BAD_INPUT outside the table's range. */
enum nd_status nd_rate_table_at(const struct nd_rate_table *table, double mu,
                                const struct nd_background_state *state, struct nd_rates *rates,
                                struct nd_error *error);

/* Largest estimated interpolation error of a channel, relative to the sum of all channels at the
 * same temperature; and the largest quadrature error of a channel, relative to itself. */
double nd_rate_table_interpolation_error(const struct nd_rate_table *table,
                                         enum nd_channel channel);
double nd_rate_table_quadrature_error(const struct nd_rate_table *table, enum nd_channel channel);

/* What the table was built for. */
double nd_rate_table_m4(const struct nd_rate_table *table);
double nd_rate_table_T_min(const struct nd_rate_table *table);
double nd_rate_table_T_max(const struct nd_rate_table *table);
const struct nd_treatment *nd_rate_table_treatment(const struct nd_rate_table *table);
int nd_rate_table_nodes(const struct nd_rate_table *table);

/* Gamma/H of one channel, gamma / n_nu / H: production per active neutrino of the coupled flavour
 * (one helicity, no antineutrinos), the normalisation of Fig. 3 of arXiv:2007.05513. */
double nd_gamma_over_H_per_neutrino(const struct nd_rates *rates,
                                    const struct nd_background_state *state,
                                    const struct nd_treatment *treatment, enum nd_channel channel);

/* gamma / n_N^eq / H: production per N of an equilibrium population. */
double nd_gamma_over_H_per_N(const struct nd_rates *rates, const struct nd_background_state *state,
                             enum nd_channel channel);

/* Temperature of the neutrinos that a treatment puts into collision integrals and n_nu. */
double nd_collision_T_nu(const struct nd_treatment *treatment,
                         const struct nd_background_state *state);

#endif
