/* Tests of nudipole/nuclear_rates.h: nuclides and reactions against published masses and energies,
 * detailed balance against equilibrium densities and against published coefficients, interpolation
 * against GSL, the sets shipped, and every way for a file to be wrong. */
#include "nudipole/nuclear_rates.h"

#include <gsl/gsl_spline.h>
#include <stdlib.h>
#include <unistd.h>

#include "nudipole/datafile.h"
#include "nudipole/units.h"
#include "support.h"

enum { N = ND_N_REACTIONS, ROWS_MAX = 1000 };

static const char *const SETS[] = {"primat2023", "parthenope3", "nacre2_yof"};
enum { N_SETS = sizeof SETS / sizeof SETS[0] };

/* The rounding of ln T9, 1e-15 at the lower end, times slopes of ln rate up to 72. */
static const double ROUNDING = 2e-13;

static char top[64]; /* a set of our own */
static struct nd_error error;
static struct nd_nuclear_rates *rates;

static void setup(void)
{
    no_gsl_abort();
    snprintf(top, sizeof top, "/tmp/nd_nuclear_rates_XXXXXX");
    cr_assert(mkdtemp(top) != NULL, "no temporary folder");
    error = (struct nd_error)ND_ERROR_INIT;
    rates = NULL;
}

static const char *name_of(int r)
{
    return nd_reaction((enum nd_reaction)r)->name;
}

static const char *path_of(int r)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s.csv", top, name_of(r));
    return path;
}

static void teardown(void)
{
    nd_nuclear_rates_free(rates);
    for (int r = 0; r < N; r++)
        unlink(path_of(r));
    rmdir(top);
}

TestSuite(nuclear_rates, .init = setup, .fini = teardown);

static const char *shipped(const char *set)
{
    static char path[1024];
    const char *root = getenv("ND_TEST_ROOT");
    snprintf(path, sizeof path, "%s/params/data/nuclear/%s", root != NULL ? root : ".", set);
    return path;
}

static void read_set(const char *folder)
{
    nd_nuclear_rates_free(rates);
    ASSERT_OK(nd_nuclear_rates_read(&rates, folder, &error), error);
}

static void at_T9(double T9, const double *deviations, double forward[N], double reverse[N])
{
    ASSERT_OK(nd_nuclear_rates_at(rates, nd_mev_from_t9(T9), deviations, forward, reverse, &error),
              error);
}

/* ---- nuclides and reactions --------------------------------------------------------------- */

/* AME2020: binding energies A B/A of atoms against hydrogen atoms and neutrons. Electrons make at
 * most 0.35 keV of difference to nuclei. */
Test(nuclear_rates, nuclides)
{
    static const struct {
        const char *name;
        int A, Z, g;
        double binding; /* a nucleon [keV] */
    } expected[ND_N_NUCLIDES] = {
        {"n", 1, 0, 2, 0.0},         {"p", 1, 1, 2, 0.0},         {"d", 2, 1, 3, 1112.2831},
        {"t", 3, 1, 2, 2827.2654},   {"He3", 3, 2, 2, 2572.6804}, {"He4", 4, 2, 1, 7073.9156},
        {"Li7", 7, 3, 4, 5606.4401}, {"Be7", 7, 4, 4, 5371.5487},
    };
    for (int i = 0; i < ND_N_NUCLIDES; i++) {
        const struct nd_nuclide_data *data = nd_nuclide((enum nd_nuclide)i);
        cr_assert_str_eq(data->name, expected[i].name);
        cr_assert(data->A == expected[i].A && data->Z == expected[i].Z && data->g == expected[i].g,
                  "%s: A %d, Z %d, g %d", data->name, data->A, data->Z, data->g);
        const double parts = data->Z * ND_M_PROTON + (data->A - data->Z) * ND_M_NEUTRON;
        ASSERT_NEAR(parts - data->mass, 1e-3 * data->A * expected[i].binding, 3.5e-4,
                    "binding of %s [MeV]", data->name);
    }
    /* Electron capture on atoms sets 861.893 keV free (AME2020). Nuclei: an electron less, and the
     * 195.7 eV by which the electrons of beryllium are bound more. */
    ASSERT_NEAR(nd_nuclide(ND_BERYLLIUM7)->mass - nd_nuclide(ND_LITHIUM7)->mass,
                0.861893 - ND_M_ELECTRON + 195.7e-6, 2e-6, "Be7 - Li7");
}

