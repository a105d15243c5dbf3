/* nudipole sweep over axes: every point a row of sweep.sqlite, in parallel; what is there already
 * is not computed again. */
#include "sweep_store.h"

#include <math.h>
#include <omp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "light.h"
#include "sweep_points.h"

enum { COLUMNS_MAX = 64 };

struct run {
    const struct nd_cli_options *options;
    const struct nd_params *params;
    struct nd_cli_sweep_points points; /* axis 0 of the plan, if there are any */
    struct nd_sweep_plan plan;
    long *order;
    int parts; /* enum nd_point_part of the work */
    const struct nd_sweep_column *columns[COLUMNS_MAX];
    int n_columns;
    struct nd_store_column layout[ND_SWEEP_AXES_MAX + COLUMNS_MAX];
    struct nd_background *background;
    struct nd_nuclear_rates *rates;
    struct nd_observations observations;
    double T_RH_max; /* [MeV] */
    struct nd_store *store;
    double started, said; /* [s] */
    long todo, done, failed;
};

/* Ctrl-C: points in flight are finished and kept. */
static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- what is asked for ------------------------------------------------------------------- */

static enum nd_status choose_columns(struct run *run, struct nd_error *error)
{
    const struct nd_text_list *names = &run->params->columns;
    const struct nd_sweep_column *column;
    if (run->parts == 0)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s: sterile = off: there is no N for work = %s: allowed is on",
                       nd_params_origin(run->params, "sterile"), nd_work_word(run->params->work));
    if (names->n > COLUMNS_MAX)
        return nd_fail(error, ND_BAD_INPUT, "%s: columns: %d names: allowed are %d",
                       nd_params_origin(run->params, "columns"), names->n, (int)COLUMNS_MAX);
    for (int i = 0; i < names->n; i++) {
        column = nd_sweep_column_named(names->values[i]);
        if (column == NULL || (column->parts & run->parts) != column->parts)
            return nd_fail(error, ND_BAD_INPUT,
                           "%s: columns: %s: %s work = %s: 'nudipole sweep --help' lists all",
                           nd_params_origin(run->params, "columns"), names->values[i],
                           column == NULL ? "there is no such column of" : "is not computed by",
                           nd_work_word(run->params->work));
        run->columns[run->n_columns++] = column;
    }
    for (int i = 0; names->n == 0 && (column = nd_sweep_column(i)) != NULL; i++)
        if ((column->parts & run->parts) == column->parts)
            run->columns[run->n_columns++] = column;
    int parts = 0;
    for (int i = 0; i < run->n_columns; i++)
        parts |= run->columns[i]->parts;
    run->parts &= parts | ~ND_POINT_N_EFF_ERROR; /* a second run of which nothing is stored */
    for (int i = 0; i < run->plan.n_axes; i++)
        run->layout[i] = (struct nd_store_column){run->plan.axes[i].key, run->plan.axes[i].is_text};
    for (int i = 0; i < run->n_columns; i++)
        run->layout[run->plan.n_axes + i] =
            (struct nd_store_column){run->columns[i]->name, run->columns[i]->is_text};
    return ND_OK;
}

/* The parameters of a point: those of the file, its own or the sweep's, with the values of the
 * axes. */
static enum nd_status point_params(const struct run *run, long id, struct nd_params *params,
                                   struct nd_error *error)
{
    char assignment[ND_SWEEP_ASSIGNMENT_MAX];
    enum nd_status status = ND_OK;
    const struct nd_params *file = run->params;
    if (run->points.n > 0)
        file = &run->points.params[id / run->plan.axes[0].stride];
    *params = *file;
    for (int axis = run->plan.n_leading; axis < run->plan.n_axes && status == ND_OK; axis++) {
        status =
            nd_sweep_plan_assignment(&run->plan, id, axis, assignment, sizeof assignment, error);
        if (status == ND_OK)
            status = nd_params_set(params, assignment, error);
    }
    if (status == ND_OK && strcmp(params->precision, file->precision) != 0)
        status = nd_fail(error, ND_BAD_INPUT,
                         "axis 'precision': the file is read before: allowed are its keys");
    if (status == ND_OK)
        status = nd_cli_sweep_point_check(run->params, params, error);
    return status == ND_OK ? nd_params_check(params, nd_sweep_uses(run->parts), error) : status;
}

