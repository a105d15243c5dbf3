/* The equations of the coupled Universe: see nudipole/universe.h.
 *
 * In ln a, with N_i = f_i w_i y_i^2/(2 pi^2) the comoving number density of a node (twice that for
 * the two helicities of N) and E_i its energy,
 *
 *     dN_i           = sum of events / H,
 *     a^4 Q          = - 2 a sum_i E_i dN_i   what particles and antiparticles hand to the plasma,
 *     d(a^4 rho)     = a^4 (rho - 3 p + Q + Gamma_phi/H rho_phi)   of the plasma,
 *     d(a^4 rho_phi) = a^4 rho_phi (1 - Gamma_phi/H),
 *     d(a^4 rho_all) = a^4 (rho_all - 3 p_all)   the second account of the energy.
 *
 * Of N the state holds u_i = f_i E_i/p_i, so that a^4 rho_N is a sum of u_i with constant factors:
 *
 *     du_i           = E_i/p_i df_i + (m4/E_i)^2 u_i.
 *
 * With mixing the state holds eigenstates, f_flavour = sum_k |U_flavour,k|^2 f_k, and their
 * collision terms are df_k = sum_flavours |U_flavour,k|^2 df_flavour. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/constants.h"
#include "universe_internal.h"

static double fermi(double x)
{
    return 1.0 / (exp(x) + 1.0);
}

/* ---- creation ---------------------------------------------------------------------------- */

/* Flavours whose spectra are the same share a class. */
static void choose_classes(struct nd_equations *e)
{
    const int N_couples = e->model != NULL && e->options->backreaction;
    if (N_couples && e->model->flavour != ND_FLAVOUR_E) {
        e->n_classes = 3;
        for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++) {
            e->class_of[flavour] = flavour;
            e->flavours[flavour] = 1;
        }
        return;
    }
    e->n_classes = 2;
    e->class_of[ND_FLAVOUR_E] = 0;
    e->class_of[ND_FLAVOUR_MU] = e->class_of[ND_FLAVOUR_TAU] = 1;
    e->flavours[0] = 1;
    e->flavours[1] = 2;
}

