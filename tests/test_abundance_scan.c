/* Abundances of many couplings at once: against CVODE, against the integral of the source where N
 * is rare, against the balance of rates where it is not, and the thresholds against their
 * definition. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "nudipole/abundance_scan.h"
#include "nudipole/units.h"
#include "nudipole/viability.h"
#include "support.h"

static struct nd_background *background;
static struct nd_error error;

static void setup(void)
{
    gsl_set_error_handler_off();
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_OK(nd_background_create(&background, &error), error);
}

static void teardown(void)
{
    nd_background_free(background);
}

TestSuite(abundance_scan, .init = setup, .fini = teardown);

static const struct nd_treatment EQUAL = {ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE,
                                          ND_NEUTRINOS_EQUAL};
static const struct nd_treatment DECOUPLED = {ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE,
                                              ND_NEUTRINOS_DECOUPLED};
static const double T_END = 0.01, X_MAX = 3.0;

static struct nd_rate_table *table_of(double m4, const struct nd_treatment *treatment, double T_max)
{
    struct nd_rate_table *table;
    ASSERT_OK(nd_rate_table_create(&table, m4, treatment, background, T_END, T_max, 1e-6, &error),
              error);
    return table;
}

static struct nd_abundance_scan *scan_of(const struct nd_rate_table *table, double T_RH,
                                         double T_end, double x_max)
{
    struct nd_abundance_scan *scan;
    ASSERT_OK(nd_abundance_scan_create(&scan, table, background, T_RH, T_end, x_max, &error),
              error);
    return scan;
}

static struct nd_abundance_maxima maxima_of(const struct nd_abundance_scan *scan, double mu)
{
    struct nd_abundance_maxima maxima;
    nd_abundance_scan_maxima(scan, mu, &maxima);
    return maxima;
}

/* ---- CVODE ------------------------------------------------------------------------------- */

/* Both look for their maxima at points: CVODE here at 4000 and more, the scan where its steps end,
 * 0.02 apart in ln T or 0.05 in m4/T. A maximum in the open is flat and found to 1e-4. One next to
 * T_RH, of N that thermalise at once and then follow the equilibrium downwards, is a cusp that lies
 * between two nodes: it comes out too low by what is lost from there to the next node, of order
 * 0.05 for m4 > T_RH. */
static void compare_maximum(double scan, const struct nd_extremum *cvode, double T_RH, double cusp,
                            const char *name, double m4, double d_muB)
{
    ASSERT_CLOSE(scan, cvode->value, cvode->T > 0.9 * T_RH ? cusp : 1e-4,
                 "%s, m4 = %g, T_RH = %g, d = %g", name, m4, T_RH, d_muB);
    cr_assert(scan < cvode->value * (1.0 + 1e-5), "%s, m4 = %g, T_RH = %g, d = %g: too large", name,
              m4, T_RH, d_muB);
}

static void compare_with_cvode(const struct nd_rate_table *table,
                               const struct nd_abundance_scan *scan, double T_RH, double d_muB)
{
    const double m4 = nd_rate_table_m4(table);
    const struct nd_viability_options judge = {0.5, X_MAX};
    struct nd_abundance_options options = nd_abundance_defaults(T_RH);
    struct nd_abundance_history history;
    struct nd_model model;
    struct nd_viability v;
    options.T_end = T_END;
    options.n_points = 4001;
    options.tolerance = 1e-10;
    ASSERT_OK(nd_model_init(&model, m4, d_muB * nd_bohr_magneton(), ND_CONVENTION_HALF,
                            ND_FLAVOUR_TAU, &error),
              error);
    ASSERT_OK(nd_abundance_solve(&model, table, background, &options, &history, &error), error);
    ASSERT_OK(nd_viability_judge(&model, table, background, &history, &judge, &v, &error), error);
    const struct nd_abundance_maxima maxima = maxima_of(scan, model.mu);
    compare_maximum(maxima.n_over_neq, &v.n_over_neq, T_RH, 2e-3, "n/n_eq", m4, d_muB);
    compare_maximum(maxima.rho_N_over_rho_gamma, &v.rho_N_over_rho_gamma, T_RH, 0.03, "rho", m4,
                    d_muB);
    cr_assert(maxima.at_window_edge == v.at_window_edge, "m4 = %g, T_RH = %g, d = %g: edge", m4,
              T_RH, d_muB);
    /* N that follow an equilibrium down to 1e-90 and less lag behind it by a share that the
     * parabola of a step gives to 1e-3 only */
    const struct nd_abundance *last = &history.points[history.n_points - 1];
    const double Y = exp(last->log_n) / last->background.s;
    ASSERT_CLOSE(nd_abundance_scan_end(scan, model.mu), Y, Y > 1e-60 ? 2e-5 : 1e-3,
                 "n/s at the end, m4 = %g, T_RH = %g, d = %g", m4, T_RH, d_muB);
    nd_abundance_history_clear(&history);
}

