/* Plans of sweeps: grids, Sobol's sequence, random numbers, orders of work, and bad texts. */
#include "nudipole/sweep_plan.h"

#include <math.h>
#include <stdlib.h>

#include "support.h"

static struct nd_sweep_plan plan;
static struct nd_error error;

static void teardown(void)
{
    nd_sweep_plan_clear(&plan);
}

TestSuite(sweep_plan, .fini = teardown);

/* The items of a text, without blanks at their ends, as the reader of options makes them. */
static struct nd_text_list split(const char *text)
{
    struct nd_text_list list = {0};
    while (*text != '\0') {
        const size_t length = strcspn(text, ",");
        snprintf(list.values[list.n++], ND_TEXT_MAX, "%.*s", (int)length, text);
        text += length;
        text += strspn(text, ", ");
    }
    return list;
}

static enum nd_status create(const char *text, enum nd_sampling sampling, long samples,
                             unsigned long seed)
{
    const struct nd_text_list axes = split(text);
    nd_sweep_plan_clear(&plan);
    memset(&plan, 0x5a, sizeof plan); /* what create does not set would show */
    error = (struct nd_error)ND_ERROR_INIT;
    return nd_sweep_plan_create(&plan, &axes, sampling, samples, seed, &error);
}

static void make_grid(const char *text, long n_points)
{
    ASSERT_OK(create(text, ND_SAMPLING_GRID, 0, 0), error);
    cr_assert(plan.n_points == n_points, "'%s': %ld points", text, plan.n_points);
}

static void make_drawn(const char *text, enum nd_sampling sampling, long samples,
                       unsigned long seed)
{
    ASSERT_OK(create(text, sampling, samples, seed), error);
    cr_assert(plan.n_points == samples, "'%s': %ld points", text, plan.n_points);
}

static double number(long point, int axis)
{
    return nd_sweep_plan_number(&plan, point, axis);
}

static void assert_number(long point, int axis, double expected)
{
    cr_assert(number(point, axis) == expected, "point %ld, axis %d: %.17g instead of %.17g", point,
              axis, number(point, axis), expected);
}

static const char *assignment(long point, int axis)
{
    static char text[ND_SWEEP_ASSIGNMENT_MAX];
    ASSERT_OK(nd_sweep_plan_assignment(&plan, point, axis, text, sizeof text, &error), error);
    return text;
}

/* ---- grids ------------------------------------------------------------------------------ */

Test(sweep_plan, last_axis_of_a_grid_runs_fastest)
{
    static const double masses[] = {50, 75, 100}, temperatures[] = {2, 5};
    static const char *const words[] = {"sudden", "field"};
    make_grid("m4_keV lin 50 100 3, T_RH_MeV list 2 5, reheating list sudden field", 12);
    cr_assert(plan.n_axes == 3 && plan.axes[2].is_text && !plan.axes[1].is_text, "kinds");
    for (int i = 0, p = 0; i < 3; i++)
        for (int j = 0; j < 2; j++)
            for (int k = 0; k < 2; k++, p++) {
                assert_number(p, 0, masses[i]);
                assert_number(p, 1, temperatures[j]);
                cr_assert(isnan(number(p, 2)), "a word is no number");
                cr_assert_str_eq(nd_sweep_plan_word(&plan, p, 2), words[k]);
                cr_assert(nd_sweep_plan_word(&plan, p, 1) == NULL, "a number is no word");
            }
}

Test(sweep_plan, axes_are_found_by_their_keys)
{
    make_grid("m4_keV lin 50 100 3, d_muB log 1e-10 1e-8 2", 6);
    cr_assert(nd_sweep_plan_axis(&plan, "m4_keV") == 0);
    cr_assert(nd_sweep_plan_axis(&plan, "d_muB") == 1);
    cr_assert(nd_sweep_plan_axis(&plan, "d_mu") == -1);
    cr_assert(nd_sweep_plan_axis(&plan, "") == -1);
}

Test(sweep_plan, values_of_a_list_are_taken_as_they_are)
{
    static const double values[] = {5, -2e-3, 0.1, 5, 1e300};
    make_grid("x list 5 -2e-3 .1 +5. 1E300", 5);
    for (int i = 0; i < 5; i++)
        assert_number(i, 0, values[i]);
}

