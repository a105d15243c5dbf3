/* Tests of nudipole/rates.h and of the integrals behind it (rates_internal.h).
 *
 * Every channel is computed a second way: closed forms with Maxwell-Boltzmann statistics, the
 * two-dimensional code of full statistics run with classical ones, and phase-space integrals
 * written here in other variables (Gauss-Legendre and Gauss-Laguerre products over the energies of
 * the incoming particles and the centre-of-mass angles, photon angles) with all quantum factors.
 * Numbers quoted were obtained independently, with other programs.
 */
#include "support.h"

#include <gsl/gsl_sf_bessel.h>

#include "nudipole/background.h"
#include "nudipole/constants.h"
#include "nudipole/rates.h"
#include "nudipole/units.h"
#include "rates_internal.h"

TestSuite(rates, .init = no_gsl_abort);

static const double REQUESTED = 1e-10; /* relative tolerance asked of nd_rate_compute */
static const double QUADRATURE_TOLERANCE = 1e-8;

static const double m_e = ND_M_ELECTRON;

static const struct nd_treatment CLASSICAL = {ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE,
                                              ND_NEUTRINOS_EQUAL};
static const struct nd_treatment CLASSICAL_HTL = {ND_MAXWELL_BOLTZMANN, ND_SCREENING_HTL,
                                                  ND_NEUTRINOS_EQUAL};
static const struct nd_treatment QUANTUM = {ND_QUANTUM, ND_SCREENING_NONE, ND_NEUTRINOS_EQUAL};
static const struct nd_treatment QUANTUM_HTL = {ND_QUANTUM, ND_SCREENING_HTL, ND_NEUTRINOS_EQUAL};

static struct nd_plasma plasma_at(double T)
{
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, T);
    return plasma;
}

static struct nd_model model_of(double m4, double mu)
{
    return (struct nd_model){m4, mu, ND_FLAVOUR_TAU};
}

static struct nd_rate rate_with(enum nd_channel channel, double m4, double mu,
                                const struct nd_treatment *treatment, double T, double T_nu,
                                double tolerance)
{
    const struct nd_model model = model_of(m4, mu);
    const struct nd_plasma plasma = plasma_at(T);
    struct nd_rate rate;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_rate_compute(&rate, channel, &model, treatment, &plasma, T_nu, tolerance, &error),
              error);
    return rate;
}

/* gamma for mu = 1 MeV^-1 [MeV^6]. */
static double gamma_of(enum nd_channel channel, double m4, const struct nd_treatment *treatment,
                       double T, double T_nu)
{
    return exp(rate_with(channel, m4, 1.0, treatment, T, T_nu, REQUESTED).log_gamma);
}

static double vacuum_width(double M)
{
    const struct nd_model model = model_of(M, 1.0);
    return nd_model_width(&model);
}

/* Gauss-Legendre and Gauss-Laguerre points for the product rules below. */
enum { MAX_POINTS = 64 };

struct rule {
    int n;
    double x[MAX_POINTS], w[MAX_POINTS];
};

/* On [0, 1]. */
static struct rule legendre(int n)
{
    struct rule rule = {n, {0.0}, {0.0}};
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc((size_t)n);
    for (int i = 0; i < n; i++)
        gsl_integration_glfixed_point(0.0, 1.0, (size_t)i, &rule.x[i], &rule.w[i], table);
    gsl_integration_glfixed_table_free(table);
    return rule;
}

/* For int_0^inf f(x) dx: the factor exp(-x) is part of f. */
static struct rule laguerre(int n)
{
    struct rule rule = {n, {0.0}, {0.0}};
    gsl_integration_fixed_workspace *workspace =
        gsl_integration_fixed_alloc(gsl_integration_fixed_laguerre, (size_t)n, 0.0, 1.0, 0.0, 0.0);
    for (int i = 0; i < n; i++) {
        rule.x[i] = gsl_integration_fixed_nodes(workspace)[i];
        rule.w[i] = gsl_integration_fixed_weights(workspace)[i] * exp(rule.x[i]);
    }
    gsl_integration_fixed_free(workspace);
    return rule;
}

/* ---- inverse decay ------------------------------------------------------------------------- */

Test(rates, classical_inverse_decay_is_a_bessel_function)
{
    /* gamma = M^2 Gamma/pi^2 sqrt(T T_nu) K_1(M/sqrt(T T_nu)) */
    const double masses[] = {0.05, 0.6, 3.0}, temperatures[] = {0.02, 0.3, 5.0};
    const double ratios[] = {1.0, 0.7138, 1.4};
    for (int i = 0; i < 27; i++) {
        const double M = masses[i % 3], T = temperatures[i / 3 % 3], T_nu = T * ratios[i / 9];
        const double T_mean = sqrt(T * T_nu), x = M / T_mean;
        const double expected =
            log(M * M * vacuum_width(M) / (ND_PI * ND_PI) * T_mean * gsl_sf_bessel_K1_scaled(x)) -
            x;
        const struct nd_rate rate =
            rate_with(ND_INVERSE_DECAY, M, 1.0, &CLASSICAL, T, T_nu, REQUESTED);
        ASSERT_NEAR(rate.log_gamma, expected, QUADRATURE_TOLERANCE,
                    "ln gamma at M = %g, T = %g, T_nu = %g", M, T, T_nu);
        /* reversed temperatures give the same */
        ASSERT_NEAR(rate_with(ND_INVERSE_DECAY, M, 1.0, &CLASSICAL, T_nu, T, REQUESTED).log_gamma,
                    rate.log_gamma, QUADRATURE_TOLERANCE, "temperatures exchanged");
    }
}

struct relaxation_context {
    double M, T;
};