static void compare_mass(double m4, const struct nd_treatment *treatment)
{
    const double T_RH[] = {0.5, 2.0, 10.0}, d_muB[] = {1e-12, 1e-11, 1e-10, 1e-9, 1e-8};
    struct nd_rate_table *table = table_of(m4, treatment, 10.0);
    for (int t = 0; t < 3; t++) {
        struct nd_abundance_scan *scan = scan_of(table, T_RH[t], T_END, X_MAX);
        for (int d = 0; d < 5; d++)
            compare_with_cvode(table, scan, T_RH[t], d_muB[d]);
        nd_abundance_scan_free(scan);
    }
    nd_rate_table_free(table);
}

Test(abundance_scan, same_as_cvode_light)
{
    compare_mass(0.05, &DECOUPLED);
    compare_mass(0.26, &DECOUPLED);
}

Test(abundance_scan, same_as_cvode_medium)
{
    compare_mass(0.6, &DECOUPLED);
    compare_mass(0.6, &EQUAL);
}

Test(abundance_scan, same_as_cvode_heavy)
{
    compare_mass(2.0, &DECOUPLED);
    compare_mass(5.0, &DECOUPLED);
}

/* ---- limits ------------------------------------------------------------------------------ */

struct source {
    const struct nd_rate_table *table;
    double mu;
};

/* d(n/s)/dlnT of production alone: 2 gamma/s |dt/dlnT|, N and Nbar. */
static double source_at(double log_T, void *context)
{
    const struct source *source = context;
    struct nd_background_state state;
    struct nd_rates rates;
    double gamma = 0.0;
    ASSERT_OK(nd_background_at(background, exp(log_T), &state, &error), error);
    ASSERT_OK(nd_rate_table_at(source->table, source->mu, &state, &rates, &error), error);
    for (int c = 0; c < ND_N_CHANNELS; c++)
        gamma += exp(rates.log_gain[c]);
    return 2.0 * gamma / state.s * -state.dt_dlnT;
}

/* Equilibrium n/s of N and Nbar and the balance of gain and loss over it. */
struct balance {
    double Y_eq, n_over_neq, gamma_over_H;
};

static struct balance balance_at(const struct nd_rate_table *table, double mu, double T)
{
    struct nd_background_state state;
    struct nd_rates rates;
    double gain = 0.0, loss = 0.0;
    ASSERT_OK(nd_background_at(background, T, &state, &error), error);
    ASSERT_OK(nd_rate_table_at(table, mu, &state, &rates, &error), error);
    for (int c = 0; c < ND_N_CHANNELS; c++) {
        gain += exp(rates.log_gain[c]);
        loss += exp(rates.log_loss[c]);
    }
    return (struct balance){2.0 * exp(rates.log_n_eq) / state.s, gain / loss,
                            loss / exp(rates.log_n_eq) * -state.dt_dlnT};
}

Test(abundance_scan, freeze_in_is_the_integral_of_the_source)
{
    /* At 1e-20 mu_B losses are of relative order 1e-17. The integrand is a spline: the reference
     * integral converges to about 1e-8 over its knots. */
    const double masses[] = {0.05, 0.6, 5.0}, T_RH = 2.0, mu = 1e-20 * nd_bohr_magneton();
    for (int m = 0; m < 3; m++) {
        struct nd_rate_table *table = table_of(masses[m], &DECOUPLED, 10.0);
        struct nd_abundance_scan *scan = scan_of(table, T_RH, T_END, X_MAX);
        struct source source = {table, mu};
        const double T_window = 1.0 / (1.0 / T_RH + X_MAX / masses[m]);
        const double at_window = integrate(source_at, &source, log(T_window), log(T_RH), 1e-7);
        const double after = integrate(source_at, &source, log(T_END), log(T_window), 1e-7);
        const struct nd_abundance_maxima one = maxima_of(scan, mu), two = maxima_of(scan, 2.0 * mu);
        ASSERT_CLOSE(nd_abundance_scan_end(scan, mu), at_window + after, 1e-6, "n/s, m4 = %g",
                     masses[m]);
        ASSERT_CLOSE(one.n_over_neq, at_window / balance_at(table, mu, T_window).Y_eq, 1e-6,
                     "n/n_eq at the end of the window, m4 = %g", masses[m]);
        cr_assert(one.at_window_edge == 1);
        ASSERT_CLOSE(two.n_over_neq / one.n_over_neq, 4.0, 1e-9, "n/n_eq, twice mu");
        ASSERT_CLOSE(two.rho_N_over_rho_gamma / one.rho_N_over_rho_gamma, 4.0, 1e-9,
                     "rho, twice mu");
        ASSERT_CLOSE(nd_abundance_scan_end(scan, 2.0 * mu) / nd_abundance_scan_end(scan, mu), 4.0,
                     1e-9, "n/s, twice mu");
        nd_abundance_scan_free(scan);
        nd_rate_table_free(table);
    }
}

