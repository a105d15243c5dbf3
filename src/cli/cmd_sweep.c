/* nudipole sweep: every point a row of sweep.sqlite, in parallel; what is there already is not
 * computed again. */
#include "sweep_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "light.h"
#include "sweep_mpi.h"

/* ---- what is asked for ------------------------------------------------------------------- */

static enum nd_status choose_columns(struct nd_cli_sweep *run, struct nd_error *error)
{
    const struct nd_text_list *names = &run->params->columns;
    const struct nd_sweep_column *column;
    if (run->parts == 0)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s: sterile = off: there is no N for work = %s: allowed is on",
                       nd_params_origin(run->params, "sterile"), nd_work_word(run->params->work));
    if (names->n > ND_CLI_SWEEP_COLUMNS_MAX)
        return nd_fail(error, ND_BAD_INPUT, "%s: columns: %d names: allowed are %d",
                       nd_params_origin(run->params, "columns"), names->n,
                       (int)ND_CLI_SWEEP_COLUMNS_MAX);
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

struct nd_store_layout nd_cli_sweep_layout(const struct nd_cli_sweep *run)
{
    return (struct nd_store_layout){run->plan.n_axes + run->n_columns, run->layout,
                                    run->plan.n_axes};
}

enum nd_status nd_cli_point_params(const struct nd_cli_sweep *run, long id,
                                   struct nd_params *params, struct nd_error *error)
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
static enum nd_status check_point(struct nd_cli_sweep *run, long id, struct nd_params *params,
                                  struct nd_error *error)
{
    const enum nd_status status = nd_cli_point_params(run, id, params, error);
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

static enum nd_status check_plan(struct nd_cli_sweep *run, struct nd_error *error)
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

double nd_cli_sweep_mass(const struct nd_cli_sweep *run, long id)
{
    const int axis = nd_sweep_plan_axis(&run->plan, "m4_keV");
    return axis >= 0           ? nd_sweep_plan_number(&run->plan, id, axis)
           : run->points.n > 0 ? run->points.params[id / run->plan.axes[0].stride].m4_keV
                               : run->params->m4_keV;
}

/* Kernels and tables belong to a mass: points in its order. */
static enum nd_status order_points(struct nd_cli_sweep *run, struct nd_error *error)
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

static enum nd_status prepare(struct nd_cli_sweep *run, struct nd_error *error)
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
        status = nd_background_create(&run->background, error);
    if (status == ND_OK && (run->parts & ND_POINT_LIGHT))
        status = nd_cli_read_rates(run->options, p, &run->rates, error);
    if (status == ND_OK && (run->parts & ND_POINT_EFFECTS))
        status = nd_cli_read_observations(run->options, p, &run->observations, error);
    return status;
}

/* ---- the store --------------------------------------------------------------------------- */

/* Everything that results depend on, as the store keeps it: not how it is drawn. */
static char *text_of_parameters(const struct nd_cli_sweep *run)
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

/* Of rank 0 alone. */
static enum nd_status open_store(struct nd_cli_sweep *run, const char *folder,
                                 const char *parameters, const char *provenance,
                                 struct nd_error *error)
{
    const struct nd_store_layout layout = nd_cli_sweep_layout(run);
    enum nd_status status = nd_output_create(folder, error);
    if (status == ND_OK)
        status = nd_store_open(&run->store, folder, parameters, provenance, &layout,
                               run->plan.n_points, error);
    if (status == ND_OK)
        status = nd_output_params(folder, run->params, error);
    if (status == ND_OK)
        run->todo = nd_store_count(run->store, ND_POINT_PENDING) +
                    (run->options->retry_failed ? nd_store_count(run->store, ND_POINT_FAILED) : 0);
    return status;
}

/* Nothing is written before all ranks have the same parameters and no errors. */
static enum nd_status start(struct nd_cli_sweep *run, const char *folder, struct nd_error *error)
{
    char provenance[ND_TEXT_MAX];
    char *parameters = NULL;
    snprintf(provenance, sizeof provenance, "nudipole %s (%s)", nd_version(), nd_source_version());
    if (prepare(run, error) == ND_OK && (parameters = text_of_parameters(run)) == NULL)
        nd_fail(error, ND_NO_MEMORY, "no memory for the parameters");
    nd_mpi_same(provenance, "program", error);
    nd_mpi_same(parameters, "parameters", error);
    if (error->status == ND_OK && nd_mpi_rank() == 0 && order_points(run, error) == ND_OK)
        open_store(run, folder, parameters, provenance, error);
    free(parameters);
    return nd_mpi_agree(error);
}

/* ---- the end ----------------------------------------------------------------------------- */

static enum nd_status write_summary(const struct nd_cli_sweep *run, const char *folder,
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

static void say_end(const struct nd_cli_sweep *run, const char *folder)
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

/* The exit code. */
static int finish(const struct nd_cli_sweep *run, const char *folder, struct nd_error *error)
{
    if (write_summary(run, folder, error) != ND_OK)
        return 0;
    say_end(run, folder);
    return nd_store_count(run->store, ND_POINT_PENDING) > 0  ? 130 /* as a shell has it */
           : nd_store_count(run->store, ND_POINT_FAILED) > 0 ? 4
                                                             : 0;
}

static int sweep(const struct nd_cli_options *options, const struct nd_params *params,
                 const char *folder, struct nd_error *error)
{
    struct nd_cli_sweep run = {.options = options, .params = params};
    int code = 0;
    if (start(&run, folder, error) == ND_OK) {
        nd_cli_say(options, "sweep    %ld points of %d axes, work = %s, %ld to do\n",
                   run.plan.n_points, run.plan.n_axes, nd_work_word(params->work), run.todo);
        if (nd_cli_sweep_run(&run, error) == ND_OK && nd_mpi_rank() == 0)
            code = finish(&run, folder, error);
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

int nd_cli_sweep(const struct nd_cli_options *options, struct nd_error *error)
{
    struct nd_params params;
    char folder[ND_CLI_PATH_MAX];
    if (nd_cli_start(options, ND_USE_PLAN, &params, folder, error) == ND_OK && params.vary.n == 0)
        nd_fail(error, ND_BAD_INPUT,
                "%s: vary: a sweep needs axes: allowed is one or more, as in vary = m4_keV log 100 "
                "1000 7, T_RH_MeV list 2 5 10",
                options->files[0]);
    return nd_mpi_agree(error) == ND_OK ? sweep(options, &params, folder, error) : 0;
}
