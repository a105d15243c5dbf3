#include "nudipole/plot.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/nd_plot_XXXXXX";

static void setup(void)
{
    cr_assert(mkdtemp(directory) != NULL);
}

static char *path_of(const char *file)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    return path;
}

static void teardown(void)
{
    static const char *const files[] = {"rates.gp", "rates.dat", "rates.png", "rates.pdf",
                                        "curves.gp"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        unlink(path_of(files[i]));
    rmdir(directory);
}

static char *contents(const char *file)
{
    static char text[20000];
    FILE *f = fopen(path_of(file), "r");
    cr_assert(f != NULL, "%s is missing", path_of(file));
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

static void write_rates(void)
{
    FILE *f = fopen(path_of("rates.dat"), "w");
    cr_assert(f != NULL);
    fprintf(f, "# T_MeV T_nu_MeV H_MeV id up syn plasmon total id up syn plasmon total\n");
    for (double t = 0.05; t < 10.0; t *= 1.5)
        fprintf(f, "%g %g 1e-20 %g %g %g 0 nan 1 1 1 1 inf\n", t, t, 1.0 / t, t, 0.5 * t);
    fclose(f);
}

static long size_of(const char *file)
{
    struct stat s;
    return stat(path_of(file), &s) == 0 ? (long)s.st_size : -1L;
}

static int have_gnuplot(void)
{
    char paths[4096];
    snprintf(paths, sizeof paths, "%s", getenv("PATH") != NULL ? getenv("PATH") : "");
    for (char *p = strtok(paths, ":"); p != NULL; p = strtok(NULL, ":")) {
        char file[4200];
        snprintf(file, sizeof file, "%s/gnuplot", p);
        if (access(file, X_OK) == 0)
            return 1;
    }
    return 0;
}

TestSuite(plot, .init = setup, .fini = teardown);

Test(plot, writes_the_script_with_escaped_values)
{
    struct nd_error error = ND_ERROR_INIT;
    const struct nd_plot_variable variables[] = {{"caption", "it's \"quoted\" \\ `id`\nm_4"},
                                                 {"x_max", "5"}};
    cr_assert(nd_plot_write(directory, "rates", variables, 2, 0, &error) == ND_OK, "%s",
              error.message);
    const char *text = contents("rates.gp");
    cr_assert(strstr(text, "# drawn by nudipole; run `gnuplot rates.gp` in this folder\n") == text);
    cr_assert(strstr(text, "\ncaption = 'it''s \"quoted\" \\ `id` m_4'\n") != NULL);
    cr_assert(strstr(text, "\nx_max = '5'\n") != NULL);
    cr_assert(strstr(text, "set xlabel 'Photon temperature T [MeV]'") != NULL);
}

Test(plot, rejects_an_unknown_script_and_a_bad_variable)
{
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(nd_plot_write(directory, "nothing", NULL, 0, 0, &error) == ND_BAD_INPUT);
    cr_assert(strstr(error.message, "'nothing'") != NULL);
    cr_assert(strstr(error.message, " curves") != NULL && strstr(error.message, " rates") != NULL);

    struct nd_error other = ND_ERROR_INIT;
    const struct nd_plot_variable bad = {"a = 1; b", "2"};
    cr_assert(nd_plot_write(directory, "rates", &bad, 1, 0, &other) == ND_BAD_INPUT);
    cr_assert(size_of("rates.gp") < 0);
}

Test(plot, reports_a_missing_directory)
{
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(nd_plot_write(path_of("nowhere"), "rates", NULL, 0, 1, &error) == ND_IO_ERROR);
    cr_assert(strstr(error.message, "nowhere/rates.gp") != NULL);
}

Test(plot, draws_png_and_pdf)
{
    if (!have_gnuplot())
        cr_skip_test("gnuplot is not installed");
    struct nd_error error = ND_ERROR_INIT;
    const struct nd_plot_variable caption = {
        "caption", "it's \"m_4\" {a} `touch rates_was_run` @b # \\, long enough that it has to be "
                   "broken into a second line of the title above"};
    write_rates();
    cr_assert(nd_plot_write(directory, "rates", &caption, 1, 1, &error) == ND_OK, "%s",
              error.message);
    cr_assert(size_of("rates.png") > 1000);
    cr_assert(size_of("rates.pdf") > 1000);
    cr_assert(size_of("rates_was_run") < 0);
}

Test(plot, tells_what_gnuplot_said)
{
    if (!have_gnuplot())
        cr_skip_test("gnuplot is not installed");
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(nd_plot_write(directory, "curves", NULL, 0, 1, &error) == ND_IO_ERROR);
    cr_assert(strstr(error.message, "curves.dat") != NULL, "%s", error.message);
}

Test(plot, a_missing_gnuplot_leaves_the_script)
{
    struct nd_error error = ND_ERROR_INIT;
    cr_assert(setenv("PATH", "", 1) == 0);
    cr_assert(nd_plot_write(directory, "rates", NULL, 0, 1, &error) == ND_IO_ERROR);
    cr_assert(strstr(error.message, "install gnuplot") != NULL, "%s", error.message);
    cr_assert(strstr(error.message, "rates.gp") != NULL);
    cr_assert(size_of("rates.gp") > 1000);
}
