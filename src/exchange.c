/* Collisions with thermal electrons: see exchange.h.
 *
 * With 1/(256 pi^5) from the phase space (rates_2to2_quantum.c has the same), events per volume,
 * time and energies of both legs are
 *
 *     K = 1/(256 pi^5) int dq int dE <|M|^2> F.
 *
 * Scattering. The legs hand q = (w, |q|), w = E_a - E_b >= 0, to the electron, t = w^2 - q^2 = -x.
 * With E = E_min + v, E_min = (-w + |q| r)/2, r = sqrt(1 + 4 m^2/x), and S = s - m^2,
 *
 *     <S> = m_a^2 + 2 (E_a E - A B),  <S^2> = <S>^2 + 2 (p_a^2 - A^2)(E^2 - m^2 - B^2),
 *     A = (p_a^2 + q^2 - p_b^2)/(2 q),  B = (2 E w + w^2 - q^2)/(2 q),
 *
 * second degree in v; F = f(E)[1 - f(E + w)] = [f(E) - f(E + w)]/(1 - e^-w), whose moments are
 * complete Fermi-Dirac integrals.
 *
 * Annihilation. The pair has energy W = E_a + E_b and momentum P, s = W^2 - P^2; the electron
 * has E = W/2 + v, |v| <= P beta/2, and F = (1 - f)(1 - fbar) is even in v.
 *
 * Squared matrix elements: weak, summed over e- and e+ where both scatter, in units of 32 G_F^2
 * (Dolgov, Hansen, Semikoz, hep-ph/9703315, Tables 1 and 2):
 *     scattering   (g_L^2 + g_R^2)(2 S^2 - 2 S x + x^2) - 4 g_L g_R m^2 x,
 *     annihilation (g_L^2 + g_R^2) W_a^2 + 2 g_L g_R m^2 s,  W_a = 2 p_a . p_e;
 * dipole: nudipole/model.h. */
#include "exchange.h"

#include <math.h>

#include "nudipole/constants.h"
#include "nudipole/quadrature.h"

#define PHASE_SPACE (1.0 / (256.0 * ND_PI * ND_PI * ND_PI * ND_PI * ND_PI))
#define WEAK        (32.0 * PHASE_SPACE)
#define DIPOLE      (32.0 * ND_PI * ND_ALPHA * PHASE_SPACE)

enum { N_PAIR = 6 };

/* Of the exponent of an electron's distribution, beyond which nothing is left. */
static const double NEGLIGIBLE = 60.0;

enum nd_status nd_exchange_init(struct nd_exchange *exchange, int nodes, struct nd_error *error)
{
    nd_fermi_table_init(&exchange->fermi);
    exchange->n = nodes;
    exchange->n_pair = N_PAIR;
    const enum nd_status status = nd_gauss_legendre(nodes, exchange->node, exchange->weight, error);
    return status != ND_OK
               ? status
               : nd_gauss_legendre(N_PAIR, exchange->pair_node, exchange->pair_weight, error);
}

/* Moments int dv v^n f(E_min + v) [1 - f(E_min + v + w)], n = 0, 1, 2, times exp(E_min). */
static void electron_moments(const struct nd_fermi_table *fermi, double E_min, double w,
                             double moments[3])
{
    const double small = 1e-4; /* there the difference of w is a derivative, to O(w) */
    double phi[3];
    nd_fermi_table_at(fermi, E_min, phi);
    if (w < small) {
        moments[0] = 1.0 / (1.0 + exp(-E_min));
        moments[1] = phi[0];
        moments[2] = 2.0 * phi[1];
        return;
    }
    double after[3];
    const double boltzmann = exp(-w), inverse = 1.0 / (1.0 - boltzmann);
    nd_fermi_table_at(fermi, E_min + w, after);
    moments[0] = (phi[0] - boltzmann * after[0]) * inverse;
    moments[1] = (phi[1] - boltzmann * after[1]) * inverse;
    moments[2] = 2.0 * (phi[2] - boltzmann * after[2]) * inverse;
}

/* Means of 1, S and S^2 over azimuth and electrons at one exchanged momentum. */
struct scattering_means {
    double one, S, S2;
};

