/* Counts from recoils: against an adaptive double integral over reconstructed and true energy, in
 * limits that have another answer, and at kinematic edges. */
#include "nudipole/response.h"

#include <stdlib.h>

#include "nudipole/units.h"
#include "support.h"

static char data[4096];
static struct nd_error error;
static struct nd_solar *solar;
static struct nd_atom atom;
static struct nd_experiment *x;
static struct nd_flux *flux;
static struct nd_response *response;
static double counts[ND_BINS_MAX], errors[ND_BINS_MAX];

static void setup(void)
{
    const char *root = getenv("ND_TEST_ROOT");
    snprintf(data, sizeof data, "%s/params/data", root != NULL ? root : ".");
    error = (struct nd_error)ND_ERROR_INIT;
    no_gsl_abort();
    ASSERT_OK(nd_solar_create(&solar, data, ND_SOLAR_B16_GS98, NULL, &error), error);
    ASSERT_OK(nd_atom_xenon(&atom, data, &error), error);
    ASSERT_OK(nd_experiment_create(&x, data, "xenon1t", &error), error);
}

static void teardown(void)
{
    nd_response_free(response);
    nd_flux_free(flux);
    nd_experiment_free(x);
    nd_atom_clear(&atom);
    nd_solar_free(solar);
}

TestSuite(response, .init = setup, .fini = teardown);

static void set_source(enum nd_source source)
{
    nd_flux_free(flux);
    ASSERT_OK(nd_flux_create(&flux, solar, source, NULL, ND_FLAVOUR_TAU, &error), error);
}

/* Lines of the same strength, 1e9 / (cm^2 s) each. */
static void set_lines(double *energies, int n)
{
    double shape[ND_LINES_MAX];
    struct nd_solar own = {.sources[ND_SOURCE_PEP] = {.flux = nd_mev3_from_flux(1e9),
                                                      .is_line = 1,
                                                      .n = n,
                                                      .energy = energies,
                                                      .shape = shape}};
    for (int i = 0; i < n; i++)
        shape[i] = 1.0;
    nd_flux_free(flux);
    ASSERT_OK(nd_flux_create(&flux, &own, ND_SOURCE_PEP, NULL, ND_FLAVOUR_TAU, &error), error);
}

static void set_response(enum nd_electrons electrons, enum nd_efficiency_at efficiency_at)
{
    const struct nd_response_options options = {electrons, efficiency_at};
    nd_response_free(response);
    ASSERT_OK(nd_response_create(&response, x, &atom, &options, &error), error);
}

static double sum(const double *values, int first, int last)
{
    double total = 0.0;
    for (int j = first; j < last; j++)
        total += values[j];
    return total;
}

static double total_counts(double m4)
{
    nd_response_counts(response, flux, m4, counts, errors);
    return sum(counts, 0, x->n_bins);
}

/* With 22 keV as their end the bins reach no true energy above 39.94 keV, the end of the table of
 * efficiencies, so that it can be read at the true energy. */
static void end_at_22_keV(void)
{
    x->n_bins = 21;
}

/* ---- the same by brute force ------------------------------------------------------------ */

/* Binding energies [keV] and numbers of electrons, X-ray Data Booklet, Table 1-1. */
static const double SHELLS[][2] = {
    {0.0121, 4}, {0.0134, 2}, {0.0233, 2}, {0.0675, 6}, {0.0695, 4}, {0.1455, 4},
    {0.1467, 2}, {0.2132, 2}, {0.6764, 6}, {0.6890, 4}, {0.9406, 4}, {1.0021, 2},
    {1.1487, 2}, {4.7860, 4}, {5.1070, 2}, {5.4530, 2}, {34.561, 2},
};
enum { N_SHELLS = sizeof SHELLS / sizeof SHELLS[0], CUTS_MAX = 512 };

struct point {
    double m4;
    int free, at_true; /* electrons, efficiency */
    double E;          /* reconstructed [keV] */
};

static double own_efficiency(double E)
{
    for (int i = 1; i < x->n_efficiency; i++)
        if (E >= x->efficiency_energy[i - 1] && E < x->efficiency_energy[i]) {
            const double u = (E - x->efficiency_energy[i - 1]) /
                             (x->efficiency_energy[i] - x->efficiency_energy[i - 1]);
            return (1.0 - u) * x->efficiency[i - 1] + u * x->efficiency[i];
        }
    return 0.0;
}

