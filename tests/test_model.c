/* Tests of nudipole/model.h and units.h: width, cross sections and matrix elements.
 *
 * The closed-form cross sections are compared with quadratures of the published differential cross
 * section and of the squared matrix element over a phase space written here, with reference values
 * obtained from explicit gamma-matrix traces, and with the textbook limit of a magnetic moment. */
#include "support.h"

#include "nudipole/constants.h"
#include "nudipole/model.h"
#include "nudipole/units.h"

TestSuite(model, .init = no_gsl_abort);

/* Closed form against quadrature: cquad is asked for 1e-11, cancellation in the smallest |t|
 * costs some digits of its relative precision. */
static const double QUADRATURE_TOLERANCE = 1e-8;
/* Nine digits are quoted. */
static const double REFERENCE_TOLERANCE = 1e-8;
static const double ROUNDING = 1e-14;

static const double m_e = ND_M_ELECTRON;

static struct nd_model make_model(double m4, double d, enum nd_convention convention)
{
    struct nd_model model;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_model_init(&model, m4, d, convention, ND_FLAVOUR_TAU, &error), error);
    return model;
}

static struct nd_model unit_model(double m4)
{
    return make_model(m4, 1.0, ND_CONVENTION_HALF);
}

Test(model, bohr_magneton)
{
    /* Six digits; e hbar/(2 m_e) = 5.7883818e-11 MeV/T of CODATA with 1 T = 195.35 eV^2. */
    ASSERT_CLOSE(nd_bohr_magneton(), 0.296304, 2e-6, "Bohr magneton [1/MeV]");
    ASSERT_CLOSE(nd_bohr_magneton(), 5.7883818e-11 / 195.35274e-12, 1e-5,
                 "Bohr magneton from MeV/T");
}

Test(model, lifetime_of_the_benchmark)
{
    /* Derived independently, four digits. */
    const double quoted = 1.745, tolerance = 1e-3;
    const double d = 1e-9 * nd_bohr_magneton(), m4 = nd_mev_from_kev(600.0);
    const struct nd_model half = make_model(m4, d, ND_CONVENTION_HALF);
    const struct nd_model lagrangian = make_model(m4, d, ND_CONVENTION_LAGRANGIAN);
    const double lifetime = nd_seconds_from_inverse_mev(1.0 / nd_model_width(&half));
    ASSERT_CLOSE(lifetime, quoted, tolerance, "lifetime [s]");
    ASSERT_CLOSE(1.0 / nd_model_width(&lagrangian) * nd_model_width(&half), 0.25, ROUNDING,
                 "lifetime of the Lagrangian convention over that of the half convention");
    /* Gamma = d^2 m4^3 / (4 pi), Magill et al. */
    ASSERT_CLOSE(nd_model_width(&lagrangian), d * d * m4 * m4 * m4 / (4.0 * ND_PI), ROUNDING,
                 "width in the Lagrangian convention");
}

Test(model, width_from_the_matrix_element)
{
    /* sum |M|^2 = 2 mu^2 M^4, two-body phase space 1/(8 pi), 1/(2M), spin average 1/2. */
    const struct nd_model model = make_model(0.26, 3.0, ND_CONVENTION_HALF);
    const double M = model.m4, mu = model.mu;
    const double width = 0.5 / (2.0 * M) * (2.0 * mu * mu * M * M * M * M) / (8.0 * ND_PI);
    ASSERT_CLOSE(nd_model_width(&model), width, ROUNDING, "width");
}

Test(model, conventions_differ_by_four)
{
    const double d = 0.37, s = 5.0;
    const struct nd_model half = make_model(0.6, d, ND_CONVENTION_HALF);
    const struct nd_model lagrangian = make_model(0.6, d, ND_CONVENTION_LAGRANGIAN);
    ASSERT_CLOSE(half.mu, d, ROUNDING, "mu, half");
    ASSERT_CLOSE(lagrangian.mu, 2.0 * d, ROUNDING, "mu, lagrangian");
    ASSERT_CLOSE(nd_model_width(&lagrangian), 4.0 * nd_model_width(&half), ROUNDING, "width");
    for (int i = 0; i < 2; i++) {
        const double m_debye2 = 0.03 * i;
        ASSERT_CLOSE(nd_sigma_upscattering(&lagrangian, s, m_debye2),
                     4.0 * nd_sigma_upscattering(&half, s, m_debye2), ROUNDING,
                     "upscattering, m_D^2 = %g", m_debye2);
    }
    ASSERT_CLOSE(nd_sigma_synthesis(&lagrangian, s), 4.0 * nd_sigma_synthesis(&half, s), ROUNDING,
                 "synthesis");
    ASSERT_CLOSE(nd_matrix_element_2to2(&lagrangian, s, -1.0),
                 4.0 * nd_matrix_element_2to2(&half, s, -1.0), ROUNDING, "matrix element");
}

