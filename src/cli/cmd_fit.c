/* nudipole fit: masses and couplings that an experiment likes, source by source, and the upper
 * limits of others. */
#include <math.h>
#include <stdlib.h>

#include "cli.h"

static const struct {
    enum nd_contour_edge bit;
    const char *name;
} EDGES[] = {{ND_CONTOUR_X_MIN, "m4_min_keV"},
             {ND_CONTOUR_X_MAX, "m4_max_keV"},
             {ND_CONTOUR_Y_MIN, "d_min_muB"},
             {ND_CONTOUR_Y_MAX, "d_max_muB"}};
enum { N_EDGES = sizeof EDGES / sizeof EDGES[0] };

/* Another experiment: what it says about every set and mass, and about the best points. */
struct exclusion {
    struct nd_detector detector;
    struct nd_mass_fit *fits; /* set, mass */
    double *best_gain;        /* set: 2 dlnL of the best point of the fit; NAN if there is none */
    double *best_limit;       /* set: upper limit at its mass [MeV^-1] */
};

struct run {
    struct nd_params params;
    struct nd_beam beam;
    struct nd_detector detector;
    int n_masses, n_mu;
    double *m4, *mu;             /* [MeV], [MeV^-1] */
    struct nd_plane_fit *planes; /* one a set */
    int n_exclusions;
    struct exclusion *exclusions;
};

static int has_best(const struct nd_plane_fit *plane)
{
    return plane->best.gain > 0.0;
}

/* ---- solving ---------------------------------------------------------------------------- */

