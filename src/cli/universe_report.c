/* What the coupled Universe leaves behind: history.dat, spectra.dat, the summary, the terminal. */
#include <math.h>

#include "evolve.h"

#define PER_FLAVOUR(before, after)                                                                 \
    " " before "_nu_e_" after " " before "_nu_mu_" after " " before "_nu_tau_" after
static const char HISTORY_COLUMNS[] =
    "T_RH_MeV T_MeV t_s a_per_MeV z H_MeV rho_gamma_MeV4 rho_plasma_MeV4" PER_FLAVOUR("rho", "MeV4")
        PER_FLAVOUR("n", "MeV3")
            PER_FLAVOUR("T_eff", "MeV") " n_N_MeV3 n_N_eq_MeV3 rho_N_MeV4 rho_phi_MeV4 N_eff";
static const char HISTORY_TITLE[] =
    "the coupled Universe, one block a T_RH; t since the start, z = a T; densities of nu and N "
    "count "
    "antiparticles; T_eff has the energy of a flavour, rho = 7 pi^2/120 T_eff^4; N_eff means what "
    "it says once e+- are gone";
static const char SPECTRA_COLUMNS[] =
    "T_RH_MeV T_MeV y p_MeV f_nu_e f_nu_mu f_nu_tau f_N f_thermal";
static const char SPECTRA_TITLE[] =
    "occupations, one block a T_RH and T; y = a p; f_thermal = 1/(exp(y) + 1), of a neutrino that "
    "decoupled at the start; N is followed up to y_core";

static double rho_nu_of_temperature(double T)
{
    return 7.0 * ND_PI * ND_PI / 120.0 * pow(T, 4);
}

static double T_eff(double rho_nu)
{
    return pow(rho_nu * 120.0 / (7.0 * ND_PI * ND_PI), 0.25);
}

/* ---- tables ---------------------------------------------------------------------------- */

static enum nd_status write_history(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_universe *run = context;
    (void)error;
    for (int i = 0; i < run->params->T_RH_MeV.n; i++) {
        const struct nd_universe_history *h = &run->histories[i];
        if (i > 0)
            fputs("\n\n", stream); /* gnuplot's separator of blocks */
        for (int k = 0; k < h->n_points; k++) {
            const struct nd_universe_point *p = &h->points[k];
            const double row[] = {run->params->T_RH_MeV.values[i],
                                  p->T,
                                  nd_seconds_from_inverse_mev(p->t),
                                  p->a,
                                  p->a * p->T,
                                  p->H,
                                  p->rho_gamma,
                                  p->rho_plasma,
                                  p->rho_nu[0],
                                  p->rho_nu[1],
                                  p->rho_nu[2],
                                  p->n_nu[0],
                                  p->n_nu[1],
                                  p->n_nu[2],
                                  T_eff(p->rho_nu[0]),
                                  T_eff(p->rho_nu[1]),
                                  T_eff(p->rho_nu[2]),
                                  p->n_N,
                                  p->n_N_eq,
                                  p->rho_N,
                                  p->rho_phi,
                                  p->N_eff};
            const int n = sizeof row / sizeof row[0];
            for (int c = 0; c < n; c++)
                fprintf(stream, "%.17g%c", row[c], c < n - 1 ? ' ' : '\n');
        }
    }
    return ND_OK;
}

static enum nd_status write_spectra(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_universe *run = context;
    int blocks = 0;
    (void)error;
    for (int i = 0; i < run->params->T_RH_MeV.n; i++) {
        const struct nd_universe_history *h = &run->histories[i];
        for (int k = 0; k < h->n_spectra; k++) {
            const struct nd_universe_spectrum *s = &h->spectra[k];
            if (blocks++ > 0)
                fputs("\n\n", stream);
            for (int j = 0; j < h->n_nodes; j++)
                fprintf(stream, "%.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g\n",
                        run->params->T_RH_MeV.values[i], s->T, h->y[j], h->y[j] / s->a, s->f[0][j],
                        s->f[1][j], s->f[2][j], j < h->n_core ? s->f_N[j] : 0.0,
                        1.0 / (exp(h->y[j]) + 1.0));
        }
    }
    return ND_OK;
}

/* ---- the summary and the terminal ------------------------------------------------------ */

/* Largest rho_N/rho_gamma of the rows; NAN without N. */
static struct nd_extremum largest_N(const struct nd_cli_universe *run,
                                    const struct nd_universe_history *history)
{
    const struct nd_universe_outcome outcome = nd_universe_outcome(history);
    return run->params->sterile
               ? (struct nd_extremum){outcome.max_rho_N_over_rho_gamma, outcome.max_rho_N_T}
               : (struct nd_extremum){NAN, NAN};
}

static const struct nd_universe_point *end_of(const struct nd_universe_history *history)
{
    return &history->points[history->n_points - 1];
}

static void warn_not_final(double T_RH, const struct nd_universe_history *history)
{
    const struct nd_universe_point *end = end_of(history);
    if (!nd_universe_outcome(history).N_eff_is_final)
        fprintf(stderr,
                "nudipole: warning: T_RH = %g MeV: N_eff is not final: at T_end_MeV = %g other "
                "energies than photons' and neutrinos' are left, in units of rho_gamma %.2g of N, "
                "%.2g of e+-, %.2g of the field; set a lower T_end_MeV\n",
                T_RH, end->T, end->rho_N / end->rho_gamma, end->rho_plasma / end->rho_gamma - 1.0,
                end->rho_phi / end->rho_gamma);
}

