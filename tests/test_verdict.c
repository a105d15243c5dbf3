/* Measured observables and the verdict: the numbers of the shipped file, every way for a file to be
 * wrong, pulls by hand, and sigmas against closed forms and GSL's inverse distributions. */
#include "nudipole/verdict.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <unistd.h>

#include "nudipole/constants.h"
#include "support.h"

static struct nd_error error;
static struct nd_observations seen;
static char top[4096]; /* folder of the files written here */
static char file[sizeof top + 64];

/* ---- files ------------------------------------------------------------------------------- */

static void setup(void)
{
    char name[] = "/tmp/nd_verdict_XXXXXX";
    cr_assert(mkdtemp(name) != NULL && realpath(name, top) != NULL, "no temporary folder");
    snprintf(file, sizeof file, "%s/observations.ini", top);
    error = (struct nd_error)ND_ERROR_INIT;
}

static void teardown(void)
{
    unlink(file);
    cr_assert(rmdir(top) == 0, "cannot remove %s", top);
}

TestSuite(observations, .init = setup, .fini = teardown);

static void write_bytes(const char *text, size_t size)
{
    FILE *stream = fopen(file, "w");
    cr_assert(stream != NULL && fwrite(text, 1, size, stream) == size && fclose(stream) == 0,
              "cannot write %s", file);
}

static void read_text(const char *text)
{
    error = (struct nd_error)ND_ERROR_INIT;
    write_bytes(text, strlen(text));
    ASSERT_OK(nd_observations_read(&seen, file, &error), error);
}

/* Fails unless the file there is refused with exactly "file:line: message"; no line if it is 0. */
static void assert_file_refused(int line, const char *message)
{
    char expected[sizeof file + 700], number[16] = "";
    if (line > 0)
        snprintf(number, sizeof number, ":%d", line);
    snprintf(expected, sizeof expected, "%s%s: %s", file, number, message);
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_observations_read(&seen, file, &error), error, ND_BAD_INPUT, "");
    cr_assert_str_eq(error.message, expected);
    cr_assert(*seen.file == '\0');
    for (int o = 0; o < ND_N_OBSERVABLES; o++)
        cr_assert(!seen.items[o].known && !seen.items[o].used, "%d is known after an error", o);
}

static void assert_refused(const char *text, int line, const char *message)
{
    write_bytes(text, strlen(text));
    assert_file_refused(line, message);
}

#define GOOD "value = 1e-5\nerror = 1e-6\nsource = me\n" /* for every section */

Test(observations, shipped_file)
{
    static const struct {
        double value, error;
        int used;
        const char *source, *date;
    } EXPECTED[ND_N_OBSERVABLES] = {
        {2.99, 0.17, 1, "Planck 2018 TT,TE,EE+lowE+lensing+BAO, arXiv:1807.06209", "2018-07"},
        {0.2458, 0.0013, 1, "LBT Y_p project, arXiv:2601.22238", "2026-01"},
        {2.527e-5, 0.030e-5, 1, "Cooke, Pettini, Steidel, arXiv:1710.11129", "2017-10"},
        {1.1e-5, 0.2e-5, 0, "Bania, Rood, Balser, Nature 415, 54 (2002)", "2002-01"},
        {1.6e-10, 0.3e-10, 0, "Sbordone et al. 2010, arXiv:1003.4510; PDG 2024, review of BBN",
         "2010-03"},
    };
    const char *root = getenv("ND_TEST_ROOT");
    char path[1024];
    snprintf(path, sizeof path, "%s/params/observations.ini", root != NULL ? root : ".");
    ASSERT_OK(nd_observations_read(&seen, path, &error), error);
    cr_assert_str_eq(seen.file, path);
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        const struct nd_observation *item = &seen.items[o];
        cr_assert(item->known == 1 && item->used == EXPECTED[o].used, "%d", o);
        cr_assert(item->value == EXPECTED[o].value && item->error == EXPECTED[o].error,
                  "%d: %g +- %g", o, item->value, item->error);
        cr_assert_str_eq(item->source, EXPECTED[o].source);
        cr_assert_str_eq(item->date, EXPECTED[o].date);
    }
}

