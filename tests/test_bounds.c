/* Bounds: what is excluded where, how a file's d is read, every way to be wrong, the files shipped.
 */
#include "nudipole/bounds.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nudipole/units.h"
#include "support.h"

static char folder[64], path[128]; /* a data folder, and its bounds/test.csv */
static char other[128];            /* bounds/other.txt or what a test makes of it */
static struct nd_error error;
static struct nd_bound *bound;

static void setup(void)
{
    char bounds[96];
    snprintf(folder, sizeof folder, "/tmp/nd_bounds_XXXXXX");
    cr_assert(mkdtemp(folder) != NULL, "no temporary folder");
    snprintf(bounds, sizeof bounds, "%s/bounds", folder);
    cr_assert(mkdir(bounds, 0700) == 0, "cannot make %s", bounds);
    snprintf(path, sizeof path, "%s/test.csv", bounds);
    snprintf(other, sizeof other, "%s/other.txt", bounds);
    error = (struct nd_error)ND_ERROR_INIT;
    bound = NULL;
}

static void teardown(void)
{
    char bounds[96];
    nd_bound_free(bound);
    unlink(path);
    unlink(other);
    snprintf(bounds, sizeof bounds, "%s/bounds", folder);
    rmdir(bounds);
    rmdir(folder);
}

TestSuite(bounds, .init = setup, .fini = teardown);

static void write_file(const char *name, const char *text)
{
    FILE *stream = fopen(name, "w");
    cr_assert(stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0, "cannot write %s",
              name);
}

/* A bound of bounds/test.csv. */
static void read_text(const char *text)
{
    write_file(path, text);
    nd_bound_free(bound);
    ASSERT_OK(nd_bound_create(&bound, folder, "test", &error), error);
}

/* Fails unless the file is refused with exactly "path:line: message". */
static void assert_bad(const char *text, int line, const char *message)
{
    char expected[1200];
    write_file(path, text);
    nd_bound_free(bound);
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_bound_create(&bound, folder, "test", &error), error, ND_BAD_INPUT, "");
    cr_assert(bound == NULL, "a bound beside the error '%s'", error.message);
    snprintf(expected, sizeof expected, "%s:%d: %s", path, line, message);
    cr_assert_str_eq(error.message, expected);
}

/* mu [MeV^-1] of a number of Bohr magnetons. */
static double muB(double number)
{
    return number * nd_bohr_magneton();
}

static const char CURVE[] = "# title: a curve\n# source: arXiv:0000.00000\n# convention: half\n"
                            "# flavours: mu\n# excluded: above\n# confidence: 90 %\n"
                            "m4_kev,d_muB\n100,1e-10\n1000,1e-10\n10000,1e-8\n";

/* ---- reading ---- */

Test(bounds, a_file)
{
    read_text(CURVE);
    cr_assert_str_eq(bound->name, "test");
    cr_assert_str_eq(bound->title, "a curve");
    cr_assert_str_eq(bound->source, "arXiv:0000.00000");
    cr_assert_str_eq(bound->confidence, "90 %");
    cr_assert(bound->excluded == ND_BOUND_ABOVE && bound->n == 3);
    ASSERT_CLOSE(bound->m4[0], 0.1, 4e-16, "first mass");
    ASSERT_CLOSE(bound->m4[2], 10.0, 4e-16, "last mass");
    ASSERT_CLOSE(bound->mu[2], 1e-8 * 0.296304, 2e-6, "last coupling");
    for (int i = 0; i < bound->n; i++) {
        ASSERT_CLOSE(bound->log_m4[i], log(bound->m4[i]), 4e-16, "log of mass %d", i);
        ASSERT_CLOSE(bound->log_mu[i], log(bound->mu[i]), 4e-16, "log of coupling %d", i);
    }
}

Test(bounds, a_path)
{
    char name[160];
    write_file(path, CURVE);
    ASSERT_OK(nd_bound_create(&bound, "/nd_no_such_folder", path, &error), error);
    cr_assert_str_eq(bound->name, "test");
    nd_bound_free(bound);
    bound = NULL;
    snprintf(other, sizeof other, "%s/bounds/my, own.csv", folder);
    write_file(other, CURVE);
    ASSERT_OK(nd_bound_create(&bound, folder, other, &error), error);
    cr_assert_str_eq(bound->name, "my__own");
    nd_bound_free(bound);
    snprintf(name, sizeof name, "%s/nothing.csv", folder);
    ASSERT_ERROR(nd_bound_create(&bound, folder, name, &error), error, ND_IO_ERROR,
                 "nothing.csv: cannot be read: No such file");
    cr_assert(bound == NULL);
}