/* Recoils of true energy E [1/(t yr keV)]. */
static double own_recoil_rate(double E, void *context)
{
    const struct point *p = context;
    const double atoms_per_tonne = 1e6 / 131.293 * 6.02214076e23;
    const double years = 365.25 * 86400.0 / 6.582119569e-22; /* in 1/MeV */
    double electrons = 0.0;
    for (int i = 0; i < N_SHELLS; i++)
        electrons += p->free || SHELLS[i][0] < E ? SHELLS[i][1] : 0.0;
    return 1e-3 * atoms_per_tonne * years * electrons * nd_recoil_rate(flux, p->m4, 1e-3 * E);
}

/* Recoils of true energy E that are reconstructed at p->E; efficiency if read at the true one. */
static double smeared(double E, void *context)
{
    const struct point *p = context;
    const double sigma = x->resolution_sqrt * sqrt(E) + x->resolution_linear * E;
    const double z = (p->E - E) / sigma;
    return own_recoil_rate(E, context) * exp(-0.5 * z * z) / (sqrt(2.0 * ND_PI) * sigma) *
           (p->at_true ? own_efficiency(E) : 1.0);
}

static int ascending(const void *a, const void *b)
{
    const double u = *(const double *)a, v = *(const double *)b;
    return (u > v) - (u < v);
}

static void add_cut(double *cuts, int *n, double E)
{
    if (E > cuts[0] && E < cuts[1]) {
        cr_assert(*n < CUTS_MAX);
        cuts[(*n)++] = E;
    }
}

/* Places in [low, high] where the rate of recoils or the efficiency is not smooth. */
static int make_cuts(double low, double high, const struct point *p, int efficiency, double *cuts)
{
    const double *energies;
    int n = 2;
    cuts[0] = low;
    cuts[1] = high;
    for (int i = 0; i < N_SHELLS; i++)
        add_cut(cuts, &n, SHELLS[i][0]);
    for (int i = 0; i < nd_flux_edges(flux, &energies); i++) {
        double from, to;
        if (!nd_recoil_range(p->m4, energies[i], &from, &to))
            continue;
        add_cut(cuts, &n, 1e3 * from);
        add_cut(cuts, &n, 1e3 * to);
    }
    for (int i = 0; efficiency && i < x->n_efficiency; i++)
        add_cut(cuts, &n, x->efficiency_energy[i]);
    qsort(cuts, (size_t)n, sizeof *cuts, ascending);
    return n;
}

/* Rounding must not put the ends of a piece on the other side of a jump. */
static double integrate_pieces(double (*f)(double, void *), void *context, const double *cuts,
                               int n, double tolerance)
{
    const double rounding = 1e-13;
    double total = 0.0;
    for (int i = 1; i < n; i++) {
        const double a = cuts[i - 1] * (1.0 + rounding), b = cuts[i] * (1.0 - rounding);
        if (a < b && f(0.5 * (a + b), context) > 0.0)
            total += integrate(f, context, a, b, tolerance);
    }
    return total;
}

/* Rate at a reconstructed energy: true energies from 8 sigma below to 8 sigma above, from the
 * quadratic equations (1 +- k l) s^2 +- k r s = E, s^2 the true energy. */
static double own_rate(double E, void *context)
{
    struct point p = *(struct point *)context;
    double cuts[CUTS_MAX];
    const double k = 8.0, r = k * x->resolution_sqrt, l = k * x->resolution_linear;
    const double low = (sqrt(r * r + 4.0 * (1.0 + l) * E) - r) / (2.0 * (1.0 + l));
    const double high = (sqrt(r * r + 4.0 * (1.0 - l) * E) + r) / (2.0 * (1.0 - l));
    p.E = E;
    const int n = make_cuts(low * low, high * high, &p, p.at_true, cuts);
    return integrate_pieces(smeared, &p, cuts, n, 1e-8) * (p.at_true ? 1.0 : own_efficiency(E));
}

static double own_counts(struct point *p, int bin)
{
    double cuts[CUTS_MAX], total = 0.0;
    int n = 2;
    cuts[0] = x->low[bin];
    cuts[1] = x->high[bin];
    for (int i = 0; !p->at_true && i < x->n_efficiency; i++)
        add_cut(cuts, &n, x->efficiency_energy[i]);
    qsort(cuts, (size_t)n, sizeof *cuts, ascending);
    for (int i = 1; i < n; i++)
        total += integrate(own_rate, p, cuts[i - 1], cuts[i], 1e-7);
    return x->exposure * total;
}

