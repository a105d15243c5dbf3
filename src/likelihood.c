/* Binned likelihood: see nudipole/likelihood.h. */
#include "nudipole/likelihood.h"

#include <math.h>
#include <stddef.h>

/* ---- window ----------------------------------------------------------------------------- */

/* Bin whose low (high) edge is `E`, or -1; the edges of bins come from decimal text. */
static int find_edge(const struct nd_experiment *x, const double *edges, double E)
{
    for (int j = 0; j < x->n_bins; j++)
        if (fabs(edges[j] - E) < 1e-6)
            return j;
    return -1;
}

enum nd_status nd_likelihood_init(struct nd_likelihood *likelihood,
                                  const struct nd_experiment *experiment,
                                  const struct nd_likelihood_options *options,
                                  struct nd_error *error)
{
    const struct nd_experiment *x = experiment;
    const double low = isnan(options->window_min) ? x->low[0] : options->window_min;
    const double high = isnan(options->window_max) ? x->high[x->n_bins - 1] : options->window_max;
    const int first = find_edge(x, x->low, low), last = find_edge(x, x->high, high);
    if (first < 0 || last < 0)
        return nd_fail(error, ND_BAD_INPUT,
                       "no bin of %s %s at %g keV: allowed are edges of its %d bins from %g to %g "
                       "keV",
                       x->title, first < 0 ? "begins" : "ends", first < 0 ? low : high, x->n_bins,
                       x->low[0], x->high[x->n_bins - 1]);
    if (last < first)
        return nd_fail(error, ND_BAD_INPUT,
                       "window from %g to %g keV: allowed is an upper end above the lower", low,
                       high);
    if (options->tritium && x->tritium == NULL)
        return nd_fail(error, ND_BAD_INPUT, "%s has no tritium template: allowed is off", x->title);
    *likelihood = (struct nd_likelihood){
        .first = first, .n = last - first + 1, .experiment = x, .options = *options};
    return ND_OK;
}

/* ---- minimum ---------------------------------------------------------------------------- */

/* Sums over the bins, with m_j = (1 + beta) B_j + S_j + tau T_j. */
struct sums {
    double m, B, T;       /* sum of m_j, B_j, T_j */
    double n;             /* sum of n_j */
    double nB, nT;        /* sum of n_j B_j/m_j, ... */
    double nBB, nBT, nTT; /* sum of n_j B_j^2/m_j^2, ... */
};

static struct sums sum_up(const struct nd_likelihood *l, const double *signal, double scale,
                          double beta, double tau)
{
    const struct nd_experiment *x = l->experiment;
    struct sums s = {0};
    for (int j = l->first; j < l->first + l->n; j++) {
        const double B = x->background[j], T = l->options.tritium ? x->tritium[j] : 0.0;
        const double m = (1.0 + beta) * B + scale * signal[j] + tau * T;
        const double inverse = m > 0.0 ? 1.0 / m : 0.0;
        const double P = x->counts[j] * inverse, b = B * inverse, t = T * inverse;
        s.m += m;
        s.B += B;
        s.T += T;
        s.n += x->counts[j];
        s.nB += P * B;
        s.nT += P * T;
        s.nBB += P * B * b;
        s.nBT += P * B * t;
        s.nTT += P * T * t;
    }
    return s;
}

static double two_nll(const struct nd_likelihood *l, const double *signal, double scale, double eps,
                      double beta, double tau)
{
    const struct nd_experiment *x = l->experiment;
    double sum = 0.0;
    for (int j = l->first; j < l->first + l->n; j++) {
        const double T = l->options.tritium ? x->tritium[j] : 0.0, n = x->counts[j];
        const double mu =
            (1.0 + eps) * ((1.0 + beta) * x->background[j] + scale * signal[j] + tau * T);
        sum += mu - n + (n > 0.0 ? n * log(n / mu) : 0.0);
    }
    /* an error of 0 fixes its parameter at 0 */
    const double e = eps != 0.0 ? eps / x->efficiency_error : 0.0;
    const double b = beta != 0.0 ? beta / x->background_error : 0.0;
    return 2.0 * sum + e * e + b * b;
}

