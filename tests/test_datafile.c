/* CSV files of measured inputs: what is read, every way to be wrong, and the files shipped. */
#include "nudipole/datafile.h"

#include <dirent.h>
#include <float.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

static char path[64];
static struct nd_error error;
static struct nd_datafile *file;

static void setup(void)
{
    snprintf(path, sizeof path, "/tmp/nd_datafile_XXXXXX");
    const int descriptor = mkstemp(path);
    cr_assert(descriptor >= 0, "no temporary file");
    close(descriptor);
    error = (struct nd_error)ND_ERROR_INIT;
    file = NULL;
}

static void teardown(void)
{
    nd_datafile_free(file);
    unlink(path);
}

TestSuite(datafile, .init = setup, .fini = teardown);

static void write_bytes(const char *text, size_t length)
{
    FILE *stream = fopen(path, "w");
    cr_assert(stream != NULL && fwrite(text, 1, length, stream) == length && fclose(stream) == 0,
              "cannot write %s", path);
}

static void read_text(const char *text)
{
    write_bytes(text, strlen(text));
    ASSERT_OK(nd_datafile_read(&file, path, &error), error);
}

/* Fails unless the message is exactly "path:line: text". */
static void assert_message(int line, const char *text)
{
    char expected[1400];
    snprintf(expected, sizeof expected, "%s:%d: %s", path, line, text);
    cr_assert_str_eq(error.message, expected);
}

static void assert_bad_bytes(const char *text, size_t length, int line, const char *message)
{
    write_bytes(text, length);
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_datafile_read(&file, path, &error), error, ND_BAD_INPUT, "");
    cr_assert(file == NULL, "a file beside the error '%s'", error.message);
    assert_message(line, message);
}

static void assert_bad(const char *text, int line, const char *message)
{
    assert_bad_bytes(text, strlen(text), line, message);
}

/* ---- good files ---- */

static const char PLAIN[] = "# source: here\n# two\nname,x,e_kev\na,1.5,2\nb,-3e2,4\n";

static void assert_plain(const char *text)
{
    double x[2], e[2];
    read_text(text);
    cr_assert_eq(nd_datafile_rows(file), 2, "%d rows", nd_datafile_rows(file));
    cr_assert_str_eq(nd_datafile_text(file, 0, "name"), "a");
    cr_assert_str_eq(nd_datafile_text(file, 1, "name"), "b");
    cr_assert_str_eq(nd_datafile_text(file, 1, "x"), "-3e2");
    ASSERT_OK(nd_datafile_numbers(file, "x", -HUGE_VAL, HUGE_VAL, x, &error), error);
    ASSERT_OK(nd_datafile_energies(file, "e", ND_KEV, 1, e, &error), error);
    cr_assert(x[0] == 1.5 && x[1] == -300.0, "x = %g, %g", x[0], x[1]);
    cr_assert(e[0] == 2.0 && e[1] == 4.0, "e = %g, %g", e[0], e[1]);
    nd_datafile_free(file);
    file = NULL;
}

Test(datafile, plain)
{
    assert_plain(PLAIN);
    read_text(PLAIN);
    cr_assert_str_eq(nd_datafile_path(file), path);
    cr_assert(nd_datafile_has(file, "x") && nd_datafile_has(file, "e_kev"));
    cr_assert(!nd_datafile_has(file, "e") && !nd_datafile_has(file, "X") &&
              !nd_datafile_has(file, ""));
    cr_assert(nd_datafile_text(file, 0, "y") == NULL, "text of a column that is not there");
}

Test(datafile, blanks_comments_and_line_ends)
{
    assert_plain("name,x,e_kev\na,1.5,2\nb,-3e2,4");
    assert_plain("# source: here\r\n\r\nname,x,e_kev\r\na,1.5,2\r\nb,-3e2,4\r\n");
    assert_plain("\xef\xbb\xbfname,x,e_kev\na,1.5,2\nb,-3e2,4\n");
    assert_plain("\xef\xbb\xbf# source: here\nname,x,e_kev\na,1.5,2\nb,-3e2,4\n");
    assert_plain(
        "\n  \t\n  # indented\n name ,\tx , e_kev \n\n a\t, 1.5,2 \n  \nb,-3e2 ,  4\n\n\n");
    assert_plain("name,x,e_kev\n# between names and rows\na,1.5,2\nb,-3e2,4\n");
}

