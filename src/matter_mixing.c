/* Mixing of neutrinos in the primordial plasma: see nudipole/matter_mixing.h. */
#include "nudipole/matter_mixing.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>

#include "nudipole/constants.h"
#include "nudipole/table.h"

/* Columns of the table over x = asinh(-A/dm2_21): the angles of the rotation that diagonalises H,
 * written like U in vacuum. The table goes on to A > 0 for N_MARGIN nodes, because the ends of a
 * spline are inaccurate and A = 0 must not be. */
enum { ANGLE_12, ANGLE_13, ANGLE_23, N_ANGLES };
enum { N_NODES = 2049, N_MARGIN = 16 };

/* The table ends at |A| = DENSE |dm2_31|. The angles are at their limits there to 1/DENSE, times
 * sin^2 theta_13; rounding in the eigenvectors of mu and tau is DENSE times 1e-16. */
static const double DENSE = 1e7;

/* Largest interpolation error of an angle. */
static const double MAX_ERROR = 5e-8;

struct nd_matter_mixing {
    struct nd_table *table;
    double dm2_21, x_max;
};

/* R_23 R_13 R_12 (PDG, delta_CP = 0) from the sines and cosines of the angles. */
static void rotation(const double s[N_ANGLES], const double c[N_ANGLES], double U[3][3])
{
    U[0][0] = c[ANGLE_12] * c[ANGLE_13];
    U[0][1] = s[ANGLE_12] * c[ANGLE_13];
    U[0][2] = s[ANGLE_13];
    U[1][0] = -s[ANGLE_12] * c[ANGLE_23] - c[ANGLE_12] * s[ANGLE_23] * s[ANGLE_13];
    U[1][1] = c[ANGLE_12] * c[ANGLE_23] - s[ANGLE_12] * s[ANGLE_23] * s[ANGLE_13];
    U[1][2] = s[ANGLE_23] * c[ANGLE_13];
    U[2][0] = s[ANGLE_12] * s[ANGLE_23] - c[ANGLE_12] * c[ANGLE_23] * s[ANGLE_13];
    U[2][1] = -c[ANGLE_12] * s[ANGLE_23] - s[ANGLE_12] * c[ANGLE_23] * s[ANGLE_13];
    U[2][2] = c[ANGLE_23] * c[ANGLE_13];
}

/* 2p H / dm2_21 in vacuum. */
static void vacuum_hamiltonian(const struct nd_mixing_angles *angles, double H[3][3])
{
    const double sin2[N_ANGLES] = {angles->sin2_12, angles->sin2_13, angles->sin2_23};
    const double masses[3] = {0.0, 1.0, angles->dm2_31 / angles->dm2_21};
    double s[N_ANGLES], c[N_ANGLES], U[3][3];
    for (int k = 0; k < N_ANGLES; k++) {
        s[k] = sqrt(sin2[k]);
        c[k] = sqrt(1.0 - sin2[k]);
    }
    rotation(s, c, U);
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            H[a][b] = 0.0;
            for (int i = 0; i < 3; i++)
                H[a][b] += U[a][i] * masses[i] * U[b][i];
        }
}

/* Eigenvectors of vacuum + diag(a, 0, 0) as the columns of U, with det U = 1; the signs are those
 * that continue the U passed in. */
static void diagonalise(double vacuum[3][3], double a, gsl_eigen_symmv_workspace *workspace,
                        double U[3][3])
{
    double H[3][3], values[3], vectors[3][3];
    for (int i = 0; i < 9; i++)
        H[i / 3][i % 3] = vacuum[i / 3][i % 3];
    H[0][0] += a;
    gsl_matrix_view H_view = gsl_matrix_view_array(H[0], 3, 3);
    gsl_matrix_view vectors_view = gsl_matrix_view_array(vectors[0], 3, 3);
    gsl_vector_view values_view = gsl_vector_view_array(values, 3);
    gsl_eigen_symmv(&H_view.matrix, &values_view.vector, &vectors_view.matrix, workspace);
    gsl_eigen_symmv_sort(&values_view.vector, &vectors_view.matrix, GSL_EIGEN_SORT_VAL_ASC);
    for (int i = 0; i < 2; i++) {
        double overlap = 0.0;
        for (int b = 0; b < 3; b++)
            overlap += U[b][i] * vectors[b][i];
        for (int b = 0; b < 3; b++)
            U[b][i] = overlap < 0.0 ? -vectors[b][i] : vectors[b][i];
    }
    for (int b = 0; b < 3; b++) {
        const int c = (b + 1) % 3, d = (b + 2) % 3;
        U[b][2] = U[c][0] * U[d][1] - U[d][0] * U[c][1];
    }
}

/* The angle that equals `angle` modulo 2 pi and is nearest to `last`. */
static double continued(double angle, double last)
{
    return angle + 2.0 * ND_PI * round((last - angle) / (2.0 * ND_PI));
}

