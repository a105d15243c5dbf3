/* Tests of Big Bang nucleosynthesis: what nuclei know of a Universe, abundances of the Standard
 * Model against published ones, convergence, sensitivities, errors. The equations themselves:
 * test_bbn_network.c. */
#include "bbn_fixture.h"

#ifdef _OPENMP
#include <omp.h>
#endif

TestSuite(bbn, .init = no_gsl_abort);

static const double OMEGA_B = 0.022425;

/* ---- expansion --------------------------------------------------------------------------- */

/* a T that rises by STEP around CENTRE, within about `width` of ln T. */
static const double STEP = 1.4;
static double centre = 0.2, width = 0.8;

static double rising_aT(double ln_T)
{
    return exp(0.5 * log(STEP) * (1.0 - tanh((ln_T - log(centre)) / width)));
}

/* Minus its d ln a/d ln T. */
static double growth(double ln_T)
{
    return 1.0 + 0.5 * log(STEP) / width * pow(cosh((ln_T - log(centre)) / width), -2);
}

Test(bbn, time_where_aT_is_constant)
{
    const double rounding = 1e-12;
    const struct made_up m = made_up_defaults();
    struct nd_bbn_universe *universe = made_up_universe(&m, 0);
    ASSERT_CLOSE(nd_bbn_universe_T_start(universe), m.T_start, rounding, "start");
    ASSERT_CLOSE(nd_bbn_universe_T_end(universe), m.T_end, rounding, "end");
    for (double T = 0.9999 * m.T_start; T > m.T_end; T *= 0.97)
        ASSERT_CLOSE(nd_bbn_universe_time(universe, log(T)), 1.0 / radiation_H(T), rounding,
                     "dt/dx at %g MeV", T);
    nd_bbn_universe_free(universe);
}

/* Differences of fourth order at rows 0.04 apart: h^4/30 times a fifth derivative of 4 in the
 * middle, h^4/5 at the ends, to which the spline adds h^2/10 of a second one within two rows. */
Test(bbn, time_where_aT_rises)
{
    const double middle = 1e-5, at_ends = 3e-4;
    static const double CENTRES[] = {0.2, 20.0, 0.004, 0.006, 15.0};
    for (int i = 0; i < 5; i++) {
        centre = CENTRES[i];
        struct made_up m = made_up_defaults();
        m.aT = rising_aT;
        struct nd_bbn_universe *universe = made_up_universe(&m, 0);
        for (double T = 0.9999 * m.T_start; T > m.T_end; T *= 0.97) {
            const int is_near_end = T > 0.85 * m.T_start || T < 1.15 * m.T_end;
            ASSERT_CLOSE(nd_bbn_universe_time(universe, log(T)), growth(log(T)) / radiation_H(T),
                         is_near_end ? at_ends : middle, "dt/dx at %g MeV, centre %g", T, centre);
        }
        /* on the rows, where nothing is interpolated */
        const double on_rows = 1e-5;
        for (int k = 0; k < m.n_points; k++) {
            const double T = nd_log_grid(m.T_start, m.T_end, m.n_points, k);
            const double inside = fmin(fmax(T, m.T_end * (1.0 + 1e-14)), m.T_start * (1.0 - 1e-14));
            ASSERT_CLOSE(nd_bbn_universe_time(universe, log(inside)),
                         growth(log(T)) / radiation_H(T), on_rows, "row at %g MeV, centre %g", T,
                         centre);
        }
        nd_bbn_universe_free(universe);
    }
}

/* Within one row, as where neutrinos fill. */
static const int KINK = 100;
static double kinked_aT(double ln_T)
{
    const struct made_up m = made_up_defaults();
    const double low = nd_log_grid(m.T_start, m.T_end, m.n_points, KINK + 1);
    const double high = nd_log_grid(m.T_start, m.T_end, m.n_points, KINK);
    return ln_T < 0.5 * log(low * high) ? 10.0 : 1.0;
}

Test(bbn, limited_at_a_kink)
{
    /* The stencil swings to +1/12 and -7/12 of ln 10/0.04: what is left is a twentieth and twice
     * of the slope beside it. */
    static const double EXPECTED[] = {1.0, 0.05, 2.0, 2.0, 0.05, 1.0};
    struct made_up m = made_up_defaults();
    m.aT = kinked_aT;
    struct nd_bbn_universe *universe = made_up_universe(&m, 0);
    for (int i = 0; i < 6; i++) {
        const double T = nd_log_grid(m.T_start, m.T_end, m.n_points, KINK - 2 + i);
        ASSERT_CLOSE(nd_bbn_universe_time(universe, log(T)) * radiation_H(T), EXPECTED[i], 1e-9,
                     "row %d", KINK - 2 + i);
    }
    nd_bbn_universe_free(universe);
}

static double still_aT(double ln_T)
{
    return exp(1.01 * ln_T);
}

static double sinking_aT(double ln_T)
{
    return 1.0 / kinked_aT(ln_T);
}

static void refuse(struct nd_universe_history *history, enum nd_status status, const char *message)
{
    struct nd_bbn_universe *universe = (struct nd_bbn_universe *)history; /* not NULL */
    struct nd_weak_rates *weak = weak_rates(0);
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_bbn_universe_create(&universe, history, weak, &error), error, status, message);
    cr_assert(universe == NULL);
    nd_weak_rates_free(weak);
    nd_universe_history_clear(history);
}

Test(bbn, histories_that_are_refused)
{
    struct made_up m = made_up_defaults();
    struct nd_universe_history history;
    m.aT = still_aT;
    history = made_up_history(&m);
    refuse(&history, ND_NOT_CONVERGED, "needs a temperature that falls");
    m.aT = sinking_aT;
    history = made_up_history(&m);
    refuse(&history, ND_NOT_CONVERGED, "needs a temperature that falls");

    m = made_up_defaults();
    m.n_points = 15;
    history = made_up_history(&m);
    refuse(&history, ND_BAD_INPUT, "of 15 rows: at least 16 are needed");

    m = made_up_defaults();
    for (int row = 0; row < 3; row++) { /* near the start, near the end, in between */
        history = made_up_history(&m);
        history.points[row == 0 ? 1 : row == 1 ? m.n_points - 2 : 77].T *= 1.00001;
        refuse(&history, ND_BAD_INPUT, "not evenly spaced in ln T");
    }
    /* what the weak rates refuse: a spectrum that is none */
    history = made_up_history(&m);
    history.f_nu_e[50 * history.n_nodes + 3] = 2.0;
    refuse(&history, ND_BAD_INPUT, "occupation 2");

    m.n_points = 16;
    history = made_up_history(&m);
    struct nd_bbn_universe *universe = bbn_universe_of(&history, 0);
    nd_bbn_universe_free(universe);
    nd_universe_history_clear(&history);
    nd_bbn_universe_free(NULL);
}

/* ---- weak rates -------------------------------------------------------------------------- */

