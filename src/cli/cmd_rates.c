/* nudipole rates: Gamma/H of every channel against temperature, Fig. 3 of arXiv:2007.05513. */
#include <math.h>

#include "cli.h"

static const char COLUMNS[] =
    "T_MeV T_nu_MeV H_MeV id_per_nu up_per_nu syn_per_nu plasmon_per_nu total_per_nu id_per_N "
    "up_per_N syn_per_N plasmon_per_N total_per_N";
static const char TITLE[] =
    "Gamma/H: gamma/(n_nu H) per active neutrino of the coupled flavour (one helicity), and "
    "gamma/(n_N^eq H); gamma counts N alone; T_nu is that of the collision integrals";

struct run {
    struct nd_params params;
    struct nd_model model;
    struct nd_treatment treatment;
    struct nd_background *background;
    struct nd_rate_table *table;
};

static enum nd_status write_rows(const void *context, FILE *stream, struct nd_error *error)
{
    const struct run *run = context;
    enum nd_status status = ND_OK;
    const int n = run->params.T_points;
    const double T_min = run->params.T_min_MeV, T_max = run->params.T_max_MeV;
    for (int i = 0; i < n && status == ND_OK; i++) {
        struct nd_background_state state;
        struct nd_rates rates;
        const double T = nd_log_grid(T_min, T_max, n, i);
        status = nd_background_at(run->background, T, &state, error);
        if (status == ND_OK)
            status = nd_rate_table_at(run->table, run->model.mu, &state, &rates, error);
        if (status != ND_OK)
            break;
        fprintf(stream, "%.17g %.17g %.17g", T, nd_collision_T_nu(&run->treatment, &state),
                state.H);
        double total = 0.0;
        for (int c = 0; c < ND_N_CHANNELS; c++) {
            const double value =
                nd_gamma_over_H_per_neutrino(&rates, &state, &run->treatment, (enum nd_channel)c);
            fprintf(stream, " %.17g", value);
            total += value;
        }
        fprintf(stream, " %.17g", total);
        total = 0.0;
        for (int c = 0; c < ND_N_CHANNELS; c++) {
            const double value = nd_gamma_over_H_per_N(&rates, &state, (enum nd_channel)c);
            fprintf(stream, " %.17g", value);
            total += value;
        }
        fprintf(stream, " %.17g\n", total);
    }
    return status;
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct run *run = context;
    struct nd_extremum total, channels[ND_N_CHANNELS];
    enum nd_status status =
        nd_max_gamma_over_H(&run->model, run->table, run->background, run->params.T_min_MeV,
                            run->params.T_max_MeV, &total, channels, error);
    if (status != ND_OK)
        return status;
    json_t *maxima = json_object(), *errors = json_object();
    double interpolation = 0.0, quadrature = 0.0;
    nd_cli_say(options, "channel  max Gamma/H per nu    at T [MeV]\n");
    for (int c = 0; c < ND_N_CHANNELS; c++) {
        const char *name = nd_channel_name((enum nd_channel)c);
        const double table_error =
            nd_rate_table_interpolation_error(run->table, (enum nd_channel)c);
        const double integral_error =
            nd_rate_table_quadrature_error(run->table, (enum nd_channel)c);
        interpolation = fmax(interpolation, table_error);
        quadrature = fmax(quadrature, integral_error);
        nd_cli_say(options, "%-8s %18.6g %13.5g\n", name, channels[c].value, channels[c].T);
        json_object_set_new(maxima, name, nd_cli_extremum(&channels[c]));
        json_object_set_new(errors, name,
                            json_pack("{s:f, s:f}", "interpolation_of_total", table_error,
                                      "quadrature_of_channel", integral_error));
    }
    nd_cli_say(options, "%-8s %18.6g %13.5g\n", "total", total.value, total.T);
    nd_cli_say(options, "relative errors: integrals < %.1e, interpolation of the total < %.1e\n",
               quadrature, interpolation);
    json_object_set_new(maxima, "total", nd_cli_extremum(&total));
    json_object_set_new(summary, "max_Gamma_over_H", maxima);
    json_object_set_new(summary, "relative_error", errors);
    json_object_set_new(summary, "table_nodes", json_integer(nd_rate_table_nodes(run->table)));
    json_object_set_new(summary, "lifetime_s",
                        json_pack("{s:f, s:f}", "half",
                                  nd_cli_lifetime(&run->params, ND_CONVENTION_HALF), "lagrangian",
                                  nd_cli_lifetime(&run->params, ND_CONVENTION_LAGRANGIAN)));
    return ND_OK;
}

int nd_cli_rates(const struct nd_cli_options *options, struct nd_error *error)
{
    struct run run = {0};
    char folder[ND_CLI_PATH_MAX], text[2 * ND_TEXT_MAX];
    enum nd_status status = nd_cli_start(options, ND_USE_RATES, &run.params, folder, error);
    if (status == ND_OK)
        status = nd_params_model(&run.params, &run.model, error);
    if (status != ND_OK)
        return 0;
    run.treatment = nd_params_treatment(&run.params);
    nd_cli_describe(&run.params, text, sizeof text);
    nd_cli_say(options, "rates    %s\n", text);
    nd_cli_warn_hot(run.params.T_max_MeV);
    status = nd_background_create(&run.background, error);
    if (status == ND_OK)
        status = nd_rate_table_create(&run.table, run.model.m4, &run.treatment, run.background,
                                      run.params.T_min_MeV, run.params.T_max_MeV,
                                      run.params.rate_tolerance, error);
    if (status == ND_OK) {
        const struct nd_cli_table table = {"rates", TITLE, COLUMNS, write_rows};
        const struct nd_cli_result result = {
            .command = "rates",
            .params = &run.params,
            .uses = ND_USE_RATES,
            .folder = folder,
            .tables = &table,
            .n_tables = 1,
            .figures = {"rates"},
            .caption = text,
            .n_blocks = 1,
            .run = &run,
            .report = report,
        };
        nd_cli_finish(options, &result, error);
    }
    nd_rate_table_free(run.table);
    nd_background_free(run.background);
    return 0;
}
