/* The folder of data: the order of the search, and what is said when it is not found. */
#include "nudipole/data_folder.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

/* Two parallel trees of folders below a temporary one; what holds data is made by each test. */
static char top[64];
static char folder[ND_DATA_PATH_MAX];
static struct nd_error error;

static const char *in_top(const char *name)
{
    static char names[8][512];
    static int next;
    char *text = names[next++ % 8];
    snprintf(text, sizeof names[0], "%s/%s", top, name);
    return text;
}

/* Makes top/name and the folders above it. */
static void make_folder(const char *name)
{
    char text[512];
    snprintf(text, sizeof text, "%s/", in_top(name));
    for (char *p = text + strlen(top) + 1; *p != '\0'; p++)
        if (*p == '/') {
            *p = '\0';
            mkdir(text, 0777);
            *p = '/';
        }
}

/* Makes top/name a folder of data. */
static void make_data(const char *name)
{
    char text[512];
    snprintf(text, sizeof text, "%s/solar", name);
    make_folder(text);
    snprintf(text, sizeof text, "%s/%s/solar/fluxes.csv", top, name);
    FILE *stream = fopen(text, "w");
    cr_assert(stream != NULL && fputs("a\n1\n", stream) >= 0 && fclose(stream) == 0,
              "cannot write %s", text);
}

static void setup(void)
{
    snprintf(top, sizeof top, "/tmp/nd_data_folder_XXXXXX");
    cr_assert(mkdtemp(top) != NULL, "no temporary folder");
    error = (struct nd_error)ND_ERROR_INIT;
    unsetenv("NUDIPOLE_DATA");
    make_folder("usr/bin");
    make_folder("here/a/b");
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", top);
    cr_assert(system(command) == 0, "cannot remove %s", top);
}

TestSuite(data_folder, .init = setup, .fini = teardown);

static void go_to(const char *name)
{
    cr_assert(chdir(in_top(name)) == 0, "cannot go to %s", name);
}

static void assert_found(const char *given, const char *environment, const char *program,
                         const char *expected)
{
    error = (struct nd_error)ND_ERROR_INIT;
    memset(folder, 'x', sizeof folder);
    ASSERT_OK(nd_data_folder_search(given, environment, program, folder, &error), error);
    cr_assert_str_eq(folder, expected);
}

static void assert_not_found(const char *given, const char *environment, const char *program,
                             const char *fragment)
{
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_data_folder_search(given, environment, program, folder, &error), error,
                 ND_IO_ERROR, fragment);
}

Test(data_folder, order)
{
    char program[512];
    snprintf(program, sizeof program, "%s", in_top("usr/bin/nudipole"));
    make_data("given");
    make_data("environment");
    make_data("usr/share/nudipole/data");
    make_data("usr/bin/params/data");
    make_data("here/params/data");
    go_to("here");
    assert_found(in_top("given"), in_top("environment"), program, in_top("given"));
    assert_found(NULL, in_top("environment"), program, in_top("environment"));
    assert_found("", in_top("environment"), program, in_top("environment"));
    assert_found(NULL, NULL, program, in_top("usr/share/nudipole/data"));
    assert_found("", "", program, in_top("usr/share/nudipole/data"));
    unlink(in_top("usr/share/nudipole/data/solar/fluxes.csv"));
    assert_found(NULL, NULL, program, in_top("usr/bin/params/data"));
    unlink(in_top("usr/bin/params/data/solar/fluxes.csv"));
    assert_found(NULL, NULL, program, "params/data");
    assert_found(NULL, NULL, NULL, "params/data");
}

Test(data_folder, source_tree_above_the_program)
{
    static const char *const programs[] = {"tree/nudipole", "tree/build/nudipole",
                                           "tree/build/san-gcc/nudipole", "tree/1/2/3/nudipole"};
    make_data("tree/params/data");
    go_to("here/a/b");
    for (int i = 0; i < 4; i++)
        assert_found(NULL, NULL, in_top(programs[i]), in_top("tree/params/data"));
    assert_not_found(NULL, NULL, in_top("tree/1/2/3/4/nudipole"), "no folder of data found");
}

Test(data_folder, above_the_working_directory)
{
    make_data("here/params/data");
    go_to("here/a");
    assert_found(NULL, NULL, NULL, "../params/data");
    go_to("here/a/b");
    assert_found(NULL, NULL, NULL, "../../params/data");
    make_folder("here/a/b/c");
    go_to("here/a/b/c");
    assert_not_found(NULL, NULL, NULL, "no folder of data found");
}

