/* Binned Poisson likelihood of a recoil spectrum with two nuisance parameters.
 *
 *     mu_j = (1 + eps) [(1 + beta) B_j + S_j + tau T_j],
 *     -2 ln L = 2 sum_j [mu_j - n_j + n_j ln(n_j / mu_j)] + (eps/sigma_eps)^2 +
 * (beta/sigma_beta)^2,
 *
 * that is relative to the saturated model. eps is the error of efficiency times exposure, beta that
 * of the background's normalisation, tau >= 0 the size of a tritium component, absent unless asked
 * for. Profiled: the minimum over eps, beta and tau. As in the binned analyses of XENON1T, e.g.
 * arXiv:2007.05517. */
#ifndef NUDIPOLE_LIKELIHOOD_H
#define NUDIPOLE_LIKELIHOOD_H

#include "nudipole/experiment.h"

enum nd_nuisances { ND_NUISANCES_PROFILED, ND_NUISANCES_FIXED };

struct nd_likelihood_options {
    enum nd_nuisances nuisances; /* fixed: eps = beta = 0 */
    int tritium;                 /* not 0: tau is free */
    double window_min;           /* edges of the bins that count [keV]; NAN: those of the data */
    double window_max;
};

struct nd_likelihood {
    int first, n;                           /* bins of the experiment: first <= j < first + n */
    const struct nd_experiment *experiment; /* must outlive it */
    struct nd_likelihood_options options;
};

struct nd_profile {
    double two_nll; /* -2 ln L at its minimum, relative to the saturated model */
    double eps, beta, tau;
    int steps; /* of Newton's method */
};

/* Selects the bins. Errors: ND_BAD_INPUT if the window is not made of whole bins of the data, or if
 * tritium is asked for and the experiment has no template. */
enum nd_status nd_likelihood_init(struct nd_likelihood *likelihood,
                                  const struct nd_experiment *experiment,
                                  const struct nd_likelihood_options *options,
                                  struct nd_error *error);

/* -2 ln L for `scale` times a signal (counts in every bin of the experiment, >= 0), minimised over
 * the nuisance parameters. What `profile` holds is where the search starts: zeros, or a neighbour's
 * minimum. Errors: ND_NOT_CONVERGED. */
enum nd_status nd_likelihood_profile(const struct nd_likelihood *likelihood, const double *signal,
                                     double scale, struct nd_profile *profile,
                                     struct nd_error *error);

/* Half the derivative of the minimum with respect to `scale`, at a minimum: by the envelope theorem
 * that of the likelihood at fixed nuisance parameters. */
double nd_likelihood_slope(const struct nd_likelihood *likelihood, const double *signal,
                           double scale, const struct nd_profile *profile);

/* Counts observed and expected from background alone in the window (eps = beta = tau = 0), and the
 * sum of a signal over it. */
double nd_likelihood_observed(const struct nd_likelihood *likelihood);
double nd_likelihood_background(const struct nd_likelihood *likelihood);
double nd_likelihood_sum(const struct nd_likelihood *likelihood, const double *signal);

#endif
