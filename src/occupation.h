/* A spectrum between its nodes: ln[f/(1-f)], in which a thermal spectrum is a straight line, by a
 * monotone cubic (Steffen, A&A 239 (1990) 443), so that f and its first derivative are continuous
 * and the second one is bounded. Occupations below 1e-8 are taken for the noise of an integrator:
 * behind the last node above it the spectrum goes on falling as it fell. */
#ifndef ND_OCCUPATION_H
#define ND_OCCUPATION_H

#include "nudipole/error.h"

struct nd_occupation {
    int n;
    double per_energy;     /* y = E * this */
    double E_max;          /* beyond, nothing but a falling tail is left [MeV]; 0 if all is empty */
    double *y;             /* nodes */
    double *logit, *slope; /* at the nodes, by y */
};

struct nd_occupation_value {
    double f, d1, d2; /* value and derivatives by the energy [MeV^-1, MeV^-2] */
};

/* n >= 2 growing y > 0, a > 0; occupations between -1 and 1. Errors: ND_BAD_INPUT, ND_NO_MEMORY.
 * Free with nd_occupation_clear, also after an error. */
enum nd_status nd_occupation_init(struct nd_occupation *occupation, double a, int n,
                                  const double *y, const double *f, struct nd_error *error);
void nd_occupation_clear(struct nd_occupation *occupation);

/* At an energy; of a negative one -E: f(-E) = 1 - f(E), what blocking leaves. */
struct nd_occupation_value nd_occupation_at(const struct nd_occupation *occupation, double E);

#endif
