/* Grids of a swept quantity. */
#ifndef NUDIPOLE_GRID_H
#define NUDIPOLE_GRID_H

#include <math.h>

/* Node i of n, 0 <= i < n, evenly spaced in the logarithm from `low` to `high`, both exactly; one
 * node alone is `low`. */
static inline double nd_log_grid(double low, double high, int n, int i)
{
    if (i == 0)
        return low;
    return i == n - 1 ? high : low * pow(high / low, i / (n - 1.0));
}

#endif
