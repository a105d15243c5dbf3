/* Tests of nudipole/plasma.h.
 *
 * Thermodynamics and photon masses: against sums over modified Bessel functions, which are exact
 * for ideal Fermi gases at any temperature, the ultra-relativistic and non-relativistic limits,
 * and thermodynamic identities by finite differences. Dispersion: against the formulas of Braaten
 * & Segel, Phys. Rev. D 48 (1993) 1478, written down here once more with plain logarithms. */
#include "support.h"

#include <gsl/gsl_sf_bessel.h>

#include "nudipole/constants.h"
#include "nudipole/plasma.h"

TestSuite(plasma, .init = no_gsl_abort);

static const double SERIES_TOLERANCE = 1e-10;    /* the sums of the library promise 1e-13 */
static const double DIFFERENCE_TOLERANCE = 1e-8; /* five-point differences, step 1e-2 in ln T */

static const double m_e = ND_M_ELECTRON;
static const double E2 = 4.0 * ND_PI * ND_ALPHA; /* e^2 */

static struct nd_plasma plasma_at(double T)
{
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, T);
    return plasma;
}

Test(plasma, ultra_relativistic_limits)
{
    const double T = 2000.0, tolerance = 1e-6; /* m_e^2/T^2 = 7e-8, with a logarithm */
    const struct nd_plasma plasma = plasma_at(T);
    const double rho_photon = ND_PI * ND_PI / 15.0 * pow(T, 4);
    const double rho = rho_photon * (1.0 + 4.0 / 2.0 * 7.0 / 8.0);
    ASSERT_CLOSE(nd_rho_photon(T), rho_photon, 1e-14, "photons");
    ASSERT_CLOSE(plasma.T, T, 0.0, "T");
    ASSERT_CLOSE(plasma.rho, rho, tolerance, "rho");
    ASSERT_CLOSE(plasma.p, rho / 3.0, tolerance, "p");
    ASSERT_CLOSE(plasma.s, 4.0 / 3.0 * rho / T, tolerance, "s");
    ASSERT_CLOSE(plasma.drho_dT, 4.0 * rho / T, tolerance, "drho/dT");
    ASSERT_CLOSE(plasma.m_debye2, E2 * T * T / 3.0, tolerance, "m_D^2");
    ASSERT_CLOSE(plasma.m_asymptotic2, E2 * T * T / 6.0, tolerance, "m_T^2");
    ASSERT_CLOSE(plasma.omega_p2, E2 * T * T / 9.0, tolerance, "omega_P^2");
    ASSERT_CLOSE(plasma.v_star, 1.0, tolerance, "v_*");
    ASSERT_CLOSE(sqrt(plasma.m_asymptotic2) / T, 0.1236, 5e-4, "m_T/T as published");
}

/* Sums over n of (-1)^(n+1) times Bessel functions of n m_e/T. */
struct fermi_sums {
    double rho, p, m_debye2, m_asymptotic2;
};

static struct fermi_sums bessel_sums(double T)
{
    struct fermi_sums sums = {0.0, 0.0, 0.0, 0.0};
    const double x = m_e / T, g = 4.0, m2 = m_e * m_e;
    for (int n = 1; n * x < 700.0 && n < 2000; n++) {
        const double z = n * x, sign = n % 2 == 1 ? 1.0 : -1.0;
        const double K0 = gsl_sf_bessel_K0(z), K1 = gsl_sf_bessel_K1(z), K2 = K0 + 2.0 * K1 / z;
        sums.rho += sign * g * m2 * m2 / (2.0 * ND_PI * ND_PI) * (K1 / z + 3.0 * K2 / (z * z));
        sums.p += sign * g * m2 * m2 / (2.0 * ND_PI * ND_PI) * K2 / (z * z);
        sums.m_asymptotic2 += sign * 8.0 * ND_ALPHA / ND_PI * m2 * K1 / z;
        sums.m_debye2 += sign * 8.0 * ND_ALPHA / ND_PI * m2 * (2.0 * K1 / z + K0);
    }
    return sums;
}

Test(plasma, bessel_series)
{
    for (double T = 0.03; T < 12.0; T *= 1.6) {
        const struct nd_plasma plasma = plasma_at(T);
        const struct fermi_sums sums = bessel_sums(T);
        /* at T = 0.03 MeV electrons are 1e-5 of the photons: five digits are lost */
        ASSERT_CLOSE(plasma.rho - nd_rho_photon(T), sums.rho, SERIES_TOLERANCE, "rho_e at %g", T);
        ASSERT_CLOSE(plasma.p - nd_rho_photon(T) / 3.0, sums.p, SERIES_TOLERANCE, "p_e at %g", T);
        ASSERT_CLOSE(plasma.m_debye2, sums.m_debye2, SERIES_TOLERANCE, "m_D^2 at %g", T);
        ASSERT_CLOSE(plasma.m_asymptotic2, sums.m_asymptotic2, SERIES_TOLERANCE, "m_T^2 at %g", T);
    }
}

