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
        d.tau_unit =
            (1.0 + nd_likelihood_observed(l)) / nd_likelihood_sum(l, l->experiment->tritium);
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
        if (!is_free || (k < 2 && 1.0 + at[k] < 1e-6)) /* nothing of it is left */
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

enum kind { NEAR, FAR }; /* counts from the background: within 50 %, or anything */

static void draw_toy(enum kind kind, const double *background_errors, int n_errors)
{
    static const double errors[] = {0.0, 0.026, 0.03, 0.2}, sizes[] = {1.0, 20.0, 500.0};
    const double efficiency_error = pick(errors, 4), size = pick(sizes, 3);
    make_toy(1 + (int)(draw() * TOY_BINS), efficiency_error, pick(background_errors, n_errors));
    for (int j = 0; j < toy.experiment.n_bins; j++) {
        const double low = kind == FAR ? 0.0 : 0.7, high = kind == FAR ? 3.0 : 1.5;
        toy.background[j] = draw() < 0.2 ? 0.0 : size * (0.5 + draw());
        toy.counts[j] = floor(toy.background[j] * (low + (high - low) * draw()));
        if (kind == FAR && draw() < 0.5)
            toy.counts[j] = 0.0;
        toy.tritium[j] = 0.01 + draw();
        toy.signal[j] = draw() < 0.2 ? 0.0 : draw();
    }
}

static void check_random_experiments(enum kind kind, int tritium, const double *background_errors,
                                     int n_errors)
{
    /* the last two without tritium only: a large tau makes up for any signal, with eps = -1 */
    static const double scales[] = {0.0, 1e-9, 0.01, 1.0, 30.0, 1e3, 1e6};
    for (int i = 0; i < 100; i++) {
        char what[64];
        draw_toy(kind, background_errors, n_errors);
        const double scale = pick(scales, tritium ? 5 : 7);
        const enum nd_nuisances nuisances =
            draw() < 0.2 ? ND_NUISANCES_FIXED : ND_NUISANCES_PROFILED;
        const struct nd_likelihood l = whole(&toy.experiment, nuisances, tritium);
        if (kind == FAR && nd_likelihood_observed(&l) == 0.0)
            continue; /* two minima, one of them without any efficiency */
        snprintf(what, sizeof what, "experiment %d, scale %g", i, scale);
        check_minimum(&l, toy.signal, scale, what);
    }
}

Test(likelihood, minimum_of_random_experiments)
{
    static const double errors[] = {0.0, 0.026, 0.03, 0.2};
    check_random_experiments(NEAR, 0, errors, 4);
}

Test(likelihood, minimum_of_random_experiments_with_tritium)
{
    static const double errors[] = {0.0, 0.026, 0.03};
    check_random_experiments(NEAR, 1, errors, 3);
}

Test(likelihood, minimum_with_tritium_and_an_uncertain_background)
{
    static const double errors[] = {0.2};
    check_random_experiments(NEAR, 1, errors, 1);
}

Test(likelihood, minimum_far_from_the_background)
{
    static const double errors[] = {0.03, 0.2};
    check_random_experiments(FAR, 0, errors, 2);
}

/* A signal that falls with energy and one that does not, over the bins of an experiment. */
static void make_signal(const struct nd_experiment *x, int falling, double *signal)
{
    for (int j = 0; j < x->n_bins; j++)
        signal[j] = falling ? exp(-0.5 * x->low[j]) : 1.0;
}

Test(likelihood, minimum_of_shipped_experiments)
{
    static const char *const names[] = {"xenon1t", "xenon1t", "xenonnt", "lz2024"};
    static const double counts[] = {0.0, 1e-6, 1.0, 50.0, 1e3, 1e6};
    for (int i = 0; i < 8; i++) {
        double signal[ND_BINS_MAX];
        struct nd_experiment *x = shipped(names[i / 2]);
        const struct nd_likelihood l = whole(x, ND_NUISANCES_PROFILED, i < 2);
        make_signal(x, i % 2, signal);
        const double sum = nd_likelihood_sum(&l, signal);
        for (int k = 0; k < 6; k++) {
            char what[64];
            snprintf(what, sizeof what, "%s, %g counts, tritium %d", names[i / 2], counts[k],
                     i < 2);
            check_minimum(&l, signal, counts[k] / sum, what);
        }
        nd_experiment_free(x);
    }
}

