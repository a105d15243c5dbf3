/* Tests of occupation.h: spectra that the interpolation reproduces exactly (thermal ones, and those
 * whose logit is a parabola), derivatives against differences, the shape between nodes, the ends,
 * and what is taken for noise. */
#include "support.h"

#include "occupation.h"

TestSuite(occupation, .init = no_gsl_abort);

static const double EXACT = 1e-12; /* rounding, of a logit as large as 60 */

enum { N_GRID = 40 };

/* A spectrum that tests can write into. */
struct grid {
    double y[N_GRID], f[N_GRID];
};

/* Growing distances, as a momentum grid has them. */
static struct grid grid_of(double (*f)(double))
{
    struct grid g;
    for (int i = 0; i < N_GRID; i++) {
        g.y[i] = 0.2 * (i + 1) + 0.01 * i * i;
        g.f[i] = f(g.y[i]);
    }
    return g;
}

static struct nd_occupation make(double a, int n, const double *y, const double *f)
{
    struct nd_occupation o;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_occupation_init(&o, a, n, y, f, &error), error);
    return o;
}

static struct nd_occupation make_grid(double a, double (*f)(double))
{
    const struct grid g = grid_of(f);
    return make(a, N_GRID, g.y, g.f);
}

static double f_at(const struct nd_occupation *o, double E)
{
    return nd_occupation_at(o, E).f;
}

static double logit(const struct nd_occupation *o, double E)
{
    const double f = f_at(o, E);
    return log(f / (1.0 - f));
}

/* ---- exact cases ---------------------------------------------------------------------------- */

static void assert_thermal(const struct nd_occupation *o, double T, double E_max)
{
    for (double E = 0.0; E <= E_max; E += 0.0137 * T) {
        const struct nd_occupation_value v = nd_occupation_at(o, E);
        const double f = fermi(E / T), room = f * (1.0 - f);
        ASSERT_CLOSE(v.f, f, EXACT, "f(%g)", E);
        ASSERT_CLOSE(v.d1, -room / T, EXACT, "f'(%g)", E);
        ASSERT_NEAR(v.d2, room * (1.0 - 2.0 * f) / (T * T),
                    EXACT * room * (1.0 / (T * T) + pow(o->per_energy, 2)), "f''(%g)", E);
    }
}

Test(occupation, thermal_spectrum_is_exact)
{
    const double a = 0.7; /* T = 1/a */
    const double y[] = {1.0, 60.0}, f[] = {fermi(1.0), fermi(60.0)};
    struct nd_occupation two = make(a, 2, y, f), grid = make_grid(a, fermi);
    assert_thermal(&two, 1.0 / a, 60.0 / a);
    assert_thermal(&grid, 1.0 / a, 20.0 / a);
    ASSERT_CLOSE(two.E_max, 21.0 / a, EXACT, "E_max: twenty e-folds behind y = 1");
    nd_occupation_clear(&two);
    nd_occupation_clear(&grid);
}

static double hotter(double y)
{
    return fermi(y / 1.4);
}

static double nearly_flat(double y)
{
    return fermi(0.01 * y);
}

static double degenerate(double y) /* a chemical potential */
{
    return fermi(y - 2.5);
}

Test(occupation, other_straight_logits_are_exact)
{
    const double a = 3.0;
    struct nd_occupation hot = make_grid(a, hotter), full = make_grid(a, degenerate);
    struct nd_occupation flat = make_grid(a, nearly_flat);
    assert_thermal(&hot, 1.4 / a, 20.0 / a);
    assert_thermal(&flat, 100.0 / a, 20.0 / a);
    for (double y = 0.0; y < 20.0; y += 0.01)
        ASSERT_CLOSE(f_at(&full, y / a), degenerate(y), EXACT, "f(%g)", y);
    nd_occupation_clear(&hot);
    nd_occupation_clear(&flat);
    nd_occupation_clear(&full);
}

static double parabola(double y) /* logit falls faster and faster */
{
    return fermi(0.1 * y + 0.02 * y * y);
}

