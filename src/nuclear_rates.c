/* Rates of the reactions of Big Bang nucleosynthesis: see nudipole/nuclear_rates.h.
 *
 * A stiff solver asks for all rates at once and often, so that the work is done on reading: each
 * table becomes cubic polynomials between its points, and a uniform grid of bins in ln T9, finer
 * than any table and common to all, tells where to look. Left for a call are one logarithm, no
 * search, and two exponentials a reaction. */
#include "nudipole/nuclear_rates.h"

#include <gsl/gsl_interp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/data_folder.h"
#include "nudipole/datafile.h"
#include "nudipole/units.h"

enum { POINTS_MIN = 8, BINS_MAX = 4096 };

/* What a file may hold. */
static const double T9_LOW = 1e-6, T9_HIGH = 1e6;
static const double RATE_LOW = 1e-250, RATE_HIGH = 1e30; /* [cm^3 mol^-1 s^-1] */
static const double F_HIGH = 1e6;

/* A caller may come from ln T to the end of a range: what exp and log round, with room. */
static const double ROUNDING = 1e-12;

/* Between two points, in powers of ln T9 - x. */
struct segment {
    double x;          /* ln T9 of the lower point */
    double ln_rate[4]; /* rate in MeV^-2 */
    double ln_f[2];
};

struct reaction {
    struct segment *segments; /* n - 1, then one at infinity, where a search ends */
    int n;                    /* points */
    double T9_first, T9_last;
    int makes_photon;
    double factor, Q; /* reverse / forward = factor (T^(3/2) with a photon) e^(-Q/T) */
    char *source;
};

struct nd_nuclear_rates {
    struct reaction reactions[ND_N_REACTIONS];
    double T_min, T_max;     /* [MeV] */
    double x_min, bins_by_x; /* bin = (ln T9 - x_min) bins_by_x */
    int n_bins;
    int *first; /* first[bin * ND_N_REACTIONS + r]: the segment of reaction r where a bin begins */
};

/* ---- detailed balance --------------------------------------------------------------------- */

/* 1 + delta of a pair: 2 for two equal nuclides. */
static double one_plus_delta(const int pair[2])
{
    return pair[0] == pair[1] ? 2.0 : 1.0;
}

/* g m^(3/2) of a nuclide. */
static double weight(int nuclide)
{
    const struct nd_nuclide_data *data = nd_nuclide((enum nd_nuclide)nuclide);
    return data->g * data->mass * sqrt(data->mass);
}

/* reverse / forward without e^(-Q/T), and with a photon without T^(3/2). */
static double balance(const struct nd_reaction_data *data)
{
    const double in = weight(data->in[0]) * weight(data->in[1]) / one_plus_delta(data->in);
    if (data->out[1] == ND_PHOTON)
        return in / (weight(data->out[0]) * pow(2.0 * ND_PI, 1.5));
    return in * one_plus_delta(data->out) / (weight(data->out[0]) * weight(data->out[1]));
}

/* ---- one table ---------------------------------------------------------------------------- */

static enum nd_status no_memory(struct nd_error *error)
{
    return nd_fail(error, ND_NO_MEMORY, "no memory for the nuclear rates");
}

/* Second derivatives at the points of the natural cubic spline through (x, y). */
static enum nd_status natural_spline(const double *x, const double *y, int n, double *curvature,
                                     struct nd_error *error)
{
    gsl_interp *spline = gsl_interp_alloc(gsl_interp_cspline, (size_t)n);
    if (spline == NULL)
        return no_memory(error);
    gsl_interp_init(spline, x, y, (size_t)n);
    for (int i = 0; i < n; i++)
        curvature[i] = gsl_interp_eval_deriv2(spline, x, y, x[i], NULL);
    gsl_interp_free(spline);
    return ND_OK;
}

