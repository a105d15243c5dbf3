/* Tests of exchange.h.
 *
 * Every kernel is computed a second way, from its definition in momentum space,
 *
 *     K dE_a dE_b = int d^3p_a d^3p_b d^3p_2 d^3p_4/((2 pi)^12 16 E_a E_b E_2 E_4)
 *                   (2 pi)^4 delta^4 |M|^2 F,
 *
 * with |M|^2 evaluated on explicit four-vectors: scattering over the energy of the incoming
 * electron, the total momentum and the azimuth around it (the library integrates over the exchanged
 * momentum), annihilation over the angle between the legs and the electron's direction in the
 * centre-of-mass frame. Weak |M|^2: Dolgov, Hansen, Semikoz, hep-ph/9703315; dipole:
 * nd_matrix_element_2to2, which has its own tests. Units of T. */
#include "support.h"

#include "exchange.h"
#include "nudipole/constants.h"
#include "nudipole/model.h"

TestSuite(exchange, .init = no_gsl_abort);

static struct nd_exchange exchange_of(int nodes)
{
    struct nd_exchange exchange;
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(nd_exchange_init(&exchange, nodes, &error) == ND_OK, "%s", error.message);
    cr_assert(exchange.n == nodes, "%d nodes instead of %d", exchange.n, nodes);
    return exchange;
}

/* ---- four-vectors --------------------------------------------------------------------------- */

struct four {
    double E, p[3];
};

static double dot(struct four a, struct four b)
{
    return a.E * b.E - a.p[0] * b.p[0] - a.p[1] * b.p[1] - a.p[2] * b.p[2];
}

static struct four minus(struct four a, struct four b)
{
    return (struct four){a.E - b.E, {a.p[0] - b.p[0], a.p[1] - b.p[1], a.p[2] - b.p[2]}};
}

static struct four direction(double E, double p, double cosine, double azimuth)
{
    const double sine = sqrt(fmax(0.0, 1.0 - cosine * cosine));
    return (struct four){E, {p * sine * cos(azimuth), p * sine * sin(azimuth), p * cosine}};
}

enum process { WEAK, DIPOLE };

/* What a reference integral depends on. */
struct reference {
    enum process process;
    double m;        /* electron mass */
    double gL, gR;   /* weak */
    double m_debye2; /* dipole */
    struct nd_leg a, b;
    gsl_integration_glfixed_table *rule; /* over the total momentum */
    int n_rule, n_azimuth;
};

/* mu^-2 |M|^2 of nu e- -> N e-, of S = s - m^2 and t, or crossed. In units of T = m_e/m, which is
 * how the library's function is told the ratio of electron mass and temperature. */
static double dipole_matrix_element(const struct reference *r, double S, double t)
{
    const double T = ND_M_ELECTRON / r->m;
    const struct nd_model model = {T * sqrt(r->a.mass2 + r->b.mass2), 1.0, ND_FLAVOUR_TAU};
    return nd_matrix_element_2to2(&model, T * T * S, T * T * t) / (T * T);
}

/* ---- scattering a + electron -> b + electron ------------------------------------------------ */

/* G_F^-2 or mu^-2 |M|^2, summed over all spins and both charges. */
static double scattering_matrix_element(const struct reference *r, struct four p1, struct four p2,
                                        struct four p3, struct four p4)
{
    const double m2 = r->m * r->m;
    if (r->process == WEAK) {
        const double LL = dot(p1, p2) * dot(p3, p4), RR = dot(p1, p4) * dot(p2, p3);
        const double LR = m2 * dot(p1, p3), L2 = r->gL * r->gL, R2 = r->gR * r->gR;
        const double electron = L2 * LL + R2 * RR - r->gL * r->gR * LR;
        const double positron = R2 * LL + L2 * RR - r->gL * r->gR * LR;
        return 32.0 * 4.0 * (electron + positron);
    }
    const struct four q = minus(p1, p3);
    const double t = dot(q, q), S = r->a.mass2 + 2.0 * dot(p1, p2);
    return 2.0 * dipole_matrix_element(r, S, t) * -t / (r->m_debye2 - t);
}