/* Kinematics of nu e -> N e in the centre of mass. */
static void x_limits(double s, double M, double *x_min, double *x_max)
{
    /* x = -t = 2 k (E_N - p_N cos) - M^2, in long double because x_min is a difference */
    const long double m2 = (long double)m_e * m_e, M2 = (long double)M * M;
    const long double root_s = sqrtl(s), k = (s - m2) / (2.0L * root_s);
    const long double energy = (s + M2 - m2) / (2.0L * root_s);
    const long double p = sqrtl(energy * energy - M2);
    *x_min = (double)(2.0L * k * M2 / (energy + p) - M2);
    *x_max = (double)(2.0L * k * (energy + p) - M2);
}

struct upscattering_context {
    const struct nd_model *model;
    double E_nu, S, m_debye2;
};

/* Eq. 2 of arXiv:2007.05513, in the half convention: dsigma/dE_R. */
static double eq2(double M, double mu, double E_nu, double E_R)
{
    const double E = E_nu, m = m_e, M2 = M * M;
    return mu * mu * ND_ALPHA *
           (1.0 / E_R - 1.0 / E -
            M2 / (2.0 * E * E_R * m) * (1.0 - E_R / (2.0 * E) + m / (2.0 * E)) +
            M2 * M2 * (E_R - m) / (8.0 * E * E * E_R * E_R * m * m));
}

/* E_R times it, and times screening. */
static double recoil_integrand(double log_E, void *context)
{
    const struct upscattering_context *c = context;
    const double E_R = exp(log_E), x = 2.0 * m_e * E_R;
    return E_R * eq2(c->model->m4, c->model->mu, c->E_nu, E_R) * x / (x + c->m_debye2);
}

/* x dsigma/dx from the squared matrix element: 1/2 for the electron's spin, flux and phase space
 * give 1/(16 pi S^2). */
static double matrix_element_integrand(double log_x, void *context)
{
    const struct upscattering_context *c = context;
    const double x = exp(log_x);
    return x * 0.5 * nd_matrix_element_2to2(c->model, c->S, -x) / (16.0 * ND_PI * c->S * c->S) * x /
           (x + c->m_debye2);
}

Test(model, upscattering_against_quadrature)
{
    const double masses[] = {0.02, 0.26, 0.6, 2.0, 8.0};
    const double above[] = {0.05, 1.0, 30.0, 1000.0}; /* s over threshold, minus 1 */
    const double screening[] = {0.0, 1e-6, 0.03, 4.0};
    for (size_t i = 0; i < sizeof masses / sizeof *masses; i++) {
        const struct nd_model model = make_model(masses[i], 0.7, ND_CONVENTION_HALF);
        const double threshold = masses[i] + m_e;
        for (size_t j = 0; j < sizeof above / sizeof *above; j++) {
            const double s = threshold * threshold * (1.0 + above[j]), S = s - m_e * m_e;
            double x_min, x_max;
            x_limits(s, masses[i], &x_min, &x_max);
            for (size_t k = 0; k < sizeof screening / sizeof *screening; k++) {
                struct upscattering_context c = {&model, S / (2.0 * m_e), S, screening[k]};
                const double sigma = nd_sigma_upscattering(&model, s, screening[k]);
                const double from_recoils =
                    integrate(recoil_integrand, &c, log(x_min / (2.0 * m_e)),
                              log(x_max / (2.0 * m_e)), 1e-11);
                const double from_traces =
                    integrate(matrix_element_integrand, &c, log(x_min), log(x_max), 1e-11);
                ASSERT_CLOSE(sigma, from_recoils, QUADRATURE_TOLERANCE,
                             "sigma(M = %g, s = %g, m_D^2 = %g) against recoils", masses[i], s,
                             screening[k]);
                ASSERT_CLOSE(sigma, from_traces, QUADRATURE_TOLERANCE,
                             "sigma(M = %g, s = %g, m_D^2 = %g) against |M|^2", masses[i], s,
                             screening[k]);
            }
        }
    }
}

