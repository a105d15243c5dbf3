/* Plans of sweeps from text, and the points of a plan: see nudipole/sweep_plan.h. */
#include "nudipole/sweep_plan.h"

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/grid.h"

enum { FIELDS_MAX = ND_TEXT_MAX / 2 }; /* each takes a character and a blank */

/* An axis as text. */
struct item {
    const char *text; /* whole, for messages */
    enum nd_sampling sampling;
    int n;
    char *fields[FIELDS_MAX]; /* in `copy` */
    char copy[ND_TEXT_MAX];
};

/* What an axis may be, for messages. */
#define GRID_AXES  "KEY list V1 V2 ..., KEY lin LOW HIGH N or KEY log LOW HIGH N"
#define DRAWN_AXES "KEY lin LOW HIGH or KEY log LOW HIGH"

static const char *allowed_axes(enum nd_sampling sampling)
{
    return sampling == ND_SAMPLING_GRID ? GRID_AXES : DRAWN_AXES " (N and list are for grids)";
}

__attribute__((format(printf, 3, 4))) static enum nd_status
fail(struct nd_error *error, const struct item *item, const char *format, ...)
{
    char what[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return nd_fail(error, ND_BAD_INPUT, "axis '%s': %s", item->text, what);
}

static enum nd_status out_of_memory(struct nd_error *error)
{
    return nd_fail(error, ND_NO_MEMORY, "no memory for the plan of a sweep");
}

/* Is the whole text a decimal number? An infinity is one, too. */
static int parse_number(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    return end != text && *end == '\0' && strpbrk(text, "xX") == NULL;
}

static enum nd_status read_number(const struct item *item, const char *text, double *number,
                                  struct nd_error *error)
{
    if (!parse_number(text, number))
        return fail(error, item, "'%s' is not a number: allowed is a decimal number", text);
    if (!isfinite(*number))
        return fail(error, item, "'%s' is not finite: allowed is a finite number", text);
    return ND_OK;
}

/* ---- axes from text --------------------------------------------------------------------- */

static void split(struct item *item, const char *text, enum nd_sampling sampling)
{
    char *rest = NULL;
    item->text = text;
    item->sampling = sampling;
    item->n = 0;
    snprintf(item->copy, sizeof item->copy, "%s", text);
    for (char *field = strtok_r(item->copy, " \t", &rest); field != NULL && item->n < FIELDS_MAX;
         field = strtok_r(NULL, " \t", &rest))
        item->fields[item->n++] = field;
}

static enum nd_status check_word(const struct item *item, const char *word, struct nd_error *error)
{
    if (strlen(word) >= ND_SWEEP_WORD_MAX)
        return fail(error, item, "'%s' is too long: allowed is at most %d characters", word,
                    ND_SWEEP_WORD_MAX - 1);
    return ND_OK;
}

static enum nd_status read_words(struct nd_sweep_axis *axis, const struct item *item,
                                 struct nd_error *error)
{
    enum nd_status status;
    axis->is_text = 1;
    axis->words = calloc((size_t)axis->n, sizeof *axis->words);
    if (axis->words == NULL)
        return out_of_memory(error);
    for (int i = 0; i < axis->n; i++) {
        if ((status = check_word(item, item->fields[i + 2], error)) != ND_OK)
            return status;
        snprintf(axis->words[i], sizeof axis->words[i], "%s", item->fields[i + 2]);
    }
    return ND_OK;
}

static enum nd_status read_numbers(struct nd_sweep_axis *axis, const struct item *item,
                                   struct nd_error *error)
{
    enum nd_status status;
    axis->values = calloc((size_t)axis->n, sizeof *axis->values);
    if (axis->values == NULL)
        return out_of_memory(error);
    for (int i = 0; i < axis->n; i++)
        if ((status = read_number(item, item->fields[i + 2], &axis->values[i], error)) != ND_OK)
            return status;
    return ND_OK;
}

static enum nd_status read_list(struct nd_sweep_axis *axis, const struct item *item,
                                struct nd_error *error)
{
    const char *word = NULL, *number = NULL;
    double value;
    if (item->sampling != ND_SAMPLING_GRID)
        return fail(error, item, "a list cannot be drawn from: allowed is %s",
                    allowed_axes(item->sampling));
    if (item->n < 3)
        return fail(error, item, "the list is empty: allowed is %s", allowed_axes(item->sampling));
    for (int i = 2; i < item->n; i++)
        *(parse_number(item->fields[i], &value) ? &number : &word) = item->fields[i];
    if (word != NULL && number != NULL)
        return fail(error, item,
                    "'%s' is a number and '%s' is none: allowed is a list of numbers or a list of "
                    "words",
                    number, word);
    axis->n = item->n - 2;
    return word == NULL ? read_numbers(axis, item, error) : read_words(axis, item, error);
}

static enum nd_status read_count(struct nd_sweep_axis *axis, const struct item *item,
                                 struct nd_error *error)
{
    double count;
    const enum nd_status status = read_number(item, item->fields[4], &count, error);
    if (status != ND_OK)
        return status;
    if (count < 1.0 || count > ND_SWEEP_POINTS_MAX || count != floor(count))
        return fail(error, item, "N = %s: allowed is a whole number from 1 to %d", item->fields[4],
                    ND_SWEEP_POINTS_MAX);
    axis->n = (int)count;
    return ND_OK;
}

static enum nd_status check_range(const struct nd_sweep_axis *axis, const struct item *item,
                                  struct nd_error *error)
{
    if (axis->logarithmic && axis->low <= 0.0)
        return fail(error, item, "LOW = %s: allowed with log is a number above 0", item->fields[2]);
    if (axis->low > axis->high || (axis->low == axis->high && axis->n != 1))
        return fail(error, item, "LOW = %s, HIGH = %s: allowed is LOW < HIGH%s", item->fields[2],
                    item->fields[3],
                    item->sampling == ND_SAMPLING_GRID ? ", or both equal with N = 1" : "");
    if (axis->logarithmic && !isfinite(axis->high / axis->low))
        return fail(error, item, "the range is too wide: allowed is HIGH / LOW below 1e308");
    if (!isfinite((axis->high - axis->low) * ND_SWEEP_POINTS_MAX))
        return fail(error, item, "the range is too wide: allowed is HIGH - LOW below 1e299");
    return ND_OK;
}

static enum nd_status read_range(struct nd_sweep_axis *axis, const struct item *item,
                                 struct nd_error *error)
{
    const int wanted = item->sampling == ND_SAMPLING_GRID ? 5 : 4;
    enum nd_status status;
    if (item->n != wanted)
        return fail(error, item, "fields after '%s': %d instead of %d: allowed is %s",
                    item->fields[1], item->n - 2, wanted - 2, allowed_axes(item->sampling));
    axis->logarithmic = strcmp(item->fields[1], "log") == 0;
    if ((status = read_number(item, item->fields[2], &axis->low, error)) != ND_OK ||
        (status = read_number(item, item->fields[3], &axis->high, error)) != ND_OK)
        return status;
    if (item->sampling == ND_SAMPLING_GRID && (status = read_count(axis, item, error)) != ND_OK)
        return status;
    return check_range(axis, item, error);
}

/* Its key, which no earlier axis has. */
static enum nd_status read_key(const struct nd_sweep_plan *plan, struct nd_sweep_axis *axis,
                               const struct item *item, struct nd_error *error)
{
    if (item->n < 2)
        return fail(error, item, "it says nothing about values: allowed is %s",
                    allowed_axes(item->sampling));
    const char *key = item->fields[0];
    const enum nd_status status = check_word(item, key, error);
    if (status != ND_OK)
        return status;
    if (strchr(key, '=') != NULL)
        return fail(error, item, "a key has no '=': allowed is %s", allowed_axes(item->sampling));
    if (nd_sweep_plan_axis(plan, key) >= 0)
        return fail(error, item, "'%s' has an axis already: allowed is one axis for a key", key);
    snprintf(axis->key, sizeof axis->key, "%s", key);
    return ND_OK;
}

static enum nd_status read_axis(const struct nd_sweep_plan *plan, struct nd_sweep_axis *axis,
                                const struct item *item, struct nd_error *error)
{
    const enum nd_status status = read_key(plan, axis, item, error);
    if (status != ND_OK)
        return status;
    const char *kind = item->fields[1];
    if (strcmp(kind, "list") == 0)
        return read_list(axis, item, error);
    if (strcmp(kind, "lin") == 0 || strcmp(kind, "log") == 0)
        return read_range(axis, item, error);
    return fail(error, item, "'%s' is unknown: allowed is %s", kind, allowed_axes(item->sampling));
}

/* ---- draws ------------------------------------------------------------------------------ */

static enum nd_status draw_sobol(struct nd_sweep_plan *plan, struct nd_error *error)
{
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)plan->n_axes);
    if (sequence == NULL)
        return out_of_memory(error);
    for (long p = 0; p < plan->n_points; p++)
        gsl_qrng_get(sequence, plan->draws + p * plan->n_axes);
    gsl_qrng_free(sequence);
    return ND_OK;
}

