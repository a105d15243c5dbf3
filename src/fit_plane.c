/* The plane of mass and coupling: see nudipole/fit.h. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/fit.h"

/* ---- best point ------------------------------------------------------------------------- */

struct search {
    const struct nd_likelihood *likelihood;
    const struct nd_response *response;
    const struct nd_fluxes *fluxes;
    const struct nd_plane_fit *plane;
    double confidence;
    struct nd_mass_fit fit; /* of the last evaluation, inside the plane */
    struct nd_error *error;
};

/* Best point at a mass with the coupling inside the plane; bits of enum nd_contour_edge where it
 * had to be moved there. */
static enum nd_status confine(const struct search *search, const double *counts,
                              struct nd_mass_fit *fit, int *edge)
{
    const struct nd_plane_fit *plane = search->plane;
    const double low = plane->mu[0], high = plane->mu[plane->n_mu - 1];
    *edge = 0;
    if (fit->mu >= low && fit->mu <= high)
        return ND_OK;
    if (plane->n_mu > 1) /* a single coupling has nothing beyond it */
        *edge = fit->mu < low ? ND_CONTOUR_Y_MIN : ND_CONTOUR_Y_MAX;
    fit->mu = fit->mu < low ? low : high;
    const enum nd_status status = nd_likelihood_profile(
        search->likelihood, counts, fit->mu * fit->mu, &fit->at_best, search->error);
    fit->gain = fit->at_zero.two_nll - fit->at_best.two_nll;
    return status;
}

static enum nd_status best_at_mass(struct search *search, double m4, int *edge)
{
    double counts[ND_BINS_MAX];
    nd_signal_counts(search->response, search->fluxes, &search->plane->set, m4, counts, NULL);
    const enum nd_status status = nd_fit_mass(search->likelihood, counts, m4, search->confidence,
                                              &search->fit, search->error);
    return status == ND_OK ? confine(search, counts, &search->fit, edge) : status;
}

static double loss(double ln_m4, void *context)
{
    struct search *search = context;
    int edge;
    return best_at_mass(search, exp(ln_m4), &edge) == ND_OK ? -search->fit.gain : NAN;
}

/* Between the masses on either side of the best one of the grid. */
static enum nd_status refine(struct search *search, double low, double best, double high,
                             double *m4)
{
    gsl_function function = {loss, search};
    gsl_min_fminimizer *solver = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    *m4 = best;
    if (solver == NULL)
        return nd_fail(search->error, ND_NO_MEMORY, "no memory to find a minimum");
    /* GSL_EINVAL: as flat as rounding, the grid's own best mass is as good as any */
    int code = gsl_min_fminimizer_set(solver, &function, log(best), log(low), log(high));
    for (int i = 0; i < 100 && code == GSL_SUCCESS; i++) {
        code = gsl_min_fminimizer_iterate(solver);
        *m4 = exp(gsl_min_fminimizer_x_minimum(solver));
        if (gsl_min_test_interval(gsl_min_fminimizer_x_lower(solver),
                                  gsl_min_fminimizer_x_upper(solver), 1e-5, 0.0) == GSL_SUCCESS)
            break;
    }
    gsl_min_fminimizer_free(solver);
    return search->error->status;
}

static enum nd_status find_best(struct nd_plane_fit *plane, struct search *search)
{
    int best = -1, best_edge = 0;
    double highest = ND_GAIN_MIN, m4;
    for (int i = 0; i < plane->n_masses; i++) {
        int edge;
        struct nd_mass_fit *fit = &plane->masses[i];
        if (fit->gain <= highest)
            continue; /* inside the plane it can only be smaller */
        const enum nd_status status = best_at_mass(search, fit->m4, &edge);
        if (status != ND_OK)
            return status;
        if (search->fit.gain > highest) {
            highest = search->fit.gain;
            plane->best = search->fit;
            best_edge = edge;
            best = i;
        }
    }
    plane->best_at_edge = best_edge;
    if (best < 0 || plane->n_masses == 1)
        return ND_OK;
    const int last = plane->n_masses - 1;
    enum nd_status status = ND_OK;
    if (best == 0 || best == last) {
        /* beside the node there may be a maximum yet: a step into the plane tells */
        const double inner = plane->m4[best == 0 ? 1 : last - 1];
        const double near = plane->m4[best] * pow(inner / plane->m4[best], 1e-3);
        status = best_at_mass(search, near, &best_edge);
        if (status != ND_OK || search->fit.gain <= plane->best.gain) {
            plane->best_at_edge |= best == 0 ? ND_CONTOUR_X_MIN : ND_CONTOUR_X_MAX;
            return status;
        }
        status =
            refine(search, fmin(plane->m4[best], inner), near, fmax(plane->m4[best], inner), &m4);
    } else {
        status = refine(search, plane->m4[best - 1], plane->m4[best], plane->m4[best + 1], &m4);
    }
    if (status == ND_OK)
        status = best_at_mass(search, m4, &best_edge);
    if (status == ND_OK && search->fit.gain > plane->best.gain) {
        plane->best = search->fit;
        plane->best_at_edge = best_edge;
    }
    return status;
}

/* ---- regions ---------------------------------------------------------------------------- */

