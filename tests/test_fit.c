/* Tests of nudipole/fit.h: one mass against scans and closed forms, numbers found independently for
 * XENON1T and XENONnT, the plane and its contours. */
#ifdef _OPENMP
#include <omp.h>
#endif

#include "support.h"

#include <stdlib.h>

#include "nudipole/detection.h"
#include "nudipole/units.h"

TestSuite(fit, .init = no_gsl_abort);

static const double MASSLESS = 1e-6; /* [MeV] far below every other scale */

/* chi^2 of one degree of freedom, from tables. */
static const struct {
    double confidence, chi2;
} LEVELS[] = {{0.682689492137086, 1.0}, {0.9, 2.705543454095404}, {0.99, 6.634896601021213}};

/* ---- conversions ------------------------------------------------------------------------ */

Test(fit, standard_deviations)
{
    static const double two_dof[] = {2.295748928898636, 6.180074306244168, 11.82915808190081};
    const double rounding = 1e-10; /* of erfc and its inverse at 3 sigma */
    for (int k = 0; k < 3; k++) {
        const double sigma = k + 1.0;
        ASSERT_CLOSE(nd_two_nll_of_sigma(sigma, 2), two_dof[k], rounding, "%g sigma, 2 dof", sigma);
        ASSERT_CLOSE(nd_two_nll_of_sigma(sigma, 1), sigma * sigma, rounding, "%g sigma", sigma);
        ASSERT_CLOSE(nd_sigma_of_two_nll(two_dof[k], 2), sigma, rounding, "back, 2 dof");
        ASSERT_CLOSE(nd_sigma_of_two_nll(sigma * sigma, 1), sigma, rounding, "back");
    }
    for (int dof = 1; dof <= 2; dof++) {
        ASSERT_NEAR(nd_sigma_of_two_nll(0.0, dof), 0.0, 0.0, "no difference");
        ASSERT_NEAR(nd_sigma_of_two_nll(-1.0, dof), 0.0, 0.0, "less than none");
    }
}

/* ---- a hand-made experiment ------------------------------------------------------------- */

enum { TOY_BINS = 6 };

static struct {
    struct nd_experiment experiment;
    double low[TOY_BINS], high[TOY_BINS], counts[TOY_BINS], background[TOY_BINS], signal[TOY_BINS];
} toy;

static struct nd_likelihood make_toy(int n_bins, double error, enum nd_nuisances nuisances)
{
    const struct nd_likelihood_options options = {nuisances, 0, NAN, NAN};
    struct nd_likelihood likelihood;
    struct nd_error failure = ND_ERROR_INIT;
    toy.experiment = (struct nd_experiment){.name = "toy",
                                            .title = "Toy",
                                            .efficiency_error = error,
                                            .background_error = error,
                                            .n_bins = n_bins,
                                            .low = toy.low,
                                            .high = toy.high,
                                            .counts = toy.counts,
                                            .background = toy.background};
    for (int j = 0; j < n_bins; j++) {
        toy.low[j] = 1.0 + j;
        toy.high[j] = 2.0 + j;
        toy.background[j] = 10.0 + j;
        toy.signal[j] = 40.0 * exp(-j);
        toy.counts[j] = toy.background[j];
    }
    ASSERT_OK(nd_likelihood_init(&likelihood, &toy.experiment, &options, &failure), failure);
    return likelihood;
}

static struct nd_mass_fit fit_mass(const struct nd_likelihood *l, const double *counts,
                                   double confidence)
{
    struct nd_mass_fit fit;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_fit_mass(l, counts, 0.5, confidence, &fit, &error), error);
    ASSERT_NEAR(fit.m4, 0.5, 0.0, "mass");
    return fit;
}

static double gain_at(const struct nd_likelihood *l, const double *counts, double mu)
{
    double gain;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_fit_gains(l, counts, &mu, 1, &gain, &error), error);
    return gain;
}

static double two_nll_at(const struct nd_likelihood *l, const double *counts, double mu)
{
    struct nd_profile profile = {0};
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_likelihood_profile(l, counts, mu * mu, &profile, &error), error);
    return profile.two_nll;
}

/* What the header promises, by evaluating the likelihood elsewhere. */
static void check_mass_fit(const struct nd_likelihood *l, const double *counts, double confidence,
                           double chi2, const char *what)
{
    const double coupling = 1e-8; /* promised */
    const double flat = 1e-8;     /* of -2 ln L: its rounding, and that of its minimum */
    const double crossing = 1e-7; /* of -2 ln L at the ends: `coupling` times its slope */
    const struct nd_mass_fit fit = fit_mass(l, counts, confidence);
    const double none = two_nll_at(l, counts, 0.0), best = two_nll_at(l, counts, fit.mu);
    ASSERT_NEAR(fit.at_zero.two_nll, none, flat, "%s: without signal", what);
    ASSERT_NEAR(fit.at_best.two_nll, best, flat, "%s: with it", what);
    ASSERT_NEAR(fit.gain, none - best, flat, "%s: gain", what);
    cr_assert(fit.gain >= 0.0 && fit.mu >= 0.0, "%s", what);
    double mu[401], gains[401];
    struct nd_error error = ND_ERROR_INIT;
    for (int i = 0; i <= 400; i++)
        mu[i] = 1.5 * fit.mu_up * i / 400.0;
    ASSERT_OK(nd_fit_gains(l, counts, mu, 401, gains, &error), error);
    for (int i = 0; i <= 400; i++) {
        cr_assert(gains[i] <= fit.gain + flat, "%s: gain %.10g at %g, best %.10g at %g", what,
                  gains[i], mu[i], fit.gain, fit.mu);
        const int inside = mu[i] >= fit.mu_low && mu[i] <= fit.mu_up;
        cr_assert(inside == (fit.gain - gains[i] <= chi2), "%s: %g in [%g, %g], %g below the best",
                  what, mu[i], fit.mu_low, fit.mu_up, fit.gain - gains[i]);
    }
    ASSERT_NEAR(two_nll_at(l, counts, fit.mu_up) - best, chi2, crossing, "%s: upper end", what);
    if (fit.mu_low > 0.0)
        ASSERT_NEAR(two_nll_at(l, counts, fit.mu_low) - best, chi2, crossing, "%s: lower", what);
    else
        cr_assert(none - best <= chi2, "%s: no signal is excluded", what);
    if (fit.mu == 0.0)
        return;
    /* the slope changes sign within what is promised */
    for (int side = -1; side <= 1; side += 2) {
        const double scale = fit.mu * fit.mu * (1.0 + 2.0 * side * coupling);
        struct nd_profile profile = {0};
        ASSERT_OK(nd_likelihood_profile(l, counts, scale, &profile, &error), error);
        cr_assert(side * nd_likelihood_slope(l, counts, scale, &profile) > 0.0,
                  "%s: the best coupling is not %.10g", what, fit.mu);
    }
}

