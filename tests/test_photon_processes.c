/* Tests of photon_processes.h.
 *
 * Number conservation, detailed balance with chemical potentials, entropy and the Jacobian hold on
 * the nodes. Rates: relaxation of every momentum against the closed form of vacuum photons, decay
 * in a cold and empty bath against the time-dilated width, decay to massive photons against an
 * integral over angles in the frame of N with explicit polarisations, production against
 * nd_rate_compute, plasmons against their width. */
#include "support.h"

#include "nudipole/constants.h"
#include "nudipole/model.h"
#include "nudipole/rates.h"
#include "photon_processes.h"

TestSuite(photon_processes, .init = no_gsl_abort);

enum { N_MAX = 400 };

static const double ROUNDING = 1e-13;

/* A grid, its processes in one plasma, spectra and what happens to them. */
struct system {
    struct nd_momentum_grid grid;
    struct nd_photon_processes *processes;
    struct nd_photon_plasma plasma;
    double f_nu[N_MAX], f_N[N_MAX], change_nu[N_MAX], change_N[N_MAX], unpaired;
};

static void create(struct system *s, double dy, double y_core, double y_max)
{
    struct nd_error error = ND_ERROR_INIT;
    memset(s, 0, sizeof *s);
    ASSERT_OK(nd_momentum_grid_init(&s->grid, dy, y_core, y_max, 1.25, &error), error);
    cr_assert(s->grid.n <= N_MAX, "%d nodes", s->grid.n);
    ASSERT_OK(nd_photon_processes_create(&s->processes, &s->grid, &error), error);
}

static void clear(struct system *s)
{
    nd_photon_processes_free(s->processes);
    nd_momentum_grid_clear(&s->grid);
}

static void set(struct system *s, double m4, double T, double a, double m_gamma2)
{
    struct nd_error error = ND_ERROR_INIT;
    s->plasma = (struct nd_photon_plasma){m4, T, a, m_gamma2};
    ASSERT_OK(nd_photon_processes_set(s->processes, &s->plasma, &error), error);
}

static void collide(struct system *s)
{
    memset(s->change_nu, 0, sizeof s->change_nu);
    memset(s->change_N, 0, sizeof s->change_N);
    s->unpaired = NAN;
    nd_photon_processes_add(s->processes, s->f_nu, s->f_N, 1.0, s->change_nu, s->change_N,
                            &s->unpaired);
}

/* Energy of N at a node [MeV]. */
static double energy_N(const struct system *s, int node)
{
    return hypot(s->grid.y[node] / s->plasma.a, s->plasma.m4);
}

static void make_thermal_nu(struct system *s, double xi)
{
    for (int i = 0; i < s->grid.n; i++)
        s->f_nu[i] = fermi(s->grid.y[i] / (s->plasma.a * s->plasma.T) - xi);
}

static void make_thermal_N(struct system *s, double xi)
{
    for (int j = 0; j < s->grid.n_core; j++)
        s->f_N[j] = fermi(energy_N(s, j) / s->plasma.T - xi);
}

static void randomize(struct system *s, unsigned *seed)
{
    for (int i = 0; i < s->grid.n; i++)
        s->f_nu[i] = uniform(seed);
    for (int j = 0; j < s->grid.n_core; j++)
        s->f_N[j] = uniform(seed);
}

static double modulus(const struct system *s)
{
    double sum = 0.0;
    for (int i = 0; i < s->grid.n; i++)
        sum += fabs(s->change_nu[i]) + fabs(s->change_N[i]);
    return sum;
}

static double sum(const struct system *s, const double *change, int power)
{
    double total = 0.0;
    for (int i = 0; i < s->grid.n; i++)
        total += change[i] * pow(s->grid.y[i], power);
    return total;
}

/* Rate of the occupation of N, two helicities, over mu^2 [MeV^3]. */
static double df_N(const struct system *s, int node)
{
    return s->change_N[node] / (2.0 * s->grid.measure[node]);
}

static double vacuum_width(double M)
{
    return M * M * M / (16.0 * ND_PI);
}

/* The plasmas of the tests that hold on the nodes: vacuum, a light photon, a photon almost as heavy
 * as N, plasmons; a T not 1. */
