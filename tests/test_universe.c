/* Tests of the coupled Universe without N, and of what all runs share: published numbers of the
 * Standard Model, entropy, the history, the equations and their Jacobian, repeated runs, errors.
 * With N: test_universe_N.c; with a reheating field: test_reheating.c. */
#include "universe_fixture.h"

#include <stdlib.h>

#include "nudipole/grid.h"
#include "nudipole/plasma.h"
#include "nudipole/units.h"
#include "universe_internal.h"

TestSuite(universe, .init = no_gsl_abort);

/* 30 momenta: N_eff is 5e-4 too high, its differences are good to 1e-5. */
static struct nd_precision coarse(void)
{
    struct nd_precision precision = nd_precision_default();
    precision.dy = 0.8;
    return precision;
}

static struct nd_universe_options without_mixing(double T_RH)
{
    struct nd_universe_options options = nd_universe_defaults(T_RH);
    options.mixing = ND_MIXING_NONE;
    return options;
}

/* ---- the Standard Model ------------------------------------------------------------------ */

/* Per cent that a flavour's energy exceeds that of neutrinos which decoupled at the start. */
static double distortion(const struct nd_universe_point *point, int flavour)
{
    const double undisturbed = 7.0 * ND_PI * ND_PI / 120.0 / pow(point->a, 4);
    return 100.0 * (point->rho_nu[flavour] / undisturbed - 1.0);
}

/* a T at the end: 1.39797 with mixing (Froustey, Pitrou, Volpe, arXiv:2008.01074), 1.3978 with
 * less of QED (Mangano et al., hep-ph/0506164). Five digits are quoted. */
static const double Z_PUBLISHED = 1.39797, Z_TOLERANCE = 2e-5;

Test(universe, standard_model)
{
    /* 3.0440 +- 0.0002: Bennett et al., arXiv:2012.02726; 3.04396: arXiv:2008.01074. Neutrinos
     * here collide as flavours, without coherence, which those papers have. */
    const double tolerance = 0.001;
    /* hep-ph/0506164, theta_13 = 0: 0.73, 0.52, 0.52 %, with other collision integrals of neutrinos
     * among themselves and without O(e^3) */
    const double electron = 0.73, others = 0.52, per_cent = 0.03;
    const struct nd_universe_options options = nd_universe_defaults(20.0);
    struct nd_universe_history history = universe_history(NULL, &options);
    const struct nd_universe_point *end = &history.points[history.n_points - 1];
    ASSERT_NEAR(history.N_eff, 3.0440, tolerance, "N_eff");
    ASSERT_NEAR(history.z, Z_PUBLISHED, Z_TOLERANCE, "a T at the end");
    ASSERT_NEAR(distortion(end, ND_FLAVOUR_E), electron, per_cent, "nu_e");
    ASSERT_NEAR(distortion(end, ND_FLAVOUR_MU), others, per_cent, "nu_mu");
    ASSERT_NEAR(distortion(end, ND_FLAVOUR_TAU), others, per_cent, "nu_tau");
    nd_universe_history_clear(&history);
}

Test(universe, standard_model_without_mixing)
{
    /* 3.0434: table 4 of arXiv:2012.02726 (3.04341), arXiv:2008.01074 (3.0434) */
    const double tolerance = 0.0003;
    /* hep-ph/0506164: 0.94 and 0.43 % */
    const double electron = 0.94, others = 0.43, per_cent_electron = 0.02, per_cent = 0.05;
    const struct nd_universe_options options = without_mixing(20.0);
    struct nd_universe_history history = universe_history(NULL, &options);
    const struct nd_universe_point *end = &history.points[history.n_points - 1];
    ASSERT_NEAR(history.N_eff, 3.0434, tolerance, "N_eff");
    ASSERT_NEAR(history.z, 1.39799, Z_TOLERANCE, "a T at the end"); /* 3e-5 above mixing: N_eff */
    ASSERT_NEAR(distortion(end, ND_FLAVOUR_E), electron, per_cent_electron, "nu_e");
    ASSERT_NEAR(distortion(end, ND_FLAVOUR_MU), others, per_cent, "nu_mu");
    ASSERT_CLOSE(end->rho_nu[ND_FLAVOUR_TAU], end->rho_nu[ND_FLAVOUR_MU], 0.0, "nu_tau");
    nd_universe_history_clear(&history);
}