Test(fit, one_mass_of_a_toy)
{
    static const double excess[] = {-0.5, -0.05, 0.0, 0.1, 0.3, 1.0, 30.0};
    static const double errors[] = {0.0, 0.03, 0.3};
    for (int e = 0; e < 3; e++)
        for (int i = 0; i < 7; i++)
            for (int k = 0; k < 3; k++) {
                char what[64];
                const struct nd_likelihood l = make_toy(TOY_BINS, errors[e], ND_NUISANCES_PROFILED);
                for (int j = 0; j < TOY_BINS; j++)
                    toy.counts[j] =
                        fmax(0.0, floor(toy.background[j] + excess[i] * toy.signal[j] + 0.5));
                snprintf(what, sizeof what, "error %g, excess %g, level %d", errors[e], excess[i],
                         k);
                check_mass_fit(&l, toy.signal, LEVELS[k].confidence, LEVELS[k].chi2, what);
            }
}

/* ---- closed forms ----------------------------------------------------------------------- */

Test(fit, counts_as_expected_give_the_coupling)
{
    for (int profiled = 0; profiled < 2; profiled++) {
        const struct nd_likelihood l =
            make_toy(TOY_BINS, 0.03, profiled ? ND_NUISANCES_PROFILED : ND_NUISANCES_FIXED);
        double gain = 0.0;
        for (int j = 0; j < TOY_BINS; j++) {
            const double n = toy.counts[j] = toy.background[j] + toy.signal[j];
            gain += 2.0 * (n * log(n / toy.background[j]) - toy.signal[j]);
        }
        const struct nd_mass_fit fit = fit_mass(&l, toy.signal, 0.9);
        ASSERT_CLOSE(fit.mu, 1.0, 1e-8, "coupling");
        ASSERT_NEAR(fit.at_best.two_nll, 0.0, 1e-12, "-2 ln L");
        ASSERT_NEAR(fit.at_best.eps, 0.0, 1e-8, "eps");
        ASSERT_NEAR(fit.at_best.beta, 0.0, 1e-8, "beta");
        if (!profiled)
            ASSERT_CLOSE(fit.gain, gain, 1e-12, "gain");
        else
            cr_assert(fit.gain > 0.5 * gain && fit.gain < gain, "gain %g of %g", fit.gain, gain);
        cr_assert(fit.mu_low > 0.0 && fit.mu_low < 1.0 && fit.mu_up > 1.0);
    }
}

Test(fit, one_bin_without_counts)
{
    /* -2 ln L = 2 (B + S): the limit is S = chi^2 / 2 */
    for (int k = 0; k < 3; k++) {
        const struct nd_likelihood l = make_toy(1, 0.03, ND_NUISANCES_FIXED);
        toy.counts[0] = 0.0;
        toy.signal[0] = 8.0;
        const struct nd_mass_fit fit = fit_mass(&l, toy.signal, LEVELS[k].confidence);
        ASSERT_CLOSE(fit.mu_up, sqrt(0.5 * LEVELS[k].chi2 / 8.0), 1e-8, "limit %d", k);
        ASSERT_NEAR(fit.mu, 0.0, 0.0, "coupling");
        ASSERT_NEAR(fit.mu_low, 0.0, 0.0, "lower end");
        ASSERT_NEAR(fit.gain, 0.0, 0.0, "gain");
    }
}

Test(fit, one_bin_with_an_excess)
{
    const struct nd_likelihood l = make_toy(1, 0.03, ND_NUISANCES_FIXED);
    const double n = toy.counts[0] = 25.0, B = toy.background[0], s = toy.signal[0];
    const struct nd_mass_fit fit = fit_mass(&l, toy.signal, 0.9);
    ASSERT_CLOSE(fit.mu, sqrt((n - B) / s), 1e-8, "coupling");
    ASSERT_CLOSE(fit.gain, 2.0 * (B - n + n * log(n / B)), 1e-10, "gain");
    const double ends[] = {fit.mu_low, fit.mu_up};
    for (int i = 0; i < 2; i++) {
        const double m = B + s * ends[i] * ends[i];
        ASSERT_CLOSE(2.0 * (m - n + n * log(n / m)), LEVELS[1].chi2, 1e-7, "end %d", i);
    }
}

Test(fit, deficit_gives_a_limit)
{
    const struct nd_likelihood l = make_toy(TOY_BINS, 0.03, ND_NUISANCES_PROFILED);
    for (int j = 0; j < TOY_BINS; j++)
        toy.counts[j] = floor(0.7 * toy.background[j]);
    const struct nd_mass_fit fit = fit_mass(&l, toy.signal, 0.9);
    ASSERT_NEAR(fit.mu, 0.0, 0.0, "coupling");
    ASSERT_NEAR(fit.gain, 0.0, 0.0, "gain");
    ASSERT_NEAR(fit.mu_low, 0.0, 0.0, "lower end");
    cr_assert(fit.mu_up > 0.0 && isfinite(fit.mu_up));
}

Test(fit, no_signal_no_limit)
{
    const struct nd_likelihood l = make_toy(TOY_BINS, 0.03, ND_NUISANCES_PROFILED);
    const double none[TOY_BINS] = {0.0};
    toy.counts[0] = 25.0;
    const struct nd_mass_fit fit = fit_mass(&l, none, 0.9);
    cr_assert(isinf(fit.mu_up) && fit.mu_up > 0.0);
    cr_assert(fit.mu == 0.0 && fit.gain == 0.0 && fit.mu_low == 0.0);
    ASSERT_NEAR(fit.at_best.two_nll, two_nll_at(&l, none, 0.0), 1e-12, "best");
    ASSERT_NEAR(fit.at_zero.two_nll, fit.at_best.two_nll, 0.0, "without signal");
}

