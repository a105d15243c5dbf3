/* Tests of electron_collisions.h.
 *
 * What holds exactly on the nodes: detailed balance, entropy, number where nothing annihilates, the
 * Jacobian. What holds for dy -> 0: the energy and the number that neutrinos and a plasma of almost
 * the same temperature exchange (Escudero, arXiv:2001.04466), with the statistical factors computed
 * here; scaling with T for massless electrons. The kernels themselves, with the electron's mass,
 * are tested in test_exchange.c. */
#include "support.h"

#include "electron_collisions.h"
#include "exchange.h"
#include "nudipole/constants.h"

TestSuite(electron_collisions, .init = no_gsl_abort);

enum { N_MAX = 80, NODES = 12 };

static const enum nd_weak_kind KINDS[] = {ND_WEAK_ELECTRON, ND_WEAK_OTHER};

/* A grid, its collisions, a spectrum and what collisions do to it. */
struct system {
    struct nd_momentum_grid grid;
    struct nd_electron_collisions *collisions;
    int n_active;
    double a, T;
    double f[N_MAX], change[N_MAX];
};

static void create_with(struct system *s, double dy, double y_core, int nodes, double step_lnT,
                        double step_lnz)
{
    struct nd_error error = ND_ERROR_INIT;
    memset(s, 0, sizeof *s);
    ASSERT_OK(nd_momentum_grid_init(&s->grid, dy, y_core, y_core, 1.0, &error), error);
    cr_assert(s->grid.n <= N_MAX, "%d nodes", s->grid.n);
    s->n_active = s->grid.n;
    ASSERT_OK(nd_electron_collisions_create(&s->collisions, &s->grid, s->n_active, nodes, step_lnT,
                                            step_lnz, &error),
              error);
}

static void create(struct system *s, double dy, double y_core)
{
    create_with(s, dy, y_core, NODES, 0.25, 0.1);
}

static void clear(struct system *s)
{
    nd_electron_collisions_free(s->collisions);
    nd_momentum_grid_clear(&s->grid);
}

static void set(struct system *s, double T, double a)
{
    struct nd_error error = ND_ERROR_INIT;
    s->T = T;
    s->a = a;
    ASSERT_OK(nd_electron_collisions_set(s->collisions, T, a, &error), error);
}

static void collide(struct system *s, enum nd_weak_kind kind)
{
    memset(s->change, 0, sizeof s->change);
    nd_electron_collisions_add(s->collisions, kind, s->f, 1.0, s->change);
}

/* Fermi-Dirac in y/temperature. */
static void make_thermal(struct system *s, double temperature)
{
    for (int i = 0; i < s->grid.n; i++)
        s->f[i] = fermi(s->grid.y[i] / temperature);
}

/* Sum of change y^power. */
static double total(const struct system *s, int power)
{
    double sum = 0.0;
    for (int i = 0; i < s->grid.n; i++)
        sum += s->change[i] * pow(s->grid.y[i], power);
    return sum;
}

static double modulus(const struct system *s)
{
    double sum = 0.0;
    for (int i = 0; i < s->grid.n; i++)
        sum += fabs(s->change[i]);
    return sum;
}

/* ---- exact on the nodes --------------------------------------------------------------------- */

Test(electron_collisions, detailed_balance)
{
    const double temperatures[] = {0.04, 0.2, 1.3, 20.0}, z_values[] = {1.0, 1.27, 0.4};
    const double rounding = 1e-12; /* of events that cancel */
    struct system s;
    create(&s, 1.0, 14.0);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 3; j++) {
            set(&s, temperatures[i], z_values[j] / temperatures[i]);
            for (int k = 0; k < ND_N_WEAK_KINDS; k++) {
                make_thermal(&s, z_values[j]);
                collide(&s, KINDS[k]);
                const double rest = modulus(&s);
                s.f[3] *= 1.01; /* for comparison */
                collide(&s, KINDS[k]);
                cr_assert(rest < 100.0 * rounding * modulus(&s),
                          "T = %g, a T = %g, kind %d: %g at rest, disturbed %g", temperatures[i],
                          z_values[j], k, rest, modulus(&s));
            }
        }
    clear(&s);
    nd_electron_collisions_free(NULL);
}

