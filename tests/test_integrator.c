/* Stiff equations against closed forms and published numbers, and every way in which an integration
 * ends early. */
#include "integrator.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>

#include "support.h"

static struct nd_error error;

static void setup(void)
{
    error = (struct nd_error)ND_ERROR_INIT;
}

TestSuite(integrator, .init = setup);

static struct nd_integrator *create(const struct nd_ode *ode, double x, const double *y)
{
    struct nd_integrator *integrator;
    ASSERT_OK(nd_integrator_create(&integrator, ode, x, y, &error), error);
    return integrator;
}

/* Linear and coupled: y' = A y with A = S diag(-rate) S^-1. */

static const double RATES[3] = {1.0, 1e3, 1e6};
static const double S[3][3] = {{1, 1, 0}, {0, 1, 1}, {1, 0, 1}};
static const double S_INVERSE[3][3] = {{0.5, -0.5, 0.5}, {0.5, 0.5, -0.5}, {-0.5, 0.5, 0.5}};
static const double LINEAR_START[3] = {1.0, 2.0, 3.0};

/* Element of S diag(d) S^-1. */
static double element(const double d[3], int row, int column)
{
    double sum = 0.0;
    for (int k = 0; k < 3; k++)
        sum += S[row][k] * d[k] * S_INVERSE[k][column];
    return sum;
}

static const double MINUS_RATES[3] = {-1.0, -1e3, -1e6};

static int linear(double x, const double *y, double *dydx, void *context)
{
    (void)x, (void)context;
    for (int r = 0; r < 3; r++) {
        dydx[r] = 0.0;
        for (int c = 0; c < 3; c++)
            dydx[r] += element(MINUS_RATES, r, c) * y[c];
    }
    return 0;
}

static int linear_jacobian(double x, const double *y, double *J, void *context)
{
    (void)x, (void)y, (void)context;
    for (int i = 0; i < 9; i++)
        cr_assert(J[i] == 0.0, "the matrix comes zeroed, element %d is %g", i, J[i]);
    for (int c = 0; c < 3; c++)
        for (int r = 0; r < 3; r++)
            J[c * 3 + r] = element(MINUS_RATES, r, c);
    return 0;
}

static void linear_solution(double x, double y[3])
{
    double factors[3];
    for (int k = 0; k < 3; k++)
        factors[k] = exp(-RATES[k] * x);
    for (int r = 0; r < 3; r++) {
        y[r] = 0.0;
        for (int c = 0; c < 3; c++)
            y[r] += element(factors, r, c) * LINEAR_START[c];
    }
}

static const double TIGHT[3] = {1e-12, 1e-12, 1e-12};
static const struct nd_ode LINEAR = {.n = 3,
                                     .function = linear,
                                     .jacobian = linear_jacobian,
                                     .tolerance = 1e-9,
                                     .tolerance_abs = TIGHT,
                                     .max_steps = 10000,
                                     .x_stop = 2.0,
                                     .tolerance_key = "some_tolerance",
                                     .steps_key = "some_steps"};

Test(integrator, linear_stiff_system_has_its_closed_form)
{
    const double tolerance = 1e-6; /* 1e-9 a step, some hundred steps */
    struct nd_integrator *integrator = create(&LINEAR, 0.0, LINEAR_START);
    const double at[] = {1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 1.0, 2.0};
    for (int i = 0; i < 10; i++) {
        double y[3], expected[3];
        cr_assert(nd_integrator_advance(integrator, at[i], y) == ND_OK);
        cr_assert(nd_integrator_reached(integrator) == at[i]);
        linear_solution(at[i], expected);
        for (int k = 0; k < 3; k++) {
            ASSERT_NEAR(y[k], expected[k], tolerance, "y[%d] at %g", k, at[i]);
            cr_assert(nd_integrator_state(integrator)[k] == y[k]);
        }
    }
    const struct nd_ode_stats stats = nd_integrator_stats(integrator);
    /* an explicit method would need 2/1e6 a step at most; a wrong Jacobian fails to converge */
    cr_assert(stats.steps > 100 && stats.steps < 2000, "%ld steps", stats.steps);
    cr_assert(stats.newton_failures == 0, "%ld", stats.newton_failures);
    cr_assert(stats.function_calls > stats.steps && stats.factorisations >= stats.jacobian_calls &&
              stats.jacobian_calls >= 1);
    cr_assert(stats.last_order > 2 && stats.last_order <= 5, "order %d", stats.last_order);
    cr_assert(stats.last_step > 0.0 && stats.last_step < 2.0);
    nd_integrator_free(integrator);
}

