/* Tests of kernel_cache.h: what cubic interpolation reproduces exactly, how fast its error falls,
 * which points are filled and when, failures of the filling function, and bounds. */
#include "support.h"

#include "kernel_cache.h"

TestSuite(kernel_cache, .init = no_gsl_abort);

/* Rounding of polynomials with terms up to 20^3 that cancel to about 1, of 16 products and of the
 * logarithms of the points. */
static const double ROUNDING = 1e-9;

enum { SIZE = 3 };

struct context {
    double step_lnT, step_lnz;
    int calls;
    int fail_at; /* number of the call that fails; 0: none */
    double T_low, T_high, z_low, z_high;
};

static double cubic(double x, int which)
{
    static const double c[SIZE][4] = {
        {0.3, -1.0, 0.2, 0.05}, {0.0, 0.0, 0.0, 1.0}, {2.0, 0.1, -0.3, 0.01}};
    return c[which][0] + x * (c[which][1] + x * (c[which][2] + x * c[which][3]));
}

static double polynomial(double T, double z, int which)
{
    return cubic(log(T), which) * cubic(log(z), SIZE - 1 - which);
}

static enum nd_status count(struct context *c, double T, double z, struct nd_error *error)
{
    c->calls++;
    c->T_low = fmin(c->T_low, T);
    c->T_high = fmax(c->T_high, T);
    c->z_low = fmin(c->z_low, z);
    c->z_high = fmax(c->z_high, z);
    const double i = log(T) / c->step_lnT, j = log(z) / c->step_lnz;
    cr_assert(fabs(i - round(i)) < 1e-9 && fabs(j - round(j)) < 1e-9,
              "filled at T = %g, z = %g, which is no point of the lattice", T, z);
    if (c->calls == c->fail_at)
        return nd_fail(error, ND_NOT_CONVERGED, "filling failed at call %d", c->calls);
    return ND_OK;
}

static enum nd_status fill_polynomial(double T, double z, double *values, void *context,
                                      struct nd_error *error)
{
    for (int k = 0; k < SIZE; k++)
        values[k] = polynomial(T, z, k);
    return count(context, T, z, error);
}

static enum nd_status fill_smooth(double T, double z, double *values, void *context,
                                  struct nd_error *error)
{
    values[0] = exp(sin(log(T)) + cos(log(z)));
    return count(context, T, z, error);
}

static struct context context_of(double step_lnT, double step_lnz)
{
    return (struct context){step_lnT, step_lnz, 0, 0, INFINITY, 0.0, INFINITY, 0.0};
}

static struct nd_kernel_cache *cache_of(size_t size, nd_kernel_fill *fill, struct context *context)
{
    struct nd_kernel_cache *cache;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_kernel_cache_create(&cache, size, context->step_lnT, context->step_lnz, fill,
                                     context, &error),
              error);
    cr_assert(nd_kernel_cache_nodes(cache) == 0, "filled before anything was asked for");
    return cache;
}

static void at(struct nd_kernel_cache *cache, double T, double z, double *values)
{
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_kernel_cache_at(cache, T, z, values, &error), error);
}

/* Fixed pseudo-random numbers, uniform in the logarithm. */
static double log_uniform(unsigned *seed, double low, double high)
{
    *seed = *seed * 1664525u + 1013904223u;
    return low * pow(high / low, (*seed >> 8) / 16777216.0);
}

Test(kernel_cache, cubic_polynomials_are_exact)
{
    const double steps[][2] = {{0.25, 0.1}, {0.07, 0.31}, {1.0, 0.5}};
    unsigned seed = 1;
    for (int s = 0; s < 3; s++) {
        struct context context = context_of(steps[s][0], steps[s][1]);
        struct nd_kernel_cache *cache = cache_of(SIZE, fill_polynomial, &context);
        for (int trial = 0; trial < 40; trial++) {
            const double T = log_uniform(&seed, 1e-3, 1e2), z = log_uniform(&seed, 0.1, 10.0);
            double values[SIZE];
            at(cache, T, z, values);
            for (int k = 0; k < SIZE; k++)
                ASSERT_NEAR(values[k], polynomial(T, z, k), ROUNDING * (1.0 + fabs(values[k])),
                            "polynomial %d at T = %g, z = %g", k, T, z);
        }
        nd_kernel_cache_free(cache);
    }
}

Test(kernel_cache, fourth_order)
{
    double errors[3] = {0.0};
    for (int s = 0; s < 3; s++) {
        const double step = 0.2 / (1 << s);
        struct context context = context_of(step, step);
        struct nd_kernel_cache *cache = cache_of(1, fill_smooth, &context);
        unsigned seed = 7;
        for (int trial = 0; trial < 200; trial++) {
            const double T = log_uniform(&seed, 0.5, 2.0), z = log_uniform(&seed, 0.5, 2.0);
            double value;
            at(cache, T, z, &value);
            errors[s] = fmax(errors[s], fabs(value - exp(sin(log(T)) + cos(log(z)))));
        }
        nd_kernel_cache_free(cache);
    }
    /* The error is at most 9/384 step^4 times each fourth derivative, which is below 4 e^2. */
    cr_assert(errors[0] < 2.0 * 4.0 * exp(2.0) * 9.0 / 384.0 * pow(0.2, 4), "error %g", errors[0]);
    for (int s = 0; s < 2; s++)
        cr_assert(errors[s] / errors[s + 1] > 12.0, "halving the step: error %g after %g",
                  errors[s + 1], errors[s]);
}

