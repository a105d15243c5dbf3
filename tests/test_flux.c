/* Tests of nudipole/flux.h: closed-form moments against quadrature of the density, against each
 * other and against triangles and boxes done by hand; lines; the share of a flavour. */
#include "nudipole/flux.h"

#include <float.h>
#include <stdlib.h>

#include "nudipole/constants.h"
#include "support.h"

/* NuFIT 6.0. */
static const struct nd_oscillation NUFIT = {0.307, 0.02195, 0.561, 7.49e-17};

static const double ROUNDING = 1e-13;
/* Of the reference: cquad is asked for 1e-9 in every cell and does far better; asked for more it
 * adds up the rounding errors of thousands of points. */
static const double QUADRATURE_TOLERANCE = 1e-11;

static const enum nd_source CONTINUA[] = {ND_SOURCE_PP,  ND_SOURCE_8B,  ND_SOURCE_HEP,
                                          ND_SOURCE_13N, ND_SOURCE_15O, ND_SOURCE_17F};
enum { N_CONTINUA = sizeof CONTINUA / sizeof CONTINUA[0] };

static struct nd_error error;
static struct nd_solar *solar;
static struct nd_flux *flux;

static void setup(void)
{
    char path[1024];
    const char *root = getenv("ND_TEST_ROOT");
    snprintf(path, sizeof path, "%s/params/data", root != NULL ? root : ".");
    error = (struct nd_error)ND_ERROR_INIT;
    flux = NULL;
    no_gsl_abort();
    ASSERT_OK(nd_solar_create(&solar, path, ND_SOLAR_B16_GS98, NULL, &error), error);
}

static void teardown(void)
{
    nd_flux_free(flux);
    nd_solar_free(solar);
}

TestSuite(flux, .init = setup, .fini = teardown);

static void make(enum nd_source source, const struct nd_oscillation *oscillation,
                 enum nd_flavour flavour)
{
    nd_flux_free(flux);
    ASSERT_OK(nd_flux_create(&flux, solar, source, oscillation, flavour, &error), error);
}

/* A Sun whose 8B has a spectrum written by hand, in room that the test owns. */
static struct nd_flux *by_hand(int n, double *energy, double *shape, double total, int is_line)
{
    static struct nd_solar sun;
    struct nd_flux *result;
    memset(&sun, 0, sizeof sun);
    sun.sources[ND_SOURCE_8B] = (struct nd_solar_source){
        .flux = total, .is_line = is_line, .n = n, .energy = energy, .shape = shape};
    ASSERT_OK(nd_flux_create(&result, &sun, ND_SOURCE_8B, NULL, ND_FLAVOUR_TAU, &error), error);
    return result;
}

static void assert_moments(const struct nd_flux *f, double E_min, const double expected[3],
                           double tolerance, const char *what)
{
    double moments[3] = {NAN, NAN, NAN};
    nd_flux_moments(f, E_min, moments);
    for (int k = 0; k < 3; k++)
        ASSERT_CLOSE(moments[k], expected[k], tolerance, "I_%d above %.17g, %s", k, E_min, what);
}

/* ---- continua ---- */

struct power {
    const struct nd_flux *flux;
    int k;
};

static double integrand(double E, void *context)
{
    const struct power *c = context;
    return nd_flux_density(c->flux, E) / pow(E, c->k);
}

/* Moments between two energies of one cell; at the very end of a spectrum the density is zero. */
static void add_quadrature(double low, double high, double moments[3])
{
    const double end = nd_flux_end(flux);
    for (int k = 0; k < 3; k++) {
        struct power context = {flux, k};
        moments[k] +=
            integrate(integrand, &context, low, high == end ? nextafter(end, 0.0) : high, 1e-9);
    }
}

/* At every node (from the second on where the first is at 0) and at three places in every cell.
 * Next to the end of the spectrum a + b E cancels, in the last cell down to the distance from it.
 */
