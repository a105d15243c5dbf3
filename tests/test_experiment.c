/* Experiments: the numbers of the shipped ones, a user's own folder, every way to be wrong. */
#include "nudipole/experiment.h"

#include <stdlib.h>
#include <unistd.h>

#include "nudipole/datafile.h"
#include "support.h"

static const double ROUNDING = 1e-14;

static char top[4096]; /* a user's folder */
static char data[4096];
static struct nd_error error;
static struct nd_experiment *x;

/* ---- a user's own experiment ---- */

static const char INI[] = "# mine\n"
                          "[experiment]\n"
                          "title = My xenon\n"
                          "status = secondary\n"
                          "exposure_t_yr = 2.5\n"
                          "resolution_sqrt = 0.4\n"
                          "resolution_linear = 0.001\n"
                          "efficiency_error = 0.05\n"
                          "background_error = 0.1\n"
                          "binned_file = binned.csv\n"
                          "counts_column = n\n"
                          "background_column = b\n"
                          "efficiency_file = efficiency.csv\n"
                          "efficiency_column = eff\n";
static const char BINNED[] = "# mine\n"
                             "e_lo_kev,e_hi_kev,n,b,h3\n"
                             "1,2,3,2.5,0.1\n"
                             "2,4,0,1.5,0.2\n"
                             "4,5,7,6,0\n";
static const char EFFICIENCY[] = "energy_kev,eff\n0.5,0.01\n2.5,0.81\n10,0.6\n";
static const char CURVE[] = "energy_kev,rate\n1,0\n3,2\n5,1\n";
static const char CURVE_KEYS[] = "background_curve_file = curve.csv\n"
                                 "background_curve_column = rate\n";

static void write_file(const char *name, const char *text)
{
    char path[sizeof top + 64];
    snprintf(path, sizeof path, "%s/%s", top, name);
    FILE *stream = fopen(path, "w");
    cr_assert(stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0, "cannot write %s",
              path);
}

static void setup(void)
{
    char name[] = "/tmp/nd_experiment_XXXXXX";
    const char *root = getenv("ND_TEST_ROOT");
    cr_assert(mkdtemp(name) != NULL && realpath(name, top) != NULL, "no temporary folder");
    snprintf(data, sizeof data, "%s/params/data", root != NULL ? root : ".");
    error = (struct nd_error)ND_ERROR_INIT;
    x = NULL;
    write_file("experiment.ini", INI);
    write_file("binned.csv", BINNED);
    write_file("efficiency.csv", EFFICIENCY);
    write_file("curve.csv", CURVE);
}

static void teardown(void)
{
    char command[sizeof top + 16];
    nd_experiment_free(x);
    snprintf(command, sizeof command, "rm -rf '%s'", top);
    cr_assert(system(command) == 0, "cannot remove %s", top);
}

TestSuite(experiment, .init = setup, .fini = teardown);

static void read_experiment(const char *name)
{
    nd_experiment_free(x);
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_OK(nd_experiment_create(&x, data, name, &error), error);
}

/* experiment.ini with its first `old` replaced. */
static void write_ini(const char *old, const char *new)
{
    char text[4 * sizeof INI];
    const char *at = strstr(INI, old);
    cr_assert(at != NULL && strlen(new) < sizeof text - sizeof INI, "cannot replace '%s'", old);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - INI), INI, new, at + strlen(old));
    write_file("experiment.ini", text);
}

static void write_ini_with(const char *more)
{
    char text[4 * sizeof INI];
    snprintf(text, sizeof text, "%s%s", INI, more);
    write_file("experiment.ini", text);
}

/* Fails unless the folder is refused with exactly "top/name:line: text"; no line if it is 0. */
static void assert_refused(const char *name, int line, const char *text)
{
    char expected[sizeof top + 512], number[16] = "";
    if (line > 0)
        snprintf(number, sizeof number, ":%d", line);
    snprintf(expected, sizeof expected, "%s/%s%s: %s", top, name, number, text);
    error = (struct nd_error)ND_ERROR_INIT;
    nd_experiment_free(x);
    ASSERT_ERROR(nd_experiment_create(&x, data, top, &error), error, ND_BAD_INPUT, "");
    cr_assert(x == NULL, "an experiment beside the error '%s'", error.message);
    cr_assert_str_eq(error.message, expected);
}

static void assert_bad_file(const char *name, const char *text, int line, const char *message)
{
    write_file(name, text);
    assert_refused(name, line, message);
}