/* Counts go as mu^2: four times the signal is half the coupling, at any size. */
Test(fit, coupling_goes_as_the_root_of_the_signal)
{
    static const double factors[] = {4.0, 1e-24, 1e24};
    const double tolerance = 2e-8; /* twice what is promised */
    const struct nd_likelihood l = make_toy(TOY_BINS, 0.03, ND_NUISANCES_PROFILED);
    toy.counts[0] = 40.0;
    const struct nd_mass_fit one = fit_mass(&l, toy.signal, 0.9);
    cr_assert(one.mu > 0.0 && one.mu_low > 0.0);
    for (int k = 0; k < 3; k++) {
        double scaled[TOY_BINS];
        for (int j = 0; j < TOY_BINS; j++)
            scaled[j] = factors[k] * toy.signal[j];
        const struct nd_mass_fit other = fit_mass(&l, scaled, 0.9);
        ASSERT_CLOSE(other.mu * sqrt(factors[k]), one.mu, tolerance, "coupling");
        ASSERT_CLOSE(other.mu_low * sqrt(factors[k]), one.mu_low, tolerance, "lower end");
        ASSERT_CLOSE(other.mu_up * sqrt(factors[k]), one.mu_up, tolerance, "upper end");
        ASSERT_CLOSE(other.gain, one.gain, 1e-10, "gain");
    }
}

Test(fit, gains_in_any_order)
{
    const double rounding = 1e-10; /* searches that start elsewhere end there */
    const double mu[] = {2.0, 0.0, 1e-6, 0.3, 30.0, 0.7, 0.7};
    double gains[7];
    struct nd_error error = ND_ERROR_INIT;
    const struct nd_likelihood l = make_toy(TOY_BINS, 0.03, ND_NUISANCES_PROFILED);
    toy.counts[0] = 40.0;
    ASSERT_OK(nd_fit_gains(&l, toy.signal, mu, 7, gains, &error), error);
    for (int i = 0; i < 7; i++) {
        const double gain = two_nll_at(&l, toy.signal, 0.0) - two_nll_at(&l, toy.signal, mu[i]);
        ASSERT_NEAR(gains[i], gain, rounding * (1.0 + fabs(gain)), "mu = %g", mu[i]);
    }
    ASSERT_NEAR(gains[1], 0.0, 1e-12, "no coupling");
    cr_assert(gains[5] > 1.0 && gains[4] < -100.0);
}

Test(fit, counts_without_background_are_an_error)
{
    const char *fragment = "likelihood of Toy: no minimum over the nuisance parameters";
    const double mu = 0.0;
    double gain;
    struct nd_mass_fit fit;
    struct nd_error error = ND_ERROR_INIT, again = ND_ERROR_INIT, masses = ND_ERROR_INIT;
    const struct nd_likelihood l = make_toy(TOY_BINS, 0.03, ND_NUISANCES_PROFILED);
    toy.background[1] = 0.0;
    ASSERT_ERROR(nd_fit_mass(&l, toy.signal, 0.5, 0.9, &fit, &error), error, ND_NOT_CONVERGED,
                 fragment);
    ASSERT_ERROR(nd_fit_gains(&l, toy.signal, &mu, 1, &gain, &again), again, ND_NOT_CONVERGED,
                 fragment);
    double m4 = 0.25;
    const struct nd_source_set set = {.members = 1u << ND_SOURCE_8B};
    struct nd_signal_table table = {.n_masses = 1, .n_bins = TOY_BINS, .m4 = &m4};
    table.counts[ND_SOURCE_8B] = toy.signal;
    ASSERT_ERROR(nd_fit_masses(&l, &table, &set, 0.9, &fit, &masses), masses, ND_NOT_CONVERGED,
                 "m4 = 0.25 MeV: likelihood of Toy");
}

/* ---- the Sun and its detectors ---------------------------------------------------------- */

/* What parameters make, with one set of sources. */
struct lab {
    struct nd_params params;
    struct nd_beam beam;
    struct nd_detector detector;
};

static void set(struct nd_params *params, const char *assignment)
{
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_params_set(params, assignment, &error), error);
}

/* Every neutrino counts unless `assignments` (ended by NULL) say otherwise. */
static struct lab *open_lab(const char *sources, const char *const assignments[])
{
    const char *root = getenv("ND_TEST_ROOT");
    char folder[1000], text[100];
    struct lab *lab = calloc(1, sizeof *lab);
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(lab != NULL);
    snprintf(folder, sizeof folder, "%s/params/data", root == NULL ? "." : root);
    snprintf(text, sizeof text, "sources = %s", sources);
    nd_params_init(&lab->params);
    set(&lab->params, text);
    set(&lab->params, "flavour = tau");
    set(&lab->params, "flavour_weight = none");
    for (int i = 0; assignments != NULL && assignments[i] != NULL; i++)
        set(&lab->params, assignments[i]);
    ASSERT_OK(nd_beam_create(&lab->beam, &lab->params, folder, "m4_keV", 1.0, &error), error);
    ASSERT_OK(nd_detector_create(&lab->detector, &lab->params, folder, -1, &lab->beam, &error),
              error);
    return lab;
}

static void close_lab(struct lab *lab)
{
    nd_detector_clear(&lab->detector);
    nd_beam_clear(&lab->beam);
    free(lab);
}

static void counts_at(const struct lab *lab, double m4, double *counts)
{
    nd_signal_counts(lab->detector.response, &lab->beam.fluxes, &lab->beam.sets[0], m4, counts,
                     NULL);
}

static struct nd_mass_fit fit_at(const struct lab *lab, double m4)
{
    double counts[ND_BINS_MAX];
    struct nd_mass_fit fit;
    struct nd_error error = ND_ERROR_INIT;
    counts_at(lab, m4, counts);
    ASSERT_OK(nd_fit_mass(&lab->detector.likelihood, counts, m4, 0.9, &fit, &error), error);
    return fit;
}

static double gain_of(const struct lab *lab, double m4, double mu)
{
    double counts[ND_BINS_MAX];
    counts_at(lab, m4, counts);
    return gain_at(&lab->detector.likelihood, counts, mu);
}

