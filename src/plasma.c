/* The photon-electron plasma: see nudipole/plasma.h.
 *
 * Thermodynamics: with f = 1 / (exp(E/T) + 1) and g = 4 for e- and e+,
 *     rho_e = g/(2 pi^2) int dp p^2 E f,     p_e = g/(6 pi^2) int dp p^4/E f,
 *     drho_e/dT = g/(2 pi^2 T^2) int dp p^2 E^2 f (1 - f).
 * Photon masses at order alpha, with n = f_e- + f_e+ (Braaten & Segel 1993):
 *     m_T^2     = 4 alpha/pi int dp p^2/E n,
 *     omega_P^2 = 4 alpha/pi int dp p^2/E (1 - v^2/3) n,
 *     omega_1^2 = 4 alpha/pi int dp p^2/E (5 v^2/3 - v^4) n,
 *     m_D^2     = 4 alpha/pi int dp (p^2 + E^2)/E n = 8 alpha/(pi T) int dp p^2 f (1 - f),
 * the last by parts: the integrand then vanishes as p^2 at p -> 0 like the others. */
#include "nudipole/plasma.h"

#include <math.h>
#include "nudipole/constants.h"

void nd_plasma_init(struct nd_plasma *plasma, double T)
{
    const double m = ND_M_ELECTRON, m2 = m * m;
    /* Momentum p = T exp(l): integrands go as exp(3 l) to the left and as exp(-exp(l)) to the
     * right, and the next singularity is pi/2 off the real axis, so h = 1/8 leaves e^-79. The
     * lower end, exp(-13)^3 = 1e-17, and the upper one bound what is dropped. */
    const double h = 0.125, l_min = -13.0;
    const int n = (int)((log(800.0) - l_min) / h);
    double rho = 0.0, pressure = 0.0, drho = 0.0;
    double debye = 0.0, asymptotic = 0.0, plasma_frequency = 0.0, omega1 = 0.0;
    for (int i = 0; i <= n; i++) {
        const double p = T * exp(l_min + i * h), p2 = p * p;
        const double energy = sqrt(p2 + m2), v2 = p2 / (p2 + m2);
        const double boltzmann = exp(-energy / T), f = boltzmann / (1.0 + boltzmann);
        const double measure = h * p * f; /* dp f = p dl f */
        rho += measure * p2 * energy;
        pressure += measure * p2 * p2 / energy;
        drho += measure * p2 * energy * energy / (1.0 + boltzmann);
        debye += measure * p2 / (1.0 + boltzmann) / T;
        asymptotic += measure * p2 / energy;
        plasma_frequency += measure * p2 / energy * (1.0 - v2 / 3.0);
        omega1 += measure * p2 / energy * v2 * (5.0 / 3.0 - v2);
    }
    const double spin = 4.0 / (2.0 * ND_PI * ND_PI);
    const double mass = 8.0 * ND_ALPHA / ND_PI; /* n = 2 f */
    const double rho_photon = nd_rho_photon(T);

    plasma->T = T;
    plasma->rho = rho_photon + spin * rho;
    plasma->p = rho_photon / 3.0 + spin * pressure / 3.0;
    plasma->s = (plasma->rho + plasma->p) / T;
    plasma->drho_dT = 4.0 * rho_photon / T + spin * drho / (T * T);
    plasma->dp_dT = plasma->s;
    plasma->ds_dT = plasma->drho_dT / T; /* T ds = drho at zero chemical potential */
    plasma->m_debye2 = mass * debye;
    plasma->m_asymptotic2 = mass * asymptotic;
    plasma->omega_p2 = mass * plasma_frequency;
    plasma->v_star = sqrt(omega1 / plasma_frequency);
}

double nd_rho_photon(double T)
{
    return ND_PI * ND_PI / 15.0 * T * T * T * T;
}

/* (1/2x) ln((1 + x)/(1 - x)) - 1 for 0 <= x < 1, without cancellation at small x. */
static double atanh_over_x_minus_1(double x)
{
    if (x > 0.15)
        return atanh(x) / x - 1.0;
    const double x2 = x * x;
    double sum = 0.0, power = x2;
    for (int n = 3; n <= 21; n += 2) {
        sum += power / n;
        power *= x2;
    }
    return sum;
}

/* Transverse self-energy 3/2 omega_P^2 / x^2 [1 - (1 - x^2) atanh(x)/x] with x = v* q / omega. */
static double transverse_self_energy(const struct nd_plasma *plasma, double x)
{
    const double x2 = x * x, g = atanh_over_x_minus_1(x);
    return 1.5 * plasma->omega_p2 * (1.0 + g - g / x2);
}