static enum nd_status make_grid(struct run *run, struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    run->n_masses = p->m4_points;
    run->n_mu = p->d_points;
    run->m4 = malloc((size_t)run->n_masses * sizeof *run->m4);
    run->mu = malloc((size_t)run->n_mu * sizeof *run->mu);
    if (run->m4 == NULL || run->mu == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for the grid");
    for (int i = 0; i < run->n_masses; i++)
        run->m4[i] = nd_mev_from_kev(nd_log_grid(p->m4_min_keV, p->m4_max_keV, run->n_masses, i));
    for (int i = 0; i < run->n_mu; i++)
        run->mu[i] = nd_params_mu(p, nd_log_grid(p->d_min_muB, p->d_max_muB, run->n_mu, i));
    return ND_OK;
}

static enum nd_status fit_planes(struct run *run, struct nd_error *error)
{
    const struct nd_plane_options options = {run->params.confidence_level,
                                             (enum nd_contour_kind)run->params.contours};
    struct nd_signal_table table = {0};
    run->planes = calloc((size_t)run->beam.n_sets, sizeof *run->planes);
    if (run->planes == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %d fits", run->beam.n_sets);
    enum nd_status status = nd_signal_table_create(
        &table, run->detector.response, &run->beam.fluxes, run->m4, run->n_masses, error);
    for (int s = 0; s < run->beam.n_sets && status == ND_OK; s++)
        status = nd_plane_fit_create(&run->planes[s], &run->detector.likelihood,
                                     run->detector.response, &run->beam.fluxes, &table,
                                     &run->beam.sets[s], run->mu, run->n_mu, &options, error);
    nd_signal_table_clear(&table);
    return status;
}

/* What another experiment says about the best point of a plane. */
static enum nd_status judge_best(const struct run *run, struct exclusion *exclusion, int s,
                                 struct nd_error *error)
{
    const struct nd_plane_fit *plane = &run->planes[s];
    double counts[ND_BINS_MAX];
    struct nd_mass_fit fit;
    exclusion->best_gain[s] = exclusion->best_limit[s] = NAN;
    if (!has_best(plane))
        return ND_OK;
    nd_signal_counts(exclusion->detector.response, &run->beam.fluxes, &plane->set, plane->best.m4,
                     counts, NULL);
    enum nd_status status = nd_fit_mass(&exclusion->detector.likelihood, counts, plane->best.m4,
                                        run->params.confidence_level, &fit, error);
    if (status == ND_OK)
        status = nd_fit_gains(&exclusion->detector.likelihood, counts, &plane->best.mu, 1,
                              &exclusion->best_gain[s], error);
    exclusion->best_limit[s] = fit.mu_up;
    return status;
}

static enum nd_status exclude(struct run *run, struct exclusion *exclusion, int index,
                              const char *data, struct nd_error *error)
{
    const size_t n_sets = (size_t)run->beam.n_sets, n_masses = (size_t)run->n_masses;
    struct nd_signal_table table = {0};
    exclusion->fits = calloc(n_sets * n_masses, sizeof *exclusion->fits);
    exclusion->best_gain = calloc(n_sets, sizeof *exclusion->best_gain);
    exclusion->best_limit = calloc(n_sets, sizeof *exclusion->best_limit);
    if (exclusion->fits == NULL || exclusion->best_gain == NULL || exclusion->best_limit == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for limits");
    enum nd_status status =
        nd_detector_create(&exclusion->detector, &run->params, data, index, &run->beam, error);
    if (status == ND_OK)
        status = nd_signal_table_create(&table, exclusion->detector.response, &run->beam.fluxes,
                                        run->m4, run->n_masses, error);
    for (size_t s = 0; s < n_sets && status == ND_OK; s++) {
        status = nd_fit_masses(&exclusion->detector.likelihood, &table, &run->beam.sets[s],
                               run->params.confidence_level, &exclusion->fits[s * n_masses], error);
        if (status == ND_OK)
            status = judge_best(run, exclusion, (int)s, error);
    }
    nd_signal_table_clear(&table);
    return status;
}

static enum nd_status solve(struct run *run, const char *data, struct nd_error *error)
{
    enum nd_status status = make_grid(run, error);
    if (status == ND_OK)
        status = fit_planes(run, error);
    if (status != ND_OK)
        return status;
    run->exclusions = calloc((size_t)run->params.exclusion.n + 1, sizeof *run->exclusions);
    if (run->exclusions == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for limits");
    for (int i = 0; i < run->params.exclusion.n && status == ND_OK; i++) {
        run->n_exclusions = i + 1;
        status = exclude(run, &run->exclusions[i], i, data, error);
    }
    return status;
}

static void clear(struct run *run)
{
    for (int i = 0; i < run->n_exclusions; i++) {
        nd_detector_clear(&run->exclusions[i].detector);
        free(run->exclusions[i].fits);
        free(run->exclusions[i].best_gain);
        free(run->exclusions[i].best_limit);
    }
    free(run->exclusions);
    for (int s = 0; run->planes != NULL && s < run->beam.n_sets; s++)
        nd_plane_fit_clear(&run->planes[s]);
    free(run->planes);
    free(run->m4);
    free(run->mu);
    nd_detector_clear(&run->detector);
    nd_beam_clear(&run->beam);
}

/* ---- tables ----------------------------------------------------------------------------- */

static enum nd_status write_gains(const void *context, FILE *stream, struct nd_error *error)
{
    const struct run *run = context;
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

static enum nd_status write_contours(const void *context, FILE *stream, struct nd_error *error)
{
    const struct run *run = context;
    int blocks = 0;
    (void)error;
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
    return ND_OK;
}

static enum nd_status write_best(const void *context, FILE *stream, struct nd_error *error)
{
    const struct run *run = context;
    (void)error;
    for (int s = 0; s < run->beam.n_sets; s++) {
        const struct nd_mass_fit *best = &run->planes[s].best;
        if (has_best(&run->planes[s]))
            fprintf(stream, "%s %.17g %.17g %.17g\n", run->beam.sets[s].name,
                    nd_kev_from_mev(best->m4), nd_params_d_muB(&run->params, best->mu), best->gain);
        else
            fprintf(stream, "%s nan nan 0\n", run->beam.sets[s].name);
    }
    return ND_OK;
}

static void write_limit_block(const struct run *run, const char *experiment, int set,
                              const struct nd_mass_fit *fits, FILE *stream)
{
    const struct nd_params *p = &run->params;
    for (int i = 0; i < run->n_masses; i++)
        fprintf(stream, "%s %s %.17g %.17g %.17g %.17g %.17g\n", experiment,
                run->beam.sets[set].name, nd_kev_from_mev(fits[i].m4),
                nd_params_d_muB(p, fits[i].mu), fits[i].gain, nd_params_d_muB(p, fits[i].mu_low),
                nd_params_d_muB(p, fits[i].mu_up));
}

static enum nd_status write_limits(const void *context, FILE *stream, struct nd_error *error)
{
    const struct run *run = context;
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
                              &run->exclusions[e].fits[s * run->n_masses], stream);
        }
    return ND_OK;
}

static const struct nd_cli_table TABLES[] = {
    {"fit",
     "gain 2 ln L(m4, d) - 2 ln L(no signal) on the grid, nuisance parameters as configured; one "
     "block an item of sources, a blank line after each mass",
     "source m4_keV d_muB two_dlnL", write_gains},
    {"contours",
     "regions of 1, 2, 3 sigma (2 degrees of freedom); one block a closed polygon, its last row "
     "repeats the first",
     "source sigma m4_keV d_muB", write_contours},
    {"best", "best points; nan where no point of the grid is better than no signal",
     "source m4_keV d_muB two_dlnL", write_best},
    {"limits",
     "best coupling of each mass, its gain, and the interval at confidence_level (1 degree of "
     "freedom), whose upper end is the upper limit; inf above the end point; one block an "
     "experiment and item of sources",
     "experiment source m4_keV d_best_muB two_dlnL d_low_muB d_up_muB", write_limits},
};

/* ---- JSON ------------------------------------------------------------------------------- */

static json_t *edges_json(int bits)
{
    json_t *list = json_array();
    for (int i = 0; i < N_EDGES; i++)
        if (bits & (int)EDGES[i].bit)
            json_array_append_new(list, json_string(EDGES[i].name));
    return list;
}

static json_t *best_json(const struct run *run, const struct nd_plane_fit *plane)
{
    const struct nd_params *p = &run->params;
    const struct nd_mass_fit *best = &plane->best;
    if (!has_best(plane))
        return json_null();
    const double flux_error =
        nd_signal_flux_error(run->detector.response, &run->beam.fluxes, run->beam.solar,
                             &plane->set, best->m4);
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
    const struct run *run = context;
    json_t *sources = json_array();
    for (int s = 0; s < run->beam.n_sets; s++) {
        const struct nd_plane_fit *plane = &run->planes[s];
        json_t *regions = json_array();
        for (int k = 0; k < ND_N_LEVELS; k++) {
            json_t *polygons = json_array();
            for (int c = 0; c < plane->contours[k].n; c++)
                json_array_append_new(
                    polygons, polygon_json(&run->params, &plane->contours[k].contours[c]));
            json_array_append_new(regions,
                                  json_pack("{s:i, s:f, s:o}", "sigma", k + 1, "two_dlnL",
                                            nd_two_nll_of_sigma(k + 1.0, 2), "polygons", polygons));
        }
        json_array_append_new(sources, json_pack("{s:s, s:o, s:o}", "source", plane->set.name,
                                                 "best", best_json(run, plane), "regions",
                                                 regions));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "experiment", run->detector.experiment->name,
                     "convention", nd_convention_word(run->params.convention), "contours",
                     nd_contours_word(run->params.contours), "levels", "2 degrees of freedom",
                     "sources", sources);
}

static json_t *exclusion_json(const struct run *run, const struct exclusion *exclusion)
{
    json_t *list = json_array();
    for (int s = 0; s < run->beam.n_sets; s++)
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o}", "source", run->beam.sets[s].name,
                            "two_dlnL_of_best_point", nd_cli_number(exclusion->best_gain[s]),
                            "d_up_muB_at_best_mass",
                            nd_cli_number(nd_params_d_muB(&run->params, exclusion->best_limit[s]))));
    return json_pack("{s:o, s:o}", "detector", nd_cli_detector_json(&exclusion->detector), "limits",
                     list);
}

