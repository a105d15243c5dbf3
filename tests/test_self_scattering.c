/* Tests of self_scattering.h.
 *
 * What holds exactly on the nodes: number, energy, entropy, equilibrium, the bookkeeping of classes
 * and the Jacobian. What holds for dy -> 0: the collision term of one momentum, computed again from
 * the squared matrix elements of Dolgov, Hansen, Semikoz (hep-ph/9703315, Table 1) with explicit
 * four-vectors in the centre-of-mass frame; and the energy that flavours of different temperatures
 * exchange (Escudero, arXiv:2001.04466), with its statistical factors computed here. */
#include "support.h"

#include "nudipole/constants.h"
#include "self_scattering.h"

TestSuite(self_scattering, .init = no_gsl_abort);

/* Of sums of up to 1e5 terms of either sign, relative to the sum of moduli. */
static const double ROUNDING = 1e-13;

enum { N_MAX = 80 };

/* ---- a grid, its kernels and spectra -------------------------------------------------------- */

struct system {
    struct nd_momentum_grid grid;
    struct nd_self_scattering *scattering;
    int n_classes, flavours[ND_CLASSES_MAX];
    double f[ND_CLASSES_MAX][N_MAX], change[ND_CLASSES_MAX][N_MAX];
};

static void create(struct system *s, double dy, double y_core, double y_max, int n_classes,
                   const int *flavours)
{
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_momentum_grid_init(&s->grid, dy, y_core, y_max, 1.25, &error), error);
    cr_assert(s->grid.n <= N_MAX, "%d nodes", s->grid.n);
    ASSERT_OK(nd_self_scattering_create(&s->scattering, &s->grid, &error), error);
    s->n_classes = n_classes;
    for (int c = 0; c < n_classes; c++)
        s->flavours[c] = flavours[c];
    memset(s->f, 0, sizeof s->f);
}

static void clear(struct system *s)
{
    nd_self_scattering_free(s->scattering);
    nd_momentum_grid_clear(&s->grid);
}

/* Fills s->change. */
static void collide(struct system *s)
{
    const double *const f[ND_CLASSES_MAX] = {s->f[0], s->f[1], s->f[2]};
    double *const change[ND_CLASSES_MAX] = {s->change[0], s->change[1], s->change[2]};
    memset(s->change, 0, sizeof s->change);
    nd_self_scattering_add(s->scattering, s->n_classes, s->flavours, f, 1.0, change);
}

static void randomize(struct system *s, unsigned *seed)
{
    for (int c = 0; c < s->n_classes; c++)
        for (int i = 0; i < s->grid.n; i++)
            s->f[c][i] = uniform(seed);
}

static void make_thermal(struct system *s, int class, double temperature, double xi)
{
    for (int i = 0; i < s->grid.n; i++)
        s->f[class][i] = fermi(s->grid.y[i] / temperature - xi);
}

/* Sum over flavours and nodes of change times y^power, and of moduli. */
static double total(const struct system *s, int power, double *modulus)
{
    double sum = 0.0;
    *modulus = 0.0;
    for (int c = 0; c < s->n_classes; c++)
        for (int i = 0; i < s->grid.n; i++) {
            const double term = s->flavours[c] * s->change[c][i] * pow(s->grid.y[i], power);
            sum += term;
            *modulus += fabs(term);
        }
    return sum;
}

static const struct {
    int n_classes, flavours[ND_CLASSES_MAX];
} CLASSES[] = {{2, {1, 2, 0}}, {3, {1, 1, 1}}, {2, {2, 1, 0}}, {1, {3, 0, 0}}, {2, {1, 1, 0}}};
enum { N_CLASSES = sizeof CLASSES / sizeof *CLASSES };

/* ---- exact on the nodes --------------------------------------------------------------------- */

Test(self_scattering, conserves_number_and_energy)
{
    unsigned seed = 11;
    for (int k = 0; k < N_CLASSES; k++) {
        struct system s;
        create(&s, 0.7, 14.0, 20.0, CLASSES[k].n_classes, CLASSES[k].flavours);
        for (int trial = 0; trial < 4; trial++) {
            randomize(&s, &seed);
            collide(&s);
            double modulus;
            const double number = total(&s, 0, &modulus);
            cr_assert(modulus > 0.0, "nothing happens");
            ASSERT_NEAR(number / modulus, 0.0, ROUNDING, "number, classes %d", k);
            const double energy = total(&s, 1, &modulus);
            ASSERT_NEAR(energy / modulus, 0.0, ROUNDING, "energy, classes %d", k);
            for (int c = 0; c < s.n_classes; c++)
                for (int i = s.grid.n_core; i < s.grid.n; i++)
                    cr_assert(s.change[c][i] == 0.0, "tail node %d changes", i);
        }
        clear(&s);
    }
}

