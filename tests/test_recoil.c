/* Tests of nudipole/recoil.h: kinematics, cross section, recoil spectrum and xenon's electrons.
 *
 * The two published inequalities are compared with each other and with the kinematics of the centre
 * of mass, the cross section with the squared matrix element and with the total cross section, the
 * recoil spectrum in closed form with quadrature of the paper's Eq. 2 as printed. */
#include "nudipole/recoil.h"

#include <float.h>
#include <stdlib.h>
#include <unistd.h>

#include "nudipole/constants.h"
#include "nudipole/model.h"
#include "nudipole/quadrature.h"
#include "support.h"

static const double ROUNDING = 1e-13;
/* Both inequalities cancel a few digits where m4^2 is far below m_e E_R. */
static const double KINEMATICS_TOLERANCE = 1e-12;

static const double m_e = ND_M_ELECTRON;

/* NuFIT 6.0. */
static const struct nd_oscillation NUFIT = {0.307, 0.02195, 0.561, 7.49e-17};

static const char *shipped(void)
{
    static char path[1024];
    const char *root = getenv("ND_TEST_ROOT");
    snprintf(path, sizeof path, "%s/params/data", root != NULL ? root : ".");
    return path;
}

TestSuite(recoil, .init = no_gsl_abort);

/* Masses as a share of the largest one that E_nu can make. */
static const double SHARES[] = {1e-3, 0.03, 0.3, 0.7, 0.95, 0.9999};
enum { N_SHARES = sizeof SHARES / sizeof SHARES[0] };

/* ---- kinematics ---- */

/* Eq. 4 and Eq. 6 as printed. */
Test(recoil, published_kinematics)
{
    for (double E_R = 1e-4; E_R < 10.0; E_R *= 3.0)
        for (double m4 = 1e-3; m4 < 10.0; m4 *= 3.0) {
            const double root = sqrt(E_R * (E_R + 2.0 * m_e));
            const double eq4 = (m4 * m4 + 2.0 * m_e * E_R) / (2.0 * (root - E_R));
            const double E_nu = 2.0 * eq4, eq6 = 2.0 * (E_nu * root - E_R * (E_nu + m_e));
            /* root - E_R cancels */
            const double tolerance = 8.0 * DBL_EPSILON * root / (root - E_R);
            ASSERT_CLOSE(nd_recoil_neutrino_energy_min(m4, E_R), eq4, tolerance,
                         "Eq. 4, m4 = %g, E_R = %g", m4, E_R);
            ASSERT_CLOSE(nd_recoil_mass_max(E_nu, E_R), sqrt(eq6), ROUNDING,
                         "Eq. 6, E_nu = %g, E_R = %g", E_nu, E_R);
        }
}

Test(recoil, one_inequality_twice)
{
    for (double E_R = 1e-4; E_R < 20.0; E_R *= 1.7)
        for (double m4 = 1e-3; m4 < 10.0; m4 *= 1.7) {
            const double E_nu = nd_recoil_neutrino_energy_min(m4, E_R);
            const double scale = 1.0 + m_e * E_R / (m4 * m4);
            ASSERT_CLOSE(nd_recoil_mass_max(E_nu, E_R), m4, KINEMATICS_TOLERANCE * scale,
                         "Eq. 6 of Eq. 4, m4 = %g, E_R = %g", m4, E_R);
        }
    for (double E_nu = 1e-3; E_nu < 20.0; E_nu *= 1.7)
        for (double E_R = 1e-5; E_R < 20.0; E_R *= 1.7) {
            const double m4 = nd_recoil_mass_max(E_nu, E_R);
            const int reached = E_R < 2.0 * E_nu * E_nu / (m_e + 2.0 * E_nu);
            cr_assert((m4 > 0.0) == reached, "E_nu = %g, E_R = %g: m4 up to %g", E_nu, E_R, m4);
            if (reached)
                ASSERT_CLOSE(nd_recoil_neutrino_energy_min(m4, E_R), E_nu, KINEMATICS_TOLERANCE,
                             "Eq. 4 of Eq. 6, E_nu = %g, E_R = %g", E_nu, E_R);
        }
}

