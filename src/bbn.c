/* A solution of Big Bang nucleosynthesis: see nudipole/bbn.h. */
#include "nudipole/bbn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bbn_internal.h"
#include "integrator.h"
#include "nudipole/grid.h"

static const double MASS_RESIDUAL_MAX = 1e-10;
static const double Y_P_MIN = 0.01, Y_P_MAX = 0.9;
/* Fewer nuclides per baryon than that are of no account. */
static const double TRACE = 1e-22;
/* Deuterium burns, and D/H remembers the baryons of then [MeV]. */
static const double T_DEUTERIUM = 0.07;

struct nd_bbn_options nd_bbn_defaults(void)
{
    return (struct nd_bbn_options){.omega_b = 0.022425, .tolerance = 1e-7, .max_steps = 100000};
}

/* A run of the network, from T_start to T_end. */
struct run {
    struct nd_network network;
    double T_start, T_end;
    struct nd_integrator *integrator;
    double y[ND_N_NUCLIDES];
    int next_row;
};

static enum nd_status check(const struct nd_bbn_options *o, struct nd_error *error)
{
    if (!(o->omega_b > 0.0 && o->omega_b < 1.0))
        return nd_fail(error, ND_BAD_INPUT, "omega_b = %g: must be between 0 and 1", o->omega_b);
    if (!(o->tolerance > 0.0 && o->tolerance < 0.1) || o->max_steps < 1)
        return nd_fail(error, ND_BAD_INPUT,
                       "tolerance %g, %ld steps: must be between 0 and 0.1, at least 1",
                       o->tolerance, o->max_steps);
    if (o->n_points < 0 || o->n_points == 1)
        return nd_fail(error, ND_BAD_INPUT, "%d rows: allowed is none or at least 2", o->n_points);
    return ND_OK;
}

/* Temperatures that all have in common; below the tables of nuclear rates nothing happens. */
static enum nd_status set_range(struct run *run, const struct nd_bbn_options *o,
                                struct nd_error *error)
{
    const struct nd_bbn_ingredients *from = &run->network.from;
    const struct nd_bbn_universe *all[] = {from->expansion, from->baryons, from->weak};
    run->T_start = o->T_start_max > 0.0 ? o->T_start_max : INFINITY;
    run->T_end = nd_nuclear_rates_T_min(run->network.rates);
    for (int i = 0; i < 3; i++) {
        run->T_start = fmin(run->T_start, nd_bbn_universe_T_start(all[i]));
        run->T_end = fmax(run->T_end, nd_bbn_universe_T_end(all[i]));
    }
    /* not to leave a table by rounding */
    run->T_start *= 1.0 - 1e-12;
    run->T_end *= 1.0 + 1e-12;
    const double frozen = 0.02;
    if (!(run->T_start >= ND_BBN_T_START_MIN * (1.0 - 1e-9)))
        return nd_fail(
            error, ND_BAD_INPUT,
            "nucleosynthesis that begins at T = %g MeV: deuterium burns below %g MeV: it "
            "must begin there at least",
            run->T_start, ND_BBN_T_START_MIN);
    if (!(run->T_end <= frozen * (1.0 + 1e-9)))
        return nd_fail(
            error, ND_BAD_INPUT,
            "nucleosynthesis that ends at T = %g MeV: it goes on down to %g MeV at least",
            run->T_end, frozen);
    return ND_OK;
}

static enum nd_status watch(double T, const double *y, struct nd_bbn *bbn, struct nd_error *error)
{
    double sum = 0.0;
    for (int i = 0; i < ND_N_NUCLIDES; i++)
        sum += nd_nuclide((enum nd_nuclide)i)->A * y[i];
    const double residual = fabs(sum - 1.0);
    if (!(residual <= MASS_RESIDUAL_MAX)) /* also what is not a number */
        return nd_fail(error, ND_NOT_CONVERGED,
                       "nucleosynthesis at T = %g MeV: mass fractions sum to 1 + %.3g, allowed is "
                       "%g off; try a smaller bbn_tolerance",
                       T, sum - 1.0, MASS_RESIDUAL_MAX);
    bbn->mass_residual = fmax(bbn->mass_residual, residual);
    return ND_OK;
}

