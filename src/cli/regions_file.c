/* regions.json, read back into a fit. */
#include <stdlib.h>
#include <string.h>

#include "fit_run.h"

struct reader {
    const char *path;
    double convention; /* mu / d of the file */
    struct nd_error *error;
};

static enum nd_status fail(const struct reader *reader, const char *what)
{
    return nd_fail(reader->error, ND_BAD_INPUT,
                   "%s: %s: allowed is a regions.json as 'nudipole fit' writes it", reader->path,
                   what);
}

static double mu_of(const struct reader *reader, double d_muB)
{
    return d_muB * reader->convention * nd_bohr_magneton();
}

/* x and y in one block, x first, as nd_contours_clear wants it; the file repeats the first vertex.
 */
static enum nd_status read_polygon(const struct reader *reader, const json_t *polygon,
                                   struct nd_contour *contour)
{
    const json_t *m4 = json_object_get(polygon, "m4_keV"), *d = json_object_get(polygon, "d_muB");
    const size_t n = json_array_size(m4);
    if (n < 4 || json_array_size(d) != n)
        return fail(reader, "a polygon needs as many m4_keV as d_muB, at least four");
    contour->x = malloc(2 * (n - 1) * sizeof *contour->x);
    if (contour->x == NULL)
        return nd_fail(reader->error, ND_NO_MEMORY, "no memory for a region");
    contour->y = contour->x + (n - 1);
    contour->n = (int)(n - 1);
    contour->is_hole = json_is_true(json_object_get(polygon, "is_hole"));
    for (size_t i = 0; i + 1 < n; i++) {
        const double m4_keV = json_number_value(json_array_get(m4, i));
        const double d_muB = json_number_value(json_array_get(d, i));
        if (!(m4_keV > 0.0 && d_muB > 0.0))
            return fail(reader, "a vertex has no positive m4_keV and d_muB");
        contour->x[i] = nd_mev_from_kev(m4_keV);
        contour->y[i] = mu_of(reader, d_muB);
    }
    return ND_OK;
}

static enum nd_status read_source(const struct reader *reader, const json_t *source,
                                  struct nd_plane_fit *plane, struct nd_source_set *set)
{
    const char *name = json_string_value(json_object_get(source, "source"));
    const json_t *best = json_object_get(source, "best");
    const json_t *regions = json_object_get(source, "regions");
    struct nd_error own = ND_ERROR_INIT;
    if (name == NULL || nd_source_set_parse(set, name, &own) != ND_OK)
        return fail(reader, name == NULL ? "a source has no name" : own.message);
    plane->set = *set;
    plane->has_signal = 1;
    if (json_is_object(best)) {
        plane->best.m4 = nd_mev_from_kev(json_number_value(json_object_get(best, "m4_keV")));
        plane->best.mu = mu_of(reader, json_number_value(json_object_get(best, "d_muB")));
        plane->best.gain = json_number_value(json_object_get(best, "two_dlnL"));
        const json_t *edges = json_object_get(best, "at_edge");
        for (size_t i = 0; i < json_array_size(edges); i++)
            plane->best_at_edge |= nd_cli_edge_bit(json_string_value(json_array_get(edges, i)));
        if (!(plane->best.m4 > 0.0 && plane->best.mu > 0.0 && plane->best.gain > 0.0))
            return fail(reader, "a best point has no positive m4_keV, d_muB and two_dlnL");
    }
    for (size_t r = 0; r < json_array_size(regions); r++) {
        const json_t *region = json_array_get(regions, r);
        const json_int_t sigma = json_integer_value(json_object_get(region, "sigma"));
        const json_t *polygons = json_object_get(region, "polygons");
        if (sigma < 1 || sigma > ND_N_LEVELS)
            return fail(reader, "sigma is not 1, 2 or 3");
        struct nd_contours *contours = &plane->contours[sigma - 1];
        const size_t n = json_array_size(polygons);
        if (contours->contours != NULL)
            return fail(reader, "a sigma is given twice");
        contours->contours = calloc(n + 1, sizeof *contours->contours);
        if (contours->contours == NULL)
            return nd_fail(reader->error, ND_NO_MEMORY, "no memory for regions");
        for (size_t c = 0; c < n; c++) {
            contours->n = (int)c + 1;
            const enum nd_status status =
                read_polygon(reader, json_array_get(polygons, c), &contours->contours[c]);
            if (status != ND_OK)
                return status;
        }
    }
    return ND_OK;
}