Test(plasma, non_relativistic_limits)
{
    const double T = 0.006, x = m_e / T;
    const struct nd_plasma plasma = plasma_at(T);
    const double n = 4.0 * pow(m_e * T / (2.0 * ND_PI), 1.5) * exp(-x); /* e- and e+ */
    /* K_2(x): 1 + 15/(8x) + 105/(128 x^2) */
    const double density = n * (1.0 + 15.0 / (8.0 * x) + 105.0 / (128.0 * x * x));
    const double tolerance = 3.0 * pow(x, -2); /* second order in T/m_e, coefficients below 3 */
    ASSERT_CLOSE(plasma.omega_p2, E2 * density / m_e * (1.0 - 2.5 / x), 5.0 * tolerance,
                 "omega_P^2");
    ASSERT_CLOSE(plasma.m_asymptotic2, E2 * density / m_e * (1.0 - 1.5 / x), 5.0 * tolerance,
                 "m_T^2");
    ASSERT_CLOSE(plasma.m_debye2, E2 * density / T, tolerance, "m_D^2: classical Debye length");
    /* <v^2> = 3T/m: omega_1^2/omega_P^2 -> 5/3 <v^2> */
    ASSERT_CLOSE(plasma.v_star * plasma.v_star, 5.0 / x, 0.1, "v_*^2");
}

Test(plasma, entropy_and_derivatives)
{
    for (double T = 0.02; T < 100.0; T *= 1.7) {
        const double h = 0.01;
        struct nd_plasma p[5];
        for (int i = 0; i < 5; i++)
            p[i] = plasma_at(T * exp((i - 2) * h));
#define SLOPE(field)                                                                               \
    ((p[0].field - 8.0 * p[1].field + 8.0 * p[3].field - p[4].field) / (12.0 * h * T))
        ASSERT_CLOSE(p[2].s, (p[2].rho + p[2].p) / T, 1e-14, "s at %g", T);
        ASSERT_CLOSE(p[2].dp_dT, p[2].s, 1e-14, "dp/dT = s at %g", T);
        /* differences err as h^4/30 times a fifth logarithmic derivative, 4^5, of T^4 */
        const double tolerance = 100.0 * DIFFERENCE_TOLERANCE;
        ASSERT_CLOSE(SLOPE(p), p[2].s, tolerance, "dp/dT at %g", T);
        ASSERT_CLOSE(SLOPE(rho), p[2].drho_dT, tolerance, "drho/dT at %g", T);
        ASSERT_CLOSE(SLOPE(s), p[2].ds_dT, tolerance, "ds/dT at %g", T);
#undef SLOPE
    }
}

Test(plasma, quoted_masses)
{
    /* Derived independently: omega_P/T, m_T/T, m_D/T. */
    static const double rows[][4] = {
        {0.1, 0.0173, 0.0184, 0.0475}, {0.2, 0.0512, 0.0565, 0.1145}, {0.5, 0.0861, 0.0998, 0.1619},
        {1.0, 0.0963, 0.1147, 0.1714}, {2.0, 0.0996, 0.1206, 0.1740}, {5.0, 0.1007, 0.1230, 0.1747},
    };
    const double last_digit = 0.51e-4;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double T = rows[i][0];
        const struct nd_plasma plasma = plasma_at(T);
        ASSERT_NEAR(sqrt(plasma.omega_p2) / T, rows[i][1], last_digit, "omega_P/T at %g", T);
        ASSERT_NEAR(sqrt(plasma.m_asymptotic2) / T, rows[i][2], last_digit, "m_T/T at %g", T);
        ASSERT_NEAR(sqrt(plasma.m_debye2) / T, rows[i][3], last_digit, "m_D/T at %g", T);
    }
}

struct moment_context {
    double T;
    int kind; /* 0: omega_P^2, 1: omega_1^2 */
};

static double moment_integrand(double p, void *context)
{
    const struct moment_context *c = context;
    const double E = sqrt(p * p + m_e * m_e), v2 = p * p / (E * E);
    const double weight = c->kind == 0 ? 1.0 - v2 / 3.0 : 5.0 / 3.0 * v2 - v2 * v2;
    return 8.0 * ND_ALPHA / ND_PI * p * p / E * weight / (exp(E / c->T) + 1.0);
}