static void write_rows(struct run *run, const struct nd_bbn_options *o, double x,
                       struct nd_bbn *bbn)
{
    while (run->next_row < o->n_points) {
        const double T = nd_log_grid(run->T_start, run->T_end, o->n_points, run->next_row);
        if (-log(T) > x)
            return;
        struct nd_bbn_point *point = &bbn->points[run->next_row++];
        point->T = T;
        nd_integrator_advance(run->integrator, -log(T), point->Y);
    }
}

/* Steps from where the integrator stands to T. */
static enum nd_status integrate(struct run *run, double T, const struct nd_bbn_options *o,
                                struct nd_bbn *bbn, struct nd_error *error)
{
    const double x_stop = -log(T);
    double x = nd_integrator_reached(run->integrator);
    enum nd_status status = ND_OK;
    while (status == ND_OK && x < x_stop) {
        if (bbn->stats.steps + nd_integrator_stats(run->integrator).steps >= o->max_steps)
            return nd_fail(error, ND_NOT_CONVERGED,
                           "nucleosynthesis: %ld steps taken at T = %g MeV; try a larger "
                           "bbn_max_steps",
                           o->max_steps, exp(-x));
        if (nd_integrator_step(run->integrator, &x, run->y) != ND_OK)
            return nd_integrator_fail(run->integrator, error,
                                      "nucleosynthesis: CVODE stopped at T = %g MeV",
                                      exp(-nd_integrator_reached(run->integrator)));
        status = watch(exp(-x), run->y, bbn, error);
        write_rows(run, o, x, bbn);
    }
    return status;
}

/* One era: with nuclei or without. CVODE starts anew, since the equations jump. */
static enum nd_status era(struct run *run, double T_from, double T_to, int nuclear,
                          const struct nd_bbn_options *o, struct nd_bbn *bbn,
                          struct nd_error *error)
{
    double absolute[ND_N_NUCLIDES];
    for (int i = 0; i < ND_N_NUCLIDES; i++)
        absolute[i] = TRACE;
    const struct nd_ode ode = {
        .n = ND_N_NUCLIDES,
        .function = nd_network_function,
        .jacobian = nd_network_jacobian,
        .context = &run->network,
        .tolerance = o->tolerance,
        .tolerance_abs = absolute,
        .max_steps = o->max_steps,
        .fresh_jacobian = 1,
        .newton = 1e-3,
        .x_stop = -log(T_to),
        .tolerance_key = "bbn_tolerance",
        .steps_key = "bbn_max_steps",
    };
    run->network.nuclear = nuclear;
    enum nd_status status =
        nd_integrator_create(&run->integrator, &ode, -log(T_from), run->y, error);
    if (status == ND_OK)
        status = integrate(run, T_to, o, bbn, error);
    if (run->integrator != NULL) {
        const struct nd_ode_stats stats = nd_integrator_stats(run->integrator);
        bbn->stats.steps += stats.steps;
        bbn->stats.rhs_calls += stats.function_calls;
        bbn->stats.jacobian_calls += stats.jacobian_calls;
    }
    nd_integrator_free(run->integrator);
    run->integrator = NULL;
    return status;
}

