/* Tests of nudipole/statistics.h: occupation numbers and complete Fermi-Dirac integrals, against
 * quadrature, Dirichlet's eta function, the classical limit and their recursion. */
#include "support.h"

#include "nudipole/constants.h"
#include "nudipole/statistics.h"

TestSuite(statistics, .init = no_gsl_abort);

static const double ROUNDING = 1e-13;             /* GSL promises a few 1e-15 */
static const double QUADRATURE_TOLERANCE = 1e-11; /* cquad is asked for 1e-12 */

struct moment_context {
    int order;
    double x;
};

static double moment_integrand(double u, void *context)
{
    const struct moment_context *c = context;
    return pow(u, c->order) * exp(-u) / (1.0 + exp(-c->x - u));
}

Test(statistics, moments_against_quadrature)
{
    const double factorial[] = {1.0, 1.0, 2.0}, far = 80.0; /* e^-80 is dropped */
    for (double x = 0.0; x < 50.0; x = 1.7 * x + 0.05) {
        double phi[3];
        nd_fermi_moments_scaled(ND_QUANTUM, x, phi);
        for (int j = 0; j < 3; j++) {
            struct moment_context c = {j, x};
            const double expected = integrate(moment_integrand, &c, 0.0, far, 1e-12) / factorial[j];
            ASSERT_CLOSE(phi[j], expected, QUADRATURE_TOLERANCE, "phi_%d(%g)", j, x);
        }
    }
}

Test(statistics, moments_at_zero_are_eta_functions)
{
    const double eta[] = {log(2.0), ND_PI * ND_PI / 12.0, 0.75 * ND_ZETA3};
    double phi[3];
    nd_fermi_moments_scaled(ND_QUANTUM, 0.0, phi);
    for (int j = 0; j < 3; j++)
        ASSERT_CLOSE(phi[j], eta[j], ROUNDING, "phi_%d(0)", j);
}

Test(statistics, moments_become_classical)
{
    double phi[3];
    /* phi_j = 1 - exp(-x)/2^(j+1) + O(exp(-2x)) */
    const double x = 10.0, next_order = 1e-4;
    nd_fermi_moments_scaled(ND_QUANTUM, x, phi);
    for (int j = 0; j < 3; j++)
        ASSERT_CLOSE(1.0 - phi[j], exp(-x) / pow(2.0, j + 1), next_order, "1 - phi_%d(%g)", j, x);
    for (double far = 36.0; far < 1e4; far *= 1.1) {
        nd_fermi_moments_scaled(ND_QUANTUM, far, phi);
        for (int j = 0; j < 3; j++)
            ASSERT_CLOSE(phi[j], 1.0, ROUNDING, "phi_%d(%g)", j, far);
    }
}

Test(statistics, moments_recursion)
{
    /* d phi_j / dx = phi_j - phi_(j-1), phi_(-1) = 1/(1 + e^-x), by five-point differences:
     * error h^4/30 of a fifth derivative that is below one. */
    const double h = 0.01, tolerance = 1e-9;
    for (double x = 0.05; x < 30.0; x *= 1.4) {
        double phi[5][3];
        for (int i = 0; i < 5; i++)
            nd_fermi_moments_scaled(ND_QUANTUM, x + (i - 2) * h, phi[i]);
        for (int j = 0; j < 3; j++) {
            const double slope =
                (phi[0][j] - 8.0 * phi[1][j] + 8.0 * phi[3][j] - phi[4][j]) / (12.0 * h);
            const double below = j > 0 ? phi[2][j - 1] : nd_fermi_scaled(ND_QUANTUM, x);
            ASSERT_NEAR(slope, phi[2][j] - below, tolerance, "slope of phi_%d at %g", j, x);
        }
    }
}

Test(statistics, maxwell_boltzmann_is_one)
{
    for (double x = 0.01; x < 100.0; x *= 3.0) {
        double phi[3];
        nd_fermi_moments_scaled(ND_MAXWELL_BOLTZMANN, x, phi);
        cr_assert(phi[0] == 1.0 && phi[1] == 1.0 && phi[2] == 1.0, "moments at %g", x);
        cr_assert(nd_fermi_scaled(ND_MAXWELL_BOLTZMANN, x) == 1.0, "fermi at %g", x);
        cr_assert(nd_bose_scaled(ND_MAXWELL_BOLTZMANN, x) == 1.0, "bose at %g", x);
    }
}

Test(statistics, occupations)
{
    ASSERT_CLOSE(nd_fermi_scaled(ND_QUANTUM, 0.0), 0.5, ROUNDING, "Fermi-Dirac at 0");
    /* Bose-Einstein at small x: x f = 1 - x/2, so scaled 1/x + 1/2 + x/12 */
    const double small = 1e-5;
    ASSERT_CLOSE(nd_bose_scaled(ND_QUANTUM, small), 1.0 / small + 0.5 + small / 12.0, ROUNDING,
                 "Bose-Einstein at %g", small);
    for (double x = 1e-3; x < 30.0; x *= 1.5) {
        const double bose = nd_bose_scaled(ND_QUANTUM, x);
        /* 1/(e^x + 1) = 1/(e^x - 1) - 2/(e^2x - 1), times e^x; differences of 1/x cost digits */
        ASSERT_CLOSE(nd_fermi_scaled(ND_QUANTUM, x),
                     bose - 2.0 * exp(-x) * nd_bose_scaled(ND_QUANTUM, 2.0 * x), 1e-12 / fmin(x, 1),
                     "Fermi-Dirac from Bose-Einstein at %g", x);
        ASSERT_CLOSE(bose, 1.0 + exp(-x) * bose, ROUNDING, "1 + n at %g", x);
    }
}
