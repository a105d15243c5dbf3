/* Neutrinos on neutrinos: see self_scattering.h.
 *
 * Events 1 + 2 -> 3 + 4 at nodes i + j -> k + l, l = i + j - k. Per volume, time, dE_1 dE_2 dE_3
 * they are 1/(256 pi^5) int dq |M|^2 F, with F = f3 f4 (1 - f1)(1 - f2) - f1 f2 (1 - f3)(1 - f4),
 * and |M|^2 in units of 32 G_F^2 (Dolgov, Hansen, Semikoz, hep-ph/9703315, Table 1):
 *
 *     nu_a nu_a       -> nu_a nu_a        2 (p1.p2)(p3.p4)
 *     nu_a nubar_a    -> nu_a nubar_a     4 (p1.p4)(p2.p3)
 *     nu_a nu_b       -> nu_a nu_b          (p1.p2)(p3.p4)
 *     nu_a nubar_b    -> nu_a nubar_b       (p1.p4)(p2.p3)
 *     nu_a nubar_a    -> nu_b nubar_b       (p1.p4)(p2.p3)
 *
 * (p1.p2)(p3.p4) = s^2/4 depends on |p1 + p2| alone, (p1.p4)(p2.p3) = u^2/4 on |p1 - p4|: their
 * integrals are polynomials, K_s and K_u. Particle 2 and 4 can be any flavour, so
 *
 *     K_s + K_u    scatter off another flavour,
 *     K_u          annihilate into another flavour,
 *     K_s + 2 K_u  each of its own flavour (twice) and of a flavour with the same spectrum (once).
 *
 * Only i >= k is stored: an event with i < k is the reverse of one that is. Each event then
 * changes the states of particles 1 and 3; 2 and 4 get their share when they are 1 and 3. With
 * i = k scattering changes nothing; annihilation changes flavour, and as it comes along in both
 * directions, K_u counts half there. */
#include "self_scattering.h"

#include <math.h>
#include <stdlib.h>
#include "nudipole/constants.h"

enum kernel { SCATTER, ANNIHILATE, OWN, N_KERNELS };

struct nd_self_scattering {
    int n;
    double
        *kernel[N_KERNELS]; /* blocks of n - d values over j, for k = 0 ... n - d - 1, d = 0 ... */
};

/* int dP (s/2)^2, s = W^2 - P^2, from P_low to P_high. */
static double invariant_squared(double W, double P_low, double P_high)
{
    const double W2 = W * W, a = P_low * P_low, b = P_high * P_high;
    return 0.25 * (P_high * (W2 * W2 - 2.0 / 3.0 * W2 * b + 0.2 * b * b) -
                   P_low * (W2 * W2 - 2.0 / 3.0 * W2 * a + 0.2 * a * a));
}

enum nd_status nd_self_scattering_create(struct nd_self_scattering **scattering,
                                         const struct nd_momentum_grid *grid,
                                         struct nd_error *error)
{
    const int n = grid->n_core;
    size_t size = 1; /* never nothing */
    for (int d = 0; d < n; d++)
        size += (size_t)(n - d) * (size_t)(n - d);
    struct nd_self_scattering *s = calloc(1, sizeof *s);
    *scattering = s;
    if (s != NULL)
        for (int c = 0; c < N_KERNELS; c++)
            s->kernel[c] = malloc(size * sizeof(double));
    if (s == NULL || s->kernel[0] == NULL || s->kernel[1] == NULL || s->kernel[2] == NULL) {
        nd_self_scattering_free(s);
        *scattering = NULL;
        return nd_fail(error, ND_NO_MEMORY, "no memory for neutrino scattering at %d momenta", n);
    }
    s->n = n;
    const double unit = 32.0 / (256.0 * pow(ND_PI, 5)) * pow(grid->dy, 3);
    const double *y = grid->y;
    size_t at = 0;
    for (int d = 0; d < n; d++)
        for (int k = 0; k < n - d; k++)
            for (int j = 0; j < n - d; j++, at++) {
                const int i = k + d, l = j + d;
                const double K_s = invariant_squared(
                    y[i] + y[j], fmax(fabs(y[i] - y[j]), fabs(y[k] - y[l])), y[i] + y[j]);
                const double K_u = invariant_squared(y[i] - y[l], fabs(y[i] - y[l]),
                                                     fmin(y[i] + y[l], y[j] + y[k]));
                s->kernel[SCATTER][at] = unit * (K_s + K_u);
                s->kernel[ANNIHILATE][at] = (d == 0 ? 0.5 : 1.0) * unit * K_u;
                s->kernel[OWN][at] = unit * (K_s + 2.0 * K_u);
            }
    return ND_OK;
}

void nd_self_scattering_free(struct nd_self_scattering *scattering)
{
    if (scattering == NULL)
        return;
    for (int c = 0; c < N_KERNELS; c++)
        free(scattering->kernel[c]);
    free(scattering);
}

/* gain = sum K G, loss = sum K L. */
struct sums {
    double gain, loss;
};

static struct sums contract(int n, const double *restrict K, const double *restrict G,
                            const double *restrict L)
{
    double gain = 0.0, loss = 0.0;
#pragma omp simd reduction(+ : gain, loss)
    for (int j = 0; j < n; j++) {
        gain += K[j] * G[j];
        loss += K[j] * L[j];
    }
    return (struct sums){gain, loss};
}

/* What particles 2 and 4 contribute at l = j + d: G = f4 (1 - f2), L = f2 (1 - f4). */
static void partners(int n, const double *restrict f2, const double *restrict f4,
                     double *restrict G, double *restrict L)
{
    for (int j = 0; j < n; j++) {
        G[j] = f4[j] * (1.0 - f2[j]);
        L[j] = f2[j] * (1.0 - f4[j]);
    }
}