Test(kernel_cache, fills_what_is_needed)
{
    const double step_lnT = 0.25, step_lnz = 0.1;
    struct context context = context_of(step_lnT, step_lnz);
    struct nd_kernel_cache *cache = cache_of(SIZE, fill_polynomial, &context);
    double first[SIZE], values[SIZE];
    at(cache, exp(0.1), exp(0.03), first);
    cr_assert(nd_kernel_cache_nodes(cache) == 16 && context.calls == 16, "%d nodes, %d calls",
              nd_kernel_cache_nodes(cache), context.calls);
    /* one point below and two above in either direction */
    ASSERT_NEAR(log(context.T_low), -step_lnT, 1e-12, "lowest ln T");
    ASSERT_NEAR(log(context.T_high), 2.0 * step_lnT, 1e-12, "highest ln T");
    ASSERT_NEAR(log(context.z_low), -step_lnz, 1e-12, "lowest ln z");
    ASSERT_NEAR(log(context.z_high), 2.0 * step_lnz, 1e-12, "highest ln z");
    at(cache, exp(0.2), exp(0.09), values); /* the same cell */
    cr_assert(nd_kernel_cache_nodes(cache) == 16 && context.calls == 16, "filled twice");
    at(cache, exp(0.3), exp(0.05), values); /* the next in T */
    cr_assert(nd_kernel_cache_nodes(cache) == 20, "%d nodes", nd_kernel_cache_nodes(cache));
    at(cache, exp(0.3), exp(-0.05), values); /* the one before in z */
    cr_assert(nd_kernel_cache_nodes(cache) == 24, "%d nodes", nd_kernel_cache_nodes(cache));
    at(cache, exp(0.1), exp(0.03), values); /* back */
    cr_assert(nd_kernel_cache_nodes(cache) == 24 && context.calls == 24, "filled twice");
    for (int k = 0; k < SIZE; k++)
        cr_assert(values[k] == first[k], "value %d changed from %.17g to %.17g", k, first[k],
                  values[k]);
    nd_kernel_cache_free(cache);
    nd_kernel_cache_free(NULL);
}

Test(kernel_cache, passes_failures_through)
{
    struct context context = context_of(0.25, 0.1);
    struct nd_kernel_cache *cache = cache_of(SIZE, fill_polynomial, &context);
    double values[SIZE];
    struct nd_error error = ND_ERROR_INIT;
    context.fail_at = 6;
    ASSERT_ERROR(nd_kernel_cache_at(cache, 1.3, 1.1, values, &error), error, ND_NOT_CONVERGED,
                 "filling failed at call 6");
    cr_assert(nd_kernel_cache_nodes(cache) == 5, "%d nodes", nd_kernel_cache_nodes(cache));
    at(cache, 1.3, 1.1, values); /* the failed one is tried again, the others are kept */
    cr_assert(nd_kernel_cache_nodes(cache) == 16 && context.calls == 17, "%d nodes, %d calls",
              nd_kernel_cache_nodes(cache), context.calls);
    for (int k = 0; k < SIZE; k++)
        ASSERT_NEAR(values[k], polynomial(1.3, 1.1, k), ROUNDING, "polynomial %d", k);
    nd_kernel_cache_free(cache);
}

Test(kernel_cache, bounds)
{
    const double T_range[] = {1e-5, 1e4}, z_range[] = {1e-3, 1e3};
    const double steps[][2] = {{0.25, 0.1}, {0.07, 0.31}};
    for (int s = 0; s < 2; s++) {
        struct context context = context_of(steps[s][0], steps[s][1]);
        struct nd_kernel_cache *cache = cache_of(SIZE, fill_polynomial, &context);
        for (int i = 0; i < 4; i++) { /* the corners belong to it */
            const double T = T_range[i % 2], z = z_range[i / 2];
            double values[SIZE];
            at(cache, T, z, values);
            for (int k = 0; k < SIZE; k++)
                ASSERT_CLOSE(values[k], polynomial(T, z, k), ROUNDING, "corner %d", i);
        }
        const int filled = nd_kernel_cache_nodes(cache);
        const double outside[][2] = {{0.99e-5, 1.0}, {1.01e4, 1.0},  {1.0, 0.99e-3}, {1.0, 1.01e3},
                                     {NAN, 1.0},     {1.0, NAN},     {0.0, 1.0},     {-1.0, 1.0},
                                     {1.0, 0.0},     {INFINITY, 1.0}};
        for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
            double values[SIZE];
            struct nd_error error = ND_ERROR_INIT;
            ASSERT_ERROR(
                nd_kernel_cache_at(cache, outside[i][0], outside[i][1], values, &error), error,
                ND_BAD_INPUT,
                "collision kernels cover T from 1e-05 to 10000 MeV and a T from 0.001 to 1000");
        }
        cr_assert(nd_kernel_cache_nodes(cache) == filled, "filled outside of the bounds");
        nd_kernel_cache_free(cache);
    }
}
