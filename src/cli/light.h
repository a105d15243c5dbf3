/* What bbn and viability share: inputs beside the parameter file, and light elements in JSON
 * (light.c). */
#ifndef ND_CLI_LIGHT_H
#define ND_CLI_LIGHT_H

#include "cli.h"

/* The nuclear rates that the parameters name: of the data folder, or a folder of the user's. Free
 * with nd_nuclear_rates_free. */
enum nd_status nd_cli_read_rates(const struct nd_cli_options *options,
                                 const struct nd_params *params, struct nd_nuclear_rates **rates,
                                 struct nd_error *error);

/* The measured values: the file that the parameters name, or the shipped one beside the data. */
enum nd_status nd_cli_read_observations(const struct nd_cli_options *options,
                                        const struct nd_params *params,
                                        struct nd_observations *observations,
                                        struct nd_error *error);

/* "nuclear rates primat2023; weak corrections coulomb, ...; omega_b = 0.022425 at the CMB, ..." */
void nd_cli_describe_light(const struct nd_params *params, char *text, size_t size);

/* Warns on stderr where decays of N would break nuclei. */
void nd_cli_warn_photodisintegration(const struct nd_params *params);

/* {"N_eff", "Y_p", "Y_p_error", ..., "baryons", "errors_by_input", "effects", "stats", ...} */
json_t *nd_cli_light_json(const struct nd_light_elements *result);

/* {"N_eff": {"pull", "chi2", "used"}, ..., "chi2", "sigma", "verdict", "decided_by"} */
json_t *nd_cli_verdict_json(const struct nd_observations *observations,
                            const struct nd_verdict *verdict);

/* {"n_p__d_g": "Ando et al. ...", ...} */
json_t *nd_cli_sources_json(const struct nd_nuclear_rates *rates);

/* {"file", "N_eff": {"value", "error", "source", "date", "used"}, ...} */
json_t *nd_cli_observations_json(const struct nd_observations *observations);

#endif