Test(observations, words_and_labels)
{
    const char *words[] = {"N_eff", "Y_p", "D_H", "He3_H", "Li7_H"};
    const char *labels[] = {"N_eff", "Y_p", "D/H", "3He/H", "7Li/H"};
    const char *verdicts[] = {"allowed", "in tension", "excluded"};
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        cr_assert_str_eq(nd_observable_word((enum nd_observable)o), words[o]);
        cr_assert_str_eq(nd_observable_label((enum nd_observable)o), labels[o]);
    }
    for (int v = ND_ALLOWED; v <= ND_EXCLUDED; v++)
        cr_assert_str_eq(nd_verdict_word((enum nd_verdict_class)v), verdicts[v]);
}

Test(observations, what_may_be_left_out)
{
    read_text("# mine\n[D_H] ; a comment\n" GOOD
              "\n[Y_p]\nused = no\ndate = today ; indeed\n" GOOD);
    cr_assert_str_eq(seen.file, file);
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        const int known = o == ND_OBSERVABLE_D_H || o == ND_OBSERVABLE_Y_P;
        cr_assert(seen.items[o].known == known, "%d", o);
        cr_assert(seen.items[o].used == (o == ND_OBSERVABLE_D_H), "used if nothing is said: %d", o);
        if (known)
            cr_assert(seen.items[o].value == 1e-5 && seen.items[o].error == 1e-6);
    }
    cr_assert_str_eq(seen.items[ND_OBSERVABLE_D_H].date, "");
    cr_assert_str_eq(seen.items[ND_OBSERVABLE_Y_P].date, "today");
    cr_assert_str_eq(seen.items[ND_OBSERVABLE_Y_P].source, "me");
}

Test(observations, forms_of_a_file)
{
    read_text("\xEF\xBB\xBF[N_eff]\r\nvalue: 3\r\nerror = .1\r\nsource = x");
    cr_assert(seen.items[ND_OBSERVABLE_N_EFF].value == 3.0);
    cr_assert_str_eq(seen.items[ND_OBSERVABLE_N_EFF].source, "x", "without a newline at the end");
    read_text("  [N_eff]\n" GOOD);
    cr_assert(seen.items[ND_OBSERVABLE_N_EFF].used, "an indented section");
}

Test(observations, ranges_are_closed)
{
    read_text("[N_eff]\nvalue = 20\nerror = 20\nsource = x\n[Y_p]\nvalue = 1\nerror = 1\n"
              "source = x\n[D_H]\nvalue = 0\nerror = 1e-300\nsource = x\n");
    cr_assert(seen.items[ND_OBSERVABLE_N_EFF].value == 20.0);
    cr_assert(seen.items[ND_OBSERVABLE_D_H].error == 1e-300);
}

#define SECTIONS "allowed are N_eff, Y_p, D_H, He3_H and Li7_H"

Test(observations, wrong_sections)
{
    assert_refused("[N_eff]\n" GOOD "[Yp]\n" GOOD, 5, "[Yp]: unknown section: " SECTIONS);
    assert_refused("[n_eff]\n" GOOD, 1, "[n_eff]: unknown section: " SECTIONS);
    assert_refused("[N_eff]\n" GOOD "\n[D/H]\n", 6, "[D/H]: unknown section: " SECTIONS);
    assert_refused("  [Yp]\n" GOOD, 2, "[Yp]: unknown section: " SECTIONS);
    assert_refused("[]\n" GOOD, 1, "[]: unknown section: " SECTIONS);
    assert_refused("[D_H]\n" GOOD "[Y_p]\n" GOOD "[D_H]\ndate = x\n", 9,
                   "[D_H]: given twice: allowed is each section once");
    assert_refused("# mine\nvalue = 3\n[N_eff]\n" GOOD, 2,
                   "value = 3: before any section: " SECTIONS);
    assert_refused("mine = 3\n[N_eff]\n" GOOD, 1, "mine = 3: before any section: " SECTIONS);
}

