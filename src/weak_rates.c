/* Weak rates n <-> p: see nudipole/weak_rates.h. */
#include "nudipole/weak_rates.h"

#include <math.h>
#include <stdlib.h>

#include "nudipole/quadrature.h"
#include "weak_internal.h"

enum { N_DECAY = 32, N_PANEL = 24 };

/* Nodes and weights on [0, 1]. */
struct rule {
    int n;
    double node[N_DECAY], weight[N_DECAY];
};

/* Squares of the couplings to left- and right-handed nucleon currents and their interference, in
 * units of 1 + 3 g_A^2, for one direction. */
struct couplings {
    double LL, RR, LR;
};

struct nd_weak_rates {
    int corrections;
    double K;       /* [MeV^-4] */
    double lambda0; /* integral of the decay over m_e^5 */
    struct couplings np, pn;
    struct rule decay, panel;
};

/* ---- integrands -------------------------------------------------------------------------- */

/* Recoil to first order in 1/m_N, over the electron's factor (arXiv:1801.08023, Eq. B24): e is the
 * energy of e-, minus that of e+; x the neutrino's, f its occupation there. */
static double recoil(const struct couplings *c, enum nd_weak_direction direction, double e,
                     double p2, double T, double x, const struct nd_occupation_value *f)
{
    const double m_N = 0.5 * (ND_M_NEUTRON + ND_M_PROTON), all = c->LL + c->RR + c->LR;
    const double mass_ratio =
        direction == ND_N_TO_P ? ND_M_NEUTRON / ND_M_PROTON : ND_M_PROTON / ND_M_NEUTRON;
    const double x2 = x * x, x3 = x2 * x, x4 = x2 * x2;
    /* first and second derivatives of x^n f */
    const double d21 = 2.0 * x * f->f + x2 * f->d1, d31 = 3.0 * x2 * f->f + x3 * f->d1;
    const double d41 = 4.0 * x3 * f->f + x4 * f->d1;
    const double d22 = 2.0 * f->f + 4.0 * x * f->d1 + x2 * f->d2;
    const double d32 = 6.0 * x * f->f + 6.0 * x2 * f->d1 + x3 * f->d2;
    const double d42 = 12.0 * x2 * f->f + 8.0 * x3 * f->d1 + x4 * f->d2;
    const double sum = c->LL * p2 / e * x2 * f->f - c->RR * x3 * f->f +
                       (c->LL + c->RR) * T * (d21 * p2 / e - d31) +
                       0.5 * all * (T * (d42 + d22 * p2) + d41 + d21 * p2) +
                       c->LR * (-3.0 * T * x2 * f->f + p2 / (3.0 * e) * (d31 + T * d32));
    return sum / m_N - 1.5 * T * all * (1.0 - mass_ratio) * d21;
}

/* x^2 f(x) with recoil, times Coulomb and radiative factors, over the electron's factor. */
static double neutrino_part(const struct nd_weak_rates *w, enum nd_weak_direction direction,
                            double e, double p, double T, const struct nd_occupation_value *f)
{
    const double x = e - (int)direction * ND_DELTA_NP;
    double part = x * x * f->f;
    if (w->corrections & ND_WEAK_RECOIL)
        part += recoil(direction == ND_N_TO_P ? &w->np : &w->pn, direction, e, p * p, T, x, f);
    return part;
}

/* The mirror image, at -x. */
static struct nd_occupation_value blocked(const struct nd_occupation_value *f)
{
    return (struct nd_occupation_value){1.0 - f->f, f->d1, -f->d2};
}

