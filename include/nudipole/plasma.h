/* The photon-electron plasma at one temperature: thermodynamics and the photon's dispersion.
 *
 * e+ and e- are ideal Fermi gases of finite mass without chemical potential (the baryons'
 * electrons, n_b ~ 1e-9 n_gamma, are left out), photons an ideal Bose gas. Muons and hadrons are
 * missing: above a few 10 MeV the energy density is too low. Photons in the medium follow the
 * analytic dispersion relations of Braaten & Segel, Phys. Rev. D 48 (1993) 1478, which hold at
 * order alpha at all temperatures. */
#ifndef NUDIPOLE_PLASMA_H
#define NUDIPOLE_PLASMA_H

#include "nudipole/error.h"

struct nd_plasma {
    double T;             /* temperature [MeV] */
    double rho;           /* energy density of photons, e- and e+ [MeV^4] */
    double p;             /* pressure [MeV^4] */
    double s;             /* entropy density (rho + p) / T [MeV^3] */
    double drho_dT;       /* [MeV^3] */
    double dp_dT;         /* equals s [MeV^3] */
    double ds_dT;         /* [MeV^2] */
    double m_debye2;      /* squared Debye mass [MeV^2] */
    double m_asymptotic2; /* squared mass of a hard transverse photon [MeV^2] */
    double omega_p2;      /* squared plasma frequency [MeV^2] */
    double v_star;        /* typical electron velocity omega_1 / omega_p of Braaten & Segel */
};

/* Fills `plasma` for T [MeV] > 0. The integrals are trapezoidal sums, exact to 1e-13. */
void nd_plasma_init(struct nd_plasma *plasma, double T);

/* Energy density of photons alone, pi^2 T^4 / 15 [MeV^4]. */
double nd_rho_photon(double T);

enum nd_polarisation { ND_TRANSVERSE, ND_LONGITUDINAL };

/* One photon mode of the plasma at wave number q. */
struct nd_photon_mode {
    double omega;   /* energy [MeV] */
    double mass2;   /* K^2 = omega^2 - q^2 [MeV^2] */
    double residue; /* Z: the mode's weight, 1 in vacuum */
};

/* The mode of wave number q [MeV] > 0. Longitudinal modes exist as particles (K^2 > 0) for
 * q < nd_longitudinal_q_max() only. Errors: ND_NOT_CONVERGED, and ND_BAD_INPUT beyond q_max. */
enum nd_status nd_photon_mode_at(const struct nd_plasma *plasma, enum nd_polarisation polarisation,
                                 double q, struct nd_photon_mode *mode, struct nd_error *error);

/* The longitudinal mode of slowness q/omega = 1 - deficit, 0 < deficit < 1, which the dispersion
 * relation gives in closed form; deficit -> 0 is the light cone, where K^2 stays accurate. Writes q
 * [MeV] and dln q/dln deficit (negative). */
void nd_longitudinal_mode(const struct nd_plasma *plasma, double deficit,
                          struct nd_photon_mode *mode, double *q, double *slope);

/* Wave number at which the longitudinal mode reaches the light cone [MeV]. */
double nd_longitudinal_q_max(const struct nd_plasma *plasma);

/* K^2 of the transverse mode for q -> infinity in these dispersion relations [MeV^2]; equals
 * m_asymptotic2 in the relativistic and non-relativistic limits, and to 1.4e-2 between. */
double nd_transverse_mass2_max(const struct nd_plasma *plasma);

#endif
