/* The standard background Universe between 150 MeV and 5 keV: expansion, neutrinos, time.
 *
 * Photons and electrons (nudipole/plasma.h) share one temperature T; three neutrino flavours
 * (nu and nubar) decouple at T >> m_e and keep a thermal spectrum of temperature T_nu. The entropy
 * of the plasma is conserved on its own, s a^3 = const, so that
 *
 *     T_nu / T = [ (s/T^3) / (s/T^3 at T -> infinity) ]^(1/3)  ->  (4/11)^(1/3)  at T << m_e,
 *     H^2 = 8 pi (rho_plasma + 6 * 7/8 * pi^2/30 * T_nu^4) / (3 M_Pl^2),
 *     dt = - (1/3) dln s / H.
 *
 * N does not act back on it. Left out: QED corrections to the plasma, neutrino heating by e+ e-,
 * muons and hadrons (they matter above some 30 MeV). */
#ifndef NUDIPOLE_BACKGROUND_H
#define NUDIPOLE_BACKGROUND_H

#include "nudipole/error.h"

#define ND_BACKGROUND_T_MIN  5e-3  /* lowest temperature of the tables [MeV] */
#define ND_BACKGROUND_T_MAX  150.0 /* highest temperature [MeV] */
#define ND_BACKGROUND_T_WARN 30.0  /* above, muons and hadrons are missing [MeV] */

struct nd_background; /* opaque */

struct nd_background_state {
    double T;       /* photon temperature [MeV] */
    double T_nu;    /* neutrino temperature [MeV] */
    double rho;     /* total energy density [MeV^4] */
    double s;       /* entropy density of the plasma [MeV^3]; s a^3 is constant */
    double H;       /* Hubble rate [MeV] */
    double t;       /* age, counted as if radiation reached back to t = 0 [MeV^-1] */
    double dt_dlnT; /* negative [MeV^-1] */
};

enum nd_status nd_background_create(struct nd_background **background, struct nd_error *error);
void nd_background_free(struct nd_background *background);

/* State at T [MeV]. Errors: ND_BAD_INPUT outside [ND_BACKGROUND_T_MIN, ND_BACKGROUND_T_MAX]. */
enum nd_status nd_background_at(const struct nd_background *background, double T,
                                struct nd_background_state *state, struct nd_error *error);

/* Number density of one helicity of one neutrino flavour, without antineutrinos, at T_nu:
 * 3 zeta(3) / (4 pi^2) T_nu^3 [MeV^3]. */
double nd_neutrino_density(double T_nu);

#endif