Test(datafile, many_rows_and_a_long_line)
{
    enum { ROWS = 3000, LENGTH = 40000 };
    FILE *stream = fopen(path, "w");
    cr_assert(stream != NULL, "cannot write %s", path);
    fprintf(stream, "# %*s\ni,square\n", LENGTH, "");
    for (int i = 0; i < ROWS; i++)
        fprintf(stream, "%d,%d\n", i, i * i);
    fclose(stream);
    ASSERT_OK(nd_datafile_read(&file, path, &error), error);
    cr_assert_eq(nd_datafile_rows(file), ROWS, "%d rows", nd_datafile_rows(file));
    static double values[2][ROWS];
    ASSERT_OK(nd_datafile_numbers(file, "i", 0.0, ROWS, values[0], &error), error);
    ASSERT_OK(nd_datafile_numbers(file, "square", 0.0, HUGE_VAL, values[1], &error), error);
    for (int i = 0; i < ROWS; i++)
        cr_assert(values[0][i] == i && values[1][i] == i * i, "row %d: %g, %g", i, values[0][i],
                  values[1][i]);
}

Test(datafile, nothing_to_free)
{
    nd_datafile_free(NULL);
}

/* ---- bad files ---- */

Test(datafile, not_readable)
{
    ASSERT_ERROR(nd_datafile_read(&file, "/tmp/nd_no_such_file.csv", &error), error, ND_IO_ERROR,
                 "/tmp/nd_no_such_file.csv: cannot be read: No such file");
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_datafile_read(&file, "/tmp", &error), error, ND_IO_ERROR,
                 "/tmp: is a folder: a file is needed");
    cr_assert(file == NULL);
}

Test(datafile, wrong_number_of_cells)
{
    assert_bad("# c\na,b,c\n1,2,3\n\n1,2\n", 5, "2 cells: expected are 3: a, b, c");
    assert_bad("a,b,c\n1\n", 2, "1 cell: expected are 3: a, b, c");
    assert_bad("a,b\n1,2,3\n", 2, "3 cells: expected are 2: a, b");
    assert_bad("a,b\r\n1,2\r\n1,2,\r\n", 3, "3 cells: expected are 2: a, b");
}

Test(datafile, empty_cell)
{
    assert_bad("a,b,c\n1,,3\n", 2, "b: the cell is empty: allowed is a value in every cell");
    assert_bad("a,b\n1,2\n3, \n", 3, "b: the cell is empty: allowed is a value in every cell");
    assert_bad("a,b\n,2\n", 2, "a: the cell is empty: allowed is a value in every cell");
}

Test(datafile, column_names)
{
    assert_bad("# c\na,b,a\n1,2,3\n", 2, "column 'a': named twice: allowed is each name once");
    assert_bad("a,,c\n1,2,3\n", 1,
               "column 2 has no name: allowed are names separated by single commas");
    assert_bad("a,b,\n1,2,3\n", 1,
               "column 3 has no name: allowed are names separated by single commas");
}

Test(datafile, nothing_in_it)
{
    assert_bad("", 0, "no column names: needed are a line of them and rows");
    assert_bad("# c\n\n", 2, "no column names: needed are a line of them and rows");
    assert_bad("# c\na,b\n\n", 3, "no rows: at least one is needed after the column names");
}

Test(datafile, comment_between_rows)
{
    assert_bad("a\n1\n# 2\n3\n", 3, "a comment between rows: allowed are comments before the data");
}

Test(datafile, not_text)
{
    static const char row[] = "a,b\n1,\0002\n", comment[] = "# \0\na,b\n1,2\n";
    assert_bad_bytes(row, sizeof row - 1, 2, "a NUL character: allowed is plain text");
    assert_bad_bytes(comment, sizeof comment - 1, 1, "a NUL character: allowed is plain text");
}

Test(datafile, overlong_line)
{
    enum { LENGTH = 70000 };
    static char text[LENGTH + 3];
    memset(text, '1', LENGTH);
    memcpy(text, "a\n", 2);
    text[LENGTH] = '\n';
    assert_bad(text, 2, "the line is too long: allowed are 65536 characters");
}

