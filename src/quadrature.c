/* Quadrature: see nudipole/quadrature.h. */
#include "nudipole/quadrature.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>

enum { MAX_LEVELS = 8, MAX_POINTS_A_SIDE = 20000, QAG_INTERVALS = 400 };

/* Sum of f over start, start + stride, ... until three successive terms are negligible against the
 * sum of moduli so far. Returns 0 when the terms do not die out. */
static int sum_side(nd_integrand *f, void *context, double start, double stride, double negligible,
                    double *sum, double *modulus, int *evaluations)
{
    const int quiet_needed = 3;
    int quiet = 0;
    for (int i = 0; i < MAX_POINTS_A_SIDE; i++) {
        const double term = f(start + i * stride, context);
        (*evaluations)++;
        if (!isfinite(term))
            return 0;
        *sum += term;
        *modulus += fabs(term);
        quiet = fabs(term) <= negligible * *modulus ? quiet + 1 : 0;
        if (quiet == quiet_needed)
            return 1;
    }
    return 0;
}

/* `even`: f(centre + x) = f(centre - x), so that only one side is sampled. */
static enum nd_status integrate_line(nd_integrand *f, void *context, double centre, double step,
                                     double tolerance, int even, struct nd_integral *result,
                                     struct nd_error *error)
{
    const double negligible = fmax(1e-17, 1e-6 * tolerance), some = 10.0;
    double sum = 0.0, modulus = 0.0, previous = 0.0, h = step;
    *result = (struct nd_integral){0.0, 0.0, 0};
    if (even) { /* the centre counts once, everything else twice */
        sum = 0.5 * f(centre, context);
        modulus = fabs(sum);
        result->evaluations = 1;
    }
    for (int level = 0; level <= MAX_LEVELS; level++) {
        /* Level 0 samples centre + i h; each later level halves h and adds the midpoints. */
        const double right = level == 0 && !even ? centre : centre + h;
        const double stride = level == 0 ? h : 2.0 * h;
        if (!sum_side(f, context, right, stride, negligible, &sum, &modulus,
                      &result->evaluations) ||
            (!even && !sum_side(f, context, centre - h, -stride, negligible, &sum, &modulus,
                                &result->evaluations)))
            return nd_fail(error, ND_NOT_CONVERGED,
                           "integral over a line: the integrand does not fall off, or is not "
                           "finite, around %g",
                           centre);
        const double weight = even ? 2.0 * h : h;
        result->value = sum * weight;
        result->error = fabs(result->value - previous);
        if (level > 0 && result->error <= tolerance * modulus * weight) {
            result->error += some * negligible * modulus * weight; /* what was left out */
            return ND_OK;
        }
        previous = result->value;
        h *= 0.5;
    }
    return nd_fail(error, ND_NOT_CONVERGED,
                   "integral over a line: %g +- %g after %d evaluations, relative tolerance %g",
                   result->value, result->error, result->evaluations, tolerance);
}

enum nd_status nd_integrate_line(nd_integrand *f, void *context, double centre, double step,
                                 double tolerance, struct nd_integral *result,
                                 struct nd_error *error)
{
    return integrate_line(f, context, centre, step, tolerance, 0, result, error);
}

enum nd_status nd_integrate_even_line(nd_integrand *f, void *context, double step, double tolerance,
                                      struct nd_integral *result, struct nd_error *error)
{
    return integrate_line(f, context, 0.0, step, tolerance, 1, result, error);
}

enum nd_status nd_integrate_interval(nd_integrand *f, void *context, double a, double b,
                                     double tolerance, double tolerance_abs,
                                     struct nd_integral *result, struct nd_error *error)
{
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(QAG_INTERVALS);
    if (workspace == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for quadrature");
    gsl_function function = {f, context};
    const int code =
        gsl_integration_qag(&function, a, b, tolerance_abs, tolerance, QAG_INTERVALS,
                            GSL_INTEG_GAUSS15, workspace, &result->value, &result->error);
    result->evaluations = (int)(15 * (2 * workspace->size - 1));
    gsl_integration_workspace_free(workspace);
    if (code != GSL_SUCCESS || !isfinite(result->value))
        return nd_fail(error, ND_NOT_CONVERGED,
                       "integral over [%g, %g]: %g +- %g after %d evaluations: %s", a, b,
                       result->value, result->error, result->evaluations, gsl_strerror(code));
    return ND_OK;
}

enum nd_status nd_gauss_legendre(int n, double *node, double *weight, struct nd_error *error)
{
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc((size_t)n);
    if (table == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a quadrature rule");
    for (int i = 0; i < n; i++)
        gsl_integration_glfixed_point(0.0, 1.0, (size_t)i, &node[i], &weight[i], table);
    gsl_integration_glfixed_table_free(table);
    return ND_OK;
}