/* ---- against it ------------------------------------------------------------------------- */

/* Fails unless bins agree to a fraction of all counts, and the reported errors bound that. */
static void check_bins(const struct point *given, const int *bins, int n, double tolerance)
{
    const double factor = 10.0; /* a second rule gives the order of the error only */
    /* kinks that both rules miss in the same way; what the double integral is good for */
    const double unseen = 0.05 * tolerance + 1e-11;
    struct point p = *given;
    const double all = total_counts(p.m4);
    for (int b = 0; b < n; b++) {
        const int j = bins[b];
        const double expected = own_counts(&p, j), difference = fabs(counts[j] - expected);
        cr_assert(difference <= tolerance * all,
                  "m4 = %g MeV, free %d, at true %d, bin %d: %.12g, expected %.12g: they differ by "
                  "%.3g of all counts, allowed is %.3g",
                  p.m4, p.free, p.at_true, j, counts[j], expected, difference / all, tolerance);
        cr_assert(difference <= factor * errors[j] + unseen * all,
                  "m4 = %g MeV, free %d, at true %d, bin %d: off by %.3g of all counts, reported "
                  "is %.3g",
                  p.m4, p.free, p.at_true, j, difference / all, errors[j] / all);
    }
}

static const double AT_RECONSTRUCTED = 2e-8; /* kinks of tabulated spectra */
static const double AT_TRUE = 3e-6; /* kinks of the table of efficiencies inside of panels */

static void check(enum nd_source source, double m4, int free, int at_true)
{
    const int bins[] = {0, 4, 15}; /* efficiency rises; L shells; none of it */
    const struct point p = {m4, free, at_true, 0.0};
    x->n_bins = 29;
    if (at_true)
        end_at_22_keV();
    set_source(source);
    set_response(free ? ND_ELECTRONS_FREE : ND_ELECTRONS_STEPWISE,
                 at_true ? ND_EFFICIENCY_AT_TRUE : ND_EFFICIENCY_AT_RECONSTRUCTED);
    check_bins(&p, bins, 3, at_true ? AT_TRUE : AT_RECONSTRUCTED);
}

Test(response, counts_in_all_modes)
{
    for (int k = 0; k < 4; k++)
        check(ND_SOURCE_8B, 0.64, k & 1, k >> 1);
}

Test(response, counts_of_sources_and_masses)
{
    check(ND_SOURCE_PP, 0.02, 0, 0);
    check(ND_SOURCE_PP, 0.2, 1, 0);
    check(ND_SOURCE_7BE, 0.1, 0, 0);
    check(ND_SOURCE_PEP, 0.5, 0, 0);
    check(ND_SOURCE_PP, 0.1, 0, 1);
    check(ND_SOURCE_7BE, 0.3, 1, 1);
    check(ND_SOURCE_13N, 0.35, 0, 0);
    check(ND_SOURCE_8B, 1.5, 0, 0);
}

/* Mass at which a line's lowest recoil is at an energy [keV]: it grows with the mass. */
static double mass_of_low_edge(double E_nu, double keV)
{
    double below = 0.0, above = nd_recoil_mass_end(E_nu), low, high;
    for (int i = 0; i < 100; i++) {
        const double m4 = 0.5 * (below + above);
        if (nd_recoil_range(m4, E_nu, &low, &high) && 1e3 * low < keV)
            below = m4;
        else
            above = m4;
    }
    return below;
}

/* The rate jumps at the lowest recoil of a line: the bins below, at and above it. */
Test(response, low_edge_of_a_line_in_the_bins)
{
    static const struct {
        enum nd_source source;
        double E_nu, keV;
    } cases[] = {
        {ND_SOURCE_7BE, 0.8618, 2.34}, {ND_SOURCE_7BE, 0.3843, 5.2}, {ND_SOURCE_PEP, 1.442, 12.5}};
    const double smooth = 1e-10; /* both sides of the jump are */
    double low, high;
    for (int i = 0; i < 3; i++) {
        const int at = (int)cases[i].keV - 1, bins[] = {at - 1, at, at + 1};
        const struct point p = {mass_of_low_edge(cases[i].E_nu, cases[i].keV), i == 1, 0, 0.0};
        set_source(cases[i].source);
        set_response(p.free ? ND_ELECTRONS_FREE : ND_ELECTRONS_STEPWISE,
                     ND_EFFICIENCY_AT_RECONSTRUCTED);
        check_bins(&p, bins, 3, smooth);
        cr_assert(nd_recoil_range(p.m4, cases[i].E_nu, &low, &high));
        ASSERT_CLOSE(1e3 * low, cases[i].keV, smooth, "edge [keV]");
    }
}

