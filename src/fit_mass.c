/* The coupling at one mass: see nudipole/fit.h. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>

#include "nudipole/fit.h"

double nd_two_nll_of_sigma(double sigma, int dof)
{
    return gsl_cdf_chisq_Qinv(erfc(sigma / sqrt(2.0)), dof);
}

double nd_sigma_of_two_nll(double difference, int dof)
{
    if (!(difference > 0.0))
        return 0.0;
    return dof == 1 ? sqrt(difference) : gsl_cdf_ugaussian_Qinv(0.5 * exp(-0.5 * difference));
}

/* A likelihood along y, the number of signal counts in the window, which goes as mu^2. */
struct line {
    const struct nd_likelihood *likelihood;
    const double *counts;
    double unit; /* scale of the counts that makes y = 1 */
    double two_nll_best, level;
    struct nd_profile profile; /* of the last evaluation; the next one starts there */
    struct nd_error *error;
};

static double evaluate(struct line *line, double y)
{
    if (nd_likelihood_profile(line->likelihood, line->counts, y * line->unit, &line->profile,
                              line->error) != ND_OK)
        return NAN;
    return line->profile.two_nll;
}

static double slope(double y, void *context)
{
    struct line *line = context;
    evaluate(line, y);
    return nd_likelihood_slope(line->likelihood, line->counts, y * line->unit, &line->profile);
}

static double above_level(double y, void *context)
{
    struct line *line = context;
    return evaluate(line, y) - line->two_nll_best - line->level;
}

/* Root of a function that rises through zero in [low, high]. */
static enum nd_status find_root(double (*f)(double, void *), struct line *line, double low,
                                double high, double *root)
{
    gsl_function function = {f, line};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (solver == NULL)
        return nd_fail(line->error, ND_NO_MEMORY, "no memory to find a root");
    int code = gsl_root_fsolver_set(solver, &function, low, high);
    for (int i = 0; i < 200 && code == GSL_SUCCESS; i++) {
        code = gsl_root_fsolver_iterate(solver);
        *root = gsl_root_fsolver_root(solver);
        if (code == GSL_SUCCESS &&
            gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                   gsl_root_fsolver_x_upper(solver), 1e-10, 1e-9) == GSL_SUCCESS)
            break;
    }
    gsl_root_fsolver_free(solver);
    if (code != GSL_SUCCESS)
        return nd_fail(line->error, ND_NOT_CONVERGED, "likelihood of %s against the coupling: %s",
                       line->likelihood->experiment->title, gsl_strerror(code));
    return line->error->status;
}

/* An upper bound of the root beyond `y`: counts are doubled until f is positive. */
static enum nd_status bracket(double (*f)(double, void *), struct line *line, double y,
                              double *high)
{
    *high = y + 1.0;
    for (int i = 0; i < 60; i++) {
        const double value = f(*high, line);
        if (line->error->status != ND_OK)
            return line->error->status;
        if (value > 0.0)
            return ND_OK;
        *high += *high - y;
    }
    return nd_fail(line->error, ND_NOT_CONVERGED, "likelihood of %s: no end to the couplings",
                   line->likelihood->experiment->title);
}

static enum nd_status find_best(struct line *line, double *y)
{
    double high;
    *y = 0.0;
    if (!(slope(0.0, line) < 0.0) || line->error->status != ND_OK)
        return line->error->status;
    enum nd_status status = bracket(slope, line, 0.0, &high);
    if (status == ND_OK)
        status = find_root(slope, line, 0.0, high, y);
    return status;
}

enum nd_status nd_fit_mass(const struct nd_likelihood *likelihood, const double *counts, double m4,
                           double confidence, struct nd_mass_fit *fit, struct nd_error *error)
{
    const double sum = nd_likelihood_sum(likelihood, counts);
    struct nd_error own = ND_ERROR_INIT;
    struct line line = {.likelihood = likelihood, .counts = counts, .error = &own};
    double y = 0.0, low = 0.0, up = INFINITY, end;
    *fit = (struct nd_mass_fit){.m4 = m4, .mu_up = INFINITY};
    if (isnan(evaluate(&line, 0.0)))
        return nd_fail(error, own.status, "%s", own.message);
    fit->at_best = fit->at_zero = line.profile;
    if (!(sum > 0.0))
        return ND_OK;
    line.unit = 1.0 / sum;
    line.level = gsl_cdf_chisq_Pinv(confidence, 1.0);
    enum nd_status status = find_best(&line, &y);
    if (status == ND_OK) {
        line.two_nll_best = evaluate(&line, y);
        fit->at_best = line.profile;
        /* rounding must not make the best coupling worse than none, nor none better than itself */
        fit->gain = y > 0.0 ? fmax(0.0, fit->at_zero.two_nll - line.two_nll_best) : 0.0;
        status = bracket(above_level, &line, y, &end);
    }
    if (status == ND_OK)
        status = find_root(above_level, &line, y, end, &up);
    if (status == ND_OK && fit->gain > line.level)
        status = find_root(above_level, &line, 0.0, y, &low);
    if (status != ND_OK)
        return nd_fail(error, status, "%s", own.message);
    fit->mu = sqrt(y * line.unit);
    fit->mu_low = sqrt(low * line.unit);
    fit->mu_up = sqrt(up * line.unit);
    return ND_OK;
}

enum nd_status nd_fit_gains(const struct nd_likelihood *likelihood, const double *counts,
                            const double *mu, int n, double *gains, struct nd_error *error)
{
    struct nd_profile profile = {0};
    enum nd_status status = nd_likelihood_profile(likelihood, counts, 0.0, &profile, error);
    const int signal = nd_likelihood_sum(likelihood, counts) > 0.0;
    for (int i = 0; i < n && !signal; i++)
        gains[i] = 0.0; /* exactly, not to rounding */
    if (!signal)
        return status;
    const double none = profile.two_nll;
    for (int i = 0; i < n && status == ND_OK; i++) {
        /* the neighbour's minimum is where the search starts */
        status = nd_likelihood_profile(likelihood, counts, mu[i] * mu[i], &profile, error);
        gains[i] = none - profile.two_nll;
    }
    return status;
}

enum nd_status nd_fit_masses(const struct nd_likelihood *likelihood,
                             const struct nd_signal_table *table, const struct nd_source_set *set,
                             double confidence, struct nd_mass_fit *fits, struct nd_error *error)
{
    struct nd_error first = ND_ERROR_INIT;
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < table->n_masses; i++) {
        struct nd_error own = ND_ERROR_INIT;
        double counts[ND_BINS_MAX];
        nd_signal_table_sum(table, set, i, counts);
        if (nd_fit_mass(likelihood, counts, table->m4[i], confidence, &fits[i], &own) != ND_OK) {
#pragma omp critical(nd_fit_error)
            nd_fail(&first, own.status, "m4 = %g MeV: %s", table->m4[i], own.message);
        }
    }
    return first.status == ND_OK ? ND_OK : nd_fail(error, first.status, "%s", first.message);
}