Test(bounds, no_such_bound)
{
    char expected[200];
    snprintf(expected, sizeof expected, "%s/bounds/nothing.csv: cannot be read: No such file",
             folder);
    ASSERT_ERROR(nd_bound_create(&bound, folder, "nothing", &error), error, ND_IO_ERROR, expected);
    cr_assert(bound == NULL);
    nd_bound_free(NULL);
}

/* The same numbers in either convention and unit: twice the mu if L = d nubar sigma F N. */
Test(bounds, conventions_and_units)
{
    static const char *const conventions[] = {"half", "lagrangian"};
    static const char *const columns[] = {"d_muB", "d_invgev"};
    const double unit[] = {nd_bohr_magneton(), 1e-3};
    for (int c = 0; c < 2; c++)
        for (int u = 0; u < 2; u++) {
            char text[400];
            snprintf(text, sizeof text,
                     "# title: a\n# source: b\n# convention: %s\n# flavours: e\n"
                     "# excluded: above\n# confidence: none stated\nm4_mev,%s\n1,3e-9\n2,5e-9\n",
                     conventions[c], columns[u]);
            read_text(text);
            ASSERT_CLOSE(bound->mu[0], (c + 1) * 3e-9 * unit[u], 4e-16, "%s, %s", conventions[c],
                         columns[u]);
            ASSERT_CLOSE(bound->mu[1], (c + 1) * 5e-9 * unit[u], 4e-16, "%s, %s", conventions[c],
                         columns[u]);
        }
}

Test(bounds, flavours)
{
    static const struct {
        const char *words;
        unsigned mask;
    } cases[] = {{"e", 1},     {"mu", 2},           {"tau", 4},    {"e mu tau", 7},
                 {"tau e", 5}, {" mu \t  tau ", 6}, {"tau tau", 4}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "# title: a\n# source: b\n# flavours: %s\n# excluded: left\n"
                 "# confidence: none stated\nm4_kev\n250\n",
                 cases[i].words);
        read_text(text);
        for (int f = ND_FLAVOUR_E; f <= ND_FLAVOUR_TAU; f++)
            cr_assert_eq(nd_bound_applies(bound, (enum nd_flavour)f),
                         (int)(cases[i].mask >> f & 1U), "'%s', flavour %d", cases[i].words, f);
    }
}

/* ---- what is excluded ---- */

Test(bounds, above)
{
    read_text(CURVE);
    cr_assert_eq(nd_bound_excludes(bound, 0.3, muB(1.001e-10)), 1);
    cr_assert_eq(nd_bound_excludes(bound, 0.3, muB(0.999e-10)), 0);
    cr_assert_eq(nd_bound_excludes(bound, 0.3, muB(1.0)), 1);
    /* 1e-9 half way in the logarithm; linear interpolation gives 2.5e-9 */
    cr_assert_eq(nd_bound_excludes(bound, sqrt(10.0), muB(1.001e-9)), 1);
    cr_assert_eq(nd_bound_excludes(bound, sqrt(10.0), muB(0.999e-9)), 0);
    cr_assert_eq(nd_bound_excludes(bound, bound->m4[0], muB(2e-10)), 1);
    cr_assert_eq(nd_bound_excludes(bound, bound->m4[0], bound->mu[0]), 0, "on the curve");
    cr_assert_eq(nd_bound_excludes(bound, bound->m4[2], muB(1.001e-8)), 1);
    cr_assert_eq(nd_bound_excludes(bound, bound->m4[2], muB(0.999e-8)), 0);
    cr_assert_eq(nd_bound_excludes(bound, 0.09999, muB(1.0)), -1);
    cr_assert_eq(nd_bound_excludes(bound, 10.001, muB(1.0)), -1);
    cr_assert_eq(nd_bound_excludes(bound, 0.3, 0.0), 0);
    cr_assert_eq(nd_bound_excludes(bound, 0.3, NAN), 0);
    cr_assert_eq(nd_bound_excludes(bound, 0.0, muB(1.0)), -1);
    cr_assert_eq(nd_bound_excludes(bound, NAN, muB(1.0)), -1);
}