Test(integrator, start_again_and_interpolate_behind)
{
    struct nd_integrator *integrator = create(&LINEAR, 0.0, LINEAR_START);
    double first[3], again[3], expected[3], x;
    cr_assert(nd_integrator_advance(integrator, 0.0, first) == ND_OK, "no way to go is no failure");
    cr_assert(memcmp(first, LINEAR_START, sizeof first) == 0);
    cr_assert(nd_integrator_advance(integrator, 1.0, first) == ND_OK);
    const struct nd_ode_stats stats = nd_integrator_stats(integrator);

    cr_assert(nd_integrator_reset(integrator, 0.0, LINEAR_START) == ND_OK);
    cr_assert(nd_integrator_reached(integrator) == 0.0);
    cr_assert(memcmp(nd_integrator_state(integrator), LINEAR_START, sizeof first) == 0);
    const struct nd_ode_stats none = nd_integrator_stats(integrator);
    cr_assert(none.steps == 0 && none.function_calls == 0 && none.jacobian_calls == 0 &&
              none.error_test_failures == 0 && none.newton_failures == 0 &&
              none.factorisations == 0);
    cr_assert(nd_integrator_advance(integrator, 1.0, again) == ND_OK);
    cr_assert(memcmp(first, again, sizeof first) == 0, "nothing of the first run is left");
    const struct nd_ode_stats same = nd_integrator_stats(integrator);
    cr_assert(same.steps == stats.steps && same.function_calls == stats.function_calls &&
              same.jacobian_calls == stats.jacobian_calls &&
              same.factorisations == stats.factorisations);

    /* from another point: the equations are autonomous, so only x is shifted */
    cr_assert(nd_integrator_reset(integrator, 0.5, LINEAR_START) == ND_OK);
    cr_assert(nd_integrator_advance(integrator, 1.5, again) == ND_OK);
    for (int k = 0; k < 3; k++)
        ASSERT_NEAR(again[k], first[k], 1e-8, "y[%d], shifted", k);
    /* with its own state */
    cr_assert(nd_integrator_reset(integrator, 0.0, nd_integrator_state(integrator)) == ND_OK);
    cr_assert(memcmp(nd_integrator_state(integrator), again, sizeof again) == 0);

    /* behind, but within the last step */
    cr_assert(nd_integrator_reset(integrator, 0.0, LINEAR_START) == ND_OK);
    while (nd_integrator_reached(integrator) < 0.5)
        cr_assert(nd_integrator_step(integrator, &x, NULL) == ND_OK);
    const double behind = x - 0.5 * nd_integrator_stats(integrator).last_step;
    cr_assert(nd_integrator_advance(integrator, behind, again) == ND_OK);
    linear_solution(behind, expected);
    for (int k = 0; k < 3; k++)
        ASSERT_NEAR(again[k], expected[k], 1e-6, "y[%d] behind", k);
    double back;
    cr_assert(nd_integrator_step(integrator, &back, NULL) == ND_OK && back == x);
    cr_assert(nd_integrator_advance(integrator, 0.1, again) == ND_NOT_CONVERGED,
              "that step is gone");
    cr_assert(strcmp(nd_integrator_failure_text(integrator), "CV_ILL_INPUT") == 0);
    nd_integrator_free(integrator);
}

/* Robertson's chemical reactions: three rates, nine orders of magnitude apart. */

static int robertson(double x, const double *y, double *dydx, void *context)
{
    (void)x, (void)context;
    const double a = 0.04 * y[0], b = 1e4 * y[1] * y[2], c = 3e7 * y[1] * y[1];
    dydx[0] = -a + b;
    dydx[1] = a - b - c;
    dydx[2] = c;
    return 0;
}

static int robertson_jacobian(double x, const double *y, double *J, void *context)
{
    (void)x, (void)context;
    J[0] = -0.04;
    J[1] = 0.04;
    J[3] = 1e4 * y[2];
    J[4] = -1e4 * y[2] - 6e7 * y[1];
    J[5] = 6e7 * y[1];
    J[6] = 1e4 * y[1];
    J[7] = -1e4 * y[1];
    return 0;
}