Test(electron_collisions, entropy_grows)
{
    /* of neutrinos, sum of change ln((1 - f)/f), and of the plasma, its heat over T */
    const double temperatures[] = {0.06, 0.5, 5.0}, z = 1.2;
    unsigned seed = 5;
    struct system s;
    create(&s, 1.0, 12.0);
    for (int i = 0; i < 3; i++) {
        set(&s, temperatures[i], z / temperatures[i]);
        for (int trial = 0; trial < 40; trial++) {
            for (int j = 0; j < s.grid.n; j++) {
                const double random = uniform(&seed);
                s.f[j] = trial % 2 ? random : fermi(s.grid.y[j] / z) * (0.99 + 0.02 * random);
            }
            collide(&s, KINDS[trial / 2 % 2]);
            double production = 0.0, gross = 0.0;
            for (int j = 0; j < s.grid.n; j++) {
                const double neutrinos = s.change[j] * log((1.0 - s.f[j]) / s.f[j]);
                const double plasma = -s.change[j] * s.grid.y[j] / z;
                production += neutrinos + plasma;
                gross += fabs(neutrinos) + fabs(plasma);
            }
            cr_assert(production > 1e-6 * gross, "T = %g, trial %d: %g of %g", temperatures[i],
                      trial, production, gross);
        }
    }
    clear(&s);
}

Test(electron_collisions, scattering_keeps_the_number)
{
    /* two neutrinos of less than m_e each cannot annihilate to e+ e- */
    const double T = 0.05, z = 1.0, rounding = 1e-13;
    unsigned seed = 6;
    struct system s;
    create(&s, 1.0, 10.0);
    cr_assert(s.grid.y[s.grid.n - 1] * T / z < ND_M_ELECTRON);
    set(&s, T, z / T);
    for (int j = 0; j < s.grid.n; j++)
        s.f[j] = uniform(&seed);
    for (int k = 0; k < ND_N_WEAK_KINDS; k++) {
        collide(&s, KINDS[k]);
        cr_assert(modulus(&s) > 0.0, "nothing happens");
        ASSERT_NEAR(total(&s, 0) / modulus(&s), 0.0, rounding, "number, kind %d", k);
    }
    /* at a higher temperature they do */
    set(&s, 1.0, z);
    collide(&s, ND_WEAK_ELECTRON);
    cr_assert(fabs(total(&s, 0)) > 0.01 * modulus(&s), "no annihilation");
    clear(&s);
}

Test(electron_collisions, jacobian)
{
    /* The collision term is of second degree: central differences are exact to rounding. */
    const double h = 1e-3, tolerance = 1e-11;
    const double temperatures[] = {0.1, 2.0}, z = 1.1;
    unsigned seed = 9;
    struct system s;
    create(&s, 1.0, 10.0);
    const int n = s.grid.n, row_length = n + 3;
    for (int t = 0; t < 2; t++)
        for (int k = 0; k < ND_N_WEAK_KINDS; k++) {
            set(&s, temperatures[t], z / temperatures[t]);
            for (int j = 0; j < n; j++)
                s.f[j] = uniform(&seed);
            double jacobian[N_MAX * N_MAX] = {0.0}, largest = 0.0;
            const double factor = 2.5;
            nd_electron_collisions_add_jacobian(s.collisions, KINDS[k], s.f, factor, jacobian,
                                                row_length);
            for (int i = 0; i < n * row_length; i++)
                largest = fmax(largest, fabs(jacobian[i]));
            cr_assert(largest > 0.0);
            for (int j = 0; j < n; j++) {
                double up[N_MAX];
                const double kept = s.f[j];
                s.f[j] = kept + h;
                collide(&s, KINDS[k]);
                memcpy(up, s.change, sizeof up);
                s.f[j] = kept - h;
                collide(&s, KINDS[k]);
                s.f[j] = kept;
                for (int i = 0; i < n; i++)
                    ASSERT_NEAR(jacobian[i * row_length + j],
                                factor * (up[i] - s.change[i]) / (2.0 * h), tolerance * largest,
                                "T = %g, kind %d, d change[%d]/d f[%d]", temperatures[t], k, i, j);
            }
            for (int i = 0; i < n; i++)
                for (int j = n; j < row_length; j++)
                    cr_assert(jacobian[i * row_length + j] == 0.0, "beyond the columns");
        }
    clear(&s);
}

