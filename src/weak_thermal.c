/* Thermal radiative corrections to the weak rates: photons and e+- of the plasma, and what
 * bremsstrahlung differs by from that of neutron decay, which the corrections at T = 0 contain (BS:
 * Brown, Sawyer, astro-ph/0006370; PCUV: Pitrou, Coc, Uzan, Vangioni, arXiv:1801.08023, Sec.
 * III.F.2, III.G and their appendices on bremsstrahlung and finite temperature).
 *
 * Both directions are summed at once, in signed energies. In n -> p an electron that leaves has
 * energy e > 0, a positron that comes in has -e; a photon that leaves has k > 0, one that comes in
 * has -k; the neutrino has x = epsilon - Delta, epsilon = e + k, and comes in for x > 0. p -> n is
 * all of it reversed. The sum over neutrinos comes last,
 *
 *     np = int dx x^2 f(x) R_np(epsilon),   pn = int dx x^2 f(-x) R_pn(epsilon),
 *
 * with R of the plasma only. So spectra are integrated as they are, and the differences that make
 * soft photons harmless (BS 5.9 has the second difference of x^2 f over k^2) are of smooth
 * functions: a spectrum between nodes has jumps in its second derivative. R_pn = exp(-epsilon/T)
 * R_np term by term, so detailed balance holds whatever the quadrature.
 *
 * Nothing is cut off at low T. Of the correction to the decay, what photons do vanishes with T^4:
 * their T^2 and that of the electron's thermal mass cancel (but for Fermi's function, which is with
 * the former only: alpha^2 T^2, 1e-9 of the rate at 1 keV); e+- go with exp(-m/T); bremsstrahlung
 * as in the decay takes off what the decay has, not at each epsilon but in the integral, of which
 * quadrature leaves less than 1e-9 of the rate. */
#include <math.h>
#include <stddef.h>

#include "nudipole/quadrature.h"
#include "weak_internal.h"

/* A panel; good for 1e-4 of the correction, with 1e-9 of the rate. */
enum { N_NODES = 8 };

struct thermal {
    int corrections;
    double T;
    const struct nd_occupation *neutrinos;
    double node[N_NODES], weight[N_NODES]; /* Gauss-Legendre on [0, 1] */
};

/* ---- quadrature -------------------------------------------------------------------------- */

typedef struct nd_weak_pair integrand(const void *context, double distance);

/* Distances 0 to `length` from a point where the integrand is singular. Panels there are `near`
 * long, then as long as what is behind them; at the other end they shrink to `far` (no matter if
 * `far` is `length`). In the first one distance is the `power` of the variable: 2 makes square
 * roots smooth, 4 logarithms squared as good as that. */
struct range {
    double length, near, far;
    int power;
};

static void add(struct nd_weak_pair *sum, double weight, struct nd_weak_pair term)
{
    sum->n_to_p += weight * term.n_to_p;
    sum->p_to_n += weight * term.p_to_n;
}

static void add_integral(const struct thermal *t, integrand *f, const void *context,
                         struct range range, struct nd_weak_pair *sum)
{
    double left = range.length;
    while (left > 0.0) {
        const double low = range.length - left;
        const double room = fmin(fmax(range.near, low), fmax(range.far, 0.5 * left));
        const double width = room > 0.8 * left ? left : room;
        const int power = low > 0.0 ? 1 : range.power;
        for (int i = 0; i < N_NODES; i++) {
            const double u = t->node[i], slope = pow(u, power - 1);
            add(sum, power * slope * width * t->weight[i], f(context, low + width * u * slope));
        }
        left -= width;
    }
}

/* ---- photons ----------------------------------------------------------------------------- */

/* What lets e+- of signed energy e take part in n -> p and p -> n: g(-e) and g(e). */
static struct nd_weak_pair lepton_part(double T, double e)
{
    const double boltzmann = exp(-fabs(e) / T), many = 1.0 / (1.0 + boltzmann);
    const double few = boltzmann * many;
    return e > 0.0 ? (struct nd_weak_pair){many, few} : (struct nd_weak_pair){few, many};
}