/* The kernel of 1 and 3 in classes a and b, and how many flavours take part for one of a. */
static enum kernel kernel_of(int a, int b, int is_annihilation)
{
    return a == b ? OWN : is_annihilation ? ANNIHILATE : SCATTER;
}

static double multiplicity(int a, int b, const int flavours[])
{
    return a == b ? flavours[a] + 1.0 : flavours[b];
}

/* Processes of 1 in class a with 2, 3, 4: scattering has (2, 3, 4) = (b, a, b), annihilation
 * (a, b, b); with a = b they are the same. */
struct process {
    int a, b, is_annihilation;
    int second, third;
};

static int list_processes(int n_classes, struct process list[2 * ND_CLASSES_MAX * ND_CLASSES_MAX])
{
    int n = 0;
    for (int a = 0; a < n_classes; a++)
        for (int b = 0; b < n_classes; b++)
            for (int is_annihilation = 0; is_annihilation < (a == b ? 1 : 2); is_annihilation++)
                list[n++] = (struct process){a, b, is_annihilation, is_annihilation ? a : b,
                                             is_annihilation ? b : a};
    return n;
}

void nd_self_scattering_add(const struct nd_self_scattering *scattering, int n_classes,
                            const int flavours[], const double *const f[], double factor,
                            double *const change[])
{
    struct process list[2 * ND_CLASSES_MAX * ND_CLASSES_MAX];
    const int n_processes = list_processes(n_classes, list), n = scattering->n;
    double partner[2 * ND_CLASSES_MAX * ND_CLASSES_MAX][2][n];
    size_t at = 0;
    for (int d = 0; d < n; d++) {
        const int m = n - d;
        for (int p = 0; p < n_processes; p++)
            partners(m, f[list[p].second], f[list[p].b] + d, partner[p][0], partner[p][1]);
        for (int k = 0; k < m; k++, at += (size_t)m)
            for (int p = 0; p < n_processes; p++) {
                const struct process *q = &list[p];
                const double *K =
                    scattering->kernel[kernel_of(q->a, q->b, q->is_annihilation)] + at;
                const double f1 = f[q->a][k + d], f3 = f[q->third][k];
                const struct sums sum = contract(m, K, partner[p][0], partner[p][1]);
                const double event =
                    factor * (f3 * (1.0 - f1) * sum.gain - f1 * (1.0 - f3) * sum.loss);
                /* per flavour of either class */
                change[q->a][k + d] += multiplicity(q->a, q->b, flavours) * event;
                change[q->third][k] -= (q->third == q->a ? multiplicity(q->a, q->b, flavours)
                                                         : (double)flavours[q->a]) *
                                       event;
            }
    }
}

void nd_self_scattering_add_jacobian(const struct nd_self_scattering *scattering, int n_classes,
                                     const int flavours[], const double *const f[], double factor,
                                     double *jacobian, int stride, int row_length)
{
    struct process list[2 * ND_CLASSES_MAX * ND_CLASSES_MAX];
    const int n_processes = list_processes(n_classes, list), n = scattering->n;
    double gain[n], loss[n], by2[n], by4[n];
    size_t at = 0;
    for (int d = 0; d < n; d++) {
        const int m = n - d;
        size_t start = at;
        for (int p = 0; p < n_processes; p++) {
            const struct process *q = &list[p];
            const double *f2 = f[q->second], *f4 = f[q->b] + d;
            const double many_a = factor * multiplicity(q->a, q->b, flavours);
            const double many_3 = q->third == q->a ? many_a : factor * flavours[q->a];
            partners(m, f2, f4, gain, loss);
            at = start;
            for (int k = 0; k < m; k++, at += (size_t)m) {
                const double *restrict K =
                    scattering->kernel[kernel_of(q->a, q->b, q->is_annihilation)] + at;
                const double f1 = f[q->a][k + d], f3 = f[q->third][k];
                const struct sums sum = contract(m, K, gain, loss);
                double *restrict row_1 = jacobian + (q->a * stride + k + d) * row_length;
                double *restrict row_3 = jacobian + (q->third * stride + k) * row_length;
                const int column_1 = q->a * stride + k + d, column_3 = q->third * stride + k;
                const double by_1 = -f3 * sum.gain - (1.0 - f3) * sum.loss;
                const double by_3 = (1.0 - f1) * sum.gain + f1 * sum.loss;
                row_1[column_1] += many_a * by_1;
                row_1[column_3] += many_a * by_3;
                row_3[column_1] -= many_3 * by_1;
                row_3[column_3] -= many_3 * by_3;
                const double A = f3 * (1.0 - f1), B = f1 * (1.0 - f3);
                for (int j = 0; j < m; j++) {
                    by2[j] = -K[j] * (A * f4[j] + B * (1.0 - f4[j]));
                    by4[j] = K[j] * (A * (1.0 - f2[j]) + B * f2[j]);
                }
                const int column_2 = q->second * stride, column_4 = q->b * stride + d;
                for (int j = 0; j < m; j++)
                    row_1[column_2 + j] += many_a * by2[j];
                for (int j = 0; j < m; j++)
                    row_1[column_4 + j] += many_a * by4[j];
                for (int j = 0; j < m; j++)
                    row_3[column_2 + j] -= many_3 * by2[j];
                for (int j = 0; j < m; j++)
                    row_3[column_4 + j] -= many_3 * by4[j];
            }
        }
        at = start + (size_t)m * (size_t)m;
    }
}
