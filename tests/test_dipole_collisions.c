/* Tests of dipole_collisions.h.
 *
 * What holds exactly on the nodes: detailed balance, numbers, entropy, the Jacobian. What holds for
 * dy -> 0: production rates of N against nd_rate_compute, which integrates over the exchanged
 * momentum first and knows no nodes, and the production of one momentum against an adaptive
 * integral over the neutrino's. The kernels are tested in test_exchange.c. */
#include "support.h"

#include "dipole_collisions.h"
#include "exchange.h"
#include "nudipole/constants.h"
#include "nudipole/model.h"

TestSuite(dipole_collisions, .init = no_gsl_abort);

enum { N_MAX = 100, NODES = 12 };

/* A grid, its collisions, spectra and what collisions do to them. */
struct system {
    struct nd_momentum_grid grid;
    struct nd_dipole_collisions *collisions;
    int n_active;
    double m4, a, T;
    double f_nu[N_MAX], f_N[N_MAX], change_nu[N_MAX], change_N[N_MAX];
};

struct setting {
    double dy, y_core, y_max;
    enum nd_screening screening;
    int nodes;
    double step_lnT, step_lnz;
};

static void create(struct system *s, double m4, const struct setting *c)
{
    struct nd_error error = ND_ERROR_INIT;
    memset(s, 0, sizeof *s);
    s->m4 = m4;
    ASSERT_OK(nd_momentum_grid_init(&s->grid, c->dy, c->y_core, c->y_max, 1.25, &error), error);
    cr_assert(s->grid.n <= N_MAX, "%d nodes", s->grid.n);
    s->n_active = s->grid.n;
    ASSERT_OK(nd_dipole_collisions_create(&s->collisions, &s->grid, s->n_active, m4, c->screening,
                                          c->nodes, c->step_lnT, c->step_lnz, &error),
              error);
}

static void clear(struct system *s)
{
    nd_dipole_collisions_free(s->collisions);
    nd_momentum_grid_clear(&s->grid);
}

static void set(struct system *s, double T, double a)
{
    struct nd_error error = ND_ERROR_INIT;
    s->T = T;
    s->a = a;
    ASSERT_OK(nd_dipole_collisions_set(s->collisions, T, a, &error), error);
}

static void collide(struct system *s, int processes)
{
    memset(s->change_nu, 0, sizeof s->change_nu);
    memset(s->change_N, 0, sizeof s->change_N);
    nd_dipole_collisions_add(s->collisions, processes, s->f_nu, s->f_N, 1.0, s->change_nu,
                             s->change_N);
}

/* E/T of a node. */
static double energy_N(const struct system *s, int node)
{
    return hypot(s->grid.y[node] / s->a, s->m4) / s->T;
}

static void make_thermal_nu(struct system *s, double T_nu)
{
    for (int i = 0; i < s->grid.n; i++)
        s->f_nu[i] = fermi(s->grid.y[i] / (s->a * T_nu));
}

static void make_thermal_N(struct system *s)
{
    for (int j = 0; j < s->grid.n_core; j++)
        s->f_N[j] = fermi(energy_N(s, j));
}

static double sum(const struct system *s, const double *change)
{
    double total = 0.0;
    for (int i = 0; i < s->grid.n; i++)
        total += change[i];
    return total;
}

/* gamma/mu^2 of nd_rate_compute [MeV^6]. */
static double rate(enum nd_channel channel, double m4, enum nd_screening screening, double T,
                   double T_nu)
{
    const struct nd_model model = {m4, 1.0, ND_FLAVOUR_TAU};
    const struct nd_treatment treatment = {ND_QUANTUM, screening, ND_NEUTRINOS_EQUAL};
    struct nd_plasma plasma;
    struct nd_rate result;
    struct nd_error error = ND_ERROR_INIT;
    nd_plasma_init(&plasma, T);
    ASSERT_OK(nd_rate_compute(&result, channel, &model, &treatment, &plasma, T_nu, 1e-8, &error),
              error);
    return exp(result.log_gamma);
}