Test(observations, wrong_keys)
{
    assert_refused("[N_eff]\n" GOOD "sigma = 3\n", 5,
                   "sigma = 3: unknown key: allowed are value, error, source, date and used");
    assert_refused("[N_eff]\n" GOOD "[D_H]\nValue = 3\n", 6,
                   "Value = 3: unknown key: allowed are value, error, source, date and used");
    assert_refused("[N_eff]\n" GOOD "value = 3\n", 5,
                   "value = 3: given twice: allowed is each key once");
    assert_refused("[N_eff]\n" GOOD "used = yes\nused = yes\n", 6,
                   "used = yes: given twice: allowed is each key once");
    assert_refused("[N_eff]\n" GOOD "    and you\n", 5,
                   "source = and you: an indented line continues the key above: allowed is each "
                   "key once, from the first column");
    assert_refused("[N_eff]\nerror = 1\nsource = x\n", 1,
                   "[N_eff]: value is missing: allowed is 0 to 20");
    assert_refused("[N_eff]\n" GOOD "[Y_p]\nvalue = 0.2\nsource = x\nused = no\n", 5,
                   "[Y_p]: error is missing: allowed is above 0, up to 1");
    assert_refused("[N_eff]\n" GOOD "[Li7_H]\nvalue = 0.2\nerror = 0.1\n", 5,
                   "[Li7_H]: source is missing: allowed is a text");
    assert_refused("\n[He3_H]\n[N_eff]\n" GOOD, 2, "[He3_H]: value is missing: allowed is 0 to 1");
}

static void assert_bad_value(const char *section, const char *line, const char *message)
{
    char text[1024];
    snprintf(text, sizeof text, "[%s]\n%s\n" GOOD, section, line);
    assert_refused(text, 2, message);
}

Test(observations, wrong_values)
{
    assert_bad_value("N_eff", "value =", "value = : the value is empty: allowed is 0 to 20");
    assert_bad_value("N_eff", "value = three", "value = three: not a number: allowed is 0 to 20");
    assert_bad_value("N_eff", "value = 3 +- 1",
                     "value = 3 +- 1: something follows the number: allowed is 0 to 20");
    assert_bad_value("N_eff", "value = nan",
                     "value = nan: not a finite number: allowed is 0 to 20");
    assert_bad_value("Y_p", "value = inf", "value = inf: not a finite number: allowed is 0 to 1");
    assert_bad_value("N_eff", "value = 20.01", "value = 20.01: out of range: allowed is 0 to 20");
    assert_bad_value("N_eff", "value = -0.01", "value = -0.01: out of range: allowed is 0 to 20");
    assert_bad_value("N_eff", "error = 0", "error = 0: out of range: allowed is above 0, up to 20");
    assert_bad_value("N_eff", "error = -1",
                     "error = -1: out of range: allowed is above 0, up to 20");
    assert_bad_value("N_eff", "error = inf",
                     "error = inf: not a finite number: allowed is above 0, up to 20");
    assert_bad_value("N_eff", "error = 21",
                     "error = 21: out of range: allowed is above 0, up to 20");
    assert_bad_value("N_eff", "source =", "source = : the value is empty: allowed is a text");
    assert_bad_value("N_eff", "date = # soon",
                     "date = # soon: a control character, or the start of a comment: allowed is a "
                     "text");
    assert_bad_value("N_eff", "used = 1", "used = 1: unknown word: allowed is no or yes");
    assert_bad_value("N_eff", "used = Yes", "used = Yes: unknown word: allowed is no or yes");
    for (int o = ND_OBSERVABLE_Y_P; o < ND_N_OBSERVABLES; o++) {
        const char *section = nd_observable_word((enum nd_observable)o);
        assert_bad_value(section, "value = 1.5", "value = 1.5: out of range: allowed is 0 to 1");
        assert_bad_value(section, "error = 1.5",
                         "error = 1.5: out of range: allowed is above 0, up to 1");
    }
}

Test(observations, nothing_used)
{
    const char *message = "no observable has used = yes: at least one is needed";
    assert_refused("", 0, message);
    assert_refused("# nothing\n", 0, message);
    assert_refused("[D_H]\n" GOOD "used = no\n[Y_p]\n" GOOD "used = no\n", 0, message);
}

