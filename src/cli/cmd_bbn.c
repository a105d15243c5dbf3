/* nudipole bbn: Big Bang nucleosynthesis in the coupled Universe of a point, with N or without,
 * from each T_RH. */
#include <stdlib.h>
#include <string.h>

#include "bbn.h"

static enum nd_status allocate(struct nd_cli_bbn *run, struct nd_error *error)
{
    const int n = run->params.T_RH_MeV.n, n_omega_b = run->params.omega_b_points;
    run->results = calloc((size_t)n, sizeof *run->results);
    run->verdicts = calloc((size_t)n, sizeof *run->verdicts);
    run->omega_b = calloc((size_t)n_omega_b + 1, sizeof *run->omega_b);
    if (run->results == NULL || run->verdicts == NULL || run->omega_b == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %d results", n + n_omega_b);
    return ND_OK;
}

static void clear(struct nd_cli_bbn *run)
{
    for (int i = 0; i < run->params.T_RH_MeV.n && run->results != NULL; i++)
        nd_light_elements_clear(&run->results[i]);
    free(run->results);
    free(run->verdicts);
    free(run->omega_b);
    nd_nuclear_rates_free(run->rates);
}

/* Abundances in one Universe, and how they compare with what is measured. */
static enum nd_status solve_one(const struct nd_model *model, struct nd_universe_tables *tables,
                                const struct nd_cli_options *options, struct nd_cli_bbn *run, int i,
                                struct nd_error *error)
{
    const double T_RH = run->params.T_RH_MeV.values[i];
    struct nd_light_elements_options o = nd_params_light_elements(&run->params, T_RH);
    struct nd_error own = ND_ERROR_INIT;
    char what[ND_TEXT_MAX];
    snprintf(what, sizeof what, "temperatures, T_RH = %g MeV", T_RH);
    o.universe.progress = options->quiet ? NULL : nd_cli_progress;
    o.universe.progress_context = what;
    enum nd_status status =
        nd_light_elements_solve(model, tables, run->rates, NULL, &o, &run->results[i], &own);
    if (status == ND_OK)
        status = nd_verdict_judge(&run->observations, &run->results[i].prediction,
                                  &run->verdicts[i], &own);
    if (status == ND_OK)
        return ND_OK;
    /* not every message says which of the runs it is about */
    if (strstr(own.message, "T_RH") != NULL)
        return nd_fail(error, status, "%s", own.message);
    return nd_fail(error, status, "T_RH = %g MeV: %s", T_RH, own.message);
}

/* The same Universe with another density of baryons, which it does not notice. */
static enum nd_status solve_omega_b(const struct nd_cli_bbn *run,
                                    const struct nd_light_elements_options *o,
                                    struct nd_cli_omega_b *row, struct nd_error *error)
{
    const struct nd_bbn_universe *universe = run->results[0].universe;
    const struct nd_bbn_ingredients from = {universe, universe, universe};
    const struct nd_bbn_input_errors input = {.tau_n = o->input.tau_n, .omega_b = 0.0};
    struct nd_bbn_options bbn_options = o->bbn;
    struct nd_bbn_errors errors = {.samples = 0};
    struct nd_bbn bbn;
    bbn_options.omega_b = row->omega_b;
    bbn_options.n_points = 0;
    enum nd_status status = nd_bbn_solve(&from, run->rates, NULL, &bbn_options, &bbn, error);
    if (status == ND_OK && o->errors != ND_LIGHT_ERRORS_OFF)
        status = nd_bbn_errors_linear(&from, run->rates, &input, &bbn_options, &errors, error);
    row->eta = bbn.eta_end;
    memcpy(row->ratio, bbn.ratio, sizeof row->ratio);
    memcpy(row->sigma, errors.sigma, sizeof row->sigma);
    nd_bbn_clear(&bbn);
    return status;
}

static enum nd_status solve_all_omega_b(const struct nd_cli_options *options,
                                        struct nd_cli_bbn *run, struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    const struct nd_light_elements_options o = nd_params_light_elements(p, p->T_RH_MeV.values[0]);
    for (int i = 0; i < p->omega_b_points; i++) {
        struct nd_cli_omega_b *row = &run->omega_b[i];
        struct nd_error own = ND_ERROR_INIT;
        row->omega_b = nd_log_grid(p->omega_b_min, p->omega_b_max, p->omega_b_points, i);
        const enum nd_status status = solve_omega_b(run, &o, row, &own);
        if (status != ND_OK)
            return nd_fail(error, status, "omega_b = %g: %s", row->omega_b, own.message);
        if (!options->quiet)
            nd_cli_progress(i + 1, p->omega_b_points, "densities of baryons");
    }
    return ND_OK;
}

static enum nd_status solve(const struct nd_cli_options *options, struct nd_cli_bbn *run,
                            struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    const struct nd_universe_options first =
        nd_params_light_elements(p, p->T_RH_MeV.values[0]).universe;
    struct nd_universe_tables *tables = NULL;
    struct nd_model sterile = {0}, *model = p->sterile ? &sterile : NULL;
    enum nd_status status = model != NULL ? nd_params_model(p, model, error) : ND_OK;
    if (status == ND_OK)
        status = nd_universe_tables_create(&tables, model, &first, error);
    for (int i = 0; i < p->T_RH_MeV.n && status == ND_OK; i++)
        status = solve_one(model, tables, options, run, i, error);
    nd_universe_tables_free(tables);
    return status == ND_OK ? solve_all_omega_b(options, run, error) : status;
}

int nd_cli_bbn(const struct nd_cli_options *options, struct nd_error *error)
{
    struct nd_cli_bbn run = {.rates = NULL};
    char folder[ND_CLI_PATH_MAX];
    const int uses = ND_USE_UNIVERSE | ND_USE_STERILE | ND_USE_BBN | ND_USE_VERDICT;
    if (nd_cli_start(options, uses, &run.params, folder, error) != ND_OK)
        return 0;
    if (run.params.backreaction == ND_BACKREACTION_OFF)
        run.params.backreaction = ND_BACKREACTION_ON; /* headers and run.ini say what is done */
    enum nd_status status = nd_cli_read_rates(options, &run.params, &run.rates, error);
    if (status == ND_OK)
        status = nd_cli_read_observations(options, &run.params, &run.observations, error);
    if (status == ND_OK)
        status = allocate(&run, error);
    if (status == ND_OK) {
        char universe[2 * ND_TEXT_MAX], light[3 * ND_TEXT_MAX], caption[6 * ND_TEXT_MAX];
        nd_cli_describe_universe(&run.params, universe, sizeof universe);
        nd_cli_describe_light(&run.params, light, sizeof light);
        snprintf(caption, sizeof caption, "%s; %s", universe, light);
        nd_cli_say(options, "bbn      %s\n         %s\n", universe, light);
        nd_cli_warn_hot(nd_params_T_start(&run.params, nd_cli_largest(&run.params.T_RH_MeV)));
        nd_cli_warn_photodisintegration(&run.params);
        if (solve(options, &run, error) == ND_OK)
            nd_cli_bbn_finish(options, &run, folder, caption, error);
    }
    clear(&run);
    return 0;
}
