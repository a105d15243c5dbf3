/* Tests of nudipole/table.h: nodes, order of convergence, monotonicity, range, error estimates. */
#include "support.h"

#include "nudipole/constants.h"
#include "nudipole/table.h"

TestSuite(table, .init = no_gsl_abort);

static const double ROUNDING = 1e-14;

/* sin on [0, pi] has zero curvature at both ends, as a natural spline has. */
static struct nd_table *sine_table(size_t n, enum nd_interpolation interpolation)
{
    double values[2 * 400];
    struct nd_table *table;
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(n <= 400);
    for (size_t i = 0; i < n; i++) {
        const double x = ND_PI * (double)i / (double)(n - 1);
        values[i] = sin(x);
        values[n + i] = 3.0 - 2.0 * x; /* a straight line: every spline is exact */
    }
    ASSERT_OK(nd_table_create(&table, 0.0, ND_PI, n, 2, values, interpolation, &error), error);
    return table;
}

static double largest_error(const struct nd_table *table)
{
    double largest = 0.0;
    for (int i = 0; i <= 2000; i++) {
        const double x = fmin(ND_PI, i * ND_PI / 2000.0);
        largest = fmax(largest, fabs(nd_table_eval(table, 0, x) - sin(x)));
    }
    return largest;
}

Test(table, reproduces_nodes_and_lines)
{
    const enum nd_interpolation kinds[] = {ND_CUBIC, ND_MONOTONE};
    for (int k = 0; k < 2; k++) {
        const size_t n = 23;
        struct nd_table *table = sine_table(n, kinds[k]);
        cr_assert(nd_table_size(table) == n);
        for (size_t i = 0; i < n; i++) {
            const double x = fmin(ND_PI, ND_PI * (double)i / (double)(n - 1));
            ASSERT_NEAR(nd_table_eval(table, 0, x), sin(x), 4.0 * ROUNDING, "node %zu", i);
        }
        for (double x = 0.0; x < ND_PI; x += 0.0137)
            ASSERT_NEAR(nd_table_eval(table, 1, x), 3.0 - 2.0 * x, 4.0 * ROUNDING, "line at %g", x);
        nd_table_free(table);
    }
}

Test(table, cubic_converges_as_h4)
{
    struct nd_table *coarse = sine_table(41, ND_CUBIC), *fine = sine_table(81, ND_CUBIC);
    const double ratio = largest_error(coarse) / largest_error(fine);
    ASSERT_CLOSE(ratio, 16.0, 0.05, "error ratio of half the step");
    /* f'''' h^4/384 between two nodes of a spline, |f''''| = 1 */
    ASSERT_CLOSE(largest_error(coarse), pow(ND_PI / 40.0, 4) / 384.0, 0.05, "error");
    nd_table_free(coarse);
    nd_table_free(fine);
}

Test(table, monotone_does_not_overshoot)
{
    /* A quantity that is zero up to a threshold and then rises steeply to a plateau. */
    enum { N = 20 };
    double values[N];
    struct nd_table *table, *cubic;
    struct nd_error error = ND_ERROR_INIT;
    for (int i = 0; i < N; i++)
        values[i] = i < 8 ? 0.0 : i < 10 ? 0.5 * (i - 7) * (i - 7) : 7.0;
    ASSERT_OK(nd_table_create(&table, 1.0, 2.0, N, 1, values, ND_MONOTONE, &error), error);
    ASSERT_OK(nd_table_create(&cubic, 1.0, 2.0, N, 1, values, ND_CUBIC, &error), error);
    double previous = 0.0, lowest_cubic = 0.0;
    for (double x = 1.0; x < 2.0; x += 1e-4) {
        const double y = nd_table_eval(table, 0, x);
        cr_assert(y >= previous - ROUNDING, "decreases at %g: %g after %g", x, y, previous);
        cr_assert(y >= 0.0 && y <= 7.0 * (1.0 + ROUNDING), "overshoots at %g: %g", x, y);
        previous = y;
        lowest_cubic = fmin(lowest_cubic, nd_table_eval(cubic, 0, x));
    }
    cr_assert(lowest_cubic < -1e-3, "the data would not make a cubic spline overshoot");
    nd_table_free(table);
    nd_table_free(cubic);
}

