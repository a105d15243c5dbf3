/* Collisions of the dipole with thermal electrons and positrons, nu e <-> N e and
 * e+ e- <-> N nubar, between the nodes of the momentum grid: all of them for the neutrino, those of
 * the core for N.
 *
 * Everything is proportional to mu^2, so one object serves all couplings of a mass. nu e <-> N e is
 * peaked where N takes over the neutrino's energy, more narrowly than the nodes lie apart: for
 * each momentum of N the kernel is integrated over the neutrino's, and shared between the
 * neighbouring nodes. Detailed balance holds to rounding. */
#ifndef ND_DIPOLE_COLLISIONS_H
#define ND_DIPOLE_COLLISIONS_H

#include "kernel_cache.h"
#include "momentum_grid.h"
#include "nudipole/rates.h"

struct nd_dipole_collisions; /* opaque */

/* For N of mass m4 [MeV] and neutrinos of the first n_active nodes of the grid, which must outlive
 * it. */
enum nd_status nd_dipole_collisions_create(struct nd_dipole_collisions **collisions,
                                           const struct nd_momentum_grid *grid, int n_active,
                                           double m4, enum nd_screening screening, int nodes,
                                           double step_lnT, double step_lnz,
                                           struct nd_error *error);
void nd_dipole_collisions_free(struct nd_dipole_collisions *collisions);

/* Sets the plasma's temperature T [MeV] and the scale factor a [MeV^-1] for the calls below. */
enum nd_status nd_dipole_collisions_set(struct nd_dipole_collisions *collisions, double T, double a,
                                        struct nd_error *error);

/* Which processes a call counts. */
enum nd_dipole_process { ND_DIPOLE_SCATTERING = 1, ND_DIPOLE_PAIRS = 2 };

/* Adds to change_nu[node] and change_N[node] the rates of the comoving number densities of the
 * neutrino and of N (both helicities; without antiparticles), in units of MeV^3 / mu^2, times
 * `factor`. f_nu and f_N are occupations. */
void nd_dipole_collisions_add(const struct nd_dipole_collisions *collisions, int processes,
                              const double *f_nu, const double *f_N, double factor,
                              double *change_nu, double *change_N);

/* Adds the derivatives: rows and columns of the neutrino begin at nu, those of N at N. */
void nd_dipole_collisions_add_jacobian(const struct nd_dipole_collisions *collisions, int processes,
                                       const double *f_nu, const double *f_N, double factor,
                                       double *jacobian, int nu, int N, int row_length);

int nd_dipole_collisions_filled(const struct nd_dipole_collisions *collisions);

#endif
