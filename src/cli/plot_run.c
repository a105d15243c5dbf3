/* Opens a stored sweep and reads what [plot] asks for: see plot_run.h. */
#include "plot_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_points.h"

/* ---- which axes -------------------------------------------------------------------------- */

static int is_free_number(const struct nd_cli_plot *run, int axis)
{
    return axis >= 0 && run->grid.axes[axis].held < 0 && !run->grid.axes[axis].is_text;
}

/* The axis that a key of [plot] names. */
static enum nd_status named_axis(const struct nd_cli_plot *run, const char *key, const char *name,
                                 int *axis, struct nd_error *error)
{
    char allowed[ND_SWEEP_AXES_MAX * (ND_SWEEP_WORD_MAX + 1)] = "";
    *axis = nd_store_grid_axis(&run->grid, name);
    if (is_free_number(run, *axis))
        return ND_OK;
    for (int i = 0; i < run->grid.n_axes; i++)
        if (is_free_number(run, i)) {
            strcat(allowed, " ");
            strcat(allowed, run->grid.axes[i].key);
        }
    return nd_fail(error, ND_BAD_INPUT, "%s: %s = %s: %s: allowed are%s",
                   nd_params_origin(&run->params, key), key, name,
                   *axis < 0                         ? "not an axis of the sweep"
                   : run->grid.axes[*axis].held >= 0 ? "held by `at`"
                                                     : "an axis of words",
                   *allowed != '\0' ? allowed : " numbers, of which the sweep has none");
}

/* T_RH_MeV, else the one with most values. */
static int longest_axis(const struct nd_cli_plot *run, int without)
{
    int longest = nd_store_grid_axis(&run->grid, "T_RH_MeV");
    if (is_free_number(run, longest) && longest != without)
        return longest;
    longest = -1;
    for (int i = 0; i < run->grid.n_axes; i++)
        if (is_free_number(run, i) && i != without &&
            (longest < 0 || run->grid.axes[i].n > run->grid.axes[longest].n))
            longest = i;
    return longest;
}

static enum nd_status choose_axes(struct nd_cli_plot *run, struct nd_error *error)
{
    const struct nd_params *p = &run->params;
    const int m4 = nd_store_grid_axis(&run->grid, "m4_keV");
    const int d = nd_store_grid_axis(&run->grid, "d_muB");
    const int plane = is_free_number(run, m4) && is_free_number(run, d);
    enum nd_status status = ND_OK;
    run->x = run->y = -1;
    if (*p->x != '\0')
        status = named_axis(run, "x", p->x, &run->x, error);
    if (status == ND_OK && *p->y != '\0' && strcmp(p->y, "none") != 0)
        status = named_axis(run, "y", p->y, &run->y, error);
    if (status != ND_OK)
        return status;
    if (plane && *p->y == '\0' && (run->x < 0 || run->x == m4))
        run->y = d;
    if (run->x < 0)
        run->x = plane && run->y == d ? m4 : longest_axis(run, run->y);
    if (run->x < 0)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s: x: no axis of numbers is free: allowed are sweeps over numbers",
                       nd_params_origin(p, "x"));
    if (!run->grid.is_grid && *p->y == '\0' && run->y < 0) /* points in a plane */
        run->y = longest_axis(run, run->x);
    if (run->x == run->y)
        return nd_fail(error, ND_BAD_INPUT, "%s: y = %s: is x, too: allowed are two axes",
                       nd_params_origin(p, "y"), p->y);
    return ND_OK;
}

void nd_cli_plot_group(const struct nd_cli_plot *run, int group, int index[ND_SWEEP_AXES_MAX])
{
    memset(index, 0, ND_SWEEP_AXES_MAX * sizeof *index);
    for (int i = run->n_others - 1; i >= 0; i--) {
        const int n = run->grid.axes[run->others[i]].n;
        index[run->others[i]] = group % n;
        group /= n;
    }
}

/* The values of the other axes: of points that were drawn there are no groups, and those of several
 * words would lie on each other. */
