/* A run of the Universe as nuclei see it: against temperature. See nudipole/bbn.h. */
#include <math.h>
#include <stdlib.h>

#include "bbn_internal.h"
#include "nudipole/constants.h"
#include "nudipole/table.h"

enum { TIME, BARYONS, WEAK_N_TO_P, WEAK_BALANCE, N_COLUMNS };

struct nd_bbn_universe {
    double T_start, T_end;
    struct nd_table *table; /* over ln T */
};

/* Rows in rising order of ln T: k-th of the table, from the end of the history. */
static int row_of(const struct nd_universe_history *history, int k)
{
    return history->n_points - 1 - k;
}

static double ln_T_of(const struct nd_universe_history *history, int k)
{
    return log(history->points[row_of(history, k)].T);
}

/* A slope no larger than twice that of the intervals beside the row and no less than a twentieth:
 * no limit where the history is smooth, but one where neutrinos, absent at the start, fill within a
 * row of a reheating field. */
static double limited(const struct nd_universe_history *history, int k, double step, double slope)
{
    double least = -INFINITY;
    for (int left = k - 1; left <= k; left++) {
        if (left < 0 || left + 1 >= history->n_points)
            continue;
        const double interval = log(history->points[row_of(history, left + 1)].a /
                                    history->points[row_of(history, left)].a);
        least = fmax(least, interval / step);
    }
    return fmax(fmin(slope, 0.05 * least), 2.0 * least);
}

/* d(ln a)/d(ln T) by differences of fourth order of ln(a T), which varies slowly. */
static double expansion_slope(const struct nd_universe_history *history, int k, double step)
{
    enum { POINTS = 5 };
    /* coefficients of the derivative at each of five points, times 12 steps */
    static const double COEFFICIENTS[POINTS][POINTS] = {{-25, 48, -36, 16, -3},
                                                        {-3, -10, 18, -6, 1},
                                                        {1, -8, 0, 8, -1},
                                                        {-1, 6, -18, 10, 3},
                                                        {3, -16, 36, -48, 25}};
    const int last = history->n_points - POINTS;
    const int first = k < 2 ? 0 : k - 2 > last ? last : k - 2;
    double sum = 0.0;
    for (int j = 0; j < POINTS; j++) {
        const struct nd_universe_point *p = &history->points[row_of(history, first + j)];
        sum += COEFFICIENTS[k - first][j] * log(p->a * p->T);
    }
    return limited(history, k, step, sum / (12.0 * step) - 1.0);
}

/* n_b of omega_b = 1 at the end of the run: today's, with photons as the clock. */
static double baryons_at_end(const struct nd_universe_point *end)
{
    const double hubble = 1e7 / ND_MEGAPARSEC * ND_HBAR; /* 100 km/s/Mpc [MeV] */
    const double critical = 3.0 * pow(hubble * ND_M_PLANCK, 2) / (8.0 * ND_PI);
    const double mass = (1.0 - ND_HELIUM_FRACTION) * ND_M_HYDROGEN_ATOM +
                        ND_HELIUM_FRACTION * 0.25 * ND_M_HELIUM_ATOM;
    return critical / mass * pow(end->T / (ND_BOLTZMANN * ND_T_CMB), 3);
}

/* Rows that count, from the end: above, nucleons are in balance whatever happens, and recoil to
 * first order in T/m_N is no expansion any more. */
static int rows_below_hot(const struct nd_universe_history *history)
{
    const double hot = 25.0; /* [MeV] */
    int n = 0;
    while (n < history->n_points && history->points[row_of(history, n)].T <= hot)
        n++;
    return n;
}

