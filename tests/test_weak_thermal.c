/* Thermal radiative corrections to the weak rates, against the formulas as published: integrals
 * over electrons outside, photons or e+- of the plasma inside, principal values as such. */
#include "support.h"

#include "nudipole/background.h"
#include "nudipole/constants.h"
#include "nudipole/quadrature.h"
#include "weak_internal.h"

TestSuite(weak_thermal, .init = no_gsl_abort);

/* Quadrature of the library, over what it returns; that of the reference is better. */
static const double TOLERANCE = 1e-4;

static const double m_e = ND_M_ELECTRON;
static const double UNIT = ND_ALPHA / (2.0 * ND_PI);

/* ---- spectra and rates ------------------------------------------------------------------- */

/* Neutrinos of temperature T, but a higher one by `extra` around six times that energy. */
struct neutrinos {
    double T, extra;
};

/* f(-E) = 1 - f(E) */
static double occupation(const struct neutrinos *n, double E)
{
    const double y = E / n->T, off = fabs(y) - 6.0;
    return fermi(y / (1.0 + n->extra * exp(-off * off)));
}

enum { N_NODES = 700 };

/* Nodes up to y = 70, where nobody is left. */
struct nodes {
    double y[N_NODES], f[N_NODES];
};

static void make_nodes(const struct neutrinos *n, struct nodes *nodes)
{
    for (int i = 0; i < N_NODES; i++) {
        nodes->y[i] = 0.05 + 0.1 * i;
        nodes->f[i] = occupation(n, nodes->y[i] * n->T);
    }
}

static struct nd_weak_pair thermal_correction(int corrections, double T, struct neutrinos n)
{
    struct nodes nodes;
    struct nd_occupation spectrum;
    struct nd_weak_pair pair = {NAN, NAN};
    struct nd_error error = ND_ERROR_INIT;
    make_nodes(&n, &nodes);
    ASSERT_OK(nd_occupation_init(&spectrum, 1.0 / n.T, N_NODES, nodes.y, nodes.f, &error), error);
    ASSERT_OK(nd_weak_thermal(corrections, T, &spectrum, &pair, &error), error);
    nd_occupation_clear(&spectrum);
    return pair;
}

/* Rates without corrections over K, MeV^5. */
static struct nd_weak_pair born(double T, struct neutrinos n)
{
    struct nodes nodes;
    make_nodes(&n, &nodes);
    const struct nd_nu_e_spectrum spectrum = {1.0 / n.T, N_NODES, nodes.y, nodes.f};
    struct nd_weak_rates *rates;
    struct nd_weak_pair pair = {NAN, NAN};
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_weak_rates_create(&rates, 0, 1.0, &error), error);
    ASSERT_OK(nd_weak_rates_at(rates, T, &spectrum, &pair, &error), error);
    const double per_K = nd_weak_rates_lambda0(rates) * pow(m_e, 5);
    nd_weak_rates_free(rates);
    return (struct nd_weak_pair){pair.n_to_p * per_K, pair.p_to_n * per_K};
}

/* ---- reference --------------------------------------------------------------------------- */

struct reference {
    double T;
    struct neutrinos neutrinos;
    int coulomb, sign; /* +1: n -> p */
    double tolerance;  /* of the inner integrals, a tenth of that of the outer one */
    double E, p;
};

static double integral(nd_integrand *f, struct reference *r, double a, double b, double tolerance)
{
    struct nd_integral result = {NAN, NAN, 0};
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_integrate_interval(f, r, a, b, tolerance, 1e-8, &result, &error), error);
    return result.value;
}

/* tilde chi_+-(E) */
static double chi(const struct reference *r, double E)
{
    const double x = E - r->sign * ND_DELTA_NP;
    return x * x * occupation(&r->neutrinos, x);
}

/* Photons of energy k and e+- of r->E: arXiv:1801.08023, Gamma^(gamma, T) and delta Gamma^BS. */
static double photon(double k, void *context)
{
    const struct reference *r = context;
    const double E = r->E, p = r->p, ln = log((E + p) / (E - p)), gap = r->sign * ND_DELTA_NP;
    const double A = (2.0 * E * E + k * k) * ln - 4.0 * p * E, B = 2.0 * E * ln - 4.0 * p;
    const double bose = 1.0 / expm1(k / r->T), coulomb = r->coulomb ? nd_fermi_function(p) : 1.0;
    const double room = fermi(-E / r->T) * (r->coulomb && r->sign > 0 ? coulomb : 1.0);
    const double filled = fermi(E / r->T) * (r->coulomb && r->sign < 0 ? coulomb : 1.0);
    double out = bose * (A * (chi(r, E - k) + chi(r, E + k) - 2.0 * chi(r, E)) -
                         k * B * (chi(r, E - k) - chi(r, E + k)));
    double in = bose * (A * (chi(r, k - E) + chi(r, -k - E) - 2.0 * chi(r, -E)) -
                        k * B * (chi(r, k - E) - chi(r, -k - E)));
    out += (A + k * B) * chi(r, E + k);
    in += (A - k * B) * chi(r, k - E);
    if (k < fabs(E - gap))
        out -= (A + k * B) * pow(fabs(E - gap) - k, 2) * occupation(&r->neutrinos, E - gap);
    if (k < fabs(E + gap))
        in -= (A + k * B) * pow(fabs(E + gap) - k, 2) * occupation(&r->neutrinos, -E - gap);
    return (room * out + filled * in) / k;
}