Test(electron_collisions, adds_times_a_factor)
{
    struct system s;
    unsigned seed = 2;
    create(&s, 1.0, 10.0);
    set(&s, 1.0, 1.0);
    for (int j = 0; j < s.grid.n; j++)
        s.f[j] = uniform(&seed);
    collide(&s, ND_WEAK_OTHER);
    double change[N_MAX];
    const double before = 0.7 * modulus(&s);
    for (int j = 0; j < s.grid.n; j++)
        change[j] = before;
    nd_electron_collisions_add(s.collisions, ND_WEAK_OTHER, s.f, -0.5, change);
    for (int j = 0; j < s.grid.n; j++)
        ASSERT_NEAR(change[j], before - 0.5 * s.change[j], 1e-14 * before, "node %d", j);
    clear(&s);
}

Test(electron_collisions, nodes_that_do_not_collide)
{
    /* the first n_active nodes behave as if there were no others */
    struct nd_momentum_grid grid;
    struct nd_electron_collisions *some;
    struct nd_error error = ND_ERROR_INIT;
    struct system s;
    unsigned seed = 3;
    create(&s, 1.0, 10.0);
    set(&s, 0.8, 1.3);
    ASSERT_OK(nd_momentum_grid_init(&grid, 1.0, 10.0, 60.0, 1.25, &error), error);
    /* the last node of a grid has half the weight */
    const int n_active = s.grid.n - 1;
    ASSERT_OK(nd_electron_collisions_create(&some, &grid, n_active, NODES, 0.25, 0.1, &error),
              error);
    ASSERT_OK(nd_electron_collisions_set(some, 0.8, 1.3, &error), error);
    double f[N_MAX] = {0.0}, change[N_MAX] = {0.0};
    for (int j = 0; j < grid.n; j++)
        f[j] = uniform(&seed);
    memcpy(s.f, f, sizeof f);
    nd_electron_collisions_free(s.collisions);
    ASSERT_OK(
        nd_electron_collisions_create(&s.collisions, &s.grid, n_active, NODES, 0.25, 0.1, &error),
        error);
    set(&s, 0.8, 1.3);
    collide(&s, ND_WEAK_ELECTRON);
    nd_electron_collisions_add(some, ND_WEAK_ELECTRON, f, 1.0, change);
    for (int j = 0; j < grid.n; j++)
        if (j < n_active)
            ASSERT_CLOSE(change[j], s.change[j], 1e-13, "node %d", j);
        else
            cr_assert(change[j] == 0.0, "node %d changes", j);
    nd_electron_collisions_free(some);
    nd_momentum_grid_clear(&grid);
    clear(&s);
}

Test(electron_collisions, kernels_of_a_neighbourhood_are_kept)
{
    struct system s;
    create(&s, 1.0, 10.0);
    cr_assert(nd_electron_collisions_filled(s.collisions) == 0);
    set(&s, 1.05, 1.0);
    cr_assert(nd_electron_collisions_filled(s.collisions) == 16);
    set(&s, 1.02, 1.0);
    cr_assert(nd_electron_collisions_filled(s.collisions) == 16, "%d",
              nd_electron_collisions_filled(s.collisions));
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_electron_collisions_set(s.collisions, 1e5, 1.0, &error), error, ND_BAD_INPUT,
                 "T = 100000 MeV");
    clear(&s);
}

/* ---- assembly ------------------------------------------------------------------------------- */