Test(integrator, robertson_has_its_published_values)
{
    /* From CVODE's example cvRoberts, five digits; from the test set for IVP solvers of Bari. */
    static const struct {
        double x, y[3], tolerance;
    } known[] = {
        {0.4, {9.8517e-01, 3.3864e-05, 1.4794e-02}, 5e-5},
        {1e11, {0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050e+00}, 1e-6},
    };
    const double absolute[3] = {1e-16, 1e-20, 1e-14}, start[3] = {1.0, 0.0, 0.0};
    const struct nd_ode ode = {.n = 3,
                               .function = robertson,
                               .jacobian = robertson_jacobian,
                               .tolerance = 1e-10,
                               .tolerance_abs = absolute,
                               .max_steps = 10000,
                               .x_stop = 1e11,
                               .tolerance_key = "some_tolerance",
                               .steps_key = "some_steps"};
    struct nd_integrator *integrator = create(&ode, 0.0, start);
    for (int i = 0; i < 2; i++) {
        double y[3];
        cr_assert(nd_integrator_advance(integrator, known[i].x, y) == ND_OK);
        for (int k = 0; k < 3; k++)
            ASSERT_CLOSE(y[k], known[i].y[k], known[i].tolerance, "y[%d] at %g", k, known[i].x);
        /* BDF keeps what is linear, up to rounding, if the Jacobian knows it too */
        ASSERT_NEAR(y[0] + y[1] + y[2], 1.0, 1e-12, "sum at %g", known[i].x);
    }
    nd_integrator_free(integrator);
}

/* Decay at unit rate, with something that goes wrong. */

struct trouble {
    double gives_up_from; /* at this x the function gives up and says why */
    int gives_up_in_jacobian;
    int refuse_from, refuse; /* that many calls of the function from this one ask for less */
    int calls, refused;
    double farthest; /* x that the function was asked for */
    struct nd_error *error;
};

static int decay(double x, const double *y, double *dydx, void *context)
{
    struct trouble *trouble = context;
    trouble->farthest = fmax(trouble->farthest, x);
    const int call = trouble->calls++;
    if (call >= trouble->refuse_from && call - trouble->refuse_from < trouble->refuse) {
        trouble->refused++;
        return 1;
    }
    if (x > trouble->gives_up_from) {
        nd_fail(trouble->error, ND_BAD_INPUT, "no table beyond %g", trouble->gives_up_from);
        return -1;
    }
    *dydx = -*y;
    return 0;
}

static int decay_jacobian(double x, const double *y, double *J, void *context)
{
    (void)x, (void)y;
    struct trouble *trouble = context;
    if (trouble->gives_up_in_jacobian) {
        nd_fail(trouble->error, ND_BAD_INPUT, "no derivative");
        return -1;
    }
    *J = -1.0;
    return 0;
}

static const double ONE = 1.0;

static struct trouble no_trouble(void)
{
    return (struct trouble){.gives_up_from = INFINITY, .error = &error};
}

static struct nd_ode decay_with(struct trouble *trouble)
{
    static const double absolute = 1e-12;
    return (struct nd_ode){.n = 1,
                           .function = decay,
                           .jacobian = decay_jacobian,
                           .context = trouble,
                           .tolerance = 1e-8,
                           .tolerance_abs = &absolute,
                           .max_steps = 1000,
                           .x_stop = 3.0,
                           .tolerance_key = "some_tolerance",
                           .steps_key = "some_steps"};
}

Test(integrator, giving_up_leaves_the_cause_and_the_place)
{
    struct trouble trouble = no_trouble();
    trouble.gives_up_from = 0.5;
    const struct nd_ode ode = decay_with(&trouble);
    struct nd_integrator *integrator = create(&ode, 0.0, &ONE);
    double y = 7.0;
    cr_assert(*nd_integrator_failure_text(integrator) == '\0' &&
              *nd_integrator_failure_advice(integrator) == '\0');
    cr_assert(nd_integrator_advance(integrator, 1.0, &y) == ND_NOT_CONVERGED);
    cr_assert(y == 7.0, "a failed run returns no numbers");
    cr_assert(strcmp(nd_integrator_failure_text(integrator), "CV_RHSFUNC_FAIL") == 0);
    cr_assert(strcmp(error.message, "no table beyond 0.5") == 0 && error.status == ND_BAD_INPUT,
              "the function's own words: '%s'", error.message);
    const double reached = nd_integrator_reached(integrator);
    cr_assert(reached > 0.3 && reached <= 0.5, "%g", reached);
    ASSERT_CLOSE(*nd_integrator_state(integrator), exp(-reached), 1e-6, "state at %g", reached);

    ASSERT_ERROR(nd_integrator_fail(integrator, &error, "decay %d", 3), error, ND_NOT_CONVERGED,
                 "decay 3: CV_RHSFUNC_FAIL: no table beyond 0.5");
    cr_assert(nd_integrator_fail(integrator, NULL, "decay") == ND_NOT_CONVERGED);
    nd_integrator_free(integrator);
}

