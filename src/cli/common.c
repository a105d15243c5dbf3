/* What the commands share. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum nd_status nd_cli_load(const struct nd_cli_options *options, const char *file, int uses,
                           const struct nd_params *base, struct nd_params *params,
                           struct nd_error *error)
{
    if (base != NULL)
        *params = *base;
    else
        nd_params_init(params);
    enum nd_status status = nd_params_read(params, file, error);
    if (base != NULL)
        memcpy(params->file, base->file, sizeof params->file);
    for (int i = 0; i < options->n_sets && status == ND_OK; i++)
        status = nd_params_set(params, options->sets[i], error);
    if (status == ND_OK)
        status = nd_params_read_precision(params, error);
    return status == ND_OK ? nd_params_check(params, uses, error) : status;
}

void nd_cli_name(const char *file, char *name, size_t size)
{
    const char *slash = strrchr(file, '/');
    snprintf(name, size, "%s", slash != NULL ? slash + 1 : file);
    char *dot = strrchr(name, '.');
    if (dot != NULL && dot != name)
        *dot = '\0';
    /* a name stands in columns that blanks separate */
    for (char *c = name; *c != '\0'; c++)
        if (isspace((unsigned char)*c))
            *c = '_';
}

enum nd_status nd_cli_folder(const struct nd_cli_options *options, const char *file,
                             char folder[ND_CLI_PATH_MAX], struct nd_error *error)
{
    char name[ND_TEXT_MAX];
    nd_cli_name(file, name, sizeof name);
    const int length = options->output != NULL
                           ? snprintf(folder, ND_CLI_PATH_MAX, "%s", options->output)
                           : snprintf(folder, ND_CLI_PATH_MAX, "output/%s", name);
    if (length < 0 || length >= ND_CLI_PATH_MAX)
        return nd_fail(error, ND_IO_ERROR, "--output: the name is too long: at most %d letters",
                       ND_CLI_PATH_MAX - 1);
    return nd_output_check(folder, error);
}

enum nd_status nd_cli_start(const struct nd_cli_options *options, int uses,
                            struct nd_params *params, char folder[ND_CLI_PATH_MAX],
                            struct nd_error *error)
{
    const enum nd_status status =
        nd_cli_load(options, options->files[0], uses, NULL, params, error);
    return status == ND_OK ? nd_cli_folder(options, options->files[0], folder, error) : status;
}

void nd_cli_say(const struct nd_cli_options *options, const char *format, ...)
{
    if (options->quiet)
        return;
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
}

void nd_cli_describe_treatment(const struct nd_treatment *treatment, char *text, size_t size)
{
    snprintf(text, size, "%s, screening %s, neutrinos %s",
             nd_statistics_word((int)treatment->statistics),
             nd_screening_word((int)treatment->screening),
             nd_neutrino_temperature_word((int)treatment->neutrinos));
}

static void describe_model(const struct nd_params *params, char *text, size_t size)
{
    snprintf(text, size, "m4 = %g keV, d = %g mu_B, nu_%s, %s convention", params->m4_keV,
             params->d_muB, nd_flavour_word(params->flavour),
             nd_convention_word(params->convention));
}

void nd_cli_describe(const struct nd_params *params, char *text, size_t size)
{
    const struct nd_treatment treatment = nd_params_treatment(params);
    char model[ND_TEXT_MAX], words[ND_TEXT_MAX];
    describe_model(params, model, sizeof model);
    nd_cli_describe_treatment(&treatment, words, sizeof words);
    snprintf(text, size, "%s; %s", model, words);
}

void nd_cli_describe_universe(const struct nd_params *params, char *text, size_t size)
{
    char model[ND_TEXT_MAX] = "no N", N[ND_TEXT_MAX] = "";
    if (params->sterile) {
        describe_model(params, model, sizeof model);
        snprintf(N, sizeof N, ", N %s at the start%s, screening %s",
                 nd_N_initial_word(params->N_initial),
                 params->backreaction == ND_BACKREACTION_PASSIVE ? " and passive" : "",
                 nd_screening_word(params->screening));
    }
    snprintf(text, size, "%s; coupled, %s reheating%s, mixing %s, QED %s%s", model,
             nd_reheating_word(params->reheating), N, nd_mixing_word(params->mixing),
             nd_qed_word(params->qed), params->weak ? "" : ", no weak interactions");
}

