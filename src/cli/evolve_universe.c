/* The coupled Universe from each T_RH down to T_end. */
#include <math.h>
#include <stdlib.h>

#include "evolve.h"

/* Without an error of N_eff the solution is still one, so a failed estimate is a warning. */
static double N_eff_error(const struct nd_model *model, const struct nd_universe_options *options,
                          const struct nd_universe_history *history)
{
    struct nd_error own = ND_ERROR_INIT;
    double value = NAN;
    if (nd_universe_N_eff_error(model, options, history, &value, &own) != ND_OK)
        fprintf(stderr, "nudipole: warning: T_RH = %g MeV: no numerical error of N_eff: %s\n",
                options->T_RH, own.message);
    return value;
}

static enum nd_status solve(const struct nd_cli_options *options, struct nd_cli_universe *run,
                            struct nd_error *error)
{
    const struct nd_params *p = run->params;
    struct nd_universe_tables *tables = NULL;
    struct nd_model sterile = {0}, *model = p->sterile ? &sterile : NULL;
    struct nd_universe_options o = nd_params_universe(p, p->T_RH_MeV.values[0]);
    enum nd_status status = model != NULL ? nd_params_model(p, model, error) : ND_OK;
    if (status == ND_OK)
        status = nd_universe_tables_create(&tables, model, &o, error);
    for (int i = 0; i < p->T_RH_MeV.n && status == ND_OK; i++) {
        char what[ND_TEXT_MAX];
        snprintf(what, sizeof what, "temperatures, T_RH = %g MeV", p->T_RH_MeV.values[i]);
        o.T_RH = p->T_RH_MeV.values[i];
        o.spectra_T = nd_params_universe(p, o.T_RH).spectra_T;
        o.progress = options->quiet ? NULL : nd_cli_progress;
        o.progress_context = what;
        status = nd_universe_solve(model, tables, &o, &run->histories[i], error);
        run->N_eff_errors[i] = NAN;
        if (status == ND_OK && p->error_estimate)
            run->N_eff_errors[i] = N_eff_error(model, &o, &run->histories[i]);
    }
    nd_universe_tables_free(tables);
    return status;
}

void nd_cli_evolve_universe(const struct nd_cli_options *options, const struct nd_params *params,
                            const char *folder, struct nd_error *error)
{
    const int n = params->T_RH_MeV.n;
    struct nd_cli_universe run = {.params = params,
                                  .histories = calloc((size_t)n, sizeof *run.histories),
                                  .N_eff_errors = calloc((size_t)n, sizeof *run.N_eff_errors)};
    char text[2 * ND_TEXT_MAX];
    if (run.histories == NULL || run.N_eff_errors == NULL) {
        nd_fail(error, ND_NO_MEMORY, "no memory for %d histories", n);
    } else {
        nd_cli_describe_universe(params, text, sizeof text);
        nd_cli_say(options, "evolve   %s\n", text);
        nd_cli_warn_hot(nd_params_T_start(params, nd_cli_largest(&params->T_RH_MeV)));
        if (solve(options, &run, error) == ND_OK)
            nd_cli_universe_finish(options, &run, folder, text, error);
    }
    for (int i = 0; i < n && run.histories != NULL; i++)
        nd_universe_history_clear(&run.histories[i]);
    free(run.histories);
    free(run.N_eff_errors);
}