Test(observations, no_ini_file)
{
    const char *syntax = "neither 'key = value' nor '[section]' nor a comment (# or ;)";
    char text[512];
    assert_refused("[N_eff]\n" GOOD "hello\n", 5, syntax);
    assert_refused("[N_eff\n" GOOD, 1, syntax);
    assert_refused("[N_eff]\nhello\nvalue = 21\n", 2, syntax);
    assert_refused("[N_eff]\nvalue = 21\nhello\n", 2,
                   "value = 21: out of range: allowed is 0 to 20");
    assert_refused("[N_eff]\nvalue = 21\nerror = 21\n[no]\n", 2,
                   "value = 21: out of range: allowed is 0 to 20");
    assert_refused("[no]\nvalue = 21\nhello\n", 1, "[no]: unknown section: " SECTIONS);
    snprintf(text, sizeof text, "[N_eff]\n" GOOD "# %0300d\n", 0);
    assert_refused(text, 5, "the line is too long: at most 198 characters");
    snprintf(text, sizeof text, "# %0196d\n[N_eff]\n" GOOD "# %0196d", 0, 0);
    read_text(text); /* 198 characters, the second without a newline */
    write_bytes("[N_eff]\nvalue = 3\0 4\n", 21);
    assert_file_refused(2, "a NUL character: a text file is needed");
}

static void assert_not_read(const char *path, const char *message)
{
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_observations_read(&seen, path, &error), error, ND_IO_ERROR, message);
}

Test(observations, no_file)
{
    char path[2000];
    read_text("[N_eff]\n" GOOD);
    snprintf(path, sizeof path, "%.500s/none.ini", top);
    assert_not_read(path, "/none.ini: cannot be read: No such file");
    cr_assert(!seen.items[ND_OBSERVABLE_N_EFF].known, "what was read before is gone");
    assert_not_read(top, ": is a directory: an observations.ini is needed");
    assert_not_read("/proc/self/mem", "/proc/self/mem: reading failed in line 0");
    snprintf(path, sizeof path, "%01023d", 0);
    assert_not_read(path, "cannot be read: ");
    snprintf(path, sizeof path, "%01024d", 0);
    assert_not_read(path, "the name is too long: at most 1023 characters");
}

static int next_descriptor(void)
{
    FILE *stream = fopen("/dev/null", "r");
    cr_assert(stream != NULL);
    const int number = fileno(stream);
    fclose(stream);
    return number;
}

Test(observations, files_are_closed)
{
    const int before = next_descriptor();
    read_text("[N_eff]\n" GOOD);
    assert_refused("[N_eff]\n" GOOD "[no]\n", 5, "[no]: unknown section: " SECTIONS);
    cr_assert(next_descriptor() == before);
}

/* ---- sigmas ------------------------------------------------------------------------------ */

static void verdict_setup(void)
{
    no_gsl_abort();
    error = (struct nd_error)ND_ERROR_INIT;
}

TestSuite(verdict, .init = verdict_setup);

Test(verdict, sigma_of_one_is_the_root)
{
    for (double chi2 = 1e-12; chi2 < 1e12; chi2 *= 7.0)
        cr_assert(nd_chi2_sigma(chi2, 1) == sqrt(chi2));
    for (int n = 1; n < 8; n++)
        cr_assert(nd_chi2_sigma(0.0, n) == 0.0);
}

Test(verdict, sigma_of_a_small_chi2)
{
    /* p = 1 - chi2^(n/2)/(2^(n/2) Gamma(n/2 + 1)), sigma = sqrt(pi/2) (1 - p) */
    for (int n = 2; n < 8; n++)
        for (double chi2 = 1e-30; chi2 < 1e-6; chi2 *= 1.3) {
            const double missing = pow(0.5 * chi2, 0.5 * n) / tgamma(0.5 * n + 1.0);
            const double sigma = nd_chi2_sigma(chi2, n);
            cr_assert(sigma >= 0.0, "sigma = %g, n = %d", sigma, n);
            ASSERT_NEAR(sigma, sqrt(0.5 * ND_PI) * missing, 1e-12, "chi2 = %g, n = %d", chi2, n);
        }
}

Test(verdict, sigma_against_inverse_distributions)
{
    /* p is of order 1e-8 and above: neither side of it is lost */
    for (int n = 1; n <= 8; n++)
        for (double sigma = 0.05; sigma < 5.5; sigma += 0.09) {
            const double p = 2.0 * gsl_cdf_ugaussian_Q(sigma);
            ASSERT_NEAR(nd_chi2_sigma(gsl_cdf_chisq_Qinv(p, n), n), sigma, 1e-10,
                        "%g sigma, n = %d", sigma, n);
        }
}

/* ln(2 Q(sigma)) by the continued fraction of Mills' ratio, from below */
static double log_two_sided(double sigma)
{
    double denominator = sigma;
    for (int k = 400; k > 0; k--)
        denominator = sigma + k / denominator;
    return 0.5 * log(2.0 / ND_PI) - 0.5 * sigma * sigma - log(denominator);
}

