/* nudipole viability: a verdict for each point and reheating temperature, by whether N thermalises
 * and by what is measured of the light elements. */
#include <math.h>
#include <stdlib.h>

#include "viability.h"

int nd_cli_viability_failed(const struct nd_cli_viability_point *point,
                            const struct nd_cli_viability_row *row)
{
    return (point->params.sterile && row->criteria.error.status != ND_OK) ||
           row->error.status != ND_OK;
}

/* Whether N thermalises. A point whose table of rates fails is a point of failed rows. */
static void solve_criteria(struct nd_cli_viability_point *point,
                           const struct nd_background *background)
{
    const struct nd_params *p = &point->params;
    const int n = p->T_RH_MeV.n;
    const struct nd_treatment treatment = nd_params_treatment(p);
    const struct nd_viability_options judge = nd_cli_viability_options(p);
    const struct nd_abundance_options options = nd_cli_abundance_options(p, p->T_RH_MeV.values[0]);
    struct nd_error error = ND_ERROR_INIT;
    struct nd_model model;
    struct nd_rate_table *table = NULL;
    struct nd_sweep_row *rows = calloc((size_t)n, sizeof *rows);
    if (rows == NULL)
        nd_fail(&error, ND_NO_MEMORY, "no memory for %d rows", n);
    if (rows != NULL && nd_params_model(p, &model, &error) == ND_OK &&
        nd_rate_table_create(&table, model.m4, &treatment, background, p->T_end_MeV,
                             nd_cli_largest(&p->T_RH_MeV), p->rate_tolerance, &error) == ND_OK)
        nd_sweep_T_RH(&model, table, background, p->T_RH_MeV.values, n, &options, &judge, rows,
                      NULL, NULL);
    for (int i = 0; i < n; i++) {
        if (error.status == ND_OK)
            point->rows[i].criteria = rows[i];
        else
            point->rows[i].criteria.error = error;
    }
    free(rows);
    nd_rate_table_free(table);
}

/* The Standard Model that reaches as high as every row of the point. */
static enum nd_status solve_standard(struct nd_cli_viability_point *point, struct nd_error *error)
{
    const double hot_enough = 10.0; /* MeV: everything is in equilibrium */
    const struct nd_params *p = &point->params;
    struct nd_params standard = *p;
    struct nd_universe_tables *tables = NULL;
    standard.sterile = 0;
    standard.reheating = ND_REHEATING_SUDDEN;
    standard.delta_N_eff = 0.0;
    standard.abundance_errors = ND_LIGHT_ERRORS_OFF;
    const double T_start = nd_params_T_start(p, nd_cli_largest(&p->T_RH_MeV));
    struct nd_light_elements_options o =
        nd_params_light_elements(&standard, fmax(hot_enough, T_start));
    o.bbn.n_points = 0;
    enum nd_status status = nd_universe_tables_create(&tables, NULL, &o.universe, error);
    if (status == ND_OK)
        status =
            nd_light_elements_solve(NULL, tables, point->rates, NULL, &o, &point->standard, error);
    nd_universe_tables_free(tables);
    return status;
}

/* The coupled Universe and its light elements, row by row; kernels are the same for all. */
static void solve_light(struct nd_cli_viability_point *point)
{
    const struct nd_params *p = &point->params;
    struct nd_error error = ND_ERROR_INIT;
    struct nd_model sterile, *model = p->sterile ? &sterile : NULL;
    struct nd_universe_tables *tables = NULL;
    struct nd_light_elements_options o = nd_params_light_elements(p, p->T_RH_MeV.values[0]);
    o.bbn.n_points = 0;
    enum nd_status status = model != NULL ? nd_params_model(p, model, &error) : ND_OK;
    if (status == ND_OK)
        status = solve_standard(point, &error);
    if (status == ND_OK)
        status = nd_universe_tables_create(&tables, model, &o.universe, &error);
    for (int i = 0; i < p->T_RH_MeV.n; i++) {
        struct nd_cli_viability_row *row = &point->rows[i];
        if (status != ND_OK) {
            row->error = error;
            continue;
        }
        o.universe.T_RH = row->T_RH;
        if (nd_light_elements_solve(model, tables, point->rates, &point->standard, &o, &row->light,
                                    &row->error) == ND_OK)
            nd_verdict_judge(&point->observations, &row->light.prediction, &row->verdict,
                             &row->error);
    }
    nd_universe_tables_free(tables);
}

