/* What `nudipole map` writes and prints. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "map_run.h"

static const char GAMMA[] = "gamma_over_H", N[] = "n_over_neq", RHO[] = "rho_N_over_rho_gamma";

/* The curves of one mass and T_RH: Gamma/H = 1, then the fractions, then rho. */
struct curve {
    const char *criterion;
    double value;
};

static int count_curves(const struct nd_cli_map *run)
{
    return 2 + run->options.fractions.n;
}

static struct curve curve_at(const struct nd_cli_map *run, int k)
{
    if (k == 0)
        return (struct curve){GAMMA, 1.0};
    if (k <= run->options.fractions.n)
        return (struct curve){N, run->options.fractions.values[k - 1]};
    return (struct curve){RHO, run->options.rho};
}

/* Coupling of a curve [MeV^-1]. */
static double curve_mu(const struct nd_cli_map *run, const struct nd_map_column *column, int k)
{
    return k == 0                          ? column->paper.mu
           : k <= run->options.fractions.n ? column->mu_fraction[k - 1]
                                           : column->mu_rho;
}

/* ---- tables ----------------------------------------------------------------------------- */

static enum nd_status write_plane(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_map *run = context;
    const struct nd_thermal_map *map = &run->map;
    (void)error;
    for (int t = 0; t < map->n_T_RH; t++)
        for (int i = 0; i < map->n_masses; i++) {
            if (t + i > 0)
                fputs(i == 0 ? "\n\n" : "\n", stream);
            for (int k = 0; k < map->n_mu; k++) {
                const struct nd_map_cell *cell =
                    &map->cells[((size_t)t * (size_t)map->n_masses + (size_t)i) *
                                    (size_t)map->n_mu +
                                (size_t)k];
                fprintf(stream, "%.17g %.17g %.17g", run->options.T_RH.values[t],
                        nd_kev_from_mev(run->m4[i]), nd_params_d_muB(&run->params, run->mu[k]));
                if (map->errors[i].status != ND_OK)
                    fputs(" nan nan 0 nan failed\n", stream);
                else
                    fprintf(stream, " %.17g %.17g %d %.17g ok\n", cell->gamma_over_H,
                            cell->maxima.n_over_neq, cell->maxima.at_window_edge,
                            cell->maxima.rho_N_over_rho_gamma);
            }
        }
    return ND_OK;
}

static enum nd_status write_curves(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_map *run = context;
    const struct nd_thermal_map *map = &run->map;
    (void)error;
    for (int t = 0; t < map->n_T_RH; t++)
        for (int k = 0; k < count_curves(run); k++) {
            const struct curve curve = curve_at(run, k);
            if (t + k > 0)
                fputs("\n\n", stream);
            for (int i = 0; i < map->n_masses; i++) {
                const struct nd_map_column *column = &map->columns[t * map->n_masses + i];
                const double mu = map->errors[i].status == ND_OK ? curve_mu(run, column, k) : NAN;
                fprintf(stream, "%s %.17g %.17g %.17g %.17g\n", curve.criterion, curve.value,
                        run->options.T_RH.values[t], nd_kev_from_mev(run->m4[i]),
                        nd_params_d_muB(&run->params, mu));
            }
        }
    return ND_OK;
}

static enum nd_status write_bounds(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_map *run = context;
    (void)error;
    nd_cli_overlays_write_bounds(&run->overlays, &run->params, stream);
    return ND_OK;
}

static enum nd_status write_points(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_map *run = context;
    (void)error;
    for (int i = 0; i < run->n_points; i++) {
        const struct nd_cli_map_point *point = &run->points[i];
        const int ok = point->error.status == ND_OK;
        fprintf(stream, "%s %.17g %.17g %.17g %.17g\n", point->name, nd_kev_from_mev(point->m4),
                nd_params_d_muB(&run->params, point->mu), ok ? point->highest.paper : NAN,
                ok ? point->highest.dynamical : NAN);
    }
    return ND_OK;
}

static enum nd_status write_verdicts(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_map *run = context;
    (void)error;
    for (int i = 0; i < run->n_points; i++) {
        const struct nd_cli_map_point *point = &run->points[i];
        for (int t = 0; t < run->options.T_RH.n && point->error.status == ND_OK; t++)
            for (int k = 0; k < count_curves(run); k++) {
                const struct curve curve = curve_at(run, k);
                const double mu = curve_mu(run, &run->at_points.columns[t * run->n_points + i], k);
                fprintf(stream, "%s %.17g %.17g %.17g %s %.17g %.17g %.17g %d\n", point->name,
                        nd_kev_from_mev(point->m4), nd_params_d_muB(&run->params, point->mu),
                        run->options.T_RH.values[t], curve.criterion, curve.value,
                        nd_params_d_muB(&run->params, mu), point->mu / mu, point->mu >= mu);
            }
    }
    return ND_OK;
}