Test(abundance_scan, strong_coupling_follows_the_balance)
{
    /* With Gamma/H >> 1, n = (gain/loss) n_eq up to the lag behind its fall, (m4/T) H/Gamma. */
    const double ends[] = {1.5, 0.5, 0.1, 0.03}, mu = 1e-6 * nd_bohr_magneton(), m4 = 0.6;
    const struct nd_treatment *treatments[] = {&EQUAL, &DECOUPLED};
    for (int k = 0; k < 2; k++) {
        struct nd_rate_table *table = table_of(m4, treatments[k], 10.0);
        for (int i = 0; i < 4; i++) {
            struct nd_abundance_scan *scan = scan_of(table, 2.0, ends[i], X_MAX);
            const struct balance balance = balance_at(table, mu, ends[i]);
            cr_assert(balance.gamma_over_H > 1e5, "Gamma/H = %g", balance.gamma_over_H);
            ASSERT_CLOSE(nd_abundance_scan_end(scan, mu) / balance.Y_eq, balance.n_over_neq, 1e-3,
                         "n/n_eq at T = %g", ends[i]);
            if (k == 0) {
                ASSERT_CLOSE(balance.n_over_neq, 1.0, 1e-12, "one temperature: equilibrium");
                ASSERT_CLOSE(maxima_of(scan, mu).n_over_neq, 1.0, 1e-3, "max n/n_eq");
            } else if (ends[i] < 0.1)
                cr_assert(balance.n_over_neq < 0.9, "cold neutrinos make fewer N");
            nd_abundance_scan_free(scan);
        }
        nd_rate_table_free(table);
    }
}

Test(abundance_scan, window_ends_where_it_should)
{
    /* Rare N rise to the end of the window: the maximum is the value there, which is the end of a
     * scan down to there. What follows does not depend on where the window ended. */
    const double x_max[] = {0.1, 1.0, 3.0, 10.0}, T_RH = 2.0, m4 = 0.6;
    const double mu = 1e-12 * nd_bohr_magneton();
    struct nd_rate_table *table = table_of(m4, &DECOUPLED, 10.0);
    struct nd_abundance_scan *all = scan_of(table, T_RH, T_END, 1e9); /* a window down to T_end */
    const double Y = nd_abundance_scan_end(all, mu);
    ASSERT_CLOSE(maxima_of(all, mu).n_over_neq, Y / balance_at(table, mu, T_END).Y_eq, 1e-10,
                 "at T_end");
    cr_assert(maxima_of(all, mu).at_window_edge);
    for (int i = 0; i < 4; i++) {
        const double T_window = 1.0 / (1.0 / T_RH + x_max[i] / m4);
        struct nd_abundance_scan *scan = scan_of(table, T_RH, T_END, x_max[i]);
        struct nd_abundance_scan *shorter = scan_of(table, T_RH, T_window, 1e9);
        const struct nd_abundance_maxima maxima = maxima_of(scan, mu);
        cr_assert(maxima.at_window_edge);
        ASSERT_CLOSE(maxima.n_over_neq,
                     nd_abundance_scan_end(shorter, mu) / balance_at(table, mu, T_window).Y_eq,
                     1e-10, "at the end of the window, x_max = %g", x_max[i]);
        ASSERT_CLOSE(nd_abundance_scan_end(scan, mu), Y, 1e-6, "n/s, x_max = %g", x_max[i]);
        nd_abundance_scan_free(scan);
        nd_abundance_scan_free(shorter);
    }
    nd_abundance_scan_free(all);
    nd_rate_table_free(table);
}