Test(sweep_plan, even_spacing_keeps_whole_numbers_and_ends)
{
    make_grid("x lin -3 95 99", 99);
    for (int i = 0; i < 99; i++)
        assert_number(i, 0, i - 3);
    make_grid("x lin 0.1 0.7 7", 7);
    assert_number(0, 0, 0.1);
    assert_number(6, 0, 0.7);
    for (int i = 1; i < 6; i++)
        ASSERT_CLOSE(number(i, 0), 0.1 * (i + 1), 4e-16, "value %d", i);
}

Test(sweep_plan, logarithmic_spacing_keeps_ends)
{
    make_grid("x log 1e-11 3e-7 50", 50);
    assert_number(0, 0, 1e-11);
    assert_number(49, 0, 3e-7);
    for (int i = 0; i < 50; i++)
        ASSERT_CLOSE(number(i, 0), exp(log(1e-11) + i * (log(3e-7) - log(1e-11)) / 49), 1e-14,
                     "value %d", i);
}

/* Between neighbouring doubles the rounded HIGH / LOW leads to the one after HIGH. */
Test(sweep_plan, values_stay_in_the_range)
{
    static const char *const texts[] = {"x lin 1.75 1.7500000000000002 1000",
                                        "x log 1.75 1.7500000000000002 1000"};
    for (int t = 0; t < 2; t++) {
        make_grid(texts[t], 1000);
        for (int i = 0; i < 1000; i++)
            cr_assert(number(i, 0) >= 1.75 && number(i, 0) <= 1.7500000000000002, "value %d", i);
    }
    make_drawn("x log 1.75 1.7500000000000002, y lin 1.75 1.7500000000000002", ND_SAMPLING_RANDOM,
               1000, 1);
    for (int i = 0; i < 2000; i++)
        cr_assert(number(i / 2, i % 2) >= 1.75 && number(i / 2, i % 2) <= 1.7500000000000002);
}

Test(sweep_plan, one_value_is_the_low_end)
{
    static const char *const texts[] = {"x lin 2 2 1", "x lin 2 3 1", "x log 2 2 1", "x log 2 3 1",
                                        "x list 2"};
    for (int t = 0; t < 5; t++) {
        make_grid(texts[t], 1);
        assert_number(0, 0, 2.0);
    }
}

Test(sweep_plan, blanks_do_not_matter)
{
    make_grid("  x\tlin   1 \t 3  3\t", 3);
    cr_assert_str_eq(plan.axes[0].key, "x");
    assert_number(1, 0, 2.0);
}

Test(sweep_plan, as_many_axes_and_fields_as_fit)
{
    char text[ND_TEXT_MAX] = "a list";
    make_grid("a list 1 2, b list 1 2, c list 1 2, d list 1 2, e list 1 2, f list 1 2, g list 1 2, "
              "h list 1 2",
              256);
    for (int p = 0; p < 256; p++)
        for (int a = 0; a < 8; a++)
            assert_number(p, a, 1 + (p >> (7 - a) & 1));
    while (strlen(text) + 2 < sizeof text)
        strcat(text, " 7");
    make_grid(text, 124);
    assert_number(123, 0, 7.0);
}

/* Nothing is stored by point: this would take gigabytes. */
Test(sweep_plan, the_largest_grids_cost_nothing)
{
    make_grid("a lin 0 99999 100000, b log 1 10 10000", 1000000000);
    assert_number(999999999, 0, 99999);
    assert_number(999999999, 1, 10);
    assert_number(123450000, 0, 12345);
    assert_number(123450000, 1, 1);
    cr_assert(plan.axes[0].values == NULL && plan.axes[1].values == NULL, "values are stored");
    make_grid("a lin 1 100000000 100000000", 100000000);
    assert_number(99999998, 0, 99999999);
}

/* ---- Sobol's sequence ------------------------------------------------------------------- */

#define EIGHT_UNITS                                                                                \
    "a lin 0 1, b lin 0 1, c lin 0 1, d lin 0 1, e lin 0 1, f lin 0 1, g lin 0 1, h lin 0 1"

