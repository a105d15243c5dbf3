/* Thermal production rates of N at one temperature.
 *
 * gamma is the number of N (not Nbar) produced per volume and time [MeV^4], by
 *
 *     inverse decay    nu gamma -> N            (the photon on its plasma mass shell, see below)
 *     upscattering     nu e+- -> N e+-
 *     synthesis        e+ e- -> N nubar
 *     plasmon decay    gamma* -> N nubar        (where the photon's plasma mass exceeds m4)
 *
 * The dipole couples one flavour to the photon alone, so at tree level these rates are the same
 * for nu_e, nu_mu and nu_tau: the flavour matters through the bounds and, with back-reaction,
 * through the neutrinos' weak interactions, not here.
 *
 * Treatments. `statistics`: Maxwell-Boltzmann throughout, or Fermi-Dirac and Bose-Einstein with
 * Pauli blocking and stimulated emission. `screening`: none (vacuum photons), or htl: photons of
 * inverse and plasmon decay obey the plasma's dispersion relations with both polarisations and
 * their residues, and the upscattering matrix element is multiplied by |t| / (|t| + m_D^2). One
 * power of the propagator is what the hard-thermal-loop sum rule on the light cone gives for a
 * dipole, whose exchange is only logarithmically singular.
 *
 * The reverse rate follows from detailed balance at the plasma's temperature: an N distribution in
 * kinetic equilibrium, (n_N / n_N^eq) f_N^eq(T), is destroyed at n_N / n_N^eq times gamma(T, T).
 * The blocking by neutrinos colder than T is then that of neutrinos at T, which for T_nu = 0.714 T
 * overestimates a blocking of a few per cent. */
#ifndef NUDIPOLE_RATES_H
#define NUDIPOLE_RATES_H

#include "nudipole/error.h"
#include "nudipole/model.h"
#include "nudipole/plasma.h"
#include "nudipole/statistics.h"

enum nd_screening { ND_SCREENING_NONE, ND_SCREENING_HTL };

/* The temperature of neutrinos in the collision integrals and in n_nu; H is not concerned. */
enum nd_neutrino_temperature { ND_NEUTRINOS_EQUAL, ND_NEUTRINOS_DECOUPLED };

struct nd_treatment {
    enum nd_statistics statistics;
    enum nd_screening screening;
    enum nd_neutrino_temperature neutrinos;
};

enum nd_channel {
    ND_INVERSE_DECAY,
    ND_UPSCATTERING,
    ND_SYNTHESIS,
    ND_PLASMON_DECAY,
    ND_N_CHANNELS
};

/* Short name of a channel, as in output columns: id, up, syn, plasmon. */
const char *nd_channel_name(enum nd_channel channel);

struct nd_rate {
    double log_gamma;      /* ln(gamma / MeV^4); -INFINITY where the channel is closed */
    double log_scaled;     /* log_gamma + nd_rate_exponent(): varies as powers of T only */
    double relative_error; /* numerical error estimate of gamma */
    int evaluations;       /* of the integrand */
};

/* ln gamma of a channel in a plasma with neutrinos at T_nu [MeV], for the model's mu.
 * `tolerance` is relative. Errors: ND_NOT_CONVERGED, naming channel, T and m4. */
enum nd_status nd_rate_compute(struct nd_rate *rate, enum nd_channel channel,
                               const struct nd_model *model, const struct nd_treatment *treatment,
                               const struct nd_plasma *plasma, double T_nu, double tolerance,
                               struct nd_error *error);

/* The Boltzmann exponent of a channel at its threshold, for N of mass m4 [MeV]: the lowest sum of
 * E/T of the incoming particles, with neutrinos at T_nu. Zero for plasmon decay, whose photons are
 * not heavier than a fraction of T. */
double nd_rate_exponent(enum nd_channel channel, double m4, double T, double T_nu);

/* ln of the equilibrium number density of N (g = 2, without Nbar) at T [MeV], in MeV^3, with the
 * given statistics; finite also where exp(-m4/T) underflows. */
double nd_log_n_equilibrium(const struct nd_model *model, enum nd_statistics statistics, double T);

/* Mean energy of N in equilibrium at T [MeV]: rho_N / n_N, Maxwell-Boltzmann or Fermi-Dirac. */
double nd_mean_energy(const struct nd_model *model, enum nd_statistics statistics, double T);

#endif
