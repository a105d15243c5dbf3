/* Tests of nudipole/weak_rates.h and of its factors.
 *
 * Born rates and factors by adaptive quadrature of their definitions, with Fermi's function and
 * Sirlin's function written as they are published; limits in closed form at low and high
 * temperature; the decay against published integrals; nucleons of finite mass against
 * tests/reference/weak_recoil.csv, an integral over phase space without an expansion. */
#include "support.h"

#include <gsl/gsl_sf_dilog.h>
#include <gsl/gsl_sf_gamma.h>
#include <stdlib.h>

#include "nudipole/constants.h"
#include "nudipole/datafile.h"
#include "nudipole/weak_rates.h"
#include "weak_internal.h"

TestSuite(weak_rates, .init = no_gsl_abort);

static const double QUADRATURE = 1e-6; /* what the header promises with thermal neutrinos */
static const double ROUNDING = 1e-12;

static const double m_e = ND_M_ELECTRON;
static const double m_N = 0.5 * (ND_M_NEUTRON + ND_M_PROTON);
static const double DELTA = ND_DELTA_NP;
static const double TAU = 1.3e24; /* 878 s [MeV^-1], about; no result depends on it */

/* ---- rates ---------------------------------------------------------------------------------- */

static struct nd_weak_rates *make(int corrections)
{
    struct nd_weak_rates *rates;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_weak_rates_create(&rates, corrections, TAU, &error), error);
    return rates;
}

static double lambda0(int corrections)
{
    struct nd_weak_rates *rates = make(corrections);
    const double value = nd_weak_rates_lambda0(rates);
    nd_weak_rates_free(rates);
    return value;
}

/* Few nodes are enough for neutrinos at one temperature: their logits lie on a straight line. */
enum { N_THERMAL = 3 };

struct spectrum {
    double y[N_THERMAL], f[N_THERMAL];
    struct nd_nu_e_spectrum s;
};

/* At T_nu, whatever a is. */
static void thermal_on(struct spectrum *spectrum, double T_nu, double a)
{
    const double E_over_T[N_THERMAL] = {1.0, 10.0, 65.0};
    for (int i = 0; i < N_THERMAL; i++) {
        spectrum->y[i] = E_over_T[i] * T_nu * a;
        spectrum->f[i] = fermi(E_over_T[i]);
    }
    spectrum->s = (struct nd_nu_e_spectrum){a, N_THERMAL, spectrum->y, spectrum->f};
}

static void thermal(struct spectrum *spectrum, double T_nu)
{
    thermal_on(spectrum, T_nu, 1.0 / T_nu);
}

/* Rates over K [MeV^5], which do not depend on how the decay normalises them. */
static struct nd_weak_pair rates_over_K(int corrections, double T, const struct nd_nu_e_spectrum *s)
{
    struct nd_weak_rates *rates = make(corrections);
    struct nd_weak_pair pair;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_weak_rates_at(rates, T, s, &pair, &error), error);
    const double K = 1.0 / (TAU * nd_weak_rates_lambda0(rates) * pow(m_e, 5));
    nd_weak_rates_free(rates);
    return (struct nd_weak_pair){pair.n_to_p / K, pair.p_to_n / K};
}

static struct nd_weak_pair thermal_rates(int corrections, double T, double T_nu)
{
    struct spectrum spectrum;
    thermal(&spectrum, T_nu);
    return rates_over_K(corrections, T, &spectrum.s);
}

/* ---- factors as published ------------------------------------------------------------------- */

/* arXiv:1212.0332, Eq. 5. */
static double published_fermi_function(double p)
{
    const double c = sqrt(1.0 - ND_ALPHA * ND_ALPHA) - 1.0;
    const double beta = p / hypot(p, m_e), v = ND_ALPHA / beta;
    const double radius = 0.84075e-13 / ND_HBAR_C;
    gsl_sf_result modulus, argument;
    const int code = gsl_sf_lngamma_complex_e(1.0 + c, v, &modulus, &argument);
    cr_assert(code == GSL_SUCCESS, "lngamma: %s", gsl_strerror(code));
    return 4.0 * (1.0 + 0.5 * c) / pow(gsl_sf_gamma(3.0 + 2.0 * c), 2) *
           pow(2.0 * radius * m_e * beta, 2.0 * c) / pow(1.0 - beta * beta, c) *
           exp(ND_PI * v + 2.0 * modulus.val);
}

/* Phys. Rev. 164 (1967) 1767, Eq. 20b, with L(z) = int_0^z dt ln|1-t|/t from `spence`. */
static double sirlin(double p, double k, double (*spence)(double))
{
    const double E = hypot(p, m_e), beta = p / E, artanh = log((E + p) / m_e);
    return 3.0 * log(ND_M_PROTON / m_e) - 0.75 +
           4.0 * (artanh / beta - 1.0) * (k / (3.0 * E) - 1.5 + log(2.0 * k / m_e)) +
           4.0 / beta * spence(2.0 * beta / (1.0 + beta)) +
           artanh / beta * (2.0 * (1.0 + beta * beta) + k * k / (6.0 * E * E) - 4.0 * artanh);
}

static double spence_by_dilog(double z)
{
    return -gsl_sf_dilog(z);
}

static double spence_integrand(double t, void *context)
{
    (void)context;
    return t > 0.0 ? log1p(-t) / t : -1.0;
}

static double spence_by_quadrature(double z)
{
    return integrate(spence_integrand, NULL, 0.0, z, 1e-12);
}

