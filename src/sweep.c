/* Sweeps: see nudipole/sweep.h. */
#include "nudipole/sweep.h"

#include <math.h>
#include <stddef.h>

static void report(nd_progress *progress, void *context, int *done, int total)
{
    if (progress == NULL)
        return;
#pragma omp critical(nd_sweep_progress)
    progress(++*done, total, context);
}

int nd_sweep_T_RH(const struct nd_model *model, const struct nd_rate_table *table,
                  const struct nd_background *background, const double *T_RH, int n,
                  const struct nd_abundance_options *options,
                  const struct nd_viability_options *viability, struct nd_sweep_row *rows,
                  nd_progress *progress, void *progress_context)
{
    int failed = 0, done = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : failed)
    for (int i = 0; i < n; i++) {
        struct nd_sweep_row *row = &rows[i];
        struct nd_abundance_options o = *options;
        struct nd_abundance_history history;
        row->error = (struct nd_error)ND_ERROR_INIT;
        row->T_RH = o.T_RH = T_RH[i];
        if (nd_abundance_solve(model, table, background, &o, &history, &row->error) == ND_OK) {
            nd_viability_judge(model, table, background, &history, viability, &row->viability,
                               &row->error);
            nd_abundance_history_clear(&history);
        }
        failed += row->error.status != ND_OK;
        report(progress, progress_context, &done, n);
    }
    return failed;
}

static void curve_point(const struct nd_rate_table *table, const struct nd_background *background,
                        double T_low, double T_RH, struct nd_curve_point *point)
{
    /* Gamma/H is proportional to mu^2: one evaluation at mu = 1 MeV^-1 gives the answer. */
    struct nd_model unit;
    struct nd_extremum total;
    struct nd_background_state state;
    struct nd_rates rates;
    struct nd_error *error = &point->error;
    if (nd_model_init(&unit, point->m4, 1.0, ND_CONVENTION_HALF, ND_FLAVOUR_TAU, error) != ND_OK ||
        nd_max_gamma_over_H(&unit, table, background, T_low, T_RH, &total, NULL, error) != ND_OK ||
        nd_background_at(background, total.T, &state, error) != ND_OK ||
        nd_rate_table_at(table, 1.0, &state, &rates, error) != ND_OK)
        return;
    if (!(total.value > 0.0)) {
        nd_fail(error, ND_NOT_CONVERGED,
                "m4 = %g MeV: Gamma/H vanishes below T_RH = %g MeV in double precision", point->m4,
                T_RH);
        return;
    }
    point->mu = 1.0 / sqrt(total.value);
    point->T = total.T;
    double largest = -INFINITY;
    point->relative_error = 0.0;
    for (int c = 0; c < ND_N_CHANNELS; c++) {
        if (rates.log_gain[c] > largest) {
            largest = rates.log_gain[c];
            point->dominant = (enum nd_channel)c;
        }
        point->relative_error +=
            0.5 * (nd_rate_table_interpolation_error(table, (enum nd_channel)c) +
                   nd_rate_table_quadrature_error(table, (enum nd_channel)c));
    }
}

int nd_thermalization_curves(const double *m4, int n_masses, const struct nd_treatment *treatment,
                             const struct nd_background *background, double T_low,
                             const double *T_RH, int n_T_RH, double tolerance,
                             struct nd_curve_point *points, nd_progress *progress,
                             void *progress_context)
{
    double T_high = T_RH[0];
    for (int t = 1; t < n_T_RH; t++)
        T_high = fmax(T_high, T_RH[t]);
    int failed = 0, done = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : failed)
    for (int i = 0; i < n_masses; i++) {
        struct nd_rate_table *table = NULL;
        struct nd_error error = ND_ERROR_INIT;
        nd_rate_table_create(&table, m4[i], treatment, background, T_low, T_high, tolerance,
                             &error);
        int bad = 0;
        for (int t = 0; t < n_T_RH; t++) {
            struct nd_curve_point *point = &points[t * n_masses + i];
            *point = (struct nd_curve_point){.m4 = m4[i], .error = error};
            if (table != NULL)
                curve_point(table, background, T_low, T_RH[t], point);
            bad |= point->error.status != ND_OK;
        }
        failed += bad;
        nd_rate_table_free(table);
        report(progress, progress_context, &done, n_masses);
    }
    return failed;
}
