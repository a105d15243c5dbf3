/* What the errors of nuclear rates, of the neutron's lifetime and of omega_b do to the abundances:
 * see nudipole/bbn.h. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/bbn.h"

const char *nd_bbn_input_word(int input)
{
    if (input < ND_N_REACTIONS)
        return nd_reaction((enum nd_reaction)input)->name;
    return input == ND_INPUT_TAU_N ? "tau_n" : "omega_b";
}

/* Shifts one input by a number of its standard deviations. */
static void shift(struct nd_bbn_deviations *deviations, const struct nd_bbn_input_errors *input,
                  int which, double sigmas)
{
    if (which < ND_N_REACTIONS)
        deviations->rates[which] += sigmas;
    else if (which == ND_INPUT_TAU_N)
        deviations->ln_tau_n += sigmas * log1p(input->tau_n);
    else
        deviations->ln_omega_b += sigmas * log1p(input->omega_b);
}

/* Ratios of n sets of deviations, on all cores; `ratios`: n times ND_N_RATIOS. */
static enum nd_status solve_all(const struct nd_bbn_ingredients *ingredients,
                                const struct nd_nuclear_rates *rates,
                                const struct nd_bbn_options *options,
                                const struct nd_bbn_deviations *deviations, int n, double *ratios,
                                struct nd_error *error)
{
    enum nd_status status = ND_OK;
    struct nd_bbn_options o = *options;
    o.n_points = 0;
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < n; i++) {
        struct nd_bbn bbn;
        struct nd_error own = ND_ERROR_INIT;
        if (nd_bbn_solve(ingredients, rates, &deviations[i], &o, &bbn, &own) != ND_OK) {
#pragma omp critical(nd_bbn_errors)
            status = nd_fail(error, own.status, "errors of the abundances: %s", own.message);
        }
        memcpy(ratios + (size_t)i * ND_N_RATIOS, bbn.ratio, sizeof bbn.ratio);
        nd_bbn_clear(&bbn);
    }
    return status;
}

static enum nd_status check(const struct nd_bbn_input_errors *input, struct nd_error *error)
{
    if (!(input->tau_n >= 0.0 && input->tau_n < 1.0 && input->omega_b >= 0.0 &&
          input->omega_b < 1.0))
        return nd_fail(error, ND_BAD_INPUT,
                       "relative errors %g of tau_n, %g of omega_b: allowed is 0 to 1",
                       input->tau_n, input->omega_b);
    return ND_OK;
}

/* Standard deviations and correlations of a covariance. */
static void set_covariance(struct nd_bbn_errors *errors,
                           double covariance[ND_N_RATIOS][ND_N_RATIOS])
{
    for (int i = 0; i < ND_N_RATIOS; i++)
        errors->sigma[i] = sqrt(covariance[i][i]);
    for (int i = 0; i < ND_N_RATIOS; i++)
        for (int j = 0; j < ND_N_RATIOS; j++) {
            const double both = errors->sigma[i] * errors->sigma[j];
            errors->correlation[i][j] = i == j ? 1.0 : both > 0.0 ? covariance[i][j] / both : 0.0;
        }
}

enum nd_status nd_bbn_errors_linear(const struct nd_bbn_ingredients *ingredients,
                                    const struct nd_nuclear_rates *rates,
                                    const struct nd_bbn_input_errors *input,
                                    const struct nd_bbn_options *options,
                                    struct nd_bbn_errors *errors, struct nd_error *error)
{
    enum { N = 2 * ND_N_BBN_INPUTS };
    struct nd_bbn_deviations deviations[N] = {{{0.0}, 0.0, 0.0}};
    double ratios[N][ND_N_RATIOS], covariance[ND_N_RATIOS][ND_N_RATIOS] = {{0.0}};
    *errors = (struct nd_bbn_errors){.samples = 0};
    enum nd_status status = check(input, error);
    if (status != ND_OK)
        return status;
    for (int k = 0; k < ND_N_BBN_INPUTS; k++) {
        shift(&deviations[2 * k], input, k, 1.0);
        shift(&deviations[2 * k + 1], input, k, -1.0);
    }
    status = solve_all(ingredients, rates, options, deviations, N, &ratios[0][0], error);
    if (status != ND_OK)
        return status;
    for (int k = 0; k < ND_N_BBN_INPUTS; k++) {
        double *by = errors->by_input[k];
        for (int i = 0; i < ND_N_RATIOS; i++)
            by[i] = 0.5 * (ratios[2 * k][i] - ratios[2 * k + 1][i]);
        for (int i = 0; i < ND_N_RATIOS; i++)
            for (int j = 0; j < ND_N_RATIOS; j++)
                covariance[i][j] += by[i] * by[j];
    }
    set_covariance(errors, covariance);
    return ND_OK;
}

/* All numbers are drawn before any thread starts, so that their order is that of the samples. */
static enum nd_status draw(const struct nd_bbn_input_errors *input, int n, unsigned long seed,
                           struct nd_bbn_deviations *deviations, struct nd_error *error)
{
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    if (random == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a random number generator");
    gsl_rng_set(random, seed);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < ND_N_BBN_INPUTS; k++)
            shift(&deviations[i], input, k, gsl_ran_gaussian_ziggurat(random, 1.0));
    gsl_rng_free(random);
    return ND_OK;
}

static void set_moments(const double *ratios, int n, struct nd_bbn_errors *errors)
{
    double covariance[ND_N_RATIOS][ND_N_RATIOS] = {{0.0}};
    for (int s = 0; s < n; s++)
        for (int i = 0; i < ND_N_RATIOS; i++)
            errors->mean[i] += ratios[s * ND_N_RATIOS + i] / n;
    for (int s = 0; s < n; s++)
        for (int i = 0; i < ND_N_RATIOS; i++)
            for (int j = 0; j < ND_N_RATIOS; j++)
                covariance[i][j] += (ratios[s * ND_N_RATIOS + i] - errors->mean[i]) *
                                    (ratios[s * ND_N_RATIOS + j] - errors->mean[j]) / (n - 1);
    set_covariance(errors, covariance);
}

enum nd_status nd_bbn_errors_monte_carlo(const struct nd_bbn_ingredients *ingredients,
                                         const struct nd_nuclear_rates *rates,
                                         const struct nd_bbn_input_errors *input,
                                         const struct nd_bbn_options *options, int samples,
                                         unsigned long seed, struct nd_bbn_errors *errors,
                                         struct nd_error *error)
{
    *errors = (struct nd_bbn_errors){.samples = samples};
    enum nd_status status = check(input, error);
    if (status == ND_OK && samples < 2)
        status = nd_fail(error, ND_BAD_INPUT, "%d samples: at least 2", samples);
    if (status != ND_OK)
        return status;
    const size_t n = (size_t)samples;
    struct nd_bbn_deviations *deviations = calloc(n, sizeof *deviations);
    double *ratios = malloc(n * ND_N_RATIOS * sizeof *ratios);
    if (deviations == NULL || ratios == NULL) {
        free(deviations);
        free(ratios);
        nd_fail(error, ND_NO_MEMORY, "no memory for %d samples", samples);
        return ND_NO_MEMORY;
    }
    status = draw(input, samples, seed, deviations, error);
    if (status == ND_OK)
        status = solve_all(ingredients, rates, options, deviations, samples, ratios, error);
    if (status == ND_OK)
        set_moments(ratios, samples, errors);
    free(deviations);
    free(ratios);
    return status;
}