/* hep-ph/0406324, Eq. 15. */
static double published_radiative(double p, double k, double (*spence)(double))
{
    const double outer = 1.0 + ND_ALPHA / (2.0 * ND_PI) *
                                   (sirlin(p, k, spence) - 3.0 * log(ND_M_PROTON / (2.0 * DELTA)));
    const double low = 1.02094 + ND_ALPHA / ND_PI * 0.891 - 0.00043;
    const double high = 1.02248 + (log(ND_M_PROTON / 1200.0) - 0.34) / (134.0 * 2.0 * ND_PI) - 1e-4;
    return outer * low * high;
}

Test(weak_rates, fermi_function)
{
    /* second order in alpha^2/2 times logarithms; the radius of the proton is that of the nearest
     * p, and alpha/beta reaches 400 */
    for (double p = 1e-5; p < 1e3; p *= 1.2) {
        const double logarithm = 4.0 + 2.0 * fabs(log(0.01 * p)) + 2.0 * log1p(m_e / (137.0 * p));
        const double tolerance = pow(0.5 * ND_ALPHA * ND_ALPHA * logarithm, 2);
        ASSERT_CLOSE(nd_fermi_function(p), published_fermi_function(p), tolerance, "F at %g", p);
    }
}

Test(weak_rates, fermi_function_without_relativity)
{
    /* up to 0.06 % more than Sommerfeld's factor between 0.1 m_e and 5 m_e (arXiv:1801.08023) */
    for (double p = 0.1 * m_e; p < 5.0 * m_e; p *= 1.1) {
        const double y = 2.0 * ND_PI * ND_ALPHA * hypot(p, m_e) / p;
        const double excess = nd_fermi_function(p) * (1.0 - exp(-y)) / y - 1.0;
        cr_assert(excess > 1e-4 && excess < 6e-4, "F over Sommerfeld's at %g: %.9g", p, excess);
    }
}

Test(weak_rates, radiative_factor)
{
    for (double p = 1e-3; p < 500.0; p *= 3.0)
        for (double k = 1e-3; k < 500.0; k *= 7.0)
            ASSERT_CLOSE(nd_weak_radiative(p, k), published_radiative(p, k, spence_by_quadrature),
                         ROUNDING, "R(%g, %g)", p, k);
}

Test(weak_rates, radiative_factor_of_slow_electrons)
{
    /* g -> 3 ln(m_p/m_e) - 3/4 - 8 + 4 + k^2/(6 m_e^2) as p -> 0 */
    const double k = DELTA - m_e, tolerance = 1e-8;
    const double g = 3.0 * log(ND_M_PROTON / m_e) - 0.75 - 8.0 + 2.0 + pow(k / m_e, 2) / 6.0;
    const double slow = nd_weak_radiative(1e-7, k), faster = nd_weak_radiative(0.5, k);
    const double r = 1.0 + ND_ALPHA / (2.0 * ND_PI) * (g - 3.0 * log(ND_M_PROTON / (2.0 * DELTA)));
    const double s =
        1.0 + ND_ALPHA / (2.0 * ND_PI) *
                  (sirlin(0.5, k, spence_by_dilog) - 3.0 * log(ND_M_PROTON / (2.0 * DELTA)));
    ASSERT_CLOSE(slow / faster, r / s, tolerance, "R at rest");
}

Test(weak_rates, factors_as_switched_on)
{
    const double p = 0.7, k = 0.4, F = nd_fermi_function(p), R = nd_weak_radiative(p, k);
    const int both = ND_WEAK_COULOMB | ND_WEAK_RADIATIVE;
    for (int same_side = 0; same_side <= 1; same_side++) {
        const double coulomb = same_side ? F : 1.0;
        ASSERT_CLOSE(nd_weak_factor(0, same_side, p, k), 1.0, 0.0, "none");
        ASSERT_CLOSE(nd_weak_factor(ND_WEAK_RECOIL, same_side, p, k), 1.0, 0.0, "recoil");
        ASSERT_CLOSE(nd_weak_factor(ND_WEAK_COULOMB, same_side, p, k), coulomb, 0.0, "Coulomb");
        ASSERT_CLOSE(nd_weak_factor(ND_WEAK_RADIATIVE, same_side, p, k), R, 0.0, "radiative");
        ASSERT_CLOSE(nd_weak_factor(both, same_side, p, k), coulomb * R, ROUNDING, "both");
    }
}

/* ---- decay ---------------------------------------------------------------------------------- */

Test(weak_rates, decay_in_closed_form)
{
    const double d = DELTA / m_e, d2 = d * d;
    const double expected = sqrt(d2 - 1.0) * (2.0 * d2 * d2 - 9.0 * d2 - 8.0) / 60.0 +
                            0.25 * d * log(d + sqrt(d2 - 1.0));
    ASSERT_CLOSE(lambda0(0), expected, ROUNDING, "lambda_0");
}