Test(integrator, giving_up_at_the_start_or_in_the_jacobian)
{
    struct trouble trouble = no_trouble();
    trouble.gives_up_from = -1.0;
    const struct nd_ode ode = decay_with(&trouble);
    struct nd_integrator *integrator = create(&ode, 0.0, &ONE);
    cr_assert(nd_integrator_advance(integrator, 1.0, NULL) == ND_NOT_CONVERGED);
    cr_assert(strcmp(nd_integrator_failure_text(integrator), "CV_RHSFUNC_FAIL") == 0, "%s",
              nd_integrator_failure_text(integrator));
    cr_assert(nd_integrator_reached(integrator) == 0.0 && *nd_integrator_state(integrator) == 1.0);

    error = (struct nd_error)ND_ERROR_INIT;
    trouble = no_trouble();
    trouble.gives_up_in_jacobian = 1;
    cr_assert(nd_integrator_reset(integrator, 0.0, &ONE) == ND_OK);
    cr_assert(*nd_integrator_failure_text(integrator) == '\0', "the failure is over");
    cr_assert(nd_integrator_advance(integrator, 1.0, NULL) == ND_NOT_CONVERGED);
    cr_assert(strcmp(nd_integrator_failure_text(integrator), "CV_LSETUP_FAIL") == 0, "%s",
              nd_integrator_failure_text(integrator));
    cr_assert(strcmp(error.message, "no derivative") == 0, "%s", error.message);

    trouble = no_trouble();
    trouble.refuse = 1; /* the very first call: there is no smaller step to take */
    cr_assert(nd_integrator_reset(integrator, 0.0, &ONE) == ND_OK);
    cr_assert(nd_integrator_advance(integrator, 1.0, NULL) == ND_NOT_CONVERGED);
    cr_assert(strcmp(nd_integrator_failure_text(integrator), "CV_FIRST_RHSFUNC_ERR") == 0, "%s",
              nd_integrator_failure_text(integrator));
    nd_integrator_free(integrator);
}

Test(integrator, a_smaller_step_is_taken_when_asked_for)
{
    struct trouble trouble = no_trouble();
    trouble.refuse_from = 20;
    trouble.refuse = 3;
    const struct nd_ode ode = decay_with(&trouble);
    struct nd_integrator *integrator = create(&ode, 0.0, &ONE);
    double y = 0.0;
    cr_assert(nd_integrator_advance(integrator, 3.0, &y) == ND_OK);
    cr_assert(trouble.refused == 3, "%d", trouble.refused);
    ASSERT_CLOSE(y, exp(-3.0), 1e-6, "after steps refused");

    trouble = no_trouble(); /* but not for ever */
    trouble.refuse_from = 20;
    trouble.refuse = 1000000;
    cr_assert(nd_integrator_reset(integrator, 0.0, &ONE) == ND_OK);
    cr_assert(nd_integrator_advance(integrator, 3.0, &y) == ND_NOT_CONVERGED);
    cr_assert(strcmp(nd_integrator_failure_text(integrator), "CV_REPTD_RHSFUNC_ERR") == 0, "%s",
              nd_integrator_failure_text(integrator));
    cr_assert(trouble.refused > 3 && trouble.refused < 100, "%d", trouble.refused);
    ASSERT_ERROR(nd_integrator_fail(integrator, &error, "decay"), error, ND_NOT_CONVERGED,
                 "decay: CV_REPTD_RHSFUNC_ERR; try a larger some_tolerance");
    nd_integrator_free(integrator);
}