Test(occupation, parabolic_logit_is_exact_between_inner_nodes)
{
    const double a = 2.0, tolerance = 1e-11; /* differences of a logit of 13 across 0.2 */
    const struct grid g = grid_of(parabola);
    struct nd_occupation o = make(a, N_GRID, g.y, g.f);
    for (double y = g.y[1] + 1e-6; y < g.y[N_GRID - 2]; y += 0.01) {
        const struct nd_occupation_value v = nd_occupation_at(&o, y / a);
        const double f = parabola(y), room = f * (1.0 - f);
        const double d1 = -a * (0.1 + 0.04 * y), d2 = -a * a * 0.04;
        ASSERT_CLOSE(v.f, f, tolerance, "f(%g)", y);
        ASSERT_CLOSE(v.d1, room * d1, tolerance, "f'(%g)", y);
        ASSERT_NEAR(v.d2, room * ((1.0 - 2.0 * f) * d1 * d1 + d2),
                    tolerance * room * (d1 * d1 + 100.0 * a * a), "f''(%g)", y);
    }
    nd_occupation_clear(&o);
}

Test(occupation, slope_is_at_most_twice_the_smaller_one)
{
    /* at y = 2 the parabola has -5.25, the left interval -0.5 */
    const double y[] = {1.0, 2.0, 3.0, 4.0, 5.0};
    double f[5];
    const double logits[] = {-1.0, -1.5, -11.5, -12.0, -12.05};
    for (int i = 0; i < 5; i++)
        f[i] = fermi(-logits[i]);
    struct nd_occupation o = make(1.0, 5, y, f);
    const double slopes[] = {-0.5, -1.0, -1.0, -0.1, -0.05};
    for (int i = 0; i < 5; i++) {
        const struct nd_occupation_value v = nd_occupation_at(&o, y[i]);
        ASSERT_CLOSE(v.d1 / (v.f * (1.0 - v.f)), slopes[i], 1e-10, "slope at node %d", i);
    }
    nd_occupation_clear(&o);
}

/* ---- shape ---------------------------------------------------------------------------------- */

/* Thermal core and the neutrinos of decays, a bump around y = 12. */
static double bump(double y)
{
    return fermi(0.6 * y) + 1e-2 * exp(-0.3 * pow(y - 12.0, 2));
}

static double step_down(double y) /* flat, an edge, flat again */
{
    return y < 5.0 ? 0.4 - 1e-3 * y : 1e-6 * exp(-1e-3 * y);
}

Test(occupation, derivatives_by_differences)
{
    const double a = 0.3, h = 1e-3;
    double (*spectra[])(double) = {bump, step_down};
    for (int s = 0; s < 2; s++) {
        const struct grid g = grid_of(spectra[s]);
        struct nd_occupation o = make(a, N_GRID, g.y, g.f);
        for (int i = 0; i < N_GRID - 1; i++) /* the second derivative jumps at nodes */
            for (double t = 0.1; t < 1.0; t += 0.2) {
                const double E = (g.y[i] + t * (g.y[i + 1] - g.y[i])) / a;
                const struct nd_occupation_value v = nd_occupation_at(&o, E);
                double f[5];
                for (int k = 0; k < 5; k++)
                    f[k] = f_at(&o, E + (k - 2) * h);
                const double d1 = (8.0 * (f[3] - f[1]) - (f[4] - f[0])) / (12.0 * h);
                const double d2 =
                    (16.0 * (f[3] + f[1]) - (f[4] + f[0]) - 30.0 * f[2]) / (12.0 * h * h);
                ASSERT_NEAR(v.d1, d1, 1e-5 * v.f, "f'(%g) of spectrum %d", E, s);
                ASSERT_NEAR(v.d2, d2, 1e-5 * v.f, "f''(%g) of spectrum %d", E, s);
            }
        nd_occupation_clear(&o);
    }
}

Test(occupation, smooth_at_the_nodes)
{
    const double a = 0.3, near = 1e-9;
    const struct grid g = grid_of(bump);
    struct nd_occupation o = make(a, N_GRID, g.y, g.f);
    for (int i = 0; i < N_GRID - 1; i++) {
        const double E = g.y[i] / a;
        const struct nd_occupation_value at = nd_occupation_at(&o, E);
        ASSERT_CLOSE(at.f, g.f[i], EXACT, "node %d", i);
        for (int side = -1; side <= 1; side += 2) {
            const struct nd_occupation_value v = nd_occupation_at(&o, E * (1.0 + side * near));
            ASSERT_CLOSE(v.f, at.f, 1e-7, "f beside node %d", i);
            ASSERT_NEAR(v.d1, at.d1, 1e-7 * at.f, "f' beside node %d", i);
        }
    }
    nd_occupation_clear(&o);
}

