/* Signals of sets of sources in XENON1T: sums, units, published-like numbers, errors. */
#include "nudipole/signal.h"

#include <stdlib.h>

#include "nudipole/units.h"
#include "support.h"

static const double ROUNDING = 1e-13;
static const unsigned EVERY = (1u << ND_N_SOURCES) - 1u;

/* The best fit of arXiv:2007.05513 in 8B neutrinos: 640 keV; the coupling in mu_B. */
static const double BEST_M4 = 0.64, BEST_D = 2.2e-9;

static char data[4096];
static struct nd_error error;
static struct nd_solar *solar;
static struct nd_atom atom;
static struct nd_experiment *x;
static struct nd_fluxes fluxes;
static struct nd_response *response;
static double counts[ND_BINS_MAX], errors[ND_BINS_MAX];

static void set_electrons(enum nd_electrons electrons)
{
    const struct nd_response_options options = {electrons, ND_EFFICIENCY_AT_RECONSTRUCTED};
    nd_response_free(response);
    ASSERT_OK(nd_response_create(&response, x, &atom, &options, &error), error);
}

static void set_fluxes(unsigned members, const struct nd_oscillation *oscillation,
                       enum nd_flavour flavour)
{
    nd_fluxes_clear(&fluxes);
    ASSERT_OK(nd_fluxes_create(&fluxes, solar, members, oscillation, flavour, &error), error);
}

static void setup(void)
{
    const char *root = getenv("ND_TEST_ROOT");
    snprintf(data, sizeof data, "%s/params/data", root != NULL ? root : ".");
    error = (struct nd_error)ND_ERROR_INIT;
    no_gsl_abort();
    ASSERT_OK(nd_solar_create(&solar, data, ND_SOLAR_B16_GS98, NULL, &error), error);
    ASSERT_OK(nd_atom_xenon(&atom, data, &error), error);
    ASSERT_OK(nd_experiment_create(&x, data, "xenon1t", &error), error);
    set_electrons(ND_ELECTRONS_STEPWISE);
    set_fluxes(EVERY, NULL, ND_FLAVOUR_TAU);
}

static void teardown(void)
{
    nd_response_free(response);
    nd_fluxes_clear(&fluxes);
    nd_experiment_free(x);
    nd_atom_clear(&atom);
    nd_solar_free(solar);
}

TestSuite(signal, .init = setup, .fini = teardown);

static struct nd_source_set set_of(const char *text)
{
    struct nd_source_set set;
    ASSERT_OK(nd_source_set_parse(&set, text, &error), error);
    return set;
}

/* Counts in 1-7 keV for d in mu_B, or in all bins for mu = 1 / MeV if d is 0. */
static double counts_of(const char *text, double m4, double d)
{
    const struct nd_source_set set = set_of(text);
    const double mu = d > 0.0 ? d * nd_bohr_magneton() : 1.0;
    double total = 0.0;
    nd_signal_counts(response, &fluxes, &set, m4, counts, errors);
    for (int j = 0; j < x->n_bins; j++)
        if (d == 0.0 || x->high[j] <= 7.0)
            total += mu * mu * counts[j];
    return total;
}

/* ---- sets ---- */

Test(signal, sets_add_up)
{
    static const struct {
        const char *set, *members[ND_N_SOURCES];
    } cases[] = {
        {"8B", {"8B"}},
        {"CNO", {"13N", "15O", "17F"}},
        {"pp+7Be", {"pp", "7Be"}},
        {"all", {"pp", "pep", "7Be", "8B", "hep", "13N", "15O", "17F"}},
    };
    const double masses[] = {0.02, 0.25, 0.5, 2.0};
    for (int i = 0; i < 16; i++) {
        const double m4 = masses[i % 4], E = 2.0 + i;
        const struct nd_source_set whole = set_of(cases[i / 4].set);
        double sum[ND_BINS_MAX] = {0.0}, sum_errors[ND_BINS_MAX] = {0.0}, rate = 0.0, recoils = 0.0;
        for (int k = 0; k < ND_N_SOURCES && cases[i / 4].members[k] != NULL; k++) {
            const struct nd_flux *one = fluxes.of[nd_source_find(cases[i / 4].members[k])];
            nd_response_counts(response, one, m4, counts, errors);
            for (int j = 0; j < x->n_bins; j++) {
                sum[j] += counts[j];
                sum_errors[j] += errors[j];
            }
            rate += nd_response_rate(response, one, m4, E);
            recoils += nd_response_recoil_rate(response, one, m4, E);
        }
        nd_signal_counts(response, &fluxes, &whole, m4, counts, errors);
        for (int j = 0; j < x->n_bins; j++) {
            ASSERT_CLOSE(counts[j], sum[j], ROUNDING, "%s, bin %d", whole.name, j);
            ASSERT_CLOSE(errors[j], sum_errors[j], ROUNDING, "%s, error of %d", whole.name, j);
        }
        ASSERT_CLOSE(nd_signal_rate(response, &fluxes, &whole, m4, E), rate, ROUNDING, "%s",
                     whole.name);
        ASSERT_CLOSE(nd_signal_recoil_rate(response, &fluxes, &whole, m4, E), recoils, ROUNDING,
                     "%s", whole.name);
    }
}

