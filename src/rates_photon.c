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

static double medium_integrand(double l, void *context)
{
    struct photon_context *c = context;
    const struct nd_collision *collision = c->collision;
    const double M2 = collision->M * collision->M, T_nu = collision->T_nu, q = exp(l);
    struct nd_photon_mode mode;
    if (c->status != ND_OK)
        return 0.0;
    c->status = nd_photon_mode_at(collision->plasma, c->polarisation, q, &mode, c->error);
    if (c->status != ND_OK)
        return 0.0;
    const double K2 = mode.mass2, omega = mode.omega;
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
    return q * q / omega * mode.residue *
           nd_bose_scaled(collision->statistics, omega / collision->T) *
           exp(c->exponent - energy_over_T) * matrix_element;
}

/* ln q at which K^2 of a mode equals M^2, inside [low, high] where it passes through it. */
static enum nd_status find_threshold(const struct nd_collision *collision,
                                     enum nd_polarisation polarisation, double low, double high,
                                     double *threshold, struct nd_error *error)
{
    const double M2 = collision->M * collision->M;
    const double rising = polarisation == ND_TRANSVERSE ? 1.0 : -1.0;
    while (high - low > 1e-12 * fmax(1.0, fabs(low))) {
        const double middle = 0.5 * (low + high);
        struct nd_photon_mode mode;
        const enum nd_status status =
            nd_photon_mode_at(collision->plasma, polarisation, exp(middle), &mode, error);
        if (status != ND_OK)
            return status;
        if (rising * (mode.mass2 - M2) < 0.0)
            low = middle;
        else
            high = middle;
    }
    *threshold = 0.5 * (low + high);
    return ND_OK;
}

/* Adds the contribution of one polarisation to `result`. */
static enum nd_status add_polarisation(struct photon_context *context,
                                       enum nd_polarisation polarisation,
                                       struct nd_scaled_integral *result, struct nd_error *error)
{
    const struct nd_collision *collision = context->collision;
    const struct nd_plasma *plasma = collision->plasma;
    const double M2 = collision->M * collision->M, T = collision->T;
    const double omega_p = sqrt(plasma->omega_p2), negligible = 60.0;
    const int inverse = context->process == INVERSE_DECAY;

    /* Range of ln q. Below 1e-5 omega_p the phase space q^3 makes it negligible. */
    double low = log(1e-5 * omega_p), high;
    double K2_low = plasma->omega_p2, K2_high;
    if (polarisation == ND_TRANSVERSE) {
        high = log(T * (context->exponent + negligible));
        K2_high = nd_transverse_mass2_max(plasma);
    } else {
        high = log(nd_longitudinal_q_max(plasma) * (1.0 - 1e-9));
        K2_high = 0.0;
    }
    /* Inverse decay with soft photons needs neutrinos of energy M^2/(4 omega). */
    const double omega_low =
        0.25 * (M2 - plasma->omega_p2 * 1.5) / (collision->T_nu * (context->exponent + negligible));
    if (inverse && omega_low > 2.0 * omega_p)
        low = fmax(low, log(omega_low) - 0.5);
    if (low >= high)
        return ND_OK;

    const int open_low = inverse ? K2_low < M2 : K2_low > M2;
    const int open_high = inverse ? K2_high < M2 : K2_high > M2;
    if (!open_low && !open_high)
        return ND_OK;
    if (open_low != open_high) {
        double threshold;
        const enum nd_status status =
            find_threshold(collision, polarisation, low, high, &threshold, error);
        if (status != ND_OK)
            return status;
        if (open_low)
            high = threshold;
        else
            low = threshold;
    }
    if (high - low < 1e-9)
        return ND_OK;
    struct nd_integral part;
    context->polarisation = polarisation;
    context->status = ND_OK;
    enum nd_status status = nd_integrate_interval(
        medium_integrand, context, low, high, collision->tolerance,
        collision->tolerance * fabs(result->integral.value) * MEASURE, &part, error);
    if (context->status != ND_OK)
        status = context->status;
    result->integral.value += part.value / MEASURE;
    result->integral.error += part.error / MEASURE;
    result->integral.evaluations += part.evaluations;
    return status;
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
    enum nd_status status = add_polarisation(&context, ND_TRANSVERSE, result, error);
    if (status == ND_OK)
        status = add_polarisation(&context, ND_LONGITUDINAL, result, error);
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
