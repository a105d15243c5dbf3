/* The abundance of N from each T_RH down to T_end, in a Universe that does not notice N. */
#include <math.h>
#include <stdlib.h>

#include "evolve.h"

static const char COLUMNS[] = "T_RH_MeV T_MeV T_nu_MeV t_s H_MeV n_N_MeV3 n_N_eq_MeV3 n_over_neq "
                              "log10_n_over_neq rho_N_over_rho_gamma";
static const char TITLE[] =
    "abundance of N + Nbar after sudden reheating, one block a T_RH; n_N and n_N_eq count N and "
    "Nbar, t is the age of a Universe of radiation; n_over_neq is inf above 1e308, its log10 never";

struct run {
    struct nd_params params;
    struct nd_model model;
    struct nd_background *background;
    struct nd_rate_table *table;
    struct nd_abundance_history *histories; /* one a T_RH */
};

static void write_block(const struct nd_abundance_history *history, FILE *stream)
{
    const double T_RH = history->points[0].background.T;
    for (int i = 0; i < history->n_points; i += history->stride) {
        const struct nd_abundance *p = &history->points[i];
        const double log_ratio = p->log_n - p->log_n_eq;
        fprintf(stream, "%.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g\n", T_RH,
                p->background.T, p->background.T_nu, nd_seconds_from_inverse_mev(p->background.t),
                p->background.H, exp(p->log_n), exp(p->log_n_eq), exp(log_ratio),
                log_ratio / log(10.0), p->rho_N_over_rho_gamma);
    }
}

static enum nd_status write_rows(const void *context, FILE *stream, struct nd_error *error)
{
    const struct run *run = context;
    (void)error;
    for (int i = 0; i < run->params.T_RH_MeV.n; i++) {
        if (i > 0)
            fputs("\n\n", stream); /* gnuplot's separator of blocks */
        write_block(&run->histories[i], stream);
    }
    return ND_OK;
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct run *run = context;
    const struct nd_viability_options judge = nd_params_viability(&run->params);
    json_t *results = json_array();
    nd_cli_say(
        options,
        "T_RH [MeV]  max n/n_eq  at T [MeV]  max rho_N/rho_gamma  at T [MeV]  CVODE steps\n");
    for (int i = 0; i < run->params.T_RH_MeV.n; i++) {
        struct nd_viability v;
        const enum nd_status status = nd_viability_judge(&run->model, run->table, run->background,
                                                         &run->histories[i], &judge, &v, error);
        if (status != ND_OK) {
            json_decref(results);
            return status;
        }
        nd_cli_say(options, "%10g  %10.4g  %10.4g  %19.4g  %10.4g  %11ld\n", v.T_RH,
                   v.n_over_neq.value, v.n_over_neq.T, v.rho_N_over_rho_gamma.value,
                   v.rho_N_over_rho_gamma.T, v.stats.steps);
        json_array_append_new(results, nd_cli_viability_json(&v, &judge));
    }
    json_object_set_new(summary, "results", results);
    return ND_OK;
}

static enum nd_status solve(struct run *run, struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    const struct nd_treatment treatment = nd_params_treatment(p);
    enum nd_status status = nd_background_create(&run->background, error);
    if (status == ND_OK)
        status = nd_rate_table_create(&run->table, run->model.m4, &treatment, run->background,
                                      p->T_end_MeV, nd_cli_largest(&p->T_RH_MeV), p->rate_tolerance,
                                      error);
    for (int i = 0; i < p->T_RH_MeV.n && status == ND_OK; i++) {
        const struct nd_abundance_options o = nd_params_abundance(p, p->T_RH_MeV.values[i]);
        status = nd_abundance_solve(&run->model, run->table, run->background, &o,
                                    &run->histories[i], error);
    }
    return status;
}

void nd_cli_evolve_abundance(const struct nd_cli_options *options, const struct nd_params *params,
                             const char *folder, struct nd_error *error)
{
    struct run run = {.params = *params};
    char text[2 * ND_TEXT_MAX];
    const int n = params->T_RH_MeV.n;
    enum nd_status status = nd_params_model(params, &run.model, error);
    if (status != ND_OK)
        return;
    run.histories = calloc((size_t)n, sizeof *run.histories);
    if (run.histories == NULL) {
        nd_fail(error, ND_NO_MEMORY, "no memory for %d histories", n);
        return;
    }
    nd_cli_describe(params, text, sizeof text);
    nd_cli_say(options, "evolve   %s\n", text);
    nd_cli_warn_hot(nd_cli_largest(&params->T_RH_MeV));
    status = solve(&run, error);
    if (status == ND_OK) {
        const struct nd_cli_table table = {"abundance", TITLE, COLUMNS, write_rows};
        const struct nd_cli_result result = {
            .command = "evolve",
            .params = &run.params,
            .uses = ND_USE_EVOLUTION,
            .folder = folder,
            .tables = &table,
            .n_tables = 1,
            .figures = {"abundance"},
            .caption = text,
            .n_blocks = n,
            .run = &run,
            .report = report,
        };
        nd_cli_finish(options, &result, error);
    }
    for (int i = 0; i < n; i++)
        nd_abundance_history_clear(&run.histories[i]);
    free(run.histories);
    nd_rate_table_free(run.table);
    nd_background_free(run.background);
}
