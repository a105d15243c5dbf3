/* The thermal map: see nudipole/thermal_map.h. */
#include "nudipole/thermal_map.h"

#include <math.h>
#include <stdlib.h>

#include "nudipole/grid.h"

static double highest_of(const struct nd_double_list *list)
{
    double highest = list->values[0];
    for (int i = 1; i < list->n; i++)
        highest = fmax(highest, list->values[i]);
    return highest;
}

static double square(double x)
{
    return x * x;
}

/* One mass and one T_RH. */
static enum nd_status fill_column(const struct nd_rate_table *table,
                                  const struct nd_background *background,
                                  const struct nd_map_options *o, double T_RH, const double *mu,
                                  int n_mu, struct nd_map_column *column, struct nd_map_cell *cells,
                                  struct nd_error *error)
{
    struct nd_abundance_scan *scan = NULL;
    nd_curve_point_compute(table, background, o->T_end, T_RH, &column->paper);
    if (column->paper.error.status != ND_OK)
        return nd_fail(error, column->paper.error.status, "%s", column->paper.error.message);
    const enum nd_status status =
        nd_abundance_scan_create(&scan, table, background, T_RH, o->T_end, o->x_max, error);
    if (status != ND_OK)
        return status;
    for (int i = 0; i < o->fractions.n; i++)
        column->mu_fraction[i] =
            nd_abundance_scan_threshold(scan, 0, o->fractions.values[i], o->mu_max);
    column->mu_rho = nd_abundance_scan_threshold(scan, 1, o->rho, o->mu_max);
    for (int k = 0; k < n_mu; k++) {
        cells[k].gamma_over_H = square(mu[k] / column->paper.mu);
        nd_abundance_scan_maxima(scan, mu[k], &cells[k].maxima);
    }
    nd_abundance_scan_free(scan);
    return ND_OK;
}

enum nd_status nd_thermal_map_create(struct nd_thermal_map *map,
                                     const struct nd_background *background,
                                     const struct nd_map_options *options, const double *m4,
                                     int n_masses, const double *mu, int n_mu,
                                     nd_progress *progress, void *progress_context,
                                     struct nd_error *error)
{
    const int n_T_RH = options->T_RH.n;
    const size_t n_columns = (size_t)n_T_RH * (size_t)n_masses;
    const double T_max = highest_of(&options->T_RH);
    *map = (struct nd_thermal_map){.n_masses = n_masses, .n_mu = n_mu, .n_T_RH = n_T_RH};
    map->columns = calloc(n_columns, sizeof *map->columns);
    map->cells = calloc(n_columns * (size_t)n_mu, sizeof *map->cells);
    map->errors = calloc((size_t)n_masses, sizeof *map->errors);
    if (map->columns == NULL || map->cells == NULL || map->errors == NULL) {
        nd_thermal_map_clear(map);
        return nd_fail(error, ND_NO_MEMORY, "no memory for a map of %d masses and %d couplings",
                       n_masses, n_mu);
    }
    int failed = 0, done = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : failed)
    for (int i = 0; i < n_masses; i++) {
        struct nd_rate_table *table = NULL;
        enum nd_status status =
            nd_rate_table_create(&table, m4[i], &options->treatment, background, options->T_end,
                                 T_max, options->tolerance, &map->errors[i]);
        for (int t = 0; t < n_T_RH && status == ND_OK; t++) {
            const size_t at = (size_t)t * (size_t)n_masses + (size_t)i;
            status =
                fill_column(table, background, options, options->T_RH.values[t], mu, n_mu,
                            &map->columns[at], &map->cells[at * (size_t)n_mu], &map->errors[i]);
        }
        nd_rate_table_free(table);
        failed += status != ND_OK;
        nd_progress_report(progress, progress_context, &done, n_masses);
    }
    map->failed = failed;
    return ND_OK;
}

void nd_thermal_map_clear(struct nd_thermal_map *map)
{
    free(map->columns);
    free(map->cells);
    free(map->errors);
    *map = (struct nd_thermal_map){0};
}

/* ---- highest T_RH ----------------------------------------------------------------------- */

struct search {
    const struct nd_rate_table *table;
    const struct nd_background *background;
    const struct nd_map_options *options;
    double mu, fraction;
    int dynamical;
    struct nd_error *error;
};

/* Does the point thermalise after this T_RH? -1 after an error. */
static int thermalises(const struct search *s, double T_RH)
{
    struct nd_abundance_maxima maxima;
    if (!s->dynamical) {
        struct nd_curve_point point;
        nd_curve_point_compute(s->table, s->background, s->options->T_end, T_RH, &point);
        if (point.error.status != ND_OK)
            nd_fail(s->error, point.error.status, "%s", point.error.message);
        return point.error.status != ND_OK ? -1 : s->mu >= point.mu;
    }
    struct nd_abundance_scan *scan = NULL;
    /* only the window counts */
    const double m4 = nd_rate_table_m4(s->table), x_max = s->options->x_max;
    const double T_end = fmax(s->options->T_end, 1.0 / (1.0 / T_RH + x_max / m4));
    if (nd_abundance_scan_create(&scan, s->table, s->background, T_RH, T_end, x_max, s->error) !=
        ND_OK)
        return -1;
    nd_abundance_scan_maxima(scan, s->mu, &maxima);
    nd_abundance_scan_free(scan);
    return maxima.n_over_neq >= s->fraction;
}

/* From the top down to the first T_RH at which it does not thermalise, then bisection in ln T_RH
 * between that and the one above. Bisection alone would not do: a start far below m4 moves the
 * window to where n_eq is small, and N thermalises again. */
static double find_highest(const struct search *s, double T_low, double T_high)
{
    enum { SCAN = 48 };
    double below = T_high, above = T_high;
    int answer = thermalises(s, T_high);
    if (answer == 0)
        return INFINITY;
    for (int i = SCAN - 1; i >= 0 && answer == 1; i--) {
        above = below;
        below = nd_log_grid(T_low, T_high, SCAN + 1, i);
        answer = thermalises(s, below);
    }
    if (answer == 1)
        return 0.0;
    while (answer >= 0 && above / below > 1.0 + 1e-4) {
        const double middle = sqrt(below * above);
        answer = thermalises(s, middle);
        if (answer == 1)
            above = middle;
        else
            below = middle;
    }
    return answer < 0 ? NAN : below;
}

enum nd_status nd_highest_T_RH(struct nd_highest_T_RH *highest,
                               const struct nd_background *background,
                               const struct nd_map_options *options, double m4, double mu,
                               double fraction, double T_low, double T_high, struct nd_error *error)
{
    struct nd_rate_table *table = NULL;
    struct nd_error own = ND_ERROR_INIT;
    *highest = (struct nd_highest_T_RH){NAN, NAN};
    if (!(T_low > options->T_end && T_high > T_low))
        return nd_fail(
            error, ND_BAD_INPUT,
            "T_RH from %g to %g MeV: allowed are two above the lowest temperature, %g MeV", T_low,
            T_high, options->T_end);
    if (nd_rate_table_create(&table, m4, &options->treatment, background, options->T_end, T_high,
                             options->tolerance, &own) == ND_OK) {
        struct search search = {table, background, options, mu, fraction, 0, &own};
        highest->paper = find_highest(&search, T_low, T_high);
        search.dynamical = 1;
        if (own.status == ND_OK)
            highest->dynamical = find_highest(&search, T_low, T_high);
    }
    nd_rate_table_free(table);
    return own.status == ND_OK ? ND_OK : nd_fail(error, own.status, "%s", own.message);
}