double nd_transverse_mass2_max(const struct nd_plasma *plasma)
{
    return transverse_self_energy(plasma, plasma->v_star);
}

double nd_longitudinal_q_max(const struct nd_plasma *plasma)
{
    const double v = plasma->v_star;
    return sqrt(3.0 * plasma->omega_p2 * atanh_over_x_minus_1(v)) / v;
}

static double longitudinal_residue(const struct nd_plasma *plasma, double omega2, double q2,
                                   double mass2)
{
    const double v2 = plasma->v_star * plasma->v_star;
    const double spread = mass2 + (1.0 - v2) * q2; /* omega^2 - v*^2 q^2 */
    return 2.0 * omega2 / mass2 * spread / (3.0 * plasma->omega_p2 - spread);
}

void nd_longitudinal_mode(const struct nd_plasma *plasma, double deficit,
                          struct nd_photon_mode *mode, double *q, double *slope)
{
    const double v = plasma->v_star, x = v * (1.0 - deficit);
    const double g = atanh_over_x_minus_1(x);
    const double dg_dx = (x * x / (1.0 - x * x) - g) / x;
    *q = sqrt(3.0 * plasma->omega_p2 * g) / v;
    *slope = -0.5 * dg_dx / g * v * deficit;
    mode->omega = *q / (1.0 - deficit);
    mode->mass2 = mode->omega * mode->omega * deficit * (2.0 - deficit);
    mode->residue = longitudinal_residue(plasma, mode->omega * mode->omega, *q * *q, mode->mass2);
}

/* Both relations are solved for K^2 = omega^2 - q^2 by regula falsi (Illinois variant) from a
 * bracket that the theory gives. */
enum { MAX_ITERATIONS = 200 };

/* Vanishes on the mode; grows with K^2. */
static double dispersion(const struct nd_plasma *plasma, enum nd_polarisation polarisation,
                         double q, double mass2)
{
    const double x = plasma->v_star * q / sqrt(q * q + mass2);
    if (polarisation == ND_TRANSVERSE)
        return mass2 - transverse_self_energy(plasma, x);
    /* q^2 = Pi_L = 3 omega_P^2 / v*^2 [atanh(x)/x - 1], written as a function of omega */
    const double v2 = plasma->v_star * plasma->v_star;
    return q * q - 3.0 * plasma->omega_p2 / v2 * atanh_over_x_minus_1(x);
}

enum nd_status nd_photon_mode_at(const struct nd_plasma *plasma, enum nd_polarisation polarisation,
                                 double q, struct nd_photon_mode *mode, struct nd_error *error)
{
    const double wp2 = plasma->omega_p2;
    double low, high;
    if (polarisation == ND_TRANSVERSE) {
        low = wp2 * (1.0 - 1e-9);
        high = 1.5 * wp2;
    } else {
        const double q_max = nd_longitudinal_q_max(plasma);
        if (!(q < q_max))
            return nd_fail(error, ND_BAD_INPUT,
                           "longitudinal photon of q = %g MeV: exists below %g MeV only", q, q_max);
        low = 0.0;
        high = wp2 * (1.0 + 1e-9);
    }
    double f_low = dispersion(plasma, polarisation, q, low);
    double f_high = dispersion(plasma, polarisation, q, high);
    double mass2 = high;
    int iteration = 0;
    for (; iteration < MAX_ITERATIONS; iteration++) {
        const double next = (low * f_high - high * f_low) / (f_high - f_low);
        const double f_next = dispersion(plasma, polarisation, q, next);
        const double change = fabs(next - mass2);
        mass2 = next;
        if (change <= 1e-13 * wp2 || f_next == 0.0)
            break;
        if (f_next < 0.0) {
            low = next;
            f_low = f_next;
            f_high *= 0.5;
        } else {
            high = next;
            f_high = f_next;
            f_low *= 0.5;
        }
    }
    if (iteration == MAX_ITERATIONS || !(mass2 >= 0.0))
        return nd_fail(error, ND_NOT_CONVERGED,
                       "photon dispersion at T = %g MeV, q = %g MeV: no solution found", plasma->T,
                       q);

    const double omega2 = q * q + mass2, v2 = plasma->v_star * plasma->v_star;
    const double spread = mass2 + (1.0 - v2) * q * q; /* omega^2 - v*^2 q^2 */
    mode->mass2 = mass2;
    mode->omega = sqrt(omega2);
    mode->residue = polarisation == ND_LONGITUDINAL
                        ? longitudinal_residue(plasma, omega2, q * q, mass2)
                        : 2.0 * omega2 * spread /
                              (omega2 * (3.0 * wp2 - 2.0 * mass2) + (omega2 + q * q) * spread);
    return ND_OK;
}
