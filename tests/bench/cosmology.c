/* Benchmarks of rates, abundances and maps. */
#include <math.h>

#include "bench.h"

enum { N_VERDICTS = 200, N_PLANE = 100 };

struct work {
    struct nd_background *background;
    struct nd_rate_table *table;
    struct nd_model model;
    struct nd_treatment treatment;
    double T_RH;
};

static void run_background(void *context, struct bench_count *count, struct nd_error *error)
{
    struct nd_background *background;
    (void)context;
    (void)count;
    nd_background_create(&background, error);
    nd_background_free(background);
}

static void run_table(void *context, struct bench_count *count, struct nd_error *error)
{
    const struct work *w = context;
    struct nd_rate_table *table;
    nd_rate_table_create(&table, w->model.m4, &w->treatment, w->background, 0.01, w->T_RH, 1e-5,
                         error);
    if (table != NULL)
        count->table_nodes = nd_rate_table_nodes(table);
    nd_rate_table_free(table);
}

static void run_evolve(void *context, struct bench_count *count, struct nd_error *error)
{
    const struct work *w = context;
    struct nd_abundance_history history;
    const struct nd_abundance_options options = nd_abundance_defaults(w->T_RH);
    nd_abundance_solve(&w->model, w->table, w->background, &options, &history, error);
    count->cvode_steps = history.stats.steps;
    count->rhs_calls = history.stats.rhs_calls;
    nd_abundance_history_clear(&history);
}

static void run_verdicts(void *context, struct bench_count *count, struct nd_error *error)
{
    const struct work *w = context;
    const struct nd_viability_options judge = {0.5, 3.0};
    for (int i = 0; i < N_VERDICTS; i++) {
        const struct nd_abundance_options options =
            nd_abundance_defaults(nd_log_grid(0.5, w->T_RH, N_VERDICTS, i));
        struct nd_abundance_history history;
        struct nd_viability viability = {0};
        if (nd_abundance_solve(&w->model, w->table, w->background, &options, &history, error) !=
            ND_OK)
            return;
        nd_viability_judge(&w->model, w->table, w->background, &history, &judge, &viability, error);
        nd_abundance_history_clear(&history);
        count->cvode_steps += viability.stats.steps;
        count->rhs_calls += viability.stats.rhs_calls;
    }
}

/* A plane of N_PLANE x N_PLANE points for two T_RH, both criteria. */
static void run_map(void *context, struct bench_count *count, struct nd_error *error)
{
    const struct work *w = context;
    double m4[N_PLANE], mu[N_PLANE];
    struct nd_map_options options = {
        .treatment = w->treatment,
        .T_RH = {2, {2.0, 5.0}},
        .T_end = 0.01,
        .x_max = 3.0,
        .fractions = {3, {0.1, 0.5, 0.9}},
        .rho = 0.01,
        .mu_max = 1e-3 * nd_bohr_magneton(),
        .tolerance = 1e-5,
    };
    struct nd_thermal_map map;
    for (int i = 0; i < N_PLANE; i++) {
        m4[i] = nd_log_grid(0.03, 5.0, N_PLANE, i);
        mu[i] = nd_bohr_magneton() * nd_log_grid(1e-12, 1e-6, N_PLANE, i);
    }
    nd_thermal_map_create(&map, w->background, &options, m4, N_PLANE, mu, N_PLANE, NULL, NULL,
                          error);
    for (int i = 0; i < N_PLANE; i++)
        if (map.errors[i].status != ND_OK)
            *error = map.errors[i];
    count->abundances = 2L * N_PLANE * N_PLANE;
    nd_thermal_map_clear(&map);
}

void bench_cosmology(void)
{
    struct work w = {.T_RH = 20.0};
    struct nd_error error = ND_ERROR_INIT;
    bench_need(nd_background_create(&w.background, &error), &error);
    bench_need(nd_model_init(&w.model, 0.6, 1e-9 * nd_bohr_magneton(), ND_CONVENTION_HALF,
                             ND_FLAVOUR_TAU, &error),
               &error);
    bench("background tables", ND_BENCH_REPEATS, run_background, &w);
    w.treatment = nd_named_treatment(ND_TREATMENT_PAPER);
    bench("rate table, paper, 0.01 to 20 MeV", ND_BENCH_REPEATS, run_table, &w);
    w.treatment = nd_named_treatment(ND_TREATMENT_FULL);
    bench("rate table, full, 0.01 to 20 MeV", ND_BENCH_REPEATS, run_table, &w);
    bench_need(nd_rate_table_create(&w.table, w.model.m4, &w.treatment, w.background, 0.01, w.T_RH,
                                    1e-5, &error),
               &error);
    bench("evolve b8 from 20 MeV, 400 rows", ND_BENCH_REPEATS, run_evolve, &w);
    bench("b8 from 200 T_RH, with verdicts", ND_BENCH_REPEATS, run_verdicts, &w);
    nd_rate_table_free(w.table);
    w.treatment = nd_named_treatment(ND_TREATMENT_PAPER);
    bench("map, paper, 100 x 100 points, 2 T_RH", 3, run_map, &w);
    w.treatment = nd_named_treatment(ND_TREATMENT_FULL);
    bench("map, full, 100 x 100 points, 2 T_RH", 1, run_map, &w);
    nd_background_free(w.background);
}