static void fill_segments(struct reaction *reaction, const double *x, const double *ln_rate,
                          const double *ln_f, const double *curvature)
{
    for (int i = 0; i < reaction->n - 1; i++) {
        const double h = x[i + 1] - x[i], a = curvature[i], b = curvature[i + 1];
        reaction->segments[i] = (struct segment){
            .x = x[i],
            .ln_rate = {ln_rate[i], (ln_rate[i + 1] - ln_rate[i]) / h - h * (2.0 * a + b) / 6.0,
                        0.5 * a, (b - a) / (6.0 * h)},
            .ln_f = {ln_f[i], (ln_f[i + 1] - ln_f[i]) / h},
        };
    }
    reaction->segments[reaction->n - 1] = (struct segment){.x = INFINITY};
}

/* Reads the columns and brings them to ln T9, ln rate (in MeV^-2) and ln f. The ends are kept as
 * they are in the file: a caller may ask for exactly these. */
static enum nd_status read_columns(struct reaction *reaction, const struct nd_datafile *file,
                                   double *x, double *ln_rate, double *ln_f, struct nd_error *error)
{
    enum nd_status status = nd_datafile_numbers(file, "T9", T9_LOW, T9_HIGH, x, error);
    if (status == ND_OK)
        status =
            nd_datafile_numbers(file, "rate_cm3_per_mol_s", RATE_LOW, RATE_HIGH, ln_rate, error);
    if (status == ND_OK)
        status = nd_datafile_numbers(file, "f", 1.0, F_HIGH, ln_f, error);
    if (status == ND_OK) {
        reaction->T9_first = x[0];
        reaction->T9_last = x[reaction->n - 1];
    }
    for (int i = 0; i < reaction->n && status == ND_OK; i++) {
        x[i] = log(x[i]);
        ln_rate[i] = log(nd_inverse_mev2_from_nuclear_rate(ln_rate[i]));
        ln_f[i] = log(ln_f[i]);
        if (i > 0 && !(x[i] > x[i - 1]))
            status = nd_datafile_fail(file, i, error,
                                      "T9 = %.80s: not above the one before it: allowed is more "
                                      "than %.80s",
                                      nd_datafile_text(file, i, "T9"),
                                      nd_datafile_text(file, i - 1, "T9"));
    }
    return status;
}

static enum nd_status make_segments(struct reaction *reaction, const struct nd_datafile *file,
                                    struct nd_error *error)
{
    const size_t n = (size_t)nd_datafile_rows(file);
    double *work = malloc(4 * n * sizeof *work);
    reaction->n = (int)n;
    reaction->segments = malloc(n * sizeof *reaction->segments);
    if (work == NULL || reaction->segments == NULL) {
        free(work);
        return no_memory(error);
    }
    double *x = work, *ln_rate = x + n, *ln_f = ln_rate + n, *curvature = ln_f + n;
    enum nd_status status = read_columns(reaction, file, x, ln_rate, ln_f, error);
    if (status == ND_OK)
        status = natural_spline(x, ln_rate, reaction->n, curvature, error);
    if (status == ND_OK)
        fill_segments(reaction, x, ln_rate, ln_f, curvature);
    free(work);
    return status;
}

/* Opens the file of a reaction; if it cannot be read, the message says of which. */
static enum nd_status open_file(struct nd_datafile **file, const char *folder,
                                const struct nd_reaction_data *data, struct nd_error *error)
{
    char path[ND_DATA_PATH_MAX];
    struct nd_error own = ND_ERROR_INIT;
    enum nd_status status = nd_data_path(path, &own, folder, "%s.csv", data->name);
    if (status == ND_OK)
        status = nd_datafile_read(file, path, &own);
    if (status == ND_IO_ERROR)
        return nd_fail(error, status, "%s: needed are twelve files, this one for %s", own.message,
                       data->equation);
    return status == ND_OK ? ND_OK : nd_fail(error, status, "%s", own.message);
}