void nd_cli_warn_hot(double T_max)
{
    if (T_max > ND_BACKGROUND_T_WARN)
        fprintf(stderr,
                "nudipole: warning: T up to %g MeV: muons and hadrons are missing above about %g "
                "MeV\n",
                T_max, ND_BACKGROUND_T_WARN);
}

double nd_cli_lifetime(const struct nd_params *params, enum nd_convention convention)
{
    struct nd_model model;
    if (nd_model_init(&model, nd_mev_from_kev(params->m4_keV), params->d_muB * nd_bohr_magneton(),
                      convention, ND_FLAVOUR_TAU, NULL) != ND_OK)
        return NAN;
    return nd_seconds_from_inverse_mev(1.0 / nd_model_width(&model));
}

json_t *nd_cli_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *nd_cli_parameters(const struct nd_params *params)
{
    json_t *parameters = json_object();
    /* the text of run.ini, key by key; a list may go on in an indented line */
    char *text = NULL, *rest = NULL, *key = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return parameters;
    nd_params_write(params, stream, "");
    fclose(stream);
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *equals = strstr(line, " = ");
        if (line[0] == ' ' && key != NULL) {
            const char *before = json_string_value(json_object_get(parameters, key));
            json_object_set_new(parameters, key, json_sprintf("%s, %s", before, line + 4));
        } else if (equals != NULL) {
            *equals = '\0';
            key = line;
            json_object_set_new(parameters, key, json_string(equals + 3));
        }
    }
    free(text);
    return parameters;
}

json_t *nd_cli_summary(const char *command, const struct nd_params *params)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "program", "nudipole", "version",
                     nd_version(), "source", nd_source_version(), "command", command, "file",
                     params->file, "convention", nd_convention_word(params->convention),
                     "parameters", nd_cli_parameters(params));
}

json_t *nd_cli_extremum(const struct nd_extremum *extremum)
{
    return json_pack("{s:o, s:o}", "value", nd_cli_number(extremum->value), "T_MeV",
                     nd_cli_number(extremum->T));
}

json_t *nd_cli_viability_json(const struct nd_viability *v,
                              const struct nd_viability_options *options)
{
    char words[512];
    nd_viability_words(v, options, words, sizeof words);
    json_t *channels = json_object();
    for (int c = 0; c < ND_N_CHANNELS; c++)
        json_object_set_new(channels, nd_channel_name((enum nd_channel)c),
                            nd_cli_extremum(&v->gamma_over_H[c]));
    json_object_set_new(channels, "total", nd_cli_extremum(&v->total_gamma_over_H));
    return json_pack(
        "{s:f, s:o, s:o, s:b, s:f, s:o, s:o, s:b, s:b, s:f, s:s, s:{s:I, s:I, s:I}}", "T_RH_MeV",
        v->T_RH, "max_Gamma_over_H", channels, "max_n_over_neq", nd_cli_extremum(&v->n_over_neq),
        "maximum_at_window_edge", v->at_window_edge, "window_T_min_MeV", v->T_window,
        "max_log10_n_over_neq_all_T", nd_cli_extremum(&v->log10_n_over_neq_all),
        "max_rho_N_over_rho_gamma", nd_cli_extremum(&v->rho_N_over_rho_gamma),
        "thermalises_paper_criterion", v->thermalises_paper, "thermalises_dynamical_criterion",
        v->thermalises_dynamical, "thermal_fraction", options->fraction, "verdict", words, "cvode",
        "steps", (json_int_t)v->stats.steps, "rhs_calls", (json_int_t)v->stats.rhs_calls,
        "jacobian_calls", (json_int_t)v->stats.jacobian_calls);
}

