/* Beam and detectors from parameters: see nudipole/detection.h. */
#include "nudipole/detection.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nudipole/units.h"

static struct nd_oscillation oscillation_of(const struct nd_params *params)
{
    return (struct nd_oscillation){params->sin2_theta12, params->sin2_theta13, params->sin2_theta23,
                                   nd_mev2_from_ev2(params->dm2_21_eV2)};
}

/* Puts file, line and key before a message that does not know them. */
static enum nd_status blame(const struct nd_params *params, const char *key, const char *value,
                            const struct nd_error *own, struct nd_error *error)
{
    return nd_fail(error, own->status, "%s: %s = %s: %s", nd_params_origin(params, key), key, value,
                   own->message);
}

static enum nd_status parse_sets(struct nd_beam *beam, const struct nd_params *params,
                                 unsigned *members, struct nd_error *error)
{
    *members = 0;
    beam->n_sets = params->sources.n;
    for (int i = 0; i < beam->n_sets; i++) {
        struct nd_error own = ND_ERROR_INIT;
        const char *text = params->sources.values[i];
        if (nd_source_set_parse(&beam->sets[i], text, &own) != ND_OK)
            return blame(params, "sources", text, &own, error);
        for (int k = 0; k < i; k++)
            if (beam->sets[k].members == beam->sets[i].members)
                return nd_fail(error, ND_BAD_INPUT,
                               "%s: sources = %s: the same as '%s': allowed is each once",
                               nd_params_origin(params, "sources"), text, beam->sets[k].name);
        *members |= beam->sets[i].members;
    }
    return ND_OK;
}

/* A mass that no source can make has no signal to show. */
static enum nd_status check_reach(const struct nd_beam *beam, const struct nd_params *params,
                                  const char *m4_key, double m4_keV, struct nd_error *error)
{
    double reach = 0.0;
    for (int i = 0; i < beam->n_sets; i++)
        reach = fmax(reach, nd_signal_mass_end(&beam->fluxes, &beam->sets[i]));
    if (nd_mev_from_kev(m4_keV) < reach)
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT,
                   "%s: %s = %g: above the end point of every source: allowed is below %.5g "
                   "keV, the largest mass that %s can make off an electron",
                   nd_params_origin(params, m4_key), m4_key, m4_keV, nd_kev_from_mev(reach),
                   beam->n_sets == 1 ? beam->sets[0].name : "their neutrinos");
}

static enum nd_status read_sun(struct nd_beam *beam, const struct nd_params *params,
                               const char *data_folder, struct nd_error *error)
{
    struct nd_error own = ND_ERROR_INIT;
    const enum nd_status status =
        nd_solar_create(&beam->solar, data_folder, (enum nd_solar_model)params->solar_model,
                        params->flux_file, &own);
    if (status == ND_OK)
        return ND_OK;
    const int own_file =
        *params->flux_file != '\0' && strstr(own.message, params->flux_file) != NULL;
    return own_file ? blame(params, "flux_file", params->flux_file, &own, error)
                    : nd_fail(error, status, "%s", own.message);
}

enum nd_status nd_beam_create(struct nd_beam *beam, const struct nd_params *params,
                              const char *data_folder, const char *m4_key, double m4_keV,
                              struct nd_error *error)
{
    const struct nd_oscillation oscillation = oscillation_of(params);
    const int oscillated = params->flavour_weight == ND_FLUX_OSCILLATED;
    unsigned members;
    *beam = (struct nd_beam){0};
    enum nd_status status = parse_sets(beam, params, &members, error);
    if (status == ND_OK)
        status = read_sun(beam, params, data_folder, error);
    if (status == ND_OK)
        status =
            nd_fluxes_create(&beam->fluxes, beam->solar, members, oscillated ? &oscillation : NULL,
                             (enum nd_flavour)params->flavour, error);
    if (status == ND_OK)
        status = nd_atom_xenon(&beam->atom, data_folder, error);
    if (status == ND_OK)
        status = check_reach(beam, params, m4_key, m4_keV, error);
    if (status != ND_OK)
        nd_beam_clear(beam);
    return status;
}

