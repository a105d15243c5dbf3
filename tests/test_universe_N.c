/* Tests of the coupled Universe with N: limits of weak and of strong coupling, conserved numbers,
 * late decays, spectra, the momentum-resolved abundance against that of nudipole/abundance.h.
 * Without N: test_universe.c; with a reheating field: test_reheating.c. */
#include "universe_fixture.h"

#include <stdlib.h>

#include "nudipole/abundance.h"
#include "nudipole/grid.h"
#include "nudipole/plasma.h"
#include "nudipole/units.h"

TestSuite(universe_N, .init = no_gsl_abort);

static const double N_EFF_FACTOR = 4.40320466245846;         /* 8/7 (11/4)^(4/3) */
static const double DECOUPLED = 7.0 * ND_PI * ND_PI / 120.0; /* a^4 rho of a flavour, T = 1/a */

static struct nd_universe_options coarse(double T_RH)
{
    struct nd_universe_options options = nd_universe_defaults(T_RH);
    options.precision.dy = 0.8;
    return options;
}

/* Nothing but the dipole's `processes`: ideal gases, no weak interactions, no mixing. */
static struct nd_universe_options dipole_alone(double T_RH, int processes)
{
    struct nd_universe_options options = coarse(T_RH);
    options.mixing = ND_MIXING_NONE;
    options.qed = ND_QED_NONE;
    options.processes = processes;
    return options;
}

/* Comoving number of N, Nbar and of one flavour. */
static double number(const struct nd_universe_point *p, int flavour)
{
    return (p->n_N + p->n_nu[flavour]) * pow(p->a, 3);
}

/* ---- weak coupling ----------------------------------------------------------------------- */

Test(universe_N, decoupled_N_is_not_there)
{
    /* The tail of the grid, which a run without N has not, holds 1e-7 of the neutrinos beyond y =
     * 24; what is left is the integrator's error at 1e-6 a step. */
    const double tolerance = 3e-6;
    const struct nd_model model = tau_model(0.6, 1e-16);
    struct nd_universe_options options = coarse(10.0);
    options.precision.dy = 1.2;
    options.precision.tolerance = 1e-6;
    for (int mixing = ND_MIXING_NONE; mixing <= ND_MIXING_AVERAGED; mixing++) {
        options.mixing = (enum nd_mixing)mixing;
        ASSERT_NEAR(N_eff_of(&model, &options), N_eff_of(NULL, &options), tolerance, "mixing %d",
                    mixing);
    }
}

Test(universe_N, abundance_goes_as_d_squared)
{
    const double tolerance = 1e-4; /* losses are of order n/n_eq < 1e-5 down to 0.2 MeV */
    struct nd_universe_options options = coarse(5.0);
    options.T_end = 0.2;
    options.n_points = 21;
    const struct nd_model one = tau_model(0.6, 1e-12), two = tau_model(0.6, 2e-12);
    struct nd_universe_history a = universe_history(&one, &options),
                               b = universe_history(&two, &options);
    for (int i = 1; i < a.n_points; i++)
        ASSERT_CLOSE(b.points[i].n_N, 4.0 * a.points[i].n_N, tolerance, "T = %g", a.points[i].T);
    nd_universe_history_clear(&a);
    nd_universe_history_clear(&b);
}

Test(universe_N, abundance_without_kinetic_equilibrium)
{
    /* 0.6 MeV, 1e-10 mu_B, neutrinos undisturbed in either. Freeze-in by nu e -> N e at T > M does
     * not ask for the spectrum of N: 0.1 to 0.2 % off at 4 to 2 MeV, the worth of the grid. Then
     * inverse decay feeds slow N, which are not heated as in kinetic equilibrium and decay faster:
     * 0.5 % fewer at 1 MeV, 7 % at 0.1 MeV. */
    const double freeze_in = 0.007;
    const double T_RH = 5.0, T_end = 0.1;
    struct nd_error error = ND_ERROR_INIT;
    const struct nd_model model = tau_model(0.6, 1e-10);
    struct nd_universe_options options =
        dipole_alone(T_RH, ND_PROCESS_PHOTON | ND_PROCESS_SCATTER | ND_PROCESS_PAIR);
    options.backreaction = 0;
    options.T_end = T_end;
    options.precision.dy = 0.5;
    options.n_points = 41;
    struct nd_universe_history resolved = universe_history(&model, &options);
    struct nd_background *background;
    struct nd_rate_table *table;
    struct nd_abundance_history averaged;
    const struct nd_treatment treatment = {ND_QUANTUM, ND_SCREENING_HTL, ND_NEUTRINOS_DECOUPLED};
    struct nd_abundance_options abundance = nd_abundance_defaults(T_RH);
    abundance.T_end = T_end;
    abundance.n_points = 41;
    ASSERT_OK(nd_background_create(&background, &error), error);
    ASSERT_OK(nd_rate_table_create(&table, 0.6, &treatment, background, T_end, T_RH, 1e-6, &error),
              error);
    ASSERT_OK(nd_abundance_solve(&model, table, background, &abundance, &averaged, &error), error);
    for (int i = 1; i < 41; i++) {
        const struct nd_universe_point *p = &resolved.points[i];
        const struct nd_abundance *q = &averaged.points[i * averaged.stride];
        ASSERT_CLOSE(p->T, q->background.T, 1e-9, "T of row %d", i);
        ASSERT_CLOSE(p->n_N_eq, exp(q->log_n_eq), 1e-9, "n_eq at T = %g", p->T);
        if (p->T > 0.5)
            ASSERT_CLOSE(p->n_N, exp(q->log_n), freeze_in, "n_N at T = %g", p->T);
    }
    const double ratio = resolved.points[40].n_N / exp(averaged.points[40 * averaged.stride].log_n);
    cr_assert(ratio > 0.85 && ratio < 0.97, "at T = 0.1 MeV: %g", ratio);
    nd_universe_history_clear(&resolved);
    nd_abundance_history_clear(&averaged);
    nd_rate_table_free(table);
    nd_background_free(background);
}

