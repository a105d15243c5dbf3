/* The Sun: see nudipole/solar.h. */
#include "nudipole/solar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/data_folder.h"
#include "nudipole/datafile.h"
#include "nudipole/units.h"

static const char *const NAMES[ND_N_SOURCES] = {"pp",  "pep", "7Be", "8B",
                                                "hep", "13N", "15O", "17F"};

/* Columns and files of the solar models, in the order of enum nd_solar_model. */
static const struct {
    const char *flux, *error, *production;
} MODELS[] = {
    {"b16_gs98_per_cm2_s", "b16_gs98_error", "production_b16-gs98.csv"},
    {"b16_agss09met_per_cm2_s", "b16_agss09met_error", "production_b16-agss09met.csv"},
};

static const double FLUX_MAX = 1e15; /* [cm^-2 s^-1], far above the Sun's 6.5e10 */

const char *nd_source_name(enum nd_source source)
{
    return NAMES[source];
}

int nd_source_find(const char *name)
{
    for (int s = 0; s < ND_N_SOURCES; s++)
        if (strcmp(NAMES[s], name) == 0)
            return s;
    return -1;
}

static enum nd_status no_memory(struct nd_error *error)
{
    nd_fail(error, ND_NO_MEMORY, "no memory for the solar model");
    return ND_NO_MEMORY;
}

/* ---- spectra ---------------------------------------------------------------------------- */

static enum nd_status make_room(struct nd_solar_source *source, int n, struct nd_error *error)
{
    free(source->energy);
    free(source->shape);
    source->n = n;
    source->energy = malloc((size_t)n * sizeof *source->energy);
    source->shape = malloc((size_t)n * sizeof *source->shape);
    return source->energy == NULL || source->shape == NULL ? no_memory(error) : ND_OK;
}

static enum nd_status normalise(struct nd_solar_source *source, const struct nd_datafile *file,
                                struct nd_error *error)
{
    double area = 0.0;
    for (int i = 1; i < source->n; i++)
        area += 0.5 * (source->shape[i] + source->shape[i - 1]) *
                (source->energy[i] - source->energy[i - 1]);
    if (!(area > 0.0))
        return nd_datafile_fail(file, -1, error,
                                "the spectrum has no area: at least two energies "
                                "and a value above 0 are needed");
    for (int i = 0; i < source->n; i++)
        source->shape[i] /= area;
    return ND_OK;
}

/* A continuum, brought to unit area. */
static enum nd_status read_spectrum(struct nd_solar_source *source, const char *path,
                                    struct nd_error *error)
{
    struct nd_datafile *file = NULL;
    enum nd_status status = nd_datafile_read(&file, path, error);
    if (status == ND_OK)
        status = make_room(source, nd_datafile_rows(file), error);
    if (status == ND_OK)
        status = nd_datafile_energies(file, "e_nu", ND_MEV, 1, source->energy, error);
    if (status == ND_OK)
        status = nd_datafile_numbers(file, "shape_per_mev", 0.0, 1e30, source->shape, error);
    if (status == ND_OK)
        status = normalise(source, file, error);
    source->is_line = 0;
    nd_datafile_free(file);
    return status;
}

/* The lines whose parent is this source, in increasing energy. */
static enum nd_status take_lines(struct nd_solar_source *source, const char *name,
                                 const struct nd_datafile *file, const double *energy,
                                 const double *ratio, struct nd_error *error)
{
    const int rows = nd_datafile_rows(file);
    enum nd_status status = make_room(source, rows, error);
    if (status != ND_OK)
        return status;
    source->is_line = 1;
    source->n = 0;
    for (int i = 0; i < rows; i++) {
        if (strcmp(nd_datafile_text(file, i, "parent"), name) != 0)
            continue;
        if (source->n == ND_LINES_MAX)
            return nd_datafile_fail(file, i, error, "too many lines of %s: at most %d", name,
                                    ND_LINES_MAX);
        int at = source->n++;
        for (; at > 0 && source->energy[at - 1] > energy[i]; at--) {
            source->energy[at] = source->energy[at - 1];
            source->shape[at] = source->shape[at - 1];
        }
        source->energy[at] = energy[i];
        source->shape[at] = ratio[i];
    }
    if (source->n == 0)
        return nd_datafile_fail(file, -1, error, "no line of %s: one is needed", name);
    double sum = 0.0;
    for (int i = 0; i < source->n; i++)
        sum += source->shape[i];
    if (fabs(sum - 1.0) > 1e-6)
        return nd_datafile_fail(file, -1, error, "the ratios of %s add up to %.9g: 1 is needed",
                                name, sum);
    return ND_OK;
}

