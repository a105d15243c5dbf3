/* Abundances of many couplings: see nudipole/abundance_scan.h. */
#include "nudipole/abundance_scan.h"

#include <math.h>
#include <stdlib.h>

/* A step between two nodes, for mu = 1 MeV^-1: its optical depth, and q as a polynomial in the
 * share u of that depth, q = a0 + a1 u + a2 u^2. */
struct step {
    double depth;
    double a[3];
};

struct nd_abundance_scan {
    int n; /* steps; the first n_window end inside the window */
    int n_window;
    struct step *steps;
    double *per_n_eq; /* s/n_eq where a step ends; 0 outside the window */
    double *per_rho;  /* rho_N/rho_gamma for Y = 1 there */
};

/* What the equation needs at one temperature. */
struct node {
    double kappa, q, per_n_eq, per_rho;
};

struct source {
    const struct nd_rate_table *table;
    const struct nd_background *background;
    struct nd_model unit; /* of the mass, mu = 1 MeV^-1 */
};

static enum nd_status evaluate(const struct source *source, double T, struct node *node,
                               struct nd_error *error)
{
    struct nd_background_state state;
    struct nd_rates rates;
    enum nd_status status = nd_background_at(source->background, T, &state, error);
    if (status == ND_OK)
        status = nd_rate_table_at(source->table, 1.0, &state, &rates, error);
    if (status != ND_OK)
        return status;
    double gain = 0.0, loss = 0.0;
    /* over n_eq, so that nothing underflows before the ratio is taken */
    for (int c = 0; c < ND_N_CHANNELS; c++) {
        gain += exp(rates.log_gain[c] - rates.log_n_eq);
        loss += exp(rates.log_loss[c] - rates.log_n_eq);
    }
    const double log_n_eq = log(2.0) + rates.log_n_eq;
    const enum nd_statistics statistics = nd_rate_table_treatment(source->table)->statistics;
    node->kappa = loss * -state.dt_dlnT;
    node->q = gain / loss * exp(log_n_eq - log(state.s));
    node->per_n_eq = exp(fmin(log(state.s) - log_n_eq, 700.0));
    node->per_rho = state.s * nd_mean_energy(&source->unit, statistics, T) / nd_rho_photon(T);
    return ND_OK;
}

/* The next node below T: a step in ln T that is small beside 1 and, down to T_fine, in which m4/T
 * grows little. Below, what is left of q is nothing beside Y, or both are. */
static double next_temperature(double T, double T_low, double m4, double T_fine)
{
    const double in_log = 0.02, in_x = 0.05; /* tests/README.md, "Convergence" */
    const double by_mass = T > T_fine ? m4 / T / in_x : 0.0;
    const double next = T * exp(-1.0 / (1.0 / in_log + by_mass));
    /* no last step that is much shorter than the others */
    return next < T_low * (1.0 + 0.1 * in_log) ? T_low : next;
}

static int count_steps(double T_high, double T_low, double m4, double T_fine)
{
    int n = 0;
    double T = T_high;
    while (T > T_low) {
        T = next_temperature(T, T_low, m4, T_fine);
        n++;
    }
    return n;
}

/* A step from `above` over `middle` to `below`, evenly spaced by h in ln T. Simpson's rule for the
 * depth of the whole; the first half's from the parabola through the three. */
static struct step make_step(const struct node *above, const struct node *middle,
                             const struct node *below, double h)
{
    const double depth = h / 3.0 * (above->kappa + 4.0 * middle->kappa + below->kappa);
    const double half = h / 12.0 * (5.0 * above->kappa + 8.0 * middle->kappa - below->kappa);
    const double u = half / depth, first = (middle->q - above->q) / u, whole = below->q - above->q;
    const double a2 = (whole - first) / (1.0 - u);
    return (struct step){depth, {above->q, whole - a2, a2}};
}

/* Steps from T_high, where `node` is, down to T_low; `from` counts those done before. */
static enum nd_status march(struct nd_abundance_scan *scan, const struct source *source,
                            double T_high, double T_low, double T_fine, int from, struct node *node,
                            struct nd_error *error)
{
    double T = T_high;
    for (int i = from; T > T_low; i++) {
        const double next = next_temperature(T, T_low, source->unit.m4, T_fine),
                     h = 0.5 * log(T / next);
        struct node middle, below;
        enum nd_status status = evaluate(source, sqrt(T * next), &middle, error);
        if (status == ND_OK)
            status = evaluate(source, next, &below, error);
        if (status != ND_OK)
            return status;
        scan->steps[i] = make_step(node, &middle, &below, h);
        scan->per_n_eq[i] = below.per_n_eq;
        scan->per_rho[i] = below.per_rho;
        *node = below;
        T = next;
    }
    return ND_OK;
}