Test(weak_rates, decay_as_published)
{
    /* arXiv:1801.08023, digits cut, other constants; its corrections by recoil have m_p for m_N */
    const int factors = ND_WEAK_COULOMB | ND_WEAK_RADIATIVE;
    const double born = lambda0(0), with_factors = lambda0(factors), mass = ND_M_PROTON / m_N;
    const double last_digit = 1e-5, last_recoil = 2e-7;
    ASSERT_NEAR(born, 1.63609, last_digit, "Born");
    ASSERT_NEAR(with_factors, 1.75838, last_digit, "Coulomb and radiative");
    ASSERT_NEAR(lambda0(ND_WEAK_RECOIL) - born, -3.3828e-3 * mass, last_recoil, "recoil");
    ASSERT_NEAR(lambda0(factors | ND_WEAK_RECOIL) - with_factors, -3.6201e-3 * mass, last_recoil,
                "recoil with factors");
    ASSERT_NEAR(lambda0(ND_WEAK_STANDARD) - with_factors, -3.6333e-3 * mass, last_recoil,
                "recoil and magnetism with factors");
    ASSERT_NEAR(lambda0(ND_WEAK_STANDARD), 1.75474, 2.0 * last_digit, "total");
}

Test(weak_rates, decay_and_other_corrections)
{
    /* magnetism alone does not change the decay, at first order; the plasma never does */
    ASSERT_CLOSE(lambda0(ND_WEAK_RECOIL | ND_WEAK_MAGNETISM), lambda0(ND_WEAK_RECOIL), ROUNDING,
                 "magnetism");
    ASSERT_CLOSE(lambda0(ND_WEAK_ALL), lambda0(ND_WEAK_STANDARD), 0.0, "plasma");
    /* phase space of neutron decay with Coulomb and recoil: f = 1.6887 (hep-ph/0406324), with more
     * effects of the proton's size */
    ASSERT_CLOSE(lambda0(ND_WEAK_COULOMB | ND_WEAK_RECOIL), 1.6887, 2e-4, "f");
    /* 1 + RC = 1.0390(8) */
    ASSERT_CLOSE(lambda0(ND_WEAK_COULOMB | ND_WEAK_RADIATIVE) / lambda0(ND_WEAK_COULOMB), 1.0390,
                 5e-5, "1 + RC");
}

/* Spectrum of the decay, times the radiative correction of order alpha. */
static double decay_spectrum(double p, void *context)
{
    const double k = DELTA - hypot(p, m_e);
    const double weight = p * p * k * k * published_fermi_function(p);
    return context == NULL ? weight : weight * sirlin(p, k, spence_by_dilog);
}

Test(weak_rates, outer_radiative_correction)
{
    /* alpha/(2 pi) g averaged over the decay: 1.50e-2; of the factor, what depends on p and k */
    const double p_max = sqrt(DELTA * DELTA - m_e * m_e), short_of = 1.0 - 1e-12;
    int yes = 1;
    const double norm = integrate(decay_spectrum, NULL, 1e-9, p_max * short_of, 1e-10);
    const double g = integrate(decay_spectrum, &yes, 1e-9, p_max * short_of, 1e-10) / norm;
    const double scale = ND_ALPHA / (2.0 * ND_PI);
    ASSERT_NEAR(scale * g, 1.50e-2, 1e-4, "outer correction");
    const double p = 0.6, k = 0.5, reference = nd_weak_radiative(p, k);
    const double outer = 1.0 + scale * (g - 3.0 * log(ND_M_PROTON / (2.0 * DELTA)));
    const double here =
        1.0 + scale * (sirlin(p, k, spence_by_dilog) - 3.0 * log(ND_M_PROTON / (2.0 * DELTA)));
    ASSERT_CLOSE(lambda0(ND_WEAK_COULOMB | ND_WEAK_RADIATIVE) / lambda0(ND_WEAK_COULOMB),
                 outer / here * reference, 1e-8, "averaged factor");
}

/* ---- rates by quadrature -------------------------------------------------------------------- */

/* What a reference integral depends on: neutrinos at T_nu, or as interpolated. */
struct reference {
    int corrections, direction;
    double T, T_nu;
    const struct nd_occupation *neutrinos;
};

static double reference_integrand(double p, void *context)
{
    const struct reference *r = context;
    const double E = hypot(p, m_e);
    double sum = 0.0;
    for (int sign = -1; sign <= 1;
         sign += 2) { /* e- ends (n -> p), e+ begins; p -> n: the others */
        const double x = sign * E - r->direction * DELTA;
        const double f = r->neutrinos == NULL ? fermi(x / r->T_nu)
                         : x > 0.0            ? nd_occupation_at(r->neutrinos, x).f
                                              : 1.0 - nd_occupation_at(r->neutrinos, -x).f;
        double factor = 1.0;
        if ((r->corrections & ND_WEAK_COULOMB) && sign == r->direction)
            factor *= published_fermi_function(p);
        if (r->corrections & ND_WEAK_RADIATIVE)
            factor *= published_radiative(p, fabs(x), spence_by_dilog);
        sum += factor * x * x * f * fermi(-sign * E / r->T);
    }
    return p * p * sum;
}

static double momentum(double E)
{
    return sqrt(fmax(0.0, E * E - m_e * m_e));
}

/* Over [0, far], cut at the gap and where `cuts` say. */
static double integrate_pieces(struct reference *r, int n, const double *cuts, double far)
{
    const double tolerance = 1e-9;
    double sum = 0.0, low = 1e-6 * m_e; /* the rest is below 1e-18 */
    for (int i = 0; i < n; i++)
        if (cuts[i] > low && cuts[i] < far) {
            sum += integrate(reference_integrand, r, low, cuts[i], tolerance);
            low = cuts[i];
        }
    return sum + integrate(reference_integrand, r, low, far, tolerance);
}