Test(fit, one_mass_of_xenon1t)
{
    static const char *const tritium[] = {"tritium = free", NULL};
    static const char *const nt[] = {"experiment = xenonnt", NULL};
    static const double masses[] = {1e-6, 0.3, 0.64, 0.9, 1.4};
    for (int t = 0; t < 3; t++) {
        struct lab *lab = open_lab("8B", t == 0 ? NULL : t == 1 ? tritium : nt);
        for (int i = 0; i < 5; i++) {
            char what[64];
            double counts[ND_BINS_MAX];
            counts_at(lab, masses[i], counts);
            snprintf(what, sizeof what, "case %d, m4 = %g MeV", t, masses[i]);
            check_mass_fit(&lab->detector.likelihood, counts, 0.9, LEVELS[1].chi2, what);
        }
        close_lab(lab);
    }
}

/* ---- numbers found independently -------------------------------------------------------- */

/* Quoted to two or three digits, from code with its own tables and rules. */
static const double QUOTED = 0.02, QUOTED_GAIN = 0.1;

Test(fit, xenon1t_best_couplings)
{
    static const char *const free_electrons[] = {"electrons = free", NULL};
    static const struct {
        const char *sources;
        double m4_keV, d_muB, gain;
        const char *const *assignments;
    } rows[] = {
        {"pp+7Be+pep+CNO", 1e-3, 2.36e-11, 3.16 * 3.16, NULL},
        {"pp", 1e-3, 2.47e-11, 10.0, NULL},
        {"pp", 60.0, 2.56e-11, 10.0, NULL},
        {"pp", 100.0, 2.89e-11, 9.5, NULL},
        {"pp", 120.0, 3.20e-11, 8.5, NULL},
        {"pp", 140.0, 3.51e-11, 6.0, NULL},
        {"CNO", 150.0, 2.96e-10, 9.5, NULL},
        {"CNO", 200.0, 3.31e-10, 8.4, NULL},
        {"CNO", 260.0, 3.69e-10, 4.3, NULL},
        {"CNO", 290.0, 3.35e-10, 1.5, NULL},
        {"8B", 500.0, 2.91e-9, 9.0, NULL},
        {"8B", 600.0, 3.16e-9, 7.8, NULL},
        {"8B", 640.0, 3.26e-9, 7.0, NULL},
        {"8B", 700.0, 3.38e-9, 5.5, NULL},
        {"8B", 800.0, 3.26e-9, 2.4, NULL},
        {"8B", 640.0, 3.16e-9, 8.3, free_electrons},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab *lab = open_lab(rows[i].sources, rows[i].assignments);
        const struct nd_mass_fit fit = fit_at(lab, nd_mev_from_kev(rows[i].m4_keV));
        ASSERT_CLOSE(fit.mu / nd_bohr_magneton(), rows[i].d_muB, QUOTED, "%s at %g keV: d",
                     rows[i].sources, rows[i].m4_keV);
        ASSERT_NEAR(fit.gain, rows[i].gain, QUOTED_GAIN, "%s at %g keV: gain", rows[i].sources,
                    rows[i].m4_keV);
        close_lab(lab);
    }
}

Test(fit, xenon1t_interval_of_a_massless_n)
{
    struct lab *lab = open_lab("pp+7Be+pep+CNO", NULL);
    const struct nd_mass_fit fit = fit_at(lab, MASSLESS);
    ASSERT_CLOSE(fit.mu_low / nd_bohr_magneton(), 1.60e-11, QUOTED, "lower end");
    ASSERT_CLOSE(fit.mu_up / nd_bohr_magneton(), 2.94e-11, QUOTED, "upper end");
    ASSERT_NEAR(nd_sigma_of_two_nll(fit.gain, 1), 3.16, 0.01, "standard deviations");
    close_lab(lab);
}

Test(fit, xenonnt_limits)
{
    static const char *const none[] = {"experiment = xenonnt", NULL};
    static const char *const tau[] = {"experiment = xenonnt", "flavour_weight = oscillated", NULL};
    static const struct {
        const char *sources;
        double m4_keV, limit, tolerance;
        const char *const *assignments;
    } rows[] = {
        {"8B", 640.0, 1.22e-9, 0.02, none}, {"CNO", 260.0, 1.65e-10, 0.02, none},
        {"pp", 100.0, 9.5e-12, 0.02, none}, {"pp", 1e-3, 7.8e-12, 0.02, none},
        {"8B", 640.0, 2.02e-9, 0.02, tau},  {"CNO", 260.0, 3.18e-10, 0.02, tau},
        {"pp", 100.0, 1.9e-11, 0.02, tau},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab *lab = open_lab(rows[i].sources, rows[i].assignments);
        const struct nd_mass_fit fit = fit_at(lab, nd_mev_from_kev(rows[i].m4_keV));
        ASSERT_CLOSE(fit.mu_up / nd_bohr_magneton(), rows[i].limit, rows[i].tolerance,
                     "%s at %g keV, row %zu", rows[i].sources, rows[i].m4_keV, i);
        close_lab(lab);
    }
}

/* What XENON1T likes best is worse than background alone in XENONnT, by 40 to 70. */
Test(fit, xenonnt_disfavours_xenon1t)
{
    static const char *const nt[] = {"experiment = xenonnt", NULL};
    static const struct {
        const char *sources;
        double m4;
    } rows[] = {{"8B", 0.64}, {"CNO", 0.26}};
    for (int i = 0; i < 2; i++) {
        struct lab *here = open_lab(rows[i].sources, NULL), *there = open_lab(rows[i].sources, nt);
        const double loss = -gain_of(there, rows[i].m4, fit_at(here, rows[i].m4).mu);
        cr_assert(loss > 40.0 && loss < 70.0, "%s: loses %g", rows[i].sources, loss);
        close_lab(here);
        close_lab(there);
    }
}

/* ---- the plane -------------------------------------------------------------------------- */

enum { GRID_MAX = 64 };

/* A fit of the first set on a logarithmic grid; d in mu_B. */
struct area {
    double m4_low, m4_high;
    int n_masses;
    double d_low, d_high;
    int n_d;
};

static struct nd_signal_table make_table(const struct lab *lab, struct area a)
{
    double m4[GRID_MAX];
    struct nd_signal_table table;
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(a.n_masses <= GRID_MAX && a.n_d <= GRID_MAX);
    for (int i = 0; i < a.n_masses; i++)
        m4[i] = a.m4_low * pow(a.m4_high / a.m4_low, i / fmax(1.0, a.n_masses - 1.0));
    ASSERT_OK(nd_signal_table_create(&table, lab->detector.response, &lab->beam.fluxes, m4,
                                     a.n_masses, &error),
              error);
    return table;
}

