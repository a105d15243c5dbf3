/* N <-> nu gamma and gamma <-> N nubar: see photon_processes.h.
 *
 * Per volume, time, dE_N and dk (rates_photon.c), with q the photon's momentum and D = |m4^2 -
 * m_g^2|,
 *
 *     K = |M|^2 / (32 pi^3),   |M|^2 = mu^2 [2 m4^2 D -+ 4 m_g^2 k_perp^2],
 *
 * k_perp across q; the neutrino's momentum lies between D/(2 (E + p)) and D/(2 (E - p)). The upper
 * signs belong to decay, where omega = E - k, the lower ones to the plasmon, omega = E + k. The
 * integral over k runs in ln(k/omega), in which soft photons and soft neutrinos are both resolved.
 */
#include "photon_processes.h"

#include <math.h>
#include <stdlib.h>
#include "nudipole/constants.h"
#include "nudipole/quadrature.h"

enum { N_POINTS = 16 }; /* of the integral over k */

/* Occupations below it carry neither number nor energy; the logarithm needs a floor. */
static const double FLOOR = 1e-100;

struct event {
    int N, node;   /* node of N; the lower one of the neutrino's two nodes */
    double share;  /* of the upper one */
    double rate;   /* in MeV^3/mu^2, with the weights of the integrals */
    double photon; /* occupation of the photon */
};

struct nd_photon_processes {
    const struct nd_momentum_grid *grid;
    double point[N_POINTS], weight[N_POINTS]; /* Gauss-Legendre on [0, 1] */
    int is_plasmon;
    int n;
    struct event *events;
    double *logit; /* of the neutrino's spectrum */
};