static json_t *stats_json(const struct nd_universe_stats *s)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:i, s:i, s:i}", "steps",
                     (json_int_t)s->steps, "rhs_calls", (json_int_t)s->rhs_calls, "jacobian_calls",
                     (json_int_t)s->jacobian_calls, "factorisations", (json_int_t)s->factorisations,
                     "error_test_failures", (json_int_t)s->error_test_failures, "newton_failures",
                     (json_int_t)s->newton_failures, "equations", s->equations, "nodes", s->nodes,
                     "weak_tables", s->weak_tables, "dipole_tables", s->dipole_tables);
}

static json_t *result_json(const struct nd_cli_universe *run, int i)
{
    const struct nd_universe_history *h = &run->histories[i];
    const struct nd_universe_point *end = end_of(h);
    const struct nd_extremum N = largest_N(run, h);
    json_t *distortions = json_object();
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
        json_object_set_new(
            distortions, nd_flavour_word(flavour),
            nd_cli_number(end->rho_nu[flavour] / rho_nu_of_temperature(1.0 / end->a) - 1.0));
    return json_pack("{s:f, s:f, s:o, s:b, s:f, s:f, s:f, s:o, s:o, s:f, s:o, s:f, s:f, s:f, s:o}",
                     "T_RH_MeV", run->params->T_RH_MeV.values[i], "N_eff", h->N_eff, "N_eff_error",
                     nd_cli_number(run->N_eff_errors[i]), "N_eff_is_final",
                     nd_universe_outcome(h).N_eff_is_final, "z", h->z, "T_end_MeV", end->T,
                     "t_end_s", nd_seconds_from_inverse_mev(end->t), "rho_N_over_rho_gamma_at_end",
                     nd_cli_number(run->params->sterile ? end->rho_N / end->rho_gamma : NAN),
                     "max_rho_N_over_rho_gamma", nd_cli_extremum(&N),
                     "rho_phi_over_rho_gamma_at_end", end->rho_phi / end->rho_gamma,
                     "delta_rho_nu_over_rho_nu", distortions, "energy_residual", h->energy_residual,
                     "number_residual", h->number_residual, "tail_share", h->tail_share, "stats",
                     stats_json(&h->stats));
}

/* A number, or "-" where there is none. */
static const char *text_of(double value, int digits, char text[32])
{
    if (isnan(value))
        snprintf(text, 32, "-");
    else
        snprintf(text, 32, "%.*g", digits, value);
    return text;
}

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct nd_cli_universe *run = context;
    const int n = run->params->T_RH_MeV.n;
    json_t *results = json_array();
    (void)error;
    nd_cli_say(options, "T_RH [MeV]     N_eff  +- numerical  final a T  max rho_N/rho_gamma  "
                        "at T [MeV]  energy residual  steps\n");
    for (int i = 0; i < n; i++) {
        const struct nd_universe_history *h = &run->histories[i];
        const struct nd_extremum N = largest_N(run, h);
        char accuracy[32], share[32], T[32];
        nd_cli_say(options, "%10g  %8.5f  %12s  %9.6f  %19s  %10s  %15.2g  %5ld\n",
                   run->params->T_RH_MeV.values[i], h->N_eff,
                   text_of(run->N_eff_errors[i], 2, accuracy), h->z, text_of(N.value, 4, share),
                   text_of(N.T, 4, T), h->energy_residual, h->stats.steps);
        json_array_append_new(results, result_json(run, i));
    }
    for (int i = 0; i < n; i++)
        warn_not_final(run->params->T_RH_MeV.values[i], &run->histories[i]);
    if (n == 1) {
        json_object_set_new(summary, "N_eff", json_real(run->histories[0].N_eff));
        json_object_set_new(summary, "N_eff_error", nd_cli_number(run->N_eff_errors[0]));
    }
    json_object_set_new(summary, "results", results);
    return ND_OK;
}

enum nd_status nd_cli_universe_finish(const struct nd_cli_options *options,
                                      const struct nd_cli_universe *run, const char *folder,
                                      const char *caption, struct nd_error *error)
{
    static const struct nd_cli_table TABLES[] = {
        {"history", HISTORY_TITLE, HISTORY_COLUMNS, write_history},
        {"spectra", SPECTRA_TITLE, SPECTRA_COLUMNS, write_spectra},
    };
    const struct nd_cli_result result = {
        .command = "evolve",
        .params = run->params,
        .uses = ND_USE_UNIVERSE | (run->params->sterile ? ND_USE_STERILE : 0),
        .folder = folder,
        .tables = TABLES,
        .n_tables = sizeof TABLES / sizeof TABLES[0],
        .figures = {"history", "spectra"},
        .caption = caption,
        .n_blocks = run->params->T_RH_MeV.n,
        .run = run,
        .report = report,
    };
    return nd_cli_finish(options, &result, error);
}
