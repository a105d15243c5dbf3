/* Tests of nudipole/solar.h: published fluxes, mean energies and end points, survival averaged over
 * the production regions, a user's own fluxes and spectra, and data folders that are broken. */
#include "nudipole/solar.h"

#include <stdlib.h>
#include <unistd.h>

#include "support.h"

enum { TEXT_MAX = 1 << 20 };

static const double ROUNDING = 1e-13;

/* NuFIT 6.0. */
static const struct nd_oscillation NUFIT = {0.307, 0.02195, 0.561, 7.49e-17};

/* A temporary copy of the solar data, and files beside it. */
static char top[64];
static struct nd_error error;
static struct nd_solar *solar;

static const char *shipped(void)
{
    static char path[1024];
    const char *root = getenv("ND_TEST_ROOT");
    snprintf(path, sizeof path, "%s/params/data", root != NULL ? root : ".");
    return path;
}

static void run(const char *format, const char *a, const char *b)
{
    char command[2048];
    snprintf(command, sizeof command, format, a, b);
    cr_assert(system(command) == 0, "failed: %s", command);
}

static void setup(void)
{
    snprintf(top, sizeof top, "/tmp/nd_solar_XXXXXX");
    cr_assert(mkdtemp(top) != NULL, "no temporary folder");
    run("cp -r '%s/solar' '%s/solar'", shipped(), top);
    error = (struct nd_error)ND_ERROR_INIT;
    solar = NULL;
}

static void teardown(void)
{
    nd_solar_free(solar);
    run("rm -rf '%s%s'", top, "");
}

TestSuite(solar, .init = setup, .fini = teardown);

static const char *in_top(const char *name)
{
    static char names[4][512];
    static int next;
    char *text = names[next++ % 4];
    snprintf(text, sizeof names[0], "%s/%s", top, name);
    return text;
}

static void write_file(const char *name, const char *text)
{
    FILE *stream = fopen(in_top(name), "w");
    cr_assert(stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0, "cannot write %s",
              name);
}

/* Replaces the first `old` in a file of the copy; returns its line. */
static int edit(const char *name, const char *old, const char *new)
{
    static char text[TEXT_MAX];
    FILE *stream = fopen(in_top(name), "r");
    cr_assert(stream != NULL, "cannot read %s", name);
    text[fread(text, 1, sizeof text - 1, stream)] = '\0';
    fclose(stream);
    const char *at = strstr(text, old);
    cr_assert(at != NULL, "no '%s' in %s", old, name);
    int line = 1;
    for (const char *p = text; p < at; p++)
        line += *p == '\n';
    stream = fopen(in_top(name), "w");
    cr_assert(stream != NULL, "cannot write %s", name);
    fprintf(stream, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    fclose(stream);
    return line;
}

static void load(enum nd_solar_model model, const char *flux_file)
{
    nd_solar_free(solar);
    ASSERT_OK(nd_solar_create(&solar, top, model, flux_file, &error), error);
}

/* Fails unless the error is exactly "top/name:line: message", or without line if it is 0. */
static void assert_bad(const char *flux_file, enum nd_status status, const char *name, int line,
                       const char *message)
{
    char expected[2600];
    struct nd_solar *broken = NULL;
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_solar_create(&broken, top, ND_SOLAR_B16_GS98, flux_file, &error), error, status,
                 "");
    cr_assert(broken == NULL, "a Sun beside the error '%s'", error.message);
    if (line > 0)
        snprintf(expected, sizeof expected, "%s/%s:%d: %s", top, name, line, message);
    else
        snprintf(expected, sizeof expected, "%s/%s: %s", top, name, message);
    cr_assert_str_eq(error.message, expected);
}

/* A flux in cm^-2 s^-1. */
static double flux_of(enum nd_source s)
{
    const double hbar = 6.582119569e-22, hbar_c = 197.3269804e-13; /* [MeV s], [MeV cm] */
    return solar->sources[s].flux / (hbar_c * hbar_c * hbar);
}

/* Integrals of shape and E shape, linear between nodes. */
static double area_of(enum nd_source s)
{
    const struct nd_solar_source *source = &solar->sources[s];
    double sum = 0.0;
    for (int i = 1; i < source->n; i++)
        sum += 0.5 * (source->energy[i] - source->energy[i - 1]) *
               (source->shape[i] + source->shape[i - 1]);
    return sum;
}