static enum nd_status draw_random(struct nd_sweep_plan *plan, unsigned long seed,
                                  struct nd_error *error)
{
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    if (random == NULL)
        return out_of_memory(error);
    gsl_rng_set(random, seed);
    for (long i = 0; i < plan->n_points * plan->n_axes; i++)
        plan->draws[i] = gsl_rng_uniform_pos(random);
    gsl_rng_free(random);
    return ND_OK;
}

static enum nd_status draw(struct nd_sweep_plan *plan, long samples, unsigned long seed,
                           struct nd_error *error)
{
    if (samples < 1 || samples > ND_SWEEP_SAMPLES_MAX)
        return nd_fail(error, ND_BAD_INPUT, "samples = %ld: out of range: allowed is 1 to %d",
                       samples, ND_SWEEP_SAMPLES_MAX);
    plan->n_points = samples;
    plan->draws = malloc((size_t)samples * (size_t)plan->n_axes * sizeof *plan->draws);
    if (plan->draws == NULL)
        return out_of_memory(error);
    return plan->sampling == ND_SAMPLING_SOBOL ? draw_sobol(plan, error)
                                               : draw_random(plan, seed, error);
}

/* ---- plans ------------------------------------------------------------------------------ */

static enum nd_status add_axis(struct nd_sweep_plan *plan, const char *text, struct nd_error *error)
{
    struct item item;
    split(&item, text, plan->sampling);
    if (plan->n_axes == ND_SWEEP_AXES_MAX)
        return fail(error, &item, "one axis too many: allowed is at most %d", ND_SWEEP_AXES_MAX);
    struct nd_sweep_axis *axis = &plan->axes[plan->n_axes];
    const enum nd_status status = read_axis(plan, axis, &item, error);
    plan->n_axes++;
    if (status != ND_OK || plan->sampling != ND_SAMPLING_GRID)
        return status;
    if (plan->n_points > ND_SWEEP_POINTS_MAX / axis->n)
        return fail(error, &item, "too many points with it, %.4g: allowed is at most %d",
                    (double)plan->n_points * axis->n, ND_SWEEP_POINTS_MAX);
    plan->n_points *= axis->n;
    return ND_OK;
}

