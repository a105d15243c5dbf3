/* The standard background Universe: see nudipole/background.h. */
#include "nudipole/background.h"

#include <math.h>
#include <stdlib.h>
#include "nudipole/constants.h"
#include "nudipole/plasma.h"
#include "nudipole/table.h"

/* Columns of the table over ln T; powers of T are taken out so that splines are accurate. */
enum { COLUMN_RHO, COLUMN_ENTROPY, COLUMN_SLOPE, COLUMN_TIME, N_COLUMNS };
enum { N_NODES = 601, N_MARGIN = 4 };

struct nd_background {
    struct nd_table *table;
};

/* s/T^3 of photons, e- and e+ at T >> m_e: 2 pi^2/45 (2 + 7/8 * 4). */
static const double ENTROPY_RELATIVISTIC = 2.0 * ND_PI * ND_PI / 45.0 * 5.5;

static double neutrino_temperature(double T, double entropy_over_T3)
{
    return T * cbrt(entropy_over_T3 / ENTROPY_RELATIVISTIC);
}

static double total_energy_density(double rho_plasma, double T_nu)
{
    const double one_species = 2.0 * 7.0 / 8.0 * ND_PI * ND_PI / 30.0; /* nu and nubar */
    return rho_plasma + ND_N_FLAVOURS * one_species * T_nu * T_nu * T_nu * T_nu;
}

static double hubble(double rho)
{
    return sqrt(8.0 * ND_PI * rho / 3.0) / ND_M_PLANCK;
}

/* dt/dln T = - (1/3) (dln s/dln T) / H */
static double time_slope(const struct nd_plasma *plasma)
{
    const double T = plasma->T;
    const double T_nu = neutrino_temperature(T, plasma->s / (T * T * T));
    return -plasma->ds_dT * T / plasma->s / 3.0 / hubble(total_energy_density(plasma->rho, T_nu));
}

enum nd_status nd_background_create(struct nd_background **background, struct nd_error *error)
{
    const double step =
        log(ND_BACKGROUND_T_MAX / ND_BACKGROUND_T_MIN) / (N_NODES - 1 - 2 * N_MARGIN);
    const double x_min = log(ND_BACKGROUND_T_MIN) - N_MARGIN * step;
    const double x_max = log(ND_BACKGROUND_T_MAX) + N_MARGIN * step;
    enum nd_status status = ND_OK;
    *background = calloc(1, sizeof **background);
    double *values = malloc(N_COLUMNS * N_NODES * sizeof *values);
    if (*background == NULL || values == NULL) {
        status = nd_fail(error, ND_NO_MEMORY, "no memory for the background tables");
        goto cleanup;
    }
    /* From hot to cold, so that time can be added up: Simpson's rule between nodes. */
    struct nd_plasma plasma;
    double t = 0.0, slope_above = 0.0;
    for (int i = N_NODES - 1; i >= 0; i--) {
        const double x = x_min + i * step, T = exp(x), T3 = T * T * T;
        nd_plasma_init(&plasma, T);
        const double slope = time_slope(&plasma);
        if (i == N_NODES - 1) {
            t = -0.5 * slope; /* 1/(2H): radiation all the way up */
        } else {
            struct nd_plasma middle;
            nd_plasma_init(&middle, exp(x + 0.5 * step));
            t -= step / 6.0 * (slope + 4.0 * time_slope(&middle) + slope_above);
        }
        slope_above = slope;
        values[COLUMN_RHO * N_NODES + i] = plasma.rho / (T3 * T);
        values[COLUMN_ENTROPY * N_NODES + i] = plasma.s / T3;
        values[COLUMN_SLOPE * N_NODES + i] = plasma.ds_dT * T / plasma.s;
        values[COLUMN_TIME * N_NODES + i] = t * T * T;
    }
    status = nd_table_create(&(*background)->table, x_min, x_max, N_NODES, N_COLUMNS, values,
                             ND_CUBIC, error);

cleanup:
    free(values);
    if (status != ND_OK) {
        nd_background_free(*background);
        *background = NULL;
    }
    return status;
}

void nd_background_free(struct nd_background *background)
{
    if (background == NULL)
        return;
    nd_table_free(background->table);
    free(background);
}

enum nd_status nd_background_at(const struct nd_background *background, double T,
                                struct nd_background_state *state, struct nd_error *error)
{
    if (!(T >= ND_BACKGROUND_T_MIN && T <= ND_BACKGROUND_T_MAX))
        return nd_fail(error, ND_BAD_INPUT, "T = %g MeV: the background covers %g to %g MeV", T,
                       ND_BACKGROUND_T_MIN, ND_BACKGROUND_T_MAX);
    const double x = log(T), T3 = T * T * T;
    const double entropy = nd_table_eval(background->table, COLUMN_ENTROPY, x);
    state->T = T;
    state->s = entropy * T3;
    state->T_nu = neutrino_temperature(T, entropy);
    state->rho =
        total_energy_density(nd_table_eval(background->table, COLUMN_RHO, x) * T3 * T, state->T_nu);
    state->H = hubble(state->rho);
    state->t = nd_table_eval(background->table, COLUMN_TIME, x) / (T * T);
    state->dt_dlnT = -nd_table_eval(background->table, COLUMN_SLOPE, x) / (3.0 * state->H);
    return ND_OK;
}

double nd_neutrino_density(double T_nu)
{
    return 0.75 * ND_ZETA3 / (ND_PI * ND_PI) * T_nu * T_nu * T_nu;
}
