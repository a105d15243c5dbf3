/* Comoving momenta y = a p of neutrinos and N: the nodes on which spectra are kept.
 *
 * A core of evenly spaced nodes y_i = (i + 1) dy up to y_core, on which y_1 + y_2 - y_3 is a node
 * again, so that neutrinos scatter off neutrinos from node to node; and a tail with growing
 * spacing up to y_max for what decays of N feed. A quantity at a momentum between two nodes is
 * shared between them linearly, which keeps number and energy of neutrinos. */
#ifndef ND_MOMENTUM_GRID_H
#define ND_MOMENTUM_GRID_H

#include "nudipole/error.h"

struct nd_momentum_grid {
    int n, n_core;
    double dy;
    double *y;       /* nodes, n */
    double *weight;  /* of the integral over y, n: exact to O(dy^6) for y^2 f and y^3 f */
    double *measure; /* weight y^2 / (2 pi^2), n: comoving number density a state */
};

/* `growth`: ratio of successive spacings in the tail, >= 1. Errors: ND_BAD_INPUT, ND_NO_MEMORY.
 * Free with nd_momentum_grid_clear. */
enum nd_status nd_momentum_grid_init(struct nd_momentum_grid *grid, double dy, double y_core,
                                     double y_max, double growth, struct nd_error *error);
void nd_momentum_grid_clear(struct nd_momentum_grid *grid);

/* The node below y and the share of the node above it: y = (1 - share) y[node] + share y[node + 1].
 * Below the first node the share is negative, so that number and energy are kept there as well.
 * Returns 0 beyond the last node. */
int nd_momentum_grid_locate(const struct nd_momentum_grid *grid, double y, int *node,
                            double *share);

#endif