static const struct setting SMALL = {1.0, 10.0, 10.0, ND_SCREENING_HTL, 6, 0.25, 0.1};
static const struct setting WITH_TAIL = {1.0, 8.0, 16.0, ND_SCREENING_HTL, 6, 0.25, 0.1};

static const int PROCESSES[] = {ND_DIPOLE_SCATTERING, ND_DIPOLE_PAIRS,
                                ND_DIPOLE_SCATTERING | ND_DIPOLE_PAIRS};
enum { N_PROCESSES = sizeof PROCESSES / sizeof *PROCESSES };

static void randomize(struct system *s, unsigned *seed)
{
    for (int i = 0; i < s->grid.n; i++)
        s->f_nu[i] = uniform(seed);
    for (int j = 0; j < s->grid.n_core; j++)
        s->f_N[j] = uniform(seed);
}

static double modulus(const struct system *s)
{
    double total = 0.0;
    for (int i = 0; i < s->grid.n; i++)
        total += fabs(s->change_nu[i]) + fabs(s->change_N[i]);
    return total;
}

/* ---- exact on the nodes --------------------------------------------------------------------- */

Test(dipole_collisions, detailed_balance)
{
    /* neutrinos and N thermal at T, a T not 1 and not on a point of the tables */
    const double masses[] = {0.05, 0.6, 3.0}, temperatures[] = {3.1, 0.7, 0.13};
    const double z_values[] = {1.23, 0.87}, rounding = 1e-12; /* of events that cancel */
    for (int m = 0; m < 3; m++) {
        struct system s;
        create(&s, masses[m], &WITH_TAIL);
        for (int t = 0; t < 3; t++) {
            const double T = temperatures[t], z = z_values[t % 2];
            set(&s, T, z / T);
            make_thermal_nu(&s, T);
            make_thermal_N(&s);
            for (int p = 0; p < N_PROCESSES; p++) {
                collide(&s, PROCESSES[p]);
                const double rest = modulus(&s), kept = s.f_N[2];
                s.f_N[2] *= 1.01; /* for comparison */
                collide(&s, PROCESSES[p]);
                s.f_N[2] = kept;
                cr_assert(rest <= 100.0 * rounding * modulus(&s),
                          "m4 = %g, T = %g, processes %d: %g at rest, disturbed %g", masses[m], T,
                          PROCESSES[p], rest, modulus(&s));
            }
        }
        clear(&s);
    }
    nd_dipole_collisions_free(NULL);
}

Test(dipole_collisions, numbers)
{
    const double rounding = 1e-13;
    unsigned seed = 3;
    struct system s;
    create(&s, 0.6, &WITH_TAIL);
    set(&s, 0.9, 1.1);
    randomize(&s, &seed);
    /* nu e <-> N e: one for the other */
    collide(&s, ND_DIPOLE_SCATTERING);
    cr_assert(modulus(&s) > 0.0, "nothing scatters");
    ASSERT_NEAR((sum(&s, s.change_nu) + sum(&s, s.change_N)) / modulus(&s), 0.0, rounding,
                "n_nu + n_N of scattering");
    double scattering[2][N_MAX];
    memcpy(scattering[0], s.change_nu, sizeof s.change_nu);
    memcpy(scattering[1], s.change_N, sizeof s.change_N);
    const double gross = modulus(&s);
    /* e+ e- <-> N nubar: one with the other */
    collide(&s, ND_DIPOLE_PAIRS);
    cr_assert(modulus(&s) > 0.0, "no pairs");
    ASSERT_NEAR((sum(&s, s.change_nu) - sum(&s, s.change_N)) / modulus(&s), 0.0, rounding,
                "n_nu - n_N of pairs");
    double pairs[2][N_MAX];
    memcpy(pairs[0], s.change_nu, sizeof s.change_nu);
    memcpy(pairs[1], s.change_N, sizeof s.change_N);
    /* both, added to what is there, times a factor */
    const double before = gross, factor = -0.5;
    for (int i = 0; i < s.grid.n; i++)
        s.change_nu[i] = s.change_N[i] = before;
    nd_dipole_collisions_add(s.collisions, ND_DIPOLE_SCATTERING | ND_DIPOLE_PAIRS, s.f_nu, s.f_N,
                             factor, s.change_nu, s.change_N);
    for (int i = 0; i < s.grid.n; i++) {
        ASSERT_NEAR(s.change_nu[i], before + factor * (scattering[0][i] + pairs[0][i]),
                    rounding * before, "node %d of the neutrino", i);
        ASSERT_NEAR(s.change_N[i], before + factor * (scattering[1][i] + pairs[1][i]),
                    rounding * before, "node %d of N", i);
    }
    clear(&s);
}

