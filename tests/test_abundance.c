/* The abundance equation against what is known without it: freeze-in as an integral, equilibrium,
 * the quasi-static balance of neutrinos colder than the plasma, and decay of a relic. */
#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_bessel.h>
#include <math.h>
#include <string.h>

#include "nudipole/abundance.h"
#include "nudipole/units.h"

static struct nd_background *background;
static struct nd_error error;

static void setup(void)
{
    gsl_set_error_handler_off();
    error = (struct nd_error)ND_ERROR_INIT;
    cr_assert(nd_background_create(&background, &error) == ND_OK, "%s", error.message);
}

static void teardown(void)
{
    nd_background_free(background);
}

TestSuite(abundance, .init = setup, .fini = teardown);

static const struct nd_treatment PAPER = {ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE,
                                          ND_NEUTRINOS_EQUAL};
static const struct nd_treatment CLASSICAL = {ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE,
                                              ND_NEUTRINOS_DECOUPLED};

static struct nd_model model_of(double m4, double d_muB)
{
    struct nd_model model;
    cr_assert(nd_model_init(&model, m4, d_muB * nd_bohr_magneton(), ND_CONVENTION_HALF,
                            ND_FLAVOUR_TAU, &error) == ND_OK);
    return model;
}

static struct nd_rate_table *table_of(double m4, const struct nd_treatment *treatment, double T_max)
{
    struct nd_rate_table *table;
    cr_assert(nd_rate_table_create(&table, m4, treatment, background, 0.01, T_max, 1e-7, &error) ==
                  ND_OK,
              "%s", error.message);
    return table;
}

static struct nd_abundance_history solve(const struct nd_model *model,
                                         const struct nd_rate_table *table,
                                         const struct nd_abundance_options *options)
{
    struct nd_abundance_history history;
    cr_assert(nd_abundance_solve(model, table, background, options, &history, &error) == ND_OK,
              "%s", error.message);
    return history;
}

/* n/s by Simpson's rule over ln T of the source alone: n/s = int 2 gamma/s dt. */
static double freeze_in_yield(const struct nd_model *model, const struct nd_rate_table *table,
                              double T_RH, double T)
{
    const int n = 2000;
    const double h = log(T_RH / T) / n;
    double sum = 0.0;
    for (int i = 0; i <= n; i++) {
        struct nd_background_state state;
        struct nd_rates rates;
        const double at = i == 0 ? T_RH : i == n ? T : T_RH * exp(-i * h);
        nd_background_at(background, at, &state, &error);
        nd_rate_table_at(table, model->mu, &state, &rates, &error);
        double gamma = 0.0;
        for (int c = 0; c < ND_N_CHANNELS; c++)
            gamma += exp(rates.log_gain[c]);
        const double weight = i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
        sum += weight * 2.0 * gamma / state.s * -state.dt_dlnT;
    }
    return sum * h / 3.0;
}

Test(abundance, freeze_in_is_the_integral_of_the_source)
{
    /* Losses are of relative order n/n_eq ~ 1e-5 at this coupling. */
    const double tolerance = 1e-4;
    const struct nd_model model = model_of(0.6, 1e-12);
    struct nd_rate_table *table = table_of(0.6, &CLASSICAL, 5.0);
    struct nd_abundance_options options = nd_abundance_defaults(5.0);
    options.T_end = 0.15;
    options.n_points = 21;
    struct nd_abundance_history history = solve(&model, table, &options);
    for (int i = 1; i < history.n_points; i++) {
        const struct nd_abundance *p = &history.points[i];
        const double solved = exp(p->log_n) / p->background.s;
        const double expected = freeze_in_yield(&model, table, 5.0, p->background.T);
        cr_assert(fabs(solved / expected - 1.0) < tolerance, "T = %g: %g, integral %g",
                  p->background.T, solved, expected);
    }
    nd_abundance_history_clear(&history);
    nd_rate_table_free(table);
}

Test(abundance, freeze_in_goes_as_d_squared)
{
    const double tolerance = 1e-3;
    struct nd_rate_table *table = table_of(0.6, &CLASSICAL, 10.0);
    const struct nd_abundance_options options = nd_abundance_defaults(10.0);
    const struct nd_model small = model_of(0.6, 1e-13), large = model_of(0.6, 1e-12);
    struct nd_abundance_history a = solve(&small, table, &options);
    struct nd_abundance_history b = solve(&large, table, &options);
    for (int i = 1; i < a.n_points && a.points[i].background.T > 0.05; i++)
        cr_assert(fabs(expm1(b.points[i].log_n - a.points[i].log_n - log(100.0))) < tolerance,
                  "T = %g: ratio %g", a.points[i].background.T,
                  exp(b.points[i].log_n - a.points[i].log_n));
    nd_abundance_history_clear(&a);
    nd_abundance_history_clear(&b);
    nd_rate_table_free(table);
}

