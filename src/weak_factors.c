/* Factors of the weak rates at T = 0: Coulomb and radiative. See nudipole/weak_rates.h. */
#include <gsl/gsl_sf_dilog.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>

#include "weak_internal.h"

/* The relativistic function is
 *
 *     4 (1 + c/2)/Gamma(3 + 2c)^2 (2 r_p p)^(2c) e^(pi v) |Gamma(1 + c + i v)|^2,
 *
 * v = alpha/beta and c = sqrt(1 - alpha^2) - 1 = -2.7e-5. To first order in c, which leaves 2e-7
 * at rest and 3e-8 at p = 10 MeV: |Gamma(1 + i v)|^2 = pi v/sinh(pi v), its logarithmic derivative
 * 2 Re psi(1 + i v). */
double nd_fermi_function(double p)
{
    const double c = -ND_ALPHA * ND_ALPHA / (1.0 + sqrt(1.0 - ND_ALPHA * ND_ALPHA));
    const double v = ND_ALPHA * hypot(p, ND_M_ELECTRON) / p;
    const double non_relativistic = 2.0 * ND_PI * v / -expm1(-2.0 * ND_PI * v);
    const double radius = ND_PROTON_RADIUS / ND_HBAR_C; /* [MeV^-1] */
    /* 4 (1 + c/2)/Gamma(3 + 2c)^2 = 1 + c/2 - 4 c psi(3) + O(c^2), psi(3) = 3/2 - Euler's constant
     */
    const double psi3 = 1.5 - ND_EULER;
    return non_relativistic *
           (1.0 + c * (0.5 - 4.0 * psi3 + 2.0 * log(2.0 * radius * p) + 2.0 * gsl_sf_psi_1piy(v)));
}

/* Sirlin's function (Phys. Rev. 164 (1967) 1767, Eq. 20b). With the rapidity h of e+-, E = m cosh
 * h, artanh(beta) = h and 2 beta/(1 + beta) = 1 - e^(-2h). */
static double sirlin(double p, double k)
{
    const double h = asinh(p / ND_M_ELECTRON), E = hypot(p, ND_M_ELECTRON), beta = p / E;
    const double ratio = h / beta, kE = k / E;
    return 3.0 * log(ND_M_PROTON / ND_M_ELECTRON) - 0.75 -
           4.0 / beta * gsl_sf_dilog(-expm1(-2.0 * h)) +
           4.0 * (ratio - 1.0) * (kE / 3.0 - 1.5 + log(2.0 * k / ND_M_ELECTRON)) +
           ratio * (2.0 * (1.0 + beta * beta) + kE * kE / 6.0 - 4.0 * h);
}

double nd_weak_radiative(double p, double k)
{
    /* Czarnecki, Marciano, Sirlin, Eqs. 9 to 15: short distances, which are the same for all and
     * drop out of rates that the lifetime normalises */
    const double L = 1.02094, S = 1.02248, next_to_leading = -1e-4, delta = -0.00043;
    const double C = 0.891, A_g = -0.34, m_A = 1200.0, alpha_m_p = 1.0 / 134.0;
    const double outer = 1.0 + ND_ALPHA / (2.0 * ND_PI) *
                                   (sirlin(p, k) - 3.0 * log(ND_M_PROTON / (2.0 * ND_DELTA_NP)));
    return outer * (L + ND_ALPHA / ND_PI * C + delta) *
           (S + alpha_m_p / (2.0 * ND_PI) * (log(ND_M_PROTON / m_A) + A_g) + next_to_leading);
}

double nd_weak_factor(int corrections, int same_side, double p, double k)
{
    double factor = 1.0;
    if ((corrections & ND_WEAK_COULOMB) && same_side)
        factor *= nd_fermi_function(p);
    if (corrections & ND_WEAK_RADIATIVE)
        factor *= nd_weak_radiative(p, k);
    return factor;
}
