/* nudipole map: regions of a fit, thermalization curves and other bounds in one plane. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "map_run.h"

static struct nd_map_options map_options(const struct nd_params *p)
{
    return (struct nd_map_options){
        .treatment = nd_params_treatment(p),
        .T_RH = p->T_RH_MeV,
        .T_end = p->T_end_MeV,
        .x_max = p->thermal_x_max,
        .fractions = p->fractions,
        .rho = p->rho_fraction,
        .mu_max = nd_params_mu(p, 1e-3), /* the largest d_muB that is allowed */
        .tolerance = p->rate_tolerance,
    };
}

/* ---- points ------------------------------------------------------------------------------ */

/* The files of `points`, then the best points of the fit. */
static enum nd_status load_points(const struct nd_cli_options *options, struct nd_cli_map *run,
                                  struct nd_error *error)
{
    const struct nd_text_list *list = &run->params.points;
    run->points =
        calloc((size_t)(list->n + run->overlays.fit.beam.n_sets) + 1, sizeof *run->points);
    struct nd_params *params = malloc(sizeof *params);
    enum nd_status status = ND_OK;
    if (run->points == NULL || params == NULL) {
        free(params);
        return nd_fail(error, ND_NO_MEMORY, "no memory for points");
    }
    for (int i = 0; i < list->n && status == ND_OK; i++) {
        struct nd_cli_map_point *point = &run->points[run->n_points++];
        nd_cli_name(list->values[i], point->name, sizeof point->name);
        status = nd_cli_load(options, list->values[i], 0, &run->params, params, error);
        point->m4 = nd_mev_from_kev(params->m4_keV);
        point->mu = nd_params_mu(params, params->d_muB);
    }
    for (int s = 0; s < run->overlays.fit.beam.n_sets && status == ND_OK; s++) {
        const struct nd_plane_fit *plane = &run->overlays.fit.planes[s];
        if (!nd_cli_has_best(plane))
            continue;
        struct nd_cli_map_point *point = &run->points[run->n_points++];
        snprintf(point->name, sizeof point->name, "best_%s", plane->set.name);
        point->m4 = plane->best.m4;
        point->mu = plane->best.mu;
        point->at_edge = plane->best_at_edge;
    }
    free(params);
    return status;
}

static enum nd_status judge_points(struct nd_cli_map *run, struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    double *m4 = malloc((size_t)(2 * run->n_points + 1) * sizeof *m4);
    if (m4 == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for points");
    double *mu = m4 + run->n_points;
    for (int i = 0; i < run->n_points; i++) {
        m4[i] = run->points[i].m4;
        mu[i] = run->points[i].mu;
    }
    enum nd_status status = ND_OK;
    if (run->n_points > 0)
        status = nd_thermal_map_create(&run->at_points, run->background, &run->options, m4,
                                       run->n_points, mu, run->n_points, NULL, NULL, error);
    free(m4);
    if (status != ND_OK)
        return status;
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < run->n_points; i++) {
        struct nd_cli_map_point *point = &run->points[i];
        point->error = run->at_points.errors[i];
        if (point->error.status == ND_OK)
            nd_highest_T_RH(&point->highest, run->background, &run->options, point->m4, point->mu,
                            p->thermal_fraction, p->T_RH_min_MeV, p->T_RH_max_MeV, &point->error);
    }
    return ND_OK;
}

/* ---- a stored sweep ---------------------------------------------------------------------- */

/* What a map and a sweep have in common has to be the same; the map's only T_RH is where an axis of
 * the sweep is held. */
static enum nd_status match_sweep(struct nd_cli_map *run, const struct nd_params *swept,
                                  struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    struct nd_params *plot = &run->stored.params;
    const struct nd_store_grid *grid = &run->stored.grid;
    const int T_RH = nd_store_grid_axis(grid, "T_RH_MeV");
    if (nd_store_grid_axis(grid, "m4_keV") < 0 || nd_store_grid_axis(grid, "d_muB") < 0)
        return nd_fail(error, ND_BAD_INPUT,
                       "m4_keV or d_muB is no axis of it: allowed are sweeps over both");
    if (nd_store_grid_axis(grid, "flavour") < 0 && swept->flavour != p->flavour)
        return nd_fail(error, ND_BAD_INPUT, "it is for nu_%s: allowed is flavour = %s",
                       nd_flavour_word(swept->flavour), nd_flavour_word(p->flavour));
    if (swept->convention != p->convention || nd_store_grid_axis(grid, "convention") >= 0)
        return nd_fail(error, ND_BAD_INPUT, "it has another convention: allowed is %s",
                       nd_convention_word(p->convention));
    if (p->T_RH_MeV.n != 1)
        return nd_fail(error, ND_BAD_INPUT,
                       "T_RH_MeV (%s): %d temperatures: allowed is one, whose results are drawn",
                       nd_params_origin(p, "T_RH_MeV"), p->T_RH_MeV.n);
    if (T_RH < 0 && swept->T_RH_MeV.values[0] != p->T_RH_MeV.values[0])
        return nd_fail(error, ND_BAD_INPUT, "it is for T_RH_MeV = %g: allowed is the map's %g",
                       swept->T_RH_MeV.values[0], p->T_RH_MeV.values[0]);
    *plot = *p;
    snprintf(plot->x, sizeof plot->x, "m4_keV");
    snprintf(plot->y, sizeof plot->y, "d_muB");
    if (T_RH >= 0) {
        char at[ND_TEXT_MAX];
        snprintf(at, sizeof at, "T_RH_MeV %.17g", p->T_RH_MeV.values[0]);
        return nd_store_grid_hold(&run->stored.grid, at, error);
    }
    return ND_OK;
}

