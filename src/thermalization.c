/* Thermalization curves: see nudipole/thermalization.h. */
#include "nudipole/thermalization.h"

#include <math.h>
#include <stddef.h>

void nd_curve_point_compute(const struct nd_rate_table *table,
                            const struct nd_background *background, double T_low, double T_RH,
                            struct nd_curve_point *point)
{
    *point = (struct nd_curve_point){.m4 = nd_rate_table_m4(table), .error = ND_ERROR_INIT};
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
                nd_curve_point_compute(table, background, T_low, T_RH[t], point);
            bad |= point->error.status != ND_OK;
        }
        failed += bad;
        nd_rate_table_free(table);
        nd_progress_report(progress, progress_context, &done, n_masses);
    }
    return failed;
}