static struct nd_weak_pair reference_rates(int corrections, double T, double T_nu)
{
    struct reference r = {corrections, ND_N_TO_P, T, T_nu, NULL};
    const double hot = fmax(T, T_nu), gap = momentum(DELTA);
    const double cuts[] = {gap, gap + 3.0 * hot, gap + 12.0 * hot};
    struct nd_weak_pair pair;
    pair.n_to_p = integrate_pieces(&r, 3, cuts, gap + 55.0 * hot);
    r.direction = ND_P_TO_N;
    pair.p_to_n = integrate_pieces(&r, 3, cuts, gap + 55.0 * hot);
    return pair;
}

static void assert_rates(int corrections, double T, double T_nu, const struct nd_nu_e_spectrum *s)
{
    const struct nd_weak_pair actual = rates_over_K(corrections, T, s);
    const struct nd_weak_pair expected = reference_rates(corrections, T, T_nu);
    ASSERT_CLOSE(actual.n_to_p, expected.n_to_p, QUADRATURE,
                 "n -> p, corrections %d, T %g, T_nu %g", corrections, T, T_nu);
    ASSERT_CLOSE(actual.p_to_n, expected.p_to_n, QUADRATURE,
                 "p -> n, corrections %d, T %g, T_nu %g", corrections, T, T_nu);
}

Test(weak_rates, thermal_neutrinos_by_quadrature)
{
    const int sets[] = {0, ND_WEAK_COULOMB, ND_WEAK_RADIATIVE, ND_WEAK_COULOMB | ND_WEAK_RADIATIVE};
    const double coolings[] = {1.0, 1.401, 0.8};
    struct spectrum spectrum;
    for (int set = 0; set < 4; set++)
        for (double T = 0.05; T <= 20.0; T *= 1.9)
            for (int i = 0; i < 3; i++) {
                thermal(&spectrum, T / coolings[i]);
                assert_rates(sets[set], T, T / coolings[i], &spectrum.s);
            }
}

Test(weak_rates, any_scale_of_the_nodes)
{
    /* nodes that have little to do with the temperature of the neutrinos */
    struct spectrum spectrum;
    const double T = 0.8;
    const double T_nu[] = {0.8, 2.4, 0.8, 0.8}, a[] = {1.25, 1.25, 0.9, 1.7};
    for (int i = 0; i < 4; i++) {
        thermal_on(&spectrum, T_nu[i], a[i]);
        assert_rates(0, T, T_nu[i], &spectrum.s);
    }
}

/* ---- neutrinos that are not thermal --------------------------------------------------------- */

enum { N_GRID = 60 };

struct grid {
    double y[N_GRID], f[N_GRID], cuts[3 * N_GRID];
    int n_cuts;
    struct nd_nu_e_spectrum s;
};

/* Thermal neutrinos at the temperature 1/a and those of a decay around y_decay. */
static void with_decays(struct grid *g, double a, double y_decay, double width, double number)
{
    for (int i = 0; i < N_GRID; i++) {
        g->y[i] = 0.3 * (i + 1) + 0.02 * i * i;
        g->f[i] = fermi(g->y[i]) + number * exp(-0.5 * pow((g->y[i] - y_decay) / width, 2));
    }
    g->s = (struct nd_nu_e_spectrum){a, N_GRID, g->y, g->f};
}

static int ascending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Momenta of e+- where a neutrino is on a node. */
static void cut_at_nodes(struct grid *g)
{
    g->n_cuts = 0;
    for (int i = 0; i < N_GRID; i++) {
        const double E = g->y[i] / g->s.a, at[] = {E + DELTA, E - DELTA, DELTA - E};
        for (int k = 0; k < 3; k++)
            if (at[k] > m_e)
                g->cuts[g->n_cuts++] = momentum(at[k]);
    }
    qsort(g->cuts, (size_t)g->n_cuts, sizeof g->cuts[0], ascending);
}

/* By quadrature from node to node. */
static void assert_grid_rates(struct grid *g, double T, double tolerance, const char *what)
{
    struct nd_occupation neutrinos;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_occupation_init(&neutrinos, g->s.a, N_GRID, g->y, g->f, &error), error);
    struct reference r = {0, ND_N_TO_P, T, NAN, &neutrinos};
    cut_at_nodes(g);
    const double far = momentum(fmax(neutrinos.E_max, 50.0 * T) + DELTA);
    const struct nd_weak_pair actual = rates_over_K(0, T, &g->s);
    ASSERT_CLOSE(actual.n_to_p, integrate_pieces(&r, g->n_cuts, g->cuts, far), tolerance,
                 "n -> p, %s", what);
    r.direction = ND_P_TO_N;
    ASSERT_CLOSE(actual.p_to_n, integrate_pieces(&r, g->n_cuts, g->cuts, far), tolerance,
                 "p -> n, %s", what);
    nd_occupation_clear(&neutrinos);
}

Test(weak_rates, neutrinos_of_decays_by_quadrature)
{
    struct grid g;
    with_decays(&g, 1.0, 12.0, 2.0, 1e-3);
    assert_grid_rates(&g, 1.0, 2e-4, "bump at 12 MeV");
    with_decays(&g, 1.0 / 0.07, 40.0, 5.0, 1e-6);
    assert_grid_rates(&g, 0.1, 1e-5, "bump at 2.8 MeV in cold plasma");
    with_decays(&g, 1.0 / 0.7, 70.0, 3.0, 1e-3);
    assert_grid_rates(&g, 1.0, 1e-4, "bump at 49 MeV, beyond all thermal particles");
    with_decays(&g, 1.0, 0.0, 0.6, -0.2);
    assert_grid_rates(&g, 1.0, 1e-5, "too few slow neutrinos");
}

