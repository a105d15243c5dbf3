/* From a point to what is measured of it: see nudipole/light_elements.h. */
#include "nudipole/light_elements.h"

#include <math.h>
#include <string.h>

#include "nudipole/units.h"

/* Energy, over the photons', that may still be in something else at the end. */
static const double LEFT_MAX = 1e-3;

const char *nd_effect_word(enum nd_effect effect)
{
    static const char *const WORDS[ND_N_EFFECTS] = {"expansion", "entropy", "neutrinos"};
    return WORDS[effect];
}

double nd_light_elements_T_end(const struct nd_model *model, double latest)
{
    const double lifetimes = 20.0;
    const double seconds = 1.32;    /* age of a radiation Universe without e+- at 1 MeV */
    const double cold = 1.0 / 16.0; /* T/m4, where N in equilibrium holds 5e-5 of rho_gamma */
    if (model == NULL)
        return latest;
    const double t = lifetimes * nd_seconds_from_inverse_mev(1.0 / nd_model_width(model));
    return fmax(ND_WEAK_T_MIN, fmin(latest, fmin(sqrt(seconds / t), cold * model->m4)));
}

int nd_light_elements_rows(const struct nd_universe_options *o)
{
    const int least = 16;
    return least + (int)ceil(log(nd_universe_T_start(o) / o->T_end) / ND_BBN_STEP_LNT);
}

/* ---- the run ----------------------------------------------------------------------------- */

/* rho_N/rho_gamma grows as a, the square root of time, until N decays. */
static double growth_until_decay(const struct nd_model *model, double t)
{
    return model != NULL ? fmax(1.0, sqrt(1.0 / (nd_model_width(model) * t))) : 1.0;
}

static enum nd_status nothing_left(const struct nd_model *model,
                                   const struct nd_universe_point *end, struct nd_error *error)
{
    const double N = end->rho_N / end->rho_gamma * growth_until_decay(model, end->t);
    const double pairs = fabs(end->rho_plasma / end->rho_gamma - 1.0);
    const double field = end->rho_phi / end->rho_gamma;
    if (N + field + pairs <= LEFT_MAX)
        return ND_OK;
    const int can_go_on = end->T > 1.001 * ND_WEAK_T_MIN;
    return nd_fail(error, ND_NOT_CONVERGED,
                   "light elements: at the end, T = %g MeV, other energies than photons' and "
                   "neutrinos' are left, in units of the photons' %.2g of N (when it decays), "
                   "%.2g of e+-, %.2g of the field, so that baryons cannot be counted; %s",
                   end->T, N, pairs, field,
                   can_go_on ? "try a lower bbn_T_end_MeV"
                             : "what lives that long is not followed to its end");
}

static enum nd_status run_universe(const struct nd_model *model, struct nd_universe_tables *tables,
                                   const struct nd_light_elements_options *options,
                                   struct nd_light_elements *result, struct nd_error *error)
{
    struct nd_universe_options o = options->universe;
    struct nd_universe_history history = {0};
    struct nd_weak_rates *weak = NULL;
    o.n_points = nd_light_elements_rows(&o);
    o.spectra_T.n = 0;
    enum nd_status status =
        nd_weak_rates_create(&weak, options->weak_corrections, options->tau_n, error);
    if (status == ND_OK)
        status = nd_universe_solve(model, tables, &o, &history, error);
    if (status == ND_OK) {
        result->run = nd_universe_outcome(&history);
        status = nothing_left(model, &result->run.end, error);
    }
    if (status == ND_OK)
        status = nd_bbn_universe_create(&result->universe, &history, weak, error);
    nd_universe_history_clear(&history);
    nd_weak_rates_free(weak);
    return status;
}

/* ---- errors and effects ------------------------------------------------------------------ */

static enum nd_status set_errors(const struct nd_bbn_ingredients *own,
                                 const struct nd_nuclear_rates *rates,
                                 const struct nd_light_elements_options *o,
                                 struct nd_light_elements *result, struct nd_error *error)
{
    result->has_errors = o->errors != ND_LIGHT_ERRORS_OFF;
    switch (o->errors) {
    case ND_LIGHT_ERRORS_OFF:
        break;
    case ND_LIGHT_ERRORS_LINEAR:
        return nd_bbn_errors_linear(own, rates, &o->input, &o->bbn, &result->errors, error);
    case ND_LIGHT_ERRORS_MONTE_CARLO:
        return nd_bbn_errors_monte_carlo(own, rates, &o->input, &o->bbn, o->samples, o->seed,
                                         &result->errors, error);
    }
    return ND_OK;
}