/* The largest m4 in keV at the end points of the solar spectra for recoils of 2, 2.5 and 3 keV; the
 * paper prints 290 (CNO) and 920 (8B) for "2-3 keV". */
Test(recoil, largest_masses_of_the_paper)
{
    static const struct {
        double E_nu, m4, tolerance; /* MeV, keV */
        int in_range;               /* the number holds for 2 to 3 keV at another E_nu */
    } cases[] = {
        {0.42341, 195.0, 1.0, 0}, /* pp */
        {1.732, 405.0, 1.0, 0},   /* CNO, end point of 15O */
        {1.740, 406.0, 1.0, 0},   /* of 17F */
        {16.02, 1240.0, 2.0, 0},  /* 8B, Bahcall 1996 */
        {15.3, 1212.0, 1.0, 0},   /* 8B, last energy of Winter et al. */
        {0.90, 290.0, 1.0, 1},    /* what the paper took for CNO: near the mean energy */
        {8.8, 920.0, 2.0, 1},     /* and for 8B */
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const double E_nu = cases[k].E_nu;
        const double low = 1e3 * nd_recoil_mass_max(E_nu, 2e-3);
        const double middle = 1e3 * nd_recoil_mass_max(E_nu, 2.5e-3);
        const double high = 1e3 * nd_recoil_mass_max(E_nu, 3e-3);
        ASSERT_NEAR(middle, cases[k].m4, cases[k].tolerance, "m4 [keV] for %g MeV", E_nu);
        cr_assert(low < middle && middle < high, "%g, %g, %g keV", low, middle, high);
        /* goes as E_R^(1/4), up to sqrt(E_R/m_e) m_e/E_nu */
        ASSERT_CLOSE(high / low, pow(1.5, 0.25), 0.02, "3 keV over 2 keV at %g MeV", E_nu);
    }
}

/* -t = 2 k (E_N -+ p) - m4^2 in the centre of mass, in long double. */
static void centre_of_mass(double m4, double E_nu, double *low, double *high)
{
    const long double m = m_e, s = m * m + 2.0L * m * E_nu, M2 = (long double)m4 * m4;
    const long double root = sqrtl(s), k = m * E_nu / root;
    const long double energy = (s + M2 - m * m) / (2.0L * root);
    const long double p = sqrtl(fmaxl(0.0L, (energy - m4) * (energy + m4)));
    *high = (double)((2.0L * k * (energy + p) - M2) / (2.0L * m));
    *low = (double)((2.0L * k * M2 / (energy + p) - M2) / (2.0L * m));
}

Test(recoil, range)
{
    for (double E_nu = 1e-3; E_nu < 20.0; E_nu *= 1.9)
        for (int i = 0; i < N_SHARES; i++) {
            const double m4 = SHARES[i] * nd_recoil_mass_end(E_nu), m2 = m4 * m4;
            const double s = m_e * m_e + 2.0 * m_e * E_nu;
            double low = NAN, high = NAN, low_cm, high_cm;
            cr_assert(nd_recoil_range(m4, E_nu, &low, &high) == 1, "m4 = %g, E_nu = %g", m4, E_nu);
            cr_assert(0.0 < low && low < high, "%g to %g MeV", low, high);
            /* s - m_e^2 loses digits where E_nu is far below m_e */
            const double tolerance = KINEMATICS_TOLERANCE * (1.0 + 0.01 * m_e / E_nu);
            ASSERT_CLOSE(nd_recoil_neutrino_energy_min(m4, low), E_nu, tolerance,
                         "Eq. 4 at the lower end, m4 = %g, E_nu = %g", m4, E_nu);
            ASSERT_CLOSE(nd_recoil_neutrino_energy_min(m4, high), E_nu, tolerance,
                         "Eq. 4 at the upper end, m4 = %g, E_nu = %g", m4, E_nu);
            ASSERT_CLOSE(4.0 * m_e * m_e * low * high, m2 * m2 * m_e * m_e / s, ROUNDING,
                         "t- t+, m4 = %g, E_nu = %g", m4, E_nu);
            /* the small root as a difference: 19 digits less what cancels */
            const double lost = high / low * (double)LDBL_EPSILON;
            centre_of_mass(m4, E_nu, &low_cm, &high_cm);
            /* p, and with it the width of the range, is a root of what is left of s */
            const double near_end = 1e-12 / sqrt(1.0 - SHARES[i]) * (1.0 + 0.01 * m_e / E_nu);
            ASSERT_CLOSE(high, high_cm, near_end, "upper end, m4 = %g, E_nu = %g", m4, E_nu);
            ASSERT_CLOSE(low, low_cm, near_end + 100.0 * lost, "lower end, m4 = %g, E_nu = %g", m4,
                         E_nu);
        }
}