Test(universe_N, without_back_reaction)
{
    /* Neutrinos and plasma are those of the Standard Model on the same grid; N is there. */
    const double tolerance = 5e-6;
    const struct nd_model model = tau_model(0.6, 1e-9), decoupled = tau_model(0.6, 1e-16);
    struct nd_universe_options options = coarse(5.0);
    options.backreaction = 0;
    options.precision.dy = 1.2;
    struct nd_universe_history history = universe_history(&model, &options);
    double most = 0.0;
    for (int i = 0; i < history.n_points; i++)
        most = fmax(most, history.points[i].rho_N / history.points[i].rho_gamma);
    cr_assert(most > 0.3, "rho_N/rho_gamma = %g at most", most);
    ASSERT_NEAR(history.N_eff, N_eff_of(&decoupled, &options), tolerance, "N_eff");
    options.backreaction = 1;
    cr_assert(fabs(history.N_eff - N_eff_of(&model, &options)) > 1.0, "N acts back");
    nd_universe_history_clear(&history);
}

/* ---- numbers ----------------------------------------------------------------------------- */

Test(universe_N, photon_processes_conserve_number)
{
    /* N <-> nu gamma alone (m_gamma < m4 at T < 4.8 MeV). What is linear in the state the BDF keep
     * to rounding: that is the energy of N, not its number, which has the tolerance of N. */
    const double rounding = 1e-12, tolerance = 2e-7;
    const struct nd_model model = tau_model(0.6, 1e-9);
    struct nd_universe_options options = dipole_alone(1.5, ND_PROCESS_PHOTON);
    options.precision.dy = 0.5; /* N is slow */
    for (int mixing = ND_MIXING_NONE; mixing <= ND_MIXING_AVERAGED; mixing++) {
        options.mixing = (enum nd_mixing)mixing;
        struct nd_universe_history history = universe_history(&model, &options);
        const struct nd_universe_point *start = &history.points[0];
        double most = 0.0;
        for (int i = 0; i < history.n_points; i++) {
            const struct nd_universe_point *p = &history.points[i];
            const double a3 = pow(p->a, 3), a3_start = pow(start->a, 3);
            double all = p->n_N, all_start = start->n_N;
            for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++) {
                all += p->n_nu[flavour];
                all_start += start->n_nu[flavour];
                if (mixing == ND_MIXING_NONE && flavour != ND_FLAVOUR_TAU)
                    ASSERT_CLOSE(p->n_nu[flavour] * a3, start->n_nu[flavour] * a3_start, rounding,
                                 "flavour %d at T = %g", flavour, p->T);
            }
            ASSERT_CLOSE(all * a3, all_start * a3_start, tolerance, "all at T = %g", p->T);
            most = fmax(most, p->n_N * a3 / all_start / a3_start);
        }
        cr_assert(most > 0.05, "there was little N: %g of the neutrinos", most);
        cr_assert(history.number_residual < 1e-14, "residual %g", history.number_residual);
        cr_assert(history.energy_residual < rounding, "energy %g", history.energy_residual);
        nd_universe_history_clear(&history);
    }
}

Test(universe_N, flavours)
{
    /* Without mixing nu_mu and nu_tau are the same to everything but N; nu_e is not. */
    const double tolerance = 1e-5;
    struct nd_universe_options options = coarse(3.0);
    options.mixing = ND_MIXING_NONE;
    options.precision.dy = 1.2;
    struct nd_universe_history of[ND_N_FLAVOURS];
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++) {
        const struct nd_model model = model_of(0.6, 5e-10, (enum nd_flavour)flavour);
        of[flavour] = universe_history(&model, &options);
    }
    const struct nd_universe_history *mu = &of[ND_FLAVOUR_MU], *tau = &of[ND_FLAVOUR_TAU];
    const struct nd_universe_point *a = &mu->points[mu->n_points - 1];
    const struct nd_universe_point *b = &tau->points[tau->n_points - 1];
    ASSERT_CLOSE(mu->N_eff, tau->N_eff, tolerance, "N_eff");
    ASSERT_CLOSE(a->rho_nu[ND_FLAVOUR_MU], b->rho_nu[ND_FLAVOUR_TAU], tolerance, "its own flavour");
    ASSERT_CLOSE(a->rho_nu[ND_FLAVOUR_TAU], b->rho_nu[ND_FLAVOUR_MU], tolerance, "the other one");
    ASSERT_CLOSE(a->rho_nu[ND_FLAVOUR_E], b->rho_nu[ND_FLAVOUR_E], tolerance, "nu_e");
    cr_assert(a->rho_nu[ND_FLAVOUR_MU] > 1.5 * a->rho_nu[ND_FLAVOUR_TAU], "N feeds its flavour");
    const struct nd_universe_history *e = &of[ND_FLAVOUR_E];
    const struct nd_universe_point *c = &e->points[e->n_points - 1];
    cr_assert(c->rho_nu[ND_FLAVOUR_E] > 1.5 * c->rho_nu[ND_FLAVOUR_MU], "N feeds its flavour");
    ASSERT_CLOSE(c->rho_nu[ND_FLAVOUR_TAU], c->rho_nu[ND_FLAVOUR_MU], 0.0, "nu_mu and nu_tau");
    cr_assert(fabs(e->N_eff - tau->N_eff) > 0.01, "nu_e is one of three");
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
        nd_universe_history_clear(&of[flavour]);
}

