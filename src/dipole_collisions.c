/* The dipole on electrons: see dipole_collisions.h. */
#include "dipole_collisions.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include "exchange.h"
#include "nudipole/constants.h"
#include "nudipole/plasma.h"

enum array { SCATTER, PAIR, N_ARRAYS };
enum { N_CELL_NODES = 4 };

struct nd_dipole_collisions {
    const struct nd_momentum_grid *grid;
    int n; /* nodes of neutrinos that collide */
    double m4;
    enum nd_screening screening;
    struct nd_exchange exchange;
    struct nd_kernel_cache *cache;
    size_t size;     /* n_core x n: node of N times n, plus node of the neutrino */
    double *values;  /* N_ARRAYS x size, as interpolated */
    double *scatter; /* in MeV^3/mu^2, with the weights of both nodes */
    double *pair;
    double *up, *down; /* min(1, exp(-/+ (E_nu - E_N)/T)) of scattering: nu -> N and N -> nu */
    double *both;      /* exp(-(E_nu + E_N)/T) */
    double cell_node[N_CELL_NODES], cell_weight[N_CELL_NODES]; /* Gauss-Legendre on [0, 1] */
};

static double scattering_at(const struct nd_dipole_collisions *c,
                            const struct nd_exchange_plasma *plasma, const struct nd_leg *N,
                            double k)
{
    const struct nd_leg neutrino = {k, k, 0.0};
    return k > N->energy ? nd_exchange_dipole_scattering(&c->exchange, plasma, &neutrino, N)
                         : nd_exchange_dipole_scattering(&c->exchange, plasma, N, &neutrino);
}

/* Adds the integral of the kernel over neutrino momenta from low to high, which lie between nodes
 * i - 1 and i (i = 0: below the first), shared between the two. The rule crowds where the kernel
 * may have a peak or a kink: at the lower end (-1) or the upper (1). */
static void add_part(const struct nd_dipole_collisions *c, const struct nd_exchange_plasma *plasma,
                     const struct nd_leg *N, double z, int i, double low, double high, int crowded,
                     double *values)
{
    const double *y = c->grid->y;
    for (int g = 0; g < N_CELL_NODES; g++) {
        const double u = c->cell_node[g];
        double k = low + (high - low) * u, weight = (high - low) * c->cell_weight[g];
        if (crowded != 0) {
            const double distance = (high - low) * u * u * u;
            k = crowded < 0 ? low + distance : high - distance;
            weight *= 3.0 * u * u;
        }
        const double kernel = weight * scattering_at(c, plasma, N, k);
        /* nothing is kept at zero momentum: what lies below the first node goes to it */
        const double share = i > 0 ? (k * z - y[i - 1]) / (y[i] - y[i - 1]) : 1.0;
        values[i] += share * kernel;
        if (i > 0)
            values[i - 1] += (1.0 - share) * kernel;
    }
}

/* The kernel of one momentum of N with every node of the neutrino, averaged over the hat functions
 * of the nodes. It peaks where N takes over the neutrino's energy, and has kinks where the photon
 * that is exchanged can become real, at the ends of the range of N -> nu gamma. */
static void fill_scattering(const struct nd_dipole_collisions *c,
                            const struct nd_exchange_plasma *plasma, const struct nd_leg *N,
                            double z, double *values)
{
    const struct nd_momentum_grid *grid = c->grid;
    const double breaks[] = {0.5 * N->mass2 / (N->energy + N->momentum),
                             0.5 * (N->energy + N->momentum), N->energy};
    enum { N_BREAKS = sizeof breaks / sizeof *breaks };
    const double near = 2.5; /* in units of T: beyond, the kernel is smooth */
    for (int i = 0; i < c->n; i++)
        values[i] = 0.0;
    for (int i = 0; i < c->n; i++) {
        const double below = i > 0 ? grid->y[i - 1] / z : 0.0, above = grid->y[i] / z;
        if (below > N->energy + near) { /* the trapezoidal rule, node by node */
            const double half = 0.5 * (above - below);
            values[i - 1] += half * scattering_at(c, plasma, N, below);
            values[i] += half * scattering_at(c, plasma, N, above);
            continue;
        }
        double low = below;
        int after_break = 0;
        for (int b = 0; b <= N_BREAKS; b++) {
            const double high = b < N_BREAKS ? breaks[b] : above;
            if (b < N_BREAKS && !(high > low && high < above))
                continue;
            const int before_break = b < N_BREAKS;
            if (after_break && before_break) {
                const double middle = 0.5 * (low + high);
                add_part(c, plasma, N, z, i, low, middle, -1, values);
                add_part(c, plasma, N, z, i, middle, high, 1, values);
            } else {
                add_part(c, plasma, N, z, i, low, high, before_break - after_break, values);
            }
            low = high;
            after_break = 1;
        }
    }
    for (int i = 0; i < c->n; i++)
        values[i] *= z / grid->weight[i];
}

