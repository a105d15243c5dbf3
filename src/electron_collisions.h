/* Weak collisions of neutrinos with thermal electrons and positrons: scattering nu e <-> nu e and
 * annihilation nu nubar <-> e- e+, between the nodes of the momentum grid.
 *
 * Tree level, with g_L = 1/2 + sin^2 theta_W (nu_e), -1/2 + sin^2 theta_W (nu_mu, nu_tau),
 * g_R = sin^2 theta_W, the electron's mass and Pauli blocking. Detailed balance holds to rounding:
 * an event and its reverse share one number. */
#ifndef ND_ELECTRON_COLLISIONS_H
#define ND_ELECTRON_COLLISIONS_H

#include "kernel_cache.h"
#include "momentum_grid.h"

enum nd_weak_kind { ND_WEAK_ELECTRON, ND_WEAK_OTHER, ND_N_WEAK_KINDS };

struct nd_electron_collisions; /* opaque */

/* For the first n_active nodes of the grid, which must outlive it. `nodes` of the integral over the
 * exchanged momentum. */
enum nd_status nd_electron_collisions_create(struct nd_electron_collisions **collisions,
                                             const struct nd_momentum_grid *grid, int n_active,
                                             int nodes, double step_lnT, double step_lnz,
                                             struct nd_error *error);
void nd_electron_collisions_free(struct nd_electron_collisions *collisions);

/* Sets the plasma's temperature T [MeV] and the scale factor a [MeV^-1] (y = a p) for the calls
 * below. */
enum nd_status nd_electron_collisions_set(struct nd_electron_collisions *collisions, double T,
                                          double a, struct nd_error *error);

/* Adds to change[node] the rate of the comoving number density of a flavour with spectrum f,
 * in units of MeV, times `factor`. */
void nd_electron_collisions_add(const struct nd_electron_collisions *collisions,
                                enum nd_weak_kind kind, const double *f, double factor,
                                double *change);

/* Adds the derivatives jacobian[i * row_length + j] = d change[i] / d f[j]. */
void nd_electron_collisions_add_jacobian(const struct nd_electron_collisions *collisions,
                                         enum nd_weak_kind kind, const double *f, double factor,
                                         double *jacobian, int row_length);

int nd_electron_collisions_filled(const struct nd_electron_collisions *collisions);

#endif