static void assert_continuum(enum nd_source source, const struct nd_oscillation *oscillation)
{
    static const double PLACES[] = {0.999, 0.5, 0.003};
    const struct nd_solar_source *s = &solar->sources[source];
    double above[3] = {0.0, 0.0, 0.0};
    char what[64];
    snprintf(what, sizeof what, "%s, %s", nd_source_name(source),
             oscillation != NULL ? "tau" : "all");
    make(source, oscillation, ND_FLAVOUR_TAU);
    assert_moments(flux, s->energy[s->n - 1], above, 0.0, what);
    for (int i = s->n - 2; i >= 0; i--) {
        const double low = s->energy[i], high = s->energy[i + 1];
        for (int p = 0; p < 3; p++) {
            const double E = low + PLACES[p] * (high - low);
            double expected[3] = {above[0], above[1], above[2]};
            const double tolerance =
                QUADRATURE_TOLERANCE + 8.0 * DBL_EPSILON * E / (nd_flux_end(flux) - E);
            add_quadrature(E, high, expected);
            assert_moments(flux, E, expected, tolerance, what);
        }
        if (low > 0.0) {
            add_quadrature(low, high, above);
            assert_moments(flux, low, above, QUADRATURE_TOLERANCE, what);
        }
    }
}

Test(flux, moments_of_all)
{
    for (int i = 0; i < N_CONTINUA; i++)
        assert_continuum(CONTINUA[i], NULL);
}

Test(flux, moments_of_tau)
{
    for (int i = 0; i < N_CONTINUA; i++)
        assert_continuum(CONTINUA[i], &NUFIT);
}

/* From next to 0 on: all of the flux, whose mean energy is that of the spectrum. */
Test(flux, total)
{
    for (int s = 0; s < ND_N_SOURCES; s++) {
        double moments[3];
        make((enum nd_source)s, NULL, ND_FLAVOUR_E);
        nd_flux_moments(flux, 1e-9, moments);
        ASSERT_CLOSE(moments[0], solar->sources[s].flux, ROUNDING, "I_0 of %s",
                     nd_source_name((enum nd_source)s));
    }
}

Test(flux, nothing_above_the_end)
{
    const double zero[3] = {0.0, 0.0, 0.0};
    for (int s = 0; s < ND_N_SOURCES; s++) {
        const struct nd_solar_source *source = &solar->sources[s];
        make((enum nd_source)s, NULL, ND_FLAVOUR_E);
        const double end = nd_flux_end(flux);
        cr_assert(end == source->energy[source->n - 1], "end of source %d: %g", s, end);
        assert_moments(flux, end * (1.0 + 1e-15), zero, 0.0, "just above the end");
        assert_moments(flux, 100.0, zero, 0.0, "far above");
        cr_assert(nd_flux_density(flux, end * (1.0 + 1e-15)) == 0.0);
        cr_assert(nd_flux_density(flux, 1e3) == 0.0);
    }
}

/* They fall with the threshold, are positive below the end, and I_1^2 <= I_0 I_2 (Schwarz). */
Test(flux, moments_fall)
{
    for (int s = 0; s < ND_N_SOURCES; s++) {
        double last[3] = {HUGE_VAL, HUGE_VAL, HUGE_VAL}, moments[3];
        make((enum nd_source)s, &NUFIT, ND_FLAVOUR_MU);
        for (double E = 1e-4; E < nd_flux_end(flux); E *= 1.01) {
            nd_flux_moments(flux, E, moments);
            for (int k = 0; k < 3; k++) {
                cr_assert(moments[k] > 0.0 && moments[k] <= last[k], "I_%d of %d at %g", k, s, E);
                last[k] = moments[k];
            }
            cr_assert(moments[1] * moments[1] <= moments[0] * moments[2] * (1.0 + ROUNDING));
            cr_assert(moments[1] * E <= moments[0] * (1.0 + ROUNDING));
        }
    }
}

/* A triangle that falls to zero at the end. Next to the end only the last cell counts: with
 * D = E_2 - E, I_0 = -b D^2/2, and the others are that over E_2 and E_2^2 up to order D/E_2. */
Test(flux, next_to_the_end)
{
    double energy[] = {1.0, 2.0, 4.0}, shape[] = {0.0, 3.0, 0.0};
    struct nd_flux *f = by_hand(3, energy, shape, 5.0, 0);
    for (double D = 1e-2; D > 1e-7; D *= 0.1) {
        double moments[3];
        const double b = -15.0 / 2.0;
        nd_flux_moments(f, 4.0 - D, moments);
        ASSERT_CLOSE(moments[0], -0.5 * b * D * D, 1e-14 / D, "I_0 at a distance of %g", D);
        ASSERT_CLOSE(moments[1], moments[0] / 4.0, D + 1e-14 / D, "I_1 at %g", D);
        ASSERT_CLOSE(moments[2], moments[0] / 16.0, 2.0 * D + 1e-14 / D, "I_2 at %g", D);
    }
    nd_flux_free(f);
}

