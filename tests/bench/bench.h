/* Shared by the benchmarks: medians of several runs with the work counted beside the seconds, one
 * JSON object a line. Nothing here is a test. */
#ifndef ND_TESTS_BENCH_H
#define ND_TESTS_BENCH_H

#include "nudipole/nudipole.h"

enum { ND_BENCH_REPEATS = 7 };

/* Work done in one run; what is 0 is not printed. */
struct bench_count {
    long cvode_steps, rhs_calls, jacobian_calls, factorisations, table_nodes, abundances, spectra,
        likelihoods, points;
};

/* The least of several runs [s]; the second of all threads together, which other programs on the
 * same cores disturb less. */
struct bench_time {
    double seconds, processor;
};

/* Times a function, at most ND_BENCH_REPEATS times; ends the program if it leaves an error. */
struct bench_time
bench(const char *name, int repeats,
      void (*run)(void *context, struct bench_count *count, struct nd_error *error), void *context);

/* Prints what follows from the times of others. */
void bench_ratio(const char *name, double ratio);

/* Ends the program if a preparation failed. */
void bench_need(enum nd_status status, const struct nd_error *error);

void bench_cosmology(void);
void bench_universe(void);
void bench_light_elements(void);
void bench_detection(void);
void bench_sweeps(void);

#endif