/* Neutrinos of 0.1 MeV make recoils up to 28 keV: both edges are among the bins, and near the
 * largest mass in one. Sixteen lines have 32 edges in one panel, the most there can be. */
Test(response, both_edges_in_the_bins)
{
    const double smooth = 1e-10;
    double one[] = {0.1}, many[ND_LINES_MAX];
    const double end = nd_recoil_mass_end(one[0]);
    const double masses[] = {0.85 * end, 0.9995 * end};
    double low, high;
    for (int i = 0; i < ND_LINES_MAX; i++)
        many[i] = one[0] * (1.0 + 1e-5 * i);
    set_response(ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_RECONSTRUCTED);
    for (int i = 0; i < 2; i++) {
        const struct point p = {masses[i], 0, 0, 0.0};
        cr_assert(nd_recoil_range(masses[i], one[0], &low, &high) && low > 1e-3 && high < 3e-2);
        const int bins[] = {(int)(1e3 * low) - 1, (int)(1e3 * high) - 1};
        set_lines(one, 1);
        check_bins(&p, bins, 2, smooth);
        cr_assert(total_counts(masses[i]) > 0.0);
    }
    const int bin = 5; /* 6 to 7 keV */
    const struct point p = {masses[1], 0, 0, 0.0};
    set_lines(many, ND_LINES_MAX);
    check_bins(&p, &bin, 1, smooth);
}

/* Bins that begin at 0 keV, where the resolution vanishes and the efficiency with it. */
Test(response, bins_from_zero)
{
    const int bins[] = {0, 1};
    const struct point p = {0.02, 0, 0, 0.0};
    nd_experiment_free(x);
    ASSERT_OK(nd_experiment_create(&x, data, "lz2022", &error), error);
    set_source(ND_SOURCE_PP);
    set_response(ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_RECONSTRUCTED);
    check_bins(&p, bins, 2, AT_RECONSTRUCTED);
}

/* ---- limits ----------------------------------------------------------------------------- */

static double accepted_recoils(double E, void *context)
{
    return own_recoil_rate(E, context) * own_efficiency(E);
}

/* Without resolution the counts are the recoils times the efficiency. */
Test(response, perfect_resolution)
{
    /* sigma^2 = 1e-6 keV E times a logarithmic slope of up to 10 / keV */
    const double smeared_out = 1e-5;
    x->resolution_sqrt = 1e-3;
    x->resolution_linear = 0.0;
    for (int k = 0; k < 4; k++) {
        struct point p = {k < 2 ? 0.64 : 0.3, k & 1, 0, 0.0};
        const enum nd_efficiency_at at =
            k < 2 ? ND_EFFICIENCY_AT_RECONSTRUCTED : ND_EFFICIENCY_AT_TRUE;
        set_source(k < 2 ? ND_SOURCE_8B : ND_SOURCE_7BE);
        set_response(p.free ? ND_ELECTRONS_FREE : ND_ELECTRONS_STEPWISE, at);
        nd_response_counts(response, flux, p.m4, counts, errors);
        for (int j = 0; j < x->n_bins; j++) {
            double cuts[CUTS_MAX];
            const int n = make_cuts(x->low[j], x->high[j], &p, 1, cuts);
            const double expected =
                x->exposure * integrate_pieces(accepted_recoils, &p, cuts, n, 1e-8);
            ASSERT_CLOSE(counts[j], expected, smeared_out, "m4 = %g MeV, free %d, bin %d", p.m4,
                         p.free, j);
        }
    }
}

