/* Tests of nudipole/likelihood.h: against a direct evaluation minimised by a simplex, closed forms
 * of one bin, published values for XENON1T, windows and errors. */
#include "support.h"

#include <gsl/gsl_multimin.h>
#include <stdlib.h>

#include "nudipole/likelihood.h"

TestSuite(likelihood, .init = no_gsl_abort);

static const double ROUNDING = 1e-12; /* of sums over some bins */

enum { TOY_BINS = 8 };

/* An experiment by hand: bins of 1 keV from 1 keV on. */
static struct {
    struct nd_experiment experiment;
    double low[TOY_BINS], high[TOY_BINS];
    double counts[TOY_BINS], background[TOY_BINS], tritium[TOY_BINS], signal[TOY_BINS];
} toy;

static void make_toy(int n_bins, double efficiency_error, double background_error)
{
    struct nd_experiment *x = &toy.experiment;
    *x = (struct nd_experiment){.name = "toy",
                                .title = "Toy",
                                .efficiency_error = efficiency_error,
                                .background_error = background_error,
                                .n_bins = n_bins,
                                .low = toy.low,
                                .high = toy.high,
                                .counts = toy.counts,
                                .background = toy.background,
                                .tritium = toy.tritium};
    for (int j = 0; j < n_bins; j++) {
        toy.low[j] = 1.0 + j;
        toy.high[j] = 2.0 + j;
    }
}

/* One bin; NAN: no such component. */
static void make_one_bin(double n, double B, double T, double S)
{
    toy.counts[0] = n;
    toy.background[0] = B;
    toy.tritium[0] = T;
    toy.signal[0] = S;
}

static struct nd_likelihood whole(const struct nd_experiment *experiment,
                                  enum nd_nuisances nuisances, int tritium)
{
    const struct nd_likelihood_options options = {nuisances, tritium, NAN, NAN};
    struct nd_likelihood likelihood;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_likelihood_init(&likelihood, experiment, &options, &error), error);
    return likelihood;
}

static struct nd_profile profile_from(struct nd_profile start, const struct nd_likelihood *l,
                                      const double *signal, double scale)
{
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_likelihood_profile(l, signal, scale, &start, &error), error);
    return start;
}

static struct nd_profile profile(const struct nd_likelihood *l, const double *signal, double scale)
{
    return profile_from((struct nd_profile){0}, l, signal, scale);
}

static struct nd_experiment *shipped(const char *name)
{
    const char *root = getenv("ND_TEST_ROOT");
    char folder[1000];
    struct nd_experiment *experiment;
    struct nd_error error = ND_ERROR_INIT;
    snprintf(folder, sizeof folder, "%s/params/data", root == NULL ? "." : root);
    ASSERT_OK(nd_experiment_create(&experiment, folder, name, &error), error);
    return experiment;
}

/* ---- the same a second way -------------------------------------------------------------- */

struct direct {
    const struct nd_likelihood *likelihood;
    const double *signal;
    double scale, tau_unit;
    int n;        /* free parameters */
    int which[3]; /* eps, beta, tau */
};

/* ln of Poisson and Gauss as the header has them, in long double; huge where it has no value. */
static double direct_two_nll(const struct direct *d, const double at[3])
{
    const struct nd_experiment *x = d->likelihood->experiment;
    long double ln_L = 0.0L, saturated = 0.0L;
    for (int j = d->likelihood->first; j < d->likelihood->first + d->likelihood->n; j++) {
        long double mu = (1.0L + at[1]) * x->background[j] + (long double)d->scale * d->signal[j];
        if (d->likelihood->options.tritium)
            mu += (long double)at[2] * x->tritium[j];
        mu *= 1.0L + at[0];
        const long double n = x->counts[j];
        if (mu < 0.0L || (n > 0.0L && mu == 0.0L))
            return 1e300;
        ln_L += (n > 0.0L ? n * logl(mu) : 0.0L) - mu;
        saturated += n > 0.0L ? n * logl(n) - n : 0.0L;
    }
    const double errors[] = {x->efficiency_error, x->background_error};
    for (int i = 0; i < 2; i++)
        if (at[i] != 0.0)
            ln_L -= 0.5L * powl((long double)at[i] / errors[i], 2.0L);
    return (double)(2.0L * (saturated - ln_L));
}

/* Coordinates without limits: 1 + eps = exp(u), 1 + beta = exp(u), tau = unit u^2. */
static double simplex_function(const gsl_vector *u, void *context)
{
    const struct direct *d = context;
    double at[3] = {0.0, 0.0, 0.0};
    for (int i = 0; i < d->n; i++) {
        const double v = gsl_vector_get(u, (size_t)i);
        at[d->which[i]] = d->which[i] == 2 ? d->tau_unit * v * v : expm1(v);
    }
    return direct_two_nll(d, at);
}

/* Minimum by a simplex, started anew where it ended until nothing is gained. */
static double descend(struct direct *d, double start)
{
    const double at_zero[3] = {0.0, 0.0, 0.0};
    if (d->n == 0)
        return direct_two_nll(d, at_zero);
    gsl_multimin_fminimizer *solver =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, (size_t)d->n);
    gsl_vector *u = gsl_vector_alloc((size_t)d->n), *steps = gsl_vector_alloc((size_t)d->n);
    gsl_multimin_function function = {simplex_function, (size_t)d->n, d};
    gsl_vector_set_all(u, start);
    double best = INFINITY, before;
    do {
        before = best;
        gsl_vector_set_all(steps, isinf(before) ? 0.5 : 0.02);
        gsl_multimin_fminimizer_set(solver, &function, u, steps);
        for (int i = 0; i < 2000 && gsl_multimin_fminimizer_size(solver) > 1e-9; i++)
            if (gsl_multimin_fminimizer_iterate(solver) != GSL_SUCCESS)
                break;
        gsl_vector_memcpy(u, solver->x);
        best = fmin(best, solver->fval);
    } while (best < before - 1e-9 * (1.0 + fabs(best)));
    gsl_multimin_fminimizer_free(solver);
    gsl_vector_free(u);
    gsl_vector_free(steps);
    return best;
}

