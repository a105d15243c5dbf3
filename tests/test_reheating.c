/* Tests of the coupled Universe that begins with a reheating field: where it starts, the law of
 * decay, energy, the effective number of neutrinos against T_RH, N. */
#include "universe_fixture.h"

#include "nudipole/plasma.h"
#include "nudipole/units.h"
#include "universe_internal.h"

TestSuite(universe_reheating, .init = no_gsl_abort);

static const double NEUTRINOS = 3.0 * 7.0 * ND_PI * ND_PI / 120.0; /* rho_nu/T^4 in equilibrium */

/* Ideal gases, no mixing, a coarse grid. */
static struct nd_universe_options with_field(double T_RH)
{
    struct nd_universe_options options = nd_universe_defaults(T_RH);
    options.reheating = ND_REHEATING_FIELD;
    options.mixing = ND_MIXING_NONE;
    options.qed = ND_QED_NONE;
    options.precision.dy = 0.8;
    return options;
}

/* Expansion rate of photons, e+-, three neutrinos at T. */
static double radiation_rate(double T)
{
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, T);
    return sqrt(8.0 * ND_PI / 3.0 * (plasma.rho + NEUTRINOS * pow(T, 4))) / ND_M_PLANCK;
}

Test(universe_reheating, effective_number)
{
    /* A code with one temperature a flavour: 0.26, 1.26, 2.77, 3.04. Its thermal spectra have too
     * many soft neutrinos, which weak interactions reach last: it is above, where they matter. */
    static const struct {
        double T_RH, N_eff, tolerance;
    } cases[] = {{1.0, 0.26, 0.15}, {2.0, 1.26, 0.12}, {4.0, 2.77, 0.06}, {10.0, 3.04, 0.005}};
    double before = 0.0;
    for (int i = 0; i < 4; i++) {
        struct nd_universe_options options = with_field(cases[i].T_RH);
        options.qed = ND_QED_E3;
        const double N_eff = N_eff_of(NULL, &options);
        ASSERT_CLOSE(N_eff, cases[i].N_eff, cases[i].tolerance, "T_RH = %g MeV", cases[i].T_RH);
        cr_assert(N_eff > before, "T_RH = %g MeV: %g after %g", cases[i].T_RH, N_eff, before);
        before = N_eff;
    }
    /* mixing hands what nu_e have to the others, and makes room: +0.08 in that code */
    struct nd_universe_options options = with_field(2.0);
    const double N_eff = N_eff_of(NULL, &options);
    options.mixing = ND_MIXING_AVERAGED;
    const double gain = N_eff_of(NULL, &options) - N_eff;
    cr_assert(gain > 0.01 && gain < 0.1, "mixing adds %g", gain);
}

Test(universe_reheating, start_does_not_matter)
{
    /* What neutrinos miss is at most equilibrium at the start, diluted as radiation is while the
     * field decays: T^4 a^4 ~ T^(-20/3). */
    const double numerical = 3e-5; /* of the tolerance of 1e-5 */
    const double T_RH[] = {1.0, 4.0};
    for (int i = 0; i < 2; i++) {
        struct nd_universe_options options = with_field(T_RH[i]);
        options.T_end = 0.02;
        options.field_start = 5.0;
        const double from_5 = N_eff_of(NULL, &options);
        const double starts[] = {2.5, 3.5, 20.0};
        for (int j = 0; j < 3; j++) {
            options.field_start = starts[j];
            const double difference = from_5 - N_eff_of(NULL, &options);
            const double missed = 3.0 * pow(fmin(starts[j], 5.0), -20.0 / 3.0);
            cr_assert(fabs(difference) < missed + numerical,
                      "T_RH = %g MeV, from %g T_RH on: %g less", T_RH[i], starts[j], difference);
        }
    }
}

