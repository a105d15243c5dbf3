/* Tests of nudipole/qed.h and nudipole/plasma_table.h.
 *
 * QED pressure: relativistic limits, nested quadrature of the formulas of arXiv:1911.04504 as they
 * are printed, and the values of an independent calculation. Table: the ideal plasma, derivatives
 * of the pressures it was made from, thermodynamic identities, and the effective number of
 * neutrinos that follows from the entropy. */
#include "support.h"

#include <gsl/gsl_sf_bessel.h>

#include "nudipole/constants.h"
#include "nudipole/plasma.h"
#include "nudipole/plasma_table.h"

TestSuite(plasma_table, .init = no_gsl_abort);

static const double TABLE_TOLERANCE = 1e-10;     /* what the table promises of rho, p, drho/dT */
static const double MASS_TOLERANCE = 1e-9;       /* and of the masses and electrons */
static const double DIFFERENCE_TOLERANCE = 1e-9; /* seven-point differences, step 1e-2 in ln T */

static const double m_e = ND_M_ELECTRON;
static const double E2 = 4.0 * ND_PI * ND_ALPHA; /* e^2 */
static const double T_MIN = 1e-3, T_MAX = 200.0;

enum { N_ORDERS = 3 };
static const enum nd_qed orders[N_ORDERS] = {ND_QED_NONE, ND_QED_E2, ND_QED_E3};

static struct nd_plasma_table *make_table(enum nd_qed qed, double T_min, double T_max)
{
    struct nd_plasma_table *table;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_plasma_table_create(&table, qed, T_min, T_max, &error), error);
    return table;
}

static struct nd_plasma_state state_at(const struct nd_plasma_table *table, double T)
{
    struct nd_plasma_state state;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_plasma_table_at(table, T, &state, &error), error);
    ASSERT_CLOSE(state.T, T, 0.0, "T");
    return state;
}

/* Fixed pseudo-random temperatures, uniform in ln T. */
static double random_temperature(unsigned *seed, double T_min, double T_max)
{
    *seed = *seed * 1664525u + 1013904223u;
    return T_min * pow(T_max / T_min, (*seed >> 8) / 16777216.0);
}

/* First and second derivative with respect to ln T from seven values, h apart. */
static double first_difference(const double f[7], double h)
{
    return (45.0 * (f[4] - f[2]) - 9.0 * (f[5] - f[1]) + (f[6] - f[0])) / (60.0 * h);
}

static double second_difference(const double f[7], double h)
{
    return (-490.0 * f[3] + 270.0 * (f[4] + f[2]) - 27.0 * (f[5] + f[1]) + 2.0 * (f[6] + f[0])) /
           (180.0 * h * h);
}

Test(plasma_table, ideal_table_is_the_plasma)
{
    struct nd_plasma_table *table = make_table(ND_QED_NONE, T_MIN, T_MAX);
    unsigned seed = 1;
    for (int i = 0; i < 3000; i++) {
        const double T = random_temperature(&seed, 1.1e-3, T_MAX);
        const struct nd_plasma_state state = state_at(table, T);
        struct nd_plasma plasma;
        nd_plasma_init(&plasma, T);
        ASSERT_CLOSE(state.rho, plasma.rho, TABLE_TOLERANCE, "rho at %g", T);
        ASSERT_CLOSE(state.p, plasma.p, TABLE_TOLERANCE, "p at %g", T);
        ASSERT_CLOSE(state.drho_dT, plasma.drho_dT, TABLE_TOLERANCE, "drho/dT at %g", T);
        ASSERT_CLOSE(state.m_debye2, plasma.m_debye2, MASS_TOLERANCE, "m_D^2 at %g", T);
        ASSERT_CLOSE(state.m_asymptotic2, plasma.m_asymptotic2, MASS_TOLERANCE, "m_T^2 at %g", T);
        ASSERT_NEAR(state.rho_e, plasma.rho - nd_rho_photon(T), TABLE_TOLERANCE * plasma.rho,
                    "rho_e at %g", T);
        ASSERT_NEAR(state.p_e, plasma.p - nd_rho_photon(T) / 3.0, TABLE_TOLERANCE * plasma.p,
                    "p_e at %g", T);
        /* of themselves: rho_e - 3 p_e = m_e^2 m_T^2/e^2, both being int dp p^2/E f */
        ASSERT_CLOSE((state.rho_e - 3.0 * state.p_e) / (m_e * m_e * plasma.m_asymptotic2 / E2), 1.0,
                     MASS_TOLERANCE * fmax(1.0, state.rho_e / (m_e * m_e * T * T)),
                     "rho_e - 3 p_e at %g", T);
    }
    nd_plasma_table_free(table);
    nd_plasma_table_free(NULL);
}