Test(integrator, too_few_steps_say_so_and_may_be_continued)
{
    struct trouble trouble = no_trouble();
    struct nd_ode ode = decay_with(&trouble);
    ode.max_steps = 10;
    struct nd_integrator *integrator = create(&ode, 0.0, &ONE);
    double y = 0.0;
    cr_redirect_stderr();
    cr_assert(nd_integrator_advance(integrator, 3.0, &y) == ND_NOT_CONVERGED);
    fflush(stderr);
    cr_assert_stderr_eq_str("", "CVODE prints nothing");
    cr_assert(strcmp(nd_integrator_failure_text(integrator), "CV_TOO_MUCH_WORK") == 0);
    cr_assert(strcmp(nd_integrator_failure_advice(integrator), "a larger some_steps") == 0);
    cr_assert(nd_integrator_stats(integrator).steps == 10);
    cr_assert(error.status == ND_OK, "the caller decides on the message");
    const double reached = nd_integrator_reached(integrator);
    cr_assert(reached > 0.0 && reached < 3.0);
    ASSERT_CLOSE(*nd_integrator_state(integrator), exp(-reached), 1e-6, "state at %g", reached);
    ASSERT_ERROR(nd_integrator_fail(integrator, &error, "decay at %g", reached), error,
                 ND_NOT_CONVERGED, ": CV_TOO_MUCH_WORK; try a larger some_steps");

    for (int i = 0; i < 100 && nd_integrator_advance(integrator, 3.0, &y) != ND_OK; i++)
        ;
    ASSERT_CLOSE(y, exp(-3.0), 1e-6, "continued ten steps at a time");
    cr_assert(*nd_integrator_failure_text(integrator) == '\0');
    nd_integrator_free(integrator);
}

Test(integrator, stops_where_it_must)
{
    struct trouble trouble = no_trouble();
    trouble.gives_up_from = 3.0;
    const struct nd_ode ode = decay_with(&trouble);
    struct nd_integrator *integrator = create(&ode, 0.0, &ONE);
    double y = 0.0, x = -1.0, last = 0.0;
    for (int round = 0; round < 2; round++) { /* CVODE forgets the stop once it was reached */
        int steps = 0;
        for (last = 0.0; nd_integrator_step(integrator, &x, &y) == ND_OK; last = x, steps++) {
            cr_assert(x > last && x <= 3.0, "%g after %g", x, last);
            cr_assert(x == nd_integrator_reached(integrator) &&
                      y == *nd_integrator_state(integrator));
            ASSERT_CLOSE(y, exp(-x), 1e-6, "step to %g", x);
        }
        cr_assert(last == 3.0 && x == 3.0 && trouble.farthest == 3.0, "%.17g", trouble.farthest);
        cr_assert(nd_integrator_stats(integrator).steps == steps && steps > 20, "%d", steps);
        cr_assert(nd_integrator_advance(integrator, 3.0, &y) == ND_OK, "already there");
        cr_assert(nd_integrator_advance(integrator, 3.1, &y) == ND_NOT_CONVERGED);
        cr_assert(strcmp(nd_integrator_failure_text(integrator), "CV_ILL_INPUT") == 0);
        /* back a little, and forth */
        cr_assert(nd_integrator_advance(integrator, 2.999999, &y) == ND_OK);
        cr_assert(nd_integrator_advance(integrator, 3.0, &y) == ND_OK);
        cr_assert(trouble.farthest == 3.0, "%.17g", trouble.farthest);
        ASSERT_CLOSE(y, exp(-3.0), 1e-6, "at the stop");
        cr_assert(nd_integrator_reset(integrator, 3.0, &ONE) == ND_NOT_CONVERGED, "no way to go");
        cr_assert(nd_integrator_reset(integrator, 0.0, &ONE) == ND_OK);
    }
    for (int i = 1; i <= 30; i++)
        cr_assert(nd_integrator_advance(integrator, i * 3.0 / 30, &y) == ND_OK);
    cr_assert(trouble.farthest == 3.0, "%.17g", trouble.farthest);
    ASSERT_CLOSE(y, exp(-3.0), 1e-6, "at the stop, by points");
    nd_integrator_free(integrator);
}

Test(integrator, senseless_input_is_refused)
{
    struct trouble trouble = no_trouble();
    const double negative = -1e-8;
    const struct nd_ode good = decay_with(&trouble);
    struct nd_ode bad[8];
    for (int i = 0; i < 8; i++)
        bad[i] = good;
    bad[0].n = 0;
    bad[1].tolerance = NAN;
    bad[2].max_steps = 0;
    bad[3].tolerance_abs = &negative;
    bad[4].newton = -1e-3;
    bad[5].newton = 1.0;
    bad[6].x_stop = 0.0;
    bad[7].x_stop = INFINITY;
    for (int i = 0; i < 8; i++) {
        struct nd_integrator *integrator = (struct nd_integrator *)&trouble;
        error = (struct nd_error)ND_ERROR_INIT;
        ASSERT_ERROR(nd_integrator_create(&integrator, &bad[i], 0.0, &ONE, &error), error,
                     ND_BAD_INPUT, i < 6 ? "equations" : "must be finite and grow");
        cr_assert(integrator == NULL);
    }
    nd_integrator_free(NULL);
}