/* The eps that minimises for a given sum of m_j: (1 + eps)(m + eps/sigma^2) = n has one root with
 * 1 + eps > 0. `derivative` is with respect to m. */
static double best_eps(const struct nd_likelihood *l, double m, double n, double *derivative)
{
    const double sigma = l->experiment->efficiency_error;
    *derivative = 0.0;
    if (l->options.nuisances == ND_NUISANCES_FIXED || sigma == 0.0)
        return 0.0;
    const double weight = 1.0 / (sigma * sigma), sum = m + weight;
    const double root = sqrt((m - weight) * (m - weight) + 4.0 * n * weight);
    const double eps = -2.0 * (m - n) / (sum + root);
    *derivative = -(1.0 + eps) / (sum + 2.0 * eps * weight);
    return eps;
}

/* A point of the search: the sums there and the Newton step from there. */
struct stand {
    double beta, tau, eps;
    struct sums sums;
    double d_beta, d_tau;
    double gain; /* twice what the step promises in ln L */
};

/* A Newton step in (beta, tau) with eps at its best, inside tau >= 0, on which the quadratic model
 * falls; returns twice the predicted gain in ln L. */
static double newton_step(const struct nd_likelihood *l, const struct stand *stand, double *d_beta,
                          double *d_tau)
{
    const struct sums *s = &stand->sums;
    const double sigma = l->experiment->background_error;
    const int beta_free = l->options.nuisances == ND_NUISANCES_PROFILED && sigma > 0.0;
    double slope;
    const double keep = 1.0 + best_eps(l, s->m, s->n, &slope);
    double g_beta = 0.0, h_beta = 1.0, g_tau = 0.0, h_tau = 1.0, h_mixed = 0.0;
    const double prior = beta_free ? 1.0 / (sigma * sigma) : 0.0;
    if (beta_free) {
        g_beta = keep * s->B - s->nB + stand->beta * prior;
        h_beta = s->nBB + slope * s->B * s->B + prior;
    }
    int tau_free = l->options.tritium;
    if (tau_free) {
        g_tau = keep * s->T - s->nT;
        h_tau = s->nTT + slope * s->T * s->T;
        h_mixed = beta_free ? s->nBT + slope * s->B * s->T : 0.0;
        /* at the wall tau = 0, and pushed against it */
        tau_free = !(stand->tau == 0.0 && g_tau >= 0.0);
        if (!tau_free) {
            g_tau = h_mixed = 0.0;
            h_tau = 1.0;
        }
    }
    /* far from the minimum, where eps bends the likelihood down: without eps it is convex */
    if (!(h_beta > 0.0 && h_tau > 0.0 &&
          h_beta * h_tau - h_mixed * h_mixed > 1e-9 * h_beta * h_tau)) {
        h_beta = beta_free ? s->nBB + prior : 1.0;
        h_tau = tau_free ? s->nTT + 1e-9 * s->T * s->T + 1e-300 : 1.0;
        h_mixed = beta_free && tau_free ? s->nBT : 0.0;
    }
    const double determinant = h_beta * h_tau - h_mixed * h_mixed;
    *d_beta = -(g_beta * h_tau - g_tau * h_mixed) / determinant;
    *d_tau = -(g_tau * h_beta - g_beta * h_mixed) / determinant;
    if (stand->tau + *d_tau < 0.0) {
        *d_tau = -stand->tau;
        *d_beta = -(g_beta + h_mixed * *d_tau) / h_beta;
    }
    /* a background stays positive */
    const double most = -0.5 * (1.0 + stand->beta);
    if (*d_beta < most) {
        *d_tau *= most / *d_beta;
        *d_beta = most;
    }
    return fabs(g_beta * *d_beta) + fabs(g_tau * *d_tau);
}