/* ---- decay ------------------------------------------------------------------------------- */

enum { N_CORE_MAX = 64 };

/* The Universe of photons, decoupled neutrinos and decaying N after e+ e-: a^4 rho of photons and
 * of neutrinos, and for each momentum of N the exponent of what is left of it. */
struct decay {
    int n;
    double Gamma, M, y[N_CORE_MAX], share[N_CORE_MAX]; /* of n_N at the start, per node */
    double number;                                     /* comoving, at the start */
};

struct decay_state {
    double photons, neutrinos, exponent[N_CORE_MAX];
};

static struct decay_state decay_slope(const struct decay *d, double ln_a,
                                      const struct decay_state *s)
{
    const double a = exp(ln_a);
    struct decay_state slope = {0};
    double n = 0.0, rho = 0.0;
    for (int j = 0; j < d->n; j++) {
        const double left = d->number * d->share[j] * exp(-s->exponent[j]);
        n += left;
        rho += left * hypot(d->y[j], a * d->M); /* a^4 rho */
    }
    const double H =
        sqrt(8.0 * ND_PI / 3.0 * (s->photons + s->neutrinos + rho)) / (a * a * ND_M_PLANCK);
    for (int j = 0; j < d->n; j++)
        slope.exponent[j] = d->Gamma * a * d->M / hypot(d->y[j], a * d->M) / H;
    /* N of energy E decays at Gamma M/E and gives half of E to each, isotropic as the decay is */
    slope.photons = slope.neutrinos = 0.5 * d->Gamma * a * d->M * n / H;
    return slope;
}

static void decay_step(const struct decay *d, double ln_a, double h, struct decay_state *s)
{
    static const double ahead[4] = {0.0, 0.5, 0.5, 1.0}, weight[4] = {1.0, 2.0, 2.0, 1.0};
    struct decay_state next = *s, slope = {0};
    for (int stage = 0; stage < 4; stage++) {
        struct decay_state at = *s;
        at.photons += ahead[stage] * h * slope.photons;
        at.neutrinos += ahead[stage] * h * slope.neutrinos;
        for (int j = 0; j < d->n; j++)
            at.exponent[j] += ahead[stage] * h * slope.exponent[j];
        slope = decay_slope(d, ln_a + ahead[stage] * h, &at);
        next.photons += h / 6.0 * weight[stage] * slope.photons;
        next.neutrinos += h / 6.0 * weight[stage] * slope.neutrinos;
        for (int j = 0; j < d->n; j++)
            next.exponent[j] += h / 6.0 * weight[stage] * slope.exponent[j];
    }
    *s = next;
}

Test(universe_N, late_decay)
{
    /* 0.26 MeV, 2e-11 mu_B, from 0.015 MeV on: all N decay between 10 and 1 keV. What is left out
     * here, inverse decay, stimulated emission and blocking, is e^(-M/2T) = 2e-4 of the first
     * decays and less of all. */
    const double tolerance = 2e-4; /* of what decays do */
    const struct nd_model model = tau_model(0.26, 2e-11);
    struct nd_universe_options options = dipole_alone(2.0, ND_PROCESS_PHOTON);
    const int rows = 601, first = 386;
    options.N_initial = ND_N_THERMAL;
    options.N_occupation = 0.02;
    options.precision.dy = 0.5;
    options.T_end = 1e-3;
    options.n_points = rows;
    const int later[] = {440, 490, 540};
    options.spectra_T.n = 4;
    options.spectra_T.values[0] = nd_log_grid(2.0, 1e-3, rows, first);
    for (int s = 0; s < 3; s++)
        options.spectra_T.values[s + 1] = nd_log_grid(2.0, 1e-3, rows, later[s]);
    struct nd_universe_history h = universe_history(&model, &options);
    const struct nd_universe_point *start = &h.points[first], *end = &h.points[rows - 1];
    cr_assert(start->T > 0.014 && start->T < 0.016 && end->rho_N < 1e-8 * end->rho_gamma);
    cr_assert(start->rho_N > 0.05 * start->rho_gamma);

    struct decay d = {.n = h.n_core, .Gamma = nd_model_width(&model), .M = model.m4};
    double sum = 0.0;
    cr_assert(d.n <= N_CORE_MAX);
    for (int j = 0; j < d.n; j++) {
        d.y[j] = h.y[j];
        d.share[j] = h.y[j] * h.y[j] * h.spectra[0].f_N[j];
        sum += d.share[j];
    }
    for (int j = 0; j < d.n; j++)
        d.share[j] /= sum;
    d.number = start->n_N * pow(start->a, 3);
    const double a4 = pow(start->a, 4);
    struct decay_state s = {.photons = a4 * start->rho_gamma};
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
        s.neutrinos += a4 * start->rho_nu[flavour];
    const double photons = s.photons, ratio = s.neutrinos / s.photons;

    /* along the rows of the history, whose scale factors are the only thing taken from it */
    for (int i = first + 1, k = 0; i < rows; i++) {
        const double from = log(h.points[i - 1].a), to = log(h.points[i].a);
        decay_step(&d, from, to - from, &s);
        if (k < 3 && i == later[k]) {
            const struct nd_universe_spectrum *spectrum = &h.spectra[++k];
            cr_assert(s.exponent[0] > 0.3 * k && s.exponent[0] > s.exponent[30] + 0.02);
            for (int j = 0; j < d.n && d.y[j] < 16.0; j++) /* the rest is below the tolerance */
                ASSERT_CLOSE(spectrum->f_N[j], h.spectra[0].f_N[j] * exp(-s.exponent[j]),
                             tolerance * fmax(1.0, s.exponent[j]), "f_N at y = %g, T = %g", d.y[j],
                             spectrum->T);
        }
    }
    ASSERT_CLOSE(start->N_eff, N_EFF_FACTOR * ratio, 1e-9,
                 "N_eff while N has a tenth of the energy");
    const double X = s.photons / photons - 1.0;
    const double N_eff = N_EFF_FACTOR * (ratio + X) / (1.0 + X);
    cr_assert(X > 0.05, "decays heated the photons by %g", X);
    ASSERT_CLOSE(pow(end->a * end->T / (start->a * start->T), 4) - 1.0, X, tolerance, "X");
    ASSERT_CLOSE(h.N_eff - N_EFF_FACTOR * ratio, N_eff - N_EFF_FACTOR * ratio, tolerance, "N_eff");
    nd_universe_history_clear(&h);
}