enum nd_status nd_equations_create(struct nd_equations *e, const struct nd_model *model,
                                   struct nd_universe_tables *tables,
                                   const struct nd_universe_options *options,
                                   struct nd_error *error)
{
    *e =
        (struct nd_equations){.model = model, .options = options, .tables = tables, .error = error};
    enum nd_status status = nd_plasma_table_create(&e->plasma, options->qed, 0.5 * options->T_end,
                                                   2.0 * nd_universe_T_start(options), error);
    if (status == ND_OK && options->mixing == ND_MIXING_AVERAGED)
        status = nd_matter_mixing_create(&e->mixing, &options->angles, error);
    if (status == ND_OK)
        status = nd_reheating_start(options, e->plasma, &e->start, error);
    if (status != ND_OK)
        return status;
    choose_classes(e);
    const int n = tables->grid.n, n_core = model != NULL ? tables->grid.n_core : 0;
    e->n_spectra = e->mixing != NULL ? ND_N_FLAVOURS : e->n_classes;
    e->first_N = e->n_spectra * n;
    e->first_scalar = e->first_N + n_core;
    e->n_equations = e->first_scalar + ND_N_SCALARS;
    const size_t size = (size_t)n, all = (size_t)e->n_equations;
    const size_t collides = (size_t)e->n_classes * size + (size_t)n_core;
    int allocated = 1;
    for (int c = 0; c < e->n_classes; c++) {
        e->f[c] = calloc(size, sizeof(double));
        e->change[c] = calloc(size, sizeof(double));
        allocated = allocated && e->f[c] != NULL && e->change[c] != NULL;
    }
    e->f_N = calloc(size, sizeof(double));
    e->velocity = calloc(size, sizeof(double));
    e->change_N = calloc(size, sizeof(double));
    e->ignored = calloc(size, sizeof(double));
    e->weights = calloc(size * 9, sizeof(double));
    e->rates = malloc(collides * collides * sizeof(double));
    e->shifted = malloc(all * sizeof(double));
    e->slope_base = malloc(all * sizeof(double));
    e->slope_shifted = malloc(all * sizeof(double));
    if (!allocated || e->f_N == NULL || e->velocity == NULL || e->change_N == NULL ||
        e->ignored == NULL || e->weights == NULL || e->rates == NULL || e->shifted == NULL ||
        e->slope_base == NULL || e->slope_shifted == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %d equations", e->n_equations);
    return ND_OK;
}

void nd_equations_clear(struct nd_equations *e)
{
    for (int c = 0; c < ND_CLASSES_MAX; c++) {
        free(e->f[c]);
        free(e->change[c]);
    }
    free(e->f_N);
    free(e->velocity);
    free(e->change_N);
    free(e->ignored);
    free(e->weights);
    free(e->rates);
    free(e->shifted);
    free(e->slope_base);
    free(e->slope_shifted);
    nd_plasma_table_free(e->plasma);
    nd_matter_mixing_free(e->mixing);
    *e = (struct nd_equations){0};
}

enum nd_status nd_equations_start(struct nd_equations *e, double *y)
{
    const struct nd_universe_options *o = e->options;
    const struct nd_momentum_grid *grid = &e->tables->grid;
    const int thermal = o->reheating == ND_REHEATING_SUDDEN;
    memset(y, 0, (size_t)e->n_equations * sizeof *y);
    if (thermal)
        for (int s = 0; s < e->n_spectra; s++)
            for (int i = 0; i < grid->n; i++)
                y[s * grid->n + i] = fermi(grid->y[i]);
    if (e->model != NULL && o->N_initial == ND_N_THERMAL)
        for (int j = 0; j < grid->n_core; j++) {
            const double p = grid->y[j] / e->start.a, E = hypot(p, e->model->m4);
            y[e->first_N + j] = o->N_occupation * fermi(E / e->start.T) * E / p;
        }
    double *scalar = y + e->first_scalar;
    struct nd_plasma_state plasma;
    const enum nd_status status = nd_plasma_table_at(e->plasma, e->start.T, &plasma, e->error);
    if (status != ND_OK)
        return status;
    scalar[ND_PLASMA] = pow(e->start.a, 4) * plasma.rho;
    scalar[ND_PHI] = pow(e->start.a, 4) * e->start.rho_phi;
    e->H_start = e->energy_start = 1.0;
    struct nd_universe_state state;
    if (nd_equations_evaluate(e, log(e->start.a), y, &state) != 0)
        return nd_fail(e->error, ND_BAD_INPUT,
                       "T = %g MeV at the start: outside of the plasma's "
                       "table",
                       e->start.T);
    e->H_start = state.H;
    e->energy_start = pow(state.a, 4) * state.rho;
    return ND_OK;
}

/* ---- state ------------------------------------------------------------------------------- */

double nd_equations_occupation(const struct nd_equations *e, const double *y, int flavour, int node)
{
    const int n = e->tables->grid.n;
    if (e->mixing == NULL)
        return y[e->class_of[flavour] * n + node];
    double f = 0.0;
    for (int k = 0; k < ND_N_FLAVOURS; k++)
        f += e->weights[node * 9 + flavour * 3 + k] * y[k * n + node];
    return f;
}

/* Newton's method in ln rho(ln T), which is nearly straight: rho ~ T^4. Returns 0, or 1 outside of
 * the table. */
static int plasma_of_energy(const struct nd_plasma_table *table, double rho,
                            struct nd_plasma_state *plasma)
{
    enum { ITERATIONS = 30 };
    const double photons_and_electrons = 5.5 * ND_PI * ND_PI / 30.0, precise = 1e-14;
    double T = pow(rho / photons_and_electrons, 0.25);
    if (!(rho > 0.0))
        return 1;
    for (int i = 0; i < ITERATIONS; i++) {
        if (nd_plasma_table_at(table, T, plasma, NULL) != ND_OK)
            return 1;
        const double step = log(rho / plasma->rho) * plasma->rho / (T * plasma->drho_dT);
        if (fabs(step) < precise)
            break;
        T *= exp(step);
    }
    return 0;
}

double nd_equations_temperature(const struct nd_equations *e, double ln_a, const double *y)
{
    struct nd_plasma_state plasma;
    const double rho = y[e->first_scalar + ND_PLASMA] * exp(-4.0 * ln_a);
    return plasma_of_energy(e->plasma, rho, &plasma) == 0 ? plasma.T : NAN;
}

int nd_equations_evaluate(struct nd_equations *e, double ln_a, const double *y,
                          struct nd_universe_state *s)
{
    const struct nd_momentum_grid *grid = &e->tables->grid;
    const double *scalar = y + e->first_scalar;
    *s = (struct nd_universe_state){.a = exp(ln_a)};
    const double a = s->a, a3 = a * a * a, antiparticles = 2.0;
    if (plasma_of_energy(e->plasma, scalar[ND_PLASMA] / (a3 * a), &s->plasma) != 0)
        return 1;
    s->T = s->plasma.T;
    if (e->mixing != NULL)
        for (int i = 0; i < grid->n; i++) {
            double weights[3][3];
            nd_matter_mixing_at(
                e->mixing, nd_matter_term(grid->y[i] / a, s->plasma.rho_e, s->plasma.p_e), weights);
            memcpy(e->weights + (size_t)i * 9, weights, sizeof weights);
        }
    for (int c = 0; c < e->n_classes; c++)
        memset(e->f[c], 0, (size_t)grid->n * sizeof(double));
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++) {
        const int c = e->class_of[flavour];
        double energy = 0.0, number = 0.0;
        for (int i = 0; i < grid->n; i++) {
            const double f = nd_equations_occupation(e, y, flavour, i);
            e->f[c][i] += f / e->flavours[c];
            number += grid->measure[i] * f;
            energy += grid->measure[i] * f * grid->y[i];
        }
        s->n_nu[flavour] = antiparticles * number / a3;
        s->rho_nu[flavour] = antiparticles * energy / (a3 * a);
        s->rho += s->rho_nu[flavour];
    }
    s->p = s->rho / 3.0;
    if (e->model != NULL) {
        const double helicities = 2.0, M = e->model->m4;
        for (int j = 0; j < grid->n_core; j++) {
            const double p = grid->y[j] / a, E = sqrt(p * p + M * M);
            e->velocity[j] = p / E;
            e->f_N[j] = y[e->first_N + j] * e->velocity[j];
            const double n = antiparticles * helicities * grid->measure[j] * e->f_N[j] / a3;
            s->n_N += n;
            s->rho_N += n * E;
            s->p_N += n * p * p / (3.0 * E);
        }
        if (e->options->backreaction) {
            s->rho += s->rho_N;
            s->p += s->p_N;
        }
    }
    s->rho_phi = scalar[ND_PHI] / (a3 * a);
    s->rho_dark = e->dark / (a3 * a);
    s->rho += s->plasma.rho + s->rho_phi + s->rho_dark;
    s->p += s->plasma.p + s->rho_dark / 3.0;
    if (!(s->rho > 0.0))
        return 1;
    s->H = sqrt(8.0 * ND_PI * s->rho / 3.0) / ND_M_PLANCK;
    return 0;
}

