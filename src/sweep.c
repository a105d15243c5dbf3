/* Sweeps: see nudipole/sweep.h. */
#include "nudipole/sweep.h"

int nd_sweep_T_RH(const struct nd_model *model, const struct nd_rate_table *table,
                  const struct nd_background *background, const double *T_RH, int n,
                  const struct nd_abundance_options *options,
                  const struct nd_viability_options *viability, struct nd_sweep_row *rows,
                  nd_progress *progress, void *progress_context)
{
    int failed = 0, done = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : failed)
    for (int i = 0; i < n; i++) {
        struct nd_sweep_row *row = &rows[i];
        struct nd_abundance_options o = *options;
        struct nd_abundance_history history;
        row->error = (struct nd_error)ND_ERROR_INIT;
        row->T_RH = o.T_RH = T_RH[i];
        if (nd_abundance_solve(model, table, background, &o, &history, &row->error) == ND_OK) {
            nd_viability_judge(model, table, background, &history, viability, &row->viability,
                               &row->error);
            nd_abundance_history_clear(&history);
        }
        failed += row->error.status != ND_OK;
        nd_progress_report(progress, progress_context, &done, n);
    }
    return failed;
}
