/* Experiments: see nudipole/experiment.h. */
#include "nudipole/experiment.h"

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/data_folder.h"
#include "nudipole/datafile.h"
#include "options.h"

/* ---- experiment.ini --------------------------------------------------------------------- */

struct settings {
    char title[ND_TEXT_MAX];
    int status;
    double exposure, resolution_sqrt, resolution_linear, efficiency_error, background_error;
    char binned_file[ND_TEXT_MAX], counts_column[ND_TEXT_MAX], background_column[ND_TEXT_MAX];
    char tritium_column[ND_TEXT_MAX];
    char efficiency_file[ND_TEXT_MAX], efficiency_column[ND_TEXT_MAX];
    char curve_file[ND_TEXT_MAX], curve_column[ND_TEXT_MAX];
};

static const char *const STATUS[] = {"primary", "secondary", NULL};

#define SECTION   "experiment"
#define AT(field) offsetof(struct settings, field)
#define NUMBER(name, units, low, high, field, words)                                               \
    {                                                                                              \
        .key = (name), .section = SECTION, .type = ND_DOUBLE, .unit = (units), .initial = "",      \
        .lowest = (low), .highest = (high), .offset = AT(field), .meaning = (words)                \
    }
#define WORDS(name, kind, field, words)                                                            \
    {                                                                                              \
        .key = (name), .section = SECTION, .type = (kind), .unit = "", .initial = "",              \
        .offset = AT(field), .meaning = (words)                                                    \
    }

static const struct nd_option OPTIONS[] = {
    WORDS("title", ND_TEXT, title, "name for people"),
    {.key = "status",
     .section = SECTION,
     .type = ND_CHOICE,
     .unit = "",
     .initial = "primary",
     .words = STATUS,
     .offset = AT(status),
     .meaning = "primary: official data; secondary: digitised, or with an assumed resolution"},
    NUMBER("exposure_t_yr", "t yr", 1e-6, 1e6, exposure, "exposure"),
    NUMBER("resolution_sqrt", "keV^(1/2)", 1e-3, 10.0, resolution_sqrt,
           "sigma(E) = resolution_sqrt sqrt(E) + resolution_linear E"),
    NUMBER("resolution_linear", "", 0.0, 0.1, resolution_linear, "see resolution_sqrt"),
    NUMBER("efficiency_error", "", 0.0, 1.0, efficiency_error,
           "relative error of efficiency times exposure"),
    NUMBER("background_error", "", 0.0, 1.0, background_error,
           "relative error of the background's normalisation"),
    WORDS("binned_file", ND_PATH, binned_file,
          "counts: columns e_lo_kev, e_hi_kev and those below"),
    WORDS("counts_column", ND_TEXT, counts_column, "observed counts"),
    WORDS("background_column", ND_TEXT, background_column, "expected background counts"),
    WORDS("tritium_column", ND_TEXT, tritium_column, "counts of a tritium template; optional"),
    WORDS("efficiency_file", ND_PATH, efficiency_file,
          "efficiency: column energy_kev and the next"),
    WORDS("efficiency_column", ND_TEXT, efficiency_column, "efficiency"),
    WORDS("background_curve_file", ND_PATH, curve_file,
          "smooth background for figures: column energy_kev and the next; optional"),
    WORDS("background_curve_column", ND_TEXT, curve_column, "rate per t yr keV"),
};
enum { N_OPTIONS = sizeof OPTIONS / sizeof OPTIONS[0] };

static const struct nd_option_table TABLE = {
    .options = OPTIONS, .n = N_OPTIONS, .file = "an experiment.ini", .reference = ""};

static int is_optional(const char *key)
{
    return strcmp(key, "tritium_column") == 0 || strncmp(key, "background_curve", 16) == 0;
}

static enum nd_status read_settings(struct settings *settings, const char *path,
                                    struct nd_error *error)
{
    static const char *const NOTHING = "a value";
    char origins[N_OPTIONS][ND_TEXT_MAX], file[ND_TEXT_MAX], allowed[512];
    const struct nd_options options = {&TABLE, settings, origins, file};
    nd_options_init(&options);
    const enum nd_status status = nd_options_read(&options, path, error);
    for (int i = 0; i < N_OPTIONS && status == ND_OK; i++) {
        if (is_optional(OPTIONS[i].key) || nd_option_count(&OPTIONS[i], settings) > 0)
            continue;
        nd_option_allowed(&OPTIONS[i], allowed, sizeof allowed);
        return nd_fail(error, ND_BAD_INPUT, "%s: %s is missing: %s: allowed is %s", path,
                       OPTIONS[i].key, OPTIONS[i].meaning, *allowed ? allowed : NOTHING);
    }
    if (status == ND_OK && (*settings->curve_file == '\0') != (*settings->curve_column == '\0'))
        return nd_fail(error, ND_BAD_INPUT,
                       "%s: background_curve_file and background_curve_column: one without the "
                       "other: allowed are both or none",
                       path);
    return status;
}

/* ---- tables ----------------------------------------------------------------------------- */