/* ---- report ----------------------------------------------------------------------------- */

/* Where the region of 1 sigma lies; nothing if there is none. */
static void say_region(const struct nd_cli_options *options, const struct run *run,
                       const struct nd_contours *contours)
{
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
    if (contours->n > 0)
        nd_cli_say(options, "  %.4g to %.4g keV, %.3g to %.3g mu_B%s", nd_kev_from_mev(low_m),
                   nd_kev_from_mev(high_m), nd_params_d_muB(&run->params, low_d),
                   nd_params_d_muB(&run->params, high_d), edges ? " (open at the grid's edge)" : "");
}

static void say_best(const struct nd_cli_options *options, const struct run *run)
{
    nd_cli_say(options, "source           best m4 [keV]   d [mu_B]  2 dlnL  sigma (2 dof)"
                        "  1 sigma region\n");
    for (int s = 0; s < run->beam.n_sets; s++) {
        const struct nd_plane_fit *plane = &run->planes[s];
        const struct nd_mass_fit *best = &plane->best;
        if (!plane->has_signal)
            nd_cli_say(options, "%-15s  no signal: the grid is above its end point\n",
                       plane->set.name);
        else if (!has_best(plane))
            nd_cli_say(options, "%-15s  no point is better than no signal\n", plane->set.name);
        if (!has_best(plane))
            continue;
        nd_cli_say(options, "%-15s  %13.5g  %9.3g  %6.4g  %13.3g", plane->set.name,
                   nd_kev_from_mev(best->m4), nd_params_d_muB(&run->params, best->mu), best->gain,
                   nd_sigma_of_two_nll(best->gain, 2));
        say_region(options, run, &plane->contours[0]);
        nd_cli_say(options, "\n");
        for (int i = 0; i < N_EDGES; i++)
            if (plane->best_at_edge & (int)EDGES[i].bit)
                nd_cli_say(options, "%-15s  at %s: the likelihood rises on beyond it\n", "",
                           EDGES[i].name);
    }
}

