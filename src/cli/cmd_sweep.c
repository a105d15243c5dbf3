/* nudipole sweep: reheating temperatures for one or more points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_mpi.h"
#include "sweep_store.h"

static const char COLUMNS[] = "point T_RH_MeV max_n_over_neq max_Gamma_over_H "
                              "max_rho_N_over_rho_gamma T_max_n_MeV T_max_Gamma_MeV "
                              "T_max_rho_MeV thermalises_paper thermalises_dynamical status";
static const char TITLE[] =
    "sweep over T_RH, one block a point; Gamma/H per neutrino, all channels; "
    "a failed row has nan and a status other than ok";

struct point {
    char name[ND_TEXT_MAX];
    struct nd_params params;
    struct nd_model model;
    struct nd_rate_table *table;
    struct nd_sweep_row *rows; /* T_RH_points */
    struct nd_error error;     /* of the table */
};

struct run {
    struct nd_params params; /* of the sweep itself */
    int n_points, n_T_RH, failed;
    struct point *points;
    double *T_RH;
};

/* A point's file stands on top of the sweep's, so that what both leave out is a default, and --set
 * on top of both. The sweep's own file is the point if it names none. */
static enum nd_status load_points(const struct nd_cli_options *options, struct run *run,
                                  struct nd_error *error)
{
    const struct nd_text_list *list = &run->params.points;
    run->n_points = list->n > 0 ? list->n : 1;
    run->points = calloc((size_t)run->n_points, sizeof *run->points);
    if (run->points == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %d points", run->n_points);
    for (int i = 0; i < run->n_points; i++) {
        struct point *point = &run->points[i];
        const char *path = list->n > 0 ? list->values[i] : options->files[0];
        nd_cli_name(path, point->name, sizeof point->name);
        const enum nd_status status =
            nd_cli_load(options, path, 0, &run->params, &point->params, error);
        if (status != ND_OK)
            return status;
        point->params.T_end_MeV = run->params.T_end_MeV; /* one end for all */
    }
    return ND_OK;
}

/* Tables of rates are most of the work of few temperatures: all points at once. */
static void build_table(const struct run *run, struct point *point,
                        const struct nd_background *background)
{
    const struct nd_treatment treatment = nd_params_treatment(&point->params);
    if (nd_params_model(&point->params, &point->model, &point->error) == ND_OK)
        nd_rate_table_create(&point->table, point->model.m4, &treatment, background,
                             run->params.T_end_MeV, run->T_RH[run->n_T_RH - 1],
                             point->params.rate_tolerance, &point->error);
}

/* A point whose table fails is a point of failed rows. */
static void solve_point(const struct nd_cli_options *options, struct run *run, struct point *point,
                        const struct nd_background *background)
{
    const struct nd_viability_options judge = nd_params_viability(&point->params);
    struct nd_abundance_options o = nd_params_abundance(&point->params, 0.0);
    char what[ND_TEXT_MAX + 32];
    snprintf(what, sizeof what, "T_RH of %s", point->name);
    if (point->error.status == ND_OK) {
        run->failed +=
            nd_sweep_T_RH(&point->model, point->table, background, run->T_RH, run->n_T_RH, &o,
                          &judge, point->rows, options->quiet ? NULL : nd_cli_progress, what);
        return;
    }
    for (int j = 0; j < run->n_T_RH; j++) {
        point->rows[j].T_RH = run->T_RH[j];
        point->rows[j].error = point->error;
    }
    run->failed += run->n_T_RH;
}

static enum nd_status solve(const struct nd_cli_options *options, struct run *run,
                            struct nd_error *error)
{
    struct nd_background *background = NULL;
    enum nd_status status = nd_background_create(&background, error);
    for (int i = 0; i < run->n_points && status == ND_OK; i++)
        if ((run->points[i].rows = calloc((size_t)run->n_T_RH, sizeof(struct nd_sweep_row))) ==
            NULL)
            status = nd_fail(error, ND_NO_MEMORY, "no memory for %d rows", run->n_T_RH);
    if (status == ND_OK) {
#pragma omp parallel for schedule(dynamic)
        for (int i = 0; i < run->n_points; i++)
            build_table(run, &run->points[i], background);
        for (int i = 0; i < run->n_points; i++)
            solve_point(options, run, &run->points[i], background);
    }
    nd_background_free(background);
    return status;
}

static void write_row(const struct point *point, const struct nd_sweep_row *row, FILE *stream)
{
    const struct nd_viability *v = &row->viability;
    if (row->error.status != ND_OK) {
        fprintf(stream, "%s %.17g nan nan nan nan nan nan nan nan failed\n", point->name,
                row->T_RH);
        return;
    }
    fprintf(stream, "%s %.17g %.17g %.17g %.17g %.17g %.17g %.17g %d %d ok\n", point->name,
            row->T_RH, v->n_over_neq.value, v->total_gamma_over_H.value,
            v->rho_N_over_rho_gamma.value, v->n_over_neq.T, v->total_gamma_over_H.T,
            v->rho_N_over_rho_gamma.T, v->thermalises_paper, v->thermalises_dynamical);
}

static enum nd_status write_rows(const void *context, FILE *stream, struct nd_error *error)
{
    const struct run *run = context;
    (void)error;
    for (int i = 0; i < run->n_points; i++) {
        if (i > 0)
            fputs("\n\n", stream);
        for (int j = 0; j < run->n_T_RH; j++)
            write_row(&run->points[i], &run->points[i].rows[j], stream);
    }
    return ND_OK;
}

/* Lowest T_RH of the sweep from which on N always thermalises; NAN if it does not at the top. */
static double lowest_thermal(const struct run *run, const struct point *point)
{
    double lowest = NAN;
    for (int j = run->n_T_RH - 1; j >= 0; j--) {
        const struct nd_sweep_row *row = &point->rows[j];
        if (row->error.status != ND_OK || !row->viability.thermalises_dynamical)
            break;
        lowest = row->T_RH;
    }
    return lowest;
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct run *run = context;
    (void)error;
    json_t *list = json_array();
    for (int i = 0; i < run->n_points; i++) {
        const struct point *point = &run->points[i];
        const struct nd_viability_options judge = nd_params_viability(&point->params);
        json_t *rows = json_array();
        const double lowest = lowest_thermal(run, point);
        const struct nd_sweep_row *top = &point->rows[run->n_T_RH - 1];
        if (top->error.status != ND_OK)
            nd_cli_say(options, "%-12s failed at T_RH = %g MeV: no verdict\n", point->name,
                       top->T_RH);
        else if (isnan(lowest))
            nd_cli_say(options, "%-12s does not thermalise at T_RH = %g MeV\n", point->name,
                       run->T_RH[run->n_T_RH - 1]);
        else if (lowest == run->T_RH[0])
            nd_cli_say(options, "%-12s thermalises at every T_RH >= %.4g MeV of the sweep\n",
                       point->name, lowest);
        else
            nd_cli_say(options, "%-12s thermalises for T_RH >= %.4g MeV\n", point->name, lowest);
        for (int j = 0; j < run->n_T_RH; j++)
            json_array_append_new(rows, nd_cli_row_json(&point->rows[j], &judge));
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:f, s:f, s:s, s:o, s:o}", "name", point->name,
                                        "parameters", nd_cli_parameters(&point->params), "m4_keV",
                                        point->params.m4_keV, "d_muB", point->params.d_muB,
                                        "convention", nd_convention_word(point->params.convention),
                                        "lowest_thermalising_T_RH_MeV", nd_cli_number(lowest),
                                        "results", rows));
    }
    json_object_set_new(summary, "points", list);
    json_object_set_new(summary, "failed", json_integer(run->failed));
    return ND_OK;
}

