/* What bbn and viability share: see light.h. */
#include "light.h"

#include <string.h>
#include <unistd.h>

enum nd_status nd_cli_read_rates(const struct nd_cli_options *options,
                                 const struct nd_params *params, struct nd_nuclear_rates **rates,
                                 struct nd_error *error)
{
    char folder[ND_DATA_PATH_MAX], path[ND_DATA_PATH_MAX];
    *rates = NULL;
    if (strchr(params->rates, '/') != NULL)
        return nd_nuclear_rates_read(rates, params->rates, error);
    enum nd_status status = nd_data_folder(options->data, folder, error);
    if (status == ND_OK)
        status = nd_data_path(path, error, folder, "nuclear/%s", params->rates);
    if (status == ND_OK && access(path, F_OK) != 0)
        return nd_fail(
            error, ND_BAD_INPUT,
            "%s: rates = %s: there is no folder %s: allowed is a folder of data/nuclear, "
            "such as primat2023 or parthenope3, or one of your own (a name with a slash)",
            nd_params_origin(params, "rates"), params->rates, path);
    return status == ND_OK ? nd_nuclear_rates_read(rates, path, error) : status;
}

enum nd_status nd_cli_read_observations(const struct nd_cli_options *options,
                                        const struct nd_params *params,
                                        struct nd_observations *observations,
                                        struct nd_error *error)
{
    char folder[ND_DATA_PATH_MAX], path[ND_DATA_PATH_MAX];
    if (*params->observations != '\0')
        return nd_observations_read(observations, params->observations, error);
    enum nd_status status = nd_data_folder(options->data, folder, error);
    if (status == ND_OK)
        status = nd_data_path(path, error, folder, "../observations.ini");
    return status == ND_OK ? nd_observations_read(observations, path, error) : status;
}

void nd_cli_describe_light(const struct nd_params *params, char *text, size_t size)
{
    char corrections[ND_TEXT_MAX] = "";
    const struct nd_choice_list *list = &params->weak_corrections;
    for (int i = 0; i < list->n; i++) {
        const size_t used = strlen(corrections);
        snprintf(corrections + used, sizeof corrections - used, "%s%s", i > 0 ? ", " : "",
                 nd_weak_correction_word(list->values[i]));
    }
    snprintf(text, size,
             "nuclear rates %s; weak corrections %s; omega_b = %g at the CMB, tau_n = %g s",
             params->rates, corrections, params->omega_b, params->tau_n_s);
}

void nd_cli_warn_photodisintegration(const struct nd_params *params)
{
    /* half of m4 against what 7Be and D are bound by [MeV], and when photons of that energy stop
     * making pairs on the plasma's [s] */
    const double beryllium = 1.587, deuterium = 2.2246, transparent = 1e4;
    const double photon = 0.5e-3 * params->m4_keV;
    const double lifetime = nd_cli_lifetime(params, (enum nd_convention)params->convention);
    if (params->sterile && photon > beryllium && lifetime > transparent)
        fprintf(stderr,
                "nudipole: warning: photons of %.3g MeV from decays of N after %.2g s break %s, "
                "which is left out\n",
                photon, lifetime, photon > deuterium ? "deuterium and 7Be" : "7Be");
}

/* ---- JSON -------------------------------------------------------------------------------- */

/* Key of an observable's error: "Y_p_error". */
static void set_error(json_t *json, enum nd_observable observable,
                      const struct nd_light_elements *result)
{
    char key[ND_TEXT_MAX];
    snprintf(key, sizeof key, "%s_error", nd_observable_word(observable));
    json_object_set_new(json, key,
                        result->has_errors ? json_real(result->prediction.error[observable])
                                           : json_null());
}

static json_t *by_input_json(const struct nd_bbn_errors *errors)
{
    json_t *json = json_object();
    for (int k = 0; k < ND_N_BBN_INPUTS; k++) {
        json_t *of = json_object();
        for (int r = 0; r < ND_N_RATIOS; r++)
            json_object_set_new(of, nd_observable_word(nd_observable_of_ratio(r)),
                                json_real(errors->by_input[k][r]));
        json_object_set_new(json, nd_bbn_input_word(k), of);
    }
    return json;
}

static json_t *errors_json(const struct nd_bbn_errors *errors)
{
    json_t *correlation = json_object();
    for (int i = 0; i < ND_N_RATIOS; i++)
        for (int j = i + 1; j < ND_N_RATIOS; j++) {
            char key[ND_TEXT_MAX];
            snprintf(key, sizeof key, "%s,%s", nd_observable_word(nd_observable_of_ratio(i)),
                     nd_observable_word(nd_observable_of_ratio(j)));
            json_object_set_new(correlation, key, json_real(errors->correlation[i][j]));
        }
    return json_pack("{s:s, s:i, s:o, s:o}", "method",
                     errors->samples > 0 ? "monte-carlo" : "linear", "samples", errors->samples,
                     "correlation", correlation, "one_sigma_of_each_input",
                     errors->samples > 0 ? json_null() : by_input_json(errors));
}

