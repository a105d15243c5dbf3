/* A run of the coupled Universe: see nudipole/universe.h. */
#include "nudipole/universe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "integrator.h"
#include "nudipole/grid.h"
#include "universe_internal.h"

static const double DELTA_N_EFF_MAX = 20.0;
/* A run that breaks these has failed. */
static const double ENERGY_RESIDUAL_MAX = 1e-7, NUMBER_RESIDUAL_MAX = 1e-12;
static const double TAIL_SHARE_MAX = 0.01;
/* Share of N that may sit at the first node, and how much of the energy N must hold to matter. */
static const double COLD_SHARE_MAX = 0.3, COLD_ENERGY = 1e-3;

struct nd_universe_options nd_universe_defaults(double T_RH)
{
    return (struct nd_universe_options){
        .T_RH = T_RH,
        .T_end = 0.01,
        .n_points = 201,
        .reheating = ND_REHEATING_SUDDEN,
        .field_start = 3.0,
        .N_initial = ND_N_ABSENT,
        .N_occupation = 1.0,
        .mixing = ND_MIXING_AVERAGED,
        /* NuFIT 6.0, arXiv:2410.05380, normal ordering, without SK atmospheric data */
        .angles = {0.307, 0.02195, 0.561, 7.49e-17, 2.534e-15},
        .qed = ND_QED_E3,
        .screening = ND_SCREENING_HTL,
        .processes = ND_PROCESS_ALL,
        .backreaction = 1,
        .precision = nd_precision_default(),
    };
}

double nd_universe_T_start(const struct nd_universe_options *options)
{
    return options->reheating == ND_REHEATING_FIELD ? options->field_start * options->T_RH
                                                    : options->T_RH;
}

/* What a run needs, allocated and freed together. */
struct run {
    struct nd_equations equations;
    struct nd_integrator *integrator;
    double *y;    /* state at a row of the output */
    int next_row; /* of the history */
    int next_spectrum;
    double spectra_T[ND_LIST_MAX]; /* falling */
    double ln_a;                   /* end of the last step */
};

static enum nd_status check(const struct nd_model *model, const struct nd_universe_tables *t,
                            const struct nd_universe_options *o, struct nd_error *error)
{
    if (!nd_universe_tables_fit(t, model, o))
        return nd_fail(
            error, ND_BAD_INPUT,
            "collision kernels for m4 = %g MeV, T_end = %g MeV are of no use to a run "
            "with m4 = %g MeV, T_end = %g MeV: these, screening and precision must agree",
            t->m4, t->T_end, model != NULL ? model->m4 : 0.0, o->T_end);
    if (!(o->T_end > 0.0 && o->T_end < o->T_RH && isfinite(o->T_RH)))
        return nd_fail(error, ND_BAD_INPUT,
                       "T_RH = %g MeV: must be above the last temperature, T_end = %g MeV", o->T_RH,
                       o->T_end);
    if (o->n_points < 2)
        return nd_fail(error, ND_BAD_INPUT, "%d points: at least 2", o->n_points);
    if (o->reheating == ND_REHEATING_FIELD && !(o->field_start > 1.0))
        return nd_fail(error, ND_BAD_INPUT, "field_start = %g: must be above 1", o->field_start);
    if (o->reheating == ND_REHEATING_FIELD && model != NULL && o->N_initial == ND_N_THERMAL)
        return nd_fail(error, ND_BAD_INPUT,
                       "N_initial = thermal: with a reheating field N is absent at the start");
    if (!(fabs(o->delta_N_eff) <= DELTA_N_EFF_MAX))
        return nd_fail(error, ND_BAD_INPUT, "delta_N_eff = %g: allowed is %g to %g", o->delta_N_eff,
                       -DELTA_N_EFF_MAX, DELTA_N_EFF_MAX);
    if (o->reheating == ND_REHEATING_FIELD && o->delta_N_eff != 0.0)
        return nd_fail(error, ND_BAD_INPUT,
                       "delta_N_eff = %g: a reheating field dilutes what dark radiation there was: "
                       "only with sudden reheating",
                       o->delta_N_eff);
    if (!(o->N_occupation >= 0.0 && o->N_occupation <= 1.0))
        return nd_fail(error, ND_BAD_INPUT, "N_occupation = %g: allowed is 0 to 1",
                       o->N_occupation);
    return ND_OK;
}