static enum nd_status read_lines(struct nd_solar *solar, const char *folder, struct nd_error *error)
{
    char path[ND_DATA_PATH_MAX];
    struct nd_datafile *file = NULL;
    double *energy = NULL, *ratio = NULL;
    enum nd_status status = nd_data_path(path, error, folder, "solar/lines.csv");
    if (status == ND_OK)
        status = nd_datafile_read(&file, path, error);
    if (status == ND_OK) {
        const size_t rows = (size_t)nd_datafile_rows(file);
        energy = malloc(rows * sizeof *energy);
        ratio = malloc(rows * sizeof *ratio);
        if (energy == NULL || ratio == NULL)
            status = no_memory(error);
    }
    if (status == ND_OK)
        status = nd_datafile_energies(file, "e_nu", ND_MEV, 0, energy, error);
    if (status == ND_OK)
        status = nd_datafile_numbers(file, "ratio", 0.0, 1.0, ratio, error);
    if (status == ND_OK && !nd_datafile_has(file, "parent"))
        status = nd_datafile_fail(file, -1, error, "no column 'parent': the source of a line");
    static const enum nd_source LINES[] = {ND_SOURCE_PEP, ND_SOURCE_7BE};
    for (int i = 0; status == ND_OK && i < nd_datafile_rows(file); i++) {
        const char *parent = nd_datafile_text(file, i, "parent");
        if (strcmp(parent, NAMES[LINES[0]]) != 0 && strcmp(parent, NAMES[LINES[1]]) != 0)
            status = nd_datafile_fail(
                file, i, error, "parent = %.80s: has no lines: allowed are pep and 7Be", parent);
    }
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0] && status == ND_OK; i++)
        status = take_lines(&solar->sources[LINES[i]], NAMES[LINES[i]], file, energy, ratio, error);
    free(energy);
    free(ratio);
    nd_datafile_free(file);
    return status;
}

static enum nd_status read_spectra(struct nd_solar *solar, const char *folder,
                                   struct nd_error *error)
{
    enum nd_status status = read_lines(solar, folder, error);
    for (int s = 0; s < ND_N_SOURCES && status == ND_OK; s++) {
        char path[ND_DATA_PATH_MAX];
        if (solar->sources[s].is_line)
            continue;
        status = nd_data_path(path, error, folder, "solar/spectrum_%s.csv", NAMES[s]);
        if (status == ND_OK)
            status = read_spectrum(&solar->sources[s], path, error);
    }
    return status;
}

/* ---- fluxes ----------------------------------------------------------------------------- */