static enum nd_status write_contours(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_map *run = context;
    (void)error;
    nd_cli_fit_write_contours(&run->overlays.fit, stream);
    return ND_OK;
}

static enum nd_status write_best(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_map *run = context;
    (void)error;
    nd_cli_fit_write_best(&run->overlays.fit, stream);
    return ND_OK;
}

static enum nd_status write_stored(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_map *run = context;
    return nd_cli_plot_write_rows(&run->stored, stream, error);
}

static const struct nd_cli_table TABLES[] = {
    {"map",
     "the plane: largest Gamma/H per neutrino below T_RH, largest n/n_eq in its window (at_edge: "
     "still rising where it ends) and largest rho_N/rho_gamma; one block a T_RH, a blank line "
     "after each mass",
     "T_RH_MeV m4_keV d_muB max_Gamma_over_H max_n_over_neq at_edge max_rho_N_over_rho_gamma "
     "status",
     write_plane},
    {"curves",
     "coupling at which a criterion reaches a value, the least one; inf: never; one block a curve",
     "criterion value T_RH_MeV m4_keV d_muB", write_curves},
    {ND_CLI_BOUNDS_TABLE, write_bounds},
    {"points",
     "benchmarks and best points; highest T_RH at which a point does not thermalise, by Gamma/H < "
     "1 and by n/n_eq < thermal_fraction: 0 if at none down to T_RH_min_MeV, inf if at all up to "
     "T_RH_max_MeV",
     "point m4_keV d_muB T_RH_paper_MeV T_RH_dynamical_MeV", write_points},
    {"verdicts",
     "each point against each curve: the curve's coupling at its mass, the factor between them, "
     "and whether the point lies on or above it",
     "point m4_keV d_muB T_RH_MeV criterion value d_curve_muB d_over_d_curve above",
     write_verdicts},
    {ND_CLI_CONTOURS_TABLE, write_contours},
    {ND_CLI_BEST_TABLE, write_best},
};
enum { N_TABLES = sizeof TABLES / sizeof TABLES[0] };

/* ---- report ----------------------------------------------------------------------------- */

/* A temperature, or the words for "none" and "any". */
static void describe_highest(const struct nd_cli_map *run, double T_RH, char *text, size_t size)
{
    if (isinf(T_RH))
        snprintf(text, size, "any up to %g", run->params.T_RH_max_MeV);
    else if (T_RH == 0.0)
        snprintf(text, size, "none from %g", run->params.T_RH_min_MeV);
    else
        snprintf(text, size, "%.3g", T_RH);
}

/* Names of the bounds that exclude a point. */
static void list_excluding(const struct nd_cli_map *run, const struct nd_cli_map_point *point,
                           char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int b = 0; b < run->overlays.n_bounds; b++)
        if (nd_bound_excludes(run->overlays.bounds[b], point->m4, point->mu) == 1 && used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "",
                                     run->overlays.bounds[b]->name);
}

static void say_points(const struct nd_cli_options *options, const struct nd_cli_map *run)
{
    nd_cli_say(options,
               "point             m4 [keV]  d [mu_B]  T_RH [MeV]  max Gamma/H  max n/n_eq  "
               "max rho_N/rho_g\n");
    for (int i = 0; i < run->n_points; i++) {
        const struct nd_cli_map_point *point = &run->points[i];
        if (point->error.status != ND_OK) {
            nd_cli_say(options, "%-16s  failed: %s\n", point->name, point->error.message);
            continue;
        }
        for (int t = 0; t < run->options.T_RH.n; t++) {
            const struct nd_map_cell *cell = nd_cli_map_cell(run, t, i);
            nd_cli_say(options, "%-16s  %8.4g  %8.3g  %10g  %11.3g  %10.3g  %15.3g\n",
                       t == 0 ? point->name : "", nd_kev_from_mev(point->m4),
                       nd_params_d_muB(&run->params, point->mu), run->options.T_RH.values[t],
                       cell->gamma_over_H, cell->maxima.n_over_neq,
                       cell->maxima.rho_N_over_rho_gamma);
        }
    }
    nd_cli_say(options,
               "highest T_RH [MeV] without thermalization:\npoint             Gamma/H < 1  "
               "   n/n_eq < %-7g  excluded by\n",
               run->params.thermal_fraction);
    for (int i = 0; i < run->n_points; i++) {
        const struct nd_cli_map_point *point = &run->points[i];
        char paper[32], dynamical[32], excluding[512];
        if (point->error.status != ND_OK)
            continue;
        describe_highest(run, point->highest.paper, paper, sizeof paper);
        describe_highest(run, point->highest.dynamical, dynamical, sizeof dynamical);
        list_excluding(run, point, excluding, sizeof excluding);
        nd_cli_say(options, "%-16s  %-14s  %-14s  %s%s\n", point->name, paper, dynamical,
                   *excluding != '\0' ? excluding : "-",
                   point->at_edge ? "  (best at the edge of the grid: rises on beyond)" : "");
    }
}

