/* Verdicts: see nudipole/viability.h. */
#include "nudipole/viability.h"

#include <math.h>
#include <stdio.h>

/* Index ND_N_CHANNELS means the sum of all. */
static enum nd_status gamma_over_H(const struct nd_model *model, const struct nd_rate_table *table,
                                   const struct nd_background *background, int channel, double T,
                                   double *value, struct nd_error *error)
{
    struct nd_background_state state;
    struct nd_rates rates;
    enum nd_status status = nd_background_at(background, T, &state, error);
    if (status == ND_OK)
        status = nd_rate_table_at(table, model->mu, &state, &rates, error);
    if (status != ND_OK)
        return status;
    *value = 0.0;
    for (int c = 0; c < ND_N_CHANNELS; c++)
        if (channel == ND_N_CHANNELS || channel == c)
            *value += nd_gamma_over_H_per_neutrino(&rates, &state, nd_rate_table_treatment(table),
                                                   (enum nd_channel)c);
    return ND_OK;
}

static enum nd_status maximise(const struct nd_model *model, const struct nd_rate_table *table,
                               const struct nd_background *background, int channel, double T_low,
                               double T_high, struct nd_extremum *best, struct nd_error *error)
{
    enum { SCAN = 120 };
    const double step = log(T_high / T_low) / SCAN;
    double value, best_x = 0.0;
    *best = (struct nd_extremum){-1.0, T_high};
    for (int i = 0; i <= SCAN; i++) {
        const double T = i == 0 ? T_high : i == SCAN ? T_low : T_high * exp(-i * step);
        const enum nd_status status =
            gamma_over_H(model, table, background, channel, T, &value, error);
        if (status != ND_OK)
            return status;
        if (value > best->value) {
            *best = (struct nd_extremum){value, T};
            best_x = i * step;
        }
    }
    /* golden section between the neighbours of the best node */
    double a = fmax(0.0, best_x - step), b = fmin(SCAN * step, best_x + step);
    const double golden = 0.6180339887498949;
    while (b - a > 1e-6) {
        const double x[2] = {b - golden * (b - a), a + golden * (b - a)};
        double f[2];
        for (int i = 0; i < 2; i++) {
            const double T = fmax(T_low, T_high * exp(-x[i]));
            const enum nd_status status =
                gamma_over_H(model, table, background, channel, T, &f[i], error);
            if (status != ND_OK)
                return status;
            if (f[i] > best->value)
                *best = (struct nd_extremum){f[i], T};
        }
        if (f[0] > f[1])
            b = x[1];
        else
            a = x[0];
    }
    return ND_OK;
}

enum nd_status nd_max_gamma_over_H(const struct nd_model *model, const struct nd_rate_table *table,
                                   const struct nd_background *background, double T_low,
                                   double T_high, struct nd_extremum *total,
                                   struct nd_extremum channels[ND_N_CHANNELS],
                                   struct nd_error *error)
{
    enum nd_status status =
        maximise(model, table, background, ND_N_CHANNELS, T_low, T_high, total, error);
    for (int c = 0; channels != NULL && c < ND_N_CHANNELS && status == ND_OK; c++)
        status = maximise(model, table, background, c, T_low, T_high, &channels[c], error);
    return status;
}

enum nd_status nd_viability_rates(const struct nd_model *model, const struct nd_rate_table *table,
                                  const struct nd_background *background, double T_end, double T_RH,
                                  struct nd_viability *v, struct nd_error *error)
{
    *v = (struct nd_viability){.T_RH = T_RH};
    const enum nd_status status = nd_max_gamma_over_H(
        model, table, background, T_end, T_RH, &v->total_gamma_over_H, v->gamma_over_H, error);
    v->thermalises_paper = status == ND_OK && v->total_gamma_over_H.value >= 1.0;
    return status;
}

enum nd_status nd_viability_judge(const struct nd_model *model, const struct nd_rate_table *table,
                                  const struct nd_background *background,
                                  const struct nd_abundance_history *history,
                                  const struct nd_viability_options *options,
                                  struct nd_viability *v, struct nd_error *error)
{
    const struct nd_abundance *points = history->points;
    const int n = history->n_points;
    const double T_end = points[n - 1].background.T;
    const enum nd_status status =
        nd_viability_rates(model, table, background, T_end, points[0].background.T, v, error);
    if (status != ND_OK)
        return status;
    v->T_window = fmax(T_end, 1.0 / (1.0 / v->T_RH + options->x_max / model->m4));
    if (n > 1 && points[1].background.T < v->T_window)
        return nd_fail(error, ND_BAD_INPUT,
                       "n/n_eq is judged from %g to %g MeV, between two points of the solution: "
                       "x_max = %g must be larger",
                       v->T_RH, v->T_window, options->x_max);
    v->stats = history->stats;
    v->n_over_neq = (struct nd_extremum){0.0, v->T_RH};
    v->log10_n_over_neq_all = (struct nd_extremum){-INFINITY, v->T_RH};
    v->rho_N_over_rho_gamma = (struct nd_extremum){0.0, v->T_RH};
    for (int i = 0; i < n; i++) {
        const double T = points[i].background.T;
        const double log_ratio = points[i].log_n - points[i].log_n_eq;
        if (log_ratio / log(10.0) > v->log10_n_over_neq_all.value)
            v->log10_n_over_neq_all = (struct nd_extremum){log_ratio / log(10.0), T};
        if (T >= v->T_window && exp(log_ratio) > v->n_over_neq.value)
            v->n_over_neq = (struct nd_extremum){exp(log_ratio), T};
        /* the window ends between two points: ln(n/n_eq) is interpolated in ln T */
        if (i > 1 && T < v->T_window && points[i - 1].background.T >= v->T_window) {
            const double T_above = points[i - 1].background.T;
            const double above = points[i - 1].log_n - points[i - 1].log_n_eq;
            const double fraction = log(T_above / v->T_window) / log(T_above / T);
            const double value = exp(above + fraction * (log_ratio - above));
            v->at_window_edge = value > v->n_over_neq.value;
            if (v->at_window_edge)
                v->n_over_neq = (struct nd_extremum){value, v->T_window};
        }
        if (points[i].rho_N_over_rho_gamma > v->rho_N_over_rho_gamma.value)
            v->rho_N_over_rho_gamma = (struct nd_extremum){points[i].rho_N_over_rho_gamma, T};
    }
    v->thermalises_dynamical = v->n_over_neq.value >= options->fraction;
    return ND_OK;
}

void nd_viability_words(const struct nd_viability *v, const struct nd_viability_options *options,
                        char *text, int size)
{
    const char *paper = v->thermalises_paper ? "Gamma/H exceeds 1" : "Gamma/H stays below 1";
    const char *verdict;
    if (v->thermalises_dynamical)
        verdict = v->thermalises_paper ? "N thermalises" : "N thermalises all the same";
    else
        verdict = v->thermalises_paper ? "yet N does not thermalise" : "N does not thermalise";
    snprintf(text, (size_t)size, "%s (%.3g at %.3g MeV); %s: n/n_eq %s %.3g (%s %.3g at %.3g MeV)",
             paper, v->total_gamma_over_H.value, v->total_gamma_over_H.T, verdict,
             v->thermalises_dynamical ? "reaches" : "stays below", options->fraction,
             v->at_window_edge ? "still rising," : "max", v->n_over_neq.value, v->n_over_neq.T);
}
