/* nudipole curves: the coupling at which the largest Gamma/H below T_RH is 1, against m4. */
#include <math.h>
#include <stdlib.h>

#include "cli.h"

static const char COLUMNS[] =
    "treatment T_RH_MeV m4_keV d_th_muB T_at_max_MeV channel relative_error";
static const char TITLE[] =
    "thermalization curves: d at which max over T < T_RH of the total Gamma/H per neutrino is 1; "
    "one block a treatment and T_RH";

struct run {
    struct nd_params params;
    struct nd_background *background;
    int n_masses, n_T_RH, n_treatments, failed;
    double *m4;                    /* [MeV] */
    struct nd_curve_point *points; /* treatment, T_RH, mass */
};

static const struct nd_curve_point *point_at(const struct run *run, int treatment, int t, int i)
{
    return &run->points[(treatment * run->n_T_RH + t) * run->n_masses + i];
}

/* The coupling in the convention of the run [mu_B]. */
static double coupling(const struct run *run, const struct nd_curve_point *point)
{
    return point->mu / nd_convention_factor((enum nd_convention)run->params.convention) /
           nd_bohr_magneton();
}

static enum nd_status solve(const struct nd_cli_options *options, struct run *run,
                            struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    run->n_masses = p->m4_points;
    run->n_T_RH = p->T_RH_MeV.n;
    run->n_treatments = p->treatments.n;
    const size_t n = (size_t)run->n_masses * (size_t)(run->n_T_RH * run->n_treatments);
    run->m4 = malloc((size_t)run->n_masses * sizeof *run->m4);
    run->points = calloc(n, sizeof *run->points);
    if (run->m4 == NULL || run->points == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %zu points", n);
    for (int i = 0; i < run->n_masses; i++) {
        run->m4[i] = nd_mev_from_kev(nd_log_grid(p->m4_min_keV, p->m4_max_keV, run->n_masses, i));
    }
    const enum nd_status status = nd_background_create(&run->background, error);
    for (int k = 0; k < run->n_treatments && status == ND_OK; k++) {
        const struct nd_treatment treatment =
            nd_params_named_treatment(p, (enum nd_treatment_name)p->treatments.values[k]);
        run->failed += nd_thermalization_curves(
            run->m4, run->n_masses, &treatment, run->background, p->T_end_MeV, p->T_RH_MeV.values,
            run->n_T_RH, p->rate_tolerance, &run->points[k * run->n_T_RH * run->n_masses],
            options->quiet ? NULL : nd_cli_progress, "masses");
    }
    return status;
}

static enum nd_status write_rows(const void *context, FILE *stream, struct nd_error *error)
{
    const struct run *run = context;
    (void)error;
    for (int k = 0; k < run->n_treatments; k++)
        for (int t = 0; t < run->n_T_RH; t++) {
            if (k + t > 0)
                fputs("\n\n", stream);
            for (int i = 0; i < run->n_masses; i++) {
                const struct nd_curve_point *point = point_at(run, k, t, i);
                const char *word = nd_treatment_word(run->params.treatments.values[k]);
                const double T_RH = run->params.T_RH_MeV.values[t], m4_keV = 1e3 * run->m4[i];
                if (point->error.status != ND_OK)
                    fprintf(stream, "%s %.17g %.17g nan nan failed nan\n", word, T_RH, m4_keV);
                else
                    fprintf(stream, "%s %.17g %.17g %.17g %.17g %s %.2g\n", word, T_RH, m4_keV,
                            coupling(run, point), point->T, nd_channel_name(point->dominant),
                            point->relative_error);
            }
        }
    return ND_OK;
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct run *run = context;
    (void)error;
    json_t *list = json_array();
    nd_cli_say(options, "treatment  T_RH [MeV]  lowest d_th [mu_B]  at m4 [keV]\n");
    for (int k = 0; k < run->n_treatments; k++)
        for (int t = 0; t < run->n_T_RH; t++) {
            json_t *masses = json_array(), *couplings = json_array(), *errors = json_array();
            double lowest = INFINITY, where = NAN;
            for (int i = 0; i < run->n_masses; i++) {
                const struct nd_curve_point *point = point_at(run, k, t, i);
                const int ok = point->error.status == ND_OK;
                json_array_append_new(masses, json_real(1e3 * run->m4[i]));
                json_array_append_new(couplings,
                                      ok ? json_real(coupling(run, point)) : json_null());
                if (!ok)
                    json_array_append_new(errors, json_string(point->error.message));
                else if (coupling(run, point) < lowest) {
                    lowest = coupling(run, point);
                    where = 1e3 * run->m4[i];
                }
            }
            const char *word = nd_treatment_word(run->params.treatments.values[k]);
            const double T_RH = run->params.T_RH_MeV.values[t];
            nd_cli_say(options, "%-9s  %10g  %18.4g  %11.4g\n", word, T_RH, lowest, where);
            json_array_append_new(list, json_pack("{s:s, s:f, s:o, s:o, s:o}", "treatment", word,
                                                  "T_RH_MeV", T_RH, "m4_keV", masses, "d_th_muB",
                                                  couplings, "errors", errors));
        }
    json_object_set_new(summary, "curves", list);
    json_object_set_new(summary, "failed", json_integer(run->failed));
    return ND_OK;
}

int nd_cli_curves(const struct nd_cli_options *options, struct nd_error *error)
{
    struct run run = {0};
    char folder[ND_CLI_PATH_MAX], caption[ND_TEXT_MAX];
    enum nd_status status = nd_cli_start(options, ND_USE_CURVES, &run.params, folder, error);
    if (status != ND_OK)
        return 0;
    nd_cli_say(options, "curves   %d masses from %g to %g keV, %s convention\n",
               run.params.m4_points, run.params.m4_min_keV, run.params.m4_max_keV,
               nd_convention_word(run.params.convention));
    nd_cli_warn_hot(nd_cli_largest(&run.params.T_RH_MeV));
    status = solve(options, &run, error);
    if (status == ND_OK) {
        snprintf(caption, sizeof caption,
                 "max of total Γ/H per neutrino below T_RH = 1; %s convention",
                 nd_convention_word(run.params.convention));
        const struct nd_cli_table table = {"curves", TITLE, COLUMNS, write_rows};
        const struct nd_cli_result result = {
            .command = "curves",
            .params = &run.params,
            .uses = ND_USE_CURVES,
            .folder = folder,
            .tables = &table,
            .n_tables = 1,
            .figures = {"curves"},
            .caption = caption,
            .n_blocks = run.n_treatments * run.n_T_RH,
            .run = &run,
            .report = report,
        };
        nd_cli_finish(options, &result, error);
    }
    if (run.failed > 0)
        fprintf(stderr, "nudipole: %d masses failed; their reasons are in %s/summary.json\n",
                run.failed, folder);
    free(run.points);
    free(run.m4);
    nd_background_free(run.background);
    return run.failed > 0 ? 4 : 0;
}