static void assert_bad_ini(const char *old, const char *new, int line, const char *message)
{
    write_ini(old, new);
    assert_refused("experiment.ini", line, message);
}

/* ---- shipped ---- */

static double sum(const double *values, double low, double high)
{
    double total = 0.0;
    for (int j = 0; j < x->n_bins; j++)
        if (x->low[j] >= low && x->high[j] <= high)
            total += values[j];
    return total;
}

/* Sums of the files, added up by other means; those of XENON are in params/data/README.md. */
Test(experiment, shipped)
{
    static const struct {
        const char *name, *title;
        int secondary, n_bins, tritium, curve;
        double low, high, exposure, counts, background, counts_1_7, background_1_7;
    } cases[] = {
        {"xenon1t", "XENON1T SR1", 0, 29, 1, 1, 1, 30, 0.647309514, 1261, 1244.04, 285, 231.58},
        {"xenonnt", "XENONnT SR0", 0, 29, 0, 0, 1, 30, 1.16, 433, 426.53, 65, 72.26},
        {"lz2022", "LZ WS2022", 1, 20, 0, 0, 0, 20, 0.9, 471, 463.38, 175, 171.36},
        {"lz2024", "LZ WS2024", 1, 20, 0, 0, 0, 20, 3.3, 1787, 1765.58, 530, 523.63},
        {"pandax4t", "PandaX-4T Run1", 1, 30, 0, 0, 0, 30, 1.0, 1431, 1439.08, 303, 304.30},
    };
    const double digits = 0.006; /* those that the sums are given to */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = cases[i].name;
        read_experiment(name);
        cr_assert_str_eq(x->name, name);
        cr_assert_str_eq(x->title, cases[i].title);
        cr_assert(x->secondary == cases[i].secondary, "%s: secondary = %d", name, x->secondary);
        cr_assert(x->n_bins == cases[i].n_bins, "%s: %d bins", name, x->n_bins);
        cr_assert(x->low[0] == cases[i].low && x->high[x->n_bins - 1] == cases[i].high);
        cr_assert((x->tritium != NULL) == cases[i].tritium, "%s: tritium", name);
        cr_assert((x->n_curve > 0) == cases[i].curve, "%s: curve", name);
        cr_assert(x->exposure == cases[i].exposure, "%s: exposure %.10g", name, x->exposure);
        cr_assert(x->resolution_sqrt == 0.310 && x->resolution_linear == 0.0037);
        cr_assert(x->efficiency_error == 0.03);
        cr_assert(x->background_error == (i == 0 ? 0.026 : 0.03));
        cr_assert(sum(x->counts, 0, 99) == cases[i].counts, "%s: all counts", name);
        cr_assert(sum(x->counts, 1, 7) == cases[i].counts_1_7, "%s: counts in 1-7 keV", name);
        ASSERT_NEAR(sum(x->background, 0, 99), cases[i].background, digits, "%s: all b", name);
        ASSERT_NEAR(sum(x->background, 1, 7), cases[i].background_1_7, digits, "%s: b 1-7", name);
        for (int j = 0; j < x->n_bins; j++)
            cr_assert(x->counts[j] == floor(x->counts[j]), "%s, bin %d: %g counts", name, j,
                      x->counts[j]);
    }
}

/* The exposure of XENON1T, which the paper rounds, makes whole numbers of the published rates. */
Test(experiment, xenon1t_rate_times_exposure)
{
    const double digits = 4e-7; /* rates have 6 decimals: 5e-7 times 0.65 t yr */
    char path[sizeof data + 64];
    double rate[ND_BINS_MAX], background[ND_BINS_MAX];
    struct nd_datafile *file;
    read_experiment("xenon1t");
    snprintf(path, sizeof path, "%s/experiments/xenon1t/binned.csv", data);
    ASSERT_OK(nd_datafile_read(&file, path, &error), error);
    ASSERT_OK(nd_datafile_numbers(file, "rate", 0.0, 1e3, rate, &error), error);
    ASSERT_OK(nd_datafile_numbers(file, "b0_rate", 0.0, 1e3, background, &error), error);
    cr_assert(nd_datafile_rows(file) == x->n_bins);
    for (int j = 0; j < x->n_bins; j++) {
        ASSERT_NEAR(rate[j] * x->exposure, round(rate[j] * x->exposure), digits, "bin %d", j);
        ASSERT_NEAR(rate[j] * x->exposure, x->counts[j], digits, "counts of bin %d", j);
        ASSERT_NEAR(background[j] * x->exposure, x->background[j], 2.0 * digits, "b of bin %d", j);
    }
    nd_datafile_free(file);
}