enum nd_observable nd_observable_of_ratio(int ratio)
{
    static const enum nd_observable OBSERVABLES[ND_N_RATIOS] = {
        [ND_RATIO_Y_P] = ND_OBSERVABLE_Y_P,
        [ND_RATIO_D_H] = ND_OBSERVABLE_D_H,
        [ND_RATIO_HE3_H] = ND_OBSERVABLE_HE3_H,
        [ND_RATIO_LI7_H] = ND_OBSERVABLE_LI7_H};
    return OBSERVABLES[ratio];
}

static void set_prediction(struct nd_light_elements *result)
{
    struct nd_prediction *prediction = &result->prediction;
    prediction->value[ND_OBSERVABLE_N_EFF] = result->run.end.N_eff;
    for (int i = 0; i < ND_N_RATIOS; i++) {
        prediction->value[nd_observable_of_ratio(i)] = result->bbn.ratio[i];
        prediction->error[nd_observable_of_ratio(i)] = result->errors.sigma[i];
    }
}

/* Standard nucleosynthesis, but for one ingredient, from where the run starts. */
static enum nd_status set_effects(const struct nd_light_elements *reference,
                                  const struct nd_nuclear_rates *rates,
                                  const struct nd_light_elements_options *o,
                                  struct nd_light_elements *result, struct nd_error *error)
{
    struct nd_bbn_options bbn_options = o->bbn;
    const struct nd_bbn_universe *standard = reference->universe, *own = result->universe;
    const struct nd_bbn_ingredients sets[ND_N_EFFECTS + 1] = {
        {own, standard, standard},
        {standard, own, standard},
        {standard, standard, own},
        {standard, standard, standard},
    };
    struct nd_bbn bbn[ND_N_EFFECTS + 1];
    bbn_options.n_points = 0;
    bbn_options.T_start_max = nd_universe_T_start(&o->universe);
    for (int i = 0; i <= ND_N_EFFECTS; i++) {
        const enum nd_status status =
            nd_bbn_solve(&sets[i], rates, NULL, &bbn_options, &bbn[i], error);
        if (status != ND_OK)
            return status;
    }
    for (int i = 0; i < ND_N_EFFECTS; i++)
        for (int r = 0; r < ND_N_RATIOS; r++)
            result->effect[i][nd_observable_of_ratio(r)] =
                bbn[i].ratio[r] - bbn[ND_N_EFFECTS].ratio[r];
    /* N_eff ~ a^4 rho_nu/(a T)^4; with a field a means nothing that could be compared */
    const double z = result->run.end.a * result->run.end.T,
                 z_standard = reference->run.end.a * reference->run.end.T;
    const int field = o->universe.reheating == ND_REHEATING_FIELD;
    const double hotter = field ? 1.0 : pow(z_standard / z, 4), N_eff = reference->run.end.N_eff;
    result->effect[ND_EFFECT_ENTROPY][ND_OBSERVABLE_N_EFF] = N_eff * (hotter - 1.0);
    result->effect[ND_EFFECT_NEUTRINOS][ND_OBSERVABLE_N_EFF] =
        result->run.end.N_eff - N_eff * hotter;
    result->has_effects = 1;
    return ND_OK;
}

/* ---- the interface ----------------------------------------------------------------------- */

enum nd_status nd_light_elements_solve(const struct nd_model *model,
                                       struct nd_universe_tables *tables,
                                       const struct nd_nuclear_rates *rates,
                                       const struct nd_light_elements *reference,
                                       const struct nd_light_elements_options *options,
                                       struct nd_light_elements *result, struct nd_error *error)
{
    *result = (struct nd_light_elements){0};
    enum nd_status status = run_universe(model, tables, options, result, error);
    const struct nd_bbn_ingredients own = {result->universe, result->universe, result->universe};
    if (status == ND_OK)
        status = nd_bbn_solve(&own, rates, NULL, &options->bbn, &result->bbn, error);
    if (status == ND_OK)
        status = set_errors(&own, rates, options, result, error);
    if (status == ND_OK)
        set_prediction(result);
    if (status == ND_OK && reference != NULL)
        status = set_effects(reference, rates, options, result, error);
    if (status != ND_OK)
        nd_light_elements_clear(result);
    return status;
}

void nd_light_elements_clear(struct nd_light_elements *result)
{
    nd_bbn_universe_free(result->universe);
    nd_bbn_clear(&result->bbn);
    *result = (struct nd_light_elements){0};
}
