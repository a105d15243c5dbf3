/* Neutrinos on electrons: see electron_collisions.h.
 *
 * Arrays of exchange.h over pairs i >= j of nodes. What varies most is taken out before they are
 * interpolated: T^6 and powers of z = a T, and for scattering exp(-m_e/T) of the electrons'
 * number. */
#include "electron_collisions.h"

#include <math.h>
#include <stdlib.h>
#include "exchange.h"
#include "nudipole/constants.h"

enum array { SCATTER_SQUARES, SCATTER_PRODUCT, PAIR_SQUARES, PAIR_PRODUCT, N_ARRAYS };

struct nd_electron_collisions {
    const struct nd_momentum_grid *grid;
    int n; /* nodes that collide */
    struct nd_exchange exchange;
    struct nd_kernel_cache *cache;
    size_t n_pairs;
    double *values;                   /* N_ARRAYS x n_pairs, as interpolated */
    double *scatter[ND_N_WEAK_KINDS]; /* n_pairs, in MeV, with weights of both nodes */
    double *pair[ND_N_WEAK_KINDS];    /* n_pairs */
    double *boltzmann, *inverse;      /* exp(-E/T) and exp(E/T) of the nodes */
};

static double coupling_left(enum nd_weak_kind kind)
{
    return (kind == ND_WEAK_ELECTRON ? 0.5 : -0.5) + ND_SIN2_THETA_W;
}

static enum nd_status fill(double T, double z, double *values, void *context,
                           struct nd_error *error)
{
    const struct nd_electron_collisions *c = context;
    const struct nd_exchange_plasma plasma = {ND_M_ELECTRON / T, 0.0};
    const double z4 = z * z * z * z, electrons = exp(ND_M_ELECTRON / T);
    const double *y = c->grid->y;
    size_t at = 0;
    (void)error;
    for (int i = 0; i < c->n; i++)
        for (int j = 0; j <= i; j++, at++) {
            double scatter[2] = {0.0, 0.0}, pair[2];
            if (j < i) /* an event between equal momenta changes nothing */
                nd_exchange_weak_scattering(&c->exchange, &plasma, y[i] / z, y[j] / z, scatter);
            nd_exchange_weak_annihilation(&c->exchange, &plasma, y[i] / z, y[j] / z, pair);
            values[SCATTER_SQUARES * c->n_pairs + at] = scatter[0] * z4 * electrons;
            values[SCATTER_PRODUCT * c->n_pairs + at] = scatter[1] * z4 * electrons;
            values[PAIR_SQUARES * c->n_pairs + at] = pair[0] * z4;
            values[PAIR_PRODUCT * c->n_pairs + at] = pair[1] * z4;
        }
    return ND_OK;
}