/* Between rows the table gives what the rates are, of the row's a T and neutrinos. */
Test(bbn, weak_rates_between_rows)
{
    enum { NODES = 61 };
    const double interpolation = 2e-6;
    struct nd_weak_rates *weak = weak_rates(ND_WEAK_STANDARD);
    struct nd_error error = ND_ERROR_INIT;
    struct made_up m = made_up_defaults();
    centre = 0.2;
    m.aT = rising_aT;
    struct nd_universe_history history = made_up_history(&m);
    struct nd_bbn_universe *universe;
    ASSERT_OK(nd_bbn_universe_create(&universe, &history, weak, &error), error);
    for (double T = 0.9 * m.T_start; T > 1.2 * m.T_end; T *= 0.83) {
        const struct nd_nu_e_spectrum spectrum = {rising_aT(log(T)) / T, NODES, history.y,
                                                  history.f_nu_e};
        struct nd_weak_pair expected;
        ASSERT_OK(nd_weak_rates_at(weak, T, &spectrum, &expected, &error), error);
        const struct nd_weak_pair found = nd_bbn_universe_weak(universe, log(T));
        ASSERT_CLOSE(found.n_to_p, expected.n_to_p, interpolation, "n -> p at %g MeV", T);
        if (expected.p_to_n > 1e-12 * expected.n_to_p)
            ASSERT_CLOSE(found.p_to_n, expected.p_to_n, 10.0 * interpolation, "p -> n at %g MeV",
                         T);
    }
    nd_bbn_universe_free(universe);
    nd_universe_history_clear(&history);
    nd_weak_rates_free(weak);
}

/* Occupations of a run are good to an absolute 1e-10, at its last momentum to 2e-9: noise in a tail
 * that holds 1e-6 of the rates, and that must not come in by its derivatives. Where a node of the
 * quadrature falls on it, that made rates wrong by several per cent. */
static double noisy_f(double E, double y)
{
    const double f = thermal_f(E, y);
    return y < 20.0 ? f : y < 23.9 ? f - 1.5e-10 : y < 24.1 ? f + 2.3e-9 : 0.0;
}

static double cold_aT(double ln_T)
{
    (void)ln_T;
    return 0.85;
}

Test(bbn, noise_in_the_tail_of_a_spectrum)
{
    const double tolerance = 1e-4;
    struct made_up m = made_up_defaults();
    m.aT = cold_aT;
    struct nd_bbn_universe *clean = made_up_universe(&m, ND_WEAK_STANDARD);
    m.f = noisy_f;
    struct nd_bbn_universe *noisy = made_up_universe(&m, ND_WEAK_STANDARD);
    for (int k = 1; k < m.n_points; k++) {
        const double T = nd_log_grid(m.T_start, m.T_end, m.n_points, k) * (1.0 + 1e-14);
        const struct nd_weak_pair a = nd_bbn_universe_weak(clean, log(T)),
                                  b = nd_bbn_universe_weak(noisy, log(T));
        ASSERT_CLOSE(b.n_to_p, a.n_to_p, tolerance, "n -> p at %g MeV", T);
        if (T > 0.5) /* later p -> n is the tail alone, and nothing to n -> p */
            ASSERT_CLOSE(b.p_to_n, a.p_to_n, tolerance, "p -> n at %g MeV", T);
    }
    nd_bbn_universe_free(clean);
    nd_bbn_universe_free(noisy);
}

/* ---- baryons ----------------------------------------------------------------------------- */

Test(bbn, baryons_per_photon_today)
{
    /* PDG 2024: rho_c = 1.87834(4)e-29 h^2 g/cm^3, 410.73 photons/cm^3 at 2.7255 K; atoms of H and
     * 4He of 1.00782503 and 4.00260325 u. Steigman (astro-ph/0606206), with G of its time: eta =
     * 273.3036e-10 omega_b (1 + 7.16958e-3 Y_p) (2.7255/T)^3. */
    const double critical = 1.87834e-29, photons = 410.73, u = 1.66053907e-24, Y_p = 0.247;
    const double errors = 3e-5, steigman = 2e-4;
    const double mass = u * ((1.0 - Y_p) * 1.00782503 + Y_p * 4.00260325 / 4.0);
    const struct made_up m = made_up_defaults();
    struct nd_bbn_universe *universe = made_up_universe(&m, 0);
    const double eta = nd_bbn_universe_eta(universe, OMEGA_B, 1.0001 * m.T_end);
    ASSERT_CLOSE(eta, OMEGA_B * critical / mass / photons, errors, "eta");
    ASSERT_CLOSE(eta, 273.3036e-10 * OMEGA_B * (1.0 + 7.16958e-3 * Y_p), steigman, "eta");
    nd_bbn_universe_free(universe);
}

/* n_b ~ a^-3: where a T rises by a factor, photons are made, and there were its cube more baryons
 * each before. */
Test(bbn, baryons_before_photons_are_made)
{
    const double rounding = 1e-11;
    struct made_up m = made_up_defaults();
    centre = 0.05;
    m.aT = rising_aT;
    struct nd_bbn_universe *universe = made_up_universe(&m, 0);
    const double end = nd_bbn_universe_eta(universe, OMEGA_B, nd_bbn_universe_T_end(universe));
    for (int k = 1; k < m.n_points - 1; k += 7) {
        const double T = nd_log_grid(m.T_start, m.T_end, m.n_points, k);
        ASSERT_CLOSE(nd_bbn_universe_eta(universe, OMEGA_B, T) / end,
                     pow(rising_aT(log(m.T_end)) / rising_aT(log(T)), 3), rounding, "at %g MeV", T);
        ASSERT_CLOSE(nd_bbn_universe_eta(universe, 2.0 * OMEGA_B, T),
                     2.0 * nd_bbn_universe_eta(universe, OMEGA_B, T), rounding, "twice as many");
    }
    ASSERT_CLOSE(nd_bbn_universe_eta(universe, OMEGA_B, 19.0) / end, pow(STEP, 3), 0.01, "before");
    cr_assert(isnan(nd_bbn_universe_eta(universe, OMEGA_B, 1.001 * m.T_start)));
    cr_assert(isnan(nd_bbn_universe_eta(universe, OMEGA_B, 0.999 * m.T_end)));
    nd_bbn_universe_free(universe);
}

/* ---- the Standard Model ------------------------------------------------------------------ */

static void check_abundances(const struct nd_bbn *bbn, double Y_p, double D_H, double He3_H,
                             double Li7_H, const char *what)
{
    /* Published ones are of codes with hundreds of reactions: the heavier nuclei that are left out
     * here are worth 1e-5 of Y_p, 3e-4 of D/H, 1 % of 7Li; N_eff is 3.044 +- 0.001. */
    ASSERT_NEAR(bbn->ratio[ND_RATIO_Y_P], Y_p, 1.5e-4, "%s: Y_p", what);
    ASSERT_CLOSE(bbn->ratio[ND_RATIO_D_H], D_H, 0.004, "%s: D/H", what);
    if (He3_H > 0.0)
        ASSERT_CLOSE(bbn->ratio[ND_RATIO_HE3_H], He3_H, 0.005, "%s: 3He/H", what);
    ASSERT_CLOSE(bbn->ratio[ND_RATIO_LI7_H], Li7_H, 0.02, "%s: 7Li/H", what);
}

