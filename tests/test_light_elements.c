/* Tests of the way from a point to its light elements: what is predicted, what makes it differ from
 * the Standard Model, when a run ends, errors. All at fast precision: Y_p is 2e-5 too high, D/H
 * 1e-4, which drops out of differences. */
#include "bbn_fixture.h"

TestSuite(light_elements, .init = no_gsl_abort);

static struct nd_light_elements_options options_of(double T_RH)
{
    struct nd_light_elements_options options = {
        .universe = fast_options(T_RH),
        .weak_corrections = ND_WEAK_STANDARD,
        .tau_n = TAU_N_S / ND_HBAR,
        .bbn = nd_bbn_defaults(),
        .input = {.tau_n = TAU_N_ERROR_S / TAU_N_S, .omega_b = 0.00014 / 0.022425},
        .samples = 10,
        .seed = 3,
    };
    options.universe.n_points = 2; /* chosen anew, and no spectra kept */
    options.universe.spectra_T = (struct nd_double_list){.n = 1, .values = {1000.0}};
    return options;
}

static struct nd_light_elements solve(const struct nd_model *model,
                                      const struct nd_nuclear_rates *rates,
                                      const struct nd_light_elements *reference,
                                      const struct nd_light_elements_options *options)
{
    struct nd_universe_tables *tables;
    struct nd_light_elements result;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_universe_tables_create(&tables, model, &options->universe, &error), error);
    ASSERT_OK(nd_light_elements_solve(model, tables, rates, reference, options, &result, &error),
              error);
    nd_universe_tables_free(tables);
    return result;
}

static void fail(const struct nd_model *model, const struct nd_nuclear_rates *rates,
                 const struct nd_light_elements *reference,
                 const struct nd_light_elements_options *options, enum nd_status status,
                 const char *message)
{
    struct nd_universe_tables *tables;
    struct nd_light_elements result;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_universe_tables_create(&tables, model, &options->universe, &error), error);
    ASSERT_ERROR(nd_light_elements_solve(model, tables, rates, reference, options, &result, &error),
                 error, status, message);
    cr_assert(result.universe == NULL && result.bbn.points == NULL && !result.has_effects);
    cr_assert(result.prediction.value[ND_OBSERVABLE_Y_P] == 0.0);
    nd_universe_tables_free(tables);
}

static double predicted(const struct nd_light_elements *result, enum nd_observable observable)
{
    return result->prediction.value[observable];
}

/* What a run changes, over what was. */
static double change(const struct nd_light_elements *result,
                     const struct nd_light_elements *reference, enum nd_observable observable)
{
    return predicted(result, observable) / predicted(reference, observable) - 1.0;
}

static double effect_on(const struct nd_light_elements *result,
                        const struct nd_light_elements *reference, enum nd_effect effect,
                        enum nd_observable observable)
{
    return result->effect[effect][observable] / predicted(reference, observable);
}

/* ---- the Standard Model ------------------------------------------------------------------ */