/* ---- properties ------------------------------------------------------------------------- */

Test(likelihood, start_does_not_matter)
{
    /* both searches end within some 1e-8 of a standard deviation of the minimum */
    const double value = 1e-10, place = 1e-7;
    static const struct nd_profile starts[] = {
        {.eps = 0.5}, {.beta = 0.1}, {.beta = -0.1}, {.tau = 0.5}, {.beta = 0.05, .tau = 4.0}};
    double signal[ND_BINS_MAX];
    struct nd_experiment *x = shipped("xenon1t");
    make_signal(x, 1, signal);
    for (int tritium = 0; tritium < 2; tritium++) {
        const struct nd_likelihood l = whole(x, ND_NUISANCES_PROFILED, tritium);
        struct nd_profile neighbour = {0};
        for (double scale = 0.0; scale < 400.0; scale = 1.0 + 2.0 * scale) {
            const struct nd_profile cold = profile(&l, signal, scale);
            neighbour = profile_from(neighbour, &l, signal, scale);
            for (int k = 0; k < 6; k++) {
                struct nd_profile start = k < 5 ? starts[k] : neighbour;
                if (!tritium)
                    start.tau = 0.0;
                start = profile_from(start, &l, signal, scale);
                ASSERT_CLOSE(start.two_nll, cold.two_nll, value, "-2 ln L, start %d", k);
                ASSERT_NEAR(start.eps, cold.eps, place, "eps, start %d", k);
                ASSERT_NEAR(start.beta, cold.beta, place, "beta, start %d", k);
                ASSERT_NEAR(start.tau, cold.tau, 10.0 * place, "tau, start %d", k);
            }
        }
    }
    nd_experiment_free(x);
}

Test(likelihood, slope_is_half_the_derivative)
{
    /* the difference quotient errs as h^2 and by rounding over h, its own scale is 1 */
    const double h = 1e-4, tolerance = 1e-6;
    double signal[ND_BINS_MAX];
    struct nd_experiment *x = shipped("xenon1t");
    for (int k = 0; k < 8; k++) {
        const struct nd_likelihood l =
            whole(x, k & 1 ? ND_NUISANCES_FIXED : ND_NUISANCES_PROFILED, k & 2);
        make_signal(x, k & 4, signal);
        for (double scale = 1.0; scale < 400.0; scale *= 3.0) {
            const struct nd_profile p = profile(&l, signal, scale);
            const double up = profile(&l, signal, scale * (1.0 + h)).two_nll;
            const double down = profile(&l, signal, scale * (1.0 - h)).two_nll;
            const double slope = nd_likelihood_slope(&l, signal, scale, &p);
            ASSERT_NEAR(scale * slope, 0.25 * (up - down) / h,
                        tolerance * (1.0 + fabs(scale * slope)), "options %d, scale %g", k, scale);
        }
    }
    nd_experiment_free(x);
}

/* At scale 0 the derivative to the right decides whether there is a signal. */
Test(likelihood, slope_without_signal)
{
    const double h = 1e-5, tolerance = 1e-4; /* of a one-sided quotient: h times the curvature */
    double signal[ND_BINS_MAX];
    struct nd_experiment *x = shipped("xenon1t");
    const struct nd_likelihood l = whole(x, ND_NUISANCES_PROFILED, 0);
    make_signal(x, 1, signal);
    const struct nd_profile p = profile(&l, signal, 0.0);
    const double quotient = (profile(&l, signal, h).two_nll - p.two_nll) / (2.0 * h);
    ASSERT_CLOSE(nd_likelihood_slope(&l, signal, 0.0, &p), quotient, tolerance, "slope at 0");
    cr_assert(quotient < 0.0, "the excess at low energies is gone: %g", quotient);
    nd_experiment_free(x);
}