static struct stand stand_at(const struct nd_likelihood *l, const double *signal, double scale,
                             double beta, double tau)
{
    struct stand stand = {.beta = beta, .tau = tau};
    double slope;
    stand.sums = sum_up(l, signal, scale, beta, tau);
    stand.eps = best_eps(l, stand.sums.m, stand.sums.n, &slope);
    stand.gain = newton_step(l, &stand, &stand.d_beta, &stand.d_tau);
    return stand;
}

static double value_at(const struct nd_likelihood *l, const double *signal, double scale,
                       const struct stand *stand)
{
    return two_nll(l, signal, scale, stand->eps, stand->beta, stand->tau);
}

/* The next point: the whole step where it brings the minimum nearer, else half of it, and again.
 * A smaller promise is nearer; only where it is larger do the values themselves decide. */
static struct stand advance(const struct nd_likelihood *l, const double *signal, double scale,
                            const struct stand *from)
{
    enum { HALVINGS_MAX = 60 };
    struct stand next = *from;
    double here = NAN;
    for (int i = 0; i < HALVINGS_MAX; i++) {
        const double part = ldexp(1.0, -i);
        next = stand_at(l, signal, scale, from->beta + part * from->d_beta,
                        fmax(0.0, from->tau + part * from->d_tau));
        if (i == 0 && next.gain <= from->gain)
            return next;
        if (i == 0)
            here = value_at(l, signal, scale, from);
        if (value_at(l, signal, scale, &next) <= here)
            return next;
    }
    return next;
}

enum nd_status nd_likelihood_profile(const struct nd_likelihood *l, const double *signal,
                                     double scale, struct nd_profile *profile,
                                     struct nd_error *error)
{
    enum { STEPS_MAX = 200 };
    const double enough = 1e-8; /* of -2 ln L: the step after it is of the order of its square */
    int steps = 1;
    struct stand stand = stand_at(l, signal, scale, profile->beta, profile->tau);
    while (stand.gain >= enough && steps < STEPS_MAX) {
        stand = advance(l, signal, scale, &stand);
        steps++;
    }
    if (stand.gain < enough) { /* false for NAN, too */
        const struct stand last = advance(l, signal, scale, &stand);
        *profile = (struct nd_profile){value_at(l, signal, scale, &last), last.eps, last.beta,
                                       last.tau, steps};
        if (isfinite(profile->two_nll))
            return ND_OK;
    }
    *profile = (struct nd_profile){.two_nll = NAN, .steps = steps};
    return nd_fail(error, ND_NOT_CONVERGED,
                   "likelihood of %s: no minimum over the nuisance parameters in %d steps; a bin "
                   "with counts needs a background above 0",
                   l->experiment->title, STEPS_MAX);
}

double nd_likelihood_slope(const struct nd_likelihood *l, const double *signal, double scale,
                           const struct nd_profile *profile)
{
    const struct nd_experiment *x = l->experiment;
    double sum = 0.0;
    for (int j = l->first; j < l->first + l->n; j++) {
        const double T = l->options.tritium ? x->tritium[j] : 0.0;
        const double m =
            (1.0 + profile->beta) * x->background[j] + scale * signal[j] + profile->tau * T;
        sum += (1.0 + profile->eps) * signal[j] - (m > 0.0 ? x->counts[j] * signal[j] / m : 0.0);
    }
    return sum;
}

/* ---- sums ------------------------------------------------------------------------------- */

double nd_likelihood_sum(const struct nd_likelihood *l, const double *signal)
{
    double sum = 0.0;
    for (int j = l->first; j < l->first + l->n; j++)
        sum += signal[j];
    return sum;
}

double nd_likelihood_observed(const struct nd_likelihood *l)
{
    return nd_likelihood_sum(l, l->experiment->counts);
}

double nd_likelihood_background(const struct nd_likelihood *l)
{
    return nd_likelihood_sum(l, l->experiment->background);
}