Test(self_scattering, number_of_a_flavour_changes_by_annihilation_alone)
{
    /* with the other flavour's bath full, nothing is annihilated into it and scattering keeps the
     * number */
    struct system s;
    const int flavours[] = {1, 2};
    unsigned seed = 4;
    create(&s, 0.7, 14.0, 14.0, 2, flavours);
    randomize(&s, &seed);
    for (int i = 0; i < s.grid.n; i++)
        s.f[1][i] = 1.0;
    collide(&s);
    double gained = 0.0, lost = 0.0;
    for (int i = 0; i < s.grid.n; i++)
        *(s.change[0][i] > 0.0 ? &gained : &lost) += s.change[0][i];
    cr_assert(gained + lost > 0.01 * (gained - lost), "only annihilation of the full bath is left");
    /* and as many as the others lose */
    double others = 0.0;
    for (int i = 0; i < s.grid.n; i++)
        others += 2.0 * s.change[1][i];
    ASSERT_CLOSE(-others, gained + lost, 1e-11, "number of the other flavours");
    clear(&s);
}

Test(self_scattering, entropy_grows)
{
    unsigned seed = 21;
    for (int k = 0; k < N_CLASSES; k++) {
        struct system s;
        create(&s, 0.7, 10.5, 10.5, CLASSES[k].n_classes, CLASSES[k].flavours);
        for (int trial = 0; trial < 20; trial++) {
            randomize(&s, &seed);
            if (trial % 2) /* close to equilibrium as well */
                for (int c = 0; c < s.n_classes; c++)
                    for (int i = 0; i < s.grid.n; i++)
                        s.f[c][i] = fermi(s.grid.y[i]) * (1.0 + 0.01 * s.f[c][i]);
            collide(&s);
            /* s = - f ln f - (1 - f) ln(1 - f) a state */
            double production = 0.0, modulus = 0.0;
            for (int c = 0; c < s.n_classes; c++)
                for (int i = 0; i < s.grid.n; i++) {
                    const double term =
                        s.flavours[c] * s.change[c][i] * log((1.0 - s.f[c][i]) / s.f[c][i]);
                    production += term;
                    modulus += fabs(term);
                }
            cr_assert(production > 1e-6 * modulus, "classes %d, trial %d: %g of %g", k, trial,
                      production, modulus);
        }
        clear(&s);
    }
}

Test(self_scattering, equilibrium)
{
    /* Fermi-Dirac of any temperature; also with a chemical potential that all flavours, neutrinos
     * and antineutrinos share, as every process keeps the number of all. */
    static const double cases[][2] = {{1.0, 0.0}, {1.4, 0.0}, {0.5, 0.0}, {1.0, -1.5}, {1.2, 0.8}};
    const double rounding = 1e-12; /* of events that cancel */
    for (int k = 0; k < N_CLASSES; k++) {
        struct system s;
        create(&s, 0.7, 14.0, 14.0, CLASSES[k].n_classes, CLASSES[k].flavours);
        for (int i = 0; i < 5; i++) {
            for (int c = 0; c < s.n_classes; c++)
                make_thermal(&s, c, cases[i][0], cases[i][1]);
            collide(&s);
            double net, gross;
            total(&s, 0, &net);
            /* for comparison, with one per cent more at one node */
            s.f[0][3] *= 1.01;
            collide(&s);
            total(&s, 0, &gross);
            cr_assert(net < 100.0 * rounding * gross, "classes %d, case %d: %g, disturbed %g", k, i,
                      net, gross);
        }
        clear(&s);
    }
    /* not if the chemical potentials differ */
    struct system s;
    const int flavours[] = {1, 2};
    double modulus;
    create(&s, 0.7, 14.0, 14.0, 2, flavours);
    make_thermal(&s, 0, 1.0, 0.1);
    make_thermal(&s, 1, 1.0, -0.1);
    collide(&s);
    total(&s, 0, &modulus);
    cr_assert(modulus > 1e-6, "flavours of different number rest");
    clear(&s);
}

