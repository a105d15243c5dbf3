/* A spectrum between its nodes: see occupation.h. */
#include "occupation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Below, occupations are what an integrator with an absolute tolerance leaves, of either sign: they
 * have a logarithm that jumps, and derivatives that recoil multiplies with the fourth power of the
 * energy. */
static const double NOISE = 1e-8;
/* Few enough to be nobody. */
static const double EMPTY = 1e-30, GAP = 1e-11;

static double logit_of(double f)
{
    return log(f) - log1p(-f);
}

/* Takes noise out: behind the last node above it the logit goes on falling as it fell, or faster if
 * the next node is empty, and in a gap before others nobody is left. */
static void clean(struct nd_occupation *o, const double *f)
{
    int last = o->n - 1; /* above noise */
    while (last >= 0 && !(f[last] > NOISE))
        last--;
    for (int i = 0; i < o->n; i++)
        o->logit[i] = f[i] > NOISE ? logit_of(f[i]) : logit_of(last >= 0 ? GAP : EMPTY);
    if (last < 0)
        return;
    const double thermal = -1.0, gone = 20.0; /* slope by y; e-folds that leave nobody */
    double slope =
        last > 0 ? (o->logit[last] - o->logit[last - 1]) / (o->y[last] - o->y[last - 1]) : thermal;
    if (!(slope < 0.0))
        slope = thermal;
    if (last > 0 &&
        last + 1 < o->n) /* at least to noise at the next node: behind the edge of a decay */
        slope = fmin(slope, (logit_of(NOISE) - o->logit[last]) / (o->y[last + 1] - o->y[last]));
    for (int i = last + 1; i < o->n; i++)
        o->logit[i] = o->logit[last] + slope * (o->y[i] - o->y[last]);
    o->E_max = fmin(o->y[o->n - 1], o->y[last] - gone / slope) / o->per_energy;
}

/* Slopes at the nodes. At both ends that of the neighbouring interval. */
static void set_slopes(struct nd_occupation *o)
{
    const int n = o->n;
    double before = (o->logit[1] - o->logit[0]) / (o->y[1] - o->y[0]);
    o->slope[0] = before;
    for (int i = 1; i < n - 1; i++) {
        const double left = o->y[i] - o->y[i - 1], right = o->y[i + 1] - o->y[i];
        const double after = (o->logit[i + 1] - o->logit[i]) / right;
        const double parabola = (before * right + after * left) / (left + right);
        const double largest = 2.0 * fmin(fabs(before), fabs(after));
        o->slope[i] = before * after <= 0.0 ? 0.0 : copysign(fmin(fabs(parabola), largest), before);
        before = after;
    }
    o->slope[n - 1] = before;
}

enum nd_status nd_occupation_init(struct nd_occupation *o, double a, int n, const double *y,
                                  const double *f, struct nd_error *error)
{
    *o = (struct nd_occupation){.n = n, .per_energy = a};
    if (n < 2 || !(a > 0.0) || !(y[0] > 0.0))
        return nd_fail(error, ND_BAD_INPUT,
                       "a spectrum of %d nodes from y = %g with a = %g MeV^-1: at least 2, above 0",
                       n, n > 0 ? y[0] : NAN, a);
    o->y = calloc(3 * (size_t)n, sizeof *o->y);
    if (o->y == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a spectrum");
    o->logit = o->y + n;
    o->slope = o->logit + n;
    for (int i = 0; i < n; i++) {
        if ((i > 0 && !(y[i] > y[i - 1])) || !(f[i] < 1.0) || !(f[i] > -1.0))
            return nd_fail(error, ND_BAD_INPUT,
                           "occupation %g at y = %g, node %d of a spectrum: must be below 1, and "
                           "nodes must grow",
                           f[i], y[i], i);
        o->y[i] = y[i];
    }
    clean(o, f);
    set_slopes(o);
    return ND_OK;
}

void nd_occupation_clear(struct nd_occupation *o)
{
    free(o->y);
    *o = (struct nd_occupation){0};
}

/* Value and two derivatives by y of the logit, 0 <= y <= the last node. */
static void logit_at(const struct nd_occupation *o, double y, double value[3])
{
    if (y <= o->y[0]) {
        value[0] = o->logit[0] + o->slope[0] * (y - o->y[0]);
        value[1] = o->slope[0];
        value[2] = 0.0;
        return;
    }
    int low = 0, high = o->n - 1;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if (o->y[middle] < y)
            low = middle;
        else
            high = middle;
    }
    const double h = o->y[high] - o->y[low], t = y - o->y[low];
    const double mean = (o->logit[high] - o->logit[low]) / h;
    const double c2 = (3.0 * mean - 2.0 * o->slope[low] - o->slope[high]) / h;
    const double c3 = (o->slope[low] + o->slope[high] - 2.0 * mean) / (h * h);
    value[0] = o->logit[low] + t * (o->slope[low] + t * (c2 + t * c3));
    value[1] = o->slope[low] + t * (2.0 * c2 + t * 3.0 * c3);
    value[2] = 2.0 * c2 + 6.0 * t * c3;
}

struct nd_occupation_value nd_occupation_at(const struct nd_occupation *o, double E)
{
    const double y = fabs(E) * o->per_energy;
    struct nd_occupation_value v = {0.0, 0.0, 0.0};
    if (y <= o->y[o->n - 1]) {
        double logit[3];
        logit_at(o, y, logit);
        v.f = 1.0 / (1.0 + exp(-logit[0]));
        const double room = v.f * (1.0 - v.f), d1 = logit[1] * o->per_energy;
        v.d1 = room * d1;
        v.d2 = room * ((1.0 - 2.0 * v.f) * d1 * d1 + logit[2] * o->per_energy * o->per_energy);
    }
    if (E < 0.0) {
        v.f = 1.0 - v.f;
        v.d2 = -v.d2;
    }
    return v;
}
