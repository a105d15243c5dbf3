/* Two-to-two rates with full statistics: a two-dimensional integral over closed forms.
 *
 * Momentum exchange. Let q = (q0, |q|) be the four-momentum that the electron line hands to the
 * neutrino line. Putting each line on shell fixes one angle a line, the azimuth between the lines
 * enters |M|^2 as a polynomial, and
 *
 *     gamma = 1/(256 pi^5) int dq0 d|q| int dk int dE <|M|^2> F,
 *
 * with k and E the energies of neutrino and electron, F the statistical factors and <> the mean
 * over azimuth. <|M|^2> is a polynomial of second degree in k and in E, so that the two inner
 * integrals are moments of the distributions.
 *
 * Upscattering, nu(k) e(E) -> N e(E - q0): t = q0^2 - q^2 = -x < 0. With light-cone variables
 * q+- = |q| +- q0 = sqrt(x) e^(+-y), so dq0 d|q| = dx dy / 2, the lowest energies are
 *
 *     k_min = (M^2 + x)/(2 q+),    E_min = (q0 + |q| r)/2,    r = sqrt(1 + 4 m_e^2/x),
 *
 * and the exponent k_min/T_nu + E_min/T = A e^-y + B e^y: the integrand falls off
 * doubly-exponentially in y, and in ln x at both ends (as a power at the lower one for M -> 0 with
 * screening). F = f_nu(k) f_e(E) [1 - f_e(E - q0)] and, with Bose-Einstein's n_B,
 * f_e(E) [1 - f_e(E - q0)] = n_B(q0) [f_e(E - q0) - f_e(E)]: all moments are complete Fermi-Dirac
 * integrals.
 *
 * Synthesis, e-(E) e+(q0 - E) -> nubar(k) N: s = q0^2 - q^2 > 0, q0 = sqrt(s) cosh y,
 * |q| = sqrt(s) sinh y, dq0 d|q| = ds dy / 2, and both inner ranges are finite: Gauss-Legendre. */
#include <math.h>

#include "nudipole/constants.h"
#include "rates_internal.h"

#define M_E2 (ND_M_ELECTRON * ND_M_ELECTRON)

/* |M|^2 = 32 pi alpha mu^2 / t^2 * bracket and gamma carries dx/2 or ds/2. */
#define PREFACTOR (32.0 * ND_PI * ND_ALPHA / (256.0 * ND_PI * ND_PI * ND_PI * ND_PI * ND_PI) / 2.0)

enum { N_NEUTRINO_NODES = 20, N_ELECTRON_NODES = 12 };

/* Gauss-Legendre nodes and weights on [0, 1]. */
struct rule {
    int n;
    double node[N_NEUTRINO_NODES], weight[N_NEUTRINO_NODES];
};

struct quantum_context {
    const struct nd_collision *collision;
    double exponent;  /* scales the integrand: exp(exponent - k/T_nu - E/T) */
    double threshold; /* lowest s (synthesis) */
    double outer;     /* x or s of the current inner integral */
    double A, B;      /* exponent A e^-y + B e^y of the current x (upscattering) */
    const struct rule *neutrino_rule, *electron_rule; /* synthesis */
    int evaluations;
    struct nd_error *error;
    enum nd_status status;
};

/* Moments int_0^inf du u^n f_nu(k_min + u), n = 0, 1, 2, without exp(-k_min/T_nu). */
static void neutrino_moments(const struct nd_collision *c, double k_min, double moments[3])
{
    double phi[3];
    nd_fermi_moments_scaled(c->statistics, k_min / c->T_nu, phi);
    moments[0] = c->T_nu * phi[0];
    moments[1] = c->T_nu * c->T_nu * phi[1];
    moments[2] = 2.0 * c->T_nu * c->T_nu * c->T_nu * phi[2];
}