Test(universe, standard_model_at_other_precisions)
{
    /* Mixing without coherence in the collisions is the difference that is left. */
    const double high = 0.0004, fast = 0.001;
    struct nd_universe_options options = nd_universe_defaults(20.0);
    options.precision = nd_precision_high();
    ASSERT_NEAR(N_eff_of(NULL, &options), 3.0440, high, "high");
    options.precision = nd_precision_fast();
    ASSERT_NEAR(N_eff_of(NULL, &options), 3.0440, fast, "fast");
}

Test(universe, what_qed_is_worth)
{
    /* arXiv:1911.04504, arXiv:2012.02726: +0.0102 at O(e^2), -0.00095 at O(e^3). */
    const double tolerance = 0.1;
    struct nd_universe_options options = without_mixing(20.0);
    double N_eff[3];
    options.precision = coarse();
    for (int order = ND_QED_NONE; order <= ND_QED_E3; order++) {
        options.qed = (enum nd_qed)order;
        N_eff[order] = N_eff_of(NULL, &options);
    }
    ASSERT_CLOSE(N_eff[ND_QED_E2] - N_eff[ND_QED_NONE], 0.0102, tolerance, "O(e^2)");
    ASSERT_CLOSE(N_eff[ND_QED_E3] - N_eff[ND_QED_E2], -0.00095, tolerance, "O(e^3)");
}

Test(universe, entropy_alone)
{
    /* Without weak interactions: a T by the plasma's entropy, neutrinos as they were. The grid's
     * sum for their energy errs by 7e-6 at dy = 0.5 (O(dy^6)), a T by what 550 steps of 1e-5 add up
     * to. */
    const double grid = 1e-5, steps = 1e-6, rounding = 1e-13;
    struct nd_universe_options options = without_mixing(20.0);
    options.precision.dy = 0.5;
    options.qed = ND_QED_NONE;
    options.processes = 0;
    struct nd_universe_history history = universe_history(NULL, &options);
    struct nd_plasma hot, cold;
    nd_plasma_init(&hot, options.T_RH);
    nd_plasma_init(&cold, options.T_end);
    const double z = cbrt(hot.s / pow(hot.T, 3) / (cold.s / pow(cold.T, 3)));
    const double N_eff = 3.0 * pow(11.0 / 4.0, 4.0 / 3.0) / pow(z, 4);
    ASSERT_CLOSE(history.z, z, steps, "a T");
    ASSERT_CLOSE(history.N_eff, N_eff, grid + 4.0 * steps, "N_eff");
    cr_assert(history.energy_residual < rounding, "residual %g", history.energy_residual);
    const struct nd_universe_spectrum *end = &history.spectra[history.n_spectra - 1];
    for (int i = 0; i < history.n_nodes; i++)
        for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
            ASSERT_CLOSE(end->f[flavour][i], 1.0 / (exp(history.y[i]) + 1.0), rounding,
                         "f at y = %g", history.y[i]);
    nd_universe_history_clear(&history);
}

Test(universe, estimate_of_the_error)
{
    const double high = 0.0002; /* of 3.0434, as above */
    struct nd_universe_options options = without_mixing(20.0);
    struct nd_error error = ND_ERROR_INIT;
    struct nd_universe_history history = universe_history(NULL, &options);
    double estimate = NAN;
    ASSERT_OK(nd_universe_N_eff_error(NULL, &options, &history, &estimate, &error), error);
    options.precision = nd_precision_high();
    const double N_eff = N_eff_of(NULL, &options), actual = fabs(history.N_eff - N_eff);
    ASSERT_NEAR(N_eff, 3.0434, high, "no mixing");
    cr_assert(actual <= estimate, "error %g, estimate %g", actual, estimate);
    cr_assert(estimate < 1e-3, "estimate %g", estimate); /* of the next coarser precision: 3e-4 */
    nd_universe_history_clear(&history);
}

Test(universe, precision_beyond_the_grid)
{
    /* Against twice as fine tables, twice as many exchanged momenta, a hundredth of the tolerance;
     * what is allowed is a hundredth of what the spacing of the grid does. */
    const double tolerance = 5e-6;
    struct nd_universe_options options = without_mixing(20.0);
    options.precision = coarse();
    const double N_eff = N_eff_of(NULL, &options);
    options.precision.step_lnT *= 0.5;
    options.precision.step_lnz *= 0.5;
    ASSERT_NEAR(N_eff_of(NULL, &options), N_eff, tolerance, "tables");
    options.precision = coarse();
    options.precision.exchange_nodes *= 2;
    ASSERT_NEAR(N_eff_of(NULL, &options), N_eff, tolerance, "exchanged momenta");
    options.precision = coarse();
    options.precision.tolerance *= 0.01;
    ASSERT_NEAR(N_eff_of(NULL, &options), N_eff, tolerance, "tolerance");
}