static enum nd_status fill_row(const struct nd_universe_history *history,
                               const struct nd_weak_rates *weak, int n, int k, double step,
                               double *values, struct nd_error *error)
{
    const int row = row_of(history, k), nodes = history->n_nodes;
    const struct nd_universe_point *p = &history->points[row],
                                   *end = &history->points[history->n_points - 1];
    const struct nd_nu_e_spectrum spectrum = {p->a, nodes, history->y,
                                              history->f_nu_e + (size_t)row * (size_t)nodes};
    struct nd_weak_pair pair;
    const double slope = expansion_slope(history, k, step);
    if (!(slope < 0.0))
        return nd_fail(error, ND_NOT_CONVERGED,
                       "T = %g MeV: d ln a/d ln T = %g: nucleosynthesis needs a temperature that "
                       "falls",
                       p->T, slope);
    const enum nd_status status = nd_weak_rates_at(weak, p->T, &spectrum, &pair, error);
    if (status != ND_OK)
        return status;
    if (!(pair.n_to_p > 0.0))
        return nd_fail(error, ND_NOT_CONVERGED,
                       "T = %g MeV: weak rate of n to p: %g MeV: must be above 0", p->T,
                       pair.n_to_p);
    /* where nothing is left, something that has a logarithm */
    const double least = 1e-80;
    const double gap = (ND_M_NEUTRON - ND_M_PROTON) / p->T;
    values[TIME * n + k] = log(-slope / p->H);
    values[BARYONS * n + k] = log(baryons_at_end(end) * pow(end->a / p->a, 3));
    values[WEAK_N_TO_P * n + k] = log(pair.n_to_p);
    values[WEAK_BALANCE * n + k] = log(fmax(pair.p_to_n / pair.n_to_p, least)) + gap;
    return ND_OK;
}

enum nd_status nd_bbn_universe_create(struct nd_bbn_universe **universe,
                                      const struct nd_universe_history *history,
                                      const struct nd_weak_rates *weak, struct nd_error *error)
{
    enum { ROWS_MIN = 16 };
    const int n = rows_below_hot(history);
    *universe = NULL;
    if (n < ROWS_MIN)
        return nd_fail(error, ND_BAD_INPUT,
                       "nucleosynthesis in a history of %d rows: at least %d are needed", n,
                       (int)ROWS_MIN);
    const double low = ln_T_of(history, 0), high = ln_T_of(history, n - 1);
    const double step = (high - low) / (n - 1);
    for (int k = 0; k < n; k++)
        if (!(fabs(ln_T_of(history, k) - (low + k * step)) < 1e-6))
            return nd_fail(error, ND_BAD_INPUT,
                           "nucleosynthesis in a history whose rows are not evenly spaced in ln T");
    struct nd_bbn_universe *u = calloc(1, sizeof *u);
    double *values = malloc((size_t)N_COLUMNS * (size_t)n * sizeof *values);
    enum nd_status status = u != NULL && values != NULL
                                ? ND_OK
                                : nd_fail(error, ND_NO_MEMORY, "no memory for %d rows", n);
    for (int k = 0; k < n && status == ND_OK; k++)
        status = fill_row(history, weak, n, k, step, values, error);
    if (status == ND_OK)
        status =
            nd_table_create(&u->table, low, high, (size_t)n, N_COLUMNS, values, ND_CUBIC, error);
    free(values);
    if (status != ND_OK) {
        nd_bbn_universe_free(u);
        return status;
    }
    u->T_start = exp(high);
    u->T_end = exp(low);
    *universe = u;
    return ND_OK;
}

void nd_bbn_universe_free(struct nd_bbn_universe *universe)
{
    if (universe == NULL)
        return;
    nd_table_free(universe->table);
    free(universe);
}

double nd_bbn_universe_T_start(const struct nd_bbn_universe *universe)
{
    return universe->T_start;
}

double nd_bbn_universe_T_end(const struct nd_bbn_universe *universe)
{
    return universe->T_end;
}

double nd_bbn_universe_time(const struct nd_bbn_universe *universe, double ln_T)
{
    return exp(nd_table_eval(universe->table, TIME, ln_T));
}

double nd_bbn_universe_baryons(const struct nd_bbn_universe *universe, double ln_T)
{
    return exp(nd_table_eval(universe->table, BARYONS, ln_T));
}

struct nd_weak_pair nd_bbn_universe_weak(const struct nd_bbn_universe *universe, double ln_T)
{
    const double n_to_p = exp(nd_table_eval(universe->table, WEAK_N_TO_P, ln_T));
    const double gap = (ND_M_NEUTRON - ND_M_PROTON) * exp(-ln_T);
    const double balance = nd_table_eval(universe->table, WEAK_BALANCE, ln_T) - gap;
    return (struct nd_weak_pair){n_to_p, n_to_p * exp(balance)};
}

double nd_bbn_universe_eta(const struct nd_bbn_universe *universe, double omega_b, double T)
{
    const double photons = 2.0 * ND_ZETA3 / (ND_PI * ND_PI) * pow(T, 3);
    return omega_b * nd_bbn_universe_baryons(universe, log(T)) / photons;
}