Test(verdict, sigma_where_p_underflows)
{
    /* n = 2: p = exp(-x); n = 4: p = (1 + x) exp(-x); n = 3: Q(1/2, x) + 2 sqrt(x/pi) exp(-x) */
    for (double chi2 = 20.0; chi2 < 1e9; chi2 *= 1.7) {
        const double x = 0.5 * chi2;
        const double one = log_two_sided(sqrt(chi2));
        const double log_p[] = {-x, log(2.0 * sqrt(x / ND_PI) + exp(one + x)) - x, log1p(x) - x};
        for (int n = 2; n <= 4; n++) {
            const double sigma = nd_chi2_sigma(chi2, n);
            cr_assert(sigma > 0.0 && sigma < nd_chi2_sigma(chi2, n - 1),
                      "chi2 = %g, n = %d: sigma = %g", chi2, n, sigma);
            ASSERT_CLOSE(log_two_sided(sigma), log_p[n - 2], 1e-13, "ln p(%g), n = %d", chi2, n);
        }
    }
    /* s^2/2 + ln(s sqrt(pi/2)) = chi^2/2 up to 1/s^2, with s = sqrt(chi2) in the logarithm */
    ASSERT_CLOSE(nd_chi2_sigma(1e5, 2), sqrt(1e5 - log(0.5e5 * ND_PI)), 1e-9, "chi^2 = 1e5");
    for (double chi2 = 1e18; chi2 < 1e300; chi2 *= 10.0)
        ASSERT_CLOSE(nd_chi2_sigma(chi2, 3), sqrt(chi2), 1e-14, "chi^2 = %g", chi2);
}

Test(verdict, sigma_is_smooth)
{
    /* second differences of sigma/sqrt(chi2) in ln chi^2: a step of 1e-6 would stand out */
    const double h = 1e-3, largest = 1.0;
    for (int n = 2; n <= 5; n++)
        for (double l = log(1e-3); l < log(1e10); l += h) {
            double sigma[3], ratio[3];
            for (int i = 0; i < 3; i++) {
                const double chi2 = exp(l + (i - 1) * h);
                sigma[i] = nd_chi2_sigma(chi2, n);
                ratio[i] = sigma[i] / sqrt(chi2);
            }
            cr_assert(sigma[0] < sigma[1] && sigma[1] < sigma[2], "not rising at %g", exp(l));
            const double bend = (ratio[2] - 2.0 * ratio[1] + ratio[0]) / (h * h);
            cr_assert(fabs(bend) < largest, "a step at %g, n = %d: %g", exp(l), n, bend);
        }
}

Test(verdict, sigma_out_of_range)
{
    cr_assert(isnan(nd_chi2_sigma(-1e-9, 2)) && isnan(nd_chi2_sigma(NAN, 2)));
    cr_assert(isnan(nd_chi2_sigma(1.0, 0)) && isnan(nd_chi2_sigma(1.0, -2)));
    cr_assert(isinf(nd_chi2_sigma(INFINITY, 3)));
}

/* ---- verdicts ---------------------------------------------------------------------------- */

/* Three in use, one for information, one unknown. */
static struct nd_observations three(void)
{
    struct nd_observations o = {.file = "here"};
    o.items[ND_OBSERVABLE_N_EFF] = (struct nd_observation){1, 1, 3.0, 0.3, "", ""};
    o.items[ND_OBSERVABLE_Y_P] = (struct nd_observation){1, 1, 0.25, 0.002, "", ""};
    o.items[ND_OBSERVABLE_D_H] = (struct nd_observation){1, 1, 2.5e-5, 0.04e-5, "", ""};
    o.items[ND_OBSERVABLE_LI7_H] = (struct nd_observation){1, 0, 1.6e-10, 0.4e-10, "", ""};
    return o;
}

/* Pulls 1.2 (errors 0.3, 0.4), -1.5, 2 (0.04, 0.03 of 1e-5); 10 of lithium. */
static const struct nd_prediction PREDICTION = {
    {3.6, 0.247, 2.6e-5, 7.7e-6, 5.6e-10},
    {0.4, 0.0, 0.03e-5, 1.0, 0.0},
};

