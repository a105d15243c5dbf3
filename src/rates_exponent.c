/* The Boltzmann exponents that the channels take out of their integrals: see nudipole/rates.h. */
#include <math.h>

#include "nudipole/constants.h"
#include "nudipole/rates.h"

double nd_rate_exponent(enum nd_channel channel, double m4, double T, double T_nu)
{
    const double m_e = ND_M_ELECTRON;
    switch (channel) {
    case ND_INVERSE_DECAY:
        return m4 / sqrt(T * T_nu); /* omega/T + k/T_nu with 4 omega k = m4^2 */
    case ND_UPSCATTERING:
        /* k/T_nu + E/T with s = (m4 + m_e)^2; at one temperature (m4 + m_e)/T */
        return sqrt(m4 * (m4 + 2.0 * m_e) / (T * T_nu) + m_e * m_e / (T * T));
    case ND_SYNTHESIS:
        return fmax(m4, 2.0 * m_e) / T;
    case ND_PLASMON_DECAY:
    case ND_N_CHANNELS:
        break;
    }
    return 0.0;
}