Test(table, nan_outside)
{
    struct nd_table *table = sine_table(9, ND_CUBIC);
    cr_assert(isnan(nd_table_eval(table, 0, -1e-12)));
    cr_assert(isnan(nd_table_eval(table, 0, ND_PI * (1.0 + 1e-14))));
    cr_assert(isnan(nd_table_eval(table, 0, NAN)));
    cr_assert(isfinite(nd_table_eval(table, 0, 0.0)));
    cr_assert(isfinite(nd_table_eval(table, 0, ND_PI)));
    nd_table_free(table);
    nd_table_free(NULL);
}

/* Largest true error within one step of a node. */
static double error_around(const struct nd_table *table, size_t n, size_t node)
{
    const double h = ND_PI / (double)(n - 1);
    double largest = 0.0;
    for (double u = -1.0; u <= 1.0; u += 0.05) {
        const double x = h * ((double)node + u);
        largest = fmax(largest, fabs(nd_table_eval(table, 0, x) - sin(x)));
    }
    return largest;
}

Test(table, error_estimates)
{
    /* Halving the step gains 16 only asymptotically, and the true error is the largest one
     * around a node, not the one at it. */
    const double factor = 2.0;
    const size_t sizes[] = {31,
                            60}; /* odd: the last node is in the coarse table, even: it is not */
    for (int k = 0; k < 2; k++) {
        const size_t n = sizes[k];
        double errors[64];
        struct nd_error error = ND_ERROR_INIT;
        struct nd_table *table = sine_table(n, ND_CUBIC);
        ASSERT_OK(nd_table_errors(table, 0, errors, &error), error);
        for (size_t i = 0; i < n; i++) {
            if (i % 2 == 0 || i == n - 1) {
                cr_assert(isnan(errors[i]), "node %zu of %zu has an estimate: %g", i, n, errors[i]);
                continue;
            }
            /* the coarse spline of an even table ends where sin still has curvature, which
             * spoils the estimate near that end */
            if (n % 2 == 0 && i + 12 > n)
                continue;
            const double truth = error_around(table, n, i);
            cr_assert(errors[i] < factor * truth && errors[i] > truth / factor,
                      "node %zu of %zu: estimate %g, true error %g", i, n, errors[i], truth);
        }
        ASSERT_OK(nd_table_errors(table, 1, errors, &error), error);
        for (size_t i = 1; i + 1 < n; i += 2)
            ASSERT_NEAR(errors[i], 0.0, ROUNDING, "straight line, node %zu", i);
        nd_table_free(table);
    }
}

Test(table, monotone_error_estimates_follow_h2)
{
    /* At the top of a parabola-like maximum Steffen's spline errs as h^2: the estimate is of the
     * order of the true error, here at a maximum that is not a node. */
    const size_t n = 30;
    const double factor = 4.0;
    double errors[64], estimate = 0.0;
    struct nd_error error = ND_ERROR_INIT;
    struct nd_table *table = sine_table(n, ND_MONOTONE);
    ASSERT_OK(nd_table_errors(table, 0, errors, &error), error);
    for (size_t i = 1; i + 1 < n; i += 2)
        estimate = fmax(estimate, errors[i]);
    const double truth = largest_error(table);
    cr_assert(estimate > truth / factor && estimate < truth * factor, "estimate %g, true error %g",
              estimate, truth);
    nd_table_free(table);
}

Test(table, rejects_values_that_are_not_finite)
{
    const double bad[] = {NAN, INFINITY, -INFINITY};
    for (int k = 0; k < 3; k++) {
        double values[16] = {0.0};
        struct nd_table *table;
        struct nd_error error = ND_ERROR_INIT;
        values[8 + 3] = bad[k];
        ASSERT_ERROR(nd_table_create(&table, 0.0, 1.0, 8, 2, values, ND_CUBIC, &error), error,
                     ND_NOT_CONVERGED, "column 1, node 3");
        cr_assert(table == NULL);
    }
}
