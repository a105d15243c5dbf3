/* Inverse decay nu gamma -> N and plasmon decay gamma* -> N nubar.
 *
 * A photon of wave number q, energy omega and K^2 = omega^2 - q^2 meets a neutrino of energy k;
 * fixing the angle between them by (k + K)^2 = M^2 leaves
 *
 *     gamma = int dq q / (32 pi^3 omega) Z f_gamma(omega) int dk f_nu(k) |M|^2,
 *     k from D/(2 (omega + q)) to D/(2 (omega - q)),   D = M^2 - K^2,
 *
 * per polarisation. With the vertex mu sigma^{ab} K_b P_L and a polarisation e the traces give
 * mu^2 [M^2 D - 4 K^2 (k.e)^2], that is
 *
 *     both transverse:  mu^2 [2 M^2 D - 4 K^2 k_perp^2],
 *     longitudinal:     mu^2 [M^2 D - (D - 2 u K^2/q)^2],   u = k - k_min.
 *
 * In vacuum (K^2 = 0) this is mu^2 2 M^4 and, with Maxwell-Boltzmann statistics,
 * gamma = M^2 Gamma/pi^2 sqrt(T T_nu) K_1(M/sqrt(T T_nu)). Plasmon decay is the crossed process:
 * D = K^2 - M^2, the second terms change sign, and f_nu becomes 1 - f_nubar; averaged over angles
 * it has the width mu^2 K^4/(48 pi omega) (1 - M^2/K^2)^2 (1 + 2 M^2/K^2) per polarisation. */
#include <gsl/gsl_integration.h>
#include <math.h>

#include "nudipole/constants.h"
#include "rates_internal.h"

enum { N_WINDOW_NODES = 8 };

enum process { INVERSE_DECAY, PLASMON_DECAY };

struct photon_context {
    const struct nd_collision *collision;
    enum process process;
    enum nd_polarisation polarisation;
    double exponent;
    gsl_integration_glfixed_table *window_rule;
    struct nd_error *error;
    enum nd_status status;
};

static const double MEASURE = 32.0 * ND_PI * ND_PI * ND_PI;

/* Vacuum photons: the k integral is a logarithm, |M|^2 = 2 M^4 mu^2. */
static double vacuum_integrand(double l, void *context)
{
    const struct photon_context *c = context;
    const double M = c->collision->M, T = c->collision->T, T_nu = c->collision->T_nu;
    const double omega = exp(l), k_min = 0.25 * M * M / omega;
    double phi[3];
    nd_fermi_moments_scaled(c->collision->statistics, k_min / T_nu, phi);
    return omega * nd_bose_scaled(c->collision->statistics, omega / T) * T_nu * phi[0] *
           exp(c->exponent - omega / T - k_min / T_nu);
}

enum nd_status nd_gamma_inverse_decay(const struct nd_collision *collision,
                                      struct nd_scaled_integral *result, struct nd_error *error)
{
    const double M = collision->M, T = collision->T, T_nu = collision->T_nu;
    struct photon_context context = {.collision = collision,
                                     .exponent = nd_rate_exponent(ND_INVERSE_DECAY, M, T, T_nu)};
    const double prefactor = 2.0 * pow(M, 4) / MEASURE;
    const enum nd_status status =
        nd_integrate_line(vacuum_integrand, &context, log(0.5 * M * sqrt(T / T_nu)), 0.5,
                          collision->tolerance, &result->integral, error);
    result->integral.value *= prefactor;
    result->integral.error *= prefactor;
    result->exponent = context.exponent;
    return status;
}

/* Moments int_0^width du u^n f_nu(k_min + u), n = 0, 1, 2, times exp(k_min/T_nu). Differences of
 * complete integrals; in a window narrower than T_nu they would cancel, and Gauss-Legendre with
 * eight points is exact to rounding there. */