/* ---- collisions -------------------------------------------------------------------------- */

static enum nd_weak_kind weak_kind(const struct nd_equations *e, int class)
{
    return class == e->class_of[ND_FLAVOUR_E] ? ND_WEAK_ELECTRON : ND_WEAK_OTHER;
}

static int dipole_processes(const struct nd_equations *e)
{
    return (e->options->processes & ND_PROCESS_SCATTER ? ND_DIPOLE_SCATTERING : 0) |
           (e->options->processes & ND_PROCESS_PAIR ? ND_DIPOLE_PAIRS : 0);
}

/* Kernels for the temperature of a state. */
static enum nd_status set_kernels(struct nd_equations *e, const struct nd_universe_state *s)
{
    const int processes = e->options->processes, hot = s->T > ND_COLLISIONS_T_MIN;
    struct nd_universe_tables *t = e->tables;
    enum nd_status status = ND_OK;
    if (hot && (processes & ND_PROCESS_WEAK))
        status = nd_electron_collisions_set(t->electrons, s->T, s->a, e->error);
    if (status == ND_OK && e->model != NULL && hot && dipole_processes(e) != 0)
        status = nd_dipole_collisions_set(t->dipole, s->T, s->a, e->error);
    if (status == ND_OK && e->model != NULL && (processes & ND_PROCESS_PHOTON)) {
        const int screened = e->options->screening == ND_SCREENING_HTL;
        const struct nd_photon_plasma plasma = {e->model->m4, s->T, s->a,
                                                screened ? s->plasma.m_asymptotic2 : 0.0};
        status = nd_photon_processes_set(t->photon, &plasma, e->error);
    }
    return status;
}

