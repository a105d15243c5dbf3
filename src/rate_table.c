/* Tables of rates: see nudipole/rate_table.h. */
#include "nudipole/rate_table.h"

#include <math.h>
#include <stdlib.h>

#include "nudipole/table.h"

/* Columns of the logarithmic table: gain and loss of the three channels that are never closed,
 * and the equilibrium density. Plasmon decay opens at a threshold; it has a table of its own of
 * gamma / (mu^2 T^6), interpolated monotonically from zero. */
enum { N_OPEN = 3 };
enum { COLUMN_GAIN = 0, COLUMN_LOSS = N_OPEN, COLUMN_N_EQ = 2 * N_OPEN, N_COLUMNS };
enum { PLASMON_GAIN, PLASMON_LOSS, N_PLASMON_COLUMNS };

enum { MARGIN = 3 };                 /* nodes beyond the range: natural ends stay outside */
static const double NODE_STEP = 0.1; /* in ln T, at most */

struct nd_rate_table {
    struct nd_model unit; /* the mass, with mu = 1 MeV^-1 */
    struct nd_treatment treatment;
    double T_min, T_max;
    struct nd_table *open;    /* N_COLUMNS over ln T */
    struct nd_table *plasmon; /* N_PLASMON_COLUMNS over ln T */
    double interpolation_error[ND_N_CHANNELS], quadrature_error[ND_N_CHANNELS];
};

static double channel_rate(const struct nd_rates *rates, enum nd_channel channel)
{
    return exp(rates->log_gain[channel]);
}

/* All channels at one node; `gain` and `loss` coincide where neutrinos have the temperature T. */
static enum nd_status compute_node(const struct nd_rate_table *table, enum nd_channel channel,
                                   const struct nd_plasma *plasma, double T_nu, double tolerance,
                                   struct nd_rate *gain, struct nd_rate *loss,
                                   struct nd_error *error)
{
    const double T = plasma->T;
    enum nd_status status = nd_rate_compute(gain, channel, &table->unit, &table->treatment, plasma,
                                            T_nu, tolerance, error);
    *loss = *gain;
    /* With classical statistics, synthesis and plasmon decay do not feel the neutrinos at all. */
    const int feels_neutrinos = table->treatment.statistics == ND_QUANTUM ||
                                channel == ND_INVERSE_DECAY || channel == ND_UPSCATTERING;
    if (status == ND_OK && T_nu != T && feels_neutrinos)
        status = nd_rate_compute(loss, channel, &table->unit, &table->treatment, plasma, T,
                                 tolerance, error);
    return status;
}

/* Interpolation errors, weighted by the share of a channel in the total at the node. */
static enum nd_status estimate_errors(struct nd_rate_table *table, const double *open_values,
                                      const double *plasmon_values, const double *x, double *errors,
                                      double *total, size_t n, struct nd_error *error)
{
    enum nd_status status = ND_OK;
    for (size_t i = 0; i < n; i++) {
        total[i] = plasmon_values[PLASMON_LOSS * n + i];
        for (int c = 0; c < N_OPEN; c++)
            total[i] +=
                exp(open_values[(COLUMN_LOSS + (size_t)c) * n + i] - 6.0 * x[i] -
                    nd_rate_exponent((enum nd_channel)c, table->unit.m4, exp(x[i]), exp(x[i])));
    }
    for (int c = 0; c < ND_N_CHANNELS && status == ND_OK; c++) {
        const int open = c < N_OPEN;
        status = nd_table_errors(open ? table->open : table->plasmon,
                                 open ? COLUMN_LOSS + (size_t)c : PLASMON_LOSS, errors, error);
        for (size_t i = 0; i < n && status == ND_OK; i++) {
            const double T = exp(x[i]);
            if (!isfinite(errors[i]) || T < table->T_min || T > table->T_max || !(total[i] > 0.0))
                continue;
            double weight = 1.0;
            if (open)
                weight = exp(open_values[(COLUMN_LOSS + (size_t)c) * n + i] - 6.0 * x[i] -
                             nd_rate_exponent((enum nd_channel)c, table->unit.m4, T, T));
            table->interpolation_error[c] =
                fmax(table->interpolation_error[c], errors[i] * weight / total[i]);
        }
    }
    return status;
}