/* Between the ends Eq. 4 asks for less than E_nu, outside for more. */
Test(recoil, range_is_where_eq4_allows)
{
    for (double E_nu = 0.01; E_nu < 20.0; E_nu *= 3.1)
        for (int i = 0; i < N_SHARES; i++) {
            const double m4 = SHARES[i] * nd_recoil_mass_end(E_nu);
            double low, high;
            cr_assert(nd_recoil_range(m4, E_nu, &low, &high));
            for (double u = -0.2; u < 1.3; u += 0.09) {
                const double E_R = low * pow(high / low, u);
                cr_assert((nd_recoil_neutrino_energy_min(m4, E_R) < E_nu) == (u > 0.0 && u < 1.0),
                          "m4 = %g, E_nu = %g, E_R = %g", m4, E_nu, E_R);
                cr_assert((nd_recoil_cross_section(m4, E_nu, E_R) > 0.0) == (u > 0.0 && u < 1.0),
                          "cross section at m4 = %g, E_nu = %g, E_R = %g", m4, E_nu, E_R);
            }
        }
}

Test(recoil, massless_range)
{
    for (double E_nu = 1e-3; E_nu < 20.0; E_nu *= 1.9) {
        const double end = 2.0 * E_nu * E_nu / (m_e + 2.0 * E_nu); /* Compton's edge */
        const double tolerance = KINEMATICS_TOLERANCE * (1.0 + 0.01 * m_e / E_nu);
        double low = NAN, high = NAN;
        cr_assert(nd_recoil_range(0.0, E_nu, &low, &high) == 1);
        ASSERT_CLOSE(low, 0.0, 0.0, "lower end");
        ASSERT_CLOSE(high, end, tolerance, "upper end for %g MeV", E_nu);
        cr_assert(nd_recoil_range(1e-6 * E_nu, E_nu, &low, &high) == 1);
        ASSERT_CLOSE(high, end, 1e-9, "upper end for %g MeV, next to massless", E_nu);
        ASSERT_CLOSE(nd_recoil_neutrino_energy_min(0.0, end), E_nu, ROUNDING, "Eq. 4, massless");
    }
}

/* sqrt(s) = m4 + m_e: the range shrinks to the recoil of N and e at rest together, E_R =
 * m4^2/(2 (m4 + m_e)), and Eq. 6 has its maximum there. */
