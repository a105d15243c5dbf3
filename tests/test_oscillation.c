/* Tests of nudipole/oscillation.h: the limits of vacuum and of dense matter, the resonance, the
 * published coefficient of the matter term, and the eigenvectors of the Hamiltonian, found here
 * without a mixing angle in matter. */
#include "nudipole/oscillation.h"

#include "nudipole/constants.h"
#include "support.h"

static const double ROUNDING = 1e-14;

/* NuFIT 6.0. */
static const struct nd_oscillation NUFIT = {0.307, 0.02195, 0.561, 7.49e-17};
static const struct nd_oscillation CASES[] = {{0.307, 0.02195, 0.561, 7.49e-17},
                                              {0.25, 0.0, 0.5, 8e-17},
                                              {0.6, 0.1, 0.3, 5e-17},
                                              {0.02, 0.9, 0.9, 1e-16},
                                              {0.5, 0.3, 0.0, 7e-17}};
enum { N_CASES = sizeof CASES / sizeof CASES[0] };

/* Published: 2 sqrt(2) G_F n_e E = 1.526e-7 eV^2 (n_e / N_A cm^-3) (E / MeV). */
static const double PUBLISHED = 1.5264e-7;

/* One electron of N_A in a cubic centimetre [MeV^3]. */
static double one_mole(void)
{
    const double per_cm = 197.3269804e-13; /* hbar c [MeV cm] */
    return 6.02214076e23 * per_cm * per_cm * per_cm;
}

/* The matter term over dm2_21, by the published coefficient. */
static double published_x(const struct nd_oscillation *o, double E, double n_e)
{
    return PUBLISHED * (n_e / one_mole()) * E * (1.0 - o->sin2_13) / (o->dm2_21 * 1e12);
}

/* sum_i |U_ei|^4 of three flavours, what phase-averaged vacuum oscillations leave. */
Test(oscillation, vacuum)
{
    for (int i = 0; i < N_CASES; i++) {
        const struct nd_oscillation *o = &CASES[i];
        const double c13 = 1.0 - o->sin2_13, c12 = 1.0 - o->sin2_12;
        const double U[] = {c12 * c13, o->sin2_12 * c13, o->sin2_13};
        const double quartic = U[0] * U[0] + U[1] * U[1] + U[2] * U[2];
        const double sine2 = 4.0 * o->sin2_12 * c12; /* sin^2 2theta_12 */
        const double textbook = c13 * c13 * (1.0 - 0.5 * sine2) + o->sin2_13 * o->sin2_13;
        ASSERT_CLOSE(nd_survival(o, 5.0, 0.0), quartic, ROUNDING, "vacuum, case %d", i);
        ASSERT_CLOSE(nd_survival(o, 5.0, 0.0), textbook, ROUNDING, "textbook, case %d", i);
        /* the same for no energy, and to first order in x < 1e-9 for next to no matter */
        ASSERT_CLOSE(nd_survival(o, 0.0, 100.0 * one_mole()), quartic, ROUNDING, "E = 0, case %d",
                     i);
        ASSERT_CLOSE(nd_survival(o, 1.0, 1e-7 * one_mole()), quartic, 1e-8, "thin, case %d", i);
    }
}

/* A nu_e is born as the heavier state, |U_e2|^2. The rest is of order 1/x^2. */
Test(oscillation, dense_matter)
{
    for (int i = 0; i < N_CASES; i++) {
        const struct nd_oscillation *o = &CASES[i];
        const double c13 = 1.0 - o->sin2_13, n_e = 1e8 * one_mole();
        const double x = published_x(o, 10.0, n_e), tolerance = 10.0 / (x * x) + ROUNDING;
        cr_assert(tolerance < 1e-6, "matter does not dominate in case %d: x = %g", i, x);
        ASSERT_CLOSE(nd_survival(o, 10.0, n_e), c13 * c13 * o->sin2_12 + o->sin2_13 * o->sin2_13,
                     tolerance, "dense matter, case %d", i);
    }
}

/* x = cos 2theta_12: maximal mixing at birth, cos 2theta_m = 0. */
Test(oscillation, resonance)
{
    for (int i = 0; i < N_CASES; i++) {
        const struct nd_oscillation *o = &CASES[i];
        const double c13 = 1.0 - o->sin2_13, cosine = 1.0 - 2.0 * o->sin2_12;
        const double n_e = cosine * o->dm2_21 / (2.0 * sqrt(2.0) * ND_FERMI * 3.0 * c13);
        const double expected = 0.5 * c13 * c13 + o->sin2_13 * o->sin2_13;
        if (cosine < 0.0) /* none for neutrinos: theta_m is above 45 degrees everywhere */
            cr_assert(nd_survival(o, 3.0, -n_e) > expected, "case %d", i);
        else
            ASSERT_CLOSE(nd_survival(o, 3.0, n_e), expected, ROUNDING, "resonance, case %d", i);
    }
}