Test(nuclear_rates, reactions_conserve)
{
    for (int r = 0; r < N; r++) {
        const struct nd_reaction_data *data = nd_reaction((enum nd_reaction)r);
        int A = 0, Z = 0;
        for (int i = 0; i < 2; i++) {
            const struct nd_nuclide_data *in = nd_nuclide((enum nd_nuclide)data->in[i]);
            A += in->A;
            Z += in->Z;
            if (data->out[i] == ND_PHOTON) {
                cr_assert(i == 1, "%s: the photon stands first", data->name);
                continue;
            }
            const struct nd_nuclide_data *out = nd_nuclide((enum nd_nuclide)data->out[i]);
            A -= out->A;
            Z -= out->Z;
        }
        cr_assert(A == 0 && Z == 0, "%s: A %+d, Z %+d left", data->name, A, Z);
    }
}

/* Names and equations say what in[] and out[] say. */
Test(nuclear_rates, reactions_named)
{
    for (int r = 0; r < N; r++) {
        const struct nd_reaction_data *data = nd_reaction((enum nd_reaction)r);
        const char *part[4], *letter[4];
        for (int i = 0; i < 4; i++) {
            const int which = i < 2 ? data->in[i] : data->out[i - 2];
            part[i] = which == ND_PHOTON ? "gamma" : nd_nuclide((enum nd_nuclide)which)->name;
            letter[i] = which == ND_PHOTON ? "g" : which == ND_HELIUM4 ? "a" : part[i];
        }
        char text[64];
        snprintf(text, sizeof text, "%s + %s -> %s + %s", part[0], part[1], part[2], part[3]);
        cr_assert_str_eq(data->equation, text);
        snprintf(text, sizeof text, "%s_%s__%s_%s", letter[0], letter[1], letter[2], letter[3]);
        cr_assert_str_eq(data->name, text);
    }
}

/* Published energies [MeV]: Serpico et al. 2004, Descouvemont et al. 2004, rounded there. */
Test(nuclear_rates, energies)
{
    static const double Q[N] = {
        [ND_REACTION_N_P__D_G] = 2.2246,    [ND_REACTION_D_P__HE3_G] = 5.493,
        [ND_REACTION_D_D__HE3_N] = 3.269,   [ND_REACTION_D_D__T_P] = 4.033,
        [ND_REACTION_T_P__A_G] = 19.814,    [ND_REACTION_T_D__A_N] = 17.589,
        [ND_REACTION_T_A__LI7_G] = 2.467,   [ND_REACTION_HE3_N__T_P] = 0.764,
        [ND_REACTION_HE3_D__A_P] = 18.353,  [ND_REACTION_HE3_A__BE7_G] = 1.587,
        [ND_REACTION_BE7_N__LI7_P] = 1.644, [ND_REACTION_LI7_P__A_A] = 17.347,
    };
    for (int r = 0; r < N; r++)
        ASSERT_NEAR(nd_reaction_Q((enum nd_reaction)r), Q[r], 1e-3, "Q of %s", name_of(r));
}

/* ---- detailed balance --------------------------------------------------------------------- */

/* Density of a nuclide in equilibrium, without e^(-m/T) and in units in which it does not overflow:
 * ln of it. */
static double ln_density(int nuclide, double T, double mu_n, double mu_p)
{
    const struct nd_nuclide_data *data = nd_nuclide((enum nd_nuclide)nuclide);
    const double mu = data->Z * mu_p + (data->A - data->Z) * mu_n;
    return log(data->g) + 1.5 * log(data->mass * T / (2.0 * ND_PI)) + (mu - data->mass) / T;
}

/* ln of the reactions per volume and time. */
static double ln_reactions(const int pair[2], double rate, double T, double mu_n, double mu_p)
{
    double sum = log(rate) + ln_density(pair[0], T, mu_n, mu_p);
    if (pair[1] != ND_PHOTON)
        sum += ln_density(pair[1], T, mu_n, mu_p);
    return pair[0] == pair[1] ? sum - log(2.0) : sum;
}

/* In equilibrium, with any chemical potentials of n and p, every reaction goes as often either
 * way. ln of the densities reaches 2e4 with a rounding of 4e-12 each. */