Test(plasma_table, cold_electrons)
{
    /* Boltzmann gas; f has one more term, e^(-m_e/T) < e^-40 of it */
    struct nd_plasma_table *table = make_table(ND_QED_E3, T_MIN, T_MAX);
    for (double T = 1.1e-3; T < m_e / 40.0; T *= 1.3) {
        const struct nd_plasma_state state = state_at(table, T);
        const double x = m_e / T, scale = 2.0 / (ND_PI * ND_PI) * pow(m_e, 4) * exp(-x);
        const double K1 = gsl_sf_bessel_K1_scaled(x), K2 = gsl_sf_bessel_Kn_scaled(2, x);
        ASSERT_CLOSE(state.p_e, scale * K2 / (x * x), MASS_TOLERANCE, "p_e at %g", T);
        ASSERT_CLOSE(state.rho_e, scale * (K1 / x + 3.0 * K2 / (x * x)), MASS_TOLERANCE,
                     "rho_e at %g", T);
    }
    nd_plasma_table_free(table);
}

Test(plasma_table, electrons_underflow)
{
    const double tolerance = 1e-14; /* rounding: nothing but photons */
    struct nd_plasma_table *tables[] = {make_table(ND_QED_E3, 1e-6, 1.0),
                                        make_table(ND_QED_E3, 1e-6, 1e-4)};
    const double temperatures[] = {1e-6, 1e-5, 1e-4, m_e / 800.0, m_e / 700.0, 1e-3, 2e-3};
    for (int i = 0; i < 7; i++)
        for (int k = 0; k < 2; k++) {
            const double T = temperatures[i];
            if (k == 1 && T > 1e-4)
                continue;
            const struct nd_plasma_state state = state_at(tables[k], T);
            ASSERT_CLOSE(state.rho, nd_rho_photon(T), tolerance, "rho at %g", T);
            ASSERT_CLOSE(state.p, nd_rho_photon(T) / 3.0, tolerance, "p at %g", T);
            ASSERT_CLOSE(state.drho_dT, 4.0 * nd_rho_photon(T) / T, tolerance, "drho/dT at %g", T);
            ASSERT_NEAR(state.m_debye2, 0.0, 1e-100, "m_D^2 at %g", T);
            ASSERT_NEAR(state.m_asymptotic2, 0.0, 1e-100, "m_T^2 at %g", T);
            ASSERT_NEAR(state.rho_e, 0.0, 1e-100, "rho_e at %g", T);
            ASSERT_NEAR(state.p_e, 0.0, 1e-100, "p_e at %g", T);
            ASSERT_NEAR(nd_qed_pressure(T, ND_QED_E3), 0.0, 1e-100, "P_int at %g", T);
        }
    for (int k = 0; k < 2; k++)
        nd_plasma_table_free(tables[k]);
}

Test(plasma_table, qed_pressure_in_the_relativistic_limit)
{
    const double T = 5000.0, tolerance = 1e-6; /* m_e^2/T^2 = 1e-8, with a logarithm */
    const double P2 = nd_qed_pressure(T, ND_QED_E2), P3 = nd_qed_pressure(T, ND_QED_E3) - P2;
    const double m_D = sqrt(E2 / 3.0) * T;
    ASSERT_CLOSE(P2, -5.0 * E2 * pow(T, 4) / 288.0, tolerance, "P_2");
    ASSERT_CLOSE(P3, T * pow(m_D, 3) / (12.0 * ND_PI), tolerance, "P_3");
    ASSERT_CLOSE(nd_qed_pressure(T, ND_QED_NONE), 0.0, 0.0, "no correction");
}