static double *room(int n, struct nd_error *error)
{
    double *values = malloc((size_t)n * sizeof *values);
    if (values == NULL)
        nd_fail(error, ND_NO_MEMORY, "no memory for an experiment");
    return values;
}

/* A column of counts into new memory. */
static enum nd_status take_counts(const struct nd_datafile *file, const char *column,
                                  double **values, struct nd_error *error)
{
    if ((*values = room(nd_datafile_rows(file), error)) == NULL)
        return ND_NO_MEMORY;
    return nd_datafile_numbers(file, column, 0.0, 1e12, *values, error);
}

/* A curve is interpolated: one point is none. */
static enum nd_status check_curve(const struct nd_datafile *file, struct nd_error *error)
{
    return nd_datafile_rows(file) > 1
               ? ND_OK
               : nd_datafile_fail(file, 0, error, "one row: at least two are needed");
}

/* Energies in keV into new memory. */
static enum nd_status take_energies(const struct nd_datafile *file, const char *quantity,
                                    double **values, struct nd_error *error)
{
    if ((*values = room(nd_datafile_rows(file), error)) == NULL)
        return ND_NO_MEMORY;
    return nd_datafile_energies(file, quantity, ND_KEV, 1, *values, error);
}

static enum nd_status check_bins(const struct nd_experiment *x, const struct nd_datafile *file,
                                 struct nd_error *error)
{
    const double rounding = 1e-9;
    if (x->n_bins > ND_BINS_MAX)
        return nd_datafile_fail(file, ND_BINS_MAX, error, "%d bins: at most %d", x->n_bins,
                                ND_BINS_MAX);
    for (int j = 0; j < x->n_bins; j++) {
        if (x->high[j] <= x->low[j])
            return nd_datafile_fail(file, j, error,
                                    "bin from %g to %g keV: the upper edge must be above the lower",
                                    x->low[j], x->high[j]);
        if (j > 0 && fabs(x->low[j] - x->high[j - 1]) > rounding)
            return nd_datafile_fail(file, j, error,
                                    "bin from %g keV: must begin where the one before ends, at %g "
                                    "keV",
                                    x->low[j], x->high[j - 1]);
        if (x->counts[j] > 0.0 && x->background[j] == 0.0)
            return nd_datafile_fail(file, j, error,
                                    "%g counts and no background: a background above 0 is needed",
                                    x->counts[j]);
    }
    return ND_OK;
}

static enum nd_status read_bins(struct nd_experiment *x, const struct settings *settings,
                                struct nd_error *error)
{
    struct nd_datafile *file = NULL;
    enum nd_status status = nd_datafile_read(&file, settings->binned_file, error);
    if (status == ND_OK) {
        x->n_bins = nd_datafile_rows(file);
        status = take_energies(file, "e_lo", &x->low, error);
    }
    if (status == ND_OK)
        status = take_energies(file, "e_hi", &x->high, error);
    if (status == ND_OK)
        status = take_counts(file, settings->counts_column, &x->counts, error);
    if (status == ND_OK)
        status = take_counts(file, settings->background_column, &x->background, error);
    if (status == ND_OK && *settings->tritium_column != '\0')
        status = take_counts(file, settings->tritium_column, &x->tritium, error);
    if (status == ND_OK)
        status = check_bins(x, file, error);
    nd_datafile_free(file);
    return status;
}

static enum nd_status read_efficiency(struct nd_experiment *x, const struct settings *settings,
                                      struct nd_error *error)
{
    const double negligible = 0.01; /* where a table may begin: below it counts as 0 */
    struct nd_datafile *file = NULL;
    enum nd_status status = nd_datafile_read(&file, settings->efficiency_file, error);
    if (status == ND_OK)
        status = check_curve(file, error);
    if (status == ND_OK) {
        x->n_efficiency = nd_datafile_rows(file);
        status = take_energies(file, "energy", &x->efficiency_energy, error);
    }
    if (status == ND_OK && (x->efficiency = room(x->n_efficiency, error)) == NULL)
        status = ND_NO_MEMORY;
    if (status == ND_OK)
        status =
            nd_datafile_numbers(file, settings->efficiency_column, 0.0, 1.0, x->efficiency, error);
    if (status == ND_OK && x->efficiency[0] > negligible)
        status = nd_datafile_fail(file, 0, error,
                                  "the efficiency begins with %g at %g keV: it must begin where it "
                                  "is below %g, since it counts as 0 below the table",
                                  x->efficiency[0], x->efficiency_energy[0], negligible);
    const double top = status == ND_OK ? x->high[x->n_bins - 1] : 0.0;
    if (status == ND_OK && x->efficiency_energy[x->n_efficiency - 1] < top)
        status = nd_datafile_fail(file, x->n_efficiency - 1, error,
                                  "the efficiency ends at %g keV: it is needed up to %g keV, where "
                                  "the bins end",
                                  x->efficiency_energy[x->n_efficiency - 1], top);
    nd_datafile_free(file);
    return status;
}