static void window_moments(const struct photon_context *context, double k_min, double width,
                           double moments[3])
{
    const struct nd_collision *c = context->collision;
    const double T = c->T_nu, w = width;
    if (width < T) {
        moments[0] = moments[1] = moments[2] = 0.0;
        for (size_t i = 0; i < N_WINDOW_NODES; i++) {
            double u, weight;
            gsl_integration_glfixed_point(0.0, width, i, &u, &weight, context->window_rule);
            weight *= exp(-u / T) * nd_fermi_scaled(c->statistics, (k_min + u) / T);
            moments[0] += weight;
            moments[1] += weight * u;
            moments[2] += weight * u * u;
        }
        return;
    }
    const double drop = exp(-width / T);
    double low[3], high[3];
    nd_fermi_moments_scaled(c->statistics, k_min / T, low);
    nd_fermi_moments_scaled(c->statistics, (k_min + width) / T, high);
    moments[0] = T * (low[0] - drop * high[0]);
    moments[1] = T * (T * low[1] - drop * (w * high[0] + T * high[1]));
    moments[2] = T * (2.0 * T * T * low[2] -
                      drop * (w * w * high[0] + 2.0 * w * T * high[1] + 2.0 * T * T * high[2]));
}

/* dgamma/dln q of a mode, times 32 pi^3. */
static double mode_contribution(const struct photon_context *c, double q,
                                const struct nd_photon_mode *mode)
{
    const struct nd_collision *collision = c->collision;
    const double M2 = collision->M * collision->M, T_nu = collision->T_nu;
    const double K2 = mode->mass2, omega = mode->omega;
    const double sign = c->process == INVERSE_DECAY ? 1.0 : -1.0;
    const double D = sign * (M2 - K2);
    if (!(D > 0.0))
        return 0.0;
    const double k_min = 0.5 * D / (omega + q), width = D * q / K2;

    double moments[3], energy_over_T = omega / collision->T;
    if (c->process == INVERSE_DECAY) {
        window_moments(c, k_min, width, moments);
        energy_over_T += k_min / T_nu;
    } else {
        double blocked[3] = {0.0, 0.0, 0.0};
        if (collision->statistics == ND_QUANTUM)
            window_moments(c, k_min, width, blocked);
        double power = width;
        for (int n = 0; n < 3; n++) {
            moments[n] = power / (n + 1.0) - exp(-k_min / T_nu) * blocked[n];
            power *= width;
        }
    }
    double matrix_element;
    if (c->polarisation == ND_TRANSVERSE) {
        /* k_perp^2 = 2 k_min (1 + omega/q) u - K^2/q^2 u^2 */
        const double k_perp2 =
            2.0 * k_min * (1.0 + omega / q) * moments[1] - K2 / (q * q) * moments[2];
        matrix_element = 2.0 * M2 * D * moments[0] - sign * 4.0 * K2 * k_perp2;
    } else {
        const double b = 2.0 * K2 / q;
        matrix_element =
            M2 * D * moments[0] -
            sign * (D * D * moments[0] - 2.0 * D * b * moments[1] + b * b * moments[2]);
    }
    return q * q / omega * mode->residue *
           nd_bose_scaled(collision->statistics, omega / collision->T) *
           exp(c->exponent - energy_over_T) * matrix_element;
}

/* Transverse modes, over ln q: K^2 grows from omega_p^2 to the asymptotic mass. */
static double transverse_integrand(double l, void *context)
{
    struct photon_context *c = context;
    const double q = exp(l);
    struct nd_photon_mode mode;
    if (c->status == ND_OK)
        c->status = nd_photon_mode_at(c->collision->plasma, ND_TRANSVERSE, q, &mode, c->error);
    return c->status == ND_OK ? mode_contribution(c, q, &mode) : 0.0;
}

/* Longitudinal modes, over the logarithm of 1 - q/omega: K^2 falls from omega_p^2 to 0. */
static double longitudinal_integrand(double l, void *context)
{
    const struct photon_context *c = context;
    struct nd_photon_mode mode;
    double q, slope;
    nd_longitudinal_mode(c->collision->plasma, exp(l), &mode, &q, &slope);
    return -slope * mode_contribution(c, q, &mode);
}

static double mass2_at(struct photon_context *c, double l)
{
    struct nd_photon_mode mode = {0.0, 0.0, 0.0};
    double q, slope;
    if (c->polarisation == ND_LONGITUDINAL)
        nd_longitudinal_mode(c->collision->plasma, exp(l), &mode, &q, &slope);
    else if (c->status == ND_OK)
        c->status = nd_photon_mode_at(c->collision->plasma, ND_TRANSVERSE, exp(l), &mode, c->error);
    return mode.mass2;
}