/* Fluxes and errors from two columns; `seen` collects the sources that the file lists. */
static enum nd_status take_fluxes(struct nd_solar *solar, const struct nd_datafile *file,
                                  const char *flux_column, const char *error_column, unsigned *seen,
                                  struct nd_error *error)
{
    const int rows = nd_datafile_rows(file);
    double *flux = malloc((size_t)rows * sizeof *flux),
           *sigma = malloc((size_t)rows * sizeof *sigma);
    enum nd_status status = flux == NULL || sigma == NULL ? no_memory(error) : ND_OK;
    if (status == ND_OK && !nd_datafile_has(file, "source"))
        status = nd_datafile_fail(file, -1, error, "no column 'source': the name of a source");
    if (status == ND_OK)
        status = nd_datafile_numbers(file, flux_column, 0.0, FLUX_MAX, flux, error);
    if (status == ND_OK)
        status = nd_datafile_numbers(file, error_column, 0.0, 10.0, sigma, error);
    for (int i = 0; i < rows && status == ND_OK; i++) {
        const char *name = nd_datafile_text(file, i, "source");
        const int s = nd_source_find(name);
        if (s < 0) {
            status =
                nd_datafile_fail(file, i, error,
                                 "source = %.80s: unknown source: allowed are pp, pep, 7Be, 8B, "
                                 "hep, 13N, 15O and 17F",
                                 name);
        } else if (*seen >> s & 1u) {
            status = nd_datafile_fail(
                file, i, error, "source = %.80s: given twice: allowed is each source once", name);
        } else {
            *seen |= 1u << s;
            solar->sources[s].flux = nd_mev3_from_flux(flux[i]);
            solar->sources[s].relative_error = sigma[i];
        }
    }
    free(flux);
    free(sigma);
    return status;
}

static enum nd_status read_fluxes(struct nd_solar *solar, const char *folder,
                                  enum nd_solar_model model, struct nd_error *error)
{
    char path[ND_DATA_PATH_MAX];
    unsigned seen = 0;
    struct nd_datafile *file = NULL;
    enum nd_status status = nd_data_path(path, error, folder, "solar/fluxes.csv");
    if (status == ND_OK)
        status = nd_datafile_read(&file, path, error);
    if (status == ND_OK)
        status = take_fluxes(solar, file, MODELS[model].flux, MODELS[model].error, &seen, error);
    for (int s = 0; s < ND_N_SOURCES && status == ND_OK; s++)
        if (!(seen >> s & 1u))
            status = nd_datafile_fail(file, -1, error, "no flux of %s: one is needed", NAMES[s]);
    nd_datafile_free(file);
    return status;
}

/* A user's fluxes on top of the model's; spectra are named relative to the file. */
static enum nd_status read_own_fluxes(struct nd_solar *solar, const char *path,
                                      struct nd_error *error)
{
    unsigned seen = 0;
    struct nd_datafile *file = NULL;
    enum nd_status status = nd_datafile_read(&file, path, error);
    if (status == ND_OK)
        status = take_fluxes(solar, file, "flux_per_cm2_s", "relative_error", &seen, error);
    const char *slash = strrchr(path, '/');
    const int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
    for (int i = 0; status == ND_OK && i < nd_datafile_rows(file); i++) {
        const char *shape = nd_datafile_text(file, i, "shape");
        char name[ND_DATA_PATH_MAX];
        if (shape == NULL || strcmp(shape, "-") == 0)
            continue;
        const int length =
            snprintf(name, sizeof name, "%.*s%s", shape[0] == '/' ? 0 : folder, path, shape);
        const int source = nd_source_find(nd_datafile_text(file, i, "source"));
        struct nd_error own = ND_ERROR_INIT;
        if (length < 0 || (size_t)length >= sizeof name)
            status =
                nd_datafile_fail(file, i, error, "shape = %.80s...: the name is too long", shape);
        else if (read_spectrum(&solar->sources[source], name, &own) != ND_OK)
            status = nd_datafile_fail(file, i, error, "shape = %s: %s", shape, own.message);
    }
    nd_datafile_free(file);
    return status;
}

/* ---- production regions ----------------------------------------------------------------- */

