/* Solar neutrino oscillations: see nudipole/oscillation.h. */
#include "nudipole/oscillation.h"

#include <math.h>

#include "nudipole/constants.h"

double nd_survival(const struct nd_oscillation *o, double E, double n_e)
{
    const double c13_2 = 1.0 - o->sin2_13;
    const double cos_2theta = 1.0 - 2.0 * o->sin2_12;
    const double sin2_2theta = 4.0 * o->sin2_12 * (1.0 - o->sin2_12);
    const double x = 2.0 * sqrt(2.0) * ND_FERMI * n_e * E * c13_2 / o->dm2_21;
    const double along = cos_2theta - x;
    const double cos_2theta_m = along / sqrt(along * along + sin2_2theta);
    return 0.5 * c13_2 * c13_2 * (1.0 + cos_2theta_m * cos_2theta) + o->sin2_13 * o->sin2_13;
}

double nd_flavour_share(const struct nd_oscillation *o, double P_ee, enum nd_flavour flavour)
{
    switch (flavour) {
    case ND_FLAVOUR_E:
        break;
    case ND_FLAVOUR_MU:
        return (1.0 - o->sin2_23) * (1.0 - P_ee);
    case ND_FLAVOUR_TAU:
        return o->sin2_23 * (1.0 - P_ee);
    }
    return P_ee;
}
