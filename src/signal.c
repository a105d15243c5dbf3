/* Signals: see nudipole/signal.h. */
#include "nudipole/signal.h"

#include <math.h>
#include <stddef.h>

#include "nudipole/recoil.h"

enum nd_status nd_fluxes_create(struct nd_fluxes *fluxes, const struct nd_solar *solar,
                                unsigned members, const struct nd_oscillation *oscillation,
                                enum nd_flavour flavour, struct nd_error *error)
{
    enum nd_status status = ND_OK;
    *fluxes = (struct nd_fluxes){{NULL}};
    for (int s = 0; s < ND_N_SOURCES && status == ND_OK; s++)
        if (members >> s & 1u)
            status = nd_flux_create(&fluxes->of[s], solar, (enum nd_source)s, oscillation, flavour,
                                    error);
    if (status != ND_OK)
        nd_fluxes_clear(fluxes);
    return status;
}

void nd_fluxes_clear(struct nd_fluxes *fluxes)
{
    for (int s = 0; s < ND_N_SOURCES; s++)
        nd_flux_free(fluxes->of[s]);
    *fluxes = (struct nd_fluxes){{NULL}};
}

double nd_signal_mass_end(const struct nd_fluxes *fluxes, const struct nd_source_set *set)
{
    double end = 0.0;
    for (int s = 0; s < ND_N_SOURCES; s++)
        if (nd_source_set_has(set, (enum nd_source)s))
            end = fmax(end, nd_recoil_mass_end(nd_flux_end(fluxes->of[s])));
    return end;
}

void nd_signal_counts(const struct nd_response *response, const struct nd_fluxes *fluxes,
                      const struct nd_source_set *set, double m4, double *counts, double *errors)
{
    const int n = nd_response_bins(response);
    double one[ND_BINS_MAX], one_error[ND_BINS_MAX] = {0.0};
    for (int j = 0; j < n; j++) {
        counts[j] = 0.0;
        if (errors != NULL)
            errors[j] = 0.0;
    }
    for (int s = 0; s < ND_N_SOURCES; s++) {
        if (!nd_source_set_has(set, (enum nd_source)s))
            continue;
        nd_response_counts(response, fluxes->of[s], m4, one, errors != NULL ? one_error : NULL);
        for (int j = 0; j < n; j++) {
            counts[j] += one[j];
            if (errors != NULL)
                errors[j] += one_error[j];
        }
    }
}

typedef double rate_of_flux(const struct nd_response *response, const struct nd_flux *flux,
                            double m4, double E);

static double sum_rates(rate_of_flux *rate, const struct nd_response *response,
                        const struct nd_fluxes *fluxes, const struct nd_source_set *set, double m4,
                        double E)
{
    double sum = 0.0;
    for (int s = 0; s < ND_N_SOURCES; s++)
        if (nd_source_set_has(set, (enum nd_source)s))
            sum += rate(response, fluxes->of[s], m4, E);
    return sum;
}

double nd_signal_rate(const struct nd_response *response, const struct nd_fluxes *fluxes,
                      const struct nd_source_set *set, double m4, double E)
{
    return sum_rates(nd_response_rate, response, fluxes, set, m4, E);
}

double nd_signal_recoil_rate(const struct nd_response *response, const struct nd_fluxes *fluxes,
                             const struct nd_source_set *set, double m4, double E)
{
    return sum_rates(nd_response_recoil_rate, response, fluxes, set, m4, E);
}

double nd_signal_peak(const struct nd_response *response, const struct nd_fluxes *fluxes,
                      const struct nd_source_set *set, double m4, double low, double high)
{
    /* a scan finds the highest of several maxima, ever finer scans around it its place */
    enum { N = 200 };
    double best = NAN, width = high - low, largest = 0.0, from = low;
    while (width > 1e-3) {
        for (int i = 0; i <= N; i++) {
            const double E = fmin(fmax(from + width * i / N, low), high);
            const double rate = nd_signal_rate(response, fluxes, set, m4, E);
            if (rate > largest) {
                largest = rate;
                best = E;
            }
        }
        if (largest == 0.0)
            return NAN;
        width *= 4.0 / N;
        from = best - 0.5 * width;
    }
    return best > low && best < high ? best : NAN;
}

double nd_signal_flux_error(const struct nd_response *response, const struct nd_fluxes *fluxes,
                            const struct nd_solar *solar, const struct nd_source_set *set,
                            double m4)
{
    double sum = 0.0, variance = 0.0, counts[ND_BINS_MAX];
    for (int s = 0; s < ND_N_SOURCES; s++) {
        double part = 0.0;
        if (!nd_source_set_has(set, (enum nd_source)s))
            continue;
        nd_response_counts(response, fluxes->of[s], m4, counts, NULL);
        for (int j = 0; j < nd_response_bins(response); j++)
            part += counts[j];
        sum += part;
        variance += pow(part * solar->sources[s].relative_error, 2.0);
    }
    return sum > 0.0 ? sqrt(variance) / sum : 0.0;
}