static struct nd_plane_fit fit_plane(const struct lab *lab, struct area a,
                                     enum nd_contour_kind contours)
{
    const struct nd_plane_options options = {0.9, contours};
    double mu[GRID_MAX];
    struct nd_plane_fit fit;
    struct nd_error error = ND_ERROR_INIT;
    struct nd_signal_table table = make_table(lab, a);
    for (int i = 0; i < a.n_d; i++)
        mu[i] = nd_bohr_magneton() * a.d_low * pow(a.d_high / a.d_low, i / fmax(1.0, a.n_d - 1.0));
    ASSERT_OK(nd_plane_fit_create(&fit, &lab->detector.likelihood, lab->detector.response,
                                  &lab->beam.fluxes, &table, &lab->beam.sets[0], mu, a.n_d,
                                  &options, &error),
              error);
    nd_signal_table_clear(&table);
    return fit;
}

/* 1 to 7 keV and no nuisances: the best mass lies well inside, near 530 keV. */
static const char *const LOW_ENERGY[] = {"window_max_keV = 7", "nuisances = fixed", NULL};

Test(fit, table_of_signals)
{
    struct lab *lab = open_lab("pp+CNO, CNO", NULL);
    struct nd_signal_table table = make_table(lab, (struct area){0.05, 0.5, 4, 1.0, 1.0, 1});
    cr_assert(table.n_masses == 4 && table.n_bins == 29);
    cr_assert(table.counts[ND_SOURCE_PP] != NULL && table.counts[ND_SOURCE_17F] != NULL);
    cr_assert(table.counts[ND_SOURCE_8B] == NULL && table.counts[ND_SOURCE_7BE] == NULL);
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < 4; i++) {
            double sum[ND_BINS_MAX], expected[ND_BINS_MAX];
            nd_signal_table_sum(&table, &lab->beam.sets[s], i, sum);
            nd_signal_counts(lab->detector.response, &lab->beam.fluxes, &lab->beam.sets[s],
                             table.m4[i], expected, NULL);
            for (int j = 0; j < 29; j++)
                ASSERT_CLOSE(sum[j], expected[j], 1e-14, "set %d, mass %d, bin %d", s, i, j);
        }
    nd_signal_table_clear(&table);
    cr_assert(table.m4 == NULL && table.n_masses == 0 && table.counts[ND_SOURCE_PP] == NULL);
    close_lab(lab);
}

Test(fit, gains_of_the_plane)
{
    /* pp ends at 320 keV: the last masses of the grid are beyond */
    const double rounding = 1e-10;
    struct lab *lab = open_lab("pp", NULL);
    const struct area a = {0.03, 0.5, 9, 1e-12, 1e-9, 12};
    struct nd_plane_fit fit = fit_plane(lab, a, ND_CONTOUR_LIKELIHOOD_RATIO);
    const double end = nd_signal_mass_end(&lab->beam.fluxes, &lab->beam.sets[0]);
    cr_assert(fit.n_masses == 9 && fit.n_mu == 12 && fit.has_signal == 1);
    ASSERT_CLOSE(fit.m4[8], 0.5, 1e-14, "last mass");
    ASSERT_CLOSE(fit.mu[11], 1e-9 * nd_bohr_magneton(), 1e-14, "last coupling");
    for (int i = 0; i < 9; i++) {
        const struct nd_mass_fit one = fit_at(lab, fit.m4[i]);
        ASSERT_CLOSE(fit.masses[i].mu, one.mu, 1e-12, "best coupling %d", i);
        cr_assert(fit.masses[i].m4 == fit.m4[i] && isinf(one.mu_up) == (fit.m4[i] > end));
        cr_assert(isinf(one.mu_up) || fabs(fit.masses[i].mu_up / one.mu_up - 1.0) < 1e-12);
        for (int j = 0; j < 12; j++) {
            const double gain = gain_of(lab, fit.m4[i], fit.mu[j]);
            ASSERT_NEAR(fit.gains[i * 12 + j], gain, rounding * (1.0 + fabs(gain)), "node %d %d", i,
                        j);
            if (fit.m4[i] > end)
                ASSERT_NEAR(fit.gains[i * 12 + j], 0.0, 0.0, "beyond the end, node %d %d", i, j);
        }
    }
    cr_assert(fit.m4[8] > end && fit.m4[6] < end);
    nd_plane_fit_clear(&fit);
    cr_assert(fit.m4 == NULL && fit.gains == NULL && fit.n_masses == 0);
    close_lab(lab);
}

Test(fit, beyond_the_reach_of_the_sources)
{
    struct lab *lab = open_lab("pp", NULL);
    struct nd_plane_fit fit =
        fit_plane(lab, (struct area){0.4, 0.6, 4, 1e-12, 1e-9, 5}, ND_CONTOUR_LIKELIHOOD_RATIO);
    cr_assert(fit.has_signal == 0 && fit.best_at_edge == 0);
    cr_assert(fit.best.gain == 0.0 && fit.best.mu == 0.0 && fit.best.m4 == 0.0);
    for (int k = 0; k < ND_N_LEVELS; k++)
        cr_assert(fit.contours[k].n == 0);
    for (int i = 0; i < 4; i++)
        cr_assert(isinf(fit.masses[i].mu_up) && fit.masses[i].mu == 0.0);
    nd_plane_fit_clear(&fit);
    close_lab(lab);
}