enum nd_status nd_abundance_scan_create(struct nd_abundance_scan **result,
                                        const struct nd_rate_table *table,
                                        const struct nd_background *background, double T_RH,
                                        double T_end, double x_max, struct nd_error *error)
{
    *result = NULL;
    if (!(T_end > 0.0 && T_end < T_RH && x_max > 0.0))
        return nd_fail(error, ND_BAD_INPUT,
                       "T_RH = %g MeV, T_end = %g MeV, x_max = %g: T_RH must be above T_end, x_max "
                       "above 0",
                       T_RH, T_end, x_max);
    const double m4 = nd_rate_table_m4(table);
    const double T_window = fmax(T_end, 1.0 / (1.0 / T_RH + x_max / m4));
    const double negligible = 700.0; /* e-folds of exp(-m4/T) after T_RH: no double is smaller */
    const double T_fine = fmin(T_window, 1.0 / (1.0 / T_RH + negligible / m4));
    struct source source = {.table = table, .background = background};
    struct nd_abundance_scan *scan = calloc(1, sizeof *scan);
    struct node node;
    enum nd_status status =
        nd_model_init(&source.unit, m4, 1.0, ND_CONVENTION_HALF, ND_FLAVOUR_TAU, error);
    if (scan == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for abundances");
    scan->n_window = count_steps(T_RH, T_window, m4, T_fine);
    scan->n = scan->n_window + count_steps(T_window, T_end, m4, T_fine);
    scan->steps = malloc((size_t)scan->n * sizeof *scan->steps);
    scan->per_n_eq = malloc((size_t)scan->n * sizeof *scan->per_n_eq);
    scan->per_rho = malloc((size_t)scan->n * sizeof *scan->per_rho);
    if (scan->steps == NULL || scan->per_n_eq == NULL || scan->per_rho == NULL)
        status = nd_fail(error, ND_NO_MEMORY, "no memory for abundances in %d steps", scan->n);
    if (status == ND_OK)
        status = evaluate(&source, T_RH, &node, error);
    if (status == ND_OK)
        status = march(scan, &source, T_RH, T_window, T_fine, 0, &node, error);
    if (status == ND_OK)
        status = march(scan, &source, T_window, T_end, T_fine, scan->n_window, &node, error);
    if (status != ND_OK)
        nd_abundance_scan_free(scan);
    else
        *result = scan;
    return status;
}

void nd_abundance_scan_free(struct nd_abundance_scan *scan)
{
    if (scan == NULL)
        return;
    free(scan->steps);
    free(scan->per_n_eq);
    free(scan->per_rho);
    free(scan);
}

/* Y after a step: exact for q as it is kept. The moments of u^k e^(-D (1 - u)) are taken from
 * their series where the recurrence cancels. */
static double advance(const struct step *step, double mu2, double Y)
{
    const double D = mu2 * step->depth;
    const double decay = exp(-D), m0 = -expm1(-D);
    double m1, m2;
    if (D < 0.05) {
        m1 = D * (1.0 / 2.0 - D * (1.0 / 6.0 - D * (1.0 / 24.0 - D * (1.0 / 120.0 - D / 720.0))));
        m2 = D * (1.0 / 3.0 - D * (1.0 / 12.0 - D * (1.0 / 60.0 - D * (1.0 / 360.0 - D / 2520.0))));
    } else {
        m1 = 1.0 - m0 / D;
        m2 = 1.0 - 2.0 * m1 / D;
    }
    return Y * decay + step->a[0] * m0 + step->a[1] * m1 + step->a[2] * m2;
}

void nd_abundance_scan_maxima(const struct nd_abundance_scan *scan, double mu,
                              struct nd_abundance_maxima *maxima)
{
    const double mu2 = mu * mu;
    double Y = 0.0;
    *maxima = (struct nd_abundance_maxima){0};
    for (int i = 0; i < scan->n; i++) {
        Y = advance(&scan->steps[i], mu2, Y);
        maxima->rho_N_over_rho_gamma = fmax(maxima->rho_N_over_rho_gamma, Y * scan->per_rho[i]);
        if (i < scan->n_window && Y * scan->per_n_eq[i] > maxima->n_over_neq) {
            maxima->n_over_neq = Y * scan->per_n_eq[i];
            maxima->at_window_edge = i == scan->n_window - 1;
        }
    }
}

double nd_abundance_scan_end(const struct nd_abundance_scan *scan, double mu)
{
    double Y = 0.0;
    for (int i = 0; i < scan->n; i++)
        Y = advance(&scan->steps[i], mu * mu, Y);
    return Y;
}

static double largest(const struct nd_abundance_scan *scan, int rho, double mu)
{
    struct nd_abundance_maxima maxima;
    nd_abundance_scan_maxima(scan, mu, &maxima);
    return rho ? maxima.rho_N_over_rho_gamma : maxima.n_over_neq;
}

double nd_abundance_scan_threshold(const struct nd_abundance_scan *scan, int rho, double value,
                                   double mu_max)
{
    /* upwards by factors until it is reached, so that the least such mu is found: for rare N the
     * abundance goes as mu^2, for many it saturates */
    const double factor = 2.0;
    double high = mu_max * 1e-20;
    while (high < mu_max && largest(scan, rho, high) < value)
        high *= factor;
    high = fmin(high, mu_max);
    if (largest(scan, rho, high) < value)
        return INFINITY;
    double low = high / factor;
    while (high / low > 1.0 + 1e-8) {
        const double middle = sqrt(low * high);
        if (largest(scan, rho, middle) < value)
            low = middle;
        else
            high = middle;
    }
    return high;
}