/* ---- history ----------------------------------------------------------------------------- */

static void count_rows(int done, int total, void *context)
{
    int *last = context;
    cr_assert(done == *last + 1 && total == 301, "row %d of %d after %d", done, total, *last);
    *last = done;
}

Test(universe, history_is_consistent)
{
    /* Rows are found to 1e-13 in ln T, time by Simpson's rule to h^4; the spectra here are summed
     * without the grid's corrections, dy^4 f'(0)/120: 5e-4. */
    const double rounding = 1e-11, row = 1e-12, simpson = 1e-6, sum = 1e-3;
    struct nd_universe_options options = nd_universe_defaults(5.0);
    int last = 1; /* the start is not announced */
    options.precision = coarse();
    options.n_points = 301;
    options.spectra_T = (struct nd_double_list){3, {0.1, 5.0, 1.0}};
    options.progress = count_rows;
    options.progress_context = &last;
    struct nd_universe_history history = universe_history(NULL, &options);
    cr_assert(last == 301 && history.n_points == 301, "%d rows", last);
    ASSERT_CLOSE(history.points[0].a, 1.0 / 5.0, rounding, "a at the start");
    ASSERT_CLOSE(history.points[0].t, 0.0, 0.0, "t at the start");
    double t = 0.0;
    for (int i = 0; i < history.n_points; i++) {
        const struct nd_universe_point *p = &history.points[i];
        double rho = 0.0;
        for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
            rho += p->rho_nu[flavour];
        ASSERT_CLOSE(p->T, nd_log_grid(5.0, 0.01, 301, i), row, "T of row %d", i);
        ASSERT_CLOSE(p->rho_gamma, nd_rho_photon(p->T), rounding, "photons");
        ASSERT_CLOSE(p->H, sqrt(8.0 * ND_PI / 3.0 * (p->rho_plasma + rho)) / ND_M_PLANCK, rounding,
                     "H");
        ASSERT_CLOSE(p->N_eff, 8.0 / 7.0 * pow(11.0 / 4.0, 4.0 / 3.0) * rho / p->rho_gamma,
                     rounding, "N_eff");
        ASSERT_CLOSE(p->rho_N + p->n_N + p->n_N_eq + p->rho_phi, 0.0, 0.0, "absent species");
        if (i % 2 == 1)
            continue;
        if (i > 0) { /* dt = dln a/H, parabola through three unevenly spaced points */
            const struct nd_universe_point *b = p - 1, *c = p - 2;
            const double h1 = log(b->a / c->a), h2 = log(p->a / b->a);
            t += (h1 + h2) / 6.0 *
                 ((2.0 - h2 / h1) / c->H + (h1 + h2) * (h1 + h2) / (h1 * h2) / b->H +
                  (2.0 - h1 / h2) / p->H);
        }
        ASSERT_NEAR(p->t, t, simpson * (t + 1.0 / history.points[0].H), "t at T = %g", p->T);
    }
    const double temperatures[] = {5.0, 1.0, 0.1, 0.01};
    cr_assert(history.n_spectra == 4, "%d spectra", history.n_spectra);
    for (int s = 0; s < 4; s++) {
        const struct nd_universe_spectrum *spectrum = &history.spectra[s];
        ASSERT_CLOSE(spectrum->T, temperatures[s], row, "T of spectrum %d", s);
        int i = 0;
        while (history.points[i].T > spectrum->T * (1.0 + 1e-9))
            i++;
        const struct nd_universe_point *p = &history.points[i], *q = i > 0 ? p - 1 : p;
        const double u = i > 0 ? log(q->T / spectrum->T) / log(q->T / p->T) : 0.0;
        ASSERT_CLOSE(spectrum->a, exp((1.0 - u) * log(q->a) + u * log(p->a)), 1e-5, "a");
        for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++) {
            double n = 0.0;
            for (int k = 0; k < history.n_nodes; k++)
                n += 0.8 / (ND_PI * ND_PI) * history.y[k] * history.y[k] * spectrum->f[flavour][k];
            ASSERT_CLOSE(n, p->n_nu[flavour] * pow(p->a, 3), sum, "n of flavour %d", flavour);
        }
    }
    nd_universe_history_clear(&history);
}

