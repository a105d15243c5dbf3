/* Mixing of the active neutrinos in the primordial e+ e- plasma, for oscillations averaged over
 * their phase that follow the plasma adiabatically ("adiabatic transfer of averaged
 * oscillations": Froustey, Pitrou, Volpe, JCAP 12 (2020) 015, arXiv:2008.01074).
 *
 * A neutrino or antineutrino of momentum p has, up to a multiple of unity,
 *     H = [U diag(0, dm2_21, dm2_31) U^T + A diag(1, 0, 0)] / (2p),    A = 2 p V_e <= 0,
 * in flavour space, U real in the parametrisation of the PDG and V_e the potential of nu_e in e-
 * and e+ (Notzold, Raffelt, Nucl. Phys. B 307 (1988) 924). The eigenvectors depend on A alone.
 *
 * Approximations: no asymmetry between matter and antimatter, no muons (T << m_mu), no CP phase,
 * and the potential of the neutrinos themselves is dropped: it is the same for all flavours up to
 * the small differences between their spectra.
 *
 * Eigenstates are numbered by rising eigenvalue. Levels that depend on one real parameter avoid
 * crossing, so the number stays with a state that follows adiabatically. For normal ordering
 * (dm2_31 > 0) state i is nu_i in vacuum; for inverted ordering (dm2_31 < 0) states 1, 2, 3 are
 * nu_3, nu_1, nu_2. In dense plasma, A -> -infinity, state 1 is nu_e. */
#ifndef NUDIPOLE_MATTER_MIXING_H
#define NUDIPOLE_MATTER_MIXING_H

#include "nudipole/error.h"

struct nd_mixing_angles {
    double sin2_12, sin2_13, sin2_23; /* sin^2 of the mixing angles, in [0, 1] */
    double dm2_21;                    /* m_2^2 - m_1^2 > 0 [MeV^2] */
    double dm2_31;                    /* m_3^2 - m_1^2, |dm2_31| > dm2_21 [MeV^2] */
};

struct nd_matter_mixing; /* opaque */

/* Tabulates the mixing for all A <= 0. Free with nd_matter_mixing_free.
 * Errors: ND_BAD_INPUT for angles or masses outside the ranges above; ND_NOT_CONVERGED if two
 * levels come too close for a table (sin2_13 -> 0 at inverted ordering, sin2_12 or sin2_13 -> 1):
 * there the mixing angles jump, and adiabaticity would be in doubt too; ND_NO_MEMORY. */
enum nd_status nd_matter_mixing_create(struct nd_matter_mixing **mixing,
                                       const struct nd_mixing_angles *angles,
                                       struct nd_error *error);

void nd_matter_mixing_free(struct nd_matter_mixing *mixing);

/* Writes weights[alpha][i] = |U_alpha i|^2, the share of flavour alpha (e, mu, tau) in eigenstate i
 * of H, for A [MeV^2] <= 0 (-infinity is fine; NAN for A > 0). They are squares of a rotation
 * matrix: never negative, rows and columns add up to 1 to rounding, and they are continuous in A.
 * Absolute error below 1e-7; below 1e-8 for measured angles and masses. */
void nd_matter_mixing_at(const struct nd_matter_mixing *mixing, double A, double weights[3][3]);

/* A = 2 p V_e = -4 sqrt(2) G_F p^2 (rho_e + p_e) / m_W^2 [MeV^2] of a neutrino of momentum p [MeV];
 * rho_e and p_e are energy density and pressure of e- and e+ together [MeV^4]. */
double nd_matter_term(double p, double rho_e, double p_e);

#endif