Test(signal, errors_are_optional)
{
    const struct nd_source_set all = set_of("all");
    double without[ND_BINS_MAX];
    nd_signal_counts(response, &fluxes, &all, 0.3, counts, errors);
    nd_signal_counts(response, &fluxes, &all, 0.3, without, NULL);
    cr_assert(memcmp(counts, without, (size_t)x->n_bins * sizeof *counts) == 0);
}

Test(signal, only_what_is_needed)
{
    set_fluxes(1u << ND_SOURCE_PP | 1u << ND_SOURCE_17F, NULL, ND_FLAVOUR_TAU);
    for (int s = 0; s < ND_N_SOURCES; s++)
        cr_assert((fluxes.of[s] != NULL) == (s == ND_SOURCE_PP || s == ND_SOURCE_17F), "%s",
                  nd_source_name((enum nd_source)s));
    cr_assert(counts_of("pp+17F", 0.1, 0.0) > 0.0);
    nd_fluxes_clear(&fluxes);
    for (int s = 0; s < ND_N_SOURCES; s++)
        cr_assert(fluxes.of[s] == NULL);
    nd_fluxes_clear(&fluxes);
}

/* sqrt(m_e^2 + 2 m_e E) - m_e, E the highest energy of the set. */
Test(signal, mass_end_is_that_of_the_largest_member)
{
    static const struct {
        const char *set;
        double E; /* last energy of the spectra, the upper line of 7Be [MeV] */
    } cases[] = {{"pp", 0.42341}, {"7Be", 0.8618},     {"pp+7Be", 0.8618}, {"pep+7Be", 1.442},
                 {"CNO", 1.74},   {"8B+pp+13N", 15.3}, {"all", 18.784}};
    const double m_e = 0.51099895069;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct nd_source_set set = set_of(cases[i].set);
        const double end = nd_signal_mass_end(&fluxes, &set);
        ASSERT_CLOSE(end, sqrt(m_e * m_e + 2.0 * m_e * cases[i].E) - m_e, ROUNDING, "%s", set.name);
        cr_assert(counts_of(cases[i].set, end * 1.0001, 0.0) == 0.0, "%s above its end", set.name);
    }
}

/* ---- numbers ---- */

/* From a program in another language: sums over neutrino, true and reconstructed energy in cgs
 * units, and its own P_ee, averaged over where 8B is born. */