/* The best point is better than all nodes and its neighbours, and no grid matters. */
Test(fit, best_point)
{
    static const struct area areas[] = {{0.3, 1.0, 25, 1e-10, 1e-8, 20},
                                        {0.41, 0.93, 14, 3e-10, 5e-8, 7},
                                        {0.2, 2.0, 6, 2e-9, 4e-9, 2}};
    const double mass = 1e-4; /* the search stops at 1e-5, where -2 ln L is flat to rounding */
    const double rounding = 1e-8;
    double first = NAN;
    struct lab *lab = open_lab("8B", LOW_ENERGY);
    for (int k = 0; k < 3; k++) {
        struct nd_plane_fit fit = fit_plane(lab, areas[k], ND_CONTOUR_LIKELIHOOD_RATIO);
        const struct nd_mass_fit *best = &fit.best, again = fit_at(lab, best->m4);
        for (int i = 0; i < fit.n_masses * fit.n_mu; i++)
            cr_assert(fit.gains[i] < best->gain, "node %d is better", i);
        for (int i = 0; i < fit.n_masses; i++)
            cr_assert(fit.masses[i].gain < best->gain, "mass %d is better", i);
        cr_assert(fit.best_at_edge == 0);
        ASSERT_CLOSE(best->mu, again.mu, 1e-12, "coupling");
        ASSERT_CLOSE(best->mu_up, again.mu_up, 1e-12, "upper end");
        ASSERT_NEAR(best->gain, again.gain, 1e-12, "gain");
        for (int side = -1; side <= 1; side += 2) {
            const double beside = fit_at(lab, best->m4 * (1.0 + 20.0 * side * mass)).gain;
            cr_assert(beside < best->gain + rounding, "grid %d: better beside", k);
        }
        if (k == 0)
            first = best->m4;
        ASSERT_CLOSE(best->m4, first, 2.0 * mass, "best mass of grid %d", k);
        nd_plane_fit_clear(&fit);
    }
    close_lab(lab);
}

/* Fits of the first keV without nuisances, found independently to 20 keV. */
Test(fit, best_masses_at_low_energies)
{
    static const double upper[] = {5.0, 6.0, 7.0};
    static const double expected[2][3] = {{640.0, 580.0, 540.0}, {660.0, 620.0, 580.0}};
    for (int electrons = 0; electrons < 2; electrons++)
        for (int k = 0; k < 3; k++) {
            char window[40];
            snprintf(window, sizeof window, "window_max_keV = %g", upper[k]);
            const char *const assignments[] = {
                "nuisances = fixed", window,
                electrons ? "electrons = free" : "electrons = stepwise", NULL};
            struct lab *lab = open_lab("8B", assignments);
            struct nd_plane_fit fit = fit_plane(lab, (struct area){0.4, 0.8, 12, 1e-10, 1e-8, 8},
                                                ND_CONTOUR_LIKELIHOOD_RATIO);
            ASSERT_NEAR(nd_kev_from_mev(fit.best.m4), expected[electrons][k], 20.0,
                        "1-%g keV, electrons %d", upper[k], electrons);
            nd_plane_fit_clear(&fit);
            close_lab(lab);
        }
}

Test(fit, best_point_at_an_edge)
{
    /* the best point is at 532 keV and 3.17e-9 mu_B */
    static const struct {
        struct area area;
        int edge;
    } cases[] = {
        {{0.4, 0.5, 4, 1e-10, 1e-8, 5}, ND_CONTOUR_X_MAX},
        {{0.6, 0.7, 4, 1e-10, 1e-8, 5}, ND_CONTOUR_X_MIN},
        {{0.3, 0.9, 9, 1e-10, 2.8e-9, 5}, ND_CONTOUR_Y_MAX},
        {{0.3, 0.9, 9, 1e-10, 1e-9, 5}, ND_CONTOUR_X_MIN | ND_CONTOUR_Y_MAX},
        {{0.3, 0.9, 9, 5e-9, 1e-8, 5}, ND_CONTOUR_Y_MIN},
        /* the middle mass is best inside, masses above it at the edge */
        {{0.32, 0.78125, 3, 1e-10, 3.1e-9, 5}, ND_CONTOUR_Y_MAX},
        {{0.3, 0.4, 4, 1e-10, 2.81e-9, 5}, ND_CONTOUR_X_MAX | ND_CONTOUR_Y_MAX},
        {{0.3, 0.9, 9, 2.8e-9, 2.8e-9, 1}, 0}, /* one coupling has nothing beyond it */
        {{0.6, 0.6, 1, 1e-10, 1e-8, 5}, 0},
        {{0.6, 0.6, 1, 1e-10, 1e-9, 5}, ND_CONTOUR_Y_MAX},
    };
    const double rounding = 1e-8;
    struct lab *lab = open_lab("8B", LOW_ENERGY);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct nd_plane_fit fit = fit_plane(lab, cases[k].area, ND_CONTOUR_LIKELIHOOD_RATIO);
        const int edge = fit.best_at_edge;
        cr_assert(edge == cases[k].edge, "case %zu: edge %d instead of %d", k, edge, cases[k].edge);
        const double low = fit.mu[0], high = fit.mu[fit.n_mu - 1];
        if (edge & (ND_CONTOUR_Y_MIN | ND_CONTOUR_Y_MAX))
            cr_assert(fit.best.mu == (edge & ND_CONTOUR_Y_MIN ? low : high), "case %zu", k);
        if (edge & (ND_CONTOUR_X_MIN | ND_CONTOUR_X_MAX))
            cr_assert(fit.best.m4 == fit.m4[edge & ND_CONTOUR_X_MIN ? 0 : fit.n_masses - 1]);
        ASSERT_NEAR(fit.best.gain, gain_of(lab, fit.best.m4, fit.best.mu), rounding, "gain");
        ASSERT_NEAR(fit.best.at_zero.two_nll - fit.best.at_best.two_nll, fit.best.gain, rounding,
                    "case %zu: profiles", k);
        /* no point inside is better, at the mass or the coupling of the best one or elsewhere */
        for (int i = 0; i <= 20; i++)
            for (int j = 0; j <= 4; j++) {
                const double m4 = fit.m4[0] + (fit.m4[fit.n_masses - 1] - fit.m4[0]) * i / 20.0;
                const double mu = low + (high - low) * j / 4.0;
                cr_assert(gain_of(lab, m4, mu) <= fit.best.gain + rounding,
                          "case %zu: better at %g MeV, %g", k, m4, mu);
            }
        nd_plane_fit_clear(&fit);
    }
    close_lab(lab);
}