Test(light_elements, standard_model)
{
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_light_elements_options options = options_of(20.0);
    struct nd_light_elements standard = solve(NULL, rates, NULL, &options);
    /* as in test_bbn.c */
    ASSERT_NEAR(predicted(&standard, ND_OBSERVABLE_N_EFF), 3.044, 0.001, "N_eff");
    ASSERT_NEAR(predicted(&standard, ND_OBSERVABLE_Y_P), 0.2470, 1.5e-4, "Y_p");
    ASSERT_CLOSE(predicted(&standard, ND_OBSERVABLE_D_H), 2.435e-5, 0.004, "D/H");
    ASSERT_CLOSE(predicted(&standard, ND_OBSERVABLE_HE3_H), 1.040e-5, 0.005, "3He/H");
    ASSERT_CLOSE(predicted(&standard, ND_OBSERVABLE_LI7_H), 5.56e-10, 0.02, "7Li/H");
    cr_assert(predicted(&standard, ND_OBSERVABLE_N_EFF) == standard.run.end.N_eff);
    cr_assert(predicted(&standard, ND_OBSERVABLE_Y_P) == standard.bbn.ratio[ND_RATIO_Y_P]);
    cr_assert(predicted(&standard, ND_OBSERVABLE_D_H) == standard.bbn.ratio[ND_RATIO_D_H]);
    cr_assert(predicted(&standard, ND_OBSERVABLE_HE3_H) == standard.bbn.ratio[ND_RATIO_HE3_H]);
    cr_assert(predicted(&standard, ND_OBSERVABLE_LI7_H) == standard.bbn.ratio[ND_RATIO_LI7_H]);
    for (int i = 0; i < ND_N_OBSERVABLES; i++)
        cr_assert(standard.prediction.error[i] == 0.0); /* errors are off */
    cr_assert(!standard.has_effects && !standard.has_errors);
    ASSERT_CLOSE(standard.run.end.T, options.universe.T_end, 1e-9, "the end");
    cr_assert(standard.run.max_rho_N_over_rho_gamma == 0.0 && standard.run.max_rho_N_T == 0.0);
    cr_assert(standard.run.energy_residual < 1e-12 && standard.run.energy_residual > 0.0);
    cr_assert(standard.run.stats.steps > 0);

    /* against itself nothing has an effect */
    options.bbn.n_points = 11;
    struct nd_light_elements again = solve(NULL, rates, &standard, &options);
    cr_assert(again.has_effects && again.bbn.n_points == 11);
    for (int effect = 0; effect < ND_N_EFFECTS; effect++)
        for (int i = 0; i < ND_N_OBSERVABLES; i++)
            ASSERT_NEAR(again.effect[effect][i], 0.0, 1e-12 * predicted(&standard, i), "%s on %d",
                        nd_effect_word((enum nd_effect)effect), i);
    nd_light_elements_clear(&again);
    cr_assert(again.universe == NULL && again.bbn.points == NULL);
    nd_light_elements_clear(&standard);
    nd_nuclear_rates_free(rates);
}

/* Equilibrium from 1 MeV on, where nucleons fall out of theirs: that nucleosynthesis starts there
 * is worth a tenth of Y_p, and no effect of the expansion or of photons. */
Test(light_elements, effects_of_a_late_start)
{
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_light_elements_options options = options_of(20.0);
    struct nd_light_elements standard = solve(NULL, rates, NULL, &options);
    options = options_of(1.0);
    struct nd_light_elements late = solve(NULL, rates, &standard, &options);
    cr_assert(change(&late, &standard, ND_OBSERVABLE_Y_P) < -0.05);
    for (int i = ND_OBSERVABLE_Y_P; i < ND_N_OBSERVABLES; i++)
        for (int effect = 0; effect < ND_N_EFFECTS; effect++)
            ASSERT_NEAR(effect_on(&late, &standard, (enum nd_effect)effect, (enum nd_observable)i),
                        0.0, effect == ND_EFFECT_ENTROPY ? 1e-5 : 0.01, "%s on %d",
                        nd_effect_word((enum nd_effect)effect), i);
    double sum = 0.0;
    for (int effect = 0; effect < ND_N_EFFECTS; effect++)
        sum += late.effect[effect][ND_OBSERVABLE_N_EFF];
    ASSERT_NEAR(sum, late.run.end.N_eff - standard.run.end.N_eff, 1e-12, "N_eff: all effects");
    /* a T of the end, which of photons is all that N_eff knows */
    const double z = late.run.end.a * late.run.end.T,
                 z_standard = standard.run.end.a * standard.run.end.T;
    ASSERT_CLOSE(late.effect[ND_EFFECT_ENTROPY][ND_OBSERVABLE_N_EFF],
                 standard.run.end.N_eff * (pow(z_standard / z, 4) - 1.0), 1e-12, "N_eff: entropy");
    cr_assert(late.effect[ND_EFFECT_EXPANSION][ND_OBSERVABLE_N_EFF] == 0.0);
    nd_light_elements_clear(&late);
    nd_light_elements_clear(&standard);
    nd_nuclear_rates_free(rates);
}

/* ---- N ----------------------------------------------------------------------------------- */

/* 260 keV, 1e-10 mu_B from 2 MeV: N hold 8 % of the photons' energy at 0.04 MeV, when deuterium
 * burns, and decay to photons and neutrinos after. */
