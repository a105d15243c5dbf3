/* Collision kernels of neutrinos and N with thermal electrons, at one temperature and between two
 * given energies.
 *
 * Everything is in units of the plasma's temperature. `energy`, `momentum` and `mass` belong to
 * the neutrino or N; electrons and positrons are thermal. |M|^2 is a polynomial of second degree in
 * an invariant, which the azimuth around the exchanged momentum and the electron's energy are
 * averaged over in closed form; what is left is one integral, over the exchanged momentum. */
#ifndef ND_EXCHANGE_H
#define ND_EXCHANGE_H

#include "fermi_table.h"
#include "nudipole/error.h"

enum { ND_EXCHANGE_NODES_MAX = 32 };

struct nd_exchange {
    struct nd_fermi_table fermi;
    int n;                                                             /* Gauss-Legendre */
    double node[ND_EXCHANGE_NODES_MAX], weight[ND_EXCHANGE_NODES_MAX]; /* on [0, 1] */
    int n_pair;                                                        /* on [0, 1], even */
    double pair_node[ND_EXCHANGE_NODES_MAX], pair_weight[ND_EXCHANGE_NODES_MAX];
};

/* The plasma, in units of its temperature. */
struct nd_exchange_plasma {
    double m;        /* electron mass over T */
    double m_debye2; /* squared Debye mass over T^2; 0 without screening */
};

/* A neutrino or N. */
struct nd_leg {
    double energy, momentum, mass2;
};

/* `nodes` <= ND_EXCHANGE_NODES_MAX of the integral over the exchanged momentum. Errors:
 * ND_NO_MEMORY. */
enum nd_status nd_exchange_init(struct nd_exchange *exchange, int nodes, struct nd_error *error);

/* Weak: result[0] multiplies g_L^2 + g_R^2 and result[1] g_L g_R, in units of G_F^2 T^6.
 *
 * Scattering nu(a) e -> nu(b) e off e- and e+, a.energy >= b.energy: events per volume, time,
 * dE_a and dE_b are f_a (1 - f_b) times this; the reverse is f_b (1 - f_a) exp(E_b - E_a) times
 * this. */
void nd_exchange_weak_scattering(const struct nd_exchange *exchange,
                                 const struct nd_exchange_plasma *plasma, double energy_a,
                                 double energy_b, double result[2]);

/* Annihilation nu(a) nubar(b) -> e- e+: events are f_a f_b times this; the reverse is
 * (1 - f_a)(1 - f_b) exp(-E_a - E_b) times this. */
void nd_exchange_weak_annihilation(const struct nd_exchange *exchange,
                                   const struct nd_exchange_plasma *plasma, double energy_a,
                                   double energy_b, double result[2]);

/* Dipole, in units of mu^2 T^4: the same for nu(a) e <-> N(b) e, either leg having the higher
 * energy, and for N(a) nubar(b) <-> e- e+. */
double nd_exchange_dipole_scattering(const struct nd_exchange *exchange,
                                     const struct nd_exchange_plasma *plasma,
                                     const struct nd_leg *high, const struct nd_leg *low);
double nd_exchange_dipole_annihilation(const struct nd_exchange *exchange,
                                       const struct nd_exchange_plasma *plasma,
                                       const struct nd_leg *N, double neutrino_energy);

#endif