static enum nd_status fill(double T, double z, double *values, void *context,
                           struct nd_error *error)
{
    const struct nd_dipole_collisions *c = context;
    const int n = c->n;
    const double M = c->m4 / T, electrons = exp(ND_M_ELECTRON / T);
    struct nd_plasma medium;
    nd_plasma_init(&medium, T);
    const struct nd_exchange_plasma plasma = {
        ND_M_ELECTRON / T, c->screening == ND_SCREENING_HTL ? medium.m_debye2 / (T * T) : 0.0};
    (void)error;
    for (int j = 0; j < c->grid->n_core; j++) {
        const double p = c->grid->y[j] / z;
        const struct nd_leg N = {sqrt(p * p + M * M), p, M * M};
        double *scatter = values + SCATTER * c->size + (size_t)j * (size_t)n;
        double *pair = values + PAIR * c->size + (size_t)j * (size_t)n;
        fill_scattering(c, &plasma, &N, z, scatter);
        for (int i = 0; i < n; i++) {
            scatter[i] *= electrons;
            pair[i] = nd_exchange_dipole_annihilation(&c->exchange, &plasma, &N, c->grid->y[i] / z);
        }
    }
    return ND_OK;
}

enum nd_status nd_dipole_collisions_create(struct nd_dipole_collisions **collisions,
                                           const struct nd_momentum_grid *grid, int n_active,
                                           double m4, enum nd_screening screening, int nodes,
                                           double step_lnT, double step_lnz, struct nd_error *error)
{
    struct nd_dipole_collisions *c = calloc(1, sizeof *c);
    *collisions = c;
    if (c == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for dipole collisions");
    const size_t n = (size_t)n_active;
    enum nd_status status = ND_OK;
    c->grid = grid;
    c->n = n_active;
    c->m4 = m4;
    c->screening = screening;
    c->size = (size_t)grid->n_core * n;
    c->values = malloc(N_ARRAYS * c->size * sizeof *c->values);
    double **const arrays[] = {&c->scatter, &c->pair, &c->up, &c->down, &c->both};
    int allocated = c->values != NULL && nd_exchange_init(&c->exchange, nodes);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        allocated = (*arrays[i] = malloc(c->size * sizeof(double))) != NULL && allocated;
    gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(N_CELL_NODES);
    if (rule != NULL)
        for (size_t i = 0; i < N_CELL_NODES; i++)
            gsl_integration_glfixed_point(0.0, 1.0, i, &c->cell_node[i], &c->cell_weight[i], rule);
    status = allocated && rule != NULL
                 ? nd_kernel_cache_create(&c->cache, N_ARRAYS * c->size, step_lnT, step_lnz, fill,
                                          c, error)
                 : nd_fail(error, ND_NO_MEMORY, "no memory for dipole collisions");
    if (rule != NULL)
        gsl_integration_glfixed_table_free(rule);
    if (status != ND_OK) {
        nd_dipole_collisions_free(c);
        *collisions = NULL;
    }
    return status;
}

void nd_dipole_collisions_free(struct nd_dipole_collisions *collisions)
{
    if (collisions == NULL)
        return;
    nd_kernel_cache_free(collisions->cache);
    free(collisions->values);
    free(collisions->scatter);
    free(collisions->pair);
    free(collisions->up);
    free(collisions->down);
    free(collisions->both);
    free(collisions);
}

int nd_dipole_collisions_filled(const struct nd_dipole_collisions *collisions)
{
    return nd_kernel_cache_nodes(collisions->cache);
}

enum nd_status nd_dipole_collisions_set(struct nd_dipole_collisions *c, double T, double a,
                                        struct nd_error *error)
{
    const struct nd_momentum_grid *g = c->grid;
    const double z = a * T, M = c->m4 / T;
    const enum nd_status status = nd_kernel_cache_at(c->cache, T, z, c->values, error);
    if (status != ND_OK)
        return status;
    /* a^3 dE_nu dE_N = a dy_nu dy_N p_N/E_N */
    const double unit = a * T * T * T * T, electrons = exp(-ND_M_ELECTRON / T);
    for (int j = 0; j < g->n_core; j++) {
        const double p = g->y[j] / z, E = sqrt(p * p + M * M), w = unit * g->weight[j] * p / E;
        for (int i = 0; i < c->n; i++) {
            const size_t at = (size_t)j * (size_t)c->n + (size_t)i;
            const double k = g->y[i] / z;
            c->scatter[at] = w * electrons * g->weight[i] * c->values[SCATTER * c->size + at];
            c->pair[at] = w * g->weight[i] * c->values[PAIR * c->size + at];
            const double less = exp(-fabs(k - E));
            c->up[at] = k < E ? less : 1.0;
            c->down[at] = k < E ? 1.0 : less;
            c->both[at] = exp(-(k + E));
        }
    }
    return ND_OK;
}

void nd_dipole_collisions_add(const struct nd_dipole_collisions *c, int processes,
                              const double *f_nu, const double *f_N, double factor,
                              double *change_nu, double *change_N)
{
    const int n = c->n;
    for (int j = 0; j < c->grid->n_core; j++) {
        const double N = f_N[j];
        const size_t row = (size_t)j * (size_t)n;
        double gained = 0.0;
        if (processes & ND_DIPOLE_SCATTERING)
            for (int i = 0; i < n; i++) {
                const double event =
                    c->scatter[row + (size_t)i] * (c->up[row + (size_t)i] * f_nu[i] * (1.0 - N) -
                                                   c->down[row + (size_t)i] * N * (1.0 - f_nu[i]));
                gained += event;
                change_nu[i] -= factor * event;
            }
        if (processes & ND_DIPOLE_PAIRS)
            for (int i = 0; i < n; i++) {
                const double event =
                    c->pair[row + (size_t)i] *
                    (c->both[row + (size_t)i] * (1.0 - N) * (1.0 - f_nu[i]) - N * f_nu[i]);
                gained += event;
                change_nu[i] += factor * event;
            }
        change_N[j] += factor * gained;
    }
}

void nd_dipole_collisions_add_jacobian(const struct nd_dipole_collisions *c, int processes,
                                       const double *f_nu, const double *f_N, double factor,
                                       double *jacobian, int nu, int N_first, int row_length)
{
    const int n = c->n;
    for (int j = 0; j < c->grid->n_core; j++) {
        double *row_N = jacobian + (N_first + j) * row_length;
        for (int i = 0; i < n; i++) {
            const size_t at = (size_t)j * (size_t)n + (size_t)i;
            double *row_nu = jacobian + (nu + i) * row_length;
            double by_nu = 0.0, by_N = 0.0, nu_by_nu = 0.0, nu_by_N = 0.0;
            if (processes & ND_DIPOLE_SCATTERING) {
                by_nu = c->scatter[at] * (c->up[at] * (1.0 - f_N[j]) + c->down[at] * f_N[j]);
                by_N = -c->scatter[at] * (c->up[at] * f_nu[i] + c->down[at] * (1.0 - f_nu[i]));
                nu_by_nu = -by_nu;
                nu_by_N = -by_N;
            }
            if (processes & ND_DIPOLE_PAIRS) {
                const double pair_nu = -c->pair[at] * (c->both[at] * (1.0 - f_N[j]) + f_N[j]);
                const double pair_N = -c->pair[at] * (c->both[at] * (1.0 - f_nu[i]) + f_nu[i]);
                by_nu += pair_nu;
                by_N += pair_N;
                nu_by_nu += pair_nu;
                nu_by_N += pair_N;
            }
            row_N[nu + i] += factor * by_nu;
            row_N[N_first + j] += factor * by_N;
            row_nu[nu + i] += factor * nu_by_nu;
            row_nu[N_first + j] += factor * nu_by_N;
        }
    }
}
