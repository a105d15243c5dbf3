/* Parameters by their table, against each other, and the physics they stand for: see
 * nudipole/params.h. */
#include "nudipole/params.h"

#include <math.h>
#include <string.h>

#include "nudipole/units.h"
#include "params_internal.h"

/* ---- by the table ---------------------------------------------------------------------- */

static struct nd_options options_of(struct nd_params *params)
{
    return (struct nd_options){&nd_params_table, params, params->origin, params->file};
}

void nd_params_init(struct nd_params *params)
{
    const struct nd_options options = options_of(params);
    memset(params, 0, sizeof *params);
    nd_options_init(&options);
}

enum nd_status nd_params_read(struct nd_params *params, const char *path, struct nd_error *error)
{
    const struct nd_options options = options_of(params);
    return nd_options_read(&options, path, error);
}

enum nd_status nd_params_set(struct nd_params *params, const char *assignment,
                             struct nd_error *error)
{
    const struct nd_options options = options_of(params);
    return nd_options_set(&options, assignment, error);
}

void nd_params_write(const struct nd_params *params, FILE *stream, const char *prefix)
{
    nd_params_write_used(params, ND_USE_ALL, stream, prefix);
}

void nd_params_write_used(const struct nd_params *params, int uses, FILE *stream,
                          const char *prefix)
{
    nd_options_write(&nd_params_table, params, uses, stream, prefix);
}

void nd_params_describe(FILE *stream, int markdown)
{
    nd_options_describe(&nd_params_table, stream, markdown);
}

const char *nd_params_origin(const struct nd_params *params, const char *key)
{
    const int index = nd_option_index(&nd_params_table, key);
    return index < 0 ? NULL : params->origin[index];
}

/* ---- values against each other --------------------------------------------------------- */

/* `used` tells whether the computation looks at the key; one that was given is checked anyway. */
static enum nd_status must_exceed(const struct nd_params *params, int used, const char *key,
                                  double value, const char *lower_key, double lower,
                                  struct nd_error *error)
{
    const char *origin = nd_params_origin(params, key);
    if (value > lower || (!used && strcmp(origin, ND_ORIGIN_DEFAULT) == 0))
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT, "%s: %s = %g: not above %s = %g (%s): allowed is %s > %s",
                   origin, key, value, lower_key, lower, nd_params_origin(params, lower_key), key,
                   lower_key);
}

enum nd_status nd_params_check(const struct nd_params *p, int uses, struct nd_error *error)
{
    const int T_RH = uses & (ND_USE_EVOLUTION | ND_USE_CURVES | ND_USE_MAP);
    const int sweep = uses & (ND_USE_SWEEP | ND_USE_MAP), fit = uses & (ND_USE_FIT | ND_USE_MAP);
    enum nd_status status = ND_OK;
    for (int i = 0; i < p->T_RH_MeV.n && status == ND_OK; i++)
        status = must_exceed(p, T_RH, "T_RH_MeV", p->T_RH_MeV.values[i], "T_end_MeV", p->T_end_MeV,
                             error);
    if (status == ND_OK)
        status = must_exceed(p, uses & ND_USE_RATES, "T_max_MeV", p->T_max_MeV, "T_min_MeV",
                             p->T_min_MeV, error);
    if (status == ND_OK)
        status = must_exceed(p, sweep, "T_RH_min_MeV", p->T_RH_min_MeV, "T_end_MeV", p->T_end_MeV,
                             error);
    if (status == ND_OK && (p->T_RH_points > 1 || (uses & ND_USE_MAP)))
        status = must_exceed(p, sweep, "T_RH_max_MeV", p->T_RH_max_MeV, "T_RH_min_MeV",
                             p->T_RH_min_MeV, error);
    if (status == ND_OK && p->m4_points > 1)
        status = must_exceed(p, fit | (uses & ND_USE_CURVES), "m4_max_keV", p->m4_max_keV,
                             "m4_min_keV", p->m4_min_keV, error);
    if (status == ND_OK && p->d_points > 1)
        status = must_exceed(p, fit, "d_max_muB", p->d_max_muB, "d_min_muB", p->d_min_muB, error);
    if (status == ND_OK && !isnan(p->window_min_keV) && !isnan(p->window_max_keV))
        status = must_exceed(p, fit | (uses & ND_USE_SPECTRUM), "window_max_keV", p->window_max_keV,
                             "window_min_keV", p->window_min_keV, error);
    return status;
}

/* ---- the physics they stand for -------------------------------------------------------- */

enum nd_status nd_params_model(const struct nd_params *params, struct nd_model *model,
                               struct nd_error *error)
{
    return nd_model_init(model, nd_mev_from_kev(params->m4_keV), params->d_muB * nd_bohr_magneton(),
                         (enum nd_convention)params->convention, (enum nd_flavour)params->flavour,
                         error);
}

struct nd_treatment nd_params_treatment(const struct nd_params *params)
{
    return (struct nd_treatment){(enum nd_statistics)params->statistics,
                                 (enum nd_screening)params->screening,
                                 (enum nd_neutrino_temperature)params->neutrino_temperature};
}

struct nd_treatment nd_params_named_treatment(const struct nd_params *params,
                                              enum nd_treatment_name name)
{
    return name == ND_TREATMENT_CONFIGURED ? nd_params_treatment(params) : nd_named_treatment(name);
}

struct nd_treatment nd_named_treatment(enum nd_treatment_name name)
{
    switch (name) {
    case ND_TREATMENT_PAPER:
        return (struct nd_treatment){ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE, ND_NEUTRINOS_EQUAL};
    case ND_TREATMENT_SCREENED:
        return (struct nd_treatment){ND_MAXWELL_BOLTZMANN, ND_SCREENING_HTL, ND_NEUTRINOS_EQUAL};
    case ND_TREATMENT_FULL:
    case ND_TREATMENT_CONFIGURED:
        break;
    }
    return (struct nd_treatment){ND_QUANTUM, ND_SCREENING_HTL, ND_NEUTRINOS_DECOUPLED};
}