enum nd_status nd_rate_table_create(struct nd_rate_table **table, double m4,
                                    const struct nd_treatment *treatment,
                                    const struct nd_background *background, double T_min,
                                    double T_max, double tolerance, struct nd_error *error)
{
    *table = NULL;
    if (!(T_min >= ND_RATE_T_MIN && T_max <= ND_RATE_T_MAX && T_min < T_max))
        return nd_fail(error, ND_BAD_INPUT,
                       "rates from T = %g to %g MeV: must increase within %g to %g MeV", T_min,
                       T_max, ND_RATE_T_MIN, ND_RATE_T_MAX);
    const size_t inner = (size_t)fmax(9.0, ceil(log(T_max / T_min) / NODE_STEP) + 1.0);
    const size_t n = inner + 2 * MARGIN;
    const double step = log(T_max / T_min) / (double)(inner - 1);
    const double x_min = log(T_min) - MARGIN * step, x_max = log(T_max) + MARGIN * step;

    struct nd_rate_table *t = calloc(1, sizeof *t);
    double *open = calloc(N_COLUMNS * n, sizeof *open);
    double *plasmon = calloc(N_PLASMON_COLUMNS * n, sizeof *plasmon);
    double *scratch = calloc(3 * n, sizeof *scratch);
    enum nd_status status = ND_OK;
    if (t == NULL || open == NULL || plasmon == NULL || scratch == NULL) {
        status = nd_fail(error, ND_NO_MEMORY, "no memory for a table of rates");
        goto cleanup;
    }
    double *x = scratch, *errors = scratch + n, *total = scratch + 2 * n;
    status = nd_model_init(&t->unit, m4, 1.0, ND_CONVENTION_HALF, ND_FLAVOUR_TAU, error);
    t->treatment = *treatment;
    t->T_min = T_min;
    t->T_max = T_max;
    for (size_t i = 0; i < n && status == ND_OK; i++) {
        struct nd_background_state state;
        struct nd_plasma plasma;
        x[i] = x_min + (double)i * step;
        const double T = exp(x[i]);
        status = nd_background_at(background, T, &state, error);
        if (status != ND_OK)
            break;
        nd_plasma_init(&plasma, T);
        const double T_nu = nd_collision_T_nu(treatment, &state);
        for (int c = 0; c < ND_N_CHANNELS && status == ND_OK; c++) {
            struct nd_rate gain, loss;
            status =
                compute_node(t, (enum nd_channel)c, &plasma, T_nu, tolerance, &gain, &loss, error);
            if (status != ND_OK)
                break;
            t->quadrature_error[c] = fmax(t->quadrature_error[c], gain.relative_error);
            if (c < N_OPEN) {
                open[(COLUMN_GAIN + (size_t)c) * n + i] = gain.log_scaled;
                open[(COLUMN_LOSS + (size_t)c) * n + i] = loss.log_scaled;
            } else {
                plasmon[PLASMON_GAIN * n + i] = exp(gain.log_gamma - 6.0 * x[i]);
                plasmon[PLASMON_LOSS * n + i] = exp(loss.log_gamma - 6.0 * x[i]);
            }
        }
        open[COLUMN_N_EQ * n + i] =
            nd_log_n_equilibrium(&t->unit, treatment->statistics, T) + m4 / T;
    }
    if (status == ND_OK)
        status = nd_table_create(&t->open, x_min, x_max, n, N_COLUMNS, open, ND_CUBIC, error);
    if (status == ND_OK)
        status = nd_table_create(&t->plasmon, x_min, x_max, n, N_PLASMON_COLUMNS, plasmon,
                                 ND_MONOTONE, error);
    if (status == ND_OK)
        status = estimate_errors(t, open, plasmon, x, errors, total, n, error);

cleanup:
    free(scratch);
    free(plasmon);
    free(open);
    if (status == ND_OK)
        *table = t;
    else
        nd_rate_table_free(t);
    return status;
}

