/* Benchmarks of sweeps over axes by the program itself: two threads against one, and what the store
 * takes of it. Other programs on the same cores spoil the ratios of threads, which are of the least
 * times. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "cli/cli.h"

enum { N_ROWS = 2000, N_NUMBERS = 30, REPEATS = 5 };

static char folder[64];

static void remove_folder(void)
{
    static const char *const names[] = {"sweep.sqlite", "sweep.sqlite-wal", "sweep.sqlite-shm",
                                        "sweep.lock",   "run.ini",          "summary.json"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* ---- the store --------------------------------------------------------------------------- */

static void run_store(void *context, struct bench_count *count, struct nd_error *error)
{
    static const struct nd_store_column columns[N_NUMBERS] = {
        {"c0", 0},  {"c1", 0},  {"c2", 0},  {"c3", 0},  {"c4", 0},  {"c5", 0},
        {"c6", 0},  {"c7", 0},  {"c8", 0},  {"c9", 0},  {"c10", 0}, {"c11", 0},
        {"c12", 0}, {"c13", 0}, {"c14", 0}, {"c15", 0}, {"c16", 0}, {"c17", 0},
        {"c18", 0}, {"c19", 0}, {"c20", 0}, {"c21", 0}, {"c22", 0}, {"c23", 0},
        {"c24", 0}, {"c25", 0}, {"c26", 0}, {"c27", 0}, {"c28", 0}, {"c29", 0}};
    const struct nd_store_layout layout = {N_NUMBERS, columns, 3};
    struct nd_store_value values[N_NUMBERS] = {{0.0, NULL}};
    struct nd_store *store = NULL;
    (void)context;
    remove_folder();
    nd_output_create(folder, error);
    nd_store_open(&store, folder, "", "bench", &layout, N_ROWS, error);
    for (long id = 0; id < N_ROWS && error->status == ND_OK; id++) {
        for (int i = 0; i < N_NUMBERS; i++)
            values[i].number = 1.0 / (double)(1 + id + i);
        const struct nd_store_row row = {id, ND_POINT_OK, 0.003, NULL, values};
        nd_store_add(store, &row, error);
    }
    nd_store_close(store, error);
    count->points = N_ROWS;
}

/* ---- sweeps ------------------------------------------------------------------------------ */

struct work {
    const char *file, *sets[8]; /* up to the first NULL */
    int threads;
    long points;
};

static void run_sweep(void *context, struct bench_count *count, struct nd_error *error)
{
    const struct work *w = context;
    struct nd_cli_options options = {
        .n_files = 1, .files = {w->file}, .output = folder, .data = "params/data", .quiet = 1};
    while (w->sets[options.n_sets] != NULL) {
        options.sets[options.n_sets] = w->sets[options.n_sets];
        options.n_sets++;
    }
    remove_folder();
#ifdef _OPENMP
    omp_set_num_threads(w->threads);
#endif
    if (nd_cli_sweep(&options, error) != 0)
        nd_fail(error, ND_NOT_CONVERGED, "points failed");
#ifdef _OPENMP
    omp_set_num_threads(1);
#endif
    count->points = w->points;
}

/* Least processor time of one thread. */
static double compare_threads(const char *name, struct work *w, int repeats)
{
    char text[128];
    struct bench_time times[2];
    for (w->threads = 1; w->threads <= 2; w->threads++) {
        snprintf(text, sizeof text, "%s, threads: %d", name, w->threads);
        times[w->threads - 1] = bench(text, repeats, run_sweep, w);
    }
    snprintf(text, sizeof text, "%s, 2 threads against 1", name);
    bench_ratio(text, times[0].seconds / times[1].seconds);
    return times[0].processor;
}

void bench_sweeps(void)
{
    struct work test_particle = {
        .file = "params/b8.ini",
        .sets = {"work=evolve", "statistics=maxwell-boltzmann", "screening=none",
                 "vary=m4_keV log 200 800 4, d_muB log 1e-11 1e-9 50, T_RH_MeV list 2 5"},
        .points = 400};
    struct work coupled = {
        .file = "params/plane.ini",
        .sets = {"precision=precision_fast.ini",
                 "vary=m4_keV list 200 400 600, d_muB list 1e-10 1e-9, T_RH_MeV list 2 5"},
        .points = 12};
    snprintf(folder, sizeof folder, "/tmp/nudipole-bench-%ld", (long)getpid());
    const double row =
        bench("store, 2000 rows of 30 numbers", ND_BENCH_REPEATS, run_store, NULL).processor /
        N_ROWS;
    const double point = compare_threads("sweep, 400 test particles", &test_particle, REPEATS) /
                         (double)test_particle.points;
    bench_ratio("store, a row against a test particle", row / point);
    compare_threads("sweep, 12 coupled points, fast", &coupled, 3);
    remove_folder();
}