static json_t *highest_json(double T_RH)
{
    return isinf(T_RH) ? json_string("any") : T_RH == 0.0 ? json_string("none") : json_real(T_RH);
}

static json_t *point_json(const struct nd_cli_map *run, int i)
{
    const struct nd_cli_map_point *point = &run->points[i];
    const double m4_keV = nd_kev_from_mev(point->m4);
    const double d_muB = nd_params_d_muB(&run->params, point->mu);
    json_t *rows = json_array(), *excluding = json_array();
    for (int b = 0; b < run->overlays.n_bounds; b++)
        if (nd_bound_excludes(run->overlays.bounds[b], point->m4, point->mu) == 1)
            json_array_append_new(excluding, json_string(run->overlays.bounds[b]->name));
    if (point->error.status != ND_OK)
        return json_pack("{s:s, s:f, s:f, s:o, s:o, s:s}", "point", point->name, "m4_keV", m4_keV,
                         "d_muB", d_muB, "T_RH", rows, "excluded_by", excluding, "error",
                         point->error.message);
    for (int t = 0; t < run->options.T_RH.n; t++) {
        const struct nd_map_cell *cell = nd_cli_map_cell(run, t, i);
        json_array_append_new(
            rows, json_pack("{s:f, s:f, s:o, s:b, s:f}", "T_RH_MeV", run->options.T_RH.values[t],
                            "max_Gamma_over_H", cell->gamma_over_H, "max_n_over_neq",
                            nd_cli_number(cell->maxima.n_over_neq), "at_window_edge",
                            cell->maxima.at_window_edge, "max_rho_N_over_rho_gamma",
                            cell->maxima.rho_N_over_rho_gamma));
    }
    return json_pack("{s:s, s:f, s:f, s:b, s:o, s:o, s:o, s:o}", "point", point->name, "m4_keV",
                     m4_keV, "d_muB", d_muB, "best_at_edge_of_grid", point->at_edge, "T_RH", rows,
                     "highest_T_RH_MeV_paper", highest_json(point->highest.paper),
                     "highest_T_RH_MeV_dynamical", highest_json(point->highest.dynamical),
                     "excluded_by", excluding);
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct nd_cli_map *run = context;
    json_t *points = json_array(), *bounds = json_array(), *failures = json_array();
    (void)error;
    say_points(options, run);
    for (int i = 0; i < run->n_points; i++)
        json_array_append_new(points, point_json(run, i));
    for (int b = 0; b < run->overlays.n_bounds; b++)
        json_array_append_new(bounds, json_pack("{s:s, s:s, s:s, s:s}", "bound",
                                                run->overlays.bounds[b]->name, "title",
                                                run->overlays.bounds[b]->title, "source",
                                                run->overlays.bounds[b]->source, "confidence",
                                                run->overlays.bounds[b]->confidence));
    for (int i = 0; i < run->map.n_masses; i++)
        if (run->map.errors[i].status != ND_OK)
            json_array_append_new(failures,
                                  json_pack("{s:f, s:s}", "m4_keV", nd_kev_from_mev(run->m4[i]),
                                            "error", run->map.errors[i].message));
    json_object_set_new(summary, "points", points);
    json_object_set_new(summary, "bounds", bounds);
    json_object_set_new(summary, "failed", failures);
    return ND_OK;
}

/* ---- all of it --------------------------------------------------------------------------- */

static void list_points(const struct nd_cli_map *run, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < run->n_points && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? "," : "",
                                 run->points[i].name);
}

/* How many stored points there are, and what of them is missing. */
static void append_counts(const struct nd_store_grid *grid, char *text, size_t size)
{
    static const char *const MISSING[] = {
        [ND_POINT_PENDING] = "not computed yet", [ND_POINT_FAILED] = "failed"};
    size_t used = strlen(text);
    used += (size_t)snprintf(text + used, size - used, "; %ld stored points", grid->n_points);
    for (int s = 0; s < ND_POINT_STATUSES && used < size; s++)
        if (s != ND_POINT_OK && grid->counts[s] > 0)
            used += (size_t)snprintf(text + used, size - used, ", %ld %s (blank)", grid->counts[s],
                                     MISSING[s]);
}