Test(universe_reheating, decay_of_the_field)
{
    /* rho_phi a^3 = exp(-Gamma t), Gamma = 3 H_rad(T_RH); 1e-5 a step adds up to 1e-5 of phi. */
    const double tolerance = 1e-5;
    struct nd_universe_options options = with_field(3.0);
    options.T_end = 1.0;
    struct nd_universe_history h = universe_history(NULL, &options);
    const struct nd_universe_point *start = &h.points[0];
    const double Gamma = 3.0 * radiation_rate(3.0);
    ASSERT_CLOSE(start->T, 9.0, 1e-12, "T at the start");
    ASSERT_CLOSE(start->rho_plasma, 0.4 * Gamma / start->H * start->rho_phi, 1e-8,
                 "plasma at the start");
    cr_assert(start->rho_phi > 10.0 * start->rho_plasma, "the field dominates");
    ASSERT_CLOSE(start->rho_nu[0] + start->rho_nu[1] + start->rho_nu[2], 0.0, 0.0, "neutrinos");
    double left = 1.0;
    for (int i = 1; i < h.n_points; i++) {
        const struct nd_universe_point *p = &h.points[i];
        left = p->rho_phi * pow(p->a, 3) / (start->rho_phi * pow(start->a, 3));
        ASSERT_NEAR(left, exp(-Gamma * p->t), tolerance, "field at T = %g", p->T);
        if (left > 0.01)
            ASSERT_CLOSE(-log(left), Gamma * p->t, 1e-3, "exponent at T = %g", p->T);
    }
    cr_assert(left < 1e-3, "%g of the field is left", left);
    nd_universe_history_clear(&h);
}

Test(universe_reheating, plasma_follows_the_field)
{
    /* As long as the field dominates, T ~ a^(-3/8); corrections go as rho/rho_phi < 1e-3. */
    const double tolerance = 1e-3;
    struct nd_universe_options options = with_field(10.0);
    options.processes = 0;
    options.field_start = 10.0;
    options.T_end = 2.0; /* T_RH/5, where a T = 1 was aimed at */
    options.n_points = 401;
    struct nd_universe_history h = universe_history(NULL, &options);
    int rows = 0;
    for (int i = 1; i < h.n_points && h.points[i].rho_plasma < 1e-3 * h.points[i].rho_phi; i++) {
        const double slope =
            log(h.points[i].T / h.points[i - 1].T) / log(h.points[i].a / h.points[i - 1].a);
        ASSERT_CLOSE(slope, -3.0 / 8.0, tolerance, "slope at T = %g", h.points[i].T);
        rows++;
    }
    cr_assert(rows > 20, "%d rows", rows);
    ASSERT_CLOSE(h.z, 1.0, 2e-3, "a T"); /* Runge-Kutta steps of 0.01 in ln a, weak off */
    nd_universe_history_clear(&h);
}

Test(universe_reheating, energy)
{
    /* d(a^4 rho)/dln a = a^4 (rho - 3 p), here by the trapezoidal rule over the rows, 0.4 % wide,
     * with pressures from nudipole/plasma.h. */
    const double tolerance = 1e-4;
    struct nd_universe_options options = with_field(3.0);
    options.n_points = 1201;
    options.T_end = 0.05;
    struct nd_universe_history h = universe_history(NULL, &options);
    double integral = 0.0, before = 0.0, a4_rho_start = 0.0;
    for (int i = 0; i < h.n_points; i++) {
        const struct nd_universe_point *p = &h.points[i];
        struct nd_plasma plasma;
        nd_plasma_init(&plasma, p->T);
        const double a4 = pow(p->a, 4);
        const double rho = p->rho_plasma + p->rho_phi + p->rho_nu[0] + p->rho_nu[1] + p->rho_nu[2];
        const double integrand = a4 * (plasma.rho - 3.0 * plasma.p + p->rho_phi);
        if (i == 0)
            a4_rho_start = a4 * rho;
        else
            integral += 0.5 * (integrand + before) * log(p->a / (p - 1)->a);
        before = integrand;
        ASSERT_CLOSE(a4 * rho, a4_rho_start + integral, tolerance, "energy at T = %g", p->T);
    }
    cr_assert(integral > 5.0 * a4_rho_start, "the field has fed the plasma: %g", integral);
    cr_assert(h.energy_residual < 1e-11, "residual %g", h.energy_residual);
    nd_universe_history_clear(&h);
}

