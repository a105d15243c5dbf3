/* Weak rates that turn neutrons into protons and back, n <-> p, in a plasma at T among neutrinos
 * of any spectrum:
 *
 *     n nu <-> p e-,   n <-> p e- nubar,   n e+ <-> p nubar.
 *
 * Born rates, with E the energy of e+-, x = E -+ Delta that of the neutrino it takes (-x: gives),
 *
 *     Gamma_np = K int p^2 dp { x^2 f(x) [1 - f_e(E)] at x = E - Delta
 *                             + x^2 [1 - f(x)] f_e(E) at x = E + Delta },
 *
 * f(-x) = 1 - f(x); K follows from the neutron's lifetime, the same integral at T = 0. On top of
 * it, each of these can be left out:
 *
 *   coulomb     Fermi's function where e- and p stand on the same side, relativistic, with the
 *               proton's radius (Ivanov, Pitschmann, Troitskaya, arXiv:1212.0332, Eq. 5)
 *   radiative   at T = 0, of order alpha with leading logarithms summed (Sirlin 1967; Czarnecki,
 *               Marciano, Sirlin, hep-ph/0406324, Eq. 15); bremsstrahlung as in the decay
 *   recoil      first order in 1/m_N: recoil and thermal motion of nucleons (Pitrou, Coc, Uzan,
 *               Vangioni, arXiv:1801.08023, Eq. B24)
 *   magnetism   weak magnetism, at the same order (ibid., Eq. 107); needs `recoil`
 *   thermal     radiative corrections by the plasma, and the difference of bremsstrahlung to that
 *               of the decay (Brown, Sawyer, astro-ph/0006370; arXiv:1801.08023, App. B)
 *
 * The first two multiply the next two. Natural units: rates in MeV. */
#ifndef NUDIPOLE_WEAK_RATES_H
#define NUDIPOLE_WEAK_RATES_H

#include "nudipole/error.h"

/* Corrections to the Born rates: a sum. */
enum nd_weak_correction {
    ND_WEAK_COULOMB = 1,
    ND_WEAK_RADIATIVE = 2,
    ND_WEAK_RECOIL = 4,
    ND_WEAK_MAGNETISM = 8,
    ND_WEAK_THERMAL = 16,
    ND_WEAK_STANDARD = 15, /* all but the last, which changes Y_p by less than 1e-5 */
    ND_WEAK_ALL = 31
};

/* Occupation of nu_e (and of its antiparticle) at comoving momenta y = a p, growing, n >= 2. Values
 * between nodes follow a monotone cubic of ln[f/(1-f)] in y, in which a thermal spectrum is a
 * straight line; below the first node its first slope goes on to y = 0, behind the last one above
 * 1e-8 that one's to the end of the nodes; above it there are no neutrinos. */
struct nd_nu_e_spectrum {
    double a; /* [MeV^-1] */
    int n;
    const double *y, *f;
};

struct nd_weak_pair {
    double n_to_p, p_to_n; /* [MeV] */
};

struct nd_weak_rates; /* opaque; may be read by several threads at once */

/* `corrections`: a sum of enum nd_weak_correction; tau_n: the neutron's lifetime [MeV^-1].
 * Errors: ND_BAD_INPUT, ND_NO_MEMORY. Free with nd_weak_rates_free. */
enum nd_status nd_weak_rates_create(struct nd_weak_rates **rates, int corrections, double tau_n,
                                    struct nd_error *error);
void nd_weak_rates_free(struct nd_weak_rates *rates);

#define ND_WEAK_T_MIN 1e-4 /* MeV */

/* Rates at the plasma's temperature T [MeV], ND_WEAK_T_MIN to 100. Quadrature errs by less than
 * 1e-6 with thermal neutrinos. Errors: ND_BAD_INPUT, ND_NO_MEMORY. */
enum nd_status nd_weak_rates_at(const struct nd_weak_rates *rates, double T,
                                const struct nd_nu_e_spectrum *spectrum, struct nd_weak_pair *pair,
                                struct nd_error *error);

/* The integral of neutron decay, lambda_0 = 1/(K tau_n m_e^5). */
double nd_weak_rates_lambda0(const struct nd_weak_rates *rates);

#endif
