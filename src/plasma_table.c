/* Tabulated equation of state: see nudipole/plasma_table.h.
 *
 * Three functions of x = ln T are tabulated: of the pressure of e- and e+, of this pressure with
 * the QED corrections, and of the asymptotic mass of photons. With T dp/dT = rho + p, any g = p/T^4
 * gives
 *     rho = T^4 (3 g + g'),     drho/dT = T^3 (12 g + 7 g' + g''),
 * and the Debye mass is m_D^2 = T dm_T^2/dT (from m_T^2 = e^2/pi^2 int dE p N at fixed E). What is
 * stored is u = exp(m_e/T) g, which is smooth at all T; photons are added on evaluation. */
#include "nudipole/plasma_table.h"

#include <math.h>
#include <stdlib.h>
#include "nudipole/constants.h"
#include "nudipole/plasma.h"

enum { COLUMN_PLASMA, COLUMN_ELECTRONS, COLUMN_MASS, N_COLUMNS };
/* A polynomial of degree 7 a cell, which takes over value and three derivatives at both ends; these
 * are central differences of order 8 (the third, 6) from the nodes up to N_MARGIN away. */
enum { N_MARGIN = 4, N_DERIVATIVES = 4, N_COEFFICIENTS = 2 * N_DERIVATIVES };

static const double STEP = 0.04; /* in ln T, at most: errors then are below 1e-11 */
static const double T_COLDEST = ND_M_ELECTRON / 500.0; /* exp(-m_e/T) is far from underflow */

struct nd_plasma_table {
    double T_min, T_max;
    double x_min, step; /* cell i begins at ln T = x_min + i step; its variable is 0 to 1 */
    int n_cells;
    double *coefficients; /* n_cells x N_COLUMNS x N_COEFFICIENTS, of rising powers */
};

/* Pressure of e- and e+; summed as in plasma.c, where it cannot be told apart from that of photons
 * at low T. */
static double electron_pressure(double T)
{
    const double h = 0.125, l_min = -8.0, m2 = ND_M_ELECTRON * ND_M_ELECTRON;
    const int n = (int)((log(800.0) - l_min) / h);
    double sum = 0.0;
    for (int i = 0; i <= n; i++) {
        const double p = T * exp(l_min + i * h), p2 = p * p, energy = sqrt(p2 + m2);
        sum += h * p * p2 * p2 / energy / (exp(energy / T) + 1.0);
    }
    return 4.0 / (6.0 * ND_PI * ND_PI) * sum;
}

static void node_values(enum nd_qed qed, double T, double values[N_COLUMNS])
{
    const double boltzmann = exp(-ND_M_ELECTRON / T), T2 = T * T;
    const double pressure = electron_pressure(T);
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, T);
    values[COLUMN_PLASMA] = (pressure + nd_qed_pressure(T, qed)) / (T2 * T2) / boltzmann;
    values[COLUMN_ELECTRONS] = pressure / (T2 * T2) / boltzmann;
    values[COLUMN_MASS] = plasma.m_asymptotic2 / T2 / boltzmann;
}

/* Taylor coefficients step^k/k! d^k/dx^k, k < N_DERIVATIVES, of one column at a node. */
static void derivatives(const double *node, double taylor[N_DERIVATIVES])
{
    static const double first[] = {4.0 / 5.0, -1.0 / 5.0, 4.0 / 105.0, -1.0 / 280.0};
    static const double second[] = {8.0 / 5.0, -1.0 / 5.0, 8.0 / 315.0, -1.0 / 560.0};
    static const double third[] = {-61.0 / 30.0, 169.0 / 120.0, -3.0 / 10.0, 7.0 / 240.0};
    taylor[0] = node[0];
    taylor[1] = taylor[2] = taylor[3] = 0.0;
    for (int k = 1; k <= N_MARGIN; k++) {
        const double above = node[k * N_COLUMNS], below = node[-k * N_COLUMNS];
        taylor[1] += first[k - 1] * (above - below);
        taylor[2] += second[k - 1] * ((above - node[0]) + (below - node[0])) / 2.0;
        taylor[3] += third[k - 1] * (above - below) / 6.0;
    }
}

/* The polynomial on [0, 1] with the Taylor coefficients `a` at 0 and `b` at 1. */
static void hermite(const double a[N_DERIVATIVES], const double b[N_DERIVATIVES],
                    double c[N_COEFFICIENTS])
{
    /* what the powers above the third have to add at 1 */
    const double d0 = b[0] - (a[0] + a[1] + a[2] + a[3]);
    const double d1 = b[1] - (a[1] + 2.0 * a[2] + 3.0 * a[3]);
    const double d2 = b[2] - (a[2] + 3.0 * a[3]);
    const double d3 = b[3] - a[3];
    for (int k = 0; k < N_DERIVATIVES; k++)
        c[k] = a[k];
    c[4] = 35.0 * d0 - 15.0 * d1 + 5.0 * d2 - d3;
    c[5] = -84.0 * d0 + 39.0 * d1 - 14.0 * d2 + 3.0 * d3;
    c[6] = 70.0 * d0 - 34.0 * d1 + 13.0 * d2 - 3.0 * d3;
    c[7] = -20.0 * d0 + 10.0 * d1 - 4.0 * d2 + d3;
}

