/* Sweeps: one point for many reheating temperatures.
 *
 * Temperatures are independent and run in parallel (OpenMP); results do not depend on the number of
 * threads. May be called from several threads at once, each of which then opens its own team; a
 * progress callback must not call it back. A temperature that fails is marked, with its reason, and
 * the sweep goes on. */
#ifndef NUDIPOLE_SWEEP_H
#define NUDIPOLE_SWEEP_H

#include "nudipole/progress.h"
#include "nudipole/viability.h"

struct nd_sweep_row {
    struct nd_viability viability; /* valid if error.status is ND_OK */
    double T_RH;                   /* [MeV] */
    struct nd_error error;
};

/* Solves and judges the model for each T_RH [MeV]; `rows` has room for n. The table must reach from
 * options->T_end to the largest T_RH; T_RH in `options` is not used. Returns the number of rows
 * that failed. */
int nd_sweep_T_RH(const struct nd_model *model, const struct nd_rate_table *table,
                  const struct nd_background *background, const double *T_RH, int n,
                  const struct nd_abundance_options *options,
                  const struct nd_viability_options *viability, struct nd_sweep_row *rows,
                  nd_progress *progress, void *progress_context);

#endif