/* The integrals of arXiv:1911.04504, by quadrature in the momenta. */
struct quadrature_context {
    double T, p, far;
    double energy_weight; /* of E^2 beside p^2 in single_integrand */
};

static const double INNER_TOLERANCE = 1e-9, OUTER_TOLERANCE = 1e-7; /* of the double integral */

static double energy(double p)
{
    return sqrt(p * p + m_e * m_e);
}

static double occupation(double p, double T)
{
    return 2.0 / (exp(energy(p) / T) + 1.0);
}

static double single_integrand(double p, void *context)
{
    const struct quadrature_context *c = context;
    const double E = energy(p);
    return (p * p + c->energy_weight * E * E) / E * occupation(p, c->T);
}

static double inner_integrand(double k, void *context)
{
    const struct quadrature_context *c = context;
    return k / energy(k) * log(fabs((c->p + k) / (c->p - k))) * occupation(k, c->T);
}

static double outer_integrand(double p, void *context)
{
    struct quadrature_context c = *(struct quadrature_context *)context;
    c.p = p;
    return p / energy(p) * occupation(p, c.T) *
           (integrate(inner_integrand, &c, 0.0, p, INNER_TOLERANCE) +
            integrate(inner_integrand, &c, p, c.far, INNER_TOLERANCE));
}

Test(plasma_table, qed_pressure_by_quadrature)
{
    const double temperatures[] = {0.034, 0.05, 0.3, 1.0, 10.0};
    for (int i = 0; i < 5; i++) {
        const double T = temperatures[i];
        struct quadrature_context c = {.T = T, .far = 45.0 * (T + sqrt(T * m_e))};
        const double I = integrate(single_integrand, &c, 0.0, c.far, 1e-11);
        c.energy_weight = 1.0;
        const double J = integrate(single_integrand, &c, 0.0, c.far, 1e-11);
        const double L = integrate(outer_integrand, &c, 1e-8 * T, c.far, OUTER_TOLERANCE);
        const double without_logarithm =
            -E2 * T * T / (12.0 * pow(ND_PI, 2)) * I - E2 / (8.0 * pow(ND_PI, 4)) * I * I;
        const double logarithm = E2 * m_e * m_e / (16.0 * pow(ND_PI, 4)) * L;
        const double P3 = pow(E2, 1.5) * T / (12.0 * pow(ND_PI, 4)) * pow(J, 1.5);
        const double actual = nd_qed_pressure(T, ND_QED_E2);
        ASSERT_CLOSE(actual, without_logarithm + logarithm, OUTER_TOLERANCE, "P_2 at %g", T);
        ASSERT_CLOSE(actual - without_logarithm, logarithm, OUTER_TOLERANCE,
                     "logarithmic term at %g", T);
        ASSERT_CLOSE(nd_qed_pressure(T, ND_QED_E3) - actual, P3, 1e-9, "P_3 at %g", T);
    }
}

Test(plasma_table, qed_pressure_as_published)
{
    /* Data file of Escudero, Jackson, Laine & Sandner, arXiv:2511.04747 (github.com/MiguelEA/
     * nudec_BSM, BasicModules_data/QED_p_int.dat): T, P_2 without the logarithm, logarithm, P_3. */
    static const double rows[][4] = {
        {2.849413378306e-01, -3.5098e-06, 1.6998e-07, 4.7708e-07},
        {1.000165021084e+00, -1.3334e-03, 1.7729e-05, 1.3372e-04},
        {3.999999999996e+01, -4.0743e+03, 4.9512e-02, 3.6289e+02},
    };
    const double last_digit = 5e-5; /* half a unit of five digits, 1 at the front */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double T = rows[i][0], P2 = nd_qed_pressure(T, ND_QED_E2);
        ASSERT_CLOSE(P2, rows[i][1] + rows[i][2], last_digit, "P_2 at %g", T);
        ASSERT_CLOSE(nd_qed_pressure(T, ND_QED_E3) - P2, rows[i][3], last_digit, "P_3 at %g", T);
    }
}

