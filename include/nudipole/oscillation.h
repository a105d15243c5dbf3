/* What becomes of a solar electron neutrino on its way out: adiabatic MSW conversion at a large
 * mixing angle (LMA), averaged over the phase of vacuum oscillations.
 *
 * Source: Parke, Phys. Rev. Lett. 57 (1986) 1275; with three flavours as in Lisi, Marrone,
 * Montanino, Palazzo, Petcov, Phys. Rev. D 63 (2001) 093002. Approximations: no jumps between
 * levels (LMA), no day-night effect, matter does not change theta_13. */
#ifndef NUDIPOLE_OSCILLATION_H
#define NUDIPOLE_OSCILLATION_H

#include "nudipole/model.h"

struct nd_oscillation {
    double sin2_12, sin2_13, sin2_23; /* sin^2 of the mixing angles, in [0, 1] */
    double dm2_21;                    /* m_2^2 - m_1^2 > 0 [MeV^2] */
};

/* Probability that a nu_e of energy E [MeV], born where the electron density is n_e [MeV^3], is
 * still one at Earth:
 *     P_ee = c13^4 (1 + cos 2theta_m cos 2theta_12) / 2 + s13^4,
 * theta_m the angle at birth, with x = 2 sqrt(2) G_F n_e E c13^2 / dm2_21. */
double nd_survival(const struct nd_oscillation *oscillation, double E, double n_e);

/* Share of a flavour at Earth where a share P_ee is nu_e: P_e,mu = c23^2 (1 - P_ee) and
 * P_e,tau = s23^2 (1 - P_ee); interference of order s13 is dropped. They add up to 1. */
double nd_flavour_share(const struct nd_oscillation *oscillation, double P_ee,
                        enum nd_flavour flavour);

#endif
