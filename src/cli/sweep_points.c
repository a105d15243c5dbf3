/* The points of a sweep: see sweep_points.h. */
#include "sweep_points.h"

#include <stdlib.h>
#include <string.h>

enum nd_status nd_cli_sweep_plan(const struct nd_params *sweep, struct nd_sweep_plan *plan,
                                 struct nd_error *error)
{
    const struct nd_text_list *files = &sweep->points;
    char names[ND_LIST_MAX][ND_TEXT_MAX];
    const char *words[ND_LIST_MAX];
    enum nd_status status =
        nd_sweep_plan_create(plan, &sweep->vary, (enum nd_sampling)sweep->sampling, sweep->samples,
                             (unsigned long)sweep->sweep_seed, error);
    if (status != ND_OK || files->n == 0)
        return status;
    for (int i = 0; i < files->n; i++) {
        nd_cli_name(files->values[i], names[i], sizeof names[i]);
        words[i] = names[i];
    }
    status = nd_sweep_plan_lead(plan, "point", words, files->n, error);
    if (status != ND_OK)
        nd_sweep_plan_clear(plan);
    return status;
}

/* On top of the sweep's file as it stands: of its precision file, which comes last, nothing may
 * look as if it had been given. */
enum nd_status nd_cli_sweep_points_read(const struct nd_cli_options *options,
                                        const struct nd_params *sweep,
                                        struct nd_cli_sweep_points *points, struct nd_error *error)
{
    const struct nd_text_list *files = &sweep->points;
    points->n = 0;
    points->params = NULL;
    if (files->n == 0)
        return ND_OK;
    struct nd_params *base = malloc(sizeof *base);
    points->params = calloc((size_t)files->n, sizeof *points->params);
    enum nd_status status = ND_OK;
    if (base == NULL || points->params == NULL) {
        status = nd_fail(error, ND_NO_MEMORY, "no memory for %d points", files->n);
    } else {
        nd_params_init(base);
        status = nd_params_read(base, options->files[0], error);
    }
    for (int i = 0; i < files->n && status == ND_OK; i++) {
        nd_cli_name(files->values[i], points->names[i], sizeof points->names[i]);
        status = nd_cli_load(options, files->values[i], 0, base, &points->params[i], error);
        if (status == ND_OK)
            points->n++;
    }
    free(base);
    return status;
}

void nd_cli_sweep_points_clear(struct nd_cli_sweep_points *points)
{
    free(points->params);
    points->params = NULL;
    points->n = 0;
}

static enum nd_status must_be_one(const struct nd_params *point, const char *key, const char *value,
                                  const char *sweep_value, struct nd_error *error)
{
    if (strcmp(value, sweep_value) == 0)
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT,
                   "%s: %s = %s: all points of a sweep share one: allowed is what the sweep itself "
                   "has, '%s'",
                   nd_params_origin(point, key), key, value, sweep_value);
}

enum nd_status nd_cli_sweep_point_check(const struct nd_params *sweep,
                                        const struct nd_params *point, struct nd_error *error)
{
    static const char *const own[] = {"points",   "vary",    "work",      "columns",
                                      "sampling", "samples", "sweep_seed"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(nd_params_origin(point, own[i]), nd_params_origin(sweep, own[i])) != 0)
            return nd_fail(error, ND_BAD_INPUT,
                           "%s: %s: it belongs to the sweep and not to a point: allowed is to give "
                           "it in the sweep's file or with --set",
                           nd_params_origin(point, own[i]), own[i]);
    enum nd_status status = must_be_one(point, "rates", point->rates, sweep->rates, error);
    if (status == ND_OK)
        status =
            must_be_one(point, "observations", point->observations, sweep->observations, error);
    if (status != ND_OK || nd_sweep_parts(point) == nd_sweep_parts(sweep))
        return status;
    return nd_fail(error, ND_BAD_INPUT,
                   "sterile = %s (%s), backreaction = %s (%s), light_elements = %s (%s), "
                   "error_estimate = %s (%s): with work = %s the sweep itself has other columns: "
                   "allowed is the same for all points",
                   point->sterile ? "on" : "off", nd_params_origin(point, "sterile"),
                   nd_backreaction_word(point->backreaction),
                   nd_params_origin(point, "backreaction"), point->light_elements ? "on" : "off",
                   nd_params_origin(point, "light_elements"), point->error_estimate ? "on" : "off",
                   nd_params_origin(point, "error_estimate"), nd_work_word(sweep->work));
}