Test(electron_collisions, assembled_from_the_kernels)
{
    /* On a point of the table nothing is interpolated. With the plasma alone, an empty bath gains
     * sum_j K_pair exp(-E_i - E_j), and the derivatives at f = 0 are
     * scattering from j to i minus blocking of pairs. */
    const double T = exp(-3.0 * 0.25), z = exp(2.0 * 0.1), a = z / T, rounding = 1e-10;
    const struct nd_exchange_plasma plasma = {ND_M_ELECTRON / T, 0.0};
    struct nd_exchange exchange;
    struct system s;
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(nd_exchange_init(&exchange, NODES, &error) == ND_OK, "%s", error.message);
    create(&s, 1.0, 10.0);
    set(&s, T, a);
    const int n = s.grid.n;
    const double R = ND_SIN2_THETA_W, unit = a * ND_FERMI * ND_FERMI * pow(T, 6);
    for (int k = 0; k < ND_N_WEAK_KINDS; k++) {
        const double L = KINDS[k] == ND_WEAK_ELECTRON ? R + 0.5 : R - 0.5;
        double jacobian[N_MAX * N_MAX] = {0.0};
        collide(&s, KINDS[k]);
        nd_electron_collisions_add_jacobian(s.collisions, KINDS[k], s.f, 1.0, jacobian, n);
        for (int i = 0; i < n; i++) {
            double gained = 0.0, blocked = 0.0;
            for (int j = 0; j < n; j++) {
                const double Ei = s.grid.y[i] / z, Ej = s.grid.y[j] / z;
                const double weights = unit * s.grid.weight[i] * s.grid.weight[j];
                double pair[2], scatter[2];
                nd_exchange_weak_annihilation(&exchange, &plasma, Ei, Ej, pair);
                const double made =
                    weights * ((L * L + R * R) * pair[0] + L * R * pair[1]) * exp(-Ei - Ej);
                gained += made;
                blocked += made;
                if (j == i)
                    continue;
                nd_exchange_weak_scattering(&exchange, &plasma, fmax(Ei, Ej), fmin(Ei, Ej),
                                            scatter);
                const double kernel = weights * ((L * L + R * R) * scatter[0] + L * R * scatter[1]);
                const double to_i = kernel * (Ei > Ej ? exp(Ej - Ei) : 1.0);
                const double from_i = kernel * (Ej > Ei ? exp(Ei - Ej) : 1.0);
                ASSERT_CLOSE(jacobian[i * n + j], to_i - made, rounding, "kind %d, %d to %d", k, j,
                             i);
                blocked += from_i;
            }
            ASSERT_CLOSE(s.change[i], gained, rounding, "kind %d, node %d", k, i);
            const double own = unit * s.grid.weight[i] * s.grid.weight[i];
            double pair[2];
            nd_exchange_weak_annihilation(&exchange, &plasma, s.grid.y[i] / z, s.grid.y[i] / z,
                                          pair);
            /* a pair of one momentum is blocked by either */
            const double twice =
                own * ((L * L + R * R) * pair[0] + L * R * pair[1]) * exp(-2.0 * s.grid.y[i] / z);
            ASSERT_CLOSE(jacobian[i * n + i], -blocked - twice, rounding, "kind %d, node %d", k, i);
        }
    }
    clear(&s);
}

/* ---- energy and number for dy -> 0 ---------------------------------------------------------- */

/* Massless neutrinos at T and electrons at T + dT: in units of G_F^2/pi^5 4 (g_L^2 + g_R^2) T^8 dT,
 * the energy that nu and nubar gain by annihilation and by scattering, and T times the number.
 * Means over f1 f2 (1 - f3)(1 - f4) |M|^2, in the variables W = E1 + E2, P = |p1 + p2|, E1, E3. */
struct factors {
    double annihilation, scattering, number;
};