Test(bbn, standard_model)
{
    const struct nd_universe_options universe_of = universe_options(20.0);
    struct nd_bbn_universe *universe = bbn_universe(&universe_of);
    struct nd_nuclear_rates *primat = nuclear_rates("primat2023");
    struct nd_nuclear_rates *parthenope = nuclear_rates("parthenope3");
    struct nd_bbn_options options = nd_bbn_defaults();

    struct nd_bbn bbn = bbn_in(universe, primat, NULL, &options);
    check_abundances(&bbn, 0.2470, 2.435e-5, 1.040e-5, 5.56e-10, "primat2023");
    /* rounding, and some of it in a thousand steps */
    cr_assert(bbn.mass_residual < 1e-12 && bbn.mass_residual > 0.0, "residual %g",
              bbn.mass_residual);
    ASSERT_CLOSE(bbn.ratio[ND_RATIO_Y_P], 4.0 * bbn.Y[ND_HELIUM4], 0.0, "Y_p");
    ASSERT_CLOSE(bbn.ratio[ND_RATIO_D_H], bbn.Y[ND_DEUTERON] / bbn.Y[ND_PROTON], 0.0, "D/H");
    ASSERT_CLOSE(bbn.ratio[ND_RATIO_HE3_H],
                 (bbn.Y[ND_TRITON] + bbn.Y[ND_HELIUM3]) / bbn.Y[ND_PROTON], 0.0, "3He/H");
    ASSERT_CLOSE(bbn.ratio[ND_RATIO_LI7_H],
                 (bbn.Y[ND_LITHIUM7] + bbn.Y[ND_BERYLLIUM7]) / bbn.Y[ND_PROTON], 0.0, "7Li/H");
    /* 7Li is mostly made as 7Be, 3He mostly as such (arXiv:1801.08023, Fig. 1) */
    cr_assert(bbn.Y[ND_BERYLLIUM7] > 10.0 * bbn.Y[ND_LITHIUM7]);
    cr_assert(bbn.Y[ND_HELIUM3] > 50.0 * bbn.Y[ND_TRITON]);
    /* Photons that e+- have still to make at 0.07 MeV: entropy of what is left of them there. */
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, 0.07);
    const double photons = 4.0 * ND_PI * ND_PI / 45.0 * pow(0.07, 3);
    ASSERT_CLOSE(bbn.eta_bbn / bbn.eta_end, plasma.s / photons, 1e-4, "baryons at 0.07 MeV");
    ASSERT_CLOSE(bbn.eta_end, 6.1388e-10, 1e-4, "eta"); /* see baryons_per_photon_today */

    /* steps: 1150; without a fresh Jacobian and converged Newton iterations many times as many */
    cr_assert(bbn.stats.steps <= 1500, "%ld steps", bbn.stats.steps);
    cr_assert(bbn.stats.jacobian_calls >= bbn.stats.steps, "%ld Jacobians",
              bbn.stats.jacobian_calls);
    cr_assert(bbn.stats.jacobian_calls <= bbn.stats.steps + bbn.stats.steps / 100 + 1,
              "%ld Jacobians", bbn.stats.jacobian_calls);

    /* converged: two iterations a step, of both eras */
    cr_assert(bbn.stats.rhs_calls >= 2 * bbn.stats.steps, "%ld right-hand sides",
              bbn.stats.rhs_calls);

    /* PArthENoPE 3.0 (arXiv:2103.05027) */
    bbn = bbn_in(universe, parthenope, NULL, &options);
    check_abundances(&bbn, 0.24690, 2.499e-5, 0.0, 4.81e-10, "parthenope3");
    options.omega_b = 0.0223;
    bbn = bbn_in(universe, primat, NULL, &options);
    check_abundances(&bbn, 0.246952, 2.4575e-5, 1.0432e-5, 5.496e-10, "omega_b = 0.0223");

    nd_nuclear_rates_free(primat);
    nd_nuclear_rates_free(parthenope);
    nd_bbn_universe_free(universe);
}

Test(bbn, what_corrections_to_weak_rates_are_worth)
{
    /* Y_p by Born rates, and what each adds to it: arXiv:1801.08023, Table 5. Magnetism comes on
     * top of recoil; recoil, to first order, is worth a few per cent of itself at second. */
    const double born = 0.24265, radiative = 31.5e-4, recoil = 11.2e-4, magnetism = 1.6e-4;
    static const int CORRECTIONS[] = {0, ND_WEAK_COULOMB | ND_WEAK_RADIATIVE, ND_WEAK_RECOIL,
                                      ND_WEAK_RECOIL | ND_WEAK_MAGNETISM, ND_WEAK_STANDARD};
    const struct nd_universe_options universe_of = fast_options(20.0);
    const struct nd_bbn_options options = nd_bbn_defaults();
    struct nd_universe_history history = universe_history(NULL, &universe_of);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    double Y_p[5];
    for (int i = 0; i < 5; i++) {
        struct nd_bbn_universe *universe = bbn_universe_of(&history, CORRECTIONS[i]);
        Y_p[i] = bbn_in(universe, rates, NULL, &options).ratio[ND_RATIO_Y_P];
        nd_bbn_universe_free(universe);
    }
    ASSERT_NEAR(Y_p[0], born, 1e-4, "Born");
    ASSERT_NEAR(Y_p[1] - Y_p[0], radiative, 0.5e-4, "Coulomb and radiative");
    ASSERT_NEAR(Y_p[2] - Y_p[0], recoil, 0.5e-4, "recoil");
    ASSERT_NEAR(Y_p[3] - Y_p[2], magnetism, 0.6e-4, "weak magnetism");
    /* the last two multiply the first two, which are 6 % of the rates */
    ASSERT_NEAR(Y_p[4] - Y_p[0], Y_p[1] - Y_p[0] + (Y_p[3] - Y_p[0]), 0.5e-4, "all of them");
    nd_nuclear_rates_free(rates);
    nd_universe_history_clear(&history);
}

/* ---- convergence ------------------------------------------------------------------------- */

/* Largest relative difference of the ratios but Y_p. */
static double others(const struct nd_bbn *a, const struct nd_bbn *b)
{
    double largest = 0.0;
    for (int i = ND_RATIO_D_H; i < ND_N_RATIOS; i++)
        largest = fmax(largest, relative_difference(a->ratio[i], b->ratio[i]));
    return largest;
}

static double of_Y_p(const struct nd_bbn *a, const struct nd_bbn *b)
{
    return relative_difference(a->ratio[ND_RATIO_Y_P], b->ratio[ND_RATIO_Y_P]);
}