Test(sweep_plan, sobol_begins_as_it_should)
{
    static const double first[7][2] = {{0.5, 0.5},     {0.75, 0.25},   {0.25, 0.75},
                                       {0.375, 0.375}, {0.875, 0.875}, {0.625, 0.125},
                                       {0.125, 0.625}};
    make_drawn("a lin 0 1, b lin 0 1", ND_SAMPLING_SOBOL, 7, 0);
    for (int p = 0; p < 7; p++)
        for (int a = 0; a < 2; a++)
            assert_number(p, a, first[p][a]);
}

/* Of the first 1024 elements, of which ours leaves out (0, 0), each of 32 x 32 boxes has one. */
Test(sweep_plan, sobol_fills_boxes_evenly)
{
    int counts[32][32] = {{0}};
    double sum = 0.0;
    make_drawn("a lin 0 1, b lin 0 1", ND_SAMPLING_SOBOL, 1023, 0);
    for (int p = 0; p < 1023; p++) {
        counts[(int)(32 * number(p, 0))][(int)(32 * number(p, 1))]++;
        sum += number(p, 0);
    }
    cr_assert(sum / 1023 == 0.5, "mean %.17g", sum / 1023);
    for (int i = 0; i < 1024; i++)
        cr_assert(counts[i / 32][i % 32] == (i > 0), "box %d, %d", i / 32, i % 32);
}

Test(sweep_plan, draws_fill_their_ranges)
{
    make_drawn("a lin -2 6, b log 1e-10 1e-6", ND_SAMPLING_SOBOL, 3, 0);
    assert_number(0, 0, 2.0);
    assert_number(1, 0, 4.0);
    ASSERT_CLOSE(number(0, 1), 1e-8, 1e-14, "middle");
    ASSERT_CLOSE(number(1, 1), 1e-9, 1e-14, "a quarter");
    make_drawn("a lin 0 1, b lin -2 6, c log 1e-10 1e-6", ND_SAMPLING_RANDOM, 10000, 5);
    for (int p = 0; p < 10000; p++)
        cr_assert(number(p, 0) > 0.0 && number(p, 0) < 1.0 && number(p, 1) > -2.0 &&
                      number(p, 1) < 6.0 && number(p, 2) > 1e-10 && number(p, 2) < 1e-6,
                  "point %d", p);
}

/* ---- random numbers --------------------------------------------------------------------- */

/* The 10000th number of mt19937 from its usual seed (ISO C++ 2011, 26.5.5). */
Test(sweep_plan, random_numbers_are_the_known_ones)
{
    make_drawn("a lin 0 1", ND_SAMPLING_RANDOM, 10000, 5489);
    assert_number(9999, 0, 4123659995.0 / 4294967296.0);
    make_drawn("a lin 0 1, b lin 0 1", ND_SAMPLING_RANDOM, 5000, 5489);
    assert_number(4999, 1, 4123659995.0 / 4294967296.0);
}

/* A range keeps its draws whatever stands before or after it in time; the seed changes them. */
Test(sweep_plan, random_numbers_can_be_had_in_any_order)
{
    enum { N = 1000 };
    static double first[N][2];
    int same = 0;
    make_drawn("a lin 0 1, b lin 0 1", ND_SAMPLING_RANDOM, N, 3);
    for (int p = 0; p < N; p++)
        for (int a = 0; a < 2; a++)
            first[p][a] = number(p, a);
    make_drawn("a lin 0 1, b lin 0 1", ND_SAMPLING_RANDOM, 10 * N, 3);
    for (int p = N - 1; p >= 0; p--)
        for (int a = 1; a >= 0; a--)
            assert_number(p, a, first[p][a]);
    make_drawn("a lin 0 1, b lin 0 1", ND_SAMPLING_RANDOM, N, 4);
    for (int p = 0; p < N; p++)
        same += number(p, 0) == first[p][0];
    cr_assert(same == 0, "%d draws do not depend on the seed", same);
}

