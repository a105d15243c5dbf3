/* Quantum statistics: see nudipole/statistics.h. */
#include "nudipole/statistics.h"

#include <gsl/gsl_sf_fermi_dirac.h>
#include <math.h>

double nd_fermi_scaled(enum nd_statistics statistics, double x)
{
    return statistics == ND_QUANTUM ? 1.0 / (1.0 + exp(-x)) : 1.0;
}

double nd_bose_scaled(enum nd_statistics statistics, double x)
{
    return statistics == ND_QUANTUM ? -1.0 / expm1(-x) : 1.0;
}

void nd_fermi_moments_scaled(enum nd_statistics statistics, double x, double phi[3])
{
    const double classical = 40.0; /* phi_j = 1 - O(exp(-x)) is 1 in double precision */
    if (statistics == ND_MAXWELL_BOLTZMANN || x > classical) {
        phi[0] = phi[1] = phi[2] = 1.0;
        return;
    }
    const double scale = exp(x);
    phi[0] = scale * log1p(1.0 / scale);
    phi[1] = scale * gsl_sf_fermi_dirac_1(-x);
    phi[2] = scale * gsl_sf_fermi_dirac_2(-x);
}