Test(plasma_table, qed_state_derives_from_the_pressure)
{
    const double h = 0.02; /* in ln T: differences err by h^6/140 of the seventh derivative */
    const double tolerance = 5e-11;
    struct nd_plasma_table *ideal = make_table(ND_QED_NONE, T_MIN, T_MAX);
    for (int k = 1; k < N_ORDERS; k++) {
        struct nd_plasma_table *table = make_table(orders[k], T_MIN, T_MAX);
        unsigned seed = 2;
        for (int i = 0; i < 300; i++) {
            const double T = random_temperature(&seed, 0.02, T_MAX);
            const struct nd_plasma_state state = state_at(table, T), free = state_at(ideal, T);
            double P[7];
            for (int j = 0; j < 7; j++)
                P[j] = nd_qed_pressure(T * exp((j - 3) * h), orders[k]);
            const double P1 = first_difference(P, h), P2 = second_difference(P, h);
            ASSERT_NEAR(state.p - free.p, P[3], 1e-14 * state.p, "P_int at %g", T);
            ASSERT_NEAR(state.rho - free.rho, P1 - P[3], tolerance * state.rho, "rho_int at %g", T);
            ASSERT_NEAR(state.drho_dT - free.drho_dT, (P2 - P1) / T, tolerance * state.drho_dT,
                        "drho_int/dT at %g", T);
            ASSERT_CLOSE(state.p_e, free.p_e, 0.0, "p_e is that of ideal gases");
            ASSERT_CLOSE(state.rho_e, free.rho_e, 0.0, "rho_e is that of ideal gases");
            ASSERT_CLOSE(state.m_debye2, free.m_debye2, 0.0, "m_D^2 is of order e^2");
            ASSERT_CLOSE(state.m_asymptotic2, free.m_asymptotic2, 0.0, "m_T^2 is of order e^2");
        }
        nd_plasma_table_free(table);
    }
    nd_plasma_table_free(ideal);
}

Test(plasma_table, thermodynamic_identities)
{
    const double h = 0.01;
    for (int k = 0; k < N_ORDERS; k++) {
        struct nd_plasma_table *table = make_table(orders[k], T_MIN, T_MAX);
        unsigned seed = 3;
        for (int i = 0; i < 2000; i++) {
            const double T = random_temperature(&seed, T_MIN * 1.1, T_MAX / 1.1);
            double p[7], rho[7], drho_dT = NAN, m_T2[7], m_D2 = NAN;
            for (int j = 0; j < 7; j++) {
                const struct nd_plasma_state state = state_at(table, T * exp((j - 3) * h));
                p[j] = state.p;
                rho[j] = state.rho;
                m_T2[j] = state.m_asymptotic2;
                if (j == 3) {
                    drho_dT = state.drho_dT;
                    m_D2 = state.m_debye2;
                }
            }
            ASSERT_CLOSE(first_difference(p, h), rho[3] + p[3], DIFFERENCE_TOLERANCE,
                         "T dp/dT at %g, order %d", T, k);
            ASSERT_CLOSE(first_difference(rho, h), T * drho_dT, DIFFERENCE_TOLERANCE,
                         "T drho/dT at %g, order %d", T, k);
            if (T > 0.1) /* below, m_T^2 ~ exp(-m_e/T) changes too fast for these differences */
                ASSERT_CLOSE(first_difference(m_T2, h), m_D2, DIFFERENCE_TOLERANCE,
                             "T dm_T^2/dT at %g", T);
        }
        nd_plasma_table_free(table);
    }
}