/* The message keeps the end of the path and all that follows it. */
Test(datafile, long_path_leaves_room_for_the_message)
{
    enum { REPEATS = 900 };
    char text[2 * REPEATS + 100] = "/tmp/";
    for (int i = 0; i < REPEATS; i++)
        memcpy(text + 5 + 2 * i, "./", 2);
    strcpy(text + 5 + 2 * REPEATS, path + strlen("/tmp/"));
    write_bytes("a,b\n1\n", 6);
    ASSERT_ERROR(nd_datafile_read(&file, text, &error), error, ND_BAD_INPUT, path + strlen("/tmp"));
    const char *end = ":2: 1 cell: expected are 2: a, b";
    cr_assert_str_eq(error.message + strlen(error.message) - strlen(end), end);
}

/* A first error is kept: it is the cause. */
Test(datafile, first_error_stays)
{
    nd_fail(&error, ND_NOT_CONVERGED, "before");
    cr_assert(nd_datafile_read(&file, "/tmp/nd_no_such_file.csv", &error) == ND_NOT_CONVERGED);
    cr_assert_str_eq(error.message, "before");
    cr_assert(file == NULL);
}

/* ---- numbers ---- */

static void assert_bad_number(const char *cell, double low, double high, const char *message)
{
    char text[128];
    double values[2];
    snprintf(text, sizeof text, "# c\nname,x\nfirst,1\nsecond,%s\n", cell);
    nd_datafile_free(file);
    read_text(text);
    ASSERT_ERROR(nd_datafile_numbers(file, "x", low, high, values, &error), error, ND_BAD_INPUT,
                 "");
    assert_message(4, message);
    error = (struct nd_error)ND_ERROR_INIT;
}

Test(datafile, not_a_number)
{
    const double big = HUGE_VAL;
    assert_bad_number("abc", -big, big,
                      "x = abc: not a number: allowed is a finite decimal number");
    assert_bad_number("1.5 keV", -big, big,
                      "x = 1.5 keV: something follows the number: allowed is a finite decimal "
                      "number");
    assert_bad_number("1e", -big, big,
                      "x = 1e: something follows the number: allowed is a finite decimal number");
    assert_bad_number("0x10", -big, big,
                      "x = 0x10: not a decimal number: allowed is a finite decimal number");
    assert_bad_number("-0X1p3", 0.0, big,
                      "x = -0X1p3: not a decimal number: allowed is a number of at least 0");
    assert_bad_number("nan", 0.0, 1.0,
                      "x = nan: not a finite number: allowed is a number from 0 to 1");
    assert_bad_number("-inf", -big, 1.0,
                      "x = -inf: not a finite number: allowed is a number of at most 1");
    assert_bad_number("Infinity", -DBL_MAX, DBL_MAX,
                      "x = Infinity: not a finite number: allowed is a finite decimal number");
    assert_bad_number("1e999", -big, big,
                      "x = 1e999: not a finite number: allowed is a finite decimal number");
}

Test(datafile, out_of_range)
{
    assert_bad_number("1.0001", 0.0, 1.0,
                      "x = 1.0001: out of range: allowed is a number from 0 to 1");
    assert_bad_number("-1e-300", 0.0, HUGE_VAL,
                      "x = -1e-300: out of range: allowed is a number of at least 0");
    double ends[2];
    nd_datafile_free(file);
    read_text("x\n0\n1\n");
    ASSERT_OK(nd_datafile_numbers(file, "x", 0.0, 1.0, ends, &error), error);
}

Test(datafile, no_such_column)
{
    double values[2];
    read_text("# c\n\nname,x\nfirst,1\nsecond,2\n");
    ASSERT_ERROR(nd_datafile_numbers(file, "y", 0.0, 1.0, values, &error), error, ND_BAD_INPUT, "");
    assert_message(3, "column 'y': missing: there are name, x");
}

