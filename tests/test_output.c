/* Results on disk: folders are checked before anything is made, files are complete or absent. */
#include "nudipole/output.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nudipole/version.h"
#include "support.h"

static char directory[] = "/tmp/nd_output_XXXXXX";
static struct nd_error error;

static const char *path_of(const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

static int exists(const char *name)
{
    struct stat info;
    return lstat(path_of(name), &info) == 0;
}

static int is_folder(const char *name)
{
    struct stat info;
    return stat(path_of(name), &info) == 0 && S_ISDIR(info.st_mode);
}

static void write_text(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "cannot write %s", name);
}

static const char *contents(const char *name)
{
    static char text[20000];
    FILE *file = fopen(path_of(name), "r");
    cr_assert(file != NULL, "%s is missing", name);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void setup(void)
{
    cr_assert(mkdtemp(directory) != NULL, "no temporary folder");
    write_text("file", "a regular file\n");
}

static void teardown(void)
{
    static const char *const names[] = {"file",  "table",     "table.tmp", "run.ini", "link",
                                        "a/b/c", "a/b/table", "a/b",       "a"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (unlink(path_of(names[i])) != 0)
            rmdir(path_of(names[i]));
    rmdir(directory);
}

TestSuite(output, .init = setup, .fini = teardown);

/* ---- folders --------------------------------------------------------------------------- */

Test(output, check_makes_nothing)
{
    ASSERT_OK(nd_output_check(directory, &error), error);
    ASSERT_OK(nd_output_check(path_of("a/b/c"), &error), error);
    cr_assert(!exists("a"), "the check made a folder");
}

Test(output, create_makes_nested_folders_and_accepts_those_that_exist)
{
    ASSERT_OK(nd_output_create(path_of("a/b/c"), &error), error);
    cr_assert(is_folder("a/b/c"), "a/b/c is missing");
    ASSERT_OK(nd_output_create(path_of("a/b/c"), &error), error);
    ASSERT_OK(nd_output_create(path_of("a//b/"), &error), error);
    ASSERT_OK(nd_output_create("/", &error), error);
}

Test(output, create_takes_relative_names)
{
    cr_assert(chdir(directory) == 0, "cannot enter %s", directory);
    ASSERT_OK(nd_output_check("a", &error), error);
    ASSERT_OK(nd_output_create("a/b/", &error), error);
    ASSERT_OK(nd_output_create(".", &error), error);
    cr_assert(is_folder("a/b"), "a/b is missing");
}

Test(output, what_cannot_be_a_folder_is_refused_with_the_reason)
{
    char expected[600], longest[1100];
    static const char *const names[] = {"file", "file/", "file/a/b"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct nd_error check = ND_ERROR_INIT, create = ND_ERROR_INIT;
        if (i == 0)
            snprintf(expected, sizeof expected, "output folder %s: %s is not a folder",
                     path_of(names[i]), path_of(names[i]));
        else
            snprintf(expected, sizeof expected, "output folder %s: cannot be made: Not a directory",
                     path_of(names[i]));
        ASSERT_ERROR(nd_output_check(path_of(names[i]), &check), check, ND_IO_ERROR, expected);
        ASSERT_ERROR(nd_output_create(path_of(names[i]), &create), create, ND_IO_ERROR, expected);
    }
    cr_assert(strcmp(contents("file"), "a regular file\n") == 0, "the file changed");

    struct nd_error empty = ND_ERROR_INIT, much = ND_ERROR_INIT;
    ASSERT_ERROR(nd_output_check("", &empty), empty, ND_IO_ERROR, "output folder '': empty or");
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    ASSERT_ERROR(nd_output_create(longest, &much), much, ND_IO_ERROR, "longer than 1000 letters");
}

Test(output, a_folder_without_write_permission_is_refused)
{
    if (geteuid() == 0)
        cr_skip_test("root may write everywhere");
    cr_assert(mkdir(path_of("a"), 0500) == 0, "cannot make a folder");
    ASSERT_ERROR(nd_output_check(path_of("a/b"), &error), error, ND_IO_ERROR, "cannot write to ");
}

/* ---- files ----------------------------------------------------------------------------- */

Test(output, a_file_appears_at_the_commit_and_not_before)
{
    struct nd_output_file file;
    ASSERT_OK(nd_output_begin(&file, directory, "table", &error), error);
    fputs("1 2\n", file.stream);
    fflush(file.stream);
    cr_assert(!exists("table") && exists("table.tmp"), "the file is there before the commit");
    ASSERT_OK(nd_output_commit(&file, &error), error);
    cr_assert(exists("table") && !exists("table.tmp"), "the commit left the temporary file");
    cr_assert(strcmp(contents("table"), "1 2\n") == 0, "contents '%s'", contents("table"));
}

Test(output, the_old_file_stays_until_the_commit)
{
    struct nd_output_file file;
    write_text("table", "old\n");
    ASSERT_OK(nd_output_begin(&file, directory, "table", &error), error);
    fputs("new\n", file.stream);
    fflush(file.stream);
    cr_assert(strcmp(contents("table"), "old\n") == 0, "contents '%s'", contents("table"));
    ASSERT_OK(nd_output_commit(&file, &error), error);
    cr_assert(strcmp(contents("table"), "new\n") == 0, "contents '%s'", contents("table"));
}

Test(output, discard_leaves_nothing)
{
    struct nd_output_file file;
    ASSERT_OK(nd_output_begin(&file, directory, "table", &error), error);
    fputs("half a tab", file.stream);
    nd_output_discard(&file);
    cr_assert(!exists("table") && !exists("table.tmp"), "a file is left");
}

Test(output, begin_reports_a_folder_that_is_not_there)
{
    struct nd_output_file file;
    ASSERT_ERROR(nd_output_begin(&file, path_of("a"), "table", &error), error, ND_IO_ERROR,
                 "/a/table.tmp: cannot be written: No such file or directory");
    cr_assert(file.stream == NULL, "a stream is open");
    char name[1100];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    struct nd_error other = ND_ERROR_INIT;
    ASSERT_ERROR(nd_output_begin(&file, directory, name, &other), other, ND_IO_ERROR,
                 "the name is too long");
}

Test(output, a_commit_that_cannot_rename_removes_the_temporary_file)
{
    struct nd_output_file file;
    cr_assert(nd_output_create(path_of("a/b/c"), &error) == ND_OK, "%s", error.message);
    ASSERT_OK(nd_output_begin(&file, path_of("a"), "b", &error), error); /* b is a folder */
    fputs("1\n", file.stream);
    ASSERT_ERROR(nd_output_commit(&file, &error), error, ND_IO_ERROR, "/a/b: cannot be written: ");
    cr_assert(!exists("a/b.tmp") && is_folder("a/b/c"), "the temporary file is left");
}

/* A full disk, both for what fits in the buffer of the stream and for what does not. */
Test(output, a_full_disk_is_reported_and_leaves_nothing)
{
    static const int lines[] = {1, 100000};
    for (int i = 0; i < 2; i++) {
        struct nd_output_file file;
        struct nd_error e = ND_ERROR_INIT;
        if (access("/dev/full", W_OK) != 0 || symlink("/dev/full", path_of("table.tmp")) != 0)
            cr_skip_test("there is no /dev/full");
        write_text("table", "old\n");
        ASSERT_OK(nd_output_begin(&file, directory, "table", &e), e);
        for (int j = 0; j < lines[i]; j++)
            fputs("0123456789\n", file.stream);
        ASSERT_ERROR(nd_output_commit(&file, &e), e, ND_IO_ERROR, "/table: cannot be written: ");
        cr_assert(!exists("table.tmp"), "%d lines: the temporary file is left", lines[i]);
        cr_assert(strcmp(contents("table"), "old\n") == 0, "the old file changed");
    }
}

/* ---- headers --------------------------------------------------------------------------- */

Test(output, the_header_of_a_table_ends_with_the_columns)
{
    struct nd_params params;
    struct nd_output_file file;
    char line[1000], last[1000] = "", expected[400];
    int n = 0, mass = 0;
    nd_params_init(&params);
    ASSERT_OK(nd_output_begin(&file, directory, "table", &error), error);
    nd_output_table_header(file.stream, &params, ND_USE_RATES, "a title", "T_MeV H_MeV");
    ASSERT_OK(nd_output_commit(&file, &error), error);
    FILE *stream = fopen(path_of("table"), "r");
    cr_assert(stream != NULL, "table is missing");
    snprintf(expected, sizeof expected, "# nudipole %s (%s)\n", nd_version(), nd_source_version());
    while (fgets(line, sizeof line, stream) != NULL) {
        cr_assert(line[0] == '#', "line %d of the header: '%s'", n, line);
        cr_assert(n != 0 || strcmp(line, expected) == 0, "first line '%s'", line);
        cr_assert(n != 1 || strcmp(line, "# a title\n") == 0, "second line '%s'", line);
        mass += strcmp(line, "# m4_keV = 600\n") == 0;
        snprintf(last, sizeof last, "%s", line);
        n++;
    }
    fclose(stream);
    cr_assert(strcmp(last, "# T_MeV H_MeV\n") == 0, "last line '%s'", last);
    cr_assert(mass == 1, "m4_keV stands %d times in the header", mass);
}

static const char *header_of(const struct nd_params *params, int uses)
{
    struct nd_output_file file;
    ASSERT_OK(nd_output_begin(&file, directory, "table", &error), error);
    nd_output_table_header(file.stream, params, uses, "a title", "x y");
    ASSERT_OK(nd_output_commit(&file, &error), error);
    return contents("table");
}

Test(output, the_header_of_a_table_lists_what_the_computation_uses)
{
    static const struct {
        int uses;
        const char *keys, *others;
    } cases[] = {
        {ND_USE_RATES, "m4_keV d_muB flavour convention T_min_MeV statistics rate_tolerance",
         "T_RH_MeV solver_points m4_min_keV treatments electrons thermal_x_max"},
        {ND_USE_EVOLUTION, "m4_keV convention T_RH_MeV T_end_MeV solver_points thermal_x_max",
         "T_min_MeV T_RH_min_MeV m4_min_keV treatments electrons"},
        {ND_USE_PLAN, "convention work sampling samples sweep_seed",
         "m4_keV T_min_MeV T_RH_MeV T_RH_min_MeV m4_min_keV treatments electrons"},
        {ND_USE_CURVES, "convention T_RH_MeV T_end_MeV statistics m4_min_keV treatments",
         "m4_keV d_muB flavour solver_points T_min_MeV d_min_muB electrons"},
        {ND_USE_SPECTRUM, "m4_keV d_muB flavour convention sources electrons tritium",
         "T_RH_MeV statistics m4_min_keV d_min_muB contours"},
        {ND_USE_FIT, "flavour convention m4_min_keV d_min_muB sources electrons contours",
         "m4_keV d_muB T_RH_MeV statistics treatments"},
        {ND_USE_UNIVERSE,
         "convention T_RH_MeV T_end_MeV backreaction solver_points dy sin2_theta12",
         "m4_keV d_muB flavour screening statistics rate_tolerance solver_tolerance thermal_x_max "
         "sources treatments"},
        {ND_USE_UNIVERSE | ND_USE_STERILE, "m4_keV d_muB flavour screening N_initial dm2_31_eV2",
         "statistics rate_tolerance solver_tolerance thermal_x_max sources treatments"},
        {ND_USE_ALL, "m4_keV T_RH_MeV T_min_MeV treatments electrons contours", ""},
    };
    struct nd_params params;
    nd_params_init(&params);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *header = header_of(&params, cases[i].uses);
        for (int used = 0; used < 2; used++) {
            char keys[200], line[100];
            snprintf(keys, sizeof keys, "%s", used ? cases[i].keys : cases[i].others);
            for (char *key = strtok(keys, " "); key != NULL; key = strtok(NULL, " ")) {
                snprintf(line, sizeof line, "\n# %s = ", key);
                cr_assert((strstr(header, line) != NULL) == used, "uses %d: %s is %s",
                          cases[i].uses, key, used ? "missing" : "there");
            }
        }
    }
    /* a section of which nothing is used is left out */
    cr_assert(strstr(header_of(&params, ND_USE_RATES), "[sweep]") == NULL, "[sweep] is there");
}

Test(output, run_ini_reads_back)
{
    struct nd_params params, back;
    nd_params_init(&params);
    nd_params_init(&back);
    params.m4_keV = 1000.0 / 3.0;
    params.T_RH_MeV.n = 1;
    params.T_RH_MeV.values[0] = 0.1 + 0.2;
    ASSERT_OK(nd_output_params(directory, &params, &error), error);
    cr_assert(!exists("run.ini.tmp"), "the temporary file is left");
    ASSERT_OK(nd_params_read(&back, path_of("run.ini"), &error), error);
    cr_assert(back.m4_keV == params.m4_keV && back.T_RH_MeV.n == 1 &&
                  back.T_RH_MeV.values[0] == 0.1 + 0.2,
              "m4 = %.17g, %d T_RH", back.m4_keV, back.T_RH_MeV.n);
    ASSERT_ERROR(nd_output_params(path_of("a"), &params, &error), error, ND_IO_ERROR,
                 "run.ini.tmp: cannot be written");
}