static double mean_of(enum nd_source s)
{
    const struct nd_solar_source *source = &solar->sources[s];
    double sum = 0.0;
    for (int i = 1; i < source->n; i++) {
        const double a = source->energy[i - 1], b = source->energy[i];
        const double f = source->shape[i - 1], g = source->shape[i];
        sum += (b - a) * (a * (2.0 * f + g) + b * (f + 2.0 * g)) / 6.0;
    }
    return sum;
}

/* ---- what is shipped ---- */

Test(solar, names)
{
    static const char *const names[] = {"pp", "pep", "7Be", "8B", "hep", "13N", "15O", "17F"};
    for (int s = 0; s < ND_N_SOURCES; s++) {
        cr_assert_str_eq(nd_source_name((enum nd_source)s), names[s]);
        cr_assert(nd_source_find(names[s]) == s, "%s is not found", names[s]);
    }
    cr_assert(nd_source_find("") == -1 && nd_source_find("PP") == -1);
    cr_assert(nd_source_find("CNO") == -1 && nd_source_find("8B ") == -1);
}

/* Table 6 of Vinyoles et al.: flux [cm^-2 s^-1] and relative error, in the order of names. */
Test(solar, fluxes)
{
    static const double expected[2][ND_N_SOURCES][2] = {
        {{5.98e10, 0.006},
         {1.44e8, 0.01},
         {4.93e9, 0.06},
         {5.46e6, 0.12},
         {7.98e3, 0.30},
         {2.78e8, 0.15},
         {2.05e8, 0.17},
         {5.28e6, 0.20}},
        {{6.03e10, 0.005},
         {1.46e8, 0.009},
         {4.50e9, 0.06},
         {4.50e6, 0.12},
         {8.25e3, 0.30},
         {2.04e8, 0.14},
         {1.44e8, 0.16},
         {3.26e6, 0.18}},
    };
    for (int model = 0; model < 2; model++) {
        load((enum nd_solar_model)model, model == 0 ? NULL : "");
        for (int s = 0; s < ND_N_SOURCES; s++) {
            ASSERT_CLOSE(flux_of((enum nd_source)s), expected[model][s][0], ROUNDING,
                         "flux of %s, model %d", nd_source_name((enum nd_source)s), model);
            ASSERT_CLOSE(solar->sources[s].relative_error, expected[model][s][1], ROUNDING,
                         "error of %s, model %d", nd_source_name((enum nd_source)s), model);
        }
    }
}

/* Luminosity: 4p -> 4He releases 26.731 MeV and two neutrinos, so each stands for half of that less
 * the energy it carries away. All fluxes and mean energies together give the L of the models. */
Test(solar, luminosity)
{
    const double Q = 26.731, MeV = 1.602176634e-13;           /* [MeV], [J] */
    const double L = 3.842e26, au = 1.495978707e11, m2 = 1e4; /* [W], [m], [cm^2] */
    const double tolerance = 2e-3; /* three digits of the fluxes; 14N is not quite in equilibrium */
    for (int model = 0; model < 2; model++) {
        double sum = 0.0;
        load((enum nd_solar_model)model, NULL);
        for (int s = 0; s < ND_N_SOURCES; s++) {
            const struct nd_solar_source *source = &solar->sources[s];
            double mean = 0.0;
            for (int i = 0; source->is_line && i < source->n; i++)
                mean += source->energy[i] * source->shape[i];
            if (!source->is_line)
                mean = mean_of((enum nd_source)s);
            sum += flux_of((enum nd_source)s) * (0.5 * Q - mean);
        }
        ASSERT_CLOSE(sum * MeV * m2, L / (4.0 * 3.14159265358979 * au * au), tolerance,
                     "solar constant [W/m^2], model %d", model);
    }
}

