/* Harness of the benchmarks, run by `make bench` on one thread unless the name says otherwise. */
#include "bench.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef _OPENMP
#include <omp.h>
#endif

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

void bench_need(enum nd_status status, const struct nd_error *error)
{
    if (status == ND_OK)
        return;
    fprintf(stderr, "bench: %s\n", error->message);
    exit(1);
}

static void print_count(const char *name, long count)
{
    if (count > 0)
        printf("\"%s\": %ld, ", name, count);
}

void bench_ratio(const char *name, double ratio)
{
    printf("{\"bench\": \"%s\", \"ratio\": %.6g, \"source\": \"%s\"}\n", name, ratio,
           nd_source_version());
}

struct bench_time
bench(const char *name, int repeats,
      void (*run)(void *context, struct bench_count *count, struct nd_error *error), void *context)
{
    double seconds[ND_BENCH_REPEATS], processor = INFINITY;
    struct bench_count count = {0};
    for (int i = 0; i < repeats; i++) {
        struct nd_error error = ND_ERROR_INIT;
        const double start = now();
        const clock_t processor_start = clock();
        count = (struct bench_count){0};
        run(context, &count, &error);
        seconds[i] = now() - start;
        processor = fmin(processor, (double)(clock() - processor_start) / (double)CLOCKS_PER_SEC);
        bench_need(error.status, &error);
    }
    qsort(seconds, (size_t)repeats, sizeof seconds[0], by_value);
    printf("{\"bench\": \"%s\", \"median_s\": %.6f, \"min_s\": %.6f, \"max_s\": %.6f, "
           "\"min_processor_s\": %.6f, \"runs\": %d, ",
           name, seconds[repeats / 2], seconds[0], seconds[repeats - 1], processor, repeats);
    print_count("cvode_steps", count.cvode_steps);
    print_count("rhs_calls", count.rhs_calls);
    print_count("jacobian_calls", count.jacobian_calls);
    print_count("factorisations", count.factorisations);
    print_count("table_nodes", count.table_nodes);
    print_count("abundances", count.abundances);
    print_count("spectra", count.spectra);
    print_count("likelihoods", count.likelihoods);
    print_count("points", count.points);
    printf("\"source\": \"%s\"}\n", nd_source_version());
    fflush(stdout);
    return (struct bench_time){seconds[0], processor};
}

int main(void)
{
    gsl_set_error_handler_off();
#ifdef _OPENMP
    omp_set_num_threads(1);
#endif
    bench_universe();
    bench_light_elements();
    bench_cosmology();
    bench_detection();
    bench_sweeps();
    return 0;
}
