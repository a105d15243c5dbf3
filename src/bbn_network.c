/* The equations of the nuclides: see nudipole/bbn.h.
 *
 * With n_b <sigma v> and the weak rates as rates per time and dt/dx from the Universe,
 *
 *     dY_i/dx = dt/dx * sum over reactions (made - used) *
 *               [ n_b <sigma v> Y_a Y_b/(1 + d_ab) - n_b <sigma v>' Y_c Y_d/(1 + d_cd) ],
 *
 * where photodissociation has lambda Y_c in place of the last product. */
#include <math.h>
#include <string.h>

#include "bbn_internal.h"
#include "nudipole/constants.h"

/* All rates at one temperature, times dt/dx. */
struct local {
    double n_to_p, p_to_n;
    double forward[ND_N_REACTIONS], reverse[ND_N_REACTIONS];
};

static enum nd_status local_rates(const struct nd_network *network, double x, struct local *local)
{
    const double ln_T = -x;
    const double time = nd_bbn_universe_time(network->from.expansion, ln_T);
    const struct nd_weak_pair weak = nd_bbn_universe_weak(network->from.weak, ln_T);
    local->n_to_p = time * network->weak_factor * weak.n_to_p;
    local->p_to_n = time * network->weak_factor * weak.p_to_n;
    if (!network->nuclear)
        return ND_OK;
    const enum nd_status status =
        nd_nuclear_rates_at(network->rates, exp(ln_T), network->deviations, local->forward,
                            local->reverse, network->error);
    const double baryons = network->omega_b * nd_bbn_universe_baryons(network->from.baryons, ln_T);
    for (int r = 0; r < ND_N_REACTIONS; r++) {
        local->forward[r] *= time * baryons;
        local->reverse[r] *=
            nd_reaction((enum nd_reaction)r)->out[1] == ND_PHOTON ? time : time * baryons;
    }
    return status;
}

/* Of two of the same kind half as many pairs. */
static double pairs(const int of[2])
{
    return of[0] == of[1] ? 0.5 : 1.0;
}

/* How often a side of a reaction happens, and its derivatives by the numbers of the two. */
struct flux {
    double value, by[2];
};

static struct flux flux_of(double rate, const int of[2], const double *y)
{
    if (of[1] == ND_PHOTON)
        return (struct flux){rate * y[of[0]], {rate, 0.0}};
    rate *= pairs(of);
    return (struct flux){rate * y[of[0]] * y[of[1]], {rate * y[of[1]], rate * y[of[0]]}};
}

int nd_network_function(double x, const double *y, double *dydx, void *context)
{
    const struct nd_network *network = context;
    struct local local;
    if (local_rates(network, x, &local) != ND_OK)
        return -1;
    memset(dydx, 0, ND_N_NUCLIDES * sizeof *dydx);
    const double decays = local.n_to_p * y[ND_NEUTRON] - local.p_to_n * y[ND_PROTON];
    dydx[ND_NEUTRON] = -decays;
    dydx[ND_PROTON] = decays;
    for (int r = 0; network->nuclear && r < ND_N_REACTIONS; r++) {
        const struct nd_reaction_data *reaction = nd_reaction((enum nd_reaction)r);
        const double net = flux_of(local.forward[r], reaction->in, y).value -
                           flux_of(local.reverse[r], reaction->out, y).value;
        for (int side = 0; side < 2; side++) {
            dydx[reaction->in[side]] -= net;
            if (reaction->out[side] != ND_PHOTON)
                dydx[reaction->out[side]] += net;
        }
    }
    return 0;
}

/* Adds the derivatives of a flux that uses `from` and makes `to`. */
static void add_flux(const struct flux *flux, const int from[2], const int to[2], double *J)
{
    for (int by = 0; by < 2; by++) {
        if (from[by] == ND_PHOTON)
            continue;
        double *column = J + from[by] * ND_N_NUCLIDES;
        for (int side = 0; side < 2; side++) {
            if (from[side] != ND_PHOTON)
                column[from[side]] -= flux->by[by];
            if (to[side] != ND_PHOTON)
                column[to[side]] += flux->by[by];
        }
    }
}

int nd_network_jacobian(double x, const double *y, double *J, void *context)
{
    const struct nd_network *network = context;
    struct local local;
    if (local_rates(network, x, &local) != ND_OK)
        return -1;
    J[ND_NEUTRON * ND_N_NUCLIDES + ND_NEUTRON] = -local.n_to_p;
    J[ND_NEUTRON * ND_N_NUCLIDES + ND_PROTON] = local.n_to_p;
    J[ND_PROTON * ND_N_NUCLIDES + ND_NEUTRON] = local.p_to_n;
    J[ND_PROTON * ND_N_NUCLIDES + ND_PROTON] = -local.p_to_n;
    for (int r = 0; network->nuclear && r < ND_N_REACTIONS; r++) {
        const struct nd_reaction_data *reaction = nd_reaction((enum nd_reaction)r);
        const struct flux forward = flux_of(local.forward[r], reaction->in, y);
        const struct flux reverse = flux_of(local.reverse[r], reaction->out, y);
        add_flux(&forward, reaction->in, reaction->out, J);
        add_flux(&reverse, reaction->out, reaction->in, J);
    }
    return 0;
}

void nd_network_start(const struct nd_network *network, double T, double *y)
{
    const struct nd_weak_pair weak = nd_bbn_universe_weak(network->from.weak, log(T));
    memset(y, 0, ND_N_NUCLIDES * sizeof *y);
    y[ND_NEUTRON] = weak.p_to_n / (weak.n_to_p + weak.p_to_n);
    y[ND_PROTON] = 1.0 - y[ND_NEUTRON];
}

/* From n_i = g_i (m_i T/2 pi)^(3/2) e^((mu_i - m_i)/T) with mu_i = Z mu_p + (A - Z) mu_n. */
void nd_network_equilibrium(const struct nd_network *network, double T, double *y)
{
    const double ln_b =
        log(network->omega_b * nd_bbn_universe_baryons(network->from.baryons, log(T)));
    const double spins = 2.0;
    double fugacity[2] = {0.0, 0.0}, bound = 0.0; /* (mu - m)/T of n and p */
    for (int i = ND_NEUTRON; i <= ND_PROTON; i++)
        fugacity[i] = log(y[i] / spins) + ln_b -
                      1.5 * log(nd_nuclide((enum nd_nuclide)i)->mass * T / (2.0 * ND_PI));
    for (int i = ND_DEUTERON; i < ND_N_NUCLIDES; i++) {
        const struct nd_nuclide_data *nuclide = nd_nuclide((enum nd_nuclide)i);
        const int N = nuclide->A - nuclide->Z;
        const double binding = nuclide->Z * nd_nuclide(ND_PROTON)->mass +
                               N * nd_nuclide(ND_NEUTRON)->mass - nuclide->mass;
        y[i] =
            exp(log((double)nuclide->g) + 1.5 * log(nuclide->mass * T / (2.0 * ND_PI)) +
                nuclide->Z * fugacity[ND_PROTON] + N * fugacity[ND_NEUTRON] + binding / T - ln_b);
        bound += nuclide->A * y[i];
    }
    /* what they are made of, taken from both alike */
    y[ND_NEUTRON] *= 1.0 - bound;
    y[ND_PROTON] = 1.0 - bound - y[ND_NEUTRON];
}
