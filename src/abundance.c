/* The abundance of N: see nudipole/abundance.h. */
#include "nudipole/abundance.h"

#include <math.h>
#include <stdlib.h>

#include "integrator.h"

struct nd_abundance_options nd_abundance_defaults(double T_RH)
{
    return (struct nd_abundance_options){
        .T_RH = T_RH,
        .T_end = 0.01,
        .n_points = 400,
        .tolerance = 1e-8,
        .max_steps = 20000,
        .log_n_start = -INFINITY,
    };
}

/* Extrema are looked for on at least this many intervals of ln T, and on so many that m4/T grows by
 * no more than STEP_IN_X across the first: for T_RH << m4 equilibrium falls away that fast. */
enum { FEWEST_INTERVALS = 400 };
static const double STEP_IN_X = 0.25;

struct rhs_context {
    const struct nd_model *model;
    const struct nd_rate_table *table;
    const struct nd_background *background;
    double T_RH;
    struct nd_error *error;
};

/* Source and sink of dL/dx = exp(log_source - L) - sink, x = ln(T_RH/T). */
struct terms {
    double log_source;
    double sink;
};

static enum nd_status evaluate_terms(const struct rhs_context *c, double x, struct terms *terms)
{
    struct nd_background_state state;
    struct nd_rates rates;
    enum nd_status status = nd_background_at(c->background, c->T_RH * exp(-x), &state, c->error);
    if (status == ND_OK)
        status = nd_rate_table_at(c->table, c->model->mu, &state, &rates, c->error);
    if (status != ND_OK)
        return status;
    /* ln of sums: the terms underflow one by one, their largest does not */
    double largest = rates.log_gain[0], gain = 0.0, loss = 0.0;
    for (int i = 1; i < ND_N_CHANNELS; i++)
        largest = fmax(largest, rates.log_gain[i]);
    for (int i = 0; i < ND_N_CHANNELS; i++) {
        gain += exp(rates.log_gain[i] - largest);
        loss += exp(rates.log_loss[i] - rates.log_n_eq);
    }
    const double dt_dx = -state.dt_dlnT;
    terms->log_source = log(2.0 * gain * dt_dx / state.s) + largest;
    terms->sink = loss * dt_dx;
    return ND_OK;
}

static int right_hand_side(double x, const double *L, double *dL_dx, void *context)
{
    struct terms terms;
    if (evaluate_terms(context, x, &terms) != ND_OK)
        return -1;
    const double source = exp(terms.log_source - *L);
    if (!isfinite(source))
        return 1; /* a trial step went too far: CVODE takes a smaller one */
    *dL_dx = source - terms.sink;
    return 0;
}

static int jacobian(double x, const double *L, double *J, void *context)
{
    struct terms terms;
    if (evaluate_terms(context, x, &terms) != ND_OK)
        return -1;
    *J = -exp(terms.log_source - *L);
    return 0;
}

static enum nd_status create_integrator(struct nd_integrator **integrator,
                                        struct rhs_context *context, double x_start, double L_start,
                                        const struct nd_abundance_options *options)
{
    const struct nd_ode ode = {
        .n = 1,
        .function = right_hand_side,
        .jacobian = jacobian,
        .context = context,
        .tolerance = 0.0,
        .tolerance_abs = &options->tolerance,
        .max_steps = options->max_steps,
        .x_stop = log(options->T_RH / options->T_end),
        .tolerance_key = "solver_tolerance",
        .steps_key = "solver_max_steps",
    };
    return nd_integrator_create(integrator, &ode, x_start, &L_start, context->error);
}

static enum nd_status fill_point(const struct rhs_context *c, double T, double L,
                                 struct nd_abundance *point)
{
    struct nd_rates rates;
    enum nd_status status = nd_background_at(c->background, T, &point->background, c->error);
    if (status == ND_OK)
        status = nd_rate_table_at(c->table, c->model->mu, &point->background, &rates, c->error);
    if (status != ND_OK)
        return status;
    const double energy =
        nd_mean_energy(c->model, nd_rate_table_treatment(c->table)->statistics, T);
    point->log_n = L + log(point->background.s);
    point->log_n_eq = log(2.0) + rates.log_n_eq;
    point->rho_N_over_rho_gamma = exp(point->log_n) * energy / nd_rho_photon(T);
    return ND_OK;
}