/* Returns 0 where no electron is fast enough. */
static int scattering_means(const struct nd_exchange *exchange, double m2, const struct nd_leg *a,
                            const struct nd_leg *b, double x, struct scattering_means *mean)
{
    const double w = a->energy - b->energy, q2 = x + w * w, q = sqrt(q2);
    const double r = sqrt(1.0 + 4.0 * m2 / x);
    /* E_min = (q r - w)/2, without the cancellation for q near w */
    const double E_min = 0.5 * (q2 * r * r - w * w) / (q * r + w);
    if (E_min > NEGLIGIBLE)
        return 0;
    double moment[3];
    electron_moments(&exchange->fermi, E_min, w, moment);
    const double weight = exp(-E_min);
    const double pa2 = a->momentum * a->momentum, pb2 = b->momentum * b->momentum;
    const double A = 0.5 * (pa2 + q2 - pb2) / q, a_perp2 = fmax(0.0, pa2 - A * A);
    /* <S> = s0 + s1 v */
    const double B0 = 0.5 * (2.0 * E_min * w + w * w - q2) / q, B1 = w / q;
    const double s0 = a->mass2 + 2.0 * (a->energy * E_min - A * B0);
    const double s1 = 2.0 * (a->energy - A * B1);
    /* E^2 - m^2 - B^2 vanishes at E_min: c1 v + c2 v^2 */
    const double c1 = 2.0 * (E_min - B0 * B1), c2 = x / q2;
    mean->one = weight * moment[0];
    mean->S = weight * (s0 * moment[0] + s1 * moment[1]);
    mean->S2 = weight * (s0 * s0 * moment[0] + 2.0 * s0 * s1 * moment[1] + s1 * s1 * moment[2] +
                         2.0 * a_perp2 * (c1 * moment[1] + c2 * moment[2]));
    return 1;
}

void nd_exchange_weak_scattering(const struct nd_exchange *exchange,
                                 const struct nd_exchange_plasma *plasma, double energy_a,
                                 double energy_b, double result[2])
{
    const double w = energy_a - energy_b, m2 = plasma->m * plasma->m;
    const struct nd_leg a = {energy_a, energy_a, 0.0}, b = {energy_b, energy_b, 0.0};
    /* q from w to E_a + E_b; electrons fall off as exp(-(q - w)/2) */
    const double range = fmin(2.0 * energy_b, NEGLIGIBLE);
    result[0] = result[1] = 0.0;
    for (int i = 0; i < exchange->n; i++) {
        /* squared, for the essential singularity of the mass at q -> w */
        const double u = exchange->node[i], q = w + range * u * u, x = q * q - w * w;
        struct scattering_means mean;
        if (!scattering_means(exchange, m2, &a, &b, x, &mean))
            continue;
        const double dq = 2.0 * range * u * exchange->weight[i];
        result[0] += dq * (2.0 * mean.S2 - 2.0 * x * mean.S + x * x * mean.one);
        result[1] -= dq * 4.0 * m2 * x * mean.one;
    }
    result[0] *= WEAK;
    result[1] *= WEAK;
}

double nd_exchange_dipole_scattering(const struct nd_exchange *exchange,
                                     const struct nd_exchange_plasma *plasma,
                                     const struct nd_leg *high, const struct nd_leg *low)
{
    const double m2 = plasma->m * plasma->m, w = high->energy - low->energy;
    const double M2 = high->mass2 + low->mass2; /* one of them is massless */
    const double p_difference = high->momentum - low->momentum;
    const double p_sum = high->momentum + low->momentum;
    const double x_low = fmax(0.0, p_difference * p_difference - w * w);
    const double q_high = fmin(p_sum, w + NEGLIGIBLE), x_high = q_high * q_high - w * w;
    /* 1/(x (x + m_D^2)): even in ln(x + offset) */
    const double offset = plasma->m_debye2 + m2 * w * w / (NEGLIGIBLE * NEGLIGIBLE) + 1e-12;
    if (!(x_high > x_low))
        return 0.0;
    const double start = log(x_low + offset), length = log((x_high + offset) / (x_low + offset));
    double sum = 0.0;
    for (int i = 0; i < exchange->n; i++) {
        const double shifted = exp(start + length * exchange->node[i]), x = shifted - offset;
        struct scattering_means mean;
        if (!(x > 0.0) || !scattering_means(exchange, m2, high, low, x, &mean))
            continue;
        const double dq =
            0.5 * length * shifted * exchange->weight[i] / sqrt(x + w * w); /* dx/(2 q) */
        const double bracket = x * mean.S2 - x * (x + M2) * mean.S +
                               (x * M2 * (0.5 * x - m2 + 0.5 * M2) - M2 * M2 * m2) * mean.one;
        sum += dq * bracket / (x * (x + plasma->m_debye2));
    }
    const double both_charges = 2.0;
    return both_charges * DIPOLE * sum;
}