Test(solar, spectra)
{
    static const struct {
        enum nd_source source;
        double mean, published, end; /* MeV; none is published for 8B of Winter et al. */
    } cases[] = {{ND_SOURCE_PP, 0.2667, 0.267, 0.42341}, {ND_SOURCE_13N, 0.7067, 0.706, 1.199},
                 {ND_SOURCE_15O, 0.9965, 0.996, 1.732},  {ND_SOURCE_17F, 0.9996, 0.998, 1.740},
                 {ND_SOURCE_HEP, 9.630, 9.628, 18.784},  {ND_SOURCE_8B, 6.770, 6.770, 15.3}};
    const double tolerance = 2e-3; /* 17F of the table is 0.17 % above the published mean */
    load(ND_SOLAR_B16_GS98, NULL);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const struct nd_solar_source *source = &solar->sources[cases[k].source];
        const char *name = nd_source_name(cases[k].source);
        cr_assert(!source->is_line, "%s is a line", name);
        ASSERT_CLOSE(area_of(cases[k].source), 1.0, ROUNDING, "area of %s", name);
        ASSERT_CLOSE(mean_of(cases[k].source), cases[k].published, tolerance, "mean of %s", name);
        ASSERT_CLOSE(mean_of(cases[k].source), cases[k].mean, 2e-4, "mean of %s's table", name);
        ASSERT_CLOSE(source->energy[source->n - 1], cases[k].end, 0.0, "end of %s", name);
        for (int i = 0; i < source->n; i++) {
            cr_assert(source->shape[i] >= 0.0, "%s at node %d", name, i);
            cr_assert(i == 0 || source->energy[i] > source->energy[i - 1], "%s, node %d", name, i);
        }
    }
}

Test(solar, lines)
{
    load(ND_SOLAR_B16_AGSS09MET, NULL);
    const struct nd_solar_source *be = &solar->sources[ND_SOURCE_7BE];
    const struct nd_solar_source *pep = &solar->sources[ND_SOURCE_PEP];
    cr_assert(be->is_line && be->n == 2, "%d lines of 7Be", be->n);
    cr_assert(be->energy[0] == 0.3843 && be->shape[0] == 0.103, "lower line of 7Be");
    cr_assert(be->energy[1] == 0.8618 && be->shape[1] == 0.897, "upper line of 7Be");
    cr_assert(pep->is_line && pep->n == 1, "%d lines of pep", pep->n);
    cr_assert(pep->energy[0] == 1.442 && pep->shape[0] == 1.0, "line of pep");
}

/* ---- survival ---- */

/* Trapezia between neighbouring zones, of dF/dr P_ee and of dF/dr. */
Test(solar, survival_is_the_production_average)
{
    const double E[] = {0.1, 0.862, 3.0, 10.0};
    load(ND_SOLAR_B16_GS98, NULL);
    for (int s = 0; s < ND_N_SOURCES; s++)
        for (int k = 0; k < 4; k++) {
            const double *w = solar->sources[s].production, *r = solar->radius;
            const double *n_e = solar->electron_density;
            double sum = 0.0, norm = 0.0;
            for (int i = 1; i < solar->n_zones; i++) {
                const double a = nd_survival(&NUFIT, E[k], n_e[i - 1]);
                const double b = nd_survival(&NUFIT, E[k], n_e[i]);
                sum += 0.5 * (r[i] - r[i - 1]) * (w[i - 1] * a + w[i] * b);
                norm += 0.5 * (r[i] - r[i - 1]) * (w[i - 1] + w[i]);
            }
            ASSERT_CLOSE(nd_solar_survival(solar, (enum nd_source)s, &NUFIT, E[k]), sum / norm,
                         ROUNDING, "P_ee of %s at %g MeV", nd_source_name((enum nd_source)s), E[k]);
        }
}

/* One zone that produces all: its density decides. */
Test(solar, survival_of_one_zone)
{
    load(ND_SOLAR_B16_GS98, NULL);
    struct nd_solar_source *source = &solar->sources[ND_SOURCE_8B];
    for (int zone = 0; zone < solar->n_zones; zone += solar->n_zones - 1) {
        for (int i = 0; i < solar->n_zones; i++)
            source->production[i] = i == zone ? 0.7 : 0.0;
        ASSERT_CLOSE(nd_solar_survival(solar, ND_SOURCE_8B, &NUFIT, 8.0),
                     nd_survival(&NUFIT, 8.0, solar->electron_density[zone]), ROUNDING,
                     "P_ee of zone %d", zone);
    }
}

