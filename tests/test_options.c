/* Tables of options: a small one with a struct of its own, every type of value, and paths. */
#include "options.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

struct values {
    double mass, threshold;
    int bins, kind;
    char label[ND_TEXT_MAX], data[ND_TEXT_MAX], parent[ND_TEXT_MAX];
    struct nd_double_list edges;
    struct nd_choice_list kinds;
    struct nd_text_list lines, files, parents;
};

#define AT(field) offsetof(struct values, field)
static const char *const KINDS[] = {"exposure", "rate", NULL};
static const struct nd_option OPTIONS[] = {
    {"mass", "detector", ND_DOUBLE, 1, "t", "1.5", 0.1, 100, NULL, AT(mass), "mass of xenon"},
    {"threshold", "detector", ND_DOUBLE, 2, "keV", "", 0, 10, NULL, AT(threshold), "lowest energy"},
    {"bins", "detector", ND_INT, 1, "", "30", 1, 500, NULL, AT(bins), "number of bins"},
    {"kind", "detector", ND_CHOICE, 1, "", "rate", 0, 0, KINDS, AT(kind), "of the numbers"},
    {"label", "detector", ND_TEXT, 0, "", "", 0, 0, NULL, AT(label), "name in figures"},
    {"data", "files", ND_PATH, 2, "", "", 0, 0, NULL, AT(data), "table of the data"},
    {"parent", "files", ND_NAME, 2, "", "base", 0, 0, NULL, AT(parent), "what it builds on"},
    {"edges", "files", ND_DOUBLE_LIST, 3, "keV", "", 0, 10, NULL, AT(edges), "edges of the bins"},
    {"kinds", "files", ND_CHOICE_LIST, 3, "", "", 0, 0, KINDS, AT(kinds), "several kinds"},
    {"lines", "files", ND_TEXT_LIST, 3, "", "a b, c", 0, 0, NULL, AT(lines), "several texts"},
    {"files", "files", ND_PATH_LIST, 3, "", "", 0, 0, NULL, AT(files), "several tables"},
    {"parents", "files", ND_NAME_LIST, 3, "", "", 0, 0, NULL, AT(parents), "several names"},
};
enum { N = sizeof OPTIONS / sizeof OPTIONS[0] };
static const struct nd_option_table TABLE = {OPTIONS, N, "an experiment file", ""};

static char directory[] = "/tmp/nd_options_XXXXXX";
static char path[64], file[ND_TEXT_MAX], origins[N][ND_TEXT_MAX];
static struct values values;
static const struct nd_options options = {&TABLE, &values, origins, file};
static struct nd_error error;

static void setup(void)
{
    cr_assert(mkdtemp(directory) != NULL, "no temporary folder");
    snprintf(path, sizeof path, "%s/experiment.ini", directory);
    memset(&values, 0x5a, sizeof values); /* what init does not set would show */
    nd_options_init(&options);
}

static void teardown(void)
{
    unlink(path);
    rmdir(directory);
}

TestSuite(options, .init = setup, .fini = teardown);

/* A fresh start: defaults, then a file with this text. */
static enum nd_status read_text(const char *text)
{
    FILE *stream = fopen(path, "w");
    cr_assert(stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0, "cannot write");
    error = (struct nd_error)ND_ERROR_INIT;
    nd_options_init(&options);
    return nd_options_read(&options, path, &error);
}

/* What is written, or the reference. */
static const char *written(int uses, int describe)
{
    static char text[8000];
    FILE *stream = fmemopen(text, sizeof text, "w");
    cr_assert(stream != NULL, "no memory for a stream");
    if (describe)
        nd_options_describe(&TABLE, stream, 0);
    else
        nd_options_write(&TABLE, &values, uses, stream, "");
    fclose(stream);
    return text;
}

/* The text in the folder of the file. */
static const char *here(const char *name)
{
    static char whole[ND_TEXT_MAX];
    snprintf(whole, sizeof whole, "%s/%s", directory, name);
    return whole;
}

static void assert_text(const char *actual, const char *expected)
{
    cr_assert(strcmp(actual, expected) == 0, "'%s' instead of '%s'", actual, expected);
}

