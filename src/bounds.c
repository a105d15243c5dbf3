/* Bounds from elsewhere: see nudipole/bounds.h. */
#include "nudipole/bounds.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/contour.h"
#include "nudipole/data_folder.h"
#include "nudipole/datafile.h"
#include "nudipole/units.h"

/* ---- comment lines ---------------------------------------------------------------------- */

/* In the order of their enums. */
static const char *const CONVENTIONS[] = {"half", "lagrangian", NULL};
static const char *const FLAVOURS[] = {"e", "mu", "tau", NULL};
static const char *const SIDES[] = {"above", "left", "inside", NULL};
static const char *const YES_NO[] = {"yes", "no", NULL};

/* The value of a comment line that must be there once. */
static enum nd_status take_header(const struct nd_datafile *file, const char *key,
                                  const char *allowed, const char **value, struct nd_error *error)
{
    *value = nd_datafile_header(file, key);
    const char *wrong = *value == NULL                            ? "missing"
                        : nd_datafile_header_count(file, key) > 1 ? "given twice"
                        : **value == '\0'                         ? "empty"
                                                                  : NULL;
    if (wrong == NULL)
        return ND_OK;
    return nd_datafile_header_fail(file, key, error,
                                   "the comment line '# %s:' is %s: needed is one with %s", key,
                                   wrong, allowed);
}

static enum nd_status take_text(const struct nd_datafile *file, const char *key,
                                const char *allowed, char text[ND_TEXT_MAX], struct nd_error *error)
{
    const char *value;
    const enum nd_status status = take_header(file, key, allowed, &value, error);
    if (status != ND_OK)
        return status;
    if (strlen(value) >= ND_TEXT_MAX)
        return nd_datafile_header_fail(file, key, error,
                                       "%s: %.40s...: too long: allowed are %d characters", key,
                                       value, ND_TEXT_MAX - 1);
    snprintf(text, ND_TEXT_MAX, "%s", value);
    return ND_OK;
}

/* Index of the first `length` letters of `text` among words, or -1. */
static int find_word(const char *const *words, const char *text, size_t length)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strlen(words[i]) == length && strncmp(words[i], text, length) == 0)
            return i;
    return -1;
}

static enum nd_status unknown_word(const struct nd_datafile *file, const char *key,
                                   const char *word, size_t length, const char *allowed,
                                   struct nd_error *error)
{
    return nd_datafile_header_fail(file, key, error, "%s: %.*s: unknown: allowed is %s", key,
                                   (int)(length < 80 ? length : 80), word, allowed);
}

static enum nd_status take_word(const struct nd_datafile *file, const char *key,
                                const char *const *words, const char *allowed, int *index,
                                struct nd_error *error)
{
    const char *value;
    const enum nd_status status = take_header(file, key, allowed, &value, error);
    if (status != ND_OK)
        return status;
    *index = find_word(words, value, strlen(value));
    return *index >= 0 ? ND_OK : unknown_word(file, key, value, strlen(value), allowed, error);
}

static enum nd_status take_flavours(struct nd_bound *bound, const struct nd_datafile *file,
                                    struct nd_error *error)
{
    static const char allowed[] = "e, mu, tau or several of them, separated by blanks";
    const char *value, *blanks = " \t";
    const enum nd_status status = take_header(file, "flavours", allowed, &value, error);
    if (status != ND_OK)
        return status;
    while (*value != '\0') {
        const size_t length = strcspn(value, blanks);
        const int flavour = find_word(FLAVOURS, value, length);
        if (flavour < 0)
            return unknown_word(file, "flavours", value, length, allowed, error);
        bound->flavours |= 1U << flavour;
        value += length;
        value += strspn(value, blanks);
    }
    return ND_OK;
}

/* ---- points ----------------------------------------------------------------------------- */

/* A coupling of 1 as a file gives it, in MeV^-1, without the factor of its convention. */
struct unit {
    const char *column;
    double value;
};

static enum nd_status find_unit(const struct nd_datafile *file, struct unit *unit,
                                struct nd_error *error)
{
    const double mev_per_gev = 1e3;
    const struct unit units[] = {{"d_muB", nd_bohr_magneton()}, {"d_invgev", 1.0 / mev_per_gev}};
    const int has[] = {nd_datafile_has(file, units[0].column),
                       nd_datafile_has(file, units[1].column)};
    if (has[0] == has[1])
        return nd_datafile_fail(file, -1, error,
                                "columns d_muB and d_invgev: %s: needed is one of them",
                                has[0] ? "both are there" : "both are missing");
    *unit = units[has[0] ? 0 : 1];
    return ND_OK;
}

