/* Verdicts and thermalization curves: extrema against brute force, scaling with d, and the
 * curves that this project derived independently (tests/README.md, "Thermalization curves"). */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "nudipole/grid.h"
#include "nudipole/params.h"
#include "nudipole/thermalization.h"
#include "nudipole/units.h"
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

TestSuite(viability, .init = setup, .fini = teardown);

static const struct nd_viability_options JUDGE = {0.5, 3.0};

static struct nd_model model_of(double m4, double d_muB)
{
    struct nd_model model;
    ASSERT_OK(nd_model_init(&model, m4, d_muB * nd_bohr_magneton(), ND_CONVENTION_HALF,
                            ND_FLAVOUR_TAU, &error),
              error);
    return model;
}

static struct nd_rate_table *table_of(double m4, enum nd_treatment_name name, double T_max)
{
    struct nd_rate_table *table;
    const struct nd_treatment treatment = nd_named_treatment(name);
    ASSERT_OK(nd_rate_table_create(&table, m4, &treatment, background, 0.01, T_max, 1e-5, &error),
              error);
    return table;
}

static double total_at(const struct nd_model *model, const struct nd_rate_table *table, double T)
{
    struct nd_background_state state;
    struct nd_rates rates;
    double total = 0.0;
    nd_background_at(background, T, &state, &error);
    nd_rate_table_at(table, model->mu, &state, &rates, &error);
    for (int c = 0; c < ND_N_CHANNELS; c++)
        total += nd_gamma_over_H_per_neutrino(&rates, &state, nd_rate_table_treatment(table),
                                              (enum nd_channel)c);
    return total;
}

Test(viability, maximum_beats_a_dense_scan)
{
    const struct nd_model model = model_of(0.6, 1e-9);
    struct nd_rate_table *table = table_of(0.6, ND_TREATMENT_PAPER, 2.0);
    const double ranges[][2] = {{0.01, 0.4}, {0.01, 2.0}, {0.3, 0.5}, {0.02, 0.1}};
    for (int r = 0; r < 4; r++) {
        struct nd_extremum total;
        ASSERT_OK(nd_max_gamma_over_H(&model, table, background, ranges[r][0], ranges[r][1], &total,
                                      NULL, &error),
                  error);
        double best = 0.0;
        for (int i = 0; i <= 20000; i++)
            best =
                fmax(best, total_at(&model, table,
                                    ranges[r][0] * pow(ranges[r][1] / ranges[r][0], i / 20000.0)));
        ASSERT_CLOSE(total.value, best, 1e-7, "maximum in [%g, %g]", ranges[r][0], ranges[r][1]);
        ASSERT_CLOSE(total.value, total_at(&model, table, total.T), 1e-12, "value at its T");
    }
    nd_rate_table_free(table);
}

Test(viability, inverse_decay_peaks_where_x4_K1_does)
{
    /* MB, one temperature, H ~ T^2: Gamma_ID/H ~ x^4 K_1(x), x = m4/T, whose maximum solves
     * x K_0(x) = 3 K_1(x): x = 3.4; electrons leaving the plasma shift it a little. */
    const struct nd_model model = model_of(0.6, 1e-9);
    struct nd_rate_table *table = table_of(0.6, ND_TREATMENT_PAPER, 10.0);
    struct nd_extremum total, channels[ND_N_CHANNELS];
    ASSERT_OK(nd_max_gamma_over_H(&model, table, background, 0.01, 10.0, &total, channels, &error),
              error);
    cr_assert(channels[ND_INVERSE_DECAY].T > 0.6 / 4.2 && channels[ND_INVERSE_DECAY].T < 0.6 / 3.2,
              "T = %g MeV", channels[ND_INVERSE_DECAY].T);
    cr_assert(channels[ND_PLASMON_DECAY].value == 0.0);
    ASSERT_CLOSE(channels[ND_UPSCATTERING].T, 10.0, 1e-12, "upscattering is largest at the top");
    nd_rate_table_free(table);
}