static const struct nd_photon_plasma PLASMAS[] = {
    {0.6, 0.4, 2.1, 0.0},   {0.6, 1.3, 0.9, 0.01}, {0.3, 0.05, 15.0, 1e-6},
    {0.6, 5.0, 0.25, 0.35}, {0.1, 2.0, 0.6, 0.06}, {0.3, 9.0, 0.1, 1.2},
};
enum { N_PLASMAS = sizeof PLASMAS / sizeof *PLASMAS };

static int is_plasmon(const struct nd_photon_plasma *p)
{
    return p->m_gamma2 > p->m4 * p->m4;
}

static void set_plasma(struct system *s, const struct nd_photon_plasma *p)
{
    set(s, p->m4, p->T, p->a, p->m_gamma2);
}

/* ---- exact on the nodes --------------------------------------------------------------------- */

Test(photon_processes, number)
{
    unsigned seed = 1;
    struct system s;
    create(&s, 0.5, 15.0, 40.0);
    for (int p = 0; p < N_PLASMAS; p++) {
        set_plasma(&s, &PLASMAS[p]);
        for (int trial = 0; trial < 5; trial++) {
            randomize(&s, &seed);
            collide(&s);
            cr_assert(modulus(&s) > 0.0, "nothing happens in plasma %d", p);
            /* decay: one for the other; plasmon: one with the other */
            const double sign = is_plasmon(&PLASMAS[p]) ? -1.0 : 1.0;
            ASSERT_NEAR((sum(&s, s.change_nu, 0) + sign * sum(&s, s.change_N, 0)) / modulus(&s),
                        0.0, ROUNDING, "number, plasma %d", p);
            cr_assert(s.unpaired >= 0.0 && s.unpaired < ROUNDING, "unpaired %g", s.unpaired);
        }
    }
    clear(&s);
    nd_photon_processes_free(NULL);
}

Test(photon_processes, detailed_balance)
{
    /* Photons have no chemical potential: those of N and nu are equal with N <-> nu gamma, and
     * opposite with gamma <-> N nubar. */
    const double potentials[] = {0.0, 1.3, -2.0}, rounding = 1e-12; /* of events that cancel */
    struct system s;
    create(&s, 0.5, 15.0, 40.0);
    for (int p = 0; p < N_PLASMAS; p++)
        for (int k = 0; k < 3; k++) {
            const double xi = potentials[k], sign = is_plasmon(&PLASMAS[p]) ? -1.0 : 1.0;
            set_plasma(&s, &PLASMAS[p]);
            make_thermal_nu(&s, sign * xi);
            make_thermal_N(&s, xi);
            collide(&s);
            const double rest = modulus(&s);
            for (int j = 0; j < s.grid.n_core; j++)
                s.f_N[j] *= 1.01; /* for comparison */
            collide(&s);
            cr_assert(rest < 100.0 * rounding * modulus(&s),
                      "plasma %d, chemical potential %g T: %g at rest, disturbed %g", p, xi, rest,
                      modulus(&s));
        }
    /* potentials that differ drive N to nu */
    set_plasma(&s, &PLASMAS[0]);
    make_thermal_nu(&s, 0.0);
    make_thermal_N(&s, 0.5);
    collide(&s);
    for (int j = 0; j < s.grid.n_core; j++)
        cr_assert(s.change_N[j] < 0.0, "node %d: %g", j, s.change_N[j]);
    clear(&s);
}

Test(photon_processes, entropy_grows)
{
    /* of neutrinos and N, sum of change ln((1 - f)/f), and of the plasma, its heat over T. The
     * neutrino's momentum is shared between two nodes and its ln((1 - f)/f) interpolated between
     * them: event by event. */
    unsigned seed = 5;
    struct system s;
    create(&s, 0.5, 15.0, 40.0);
    for (int p = 0; p < N_PLASMAS; p++) {
        set_plasma(&s, &PLASMAS[p]);
        for (int trial = 0; trial < 20; trial++) {
            randomize(&s, &seed);
            collide(&s);
            double production = 0.0, gross = 0.0;
            for (int i = 0; i < s.grid.n; i++) {
                const double potential =
                    log((1.0 - s.f_nu[i]) / s.f_nu[i]) - s.grid.y[i] / (s.plasma.a * s.plasma.T);
                production += s.change_nu[i] * potential;
                gross += fabs(s.change_nu[i] * potential);
            }
            for (int j = 0; j < s.grid.n_core; j++) {
                const double potential =
                    log((1.0 - s.f_N[j]) / s.f_N[j]) - energy_N(&s, j) / s.plasma.T;
                production += s.change_N[j] * potential;
                gross += fabs(s.change_N[j] * potential);
            }
            cr_assert(production > 1e-6 * gross, "plasma %d, trial %d: %g of %g", p, trial,
                      production, gross);
        }
    }
    clear(&s);
}