Test(nuclear_rates, equilibrium)
{
    static const double T9[] = {0.3, 0.5, 1.0, 2.0, 5.0, 9.9},
                        mu[][2] = {{0.0, 0.0}, {930.0, 932.5}, {941.0, 920.0}};
    for (int set = 0; set < N_SETS; set++) {
        read_set(shipped(SETS[set]));
        for (size_t i = 0; i < sizeof T9 / sizeof T9[0]; i++) {
            const double T = nd_mev_from_t9(T9[i]);
            double forward[N], reverse[N];
            at_T9(T9[i], NULL, forward, reverse);
            for (int r = 0; r < N; r++) {
                const struct nd_reaction_data *data = nd_reaction((enum nd_reaction)r);
                for (size_t j = 0; reverse[r] > 1e-290 && j < sizeof mu / sizeof mu[0]; j++)
                    ASSERT_NEAR(ln_reactions(data->in, forward[r], T, mu[j][0], mu[j][1]),
                                ln_reactions(data->out, reverse[r], T, mu[j][0], mu[j][1]), 1e-10,
                                "%s: ln of reactions, T9 = %g", data->name, T9[i]);
            }
        }
    }
}

/* PRIMAT (Pitrou, Coc, Uzan, Vangioni, Phys. Rep. 754 (2018) 1, arXiv:1801.08023; numbers of its
 * public code pyprimat) tabulates reverse / forward = a T9^b e^(-c/T9), in its units: N_A <sigma v>
 * in cm^3 mol^-1 s^-1 either way, and 1/s for photons. Its masses are those of atoms less their
 * electrons, so that Q contains what binds electrons, up to 0.2 keV. That put right, c agrees to
 * 2e-6 and a to 1e-6, the digits it is given with and those of the masses. */
Test(nuclear_rates, published_reverse)
{
    static const struct {
        double a, b, c;
    } primat[N] = {
        [ND_REACTION_N_P__D_G] = {4716141200.0, 1.5, 25.81502},
        [ND_REACTION_D_P__HE3_G] = {16335106000.0, 1.5, 63.749131},
        [ND_REACTION_D_D__HE3_N] = {1.7318296, 0.0, 37.934112},
        [ND_REACTION_D_D__T_P] = {1.7349209, 0.0, 46.79712},
        [ND_REACTION_T_P__A_G] = {26105756000.0, 1.5, 229.93037},
        [ND_REACTION_T_D__A_N] = {5.5354059, 0.0, 204.11535},
        [ND_REACTION_T_A__LI7_G] = {11132991000.0, 1.5, 28.635562},
        [ND_REACTION_HE3_N__T_P] = {1.001785, 0.0, 8.8630089},
        [ND_REACTION_HE3_D__A_P] = {5.5452865, 0.0, 212.97836},
        [ND_REACTION_HE3_A__BE7_G] = {11128946000.0, 1.5, 18.417934},
        [ND_REACTION_BE7_N__LI7_P] = {1.0021491, 0.0, 19.080637},
        [ND_REACTION_LI7_P__A_A] = {4.6898011, 0.0, 201.29481},
    };
    /* Binding energy of the electrons [MeV]: ionization energies of H, He, Li and Be. */
    static const double binding[ND_N_NUCLIDES] = {0.0,     13.6e-6, 13.6e-6,  13.6e-6,
                                                  79.0e-6, 79.0e-6, 203.5e-6, 399.1e-6};
    static const double T9[] = {0.5, 1.0, 4.0, 10.0};
    const double unit = nd_inverse_mev2_from_nuclear_rate(1.0), second = 1.0 / ND_HBAR;
    read_set(shipped("primat2023"));
    for (size_t i = 0; i < sizeof T9 / sizeof T9[0]; i++) {
        double forward[N], reverse[N];
        at_T9(T9[i], NULL, forward, reverse);
        for (int r = 0; r < N; r++) {
            const struct nd_reaction_data *data = nd_reaction((enum nd_reaction)r);
            const int photon = data->out[1] == ND_PHOTON;
            const double bound = binding[data->out[0]] + (photon ? 0.0 : binding[data->out[1]]) -
                                 binding[data->in[0]] - binding[data->in[1]];
            const double ratio = reverse[r] * (photon ? second : 1.0 / unit) / (forward[r] / unit);
            const double c = primat[r].c - nd_t9_from_mev(bound), a = primat[r].a;
            ASSERT_NEAR(log(ratio / (a * pow(T9[i], primat[r].b))), -c / T9[i],
                        1e-6 + 2e-6 * c / T9[i], "reverse of %s at T9 = %g", data->name, T9[i]);
        }
    }
    /* The number of the published tables of n + p by itself, in full. */
    double forward[N], reverse[N];
    at_T9(1.0, NULL, forward, reverse);
    ASSERT_CLOSE(reverse[ND_REACTION_N_P__D_G] * second, 4.7161e9 * exp(-25.815) * 26158.0, 1e-4,
                 "photodissociation of d at T9 = 1 [1/s]");
}