Test(plasma_table, range_does_not_matter)
{
    /* other nodes, other steps, and no room beyond the ends */
    const double rounding = 1e-10; /* nodes differ: the error of interpolation */
    struct nd_plasma_table *wide = make_table(ND_QED_E3, T_MIN, T_MAX);
    const double ranges[][2] = {{0.9, 1.1}, {0.07, 3.0}, {1e-3, 0.0011}, {150.0, 200.0}};
    for (int i = 0; i < 4; i++) {
        struct nd_plasma_table *narrow = make_table(ND_QED_E3, ranges[i][0], ranges[i][1]);
        for (int j = 0; j <= 10; j++) {
            const double T =
                j == 10 ? ranges[i][1] : ranges[i][0] * pow(ranges[i][1] / ranges[i][0], j / 10.0);
            const struct nd_plasma_state a = state_at(wide, T), b = state_at(narrow, T);
            ASSERT_CLOSE(b.p, a.p, rounding, "p at %g", T);
            ASSERT_CLOSE(b.rho, a.rho, rounding, "rho at %g", T);
            ASSERT_CLOSE(b.drho_dT, a.drho_dT, rounding, "drho/dT at %g", T);
            ASSERT_CLOSE(b.m_debye2, a.m_debye2, MASS_TOLERANCE, "m_D^2 at %g", T);
        }
        nd_plasma_table_free(narrow);
    }
    nd_plasma_table_free(wide);
}

Test(plasma_table, smooth_between_cells)
{
    /* Sixth differences of drho/dT over ln T, h far below a cell: h^6 times the sixth derivative
     * where the function is smooth; a change of slope D between cells would leave up to 6 h D. */
    const double h = 4e-3, bound = 2e4 * pow(h, 6); /* the derivative reaches 5e3 near 0.27 MeV */
    static const double binomials[] = {1.0, -6.0, 15.0, -20.0, 15.0, -6.0, 1.0};
    struct nd_plasma_table *table = make_table(ND_QED_E3, T_MIN, T_MAX);
    double d[7] = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    for (int i = 0; T_MIN * exp(i * h) < T_MAX; i++) {
        const double T = T_MIN * exp(i * h);
        double difference = 0.0;
        for (int j = 0; j < 6; j++)
            d[j] = d[j + 1];
        d[6] = state_at(table, T).drho_dT / (T * T * T);
        for (int j = 0; j < 7; j++)
            difference += binomials[j] * d[j];
        if (i >= 6)
            ASSERT_NEAR(difference / d[6], 0.0, bound, "sixth difference at %g", T);
    }
    nd_plasma_table_free(table);
}

Test(plasma_table, interaction_lowers_the_pressure)
{
    struct nd_plasma_table *tables[N_ORDERS];
    for (int k = 0; k < N_ORDERS; k++)
        tables[k] = make_table(orders[k], T_MIN, T_MAX);
    for (double T = 0.03; T < T_MAX; T *= 1.1) {
        struct nd_plasma_state s[N_ORDERS];
        for (int k = 0; k < N_ORDERS; k++)
            s[k] = state_at(tables[k], T);
        cr_assert(s[1].p < s[2].p && s[2].p < s[0].p, "p at %g: %.15g, %.15g, %.15g", T, s[0].p,
                  s[1].p, s[2].p);
        cr_assert(s[1].rho < s[2].rho && s[2].rho < s[0].rho, "rho at %g: %.15g, %.15g, %.15g", T,
                  s[0].rho, s[1].rho, s[2].rho);
    }
    for (int k = 0; k < N_ORDERS; k++)
        nd_plasma_table_free(tables[k]);
}

/* a T_gamma after annihilation over that at T, where the neutrinos decouple all at once. */
static double photon_heating(const struct nd_plasma_table *table, double T)
{
    const double T_end = 4e-3; /* e^-127 electrons */
    const struct nd_plasma_state start = state_at(table, T), end = state_at(table, T_end);
    const double ratio =
        (start.rho + start.p) / pow(T, 4) / ((end.rho + end.p) / pow(T_end, 4)); /* s/T^3 */
    return cbrt(ratio);
}