Test(model, literal_lagrangian_is_magill_et_al)
{
    /* Eq. A.6 of Magill et al. (arXiv:1803.03262), derived from L = d nubar sigma F N: what the
     * matrix element must give in the Lagrangian convention. */
    const double d = 0.7, m = m_e, tolerance = 1e-11; /* the bracket cancels a few digits */
    const double masses[] = {0.02, 0.6, 2.0};
    for (size_t i = 0; i < sizeof masses / sizeof *masses; i++)
        for (double E = 3.0; E < 100.0; E *= 3.0)
            for (double E_R = 0.1 * E; E_R < 0.5 * E; E_R += 0.1 * E) {
                const double M2 = masses[i] * masses[i], S = 2.0 * m * E, t = -2.0 * m * E_R;
                const struct nd_model model = make_model(masses[i], d, ND_CONVENTION_LAGRANGIAN);
                const double published =
                    d * d * ND_ALPHA *
                    (8.0 * E * E_R * m * m * (E - E_R) + 2.0 * E_R * M2 * m * (E_R - 2.0 * E - m) +
                     M2 * M2 * (E_R - m)) /
                    (2.0 * E * E * E_R * E_R * m * m);
                const double code =
                    2.0 * m * 0.5 * nd_matrix_element_2to2(&model, S, t) / (16.0 * ND_PI * S * S);
                ASSERT_CLOSE(code, published, tolerance, "M = %g, E = %g, E_R = %g", masses[i], E,
                             E_R);
            }
}

struct synthesis_context {
    const struct nd_model *model;
    double s;
};

/* dsigma/dcos from the crossed matrix element, averaged over both spins. */
static double synthesis_integrand(double cosine, void *context)
{
    const struct synthesis_context *c = context;
    const double s = c->s, M = c->model->m4, root_s = sqrt(s);
    const double E = 0.5 * root_s, p = sqrt(E * E - m_e * m_e), k = (s - M * M) / (2.0 * root_s);
    const double S = -2.0 * k * (E - p * cosine); /* t' - m_e^2 */
    const double flux = 4.0 * p * root_s;
    const double phase_space = k / (4.0 * ND_PI * root_s); /* times dcos/2 */
    return 0.25 * nd_matrix_element_2to2(c->model, S, s) / flux * phase_space * 0.5;
}

Test(model, synthesis_against_quadrature)
{
    const double masses[] = {0.02, 0.6, 2.0, 8.0};
    const double above[] = {1e-3, 0.3, 30.0, 1000.0};
    for (size_t i = 0; i < sizeof masses / sizeof *masses; i++) {
        const struct nd_model model = make_model(masses[i], 0.7, ND_CONVENTION_HALF);
        const double threshold = fmax(masses[i], 2.0 * m_e);
        for (size_t j = 0; j < sizeof above / sizeof *above; j++) {
            struct synthesis_context c = {&model, threshold * threshold * (1.0 + above[j])};
            ASSERT_CLOSE(nd_sigma_synthesis(&model, c.s),
                         integrate(synthesis_integrand, &c, -1.0, 1.0, 1e-11), QUADRATURE_TOLERANCE,
                         "sigma(M = %g, s = %g)", masses[i], c.s);
        }
    }
}

Test(model, reference_cross_sections)
{
    /* From explicit traces: M, sqrt s, upscattering, synthesis. */
    static const double reference[][4] = {{0.6, 2.0, 3.40689388e-2, 7.81547720e-4},
                                          {0.6, 12.0, 1.18549071e-1, 6.12532204e-4},
                                          {0.26, 1.2, 3.45758571e-2, 1.57101449e-3},
                                          {2.0, 4.0, 2.51040070e-2, 5.48032151e-4}};
    for (size_t i = 0; i < sizeof reference / sizeof *reference; i++) {
        const double *r = reference[i];
        const struct nd_model model = unit_model(r[0]);
        ASSERT_CLOSE(nd_sigma_upscattering(&model, r[1] * r[1], 0.0), r[2], REFERENCE_TOLERANCE,
                     "upscattering, M = %g, sqrt s = %g", r[0], r[1]);
        ASSERT_CLOSE(nd_sigma_synthesis(&model, r[1] * r[1]), r[3], REFERENCE_TOLERANCE,
                     "synthesis, M = %g, sqrt s = %g", r[0], r[1]);
    }
}