Test(viability, criteria_and_window)
{
    struct nd_rate_table *table = table_of(0.6, ND_TREATMENT_PAPER, 10.0);
    const double couplings[] = {1e-12, 1e-8};
    for (int i = 0; i < 2; i++) {
        const struct nd_model model = model_of(0.6, couplings[i]);
        const struct nd_abundance_options options = nd_abundance_defaults(10.0);
        struct nd_abundance_history history;
        struct nd_viability v;
        char words[512];
        ASSERT_OK(nd_abundance_solve(&model, table, background, &options, &history, &error), error);
        ASSERT_OK(nd_viability_judge(&model, table, background, &history, &JUDGE, &v, &error),
                  error);
        cr_assert(v.thermalises_paper == i && v.thermalises_dynamical == i);
        ASSERT_CLOSE(1.0 / v.T_window, 0.1 + 3.0 / 0.6, 1e-12, "window");
        cr_assert(v.n_over_neq.T >= v.T_window);
        nd_viability_words(&v, &JUDGE, words, sizeof words);
        cr_assert((strstr(words, "does not thermalise") == NULL) == i, "%s", words);
        if (i == 0)
            cr_assert(v.log10_n_over_neq_all.value > 3.0,
                      "a relic exceeds equilibrium in the end: 10^%g",
                      v.log10_n_over_neq_all.value);
        double best = 0.0;
        for (int k = 0; k < history.n_points; k++)
            if (history.points[k].background.T >= v.T_window)
                best = fmax(best, exp(history.points[k].log_n - history.points[k].log_n_eq));
        /* rising, it is interpolated at the window's edge, between two points 2 % apart in T */
        cr_assert(v.at_window_edge == (i == 0), "n/n_eq rises to the edge where N freezes in");
        cr_assert(v.n_over_neq.value >= best);
        ASSERT_CLOSE(v.n_over_neq.value, best, i == 0 ? 0.03 : 1e-14, "max n/n_eq");
        ASSERT_CLOSE(v.at_window_edge ? v.n_over_neq.T : v.T_window, v.T_window, 1e-14, "edge");
        nd_abundance_history_clear(&history);
    }
    nd_rate_table_free(table);
}

Test(viability, verdict_does_not_depend_on_the_rows_written)
{
    const int rows[] = {2, 37, 401, 5001};
    const struct nd_model model = model_of(0.26, 3e-10);
    struct nd_rate_table *table = table_of(0.26, ND_TREATMENT_PAPER, 5.0);
    double first = 0.0;
    for (int i = 0; i < 4; i++) {
        struct nd_abundance_options options = nd_abundance_defaults(2.29);
        struct nd_abundance_history history;
        struct nd_viability v;
        options.n_points = rows[i];
        ASSERT_OK(nd_abundance_solve(&model, table, background, &options, &history, &error), error);
        cr_assert((history.n_points - 1) == (rows[i] - 1) * history.stride);
        ASSERT_OK(nd_viability_judge(&model, table, background, &history, &JUDGE, &v, &error),
                  error);
        first = i == 0 ? v.n_over_neq.value : first;
        ASSERT_CLOSE(v.n_over_neq.value, first, 1e-3, "max n/n_eq with %d rows", rows[i]);
        nd_abundance_history_clear(&history);
    }
    nd_rate_table_free(table);
}

Test(viability, on_the_curve_gamma_over_H_is_one)
{
    const double m4[] = {0.1, 0.6, 2.0}, T_RH[] = {2.0, 5.0};
    const struct nd_treatment treatment = nd_named_treatment(ND_TREATMENT_SCREENED);
    struct nd_curve_point points[6];
    cr_assert(nd_thermalization_curves(m4, 3, &treatment, background, 0.01, T_RH, 2, 1e-5, points,
                                       NULL, NULL) == 0);
    for (int t = 0; t < 2; t++)
        for (int i = 0; i < 3; i++) {
            const struct nd_curve_point *point = &points[t * 3 + i];
            const struct nd_model model = model_of(m4[i], point->mu / nd_bohr_magneton());
            struct nd_rate_table *table = table_of(m4[i], ND_TREATMENT_SCREENED, 5.0);
            struct nd_extremum total;
            ASSERT_OK(
                nd_max_gamma_over_H(&model, table, background, 0.01, T_RH[t], &total, NULL, &error),
                error);
            ASSERT_CLOSE(total.value, 1.0, 1e-5, "Gamma/H at m4 = %g, T_RH = %g", m4[i], T_RH[t]);
            nd_rate_table_free(table);
        }
}

/* The independent derivation: 1e10 d_th/mu_B, Maxwell-Boltzmann. Its 2 -> 2 rates have one
 * temperature; its inverse decay has T_nu < T in the collision integral but is divided by n_nu at
 * T, which no treatment of ours does (n_nu is that of the neutrinos in the collision). The test
 * makes the same mixture out of single rates, so that the whole table is checked. */
enum { N_MASSES = 11 };
static const double MASSES[N_MASSES] = {0.05, 0.10, 0.20, 0.26, 0.40, 0.50,
                                        0.60, 0.80, 1.0,  1.5,  2.0};
static const struct {
    double T_RH;
    enum nd_screening screening;
    double d[N_MASSES];
} REFERENCE[] = {
    {2.0, ND_SCREENING_NONE, {1.82, 1.93, 2.07, 2.14, 2.25, 2.32, 2.38, 2.49, 2.57, 2.16, 1.86}},
    {2.0, ND_SCREENING_HTL, {3.83, 3.83, 3.83, 3.83, 3.83, 3.83, 3.57, 3.03, 2.68, 2.16, 1.86}},
    {5.0, ND_SCREENING_NONE, {1.03, 1.08, 1.14, 1.17, 1.22, 1.24, 1.27, 1.31, 1.34, 1.41, 1.47}},
    {5.0, ND_SCREENING_HTL, {2.41, 2.41, 2.41, 2.41, 2.41, 2.41, 2.41, 2.42, 2.42, 2.16, 1.86}},
};