Test(photon_processes, adds_times_a_factor)
{
    unsigned seed = 6;
    struct system s;
    create(&s, 0.5, 15.0, 40.0);
    set_plasma(&s, &PLASMAS[1]);
    randomize(&s, &seed);
    collide(&s);
    const double before = modulus(&s), factor = -0.5;
    double change_nu[N_MAX], change_N[N_MAX], unpaired;
    for (int i = 0; i < s.grid.n; i++)
        change_nu[i] = change_N[i] = before;
    nd_photon_processes_add(s.processes, s.f_nu, s.f_N, factor, change_nu, change_N, &unpaired);
    for (int i = 0; i < s.grid.n; i++) {
        ASSERT_NEAR(change_nu[i], before + factor * s.change_nu[i], 1e-14 * before, "nu %d", i);
        ASSERT_NEAR(change_N[i], before + factor * s.change_N[i], 1e-14 * before, "N %d", i);
    }
    clear(&s);
}

Test(photon_processes, jacobian)
{
    /* The occupation of the neutrino is interpolated: central differences err by h^2. */
    const double h = 1e-5, tolerance = 1e-7, factor = 2.5;
    unsigned seed = 9;
    struct system s;
    create(&s, 1.0, 8.0, 40.0);
    const int n = s.grid.n, n_core = s.grid.n_core;
    const int nu = 2, N = nu + n, row_length = N + n_core + 1;
    for (int p = 0; p < N_PLASMAS; p++) {
        set_plasma(&s, &PLASMAS[p]);
        randomize(&s, &seed);
        for (int i = 0; i < n; i++) /* ln(f/(1 - f)) is steep at 0 and 1 */
            s.f_nu[i] = 0.05 + 0.9 * s.f_nu[i];
        double *jacobian = calloc((size_t)(row_length * row_length), sizeof *jacobian);
        double *expected = calloc((size_t)(row_length * row_length), sizeof *expected);
        cr_assert(jacobian != NULL && expected != NULL);
        nd_photon_processes_add_jacobian(s.processes, s.f_nu, s.f_N, factor, jacobian, nu, N,
                                         row_length);
        double largest = 0.0;
        for (int i = 0; i < row_length * row_length; i++)
            largest = fmax(largest, fabs(jacobian[i]));
        cr_assert(largest > 0.0);
        for (int j = 0; j < n + n_core; j++) {
            double *f = j < n ? &s.f_nu[j] : &s.f_N[j - n], up[2][N_MAX];
            const double kept = *f;
            *f = kept + h;
            collide(&s);
            memcpy(up[0], s.change_nu, sizeof s.change_nu);
            memcpy(up[1], s.change_N, sizeof s.change_N);
            *f = kept - h;
            collide(&s);
            *f = kept;
            for (int i = 0; i < n; i++)
                expected[(nu + i) * row_length + nu + j] =
                    factor * (up[0][i] - s.change_nu[i]) / (2.0 * h);
            for (int i = 0; i < n_core; i++)
                expected[(N + i) * row_length + nu + j] =
                    factor * (up[1][i] - s.change_N[i]) / (2.0 * h);
        }
        for (int i = 0; i < row_length; i++)
            for (int j = 0; j < row_length; j++)
                ASSERT_NEAR(jacobian[i * row_length + j], expected[i * row_length + j],
                            tolerance * largest, "plasma %d, row %d, column %d", p, i, j);
        free(jacobian);
        free(expected);
    }
    clear(&s);
}