/* ---- classes -------------------------------------------------------------------------------- */

Test(self_scattering, classes_of_equal_spectra)
{
    const double rounding = 1e-12;
    const int three[] = {1, 1, 1}, two[] = {1, 2}, two_reversed[] = {2, 1}, one[] = {3};
    unsigned seed = 8;
    struct system separate, joined, reversed, all;
    create(&separate, 0.7, 10.5, 10.5, 3, three);
    create(&joined, 0.7, 10.5, 10.5, 2, two);
    create(&reversed, 0.7, 10.5, 10.5, 2, two_reversed);
    create(&all, 0.7, 10.5, 10.5, 1, one);
    const int n = joined.grid.n;
    for (int trial = 0; trial < 3; trial++) {
        randomize(&joined, &seed);
        for (int i = 0; i < n; i++) {
            separate.f[0][i] = reversed.f[1][i] = joined.f[0][i];
            separate.f[1][i] = separate.f[2][i] = reversed.f[0][i] = joined.f[1][i];
        }
        collide(&separate);
        collide(&joined);
        collide(&reversed);
        double scale = 0.0;
        for (int i = 0; i < n; i++)
            scale = fmax(scale, fmax(fabs(joined.change[0][i]), fabs(joined.change[1][i])));
        for (int i = 0; i < n; i++)
            for (int c = 0; c < 3; c++) {
                const double expected = separate.change[c][i];
                ASSERT_NEAR(joined.change[c > 0][i], expected, rounding * scale, "e, x: node %d",
                            i);
                ASSERT_NEAR(reversed.change[c == 0][i], expected, rounding * scale, "x, e: node %d",
                            i);
            }
        /* three alike */
        for (int i = 0; i < n; i++)
            all.f[0][i] = separate.f[1][i] = separate.f[2][i] = separate.f[0][i];
        collide(&separate);
        collide(&all);
        for (int i = 0; i < n; i++)
            for (int c = 0; c < 3; c++)
                ASSERT_NEAR(all.change[0][i], separate.change[c][i], rounding * scale,
                            "one class: node %d", i);
    }
    clear(&separate);
    clear(&joined);
    clear(&reversed);
    clear(&all);
    nd_self_scattering_free(NULL);
}

Test(self_scattering, adds_times_a_factor)
{
    const int flavours[] = {1, 2};
    struct system s;
    unsigned seed = 2;
    create(&s, 0.7, 10.5, 10.5, 2, flavours);
    randomize(&s, &seed);
    collide(&s);
    double changed[2][N_MAX];
    for (int c = 0; c < 2; c++)
        for (int i = 0; i < s.grid.n; i++)
            changed[c][i] = 3.0;
    const double *const f[ND_CLASSES_MAX] = {s.f[0], s.f[1], s.f[2]};
    double *const change[ND_CLASSES_MAX] = {changed[0], changed[1], NULL};
    nd_self_scattering_add(s.scattering, 2, flavours, f, -0.5, change);
    for (int c = 0; c < 2; c++)
        for (int i = 0; i < s.grid.n; i++)
            ASSERT_NEAR(changed[c][i], 3.0 - 0.5 * s.change[c][i],
                        1e-12 * (1.0 + fabs(s.change[c][i])), "class %d, node %d", c, i);
    clear(&s);
}

/* ---- Jacobian ------------------------------------------------------------------------------- */

Test(self_scattering, jacobian)
{
    /* The collision term is of fourth degree: central differences err by h^2. */
    const double h = 1e-4, tolerance = 3e-8;
    unsigned seed = 31;
    for (int k = 0; k < N_CLASSES; k++) {
        struct system s;
        create(&s, 0.8, 8.0, 10.0, CLASSES[k].n_classes, CLASSES[k].flavours);
        randomize(&s, &seed);
        const int n = s.grid.n, size = s.n_classes * n, row_length = size + 3;
        double *jacobian = calloc((size_t)(size * row_length), sizeof *jacobian);
        cr_assert(jacobian != NULL);
        const double factor = 2.5;
        const double *const f[ND_CLASSES_MAX] = {s.f[0], s.f[1], s.f[2]};
        nd_self_scattering_add_jacobian(s.scattering, s.n_classes, s.flavours, f, factor, jacobian,
                                        n, row_length);
        double largest = 0.0;
        for (int i = 0; i < size * row_length; i++)
            largest = fmax(largest, fabs(jacobian[i]));
        for (int b = 0; b < s.n_classes; b++)
            for (int j = 0; j < n; j++) {
                double up[ND_CLASSES_MAX][N_MAX];
                const double kept = s.f[b][j];
                s.f[b][j] = kept + h;
                collide(&s);
                memcpy(up, s.change, sizeof up);
                s.f[b][j] = kept - h;
                collide(&s);
                s.f[b][j] = kept;
                for (int a = 0; a < s.n_classes; a++)
                    for (int i = 0; i < n; i++)
                        ASSERT_NEAR(jacobian[(a * n + i) * row_length + b * n + j],
                                    factor * (up[a][i] - s.change[a][i]) / (2.0 * h),
                                    tolerance * largest, "classes %d, d change[%d][%d]/d f[%d][%d]",
                                    k, a, i, b, j);
            }
        for (int i = 0; i < size; i++)
            for (int j = size; j < row_length; j++)
                cr_assert(jacobian[i * row_length + j] == 0.0, "beyond the columns");
        free(jacobian);
        clear(&s);
    }
}

