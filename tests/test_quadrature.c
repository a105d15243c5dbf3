/* Tests of nudipole/quadrature.h on integrals known in closed form, its error estimates against
 * the true errors, and integrands on which it has to give up. */
#include "support.h"

#include <gsl/gsl_sf_bessel.h>

#include "nudipole/constants.h"
#include "nudipole/quadrature.h"

TestSuite(quadrature, .init = no_gsl_abort);

static const double TOLERANCE = 1e-9; /* asked for */
static const double ROUNDING = 1e-13; /* of sums of some hundred terms */

static double gaussian(double x, void *context)
{
    const double *centre = context;
    return exp(-(x - *centre) * (x - *centre));
}

/* exp(-z cosh t + order t): its integral over the line is 2 K_order(z). */
struct bessel_context {
    double z;
    int order;
};

static double bessel(double t, void *context)
{
    const struct bessel_context *c = context;
    return exp(-c->z * cosh(t) + c->order * t);
}

static void assert_error_estimate(const struct nd_integral *integral, double exact,
                                  const char *name)
{
    const double rounding = ROUNDING * fabs(exact);
    cr_assert(fabs(integral->value - exact) <= integral->error + rounding,
              "%s: true error %g, estimate %g", name, fabs(integral->value - exact),
              integral->error);
    cr_assert(integral->evaluations > 0, "%s: no evaluations counted", name);
}

Test(quadrature, gaussian_on_the_line)
{
    const double exact = sqrt(ND_PI);
    double centre = 0.7;
    const double starts[] = {0.7, 0.0, -2.0}; /* need not be the maximum */
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct nd_integral integral;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_OK(
            nd_integrate_line(gaussian, &centre, starts[i], 0.5, TOLERANCE, &integral, &error),
            error);
        ASSERT_CLOSE(integral.value, exact, TOLERANCE, "Gaussian from %g", starts[i]);
        assert_error_estimate(&integral, exact, "Gaussian");
        cr_assert(integral.error <= TOLERANCE * exact, "error estimate above the tolerance");
    }
}

Test(quadrature, bessel_functions_on_the_line)
{
    for (double z = 0.01; z < 100.0; z *= 2.5)
        for (int order = 0; order < 3; order++) {
            struct bessel_context c = {z, order};
            const double exact = 2.0 * gsl_sf_bessel_Kn(order, z);
            struct nd_integral integral;
            struct nd_error error = ND_ERROR_INIT;
            ASSERT_OK(nd_integrate_line(bessel, &c, 0.0, 0.25, TOLERANCE, &integral, &error),
                      error);
            ASSERT_CLOSE(integral.value, exact, TOLERANCE, "2 K_%d(%g)", order, z);
            assert_error_estimate(&integral, exact, "2 K_n");
        }
}

Test(quadrature, even_line_equals_line)
{
    for (double z = 0.01; z < 100.0; z *= 2.5) {
        struct bessel_context c = {z, 0};
        struct nd_integral both, even;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_OK(nd_integrate_line(bessel, &c, 0.0, 0.25, TOLERANCE, &both, &error), error);
        ASSERT_OK(nd_integrate_even_line(bessel, &c, 0.25, TOLERANCE, &even, &error), error);
        ASSERT_CLOSE(even.value, both.value, ROUNDING, "2 K_0(%g)", z);
        assert_error_estimate(&even, 2.0 * gsl_sf_bessel_K0(z), "2 K_0, even");
        cr_assert(even.evaluations < both.evaluations, "the even line must be cheaper");
    }
}

static double oscillating(double x, void *context)
{
    (void)context;
    return exp(-x * x) * cos(3.0 * x); /* integral sqrt(pi) exp(-9/4) */
}

Test(quadrature, oscillating_integrand)
{
    const double exact = sqrt(ND_PI) * exp(-2.25);
    struct nd_integral integral;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_integrate_even_line(oscillating, NULL, 0.5, TOLERANCE, &integral, &error), error);
    /* the tolerance refers to the integral of |f|, which is at most sqrt(pi) */
    ASSERT_NEAR(integral.value, exact, TOLERANCE * sqrt(ND_PI), "oscillating");
}