/* e+- of the plasma with energy E + d: Gamma^(Delta E, T) and Gamma^(ep+ee, T). */
static double plasma_electron(const struct reference *r, double d)
{
    const double E = r->E, p = r->p, E_ = E + d, m2 = m_e * m_e;
    const double p_ = sqrt(fmax((E - m_e + d) * (E_ + m_e), 0.0));
    const double pole = d * (E_ + E), squares = E_ * E_ + E * E;
    /* E E' + p p' +- m^2, and E E' - p p' - m^2 without loss at d = 0 */
    const double plus = E * E_ + p * p_, minus = m2 * d * d / (plus - m2);
    const double vertex = log((plus - m2) * (plus + m2) / (minus * (minus + 2.0 * m2)));
    const double near = 2.0 * log((p + p_) * (p + p_) / fabs(pole));
    const double shift = -4.0 * E / p * p_ * (1.0 - m2 / pole);
    const double rest = E / pole * (8.0 * p * p_ - squares * near - E_ / E * squares * vertex);
    return fermi(E_ / r->T) * (shift + rest);
}

/* Principal value: both sides of the pole together, at (E - m) v^2. */
static double around_pole(double v, void *context)
{
    const struct reference *r = context;
    const double width = r->E - m_e, d = width * v * v;
    return 2.0 * width * v * (plasma_electron(r, d) + plasma_electron(r, -d));
}

static double beyond_pole(double d, void *context)
{
    return plasma_electron(context, d);
}

static double over_electrons(double p, void *context)
{
    struct reference *r = context;
    const double E = hypot(p, m_e), tolerance = r->tolerance, end = 35.0 * r->T;
    r->p = p;
    r->E = E;
    double photons = 0.0, from = 0.0;
    const double points[] = {fabs(E - ND_DELTA_NP), E + ND_DELTA_NP,
                             E + ND_DELTA_NP + fmax(end, 35.0 * r->neutrinos.T)};
    for (int i = 0; i < 3; i++) {
        photons += integral(photon, r, from, points[i], tolerance);
        from = points[i];
    }
    const double shift = -2.0 / 3.0 * ND_PI * ND_PI * r->T * r->T * E / p +
                         integral(around_pole, r, 0.0, 1.0, tolerance) +
                         integral(beyond_pole, r, E - m_e, E + end, tolerance);
    const double both = chi(r, E) * fermi(-E / r->T) + chi(r, -E) * fermi(E / r->T);
    return p / E * (photons + shift * both);
}

static void compare_with_reference(int coulomb, double T, struct neutrinos n, double tolerance)
{
    const int corrections = coulomb ? ND_WEAK_ALL : ND_WEAK_ALL - ND_WEAK_COULOMB;
    const double gap = sqrt(ND_DELTA_NP * ND_DELTA_NP - m_e * m_e), outer = 0.1 * tolerance;
    const struct nd_weak_pair pair = thermal_correction(corrections, T, n);
    for (int sign = -1; sign <= 1; sign += 2) {
        struct reference r = {T, n, coulomb, sign, 0.1 * outer, 0.0, 0.0};
        const double sum = integral(over_electrons, &r, 0.0, gap, outer) +
                           integral(over_electrons, &r, gap, gap + 35.0 * T, outer);
        ASSERT_CLOSE(sign > 0 ? pair.n_to_p : pair.p_to_n, UNIT * sum, tolerance, "%s at %g",
                     sign > 0 ? "n -> p" : "p -> n", T);
    }
}

Test(weak_thermal, published_formulas)
{
    compare_with_reference(1, 1.0, (struct neutrinos){0.9, 0.0}, TOLERANCE);
}

Test(weak_thermal, published_formulas_without_coulomb)
{
    compare_with_reference(0, 0.3, (struct neutrinos){0.28, 0.0}, TOLERANCE);
}