/* Moments int_0^inf dv v^n f_e(E) [1 - f_e(E - q0)], E = E_min + v, without exp(-E_min/T). */
static void electron_moments(const struct nd_collision *c, double E_min, double q0,
                             double moments[3])
{
    const double T = c->T, factorial_T[3] = {T, T * T, 2.0 * T * T * T};
    if (c->statistics == ND_MAXWELL_BOLTZMANN) {
        for (int n = 0; n < 3; n++)
            moments[n] = factorial_T[n];
        return;
    }
    const double x = E_min / T, w = q0 / T;
    if (fabs(w) < 1e-4) {
        /* [e^w phi(x - w) - phi(x)] / (e^w - 1) = phi(x - w) - phi'(x - w/2) + O(w^2), and
         * phi_n' = phi_n - phi_{n-1}, phi_{-1} = 1/(1 + e^-x) */
        double phi[3], middle[3];
        nd_fermi_moments_scaled(ND_QUANTUM, x - w, phi);
        nd_fermi_moments_scaled(ND_QUANTUM, x - 0.5 * w, middle);
        const double slope = w == 0.0 ? 1.0 : w / expm1(w);
        const double below[3] = {nd_fermi_scaled(ND_QUANTUM, x - 0.5 * w), middle[0], middle[1]};
        for (int n = 0; n < 3; n++)
            moments[n] = factorial_T[n] * (phi[n] - (middle[n] - below[n]) * slope);
        return;
    }
    double before[3], after[3];
    nd_fermi_moments_scaled(ND_QUANTUM, x, before);
    nd_fermi_moments_scaled(ND_QUANTUM, x - w, after);
    const double inverse = 1.0 / expm1(w);
    for (int n = 0; n < 3; n++)
        moments[n] = factorial_T[n] * (w > 0.0 ? after[n] + (after[n] - before[n]) * inverse
                                               : (exp(w) * after[n] - before[n]) * inverse);
}

static double upscattering_inner(double y, void *context)
{
    struct quantum_context *c = context;
    const struct nd_collision *collision = c->collision;
    const double M2 = collision->M * collision->M, x = c->outer, root_x = sqrt(x);
    const double e = exp(y), q_plus = root_x * e, q_minus = root_x / e;
    const double q0 = 0.5 * (q_plus - q_minus), q = 0.5 * (q_plus + q_minus);
    const double r = sqrt(1.0 + 4.0 * M_E2 / x);
    c->evaluations++;

    const double weight = exp(c->exponent - c->A / e - c->B * e);
    if (weight == 0.0)
        return 0.0;
    const double k_min = 0.5 * (M2 + x) / q_plus;
    const double E_min = 0.5 * (q0 + q * r), p_min = 0.5 * (q0 * r + q);
    double U[3], V[3];
    neutrino_moments(collision, k_min, U);
    electron_moments(collision, E_min, q0, V);

    /* With k = k_min + u and E = E_min + v, S/2 = a + (azimuth) and <S^2>/4 = a^2 + b, where
     *   a = a00 + a10 u + a01 v + a11 u v,
     *   b = 1/2 k_perp^2 p_perp^2 = 1/2 (b1 u + b2 u^2) (c1 v + c2 v^2),
     * all coefficients positive. */
    const double a00 = k_min * (E_min + p_min), a10 = 0.5 * r * x / q;
    const double a01 = k_min * q_plus / q, a11 = x / (q * q);
    const double b1 = 2.0 * k_min * q_plus / q, b2 = x / (q * q);
    const double c1 = r * x / q, c2 = x / (q * q);
    const double mean_a =
        a00 * U[0] * V[0] + a10 * U[1] * V[0] + a01 * U[0] * V[1] + a11 * U[1] * V[1];
    const double mean_a2 =
        V[0] * (a00 * a00 * U[0] + 2.0 * a00 * a10 * U[1] + a10 * a10 * U[2]) +
        2.0 * V[1] * (a00 * a01 * U[0] + (a00 * a11 + a10 * a01) * U[1] + a10 * a11 * U[2]) +
        V[2] * (a01 * a01 * U[0] + 2.0 * a01 * a11 * U[1] + a11 * a11 * U[2]);
    const double mean_b = 0.5 * (b1 * U[1] + b2 * U[2]) * (c1 * V[1] + c2 * V[2]);
    const double rest = x * M2 * (0.5 * x - M_E2 + 0.5 * M2) - M2 * M2 * M_E2;
    const double bracket =
        4.0 * x * (mean_a2 + mean_b) - 2.0 * x * (x + M2) * mean_a + rest * U[0] * V[0];
    return weight * bracket;
}