Test(universe_N, late_decay_with_mixing)
{
    /* nu_tau of decays at T < 15 keV are shared out by averaged oscillations in vacuum,
     * P(tau -> alpha) = sum_k |U_tau,k|^2 |U_alpha,k|^2. */
    const double tolerance = 1e-4;
    const struct nd_model model = tau_model(0.26, 2e-11);
    struct nd_universe_options options = dipole_alone(2.0, ND_PROCESS_PHOTON);
    options.mixing = ND_MIXING_AVERAGED;
    options.N_initial = ND_N_THERMAL;
    options.N_occupation = 0.02;
    options.T_end = 1.5e-3;
    struct nd_universe_history h = universe_history(&model, &options);
    int i = 0;
    while (h.points[i].T > 0.015)
        i++;
    const struct nd_universe_point *from = &h.points[i], *to = &h.points[h.n_points - 1];
    double gained[ND_N_FLAVOURS], all = 0.0;
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++) {
        gained[flavour] =
            to->rho_nu[flavour] * pow(to->a, 4) - from->rho_nu[flavour] * pow(from->a, 4);
        all += gained[flavour];
    }
    cr_assert(all > 0.05 * DECOUPLED, "decays gave neutrinos %g", all);
    const struct nd_mixing_angles *angles = &options.angles;
    const double s12 = sqrt(angles->sin2_12), c12 = sqrt(1.0 - angles->sin2_12);
    const double s13 = sqrt(angles->sin2_13), c13 = sqrt(1.0 - angles->sin2_13);
    const double s23 = sqrt(angles->sin2_23), c23 = sqrt(1.0 - angles->sin2_23);
    const double U[3][3] = {{c12 * c13, s12 * c13, s13},
                            {-s12 * c23 - c12 * s23 * s13, c12 * c23 - s12 * s23 * s13, s23 * c13},
                            {s12 * s23 - c12 * c23 * s13, -c12 * s23 - s12 * c23 * s13, c23 * c13}};
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++) {
        double P = 0.0;
        for (int k = 0; k < 3; k++)
            P += pow(U[ND_FLAVOUR_TAU][k] * U[flavour][k], 2);
        ASSERT_NEAR(gained[flavour] / all, P, tolerance, "share of flavour %d", flavour);
    }
    nd_universe_history_clear(&h);
}

Test(universe_N, mixing_in_dense_plasma)
{
    /* From 20 to 10 MeV the potential of e+- makes nu_e an eigenstate, |A| > 100 dm2_31 where most
     * neutrinos are; what N takes from nu_tau is shared with nu_mu, at theta_23 but for
     * dm2_21/dm2_31. */
    const double tolerance = 2e-3;
    const struct nd_model model = tau_model(0.6, 1e-10);
    struct nd_universe_options options = dipole_alone(20.0, ND_PROCESS_SCATTER);
    options.mixing = ND_MIXING_AVERAGED;
    options.precision.dy = 1.2;
    options.T_end = 10.0;
    options.n_points = 2;
    struct nd_universe_history h = universe_history(&model, &options);
    double lost[ND_N_FLAVOURS];
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
        lost[flavour] = h.points[0].n_nu[flavour] * pow(h.points[0].a, 3) -
                        h.points[1].n_nu[flavour] * pow(h.points[1].a, 3);
    const double s23 = options.angles.sin2_23, c23 = 1.0 - s23;
    cr_assert(lost[ND_FLAVOUR_TAU] > 1e-3, "N took %g", lost[ND_FLAVOUR_TAU]);
    ASSERT_NEAR(lost[ND_FLAVOUR_E] / lost[ND_FLAVOUR_TAU], 0.0, tolerance, "nu_e");
    ASSERT_NEAR(lost[ND_FLAVOUR_MU] / lost[ND_FLAVOUR_TAU],
                2.0 * s23 * c23 / (s23 * s23 + c23 * c23), tolerance, "nu_mu");
    nd_universe_history_clear(&h);
}

