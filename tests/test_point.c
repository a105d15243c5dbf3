/* One point in its parts: each is what the function that it stands for gives, whatever other parts
 * and earlier points there are, and what fails is marked. */
#include "nudipole/point.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/sweep_columns.h"
#include "support.h"

static struct nd_background *background;
static struct nd_point_cache *cache;
static struct nd_params params;
static struct nd_error error;

/* 260 keV, fast: Maxwell-Boltzmann in vacuum, and the coarse precision for the coupled Universe. */
static void setup(void)
{
    static const char *const sets[] = {"m4_keV=260",
                                       "d_muB=2e-10",
                                       "statistics=maxwell-boltzmann",
                                       "screening=none",
                                       "T_RH_MeV=2",
                                       "solver_points=41",
                                       "dy=1.2",
                                       "tail_growth=1.6",
                                       "step_lnT=0.35",
                                       "universe_tolerance=1e-4"};
    gsl_set_error_handler_off();
    error = (struct nd_error)ND_ERROR_INIT;
    nd_params_init(&params);
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        ASSERT_OK(nd_params_set(&params, sets[i], &error), error);
    ASSERT_OK(nd_background_create(&background, &error), error);
    ASSERT_OK(nd_point_cache_create(&cache, &error), error);
}

static void teardown(void)
{
    nd_point_cache_free(cache);
    nd_background_free(background);
}

TestSuite(point, .init = setup, .fini = teardown);

static struct nd_point solve(double T_RH, int parts)
{
    const struct nd_point_inputs inputs = {background, NULL, NULL, 20.0};
    struct nd_point point;
    nd_point_solve(&params, T_RH, parts, &inputs, cache, &point);
    return point;
}

static void fine(const struct nd_point *point)
{
    ASSERT_OK(point->criteria_error.status, point->criteria_error);
    ASSERT_OK(point->light_error.status, point->light_error);
}

/* A point, a failed one and a hotter one after each other, against single runs. */
Test(point, criteria_are_those_of_single_runs)
{
    enum { N = 5 };
    const double T_RH[N] = {0.5, 2.0, 0.005, 5.0, 20.0}; /* the third is below T_end */
    const struct nd_viability_options judge = nd_params_viability(&params);
    const struct nd_treatment treatment = nd_params_treatment(&params);
    struct nd_model model;
    struct nd_rate_table *table;
    double before = 0.0, rate_before = 0.0;
    ASSERT_OK(nd_params_model(&params, &model, &error), error);
    ASSERT_OK(nd_rate_table_create(&table, model.m4, &treatment, background, params.T_end_MeV, 20.0,
                                   params.rate_tolerance, &error),
              error);
    for (int i = 0; i < N; i++) {
        const struct nd_point point = solve(T_RH[i], ND_POINT_CRITERIA);
        const struct nd_viability *got = &point.criteria;
        cr_assert(point.T_RH == T_RH[i] && point.light_error.status == ND_OK);
        if (i == 2) {
            cr_assert(strstr(point.criteria_error.message, "0.005") != NULL, "%s",
                      point.criteria_error.message);
            continue;
        }
        fine(&point);
        const struct nd_abundance_options options = nd_params_abundance(&params, T_RH[i]);
        struct nd_abundance_history history;
        struct nd_viability v;
        ASSERT_OK(nd_abundance_solve(&model, table, background, &options, &history, &error), error);
        ASSERT_OK(nd_viability_judge(&model, table, background, &history, &judge, &v, &error),
                  error);
        cr_assert(v.n_over_neq.value == got->n_over_neq.value);
        cr_assert(v.total_gamma_over_H.value == got->total_gamma_over_H.value);
        /* more time makes more N */
        cr_assert(got->n_over_neq.value > before && got->total_gamma_over_H.value >= rate_before,
                  "T_RH = %g MeV: %g after %g", T_RH[i], got->n_over_neq.value, before);
        before = got->n_over_neq.value;
        rate_before = got->total_gamma_over_H.value;
        nd_abundance_history_clear(&history);
    }
    nd_rate_table_free(table);
}