/* e+-: ln[(E + p)/(E - p)], and lepton_part with Fermi's function. PCUV multiply bremsstrahlung by
 * that, and not what photons stimulate; detailed balance wants both or none. */
struct lepton {
    double e, p, log;
    struct nd_weak_pair part;
};

static struct lepton lepton_at(const struct thermal *t, double e)
{
    const double E = fabs(e), p = sqrt((E - ND_M_ELECTRON) * (E + ND_M_ELECTRON));
    struct lepton l = {.e = e, .p = p, .log = 2.0 * log((E + p) / ND_M_ELECTRON)};
    const int coulomb = e > 0.0 && t->corrections & ND_WEAK_COULOMB;
    add(&l.part, coulomb ? nd_fermi_function(p) : 1.0, lepton_part(t->T, e));
    return l;
}

/* A + sgn(e) k B of PCUV at k = epsilon - e: their F_+ or F_-, as e+- and photon are on the same
 * side or not. (In BS 5.9 as PCUV print it, the sign of chi^B must be that of the energy, not of
 * the direction: so it follows from BS B28, and so detailed balance wants it.) */
static double photon_factor(const struct lepton *l, double epsilon)
{
    return l->log * (l->e * l->e + epsilon * epsilon) - copysign(4.0 * l->p, l->e) * epsilon;
}

struct photons {
    const struct thermal *t;
    double epsilon;
    int side; /* sign of e, or of epsilon */
    /* above the electron's mass: e+- of |epsilon|, without a photon */
    double open; /* |epsilon| - m */
    struct lepton born;
    double A; /* at k = 0 */
};

/* e+- of energy e with a photon: 1 + bose if it leaves, bose if it comes in. */
static struct nd_weak_pair with_photon(const struct photons *s, double e, double k, double bose)
{
    const struct lepton l = lepton_at(s->t, e);
    const double factor = photon_factor(&l, s->epsilon) / k;
    const double leaves_np = e < s->epsilon ? 1.0 : 0.0, leaves_pn = 1.0 - leaves_np;
    return (struct nd_weak_pair){factor * (leaves_np + bose) * l.part.n_to_p,
                                 factor * (leaves_pn + bose) * l.part.p_to_n};
}

/* What the wave function's renormalisation takes off (BS B53): -2 A bose. */
static double renormalisation(const struct photons *s, double k, double bose)
{
    return -2.0 * bose * (s->A + s->born.log * k * k) / k;
}

/* Photons of k < |epsilon| - m, with e+- above and below |epsilon|: finite at k -> 0, where
 * bremsstrahlung has A/k taken off. `kinetic` is that of the lower one. */
static struct nd_weak_pair soft_photon(const void *context, double kinetic)
{
    const struct photons *s = context;
    const double k = s->open - kinetic, bose = 1.0 / expm1(k / s->t->T);
    const double low = ND_M_ELECTRON + kinetic, high = low + 2.0 * k;
    struct nd_weak_pair sum = with_photon(s, s->side * low, k, bose);
    add(&sum, 1.0, with_photon(s, s->side * high, k, bose));
    add(&sum, renormalisation(s, k, bose) - s->A / k, s->born.part);
    return sum;
}

/* Larger k, where only e+- above |epsilon| are left. */
static struct nd_weak_pair hard_photon(const void *context, double beyond)
{
    const struct photons *s = context;
    const double k = s->open + beyond, bose = 1.0 / expm1(k / s->t->T);
    struct nd_weak_pair sum = with_photon(s, s->side * (ND_M_ELECTRON + s->open + k), k, bose);
    add(&sum, renormalisation(s, k, bose), s->born.part);
    return sum;
}

/* e+- on the side `side` of the gap while epsilon is not: there is no such reaction without a
 * photon. */
static struct nd_weak_pair across_gap(const void *context, double kinetic)
{
    const struct photons *s = context;
    const double E = ND_M_ELECTRON + kinetic, k = E - s->side * s->epsilon;
    return with_photon(s, s->side * E, k, 1.0 / expm1(k / s->t->T));
}

