/* The flux of one solar source at Earth, as far as the dipole couples to it, and its moments.
 *
 * Eq. 2 of arXiv:2007.05513 is a polynomial of degree two in 1/E_nu, so the integral of Eq. 3 needs
 * no more than three moments of the flux above a threshold,
 *
 *     I_k(E_min) = int_{E_min} dE (dPhi/dE) E^-k,  k = 0, 1, 2.
 *
 * Tabulated spectra are linear between their nodes, where these integrals have closed forms: they
 * are exact for the spectrum as tabulated, and lines are exact too. */
#ifndef NUDIPOLE_FLUX_H
#define NUDIPOLE_FLUX_H

#include "nudipole/solar.h"

/* Which neutrinos count. */
enum nd_flux_weight {
    ND_FLUX_ALL,       /* all of them, P = 1 */
    ND_FLUX_OSCILLATED /* the share of the coupled flavour at Earth */
};

struct nd_flux; /* opaque */

/* Flux of a source; with `oscillation` (may be NULL: every neutrino counts) times the share of
 * `flavour` at Earth, which is then linear between nodes like the spectrum.
 * Errors: ND_NO_MEMORY. Free with nd_flux_free. */
enum nd_status nd_flux_create(struct nd_flux **result, const struct nd_solar *solar,
                              enum nd_source source, const struct nd_oscillation *oscillation,
                              enum nd_flavour flavour, struct nd_error *error);
void nd_flux_free(struct nd_flux *flux);

/* I_0, I_1, I_2 above E_min > 0 [MeV^3, MeV^2, MeV]; zero above the highest energy. */
void nd_flux_moments(const struct nd_flux *flux, double E_min, double moments[3]);

/* dPhi/dE of a continuum at E [MeV^2]; zero outside its range and for lines. */
double nd_flux_density(const struct nd_flux *flux, double E);

/* Energies that mark edges of the recoil spectrum [MeV]: the lines, or the end point of a
 * continuum. Returns how many; `energies` (owned by the flux) is increasing. */
int nd_flux_edges(const struct nd_flux *flux, const double **energies);

/* Highest energy [MeV]. */
double nd_flux_end(const struct nd_flux *flux);

#endif