/* d(ln p) g p^3/(2 pi^2) f_N^eq Gamma_E with its closed form. */
static double relaxation_integrand(double l, void *context)
{
    const struct relaxation_context *c = context;
    const double p = exp(l), E = sqrt(p * p + c->M * c->M), T = c->T;
    /* ln[sinh a/sinh b] = a - b + ln[(1 - e^-2a)/(1 - e^-2b)], E - p = M^2/(E + p) */
    const double a = 0.5 * (E + p) / T, b = 0.5 * c->M * c->M / (E + p) / T;
    const double logarithm = p / T + log(expm1(-2.0 * a) / expm1(-2.0 * b));
    const double Gamma_E = c->M * vacuum_width(c->M) / E * T / p * logarithm;
    return p * p * p / (ND_PI * ND_PI) * fermi(E / T) * Gamma_E;
}

Test(rates, quantum_inverse_decay_is_the_relaxation_rate)
{
    /* Detailed balance: at one temperature production is f_N^eq Gamma_E, mode by mode, where
     * Gamma_E is the relaxation rate that includes decay with its final-state factors. */
    const double masses[] = {0.05, 0.6, 3.0}, temperatures[] = {0.05, 0.3, 5.0};
    for (int i = 0; i < 9; i++) {
        struct relaxation_context c = {masses[i % 3], temperatures[i / 3]};
        const double expected = integrate(relaxation_integrand, &c, log(1e-5 * c.T),
                                          log(80.0 * (c.T + sqrt(c.T * c.M))), 1e-10);
        ASSERT_CLOSE(gamma_of(ND_INVERSE_DECAY, c.M, &QUANTUM, c.T, c.T), expected,
                     QUADRATURE_TOLERANCE, "M = %g, T = %g", c.M, c.T);
    }
}

Test(rates, quantum_over_classical_inverse_decay)
{
    /* independently, two to three digits */
    static const double rows[][3] = {{0.1, 1.01, 0.006},
                                     {0.3, 1.21, 0.006},
                                     {1.0, 1.96, 0.006},
                                     {2.0, 2.6, 0.06},
                                     {10.0, 4.7, 0.06}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double T = rows[i][0];
        ASSERT_NEAR(gamma_of(ND_INVERSE_DECAY, 0.6, &QUANTUM, T, T) /
                        gamma_of(ND_INVERSE_DECAY, 0.6, &CLASSICAL, T, T),
                    rows[i][1], rows[i][2], "ratio at T = %g", T);
    }
}

Test(rates, inverse_decay_forgets_a_thin_plasma)
{
    /* At T = 0.02 MeV the plasma mass is e^-13 of m_e: 2e-4 keV against 600. */
    const double M = 0.6, T = 0.02, T_nu = 0.0143, tolerance = 1e-6;
    ASSERT_CLOSE(gamma_of(ND_INVERSE_DECAY, M, &QUANTUM_HTL, T, T_nu),
                 gamma_of(ND_INVERSE_DECAY, M, &QUANTUM, T, T_nu), tolerance, "quantum");
    ASSERT_CLOSE(gamma_of(ND_INVERSE_DECAY, M, &CLASSICAL_HTL, T, T_nu),
                 gamma_of(ND_INVERSE_DECAY, M, &CLASSICAL, T, T_nu), tolerance, "classical");
}

/* ---- photons in the plasma ----------------------------------------------------------------- */

/* gamma of inverse decay or plasmon decay, by quadrature over ln q and the logarithm of
 * omega - q cos(angle to the neutrino):
 *     gamma = sum_pol int d^3q/((2 pi)^3 2 omega) Z F |M|^2 d^3k/((2 pi)^3 2k) 2 pi delta,
 *     |M|^2 = +- mu^2 [M^2 D - 4 K^2 (k.e)^2],  D = M^2 - K^2,  k = |D|/(2 (omega - q cos)). */
static double medium_rate(enum nd_channel channel, double M, enum nd_statistics statistics,
                          double T, double T_nu)
{
    const struct nd_plasma plasma = plasma_at(T);
    const double omega_p = sqrt(plasma.omega_p2), quantum = statistics == ND_QUANTUM ? 1.0 : 0.0;
    const int inverse = channel == ND_INVERSE_DECAY;
    const struct rule gauss = legendre(40);
    double total = 0.0;
    enum { PANELS = 12 };
    for (int longitudinal = 0; longitudinal < 2; longitudinal++) {
        const double start = log(1e-4 * omega_p);
        const double end =
            log(longitudinal ? nd_longitudinal_q_max(&plasma) * (1.0 - 1e-9) : 60.0 * T);
        const double panel = (end - start) / PANELS;
        for (int i = 0; i < PANELS * gauss.n; i++) {
            const double q = exp(start + panel * (i / gauss.n + gauss.x[i % gauss.n]));
            struct nd_photon_mode mode;
            struct nd_error error = ND_ERROR_INIT;
            ASSERT_OK(nd_photon_mode_at(&plasma, longitudinal ? ND_LONGITUDINAL : ND_TRANSVERSE, q,
                                        &mode, &error),
                      error);
            const double K2 = mode.mass2, omega = mode.omega, D = M * M - K2;
            const double sign = inverse ? 1.0 : -1.0;
            if (sign * D <= 0.0)
                continue;
            const double f_photon = 1.0 / (exp(omega / T) - quantum);
            const double low = log(K2 / (omega + q)), width = log((omega + q) * (omega + q) / K2);
            double sum = 0.0;
            for (int j = 0; j < gauss.n; j++) {
                const double gap = exp(low + width * gauss.x[j]); /* omega - q cos */
                const double cosine = (omega - gap) / q, k = sign * D / (2.0 * gap);
                const double f_nu = 1.0 / (exp(k / T_nu) + quantum);
                const double F = f_photon * (inverse ? f_nu : 1.0 - quantum * f_nu);
                double matrix_element;
                if (longitudinal) { /* e = (q, omega q/|q|)/K */
                    const double ke = k * q - omega * k * cosine;
                    matrix_element = M * M * D - 4.0 * ke * ke;
                } else { /* both, sum (k.e)^2 = k_perp^2 */
                    matrix_element = 2.0 * M * M * D - 4.0 * K2 * k * k * (1.0 - cosine * cosine);
                }
                /* d cos = d gap/q, and int d^3k/((2 pi)^3 2k) 2 pi delta = dcos k/(8 pi gap) */
                sum += gauss.w[j] * width * gap / q * k / (8.0 * ND_PI * gap) * F * sign *
                       matrix_element;
            }
            total += panel * gauss.w[i % gauss.n] * q * q * q / (2.0 * ND_PI * ND_PI) /
                     (2.0 * omega) * mode.residue * sum;
        }
    }
    return total;
}