Test(verdict, pulls_by_hand)
{
    const struct nd_observations o = three();
    const double pull[] = {1.2, -1.5, 2.0, NAN, 10.0};
    struct nd_verdict v;
    ASSERT_OK(nd_verdict_judge(&o, &PREDICTION, &v, &error), error);
    for (int i = 0; i < ND_N_OBSERVABLES; i++) {
        if (i == ND_OBSERVABLE_HE3_H) {
            cr_assert(isnan(v.pull[i]) && isnan(v.chi2[i]), "unknown");
            continue;
        }
        ASSERT_CLOSE(v.pull[i], pull[i], 1e-12, "pull %d", i);
        ASSERT_CLOSE(v.chi2[i], pull[i] * pull[i], 1e-12, "chi2 %d", i);
    }
    cr_assert(v.n_used == 3 && v.deciding == ND_OBSERVABLE_D_H);
    ASSERT_CLOSE(v.chi2_total, 1.44 + 2.25 + 4.0, 1e-12, "chi^2");
    ASSERT_CLOSE(v.sigma, gsl_cdf_ugaussian_Qinv(0.5 * gsl_cdf_chisq_Q(7.69, 3.0)), 1e-10, "sigma");
    cr_assert(v.verdict == ND_ALLOWED);
}

Test(verdict, what_is_not_used_does_not_enter)
{
    struct nd_observations o = three();
    struct nd_prediction p = PREDICTION;
    struct nd_verdict v, w;
    ASSERT_OK(nd_verdict_judge(&o, &PREDICTION, &v, &error), error);
    p.value[ND_OBSERVABLE_LI7_H] = p.value[ND_OBSERVABLE_HE3_H] = NAN;
    p.error[ND_OBSERVABLE_LI7_H] = p.error[ND_OBSERVABLE_HE3_H] = NAN;
    o.items[ND_OBSERVABLE_HE3_H].used = 1; /* not known: means nothing */
    ASSERT_OK(nd_verdict_judge(&o, &p, &w, &error), error);
    cr_assert(isnan(w.pull[ND_OBSERVABLE_LI7_H]) && isnan(w.chi2[ND_OBSERVABLE_LI7_H]));
    cr_assert(w.chi2_total == v.chi2_total && w.sigma == v.sigma && w.n_used == 3);
    cr_assert(w.deciding == v.deciding && w.verdict == v.verdict);
    o.items[ND_OBSERVABLE_D_H].used = 0;
    ASSERT_OK(nd_verdict_judge(&o, &p, &w, &error), error);
    cr_assert(w.n_used == 2 && w.deciding == ND_OBSERVABLE_Y_P);
    ASSERT_CLOSE(w.chi2_total, 1.44 + 2.25, 1e-12, "chi^2 without D/H");
    ASSERT_CLOSE(w.pull[ND_OBSERVABLE_D_H], 2.0, 1e-12, "its pull is there all the same");
}

Test(verdict, the_largest_decides)
{
    struct nd_observations o = three();
    struct nd_verdict v;
    o.items[ND_OBSERVABLE_LI7_H].used = 1;
    ASSERT_OK(nd_verdict_judge(&o, &PREDICTION, &v, &error), error);
    cr_assert(v.deciding == ND_OBSERVABLE_LI7_H);
    o.items[ND_OBSERVABLE_LI7_H].used = o.items[ND_OBSERVABLE_N_EFF].known = 0;
    ASSERT_OK(nd_verdict_judge(&o, &PREDICTION, &v, &error), error);
    cr_assert(v.deciding == ND_OBSERVABLE_D_H, "the first is not known");
    o.items[ND_OBSERVABLE_N_EFF] = (struct nd_observation){1, 0, 3.0, 0.001, "", ""};
    ASSERT_OK(nd_verdict_judge(&o, &PREDICTION, &v, &error), error);
    cr_assert(v.deciding == ND_OBSERVABLE_D_H, "the first is not used");
    for (int i = 0; i < ND_N_OBSERVABLES; i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            struct nd_prediction p = {{0.0}, {0.0}};
            for (int j = 0; j < ND_N_OBSERVABLES; j++) {
                o.items[j] = (struct nd_observation){1, 1, 0.5, 0.01, "", ""};
                p.value[j] = 0.5 + 0.01 * (j == i ? sign * 3.0 : 0.3 * j);
            }
            ASSERT_OK(nd_verdict_judge(&o, &p, &v, &error), error);
            cr_assert((int)v.deciding == i && v.n_used == ND_N_OBSERVABLES);
        }
}