static enum nd_status check(const struct nd_model *model, const struct nd_rate_table *table,
                            const struct nd_abundance_options *o, struct nd_error *error)
{
    if (model->m4 != nd_rate_table_m4(table))
        return nd_fail(error, ND_BAD_INPUT, "m4 = %g MeV: the table of rates is for %g MeV",
                       model->m4, nd_rate_table_m4(table));
    if (!(o->T_end > 0.0 && o->T_end < o->T_RH))
        return nd_fail(error, ND_BAD_INPUT,
                       "T_RH = %g MeV: must be above the last temperature, T_end = %g MeV", o->T_RH,
                       o->T_end);
    if (o->n_points < 2 || !(o->tolerance > 0.0) || o->max_steps < 1)
        return nd_fail(error, ND_BAD_INPUT,
                       "%d points, tolerance %g, %ld steps: at least 2, positive, at least 1",
                       o->n_points, o->tolerance, o->max_steps);
    return ND_OK;
}

enum nd_status nd_abundance_solve(const struct nd_model *model, const struct nd_rate_table *table,
                                  const struct nd_background *background,
                                  const struct nd_abundance_options *options,
                                  struct nd_abundance_history *history, struct nd_error *error)
{
    *history = (struct nd_abundance_history){0};
    struct rhs_context context = {model, table, background, options->T_RH, error};
    struct nd_integrator *integrator = NULL;
    struct terms terms;
    enum nd_status status = check(model, table, options, error);
    if (status != ND_OK)
        return status;
    const double x_end = log(options->T_RH / options->T_end);
    const double fewest = fmax(FEWEST_INTERVALS, x_end * model->m4 / (options->T_RH * STEP_IN_X));
    const int stride = (int)ceil(fewest / (options->n_points - 1));
    const int n = (options->n_points - 1) * stride + 1;
    history->points = calloc((size_t)n, sizeof *history->points);
    if (history->points == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %d points", n);
    history->n_points = n;
    history->stride = stride;

    /* ln n starts at -infinity: the first 1e-6 of an e-fold is done with constant coefficients,
     * whose relative error in n is of that order squared over what is produced later. */
    const double x_seed = fmin(1e-6, 1e-3 * x_end / (n - 1));
    status = evaluate_terms(&context, 0.0, &terms);
    if (status != ND_OK)
        goto cleanup;
    const struct nd_abundance_options *o = options;
    struct nd_background_state start;
    status = nd_background_at(background, o->T_RH, &start, error);
    if (status != ND_OK)
        goto cleanup;
    const double L_start = o->log_n_start - log(start.s);
    double L = terms.log_source + log(-expm1(-terms.sink * x_seed) / terms.sink);
    if (isfinite(L_start)) {
        const double kept = L_start - terms.sink * x_seed;
        L = fmax(L, kept) + log1p(exp(-fabs(L - kept)));
    }
    status = fill_point(&context, o->T_RH, L_start, &history->points[0]);
    if (status == ND_OK)
        status = create_integrator(&integrator, &context, x_seed, L, o);
    for (int i = 1; i < n && status == ND_OK; i++) {
        const double x = i == n - 1 ? x_end : i * x_end / (n - 1);
        if (nd_integrator_advance(integrator, x, &L) != ND_OK)
            status = nd_integrator_fail(
                integrator, error,
                "abundance of N, m4 = %g MeV, mu = %g MeV^-1, T_RH = %g MeV: CVODE stopped at "
                "T = %g MeV with ln(n/s) = %g",
                model->m4, model->mu, o->T_RH, o->T_RH * exp(-nd_integrator_reached(integrator)),
                *nd_integrator_state(integrator));
        else
            status = fill_point(&context, i == n - 1 ? o->T_end : o->T_RH * exp(-x), L,
                                &history->points[i]);
    }
    if (status == ND_OK) {
        const struct nd_ode_stats stats = nd_integrator_stats(integrator);
        history->stats = (struct nd_abundance_stats){
            stats.steps, stats.function_calls, stats.jacobian_calls, stats.error_test_failures};
    }

cleanup:
    nd_integrator_free(integrator);
    if (status != ND_OK)
        nd_abundance_history_clear(history);
    return status;
}

void nd_abundance_history_clear(struct nd_abundance_history *history)
{
    free(history->points);
    *history = (struct nd_abundance_history){0};
}