/* Adds what e+- of energy E contribute with a weight in E. */
static void add(const struct nd_weak_rates *w, double T, const struct nd_occupation *neutrinos,
                double E, double weight, struct nd_weak_pair *sum)
{
    const double p = sqrt((E - ND_M_ELECTRON) * (E + ND_M_ELECTRON));
    const double low = E - ND_DELTA_NP, high = E + ND_DELTA_NP;
    const double f_e = 1.0 / (exp(E / T) + 1.0), room = 1.0 - f_e, measure = weight * p * E;
    const struct nd_occupation_value at_low = nd_occupation_at(neutrinos, low);
    const struct nd_occupation_value at_high = nd_occupation_at(neutrinos, high);
    const struct nd_occupation_value not_low = blocked(&at_low), not_high = blocked(&at_high);
    const double electron = measure * nd_weak_factor(w->corrections, 1, p, fabs(low));
    const double positron = measure * nd_weak_factor(w->corrections, 0, p, high);
    sum->n_to_p += electron * room * neutrino_part(w, ND_N_TO_P, E, p, T, &at_low) +
                   positron * f_e * neutrino_part(w, ND_N_TO_P, -E, p, T, &not_high);
    sum->p_to_n += electron * f_e * neutrino_part(w, ND_P_TO_N, -E, p, T, &not_low) +
                   positron * room * neutrino_part(w, ND_P_TO_N, E, p, T, &at_high);
}

/* ---- integrals --------------------------------------------------------------------------- */

/* e+- with less energy than Delta, in their momentum, where the integrand is smooth at rest. */
static void add_below_gap(const struct nd_weak_rates *w, double T,
                          const struct nd_occupation *neutrinos, struct nd_weak_pair *sum)
{
    const double p_max = sqrt(ND_DELTA_NP * ND_DELTA_NP - ND_M_ELECTRON * ND_M_ELECTRON);
    for (int i = 0; i < w->decay.n; i++) {
        const double p = p_max * w->decay.node[i], E = hypot(p, ND_M_ELECTRON);
        add(w, T, neutrinos, E, p_max * w->decay.weight[i] * p / E, sum);
    }
}

static void add_panel(const struct nd_weak_rates *w, double T,
                      const struct nd_occupation *neutrinos, double low, double high,
                      struct nd_weak_pair *sum)
{
    for (int i = 0; i < w->panel.n; i++)
        add(w, T, neutrinos, low + (high - low) * w->panel.node[i],
            (high - low) * w->panel.weight[i], sum);
}

/* The panels above the gap end at these multiples of the larger of T and the neutrinos' 1/a. */
static const double PANEL_ENDS[] = {4.0, 14.0, 45.0};

static void integrate(const struct nd_weak_rates *w, double T,
                      const struct nd_occupation *neutrinos, struct nd_weak_pair *sum)
{
    *sum = (struct nd_weak_pair){0.0, 0.0};
    add_below_gap(w, T, neutrinos, sum);
    const double scale = fmax(T, 1.0 / neutrinos->per_energy);
    double low = ND_DELTA_NP;
    for (size_t i = 0; i < sizeof PANEL_ENDS / sizeof PANEL_ENDS[0]; i++) {
        const double high = ND_DELTA_NP + scale * PANEL_ENDS[i];
        add_panel(w, T, neutrinos, low, high, sum);
        low = high;
    }
    /* neutrinos of decays of N, octave by octave */
    while (low < ND_DELTA_NP + neutrinos->E_max) {
        const double high = fmin(2.0 * low, ND_DELTA_NP + neutrinos->E_max);
        add_panel(w, T, neutrinos, low, high, sum);
        low = high;
    }
}

/* ---- the interface ----------------------------------------------------------------------- */

/* g_A -> -g_A exchanges neutron and proton, f_wm included. */
static struct couplings couplings_of(double g_A, double magnetism)
{
    const double unit = 1.0 + 3.0 * g_A * g_A;
    return (struct couplings){
        .LL = (pow(1.0 + g_A, 2) + 4.0 * magnetism * g_A) / unit,
        .RR = (pow(1.0 - g_A, 2) - 4.0 * magnetism * g_A) / unit,
        .LR = (g_A * g_A - 1.0) / unit,
    };
}