/* Factors of the collisions per ln a: G_F^2 a^-5/H, 1/H, mu^2/H. */
struct factors {
    double self, weak, dipole;
};

static struct factors factors_of(const struct nd_equations *e, const struct nd_universe_state *s)
{
    const double mu = e->model != NULL ? e->model->mu : 0.0;
    return (struct factors){ND_FERMI * ND_FERMI / (pow(s->a, 5) * s->H), 1.0 / s->H,
                            mu * mu / s->H};
}

/* Fills `change` and `change_N`. */
static void collide(struct nd_equations *e, const struct nd_universe_state *s)
{
    const struct nd_universe_tables *t = e->tables;
    const struct factors factor = factors_of(e, s);
    const int processes = e->options->processes, hot = s->T > ND_COLLISIONS_T_MIN;
    for (int c = 0; c < e->n_classes; c++)
        memset(e->change[c], 0, (size_t)t->grid.n * sizeof(double));
    memset(e->change_N, 0, (size_t)t->grid.n * sizeof(double));
    if (hot && (processes & ND_PROCESS_WEAK)) {
        for (int c = 0; c < e->n_classes; c++)
            nd_electron_collisions_add(t->electrons, weak_kind(e, c), e->f[c], factor.weak,
                                       e->change[c]);
        const double *const f[ND_CLASSES_MAX] = {e->f[0], e->f[1], e->f[2]};
        nd_self_scattering_add(t->self, e->n_classes, e->flavours, f, factor.self, e->change);
    }
    if (e->model == NULL)
        return;
    const int c = e->class_of[e->model->flavour];
    double *change = e->options->backreaction ? e->change[c] : e->ignored;
    if (hot && dipole_processes(e) != 0)
        nd_dipole_collisions_add(t->dipole, dipole_processes(e), e->f[c], e->f_N, factor.dipole,
                                 change, e->change_N);
    if (processes & ND_PROCESS_PHOTON) {
        double unpaired;
        nd_photon_processes_add(t->photon, e->f[c], e->f_N, factor.dipole, change, e->change_N,
                                &unpaired);
        e->number_residual = fmax(e->number_residual, unpaired);
    }
}

/* a E of a node of N. */
static double comoving_energy(const struct nd_equations *e, int node)
{
    return e->tables->grid.y[node] / e->velocity[node];
}

