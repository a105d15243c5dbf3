/* Parameters: every error with its whole message, precedence, text to values and back, and the
 * physics objects made of them. */
#include "nudipole/params.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nudipole/units.h"
#include "params_internal.h"
#include "support.h"

static char directory[] = "/tmp/nd_params_XXXXXX";
static char path[64];
static struct nd_params params;
static struct nd_error error;

static void setup(void)
{
    cr_assert(mkdtemp(directory) != NULL, "no temporary folder");
    snprintf(path, sizeof path, "%s/p.ini", directory);
    nd_params_init(&params);
}

static void teardown(void)
{
    unlink(path);
    rmdir(directory);
}

TestSuite(params, .init = setup, .fini = teardown);

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "cannot write %s", path);
}

/* A fresh start: defaults, then a file with this text. */
static enum nd_status read_text(const char *text)
{
    error = (struct nd_error)ND_ERROR_INIT;
    write_file(text);
    nd_params_init(&params);
    return nd_params_read(&params, path, &error);
}

/* Fails unless the file is refused with "path" + message, the message whole. */
static void assert_refused(const char *text, const char *message)
{
    char expected[1024];
    const enum nd_status status = read_text(text);
    snprintf(expected, sizeof expected, "%s%s", path, message);
    cr_assert(status == ND_BAD_INPUT, "'%s' gives status %d: %s", text, (int)status, error.message);
    cr_assert(strcmp(error.message, expected) == 0, "'%s' gives\n  '%s' instead of\n  '%s'", text,
              error.message, expected);
}

/* Numbers bit by bit, texts up to their end. */
static void assert_same_values(const struct nd_params *a, const struct nd_params *b)
{
    for (int i = 0; i < nd_params_table.n; i++) {
        const struct nd_option *o = &nd_params_table.options[i];
        const int list = nd_option_is_list(o), number = o->type % ND_LIST == ND_DOUBLE;
        const int text = o->type % ND_LIST >= ND_TEXT, n = nd_option_count(o, a);
        const size_t first = !list    ? 0
                             : number ? offsetof(struct nd_double_list, values)
                             : text   ? offsetof(struct nd_text_list, values)
                                      : offsetof(struct nd_choice_list, values);
        const size_t size = number ? sizeof(double) : text ? ND_TEXT_MAX : sizeof(int);
        cr_assert(nd_option_count(o, b) == n, "%s: %d items became %d", o->key, n,
                  nd_option_count(o, b));
        for (int j = 0; j < n; j++) {
            const char *x = (const char *)a + o->offset + first + (size_t)j * size;
            const char *y = (const char *)b + o->offset + first + (size_t)j * size;
            cr_assert(text ? strcmp(x, y) == 0 : memcmp(x, y, size) == 0, "%s, item %d: changed",
                      o->key, j);
        }
    }
}

/* ---- what is refused in a file --------------------------------------------------------- */

#define M4_ALLOWED    "allowed is 1 to 100000 keV"
#define T_RH_ALLOWED  "allowed is numbers separated by commas, each 0.011 to 100 MeV"
#define NO_ASSIGNMENT "neither 'key = value' nor '[section]' nor a comment (# or ;)"

Test(params, every_error_of_a_file_says_where_what_and_what_is_allowed)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        /* keys */
        {"[model]\nm4_kev = 600\n",
         ":2: m4_kev = 600: unknown key: did you mean 'm4_keV'? 'nudipole params' lists all"},
        {"m4_keV = 600\n# a comment\n\nm4_keV = 600\n",
         ":4: m4_keV = 600: given twice: allowed is each key once"},
        {"m4_keV = 600\n[model]\nm4_keV = 700\n",
         ":3: m4_keV = 700: given twice: allowed is each key once"},
        {"[rates]\nm4_keV = 600\n", ":2: m4_keV = 600: in section [rates]: belongs in [model]"},
        {"[modl]\nm4_keV = 600\n",
         ":1: [modl]: unknown section: allowed are model, universe, bbn, rates, solver, "
         "precision, "
         "verdict, sweep, grid, curves, solar, detector, fit, map and plot"},
        {"[curves]\nm4_points = 2\n", ":2: m4_points = 2: in section [curves]: belongs in [grid]"},
        /* numbers */
        {"m4_keV =\n", ":1: m4_keV = : the value is empty: " M4_ALLOWED},
        {"m4_keV = \t \n", ":1: m4_keV = : the value is empty: " M4_ALLOWED},
        {"m4_keV = heavy\n", ":1: m4_keV = heavy: not a number: " M4_ALLOWED},
        {"m4_keV = 600x\n", ":1: m4_keV = 600x: something follows the number: " M4_ALLOWED},
        {"m4_keV = 600 keV\n", ":1: m4_keV = 600 keV: something follows the number: " M4_ALLOWED},
        {"m4_keV = 6,5\n", ":1: m4_keV = 6,5: something follows the number: " M4_ALLOWED},
        {"m4_keV = nan\n", ":1: m4_keV = nan: not a finite number: " M4_ALLOWED},
        {"m4_keV = inf\n", ":1: m4_keV = inf: not a finite number: " M4_ALLOWED},
        {"m4_keV = -inf\n", ":1: m4_keV = -inf: not a finite number: " M4_ALLOWED},
        {"m4_keV = 1e999\n", ":1: m4_keV = 1e999: not a finite number: " M4_ALLOWED},
        {"m4_keV = -600\n", ":1: m4_keV = -600: out of range: " M4_ALLOWED},
        {"m4_keV = 0\n", ":1: m4_keV = 0: out of range: " M4_ALLOWED},
        {"m4_keV = 1e6\n", ":1: m4_keV = 1e6: out of range: " M4_ALLOWED},
        {"\n\nd_muB = 1e-400\n",
         ":3: d_muB = 1e-400: out of range: allowed is 1e-20 to 0.001 mu_B"},
        {"rate_tolerance = 1\n", ":1: rate_tolerance = 1: out of range: allowed is 1e-09 to 0.01"},
        {"T_points = 10.5\n",
         ":1: T_points = 10.5: not a whole number: allowed is a whole number from 2 to 100000"},
        {"T_points = 1\n",
         ":1: T_points = 1: out of range: allowed is a whole number from 2 to 100000"},
        {"T_points = nan\n",
         ":1: T_points = nan: not a finite number: allowed is a whole number from 2 to 100000"},
        {"T_points = 99999999999999999999\n",
         ":1: T_points = 99999999999999999999: out of range: allowed is a whole number from 2 to "
         "100000"},
        /* words */
        {"flavour = Tau\n", ":1: flavour = Tau: unknown word: allowed is e, mu or tau"},
        {"convention = whole\n",
         ":1: convention = whole: unknown word: allowed is half or lagrangian"},
        {"statistics = 1\n",
         ":1: statistics = 1: unknown word: allowed is maxwell-boltzmann or quantum"},
        {"treatments = paper, best\n", ":1: treatments = paper, best: unknown word: allowed is "
                                       "paper, screened, full, configured, separated by commas"},
        /* lists */
        {"T_RH_MeV =\n", ":1: T_RH_MeV = : the value is empty: " T_RH_ALLOWED},
        {"T_RH_MeV = 2,, 5\n", ":1: T_RH_MeV = 2,, 5: an item is empty: " T_RH_ALLOWED},
        {"T_RH_MeV = 2, 5,\n", ":1: T_RH_MeV = 2, 5,: an item is empty: " T_RH_ALLOWED},
        {"T_RH_MeV = , 2\n", ":1: T_RH_MeV = , 2: an item is empty: " T_RH_ALLOWED},
        {"T_RH_MeV = 2 5\n", ":1: T_RH_MeV = 2 5: something follows the number: " T_RH_ALLOWED},
        {"T_RH_MeV = 2, -5\n", ":1: T_RH_MeV = 2, -5: out of range: " T_RH_ALLOWED},
        {"T_RH_MeV = 2, nan\n", ":1: T_RH_MeV = 2, nan: not a finite number: " T_RH_ALLOWED},
        {"treatments = paper,\n", ":1: treatments = paper,: an item is empty: allowed is paper, "
                                  "screened, full, configured, separated by commas"},
        {"points = a.ini,,b.ini\n", ":1: points = a.ini,,b.ini: an item is empty: allowed is file "
                                    "names separated by commas, at most 64"},
        /* lines */
        {"[model]\nm4_keV 600\n", ":2: " NO_ASSIGNMENT},
        {"m4_keV = 600\n[universe\n", ":2: " NO_ASSIGNMENT},
        {"{\"m4_keV\": 600}\n",
         ":1: {\"m4_keV\" = 600}: unknown key: did you mean 'm4_keV'? 'nudipole params' lists all"},
        {"[model]\nm4_keV = 600\n  d_muB = 1e-9\n",
         ":3: m4_keV = d_muB = 1e-9: an indented line continues the key above: allowed is each key "
         "once, from the first column"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_refused(cases[i].text, cases[i].message);
}

