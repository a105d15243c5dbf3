/* Tests of fermi_table.h against the functions it tabulates, their series and their recursion. */
#include "support.h"

#include "fermi_table.h"
#include "nudipole/constants.h"
#include "nudipole/statistics.h"

TestSuite(fermi_table, .init = no_gsl_abort);

static const double TABLE_TOLERANCE = 3e-8; /* what the table promises */
static const double EXACT = 1e-14;          /* what it was made from */

static struct nd_fermi_table table;

static void setup(void)
{
    no_gsl_abort();
    nd_fermi_table_init(&table);
}

Test(fermi_table, follows_the_moments, .init = setup)
{
    for (double x = 0.0; x < 60.0; x += 0.00137) {
        double phi[3], expected[3];
        nd_fermi_table_at(&table, x, phi);
        nd_fermi_moments_scaled(ND_QUANTUM, x, expected);
        for (int j = 0; j < 3; j++)
            ASSERT_CLOSE(phi[j], expected[j], TABLE_TOLERANCE, "phi_%d(%g)", j, x);
    }
}

Test(fermi_table, series, .init = setup)
{
    /* phi_j = sum_n (-1)^(n+1) e^(-(n-1)x)/n^(j+1); at x = 0 Dirichlet's eta(j + 1) */
    const double eta[] = {log(2.0), ND_PI * ND_PI / 12.0, 0.75 * ND_ZETA3};
    double phi[3];
    nd_fermi_table_at(&table, 0.0, phi);
    for (int j = 0; j < 3; j++)
        ASSERT_CLOSE(phi[j], eta[j], EXACT, "eta(%d)", j + 1);
    for (double x = 0.31; x < 45.0; x += 0.173) {
        nd_fermi_table_at(&table, x, phi);
        for (int j = 0; j < 3; j++) {
            double sum = 0.0;
            for (int n = 130; n > 0; n--)
                sum += (n % 2 ? 1.0 : -1.0) * exp(-(n - 1) * x) / pow(n, j + 1);
            ASSERT_CLOSE(phi[j], sum, TABLE_TOLERANCE, "phi_%d(%g)", j, x);
        }
    }
}

Test(fermi_table, exact_on_its_points, .init = setup)
{
    for (int i = 0; i < ND_FERMI_TABLE_SIZE - 1; i += 7) {
        const double x = 0.05 * i;
        double phi[3], expected[3];
        nd_fermi_table_at(&table, x, phi);
        nd_fermi_moments_scaled(ND_QUANTUM, x, expected);
        for (int j = 0; j < 3; j++)
            ASSERT_CLOSE(phi[j], expected[j], EXACT, "phi_%d(%g)", j, x);
    }
}

Test(fermi_table, ends_in_the_classical_limit, .init = setup)
{
    const double far[] = {40.0, 40.0001, 1e3, 1e300, INFINITY};
    for (int i = 0; i < 5; i++) {
        double phi[3] = {0.0};
        nd_fermi_table_at(&table, far[i], phi);
        for (int j = 0; j < 3; j++)
            cr_assert(phi[j] == 1.0, "phi_%d(%g) = %.17g", j, far[i], phi[j]);
    }
    double before[3];
    nd_fermi_table_at(&table, 40.0 - 1e-9, before);
    for (int j = 0; j < 3; j++)
        ASSERT_CLOSE(before[j], 1.0, EXACT, "phi_%d just below the end", j);
}