/* What the user names is never replaced by what the search would find. */
Test(data_folder, named_folder_without_data)
{
    char expected[1024];
    make_data("here/params/data");
    go_to("here");
    snprintf(expected, sizeof expected,
             "--data %s: there is no such folder: needed is the folder of data, one that holds "
             "solar/fluxes.csv",
             in_top("nowhere"));
    assert_not_found(in_top("nowhere"), NULL, NULL, "");
    cr_assert_str_eq(error.message, expected);
    snprintf(expected, sizeof expected, "--data %s: it does not hold the data", in_top("usr"));
    assert_not_found(in_top("usr"), in_top("here/params/data"), NULL, expected);
    snprintf(expected, sizeof expected, "NUDIPOLE_DATA = %s: it does not hold the data",
             in_top("usr"));
    assert_not_found(NULL, in_top("usr"), NULL, expected);
    /* a folder in place of the file does not count */
    make_folder("odd/solar/fluxes.csv");
    assert_not_found(in_top("odd"), NULL, NULL, "it does not hold the data");
}

Test(data_folder, nothing_found)
{
    char expected[1024];
    go_to("here/a/b");
    assert_not_found(NULL, NULL, in_top("usr/bin/nudipole"), "");
    snprintf(expected, sizeof expected,
             "no folder of data found: say where it is with --data DIR or NUDIPOLE_DATA; none of "
             "these holds solar/fluxes.csv: %s/usr/share/nudipole/data, %s/usr/bin/params/data, "
             "%s/usr/params/data, %s/params/data, /tmp/params/data, params/data, ../params/data, "
             "../../params/data",
             top, top, top, top);
    cr_assert_str_eq(error.message, expected);
    cr_assert_str_eq(folder, "");
}

Test(data_folder, overlong_names)
{
    static char name[3000];
    char path[ND_DATA_PATH_MAX];
    memset(name, 'n', sizeof name - 1);
    go_to("here/a/b");
    assert_not_found(name, NULL, NULL, "the name is too long: at most 1023 characters");
    assert_not_found(NULL, name, NULL, "NUDIPOLE_DATA = nnnn");
    name[0] = '/';
    name[500] = '/';
    make_data("here/a/b/params/data");
    assert_found(NULL, NULL, name, "params/data");
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_data_path(path, &error, "folder", "%s", name), error, ND_IO_ERROR,
                 "the name is too long: at most 1023 characters");
    name[1020] = '\0';
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_data_path(path, &error, "folder", "%s", name), error, ND_IO_ERROR,
                 "folder//nnn");
}

Test(data_folder, path)
{
    char path[ND_DATA_PATH_MAX];
    ASSERT_OK(nd_data_path(path, &error, "/data", "solar/spectrum_%s.csv", "8B"), error);
    cr_assert_str_eq(path, "/data/solar/spectrum_8B.csv");
    ASSERT_OK(nd_data_path(path, &error, "data", "fluxes.csv"), error);
    cr_assert_str_eq(path, "data/fluxes.csv");
}

/* The whole of it: argument, environment, then the tree that the test program lies in or the
 * working directory. */
Test(data_folder, of_this_program)
{
    make_data("given");
    make_data("environment");
    make_data("here/params/data");
    setenv("NUDIPOLE_DATA", in_top("environment"), 1);
    ASSERT_OK(nd_data_folder(in_top("given"), folder, &error), error);
    cr_assert_str_eq(folder, in_top("given"));
    ASSERT_OK(nd_data_folder(NULL, folder, &error), error);
    cr_assert_str_eq(folder, in_top("environment"));
    unsetenv("NUDIPOLE_DATA");
    go_to("here");
    ASSERT_OK(nd_data_folder("", folder, &error), error);
    char program[ND_DATA_PATH_MAX] = "", tree[ND_DATA_PATH_MAX];
    cr_assert(readlink("/proc/self/exe", program, sizeof program - 1) > 0, "no /proc/self/exe");
    const enum nd_status status = nd_data_folder_search(NULL, NULL, program, tree, &error);
    cr_assert(status == ND_OK, "%s", error.message);
    cr_assert_str_eq(folder, tree);
}

Test(data_folder, of_the_source_tree)
{
    const char *root = getenv("ND_TEST_ROOT");
    char path[ND_DATA_PATH_MAX];
    cr_assert(root == NULL || chdir(root) == 0, "cannot go to %s", root);
    ASSERT_OK(nd_data_folder(NULL, folder, &error), error);
    ASSERT_OK(nd_data_path(path, &error, folder, "experiments/%s/experiment.ini", "xenon1t"),
              error);
    cr_assert(access(path, R_OK) == 0, "cannot read %s", path);
}