/* Mean 1/2 and variance 1/12 within four standard errors. */
Test(sweep_plan, random_numbers_are_uniform)
{
    enum { N = 200000 };
    make_drawn(EIGHT_UNITS, ND_SAMPLING_RANDOM, N, 1);
    for (int a = 0; a < 8; a++) {
        double sum = 0.0, squares = 0.0;
        for (int p = 0; p < N; p++) {
            const double x = number(p, a) - 0.5;
            sum += x;
            squares += x * x;
        }
        ASSERT_NEAR(sum / N, 0.0, 4 * sqrt(1.0 / 12 / N), "mean of axis %d", a);
        ASSERT_NEAR(squares / N, 1.0 / 12, 4 * sqrt(1.0 / 180 / N), "variance of axis %d", a);
    }
}

/* Correlation of two numbers, as standard errors off 0. */
static double correlation(long n, long shift, int axis, int other)
{
    double sum = 0.0;
    for (long p = 0; p < n; p++)
        sum += (number(p, axis) - 0.5) * (number(p + shift, other) - 0.5);
    return sum * 12 / sqrt((double)n);
}

Test(sweep_plan, random_numbers_are_independent)
{
    make_drawn(EIGHT_UNITS, ND_SAMPLING_RANDOM, 100000, 1);
    for (int a = 0; a < 8; a++)
        for (int b = 0; b < 8; b++) {
            if (a != b)
                ASSERT_NEAR(correlation(20000, 0, a, b), 0.0, 4.0, "axes %d and %d", a, b);
            ASSERT_NEAR(correlation(20000, 1, a, b), 0.0, 4.0, "axes %d, then %d", a, b);
        }
}

/* Chi squared of 100 boxes: 99 +- 14. */
Test(sweep_plan, random_pairs_fill_boxes)
{
    enum { N = 100000 };
    int counts[100] = {0};
    double chi2 = 0.0;
    make_drawn("a lin 0 10, b lin 0 10", ND_SAMPLING_RANDOM, N, 7);
    for (int p = 0; p < N; p++)
        counts[10 * (int)number(p, 0) + (int)number(p, 1)]++;
    for (int i = 0; i < 100; i++)
        chi2 += pow(counts[i] - N / 100, 2) / (N / 100);
    ASSERT_NEAR(chi2, 99.0, 56.0, "chi squared");
}

/* ---- assignments ------------------------------------------------------------------------ */

Test(sweep_plan, assignments_read_back_to_the_same_double)
{
    make_drawn("m4_keV lin 50 2000, d_muB log 1e-12 1e-7", ND_SAMPLING_RANDOM, 2000, 9);
    for (int p = 0; p < 2000; p++) {
        cr_assert(strncmp(assignment(p, 0), "m4_keV=", 7) == 0, "%s", assignment(p, 0));
        assert_number(p, 0, strtod(assignment(p, 0) + 7, NULL));
        cr_assert(strncmp(assignment(p, 1), "d_muB=", 6) == 0, "%s", assignment(p, 1));
        assert_number(p, 1, strtod(assignment(p, 1) + 6, NULL));
    }
}

Test(sweep_plan, assignments_of_lists)
{
    make_grid("reheating list sudden field, T_RH_MeV list 2 0.1 1e-9", 6);
    cr_assert_str_eq(assignment(0, 0), "reheating=sudden");
    cr_assert_str_eq(assignment(3, 0), "reheating=field");
    cr_assert_str_eq(assignment(0, 1), "T_RH_MeV=2");
    cr_assert_str_eq(assignment(4, 1), "T_RH_MeV=0.10000000000000001");
    cr_assert_str_eq(assignment(5, 1), "T_RH_MeV=1.0000000000000001e-09");
}

/* A word is what no number is, and stays as it is. */
Test(sweep_plan, words_are_not_changed)
{
    static const char *const words[] = {"1e-9x", "0x10", "1,5", "../lz", "-", "2.0.1"};
    struct nd_text_list axes = {1, {"k list 1e-9x 0x10 1,5 ../lz - 2.0.1"}};
    ASSERT_OK(nd_sweep_plan_create(&plan, &axes, ND_SAMPLING_GRID, 0, 0, &error), error);
    cr_assert(plan.n_points == 6 && plan.axes[0].is_text);
    for (int p = 0; p < 6; p++) {
        cr_assert_str_eq(nd_sweep_plan_word(&plan, p, 0), words[p]);
        cr_assert_str_eq(assignment(p, 0) + 2, words[p]);
    }
}