Test(rates, medium_photons_by_other_variables)
{
    /* The product rule converges to 1e-7 except where a longitudinal threshold lies inside the
     * range (plasmon decay). */
    const double tolerance = 1e-5;
    static const struct {
        enum nd_channel channel;
        double M, T, T_nu;
    } cases[] = {{ND_INVERSE_DECAY, 0.6, 2.0, 2.0},   {ND_INVERSE_DECAY, 0.6, 1.0, 0.9},
                 {ND_INVERSE_DECAY, 0.26, 0.3, 0.25}, {ND_PLASMON_DECAY, 0.1, 2.0, 2.0},
                 {ND_PLASMON_DECAY, 0.01, 5.0, 4.0},  {ND_PLASMON_DECAY, 0.5, 10.0, 10.0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int quantum = 0; quantum < 2; quantum++) {
            const struct nd_treatment *treatment = quantum ? &QUANTUM_HTL : &CLASSICAL_HTL;
            const double M = cases[i].M, T = cases[i].T, T_nu = cases[i].T_nu;
            ASSERT_CLOSE(gamma_of(cases[i].channel, M, treatment, T, T_nu),
                         medium_rate(cases[i].channel, M, treatment->statistics, T, T_nu),
                         tolerance, "%s, M = %g, T = %g, T_nu = %g, quantum %d",
                         nd_channel_name(cases[i].channel), M, T, T_nu, quantum);
        }
}

struct plasmon_context {
    const struct nd_plasma *plasma;
    enum nd_polarisation polarisation;
    double M;
};

static double plasmon_integrand(double l, void *context)
{
    const struct plasmon_context *c = context;
    const double q = exp(l);
    struct nd_photon_mode mode;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_photon_mode_at(c->plasma, c->polarisation, q, &mode, &error), error);
    const double K2 = mode.mass2, r = c->M * c->M / K2;
    if (r >= 1.0)
        return 0.0;
    const double width = mode.residue * K2 * K2 / (48.0 * ND_PI * mode.omega) * (1.0 - r) *
                         (1.0 - r) * (1.0 + 2.0 * r);
    return q * q * q / (2.0 * ND_PI * ND_PI) * exp(-mode.omega / c->plasma->T) * width;
}

Test(rates, plasmon_decay_from_the_width)
{
    /* Width of a polarisation in closed form; a kink at the longitudinal threshold
     * limits cquad. */
    const double masses[] = {0.001, 0.05, 0.3}, T = 5.0, tolerance = 1e-7;
    const struct nd_plasma plasma = plasma_at(T);
    const double low = log(1e-5 * sqrt(plasma.omega_p2));
    for (int i = 0; i < 3; i++) {
        struct plasmon_context c = {&plasma, ND_TRANSVERSE, masses[i]};
        const double transverse = 2.0 * integrate(plasmon_integrand, &c, low, log(60.0 * T), 1e-9);
        c.polarisation = ND_LONGITUDINAL;
        const double longitudinal = integrate(
            plasmon_integrand, &c, low, log(nd_longitudinal_q_max(&plasma) * (1.0 - 1e-9)), 1e-9);
        ASSERT_CLOSE(gamma_of(ND_PLASMON_DECAY, masses[i], &CLASSICAL_HTL, T, T),
                     transverse + longitudinal, tolerance, "M = %g", masses[i]);
    }
}

Test(rates, plasmon_decay_threshold)
{
    /* Independently: M and T* with m_T(T*) = M. Two digits for some, and the dispersion's
     * asymptotic mass is lower than m_T by up to 0.7 % near T = m_e/2. */
    static const double rows[][2] = {{0.05, 0.50}, {0.10, 0.885}, {0.20, 1.67}, {0.26, 2.15},
                                     {0.40, 3.27}, {0.50, 4.08},  {0.60, 4.88}, {0.80, 6.49},
                                     {1.0, 8.11},  {2.0, 16.2}};
    const double margin = 0.015;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double M = rows[i][0], T = rows[i][1];
        const double below = T * (1.0 - margin), above = T * (1.0 + margin);
        cr_assert(rate_with(ND_PLASMON_DECAY, M, 1.0, &QUANTUM_HTL, below, below, 1e-6).log_gamma ==
                      -INFINITY,
                  "open below T* = %g for M = %g", T, M);
        cr_assert(
            isfinite(
                rate_with(ND_PLASMON_DECAY, M, 1.0, &QUANTUM_HTL, above, above, 1e-6).log_gamma),
            "closed above T* = %g for M = %g", T, M);
        cr_assert(rate_with(ND_PLASMON_DECAY, M, 1.0, &QUANTUM, above, above, 1e-6).log_gamma ==
                      -INFINITY,
                  "vacuum photons decay");
    }
}

/* ---- two-to-two ---------------------------------------------------------------------------- */