Test(photon_processes, empty_and_full_neutrinos)
{
    /* finite, and what blocking leaves: an empty bath decays freely, a full one not at all */
    struct system s;
    create(&s, 0.5, 15.0, 40.0);
    for (int p = 0; p < N_PLASMAS; p++) {
        set_plasma(&s, &PLASMAS[p]);
        make_thermal_N(&s, 0.0);
        const int row_length = s.grid.n + s.grid.n_core;
        double *jacobian = calloc((size_t)(row_length * row_length), sizeof *jacobian);
        cr_assert(jacobian != NULL);
        for (int full = 0; full < 2; full++) {
            for (int i = 0; i < s.grid.n; i++)
                s.f_nu[i] = full;
            collide(&s);
            nd_photon_processes_add_jacobian(s.processes, s.f_nu, s.f_N, 1.0, jacobian, 0, s.grid.n,
                                             row_length);
            for (int i = 0; i < s.grid.n; i++)
                cr_assert(isfinite(s.change_nu[i]) && isfinite(s.change_N[i]), "node %d", i);
            for (int i = 0; i < row_length * row_length; i++)
                cr_assert(isfinite(jacobian[i]), "plasma %d, full %d: Jacobian", p, full);
            cr_assert(isfinite(s.unpaired) && s.unpaired < ROUNDING, "unpaired %g", s.unpaired);
            /* full: N is made from nu gamma and does not decay; plasmons: N nubar annihilates */
            const double sign = full != is_plasmon(&PLASMAS[p]) ? 1.0 : -1.0;
            for (int j = 0; j < s.grid.n_core; j++)
                cr_assert(sign * s.change_N[j] >= 0.0, "plasma %d, full %d, node %d: %g", p, full,
                          j, s.change_N[j]);
        }
        free(jacobian);
    }
    clear(&s);
}

Test(photon_processes, an_empty_node_does_not_steer)
{
    /* Decays to momenta between an occupied and an empty node: what little the empty one holds must
     * not come with a derivative out of all proportion to those of its neighbours. */
    const double proportion = 1e4;
    struct system s;
    create(&s, 0.5, 15.0, 40.0);
    set_plasma(&s, &PLASMAS[0]);
    make_thermal_N(&s, 0.0);
    const int row_length = s.grid.n + s.grid.n_core;
    const size_t size = (size_t)(row_length * row_length);
    double *jacobian = calloc(size, sizeof *jacobian), largest[2] = {0.0, 0.0};
    cr_assert(jacobian != NULL);
    for (int empty = 0; empty < 2; empty++) {
        for (int i = 0; i < s.grid.n; i++)
            s.f_nu[i] = i % 2 == 0 ? 1e-10 : empty ? 1e-40 : 1e-10;
        memset(jacobian, 0, size * sizeof *jacobian);
        nd_photon_processes_add_jacobian(s.processes, s.f_nu, s.f_N, 1.0, jacobian, 0, s.grid.n,
                                         row_length);
        for (int row = 0; row < row_length; row++)
            for (int column = 0; column < s.grid.n; column++)
                largest[empty] = fmax(largest[empty], fabs(jacobian[row * row_length + column]));
    }
    cr_assert(largest[0] > 0.0 && largest[1] < proportion * largest[0], "%g after %g", largest[1],
              largest[0]);
    free(jacobian);
    clear(&s);
}

/* ---- rates: vacuum photons ------------------------------------------------------------------ */

/* Gamma_E/mu^2 with which N of momentum p relaxes to equilibrium with photons and neutrinos at T:
 * (M Gamma/E)(T/p) ln[sinh((E + p)/2T)/sinh((E - p)/2T)]. */
static double relaxation(double M, double p, double T)
{
    const double E = hypot(p, M), high = 0.5 * (E + p) / T, low = 0.5 * M * M / (E + p) / T;
    const double logarithm = p / T + log(expm1(-2.0 * high) / expm1(-2.0 * low));
    return M * vacuum_width(M) / E * T / p * logarithm;
}

Test(photon_processes, every_momentum_relaxes)
{
    /* df_N/dt = Gamma_E (f_eq - f_N). The 16 Gauss points of ln(k/omega) have to cover a range of
     * 4 ln((E + p)/M), with soft photons and soft neutrinos at its ends: least well for M << T. */
    static const struct {
        double M, T, a, tolerance;
    } cases[] = {
        {0.6, 0.1, 8.0, 1e-6}, {3.0, 0.5, 2.3, 1e-6}, {0.6, 1.0, 1.2, 1e-4}, {0.2, 5.0, 0.2, 1e-2}};
    struct system s;
    create(&s, 0.5, 15.0, 80.0);
    for (int c = 0; c < 4; c++) {
        const double M = cases[c].M, T = cases[c].T;
        set(&s, M, T, cases[c].a, 0.0);
        make_thermal_nu(&s, 0.0);
        for (int j = 0; j < s.grid.n_core; j++)
            s.f_N[j] = j % 2 ? 0.0 : 0.7;
        collide(&s);
        for (int j = 0; j < s.grid.n_core; j++) {
            const double p = s.grid.y[j] / s.plasma.a;
            const double expected = relaxation(M, p, T) * (fermi(energy_N(&s, j) / T) - s.f_N[j]);
            ASSERT_CLOSE(df_N(&s, j), expected, cases[c].tolerance, "M = %g, T = %g, p = %g", M, T,
                         p);
        }
    }
    clear(&s);
}