static enum nd_status read_curve(struct nd_experiment *x, const struct settings *settings,
                                 struct nd_error *error)
{
    struct nd_datafile *file = NULL;
    if (*settings->curve_file == '\0')
        return ND_OK;
    enum nd_status status = nd_datafile_read(&file, settings->curve_file, error);
    if (status == ND_OK)
        status = check_curve(file, error);
    if (status == ND_OK) {
        x->n_curve = nd_datafile_rows(file);
        status = take_energies(file, "energy", &x->curve_energy, error);
    }
    if (status == ND_OK)
        status = take_counts(file, settings->curve_column, &x->curve, error);
    nd_datafile_free(file);
    return status;
}

/* ---- the whole -------------------------------------------------------------------------- */

/* Path of the experiment's ini file: of a folder, or of a shipped experiment. */
static enum nd_status find_ini(char path[ND_DATA_PATH_MAX], const char *data_folder,
                               const char *name, struct nd_error *error)
{
    if (strchr(name, '/') != NULL)
        return nd_data_path(path, error, name, "experiment.ini");
    return nd_data_path(path, error, data_folder, "experiments/%s/experiment.ini", name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* An unknown name: adds those that are there. */
static void fail_with_names(const char *data_folder, const struct nd_error *own,
                            struct nd_error *error)
{
    char folder[ND_DATA_PATH_MAX], names[512] = "";
    struct dirent **entries = NULL;
    size_t used = 0;
    int n = 0;
    if (nd_data_path(folder, NULL, data_folder, "experiments") == ND_OK)
        n = scandir(folder, &entries, is_visible, alphasort);
    for (int i = 0; i < n; i++) {
        if (used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s, ", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    nd_fail(error, own->status, "%s: allowed are %s%sa folder with an experiment.ini (./name)",
            own->message, names, *names != '\0' ? "or " : "");
}

/* The last part of a folder's name; it stands in columns that blanks separate. */
static void set_name(struct nd_experiment *x, const char *name)
{
    size_t length = strlen(name);
    while (length > 1 && name[length - 1] == '/')
        length--;
    size_t start = length;
    while (start > 0 && name[start - 1] != '/')
        start--;
    snprintf(x->name, sizeof x->name, "%.*s", (int)(length - start), name + start);
    for (char *c = x->name; *c != '\0'; c++)
        if (isspace((unsigned char)*c) || *c == ',')
            *c = '_';
}

enum nd_status nd_experiment_create(struct nd_experiment **result, const char *data_folder,
                                    const char *name, struct nd_error *error)
{
    char path[ND_DATA_PATH_MAX];
    struct settings settings = {0};
    *result = NULL;
    enum nd_status status = find_ini(path, data_folder, name, error);
    if (status == ND_OK) {
        struct nd_error own = ND_ERROR_INIT;
        status = read_settings(&settings, path, &own);
        if (status == ND_IO_ERROR && strchr(name, '/') == NULL)
            fail_with_names(data_folder, &own, error);
        else if (status != ND_OK)
            nd_fail(error, status, "%s", own.message);
    }
    if (status != ND_OK)
        return status;
    struct nd_experiment *x = calloc(1, sizeof *x);
    if (x == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for an experiment");
    set_name(x, name);
    snprintf(x->title, sizeof x->title, "%s", settings.title);
    x->secondary = settings.status;
    x->exposure = settings.exposure;
    x->resolution_sqrt = settings.resolution_sqrt;
    x->resolution_linear = settings.resolution_linear;
    x->efficiency_error = settings.efficiency_error;
    x->background_error = settings.background_error;
    status = read_bins(x, &settings, error);
    if (status == ND_OK)
        status = read_efficiency(x, &settings, error);
    if (status == ND_OK)
        status = read_curve(x, &settings, error);
    if (status != ND_OK)
        nd_experiment_free(x);
    else
        *result = x;
    return status;
}

void nd_experiment_free(struct nd_experiment *x)
{
    if (x == NULL)
        return;
    free(x->low);
    free(x->high);
    free(x->counts);
    free(x->background);
    free(x->tritium);
    free(x->efficiency_energy);
    free(x->efficiency);
    free(x->curve_energy);
    free(x->curve);
    free(x);
}

/* Linear between nodes, `outside` beyond them. */
static double interpolate(const double *E, const double *y, int n, double at, double outside)
{
    int low = 0, high = n - 1;
    if (at < E[0] || at > E[n - 1])
        return outside;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if (E[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return y[low] + (y[high] - y[low]) * (at - E[low]) / (E[high] - E[low]);
}

double nd_experiment_efficiency(const struct nd_experiment *x, double E)
{
    return interpolate(x->efficiency_energy, x->efficiency, x->n_efficiency, E, 0.0);
}

double nd_experiment_resolution(const struct nd_experiment *x, double E)
{
    return x->resolution_sqrt * sqrt(E) + x->resolution_linear * E;
}

double nd_experiment_background(const struct nd_experiment *x, double E)
{
    if (x->n_curve > 0)
        return interpolate(x->curve_energy, x->curve, x->n_curve, E, NAN);
    for (int j = 0; j < x->n_bins; j++)
        if (E >= x->low[j] && E <= x->high[j])
            return x->background[j] / (x->exposure * (x->high[j] - x->low[j]));
    return NAN;
}