static enum nd_status load_store(struct nd_cli_map *run, struct nd_error *error)
{
    struct nd_error own = ND_ERROR_INIT;
    struct nd_cli_plot *stored = &run->stored;
    if (*run->params.store == '\0')
        return ND_OK;
    struct nd_params *swept = malloc(sizeof *swept);
    if (swept == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for parameters");
    enum nd_status status = nd_cli_plot_swept(NULL, run->params.store, swept, &own);
    if (status == ND_OK)
        status = nd_cli_plot_open(stored, run->params.store, swept, &own);
    if (status == ND_OK)
        status = match_sweep(run, swept, &own);
    if (status == ND_OK)
        status = nd_cli_plot_read(stored, &own);
    if (status == ND_OK && (stored->n_groups > 1 || stored->n_columns > 1))
        status = nd_fail(&own, ND_BAD_INPUT,
                         "%d columns, %d planes: allowed is one `column`, and "
                         "`at` for axes besides m4_keV, d_muB and T_RH_MeV",
                         stored->n_columns, stored->n_groups);
    free(swept);
    return status == ND_OK
               ? ND_OK
               : nd_fail(error, status, "%s: store = %s: %s",
                         nd_params_origin(&run->params, "store"), run->params.store, own.message);
}

/* ---- all of it ----------------------------------------------------------------------------- */

static enum nd_status solve(const struct nd_cli_options *options, struct nd_cli_map *run,
                            const char *data, struct nd_error *error)
{
    enum nd_status status = load_store(run, error);
    if (status == ND_OK)
        status = nd_cli_overlays_load(&run->overlays, &run->params, ND_OVERLAYS_ALL, data, error);
    if (status == ND_OK)
        status = load_points(options, run, error);
    if (status == ND_OK)
        status = nd_cli_make_grid(&run->params, &run->m4, &run->mu, error);
    if (status == ND_OK)
        status = nd_background_create(&run->background, error);
    run->options = map_options(&run->params);
    if (status == ND_OK)
        status = nd_thermal_map_create(&run->map, run->background, &run->options, run->m4,
                                       run->params.m4_points, run->mu, run->params.d_points,
                                       options->quiet ? NULL : nd_cli_progress, "masses", error);
    if (status == ND_OK)
        status = judge_points(run, error);
    return status;
}

static void clear(struct nd_cli_map *run)
{
    nd_thermal_map_clear(&run->map);
    nd_thermal_map_clear(&run->at_points);
    nd_background_free(run->background);
    nd_cli_overlays_clear(&run->overlays);
    nd_cli_plot_clear(&run->stored);
    free(run->points);
    free(run->m4);
    free(run->mu);
}

int nd_cli_map(const struct nd_cli_options *options, struct nd_error *error)
{
    char folder[ND_CLI_PATH_MAX], data[ND_DATA_PATH_MAX];
    struct nd_cli_map *run = calloc(1, sizeof *run);
    if (run == NULL)
        return nd_status_exit_code(nd_fail(error, ND_NO_MEMORY, "no memory for a map"));
    enum nd_status status = nd_cli_start(options, ND_USE_MAP, &run->params, folder, error);
    if (status == ND_OK)
        status = nd_data_folder(options->data, data, error);
    if (status == ND_OK)
        status = solve(options, run, data, error);
    if (status == ND_OK)
        nd_cli_map_finish(options, run, folder, error);
    int failed = run->map.failed;
    for (int i = 0; i < run->n_points; i++)
        failed += run->points[i].error.status != ND_OK;
    if (status == ND_OK && failed > 0)
        fprintf(stderr,
                "nudipole: %d masses or points failed; their reasons are in "
                "%s/summary.json\n",
                failed, folder);
    clear(run);
    free(run);
    return failed > 0 ? 4 : 0;
}
