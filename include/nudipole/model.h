/* The particle N: mass, coupling, flavour, convention; width, cross sections, matrix elements.
 *
 * N is a Dirac fermion (N and Nbar, two spin states each) that couples to one active neutrino and
 * the photon through a transition dipole moment. Everything inside the library is written in the
 * "half" convention
 *
 *     L = (mu/2) nubar_L sigma_{ab} F^{ab} N + h.c.
 *
 * in which Eq. 2 of Shoemaker, Tsai, Wyenberg (arXiv:2007.05513) holds with d = mu and
 * Gamma(N -> nu gamma) = mu^2 m4^3 / (16 pi). Reading d as their Eq. 1 prints it,
 * L = d nubar_L sigma F N + h.c., means mu = 2 d: every rate is then exactly four times larger. */
#ifndef NUDIPOLE_MODEL_H
#define NUDIPOLE_MODEL_H

#include "nudipole/error.h"

enum nd_convention {
    ND_CONVENTION_HALF,      /* mu = d: the convention of Eq. 2 and of magnetic-moment limits */
    ND_CONVENTION_LAGRANGIAN /* mu = 2 d: Eq. 1 read literally */
};

enum nd_flavour { ND_FLAVOUR_E, ND_FLAVOUR_MU, ND_FLAVOUR_TAU };

struct nd_model {
    double m4;               /* mass of N [MeV] */
    double mu;               /* transition dipole moment in the half convention [MeV^-1] */
    enum nd_flavour flavour; /* the active neutrino that N couples to */
};

/* The model for a mass m4 [MeV] and a coupling d [MeV^-1] read in `convention`.
 * Errors: ND_BAD_INPUT unless m4 > 0 and d > 0, both finite. */
enum nd_status nd_model_init(struct nd_model *model, double m4, double d,
                             enum nd_convention convention, enum nd_flavour flavour,
                             struct nd_error *error);

/* mu / d of a convention: 1 or 2. */
double nd_convention_factor(enum nd_convention convention);

/* Gamma(N -> nu gamma) = mu^2 m4^3 / (16 pi) in vacuum, at rest [MeV]. */
double nd_model_width(const struct nd_model *model);

/* sigma(nu e- -> N e-) at s [MeV^2], averaged over the electron's spin [MeV^-2]; the same for e+
 * and for antineutrinos. `m_debye2` [MeV^2] multiplies the squared matrix element by
 * |t| / (|t| + m_debye2); 0 is the vacuum. Zero below threshold (m4 + m_e)^2.
 * Integral over t of Eq. 2 of arXiv:2007.05513. */
double nd_sigma_upscattering(const struct nd_model *model, double s, double m_debye2);

/* sigma(e+ e- -> N nubar) at s [MeV^2], averaged over both spins [MeV^-2]; N nubar only, as much
 * again for Nbar nu. Zero below max(m4, 2 m_e)^2. Crossing of the above. */
double nd_sigma_synthesis(const struct nd_model *model, double s);

/* Sum over all spins of |M|^2 for nu e -> N e at S = s - m_e^2 and t [MeV^2]; dimensionless. The
 * crossed process e+ e- -> N nubar is this function of S = t' - m_e^2 and t = s, where
 * t' = (p_e- - k_nubar)^2. */
double nd_matrix_element_2to2(const struct nd_model *model, double S, double t);

#endif
