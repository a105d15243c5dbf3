/* The particle N: width, cross sections and matrix elements at tree level, order mu^2.
 *
 * Neutrino-electron upscattering goes through a photon in the t channel. With the photon vertex of
 * N, mu sigma^{ab} q_b P_L, the traces give a polynomial in S = s - m_e^2 and t over t^2; sorted in
 * powers of x = -t the differential cross section is
 *
 *     dsigma/dx = alpha mu^2 [A / x - B - C / x^2],
 *     A = 1 - M^2/S - M^2 m^2/S^2 + M^4/(2 S^2),  B = 1/S - M^2/(2 S^2),  C = M^4 m^2/S^2,
 *
 * which is Eq. 2 of arXiv:2007.05513 with x = 2 m_e E_R and S = 2 m_e E_nu. */
#include "nudipole/model.h"

#include <math.h>
#include "nudipole/constants.h"

#define M_E2 (ND_M_ELECTRON * ND_M_ELECTRON)

enum nd_status nd_model_init(struct nd_model *model, double m4, double d,
                             enum nd_convention convention, enum nd_flavour flavour,
                             struct nd_error *error)
{
    if (!(m4 > 0.0) || !isfinite(m4))
        return nd_fail(error, ND_BAD_INPUT, "m4 = %g MeV: must be a positive number", m4);
    if (!(d > 0.0) || !isfinite(d))
        return nd_fail(error, ND_BAD_INPUT, "d = %g MeV^-1: must be a positive number", d);
    model->m4 = m4;
    model->mu = nd_convention_factor(convention) * d;
    model->flavour = flavour;
    return ND_OK;
}

double nd_convention_factor(enum nd_convention convention)
{
    return convention == ND_CONVENTION_LAGRANGIAN ? 2.0 : 1.0;
}

double nd_model_width(const struct nd_model *model)
{
    return model->mu * model->mu * model->m4 * model->m4 * model->m4 / (16.0 * ND_PI);
}

double nd_sigma_upscattering(const struct nd_model *model, double s, double m_debye2)
{
    const double M2 = model->m4 * model->m4;
    const double threshold = model->m4 + ND_M_ELECTRON;
    if (!(s > threshold * threshold))
        return 0.0;
    const double S = s - M_E2;
    const double gap = model->m4 - ND_M_ELECTRON;
    const double root = sqrt((s - threshold * threshold) * (s - gap * gap));

    /* Limits of x = -t; the small one from their product, which has no cancellation. */
    const double x_max = S * (s + M2 - M_E2 + root) / (2.0 * s) - M2;
    const double x_min = M2 * M2 * M_E2 / (s * x_max);

    const double A = 1.0 - M2 / S - M2 * M_E2 / (S * S) + 0.5 * M2 * M2 / (S * S);
    const double B = 1.0 / S - 0.5 * M2 / (S * S);
    const double C = M2 * M2 * M_E2 / (S * S);
    const double width = S * root / s; /* x_max - x_min */
    const double D = m_debye2;
    double integral;
    if (D == 0.0) {
        /* C / (x_min x_max) = s / S^2 */
        integral = A * log(x_max / x_min) - B * width - C * width / (x_min * x_max);
    } else {
        const double log_screened = log1p(width / (x_min + D));
        /* (1/D) ln[x_max (x_min + D) / (x_min (x_max + D))] -> width/(x_min x_max) for D -> 0 */
        const double log_ratio = log1p(D * width / (x_min * (x_max + D)));
        integral = (A + B * D) * log_screened - B * width - C * log_ratio / D;
    }
    return ND_ALPHA * model->mu * model->mu * integral;
}

double nd_sigma_synthesis(const struct nd_model *model, double s)
{
    const double M2 = model->m4 * model->m4;
    if (!(s > M2) || !(s > 4.0 * M_E2))
        return 0.0;
    const double beta = sqrt(1.0 - 4.0 * M_E2 / s);
    const double phase_space = (1.0 - M2 / s) * (1.0 - M2 / s);
    return ND_ALPHA * model->mu * model->mu / 12.0 * phase_space * (1.0 + 2.0 * M2 / s) *
           (1.0 + 2.0 * M_E2 / s) / beta;
}

double nd_matrix_element_2to2(const struct nd_model *model, double S, double t)
{
    const double M2 = model->m4 * model->m4;
    const double bracket = -S * S * t - S * t * t + M2 * S * t + 0.5 * M2 * t * t + M2 * M_E2 * t -
                           0.5 * M2 * M2 * t - M2 * M2 * M_E2;
    return 32.0 * ND_PI * ND_ALPHA * model->mu * model->mu / (t * t) * bracket;
}
