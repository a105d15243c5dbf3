/* Verdicts of measured observables: see nudipole/verdict.h. */
#include "nudipole/verdict.h"

#include <gsl/gsl_sf_erf.h>
#include <math.h>

#include "nudipole/constants.h"

static const double TENSION = 2.0, EXCLUSION = 3.0; /* [sigma] */

const char *nd_verdict_word(enum nd_verdict_class verdict)
{
    static const char *const WORDS[] = {
        [ND_ALLOWED] = "allowed", [ND_IN_TENSION] = "in tension", [ND_EXCLUDED] = "excluded"};
    return WORDS[verdict];
}

/* ---- tails, by their logarithms ------------------------------------------------------------ */

/* ln(e^a + e^b); one of them finite */
static double log_add(double a, double b)
{
    return fmax(a, b) + log1p(exp(-fabs(a - b)));
}

/* ln erfc(x), x >= 0. GSL's overflows at 1e51; beyond 1e4 what comes after the logarithm, 1/(2x^2),
 * is below the rounding of x^2. */
static double log_erfc(double x)
{
    const double far = 1e4;
    return x < far ? gsl_sf_log_erfc(x) : -x * x - log(x * sqrt(ND_PI));
}

/* ln Q(n/2, x), the tail above chi^2 = 2 x, by Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1)
 * from Q(1/2, x) = erfc(sqrt(x)) or Q(1, x) = e^-x. Every term is positive: nothing cancels. */
static double log_chi2_tail(double x, int n)
{
    const int odd = n % 2;
    double tail = odd ? log_erfc(sqrt(x)) : -x;
    double term = odd ? 0.5 * log(4.0 * x / ND_PI) - x : log(x) - x;
    for (int k = odd ? 1 : 2; k < n; k += 2) { /* a = k/2 */
        tail = log_add(tail, term);
        term += log(x / (0.5 * k + 1.0));
    }
    return tail;
}

double nd_chi2_sigma(double chi2, int n)
{
    if (n < 1)
        return NAN;
    if (n == 1)
        return sqrt(chi2);
    /* ln erfc is concave and sigma <= sqrt(chi2): Newton's method comes down from there and does
     * not pass the solution */
    const double target = log_chi2_tail(0.5 * chi2, n), rounding = 1e-15;
    double sigma = sqrt(chi2), step = sigma;
    for (int i = 0; i < 50 && step > rounding * sigma; i++) {
        step = (target - log_erfc(sigma * M_SQRT1_2)) / gsl_sf_hazard(sigma);
        sigma = fmax(0.0, sigma - step);
    }
    return sigma;
}

/* ---- the verdict --------------------------------------------------------------------------- */

static enum nd_status check(const struct nd_observation *item, double value, double theory,
                            const char *label, struct nd_error *error)
{
    if (!isfinite(item->value) || !(item->error > 0.0) || isinf(item->error))
        return nd_fail(
            error, ND_BAD_INPUT,
            "measurement of %s = %g +- %g: allowed are finite numbers, the error above 0", label,
            item->value, item->error);
    if (theory < 0.0 || (item->used && !isfinite(theory)))
        return nd_fail(error, ND_BAD_INPUT,
                       "error of the prediction of %s = %g: allowed is a finite number, 0 or more",
                       label, theory);
    if (item->used && !isfinite(value))
        return nd_fail(error, ND_BAD_INPUT, "prediction of %s = %g: allowed is a finite number",
                       label, value);
    return ND_OK;
}

static void add(struct nd_verdict *verdict, enum nd_observable observable)
{
    const double chi2 = verdict->chi2[observable];
    if (verdict->n_used == 0 || chi2 > verdict->chi2[verdict->deciding])
        verdict->deciding = observable;
    verdict->chi2_total += chi2;
    verdict->n_used++;
}

static enum nd_status conclude(struct nd_verdict *verdict, struct nd_error *error)
{
    if (verdict->n_used == 0)
        return nd_fail(error, ND_BAD_INPUT, "no observable is in use: at least one is needed");
    if (!isfinite(verdict->chi2_total))
        return nd_fail(error, ND_BAD_INPUT, "prediction of %s: so far off that chi^2 overflows",
                       nd_observable_label(verdict->deciding));
    verdict->sigma = nd_chi2_sigma(verdict->chi2_total, verdict->n_used);
    verdict->verdict = verdict->sigma < TENSION      ? ND_ALLOWED
                       : verdict->sigma <= EXCLUSION ? ND_IN_TENSION
                                                     : ND_EXCLUDED;
    return ND_OK;
}

enum nd_status nd_verdict_judge(const struct nd_observations *observations,
                                const struct nd_prediction *prediction, struct nd_verdict *verdict,
                                struct nd_error *error)
{
    *verdict = (struct nd_verdict){.sigma = NAN};
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        const struct nd_observation *item = &observations->items[o];
        const double value = prediction->value[o], theory = prediction->error[o];
        verdict->pull[o] = verdict->chi2[o] = NAN;
        if (!item->known)
            continue;
        const char *label = nd_observable_label((enum nd_observable)o);
        const enum nd_status status = check(item, value, theory, label, error);
        if (status != ND_OK)
            return status;
        verdict->pull[o] = (value - item->value) / hypot(theory, item->error);
        verdict->chi2[o] = verdict->pull[o] * verdict->pull[o];
        if (item->used)
            add(verdict, (enum nd_observable)o);
    }
    return conclude(verdict, error);
}