Test(options, defaults_may_be_empty)
{
    cr_assert(values.mass == 1.5 && values.bins == 30 && values.kind == 1, "scalars");
    cr_assert(isnan(values.threshold), "threshold = %g", values.threshold);
    cr_assert(values.edges.n == 0 && values.kinds.n == 0 && values.files.n == 0, "lists");
    assert_text(values.label, "");
    assert_text(values.data, "");
    assert_text(values.parent, "base");
    cr_assert(values.lines.n == 2 && values.parents.n == 0, "%d lines", values.lines.n);
    assert_text(values.lines.values[0], "a b");
    assert_text(values.lines.values[1], "c");
    assert_text(file, "");
    for (int i = 0; i < N; i++)
        assert_text(origins[i], ND_ORIGIN_DEFAULT);
    /* what is not given is left out, and described as empty */
    assert_text(written(3, 0), "[detector]\nmass = 1.5\nbins = 30\nkind = rate\n[files]\n"
                               "parent = base\nlines = a b, c\n");
    cr_assert(strstr(written(0, 1), "threshold             unit keV   default (empty)\n") != NULL,
              "%s", written(0, 1));
    cr_assert(strstr(written(0, 1), "parent                unit -     default base\n") != NULL);
}

Test(options, every_type_is_read_from_a_file_and_written_back)
{
    struct values first;
    char text[sizeof "" + 8000];
    ASSERT_OK(read_text("[detector]\nmass = 5\nthreshold = 0.3\nbins = 7\nkind = exposure\n"
                        "label = LZ, 5.5 t (2022)\n[files]\ndata = bins.csv\nparent = ../lz\n"
                        "edges = 1, 2.5\nkinds = rate, exposure\nlines = x\n  y\n  z, u\n"
                        "files = a.csv, /b.csv\nparents = lz2022, mine/lz\n"),
              error);
    cr_assert(values.mass == 5.0 && values.threshold == 0.3 && values.bins == 7 &&
                  values.kind == 0 && values.edges.n == 2 && values.edges.values[1] == 2.5,
              "numbers");
    cr_assert(values.kinds.n == 2 && values.kinds.values[0] == 1 && values.kinds.values[1] == 0,
              "choices");
    assert_text(values.label, "LZ, 5.5 t (2022)");
    cr_assert(values.lines.n == 4, "%d lines", values.lines.n);
    assert_text(values.lines.values[3], "u");
    assert_text(file, path);
    assert_text(origins[0] + strlen(path), ":2");

    first = values;
    snprintf(text, sizeof text, "%s", written(3, 0));
    ASSERT_OK(read_text(text), error);
    assert_text(written(3, 0), text);
    cr_assert(values.threshold == first.threshold && values.parents.n == 2, "values changed");
    assert_text(values.data, first.data);
    assert_text(values.parents.values[1], first.parents.values[1]);
}

Test(options, paths_are_relative_to_the_file_and_names_stay)
{
    ASSERT_OK(read_text("data = bins.csv\nparent = lz2022\n"
                        "files = sub/a.csv, /b.csv\nparents = lz2022, mine/lz, /lz\n"
                        "label = a/b\nlines = c/d\n"),
              error);
    assert_text(values.data, here("bins.csv"));
    assert_text(values.parent, "lz2022");
    assert_text(values.files.values[0], here("sub/a.csv"));
    assert_text(values.files.values[1], "/b.csv");
    assert_text(values.parents.values[0], "lz2022");
    assert_text(values.parents.values[1], here("mine/lz"));
    assert_text(values.parents.values[2], "/lz");
    assert_text(values.label, "a/b");
    assert_text(values.lines.values[0], "c/d");

    ASSERT_OK(nd_options_set(&options, "parent=./", &error), error);
    assert_text(values.parent, here("./"));
    ASSERT_OK(nd_options_set(&options, "data = other.csv", &error), error);
    assert_text(values.data, here("other.csv"));
    assert_text(origins[5], "--set");
    /* before any file there is nothing that they could be relative to */
    nd_options_init(&options);
    ASSERT_OK(nd_options_set(&options, "data = other.csv", &error), error);
    assert_text(values.data, "other.csv");
}

Test(options, the_mask_chooses_what_is_written)
{
    ASSERT_OK(read_text("label = x\nthreshold = 2\n"), error);
    assert_text(written(1, 0), "[detector]\nmass = 1.5\nbins = 30\nkind = rate\nlabel = x\n"
                               "[files]\nlines = a b, c\n");
    assert_text(written(4, 0), "[detector]\nlabel = x\n"); /* that of everybody */
}