static enum nd_status read_production(struct nd_solar *solar, const char *folder,
                                      enum nd_solar_model model, struct nd_error *error)
{
    char path[ND_DATA_PATH_MAX];
    struct nd_datafile *file = NULL;
    enum nd_status status = nd_data_path(path, error, folder, "solar/%s", MODELS[model].production);
    if (status == ND_OK)
        status = nd_datafile_read(&file, path, error);
    if (status != ND_OK)
        return status;
    const size_t n = (size_t)nd_datafile_rows(file);
    if (n < 2) {
        status = nd_datafile_fail(file, -1, error, "one radius: at least two are needed");
        nd_datafile_free(file);
        return status;
    }
    solar->n_zones = (int)n;
    solar->radius = malloc(n * sizeof *solar->radius);
    solar->electron_density = malloc(n * sizeof *solar->electron_density);
    if (solar->radius == NULL || solar->electron_density == NULL)
        status = no_memory(error);
    if (status == ND_OK)
        status = nd_datafile_numbers(file, "r", 0.0, 1.0, solar->radius, error);
    if (status == ND_OK)
        status = nd_datafile_numbers(file, "log10_ne", -30.0, 3.0, solar->electron_density, error);
    for (size_t i = 0; i < n && status == ND_OK; i++) {
        solar->electron_density[i] =
            nd_mev3_from_avogadro_per_cm3(pow(10.0, solar->electron_density[i]));
        if (i > 0 && solar->radius[i] <= solar->radius[i - 1])
            status = nd_datafile_fail(file, (int)i, error,
                                      "r = %g: not above the radius before it: increasing radii "
                                      "are needed",
                                      solar->radius[i]);
    }
    for (int s = 0; s < ND_N_SOURCES && status == ND_OK; s++) {
        struct nd_solar_source *source = &solar->sources[s];
        if ((source->production = malloc(n * sizeof *source->production)) == NULL)
            status = no_memory(error);
        else
            status = nd_datafile_numbers(file, NAMES[s], 0.0, 1e30, source->production, error);
        double sum = 0.0;
        for (size_t i = 0; i < n && status == ND_OK; i++)
            sum += source->production[i];
        if (status == ND_OK && !(sum > 0.0))
            status = nd_datafile_fail(file, -1, error,
                                      "%s is produced nowhere: a value above 0 is "
                                      "needed",
                                      NAMES[s]);
    }
    nd_datafile_free(file);
    return status;
}

/* ---- the whole -------------------------------------------------------------------------- */

enum nd_status nd_solar_create(struct nd_solar **result, const char *data_folder,
                               enum nd_solar_model model, const char *flux_file,
                               struct nd_error *error)
{
    struct nd_solar *solar = calloc(1, sizeof *solar);
    *result = NULL;
    if (solar == NULL)
        return no_memory(error);
    enum nd_status status = read_spectra(solar, data_folder, error);
    if (status == ND_OK)
        status = read_fluxes(solar, data_folder, model, error);
    if (status == ND_OK && flux_file != NULL && *flux_file != '\0')
        status = read_own_fluxes(solar, flux_file, error);
    if (status == ND_OK)
        status = read_production(solar, data_folder, model, error);
    if (status != ND_OK)
        nd_solar_free(solar);
    else
        *result = solar;
    return status;
}

void nd_solar_free(struct nd_solar *solar)
{
    if (solar == NULL)
        return;
    for (int s = 0; s < ND_N_SOURCES; s++) {
        free(solar->sources[s].energy);
        free(solar->sources[s].shape);
        free(solar->sources[s].production);
    }
    free(solar->radius);
    free(solar->electron_density);
    free(solar);
}

double nd_solar_survival(const struct nd_solar *solar, enum nd_source source,
                         const struct nd_oscillation *oscillation, double E)
{
    const double *weight = solar->sources[source].production, *r = solar->radius;
    double sum = 0.0, norm = 0.0;
    for (int i = 0; i < solar->n_zones; i++) {
        /* trapezoidal rule on the zones */
        const double below = i > 0 ? r[i] - r[i - 1] : 0.0;
        const double above = i < solar->n_zones - 1 ? r[i + 1] - r[i] : 0.0;
        const double w = weight[i] * 0.5 * (below + above);
        sum += w * nd_survival(oscillation, E, solar->electron_density[i]);
        norm += w;
    }
    return sum / norm;
}