static double mixture(double m4, enum nd_screening screening, double T)
{
    const struct nd_treatment vacuum = {ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE,
                                        ND_NEUTRINOS_EQUAL};
    const struct nd_treatment treatment = {ND_MAXWELL_BOLTZMANN, screening, ND_NEUTRINOS_EQUAL};
    const struct nd_model unit = model_of(m4, 1e-10);
    struct nd_background_state state;
    struct nd_plasma plasma;
    struct nd_rate id, up, syn;
    ASSERT_OK(nd_background_at(background, T, &state, &error), error);
    nd_plasma_init(&plasma, T);
    ASSERT_OK(
        nd_rate_compute(&id, ND_INVERSE_DECAY, &unit, &vacuum, &plasma, state.T_nu, 1e-6, &error),
        error);
    ASSERT_OK(nd_rate_compute(&up, ND_UPSCATTERING, &unit, &treatment, &plasma, T, 1e-6, &error),
              error);
    ASSERT_OK(nd_rate_compute(&syn, ND_SYNTHESIS, &unit, &treatment, &plasma, T, 1e-6, &error),
              error);
    return (exp(id.log_gamma) + exp(up.log_gamma) + exp(syn.log_gamma)) /
           (nd_neutrino_density(T) * state.H);
}

Test(viability, curves_of_the_independent_derivation)
{
    const double tolerance = 0.03;
    for (int r = 0; r < 4; r++)
        for (int i = 0; i < N_MASSES; i++) {
            double best = 0.0;
            for (int k = 0; k <= 300; k++)
                best = fmax(best,
                            mixture(MASSES[i], REFERENCE[r].screening,
                                    REFERENCE[r].T_RH * pow(0.02 / REFERENCE[r].T_RH, k / 300.0)));
            ASSERT_CLOSE(1.0 / sqrt(best), REFERENCE[r].d[i], tolerance,
                         "m4 = %g MeV, T_RH = %g MeV, screening %d", MASSES[i], REFERENCE[r].T_RH,
                         (int)REFERENCE[r].screening);
        }
}

Test(viability, curves_agree_with_it_where_two_to_two_decides)
{
    const double tolerance = 0.03;
    for (int r = 0; r < 4; r++) {
        const int htl = REFERENCE[r].screening == ND_SCREENING_HTL;
        const struct nd_treatment treatment =
            nd_named_treatment(htl ? ND_TREATMENT_SCREENED : ND_TREATMENT_PAPER);
        struct nd_curve_point points[N_MASSES];
        cr_assert(nd_thermalization_curves(MASSES, N_MASSES, &treatment, background, 0.02,
                                           &REFERENCE[r].T_RH, 1, 1e-5, points, NULL, NULL) == 0);
        int compared = 0;
        for (int i = 0; i < N_MASSES; i++) {
            if (points[i].dominant != ND_UPSCATTERING)
                continue;
            compared++;
            ASSERT_CLOSE(1e10 * points[i].mu / nd_bohr_magneton(), REFERENCE[r].d[i], tolerance,
                         "m4 = %g MeV, T_RH = %g MeV", MASSES[i], REFERENCE[r].T_RH);
        }
        cr_assert(compared >= 4, "only %d masses compared", compared);
    }
}

Test(viability, window_is_resolved_for_the_heaviest_mass)
{
    /* m4/T_RH = 3700: between 400 points n_eq would fall by e^-9, past the whole window. N decays
     * and is made much faster than H at this coupling, so it must come near equilibrium at once. */
    const struct nd_model model = model_of(100.0, 1e-6);
    const struct nd_abundance_options options = nd_abundance_defaults(0.027);
    struct nd_rate_table *table = table_of(100.0, ND_TREATMENT_PAPER, 0.027);
    struct nd_abundance_history history;
    struct nd_viability v;
    ASSERT_OK(nd_abundance_solve(&model, table, background, &options, &history, &error), error);
    ASSERT_OK(nd_viability_judge(&model, table, background, &history, &JUDGE, &v, &error), error);
    ASSERT_CLOSE(v.n_over_neq.value, 1.0, 0.01, "n/n_eq");
    const struct nd_viability_options narrow = {0.5, 1e-3};
    ASSERT_ERROR(nd_viability_judge(&model, table, background, &history, &narrow, &v, &error),
                 error, ND_BAD_INPUT, "x_max = 0.001 must be larger");
    nd_abundance_history_clear(&history);
    nd_rate_table_free(table);
}

Test(viability, logarithmic_grid_keeps_its_ends)
{
    cr_assert(nd_log_grid(0.1, 0.7, 1, 0) == 0.1 && nd_log_grid(0.1, 0.7, 3, 0) == 0.1);
    cr_assert(nd_log_grid(0.1, 0.7, 3, 2) == 0.7);
    ASSERT_CLOSE(nd_log_grid(0.1, 0.7, 3, 1), sqrt(0.07), 1e-14,
                 "the middle is the geometric mean");
}
