/* Functions of one variable, tabulated on a uniform grid and interpolated by cubic splines (GSL).
 *
 * Outside its range a table answers NAN; it never extrapolates. The caller checks ranges where the
 * user can still be told. */
#ifndef NUDIPOLE_TABLE_H
#define NUDIPOLE_TABLE_H

#include <stddef.h>
#include "nudipole/error.h"

struct nd_table; /* opaque */

enum nd_interpolation {
    ND_CUBIC,   /* natural cubic spline: error ~ h^4 */
    ND_MONOTONE /* Steffen's: no overshoot, for functions that start from zero; error ~ h^2 */
};

/* Builds `n_columns` splines on the nodes x_i = x_min + i (x_max - x_min)/(n - 1), i < n, n >= 8,
 * from values[column * n + i]. Interpolation is offered on all of [x_min, x_max], but its ends
 * are natural (zero curvature): leave a margin of some nodes.
 * Errors: ND_NOT_CONVERGED if a value is not finite, ND_NO_MEMORY. Free with nd_table_free. */
enum nd_status nd_table_create(struct nd_table **table, double x_min, double x_max, size_t n,
                               size_t n_columns, const double *values,
                               enum nd_interpolation interpolation, struct nd_error *error);

void nd_table_free(struct nd_table *table);

/* Value of a column at x; NAN outside [x_min, x_max]. */
double nd_table_eval(const struct nd_table *table, size_t column, double x);

/* Number of nodes. */
size_t nd_table_size(const struct nd_table *table);

/* Estimates the absolute interpolation error of a column near each node: the spline through every
 * second node is compared with the nodes between, and the difference divided by what halving the
 * step gains (16 for ND_CUBIC, 4 for ND_MONOTONE). Writes one number a node to `errors`, NAN at
 * the even nodes and beyond the last even one. */
enum nd_status nd_table_errors(const struct nd_table *table, size_t column, double *errors,
                               struct nd_error *error);

#endif