/* ---- equations --------------------------------------------------------------------------- */

/* A small system in a state far from equilibrium, but with no occupation so small that its
 * logarithm would matter to a difference. */
struct small_system {
    struct nd_universe_options options;
    struct nd_model model;
    struct nd_universe_tables *tables;
    struct nd_equations equations;
    double ln_a, *y;
};

static void small_system_create(struct small_system *s, double m4)
{
    struct nd_error error = ND_ERROR_INIT;
    const double T = 1.07, z = 1.15; /* not on the tables' lattice, where slopes jump */
    const struct nd_model *model = NULL;
    if (m4 > 0.0) {
        s->model = tau_model(m4, 1e-9);
        model = &s->model;
    }
    s->options.T_end = 0.3;
    s->options.precision.dy = 1.6;
    s->options.precision.y_core = 14.4;
    struct nd_equations *e = &s->equations;
    ASSERT_OK(nd_universe_tables_create(&s->tables, model, &s->options, &error), error);
    ASSERT_OK(nd_equations_create(e, model, s->tables, &s->options, &error), error);
    s->y = malloc((size_t)e->n_equations * sizeof *s->y);
    ASSERT_OK(nd_equations_start(e, s->y), error); /* H and the energy at the start */
    s->ln_a = log(z / T);
    struct nd_plasma_state plasma;
    ASSERT_OK(nd_plasma_table_at(e->plasma, T, &plasma, &error), error);
    const struct nd_momentum_grid *grid = &s->tables->grid;
    for (int k = 0; k < e->n_spectra; k++)
        for (int i = 0; i < grid->n; i++)
            s->y[k * grid->n + i] = 0.02 + (0.3 + 0.1 * k) * exp(-grid->y[i] / (3.0 + k));
    for (int j = e->first_N; j < e->first_scalar; j++)
        s->y[j] = 0.03 + 0.2 * exp(-0.4 * (j - e->first_N));
    s->y[e->first_scalar + ND_PLASMA] = plasma.rho * exp(4.0 * s->ln_a);
    s->y[e->first_scalar + ND_TIME] = 0.7;
    s->y[e->first_scalar + ND_ENERGY] = 0.1;
    if (s->options.reheating == ND_REHEATING_FIELD)
        s->y[e->first_scalar + ND_PHI] = 0.8 * s->y[e->first_scalar + ND_PLASMA];
}

static void small_system_clear(struct small_system *s)
{
    nd_equations_clear(&s->equations);
    nd_universe_tables_free(s->tables);
    free(s->y);
}

/* Slopes at y, as if the expansion rate were H: the Jacobian leaves out what spectra do to it. */
static void slopes_at_H(struct small_system *s, const double *y, double H, double *slope)
{
    struct nd_equations *e = &s->equations;
    struct nd_universe_state state;
    cr_assert(nd_equations_function(s->ln_a, y, slope, e) == 0);
    cr_assert(nd_equations_evaluate(e, s->ln_a, y, &state) == 0);
    const double plasma = pow(state.a, 4) * (state.plasma.rho - 3.0 * state.plasma.p);
    for (int row = 0; row < e->n_equations; row++) {
        /* redshift and dilution, per ln a, have no H in them */
        const int scalar = row - e->first_scalar;
        double own = scalar == ND_PLASMA   ? plasma
                     : scalar == ND_PHI    ? y[row]
                     : scalar == ND_ENERGY ? slope[row]
                                           : 0.0;
        if (row >= e->first_N && row < e->first_scalar) {
            const double y_N = s->tables->grid.y[row - e->first_N];
            const double v = y_N / hypot(y_N, state.a * s->model.m4);
            own = (1.0 - v * v) * y[row];
        }
        slope[row] = own + (slope[row] - own) * state.H / H;
    }
}

/* Compares a column of J with (plus - minus)/(2 step), where rounding makes plus and minus
 * uncertain by 5e-14 of themselves or of the energy that they are differences of. */
static void compare_column(const struct small_system *s, const double *J, int column,
                           const double *plus, const double *minus, double step, double tolerance,
                           const char *what)
{
    const struct nd_equations *e = &s->equations;
    const double energy = s->y[e->first_scalar + ND_PLASMA];
    const int all = e->n_equations;
    for (int row = 0; row < all; row++) {
        const double difference = (plus[row] - minus[row]) / (2.0 * step);
        const double rounding = 5e-14 * (fabs(plus[row]) + energy) / step;
        ASSERT_NEAR(J[column * all + row], difference, tolerance * fabs(difference) + rounding,
                    "%s: d slope[%d] / d y[%d] of %d, N at %d, scalars at %d", what, row, column,
                    all, e->first_N, e->first_scalar);
    }
}

