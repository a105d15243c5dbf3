/* Moments of a solar flux: see nudipole/flux.h. */
#include "nudipole/flux.h"

#include <math.h>
#include <stdlib.h>

struct moments {
    double k[3];
};

struct nd_flux {
    int is_line, n;
    double *energy;        /* nodes or lines, increasing [MeV] */
    double *value;         /* dPhi/dE [MeV^2], or flux of a line [MeV^3] */
    struct moments *above; /* of all that lies above a node, a line itself not included */
};

/* Moments of the cell i from E_low, inside it, up to its upper node. With dPhi/dE = a + b E:
 *     a D + b D (E_1 + E_2)/2,  a L + b D,  a D/(E_1 E_2) + b L;  D = E_2 - E_1, L = ln(E_2/E_1) */
static void add_cell(const struct nd_flux *flux, int i, double E_low, double moments[3])
{
    const double E1 = flux->energy[i], E2 = flux->energy[i + 1];
    const double b = (flux->value[i + 1] - flux->value[i]) / (E2 - E1);
    const double a = flux->value[i + 1] - b * E2;
    const double D = E2 - E_low, L = log1p(D / E_low);
    moments[0] += D * (a + 0.5 * b * (E_low + E2));
    moments[1] += a * L + b * D;
    moments[2] += a * D / (E_low * E2) + b * L;
}

static void add_line(const struct nd_flux *flux, int i, double moments[3])
{
    const double E = flux->energy[i], value = flux->value[i];
    moments[0] += value;
    moments[1] += value / E;
    moments[2] += value / (E * E);
}

static void accumulate(struct nd_flux *flux)
{
    flux->above[flux->n - 1] = (struct moments){{0.0, 0.0, 0.0}};
    for (int i = flux->n - 2; i >= 0; i--) {
        flux->above[i] = flux->above[i + 1];
        if (flux->is_line)
            add_line(flux, i + 1, flux->above[i].k);
        else if (flux->energy[i] > 0.0) /* below the first node nobody asks from 0 on */
            add_cell(flux, i, flux->energy[i], flux->above[i].k);
    }
}

enum nd_status nd_flux_create(struct nd_flux **result, const struct nd_solar *solar,
                              enum nd_source source, const struct nd_oscillation *oscillation,
                              enum nd_flavour flavour, struct nd_error *error)
{
    const struct nd_solar_source *s = &solar->sources[source];
    struct nd_flux *flux = calloc(1, sizeof *flux);
    *result = NULL;
    if (flux == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for the flux of %s", nd_source_name(source));
    flux->is_line = s->is_line;
    flux->n = s->n;
    flux->energy = malloc((size_t)s->n * sizeof *flux->energy);
    flux->value = malloc((size_t)s->n * sizeof *flux->value);
    flux->above = malloc((size_t)s->n * sizeof *flux->above);
    if (flux->energy == NULL || flux->value == NULL || flux->above == NULL) {
        nd_flux_free(flux);
        return nd_fail(error, ND_NO_MEMORY, "no memory for the flux of %s", nd_source_name(source));
    }
    for (int i = 0; i < s->n; i++) {
        double share = 1.0;
        if (oscillation != NULL)
            share = nd_flavour_share(
                oscillation, nd_solar_survival(solar, source, oscillation, s->energy[i]), flavour);
        flux->energy[i] = s->energy[i];
        flux->value[i] = s->flux * s->shape[i] * share;
    }
    accumulate(flux);
    *result = flux;
    return ND_OK;
}

void nd_flux_free(struct nd_flux *flux)
{
    if (flux == NULL)
        return;
    free(flux->energy);
    free(flux->value);
    free(flux->above);
    free(flux);
}

/* Largest i with energy[i] <= E, or -1. */
static int node_below(const struct nd_flux *flux, double E)
{
    int low = -1, high = flux->n;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if (flux->energy[middle] <= E)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void copy(const struct nd_flux *flux, int i, double moments[3])
{
    for (int k = 0; k < 3; k++)
        moments[k] = flux->above[i].k[k];
}

void nd_flux_moments(const struct nd_flux *flux, double E_min, double moments[3])
{
    const int i = node_below(flux, E_min), last = flux->n - 1;
    for (int k = 0; k < 3; k++)
        moments[k] = 0.0;
    if (flux->is_line) {
        /* a line exactly at the threshold counts: Eq. 4 holds with equality */
        const int first = i >= 0 && flux->energy[i] == E_min ? i : i + 1;
        if (first <= last) {
            copy(flux, first, moments);
            add_line(flux, first, moments);
        }
    } else if (i < 0) {
        copy(flux, 0, moments);
    } else if (i < last) {
        copy(flux, i + 1, moments);
        add_cell(flux, i, E_min, moments);
    }
}

double nd_flux_density(const struct nd_flux *flux, double E)
{
    const int i = node_below(flux, E);
    if (flux->is_line || i < 0 || i >= flux->n - 1)
        return 0.0;
    const double E1 = flux->energy[i], E2 = flux->energy[i + 1];
    return flux->value[i] + (flux->value[i + 1] - flux->value[i]) * (E - E1) / (E2 - E1);
}

int nd_flux_edges(const struct nd_flux *flux, const double **energies)
{
    *energies = flux->is_line ? flux->energy : flux->energy + flux->n - 1;
    return flux->is_line ? flux->n : 1;
}

double nd_flux_end(const struct nd_flux *flux)
{
    return flux->energy[flux->n - 1];
}