Test(light_elements, late_decay)
{
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    const struct nd_model model = tau_model(0.26, 1e-10);
    struct nd_light_elements_options options = options_of(20.0);
    struct nd_light_elements standard = solve(NULL, rates, NULL, &options);
    options = options_of(2.0);
    options.universe.T_end = nd_light_elements_T_end(&model, 0.004);
    struct nd_light_elements decay = solve(&model, rates, &standard, &options);
    cr_assert(decay.run.max_rho_N_over_rho_gamma > 0.05 &&
              decay.run.max_rho_N_over_rho_gamma < 0.15);
    cr_assert(decay.run.max_rho_N_T > 0.033 && decay.run.max_rho_N_T < 0.038);
    cr_assert(decay.run.end.rho_N < 1e-3 * decay.run.end.rho_gamma);
    cr_assert(decay.run.number_residual > 0.0 && decay.run.number_residual < 1e-12);
    cr_assert(decay.run.energy_residual < 1e-11, "%g", decay.run.energy_residual);

    /* as many baryons today, so more of them a photon before: half of the energy, which a factor of
     * 2.7 in T has made three times as large a share since 0.07 MeV */
    ASSERT_CLOSE(decay.bbn.eta_end, standard.bbn.eta_end, 1e-12, "eta today");
    const double more = decay.bbn.eta_bbn / standard.bbn.eta_bbn - 1.0;
    cr_assert(more > 0.03 && more < 0.09, "eta at 0.07 MeV: %g more", more);

    /* D/H ~ eta^-1.64 (test_bbn.c), some of it before photons are made; the largest effect */
    const double expansion = effect_on(&decay, &standard, ND_EFFECT_EXPANSION, ND_OBSERVABLE_D_H);
    const double entropy = effect_on(&decay, &standard, ND_EFFECT_ENTROPY, ND_OBSERVABLE_D_H);
    const double neutrinos = effect_on(&decay, &standard, ND_EFFECT_NEUTRINOS, ND_OBSERVABLE_D_H);
    ASSERT_CLOSE(entropy, pow(1.0 + more, -1.64) - 1.0, 0.15, "D/H: entropy");
    cr_assert(entropy < -0.05 && -entropy > 2.0 * fabs(expansion) &&
              -entropy > 2.0 * fabs(neutrinos));
    cr_assert(expansion > 0.005); /* energy of N: less time to burn */
    for (int i = ND_OBSERVABLE_Y_P; i < ND_N_OBSERVABLES; i++) {
        double sum = 0.0, largest = 0.0;
        for (int effect = 0; effect < ND_N_EFFECTS; effect++) {
            const double one =
                effect_on(&decay, &standard, (enum nd_effect)effect, (enum nd_observable)i);
            sum += one;
            largest = fmax(largest, fabs(one));
        }
        /* up to products of two of them */
        ASSERT_NEAR(change(&decay, &standard, (enum nd_observable)i), sum, 0.1 * largest,
                    "sum of effects on %d", i);
    }
    /* Photons of N lower N_eff, its neutrinos raise it by more. */
    const double *N_eff[ND_N_EFFECTS] = {decay.effect[0], decay.effect[1], decay.effect[2]};
    cr_assert(N_eff[ND_EFFECT_EXPANSION][ND_OBSERVABLE_N_EFF] == 0.0);
    cr_assert(N_eff[ND_EFFECT_ENTROPY][ND_OBSERVABLE_N_EFF] < -0.1);
    cr_assert(N_eff[ND_EFFECT_NEUTRINOS][ND_OBSERVABLE_N_EFF] > 0.1);
    ASSERT_NEAR(N_eff[ND_EFFECT_ENTROPY][ND_OBSERVABLE_N_EFF] +
                    N_eff[ND_EFFECT_NEUTRINOS][ND_OBSERVABLE_N_EFF],
                decay.run.end.N_eff - standard.run.end.N_eff, 1e-12, "N_eff: all effects");
    nd_light_elements_clear(&decay);
    nd_light_elements_clear(&standard);
    nd_nuclear_rates_free(rates);
}