static void check_jacobian(struct small_system *s, const char *what)
{
    /* Central differences: h^2/f^2 < 3e-7 of what goes as the logarithm of f >= 0.02. The column of
     * the plasma is itself a difference, one-sided, of 1e-6. */
    const double h = 1e-5, tolerance = 1e-6, plasma_tolerance = 1e-4;
    struct nd_equations *e = &s->equations;
    const int all = e->n_equations, scalars = e->first_scalar;
    const size_t size = (size_t)all;
    double *J = calloc(size * size, sizeof *J), *y = malloc(size * sizeof *y);
    double *plus = malloc(size * sizeof *plus), *minus = malloc(size * sizeof *minus);
    cr_assert(J != NULL && y != NULL && plus != NULL && minus != NULL);
    struct nd_universe_state state;
    cr_assert(nd_equations_evaluate(e, s->ln_a, s->y, &state) == 0);
    const double H = state.H;
    cr_assert(nd_equations_jacobian(s->ln_a, s->y, J, e) == 0);
    memcpy(y, s->y, size * sizeof *y);
    for (int column = 0; column < scalars; column++) {
        y[column] = s->y[column] + h;
        slopes_at_H(s, y, H, plus);
        y[column] = s->y[column] - h;
        slopes_at_H(s, y, H, minus);
        y[column] = s->y[column];
        compare_column(s, J, column, plus, minus, h, tolerance, what);
    }
    const int plasma = scalars + ND_PLASMA, phi = scalars + ND_PHI;
    y[phi] = s->y[phi] + h;
    slopes_at_H(s, y, H, plus);
    y[phi] = s->y[phi] - h;
    slopes_at_H(s, y, H, minus);
    y[phi] = s->y[phi];
    compare_column(s, J, phi, plus, minus, h, tolerance, what);
    y[plasma] = s->y[plasma] * (1.0 + h);
    cr_assert(nd_equations_function(s->ln_a, y, plus, e) == 0);
    y[plasma] = s->y[plasma] * (1.0 - h);
    cr_assert(nd_equations_function(s->ln_a, y, minus, e) == 0);
    compare_column(s, J, plasma, plus, minus, h * s->y[plasma], plasma_tolerance, what);
    free(J);
    free(y);
    free(plus);
    free(minus);
}

/* What particles lose, the plasma gets: to rounding. */
static void check_energy(struct small_system *s, const char *what)
{
    const double rounding = 3e-13;
    struct nd_equations *e = &s->equations;
    const struct nd_momentum_grid *grid = &s->tables->grid;
    double *slope = malloc((size_t)e->n_equations * sizeof *slope), sum = 0.0, modulus = 0.0;
    double redshifted = 0.0;
    struct nd_universe_state state;
    cr_assert(nd_equations_function(s->ln_a, s->y, slope, e) == 0);
    cr_assert(nd_equations_evaluate(e, s->ln_a, s->y, &state) == 0);
    const double a4 = pow(state.a, 4), antiparticles = 2.0, helicities = 2.0;
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
        for (int i = 0; i < grid->n; i++) {
            /* eigenstates share out what flavours get */
            const int k = e->mixing != NULL ? flavour : e->class_of[flavour];
            const double change =
                antiparticles * grid->measure[i] * grid->y[i] * slope[k * grid->n + i];
            sum += change;
            modulus += fabs(change);
        }
    for (int j = 0; j < e->first_scalar - e->first_N; j++) {
        /* a node's comoving energy without what redshift takes from the momentum alone */
        const double v = grid->y[j] / hypot(grid->y[j], state.a * s->model.m4);
        const double redshift = (1.0 - v * v) * s->y[e->first_N + j];
        const double change = antiparticles * helicities * grid->measure[j] * grid->y[j] *
                              (slope[e->first_N + j] - redshift);
        sum += s->options.backreaction ? change : 0.0;
        modulus += fabs(change);
        redshifted += antiparticles * helicities * grid->measure[j] * grid->y[j] * redshift;
    }
    const double own = a4 * (state.plasma.rho - 3.0 * state.plasma.p);
    const double fed = a4 * e->start.Gamma_phi / state.H * state.rho_phi;
    const double gained = slope[e->first_scalar + ND_PLASMA] - own - fed;
    ASSERT_NEAR(gained, -sum, rounding * (modulus + redshifted + own + fed),
                "%s: energy of the plasma", what);
    cr_assert(fabs(gained) > 1e-3 * modulus, "%s: nothing is handed over", what);
    ASSERT_CLOSE(slope[e->first_scalar + ND_TIME] * exp(s->y[e->first_scalar + ND_TIME]),
                 e->H_start / state.H, rounding, "%s: time", what);
    ASSERT_CLOSE(slope[e->first_scalar + ND_ENERGY], a4 * (state.rho - 3.0 * state.p), rounding,
                 "energy by continuity");
    ASSERT_NEAR(slope[e->first_scalar + ND_PHI], a4 * state.rho_phi - fed, rounding, "field");
    free(slope);
}