/* Bremsstrahlung as in the decay, of photons up to the neutrino's energy K,
 *
 *     int_0^K dk/k (1 - k/K)^2 F_+(E, k) - int_0^(E - m) dk/k A(E, 0),
 *
 * what is inside of Sirlin's function. */
static double decay_bremsstrahlung(const struct photons *s, double K)
{
    const double B = 2.0 * fabs(s->epsilon) * s->born.log - 4.0 * s->born.p;
    return s->A * (log(K / s->open) - 1.5) + K * (B / 3.0 + K * s->born.log / 12.0);
}

static void add_photons(const struct thermal *t, double epsilon, struct nd_weak_pair *sum)
{
    const double T = t->T, near = 6.0 * T, end = 30.0 * T;
    struct photons s = {.t = t, .epsilon = epsilon, .open = fabs(epsilon) - ND_M_ELECTRON};
    const int sign = epsilon > 0.0 ? 1 : -1;
    for (s.side = -1; s.side <= 1; s.side += 2)
        if (s.open < 0.0 || s.side != sign) {
            const double gap = ND_M_ELECTRON - s.side * epsilon; /* the smallest k */
            add_integral(t, across_gap, &s, (struct range){end, fmin(near, gap), end, 2}, sum);
        }
    if (s.open <= 0.0)
        return;
    s.side = sign;
    s.born = lepton_at(t, epsilon);
    s.A = photon_factor(&s.born, epsilon);
    add_integral(t, soft_photon, &s, (struct range){s.open, near, near, 2}, sum);
    add_integral(t, hard_photon, &s, (struct range){end, fmin(near, s.open), end, 2}, sum);
    add(sum, -decay_bremsstrahlung(&s, fabs(epsilon - ND_DELTA_NP)), s.born.part);
}

/* ---- energy shift and e+- of the plasma -------------------------------------------------- */

struct electrons {
    double T, E, p;
    int side; /* of p' - p */
};

/* F^T(E, E') dE'/dp' of BS 5.15, at a distance |p' - p|, as the first of the pair. It goes as
 * ln^2 |p' - p|. */
static struct nd_weak_pair electron_at(const void *context, double distance)
{
    const struct electrons *s = context;
    const double E1 = s->E, p1 = s->p, p2 = p1 + s->side * distance, E2 = hypot(p2, ND_M_ELECTRON);
    const double m2 = ND_M_ELECTRON * ND_M_ELECTRON, pp = p1 * p2, EE = E1 * E2;
    const double g = 1.0 / (exp(E2 / s->T) + 1.0), slope = -g * (1.0 - g) / s->T;
    const double ln = 2.0 * log((p1 + p2) / distance);
    const double L = log((EE + pp + m2) / (EE - pp + m2));
    const double square = slope * p2 * E1 * E1 / (p1 * E2) * (E1 + E2) +
                          g * E1 * E1 / pp * (E2 + m2 * E1 / (E2 * E2));
    const double linear =
        slope * (p2 * p2 * E1 / E2 * (m2 / (p1 * p1) + 2.0) - E1 * E1 * p2 / p1 * L) +
        g * (E1 * m2 / (p1 * p1 * E2 * E2) * (E2 * E2 + 2.0 * p1 * p1 + m2) -
             (E1 * E1 + E2 * E2) / (E1 + E2) - E1 * E1 * E2 / pp * L);
    const double constant = -g * (4.0 * E1 * p2 / p1 + 2.0 * E2 * L);
    return (struct nd_weak_pair){p2 / E2 * (constant + ln * (linear - 0.25 * ln * square)), 0.0};
}

/* Momentum at a kinetic energy. */
static double momentum(double kinetic)
{
    return sqrt(kinetic * (kinetic + 2.0 * ND_M_ELECTRON));
}