Test(photon_processes, production_by_an_independent_integral)
{
    /* For M << T production is peaked at momenta of order M, for which dy T has to be small. */
    static const struct {
        double M, T, dy, tolerance;
    } cases[] = {{0.6, 0.2, 0.5, 1e-4},
                 {0.6, 0.6, 0.5, 1e-3},
                 {0.6, 1.2, 0.5, 1e-3},
                 {0.2, 1.0, 0.5, 2e-2},
                 {0.2, 1.0, 0.25, 1e-3}};
    for (int c = 0; c < 5; c++) {
        const double M = cases[c].M, T = cases[c].T;
        const struct nd_model model = {M, 1.0, ND_FLAVOUR_TAU};
        const struct nd_treatment vacuum = {ND_QUANTUM, ND_SCREENING_NONE, ND_NEUTRINOS_EQUAL};
        struct nd_plasma plasma;
        struct nd_rate rate;
        struct nd_error error = ND_ERROR_INIT;
        struct system s;
        nd_plasma_init(&plasma, T);
        ASSERT_OK(
            nd_rate_compute(&rate, ND_INVERSE_DECAY, &model, &vacuum, &plasma, T, 1e-8, &error),
            error);
        create(&s, cases[c].dy, 24.0, 80.0);
        set(&s, M, T, 1.3 / T, 0.0);
        make_thermal_nu(&s, 0.0);
        collide(&s);
        ASSERT_CLOSE(sum(&s, s.change_N, 0) / pow(s.plasma.a, 3), exp(rate.log_gamma),
                     cases[c].tolerance, "M = %g, T = %g", M, T);
        clear(&s);
    }
}

/* ---- rates: decays in a cold and empty bath ------------------------------------------------- */

Test(photon_processes, decay_is_time_dilated)
{
    /* df_N/dt = -M Gamma/E f_N; neutrinos get half the energy, whatever the momentum */
    const double M = 0.6, T = 1e-4, a = 20.0, tolerance = 1e-10, half = 1e-8;
    struct system s;
    create(&s, 0.5, 20.0, 40.0);
    set(&s, M, T, a, 0.0);
    for (int j = 0; j < s.grid.n_core; j++) {
        s.f_N[j] = 0.3;
        collide(&s);
        const double expected = -M * vacuum_width(M) / energy_N(&s, j) * 0.3;
        ASSERT_CLOSE(df_N(&s, j), expected, tolerance, "p/M = %g", s.grid.y[j] / (a * M));
        ASSERT_CLOSE(sum(&s, s.change_nu, 1) / a, -0.5 * energy_N(&s, j) * s.change_N[j], half,
                     "energy of neutrinos at p/M = %g", s.grid.y[j] / (a * M));
        s.f_N[j] = 0.0;
    }
    clear(&s);
}

Test(photon_processes, neutrinos_of_a_slow_N_have_half_its_mass)
{
    /* p/M = 1/600: k is between M/2 (1 -+ p/M), here within one spacing of a node */
    const double M = 0.6, T = 1e-3, a = 500.0, sharing = 2e-6;
    struct system s;
    create(&s, 0.5, 4.0, 200.0);
    set(&s, M, T, a, 0.0);
    s.f_N[0] = 1.0;
    collide(&s);
    const double p = s.grid.y[0] / a;
    double inside = 0.0;
    for (int i = 0; i < s.grid.n - 1; i++)
        if (s.grid.y[i + 1] > 0.5 * M * a * (1.0 - 2.0 * p / M) &&
            s.grid.y[i] < 0.5 * M * a * (1.0 + 2.0 * p / M))
            inside = fmax(inside, s.change_nu[i] + s.change_nu[i + 1]);
    ASSERT_CLOSE(inside, -s.change_N[0], 1e-12, "neutrinos at M/2");
    ASSERT_CLOSE(sum(&s, s.change_nu, 1) / a, -0.5 * energy_N(&s, 0) * s.change_N[0], sharing,
                 "energy");
    clear(&s);
}