/* ---- rows of the output ------------------------------------------------------------------ */

/* Density of N and Nbar in equilibrium [MeV^3]. */
static double equilibrium_density(const struct nd_model *model, double T)
{
    return model != NULL ? 2.0 * exp(nd_log_n_equilibrium(model, ND_QUANTUM, T)) : 0.0;
}

/* Of two-component neutrinos that decoupled early and hold the energy rho. */
static double number_of_neutrinos(double rho, double T)
{
    return 8.0 / 7.0 * pow(11.0 / 4.0, 4.0 / 3.0) * rho / nd_rho_photon(T);
}

static double effective_number(const struct nd_universe_state *s)
{
    double rho = s->rho_dark;
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
        rho += s->rho_nu[flavour];
    return number_of_neutrinos(rho, s->T);
}

static enum nd_status fill_row(struct run *run, double ln_a, struct nd_universe_history *history,
                               int row)
{
    struct nd_equations *e = &run->equations;
    struct nd_universe_state s;
    if (nd_equations_evaluate(e, ln_a, run->y, &s) != 0)
        return nd_fail(e->error, ND_NOT_CONVERGED, "T = %g MeV: outside of the plasma's table",
                       s.T);
    struct nd_universe_point *point = &history->points[row];
    *point = (struct nd_universe_point){
        .T = s.T,
        .a = s.a,
        .t = expm1(run->y[e->first_scalar + ND_TIME]) / e->H_start,
        .H = s.H,
        .rho_gamma = nd_rho_photon(s.T),
        .rho_plasma = s.plasma.rho,
        .rho_N = s.rho_N,
        .n_N = s.n_N,
        .n_N_eq = equilibrium_density(e->model, s.T),
        .rho_phi = s.rho_phi,
        .rho_dark = s.rho_dark,
        .N_eff = effective_number(&s),
    };
    memcpy(point->rho_nu, s.rho_nu, sizeof s.rho_nu);
    memcpy(point->n_nu, s.n_nu, sizeof s.n_nu);
    const int n = history->n_nodes;
    for (int i = 0; i < n; i++)
        history->f_nu_e[row * n + i] = nd_equations_occupation(e, run->y, ND_FLAVOUR_E, i);
    return ND_OK;
}

static enum nd_status fill_spectrum(struct run *run, double ln_a,
                                    struct nd_universe_spectrum *spectrum)
{
    struct nd_equations *e = &run->equations;
    const struct nd_momentum_grid *grid = &e->tables->grid;
    struct nd_universe_state s;
    if (nd_equations_evaluate(e, ln_a, run->y, &s) != 0)
        return nd_fail(e->error, ND_NOT_CONVERGED, "T = %g MeV: outside of the plasma's table",
                       s.T);
    spectrum->T = s.T;
    spectrum->a = s.a;
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++) {
        spectrum->f[flavour] = malloc((size_t)grid->n * sizeof(double));
        if (spectrum->f[flavour] == NULL)
            return nd_fail(e->error, ND_NO_MEMORY, "no memory for a spectrum");
        for (int i = 0; i < grid->n; i++)
            spectrum->f[flavour][i] = nd_equations_occupation(e, run->y, flavour, i);
    }
    spectrum->f_N = calloc((size_t)grid->n_core, sizeof(double));
    if (spectrum->f_N == NULL)
        return nd_fail(e->error, ND_NO_MEMORY, "no memory for a spectrum");
    if (e->model != NULL)
        memcpy(spectrum->f_N, e->f_N, (size_t)grid->n_core * sizeof(double));
    return ND_OK;
}