static double scattering_integrand(double E2, void *context)
{
    const struct reference *r = context;
    const double E4 = r->a.energy + E2 - r->b.energy, m2 = r->m * r->m;
    const double p2 = sqrt(fmax(0.0, E2 * E2 - m2)), p4 = sqrt(fmax(0.0, E4 * E4 - m2));
    const double pa = r->a.momentum, pb = r->b.momentum;
    const double P_low = fmax(fabs(pa - p2), fabs(pb - p4)), P_high = fmin(pa + p2, pb + p4);
    double sum = 0.0;
    if (!(P_high > P_low))
        return 0.0;
    for (int i = 0; i < r->n_rule; i++) {
        double P, weight;
        gsl_integration_glfixed_point(P_low, P_high, (size_t)i, &P, &weight, r->rule);
        const struct four total = {r->a.energy + E2, {0.0, 0.0, P}};
        const double cos_a = (P * P + pa * pa - p2 * p2) / (2.0 * P * pa);
        const double cos_b = (P * P + pb * pb - p4 * p4) / (2.0 * P * pb);
        const struct four a = direction(r->a.energy, pa, cos_a, 0.0);
        for (int k = 0; k < r->n_azimuth; k++) { /* half a turn: b is as often on either side */
            const struct four b =
                direction(r->b.energy, pb, cos_b, (k + 0.5) * ND_PI / r->n_azimuth);
            sum += weight / r->n_azimuth *
                   scattering_matrix_element(r, a, minus(total, a), b, minus(total, b));
        }
    }
    return sum * fermi(E2) * (1.0 - fermi(E4));
}

/* Two-body phase space at fixed E_b is dE_b dphi/(2 pi)/(8 pi P), and d cos(a, electron) =
 * P dP/(p_a p_2): 1/(256 pi^5) in all. */
static double scattering_reference(struct reference *r, int n_rule, int n_azimuth, double tolerance)
{
    const double far = 60.0, start = fmax(r->m, r->m + r->b.energy - r->a.energy);
    r->n_rule = n_rule;
    r->n_azimuth = n_azimuth;
    r->rule = gsl_integration_glfixed_table_alloc((size_t)n_rule);
    const double value = integrate(scattering_integrand, r, start, start + far, tolerance);
    gsl_integration_glfixed_table_free(r->rule);
    return value / (256.0 * pow(ND_PI, 5));
}

/* ---- annihilation a + b -> electron + positron ---------------------------------------------- */

static double annihilation_matrix_element(const struct reference *r, struct four p1, struct four p2,
                                          struct four p3, struct four p4)
{
    if (r->process == WEAK)
        return 32.0 * 4.0 *
               (r->gL * r->gL * dot(p1, p4) * dot(p2, p3) +
                r->gR * r->gR * dot(p1, p3) * dot(p2, p4) +
                r->gL * r->gR * r->m * r->m * dot(p1, p2));
    const double s = r->a.mass2 + 2.0 * dot(p1, p2);
    return dipole_matrix_element(r, -2.0 * dot(p3, p2), s); /* S = (p_e - k)^2 - m^2 */
}