enum nd_status nd_electron_collisions_create(struct nd_electron_collisions **collisions,
                                             const struct nd_momentum_grid *grid, int n_active,
                                             int nodes, double step_lnT, double step_lnz,
                                             struct nd_error *error)
{
    struct nd_electron_collisions *c = calloc(1, sizeof *c);
    *collisions = c;
    if (c == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for weak collisions");
    const size_t n = (size_t)n_active, n_pairs = n * (n + 1) / 2;
    enum nd_status status = ND_OK;
    c->grid = grid;
    c->n = n_active;
    c->n_pairs = n_pairs;
    c->values = malloc(N_ARRAYS * n_pairs * sizeof *c->values);
    c->boltzmann = malloc(n * sizeof *c->boltzmann);
    c->inverse = malloc(n * sizeof *c->inverse);
    int allocated = c->values != NULL && c->boltzmann != NULL && c->inverse != NULL;
    for (int kind = 0; kind < ND_N_WEAK_KINDS; kind++) {
        c->scatter[kind] = malloc(n_pairs * sizeof(double));
        c->pair[kind] = malloc(n_pairs * sizeof(double));
        allocated = allocated && c->scatter[kind] != NULL && c->pair[kind] != NULL;
    }
    if (!allocated)
        status = nd_fail(error, ND_NO_MEMORY, "no memory for weak collisions");
    if (status == ND_OK)
        status = nd_exchange_init(&c->exchange, nodes, error);
    if (status == ND_OK)
        status = nd_kernel_cache_create(&c->cache, N_ARRAYS * n_pairs, step_lnT, step_lnz, fill, c,
                                        error);
    if (status != ND_OK) {
        nd_electron_collisions_free(c);
        *collisions = NULL;
    }
    return status;
}

void nd_electron_collisions_free(struct nd_electron_collisions *collisions)
{
    if (collisions == NULL)
        return;
    nd_kernel_cache_free(collisions->cache);
    for (int kind = 0; kind < ND_N_WEAK_KINDS; kind++) {
        free(collisions->scatter[kind]);
        free(collisions->pair[kind]);
    }
    free(collisions->values);
    free(collisions->boltzmann);
    free(collisions->inverse);
    free(collisions);
}

int nd_electron_collisions_filled(const struct nd_electron_collisions *collisions)
{
    return nd_kernel_cache_nodes(collisions->cache);
}

enum nd_status nd_electron_collisions_set(struct nd_electron_collisions *c, double T, double a,
                                          struct nd_error *error)
{
    const double z = a * T, largest = 700.0; /* of an exponent */
    const struct nd_momentum_grid *g = c->grid;
    const enum nd_status status = nd_kernel_cache_at(c->cache, T, z, c->values, error);
    if (status != ND_OK)
        return status;
    for (int i = 0; i < c->n; i++) {
        c->boltzmann[i] = exp(-g->y[i] / z);
        c->inverse[i] = exp(fmin(g->y[i] / z, largest));
    }
    /* a^3 dE dE = a dy dy */
    const double unit = a * ND_FERMI * ND_FERMI * pow(T, 6) / (z * z * z * z);
    const double electrons = exp(-ND_M_ELECTRON / T);
    const double mass2 = pow(a * ND_M_ELECTRON, 2);
    double squares[ND_N_WEAK_KINDS], product[ND_N_WEAK_KINDS];
    for (int kind = 0; kind < ND_N_WEAK_KINDS; kind++) {
        const double L = coupling_left((enum nd_weak_kind)kind), R = ND_SIN2_THETA_W;
        squares[kind] = L * L + R * R;
        product[kind] = L * R;
    }
    const double *v = c->values;
    size_t at = 0;
    for (int i = 0; i < c->n; i++)
        for (int j = 0; j <= i; j++, at++) {
            const double w = unit * g->weight[i] * g->weight[j];
            /* polynomials swing across the threshold of pairs: s <= 4 E_i E_j */
            const int open = g->y[i] * g->y[j] > mass2;
            for (int kind = 0; kind < ND_N_WEAK_KINDS; kind++) {
                const double scatter = squares[kind] * v[SCATTER_SQUARES * c->n_pairs + at] +
                                       product[kind] * v[SCATTER_PRODUCT * c->n_pairs + at];
                const double pair = squares[kind] * v[PAIR_SQUARES * c->n_pairs + at] +
                                    product[kind] * v[PAIR_PRODUCT * c->n_pairs + at];
                c->scatter[kind][at] = w * electrons * fmax(0.0, scatter);
                c->pair[kind][at] = open ? w * fmax(0.0, pair) : 0.0;
            }
        }
    return ND_OK;
}

void nd_electron_collisions_add(const struct nd_electron_collisions *c, enum nd_weak_kind kind,
                                const double *f, double factor, double *change)
{
    const double *S = c->scatter[kind], *A = c->pair[kind], *h = c->boltzmann;
    for (int i = 0; i < c->n; i++) {
        double lost = 0.0;
        for (int j = 0; j < i; j++) {
            const double down =
                S[j] * (f[i] * (1.0 - f[j]) - h[i] * c->inverse[j] * f[j] * (1.0 - f[i]));
            const double gone = A[j] * (f[i] * f[j] - h[i] * h[j] * (1.0 - f[i]) * (1.0 - f[j]));
            lost += down + gone;
            change[j] += factor * (down - gone);
        }
        lost += A[i] * (f[i] * f[i] - h[i] * h[i] * (1.0 - f[i]) * (1.0 - f[i]));
        change[i] -= factor * lost;
        S += i + 1;
        A += i + 1;
    }
}

void nd_electron_collisions_add_jacobian(const struct nd_electron_collisions *c,
                                         enum nd_weak_kind kind, const double *f, double factor,
                                         double *jacobian, int row_length)
{
    const double *S = c->scatter[kind], *A = c->pair[kind], *h = c->boltzmann;
    for (int i = 0; i < c->n; i++) {
        double *row_i = jacobian + i * row_length;
        for (int j = 0; j <= i; j++) {
            double *row_j = jacobian + j * row_length;
            const double pair = h[i] * h[j];
            const double gone_i = A[j] * (f[j] + pair * (1.0 - f[j]));
            const double gone_j = A[j] * (f[i] + pair * (1.0 - f[i]));
            if (j == i) {
                row_i[i] -= factor * (gone_i + gone_j);
                continue;
            }
            const double ratio = h[i] * c->inverse[j];
            const double down_i = S[j] * (1.0 - f[j] + ratio * f[j]);
            const double down_j = -S[j] * (f[i] + ratio * (1.0 - f[i]));
            row_i[i] -= factor * (down_i + gone_i);
            row_i[j] -= factor * (down_j + gone_j);
            row_j[i] += factor * (down_i - gone_i);
            row_j[j] += factor * (down_j - gone_j);
        }
        S += i + 1;
        A += i + 1;
    }
}