Test(abundance, equilibrium_where_it_must_be)
{
    /* With one temperature and Gamma >> H, n = n_eq up to H/Gamma, down to exp(-60) of it. */
    const double tolerance = 1e-3;
    const double masses[] = {0.05, 0.6, 20.0};
    for (int m = 0; m < 3; m++) {
        struct nd_rate_table *table = table_of(masses[m], &PAPER, 10.0);
        const struct nd_abundance_options options = nd_abundance_defaults(10.0);
        const struct nd_model model = model_of(masses[m], 1e-6);
        struct nd_abundance_history history = solve(&model, table, &options);
        for (int i = 0; i < history.n_points; i++) {
            const struct nd_abundance *p = &history.points[i];
            if (p->background.T > 9.0)
                continue;
            cr_assert(fabs(expm1(p->log_n - p->log_n_eq)) < tolerance,
                      "m4 = %g, T = %g: n/n_eq = %g", masses[m], p->background.T,
                      exp(p->log_n - p->log_n_eq));
        }
        nd_abundance_history_clear(&history);
        nd_rate_table_free(table);
    }
}

Test(abundance, cold_neutrinos_give_the_quasi_static_balance)
{
    /* Inverse decay alone at T < m4/5: n/n_eq = gamma(T, T_nu)/gamma(T, T), with MB statistics
     * sqrt(T_nu/T) K_1(M/sqrt(T T_nu))/K_1(M/T); the 2 -> 2 processes are below 1e-4 of it, and
     * the lag behind the falling balance, H/Gamma times dln n/dln a, is of order 1e-6. */
    const double tolerance = 1e-3, M = 0.6;
    struct nd_rate_table *table = table_of(M, &CLASSICAL, 2.0);
    const struct nd_abundance_options options = nd_abundance_defaults(2.0);
    const struct nd_model model = model_of(M, 1e-6);
    struct nd_abundance_history history = solve(&model, table, &options);
    for (int i = 0; i < history.n_points; i++) {
        const struct nd_abundance *p = &history.points[i];
        const double T = p->background.T, T_mean = sqrt(T * p->background.T_nu);
        if (T > 0.1)
            continue;
        const double expected = T_mean / T * gsl_sf_bessel_K1_scaled(M / T_mean) /
                                gsl_sf_bessel_K1_scaled(M / T) * exp(M / T - M / T_mean);
        cr_assert(fabs(exp(p->log_n - p->log_n_eq) / expected - 1.0) < tolerance,
                  "T = %g: n/n_eq = %g, expected %g", T, exp(p->log_n - p->log_n_eq), expected);
    }
    nd_abundance_history_clear(&history);
    nd_rate_table_free(table);
}

Test(abundance, relic_decays_as_the_time_dilated_exponential)
{
    /* m4/T > 66: nothing makes N; ln(n/s) falls by the integral of Gamma K_1/K_2(m4/T) dt. */
    const double tolerance = 1e-5, M = 2.0, T_start = 0.03;
    const struct nd_model model = model_of(M, 5e-12);
    struct nd_rate_table *table = table_of(M, &CLASSICAL, 0.1);
    struct nd_abundance_options options = nd_abundance_defaults(T_start);
    options.log_n_start = log(1e-3 * pow(T_start, 3));
    struct nd_abundance_history history = solve(&model, table, &options);
    const int n = 4000;
    const double h = log(T_start / 0.01) / n;
    double exponent = 0.0;
    for (int i = 0; i <= n; i++) {
        struct nd_background_state state;
        const double T = i == n ? 0.01 : T_start * exp(-i * h);
        nd_background_at(background, T, &state, &error);
        const double dilation = gsl_sf_bessel_K1_scaled(M / T) / gsl_sf_bessel_Kn_scaled(2, M / T);
        const double weight = i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
        exponent += weight * h / 3.0 * nd_model_width(&model) * dilation * -state.dt_dlnT;
    }
    const struct nd_abundance *first = &history.points[0];
    const struct nd_abundance *last = &history.points[history.n_points - 1];
    const double fall =
        first->log_n - log(first->background.s) - last->log_n + log(last->background.s);
    cr_assert(exponent > 3.0, "the test is about a real decay, not %g e-folds", exponent);
    cr_assert(fabs(fall / exponent - 1.0) < tolerance, "fell by %.10g, expected %.10g", fall,
              exponent);
    nd_abundance_history_clear(&history);
    nd_rate_table_free(table);
}

Test(abundance, result_does_not_depend_on_the_tolerance)
{
    const struct nd_model model = model_of(0.26, 3e-10);
    struct nd_rate_table *table = table_of(0.26, &CLASSICAL, 5.0);
    struct nd_abundance_options options = nd_abundance_defaults(5.0);
    struct nd_abundance_history coarse = solve(&model, table, &options);
    options.tolerance = 1e-11;
    struct nd_abundance_history fine = solve(&model, table, &options);
    const double tolerance = 1e-6; /* 1e-8 a step, some hundred steps */
    for (int i = 1; i < fine.n_points; i++)
        cr_assert(fabs(fine.points[i].log_n - coarse.points[i].log_n) < tolerance);
    nd_abundance_history_clear(&coarse);
    nd_abundance_history_clear(&fine);
    nd_rate_table_free(table);
}

