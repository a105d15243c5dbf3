/* One point at one reheating temperature: see nudipole/point.h. */
#include "nudipole/point.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- what points share ------------------------------------------------------------------- */

/* What a table of rates depends on. */
struct rates_key {
    double m4, T_end, T_max, tolerance;
    struct nd_treatment treatment;
};

struct nd_point_cache {
    struct rates_key rates_key;
    struct nd_rate_table *rates; /* NULL: none */
    struct nd_universe_tables *kernels, *standard_kernels;
    struct nd_light_elements_options standard_key;
    struct nd_light_elements standard; /* its universe NULL: none */
};

enum nd_status nd_point_cache_create(struct nd_point_cache **cache, struct nd_error *error)
{
    *cache = calloc(1, sizeof **cache);
    return *cache != NULL ? ND_OK : nd_fail(error, ND_NO_MEMORY, "no memory for a cache");
}

void nd_point_cache_free(struct nd_point_cache *cache)
{
    if (cache == NULL)
        return;
    nd_rate_table_free(cache->rates);
    nd_universe_tables_free(cache->kernels);
    nd_universe_tables_free(cache->standard_kernels);
    nd_light_elements_clear(&cache->standard);
    free(cache);
}

static int same_rates(const struct rates_key *a, const struct rates_key *b)
{
    return a->m4 == b->m4 && a->T_end == b->T_end && a->T_max == b->T_max &&
           a->tolerance == b->tolerance && a->treatment.statistics == b->treatment.statistics &&
           a->treatment.screening == b->treatment.screening &&
           a->treatment.neutrinos == b->treatment.neutrinos;
}

/* But for the collision kernels, which know themselves what they are for. */
static int same_standard(const struct nd_light_elements_options *a,
                         const struct nd_light_elements_options *b)
{
    const struct nd_universe_options *u = &a->universe, *v = &b->universe;
    return u->T_RH == v->T_RH && u->mixing == v->mixing && u->angles.sin2_12 == v->angles.sin2_12 &&
           u->angles.sin2_13 == v->angles.sin2_13 && u->angles.sin2_23 == v->angles.sin2_23 &&
           u->angles.dm2_21 == v->angles.dm2_21 && u->angles.dm2_31 == v->angles.dm2_31 &&
           u->qed == v->qed && u->processes == v->processes &&
           u->precision.tolerance == v->precision.tolerance &&
           u->precision.max_steps == v->precision.max_steps &&
           a->weak_corrections == b->weak_corrections && a->tau_n == b->tau_n &&
           a->bbn.omega_b == b->bbn.omega_b && a->bbn.tolerance == b->bbn.tolerance &&
           a->bbn.max_steps == b->bbn.max_steps;
}

static enum nd_status get_rates(struct nd_point_cache *cache, const struct nd_params *p,
                                const struct nd_model *model, const struct nd_point_inputs *inputs,
                                struct nd_error *error)
{
    const struct rates_key key = {model->m4, p->T_end_MeV, inputs->T_RH_max, p->rate_tolerance,
                                  nd_params_treatment(p)};
    if (cache->rates != NULL && same_rates(&key, &cache->rates_key))
        return ND_OK;
    nd_rate_table_free(cache->rates);
    cache->rates = NULL;
    cache->rates_key = key;
    return nd_rate_table_create(&cache->rates, key.m4, &key.treatment, inputs->background,
                                key.T_end, key.T_max, key.tolerance, error);
}

static enum nd_status get_kernels(struct nd_universe_tables **tables, const struct nd_model *model,
                                  const struct nd_universe_options *o, struct nd_error *error)
{
    if (*tables != NULL && nd_universe_tables_fit(*tables, model, o))
        return ND_OK;
    nd_universe_tables_free(*tables);
    *tables = NULL;
    return nd_universe_tables_create(tables, model, o, error);
}

/* The Standard Model from a start that is at least as hot, the same for all points but the hottest.
 */