Test(point, rates_alone_are_those_of_the_criteria)
{
    const double T_RH[] = {0.5, 2.0, 20.0};
    for (int i = 0; i < 3; i++)
        for (int strong = 0; strong < 2; strong++) {
            params.d_muB = strong ? 1e-8 : 1e-11;
            const struct nd_point alone = solve(T_RH[i], ND_POINT_RATES),
                                  both = solve(T_RH[i], ND_POINT_CRITERIA);
            fine(&alone);
            fine(&both);
            cr_assert(alone.criteria.T_RH == T_RH[i]);
            ASSERT_CLOSE(alone.criteria.total_gamma_over_H.value,
                         both.criteria.total_gamma_over_H.value, 1e-12, "Gamma/H");
            ASSERT_CLOSE(alone.criteria.total_gamma_over_H.T, both.criteria.total_gamma_over_H.T,
                         1e-5, "its T");
            cr_assert(alone.criteria.thermalises_paper == strong &&
                      both.criteria.thermalises_paper == strong);
            cr_assert(alone.criteria.stats.steps == 0 && alone.criteria.n_over_neq.value == 0.0,
                      "the abundance was solved for");
        }
    const struct nd_point cold = solve(0.005, ND_POINT_RATES);
    cr_assert(cold.criteria_error.status != ND_OK, "T_RH below T_end");
}

/* With N and without, also after each other: kernels are of one of the two. */
Test(point, universe_is_that_of_a_single_run)
{
    for (int sterile = 1; sterile >= 0; sterile--) {
        const struct nd_universe_options options = nd_params_universe(&params, 2.0);
        struct nd_universe_tables *tables;
        struct nd_universe_history history;
        struct nd_model model;
        params.sterile = sterile;
        ASSERT_OK(nd_params_model(&params, &model, &error), error);
        ASSERT_OK(nd_universe_tables_create(&tables, sterile ? &model : NULL, &options, &error),
                  error);
        ASSERT_OK(nd_universe_solve(sterile ? &model : NULL, tables, &options, &history, &error),
                  error);
        const struct nd_point point = solve(2.0, ND_POINT_UNIVERSE);
        fine(&point);
        const struct nd_universe_outcome *u = &point.universe;
        cr_assert(u->end.N_eff == history.N_eff && u->end.a * u->end.T == history.z,
                  "N_eff = %.17g and %.17g", u->end.N_eff, history.N_eff);
        cr_assert(u->energy_residual == history.energy_residual && u->stats.steps > 0);
        cr_assert(isnan(point.N_eff_error), "nobody asked for it");
        double largest = 0.0, T = 0.0;
        for (int k = 0; k < history.n_points; k++) {
            const struct nd_universe_point *p = &history.points[k];
            if (p->rho_N / p->rho_gamma > largest) {
                largest = p->rho_N / p->rho_gamma;
                T = p->T;
            }
        }
        cr_assert(u->max_rho_N_over_rho_gamma == largest && u->max_rho_N_T == T);
        cr_assert((largest > 0.01) == sterile, "rho_N/rho_gamma up to %g", largest);
        nd_universe_history_clear(&history);
        nd_universe_tables_free(tables);
    }
}

/* N lives for minutes: at 0.3 MeV it is there, and e+- are, so N_eff means nothing yet. */
Test(point, N_eff_is_final_when_nothing_else_is_left)
{
    params.T_end_MeV = 0.3;
    const struct nd_point early = solve(2.0, ND_POINT_UNIVERSE);
    params.sterile = 0;
    params.T_end_MeV = 0.01;
    const struct nd_point late = solve(2.0, ND_POINT_UNIVERSE);
    fine(&early);
    fine(&late);
    cr_assert(!early.universe.N_eff_is_final && late.universe.N_eff_is_final);
    cr_assert(early.universe.end.T > 0.29 && late.universe.end.T < 0.011);
}

Test(point, N_eff_error_is_that_of_a_second_run)
{
    params.sterile = 0;
    const struct nd_universe_options options = nd_params_universe(&params, 2.0);
    struct nd_universe_tables *tables;
    struct nd_universe_history history;
    double expected;
    ASSERT_OK(nd_universe_tables_create(&tables, NULL, &options, &error), error);
    ASSERT_OK(nd_universe_solve(NULL, tables, &options, &history, &error), error);
    ASSERT_OK(nd_universe_N_eff_error(NULL, &options, &history, &expected, &error), error);
    const struct nd_point point = solve(2.0, ND_POINT_UNIVERSE | ND_POINT_N_EFF_ERROR);
    fine(&point);
    cr_assert(point.N_eff_error == expected && expected > 0.0, "%g and %g", point.N_eff_error,
              expected);
    nd_universe_history_clear(&history);
    nd_universe_tables_free(tables);
}