Test(abundance, whole_range_of_masses_and_couplings)
{
    const double masses[] = {0.01, 0.6, 20.0}, couplings[] = {1e-13, 1e-10, 1e-6};
    const double starts[] = {0.02, 0.5, 20.0};
    for (int m = 0; m < 3; m++) {
        struct nd_rate_table *table = table_of(masses[m], &CLASSICAL, 20.0);
        for (int d = 0; d < 3; d++)
            for (int s = 0; s < 3; s++) {
                const struct nd_model model = model_of(masses[m], couplings[d]);
                const struct nd_abundance_options options = nd_abundance_defaults(starts[s]);
                struct nd_abundance_history history = solve(&model, table, &options);
                for (int i = 1; i < history.n_points; i++)
                    cr_assert(isfinite(history.points[i].log_n) &&
                                  isfinite(history.points[i].log_n_eq),
                              "m4 = %g, d = %g, T_RH = %g", masses[m], couplings[d], starts[s]);
                nd_abundance_history_clear(&history);
            }
        nd_rate_table_free(table);
    }
}

Test(abundance, literal_eq1_is_twice_the_coupling)
{
    struct nd_model half, lagrangian;
    const double d = 1e-11 * nd_bohr_magneton();
    nd_model_init(&half, 0.6, 2.0 * d, ND_CONVENTION_HALF, ND_FLAVOUR_TAU, &error);
    nd_model_init(&lagrangian, 0.6, d, ND_CONVENTION_LAGRANGIAN, ND_FLAVOUR_E, &error);
    struct nd_rate_table *table = table_of(0.6, &CLASSICAL, 5.0);
    const struct nd_abundance_options options = nd_abundance_defaults(5.0);
    struct nd_abundance_history a = solve(&half, table, &options);
    struct nd_abundance_history b = solve(&lagrangian, table, &options);
    for (int i = 1; i < a.n_points; i++)
        cr_assert(a.points[i].log_n == b.points[i].log_n);
    nd_abundance_history_clear(&a);
    nd_abundance_history_clear(&b);
    nd_rate_table_free(table);
}

Test(abundance, energy_ratio_of_a_thermal_massless_relic)
{
    /* rho_N/rho_gamma -> 4 * 7/8 / 2 = 7/4 for a Dirac fermion much lighter than T, quantum. */
    const struct nd_treatment quantum = {ND_QUANTUM, ND_SCREENING_NONE, ND_NEUTRINOS_EQUAL};
    const struct nd_model model = model_of(0.05, 1e-6);
    struct nd_rate_table *table;
    cr_assert(nd_rate_table_create(&table, 0.05, &quantum, background, 5.0, 20.0, 1e-4, &error) ==
              ND_OK);
    struct nd_abundance_options options = nd_abundance_defaults(20.0);
    options.T_end = 5.0;
    struct nd_abundance_history history = solve(&model, table, &options);
    const double ratio = history.points[history.n_points - 1].rho_N_over_rho_gamma;
    cr_assert(fabs(ratio / 1.75 - 1.0) < 1e-3, "%g", ratio);
    nd_abundance_history_clear(&history);
    nd_rate_table_free(table);
}

Test(abundance, bad_input_and_failure_say_why)
{
    const struct nd_model model = model_of(0.6, 1e-9);
    struct nd_rate_table *table = table_of(0.6, &PAPER, 5.0);
    struct nd_abundance_history history;
    struct nd_abundance_options options = nd_abundance_defaults(0.005);
    cr_assert(nd_abundance_solve(&model, table, background, &options, &history, &error) ==
              ND_BAD_INPUT);
    cr_assert(strstr(error.message, "T_RH = 0.005 MeV") != NULL, "%s", error.message);

    error = (struct nd_error)ND_ERROR_INIT;
    const struct nd_model other = model_of(0.7, 1e-9);
    options = nd_abundance_defaults(5.0);
    cr_assert(nd_abundance_solve(&other, table, background, &options, &history, &error) ==
              ND_BAD_INPUT);
    cr_assert(strstr(error.message, "0.7") != NULL && strstr(error.message, "0.6") != NULL);

    error = (struct nd_error)ND_ERROR_INIT;
    options = nd_abundance_defaults(50.0); /* the table ends at 5 MeV */
    cr_assert(nd_abundance_solve(&model, table, background, &options, &history, &error) ==
              ND_BAD_INPUT);
    cr_assert(strstr(error.message, "covers") != NULL, "%s", error.message);

    error = (struct nd_error)ND_ERROR_INIT;
    options = nd_abundance_defaults(5.0);
    options.n_points = 2;
    options.max_steps = 5;
    cr_assert(nd_abundance_solve(&model, table, background, &options, &history, &error) ==
              ND_NOT_CONVERGED);
    cr_assert(strstr(error.message, "CV_TOO_MUCH_WORK") != NULL &&
                  strstr(error.message, "solver_max_steps") != NULL,
              "%s", error.message);
    cr_assert(history.points == NULL, "a failed run returns no numbers");
    nd_rate_table_free(table);
}
