/* The edges of the unit system.
 *
 * Inside the library everything is in powers of MeV (hbar = c = k_B = 1, Heaviside-Lorentz charge
 * e = sqrt(4 pi alpha)). Input and output carry their unit in their name (m4_keV, d_muB, t_s); the
 * conversions below are used there and nowhere else. */
#ifndef NUDIPOLE_UNITS_H
#define NUDIPOLE_UNITS_H

#include <math.h>
#include "nudipole/constants.h"

/* Masses and energies: keV <-> MeV. */
static inline double nd_mev_from_kev(double kev)
{
    return 1e-3 * kev;
}

static inline double nd_kev_from_mev(double mev)
{
    return 1e3 * mev;
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

/* Fluxes: cm^-2 s^-1 -> MeV^3. */
static inline double nd_mev3_from_flux(double per_cm2_s)
{
    return per_cm2_s * ND_HBAR_C * ND_HBAR_C * ND_HBAR;
}

/* Densities of electrons: N_A cm^-3 -> MeV^3. */
static inline double nd_mev3_from_avogadro_per_cm3(double density)
{
    return density * ND_AVOGADRO * ND_HBAR_C * ND_HBAR_C * ND_HBAR_C;
}

/* Squared masses: eV^2 -> MeV^2. */
static inline double nd_mev2_from_ev2(double ev2)
{
    return 1e-12 * ev2;
}

/* Temperatures: T9 = T / 10^9 K <-> MeV. */
static inline double nd_mev_from_t9(double T9)
{
    return 1e9 * ND_BOLTZMANN * T9;
}

static inline double nd_t9_from_mev(double mev)
{
    return mev / (1e9 * ND_BOLTZMANN);
}

/* Thermonuclear rates: N_A <sigma v> in cm^3 mol^-1 s^-1 -> <sigma v> in MeV^-2. */
static inline double nd_inverse_mev2_from_nuclear_rate(double cm3_per_mol_s)
{
    return cm3_per_mol_s * ND_HBAR / (ND_AVOGADRO * ND_HBAR_C * ND_HBAR_C * ND_HBAR_C);
}

/* Recoil spectra: dR/dE_R per xenon atom [a pure number] -> events / (t yr keV). */
static inline double nd_per_tonne_year_kev(double rate)
{
    const double atoms = 1e6 * ND_AVOGADRO / ND_XENON_MOLAR_MASS, mev_per_kev = 1e-3;
    return rate * atoms * (ND_YEAR / ND_HBAR) * mev_per_kev;
}

#endif
