/* Tests of momentum_grid.h: the integrals of thermal spectra in closed form and the order at which
 * the weights approach them, the layout of core and tail, and the sharing of a momentum between two
 * nodes. */
#include "support.h"

#include "momentum_grid.h"
#include "nudipole/constants.h"

TestSuite(momentum_grid, .init = no_gsl_abort);

static const double ROUNDING = 1e-14; /* of a few operations */

static struct nd_momentum_grid grid_of(double dy, double y_core, double y_max, double growth)
{
    struct nd_momentum_grid grid;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_momentum_grid_init(&grid, dy, y_core, y_max, growth, &error), error);
    return grid;
}

static double boltzmann(double x)
{
    return exp(-x);
}

/* sum of weight y^power f(y/stretch). */
static double moment(const struct nd_momentum_grid *grid, double (*f)(double), double stretch,
                     int power)
{
    double sum = 0.0;
    for (int i = 0; i < grid->n; i++)
        sum += grid->weight[i] * pow(grid->y[i], power) * f(grid->y[i] / stretch);
    return sum;
}

/* ---- integrals ------------------------------------------------------------------------------ */

/* f(y/stretch): integrals over y/stretch of y^2 f and y^3 f, and f'' and f''' at 0. */
struct spectrum {
    double (*f)(double);
    double stretch, number, energy, second, third;
};

#define FERMI_ENERGY (7.0 * ND_PI * ND_PI * ND_PI * ND_PI / 120.0)

static const struct spectrum SPECTRA[] = {
    {fermi, 1.0, 1.5 * ND_ZETA3, FERMI_ENERGY, 0.0, 0.125},
    {fermi, 1.4, 1.5 * ND_ZETA3, FERMI_ENERGY, 0.0, 0.125},
    {boltzmann, 1.0, 2.0, 6.0, 1.0, -1.0},
};
enum { N_SPECTRA = sizeof SPECTRA / sizeof *SPECTRA };

/* Relative error of number (power 2) or energy (power 3). */
static double error_of(const struct spectrum *s, double dy, int power)
{
    const double far = 80.0; /* y^3 f(y/1.4) is 1e-20 there */
    struct nd_momentum_grid grid = grid_of(dy, far, far, 1.0);
    const double exact = (power == 2 ? s->number : s->energy) * pow(s->stretch, power + 1);
    const double error = moment(&grid, s->f, s->stretch, power) / exact - 1.0;
    nd_momentum_grid_clear(&grid);
    return error;
}

/* What is left of it to leading order. With the Euler-Maclaurin formula, the Taylor series of f and
 * sum_m d_m m^5 = 11/120, sum_m d_m m^6 = 1/2 of the corrections d_m,
 *     number    f''' (11/720 - 20/30240) dy^6,
 *     energy    f'' (11/240 - 60/30240) dy^6 + f''' dy^7/12. */
static double leading_error(const struct spectrum *s, double dy, int power)
{
    const double h = dy / s->stretch;
    return power == 2 ? s->third * (11.0 / 720.0 - 20.0 / 30240.0) * pow(h, 6) / s->number
                      : (s->second * (11.0 / 240.0 - 60.0 / 30240.0) * pow(h, 6) +
                         s->third / 12.0 * pow(h, 7)) /
                            s->energy;
}

Test(momentum_grid, number_and_energy_of_thermal_spectra)
{
    const double fine = 0.1, next_order = 0.2; /* dy times a coefficient of 1 to 2 */
    const double coarse = 0.5, tolerance = 2e-5, classical_tolerance = 2e-4; /* leading errors */
    for (int s = 0; s < N_SPECTRA; s++)
        for (int power = 2; power <= 3; power++) {
            ASSERT_CLOSE(error_of(&SPECTRA[s], fine, power),
                         leading_error(&SPECTRA[s], fine, power), next_order,
                         "error of y^%d, spectrum %d", power, s);
            const double allowed = SPECTRA[s].f == fermi ? tolerance : classical_tolerance;
            ASSERT_NEAR(error_of(&SPECTRA[s], coarse, power), 0.0, allowed,
                        "error of y^%d, spectrum %d", power, s);
        }
}

