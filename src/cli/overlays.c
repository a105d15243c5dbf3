/* Regions of a fit and bounds: see overlays.h. */
#include "overlays.h"

#include <math.h>
#include <string.h>

static enum nd_status load_regions(struct nd_cli_overlays *overlays, struct nd_params *params,
                                   const char *data, struct nd_error *error)
{
    if (params->exclusion.n > 0)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s: exclusion = %s: is for 'nudipole fit': a plane draws `bounds`",
                       nd_params_origin(params, "exclusion"), params->exclusion.values[0]);
    overlays->fit.params = *params;
    if (*params->regions == '\0')
        return nd_cli_fit_solve(&overlays->fit, data, error);
    const enum nd_status status = nd_cli_fit_read_regions(&overlays->fit, params->regions, error);
    *params = overlays->fit.params;
    return status;
}

/* ---- bounds ------------------------------------------------------------------------------ */

static enum nd_status take_bound(struct nd_cli_overlays *overlays, const struct nd_params *params,
                                 const char *data, const char *name, int only_if_it_applies,
                                 struct nd_error *error)
{
    const enum nd_flavour flavour = (enum nd_flavour)params->flavour;
    struct nd_bound *bound = NULL;
    for (int i = 0; i < overlays->n_bounds; i++)
        if (strcmp(overlays->bounds[i]->name, name) == 0)
            return nd_fail(error, ND_BAD_INPUT, "given twice: allowed is each once");
    const enum nd_status status = nd_bound_create(&bound, data, name, error);
    if (status != ND_OK)
        return status;
    if (nd_bound_applies(bound, flavour) && (bound->by_default || !only_if_it_applies)) {
        overlays->bounds[overlays->n_bounds++] = bound;
        return ND_OK;
    }
    nd_bound_free(bound);
    if (only_if_it_applies)
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT,
                   "does not hold for nu_%s: allowed are 'all', 'none' or "
                   "bounds that do",
                   nd_flavour_word(params->flavour));
}

static enum nd_status load_bounds(struct nd_cli_overlays *overlays, const struct nd_params *params,
                                  const char *data, struct nd_error *error)
{
    const struct nd_text_list *list = &params->bounds;
    struct nd_text_list names = {0};
    enum nd_status status = ND_OK;
    if (list->n == 1 && strcmp(list->values[0], "none") == 0)
        return ND_OK;
    const int all = list->n == 1 && strcmp(list->values[0], "all") == 0;
    if (all)
        status = nd_bound_names(&names, data, error);
    else
        names = *list;
    for (int i = 0; i < names.n && status == ND_OK; i++) {
        struct nd_error own = ND_ERROR_INIT;
        status = take_bound(overlays, params, data, names.values[i], all, &own);
        if (status != ND_OK)
            nd_fail(error, status, "%s: bounds = %s: %s", nd_params_origin(params, "bounds"),
                    names.values[i], own.message);
    }
    return status;
}

/* ---- all of it --------------------------------------------------------------------------- */

enum nd_status nd_cli_overlays_load(struct nd_cli_overlays *overlays, struct nd_params *params,
                                    enum nd_plot_overlays which, const char *data,
                                    struct nd_error *error)
{
    enum nd_status status = ND_OK;
    if (which == ND_OVERLAYS_ALL || which == ND_OVERLAYS_BOUNDS)
        status = load_bounds(overlays, params, data, error);
    if (status == ND_OK && (which == ND_OVERLAYS_ALL || which == ND_OVERLAYS_REGIONS))
        status = load_regions(overlays, params, data, error);
    return status;
}

void nd_cli_overlays_clear(struct nd_cli_overlays *overlays)
{
    for (int i = 0; i < overlays->n_bounds; i++)
        nd_bound_free(overlays->bounds[i]);
    nd_cli_fit_clear(&overlays->fit);
}

void nd_cli_overlays_write_bounds(const struct nd_cli_overlays *overlays,
                                  const struct nd_params *params, FILE *stream)
{
    for (int b = 0; b < overlays->n_bounds; b++) {
        const struct nd_bound *bound = overlays->bounds[b];
        if (b > 0)
            fputs("\n\n", stream);
        for (int i = 0; i < bound->n; i++)
            fprintf(stream, "%s %s %.17g %.17g\n", bound->name, nd_bound_side_word(bound->excluded),
                    nd_kev_from_mev(bound->m4[i]),
                    bound->mu != NULL ? nd_params_d_muB(params, bound->mu[i]) : NAN);
    }
}

void nd_cli_overlays_list_bounds(const struct nd_cli_overlays *overlays, int titles, char *text,
                                 size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int b = 0; b < overlays->n_bounds && used < size; b++)
        used += (size_t)snprintf(text + used, size - used, "%s%s",
                                 b == 0   ? ""
                                 : titles ? "|"
                                          : ",",
                                 titles ? overlays->bounds[b]->title : overlays->bounds[b]->name);
}

const char *nd_cli_overlays_experiment(const struct nd_cli_overlays *overlays)
{
    const struct nd_experiment *experiment = overlays->fit.detector.experiment;
    return experiment != NULL ? experiment->title : overlays->fit.title;
}