Test(sweep_plan, longest_key_and_word_fit)
{
    char text[ND_TEXT_MAX], expected[ND_SWEEP_ASSIGNMENT_MAX];
    const char *const x = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    snprintf(text, sizeof text, "%s list %s", x, x);
    snprintf(expected, sizeof expected, "%s=%s", x, x);
    cr_assert(strlen(expected) == ND_SWEEP_ASSIGNMENT_MAX - 1);
    make_grid(text, 1);
    cr_assert_str_eq(assignment(0, 0), expected);
}

Test(sweep_plan, assignment_needs_room)
{
    char text[8];
    make_grid("a list 25 2500, b list 1 2", 4);
    ASSERT_OK(nd_sweep_plan_assignment(&plan, 2, 0, text, 7, &error), error);
    cr_assert_str_eq(text, "a=2500");
    ASSERT_ERROR(nd_sweep_plan_assignment(&plan, 2, 0, text, 6, &error), error, ND_BAD_INPUT,
                 "no room for the value of a at point 2: allowed is a text of 128 characters");
}

/* ---- order of work ---------------------------------------------------------------------- */

static void assert_order(const char *key, const long *expected)
{
    long order[16];
    ASSERT_OK(nd_sweep_plan_order(&plan, key, NULL, order, &error), error);
    for (long i = 0; i < plan.n_points; i++)
        cr_assert(order[i] == expected[i], "%s: %ld instead of %ld at %ld", key, order[i],
                  expected[i], i);
}

