/* Stiff ordinary differential equations: see integrator.h. */
#include "integrator.h"

#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_types.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

struct nd_integrator {
    struct nd_ode ode;
    SUNContext sun;
    void *cvode;
    N_Vector y;
    double *tolerance; /* absolute ones, then relative ones */
    SUNMatrix J;
    SUNLinearSolver solver;
    double reached;
    long jacobian_calls; /* CVODE resets its own only at the first step after a reset */
    int code;            /* of the last call: < 0 if it failed */
    char failure[32];    /* its name, "" if it did not */
    char advice[64];
};

static int function(sunrealtype x, N_Vector y, N_Vector dydx, void *data)
{
    const struct nd_integrator *i = data;
    return i->ode.function(x, N_VGetArrayPointer(y), N_VGetArrayPointer(dydx), i->ode.context);
}

static int jacobian(sunrealtype x, N_Vector y, N_Vector dydx, SUNMatrix J, void *data, N_Vector t1,
                    N_Vector t2, N_Vector t3)
{
    (void)dydx, (void)t1, (void)t2, (void)t3;
    struct nd_integrator *i = data;
    i->jacobian_calls++;
    return i->ode.jacobian(x, N_VGetArrayPointer(y), SM_DATA_D(J), i->ode.context);
}

/* Errors are measured in these. */
static int error_weights(N_Vector y, N_Vector weights, void *data)
{
    const struct nd_integrator *i = data;
    const int n = i->ode.n;
    const double *absolute = i->tolerance, *relative = i->tolerance + n;
    const double *state = N_VGetArrayPointer(y);
    double *weight = N_VGetArrayPointer(weights);
    for (int k = 0; k < n; k++) {
        const double allowed = relative[k] * fabs(state[k]) + absolute[k];
        if (!(allowed > 0.0))
            return -1;
        weight[k] = 1.0 / allowed;
    }
    return 0;
}

/* CVODE prints its messages unless told otherwise; the code it returns says it all. The type of the
 * handler is CVODE's. */
// NOLINTNEXTLINE(readability-non-const-parameter)
static void keep_quiet(int code, const char *module, const char *function_name, char *message,
                       void *data)
{
    (void)code, (void)module, (void)function_name, (void)message, (void)data;
}

/* Keeps the code of a call; its name is allocated by CVODE. */
static enum nd_status record(struct nd_integrator *i, int code)
{
    i->code = code;
    *i->failure = *i->advice = '\0';
    if (code >= 0)
        return ND_OK;
    char *name = CVodeGetReturnFlagName(code);
    snprintf(i->failure, sizeof i->failure, "%s", name != NULL ? name : "CVODE failed");
    free(name);
    snprintf(i->advice, sizeof i->advice, "a larger %s",
             code == CV_TOO_MUCH_WORK ? i->ode.steps_key : i->ode.tolerance_key);
    return ND_NOT_CONVERGED;
}

static void set_state(struct nd_integrator *i, double x, const double *y)
{
    i->reached = x;
    memmove(N_VGetArrayPointer(i->y), y, (size_t)i->ode.n * sizeof *y);
}

static void copy_state(const struct nd_integrator *i, double *y)
{
    if (y != NULL)
        memcpy(y, N_VGetArrayPointer(i->y), (size_t)i->ode.n * sizeof *y);
}

static enum nd_status check(const struct nd_ode *ode, double x, struct nd_error *error)
{
    int bad = ode->n < 1 || !(ode->tolerance >= 0.0) || ode->max_steps < 1 ||
              !(ode->newton >= 0.0 && ode->newton < 1.0);
    for (int k = 0; k < ode->n && !bad; k++)
        bad = !(ode->tolerance_abs[k] >= 0.0) ||
              (ode->tolerance_rel != NULL && !(ode->tolerance_rel[k] >= 0.0));
    if (bad)
        return nd_fail(error, ND_BAD_INPUT,
                       "%d equations, %ld steps, relative tolerance %g, Newton's %g: at least 1, "
                       "at least 1, not negative, nor that of an equation, 0 to below 1",
                       ode->n, ode->max_steps, ode->tolerance, ode->newton);
    if (!(isfinite(x) && isfinite(ode->x_stop) && x < ode->x_stop))
        return nd_fail(error, ND_BAD_INPUT, "integration from %g to %g: must be finite and grow", x,
                       ode->x_stop);
    return ND_OK;
}