Test(plasma, plasma_frequency_by_quadrature)
{
    for (double T = 0.02; T < 50.0; T *= 2.0) {
        const struct nd_plasma plasma = plasma_at(T);
        struct moment_context c = {T, 0};
        const double far = 45.0 * (T + sqrt(T * m_e));
        const double omega_p2 = integrate(moment_integrand, &c, 0.0, far, 1e-11);
        c.kind = 1;
        const double omega_12 = integrate(moment_integrand, &c, 0.0, far, 1e-11);
        ASSERT_CLOSE(plasma.omega_p2, omega_p2, SERIES_TOLERANCE, "omega_P^2 at %g", T);
        ASSERT_CLOSE(plasma.v_star, sqrt(omega_12 / omega_p2), SERIES_TOLERANCE, "v_* at %g", T);
    }
}

/* Self-energies of Braaten & Segel as functions of omega^2, such that both modes obey
 * omega^2 - q^2 = Pi(omega^2) and have the residue 1/(1 - dPi/domega^2). Theirs of the longitudinal
 * mode, for which q^2 = Pi_L, is multiplied by (omega^2 - q^2)/q^2. */
static double self_energy(const struct nd_plasma *plasma, enum nd_polarisation polarisation,
                          double omega2, double q)
{
    const long double omega = sqrtl(omega2), vq = (long double)plasma->v_star * q;
    const long double logarithm = omega / (2.0L * vq) * logl((omega + vq) / (omega - vq));
    const long double wp2 = plasma->omega_p2, ratio = omega * omega / (vq * vq);
    if (polarisation == ND_TRANSVERSE)
        return (double)(1.5L * wp2 * ratio * (1.0L - (1.0L - 1.0L / ratio) * logarithm));
    const long double v2 = (long double)plasma->v_star * plasma->v_star;
    return (double)(3.0L * wp2 / v2 * (logarithm - 1.0L) * (omega * omega - (long double)q * q) /
                    ((long double)q * q));
}

Test(plasma, modes_obey_braaten_segel)
{
    const double equation_tolerance = 1e-9; /* of omega^2, in units of omega_P^2 */
    const double residue_tolerance = 1e-5;  /* differences with step 1e-4 (omega^2 - v^2 q^2) */
    for (double T = 0.05; T < 60.0; T *= 3.0) {
        const struct nd_plasma plasma = plasma_at(T);
        const double wp = sqrt(plasma.omega_p2), q_max = nd_longitudinal_q_max(&plasma);
        for (int k = 0; k < 2; k++) {
            const enum nd_polarisation pol = k == 0 ? ND_TRANSVERSE : ND_LONGITUDINAL;
            for (double q = 0.1 * wp; q < (k == 0 ? 30.0 * wp : 0.98 * q_max); q *= 1.3) {
                struct nd_photon_mode mode;
                struct nd_error error = ND_ERROR_INIT;
                ASSERT_OK(nd_photon_mode_at(&plasma, pol, q, &mode, &error), error);
                const double w2 = q * q + mode.mass2;
                ASSERT_CLOSE(mode.omega * mode.omega, w2, 1e-13, "omega^2");
                ASSERT_NEAR(self_energy(&plasma, pol, w2, q), mode.mass2,
                            equation_tolerance * (wp * wp + q * q), "T = %g, q = %g, pol %d", T, q,
                            k);
                const double step = 1e-4 * (w2 - plasma.v_star * plasma.v_star * q * q);
                const double slope = (self_energy(&plasma, pol, w2 + step, q) -
                                      self_energy(&plasma, pol, w2 - step, q)) /
                                     (2.0 * step);
                ASSERT_CLOSE(mode.residue, 1.0 / (1.0 - slope), residue_tolerance,
                             "residue at T = %g, q = %g omega_P, pol %d", T, q / wp, k);
            }
        }
    }
}

Test(plasma, long_waves)
{
    /* Transverse: omega^2 = omega_P^2 + (1 + v^2/5) q^2, longitudinal: omega_P^2 + 3/5 v^2 q^2;
     * next order (q/omega_P)^4. */
    for (double T = 0.05; T < 60.0; T *= 4.0) {
        const struct nd_plasma plasma = plasma_at(T);
        const double wp2 = plasma.omega_p2, v2 = plasma.v_star * plasma.v_star;
        const double ratio = 0.02, q = ratio * sqrt(wp2), tolerance = 3.0 * ratio * ratio;
        const double slopes[] = {1.0 + 0.2 * v2, 0.6 * v2};
        for (int k = 0; k < 2; k++) {
            struct nd_photon_mode mode;
            struct nd_error error = ND_ERROR_INIT;
            ASSERT_OK(nd_photon_mode_at(&plasma, k == 0 ? ND_TRANSVERSE : ND_LONGITUDINAL, q, &mode,
                                        &error),
                      error);
            ASSERT_NEAR((mode.omega * mode.omega - wp2) / (q * q), slopes[k], tolerance,
                        "slope at T = %g, pol %d", T, k);
            ASSERT_NEAR(mode.residue, 1.0, tolerance, "residue at T = %g, pol %d", T, k);
        }
    }
}

