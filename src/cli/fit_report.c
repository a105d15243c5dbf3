/* What `nudipole fit` writes and prints. */
#include <math.h>
#include <string.h>

#include "fit_run.h"

static const struct {
    enum nd_contour_edge bit;
    const char *name;
} EDGES[] = {{ND_CONTOUR_X_MIN, "m4_min_keV"},
             {ND_CONTOUR_X_MAX, "m4_max_keV"},
             {ND_CONTOUR_Y_MIN, "d_min_muB"},
             {ND_CONTOUR_Y_MAX, "d_max_muB"}};
enum { N_EDGES = sizeof EDGES / sizeof EDGES[0] };

/* ---- tables ----------------------------------------------------------------------------- */

static enum nd_status write_gains(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_fit *run = context;
    (void)error;
    for (int s = 0; s < run->beam.n_sets; s++) {
        const struct nd_plane_fit *plane = &run->planes[s];
        for (int i = 0; i < plane->n_masses; i++) {
            if (s + i > 0)
                fputs(i == 0 ? "\n\n" : "\n", stream);
            for (int k = 0; k < plane->n_mu; k++)
                fprintf(stream, "%s %.17g %.17g %.17g\n", plane->set.name,
                        nd_kev_from_mev(plane->m4[i]), nd_params_d_muB(&run->params, plane->mu[k]),
                        plane->gains[(size_t)i * (size_t)plane->n_mu + (size_t)k]);
        }
    }
    return ND_OK;
}

void nd_cli_fit_write_contours(const struct nd_cli_fit *run, FILE *stream)
{
    int blocks = 0;
    for (int s = 0; s < run->beam.n_sets; s++)
        for (int k = 0; k < ND_N_LEVELS; k++)
            for (int c = 0; c < run->planes[s].contours[k].n; c++) {
                const struct nd_contour *contour = &run->planes[s].contours[k].contours[c];
                if (blocks++ > 0)
                    fputs("\n\n", stream);
                for (int i = 0; i <= contour->n; i++) /* the first vertex closes it */
                    fprintf(stream, "%s %d %.17g %.17g\n", run->beam.sets[s].name, k + 1,
                            nd_kev_from_mev(contour->x[i % contour->n]),
                            nd_params_d_muB(&run->params, contour->y[i % contour->n]));
            }
}

static enum nd_status write_contours(const void *context, FILE *stream, struct nd_error *error)
{
    (void)error;
    nd_cli_fit_write_contours(context, stream);
    return ND_OK;
}

void nd_cli_fit_write_best(const struct nd_cli_fit *run, FILE *stream)
{
    for (int s = 0; s < run->beam.n_sets; s++) {
        const struct nd_mass_fit *best = &run->planes[s].best;
        if (nd_cli_has_best(&run->planes[s]))
            fprintf(stream, "%s %.17g %.17g %.17g\n", run->beam.sets[s].name,
                    nd_kev_from_mev(best->m4), nd_params_d_muB(&run->params, best->mu), best->gain);
        else
            fprintf(stream, "%s nan nan 0\n", run->beam.sets[s].name);
    }
}

static enum nd_status write_best(const void *context, FILE *stream, struct nd_error *error)
{
    (void)error;
    nd_cli_fit_write_best(context, stream);
    return ND_OK;
}

static void write_limit_block(const struct nd_cli_fit *run, const char *experiment, int set,
                              const struct nd_mass_fit *fits, FILE *stream)
{
    const struct nd_params *p = &run->params;
    for (int i = 0; i < run->params.m4_points; i++)
        fprintf(stream, "%s %s %.17g %.17g %.17g %.17g %.17g\n", experiment,
                run->beam.sets[set].name, nd_kev_from_mev(fits[i].m4),
                nd_params_d_muB(p, fits[i].mu), fits[i].gain, nd_params_d_muB(p, fits[i].mu_low),
                nd_params_d_muB(p, fits[i].mu_up));
}