Test(sweep_plan, order_groups_equal_values)
{
    static const long by_a[] = {4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11};
    static const long by_b[] = {0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11};
    static const long by_c[] = {0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11};
    static const long by_number[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    make_grid("a list 5 -2 5, b lin 1 2 2, c list z a", 12);
    assert_order("a", by_a);
    assert_order("c", by_c);
    assert_order("d", by_number);
    make_grid("a lin 1 2 2, c list z a z, b log 1 2 2", 12);
    static const long words[] = {0, 1, 4, 5, 6, 7, 10, 11, 2, 3, 8, 9};
    assert_order("c", words);
    assert_order("a", by_number);
    assert_order("b", by_b);
}

Test(sweep_plan, order_of_draws_increases)
{
    enum { N = 20000 };
    static long order[N];
    static char seen[N];
    make_drawn("a lin 0 1, m4_keV log 50 2000", ND_SAMPLING_RANDOM, N, 2);
    ASSERT_OK(nd_sweep_plan_order(&plan, "m4_keV", NULL, order, &error), error);
    for (int i = 0; i < N; i++) {
        cr_assert(i == 0 || number(order[i - 1], 1) < number(order[i], 1), "at %d", i);
        cr_assert(seen[order[i]]++ == 0, "%ld twice", order[i]);
    }
}

/* Many equal ranks: the numbers within them increase. */
Test(sweep_plan, order_is_stable)
{
    enum { N = 30000 };
    static long order[N];
    make_grid("a lin 1 100 100, m4_keV list 3 1 2, b lin 1 100 100", N);
    ASSERT_OK(nd_sweep_plan_order(&plan, "m4_keV", NULL, order, &error), error);
    for (int i = 1; i < N; i++) {
        const double before = number(order[i - 1], 1), now = number(order[i], 1);
        cr_assert(before < now || (before == now && order[i - 1] < order[i]), "at %d", i);
    }
}

/* ---- words before the axes --------------------------------------------------------------- */

static const char *const LEADING[] = {"b8", "10", "a name"}; /* numbers and blanks are words, too */

static void lead(void)
{
    ASSERT_OK(nd_sweep_plan_lead(&plan, "point", LEADING, 3, &error), error);
    cr_assert(plan.n_leading == 1 && nd_sweep_plan_axis(&plan, "point") == 0);
}

Test(sweep_plan, words_lead_a_grid)
{
    make_grid("a list 5 7, c list z y x", 6);
    lead();
    cr_assert(plan.n_points == 18 && plan.n_axes == 3);
    for (long p = 0; p < 18; p++) {
        cr_assert_str_eq(nd_sweep_plan_word(&plan, p, 0), LEADING[p / 6]);
        cr_assert(isnan(number(p, 0)));
        assert_number(p, 1, p % 6 < 3 ? 5.0 : 7.0);
        cr_assert(*nd_sweep_plan_word(&plan, p, 2) == 'z' - p % 3);
    }
}

/* Every word goes with the same draws, and these are the draws without words. */
Test(sweep_plan, words_lead_draws)
{
    enum { N = 7 };
    double a[N], b[N];
    for (int random = 0; random < 2; random++) {
        make_drawn("a lin 0 1, b log 1 10", random ? ND_SAMPLING_RANDOM : ND_SAMPLING_SOBOL, N, 3);
        for (int p = 0; p < N; p++) {
            a[p] = number(p, 0);
            b[p] = number(p, 1);
        }
        lead();
        cr_assert(plan.n_points == 3 * N);
        for (long p = 0; p < 3 * N; p++) {
            cr_assert_str_eq(nd_sweep_plan_word(&plan, p, 0), LEADING[p / N]);
            cr_assert(number(p, 1) == a[p % N] && number(p, 2) == b[p % N], "at %ld", p);
        }
    }
}

Test(sweep_plan, words_are_ordered_by_ranks)
{
    static const double ranks[] = {600.0, 100.0, 100.0};
    static const long expected[] = {2, 3, 4, 5, 0, 1}, by_place[] = {0, 1, 2, 3, 4, 5};
    long order[6];
    make_grid("a list 5 7", 2);
    lead();
    ASSERT_OK(nd_sweep_plan_order(&plan, "point", ranks, order, &error), error);
    for (int i = 0; i < 6; i++)
        cr_assert(order[i] == expected[i], "%ld at %d", order[i], i);
    assert_order("point", by_place);
}

static void assert_cannot_lead(const char *key, const char *const *words, int n,
                               const char *message)
{
    const struct nd_sweep_plan before = plan;
    struct nd_error e = ND_ERROR_INIT;
    ASSERT_ERROR(nd_sweep_plan_lead(&plan, key, words, n, &e), e, ND_BAD_INPUT, message);
    cr_assert(memcmp(&before, &plan, sizeof plan) == 0, "%s: the plan has changed", message);
}

Test(sweep_plan, what_cannot_lead)
{
    const char *const twice[] = {"b8", "pp", "pp", "b8"}, *const apart[] = {"b8", "pp", "b8"},
                      *const empty[] = {""};
    char word[ND_SWEEP_WORD_MAX + 1];
    const char *const one[] = {word};
    memset(word, 'x', sizeof word);
    word[ND_SWEEP_WORD_MAX] = '\0';
    make_grid("a list 5 7", 2);
    assert_cannot_lead("point", twice, 4,
                       "axis 'point': 'pp' occurs twice: allowed are different names");
    assert_cannot_lead("point", apart, 3, "'b8' occurs twice");
    assert_cannot_lead("point", empty, 1,
                       "axis 'point': '' is empty or too long: allowed is 1 to 63 characters");
    assert_cannot_lead("point", one, 1, "is empty or too long");
    assert_cannot_lead("a", LEADING, 3, "'a' has an axis already");
    assert_cannot_lead("point", LEADING, 0,
                       "no points, or too many, 0: allowed is 1 to 1000000000");
    word[ND_SWEEP_WORD_MAX - 1] = '\0';
    ASSERT_OK(nd_sweep_plan_lead(&plan, "point", one, 1, &error), error);
    cr_assert_str_eq(nd_sweep_plan_word(&plan, 0, 0), word);
    make_grid("a lin 0 1 1000000000", ND_SWEEP_POINTS_MAX);
    assert_cannot_lead("point", LEADING, 2, "too many, 2e+09");
    make_grid("a list 1, b list 1, c list 1, d list 1, e list 1, f list 1, g list 1, h list 1", 1);
    assert_cannot_lead("point", LEADING, 2, "one axis too many: allowed is at most 8");
}

/* ---- bad texts -------------------------------------------------------------------------- */

#define GRID_AXES  "KEY list V1 V2 ..., KEY lin LOW HIGH N or KEY log LOW HIGH N"
#define DRAWN_AXES "KEY lin LOW HIGH or KEY log LOW HIGH (N and list are for grids)"

/* The last item is the one at fault; the message goes on with `what` after naming it. */
static void assert_bad(enum nd_sampling sampling, const char *text, const char *what)
{
    char message[sizeof error.message];
    const struct nd_text_list axes = split(text);
    snprintf(message, sizeof message, "axis '%s': %s", axes.values[axes.n - 1], what);
    ASSERT_ERROR(create(text, sampling, 10, 0), error, ND_BAD_INPUT, "");
    cr_assert_str_eq(error.message, message);
    cr_assert(plan.n_axes == 0 && plan.n_points == 0 && plan.axes[0].values == NULL &&
                  plan.axes[0].words == NULL,
              "'%s': the plan is not cleared", text);
    cr_assert(nd_sweep_plan_create(&plan, &axes, sampling, 10, 0, NULL) == ND_BAD_INPUT);
}

static void assert_bad_grid(const char *text, const char *what)
{
    assert_bad(ND_SAMPLING_GRID, text, what);
}

Test(sweep_plan, kinds_and_fields)
{
    struct nd_text_list blank = {1, {" "}};
    ASSERT_ERROR(nd_sweep_plan_create(&plan, &blank, ND_SAMPLING_GRID, 0, 0, &error), error,
                 ND_BAD_INPUT, "axis ' ': it says nothing about values");
    assert_bad_grid("m4_keV", "it says nothing about values: allowed is " GRID_AXES);
    assert_bad_grid("x list 1, m4_keV loga 1 2 3", "'loga' is unknown: allowed is " GRID_AXES);
    assert_bad_grid("m4_keV 1 2 3", "'1' is unknown: allowed is " GRID_AXES);
    assert_bad_grid("m4_keV list", "the list is empty: allowed is " GRID_AXES);
    assert_bad_grid("m4_keV log 50 2000",
                    "fields after 'log': 2 instead of 3: allowed is " GRID_AXES);
    assert_bad_grid("m4_keV lin 50 2000 3 4",
                    "fields after 'lin': 4 instead of 3: allowed is " GRID_AXES);
    assert_bad_grid("m4_keV lin", "fields after 'lin': 0 instead of 3: allowed is " GRID_AXES);
    assert_bad_grid("x=1 list 1", "a key has no '=': allowed is " GRID_AXES);
}

Test(sweep_plan, kinds_and_fields_of_draws)
{
    for (int s = ND_SAMPLING_SOBOL; s <= ND_SAMPLING_RANDOM; s++) {
        assert_bad(s, "m4_keV", "it says nothing about values: allowed is " DRAWN_AXES);
        assert_bad(s, "m4_keV list 1 2", "a list cannot be drawn from: allowed is " DRAWN_AXES);
        assert_bad(s, "m4_keV lin 1 2 3",
                   "fields after 'lin': 3 instead of 2: allowed is " DRAWN_AXES);
        assert_bad(s, "m4_keV log 1", "fields after 'log': 1 instead of 2: allowed is " DRAWN_AXES);
        assert_bad(s, "m4_keV range 1 2", "'range' is unknown: allowed is " DRAWN_AXES);
        assert_bad(s, "m4_keV lin 2 1", "LOW = 2, HIGH = 1: allowed is LOW < HIGH");
        assert_bad(s, "m4_keV lin 2 2", "LOW = 2, HIGH = 2: allowed is LOW < HIGH");
    }
}

Test(sweep_plan, numbers)
{
    assert_bad_grid("x lin 1e-9x 2 3", "'1e-9x' is not a number: allowed is a decimal number");
    assert_bad_grid("x lin 1 0x2 3", "'0x2' is not a number: allowed is a decimal number");
    assert_bad_grid("x lin 1 0X2 3", "'0X2' is not a number: allowed is a decimal number");
    assert_bad_grid("x lin 1 2 three", "'three' is not a number: allowed is a decimal number");
    assert_bad_grid("x lin -inf 2 3", "'-inf' is not finite: allowed is a finite number");
    assert_bad_grid("x lin 1 1e400 3", "'1e400' is not finite: allowed is a finite number");
    assert_bad_grid("x lin 1 2 nan", "'nan' is not finite: allowed is a finite number");
    assert_bad_grid("x list 1 nan", "'nan' is not finite: allowed is a finite number");
    assert_bad_grid("x list 1 2 1e-9x 3",
                    "'3' is a number and '1e-9x' is none: allowed is a list of numbers or a list "
                    "of words");
}

Test(sweep_plan, ranges)
{
    const char *const order = ": allowed is LOW < HIGH, or both equal with N = 1";
    char what[128];
    snprintf(what, sizeof what, "LOW = 3, HIGH = 2%s", order);
    assert_bad_grid("x lin 3 2 5", what);
    assert_bad_grid("x log 3 2 1", what);
    snprintf(what, sizeof what, "LOW = 2, HIGH = 2%s", order);
    assert_bad_grid("x lin 2 2 2", what);
    assert_bad_grid("x log 0 2 5", "LOW = 0: allowed with log is a number above 0");
    assert_bad_grid("x log -1 2 5", "LOW = -1: allowed with log is a number above 0");
    assert_bad_grid("x log 1e-200 1e200 5",
                    "the range is too wide: allowed is HIGH / LOW below 1e308");
    assert_bad_grid("x lin -1e300 1e300 5",
                    "the range is too wide: allowed is HIGH - LOW below 1e299");
}

Test(sweep_plan, counts)
{
    static const char *const counts[] = {"0", "-1", "2.5", "1000000001"};
    char text[64], what[128];
    for (int i = 0; i < 4; i++) {
        snprintf(text, sizeof text, "x lin 1 2 %s", counts[i]);
        snprintf(what, sizeof what, "N = %s: allowed is a whole number from 1 to 1000000000",
                 counts[i]);
        assert_bad_grid(text, what);
    }
    assert_bad_grid("x lin 1 2 100000, y log 1 2 100000",
                    "too many points with it, 1e+10: allowed is at most 1000000000");
    assert_bad_grid("x lin 1 2 1000000000, y list a b",
                    "too many points with it, 2e+09: allowed is at most 1000000000");
    assert_bad_grid("a list 1, b list 1, c list 1, d list 1, e list 1, f list 1, g list 1, "
                    "h list 1, i list 1",
                    "one axis too many: allowed is at most 8");
}

Test(sweep_plan, keys)
{
    char text[ND_TEXT_MAX], what[ND_TEXT_MAX];
    const char *const x = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    assert_bad_grid("m list 1, x lin 1 2 3, m lin 1 2 3",
                    "'m' has an axis already: allowed is one axis for a key");
    snprintf(what, sizeof what, "'%s' is too long: allowed is at most 63 characters", x);
    snprintf(text, sizeof text, "%s list 1", x);
    assert_bad_grid(text, what);
    snprintf(text, sizeof text, "key list a %s", x);
    assert_bad_grid(text, what);
}

Test(sweep_plan, no_axes_and_bad_samples)
{
    ASSERT_ERROR(create("", ND_SAMPLING_GRID, 0, 0), error, ND_BAD_INPUT, "");
    cr_assert_str_eq(error.message, "no axes: allowed is 1 to 8, each " GRID_AXES);
    static const long samples[] = {0, -1, ND_SWEEP_SAMPLES_MAX + 1};
    for (int i = 0; i < 3; i++) {
        char message[128];
        snprintf(message, sizeof message, "samples = %ld: out of range: allowed is 1 to 1000000",
                 samples[i]);
        ASSERT_ERROR(create("x lin 1 2", ND_SAMPLING_SOBOL, samples[i], 0), error, ND_BAD_INPUT,
                     "");
        cr_assert_str_eq(error.message, message);
        cr_assert(plan.n_axes == 0 && plan.n_points == 0, "the plan is not cleared");
    }
}