/* A file that was copied and not renamed gives another reaction. */
static enum nd_status check_file(const struct nd_datafile *file,
                                 const struct nd_reaction_data *data, struct nd_error *error)
{
    const char *given = nd_datafile_header(file, "reaction");
    if (given != NULL && strcmp(given, data->equation) != 0)
        return nd_datafile_header_fail(file, "reaction", error,
                                       "reaction: %.80s: another reaction: allowed is %s", given,
                                       data->equation);
    if (nd_datafile_rows(file) < POINTS_MIN)
        return nd_datafile_fail(file, -1, error, "%d rows: at least %d are needed",
                                nd_datafile_rows(file), POINTS_MIN);
    return ND_OK;
}

static enum nd_status read_reaction(struct reaction *reaction, const char *folder,
                                    enum nd_reaction which, struct nd_error *error)
{
    const struct nd_reaction_data *data = nd_reaction(which);
    struct nd_datafile *file = NULL;
    reaction->makes_photon = data->out[1] == ND_PHOTON;
    reaction->factor = balance(data);
    reaction->Q = nd_reaction_Q(which);
    enum nd_status status = open_file(&file, folder, data, error);
    if (status == ND_OK)
        status = check_file(file, data, error);
    if (status == ND_OK)
        status = make_segments(reaction, file, error);
    if (status == ND_OK) {
        const char *source = nd_datafile_header(file, "source");
        reaction->source = strdup(source == NULL ? "" : source);
        if (reaction->source == NULL)
            status = no_memory(error);
    }
    nd_datafile_free(file);
    return status;
}

/* ---- all tables --------------------------------------------------------------------------- */

/* The temperatures that all tables cover. */
static enum nd_status common_range(struct nd_nuclear_rates *rates, const char *folder,
                                   struct nd_error *error)
{
    int late = 0, early = 0;
    for (int r = 1; r < ND_N_REACTIONS; r++) {
        if (rates->reactions[r].T9_first > rates->reactions[late].T9_first)
            late = r;
        if (rates->reactions[r].T9_last < rates->reactions[early].T9_last)
            early = r;
    }
    const double first = rates->reactions[late].T9_first, last = rates->reactions[early].T9_last;
    if (!(first < last))
        return nd_fail(error, ND_BAD_INPUT,
                       "%.400s: %s.csv begins at T9 = %g, but %s.csv ends at %g: a range that all "
                       "tables cover is needed",
                       folder, nd_reaction((enum nd_reaction)late)->name, first,
                       nd_reaction((enum nd_reaction)early)->name, last);
    rates->T_min = nd_mev_from_t9(first);
    rates->T_max = nd_mev_from_t9(last);
    return ND_OK;
}

/* Shortest distance of two points in ln T9. */
static double finest_step(const struct nd_nuclear_rates *rates)
{
    double finest = INFINITY;
    for (int r = 0; r < ND_N_REACTIONS; r++) {
        const struct segment *s = rates->reactions[r].segments;
        for (int i = 0; i < rates->reactions[r].n - 2; i++)
            finest = fmin(finest, s[i + 1].x - s[i].x);
    }
    return finest;
}

/* Bins as fine as the finest table, so that at most one point is in a bin; where a table is finer
 * than the most bins, a call takes some more steps from the segment where its bin begins. */
static enum nd_status make_bins(struct nd_nuclear_rates *rates, struct nd_error *error)
{
    rates->x_min = log(nd_t9_from_mev(rates->T_min));
    const double length = log(nd_t9_from_mev(rates->T_max)) - rates->x_min;
    rates->n_bins = (int)fmin(ceil(length / finest_step(rates)), BINS_MAX);
    rates->bins_by_x = rates->n_bins / length;
    rates->first = malloc((size_t)rates->n_bins * ND_N_REACTIONS * sizeof *rates->first);
    if (rates->first == NULL)
        return no_memory(error);
    for (int r = 0; r < ND_N_REACTIONS; r++) {
        const struct segment *s = rates->reactions[r].segments;
        int at = 0;
        for (int bin = 0; bin < rates->n_bins; bin++) {
            while (rates->x_min + bin / rates->bins_by_x >= s[at + 1].x)
                at++;
            rates->first[bin * ND_N_REACTIONS + r] = at;
        }
    }
    return ND_OK;
}

