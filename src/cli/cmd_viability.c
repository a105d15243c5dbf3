/* nudipole viability: a verdict for each point and reheating temperature, by whether N thermalises
 * and by what is measured of the light elements. */
#include <stdlib.h>

#include "viability.h"

int nd_cli_viability_failed(const struct nd_point *row)
{
    return row->criteria_error.status != ND_OK || row->light_error.status != ND_OK;
}

/* Row by row: they share kernels and the table of rates. */
static void solve_point(struct nd_cli_viability_point *point,
                        const struct nd_background *background)
{
    const struct nd_params *p = &point->params;
    const struct nd_point_inputs inputs = {background, point->rates, &point->observations,
                                           nd_cli_largest(&p->T_RH_MeV)};
    const int parts = (p->sterile ? ND_POINT_CRITERIA : 0) |
                      (p->light_elements ? ND_POINT_LIGHT | ND_POINT_EFFECTS : 0);
    struct nd_error error = ND_ERROR_INIT;
    struct nd_point_cache *cache = NULL;
    nd_point_cache_create(&cache, &error);
    for (int i = 0; i < p->T_RH_MeV.n; i++) {
        if (cache != NULL)
            nd_point_solve(p, p->T_RH_MeV.values[i], parts, &inputs, cache, &point->rows[i]);
        else
            point->rows[i] = (struct nd_point){.T_RH = p->T_RH_MeV.values[i], .light_error = error};
    }
    nd_point_cache_free(cache);
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
        nd_cli_warn_photodisintegration(p);
        status = nd_cli_read_rates(options, p, &point->rates, error);
        if (status == ND_OK)
            status = nd_cli_read_observations(options, p, &point->observations, error);
    }
    point->rows = calloc((size_t)p->T_RH_MeV.n, sizeof *point->rows);
    if (status == ND_OK && point->rows == NULL)
        status = nd_fail(error, ND_NO_MEMORY, "no memory for %d verdicts", p->T_RH_MeV.n);
    return status;
}

/* All points, in parallel. */
static enum nd_status solve(struct nd_cli_viability_point *points, int n, struct nd_error *error)
{
    struct nd_background *background = NULL;
    const enum nd_status status = nd_background_create(&background, error);
    if (status == ND_OK) {
#pragma omp parallel for schedule(dynamic)
        for (int i = 0; i < n; i++)
            solve_point(&points[i], background);
    }
    nd_background_free(background);
    return status;
}

static void clear(struct nd_cli_viability_point *point)
{
    for (int i = 0; point->rows != NULL && i < point->params.T_RH_MeV.n; i++)
        nd_point_clear(&point->rows[i]);
    free(point->rows);
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
            const struct nd_point *row = &points[i].rows[j];
            (*rows)++;
            if (!nd_cli_viability_failed(row))
                continue;
            (*failed)++;
            if (first == NULL) {
                first =
                    row->criteria_error.status != ND_OK ? &row->criteria_error : &row->light_error;
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
    enum nd_status status = ND_OK;
    if (points == NULL) {
        nd_fail(error, ND_NO_MEMORY, "no memory for %d points", n);
        return 0;
    }
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
    for (int i = 0; i < n; i++)
        clear(&points[i]);
    free(points);
    return failed > 0 ? 4 : 0;
}