static enum nd_status get_standard(struct nd_point_cache *cache, const struct nd_params *p,
                                   double T_RH, const struct nd_point_inputs *inputs,
                                   struct nd_error *error)
{
    const double hot_enough = 10.0; /* MeV: everything is in equilibrium */
    struct nd_params standard = *p;
    standard.sterile = 0;
    standard.backreaction = ND_BACKREACTION_ON;
    standard.reheating = ND_REHEATING_SUDDEN;
    standard.N_initial = ND_N_ABSENT;
    standard.delta_N_eff = 0.0;
    standard.abundance_errors = ND_LIGHT_ERRORS_OFF;
    standard.spectra_T_MeV.n = 0;
    struct nd_light_elements_options o =
        nd_params_light_elements(&standard, fmax(hot_enough, nd_params_T_start(p, T_RH)));
    o.bbn.n_points = 0;
    if (cache->standard.universe != NULL && same_standard(&o, &cache->standard_key) &&
        nd_universe_tables_fit(cache->standard_kernels, NULL, &o.universe))
        return ND_OK;
    nd_light_elements_clear(&cache->standard);
    cache->standard_key = o;
    const enum nd_status status = get_kernels(&cache->standard_kernels, NULL, &o.universe, error);
    if (status != ND_OK)
        return status;
    return nd_light_elements_solve(NULL, cache->standard_kernels, inputs->rates, NULL, &o,
                                   &cache->standard, error);
}

/* ---- the parts --------------------------------------------------------------------------- */

static enum nd_status solve_criteria(const struct nd_params *p, double T_RH, int parts,
                                     const struct nd_point_inputs *inputs,
                                     struct nd_point_cache *cache, struct nd_viability *criteria,
                                     struct nd_error *error)
{
    const struct nd_viability_options judge = {p->thermal_fraction, p->thermal_x_max};
    const struct nd_abundance_options options = nd_params_abundance(p, T_RH);
    struct nd_abundance_history history;
    struct nd_model model;
    enum nd_status status = nd_params_model(p, &model, error);
    if (status == ND_OK)
        status = get_rates(cache, p, &model, inputs, error);
    if (status == ND_OK && !(parts & ND_POINT_ABUNDANCE))
        return nd_viability_rates(&model, cache->rates, inputs->background, p->T_end_MeV, T_RH,
                                  criteria, error);
    if (status == ND_OK)
        status =
            nd_abundance_solve(&model, cache->rates, inputs->background, &options, &history, error);
    if (status != ND_OK)
        return status;
    status = nd_viability_judge(&model, cache->rates, inputs->background, &history, &judge,
                                criteria, error);
    nd_abundance_history_clear(&history);
    return status;
}

/* As `nudipole evolve` does with backreaction = on. */
static enum nd_status solve_universe(const struct nd_params *p, double T_RH, int parts,
                                     struct nd_point_cache *cache, struct nd_point *point,
                                     struct nd_error *error)
{
    struct nd_model sterile = {0}, *model = p->sterile ? &sterile : NULL;
    struct nd_universe_options o = nd_params_universe(p, T_RH);
    struct nd_universe_history history = {0};
    enum nd_status status = model != NULL ? nd_params_model(p, model, error) : ND_OK;
    o.spectra_T.n = 0;
    if (status == ND_OK)
        status = get_kernels(&cache->kernels, model, &o, error);
    if (status == ND_OK)
        status = nd_universe_solve(model, cache->kernels, &o, &history, error);
    if (status != ND_OK)
        return status;
    point->universe = nd_universe_outcome(&history);
    if (parts & ND_POINT_N_EFF_ERROR) { /* without it the solution is still one */
        struct nd_error own = ND_ERROR_INIT;
        nd_universe_N_eff_error(model, &o, &history, &point->N_eff_error, &own);
    }
    nd_universe_history_clear(&history);
    return ND_OK;
}

