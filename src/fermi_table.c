/* Fermi-Dirac moments from a table: see fermi_table.h.
 *
 * Cubic Hermite interpolation: the slopes are known, phi_j' = phi_j - phi_(j-1), with
 * phi_(-1) = 1/(1 + exp(-x)). */
#include "fermi_table.h"

#include "nudipole/statistics.h"

static const double STEP = 0.05;

void nd_fermi_table_init(struct nd_fermi_table *table)
{
    for (int i = 0; i < ND_FERMI_TABLE_SIZE; i++) {
        table->phi[i][0] = nd_fermi_scaled(ND_QUANTUM, i * STEP);
        nd_fermi_moments_scaled(ND_QUANTUM, i * STEP, &table->phi[i][1]);
    }
}

void nd_fermi_table_at(const struct nd_fermi_table *table, double x, double phi[3])
{
    const double position = x / STEP;
    if (!(position < ND_FERMI_TABLE_SIZE - 1)) { /* 1 - O(exp(-x)) is 1 in double precision */
        phi[0] = phi[1] = phi[2] = 1.0;
        return;
    }
    const int i = (int)position;
    const double u = position - i, u2 = u * u, u3 = u2 * u;
    const double a = 1.0 - 3.0 * u2 + 2.0 * u3, b = 3.0 * u2 - 2.0 * u3;
    const double c = STEP * (u - 2.0 * u2 + u3), d = STEP * (u3 - u2);
    const double *low = table->phi[i], *high = table->phi[i + 1];
    for (int j = 0; j < 3; j++)
        phi[j] = a * low[j + 1] + b * high[j + 1] + c * (low[j + 1] - low[j]) +
                 d * (high[j + 1] - high[j]);
}