/* ---- the collision term of one momentum ----------------------------------------------------- */

struct four {
    double E, p[3];
};

static double dot(struct four a, struct four b)
{
    return a.E * b.E - a.p[0] * b.p[0] - a.p[1] * b.p[1] - a.p[2] * b.p[2];
}

static struct four light(double E, double cosine, double azimuth)
{
    const double sine = sqrt(1.0 - cosine * cosine);
    return (struct four){E, {E * sine * cos(azimuth), E * sine * sin(azimuth), E * cosine}};
}

/* Smooth spectra of two flavours that are far from equilibrium. */
static double spectrum(int flavour, double y)
{
    return flavour == 0 ? 0.9 * fermi(y / 0.9) : fermi(y / 0.6 + 0.3) * (1.0 + 0.3 * y);
}

static double statistics(double f1, double f2, double f3, double f4)
{
    return f3 * f4 * (1.0 - f1) * (1.0 - f2) - f1 * f2 * (1.0 - f3) * (1.0 - f4);
}

/* df/dt of flavour 0 at p1, in units of G_F^2, with one other flavour:
 *     1/(2 E1) int dPi_2 dPhi_2(3, 4) sum |M|^2 F. */
static double collision_term(double p1, int n)
{
    gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc((size_t)n);
    const double far = 25.0;
    enum { N_AZIMUTH = 12 };
    const struct four a = light(p1, 1.0, 0.0);
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double p2, weight, cosine, weight_cosine;
            gsl_integration_glfixed_point(0.0, far, (size_t)i, &p2, &weight, rule);
            gsl_integration_glfixed_point(-1.0, 1.0, (size_t)j, &cosine, &weight_cosine, rule);
            const struct four b = light(p2, cosine, 0.0);
            const struct four all = {p1 + p2, {b.p[0], 0.0, p1 + b.p[2]}};
            const double root_s = sqrt(dot(all, all));
            double angular = 0.0;
            for (int k = 0; k < n; k++)
                for (int l = 0; l < N_AZIMUTH; l++) {
                    double cos_star, weight_star;
                    gsl_integration_glfixed_point(-1.0, 1.0, (size_t)k, &cos_star, &weight_star,
                                                  rule);
                    const struct four star =
                        light(0.5 * root_s, cos_star, (l + 0.5) * 2.0 * ND_PI / N_AZIMUTH);
                    const double along =
                        star.p[0] * all.p[0] + star.p[1] * all.p[1] + star.p[2] * all.p[2];
                    const double E = (all.E * star.E + along) / root_s;
                    const double add = (E + star.E) / (all.E + root_s);
                    struct four c = {E, {0.0}}, d = {all.E - E, {0.0}};
                    for (int x = 0; x < 3; x++) {
                        c.p[x] = star.p[x] + add * all.p[x];
                        d.p[x] = all.p[x] - c.p[x];
                    }
                    const double ss = dot(a, b) * dot(c, d), uu = dot(a, d) * dot(b, c);
                    const double e1 = spectrum(0, a.E), e2 = spectrum(0, b.E);
                    const double e3 = spectrum(0, c.E), e4 = spectrum(0, d.E);
                    const double x2 = spectrum(1, b.E), x3 = spectrum(1, c.E);
                    const double x4 = spectrum(1, d.E);
                    const double own = (2.0 * ss + 4.0 * uu) * statistics(e1, e2, e3, e4);
                    const double other = (ss + uu) * statistics(e1, x2, e3, x4);
                    const double annihilation = uu * statistics(e1, e2, x3, x4);
                    angular += 0.5 * weight_star / N_AZIMUTH * 32.0 * (own + other + annihilation);
                }
            /* d^3p2/((2 pi)^3 2 E2) = p2 dp2 dcos/(8 pi^2), two-body phase space 1/(8 pi) */
            sum += weight * weight_cosine * p2 / (8.0 * ND_PI * ND_PI) / (8.0 * ND_PI) * angular;
        }
    gsl_integration_glfixed_table_free(rule);
    return sum / (2.0 * p1);
}