Test(bbn, convergence_in_tolerance)
{
    struct made_up m = made_up_defaults();
    centre = 0.2;
    m.aT = rising_aT;
    struct nd_bbn_universe *universe = made_up_universe(&m, ND_WEAK_STANDARD);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_bbn_options options = nd_bbn_defaults();
    const struct nd_bbn by_default = bbn_in(universe, rates, NULL, &options);
    options.tolerance = 1e-12;
    const struct nd_bbn exact = bbn_in(universe, rates, NULL, &options);
    double before = INFINITY;
    for (double tolerance = 1e-5; tolerance > 0.5e-10; tolerance *= 0.1) {
        options.tolerance = tolerance;
        const struct nd_bbn bbn = bbn_in(universe, rates, NULL, &options);
        const double error = fmax(others(&bbn, &exact), of_Y_p(&bbn, &exact));
        cr_assert(error < before, "%g: %g after %g", tolerance, error, before);
        cr_assert(error < 100.0 * tolerance, "%g: %g", tolerance, error);
        before = error;
    }
    cr_assert(of_Y_p(&by_default, &exact) < 1e-6, "Y_p: %g", of_Y_p(&by_default, &exact));
    cr_assert(others(&by_default, &exact) < 1e-5, "others: %g", others(&by_default, &exact));
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
}

/* Rows ND_BBN_STEP_LNT apart against rows half and a quarter of that. */
Test(bbn, convergence_in_rows)
{
    const double enough = 1e-6; /* of Y_p: what bbn.h says */
    struct nd_bbn bbn[3];
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    const struct nd_bbn_options options = nd_bbn_defaults();
    centre = 0.2;
    for (int i = 0; i < 3; i++) {
        struct made_up m = made_up_defaults();
        m.aT = rising_aT;
        m.n_points = 1 + (int)ceil(log(m.T_start / m.T_end) / ND_BBN_STEP_LNT) * (1 << i);
        struct nd_bbn_universe *universe = made_up_universe(&m, ND_WEAK_STANDARD);
        bbn[i] = bbn_in(universe, rates, NULL, &options);
        nd_bbn_universe_free(universe);
    }
    for (int i = 0; i < 2; i++) {
        cr_assert(of_Y_p(&bbn[i], &bbn[2]) < enough, "Y_p: %g", of_Y_p(&bbn[i], &bbn[2]));
        cr_assert(others(&bbn[i], &bbn[2]) < 10.0 * enough, "others: %g", others(&bbn[i], &bbn[2]));
    }
    nd_nuclear_rates_free(rates);
}

/* Nucleons forget how they started: of 10 MeV, 3 and 2 in the same Universe; and Universes that
 * start at 10 and 20 MeV in equilibrium. */
Test(bbn, start_does_not_matter)
{
    const double tolerance = 2e-6, universes = 1.5e-4; /* the latter at fast precision */
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_bbn_options options = nd_bbn_defaults();
    const struct nd_universe_options hot = fast_options(20.0), cold = fast_options(10.0);
    struct nd_bbn_universe *universe = bbn_universe(&hot), *later = bbn_universe(&cold);
    options.n_points = 2;
    struct nd_bbn from_20 = bbn_in(universe, rates, NULL, &options);
    struct nd_bbn from_10 = bbn_in(later, rates, NULL, &options);
    ASSERT_CLOSE(from_20.points[0].T, 20.0, 1e-10, "start");
    ASSERT_CLOSE(from_10.points[0].T, 10.0, 1e-10, "start");
    cr_assert(of_Y_p(&from_10, &from_20) < universes, "Y_p: %g", of_Y_p(&from_10, &from_20));
    cr_assert(others(&from_10, &from_20) < universes, "others: %g", others(&from_10, &from_20));
    nd_bbn_clear(&from_10);
    static const double STARTS[] = {10.0, 5.0, 3.0};
    for (int i = 0; i < 3; i++) {
        options.T_start_max = STARTS[i];
        struct nd_bbn bbn = bbn_in(universe, rates, NULL, &options);
        ASSERT_CLOSE(bbn.points[0].T, STARTS[i], 1e-10, "start");
        cr_assert(of_Y_p(&bbn, &from_20) < tolerance, "from %g MeV: Y_p off by %g", STARTS[i],
                  of_Y_p(&bbn, &from_20));
        nd_bbn_clear(&bbn);
    }
    /* at 1 MeV the balance is one that nucleons cannot follow */
    options.T_start_max = 1.0;
    struct nd_bbn late = bbn_in(universe, rates, NULL, &options);
    cr_assert(late.ratio[ND_RATIO_Y_P] < 0.99 * from_20.ratio[ND_RATIO_Y_P]);
    nd_bbn_clear(&late);
    /* a limit above the start is none */
    options.T_start_max = 100.0;
    struct nd_bbn same = bbn_in(universe, rates, NULL, &options);
    cr_assert(same.ratio[ND_RATIO_Y_P] == from_20.ratio[ND_RATIO_Y_P]);
    nd_bbn_clear(&same);
    nd_bbn_clear(&from_20);
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
    nd_bbn_universe_free(later);
}

/* ---- sensitivities ----------------------------------------------------------------------- */

/* d ln ratio/d of what `up` deviates by, `by` above and below. */
static double sensitivity(const struct nd_bbn_universe *universe,
                          const struct nd_nuclear_rates *rates, struct nd_bbn_deviations up,
                          double by, enum nd_abundance_ratio ratio)
{
    const struct nd_bbn_options options = nd_bbn_defaults();
    struct nd_bbn_deviations down = {.ln_tau_n = -up.ln_tau_n, .ln_omega_b = -up.ln_omega_b};
    for (int r = 0; r < ND_N_REACTIONS; r++)
        down.rates[r] = -up.rates[r];
    const struct nd_bbn high = bbn_in(universe, rates, &up, &options);
    const struct nd_bbn low = bbn_in(universe, rates, &down, &options);
    return log(high.ratio[ratio] / low.ratio[ratio]) / (2.0 * by);
}

/* Of a reaction by a factor, with its error where deuterium burns. */
static double rate_sensitivity(const struct nd_bbn_universe *universe,
                               const struct nd_nuclear_rates *rates, enum nd_reaction reaction,
                               enum nd_abundance_ratio ratio)
{
    const double T = 0.07;
    struct nd_error error = ND_ERROR_INIT;
    double plain[ND_N_REACTIONS], shifted[ND_N_REACTIONS], reverse[ND_N_REACTIONS];
    struct nd_bbn_deviations up = {.rates = {0.0}};
    up.rates[reaction] = 1.0;
    ASSERT_OK(nd_nuclear_rates_at(rates, T, NULL, plain, reverse, &error), error);
    ASSERT_OK(nd_nuclear_rates_at(rates, T, up.rates, shifted, reverse, &error), error);
    return sensitivity(universe, rates, up, log(shifted[reaction] / plain[reaction]), ratio);
}