/* ---- tables shipped ----------------------------------------------------------------------- */

/* Columns of a file; returns the rows. */
static int columns(const char *folder, int r, double *T9, double *rate, double *f)
{
    char path[2048];
    struct nd_datafile *file = NULL;
    snprintf(path, sizeof path, "%s/%s.csv", folder, name_of(r));
    ASSERT_OK(nd_datafile_read(&file, path, &error), error);
    const int rows = nd_datafile_rows(file);
    cr_assert(rows <= ROWS_MAX, "%s: %d rows", path, rows);
    ASSERT_OK(nd_datafile_numbers(file, "T9", 0.0, 1e9, T9, &error), error);
    ASSERT_OK(nd_datafile_numbers(file, "rate_cm3_per_mol_s", 0.0, 1e30, rate, &error), error);
    ASSERT_OK(nd_datafile_numbers(file, "f", 0.0, 1e9, f, &error), error);
    nd_datafile_free(file);
    return rows;
}

/* Every point of every file is met, rate and f. */
static void assert_points(const char *folder, double tolerance)
{
    static double T9[ROWS_MAX], rate[ROWS_MAX], f[ROWS_MAX];
    const double T_min = nd_nuclear_rates_T_min(rates), T_max = nd_nuclear_rates_T_max(rates);
    for (int r = 0; r < N; r++) {
        double up[N] = {0}, forward[N], more[N], reverse[N];
        const int rows = columns(folder, r, T9, rate, f);
        up[r] = 1.0;
        for (int i = 0; i < rows; i++) {
            if (nd_mev_from_t9(T9[i]) < T_min || nd_mev_from_t9(T9[i]) > T_max)
                continue;
            at_T9(T9[i], NULL, forward, reverse);
            at_T9(T9[i], up, more, reverse);
            ASSERT_CLOSE(forward[r], nd_inverse_mev2_from_nuclear_rate(rate[i]), tolerance,
                         "%s/%s at T9 = %g", folder, name_of(r), T9[i]);
            ASSERT_CLOSE(more[r] / forward[r], f[i], tolerance, "f of %s/%s at T9 = %g", folder,
                         name_of(r), T9[i]);
        }
    }
}

/* Between the points: GSL's natural cubic spline, and a straight line for ln f. */
static void assert_between(const char *folder, double parts, double tolerance)
{
    static double T9[ROWS_MAX], rate[ROWS_MAX], f[ROWS_MAX];
    const double T_min = nd_nuclear_rates_T_min(rates), T_max = nd_nuclear_rates_T_max(rates);
    for (int r = 0; r < N; r++) {
        double up[N] = {0}, forward[N], more[N], reverse[N];
        const int rows = columns(folder, r, T9, rate, f);
        for (int i = 0; i < rows; i++) {
            T9[i] = log(T9[i]);
            rate[i] = log(rate[i]);
            f[i] = log(f[i]);
        }
        gsl_spline *spline = gsl_spline_alloc(gsl_interp_cspline, (size_t)rows);
        gsl_spline *line = gsl_spline_alloc(gsl_interp_linear, (size_t)rows);
        cr_assert(spline != NULL && line != NULL);
        gsl_spline_init(spline, T9, rate, (size_t)rows);
        gsl_spline_init(line, T9, f, (size_t)rows);
        up[r] = 1.0;
        for (int i = 0; i < rows - 1; i++)
            for (double part = 0.5 / parts; part < 1.0; part += 1.0 / parts) {
                const double x = T9[i] + part * (T9[i + 1] - T9[i]), T = nd_mev_from_t9(exp(x));
                if (T < T_min || T > T_max)
                    continue;
                at_T9(exp(x), NULL, forward, reverse);
                at_T9(exp(x), up, more, reverse);
                const double expected = exp(gsl_spline_eval(spline, x, NULL));
                ASSERT_CLOSE(forward[r], nd_inverse_mev2_from_nuclear_rate(expected), tolerance,
                             "%s at T9 = %g", name_of(r), exp(x));
                ASSERT_CLOSE(more[r] / forward[r], exp(gsl_spline_eval(line, x, NULL)), tolerance,
                             "f of %s at T9 = %g", name_of(r), exp(x));
            }
        gsl_spline_free(spline);
        gsl_spline_free(line);
    }
}