static struct factors statistical_factors(int quantum)
{
    enum { N_OUTER = 40, N = 24 };
    gsl_integration_glfixed_table *outer = gsl_integration_glfixed_table_alloc(N_OUTER);
    gsl_integration_glfixed_table *inner = gsl_integration_glfixed_table_alloc(N);
    const double far = 60.0;
    struct factors sum = {0.0, 0.0, 0.0};
    for (size_t i = 0; i < N_OUTER; i++)
        for (size_t j = 0; j < N; j++) {
            double W, weight_W, P, weight_P;
            gsl_integration_glfixed_point(0.0, far, i, &W, &weight_W, outer);
            gsl_integration_glfixed_point(0.0, W, j, &P, &weight_P, inner);
            const double s = W * W - P * P;
            for (size_t k = 0; k < N; k++)
                for (size_t l = 0; l < N; l++) {
                    double E1, w1, E3, w3;
                    gsl_integration_glfixed_point(0.5 * (W - P), 0.5 * (W + P), k, &E1, &w1, inner);
                    gsl_integration_glfixed_point(0.5 * (W - P), 0.5 * (W + P), l, &E3, &w3, inner);
                    const double E2 = W - E1, E4 = W - E3;
                    const double c1 = (P * P + E1 * E1 - E2 * E2) / (2.0 * P * E1);
                    const double c4 = (P * P + E4 * E4 - E3 * E3) / (2.0 * P * E4);
                    /* (p1.p4)^2, mean over azimuth */
                    const double mean = E1 * E4 * (1.0 - c1 * c4);
                    const double swing2 = E1 * E1 * E4 * E4 * (1.0 - c1 * c1) * (1.0 - c4 * c4);
                    const double uu = mean * mean + 0.5 * swing2, ss = 0.25 * s * s;
                    const double F =
                        quantum ? fermi(E1) * fermi(E2) * (1.0 - fermi(E3)) * (1.0 - fermi(E4))
                                : exp(-W);
                    const double weight = weight_W * weight_P * w1 * w3 * F;
                    sum.annihilation += weight * uu * W * W;
                    sum.number += weight * uu * 2.0 * W;
                    sum.scattering += weight * (uu + ss) * (E1 - E3) * (E1 - E3);
                }
        }
    gsl_integration_glfixed_table_free(outer);
    gsl_integration_glfixed_table_free(inner);
    /* 1/(256 pi^5) of the phase space and 128 (g_L^2 + g_R^2) of |M|^2; scattering: nu and nubar,
     * each event counted with its reverse */
    sum.annihilation *= 32.0 / 256.0;
    sum.number *= 32.0 / 256.0;
    sum.scattering *= 2.0 * 0.5 * 32.0 / 256.0;
    return sum;
}

Test(electron_collisions, statistical_factors)
{
    /* energy 32 (T1^9 - T2^9) + 56 T1^4 T2^4 (T1 - T2), number 8 (T1^8 - T2^8) with Maxwell-
     * Boltzmann statistics, and the factors of arXiv:2001.04466 */
    const double tolerance = 1e-7, three_digits = 5e-4;
    const struct factors classical = statistical_factors(0), quantum = statistical_factors(1);
    ASSERT_CLOSE(classical.annihilation, 9.0 * 32.0, tolerance, "annihilation");
    ASSERT_CLOSE(classical.scattering, 56.0, tolerance, "scattering");
    ASSERT_CLOSE(classical.number, 8.0 * 8.0, tolerance, "number");
    ASSERT_NEAR(quantum.annihilation / classical.annihilation, 0.884, three_digits, "annihilation");
    ASSERT_NEAR(quantum.scattering / classical.scattering, 0.829, three_digits, "scattering");
    ASSERT_NEAR(quantum.number / classical.number, 0.852, three_digits, "number");
}

/* 1 + 4 s^2 + 8 s^4 of nu_e and 1 - 4 s^2 + 8 s^4 of the others. */
static double couplings(enum nd_weak_kind kind)
{
    const double s2 = ND_SIN2_THETA_W;
    return 1.0 + (kind == ND_WEAK_ELECTRON ? 4.0 : -4.0) * s2 + 8.0 * s2 * s2;
}

