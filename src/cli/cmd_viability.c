/* nudipole viability: a verdict for each point and reheating temperature. */
#include <stdlib.h>

#include "cli.h"

struct point {
    struct nd_params params;
    struct nd_sweep_row *rows; /* one a T_RH */
    int failed;                /* rows that failed */
};

/* A point whose table of rates fails is a point of failed rows. */
static void solve_point(struct point *point, const struct nd_background *background)
{
    const struct nd_params *p = &point->params;
    const int n = p->T_RH_MeV.n;
    const struct nd_treatment treatment = nd_params_treatment(p);
    const struct nd_viability_options judge = nd_cli_viability_options(p);
    const struct nd_abundance_options options = nd_cli_abundance_options(p, p->T_RH_MeV.values[0]);
    struct nd_error error = ND_ERROR_INIT;
    struct nd_model model;
    struct nd_rate_table *table = NULL;
    if (nd_params_model(p, &model, &error) == ND_OK &&
        nd_rate_table_create(&table, model.m4, &treatment, background, p->T_end_MeV,
                             nd_cli_largest(&p->T_RH_MeV), p->rate_tolerance, &error) == ND_OK) {
        point->failed = nd_sweep_T_RH(&model, table, background, p->T_RH_MeV.values, n, &options,
                                      &judge, point->rows, NULL, NULL);
    } else {
        point->failed = n;
        for (int i = 0; i < n; i++) {
            point->rows[i].T_RH = p->T_RH_MeV.values[i];
            point->rows[i].error = error;
        }
    }
    nd_rate_table_free(table);
}

static json_t *describe_point(const struct nd_cli_options *options, const struct point *point)
{
    const struct nd_params *p = &point->params;
    const struct nd_viability_options judge = nd_cli_viability_options(p);
    const double half = nd_cli_lifetime(p, ND_CONVENTION_HALF);
    const double lagrangian = nd_cli_lifetime(p, ND_CONVENTION_LAGRANGIAN);
    char name[ND_TEXT_MAX], text[2 * ND_TEXT_MAX];
    nd_cli_name(p->file, name, sizeof name);
    nd_cli_describe(p, text, sizeof text);

    json_t *results = json_array();
    nd_cli_say(options, "\n%s: %s\n", name, text);
    nd_cli_say(options, "  lifetime at rest %.4g s (half), %.4g s (lagrangian)\n", half,
               lagrangian);
    nd_cli_say(options, "  %5s  %-50s  %-17s  %s\n", "T_RH", "max Gamma/H per neutrino, T in MeV",
               "max n/n_eq", "max rho_N/rho_g");
    nd_cli_say(options, "  %5s  %8s %8s %8s %8s %8s at T    %8s at T     %8s at T\n", "MeV", "id",
               "up", "syn", "plasmon", "total", "", "");
    for (int i = 0; i < p->T_RH_MeV.n; i++) {
        const struct nd_viability *v = &point->rows[i].viability;
        json_array_append_new(results, nd_cli_row_json(&point->rows[i], &judge));
        if (point->rows[i].error.status != ND_OK)
            continue;
        nd_cli_say(options, "  %5g  %8.3g %8.3g %8.3g %8.3g %8.3g %-7.3g %8.3g %-8.3g %8.3g %.3g\n",
                   v->T_RH, v->gamma_over_H[ND_INVERSE_DECAY].value,
                   v->gamma_over_H[ND_UPSCATTERING].value, v->gamma_over_H[ND_SYNTHESIS].value,
                   v->gamma_over_H[ND_PLASMON_DECAY].value, v->total_gamma_over_H.value,
                   v->total_gamma_over_H.T, v->n_over_neq.value, v->n_over_neq.T,
                   v->rho_N_over_rho_gamma.value, v->rho_N_over_rho_gamma.T);
    }
    for (int i = 0; i < p->T_RH_MeV.n; i++) {
        const struct nd_viability *v = &point->rows[i].viability;
        const struct nd_error *failure = &point->rows[i].error;
        nd_viability_words(v, &judge, text, sizeof text);
        nd_cli_say(options, "  T_RH = %g MeV: %s%s.\n", point->rows[i].T_RH,
                   failure->status != ND_OK ? "failed: " : "",
                   failure->status != ND_OK ? failure->message : text);
    }
    const struct nd_treatment t = nd_params_treatment(p);
    return json_pack("{s:s, s:o, s:s, s:f, s:f, s:s, s:s, s:s, s:s, s:s, s:{s:f, s:f}, s:o}",
                     "name", name, "parameters", nd_cli_parameters(p), "file", p->file, "m4_keV",
                     p->m4_keV, "d_muB", p->d_muB, "flavour", nd_flavour_word(p->flavour),
                     "convention", nd_convention_word(p->convention), "statistics",
                     nd_statistics_word((int)t.statistics), "screening",
                     nd_screening_word((int)t.screening), "neutrino_temperature",
                     nd_neutrino_temperature_word((int)t.neutrinos), "lifetime_s", "half", half,
                     "lagrangian", lagrangian, "results", results);
}

