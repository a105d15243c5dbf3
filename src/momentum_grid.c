/* Nodes of comoving momentum: see momentum_grid.h. */
#include "momentum_grid.h"

#include <math.h>
#include <stdlib.h>
#include "nudipole/constants.h"

enum { N_NODES_MAX = 2000, N_CORRECTED = 3 };

/* The trapezoidal rule from y = 0 errs by dy^4 f(0)/120 for y^3 f and dy^4 f'(0)/120 for y^2 f
 * (Euler-Maclaurin). These factors on the first three weights cancel both, f and f' being free, and
 * leave O(dy^6): they solve sum_m d_m m^2 = 0, sum_m d_m m^3 = -1/120, sum_m d_m m^4 = 0. */
static const double CORRECTION[N_CORRECTED] = {1.0 + 1.0 / 48.0, 1.0 - 1.0 / 120.0,
                                               1.0 + 1.0 / 720.0};

enum nd_status nd_momentum_grid_init(struct nd_momentum_grid *grid, double dy, double y_core,
                                     double y_max, double growth, struct nd_error *error)
{
    *grid = (struct nd_momentum_grid){0};
    if (!(dy > 0.0 && y_core >= 8.0 * dy && growth >= 1.0 && y_max >= y_core && isfinite(y_max)))
        return nd_fail(
            error, ND_BAD_INPUT,
            "momentum grid: spacing %g, core to %g, tail to %g, growth %g: allowed are "
            "at least 8 spacings in the core, a tail beyond it and a growth of 1 or more",
            dy, y_core, y_max, growth);
    const int n_core = (int)floor(y_core / dy + 0.5);
    int n = n_core;
    double step = dy * growth, y = n_core * dy;
    for (; y < y_max && n < N_NODES_MAX; step *= growth, n++)
        y += step;
    if (n >= N_NODES_MAX)
        return nd_fail(error, ND_BAD_INPUT,
                       "momentum grid: more than %d nodes of spacing %g up to y = %g", N_NODES_MAX,
                       dy, y_max);
    grid->n = n;
    grid->n_core = n_core;
    grid->dy = dy;
    grid->y = malloc((size_t)n * sizeof *grid->y);
    grid->weight = malloc((size_t)n * sizeof *grid->weight);
    grid->measure = malloc((size_t)n * sizeof *grid->measure);
    if (grid->y == NULL || grid->weight == NULL || grid->measure == NULL) {
        nd_momentum_grid_clear(grid);
        return nd_fail(error, ND_NO_MEMORY, "no memory for %d momenta", n);
    }
    step = dy;
    y = n_core * dy;
    for (int i = 0; i < n; i++) {
        if (i >= n_core)
            y += step *= growth;
        grid->y[i] = i < n_core ? (i + 1) * dy : y;
    }
    for (int i = 0; i < n; i++) {
        const double below = i > 0 ? grid->y[i - 1] : 0.0;
        const double above = i < n - 1 ? grid->y[i + 1] : grid->y[i];
        grid->weight[i] = 0.5 * (above - below);
        if (i < N_CORRECTED)
            grid->weight[i] *= CORRECTION[i];
        grid->measure[i] = grid->weight[i] * grid->y[i] * grid->y[i] / (2.0 * ND_PI * ND_PI);
    }
    return ND_OK;
}

void nd_momentum_grid_clear(struct nd_momentum_grid *grid)
{
    free(grid->y);
    free(grid->weight);
    free(grid->measure);
    *grid = (struct nd_momentum_grid){0};
}

int nd_momentum_grid_locate(const struct nd_momentum_grid *grid, double y, int *node, double *share)
{
    if (!(y <= grid->y[grid->n - 1]))
        return 0;
    int low = (int)(y / grid->dy) - 1; /* exact in the core */
    if (low >= grid->n_core - 1) {
        int high = grid->n - 1;
        low = grid->n_core - 1;
        while (high - low > 1) {
            const int middle = (low + high) / 2;
            if (grid->y[middle] <= y)
                low = middle;
            else
                high = middle;
        }
    }
    if (low < 0)
        low = 0;
    if (low > grid->n - 2)
        low = grid->n - 2;
    *node = low;
    *share = (y - grid->y[low]) / (grid->y[low + 1] - grid->y[low]);
    return 1;
}