/* Logarithms of a column, every value of which must be above 0. */
static enum nd_status take_logs(const struct nd_bound *bound, const struct nd_datafile *file,
                                const char *what, const double *values, double *logs,
                                struct nd_error *error)
{
    for (int i = 0; i < bound->n; i++) {
        if (!(values[i] > 0.0))
            return nd_datafile_fail(file, i, error, "%s is not above 0: allowed is more than 0",
                                    what);
        logs[i] = log(values[i]);
    }
    return ND_OK;
}

static enum nd_status read_masses(struct nd_bound *bound, const struct nd_datafile *file,
                                  struct nd_error *error)
{
    const int increasing = bound->excluded == ND_BOUND_ABOVE;
    const enum nd_status status =
        nd_datafile_energies(file, "m4", ND_MEV, increasing, bound->m4, error);
    return status != ND_OK ? status
                           : take_logs(bound, file, "the mass", bound->m4, bound->log_m4, error);
}

static enum nd_status read_couplings(struct nd_bound *bound, const struct nd_datafile *file,
                                     struct nd_error *error)
{
    struct unit unit = {"", 0.0};
    int convention = 0;
    enum nd_status status = take_word(file, "convention", CONVENTIONS,
                                      "half (mu = d) or lagrangian (mu = 2 d)", &convention, error);
    if (status == ND_OK)
        status = find_unit(file, &unit, error);
    if (status == ND_OK)
        status = nd_datafile_numbers(file, unit.column, -HUGE_VAL, HUGE_VAL, bound->mu, error);
    if (status != ND_OK)
        return status;
    const double factor = unit.value * nd_convention_factor((enum nd_convention)convention);
    for (int i = 0; i < bound->n; i++)
        bound->mu[i] *= factor;
    return take_logs(bound, file, unit.column, bound->mu, bound->log_mu, error);
}

const char *nd_bound_side_word(enum nd_bound_side side)
{
    return side == ND_BOUND_LEFT ? "left" : side == ND_BOUND_INSIDE ? "inside" : "above";
}

static enum nd_status check_number(const struct nd_bound *bound, const struct nd_datafile *file,
                                   struct nd_error *error)
{
    const int least = bound->excluded == ND_BOUND_LEFT     ? 1
                      : bound->excluded == ND_BOUND_INSIDE ? 3
                                                           : 2;
    const int is_bad = bound->excluded == ND_BOUND_LEFT ? bound->n != least : bound->n < least;
    if (!is_bad)
        return ND_OK;
    return nd_datafile_fail(file, bound->n - 1, error, "%d row%s: 'excluded: %s' needs %s %d",
                            bound->n, bound->n == 1 ? "" : "s", nd_bound_side_word(bound->excluded),
                            bound->excluded == ND_BOUND_LEFT ? "exactly" : "at least", least);
}