/* Decay rate over mu^2 of a state of N of momentum p, helicities averaged, to a neutrino and a
 * transverse photon of mass m: 1/(2 E) int dPhi_2 |M|^2/2. Neutrino and photon are built in the
 * frame of N and boosted; the polarisations are transverse in the plasma and explicit. */
static double massive_decay(double M, double m, double p)
{
    enum { N = 96, N_AZIMUTH = 6 };
    const double E = hypot(p, M), k_star = 0.5 * (M * M - m * m) / M;
    gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(N);
    double mean = 0.0;
    for (size_t i = 0; i < N; i++)
        for (int l = 0; l < N_AZIMUTH; l++) {
            double cosine, weight;
            gsl_integration_glfixed_point(-1.0, 1.0, i, &cosine, &weight, rule);
            const double azimuth = 2.0 * ND_PI * (l + 0.5) / N_AZIMUTH;
            const double sine = sqrt(1.0 - cosine * cosine);
            const double k[3] = {k_star * sine * cos(azimuth), k_star * sine * sin(azimuth),
                                 (E * k_star * cosine + p * k_star) / M};
            const double q[3] = {-k[0], -k[1], p - k[2]};
            const double q2 = q[0] * q[0] + q[1] * q[1] + q[2] * q[2];
            /* two unit vectors across q */
            const double across = hypot(q[0], q[1]);
            const double e1[3] = {q[1] / across, -q[0] / across, 0.0};
            const double e2[3] = {q[0] * q[2] / (across * sqrt(q2)),
                                  q[1] * q[2] / (across * sqrt(q2)), -across / sqrt(q2)};
            double squares = 0.0;
            const double *const polarisations[] = {e1, e2};
            for (int e = 0; e < 2; e++) {
                double ke = 0.0;
                for (int x = 0; x < 3; x++)
                    ke += k[x] * polarisations[e][x];
                squares += M * M * (M * M - m * m) - 4.0 * m * m * ke * ke;
            }
            mean += 0.5 * weight / N_AZIMUTH * squares;
        }
    gsl_integration_glfixed_table_free(rule);
    const double phase_space = k_star / (4.0 * ND_PI * M);
    return 0.5 * mean * phase_space / (2.0 * E);
}

Test(photon_processes, decay_to_massive_photons)
{
    const double M = 0.6, T = 1e-4, a = 20.0, tolerance = 1e-6;
    /* Where the photon can be almost at rest in the plasma its polarisations turn quickly: 16 Gauss
     * points. */
    const double slow_photon_tolerance = 1e-3;
    struct system s;
    create(&s, 0.05, 0.6, 20.0);
    for (double m = 0.1; m < 0.5; m += 0.12) {
        set(&s, M, T, a, m * m);
        for (int j = 0; j < s.grid.n_core; j++)
            s.f_N[j] = 1.0;
        collide(&s);
        /* cold N: Gamma (1 - m^2/M^2)^2, up to p^2/M^2 */
        const double p = s.grid.y[0] / a, r = 1.0 - m * m / (M * M);
        ASSERT_CLOSE(-df_N(&s, 0), vacuum_width(M) * r * r, 4.0 * p * p / (M * M), "m = %g", m);
        cr_assert(p < 0.005 * M);
    }
    clear(&s);
    /* N of any momentum */
    create(&s, 0.5, 20.0, 40.0);
    for (double m = 0.01; m < 0.6; m += 0.1) {
        const double p_rest = 0.5 * (M * M - m * m) / m; /* where a photon can rest in the plasma */
        set(&s, M, T, a, m * m);
        for (int j = 0; j < s.grid.n_core; j++)
            s.f_N[j] = 1.0;
        collide(&s);
        for (int j = 0; j < s.grid.n_core; j += 3) {
            const double p = s.grid.y[j] / a;
            ASSERT_CLOSE(-df_N(&s, j), massive_decay(M, m, p),
                         p < 0.5 * p_rest || p > 3.0 * p_rest ? tolerance : slow_photon_tolerance,
                         "m = %g, p = %g", m, p);
        }
    }
    clear(&s);
}