/* The class of a prediction whose chi^2 is given, spread over n observables, for n = 1 to 5. */
static enum nd_verdict_class class_of(double chi2, int n)
{
    struct nd_observations o = {.file = "here"};
    struct nd_prediction p = {{0.0}, {0.0}};
    struct nd_verdict v;
    for (int i = 0; i < n; i++) {
        o.items[i] = (struct nd_observation){1, 1, 0.0, 1.0, "", ""};
        p.value[i] = sqrt(chi2 / n);
    }
    ASSERT_OK(nd_verdict_judge(&o, &p, &v, &error), error);
    return v.verdict;
}

Test(verdict, boundaries_of_the_classes)
{
    const double little = 1e-9;
    for (int n = 1; n <= ND_N_OBSERVABLES; n++) {
        const double two = gsl_cdf_chisq_Qinv(2.0 * gsl_cdf_ugaussian_Q(2.0), n);
        const double three_ = gsl_cdf_chisq_Qinv(2.0 * gsl_cdf_ugaussian_Q(3.0), n);
        cr_assert(class_of(0.0, n) == ND_ALLOWED);
        cr_assert(class_of(two * (1.0 - little), n) == ND_ALLOWED, "n = %d", n);
        cr_assert(class_of(two * (1.0 + little), n) == ND_IN_TENSION, "n = %d", n);
        cr_assert(class_of(three_ * (1.0 - little), n) == ND_IN_TENSION, "n = %d", n);
        cr_assert(class_of(three_ * (1.0 + little), n) == ND_EXCLUDED, "n = %d", n);
        cr_assert(class_of(1e5, n) == ND_EXCLUDED, "n = %d", n);
    }
    /* with one the boundaries are met exactly: both belong to the tension */
    cr_assert(class_of(4.0, 1) == ND_IN_TENSION && class_of(9.0, 1) == ND_IN_TENSION);
}

static void assert_bad(const struct nd_observations *o, const struct nd_prediction *p,
                       const char *message)
{
    struct nd_verdict v;
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_verdict_judge(o, p, &v, &error), error, ND_BAD_INPUT, message);
    cr_assert(isnan(v.sigma));
}

Test(verdict, bad_predictions)
{
    const struct nd_observations o = three();
    struct nd_prediction p = PREDICTION;
    p.value[ND_OBSERVABLE_D_H] = NAN;
    assert_bad(&o, &p, "prediction of D/H = nan: allowed is a finite number");
    p.value[ND_OBSERVABLE_D_H] = INFINITY;
    assert_bad(&o, &p, "prediction of D/H = inf: allowed is a finite number");
    p = PREDICTION;
    p.value[ND_OBSERVABLE_Y_P] = 1e200;
    assert_bad(&o, &p, "prediction of Y_p: so far off that chi^2 overflows");
    const char *allowed = "allowed is a finite number, 0 or more";
    const double bad[] = {-1e-9, NAN, INFINITY};
    for (int i = 0; i < 3; i++) {
        p = PREDICTION;
        p.error[ND_OBSERVABLE_Y_P] = bad[i];
        assert_bad(&o, &p, allowed);
        cr_assert(strstr(error.message, "error of the prediction of Y_p = ") == error.message);
    }
    p = PREDICTION;
    p.error[ND_OBSERVABLE_LI7_H] = -1.0; /* not used, wrong all the same */
    assert_bad(&o, &p, "error of the prediction of 7Li/H = -1");
}

Test(verdict, bad_measurements)
{
    struct nd_observations o = three();
    const double bad[] = {0.0, -1.0, NAN, INFINITY};
    for (int i = 0; i < 4; i++) {
        o.items[ND_OBSERVABLE_Y_P].error = bad[i];
        assert_bad(&o, &PREDICTION, "measurement of Y_p = 0.25 +- ");
    }
    o = three();
    o.items[ND_OBSERVABLE_Y_P].value = NAN;
    assert_bad(&o, &PREDICTION, "measurement of Y_p = nan +- 0.002: allowed are finite numbers");
    o = three();
    for (int i = 0; i < ND_N_OBSERVABLES; i++)
        o.items[i].used = 0;
    assert_bad(&o, &PREDICTION, "no observable is in use: at least one is needed");
}