/* x, read off from P_ee = c13^4 (1 + cos 2theta_m cos 2theta_12)/2 + s13^4 with
 * cot 2theta_m = (cos 2theta_12 - x)/sin 2theta_12. */
Test(oscillation, coefficient_of_matter)
{
    const double tolerance = 1e-3; /* of the published coefficient */
    for (int i = 0; i < N_CASES; i++) {
        const struct nd_oscillation *o = &CASES[i];
        const double c13 = 1.0 - o->sin2_13, cosine = 1.0 - 2.0 * o->sin2_12;
        const double sine = sqrt(1.0 - cosine * cosine);
        if (cosine == 0.0) /* maximal mixing: P_ee does not depend on matter */
            continue;
        for (double E = 0.5; E < 20.0; E *= 2.3) {
            const double n_e = 80.0 * one_mole();
            const double P = nd_survival(o, E, n_e) - o->sin2_13 * o->sin2_13;
            const double c = (2.0 * P / (c13 * c13) - 1.0) / cosine;
            const double x = cosine - sine * c / sqrt(1.0 - c * c);
            ASSERT_CLOSE(x, published_x(o, E, n_e), tolerance, "x, case %d, E = %g", i, E);
        }
    }
}

/* sum_i |<i at birth|nu_e>|^2 |<i in vacuum|nu_e>|^2 with the eigenvectors of
 *     H = ((x - cos, sin), (sin, cos - x)),  cos and sin of 2theta_12. */
static double from_eigenvectors(const struct nd_oscillation *o, double x)
{
    const double cosine = 1.0 - 2.0 * o->sin2_12, sine = sqrt(1.0 - cosine * cosine);
    double share[2][2]; /* of nu_e in the heavier and the lighter state; vacuum, birth */
    for (int matter = 0; matter < 2; matter++) {
        const double d = matter * x - cosine, root = sqrt(d * d + sine * sine);
        for (int sign = 0; sign < 2; sign++) {
            const double eigenvalue = sign == 0 ? root : -root;
            const double e = sine, other = eigenvalue - d; /* (d - eigenvalue) e + sin other = 0 */
            share[matter][sign] = e * e / (e * e + other * other);
        }
    }
    const double c13 = 1.0 - o->sin2_13;
    return c13 * c13 * (share[0][0] * share[1][0] + share[0][1] * share[1][1]) +
           o->sin2_13 * o->sin2_13;
}

Test(oscillation, eigenvectors)
{
    const double tolerance = 1e-10; /* eigenvalue - d cancels for large x */
    for (int i = 0; i < N_CASES; i++) {
        const struct nd_oscillation *o = &CASES[i];
        for (double E = 0.1; E < 20.0; E *= 1.7) {
            const double n_e = 103.0 * one_mole();
            const double x = 2.0 * sqrt(2.0) * ND_FERMI * n_e * E * (1.0 - o->sin2_13) / o->dm2_21;
            ASSERT_CLOSE(nd_survival(o, E, n_e), from_eigenvectors(o, x), tolerance,
                         "P_ee, case %d, E = %g", i, E);
        }
    }
}

/* From the average of vacuum down to that of dense matter, with E and with n_e alike. */
Test(oscillation, falls_with_energy_and_density)
{
    double last = nd_survival(&NUFIT, 0.0, 0.0);
    for (double E = 0.05; E < 30.0; E *= 1.2) {
        const double P = nd_survival(&NUFIT, E, 100.0 * one_mole());
        cr_assert(P < last, "P_ee rises to %g at %g MeV", P, E);
        ASSERT_CLOSE(nd_survival(&NUFIT, 1.0, E * 100.0 * one_mole()), P, ROUNDING,
                     "P_ee of n_e E, E = %g", E);
        last = P;
    }
}

Test(oscillation, shares_of_flavours)
{
    for (int i = 0; i < N_CASES; i++)
        for (double P = 0.0; P <= 1.0; P += 0.125) {
            const struct nd_oscillation *o = &CASES[i];
            const double e = nd_flavour_share(o, P, ND_FLAVOUR_E);
            const double mu = nd_flavour_share(o, P, ND_FLAVOUR_MU);
            const double tau = nd_flavour_share(o, P, ND_FLAVOUR_TAU);
            ASSERT_CLOSE(e, P, 0.0, "share of e, case %d", i);
            ASSERT_CLOSE(tau, o->sin2_23 * (1.0 - P), ROUNDING, "share of tau, case %d", i);
            ASSERT_CLOSE(e + mu + tau, 1.0, ROUNDING, "all shares, case %d, P_ee = %g", i, P);
        }
}