/* ---- closed forms ----------------------------------------------------------------------- */

static double poisson(double n, double mu)
{
    return 2.0 * (mu - n + (n > 0.0 ? n * log(n / mu) : 0.0));
}

Test(likelihood, one_bin_with_one_error)
{
    /* (1 + eps)(m + eps/sigma^2) = n, solved for eps; an error of the background is the same
     * where there is nothing else in the bin */
    static const double sigmas[] = {1e-4, 0.03, 0.3, 1.0},
                        counts[] = {0.0, 1.0, 90.0, 100.0, 300.0};
    for (int i = 0; i < 4; i++)
        for (int k = i < 3 ? 0 : 1; k < 5; k++) {
            const double n = counts[k], B = i == 2 ? 10.0 : 100.0;
            const double w = 1.0 / (sigmas[i] * sigmas[i]), b = B + w;
            const double x = (-b + sqrt(b * b - 4.0 * w * (B - n))) / (2.0 * w);
            const double expected = poisson(n, (1.0 + x) * B) + w * x * x;
            for (int of_background = 0; of_background < 2; of_background++) {
                make_toy(1, of_background ? 0.0 : sigmas[i], of_background ? sigmas[i] : 0.0);
                make_one_bin(n, B, 1.0, 1.0);
                const struct nd_likelihood l = whole(&toy.experiment, ND_NUISANCES_PROFILED, 0);
                const struct nd_profile p = profile(&l, toy.signal, 0.0);
                /* x is a difference of large numbers where sigma is small */
                ASSERT_NEAR(of_background ? p.beta : p.eps, x, 1e-9, "sigma %g, n %g", sigmas[i],
                            n);
                ASSERT_NEAR(of_background ? p.eps : p.beta, 0.0, 0.0, "the other error");
                ASSERT_NEAR(p.two_nll, expected, 1e-9 * (1.0 + expected), "sigma %g, n %g, minimum",
                            sigmas[i], n);
            }
        }
}

Test(likelihood, one_bin_with_tritium)
{
    static const double counts[] = {0.0, 40.0, 100.0, 170.0, 1e5};
    for (int k = 0; k < 5; k++) {
        const double n = counts[k], B = 90.0, S = 10.0, T = 7.0;
        make_toy(1, 0.03, 0.03);
        make_one_bin(n, B, T, S);
        const struct nd_likelihood fixed = whole(&toy.experiment, ND_NUISANCES_FIXED, 1);
        const struct nd_profile p = profile(&fixed, toy.signal, 1.0);
        ASSERT_NEAR(p.tau, fmax(0.0, (n - B - S) / T), 1e-7 * (1.0 + n / T), "tau, n %g", n);
        ASSERT_NEAR(p.two_nll, n > B + S ? 0.0 : poisson(n, B + S), 1e-10, "fixed, n %g", n);
        /* tritium explains an excess at no cost of the others */
        const struct nd_likelihood l = whole(&toy.experiment, ND_NUISANCES_PROFILED, 1);
        if (n > B + S)
            ASSERT_NEAR(profile(&l, toy.signal, 1.0).two_nll, 0.0, 1e-10, "profiled, n %g", n);
    }
}

/* Two equal errors share a deviation of the background alone evenly. */
Test(likelihood, equal_errors_share_evenly)
{
    make_toy(1, 0.05, 0.05);
    make_one_bin(130.0, 100.0, 1.0, 1.0);
    const struct nd_likelihood l = whole(&toy.experiment, ND_NUISANCES_PROFILED, 0);
    const struct nd_profile p = profile(&l, toy.signal, 0.0);
    ASSERT_NEAR(p.eps, p.beta, 1e-8, "eps and beta");
    cr_assert(p.eps > 0.01);
}