static double upscattering_outer(double l, void *context)
{
    struct quantum_context *c = context;
    const struct nd_collision *collision = c->collision;
    const double M2 = collision->M * collision->M, T = collision->T, T_nu = collision->T_nu;
    const double x = exp(l), root_x = sqrt(x);
    const double r_root = sqrt(x + 4.0 * M_E2); /* r sqrt(x) */
    if (c->status != ND_OK)
        return 0.0;
    c->outer = x;
    c->A = 0.5 * (M2 + x) / (root_x * T_nu) + M_E2 / (r_root + root_x) / T;
    c->B = 0.25 * (r_root + root_x) / T;
    const double lowest = 2.0 * sqrt(c->A * c->B);
    const double negligible = 80.0;
    if (lowest - c->exponent > negligible)
        return 0.0;
    struct nd_integral inner;
    c->status = nd_integrate_line(upscattering_inner, c, 0.5 * log(c->A / c->B), 0.5,
                                  collision->tolerance, &inner, c->error);
    /* dx = x dl, 1/t^2 = 1/x^2, screening x/(x + m_D^2) */
    return inner.value / (x + collision->m_debye2);
}

/* Two nested integrals: the outer one in the logarithm of the invariant. */
static enum nd_status integrate(nd_integrand *outer, struct quantum_context *context, double centre,
                                double prefactor, struct nd_scaled_integral *result,
                                struct nd_error *error)
{
    enum nd_status status = nd_integrate_line(
        outer, context, centre, 0.75, context->collision->tolerance, &result->integral, error);
    if (status == ND_OK)
        status = context->status;
    result->integral.value *= prefactor;
    result->integral.error *= prefactor;
    result->integral.evaluations = context->evaluations;
    result->exponent = context->exponent;
    return status;
}

enum nd_status nd_gamma_upscattering(const struct nd_collision *collision,
                                     struct nd_scaled_integral *result, struct nd_error *error)
{
    const double M = collision->M, T = collision->T, T_nu = collision->T_nu;
    struct quantum_context context = {.collision = collision, .error = error};
    context.exponent = nd_rate_exponent(ND_UPSCATTERING, M, T, T_nu);
    /* |t| at threshold is m_e M^2/(m_e + M); far above it, T^2 */
    const double centre = log(ND_M_ELECTRON * M * M / (ND_M_ELECTRON + M) + T * T_nu);
    const double both_charges = 2.0;
    return integrate(upscattering_outer, &context, centre, both_charges * PREFACTOR, result, error);
}