/* Between the first and the second mass, or the last two, it is no edge either. */
Test(fit, best_point_beside_the_first_mass)
{
    static const struct area areas[] = {{0.52, 1.0, 3, 1e-10, 1e-8, 5},
                                        {0.3, 0.545, 3, 1e-10, 1e-8, 5}};
    struct lab *lab = open_lab("8B", LOW_ENERGY);
    struct nd_plane_fit wide =
        fit_plane(lab, (struct area){0.3, 1.0, 9, 1e-10, 1e-8, 5}, ND_CONTOUR_LIKELIHOOD_RATIO);
    for (int k = 0; k < 2; k++) {
        struct nd_plane_fit fit = fit_plane(lab, areas[k], ND_CONTOUR_LIKELIHOOD_RATIO);
        cr_assert(fit.best_at_edge == 0, "area %d: edge %d", k, fit.best_at_edge);
        ASSERT_CLOSE(fit.best.m4, wide.best.m4, 2e-4, "area %d: best mass", k);
        nd_plane_fit_clear(&fit);
    }
    nd_plane_fit_clear(&wide);
    close_lab(lab);
}

/* Couplings so large that every one of them is worse than none, or so small that the gain, which
 * goes as mu^2, is no preference. */
Test(fit, no_gain_in_the_plane)
{
    static const struct area areas[] = {{0.3, 0.9, 9, 2e-8, 1e-7, 5},
                                        {0.3, 0.9, 9, 1e-11, 4e-11, 5}};
    struct lab *lab = open_lab("8B", LOW_ENERGY);
    for (int k = 0; k < 2; k++) {
        struct nd_plane_fit fit = fit_plane(lab, areas[k], ND_CONTOUR_LIKELIHOOD_RATIO);
        cr_assert(fit.has_signal == 1 && fit.best.gain == 0.0 && fit.best.mu == 0.0);
        cr_assert(fit.best.m4 == 0.0 && fit.best_at_edge == 0);
        for (int i = 0; i < 9 * 5; i++)
            cr_assert(k == 0 ? fit.gains[i] < 0.0
                             : fit.gains[i] > 0.0 && fit.gains[i] < ND_GAIN_MIN);
        nd_plane_fit_clear(&fit);
    }
    /* just above it there is a best point */
    struct nd_plane_fit fit =
        fit_plane(lab, (struct area){0.3, 0.9, 9, 1e-11, 7e-11, 5}, ND_CONTOUR_LIKELIHOOD_RATIO);
    cr_assert(fit.best.gain > ND_GAIN_MIN && fit.best.gain < 2.0 * ND_GAIN_MIN);
    nd_plane_fit_clear(&fit);
    close_lab(lab);
}

/* ---- contours --------------------------------------------------------------------------- */

static int on_border(const struct nd_plane_fit *fit, double m4, double mu)
{
    return m4 == fit->m4[0] || m4 == fit->m4[fit->n_masses - 1] || mu == fit->mu[0] ||
           mu == fit->mu[fit->n_mu - 1];
}

static int region_contains(const struct nd_contours *region, double x, double y)
{
    int windings = 0;
    for (int c = 0; c < region->n; c++)
        if (!region->contours[c].is_hole)
            windings += nd_contour_contains(&region->contours[c], x, y);
    return windings;
}

/* Every vertex inside the plane is at the level, those on its border are not below. */
static int check_vertices(const struct lab *lab, const struct nd_plane_fit *fit, int k,
                          double level, double tolerance)
{
    int inside = 0;
    for (int c = 0; c < fit->contours[k].n; c++) {
        const struct nd_contour *contour = &fit->contours[k].contours[c];
        for (int i = 0; i < contour->n; i++) {
            const double gain = gain_of(lab, contour->x[i], contour->y[i]);
            const int border = on_border(fit, contour->x[i], contour->y[i]);
            cr_assert(contour->x[i] >= fit->m4[0] && contour->x[i] <= fit->m4[fit->n_masses - 1]);
            cr_assert(contour->y[i] >= fit->mu[0] && contour->y[i] <= fit->mu[fit->n_mu - 1]);
            inside += !border;
            cr_assert(gain > level - tolerance && (border || gain < level + tolerance),
                      "level %d: gain %g at %g MeV, %g MeV^-1, expected %g", k, gain, contour->x[i],
                      contour->y[i], level);
        }
    }
    return inside;
}

/* Polygons take the gain as linear between nodes h = 0.03 apart in ln m4 and ln mu: off by h^2/8
 * times its second derivative, some hundreds. */
static const double INTERPOLATED = 0.1;
static const struct area REGION = {0.3, 1.1, 40, 1e-9, 6e-9, 60};

Test(fit, contours_of_the_likelihood_ratio)
{
    static const double steps[] = {2.295748928898636, 6.180074306244168, 11.82915808190081};
    struct lab *lab = open_lab("8B", LOW_ENERGY);
    struct nd_plane_fit fit = fit_plane(lab, REGION, ND_CONTOUR_LIKELIHOOD_RATIO);
    for (int k = 0; k < ND_N_LEVELS; k++) {
        const int inside = check_vertices(lab, &fit, k, fit.best.gain - steps[k], INTERPOLATED);
        cr_assert(fit.contours[k].n == 1 && inside > 20, "level %d: %d contours, %d vertices", k,
                  fit.contours[k].n, inside);
        cr_assert(region_contains(&fit.contours[k], fit.best.m4, fit.best.mu) == 1,
                  "level %d: the best point is outside", k);
    }
    nd_plane_fit_clear(&fit);
    close_lab(lab);
}

Test(fit, contours_of_a_discovery)
{
    /* 13.1 is the gain of the best point: 3 sigma are just reached */
    static const double levels[] = {2.295748928898636, 6.180074306244168, 11.82915808190081};
    struct lab *lab = open_lab("8B", LOW_ENERGY), *all = open_lab("8B", NULL);
    struct nd_plane_fit fit = fit_plane(lab, REGION, ND_CONTOUR_DISCOVERY);
    for (int k = 0; k < ND_N_LEVELS; k++) {
        const int inside = check_vertices(lab, &fit, k, levels[k], INTERPOLATED);
        cr_assert(fit.contours[k].n == 1 && inside > 10, "level %d: %d contours, %d vertices", k,
                  fit.contours[k].n, inside);
        cr_assert(region_contains(&fit.contours[k], fit.best.m4, fit.best.mu) == 1);
    }
    nd_plane_fit_clear(&fit);
    /* all bins and nuisances: no more than 9 */
    fit = fit_plane(all, REGION, ND_CONTOUR_DISCOVERY);
    cr_assert(fit.best.gain > levels[1] && fit.best.gain < levels[2]);
    cr_assert(fit.contours[0].n == 1 && fit.contours[1].n == 1 && fit.contours[2].n == 0);
    nd_plane_fit_clear(&fit);
    close_lab(lab);
    close_lab(all);
}