Test(datafile, many_columns_in_a_message)
{
    static char text[4000];
    size_t used = 0;
    for (int i = 0; i < 300; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%scolumn%d", i > 0 ? "," : "", i);
    snprintf(text + used, sizeof text - used, "\n1\n");
    write_bytes(text, strlen(text));
    ASSERT_ERROR(nd_datafile_read(&file, path, &error), error, ND_BAD_INPUT,
                 ":2: 1 cell: expected are 300: column0, column1, ");
    cr_assert_str_eq(error.message + strlen(error.message) - 3, "...");
}

/* ---- comment lines with a key ---- */

Test(datafile, header)
{
    read_text("# first\n#title:  a: title \t\n  # two words : b\r\n# empty:\n## depth: c\n"
              "# title: again\nx\n# late: d\n1\n");
    cr_assert_str_eq(nd_datafile_header(file, "title"), "a: title");
    cr_assert_str_eq(nd_datafile_header(file, "two words"), "b");
    cr_assert_str_eq(nd_datafile_header(file, "empty"), "");
    cr_assert_str_eq(nd_datafile_header(file, "# depth"), "c");
    cr_assert_str_eq(nd_datafile_header(file, "late"), "d");
    cr_assert(nd_datafile_header(file, "first") == NULL);
    cr_assert(nd_datafile_header(file, "Title") == NULL);
    cr_assert(nd_datafile_header(file, "tit") == NULL);
    cr_assert(nd_datafile_header(file, "x") == NULL);
    cr_assert_eq(nd_datafile_header_count(file, "title"), 2);
    cr_assert_eq(nd_datafile_header_count(file, "late"), 1);
    cr_assert_eq(nd_datafile_header_count(file, "first"), 0);
}

Test(datafile, header_behind_a_byte_order_mark)
{
    read_text("\xef\xbb\xbf# key: value\nx\n1\n");
    cr_assert_str_eq(nd_datafile_header(file, "key"), "value");
}

Test(datafile, many_headers)
{
    enum { HEADERS = 1000 };
    char key[32], value[32];
    FILE *stream = fopen(path, "w");
    cr_assert(stream != NULL, "cannot write %s", path);
    for (int i = 0; i < HEADERS; i++)
        fprintf(stream, "# key %d: value %d\n", i, i);
    fprintf(stream, "x\n1\n");
    fclose(stream);
    ASSERT_OK(nd_datafile_read(&file, path, &error), error);
    for (int i = 0; i < HEADERS; i++) {
        snprintf(key, sizeof key, "key %d", i);
        snprintf(value, sizeof value, "value %d", i);
        cr_assert_str_eq(nd_datafile_header(file, key), value);
    }
}

Test(datafile, errors_in_headers)
{
    read_text("# key: a\n# other: b\n# key: c\nx\n1\n");
    cr_assert(nd_datafile_header_fail(file, "other", &error, "odd %d", 1) == ND_BAD_INPUT);
    assert_message(2, "odd 1");
    error = (struct nd_error)ND_ERROR_INIT;
    cr_assert(nd_datafile_header_fail(file, "key", &error, "twice") == ND_BAD_INPUT);
    assert_message(3, "twice");
    error = (struct nd_error)ND_ERROR_INIT;
    cr_assert(nd_datafile_header_fail(file, "none", &error, "missing") == ND_BAD_INPUT);
    assert_message(4, "missing");
}

/* ---- energies ---- */

Test(datafile, units_of_energy)
{
    static const char *const texts[] = {"energy_ev\n12.1\n34561\n", "energy_kev\n0.0121\n34.561\n",
                                        "energy_mev\n0.0000121\n0.034561\n"};
    for (int i = 0; i < 3; i++) {
        double mev[2], kev[2];
        nd_datafile_free(file);
        read_text(texts[i]);
        ASSERT_OK(nd_datafile_energies(file, "energy", ND_MEV, 1, mev, &error), error);
        ASSERT_OK(nd_datafile_energies(file, "energy", ND_KEV, 1, kev, &error), error);
        ASSERT_CLOSE(mev[0], 1.21e-5, 4e-16, "first energy in MeV, file %d", i);
        ASSERT_CLOSE(mev[1], 0.034561, 4e-16, "second energy in MeV, file %d", i);
        ASSERT_CLOSE(kev[0], 0.0121, 4e-16, "first energy in keV, file %d", i);
        ASSERT_CLOSE(kev[1], 34.561, 4e-16, "second energy in keV, file %d", i);
    }
}

/* No rounding in the file's own unit. */
Test(datafile, energies_keep_their_digits)
{
    static const char *const cells[] = {"0.1",  "0.3",  "0.7",    "2.9",
                                        "4.35", "12.1", "1148.7", "861.8"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        char text[64];
        double kev, mev;
        snprintf(text, sizeof text, "e_kev\n%s\n", cells[i]);
        nd_datafile_free(file);
        read_text(text);
        ASSERT_OK(nd_datafile_energies(file, "e", ND_KEV, 0, &kev, &error), error);
        ASSERT_OK(nd_datafile_energies(file, "e", ND_MEV, 0, &mev, &error), error);
        cr_assert(kev == strtod(cells[i], NULL), "%s keV is read as %.17g", cells[i], kev);
        ASSERT_CLOSE(mev, 1e-3 * kev, 3e-16, "%s keV in MeV", cells[i]);
        snprintf(text, sizeof text, "e_mev\n%s\n", cells[i]);
        nd_datafile_free(file);
        read_text(text);
        ASSERT_OK(nd_datafile_energies(file, "e", ND_MEV, 0, &mev, &error), error);
        cr_assert(mev == strtod(cells[i], NULL), "%s MeV is read as %.17g", cells[i], mev);
    }
}

static void assert_bad_energies(const char *text, int increasing, int line, const char *message)
{
    double values[8];
    nd_datafile_free(file);
    read_text(text);
    ASSERT_ERROR(nd_datafile_energies(file, "energy", ND_MEV, increasing, values, &error), error,
                 ND_BAD_INPUT, "");
    assert_message(line, message);
    error = (struct nd_error)ND_ERROR_INIT;
}

Test(datafile, unit_missing_or_unknown)
{
    assert_bad_energies("# c\nenergy,x\n1,2\n", 0, 2,
                        "column 'energy': the unit is missing: allowed is energy_ev, energy_kev or "
                        "energy_mev");
    assert_bad_energies("energy_gev\n1\n", 0, 1,
                        "column 'energy_gev': the unit is unknown: allowed is energy_ev, "
                        "energy_kev or energy_mev");
    assert_bad_energies("energy_keV\n1\n", 0, 1,
                        "column 'energy_keV': the unit is unknown: allowed is energy_ev, "
                        "energy_kev or energy_mev");
    assert_bad_energies("e_kev,x\n1,2\n", 0, 1,
                        "column 'energy_kev': missing: there are e_kev, x: allowed is energy_ev, "
                        "energy_kev or energy_mev");
    assert_bad_energies("energy_kev,energy_mev\n1,2\n", 0, 1,
                        "columns 'energy_kev' and 'energy_mev': one energy twice: allowed is one");
}

Test(datafile, bad_energies)
{
    assert_bad_energies("energy_kev\n1\n-2\n", 0, 3,
                        "energy_kev = -2: out of range: allowed is a number from 0 to 1e+12 keV");
    assert_bad_energies("energy_ev\nten\n", 0, 2,
                        "energy_ev = ten: not a number: allowed is a number from 0 to 1e+12 eV");
    assert_bad_energies("energy_mev\n1e13\n", 0, 2,
                        "energy_mev = 1e13: out of range: allowed is a number from 0 to 1e+12 MeV");
    assert_bad_energies("energy_kev\n1\n2\n\n2\n", 1, 5,
                        "energy_kev = 2: not above the one before it: allowed is more than 2");
    assert_bad_energies("energy_kev\n1\n0.5\n", 1, 3,
                        "energy_kev = 0.5: not above the one before it: allowed is more than 1");
    double values[2];
    nd_datafile_free(file);
    read_text("energy_kev\n1\n0.5\n");
    ASSERT_OK(nd_datafile_energies(file, "energy", ND_KEV, 0, values, &error), error);
}

Test(datafile, errors_of_the_caller)
{
    read_text("# c\na\n\n1\n2\n");
    cr_assert(nd_datafile_fail(file, 1, &error, "a = %d: odd", 2) == ND_BAD_INPUT);
    assert_message(5, "a = 2: odd");
    error = (struct nd_error)ND_ERROR_INIT;
    cr_assert(nd_datafile_fail(file, -1, &error, "no column") == ND_BAD_INPUT);
    assert_message(2, "no column");
}

/* ---- the files shipped ---- */

static const char *root(void)
{
    const char *given = getenv("ND_TEST_ROOT");
    return given != NULL ? given : ".";
}

static const char *const SHIPPED[] = {
    "solar/fluxes.csv",
    "solar/lines.csv",
    "solar/spectrum_pp.csv",
    "solar/spectrum_13N.csv",
    "solar/spectrum_15O.csv",
    "solar/spectrum_17F.csv",
    "solar/spectrum_hep.csv",
    "solar/spectrum_8B.csv",
    "solar/spectrum_8B_bahcall96.csv",
    "solar/production_b16-gs98.csv",
    "solar/production_b16-agss09met.csv",
    "xenon/binding_energies.csv",
    "experiments/xenon1t/binned.csv",
    "experiments/xenon1t/efficiency.csv",
    "experiments/xenon1t/background_curve.csv",
    "experiments/xenonnt/binned.csv",
    "experiments/xenonnt/efficiency.csv",
    "experiments/lz2022/binned.csv",
    "experiments/lz2022/efficiency.csv",
    "experiments/lz2024/binned.csv",
    "experiments/lz2024/efficiency.csv",
    "experiments/pandax4t/binned.csv",
    "experiments/pandax4t/efficiency.csv",
    "bounds/bbn_high_reheating.csv",
    "bounds/borexino.csv",
    "bounds/borexino_brdar.csv",
    "bounds/charm2.csv",
    "bounds/donut.csv",
    "bounds/lep.csv",
    "bounds/sn1987a.csv",
    "bounds/sn1987a_naive.csv",
    "bounds/stellar.csv",
    "bounds/stellar_brdar.csv",
    "bounds/xenon1t_nr.csv",
    "nuclear/primat2023/n_p__d_g.csv",
    "nuclear/primat2023/d_p__He3_g.csv",
    "nuclear/primat2023/d_d__He3_n.csv",
    "nuclear/primat2023/d_d__t_p.csv",
    "nuclear/primat2023/t_p__a_g.csv",
    "nuclear/primat2023/t_d__a_n.csv",
    "nuclear/primat2023/t_a__Li7_g.csv",
    "nuclear/primat2023/He3_n__t_p.csv",
    "nuclear/primat2023/He3_d__a_p.csv",
    "nuclear/primat2023/He3_a__Be7_g.csv",
    "nuclear/primat2023/Be7_n__Li7_p.csv",
    "nuclear/primat2023/Li7_p__a_a.csv",
    "nuclear/parthenope3/n_p__d_g.csv",
    "nuclear/parthenope3/d_p__He3_g.csv",
    "nuclear/parthenope3/d_d__He3_n.csv",
    "nuclear/parthenope3/d_d__t_p.csv",
    "nuclear/parthenope3/t_p__a_g.csv",
    "nuclear/parthenope3/t_d__a_n.csv",
    "nuclear/parthenope3/t_a__Li7_g.csv",
    "nuclear/parthenope3/He3_n__t_p.csv",
    "nuclear/parthenope3/He3_d__a_p.csv",
    "nuclear/parthenope3/He3_a__Be7_g.csv",
    "nuclear/parthenope3/Be7_n__Li7_p.csv",
    "nuclear/parthenope3/Li7_p__a_a.csv",
    "nuclear/nacre2_yof/n_p__d_g.csv",
    "nuclear/nacre2_yof/d_p__He3_g.csv",
    "nuclear/nacre2_yof/d_d__He3_n.csv",
    "nuclear/nacre2_yof/d_d__t_p.csv",
    "nuclear/nacre2_yof/t_p__a_g.csv",
    "nuclear/nacre2_yof/t_d__a_n.csv",
    "nuclear/nacre2_yof/t_a__Li7_g.csv",
    "nuclear/nacre2_yof/He3_n__t_p.csv",
    "nuclear/nacre2_yof/He3_d__a_p.csv",
    "nuclear/nacre2_yof/He3_a__Be7_g.csv",
    "nuclear/nacre2_yof/Be7_n__Li7_p.csv",
    "nuclear/nacre2_yof/Li7_p__a_a.csv",
};
enum { N_SHIPPED = sizeof SHIPPED / sizeof SHIPPED[0], VALUES_MAX = 2000 };

static void read_shipped(const char *name)
{
    char whole[2048];
    snprintf(whole, sizeof whole, "%s/params/data/%s", root(), name);
    nd_datafile_free(file);
    ASSERT_OK(nd_datafile_read(&file, whole, &error), error);
    cr_assert(nd_datafile_rows(file) <= VALUES_MAX, "%s: %d rows", name, nd_datafile_rows(file));
}

/* Energies of a shipped file, increasing, in keV. */
static const double *shipped_energies(const char *quantity)
{
    static double values[VALUES_MAX];
    ASSERT_OK(nd_datafile_energies(file, quantity, ND_KEV, 1, values, &error), error);
    return values;
}

static double column_sum(const char *column, int first, int n)
{
    static double values[VALUES_MAX];
    double sum = 0.0;
    ASSERT_OK(nd_datafile_numbers(file, column, 0.0, HUGE_VAL, values, &error), error);
    cr_assert(first + n <= nd_datafile_rows(file), "%s has too few rows", nd_datafile_path(file));
    for (int i = first; i < first + n; i++)
        sum += values[i];
    return sum;
}

Test(datafile, shipped_files_read)
{
    for (int i = 0; i < N_SHIPPED; i++)
        read_shipped(SHIPPED[i]);
}

/* What is shipped is in the list above, and the other way round (the test before this one). */
static int count_csv(const char *folder)
{
    int n = 0;
    DIR *directory = opendir(folder);
    cr_assert(directory != NULL, "cannot list %s", folder);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char name[3000];
        struct stat info;
        const size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        if (stat(name, &info) == 0 && S_ISDIR(info.st_mode))
            n += count_csv(name);
        else
            n += length > 4 && strcmp(entry->d_name + length - 4, ".csv") == 0;
    }
    closedir(directory);
    return n;
}