static json_t *effects_json(const struct nd_light_elements *result)
{
    if (!result->has_effects)
        return json_null();
    json_t *json = json_object();
    for (int e = 0; e < ND_N_EFFECTS; e++) {
        json_t *on = json_object();
        for (int o = 0; o < ND_N_OBSERVABLES; o++)
            json_object_set_new(on, nd_observable_word((enum nd_observable)o),
                                json_real(result->effect[e][o]));
        json_object_set_new(json, nd_effect_word((enum nd_effect)e), on);
    }
    return json;
}

static json_t *abundances_json(const struct nd_bbn *bbn)
{
    json_t *json = json_object();
    for (int i = 0; i < ND_N_NUCLIDES; i++)
        json_object_set_new(json, nd_nuclide((enum nd_nuclide)i)->name, json_real(bbn->Y[i]));
    return json;
}

json_t *nd_cli_light_json(const struct nd_light_elements *result)
{
    const struct nd_universe_point *end = &result->run.end;
    const struct nd_bbn *bbn = &result->bbn;
    json_t *json = json_object();
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        json_object_set_new(json, nd_observable_word((enum nd_observable)o),
                            json_real(result->prediction.value[o]));
        if (o != ND_OBSERVABLE_N_EFF)
            set_error(json, (enum nd_observable)o, result);
    }
    json_t *details = json_pack(
        "{s:{s:f, s:f, s:f}, s:o, s:o, s:o, s:f, s:f, s:f, s:f, s:{s:f, s:f}, s:f, s:f, "
        "s:{s:I, s:I, s:I, s:I}}",
        "baryons", "eta_cmb", bbn->eta_end, "eta_bbn", bbn->eta_bbn, "eta_bbn_over_eta_cmb",
        bbn->eta_bbn / bbn->eta_end, "nuclides_per_baryon", abundances_json(bbn), "errors",
        result->has_errors ? errors_json(&result->errors) : json_null(), "effects",
        effects_json(result), "mass_residual", bbn->mass_residual, "T_end_MeV", end->T, "t_end_s",
        nd_seconds_from_inverse_mev(end->t), "rho_N_over_rho_gamma_at_end",
        end->rho_N / end->rho_gamma, "max_rho_N_over_rho_gamma", "value",
        result->run.max_rho_N_over_rho_gamma, "T_MeV", result->run.max_rho_N_T, "energy_residual",
        result->run.energy_residual, "number_residual", result->run.number_residual, "stats",
        "universe_steps", (json_int_t)result->run.stats.steps, "network_steps",
        (json_int_t)bbn->stats.steps, "network_rhs_calls", (json_int_t)bbn->stats.rhs_calls,
        "network_jacobian_calls", (json_int_t)bbn->stats.jacobian_calls);
    json_object_update(json, details);
    json_decref(details);
    return json;
}

json_t *nd_cli_verdict_json(const struct nd_observations *observations,
                            const struct nd_verdict *verdict)
{
    json_t *json = json_object();
    for (int o = 0; o < ND_N_OBSERVABLES; o++)
        json_object_set_new(json, nd_observable_word((enum nd_observable)o),
                            json_pack("{s:o, s:o, s:b}", "pull", nd_cli_number(verdict->pull[o]),
                                      "chi2", nd_cli_number(verdict->chi2[o]), "used",
                                      observations->items[o].used));
    json_t *sum = json_pack("{s:f, s:i, s:f, s:s, s:s}", "chi2", verdict->chi2_total, "n_used",
                            verdict->n_used, "sigma", verdict->sigma, "verdict",
                            nd_verdict_word(verdict->verdict), "decided_by",
                            nd_observable_word(verdict->deciding));
    json_object_update(json, sum);
    json_decref(sum);
    return json;
}

json_t *nd_cli_sources_json(const struct nd_nuclear_rates *rates)
{
    json_t *json = json_object();
    for (int r = 0; r < ND_N_REACTIONS; r++)
        json_object_set_new(json, nd_reaction((enum nd_reaction)r)->name,
                            json_string(nd_nuclear_rates_source(rates, (enum nd_reaction)r)));
    return json;
}

json_t *nd_cli_observations_json(const struct nd_observations *observations)
{
    json_t *json = json_pack("{s:s}", "file", observations->file);
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        const struct nd_observation *item = &observations->items[o];
        if (item->known)
            json_object_set_new(json, nd_observable_word((enum nd_observable)o),
                                json_pack("{s:f, s:f, s:s, s:s, s:b}", "value", item->value,
                                          "error", item->error, "source", item->source, "date",
                                          item->date, "used", item->used));
    }
    return json;
}
