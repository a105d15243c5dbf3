/* Tests of dark radiation in the coupled Universe: its share of N_eff, its energy, what it does to
 * neutrinos and to light elements. All at fast precision: N_eff is 5e-4 too high, its differences
 * are good to 1e-5. */
#include "bbn_fixture.h"

TestSuite(dark_radiation, .init = no_gsl_abort);

static const double N_EFF_FACTOR = 4.40320466245846; /* 8/7 (11/4)^(4/3) */

static void count(int done, int total, void *context)
{
    (void)total;
    if (done == 2)
        ++*(int *)context;
}

/* At most so many runs are needed. */
static struct nd_universe_history run_at_most(int most, struct nd_universe_options *options)
{
    int runs = 0;
    options->progress = count;
    options->progress_context = &runs;
    struct nd_universe_history history = universe_history(NULL, options);
    cr_assert(runs >= 1 && runs <= most, "delta_N_eff = %g: %d runs", options->delta_N_eff, runs);
    return history;
}

/* The density that is asked for at the end is a guess first. */
static struct nd_universe_history run(double delta_N_eff)
{
    struct nd_universe_options options = fast_options(20.0);
    options.delta_N_eff = delta_N_eff;
    return run_at_most(delta_N_eff == 0.0 ? 1 : 3, &options);
}

static const struct nd_universe_point *end_of(const struct nd_universe_history *history)
{
    return &history->points[history->n_points - 1];
}

static double share(const struct nd_universe_point *p)
{
    return N_EFF_FACTOR * p->rho_dark / p->rho_gamma;
}

/* What holds for any density. */
static void check(const struct nd_universe_history *history, double delta_N_eff)
{
    const double precise = 1e-6, rounding = 1e-12;
    ASSERT_NEAR(share(end_of(history)), delta_N_eff, precise * fmax(1.0, fabs(delta_N_eff)),
                "its share of N_eff");
    cr_assert(history->energy_residual < rounding, "residual %g", history->energy_residual);
    const struct nd_universe_point *first = &history->points[0];
    for (int k = 0; k < history->n_points; k++) {
        const struct nd_universe_point *p = &history->points[k];
        ASSERT_CLOSE(p->rho_dark * pow(p->a, 4), first->rho_dark * pow(first->a, 4), rounding,
                     "a^4 rho at %g MeV", p->T);
        double rho = p->rho_dark;
        for (int i = 0; i < ND_N_FLAVOURS; i++)
            rho += p->rho_nu[i];
        ASSERT_CLOSE(p->N_eff, N_EFF_FACTOR * rho / p->rho_gamma, rounding, "N_eff at %g MeV",
                     p->T);
        ASSERT_CLOSE(p->H, sqrt(8.0 * ND_PI / 3.0 * (p->rho_plasma + rho)) / ND_M_PLANCK, rounding,
                     "H at %g MeV", p->T);
    }
}

Test(dark_radiation, half_a_neutrino)
{
    struct nd_universe_history none = run(0.0), half = run(0.5);
    check(&half, 0.5);
    cr_assert(none.points[0].rho_dark == 0.0 && end_of(&none)->rho_dark == 0.0);
    /* A faster expansion keeps neutrinos from 8e-4 of N_eff: H is 3 to 4 % larger at decoupling,
     * and what e+- give them, 0.035 of N_eff without QED, falls as 1/H to a power below one. */
    ASSERT_NEAR(half.N_eff - none.N_eff, 0.5 - 8e-4, 1e-4, "N_eff");
    cr_assert(half.N_eff == end_of(&half)->N_eff);
    /* less time until the same temperature */
    cr_assert(end_of(&half)->t < 0.98 * end_of(&none)->t);

    /* a public code with the same N_eff and rates: light elements */
    struct nd_bbn_universe *universe = bbn_universe_of(&half, ND_WEAK_STANDARD);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    const struct nd_bbn_options options = nd_bbn_defaults();
    const struct nd_bbn bbn = bbn_in(universe, rates, NULL, &options);
    ASSERT_NEAR(bbn.ratio[ND_RATIO_Y_P], 0.2535, 1.5e-4, "Y_p");
    ASSERT_CLOSE(bbn.ratio[ND_RATIO_D_H], 2.60e-5, 0.004, "D/H");
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
    nd_universe_history_clear(&none);
    nd_universe_history_clear(&half);
}

/* Any that is allowed, of 24 momenta and without mixing, which is as good here. */
Test(dark_radiation, from_minus_two_to_twenty_neutrinos)
{
    static const double DELTAS[] = {0.0, -2.0, -0.5, 1e-4, 5.0, 10.0, 20.0};
    double none = NAN;
    for (int i = 0; i < 7; i++) {
        struct nd_universe_options options = fast_options(20.0);
        options.precision.dy = 1.2;
        options.mixing = ND_MIXING_NONE;
        options.n_points = 21;
        options.delta_N_eff = DELTAS[i];
        struct nd_universe_history history = run_at_most(i == 0 ? 1 : 5, &options);
        check(&history, DELTAS[i]);
        if (i == 0)
            none = history.N_eff;
        /* Neutrinos get the less from e+- the faster the expansion: at most all of their 0.04, and
         * in proportion for a little; to what the density at the end, and the steps of CVODE, are
         * good for. */
        const double lost = none + DELTAS[i] - history.N_eff, precise = 5e-6;
        cr_assert(copysign(lost, lost * DELTAS[i]) > -precise && fabs(lost) < 0.04,
                  "delta_N_eff = %g: %g lost", DELTAS[i], lost);
        ASSERT_NEAR(lost, 0.0, 0.01 * fabs(DELTAS[i]) + precise, "delta_N_eff = %g", DELTAS[i]);
        nd_universe_history_clear(&history);
    }
}

/* N that decays makes photons, so that more of it is needed for the same share at the end. */
Test(dark_radiation, with_N)
{
    const struct nd_model model = tau_model(0.26, 1e-10);
    struct nd_universe_options options = fast_options(2.0);
    options.precision.dy = 1.2;
    options.mixing = ND_MIXING_NONE;
    struct nd_universe_history alone = universe_history(&model, &options);
    options.delta_N_eff = 0.5;
    struct nd_universe_history history = universe_history(&model, &options);
    ASSERT_NEAR(share(end_of(&history)), 0.5, 1e-6, "its share of N_eff");
    ASSERT_NEAR(history.N_eff - alone.N_eff, 0.5, 0.02, "N_eff");
    cr_assert(history.energy_residual < 1e-11, "residual %g", history.energy_residual);
    nd_universe_history_clear(&alone);
    nd_universe_history_clear(&history);
}

static void refuse(struct nd_universe_options *options, const char *message)
{
    struct nd_universe_tables *tables;
    struct nd_universe_history history;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_universe_tables_create(&tables, NULL, options, &error), error);
    ASSERT_ERROR(nd_universe_solve(NULL, tables, options, &history, &error), error, ND_BAD_INPUT,
                 message);
    cr_assert(history.points == NULL && history.n_points == 0);
    nd_universe_tables_free(tables);
}

Test(dark_radiation, refused)
{
    struct nd_universe_options options = fast_options(20.0);
    static const double BAD[] = {20.1, -20.1, NAN, INFINITY};
    for (int i = 0; i < 4; i++) {
        options.delta_N_eff = BAD[i];
        refuse(&options, "allowed is -20 to 20");
    }
    options = fast_options(5.0);
    options.reheating = ND_REHEATING_FIELD;
    options.delta_N_eff = 0.5;
    refuse(&options, "only with sudden reheating");
    options.delta_N_eff = -0.5;
    refuse(&options, "only with sudden reheating");
}