Test(datafile, all_shipped_files_are_tested)
{
    char folder[2048];
    snprintf(folder, sizeof folder, "%s/params/data", root());
    cr_assert_eq(count_csv(folder), N_SHIPPED, "%d CSV files, %d are tested", count_csv(folder),
                 (int)N_SHIPPED);
}

/* Every file starts with comments that name a paper or another source and where it was found. */
Test(datafile, shipped_files_name_their_source)
{
    static const char *const words[] = {"arXiv:",     "Phys. Rev.",         "tables of",
                                        "Bahcall",    "X-ray Data Booklet", "Nature ",
                                        "Nucl. Phys."};
    for (int i = 0; i < N_SHIPPED; i++) {
        char whole[2048], header[8192] = "", line[4096];
        snprintf(whole, sizeof whole, "%s/params/data/%s", root(), SHIPPED[i]);
        FILE *stream = fopen(whole, "r");
        cr_assert(stream != NULL, "cannot read %s", whole);
        while (fgets(line, sizeof line, stream) != NULL && line[0] == '#')
            snprintf(header + strlen(header), sizeof header - strlen(header), "%s", line);
        fclose(stream);
        int named = 0;
        for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
            named += strstr(header, words[k]) != NULL;
        cr_assert(named > 0, "%s: no paper in its header", SHIPPED[i]);
        cr_assert(strstr(header, "found") != NULL || strstr(header, "from ") != NULL,
                  "%s: where it was found is missing", SHIPPED[i]);
        cr_assert(strstr(header, "VERIFY") == NULL, "%s: not verified", SHIPPED[i]);
    }
}