Test(bounds, left)
{
    read_text("# title: a\n# source: b\n# flavours: e\n# excluded: left\n"
              "# confidence: none stated\nm4_kev\n250\n");
    cr_assert(bound->excluded == ND_BOUND_LEFT && bound->n == 1 && bound->mu == NULL &&
              bound->log_mu == NULL);
    cr_assert_eq(nd_bound_excludes(bound, 0.2499, 1e-30), 1);
    cr_assert_eq(nd_bound_excludes(bound, 0.2501, 1.0), 0);
    cr_assert_eq(nd_bound_excludes(bound, 0.25, 1.0), 0);
    cr_assert_eq(nd_bound_excludes(bound, 1e-9, 0.0), 1);
}

/* A V in logarithms: from (1, 1e-10) to (10, 1e-12) to (100, 1e-10). */
Test(bounds, inside)
{
    read_text("# title: a\n# source: b\n# convention: half\n# flavours: e\n# excluded: inside\n"
              "# confidence: none stated\nm4_mev,d_muB\n1,1e-10\n10,1e-12\n100,1e-10\n");
    cr_assert_eq(nd_bound_excludes(bound, 10.0, muB(1.1e-12)), 1);
    cr_assert_eq(nd_bound_excludes(bound, 10.0, muB(0.9e-12)), 0);
    cr_assert_eq(nd_bound_excludes(bound, 10.0, muB(0.99e-10)), 1);
    cr_assert_eq(nd_bound_excludes(bound, 10.0, muB(1.01e-10)), 0);
    /* the slope at 10^0.5 is at 1e-11 in logarithms, at 0.76e-10 in plain numbers */
    cr_assert_eq(nd_bound_excludes(bound, sqrt(10.0), muB(1.01e-11)), 1);
    cr_assert_eq(nd_bound_excludes(bound, sqrt(10.0), muB(0.99e-11)), 0);
    cr_assert_eq(nd_bound_excludes(bound, 0.99, muB(1e-11)), -1);
    cr_assert_eq(nd_bound_excludes(bound, 101.0, muB(1e-11)), -1);
    cr_assert_eq(nd_bound_excludes(bound, 10.0, 0.0), 0);
    cr_assert_eq(nd_bound_excludes(bound, bound->m4[1], bound->mu[1]), 1, "on the outline");
}

/* ---- bad files ---- */

#define TEXT   "# title: a\n# source: b\n# confidence: c\n" /* lines 1 to 3 */
#define FIRST  TEXT "# flavours: e\n"
#define UP     FIRST "# excluded: above\n# convention: half\n"  /* to line 6 */
#define CLOSED FIRST "# excluded: inside\n# convention: half\n" /* to line 6 */
#define ROWS   "m4_mev,d_muB\n1,1e-9\n2,1e-9\n"

Test(bounds, missing_comment_lines)
{
    assert_bad("# source: b\n# confidence: c\n" ROWS, 3,
               "the comment line '# title:' is missing: needed is one with a name for people");
    assert_bad("# title: a\n# confidence: c\n" ROWS, 3,
               "the comment line '# source:' is missing: needed is one with the paper it is from");
    assert_bad("# title: a\n# source: b\n" ROWS, 3,
               "the comment line '# confidence:' is missing: needed is one with '90 %' or 'none "
               "stated'");
    assert_bad(TEXT ROWS, 4,
               "the comment line '# flavours:' is missing: needed is one with e, mu, tau or "
               "several of them, separated by blanks");
    assert_bad(FIRST ROWS, 5,
               "the comment line '# excluded:' is missing: needed is one with above, left or "
               "inside");
    assert_bad(FIRST "# excluded: above\n" ROWS, 6,
               "the comment line '# convention:' is missing: needed is one with half (mu = d) or "
               "lagrangian (mu = 2 d)");
}