/* df/dt of flavour 0 at y on a grid of spacing dy. */
static double on_grid(double y, double dy)
{
    struct system s;
    const int flavours[] = {1, 1};
    create(&s, dy, 18.0, 18.0, 2, flavours);
    for (int i = 0; i < s.grid.n; i++)
        for (int flavour = 0; flavour < 2; flavour++)
            s.f[flavour][i] = spectrum(flavour, s.grid.y[i]);
    collide(&s);
    const int node = (int)round(y / dy) - 1;
    const double plain = dy * y * y / (2.0 * ND_PI * ND_PI); /* measure without end corrections */
    const double rate = s.change[0][node] / plain;
    clear(&s);
    return rate;
}

Test(self_scattering, collision_term_by_brute_force)
{
    /* Second order in dy: extrapolated from 0.5 and 0.25. What is left is of fourth order, most at
     * low momenta, which have the fewest nodes below them. */
    const double momenta[] = {1.0, 3.0, 5.0, 8.0}, tolerance = 6e-4;
    for (int i = 0; i < 4; i++) {
        const double expected = collision_term(momenta[i], 16);
        const double coarse = on_grid(momenta[i], 0.5), fine = on_grid(momenta[i], 0.25);
        ASSERT_CLOSE((4.0 * fine - coarse) / 3.0, expected, tolerance, "y = %g", momenta[i]);
    }
}

/* ---- energy exchange of flavours ------------------------------------------------------------ */

/* Massless neutrinos of two flavours at T and T + dT gain or lose energy at
 *     d rho/dT = G_F^2/pi^5 (annihilation + scattering) T^8 dT:
 * means of (E1 + E2)^2 and of (E1 - E3)^2/2 over f1 f2 (1 - f3)(1 - f4) |M|^2, in the variables
 * W = E1 + E2, P = |p1 + p2|, E1 and E3. Annihilation in the channel nu_a nubar_a -> nu_b nubar_b,
 * scattering of nu_a and nubar_a off nu_b and nubar_b. */
static void statistical_factors(int quantum, double *annihilation, double *scattering)
{
    enum { N_OUTER = 40, N = 24 };
    gsl_integration_glfixed_table *outer = gsl_integration_glfixed_table_alloc(N_OUTER);
    gsl_integration_glfixed_table *inner = gsl_integration_glfixed_table_alloc(N);
    const double far = 60.0;
    *annihilation = *scattering = 0.0;
    for (size_t i = 0; i < N_OUTER; i++)
        for (size_t j = 0; j < N; j++) {
            double W, weight_W, P, weight_P;
            gsl_integration_glfixed_point(0.0, far, i, &W, &weight_W, outer);
            gsl_integration_glfixed_point(0.0, W, j, &P, &weight_P, inner);
            const double s = W * W - P * P;
            double pairs = 0.0, transfers = 0.0;
            for (size_t k = 0; k < N; k++)
                for (size_t l = 0; l < N; l++) {
                    double E1, w1, E3, w3;
                    gsl_integration_glfixed_point(0.5 * (W - P), 0.5 * (W + P), k, &E1, &w1, inner);
                    gsl_integration_glfixed_point(0.5 * (W - P), 0.5 * (W + P), l, &E3, &w3, inner);
                    const double E2 = W - E1, E4 = W - E3;
                    const double c1 = (P * P + E1 * E1 - E2 * E2) / (2.0 * P * E1);
                    const double c4 = (P * P + E4 * E4 - E3 * E3) / (2.0 * P * E4);
                    /* (p1.p4)^2, mean over azimuth */
                    const double mean = E1 * E4 * (1.0 - c1 * c4);
                    const double swing2 = E1 * E1 * E4 * E4 * (1.0 - c1 * c1) * (1.0 - c4 * c4);
                    const double uu = mean * mean + 0.5 * swing2, ss = 0.25 * s * s;
                    const double F =
                        quantum ? fermi(E1) * fermi(E2) * (1.0 - fermi(E3)) * (1.0 - fermi(E4))
                                : exp(-W);
                    pairs += w1 * w3 * uu * F * W * W;
                    transfers += w1 * w3 * (uu + ss) * F * (E1 - E3) * (E1 - E3);
                }
            *annihilation += weight_W * weight_P * pairs;
            *scattering += weight_W * weight_P * transfers;
        }
    gsl_integration_glfixed_table_free(outer);
    gsl_integration_glfixed_table_free(inner);
    /* 1/(256 pi^5) of the phase space, 32 of |M|^2; scattering: nu and nubar, each event counted
     * with its reverse */
    *annihilation *= 32.0 / 256.0;
    *scattering *= 2.0 * 0.5 * 32.0 / 256.0;
}

