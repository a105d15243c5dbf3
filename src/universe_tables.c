/* Grid and collision kernels of the coupled Universe: see nudipole/universe.h. */
#include <math.h>
#include <stdlib.h>

#include "universe_internal.h"

struct nd_precision nd_precision_default(void)
{
    return (struct nd_precision){
        .dy = 0.6,
        .y_core = 24.0,
        .tail_growth = 1.25,
        .exchange_nodes = 6,
        .step_lnT = 0.35,
        .step_lnz = 0.1,
        .tolerance = 1e-5,
        .max_steps = 100000,
    };
}

struct nd_precision nd_precision_fast(void)
{
    struct nd_precision fast = nd_precision_default();
    fast.dy = 0.8;
    fast.tail_growth = 1.3;
    fast.step_lnT = 0.4;
    fast.step_lnz = 0.15;
    fast.tolerance = 3e-5;
    return fast;
}

struct nd_precision nd_precision_high(void)
{
    struct nd_precision high = nd_precision_default();
    high.dy = 0.3;
    high.tail_growth = 1.15;
    high.exchange_nodes = 10;
    high.step_lnT = 0.25;
    high.step_lnz = 0.07;
    high.tolerance = 1e-6;
    return high;
}

struct nd_precision nd_precision_coarser(const struct nd_precision *precision)
{
    struct nd_precision coarser = *precision;
    const double wider = 1.4;
    coarser.dy *= wider;
    coarser.tail_growth = 1.0 + wider * (precision->tail_growth - 1.0);
    coarser.step_lnT *= wider;
    coarser.step_lnz *= wider;
    coarser.tolerance *= 10.0;
    return coarser;
}

int nd_universe_tables_fit(const struct nd_universe_tables *tables, const struct nd_model *model,
                           const struct nd_universe_options *options)
{
    /* the rest of the precision is the integrator's */
    const struct nd_precision *a = &tables->precision, *b = &options->precision;
    return tables->m4 == (model != NULL ? model->m4 : 0.0) && tables->T_end == options->T_end &&
           tables->screening == options->screening && a->dy == b->dy && a->y_core == b->y_core &&
           a->tail_growth == b->tail_growth && a->exchange_nodes == b->exchange_nodes &&
           a->step_lnT == b->step_lnT && a->step_lnz == b->step_lnz;
}

static enum nd_status check(const struct nd_precision *p, struct nd_error *error)
{
    if (!(p->exchange_nodes >= 4 && p->exchange_nodes <= ND_EXCHANGE_NODES_MAX))
        return nd_fail(error, ND_BAD_INPUT, "exchange_nodes = %d: allowed are 4 to %d",
                       p->exchange_nodes, (int)ND_EXCHANGE_NODES_MAX);
    if (!(p->step_lnT > 0.0 && p->step_lnT <= 1.0 && p->step_lnz > 0.0 && p->step_lnz <= 1.0))
        return nd_fail(error, ND_BAD_INPUT,
                       "step_lnT = %g, step_lnz = %g: must be above 0 and at most 1", p->step_lnT,
                       p->step_lnz);
    if (!(p->tolerance > 0.0 && p->tolerance < 1.0) || p->max_steps < 1)
        return nd_fail(error, ND_BAD_INPUT,
                       "tolerance %g, %ld steps: must be between 0 and 1, at least 1", p->tolerance,
                       p->max_steps);
    return ND_OK;
}

/* Comoving momentum of neutrinos of decays at the photon temperature T, with room for a T up to 2:
 * e+- annihilation alone makes 1.4. */
static double decay_momentum(double m4, double T)
{
    return 2.0 * 0.5 * m4 / T;
}

enum nd_status nd_universe_tables_create(struct nd_universe_tables **tables,
                                         const struct nd_model *model,
                                         const struct nd_universe_options *options,
                                         struct nd_error *error)
{
    *tables = NULL;
    const struct nd_precision *p = &options->precision;
    enum nd_status status = check(p, error);
    if (status != ND_OK)
        return status;
    if (!(options->T_end > 0.0))
        return nd_fail(error, ND_BAD_INPUT, "T_end = %g MeV: must be above 0", options->T_end);
    struct nd_universe_tables *t = calloc(1, sizeof *t);
    if (t == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for collision kernels");
    t->m4 = model != NULL ? model->m4 : 0.0;
    t->T_end = options->T_end;
    t->screening = options->screening;
    t->precision = *p;
    const double y_max = p->y_core + decay_momentum(t->m4, options->T_end);
    const double y_active = p->y_core + decay_momentum(t->m4, ND_COLLISIONS_T_MIN);
    status = nd_momentum_grid_init(&t->grid, p->dy, p->y_core, y_max, p->tail_growth, error);
    if (status != ND_OK)
        goto cleanup;
    while (t->n_active < t->grid.n_core ||
           (t->n_active < t->grid.n && t->grid.y[t->n_active] < y_active))
        t->n_active++;
    status = nd_self_scattering_create(&t->self, &t->grid, error);
    if (status == ND_OK)
        status = nd_electron_collisions_create(&t->electrons, &t->grid, t->n_active,
                                               p->exchange_nodes, p->step_lnT, p->step_lnz, error);
    if (status == ND_OK && model != NULL)
        status = nd_dipole_collisions_create(&t->dipole, &t->grid, t->n_active, t->m4,
                                             options->screening, p->exchange_nodes, p->step_lnT,
                                             p->step_lnz, error);
    if (status == ND_OK && model != NULL)
        status = nd_photon_processes_create(&t->photon, &t->grid, error);

cleanup:
    if (status == ND_OK)
        *tables = t;
    else
        nd_universe_tables_free(t);
    return status;
}

void nd_universe_tables_free(struct nd_universe_tables *tables)
{
    if (tables == NULL)
        return;
    nd_photon_processes_free(tables->photon);
    nd_dipole_collisions_free(tables->dipole);
    nd_electron_collisions_free(tables->electrons);
    nd_self_scattering_free(tables->self);
    nd_momentum_grid_clear(&tables->grid);
    free(tables);
}