static double annihilation_reference(const struct reference *r, int n)
{
    gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc((size_t)n);
    const double m2 = r->m * r->m, pa = r->a.momentum, pb = r->b.momentum;
    const double s_head_on = r->a.mass2 + 2.0 * (r->a.energy * r->b.energy + pa * pb);
    const double s_least = fmax(4.0 * m2, r->a.mass2 + 2.0 * (r->a.energy * r->b.energy - pa * pb));
    enum { N_AZIMUTH = 12 };
    double total = 0.0;
    for (int i = 0; i < n; i++) {
        /* s from its largest value down; the electron's velocity is a root at 4 m^2 */
        double u, weight;
        gsl_integration_glfixed_point(0.0, 1.0, (size_t)i, &u, &weight, rule);
        const double s = s_least + (s_head_on - s_least) * u * u;
        const double ds = 2.0 * u * weight * (s_head_on - s_least);
        const double cosine = (r->a.mass2 + 2.0 * r->a.energy * r->b.energy - s) / (2.0 * pa * pb);
        const struct four a = {r->a.energy, {0.0, 0.0, pa}};
        const struct four b = direction(r->b.energy, pb, cosine, 0.0);
        const struct four all = {a.E + b.E, {a.p[0] + b.p[0], a.p[1] + b.p[1], a.p[2] + b.p[2]}};
        const double root_s = sqrt(s), p_star = sqrt(fmax(0.0, 0.25 * s - m2));
        double angular = 0.0;
        for (int j = 0; j < n; j++)
            for (int k = 0; k < N_AZIMUTH; k++) {
                double cos_star, w;
                gsl_integration_glfixed_point(-1.0, 1.0, (size_t)j, &cos_star, &w, rule);
                const struct four star =
                    direction(0.5 * root_s, p_star, cos_star, (k + 0.5) * 2.0 * ND_PI / N_AZIMUTH);
                /* boost from the centre-of-mass frame */
                const double along =
                    star.p[0] * all.p[0] + star.p[1] * all.p[1] + star.p[2] * all.p[2];
                const double E = (all.E * star.E + along) / root_s;
                const double add = (E + star.E) / (all.E + root_s);
                const struct four electron = {E,
                                              {star.p[0] + add * all.p[0],
                                               star.p[1] + add * all.p[1],
                                               star.p[2] + add * all.p[2]}};
                const struct four positron = minus(all, electron);
                angular += 0.5 * w / N_AZIMUTH *
                           annihilation_matrix_element(r, a, b, electron, positron) *
                           (1.0 - fermi(electron.E)) * (1.0 - fermi(positron.E));
            }
        /* d cos(a, b) = ds/(2 p_a p_b), two-body phase space p_star/(4 pi sqrt s) */
        total += ds / (2.0 * pa * pb) * p_star / (4.0 * ND_PI * root_s) * angular;
    }
    gsl_integration_glfixed_table_free(rule);
    return total * pa * pb / (4.0 * pow(2.0 * ND_PI, 6)) * 4.0 * ND_PI * 2.0 * ND_PI;
}

/* ---- weak ----------------------------------------------------------------------------------- */

/* The references converge to better than these. */
static const double WEAK_TOLERANCE = 1e-7, DIPOLE_TOLERANCE = 2e-5;
static const double SMALL_TRANSFER_TOLERANCE = 1e-4; /* kernel at Delta E < 1e-4: to O(Delta E) */

enum { NODES = ND_EXCHANGE_NODES_MAX };

static const struct weak_case {
    double m, Ea, Eb;
} WEAK_CASES[] = {{0.1, 3.0, 1.0}, {0.1, 1.0, 0.9},  {1.0, 4.0, 0.5},    {4.0, 6.0, 3.0},
                  {3.0, 2.5, 2.0}, {0.01, 8.0, 3.0}, {0.3, 1.00005, 1.0}};
enum { N_WEAK_CASES = sizeof WEAK_CASES / sizeof *WEAK_CASES };

static struct reference weak_reference(const struct weak_case *c, double gL, double gR)
{
    return (struct reference){.process = WEAK,
                              .m = c->m,
                              .gL = gL,
                              .gR = gR,
                              .a = {c->Ea, c->Ea, 0.0},
                              .b = {c->Eb, c->Eb, 0.0}};
}

/* Chosen so that both coefficients are seen; the last are those of nu_e and nu_mu. */
static const double COUPLINGS[][2] = {{1.0, 0.0}, {1.0, -1.0}, {0.731, 0.231}, {-0.269, 0.231}};
enum { N_COUPLINGS = sizeof COUPLINGS / sizeof *COUPLINGS };

static double combine(const double result[2], const double *g)
{
    return result[0] * (g[0] * g[0] + g[1] * g[1]) + result[1] * g[0] * g[1];
}