Test(dipole_collisions, entropy_grows)
{
    /* of neutrinos and N, sum of change ln((1 - f)/f), and of the plasma, its heat over T */
    const double temperatures[] = {0.1, 0.5, 5.0}, z = 1.2;
    unsigned seed = 5;
    for (int m = 0; m < 2; m++) {
        struct system s;
        create(&s, m ? 0.2 : 2.5, &WITH_TAIL);
        for (int t = 0; t < 3; t++) {
            set(&s, temperatures[t], z / temperatures[t]);
            for (int trial = 0; trial < 60; trial++) {
                randomize(&s, &seed);
                if (trial % 2) { /* close to equilibrium as well */
                    struct system near = s;
                    make_thermal_nu(&near, s.T);
                    make_thermal_N(&near);
                    for (int i = 0; i < s.grid.n; i++)
                        s.f_nu[i] = near.f_nu[i] * (0.99 + 0.02 * s.f_nu[i]);
                    for (int j = 0; j < s.grid.n_core; j++)
                        s.f_N[j] = near.f_N[j] * (0.99 + 0.02 * s.f_N[j]);
                }
                collide(&s, PROCESSES[trial % N_PROCESSES]);
                double production = 0.0, gross = 0.0;
                for (int i = 0; i < s.grid.n; i++) {
                    const double potential = log((1.0 - s.f_nu[i]) / s.f_nu[i]) - s.grid.y[i] / z;
                    production += s.change_nu[i] * potential;
                    gross += fabs(s.change_nu[i] * potential);
                }
                for (int j = 0; j < s.grid.n_core; j++) {
                    const double potential = log((1.0 - s.f_N[j]) / s.f_N[j]) - energy_N(&s, j);
                    production += s.change_N[j] * potential;
                    gross += fabs(s.change_N[j] * potential);
                }
                cr_assert(production >= 0.0 && gross > 0.0, "m4 = %g, T = %g, trial %d: %g of %g",
                          s.m4, s.T, trial, production, gross);
            }
        }
        clear(&s);
    }
}

