/* What tests of the coupled Universe share: points, and a run with kernels of its own. */
#ifndef ND_TESTS_UNIVERSE_FIXTURE_H
#define ND_TESTS_UNIVERSE_FIXTURE_H

#include "support.h"

#include "nudipole/units.h"
#include "nudipole/universe.h"

/* m4 in MeV. */
static inline struct nd_model model_of(double m4, double d_muB, enum nd_flavour flavour)
{
    struct nd_model model;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(
        nd_model_init(&model, m4, d_muB * nd_bohr_magneton(), ND_CONVENTION_HALF, flavour, &error),
        error);
    return model;
}

static inline struct nd_model tau_model(double m4, double d_muB)
{
    return model_of(m4, d_muB, ND_FLAVOUR_TAU);
}

static inline struct nd_universe_history universe_history(const struct nd_model *model,
                                                          const struct nd_universe_options *options)
{
    struct nd_universe_tables *tables;
    struct nd_universe_history history;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_universe_tables_create(&tables, model, options, &error), error);
    ASSERT_OK(nd_universe_solve(model, tables, options, &history, &error), error);
    nd_universe_tables_free(tables);
    return history;
}

static inline double N_eff_of(const struct nd_model *model,
                              const struct nd_universe_options *options)
{
    struct nd_universe_history history = universe_history(model, options);
    const double N_eff = history.N_eff;
    nd_universe_history_clear(&history);
    return N_eff;
}

#endif