Test(recoil, end_of_masses)
{
    for (double E_nu = 1e-3; E_nu < 20.0; E_nu *= 1.37) {
        const double end = nd_recoil_mass_end(E_nu), E_R = end * end / (2.0 * (end + m_e));
        double low = NAN, high = NAN;
        ASSERT_CLOSE(end, sqrt(m_e * m_e + 2.0 * m_e * E_nu) - m_e, ROUNDING * (1.0 + m_e / E_nu),
                     "largest mass for %g MeV", E_nu);
        cr_assert(nd_recoil_range(end, E_nu, &low, &high) == 1, "closed at the end, %g MeV", E_nu);
        cr_assert(nd_recoil_range(nextafter(end, 100.0), E_nu, &low, &high) == 0,
                  "open above the end, %g MeV", E_nu);
        cr_assert(nd_recoil_range(2.0 * end, E_nu, &low, &high) == 0);
        const double tolerance = KINEMATICS_TOLERANCE * (1.0 + 0.01 * m_e / E_nu);
        ASSERT_CLOSE(low, E_R, tolerance, "lower end of the last range, %g MeV", E_nu);
        ASSERT_CLOSE(high, E_R, tolerance, "upper end of the last range, %g MeV", E_nu);
        ASSERT_CLOSE(nd_recoil_mass_max(E_nu, E_R), end, tolerance, "maximum of Eq. 6, %g MeV",
                     E_nu);
        for (int side = -1; side <= 1; side += 2)
            cr_assert(nd_recoil_mass_max(E_nu, E_R * (1.0 + 1e-3 * side)) < end,
                      "Eq. 6 beside its maximum, %g MeV", E_nu);
    }
}

/* ---- cross section ---- */

/* Eq. 2 as printed, half convention, for mu = 1; `pieces` is the sum of its terms' sizes. */
static double eq2(double m4, double E, double E_R, double *pieces)
{
    const double M2 = m4 * m4, m = m_e;
    const double terms[] = {
        1.0 / E_R,
        -M2 / (2.0 * E * E_R * m),
        M2 / (2.0 * E * E_R * m) * E_R / (2.0 * E),
        -M2 / (2.0 * E * E_R * m) * m / (2.0 * E),
        -1.0 / E,
        M2 * M2 * E_R / (8.0 * E * E * E_R * E_R * m * m),
        -M2 * M2 * m / (8.0 * E * E * E_R * E_R * m * m),
    };
    double sum = 0.0, size = 0.0;
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        sum += ND_ALPHA * terms[i];
        size += ND_ALPHA * fabs(terms[i]);
    }
    if (pieces != NULL)
        *pieces = size;
    return sum;
}

static struct nd_model make_model(double m4, double mu)
{
    struct nd_model model;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_model_init(&model, m4, mu, ND_CONVENTION_HALF, ND_FLAVOUR_TAU, &error), error);
    return model;
}

/* dsigma/dt = (1/2) sum |M|^2/(16 pi S^2), S = 2 m_e E_nu, and dt = 2 m_e dE_R. It is mu^2 times
 * the cross section of mu = 1. */
Test(recoil, cross_section_from_the_matrix_element)
{
    const double mu = 0.7, tolerance = 1e-13; /* of the largest piece: terms cancel */
    for (double E_nu = 0.01; E_nu < 20.0; E_nu *= 1.7)
        for (int i = 0; i < N_SHARES; i++) {
            const double m4 = SHARES[i] * nd_recoil_mass_end(E_nu), S = 2.0 * m_e * E_nu;
            const struct nd_model model = make_model(m4, mu);
            double low, high;
            cr_assert(nd_recoil_range(m4, E_nu, &low, &high));
            for (double u = 0.02; u < 1.0; u += 0.06) {
                const double E_R = low * pow(high / low, u);
                const double M2 = nd_matrix_element_2to2(&model, S, -2.0 * m_e * E_R);
                const double traces = 2.0 * m_e * 0.5 * M2 / (16.0 * ND_PI * S * S) / (mu * mu);
                const double code = nd_recoil_cross_section(m4, E_nu, E_R);
                double pieces;
                const double printed = eq2(m4, E_nu, E_R, &pieces);
                ASSERT_NEAR(code, printed, tolerance * pieces, "Eq. 2: m4 = %g, E = %g, E_R = %g",
                            m4, E_nu, E_R);
                ASSERT_NEAR(code, traces, tolerance * pieces, "|M|^2: m4 = %g, E = %g, E_R = %g",
                            m4, E_nu, E_R);
                if (pieces < 100.0 * code)
                    ASSERT_CLOSE(code, traces, 1e-10, "|M|^2: m4 = %g, E = %g, E_R = %g", m4, E_nu,
                                 E_R);
            }
        }
}