Test(likelihood, empty_bins)
{
    /* no counts: 2 mu a bin; without background and signal a bin says nothing */
    make_toy(3, 0.0, 0.0);
    for (int j = 0; j < 3; j++) {
        toy.counts[j] = 0.0;
        toy.background[j] = j == 1 ? 0.0 : 2.0;
        toy.signal[j] = j == 2 ? 0.0 : 0.25;
    }
    const struct nd_likelihood l = whole(&toy.experiment, ND_NUISANCES_PROFILED, 0);
    ASSERT_CLOSE(profile(&l, toy.signal, 0.0).two_nll, 8.0, ROUNDING, "background");
    ASSERT_CLOSE(profile(&l, toy.signal, 4.0).two_nll, 12.0, ROUNDING, "with signal");
    const struct nd_profile zero = {0};
    ASSERT_CLOSE(nd_likelihood_slope(&l, toy.signal, 4.0, &zero), 0.5, ROUNDING, "slope");
}

/* ---- published -------------------------------------------------------------------------- */

Test(likelihood, xenon1t_without_signal)
{
    const double digits = 0.01; /* Table 2 of arXiv:2007.05517 has 44.0 and 34.5 */
    double none[ND_BINS_MAX] = {0.0};
    struct nd_experiment *x = shipped("xenon1t");
    const struct nd_likelihood background = whole(x, ND_NUISANCES_PROFILED, 0);
    const struct nd_likelihood tritium = whole(x, ND_NUISANCES_PROFILED, 1);
    ASSERT_NEAR(profile(&background, none, 0.0).two_nll, 44.00, digits, "background only");
    ASSERT_NEAR(profile(&tritium, none, 0.0).two_nll, 34.48, digits, "free tritium");
    nd_experiment_free(x);
}

/* ---- windows ---------------------------------------------------------------------------- */

static enum nd_status init(struct nd_likelihood *l, const struct nd_experiment *x, double low,
                           double high, struct nd_error *error)
{
    const struct nd_likelihood_options options = {ND_NUISANCES_PROFILED, 0, low, high};
    *error = (struct nd_error)ND_ERROR_INIT;
    return nd_likelihood_init(l, x, &options, error);
}

Test(likelihood, window)
{
    struct nd_likelihood l;
    struct nd_error error;
    struct nd_experiment *x = shipped("xenon1t");
    double ones[ND_BINS_MAX];
    for (int j = 0; j < x->n_bins; j++)
        ones[j] = 1.0;
    ASSERT_OK(init(&l, x, 1.0, 7.0, &error), error);
    cr_assert(l.first == 0 && l.n == 6 && l.experiment == x);
    ASSERT_NEAR(nd_likelihood_observed(&l), 285.0, 0.0, "1-7 keV: counts");
    ASSERT_NEAR(nd_likelihood_background(&l), 231.6, 0.05, "1-7 keV: background");
    ASSERT_OK(init(&l, x, 3.0, 4.0, &error), error);
    cr_assert(l.first == 2 && l.n == 1);
    ASSERT_NEAR(nd_likelihood_observed(&l), 55.0, 0.0, "3-4 keV: counts");
    ASSERT_OK(init(&l, x, NAN, NAN, &error), error);
    cr_assert(l.first == 0 && l.n == 29);
    ASSERT_OK(init(&l, x, NAN, 5.0, &error), error);
    cr_assert(l.first == 0 && l.n == 4);
    ASSERT_OK(init(&l, x, 28.0, NAN, &error), error);
    cr_assert(l.first == 27 && l.n == 2);
    ASSERT_NEAR(nd_likelihood_sum(&l, ones), 2.0, 0.0, "sum over the window");
    nd_experiment_free(x);
}