enum nd_status nd_nuclear_rates_read(struct nd_nuclear_rates **rates, const char *folder,
                                     struct nd_error *error)
{
    struct nd_nuclear_rates *made = calloc(1, sizeof *made);
    *rates = NULL;
    if (made == NULL)
        return no_memory(error);
    enum nd_status status = ND_OK;
    for (int r = 0; r < ND_N_REACTIONS && status == ND_OK; r++)
        status = read_reaction(&made->reactions[r], folder, (enum nd_reaction)r, error);
    if (status == ND_OK)
        status = common_range(made, folder, error);
    if (status == ND_OK)
        status = make_bins(made, error);
    if (status == ND_OK)
        *rates = made;
    else
        nd_nuclear_rates_free(made);
    return status;
}

void nd_nuclear_rates_free(struct nd_nuclear_rates *rates)
{
    if (rates == NULL)
        return;
    for (int r = 0; r < ND_N_REACTIONS; r++) {
        free(rates->reactions[r].segments);
        free(rates->reactions[r].source);
    }
    free(rates->first);
    free(rates);
}

double nd_nuclear_rates_T_min(const struct nd_nuclear_rates *rates)
{
    return rates->T_min;
}

double nd_nuclear_rates_T_max(const struct nd_nuclear_rates *rates)
{
    return rates->T_max;
}

const char *nd_nuclear_rates_source(const struct nd_nuclear_rates *rates, enum nd_reaction reaction)
{
    return rates->reactions[reaction].source;
}

/* ---- rates -------------------------------------------------------------------------------- */

/* Where the segments of the bin of x begin. At the ends rounding may lead one bin too far; below
 * the first one, (int) brings it back. */
static const int *bin_at(const struct nd_nuclear_rates *rates, double x)
{
    int bin = (int)((x - rates->x_min) * rates->bins_by_x);
    if (bin >= rates->n_bins)
        bin = rates->n_bins - 1;
    return rates->first + bin * ND_N_REACTIONS;
}

enum nd_status nd_nuclear_rates_at(const struct nd_nuclear_rates *rates, double T,
                                   const double *deviations, double forward[ND_N_REACTIONS],
                                   double reverse[ND_N_REACTIONS], struct nd_error *error)
{
    if (!(T >= rates->T_min * (1.0 - ROUNDING) && T <= rates->T_max * (1.0 + ROUNDING)))
        return nd_fail(error, ND_BAD_INPUT,
                       "nuclear rates: T = %g MeV (T9 = %g): outside the tables: allowed is %g to "
                       "%g MeV (T9 = %g to %g)",
                       T, nd_t9_from_mev(T), rates->T_min, rates->T_max,
                       nd_t9_from_mev(rates->T_min), nd_t9_from_mev(rates->T_max));
    const double x = log(nd_t9_from_mev(T)), powers[2] = {1.0, T * sqrt(T)};
    const int *first = bin_at(rates, x);
    for (int r = 0; r < ND_N_REACTIONS; r++) {
        const struct reaction *reaction = &rates->reactions[r];
        const struct segment *s = reaction->segments + first[r];
        while (x >= s[1].x)
            s++;
        const double dx = x - s->x, *c = s->ln_rate;
        double ln_rate = c[0] + dx * (c[1] + dx * (c[2] + dx * c[3]));
        if (deviations != NULL)
            ln_rate += deviations[r] * (s->ln_f[0] + dx * s->ln_f[1]);
        forward[r] = exp(ln_rate);
        reverse[r] =
            forward[r] * reaction->factor * powers[reaction->makes_photon] * exp(-reaction->Q / T);
    }
    return ND_OK;
}