/* The density falls from 101 N_A/cm^3 in the centre; 8B is made nearest to it and pp farthest. */
Test(solar, production_regions)
{
    const double one_mole = 6.02214076e23 * pow(197.3269804e-13, 3.0); /* N_A/cm^3 in MeV^3 */
    load(ND_SOLAR_B16_GS98, NULL);
    ASSERT_CLOSE(solar->electron_density[0] / one_mole, pow(10.0, 2.004), ROUNDING, "n_e, centre");
    double mean[ND_N_SOURCES];
    for (int s = 0; s < ND_N_SOURCES; s++) {
        double norm = 0.0;
        mean[s] = 0.0;
        for (int i = 0; i < solar->n_zones; i++) {
            norm += solar->sources[s].production[i];
            mean[s] += solar->radius[i] * solar->sources[s].production[i];
        }
        mean[s] /= norm;
    }
    for (int i = 1; i < solar->n_zones; i++)
        cr_assert(solar->radius[i] > solar->radius[i - 1] &&
                      solar->electron_density[i] <= solar->electron_density[i - 1],
                  "zone %d", i);
    cr_assert(mean[ND_SOURCE_8B] < mean[ND_SOURCE_7BE] && mean[ND_SOURCE_7BE] < mean[ND_SOURCE_PP],
              "mean radii %g, %g, %g", mean[ND_SOURCE_8B], mean[ND_SOURCE_7BE], mean[ND_SOURCE_PP]);
    ASSERT_NEAR(mean[ND_SOURCE_8B], 0.05, 0.01, "mean radius of 8B");
    ASSERT_NEAR(mean[ND_SOURCE_PP], 0.12, 0.02, "mean radius of pp");
}

/* Computed independently with NuFIT 6.0, to the digits quoted. */
Test(solar, survival_reference)
{
    static const struct {
        enum nd_source source;
        double E, P;
    } cases[] = {{ND_SOURCE_PP, 0.267, 0.545},
                 {ND_SOURCE_7BE, 0.862, 0.527},
                 {ND_SOURCE_13N, 0.706, 0.533},
                 {ND_SOURCE_15O, 0.996, 0.521}};
    load(ND_SOLAR_B16_GS98, NULL);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        ASSERT_NEAR(nd_solar_survival(solar, cases[k].source, &NUFIT, cases[k].E), cases[k].P,
                    0.6e-3, "P_ee of %s", nd_source_name(cases[k].source));
}

/* From the vacuum's 0.55 towards sin^2 theta_12. */
Test(solar, survival_of_8B)
{
    load(ND_SOLAR_B16_GS98, NULL);
    double last = 1.0;
    for (double E = 0.1; E < 15.3; E += 0.2) {
        const double P = nd_solar_survival(solar, ND_SOURCE_8B, &NUFIT, E);
        cr_assert(P < last, "P_ee rises to %g at %g MeV", P, E);
        last = P;
    }
    ASSERT_NEAR(nd_solar_survival(solar, ND_SOURCE_8B, &NUFIT, 6.7), 0.36, 0.01, "P_ee, 6.7 MeV");
}

/* ---- a user's own fluxes ---- */

/* All but these sources are those of the model, bit by bit. */
static void assert_others(unsigned changed)
{
    struct nd_solar *plain;
    ASSERT_OK(nd_solar_create(&plain, top, ND_SOLAR_B16_GS98, NULL, &error), error);
    for (int s = 0; s < ND_N_SOURCES; s++) {
        const struct nd_solar_source *a = &solar->sources[s], *b = &plain->sources[s];
        const size_t size = (size_t)b->n * sizeof *b->energy;
        if (changed >> s & 1u)
            continue;
        cr_assert(a->flux == b->flux && a->relative_error == b->relative_error &&
                      a->is_line == b->is_line && a->n == b->n &&
                      memcmp(a->energy, b->energy, size) == 0 &&
                      memcmp(a->shape, b->shape, size) == 0,
                  "%s has changed", nd_source_name((enum nd_source)s));
    }
    nd_solar_free(plain);
}