Test(rates, two_dimensional_code_with_classical_statistics)
{
    const double masses[] = {0.02, 0.6, 3.0}, temperatures[] = {0.1, 1.0, 10.0};
    const double tolerance = 1e-10;
    for (int i = 0; i < 36; i++) {
        const double T = temperatures[i / 3 % 3], T_nu = i / 9 % 2 ? 0.75 * T : T;
        const struct nd_collision c = {.M = masses[i % 3],
                                       .T = T,
                                       .T_nu = T_nu,
                                       .m_debye2 = i / 18 ? 0.03 * T * T : 0.0,
                                       .statistics = ND_MAXWELL_BOLTZMANN,
                                       .plasma = NULL,
                                       .tolerance = 1e-12};
        struct nd_scaled_integral one, two;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_OK(nd_gamma_upscattering_classical(&c, &one, &error), error);
        ASSERT_OK(nd_gamma_upscattering(&c, &two, &error), error);
        ASSERT_CLOSE(two.exponent, one.exponent, 1e-14, "exponent");
        ASSERT_CLOSE(two.integral.value, one.integral.value, tolerance,
                     "upscattering, M = %g, T = %g, T_nu = %g, m_D^2 = %g", c.M, c.T, c.T_nu,
                     c.m_debye2);
        if (i >= 18)
            continue;
        ASSERT_OK(nd_gamma_synthesis_classical(&c, &one, &error), error);
        ASSERT_OK(nd_gamma_synthesis(&c, &two, &error), error);
        ASSERT_CLOSE(two.exponent, one.exponent, 1e-14, "exponent");
        ASSERT_CLOSE(two.integral.value, one.integral.value, tolerance, "synthesis, M = %g, T = %g",
                     c.M, c.T);
    }
}

/* Cross section of the reverse reaction N e -> nu e, averaged over both spins. */
static double sigma_reverse(const struct nd_model *model, double s, const struct rule *gauss)
{
    const double M2 = model->m4 * model->m4, m2 = m_e * m_e, S = s - m2, root_s = sqrt(s);
    const double energy = (s + M2 - m2) / (2.0 * root_s), k = S / (2.0 * root_s);
    const double p = sqrt(energy * energy - M2);
    const double x_max = 2.0 * k * (energy + p) - M2, x_min = M2 * M2 * m2 / (s * x_max);
    const double width = log(x_max / x_min);
    double sum = 0.0;
    for (int i = 0; i < gauss->n; i++) {
        const double x = x_min * exp(width * gauss->x[i]);
        sum += gauss->w[i] * width * x * 0.25 * nd_matrix_element_2to2(model, S, -x);
    }
    return sum / (16.0 * ND_PI * 4.0 * p * p * s); /* dsigma/dt = |M|^2/(16 pi lambda) */
}

struct reverse_context {
    const struct nd_model *model;
    const struct rule *gauss;
    double T;
};

/* Gondolo & Gelmini for two massive particles of g = 2 each:
 * n_1 n_2 <sigma v> = g_1 g_2 T/(32 pi^4) int ds lambda/sqrt(s) sigma K_1(sqrt s/T). */
static double reverse_integrand(double l, void *context)
{
    const struct reverse_context *c = context;
    const double M = c->model->m4, threshold = (M + m_e) * (M + m_e);
    const double above = exp(l), s = threshold + above;
    const double lambda = above * (s - (M - m_e) * (M - m_e));
    return above * 4.0 * c->T / (32.0 * pow(ND_PI, 4)) * lambda / sqrt(s) *
           sigma_reverse(c->model, s, c->gauss) * gsl_sf_bessel_K1(sqrt(s) / c->T);
}

Test(rates, detailed_balance_of_upscattering)
{
    /* With Maxwell-Boltzmann statistics at one temperature N e -> nu e goes as fast as nu e -> N e.
     */
    const double masses[] = {0.1, 0.6, 3.0}, temperatures[] = {0.2, 1.0, 8.0}, tolerance = 1e-8;
    const struct rule gauss = legendre(40);
    for (int i = 0; i < 9; i++) {
        const struct nd_model model = model_of(masses[i % 3], 1.0);
        struct reverse_context c = {&model, &gauss, temperatures[i / 3]};
        const double scale = c.T * c.T;
        const double both_charges = 2.0;
        const double reverse = both_charges * integrate(reverse_integrand, &c, log(1e-8 * scale),
                                                        log(8e3 * scale + 100.0 * c.T), 1e-9);
        ASSERT_CLOSE(gamma_of(ND_UPSCATTERING, model.m4, &CLASSICAL, c.T, c.T), reverse, tolerance,
                     "M = %g, T = %g", model.m4, c.T);
    }
}

/* gamma of nu e- -> N e- or e- e+ -> N nubar over the momenta p1, p2 of the incoming particles,
 * s, and the centre-of-mass polar variable x and azimuth: five dimensions, all factors explicit.
 * Incoming 1 is the neutrino or e-, outgoing 4 the electron or antineutrino, blocked. */