static enum nd_status prepare(const struct nd_cli_options *options, const char *file,
                              struct nd_cli_viability_point *point, struct nd_error *error)
{
    const int uses =
        ND_USE_EVOLUTION | ND_USE_UNIVERSE | ND_USE_STERILE | ND_USE_BBN | ND_USE_VERDICT;
    enum nd_status status = nd_cli_load(options, file, uses, NULL, &point->params, error);
    if (status != ND_OK)
        return status;
    const struct nd_params *p = &point->params;
    nd_cli_name(file, point->name, sizeof point->name);
    nd_cli_warn_hot(nd_params_T_start(p, nd_cli_largest(&p->T_RH_MeV)));
    if (p->light_elements) {
        status = nd_cli_read_rates(options, p, &point->rates, error);
        if (status == ND_OK)
            status = nd_cli_read_observations(options, p, &point->observations, error);
    }
    point->rows = calloc((size_t)p->T_RH_MeV.n, sizeof *point->rows);
    if (status == ND_OK && point->rows == NULL)
        status = nd_fail(error, ND_NO_MEMORY, "no memory for %d verdicts", p->T_RH_MeV.n);
    for (int i = 0; i < p->T_RH_MeV.n && status == ND_OK; i++)
        point->rows[i].T_RH = p->T_RH_MeV.values[i];
    return status;
}

/* All points, in parallel. */
static enum nd_status solve(struct nd_cli_viability_point *points, int n, struct nd_error *error)
{
    struct nd_background *background = NULL;
    const enum nd_status status = nd_background_create(&background, error);
    if (status == ND_OK) {
#pragma omp parallel for schedule(dynamic)
        for (int i = 0; i < n; i++) {
            if (points[i].params.sterile)
                solve_criteria(&points[i], background);
            if (points[i].params.light_elements)
                solve_light(&points[i]);
        }
    }
    nd_background_free(background);
    return status;
}

static void clear(struct nd_cli_viability_point *point)
{
    for (int i = 0; point->rows != NULL && i < point->params.T_RH_MeV.n; i++)
        nd_light_elements_clear(&point->rows[i].light);
    free(point->rows);
    nd_light_elements_clear(&point->standard);
    nd_nuclear_rates_free(point->rates);
}

/* Fails if there is not one verdict; otherwise counts those that failed. */
static enum nd_status count_failures(const struct nd_cli_viability_point *points, int n, int *rows,
                                     int *failed, struct nd_error *error)
{
    const struct nd_error *first = NULL;
    const char *file = "";
    *rows = *failed = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < points[i].params.T_RH_MeV.n; j++) {
            const struct nd_cli_viability_row *row = &points[i].rows[j];
            (*rows)++;
            if (!nd_cli_viability_failed(&points[i], row))
                continue;
            (*failed)++;
            if (first == NULL) {
                first = row->error.status != ND_OK ? &row->error : &row->criteria.error;
                file = points[i].params.file;
            }
        }
    if (*failed == *rows && first != NULL)
        return nd_fail(error, first->status, "%s: %s", file, first->message);
    return ND_OK;
}

int nd_cli_viability(const struct nd_cli_options *options, struct nd_error *error)
{
    const int n = options->n_files;
    int rows = 0, failed = 0;
    char folder[ND_CLI_PATH_MAX];
    struct nd_cli_viability_point *points = calloc((size_t)n, sizeof *points);
    enum nd_status status =
        points != NULL ? ND_OK : nd_fail(error, ND_NO_MEMORY, "no memory for %d points", n);
    for (int i = 0; i < n && status == ND_OK; i++)
        status = prepare(options, options->files[i], &points[i], error);
    if (status == ND_OK)
        status = nd_cli_folder(options, n == 1 ? options->files[0] : "viability", folder, error);
    if (status == ND_OK)
        status = solve(points, n, error);
    if (status == ND_OK)
        status = count_failures(points, n, &rows, &failed, error);
    if (status == ND_OK)
        status = nd_cli_viability_finish(options, points, n, folder, error);
    if (status == ND_OK && failed > 0)
        fprintf(stderr,
                "nudipole: %d of %d verdicts failed; their reasons are in %s/summary.json\n",
                failed, rows, folder);
    for (int i = 0; i < n && points != NULL; i++)
        clear(&points[i]);
    free(points);
    return failed > 0 ? 4 : 0;
}