Test(exchange, weak_scattering_by_brute_force)
{
    const struct nd_exchange exchange = exchange_of(NODES);
    for (int i = 0; i < N_WEAK_CASES; i++) {
        const struct weak_case *c = &WEAK_CASES[i];
        const struct nd_exchange_plasma plasma = {c->m, 0.0};
        const double transfer = c->Ea - c->Eb;
        const double tolerance = transfer < 1e-4 ? SMALL_TRANSFER_TOLERANCE : WEAK_TOLERANCE;
        double result[2];
        nd_exchange_weak_scattering(&exchange, &plasma, c->Ea, c->Eb, result);
        for (int g = 0; g < N_COUPLINGS; g++) {
            struct reference r = weak_reference(c, COUPLINGS[g][0], COUPLINGS[g][1]);
            ASSERT_CLOSE(combine(result, COUPLINGS[g]), scattering_reference(&r, 16, 4, 1e-8),
                         tolerance, "m = %g, %g -> %g, couplings %g and %g", c->m, c->Ea, c->Eb,
                         r.gL, r.gR);
        }
        /* the reverse, which has to be exp(-transfer) of it */
        struct reference r = weak_reference(c, 0.731, 0.231);
        const double g[2] = {r.gL, r.gR};
        const struct nd_leg high = r.a;
        r.a = r.b;
        r.b = high;
        ASSERT_CLOSE(combine(result, g) * exp(-transfer), scattering_reference(&r, 16, 4, 1e-8),
                     tolerance, "m = %g, %g -> %g", c->m, c->Eb, c->Ea);
    }
}

Test(exchange, weak_annihilation_by_brute_force)
{
    const struct nd_exchange exchange = exchange_of(NODES);
    for (int i = 0; i < N_WEAK_CASES; i++) {
        const struct weak_case *c = &WEAK_CASES[i];
        const struct nd_exchange_plasma plasma = {c->m, 0.0};
        double result[2];
        nd_exchange_weak_annihilation(&exchange, &plasma, c->Ea, c->Eb, result);
        if (c->Ea + c->Eb < 2.0 * c->m) {
            cr_assert(result[0] == 0.0 && result[1] == 0.0, "below threshold: %g, %g", result[0],
                      result[1]);
            continue;
        }
        for (int g = 0; g < N_COUPLINGS; g++) {
            const struct reference r = weak_reference(c, COUPLINGS[g][0], COUPLINGS[g][1]);
            ASSERT_CLOSE(combine(result, COUPLINGS[g]), annihilation_reference(&r, 20),
                         WEAK_TOLERANCE, "m = %g, %g + %g, couplings %g and %g", c->m, c->Ea, c->Eb,
                         r.gL, r.gR);
        }
    }
}

Test(exchange, annihilation_does_not_tell_the_legs_apart)
{
    const double rounding = 1e-12; /* of sums that cancel little */
    const struct nd_exchange exchange = exchange_of(6);
    for (double m = 0.01; m < 10.0; m *= 3.1)
        for (double Ea = 0.1; Ea < 40.0; Ea *= 2.3)
            for (double Eb = 0.13; Eb < Ea; Eb *= 2.1) {
                const struct nd_exchange_plasma plasma = {m, 0.0};
                double one[2], other[2];
                nd_exchange_weak_annihilation(&exchange, &plasma, Ea, Eb, one);
                nd_exchange_weak_annihilation(&exchange, &plasma, Eb, Ea, other);
                for (int k = 0; k < 2; k++)
                    ASSERT_CLOSE(one[k], other[k], rounding, "m = %g, %g + %g, result %d", m, Ea,
                                 Eb, k);
            }
}

/* ---- dipole --------------------------------------------------------------------------------- */

/* Above and below the energy of N; where N could decay to this neutrino the exchanged photon can
 * be almost real (x_low = 0). The azimuth needs more points for soft photons. */
