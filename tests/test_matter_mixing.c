/* Tests of nudipole/matter_mixing.h: the limits of vacuum and of dense plasma, two flavours, and
 * eigenvectors found from the roots of the characteristic polynomial, all in closed form. */
#include "nudipole/matter_mixing.h"

#include "nudipole/constants.h"
#include "support.h"

TestSuite(matter_mixing, .init = no_gsl_abort);

/* The first two are measured values, NuFIT 6.0 and about its inverted ordering. */
static const struct nd_mixing_angles CASES[] = {{0.307, 0.02195, 0.561, 7.49e-17, 2.534e-15},
                                                {0.308, 0.0223, 0.550, 7.49e-17, -2.41e-15},
                                                {0.307, 0.0, 0.5, 7.49e-17, 2.5e-15},
                                                {0.6, 0.1, 0.3, 5e-17, 1e-15},
                                                {0.3, 0.5, 0.8, 7e-17, 2.5e-15},
                                                {0.2, 0.2, 0.6, 1e-16, -3e-16},
                                                {0.0, 0.02, 0.4, 7e-17, 2.5e-15},
                                                {0.4, 0.05, 1.0, 7e-17, 2.5e-15},
                                                {0.5, 0.3, 0.8, 7.5e-17, -2.5e-15},
                                                {0.3, 0.02, 0.0, 7e-17, 2.5e-15}};
enum { N_CASES = sizeof CASES / sizeof CASES[0] };

static const double PROMISED = 1e-8;   /* error the header promises for measured values */
static const double ROUNDING = 1e-12;  /* of eigenvectors: some dm2_31/dm2_21 times 1e-16 */
static const double UNITARITY = 1e-12; /* asked for; rounding of nine squares is far below */

static struct nd_matter_mixing *create(const struct nd_mixing_angles *angles)
{
    struct nd_matter_mixing *mixing;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_matter_mixing_create(&mixing, angles, &error), error);
    return mixing;
}

/* U of the PDG with delta = 0, written out. */
static void pdg(const struct nd_mixing_angles *o, double U[3][3])
{
    const double s12 = sqrt(o->sin2_12), s13 = sqrt(o->sin2_13), s23 = sqrt(o->sin2_23);
    const double c12 = sqrt(1 - o->sin2_12), c13 = sqrt(1 - o->sin2_13), c23 = sqrt(1 - o->sin2_23);
    const double matrix[3][3] = {
        {c12 * c13, s12 * c13, s13},
        {-s12 * c23 - c12 * s23 * s13, c12 * c23 - s12 * s23 * s13, s23 * c13},
        {s12 * s23 - c12 * c23 * s13, -c12 * s23 - s12 * c23 * s13, c23 * c13}};
    memcpy(U, matrix, sizeof matrix);
}

/* H_ab = sum_i m_i^2 U_ai U_bi [MeV^2] in vacuum, with m_1 = 0. */
static double vacuum_element(const struct nd_mixing_angles *o, int a, int b)
{
    double U[3][3];
    pdg(o, U);
    return o->dm2_21 * U[a][1] * U[b][1] + o->dm2_31 * U[a][2] * U[b][2];
}

/* |U|^2 of the PDG; at inverted ordering nu_3 comes first. */
Test(matter_mixing, vacuum)
{
    for (int n = 0; n < N_CASES; n++) {
        const struct nd_mixing_angles *o = &CASES[n];
        struct nd_matter_mixing *mixing = create(o);
        const int inverted[3] = {2, 0, 1}, normal[3] = {0, 1, 2};
        const int *mass = o->dm2_31 > 0.0 ? normal : inverted;
        double U[3][3], w[3][3], thin[3][3];
        pdg(o, U);
        nd_matter_mixing_at(mixing, 0.0, w);
        nd_matter_mixing_at(mixing, -1e-25, thin);
        for (int a = 0; a < 3; a++)
            for (int i = 0; i < 3; i++) {
                const double expected = U[a][mass[i]] * U[a][mass[i]];
                ASSERT_NEAR(w[a][i], expected, ROUNDING, "weight %d%d, case %d", a, i, n);
                /* to first order in |A|/dm2_21 < 3e-9 */
                ASSERT_NEAR(thin[a][i], expected, 3e-9, "thin, weight %d%d, case %d", a, i, n);
            }
        const double c13_2 = 1.0 - o->sin2_13;
        ASSERT_NEAR(w[0][o->dm2_31 > 0.0 ? 0 : 1], (1.0 - o->sin2_12) * c13_2, ROUNDING,
                    "nu_e in nu_1, case %d", n);
        ASSERT_NEAR(w[0][o->dm2_31 > 0.0 ? 2 : 0], o->sin2_13, ROUNDING, "nu_e in nu_3, case %d",
                    n);
        nd_matter_mixing_free(mixing);
    }
}