Test(weak_thermal, published_formulas_when_hot)
{
    compare_with_reference(1, 15.0, (struct neutrinos){14.0, 0.0}, TOLERANCE);
}

Test(weak_thermal, distorted_spectrum)
{
    compare_with_reference(1, 0.6, (struct neutrinos){0.6, 0.1}, TOLERANCE);
}

/* ---- exact relations --------------------------------------------------------------------- */

/* Nodes serve both directions: what is left is rounding, magnified where p -> n cancels. */
Test(weak_thermal, detailed_balance)
{
    const double temperatures[] = {0.05, 0.3, 1.0, 3.0, 20.0};
    for (int i = 0; i < 5; i++)
        for (int coulomb = 0; coulomb < 2; coulomb++) {
            const double T = temperatures[i];
            const int corrections = coulomb ? ND_WEAK_ALL : ND_WEAK_THERMAL;
            const struct nd_weak_pair pair =
                thermal_correction(corrections, T, (struct neutrinos){T, 0.0});
            ASSERT_CLOSE(pair.p_to_n, exp(-ND_DELTA_NP / T) * pair.n_to_p, 1e-9, "at %g", T);
        }
}

/* Decay in a vacuum with photons of low T. Of x^2 there are two derivatives up to x = 0, and the
 * T^2 of photons, with A'' - 2 B' = 4 E/p, cancels that of the energy shift. The T^4 comes from
 * x = 0 and from the k^2 in A; e+- of the plasma follow with exp(-m/T). */
Test(weak_thermal, decay_in_cold_photons)
{
    const double p = sqrt(ND_DELTA_NP * ND_DELTA_NP - m_e * m_e);
    const double ln = 2.0 * log((ND_DELTA_NP + p) / m_e);
    const double y[] = {1.0, 2.0}, nobody[] = {0.0, 0.0}, next_order = 2.0;
    struct nd_occupation vacuum;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_occupation_init(&vacuum, 1e4, 2, y, nobody, &error), error);
    for (double T = 2e-3; T < 0.03; T *= 1.7) {
        struct nd_weak_pair pair;
        ASSERT_OK(nd_weak_thermal(ND_WEAK_THERMAL, T, &vacuum, &pair, &error), error);
        ASSERT_CLOSE(pair.n_to_p,
                     UNIT * pow(ND_PI * T, 4) / 15.0 * (4.0 / 3.0 * ND_DELTA_NP * ln - 2.0 * p),
                     TOLERANCE + next_order * T * T, "T = %g", T);
    }
    nd_occupation_clear(&vacuum);
}

/* Fermi's function leaves of that T^2 a per cent or two. */
Test(weak_thermal, vanishes_in_the_cold)
{
    for (double T = 1e-3; T < 0.021; T *= 1.5) {
        const struct neutrinos n = {0.7138 * T, 0.0};
        const double relative = thermal_correction(ND_WEAK_ALL, T, n).n_to_p / born(T, n).n_to_p;
        cr_assert(fabs(relative) < 2.5e-3 * T * T, "%g at %g", relative, T);
    }
}

/* ---- published numbers ------------------------------------------------------------------- */

static double T_nu_at(double T, double *dt_dlnT, double *H)
{
    static struct nd_background *background;
    struct nd_background_state state;
    struct nd_error error = ND_ERROR_INIT;
    if (background == NULL)
        ASSERT_OK(nd_background_create(&background, &error), error);
    ASSERT_OK(nd_background_at(background, T, &state, &error), error);
    *dt_dlnT = state.dt_dlnT;
    *H = state.H;
    return state.T_nu;
}

/* PRyMordial (arXiv:2307.07061), nTOp_thermal_corrections.txt and pTOn_thermal_corrections.txt,
 * over m_e^5: Monte Carlo, photons below 1e-3 m_e left out, T_nu of incomplete decoupling. Only
 * where the last two matter little. */
Test(weak_thermal, published_table)
{
    static const struct {
        double T, n_to_p, p_to_n;
    } table[] = {{0.0910298, 2.5789e-4, 7.1667e-10},
                 {4.71487, 8.7731e3, 6.6686e3},
                 {10.0, 5.3243e5, 4.6784e5}};
    const double tolerance = 6e-3;
    for (int i = 0; i < 3; i++) {
        double unused[2];
        const double T = table[i].T, T_nu = T_nu_at(T, &unused[0], &unused[1]);
        const struct nd_weak_pair pair =
            thermal_correction(ND_WEAK_ALL, T, (struct neutrinos){T_nu, 0.0});
        ASSERT_CLOSE(pair.n_to_p / pow(m_e, 5), table[i].n_to_p, tolerance, "n -> p at %g", T);
        ASSERT_CLOSE(pair.p_to_n / pow(m_e, 5), table[i].p_to_n, tolerance, "p -> n at %g", T);
    }
}