Test(photon_processes, blocking_and_stimulation_of_decay)
{
    /* What a little N changes in df_N/dt: Gamma_E, with stimulated emission and blocking, at a
     * temperature where both matter. */
    const double M = 0.6, T = 0.5, tolerance = 1e-5, tiny = 1e-9;
    struct system s;
    create(&s, 0.5, 10.0, 60.0);
    set(&s, M, T, 2.0, 0.0);
    make_thermal_nu(&s, 0.0);
    for (int j = 0; j < s.grid.n_core; j++) {
        double change[2];
        for (int i = 0; i < 2; i++) {
            s.f_N[j] = i * tiny;
            collide(&s);
            change[i] = df_N(&s, j);
        }
        s.f_N[j] = 0.0;
        const double p = s.grid.y[j] / s.plasma.a;
        ASSERT_CLOSE(change[0] - change[1], relaxation(M, p, T) * tiny, tolerance, "p = %g", p);
    }
    clear(&s);
}

/* ---- rates: plasmons ------------------------------------------------------------------------ */

struct plasmon_context {
    double M, m, T;
};

/* Two transverse polarisations of Gamma = mu^2 m^4/(48 pi omega) (1 - M^2/m^2)^2 (1 + 2 M^2/m^2).
 */
static double plasmon_integrand(double q, void *context)
{
    const struct plasmon_context *c = context;
    const double omega = hypot(q, c->m), r = c->M * c->M / (c->m * c->m);
    const double width =
        pow(c->m, 4) / (48.0 * ND_PI * omega) * (1.0 - r) * (1.0 - r) * (1.0 + 2.0 * r);
    return 2.0 * q * q / (2.0 * ND_PI * ND_PI) / expm1(omega / c->T) * width;
}

Test(photon_processes, plasmons_decay)
{
    /* Many N have momenta of order M, and m_gamma is 0.12 T in a hot plasma: dy T has to be smaller
     * than that for its total. The last case is m_gamma > T, which is none. */
    static const struct {
        double M, m, T;
    } cases[] = {{0.1, 0.25, 2.0}, {0.6, 1.2, 9.0}, {0.3, 0.32, 2.5}, {0.5, 2.0, 1.0}};
    const double dy = 0.0625, tolerance = 3e-3;
    struct system s;
    create(&s, dy, 20.0, 60.0);
    for (int i = 0; i < 4; i++) {
        struct plasmon_context c = {cases[i].M, cases[i].m, cases[i].T};
        const double expected = integrate(plasmon_integrand, &c, 0.0, 60.0 * c.T, 1e-10);
        set(&s, c.M, c.T, 1.0 / c.T, c.m * c.m);
        collide(&s); /* nothing there that could block */
        const double a3 = pow(s.plasma.a, 3);
        ASSERT_CLOSE(sum(&s, s.change_N, 0) / a3, expected, tolerance, "M = %g, m = %g", c.M, c.m);
        ASSERT_CLOSE(sum(&s, s.change_nu, 0) / a3, expected, tolerance, "M = %g, m = %g", c.M, c.m);
    }
    clear(&s);
}

/* ---- the end of the grid -------------------------------------------------------------------- */

Test(photon_processes, decays_beyond_the_last_node)
{
    /* a k of the hardest neutrino is (y + sqrt(y^2 + a^2 M^2))/2 */
    const double M = 0.6, T = 0.01, y_core = 10.0;
    struct system s;
    struct nd_error error = ND_ERROR_INIT;
    create(&s, 0.5, y_core, 40.0);
    const double end = s.grid.y[s.grid.n - 1];
    const double a_limit = sqrt(pow(2.0 * end - y_core, 2) - y_core * y_core) / M;
    s.plasma = (struct nd_photon_plasma){M, T, 1.05 * a_limit, 0.0};
    ASSERT_ERROR(nd_photon_processes_set(s.processes, &s.plasma, &error), error, ND_BAD_INPUT,
                 "beyond the last node");
    cr_assert(strstr(error.message, "at T = 0.01 MeV") != NULL, "%s", error.message);
    /* not if the grid is just long enough */
    set(&s, M, T, 0.999 * a_limit, 0.0);
    clear(&s);
}