Test(bounds, comment_lines_not_understood)
{
    assert_bad(FIRST "# excluded: below\n" ROWS, 5,
               "excluded: below: unknown: allowed is above, left or inside");
    assert_bad(FIRST "# excluded: above\n# convention: Magill\n" ROWS, 6,
               "convention: Magill: unknown: allowed is half (mu = d) or lagrangian (mu = 2 d)");
    assert_bad(FIRST "# excluded: above\n# convention: hal\n" ROWS, 6,
               "convention: hal: unknown: allowed is half (mu = d) or lagrangian (mu = 2 d)");
    assert_bad(TEXT "# flavours: e, mu\n" ROWS, 4,
               "flavours: e,: unknown: allowed is e, mu, tau or several of them, separated by "
               "blanks");
    assert_bad(TEXT "# flavours: tau all\n" ROWS, 4,
               "flavours: all: unknown: allowed is e, mu, tau or several of them, separated by "
               "blanks");
    assert_bad(TEXT "# flavours:  \n" ROWS, 4,
               "the comment line '# flavours:' is empty: needed is one with e, mu, tau or several "
               "of them, separated by blanks");
    assert_bad(UP "# convention: lagrangian\n" ROWS, 7,
               "the comment line '# convention:' is given twice: needed is one with half (mu = d) "
               "or lagrangian (mu = 2 d)");
    assert_bad("# title: a\n# title: b\n" ROWS, 2,
               "the comment line '# title:' is given twice: needed is one with a name for people");
}

Test(bounds, overlong_text)
{
    char text[900], longest[ND_TEXT_MAX + 1], message[200];
    memset(longest, 'x', sizeof longest);
    longest[ND_TEXT_MAX] = '\0';
    snprintf(text, sizeof text, "# title: %s\n" ROWS, longest);
    snprintf(message, sizeof message, "title: %.40s...: too long: allowed are 255 characters",
             longest);
    assert_bad(text, 1, message);
    error = (struct nd_error)ND_ERROR_INIT;
    snprintf(text, sizeof text,
             "# title: %s\n# source: b\n# confidence: c\n# flavours: e\n# excluded: above\n"
             "# convention: half\n" ROWS,
             longest + 1);
    read_text(text);
    cr_assert_str_eq(bound->title, longest + 1);
}

Test(bounds, bad_couplings)
{
    assert_bad(UP "m4_mev,x\n1,1\n2,1\n", 7,
               "columns d_muB and d_invgev: both are missing: needed is one of them");
    assert_bad(UP "m4_mev,d_muB,d_invgev\n1,1,1\n2,1,1\n", 7,
               "columns d_muB and d_invgev: both are there: needed is one of them");
    assert_bad(UP "m4_mev,d_muB\n1,1e-9\n2,-1e-9\n", 9,
               "d_muB is not above 0: allowed is more than 0");
    assert_bad(UP "m4_mev,d_invgev\n1,0\n2,1e-9\n", 8,
               "d_invgev is not above 0: allowed is more than 0");
    assert_bad(CLOSED "m4_mev,d_muB\n1,1\n2,1\n1,0.0\n", 10,
               "d_muB is not above 0: allowed is more than 0");
    assert_bad(UP "m4_mev,d_muB\n1,1e-9\n2,none\n", 9,
               "d_muB = none: not a number: allowed is a finite decimal number");
}

Test(bounds, bad_masses)
{
    assert_bad(UP "m4_kev,d_muB\n1,1\n3,1\n3,1\n", 10,
               "m4_kev = 3: not above the one before it: allowed is more than 3");
    assert_bad(UP "m4_kev,d_muB\n3,1\n1,1\n", 9,
               "m4_kev = 1: not above the one before it: allowed is more than 3");
    assert_bad(UP "m4_mev,d_muB\n0,1\n1,1\n", 8, "the mass is not above 0: allowed is more than 0");
    assert_bad(CLOSED "m4_mev,d_muB\n3,1\n1,1\n0,1\n", 10,
               "the mass is not above 0: allowed is more than 0");
    assert_bad(UP "m4,d_muB\n1,1\n2,1\n", 7,
               "column 'm4': the unit is missing: allowed is m4_ev, m4_kev or m4_mev");
}

