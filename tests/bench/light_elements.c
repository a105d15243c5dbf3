/* Benchmarks of nucleosynthesis, on one core: the network alone, with weak rates after a Universe
 * that is there, and a whole verdict, cold. */
#include "bench.h"

struct work {
    const struct nd_nuclear_rates *rates;
    struct nd_weak_rates *weak;
    struct nd_universe_history history;
    struct nd_bbn_universe *universe;
    struct nd_light_elements_options options;
    const struct nd_model *model;
};

static void solve_network(const struct work *w, const struct nd_bbn_universe *universe,
                          struct bench_count *count, struct nd_error *error)
{
    const struct nd_bbn_ingredients all = {universe, universe, universe};
    struct nd_bbn bbn;
    if (nd_bbn_solve(&all, w->rates, NULL, &w->options.bbn, &bbn, error) != ND_OK)
        return;
    count->cvode_steps = bbn.stats.steps;
    count->rhs_calls = bbn.stats.rhs_calls;
    count->jacobian_calls = bbn.stats.jacobian_calls;
    nd_bbn_clear(&bbn);
}

static void run_network(void *context, struct bench_count *count, struct nd_error *error)
{
    const struct work *w = context;
    solve_network(w, w->universe, count, error);
}

static void run_weak_and_network(void *context, struct bench_count *count, struct nd_error *error)
{
    const struct work *w = context;
    struct nd_bbn_universe *universe = NULL;
    if (nd_bbn_universe_create(&universe, &w->history, w->weak, error) == ND_OK)
        solve_network(w, universe, count, error);
    nd_bbn_universe_free(universe);
}

static void run_verdict(void *context, struct bench_count *count, struct nd_error *error)
{
    const struct work *w = context;
    struct nd_light_elements_options standard = w->options;
    struct nd_universe_tables *tables = NULL, *standard_tables = NULL;
    struct nd_light_elements reference = {0}, result = {0};
    standard.universe.T_RH = 10.0;
    standard.universe.T_end = 0.004;
    standard.errors = ND_LIGHT_ERRORS_OFF;
    if (nd_universe_tables_create(&standard_tables, NULL, &standard.universe, error) == ND_OK &&
        nd_universe_tables_create(&tables, w->model, &w->options.universe, error) == ND_OK &&
        nd_light_elements_solve(NULL, standard_tables, w->rates, NULL, &standard, &reference,
                                error) == ND_OK &&
        nd_light_elements_solve(w->model, tables, w->rates, &reference, &w->options, &result,
                                error) == ND_OK)
        count->cvode_steps = result.run.stats.steps + result.bbn.stats.steps;
    nd_light_elements_clear(&result);
    nd_light_elements_clear(&reference);
    nd_universe_tables_free(tables);
    nd_universe_tables_free(standard_tables);
}

/* The Standard Model at the rows of nucleosynthesis. */
static void prepare(struct work *w, const char *set, struct nd_nuclear_rates **rates)
{
    struct nd_error error = ND_ERROR_INIT;
    struct nd_params params;
    struct nd_universe_tables *tables = NULL;
    char folder[ND_DATA_PATH_MAX], path[ND_DATA_PATH_MAX];
    bench_need(nd_data_folder(NULL, folder, &error), &error);
    bench_need(nd_data_path(path, &error, folder, "nuclear/%s", set), &error);
    bench_need(nd_nuclear_rates_read(rates, path, &error), &error);
    nd_params_init(&params);
    bench_need(nd_params_set(&params, "sterile=off", &error), &error);
    w->rates = *rates;
    w->options = nd_params_light_elements(&params, 20.0);
    w->options.bbn.n_points = 0;
    struct nd_universe_options o = w->options.universe;
    o.n_points = nd_light_elements_rows(&o);
    bench_need(
        nd_weak_rates_create(&w->weak, w->options.weak_corrections, w->options.tau_n, &error),
        &error);
    bench_need(nd_universe_tables_create(&tables, NULL, &o, &error), &error);
    bench_need(nd_universe_solve(NULL, tables, &o, &w->history, &error), &error);
    bench_need(nd_bbn_universe_create(&w->universe, &w->history, w->weak, &error), &error);
    nd_universe_tables_free(tables);
}

void bench_light_elements(void)
{
    struct nd_error error = ND_ERROR_INIT;
    struct nd_nuclear_rates *rates = NULL;
    struct nd_model b8, cno;
    struct work w = {0};
    prepare(&w, "primat2023", &rates);
    bench("light elements, network", ND_BENCH_REPEATS, run_network, &w);
    bench("light elements, weak rates and network", ND_BENCH_REPEATS, run_weak_and_network, &w);
    bench_need(nd_model_init(&b8, 0.6, 1e-9 * nd_bohr_magneton(), ND_CONVENTION_HALF,
                             ND_FLAVOUR_TAU, &error),
               &error);
    bench_need(nd_model_init(&cno, 0.26, 1e-10 * nd_bohr_magneton(), ND_CONVENTION_HALF,
                             ND_FLAVOUR_TAU, &error),
               &error);
    w.options.universe.T_RH = 5.0;
    w.model = &cno;
    bench("light elements, verdict of cno from 5 MeV, cold", 3, run_verdict, &w);
    w.model = &b8;
    bench("light elements, verdict of b8 from 5 MeV, cold", ND_BENCH_REPEATS, run_verdict, &w);
    nd_bbn_universe_free(w.universe);
    nd_universe_history_clear(&w.history);
    nd_weak_rates_free(w.weak);
    nd_nuclear_rates_free(rates);
}