Test(nuclear_rates, points)
{
    for (int set = 0; set < N_SETS; set++) {
        read_set(shipped(SETS[set]));
        assert_points(shipped(SETS[set]), ROUNDING);
    }
}

Test(nuclear_rates, between_points)
{
    for (int set = 0; set < N_SETS; set++) {
        read_set(shipped(SETS[set]));
        assert_between(shipped(SETS[set]), 3.0, 1e-12);
    }
}

Test(nuclear_rates, ranges_shipped)
{
    for (int set = 0; set < N_SETS; set++) {
        read_set(shipped(SETS[set]));
        cr_assert(nd_nuclear_rates_T_min(rates) == nd_mev_from_t9(0.001), "%s", SETS[set]);
        cr_assert(nd_nuclear_rates_T_max(rates) == nd_mev_from_t9(10.0), "%s", SETS[set]);
    }
}

Test(nuclear_rates, sources_shipped)
{
    for (int set = 0; set < N_SETS; set++) {
        read_set(shipped(SETS[set]));
        for (int r = 0; r < N; r++)
            cr_assert(strlen(nd_nuclear_rates_source(rates, (enum nd_reaction)r)) > 20, "%s/%s",
                      SETS[set], name_of(r));
    }
    read_set(shipped("primat2023"));
    cr_assert_str_eq(nd_nuclear_rates_source(rates, ND_REACTION_N_P__D_G),
                     "Ando et al., Phys. Rev. C 74 (2006) 025809, arXiv:nucl-th/0511074");
    cr_assert_str_eq(nd_nuclear_rates_source(rates, ND_REACTION_HE3_A__BE7_G),
                     "Iliadis et al., Astrophys. J. 831 (2016) 107, arXiv:1608.05853");
}

/* T9 = 0.8, where most nuclei are made: measurements differ by some per cent, and nacre2_yof by
 * 7 % in d + p, a known fault of its table. */
Test(nuclear_rates, sets_agree)
{
    static const double most[N] = {
        [ND_REACTION_N_P__D_G] = 0.01,     [ND_REACTION_D_P__HE3_G] = 0.07,
        [ND_REACTION_D_D__HE3_N] = 0.05,   [ND_REACTION_D_D__T_P] = 0.055,
        [ND_REACTION_T_P__A_G] = 0.001,    [ND_REACTION_T_D__A_N] = 0.02,
        [ND_REACTION_T_A__LI7_G] = 0.04,   [ND_REACTION_HE3_N__T_P] = 0.02,
        [ND_REACTION_HE3_D__A_P] = 0.06,   [ND_REACTION_HE3_A__BE7_G] = 0.105,
        [ND_REACTION_BE7_N__LI7_P] = 0.04, [ND_REACTION_LI7_P__A_A] = 0.11,
    };
    double primat[N], other[N], reverse[N];
    read_set(shipped("primat2023"));
    at_T9(0.8, NULL, primat, reverse);
    for (int set = 1; set < N_SETS; set++) {
        read_set(shipped(SETS[set]));
        at_T9(0.8, NULL, other, reverse);
        for (int r = 0; r < N; r++)
            ASSERT_CLOSE(other[r], primat[r], most[r], "%s/%s", SETS[set], name_of(r));
    }
}

/* By hand: N_A <sigma v> = 26158 cm^3/(mol s) of n + p at T9 = 1 is 4.3436e-20 cm^3/s, over c
 * 1.44888e-30 cm^2, over (hbar c)^2 = 3.893794e-22 MeV^2 cm^2 3.7210e-9 MeV^-2. */