struct at_energy {
    double m4, E_nu;
};

static double recoil_integrand(double log_E, void *context)
{
    const struct at_energy *c = context;
    return exp(log_E) * nd_recoil_cross_section(c->m4, c->E_nu, exp(log_E));
}

Test(recoil, total_cross_section)
{
    const double tolerance = 1e-7; /* next to the largest mass the range is a small difference */
    for (double E_nu = 0.01; E_nu < 20.0; E_nu *= 1.9)
        for (int i = 0; i < N_SHARES; i++) {
            struct at_energy c = {SHARES[i] * nd_recoil_mass_end(E_nu), E_nu};
            const struct nd_model model = make_model(c.m4, 1.0);
            struct nd_error error = ND_ERROR_INIT;
            struct nd_integral integral;
            double low, high;
            cr_assert(nd_recoil_range(c.m4, E_nu, &low, &high));
            ASSERT_OK(nd_integrate_interval(recoil_integrand, &c, log(low), log(high), 1e-10, 0.0,
                                            &integral, &error),
                      error);
            ASSERT_CLOSE(integral.value,
                         nd_sigma_upscattering(&model, m_e * m_e + 2.0 * m_e * E_nu, 0.0),
                         tolerance, "sigma, m4 = %g, E_nu = %g", c.m4, E_nu);
        }
}

/* A magnetic moment: alpha mu^2 (1/E_R - 1/E_nu) up to order m4^2/(m_e E_R). */
Test(recoil, massless_cross_section)
{
    const double m4 = 1e-7, tolerance = 1e-9;
    for (double E_nu = 0.05; E_nu < 20.0; E_nu *= 1.7)
        for (double u = 0.01; u < 1.0; u += 0.07) {
            const double E_R = u * 2.0 * E_nu * E_nu / (m_e + 2.0 * E_nu);
            const double textbook = ND_ALPHA * (1.0 / E_R - 1.0 / E_nu);
            ASSERT_CLOSE(nd_recoil_cross_section(0.0, E_nu, E_R), textbook, ROUNDING * 100.0,
                         "massless, E = %g, E_R = %g", E_nu, E_R);
            ASSERT_CLOSE(nd_recoil_cross_section(m4, E_nu, E_R), textbook, tolerance,
                         "next to massless, E = %g, E_R = %g", E_nu, E_R);
        }
}

Test(recoil, no_recoil)
{
    cr_assert(nd_recoil_cross_section(0.1, 1.0, 0.0) == 0.0);
    cr_assert(nd_recoil_cross_section(0.1, 1.0, -0.1) == 0.0);
    cr_assert(nd_recoil_cross_section(0.1, 1.0, 5.0) == 0.0);
    cr_assert(nd_recoil_cross_section(0.0, 1.0, 0.01) > 0.0);
}

/* ---- recoil spectrum ---- */

static struct nd_solar *make_solar(void)
{
    struct nd_solar *solar;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_solar_create(&solar, shipped(), ND_SOLAR_B16_GS98, NULL, &error), error);
    return solar;
}

static struct nd_flux *make_flux(const struct nd_solar *solar, enum nd_source source,
                                 const struct nd_oscillation *oscillation)
{
    struct nd_flux *flux;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_flux_create(&flux, solar, source, oscillation, ND_FLAVOUR_TAU, &error), error);
    return flux;
}

struct spectrum {
    const struct nd_flux *flux;
    double m4, E_R;
    int sizes; /* the sizes of Eq. 2's terms instead of their sum */
};

