/* What `nudipole viability` says: terminal, viability.dat, summary.json. */
#include <math.h>
#include <string.h>

#include "viability.h"

static const char COLUMNS[] =
    "point T_RH_MeV reheating N_eff Y_p Y_p_error D_H D_H_error He3_H He3_H_error Li7_H "
    "Li7_H_error eta_bbn_over_standard chi2_N_eff chi2_Y_p chi2_D_H chi2 sigma verdict decided_by "
    "through max_Gamma_over_H max_n_over_neq thermalises_paper thermalises_dynamical status";
static const char TITLE[] =
    "light elements of each point and T_RH against measurements; parameters of each point are in "
    "summary.json; a failed row has nan and a status other than ok";

/* Through what the deciding observable differs from the Standard Model's. */
static const char *through(const struct nd_point *row)
{
    const char *effect = nd_point_through(row, row->verdict.deciding);
    return effect != NULL ? effect : "-";
}

/* ---- terminal ---------------------------------------------------------------------------- */

static void say_criteria(const struct nd_cli_options *options,
                         const struct nd_cli_viability_point *point)
{
    const struct nd_params *p = &point->params;
    nd_cli_say(options, "  lifetime at rest %.4g s (half), %.4g s (lagrangian)\n",
               nd_cli_lifetime(p, ND_CONVENTION_HALF),
               nd_cli_lifetime(p, ND_CONVENTION_LAGRANGIAN));
    nd_cli_say(options, "  %5s  %-50s  %-17s  %s\n", "T_RH", "max Gamma/H per neutrino, T in MeV",
               "max n/n_eq", "max rho_N/rho_g");
    nd_cli_say(options, "  %5s  %8s %8s %8s %8s %8s at T    %8s at T     %8s at T\n", "MeV", "id",
               "up", "syn", "plasmon", "total", "", "");
    for (int i = 0; i < p->T_RH_MeV.n; i++) {
        const struct nd_viability *v = &point->rows[i].criteria;
        if (point->rows[i].criteria_error.status != ND_OK)
            continue;
        nd_cli_say(options, "  %5g  %8.3g %8.3g %8.3g %8.3g %8.3g %-7.3g %8.3g %-8.3g %8.3g %.3g\n",
                   v->T_RH, v->gamma_over_H[ND_INVERSE_DECAY].value,
                   v->gamma_over_H[ND_UPSCATTERING].value, v->gamma_over_H[ND_SYNTHESIS].value,
                   v->gamma_over_H[ND_PLASMON_DECAY].value, v->total_gamma_over_H.value,
                   v->total_gamma_over_H.T, v->n_over_neq.value, v->n_over_neq.T,
                   v->rho_N_over_rho_gamma.value, v->rho_N_over_rho_gamma.T);
    }
}

static void say_light(const struct nd_cli_options *options,
                      const struct nd_cli_viability_point *point)
{
    const struct nd_params *p = &point->params;
    char text[2 * ND_TEXT_MAX];
    nd_cli_describe_light(p, text, sizeof text);
    nd_cli_say(options, "  %s reheating; %s\n", nd_reheating_word(p->reheating), text);
    nd_cli_say(options, "  %5s  %6s  %-15s %-14s %-14s %-13s %-8s  %s\n", "T_RH", "N_eff", "Y_p",
               "D/H 1e-5", "3He/H 1e-5", "7Li/H 1e-10", "baryons", "chi^2 of");
    nd_cli_say(options, "  %5s  %6s  %-15s %-14s %-14s %-13s %-8s  %7s %7s %7s\n", "MeV", "", "",
               "", "", "", "of SM's", "N_eff", "Y_p", "D/H");
    for (int i = 0; i < p->T_RH_MeV.n; i++) {
        const struct nd_point *row = &point->rows[i];
        const double *value = row->light.prediction.value, *error = row->light.prediction.error;
        const double *chi2 = row->verdict.chi2;
        if (row->light_error.status != ND_OK)
            continue;
        nd_cli_say(options,
                   "  %5g  %6.3f  %.4f +-%.4f  %.3f +-%.3f  %.3f +-%.3f  %.2f +-%.2f  %7.4f   "
                   "%7.2f %7.2f %7.2f\n",
                   row->T_RH, value[ND_OBSERVABLE_N_EFF], value[ND_OBSERVABLE_Y_P],
                   error[ND_OBSERVABLE_Y_P], 1e5 * value[ND_OBSERVABLE_D_H],
                   1e5 * error[ND_OBSERVABLE_D_H], 1e5 * value[ND_OBSERVABLE_HE3_H],
                   1e5 * error[ND_OBSERVABLE_HE3_H], 1e10 * value[ND_OBSERVABLE_LI7_H],
                   1e10 * error[ND_OBSERVABLE_LI7_H],
                   row->light.bbn.eta_bbn / row->standard.bbn.eta_bbn, chi2[ND_OBSERVABLE_N_EFF],
                   chi2[ND_OBSERVABLE_Y_P], chi2[ND_OBSERVABLE_D_H]);
    }
}

