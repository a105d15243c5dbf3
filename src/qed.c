/* Pressure of the interacting photon-electron plasma: see nudipole/qed.h.
 *
 * With N = 2/(exp(E/T) + 1), f of e- and e+ together, and the masses of nudipole/plasma.h,
 *     P_2 = - T^2 m_T^2/12 - m_T^4/(8 e^2) + e^2 m_e^2/(16 pi^4) L,
 *     P_3 = T m_D^3/(12 pi),
 *     L = int int dp dp' p p'/(E E') ln|(p + p')/(p - p')| N(p) N(p').
 * P_2 is the exchange term: its derivatives with respect to the occupation numbers are minus the
 * shifts of the energies on shell, m_T^2/(2 k) for photons and dm_e^2/(2 E) for e- and e+, with
 *     dm_e^2(p) = e^2 T^2/6 + m_T^2/2 - e^2 m_e^2/(4 pi^2 p) int dp' p'/E' ln|...| N(p').
 * P_3 sums the ring diagrams of the static longitudinal photon,
 *     P_3 = - T/2 int d^3q/(2 pi)^3 [ln(1 + m_D^2/q^2) - m_D^2/q^2].
 * At T >> m_e: P_2 = - 5 e^2 T^4/288 and P_3 = e^3 T^4/(36 sqrt(3) pi). */
#include "nudipole/qed.h"

#include <math.h>
#include "nudipole/constants.h"
#include "nudipole/plasma.h"

/* L [MeV^2]. By parts in p', with F(p') = int_E'^infinity dE N = 2 T ln(1 + exp(-E'/T)), the
 * logarithm becomes a pole,
 *     L = int dp p/E N(p) PV int dp' 2 p/(p^2 - p'^2) F(p'),
 * and in the rapidities, p = m_e sinh(theta), everything is even and analytic but for that pole,
 * which a trapezoidal sum with its nodes halfway between those of theta takes as principal value.
 * Singularities are pi/2 off the axis at T >> m_e, which h = 1/4 meets with e^-39; at T << m_e
 * the width sqrt(T/m_e) has to be resolved. Relative accuracy 1e-10. */
static double exchange_integral(double T)
{
    enum { MAX_NODES = 128 }; /* theta < 32: any T below 1e11 m_e */
    const double m = ND_M_ELECTRON, negligible = 40.0;
    const double h = fmin(0.25, 0.6 * sqrt(T / m));
    const double reach = fmin(acosh(1.0 + negligible * T / m) / h, MAX_NODES - 1);
    const int n = 1 + (int)reach;
    double p2[MAX_NODES], weight[MAX_NODES]; /* of p', j = 0 to n - 1 */
    for (int j = 0; j < n; j++) {
        const double p = m * sinh((j + 0.5) * h), energy = sqrt(p * p + m * m);
        p2[j] = p * p;
        weight[j] = h * energy * 2.0 * T * log1p(exp(-energy / T));
    }
    double sum = 0.0;
    for (int i = 1; i <= n; i++) {
        const double p = m * sinh(i * h), energy = sqrt(p * p + m * m);
        double inner = 0.0;
        for (int j = 0; j < n; j++)
            inner += weight[j] / (p * p - p2[j]);
        sum += h * p * 2.0 / (exp(energy / T) + 1.0) * 2.0 * p * inner;
    }
    return sum;
}

double nd_qed_pressure(double T, enum nd_qed order)
{
    if (order == ND_QED_NONE)
        return 0.0;
    const double e2 = 4.0 * ND_PI * ND_ALPHA, m2 = ND_M_ELECTRON * ND_M_ELECTRON;
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, T);
    const double mT2 = plasma.m_asymptotic2, mD2 = plasma.m_debye2;
    double pressure = -T * T * mT2 / 12.0 - mT2 * mT2 / (8.0 * e2) +
                      e2 * m2 / (16.0 * pow(ND_PI, 4)) * exchange_integral(T);
    if (order == ND_QED_E3)
        pressure += T * mD2 * sqrt(mD2) / (12.0 * ND_PI);
    return pressure;
}