/* What nu and nubar gain at T from a plasma hotter by delta, in the units above. */
static void gains(double dy, double T, enum nd_weak_kind kind, double *energy, double *number)
{
    const double delta = 1e-3, antiparticles = 2.0;
    struct system s;
    create(&s, dy, 24.0);
    set(&s, T, (1.0 + 0.5 * delta) / T);
    make_thermal(&s, 1.0 - 0.5 * delta);
    collide(&s, kind);
    const double a = s.a, unit = ND_FERMI * ND_FERMI / pow(ND_PI, 5) * couplings(kind);
    const double T_mean = 1.0 / a; /* of the plasma, (1 + delta/2)/a, and neutrinos */
    *energy = antiparticles * total(&s, 1) / pow(a, 4) / (unit * pow(T_mean, 9) * delta);
    *number = antiparticles * total(&s, 0) / pow(a, 3) / (unit * pow(T_mean, 8) * delta);
    clear(&s);
}

Test(electron_collisions, energy_and_number_from_a_hotter_plasma)
{
    /* m_e^2/T^2 = 6e-6, interpolation in a T 1e-5, and what is left of dy */
    const double T = 200.0, tolerance = 5e-5, published = 1e-3;
    const struct factors f = statistical_factors(1);
    for (int k = 0; k < ND_N_WEAK_KINDS; k++)
        for (int fine = 0; fine < 2; fine++) {
            double energy, number;
            gains(fine ? 0.4 : 0.6, T, KINDS[k], &energy, &number);
            ASSERT_CLOSE(energy, f.annihilation + f.scattering, tolerance, "energy, kind %d", k);
            ASSERT_CLOSE(number, f.number, tolerance, "number, kind %d", k);
            ASSERT_CLOSE(energy, 32.0 * 9.0 * 0.884 + 56.0 * 0.829, published, "energy, kind %d",
                         k);
            ASSERT_CLOSE(number, 64.0 * 0.852, published, "number, kind %d", k);
        }
}

Test(electron_collisions, massless_electrons_have_no_scale)
{
    /* G_F^2 T^5 of z = a T and f alone, up to m_e^2/T^2 */
    const double T = 150.0, z = 1.3, tolerance = 5e-5;
    double first[ND_N_WEAK_KINDS][N_MAX];
    struct system s;
    create(&s, 1.0, 16.0);
    for (int i = 0; i < 2; i++) {
        set(&s, T * (1 << i), z / (T * (1 << i)));
        make_thermal(&s, 1.0);
        for (int k = 0; k < ND_N_WEAK_KINDS; k++) {
            collide(&s, KINDS[k]);
            double scale = 0.0;
            for (int j = 0; j < s.grid.n; j++)
                scale = fmax(scale, fabs(s.change[j]));
            for (int j = 0; j < s.grid.n; j++)
                if (i == 0)
                    first[k][j] = s.change[j];
                else
                    ASSERT_NEAR(s.change[j] / scale, 32.0 * first[k][j] / scale, tolerance,
                                "kind %d, node %d", k, j);
        }
    }
    clear(&s);
}

Test(electron_collisions, kernels_between_points)
{
    /* Steps as by default against five times smaller ones. Near the threshold of annihilation,
     * which lies within reach of thermal neutrinos below 0.3 MeV, the kernel is not smooth. */
    const double temperatures[] = {0.23, 0.6, 1.7, 9.0}, tolerance[] = {1e-2, 3e-4, 1e-4, 1e-4};
    const double z = 1.137;
    struct system usual, fine;
    create_with(&usual, 1.0, 16.0, NODES, 0.25, 0.1);
    create_with(&fine, 1.0, 16.0, NODES, 0.05, 0.02);
    for (int i = 0; i < 4; i++) {
        const double T = temperatures[i];
        set(&usual, T, z / T);
        set(&fine, T, z / T);
        make_thermal(&usual, 0.9 * z);
        make_thermal(&fine, 0.9 * z);
        for (int k = 0; k < ND_N_WEAK_KINDS; k++) {
            collide(&usual, KINDS[k]);
            collide(&fine, KINDS[k]);
            for (int power = 0; power < 2; power++)
                ASSERT_CLOSE(total(&usual, power), total(&fine, power), tolerance[i],
                             "T = %g, kind %d, y^%d", T, k, power);
        }
    }
    clear(&usual);
    clear(&fine);
}