/* Rounding must not carry a vertex over the edge of the grid. */
static double from_log(double logarithm, const double *grid, int n)
{
    return fmin(fmax(exp(logarithm), grid[0]), grid[n - 1]);
}

static enum nd_status trace(struct nd_plane_fit *plane, enum nd_contour_kind kind,
                            struct nd_error *error)
{
    const size_t n = (size_t)plane->n_masses, m = (size_t)plane->n_mu;
    double *x = malloc((n + m) * sizeof *x);
    enum nd_status status = ND_OK;
    if (x == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for contours");
    double *y = x + n;
    for (size_t i = 0; i < n; i++)
        x[i] = log(plane->m4[i]);
    for (size_t i = 0; i < m; i++)
        y[i] = log(plane->mu[i]);
    for (int k = 0; k < ND_N_LEVELS && status == ND_OK; k++) {
        const double step = nd_two_nll_of_sigma(k + 1.0, 2);
        const double level = kind == ND_CONTOUR_DISCOVERY ? step : plane->best.gain - step;
        status = nd_contours_trace(&plane->contours[k], x, plane->n_masses, y, plane->n_mu,
                                   plane->gains, level, error);
        for (int c = 0; c < plane->contours[k].n; c++)
            for (int i = 0; i < plane->contours[k].contours[c].n; i++) {
                double *px = &plane->contours[k].contours[c].x[i];
                double *py = &plane->contours[k].contours[c].y[i];
                *px = from_log(*px, plane->m4, plane->n_masses);
                *py = from_log(*py, plane->mu, plane->n_mu);
            }
    }
    free(x);
    return status;
}

/* ---- the whole -------------------------------------------------------------------------- */

static enum nd_status allocate(struct nd_plane_fit *plane, struct nd_error *error)
{
    const size_t n = (size_t)plane->n_masses, m = (size_t)plane->n_mu;
    plane->m4 = malloc(n * sizeof *plane->m4);
    plane->mu = malloc(m * sizeof *plane->mu);
    plane->gains = malloc(n * m * sizeof *plane->gains);
    plane->masses = calloc(n, sizeof *plane->masses);
    if (plane->m4 != NULL && plane->mu != NULL && plane->gains != NULL && plane->masses != NULL)
        return ND_OK;
    return nd_fail(error, ND_NO_MEMORY, "no memory for a plane of %zu masses and %zu couplings", n,
                   m);
}

static enum nd_status fill_gains(struct nd_plane_fit *plane, const struct nd_likelihood *likelihood,
                                 const struct nd_signal_table *table, struct nd_error *error)
{
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < plane->n_masses; i++) {
        struct nd_error own = ND_ERROR_INIT;
        double counts[ND_BINS_MAX];
        nd_signal_table_sum(table, &plane->set, i, counts);
        nd_fit_gains(likelihood, counts, plane->mu, plane->n_mu,
                     &plane->gains[(size_t)i * (size_t)plane->n_mu], &own);
        if (own.status != ND_OK) {
#pragma omp critical(nd_fit_error)
            nd_fail(error, own.status, "m4 = %g MeV: %s", table->m4[i], own.message);
        }
    }
    return error->status;
}

enum nd_status nd_plane_fit_create(struct nd_plane_fit *fit, const struct nd_likelihood *likelihood,
                                   const struct nd_response *response,
                                   const struct nd_fluxes *fluxes,
                                   const struct nd_signal_table *table,
                                   const struct nd_source_set *set, const double *mu, int n_mu,
                                   const struct nd_plane_options *options, struct nd_error *error)
{
    struct nd_error own = ND_ERROR_INIT;
    *fit = (struct nd_plane_fit){.set = *set, .n_masses = table->n_masses, .n_mu = n_mu};
    struct search search = {.likelihood = likelihood,
                            .response = response,
                            .fluxes = fluxes,
                            .plane = fit,
                            .confidence = options->confidence,
                            .error = &own};
    enum nd_status status = allocate(fit, &own);
    if (status == ND_OK) {
        memcpy(fit->m4, table->m4, (size_t)fit->n_masses * sizeof *fit->m4);
        memcpy(fit->mu, mu, (size_t)n_mu * sizeof *mu);
        fit->has_signal = fit->m4[0] < nd_signal_mass_end(fluxes, set);
        status = nd_fit_masses(likelihood, table, set, options->confidence, fit->masses, &own);
    }
    if (status == ND_OK)
        status = fill_gains(fit, likelihood, table, &own);
    if (status == ND_OK)
        status = find_best(fit, &search);
    if (status == ND_OK && fit->has_signal)
        status = trace(fit, options->contours, &own);
    if (status == ND_OK)
        return ND_OK;
    nd_plane_fit_clear(fit);
    return nd_fail(error, status, "fit of %s: %s", set->name, own.message);
}

void nd_plane_fit_clear(struct nd_plane_fit *fit)
{
    for (int k = 0; k < ND_N_LEVELS; k++)
        nd_contours_clear(&fit->contours[k]);
    free(fit->m4);
    free(fit->mu);
    free(fit->gains);
    free(fit->masses);
    *fit = (struct nd_plane_fit){0};
}