static double brute_force(enum nd_channel channel, double M, double T, double T_nu, double D)
{
    const int up = channel == ND_UPSCATTERING;
    const struct nd_model model = model_of(M, 1.0);
    const double m1 = up ? 0.0 : m_e, m4 = up ? m_e : 0.0, T1 = up ? T_nu : T, T4 = up ? T : T_nu;
    const double s_threshold = up ? (M + m_e) * (M + m_e) : fmax(M * M, 4.0 * m_e * m_e);
    const struct rule momentum = laguerre(24), polar = legendre(12), invariant = legendre(10);
    enum { N_AZIMUTH = 6 };
    double total = 0.0;
    for (int i = 0; i < momentum.n; i++) {
        const double p2 = T * momentum.x[i], E2 = sqrt(p2 * p2 + m_e * m_e);
        /* the lowest neutrino momentum above threshold: head on */
        const double p1_min = up ? 0.5 * M * (M + 2.0 * m_e) / (E2 + p2) : 0.0;
        for (int j = 0; j < momentum.n; j++) {
            const double p1 = p1_min + T1 * momentum.x[j], E1 = sqrt(p1 * p1 + m1 * m1);
            const double s_centre = m1 * m1 + m_e * m_e + 2.0 * E1 * E2;
            const double s_low = fmax(s_threshold, s_centre - 2.0 * p1 * p2);
            const double s_width = s_centre + 2.0 * p1 * p2 - s_low;
            if (s_width <= 0.0)
                continue;
            double inner = 0.0;
            for (int k = 0; k < invariant.n; k++) {
                /* quadratic map: sqrt(s - threshold) becomes smooth */
                const double y = invariant.x[k], s = s_low + s_width * y * y;
                const double root_s = sqrt(s), total_E = E1 + E2;
                const double total_p = sqrt(fmax(total_E * total_E - s, 1e-30));
                const double boost = total_E / root_s, beta = total_p / total_E;
                const double e1 = (s + m1 * m1 - m_e * m_e) / (2.0 * root_s);
                const double q1 = sqrt(e1 * e1 - m1 * m1);
                const double e3 = (s + M * M - m4 * m4) / (2.0 * root_s);
                const double e4 = (s + m4 * m4 - M * M) / (2.0 * root_s);
                const double q4 = sqrt(fmax(e4 * e4 - m4 * m4, 0.0));
                double cos_1 = (E1 / (boost * e1) - 1.0) * e1 / (q1 * beta);
                cos_1 = fmax(-1.0, fmin(1.0, cos_1));
                /* x = -(p1 - p_N)^2 for upscattering; its logarithm is the polar variable */
                const double x_max = 2.0 * q1 * (e3 + q4) - M * M;
                const double x_min = pow(M, 4) * m_e * m_e / (s * x_max);
                double angular = 0.0;
                for (int l = 0; l < polar.n; l++) {
                    double cos_N, weight, S, t; /* cosine between N and particle 1 */
                    if (up) {
                        const double x = x_min * pow(x_max / x_min, polar.x[l]);
                        cos_N = (2.0 * q1 * e3 - M * M - x) / (2.0 * q1 * q4);
                        cos_N = fmax(-1.0, fmin(1.0, cos_N));
                        weight = polar.w[l] * log(x_max / x_min) * x / (2.0 * q1 * q4);
                        weight *= x / (x + D);
                        S = s - m_e * m_e;
                        t = -x;
                    } else {
                        cos_N = 2.0 * polar.x[l] - 1.0;
                        weight = 2.0 * polar.w[l];
                        S = -2.0 * e4 * (e1 + q1 * cos_N); /* nubar flies opposite to N */
                        t = s;
                    }
                    const double sines = sqrt((1.0 - cos_N * cos_N) * (1.0 - cos_1 * cos_1));
                    double blocking = 0.0;
                    for (int a = 0; a < N_AZIMUTH; a++) {
                        const double phi = ND_PI * (a + 0.5) / N_AZIMUTH;
                        const double E4 =
                            boost * (e4 - beta * q4 * (cos_N * cos_1 + sines * cos(phi)));
                        blocking += (1.0 - fermi(E4 / T4)) / N_AZIMUTH;
                    }
                    /* dPhi_2 = q4/(8 pi sqrt s) dcos dphi/(2 pi) */
                    angular += weight * q4 / (8.0 * ND_PI * root_s) * blocking *
                               nd_matrix_element_2to2(&model, S, t);
                }
                /* dcos between 1 and 2 = ds/(2 p1 p2) */
                inner += invariant.w[k] * 2.0 * y * s_width / (2.0 * p1 * p2) * angular;
            }
            /* d^3p1/((2 pi)^3 2 E1) d^3p2/((2 pi)^3 2 E2) = p1^2 p2^2 dp1 dp2 dcos/(32 pi^4 E1 E2)
             */
            total += momentum.w[i] * T * momentum.w[j] * T1 * p1 * p1 * p2 * p2 /
                     (32.0 * pow(ND_PI, 4) * E1 * E2) * fermi(E1 / T1) * fermi(E2 / T) * inner;
        }
    }
    return up ? 2.0 * total : total; /* e- and e+ */
}

Test(rates, quantum_two_to_two_by_brute_force)
{
    const double tolerance = 1e-3; /* kinks at threshold limit the product rule */
    const double M = 0.6, T = 1.0, T_nu = 0.9;
    const struct nd_plasma plasma = plasma_at(T);
    ASSERT_CLOSE(gamma_of(ND_UPSCATTERING, M, &QUANTUM, T, T_nu),
                 brute_force(ND_UPSCATTERING, M, T, T_nu, 0.0), tolerance, "upscattering");
    ASSERT_CLOSE(gamma_of(ND_UPSCATTERING, M, &QUANTUM_HTL, T, T_nu),
                 brute_force(ND_UPSCATTERING, M, T, T_nu, plasma.m_debye2), tolerance,
                 "screened upscattering");
    ASSERT_CLOSE(gamma_of(ND_SYNTHESIS, M, &QUANTUM, T, T_nu),
                 brute_force(ND_SYNTHESIS, M, T, T_nu, 0.0), tolerance, "synthesis");
}

Test(rates, massless_limit)
{
    /* Gamma(nu_L -> N) = 0.0132 mu^2 T^3 for a magnetic moment in a hot e+ e- plasma, soft photons
     * resummed: an independent Monte Carlo, the quantity of hep-ph/9703214. */
    const double M = 1e-3, T = 50.0, published = 0.0132, tolerance = 0.03;
    ASSERT_CLOSE(gamma_of(ND_UPSCATTERING, M, &QUANTUM_HTL, T, T) / nd_neutrino_density(T) /
                     (T * T * T),
                 published, tolerance, "Gamma/(mu^2 T^3)");
}