/* What the file was made with takes the place of what was given, except the flavour, which the rest
 * of a map goes by. */
static enum nd_status take_parameters(const struct reader *reader, const json_t *root,
                                      struct nd_params *params)
{
    static const char *const KEYS[] = {
        "sources",       "solar_model",     "flux_file",  "flavour_weight", "sin2_theta12",
        "sin2_theta13",  "sin2_theta23",    "dm2_21_eV2", "experiment",     "electrons",
        "efficiency_at", "nuisances",       "tritium",    "window_min_keV", "window_max_keV",
        "contours",      "confidence_level"};
    const json_t *given = json_object_get(root, "parameters");
    const char *flavour = json_string_value(json_object_get(given, "flavour"));
    const char *title = json_string_value(json_object_get(root, "title"));
    if (flavour == NULL || title == NULL)
        return fail(reader, "no title or no parameters");
    if (strcmp(flavour, nd_flavour_word(params->flavour)) != 0)
        return nd_fail(reader->error, ND_BAD_INPUT,
                       "%s: is for nu_%s: flavour = %s (%s): allowed is the same flavour",
                       reader->path, flavour, nd_flavour_word(params->flavour),
                       nd_params_origin(params, "flavour"));
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        const char *value = json_string_value(json_object_get(given, KEYS[i]));
        char assignment[8192];
        struct nd_error own = ND_ERROR_INIT;
        if (value == NULL)
            continue; /* not given there either */
        snprintf(assignment, sizeof assignment, "%s=%s", KEYS[i], value);
        if (nd_params_set(params, assignment, &own) != ND_OK)
            return fail(reader, own.message);
    }
    return ND_OK;
}

enum nd_status nd_cli_fit_read_regions(struct nd_cli_fit *fit, const char *path,
                                       struct nd_error *error)
{
    struct reader reader = {path, 1.0, error};
    json_error_t where;
    json_t *root = json_load_file(path, 0, &where);
    if (root == NULL)
        return where.line < 0
                   ? nd_fail(error, ND_IO_ERROR, "regions = %s: cannot be read: %s", path,
                             where.text)
                   : nd_fail(error, ND_BAD_INPUT, "%s:%d: %s", path, where.line, where.text);
    const char *convention = json_string_value(json_object_get(root, "convention"));
    const json_t *sources = json_object_get(root, "sources");
    const size_t n = json_array_size(sources);
    enum nd_status status = ND_OK;
    if (convention != NULL && strcmp(convention, "lagrangian") == 0)
        reader.convention = nd_convention_factor(ND_CONVENTION_LAGRANGIAN);
    else if (convention == NULL || strcmp(convention, "half") != 0)
        status = fail(&reader, "no convention, half or lagrangian");
    if (status == ND_OK)
        status = take_parameters(&reader, root, &fit->params);
    if (status == ND_OK)
        snprintf(fit->title, sizeof fit->title, "%s",
                 json_string_value(json_object_get(root, "title")));
    if (status == ND_OK && (n < 1 || n > ND_LIST_MAX))
        status = fail(&reader, "no sources");
    if (status == ND_OK && (fit->planes = calloc(n + 1, sizeof *fit->planes)) == NULL)
        status = nd_fail(error, ND_NO_MEMORY, "no memory for regions");
    for (size_t s = 0; s < n && status == ND_OK; s++) {
        fit->beam.n_sets = (int)s + 1;
        status =
            read_source(&reader, json_array_get(sources, s), &fit->planes[s], &fit->beam.sets[s]);
    }
    json_decref(root);
    return status;
}
