/* The plan of a sweep: which points, from a short text.
 *
 * Each item of the text is an axis, a key of the parameters with what it runs over:
 *
 *     KEY list V1 V2 V3 ...    numbers or words
 *     KEY lin LOW HIGH N       N numbers, evenly spaced, both ends among them
 *     KEY log LOW HIGH N       the same, evenly spaced in the logarithm
 *
 * for a grid, and `KEY lin LOW HIGH` or `KEY log LOW HIGH` where points are drawn. N = 1 is LOW
 * alone, and only then may LOW be HIGH. A list of words that come from elsewhere can be put before
 * them, and goes with every point of a grid and with every draw.
 *
 * A point is a number from 0 to n_points - 1, and its values follow from the text, the seed and
 * that number alone: the same for every thread and run, and with more samples what there was
 * before stays. Of a grid no points are stored, of draws all. */
#ifndef NUDIPOLE_SWEEP_PLAN_H
#define NUDIPOLE_SWEEP_PLAN_H

#include <stddef.h>

#include "nudipole/error.h"
#include "nudipole/values.h"

enum nd_sampling {
    ND_SAMPLING_GRID,  /* every combination; the last axis runs fastest */
    ND_SAMPLING_SOBOL, /* GSL's Sobol sequence, which begins with (1/2, 1/2, ...) */
    ND_SAMPLING_RANDOM /* independent and uniform in each range (of the logarithm for `log`), by
                          GSL's mt19937 */
};

enum {
    ND_SWEEP_AXES_MAX = 8,
    ND_SWEEP_POINTS_MAX = 1000000000, /* of a grid */
    ND_SWEEP_SAMPLES_MAX = 1000000,
    ND_SWEEP_WORD_MAX = 64,                         /* of a key or word, with the final NUL */
    ND_SWEEP_ASSIGNMENT_MAX = 2 * ND_SWEEP_WORD_MAX /* room for any "KEY=VALUE", with the NUL */
};

struct nd_sweep_axis {
    char key[ND_SWEEP_WORD_MAX];
    int is_text;                      /* a list of words */
    int n;                            /* values; 0 for a range that is drawn from */
    double low, high;                 /* of lin and log */
    int logarithmic;                  /* log */
    double *values;                   /* n of a list of numbers, NULL otherwise */
    char (*words)[ND_SWEEP_WORD_MAX]; /* n of a list of words, NULL otherwise */
    long stride;                      /* of a grid or list: points until this axis goes on */
};

struct nd_sweep_plan {
    int n_axes;
    struct nd_sweep_axis axes[ND_SWEEP_AXES_MAX];
    enum nd_sampling sampling;
    long n_points;
    int n_leading; /* axes before those of the text: 1 after nd_sweep_plan_lead */
    double *draws; /* samples x axes that are drawn, in [0, 1); NULL for a grid */
};

/* Of a grid `samples` is not used; `seed`, 1 to 2^32 - 1, is used by
 * ND_SAMPLING_RANDOM only. Whether a key exists
 * and takes the values is nd_params_set's to say. Errors leave a plan that is cleared:
 * ND_BAD_INPUT, "axis 'ITEM': what is wrong: what is allowed", for what is not an axis, a number
 * that is none or not finite, LOW not below HIGH, log with LOW not above 0, a list with numbers
 * and words, a list that is to be drawn from, a key twice, no axes or too many, too many points or
 * samples; ND_NO_MEMORY. */
enum nd_status nd_sweep_plan_create(struct nd_sweep_plan *plan, const struct nd_text_list *axes,
                                    enum nd_sampling sampling, long samples, unsigned long seed,
                                    struct nd_error *error);
void nd_sweep_plan_clear(struct nd_sweep_plan *plan);

/* Puts an axis of n words before all others, once: it is axis 0, and runs slowest. `key` and words
 * are any texts of less than ND_SWEEP_WORD_MAX characters, the words different. Errors leave the
 * plan as it was: ND_BAD_INPUT for a text that is empty or too long, a word twice, a key that has
 * an axis, too many axes or points; ND_NO_MEMORY. */
enum nd_status nd_sweep_plan_lead(struct nd_sweep_plan *plan, const char *key,
                                  const char *const *words, int n, struct nd_error *error);

/* Index of the axis of a key, or -1. */
int nd_sweep_plan_axis(const struct nd_sweep_plan *plan, const char *key);

/* The value of an axis at a point, 0 <= point < n_points; NAN if it is a word. */
double nd_sweep_plan_number(const struct nd_sweep_plan *plan, long point, int axis);

/* The same for a word; NULL if it is a number. */
const char *nd_sweep_plan_word(const struct nd_sweep_plan *plan, long point, int axis);

/* "KEY=VALUE" as nd_params_set takes it, a number with all its digits: it reads back to the same
 * double. Errors: ND_BAD_INPUT if `text` is too short, see ND_SWEEP_ASSIGNMENT_MAX. */
enum nd_status nd_sweep_plan_assignment(const struct nd_sweep_plan *plan, long point, int axis,
                                        char *text, size_t size, struct nd_error *error);

/* An order of work in which points with one value of `key` stand together: all n_points of them by
 * increasing value, words in the order of their list, and by number where these are equal; by
 * number alone if no axis has the key. `ranks`: a number a word, by which words are ordered
 * instead; NULL: none. `order` has room for n_points. Errors: ND_NO_MEMORY (it takes 16 bytes a
 * point while it sorts). */
enum nd_status nd_sweep_plan_order(const struct nd_sweep_plan *plan, const char *key,
                                   const double *ranks, long *order, struct nd_error *error);

#endif