/* Decay in vacuum: the only process at T = 0. */
static enum nd_status decay_integral(const struct nd_weak_rates *w, double *integral,
                                     struct nd_error *error)
{
    const double y[2] = {1.0, 2.0}, nobody[2] = {0.0, 0.0}, cold = 1e-6;
    struct nd_occupation vacuum;
    struct nd_weak_pair sum = {0.0, 0.0};
    const enum nd_status status = nd_occupation_init(&vacuum, 1.0 / cold, 2, y, nobody, error);
    if (status == ND_OK)
        add_below_gap(w, 0.0, &vacuum, &sum);
    *integral = sum.n_to_p;
    nd_occupation_clear(&vacuum);
    return status;
}

enum nd_status nd_weak_rates_create(struct nd_weak_rates **rates, int corrections, double tau_n,
                                    struct nd_error *error)
{
    *rates = NULL;
    if (!(tau_n > 0.0 && isfinite(tau_n)))
        return nd_fail(error, ND_BAD_INPUT, "neutron lifetime %g MeV^-1: must be above 0", tau_n);
    if (corrections & ~ND_WEAK_ALL)
        return nd_fail(error, ND_BAD_INPUT, "corrections %d to the weak rates: no such sum",
                       corrections);
    if ((corrections & ND_WEAK_MAGNETISM) && !(corrections & ND_WEAK_RECOIL))
        return nd_fail(error, ND_BAD_INPUT,
                       "weak magnetism is a correction to recoil: allowed is recoil without it, or "
                       "both");
    struct nd_weak_rates *w = calloc(1, sizeof *w);
    if (w == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for weak rates");
    const double magnetism = corrections & ND_WEAK_MAGNETISM ? ND_WEAK_MAGNETIC : 0.0;
    w->corrections = corrections;
    w->np = couplings_of(ND_AXIAL_COUPLING, magnetism);
    w->pn = couplings_of(-ND_AXIAL_COUPLING, magnetism);
    w->decay.n = N_DECAY;
    w->panel.n = N_PANEL;
    enum nd_status status = nd_gauss_legendre(N_DECAY, w->decay.node, w->decay.weight, error);
    if (status == ND_OK)
        status = nd_gauss_legendre(N_PANEL, w->panel.node, w->panel.weight, error);
    double decay = 0.0;
    if (status == ND_OK)
        status = decay_integral(w, &decay, error);
    if (status != ND_OK) {
        nd_weak_rates_free(w);
        return status;
    }
    w->K = 1.0 / (tau_n * decay);
    w->lambda0 = decay / pow(ND_M_ELECTRON, 5);
    *rates = w;
    return ND_OK;
}

void nd_weak_rates_free(struct nd_weak_rates *rates)
{
    free(rates);
}

double nd_weak_rates_lambda0(const struct nd_weak_rates *rates)
{
    return rates->lambda0;
}

enum nd_status nd_weak_rates_at(const struct nd_weak_rates *rates, double T,
                                const struct nd_nu_e_spectrum *spectrum, struct nd_weak_pair *pair,
                                struct nd_error *error)
{
    const double T_min = ND_WEAK_T_MIN, T_max = 100.0, rounding = 1e-12;
    if (!(T >= T_min * (1.0 - rounding) && T <= T_max * (1.0 + rounding)))
        return nd_fail(error, ND_BAD_INPUT, "weak rates at T = %g MeV: allowed is %g to %g", T,
                       T_min, T_max);
    struct nd_occupation neutrinos;
    *pair = (struct nd_weak_pair){0.0, 0.0};
    struct nd_weak_pair thermal = {0.0, 0.0};
    enum nd_status status =
        nd_occupation_init(&neutrinos, spectrum->a, spectrum->n, spectrum->y, spectrum->f, error);
    if (status == ND_OK) {
        integrate(rates, T, &neutrinos, pair);
        if (rates->corrections & ND_WEAK_THERMAL)
            status = nd_weak_thermal(rates->corrections, T, &neutrinos, &thermal, error);
    }
    nd_occupation_clear(&neutrinos);
    pair->n_to_p = rates->K * (pair->n_to_p + thermal.n_to_p);
    pair->p_to_n = rates->K * (pair->p_to_n + thermal.p_to_n);
    return status;
}
