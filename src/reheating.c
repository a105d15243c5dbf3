/* Where a run of the coupled Universe starts.
 *
 * Sudden: T_RH, with everything but N in equilibrium. Field: phi, which redshifts like matter,
 * decays to the plasma at Gamma_phi = 3 H_rad(T_RH), H_rad with photons, e+- and three neutrinos at
 * T_RH (Kawasaki, Kohri, Sugiyama, astro-ph/0002127; de Salas et al., arXiv:1511.00672). Long
 * before, phi dominates and the plasma follows what it gets,
 *
 *     rho = 2/5 Gamma_phi/H rho_phi,   T ~ a^(-3/8),
 *
 * which is where the run starts, at T = field_start T_RH: of the radiation made before that nothing
 * but (field_start)^(-20/3) is left at T_RH. */
#include <math.h>

#include "nudipole/constants.h"
#include "universe_internal.h"

static double hubble(double rho)
{
    return sqrt(8.0 * ND_PI * rho / 3.0) / ND_M_PLANCK;
}

/* a T when the field has decayed, for a T = 1 at the start, without neutrinos: it only scales
 * the grid of momenta. Runge-Kutta of fourth order in ln a. */
static enum nd_status final_z(const struct nd_start *start, const struct nd_plasma_table *plasma,
                              double T_RH, double *z, struct nd_error *error)
{
    enum { STEPS_MAX = 20000 };
    const double step = 0.01, later = 5.0;  /* T_RH over the temperature that counts as final */
    double state[2] = {log(start->T), 1.0}; /* ln T, rho_phi a^3 over its start */
    for (int i = 0; i < STEPS_MAX; i++) {
        const double ln_a = i * step;
        if (exp(state[0]) < T_RH / later) {
            *z = exp(state[0] + ln_a) / start->T;
            return ND_OK;
        }
        double slope[4][2], y[2] = {state[0], state[1]};
        for (int stage = 0; stage < 4; stage++) {
            const double ahead = stage == 0 ? 0.0 : stage == 3 ? step : 0.5 * step;
            for (int v = 0; v < 2 && stage > 0; v++)
                y[v] = state[v] + ahead * slope[stage - 1][v];
            struct nd_plasma_state s;
            const enum nd_status status = nd_plasma_table_at(plasma, exp(y[0]), &s, error);
            if (status != ND_OK)
                return status;
            const double rho_phi = start->rho_phi * y[1] * exp(-3.0 * (ln_a + ahead));
            const double decays = start->Gamma_phi / hubble(s.rho + rho_phi);
            slope[stage][0] = (decays * rho_phi - 3.0 * (s.rho + s.p)) / (s.T * s.drho_dT);
            slope[stage][1] = -decays * y[1];
        }
        for (int v = 0; v < 2; v++)
            state[v] +=
                step / 6.0 * (slope[0][v] + 2.0 * slope[1][v] + 2.0 * slope[2][v] + slope[3][v]);
    }
    return nd_fail(error, ND_NOT_CONVERGED,
                   "field reheating, T_RH = %g MeV: the field has not decayed after %g e-folds",
                   T_RH, STEPS_MAX * step);
}

enum nd_status nd_reheating_start(const struct nd_universe_options *options,
                                  const struct nd_plasma_table *plasma, struct nd_start *start,
                                  struct nd_error *error)
{
    const double T_RH = options->T_RH;
    *start = (struct nd_start){.T = T_RH, .a = 1.0 / T_RH};
    if (options->reheating == ND_REHEATING_SUDDEN)
        return ND_OK;
    start->T = nd_universe_T_start(options);
    struct nd_plasma_state at_RH, at_start;
    enum nd_status status = nd_plasma_table_at(plasma, T_RH, &at_RH, error);
    if (status == ND_OK)
        status = nd_plasma_table_at(plasma, start->T, &at_start, error);
    if (status != ND_OK)
        return status;
    const double neutrinos = ND_N_FLAVOURS * 7.0 * ND_PI * ND_PI / 120.0 * pow(T_RH, 4);
    start->Gamma_phi = 3.0 * hubble(at_RH.rho + neutrinos);
    /* rho = 2/5 Gamma_phi rho_phi / H with H^2 = 8 pi/3 (rho_phi + rho)/M_Pl^2, by iteration */
    double H = hubble(at_start.rho);
    for (int i = 0; i < 100; i++) {
        start->rho_phi = 2.5 * at_start.rho * H / start->Gamma_phi;
        H = hubble(start->rho_phi + at_start.rho);
    }
    double z = 1.0;
    status = final_z(start, plasma, T_RH, &z, error);
    if (status == ND_OK) /* so that a T is about 1 when the neutrinos have been made */
        start->a = 1.0 / (start->T * z);
    return status;
}
