/* Parameters of nucleosynthesis and of the verdict against measurements. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nudipole/nudipole.h"
#include "support.h"

/* What the two commands look at. */
enum {
    BBN = ND_USE_UNIVERSE | ND_USE_STERILE | ND_USE_BBN | ND_USE_VERDICT,
    VIABILITY = BBN | ND_USE_EVOLUTION
};

static struct nd_params params;
static struct nd_error error;

static void setup(void)
{
    nd_params_init(&params);
    error = (struct nd_error)ND_ERROR_INIT;
}

TestSuite(params_light, .init = setup);

static void set(const char *assignment)
{
    ASSERT_OK(nd_params_set(&params, assignment, &error), error);
}

Test(params_light, the_defaults_are_those_of_the_library)
{
    const struct nd_light_elements_options o = nd_params_light_elements(&params, 5.0);
    const struct nd_bbn_options bbn = nd_bbn_defaults();
    cr_assert(o.bbn.omega_b == bbn.omega_b && o.bbn.tolerance == bbn.tolerance &&
              o.bbn.max_steps == bbn.max_steps && o.bbn.n_points == params.bbn_points);
    cr_assert(o.weak_corrections == ND_WEAK_STANDARD, "corrections %d", o.weak_corrections);
    cr_assert(o.errors == ND_LIGHT_ERRORS_LINEAR && o.samples == 1000 && o.seed == 1);
    ASSERT_CLOSE(o.tau_n * ND_HBAR, 878.4, 1e-14, "tau_n in seconds");
    ASSERT_CLOSE(o.input.tau_n, 0.5 / 878.4, 1e-14, "relative error of tau_n");
    ASSERT_CLOSE(o.input.omega_b, 0.00014 / 0.022425, 1e-14, "relative error of omega_b");
    cr_assert(o.universe.T_RH == 5.0 && o.universe.delta_N_eff == 0.0);
}

Test(params_light, what_is_given_is_passed_on)
{
    static const char *const given[] = {"omega_b=0.03",
                                        "omega_b_error=0.003",
                                        "tau_n_s=900",
                                        "tau_n_error_s=9",
                                        "weak_corrections=coulomb, thermal",
                                        "abundance_errors=monte-carlo",
                                        "bbn_samples=77",
                                        "bbn_seed=5",
                                        "bbn_tolerance=1e-5",
                                        "bbn_max_steps=55",
                                        "bbn_points=12",
                                        "delta_N_eff=0.5"};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        set(given[i]);
    const struct nd_light_elements_options o = nd_params_light_elements(&params, 7.0);
    cr_assert(o.bbn.omega_b == 0.03 && o.bbn.tolerance == 1e-5 && o.bbn.max_steps == 55 &&
              o.bbn.n_points == 12 && o.universe.delta_N_eff == 0.5 && o.samples == 77 &&
              o.seed == 5 && o.errors == ND_LIGHT_ERRORS_MONTE_CARLO);
    cr_assert(o.weak_corrections == (ND_WEAK_COULOMB | ND_WEAK_THERMAL));
    ASSERT_CLOSE(o.input.tau_n, 0.01, 1e-14, "relative error of tau_n");
    ASSERT_CLOSE(o.input.omega_b, 0.1, 1e-14, "relative error of omega_b");
    set("weak_corrections=none");
    cr_assert(nd_params_light_elements(&params, 7.0).weak_corrections == 0);
}

/* 0.004 MeV, or as low as t = 1.32 s (MeV/T)^2 reaches twenty lifetimes, or where it is given. */
Test(params_light, the_run_ends_when_N_is_gone)
{
    set("d_muB=1e-9"); /* 600 keV: 1.7 s */
    ASSERT_CLOSE(nd_params_light_elements(&params, 5.0).universe.T_end, 0.004, 1e-15, "short");
    set("m4_keV=100");
    set("d_muB=3e-11");
    struct nd_model model;
    ASSERT_OK(nd_params_model(&params, &model, &error), error);
    const double lifetime = ND_HBAR / nd_model_width(&model);
    const double T_end = nd_params_light_elements(&params, 5.0).universe.T_end;
    ASSERT_CLOSE(T_end, sqrt(1.32 / (20.0 * lifetime)), 1e-12, "long");
    cr_assert(T_end < 0.001 && T_end > 1e-4);
    set("d_muB=1e-13");
    ASSERT_CLOSE(nd_params_light_elements(&params, 5.0).universe.T_end, 1e-4, 1e-15, "forever");
    set("sterile=off");
    ASSERT_CLOSE(nd_params_light_elements(&params, 5.0).universe.T_end, 0.004, 1e-15, "no N");
    set("bbn_T_end_MeV=0.015");
    ASSERT_CLOSE(nd_params_light_elements(&params, 5.0).universe.T_end, 0.015, 1e-15, "given");
}

