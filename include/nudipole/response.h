/* From recoils to counts: resolution, efficiency, exposure and bins of an experiment.
 *
 * A recoil of true energy E is reconstructed at E' with a Gaussian probability of width sigma(E);
 * it lands in a bin j with the probability
 *
 *     A_j(E) = int_bin dE' eff(E') G(E' - E; sigma(E)),
 *
 * in closed form since the efficiency is linear between the nodes of its table, and the counts are
 * exposure * int dE A_j(E) dR/dE. That integral is done by Gauss-Legendre rules on panels that do
 * not cross a binding energy or a kinematic edge and are no wider than the resolution (or 0.01
 * keV); a second rule of lower order gives the error, up to a factor of about ten where
 * efficiencies at true energies have kinks. A_j is kept at the nodes, so that a spectrum costs no
 * more than dR/dE at some hundred energies. */
#ifndef NUDIPOLE_RESPONSE_H
#define NUDIPOLE_RESPONSE_H

#include "nudipole/experiment.h"
#include "nudipole/recoil.h"

/* Energy at which the efficiency is read. */
enum nd_efficiency_at { ND_EFFICIENCY_AT_RECONSTRUCTED, ND_EFFICIENCY_AT_TRUE };

struct nd_response_options {
    enum nd_electrons electrons;
    enum nd_efficiency_at efficiency_at;
};

struct nd_response; /* opaque; refers to the experiment and the atom, which must outlive it */

/* Errors: ND_BAD_INPUT if the table of efficiencies does not cover what it is needed for,
 * ND_NO_MEMORY. Free with nd_response_free. */
enum nd_status nd_response_create(struct nd_response **result,
                                  const struct nd_experiment *experiment,
                                  const struct nd_atom *atom,
                                  const struct nd_response_options *options,
                                  struct nd_error *error);
void nd_response_free(struct nd_response *response);

/* Bins of its experiment. */
int nd_response_bins(const struct nd_response *response);

/* Counts in each bin of the experiment for mu = 1 MeV^-1 (they go as mu^2); `errors`, which may be
 * NULL, the numerical error of each. */
void nd_response_counts(const struct nd_response *response, const struct nd_flux *flux, double m4,
                        double *counts, double *errors);

/* Rate at a reconstructed energy E [keV] for mu = 1 MeV^-1 [1/(t yr keV)]. */
double nd_response_rate(const struct nd_response *response, const struct nd_flux *flux, double m4,
                        double E);

/* Rate of recoils of true energy E [keV], before resolution and efficiency, for mu = 1 MeV^-1
 * [1/(t yr keV)]. */
double nd_response_recoil_rate(const struct nd_response *response, const struct nd_flux *flux,
                               double m4, double E);

#endif