Test(signal, counts_of_the_best_fit)
{
    const double sums = 1e-3; /* steps of 0.02 keV; four digits */
    const struct nd_oscillation oscillation = {0.307, 0.02195, 0.561, nd_mev2_from_ev2(7.49e-5)};
    ASSERT_CLOSE(counts_of("8B", BEST_M4, BEST_D), 20.02, sums, "stepwise electrons");
    set_electrons(ND_ELECTRONS_FREE);
    ASSERT_CLOSE(counts_of("8B", BEST_M4, BEST_D), 23.39, sums, "free electrons");
    set_electrons(ND_ELECTRONS_STEPWISE);
    set_fluxes(EVERY, &oscillation, ND_FLAVOUR_TAU);
    const double tau = counts_of("8B", BEST_M4, BEST_D);
    set_fluxes(EVERY, &oscillation, ND_FLAVOUR_MU);
    const double mu = counts_of("8B", BEST_M4, BEST_D);
    set_fluxes(EVERY, &oscillation, ND_FLAVOUR_E);
    const double e = counts_of("8B", BEST_M4, BEST_D);
    set_fluxes(EVERY, NULL, ND_FLAVOUR_E);
    ASSERT_CLOSE(tau, 7.309, sums, "nu_tau");
    ASSERT_CLOSE(mu + tau, 13.03, sums, "nu_mu and nu_tau, 1 - P_ee");
    ASSERT_CLOSE(tau / mu, 0.561 / 0.439, ROUNDING, "tan^2 theta_23");
    ASSERT_CLOSE(e + mu + tau, counts_of("8B", BEST_M4, BEST_D), ROUNDING, "all flavours");
}

Test(signal, counts_go_as_the_coupling_squared)
{
    ASSERT_CLOSE(counts_of("8B", BEST_M4, 2.0 * BEST_D), 4.0 * counts_of("8B", BEST_M4, BEST_D),
                 ROUNDING, "twice the coupling");
}

Test(signal, peak)
{
    const struct nd_source_set set = set_of("8B");
    set_fluxes(1u << ND_SOURCE_8B, NULL, ND_FLAVOUR_TAU);
    ASSERT_NEAR(nd_signal_peak(response, &fluxes, &set, BEST_M4, 1.0, 30.0), 2.31, 0.02,
                "peak of 8B at 640 keV [keV]");
    for (double m4 = 0.5; m4 < 1.2; m4 += 0.1) {
        const double peak = nd_signal_peak(response, &fluxes, &set, m4, 1.0, 30.0);
        double largest = nd_signal_rate(response, &fluxes, &set, m4, peak), best = peak;
        /* nowhere else is there more, and 1e-3 keV further already less */
        for (double E = 1.0; E < 30.0; E += 0.1)
            cr_assert(nd_signal_rate(response, &fluxes, &set, m4, E) <= largest);
        for (double E = peak - 0.02; E < peak + 0.02; E += 1e-4) {
            const double rate = nd_signal_rate(response, &fluxes, &set, m4, E);
            if (rate > largest) {
                largest = rate;
                best = E;
            }
        }
        ASSERT_NEAR(peak, best, 1e-3, "peak at %g MeV [keV]", m4);
    }
    /* above it the rate falls and below it rises: no maximum */
    cr_assert(isnan(nd_signal_peak(response, &fluxes, &set, BEST_M4, 5.5, 20.0)), "falling");
    cr_assert(isnan(nd_signal_peak(response, &fluxes, &set, BEST_M4, 1.0, 2.0)), "rising");
    ASSERT_NEAR(nd_signal_peak(response, &fluxes, &set, BEST_M4, 2.3, 2.4), 2.31, 0.02, "close");
    cr_assert(isnan(nd_signal_peak(response, &fluxes, &set, 3.5, 1.0, 30.0)), "peak of nothing");
}

/* Rate of 7Be and pep recoils per tonne, year and keV in cgs units: with mu_B^2 alpha = pi r_e^2
 * the cross section is pi r_e^2 times a bracket; electrons per tonne times seconds per year times
 * flux in cm^-2 s^-1. Eq. 2 of arXiv:2007.05513 as printed, Eq. 4 for the threshold. */
static double rate_in_cgs(double flux, double E_nu, double m4, double E, double electrons)
{
    const double r_e = 2.8179403205e-13, m_e = 0.51099895069, year = 365.25 * 86400.0;
    const double per_tonne = 1e6 / 131.293 * 6.02214076e23 * electrons, E_R = 1e-3 * E;
    const double p = sqrt(E_R * E_R + 2.0 * m_e * E_R), m2 = m4 * m4;
    if (E_nu < (m2 + 2.0 * m_e * E_R) / (2.0 * (p - E_R)))
        return 0.0;
    const double bracket =
        1.0 / E_R - 1.0 / E_nu -
        m2 / (2.0 * E_nu * E_R * m_e) * (1.0 - E_R / (2.0 * E_nu) + m_e / (2.0 * E_nu)) +
        m2 * m2 * (E_R - m_e) / (8.0 * E_nu * E_nu * E_R * E_R * m_e * m_e);
    return flux * ND_PI * r_e * r_e * bracket * 1e-3 * per_tonne * year;
}