/* ---- equilibrium ------------------------------------------------------------------------- */

/* Ideal gas of one helicity with chemical potential xi T, without antiparticles; trapezoidal rule
 * in the logarithm of p/T. */
struct gas {
    double n, rho, p;
};

static struct gas fermions(double m, double T, double xi)
{
    const double h = 0.05, x = m / T;
    struct gas gas = {0};
    for (int i = 0; i <= 300; i++) {
        const double q = exp(-10.5 + h * i), E = hypot(q, x);
        const double w = h * q * q * q / (exp(E - xi) + 1.0) / (2.0 * ND_PI * ND_PI);
        gas.n += w * T * T * T;
        gas.rho += w * E * pow(T, 4);
        gas.p += w * q * q / (3.0 * E) * pow(T, 4);
    }
    return gas;
}

/* Plasma, nu_tau and N with antiparticles, in equilibrium at T; N and nu share xi. */
struct coupled {
    double s, n, rho, rho_nu;
};

static struct coupled coupled_at(double M, double T, double xi)
{
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, T);
    const struct gas nu = fermions(0.0, T, xi), N = fermions(M, T, xi);
    const double n = 2.0 * nu.n + 4.0 * N.n, rho = 2.0 * nu.rho + 4.0 * N.rho;
    const double p = 2.0 * nu.p + 4.0 * N.p;
    return (struct coupled){plasma.s + (rho + p) / T - xi * n, n, plasma.rho + rho, 2.0 * nu.rho};
}

/* What a root is searched for with. */
struct target {
    double M, T, xi, n, s_over_n, rho;
};

typedef double equation(double x, struct target *target);

/* Of an equation that falls with x. */
static double root(equation *f, struct target *target, double low, double high)
{
    for (int i = 0; i < 50; i++) {
        const double middle = 0.5 * (low + high);
        if (f(middle, target) > 0.0)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

static double entropy_at(double xi, struct target *t)
{
    const struct coupled c = coupled_at(t->M, t->T, xi);
    return c.s / c.n - t->s_over_n;
}

static double number_at(double xi, struct target *t)
{
    return t->n - coupled_at(t->M, t->T, xi).n;
}

/* Leaves the chemical potential in the target if a number is asked for; else it is 0. */
static double energy_at(double T, struct target *t)
{
    t->T = T;
    t->xi = t->n > 0.0 ? root(number_at, t, -10.0, 3.0) : 0.0;
    return t->rho - coupled_at(t->M, T, t->xi).rho;
}

/* N_eff when N is gone, with entropy and n_N + n_nu conserved from a state of T, xi and a on, and
 * two flavours that have been decoupled at a temperature 1/a. */
static double equilibrium_N_eff(double M, double T, double xi, double a)
{
    const struct coupled before = coupled_at(M, T, xi);
    struct target late = {
        .M = M, .T = fmin(M, ND_M_ELECTRON) / 40.0, .s_over_n = before.s / before.n};
    const double xi_late = root(entropy_at, &late, -5.0, 5.0);
    const struct coupled c = coupled_at(M, late.T, xi_late);
    const double a_late = a * cbrt(before.n / c.n);
    return N_EFF_FACTOR * (2.0 * DECOUPLED / pow(a_late, 4) + c.rho_nu) / nd_rho_photon(late.T);
}

/* The state that nu_tau and a plasma at T come to by making N, with their n_nu or, without a
 * conserved number, none. */
static struct target made_of_neutrinos(double M, double T, int number_conserved)
{
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, T);
    const struct gas nu = fermions(0.0, T, 0.0);
    struct target t = {.M = M, .rho = plasma.rho + 2.0 * nu.rho};
    t.n = number_conserved ? 2.0 * nu.n : 0.0;
    t.T = root(energy_at, &t, 0.3 * T, 1.2 * T);
    return t;
}

Test(universe_N, strong_coupling)
{
    /* N, nu_tau and plasma in equilibrium from 2 MeV on, the other flavours left alone. At 1e-8
     * mu_B rates exceed H 1000 times where N becomes rare; light N keep exchanging until then. */
    const double tolerance = 0.01;
    const double masses[] = {0.1, 0.3};
    for (int m = 0; m < 2; m++) {
        const struct nd_model model = tau_model(masses[m], 1e-8);
        struct nd_universe_options options =
            dipole_alone(2.0, ND_PROCESS_PHOTON | ND_PROCESS_SCATTER);
        options.precision.dy = 1.0;
        options.N_initial = ND_N_THERMAL;
        options.screening = ND_SCREENING_NONE; /* or plasmons would make N and nubar: see below */
        options.T_end = masses[m] / 40.0;
        ASSERT_CLOSE(N_eff_of(&model, &options), equilibrium_N_eff(masses[m], 2.0, 0.0, 0.5),
                     tolerance, "m4 = %g, N at the start", masses[m]);
        /* N absent: what nu_tau and the plasma had. N is made within a part of a Hubble time,
         * which is the shorter, the stronger the coupling. */
        options.N_initial = ND_N_ABSENT;
        const struct target t = made_of_neutrinos(masses[m], 2.0, 1);
        const double limit = equilibrium_N_eff(masses[m], t.T, t.xi, 0.5);
        const double weaker = N_eff_of(&model, &options);
        ASSERT_CLOSE(weaker, limit, tolerance, "m4 = %g, N absent", masses[m]);
        if (m == 0)
            continue;
        const struct nd_model stronger_model = tau_model(masses[m], 1e-7);
        const double stronger = N_eff_of(&stronger_model, &options);
        cr_assert(fabs(stronger - limit) < 0.7 * fabs(weaker - limit),
                  "m4 = %g: %g at 1e-8, %g at 1e-7, limit %g", masses[m], weaker, stronger, limit);
    }
}

static double photon_mass_at(double T, struct target *t)
{
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, T);
    return t->M * t->M - plasma.m_asymptotic2;
}

