/* What the files of the weak rates share: see nudipole/weak_rates.h. */
#ifndef ND_WEAK_INTERNAL_H
#define ND_WEAK_INTERNAL_H

#include "nudipole/constants.h"
#include "nudipole/weak_rates.h"
#include "occupation.h"

#define ND_DELTA_NP (ND_M_NEUTRON - ND_M_PROTON) /* [MeV] */

#define ND_AXIAL_COUPLING 1.2754 /* g_A, PDG 2024 (1.2754 +- 0.0013) */
/* f_wm = (kappa_p - kappa_n)/2, anomalous magnetic moments of CODATA 2022 */
#define ND_WEAK_MAGNETIC (0.5 * (1.79284734463 + 1.91304276))
#define ND_PROTON_RADIUS 0.84075e-13            /* charge radius [cm], CODATA 2022 */
#define ND_EULER         0.57721566490153286061 /* Euler's constant */

/* Direction of a reaction: sign of Delta in x = e - s Delta, with e the electron's energy in the
 * final state, or minus the positron's in the initial one. */
enum nd_weak_direction { ND_N_TO_P = 1, ND_P_TO_N = -1 };

/* Fermi's function of an electron with momentum p > 0 [MeV] beside a proton. */
double nd_fermi_function(double p);

/* What radiative corrections at T = 0 multiply a rate by, for e+- of momentum p > 0 and a neutrino
 * of energy k > 0 [MeV]. */
double nd_weak_radiative(double p, double k);

/* The two of them as switched on; `same_side`: e- and p are. */
double nd_weak_factor(int corrections, int same_side, double p, double k);

/* Thermal radiative corrections in units of K: MeV^5. */
enum nd_status nd_weak_thermal(int corrections, double T, const struct nd_occupation *neutrinos,
                               struct nd_weak_pair *correction, struct nd_error *error);

#endif
