/* What `nudipole plot` writes and prints. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "plot_run.h"

enum { TEXT_MAX = ND_CLI_PLOT_TEXT_MAX };

/* ---- tables ------------------------------------------------------------------------------ */

/* A word of a row, without blanks. */
static void write_word(FILE *stream, const char *text)
{
    if (text == NULL || *text == '\0') {
        fputs(" -", stream);
        return;
    }
    fputc(' ', stream);
    for (const char *c = text; *c != '\0'; c++)
        fputc(isspace((unsigned char)*c) ? '_' : *c, stream);
}

static void write_coordinate(const struct nd_cli_plot *run, int axis, const int *index, long id,
                             FILE *stream)
{
    const struct nd_store_axis *a = &run->grid.axes[axis];
    if (a->is_text)
        write_word(stream, run->grid.is_grid ? a->words[index[axis]]
                                             : nd_sweep_plan_word(&run->plan, id, axis));
    else if (!run->grid.is_grid)
        fprintf(stream, " %.17g", nd_sweep_plan_number(&run->plan, id, axis));
    else
        fprintf(stream, " %.17g", a->numbers[index[axis]]);
}

static void write_point(const struct nd_cli_plot *run, const int *index, long point,
                        const double *x_edges, const double *y_edges, FILE *stream)
{
    static const char *const STATUSES[] = {"pending", "ok", "failed"};
    const struct nd_store_grid *grid = &run->grid;
    fputs(STATUSES[grid->status[point]], stream);
    write_coordinate(run, run->x, index, point, stream);
    if (run->y >= 0)
        write_coordinate(run, run->y, index, point, stream);
    for (int i = 0; i < run->n_others; i++)
        write_coordinate(run, run->others[i], index, point, stream);
    if (x_edges != NULL)
        fprintf(stream, " %.17g %.17g", x_edges[index[run->x]], x_edges[index[run->x] + 1]);
    if (y_edges != NULL)
        fprintf(stream, " %.17g %.17g", y_edges[index[run->y]], y_edges[index[run->y] + 1]);
    for (int c = 0; c < grid->n_columns; c++) {
        const struct nd_store_value *value = &grid->values[point * grid->n_columns + c];
        if (grid->columns[c].is_text)
            write_word(stream, value->text);
        else
            fprintf(stream, " %.17g", value->number);
    }
    fputc('\n', stream);
}

static double *edges_of(const struct nd_store_axis *axis)
{
    double *edges = malloc(((size_t)axis->n + 1) * sizeof *edges);
    if (edges != NULL)
        nd_cell_edges(axis->numbers, axis->n, axis->logarithmic, edges);
    return edges;
}

static void write_groups(const struct nd_cli_plot *run, const double *x_edges,
                         const double *y_edges, FILE *stream)
{
    const struct nd_store_axis *axes = run->grid.axes;
    int index[ND_SWEEP_AXES_MAX];
    for (int group = 0; group < run->n_groups; group++) {
        nd_cli_plot_group(run, group, index);
        if (group > 0)
            fputs("\n\n", stream);
        for (int i = 0; i < axes[run->x].n; i++) {
            index[run->x] = i;
            for (int j = 0; j < (run->y >= 0 ? axes[run->y].n : 1); j++) {
                if (run->y >= 0)
                    index[run->y] = j;
                if (i > 0 && j == 0 && run->y >= 0)
                    fputc('\n', stream);
                write_point(run, index, nd_store_grid_cell(&run->grid, index), x_edges, y_edges,
                            stream);
            }
        }
    }
}

enum nd_status nd_cli_plot_write_rows(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_plot *run = context;
    const struct nd_store_axis *axes = run->grid.axes;
    if (!run->grid.is_grid) {
        for (long id = 0; id < run->grid.n_points; id++)
            write_point(run, NULL, id, NULL, NULL, stream);
        return ND_OK;
    }
    double *x_edges = edges_of(&axes[run->x]);
    double *y_edges = run->y >= 0 ? edges_of(&axes[run->y]) : NULL;
    enum nd_status status = ND_OK;
    if (x_edges == NULL || (run->y >= 0 && y_edges == NULL))
        status = nd_fail(error, ND_NO_MEMORY, "no memory for the edges of cells");
    else
        write_groups(run, x_edges, y_edges, stream);
    free(x_edges);
    free(y_edges);
    return status;
}

static enum nd_status write_contours(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_plot *run = context;
    (void)error;
    nd_cli_fit_write_contours(&run->overlays.fit, stream);
    return ND_OK;
}