/* Sums that the papers print, over 1 to 7 keV. */
Test(datafile, shipped_counts)
{
    read_shipped("experiments/xenon1t/binned.csv");
    ASSERT_NEAR(column_sum("e_lo_kev", 0, 1), 1.0, 0.0, "first edge of XENON1T");
    ASSERT_NEAR(column_sum("e_hi_kev", 5, 1), 7.0, 0.0, "sixth edge of XENON1T");
    ASSERT_NEAR(column_sum("counts", 0, 6), 285.0, 0.0, "counts of XENON1T");
    ASSERT_NEAR(column_sum("b0_counts", 0, 6), 231.58, 0.005, "background of XENON1T");
    read_shipped("experiments/xenonnt/binned.csv");
    ASSERT_NEAR(column_sum("counts", 0, 6), 65.0, 0.0, "counts of XENONnT");
    ASSERT_NEAR(column_sum("counts", 0, 29), 433.0, 0.0, "all counts of XENONnT");
    ASSERT_NEAR(column_sum("b0_counts", 0, 6), 72.3, 0.05, "background of XENONnT");
}

/* Bins touch and are 1 keV wide; efficiencies are in [0, 1] on increasing energies. */
Test(datafile, shipped_experiments)
{
    static const char *const folders[] = {"xenon1t", "xenonnt", "lz2022", "lz2024", "pandax4t"};
    for (int k = 0; k < 5; k++) {
        char name[128];
        double high[VALUES_MAX], values[VALUES_MAX];
        snprintf(name, sizeof name, "experiments/%s/binned.csv", folders[k]);
        read_shipped(name);
        ASSERT_OK(nd_datafile_energies(file, "e_hi", ND_KEV, 1, high, &error), error);
        const double *low = shipped_energies("e_lo");
        for (int i = 0; i < nd_datafile_rows(file); i++) {
            cr_assert(high[i] == low[i] + 1.0, "%s: bin %d is %g to %g", name, i, low[i], high[i]);
            cr_assert(i == 0 || low[i] == high[i - 1], "%s: a gap below bin %d", name, i);
        }
        ASSERT_OK(nd_datafile_numbers(file, "counts", 0.0, 1e6, values, &error), error);
        for (int i = 0; i < nd_datafile_rows(file); i++)
            cr_assert(values[i] == floor(values[i]), "%s: %g counts", name, values[i]);
        snprintf(name, sizeof name, "experiments/%s/efficiency.csv", folders[k]);
        read_shipped(name);
        shipped_energies("energy");
        const char *column = nd_datafile_has(file, "eff") ? "eff" : "eff_total";
        ASSERT_OK(nd_datafile_numbers(file, column, 0.0, 1.0, values, &error), error);
    }
}