static double n_eff(const struct nd_plasma_table *table, double T)
{
    return 3.0 * pow(cbrt(11.0 / 4.0) / photon_heating(table, T), 4);
}

Test(plasma_table, effective_number_of_neutrinos)
{
    struct nd_plasma_table *tables[N_ORDERS];
    for (int k = 0; k < N_ORDERS; k++)
        tables[k] = make_table(orders[k], T_MIN, T_MAX);

    const double T = 20.0;
    const double mass_tolerance = 2e-5; /* of z: m_e^2/T^2 = 6.5e-4 times 5/(22 pi^2) */
    ASSERT_CLOSE(photon_heating(tables[0], T), cbrt(11.0 / 4.0), mass_tolerance, "ideal z");
    /* s falls by 4 P_2/T of 11 pi^2/45 T^3, and N_eff goes as s^(-4/3) */
    const double entropy = 11.0 * ND_PI * ND_PI / 45.0, S2 = -5.0 * E2 / 72.0;
    const double S3 = pow(E2 / 3.0, 1.5) / (3.0 * ND_PI);
    const double expected2 = 3.0 * (pow(1.0 + S2 / entropy, -4.0 / 3.0) - 1.0);
    const double expected3 = 3.0 * (pow(1.0 + (S2 + S3) / entropy, -4.0 / 3.0) - 1.0) - expected2;
    const double tolerance = 3e-3; /* electron mass at 20 MeV */
    const double n[] = {n_eff(tables[0], T), n_eff(tables[1], T), n_eff(tables[2], T)};
    ASSERT_CLOSE(n[1] - n[0], expected2, tolerance, "change of N_eff, e^2");
    ASSERT_CLOSE(n[2] - n[1], expected3, tolerance, "change of N_eff, e^3");

    /* arXiv:1911.04504, abstract, decoupling near 1 MeV: +0.010 and -0.001, last digits rounded */
    for (double T_nu = 1.0; T_nu < 3.0; T_nu *= 1.2) {
        const double n0 = n_eff(tables[0], T_nu), n2 = n_eff(tables[1], T_nu);
        ASSERT_NEAR(n2 - n0, 0.010, 5e-4, "change of N_eff, e^2, at %g", T_nu);
        ASSERT_CLOSE(n_eff(tables[2], T_nu) - n2, -0.00095, 0.1, "change of N_eff, e^3, at %g",
                     T_nu);
    }
    for (int k = 0; k < N_ORDERS; k++)
        nd_plasma_table_free(tables[k]);
}

Test(plasma_table, errors)
{
    struct nd_plasma_table *table = make_table(ND_QED_E3, 0.01, 10.0);
    const double outside[] = {0.01 * (1.0 - 1e-12), 10.0 * (1.0 + 1e-12), 0.0, -1.0, NAN, INFINITY};
    struct nd_plasma_state state;
    for (int i = 0; i < 6; i++) {
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(nd_plasma_table_at(table, outside[i], &state, &error), error, ND_BAD_INPUT,
                     "covers 0.01 to 10 MeV");
    }
    state_at(table, 0.01);
    state_at(table, 10.0);
    nd_plasma_table_free(table);

    const double ranges[][2] = {{0.0, 1.0}, {-1.0, 1.0}, {1.0, 1.0},     {2.0, 1.0},
                                {NAN, 1.0}, {1.0, NAN},  {1.0, INFINITY}};
    for (int i = 0; i < 7; i++) {
        struct nd_error error = ND_ERROR_INIT;
        struct nd_plasma_table *none = (struct nd_plasma_table *)&state;
        ASSERT_ERROR(nd_plasma_table_create(&none, ND_QED_E2, ranges[i][0], ranges[i][1], &error),
                     error, ND_BAD_INPUT, "needs 0 < T_min < T_max");
        cr_assert(none == NULL, "a table in spite of an error");
    }
}