Test(light_elements, N_that_is_not_there)
{
    const double tolerance = 1e-4; /* of a grid with other tables and a tail */
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    const struct nd_model model = tau_model(0.26, 1e-16);
    const struct nd_light_elements_options options = options_of(2.0);
    struct nd_light_elements standard = solve(NULL, rates, NULL, &options);
    struct nd_light_elements weak = solve(&model, rates, &standard, &options);
    for (int i = 0; i < ND_N_OBSERVABLES; i++)
        ASSERT_NEAR(change(&weak, &standard, (enum nd_observable)i), 0.0, tolerance, "%s",
                    nd_observable_word((enum nd_observable)i));
    for (int effect = 0; effect < ND_N_EFFECTS; effect++)
        for (int i = 0; i < ND_N_OBSERVABLES; i++)
            ASSERT_NEAR(effect_on(&weak, &standard, (enum nd_effect)effect, (enum nd_observable)i),
                        0.0, tolerance, "%s on %d", nd_effect_word((enum nd_effect)effect), i);
    cr_assert(weak.run.max_rho_N_over_rho_gamma > 0.0 && weak.run.max_rho_N_over_rho_gamma < 1e-9);
    nd_light_elements_clear(&weak);
    nd_light_elements_clear(&standard);
    nd_nuclear_rates_free(rates);
}

/* ---- the end of a run -------------------------------------------------------------------- */

Test(light_elements, last_temperature)
{
    const double latest = 0.004, lowest = 1e-4;
    cr_assert(nd_light_elements_T_end(NULL, latest) == latest);
    /* t = 1.32 s (MeV/T)^2 without e+-: of photons and 3.044 neutrinos */
    const double rho =
        ND_PI * ND_PI / 15.0 * (1.0 + 7.0 / 8.0 * pow(4.0 / 11.0, 4.0 / 3.0) * 3.044);
    const double seconds = 0.5 * ND_HBAR * ND_M_PLANCK / sqrt(8.0 * ND_PI / 3.0 * rho);
    int between = 0;
    for (double d = 1e-14; d < 1e-8; d *= 1.5) {
        const struct nd_model model = tau_model(0.26, d);
        const double T = nd_light_elements_T_end(&model, latest);
        const double lifetimes =
            seconds / (T * T) / (ND_HBAR / nd_model_width(&model)); /* that have passed */
        if (T == latest) {
            cr_assert(lifetimes > 19.9, "%g lifetimes at d = %g", lifetimes, d);
        } else if (T == lowest) {
            cr_assert(lifetimes < 20.1, "%g lifetimes at d = %g", lifetimes, d);
        } else {
            ASSERT_CLOSE(lifetimes, 20.0, 0.01, "lifetimes at d = %g", d);
            between++;
        }
    }
    cr_assert(between > 3);
    const struct nd_model weak = tau_model(0.26, 1e-16), strong = tau_model(0.26, 1e-7);
    cr_assert(nd_light_elements_T_end(&weak, latest) == lowest);
    cr_assert(nd_light_elements_T_end(&strong, latest) == latest);

    /* light N that never leave equilibrium: rho_N/rho_gamma = 4 m (m T/2 pi)^1.5 exp(-m/T) over
     * pi^2 T^4/15 is far below what is allowed to be left */
    const struct nd_model light = tau_model(0.03, 1e-5);
    const double T = nd_light_elements_T_end(&light, latest), x = light.m4 / T;
    const double left =
        60.0 / (ND_PI * ND_PI) * pow(x, 2.5) * pow(2.0 * ND_PI, -1.5) * exp(-x) * (1.0 + 1.875 / x);
    cr_assert(T < latest && left < 1e-4 && left > 1e-6, "%g left at T = %g", left, T);
}

/* ND_BBN_STEP_LNT apart, and a few for a short run. */
Test(light_elements, rows)
{
    struct nd_universe_options options = nd_universe_defaults(20.0);
    options.T_end = 0.004;
    cr_assert(nd_light_elements_rows(&options) == 16 + 213); /* ln(5000) = 8.517 */
    options.reheating = ND_REHEATING_FIELD;                  /* from 60 MeV */
    options.field_start = 3.0;
    cr_assert(nd_light_elements_rows(&options) == 16 + 241); /* ln(15000) = 9.616 */
    options = nd_universe_defaults(0.02);
    options.T_end = 0.0199;
    cr_assert(nd_light_elements_rows(&options) == 16 + 1);
}

