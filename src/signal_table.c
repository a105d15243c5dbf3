/* Counts of all sources and masses: see nudipole/fit.h. */
#include <stdlib.h>
#include <string.h>

#include "nudipole/fit.h"

enum nd_status nd_signal_table_create(struct nd_signal_table *table,
                                      const struct nd_response *response,
                                      const struct nd_fluxes *fluxes, const double *m4,
                                      int n_masses, struct nd_error *error)
{
    const size_t n_bins = (size_t)nd_response_bins(response), n = (size_t)n_masses * n_bins;
    *table = (struct nd_signal_table){.n_masses = n_masses, .n_bins = (int)n_bins};
    int complete = (table->m4 = malloc((size_t)n_masses * sizeof *table->m4)) != NULL;
    for (int s = 0; s < ND_N_SOURCES && complete; s++)
        if (fluxes->of[s] != NULL)
            complete = (table->counts[s] = malloc(n * sizeof(double))) != NULL;
    if (!complete) {
        nd_signal_table_clear(table);
        return nd_fail(error, ND_NO_MEMORY, "no memory for the spectra of %d masses", n_masses);
    }
    memcpy(table->m4, m4, (size_t)n_masses * sizeof *m4);
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < n_masses; i++)
        for (int s = 0; s < ND_N_SOURCES; s++)
            if (fluxes->of[s] != NULL)
                nd_response_counts(response, fluxes->of[s], m4[i],
                                   &table->counts[s][(size_t)i * n_bins], NULL);
    return ND_OK;
}

void nd_signal_table_clear(struct nd_signal_table *table)
{
    for (int s = 0; s < ND_N_SOURCES; s++)
        free(table->counts[s]);
    free(table->m4);
    *table = (struct nd_signal_table){0};
}

void nd_signal_table_sum(const struct nd_signal_table *table, const struct nd_source_set *set,
                         int mass, double *counts)
{
    for (int j = 0; j < table->n_bins; j++)
        counts[j] = 0.0;
    for (int s = 0; s < ND_N_SOURCES; s++)
        if (nd_source_set_has(set, (enum nd_source)s))
            for (int j = 0; j < table->n_bins; j++)
                counts[j] += table->counts[s][(size_t)mass * (size_t)table->n_bins + (size_t)j];
}