static void say_verdicts(const struct nd_cli_options *options,
                         const struct nd_cli_viability_point *point)
{
    const struct nd_params *p = &point->params;
    const struct nd_viability_options judge = nd_params_viability(p);
    char text[2 * ND_TEXT_MAX];
    for (int i = 0; i < p->T_RH_MeV.n; i++) {
        const struct nd_point *row = &point->rows[i];
        if (p->sterile && row->criteria_error.status != ND_OK) {
            nd_cli_say(options, "  T_RH = %g MeV: failed: %s.\n", row->T_RH,
                       row->criteria_error.message);
        } else if (p->sterile) {
            nd_viability_words(&row->criteria, &judge, text, sizeof text);
            nd_cli_say(options, "  T_RH = %g MeV: %s.\n", row->T_RH, text);
        }
        if (!p->light_elements)
            continue;
        if (row->light_error.status == ND_OK)
            nd_point_words(row, text, sizeof text);
        nd_cli_say(options, "  T_RH = %g MeV: %s%s.\n", row->T_RH,
                   row->light_error.status != ND_OK ? "failed: " : "",
                   row->light_error.status != ND_OK ? row->light_error.message : text);
    }
}

static void say_point(const struct nd_cli_options *options,
                      const struct nd_cli_viability_point *point)
{
    const struct nd_params *p = &point->params;
    char text[2 * ND_TEXT_MAX];
    if (p->sterile)
        nd_cli_describe(p, text, sizeof text);
    else
        nd_cli_describe_universe(p, text, sizeof text);
    nd_cli_say(options, "\n%s: %s\n", point->name, text);
    if (p->sterile)
        say_criteria(options, point);
    if (p->light_elements)
        say_light(options, point);
    say_verdicts(options, point);
}

/* All points in one table. */
static void say_table(const struct nd_cli_options *options,
                      const struct nd_cli_viability_point *points, int n)
{
    nd_cli_say(options, "\n%-12s %-9s %5s  %6s  %6s  %8s  %6s  %-11s %-6s %-10s %s\n", "point",
               "reheating", "T_RH", "N_eff", "Y_p", "D/H 1e-5", "sigma", "verdict", "by", "through",
               "N thermalises");
    for (int i = 0; i < n; i++)
        for (int j = 0; j < points[i].params.T_RH_MeV.n; j++) {
            const struct nd_point *row = &points[i].rows[j];
            const char *reheating = nd_reheating_word(points[i].params.reheating);
            if (!points[i].params.light_elements)
                continue;
            if (row->light_error.status != ND_OK) {
                nd_cli_say(options, "%-12s %-9s %5g  failed\n", points[i].name, reheating,
                           row->T_RH);
                continue;
            }
            const struct nd_verdict *v = &row->verdict;
            const double *value = row->light.prediction.value;
            const int judged = points[i].params.sterile && row->criteria_error.status == ND_OK;
            nd_cli_say(options, "%-12s %-9s %5g  %6.3f  %6.4f  %8.3f  %6.1f  %-11s %-6s %-10s %s\n",
                       points[i].name, reheating, row->T_RH, value[ND_OBSERVABLE_N_EFF],
                       value[ND_OBSERVABLE_Y_P], 1e5 * value[ND_OBSERVABLE_D_H], v->sigma,
                       nd_verdict_word(v->verdict), nd_observable_label(v->deciding), through(row),
                       !judged                               ? "-"
                       : row->criteria.thermalises_dynamical ? "yes"
                                                             : "no");
        }
}

/* ---- viability.dat ----------------------------------------------------------------------- */

static void write_row(const struct nd_cli_viability_point *point, const struct nd_point *row,
                      FILE *stream)
{
    const int failed = nd_cli_viability_failed(row), light = row->light_error.status == ND_OK;
    const int judged = point->params.sterile && row->criteria_error.status == ND_OK;
    const double *value = row->light.prediction.value, *error = row->light.prediction.error;
    const struct nd_verdict *v = &row->verdict;
    const struct nd_viability *c = &row->criteria;
    fprintf(stream, "%s %.17g %s", point->name, row->T_RH,
            nd_reheating_word(point->params.reheating));
    if (light)
        fprintf(stream, " %.17g", value[ND_OBSERVABLE_N_EFF]);
    for (int o = ND_OBSERVABLE_Y_P; light && o < ND_N_OBSERVABLES; o++)
        fprintf(stream, " %.17g %.17g", value[o], error[o]);
    if (light) {
        fprintf(stream, " %.17g", row->light.bbn.eta_bbn / row->standard.bbn.eta_bbn);
        for (int o = ND_OBSERVABLE_N_EFF; o <= ND_OBSERVABLE_D_H; o++)
            fprintf(stream, " %.17g", v->chi2[o]);
        fprintf(stream, " %.17g %.17g %s %s %s", v->chi2_total, v->sigma,
                v->verdict == ND_IN_TENSION ? "in_tension" : nd_verdict_word(v->verdict),
                nd_observable_word(v->deciding), through(row));
    } else {
        fputs(" nan nan nan nan nan nan nan nan nan nan nan nan nan nan nan - - -", stream);
    }
    if (judged)
        fprintf(stream, " %.17g %.17g %d %d", c->total_gamma_over_H.value, c->n_over_neq.value,
                c->thermalises_paper, c->thermalises_dynamical);
    else
        fputs(" nan nan nan nan", stream);
    fprintf(stream, " %s\n", failed ? "failed" : "ok");
}