Test(dipole_collisions, jacobian)
{
    /* The collision terms are of second degree: central differences are exact to rounding. */
    const double h = 1e-3, tolerance = 1e-11, factor = 2.5;
    unsigned seed = 9;
    struct system s;
    create(&s, 0.6, &WITH_TAIL);
    set(&s, 0.8, 1.4);
    const int n = s.grid.n, n_core = s.grid.n_core;
    /* neutrino in rows 2 ..., N behind it */
    const int nu = 2, N = nu + n, row_length = N + n_core + 1;
    for (int p = 0; p < N_PROCESSES; p++) {
        randomize(&s, &seed);
        double *jacobian = calloc((size_t)(row_length * row_length), sizeof *jacobian);
        double *expected = calloc((size_t)(row_length * row_length), sizeof *expected);
        cr_assert(jacobian != NULL && expected != NULL);
        nd_dipole_collisions_add_jacobian(s.collisions, PROCESSES[p], s.f_nu, s.f_N, factor,
                                          jacobian, nu, N, row_length);
        double largest = 0.0;
        for (int i = 0; i < row_length * row_length; i++)
            largest = fmax(largest, fabs(jacobian[i]));
        cr_assert(largest > 0.0);
        for (int j = 0; j < n + n_core; j++) {
            double *f = j < n ? &s.f_nu[j] : &s.f_N[j - n];
            const double kept = *f;
            struct system down = s;
            *f = kept + h;
            collide(&s, PROCESSES[p]);
            *(j < n ? &down.f_nu[j] : &down.f_N[j - n]) = kept - h;
            collide(&down, PROCESSES[p]);
            *f = kept;
            for (int i = 0; i < n; i++)
                expected[(nu + i) * row_length + nu + j] =
                    factor * (s.change_nu[i] - down.change_nu[i]) / (2.0 * h);
            for (int i = 0; i < n_core; i++)
                expected[(N + i) * row_length + nu + j] =
                    factor * (s.change_N[i] - down.change_N[i]) / (2.0 * h);
        }
        for (int i = 0; i < row_length; i++)
            for (int j = 0; j < row_length; j++)
                ASSERT_NEAR(jacobian[i * row_length + j], expected[i * row_length + j],
                            tolerance * largest, "processes %d, row %d, column %d", PROCESSES[p], i,
                            j);
        free(jacobian);
        free(expected);
    }
    clear(&s);
}

Test(dipole_collisions, kernels_of_a_neighbourhood_are_kept)
{
    struct system s;
    create(&s, 0.6, &SMALL);
    cr_assert(nd_dipole_collisions_filled(s.collisions) == 0);
    set(&s, 1.05, 1.0);
    set(&s, 1.02, 1.0);
    cr_assert(nd_dipole_collisions_filled(s.collisions) == 16, "%d",
              nd_dipole_collisions_filled(s.collisions));
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_dipole_collisions_set(s.collisions, 1e5, 1.0, &error), error, ND_BAD_INPUT,
                 "T = 100000 MeV");
    clear(&s);
}

/* ---- one momentum of N ---------------------------------------------------------------------- */

struct kernel_context {
    const struct nd_exchange *exchange;
    struct nd_exchange_plasma plasma;
    struct nd_leg N;
};

/* What thermal neutrinos make of N, in their momentum: downwards the kernel, upwards
 * exp(k - E) times it. */
static double production_integrand(double k, void *context)
{
    const struct kernel_context *c = context;
    const struct nd_leg neutrino = {k, k, 0.0};
    const double E = c->N.energy;
    if (k > E)
        return fermi(k) * nd_exchange_dipole_scattering(c->exchange, &c->plasma, &neutrino, &c->N);
    return fermi(k) * exp(k - E) *
           nd_exchange_dipole_scattering(c->exchange, &c->plasma, &c->N, &neutrino);
}