static const struct dipole_case {
    double m, M, m_debye2, k, p;
    int n_azimuth;
} DIPOLE_CASES[] = {
    {0.5, 1.0, 0.03, 3.0, 1.0, 24}, {0.5, 1.0, 0.0, 3.0, 1.0, 24},  {0.5, 1.0, 0.03, 1.0, 3.0, 24},
    {0.5, 1.0, 0.0, 1.0, 3.0, 48},  {2.0, 3.0, 0.01, 4.0, 0.5, 12}, {5.0, 6.0, 0.0, 8.0, 1.0, 12},
    {0.2, 5.0, 0.03, 9.0, 8.0, 80}, {0.5, 1.0, 0.03, 2.0, 1.6, 48}, {0.05, 0.1, 0.03, 5.0, 7.0, 24},
};
enum { N_DIPOLE_CASES = sizeof DIPOLE_CASES / sizeof *DIPOLE_CASES };

static struct nd_leg neutrino_of(const struct dipole_case *c)
{
    return (struct nd_leg){c->k, c->k, 0.0};
}

static struct nd_leg N_of(const struct dipole_case *c)
{
    return (struct nd_leg){hypot(c->p, c->M), c->p, c->M * c->M};
}

static double dipole_scattering(const struct nd_exchange *exchange, const struct dipole_case *c)
{
    const struct nd_exchange_plasma plasma = {c->m, c->m_debye2};
    const struct nd_leg neutrino = neutrino_of(c), N = N_of(c);
    return neutrino.energy > N.energy
               ? nd_exchange_dipole_scattering(exchange, &plasma, &neutrino, &N)
               : nd_exchange_dipole_scattering(exchange, &plasma, &N, &neutrino);
}

Test(exchange, dipole_scattering_by_brute_force)
{
    const struct nd_exchange exchange = exchange_of(NODES);
    for (int i = 0; i < N_DIPOLE_CASES; i++) {
        const struct dipole_case *c = &DIPOLE_CASES[i];
        const double transfer = fabs(c->k - N_of(c).energy);
        /* both directions are nu e -> N e here; the upward one is exp(-transfer) of the kernel */
        struct reference r = {.process = DIPOLE,
                              .m = c->m,
                              .m_debye2 = c->m_debye2,
                              .a = neutrino_of(c),
                              .b = N_of(c)};
        const double kernel = dipole_scattering(&exchange, c);
        const double up = c->k < r.b.energy ? exp(-transfer) : 1.0;
        ASSERT_CLOSE(kernel * up, scattering_reference(&r, 24, c->n_azimuth, 1e-6),
                     DIPOLE_TOLERANCE, "m = %g, M = %g, m_D^2 = %g, k = %g, p = %g", c->m, c->M,
                     c->m_debye2, c->k, c->p);
    }
}

Test(exchange, reverse_dipole_scattering)
{
    /* N e -> nu e of the first case (downwards the neutrino is the high leg) and of the third */
    const struct nd_exchange exchange = exchange_of(NODES);
    for (int i = 0; i < 3; i += 2) {
        const struct dipole_case *c = &DIPOLE_CASES[i];
        struct reference r = {.process = DIPOLE,
                              .m = c->m,
                              .m_debye2 = c->m_debye2,
                              .a = N_of(c),
                              .b = neutrino_of(c)};
        const double up = c->k > r.a.energy ? exp(r.a.energy - c->k) : 1.0;
        ASSERT_CLOSE(dipole_scattering(&exchange, c) * up,
                     scattering_reference(&r, 24, c->n_azimuth, 1e-6), DIPOLE_TOLERANCE,
                     "k = %g, p = %g", c->k, c->p);
    }
}

Test(exchange, dipole_annihilation_by_brute_force)
{
    const struct nd_exchange exchange = exchange_of(NODES);
    for (int i = 0; i < N_DIPOLE_CASES; i++) {
        const struct dipole_case *c = &DIPOLE_CASES[i];
        const struct nd_exchange_plasma plasma = {c->m, c->m_debye2};
        const struct reference r = {
            .process = DIPOLE, .m = c->m, .a = N_of(c), .b = neutrino_of(c)};
        ASSERT_CLOSE(nd_exchange_dipole_annihilation(&exchange, &plasma, &r.a, c->k),
                     annihilation_reference(&r, 20), DIPOLE_TOLERANCE,
                     "m = %g, M = %g, k = %g, p = %g", c->m, c->M, c->k, c->p);
    }
}