static enum nd_status check_input(const struct nd_mixing_angles *a, struct nd_error *error)
{
    const double sin2[N_ANGLES] = {a->sin2_12, a->sin2_13, a->sin2_23};
    static const char *const names[N_ANGLES] = {"sin2_12", "sin2_13", "sin2_23"};
    for (int k = 0; k < N_ANGLES; k++)
        if (!(sin2[k] >= 0.0 && sin2[k] <= 1.0))
            return nd_fail(error, ND_BAD_INPUT, "%s = %g must be in [0, 1]", names[k], sin2[k]);
    if (!(a->dm2_21 > 0.0))
        return nd_fail(error, ND_BAD_INPUT, "dm2_21 = %g MeV^2 must be positive", a->dm2_21);
    if (!(fabs(a->dm2_31) > a->dm2_21 && isfinite(a->dm2_31 / a->dm2_21)))
        return nd_fail(error, ND_BAD_INPUT,
                       "dm2_31 = %g MeV^2 must be finite and larger in magnitude than dm2_21 = %g "
                       "MeV^2",
                       a->dm2_31, a->dm2_21);
    return ND_OK;
}

/* Fails if the splines miss an angle by more than MAX_ERROR at A <= 0. */
static enum nd_status check_table(const struct nd_table *table, const struct nd_mixing_angles *a,
                                  struct nd_error *error)
{
    double errors[N_NODES], worst = 0.0;
    for (size_t k = 0; k < N_ANGLES; k++) {
        const enum nd_status status = nd_table_errors(table, k, errors, error);
        if (status != ND_OK)
            return status;
        for (int n = N_MARGIN; n < N_NODES; n++)
            worst = fmax(worst, errors[n]); /* ignores NAN */
    }
    if (worst > MAX_ERROR)
        return nd_fail(
            error, ND_NOT_CONVERGED,
            "mixing in matter: two levels come too close for sin2_12 = %g, sin2_13 = %g, "
            "dm2_21 = %g MeV^2, dm2_31 = %g MeV^2, and angles are uncertain by %.1g",
            a->sin2_12, a->sin2_13, a->dm2_21, a->dm2_31, worst);
    return ND_OK;
}

enum nd_status nd_matter_mixing_create(struct nd_matter_mixing **mixing,
                                       const struct nd_mixing_angles *angles,
                                       struct nd_error *error)
{
    *mixing = NULL;
    enum nd_status status = check_input(angles, error);
    if (status != ND_OK)
        return status;
    struct nd_matter_mixing *m = calloc(1, sizeof *m);
    double *values = malloc(N_ANGLES * N_NODES * sizeof *values);
    gsl_eigen_symmv_workspace *workspace = gsl_eigen_symmv_alloc(3);
    if (m == NULL || values == NULL || workspace == NULL) {
        status = nd_fail(error, ND_NO_MEMORY, "no memory for mixing in matter");
        goto cleanup;
    }
    m->dm2_21 = angles->dm2_21;
    m->x_max = asinh(DENSE * fabs(angles->dm2_31 / angles->dm2_21));
    const double step = m->x_max / (N_NODES - 1 - N_MARGIN);
    double vacuum[3][3], U[3][3] = {{0.0}}, last[N_ANGLES] = {0.0};
    vacuum_hamiltonian(angles, vacuum);
    for (int n = 0; n < N_NODES; n++) {
        diagonalise(vacuum, -sinh((n - N_MARGIN) * step), workspace, U);
        last[ANGLE_12] = continued(atan2(U[0][1], U[0][0]), last[ANGLE_12]);
        last[ANGLE_13] = atan2(U[0][2], hypot(U[0][0], U[0][1]));
        last[ANGLE_23] = continued(atan2(U[1][2], U[2][2]), last[ANGLE_23]);
        for (int k = 0; k < N_ANGLES; k++)
            values[k * N_NODES + n] = last[k];
    }
    status = nd_table_create(&m->table, -N_MARGIN * step, m->x_max, N_NODES, N_ANGLES, values,
                             ND_CUBIC, error);
    if (status == ND_OK)
        status = check_table(m->table, angles, error);

cleanup:
    if (workspace != NULL)
        gsl_eigen_symmv_free(workspace);
    free(values);
    if (status == ND_OK)
        *mixing = m;
    else
        nd_matter_mixing_free(m);
    return status;
}

void nd_matter_mixing_free(struct nd_matter_mixing *mixing)
{
    if (mixing == NULL)
        return;
    nd_table_free(mixing->table);
    free(mixing);
}

void nd_matter_mixing_at(const struct nd_matter_mixing *mixing, double A, double weights[3][3])
{
    const double x = A <= 0.0 ? fmin(asinh(-A / mixing->dm2_21), mixing->x_max) : NAN;
    double s[N_ANGLES], c[N_ANGLES];
    for (size_t k = 0; k < N_ANGLES; k++) {
        const double angle = nd_table_eval(mixing->table, k, x);
        s[k] = sin(angle);
        c[k] = cos(angle);
    }
    rotation(s, c, weights);
    for (int i = 0; i < 9; i++)
        weights[i / 3][i % 3] *= weights[i / 3][i % 3];
}

double nd_matter_term(double p, double rho_e, double p_e)
{
    return -4.0 * sqrt(2.0) * ND_FERMI * p * p * (rho_e + p_e) / (ND_M_W * ND_M_W);
}