Test(solar, own_flux)
{
    write_file("own.csv", "source,flux_per_cm2_s,relative_error\n8B,5.2e6,0.02\n7Be,0,0\n");
    load(ND_SOLAR_B16_GS98, in_top("own.csv"));
    ASSERT_CLOSE(flux_of(ND_SOURCE_8B), 5.2e6, ROUNDING, "own flux of 8B");
    ASSERT_CLOSE(solar->sources[ND_SOURCE_8B].relative_error, 0.02, 0.0, "its error");
    cr_assert(flux_of(ND_SOURCE_7BE) == 0.0, "no flux of 7Be");
    ASSERT_CLOSE(mean_of(ND_SOURCE_8B), 6.770, 2e-4, "mean energy of 8B");
    cr_assert(solar->sources[ND_SOURCE_7BE].n == 2, "lines of 7Be");
    assert_others(1u << ND_SOURCE_8B | 1u << ND_SOURCE_7BE);
}

/* Relative to the file, wherever the program runs; '-' keeps the spectrum. */
Test(solar, own_spectrum)
{
    run("mkdir '%s/%s'", top, "shapes");
    write_file("shapes/triangle.csv", "e_nu_kev,shape_per_mev\n500,0\n1000,20\n2000,0\n");
    write_file("own.csv", "source,flux_per_cm2_s,relative_error,shape\n"
                          "15O,1e8,0.1,shapes/triangle.csv\n13N,2e8,0.2,-\n");
    for (int relative = 0; relative < 3; relative++) {
        cr_assert(chdir(relative == 0 ? "/" : relative == 1 ? top : in_top("shapes")) == 0);
        load(ND_SOLAR_B16_GS98, relative == 0   ? in_top("own.csv")
                                : relative == 1 ? "own.csv"
                                                : "../own.csv");
        const struct nd_solar_source *source = &solar->sources[ND_SOURCE_15O];
        cr_assert(source->n == 3 && !source->is_line, "%d nodes", source->n);
        ASSERT_CLOSE(area_of(ND_SOURCE_15O), 1.0, ROUNDING, "area");
        ASSERT_CLOSE(source->shape[1], 2.0 / 1.5, ROUNDING, "height of a triangle of unit area");
        ASSERT_CLOSE(mean_of(ND_SOURCE_15O), 3.5 / 3.0, ROUNDING, "its mean [MeV]");
        ASSERT_CLOSE(flux_of(ND_SOURCE_15O), 1e8, ROUNDING, "flux of 15O");
        ASSERT_CLOSE(flux_of(ND_SOURCE_13N), 2e8, ROUNDING, "flux of 13N");
        ASSERT_CLOSE(mean_of(ND_SOURCE_13N), 0.7067, 2e-4, "mean energy of 13N");
        assert_others(1u << ND_SOURCE_15O | 1u << ND_SOURCE_13N);
    }
}

Test(solar, own_spectrum_by_absolute_name)
{
    char text[512];
    write_file("flat.csv", "e_nu_mev,shape_per_mev\n1,3\n5,3\n");
    snprintf(text, sizeof text,
             "source,flux_per_cm2_s,relative_error,shape\npp,6e10,0,%s/flat.csv\n", top);
    run("mkdir '%s/%s'", top, "elsewhere");
    write_file("elsewhere/own.csv", text);
    load(ND_SOLAR_B16_GS98, in_top("elsewhere/own.csv"));
    ASSERT_CLOSE(solar->sources[ND_SOURCE_PP].shape[1], 0.25, ROUNDING, "a flat spectrum");
    assert_others(1u << ND_SOURCE_PP);
}

/* 7Be with the width of its lines. */
Test(solar, continuum_in_place_of_lines)
{
    write_file("be.csv", "e_nu_mev,shape_per_mev\n0.861,0\n0.862,5\n0.863,0\n");
    write_file("own.csv", "source,flux_per_cm2_s,relative_error,shape\n7Be,4e9,0.1,be.csv\n");
    load(ND_SOLAR_B16_GS98, in_top("own.csv"));
    cr_assert(!solar->sources[ND_SOURCE_7BE].is_line && solar->sources[ND_SOURCE_7BE].n == 3);
    ASSERT_CLOSE(mean_of(ND_SOURCE_7BE), 0.862, 1e-12, "mean energy of 7Be");
    assert_others(1u << ND_SOURCE_7BE);
}

static void assert_bad_own(const char *text, int line, const char *message)
{
    write_file("own.csv", text);
    assert_bad(in_top("own.csv"), ND_BAD_INPUT, "own.csv", line, message);
}