Test(rates, screening_and_statistics_lower_upscattering)
{
    /* Independently: Fermi-Dirac with blocking over Maxwell-Boltzmann 0.77 for T >= 2 MeV,
     * screened; no screening is 2.6 times more at 2 MeV and 3.6 at 5 MeV, M = 0.6 MeV. */
    const double M = 0.6;
    ASSERT_NEAR(gamma_of(ND_UPSCATTERING, M, &QUANTUM_HTL, 2.0, 2.0) /
                    gamma_of(ND_UPSCATTERING, M, &CLASSICAL_HTL, 2.0, 2.0),
                0.77, 0.02, "statistics");
    ASSERT_CLOSE(gamma_of(ND_UPSCATTERING, M, &CLASSICAL, 2.0, 2.0) /
                     gamma_of(ND_UPSCATTERING, M, &CLASSICAL_HTL, 2.0, 2.0),
                 2.6, 0.03, "screening at 2 MeV");
    ASSERT_CLOSE(gamma_of(ND_UPSCATTERING, M, &CLASSICAL, 5.0, 5.0) /
                     gamma_of(ND_UPSCATTERING, M, &CLASSICAL_HTL, 5.0, 5.0),
                 3.6, 0.03, "screening at 5 MeV");
}

/* ---- the paper's benchmark ------------------------------------------------------------------ */

/* An independent evaluation: Gamma/H of M = 600 keV, 1e-9 mu_B; 0 where nothing is compared. */
struct benchmark_row {
    double T, id, id_two_temperatures, none, cut, synthesis, id_per_N, none_per_N;
};

static const struct benchmark_row BENCHMARK[] = {
    {0.05, 0.22, 0.019, 3.1e-8, 3.1e-8, 7.5e-9, 535, 7.5e-5},
    {0.10, 7.2, 2.4, 6.4e-4, 6.4e-4, 5.7e-5, 106, 9.5e-3},
    {0.15, 11.2, 6.7, 0.0149, 0.0149, 8.1e-4, 36, 0.048},
    {0.20, 10.3, 7.8, 0.0705, 0.0705, 2.8e-3, 16.8, 0.115},
    {0.30, 6.4, 5.8, 0.350, 0.344, 8.8e-3, 5.7, 0.31},
    {0.50, 2.4, 2.4, 1.46, 1.20, 0.022, 1.46, 0.88},
    {1.0, 0.44, 0.44, 5.84, 3.18, 0.053, 0.22, 2.86},
    {2.0, 0.065, 0.065, 17.5, 6.73, 0.108, 0.030, 8.1},
    {5.0, 4.4e-3, 4.4e-3, 62, 17.1, 0.27, 2.0e-3, 28},
    {10.0, 5.6e-4, 5.6e-4, 152, 34, 0.54, 2.5e-4, 68},
};

/* Half a unit of the last of two digits, or 1 % where three are quoted. */
static double digits_tolerance(double quoted)
{
    const double leading = quoted / pow(10.0, floor(log10(quoted)) - 1.0); /* 10 to 99.9 */
    return fmax(0.01, 0.55 / leading);
}

#define ASSERT_QUOTED(value, quoted, name, T)                                                      \
    ASSERT_CLOSE(value, quoted, digits_tolerance(quoted), "%s at T = %g", name, T)

Test(rates, benchmark_table)
{
    const double M = 0.6, mu = 1e-9 * nd_bohr_magneton();
    const double hard_cut_tolerance = 0.06; /* the column cuts |t| > m_D^2 instead of screening */
    struct nd_background *background;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_background_create(&background, &error), error);
    for (size_t i = 0; i < sizeof BENCHMARK / sizeof *BENCHMARK; i++) {
        const struct benchmark_row *row = &BENCHMARK[i];
        const double T = row->T;
        struct nd_background_state state;
        ASSERT_OK(nd_background_at(background, T, &state, &error), error);
        const double n_nu = 3.0 * ND_ZETA3 / (4.0 * ND_PI * ND_PI) * T * T * T;
        const double unit = mu * mu / (n_nu * state.H);
        const double n_N = M * M * T / (ND_PI * ND_PI) * gsl_sf_bessel_Kn(2, M / T);
        const double per_N = mu * mu / (n_N * state.H);

        const double id = gamma_of(ND_INVERSE_DECAY, M, &CLASSICAL, T, T);
        const double id2 = gamma_of(ND_INVERSE_DECAY, M, &CLASSICAL, T, state.T_nu);
        const double synthesis = gamma_of(ND_SYNTHESIS, M, &CLASSICAL, T, T);
        const double none = gamma_of(ND_UPSCATTERING, M, &CLASSICAL, T, T) + synthesis;
        const double htl = gamma_of(ND_UPSCATTERING, M, &CLASSICAL_HTL, T, T) + synthesis;
        ASSERT_QUOTED(id * unit, row->id, "ID", T);
        ASSERT_QUOTED(id2 * unit, row->id_two_temperatures, "ID, two temperatures", T);
        ASSERT_QUOTED(none * unit, row->none, "2-2", T);
        ASSERT_QUOTED(synthesis * unit, row->synthesis, "synthesis", T);
        ASSERT_CLOSE(htl * unit, row->cut, hard_cut_tolerance, "2-2 screened at T = %g", T);
        ASSERT_QUOTED(id * per_N, row->id_per_N, "ID per N", T);
        ASSERT_QUOTED(none * per_N, row->none_per_N, "2-2 per N", T);
    }
    nd_background_free(background);
}

