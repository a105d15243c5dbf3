/* What the files of nucleosynthesis share: bbn_universe.c (the Universe against temperature),
 * bbn_network.c (the equations), bbn.c (a solution), bbn_errors.c. See nudipole/bbn.h. */
#ifndef ND_BBN_INTERNAL_H
#define ND_BBN_INTERNAL_H

#include "nudipole/bbn.h"

double nd_bbn_universe_T_start(const struct nd_bbn_universe *universe);
double nd_bbn_universe_T_end(const struct nd_bbn_universe *universe);

/* At ln T: dt/d(-ln T) [MeV^-1]; n_b for omega_b = 1 [MeV^3]; weak rates [MeV]. */
double nd_bbn_universe_time(const struct nd_bbn_universe *universe, double ln_T);
double nd_bbn_universe_baryons(const struct nd_bbn_universe *universe, double ln_T);
struct nd_weak_pair nd_bbn_universe_weak(const struct nd_bbn_universe *universe, double ln_T);

/* The equations of the nuclides in x = -ln T; `nuclear` 0: of nucleons only. */
struct nd_network {
    struct nd_bbn_ingredients from;
    const struct nd_nuclear_rates *rates;
    double deviations[ND_N_REACTIONS];
    double omega_b, weak_factor; /* on the weak rates */
    int nuclear;
    struct nd_error *error;
};

/* nd_ode_function and nd_ode_jacobian, context struct nd_network; y: nuclides per baryon. */
int nd_network_function(double x, const double *y, double *dydx, void *context);
int nd_network_jacobian(double x, const double *y, double *J, void *context);

/* Nucleons in balance of their weak rates, nothing else. */
void nd_network_start(const struct nd_network *network, double T, double *y);

/* Adds the nuclei in statistical equilibrium with the nucleons in y; the sum of A y stays 1. */
void nd_network_equilibrium(const struct nd_network *network, double T, double *y);

#endif