int nd_equations_function(double ln_a, const double *y, double *dydx, void *context)
{
    struct nd_equations *e = context;
    const struct nd_momentum_grid *grid = &e->tables->grid;
    struct nd_universe_state s;
    if (nd_equations_evaluate(e, ln_a, y, &s) != 0)
        return 1;
    if (set_kernels(e, &s) != ND_OK)
        return -1;
    collide(e, &s);

    double handed_over = 0.0; /* a^4 Q / 2 */
    for (int c = 0; c < e->n_classes; c++)
        for (int i = 0; i < grid->n; i++)
            handed_over -= e->flavours[c] * grid->y[i] * e->change[c][i];
    for (int i = 0; i < grid->n; i++) {
        const double per_measure = 1.0 / grid->measure[i];
        if (e->mixing == NULL) {
            for (int c = 0; c < e->n_classes; c++)
                dydx[c * grid->n + i] = e->change[c][i] * per_measure;
        } else {
            for (int k = 0; k < ND_N_FLAVOURS; k++) {
                double sum = 0.0;
                for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
                    sum += e->weights[i * 9 + flavour * 3 + k] * e->change[e->class_of[flavour]][i];
                dydx[k * grid->n + i] = sum * per_measure;
            }
        }
    }
    if (e->model != NULL)
        for (int j = 0; j < grid->n_core; j++) {
            const double helicities = 2.0, v = e->velocity[j];
            dydx[e->first_N + j] = e->change_N[j] / (helicities * grid->measure[j] * v) +
                                   (1.0 - v * v) * y[e->first_N + j];
            if (e->options->backreaction)
                handed_over -= comoving_energy(e, j) * e->change_N[j];
        }
    const double a4 = pow(s.a, 4), decays = e->start.Gamma_phi / s.H;
    double *slope = dydx + e->first_scalar;
    slope[ND_PLASMA] =
        2.0 * handed_over + a4 * (s.plasma.rho - 3.0 * s.plasma.p + decays * s.rho_phi);
    slope[ND_TIME] = e->H_start / s.H * exp(-y[e->first_scalar + ND_TIME]);
    slope[ND_PHI] = (1.0 - decays) * y[e->first_scalar + ND_PHI];
    slope[ND_ENERGY] = a4 * (s.rho - 3.0 * s.p);
    for (int i = 0; i < e->n_equations; i++)
        if (!isfinite(dydx[i]))
            return 1; /* a trial step went too far */
    return 0;
}

/* ---- Jacobian ---------------------------------------------------------------------------- */

/* Derivatives of `change` and `change_N` by the spectra of classes and N, row-major. */
static void collide_jacobian(struct nd_equations *e, const struct nd_universe_state *s, int size)
{
    const struct nd_universe_tables *t = e->tables;
    const struct factors factor = factors_of(e, s);
    const int processes = e->options->processes, hot = s->T > ND_COLLISIONS_T_MIN;
    const int n = t->grid.n, first_N = e->n_classes * n;
    memset(e->rates, 0, (size_t)size * (size_t)size * sizeof(double));
    if (e->model != NULL) {
        const int c = e->class_of[e->model->flavour];
        if (hot && dipole_processes(e) != 0)
            nd_dipole_collisions_add_jacobian(t->dipole, dipole_processes(e), e->f[c], e->f_N,
                                              factor.dipole, e->rates, c * n, first_N, size);
        if (processes & ND_PROCESS_PHOTON)
            nd_photon_processes_add_jacobian(t->photon, e->f[c], e->f_N, factor.dipole, e->rates,
                                             c * n, first_N, size);
        if (!e->options->backreaction) /* what N did to neutrinos is not counted */
            memset(e->rates, 0, (size_t)first_N * (size_t)size * sizeof(double));
    }
    if (hot && (processes & ND_PROCESS_WEAK)) {
        for (int c = 0; c < e->n_classes; c++)
            nd_electron_collisions_add_jacobian(t->electrons, weak_kind(e, c), e->f[c], factor.weak,
                                                e->rates + c * n * (size + 1), size);
        const double *const f[ND_CLASSES_MAX] = {e->f[0], e->f[1], e->f[2]};
        nd_self_scattering_add_jacobian(t->self, e->n_classes, e->flavours, f, factor.self,
                                        e->rates, n, size);
    }
}

/* d f_class / d f_k at a node: the average over the flavours of the class. */
static double by_eigenstate(const struct nd_equations *e, int node, int class, int k)
{
    double sum = 0.0;
    for (int flavour = 0; flavour < ND_N_FLAVOURS; flavour++)
        if (e->class_of[flavour] == class)
            sum += e->weights[node * 9 + flavour * 3 + k];
    return sum / e->flavours[class];
}

/* Turns the rates of one column, d change / d f of a spectrum of the state, into a column of the
 * Jacobian. */
