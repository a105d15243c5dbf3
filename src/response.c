/* From recoils to counts: see nudipole/response.h. */
#include "nudipole/response.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/units.h"

/* Gaussian tails are cut here: what is left out is 1e-15 of a line. */
static const double SIGMAS = 8.0;

/* How far above the bins efficiencies at true energies must be known: 1e-5 of a line. */
static const double SIGMAS_NEEDED = 4.3;

/* Points of the two rules on a panel: the result and the one it is compared with. */
enum { N_FINE = 10, N_COARSE = 7, N_RULES = 2, N_POINTS = N_FINE + N_COARSE };

struct rule {
    double x[N_POINTS], w[N_POINTS]; /* on [-1, 1]; the fine rule first */
};

struct panel {
    double low, high; /* true energies [keV] */
    double electrons; /* that are free in it */
    double *share;    /* A_j at the points: [point * n_bins + bin] */
    int first, last;  /* bins that it reaches: first <= j < last */
};

struct nd_response {
    const struct nd_experiment *experiment;
    const struct nd_atom *atom;
    struct nd_response_options options;
    struct rule rule;
    int n_panels;
    struct panel *panels;
    double *shares; /* all of them */
};

/* ---- one recoil ------------------------------------------------------------------------- */

static double gauss(double z)
{
    return exp(-0.5 * z * z) / sqrt(2.0 * ND_PI);
}

/* Probability of z in [a, b], without cancellation in the tails. */
static double gauss_between(double a, double b)
{
    if (a > 0.0)
        return 0.5 * (erfc(a / sqrt(2.0)) - erfc(b / sqrt(2.0)));
    if (b < 0.0)
        return 0.5 * (erfc(-b / sqrt(2.0)) - erfc(-a / sqrt(2.0)));
    return 0.5 * (erf(b / sqrt(2.0)) - erf(a / sqrt(2.0)));
}

/* Probability that a recoil of true energy E is reconstructed in [low, high] and accepted there. */
static double accepted(const struct nd_experiment *x, double E, double low, double high)
{
    const double sigma = nd_experiment_resolution(x, E);
    const double from = fmax(low, E - SIGMAS * sigma), to = fmin(high, E + SIGMAS * sigma);
    double sum = 0.0;
    for (int i = 1; i < x->n_efficiency; i++) {
        const double E1 = x->efficiency_energy[i - 1], E2 = x->efficiency_energy[i];
        const double a = fmax(from, E1), b = fmin(to, E2);
        if (E1 >= to)
            break;
        if (a >= b)
            continue;
        const double slope = (x->efficiency[i] - x->efficiency[i - 1]) / (E2 - E1);
        const double at_E = x->efficiency[i - 1] + slope * (E - E1);
        const double za = (a - E) / sigma, zb = (b - E) / sigma;
        sum += at_E * gauss_between(za, zb) - slope * sigma * (gauss(zb) - gauss(za));
    }
    return sum;
}

/* A_j for all bins from `first` to `last`. */
static void shares_of(const struct nd_response *r, double E, int first, int last, double *share)
{
    const struct nd_experiment *x = r->experiment;
    const double sigma = nd_experiment_resolution(x, E);
    for (int j = first; j < last; j++) {
        const double low = x->low[j], high = x->high[j];
        if (high < E - SIGMAS * sigma || low > E + SIGMAS * sigma)
            share[j] = 0.0;
        else if (r->options.efficiency_at == ND_EFFICIENCY_AT_TRUE)
            share[j] = nd_experiment_efficiency(x, E) *
                       gauss_between((low - E) / sigma, (high - E) / sigma);
        else
            share[j] = accepted(x, E, low, high);
    }
}

/* ---- panels ----------------------------------------------------------------------------- */

/* Lowest true energy that reaches the bins. */
static double lowest_energy(const struct nd_experiment *x)
{
    double below = 0.0, above = x->low[0];
    for (int i = 0; i < 60; i++) {
        const double E = 0.5 * (below + above);
        if (E + SIGMAS * nd_experiment_resolution(x, E) < x->low[0])
            below = E;
        else
            above = E;
    }
    return below;
}

/* Highest one, a number of standard deviations above; the resolution grows more slowly than the
 * energy (nd_experiment_create). */
static double highest_energy(const struct nd_experiment *x, double sigmas)
{
    const double top = x->high[x->n_bins - 1];
    double E = top;
    for (int i = 0; i < 200; i++)
        E = top + sigmas * nd_experiment_resolution(x, E);
    return E;
}

/* The next panel begins at `low`: it ends a resolution further, or at a binding energy. */
static double panel_end(const struct nd_response *r, double low, double highest)
{
    const double least = 0.01; /* [keV], where the resolution shrinks to nothing */
    double end = low + fmax(least, nd_experiment_resolution(r->experiment, low));
    for (int i = 0; i < r->atom->n_shells; i++) {
        const double edge = nd_kev_from_mev(r->atom->binding[i]);
        if (edge > low && edge < end)
            end = edge;
    }
    return fmin(end, highest);
}

