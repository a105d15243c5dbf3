/* Constants of nature, each with its source. Natural units, powers of MeV.
 *
 * CODATA 2022: Mohr, Newell, Taylor, Tiesinga, arXiv:2409.03787.
 * PDG 2024: Navas et al., Phys. Rev. D 110 (2024) 030001, "Physical constants". */
#ifndef NUDIPOLE_CONSTANTS_H
#define NUDIPOLE_CONSTANTS_H

#define ND_PI           3.14159265358979323846
#define ND_ZETA3        1.20205690315959428540 /* Riemann zeta(3) */
#define ND_ALPHA        (1.0 / 137.035999177)  /* fine-structure constant, CODATA 2022 */
#define ND_M_ELECTRON   0.51099895069          /* electron mass [MeV], CODATA 2022 */
#define ND_M_NEUTRON    939.56542194           /* neutron mass [MeV], CODATA 2022 */
#define ND_M_PROTON     938.27208943           /* proton mass [MeV], CODATA 2022 */
#define ND_M_PLANCK     1.220890e22            /* Planck mass G^(-1/2) [MeV], PDG 2024 */
#define ND_HBAR         6.582119569e-22        /* hbar [MeV s], exact since the SI of 2019 */
#define ND_HBAR_C       1.973269804e-11        /* hbar c [MeV cm], exact since the SI of 2019 */
#define ND_FERMI        1.1663788e-11          /* Fermi constant [MeV^-2], PDG 2024 */
#define ND_SIN2_THETA_W 0.23129                /* weak mixing angle, MS-bar at m_Z, PDG 2024 */
#define ND_M_W          80369.2                /* W mass [MeV], PDG 2024 */
#define ND_AVOGADRO     6.02214076e23          /* [1/mol], exact since the SI of 2019 */
#define ND_BOLTZMANN    8.617333262e-11        /* k_B [MeV/K], exact since the SI of 2019 */

/* Baryons today. Atoms, whose electrons the CMB weighs with them: AME2020 (Wang et al., Chin. Phys.
 * C 45 (2021) 030003); the share of helium in the mean mass, which a change of 0.01 moves by 7e-5.
 */
#define ND_T_CMB           2.7255     /* [K] (Fixsen, ApJ 707 (2009) 916) */
#define ND_M_HYDROGEN_ATOM 938.783073 /* [MeV] */
#define ND_M_HELIUM_ATOM   3728.40133 /* 4He [MeV] */
#define ND_HELIUM_FRACTION 0.247
#define ND_MEGAPARSEC      3.0856775814913673e24 /* [cm], exact (IAU 2015) */

/* Number of active neutrino flavours. */
#define ND_N_FLAVOURS 3

/* Xenon: standard atomic weight [g/mol] (CIAAW, Pure Appl. Chem. 94 (2022) 573). */
#define ND_XENON_MOLAR_MASS 131.293

#define ND_YEAR 3.15576e7 /* Julian year [s] (IAU) */

#endif