static double spectrum_integrand(double E_nu, void *context)
{
    const struct spectrum *c = context;
    double pieces;
    const double sum = eq2(c->m4, E_nu, c->E_R, &pieces);
    return nd_flux_density(c->flux, E_nu) * (c->sizes ? pieces : sum);
}

/* Eq. 3 above Eq. 4's energy, one adaptive integral for each cell of the table. */
static double quadrature_rate(const struct nd_solar_source *source, struct spectrum *c)
{
    const double E_min = nd_recoil_neutrino_energy_min(c->m4, c->E_R);
    double sum = 0.0;
    for (int i = 1; i < source->n; i++) {
        struct nd_error error = ND_ERROR_INIT;
        struct nd_integral integral;
        const double low = fmax(source->energy[i - 1], E_min), high = source->energy[i];
        if (low >= high)
            continue;
        ASSERT_OK(nd_integrate_interval(spectrum_integrand, c, low, high, 1e-10, 1e-40, &integral,
                                        &error),
                  error);
        sum += integral.value;
    }
    return sum;
}

static const double RECOILS[] = {1e-4, 5e-4, 2.5e-3, 7e-3, 0.03, 0.1}; /* MeV */
enum { N_RECOILS = sizeof RECOILS / sizeof RECOILS[0] };

static void assert_rates(const struct nd_solar *solar, enum nd_source s,
                         const struct nd_oscillation *oscillation)
{
    const double tolerance = 1e-10; /* of the sizes of the terms: the quadrature's */
    const struct nd_solar_source *source = &solar->sources[s];
    struct nd_flux *flux = make_flux(solar, s, oscillation);
    const double end = nd_recoil_mass_end(nd_flux_end(flux));
    const double masses[] = {1e-3, 0.02, 0.1, 0.5 * end, 0.9 * end, 0.999 * end};
    int open = 0;
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < N_RECOILS; j++) {
            struct spectrum c = {flux, masses[i], RECOILS[j], 0};
            const double rate = nd_recoil_rate(flux, c.m4, c.E_R);
            const double expected = quadrature_rate(source, &c);
            c.sizes = 1;
            const double sizes = quadrature_rate(source, &c);
            open += rate > 0.0;
            cr_assert((rate > 0.0) == (expected > 0.0), "%g and %g", rate, expected);
            ASSERT_NEAR(rate, expected, tolerance * sizes, "dR/dE_R of %s, m4 = %g, E_R = %g",
                        nd_source_name(s), c.m4, c.E_R);
            ASSERT_CLOSE(rate, expected, 1e-7, "dR/dE_R of %s, m4 = %g, E_R = %g",
                         nd_source_name(s), c.m4, c.E_R);
        }
    cr_assert(open >= 15 && open < 36, "%d of 36 rates of %s are open", open, nd_source_name(s));
    nd_flux_free(flux);
}

static const enum nd_source CONTINUA[] = {ND_SOURCE_PP,  ND_SOURCE_8B,  ND_SOURCE_HEP,
                                          ND_SOURCE_13N, ND_SOURCE_15O, ND_SOURCE_17F};

Test(recoil, rate_of_continua)
{
    struct nd_solar *solar = make_solar();
    for (int i = 0; i < 6; i++)
        assert_rates(solar, CONTINUA[i], NULL);
    nd_solar_free(solar);
}

Test(recoil, rate_of_oscillated_continua)
{
    struct nd_solar *solar = make_solar();
    for (int i = 0; i < 6; i++)
        assert_rates(solar, CONTINUA[i], &NUFIT);
    nd_solar_free(solar);
}