Test(universe_N, strong_coupling_with_plasmons)
{
    /* m4 = 0.1 MeV is below the photon's mass as long as T > 0.89 MeV: gamma <-> N nubar and
     * nu e <-> N e leave no number conserved, xi = 0. Then N <-> nu gamma sets in, and n_N + n_nu
     * stays. 0.2 % off at 1e-6 mu_B, 0.05 % at 1e-5. */
    const double tolerance = 0.004, M = 0.1;
    struct target t = {.M = M};
    const double T_closed = root(photon_mass_at, &t, 0.1, 2.0);
    const struct nd_model model = tau_model(M, 1e-6);
    struct nd_universe_options options = dipole_alone(2.0, ND_PROCESS_PHOTON | ND_PROCESS_SCATTER);
    options.T_end = 0.0025;
    options.precision.dy = 1.0;
    for (int initial = ND_N_ABSENT; initial <= ND_N_THERMAL; initial++) {
        options.N_initial = (enum nd_N_initial)initial;
        const double T = initial == ND_N_THERMAL ? 2.0 : made_of_neutrinos(M, 2.0, 0).T;
        const double a = 0.5 * cbrt(coupled_at(M, T, 0.0).s / coupled_at(M, T_closed, 0.0).s);
        ASSERT_CLOSE(N_eff_of(&model, &options), equilibrium_N_eff(M, T_closed, 0.0, a), tolerance,
                     "N initially %d", initial);
    }
}

/* ---- heavier N: neutrinos that are too soft -------------------------------------------------- */

/* Equilibrium of plasma, N and those nu_tau whose rate nu gamma -> N, with Bose statistics
 *
 *     2 Gamma M T/k^2 (-ln(1 - exp(-M^2/(4 k T)))),
 *
 * exceeds H; the others keep what they had. */
enum { N_MODES = 300 };

struct freeze_out {
    double M, a, y[N_MODES], weight[N_MODES], frozen[N_MODES]; /* frozen < 0: coupled */
};

/* Comoving entropy and number of what is coupled, and a^4 rho of N. */
struct freeze_out_sum {
    double s, n, rho_N;
};

static double entropy_of(double x) /* of a state with logit -x */
{
    return x > 40.0 ? (1.0 + x) * exp(-x) : log1p(exp(-x)) + x / (exp(x) + 1.0);
}

static struct freeze_out_sum freeze_out_at(const struct freeze_out *f, double T, double xi)
{
    struct nd_plasma plasma;
    nd_plasma_init(&plasma, T);
    struct freeze_out_sum sum = {.s = plasma.s * pow(f->a, 3)};
    for (int i = 0; i < N_MODES; i++) {
        const double k = f->y[i] / f->a, E = hypot(k, f->M);
        const double n_N = 4.0 * f->weight[i] / (exp(E / T - xi) + 1.0);
        sum.n += n_N;
        sum.rho_N += n_N * f->a * E;
        sum.s += 4.0 * f->weight[i] * entropy_of(E / T - xi);
        if (f->frozen[i] < 0.0) {
            sum.n += 2.0 * f->weight[i] / (exp(k / T - xi) + 1.0);
            sum.s += 2.0 * f->weight[i] * entropy_of(k / T - xi);
        }
    }
    return sum;
}

/* N_eff with decoupling where the rate is H, from N in equilibrium at 2 MeV; softest_y is set to
 * the softest momentum that is still coupled at T = M/10. */
