/* The edges of the unit system.
 *
 * Inside the library everything is in powers of MeV (hbar = c = k_B = 1, Heaviside-Lorentz charge
 * e = sqrt(4 pi alpha)). Input and output carry their unit in their name (m4_keV, d_muB, t_s); the
 * conversions below are used there and nowhere else. */
#ifndef NUDIPOLE_UNITS_H
#define NUDIPOLE_UNITS_H

#include <math.h>
#include "nudipole/constants.h"

/* Masses and energies: keV -> MeV. */
static inline double nd_mev_from_kev(double kev)
{
    return 1e-3 * kev;
}

/* One Bohr magneton e / (2 m_e) [MeV^-1]: 0.296304 MeV^-1. */
static inline double nd_bohr_magneton(void)
{
    return sqrt(4.0 * ND_PI * ND_ALPHA) / (2.0 * ND_M_ELECTRON);
}

/* Times: MeV^-1 -> s. */
static inline double nd_seconds_from_inverse_mev(double inverse_mev)
{
    return ND_HBAR * inverse_mev;
}

#endif