Test(dipole_collisions, one_momentum)
{
    /* On a point of the tables (T and a T of 1), without N. Pairs are the sum over the neutrino's
     * nodes of the kernel times exp(-E). */
    const double T = 1.0, rounding = 1e-10, M = 2.0;
    const double tolerance = 6e-3; /* of scattering: dy^2 times a coefficient of 0.1 */
    struct nd_exchange exchange;
    struct nd_plasma medium;
    struct system s;
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(nd_exchange_init(&exchange, NODES, &error) == ND_OK, "%s", error.message);
    nd_plasma_init(&medium, T);
    const struct setting setting = {0.25, 8.0, 8.0, ND_SCREENING_HTL, NODES, 0.25, 0.1};
    create(&s, M, &setting);
    set(&s, T, 1.0 / T);
    make_thermal_nu(&s, T);
    struct kernel_context c = {&exchange, {ND_M_ELECTRON, medium.m_debye2}, {0.0, 0.0, 0.0}};
    for (int j = 0; j < s.grid.n_core; j += 2) {
        const double p = s.grid.y[j], E = hypot(p, M), end = s.grid.y[s.grid.n - 1];
        const double unit = s.grid.weight[j] * p / E; /* of dE_N */
        c.N = (struct nd_leg){E, p, M * M};
        double made = 0.0;
        for (int i = 0; i < s.grid.n; i++)
            made += s.grid.weight[i] * exp(-s.grid.y[i] - E) * (1.0 - s.f_nu[i]) *
                    nd_exchange_dipole_annihilation(&exchange, &c.plasma, &c.N, s.grid.y[i]);
        collide(&s, ND_DIPOLE_PAIRS);
        ASSERT_CLOSE(s.change_N[j], unit * made, rounding, "pairs, p = %g", p);
        collide(&s, ND_DIPOLE_SCATTERING);
        const double breaks[] = {0.0, fmin(0.5 * (p + E), end), fmin(E, end), end};
        double scattered = 0.0;
        for (int b = 0; b < 3; b++)
            if (breaks[b + 1] > breaks[b])
                scattered += integrate(production_integrand, &c, breaks[b], breaks[b + 1], 1e-5);
        ASSERT_CLOSE(s.change_N[j], unit * scattered, tolerance, "scattering, p = %g", p);
    }
    clear(&s);
}

/* ---- production for dy -> 0 ----------------------------------------------------------------- */

/* gamma/mu^2 [MeV^6] of both processes, without N. */
static void production(double M, const struct setting *setting, double T, double T_nu, double z,
                       double *scattering, double *pairs)
{
    struct system s;
    create(&s, M, setting);
    set(&s, T, z / T);
    make_thermal_nu(&s, T_nu);
    collide(&s, ND_DIPOLE_SCATTERING);
    *scattering = sum(&s, s.change_N) / pow(s.a, 3);
    collide(&s, ND_DIPOLE_PAIRS);
    *pairs = sum(&s, s.change_N) / pow(s.a, 3);
    clear(&s);
}

Test(dipole_collisions, production_by_independent_integrals)
{
    /* T and a T are a point of the tables. */
    const double scattering_tolerance = 0.022, pair_tolerance = 1e-3; /* of dy = 0.5 */
    static const struct {
        double M, ln_T, ln_z, ratio; /* of T_nu to T */
        enum nd_screening screening;
    } cases[] = {{0.05, 1.5, 0.0, 1.0, ND_SCREENING_HTL},
                 {0.6, 0.0, 0.2, 0.9, ND_SCREENING_HTL},
                 {2.0, 0.0, 0.0, 1.0, ND_SCREENING_NONE},
                 {0.26, -1.5, 0.1, 1.0, ND_SCREENING_HTL}};
    for (int i = 0; i < 4; i++) {
        const double M = cases[i].M, T = exp(cases[i].ln_T), T_nu = cases[i].ratio * T;
        const struct setting setting = {0.5, 17.0, 17.0, cases[i].screening, 6, 0.25, 0.1};
        double scattering, pairs;
        production(M, &setting, T, T_nu, exp(cases[i].ln_z), &scattering, &pairs);
        ASSERT_CLOSE(scattering, rate(ND_UPSCATTERING, M, cases[i].screening, T, T_nu),
                     scattering_tolerance, "scattering, M = %g, T = %g", M, T);
        ASSERT_CLOSE(pairs, rate(ND_SYNTHESIS, M, cases[i].screening, T, T_nu), pair_tolerance,
                     "pairs, M = %g, T = %g", M, T);
    }
}