void nd_rate_table_free(struct nd_rate_table *table)
{
    if (table == NULL)
        return;
    nd_table_free(table->plasmon);
    nd_table_free(table->open);
    free(table);
}

enum nd_status nd_rate_table_at(const struct nd_rate_table *table, double mu,
                                const struct nd_background_state *state, struct nd_rates *rates,
                                struct nd_error *error)
{
    const double T = state->T, m4 = table->unit.m4, rounding = 1e-12;
    if (!(T >= table->T_min * (1.0 - rounding) && T <= table->T_max * (1.0 + rounding)))
        return nd_fail(error, ND_BAD_INPUT, "T = %g MeV: this table of rates covers %g to %g MeV",
                       T, table->T_min, table->T_max);
    const double x = log(T), log_mu2 = 2.0 * log(mu);
    const double T_nu = nd_collision_T_nu(&table->treatment, state);
    for (size_t c = 0; c < N_OPEN; c++) {
        const enum nd_channel channel = (enum nd_channel)c;
        rates->log_gain[c] = nd_table_eval(table->open, COLUMN_GAIN + c, x) -
                             nd_rate_exponent(channel, m4, T, T_nu) + log_mu2;
        rates->log_loss[c] = nd_table_eval(table->open, COLUMN_LOSS + c, x) -
                             nd_rate_exponent(channel, m4, T, T) + log_mu2;
    }
    rates->log_gain[ND_PLASMON_DECAY] =
        log(nd_table_eval(table->plasmon, PLASMON_GAIN, x)) + 6.0 * x + log_mu2;
    rates->log_loss[ND_PLASMON_DECAY] =
        log(nd_table_eval(table->plasmon, PLASMON_LOSS, x)) + 6.0 * x + log_mu2;
    rates->log_n_eq = nd_table_eval(table->open, COLUMN_N_EQ, x) - m4 / T;
    return ND_OK;
}

double nd_rate_table_interpolation_error(const struct nd_rate_table *table, enum nd_channel channel)
{
    return table->interpolation_error[channel];
}

double nd_rate_table_quadrature_error(const struct nd_rate_table *table, enum nd_channel channel)
{
    return table->quadrature_error[channel];
}

double nd_rate_table_m4(const struct nd_rate_table *table)
{
    return table->unit.m4;
}

double nd_rate_table_T_min(const struct nd_rate_table *table)
{
    return table->T_min;
}

double nd_rate_table_T_max(const struct nd_rate_table *table)
{
    return table->T_max;
}

const struct nd_treatment *nd_rate_table_treatment(const struct nd_rate_table *table)
{
    return &table->treatment;
}

int nd_rate_table_nodes(const struct nd_rate_table *table)
{
    return (int)nd_table_size(table->open);
}

double nd_gamma_over_H_per_neutrino(const struct nd_rates *rates,
                                    const struct nd_background_state *state,
                                    const struct nd_treatment *treatment, enum nd_channel channel)
{
    const double n_nu = nd_neutrino_density(nd_collision_T_nu(treatment, state));
    return channel_rate(rates, channel) / (n_nu * state->H);
}

double nd_gamma_over_H_per_N(const struct nd_rates *rates, const struct nd_background_state *state,
                             enum nd_channel channel)
{
    return exp(rates->log_gain[channel] - rates->log_n_eq) / state->H;
}

double nd_collision_T_nu(const struct nd_treatment *treatment,
                         const struct nd_background_state *state)
{
    return treatment->neutrinos == ND_NEUTRINOS_EQUAL ? state->T : state->T_nu;
}
