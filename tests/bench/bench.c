/* Speed: medians of several runs with the work counted beside the seconds, one JSON object a line.
 *
 * Run by `make bench` on one thread. Nothing here is a test. */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "nudipole/nudipole.h"

enum { REPEATS = 7, N_SWEEP = 200 };

struct work {
    const struct nd_background *background;
    const struct nd_rate_table *table;
    struct nd_model model;
    struct nd_treatment treatment;
    double T_RH;
    long steps, rhs, nodes; /* of the last run */
    struct nd_error error;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void bench(const char *name, void (*run)(struct work *), struct work *work)
{
    double seconds[REPEATS];
    work->steps = work->rhs = work->nodes = 0;
    for (int i = 0; i < REPEATS; i++) {
        const double start = now();
        run(work);
        seconds[i] = now() - start;
        if (work->error.status != ND_OK) {
            fprintf(stderr, "%s: %s\n", name, work->error.message);
            exit(1);
        }
    }
    qsort(seconds, REPEATS, sizeof seconds[0], by_value);
    printf("{\"bench\": \"%s\", \"median_s\": %.6f, \"min_s\": %.6f, \"max_s\": %.6f, "
           "\"runs\": %d, \"cvode_steps\": %ld, \"rhs_calls\": %ld, \"table_nodes\": %ld, "
           "\"source\": \"%s\"}\n",
           name, seconds[REPEATS / 2], seconds[0], seconds[REPEATS - 1], REPEATS, work->steps,
           work->rhs, work->nodes, nd_source_version());
    fflush(stdout);
}

static void run_background(struct work *w)
{
    struct nd_background *background;
    nd_background_create(&background, &w->error);
    nd_background_free(background);
}

static void run_table(struct work *w)
{
    struct nd_rate_table *table;
    nd_rate_table_create(&table, w->model.m4, &w->treatment, w->background, 0.01, w->T_RH, 1e-5,
                         &w->error);
    if (table != NULL)
        w->nodes = nd_rate_table_nodes(table);
    nd_rate_table_free(table);
}

static void run_evolve(struct work *w)
{
    struct nd_abundance_history history;
    const struct nd_abundance_options options = nd_abundance_defaults(w->T_RH);
    nd_abundance_solve(&w->model, w->table, w->background, &options, &history, &w->error);
    w->steps = history.stats.steps;
    w->rhs = history.stats.rhs_calls;
    nd_abundance_history_clear(&history);
}

static void run_sweep(struct work *w)
{
    static struct nd_sweep_row rows[N_SWEEP];
    double T_RH[N_SWEEP];
    const struct nd_abundance_options options = nd_abundance_defaults(w->T_RH);
    const struct nd_viability_options judge = {0.5, 3.0};
    for (int i = 0; i < N_SWEEP; i++)
        T_RH[i] = 0.5 * pow(w->T_RH / 0.5, i / (N_SWEEP - 1.0));
    T_RH[N_SWEEP - 1] = w->T_RH;
    nd_sweep_T_RH(&w->model, w->table, w->background, T_RH, N_SWEEP, &options, &judge, rows, NULL,
                  NULL);
    w->steps = w->rhs = 0;
    for (int i = 0; i < N_SWEEP; i++) {
        if (rows[i].error.status != ND_OK)
            w->error = rows[i].error;
        w->steps += rows[i].viability.stats.steps;
        w->rhs += rows[i].viability.stats.rhs_calls;
    }
}

int main(void)
{
    gsl_set_error_handler_off();
#ifdef _OPENMP
    omp_set_num_threads(1);
#endif
    struct nd_background *background;
    struct nd_rate_table *table = NULL;
    struct work w = {.T_RH = 20.0, .error = ND_ERROR_INIT};
    if (nd_background_create(&background, &w.error) != ND_OK ||
        nd_model_init(&w.model, 0.6, 1e-9 * nd_bohr_magneton(), ND_CONVENTION_HALF, ND_FLAVOUR_TAU,
                      &w.error) != ND_OK)
        return 1;
    w.background = background;
    bench("background tables", run_background, &w);
    w.treatment = nd_named_treatment(ND_TREATMENT_PAPER);
    bench("rate table, paper, 0.01 to 20 MeV", run_table, &w);
    w.treatment = nd_named_treatment(ND_TREATMENT_FULL);
    bench("rate table, full, 0.01 to 20 MeV", run_table, &w);
    if (nd_rate_table_create(&table, w.model.m4, &w.treatment, background, 0.01, w.T_RH, 1e-5,
                             &w.error) != ND_OK)
        return 1;
    w.table = table;
    bench("evolve b8 from 20 MeV, 400 rows", run_evolve, &w);
    bench("sweep b8, 200 T_RH, with verdicts", run_sweep, &w);
    nd_rate_table_free(table);
    nd_background_free(background);
    return 0;
}