Test(params, an_unknown_key_names_the_nearest_one)
{
    static const char *const pairs[][2] = {
        {"d_mub", "d_muB"},
        {"flavor", "flavour"},
        {"Convention", "convention"},
        {"T_rh_MeV", "T_RH_MeV"},
        {"statistic", "statistics"},
        {"solver_max_setps", "solver_max_steps"},
        {"T_RHmax_MeV", "T_RH_max_MeV"},
        {"treatements", "treatments"},
        {"m4_point", "m4_points"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char text[64], fragment[64];
        snprintf(text, sizeof text, "%s = 1\n", pairs[i][0]);
        snprintf(fragment, sizeof fragment, "did you mean '%s'?", pairs[i][1]);
        ASSERT_ERROR(read_text(text), error, ND_BAD_INPUT, fragment);
    }
    /* longer than the distance is computed for: still an answer, no overrun */
    char text[128];
    snprintf(text, sizeof text, "%0100d = 1\n", 7);
    ASSERT_ERROR(read_text(text), error, ND_BAD_INPUT, "unknown key: did you mean '");
}

Test(params, a_list_holds_64_items_and_no_more)
{
    char text[200] = "T_RH_MeV = 2", message[400];
    for (int i = 1; i < ND_LIST_MAX; i++)
        strcat(text, ",3");
    ASSERT_OK(read_text(text), error);
    cr_assert(params.T_RH_MeV.n == ND_LIST_MAX && params.T_RH_MeV.values[ND_LIST_MAX - 1] == 3.0,
              "%d items", params.T_RH_MeV.n);
    strcat(text, ",4");
    snprintf(message, sizeof message, ":1: %s: too many items: " T_RH_ALLOWED, text);
    assert_refused(text, message);
}

Test(params, a_name_in_a_list_may_have_255_letters)
{
    char text[400] = "points=", *name = text + strlen(text);
    memset(name, 'x', ND_TEXT_MAX - 1);
    ASSERT_OK(nd_params_set(&params, text, &error), error);
    cr_assert(strcmp(params.points.values[0], name) == 0, "the name changed");
    strcat(text, "x");
    ASSERT_ERROR(nd_params_set(&params, text, &error), error, ND_BAD_INPUT,
                 "a name is too long: allowed is file names separated by commas, at most 64");
}

Test(params, a_line_may_have_198_characters)
{
    /* a comment, a value, and both at the end of the file without a newline */
    static const char *const starts[] = {"# ", "points = "};
    static const char *const ends[] = {"\nd_muB = 2e-9\n", ""};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            char text[300] = "[sweep]\n", *line = text + strlen(text);
            strcpy(line, starts[i]);
            while (strlen(line) < 198)
                strcat(line, "x");
            strcat(text, j == 0 ? "\n" : ends[j]);
            ASSERT_OK(read_text(text), error);
            line[198] = '\0';
            strcat(line, "y");
            strcat(line, ends[j]);
            assert_refused(text, ":2: the line is too long: at most 198 characters");
        }
}

Test(params, a_file_that_cannot_be_read_is_an_io_error)
{
    struct nd_error first = ND_ERROR_INIT, second = ND_ERROR_INIT, third = ND_ERROR_INIT;
    char expected[200], name[400];
    snprintf(expected, sizeof expected, "%s: cannot be read: No such file or directory", path);
    ASSERT_ERROR(nd_params_read(&params, path, &first), first, ND_IO_ERROR, expected);
    snprintf(expected, sizeof expected, "%s: is a directory: a parameter file is needed",
             directory);
    ASSERT_ERROR(nd_params_read(&params, directory, &second), second, ND_IO_ERROR, expected);
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    ASSERT_ERROR(nd_params_read(&params, name, &third), third, ND_IO_ERROR,
                 "the name is too long: at most 255 characters");
}

Test(params, the_range_of_every_number_includes_its_ends)
{
    for (int i = 0; i < nd_params_table.n; i++) {
        const struct nd_option *o = &nd_params_table.options[i];
        if (o->type != ND_DOUBLE && o->type != ND_INT && o->type != ND_DOUBLE_LIST)
            continue;
        const double step = o->type == ND_INT ? 1.0 : 1e-9;
        const double values[] = {o->lowest, o->highest,
                                 o->lowest - step * (o->lowest > 0.0 ? fmin(1.0, o->lowest) : 1.0),
                                 o->highest + fmax(step, step * o->highest)};
        for (int j = 0; j < 4; j++) {
            char text[100];
            struct nd_error e = ND_ERROR_INIT;
            snprintf(text, sizeof text, "%s=%.17g", o->key, values[j]);
            if (j < 2)
                ASSERT_OK(nd_params_set(&params, text, &e), e);
            else
                ASSERT_ERROR(nd_params_set(&params, text, &e), e, ND_BAD_INPUT, ": out of range: ");
        }
    }
}