static enum nd_status write_best(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_plot *run = context;
    (void)error;
    nd_cli_fit_write_best(&run->overlays.fit, stream);
    return ND_OK;
}

static enum nd_status write_bounds(const void *context, FILE *stream, struct nd_error *error)
{
    const struct nd_cli_plot *run = context;
    (void)error;
    nd_cli_overlays_write_bounds(&run->overlays, &run->params, stream);
    return ND_OK;
}

/* ---- words ------------------------------------------------------------------------------- */

static void append(char text[TEXT_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(char text[TEXT_MAX], const char *format, ...)
{
    const size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, TEXT_MAX - used, format, args);
    va_end(args);
}

void nd_cli_plot_list_columns(const struct nd_cli_plot *run, char text[TEXT_MAX])
{
    const struct nd_store_grid *grid = &run->grid;
    snprintf(text, TEXT_MAX, "status %s", grid->axes[run->x].key);
    if (run->y >= 0)
        append(text, " %s", grid->axes[run->y].key);
    for (int i = 0; i < run->n_others; i++)
        append(text, " %s", grid->axes[run->others[i]].key);
    if (grid->is_grid)
        append(text, " x_low x_high%s", run->y >= 0 ? " y_low y_high" : "");
    for (int c = 0; c < grid->n_columns; c++)
        append(text, " %s", grid->columns[c].name);
}

static void append_value(const struct nd_store_axis *axis, int index, char text[TEXT_MAX])
{
    if (axis->is_text)
        append(text, "%s=%s", axis->key, axis->words[index]);
    else
        append(text, "%s=%.4g", axis->key, axis->numbers[index]);
}

/* "T_RH_MeV=2;point=b8|...": one item a group. */
static void list_groups(const struct nd_cli_plot *run, char text[TEXT_MAX])
{
    int index[ND_SWEEP_AXES_MAX];
    text[0] = '\0';
    for (int group = 0; group < run->n_groups && run->grid.is_grid; group++) {
        nd_cli_plot_group(run, group, index);
        append(text, "%s", group > 0 ? "|" : "");
        for (int i = 0; i < run->n_others; i++) {
            append(text, "%s", i > 0 ? ";" : "");
            append_value(&run->grid.axes[run->others[i]], index[run->others[i]], text);
        }
    }
}

/* Names, words ("" of numbers), levels and measured values of the columns: one item each, separated
 * by |. */
struct lists {
    char names[TEXT_MAX], words[TEXT_MAX], levels[TEXT_MAX], measured[TEXT_MAX];
};

void nd_cli_plot_list_words(const struct nd_cli_plot *run, int column, char text[TEXT_MAX])
{
    text[0] = '\0';
    for (int i = 0; i < run->n_words[column]; i++)
        append(text, "%s%s", i > 0 ? "," : "", run->words[column][i]);
}

void nd_cli_plot_list_levels(const struct nd_cli_plot *run, int column, char text[TEXT_MAX])
{
    const struct nd_double_list *list = &run->params.levels;
    const char *name = run->grid.columns[column].name;
    text[0] = '\0';
    if (run->y < 0 || run->n_words[column] > 0)
        return;
    for (int i = 0; i < list->n; i++)
        append(text, "%s%.8g", i > 0 ? "," : "", list->values[i]);
    if (list->n > 0)
        return;
    if (strcmp(name, "sigma") == 0)
        append(text, "2,3");
    else if (strcmp(name, "max_Gamma_over_H") == 0)
        append(text, "1");
    else if (strcmp(name, "max_n_over_neq") == 0)
        append(text, "%.8g", run->params.thermal_fraction);
}

static void append_measured(const struct nd_cli_plot *run, const char *name, char text[TEXT_MAX])
{
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        const struct nd_observation *item = &run->observations.items[o];
        if (item->known && strcmp(name, nd_observable_word((enum nd_observable)o)) == 0)
            append(text, "%.8g,%.8g", item->value, item->error);
    }
}

static void list_all(const struct nd_cli_plot *run, struct lists *lists)
{
    char words[TEXT_MAX], levels[TEXT_MAX];
    *lists = (struct lists){"", "", "", ""};
    for (int c = 0; c < run->n_columns; c++) {
        const char *name = run->grid.columns[c].name, *bar = c > 0 ? "|" : "";
        nd_cli_plot_list_words(run, c, words);
        nd_cli_plot_list_levels(run, c, levels);
        append(lists->names, "%s%s", bar, name);
        append(lists->words, "%s%s", bar, words);
        append(lists->levels, "%s%s", bar, levels);
        append(lists->measured, "%s", bar);
        if (run->y < 0)
            append_measured(run, name, lists->measured);
    }
}