Test(bbn, sensitivities)
{
    /* arXiv:1801.08023, Sec. VI: exponents of D/H, of Y_p by tau_n. Of d + p the error depends on
     * T, and other rate sets give other exponents: 0.05. */
    const double of_rates = 0.05, by = 0.02;
    const struct nd_universe_options universe_of = fast_options(20.0);
    struct nd_bbn_universe *universe = bbn_universe(&universe_of);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    const struct nd_bbn_deviations more = {.ln_omega_b = by}, longer = {.ln_tau_n = by};
    ASSERT_NEAR(sensitivity(universe, rates, more, by, ND_RATIO_D_H), -1.6, 0.1, "D/H, omega_b");
    ASSERT_NEAR(sensitivity(universe, rates, more, by, ND_RATIO_Y_P), 0.039, 0.005, "Y_p, omega_b");
    ASSERT_NEAR(0.247 * sensitivity(universe, rates, longer, by, ND_RATIO_Y_P), 0.18, 0.005,
                "Y_p, tau_n");
    ASSERT_NEAR(rate_sensitivity(universe, rates, ND_REACTION_D_P__HE3_G, ND_RATIO_D_H), -0.32,
                of_rates, "D/H, d + p");
    ASSERT_NEAR(rate_sensitivity(universe, rates, ND_REACTION_D_D__HE3_N, ND_RATIO_D_H), -0.54,
                of_rates, "D/H, d + d -> 3He + n");
    ASSERT_NEAR(rate_sensitivity(universe, rates, ND_REACTION_D_D__T_P, ND_RATIO_D_H), -0.46,
                of_rates, "D/H, d + d -> t + p");

    /* deviations are what they say */
    struct nd_bbn_options options = nd_bbn_defaults();
    const struct nd_bbn shifted = bbn_in(universe, rates, &more, &options);
    options.omega_b *= exp(by);
    const struct nd_bbn bbn = bbn_in(universe, rates, NULL, &options);
    cr_assert(of_Y_p(&bbn, &shifted) < 1e-12 && others(&bbn, &shifted) < 1e-12);
    ASSERT_CLOSE(shifted.eta_end, bbn.eta_end, 1e-14, "eta");
    ASSERT_CLOSE(shifted.eta_bbn, bbn.eta_bbn, 1e-14, "eta");
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
}

Test(bbn, lifetime_of_the_neutron)
{
    /* all weak rates go as 1/tau_n */
    const double by = 0.02, steps = 1e-8; /* of CVODE at 1e-10 each */
    struct nd_error error = ND_ERROR_INIT;
    struct nd_weak_rates *weak;
    const struct made_up m = made_up_defaults();
    struct nd_universe_history history = made_up_history(&m);
    struct nd_bbn_universe *universe = bbn_universe_of(&history, ND_WEAK_STANDARD), *slower;
    ASSERT_OK(nd_weak_rates_create(&weak, ND_WEAK_STANDARD, exp(by) * TAU_N_S / ND_HBAR, &error),
              error);
    ASSERT_OK(nd_bbn_universe_create(&slower, &history, weak, &error), error);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_bbn_options options = nd_bbn_defaults();
    const struct nd_bbn_deviations longer = {.ln_tau_n = by};
    options.tolerance = 1e-10;
    const struct nd_bbn a = bbn_in(universe, rates, &longer, &options);
    const struct nd_bbn b = bbn_in(slower, rates, NULL, &options);
    const struct nd_bbn c = bbn_in(universe, rates, NULL, &options);
    cr_assert(of_Y_p(&a, &b) < steps && others(&a, &b) < steps, "%g, %g", of_Y_p(&a, &b),
              others(&a, &b));
    cr_assert(a.ratio[ND_RATIO_Y_P] > c.ratio[ND_RATIO_Y_P]);
    nd_nuclear_rates_free(rates);
    nd_weak_rates_free(weak);
    nd_bbn_universe_free(universe);
    nd_bbn_universe_free(slower);
    nd_universe_history_clear(&history);
}

/* ---- ingredients ------------------------------------------------------------------------- */

static double faster_H(double T)
{
    return 1.2 * radiation_H(T);
}

static double degenerate_f(double E, double y)
{
    (void)E;
    return 1.0 / (exp(y - 0.05) + 1.0);
}

Test(bbn, ingredients_from_different_universes)
{
    const struct made_up m = made_up_defaults();
    struct made_up fast = m, degenerate = m, late = m, short_one = m;
    fast.H = faster_H;
    degenerate.f = degenerate_f;
    late.aT = rising_aT; /* photons are made when nothing burns any more */
    centre = 0.0055;
    width = 0.25;
    struct nd_bbn_universe *standard = made_up_universe(&m, 0);
    struct nd_bbn_universe *expansion = made_up_universe(&fast, 0);
    struct nd_bbn_universe *weak = made_up_universe(&degenerate, 0);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_bbn_options options = nd_bbn_defaults();
    struct nd_error error = ND_ERROR_INIT;
    struct nd_bbn mixed;

    const struct nd_bbn plain = bbn_in(standard, rates, NULL, &options);
    const struct nd_bbn_ingredients of_expansion = {expansion, standard, standard};
    ASSERT_OK(nd_bbn_solve(&of_expansion, rates, NULL, &options, &mixed, &error), error);
    struct nd_bbn whole = bbn_in(expansion, rates, NULL, &options);
    cr_assert(memcmp(mixed.Y, whole.Y, sizeof whole.Y) == 0, "expansion");
    cr_assert(whole.ratio[ND_RATIO_Y_P] > 1.01 * plain.ratio[ND_RATIO_Y_P]); /* freezes earlier */

    const struct nd_bbn_ingredients of_weak = {standard, standard, weak};
    ASSERT_OK(nd_bbn_solve(&of_weak, rates, NULL, &options, &mixed, &error), error);
    whole = bbn_in(weak, rates, NULL, &options);
    cr_assert(memcmp(mixed.Y, whole.Y, sizeof whole.Y) == 0, "weak rates");
    cr_assert(relative_difference(whole.ratio[ND_RATIO_Y_P], plain.ratio[ND_RATIO_Y_P]) > 0.001);

    /* baryons per photon before photons are made, as of that many more of them */
    struct nd_bbn_universe *baryons = made_up_universe(&late, 0);
    const struct nd_bbn_ingredients of_baryons = {standard, baryons, standard};
    ASSERT_OK(nd_bbn_solve(&of_baryons, rates, NULL, &options, &mixed, &error), error);
    const double more = pow(rising_aT(log(m.T_end)) / rising_aT(log(0.07)), 3);
    options.omega_b *= more;
    whole = bbn_in(standard, rates, NULL, &options);
    const double still_burning = 1e-3; /* below 0.01 MeV */
    cr_assert(of_Y_p(&mixed, &whole) < still_burning && others(&mixed, &whole) < still_burning,
              "%g, %g", of_Y_p(&mixed, &whole), others(&mixed, &whole));
    cr_assert(relative_difference(whole.ratio[ND_RATIO_D_H], plain.ratio[ND_RATIO_D_H]) > 0.1);
    ASSERT_CLOSE(mixed.eta_end, plain.eta_end, 1e-10, "eta at the end");
    ASSERT_CLOSE(mixed.eta_bbn, more * plain.eta_bbn, 1e-6, "eta at 0.07 MeV");

    /* temperatures that all have: of any of the three */
    short_one.T_start = 12.0;
    short_one.T_end = 0.01;
    struct nd_bbn_universe *part = made_up_universe(&short_one, 0);
    options = nd_bbn_defaults();
    options.n_points = 2;
    for (int i = 0; i < 3; i++) {
        const struct nd_bbn_ingredients of_part = {
            i == 0 ? part : standard, i == 1 ? part : standard, i == 2 ? part : standard};
        ASSERT_OK(nd_bbn_solve(&of_part, rates, NULL, &options, &mixed, &error), error);
        ASSERT_CLOSE(mixed.points[0].T, 12.0, 1e-11, "start");
        ASSERT_CLOSE(mixed.points[1].T, 0.01, 1e-11, "end");
        nd_bbn_clear(&mixed);
    }
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(standard);
    nd_bbn_universe_free(expansion);
    nd_bbn_universe_free(weak);
    nd_bbn_universe_free(baryons);
    nd_bbn_universe_free(part);
}

