/* The dipole on electrons: see dipole_collisions.h. */
#include "dipole_collisions.h"

#include <math.h>
#include <stdlib.h>
#include "exchange.h"
#include "nudipole/constants.h"
#include "nudipole/plasma.h"
#include "nudipole/quadrature.h"

enum array { SCATTER, PAIR, N_ARRAYS };
enum { N_SMOOTH = 3, N_CROWDED = 6 }; /* nodes of Gauss-Legendre rules in a cell */

struct rule {
    int n;
    double node[N_CROWDED], weight[N_CROWDED]; /* on [0, 1] */
};

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
    double *up, *down; /* of scattering, nu -> N and N -> nu: 1/(1 + exp(+-(E_N - E_nu)/T)) */
    double *both;      /* exp(-(E_nu + E_N)/T) */
    double *boltzmann; /* exp(-E_nu/T) */
    struct rule smooth, crowded;
};

/* The kernel without the factors `up` and `down`, which are smooth in the neutrino's energy: what
 * is left is smooth, too, but for its peak. */
static double scattering_at(const struct nd_dipole_collisions *c,
                            const struct nd_exchange_plasma *plasma, const struct nd_leg *N,
                            double k)
{
    const struct nd_leg neutrino = {k, k, 0.0};
    const double downhill = k > N->energy
                                ? nd_exchange_dipole_scattering(&c->exchange, plasma, &neutrino, N)
                                : nd_exchange_dipole_scattering(&c->exchange, plasma, N, &neutrino);
    return downhill * (1.0 + exp(-fabs(k - N->energy)));
}

/* Where the kernel of one momentum of N peaks or has kinks, rising: where N takes over the
 * neutrino's energy, and where the photon that is exchanged can become real, at the ends of the
 * range of N -> nu gamma. */
enum { N_BREAKS = 3 };

struct target {
    const struct nd_exchange_plasma *plasma;
    struct nd_leg N;
    double z, breaks[N_BREAKS];
    double *values; /* a node of the neutrino */
};

/* Adds a point of an integral over neutrino momenta, shared between nodes i - 1 and i (i = 0: below
 * the first). */
static void add_point(const struct nd_dipole_collisions *c, const struct target *t, int i, double k,
                      double weight)
{
    const double *y = c->grid->y;
    const double kernel = weight * scattering_at(c, t->plasma, &t->N, k);
    /* nothing is kept at zero momentum: what lies below the first node goes to it */
    const double share = i > 0 ? (k * t->z - y[i - 1]) / (y[i] - y[i - 1]) : 1.0;
    t->values[i] += share * kernel;
    if (i > 0)
        t->values[i - 1] += (1.0 - share) * kernel;
}

/* From `near` to `far` on one side of a break: in the fourth root of the distance from it. */
static void add_crowded(const struct nd_dipole_collisions *c, const struct target *t, int i,
                        double at_break, double near, double far)
{
    const double D = far - at_break; /* of either sign */
    const double first = sqrt(sqrt((near - at_break) / D));
    for (int g = 0; g < c->crowded.n; g++) {
        const double v = first + (1.0 - first) * c->crowded.node[g], v3 = v * v * v;
        const double weight = 4.0 * v3 * fabs(D) * (1.0 - first) * c->crowded.weight[g];
        add_point(c, t, i, at_break + D * v3 * v, weight);
    }
}

/* From low to high, with no break between. */
static void add_part(const struct nd_dipole_collisions *c, const struct target *t, int i,
                     double low, double high)
{
    const double length = high - low;
    double below = -INFINITY, above = INFINITY; /* the next breaks on either side */
    for (int b = 0; b < N_BREAKS; b++) {
        if (t->breaks[b] <= low)
            below = t->breaks[b];
        else if (t->breaks[b] < above)
            above = t->breaks[b];
    }
    const int crowded_low = low - below < length, crowded_high = above - high < length;
    if (crowded_low && crowded_high) {
        const double middle = 0.5 * (low + high);
        add_crowded(c, t, i, below, low, middle);
        add_crowded(c, t, i, above, high, middle);
    } else if (crowded_low) {
        add_crowded(c, t, i, below, low, high);
    } else if (crowded_high) {
        add_crowded(c, t, i, above, high, low);
    } else {
        for (int g = 0; g < c->smooth.n; g++)
            add_point(c, t, i, low + length * c->smooth.node[g], length * c->smooth.weight[g]);
    }
}

/* The kernel of one momentum of N with every node of the neutrino, averaged over the hat functions
 * of the nodes. */