Test(self_scattering, statistical_factors)
{
    /* 32 (T1^9 - T2^9) + 56 T1^4 T2^4 (T1 - T2) with Maxwell-Boltzmann statistics */
    const double tolerance = 1e-7, three_digits = 5e-4;
    double annihilation, scattering, classical_annihilation, classical_scattering;
    statistical_factors(0, &classical_annihilation, &classical_scattering);
    ASSERT_CLOSE(classical_annihilation, 9.0 * 32.0, tolerance, "annihilation");
    ASSERT_CLOSE(classical_scattering, 56.0, tolerance, "scattering");
    /* arXiv:2001.04466 */
    statistical_factors(1, &annihilation, &scattering);
    ASSERT_NEAR(annihilation / classical_annihilation, 0.884, three_digits, "annihilation");
    ASSERT_NEAR(scattering / classical_scattering, 0.829, three_digits, "scattering");
}

/* Energy that flavour 0 gains from the other one, nu and nubar, in units of G_F^2/pi^5, over the
 * difference of temperatures, 1 - delta/2 and 1 + delta/2. */
static double energy_gained(double dy, int others)
{
    const double delta = 1e-3, antiparticles = 2.0;
    const int flavours[] = {1, others};
    struct system s;
    create(&s, dy, 24.0, 24.0, 2, flavours);
    make_thermal(&s, 0, 1.0 - 0.5 * delta, 0.0);
    make_thermal(&s, 1, 1.0 + 0.5 * delta, 0.0);
    collide(&s);
    double energy = 0.0;
    for (int i = 0; i < s.grid.n; i++)
        energy += s.grid.y[i] * s.change[0][i];
    clear(&s);
    return antiparticles * pow(ND_PI, 5) * energy / delta;
}

Test(self_scattering, energy_between_flavours)
{
    /* F(T2, T1) of arXiv:2001.04466 for close temperatures, with its factors to more digits. The
     * error is extrapolated as dy^2: dy^4 is left. */
    const double tolerance = 1e-4, three_digits = 5e-4;
    double annihilation, scattering;
    statistical_factors(1, &annihilation, &scattering);
    const double expected = annihilation + scattering;
    const double coarse = energy_gained(0.5, 1), fine = energy_gained(0.5 * sqrt(0.5), 1);
    ASSERT_CLOSE(2.0 * fine - coarse, expected, tolerance, "extrapolated");
    ASSERT_CLOSE(2.0 * fine - coarse, 32.0 * 9.0 * 0.884 + 56.0 * 0.829, three_digits, "published");
    /* two other flavours give twice as much */
    ASSERT_CLOSE(energy_gained(0.7, 2), 2.0 * energy_gained(0.7, 1), 1e-10, "two flavours");
}

Test(self_scattering, second_order_in_dy)
{
    double annihilation, scattering, excess[4];
    statistical_factors(1, &annihilation, &scattering);
    for (int i = 0; i < 4; i++)
        excess[i] = energy_gained(pow(0.5, 0.5 * i), 1) / (annihilation + scattering) - 1.0;
    const double largest = 0.05; /* at dy = 1 */
    cr_assert(excess[0] > 0.0 && excess[0] < largest, "dy = 1: %g", excess[0]);
    for (int i = 0; i < 3; i++)
        ASSERT_NEAR(excess[i] / excess[i + 1], 2.0, 0.05, "step %d: errors %g and %g", i, excess[i],
                    excess[i + 1]);
}