/* Bins outside the window do not count: the likelihood is that of an experiment without them. */
Test(likelihood, window_leaves_out_bins)
{
    double signal[ND_BINS_MAX];
    struct nd_likelihood inside;
    struct nd_error error;
    struct nd_experiment *x = shipped("xenon1t");
    make_signal(x, 1, signal);
    ASSERT_OK(init(&inside, x, 3.0, 9.0, &error), error);
    make_toy(6, x->efficiency_error, x->background_error);
    for (int j = 0; j < 6; j++) {
        toy.counts[j] = x->counts[2 + j];
        toy.background[j] = x->background[2 + j];
    }
    const struct nd_likelihood l = whole(&toy.experiment, ND_NUISANCES_PROFILED, 0);
    const struct nd_profile cut = profile(&inside, signal, 20.0),
                            all = profile(&l, signal + 2, 20.0);
    ASSERT_CLOSE(cut.two_nll, all.two_nll, ROUNDING, "-2 ln L");
    ASSERT_CLOSE(nd_likelihood_slope(&inside, signal, 20.0, &cut),
                 nd_likelihood_slope(&l, signal + 2, 20.0, &all), 1e-10, "slope");
    nd_experiment_free(x);
}

Test(likelihood, windows_that_are_refused)
{
    static const struct {
        double low, high;
        const char *fragment;
    } cases[] = {
        {1.5, 7.0, "no bin of XENON1T SR1 begins at 1.5 keV: allowed are edges of its 29 bins"},
        {1.0, 7.001, "no bin of XENON1T SR1 ends at 7.001 keV"},
        {0.0, 7.0, "begins at 0 keV: allowed are edges of its 29 bins from 1 to 30 keV"},
        {30.0, NAN, "begins at 30 keV"},
        {1.0, 31.0, "ends at 31 keV"},
        {NAN, 1.0, "ends at 1 keV"},
        {7.0, 3.0, "window from 7 to 3 keV: allowed is an upper end above the lower"},
        {7.0, 7.0, "window from 7 to 7 keV: allowed is an upper end above the lower"},
    };
    struct nd_experiment *x = shipped("xenon1t");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct nd_likelihood l;
        struct nd_error error;
        ASSERT_ERROR(init(&l, x, cases[i].low, cases[i].high, &error), error, ND_BAD_INPUT,
                     cases[i].fragment);
    }
    nd_experiment_free(x);
}

/* Edges come from decimal text: 2.3 and 1.3 + 1 are the same. */
Test(likelihood, edges_of_windows_are_rounded)
{
    struct nd_likelihood l;
    struct nd_error error;
    make_toy(2, 0.0, 0.0);
    toy.low[0] = 0.1 + 0.2;
    toy.high[0] = toy.low[1] = 1.3;
    toy.high[1] = 2.3;
    ASSERT_OK(init(&l, &toy.experiment, 0.3, 1.0 + 0.1 + 0.1 + 0.1, &error), error);
    cr_assert(l.first == 0 && l.n == 1);
}

/* ---- errors ----------------------------------------------------------------------------- */

Test(likelihood, tritium_needs_a_template)
{
    const struct nd_likelihood_options options = {ND_NUISANCES_PROFILED, 1, NAN, NAN};
    struct nd_likelihood l;
    struct nd_error error = ND_ERROR_INIT;
    struct nd_experiment *x = shipped("xenonnt");
    ASSERT_ERROR(nd_likelihood_init(&l, x, &options, &error), error, ND_BAD_INPUT,
                 "XENONnT SR0 has no tritium template: allowed is off");
    nd_experiment_free(x);
}

Test(likelihood, counts_without_background)
{
    make_toy(2, 0.03, 0.03);
    for (int j = 0; j < 2; j++) {
        toy.counts[j] = 3.0;
        toy.background[j] = j == 0 ? 0.0 : 2.0;
        toy.signal[j] = 1.0;
    }
    const struct nd_likelihood l = whole(&toy.experiment, ND_NUISANCES_PROFILED, 0);
    struct nd_profile p = {.eps = 0.1, .beta = 0.1};
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_likelihood_profile(&l, toy.signal, 0.0, &p, &error), error, ND_NOT_CONVERGED,
                 "likelihood of Toy: no minimum over the nuisance parameters");
    cr_assert(strstr(error.message, "a bin with counts needs a background above 0") != NULL);
    cr_assert(isnan(p.two_nll) && p.eps == 0.0 && p.beta == 0.0 && p.tau == 0.0);
    /* a signal in the bin is enough */
    check_minimum(&l, toy.signal, 1.0, "with signal");
}