Test(occupation, no_overshoot)
{
    const double a = 1.0;
    double (*spectra[])(double) = {bump, step_down, parabola};
    for (int s = 0; s < 3; s++) {
        const struct grid g = grid_of(spectra[s]);
        struct nd_occupation o = make(a, N_GRID, g.y, g.f);
        for (int i = 0; i < N_GRID - 1; i++) {
            const double direction = g.f[i + 1] > g.f[i] ? 1.0 : -1.0;
            double before = g.f[i];
            for (int k = 1; k <= 50; k++) {
                const double f = f_at(&o, g.y[i] + k / 50.0 * (g.y[i + 1] - g.y[i]));
                cr_assert(direction * (f - before) >= -1e-13 * before,
                          "spectrum %d turns round after node %d: %.17g, then %.17g", s, i, before,
                          f);
                before = f;
            }
            ASSERT_CLOSE(before, g.f[i + 1], EXACT, "end of interval %d", i);
        }
        nd_occupation_clear(&o);
    }
}

Test(occupation, flat_at_a_peak)
{
    const double y[] = {1.0, 2.0, 3.0}, f[] = {0.1, 0.3, 0.2};
    struct nd_occupation o = make(1.0, 3, y, f);
    ASSERT_NEAR(nd_occupation_at(&o, 2.0).d1, 0.0, 1e-15, "slope at the peak");
    cr_assert(f_at(&o, 1.99) < 0.3 && f_at(&o, 2.01) < 0.3, "the node is not the peak");
    nd_occupation_clear(&o);
}

Test(occupation, mirror)
{
    struct nd_occupation o = make_grid(0.3, bump);
    for (double E = 0.01; E < 100.0; E *= 1.1) { /* beyond the last node, too */
        const struct nd_occupation_value v = nd_occupation_at(&o, E), m = nd_occupation_at(&o, -E);
        ASSERT_CLOSE(m.f, 1.0 - v.f, 0.0, "f(-%g)", E);
        ASSERT_CLOSE(m.d1, v.d1, 0.0, "f'(-%g)", E);
        ASSERT_CLOSE(m.d2, -v.d2, 0.0, "f''(-%g)", E);
    }
    nd_occupation_clear(&o);
}

/* ---- the ends ------------------------------------------------------------------------------- */

Test(occupation, first_slope_goes_on_to_zero)
{
    const double a = 2.0;
    const struct grid g = grid_of(parabola);
    struct nd_occupation o = make(a, N_GRID, g.y, g.f);
    const double slope = (logit(&o, g.y[1] / a) - logit(&o, g.y[0] / a)) / (g.y[1] - g.y[0]);
    for (double y = 0.0; y < g.y[0]; y += 0.05 * g.y[0]) {
        const struct nd_occupation_value v = nd_occupation_at(&o, y / a);
        const double room = v.f * (1.0 - v.f);
        ASSERT_NEAR(logit(&o, y / a), logit(&o, g.y[0] / a) + slope * (y - g.y[0]), 1e-13,
                    "logit at %g", y);
        ASSERT_CLOSE(v.d1, room * slope * a, 1e-12, "f'(%g)", y);
        ASSERT_CLOSE(v.d2, room * (1.0 - 2.0 * v.f) * pow(slope * a, 2), 1e-12, "f''(%g)", y);
    }
    nd_occupation_clear(&o);
}

Test(occupation, nothing_above_the_last_node)
{
    const double a = 4.0, y[] = {1.0, 2.0, 8.0}, f[] = {0.5, 0.25, 0.125};
    struct nd_occupation o = make(a, 3, y, f);
    ASSERT_CLOSE(f_at(&o, 2.0), 0.125, EXACT, "last node");
    const struct nd_occupation_value above = nd_occupation_at(&o, 2.0 + 1e-12);
    cr_assert(above.f == 0.0 && above.d1 == 0.0 && above.d2 == 0.0, "neutrinos above E_max");
    ASSERT_CLOSE(f_at(&o, -3.0), 1.0, 0.0, "nothing to block");
    ASSERT_CLOSE(o.E_max, 2.0, 0.0, "E_max");
    nd_occupation_clear(&o);
}