/* Integral of nd_experiment_background over [a, b]: trapezia between the points of the curve. */
static double background_between(double a, double b)
{
    double total = 0.0, E = a;
    for (int i = 0; i <= x->n_curve; i++) {
        const double next = i < x->n_curve ? fmin(b, x->curve_energy[i]) : b;
        if (next <= E)
            continue;
        total +=
            0.5 * (next - E) * (nd_experiment_background(x, E) + nd_experiment_background(x, next));
        E = next;
    }
    return total;
}

Test(experiment, xenon1t_background_is_the_integral_of_its_curve)
{
    const double digits = 3e-8; /* 8 digits, the first bin has 22.074044 */
    read_experiment("xenon1t");
    for (int j = 0; j < x->n_bins; j++)
        ASSERT_CLOSE(x->exposure * background_between(x->low[j], x->high[j]), x->background[j],
                     digits, "bin %d", j);
    /* arXiv:2006.09721: 76 +- 2 /(t yr keV) with the efficiency taken out; README: 75.3 */
    double corrected = 0.0;
    for (double E = 1.005; E < 30.0; E += 0.01)
        corrected += 0.01 * nd_experiment_background(x, E) / nd_experiment_efficiency(x, E);
    ASSERT_NEAR(corrected / 29.0, 76.0, 2.0, "background per (t yr keV)");
    /* outside of the curve */
    cr_assert(isnan(nd_experiment_background(x, 0.119)));
    cr_assert(isnan(nd_experiment_background(x, 30.02)));
    cr_assert(nd_experiment_background(x, 0.11972634) == 0.38528897);
    cr_assert(nd_experiment_background(x, 30.017104) == 69.457093);
}

Test(experiment, xenon1t_resolution_and_efficiency)
{
    read_experiment("xenon1t");
    /* 0.310 sqrt(E) + 0.0037 E by hand */
    ASSERT_CLOSE(nd_experiment_resolution(x, 1.0), 0.3137, ROUNDING, "sigma at 1 keV");
    ASSERT_CLOSE(nd_experiment_resolution(x, 4.0), 0.6348, ROUNDING, "sigma at 4 keV");
    ASSERT_CLOSE(nd_experiment_resolution(x, 25.0), 1.6425, ROUNDING, "sigma at 25 keV");
    /* the paper, Fig. 2: rises through 1/2 between 1 and 2 keV to 0.88 +- 0.02 above 4 keV */
    cr_assert(nd_experiment_efficiency(x, 1.051051) == 0.1466247);
    cr_assert(nd_experiment_efficiency(x, 1.5) < 0.5 && nd_experiment_efficiency(x, 1.7) > 0.5);
    for (double E = 4.0; E <= 39.9; E += 0.01)
        ASSERT_NEAR(nd_experiment_efficiency(x, E), 0.88, 0.02, "efficiency at %g keV", E);
    cr_assert(nd_experiment_efficiency(x, 0.0) == 0.0 && nd_experiment_efficiency(x, 39.95) == 0.0);
}

/* ---- a user's folder ---- */

static void assert_own(void)
{
    const double low[] = {1.0, 2.0, 4.0}, high[] = {2.0, 4.0, 5.0};
    const double counts[] = {3.0, 0.0, 7.0}, background[] = {2.5, 1.5, 6.0};
    cr_assert(x->n_bins == 3 && x->n_efficiency == 3, "%d bins", x->n_bins);
    for (int j = 0; j < 3; j++) {
        ASSERT_CLOSE(x->low[j], low[j], ROUNDING, "bin %d", j);
        ASSERT_CLOSE(x->high[j], high[j], ROUNDING, "bin %d", j);
        cr_assert(x->counts[j] == counts[j] && x->background[j] == background[j], "bin %d", j);
    }
    ASSERT_CLOSE(nd_experiment_efficiency(x, 1.0), 0.21, ROUNDING, "between 0.01 and 0.81");
    ASSERT_CLOSE(nd_experiment_efficiency(x, 4.0), 0.768, ROUNDING, "between 0.81 and 0.6");
    ASSERT_CLOSE(nd_experiment_efficiency(x, 2.5), 0.81, ROUNDING, "at a node");
    ASSERT_CLOSE(nd_experiment_efficiency(x, 10.0), 0.6, ROUNDING, "at the last node");
    cr_assert(nd_experiment_efficiency(x, 0.49) == 0.0 && nd_experiment_efficiency(x, -1.0) == 0.0);
    cr_assert(nd_experiment_efficiency(x, 10.01) == 0.0);
    ASSERT_CLOSE(nd_experiment_resolution(x, 4.0), 0.804, ROUNDING, "sigma at 4 keV");
}