/* nu_e is the lowest state and the others mix as the mu-tau block of vacuum says:
 * cos 2phi = (H_tautau - H_mumu)/sqrt((H_tautau - H_mumu)^2 + 4 H_mutau^2). What is left is of the
 * order of dm2_31/|A|. */
Test(matter_mixing, dense_plasma)
{
    for (int n = 0; n < N_CASES; n++) {
        const struct nd_mixing_angles *o = &CASES[n];
        struct nd_matter_mixing *mixing = create(o);
        const double difference = vacuum_element(o, 2, 2) - vacuum_element(o, 1, 1);
        const double cosine = difference / hypot(difference, 2.0 * vacuum_element(o, 1, 2));
        const double same = 0.5 * (1.0 + cosine), other = 0.5 * (1.0 - cosine);
        const double expected[3][3] = {{1, 0, 0}, {0, same, other}, {0, other, same}};
        for (double A = -1e-12; A > -1e4; A *= 3.0) {
            double w[3][3];
            nd_matter_mixing_at(mixing, A < -1e3 ? -INFINITY : A, w);
            const double tolerance = fabs(o->dm2_31 / A) + PROMISED;
            for (int a = 0; a < 3; a++)
                for (int i = 0; i < 3; i++)
                    ASSERT_NEAR(w[a][i], expected[a][i], tolerance, "weight %d%d, case %d, A = %g",
                                a, i, n, A);
        }
        nd_matter_mixing_free(mixing);
    }
}

/* Rows and columns add up to 1, no share is negative. */
Test(matter_mixing, unitarity)
{
    for (int n = 0; n < N_CASES; n++) {
        struct nd_matter_mixing *mixing = create(&CASES[n]);
        for (double A = -1e-25; A > -10.0; A *= 1.07) {
            double w[3][3];
            nd_matter_mixing_at(mixing, A, w);
            for (int a = 0; a < 3; a++) {
                ASSERT_NEAR(w[a][0] + w[a][1] + w[a][2], 1.0, UNITARITY, "row %d, case %d, A = %g",
                            a, n, A);
                ASSERT_NEAR(w[0][a] + w[1][a] + w[2][a], 1.0, UNITARITY,
                            "column %d, case %d, A = %g", a, n, A);
                for (int i = 0; i < 3; i++)
                    cr_assert(w[a][i] >= 0.0, "weight %d%d is %g in case %d, A = %g", a, i, w[a][i],
                              n, A);
            }
        }
        nd_matter_mixing_free(mixing);
    }
}

/* theta_13 = 0: tan 2theta_m = sin 2theta/(cos 2theta - A/dm2) for nu_e and one mixture of nu_mu
 * and nu_tau; the other one is state 3. */
Test(matter_mixing, two_flavours)
{
    const double sin2_12[] = {0.307, 0.02, 0.5, 0.75};
    for (int n = 0; n < 4; n++) {
        const struct nd_mixing_angles o = {sin2_12[n], 0.0, 0.56, 7.49e-17, 2.5e-15};
        struct nd_matter_mixing *mixing = create(&o);
        const double two_theta = 2.0 * asin(sqrt(o.sin2_12));
        for (double A = -1e-25; A > -10.0; A *= 1.31) {
            const double tan_2theta = sin(two_theta) / (cos(two_theta) - A / o.dm2_21);
            double theta = 0.5 * atan(tan_2theta);
            if (theta < 0.0) /* 2theta_m is in [0, pi] */
                theta += 0.5 * ND_PI;
            const double s2 = sin(theta) * sin(theta), c2 = cos(theta) * cos(theta);
            const double expected[3][3] = {
                {c2, s2, 0.0},
                {s2 * (1.0 - o.sin2_23), c2 * (1.0 - o.sin2_23), o.sin2_23},
                {s2 * o.sin2_23, c2 * o.sin2_23, 1.0 - o.sin2_23}};
            double w[3][3];
            nd_matter_mixing_at(mixing, A, w);
            for (int a = 0; a < 3; a++)
                for (int i = 0; i < 3; i++)
                    ASSERT_NEAR(w[a][i], expected[a][i], PROMISED,
                                "weight %d%d, sin2_12 = %g, A = %g", a, i, o.sin2_12, A);
        }
        nd_matter_mixing_free(mixing);
    }
}

/* |U_ai|^2 = prod_k (lambda_i - xi_k)/prod_j (lambda_i - lambda_j): lambda are the eigenvalues of
 * H, by Cardano's trigonometric formula, and xi those of H without row and column a. */