Test(universe_reheating, neutrinos_are_hardly_made)
{
    /* T_RH = 0.1 MeV: some hundred times too cold for weak interactions. (T_RH/1 MeV)^3 of 0.24 */
    const struct nd_universe_options options = with_field(0.1);
    struct nd_universe_history h = universe_history(NULL, &options);
    cr_assert(h.N_eff > 1e-5 && h.N_eff < 1e-3, "N_eff = %g", h.N_eff);
    const struct nd_universe_point *end = &h.points[h.n_points - 1];
    cr_assert(end->rho_nu[ND_FLAVOUR_E] > 3.0 * end->rho_nu[ND_FLAVOUR_MU], "W and Z, or Z");
    for (int i = 0; i < h.n_nodes; i++)
        for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
            cr_assert(h.spectra[0].f[flavour][i] > -1e-8, "f = %g at y = %g",
                      h.spectra[0].f[flavour][i], h.y[i]);
    nd_universe_history_clear(&h);
}

Test(universe_reheating, N_fills_neutrinos)
{
    /* 0.6 MeV, 1e-9 mu_B: N is made by nu e -> N e from the few neutrinos there are, and hands
     * energy of the plasma to nu_tau. */
    struct nd_model model;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_model_init(&model, 0.6, 1e-9 * nd_bohr_magneton(), ND_CONVENTION_HALF,
                            ND_FLAVOUR_TAU, &error),
              error);
    struct nd_universe_options options = with_field(3.0);
    struct nd_universe_history h = universe_history(&model, &options);
    ASSERT_CLOSE(h.points[0].n_N, 0.0, 0.0, "N at the start");
    double most = 0.0;
    for (int i = 0; i < h.n_points; i++)
        most = fmax(most, h.points[i].rho_N / h.points[i].rho_gamma);
    const struct nd_universe_point *end = &h.points[h.n_points - 1];
    cr_assert(most > 0.1, "rho_N/rho_gamma = %g at most", most);
    cr_assert(end->rho_nu[ND_FLAVOUR_TAU] > 1.5 * end->rho_nu[ND_FLAVOUR_MU], "nu_tau gain");
    cr_assert(h.N_eff > N_eff_of(NULL, &options) + 0.5, "N_eff = %g", h.N_eff);
    cr_assert(h.number_residual < 1e-14 && h.energy_residual < 1e-11);
    nd_universe_history_clear(&h);
}

Test(universe_reheating, sudden_start)
{
    const struct nd_universe_options options = nd_universe_defaults(3.0);
    struct nd_start start;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_reheating_start(&options, NULL, &start, &error), error);
    ASSERT_CLOSE(start.T, 3.0, 0.0, "T");
    ASSERT_CLOSE(start.a, 1.0 / 3.0, 1e-15, "a");
    ASSERT_CLOSE(start.rho_phi + start.Gamma_phi, 0.0, 0.0, "no field");
}

Test(universe_reheating, options_that_make_no_sense)
{
    struct nd_universe_options options = with_field(2.0), thermal = options;
    struct nd_universe_tables *tables;
    struct nd_universe_history history;
    struct nd_error error = ND_ERROR_INIT;
    struct nd_model model;
    ASSERT_OK(nd_model_init(&model, 0.6, 1e-10, ND_CONVENTION_HALF, ND_FLAVOUR_TAU, &error), error);
    ASSERT_OK(nd_universe_tables_create(&tables, &model, &options, &error), error);
    const double starts[] = {1.0, 0.5, -3.0, NAN};
    for (int i = 0; i < 4; i++) {
        error = (struct nd_error)ND_ERROR_INIT;
        options.field_start = starts[i];
        ASSERT_ERROR(nd_universe_solve(&model, tables, &options, &history, &error), error,
                     ND_BAD_INPUT, "must be above 1");
    }
    error = (struct nd_error)ND_ERROR_INIT;
    thermal.N_initial = ND_N_THERMAL;
    ASSERT_ERROR(nd_universe_solve(&model, tables, &thermal, &history, &error), error, ND_BAD_INPUT,
                 "N is absent at the start");
    nd_universe_tables_free(tables);
}