static enum nd_status choose_groups(struct nd_cli_plot *run, struct nd_error *error)
{
    double n = 1.0;
    const struct nd_store_axis *longest = NULL;
    for (int i = 0; i < run->grid.n_axes; i++) {
        struct nd_store_axis *axis = &run->grid.axes[i];
        if (i == run->x || i == run->y || axis->held >= 0)
            continue;
        run->others[run->n_others++] = i;
        if (!run->grid.is_grid && axis->is_text && axis->n > 1)
            return nd_fail(error, ND_BAD_INPUT,
                           "%s: the same points were drawn for each of %d values: hold it at one, "
                           "as in --set 'at=%s %s'",
                           axis->key, axis->n, axis->key, axis->words[0]);
        if (run->grid.is_grid) {
            n *= (double)axis->n;
            if (longest == NULL || axis->n > longest->n)
                longest = axis;
        }
    }
    run->n_groups = (int)fmin(n, 1e9);
    if (run->n_groups <= ND_CLI_PLOT_GROUPS_MAX)
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT,
                   "%d %s, for the values of the axes besides %s%s%s: allowed are %d: hold one at "
                   "a value, as in --set 'at=%s VALUE', or choose other x and y",
                   run->n_groups, run->y >= 0 ? "panels" : "lines", run->grid.axes[run->x].key,
                   run->y >= 0 ? " and " : "", run->y >= 0 ? run->grid.axes[run->y].key : "",
                   (int)ND_CLI_PLOT_GROUPS_MAX, longest->key);
}

/* ---- which columns ----------------------------------------------------------------------- */

static enum nd_status choose_columns(struct nd_cli_plot *run, const struct nd_store_layout *layout,
                                     struct nd_error *error)
{
    struct nd_text_list *columns = &run->params.column;
    if (columns->n > ND_CLI_PLOT_COLUMNS_MAX)
        return nd_fail(error, ND_BAD_INPUT, "%s: column: %d names: allowed are %d",
                       nd_params_origin(&run->params, "column"), columns->n,
                       (int)ND_CLI_PLOT_COLUMNS_MAX);
    if (columns->n > 0)
        return ND_OK;
    for (int i = layout->n_axes; i < layout->n; i++)
        if (i == layout->n_axes || strcmp(layout->columns[i].name, "verdict") == 0)
            snprintf(columns->values[0], ND_TEXT_MAX, "%s", layout->columns[i].name);
    columns->n = layout->n > layout->n_axes;
    return columns->n > 0 ? ND_OK
                          : nd_fail(error, ND_BAD_INPUT,
                                    "the store has no columns besides the axes: nothing to draw");
}

/* Those that are drawn, and sigma, which a verdict in a plane goes by. */
static struct nd_text_list columns_to_read(struct nd_cli_plot *run,
                                           const struct nd_store_layout *layout)
{
    struct nd_text_list columns = run->params.column;
    int verdict = 0, sigma = 0;
    run->n_columns = columns.n;
    for (int i = 0; i < columns.n; i++) {
        verdict |= strcmp(columns.values[i], "verdict") == 0;
        sigma |= strcmp(columns.values[i], "sigma") == 0;
    }
    for (int i = layout->n_axes; i < layout->n && verdict && !sigma && run->y >= 0; i++)
        if (strcmp(layout->columns[i].name, "sigma") == 0)
            snprintf(columns.values[columns.n++], ND_TEXT_MAX, "sigma");
    return columns;
}

/* The words of a column: those of a verdict in their own order, others sorted. */
static enum nd_status list_words(struct nd_cli_plot *run, int column, struct nd_error *error)
{
    const char **words = run->words[column];
    if (!run->grid.columns[column].is_text)
        return ND_OK;
    if (strcmp(run->grid.columns[column].name, "verdict") == 0) {
        for (int i = ND_ALLOWED; i <= ND_EXCLUDED; i++)
            words[run->n_words[column]++] = nd_verdict_word((enum nd_verdict_class)i);
        return ND_OK;
    }
    run->n_words[column] = nd_store_grid_words(&run->grid, column, words, ND_CLI_PLOT_WORDS_MAX);
    if (run->n_words[column] <= ND_CLI_PLOT_WORDS_MAX)
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT,
                   "%s: column = %s: more than %d different texts: allowed are as many colours",
                   nd_params_origin(&run->params, "column"), run->grid.columns[column].name,
                   (int)ND_CLI_PLOT_WORDS_MAX);
}