Test(weak_rates, energetic_neutrinos_alone)
{
    /* far above the gap: Gamma/K = int dp p^2 x^2 f, the same both ways up to Delta */
    const double T = 0.1;
    struct grid g;
    with_decays(&g, 1.0, 50.0, 4.0, 1e-3);
    for (int i = 0; i < N_GRID; i++)
        g.f[i] = g.y[i] < 20.0 ? 0.0 : g.f[i];
    const struct nd_weak_pair pair = rates_over_K(0, T, &g.s);
    double moments[5] = {0.0}; /* int dx x^k f by the trapezoidal rule, good for a bell */
    for (double x = 10.0; x < 90.0; x += 0.25)
        for (int k = 2; k < 5; k++)
            moments[k] += 0.25 * pow(x, k) * 1e-3 * exp(-0.5 * pow((x - 50.0) / 4.0, 2));
    /* p E = E^2 - m_e^2/2 at E = x +- Delta */
    const double even = moments[4] + (DELTA * DELTA - 0.5 * m_e * m_e) * moments[2];
    const double odd = 2.0 * DELTA * moments[3], tolerance = 3e-3; /* interpolation of the bump */
    ASSERT_CLOSE(pair.n_to_p, even + odd, tolerance, "n -> p");
    ASSERT_CLOSE(pair.p_to_n, even - odd, tolerance, "p -> n");
    ASSERT_CLOSE((pair.n_to_p - pair.p_to_n) / (pair.n_to_p + pair.p_to_n), odd / even, 1e-2,
                 "difference of the directions");
}

Test(weak_rates, no_neutrinos)
{
    const double y[] = {1.0, 2.0}, f[] = {0.0, 0.0};
    const struct nd_nu_e_spectrum nobody = {1.0, 2, y, f};
    const double temperatures[] = {1e-4, 0.01, 0.1, 1.0, 10.0};
    for (int i = 0; i < 5; i++) {
        const double T = temperatures[i], gap = momentum(DELTA);
        const struct nd_weak_pair actual = rates_over_K(0, T, &nobody);
        struct reference r = {0, ND_N_TO_P, T, 1e-9, NULL}; /* as good as empty */
        const double cuts[] = {gap, gap + 3.0 * T, gap + 12.0 * T}, far = gap + 55.0 * T;
        ASSERT_CLOSE(actual.n_to_p, integrate_pieces(&r, 3, cuts, far), QUADRATURE, "n -> p at %g",
                     T);
        r.direction = ND_P_TO_N;
        const double empty = 1e-29; /* what counts as no neutrinos */
        ASSERT_NEAR(actual.p_to_n, integrate_pieces(&r, 3, cuts, far),
                    QUADRATURE * actual.p_to_n + empty, "p -> n at %g", T);
    }
}

/* ---- limits --------------------------------------------------------------------------------- */

Test(weak_rates, cold_limit)
{
    /* e+- are gone. Neutrinos of energy k block the decay at E = Delta - k as much as they bring
     * about n nu -> p e at Delta + k, but for the change of p E:
     * 2 k^3 (p E)' + k^5 (p E)'''/3 + ..., int k^3 f = 7 pi^4 T^4/120, int k^5 f = 31 pi^6 T^6/252
     */
    const double p = momentum(DELTA), E = DELTA, born = lambda0(0) * pow(m_e, 5);
    const double first = p + E * E / p,
                 third = 3.0 / p - 6.0 * E * E / pow(p, 3) + 3.0 * pow(E, 4) / pow(p, 5);
    for (double T = 0.005; T < 0.013; T *= 1.3) {
        const double expected = 2.0 * first * 7.0 * pow(ND_PI * T, 4) / 120.0 +
                                third / 3.0 * 31.0 * pow(ND_PI * T, 6) / 252.0;
        const double actual = thermal_rates(0, T, T).n_to_p - born;
        ASSERT_NEAR(actual, expected, 2e-8 * born + 1e-3 * expected, "n -> p - decay at %g", T);
    }
}

Test(weak_rates, nothing_but_decay)
{
    const double y[] = {1.0, 2.0}, f[] = {0.0, 0.0}, T = 1e-4;
    const struct nd_nu_e_spectrum nobody = {1.0, 2, y, f};
    const int sets[] = {0, 1, 2, 3, 4, 12, 7, 15};
    for (int i = 0; i < 8; i++) {
        struct nd_weak_rates *rates = make(sets[i]);
        struct nd_weak_pair pair;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_OK(nd_weak_rates_at(rates, T, &nobody, &pair, &error), error);
        /* thermal motion of nucleons: time dilation, of order T/m_N */
        ASSERT_CLOSE(pair.n_to_p * TAU, 1.0, sets[i] & ND_WEAK_RECOIL ? 3.0 * T / m_N : ROUNDING,
                     "lifetime with corrections %d", sets[i]);
        ASSERT_NEAR(pair.p_to_n * TAU, 0.0, 1e-28, "protons with corrections %d", sets[i]);
        nd_weak_rates_free(rates);
    }
}

Test(weak_rates, moving_neutrons_live_longer)
{
    /* without neutrinos and e+-: by <1/gamma> = 1 - 3 T/(2 m_N) */
    const double y[] = {1.0, 2.0}, f[] = {0.0, 0.0};
    const struct nd_nu_e_spectrum nobody = {1.0, 2, y, f};
    const double T = 0.008, second = 0.01; /* of order Delta/m_N */
    const double vacuum = lambda0(ND_WEAK_RECOIL) * pow(m_e, 5);
    const double slower = 1.0 - rates_over_K(ND_WEAK_RECOIL, T, &nobody).n_to_p / vacuum;
    ASSERT_CLOSE(slower, 1.5 * T / m_N, second, "time dilation");
}