static struct direct make_direct(const struct nd_likelihood *l, const double *signal, double scale)
{
    struct direct d = {.likelihood = l, .signal = signal, .scale = scale, .tau_unit = 1.0};
    const int profiled = l->options.nuisances == ND_NUISANCES_PROFILED;
    if (profiled && l->experiment->efficiency_error > 0.0)
        d.which[d.n++] = 0;
    if (profiled && l->experiment->background_error > 0.0)
        d.which[d.n++] = 1;
    if (l->options.tritium) {
        d.tau_unit = (1.0 + nd_likelihood_observed(l)) /
                     nd_likelihood_sum(l, l->experiment->tritium);
        d.which[d.n++] = 2;
    }
    return d;
}

/* The minimum is that of the simplex from several starts, it is where `profile` says, and there it
 * is stationary, or at the wall with the slope against it. */
static void check_minimum(const struct nd_likelihood *l, const double *signal, double scale,
                          const char *what)
{
    const double simplex = 1e-8; /* of 1 + minimum: the simplex stops there */
    const double flat = 1e-4;    /* distance from the minimum, in standard deviations */
    const double h = 1e-5;       /* (h n)^2 of the curvature is below `flat`, long doubles last */
    struct direct d = make_direct(l, signal, scale);
    const struct nd_profile p = profile(l, signal, scale);
    const double at[3] = {p.eps, p.beta, p.tau};
    const double reference = fmin(descend(&d, 0.0), fmin(descend(&d, -1.0), descend(&d, 0.7)));
    ASSERT_NEAR(p.two_nll, reference, simplex * (1.0 + reference), "%s: minimum", what);
    ASSERT_NEAR(p.two_nll, direct_two_nll(&d, at), ROUNDING * (1.0 + reference),
                "%s: value at the minimum", what);
    cr_assert(p.tau >= 0.0 && p.eps >= -1.0 && p.beta > -1.0, "%s: outside", what);
    for (int k = 0; k < 3; k++) {
        int is_free = 0;
        for (int i = 0; i < d.n; i++)
            is_free |= d.which[i] == k;
        cr_assert(is_free || at[k] == 0.0, "%s: parameter %d is not free", what, k);
        const double step = h * (k == 2 ? d.tau_unit : 1.0 + at[k]);
        if (!is_free || !(step > 0.0))
            continue;
        double up[3] = {at[0], at[1], at[2]}, down[3] = {at[0], at[1], at[2]};
        up[k] += step;
        down[k] -= step;
        const int at_wall = k == 2 && at[2] < step;
        const double here = direct_two_nll(&d, at), right = direct_two_nll(&d, up);
        const double left = at_wall ? here : direct_two_nll(&d, down);
        if (at_wall) {
            cr_assert(right - here > -flat * step, "%s: tau pushed against no wall", what);
            continue;
        }
        const double slope = (right - left) / (2.0 * step);
        const double curvature = (right - 2.0 * here + left) / (step * step);
        cr_assert(fabs(slope) <= flat * sqrt(fabs(curvature)) + flat * flat,
                  "%s: parameter %d has slope %g at the minimum, curvature %g", what, k, slope,
                  curvature);
    }
}

/* Numbers in [0, 1) that are the same everywhere. */
static double draw(void)
{
    static unsigned long long state = 20240229;
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(state >> 11) / 9007199254740992.0;
}

static double pick(const double *values, int n)
{
    return values[(int)(draw() * n)];
}

static void draw_toy(void)
{
    static const double errors[] = {0.0, 0.026, 0.03, 0.2}, sizes[] = {1.0, 20.0, 500.0};
    const double efficiency_error = pick(errors, 4), size = pick(sizes, 3);
    make_toy(1 + (int)(draw() * TOY_BINS), efficiency_error, pick(errors, 4));
    for (int j = 0; j < toy.experiment.n_bins; j++) {
        const int empty = draw() < 0.2;
        toy.background[j] = empty ? 0.0 : size * (0.5 + draw());
        toy.counts[j] = empty || draw() < 0.2 ? 0.0 : floor(size * (0.3 + 1.5 * draw()) + 1.0);
        toy.tritium[j] = 0.01 + draw();
        toy.signal[j] = draw() < 0.2 ? 0.0 : draw();
    }
}

Test(likelihood, minimum_of_random_experiments)
{
    static const double scales[] = {0.0, 1e-9, 0.01, 1.0, 30.0, 1e3, 1e6};
    for (int i = 0; i < 150; i++) {
        char what[64];
        draw_toy();
        const double scale = pick(scales, 7);
        for (int tritium = 0; tritium < 2; tritium++) {
            const enum nd_nuisances nuisances =
                draw() < 0.2 ? ND_NUISANCES_FIXED : ND_NUISANCES_PROFILED;
            const struct nd_likelihood l = whole(&toy.experiment, nuisances, tritium);
            snprintf(what, sizeof what, "experiment %d, scale %g, tritium %d", i, scale, tritium);
            check_minimum(&l, toy.signal, scale, what);
        }
    }
}