/* Efficiency 1 and bins for every energy: the resolution moves recoils but loses none. */
Test(response, recoils_are_conserved)
{
    static const struct {
        enum nd_source source;
        double m4;
    } cases[] = {{ND_SOURCE_7BE, 0.42}, {ND_SOURCE_13N, 0.52}, {ND_SOURCE_8B, 1.9}};
    const double kinks = 1e-8; /* of tabulated spectra */
    x->n_efficiency = 2;
    x->efficiency_energy[0] = 0.0;
    x->efficiency_energy[1] = 1e6;
    x->efficiency[0] = x->efficiency[1] = 1.0;
    x->low[0] = 0.0;
    x->high[x->n_bins - 1] = 2e4;
    for (int k = 0; k < 6; k++) {
        const struct point p = {cases[k / 2].m4, 0, k & 1, 0.0};
        const double *energies;
        double low, high, cuts[CUTS_MAX];
        set_source(cases[k / 2].source);
        set_response(ND_ELECTRONS_STEPWISE,
                     p.at_true ? ND_EFFICIENCY_AT_TRUE : ND_EFFICIENCY_AT_RECONSTRUCTED);
        const int last = nd_flux_edges(flux, &energies) - 1;
        cr_assert(nd_recoil_range(p.m4, energies[last], &low, &high));
        cr_assert(1e3 * low > 10.0, "recoils from %g keV on reach below 0", 1e3 * low);
        const int n = make_cuts(1e3 * low, 1e3 * high, &p, 0, cuts);
        const double expected =
            x->exposure * integrate_pieces(own_recoil_rate, (void *)&p, cuts, n, 1e-9);
        ASSERT_CLOSE(total_counts(p.m4), expected, kinks, "%s, efficiency at true %d",
                     nd_source_name(cases[k / 2].source), p.at_true);
    }
}

Test(response, nothing_above_the_reach)
{
    for (int s = 0; s < ND_N_SOURCES; s++) {
        set_source((enum nd_source)s);
        set_response(ND_ELECTRONS_FREE, ND_EFFICIENCY_AT_RECONSTRUCTED);
        const double m4 = 1.000001 * nd_recoil_mass_end(nd_flux_end(flux));
        nd_response_counts(response, flux, m4, counts, errors);
        for (int j = 0; j < x->n_bins; j++)
            cr_assert(counts[j] == 0.0 && errors[j] == 0.0, "%s, bin %d: %g +- %g",
                      nd_source_name((enum nd_source)s), j, counts[j], errors[j]);
        cr_assert(nd_response_rate(response, flux, m4, 5.0) == 0.0);
        cr_assert(nd_response_recoil_rate(response, flux, m4, 5.0) == 0.0);
    }
}

/* ---- rates ------------------------------------------------------------------------------ */

static double rate_at(double E, void *context)
{
    return nd_response_rate(response, flux, *(double *)context, E);
}

Test(response, counts_are_the_integral_of_the_rate)
{
    for (int k = 0; k < 2; k++) {
        struct point p = {0.64, k, k, 0.0};
        double m4 = p.m4;
        if (p.at_true)
            end_at_22_keV();
        set_source(ND_SOURCE_8B);
        set_response(p.free ? ND_ELECTRONS_FREE : ND_ELECTRONS_STEPWISE,
                     p.at_true ? ND_EFFICIENCY_AT_TRUE : ND_EFFICIENCY_AT_RECONSTRUCTED);
        const double all = total_counts(m4);
        for (int j = 0; j < 8; j++) {
            double cuts[CUTS_MAX];
            const int n = make_cuts(x->low[j], x->high[j], &p, !p.at_true, cuts);
            const double expected = x->exposure * integrate_pieces(rate_at, &m4, cuts, n, 1e-6);
            ASSERT_NEAR(counts[j] / all, expected / all, p.at_true ? AT_TRUE : AT_RECONSTRUCTED,
                        "share of bin %d, %d", j, k);
        }
    }
}

Test(response, rates_against_brute_force)
{
    const double energies[] = {0.7, 1.2, 2.3, 4.9, 11.0, 21.5};
    for (int k = 0; k < 4; k++) {
        struct point p = {0.25, k & 1, k >> 1, 0.0};
        if (p.at_true)
            end_at_22_keV();
        set_source(ND_SOURCE_7BE);
        set_response(p.free ? ND_ELECTRONS_FREE : ND_ELECTRONS_STEPWISE,
                     p.at_true ? ND_EFFICIENCY_AT_TRUE : ND_EFFICIENCY_AT_RECONSTRUCTED);
        for (int i = 0; i < 6; i++) {
            const double E = energies[i];
            ASSERT_CLOSE(nd_response_rate(response, flux, p.m4, E), own_rate(E, &p),
                         p.at_true ? 1e-4 : 1e-9, "reconstructed %g keV, mode %d", E, k);
            ASSERT_CLOSE(nd_response_recoil_rate(response, flux, p.m4, E), own_recoil_rate(E, &p),
                         1e-12, "true %g keV, mode %d", E, k);
        }
    }
}

/* ---- the rest --------------------------------------------------------------------------- */