/* ---- rows -------------------------------------------------------------------------------- */

Test(bbn, rows)
{
    const struct made_up m = made_up_defaults();
    struct nd_bbn_universe *universe = made_up_universe(&m, ND_WEAK_STANDARD);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_bbn_options options = nd_bbn_defaults();
    const struct nd_bbn plain = bbn_in(universe, rates, NULL, &options);
    cr_assert(plain.points == NULL && plain.n_points == 0);
    options.n_points = 401;
    struct nd_bbn bbn = bbn_in(universe, rates, NULL, &options);
    cr_assert(memcmp(plain.Y, bbn.Y, sizeof bbn.Y) == 0); /* rows change nothing */
    cr_assert(bbn.stats.rhs_calls == plain.stats.rhs_calls);
    cr_assert(bbn.n_points == 401);
    double neutrons = 1.0;
    for (int k = 0; k < bbn.n_points; k++) {
        const struct nd_bbn_point *p = &bbn.points[k];
        double sum = 0.0;
        ASSERT_CLOSE(p->T, nd_log_grid(m.T_start, m.T_end, bbn.n_points, k), 1e-11, "row %d", k);
        for (int i = 0; i < ND_N_NUCLIDES; i++)
            sum += nd_nuclide((enum nd_nuclide)i)->A * p->Y[i];
        ASSERT_NEAR(sum, 1.0, 1e-12, "mass fractions at %g MeV", p->T);
        cr_assert(p->Y[ND_NEUTRON] < neutrons, "neutrons at %g MeV", p->T);
        neutrons = p->Y[ND_NEUTRON];
        cr_assert(p->T < 0.87 || p->Y[ND_DEUTERON] == 0.0); /* no nuclei above T9 = 10 */
        cr_assert(p->T > 0.85 || p->Y[ND_DEUTERON] > 0.0);
        /* until the first weak rates fall out of balance */
        if (p->T > 4.0)
            ASSERT_CLOSE(p->Y[ND_NEUTRON] / p->Y[ND_PROTON],
                         exp(-(ND_M_NEUTRON - ND_M_PROTON) / p->T), 0.01, "n/p at %g MeV", p->T);
    }
    cr_assert(memcmp(bbn.points[400].Y, bbn.Y, sizeof bbn.Y) == 0);
    /* rows in both eras are those of a run that is twice as fine */
    options.n_points = 801;
    struct nd_bbn fine = bbn_in(universe, rates, NULL, &options);
    for (int k = 0; k <= 400; k++)
        for (int i = 0; i < ND_N_NUCLIDES; i++)
            ASSERT_NEAR(fine.points[2 * k].Y[i], bbn.points[k].Y[i],
                        1e-12 * bbn.points[k].Y[i] + 1e-21, "row %d", k);
    /* the path from 0.2 MeV to the end of nuclear burning is one of a fresh start */
    nd_bbn_clear(&fine);
    nd_bbn_clear(&bbn);
    cr_assert(bbn.points == NULL && bbn.n_points == 0);
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
}

/* ---- what is refused --------------------------------------------------------------------- */

static void fail(const struct nd_bbn_universe *universe, const struct nd_nuclear_rates *rates,
                 const struct nd_bbn_options *options, enum nd_status status, const char *message)
{
    struct nd_error error = ND_ERROR_INIT;
    struct nd_bbn bbn = {.n_points = 17};
    const struct nd_bbn_ingredients from = {universe, universe, universe};
    ASSERT_ERROR(nd_bbn_solve(&from, rates, NULL, options, &bbn, &error), error, status, message);
    cr_assert(bbn.points == NULL && bbn.n_points == 0 && bbn.ratio[0] == 0.0);
    cr_assert(nd_bbn_solve(&from, rates, NULL, options, &bbn, NULL) == status);
}

Test(bbn, refused)
{
    struct made_up m = made_up_defaults();
    struct nd_bbn_universe *universe = made_up_universe(&m, 0);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    static const double OMEGAS[] = {0.0, -0.02, 1.0, NAN};
    for (int i = 0; i < 4; i++) {
        struct nd_bbn_options options = nd_bbn_defaults();
        options.omega_b = OMEGAS[i];
        fail(universe, rates, &options, ND_BAD_INPUT, "omega_b");
    }
    static const double TOLERANCES[] = {0.0, 0.1, NAN};
    for (int i = 0; i < 3; i++) {
        struct nd_bbn_options options = nd_bbn_defaults();
        options.tolerance = TOLERANCES[i];
        fail(universe, rates, &options, ND_BAD_INPUT, "tolerance");
    }
    struct nd_bbn_options options = nd_bbn_defaults();
    options.max_steps = 0;
    fail(universe, rates, &options, ND_BAD_INPUT, "tolerance 1e-07, 0 steps: must be");
    options = nd_bbn_defaults();
    options.n_points = 1;
    fail(universe, rates, &options, ND_BAD_INPUT, "1 rows");
    options.n_points = 0;
    options.T_start_max = 0.25;
    fail(universe, rates, &options, ND_BAD_INPUT,
         "begins at T = 0.25 MeV: deuterium burns below 0.3");
    options.n_points = -1;
    fail(universe, rates, &options, ND_BAD_INPUT, "-1 rows");
    options = nd_bbn_defaults();
    options.n_points = 10;
    options.max_steps = 100;
    fail(universe, rates, &options, ND_NOT_CONVERGED, "100 steps taken at T = ");
    fail(universe, rates, &options, ND_NOT_CONVERGED, "bbn_max_steps");
    /* too few baryons to make helium, Y_p = 1e-3 at 1e-8; and so many that it eats all */
    options = nd_bbn_defaults();
    options.omega_b = 1e-6;
    fail(universe, rates, &options, ND_NOT_CONVERGED, "Y_p = ");
    nd_bbn_universe_free(universe);

    m.T_end = 0.021;
    universe = made_up_universe(&m, 0);
    options = nd_bbn_defaults();
    fail(universe, rates, &options, ND_BAD_INPUT, "ends at T = 0.021 MeV");
    nd_bbn_universe_free(universe);
    nd_nuclear_rates_free(rates);
}