static enum nd_status read_points(struct nd_bound *bound, const struct nd_datafile *file,
                                  struct nd_error *error)
{
    bound->n = nd_datafile_rows(file);
    enum nd_status status = check_number(bound, file, error);
    if (status != ND_OK)
        return status;
    const size_t n = (size_t)bound->n;
    const int has_couplings = bound->excluded != ND_BOUND_LEFT;
    bound->m4 = malloc((has_couplings ? 4 : 2) * n * sizeof *bound->m4); /* one block */
    if (bound->m4 == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a bound");
    bound->log_m4 = bound->m4 + n;
    status = read_masses(bound, file, error);
    if (status != ND_OK || !has_couplings)
        return status;
    bound->mu = bound->log_m4 + n;
    bound->log_mu = bound->mu + n;
    return read_couplings(bound, file, error);
}

/* ---- the whole -------------------------------------------------------------------------- */

/* The last part of a path without its .csv; it stands in columns that blanks separate. */
static void set_name(struct nd_bound *bound, const char *path)
{
    const char *slash = strrchr(path, '/'), *last = slash == NULL ? path : slash + 1;
    snprintf(bound->name, sizeof bound->name, "%s", last);
    const size_t length = strlen(bound->name);
    if (slash != NULL && length > 4 && strcmp(bound->name + length - 4, ".csv") == 0)
        bound->name[length - 4] = '\0';
    for (char *c = bound->name; *c != '\0'; c++)
        if (isspace((unsigned char)*c) || *c == ',')
            *c = '_';
}

static enum nd_status read_bound(struct nd_bound *bound, const struct nd_datafile *file,
                                 struct nd_error *error)
{
    int side = 0;
    enum nd_status status = take_text(file, "title", "a name for people", bound->title, error);
    if (status == ND_OK)
        status = take_text(file, "source", "the paper it is from", bound->source, error);
    if (status == ND_OK)
        status = take_text(file, "confidence", "'90 %' or 'none stated'", bound->confidence, error);
    if (status == ND_OK)
        status = take_flavours(bound, file, error);
    if (status == ND_OK)
        status = take_word(file, "excluded", SIDES, "above, left or inside", &side, error);
    if (status != ND_OK)
        return status;
    bound->excluded = (enum nd_bound_side)side;
    int no = 0;
    if (nd_datafile_header(file, "default") != NULL)
        status = take_word(file, "default", YES_NO, "yes or no", &no, error);
    bound->by_default = !no;
    if (status != ND_OK)
        return status;
    return read_points(bound, file, error);
}

enum nd_status nd_bound_create(struct nd_bound **result, const char *data_folder, const char *name,
                               struct nd_error *error)
{
    char path[ND_DATA_PATH_MAX];
    struct nd_datafile *file = NULL;
    enum nd_status status = ND_OK;
    const int is_path = strchr(name, '/') != NULL;
    *result = NULL;
    if (!is_path)
        status = nd_data_path(path, error, data_folder, "bounds/%s.csv", name);
    if (status == ND_OK)
        status = nd_datafile_read(&file, is_path ? name : path, error);
    if (status != ND_OK)
        return status;
    struct nd_bound *bound = calloc(1, sizeof *bound);
    if (bound != NULL) {
        set_name(bound, name);
        status = read_bound(bound, file, error);
    } else {
        status = nd_fail(error, ND_NO_MEMORY, "no memory for a bound");
    }
    nd_datafile_free(file);
    if (status == ND_OK)
        *result = bound;
    else
        nd_bound_free(bound);
    return status;
}

void nd_bound_free(struct nd_bound *bound)
{
    if (bound == NULL)
        return;
    free(bound->m4); /* and all that follows it */
    free(bound);
}

/* ---- answers ---------------------------------------------------------------------------- */

int nd_bound_applies(const struct nd_bound *bound, enum nd_flavour flavour)
{
    return (int)(bound->flavours >> flavour & 1U);
}

/* The curve at a mass in its range. */
static double log_mu_at(const struct nd_bound *bound, double log_m4)
{
    const double *x = bound->log_m4, *y = bound->log_mu;
    int low = 0, high = bound->n - 1;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if (x[middle] <= log_m4)
            low = middle;
        else
            high = middle;
    }
    const double step = x[high] - x[low]; /* 0 where two masses differ by a rounding error */
    return step > 0.0 ? y[low] + (y[high] - y[low]) * ((log_m4 - x[low]) / step) : y[low];
}

/* Is a mass one of those that a curve or an outline spans? */
static int in_range(const struct nd_bound *bound, double m4)
{
    double low = bound->m4[0], high = low;
    for (int i = 1; i < bound->n; i++) {
        low = fmin(low, bound->m4[i]);
        high = fmax(high, bound->m4[i]);
    }
    return m4 >= low && m4 <= high;
}

int nd_bound_excludes(const struct nd_bound *bound, double m4, double mu)
{
    if (bound->excluded == ND_BOUND_LEFT)
        return m4 < bound->m4[0];
    if (!in_range(bound, m4))
        return -1;
    /* no coupling has a logarithm of -infinity, which no bound excludes */
    if (bound->excluded == ND_BOUND_ABOVE)
        return log(mu) > log_mu_at(bound, log(m4));
    const struct nd_contour outline = {.n = bound->n, .x = bound->log_m4, .y = bound->log_mu};
    return nd_contour_contains(&outline, log(m4), log(mu));
}

/* ---- all of them ------------------------------------------------------------------------ */

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Length of NAME in NAME.csv, or 0 for a file that is no bound. */
static size_t name_length(const char *file)
{
    const size_t length = strlen(file);
    const int is_one = file[0] != '.' && length > 4 && strcmp(file + length - 4, ".csv") == 0;
    return is_one ? length - 4 : 0;
}

enum nd_status nd_bound_names(struct nd_text_list *names, const char *data_folder,
                              struct nd_error *error)
{
    char path[ND_DATA_PATH_MAX];
    names->n = 0;
    const enum nd_status status = nd_data_path(path, error, data_folder, "bounds");
    if (status != ND_OK)
        return status;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be read: %s", path, strerror(errno));
    int n = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const size_t length = name_length(entry->d_name);
        if (length == 0)
            continue;
        if (n < ND_LIST_MAX)
            snprintf(names->values[n], ND_TEXT_MAX, "%.*s", (int)length, entry->d_name);
        n++;
    }
    closedir(folder);
    if (n > ND_LIST_MAX)
        return nd_fail(error, ND_BAD_INPUT, "%s: %d bounds: at most %d", path, n, ND_LIST_MAX);
    names->n = n;
    qsort(names->values, (size_t)n, sizeof names->values[0], compare_names);
    return ND_OK;
}