Test(nuclear_rates, units)
{
    double forward[N], reverse[N];
    read_set(shipped("primat2023"));
    ASSERT_OK(nd_nuclear_rates_at(rates, 0.08617333262, NULL, forward, reverse, &error), error);
    ASSERT_CLOSE(forward[ND_REACTION_N_P__D_G], 3.7210e-9, 2e-5, "n + p at T9 = 1 [MeV^-2]");
    ASSERT_CLOSE(nd_mev_from_t9(1.0), 0.08617333262, 1e-14, "T9 = 1 [MeV]");
    ASSERT_CLOSE(nd_t9_from_mev(1.0), 11.60451812, 1e-9, "1 MeV [10^9 K]");
}

/* Both rates times f^p, and nobody else's. */
Test(nuclear_rates, deviations)
{
    static const double p[] = {-2.0, -0.3, 0.0, 1.0, 3.0};
    double one[N] = {0}, base[N], base_reverse[N], f[N], forward[N], reverse[N];
    read_set(shipped("nacre2_yof"));
    at_T9(0.77, NULL, base, base_reverse);
    for (int r = 0; r < N; r++) {
        one[r] = 1.0;
        at_T9(0.77, one, f, reverse);
        f[r] /= base[r];
        for (size_t i = 0; i < sizeof p / sizeof p[0]; i++) {
            one[r] = p[i];
            at_T9(0.77, one, forward, reverse);
            for (int other = 0; other < N; other++) {
                const double factor = other == r ? pow(f[r], p[i]) : 1.0;
                ASSERT_CLOSE(forward[other], base[other] * factor, ROUNDING, "%s of %s, p = %g",
                             name_of(other), name_of(r), p[i]);
                ASSERT_CLOSE(reverse[other], base_reverse[other] * factor, ROUNDING,
                             "reverse %s of %s, p = %g", name_of(other), name_of(r), p[i]);
            }
        }
        one[r] = 0.0;
    }
}

/* No memory of the call before: up and down give the same bits. */
Test(nuclear_rates, no_state)
{
    enum { STEPS = 500 };
    static double up[STEPS][N], reverse_up[STEPS][N];
    double forward[N], reverse[N];
    read_set(shipped("primat2023"));
    for (int i = 0; i < STEPS; i++)
        at_T9(0.001 * pow(9999.0, i / (double)STEPS), NULL, up[i], reverse_up[i]);
    for (int i = STEPS - 1; i >= 0; i--) {
        at_T9(0.001 * pow(9999.0, i / (double)STEPS), NULL, forward, reverse);
        cr_assert(memcmp(forward, up[i], sizeof forward) == 0 &&
                      memcmp(reverse, reverse_up[i], sizeof reverse) == 0,
                  "step %d", i);
    }
}

/* e^(-Q/T) underflows; nothing becomes NAN. */
Test(nuclear_rates, cold)
{
    double forward[N], reverse[N];
    for (int set = 0; set < N_SETS; set++) {
        read_set(shipped(SETS[set]));
        at_T9(0.001, NULL, forward, reverse);
        for (int r = 0; r < N; r++)
            cr_assert(forward[r] > 0.0 && reverse[r] == 0.0, "%s: %g and %g", name_of(r),
                      forward[r], reverse[r]);
    }
}

/* ---- our own tables ----------------------------------------------------------------------- */

static void write_file(int r, const char *text)
{
    FILE *stream = fopen(path_of(r), "w");
    cr_assert(stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0, "cannot write %s",
              path_of(r));
}

static const char NAMES[] = "T9,rate_cm3_per_mol_s,f\n";

/* A table of `n` points from T9 = low to high: rate 1000 (r + 1) T9^2, f = 1.1. */
static void write_table(int r, int n, double low, double high)
{
    FILE *stream = fopen(path_of(r), "w");
    cr_assert(stream != NULL, "cannot write %s", path_of(r));
    fputs(NAMES, stream);
    for (int i = 0; i < n; i++) {
        const double T9 = low * pow(high / low, i / (n - 1.0));
        fprintf(stream, "%.17g,%.17g,1.1\n", T9, 1000.0 * (r + 1) * T9 * T9);
    }
    cr_assert(fclose(stream) == 0);
}

static void write_tables(void)
{
    for (int r = 0; r < N; r++)
        write_table(r, 8 + r, 0.01, 1.0);
}