/* ---- what is accepted in a file -------------------------------------------------------- */

Test(params, a_file_may_be_loose_in_form)
{
    static const char *const texts[] = {
        "[model]\nm4_keV = 700\nflavour = mu\n[universe]\nT_RH_MeV = 3, 4\n", /* as we write it */
        "[model]\r\nm4_keV = 700\r\nflavour = mu\r\n[universe]\r\nT_RH_MeV = 3, 4\r\n",
        "[model]\nm4_keV = 700\nflavour = mu\n[universe]\nT_RH_MeV = 3, 4", /* no last newline */
        "m4_keV = 700\nflavour = mu\nT_RH_MeV = 3, 4\n",                    /* no sections */
        "T_RH_MeV = 3, 4\n[model]\nflavour = mu\nm4_keV = 700\n",
        "# comment\n; comment\n\n[model]\n\nm4_keV=7e2\n\t\nflavour=mu\n[universe]\nT_RH_MeV=3,4",
        "[universe]\nT_RH_MeV =   3 ,\t4  \n[model]\nflavour  =\tmu \nm4_keV =  700\t\n",
        "\xef\xbb\xbf[model]\nm4_keV = 700\nflavour = mu\n[universe]\nT_RH_MeV = 3, 4\n", /* BOM */
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ASSERT_OK(read_text(texts[i]), error);
        cr_assert(params.m4_keV == 700.0 && params.flavour == ND_FLAVOUR_MU, "'%s': m4 = %g, %d",
                  texts[i], params.m4_keV, params.flavour);
        cr_assert(params.T_RH_MeV.n == 2 && params.T_RH_MeV.values[0] == 3.0 &&
                      params.T_RH_MeV.values[1] == 4.0,
                  "'%s': %d temperatures, first %g", texts[i], params.T_RH_MeV.n,
                  params.T_RH_MeV.values[0]);
        cr_assert(strcmp(params.file, path) == 0, "file is '%s'", params.file);
    }
}

Test(params, an_empty_file_is_all_defaults)
{
    struct nd_params defaults;
    nd_params_init(&defaults);
    ASSERT_OK(read_text(""), error);
    assert_same_values(&defaults, &params);
    ASSERT_OK(nd_params_check(&params, ND_USE_ALL, &error), error);
}

/* params/NAME.ini of the project. */
static const char *shipped(const char *name)
{
    static char file[1000];
    const char *root = getenv("ND_TEST_ROOT");
    if (root == NULL)
        cr_skip_test("ND_TEST_ROOT is not set: run the tests with make");
    snprintf(file, sizeof file, "%s/params/%s.ini", root, name);
    if (strlen(file) >= ND_TEXT_MAX)
        cr_skip_test("the path of the project is too long");
    return file;
}

Test(params, the_example_files_are_valid)
{
    static const char *const names[] = {
        "b8",         "cno",       "cno_fit",  "curves",  "fig1_point", "fig3",  "pp",
        "fig3_paper", "sweep_trh", "standard", "coupled", "reheating",  "plane", "plane_full"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *file = shipped(names[i]);
        nd_params_init(&params);
        ASSERT_OK(nd_params_read(&params, file, &error), error);
        ASSERT_OK(nd_params_check(&params, ND_USE_ALL, &error), error);
    }
}

/* ---- precedence and --set -------------------------------------------------------------- */

static const char *origin(const char *key)
{
    return nd_params_origin(&params, key);
}

Test(params, set_beats_file_beats_default)
{
    char where[100];
    ASSERT_OK(read_text("[model]\nm4_keV = 700\nd_muB = 2e-9\n"), error);
    ASSERT_OK(nd_params_set(&params, "d_muB=3e-9", &error), error);
    cr_assert(params.m4_keV == 700.0 && params.d_muB == 3e-9, "m4 = %g, d = %g", params.m4_keV,
              params.d_muB);
    cr_assert(params.flavour == ND_FLAVOUR_TAU && params.T_points == 201, "defaults changed");
    snprintf(where, sizeof where, "%s:2", path);
    cr_assert(strcmp(origin("m4_keV"), where) == 0, "origin '%s'", origin("m4_keV"));
    cr_assert(strcmp(origin("d_muB"), "--set") == 0, "origin '%s'", origin("d_muB"));
    cr_assert(strcmp(origin("flavour"), "default") == 0, "origin '%s'", origin("flavour"));
    cr_assert(origin("flavor") == NULL, "a key that is none has an origin");

    /* a later --set beats an earlier one, a list is replaced and not extended */
    ASSERT_OK(nd_params_set(&params, " d_muB = 4e-9 ", &error), error);
    ASSERT_OK(nd_params_set(&params, "T_RH_MeV=7", &error), error);
    cr_assert(params.d_muB == 4e-9 && params.T_RH_MeV.n == 1 && params.T_RH_MeV.values[0] == 7.0,
              "d = %g, %d temperatures", params.d_muB, params.T_RH_MeV.n);
}