Test(light_elements, ends_too_early)
{
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    const struct nd_model model = tau_model(0.26, 1e-10);
    struct nd_light_elements_options options = options_of(2.0);
    options.universe.T_end = 0.02;
    fail(&model, rates, NULL, &options, ND_NOT_CONVERGED, "in units of the photons' 0.05");
    /* e+-: 2.6e-3 of the photons' energy at 0.05 MeV */
    options.universe.T_end = 0.05;
    fail(NULL, rates, NULL, &options, ND_NOT_CONVERGED, "try a lower bbn_T_end_MeV");
    /* 4e8 s */
    const struct nd_model lasting = tau_model(0.1, 1e-12);
    options = options_of(10.0);
    options.universe.T_end = nd_light_elements_T_end(&lasting, 0.004);
    fail(&lasting, rates, NULL, &options, ND_NOT_CONVERGED, "lives that long");
    /* 9.5e-4 of the photons' energy at the end, and five times that when it decays, 3e9 s */
    const struct nd_model little = tau_model(0.05, 1e-12);
    options = options_of(5.0);
    options.universe.T_end = nd_light_elements_T_end(&little, 0.004);
    fail(&little, rates, NULL, &options, ND_NOT_CONVERGED, "of N (when it decays)");
    nd_nuclear_rates_free(rates);
}

Test(light_elements, what_others_refuse)
{
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_light_elements_options options = options_of(2.0);
    options.tau_n = -1.0;
    fail(NULL, rates, NULL, &options, ND_BAD_INPUT, "neutron lifetime");
    options = options_of(2.0);
    options.universe.delta_N_eff = 30.0;
    fail(NULL, rates, NULL, &options, ND_BAD_INPUT, "delta_N_eff = 30");
    options = options_of(2.0);
    options.universe.T_end = 0.025; /* where e+- are gone */
    fail(NULL, rates, NULL, &options, ND_BAD_INPUT, "nucleosynthesis that ends at T = 0.025 MeV");
    options = options_of(2.0);
    options.bbn.omega_b = 2.0;
    fail(NULL, rates, NULL, &options, ND_BAD_INPUT, "omega_b = 2");
    options = options_of(2.0);
    options.errors = ND_LIGHT_ERRORS_LINEAR;
    options.input.tau_n = -1.0;
    fail(NULL, rates, NULL, &options, ND_BAD_INPUT, "relative errors");
    nd_nuclear_rates_free(rates);
}

/* ---- other Universes --------------------------------------------------------------------- */

Test(light_elements, reheating_by_a_field)
{
    /* Neutrinos are too few: H is smaller, and nu_e turn neutrons to protons more slowly, which
     * wins. Another code with thermal spectra of neutrinos: 0.2496, 0.2485; and one public code
     * returns zeros here. */
    static const double Y_P[] = {0.2496, 0.2485}, N_EFF[] = {2.65, 2.89};
    const double tolerance = 1e-3;
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_light_elements_options options = options_of(20.0);
    struct nd_light_elements standard = solve(NULL, rates, NULL, &options);
    for (int i = 0; i < 2; i++) {
        options = options_of(4.0 + i);
        options.universe.reheating = ND_REHEATING_FIELD;
        options.bbn.n_points = 2;
        struct nd_light_elements late = solve(NULL, rates, &standard, &options);
        ASSERT_CLOSE(late.bbn.points[0].T, 3.0 * (4.0 + i), 1e-9, "start");
        for (int k = 0; k < ND_N_OBSERVABLES; k++)
            cr_assert(isfinite(predicted(&late, k)) && predicted(&late, k) > 0.0);
        ASSERT_NEAR(predicted(&late, ND_OBSERVABLE_N_EFF), N_EFF[i], 0.01, "N_eff");
        ASSERT_NEAR(predicted(&late, ND_OBSERVABLE_Y_P), Y_P[i], tolerance, "Y_p, T_RH = %d",
                    4 + i);
        cr_assert(late.effect[ND_EFFECT_EXPANSION][ND_OBSERVABLE_Y_P] < 0.0);
        cr_assert(late.effect[ND_EFFECT_NEUTRINOS][ND_OBSERVABLE_Y_P] > 0.0);
        cr_assert(fabs(late.effect[ND_EFFECT_ENTROPY][ND_OBSERVABLE_Y_P]) < 1e-6);
        nd_light_elements_clear(&late);
    }
    nd_light_elements_clear(&standard);
    nd_nuclear_rates_free(rates);
}