static void from_eigenvalues(const struct nd_mixing_angles *o, double A, double w[3][3])
{
    long double H[3][3], lambda[3];
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            H[a][b] = vacuum_element(o, a, b) + (a + b == 0 ? A : 0.0);
    const long double mean = (H[0][0] + H[1][1] + H[2][2]) / 3.0L;
    const long double x = H[0][0] - mean, y = H[1][1] - mean, z = H[2][2] - mean;
    const long double u = H[1][2], v = H[0][2], t = H[0][1];
    const long double radius =
        sqrtl((x * x + y * y + z * z + 2.0L * (u * u + v * v + t * t)) / 6.0L);
    const long double det =
        x * (y * z - u * u) - t * (t * z - u * v) + v * (t * u - y * v); /* of H - mean */
    const long double phi = acosl(det / (2.0L * radius * radius * radius)) / 3.0L;
    const long double turn = 2.0L * acosl(-1.0L) / 3.0L;
    lambda[0] = mean + 2.0L * radius * cosl(phi + turn);
    lambda[1] = mean + 2.0L * radius * cosl(phi - turn);
    lambda[2] = mean + 2.0L * radius * cosl(phi);
    for (int a = 0; a < 3; a++) {
        const int b = (a + 1) % 3, c = (a + 2) % 3;
        const long double middle = 0.5L * (H[b][b] + H[c][c]);
        const long double half = hypotl(0.5L * (H[b][b] - H[c][c]), H[b][c]);
        for (int i = 0; i < 3; i++) {
            const int j = (i + 1) % 3, k = (i + 2) % 3;
            w[a][i] = (double)((lambda[i] - middle - half) * (lambda[i] - middle + half) /
                               ((lambda[i] - lambda[j]) * (lambda[i] - lambda[k])));
        }
    }
}

/* Up to |A| = 1e4 dm2_31: from there on Cardano's formula loses too many digits. */
Test(matter_mixing, eigenvalues)
{
    for (int n = 0; n < N_CASES; n++) {
        const struct nd_mixing_angles *o = &CASES[n];
        struct nd_matter_mixing *mixing = create(o);
        for (double A = -1e-25; A > -1e4 * fabs(o->dm2_31); A *= 1.0137) {
            double w[3][3], expected[3][3];
            nd_matter_mixing_at(mixing, A, w);
            from_eigenvalues(o, A, expected);
            for (int a = 0; a < 3; a++)
                for (int i = 0; i < 3; i++)
                    ASSERT_NEAR(w[a][i], expected[a][i], PROMISED, "weight %d%d, case %d, A = %g",
                                a, i, n, A);
        }
        nd_matter_mixing_free(mixing);
    }
}

/* The lowest eigenvalue is a concave function of A and the highest a convex one, and their slopes
 * are |U_e1|^2 and |U_e3|^2. A label that changes hands breaks this. */
Test(matter_mixing, follows_levels)
{
    for (int n = 0; n < N_CASES; n++) {
        struct nd_matter_mixing *mixing = create(&CASES[n]);
        double last[3][3], w[3][3];
        nd_matter_mixing_at(mixing, 0.0, last);
        for (double A = -1e-21; A > -1.0; A *= 1.05) {
            nd_matter_mixing_at(mixing, A, w);
            cr_assert(w[0][0] >= last[0][0] - PROMISED && w[0][2] <= last[0][2] + PROMISED,
                      "case %d, A = %g: nu_e is %g of state 1 after %g, %g of state 3 after %g", n,
                      A, w[0][0], last[0][0], w[0][2], last[0][2]);
            memcpy(last, w, sizeof w);
        }
        nd_matter_mixing_free(mixing);
    }
}

Test(matter_mixing, only_negative_A)
{
    struct nd_matter_mixing *mixing = create(&CASES[0]);
    const double outside[] = {1e-18, 1.0, INFINITY, NAN};
    for (int n = 0; n < 4; n++) {
        double w[3][3] = {{0.0}};
        nd_matter_mixing_at(mixing, outside[n], w);
        for (int i = 0; i < 9; i++)
            cr_assert(isnan(w[i / 3][i % 3]), "A = %g: weight %d is %g", outside[n], i,
                      w[i / 3][i % 3]);
    }
    nd_matter_mixing_free(mixing);
}

/* Energy density of ultra-relativistic e- and e+, 4 (7/8) pi^2/30 T^4. */
static double rho_relativistic(double T)
{
    return 3.5 * ND_PI * ND_PI / 30.0 * T * T * T * T;
}