/* ---- thresholds -------------------------------------------------------------------------- */

static double largest(const struct nd_abundance_scan *scan, int rho, double mu)
{
    const struct nd_abundance_maxima maxima = maxima_of(scan, mu);
    return rho ? maxima.rho_N_over_rho_gamma : maxima.n_over_neq;
}

Test(abundance_scan, threshold_is_the_least_coupling_that_reaches_the_value)
{
    static const struct {
        int rho;
        double value;
    } CASES[] = {{0, 1e-6}, {0, 0.1}, {0, 0.5}, {0, 0.9}, {1, 1e-12}, {1, 0.01}, {1, 0.3}};
    const double masses[] = {0.05, 0.26, 0.6, 5.0}, T_RH[] = {0.5, 5.0};
    const double mu_max = 1e-3 * nd_bohr_magneton();
    for (int m = 0; m < 4; m++) {
        struct nd_rate_table *table = table_of(masses[m], &DECOUPLED, 10.0);
        for (int t = 0; t < 2; t++) {
            struct nd_abundance_scan *scan = scan_of(table, T_RH[t], T_END, X_MAX);
            for (int k = 0; k < 7; k++) {
                const int rho = CASES[k].rho;
                const double value = CASES[k].value;
                const double mu = nd_abundance_scan_threshold(scan, rho, value, mu_max);
                if (isinf(mu)) {
                    /* rho of 5 MeV after 0.5 MeV: 0.007 in equilibrium; n/n_eq: 0.88, because the
                     * neutrinos are a little colder than N already */
                    cr_assert(masses[m] == 5.0 && T_RH[t] == 0.5 && value > 0.006);
                    cr_assert(largest(scan, rho, mu_max) < value);
                    continue;
                }
                ASSERT_CLOSE(largest(scan, rho, mu), value, 1e-6, "m4 = %g, T_RH = %g, value %g",
                             masses[m], T_RH[t], value);
                cr_assert(largest(scan, rho, mu) >= value);
                cr_assert(largest(scan, rho, mu * (1.0 - 1e-7)) < value);
                for (double below = 0.99 * mu; below > 1e-4 * mu; below *= 0.7)
                    cr_assert(largest(scan, rho, below) < value, "reached at %g of mu", below / mu);
                cr_assert(isinf(nd_abundance_scan_threshold(scan, rho, value, 0.99 * mu)));
                ASSERT_CLOSE(nd_abundance_scan_threshold(scan, rho, value, 1.01 * mu), mu, 2e-8,
                             "a mu_max just above");
            }
            cr_assert(isinf(nd_abundance_scan_threshold(scan, 0, 10.0, mu_max)));
            cr_assert(isinf(nd_abundance_scan_threshold(scan, 1, 10.0, mu_max)));
            nd_abundance_scan_free(scan);
        }
        nd_rate_table_free(table);
    }
}

/* ---- errors ------------------------------------------------------------------------------ */

Test(abundance_scan, bad_input_says_why)
{
    static const struct {
        double T_RH, T_end, x_max;
        const char *fragment;
    } CASES[] = {
        {0.5, 1.0, 3.0, "T_RH = 0.5 MeV, T_end = 1 MeV"},
        {0.5, 0.5, 3.0, "T_RH must be above T_end"},
        {2.0, 0.0, 3.0, "T_end = 0 MeV"},
        {2.0, -1.0, 3.0, "T_end = -1 MeV"},
        {NAN, 0.01, 3.0, "nan"},
        {2.0, 0.01, 0.0, "x_max = 0"},
        {2.0, 0.01, -3.0, "x_max = -3"},
        {2.0, 0.01, NAN, "x_max"},
        {20.0, 0.01, 3.0, "covers"},
        {2.0, 0.02, 3.0, "covers"},
    };
    struct nd_rate_table *table;
    ASSERT_OK(nd_rate_table_create(&table, 0.6, &EQUAL, background, 0.05, 10.0, 1e-6, &error),
              error);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct nd_abundance_scan *scan = (struct nd_abundance_scan *)&error;
        struct nd_error own = ND_ERROR_INIT;
        ASSERT_ERROR(nd_abundance_scan_create(&scan, table, background, CASES[i].T_RH,
                                              CASES[i].T_end, CASES[i].x_max, &own),
                     own, ND_BAD_INPUT, CASES[i].fragment);
        cr_assert(scan == NULL);
    }
    nd_abundance_scan_free(NULL);
    nd_rate_table_free(table);
}