int nd_cli_plot_sigma(const struct nd_cli_plot *run)
{
    for (int c = 0; c < run->grid.n_columns; c++)
        if (strcmp(run->grid.columns[c].name, "sigma") == 0)
            return c + 1;
    return 0;
}

/* Is a key among the axes? */
static int varied(const struct nd_cli_plot *run, const char *key)
{
    return nd_store_grid_axis(&run->grid, key) >= 0;
}

/* What all points share, and what of them is missing. */
static void describe(const struct nd_cli_plot *run, char text[TEXT_MAX])
{
    const struct nd_params *p = &run->params;
    const struct nd_store_grid *grid = &run->grid;
    text[0] = '\0';
    for (int i = 0; i < grid->n_axes; i++)
        if (grid->axes[i].held >= 0) {
            append(text, "%s", *text != '\0' ? ", " : "");
            append_value(&grid->axes[i], grid->axes[i].held, text);
        }
    if (!varied(run, "T_RH_MeV") && p->T_RH_MeV.n == 1)
        append(text, "%sT_RH_MeV=%g", *text != '\0' ? ", " : "", p->T_RH_MeV.values[0]);
    if (!varied(run, "m4_keV") && !varied(run, "point"))
        append(text, "%sm4_keV=%g", *text != '\0' ? ", " : "", p->m4_keV);
    if (!varied(run, "d_muB") && !varied(run, "point"))
        append(text, "%sd_muB=%g", *text != '\0' ? ", " : "", p->d_muB);
    append(text, "%s", *text != '\0' ? "; " : "");
    if (!varied(run, "flavour"))
        append(text, "nu_%s, ", nd_flavour_word(p->flavour));
    if (!varied(run, "convention"))
        append(text, "%s convention, ", nd_convention_word(p->convention));
    append(text, "%ld points", grid->n_points);
    if (grid->counts[ND_POINT_FAILED] > 0)
        append(text, ", %ld failed (crosses)", grid->counts[ND_POINT_FAILED]);
    if (grid->counts[ND_POINT_PENDING] > 0)
        append(text, ", %ld not computed yet (blank)", grid->counts[ND_POINT_PENDING]);
    if (run->unknown > 0)
        append(text, ", %ld without a finite value (blank)", run->unknown);
}

/* ---- bounds in sight --------------------------------------------------------------------- */

/* Does the edge of a bound cross the plane that is drawn? */
static int is_in_sight(const struct nd_cli_plot *run, const struct nd_bound *bound)
{
    enum { STEPS = 60 };
    const struct nd_store_axis *x = &run->grid.axes[run->x], *y = &run->grid.axes[run->y];
    const struct nd_sweep_axis *planned_x = &run->plan.axes[run->x],
                               *planned_y = &run->plan.axes[run->y];
    const double x_low = x->n > 0 ? x->numbers[0] : planned_x->low;
    const double x_high = x->n > 0 ? x->numbers[x->n - 1] : planned_x->high;
    const double y_low = y->n > 0 ? y->numbers[0] : planned_y->low;
    const double y_high = y->n > 0 ? y->numbers[y->n - 1] : planned_y->high;
    int inside = 0, n = 0;
    for (int i = 0; i < STEPS; i++)
        for (int j = 0; j < STEPS; j++, n++)
            inside += nd_bound_excludes(
                          bound, nd_mev_from_kev(nd_log_grid(x_low, x_high, STEPS, i)),
                          nd_params_mu(&run->params, nd_log_grid(y_low, y_high, STEPS, j))) == 1;
    return inside > 0 && inside < n;
}

static void list_in_sight(const struct nd_cli_plot *run, char text[TEXT_MAX])
{
    text[0] = '\0';
    for (int b = 0; b < run->overlays.n_bounds; b++)
        append(text, "%s%d", b > 0 ? "," : "", is_in_sight(run, run->overlays.bounds[b]));
}

/* ---- all of it --------------------------------------------------------------------------- */