static void say_exclusion(const struct nd_cli_options *options, const struct run *run,
                          const struct exclusion *exclusion)
{
    nd_cli_say_detector(options, &exclusion->detector);
    nd_cli_say(options, "source           d at most, best mass [mu_B]  2 dlnL of the best point\n");
    for (int s = 0; s < run->beam.n_sets; s++)
        if (has_best(&run->planes[s]))
            nd_cli_say(options, "%-15s  %27.3g  %24.4g  %s at %g %%\n", run->beam.sets[s].name,
                       nd_params_d_muB(&run->params, exclusion->best_limit[s]),
                       exclusion->best_gain[s],
                       run->planes[s].best.mu > exclusion->best_limit[s] ? "excluded"
                                                                         : "not excluded",
                       100.0 * run->params.confidence_level);
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct run *run = context;
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

/* ---- the command ------------------------------------------------------------------------ */

static int count_contours(const struct run *run)
{
    int n = 0;
    for (int s = 0; s < run->beam.n_sets; s++)
        for (int k = 0; k < ND_N_LEVELS; k++)
            n += run->planes[s].contours[k].n;
    return n;
}

static void finish(const struct nd_cli_options *options, const struct run *run, const char *folder,
                   struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    char labels[ND_CLI_LABELS_MAX], excluding[ND_CLI_LABELS_MAX] = "", beam[ND_TEXT_MAX];
    char caption[2 * ND_TEXT_MAX], range[4][32], n_sources[16], n_contours[16], n_limits[16];
    size_t used = 0;
    nd_cli_labels(&run->beam, labels);
    for (int e = 0; e < run->n_exclusions; e++)
        used += (size_t)snprintf(excluding + used, sizeof excluding - used, "%s%.*s",
                                 e > 0 ? "," : "", 60,
                                 run->exclusions[e].detector.experiment->name);
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
    snprintf(n_contours, sizeof n_contours, "%d", count_contours(run));
    snprintf(n_limits, sizeof n_limits, "%d", run->beam.n_sets * (1 + run->n_exclusions));
    const struct nd_plot_variable variables[] = {
        {"sources", labels},
        {"n_sources", n_sources},
        {"exclusion", excluding},
        {"experiment", run->detector.experiment->title},
        {"n_contours", n_contours},
        {"n_limits", n_limits},
        /* a single mass or coupling has no range: the script finds one */
        {p->m4_points > 1 ? "m_min" : "m_only", range[0]},
        {p->m4_points > 1 ? "m_max" : "m_last", range[1]},
        {p->d_points > 1 ? "d_min" : "d_only", range[2]},
        {p->d_points > 1 ? "d_max" : "d_last", range[3]},
    };
    const struct nd_cli_result result = {
        .command = "fit",
        .params = p,
        .uses = ND_USE_FIT,
        .folder = folder,
        .tables = TABLES,
        .n_tables = sizeof TABLES / sizeof TABLES[0],
        .figure = "fit",
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
    nd_cli_finish(options, &result, error);
}

int nd_cli_fit(const struct nd_cli_options *options, struct nd_error *error)
{
    struct run run = {0};
    char folder[ND_CLI_PATH_MAX], data[ND_DATA_PATH_MAX];
    enum nd_status status = nd_cli_start(options, ND_USE_FIT, &run.params, folder, error);
    if (status == ND_OK)
        status = nd_data_folder(options->data, data, error);
    if (status == ND_OK)
        status =
            nd_beam_create(&run.beam, &run.params, data, "m4_min_keV", run.params.m4_min_keV, error);
    if (status == ND_OK)
        status = nd_detector_create(&run.detector, &run.params, data, -1, &run.beam, error);
    if (status == ND_OK)
        status = solve(&run, data, error);
    if (status == ND_OK)
        finish(options, &run, folder, error);
    clear(&run);
    return 0;
}