/* ---- nd_rate_compute in general ------------------------------------------------------------- */

Test(rates, proportional_to_mu_squared)
{
    const double M = 0.1, T = 2.0, mu = 3e-10, tolerance = 1e-12;
    for (int c = 0; c < ND_N_CHANNELS; c++) {
        const enum nd_channel channel = (enum nd_channel)c;
        const struct nd_rate one = rate_with(channel, M, 1.0, &QUANTUM_HTL, T, T, 1e-6);
        const struct nd_rate other = rate_with(channel, M, mu, &QUANTUM_HTL, T, T, 1e-6);
        ASSERT_NEAR(other.log_gamma - one.log_gamma, 2.0 * log(mu), 50.0 * tolerance, "%s",
                    nd_channel_name(channel));
    }
}

Test(rates, error_estimates_cover_the_truth)
{
    const double M = 0.6, T = 1.3, T_nu = 1.2, loose = 1e-4;
    for (int c = 0; c < ND_N_CHANNELS; c++)
        for (int quantum = 0; quantum < 2; quantum++) {
            const enum nd_channel channel = (enum nd_channel)c;
            const struct nd_treatment *treatment = quantum ? &QUANTUM_HTL : &CLASSICAL_HTL;
            /* plasmon decay is open for M = 0.1 MeV only */
            const double mass = channel == ND_PLASMON_DECAY ? 0.1 : M;
            const struct nd_rate fast = rate_with(channel, mass, 1.0, treatment, T, T_nu, loose);
            const struct nd_rate exact = rate_with(channel, mass, 1.0, treatment, T, T_nu, 1e-11);
            const double truth = fabs(expm1(fast.log_gamma - exact.log_gamma));
            cr_assert(truth <= fast.relative_error + 1e-10, "%s: true error %g, estimate %g",
                      nd_channel_name(channel), truth, fast.relative_error);
            cr_assert(fast.relative_error < 3.0 * loose, "%s: estimate %g, asked for %g",
                      nd_channel_name(channel), fast.relative_error, loose);
            cr_assert(fast.evaluations > 0);
        }
}

Test(rates, survive_underflow)
{
    /* m4/T = 1000 and 10000: gamma underflows, its logarithm and the scaled value do not, and
     * exp(q0/2T) of synthesis would overflow. */
    const double masses[] = {10.0, 100.0}, T = 0.01, T_nu = 0.00714;
    const struct nd_treatment *treatments[] = {&CLASSICAL, &QUANTUM, &QUANTUM_HTL};
    for (int i = 0; i < 6; i++)
        for (int c = 0; c < ND_PLASMON_DECAY; c++) {
            const enum nd_channel channel = (enum nd_channel)c;
            const struct nd_treatment *treatment = treatments[i % 3];
            const double M = masses[i / 3];
            const struct nd_rate rate = rate_with(channel, M, 1.0, treatment, T, T_nu, 1e-6);
            const double exponent = nd_rate_exponent(channel, M, T, T_nu);
            cr_assert(isfinite(rate.log_gamma) && rate.log_gamma < -700.0, "%s: ln gamma = %g",
                      nd_channel_name(channel), rate.log_gamma);
            ASSERT_CLOSE(rate.log_scaled, rate.log_gamma + exponent, 1e-9, "%s: scaled",
                         nd_channel_name(channel));
            cr_assert(fabs(rate.log_scaled) < 60.0, "%s: ln scaled = %g, not of order one",
                      nd_channel_name(channel), rate.log_scaled);
            /* Statistics do not matter any more, corrections are e^(-m_e/T), except for the soft
             * antineutrino of synthesis. Its k = sqrt s - M is distributed as k^2 e^(-k/T), so that
             * the mean of 1 - f_nu is 1 + sum (-1)^n/(1 + n T/T_nu)^3, up to T/M. */
            double expected = 0.0, tolerance = 1e-5;
            if (channel == ND_SYNTHESIS && treatment->statistics == ND_QUANTUM) {
                double mean = 1.0;
                for (int n = 1; n < 4000; n++)
                    mean += (n % 2 ? -1.0 : 1.0) / pow(1.0 + n * T / T_nu, 3);
                expected = log(mean);
                tolerance = 2e-3;
            }
            ASSERT_NEAR(
                rate.log_gamma - rate_with(channel, M, 1.0, &CLASSICAL, T, T_nu, 1e-6).log_gamma,
                expected, tolerance, "%s against Maxwell-Boltzmann", nd_channel_name(channel));
        }
}

static double upscattering_exponent(double log_k, void *context)
{
    const double *c = context; /* M, T, T_nu */
    const double k = exp(log_k), M = c[0], need = M * (M + 2.0 * m_e) / (2.0 * k);
    /* E + p = need head on: E = (need + m_e^2/need)/2, if more than m_e */
    const double E = need > m_e ? 0.5 * (need + m_e * m_e / need) : m_e;
    return k / c[2] + E / c[1];
}

Test(rates, exponents_are_the_lowest_energies)
{
    const double M = 0.6, T = 0.05, T_nu = 0.037;
    double context[] = {M, T, T_nu}, lowest = INFINITY, lowest_id = INFINITY;
    for (double l = -6.0; l < 3.0; l += 1e-4) {
        const double k = exp(l);
        lowest = fmin(lowest, upscattering_exponent(l, context));
        lowest_id = fmin(lowest_id, k / T_nu + M * M / (4.0 * k) / T);
    }
    ASSERT_CLOSE(nd_rate_exponent(ND_UPSCATTERING, M, T, T_nu), lowest, 1e-7, "upscattering");
    ASSERT_CLOSE(nd_rate_exponent(ND_INVERSE_DECAY, M, T, T_nu), lowest_id, 1e-7, "inverse decay");
    ASSERT_CLOSE(nd_rate_exponent(ND_UPSCATTERING, M, T, T), (M + m_e) / T, 1e-14,
                 "upscattering at one temperature");
    ASSERT_CLOSE(nd_rate_exponent(ND_SYNTHESIS, 0.6, T, T_nu), 2.0 * m_e / T, 1e-14, "synthesis");
    ASSERT_CLOSE(nd_rate_exponent(ND_SYNTHESIS, 2.0, T, T_nu), 2.0 / T, 1e-14, "synthesis, heavy");
    cr_assert(nd_rate_exponent(ND_PLASMON_DECAY, M, T, T_nu) == 0.0);
}