Test(bounds, number_of_points)
{
    assert_bad(UP "m4_mev,d_muB\n1,1\n", 8, "1 row: 'excluded: above' needs at least 2");
    assert_bad(CLOSED "m4_mev,d_muB\n1,1\n2,1\n", 9, "2 rows: 'excluded: inside' needs at least 3");
    assert_bad(FIRST "# excluded: left\nm4_kev\n250\n260\n", 8,
               "2 rows: 'excluded: left' needs exactly 1");
}

/* ---- all of a folder ---- */

Test(bounds, names)
{
    static struct nd_text_list names;
    ASSERT_OK(nd_bound_names(&names, folder, &error), error);
    cr_assert_eq(names.n, 0);
    write_file(path, CURVE);
    write_file(other, "no bound\n");
    ASSERT_OK(nd_bound_names(&names, folder, &error), error);
    cr_assert_eq(names.n, 1, "%d names", names.n);
    cr_assert_str_eq(names.values[0], "test");
    ASSERT_ERROR(nd_bound_names(&names, "/nd_no_such_folder", &error), error, ND_IO_ERROR,
                 "/nd_no_such_folder/bounds: cannot be read: No such file");
    cr_assert_eq(names.n, 0);
}

Test(bounds, names_are_sorted_and_few)
{
    static struct nd_text_list names;
    char name[128];
    for (int i = 0; i <= ND_LIST_MAX; i++) {
        snprintf(name, sizeof name, "%s/bounds/%c%02d.csv", folder, i % 2 == 0 ? 'b' : 'a', i);
        write_file(name, "");
    }
    snprintf(other, sizeof other, "%s/bounds/.hidden.csv", folder);
    write_file(other, "");
    ASSERT_ERROR(nd_bound_names(&names, folder, &error), error, ND_BAD_INPUT,
                 "bounds: 65 bounds: at most 64");
    cr_assert_eq(names.n, 0);
    unlink(name);
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_OK(nd_bound_names(&names, folder, &error), error);
    cr_assert_eq(names.n, ND_LIST_MAX);
    cr_assert_str_eq(names.values[0], "a01");
    for (int i = 1; i < names.n; i++)
        cr_assert(strcmp(names.values[i - 1], names.values[i]) < 0, "%s before %s",
                  names.values[i - 1], names.values[i]);
    for (int i = 0; i < ND_LIST_MAX; i++) {
        snprintf(name, sizeof name, "%s/bounds/%s.csv", folder, names.values[i]);
        unlink(name);
    }
}

/* ---- the files shipped ---- */

static const char *data(void)
{
    static char name[1024];
    const char *root = getenv("ND_TEST_ROOT");
    snprintf(name, sizeof name, "%s/params/data", root != NULL ? root : ".");
    return name;
}

static void read_shipped(const char *name)
{
    nd_bound_free(bound);
    ASSERT_OK(nd_bound_create(&bound, data(), name, &error), error);
}

enum { E = 1, MU = 2, TAU = 4, ALL = 7 };

static const struct {
    const char *name;
    unsigned flavours;
    enum nd_bound_side excluded;
    double lowest, highest; /* masses [MeV] */
} SHIPPED[] = {
    {"bbn_high_reheating", MU, ND_BOUND_INSIDE, 1e-4, 248.07},
    {"borexino", ALL, ND_BOUND_ABOVE, 1e-6, 0.23},
    {"borexino_brdar", MU, ND_BOUND_ABOVE, 0.01, 3.35076},
    {"charm2", MU, ND_BOUND_ABOVE, 1e-6, 140.25},
    {"donut", TAU, ND_BOUND_ABOVE, 0.1, 295.121},
    {"lep", ALL, ND_BOUND_ABOVE, 1.002, 90015.0},
    {"sn1987a", ALL, ND_BOUND_INSIDE, 0.01, 312.0},
    {"sn1987a_naive", ALL, ND_BOUND_INSIDE, 0.01, 312.0},
    {"stellar", ALL, ND_BOUND_LEFT, 0.25, 0.25},
    {"stellar_brdar", ALL, ND_BOUND_ABOVE, 0.018, 0.173},
    {"xenon1t_nr", MU | TAU, ND_BOUND_ABOVE, 0.01, 10.9834},
};
enum { N_SHIPPED = sizeof SHIPPED / sizeof SHIPPED[0] };