/* ---- noise of an integrator ----------------------------------------------------------------- */

Test(occupation, goes_on_falling_behind_the_last_node_above_noise)
{
    const double a = 2.0, y[] = {1.0, 2.0, 4.0, 5.0, 6.0, 30.0};
    const double f[] = {0.3, 1e-4, 1e-7, -1e-12, 9e-9, 1e-40};
    struct nd_occupation o = make(a, 6, y, f);
    const double slope = (logit(&o, 2.0) - logit(&o, 1.0)) / 2.0;
    ASSERT_CLOSE(o.E_max, (4.0 - 20.0 / slope) / a, EXACT, "E_max: twenty e-folds behind");
    ASSERT_CLOSE(f_at(&o, 2.0), 1e-7, EXACT, "last node above noise");
    for (double E = 2.0; E <= 15.0; E += 0.01) {
        const struct nd_occupation_value v = nd_occupation_at(&o, E);
        ASSERT_NEAR(logit(&o, E), logit(&o, 2.0) + slope * a * (E - 2.0), 1e-11, "logit at %g", E);
        if (E > 2.5)
            ASSERT_CLOSE(v.d1, v.f * (1.0 - v.f) * slope * a, 1e-9, "f'(%g)", E);
    }
    ASSERT_CLOSE(f_at(&o, 15.01), 0.0, 0.0, "above the last node");
    nd_occupation_clear(&o);
}

Test(occupation, what_is_noise)
{
    const double y[] = {1.0, 2.0, 3.0, 4.0}, just_above[] = {0.3, 0.1, 1.01e-8, 0.0};
    const double just_below[] = {0.3, 0.1, 0.99e-8, 0.0};
    struct nd_occupation o = make(1.0, 4, y, just_above);
    ASSERT_CLOSE(f_at(&o, 3.0), 1.01e-8, EXACT, "neutrinos");
    nd_occupation_clear(&o);
    o = make(1.0, 4, y, just_below);
    ASSERT_CLOSE(f_at(&o, 3.0), 1e-8, 1e-6, "noise is reached at the next node");
    cr_assert(f_at(&o, 4.0) < 1e-12, "a tail behind an edge: f = %g", f_at(&o, 4.0));
    nd_occupation_clear(&o);
}

Test(occupation, nobody_in_a_gap)
{
    const double a = 2.0, y[] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
    const double f[] = {0.3, 0.0, -1e-12, 5e-9, 1e-2, 1e-3};
    struct nd_occupation o = make(a, 6, y, f);
    ASSERT_CLOSE(o.E_max, 3.0, 0.0, "E_max above a gap");
    for (double E = 1.0; E <= 2.0; E += 0.1)
        ASSERT_CLOSE(f_at(&o, E), 1e-11, 1e-10, "in the gap, f(%g)", E);
    ASSERT_CLOSE(f_at(&o, 2.5), 1e-2, EXACT, "above the gap");
    ASSERT_CLOSE(f_at(&o, 3.0), 1e-3, EXACT, "last node");
    nd_occupation_clear(&o);
}

Test(occupation, falls_behind_a_rise)
{
    /* to noise at the next node, as behind the edge of a decay */
    const double y[] = {1.0, 2.0, 3.0, 4.0}, rise[] = {0.1, 0.2, 0.0, 0.0};
    const double plateau[] = {0.2, 0.2, 0.0, 0.0};
    for (int i = 0; i < 2; i++) {
        struct nd_occupation o = make(1.0, 4, y, i == 0 ? rise : plateau);
        for (int k = 2; k < 4; k++)
            ASSERT_NEAR(logit(&o, y[k]),
                        logit(&o, 2.0) + (log(1e-8 / (1.0 - 1e-8)) - logit(&o, 2.0)) * (y[k] - 2.0),
                        1e-6, "node %d", k);
        nd_occupation_clear(&o);
    }
}