Test(solar, own_flux_errors)
{
    const char *unknown = "unknown source: allowed are pp, pep, 7Be, 8B, hep, 13N, 15O and 17F";
    char message[256];
    snprintf(message, sizeof message, "source = b8: %s", unknown);
    assert_bad_own("source,flux_per_cm2_s,relative_error\npp,6e10,0.1\nb8,5e6,0.1\n", 3, message);
    snprintf(message, sizeof message, "source = CNO: %s", unknown);
    assert_bad_own("source,flux_per_cm2_s,relative_error\nCNO,5e8,0.1\n", 2, message);
    assert_bad_own("source,flux_per_cm2_s,relative_error\n8B,5e6,0\npp,6e10,0\n8B,5e6,0\n", 4,
                   "source = 8B: given twice: allowed is each source once");
    assert_bad_own("# mine\nflux_per_cm2_s,relative_error\n5e6,0.1\n", 2,
                   "no column 'source': the name of a source");
    assert_bad_own("source,flux,relative_error\n8B,5e6,0.1\n", 1,
                   "column 'flux_per_cm2_s': missing: there are source, flux, relative_error");
    assert_bad_own("source,flux_per_cm2_s\n8B,5e6\n", 1,
                   "column 'relative_error': missing: there are source, flux_per_cm2_s");
    assert_bad_own("source,flux_per_cm2_s,relative_error\n8B,-5e6,0.1\n", 2,
                   "flux_per_cm2_s = -5e6: out of range: allowed is a number from 0 to 1e+15");
    assert_bad_own("source,flux_per_cm2_s,relative_error\n8B,2e15,0.1\n", 2,
                   "flux_per_cm2_s = 2e15: out of range: allowed is a number from 0 to 1e+15");
    assert_bad_own("source,flux_per_cm2_s,relative_error\n8B,5e6,-0.1\n", 2,
                   "relative_error = -0.1: out of range: allowed is a number from 0 to 10");
    assert_bad_own("source,flux_per_cm2_s,relative_error\n8B,nan,0.1\n", 2,
                   "flux_per_cm2_s = nan: not a finite number: allowed is a number from 0 to "
                   "1e+15");
    assert_bad(in_top("none.csv"), ND_IO_ERROR, "none.csv", 0,
               "cannot be read: No such file or directory");
}

/* The row of the flux file that named the spectrum stands before what is wrong with it. */
static void assert_bad_shape(const char *text, int line, const char *message)
{
    char whole[1400];
    write_file("shape.csv", text);
    snprintf(whole, sizeof whole, "shape = shape.csv: %s/shape.csv:%d: %s", top, line, message);
    assert_bad(in_top("own.csv"), ND_BAD_INPUT, "own.csv", 2, whole);
}

static void assert_no_shape(void)
{
    char whole[1400];
    snprintf(whole, sizeof whole,
             "shape = shape.csv: %s/shape.csv: cannot be read: No such file or directory", top);
    assert_bad(in_top("own.csv"), ND_BAD_INPUT, "own.csv", 2, whole);
}

Test(solar, own_spectrum_errors)
{
    const char *no_area = "the spectrum has no area: at least two energies and a value above 0 are "
                          "needed";
    write_file("own.csv", "source,flux_per_cm2_s,relative_error,shape\n8B,5e6,0.1,shape.csv\n");
    assert_no_shape();
    assert_bad_shape("e_nu_mev,shape_per_mev\n0,0\n1,2\n1,3\n2,0\n", 4,
                     "e_nu_mev = 1: not above the one before it: allowed is more than 1");
    assert_bad_shape("e_nu_mev,shape_per_mev\n0,0\n2,2\n1,3\n", 4,
                     "e_nu_mev = 1: not above the one before it: allowed is more than 2");
    assert_bad_shape("e_nu_mev,shape_per_mev\n-1,0\n2,2\n", 2,
                     "e_nu_mev = -1: out of range: allowed is a number from 0 to 1e+12 MeV");
    assert_bad_shape("e_nu_mev,shape_per_mev\n0,0\n2,-2\n", 3,
                     "shape_per_mev = -2: out of range: allowed is a number from 0 to 1e+30");
    assert_bad_shape("# none\ne_nu_mev,shape_per_mev\n0,0\n1,0\n", 2, no_area);
    assert_bad_shape("e_nu_mev,shape_per_mev\n1,1\n", 1, no_area);
    assert_bad_shape("e_nu,shape_per_mev\n0,1\n1,1\n", 1,
                     "column 'e_nu': the unit is missing: allowed is e_nu_ev, e_nu_kev or "
                     "e_nu_mev");
    assert_bad_shape("e_nu_mev,shape\n0,1\n1,1\n", 1,
                     "column 'shape_per_mev': missing: there are e_nu_mev, shape");
}