Test(experiment, own_folder)
{
    read_experiment(top);
    assert_own();
    cr_assert_str_eq(x->name, strrchr(top, '/') + 1);
    cr_assert_str_eq(x->title, "My xenon");
    cr_assert(x->secondary == 1 && x->exposure == 2.5);
    cr_assert(x->efficiency_error == 0.05 && x->background_error == 0.1);
    cr_assert(x->tritium == NULL && x->n_curve == 0);
    /* without a curve: counts of the bin over 2.5 t yr and its width */
    ASSERT_CLOSE(nd_experiment_background(x, 1.5), 1.0, ROUNDING, "first bin");
    ASSERT_CLOSE(nd_experiment_background(x, 3.9), 0.3, ROUNDING, "second bin");
    ASSERT_CLOSE(nd_experiment_background(x, 5.0), 2.4, ROUNDING, "last bin");
    cr_assert(isnan(nd_experiment_background(x, 0.99)) && isnan(nd_experiment_background(x, 5.01)));
}

/* The name stands in columns that blanks and commas separate. */
Test(experiment, name_of_a_folder)
{
    char name[sizeof top + 16];
    snprintf(name, sizeof name, "%s//", top);
    read_experiment(name);
    cr_assert_str_eq(x->name, strrchr(top, '/') + 1);
    snprintf(name, sizeof name, "%s/a b,c", top);
    cr_assert(symlink(top, name) == 0);
    read_experiment(name);
    cr_assert_str_eq(x->name, "a_b_c");
    assert_own();
}

/* Files are found beside experiment.ini, wherever the program runs and however it is named. */
Test(experiment, own_folder_by_a_relative_name)
{
    char name[sizeof top + 16];
    cr_assert(chdir(top) == 0);
    read_experiment("./");
    assert_own();
    snprintf(name, sizeof name, "../%s", strrchr(top, '/') + 1);
    read_experiment(name);
    assert_own();
    cr_assert_str_eq(x->name, strrchr(top, '/') + 1);
}

Test(experiment, optional_keys)
{
    char more[512];
    snprintf(more, sizeof more, "tritium_column = h3\n%s", CURVE_KEYS);
    write_ini_with(more);
    read_experiment(top);
    assert_own();
    cr_assert(x->tritium != NULL && x->tritium[0] == 0.1 && x->tritium[1] == 0.2 &&
              x->tritium[2] == 0.0);
    cr_assert(x->n_curve == 3);
    ASSERT_CLOSE(nd_experiment_background(x, 2.5), 1.5, ROUNDING, "curve at 2.5 keV");
    ASSERT_CLOSE(nd_experiment_background(x, 4.5), 1.25, ROUNDING, "curve at 4.5 keV");
    write_ini("status = secondary\n", "");
    read_experiment(top);
    cr_assert(x->secondary == 0, "without a status it is primary");
}

Test(experiment, energies_in_ev_and_mev)
{
    char binned[256], efficiency[256];
    static const struct {
        const char *unit;
        double kev;
    } units[] = {{"ev", 1e-3}, {"kev", 1.0}, {"mev", 1e3}};
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            const double u = units[a].kev, v = units[b].kev;
            snprintf(binned, sizeof binned,
                     "e_lo_%s,e_hi_%s,n,b\n%.12g,%.12g,3,2.5\n%.12g,%.12g,0,1.5\n%.12g,%.12g,7,6\n",
                     units[a].unit, units[b].unit, 1 / u, 2 / v, 2 / u, 4 / v, 4 / u, 5 / v);
            snprintf(efficiency, sizeof efficiency,
                     "energy_%s,eff\n%.12g,0.01\n%.12g,0.81\n%.12g,0.6\n", units[a].unit, 0.5 / u,
                     2.5 / u, 10 / u);
            write_file("binned.csv", binned);
            write_file("efficiency.csv", efficiency);
            read_experiment(top);
            assert_own();
        }
    write_ini_with(CURVE_KEYS);
    write_file("curve.csv", "energy_mev,rate\n0.001,0\n0.003,2\n0.005,1\n");
    read_experiment(top);
    ASSERT_CLOSE(nd_experiment_background(x, 2.5), 1.5, ROUNDING, "curve in MeV");
}