/* Read at the true energy, recoils from above 2 keV that are reconstructed below count more. */
Test(response, efficiency_at_true_or_reconstructed)
{
    double first[ND_BINS_MAX];
    end_at_22_keV();
    set_source(ND_SOURCE_8B);
    set_response(ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_RECONSTRUCTED);
    nd_response_counts(response, flux, 0.64, first, NULL);
    set_response(ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_TRUE);
    nd_response_counts(response, flux, 0.64, counts, NULL);
    const double ratio = sum(counts, 0, 6) / sum(first, 0, 6);
    ASSERT_NEAR(ratio, 1.0, 0.01, "1-7 keV, true over reconstructed");
    cr_assert(counts[0] > 1.05 * first[0] && counts[1] < 0.98 * first[1],
              "true over reconstructed: %g in 1-2 keV, %g in 2-3 keV", counts[0] / first[0],
              counts[1] / first[1]);
    for (int j = 5; j < x->n_bins; j++) /* flat efficiency */
        ASSERT_NEAR(counts[j] / first[j], 1.0, 0.005, "bin %d, true over reconstructed", j);
}

Test(response, bound_electrons)
{
    double free_counts[ND_BINS_MAX];
    set_source(ND_SOURCE_8B);
    set_response(ND_ELECTRONS_FREE, ND_EFFICIENCY_AT_RECONSTRUCTED);
    nd_response_counts(response, flux, 0.64, free_counts, NULL);
    set_response(ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_RECONSTRUCTED);
    nd_response_counts(response, flux, 0.64, counts, NULL);
    /* far from a binding energy, in units of the resolution */
    ASSERT_CLOSE(counts[2] / free_counts[2], 44.0 / 54.0, 0.01, "3-4 keV");
    ASSERT_CLOSE(counts[12] / free_counts[12], 52.0 / 54.0, 1e-4, "13-14 keV");
}

Test(response, errors_are_optional)
{
    double without[ND_BINS_MAX];
    set_source(ND_SOURCE_13N);
    set_response(ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_RECONSTRUCTED);
    nd_response_counts(response, flux, 0.3, counts, errors);
    nd_response_counts(response, flux, 0.3, without, NULL);
    cr_assert(nd_response_bins(response) == 29);
    cr_assert(memcmp(counts, without, 29 * sizeof *counts) == 0);
}

/* True energies up to 4.3 sigma above the bins, 38.94 keV by hand, must have an efficiency; those
 * above the table, 39.94 keV, which count as lost, make no difference. */
Test(response, efficiency_that_ends_near_the_bins)
{
    const double lost = 1e-5;
    double first[ND_BINS_MAX];
    set_source(ND_SOURCE_8B);
    set_response(ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_TRUE);
    nd_response_counts(response, flux, 0.64, first, NULL);
    x->efficiency_energy[x->n_efficiency - 1] = 60.0; /* nearly constant from 39.7 keV on */
    set_response(ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_TRUE);
    nd_response_counts(response, flux, 0.64, counts, NULL);
    for (int j = 0; j < x->n_bins; j++)
        ASSERT_CLOSE(first[j], counts[j], lost, "bin %d", j);
    cr_assert(first[28] < counts[28], "nothing is lost");
}

Test(response, efficiency_that_ends_too_early)
{
    static const struct {
        const char *name, *message;
    } cases[] = {
        {"xenonnt", "the efficiency of XENONnT SR0 is known up to 30 keV and true energies up to "
                    "38.9 keV reach the bins: allowed is reconstructed"},
        {"lz2022", "the efficiency of LZ WS2022 is known up to 20 keV and true energies up to "
                   "27.4 keV reach the bins: allowed is reconstructed"},
    };
    const struct nd_response_options options = {ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_TRUE};
    for (int i = 0; i < 2; i++) {
        nd_experiment_free(x);
        error = (struct nd_error)ND_ERROR_INIT;
        ASSERT_OK(nd_experiment_create(&x, data, cases[i].name, &error), error);
        ASSERT_ERROR(nd_response_create(&response, x, &atom, &options, &error), error, ND_BAD_INPUT,
                     "");
        cr_assert(response == NULL, "a response beside the error '%s'", error.message);
        cr_assert_str_eq(error.message, cases[i].message);
        error = (struct nd_error)ND_ERROR_INIT;
        set_response(ND_ELECTRONS_STEPWISE, ND_EFFICIENCY_AT_RECONSTRUCTED);
        nd_response_free(response);
        response = NULL;
    }
}

Test(response, nothing_to_free)
{
    nd_response_free(NULL);
}