/* Y_p as twice the neutrons left at 0.0727 MeV, where that is 0.243: less than 1e-5
 * (arXiv:1801.08023, Table "Final abundances", RC+FM+WM with and without ThRC+BS). */
Test(weak_thermal, helium)
{
    enum { N_STEPS = 90 };
    const double T_first = 4.0, T_last = 0.0727, tau_n = 879.4 / ND_HBAR;
    const double step = log(T_last / T_first) / N_STEPS;
    double X[2] = {0.5, 0.5};
    struct nodes nodes;
    struct nd_weak_rates *rates[2];
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_weak_rates_create(&rates[0], ND_WEAK_COULOMB, tau_n, &error), error);
    ASSERT_OK(nd_weak_rates_create(&rates[1], ND_WEAK_COULOMB | ND_WEAK_THERMAL, tau_n, &error),
              error);
    for (int i = 0; i < N_STEPS; i++) {
        double dt_dlnT, H;
        const double T = T_first * exp(step * (i + 0.5));
        const struct neutrinos n = {T_nu_at(T, &dt_dlnT, &H), 0.0};
        make_nodes(&n, &nodes);
        const struct nd_nu_e_spectrum spectrum = {1.0 / n.T, N_NODES, nodes.y, nodes.f};
        for (int k = 0; k < 2; k++) {
            struct nd_weak_pair pair;
            ASSERT_OK(nd_weak_rates_at(rates[k], T, &spectrum, &pair, &error), error);
            const double rate = pair.n_to_p + pair.p_to_n, balance = pair.p_to_n / rate;
            X[k] = balance + (X[k] - balance) * exp(-rate * dt_dlnT * step);
        }
    }
    for (int k = 0; k < 2; k++)
        nd_weak_rates_free(rates[k]);
    ASSERT_CLOSE(2.0 * X[0], 0.245, 0.02, "Y_p");
    ASSERT_NEAR(2.0 * X[1], 2.0 * X[0], 1e-5, "Y_p");
}

/* ---- numerics ---------------------------------------------------------------------------- */

/* Panels come and go as T changes: fourth differences, over the rate. */
Test(weak_thermal, smooth_in_temperature)
{
    const double h = 0.01, tolerance = 3e-7, binomial[] = {1.0, -4.0, 6.0, -4.0, 1.0};
    for (double T0 = 0.04; T0 < 16.0; T0 *= 2.1) {
        struct nd_weak_pair difference = {0.0, 0.0};
        for (int i = 0; i < 5; i++) {
            const double T = T0 * exp(h * (i - 2));
            const struct neutrinos n = {0.9 * T, 0.0};
            const struct nd_weak_pair c = thermal_correction(ND_WEAK_ALL, T, n), b = born(T, n);
            difference.n_to_p += binomial[i] * c.n_to_p / b.n_to_p;
            difference.p_to_n += binomial[i] * c.p_to_n / b.p_to_n;
        }
        ASSERT_NEAR(difference.n_to_p, 0.0, tolerance, "n -> p at %g", T0);
        ASSERT_NEAR(difference.p_to_n, 0.0, tolerance, "p -> n at %g", T0);
    }
}

/* The ends of what the rates allow; no neutrinos, or only energetic ones. */
Test(weak_thermal, finite_everywhere)
{
    const double y[] = {1e-3, 1.0, 50.0, 200.0}, temperatures[] = {1e-4, 1.0, 100.0};
    const double occupations[][4] = {
        {0.0, 0.0, 0.0, 0.0}, {0.5, 0.3, 1e-5, 1e-6}, {0.9, 0.9, 0.0, 0.0}};
    const double T_nu[] = {1e-9, 1e-4, 1.0, 100.0};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            for (int j = 0; j < 4; j++) {
                struct nd_occupation spectrum;
                struct nd_weak_pair pair;
                struct nd_error error = ND_ERROR_INIT;
                ASSERT_OK(
                    nd_occupation_init(&spectrum, 1.0 / T_nu[j], 4, y, occupations[k], &error),
                    error);
                ASSERT_OK(nd_weak_thermal(ND_WEAK_ALL, temperatures[i], &spectrum, &pair, &error),
                          error);
                cr_assert(isfinite(pair.n_to_p) && isfinite(pair.p_to_n), "T = %g, T_nu = %g, %d",
                          temperatures[i], T_nu[j], k);
                nd_occupation_clear(&spectrum);
            }
}