/* A power law is a straight line and comes back as it is; eight points are enough. */
Test(nuclear_rates, own_set)
{
    double forward[N], reverse[N];
    write_tables();
    read_set(top);
    for (double T9 = 0.0101; T9 < 1.0; T9 *= 1.03) {
        at_T9(T9, NULL, forward, reverse);
        for (int r = 0; r < N; r++)
            ASSERT_CLOSE(forward[r], nd_inverse_mev2_from_nuclear_rate(1000.0 * (r + 1) * T9 * T9),
                         1e-12, "%s at T9 = %g", name_of(r), T9);
    }
    cr_assert_str_eq(nd_nuclear_rates_source(rates, ND_REACTION_T_P__A_G), "", "no header");
}

/* Tables may differ in their points, and one may be finer than any bin; its f jumps from point to
 * point, ln f with slopes of 1e5. */
Test(nuclear_rates, own_points)
{
    const double fine = 1e-6, tolerance = 1e-10;
    write_tables();
    write_table(3, 900, 0.002, 20.0);
    write_table(5, 30, 0.02, 3.0);
    write_table(7, 11, 0.004, 0.9);
    FILE *stream = fopen(path_of(4), "w");
    cr_assert(stream != NULL);
    fprintf(stream, "# source: made up\n%s", NAMES);
    for (int i = 0; i < 900; i++) {
        const double T9 = i < 890 ? 0.3 + fine * i : 0.3 + 0.1 * (i - 889);
        fprintf(stream, "%.17g,%.17g,%g\n", T9, exp(T9 * T9), i % 2 == 0 ? 1.1 : 1.5);
    }
    cr_assert(fclose(stream) == 0);
    read_set(top);
    cr_assert(nd_nuclear_rates_T_min(rates) == nd_mev_from_t9(0.3), "T_min is that of table 4");
    ASSERT_CLOSE(nd_nuclear_rates_T_max(rates), nd_mev_from_t9(0.9), 1e-15, "T_max of table 7");
    cr_assert_str_eq(nd_nuclear_rates_source(rates, (enum nd_reaction)4), "made up");
    assert_points(top, tolerance);
    assert_between(top, 2.0, tolerance);
}

/* ---- out of range ------------------------------------------------------------------------- */

Test(nuclear_rates, out_of_range)
{
    double forward[N], reverse[N];
    write_tables();
    read_set(top);
    const double T_min = nd_nuclear_rates_T_min(rates), T_max = nd_nuclear_rates_T_max(rates);
    ASSERT_OK(nd_nuclear_rates_at(rates, T_min, NULL, forward, reverse, &error), error);
    ASSERT_OK(nd_nuclear_rates_at(rates, T_max, NULL, forward, reverse, &error), error);
    /* exp(log(T)) of the ends belongs to them. */
    for (int i = -4; i <= 4; i++) {
        const double part = 1.0 + 1e-13 * i;
        ASSERT_OK(nd_nuclear_rates_at(rates, T_min * part, NULL, forward, reverse, &error), error);
        ASSERT_OK(nd_nuclear_rates_at(rates, T_max * part, NULL, forward, reverse, &error), error);
        ASSERT_CLOSE(forward[11], nd_inverse_mev2_from_nuclear_rate(12000.0), 1e-11, "at T_max");
    }
    const double outside[] = {
        T_min * (1.0 - 1e-11), T_max * (1.0 + 1e-11), 0.0, -1.0, NAN, INFINITY};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        error = (struct nd_error)ND_ERROR_INIT;
        ASSERT_ERROR(nd_nuclear_rates_at(rates, outside[i], NULL, forward, reverse, &error), error,
                     ND_BAD_INPUT, "outside the tables");
    }
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_nuclear_rates_at(rates, 0.2, NULL, forward, reverse, &error), error,
                 ND_BAD_INPUT, "");
    cr_assert_str_eq(error.message,
                     "nuclear rates: T = 0.2 MeV (T9 = 2.3209): outside the tables: allowed is "
                     "0.000861733 to 0.0861733 MeV (T9 = 0.01 to 1)");
    cr_assert(nd_nuclear_rates_at(rates, 0.2, NULL, forward, reverse, NULL) == ND_BAD_INPUT,
              "a NULL error is allowed");
}

/* ---- files that are wrong ----------------------------------------------------------------- */