/* 0.02 MeV is what bbn_T_end_MeV allows. */
Test(bbn, last_temperature)
{
    struct made_up m = made_up_defaults();
    m.T_end = 0.02;
    struct nd_bbn_universe *universe = made_up_universe(&m, 0);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    const struct nd_bbn_options options = nd_bbn_defaults();
    const struct nd_bbn bbn = bbn_in(universe, rates, NULL, &options);
    cr_assert(bbn.ratio[ND_RATIO_Y_P] > 0.2);
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
}

/* exp and log do not lead out of the tables, whatever the range. */
Test(bbn, ends_of_the_range)
{
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_bbn_options options = nd_bbn_defaults();
    options.tolerance = 1e-3;
    for (int i = 0; i < 30; i++) {
        struct made_up m = made_up_defaults();
        m.T_start = 1.0 + 0.057 * i; /* where ln T has more digits than T */
        m.T_end = 0.004 + 0.00053 * i;
        m.n_points = 30;
        struct nd_bbn_universe *universe = made_up_universe(&m, 0);
        const struct nd_bbn bbn = bbn_in(universe, rates, NULL, &options);
        cr_assert(bbn.ratio[ND_RATIO_Y_P] > 0.1);
        nd_bbn_universe_free(universe);
    }
    nd_nuclear_rates_free(rates);
}

/* Steps are CVODE's, with rows or without. */
Test(bbn, rows_are_no_steps)
{
    const struct made_up m = made_up_defaults();
    struct nd_bbn_universe *universe = made_up_universe(&m, 0);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_bbn_options options = nd_bbn_defaults();
    const struct nd_bbn plain = bbn_in(universe, rates, NULL, &options);
    options.n_points = 401;
    struct nd_bbn bbn = bbn_in(universe, rates, NULL, &options);
    cr_assert(bbn.stats.steps == plain.stats.steps, "%ld steps, without rows %ld", bbn.stats.steps,
              plain.stats.steps);
    nd_bbn_clear(&bbn);
    options.max_steps = plain.stats.steps;
    bbn = bbn_in(universe, rates, NULL, &options);
    nd_bbn_clear(&bbn);
    options.max_steps = plain.stats.steps - 1;
    fail(universe, rates, &options, ND_NOT_CONVERGED, "steps taken at T = ");
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
}

/* ---- errors of the inputs ---------------------------------------------------------------- */

static const struct nd_bbn_input_errors INPUT = {0.5 / 878.4, 0.00014 / 0.022425};

/* Steps to 1e-5, for half of the time: 3e-5 of the abundances, and less of their differences. */
static struct nd_bbn_options loose(void)
{
    struct nd_bbn_options options = nd_bbn_defaults();
    options.tolerance = 1e-5;
    return options;
}

static struct nd_bbn_errors monte_carlo(const struct nd_bbn_universe *universe,
                                        const struct nd_nuclear_rates *rates, int samples,
                                        unsigned long seed)
{
    struct nd_bbn_errors errors;
    struct nd_error error = ND_ERROR_INIT;
    struct nd_bbn_options options = loose();
    options.n_points = 5; /* of no use here */
    const struct nd_bbn_ingredients from = {universe, universe, universe};
    ASSERT_OK(
        nd_bbn_errors_monte_carlo(&from, rates, &INPUT, &options, samples, seed, &errors, &error),
        error);
    return errors;
}

static struct nd_bbn_errors linear(const struct nd_bbn_universe *universe,
                                   const struct nd_nuclear_rates *rates,
                                   const struct nd_bbn_input_errors *input)
{
    struct nd_bbn_errors errors;
    struct nd_error error = ND_ERROR_INIT;
    const struct nd_bbn_options options = loose();
    const struct nd_bbn_ingredients from = {universe, universe, universe};
    ASSERT_OK(nd_bbn_errors_linear(&from, rates, input, &options, &errors, &error), error);
    return errors;
}

Test(bbn, errors_linear_and_monte_carlo)
{
    /* 400 samples: sigma to 3.5 % each, correlations to 0.05 */
    const double of_sigma = 0.15, of_correlation = 0.2;
    const struct made_up m = made_up_defaults();
    struct nd_bbn_universe *universe = made_up_universe(&m, ND_WEAK_STANDARD);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    const struct nd_bbn_options options = loose();
    const struct nd_bbn bbn = bbn_in(universe, rates, NULL, &options);
    const struct nd_bbn_errors a = linear(universe, rates, &INPUT);
    const struct nd_bbn_errors b = monte_carlo(universe, rates, 400, 1);
    cr_assert(a.samples == 0 && b.samples == 400);
    /* arXiv:1801.08023: 1.7e-4 with tau_n to 1 s, 1.5 % with rates of then */
    ASSERT_NEAR(a.sigma[ND_RATIO_Y_P], 1.2e-4, 0.2e-4, "Y_p");
    ASSERT_CLOSE(a.sigma[ND_RATIO_D_H] / bbn.ratio[ND_RATIO_D_H], 0.015, 0.2, "D/H");
    for (int i = 0; i < ND_N_RATIOS; i++) {
        ASSERT_CLOSE(b.sigma[i], a.sigma[i], of_sigma, "sigma %d", i);
        /* 5 of its own errors, and the shift of second order */
        ASSERT_NEAR(b.mean[i], bbn.ratio[i], 0.25 * a.sigma[i] + 0.002 * bbn.ratio[i], "mean %d",
                    i);
        cr_assert(a.mean[i] == 0.0);
        for (int j = 0; j < ND_N_RATIOS; j++) {
            ASSERT_NEAR(b.correlation[i][j], a.correlation[i][j], of_correlation, "%d %d", i, j);
            cr_assert(a.correlation[i][j] == a.correlation[j][i]);
            cr_assert(fabs(a.correlation[i][j]) <= 1.0 && fabs(b.correlation[i][j]) <= 1.0);
        }
        cr_assert(a.correlation[i][i] == 1.0 && b.correlation[i][i] == 1.0);
    }
    /* more baryons and faster d + d burn D to 4He, d + p makes 3He of it, and 7Be of 3He */
    cr_assert(a.correlation[ND_RATIO_Y_P][ND_RATIO_D_H] < -0.2);
    cr_assert(b.correlation[ND_RATIO_Y_P][ND_RATIO_D_H] < -0.2);
    cr_assert(a.correlation[ND_RATIO_D_H][ND_RATIO_LI7_H] < -0.3);
    cr_assert(b.correlation[ND_RATIO_D_H][ND_RATIO_LI7_H] < -0.3);
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
}