Test(params, set_reports_like_a_file)
{
    static const char *const cases[][2] = {
        {"m4_keV=600x", "--set: m4_keV = 600x: something follows the number: " M4_ALLOWED},
        {"m4_keV=", "--set: m4_keV = : the value is empty: " M4_ALLOWED},
        {"m4_keV", "--set: m4_keV: not an assignment: allowed is key=value"},
        {"", "--set: : not an assignment: allowed is key=value"},
        {"mass=600", "--set: mass = 600: unknown key: did you mean '"},
        {"flavour=tau=e", "--set: flavour = tau=e: unknown word: allowed is e, mu or tau"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct nd_error e = ND_ERROR_INIT;
        ASSERT_ERROR(nd_params_set(&params, cases[i][0], &e), e, ND_BAD_INPUT, cases[i][1]);
    }
    struct nd_error e = ND_ERROR_INIT;
    char text[3000] = "points="; /* one name far beyond ND_TEXT_MAX */
    memset(text + strlen(text), 'x', sizeof text - strlen(text) - 1);
    text[sizeof text - 1] = '\0';
    ASSERT_ERROR(nd_params_set(&params, text, &e), e, ND_BAD_INPUT, "too long");
}

/* ---- values against each other --------------------------------------------------------- */

Test(params, values_that_contradict_each_other_name_both_places)
{
    char expected[400];
    ASSERT_OK(read_text("[universe]\n\nT_RH_MeV = 5, 0.02\nT_end_MeV = 0.03\n"), error);
    snprintf(expected, sizeof expected,
             "%s:3: T_RH_MeV = 0.02: not above T_end_MeV = 0.03 (%s:4): allowed is T_RH_MeV > "
             "T_end_MeV",
             path, path);
    ASSERT_ERROR(nd_params_check(&params, ND_USE_ALL, &error), error, ND_BAD_INPUT, expected);

    static const struct {
        const char *text, *message;
    } cases[] = {
        {"T_RH_MeV = 0.05\nT_end_MeV = 0.05\n", ":1: T_RH_MeV = 0.05: not above T_end_MeV = 0.05"},
        {"T_min_MeV = 20\n", "default: T_max_MeV = 10: not above T_min_MeV = 20 ("},
        {"T_RH_max_MeV = 0.4\n",
         ":1: T_RH_max_MeV = 0.4: not above T_RH_min_MeV = 0.5 (default): allowed is T_RH_max_MeV "
         "> T_RH_min_MeV"},
        {"T_RH_max_MeV = 0.5\n", ":1: T_RH_max_MeV = 0.5: not above T_RH_min_MeV = 0.5 (default)"},
        {"T_RH_min_MeV = 0.02\nT_end_MeV = 0.03\n",
         ":1: T_RH_min_MeV = 0.02: not above T_end_MeV = 0.03"},
        {"m4_max_keV = 50\n", ":1: m4_max_keV = 50: not above m4_min_keV = 50 (default)"},
        {"d_min_muB = 1e-7\n", "default: d_max_muB = 1e-07: not above d_min_muB = 1e-07 ("},
        {"window_max_keV = 2\nwindow_min_keV = 2\n",
         ":1: window_max_keV = 2: not above window_min_keV = 2 ("},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ASSERT_OK(read_text(cases[i].text), error);
        ASSERT_ERROR(nd_params_check(&params, ND_USE_ALL, &error), error, ND_BAD_INPUT,
                     cases[i].message);
    }
    /* a single point needs no range, one end of the window none either */
    static const char *const fine[] = {
        "m4_points = 1\nm4_max_keV = 50\n",
        "d_points = 1\nd_min_muB = 1e-7\n",
        "window_max_keV = 0\n",
        "window_min_keV = 1000\n",
    };
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        ASSERT_OK(read_text(fine[i]), error);
        ASSERT_OK(nd_params_check(&params, ND_USE_ALL, &error), error);
    }
}

Test(params, what_a_computation_does_not_use_cannot_stop_it)
{
    static const struct {
        const char *text;
        int uses;
    } cases[] = {
        {"m4_min_keV = 3000\n", ND_USE_CURVES | ND_USE_FIT | ND_USE_MAP},
        {"d_min_muB = 1e-6\n", ND_USE_FIT | ND_USE_MAP},
        {"T_min_MeV = 20\n", ND_USE_RATES},
        {"T_end_MeV = 0.6\n", ND_USE_MAP},
        {"T_end_MeV = 3\nT_RH_min_MeV = 4\n",
         ND_USE_EVOLUTION | ND_USE_UNIVERSE | ND_USE_CURVES | ND_USE_MAP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ASSERT_OK(read_text(cases[i].text), error);
        ASSERT_OK(nd_params_check(&params, ND_USE_ALL & ~cases[i].uses, &error), error);
        for (int use = 1; use < ND_USE_ALL; use *= 2) {
            struct nd_error e = ND_ERROR_INIT;
            if (cases[i].uses & use)
                ASSERT_ERROR(nd_params_check(&params, use, &e), e, ND_BAD_INPUT, "default: ");
        }
    }
}

static void write_params(const struct nd_params *p)
{
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL, "cannot write %s", path);
    nd_params_write(p, file, "");
    cr_assert(fclose(file) == 0, "cannot write %s", path);
}

Test(params, differences_are_what_differs)
{
    char *text = NULL;
    size_t size = 0;
    struct nd_params base;
    nd_params_init(&base);
    ASSERT_OK(read_text("T_RH_MeV = 2, 5, 10\nm4_keV = 600\nd_muB = 3e-10\nflavour = mu\n"
                        "window_min_keV = 1\nspectra_T_MeV = 1, 2\n"),
              error);
    base.bbn_T_end_MeV = 0.003;
    FILE *stream = open_memstream(&text, &size);
    nd_params_write_differences(&params, &base, ND_USE_ALL, stream, "# x: ");
    fclose(stream);
    cr_assert_str_eq(text, "# x: d_muB = 3e-10\n# x: flavour = mu\n# x: spectra_T_MeV = 1, 2\n"
                           "# x: bbn_T_end_MeV = \n# x: window_min_keV = 1\n");
    free(text);
    stream = open_memstream(&text, &size);
    nd_params_write_differences(&params, &base, ND_USE_RATES, stream, "");
    fclose(stream);
    cr_assert_str_eq(text, "d_muB = 3e-10\nflavour = mu\n");
    free(text);
    stream = open_memstream(&text, &size);
    nd_params_write_differences(&params, &params, ND_USE_ALL, stream, "");
    fclose(stream);
    cr_assert_str_eq(text, "");
    free(text);
}

/* ---- the coupled Universe --------------------------------------------------------------- */

static enum nd_status check_text(const char *text, int uses)
{
    ASSERT_OK(read_text(text), error);
    return nd_params_check(&params, uses, &error);
}

/* What `nudipole evolve` looks at. */
enum { EVOLVE = ND_USE_EVOLUTION | ND_USE_UNIVERSE | ND_USE_STERILE };