Test(matter_mixing, matter_term)
{
    /* the same in GeV: -4 sqrt(2) G_F/m_W^2 = -1.02159e-8 GeV^-4 */
    const double G_F = 1.1663788e-5, m_W = 80.3692;
    const double per_GeV4 = -4.0 * sqrt(2.0) * G_F / (m_W * m_W);
    const double T = 4.0, p = 11.0, rho = rho_relativistic(T), pressure = 0.3 * rho;
    ASSERT_CLOSE(1e-6 * nd_matter_term(p, rho, pressure),
                 per_GeV4 * 1e-6 * p * p * 1e-12 * (rho + pressure), ROUNDING, "A");
    /* Notzold, Raffelt for p_e = rho_e/3: V_e = -8 sqrt(2) G_F p rho_e/(3 m_W^2) */
    const double A = nd_matter_term(p, rho, rho / 3.0);
    ASSERT_CLOSE(A, 2.0 * p * -8.0 * sqrt(2.0) * ND_FERMI * p * rho / (3.0 * 80369.2 * 80369.2),
                 ROUNDING, "relativistic A");
    /* Dolgov, Phys. Rept. 370 (2002) 333: V = -C G_F^2 T^4 p/alpha, C = 0.61 for nu_e and 0.17 for
     * nu_mu. Two digits, and tree-level relations between G_F, m_W and alpha. */
    const double tolerance = 0.06;
    const double C = -A / (2.0 * p * p) * ND_ALPHA / (ND_FERMI * ND_FERMI * pow(T, 4));
    ASSERT_CLOSE(C, 0.61 - 0.17, tolerance, "coefficient of the potential");
}

/* |A| ~ T^6 reaches dm2_31 at 5 MeV and dm2_21 at 2.8 MeV for p = 3.15 T. */
Test(matter_mixing, temperature_of_conversion)
{
    const double tolerance = 0.2; /* of numbers quoted to one or two digits */
    const double at_1_MeV =
        -nd_matter_term(3.15, rho_relativistic(1.0), rho_relativistic(1.0) / 3.0);
    ASSERT_CLOSE(pow(CASES[0].dm2_31 / at_1_MeV, 1.0 / 6.0), 5.0, tolerance, "T of dm2_31");
    ASSERT_CLOSE(pow(CASES[0].dm2_21 / at_1_MeV, 1.0 / 6.0), 2.8, tolerance, "T of dm2_21");
    const double T = 5.0;
    ASSERT_CLOSE(-nd_matter_term(3.15 * T, rho_relativistic(T), rho_relativistic(T) / 3.0),
                 at_1_MeV * pow(T, 6), ROUNDING, "T^6");
}

Test(matter_mixing, errors)
{
    static const struct {
        struct nd_mixing_angles angles;
        enum nd_status status;
        const char *fragment;
    } bad[] = {
        {{-0.1, 0.02, 0.5, 7e-17, 2e-15}, ND_BAD_INPUT, "sin2_12 = -0.1 must be in [0, 1]"},
        {{0.3, 1.2, 0.5, 7e-17, 2e-15}, ND_BAD_INPUT, "sin2_13 = 1.2 must be in [0, 1]"},
        {{0.3, 0.02, NAN, 7e-17, 2e-15}, ND_BAD_INPUT, "sin2_23 = nan must be in [0, 1]"},
        {{0.3, 0.02, 0.5, 0.0, 2e-15}, ND_BAD_INPUT, "dm2_21 = 0 MeV^2 must be positive"},
        {{0.3, 0.02, 0.5, -7e-17, 2e-15}, ND_BAD_INPUT, "dm2_21 = -7e-17 MeV^2"},
        {{0.3, 0.02, 0.5, NAN, 2e-15}, ND_BAD_INPUT, "dm2_21 = nan MeV^2 must be"},
        {{0.3, 0.02, 0.5, 7e-17, 0.0}, ND_BAD_INPUT, "dm2_31 = 0 MeV^2"},
        {{0.3, 0.02, 0.5, 7e-17, 7e-17}, ND_BAD_INPUT, "larger in magnitude than dm2_21 = 7e-17"},
        {{0.3, 0.02, 0.5, 7e-17, -6e-17}, ND_BAD_INPUT, "dm2_31 = -6e-17 MeV^2"},
        {{0.3, 0.02, 0.5, 7e-17, INFINITY}, ND_BAD_INPUT, "must be finite"},
        /* levels that cross, and some that nearly do */
        {{0.3, 0.0, 0.5, 7e-17, -2e-15}, ND_NOT_CONVERGED, "come too close for sin2_12 = 0.3"},
        {{0.3, 1e-4, 0.5, 7e-17, -2e-15}, ND_NOT_CONVERGED, "sin2_13 = 0.0001"},
        {{1.0, 0.02, 0.5, 7e-17, 2e-15}, ND_NOT_CONVERGED, "sin2_12 = 1"},
    };
    for (size_t n = 0; n < sizeof bad / sizeof bad[0]; n++) {
        struct nd_error error = ND_ERROR_INIT;
        struct nd_matter_mixing *mixing = NULL;
        ASSERT_ERROR(nd_matter_mixing_create(&mixing, &bad[n].angles, &error), error, bad[n].status,
                     bad[n].fragment);
        cr_assert(mixing == NULL, "case %zu left an object", n);
    }
    nd_matter_mixing_free(NULL);
}