static void write_many_bins(int n)
{
    static char text[40 * (ND_BINS_MAX + 2)];
    int used = snprintf(text, sizeof text, "e_lo_kev,e_hi_kev,n,b\n");
    for (int j = 0; j < n; j++)
        used += snprintf(text + used, sizeof text - (size_t)used, "%.4f,%.4f,1,1\n", 1 + 0.01 * j,
                         1.01 + 0.01 * j);
    write_file("binned.csv", text);
}

Test(experiment, number_of_bins)
{
    write_many_bins(ND_BINS_MAX);
    read_experiment(top);
    cr_assert(x->n_bins == ND_BINS_MAX);
    write_many_bins(ND_BINS_MAX + 1);
    assert_refused("binned.csv", ND_BINS_MAX + 2, "513 bins: at most 512");
}

Test(experiment, nothing_to_free)
{
    nd_experiment_free(NULL);
}

/* ---- experiment.ini ---- */

Test(experiment, unknown_name)
{
    char expected[sizeof data + 256];
    snprintf(expected, sizeof expected,
             "%s/experiments/xenon10t/experiment.ini: cannot be read: No such file or directory: "
             "allowed are lz2022, lz2024, pandax4t, xenon1t, xenonnt, or a folder with an "
             "experiment.ini (./name)",
             data);
    ASSERT_ERROR(nd_experiment_create(&x, data, "xenon10t", &error), error, ND_IO_ERROR, "");
    cr_assert(x == NULL);
    cr_assert_str_eq(error.message, expected);
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_experiment_create(&x, data, "/tmp/no/such", &error), error, ND_IO_ERROR,
                 "/tmp/no/such/experiment.ini: cannot be read: No such file");
    error = (struct nd_error)ND_ERROR_INIT;
    char name[3000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    ASSERT_ERROR(nd_experiment_create(&x, data, name, &error), error, ND_IO_ERROR, "too long");
}