static double freeze_out_N_eff(const struct nd_model *model, double *coupled_y)
{
    struct freeze_out f = {.M = model->m4, .a = 0.5};
    const double M = f.M, Gamma = nd_model_width(model), dy = 0.1, step = 0.02;
    for (int i = 0; i < N_MODES; i++) {
        f.y[i] = (i + 1) * dy;
        f.weight[i] = dy * f.y[i] * f.y[i] / (2.0 * ND_PI * ND_PI);
        f.frozen[i] = -1.0;
    }
    double T = 2.0, xi = 0.0;
    struct freeze_out_sum kept = freeze_out_at(&f, T, xi);
    *coupled_y = 0.0;
    while (T > M / 60.0) {
        f.a *= exp(step);
        T *= exp(-step);
        for (int i = 0; i < 30; i++) { /* Newton in ln T and xi */
            const double d = 1e-5;
            const struct freeze_out_sum at = freeze_out_at(&f, T, xi);
            const struct freeze_out_sum by_T = freeze_out_at(&f, T * exp(d), xi);
            const struct freeze_out_sum by_xi = freeze_out_at(&f, T, xi + d);
            const double ds = kept.s - at.s, dn = kept.n - at.n;
            const double s_T = (by_T.s - at.s) / d, s_xi = (by_xi.s - at.s) / d;
            const double n_T = (by_T.n - at.n) / d, n_xi = (by_xi.n - at.n) / d;
            const double determinant = s_T * n_xi - s_xi * n_T;
            const double u = (ds * n_xi - dn * s_xi) / determinant;
            const double v = (dn * s_T - ds * n_T) / determinant;
            T *= exp(fmax(-0.1, fmin(0.1, u)));
            xi += fmax(-0.5, fmin(0.5, v));
            if (fabs(u) + fabs(v) < 1e-8)
                break;
        }
        const struct freeze_out_sum now = freeze_out_at(&f, T, xi);
        struct nd_plasma plasma;
        nd_plasma_init(&plasma, T);
        double rho = 2.0 * DECOUPLED + now.rho_N;
        for (int i = 0; i < N_MODES; i++)
            rho += 2.0 * f.weight[i] * f.y[i] *
                   (f.frozen[i] < 0.0 ? 1.0 / (exp(f.y[i] / (f.a * T) - xi) + 1.0) : f.frozen[i]);
        const double H = sqrt(8.0 * ND_PI / 3.0 * (plasma.rho + rho / pow(f.a, 4))) / ND_M_PLANCK;
        for (int i = 0; i < N_MODES; i++) {
            const double k = f.y[i] / f.a, x = k / T - xi;
            const double rate =
                2.0 * Gamma * M * T / (k * k) * -log1p(-exp(-M * M / (4.0 * k * T)));
            if (f.frozen[i] >= 0.0 || rate > H || k > 0.5 * M || T > M / 3.0)
                continue;
            f.frozen[i] = 1.0 / (exp(x) + 1.0);
            kept.n -= 2.0 * f.weight[i] * f.frozen[i];
            kept.s -= 2.0 * f.weight[i] * entropy_of(x);
        }
        for (int i = 0; i < N_MODES && *coupled_y == 0.0 && T < M / 10.0; i++)
            if (f.frozen[i] < 0.0)
                *coupled_y = f.y[i];
    }
    double rho = 2.0 * DECOUPLED;
    for (int i = 0; i < N_MODES; i++)
        rho += 2.0 * f.weight[i] * f.y[i] *
               (f.frozen[i] < 0.0 ? 1.0 / (exp(f.y[i] / (f.a * T) - xi) + 1.0) : f.frozen[i]);
    return N_EFF_FACTOR * rho / (pow(f.a, 4) * nd_rho_photon(T));
}

Test(universe_N, soft_neutrinos_leave_equilibrium)
{
    /* m4 = 1 MeV: the equilibrium limit, 5.98, is approached slowly with the coupling, because a
     * neutrino of k < T needs photons of M^2/4k to make N. Decoupling mode by mode at rate = H
     * explains the deficit to 27 %: 0.37, 0.23, 0.16 against 0.45, 0.28, 0.20 here. */
    const double tolerance = 0.3, M = 1.0;
    const double couplings[] = {1e-8, 1e-7, 1e-6};
    const double limit = equilibrium_N_eff(M, 2.0, 0.0, 0.5);
    struct nd_universe_options options = dipole_alone(2.0, ND_PROCESS_PHOTON);
    options.N_initial = ND_N_THERMAL;
    options.precision.dy = 1.0;
    options.spectra_T = (struct nd_double_list){1, {0.1}};
    double before = 0.0;
    for (int i = 0; i < 3; i++) {
        const struct nd_model model = tau_model(M, couplings[i]);
        double coupled_y;
        const double estimate = freeze_out_N_eff(&model, &coupled_y);
        struct nd_universe_history h = universe_history(&model, &options);
        cr_assert(h.N_eff > before && h.N_eff < limit, "N_eff = %g at %g", h.N_eff, couplings[i]);
        ASSERT_CLOSE(limit - h.N_eff, limit - estimate, tolerance, "deficit at %g", couplings[i]);
        before = h.N_eff;
        /* at T = M/10: hard neutrinos and N share a temperature, the plasma's, and a chemical
         * potential; soft ones have their own */
        const struct nd_universe_spectrum *s = &h.spectra[0];
        double xi_N = 0.0, xi_softest = 0.0;
        for (int j = 0; j < h.n_core; j++) {
            const double k = h.y[j] / s->a, f = s->f[ND_FLAVOUR_TAU][j], f_N = s->f_N[j];
            const double xi = log(f / (1.0 - f)) + k / s->T;
            xi_N = log(f_N / (1.0 - f_N)) + hypot(k, M) / s->T;
            if (j == 0)
                xi_softest = xi;
            if (h.y[j] > 2.0 * coupled_y && h.y[j] < 15.0)
                ASSERT_NEAR(xi, xi_N, 0.01, "xi at y = %g, d = %g", h.y[j], couplings[i]);
        }
        cr_assert(xi_softest > xi_N + 0.03, "xi = %g of soft neutrinos, %g of N", xi_softest, xi_N);
        nd_universe_history_clear(&h);
    }
}