Test(plasma, hard_transverse_photons)
{
    for (double T = 0.01; T < 100.0; T *= 1.7) {
        const struct nd_plasma plasma = plasma_at(T);
        const double mass2 = nd_transverse_mass2_max(&plasma), far = 1e3 * sqrt(plasma.omega_p2);
        struct nd_photon_mode mode;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_OK(nd_photon_mode_at(&plasma, ND_TRANSVERSE, far, &mode, &error), error);
        ASSERT_CLOSE(mode.mass2, mass2, 1e-4, "K^2 of a hard photon at T = %g", T);
        ASSERT_CLOSE(mode.residue, 1.0, 1e-4, "residue of a hard photon at T = %g", T);
        /* Braaten & Segel's interpolation is good to some per cent of the masses squared: exact at
         * both ends, worst (1.4 %) at T = m_e/2 */
        ASSERT_CLOSE(mass2, plasma.m_asymptotic2, 1.5e-2, "m_T^2 at T = %g", T);
    }
    const struct nd_plasma hot = plasma_at(1000.0);
    ASSERT_CLOSE(nd_transverse_mass2_max(&hot), 1.5 * hot.omega_p2, 1e-5, "3/2 omega_P^2");
}

Test(plasma, longitudinal_modes_end_on_the_light_cone)
{
    for (double T = 0.05; T < 60.0; T *= 3.0) {
        const struct nd_plasma plasma = plasma_at(T);
        const double v = plasma.v_star, wp2 = plasma.omega_p2;
        const double q_max = nd_longitudinal_q_max(&plasma);
        const double expected =
            sqrt(3.0 * wp2 / (v * v) * (log((1.0 + v) / (1.0 - v)) / (2.0 * v) - 1.0));
        /* near v = 1 the logarithm amplifies rounding of 1 - v */
        ASSERT_CLOSE(q_max, expected, 1e-9, "q_max at T = %g", T);
        struct nd_photon_mode mode;
        struct nd_error error = ND_ERROR_INIT, beyond = ND_ERROR_INIT;
        ASSERT_OK(nd_photon_mode_at(&plasma, ND_LONGITUDINAL, q_max * (1.0 - 1e-7), &mode, &error),
                  error);
        cr_assert(mode.mass2 >= 0.0 && mode.mass2 < 1e-5 * wp2, "K^2 = %g omega_P^2 at q_max",
                  mode.mass2 / wp2);
        ASSERT_ERROR(
            nd_photon_mode_at(&plasma, ND_LONGITUDINAL, q_max * (1.0 + 1e-7), &mode, &beyond),
            beyond, ND_BAD_INPUT, "longitudinal photon of q = ");
        char value[32];
        snprintf(value, sizeof value, "%g MeV only", q_max);
        cr_assert(strstr(beyond.message, value) != NULL, "'%s' lacks '%s'", beyond.message, value);
    }
}

Test(plasma, longitudinal_modes_in_closed_form_are_those_found_by_root_finding)
{
    const double tolerance = 1e-9; /* of the root, relative to omega_p^2 */
    const double temperatures[] = {0.03, 0.3, 3.0, 100.0}, deficits[] = {0.9, 0.3, 0.05, 1e-3};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            struct nd_plasma plasma;
            struct nd_photon_mode closed, found, shifted;
            struct nd_error failure = ND_ERROR_INIT;
            double q, slope, q_shifted, ignored;
            nd_plasma_init(&plasma, temperatures[i]);
            nd_longitudinal_mode(&plasma, deficits[j], &closed, &q, &slope);
            ASSERT_OK(nd_photon_mode_at(&plasma, ND_LONGITUDINAL, q, &found, &failure), failure);
            ASSERT_NEAR(closed.mass2 / plasma.omega_p2, found.mass2 / plasma.omega_p2, tolerance,
                        "K^2/omega_p^2 at T = %g, deficit %g", temperatures[i], deficits[j]);
            ASSERT_CLOSE(closed.residue, found.residue, 1e-6, "Z at T = %g, deficit %g",
                         temperatures[i], deficits[j]);
            const double h = 1e-5;
            nd_longitudinal_mode(&plasma, deficits[j] * exp(h), &shifted, &q_shifted, &ignored);
            ASSERT_CLOSE(log(q_shifted / q) / h, slope, 1e-3, "slope at T = %g, deficit %g",
                         temperatures[i], deficits[j]);
        }
}