/* Flux times cross section of every line that reaches the recoil. */
Test(recoil, rate_of_lines)
{
    static const enum nd_source lines[] = {ND_SOURCE_7BE, ND_SOURCE_PEP};
    struct nd_solar *solar = make_solar();
    for (int k = 0; k < 2; k++) {
        const struct nd_solar_source *source = &solar->sources[lines[k]];
        struct nd_flux *flux = make_flux(solar, lines[k], NULL);
        int open = 0;
        for (double m4 = 1e-3; m4 < 0.8; m4 *= 1.5)
            for (double E_R = 1e-4; E_R < 2.0; E_R *= 1.5) {
                double expected = 0.0, sizes = 0.0;
                for (int i = 0; i < source->n; i++) {
                    double low, high, pieces;
                    if (!nd_recoil_range(m4, source->energy[i], &low, &high) || E_R < low ||
                        E_R > high)
                        continue;
                    const double value = source->flux * source->shape[i];
                    expected += value * eq2(m4, source->energy[i], E_R, &pieces);
                    sizes += value * pieces;
                    open++;
                }
                const double rate = nd_recoil_rate(flux, m4, E_R);
                ASSERT_NEAR(rate, expected, ROUNDING * sizes, "%s, m4 = %g, E_R = %g",
                            nd_source_name(lines[k]), m4, E_R);
            }
        cr_assert(open > 100, "only %d lines are open", open);
        nd_flux_free(flux);
    }
    nd_solar_free(solar);
}

/* The spectrum of a line starts and ends with a jump at the ends of its range. */
Test(recoil, line_jumps_at_the_ends_of_its_range)
{
    struct nd_solar *solar = make_solar();
    struct nd_flux *flux = make_flux(solar, ND_SOURCE_PEP, NULL);
    for (double m4 = 1e-2; m4 < 0.8; m4 *= 1.5) {
        double low, high;
        const double step = 1e-11;
        cr_assert(nd_recoil_range(m4, 1.442, &low, &high));
        cr_assert(nd_recoil_rate(flux, m4, low * (1.0 - step)) == 0.0, "below, m4 = %g", m4);
        cr_assert(nd_recoil_rate(flux, m4, low * (1.0 + step)) > 0.0, "above low, m4 = %g", m4);
        cr_assert(nd_recoil_rate(flux, m4, high * (1.0 - step)) > 0.0, "below high, m4 = %g", m4);
        cr_assert(nd_recoil_rate(flux, m4, high * (1.0 + step)) == 0.0, "above, m4 = %g", m4);
    }
    nd_flux_free(flux);
    nd_solar_free(solar);
}

/* Positive up to the heaviest mass of every recoil, where the moments come from the last bit of the
 * last cell; nothing above it. */
Test(recoil, rate_next_to_the_heaviest_mass)
{
    struct nd_solar *solar = make_solar();
    for (int s = 0; s < ND_N_SOURCES; s++) {
        struct nd_flux *flux = make_flux(solar, (enum nd_source)s, &NUFIT);
        for (double E_R = 1e-4; E_R < 0.1; E_R *= 1.1) {
            const double end = nd_recoil_mass_max(nd_flux_end(flux), E_R);
            for (double distance = 1e-10; distance < 0.9; distance *= 1.7)
                cr_assert(nd_recoil_rate(flux, end * (1.0 - distance), E_R) > 0.0,
                          "source %d, E_R = %g, %g below the heaviest mass", s, E_R, distance);
            cr_assert(nd_recoil_rate(flux, end * (1.0 + 1e-12), E_R) == 0.0,
                      "source %d, E_R = %g, above the heaviest mass", s, E_R);
        }
        nd_flux_free(flux);
    }
    nd_solar_free(solar);
}

/* ---- electrons of xenon ---- */

