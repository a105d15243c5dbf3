/* Inputs of the tests of nucleosynthesis: shipped nuclear rates, weak rates, Universes that are
 * solved, and histories that are made up, in which time and densities have closed forms. */
#ifndef ND_TESTS_BBN_FIXTURE_H
#define ND_TESTS_BBN_FIXTURE_H

#include "universe_fixture.h"

#include <stdlib.h>

#include "bbn_internal.h"
#include "nudipole/grid.h"
#include "nudipole/light_elements.h"
#include "nudipole/units.h"

/* The default of the parameters, PDG 2024: 878.4 +- 0.5 s. */
static const double TAU_N_S = 878.4, TAU_N_ERROR_S = 0.5;

static inline struct nd_nuclear_rates *nuclear_rates(const char *set)
{
    const char *root = getenv("ND_TEST_ROOT");
    char folder[1024];
    struct nd_nuclear_rates *rates;
    struct nd_error error = ND_ERROR_INIT;
    snprintf(folder, sizeof folder, "%s/params/data/nuclear/%s", root != NULL ? root : ".", set);
    ASSERT_OK(nd_nuclear_rates_read(&rates, folder, &error), error);
    return rates;
}

static inline struct nd_weak_rates *weak_rates(int corrections)
{
    struct nd_weak_rates *weak;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_weak_rates_create(&weak, corrections, TAU_N_S / ND_HBAR, &error), error);
    return weak;
}

/* ---- solved ------------------------------------------------------------------------------ */

/* The default of the parameters: without N down to 0.004 MeV. */
static inline struct nd_universe_options universe_options(double T_RH)
{
    struct nd_universe_options options = nd_universe_defaults(T_RH);
    options.T_end = 0.004;
    /* as nd_light_elements_solve has them */
    options.n_points = 16 + (int)ceil(log(T_RH / options.T_end) / ND_BBN_STEP_LNT);
    return options;
}

/* The same at fast precision: N_eff is 5e-4 too high, Y_p 2e-5, D/H 1e-4 of itself. */
static inline struct nd_universe_options fast_options(double T_RH)
{
    struct nd_universe_options options = universe_options(T_RH);
    options.precision = nd_precision_fast();
    return options;
}

static inline struct nd_bbn_universe *bbn_universe_of(const struct nd_universe_history *history,
                                                      int corrections)
{
    struct nd_bbn_universe *universe;
    struct nd_error error = ND_ERROR_INIT;
    struct nd_weak_rates *weak = weak_rates(corrections);
    ASSERT_OK(nd_bbn_universe_create(&universe, history, weak, &error), error);
    nd_weak_rates_free(weak);
    return universe;
}

/* A solved Universe as nuclei see it, with the standard weak rates. */
static inline struct nd_bbn_universe *bbn_universe(const struct nd_universe_options *options)
{
    struct nd_universe_history history = universe_history(NULL, options);
    struct nd_bbn_universe *universe = bbn_universe_of(&history, ND_WEAK_STANDARD);
    nd_universe_history_clear(&history);
    return universe;
}

/* Nucleosynthesis with all ingredients from one Universe. */
static inline struct nd_bbn bbn_in(const struct nd_bbn_universe *universe,
                                   const struct nd_nuclear_rates *rates,
                                   const struct nd_bbn_deviations *deviations,
                                   const struct nd_bbn_options *options)
{
    struct nd_bbn bbn;
    struct nd_error error = ND_ERROR_INIT;
    const struct nd_bbn_ingredients from = {universe, universe, universe};
    ASSERT_OK(nd_bbn_solve(&from, rates, deviations, options, &bbn, &error), error);
    return bbn;
}

/* ---- made up ----------------------------------------------------------------------------- */

/* a T against ln T, H against T, occupation of nu_e at an energy E and at y = a E. */
struct made_up {
    double T_start, T_end;
    int n_points;
    double (*aT)(double ln_T);
    double (*H)(double T);
    double (*f)(double E, double y);
};

static inline double constant_aT(double ln_T)
{
    (void)ln_T;
    return 1.0;
}

/* Of photons, e+- and three neutrinos while e+- are massless, g = 10.75. */
static inline double radiation_H(double T)
{
    const double g = 10.75;
    return sqrt(4.0 * pow(ND_PI, 3) / 45.0 * g) * T * T / ND_M_PLANCK;
}

static inline double thermal_f(double E, double y)
{
    (void)E;
    return 1.0 / (exp(y) + 1.0);
}

/* From 20 to 0.004 MeV: a T = 1, H ~ T^2, thermal neutrinos at T; 213 rows. */
static inline struct made_up made_up_defaults(void)
{
    return (struct made_up){20.0, 0.004, 214, constant_aT, radiation_H, thermal_f};
}

static inline struct nd_universe_history made_up_history(const struct made_up *m)
{
    enum { NODES = 61 };
    struct nd_universe_history history = {.n_points = m->n_points, .n_nodes = NODES};
    history.points = calloc((size_t)m->n_points, sizeof *history.points);
    history.y = malloc(NODES * sizeof *history.y);
    history.f_nu_e = malloc((size_t)m->n_points * NODES * sizeof *history.f_nu_e);
    cr_assert(history.points != NULL && history.y != NULL && history.f_nu_e != NULL);
    for (int i = 0; i < NODES; i++)
        history.y[i] = 0.5 * (i + 1);
    for (int k = 0; k < m->n_points; k++) {
        struct nd_universe_point *p = &history.points[k];
        p->T = nd_log_grid(m->T_start, m->T_end, m->n_points, k);
        p->a = m->aT(log(p->T)) / p->T;
        p->H = m->H(p->T);
        for (int i = 0; i < NODES; i++)
            history.f_nu_e[k * NODES + i] = m->f(history.y[i] / p->a, history.y[i]);
    }
    return history;
}

static inline struct nd_bbn_universe *made_up_universe(const struct made_up *m, int corrections)
{
    struct nd_universe_history history = made_up_history(m);
    struct nd_bbn_universe *universe = bbn_universe_of(&history, corrections);
    nd_universe_history_clear(&history);
    return universe;
}

#endif