Test(solar, overlong_name_of_a_spectrum)
{
    char text[1400], expected[1200];
    snprintf(text, sizeof text, "source,flux_per_cm2_s,relative_error,shape\n8B,5e6,0.1,%01010d\n",
             0);
    write_file("own.csv", text);
    struct nd_solar *broken = NULL;
    ASSERT_ERROR(nd_solar_create(&broken, top, ND_SOLAR_B16_GS98, in_top("own.csv"), &error), error,
                 ND_BAD_INPUT, "");
    snprintf(expected, sizeof expected, "%s/own.csv:2: shape = 000", top);
    cr_assert(strncmp(error.message, expected, strlen(expected)) == 0, "%s", error.message);
    cr_assert(broken == NULL);
}

/* ---- broken folders ---- */

Test(solar, broken_lines)
{
    const int names = edit("solar/lines.csv", ",parent,", ",father,");
    assert_bad(NULL, ND_BAD_INPUT, "solar/lines.csv", names,
               "no column 'parent': the source of a line");
    edit("solar/lines.csv", ",father,", ",parent,");
    edit("solar/lines.csv", ",pep,1", ",7Be,1");
    assert_bad(NULL, ND_BAD_INPUT, "solar/lines.csv", names, "no line of pep: one is needed");
    edit("solar/lines.csv", ",7Be,1\n", ",pep,1\n");
    int line = edit("solar/lines.csv", "7Be,0.897", "7Be,1.897");
    assert_bad(NULL, ND_BAD_INPUT, "solar/lines.csv", line,
               "ratio = 1.897: out of range: allowed is a number from 0 to 1");
    edit("solar/lines.csv", "7Be,1.897", "7Be,0.897");
    line = edit("solar/lines.csv", "0.8618", "-0.8618");
    assert_bad(NULL, ND_BAD_INPUT, "solar/lines.csv", line,
               "e_nu_mev = -0.8618: out of range: allowed is a number from 0 to 1e+12 MeV");
    unlink(in_top("solar/lines.csv"));
    assert_bad(NULL, ND_IO_ERROR, "solar/lines.csv", 0,
               "cannot be read: No such file or directory");
}

/* 16 lines of a source fit, sorted whatever their order in the file. */
Test(solar, many_lines)
{
    char text[2048];
    double sum = 0.0;
    for (int i = 0; i < ND_LINES_MAX; i++)
        sum += 7 * i % 17 + 1;
    size_t used = (size_t)snprintf(text, sizeof text, "parent,e_nu_mev,ratio\npep,1.4,1\n");
    for (int i = 0; i < ND_LINES_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "7Be,%d,%.17g\n", 7 * i % 17 + 1,
                                 (7 * i % 17 + 1) / sum);
    write_file("solar/lines.csv", text);
    load(ND_SOLAR_B16_GS98, NULL);
    const struct nd_solar_source *be = &solar->sources[ND_SOURCE_7BE];
    cr_assert(be->n == ND_LINES_MAX, "%d lines", be->n);
    for (int i = 0; i < be->n; i++) {
        cr_assert(i == 0 || be->energy[i] > be->energy[i - 1], "line %d", i);
        /* E / sum for a line at E, which went along */
        ASSERT_CLOSE(be->shape[i], be->energy[i] / sum, 1e-15, "share of the line at %g",
                     be->energy[i]);
    }
    snprintf(text + used, sizeof text - used, "7Be,40,0.01\n");
    write_file("solar/lines.csv", text);
    assert_bad(NULL, ND_BAD_INPUT, "solar/lines.csv", 19, "too many lines of 7Be: at most 16");
    write_file("solar/lines.csv", "parent,e_nu_mev,ratio\npep,1.4,1\n7Be,0.86,0.9\n7be,0.38,0.1\n");
    assert_bad(NULL, ND_BAD_INPUT, "solar/lines.csv", 4,
               "parent = 7be: has no lines: allowed are pep and 7Be");
    write_file("solar/lines.csv", "parent,e_nu_mev,ratio\npep,1.4,1\n7Be,0.86,0.9\n");
    assert_bad(NULL, ND_BAD_INPUT, "solar/lines.csv", 1,
               "the ratios of 7Be add up to 0.9: 1 is needed");
}

