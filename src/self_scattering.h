/* Neutrinos that scatter off and annihilate into neutrinos, from node to node of the core of the
 * momentum grid.
 *
 * Flavours with equal spectra share a class; neutrinos and antineutrinos are alike. The kernels are
 * pure numbers in comoving momenta, the same at every temperature. */
#ifndef ND_SELF_SCATTERING_H
#define ND_SELF_SCATTERING_H

#include "momentum_grid.h"

enum { ND_CLASSES_MAX = 3 };

struct nd_self_scattering; /* opaque */

/* Errors: ND_NO_MEMORY. */
enum nd_status nd_self_scattering_create(struct nd_self_scattering **scattering,
                                         const struct nd_momentum_grid *grid,
                                         struct nd_error *error);
void nd_self_scattering_free(struct nd_self_scattering *scattering);

/* Adds to change[class][node] the rate of the comoving number density of each flavour of a class,
 * times a^5/G_F^2 and `factor`. f[class] are the spectra, flavours[class] how many share them.
 * Events conserve number of neutrinos summed over flavours, and energy, to rounding. */
void nd_self_scattering_add(const struct nd_self_scattering *scattering, int n_classes,
                            const int flavours[], const double *const f[], double factor,
                            double *const change[]);

/* Adds the derivatives: jacobian[row][column] d change[a][i] / d f[b][j], row = a stride + i and
 * column = b stride + j, row-major with rows of `row_length`. */
void nd_self_scattering_add_jacobian(const struct nd_self_scattering *scattering, int n_classes,
                                     const int flavours[], const double *const f[], double factor,
                                     double *jacobian, int stride, int row_length);

#endif