static enum nd_status write_limits(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_fit *run = context;
    (void)error;
    for (int s = 0; s < run->beam.n_sets; s++) {
        if (s > 0)
            fputs("\n\n", stream);
        write_limit_block(run, run->detector.experiment->name, s, run->planes[s].masses, stream);
    }
    for (int e = 0; e < run->n_exclusions; e++)
        for (int s = 0; s < run->beam.n_sets; s++) {
            fputs("\n\n", stream);
            write_limit_block(run, run->exclusions[e].detector.experiment->name, s,
                              &run->exclusions[e].fits[s * run->params.m4_points], stream);
        }
    return ND_OK;
}

static const struct nd_cli_table TABLES[] = {
    {"fit",
     "gain 2 ln L(m4, d) - 2 ln L(no signal) on the grid, nuisance parameters as configured; one "
     "block an item of sources, a blank line after each mass",
     "source m4_keV d_muB two_dlnL", write_gains},
    {ND_CLI_CONTOURS_TABLE, write_contours},
    {ND_CLI_BEST_TABLE, write_best},
    {"limits",
     "best coupling of each mass, its gain, and the interval at confidence_level (1 degree of "
     "freedom), whose upper end is the upper limit; inf above the end point; one block an "
     "experiment and item of sources",
     "experiment source m4_keV d_best_muB two_dlnL d_low_muB d_up_muB", write_limits},
};

/* ---- JSON ------------------------------------------------------------------------------- */

int nd_cli_edge_bit(const char *name)
{
    for (int i = 0; name != NULL && i < N_EDGES; i++)
        if (strcmp(EDGES[i].name, name) == 0)
            return (int)EDGES[i].bit;
    return 0;
}

static json_t *edges_json(int bits)
{
    json_t *list = json_array();
    for (int i = 0; i < N_EDGES; i++)
        if (bits & (int)EDGES[i].bit)
            json_array_append_new(list, json_string(EDGES[i].name));
    return list;
}

static json_t *best_json(const struct nd_cli_fit *run, const struct nd_plane_fit *plane)
{
    const struct nd_params *p = &run->params;
    const struct nd_mass_fit *best = &plane->best;
    if (!nd_cli_has_best(plane))
        return json_null();
    const double flux_error = nd_signal_flux_error(run->detector.response, &run->beam.fluxes,
                                                   run->beam.solar, &plane->set, best->m4);
    return json_pack(
        "{s:f, s:f, s:f, s:f, s:f, s:f, s:o, s:f, s:{s:f, s:f, s:f}, s:o}", "m4_keV",
        nd_kev_from_mev(best->m4), "d_muB", nd_params_d_muB(p, best->mu), "two_dlnL", best->gain,
        "sigma_1dof", nd_sigma_of_two_nll(best->gain, 1), "sigma_2dof",
        nd_sigma_of_two_nll(best->gain, 2), "d_low_muB", nd_params_d_muB(p, best->mu_low),
        "d_up_muB", nd_cli_number(nd_params_d_muB(p, best->mu_up)), "d_relative_error_of_flux",
        0.5 * flux_error, "nuisances", "eps", best->at_best.eps, "beta", best->at_best.beta, "tau",
        best->at_best.tau, "at_edge", edges_json(plane->best_at_edge));
}

static json_t *polygon_json(const struct nd_params *params, const struct nd_contour *contour)
{
    json_t *m4 = json_array(), *d = json_array();
    for (int i = 0; i <= contour->n; i++) { /* the first vertex closes it */
        json_array_append_new(m4, json_real(nd_kev_from_mev(contour->x[i % contour->n])));
        json_array_append_new(d, json_real(nd_params_d_muB(params, contour->y[i % contour->n])));
    }
    return json_pack("{s:b, s:o, s:o, s:o}", "is_hole", contour->is_hole, "along_edge",
                     edges_json(contour->touches_edge), "m4_keV", m4, "d_muB", d);
}