/* By hand: from 1 to 2, 5 E - 5 for a flux of 5; from 2 to 4, 10 - 5 E/2. */
Test(flux, triangle_by_hand)
{
    double energy[] = {1.0, 2.0, 4.0}, shape[] = {0.0, 1.0, 0.0};
    struct nd_flux *f = by_hand(3, energy, shape, 5.0, 0);
    const double upper[3] = {5.0, 10.0 * log(2.0) - 5.0, 2.5 - 2.5 * log(2.0)};
    const double all[3] = {7.5, upper[1] + 5.0 - 5.0 * log(2.0), upper[2] + 5.0 * log(2.0) - 2.5};
    assert_moments(f, 2.0, upper, ROUNDING, "upper half");
    assert_moments(f, 1.0, all, ROUNDING, "all");
    assert_moments(f, 0.5, all, ROUNDING, "below the first node");
    assert_moments(f, 1e-6, all, ROUNDING, "far below the first node");
    ASSERT_CLOSE(nd_flux_density(f, 1.5), 2.5, ROUNDING, "density at 1.5");
    ASSERT_CLOSE(nd_flux_density(f, 2.0), 5.0, ROUNDING, "density at 2");
    ASSERT_CLOSE(nd_flux_density(f, 3.0), 2.5, ROUNDING, "density at 3");
    cr_assert(nd_flux_density(f, 0.999) == 0.0 && nd_flux_density(f, 1.0) == 0.0);
    nd_flux_free(f);
}

/* A box: the spectrum jumps at both ends. */
Test(flux, box_by_hand)
{
    double energy[] = {1.0, 3.0}, shape[] = {0.5, 0.5};
    struct nd_flux *f = by_hand(2, energy, shape, 7.0, 0);
    const double all[3] = {7.0, 3.5 * log(3.0), 3.5 * (1.0 - 1.0 / 3.0)};
    const double part[3] = {3.5, 3.5 * log(1.5), 3.5 * (0.5 - 1.0 / 3.0)};
    assert_moments(f, 0.1, all, ROUNDING, "below");
    assert_moments(f, 1.0, all, ROUNDING, "at the lower end");
    assert_moments(f, 2.0, part, ROUNDING, "half");
    nd_flux_free(f);
}

Test(flux, density_is_linear_between_nodes)
{
    make(ND_SOURCE_15O, NULL, ND_FLAVOUR_E);
    const struct nd_solar_source *s = &solar->sources[ND_SOURCE_15O];
    for (int i = 1; i < s->n; i++) {
        const double E = s->energy[i - 1], D = s->energy[i] - E;
        const double f = s->flux * s->shape[i - 1], g = s->flux * s->shape[i];
        ASSERT_CLOSE(nd_flux_density(flux, E), f, 0.0, "density at node %d", i - 1);
        ASSERT_CLOSE(nd_flux_density(flux, E + 0.25 * D), 0.75 * f + 0.25 * g, 1e-12,
                     "density in cell %d", i);
    }
}

/* ---- lines ---- */

Test(flux, lines)
{
    const double share[] = {0.103, 0.897}, E[] = {0.3843, 0.8618};
    const double total = solar->sources[ND_SOURCE_7BE].flux;
    const double zero[3] = {0.0, 0.0, 0.0};
    double upper[3], both[3];
    for (int k = 0; k < 3; k++) {
        upper[k] = total * share[1] * pow(E[1], -k);
        both[k] = upper[k] + total * share[0] * pow(E[0], -k);
    }
    make(ND_SOURCE_7BE, NULL, ND_FLAVOUR_E);
    assert_moments(flux, 0.01, both, ROUNDING, "below both");
    assert_moments(flux, nextafter(E[0], 0.0), both, ROUNDING, "just below the lower line");
    assert_moments(flux, E[0], both, ROUNDING, "on the lower line");
    assert_moments(flux, nextafter(E[0], 1.0), upper, ROUNDING, "just above the lower line");
    assert_moments(flux, 0.6, upper, ROUNDING, "between");
    assert_moments(flux, E[1], upper, ROUNDING, "on the upper line");
    assert_moments(flux, nextafter(E[1], 1.0), zero, 0.0, "just above the upper line");
    cr_assert(nd_flux_density(flux, E[0]) == 0.0 && nd_flux_density(flux, 0.6) == 0.0);
}