Test(point, a_Universe_that_fails_is_marked)
{
    params.universe_max_steps = 10;
    const struct nd_point point = solve(2.0, ND_POINT_UNIVERSE | ND_POINT_RATES);
    cr_assert(point.criteria_error.status == ND_OK);
    ASSERT_ERROR(point.light_error.status, point.light_error, ND_NOT_CONVERGED,
                 "try a larger universe_max_steps");
}

/* ---- kinds of work -------------------------------------------------------------------------- */

static int has(const char *column)
{
    const struct nd_sweep_column *c = nd_sweep_column_named(column);
    cr_assert(c != NULL, "there is no column %s", column);
    return (c->parts & nd_sweep_parts(&params)) == c->parts;
}

Test(point, columns_of_each_kind_of_work)
{
    static const struct {
        enum nd_sweep_work work;
        const char *set; /* beside it */
        const char *columns, *others;
    } cases[] = {
        {ND_WORK_RATES, "", "max_Gamma_over_H T_max_Gamma_MeV thermalises_paper",
         "max_n_over_neq thermalises_dynamical N_eff Y_p verdict"},
        {ND_WORK_EVOLVE, "", "max_Gamma_over_H thermalises_paper max_n_over_neq T_max_n_MeV",
         "N_eff N_eff_error energy_residual Y_p verdict"},
        {ND_WORK_EVOLVE, "backreaction=on",
         "N_eff N_eff_error N_eff_is_final max_rho_N_over_rho_gamma energy_residual final_a_T",
         "max_Gamma_over_H max_n_over_neq Y_p eta_bbn verdict"},
        {ND_WORK_EVOLVE, "backreaction=passive", "N_eff N_eff_error", "max_n_over_neq Y_p"},
        {ND_WORK_BBN, "", "N_eff max_rho_N_over_rho_gamma Y_p D_H_error eta_cmb",
         "N_eff_error sigma max_n_over_neq max_Gamma_over_H"},
        {ND_WORK_VIABILITY, "", "N_eff Y_p sigma verdict through max_n_over_neq max_Gamma_over_H",
         "N_eff_error"},
        {ND_WORK_VIABILITY, "light_elements=off", "max_n_over_neq max_Gamma_over_H",
         "N_eff Y_p sigma verdict"},
        {ND_WORK_VIABILITY, "sterile=off", "N_eff Y_p sigma verdict",
         "max_n_over_neq max_Gamma_over_H thermalises_paper"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nd_params_init(&params);
        params.work = (int)cases[i].work;
        if (*cases[i].set != '\0')
            ASSERT_OK(nd_params_set(&params, cases[i].set, &error), error);
        for (int there = 0; there < 2; there++) {
            char names[200];
            snprintf(names, sizeof names, "%s", there ? cases[i].columns : cases[i].others);
            for (char *name = strtok(names, " "); name != NULL; name = strtok(NULL, " "))
                cr_assert(has(name) == there, "case %zu: %s", i, name);
        }
    }
    nd_params_init(&params);
    params.work = ND_WORK_EVOLVE;
    params.backreaction = ND_BACKREACTION_ON;
    params.error_estimate = 0;
    cr_assert(has("N_eff") && !has("N_eff_error"));
    params.sterile = 0;
    params.work = ND_WORK_RATES;
    cr_assert(nd_sweep_parts(&params) == 0, "no N, no rates");
}

/* What cannot be asked of a computation is found by the check for its uses. */
Test(point, uses_of_each_kind_of_work)
{
    cr_assert(nd_sweep_uses(ND_POINT_RATES) == ND_USE_EVOLUTION);
    cr_assert(nd_sweep_uses(ND_POINT_CRITERIA) == ND_USE_EVOLUTION);
    cr_assert(nd_sweep_uses(ND_POINT_UNIVERSE) == (ND_USE_UNIVERSE | ND_USE_STERILE));
    cr_assert(nd_sweep_uses(ND_POINT_UNIVERSE | ND_POINT_LIGHT) ==
              (ND_USE_UNIVERSE | ND_USE_STERILE | ND_USE_BBN));
    nd_params_init(&params);
    params.work = ND_WORK_VIABILITY;
    cr_assert(nd_sweep_uses(nd_sweep_parts(&params)) ==
              (ND_USE_EVOLUTION | ND_USE_UNIVERSE | ND_USE_STERILE | ND_USE_BBN | ND_USE_VERDICT));
}