Test(rates, errors_name_channel_and_point)
{
    const struct nd_model model = model_of(0.6, 1.0);
    const struct nd_plasma plasma = plasma_at(1.0);
    struct nd_rate rate;
    /* no quadrature converges to 1e-30, and no classical sum over NANs does */
    struct nd_error error = ND_ERROR_INIT, bad_T_nu = ND_ERROR_INIT;
    ASSERT_ERROR(
        nd_rate_compute(&rate, ND_INVERSE_DECAY, &model, &QUANTUM_HTL, &plasma, 1.0, 1e-30, &error),
        error, ND_NOT_CONVERGED, "rate 'id' at T = 1 MeV, T_nu = 1 MeV, m4 = 0.6 MeV: ");
    ASSERT_ERROR(
        nd_rate_compute(&rate, ND_UPSCATTERING, &model, &QUANTUM, &plasma, NAN, 1e-6, &bad_T_nu),
        bad_T_nu, ND_NOT_CONVERGED, "rate 'up' at T = 1 MeV");
}

Test(rates, channel_names)
{
    static const char *const names[ND_N_CHANNELS] = {"id", "up", "syn", "plasmon"};
    for (int c = 0; c < ND_N_CHANNELS; c++)
        cr_assert(strcmp(nd_channel_name((enum nd_channel)c), names[c]) == 0);
}

/* ---- N in equilibrium ----------------------------------------------------------------------- */

Test(rates, equilibrium_density)
{
    const double tolerance = 1e-10;
    for (double x = 0.05; x < 600.0; x *= 2.1) {
        const double M = 0.6, T = M / x;
        const struct nd_model model = model_of(M, 1.0);
        double quantum = 0.0, n_max = fmin(4000.0, 2.0 + 40.0 / x), classical = 0.0;
        for (int n = 1; n <= n_max; n++) {
            double K2 = 0.0;
            gsl_sf_result result;
            if (gsl_sf_bessel_Kn_scaled_e(2, n * x, &result) == GSL_SUCCESS)
                K2 = result.val;
            const double term = M * M * T / (ND_PI * ND_PI) / n * K2 * exp(-(n - 1) * x);
            quantum += n % 2 == 1 ? term : -term;
            if (n == 1)
                classical = term;
        }
        ASSERT_NEAR(nd_log_n_equilibrium(&model, ND_MAXWELL_BOLTZMANN, T), log(classical) - x,
                    tolerance * (1.0 + x), "classical ln n at M/T = %g", x);
        ASSERT_NEAR(nd_log_n_equilibrium(&model, ND_QUANTUM, T), log(quantum) - x,
                    tolerance * (1.0 + x), "Fermi-Dirac ln n at M/T = %g", x);
    }
    /* relativistic: two spin states, 3 zeta(3)/(2 pi^2) T^3 */
    const struct nd_model light = model_of(1e-4, 1.0);
    ASSERT_NEAR(nd_log_n_equilibrium(&light, ND_QUANTUM, 3.0), log(2.0 * nd_neutrino_density(3.0)),
                1e-8, "light N");
}

Test(rates, equilibrium_density_far_below_the_mass)
{
    /* n = 2 (M T/2 pi)^(3/2) e^(-M/T) (1 + 15/8 T/M + ...); exp(-2000) underflows. */
    const double M = 20.0, T = 0.01, x = M / T;
    const struct nd_model model = model_of(M, 1.0);
    const double expected = log(2.0) + 1.5 * log(M * T / (2.0 * ND_PI)) - x + log1p(1.875 / x);
    ASSERT_NEAR(nd_log_n_equilibrium(&model, ND_QUANTUM, T), expected, 1e-6, "Fermi-Dirac");
    ASSERT_NEAR(nd_log_n_equilibrium(&model, ND_MAXWELL_BOLTZMANN, T), expected, 1e-6, "classical");
}

Test(rates, mean_energy)
{
    const double M = 0.6, tolerance = 1e-10;
    const struct nd_model model = model_of(M, 1.0);
    for (double T = 0.001; T < 100.0; T *= 2.7) { /* Maxwell-Boltzmann: M K_1/K_2 + 3 T */
        const double x = M / T;
        const double expected =
            M * gsl_sf_bessel_K1_scaled(x) / gsl_sf_bessel_Kn_scaled(2, x) + 3.0 * T;
        ASSERT_CLOSE(nd_mean_energy(&model, ND_MAXWELL_BOLTZMANN, T), expected, tolerance,
                     "classical at T = %g", T);
    }
    /* Fermi-Dirac: 7 pi^4/(180 zeta(3)) T = 3.1514 T when relativistic, M + 3T/2 when not */
    ASSERT_CLOSE(nd_mean_energy(&model, ND_QUANTUM, 1000.0),
                 7.0 * pow(ND_PI, 4) / (180.0 * ND_ZETA3) * 1000.0, 1e-6, "hot");
    ASSERT_CLOSE(nd_mean_energy(&model, ND_QUANTUM, 1e-4), M + 1.5e-4, 1e-6, "cold");
}