enum nd_status nd_cli_map_finish(const struct nd_cli_options *options, const struct nd_cli_map *run,
                                 const char *folder, struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    char labels[ND_CLI_LABELS_MAX], bounds[ND_CLI_LABELS_MAX], titles[ND_CLI_LABELS_MAX];
    char points[ND_CLI_LABELS_MAX], treatment[ND_TEXT_MAX], caption[2 * ND_TEXT_MAX];
    char range[4][32], n_sources[16], n_contours[16], n_curves[16], n_bounds[16];
    nd_cli_labels(&run->overlays.fit.beam, labels);
    nd_cli_overlays_list_bounds(&run->overlays, 0, bounds, sizeof bounds);
    nd_cli_overlays_list_bounds(&run->overlays, 1, titles, sizeof titles);
    list_points(run, points, sizeof points);
    nd_cli_describe_treatment(&run->options.treatment, treatment, sizeof treatment);
    snprintf(caption, sizeof caption, "nu_%s, %s convention; %s", nd_flavour_word(p->flavour),
             nd_convention_word(p->convention), treatment);
    snprintf(range[0], sizeof range[0], "%.8g", p->m4_min_keV);
    snprintf(range[1], sizeof range[1], "%.8g", p->m4_max_keV);
    snprintf(range[2], sizeof range[2], "%.8g", p->d_min_muB);
    snprintf(range[3], sizeof range[3], "%.8g", p->d_max_muB);
    snprintf(n_sources, sizeof n_sources, "%d", run->overlays.fit.beam.n_sets);
    snprintf(n_contours, sizeof n_contours, "%d", nd_cli_fit_count_contours(&run->overlays.fit));
    snprintf(n_curves, sizeof n_curves, "%d", run->options.T_RH.n * count_curves(run));
    snprintf(n_bounds, sizeof n_bounds, "%d", run->overlays.n_bounds);
    struct nd_cli_table tables[N_TABLES + 1];
    memcpy(tables, TABLES, sizeof TABLES);
    const int has_store = *p->store != '\0';
    char columns[ND_CLI_PLOT_TEXT_MAX], words[ND_CLI_PLOT_TEXT_MAX] = "";
    char levels[ND_CLI_PLOT_TEXT_MAX] = "", T_RH[32], sigma[16] = "0", others[16] = "0";
    snprintf(T_RH, sizeof T_RH, "%g", p->T_RH_MeV.values[0]);
    if (has_store) {
        append_counts(&run->stored.grid, caption, sizeof caption);
        nd_cli_plot_list_columns(&run->stored, columns);
        nd_cli_plot_list_words(&run->stored, 0, words);
        nd_cli_plot_list_levels(&run->stored, 0, levels);
        snprintf(sigma, sizeof sigma, "%d", nd_cli_plot_sigma(&run->stored));
        snprintf(others, sizeof others, "%d", run->stored.n_others);
        tables[N_TABLES] = (struct nd_cli_table){
            "stored",
            "the stored sweep below: cells from low to high around their points; pending "
            "points are not computed yet",
            columns, write_stored};
    }
    const struct nd_plot_variable variables[] = {
        {"sources", labels},
        {"n_sources", n_sources},
        {"experiment", nd_cli_overlays_experiment(&run->overlays)},
        {"n_contours", n_contours},
        {"kind_of_contours", nd_contours_word(p->contours)},
        {"n_curves", n_curves},
        {"n_bounds", n_bounds},
        {"bounds", bounds},
        {"bound_titles", titles},
        {"points", points},
        {"stored", has_store ? run->stored.grid.columns[0].name : ""},
        {"stored_drawn", has_store && !run->stored.grid.is_grid ? "drawn" : ""},
        {"stored_words", words},
        {"stored_levels", levels},
        {"stored_scale", nd_cli_plot_scale(&run->stored)},
        {"stored_others", others},
        {"sigma_at", sigma},
        {"T_RH", T_RH},
        {p->m4_points > 1 ? "m_min" : "m_only", range[0]},
        {p->m4_points > 1 ? "m_max" : "m_last", range[1]},
        {p->d_points > 1 ? "d_min" : "d_only", range[2]},
        {p->d_points > 1 ? "d_max" : "d_last", range[3]},
    };
    const struct nd_cli_result result = {
        .command = "map",
        .params = p,
        .uses = ND_USE_MAP | (has_store ? ND_USE_PLOT : 0),
        .folder = folder,
        .tables = tables,
        .n_tables = N_TABLES + has_store,
        .figures = {"map"},
        .caption = caption,
        .n_blocks = run->options.T_RH.n,
        .variables = variables,
        .n_variables = sizeof variables / sizeof variables[0],
        .run = run,
        .report = report,
    };
    nd_cli_say(options, "map      %d x %d points, %s\n", p->m4_points, p->d_points, caption);
    return nd_cli_finish(options, &result, error);
}