Test(bbn, errors_by_input)
{
    const double rounding = 1e-13;
    const struct made_up m = made_up_defaults();
    struct nd_bbn_universe *universe = made_up_universe(&m, ND_WEAK_STANDARD);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    const struct nd_bbn_errors all = linear(universe, rates, &INPUT);
    for (int i = 0; i < ND_N_RATIOS; i++)
        for (int j = 0; j < ND_N_RATIOS; j++) {
            double sum = 0.0;
            for (int k = 0; k < ND_N_BBN_INPUTS; k++)
                sum += all.by_input[k][i] * all.by_input[k][j];
            ASSERT_CLOSE(all.correlation[i][j] * all.sigma[i] * all.sigma[j], sum, rounding,
                         "covariance %d %d", i, j);
        }
    /* each is half the difference of one sigma up and down */
    static const int INPUTS[] = {ND_REACTION_D_P__HE3_G, ND_REACTION_HE3_A__BE7_G, ND_INPUT_TAU_N,
                                 ND_INPUT_OMEGA_B};
    const struct nd_bbn_options options = loose();
    for (int n = 0; n < 4; n++) {
        struct nd_bbn_deviations up = {.rates = {0.0}}, down = {.rates = {0.0}};
        const int k = INPUTS[n];
        if (k == ND_INPUT_TAU_N) {
            up.ln_tau_n = log(1.0 + INPUT.tau_n);
            down.ln_tau_n = -up.ln_tau_n;
        } else if (k == ND_INPUT_OMEGA_B) {
            up.ln_omega_b = log(1.0 + INPUT.omega_b);
            down.ln_omega_b = -up.ln_omega_b;
        } else {
            up.rates[k] = 1.0;
            down.rates[k] = -1.0;
        }
        const struct nd_bbn high = bbn_in(universe, rates, &up, &options);
        const struct nd_bbn low = bbn_in(universe, rates, &down, &options);
        for (int i = 0; i < ND_N_RATIOS; i++)
            ASSERT_NEAR(all.by_input[k][i], 0.5 * (high.ratio[i] - low.ratio[i]),
                        1e-10 * high.ratio[i], "%s, ratio %d", nd_bbn_input_word(k), i);
    }
    /* tau_n makes the error of Y_p: 0.18 of its own relative one, in the Standard Model */
    ASSERT_CLOSE(all.by_input[ND_INPUT_TAU_N][ND_RATIO_Y_P], 0.18 * INPUT.tau_n, 0.1, "Y_p");

    /* without their errors nothing comes of tau_n and omega_b, and the same of the rates */
    const struct nd_bbn_input_errors none = {0.0, 0.0};
    const struct nd_bbn_errors nuclear = linear(universe, rates, &none);
    for (int i = 0; i < ND_N_RATIOS; i++) {
        cr_assert(nuclear.by_input[ND_INPUT_TAU_N][i] == 0.0);
        cr_assert(nuclear.by_input[ND_INPUT_OMEGA_B][i] == 0.0);
        cr_assert(nuclear.sigma[i] > 0.0 && nuclear.sigma[i] < all.sigma[i]);
        for (int r = 0; r < ND_N_REACTIONS; r++)
            cr_assert(nuclear.by_input[r][i] == all.by_input[r][i]);
    }
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
}

Test(bbn, monte_carlo_repeats)
{
    const struct made_up m = made_up_defaults();
    struct nd_bbn_universe *universe = made_up_universe(&m, 0);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
#ifdef _OPENMP
    omp_set_num_threads(1);
#endif
    const struct nd_bbn_errors one = monte_carlo(universe, rates, 12, 7);
#ifdef _OPENMP
    omp_set_num_threads(2);
#endif
    const struct nd_bbn_errors two = monte_carlo(universe, rates, 12, 7);
    const struct nd_bbn_errors other = monte_carlo(universe, rates, 12, 8);
    cr_assert(memcmp(&one, &two, sizeof one) == 0);
    for (int i = 0; i < ND_N_RATIOS; i++)
        cr_assert(one.sigma[i] != other.sigma[i] && one.mean[i] != other.mean[i]);
    /* Two samples are enough, and one more leaves them as they are: with S = (n - 1) sigma^2,
     * S_3 = S_2 + 2/3 (x_3 - mean_2)^2. */
    const struct nd_bbn_errors pair = monte_carlo(universe, rates, 2, 7);
    const struct nd_bbn_errors three = monte_carlo(universe, rates, 3, 7);
    for (int i = 0; i < ND_N_RATIOS; i++) {
        cr_assert(pair.sigma[i] > 0.0);
        const double third = 3.0 * three.mean[i] - 2.0 * pair.mean[i];
        ASSERT_CLOSE(2.0 * pow(three.sigma[i], 2),
                     pow(pair.sigma[i], 2) + 2.0 / 3.0 * pow(third - pair.mean[i], 2), 1e-8,
                     "variance %d", i);
        ASSERT_NEAR(fabs(pair.correlation[0][i]), 1.0, 1e-6, "two samples");
    }
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
}

Test(bbn, errors_that_are_refused)
{
    const struct made_up m = made_up_defaults();
    struct nd_bbn_universe *universe = made_up_universe(&m, 0);
    struct nd_nuclear_rates *rates = nuclear_rates("primat2023");
    struct nd_bbn_options options = nd_bbn_defaults();
    struct nd_bbn_errors errors;
    const struct nd_bbn_ingredients from = {universe, universe, universe};
    static const struct nd_bbn_input_errors BAD[] = {
        {-0.1, 0.0}, {1.0, 0.0}, {0.0, -0.1}, {0.0, 1.0}, {NAN, 0.0}};
    for (int i = 0; i < 5; i++) {
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(nd_bbn_errors_linear(&from, rates, &BAD[i], &options, &errors, &error), error,
                     ND_BAD_INPUT, "relative errors");
        error = (struct nd_error)ND_ERROR_INIT;
        ASSERT_ERROR(
            nd_bbn_errors_monte_carlo(&from, rates, &BAD[i], &options, 10, 1, &errors, &error),
            error, ND_BAD_INPUT, "relative errors");
    }
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_bbn_errors_monte_carlo(&from, rates, &INPUT, &options, 1, 1, &errors, &error),
                 error, ND_BAD_INPUT, "1 samples: at least 2");
    options.max_steps = 100;
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_bbn_errors_linear(&from, rates, &INPUT, &options, &errors, &error), error,
                 ND_NOT_CONVERGED, "errors of the abundances: nucleosynthesis: 100 steps");
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_bbn_errors_monte_carlo(&from, rates, &INPUT, &options, 4, 1, &errors, &error),
                 error, ND_NOT_CONVERGED, "errors of the abundances: nucleosynthesis: 100 steps");
    nd_nuclear_rates_free(rates);
    nd_bbn_universe_free(universe);
}

Test(bbn, words)
{
    cr_assert(strcmp(nd_bbn_input_word(ND_REACTION_N_P__D_G), "n_p__d_g") == 0);
    cr_assert(strcmp(nd_bbn_input_word(ND_N_REACTIONS - 1), "Li7_p__a_a") == 0);
    cr_assert(strcmp(nd_bbn_input_word(ND_INPUT_TAU_N), "tau_n") == 0);
    cr_assert(strcmp(nd_bbn_input_word(ND_INPUT_OMEGA_B), "omega_b") == 0);
}
