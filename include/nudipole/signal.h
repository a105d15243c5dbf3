/* The recoil spectrum that a set of solar sources makes in one detector.
 *
 * Ties fluxes and response together; everything is for mu = 1 MeV^-1 and goes as mu^2, so one
 * spectrum a source and mass serves every coupling. */
#ifndef NUDIPOLE_SIGNAL_H
#define NUDIPOLE_SIGNAL_H

#include "nudipole/response.h"
#include "nudipole/source_set.h"

/* Fluxes of the sources that are needed. */
struct nd_fluxes {
    struct nd_flux *of[ND_N_SOURCES]; /* NULL for a source that is not needed */
};

/* For the sources in `members` (bits as in nd_source_set); `oscillation` may be NULL as in
 * nd_flux_create. Errors: ND_NO_MEMORY. */
enum nd_status nd_fluxes_create(struct nd_fluxes *fluxes, const struct nd_solar *solar,
                                unsigned members, const struct nd_oscillation *oscillation,
                                enum nd_flavour flavour, struct nd_error *error);
void nd_fluxes_clear(struct nd_fluxes *fluxes);

/* Largest m4 that a set can make at all [MeV]. */
double nd_signal_mass_end(const struct nd_fluxes *fluxes, const struct nd_source_set *set);

/* Counts in every bin of the response's experiment, and their numerical errors (may be NULL). */
void nd_signal_counts(const struct nd_response *response, const struct nd_fluxes *fluxes,
                      const struct nd_source_set *set, double m4, double *counts, double *errors);

/* Rate at a reconstructed energy [keV], and of recoils at a true one [1/(t yr keV)]. */
double nd_signal_rate(const struct nd_response *response, const struct nd_fluxes *fluxes,
                      const struct nd_source_set *set, double m4, double E);
double nd_signal_recoil_rate(const struct nd_response *response, const struct nd_fluxes *fluxes,
                             const struct nd_source_set *set, double m4, double E);

/* Reconstructed energy between `low` and `high` [keV] where the rate is largest, to 1e-3 keV;
 * NAN if there is no maximum between them. */
double nd_signal_peak(const struct nd_response *response, const struct nd_fluxes *fluxes,
                      const struct nd_source_set *set, double m4, double low, double high);

/* Relative 1 sigma error of the counts of a set from the errors of its fluxes (independent), at a
 * mass; 0 if there are no counts. */
double nd_signal_flux_error(const struct nd_response *response, const struct nd_fluxes *fluxes,
                            const struct nd_solar *solar, const struct nd_source_set *set,
                            double m4);

#endif
