/* Stiff ordinary differential equations dy/dx = f(x, y), any number of them: CVODE's BDF (orders 1
 * to 5) with a dense, analytic Jacobian. x only grows. One integrator belongs to one thread;
 * several may run at once. */
#ifndef ND_INTEGRATOR_H
#define ND_INTEGRATOR_H

#include "nudipole/error.h"

/* Returns 0, > 0 if a trial step went too far (CVODE takes a smaller one), < 0 to give up: the
 * reason belongs into an nd_error of the context. */
typedef int nd_ode_function(double x, const double *y, double *dydx, void *context);

/* J is column-major, J[column * n + row] = d f_row / d y_column, zeroed before the call. Returns as
 * the function does. */
typedef int nd_ode_jacobian(double x, const double *y, double *J, void *context);

/* Copied, but for `context`, which must outlive the integrator. */
struct nd_ode {
    int n;
    nd_ode_function *function;
    nd_ode_jacobian *jacobian;
    void *context;
    double tolerance;            /* relative, per step; 0 if the absolute ones are all positive */
    const double *tolerance_rel; /* one an equation in place of `tolerance`; NULL: all alike */
    const double *tolerance_abs; /* one an equation */
    long max_steps; /* of one nd_integrator_advance, >= 1; steps taken one by one are not limited */
    int fresh_jacobian; /* 1: a new Jacobian each step, for a few equations with equilibria that
                           slowly shift */
    double newton;      /* where Newton's iterations end, in units of the error test; 0: at CVODE's
                           0.1. What is left over looks like an error of the next steps */
    double x_stop;      /* nothing is evaluated or integrated beyond */
    const char *tolerance_key, *steps_key; /* what the user calls them, for advice; not copied */
};

/* Since creation or the last reset. */
struct nd_ode_stats {
    long steps, function_calls, jacobian_calls, error_test_failures;
    long newton_failures; /* iterations that did not converge */
    long factorisations;
    int last_order;
    double last_step;
};

struct nd_integrator;

/* Starts at (x, y), x < x_stop. NULL and ND_BAD_INPUT if a field of `ode` makes no sense,
 * ND_NO_MEMORY. Free with nd_integrator_free. */
enum nd_status nd_integrator_create(struct nd_integrator **integrator, const struct nd_ode *ode,
                                    double x, const double *y, struct nd_error *error);

void nd_integrator_free(struct nd_integrator *integrator); /* NULL is fine */

/* The following return ND_OK, or ND_NOT_CONVERGED with `y` as it was: where it stopped and why is
 * asked for with the functions below, or said by nd_integrator_fail. `y` may be NULL. */

/* To x, exactly: interpolated in the step that passed it, so x may also lie within the last step
 * behind. After too many steps, the next call goes on from where this one stopped. */
enum nd_status nd_integrator_advance(struct nd_integrator *integrator, double x, double *y);

/* To the end of the next internal step, which is also given in *x. (After an advance, that is the
 * end of the step it interpolated in.) The last one ends at x_stop, and another fails. */
enum nd_status nd_integrator_step(struct nd_integrator *integrator, double *x, double *y);

/* Starts again at (x, y), x < x_stop: what was learnt about the step and the order is forgotten.
 * After a jump of the function or of y, which may be nd_integrator_state. */
enum nd_status nd_integrator_reset(struct nd_integrator *integrator, double x, const double *y);

/* The point reached: the last success or where a failure stopped. The state lives as long as the
 * integrator and changes with it. */
double nd_integrator_reached(const struct nd_integrator *integrator);
const double *nd_integrator_state(const struct nd_integrator *integrator);

struct nd_ode_stats nd_integrator_stats(const struct nd_integrator *integrator);

/* Of the last call: CVODE's name of the failure, such as "CV_TOO_MUCH_WORK", and what to try: "a
 * larger" of one of the two keys. "" if it succeeded. */
const char *nd_integrator_failure_text(const struct nd_integrator *integrator);
const char *nd_integrator_failure_advice(const struct nd_integrator *integrator);

/* Records ND_NOT_CONVERGED with the message "WHERE: NAME; try ADVICE", or "WHERE: NAME: CAUSE" with
 * the cause that the function or the Jacobian recorded in `error` when it gave up, which this
 * replaces. `where` is a printf format. */
enum nd_status nd_integrator_fail(const struct nd_integrator *integrator, struct nd_error *error,
                                  const char *where, ...) __attribute__((format(printf, 3, 4)));

#endif