struct refusal {
    const char *first, *second; /* assignments; the second may be NULL */
    const char *message;
};

static void assert_refused(const struct refusal *refusal, int uses)
{
    setup();
    set(refusal->first);
    if (refusal->second != NULL)
        set(refusal->second);
    ASSERT_ERROR(nd_params_check(&params, uses, &error), error, ND_BAD_INPUT, refusal->message);
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_OK(nd_params_check(&params, ND_USE_SPECTRUM, &error), error);
}

Test(params_light, contradictions_are_refused)
{
    static const struct refusal refusals[] = {
        {"weak_corrections=none, coulomb", NULL,
         "--set: weak_corrections: none, and others: allowed is none alone"},
        {"weak_corrections=coulomb, magnetism", NULL,
         "--set: weak_corrections: magnetism without recoil, of which it is a part"},
        {"T_RH_MeV=5, 0.2", NULL, "--set: T_RH_MeV = 0.2: nucleosynthesis needs to begin above "},
        {"delta_N_eff=0.1", "reheating=field",
         "--set: delta_N_eff = 0.1: a reheating field (--set) dilutes "},
        {"omega_b_points=5", "omega_b_max=0.001",
         "--set: omega_b_max = 0.001: not above omega_b_min = 0.004 (default)"},
        {"backreaction=passive", "sterile=off", "--set: backreaction = passive: there is no N "},
        {"reheating=field", "N_initial=thermal", "--set: N_initial = thermal: the coupled "},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        setup();
        set(refusals[i].first);
        if (refusals[i].second != NULL)
            set(refusals[i].second);
        ASSERT_ERROR(nd_params_check(&params, BBN, &error), error, ND_BAD_INPUT,
                     refusals[i].message);
    }
    const struct refusal corrections = refusals[0];
    assert_refused(&corrections, VIABILITY);
}

/* The criteria of viability are those of its rates, and the coupled Universe needs no switch. */
Test(params_light, viability_takes_both_kinds_of_options)
{
    static const char *const given[] = {"statistics=maxwell-boltzmann",
                                        "screening=none",
                                        "neutrino_temperature=equal",
                                        "reheating=field",
                                        "backreaction=off",
                                        "spectra_T_MeV=1e-3"};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        set(given[i]);
        ASSERT_OK(nd_params_check(&params, VIABILITY, &error), error);
        ASSERT_OK(nd_params_check(&params, BBN, &error), error);
    }
    set("light_elements=off");
    ASSERT_ERROR(nd_params_check(&params, VIABILITY, &error), error, ND_BAD_INPUT,
                 "--set: reheating = field: only the coupled Universe knows it");
    error = (struct nd_error)ND_ERROR_INIT;
    set("reheating=sudden");
    set("weak_corrections=none, coulomb"); /* nobody looks at it then */
    ASSERT_OK(nd_params_check(&params, VIABILITY, &error), error);
}

Test(params_light, the_words_belong_to_the_enumerators)
{
    static const char *const CORRECTIONS[] = {"none",   "coulomb",   "radiative",
                                              "recoil", "magnetism", "thermal"};
    for (int i = ND_CORRECTION_NONE; i <= ND_CORRECTION_THERMAL; i++) {
        char text[64];
        cr_assert_str_eq(nd_weak_correction_word(i), CORRECTIONS[i]);
        snprintf(text, sizeof text, "weak_corrections=%s", CORRECTIONS[i]);
        set(text);
        const int expected = i == 0 ? 0 : 1 << (i - 1); /* enum nd_weak_correction */
        cr_assert_eq(nd_params_light_elements(&params, 5.0).weak_corrections, expected);
    }
    cr_assert_str_eq(nd_abundance_errors_word(ND_LIGHT_ERRORS_OFF), "off");
    cr_assert_str_eq(nd_abundance_errors_word(ND_LIGHT_ERRORS_LINEAR), "linear");
    cr_assert_str_eq(nd_abundance_errors_word(ND_LIGHT_ERRORS_MONTE_CARLO), "monte-carlo");
}