static enum nd_status add_axes(struct nd_sweep_plan *plan, const struct nd_text_list *axes,
                               struct nd_error *error)
{
    enum nd_status status;
    if (axes->n < 1)
        return nd_fail(error, ND_BAD_INPUT, "no axes: allowed is 1 to %d, each %s",
                       ND_SWEEP_AXES_MAX, allowed_axes(plan->sampling));
    plan->n_points = 1;
    for (int i = 0; i < axes->n; i++)
        if ((status = add_axis(plan, axes->values[i], error)) != ND_OK)
            return status;
    long stride = 1;
    for (int a = plan->n_axes - 1; a >= 0; a--) {
        plan->axes[a].stride = stride;
        stride *= plan->axes[a].n;
    }
    return ND_OK;
}

enum nd_status nd_sweep_plan_create(struct nd_sweep_plan *plan, const struct nd_text_list *axes,
                                    enum nd_sampling sampling, long samples, unsigned long seed,
                                    struct nd_error *error)
{
    memset(plan, 0, sizeof *plan);
    plan->sampling = sampling;
    enum nd_status status = add_axes(plan, axes, error);
    if (status == ND_OK && sampling != ND_SAMPLING_GRID)
        status = draw(plan, samples, seed, error);
    if (status != ND_OK)
        nd_sweep_plan_clear(plan);
    return status;
}