Test(universe, jacobian_and_energy)
{
    static const struct {
        const char *what;
        double m4;
        enum nd_mixing mixing;
        enum nd_reheating reheating;
        int processes, backreaction;
    } cases[] = {
        {"weak", 0.0, ND_MIXING_NONE, ND_REHEATING_SUDDEN, ND_PROCESS_WEAK, 1},
        {"weak, mixing", 0.0, ND_MIXING_AVERAGED, ND_REHEATING_SUDDEN, ND_PROCESS_WEAK, 1},
        {"photon", 0.6, ND_MIXING_NONE, ND_REHEATING_SUDDEN, ND_PROCESS_PHOTON, 1},
        {"plasmon", 0.05, ND_MIXING_NONE, ND_REHEATING_SUDDEN, ND_PROCESS_PHOTON, 1},
        {"scatter", 0.6, ND_MIXING_NONE, ND_REHEATING_SUDDEN, ND_PROCESS_SCATTER, 1},
        {"pair", 0.6, ND_MIXING_NONE, ND_REHEATING_SUDDEN, ND_PROCESS_PAIR, 1},
        {"all, mixing, field", 0.6, ND_MIXING_AVERAGED, ND_REHEATING_FIELD, ND_PROCESS_ALL, 1},
        {"all, no back-reaction", 0.6, ND_MIXING_AVERAGED, ND_REHEATING_SUDDEN, ND_PROCESS_ALL, 0},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct small_system s = {.options = nd_universe_defaults(2.0)};
        s.options.mixing = cases[c].mixing;
        s.options.reheating = cases[c].reheating;
        s.options.processes = cases[c].processes;
        s.options.backreaction = cases[c].backreaction;
        small_system_create(&s, cases[c].m4);
        check_energy(&s, cases[c].what);
        check_jacobian(&s, cases[c].what);
        small_system_clear(&s);
    }
}

Test(universe, tail_collides_with_electrons)
{
    /* Neutrinos of decays beyond the core lose energy to the plasma. */
    struct small_system s = {.options = without_mixing(2.0)};
    s.options.processes = ND_PROCESS_WEAK;
    small_system_create(&s, 0.6);
    const struct nd_momentum_grid *grid = &s.tables->grid;
    double *slope = malloc((size_t)s.equations.n_equations * sizeof *slope);
    cr_assert(grid->n > grid->n_core);
    cr_assert(nd_equations_function(s.ln_a, s.y, slope, &s.equations) == 0);
    for (int c = 0; c < s.equations.n_classes; c++)
        for (int i = grid->n_core; i < grid->n; i++)
            cr_assert(slope[c * grid->n + i] < -0.1 * s.y[c * grid->n + i],
                      "df/dln a = %g of %g at y = %g", slope[c * grid->n + i], s.y[c * grid->n + i],
                      grid->y[i]);
    free(slope);
    small_system_clear(&s);
}

/* ---- repeated runs ----------------------------------------------------------------------- */

static void assert_same_bits(const struct nd_universe_history *a,
                             const struct nd_universe_history *b)
{
    const size_t rows = (size_t)a->n_points * sizeof *a->points;
    cr_assert(a->n_points == b->n_points && memcmp(a->points, b->points, rows) == 0, "history");
    cr_assert(memcmp(&a->N_eff, &b->N_eff, sizeof a->N_eff) == 0, "N_eff");
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
        cr_assert(memcmp(a->spectra[0].f[flavour], b->spectra[0].f[flavour],
                         (size_t)a->n_nodes * sizeof(double)) == 0,
                  "spectrum of flavour %d", flavour);
    cr_assert(memcmp(a->spectra[0].f_N, b->spectra[0].f_N, (size_t)a->n_core * sizeof(double)) == 0,
              "spectrum of N");
}