Test(params, what_only_the_coupled_Universe_has_needs_backreaction)
{
    static const char *const cases[][2] = {
        {"reheating = field\n",
         ":1: reheating = field: only the coupled Universe knows it, but "
         "backreaction = off (default): allowed is sudden, or backreaction = "
         "on"},
        {"N_initial = thermal\nbackreaction = off\n",
         ":1: N_initial = thermal: only the coupled Universe knows it, but backreaction = off ("},
        {"\nsterile = off\n", ":2: sterile = off: only the coupled Universe knows it, but "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ASSERT_ERROR(check_text(cases[i][0], ND_USE_RATES), error, ND_BAD_INPUT, cases[i][1]);
        char text[100];
        snprintf(text, sizeof text, "%s", cases[i][0]);
        if (strstr(text, "backreaction") == NULL) {
            strcat(text, "backreaction = on\n");
            ASSERT_OK(check_text(text, EVOLVE), error);
        }
    }
}

Test(params, what_the_coupled_Universe_does_not_have_is_refused)
{
    static const char *const cases[][2] = {
        {"statistics = maxwell-boltzmann\nbackreaction = on\n",
         ":1: statistics = maxwell-boltzmann: the coupled Universe (backreaction = on, "},
        {"statistics = maxwell-boltzmann\nbackreaction = on\n",
         ":2) has quantum statistics: allowed is quantum"},
        {"backreaction = on\nneutrino_temperature = equal\n",
         ":2: neutrino_temperature = equal: the coupled Universe (backreaction = on, "},
        {"backreaction = on\nneutrino_temperature = equal\n",
         ":1) has its own neutrino temperatures: allowed is decoupled"},
        {"backreaction = passive\nsterile = off\n",
         ":1: backreaction = passive: there is no N (sterile = off, "},
        {"backreaction = on\nsterile = off\nN_initial = thermal\n",
         ":3: N_initial = thermal: the coupled Universe (backreaction = on, "},
        {"backreaction = on\nreheating = field\nN_initial = thermal\n",
         ":1) has no N at the start with reheating = field: allowed is absent"},
        {"backreaction = on\ndm2_31_eV2 = -5e-5\n",
         ":2: dm2_31_eV2 = -5e-05: not larger in magnitude than dm2_21_eV2 = 7.49e-05 (default): "},
        {"backreaction = on\ndy = 2\ny_core = 15\n",
         ":3: y_core = 15: less than 8 spacings dy = 2 ("},
        {"backreaction = on\nT_RH_MeV = 2, 5\nspectra_T_MeV = 1, 5\n",
         ":3: spectra_T_MeV = 5: no run passes it: allowed is between T_end_MeV = 0.01 (default) "
         "and the highest temperature at the start, 5 MeV"},
        {"backreaction = on\nspectra_T_MeV = 0.01\n", ":2: spectra_T_MeV = 0.01: no run passes "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ASSERT_ERROR(check_text(cases[i][0], EVOLVE), error, ND_BAD_INPUT, cases[i][1]);
        /* it stops nobody else */
        ASSERT_OK(check_text(cases[i][0], ND_USE_RATES), error);
    }
    /* without mixing there are no masses; a field makes the start hotter */
    ASSERT_OK(check_text("backreaction = on\nmixing = none\ndm2_31_eV2 = 0\n", EVOLVE), error);
    ASSERT_OK(check_text("backreaction = on\nreheating = field\nspectra_T_MeV = 20\n", EVOLVE),
              error);
}

Test(params, only_the_coupled_Universe_ends_below_a_hundredth)
{
    const char *const text = "T_end_MeV = 0.002\n", *const on = "T_end_MeV = 0.002\n"
                                                                "backreaction = on\n";
    const char *const message =
        ":1: T_end_MeV = 0.002: out of range: allowed is 0.01 to 99 MeV, and "
        "in evolve with backreaction = on 0.0001 to 99 MeV";
    const int evolve = ND_USE_EVOLUTION | ND_USE_UNIVERSE | ND_USE_STERILE;
    ASSERT_ERROR(check_text(text, evolve), error, ND_BAD_INPUT, message);
    ASSERT_ERROR(check_text(text, ND_USE_RATES), error, ND_BAD_INPUT, message);
    ASSERT_OK(check_text(on, evolve), error);
    ASSERT_OK(check_text(on, ND_USE_RATES), error);
    static const int others[] = {ND_USE_EVOLUTION, ND_USE_CURVES, ND_USE_MAP};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        ASSERT_ERROR(check_text(on, others[i]), error, ND_BAD_INPUT, message);
}

static void assert_same_precision(const struct nd_precision *a, const struct nd_precision *b,
                                  const char *name)
{
    cr_assert(a->dy == b->dy && a->y_core == b->y_core && a->tail_growth == b->tail_growth &&
                  a->exchange_nodes == b->exchange_nodes && a->step_lnT == b->step_lnT &&
                  a->step_lnz == b->step_lnz && a->tolerance == b->tolerance &&
                  a->max_steps == b->max_steps,
              "%s is not that of the library: dy %g and %g, y_core %g and %g, tail_growth %g and "
              "%g, exchange_nodes %d and %d, step_lnT %g and %g, step_lnz %g and %g, tolerance %g "
              "and %g, max_steps %ld and %ld",
              name, a->dy, b->dy, a->y_core, b->y_core, a->tail_growth, b->tail_growth,
              a->exchange_nodes, b->exchange_nodes, a->step_lnT, b->step_lnT, a->step_lnz,
              b->step_lnz, a->tolerance, b->tolerance, a->max_steps, b->max_steps);
}

Test(params, the_default_Universe_is_that_of_the_library)
{
    const struct nd_universe_options a = nd_params_universe(&params, 5.0),
                                     b = nd_universe_defaults(5.0);
    assert_same_precision(&a.precision, &b.precision, "the table");
    cr_assert(a.T_RH == 5.0 && a.T_end == b.T_end && a.n_points == params.solver_points);
    cr_assert(a.reheating == b.reheating && a.field_start == b.field_start &&
                  a.N_initial == b.N_initial && a.N_occupation == b.N_occupation &&
                  a.mixing == b.mixing && a.qed == b.qed && a.screening == b.screening &&
                  a.processes == b.processes && a.backreaction && b.backreaction,
              "a choice differs");
    cr_assert(a.spectra_T.n == 0 && b.spectra_T.n == 0 && a.progress == NULL);
    ASSERT_CLOSE(a.angles.sin2_12, b.angles.sin2_12, 1e-15, "sin2_12");
    ASSERT_CLOSE(a.angles.sin2_13, b.angles.sin2_13, 1e-15, "sin2_13");
    ASSERT_CLOSE(a.angles.sin2_23, b.angles.sin2_23, 1e-15, "sin2_23");
    ASSERT_CLOSE(a.angles.dm2_21, b.angles.dm2_21, 1e-14, "dm2_21");
    ASSERT_CLOSE(a.angles.dm2_31, b.angles.dm2_31, 1e-14, "dm2_31");
}

Test(params, the_Universe_that_is_asked_for)
{
    ASSERT_OK(read_text("T_end_MeV = 0.002\nbackreaction = on\nreheating = field\nfield_start = 4\n"
                        "mixing = none\nqed = e2\nweak = off\nscreening = none\n"
                        "spectra_T_MeV = 30, 10, 0.1\ndm2_31_eV2 = -2.5e-3\nsolver_points = 11\n"
                        "universe_max_steps = 77\n"),
              error);
    const struct nd_universe_options o = nd_params_universe(&params, 5.0);
    cr_assert(o.T_end == 0.002 && o.n_points == 11 && o.reheating == ND_REHEATING_FIELD &&
                  o.field_start == 4.0 && o.mixing == ND_MIXING_NONE && o.qed == ND_QED_E2 &&
                  o.screening == ND_SCREENING_NONE && o.precision.max_steps == 77,
              "a value was not passed on");
    cr_assert(o.processes == (ND_PROCESS_ALL & ~ND_PROCESS_WEAK), "processes %d", o.processes);
    ASSERT_CLOSE(o.angles.dm2_31, -2.5e-15, 1e-14, "dm2_31");
    /* those that the run passes: it starts at 20 MeV */
    cr_assert(nd_params_T_start(&params, 5.0) == 20.0);
    cr_assert(o.spectra_T.n == 2 && o.spectra_T.values[0] == 10.0 && o.spectra_T.values[1] == 0.1,
              "%d spectra", o.spectra_T.n);
    ASSERT_OK(nd_params_set(&params, "N_initial=thermal", &error), error);
    cr_assert(nd_params_universe(&params, 5.0).N_initial == ND_N_THERMAL);
}

/* A file of that name beside the parameter file; removed by the test. */
static const char *precision_file(const char *text)
{
    static char name[80];
    snprintf(name, sizeof name, "%s/precision.ini", directory);
    FILE *file = fopen(name, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "cannot write %s", name);
    return name;
}

Test(params, set_beats_file_beats_precision_file_beats_default)
{
    char where[100];
    const char *name = precision_file("[precision]\ndy = 0.7\ny_core = 15\nexchange_nodes = 9\n"
                                      "error_estimate = off\n");
    /* where `precision` stands does not matter */
    for (int set = 0; set < 2; set++) {
        ASSERT_OK(read_text(set ? "dy = 0.6\n" : "dy = 0.6\nprecision = precision.ini\n"), error);
        if (set)
            ASSERT_OK(nd_params_set(&params, "precision=precision.ini", &error), error);
        ASSERT_OK(nd_params_set(&params, "y_core=16", &error), error);
        ASSERT_OK(nd_params_read_precision(&params, &error), error);
        ASSERT_OK(nd_params_read_precision(&params, &error), error); /* again: nothing changes */
        cr_assert(params.dy == 0.6 && params.y_core == 16.0 && params.exchange_nodes == 9 &&
                      params.error_estimate == 0 && params.tail_growth == 1.25,
                  "dy %g, y_core %g, exchange_nodes %d, error_estimate %d, tail_growth %g",
                  params.dy, params.y_core, params.exchange_nodes, params.error_estimate,
                  params.tail_growth);
        snprintf(where, sizeof where, "%s:4", name);
        cr_assert(strcmp(origin("exchange_nodes"), where) == 0, "%s", origin("exchange_nodes"));
        cr_assert(strcmp(origin("y_core"), "--set") == 0, "%s", origin("y_core"));
    }
    unlink(name);
    /* written are the values and not the name */
    struct nd_params back;
    write_params(&params);
    nd_params_init(&back);
    ASSERT_OK(nd_params_read(&back, path, &error), error);
    cr_assert(back.exchange_nodes == 9 && back.dy == 0.6 && *back.precision == '\0');
    /* no file, nothing to do */
    ASSERT_OK(read_text(""), error);
    ASSERT_OK(nd_params_read_precision(&params, &error), error);
}

Test(params, a_precision_file_holds_precision_and_nothing_else)
{
    static const char *const cases[][2] = {
        {"dy = 0.7\nm4_keV = 700\n",
         ":2: m4_keV = 700: does not belong in a precision file: allowed "
         "is [precision] without `precision`"},
        {"precision = other.ini\n", "other.ini: a precision file names no other: allowed is "},
        {"[universe]\nT_RH_MeV = 2, 3\n",
         ":2: T_RH_MeV = 2, 3: does not belong in a precision file"},
        {"dy = fine\n", "precision.ini:1: dy = fine: not a number: allowed is 0.1 to 2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = precision_file(cases[i][0]);
        ASSERT_OK(read_text("m4_keV = 600\nprecision = precision.ini\n"), error);
        const enum nd_status status = nd_params_read_precision(&params, &error);
        unlink(name);
        ASSERT_ERROR(status, error, ND_BAD_INPUT, cases[i][1]);
        cr_assert(strncmp(error.message, name, strlen(name)) == 0, "%s", error.message);
    }
    char expected[300];
    ASSERT_OK(read_text("\nprecision = nowhere.ini\n"), error);
    snprintf(expected, sizeof expected,
             "%s:2: precision = %s/nowhere.ini: cannot be read: No such file or directory", path,
             directory);
    ASSERT_ERROR(nd_params_read_precision(&params, &error), error, ND_IO_ERROR, expected);
}

Test(params, the_shipped_precision_files_are_those_of_the_library)
{
    const struct {
        const char *name;
        struct nd_precision precision;
        int error_estimate;
    } cases[] = {
        {"precision_fast", nd_precision_fast(), 0},
        {"precision_default", nd_precision_default(), 1},
        {"precision_high", nd_precision_high(), 1},
    };
    struct nd_params defaults;
    nd_params_init(&defaults);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nd_params_init(&params);
        snprintf(params.precision, sizeof params.precision, "%s", shipped(cases[i].name));
        ASSERT_OK(nd_params_read_precision(&params, &error), error);
        const struct nd_precision precision = nd_params_universe(&params, 5.0).precision;
        assert_same_precision(&precision, &cases[i].precision, cases[i].name);
        cr_assert(params.error_estimate == cases[i].error_estimate, "%s", cases[i].name);
        params.precision[0] = '\0';
        if (i == 1)
            assert_same_values(&params, &defaults);
    }
}

/* ---- values to text and back ----------------------------------------------------------- */

Test(params, written_parameters_read_back_to_the_same_values)
{
    struct nd_params back;
    params.m4_keV = 1000.0 / 3.0;
    params.d_muB = 1e-9 / 7.0;
    params.flavour = ND_FLAVOUR_E;
    params.convention = ND_CONVENTION_LAGRANGIAN;
    params.T_RH_MeV.n = 4;
    params.T_RH_MeV.values[0] = 0.1 + 0.2;
    params.T_RH_MeV.values[1] = 100.0;
    params.T_RH_MeV.values[2] = nextafter(5.0, 6.0);
    params.T_RH_MeV.values[3] = 5.0;
    params.T_end_MeV = 0.01 * 1.1;
    params.statistics = ND_MAXWELL_BOLTZMANN;
    params.screening = ND_SCREENING_NONE;
    params.neutrino_temperature = ND_NEUTRINOS_EQUAL;
    params.solver_tolerance = nextafter(1e-12, 1.0);
    params.solver_max_steps = 100000000;
    params.points.n = 2;
    strcpy(params.points.values[0], "/elsewhere/b8.ini");
    strcpy(params.points.values[1], "/a folder/pp.ini");
    params.treatments.n = 2;
    params.treatments.values[0] = ND_TREATMENT_FULL;
    params.treatments.values[1] = ND_TREATMENT_PAPER;
    params.sources.n = 1;
    strcpy(params.sources.values[0], "pp+7Be+pep+CNO");
    strcpy(params.flux_file, "/a folder/fluxes.csv");
    strcpy(params.experiment, "/elsewhere/detector");
    params.window_max_keV = 0.1 + 0.2;
    params.exclusion.n = 2;
    strcpy(params.exclusion.values[0], "xenonnt");
    strcpy(params.exclusion.values[1], "/elsewhere/detector");
    write_params(&params);
    nd_params_init(&back);
    ASSERT_OK(nd_params_read(&back, path, &error), error);
    assert_same_values(&params, &back);
}

Test(params, any_double_survives_the_way_through_a_file)
{
    unsigned long long state = 20200512; /* a linear congruential generator: the same each time */
    for (int i = 0; i < 200; i++) {
        struct nd_params back;
        double u[3];
        for (int j = 0; j < 3; j++) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            u[j] = (double)(state >> 11) / 9007199254740992.0;
        }
        params.m4_keV = pow(10.0, 5.0 * u[0]);
        params.d_muB = pow(10.0, -20.0 + 17.0 * u[1]);
        params.rate_tolerance = pow(10.0, -9.0 + 7.0 * u[2]);
        write_params(&params);
        nd_params_init(&back);
        ASSERT_OK(nd_params_read(&back, path, &error), error);
        assert_same_values(&params, &back);
    }
}

static char *written(int describe, int markdown, const char *prefix)
{
    static char text[40000];
    FILE *stream = fmemopen(text, sizeof text, "w");
    cr_assert(stream != NULL, "no memory for a stream");
    if (describe)
        nd_params_describe(stream, markdown);
    else
        nd_params_write(&params, stream, prefix);
    cr_assert(ftell(stream) < (long)sizeof text - 1, "the buffer is too small");
    fclose(stream);
    return text;
}

Test(params, the_prefix_starts_every_line)
{
    int lines = 0, given = 0;
    for (int i = 0; i < nd_params_table.n; i++)
        given += nd_option_count(&nd_params_table.options[i], &params) > 0;
    for (char *line = strtok(written(0, 0, "# "), "\n"); line != NULL; line = strtok(NULL, "\n")) {
        cr_assert(strncmp(line, "# ", 2) == 0, "line '%s'", line);
        lines++;
    }
    cr_assert(lines > given, "%d lines for %d parameters with a value", lines, given);
}

/* ---- the table of options -------------------------------------------------------------- */

Test(params, every_option_is_documented)
{
    for (int markdown = 0; markdown < 2; markdown++) {
        const char *text = written(1, markdown, "");
        for (int i = 0; i < nd_params_table.n; i++) {
            const struct nd_option *o = &nd_params_table.options[i];
            char row[100];
            cr_assert(strlen(o->meaning) > 5, "%s has no meaning", o->key);
            snprintf(row, sizeof row, markdown ? "\n| `%s` | " : "\n%-21s unit ", o->key);
            cr_assert(strstr(text, row) != NULL, "%s is missing, markdown = %d", o->key, markdown);
            cr_assert(strstr(text, o->meaning) != NULL, "the meaning of %s is missing", o->key);
            snprintf(row, sizeof row, "[%s]", o->section);
            cr_assert(strstr(text, row) != NULL, "section %s is missing", row);
        }
    }
}

Test(params, every_default_is_allowed_and_every_key_unique)
{
    struct nd_params defaults;
    nd_params_init(&defaults);
    for (int i = 0; i < nd_params_table.n; i++) {
        const struct nd_option *o = &nd_params_table.options[i];
        char text[300];
        cr_assert(nd_option_index(&nd_params_table, o->key) == i, "%s stands twice in the table",
                  o->key);
        cr_assert(*o->initial != '\0' || (o->type != ND_INT && o->type != ND_CHOICE),
                  "%s has no default", o->key);
        cr_assert(o->uses > 0 && (o->uses & ~ND_USE_ALL) == 0, "%s is used by nobody", o->key);
        snprintf(text, sizeof text, "%s=%s", o->key, o->initial);
        if (*o->initial != '\0')
            ASSERT_OK(nd_params_set(&params, text, &error), error);
    }
    assert_same_values(&defaults, &params);
    cr_assert(nd_option_index(&nd_params_table, "m4") == -1 &&
                  nd_option_index(&nd_params_table, "") == -1,
              "a key that is none");
}

/* ---- the physics they stand for -------------------------------------------------------- */

Test(params, the_model_has_the_mass_in_MeV_and_mu_in_the_half_convention)
{
    struct nd_model half, lagrangian;
    ASSERT_OK(nd_params_set(&params, "m4_keV=640", &error), error);
    ASSERT_OK(nd_params_set(&params, "d_muB=2.2e-9", &error), error);
    ASSERT_OK(nd_params_set(&params, "flavour=mu", &error), error);
    ASSERT_OK(nd_params_model(&params, &half, &error), error);
    ASSERT_CLOSE(half.m4, 0.64, 1e-15, "m4 [MeV]");
    /* mu_B = e / (2 m_e) with e = sqrt(4 pi alpha), CODATA 2018 */
    ASSERT_CLOSE(half.mu, 2.2e-9 * 0.30282212087 / (2.0 * 0.51099895), 1e-8, "mu [1/MeV]");
    cr_assert(half.flavour == ND_FLAVOUR_MU, "flavour %d", (int)half.flavour);
    ASSERT_OK(nd_params_set(&params, "convention=lagrangian", &error), error);
    ASSERT_OK(nd_params_model(&params, &lagrangian, &error), error);
    cr_assert(lagrangian.mu == 2.0 * half.mu && lagrangian.m4 == half.m4, "mu = %g and %g", half.mu,
              lagrangian.mu);
}

static void assert_treatment(struct nd_treatment t, enum nd_statistics statistics,
                             enum nd_screening screening, enum nd_neutrino_temperature neutrinos)
{
    cr_assert(t.statistics == statistics && t.screening == screening && t.neutrinos == neutrinos,
              "treatment %d %d %d", (int)t.statistics, (int)t.screening, (int)t.neutrinos);
}

Test(params, treatments_mean_what_their_words_say)
{
    assert_treatment(nd_params_treatment(&params), ND_QUANTUM, ND_SCREENING_HTL,
                     ND_NEUTRINOS_DECOUPLED);
    ASSERT_OK(nd_params_set(&params, "statistics=maxwell-boltzmann", &error), error);
    ASSERT_OK(nd_params_set(&params, "screening=none", &error), error);
    ASSERT_OK(nd_params_set(&params, "neutrino_temperature=equal", &error), error);
    assert_treatment(nd_params_treatment(&params), ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE,
                     ND_NEUTRINOS_EQUAL);
    assert_treatment(nd_named_treatment(ND_TREATMENT_PAPER), ND_MAXWELL_BOLTZMANN,
                     ND_SCREENING_NONE, ND_NEUTRINOS_EQUAL);
    assert_treatment(nd_named_treatment(ND_TREATMENT_SCREENED), ND_MAXWELL_BOLTZMANN,
                     ND_SCREENING_HTL, ND_NEUTRINOS_EQUAL);
    assert_treatment(nd_named_treatment(ND_TREATMENT_FULL), ND_QUANTUM, ND_SCREENING_HTL,
                     ND_NEUTRINOS_DECOUPLED);
}

Test(params, the_words_belong_to_the_enumerators)
{
    cr_assert(strcmp(nd_flavour_word(ND_FLAVOUR_E), "e") == 0 &&
                  strcmp(nd_flavour_word(ND_FLAVOUR_MU), "mu") == 0 &&
                  strcmp(nd_flavour_word(ND_FLAVOUR_TAU), "tau") == 0,
              "flavours");
    cr_assert(strcmp(nd_convention_word(ND_CONVENTION_HALF), "half") == 0 &&
                  strcmp(nd_convention_word(ND_CONVENTION_LAGRANGIAN), "lagrangian") == 0,
              "conventions");
    cr_assert(strcmp(nd_statistics_word(ND_MAXWELL_BOLTZMANN), "maxwell-boltzmann") == 0 &&
                  strcmp(nd_statistics_word(ND_QUANTUM), "quantum") == 0,
              "statistics");
    cr_assert(strcmp(nd_screening_word(ND_SCREENING_NONE), "none") == 0 &&
                  strcmp(nd_screening_word(ND_SCREENING_HTL), "htl") == 0,
              "screening");
    cr_assert(strcmp(nd_neutrino_temperature_word(ND_NEUTRINOS_EQUAL), "equal") == 0 &&
                  strcmp(nd_neutrino_temperature_word(ND_NEUTRINOS_DECOUPLED), "decoupled") == 0,
              "neutrinos");
    cr_assert(strcmp(nd_treatment_word(ND_TREATMENT_PAPER), "paper") == 0 &&
                  strcmp(nd_treatment_word(ND_TREATMENT_SCREENED), "screened") == 0 &&
                  strcmp(nd_treatment_word(ND_TREATMENT_FULL), "full") == 0,
              "treatments");
    for (int i = 0; i < 2; i++) {
        const struct {
            const char *word, *expected[2];
        } words[] = {
            {nd_solar_model_word(i), {"b16-gs98", "b16-agss09met"}},
            {nd_flavour_weight_word(i), {"none", "oscillated"}},
            {nd_electrons_word(i), {"stepwise", "free"}},
            {nd_efficiency_at_word(i), {"reconstructed", "true"}},
            {nd_nuisances_word(i), {"profiled", "fixed"}},
            {nd_tritium_word(i), {"off", "free"}},
            {nd_contours_word(i), {"likelihood-ratio", "discovery"}},
            {nd_reheating_word(i), {"sudden", "field"}},
            {nd_N_initial_word(i), {"absent", "thermal"}},
            {nd_mixing_word(i), {"none", "averaged"}},
            {nd_qed_word(i), {"none", "e2"}},
        };
        for (size_t j = 0; j < sizeof words / sizeof words[0]; j++)
            cr_assert(strcmp(words[j].word, words[j].expected[i]) == 0, "'%s' instead of '%s'",
                      words[j].word, words[j].expected[i]);
    }
}

Test(params, files_are_relative_to_the_parameter_file_and_stored_whole)
{
    char expected[ND_TEXT_MAX];
    ASSERT_OK(read_text("points = b8.ini, /elsewhere/pp.ini\nflux_file = fluxes.csv\n"
                        "experiment = lz2024\nexclusion = xenonnt, ./mine\n"),
              error);
    snprintf(expected, sizeof expected, "%s/b8.ini", directory);
    cr_assert(strcmp(params.points.values[0], expected) == 0, "%s", params.points.values[0]);
    cr_assert(strcmp(params.points.values[1], "/elsewhere/pp.ini") == 0);
    ASSERT_OK(nd_params_set(&params, "points=b8.ini", &error), error);
    cr_assert(params.points.n == 1 && strcmp(params.points.values[0], expected) == 0);

    snprintf(expected, sizeof expected, "%s/fluxes.csv", directory);
    cr_assert(strcmp(params.flux_file, expected) == 0, "%s", params.flux_file);
    cr_assert(strcmp(params.experiment, "lz2024") == 0, "%s", params.experiment);
    snprintf(expected, sizeof expected, "%s/./mine", directory);
    cr_assert(params.exclusion.n == 2 && strcmp(params.exclusion.values[0], "xenonnt") == 0 &&
                  strcmp(params.exclusion.values[1], expected) == 0,
              "%s", params.exclusion.values[1]);
    ASSERT_OK(nd_params_set(&params, "experiment=./mine", &error), error);
    cr_assert(strcmp(params.experiment, expected) == 0, "%s", params.experiment);
}

/* A second file stands on top of the first: its paths are its own. */
Test(params, a_second_file_leaves_the_paths_of_the_first_alone)
{
    char expected[ND_TEXT_MAX], folder[64], second[80];
    ASSERT_OK(read_text("flux_file = fluxes.csv\n"), error);
    snprintf(folder, sizeof folder, "%s/b", directory);
    snprintf(second, sizeof second, "%s/p.ini", folder);
    cr_assert(mkdir(folder, 0777) == 0, "cannot make %s", folder);
    FILE *file = fopen(second, "w");
    cr_assert(file != NULL && fputs("points = b8.ini\n", file) >= 0 && fclose(file) == 0);
    const enum nd_status status = nd_params_read(&params, second, &error);
    unlink(second);
    rmdir(folder);
    ASSERT_OK(status, error);
    snprintf(expected, sizeof expected, "%s/fluxes.csv", directory);
    cr_assert(strcmp(params.flux_file, expected) == 0, "%s", params.flux_file);
    snprintf(expected, sizeof expected, "%s/b8.ini", folder);
    cr_assert(strcmp(params.points.values[0], expected) == 0, "%s", params.points.values[0]);
}

Test(params, a_long_list_goes_on_in_indented_lines_and_reads_back)
{
    struct nd_params again;
    nd_params_init(&params);
    params.T_RH_MeV.n = ND_LIST_MAX;
    for (int i = 0; i < ND_LIST_MAX; i++)
        params.T_RH_MeV.values[i] = 0.011 + i / 7.0; /* 16 or 17 digits each */
    FILE *stream = fopen(path, "w");
    nd_params_write(&params, stream, "");
    fclose(stream);
    nd_params_init(&again);
    ASSERT_OK(nd_params_read(&again, path, &error), error);
    assert_same_values(&params, &again);
}
