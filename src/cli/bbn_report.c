/* What `nudipole bbn` leaves behind: abundances.dat, omega_b.dat, summary, terminal, figures. */
#include <math.h>

#include "bbn.h"

static const char ABUNDANCES_COLUMNS[] =
    "T_RH_MeV T_MeV T9 n_per_baryon p_per_baryon d_per_baryon t_per_baryon He3_per_baryon "
    "He4_per_baryon Li7_per_baryon Be7_per_baryon";
static const char ABUNDANCES_TITLE[] =
    "nuclides per baryon against the temperature of photons, one block a T_RH; T9 = T/10^9 K; "
    "nucleons only above the tables of the nuclear rates";
static const char OMEGA_B_COLUMNS[] = "omega_b eta_CMB Y_p Y_p_error D_H D_H_error He3_H "
                                      "He3_H_error Li7_H Li7_H_error";
static const char OMEGA_B_TITLE[] =
    "light elements against the density of baryons today, in the Universe of the first T_RH_MeV; "
    "eta: baryons per photon; errors: one sigma of nuclear rates and tau_n, linear, 0 with "
    "abundance_errors = off";

/* Why abundances know of entropy that N or a field makes. */
static const char BARYONS[] =
    "omega_b is fixed today, at the end of the run, and backwards n_b ~ a^-3: entropy that is made "
    "in between leaves more baryons per photon before; eta_bbn is at T = 0.07 MeV";

/* For people: so many digits of 10^scale times an observable. */
static const struct {
    const char *label;
    int scale, digits, width;
} SHOWN[ND_N_OBSERVABLES] = {
    [ND_OBSERVABLE_N_EFF] = {"N_eff", 0, 4, 8},
    [ND_OBSERVABLE_Y_P] = {"Y_p", 0, 5, 9},
    [ND_OBSERVABLE_D_H] = {"D/H x 1e5", 5, 4, 11},
    [ND_OBSERVABLE_HE3_H] = {"3He/H x 1e5", 5, 4, 13},
    [ND_OBSERVABLE_LI7_H] = {"7Li/H x 1e10", 10, 3, 14},
};

/* "2.4373", or "-" where there is none. */
static const char *text_of(int observable, double value, char text[32])
{
    if (isfinite(value))
        snprintf(text, 32, "%.*f", SHOWN[observable].digits,
                 value * pow(10.0, SHOWN[observable].scale));
    else
        snprintf(text, 32, "-");
    return text;
}

/* The error of a prediction; NAN if it was not asked for, and for N_eff, whose numerical error
 * `evolve` estimates. */
static double error_of(const struct nd_light_elements *result, int observable)
{
    return observable == ND_OBSERVABLE_N_EFF || !result->has_errors
               ? NAN
               : result->prediction.error[observable];
}

/* ---- tables ---------------------------------------------------------------------------- */

static enum nd_status write_abundances(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_bbn *run = context;
    (void)error;
    for (int i = 0; i < run->params.T_RH_MeV.n; i++) {
        const struct nd_bbn *bbn = &run->results[i].bbn;
        if (i > 0)
            fputs("\n\n", stream); /* gnuplot's separator of blocks */
        for (int k = 0; k < bbn->n_points; k++) {
            const struct nd_bbn_point *p = &bbn->points[k];
            fprintf(stream, "%.17g %.17g %.17g", run->params.T_RH_MeV.values[i], p->T,
                    nd_t9_from_mev(p->T));
            for (int j = 0; j < ND_N_NUCLIDES; j++)
                fprintf(stream, " %.17g", p->Y[j]);
            fputc('\n', stream);
        }
    }
    return ND_OK;
}

static enum nd_status write_omega_b(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_bbn *run = context;
    (void)error;
    for (int i = 0; i < run->params.omega_b_points; i++) {
        const struct nd_cli_omega_b *row = &run->omega_b[i];
        fprintf(stream, "%.17g %.17g", row->omega_b, row->eta);
        for (int r = 0; r < ND_N_RATIOS; r++)
            fprintf(stream, " %.17g %.17g", row->ratio[r], row->sigma[r]);
        fputc('\n', stream);
    }
    return ND_OK;
}

/* ---- the terminal ---------------------------------------------------------------------- */

static void say_results(const struct nd_cli_options *options, const struct nd_cli_bbn *run)
{
    nd_cli_say(options, "T_RH [MeV]");
    for (int o = 0; o < ND_N_OBSERVABLES; o++)
        nd_cli_say(options, "%*s%s", SHOWN[o].width, SHOWN[o].label,
                   o != ND_OBSERVABLE_N_EFF ? "       +-" : "");
    nd_cli_say(options, "  eta_bbn/eta_CMB  steps\n");
    for (int i = 0; i < run->params.T_RH_MeV.n; i++) {
        const struct nd_light_elements *result = &run->results[i];
        nd_cli_say(options, "%10g", run->params.T_RH_MeV.values[i]);
        for (int o = 0; o < ND_N_OBSERVABLES; o++) {
            char value[32], error[32];
            nd_cli_say(options, "%*s", SHOWN[o].width,
                       text_of(o, result->prediction.value[o], value));
            if (o != ND_OBSERVABLE_N_EFF)
                nd_cli_say(options, "  %7s", text_of(o, error_of(result, o), error));
        }
        nd_cli_say(options, "  %15.5f  %5ld\n", result->bbn.eta_bbn / result->bbn.eta_end,
                   result->bbn.stats.steps);
    }
}