void nd_sweep_plan_clear(struct nd_sweep_plan *plan)
{
    for (int a = 0; a < plan->n_axes; a++) {
        free(plan->axes[a].values);
        free(plan->axes[a].words);
    }
    free(plan->draws);
    memset(plan, 0, sizeof *plan);
}

int nd_sweep_plan_axis(const struct nd_sweep_plan *plan, const char *key)
{
    for (int a = 0; a < plan->n_axes; a++)
        if (strcmp(plan->axes[a].key, key) == 0)
            return a;
    return -1;
}

static enum nd_status check_lead(const struct nd_sweep_plan *plan, const char *key,
                                 const char *const *words, int n, struct nd_error *error)
{
    if (plan->n_axes == ND_SWEEP_AXES_MAX)
        return nd_fail(error, ND_BAD_INPUT, "axis '%s': one axis too many: allowed is at most %d",
                       key, ND_SWEEP_AXES_MAX);
    if (nd_sweep_plan_axis(plan, key) >= 0)
        return nd_fail(error, ND_BAD_INPUT, "'%s' has an axis already: allowed is one axis for it",
                       key);
    for (int i = -1; i < n; i++) {
        const char *text = i < 0 ? key : words[i];
        if (*text == '\0' || strlen(text) >= ND_SWEEP_WORD_MAX)
            return nd_fail(error, ND_BAD_INPUT,
                           "axis '%s': '%.80s' is empty or too long: allowed is 1 to %d characters",
                           key, text, ND_SWEEP_WORD_MAX - 1);
        for (int j = 0; j < i; j++)
            if (strcmp(words[j], text) == 0)
                return nd_fail(error, ND_BAD_INPUT,
                               "axis '%s': '%s' occurs twice: allowed are different names", key,
                               text);
    }
    if (n < 1 || plan->n_points > ND_SWEEP_POINTS_MAX / n)
        return nd_fail(error, ND_BAD_INPUT,
                       "axis '%s': no points, or too many, %.4g: allowed is 1 to %d", key,
                       (double)plan->n_points * n, ND_SWEEP_POINTS_MAX);
    return ND_OK;
}

enum nd_status nd_sweep_plan_lead(struct nd_sweep_plan *plan, const char *key,
                                  const char *const *words, int n, struct nd_error *error)
{
    const enum nd_status status = check_lead(plan, key, words, n, error);
    if (status != ND_OK)
        return status;
    struct nd_sweep_axis axis = {.is_text = 1, .n = n, .stride = plan->n_points};
    axis.words = calloc((size_t)n, sizeof *axis.words);
    if (axis.words == NULL)
        return out_of_memory(error);
    snprintf(axis.key, sizeof axis.key, "%s", key);
    for (int i = 0; i < n; i++)
        snprintf(axis.words[i], sizeof axis.words[i], "%s", words[i]);
    memmove(&plan->axes[1], &plan->axes[0], (size_t)plan->n_axes * sizeof plan->axes[0]);
    plan->axes[0] = axis;
    plan->n_axes++;
    plan->n_leading++;
    plan->n_points *= n;
    return ND_OK;
}

/* ---- points ----------------------------------------------------------------------------- */

/* Which value of an axis of a grid, or of a list before draws, a point has. */
static int grid_index(const struct nd_sweep_axis *axis, long point)
{
    return (int)(point / axis->stride % axis->n);
}

/* Rounding must not leave the range. */
static double within(const struct nd_sweep_axis *axis, double value)
{
    return fmin(fmax(value, axis->low), axis->high);
}

