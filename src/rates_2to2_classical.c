/* Two-to-two rates with Maxwell-Boltzmann statistics: one integral over the cross section.
 *
 * For nu(T_nu) e(T) with f = exp(-k/T_nu - E/T), S = s - m_e^2 and g_e = 2, the integrals over the
 * two energies at fixed S are elementary: E >= (y + m_e^2/y)/2 with y = S/(2k), then k gives a
 * Bessel function, and
 *
 *     gamma = 1/(16 pi^4) int dS S^2 sigma(S) K_1(sqrt b)/sqrt b,   b = S/(T T_nu) + m_e^2/T^2,
 *
 * for e-, as much again for e+. At T_nu = T this is Gondolo & Gelmini's T/(16 pi^4) int ds
 * S^2 sigma K_1(sqrt s/T)/sqrt s (Nucl. Phys. B 360 (1991) 145). Synthesis has both e at T:
 *
 *     gamma = T/(8 pi^4) int ds sqrt(s) (s - 4 m_e^2) sigma(s) K_1(sqrt s/T). */
#include <gsl/gsl_sf_bessel.h>
#include <math.h>

#include "nudipole/constants.h"
#include "rates_internal.h"

#define M_E2 (ND_M_ELECTRON * ND_M_ELECTRON)

struct classical_context {
    const struct nd_collision *collision;
    struct nd_model unit; /* the model with mu = 1 MeV^-1 */
    double threshold;     /* lowest S or s */
    double exponent;
};

static double upscattering_integrand(double l, void *context)
{
    const struct classical_context *c = context;
    const double T = c->collision->T, T_nu = c->collision->T_nu;
    const double above = exp(l), S = c->threshold + above;
    const double root_b = sqrt(S / (T * T_nu) + M_E2 / (T * T));
    const double sigma = nd_sigma_upscattering(&c->unit, S + M_E2, c->collision->m_debye2);
    return above * S * S * sigma * gsl_sf_bessel_K1_scaled(root_b) / root_b *
           exp(c->exponent - root_b);
}

static double synthesis_integrand(double l, void *context)
{
    const struct classical_context *c = context;
    const double above = exp(l), s = c->threshold + above, x = sqrt(s) / c->collision->T;
    return above * sqrt(s) * (s - 4.0 * M_E2) * nd_sigma_synthesis(&c->unit, s) *
           gsl_sf_bessel_K1_scaled(x) * exp(c->exponent - x);
}

/* The integrals run over the logarithm of the distance above threshold; they are largest about
 * where the exponent has grown by a few. */
static enum nd_status integrate(nd_integrand *f, struct classical_context *context, double scale,
                                double prefactor, struct nd_scaled_integral *result,
                                struct nd_error *error)
{
    const double centre = log((3.0 + 2.0 * context->exponent) * scale);
    const enum nd_status status = nd_integrate_line(
        f, context, centre, 0.5, context->collision->tolerance, &result->integral, error);
    result->integral.value *= prefactor;
    result->integral.error *= prefactor;
    result->exponent = context->exponent;
    return status;
}

enum nd_status nd_gamma_upscattering_classical(const struct nd_collision *collision,
                                               struct nd_scaled_integral *result,
                                               struct nd_error *error)
{
    const double M = collision->M, T = collision->T, T_nu = collision->T_nu;
    struct classical_context context = {collision, {M, 1.0, ND_FLAVOUR_TAU}, 0.0, 0.0};
    context.threshold = M * (M + 2.0 * ND_M_ELECTRON);
    context.exponent = nd_rate_exponent(ND_UPSCATTERING, M, T, T_nu);
    const double both_charges = 2.0;
    return integrate(upscattering_integrand, &context, T * T_nu,
                     both_charges / (16.0 * pow(ND_PI, 4)), result, error);
}

enum nd_status nd_gamma_synthesis_classical(const struct nd_collision *collision,
                                            struct nd_scaled_integral *result,
                                            struct nd_error *error)
{
    const double M = collision->M, T = collision->T;
    struct classical_context context = {collision, {M, 1.0, ND_FLAVOUR_TAU}, 0.0, 0.0};
    context.threshold = fmax(M * M, 4.0 * M_E2);
    context.exponent = nd_rate_exponent(ND_SYNTHESIS, M, T, collision->T_nu);
    return integrate(synthesis_integrand, &context, T * T, T / (8.0 * pow(ND_PI, 4)), result,
                     error);
}
