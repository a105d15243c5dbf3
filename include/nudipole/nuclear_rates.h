/* Thermonuclear reactions of Big Bang nucleosynthesis: the nuclides up to beryllium-7, the twelve
 * reactions that make them from one another, and their rates from measured tables.
 *
 * Rates of a reaction i + j -> k + l are averages <sigma v> over Maxwell-Boltzmann distributions. A
 * pair of nuclides reacts n_i n_j <sigma v> / (1 + delta_ij) times per volume and time: for two
 * equal nuclides, d + d forward and He4 + He4 in reverse, the pairs are counted once. This is how
 * N_A <sigma v> is tabulated.
 *
 * Reverse rates follow from detailed balance. With n_i = g_i (m_i T / 2 pi)^(3/2) e^((mu_i -
 * m_i)/T) and mu_i + mu_j = mu_k + mu_l, forward and reverse reactions cancel if
 *
 *   reverse / forward = (1 + delta_kl) / (1 + delta_ij) * g_i g_j / (g_k g_l)
 *                       * (m_i m_j / (m_k m_l))^(3/2) * e^(-Q/T),
 *
 * and for i + j -> k + gamma, where the reverse rate is the one at which a nuclide k is broken up
 * by the photons of a black body,
 *
 *   reverse / forward = 1 / (1 + delta_ij) * g_i g_j / g_k * (m_i m_j T / (2 pi m_k))^(3/2)
 *                       * e^(-Q/T). */
#ifndef NUDIPOLE_NUCLEAR_RATES_H
#define NUDIPOLE_NUCLEAR_RATES_H

#include "nudipole/error.h"

enum nd_nuclide {
    ND_NEUTRON,
    ND_PROTON,
    ND_DEUTERON,
    ND_TRITON,
    ND_HELIUM3,
    ND_HELIUM4,
    ND_LITHIUM7,
    ND_BERYLLIUM7,
    ND_N_NUCLIDES
};

enum { ND_PHOTON = -1 }; /* in place of a nuclide */

struct nd_nuclide_data {
    const char *name; /* n, p, d, t, He3, He4, Li7, Be7 */
    int A, Z;         /* baryon number, charge */
    double mass;      /* of the nucleus, without electrons [MeV] */
    int g;            /* spin states, 2 J + 1 */
};

const struct nd_nuclide_data *nd_nuclide(enum nd_nuclide nuclide);

enum nd_reaction {
    ND_REACTION_N_P__D_G,
    ND_REACTION_D_P__HE3_G,
    ND_REACTION_D_D__HE3_N,
    ND_REACTION_D_D__T_P,
    ND_REACTION_T_P__A_G,
    ND_REACTION_T_D__A_N,
    ND_REACTION_T_A__LI7_G,
    ND_REACTION_HE3_N__T_P,
    ND_REACTION_HE3_D__A_P,
    ND_REACTION_HE3_A__BE7_G,
    ND_REACTION_BE7_N__LI7_P,
    ND_REACTION_LI7_P__A_A,
    ND_N_REACTIONS
};

struct nd_reaction_data {
    const char *name;     /* of its file, without .csv */
    const char *equation; /* n + p -> d + gamma */
    int in[2], out[2];    /* enum nd_nuclide; out[1] may be ND_PHOTON */
};

const struct nd_reaction_data *nd_reaction(enum nd_reaction reaction);

/* Energy that a reaction sets free [MeV], from the masses; above 0 for all twelve. */
double nd_reaction_Q(enum nd_reaction reaction);

struct nd_nuclear_rates; /* opaque; after reading nothing changes in it: threads may share it */

/* Reads the twelve tables of a folder, NAME.csv for each reaction: columns T9 (T / 10^9 K,
 * increasing, at least 8), rate_cm3_per_mol_s (N_A <sigma v>, above 0) and f (>= 1, the factor of
 * one standard deviation). Each may have its own T9. Header lines, may be left out: `# source:
 * ...`; `# reaction:
 * ...`, which then has to be the equation.
 * Between the points ln rate is a natural cubic spline in ln T9, and ln f a straight line.
 * Errors: ND_IO_ERROR for a file that cannot be read, with its reaction; ND_BAD_INPUT with file and
 * line; ND_NO_MEMORY. Free with nd_nuclear_rates_free. */
enum nd_status nd_nuclear_rates_read(struct nd_nuclear_rates **rates, const char *folder,
                                     struct nd_error *error);

void nd_nuclear_rates_free(struct nd_nuclear_rates *rates);

/* Temperatures that all twelve tables cover [MeV]. */
double nd_nuclear_rates_T_min(const struct nd_nuclear_rates *rates);
double nd_nuclear_rates_T_max(const struct nd_nuclear_rates *rates);

/* Published source of a rate from the header of its file, "" if it names none. */
const char *nd_nuclear_rates_source(const struct nd_nuclear_rates *rates,
                                    enum nd_reaction reaction);

/* Rates at the temperature T [MeV] of the plasma. forward[r]: <sigma v> [MeV^-2]. reverse[r]:
 * <sigma v> of the reverse reaction [MeV^-2], or where the forward one makes a photon the rate of
 * photodissociation [MeV]; it underflows to 0 where Q/T is large.
 * deviations: NULL, or a number p for each reaction: both rates are multiplied by f(T)^p, so that p
 * in standard deviations makes the errors log-normal.
 * Errors: ND_BAD_INPUT outside [T_min, T_max] (by more than 1e-12 of it, rounding); nothing is
 * extrapolated. */
enum nd_status nd_nuclear_rates_at(const struct nd_nuclear_rates *rates, double T,
                                   const double *deviations, double forward[ND_N_REACTIONS],
                                   double reverse[ND_N_REACTIONS], struct nd_error *error);

#endif