/* Adds one polarisation's integral over [low, high] to `result`, but for the part where the process
 * is closed: K^2 grows with the variable of either integrand, and inverse decay needs K^2 < M^2,
 * plasmon decay K^2 > M^2. */
static enum nd_status add_range(struct photon_context *context, nd_integrand *integrand, double low,
                                double high, struct nd_scaled_integral *result,
                                struct nd_error *error)
{
    const struct nd_collision *collision = context->collision;
    const double M2 = collision->M * collision->M;
    const int inverse = context->process == INVERSE_DECAY;
    if (low >= high)
        return ND_OK;
    const int light_low = mass2_at(context, low) < M2, light_high = mass2_at(context, high) < M2;
    if (light_low == light_high && light_low != inverse)
        return context->status;
    if (light_low != light_high) {
        double a = low, b = high;
        while (b - a > 1e-13 * fmax(1.0, fabs(a))) {
            const double middle = 0.5 * (a + b);
            if (mass2_at(context, middle) < M2)
                a = middle;
            else
                b = middle;
        }
        if (inverse)
            high = a;
        else
            low = b;
    }
    if (context->status != ND_OK)
        return context->status;
    struct nd_integral part;
    enum nd_status status = nd_integrate_interval(
        integrand, context, low, high, collision->tolerance,
        collision->tolerance * fabs(result->integral.value) * MEASURE, &part, error);
    if (context->status != ND_OK)
        status = context->status;
    result->integral.value += part.value / MEASURE;
    result->integral.error += part.error / MEASURE;
    result->integral.evaluations += part.evaluations;
    return status;
}

static enum nd_status add_transverse(struct photon_context *context,
                                     struct nd_scaled_integral *result, struct nd_error *error)
{
    const struct nd_collision *collision = context->collision;
    const double omega_p = sqrt(collision->plasma->omega_p2), negligible = 60.0;
    const double M2 = collision->M * collision->M;
    /* Below 1e-5 omega_p the phase space q^3 makes it negligible. */
    double low = log(1e-5 * omega_p);
    const double high = log(collision->T * (context->exponent + negligible));
    /* Inverse decay with soft photons needs neutrinos of energy M^2/(4 omega). */
    const double omega_low = 0.25 * (M2 - 1.5 * collision->plasma->omega_p2) /
                             (collision->T_nu * (context->exponent + negligible));
    if (context->process == INVERSE_DECAY && omega_low > 2.0 * omega_p)
        low = fmax(low, log(omega_low) - 0.5);
    context->polarisation = ND_TRANSVERSE;
    return add_range(context, transverse_integrand, low, high, result, error);
}

static enum nd_status add_longitudinal(struct photon_context *context,
                                       struct nd_scaled_integral *result, struct nd_error *error)
{
    /* Towards the light cone the integrand goes as the deficit, towards q = 0 as q^3. */
    const double low = log(1e-14), high = log1p(-1e-5);
    context->polarisation = ND_LONGITUDINAL;
    return add_range(context, longitudinal_integrand, low, high, result, error);
}

static enum nd_status both_polarisations(const struct nd_collision *collision, enum process process,
                                         double exponent, struct nd_scaled_integral *result,
                                         struct nd_error *error)
{
    struct photon_context context = {
        .collision = collision, .process = process, .exponent = exponent, .error = error};
    *result = (struct nd_scaled_integral){{0.0, 0.0, 0}, exponent};
    context.window_rule = gsl_integration_glfixed_table_alloc(N_WINDOW_NODES);
    if (context.window_rule == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for quadrature");
    enum nd_status status = add_transverse(&context, result, error);
    if (status == ND_OK)
        status = add_longitudinal(&context, result, error);
    gsl_integration_glfixed_table_free(context.window_rule);
    return status;
}

enum nd_status nd_gamma_inverse_decay_htl(const struct nd_collision *collision,
                                          struct nd_scaled_integral *result, struct nd_error *error)
{
    const double exponent =
        nd_rate_exponent(ND_INVERSE_DECAY, collision->M, collision->T, collision->T_nu);
    return both_polarisations(collision, INVERSE_DECAY, exponent, result, error);
}

enum nd_status nd_gamma_plasmon_decay(const struct nd_collision *collision,
                                      struct nd_scaled_integral *result, struct nd_error *error)
{
    return both_polarisations(collision, PLASMON_DECAY, 0.0, result, error);
}