static json_t *regions_json(const void *context)
{
    const struct nd_cli_fit *run = context;
    json_t *sources = json_array();
    for (int s = 0; s < run->beam.n_sets; s++) {
        const struct nd_plane_fit *plane = &run->planes[s];
        json_t *regions = json_array();
        for (int k = 0; k < ND_N_LEVELS; k++) {
            json_t *polygons = json_array();
            for (int c = 0; c < plane->contours[k].n; c++)
                json_array_append_new(polygons,
                                      polygon_json(&run->params, &plane->contours[k].contours[c]));
            json_array_append_new(regions,
                                  json_pack("{s:i, s:f, s:o}", "sigma", k + 1, "two_dlnL",
                                            nd_two_nll_of_sigma(k + 1.0, 2), "polygons", polygons));
        }
        json_array_append_new(sources,
                              json_pack("{s:s, s:o, s:o}", "source", plane->set.name, "best",
                                        best_json(run, plane), "regions", regions));
    }
    return json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:o}", "experiment",
                     run->detector.experiment->name, "title", run->detector.experiment->title,
                     "parameters", nd_cli_parameters(&run->params), "convention",
                     nd_convention_word(run->params.convention), "contours",
                     nd_contours_word(run->params.contours), "levels", "2 degrees of freedom",
                     "sources", sources);
}

static json_t *exclusion_json(const struct nd_cli_fit *run,
                              const struct nd_cli_exclusion *exclusion)
{
    json_t *list = json_array();
    for (int s = 0; s < run->beam.n_sets; s++)
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:o}", "source", run->beam.sets[s].name, "two_dlnL_of_best_point",
                      nd_cli_number(exclusion->best_gain[s]), "d_up_muB_at_best_mass",
                      nd_cli_number(nd_params_d_muB(&run->params, exclusion->best_limit[s]))));
    return json_pack("{s:o, s:o}", "detector", nd_cli_detector_json(&exclusion->detector), "limits",
                     list);
}

/* ---- report ----------------------------------------------------------------------------- */

/* Where the region of 1 sigma lies; nothing if there is none. */
static void say_region(const struct nd_cli_options *options, const struct nd_cli_fit *run,
                       const struct nd_plane_fit *plane)
{
    const struct nd_contours *contours = &plane->contours[0];
    double low_m = INFINITY, high_m = 0.0, low_d = INFINITY, high_d = 0.0;
    int edges = 0;
    for (int c = 0; c < contours->n; c++) {
        edges |= contours->contours[c].touches_edge;
        for (int i = 0; i < contours->contours[c].n; i++) {
            low_m = fmin(low_m, contours->contours[c].x[i]);
            high_m = fmax(high_m, contours->contours[c].x[i]);
            low_d = fmin(low_d, contours->contours[c].y[i]);
            high_d = fmax(high_d, contours->contours[c].y[i]);
        }
    }
    /* a vertex at each grid line: the best point may be a step outside of a region so small */
    const int resolved = plane->best.m4 >= low_m && plane->best.m4 <= high_m &&
                         plane->best.mu >= low_d && plane->best.mu <= high_d;
    if (!resolved && plane->n_masses > 1 && plane->n_mu > 1)
        nd_cli_say(options, "  not resolved by the grid: more m4_points or d_points");
    else if (contours->n > 0)
        nd_cli_say(options, "  %.4g to %.4g keV, %.3g to %.3g mu_B%s", nd_kev_from_mev(low_m),
                   nd_kev_from_mev(high_m), nd_params_d_muB(&run->params, low_d),
                   nd_params_d_muB(&run->params, high_d),
                   edges ? " (open at the grid's edge)" : "");
}

/* Would some mass like a coupling that is not on the grid? */
static int better_outside(const struct nd_plane_fit *plane)
{
    for (int i = 0; i < plane->n_masses; i++)
        if (plane->masses[i].gain > ND_GAIN_MIN)
            return 1;
    return 0;
}