static void write_column(const struct nd_equations *e, const double *column, double *J)
{
    const struct nd_momentum_grid *grid = &e->tables->grid;
    const int n = grid->n;
    double handed_over = 0.0;
    for (int i = 0; i < n; i++) {
        const double per_measure = 1.0 / grid->measure[i];
        for (int c = 0; c < e->n_classes; c++) {
            const double change = column[c * n + i];
            if (change == 0.0)
                continue;
            handed_over -= e->flavours[c] * grid->y[i] * change;
            if (e->mixing == NULL)
                J[c * n + i] = change * per_measure;
            else
                for (int k = 0; k < ND_N_FLAVOURS; k++)
                    J[k * n + i] +=
                        by_eigenstate(e, i, c, k) * e->flavours[c] * change * per_measure;
        }
    }
    if (e->model != NULL)
        for (int j = 0; j < grid->n_core; j++) {
            const double helicities = 2.0, change = column[e->n_classes * n + j];
            J[e->first_N + j] = change / (helicities * grid->measure[j] * e->velocity[j]);
            if (e->options->backreaction)
                handed_over -= comoving_energy(e, j) * change;
        }
    J[e->first_scalar + ND_PLASMA] = 2.0 * handed_over;
}

int nd_equations_jacobian(double ln_a, const double *y, double *J, void *context)
{
    struct nd_equations *e = context;
    const struct nd_momentum_grid *grid = &e->tables->grid;
    const int n = grid->n, n_core = e->model != NULL ? grid->n_core : 0;
    const int size = e->n_classes * n + n_core, all = e->n_equations;
    struct nd_universe_state s;

    /* by the plasma's energy: a difference, which has all that depends on T */
    const double shift = 1e-6 * y[e->first_scalar + ND_PLASMA];
    memcpy(e->shifted, y, (size_t)all * sizeof *y);
    e->shifted[e->first_scalar + ND_PLASMA] += shift;
    int failure = nd_equations_function(ln_a, e->shifted, e->slope_shifted, e);
    if (failure == 0)
        failure = nd_equations_function(ln_a, y, e->slope_base, e); /* sets the kernels again */
    if (failure != 0)
        return failure;
    for (int row = 0; row < all; row++)
        J[(e->first_scalar + ND_PLASMA) * all + row] =
            (e->slope_shifted[row] - e->slope_base[row]) / shift;
    if (nd_equations_evaluate(e, ln_a, y, &s) != 0)
        return 1;
    const double decays = e->start.Gamma_phi / s.H;
    double *by_phi = J + (e->first_scalar + ND_PHI) * all + e->first_scalar;
    by_phi[ND_PHI] = 1.0 - decays;
    by_phi[ND_PLASMA] = decays;
    by_phi[ND_ENERGY] = 1.0;

    /* by the spectra; what they do to H is not stiff and left out */
    collide_jacobian(e, &s, size);
    double *column = e->slope_shifted; /* at least as long */
    for (int spectrum = 0; spectrum < e->n_spectra; spectrum++)
        for (int i = 0; i < n; i++) {
            for (int row = 0; row < size; row++) {
                if (e->mixing == NULL) {
                    column[row] = e->rates[row * size + spectrum * n + i];
                    continue;
                }
                column[row] = 0.0;
                for (int c = 0; c < e->n_classes; c++)
                    column[row] +=
                        e->rates[row * size + c * n + i] * by_eigenstate(e, i, c, spectrum);
            }
            write_column(e, column, J + (spectrum * n + i) * all);
        }
    for (int j = 0; j < n_core; j++) {
        const double v = e->velocity[j], redshift = 1.0 - v * v;
        double *of_N = J + (e->first_N + j) * all;
        for (int row = 0; row < size; row++)
            column[row] = v * e->rates[row * size + e->n_classes * n + j];
        write_column(e, column, of_N);
        of_N[e->first_N + j] += redshift;
        if (e->options->backreaction) { /* rho - 3 p = rho M^2/E^2 */
            const double antiparticles_and_helicities = 4.0;
            of_N[e->first_scalar + ND_ENERGY] =
                antiparticles_and_helicities * grid->measure[j] * grid->y[j] * redshift;
        }
    }
    return 0;
}
