/* Quadrature: integrals with an error estimate, on top of GSL.
 *
 * Two kinds are enough for the whole code. Thermal integrals, written in the logarithm of their
 * variables, are analytic and fall off at both ends at least exponentially: there the trapezoidal
 * rule converges exponentially in 1/h (Trefethen & Weideman, SIAM Review 56 (2014) 385), so it is
 * repeated with half the step until two levels agree. Everything else goes to GSL's adaptive
 * Gauss-Kronrod rule. */
#ifndef NUDIPOLE_QUADRATURE_H
#define NUDIPOLE_QUADRATURE_H

#include "nudipole/error.h"

struct nd_integral {
    double value;
    double error; /* estimate of the absolute numerical error */
    int evaluations;
};

/* An integrand; `context` is the caller's. Must return a finite number. */
typedef double nd_integrand(double x, void *context);

/* Integral of f over the whole real line, f analytic and falling off at both ends. `centre` is a
 * point where f is not negligible, `step` the first step tried (a quarter of a natural length),
 * `tolerance` relative. The error estimate is the difference of the last two levels, which for
 * these integrands is far above the true error. Errors: ND_NOT_CONVERGED. */
enum nd_status nd_integrate_line(nd_integrand *f, void *context, double centre, double step,
                                 double tolerance, struct nd_integral *result,
                                 struct nd_error *error);

/* The same for f(-x) = f(x), sampled on one side only. */
enum nd_status nd_integrate_even_line(nd_integrand *f, void *context, double step, double tolerance,
                                      struct nd_integral *result, struct nd_error *error);

/* Integral of f over [a, b], adaptive Gauss-Kronrod (GSL qag, 15 points), relative tolerance, or
 * `tolerance_abs` where that is larger. Errors: ND_NOT_CONVERGED with GSL's text. */
enum nd_status nd_integrate_interval(nd_integrand *f, void *context, double a, double b,
                                     double tolerance, double tolerance_abs,
                                     struct nd_integral *result, struct nd_error *error);

/* The Gauss-Legendre rule of n points on [0, 1], exact for polynomials up to degree 2 n - 1:
 * `node` and `weight` have room for n. Errors: ND_NO_MEMORY. */
enum nd_status nd_gauss_legendre(int n, double *node, double *weight, struct nd_error *error);

#endif