static enum nd_status set_up(struct nd_integrator *i, double x, const double *y,
                             struct nd_error *error)
{
    const int n = i->ode.n;
    if (SUNContext_Create(NULL, &i->sun) != 0 || (i->y = N_VNew_Serial(n, i->sun)) == NULL ||
        (i->tolerance = malloc(2 * (size_t)n * sizeof *i->tolerance)) == NULL ||
        (i->J = SUNDenseMatrix(n, n, i->sun)) == NULL ||
        (i->solver = SUNLinSol_Dense(i->y, i->J, i->sun)) == NULL ||
        (i->cvode = CVodeCreate(CV_BDF, i->sun)) == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for CVODE with %d equations", n);
    set_state(i, x, y);
    for (int k = 0; k < n; k++) {
        i->tolerance[k] = i->ode.tolerance_abs[k];
        i->tolerance[n + k] =
            i->ode.tolerance_rel != NULL ? i->ode.tolerance_rel[k] : i->ode.tolerance;
    }
    i->ode.tolerance_abs = i->ode.tolerance_rel = NULL; /* the caller's may go */
    if (CVodeSetErrHandlerFn(i->cvode, keep_quiet, NULL) != CV_SUCCESS ||
        CVodeInit(i->cvode, function, x, i->y) != CV_SUCCESS ||
        CVodeWFtolerances(i->cvode, error_weights) != CV_SUCCESS ||
        CVodeSetUserData(i->cvode, i) != CV_SUCCESS ||
        CVodeSetLinearSolver(i->cvode, i->solver, i->J) != CV_SUCCESS ||
        CVodeSetJacFn(i->cvode, jacobian) != CV_SUCCESS ||
        CVodeSetMaxNumSteps(i->cvode, i->ode.max_steps) != CV_SUCCESS)
        return nd_fail(error, ND_NOT_CONVERGED, "CVODE cannot be set up");
    const int iterations = 4; /* CVODE's 3 are for its own 0.1 */
    if ((i->ode.newton > 0.0 && (CVodeSetNonlinConvCoef(i->cvode, i->ode.newton) != CV_SUCCESS ||
                                 CVodeSetMaxNonlinIters(i->cvode, iterations) != CV_SUCCESS)) ||
        (i->ode.fresh_jacobian && (CVodeSetLSetupFrequency(i->cvode, 1) != CV_SUCCESS ||
                                   CVodeSetJacEvalFrequency(i->cvode, 1) != CV_SUCCESS)))
        return nd_fail(error, ND_NOT_CONVERGED, "CVODE cannot be set up");
    return ND_OK;
}

enum nd_status nd_integrator_create(struct nd_integrator **integrator, const struct nd_ode *ode,
                                    double x, const double *y, struct nd_error *error)
{
    *integrator = NULL;
    enum nd_status status = check(ode, x, error);
    if (status != ND_OK)
        return status;
    struct nd_integrator *i = calloc(1, sizeof *i);
    if (i == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for an integrator");
    i->ode = *ode;
    status = set_up(i, x, y, error);
    if (status == ND_OK)
        *integrator = i;
    else
        nd_integrator_free(i);
    return status;
}

void nd_integrator_free(struct nd_integrator *i)
{
    if (i == NULL)
        return;
    CVodeFree(&i->cvode);
    if (i->solver != NULL)
        SUNLinSolFree(i->solver);
    if (i->J != NULL)
        SUNMatDestroy(i->J);
    free(i->tolerance);
    if (i->y != NULL)
        N_VDestroy(i->y);
    SUNContext_Free(&i->sun);
    free(i);
}

static enum nd_status integrate(struct nd_integrator *i, double x, int task, double *y)
{
    /* CVODE drops the stop time once it has been reached */
    int code = CVodeSetStopTime(i->cvode, i->ode.x_stop);
    if (code == CV_SUCCESS)
        code = CVode(i->cvode, x, i->y, &i->reached, task);
    const enum nd_status status = record(i, code);
    if (status == ND_OK)
        copy_state(i, y);
    return status;
}

enum nd_status nd_integrator_advance(struct nd_integrator *i, double x, double *y)
{
    if (!(x <= i->ode.x_stop))
        return record(i, CV_ILL_INPUT);
    if (x == i->reached) { /* CVODE refuses a first step of no length */
        copy_state(i, y);
        return record(i, CV_SUCCESS);
    }
    return integrate(i, x, CV_NORMAL, y);
}

enum nd_status nd_integrator_step(struct nd_integrator *i, double *x, double *y)
{
    if (i->reached >= i->ode.x_stop)
        return record(i, CV_ILL_INPUT);
    /* to x_stop: gives the first step its direction and its scale */
    const enum nd_status status = integrate(i, i->ode.x_stop, CV_ONE_STEP, y);
    if (status == ND_OK)
        *x = i->reached;
    return status;
}

enum nd_status nd_integrator_reset(struct nd_integrator *i, double x, const double *y)
{
    if (!(isfinite(x) && x < i->ode.x_stop))
        return record(i, CV_ILL_INPUT);
    set_state(i, x, y);
    i->jacobian_calls = 0;
    return record(i, CVodeReInit(i->cvode, x, i->y));
}

double nd_integrator_reached(const struct nd_integrator *i)
{
    return i->reached;
}

const double *nd_integrator_state(const struct nd_integrator *i)
{
    return N_VGetArrayPointer(i->y);
}

struct nd_ode_stats nd_integrator_stats(const struct nd_integrator *i)
{
    struct nd_ode_stats stats = {.jacobian_calls = i->jacobian_calls};
    CVodeGetNumSteps(i->cvode, &stats.steps);
    CVodeGetNumRhsEvals(i->cvode, &stats.function_calls);
    CVodeGetNumErrTestFails(i->cvode, &stats.error_test_failures);
    CVodeGetNumNonlinSolvConvFails(i->cvode, &stats.newton_failures);
    CVodeGetNumLinSolvSetups(i->cvode, &stats.factorisations);
    CVodeGetLastOrder(i->cvode, &stats.last_order);
    CVodeGetLastStep(i->cvode, &stats.last_step);
    return stats;
}

const char *nd_integrator_failure_text(const struct nd_integrator *i)
{
    return i->failure;
}

const char *nd_integrator_failure_advice(const struct nd_integrator *i)
{
    return i->advice;
}

enum nd_status nd_integrator_fail(const struct nd_integrator *i, struct nd_error *error,
                                  const char *where, ...)
{
    if (error == NULL)
        return ND_NOT_CONVERGED;
    const struct nd_error cause = *error;
    char place[sizeof error->message];
    va_list args;
    va_start(args, where);
    vsnprintf(place, sizeof place, where, args);
    va_end(args);
    error->status = ND_OK;
    const int known = *cause.message != '\0';
    return nd_fail(error, ND_NOT_CONVERGED, "%s: %s%s%s", place, i->failure,
                   known ? ": " : "; try ", known ? cause.message : i->advice);
}