enum nd_status nd_plasma_table_create(struct nd_plasma_table **table, enum nd_qed qed, double T_min,
                                      double T_max, struct nd_error *error)
{
    *table = NULL;
    if (!(T_min > 0.0 && T_max > T_min && isfinite(T_max)))
        return nd_fail(error, ND_BAD_INPUT,
                       "plasma table from T = %g to %g MeV: needs 0 < T_min < T_max", T_min, T_max);
    const double x_min = log(fmax(T_min, T_COLDEST));
    const double range = fmax(log(T_max) - x_min, STEP); /* all cold: one cell, never read */
    const int n_cells = (int)ceil(range / STEP), n_nodes = n_cells + 1 + 2 * N_MARGIN;
    const size_t n_coefficients = (size_t)n_cells * N_COLUMNS * N_COEFFICIENTS;
    struct nd_plasma_table *t = calloc(1, sizeof *t);
    double *coefficients = malloc(n_coefficients * sizeof *coefficients);
    double *values = calloc((size_t)n_nodes * N_COLUMNS, sizeof *values);
    if (t == NULL || coefficients == NULL || values == NULL) {
        free(values);
        free(coefficients);
        free(t);
        return nd_fail(error, ND_NO_MEMORY, "no memory for a plasma table");
    }
    t->T_min = T_min;
    t->T_max = T_max;
    t->x_min = x_min;
    t->step = range / n_cells;
    t->n_cells = n_cells;
    t->coefficients = coefficients;
    for (int i = 0; i < n_nodes; i++)
        node_values(qed, exp(x_min + (i - N_MARGIN) * t->step), values + i * N_COLUMNS);
    for (int i = 0; i < n_cells; i++)
        for (int column = 0; column < N_COLUMNS; column++) {
            const double *node = values + (i + N_MARGIN) * N_COLUMNS + column;
            double left[N_DERIVATIVES], right[N_DERIVATIVES];
            derivatives(node, left);
            derivatives(node + N_COLUMNS, right);
            hermite(left, right, coefficients + (i * N_COLUMNS + column) * N_COEFFICIENTS);
        }
    free(values);
    *table = t;
    return ND_OK;
}

void nd_plasma_table_free(struct nd_plasma_table *table)
{
    if (table == NULL)
        return;
    free(table->coefficients);
    free(table);
}

/* g = exp(-y) u with y = m_e/T, and its derivatives with respect to x = ln T, where y' = -y. */
struct jet {
    double g, g1, g2;
};

static struct jet evaluate(const double c[N_COEFFICIENTS], double t, double step, double y,
                           double boltzmann)
{
    double u = c[N_COEFFICIENTS - 1], u1 = 0.0, u2 = 0.0; /* u2: half the second derivative */
    for (int k = N_COEFFICIENTS - 2; k >= 0; k--) {
        u2 = u2 * t + u1;
        u1 = u1 * t + u;
        u = u * t + c[k];
    }
    u1 /= step;
    u2 *= 2.0 / (step * step);
    return (struct jet){boltzmann * u, boltzmann * (u1 + y * u),
                        boltzmann * (u2 + 2.0 * y * u1 + (y - 1.0) * y * u)};
}

enum nd_status nd_plasma_table_at(const struct nd_plasma_table *table, double T,
                                  struct nd_plasma_state *state, struct nd_error *error)
{
    if (!(T >= table->T_min && T <= table->T_max))
        return nd_fail(error, ND_BAD_INPUT, "T = %g MeV: the plasma table covers %g to %g MeV", T,
                       table->T_min, table->T_max);
    struct jet plasma = {0.0, 0.0, 0.0}, electrons = plasma, mass = plasma;
    if (T >= T_COLDEST) {
        const double y = ND_M_ELECTRON / T, boltzmann = exp(-y);
        const double position = (log(T) - table->x_min) / table->step;
        const int cell = position < table->n_cells ? (int)position : table->n_cells - 1;
        const double t = position - cell;
        const double *c = table->coefficients + (size_t)cell * N_COLUMNS * N_COEFFICIENTS;
        plasma = evaluate(c + COLUMN_PLASMA * N_COEFFICIENTS, t, table->step, y, boltzmann);
        electrons = evaluate(c + COLUMN_ELECTRONS * N_COEFFICIENTS, t, table->step, y, boltzmann);
        mass = evaluate(c + COLUMN_MASS * N_COEFFICIENTS, t, table->step, y, boltzmann);
    }
    const double T2 = T * T, T4 = T2 * T2;
    const double photons = ND_PI * ND_PI / 45.0; /* p/T^4 */
    state->T = T;
    state->p = T4 * (photons + plasma.g);
    state->rho = T4 * (3.0 * photons + 3.0 * plasma.g + plasma.g1);
    state->drho_dT = T2 * T * (12.0 * photons + 12.0 * plasma.g + 7.0 * plasma.g1 + plasma.g2);
    state->p_e = T4 * electrons.g;
    state->rho_e = T4 * (3.0 * electrons.g + electrons.g1);
    state->m_asymptotic2 = T2 * mass.g;
    state->m_debye2 = T2 * (2.0 * mass.g + mass.g1);
    return ND_OK;
}