Test(momentum_grid, sixth_order)
{
    /* Halving the step: 2^6 = 64, less what the next order makes of it at these steps. */
    const double least = 50.0;
    for (int s = 0; s < N_SPECTRA; s++)
        for (int power = 2; power <= 3; power++)
            for (double dy = 0.2; dy > 0.09; dy *= 0.5) {
                const double ratio =
                    fabs(error_of(&SPECTRA[s], dy, power) / error_of(&SPECTRA[s], 0.5 * dy, power));
                cr_assert(ratio > least, "spectrum %d, y^%d, dy = %g: error falls by %g only", s,
                          power, dy, ratio);
            }
}

/* ---- layout --------------------------------------------------------------------------------- */

Test(momentum_grid, core_and_tail)
{
    const double dy = 0.3, y_core = 10.0, y_max = 47.0, growth = 1.25;
    struct nd_momentum_grid grid = grid_of(dy, y_core, y_max, growth);
    cr_assert(grid.n_core == 33, "%d nodes in the core", grid.n_core); /* 10/0.3 rounded */
    cr_assert(grid.dy == dy);
    for (int i = 0; i < grid.n_core; i++)
        ASSERT_CLOSE(grid.y[i], (i + 1) * dy, ROUNDING, "node %d", i);
    double step = dy;
    for (int i = grid.n_core; i < grid.n; i++) {
        step *= growth;
        ASSERT_CLOSE(grid.y[i] - grid.y[i - 1], step, 100.0 * ROUNDING, "spacing %d", i);
    }
    cr_assert(grid.y[grid.n - 1] >= y_max && grid.y[grid.n - 2] < y_max, "ends at %g and %g",
              grid.y[grid.n - 2], grid.y[grid.n - 1]);
    for (int i = 0; i < grid.n; i++)
        ASSERT_CLOSE(grid.measure[i],
                     grid.weight[i] * grid.y[i] * grid.y[i] / (2.0 * ND_PI * ND_PI), ROUNDING,
                     "measure %d", i);
    nd_momentum_grid_clear(&grid);
    cr_assert(grid.y == NULL && grid.weight == NULL && grid.measure == NULL && grid.n == 0);
    nd_momentum_grid_clear(&grid); /* once more does no harm */

    struct nd_momentum_grid no_tail = grid_of(0.5, 20.0, 20.0, 1.25);
    cr_assert(no_tail.n == 40 && no_tail.n_core == 40, "%d nodes, %d in the core", no_tail.n,
              no_tail.n_core);
    nd_momentum_grid_clear(&no_tail);
}

Test(momentum_grid, tail_is_the_trapezoidal_rule)
{
    /* of any function that vanishes at the first nodes, where the weights are corrected */
    struct nd_momentum_grid grid = grid_of(0.5, 8.0, 90.0, 1.3);
    unsigned seed = 5;
    for (int trial = 0; trial < 20; trial++) {
        double sum = 0.0, expected = 0.0, last = 0.0;
        for (int i = 4; i < grid.n; i++) {
            const double g = uniform(&seed);
            sum += grid.weight[i] * g;
            expected += 0.5 * (grid.y[i] - grid.y[i - 1]) * (last + g);
            last = g;
        }
        ASSERT_CLOSE(sum, expected, 10.0 * ROUNDING, "trial %d", trial);
    }
    nd_momentum_grid_clear(&grid);
}

/* ---- locate --------------------------------------------------------------------------------- */

