/* nudipole spectrum: recoil spectrum of one mass and coupling against the data of an experiment. */
#include <math.h>
#include <stdlib.h>

#include "cli.h"

static const char COLUMNS[] = "E_keV signal background total data data_err";
static const char TITLE[] =
    "spectrum in the bins of the data, events/(t yr keV) at the middle of a bin; data_err is the "
    "square root of the counts; one block an item of sources";
static const char FINE_COLUMNS[] = "E_keV recoil signal background total";
static const char FINE_TITLE[] =
    "the same on a fine grid, events/(t yr keV); recoil is against the true energy, before "
    "resolution and efficiency; one block an item of sources";

struct run {
    struct nd_params params;
    struct nd_beam beam;
    struct nd_detector detector;
    double m4, scale;        /* [MeV]; mu^2 in MeV^-2, that counts at mu = 1 are multiplied with */
    double *counts, *errors; /* set, bin; at mu = 1 */
    struct nd_mass_fit *fits;
    struct nd_profile *profiles; /* at the coupling of the run */
};

static const double *counts_of(const struct run *run, const double *values, int set)
{
    return values + set * run->detector.experiment->n_bins;
}

static enum nd_status solve(struct run *run, struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    const int n_bins = run->detector.experiment->n_bins, n_sets = run->beam.n_sets;
    run->m4 = nd_mev_from_kev(p->m4_keV);
    run->scale = pow(nd_params_mu(p, p->d_muB), 2.0);
    run->counts = calloc((size_t)n_sets * (size_t)n_bins, sizeof *run->counts);
    run->errors = calloc((size_t)n_sets * (size_t)n_bins, sizeof *run->errors);
    run->fits = calloc((size_t)n_sets, sizeof *run->fits);
    run->profiles = calloc((size_t)n_sets, sizeof *run->profiles);
    if (run->counts == NULL || run->errors == NULL || run->fits == NULL || run->profiles == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %d spectra", n_sets);
    enum nd_status status = ND_OK;
    for (int s = 0; s < n_sets && status == ND_OK; s++) {
        double *counts = run->counts + s * n_bins;
        nd_signal_counts(run->detector.response, &run->beam.fluxes, &run->beam.sets[s], run->m4,
                         counts, run->errors + s * n_bins);
        status = nd_fit_mass(&run->detector.likelihood, counts, run->m4, p->confidence_level,
                             &run->fits[s], error);
        run->profiles[s] = run->fits[s].at_best;
        if (status == ND_OK)
            status = nd_likelihood_profile(&run->detector.likelihood, counts, run->scale,
                                           &run->profiles[s], error);
    }
    return status;
}

static enum nd_status write_rows(const void *context, FILE *stream, struct nd_error *error)
{
    const struct run *run = context;
    const struct nd_experiment *x = run->detector.experiment;
    (void)error;
    for (int s = 0; s < run->beam.n_sets; s++) {
        const double *counts = counts_of(run, run->counts, s);
        fprintf(stream, "%s# %s\n", s > 0 ? "\n\n" : "", run->beam.sets[s].name);
        for (int j = 0; j < x->n_bins; j++) {
            const double unit = 1.0 / (x->exposure * (x->high[j] - x->low[j]));
            const double signal = run->scale * counts[j] * unit, B = x->background[j] * unit;
            fprintf(stream, "%.17g %.17g %.17g %.17g %.17g %.17g\n", 0.5 * (x->low[j] + x->high[j]),
                    signal, B, signal + B, x->counts[j] * unit, sqrt(x->counts[j]) * unit);
        }
    }
    return ND_OK;
}

static enum nd_status write_fine_rows(const void *context, FILE *stream, struct nd_error *error)
{
    enum { ROWS_A_BIN = 10 };
    const struct run *run = context;
    const struct nd_experiment *x = run->detector.experiment;
    const struct nd_response *response = run->detector.response;
    (void)error;
    for (int s = 0; s < run->beam.n_sets; s++) {
        const struct nd_source_set *set = &run->beam.sets[s];
        fprintf(stream, "%s# %s\n", s > 0 ? "\n\n" : "", set->name);
        for (int j = 0; j < x->n_bins; j++)
            for (int i = 0; i < ROWS_A_BIN; i++) {
                const double E = x->low[j] + (i + 0.5) / ROWS_A_BIN * (x->high[j] - x->low[j]);
                const double signal =
                    run->scale * nd_signal_rate(response, &run->beam.fluxes, set, run->m4, E);
                const double recoil =
                    run->scale *
                    nd_signal_recoil_rate(response, &run->beam.fluxes, set, run->m4, E);
                const double background = nd_experiment_background(x, E);
                fprintf(stream, "%.17g %.17g %.17g %.17g %.17g\n", E, recoil, signal, background,
                        signal + background);
            }
    }
    return ND_OK;
}

/* 2 ln L of the run's coupling over no signal; exactly 0 without a signal. */
static double gain_of(const struct run *run, int s)
{
    const double counts =
        nd_likelihood_sum(&run->detector.likelihood, counts_of(run, run->counts, s));
    return counts > 0.0 ? run->fits[s].at_zero.two_nll - run->profiles[s].two_nll : 0.0;
}

static json_t *summarise(const struct run *run, int s, double peak)
{
    const struct nd_params *p = &run->params;
    const struct nd_likelihood *likelihood = &run->detector.likelihood;
    const struct nd_mass_fit *fit = &run->fits[s];
    const double counts = nd_likelihood_sum(likelihood, counts_of(run, run->counts, s));
    const double numerical = nd_likelihood_sum(likelihood, counts_of(run, run->errors, s));
    const double flux_error = nd_signal_flux_error(run->detector.response, &run->beam.fluxes,
                                                   run->beam.solar, &run->beam.sets[s], run->m4);
    return json_pack(
        "{s:s, s:f, s:f, s:f, s:o, s:f, s:{s:f, s:f, s:f}, "
        "s:{s:o, s:f, s:o, s:o, s:f}}",
        "source", run->beam.sets[s].name, "signal_counts", run->scale * counts,
        "signal_counts_numerical_error", run->scale * numerical, "signal_counts_flux_error",
        run->scale * counts * flux_error, "peak_keV", nd_cli_number(peak), "two_dlnL",
        gain_of(run, s), "nuisances", "eps", run->profiles[s].eps, "beta", run->profiles[s].beta,
        "tau", run->profiles[s].tau, "best_at_this_mass", "d_muB",
        nd_cli_number(nd_params_d_muB(p, fit->mu)), "two_dlnL", fit->gain, "d_low_muB",
        nd_cli_number(nd_params_d_muB(p, fit->mu_low)), "d_up_muB",
        nd_cli_number(nd_params_d_muB(p, fit->mu_up)), "confidence_level", p->confidence_level);
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct run *run = context;
    const struct nd_params *p = &run->params;
    const struct nd_likelihood *likelihood = &run->detector.likelihood;
    const struct nd_experiment *x = run->detector.experiment;
    json_t *list = json_array();
    (void)error;
    json_object_set_new(summary, "detector", nd_cli_detector_json(&run->detector));
    json_object_set_new(summary, "no_signal_two_nll", nd_cli_number(run->fits[0].at_zero.two_nll));
    nd_cli_say(options,
               "source            counts  peak [keV]  2 dlnL  | best d [mu_B]  2 dlnL  "
               "interval at %g %%\n",
               100.0 * p->confidence_level);
    for (int s = 0; s < run->beam.n_sets; s++) {
        const struct nd_mass_fit *fit = &run->fits[s];
        const double counts =
            run->scale * nd_likelihood_sum(likelihood, counts_of(run, run->counts, s));
        const double peak =
            nd_signal_peak(run->detector.response, &run->beam.fluxes, &run->beam.sets[s], run->m4,
                           x->low[0], x->high[x->n_bins - 1]);
        if (!(counts > 0.0)) {
            nd_cli_say(options, "%-15s  no signal in the window\n", run->beam.sets[s].name);
            json_array_append_new(list, summarise(run, s, peak));
            continue;
        }
        char where[16] = "-"; /* no maximum between the ends */
        if (!isnan(peak))
            snprintf(where, sizeof where, "%.3g", peak);
        nd_cli_say(options, "%-15s  %7.4g  %10s  %6.3g  | %13.4g  %6.3g  %.3g to %.3g\n",
                   run->beam.sets[s].name, counts, where, gain_of(run, s),
                   nd_params_d_muB(p, fit->mu), fit->gain, nd_params_d_muB(p, fit->mu_low),
                   nd_params_d_muB(p, fit->mu_up));
        json_array_append_new(list, summarise(run, s, peak));
    }
    json_object_set_new(summary, "signals", list);
    return ND_OK;
}

int nd_cli_spectrum(const struct nd_cli_options *options, struct nd_error *error)
{
    struct run run = {0};
    char folder[ND_CLI_PATH_MAX], data[ND_DATA_PATH_MAX], labels[ND_CLI_LABELS_MAX];
    char beam[ND_TEXT_MAX], caption[2 * ND_TEXT_MAX];
    enum nd_status status = nd_cli_start(options, ND_USE_SPECTRUM, &run.params, folder, error);
    if (status == ND_OK)
        status = nd_data_folder(options->data, data, error);
    if (status == ND_OK)
        status = nd_beam_create(&run.beam, &run.params, data, "m4_keV", run.params.m4_keV, error);
    if (status == ND_OK)
        status = nd_detector_create(&run.detector, &run.params, data, -1, &run.beam, error);
    if (status == ND_OK)
        status = solve(&run, error);
    if (status == ND_OK) {
        nd_cli_describe_beam(&run.params, beam, sizeof beam);
        snprintf(caption, sizeof caption, "m4 = %g keV, d = %g mu_B, %s", run.params.m4_keV,
                 run.params.d_muB, beam);
        nd_cli_say(options, "spectrum m4 = %g keV, d = %g mu_B; %s, nuisances %s%s\n",
                   run.params.m4_keV, run.params.d_muB, beam,
                   nd_nuisances_word(run.params.nuisances),
                   run.params.tritium ? ", tritium free" : "");
        nd_cli_say_detector(options, &run.detector);
        nd_cli_labels(&run.beam, labels);
        const struct nd_cli_table tables[] = {
            {"spectrum", TITLE, COLUMNS, write_rows},
            {"spectrum_fine", FINE_TITLE, FINE_COLUMNS, write_fine_rows}};
        const struct nd_plot_variable variables[] = {
            {"labels", labels}, {"experiment", run.detector.experiment->title}};
        const struct nd_cli_result result = {
            .command = "spectrum",
            .params = &run.params,
            .uses = ND_USE_SPECTRUM,
            .folder = folder,
            .tables = tables,
            .n_tables = sizeof tables / sizeof tables[0],
            .figures = {"spectrum"},
            .caption = caption,
            .n_blocks = run.beam.n_sets,
            .variables = variables,
            .n_variables = sizeof variables / sizeof variables[0],
            .run = &run,
            .report = report,
        };
        nd_cli_finish(options, &result, error);
    }
    free(run.counts);
    free(run.errors);
    free(run.fits);
    free(run.profiles);
    nd_detector_clear(&run.detector);
    nd_beam_clear(&run.beam);
    return 0;
}