enum nd_status nd_photon_processes_create(struct nd_photon_processes **processes,
                                          const struct nd_momentum_grid *grid,
                                          struct nd_error *error)
{
    struct nd_photon_processes *p = calloc(1, sizeof *p);
    *processes = p;
    if (p == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for photon processes");
    p->grid = grid;
    p->events = malloc((size_t)(grid->n_core * N_POINTS) * sizeof *p->events);
    p->logit = malloc((size_t)grid->n * sizeof *p->logit);
    enum nd_status status = p->events != NULL && p->logit != NULL
                                ? ND_OK
                                : nd_fail(error, ND_NO_MEMORY, "no memory for photon processes");
    if (status == ND_OK)
        status = nd_gauss_legendre(N_POINTS, p->point, p->weight, error);
    if (status != ND_OK) {
        nd_photon_processes_free(p);
        *processes = NULL;
    }
    return status;
}

void nd_photon_processes_free(struct nd_photon_processes *processes)
{
    if (processes == NULL)
        return;
    free(processes->events);
    free(processes->logit);
    free(processes);
}

/* mu^-2 |M|^2 of a neutrino of energy k, N of momentum p and a photon of energy omega. */
static double matrix_element(double M2, double m2, double p, double k, double omega, int is_plasmon)
{
    const double q2 = omega * omega - m2, D = fabs(M2 - m2);
    double perp2 = 0.0;
    if (m2 > 0.0 && q2 > 0.0) {
        /* decay: p = k + q; plasmon: q = p + k; the angle between k and q */
        const double along = is_plasmon ? 0.5 * (q2 + k * k - p * p) : 0.5 * (p * p - k * k - q2);
        perp2 = fmax(0.0, k * k - along * along / q2);
    }
    return 2.0 * M2 * D + (is_plasmon ? 4.0 : -4.0) * m2 * perp2;
}

enum nd_status nd_photon_processes_set(struct nd_photon_processes *processes,
                                       const struct nd_photon_plasma *plasma,
                                       struct nd_error *error)
{
    const struct nd_momentum_grid *grid = processes->grid;
    const double M2 = plasma->m4 * plasma->m4, m2 = plasma->m_gamma2, a = plasma->a;
    const double D = fabs(M2 - m2);
    processes->is_plasmon = m2 > M2;
    processes->n = 0;
    for (int j = 0; j < grid->n_core; j++) {
        const double p = grid->y[j] / a, E = sqrt(p * p + M2);
        const double k_low = 0.5 * D / (E + p);
        double k_high = 0.5 * D * (E + p) / M2;
        /* hard plasmons are as rare as what the grid leaves out of a thermal spectrum */
        if (processes->is_plasmon)
            k_high = fmin(k_high, 0.999 * grid->y[grid->n - 1] / a);
        /* s = ln(k/omega) */
        const double sign = processes->is_plasmon ? 1.0 : -1.0;
        const double s_low = log(k_low / (E + sign * k_low));
        /* the photon of the hardest neutrino; E - k_high would cancel */
        const double omega_high =
            processes->is_plasmon ? E + k_high : 0.5 * (M2 / (E + p) + m2 * (E + p) / M2);
        const double s_high = log(k_high / omega_high);
        if (!(k_high > k_low))
            continue;
        const double range = s_high - s_low;
        /* a^3 dE dk = a dy_N p/E * a dk */
        const double measure = a * a * grid->weight[j] * (p / E) / (32.0 * ND_PI * ND_PI * ND_PI);
        for (int g = 0; g < N_POINTS; g++) {
            const double ratio = exp(s_low + range * processes->point[g]);
            const double k =
                processes->is_plasmon ? E * ratio / (1.0 - ratio) : E * ratio / (1.0 + ratio);
            const double omega = E + sign * k;
            struct event event = {.N = j};
            if (!nd_momentum_grid_locate(grid, a * k, &event.node, &event.share))
                return nd_fail(
                    error, ND_BAD_INPUT,
                    "N of momentum %g MeV decays to neutrinos of a k = %g at T = %g MeV, "
                    "beyond the last node y = %g of the momentum grid",
                    p, a * k, plasma->T, grid->y[grid->n - 1]);
            /* dk = k omega/E ds in either case */
            event.rate = measure * range * processes->weight[g] * k * omega / E *
                         matrix_element(M2, m2, p, k, omega, processes->is_plasmon);
            event.photon = 1.0 / expm1(omega / plasma->T);
            processes->events[processes->n++] = event;
        }
    }
    return ND_OK;
}

static double logit(double f)
{
    const double occupied = fmax(f, FLOOR);
    return log(occupied / fmax(1.0 - f, FLOOR));
}

static double occupation(double logit)
{
    return 1.0 / (1.0 + exp(-logit));
}

void nd_photon_processes_add(const struct nd_photon_processes *processes, const double *f_nu,
                             const double *f_N, double factor, double *change_nu, double *change_N,
                             double *unpaired)
{
    double *l = processes->logit, sum = 0.0, modulus = 0.0;
    for (int i = 0; i < processes->grid->n; i++)
        l[i] = logit(f_nu[i]);
    for (int e = 0; e < processes->n; e++) {
        const struct event *v = &processes->events[e];
        const double f = occupation(l[v->node] + v->share * (l[v->node + 1] - l[v->node]));
        const double N = f_N[v->N], b = v->photon;
        double to_nu, to_N;
        if (processes->is_plasmon) {
            to_nu = factor * v->rate * (b * (1.0 - f) * (1.0 - N) - (1.0 + b) * f * N);
            to_N = to_nu;
        } else {
            to_nu = factor * v->rate * ((1.0 + b) * N * (1.0 - f) - b * f * (1.0 - N));
            to_N = -to_nu;
        }
        const double upper = v->share * to_nu, lower = to_nu - upper;
        change_nu[v->node] += lower;
        change_nu[v->node + 1] += upper;
        change_N[v->N] += to_N;
        sum += lower + upper + to_N;
        modulus += fabs(to_nu);
    }
    *unpaired = processes->is_plasmon || modulus == 0.0 ? 0.0 : fabs(sum) / modulus;
}

/* df/df_node at a share of one, f interpolated in the logit. Not counted is a node next to which
 * the interpolated one is huge: an empty node in front of the momentum of decays would put a
 * derivative of 1e20 and more into the matrix, and rounding errors of its inverse into everything.
 */
static double slope_of_logit(double f_node, double f)
{
    const double steep = 1e3;
    return f_node > FLOOR && f_node < 1.0 && f < steep * f_node
               ? f * (1.0 - f) / (f_node * (1.0 - f_node))
               : 0.0;
}

void nd_photon_processes_add_jacobian(const struct nd_photon_processes *processes,
                                      const double *f_nu, const double *f_N, double factor,
                                      double *jacobian, int nu, int N_first, int row_length)
{
    double *l = processes->logit;
    for (int i = 0; i < processes->grid->n; i++)
        l[i] = logit(f_nu[i]);
    for (int e = 0; e < processes->n; e++) {
        const struct event *v = &processes->events[e];
        const int low = v->node, high = low + 1;
        const double f = occupation(l[low] + v->share * (l[high] - l[low]));
        const double N = f_N[v->N], b = v->photon, rate = factor * v->rate;
        const double df_low = (1.0 - v->share) * slope_of_logit(f_nu[low], f);
        const double df_high = v->share * slope_of_logit(f_nu[high], f);
        double by_f, by_N, sign;
        if (processes->is_plasmon) {
            by_f = -rate * (b * (1.0 - N) + (1.0 + b) * N);
            by_N = -rate * (b * (1.0 - f) + (1.0 + b) * f);
            sign = 1.0;
        } else {
            by_f = -rate * ((1.0 + b) * N + b * (1.0 - N));
            by_N = rate * ((1.0 + b) * (1.0 - f) + b * f);
            sign = -1.0;
        }
        const double derivative[3] = {by_f * df_low, by_f * df_high, by_N};
        const int column[3] = {nu + low, nu + high, N_first + v->N};
        double *row_low = jacobian + (nu + low) * row_length;
        double *row_high = jacobian + (nu + high) * row_length;
        double *row_N = jacobian + (N_first + v->N) * row_length;
        for (int c = 0; c < 3; c++) {
            row_low[column[c]] += (1.0 - v->share) * derivative[c];
            row_high[column[c]] += v->share * derivative[c];
            row_N[column[c]] += sign * derivative[c];
        }
    }
}