Test(experiment, missing_keys)
{
    static const struct {
        const char *key, *line, *rest;
    } cases[] = {
        {"title", "title = My xenon\n", "name for people: allowed is a text"},
        {"exposure_t_yr", "exposure_t_yr = 2.5\n", "exposure: allowed is 1e-06 to 1e+06 t yr"},
        {"resolution_sqrt", "resolution_sqrt = 0.4\n",
         "sigma(E) = resolution_sqrt sqrt(E) + resolution_linear E: allowed is 0.001 to 10 "
         "keV^(1/2)"},
        {"resolution_linear", "resolution_linear = 0.001\n",
         "see resolution_sqrt: allowed is 0 to 0.1"},
        {"efficiency_error", "efficiency_error = 0.05\n",
         "relative error of efficiency times exposure: allowed is 0 to 1"},
        {"background_error", "background_error = 0.1\n",
         "relative error of the background's normalisation: allowed is 0 to 1"},
        {"binned_file", "binned_file = binned.csv\n",
         "counts: columns e_lo_kev, e_hi_kev and those below: allowed is a file name"},
        {"counts_column", "counts_column = n\n", "observed counts: allowed is a text"},
        {"background_column", "background_column = b\n",
         "expected background counts: allowed is a text"},
        {"efficiency_file", "efficiency_file = efficiency.csv\n",
         "efficiency: column energy_kev and the next: allowed is a file name"},
        {"efficiency_column", "efficiency_column = eff\n", "efficiency: allowed is a text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char message[256];
        snprintf(message, sizeof message, "%s is missing: %s", cases[i].key, cases[i].rest);
        assert_bad_ini(cases[i].line, "", 0, message);
    }
}

Test(experiment, wrong_keys)
{
    assert_bad_ini("exposure_t_yr", "exposure", 5,
                   "exposure = 2.5: unknown key: did you mean 'exposure_t_yr'?");
    assert_bad_ini("counts_column = n", "count_column = n", 11,
                   "count_column = n: unknown key: did you mean 'counts_column'?");
    assert_bad_ini("[experiment]", "[experment]", 2,
                   "[experment]: unknown section: allowed is experiment");
    assert_bad_ini("status = secondary", "exposure_t_yr = 1", 5,
                   "exposure_t_yr = 2.5: given twice: allowed is each key once");
    assert_bad_ini("title = My xenon", "title", 3,
                   "neither 'key = value' nor '[section]' nor a comment (# or ;)");
}

Test(experiment, wrong_values)
{
    assert_bad_ini("status = secondary", "status = third", 4,
                   "status = third: unknown word: allowed is primary or secondary");
    assert_bad_ini("= 2.5", "= 0", 5,
                   "exposure_t_yr = 0: out of range: allowed is 1e-06 to 1e+06 t yr");
    assert_bad_ini("= 2.5", "= 2.5 t yr", 5,
                   "exposure_t_yr = 2.5 t yr: something follows the number: allowed is 1e-06 to "
                   "1e+06 t yr");
    assert_bad_ini("= 0.4", "= 0", 6,
                   "resolution_sqrt = 0: out of range: allowed is 0.001 to 10 keV^(1/2)");
    assert_bad_ini("= 0.001", "= 0.2", 7,
                   "resolution_linear = 0.2: out of range: allowed is 0 to 0.1");
    assert_bad_ini("= 0.05", "= -0.05", 8,
                   "efficiency_error = -0.05: out of range: allowed is 0 to 1");
    assert_bad_ini("= 0.1\n", "= 1.1\n", 9,
                   "background_error = 1.1: out of range: allowed is 0 to 1");
    assert_bad_ini("= binned.csv", "=", 10,
                   "binned_file = : the value is empty: allowed is a file name");
}

Test(experiment, curve_without_file_or_column)
{
    static const char *const one[] = {"background_curve_file = curve.csv\n",
                                      "background_curve_column = rate\n"};
    for (int i = 0; i < 2; i++) {
        write_ini_with(one[i]);
        assert_refused("experiment.ini", 0,
                       "background_curve_file and background_curve_column: one without the other: "
                       "allowed are both or none");
    }
}

Test(experiment, files_that_are_not_there)
{
    static const char *const names[] = {"binned.csv", "efficiency.csv", "curve.csv"};
    write_ini_with(CURVE_KEYS);
    for (int i = 0; i < 3; i++) {
        char path[sizeof top + 64], message[sizeof path + 64], text[256];
        snprintf(path, sizeof path, "%s/%s", top, names[i]);
        snprintf(message, sizeof message, "%s: cannot be read: No such file", path);
        snprintf(text, sizeof text, "%s", i == 0 ? BINNED : i == 1 ? EFFICIENCY : CURVE);
        cr_assert(unlink(path) == 0);
        error = (struct nd_error)ND_ERROR_INIT;
        ASSERT_ERROR(nd_experiment_create(&x, data, top, &error), error, ND_IO_ERROR, message);
        cr_assert(x == NULL);
        write_file(names[i], text);
    }
}

/* ---- tables ---- */

#define HEAD "e_lo_kev,e_hi_kev,n,b\n"

Test(experiment, wrong_bins)
{
    static const struct {
        const char *text;
        int line;
        const char *message;
    } cases[] = {
        {HEAD "1,2,3,4\n2,3,4\n", 3, "3 cells: expected are 4: e_lo_kev, e_hi_kev, n, b"},
        {HEAD "1,2,3,4\n1,3,3,4\n", 3,
         "e_lo_kev = 1: not above the one before it: allowed is more than 1"},
        {HEAD "1,3,3,4\n3,3,3,4\n", 3,
         "e_hi_kev = 3: not above the one before it: allowed is more than 3"},
        {HEAD "1,1,3,4\n", 2, "bin from 1 to 1 keV: the upper edge must be above the lower"},
        {HEAD "1,2,3,4\n5,3,3,4\n", 3,
         "bin from 5 to 3 keV: the upper edge must be above the lower"},
        {HEAD "1,2,3,4\n# odd\n2,3,3,4\n", 3,
         "a comment between rows: allowed are comments before the data"},
        {HEAD "1,2,3,4\n2.1,3,3,4\n", 3,
         "bin from 2.1 keV: must begin where the one before ends, at 2 keV"},
        {HEAD "1,2,3,4\n1.9,3,3,4\n", 3,
         "bin from 1.9 keV: must begin where the one before ends, at 2 keV"},
        {HEAD "1,2,-3,4\n", 2, "n = -3: out of range: allowed is a number from 0 to 1e+12"},
        {HEAD "1,2,3,-4\n", 2, "b = -4: out of range: allowed is a number from 0 to 1e+12"},
        {HEAD "1,2,3,nan\n", 2,
         "b = nan: not a finite number: allowed is a number from 0 to 1e+12"},
        {HEAD "-1,2,3,4\n", 2,
         "e_lo_kev = -1: out of range: allowed is a number from 0 to 1e+12 "
         "keV"},
        {HEAD "1,2,0,0\n2,3,5,0\n", 3,
         "5 counts and no background: a background above 0 is needed"},
        {"e_lo,e_hi_kev,n,b\n1,2,3,4\n", 1,
         "column 'e_lo': the unit is missing: allowed is e_lo_ev, e_lo_kev or e_lo_mev"},
        {"e_lo_kev,e_hi_gev,n,b\n1,2,3,4\n", 1,
         "column 'e_hi_gev': the unit is unknown: allowed is e_hi_ev, e_hi_kev or e_hi_mev"},
        {"e_lo_kev,e_hi_kev,b\n1,2,3\n", 1, "column 'n': missing: there are e_lo_kev, e_hi_kev, b"},
        {"e_lo_kev,e_hi_kev,n\n1,2,3\n", 1, "column 'b': missing: there are e_lo_kev, e_hi_kev, n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_bad_file("binned.csv", cases[i].text, cases[i].line, cases[i].message);
    write_file("binned.csv", HEAD "1,2,0,0\n2,3,5,1\n");
    read_experiment(top); /* neither counts nor background: a bin below threshold */
    write_file("binned.csv", HEAD "1,2,3,4\n");
    write_ini_with("tritium_column = h3\n");
    assert_refused("binned.csv", 1, "column 'h3': missing: there are e_lo_kev, e_hi_kev, n, b");
}

Test(experiment, wrong_efficiency)
{
    static const struct {
        const char *text;
        int line;
        const char *message;
    } cases[] = {
        {"energy_kev,eff\n0,0\n10,1.01\n", 3,
         "eff = 1.01: out of range: allowed is a number from 0 to 1"},
        {"energy_kev,eff\n0,-0.1\n10,1\n", 2,
         "eff = -0.1: out of range: allowed is a number from 0 to 1"},
        {"# c\nenergy_kev,eff\n0.5,0.011\n10,1\n", 3,
         "the efficiency begins with 0.011 at 0.5 keV: it must begin where it is below 0.01, since "
         "it counts as 0 below the table"},
        {"energy_kev,eff\n0,0\n4.9,1\n", 3,
         "the efficiency ends at 4.9 keV: it is needed up to 5 keV, where the bins end"},
        {"energy_kev,eff\n0,0\n6,1\n5,1\n", 4,
         "energy_kev = 5: not above the one before it: allowed is more than 6"},
        {"energy,eff\n0,0\n10,1\n", 1,
         "column 'energy': the unit is missing: allowed is energy_ev, energy_kev or energy_mev"},
        {"energy_kev,e\n0,0\n10,1\n", 1, "column 'eff': missing: there are energy_kev, e"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_bad_file("efficiency.csv", cases[i].text, cases[i].line, cases[i].message);
    write_file("efficiency.csv", "energy_kev,eff\n0,0\n5,1\n");
    read_experiment(top); /* up to the last edge is enough */
}

Test(experiment, wrong_curve)
{
    write_ini_with(CURVE_KEYS);
    assert_bad_file("curve.csv", "energy_kev,rate\n1,-1\n2,1\n", 2,
                    "rate = -1: out of range: allowed is a number from 0 to 1e+12");
    assert_bad_file("curve.csv", "energy,rate\n1,1\n2,1\n", 1,
                    "column 'energy': the unit is missing: allowed is energy_ev, energy_kev or "
                    "energy_mev");
    assert_bad_file("curve.csv", "energy_kev,b\n1,1\n2,1\n", 1,
                    "column 'rate': missing: there are energy_kev, b");
    assert_bad_file("curve.csv", "energy_kev,rate\n2,1\n2,1\n", 3,
                    "energy_kev = 2: not above the one before it: allowed is more than 2");
    assert_bad_file("curve.csv", "energy_kev,rate\n2,1\n", 2, "one row: at least two are needed");
}
