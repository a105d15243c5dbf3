/* Arrays of functions of the plasma temperature T and of z = a T, computed where they are needed
 * and interpolated: a lattice in ln T and ln z whose nodes are filled when a point near them is
 * asked for. A run follows one curve in that plane and touches a narrow band along it.
 *
 * Between the nodes the arrays are products of cubic Lagrange polynomials. Not for use by several
 * threads at once. */
#ifndef ND_KERNEL_CACHE_H
#define ND_KERNEL_CACHE_H

#include <stddef.h>
#include "nudipole/error.h"

/* Fills values[size] at T [MeV] and z. */
typedef enum nd_status nd_kernel_fill(double T, double z, double *values, void *context,
                                      struct nd_error *error);

struct nd_kernel_cache; /* opaque */

/* `context` must outlive the cache. Errors: ND_NO_MEMORY. */
enum nd_status nd_kernel_cache_create(struct nd_kernel_cache **cache, size_t size, double step_lnT,
                                      double step_lnz, nd_kernel_fill *fill, void *context,
                                      struct nd_error *error);
void nd_kernel_cache_free(struct nd_kernel_cache *cache);

/* Writes values[size]. Errors: ND_BAD_INPUT far outside of what a Universe can be (T from 1e-5 to
 * 1e4 MeV, z from 1e-3 to 1e3), ND_NO_MEMORY, and those of the filling function. */
enum nd_status nd_kernel_cache_at(struct nd_kernel_cache *cache, double T, double z, double *values,
                                  struct nd_error *error);

/* Nodes filled so far. */
int nd_kernel_cache_nodes(const struct nd_kernel_cache *cache);

#endif