Test(weak_rates, hot_limit)
{
    /* T >> Delta, m_e: 2 int dp p^4 f (1 - f) = 7 pi^4 T^5/15, up to the square of Delta/T for the
     * geometric mean of both directions; two temperatures get rid of that, too */
    double over_T5[2];
    for (int i = 0; i < 2; i++) {
        const double T = i == 0 ? 50.0 : 100.0;
        const struct nd_weak_pair pair = thermal_rates(0, T, T);
        over_T5[i] = sqrt(pair.n_to_p) * sqrt(pair.p_to_n) / pow(T, 5);
    }
    const double limit = 7.0 * pow(ND_PI, 4) / 15.0;
    ASSERT_CLOSE(over_T5[1], limit, 1e-4, "T = 100 MeV");
    ASSERT_CLOSE((4.0 * over_T5[1] - over_T5[0]) / 3.0, limit, 1e-7, "extrapolated");
}

Test(weak_rates, detailed_balance)
{
    const double tolerance = 1e-9;
    const int sets[] = {0, ND_WEAK_COULOMB, ND_WEAK_RADIATIVE, ND_WEAK_COULOMB | ND_WEAK_RADIATIVE};
    for (int i = 0; i < 4; i++)
        for (double T = 0.1; T < 100.0; T *= 1.7) {
            const struct nd_weak_pair pair = thermal_rates(sets[i], T, T);
            ASSERT_CLOSE(pair.p_to_n / pair.n_to_p, exp(-DELTA / T), tolerance,
                         "p -> n over n -> p at %g, corrections %d", T, sets[i]);
        }
}

/* First order of recoil over the Born rates. */
static struct nd_weak_pair first_order(int corrections, double T, const struct nd_nu_e_spectrum *s)
{
    const struct nd_weak_pair born = rates_over_K(0, T, s), all = rates_over_K(corrections, T, s);
    return (struct nd_weak_pair){all.n_to_p / born.n_to_p - 1.0, all.p_to_n / born.p_to_n - 1.0};
}

Test(weak_rates, detailed_balance_with_recoil)
{
    /* (m_n/m_p)^(3/2): in first order the two directions differ by 3 Delta/(2 m_N) */
    const double difference = 1.5 * DELTA / m_N, tolerance = 2.0 * DELTA / m_N;
    const int sets[] = {ND_WEAK_RECOIL, ND_WEAK_RECOIL | ND_WEAK_MAGNETISM};
    for (int i = 0; i < 2; i++)
        for (double T = 0.1; T < 20.0; T *= 1.7) {
            struct spectrum spectrum;
            thermal(&spectrum, T);
            const struct nd_weak_pair first = first_order(sets[i], T, &spectrum.s);
            ASSERT_CLOSE(first.p_to_n - first.n_to_p, difference, tolerance,
                         "p -> n less n -> p at %g, corrections %d", T, sets[i]);
        }
}

Test(weak_rates, lifetime_scales_the_rates)
{
    struct spectrum spectrum;
    struct nd_weak_pair pair[3];
    struct nd_error error = ND_ERROR_INIT;
    const double lifetimes[] = {TAU, 4.0 * TAU, 1e-4};
    thermal(&spectrum, 0.6);
    for (int i = 0; i < 3; i++) {
        struct nd_weak_rates *rates;
        ASSERT_OK(nd_weak_rates_create(&rates, ND_WEAK_STANDARD, lifetimes[i], &error), error);
        ASSERT_OK(nd_weak_rates_at(rates, 0.8, &spectrum.s, &pair[i], &error), error);
        nd_weak_rates_free(rates);
    }
    for (int i = 1; i < 3; i++) {
        const double factor = TAU / lifetimes[i];
        ASSERT_CLOSE(pair[i].n_to_p, factor * pair[0].n_to_p, ROUNDING, "n -> p at %g",
                     lifetimes[i]);
        ASSERT_CLOSE(pair[i].p_to_n, factor * pair[0].p_to_n, ROUNDING, "p -> n at %g",
                     lifetimes[i]);
    }
    nd_weak_rates_free(NULL);
}

/* ---- nucleons of finite mass ---------------------------------------------------------------- */

enum { MAX_ROWS = 64 };

struct table {
    struct nd_datafile *file;
    int n;
    double T[MAX_ROWS], T_nu[MAX_ROWS], distortion[MAX_ROWS], magnetism[MAX_ROWS];
    struct nd_weak_pair exact[MAX_ROWS], first[MAX_ROWS];
};

static void read_column(const struct table *t, const char *name, double *values)
{
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_datafile_numbers(t->file, name, -1.0, 10.0, values, &error), error);
}

