/* Shared helpers of the unit tests: comparisons with a message, error checks, quadrature. */
#ifndef ND_TESTS_SUPPORT_H
#define ND_TESTS_SUPPORT_H

#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nudipole/error.h"

/* |actual - expected| / |expected|, absolute where zero is expected. */
static inline double relative_difference(double actual, double expected)
{
    const double difference = fabs(actual - expected);
    return expected == 0.0 ? difference : difference / fabs(expected);
}

/* Fails unless `actual` is `expected` up to a relative tolerance (a NAN fails too). What follows
 * the tolerance is a printf format with arguments that names the quantity and where it was taken.
 */
#define ASSERT_CLOSE(actual, expected, tolerance, ...)                                             \
    do {                                                                                           \
        const double actual_ = (actual), expected_ = (expected), tolerance_ = (tolerance);         \
        const double difference_ = relative_difference(actual_, expected_);                        \
        char label_[256];                                                                          \
        snprintf(label_, sizeof label_, __VA_ARGS__);                                              \
        cr_assert(difference_ <= tolerance_,                                                       \
                  "%s: %.15g, expected %.15g: they differ by %.3g, allowed is %.3g", label_,       \
                  actual_, expected_, difference_, tolerance_);                                    \
    } while (0)

/* The same with an absolute tolerance. */
#define ASSERT_NEAR(actual, expected, tolerance, ...)                                              \
    do {                                                                                           \
        const double actual_ = (actual), expected_ = (expected), tolerance_ = (tolerance);         \
        char label_[256];                                                                          \
        snprintf(label_, sizeof label_, __VA_ARGS__);                                              \
        cr_assert(fabs(actual_ - expected_) <= tolerance_, "%s: %.15g, expected %.15g +- %.3g",    \
                  label_, actual_, expected_, tolerance_);                                         \
    } while (0)

/* Fails unless a call succeeded and left `error` alone. */
#define ASSERT_OK(call, error)                                                                     \
    do {                                                                                           \
        const enum nd_status status_ = (call);                                                     \
        cr_assert(status_ == ND_OK, "unexpected error %d: %s", (int)status_, (error).message);     \
        cr_assert((error).status == ND_OK, "ND_OK returned with error set: %s", (error).message);  \
    } while (0)

/* Fails unless a call returned `expected`, recorded it and said `fragment` in its message. */
#define ASSERT_ERROR(call, error, expected, fragment)                                              \
    do {                                                                                           \
        const enum nd_status status_ = (call);                                                     \
        cr_assert(status_ == (expected), "status %d instead of %d: %s", (int)status_,              \
                  (int)(expected), (error).message);                                               \
        cr_assert((error).status == (expected), "status %d recorded instead of %d",                \
                  (int)(error).status, (int)(expected));                                           \
        cr_assert(strstr((error).message, (fragment)) != NULL, "message '%s' lacks '%s'",          \
                  (error).message, (fragment));                                                    \
    } while (0)

/* Integral of f over [a, b] by GSL's doubly-adaptive Clenshaw-Curtis rule, which the library does
 * not use. Fails the test if it does not converge. */
static inline double integrate(double (*f)(double, void *), void *context, double a, double b,
                               double tolerance)
{
    gsl_function function = {f, context};
    gsl_integration_cquad_workspace *workspace = gsl_integration_cquad_workspace_alloc(200);
    double value = NAN, error = NAN;
    size_t evaluations;
    cr_assert(workspace != NULL, "no memory for cquad");
    const int code = gsl_integration_cquad(&function, a, b, 0.0, tolerance, workspace, &value,
                                           &error, &evaluations);
    gsl_integration_cquad_workspace_free(workspace);
    cr_assert(code == GSL_SUCCESS, "reference integral over [%g, %g]: %s", a, b,
              gsl_strerror(code));
    return value;
}

static inline double fermi(double x)
{
    return 1.0 / (exp(x) + 1.0);
}

/* Fixed pseudo-random numbers, uniform on (0, 1). */
static inline double uniform(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return ((*seed >> 8) + 0.5) / 16777216.0;
}

static inline void no_gsl_abort(void)
{
    gsl_set_error_handler_off();
}

#endif