Test(occupation, one_node_above_noise)
{
    /* nothing says how it falls: as at the temperature 1/a */
    const double y[] = {1.0, 2.0, 5.0}, f[] = {fermi(1.0), 0.0, 0.0};
    struct nd_occupation o = make(0.7, 3, y, f);
    assert_thermal(&o, 1.0 / 0.7, 5.0 / 0.7);
    nd_occupation_clear(&o);
}

Test(occupation, nobody)
{
    const double y[] = {1.0, 2.0}, f[] = {0.0, -1e-12};
    struct nd_occupation o = make(1.0, 2, y, f);
    ASSERT_CLOSE(o.E_max, 0.0, 0.0, "E_max of no neutrinos");
    for (double E = -3.0; E <= 3.0; E += 0.1)
        ASSERT_NEAR(f_at(&o, E), E < 0.0 ? 1.0 : 0.0, 1e-29, "f(%g)", E);
    nd_occupation_clear(&o);
}

Test(occupation, any_scale)
{
    const double y[] = {1e-6, 3e-6}, f[] = {0.4, 0.1}, a = 1e-9;
    struct nd_occupation o = make(a, 2, y, f);
    ASSERT_CLOSE(f_at(&o, 1e3), 0.4, EXACT, "first node");
    ASSERT_CLOSE(logit(&o, 2e3), 0.5 * (logit(&o, 1e3) + logit(&o, 3e3)), EXACT, "half way");
    ASSERT_CLOSE(o.E_max, 3e3, EXACT, "E_max");
    nd_occupation_clear(&o);
}

Test(occupation, nearly_full)
{
    const double y[] = {1.0, 2.0}, f[] = {1.0 - 1e-12, 0.5};
    struct nd_occupation o = make(1.0, 2, y, f);
    ASSERT_CLOSE(1.0 - f_at(&o, 1.0), 1e-12, 1e-4, "room left");
    nd_occupation_clear(&o);
}

/* ---- errors --------------------------------------------------------------------------------- */

static void assert_refused(double a, int n, const double *y, const double *f, const char *fragment)
{
    struct nd_occupation o;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_occupation_init(&o, a, n, y, f, &error), error, ND_BAD_INPUT, fragment);
    nd_occupation_clear(&o);
    cr_assert(o.n == 0 && o.y == NULL, "nodes after clearing");
    nd_occupation_clear(&o); /* of nothing */
}

Test(occupation, errors)
{
    const double y[] = {1.0, 2.0, 3.0}, f[] = {0.3, 0.2, 0.1};
    assert_refused(1.0, 0, y, f, "0 nodes from y = nan");
    assert_refused(1.0, -1, y, f, "-1 nodes");
    assert_refused(1.0, 1, y, f, "a spectrum of 1 nodes from y = 1 with a = 1 MeV^-1: at least 2");
    assert_refused(0.0, 3, y, f, "a = 0 MeV^-1");
    assert_refused(-1.0, 3, y, f, "a = -1 MeV^-1");
    assert_refused(NAN, 3, y, f, "nan MeV^-1");

    const double at_zero[] = {0.0, 2.0, 3.0}, equal[] = {1.0, 2.0, 2.0},
                 falling[] = {1.0, 3.0, 2.0};
    const double no_number[] = {1.0, NAN, 3.0};
    assert_refused(1.0, 3, at_zero, f, "y = 0");
    assert_refused(1.0, 3, equal, f, "occupation 0.1 at y = 2, node 2 of a spectrum");
    assert_refused(1.0, 3, falling, f, "nodes must grow");
    assert_refused(1.0, 3, no_number, f, "node 1");

    const double full[] = {0.3, 1.0, 0.1}, overfull[] = {1.5, 0.2, 0.1};
    const double negative[] = {0.3, 0.2, -1.0}, nan_occupation[] = {0.3, NAN, 0.1};
    assert_refused(1.0, 3, y, full, "occupation 1 at y = 2, node 1 of a spectrum: must be below 1");
    assert_refused(1.0, 3, y, overfull, "occupation 1.5 at y = 1, node 0");
    assert_refused(1.0, 3, y, negative, "occupation -1 at y = 3");
    assert_refused(1.0, 3, y, nan_occupation, "occupation nan");
}