enum nd_status nd_cli_write_json(const char *folder, const char *name, json_t *json,
                                 struct nd_error *error)
{
    struct nd_output_file file;
    enum nd_status status = ND_OK;
    if (json == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %s", name);
    status = nd_output_begin(&file, folder, name, error);
    if (status == ND_OK) {
        const int failed = json_dumpf(json, file.stream, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
        fputc('\n', file.stream);
        status = nd_output_commit(&file, error);
        if (failed)
            status = nd_fail(error, ND_IO_ERROR, "%s: cannot be written as JSON", file.path);
    }
    json_decref(json);
    return status;
}

static enum nd_status write_table(const struct nd_cli_result *result,
                                  const struct nd_cli_table *table, struct nd_error *error)
{
    struct nd_output_file file;
    char name[ND_TEXT_MAX];
    snprintf(name, sizeof name, "%s.dat", table->name);
    enum nd_status status = nd_output_begin(&file, result->folder, name, error);
    if (status != ND_OK)
        return status;
    nd_output_table_header(file.stream, result->params, result->uses, table->title, table->columns);
    status = table->write_rows(result->run, file.stream, error);
    if (status == ND_OK)
        return nd_output_commit(&file, error);
    nd_output_discard(&file);
    return status;
}

static enum nd_status draw(const struct nd_cli_result *result, const char *figure,
                           struct nd_error *error)
{
    const size_t own = 2, n = own + (size_t)result->n_variables;
    char blocks[16];
    snprintf(blocks, sizeof blocks, "%d", result->n_blocks);
    struct nd_plot_variable *variables = malloc(n * sizeof *variables);
    if (variables == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a figure");
    variables[0] = (struct nd_plot_variable){"caption", result->caption};
    variables[1] = (struct nd_plot_variable){"n_blocks", blocks};
    for (int i = 0; i < result->n_variables; i++)
        variables[own + (size_t)i] = result->variables[i];
    const enum nd_status status = nd_plot_write(result->folder, figure, variables, n, 1, error);
    free(variables);
    return status;
}

static enum nd_status write_summary(const struct nd_cli_options *options,
                                    const struct nd_cli_result *result, struct nd_error *error)
{
    json_t *summary = nd_cli_summary(result->command, result->params);
    const enum nd_status status = result->report(result->run, options, summary, error);
    if (status == ND_OK)
        return nd_cli_write_json(result->folder, "summary.json", summary, error);
    json_decref(summary);
    return status;
}

enum nd_status nd_cli_finish(const struct nd_cli_options *options,
                             const struct nd_cli_result *result, struct nd_error *error)
{
    enum nd_status status = nd_output_create(result->folder, error);
    if (status == ND_OK)
        status = nd_output_params(result->folder, result->params, error);
    for (int i = 0; i < result->n_tables && status == ND_OK; i++)
        status = write_table(result, &result->tables[i], error);
    if (status == ND_OK && result->json != NULL)
        status =
            nd_cli_write_json(result->folder, result->json_name, result->json(result->run), error);
    if (status == ND_OK)
        status = write_summary(options, result, error);
    if (status != ND_OK)
        return status;
    nd_cli_say(options, "table    %s/%s.dat\n", result->folder, result->tables[0].name);
    /* The numbers are safe by now: without gnuplot, say so and leave the rest to the user. */
    for (int i = 0; i < ND_CLI_FIGURES_MAX && result->figures[i] != NULL; i++) {
        const char *figure = result->figures[i];
        struct nd_error undrawn = ND_ERROR_INIT;
        if (draw(result, figure, &undrawn) == ND_OK)
            nd_cli_say(options, "figure   %s/%s.png (and .pdf, .gp)\n", result->folder, figure);
        else
            fprintf(stderr, "nudipole: warning: %s\n", undrawn.message);
    }
    return ND_OK;
}

void nd_cli_progress(int done, int total, void *what)
{
    if (!isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%d of %d %s%s", done, total, (const char *)what,
            done == total ? "\r\033[K" : "");
    fflush(stderr);
}

double nd_cli_largest(const struct nd_double_list *list)
{
    double largest = list->values[0];
    for (int i = 1; i < list->n; i++)
        largest = fmax(largest, list->values[i]);
    return largest;
}