static double point(const struct rule *rule, int i, double low, double high)
{
    return 0.5 * (low + high) + 0.5 * (high - low) * rule->x[i];
}

static void fill_panel(const struct nd_response *r, struct panel *panel)
{
    const struct nd_experiment *x = r->experiment;
    const double middle = 0.5 * (panel->low + panel->high);
    panel->electrons = nd_atom_electrons(r->atom, r->options.electrons, nd_mev_from_kev(middle));
    const double least = panel->low - SIGMAS * nd_experiment_resolution(x, panel->high);
    const double most = panel->high + SIGMAS * nd_experiment_resolution(x, panel->high);
    panel->first = 0;
    panel->last = x->n_bins;
    while (panel->first < panel->last && x->high[panel->first] < least)
        panel->first++;
    while (panel->last > panel->first && x->low[panel->last - 1] > most)
        panel->last--;
    for (int i = 0; i < N_POINTS; i++)
        shares_of(r, point(&r->rule, i, panel->low, panel->high), panel->first, panel->last,
                  panel->share + i * x->n_bins);
}

static enum nd_status make_panels(struct nd_response *r, struct nd_error *error)
{
    const double lowest = lowest_energy(r->experiment),
                 highest = highest_energy(r->experiment, SIGMAS);
    const size_t n_bins = (size_t)r->experiment->n_bins;
    int n = 0;
    double E = lowest;
    while (E < highest) {
        E = panel_end(r, E, highest);
        n++;
    }
    r->panels = calloc((size_t)n + 1, sizeof *r->panels);
    r->shares = calloc(((size_t)n * N_POINTS + 1) * n_bins, sizeof *r->shares);
    if (r->panels == NULL || r->shares == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for the response of a detector");
    E = lowest;
    for (r->n_panels = 0; r->n_panels < n; r->n_panels++) {
        struct panel *panel = &r->panels[r->n_panels];
        panel->low = E;
        panel->high = E = panel_end(r, E, highest);
        panel->share = r->shares + (size_t)r->n_panels * N_POINTS * n_bins;
        fill_panel(r, panel);
    }
    return ND_OK;
}

static enum nd_status make_rule(struct rule *rule, struct nd_error *error)
{
    static const int SIZE[N_RULES] = {N_FINE, N_COARSE};
    int at = 0;
    for (int k = 0; k < N_RULES; k++) {
        gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc((size_t)SIZE[k]);
        if (table == NULL)
            return nd_fail(error, ND_NO_MEMORY, "no memory for a quadrature rule");
        for (int i = 0; i < SIZE[k]; i++, at++)
            gsl_integration_glfixed_point(-1.0, 1.0, (size_t)i, &rule->x[at], &rule->w[at], table);
        gsl_integration_glfixed_table_free(table);
    }
    return ND_OK;
}

/* What the table of efficiencies must reach. */
static enum nd_status check_range(const struct nd_response *r, struct nd_error *error)
{
    const struct nd_experiment *x = r->experiment;
    const double end = x->efficiency_energy[x->n_efficiency - 1];
    const double needed = highest_energy(x, SIGMAS_NEEDED);
    if (r->options.efficiency_at == ND_EFFICIENCY_AT_RECONSTRUCTED || end >= needed)
        return ND_OK; /* nd_experiment_create has seen to the bins themselves */
    return nd_fail(error, ND_BAD_INPUT,
                   "the efficiency of %s is known up to %g keV and true energies up to %.1f keV "
                   "reach the bins: allowed is reconstructed",
                   x->title, end, needed);
}

enum nd_status nd_response_create(struct nd_response **result,
                                  const struct nd_experiment *experiment,
                                  const struct nd_atom *atom,
                                  const struct nd_response_options *options, struct nd_error *error)
{
    struct nd_response *r = calloc(1, sizeof *r);
    *result = NULL;
    if (r == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for the response of a detector");
    r->experiment = experiment;
    r->atom = atom;
    r->options = *options;
    enum nd_status status = check_range(r, error);
    if (status == ND_OK)
        status = make_rule(&r->rule, error);
    if (status == ND_OK)
        status = make_panels(r, error);
    if (status != ND_OK)
        nd_response_free(r);
    else
        *result = r;
    return status;
}

void nd_response_free(struct nd_response *r)
{
    if (r == NULL)
        return;
    free(r->panels);
    free(r->shares);
    free(r);
}

int nd_response_bins(const struct nd_response *r)
{
    return r->experiment->n_bins;
}

/* ---- spectra ---------------------------------------------------------------------------- */

enum { EDGES_MAX = 2 * ND_LINES_MAX };

/* Energies where dR/dE starts, ends or jumps [keV], increasing. */
struct edges {
    int n;
    double E[EDGES_MAX];
};

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct edges kinematic_edges(const struct nd_flux *flux, double m4)
{
    struct edges edges = {.n = 0};
    const double *energies;
    const int n = nd_flux_edges(flux, &energies);
    for (int i = 0; i < n; i++) {
        double low, high;
        if (!nd_recoil_range(m4, energies[i], &low, &high))
            continue;
        edges.E[edges.n++] = nd_kev_from_mev(low);
        edges.E[edges.n++] = nd_kev_from_mev(high);
    }
    qsort(edges.E, (size_t)edges.n, sizeof edges.E[0], ascending);
    return edges;
}

/* A panel in parts that no edge divides; `ends` has room for EDGES_MAX + 2. Returns how many. */
static int divide(const struct panel *panel, const struct edges *edges, double *ends)
{
    int n = 0;
    ends[n++] = panel->low;
    for (int i = 0; i < edges->n; i++)
        if (edges->E[i] > ends[n - 1] && edges->E[i] < panel->high)
            ends[n++] = edges->E[i];
    ends[n] = panel->high;
    return n;
}

/* Weight of a point times dR/dE there [1/(t yr)]. */
static double weighted_rate(const struct nd_response *r, const struct panel *panel, int i,
                            double low, double high, const struct nd_flux *flux, double m4)
{
    const double E = point(&r->rule, i, low, high);
    const double rate = nd_recoil_rate(flux, m4, nd_mev_from_kev(E));
    return 0.5 * (high - low) * r->rule.w[i] * panel->electrons * nd_per_tonne_year_kev(rate);
}

void nd_response_counts(const struct nd_response *r, const struct nd_flux *flux, double m4,
                        double *counts, double *errors)
{
    const struct nd_experiment *x = r->experiment;
    const int n_bins = x->n_bins, n_points = errors != NULL ? N_POINTS : N_FINE;
    const struct edges edges = kinematic_edges(flux, m4);
    double sums[N_RULES][ND_BINS_MAX] = {{0.0}}, fresh[ND_BINS_MAX], ends[EDGES_MAX + 2];
    for (int p = 0; p < r->n_panels; p++) {
        const struct panel *panel = &r->panels[p];
        const int n_parts = divide(panel, &edges, ends);
        for (int part = 0; part < n_parts; part++)
            for (int i = 0; i < n_points; i++) {
                const double low = ends[part], high = ends[part + 1];
                const double rate = weighted_rate(r, panel, i, low, high, flux, m4);
                const double *share = panel->share + i * n_bins;
                if (rate == 0.0)
                    continue;
                if (n_parts > 1) {
                    shares_of(r, point(&r->rule, i, low, high), panel->first, panel->last, fresh);
                    share = fresh;
                }
                for (int j = panel->first; j < panel->last; j++)
                    sums[i < N_FINE ? 0 : 1][j] += rate * share[j];
            }
    }
    for (int j = 0; j < n_bins; j++) {
        counts[j] = x->exposure * sums[0][j];
        if (errors != NULL)
            errors[j] = x->exposure * fabs(sums[0][j] - sums[1][j]);
    }
}

double nd_response_rate(const struct nd_response *r, const struct nd_flux *flux, double m4,
                        double E)
{
    const struct nd_experiment *x = r->experiment;
    const int at_true = r->options.efficiency_at == ND_EFFICIENCY_AT_TRUE;
    const struct edges edges = kinematic_edges(flux, m4);
    double sum = 0.0, ends[EDGES_MAX + 2];
    for (int p = 0; p < r->n_panels; p++) {
        const struct panel *panel = &r->panels[p];
        const double reach = SIGMAS * nd_experiment_resolution(x, panel->high);
        if (panel->low - reach > E || panel->high + reach < E)
            continue;
        const int n_parts = divide(panel, &edges, ends);
        for (int part = 0; part < n_parts; part++)
            for (int i = 0; i < N_FINE; i++) {
                const double low = ends[part], high = ends[part + 1];
                const double true_E = point(&r->rule, i, low, high);
                const double sigma = nd_experiment_resolution(x, true_E);
                sum += weighted_rate(r, panel, i, low, high, flux, m4) *
                       gauss((E - true_E) / sigma) / sigma *
                       (at_true ? nd_experiment_efficiency(x, true_E) : 1.0);
            }
    }
    return at_true ? sum : sum * nd_experiment_efficiency(x, E);
}

double nd_response_recoil_rate(const struct nd_response *r, const struct nd_flux *flux, double m4,
                               double E)
{
    const double E_R = nd_mev_from_kev(E);
    return nd_per_tonne_year_kev(nd_recoil_rate(flux, m4, E_R)) *
           nd_atom_electrons(r->atom, r->options.electrons, E_R);
}
