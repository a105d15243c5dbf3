/* Benchmarks of the coupled Universe, cold: each run makes its own tables. */
#include "bench.h"

struct work {
    const struct nd_model *model;
    struct nd_universe_options options;
    struct nd_universe_tables *tables; /* NULL: cold */
};

static void count_stats(const struct nd_universe_history *history, struct bench_count *count)
{
    count->cvode_steps = history->stats.steps;
    count->rhs_calls = history->stats.rhs_calls;
    count->jacobian_calls = history->stats.jacobian_calls;
    count->factorisations = history->stats.factorisations;
    count->table_nodes = history->stats.weak_tables + history->stats.dipole_tables;
}

static void run_universe(void *context, struct bench_count *count, struct nd_error *error)
{
    const struct work *w = context;
    struct nd_universe_tables *own = NULL;
    struct nd_universe_history history = {0};
    if (w->tables == NULL && nd_universe_tables_create(&own, w->model, &w->options, error) != ND_OK)
        return;
    if (nd_universe_solve(w->model, w->tables != NULL ? w->tables : own, &w->options, &history,
                          error) == ND_OK)
        count_stats(&history, count);
    nd_universe_history_clear(&history);
    nd_universe_tables_free(own);
}

void bench_universe(void)
{
    struct nd_error error = ND_ERROR_INIT;
    struct nd_model b8, cno;
    bench_need(nd_model_init(&b8, 0.6, 1e-9 * nd_bohr_magneton(), ND_CONVENTION_HALF,
                             ND_FLAVOUR_TAU, &error),
               &error);
    bench_need(nd_model_init(&cno, 0.26, 1e-10 * nd_bohr_magneton(), ND_CONVENTION_HALF,
                             ND_FLAVOUR_TAU, &error),
               &error);
    struct work w = {.options = nd_universe_defaults(20.0)};
    bench("universe, Standard Model from 20 MeV", ND_BENCH_REPEATS, run_universe, &w);
    w.options.mixing = ND_MIXING_NONE;
    bench("universe, Standard Model, no mixing", ND_BENCH_REPEATS, run_universe, &w);
    w.options = nd_universe_defaults(4.0);
    w.options.reheating = ND_REHEATING_FIELD;
    bench("universe, field reheating at 4 MeV", 3, run_universe, &w);
    w.options = nd_universe_defaults(5.0);
    w.model = &cno;
    bench("universe, cno from 5 MeV", 3, run_universe, &w);
    w.model = &b8;
    bench("universe, b8 from 5 MeV", ND_BENCH_REPEATS, run_universe, &w);
    bench_need(nd_universe_tables_create(&w.tables, w.model, &w.options, &error), &error);
    run_universe(&w, &(struct bench_count){0}, &error);
    bench_need(error.status, &error);
    bench("universe, b8 from 5 MeV, tables there", ND_BENCH_REPEATS, run_universe, &w);
    nd_universe_tables_free(w.tables);
    w = (struct work){.options = nd_universe_defaults(20.0)};
    w.options.precision = nd_precision_high();
    bench("universe, Standard Model, high precision", 1, run_universe, &w);
}