Test(recoil, electrons_of_xenon)
{
    static const struct {
        double low, high, number; /* keV */
    } steps[] = {{0.7, 0.94, 36.0},      {0.9407, 1.002, 40.0},  {1.0022, 1.1486, 42.0},
                 {1.1488, 4.7859, 44.0}, {4.7861, 5.1069, 48.0}, {5.1071, 5.4529, 50.0},
                 {5.4531, 34.56, 52.0},  {34.562, 1000.0, 54.0}, {1e-5, 0.01209, 0.0},
                 {0.01211, 0.0133, 4.0}};
    struct nd_atom atom;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_atom_xenon(&atom, shipped(), &error), error);
    for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++)
        for (int i = 0; i <= 10; i++) {
            const double E = steps[k].low * pow(steps[k].high / steps[k].low, 0.1 * i);
            const double number = nd_atom_electrons(&atom, ND_ELECTRONS_STEPWISE, 1e-3 * E);
            cr_assert(number == steps[k].number, "%g electrons at %g keV", number, E);
            cr_assert(nd_atom_electrons(&atom, ND_ELECTRONS_FREE, 1e-3 * E) == 54.0);
        }
    /* a recoil that only lifts an electron out does not count */
    const double K = atom.binding[atom.n_shells - 1];
    cr_assert(nd_atom_electrons(&atom, ND_ELECTRONS_STEPWISE, K) == 52.0);
    cr_assert(nd_atom_electrons(&atom, ND_ELECTRONS_STEPWISE, nextafter(K, 1.0)) == 54.0);
    nd_atom_clear(&atom);
    cr_assert(atom.n_shells == 0 && atom.binding == NULL && atom.number == NULL);
    nd_atom_clear(&atom);
}

static char folder[64];

static void make_folder(void)
{
    char command[128];
    snprintf(folder, sizeof folder, "/tmp/nd_recoil_XXXXXX");
    cr_assert(mkdtemp(folder) != NULL, "no temporary folder");
    snprintf(command, sizeof command, "mkdir '%s/xenon'", folder);
    cr_assert(system(command) == 0, "failed: %s", command);
}

static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert(system(command) == 0, "failed: %s", command);
}

static void assert_bad_atom(const char *text, enum nd_status status, const char *message)
{
    char path[256], expected[512];
    struct nd_atom atom;
    struct nd_error error = ND_ERROR_INIT;
    snprintf(path, sizeof path, "%s/xenon/binding_energies.csv", folder);
    if (text != NULL) {
        FILE *stream = fopen(path, "w");
        cr_assert(stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0);
    }
    memset(&atom, 0xff, sizeof atom);
    ASSERT_ERROR(nd_atom_xenon(&atom, folder, &error), error, status, "");
    snprintf(expected, sizeof expected, "%s%s", path, message);
    cr_assert_str_eq(error.message, expected);
    cr_assert(atom.n_shells == 0 && atom.binding == NULL && atom.number == NULL,
              "an atom is left beside '%s'", error.message);
}

Test(recoil, broken_electrons, .init = make_folder, .fini = remove_folder)
{
    assert_bad_atom(NULL, ND_IO_ERROR, ": cannot be read: No such file or directory");
    assert_bad_atom("e_xdb_ev,n\n10,4\n20,2\n20,6\n", ND_BAD_INPUT,
                    ":4: e_xdb_ev = 20: not above the one before it: allowed is more than 20");
    assert_bad_atom("# xenon\ne_xdb_ev,number\n10,4\n", ND_BAD_INPUT,
                    ":2: column 'n': missing: there are e_xdb_ev, number");
    assert_bad_atom("e_xdb_ev,n\n10,4\n20,-2\n", ND_BAD_INPUT,
                    ":3: n = -2: out of range: allowed is a number from 0 to 14");
    assert_bad_atom("e_xdb_ev,n\n10,15\n", ND_BAD_INPUT,
                    ":2: n = 15: out of range: allowed is a number from 0 to 14");
    assert_bad_atom("e_xdb,n\n10,4\n", ND_BAD_INPUT,
                    ":1: column 'e_xdb': the unit is missing: allowed is e_xdb_ev, e_xdb_kev or "
                    "e_xdb_mev");
    assert_bad_atom("e_xdb_ev,n\n10,4,1\n", ND_BAD_INPUT,
                    ":2: 3 cells: expected are 2: e_xdb_ev, n");
}
