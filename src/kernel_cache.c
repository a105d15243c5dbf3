/* Lazily filled tables in (ln T, ln z): see kernel_cache.h. */
#include "kernel_cache.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STENCIL = 4 };

static const double T_LOWEST = 1e-5, T_HIGHEST = 1e4, Z_LOWEST = 1e-3, Z_HIGHEST = 1e3;

struct nd_kernel_cache {
    size_t size;
    double step_lnT, step_lnz;
    int T_first, n_T, z_first, n_z; /* nodes are exp(index * step) */
    int n_filled;
    double **nodes; /* n_T x n_z, NULL where not filled */
    nd_kernel_fill *fill;
    void *context;
};

enum nd_status nd_kernel_cache_create(struct nd_kernel_cache **cache, size_t size, double step_lnT,
                                      double step_lnz, nd_kernel_fill *fill, void *context,
                                      struct nd_error *error)
{
    struct nd_kernel_cache *c = calloc(1, sizeof *c);
    *cache = c;
    if (c != NULL) {
        c->size = size;
        c->step_lnT = step_lnT;
        c->step_lnz = step_lnz;
        c->T_first = (int)floor(log(T_LOWEST) / step_lnT) - STENCIL;
        c->n_T = (int)ceil(log(T_HIGHEST) / step_lnT) + STENCIL - c->T_first;
        c->z_first = (int)floor(log(Z_LOWEST) / step_lnz) - STENCIL;
        c->n_z = (int)ceil(log(Z_HIGHEST) / step_lnz) + STENCIL - c->z_first;
        c->fill = fill;
        c->context = context;
        c->nodes = calloc((size_t)c->n_T * (size_t)c->n_z, sizeof *c->nodes);
    }
    if (c == NULL || c->nodes == NULL) {
        nd_kernel_cache_free(c);
        *cache = NULL;
        return nd_fail(error, ND_NO_MEMORY, "no memory for collision kernels");
    }
    return ND_OK;
}

void nd_kernel_cache_free(struct nd_kernel_cache *cache)
{
    if (cache == NULL)
        return;
    for (int i = 0; cache->nodes != NULL && i < cache->n_T * cache->n_z; i++)
        free(cache->nodes[i]);
    free(cache->nodes);
    free(cache);
}

int nd_kernel_cache_nodes(const struct nd_kernel_cache *cache)
{
    return cache->n_filled;
}

/* Index of the first of four nodes around x and their Lagrange weights. */
static int stencil(double x, double step, double weight[STENCIL])
{
    const double position = x / step, below = floor(position), u = position - below;
    weight[0] = -u * (u - 1.0) * (u - 2.0) / 6.0;
    weight[1] = (u + 1.0) * (u - 1.0) * (u - 2.0) / 2.0;
    weight[2] = -(u + 1.0) * u * (u - 2.0) / 2.0;
    weight[3] = (u + 1.0) * u * (u - 1.0) / 6.0;
    return (int)below - 1;
}

static enum nd_status node(struct nd_kernel_cache *c, int T_index, int z_index,
                           const double **values, struct nd_error *error)
{
    double **slot = &c->nodes[(T_index - c->T_first) * c->n_z + z_index - c->z_first];
    if (*slot == NULL) {
        double *filled = malloc(c->size * sizeof *filled);
        if (filled == NULL)
            return nd_fail(error, ND_NO_MEMORY, "no memory for collision kernels");
        const enum nd_status status = c->fill(
            exp(T_index * c->step_lnT), exp(z_index * c->step_lnz), filled, c->context, error);
        if (status != ND_OK) {
            free(filled);
            return status;
        }
        *slot = filled;
        c->n_filled++;
    }
    *values = *slot;
    return ND_OK;
}

/* values += sum of weight[j] from[j], in one pass. */
static void add_row(size_t n, const double *const from[STENCIL], const double weight[STENCIL],
                    double *restrict values)
{
    const double *a = from[0], *b = from[1], *c = from[2], *d = from[3];
#pragma omp simd
    for (size_t v = 0; v < n; v++)
        values[v] += weight[0] * a[v] + weight[1] * b[v] + weight[2] * c[v] + weight[3] * d[v];
}

enum nd_status nd_kernel_cache_at(struct nd_kernel_cache *cache, double T, double z, double *values,
                                  struct nd_error *error)
{
    if (!(T >= T_LOWEST && T <= T_HIGHEST && z >= Z_LOWEST && z <= Z_HIGHEST))
        return nd_fail(error, ND_BAD_INPUT,
                       "T = %g MeV, a T = %g: collision kernels cover T from %g to %g MeV and a T "
                       "from %g to %g",
                       T, z, T_LOWEST, T_HIGHEST, Z_LOWEST, Z_HIGHEST);
    double T_weight[STENCIL], z_weight[STENCIL];
    const int T_index = stencil(log(T), cache->step_lnT, T_weight);
    const int z_index = stencil(log(z), cache->step_lnz, z_weight);
    memset(values, 0, cache->size * sizeof *values);
    for (int i = 0; i < STENCIL; i++) {
        const double *from[STENCIL];
        double weight[STENCIL];
        for (int j = 0; j < STENCIL; j++) {
            weight[j] = T_weight[i] * z_weight[j];
            const enum nd_status status = node(cache, T_index + i, z_index + j, &from[j], error);
            if (status != ND_OK)
                return status;
        }
        add_row(cache->size, from, weight, values);
    }
    return ND_OK;
}