int nd_cli_sweep(const struct nd_cli_options *options, struct nd_error *error)
{
    struct run run = {0};
    char folder[ND_CLI_PATH_MAX], caption[2 * ND_TEXT_MAX], treatment[ND_TEXT_MAX];
    enum nd_status status =
        nd_cli_start(options, ND_USE_SWEEP | ND_USE_PLAN, &run.params, folder, error);
    if (status == ND_OK && run.params.vary.n == 0 && nd_mpi_ranks() > 1)
        nd_fail(error, ND_BAD_INPUT,
                "%s: started as %d ranks: only a sweep over axes (`vary`) takes several",
                options->files[0], nd_mpi_ranks());
    status = nd_mpi_agree(error);
    if (status == ND_OK && run.params.vary.n > 0)
        return nd_cli_sweep_store(options, &run.params, folder, error);
    if (status == ND_OK && options->retry_failed)
        status = nd_fail(error, ND_BAD_INPUT, "--retry-failed: needs a sweep over axes (`vary`)");
    if (status == ND_OK)
        status = load_points(options, &run, error);
    if (status != ND_OK)
        goto cleanup;
    run.n_T_RH = run.params.T_RH_points;
    run.T_RH = calloc((size_t)run.n_T_RH, sizeof *run.T_RH);
    if (run.T_RH == NULL) {
        nd_fail(error, ND_NO_MEMORY, "no memory for %d temperatures", run.n_T_RH);
        goto cleanup;
    }
    for (int i = 0; i < run.n_T_RH; i++)
        run.T_RH[i] = nd_log_grid(run.params.T_RH_min_MeV, run.params.T_RH_max_MeV, run.n_T_RH, i);
    nd_cli_warn_hot(run.T_RH[run.n_T_RH - 1]);
    nd_cli_say(options, "sweep    %d points, %d T_RH from %g to %g MeV\n", run.n_points, run.n_T_RH,
               run.T_RH[0], run.T_RH[run.n_T_RH - 1]);
    status = solve(options, &run, error);
    if (status == ND_OK) {
        const struct nd_treatment t = nd_params_treatment(&run.points[0].params);
        nd_cli_describe_treatment(&t, treatment, sizeof treatment);
        snprintf(caption, sizeof caption, "sudden reheating at T_RH; %s; %s convention", treatment,
                 nd_convention_word(run.points[0].params.convention));
        const struct nd_cli_table table = {"sweep", TITLE, COLUMNS, write_rows};
        const struct nd_cli_result result = {
            .command = "sweep",
            .params = &run.params,
            .uses = ND_USE_SWEEP,
            .folder = folder,
            .tables = &table,
            .n_tables = 1,
            .figures = {"sweep"},
            .caption = caption,
            .n_blocks = run.n_points,
            .run = &run,
            .report = report,
        };
        nd_cli_finish(options, &result, error);
    }
    if (run.failed > 0)
        fprintf(stderr, "nudipole: %d rows failed; their reasons are in %s/summary.json\n",
                run.failed, folder);

cleanup:
    for (int i = 0; run.points != NULL && i < run.n_points; i++) {
        nd_rate_table_free(run.points[i].table);
        free(run.points[i].rows);
    }
    free(run.points);
    free(run.T_RH);
    return run.failed > 0 ? 4 : 0;
}