static enum nd_status write_table(const struct nd_cli_viability_point *points, int n,
                                  const char *folder, struct nd_error *error)
{
    struct nd_output_file file;
    const enum nd_status status = nd_output_begin(&file, folder, "viability.dat", error);
    if (status != ND_OK)
        return status;
    nd_output_table_header(file.stream, &points[0].params, 0, TITLE, COLUMNS);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < points[i].params.T_RH_MeV.n && points[i].params.light_elements; j++)
            write_row(&points[i], &points[i].rows[j], file.stream);
    return nd_output_commit(&file, error);
}

/* ---- summary.json ------------------------------------------------------------------------ */

static json_t *criteria_json(const struct nd_point *row, const struct nd_viability_options *judge)
{
    return row->criteria_error.status == ND_OK ? nd_cli_viability_json(&row->criteria, judge)
                                               : json_pack("{s:f, s:s}", "T_RH_MeV", row->T_RH,
                                                           "error", row->criteria_error.message);
}

static json_t *row_json(const struct nd_cli_viability_point *point, const struct nd_point *row)
{
    const struct nd_viability_options judge = nd_params_viability(&point->params);
    json_t *json = point->params.sterile ? criteria_json(row, &judge)
                                         : json_pack("{s:f}", "T_RH_MeV", row->T_RH);
    if (!point->params.light_elements)
        return json;
    if (row->light_error.status != ND_OK) {
        json_object_set_new(json, "light_elements",
                            json_pack("{s:s}", "error", row->light_error.message));
        return json;
    }
    char words[2 * ND_TEXT_MAX];
    nd_point_words(row, words, sizeof words);
    json_t *verdict = nd_cli_verdict_json(&point->observations, &row->verdict);
    json_object_set_new(verdict, "through", json_string(through(row)));
    json_object_set_new(verdict, "words", json_string(words));
    json_object_set_new(json, "light_elements", nd_cli_light_json(&row->light));
    json_object_set_new(json, "against_measurements", verdict);
    return json;
}

static json_t *point_json(const struct nd_cli_viability_point *point)
{
    const struct nd_params *p = &point->params;
    const struct nd_treatment t = nd_params_treatment(p);
    json_t *results = json_array();
    for (int i = 0; i < p->T_RH_MeV.n; i++)
        json_array_append_new(results, row_json(point, &point->rows[i]));
    json_t *json = json_pack(
        "{s:s, s:o, s:s, s:f, s:f, s:s, s:s, s:s, s:s, s:s, s:{s:f, s:f}, s:o}", "name",
        point->name, "parameters", nd_cli_parameters(p), "file", p->file, "m4_keV", p->m4_keV,
        "d_muB", p->d_muB, "flavour", nd_flavour_word(p->flavour), "convention",
        nd_convention_word(p->convention), "statistics", nd_statistics_word((int)t.statistics),
        "screening", nd_screening_word((int)t.screening), "neutrino_temperature",
        nd_neutrino_temperature_word((int)t.neutrinos), "lifetime_s", "half",
        nd_cli_lifetime(p, ND_CONVENTION_HALF), "lagrangian",
        nd_cli_lifetime(p, ND_CONVENTION_LAGRANGIAN), "results", results);
    if (p->light_elements) {
        json_object_set_new(
            json, "nuclear_rates",
            json_pack("{s:s, s:o}", "set", p->rates, "sources", nd_cli_sources_json(point->rates)));
        json_object_set_new(json, "observations", nd_cli_observations_json(&point->observations));
        if (point->rows[0].light.has_effects)
            json_object_set_new(json, "standard_model",
                                nd_cli_light_json(&point->rows[0].standard));
    }
    return json;
}

enum nd_status nd_cli_viability_finish(const struct nd_cli_options *options,
                                       const struct nd_cli_viability_point *points, int n,
                                       const char *folder, struct nd_error *error)
{
    int light = 0;
    enum nd_status status = nd_output_create(folder, error);
    if (status == ND_OK && n == 1)
        status = nd_output_params(folder, &points[0].params, error);
    if (status != ND_OK)
        return status;
    json_t *list = json_array();
    for (int i = 0; i < n; i++) {
        say_point(options, &points[i]);
        json_array_append_new(list, point_json(&points[i]));
        light = light || points[i].params.light_elements;
    }
    if (light)
        say_table(options, points, n);
    json_t *summary =
        json_pack("{s:s, s:s, s:s, s:s, s:o}", "program", "nudipole", "version", nd_version(),
                  "source", nd_source_version(), "command", "viability", "points", list);
    status = nd_cli_write_json(folder, "summary.json", summary, error);
    if (status == ND_OK && light)
        status = write_table(points, n, folder, error);
    if (status == ND_OK)
        nd_cli_say(options, "\nsummary  %s/summary.json\n", folder);
    if (status == ND_OK && light)
        nd_cli_say(options, "table    %s/viability.dat\n", folder);
    return status;
}