static void say_best(const struct nd_cli_options *options, const struct nd_cli_fit *run)
{
    nd_cli_say(options, "source           best m4 [keV]   d [mu_B]  2 dlnL  sigma (2 dof)  %s\n",
               run->params.contours == ND_CONTOUR_DISCOVERY ? "1 sigma or more above no signal"
                                                            : "1 sigma region");
    for (int s = 0; s < run->beam.n_sets; s++) {
        const struct nd_plane_fit *plane = &run->planes[s];
        const struct nd_mass_fit *best = &plane->best;
        if (!plane->has_signal)
            nd_cli_say(options, "%-15s  no signal: the grid is above its end point\n",
                       plane->set.name);
        else if (!nd_cli_has_best(plane))
            nd_cli_say(options, "%-15s  no point of the grid is better than no signal%s\n",
                       plane->set.name, better_outside(plane) ? "; other couplings are" : "");
        if (!nd_cli_has_best(plane))
            continue;
        nd_cli_say(options, "%-15s  %13.5g  %9.3g  %6.4g  %13.3g", plane->set.name,
                   nd_kev_from_mev(best->m4), nd_params_d_muB(&run->params, best->mu), best->gain,
                   nd_sigma_of_two_nll(best->gain, 2));
        say_region(options, run, plane);
        nd_cli_say(options, "\n");
        for (int i = 0; i < N_EDGES; i++)
            if (plane->best_at_edge & (int)EDGES[i].bit)
                nd_cli_say(options, "%-15s  at %s: the likelihood rises on beyond it\n", "",
                           EDGES[i].name);
    }
}

static void say_exclusion(const struct nd_cli_options *options, const struct nd_cli_fit *run,
                          const struct nd_cli_exclusion *exclusion)
{
    nd_cli_say_detector(options, &exclusion->detector);
    nd_cli_say(options, "source           d at most, best mass [mu_B]  2 dlnL of the best point\n");
    for (int s = 0; s < run->beam.n_sets; s++)
        if (nd_cli_has_best(&run->planes[s]))
            nd_cli_say(
                options, "%-15s  %27.3g  %24.4g  %s at %g %%\n", run->beam.sets[s].name,
                nd_params_d_muB(&run->params, exclusion->best_limit[s]), exclusion->best_gain[s],
                run->planes[s].best.mu > exclusion->best_limit[s] ? "excluded" : "not excluded",
                100.0 * run->params.confidence_level);
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct nd_cli_fit *run = context;
    json_t *best = json_object(), *exclusions = json_array();
    (void)error;
    say_best(options, run);
    for (int s = 0; s < run->beam.n_sets; s++)
        json_object_set_new(best, run->beam.sets[s].name, best_json(run, &run->planes[s]));
    for (int e = 0; e < run->n_exclusions; e++) {
        say_exclusion(options, run, &run->exclusions[e]);
        json_array_append_new(exclusions, exclusion_json(run, &run->exclusions[e]));
    }
    json_object_set_new(summary, "detector", nd_cli_detector_json(&run->detector));
    json_object_set_new(summary, "no_signal_two_nll",
                        nd_cli_number(run->planes[0].masses[0].at_zero.two_nll));
    json_object_set_new(summary, "best", best);
    json_object_set_new(summary, "exclusion", exclusions);
    return ND_OK;
}

/* ---- all of it --------------------------------------------------------------------------- */

int nd_cli_fit_count_contours(const struct nd_cli_fit *run)
{
    int n = 0;
    for (int s = 0; s < run->beam.n_sets; s++)
        for (int k = 0; k < ND_N_LEVELS; k++)
            n += run->planes[s].contours[k].n;
    return n;
}

/* Names or titles of the excluding experiments, separated by commas. */
static void list_exclusions(const struct nd_cli_fit *run, int titles, char text[ND_CLI_LABELS_MAX])
{
    size_t used = 0;
    text[0] = '\0';
    for (int e = 0; e < run->n_exclusions && used < ND_CLI_LABELS_MAX; e++) {
        const struct nd_experiment *x = run->exclusions[e].detector.experiment;
        used += (size_t)snprintf(text + used, ND_CLI_LABELS_MAX - used, "%s%s", e > 0 ? "," : "",
                                 titles ? x->title : x->name);
    }
}