/* ---- kinematics and convergence ------------------------------------------------------------- */

Test(exchange, closed_where_kinematics_forbids)
{
    const struct nd_exchange exchange = exchange_of(12);
    const struct nd_exchange_plasma plasma = {2.0, 0.01};
    /* N -> nu + timelike photon only: k below M^2/(2 (E + p)) */
    const struct nd_leg N = {hypot(1.0, 2.0), 1.0, 4.0};
    const struct nd_leg soft = {0.6, 0.6, 0.0}, harder = {0.64, 0.64, 0.0};
    cr_assert(soft.energy < 0.5 * N.mass2 / (N.energy + N.momentum));
    cr_assert(nd_exchange_dipole_scattering(&exchange, &plasma, &N, &soft) == 0.0, "soft");
    cr_assert(nd_exchange_dipole_scattering(&exchange, &plasma, &N, &harder) > 0.0, "harder");
    /* e+ e- at rest have 4 */
    const double missing = 2.0 * plasma.m - N.energy;
    cr_assert(nd_exchange_dipole_annihilation(&exchange, &plasma, &N, 0.99 * missing) == 0.0);
    cr_assert(nd_exchange_dipole_annihilation(&exchange, &plasma, &N, 3.0 * missing) > 0.0);
    /* electrons with an exponent of 200 are gone */
    const struct nd_exchange_plasma cold = {200.0, 0.0};
    double result[2] = {1.0, 1.0};
    nd_exchange_weak_scattering(&exchange, &cold, 3.0, 1.0, result);
    cr_assert(result[0] == 0.0 && result[1] == 0.0, "cold: %g, %g", result[0], result[1]);
}

Test(exchange, convergence_in_nodes)
{
    /* Gauss-Legendre of a smooth integrand: each pair of nodes gains digits. Where electrons have
     * little energy to give (second weak case) or the exchanged photon is soft (last dipole case)
     * it is slowest. */
    const int nodes[] = {6, 10, 16};
    const double weak_allowed[] = {1e-3, 1e-5, 1e-7}, dipole_allowed[] = {1e-2, 1e-4, 2e-6};
    const struct nd_exchange best = exchange_of(NODES);
    for (int n = 0; n < 3; n++) {
        const struct nd_exchange exchange = exchange_of(nodes[n]);
        for (int i = 0; i < N_WEAK_CASES - 1; i++) {
            const struct weak_case *c = &WEAK_CASES[i];
            const struct nd_exchange_plasma plasma = {c->m, 0.0};
            double result[2], exact[2];
            nd_exchange_weak_scattering(&exchange, &plasma, c->Ea, c->Eb, result);
            nd_exchange_weak_scattering(&best, &plasma, c->Ea, c->Eb, exact);
            ASSERT_CLOSE(result[0], exact[0], weak_allowed[n], "scattering %d, %d nodes", i,
                         nodes[n]);
            nd_exchange_weak_annihilation(&exchange, &plasma, c->Ea, c->Eb, result);
            nd_exchange_weak_annihilation(&best, &plasma, c->Ea, c->Eb, exact);
            ASSERT_CLOSE(result[0], exact[0], weak_allowed[n], "annihilation %d, %d nodes", i,
                         nodes[n]);
        }
        for (int i = 0; i < N_DIPOLE_CASES; i++) {
            const struct dipole_case *c = &DIPOLE_CASES[i];
            const struct nd_exchange_plasma plasma = {c->m, c->m_debye2};
            const struct nd_leg N = N_of(c);
            ASSERT_CLOSE(dipole_scattering(&exchange, c), dipole_scattering(&best, c),
                         dipole_allowed[n], "dipole scattering %d, %d nodes", i, nodes[n]);
            ASSERT_CLOSE(nd_exchange_dipole_annihilation(&exchange, &plasma, &N, c->k),
                         nd_exchange_dipole_annihilation(&best, &plasma, &N, c->k),
                         dipole_allowed[n], "dipole annihilation %d, %d nodes", i, nodes[n]);
        }
    }
}
