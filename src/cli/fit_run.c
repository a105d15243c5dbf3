/* Solves a fit: planes of all signals, and what other experiments say about them. */
#include <math.h>
#include <stdlib.h>

#include "fit_run.h"

enum nd_status nd_cli_make_grid(const struct nd_params *params, double **m4, double **mu,
                                struct nd_error *error)
{
    const struct nd_params *p = params;
    *m4 = malloc((size_t)p->m4_points * sizeof **m4);
    *mu = malloc((size_t)p->d_points * sizeof **mu);
    if (*m4 == NULL || *mu == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for the grid");
    for (int i = 0; i < p->m4_points; i++)
        (*m4)[i] = nd_mev_from_kev(nd_log_grid(p->m4_min_keV, p->m4_max_keV, p->m4_points, i));
    for (int i = 0; i < p->d_points; i++)
        (*mu)[i] = nd_params_mu(p, nd_log_grid(p->d_min_muB, p->d_max_muB, p->d_points, i));
    return ND_OK;
}

static enum nd_status fit_planes(struct nd_cli_fit *run, struct nd_error *error)
{
    const struct nd_plane_options options = {run->params.confidence_level,
                                             (enum nd_contour_kind)run->params.contours};
    struct nd_signal_table table = {0};
    run->planes = calloc((size_t)run->beam.n_sets, sizeof *run->planes);
    if (run->planes == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %d fits", run->beam.n_sets);
    enum nd_status status = nd_signal_table_create(
        &table, run->detector.response, &run->beam.fluxes, run->m4, run->params.m4_points, error);
    for (int s = 0; s < run->beam.n_sets && status == ND_OK; s++)
        status = nd_plane_fit_create(
            &run->planes[s], &run->detector.likelihood, run->detector.response, &run->beam.fluxes,
            &table, &run->beam.sets[s], run->mu, run->params.d_points, &options, error);
    nd_signal_table_clear(&table);
    return status;
}

/* What another experiment says about the best point of a plane. */
static enum nd_status judge_best(const struct nd_cli_fit *run, struct nd_cli_exclusion *exclusion,
                                 int s, struct nd_error *error)
{
    const struct nd_plane_fit *plane = &run->planes[s];
    double counts[ND_BINS_MAX];
    struct nd_mass_fit fit;
    exclusion->best_gain[s] = exclusion->best_limit[s] = NAN;
    if (!nd_cli_has_best(plane))
        return ND_OK;
    nd_signal_counts(exclusion->detector.response, &run->beam.fluxes, &plane->set, plane->best.m4,
                     counts, NULL);
    enum nd_status status = nd_fit_mass(&exclusion->detector.likelihood, counts, plane->best.m4,
                                        run->params.confidence_level, &fit, error);
    if (status == ND_OK)
        status = nd_fit_gains(&exclusion->detector.likelihood, counts, &plane->best.mu, 1,
                              &exclusion->best_gain[s], error);
    exclusion->best_limit[s] = fit.mu_up;
    return status;
}

static enum nd_status exclude(struct nd_cli_fit *run, struct nd_cli_exclusion *exclusion, int index,
                              const char *data, struct nd_error *error)
{
    const size_t n_sets = (size_t)run->beam.n_sets, n_masses = (size_t)run->params.m4_points;
    struct nd_signal_table table = {0};
    exclusion->fits = calloc(n_sets * n_masses, sizeof *exclusion->fits);
    exclusion->best_gain = calloc(n_sets, sizeof *exclusion->best_gain);
    exclusion->best_limit = calloc(n_sets, sizeof *exclusion->best_limit);
    if (exclusion->fits == NULL || exclusion->best_gain == NULL || exclusion->best_limit == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for limits");
    enum nd_status status =
        nd_detector_create(&exclusion->detector, &run->params, data, index, &run->beam, error);
    if (status == ND_OK)
        status = nd_signal_table_create(&table, exclusion->detector.response, &run->beam.fluxes,
                                        run->m4, run->params.m4_points, error);
    for (size_t s = 0; s < n_sets && status == ND_OK; s++) {
        status = nd_fit_masses(&exclusion->detector.likelihood, &table, &run->beam.sets[s],
                               run->params.confidence_level, &exclusion->fits[s * n_masses], error);
        if (status == ND_OK)
            status = judge_best(run, exclusion, (int)s, error);
    }
    nd_signal_table_clear(&table);
    return status;
}

enum nd_status nd_cli_fit_solve(struct nd_cli_fit *run, const char *data, struct nd_error *error)
{
    enum nd_status status =
        nd_beam_create(&run->beam, &run->params, data, "m4_min_keV", run->params.m4_min_keV, error);
    if (status == ND_OK)
        status = nd_detector_create(&run->detector, &run->params, data, -1, &run->beam, error);
    if (status == ND_OK)
        status = nd_cli_make_grid(&run->params, &run->m4, &run->mu, error);
    if (status == ND_OK)
        status = fit_planes(run, error);
    if (status != ND_OK)
        return status;
    run->exclusions = calloc((size_t)run->params.exclusion.n + 1, sizeof *run->exclusions);
    if (run->exclusions == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for limits");
    for (int i = 0; i < run->params.exclusion.n && status == ND_OK; i++) {
        run->n_exclusions = i + 1;
        status = exclude(run, &run->exclusions[i], i, data, error);
    }
    return status;
}

void nd_cli_fit_clear(struct nd_cli_fit *run)
{
    for (int i = 0; i < run->n_exclusions; i++) {
        nd_detector_clear(&run->exclusions[i].detector);
        free(run->exclusions[i].fits);
        free(run->exclusions[i].best_gain);
        free(run->exclusions[i].best_limit);
    }
    free(run->exclusions);
    for (int s = 0; run->planes != NULL && s < run->beam.n_sets; s++)
        nd_plane_fit_clear(&run->planes[s]);
    free(run->planes);
    free(run->m4);
    free(run->mu);
    nd_detector_clear(&run->detector);
    nd_beam_clear(&run->beam);
}