static void read_table(struct table *t)
{
    const char *root = getenv("ND_TEST_ROOT");
    char path[1024];
    double n_to_p[MAX_ROWS], p_to_n[MAX_ROWS], error_of[MAX_ROWS], error_first[MAX_ROWS];
    struct nd_error error = ND_ERROR_INIT;
    snprintf(path, sizeof path, "%s/tests/reference/weak_recoil.csv", root != NULL ? root : ".");
    ASSERT_OK(nd_datafile_read(&t->file, path, &error), error);
    t->n = nd_datafile_rows(t->file);
    cr_assert(t->n == 27, "%d rows", t->n);
    read_column(t, "T_MeV", t->T);
    read_column(t, "T_nu_MeV", t->T_nu);
    read_column(t, "distortion", t->distortion);
    read_column(t, "magnetism", t->magnetism);
    read_column(t, "n_to_p", n_to_p);
    read_column(t, "p_to_n", p_to_n);
    for (int i = 0; i < t->n; i++)
        t->exact[i] = (struct nd_weak_pair){n_to_p[i], p_to_n[i]};
    read_column(t, "n_to_p_first", n_to_p);
    read_column(t, "p_to_n_first", p_to_n);
    for (int i = 0; i < t->n; i++)
        t->first[i] = (struct nd_weak_pair){n_to_p[i], p_to_n[i]};
    read_column(t, "error", error_of);
    read_column(t, "error_first", error_first);
    for (int i = 0; i < t->n; i++)
        cr_assert(error_of[i] < 1e-7 && error_first[i] < 1e-7, "error of row %d", i);
}

/* Neutrinos of the table: ln[f/(1-f)] = -z [1 + distortion/(1 + z^2/4)], z = y. */
enum { N_FINE = 600 };
struct fine {
    double y[N_FINE], f[N_FINE];
    struct nd_nu_e_spectrum s;
};

static void fine_spectrum(struct fine *fine, double T_nu, double distortion)
{
    for (int i = 0; i < N_FINE; i++) {
        const double z = fine->y[i] = 0.1 * (i + 1);
        fine->f[i] = fermi(z * (1.0 + distortion / (1.0 + 0.25 * z * z)));
    }
    fine->s = (struct nd_nu_e_spectrum){1.0 / T_nu, N_FINE, fine->y, fine->f};
}

Test(weak_rates, recoil_without_expansion)
{
    static struct table t;
    static struct fine fine;
    read_table(&t);
    for (int i = 0; i < t.n; i++) {
        const double T = t.T[i];
        fine_spectrum(&fine, t.T_nu[i], t.distortion[i]);
        const int corrections = ND_WEAK_RECOIL | (t.magnetism[i] > 0.0 ? ND_WEAK_MAGNETISM : 0);
        const struct nd_weak_pair first = first_order(corrections, T, &fine.s);
        /* m_n/m_p - 1 is of first order up to Delta/m_N; slopes of distorted spectra */
        const double tolerance =
            5.0 * pow(DELTA / m_N, 2) + (t.distortion[i] > 0.0 ? 3e-3 * T / m_N : 0.0);
        ASSERT_NEAR(first.n_to_p, t.first[i].n_to_p, tolerance, "n -> p, first order, row %d", i);
        ASSERT_NEAR(first.p_to_n, t.first[i].p_to_n, tolerance, "p -> n, first order, row %d", i);
        /* the rest is of second order: (13 T)^2, (20 T)^2 with magnetism */
        const double second = pow((t.magnetism[i] > 0.0 ? 20.5 : 13.5) * (T + 0.05) / m_N, 2);
        ASSERT_NEAR(1.0 + first.n_to_p, t.exact[i].n_to_p, second, "n -> p, row %d", i);
        ASSERT_NEAR(1.0 + first.p_to_n, t.exact[i].p_to_n, second, "p -> n, row %d", i);
    }
    nd_datafile_free(t.file);
}

Test(weak_rates, recoil_of_the_decay_without_expansion)
{
    static struct table t;
    read_table(&t);
    const char *keys[] = {"decay without magnetism", "decay with magnetism"};
    const double second = 2.0 * pow(DELTA / m_N, 2), ratio = lambda0(ND_WEAK_RECOIL) / lambda0(0);
    for (int i = 0; i < 2; i++) {
        const char *text = nd_datafile_header(t.file, keys[i]);
        cr_assert(text != NULL, "no %s", keys[i]);
        ASSERT_NEAR(ratio, atof(text), second, "%s", keys[i]);
        ASSERT_NEAR(atof(text), 1.0 - 0.0020637, 5e-7, "published, %s", keys[i]);
    }
    ASSERT_CLOSE(atof(nd_datafile_header(t.file, "g_A")), ND_AXIAL_COUPLING, 0.0, "g_A");
    ASSERT_CLOSE(atof(nd_datafile_header(t.file, "f_wm")), ND_WEAK_MAGNETIC, 1e-9, "f_wm");
    nd_datafile_free(t.file);
}

Test(weak_rates, factors_multiply_recoil)
{
    /* without neutrinos and e+- decay is left, whose integral has the same factors */
    const double y[] = {1.0, 2.0}, f[] = {0.0, 0.0};
    const struct nd_nu_e_spectrum nobody = {1.0, 2, y, f};
    const double plain = lambda0(ND_WEAK_STANDARD) * pow(m_e, 5);
    ASSERT_CLOSE(rates_over_K(ND_WEAK_STANDARD, 1e-4, &nobody).n_to_p, plain, 1e-6, "decay");
    /* everywhere else: the factor of Born's rates and of recoil differ by less than their range */
    for (double T = 0.3; T < 5.0; T *= 2.0) {
        struct spectrum spectrum;
        thermal(&spectrum, T);
        const int factors = ND_WEAK_COULOMB | ND_WEAK_RADIATIVE;
        const struct nd_weak_pair bare = first_order(ND_WEAK_RECOIL, T, &spectrum.s);
        const struct nd_weak_pair born = rates_over_K(factors, T, &spectrum.s);
        const struct nd_weak_pair all = rates_over_K(factors | ND_WEAK_RECOIL, T, &spectrum.s);
        ASSERT_CLOSE(all.n_to_p / born.n_to_p - 1.0, bare.n_to_p, 0.02, "n -> p at %g", T);
        ASSERT_CLOSE(all.p_to_n / born.p_to_n - 1.0, bare.p_to_n, 0.02, "p -> n at %g", T);
    }
}

