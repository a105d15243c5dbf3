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

/* A Newton step in (beta, tau) with eps at its best; returns twice the predicted gain in ln L. */
static double newton_step(const struct nd_likelihood *l, const struct sums *s,
                          struct nd_profile *profile)
{
    const double sigma = l->experiment->background_error;
    const int beta_free = l->options.nuisances == ND_NUISANCES_PROFILED && sigma > 0.0;
    double slope;
    profile->eps = best_eps(l, s->m, s->n, &slope);
    const double keep = 1.0 + profile->eps;
    double g_beta = 0.0, h_beta = 1.0, g_tau = 0.0, h_tau = 1.0, h_mixed = 0.0;
    if (beta_free) {
        g_beta = keep * s->B - s->nB + profile->beta / (sigma * sigma);
        h_beta = s->nBB + slope * s->B * s->B + 1.0 / (sigma * sigma);
    }
    if (l->options.tritium) {
        g_tau = keep * s->T - s->nT;
        h_tau = s->nTT + slope * s->T * s->T;
        h_mixed = beta_free ? s->nBT + slope * s->B * s->T : 0.0;
        /* at the wall tau = 0, and pushed against it */
        if ((profile->tau == 0.0 && g_tau >= 0.0) || h_tau <= 0.0) {
            g_tau = h_mixed = 0.0;
            h_tau = 1.0;
        }
    }
    const double determinant = h_beta * h_tau - h_mixed * h_mixed;
    double d_beta = -(g_beta * h_tau - g_tau * h_mixed) / determinant;
    double d_tau = -(g_tau * h_beta - g_beta * h_mixed) / determinant;
    if (profile->tau + d_tau < 0.0)
        d_tau = -profile->tau;
    /* a background stays positive */
    d_beta = fmax(d_beta, -0.5 * (1.0 + profile->beta));
    profile->beta += d_beta;
    profile->tau += d_tau;
    return fabs(g_beta * d_beta) + fabs(g_tau * d_tau);
}

enum nd_status nd_likelihood_profile(const struct nd_likelihood *l, const double *signal,
                                     double scale, struct nd_profile *profile,
                                     struct nd_error *error)
{
    enum { STEPS_MAX = 100 };
    const double enough = 1e-8; /* of -2 ln L: the step after it is of the order of its square */
    double slope;
    for (profile->steps = 1; profile->steps <= STEPS_MAX; profile->steps++) {
        const struct sums s = sum_up(l, signal, scale, profile->beta, profile->tau);
        const double gain = newton_step(l, &s, profile);
        if (!isfinite(gain))
            break;
        if (gain >= enough)
            continue;
        const struct sums last = sum_up(l, signal, scale, profile->beta, profile->tau);
        profile->eps = best_eps(l, last.m, last.n, &slope);
        profile->two_nll = two_nll(l, signal, scale, profile->eps, profile->beta, profile->tau);
        if (isfinite(profile->two_nll))
            return ND_OK;
        break;
    }
    *profile = (struct nd_profile){.two_nll = NAN, .steps = profile->steps};
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