static double root(double x, void *context)
{
    (void)context;
    return sqrt(x);
}

static double sine(double x, void *context)
{
    (void)context;
    return sin(x);
}

Test(quadrature, interval)
{
    struct nd_integral integral;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_integrate_interval(sine, NULL, 0.0, ND_PI, TOLERANCE, 0.0, &integral, &error),
              error);
    ASSERT_CLOSE(integral.value, 2.0, TOLERANCE, "sine over half a period");
    assert_error_estimate(&integral, 2.0, "sine");
    ASSERT_OK(nd_integrate_interval(root, NULL, 0.0, 4.0, TOLERANCE, 0.0, &integral, &error),
              error);
    ASSERT_CLOSE(integral.value, 16.0 / 3.0, TOLERANCE, "square root");
    assert_error_estimate(&integral, 16.0 / 3.0, "square root");
    /* over a full period only an absolute tolerance can be met */
    ASSERT_OK(
        nd_integrate_interval(sine, NULL, 0.0, 2.0 * ND_PI, TOLERANCE, 1e-9, &integral, &error),
        error);
    ASSERT_NEAR(integral.value, 0.0, 1e-9, "sine over a period");
}

static double one(double x, void *context)
{
    (void)x;
    (void)context;
    return 1.0;
}

static double not_a_number(double x, void *context)
{
    (void)context;
    return fabs(x) < 1.0 ? NAN : exp(-x * x);
}

static double cusp(double x, void *context)
{
    (void)context;
    return exp(-fabs(x - 0.3)); /* not analytic: converges as h^2 only */
}

static double pole(double x, void *context)
{
    (void)context;
    return 1.0 / x;
}

Test(quadrature, gives_up_on_the_line)
{
    struct nd_integral integral;
    struct {
        nd_integrand *f;
        const char *fragment;
    } cases[] = {{one, "does not fall off"}, {not_a_number, "not finite"}, {cusp, "evaluations"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(nd_integrate_line(cases[i].f, NULL, 0.0, 0.5, 1e-13, &integral, &error), error,
                     ND_NOT_CONVERGED, cases[i].fragment);
    }
    for (size_t i = 0; i < 2; i++) {
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(nd_integrate_even_line(cases[i].f, NULL, 0.5, TOLERANCE, &integral, &error),
                     error, ND_NOT_CONVERGED, cases[i].fragment);
    }
}

Test(quadrature, gives_up_on_an_interval)
{
    struct nd_integral integral;
    struct nd_error error = ND_ERROR_INIT, other = ND_ERROR_INIT;
    ASSERT_ERROR(nd_integrate_interval(pole, NULL, 0.0, 1.0, TOLERANCE, 0.0, &integral, &error),
                 error, ND_NOT_CONVERGED, "[0, 1]");
    ASSERT_ERROR(
        nd_integrate_interval(not_a_number, NULL, -3.0, 2.0, TOLERANCE, 0.0, &integral, &other),
        other, ND_NOT_CONVERGED, "[-3, 2]");
}

Test(quadrature, gauss_legendre)
{
    /* x^d over [0, 1] is 1/(d + 1): exact up to d = 2 n - 1, and above it not */
    enum { N = 5 };
    double node[N], weight[N];
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(nd_gauss_legendre(N, node, weight, &error) == ND_OK, "%s", error.message);
    for (int degree = 0; degree <= 2 * N; degree++) {
        double sum = 0.0;
        for (int i = 0; i < N; i++)
            sum += weight[i] * pow(node[i], degree);
        const double off = fabs(sum * (degree + 1) - 1.0);
        cr_assert(degree < 2 * N ? off < 1e-14 : off > 1e-6, "x^%d: off by %g", degree, off);
    }
}