/* ---- the plasma ----------------------------------------------------------------------------- */

Test(weak_rates, thermal_corrections_are_added)
{
    const double T = 0.9;
    struct spectrum spectrum;
    struct nd_occupation neutrinos;
    struct nd_weak_pair plasma;
    struct nd_error error = ND_ERROR_INIT;
    thermal(&spectrum, 0.8);
    ASSERT_OK(
        nd_occupation_init(&neutrinos, spectrum.s.a, N_THERMAL, spectrum.y, spectrum.f, &error),
        error);
    ASSERT_OK(nd_weak_thermal(ND_WEAK_ALL, T, &neutrinos, &plasma, &error), error);
    nd_occupation_clear(&neutrinos);
    const struct nd_weak_pair all = rates_over_K(ND_WEAK_ALL, T, &spectrum.s);
    const struct nd_weak_pair rest = rates_over_K(ND_WEAK_STANDARD, T, &spectrum.s);
    ASSERT_NEAR(all.n_to_p - rest.n_to_p, plasma.n_to_p, ROUNDING * rest.n_to_p, "n -> p");
    ASSERT_NEAR(all.p_to_n - rest.p_to_n, plasma.p_to_n, ROUNDING * rest.p_to_n, "p -> n");
}

/* ---- errors --------------------------------------------------------------------------------- */

static void assert_not_created(int corrections, double tau_n, const char *fragment)
{
    struct nd_weak_rates *rates = (struct nd_weak_rates *)&corrections;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_weak_rates_create(&rates, corrections, tau_n, &error), error, ND_BAD_INPUT,
                 fragment);
    cr_assert(rates == NULL, "rates after an error");
}

Test(weak_rates, errors_of_creation)
{
    assert_not_created(0, 0.0, "neutron lifetime 0 MeV^-1: must be above 0");
    assert_not_created(0, -1.5, "neutron lifetime -1.5 MeV^-1");
    assert_not_created(0, NAN, "neutron lifetime nan");
    assert_not_created(0, INFINITY, "neutron lifetime inf");
    assert_not_created(32, TAU, "corrections 32 to the weak rates");
    assert_not_created(-1, TAU, "corrections -1 to the weak rates");
    assert_not_created(ND_WEAK_MAGNETISM, TAU, "weak magnetism is a correction to recoil");
    assert_not_created(ND_WEAK_ALL & ~ND_WEAK_RECOIL, TAU, "allowed is recoil without it, or both");
}

static void assert_no_rates(double T, const struct nd_nu_e_spectrum *s, const char *fragment)
{
    struct nd_weak_rates *rates = make(ND_WEAK_STANDARD);
    struct nd_weak_pair pair = {0.0, 0.0};
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_weak_rates_at(rates, T, s, &pair, &error), error, ND_BAD_INPUT, fragment);
    nd_weak_rates_free(rates);
}

Test(weak_rates, errors_of_evaluation)
{
    struct spectrum fine;
    thermal(&fine, 1.0);
    /* a run that ends there may miss it by rounding */
    cr_assert(rates_over_K(0, 1e-4 * (1.0 - 1e-13), &fine.s).n_to_p > 0.0);
    cr_assert(rates_over_K(0, 100.0 * (1.0 + 1e-13), &fine.s).n_to_p > 0.0);
    assert_no_rates(9.999e-5, &fine.s, "allowed is 0.0001 to 100");
    assert_no_rates(9e-5, &fine.s, "weak rates at T = 9e-05 MeV: allowed is 0.0001 to 100");
    assert_no_rates(101.0, &fine.s, "weak rates at T = 101 MeV");
    assert_no_rates(0.0, &fine.s, "T = 0 MeV");
    assert_no_rates(-1.0, &fine.s, "T = -1 MeV");
    assert_no_rates(NAN, &fine.s, "T = nan MeV");

    const double y[] = {1.0, 2.0, 3.0}, equal[] = {1.0, 2.0, 2.0};
    const double f[] = {0.3, 0.2, 0.1}, full[] = {0.3, 1.0, 0.1};
    const struct nd_nu_e_spectrum not_growing = {1.0, 3, equal, f}, one_node = {1.0, 1, y, f};
    const struct nd_nu_e_spectrum too_many = {1.0, 3, y, full}, no_scale = {0.0, 3, y, f};
    assert_no_rates(1.0, &not_growing, "nodes must grow");
    assert_no_rates(1.0, &too_many, "occupation 1 at y = 2, node 1 of a spectrum: must be below 1");
    assert_no_rates(1.0, &one_node, "a spectrum of 1 nodes");
    assert_no_rates(1.0, &no_scale, "a = 0 MeV^-1");
}

Test(weak_rates, range_of_temperatures)
{
    const double ends[] = {1e-4, 100.0};
    for (int i = 0; i < 2; i++) {
        const struct nd_weak_pair pair = thermal_rates(0, ends[i], ends[i]);
        cr_assert(pair.n_to_p > 0.0 && pair.p_to_n >= 0.0, "rates at %g", ends[i]);
    }
}