Test(dipole_collisions, production_converges)
{
    /* second order in dy where the kernel is as wide as the nodes lie apart; y = 17 is far enough
     * for pairs to 1e-5 */
    const double M = 2.0, T = 1.0, fine_tolerance = 2.5e-3, pair_tolerance = 1e-4;
    double errors[2];
    for (int i = 0; i < 2; i++) {
        const struct setting setting = {i ? 0.25 : 0.5, 17.0, 17.0, ND_SCREENING_HTL, 10,
                                        0.25,           0.1};
        double scattering, pairs;
        production(M, &setting, T, T, 1.0, &scattering, &pairs);
        errors[i] = fabs(scattering / rate(ND_UPSCATTERING, M, ND_SCREENING_HTL, T, T) - 1.0);
        if (i == 1)
            ASSERT_CLOSE(pairs, rate(ND_SYNTHESIS, M, ND_SCREENING_HTL, T, T), pair_tolerance,
                         "pairs");
    }
    cr_assert(errors[1] < fine_tolerance, "dy = 0.25: %g", errors[1]);
    cr_assert(errors[0] > 2.5 * errors[1], "halving dy: %g after %g", errors[1], errors[0]);
}

Test(dipole_collisions, production_in_vacuum)
{
    /* Without screening and for M << T the kernel is a peak of width M^2/4E on wings that fall off
     * as 1/distance: the logarithm of the rate. */
    const double tolerance = 0.022; /* as above */
    const double M = 0.2, temperatures[] = {1.0, exp(1.5)};
    for (int i = 0; i < 2; i++) {
        const double T = temperatures[i];
        const struct setting setting = {0.5, 16.0, 16.0, ND_SCREENING_NONE, NODES, 0.25, 0.1};
        double scattering, pairs;
        production(M, &setting, T, T, 1.0, &scattering, &pairs);
        ASSERT_CLOSE(scattering, rate(ND_UPSCATTERING, M, ND_SCREENING_NONE, T, T), tolerance,
                     "scattering, M = %g, T = %g", M, T);
    }
}

Test(dipole_collisions, closed_below_the_threshold_of_pairs)
{
    /* (p_N + k)^2 is at most M^2 + 2 k (E + p). Between points of the tables as well, N that meets
     * neutrinos below 4 m_e^2 is left alone. */
    const double M = 0.2, T = 0.1, z = 1.13;
    struct system s;
    create(&s, M, &SMALL);
    set(&s, T, z / T);
    int closed = 0, open = 0;
    for (int j = 0; j < s.grid.n_core; j++)
        for (int i = 0; i < s.grid.n; i++) {
            const double p = s.grid.y[j] / s.a, k = s.grid.y[i] / s.a;
            /* full nodes, all others empty: nothing blocks but what is counted */
            s.f_N[j] = s.f_nu[i] = 1.0;
            collide(&s, ND_DIPOLE_PAIRS);
            s.f_N[j] = s.f_nu[i] = 0.0;
            const double annihilated = -s.change_N[j];
            if (M * M + 2.0 * k * (p + hypot(p, M)) > 4.0 * ND_M_ELECTRON * ND_M_ELECTRON) {
                open++;
                cr_assert(annihilated >= 0.0, "p = %g, k = %g: %g", p, k, annihilated);
            } else {
                closed++;
                cr_assert(annihilated == 0.0, "p = %g, k = %g: %g", p, k, annihilated);
            }
        }
    cr_assert(closed > 0 && open > 0, "%d closed, %d open", closed, open);
    clear(&s);
}

Test(dipole_collisions, kernels_between_points)
{
    /* Steps as by default against five times smaller ones. */
    const double M = 0.6, T = 1.11, z = 1.137, tolerance = 1e-3;
    struct setting setting = {1.0, 12.0, 12.0, ND_SCREENING_HTL, 6, 0.25, 0.1};
    double usual[2], fine[2];
    production(M, &setting, T, T, z, &usual[0], &usual[1]);
    setting.step_lnT = 0.05;
    setting.step_lnz = 0.02;
    production(M, &setting, T, T, z, &fine[0], &fine[1]);
    ASSERT_CLOSE(usual[0], fine[0], tolerance, "scattering");
    ASSERT_CLOSE(usual[1], fine[1], tolerance, "pairs");
}