/* One run beside what is measured. */
static void say_comparison(const struct nd_cli_options *options, const struct nd_cli_bbn *run)
{
    nd_cli_say(options, "\n              computed  measured       +-    pull  source\n");
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        const struct nd_observation *measured = &run->observations.items[o];
        char value[32], seen[32], error[32];
        if (measured->known)
            nd_cli_say(options, "%-12s  %8s  %8s  %7s  %+6.2f  %s%s\n", SHOWN[o].label,
                       text_of(o, run->results[0].prediction.value[o], value),
                       text_of(o, measured->value, seen), text_of(o, measured->error, error),
                       run->verdicts[0].pull[o], measured->source,
                       measured->used ? "" : " (not used for verdicts)");
    }
    nd_cli_say(options, "\n");
}

/* ---- the summary ----------------------------------------------------------------------- */

static json_t *result_json(const struct nd_cli_bbn *run, int i)
{
    json_t *json = json_pack("{s:f}", "T_RH_MeV", run->params.T_RH_MeV.values[i]);
    json_t *light = nd_cli_light_json(&run->results[i]);
    json_object_update(json, light);
    json_decref(light);
    json_object_set_new(json, "observed",
                        nd_cli_verdict_json(&run->observations, &run->verdicts[i]));
    return json;
}

static void add_numbers(const struct nd_light_elements *result, json_t *summary)
{
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        const char *word = nd_observable_word((enum nd_observable)o);
        char key[ND_TEXT_MAX];
        snprintf(key, sizeof key, "%s_error", word);
        json_object_set_new(summary, word, json_real(result->prediction.value[o]));
        json_object_set_new(summary, key, nd_cli_number(error_of(result, o)));
    }
}

static json_t *corrections_json(const struct nd_choice_list *list)
{
    json_t *json = json_array();
    for (int i = 0; i < list->n; i++)
        json_array_append_new(json, json_string(nd_weak_correction_word(list->values[i])));
    return json;
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct nd_cli_bbn *run = context;
    const struct nd_params *p = &run->params;
    json_t *results = json_array();
    (void)error;
    say_results(options, run);
    for (int i = 0; i < p->T_RH_MeV.n; i++)
        json_array_append_new(results, result_json(run, i));
    if (p->T_RH_MeV.n == 1) {
        say_comparison(options, run);
        add_numbers(&run->results[0], summary);
    }
    json_object_set_new(summary, "results", results);
    json_object_set_new(summary, "baryons", json_string(BARYONS));
    json_object_set_new(
        summary, "nuclear_rates",
        json_pack("{s:s, s:o}", "set", p->rates, "sources", nd_cli_sources_json(run->rates)));
    json_object_set_new(summary, "weak_corrections", corrections_json(&p->weak_corrections));
    json_object_set_new(summary, "observations", nd_cli_observations_json(&run->observations));
    return ND_OK;
}

/* ---- the figures ----------------------------------------------------------------------- */

enum { VARIABLES_MAX = 3 + 3 * ND_N_OBSERVABLES };

/* What the scripts know besides their tables: numbers as text, by name. */
struct variables {
    struct nd_plot_variable list[VARIABLES_MAX];
    char names[VARIABLES_MAX][ND_TEXT_MAX], values[VARIABLES_MAX][32];
    int n;
};

static void add_variable(struct variables *v, const char *name, const char *what, double value)
{
    snprintf(v->names[v->n], sizeof v->names[v->n], "%s%s", name, what);
    snprintf(v->values[v->n], sizeof v->values[v->n], "%.9e", value);
    v->list[v->n] = (struct nd_plot_variable){v->names[v->n], v->values[v->n]};
    v->n++;
}

static void set_variables(const struct nd_cli_bbn *run, struct variables *v)
{
    v->n = 0;
    add_variable(v, "T_RH", "", run->params.T_RH_MeV.values[0]);
    add_variable(v, "omega_b", "", run->params.omega_b);
    add_variable(v, "omega_b", "_error", run->params.omega_b_error);
    for (int o = ND_OBSERVABLE_Y_P; o < ND_N_OBSERVABLES; o++) {
        const struct nd_observation *measured = &run->observations.items[o];
        const char *word = nd_observable_word((enum nd_observable)o);
        if (!measured->known)
            continue;
        add_variable(v, word, "_value", measured->value);
        add_variable(v, word, "_error", measured->error);
        add_variable(v, word, "_used", measured->used);
    }
}

enum nd_status nd_cli_bbn_finish(const struct nd_cli_options *options, const struct nd_cli_bbn *run,
                                 const char *folder, const char *caption, struct nd_error *error)
{
    static const struct nd_cli_table TABLES[] = {
        {"abundances", ABUNDANCES_TITLE, ABUNDANCES_COLUMNS, write_abundances},
        {"omega_b", OMEGA_B_TITLE, OMEGA_B_COLUMNS, write_omega_b},
    };
    const int has_omega_b = run->params.omega_b_points > 0;
    struct variables variables;
    set_variables(run, &variables);
    const struct nd_cli_result result = {
        .command = "bbn",
        .params = &run->params,
        .uses = ND_USE_UNIVERSE | ND_USE_BBN | ND_USE_VERDICT |
                (run->params.sterile ? ND_USE_STERILE : 0),
        .folder = folder,
        .tables = TABLES,
        .n_tables = has_omega_b ? 2 : 1,
        .figures = {"abundances", has_omega_b ? "omega_b" : NULL},
        .caption = caption,
        .n_blocks = run->params.T_RH_MeV.n,
        .variables = variables.list,
        .n_variables = variables.n,
        .run = run,
        .report = report,
    };
    return nd_cli_finish(options, &result, error);
}