/* What multiplies x^2 f(x) g(-e) at E = |e|: energy shift by photons and e+-, vertex and wave
 * function by e+- (BS 5.15, the sum of 5.10 and 5.13 without principal values). */
static double energy_shift(const struct thermal *t, double E)
{
    const double T = t->T, p = momentum(E - ND_M_ELECTRON);
    const double thermal = momentum(4.0 * T), end = momentum(30.0 * T);
    const double far = fmin(thermal, ND_M_ELECTRON), near = fmin(thermal, p);
    struct electrons s = {.T = T, .E = E, .p = p, .side = -1};
    struct nd_weak_pair sum = {0.0, 0.0};
    add_integral(t, electron_at, &s, (struct range){p, near, far, 4}, &sum);
    s.side = 1;
    add_integral(t, electron_at, &s, (struct range){end, near, end, 4}, &sum);
    return sum.n_to_p - 2.0 / 3.0 * ND_PI * ND_PI * T * T * E / p;
}

/* ---- neutrinos --------------------------------------------------------------------------- */

/* R_np, R_pn. */
static struct nd_weak_pair response(const struct thermal *t, double epsilon)
{
    struct nd_weak_pair sum = {0.0, 0.0};
    add_photons(t, epsilon, &sum);
    if (fabs(epsilon) > ND_M_ELECTRON)
        add(&sum, energy_shift(t, fabs(epsilon)), lepton_part(t->T, epsilon));
    return sum;
}

/* epsilon = start + side * distance */
struct line {
    const struct thermal *t;
    double start;
    int side;
};

/* One occupation serves both directions, without loss where it is small. */
static struct nd_weak_pair neutrino_at(const void *context, double distance)
{
    const struct line *line = context;
    const double epsilon = line->start + line->side * distance, x = epsilon - ND_DELTA_NP;
    const double f = nd_occupation_at(line->t->neutrinos, fabs(x)).f;
    const double f_np = x > 0.0 ? f : 1.0 - f, f_pn = x > 0.0 ? 1.0 - f : f;
    const struct nd_weak_pair R = response(line->t, epsilon);
    return (struct nd_weak_pair){x * x * f_np * R.n_to_p, x * x * f_pn * R.p_to_n};
}

/* From every point where the integrand is not smooth: the thresholds of e+-, and x = 0. There the
 * spectrum turns over, and so it does elsewhere only if it is hotter than the plasma. */
static struct nd_weak_pair sum_over_neutrinos(const struct thermal *t)
{
    const double m = ND_M_ELECTRON, end = fmax(30.0 * t->T, t->neutrinos->E_max);
    const double threshold = fmin(5.0 * t->T, 2.0 * m), cold = 1e-3 * fmin(t->T, m);
    /* neutrinos below `cold` are as good as none */
    const double kink = fmax(5.0 / t->neutrinos->per_energy, cold);
    const struct {
        struct line line;
        double length, near, far;
    } parts[] = {{{t, -m, -1}, end, threshold, end},
                 {{t, -m, 1}, m, threshold, m},
                 {{t, m, -1}, m, threshold, m},
                 {{t, m, 1}, ND_DELTA_NP - m, threshold, kink},
                 {{t, ND_DELTA_NP, 1}, end, fmin(threshold, kink), end}};
    struct nd_weak_pair sum = {0.0, 0.0};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        add_integral(t, neutrino_at, &parts[i].line,
                     (struct range){parts[i].length, parts[i].near, parts[i].far, 2}, &sum);
    return sum;
}

enum nd_status nd_weak_thermal(int corrections, double T, const struct nd_occupation *neutrinos,
                               struct nd_weak_pair *correction, struct nd_error *error)
{
    *correction = (struct nd_weak_pair){0.0, 0.0};
    struct thermal t = {.corrections = corrections, .T = T, .neutrinos = neutrinos};
    const enum nd_status status = nd_gauss_legendre(N_NODES, t.node, t.weight, error);
    if (status == ND_OK)
        add(correction, ND_ALPHA / (2.0 * ND_PI), sum_over_neutrinos(&t));
    return status;
}