static double synthesis_inner(double y, void *context)
{
    struct quantum_context *c = context;
    const struct nd_collision *collision = c->collision;
    const double M2 = collision->M * collision->M, T = collision->T, T_nu = collision->T_nu;
    const double s = c->outer, root_s = sqrt(s);
    const double q0 = root_s * cosh(y), q = root_s * fabs(sinh(y));
    c->evaluations++;
    const double weight = exp(c->exponent - q0 / T);
    if (weight == 0.0 || q == 0.0)
        return 0.0;

    /* Electron: E = q0/2 + v with |v| <= q beta/2, F even in v. */
    const double v_max = 0.5 * q * sqrt(1.0 - 4.0 * M_E2 / s);
    double V0 = 0.0, V2 = 0.0;
    const int quantum = collision->statistics == ND_QUANTUM;
    const double pair = exp(-q0 / T); /* exp(-E/T) exp(-(q0 - E)/T) */
    for (int i = 0; i < c->electron_rule->n; i++) {
        const double v = v_max * c->electron_rule->node[i];
        double F = 2.0 * v_max * c->electron_rule->weight[i];
        if (quantum) {
            const double minus = exp((v - 0.5 * q0) / T), plus = minus > 0.0 ? pair / minus : 0.0;
            F /= 1.0 + minus + plus + pair;
        }
        V0 += F;
        V2 += F * v * v;
    }
    /* Antineutrino: k between (s - M^2)/(2 (q0 +- |q|)), blocked by 1 - f_nu. */
    const double k_low = 0.5 * (s - M2) / (q0 + q), k_width = (s - M2) * q / s;
    double bracket = 0.0;
    const double rest = s * M2 * (0.5 * s + M_E2 - 0.5 * M2) - M2 * M2 * M_E2;
    for (int i = 0; i < c->neutrino_rule->n; i++) {
        const double u = k_width * c->neutrino_rule->node[i];
        const double k = k_low + u, k_parallel = -k_low + u * q0 / q;
        double w = k_width * c->neutrino_rule->weight[i];
        if (quantum)
            w /= 1.0 + exp(-k / T_nu); /* 1 - f_nu */
        /* p_e- . k = a0 + a1 v + (azimuth), and <(p.k)^2> = (a0 + a1 v)^2 + b0 + b2 v^2 */
        const double k_perp2 = fmax(0.0, k * k - k_parallel * k_parallel);
        const double a0 = 0.5 * (k * q0 - k_parallel * q), a1 = k - k_parallel * q0 / q;
        const double b0 = 0.5 * k_perp2 * (0.25 * s - M_E2), b2 = -0.5 * k_perp2 * s / (q * q);
        const double mean_pk2 = (a0 * a0 + b0) * V0 + (a1 * a1 + b2) * V2;
        /* S' = -2 p.k */
        bracket += w * (-4.0 * s * mean_pk2 + 2.0 * s * (s - M2) * a0 * V0 + rest * V0);
    }
    return weight * bracket;
}

static double synthesis_outer(double l, void *context)
{
    struct quantum_context *c = context;
    const double above = exp(l), s = c->threshold + above;
    const double negligible = 80.0;
    if (c->status != ND_OK || sqrt(s) / c->collision->T - c->exponent > negligible)
        return 0.0;
    c->outer = s;
    struct nd_integral inner;
    c->status =
        nd_integrate_even_line(synthesis_inner, c, 0.5, c->collision->tolerance, &inner, c->error);
    return 0.5 * inner.value * above / (s * s); /* y > 0 only, the integrand is even */
}

enum nd_status nd_gamma_synthesis(const struct nd_collision *collision,
                                  struct nd_scaled_integral *result, struct nd_error *error)
{
    const double M = collision->M, T = collision->T;
    struct rule neutrino_rule, electron_rule;
    struct quantum_context context = {.collision = collision,
                                      .neutrino_rule = &neutrino_rule,
                                      .electron_rule = &electron_rule,
                                      .error = error};
    context.threshold = fmax(M * M, 4.0 * M_E2);
    context.exponent = nd_rate_exponent(ND_SYNTHESIS, M, T, collision->T_nu);
    neutrino_rule.n = N_NEUTRINO_NODES;
    electron_rule.n = N_ELECTRON_NODES;
    enum nd_status status =
        nd_gauss_legendre(N_NEUTRINO_NODES, neutrino_rule.node, neutrino_rule.weight, error);
    if (status == ND_OK)
        status =
            nd_gauss_legendre(N_ELECTRON_NODES, electron_rule.node, electron_rule.weight, error);
    if (status != ND_OK)
        return status;
    return integrate(synthesis_outer, &context, log((3.0 + 2.0 * context.exponent) * T * T),
                     PREFACTOR, result, error);
}