Test(universe, tables_serve_several_runs)
{
    const struct nd_model model = tau_model(0.6, 1e-9), stronger = tau_model(0.6, 3e-9);
    struct nd_universe_options options = nd_universe_defaults(3.0);
    options.precision = coarse();
    options.precision.dy = 1.2;
    options.T_end = 0.2;
    struct nd_universe_tables *tables;
    struct nd_universe_history first, other, again;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_universe_tables_create(&tables, &model, &options, &error), error);
    ASSERT_OK(nd_universe_solve(&model, tables, &options, &first, &error), error);
    ASSERT_OK(nd_universe_solve(&model, tables, &options, &again, &error), error);
    cr_assert(first.stats.weak_tables > 0 && first.stats.dipole_tables > 0);
    cr_assert(again.stats.weak_tables == first.stats.weak_tables, "kernels filled again");
    cr_assert(again.stats.dipole_tables == first.stats.dipole_tables, "kernels filled again");
    assert_same_bits(&first, &again);
    nd_universe_history_clear(&again);
    /* another coupling and start in between, and fresh tables, change nothing */
    struct nd_universe_options hotter = options;
    hotter.T_RH = 4.0;
    ASSERT_OK(nd_universe_solve(&stronger, tables, &hotter, &other, &error), error);
    cr_assert(other.stats.weak_tables > first.stats.weak_tables, "no kernels for 4 MeV");
    ASSERT_OK(nd_universe_solve(&model, tables, &options, &again, &error), error);
    assert_same_bits(&first, &again);
    nd_universe_history_clear(&again);
    again = universe_history(&model, &options);
    assert_same_bits(&first, &again);
    nd_universe_history_clear(&again);
    nd_universe_history_clear(&other);
    nd_universe_history_clear(&first);
    nd_universe_tables_free(tables);
}

/* ---- errors ------------------------------------------------------------------------------ */

Test(universe, nothing_to_free)
{
    struct nd_universe_history history = {0};
    struct nd_equations equations = {0};
    nd_universe_history_clear(&history);
    nd_universe_history_clear(&history);
    nd_universe_tables_free(NULL);
    nd_equations_clear(&equations);
}

/* Fails unless a run is refused, and leaves nothing behind. */
static void assert_refused(const struct nd_model *model, struct nd_universe_tables *tables,
                           const struct nd_universe_options *options, enum nd_status status,
                           const char *fragment)
{
    struct nd_error error = ND_ERROR_INIT;
    struct nd_universe_history history;
    ASSERT_ERROR(nd_universe_solve(model, tables, options, &history, &error), error, status,
                 fragment);
    cr_assert(history.points == NULL && history.spectra == NULL && history.y == NULL, "%s: leaks",
              fragment);
    cr_assert(nd_universe_solve(model, tables, options, &history, NULL) == status,
              "%s: without an error to fill", fragment);
}

Test(universe, tables_of_something_else)
{
    const struct nd_model model = tau_model(0.6, 1e-9), heavier = tau_model(0.7, 1e-9);
    struct nd_universe_options options = nd_universe_defaults(2.0), other;
    struct nd_universe_tables *tables;
    struct nd_error error = ND_ERROR_INIT;
    options.precision = coarse();
    ASSERT_OK(nd_universe_tables_create(&tables, &model, &options, &error), error);
    assert_refused(&heavier, tables, &options, ND_BAD_INPUT, "run with m4 = 0.7 MeV");
    assert_refused(NULL, tables, &options, ND_BAD_INPUT, "run with m4 = 0 MeV");
    other = options;
    other.T_end = 0.02;
    assert_refused(&model, tables, &other, ND_BAD_INPUT, "T_end = 0.02 MeV");
    other = options;
    other.screening = ND_SCREENING_NONE;
    assert_refused(&model, tables, &other, ND_BAD_INPUT, "of no use");
    double *const changed[] = {&other.precision.dy, &other.precision.y_core,
                               &other.precision.step_lnT, &other.precision.step_lnz,
                               &other.precision.tail_growth};
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        other = options;
        *changed[i] *= 1.01;
        assert_refused(&model, tables, &other, ND_BAD_INPUT, "and precision must agree");
    }
    other = options;
    other.precision.exchange_nodes++;
    assert_refused(&model, tables, &other, ND_BAD_INPUT, "and precision must agree");
    /* the same numbers between other bytes of padding, and the integrator's own, fit */
    memset(&other.precision, 0xa5, sizeof other.precision);
    other.precision.dy = options.precision.dy;
    other.precision.y_core = options.precision.y_core;
    other.precision.tail_growth = options.precision.tail_growth;
    other.precision.exchange_nodes = options.precision.exchange_nodes;
    other.precision.step_lnT = options.precision.step_lnT;
    other.precision.step_lnz = options.precision.step_lnz;
    other.precision.tolerance = 1e-4;
    other.precision.max_steps = 1;
    assert_refused(&model, tables, &other, ND_NOT_CONVERGED, "1 steps taken");
    nd_universe_tables_free(tables);
}