static void assert_refused(enum nd_status status, const char *message)
{
    struct nd_nuclear_rates *result = NULL;
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_nuclear_rates_read(&result, top, &error), error, status, "");
    cr_assert(result == NULL, "rates beside the error '%s'", error.message);
    cr_assert_str_eq(error.message, message);
    cr_assert(nd_nuclear_rates_read(&result, top, NULL) == status, "a NULL error is allowed");
}

/* Table r holds `text`: refused with "path:line: message". */
static void assert_bad(int r, const char *text, int line, const char *message)
{
    char expected[1024];
    write_tables();
    write_file(r, text);
    snprintf(expected, sizeof expected, "%s:%d: %s", path_of(r), line, message);
    assert_refused(ND_BAD_INPUT, expected);
}

#define ROWS_1_TO_7 "1,1,1\n2,1,1\n3,1,1\n4,1,1\n5,1,1\n6,1,1\n7,1,1\n"

Test(nuclear_rates, bad_rows)
{
    char text[512];
    const struct {
        const char *row, *message;
    } bad[] = {
        {"7,1,1", "T9 = 7: not above the one before it: allowed is more than 7"},
        {"6.5,1,1", "T9 = 6.5: not above the one before it: allowed is more than 7"},
        {"0,1,1", "T9 = 0: out of range: allowed is a number from 1e-06 to 1e+06"},
        {"8,-1,1", "rate_cm3_per_mol_s = -1: out of range: allowed is a number from 1e-250 to "
                   "1e+30"},
        {"8,0,1", "rate_cm3_per_mol_s = 0: out of range: allowed is a number from 1e-250 to "
                  "1e+30"},
        {"8,1,0.99", "f = 0.99: out of range: allowed is a number from 1 to 1e+06"},
        {"8,nan,1", "rate_cm3_per_mol_s = nan: not a finite number: allowed is a number from "
                    "1e-250 to 1e+30"},
        {"8,1", "2 cells: expected are 3: T9, rate_cm3_per_mol_s, f"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "# one\n%s%s%s\n", NAMES, ROWS_1_TO_7, bad[i].row);
        assert_bad((int)(3 * i) % N, text, 10, bad[i].message);
    }
}

Test(nuclear_rates, bad_tables)
{
    char text[512];
    snprintf(text, sizeof text, "%s%s", NAMES, ROWS_1_TO_7);
    assert_bad(2, text, 1, "7 rows: at least 8 are needed");
    assert_bad(4, "T9,rate,f\n" ROWS_1_TO_7 "8,1,1\n", 1,
               "column 'rate_cm3_per_mol_s': missing: there are T9, rate, f");
    snprintf(text, sizeof text, "# one\n# reaction: d + p -> He3 + gamma\n%s%s8,1,1\n", NAMES,
             ROWS_1_TO_7);
    assert_bad(ND_REACTION_N_P__D_G, text, 2,
               "reaction: d + p -> He3 + gamma: another reaction: allowed is n + p -> d + gamma");
    write_tables();
    write_file(ND_REACTION_D_P__HE3_G, text);
    write_table(ND_REACTION_T_P__A_G, 9, 0.01, 2.0);
    char expected[256];
    snprintf(expected, sizeof expected,
             "%s: d_p__He3_g.csv begins at T9 = 1, but n_p__d_g.csv ends at 1: a range that all "
             "tables cover is needed",
             top);
    assert_refused(ND_BAD_INPUT, expected);
}

Test(nuclear_rates, missing_file)
{
    char expected[1024];
    for (int r = 0; r < N; r++) {
        write_tables();
        snprintf(expected, sizeof expected,
                 "%s: cannot be read: No such file or directory: needed are twelve files, this one "
                 "for %s",
                 path_of(r), nd_reaction((enum nd_reaction)r)->equation);
        unlink(path_of(r));
        assert_refused(ND_IO_ERROR, expected);
    }
}

Test(nuclear_rates, long_folder)
{
    char folder[2048];
    struct nd_nuclear_rates *result = NULL;
    memset(folder, 'x', sizeof folder);
    folder[sizeof folder - 1] = '\0';
    ASSERT_ERROR(nd_nuclear_rates_read(&result, folder, &error), error, ND_IO_ERROR, "too long");
    cr_assert(result == NULL);
    nd_nuclear_rates_free(NULL);
}