static enum nd_status write_all(const struct nd_cli_options *options, const struct point *points,
                                int n, const char *folder, struct nd_error *error)
{
    enum nd_status status = nd_output_create(folder, error);
    if (status == ND_OK && n == 1)
        status = nd_output_params(folder, &points[0].params, error);
    if (status != ND_OK)
        return status;
    json_t *list = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(list, describe_point(options, &points[i]));
    json_t *summary =
        json_pack("{s:s, s:s, s:s, s:s, s:o}", "program", "nudipole", "version", nd_version(),
                  "source", nd_source_version(), "command", "viability", "points", list);
    status = nd_cli_write_json(folder, "summary.json", summary, error);
    if (status == ND_OK)
        nd_cli_say(options, "\nsummary  %s/summary.json\n", folder);
    return status;
}

/* Solves all points, in parallel: most of the work is one table of rates a point. */
static enum nd_status solve(struct point *points, int n, struct nd_error *error)
{
    struct nd_background *background = NULL;
    enum nd_status status = nd_background_create(&background, error);
    for (int i = 0; i < n && status == ND_OK; i++) {
        const int n_T_RH = points[i].params.T_RH_MeV.n;
        nd_cli_warn_hot(nd_cli_largest(&points[i].params.T_RH_MeV));
        points[i].rows = calloc((size_t)n_T_RH, sizeof *points[i].rows);
        if (points[i].rows == NULL)
            status = nd_fail(error, ND_NO_MEMORY, "no memory for %d verdicts", n_T_RH);
    }
    if (status == ND_OK) {
#pragma omp parallel for schedule(dynamic)
        for (int i = 0; i < n; i++)
            solve_point(&points[i], background);
    }
    nd_background_free(background);
    return status;
}

int nd_cli_viability(const struct nd_cli_options *options, struct nd_error *error)
{
    const int n = options->n_files;
    int rows = 0, failed = 0;
    char folder[ND_CLI_PATH_MAX];
    struct point *points = calloc((size_t)n, sizeof *points);
    enum nd_status status = ND_OK;
    if (points == NULL) {
        nd_fail(error, ND_NO_MEMORY, "no memory for %d points", n);
        return 0;
    }
    for (int i = 0; i < n && status == ND_OK; i++)
        status = nd_cli_load(options, options->files[i], ND_USE_EVOLUTION, NULL, &points[i].params,
                             error);
    if (status == ND_OK)
        status = nd_cli_folder(options, n == 1 ? options->files[0] : "viability", folder, error);
    if (status == ND_OK)
        status = solve(points, n, error);
    for (int i = 0; status == ND_OK && i < n; i++) {
        rows += points[i].params.T_RH_MeV.n;
        failed += points[i].failed;
    }
    if (status == ND_OK && failed == rows && points[0].rows != NULL) /* no verdict at all */
        status = nd_fail(error, points[0].rows[0].error.status, "%s: %s", points[0].params.file,
                         points[0].rows[0].error.message);
    if (status == ND_OK)
        status = write_all(options, points, n, folder, error);
    if (status == ND_OK && failed > 0)
        fprintf(stderr,
                "nudipole: %d of %d verdicts failed; their reasons are in %s/summary.json\n",
                failed, rows, folder);
    for (int i = 0; i < n; i++)
        free(points[i].rows);
    free(points);
    return failed > 0 ? 4 : 0;
}