Test(light_elements, dark_radiation_is_expansion_alone)
{
    /* Through what a faster expansion keeps neutrinos from, 8e-4 of N_eff, weak rates and entropy
     * change by a thousandth of what the expansion does. */
    const double other = 0.003;
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_light_elements_options options = options_of(20.0);
    struct nd_light_elements standard = solve(NULL, rates, NULL, &options);
    options.universe.delta_N_eff = 0.5;
    struct nd_light_elements dark = solve(NULL, rates, &standard, &options);
    for (int i = ND_OBSERVABLE_Y_P; i < ND_N_OBSERVABLES; i++) {
        const double expansion = dark.effect[ND_EFFECT_EXPANSION][i];
        ASSERT_CLOSE(expansion, predicted(&dark, i) - predicted(&standard, i), other, "%s",
                     nd_observable_word((enum nd_observable)i));
        cr_assert(fabs(dark.effect[ND_EFFECT_ENTROPY][i]) < other * fabs(expansion));
        cr_assert(fabs(dark.effect[ND_EFFECT_NEUTRINOS][i]) < other * fabs(expansion));
    }
    ASSERT_NEAR(dark.effect[ND_EFFECT_NEUTRINOS][ND_OBSERVABLE_N_EFF], 0.5, 0.001, "N_eff");
    ASSERT_NEAR(dark.effect[ND_EFFECT_ENTROPY][ND_OBSERVABLE_N_EFF], 0.0, 0.001, "N_eff");
    nd_light_elements_clear(&dark);
    nd_light_elements_clear(&standard);
    nd_nuclear_rates_free(rates);
}

/* ---- errors ------------------------------------------------------------------------------ */

Test(light_elements, errors)
{
    static const enum nd_observable OBSERVABLES[] = {ND_OBSERVABLE_Y_P, ND_OBSERVABLE_D_H,
                                                     ND_OBSERVABLE_HE3_H, ND_OBSERVABLE_LI7_H};
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_error error = ND_ERROR_INIT;
    for (int monte_carlo = 0; monte_carlo < 2; monte_carlo++) {
        struct nd_light_elements_options options = options_of(2.0);
        options.errors = monte_carlo ? ND_LIGHT_ERRORS_MONTE_CARLO : ND_LIGHT_ERRORS_LINEAR;
        options.bbn.tolerance = 1e-5;
        struct nd_light_elements result = solve(NULL, rates, NULL, &options);
        const struct nd_bbn_ingredients own = {result.universe, result.universe, result.universe};
        struct nd_bbn_errors expected;
        if (monte_carlo)
            ASSERT_OK(nd_bbn_errors_monte_carlo(&own, rates, &options.input, &options.bbn,
                                                options.samples, options.seed, &expected, &error),
                      error);
        else
            ASSERT_OK(
                nd_bbn_errors_linear(&own, rates, &options.input, &options.bbn, &expected, &error),
                error);
        cr_assert(memcmp(&expected, &result.errors, sizeof expected) == 0);
        cr_assert(result.has_errors);
        cr_assert(result.errors.samples == (monte_carlo ? options.samples : 0));
        cr_assert(result.prediction.error[ND_OBSERVABLE_N_EFF] == 0.0);
        for (int i = 0; i < ND_N_RATIOS; i++) {
            cr_assert(result.prediction.error[OBSERVABLES[i]] == result.errors.sigma[i]);
            cr_assert(result.errors.sigma[i] > 0.0);
        }
        nd_light_elements_clear(&result);
    }
    nd_nuclear_rates_free(rates);
}

Test(light_elements, words)
{
    cr_assert(strcmp(nd_effect_word(ND_EFFECT_EXPANSION), "expansion") == 0);
    cr_assert(strcmp(nd_effect_word(ND_EFFECT_ENTROPY), "entropy") == 0);
    cr_assert(strcmp(nd_effect_word(ND_EFFECT_NEUTRINOS), "neutrinos") == 0);
}