/* Counts numbers that cannot be drawn, and refuses a logarithm that there is not. */
static enum nd_status check_numbers(struct nd_cli_plot *run, struct nd_error *error)
{
    const struct nd_store_grid *grid = &run->grid;
    for (long p = 0; p < grid->n_points; p++) {
        int known = 1;
        for (int c = 0; c < run->n_columns; c++) {
            const struct nd_store_value *value = &grid->values[p * grid->n_columns + c];
            known =
                known && (grid->columns[c].is_text ? value->text != NULL : isfinite(value->number));
            if (run->params.scale == ND_SCALE_LOG && value->number <= 0.0)
                return nd_fail(error, ND_BAD_INPUT,
                               "%s: scale = log: %s has values such as %g: allowed is linear",
                               nd_params_origin(&run->params, "scale"), grid->columns[c].name,
                               value->number);
        }
        run->unknown += grid->status[p] == ND_POINT_OK && !known;
    }
    return ND_OK;
}

/* ---- all of it --------------------------------------------------------------------------- */

enum nd_status nd_cli_plot_swept(const struct nd_cli_options *options, const char *folder,
                                 struct nd_params *params, struct nd_error *error)
{
    static const struct nd_cli_options none = {0};
    char path[ND_CLI_PATH_MAX];
    const int length = snprintf(path, sizeof path, "%s/run.ini", folder);
    if (length < 0 || length >= (int)sizeof path)
        return nd_fail(error, ND_IO_ERROR, "%s: the name is too long", folder);
    const enum nd_status status =
        nd_cli_load(options != NULL ? options : &none, path, ND_USE_PLOT, NULL, params, error);
    return status != ND_OK || params->vary.n > 0
               ? status
               : nd_fail(error, ND_BAD_INPUT,
                         "%s: vary: empty: allowed is the folder of a sweep over axes", path);
}

enum nd_status nd_cli_plot_open(struct nd_cli_plot *run, const char *folder,
                                const struct nd_params *swept, struct nd_error *error)
{
    enum nd_status status = nd_cli_sweep_plan(swept, &run->plan, error);
    if (status == ND_OK)
        status = nd_store_reader_open(&run->reader, folder, error);
    if (status == ND_OK)
        status = nd_store_grid_plan(&run->grid, &run->plan, error);
    return status == ND_OK ? nd_store_grid_match(&run->grid, run->reader, error) : status;
}

enum nd_status nd_cli_plot_read(struct nd_cli_plot *run, struct nd_error *error)
{
    const struct nd_text_list *at = &run->params.at;
    enum nd_status status = ND_OK;
    for (int i = 0; i < at->n && status == ND_OK; i++) {
        struct nd_error own = ND_ERROR_INIT;
        status = nd_store_grid_hold(&run->grid, at->values[i], &own);
        if (status != ND_OK)
            nd_fail(error, status, "%s: at: %s", nd_params_origin(&run->params, "at"), own.message);
    }
    if (status == ND_OK)
        status = choose_axes(run, error);
    if (status == ND_OK)
        status = choose_groups(run, error);
    if (status == ND_OK)
        status = choose_columns(run, nd_store_reader_layout(run->reader), error);
    if (status == ND_OK) {
        struct nd_error own = ND_ERROR_INIT;
        const struct nd_text_list columns =
            columns_to_read(run, nd_store_reader_layout(run->reader));
        status = nd_store_grid_read(&run->grid, run->reader, &columns, &own);
        if (status != ND_OK)
            nd_fail(error, status, "%s: column: %s", nd_params_origin(&run->params, "column"),
                    own.message);
    }
    if (status == ND_OK && run->grid.counts[ND_POINT_PENDING] == run->grid.n_points)
        status = nd_fail(error, ND_BAD_INPUT,
                         "none of %ld points is done yet: allowed are folders of a sweep that has "
                         "begun",
                         run->grid.n_points);
    for (int c = 0; c < run->n_columns && status == ND_OK; c++)
        status = list_words(run, c, error);
    return status == ND_OK ? check_numbers(run, error) : status;
}

void nd_cli_plot_clear(struct nd_cli_plot *run)
{
    nd_store_reader_close(run->reader);
    nd_cli_overlays_clear(&run->overlays);
    nd_store_grid_clear(&run->grid);
    nd_sweep_plan_clear(&run->plan);
}