Test(bounds, shipped)
{
    static struct nd_text_list names;
    ASSERT_OK(nd_bound_names(&names, data(), &error), error);
    cr_assert_eq(names.n, N_SHIPPED, "%d bounds, %d are tested", names.n, (int)N_SHIPPED);
    for (int i = 0; i < names.n; i++) {
        double low = HUGE_VAL, high = 0.0;
        cr_assert_str_eq(names.values[i], SHIPPED[i].name);
        read_shipped(names.values[i]);
        cr_assert_str_eq(bound->name, SHIPPED[i].name);
        cr_assert(strstr(bound->source, "arXiv:") != NULL, "%s: source '%s'", bound->name,
                  bound->source);
        cr_assert(*bound->title != '\0' && *bound->confidence != '\0');
        cr_assert_eq(bound->flavours, SHIPPED[i].flavours, "%s: flavours", bound->name);
        cr_assert_eq(bound->excluded, SHIPPED[i].excluded, "%s: what is excluded", bound->name);
        for (int k = 0; k < bound->n; k++) {
            low = fmin(low, bound->m4[k]);
            high = fmax(high, bound->m4[k]);
        }
        ASSERT_CLOSE(low, SHIPPED[i].lowest, 1e-12, "%s: lowest mass", SHIPPED[i].name);
        ASSERT_CLOSE(high, SHIPPED[i].highest, 1e-12, "%s: highest mass", SHIPPED[i].name);
    }
}

/* Fails unless the edge of what is excluded at a mass [MeV] is where it should be, within a
 * relative tolerance; above it points are excluded, below it not, or, for an upper edge of an
 * outline, the other way round. */
static void assert_edge(double m4, int is_upper, double d_muB, double tolerance)
{
    const int below = nd_bound_excludes(bound, m4, muB(d_muB * (1.0 - tolerance)));
    const int above = nd_bound_excludes(bound, m4, muB(d_muB * (1.0 + tolerance)));
    cr_assert(below == is_upper && above == !is_upper,
              "%s at %g MeV: excluded %d below and %d above %g mu_B", bound->name, m4, below, above,
              d_muB);
}

/* Edges that the papers print or draw, in Bohr magnetons of mu. */
Test(bounds, shipped_edges)
{
    static const struct {
        const char *name;
        double m4; /* MeV */
        int is_upper;
        double d_muB, tolerance; /* the tolerance covers the digits printed */
    } cases[] = {
        {"donut", 0.1, 0, 3.9e-7, 0.001},
        {"donut", 5.0, 0, 3.9e-7, 0.001},
        {"charm2", 0.26, 0, 2.9e-9, 0.01},
        {"charm2", 10.0, 0, 2.9e-9, 0.01},
        {"lep", 3.0, 0, 1.4e-7, 0.01},
        {"lep", 1000.0, 0, 1.4e-7, 0.02},
        {"borexino", 0.1, 0, 2.8e-11, 1e-9},
        {"borexino_brdar", 0.2, 0, 6.9e-11, 0.001},
        {"borexino_brdar", 0.96, 0, 1.6e-9, 0.001},
        {"borexino_brdar", 1.9, 0, 2.3e-9, 0.06}, /* read from the figure and not in the file */
        {"borexino_brdar", 3.1, 0, 1.6e-8, 0.3},  /* idem, on the wall */
        {"xenon1t_nr", 0.6, 0, 1.1e-8, 0.03},
        {"xenon1t_nr", 2.5, 0, 1.18e-8, 0.02}, /* read from the figure and not in the file */
        {"xenon1t_nr", 4.8, 0, 1.46e-8, 0.02}, /* idem */
        {"xenon1t_nr", 6.9, 0, 2.09e-8, 0.03}, /* idem */
        {"stellar_brdar", 0.035, 0, 2.1e-10, 1e-9},
        {"bbn_high_reheating", 0.26, 1, 2.9e-12, 0.02}, /* excluded below ... */
        {"bbn_high_reheating", 0.26, 0, 4.0e-11, 0.02}, /* ... and above a wedge */
        {"bbn_high_reheating", 0.443, 0, 3.8e-11, 0.02},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        read_shipped(cases[i].name);
        assert_edge(cases[i].m4, cases[i].is_upper, cases[i].d_muB, cases[i].tolerance);
    }
}