/* Unit area, and the mean energies that the papers print. */
Test(datafile, shipped_spectra)
{
    static const struct {
        const char *name;
        double mean, tolerance; /* MeV, relative */
    } cases[] = {{"pp", 0.267, 0.002},  {"13N", 0.706, 0.002}, {"15O", 0.996, 0.002},
                 {"17F", 0.998, 0.002}, {"hep", 9.628, 0.002}, {"8B_bahcall96", 6.735, 0.002},
                 {"8B", 6.735, 0.01}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char name[64];
        double e[VALUES_MAX], shape[VALUES_MAX], area = 0.0, mean = 0.0;
        snprintf(name, sizeof name, "solar/spectrum_%s.csv", cases[k].name);
        read_shipped(name);
        ASSERT_OK(nd_datafile_energies(file, "e_nu", ND_MEV, 1, e, &error), error);
        ASSERT_OK(nd_datafile_numbers(file, "shape_per_mev", 0.0, 1e3, shape, &error), error);
        for (int i = 1; i < nd_datafile_rows(file); i++) {
            const double half = 0.5 * (e[i] - e[i - 1]);
            area += half * (shape[i] + shape[i - 1]);
            mean += half * (shape[i] * e[i] + shape[i - 1] * e[i - 1]);
        }
        ASSERT_NEAR(area, 1.0, 1e-5, "area of %s", name);
        ASSERT_CLOSE(mean / area, cases[k].mean, cases[k].tolerance, "mean energy of %s", name);
    }
}

/* 54 electrons, summed subshell by subshell in order of binding energy. */
Test(datafile, shipped_electrons)
{
    double n[VALUES_MAX], sums[VALUES_MAX], sum = 0.0;
    read_shipped("xenon/binding_energies.csv");
    shipped_energies("e_xdb");
    ASSERT_OK(nd_datafile_numbers(file, "n", 1.0, 6.0, n, &error), error);
    ASSERT_OK(nd_datafile_numbers(file, "n_cum", 1.0, 54.0, sums, &error), error);
    for (int i = 0; i < nd_datafile_rows(file); i++) {
        sum += n[i];
        cr_assert(sums[i] == sum, "row %d: %g electrons, the sum is %g", i, sums[i], sum);
    }
    cr_assert(sum == 54.0, "%g electrons", sum);
}