Test(model, magnetic_moment_limit)
{
    /* M -> 0: dsigma/dE_R = pi alpha^2/m_e^2 (mu/mu_B)^2 (1/E_R - 1/E_nu), Vogel & Engel 1989;
     * corrections are of order M^2/(m_e E_R). */
    const double M = 1e-5, tolerance = 1e-8, E_nu = 1.3;
    const struct nd_model model = make_model(M, 0.7, ND_CONVENTION_HALF);
    const double S = 2.0 * m_e * E_nu, in_mu_B = model.mu / nd_bohr_magneton();
    for (double E_R = 0.05; E_R < 1.0; E_R += 0.1) {
        const double t = -2.0 * m_e * E_R;
        const double code =
            2.0 * m_e * 0.5 * nd_matrix_element_2to2(&model, S, t) / (16.0 * ND_PI * S * S);
        const double textbook = ND_PI * ND_ALPHA * ND_ALPHA / (m_e * m_e) * in_mu_B * in_mu_B *
                                (1.0 / E_R - 1.0 / E_nu);
        ASSERT_CLOSE(code, textbook, tolerance, "dsigma/dE_R at E_R = %g MeV", E_R);
    }
}

Test(model, screened_magnetic_moment_limit)
{
    /* M = 0, screened: int_0^S' dx [1/(x + D) - x/(S (x + D))] with x_max = S^2/s. */
    const double M = 1e-6, tolerance = 1e-6, s = 9.0, D = 0.05;
    const struct nd_model model = unit_model(M);
    const double S = s - m_e * m_e, x_max = S * S / s;
    const double expected = ND_ALPHA * ((1.0 + D / S) * log1p(x_max / D) - x_max / S);
    ASSERT_CLOSE(nd_sigma_upscattering(&model, s, D), expected, tolerance, "screened sigma");
}

Test(model, closed_below_threshold)
{
    const double masses[] = {0.1, 0.6, 3.0};
    for (size_t i = 0; i < sizeof masses / sizeof *masses; i++) {
        const double M = masses[i], up = (M + m_e) * (M + m_e);
        const double synthesis = fmax(M * M, 4.0 * m_e * m_e);
        const struct nd_model model = unit_model(M);
        for (int screened = 0; screened < 2; screened++) {
            const double D = 0.1 * screened;
            cr_assert(nd_sigma_upscattering(&model, up * (1.0 - 1e-9), D) == 0.0);
            cr_assert(nd_sigma_upscattering(&model, 0.1 * m_e * m_e, D) == 0.0);
            cr_assert(nd_sigma_upscattering(&model, up * (1.0 + 1e-3), D) > 0.0);
        }
        cr_assert(nd_sigma_synthesis(&model, synthesis * (1.0 - 1e-9)) == 0.0);
        cr_assert(nd_sigma_synthesis(&model, synthesis * (1.0 + 1e-6)) > 0.0);
    }
}

Test(model, bad_input)
{
    static const struct {
        double m4, d;
        const char *fragment;
    } cases[] = {{-0.6, 1.0, "m4 = -0.6 MeV"}, {0.0, 1.0, "m4 = 0 MeV"},
                 {NAN, 1.0, "m4 = "},          {INFINITY, 1.0, "m4 = inf"},
                 {0.6, 0.0, "d = 0 MeV^-1"},   {0.6, -2.0, "d = -2 MeV^-1"},
                 {0.6, NAN, "d = "},           {0.6, INFINITY, "d = inf"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nd_model model;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(nd_model_init(&model, cases[i].m4, cases[i].d, ND_CONVENTION_HALF,
                                   ND_FLAVOUR_TAU, &error),
                     error, ND_BAD_INPUT, cases[i].fragment);
        cr_assert(nd_model_init(&model, cases[i].m4, cases[i].d, ND_CONVENTION_HALF, ND_FLAVOUR_TAU,
                                NULL) == ND_BAD_INPUT,
                  "a NULL error must be allowed");
    }
}

Test(model, first_error_wins)
{
    struct nd_model model;
    struct nd_error error = ND_ERROR_INIT;
    nd_model_init(&model, -1.0, 1.0, ND_CONVENTION_HALF, ND_FLAVOUR_E, &error);
    ASSERT_ERROR(nd_model_init(&model, 1.0, -5.0, ND_CONVENTION_HALF, ND_FLAVOUR_E, &error), error,
                 ND_BAD_INPUT, "m4 = -1 MeV");
    cr_assert(strstr(error.message, "d = -5") == NULL, "the first message was overwritten: %s",
              error.message);
}
