/* The dipole and one photon: N <-> nu gamma and, where the photon's plasma mass m_gamma exceeds m4,
 * gamma <-> N nubar.
 *
 * N has the nodes of the core, the neutrino all of them. Photons are transverse, of the mass
 * m_gamma that hard ones have in the plasma (0 without screening), in thermal equilibrium. An event
 * joins one node of N and a neutrino momentum that is shared between two nodes; its occupation
 * there is interpolated linearly in ln(f/(1 - f)), as exact as can be: a thermal spectrum is a
 * straight line, so that detailed balance holds for any temperature and chemical potential, and
 * entropy grows. What N had and the neutrino has not goes to the plasma. */
#ifndef ND_PHOTON_PROCESSES_H
#define ND_PHOTON_PROCESSES_H

#include "momentum_grid.h"

struct nd_photon_plasma {
    double m4, T, a; /* [MeV], [MeV], [MeV^-1] */
    double m_gamma2; /* [MeV^2] */
};

struct nd_photon_processes; /* opaque: events of one plasma */

enum nd_status nd_photon_processes_create(struct nd_photon_processes **processes,
                                          const struct nd_momentum_grid *grid,
                                          struct nd_error *error);
void nd_photon_processes_free(struct nd_photon_processes *processes);

/* Lists the events. Errors: ND_BAD_INPUT where N decays to neutrinos beyond the last node. */
enum nd_status nd_photon_processes_set(struct nd_photon_processes *processes,
                                       const struct nd_photon_plasma *plasma,
                                       struct nd_error *error);

/* As in dipole_collisions.h. `unpaired` is set to the sum of changes of neutrinos and N that
 * decays leave, over the sum of moduli: rounding. */
void nd_photon_processes_add(const struct nd_photon_processes *processes, const double *f_nu,
                             const double *f_N, double factor, double *change_nu, double *change_N,
                             double *unpaired);
void nd_photon_processes_add_jacobian(const struct nd_photon_processes *processes,
                                      const double *f_nu, const double *f_N, double factor,
                                      double *jacobian, int nu, int N, int row_length);

#endif
