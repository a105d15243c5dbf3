/* What a run of the coupled Universe comes to: see nudipole/universe.h. */
#include <math.h>

#include "nudipole/universe.h"

/* A component that holds more than this share of the photons' energy at the end is not gone. */
static const double GONE = 1e-4;

static void keep_largest_N(const struct nd_universe_history *history,
                           struct nd_universe_outcome *outcome)
{
    for (int k = 0; k < history->n_points; k++) {
        const struct nd_universe_point *p = &history->points[k];
        if (p->rho_N > outcome->max_rho_N_over_rho_gamma * p->rho_gamma) {
            outcome->max_rho_N_over_rho_gamma = p->rho_N / p->rho_gamma;
            outcome->max_rho_N_T = p->T;
        }
    }
}

struct nd_universe_outcome nd_universe_outcome(const struct nd_universe_history *history)
{
    const struct nd_universe_point *end = &history->points[history->n_points - 1];
    const double left = end->rho_N + end->rho_phi + fabs(end->rho_plasma - end->rho_gamma);
    struct nd_universe_outcome outcome = {.end = *end,
                                          .N_eff_is_final = left <= GONE * end->rho_gamma,
                                          .energy_residual = history->energy_residual,
                                          .number_residual = history->number_residual,
                                          .stats = history->stats};
    keep_largest_N(history, &outcome);
    return outcome;
}