static int by_falling_T(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Temperatures of the spectra, hottest first; the end is always one of them. */
static enum nd_status list_spectra(struct run *run, struct nd_universe_history *history)
{
    const struct nd_universe_options *o = run->equations.options;
    int n = 0;
    for (int i = 0; i < o->spectra_T.n; i++) {
        const double T = o->spectra_T.values[i];
        if (!(T >= o->T_end && T <= run->equations.start.T))
            return nd_fail(run->equations.error, ND_BAD_INPUT,
                           "a spectrum at T = %g MeV: the run goes from %g to %g MeV", T,
                           run->equations.start.T, o->T_end);
        if (T > o->T_end && n == ND_LIST_MAX - 1)
            return nd_fail(run->equations.error, ND_BAD_INPUT,
                           "%d spectra: at most %d besides the end", o->spectra_T.n,
                           (int)ND_LIST_MAX - 1);
        if (T > o->T_end)
            run->spectra_T[n++] = T;
    }
    run->spectra_T[n++] = o->T_end;
    qsort(run->spectra_T, (size_t)n, sizeof run->spectra_T[0], by_falling_T);
    history->spectra = calloc((size_t)n, sizeof *history->spectra);
    if (history->spectra == NULL)
        return nd_fail(run->equations.error, ND_NO_MEMORY, "no memory for %d spectra", n);
    history->n_spectra = n;
    return ND_OK;
}

static double row_temperature(const struct run *run, int row)
{
    const struct nd_universe_options *o = run->equations.options;
    return nd_log_grid(run->equations.start.T, o->T_end, o->n_points, row);
}

/* ln T at ln_a, by the integrator's interpolation in its last step; fills run->y. */
static double ln_temperature(struct run *run, double ln_a)
{
    if (nd_integrator_advance(run->integrator, ln_a, run->y) != ND_OK)
        return NAN;
    return log(nd_equations_temperature(&run->equations, ln_a, run->y));
}

/* Where in the last step, from `low` to run->ln_a, the temperature is T: ln T falls with ln a.
 * Fills run->y. */
static double find_temperature(struct run *run, double T, double low)
{
    double high = run->ln_a, x = high;
    const double target = log(T), precise = 1e-13;
    double value_low = ln_temperature(run, low) - target;
    double value_high = ln_temperature(run, high) - target;
    for (int i = 0; i < 60 && high - low > precise; i++) {
        /* regula falsi, every third time bisection */
        x = i % 3 == 2 || !(value_low > value_high)
                ? 0.5 * (low + high)
                : low + (high - low) * value_low / (value_low - value_high);
        const double value = ln_temperature(run, x) - target;
        if (fabs(value) < precise)
            break;
        if (value > 0.0) {
            low = x;
            value_low = value;
        } else {
            high = x;
            value_high = value;
        }
    }
    ln_temperature(run, x);
    return x;
}

/* Writes what lies between ln_a = `low` and the end of the last step, T_low hotter than T_high. */
static enum nd_status write_rows(struct run *run, double low, double T,
                                 struct nd_universe_history *history)
{
    const struct nd_universe_options *o = run->equations.options;
    enum nd_status status = ND_OK;
    while (status == ND_OK && run->next_row < o->n_points &&
           row_temperature(run, run->next_row) >= T) {
        const double ln_a = find_temperature(run, row_temperature(run, run->next_row), low);
        status = fill_row(run, ln_a, history, run->next_row);
        run->next_row++;
        if (o->progress != NULL)
            o->progress(run->next_row, o->n_points, o->progress_context);
    }
    while (status == ND_OK && run->next_spectrum < history->n_spectra &&
           run->spectra_T[run->next_spectrum] >= T) {
        const double ln_a = find_temperature(run, run->spectra_T[run->next_spectrum], low);
        status = fill_spectrum(run, ln_a, &history->spectra[run->next_spectrum]);
        run->next_spectrum++;
    }
    return status;
}

/* ---- what must hold ---------------------------------------------------------------------- */

/* Of the state at the end of a step. */
static enum nd_status watch(struct run *run, const struct nd_universe_state *s, const double *y,
                            struct nd_universe_history *history)
{
    const struct nd_equations *e = &run->equations;
    const struct nd_momentum_grid *grid = &e->tables->grid;
    const double a4_rho = pow(s->a, 4) * s->rho;
    const double continuity = e->energy_start + y[e->first_scalar + ND_ENERGY];
    history->energy_residual = fmax(history->energy_residual, fabs(continuity / a4_rho - 1.0));
    history->number_residual = e->number_residual;
    if (history->energy_residual > ENERGY_RESIDUAL_MAX)
        return nd_fail(
            e->error, ND_NOT_CONVERGED,
            "coupled Universe, T_RH = %g MeV: at T = %g MeV energy is off its continuity "
            "equation by %.2g of itself, allowed is %g: rounding errors of collisions that are "
            "too much faster than the expansion",
            e->options->T_RH, s->T, history->energy_residual, ENERGY_RESIDUAL_MAX);
    if (history->number_residual > NUMBER_RESIDUAL_MAX)
        return nd_fail(
            e->error, ND_NOT_CONVERGED,
            "coupled Universe, T_RH = %g MeV: at T = %g MeV N <-> nu gamma changes n_N + "
            "n_nu by %.2g of the events, allowed is %g",
            e->options->T_RH, s->T, history->number_residual, NUMBER_RESIDUAL_MAX);

    /* Weak rates: G_F^2 T^4 E, here for the mean energy of the tail. */
    double tail = 0.0, all = 0.0, tail_number = 0.0;
    for (int c = 0; c < e->n_classes; c++)
        for (int i = 0; i < grid->n; i++) {
            const double n = e->flavours[c] * grid->measure[i] * e->f[c][i];
            all += n * grid->y[i];
            if (i >= grid->n_core) {
                tail += n * grid->y[i];
                tail_number += n;
            }
        }
    if ((e->options->processes & ND_PROCESS_WEAK) && tail > 0.0) {
        const double rate = ND_FERMI * ND_FERMI * pow(s->T, 4) * tail / tail_number / s->a;
        if (rate > 0.01 * s->H)
            history->tail_share = fmax(history->tail_share, tail / all);
        if (history->tail_share > TAIL_SHARE_MAX)
            return nd_fail(
                e->error, ND_NOT_CONVERGED,
                "T = %g MeV: %.2g of the neutrinos' energy lies beyond y_core = %g while "
                "they still collide with each other, allowed is %g; try a larger y_core",
                s->T, history->tail_share, grid->y[grid->n_core - 1], TAIL_SHARE_MAX);
    }
    if (e->model != NULL && s->T < e->options->T_RH && s->rho_N > COLD_ENERGY * s->rho) {
        const double antiparticles_and_helicities = 4.0;
        const double first =
            antiparticles_and_helicities * grid->measure[0] * e->f_N[0] / pow(s->a, 3);
        if (first > COLD_SHARE_MAX * s->n_N)
            return nd_fail(e->error, ND_NOT_CONVERGED,
                           "coupled Universe, T_RH = %g MeV: at T = %g MeV %.2g of N has momenta "
                           "below %g MeV, at the first node of the grid, too coarse for a spectrum "
                           "that cold; try a smaller dy",
                           e->options->T_RH, s->T, first / s->n_N, 1.5 * grid->dy / s->a);
    }
    return ND_OK;
}

/* ---- the run ----------------------------------------------------------------------------- */

static enum nd_status prepare(struct run *run, const struct nd_model *model,
                              struct nd_universe_tables *tables,
                              const struct nd_universe_options *o, double dark,
                              struct nd_universe_history *history, struct nd_error *error)
{
    struct nd_equations *e = &run->equations;
    enum nd_status status = nd_equations_create(e, model, tables, o, error);
    e->dark = dark;
    if (status == ND_OK)
        status = list_spectra(run, history);
    if (status != ND_OK)
        return status;
    const size_t n = (size_t)e->n_equations;
    double *absolute = malloc(2 * n * sizeof *absolute);
    run->y = malloc(n * sizeof *run->y);
    history->points = calloc((size_t)o->n_points, sizeof *history->points);
    history->n_nodes = tables->grid.n;
    history->n_core = tables->grid.n_core;
    history->y = malloc((size_t)tables->grid.n * sizeof *history->y);
    history->f_nu_e =
        malloc((size_t)o->n_points * (size_t)tables->grid.n * sizeof *history->f_nu_e);
    if (absolute == NULL || run->y == NULL || history->points == NULL || history->y == NULL ||
        history->f_nu_e == NULL) {
        free(absolute);
        nd_fail(error, ND_NO_MEMORY, "no memory for a run");
        return ND_NO_MEMORY;
    }
    history->n_points = o->n_points;
    memcpy(history->y, tables->grid.y, (size_t)tables->grid.n * sizeof *history->y);
    status = nd_equations_start(e, run->y);
    /* Errors that matter neither to an occupation nor to the energy of everything, a^4 rho = 8 and
     * more: far out in the tail an occupation of 1e-10 holds more than all thermal neutrinos. */
    const double tolerance = o->precision.tolerance, of_N = 0.1 * tolerance;
    const double of_occupations = 1e-5 * tolerance, of_energy = 1e-3 * tolerance;
    const double of_scalars = 2e-3 * fmin(tolerance, 1e-5);
    double *relative = absolute + n;
    for (int i = 0; i < e->first_scalar; i++) {
        const int node = i < e->first_N ? i % tables->grid.n : i - e->first_N;
        const double energy = tables->grid.measure[node] * tables->grid.y[node];
        absolute[i] = fmin(of_occupations, of_energy / energy);
        relative[i] = i < e->first_N ? tolerance : of_N;
    }
    for (int i = e->first_scalar; i < e->n_equations; i++) {
        absolute[i] = of_scalars;
        relative[i] = 0.0;
    }
    const struct nd_ode ode = {
        .n = e->n_equations,
        .function = nd_equations_function,
        .jacobian = nd_equations_jacobian,
        .context = e,
        .tolerance_abs = absolute,
        .tolerance_rel = relative,
        .newton = 1e-3,
        .max_steps = o->precision.max_steps,
        .x_stop = log(e->start.a) + 2.0 * log(e->start.T / o->T_end) + 5.0, /* never reached */
        .tolerance_key = "universe_tolerance",
        .steps_key = "universe_max_steps",
    };
    run->ln_a = log(e->start.a);
    if (status == ND_OK)
        status = nd_integrator_create(&run->integrator, &ode, run->ln_a, run->y, error);
    free(absolute);
    return status;
}

static enum nd_status integrate(struct run *run, const struct nd_universe_options *o,
                                struct nd_universe_history *history, struct nd_error *error)
{
    struct nd_equations *e = &run->equations;
    struct nd_universe_state s = {0};
    enum nd_status status = fill_row(run, run->ln_a, history, 0);
    run->next_row = 1;
    while (status == ND_OK && run->next_spectrum < history->n_spectra &&
           run->spectra_T[run->next_spectrum] >= e->start.T)
        status = fill_spectrum(run, run->ln_a, &history->spectra[run->next_spectrum++]);
    for (long steps = 0; status == ND_OK && run->next_row < o->n_points; steps++) {
        const double before = run->ln_a;
        if (steps == o->precision.max_steps)
            return nd_fail(error, ND_NOT_CONVERGED,
                           "coupled Universe, T_RH = %g MeV: %ld steps taken at T = %g MeV; try a "
                           "larger universe_max_steps",
                           o->T_RH, steps, s.T);
        if (nd_integrator_step(run->integrator, &run->ln_a, NULL) != ND_OK) {
            const double *y = nd_integrator_state(run->integrator);
            const double ln_a = nd_integrator_reached(run->integrator);
            nd_equations_evaluate(e, ln_a, y, &s);
            return nd_integrator_fail(
                run->integrator, error,
                "coupled Universe, T_RH = %g MeV: CVODE stopped at T = %g MeV, a T = %g, "
                "rho_nu/rho_gamma = %g, rho_N/rho_gamma = %g",
                o->T_RH, s.T, s.a * s.T,
                (s.rho_nu[0] + s.rho_nu[1] + s.rho_nu[2]) / nd_rho_photon(s.T),
                s.rho_N / nd_rho_photon(s.T));
        }
        const double *y = nd_integrator_state(run->integrator);
        if (nd_equations_evaluate(e, run->ln_a, y, &s) != 0)
            return nd_fail(error, ND_NOT_CONVERGED, "T = %g MeV: outside of the plasma's table",
                           s.T);
        status = watch(run, &s, y, history);
        if (status == ND_OK)
            status = write_rows(run, before, s.T, history);
    }
    return status;
}

/* One run with a given density of dark radiation, a^4 rho. */
static enum nd_status solve_once(const struct nd_model *model, struct nd_universe_tables *tables,
                                 const struct nd_universe_options *options, double dark,
                                 struct nd_universe_history *history, struct nd_error *error)
{
    struct run run = {0};
    enum nd_status status = ND_OK;
    *history = (struct nd_universe_history){0};
    struct nd_error own = ND_ERROR_INIT; /* so that causes are known also to callers without one */
    status = prepare(&run, model, tables, options, dark, history, &own);
    if (status == ND_OK)
        status = integrate(&run, options, history, &own);
    if (status == ND_OK) {
        const struct nd_ode_stats ode = nd_integrator_stats(run.integrator);
        const struct nd_universe_point *end = &history->points[history->n_points - 1];
        history->N_eff = end->N_eff;
        history->z = end->a * end->T;
        history->stats = (struct nd_universe_stats){
            .steps = ode.steps,
            .rhs_calls = ode.function_calls,
            .jacobian_calls = ode.jacobian_calls,
            .factorisations = ode.factorisations,
            .error_test_failures = ode.error_test_failures,
            .newton_failures = ode.newton_failures,
            .equations = run.equations.n_equations,
            .nodes = tables->grid.n,
            .weak_tables = nd_electron_collisions_filled(tables->electrons),
            .dipole_tables =
                tables->dipole != NULL ? nd_dipole_collisions_filled(tables->dipole) : 0,
        };
    }
    nd_integrator_free(run.integrator);
    nd_equations_clear(&run.equations);
    free(run.y);
    if (status != ND_OK) {
        nd_universe_history_clear(history);
        nd_fail(error, status, "%s", own.message);
    }
    return status;
}

enum nd_status nd_universe_solve(const struct nd_model *model, struct nd_universe_tables *tables,
                                 const struct nd_universe_options *options,
                                 struct nd_universe_history *history, struct nd_error *error)
{
    enum { ATTEMPTS = 10 };
    const double wanted = options->delta_N_eff, precise = 1e-6 * fmax(1.0, fabs(wanted));
    /* a^4 rho of one neutrino, which is what one counts as if a T became (11/4)^(1/3) */
    double dark = wanted * 7.0 * ND_PI * ND_PI / 120.0;
    *history = (struct nd_universe_history){0};
    enum nd_status status = check(model, tables, options, error);
    for (int i = 0; status == ND_OK && i < ATTEMPTS; i++) {
        status = solve_once(model, tables, options, dark, history, error);
        if (status != ND_OK || wanted == 0.0)
            return status;
        const struct nd_universe_point *end = &history->points[history->n_points - 1];
        const double found = number_of_neutrinos(end->rho_dark, end->T);
        if (fabs(found - wanted) <= precise)
            return ND_OK;
        dark *= wanted / found;
        nd_universe_history_clear(history);
    }
    if (status == ND_OK)
        status = nd_fail(error, ND_NOT_CONVERGED,
                         "delta_N_eff = %g: not reached in %d runs: more dark radiation changes "
                         "the end of the run by as much",
                         wanted, (int)ATTEMPTS);
    return status;
}

void nd_universe_history_clear(struct nd_universe_history *history)
{
    for (int i = 0; i < history->n_spectra && history->spectra != NULL; i++) {
        for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
            free(history->spectra[i].f[flavour]);
        free(history->spectra[i].f_N);
    }
    free(history->spectra);
    free(history->points);
    free(history->y);
    free(history->f_nu_e);
    *history = (struct nd_universe_history){0};
}

enum nd_status nd_universe_N_eff_error(const struct nd_model *model,
                                       const struct nd_universe_options *options,
                                       const struct nd_universe_history *history,
                                       double *N_eff_error, struct nd_error *error)
{
    struct nd_universe_options coarser = *options;
    struct nd_universe_tables *tables = NULL;
    struct nd_universe_history again = {0};
    coarser.precision = nd_precision_coarser(&options->precision);
    coarser.progress = NULL;
    coarser.n_points = history->n_points; /* at the same temperatures */
    coarser.spectra_T.n = 0;
    enum nd_status status = nd_universe_tables_create(&tables, model, &coarser, error);
    if (status == ND_OK)
        status = nd_universe_solve(model, tables, &coarser, &again, error);
    const struct nd_universe_point *fine = history->points, *coarse = again.points;
    /* The difference may pass through zero: the largest of the colder half of the rows counts. */
    double largest = 0.0;
    for (int k = history->n_points / 2; k < history->n_points && coarse != NULL; k++)
        largest = fmax(largest, fabs(coarse[k].N_eff / fine[k].N_eff - 1.0));
    if (status == ND_OK)
        *N_eff_error = largest * history->N_eff;
    nd_universe_history_clear(&again);
    nd_universe_tables_free(tables);
    return status;
}