Test(fit, contours_are_nested)
{
    struct lab *lab = open_lab("8B", LOW_ENERGY);
    for (int kind = 0; kind < 2; kind++) {
        struct nd_plane_fit fit = fit_plane(lab, REGION, (enum nd_contour_kind)kind);
        for (int k = 0; k + 1 < ND_N_LEVELS; k++) {
            /* 1 sigma lies in 2 sigma below the best, 3 sigma above nothing in 2 sigma */
            const int inner = kind == ND_CONTOUR_LIKELIHOOD_RATIO ? k : k + 1;
            const int outer = kind == ND_CONTOUR_LIKELIHOOD_RATIO ? k + 1 : k;
            for (int c = 0; c < fit.contours[inner].n; c++) {
                const struct nd_contour *contour = &fit.contours[inner].contours[c];
                for (int i = 0; i < contour->n; i++)
                    cr_assert(
                        on_border(&fit, contour->x[i], contour->y[i]) ||
                            region_contains(&fit.contours[outer], contour->x[i], contour->y[i]),
                        "kind %d: level %d is not inside level %d", kind, inner, outer);
            }
            cr_assert(nd_contour_area(&fit.contours[inner].contours[0]) <
                      nd_contour_area(&fit.contours[outer].contours[0]));
        }
        nd_plane_fit_clear(&fit);
    }
    close_lab(lab);
}

Test(fit, one_mass_or_one_coupling)
{
    static const struct area areas[] = {
        {0.6, 0.6, 1, 1e-9, 6e-9, 9}, {0.3, 0.9, 9, 3e-9, 3e-9, 1}, {0.6, 0.6, 1, 3e-9, 3e-9, 1}};
    struct lab *lab = open_lab("8B", LOW_ENERGY);
    for (int k = 0; k < 3; k++) {
        struct nd_plane_fit fit = fit_plane(lab, areas[k], ND_CONTOUR_LIKELIHOOD_RATIO);
        cr_assert(fit.has_signal == 1 && fit.best.gain > 10.0, "case %d", k);
        if (fit.n_masses == 1)
            cr_assert(fit.best.m4 == fit.m4[0] && !(fit.best_at_edge & ND_CONTOUR_X_MIN));
        if (fit.n_mu == 1)
            cr_assert(fit.best.mu == fit.mu[0], "case %d", k);
        for (int level = 0; level < ND_N_LEVELS; level++)
            cr_assert(fit.contours[level].n == 0, "case %d: a contour without area", k);
        nd_plane_fit_clear(&fit);
    }
    close_lab(lab);
}

/* ---- threads ---------------------------------------------------------------------------- */

static void assert_same_fit(const struct nd_mass_fit *a, const struct nd_mass_fit *b)
{
    const double numbers[2][8] = {{a->m4, a->mu, a->gain, a->mu_low, a->mu_up, a->at_best.two_nll,
                                   a->at_best.eps, a->at_best.beta},
                                  {b->m4, b->mu, b->gain, b->mu_low, b->mu_up, b->at_best.two_nll,
                                   b->at_best.eps, b->at_best.beta}};
    cr_assert(memcmp(numbers[0], numbers[1], sizeof numbers[0]) == 0, "fits differ at %g MeV",
              a->m4);
}

Test(fit, threads_do_not_matter)
{
    const struct area area = {0.3, 1.1, 11, 1e-9, 6e-9, 9};
    struct nd_plane_fit fits[2];
    struct lab *lab = open_lab("8B", NULL);
    for (int k = 0; k < 2; k++) {
#ifdef _OPENMP
        omp_set_num_threads(k == 0 ? 1 : 3);
#endif
        fits[k] = fit_plane(lab, area, ND_CONTOUR_LIKELIHOOD_RATIO);
    }
    const struct nd_plane_fit *one = &fits[0], *three = &fits[1];
    cr_assert(memcmp(one->gains, three->gains, 11 * 9 * sizeof *one->gains) == 0, "gains differ");
    assert_same_fit(&one->best, &three->best);
    cr_assert(one->best_at_edge == three->best_at_edge);
    for (int i = 0; i < 11; i++)
        assert_same_fit(&one->masses[i], &three->masses[i]);
    for (int k = 0; k < ND_N_LEVELS; k++) {
        cr_assert(one->contours[k].n == three->contours[k].n);
        for (int c = 0; c < one->contours[k].n; c++) {
            const struct nd_contour *a = &one->contours[k].contours[c];
            const struct nd_contour *b = &three->contours[k].contours[c];
            cr_assert(a->n == b->n && memcmp(a->x, b->x, (size_t)a->n * sizeof *a->x) == 0 &&
                          memcmp(a->y, b->y, (size_t)a->n * sizeof *a->y) == 0,
                      "contours differ");
        }
    }
    for (int k = 0; k < 2; k++)
        nd_plane_fit_clear(&fits[k]);
    close_lab(lab);
}

/* ---- errors ----------------------------------------------------------------------------- */

Test(fit, plane_errors_name_sources_and_mass)
{
    const struct nd_plane_options options = {0.9, ND_CONTOUR_LIKELIHOOD_RATIO};
    const double mu[] = {1e-10, 1e-9};
    struct nd_plane_fit fit;
    struct nd_error error = ND_ERROR_INIT;
    struct lab *lab = open_lab("8B", NULL);
    struct nd_signal_table table = make_table(lab, (struct area){0.4, 0.4, 1, 1.0, 1.0, 1});
    lab->detector.experiment->background[3] = 0.0; /* with counts */
    ASSERT_ERROR(nd_plane_fit_create(&fit, &lab->detector.likelihood, lab->detector.response,
                                     &lab->beam.fluxes, &table, &lab->beam.sets[0], mu, 2, &options,
                                     &error),
                 error, ND_NOT_CONVERGED, "fit of 8B: m4 = 0.4 MeV: likelihood of XENON1T SR1");
    cr_assert(fit.m4 == NULL && fit.gains == NULL && fit.masses == NULL);
    nd_signal_table_clear(&table);
    close_lab(lab);
}
