/* The channels behind nd_rate_compute, one file a kind of process. */
#ifndef ND_RATES_INTERNAL_H
#define ND_RATES_INTERNAL_H

#include "nudipole/quadrature.h"
#include "nudipole/rates.h"

/* What every collision integral depends on. */
struct nd_collision {
    double M;        /* mass of N [MeV] */
    double T;        /* plasma temperature [MeV] */
    double T_nu;     /* neutrino temperature [MeV] */
    double m_debye2; /* 0 without screening [MeV^2] */
    enum nd_statistics statistics;
    const struct nd_plasma *plasma;
    double tolerance; /* relative */
};

/* Each computes gamma / mu^2 [MeV^6] times exp(exponent), which is of order one in units of T and
 * M even where gamma underflows. */
struct nd_scaled_integral {
    struct nd_integral integral;
    double exponent;
};

/* nu gamma -> N and gamma* -> N nubar with plasma photons (rates_photon.c). */
enum nd_status nd_gamma_inverse_decay(const struct nd_collision *collision,
                                      struct nd_scaled_integral *result, struct nd_error *error);
enum nd_status nd_gamma_inverse_decay_htl(const struct nd_collision *collision,
                                          struct nd_scaled_integral *result,
                                          struct nd_error *error);
enum nd_status nd_gamma_plasmon_decay(const struct nd_collision *collision,
                                      struct nd_scaled_integral *result, struct nd_error *error);

/* nu e -> N e, both charges, and e+ e- -> N nubar: one-dimensional with Maxwell-Boltzmann
 * statistics (rates_2to2_classical.c), two-dimensional over closed forms with any statistics
 * (rates_2to2_quantum.c). */
enum nd_status nd_gamma_upscattering_classical(const struct nd_collision *collision,
                                               struct nd_scaled_integral *result,
                                               struct nd_error *error);
enum nd_status nd_gamma_synthesis_classical(const struct nd_collision *collision,
                                            struct nd_scaled_integral *result,
                                            struct nd_error *error);
enum nd_status nd_gamma_upscattering(const struct nd_collision *collision,
                                     struct nd_scaled_integral *result, struct nd_error *error);
enum nd_status nd_gamma_synthesis(const struct nd_collision *collision,
                                  struct nd_scaled_integral *result, struct nd_error *error);

#endif