static enum nd_status finish(const struct run *run, struct nd_bbn *bbn, struct nd_error *error)
{
    const double *Y = run->y, H = Y[ND_PROTON];
    memcpy(bbn->Y, Y, sizeof run->y);
    bbn->ratio[ND_RATIO_Y_P] = 4.0 * Y[ND_HELIUM4];
    bbn->ratio[ND_RATIO_D_H] = Y[ND_DEUTERON] / H;
    bbn->ratio[ND_RATIO_HE3_H] = (Y[ND_HELIUM3] + Y[ND_TRITON]) / H;
    bbn->ratio[ND_RATIO_LI7_H] = (Y[ND_LITHIUM7] + Y[ND_BERYLLIUM7]) / H;
    const struct nd_bbn_universe *baryons = run->network.from.baryons;
    bbn->eta_end =
        nd_bbn_universe_eta(baryons, run->network.omega_b, nd_bbn_universe_T_end(baryons));
    bbn->eta_bbn = nd_bbn_universe_eta(baryons, run->network.omega_b, T_DEUTERIUM);
    const double Y_p = bbn->ratio[ND_RATIO_Y_P];
    if (!(Y_p >= Y_P_MIN && Y_p <= Y_P_MAX))
        return nd_fail(error, ND_NOT_CONVERGED,
                       "nucleosynthesis: Y_p = %g, allowed is %g to %g: no Universe that this code "
                       "was made for",
                       Y_p, Y_P_MIN, Y_P_MAX);
    for (int i = 0; i < ND_N_RATIOS; i++)
        if (!(bbn->ratio[i] > 0.0 && isfinite(bbn->ratio[i])))
            return nd_fail(error, ND_NOT_CONVERGED,
                           "nucleosynthesis: an abundance of %g; try a smaller bbn_tolerance",
                           bbn->ratio[i]);
    return ND_OK;
}

static enum nd_status solve(struct run *run, const struct nd_bbn_options *o, struct nd_bbn *bbn,
                            struct nd_error *error)
{
    enum nd_status status = set_range(run, o, error);
    if (status != ND_OK)
        return status;
    bbn->n_points = o->n_points;
    if (o->n_points > 0) {
        bbn->points = calloc((size_t)o->n_points, sizeof *bbn->points);
        if (bbn->points == NULL)
            return nd_fail(error, ND_NO_MEMORY, "no memory for %d rows", o->n_points);
    }
    const double T_nuclear = fmin(run->T_start, nd_nuclear_rates_T_max(run->network.rates));
    nd_network_start(&run->network, run->T_start, run->y);
    if (o->n_points > 0) {
        bbn->points[0].T = run->T_start;
        memcpy(bbn->points[0].Y, run->y, sizeof run->y);
        run->next_row = 1;
    }
    if (T_nuclear < run->T_start)
        status = era(run, run->T_start, T_nuclear, 0, o, bbn, error);
    nd_network_equilibrium(&run->network, T_nuclear, run->y);
    if (status == ND_OK)
        status = era(run, T_nuclear, run->T_end, 1, o, bbn, error);
    return status == ND_OK ? finish(run, bbn, error) : status;
}

enum nd_status nd_bbn_solve(const struct nd_bbn_ingredients *ingredients,
                            const struct nd_nuclear_rates *rates,
                            const struct nd_bbn_deviations *deviations,
                            const struct nd_bbn_options *options, struct nd_bbn *bbn,
                            struct nd_error *error)
{
    struct run run = {.network = {.from = *ingredients, .rates = rates}};
    struct nd_error own = ND_ERROR_INIT; /* so that causes are known also to callers without one */
    *bbn = (struct nd_bbn){0};
    enum nd_status status = check(options, error);
    if (status != ND_OK)
        return status;
    run.network.omega_b = options->omega_b;
    run.network.weak_factor = 1.0;
    run.network.error = &own;
    if (deviations != NULL) {
        memcpy(run.network.deviations, deviations->rates, sizeof run.network.deviations);
        run.network.omega_b *= exp(deviations->ln_omega_b);
        run.network.weak_factor = exp(-deviations->ln_tau_n);
    }
    status = solve(&run, options, bbn, &own);
    if (status != ND_OK) {
        nd_bbn_clear(bbn);
        return nd_fail(error, status, "%s", own.message);
    }
    return ND_OK;
}

void nd_bbn_clear(struct nd_bbn *bbn)
{
    free(bbn->points);
    *bbn = (struct nd_bbn){0};
}