Test(universe, options_that_make_no_sense)
{
    struct nd_universe_options options = nd_universe_defaults(2.0), bad;
    struct nd_universe_tables *tables;
    struct nd_error error = ND_ERROR_INIT;
    options.precision = coarse();
    options.precision.max_steps = 20;
    options.spectra_T = (struct nd_double_list){2, {1.0, 0.5}};
    const char *const start = "must be above the last temperature";
    const char *const occupation = "N_occupation", *const range = "goes from 2 to 0.01 MeV";
    const struct {
        double *value, bad;
        const char *fragment;
    } cases[] = {
        {&bad.T_RH, 0.01, start},
        {&bad.T_RH, -1.0, start},
        {&bad.T_RH, NAN, start},
        {&bad.T_RH, INFINITY, start},
        {&bad.N_occupation, -0.1, occupation},
        {&bad.N_occupation, 1.1, occupation},
        {&bad.N_occupation, NAN, occupation},
        {&bad.spectra_T.values[1], 2.1, range},
        {&bad.spectra_T.values[1], 0.0099, range},
        {&bad.spectra_T.values[0], NAN, range},
    };
    ASSERT_OK(nd_universe_tables_create(&tables, NULL, &options, &error), error);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bad = options;
        *cases[i].value = cases[i].bad;
        assert_refused(NULL, tables, &bad, ND_BAD_INPUT, cases[i].fragment);
    }
    bad = options;
    bad.spectra_T.n = ND_LIST_MAX;
    for (int i = 0; i < ND_LIST_MAX; i++)
        bad.spectra_T.values[i] = 1.0 + 0.01 * i;
    assert_refused(NULL, tables, &bad, ND_BAD_INPUT, "64 spectra: at most 63");
    bad = options;
    bad.n_points = 1;
    assert_refused(NULL, tables, &bad, ND_BAD_INPUT, "1 points: at least 2");
    assert_refused(NULL, tables, &options, ND_NOT_CONVERGED, "20 steps taken at T = ");
    nd_universe_tables_free(tables);
}

static void assert_no_tables(const struct nd_universe_options *options, const char *fragment)
{
    struct nd_universe_tables *tables;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_universe_tables_create(&tables, NULL, options, &error), error, ND_BAD_INPUT,
                 fragment);
    cr_assert(tables == NULL);
}

Test(universe, precision_that_makes_no_sense)
{
    const struct nd_universe_options options = nd_universe_defaults(2.0);
    struct nd_universe_options bad;
    const struct {
        double *value, bad;
        const char *fragment;
    } cases[] = {
        {&bad.precision.dy, 0.0, "momentum grid"},
        {&bad.precision.dy, 5.0, "at least 8 spacings"},
        {&bad.precision.y_core, NAN, "momentum grid"},
        {&bad.precision.tail_growth, 0.99, "growth 0.99"},
        {&bad.precision.step_lnT, 0.0, "step_lnT = 0"},
        {&bad.precision.step_lnz, 1.01, "step_lnz = 1.01"},
        {&bad.precision.tolerance, 0.0, "tolerance 0"},
        {&bad.precision.tolerance, 1.0, "tolerance 1"},
        {&bad.T_end, 0.0, "T_end = 0 MeV"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bad = options;
        *cases[i].value = cases[i].bad;
        assert_no_tables(&bad, cases[i].fragment);
    }
    bad = options;
    bad.precision.exchange_nodes = 3;
    assert_no_tables(&bad, "allowed are 4 to 32");
    bad.precision.exchange_nodes = 33;
    assert_no_tables(&bad, "allowed are 4 to 32");
    bad = options;
    bad.precision.max_steps = 0;
    assert_no_tables(&bad, "0 steps");
}