Test(momentum_grid, sharing_keeps_number_and_energy)
{
    const double dy = 0.3;
    const struct {
        double y_max, growth;
    } shapes[] = {{12.0, 1.25}, {150.0, 1.25}, {60.0, 1.0}, {400.0, 2.0}};
    for (int s = 0; s < 4; s++) {
        struct nd_momentum_grid grid = grid_of(dy, 12.0, shapes[s].y_max, shapes[s].growth);
        const double end = grid.y[grid.n - 1];
        unsigned seed = 3;
        for (int trial = 0; trial < 3000; trial++) {
            /* a third of the trials below the first node or near it, some exactly on nodes */
            double y = uniform(&seed) * (trial % 3 == 0 ? 2.0 * dy : end);
            if (trial % 10 == 1)
                y = grid.y[trial % grid.n];
            int node = -1;
            double share = NAN;
            cr_assert(nd_momentum_grid_locate(&grid, y, &node, &share), "y = %g not found", y);
            cr_assert(node >= 0 && node <= grid.n - 2, "node %d of %d", node, grid.n);
            /* number is (1 - share) + share */
            ASSERT_NEAR((1.0 - share) * grid.y[node] + share * grid.y[node + 1], y, ROUNDING * end,
                        "energy at y = %g", y);
            if (y >= grid.y[0])
                cr_assert(share >= -1e-12 && share <= 1.0 + 1e-12,
                          "y = %g: share %g of nodes %g and %g", y, share, grid.y[node],
                          grid.y[node + 1]);
            else
                cr_assert(node == 0 && share >= -1.0 && share < 0.0,
                          "y = %g below the first node: node %d, share %g", y, node, share);
        }
        nd_momentum_grid_clear(&grid);
    }
}

Test(momentum_grid, ends_of_the_grid)
{
    struct nd_momentum_grid grid = grid_of(0.5, 10.0, 40.0, 1.25);
    const double end = grid.y[grid.n - 1];
    int node = -1;
    double share = NAN;
    cr_assert(nd_momentum_grid_locate(&grid, 0.0, &node, &share));
    cr_assert(node == 0);
    ASSERT_CLOSE(share, -1.0, ROUNDING, "share at 0");
    cr_assert(nd_momentum_grid_locate(&grid, end, &node, &share));
    cr_assert(node == grid.n - 2);
    ASSERT_CLOSE(share, 1.0, ROUNDING, "share at the end");
    cr_assert(nd_momentum_grid_locate(&grid, 10.0, &node, &share), "end of the core");
    cr_assert(!nd_momentum_grid_locate(&grid, end * (1.0 + 1e-12), &node, &share), "beyond");
    cr_assert(!nd_momentum_grid_locate(&grid, INFINITY, &node, &share), "infinity");
    cr_assert(!nd_momentum_grid_locate(&grid, NAN, &node, &share), "NAN");
    nd_momentum_grid_clear(&grid);
}

/* ---- errors --------------------------------------------------------------------------------- */

Test(momentum_grid, bad_input)
{
    static const struct {
        double dy, y_core, y_max, growth;
    } cases[] = {
        {0.0, 20.0, 20.0, 1.25}, {-0.5, 20.0, 20.0, 1.25},    {NAN, 20.0, 20.0, 1.25},
        {0.5, 3.9, 20.0, 1.25},  {0.5, NAN, 20.0, 1.25},      {0.5, 20.0, 19.0, 1.25},
        {0.5, 20.0, NAN, 1.25},  {0.5, 20.0, INFINITY, 1.25}, {0.5, 20.0, 30.0, 0.99},
        {0.5, 20.0, 30.0, NAN},  {0.5, INFINITY, 30.0, 1.25},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nd_momentum_grid grid;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(nd_momentum_grid_init(&grid, cases[i].dy, cases[i].y_core, cases[i].y_max,
                                           cases[i].growth, &error),
                     error, ND_BAD_INPUT, "at least 8 spacings in the core");
        cr_assert(grid.n == 0 && grid.y == NULL, "case %zu leaves a grid", i);
    }
}

Test(momentum_grid, too_many_nodes)
{
    static const struct {
        double dy, y_core, y_max;
    } cases[] = {{0.005, 20.0, 20.0}, {0.5, 20.0, 1200.0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nd_momentum_grid grid;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(
            nd_momentum_grid_init(&grid, cases[i].dy, cases[i].y_core, cases[i].y_max, 1.0, &error),
            error, ND_BAD_INPUT, "more than 2000 nodes");
        cr_assert(grid.n == 0 && grid.y == NULL, "case %zu leaves a grid", i);
    }
}