/* Products before quotients: whole numbers stay whole. */
static double grid_number(const struct nd_sweep_axis *axis, int i)
{
    if (axis->values != NULL)
        return axis->values[i];
    if (axis->logarithmic)
        return within(axis, nd_log_grid(axis->low, axis->high, axis->n, i));
    if (i == 0)
        return axis->low;
    return i == axis->n - 1
               ? axis->high
               : within(axis, axis->low + (axis->high - axis->low) * i / (axis->n - 1));
}

/* The number of a range that lies a fraction of the way from its low end. */
static double drawn_number(const struct nd_sweep_axis *axis, double fraction)
{
    return within(axis, axis->logarithmic ? axis->low * pow(axis->high / axis->low, fraction)
                                          : axis->low + (axis->high - axis->low) * fraction);
}

double nd_sweep_plan_number(const struct nd_sweep_plan *plan, long point, int axis)
{
    const struct nd_sweep_axis *a = &plan->axes[axis];
    if (a->is_text)
        return NAN;
    if (plan->sampling == ND_SAMPLING_GRID)
        return grid_number(a, grid_index(a, point));
    const long sample = plan->n_leading > 0 ? point % plan->axes[0].stride : point;
    const int n_drawn = plan->n_axes - plan->n_leading;
    return drawn_number(a, plan->draws[sample * n_drawn + axis - plan->n_leading]);
}

const char *nd_sweep_plan_word(const struct nd_sweep_plan *plan, long point, int axis)
{
    const struct nd_sweep_axis *a = &plan->axes[axis];
    return a->is_text ? a->words[grid_index(a, point)] : NULL;
}

enum nd_status nd_sweep_plan_assignment(const struct nd_sweep_plan *plan, long point, int axis,
                                        char *text, size_t size, struct nd_error *error)
{
    const char *key = plan->axes[axis].key, *word = nd_sweep_plan_word(plan, point, axis);
    const int length = word != NULL ? snprintf(text, size, "%s=%s", key, word)
                                    : snprintf(text, size, "%s=%.17g", key,
                                               nd_sweep_plan_number(plan, point, axis));
    if (length < 0 || (size_t)length >= size)
        return nd_fail(error, ND_BAD_INPUT,
                       "no room for the value of %s at point %ld: allowed is a text of %d "
                       "characters",
                       key, point, ND_SWEEP_ASSIGNMENT_MAX);
    return ND_OK;
}

/* ---- order of work ---------------------------------------------------------------------- */

struct ranked {
    double rank;
    long point;
};

/* What to sort a point by: its number, or the rank or else the place of its word in the list. */
static double rank_of(const struct nd_sweep_plan *plan, long point, int axis, const double *ranks)
{
    const char *word = nd_sweep_plan_word(plan, point, axis);
    int i = 0;
    if (word == NULL)
        return nd_sweep_plan_number(plan, point, axis);
    while (strcmp(plan->axes[axis].words[i], word) != 0)
        i++;
    return ranks != NULL ? ranks[i] : i;
}

/* The number of the point decides among equals: qsort alone need not be stable. */
static int compare(const void *first, const void *second)
{
    const struct ranked *a = first, *b = second;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return (a->point > b->point) - (a->point < b->point);
}

enum nd_status nd_sweep_plan_order(const struct nd_sweep_plan *plan, const char *key,
                                   const double *ranks, long *order, struct nd_error *error)
{
    const int axis = nd_sweep_plan_axis(plan, key);
    for (long p = 0; p < plan->n_points; p++)
        order[p] = p;
    if (axis < 0)
        return ND_OK;
    struct ranked *points = malloc((size_t)plan->n_points * sizeof *points);
    if (points == NULL)
        return out_of_memory(error);
    for (long p = 0; p < plan->n_points; p++)
        points[p] = (struct ranked){rank_of(plan, p, axis, ranks), p};
    qsort(points, (size_t)plan->n_points, sizeof *points, compare);
    for (long p = 0; p < plan->n_points; p++)
        order[p] = points[p].point;
    free(points);
    return ND_OK;
}
