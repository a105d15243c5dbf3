/* Moments of Fermi-Dirac distributions for collision kernels: the scaled integrals of
 * nudipole/statistics.h from a table, at a few nanoseconds each. */
#ifndef ND_FERMI_TABLE_H
#define ND_FERMI_TABLE_H

enum { ND_FERMI_TABLE_SIZE = 801 };

struct nd_fermi_table {
    double phi[ND_FERMI_TABLE_SIZE][4]; /* orders -1, 0, 1, 2 */
};

void nd_fermi_table_init(struct nd_fermi_table *table);

/* phi[j], j = 0, 1, 2, at x >= 0, as nd_fermi_moments_scaled gives them, to 3e-8. */
void nd_fermi_table_at(const struct nd_fermi_table *table, double x, double phi[3]);

#endif