Test(solar, broken_fluxes)
{
    const int names = edit("solar/fluxes.csv", "source,", "source,");
    edit("solar/fluxes.csv", "\nhep,7980,0.3,8250,0.3", "");
    assert_bad(NULL, ND_BAD_INPUT, "solar/fluxes.csv", names, "no flux of hep: one is needed");
    const int line = edit("solar/fluxes.csv", "\npep,", "\npp,") + 1;
    assert_bad(NULL, ND_BAD_INPUT, "solar/fluxes.csv", line,
               "source = pp: given twice: allowed is each source once");
    edit("solar/fluxes.csv", "b16_gs98_error", "b16_gs98_sigma");
    assert_bad(NULL, ND_BAD_INPUT, "solar/fluxes.csv", names,
               "column 'b16_gs98_error': missing: there are source, b16_gs98_per_cm2_s, "
               "b16_gs98_sigma, b16_agss09met_per_cm2_s, b16_agss09met_error");
}

Test(solar, broken_spectra)
{
    const int line = edit("solar/spectrum_13N.csv", "0.01199,", "0.005,");
    assert_bad(NULL, ND_BAD_INPUT, "solar/spectrum_13N.csv", line,
               "e_nu_mev = 0.005: not above the one before it: allowed is more than 0.005995");
    unlink(in_top("solar/spectrum_13N.csv"));
    assert_bad(NULL, ND_IO_ERROR, "solar/spectrum_13N.csv", 0,
               "cannot be read: No such file or directory");
}

Test(solar, broken_production)
{
    const char *name = "solar/production_b16-gs98.csv";
    const int line = edit(name, "\n0.0045,", "\n0.0025,") + 1;
    assert_bad(NULL, ND_BAD_INPUT, name, line,
               "r = 0.0025: not above the radius before it: increasing radii are needed");
    error = (struct nd_error)ND_ERROR_INIT;
    load(ND_SOLAR_B16_AGSS09MET, NULL); /* the other model's file is untouched */
    write_file(name, "r,log10_ne,pp,pep,hep,7Be,8B,13N,15O,17F\n0.1,2,1,1,1,1,0,1,1,1\n"
                     "0.2,1,1,1,1,1,0,1,1,1\n");
    assert_bad(NULL, ND_BAD_INPUT, name, 1, "8B is produced nowhere: a value above 0 is needed");
    write_file(name, "r,log10_ne,pp,pep,hep,7Be,8B,13N,15O\n0.1,2,1,1,1,1,0,1,1\n"
                     "0.2,2,1,1,1,1,0,1,1\n");
    assert_bad(NULL, ND_BAD_INPUT, name, 1, "8B is produced nowhere: a value above 0 is needed");
    write_file(name, "r,log10_ne,pp,pep,hep,7Be,8B,13N,15O\n0.1,2,1,1,1,1,1,1,1\n"
                     "0.2,2,1,1,1,1,1,1,1\n");
    assert_bad(NULL, ND_BAD_INPUT, name, 1,
               "column '17F': missing: there are r, log10_ne, pp, pep, hep, 7Be, 8B, 13N, 15O");
    write_file(name, "r,log10_ne,pp,pep,hep,7Be,8B,13N,15O,17F\n1.1,2,1,1,1,1,1,1,1,1\n"
                     "1.2,2,1,1,1,1,1,1,1,1\n");
    assert_bad(NULL, ND_BAD_INPUT, name, 2,
               "r = 1.1: out of range: allowed is a number from 0 to 1");
    write_file(name, "r,log10_ne,pp,pep,hep,7Be,8B,13N,15O,17F\n0.1,2,1,1,1,1,1,1,1,1\n");
    assert_bad(NULL, ND_BAD_INPUT, name, 1, "one radius: at least two are needed");
}

Test(solar, free_of_nothing)
{
    nd_solar_free(NULL);
}