/* int dv v^n (1 - f)(1 - fbar) over |v| <= v_max for n = 0 and 2; odd ones vanish. */
static void pair_moments(const struct nd_exchange *exchange, double energy, double v_max,
                         double moments[2])
{
    const double no_electrons = 700.0; /* exp() of it is the largest there is; F is 1 */
    if (energy > no_electrons) {
        moments[0] = 2.0 * v_max;
        moments[1] = 2.0 / 3.0 * v_max * v_max * v_max;
        return;
    }
    const double pair = exp(-energy), half = exp(-0.5 * energy);
    moments[0] = moments[1] = 0.0;
    for (int i = 0; i < exchange->n_pair; i++) {
        const double v = v_max * exchange->pair_node[i];
        const double up = exp(v);
        const double F =
            2.0 * v_max * exchange->pair_weight[i] / (1.0 + half * (up + 1.0 / up) + pair);
        moments[0] += F;
        moments[1] += F * v * v;
    }
}

/* Means of 1, W_a and W_a^2 at one momentum P of the pair, W_a = 2 p_a . p_e with p_a massless. */
struct pair_means {
    double one, W, W2;
};

static void pair_means(const struct nd_exchange *exchange, double m2, double energy_a, double pb2,
                       double energy, double P, struct pair_means *mean)
{
    const double s = energy * energy - P * P, beta = sqrt(fmax(0.0, 1.0 - 4.0 * m2 / s));
    double moment[2];
    pair_moments(exchange, energy, 0.5 * P * beta, moment);
    const double parallel = 0.5 * (P * P + energy_a * energy_a - pb2) / P;
    const double perp2 = fmax(0.0, energy_a * energy_a - parallel * parallel);
    /* <W> = a0 + a1 v, p_perp^2 of the electron = s/4 - m^2 - s v^2/P^2 */
    const double a0 = energy_a * energy - parallel * P;
    const double a1 = 2.0 * (energy_a - parallel * energy / P);
    mean->one = moment[0];
    mean->W = a0 * moment[0];
    mean->W2 = a0 * a0 * moment[0] + a1 * a1 * moment[1] +
               2.0 * perp2 * ((0.25 * s - m2) * moment[0] - s / (P * P) * moment[1]);
}

void nd_exchange_weak_annihilation(const struct nd_exchange *exchange,
                                   const struct nd_exchange_plasma *plasma, double energy_a,
                                   double energy_b, double result[2])
{
    const double m2 = plasma->m * plasma->m, energy = energy_a + energy_b;
    const double P_low = fabs(energy_a - energy_b), P2_high = energy * energy - 4.0 * m2;
    result[0] = result[1] = 0.0;
    if (!(P2_high > P_low * P_low))
        return;
    const double range = sqrt(P2_high) - P_low;
    for (int i = 0; i < exchange->n; i++) {
        /* squared from the upper end, where beta has a root */
        const double u = exchange->node[i], P = P_low + range * (1.0 - u * u);
        const double dP = 2.0 * range * u * exchange->weight[i];
        struct pair_means mean;
        pair_means(exchange, m2, energy_a, energy_b * energy_b, energy, P, &mean);
        result[0] += dP * mean.W2;
        result[1] += dP * 2.0 * m2 * (energy * energy - P * P) * mean.one;
    }
    result[0] *= WEAK;
    result[1] *= WEAK;
}

double nd_exchange_dipole_annihilation(const struct nd_exchange *exchange,
                                       const struct nd_exchange_plasma *plasma,
                                       const struct nd_leg *N, double neutrino_energy)
{
    const double m2 = plasma->m * plasma->m, M2 = N->mass2;
    const double energy = N->energy + neutrino_energy;
    const double P_low = fabs(N->momentum - neutrino_energy);
    const double P_high =
        fmin(N->momentum + neutrino_energy, sqrt(fmax(0.0, energy * energy - 4.0 * m2)));
    if (!(P_high > P_low))
        return 0.0;
    const double range = P_high - P_low;
    double sum = 0.0;
    for (int i = 0; i < exchange->n; i++) {
        const double u = exchange->node[i], P = P_low + range * (1.0 - u * u);
        const double dP = 2.0 * range * u * exchange->weight[i];
        const double s = energy * energy - P * P;
        struct pair_means mean;
        pair_means(exchange, m2, neutrino_energy, N->momentum * N->momentum, energy, P, &mean);
        const double rest = s * M2 * (0.5 * s + m2 - 0.5 * M2) - M2 * M2 * m2;
        sum += dP * (-s * mean.W2 + s * (s - M2) * mean.W + rest * mean.one) / (s * s);
    }
    return DIPOLE * sum;
}