/* Many lines: what lies at or above the threshold, added up here. */
Test(flux, many_lines)
{
    enum { N = ND_LINES_MAX };
    double energy[N], share[N];
    for (int i = 0; i < N; i++) {
        energy[i] = 0.3 + 0.2 * i * i;
        share[i] = 0.01 * (1.0 + i % 5);
    }
    struct nd_flux *f = by_hand(N, energy, share, 11.0, 1);
    for (int i = 0; i < N; i++)
        for (int step = -1; step <= 1; step++) {
            const double E_min = energy[i] + 0.05 * step;
            double expected[3] = {0.0, 0.0, 0.0};
            for (int j = 0; j < N; j++)
                for (int k = 0; k < 3; k++)
                    expected[k] += energy[j] >= E_min ? 11.0 * share[j] * pow(energy[j], -k) : 0.0;
            assert_moments(f, E_min, expected, ROUNDING, "many lines");
        }
    nd_flux_free(f);
}

Test(flux, edges)
{
    const double *energies = NULL;
    for (int i = 0; i < N_CONTINUA; i++) {
        make(CONTINUA[i], NULL, ND_FLAVOUR_E);
        cr_assert(nd_flux_edges(flux, &energies) == 1 && energies[0] == nd_flux_end(flux));
    }
    make(ND_SOURCE_7BE, NULL, ND_FLAVOUR_E);
    cr_assert(nd_flux_edges(flux, &energies) == 2, "edges of 7Be");
    cr_assert(energies[0] == 0.3843 && energies[1] == 0.8618);
    make(ND_SOURCE_PEP, NULL, ND_FLAVOUR_E);
    cr_assert(nd_flux_edges(flux, &energies) == 1 && energies[0] == 1.442, "edges of pep");
}

/* ---- oscillated ---- */

/* At the nodes: flux times share; between them linear; for lines at the line. */
Test(flux, share_of_a_flavour)
{
    static const enum nd_flavour flavours[] = {ND_FLAVOUR_E, ND_FLAVOUR_MU, ND_FLAVOUR_TAU};
    for (int s = 0; s < ND_N_SOURCES; s++)
        for (int v = 0; v < 3; v++) {
            const struct nd_solar_source *source = &solar->sources[s];
            const char *name = nd_source_name((enum nd_source)s);
            double last = 0.0, last_E = 0.0, sum = 0.0, moments[3];
            make((enum nd_source)s, &NUFIT, flavours[v]);
            for (int i = 0; i < source->n; i++) {
                const double E = source->energy[i];
                const double P = nd_solar_survival(solar, (enum nd_source)s, &NUFIT, E);
                const double share = v == 0   ? P
                                     : v == 1 ? (1.0 - NUFIT.sin2_23) * (1.0 - P)
                                              : NUFIT.sin2_23 * (1.0 - P);
                const double value = source->flux * source->shape[i] * share;
                sum += value;
                if (!source->is_line && i < source->n - 1)
                    ASSERT_CLOSE(nd_flux_density(flux, E), value, ROUNDING, "%s at node %d", name,
                                 i);
                if (!source->is_line && i > 0)
                    ASSERT_CLOSE(nd_flux_density(flux, 0.5 * (E + last_E)), 0.5 * (last + value),
                                 1e-12, "%s in the middle of cell %d", name, i);
                last = value;
                last_E = E;
            }
            nd_flux_moments(flux, 1e-6, moments);
            if (source->is_line)
                ASSERT_CLOSE(moments[0], sum, ROUNDING, "lines of %s, flavour %d", name, v);
        }
}

/* The three flavours add up to all, whatever the threshold. */
Test(flux, flavours_add_up)
{
    for (int s = 0; s < ND_N_SOURCES; s++) {
        for (double E = 0.01; E < 18.0; E *= 1.9) {
            double sum[3] = {0.0, 0.0, 0.0}, moments[3];
            for (int v = 0; v < 3; v++) {
                make((enum nd_source)s, &NUFIT, (enum nd_flavour)v);
                nd_flux_moments(flux, E, moments);
                for (int k = 0; k < 3; k++)
                    sum[k] += moments[k];
            }
            make((enum nd_source)s, NULL, ND_FLAVOUR_E);
            assert_moments(flux, E, sum, 1e-12, nd_source_name((enum nd_source)s));
        }
    }
}

Test(flux, free_of_nothing)
{
    nd_flux_free(NULL);
}