Test(universe_N, pairs_do_not_conserve_number)
{
    /* e+ e- <-> N nubar pushes xi, which N <-> nu gamma makes positive as N gets rare, to zero:
     * n_N + n_nu falls where n_N exceeds its equilibrium, and N_eff is lower. */
    const struct nd_model model = tau_model(0.6, 1e-8);
    struct nd_universe_options options =
        dipole_alone(2.0, ND_PROCESS_PHOTON | ND_PROCESS_SCATTER | ND_PROCESS_PAIR);
    options.N_initial = ND_N_THERMAL;
    options.n_points = 101;
    struct nd_universe_history h = universe_history(&model, &options);
    const struct nd_universe_point *start = &h.points[0], *end = &h.points[100];
    for (int i = 1; i <= 100; i++) {
        const struct nd_universe_point *p = &h.points[i], *q = p - 1;
        const double change = number(p, ND_FLAVOUR_TAU) / number(q, ND_FLAVOUR_TAU) - 1.0;
        const double excess = q->n_N / q->n_N_eq - 1.0;
        if (p->T > 0.05 && fabs(excess) > 0.003)
            cr_assert(change * excess < 0.0, "T = %g, n/n_eq = %g: n_N + n_nu grows by %g", p->T,
                      1.0 + excess, change);
    }
    const double left = number(end, ND_FLAVOUR_TAU) / number(start, ND_FLAVOUR_TAU);
    cr_assert(left < 0.9, "%g of n_N + n_nu is left", left);
    options.processes = ND_PROCESS_PHOTON | ND_PROCESS_SCATTER;
    cr_assert(h.N_eff < N_eff_of(&model, &options) - 0.5, "N_eff = %g", h.N_eff);
    nd_universe_history_clear(&h);
}

/* ---- errors ------------------------------------------------------------------------------ */

static void assert_fails(const struct nd_model *model, const struct nd_universe_options *options,
                         const char *fragment, const char *advice)
{
    struct nd_universe_tables *tables;
    struct nd_universe_history history;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_universe_tables_create(&tables, model, options, &error), error);
    ASSERT_ERROR(nd_universe_solve(model, tables, options, &history, &error), error,
                 ND_NOT_CONVERGED, fragment);
    cr_assert(strstr(error.message, advice) != NULL, "'%s' lacks '%s'", error.message, advice);
    cr_assert(strstr(error.message, "T = ") != NULL, "'%s' does not say when", error.message);
    cr_assert(history.points == NULL && history.spectra == NULL && history.y == NULL);
    nd_universe_tables_free(tables);
}

Test(universe_N, energy_is_watched)
{
    /* Exchange at 1e-4 mu_B is 1e8 times faster than H, and rounding as much larger: the solver
     * must either say so or have managed. */
    const double allowed = 1e-7;
    const struct nd_model model = tau_model(1.0, 1e-4);
    struct nd_universe_options options = dipole_alone(2.0, ND_PROCESS_PHOTON);
    options.N_initial = ND_N_THERMAL;
    struct nd_universe_tables *tables;
    struct nd_universe_history history;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_universe_tables_create(&tables, &model, &options, &error), error);
    if (nd_universe_solve(&model, tables, &options, &history, &error) == ND_OK)
        cr_assert(history.energy_residual <= allowed, "residual %g", history.energy_residual);
    else
        cr_assert(error.status == ND_NOT_CONVERGED &&
                      (strstr(error.message, "energy is off its continuity equation") != NULL ||
                       strstr(error.message, "CV_CONV_FAILURE") != NULL),
                  "'%s'", error.message);
    nd_universe_history_clear(&history);
    nd_universe_tables_free(tables);
}

Test(universe_N, decays_beyond_the_grid)
{
    /* N dominates before it decays: a T rises to 3.4, and the grid has room for 2. */
    const struct nd_model model = tau_model(0.1, 1e-11);
    struct nd_universe_options options = dipole_alone(2.0, ND_PROCESS_PHOTON);
    options.N_initial = ND_N_THERMAL;
    options.T_end = 1e-4;
    options.precision.dy = 1.2;
    assert_fails(&model, &options, "beyond the last node", "of the momentum grid");
}

Test(universe_N, spectrum_too_cold_for_the_grid)
{
    /* All N are made with y < M/T_RH and are slower than the first node of a coarse grid. */
    const struct nd_model model = tau_model(1.0, 1e-12);
    struct nd_universe_options options = dipole_alone(2.0, ND_PROCESS_PHOTON);
    options.N_initial = ND_N_THERMAL;
    options.precision.dy = 2.5;
    assert_fails(&model, &options, "too coarse", "try a smaller dy");
}

Test(universe_N, neutrinos_beyond_the_core)
{
    /* 10 MeV, 1e-11 mu_B: half of N decay at 0.3 MeV to neutrinos of 5 MeV */
    const struct nd_model model = tau_model(10.0, 1e-11);
    struct nd_universe_options options = dipole_alone(20.0, ND_PROCESS_WEAK | ND_PROCESS_PHOTON);
    options.N_initial = ND_N_THERMAL;
    options.precision.dy = 1.0;
    options.precision.y_core = 12.0;
    assert_fails(&model, &options, "lies beyond y_core = 12", "try a larger y_core");
}