/* The same messages for every table; no hint at a command that lists other keys. */
Test(options, errors_name_file_line_key_value_reason_and_what_is_allowed)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"[detector]\nmas = 2\n", ":2: mas = 2: unknown key: did you mean 'mass'?"},
        {"[Detector]\n", ":1: [Detector]: unknown section: allowed are detector and files"},
        {"[files]\nmass = 2\n", ":2: mass = 2: in section [files]: belongs in [detector]"},
        {"mass = 2\nmass = 2\n", ":2: mass = 2: given twice: allowed is each key once"},
        {"threshold =\n", ":1: threshold = : the value is empty: allowed is 0 to 10 keV"},
        {"threshold = nan\n", ":1: threshold = nan: not a finite number: allowed is 0 to 10 keV"},
        {"threshold = -1\n", ":1: threshold = -1: out of range: allowed is 0 to 10 keV"},
        {"label =\n", ":1: label = : the value is empty: allowed is a text"},
        {"data =\n", ":1: data = : the value is empty: allowed is a file name"},
        {"parent =\n",
         ":1: parent = : the value is empty: allowed is a name, or a folder (with a slash)"},
        {"lines = a,,b\n", ":1: lines = a,,b: an item is empty: allowed is texts separated by "
                           "commas, at most 64"},
        {"parents = a,\n", ":1: parents = a,: an item is empty: allowed is names, or folders (with "
                           "a slash), separated by commas, at most 64"},
        {"label = a\n  b\n", ":2: label = b: an indented line continues the key above: allowed is "
                             "each key once, from the first column"},
        {"data = a\001b\n", ":1: data = a\001b: a control character, or the start of a comment: "
                            "allowed is a file name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expected[300];
        snprintf(expected, sizeof expected, "%s%s", path, cases[i].message);
        cr_assert(read_text(cases[i].text) == ND_BAD_INPUT, "'%s' is accepted", cases[i].text);
        assert_text(error.message, expected);
    }
    struct nd_error folder = ND_ERROR_INIT;
    ASSERT_ERROR(nd_options_read(&options, directory, &folder), folder, ND_IO_ERROR,
                 ": is a directory: an experiment file is needed");
}

Test(options, a_single_section_is_named_alone)
{
    const struct nd_option_table table = {OPTIONS, 5, "an experiment file", ""};
    const struct nd_options only = {&table, &values, origins, file};
    read_text("[files]\n");
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_options_read(&only, path, &error), error, ND_BAD_INPUT,
                 ":1: [files]: unknown section: allowed is detector");
}

Test(options, texts_that_a_file_cannot_hold_are_refused)
{
    static const char *const bad[] = {"a\nb", "a ;b", ";a", "#a", "a\tb"};
    static const char *const good[] = {"a;b", "a #b", "a = b", "[a]", "\"a\"", "\xc3\xa9"};
    char text[100], long_path[600] = "data = ";
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct nd_error e = ND_ERROR_INIT;
        snprintf(text, sizeof text, "label=%s", bad[i]);
        ASSERT_ERROR(nd_options_set(&options, text, &e), e, ND_BAD_INPUT,
                     "a control character, or the start of a comment: allowed is a text");
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        snprintf(text, sizeof text, "label=%s", good[i]);
        ASSERT_OK(nd_options_set(&options, text, &error), error);
        snprintf(text, sizeof text, "%s", written(3, 0));
        ASSERT_OK(read_text(text), error);
        assert_text(values.label, good[i]);
    }
    memset(long_path + strlen(long_path), 'x', ND_TEXT_MAX - 1);
    struct nd_error whole = ND_ERROR_INIT, name = ND_ERROR_INIT;
    ASSERT_ERROR(nd_options_set(&options, long_path, &whole), whole, ND_BAD_INPUT,
                 "the whole path is too long: allowed is a file name");
    strcat(long_path, "x");
    ASSERT_ERROR(nd_options_set(&options, long_path, &name), name, ND_BAD_INPUT,
                 "a name is too long: allowed is a file name");
}

/* Such a file can be read, but nothing can be relative to it. */
Test(options, a_pipe_has_no_folder)
{
    int ends[2];
    char name[40];
    cr_assert(pipe(ends) == 0, "no pipe");
    snprintf(name, sizeof name, "/proc/self/fd/%d", ends[0]);
    if (access(name, R_OK) != 0)
        cr_skip_test("there is no /proc");
    cr_assert(write(ends[1], "data = a\n", 9) == 9 && close(ends[1]) == 0, "cannot write");
    ASSERT_ERROR(nd_options_read(&options, name, &error), error, ND_BAD_INPUT,
                 ":1: data = a: relative to a file that has no folder: allowed is a file name");
}