void nd_beam_clear(struct nd_beam *beam)
{
    nd_atom_clear(&beam->atom);
    nd_fluxes_clear(&beam->fluxes);
    nd_solar_free(beam->solar);
    *beam = (struct nd_beam){0};
}

static struct nd_likelihood_options likelihood_options(const struct nd_params *params, int index)
{
    struct nd_likelihood_options options = {
        .nuisances = (enum nd_nuisances)params->nuisances, .window_min = NAN, .window_max = NAN};
    if (index < 0) {
        options.tritium = params->tritium;
        options.window_min = params->window_min_keV;
        options.window_max = params->window_max_keV;
    }
    return options;
}

/* The likelihood of `experiment`, one key after the other so that an error names the right one. */
static enum nd_status init_likelihood(struct nd_detector *detector, const struct nd_params *params,
                                      const struct nd_likelihood_options *options,
                                      struct nd_error *error)
{
    static const char *const KEYS[] = {"window_min_keV", "window_max_keV", "tritium"};
    const double given[] = {options->window_min, options->window_max};
    struct nd_likelihood_options o = *options;
    o.tritium = 0;
    o.window_min = o.window_max = NAN;
    for (int k = 0; k < 3; k++) {
        struct nd_error own = ND_ERROR_INIT;
        char value[32];
        if (k == 0)
            o.window_min = given[0];
        else if (k == 1)
            o.window_max = given[1];
        else
            o.tritium = options->tritium;
        if (nd_likelihood_init(&detector->likelihood, detector->experiment, &o, &own) == ND_OK)
            continue;
        snprintf(value, sizeof value, "%g", k < 2 ? given[k] : 0.0);
        return blame(params, KEYS[k], k < 2 ? value : nd_tritium_word(params->tritium), &own,
                     error);
    }
    return ND_OK;
}

enum nd_status nd_detector_create(struct nd_detector *detector, const struct nd_params *params,
                                  const char *data_folder, int index, const struct nd_beam *beam,
                                  struct nd_error *error)
{
    const char *key = index < 0 ? "experiment" : "exclusion";
    const char *name = index < 0 ? params->experiment : params->exclusion.values[index];
    const struct nd_likelihood_options likelihood = likelihood_options(params, index);
    const struct nd_response_options response = {(enum nd_electrons)params->electrons,
                                                 (enum nd_efficiency_at)params->efficiency_at};
    struct nd_error own = ND_ERROR_INIT;
    *detector = (struct nd_detector){0};
    if (index >= params->exclusion.n)
        return nd_fail(error, ND_BAD_INPUT, "exclusion number %d: there are %d", index,
                       params->exclusion.n);
    for (int i = 0; i < index; i++)
        if (strcmp(params->exclusion.values[i], name) == 0)
            return nd_fail(error, ND_BAD_INPUT,
                           "%s: exclusion = %s: given twice: allowed is each once",
                           nd_params_origin(params, key), name);
    enum nd_status status = nd_experiment_create(&detector->experiment, data_folder, name, &own);
    if (status == ND_IO_ERROR)
        blame(params, key, name, &own, error);
    else if (status != ND_OK)
        nd_fail(error, status, "%s", own.message);
    if (status == ND_OK) {
        status = nd_response_create(&detector->response, detector->experiment, &beam->atom,
                                    &response, &own);
        if (status != ND_OK)
            blame(params, "efficiency_at", nd_efficiency_at_word(params->efficiency_at), &own,
                  error);
    }
    if (status == ND_OK)
        status = init_likelihood(detector, params, &likelihood, error);
    if (status != ND_OK)
        nd_detector_clear(detector);
    return status;
}

void nd_detector_clear(struct nd_detector *detector)
{
    nd_response_free(detector->response);
    nd_experiment_free(detector->experiment);
    *detector = (struct nd_detector){0};
}

double nd_params_d_muB(const struct nd_params *params, double mu)
{
    return mu / nd_convention_factor((enum nd_convention)params->convention) / nd_bohr_magneton();
}

double nd_params_mu(const struct nd_params *params, double d_muB)
{
    return d_muB * nd_convention_factor((enum nd_convention)params->convention) *
           nd_bohr_magneton();
}
