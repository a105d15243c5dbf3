/* Thermal rates of N: see nudipole/rates.h. Dispatch, normalisation and equilibrium of N. */
#include "nudipole/rates.h"

#include <math.h>

#include "nudipole/constants.h"
#include "rates_internal.h"

const char *nd_channel_name(enum nd_channel channel)
{
    static const char *const names[ND_N_CHANNELS] = {"id", "up", "syn", "plasmon"};
    return channel < ND_N_CHANNELS ? names[channel] : "unknown";
}

static enum nd_status scaled_gamma(enum nd_channel channel, const struct nd_collision *collision,
                                   enum nd_screening screening, struct nd_scaled_integral *result,
                                   struct nd_error *error)
{
    const int classical = collision->statistics == ND_MAXWELL_BOLTZMANN;
    switch (channel) {
    case ND_INVERSE_DECAY:
        return screening == ND_SCREENING_HTL ? nd_gamma_inverse_decay_htl(collision, result, error)
                                             : nd_gamma_inverse_decay(collision, result, error);
    case ND_UPSCATTERING:
        return classical ? nd_gamma_upscattering_classical(collision, result, error)
                         : nd_gamma_upscattering(collision, result, error);
    case ND_SYNTHESIS:
        return classical ? nd_gamma_synthesis_classical(collision, result, error)
                         : nd_gamma_synthesis(collision, result, error);
    case ND_PLASMON_DECAY:
        if (screening == ND_SCREENING_HTL)
            return nd_gamma_plasmon_decay(collision, result, error);
        *result = (struct nd_scaled_integral){{0.0, 0.0, 0}, 0.0}; /* no photon mass in vacuum */
        return ND_OK;
    case ND_N_CHANNELS:
        break;
    }
    return nd_fail(error, ND_BAD_INPUT, "channel %d does not exist", (int)channel);
}

enum nd_status nd_rate_compute(struct nd_rate *rate, enum nd_channel channel,
                               const struct nd_model *model, const struct nd_treatment *treatment,
                               const struct nd_plasma *plasma, double T_nu, double tolerance,
                               struct nd_error *error)
{
    const struct nd_collision collision = {
        .M = model->m4,
        .T = plasma->T,
        .T_nu = T_nu,
        .m_debye2 = treatment->screening == ND_SCREENING_HTL ? plasma->m_debye2 : 0.0,
        .statistics = treatment->statistics,
        .plasma = plasma,
        .tolerance = tolerance,
    };
    struct nd_scaled_integral scaled = {{0.0, 0.0, 0}, 0.0};
    struct nd_error cause = ND_ERROR_INIT;
    const enum nd_status status =
        scaled_gamma(channel, &collision, treatment->screening, &scaled, &cause);
    if (status != ND_OK)
        return nd_fail(error, status, "rate '%s' at T = %g MeV, T_nu = %g MeV, m4 = %g MeV: %s",
                       nd_channel_name(channel), plasma->T, T_nu, model->m4, cause.message);
    const double value = scaled.integral.value;
    if (value < 0.0 || !isfinite(value))
        return nd_fail(error, ND_NOT_CONVERGED,
                       "rate '%s' at T = %g MeV, T_nu = %g MeV, m4 = %g MeV: %g is not a rate",
                       nd_channel_name(channel), plasma->T, T_nu, model->m4, value);
    rate->log_scaled = value > 0.0 ? log(value) + 2.0 * log(model->mu) : -INFINITY;
    rate->log_gamma = rate->log_scaled - scaled.exponent;
    rate->relative_error = value > 0.0 ? scaled.integral.error / value : 0.0;
    rate->evaluations = scaled.integral.evaluations;
    return ND_OK;
}

/* int dp p^2 f and int dp p^2 E f without exp(-M/T), by the trapezoidal rule of plasma.c. */
static void equilibrium_moments(const struct nd_model *model, enum nd_statistics statistics,
                                double T, double *number, double *energy)
{
    const double M = model->m4, h = 0.125;
    *number = *energy = 0.0;
    /* p = T exp(l); exp(-M/T) is taken out, so that nothing underflows. The range follows p,
     * which for M >> T is about sqrt(M T). */
    const double l_min = -13.0 + 0.5 * log(1.0 + M / T);
    const int n = (int)((log(800.0) + 13.0) / h);
    for (int i = 0; i <= n; i++) {
        const double p = T * exp(l_min + i * h), E = sqrt(p * p + M * M);
        const double kinetic = p * p / (E + M);
        const double measure =
            h * p * p * p * exp(-kinetic / T) * nd_fermi_scaled(statistics, E / T);
        *number += measure;
        *energy += measure * E;
    }
}

double nd_log_n_equilibrium(const struct nd_model *model, enum nd_statistics statistics, double T)
{
    const double g = 2.0;
    double number, energy;
    equilibrium_moments(model, statistics, T, &number, &energy);
    return log(g * number / (2.0 * ND_PI * ND_PI)) - model->m4 / T;
}

double nd_mean_energy(const struct nd_model *model, enum nd_statistics statistics, double T)
{
    double number, energy;
    equilibrium_moments(model, statistics, T, &number, &energy);
    return energy / number;
}