Test(signal, units)
{
    const double constants = 1e-9; /* r_e against alpha hbar c / m_e */
    const double mu_B = nd_bohr_magneton();
    static const struct {
        double E, electrons; /* README of the data: 42, 44, 48, 50, 52, 54 of xenon's are free */
    } cases[] = {{1.1, 42}, {2.5, 44}, {4.9, 48}, {5.2, 50}, {12.0, 52}, {40.0, 54}};
    const struct nd_source_set beryllium = set_of("7Be"), pep = set_of("pep");
    for (int i = 0; i < 24; i++) {
        const double E = cases[i / 4].E, m4 = 0.01 + 0.1 * (i % 4), n = cases[i / 4].electrons;
        const double of_7be = rate_in_cgs(4.93e9 * 0.897, 0.8618, m4, E, n) +
                              rate_in_cgs(4.93e9 * 0.103, 0.3843, m4, E, n);
        const double of_pep = rate_in_cgs(1.44e8, 1.442, m4, E, n);
        ASSERT_CLOSE(mu_B * mu_B * nd_signal_recoil_rate(response, &fluxes, &beryllium, m4, E),
                     of_7be, constants, "7Be, m4 = %g MeV, recoil of %g keV", m4, E);
        ASSERT_CLOSE(mu_B * mu_B * nd_signal_recoil_rate(response, &fluxes, &pep, m4, E), of_pep,
                     constants, "pep, m4 = %g MeV, recoil of %g keV", m4, E);
    }
}

/* ---- errors ---- */

/* Relative errors of B16-GS98, arXiv:1611.09867, Table 6, added in quadrature by hand. */
Test(signal, flux_error)
{
    static const struct {
        const char *set, *members[3];
        double errors[3];
    } cases[] = {
        {"8B", {"8B"}, {0.12}},
        {"CNO", {"13N", "15O", "17F"}, {0.15, 0.17, 0.20}},
        {"pp+7Be+pep", {"pp", "7Be", "pep"}, {0.006, 0.06, 0.01}},
        {"hep+8B", {"hep", "8B"}, {0.30, 0.12}},
    };
    const double masses[] = {0.05, 0.25, 0.45, 2.4};
    for (int i = 0; i < 16; i++) {
        const double m4 = masses[i % 4];
        const struct nd_source_set set = set_of(cases[i / 4].set);
        double sum = 0.0, variance = 0.0;
        for (int k = 0; k < 3 && cases[i / 4].members[k] != NULL; k++) {
            const double part = counts_of(cases[i / 4].members[k], m4, 0.0);
            sum += part;
            variance += part * part * cases[i / 4].errors[k] * cases[i / 4].errors[k];
        }
        ASSERT_CLOSE(nd_signal_flux_error(response, &fluxes, solar, &set, m4),
                     sum > 0.0 ? sqrt(variance) / sum : 0.0, ROUNDING, "%s at %g MeV", set.name,
                     m4);
    }
}

/* From 1 keV to where the kinematic edge leaves the bins and counts drop by six decades. */
Test(signal, numerical_errors)
{
    enum { MASSES = 40 };
    const double allowed = 1e-6, seen = 1e-6;
    for (int s = 0; s < ND_N_SOURCES; s++) {
        const char *name = nd_source_name((enum nd_source)s);
        const struct nd_source_set set = set_of(name);
        const double end = nd_signal_mass_end(&fluxes, &set), most = counts_of(name, 1e-3, 0.0);
        int checked = 0;
        for (int i = 0; i < MASSES; i++) {
            const double m4 = 1e-3 * pow(end / 1e-3, i / (double)MASSES);
            const double all = counts_of(name, m4, 0.0);
            if (all < seen * most)
                continue;
            checked++;
            for (int j = 0; j < x->n_bins; j++)
                cr_assert(errors[j] <= allowed * all, "%s at %g MeV, bin %d: error %g of %g counts",
                          name, m4, j, errors[j], all);
        }
        cr_assert(checked > MASSES / 2, "%s: %d masses", name, checked);
    }
}