/* Magill et al. 1803.03262 Fig. 1 in GeV^-1 of their d, mu = 2 d; and d taken as mu. */
Test(bounds, shipped_supernova)
{
    static const struct {
        double m4, lower, upper; /* MeV, GeV^-1 */
    } figure[] = {{0.02, 8.38e-11, 6.14e-8},
                  {1.0, 8.38e-11, 6.14e-8},
                  {10.0, 9.05e-11, 6.49e-8},
                  {100.0, 6.6e-11, 8.9e-9},
                  {200.0, 3.3e-11, 2.3e-9}};
    static const char *const names[] = {"sn1987a_naive", "sn1987a"};
    const double muB_per_invgev = 1e-3 / nd_bohr_magneton(), tolerance = 1e-6;
    for (int factor = 1; factor <= 2; factor++) {
        read_shipped(names[factor - 1]);
        for (size_t i = 0; i < sizeof figure / sizeof figure[0]; i++) {
            assert_edge(figure[i].m4, 0, factor * figure[i].lower * muB_per_invgev, tolerance);
            assert_edge(figure[i].m4, 1, factor * figure[i].upper * muB_per_invgev, tolerance);
        }
        cr_assert_eq(nd_bound_excludes(bound, 0.009, muB(1e-10)), -1);
        cr_assert_eq(nd_bound_excludes(bound, 320.0, muB(1e-11)), -1);
    }
    assert_edge(1.0, 1, 4.1e-10, 0.02);
    assert_edge(1.0, 0, 5.7e-13, 0.01);
    read_shipped("sn1987a_naive");
    assert_edge(1.0, 1, 2.1e-10, 0.02);
    /* the other way to know the convention: arXiv:2007.15563 redraws the region at twice the d */
    read_shipped("sn1987a");
    assert_edge(10.0, 1, 4.4e-10, 0.02);
    assert_edge(10.0, 0, 6.1e-13, 0.02);
}

/* Whether the CNO solution survives hangs on the factor 2. */
Test(bounds, shipped_benchmarks)
{
    static const struct {
        const char *name;
        double m4, d_muB;
        int excluded;
    } cases[] = {
        {"sn1987a", 0.26, 3e-10, 1},
        {"sn1987a_naive", 0.26, 3e-10, 0},
        {"sn1987a", 0.26, 1e-10, 1},
        {"sn1987a_naive", 0.26, 1e-10, 1},
        {"sn1987a", 0.64, 2.2e-9, 0},
        {"sn1987a_naive", 0.64, 2.2e-9, 0},
        {"stellar", 0.26, 3e-10, 0},
        {"stellar", 0.1, 3e-11, 1},
        {"stellar_brdar", 0.1, 3e-11, 0},
        {"stellar_brdar", 0.26, 3e-10, -1},
        {"borexino", 0.1, 3e-11, 1},
        {"borexino", 0.26, 3e-10, -1},
        {"borexino_brdar", 0.1, 3e-11, 0},
        {"borexino_brdar", 0.64, 2.2e-9, 1},
        {"xenon1t_nr", 0.64, 2.2e-9, 0},
        {"xenon1t_nr", 0.64, 2e-8, 1},
        {"lep", 0.64, 2.2e-9, -1},
        {"donut", 0.64, 2.2e-9, 0},
        {"charm2", 0.64, 2.2e-9, 0},
        {"charm2", 0.64, 3.2e-9, 1},
        {"bbn_high_reheating", 0.64, 2.2e-9, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        read_shipped(cases[i].name);
        const int excluded = nd_bound_excludes(bound, cases[i].m4, muB(cases[i].d_muB));
        cr_assert_eq(excluded, cases[i].excluded, "%s: %d at %g MeV and %g mu_B", bound->name,
                     excluded, cases[i].m4, cases[i].d_muB);
    }
}

/* A second reading of a bound is drawn when named, not with all the others. */
Test(bounds, which_are_drawn_by_default)
{
    static const struct {
        const char *name;
        int by_default;
    } cases[] = {{"sn1987a", 1}, {"sn1987a_naive", 0}, {"borexino", 0}, {"donut", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        read_shipped(cases[i].name);
        cr_assert(bound->by_default == cases[i].by_default, "%s", cases[i].name);
    }
}
