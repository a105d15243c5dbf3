/* Tables: see nudipole/table.h. */
#include "nudipole/table.h"

#include <gsl/gsl_interp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct nd_table {
    size_t n, n_columns;
    double *x;            /* nodes, n */
    double *values;       /* n_columns x n */
    gsl_interp **splines; /* n_columns */
    enum nd_interpolation interpolation;
};

static gsl_interp *make_spline(enum nd_interpolation interpolation, const double *x,
                               const double *y, size_t n)
{
    gsl_interp *spline =
        gsl_interp_alloc(interpolation == ND_CUBIC ? gsl_interp_cspline : gsl_interp_steffen, n);
    if (spline != NULL)
        gsl_interp_init(spline, x, y, n);
    return spline;
}

enum nd_status nd_table_create(struct nd_table **table, double x_min, double x_max, size_t n,
                               size_t n_columns, const double *values,
                               enum nd_interpolation interpolation, struct nd_error *error)
{
    *table = NULL;
    for (size_t i = 0; i < n * n_columns; i++)
        if (!isfinite(values[i]))
            return nd_fail(error, ND_NOT_CONVERGED, "table: column %zu, node %zu is not finite",
                           i / n, i % n);
    struct nd_table *t = calloc(1, sizeof *t);
    if (t == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a table");
    t->n = n;
    t->n_columns = n_columns;
    t->interpolation = interpolation;
    t->x = malloc(n * sizeof *t->x);
    t->values = malloc(n * n_columns * sizeof *t->values);
    t->splines = calloc(n_columns, sizeof(gsl_interp *));
    if (t->x == NULL || t->values == NULL || t->splines == NULL)
        goto no_memory;
    for (size_t i = 0; i < n; i++)
        t->x[i] = x_min + (double)i * (x_max - x_min) / (double)(n - 1);
    t->x[n - 1] = x_max;
    memcpy(t->values, values, n * n_columns * sizeof *values);
    for (size_t c = 0; c < n_columns; c++)
        if ((t->splines[c] = make_spline(interpolation, t->x, t->values + c * n, n)) == NULL)
            goto no_memory;
    *table = t;
    return ND_OK;

no_memory:
    nd_table_free(t);
    return nd_fail(error, ND_NO_MEMORY, "no memory for a table");
}

void nd_table_free(struct nd_table *table)
{
    if (table == NULL)
        return;
    for (size_t c = 0; table->splines != NULL && c < table->n_columns; c++)
        if (table->splines[c] != NULL)
            gsl_interp_free(table->splines[c]);
    free(table->splines);
    free(table->values);
    free(table->x);
    free(table);
}

double nd_table_eval(const struct nd_table *table, size_t column, double x)
{
    if (!(x >= table->x[0] && x <= table->x[table->n - 1]))
        return NAN;
    return gsl_interp_eval(table->splines[column], table->x, table->values + column * table->n, x,
                           NULL);
}

size_t nd_table_size(const struct nd_table *table)
{
    return table->n;
}

enum nd_status nd_table_errors(const struct nd_table *table, size_t column, double *errors,
                               struct nd_error *error)
{
    const size_t n = table->n, n_half = (n + 1) / 2;
    const double *y = table->values + column * n;
    const double gain = table->interpolation == ND_CUBIC ? 16.0 : 4.0;
    enum nd_status status = ND_OK;
    double *x2 = malloc(n_half * sizeof *x2), *y2 = malloc(n_half * sizeof *y2);
    gsl_interp *coarse = NULL;
    if (x2 == NULL || y2 == NULL) {
        status = nd_fail(error, ND_NO_MEMORY, "no memory for a table");
        goto cleanup;
    }
    for (size_t i = 0; i < n_half; i++) {
        x2[i] = table->x[2 * i];
        y2[i] = y[2 * i];
    }
    coarse = make_spline(table->interpolation, x2, y2, n_half);
    if (coarse == NULL) {
        status = nd_fail(error, ND_NO_MEMORY, "no memory for a table");
        goto cleanup;
    }
    for (size_t i = 0; i < n; i++)
        errors[i] = i % 2 == 1 && i < 2 * n_half - 1
                        ? fabs(gsl_interp_eval(coarse, x2, y2, table->x[i], NULL) - y[i]) / gain
                        : NAN;

cleanup:
    if (coarse != NULL)
        gsl_interp_free(coarse);
    free(y2);
    free(x2);
    return status;
}