static enum nd_status solve_light(const struct nd_params *p, double T_RH, int parts,
                                  const struct nd_point_inputs *inputs,
                                  struct nd_point_cache *cache, struct nd_point *point,
                                  struct nd_error *error)
{
    struct nd_model sterile = {0}, *model = p->sterile ? &sterile : NULL;
    struct nd_light_elements_options o = nd_params_light_elements(p, T_RH);
    const struct nd_light_elements *standard = NULL;
    enum nd_status status = model != NULL ? nd_params_model(p, model, error) : ND_OK;
    o.bbn.n_points = 0;
    if (status == ND_OK && (parts & ND_POINT_EFFECTS)) {
        status = get_standard(cache, p, T_RH, inputs, error);
        standard = &cache->standard;
        point->standard = *standard;
        point->standard.universe = NULL;
    }
    if (status == ND_OK)
        status = get_kernels(&cache->kernels, model, &o.universe, error);
    if (status == ND_OK)
        status = nd_light_elements_solve(model, cache->kernels, inputs->rates, standard, &o,
                                         &point->light, error);
    if (status == ND_OK)
        point->universe = point->light.run;
    if (status == ND_OK && inputs->observations != NULL)
        status = nd_verdict_judge(inputs->observations, &point->light.prediction, &point->verdict,
                                  error);
    return status;
}

void nd_point_solve(const struct nd_params *params, double T_RH, int parts,
                    const struct nd_point_inputs *inputs, struct nd_point_cache *cache,
                    struct nd_point *point)
{
    *point = (struct nd_point){.T_RH = T_RH, .N_eff_error = NAN};
    if (parts & ND_POINT_CRITERIA)
        solve_criteria(params, T_RH, parts, inputs, cache, &point->criteria,
                       &point->criteria_error);
    if (parts & ND_POINT_LIGHT)
        solve_light(params, T_RH, parts, inputs, cache, point, &point->light_error);
    else if (parts & ND_POINT_UNIVERSE)
        solve_universe(params, T_RH, parts, cache, point, &point->light_error);
}

void nd_point_clear(struct nd_point *point)
{
    nd_light_elements_clear(&point->light);
    *point = (struct nd_point){0};
}

/* ---- words ------------------------------------------------------------------------------- */

/* A smaller change than that has no cause worth a name. */
static const double SMALL = 5e-4;

static double change_of(const struct nd_point *point, enum nd_observable of)
{
    return point->light.prediction.value[of] / point->standard.prediction.value[of] - 1.0;
}

const char *nd_point_through(const struct nd_point *point, enum nd_observable observable)
{
    const struct nd_light_elements *light = &point->light;
    double total = 0.0;
    int largest = 0;
    if (!light->has_effects || fabs(change_of(point, observable)) < SMALL)
        return NULL;
    for (int e = 0; e < ND_N_EFFECTS; e++)
        total += light->effect[e][observable];
    const double sign = copysign(1.0, total);
    for (int e = 1; e < ND_N_EFFECTS; e++)
        if (sign * light->effect[e][observable] > sign * light->effect[largest][observable])
            largest = e;
    return nd_effect_word((enum nd_effect)largest);
}

void nd_point_words(const struct nd_point *point, char *text, size_t size)
{
    const struct nd_verdict *v = &point->verdict;
    const char *through = nd_point_through(point, v->deciding);
    const int used = snprintf(text, size, "%s (%.1f sigma, chi^2 = %.3g for %d): %s decides",
                              nd_verdict_word(v->verdict), v->sigma, v->chi2_total, v->n_used,
                              nd_observable_label(v->deciding));
    if (used < 0 || (size_t)used >= size || !point->light.has_effects)
        return;
    if (through == NULL) {
        snprintf(text + used, size - (size_t)used, ", as in the Standard Model");
        return;
    }
    const double change = change_of(point, v->deciding);
    snprintf(text + used, size - (size_t)used, ", %.2g %% %s the Standard Model's, through %s",
             100.0 * fabs(change), change > 0.0 ? "above" : "below", through);
}