static void fill_scattering(const struct nd_dipole_collisions *c, const struct target *t)
{
    const struct nd_momentum_grid *grid = c->grid;
    const double near = 2.5; /* in units of T: beyond, the kernel is smooth */
    for (int i = 0; i < c->n; i++)
        t->values[i] = 0.0;
    for (int i = 0; i < c->n; i++) {
        const double below = i > 0 ? grid->y[i - 1] / t->z : 0.0, above = grid->y[i] / t->z;
        if (below > t->N.energy + near) { /* the trapezoidal rule, node by node */
            const double half = 0.5 * (above - below);
            t->values[i - 1] += half * scattering_at(c, t->plasma, &t->N, below);
            t->values[i] += half * scattering_at(c, t->plasma, &t->N, above);
            continue;
        }
        double low = below;
        for (int b = 0; b < N_BREAKS; b++)
            if (t->breaks[b] > low && t->breaks[b] < above) {
                add_part(c, t, i, low, t->breaks[b]);
                low = t->breaks[b];
            }
        add_part(c, t, i, low, above);
    }
    for (int i = 0; i < c->n; i++)
        t->values[i] *= t->z / grid->weight[i];
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
        const struct target target = {
            .plasma = &plasma,
            .N = N,
            .z = z,
            .breaks = {0.5 * N.mass2 / (N.energy + p), 0.5 * (N.energy + p), N.energy},
            .values = scatter};
        fill_scattering(c, &target);
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
    c->grid = grid;
    c->n = n_active;
    c->m4 = m4;
    c->screening = screening;
    c->size = (size_t)grid->n_core * n;
    c->values = malloc(N_ARRAYS * c->size * sizeof *c->values);
    double **const arrays[] = {&c->scatter, &c->pair, &c->up, &c->down, &c->both};
    int allocated = c->values != NULL;
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        allocated = (*arrays[i] = malloc(c->size * sizeof(double))) != NULL && allocated;
    allocated = (c->boltzmann = malloc(n * sizeof *c->boltzmann)) != NULL && allocated;
    c->smooth.n = N_SMOOTH;
    c->crowded.n = N_CROWDED;
    enum nd_status status =
        allocated ? ND_OK : nd_fail(error, ND_NO_MEMORY, "no memory for dipole collisions");
    if (status == ND_OK)
        status = nd_exchange_init(&c->exchange, nodes, error);
    if (status == ND_OK)
        status = nd_gauss_legendre(N_SMOOTH, c->smooth.node, c->smooth.weight, error);
    if (status == ND_OK)
        status = nd_gauss_legendre(N_CROWDED, c->crowded.node, c->crowded.weight, error);
    if (status == ND_OK)
        status = nd_kernel_cache_create(&c->cache, N_ARRAYS * c->size, step_lnT, step_lnz, fill, c,
                                        error);
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
    free(collisions->boltzmann);
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
    const double z = a * T, M = c->m4 / T, m = ND_M_ELECTRON / T;
    const enum nd_status status = nd_kernel_cache_at(c->cache, T, z, c->values, error);
    if (status != ND_OK)
        return status;
    /* a^3 dE_nu dE_N = a dy_nu dy_N p_N/E_N */
    const double unit = a * T * T * T * T, electrons = exp(-ND_M_ELECTRON / T);
    for (int i = 0; i < c->n; i++)
        c->boltzmann[i] = exp(-g->y[i] / z);
    for (int j = 0; j < g->n_core; j++) {
        const double p = g->y[j] / z, E = sqrt(p * p + M * M), w = unit * g->weight[j] * p / E;
        const double boltzmann_N = exp(-E);
        for (int i = 0; i < c->n; i++) {
            const size_t at = (size_t)j * (size_t)c->n + (size_t)i;
            const double k = g->y[i] / z;
            /* polynomials swing across the threshold of pairs: s <= M^2 + 2 k (E + p) */
            const int open = M * M + 2.0 * k * (E + p) > 4.0 * m * m;
            const double scatter = fmax(0.0, c->values[SCATTER * c->size + at]);
            const double pair = open ? fmax(0.0, c->values[PAIR * c->size + at]) : 0.0;
            c->scatter[at] = w * electrons * g->weight[i] * scatter;
            c->pair[at] = w * g->weight[i] * pair;
            const double ratio = exp(-fabs(E - k)), likely = 1.0 / (1.0 + ratio);
            c->up[at] = k > E ? likely : ratio * likely;
            c->down[at] = k > E ? ratio * likely : likely;
            c->both[at] = boltzmann_N * c->boltzmann[i];
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
