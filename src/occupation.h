/* A spectrum between its nodes: ln[f/(1-f)], in which a thermal spectrum is a straight line, by a
 * monotone cubic (Steffen, A&A 239 (1990) 443), so that f and its first derivative are continuous
 * and the second one is bounded. */
#ifndef ND_OCCUPATION_H
#define ND_OCCUPATION_H

#include "nudipole/error.h"

struct nd_occupation {
    int n;
    double per_energy;     /* y = E * this */
    double E_max;          /* of the last node that is not empty [MeV]; 0 if all are */
    double *y;             /* nodes */
    double *logit, *slope; /* at the nodes, by y */
};

struct nd_occupation_value {
    double f, d1, d2; /* value and derivatives by the energy [MeV^-1, MeV^-2] */
};

/* n >= 2 growing y > 0, a > 0. Occupations below 1e-30 count as that, to be interpolated. Errors:
 * ND_BAD_INPUT, ND_NO_MEMORY. Free with nd_occupation_clear, also after an error. */
enum nd_status nd_occupation_init(struct nd_occupation *occupation, double a, int n,
                                  const double *y, const double *f, struct nd_error *error);
void nd_occupation_clear(struct nd_occupation *occupation);

/* At an energy; of a negative one -E: f(-E) = 1 - f(E), what blocking leaves. */
struct nd_occupation_value nd_occupation_at(const struct nd_occupation *occupation, double E);

#endif