static enum nd_status report(const void *context, const struct nd_cli_options *options,
                             json_t *summary, struct nd_error *error)
{
    const struct nd_cli_plot *run = context;
    const struct nd_store_grid *grid = &run->grid;
    json_t *columns = json_array();
    (void)options;
    (void)error;
    for (int c = 0; c < run->n_columns; c++)
        json_array_append_new(columns, json_string(grid->columns[c].name));
    json_object_set_new(summary, "x", json_string(grid->axes[run->x].key));
    json_object_set_new(summary, "y",
                        run->y >= 0 ? json_string(grid->axes[run->y].key) : json_null());
    json_object_set_new(summary, "columns", columns);
    json_object_set_new(summary, "points", json_integer(grid->n_points));
    json_object_set_new(summary, "failed", json_integer(grid->counts[ND_POINT_FAILED]));
    json_object_set_new(summary, "pending", json_integer(grid->counts[ND_POINT_PENDING]));
    json_object_set_new(summary, "without_a_finite_value", json_integer(run->unknown));
    return ND_OK;
}

const char *nd_cli_plot_scale(const struct nd_cli_plot *run)
{
    return run->params.scale == ND_SCALE_LOG      ? "log"
           : run->params.scale == ND_SCALE_LINEAR ? "linear"
                                                  : "auto";
}

enum nd_status nd_cli_plot_finish(const struct nd_cli_options *options,
                                  const struct nd_cli_plot *run, const char *folder,
                                  struct nd_error *error)
{
    const struct nd_store_axis *x = &run->grid.axes[run->x];
    const struct nd_store_axis *y = run->y >= 0 ? &run->grid.axes[run->y] : NULL;
    char columns[TEXT_MAX], groups[TEXT_MAX], caption[TEXT_MAX], sight[TEXT_MAX];
    char sources[ND_CLI_LABELS_MAX], titles[ND_CLI_LABELS_MAX];
    char n_others[16], n_contours[16], sigma[16];
    struct lists *lists = malloc(sizeof *lists);
    if (lists == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a plot");
    nd_cli_plot_list_columns(run, columns);
    list_groups(run, groups);
    list_all(run, lists);
    describe(run, caption);
    nd_cli_labels(&run->overlays.fit.beam, sources);
    nd_cli_overlays_list_bounds(&run->overlays, 1, titles, sizeof titles);
    list_in_sight(run, sight);
    snprintf(n_others, sizeof n_others, "%d", run->n_others);
    snprintf(n_contours, sizeof n_contours, "%d", nd_cli_fit_count_contours(&run->overlays.fit));
    snprintf(sigma, sizeof sigma, "%d", nd_cli_plot_sigma(run));
    const struct nd_cli_table tables[] = {
        {"plot",
         "a stored sweep: cells from low to high around their points; pending points are not "
         "computed yet; one block a panel or line, a blank line after each x of a plane",
         columns, nd_cli_plot_write_rows},
        {ND_CLI_CONTOURS_TABLE, write_contours},
        {ND_CLI_BEST_TABLE, write_best},
        {ND_CLI_BOUNDS_TABLE, write_bounds},
    };
    const struct nd_plot_variable variables[] = {
        {"kind", y == NULL ? "lines" : "plane"},
        {"drawn", run->grid.is_grid ? "" : "drawn"},
        {"x", x->key},
        {"y", y != NULL ? y->key : ""},
        {"x_scale", x->logarithmic ? "log" : "linear"},
        {"y_scale", y != NULL && y->logarithmic ? "log" : "linear"},
        {"scale", nd_cli_plot_scale(run)},
        {"n_others", n_others},
        {"groups", groups},
        {"columns", lists->names},
        {"words", lists->words},
        {"levels", lists->levels},
        {"measured", lists->measured},
        {"sigma_at", sigma},
        {"overlays", run->has_overlays ? "overlays" : ""},
        {"sources", sources},
        {"n_contours", n_contours},
        {"experiment", nd_cli_overlays_experiment(&run->overlays)},
        {"bound_titles", titles},
        {"bounds_in_sight", sight},
    };
    const struct nd_cli_result result = {
        .command = "plot",
        .params = &run->params,
        .uses = ND_USE_PLAN | ND_USE_PLOT | (run->has_overlays ? ND_USE_FIT : 0),
        .folder = folder,
        .tables = tables,
        .n_tables = run->has_overlays ? 4 : 1,
        .figures = {"plot"},
        .caption = caption,
        .n_blocks = run->n_groups,
        .variables = variables,
        .n_variables = sizeof variables / sizeof variables[0],
        .run = run,
        .report = report,
    };
    nd_cli_say(options, "plot     %s\n", caption);
    const enum nd_status status = nd_cli_finish(options, &result, error);
    free(lists);
    return status;
}
