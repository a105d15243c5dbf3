/* What the commands of the detector side share: words and JSON for beams and detectors. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

void nd_cli_describe_beam(const struct nd_params *params, char *text, size_t size)
{
    const int oscillated = params->flavour_weight == ND_FLUX_OSCILLATED;
    snprintf(text, size, "%s convention; %s%s, %s%s, electrons %s",
             nd_convention_word(params->convention), oscillated ? "nu_" : "",
             oscillated ? nd_flavour_word(params->flavour) : "all neutrinos (P = 1)",
             *params->flux_file != '\0' ? "own fluxes on " : "",
             nd_solar_model_word(params->solar_model), nd_electrons_word(params->electrons));
}

void nd_cli_say_detector(const struct nd_cli_options *options, const struct nd_detector *detector)
{
    const struct nd_likelihood *l = &detector->likelihood;
    const struct nd_experiment *x = detector->experiment;
    nd_cli_say(options, "data     %s%s, %g t yr; %g to %g keV: %g observed, %.1f expected\n",
               x->title, x->secondary ? " (secondary: digitised)" : "", x->exposure,
               x->low[l->first], x->high[l->first + l->n - 1], nd_likelihood_observed(l),
               nd_likelihood_background(l));
}

json_t *nd_cli_detector_json(const struct nd_detector *detector)
{
    const struct nd_likelihood *l = &detector->likelihood;
    const struct nd_experiment *x = detector->experiment;
    return json_pack("{s:s, s:s, s:b, s:f, s:f, s:f, s:i, s:f, s:f}", "name", x->name, "title",
                     x->title, "secondary", x->secondary, "exposure_t_yr", x->exposure,
                     "window_min_keV", x->low[l->first], "window_max_keV",
                     x->high[l->first + l->n - 1], "bins", l->n, "observed",
                     nd_likelihood_observed(l), "background", nd_likelihood_background(l));
}

void nd_cli_labels(const struct nd_beam *beam, char labels[ND_CLI_LABELS_MAX])
{
    size_t used = 0;
    labels[0] = '\0';
    for (int s = 0; s < beam->n_sets && used < ND_CLI_LABELS_MAX; s++)
        used += (size_t)snprintf(labels + used, ND_CLI_LABELS_MAX - used, "%s%s", s > 0 ? "," : "",
                                 beam->sets[s].name);
}