/* The first point of each file and word, also where it is the only one: keys that do not exist and
 * T_RH that are several are found before anything is written. What only some numbers get wrong is a
 * failed row. */
static enum nd_status check_point(struct run *run, long id, struct nd_params *params,
                                  struct nd_error *error)
{
    const enum nd_status status = point_params(run, id, params, error);
    if (status != ND_OK)
        return status;
    if (params->T_RH_MeV.n != 1)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s: T_RH_MeV: %d temperatures: a point of a sweep has one: allowed is one, "
                       "or an axis, as in vary = T_RH_MeV list 2 5 10",
                       nd_params_origin(params, "T_RH_MeV"), params->T_RH_MeV.n);
    run->T_RH_max = fmax(run->T_RH_max, params->T_RH_MeV.values[0]);
    return ND_OK;
}

static enum nd_status check_plan(struct run *run, struct nd_error *error)
{
    struct nd_params *params = malloc(sizeof *params);
    if (params == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for parameters");
    enum nd_status status = check_point(run, 0, params, error);
    for (int axis = 0; axis < run->plan.n_axes; axis++) {
        const struct nd_sweep_axis *a = &run->plan.axes[axis];
        for (int i = 1; a->is_text && i < a->n && status == ND_OK; i++)
            status = check_point(run, i * a->stride, params, error);
    }
    free(params);
    const int axis = nd_sweep_plan_axis(&run->plan, "T_RH_MeV");
    if (status != ND_OK || axis < 0)
        return status;
    /* tables of rates are the same whatever points a thread meets */
    const struct nd_sweep_axis *a = &run->plan.axes[axis];
    run->T_RH_max = a->values == NULL ? a->high : a->values[0];
    for (int i = 0; a->values != NULL && i < a->n; i++)
        run->T_RH_max = fmax(run->T_RH_max, a->values[i]);
    return ND_OK;
}

/* Kernels and tables belong to a mass: points in its order. */
static enum nd_status order_points(struct run *run, struct nd_error *error)
{
    double masses[ND_LIST_MAX];
    run->order = malloc((size_t)run->plan.n_points * sizeof *run->order);
    if (run->order == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %ld points", run->plan.n_points);
    if (run->points.n == 0 || nd_sweep_plan_axis(&run->plan, "m4_keV") >= 0)
        return nd_sweep_plan_order(&run->plan, "m4_keV", NULL, run->order, error);
    for (int i = 0; i < run->points.n; i++)
        masses[i] = run->points.params[i].m4_keV;
    return nd_sweep_plan_order(&run->plan, "point", masses, run->order, error);
}

static enum nd_status prepare(struct run *run, struct nd_error *error)
{
    const struct nd_params *p = run->params;
    enum nd_status status = nd_cli_sweep_plan(p, &run->plan, error);
    if (status == ND_OK)
        status = nd_cli_sweep_points_read(run->options, p, &run->points, error);
    run->parts = nd_sweep_parts(p);
    if (status == ND_OK)
        status = choose_columns(run, error);
    if (status == ND_OK)
        status = check_plan(run, error);
    if (status == ND_OK)
        status = order_points(run, error);
    if (status == ND_OK)
        status = nd_background_create(&run->background, error);
    if (status == ND_OK && (run->parts & ND_POINT_LIGHT))
        status = nd_cli_read_rates(run->options, p, &run->rates, error);
    if (status == ND_OK && (run->parts & ND_POINT_EFFECTS))
        status = nd_cli_read_observations(run->options, p, &run->observations, error);
    return status;
}

/* ---- the store --------------------------------------------------------------------------- */

/* Everything that results depend on, as the store keeps it: not how it is drawn. */
static char *text_of_parameters(const struct run *run)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return NULL;
    nd_params_write_used(run->params, ND_USE_ALL & ~ND_USE_PLOT, stream, "");
    for (int i = 0; i < run->points.n; i++) {
        char prefix[ND_TEXT_MAX + 8];
        snprintf(prefix, sizeof prefix, "# %s: ", run->points.names[i]);
        nd_params_write_differences(&run->points.params[i], run->params, ND_USE_ALL & ~ND_USE_PLOT,
                                    stream, prefix);
    }
    for (int o = 0; (run->parts & ND_POINT_EFFECTS) && o < ND_N_OBSERVABLES; o++) {
        const struct nd_observation *item = &run->observations.items[o];
        if (item->known && item->used)
            fprintf(stream, "# measured %s = %.17g +- %.17g\n",
                    nd_observable_word((enum nd_observable)o), item->value, item->error);
    }
    fclose(stream);
    return text;
}

static enum nd_status open_store(struct run *run, const char *folder, struct nd_error *error)
{
    char provenance[ND_TEXT_MAX];
    char *parameters = text_of_parameters(run);
    const struct nd_store_layout layout = {run->plan.n_axes + run->n_columns, run->layout,
                                           run->plan.n_axes};
    enum nd_status status = parameters != NULL
                                ? nd_output_create(folder, error)
                                : nd_fail(error, ND_NO_MEMORY, "no memory for the parameters");
    snprintf(provenance, sizeof provenance, "nudipole %s (%s)", nd_version(), nd_source_version());
    if (status == ND_OK)
        status = nd_store_open(&run->store, folder, parameters, provenance, &layout,
                               run->plan.n_points, error);
    if (status == ND_OK)
        status = nd_output_params(folder, run->params, error);
    free(parameters);
    return status;
}

static enum nd_status add_row(struct run *run, long id, const struct nd_point *point,
                              const struct nd_error *failure, double seconds,
                              struct nd_error *error)
{
    struct nd_store_value values[ND_SWEEP_AXES_MAX + COLUMNS_MAX] = {{0.0, NULL}};
    const int n_axes = run->plan.n_axes, ok = failure->status == ND_OK;
    for (int axis = 0; axis < n_axes; axis++)
        values[axis] = (struct nd_store_value){nd_sweep_plan_number(&run->plan, id, axis),
                                               nd_sweep_plan_word(&run->plan, id, axis)};
    for (int i = 0; ok && i < run->n_columns; i++) {
        const struct nd_sweep_column *column = run->columns[i];
        values[n_axes + i].number = column->is_text ? 0.0 : column->number(point);
        values[n_axes + i].text = column->is_text ? column->text(point) : NULL;
    }
    const struct nd_store_row row = {.id = id,
                                     .status = ok ? ND_POINT_OK : ND_POINT_FAILED,
                                     .seconds = seconds,
                                     .message = ok ? NULL : failure->message,
                                     .values = values};
    return nd_store_add(run->store, &row, error);
}

/* ---- progress ---------------------------------------------------------------------------- */

/* On a terminal a line that is written over, in a log a plain one now and then. */
static void say_progress(struct run *run)
{
    const int terminal = isatty(STDERR_FILENO);
    const double t = now(), often = terminal ? 0.2 : 30.0;
    const int last = run->done == run->todo;
    if (run->options->quiet || (t - run->said < often && !(last && terminal)))
        return;
    run->said = t;
    const double rate = (double)run->done / fmax(t - run->started, 1e-9);
    fprintf(stderr, "%s%ld of %ld points, %ld failed, %.3g a second, %.0f s left%s",
            terminal ? "\r\033[K" : "", run->done, run->todo, run->failed, rate,
            (double)(run->todo - run->done) / rate, terminal && !last ? "" : "\n");
    fflush(stderr);
}

/* ---- the work ---------------------------------------------------------------------------- */

static void solve_one(struct run *run, long id, struct nd_point_cache *cache,
                      struct nd_params *params, struct nd_error *error)
{
    const struct nd_point_inputs inputs = {
        run->background, run->rates, run->parts & ND_POINT_EFFECTS ? &run->observations : NULL,
        run->T_RH_max};
    struct nd_point point = {0};
    struct nd_error failure = ND_ERROR_INIT;
    const double start = now();
    if (point_params(run, id, params, &failure) == ND_OK) {
        nd_point_solve(params, params->T_RH_MeV.values[0], run->parts, &inputs, cache, &point);
        if (point.criteria_error.status != ND_OK)
            failure = point.criteria_error;
        else if (point.light_error.status != ND_OK)
            failure = point.light_error;
    }
    const double seconds = now() - start;
#pragma omp critical(nd_sweep_store)
    {
        if (add_row(run, id, &point, &failure, seconds, error) == ND_OK) {
            run->done++;
            run->failed += failure.status != ND_OK;
            say_progress(run);
        }
    }
    nd_point_clear(&point);
}

/* Points in the order of their mass, so that a thread meets the same one again and again. */
static void solve_all(struct run *run, struct nd_error *error)
{
    const int retry = run->options->retry_failed;
    int stop = 0;
#pragma omp parallel
    {
        struct nd_point_cache *cache = NULL;
        struct nd_params *params = malloc(sizeof *params);
        struct nd_error own = ND_ERROR_INIT;
        if (params == NULL)
            nd_fail(&own, ND_NO_MEMORY, "no memory for parameters");
        else
            nd_point_cache_create(&cache, &own);
#pragma omp for schedule(dynamic)
        for (long i = 0; i < run->plan.n_points; i++) {
            const long id = run->order[i];
            int stopped;
#pragma omp atomic read
            stopped = stop;
            const enum nd_store_status status = nd_store_status_of(run->store, id);
            if (interrupted || stopped || params == NULL || own.status != ND_OK ||
                status == ND_POINT_OK || (status == ND_POINT_FAILED && !retry))
                continue;
            solve_one(run, id, cache, params, &own);
            if (own.status != ND_OK) {
#pragma omp atomic write
                stop = 1;
            }
        }
        if (own.status != ND_OK) {
#pragma omp critical(nd_sweep_error)
            nd_fail(error, own.status, "%s", own.message);
        }
        nd_point_cache_free(cache);
        free(params);
    }
}

static enum nd_status write_summary(const struct run *run, const char *folder,
                                    struct nd_error *error)
{
    json_t *summary = nd_cli_summary("sweep", run->params);
    json_t *columns = json_array();
    for (int i = 0; i < run->plan.n_axes + run->n_columns; i++)
        json_array_append_new(columns, json_string(run->layout[i].name));
    json_t *counts =
        json_pack("{s:I, s:I, s:I, s:o}", "points", (json_int_t)run->plan.n_points, "done",
                  (json_int_t)nd_store_count(run->store, ND_POINT_OK), "failed",
                  (json_int_t)nd_store_count(run->store, ND_POINT_FAILED), "columns", columns);
    json_object_update(summary, counts);
    json_decref(counts);
    return nd_cli_write_json(folder, "summary.json", summary, error);
}

static void say_end(const struct run *run, const char *folder)
{
    const long failed = nd_store_count(run->store, ND_POINT_FAILED);
    const long pending = nd_store_count(run->store, ND_POINT_PENDING);
    nd_cli_say(run->options, "store    %s/sweep.sqlite: %ld points done, %ld failed, %ld left\n",
               folder, nd_store_count(run->store, ND_POINT_OK), failed, pending);
    if (pending > 0)
        fprintf(stderr, "nudipole: interrupted; the same command goes on where it stopped\n");
    if (failed > 0)
        fprintf(stderr,
                "nudipole: %ld points failed; their reasons are in the column `message`; "
                "--retry-failed computes them again\n",
                failed);
}

int nd_cli_sweep_store(const struct nd_cli_options *options, const struct nd_params *params,
                       const char *folder, struct nd_error *error)
{
    struct run run = {.options = options, .params = params};
    struct sigaction catch = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND}, before;
    int code = 0;
    enum nd_status status = prepare(&run, error);
    if (status == ND_OK)
        status = open_store(&run, folder, error);
    if (status == ND_OK) {
        run.todo = nd_store_count(run.store, ND_POINT_PENDING) +
                   (options->retry_failed ? nd_store_count(run.store, ND_POINT_FAILED) : 0);
        nd_cli_say(options, "sweep    %ld points of %d axes, work = %s, %ld to do\n",
                   run.plan.n_points, run.plan.n_axes, nd_work_word(params->work), run.todo);
        run.started = run.said = now();
        sigaction(SIGINT, &catch, &before);
        solve_all(&run, error);
        sigaction(SIGINT, &before, NULL);
        status = error->status;
    }
    if (status == ND_OK)
        status = write_summary(&run, folder, error);
    if (status == ND_OK) {
        say_end(&run, folder);
        if (nd_store_count(run.store, ND_POINT_PENDING) > 0)
            code = 130; /* as a shell has it */
        else if (nd_store_count(run.store, ND_POINT_FAILED) > 0)
            code = 4;
    }
    if (run.store != NULL)
        nd_store_close(run.store, error);
    nd_nuclear_rates_free(run.rates);
    nd_background_free(run.background);
    nd_sweep_plan_clear(&run.plan);
    nd_cli_sweep_points_clear(&run.points);
    free(run.order);
    return code;
}