enum nd_status nd_cli_fit_finish(const struct nd_cli_options *options, const struct nd_cli_fit *run,
                                 const char *folder, struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    char labels[ND_CLI_LABELS_MAX], names[ND_CLI_LABELS_MAX], titles[ND_CLI_LABELS_MAX];
    char all_names[2 * ND_CLI_LABELS_MAX], all_titles[2 * ND_CLI_LABELS_MAX];
    char beam[ND_TEXT_MAX], caption[2 * ND_TEXT_MAX], range[4][32];
    char n_sources[16], n_contours[16], n_limits[16];
    nd_cli_labels(&run->beam, labels);
    list_exclusions(run, 0, names);
    list_exclusions(run, 1, titles);
    snprintf(all_names, sizeof all_names, "%s%s%s", run->detector.experiment->name,
             run->n_exclusions > 0 ? "," : "", names);
    snprintf(all_titles, sizeof all_titles, "%s%s%s", run->detector.experiment->title,
             run->n_exclusions > 0 ? "," : "", titles);
    nd_cli_describe_beam(p, beam, sizeof beam);
    snprintf(caption, sizeof caption, "%s; %g to %g keV, nuisances %s%s", beam,
             run->detector.experiment->low[run->detector.likelihood.first],
             run->detector.experiment
                 ->high[run->detector.likelihood.first + run->detector.likelihood.n - 1],
             nd_nuisances_word(p->nuisances), p->tritium ? ", tritium free" : "");
    snprintf(range[0], sizeof range[0], "%.8g", p->m4_min_keV);
    snprintf(range[1], sizeof range[1], "%.8g", p->m4_max_keV);
    snprintf(range[2], sizeof range[2], "%.8g", p->d_min_muB);
    snprintf(range[3], sizeof range[3], "%.8g", p->d_max_muB);
    snprintf(n_sources, sizeof n_sources, "%d", run->beam.n_sets);
    snprintf(n_contours, sizeof n_contours, "%d", nd_cli_fit_count_contours(run));
    snprintf(n_limits, sizeof n_limits, "%d", run->beam.n_sets * (1 + run->n_exclusions));
    const struct nd_plot_variable variables[] = {
        {"sources", labels},
        {"n_sources", n_sources},
        {"exclusion", names},
        {"names", all_names},
        {"titles", all_titles},
        {"kind_of_contours", nd_contours_word(p->contours)},
        {"experiment", run->detector.experiment->title},
        {"n_contours", n_contours},
        {"n_limits", n_limits},
        /* a single mass or coupling has no range: the script finds one */
        {p->m4_points > 1 ? "m_min" : "m_only", range[0]},
        {p->m4_points > 1 ? "m_max" : "m_last", range[1]},
        {p->d_points > 1 && p->m4_points > 1 ? "d_min" : "d_only", range[2]},
        {p->d_points > 1 && p->m4_points > 1 ? "d_max" : "d_last", range[3]},
    };
    const struct nd_cli_result result = {
        .command = "fit",
        .params = p,
        .uses = ND_USE_FIT,
        .folder = folder,
        .tables = TABLES,
        .n_tables = sizeof TABLES / sizeof TABLES[0],
        .figures = {"fit"},
        .caption = caption,
        .n_blocks = run->beam.n_sets,
        .variables = variables,
        .n_variables = sizeof variables / sizeof variables[0],
        .run = run,
        .report = report,
        .json_name = "regions.json",
        .json = regions_json,
    };
    nd_cli_say(options, "fit      %s, nuisances %s%s\n", beam, nd_nuisances_word(p->nuisances),
               p->tritium ? ", tritium free" : "");
    nd_cli_say_detector(options, &run->detector);
    return nd_cli_finish(options, &result, error);
}
