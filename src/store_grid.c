/* What a sweep has stored, laid out by what was varied: see nudipole/store_grid.h. */
#include "nudipole/store_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- axes ------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const double x = **(const double *const *)a, y = **(const double *const *)b;
    return (x > y) - (x < y);
}

/* Numbers by size, and where each one of the plan has gone. */
static enum nd_status sort_numbers(struct nd_store_axis *axis, const double *planned)
{
    const double **order = malloc((size_t)axis->n * sizeof *order);
    if (order == NULL)
        return ND_NO_MEMORY;
    for (int i = 0; i < axis->n; i++)
        order[i] = &planned[i];
    qsort(order, (size_t)axis->n, sizeof *order, by_number);
    for (int i = 0; i < axis->n; i++) {
        axis->numbers[i] = *order[i];
        axis->place[order[i] - planned] = i;
    }
    free(order);
    return ND_OK;
}

/* Logarithmic is also a list that a log axis suits better: positive, with growing steps. */
static int looks_logarithmic(const struct nd_store_axis *axis)
{
    const double *v = axis->numbers;
    const int n = axis->n;
    return n > 1 && v[0] > 0.0 && v[n - 1] >= 5.0 * v[0] &&
           (n == 2 || v[n - 1] - v[n - 2] > 1.5 * (v[1] - v[0]));
}

static enum nd_status plan_axis(struct nd_store_axis *axis, const struct nd_sweep_plan *plan,
                                int index, struct nd_error *error)
{
    const struct nd_sweep_axis *planned = &plan->axes[index];
    *axis = (struct nd_store_axis){.key = planned->key,
                                   .is_text = planned->is_text,
                                   .logarithmic = planned->logarithmic,
                                   .n = planned->n,
                                   .held = -1};
    if (axis->n > ND_STORE_GRID_POINTS_MAX)
        return nd_fail(error, ND_BAD_INPUT, "%s: %d values: allowed are %d", axis->key, axis->n,
                       (int)ND_STORE_GRID_POINTS_MAX);
    if (axis->n == 0)
        return ND_OK;
    enum nd_status status = ND_OK;
    const size_t n = (size_t)axis->n;
    double *numbers = malloc(n * sizeof *numbers);
    axis->place = malloc(n * sizeof *axis->place);
    if (axis->is_text)
        axis->words = malloc(n * sizeof *axis->words);
    else
        axis->numbers = malloc(n * sizeof *axis->numbers);
    if (numbers == NULL || axis->place == NULL || (axis->words == NULL && axis->numbers == NULL))
        status = ND_NO_MEMORY;
    for (int i = 0; i < axis->n && status == ND_OK; i++) {
        axis->place[i] = i;
        if (axis->is_text)
            memcpy(axis->words[i], planned->words[i], sizeof axis->words[i]);
        else
            numbers[i] = nd_sweep_plan_number(plan, i * planned->stride, index);
    }
    if (status == ND_OK && !axis->is_text)
        status = sort_numbers(axis, numbers);
    free(numbers);
    if (status != ND_OK)
        return nd_fail(error, status, "no memory for %d values of %s", axis->n, axis->key);
    if (!axis->is_text && planned->values != NULL)
        axis->logarithmic = looks_logarithmic(axis);
    return ND_OK;
}

enum nd_status nd_store_grid_plan(struct nd_store_grid *grid, const struct nd_sweep_plan *plan,
                                  struct nd_error *error)
{
    enum nd_status status = ND_OK;
    *grid = (struct nd_store_grid){.is_grid = plan->sampling == ND_SAMPLING_GRID, .plan = plan};
    for (int i = 0; i < plan->n_axes && status == ND_OK; i++) {
        grid->n_axes = i + 1;
        status = plan_axis(&grid->axes[i], plan, i, error);
    }
    return status;
}

void nd_store_grid_clear(struct nd_store_grid *grid)
{
    for (int i = 0; i < grid->n_axes; i++) {
        free(grid->axes[i].numbers);
        free(grid->axes[i].words);
        free(grid->axes[i].place);
    }
    for (size_t i = 0; i < grid->n_texts; i++)
        free(grid->texts[i]);
    for (int i = 0; grid->columns != NULL && i < grid->n_columns; i++)
        free((char *)grid->columns[i].name);
    free(grid->texts);
    free(grid->columns);
    free(grid->status);
    free(grid->values);
    *grid = (struct nd_store_grid){0};
}

int nd_store_grid_axis(const struct nd_store_grid *grid, const char *key)
{
    for (int i = 0; i < grid->n_axes; i++)
        if (strcmp(grid->axes[i].key, key) == 0)
            return i;
    return -1;
}

/* Where a point of the plan stands on an axis of a grid. */
static int place_of(const struct nd_store_grid *grid, long id, int axis)
{
    const struct nd_sweep_axis *planned = &grid->plan->axes[axis];
    return grid->axes[axis].place[id / planned->stride % planned->n];
}

/* ---- the store against the plan ---------------------------------------------------------- */

struct matching {
    struct nd_store_grid *grid;
    struct nd_error *error;
};

static int match_row(const struct nd_store_row *row, void *context)
{
    const struct matching *matching = context;
    struct nd_store_grid *grid = matching->grid;
    for (int i = 0; i < grid->n_axes; i++) {
        struct nd_store_axis *axis = &grid->axes[i];
        const double planned = nd_sweep_plan_number(grid->plan, row->id, i);
        const char *word = row->values[i].text;
        if (!axis->is_text && row->values[i].number != planned)
            return nd_fail(matching->error, ND_BAD_INPUT,
                           "point %ld: %s is %.17g in the store and %.17g in the parameters: "
                           "allowed are those that the sweep was made with",
                           row->id, axis->key, row->values[i].number, planned) != ND_OK;
        if (axis->is_text && word != NULL)
            snprintf(axis->words[place_of(grid, row->id, i)], sizeof axis->words[0], "%s", word);
    }
    return 0;
}

enum nd_status nd_store_grid_match(struct nd_store_grid *grid, struct nd_store_reader *reader,
                                   struct nd_error *error)
{
    const struct nd_store_layout *layout = nd_store_reader_layout(reader);
    struct matching matching = {grid, error};
    int same =
        layout->n_axes == grid->n_axes && nd_store_reader_n_points(reader) == grid->plan->n_points;
    for (int i = 0; i < grid->n_axes && same; i++)
        same = strcmp(layout->columns[i].name, grid->axes[i].key) == 0 &&
               layout->columns[i].is_text == grid->axes[i].is_text;
    if (!same)
        return nd_fail(error, ND_BAD_INPUT,
                       "the store has %ld points of %d axes, the parameters ask for %ld of %d, or "
                       "for other axes: allowed are those that the sweep was made with",
                       nd_store_reader_n_points(reader), layout->n_axes, grid->plan->n_points,
                       grid->n_axes);
    const enum nd_status status = nd_store_reader_rows(reader, match_row, &matching, error);
    return status == ND_OK ? error->status : status;
}

/* ---- held axes --------------------------------------------------------------------------- */

static enum nd_status refuse_value(const struct nd_store_axis *axis, const char *text,
                                   struct nd_error *error)
{
    char values[600] = "";
    size_t used = 0;
    for (int i = 0; i < axis->n && used + 100 < sizeof values; i++)
        used += (size_t)(axis->is_text
                             ? snprintf(values + used, sizeof values - used, " %s", axis->words[i])
                             : snprintf(values + used, sizeof values - used, " %.4g",
                                        axis->numbers[i]));
    return nd_fail(error, ND_BAD_INPUT, "'%s': no such value: allowed are%s%s", text, values,
                   used + 100 < sizeof values ? "" : " ...");
}

enum nd_status nd_store_grid_hold(struct nd_store_grid *grid, const char *text,
                                  struct nd_error *error)
{
    const double agrees = 1e-3; /* the four digits in which values are shown */
    char key[ND_TEXT_MAX], *end = NULL;
    const size_t length = strcspn(text, " \t");
    const char *value = text + length + strspn(text + length, " \t");
    snprintf(key, sizeof key, "%.*s", (int)length, text);
    const int index = nd_store_grid_axis(grid, key);
    if (*value == '\0')
        return nd_fail(error, ND_BAD_INPUT, "'%s': no value: allowed is KEY VALUE", text);
    if (index < 0 || grid->axes[index].n == 0)
        return nd_fail(error, ND_BAD_INPUT, "'%s': %s: allowed are axes of a grid", text,
                       index < 0 ? "not an axis of the sweep" : "its points were drawn");
    struct nd_store_axis *axis = &grid->axes[index];
    if (axis->held >= 0)
        return nd_fail(error, ND_BAD_INPUT, "'%s': given twice: allowed is each key once", text);
    const double number = strtod(value, &end);
    if (!axis->is_text && (*end != '\0' || !isfinite(number)))
        return nd_fail(error, ND_BAD_INPUT, "'%s': not a number: allowed is KEY VALUE", text);
    double least = INFINITY;
    for (int i = 0; i < axis->n; i++) {
        const double off = axis->is_text ? (strcmp(axis->words[i], value) == 0 ? 0.0 : INFINITY)
                                         : fabs(axis->numbers[i] - number);
        const double room = axis->is_text ? 0.0 : agrees * fabs(axis->numbers[i]);
        if (off <= room && off < least) {
            least = off;
            axis->held = i;
        }
    }
    return axis->held >= 0 ? ND_OK : refuse_value(axis, text, error);
}

/* ---- values ------------------------------------------------------------------------------ */

long nd_store_grid_cell(const struct nd_store_grid *grid, const int *index)
{
    long cell = 0;
    for (int i = 0; i < grid->n_axes; i++)
        if (grid->axes[i].held < 0)
            cell = cell * grid->axes[i].n + index[i];
    return cell;
}

/* The cell of a point, or -1 if it is not on the held axes. Draws are the same for every word of an
 * axis before them. */
static long cell_of(const struct nd_store_grid *grid, long id)
{
    int index[ND_SWEEP_AXES_MAX];
    long cell = id;
    for (int i = 0; i < grid->n_axes; i++) {
        const int held = grid->axes[i].held;
        if (grid->axes[i].n == 0)
            continue;
        index[i] = place_of(grid, id, i);
        if (held >= 0 && held != index[i])
            return -1;
        if (!grid->is_grid && held >= 0)
            cell = id % grid->plan->axes[i].stride;
    }
    return grid->is_grid ? nd_store_grid_cell(grid, index) : cell;
}

struct filling {
    struct nd_store_grid *grid;
    const int *source; /* column of the store, n_columns */
    struct nd_error *error;
};

/* A copy that lives as long as the grid. Columns of texts repeat few of them. */
static const char *keep_text(struct nd_store_grid *grid, const char *text)
{
    const size_t recent = 64;
    for (size_t i = grid->n_texts; i > 0 && grid->n_texts - i < recent; i--)
        if (strcmp(grid->texts[i - 1], text) == 0)
            return grid->texts[i - 1];
    char *copy = strdup(text);
    char **texts = realloc(grid->texts, (grid->n_texts + 1) * sizeof *texts);
    if (texts != NULL)
        grid->texts = texts;
    if (copy == NULL || texts == NULL) {
        free(copy);
        return NULL;
    }
    grid->texts[grid->n_texts++] = copy;
    return copy;
}

static int fill_row(const struct nd_store_row *row, void *context)
{
    const struct filling *filling = context;
    struct nd_store_grid *grid = filling->grid;
    const long cell = cell_of(grid, row->id);
    if (cell < 0)
        return 0;
    grid->counts[grid->status[cell]]--;
    grid->counts[row->status]++;
    grid->status[cell] = row->status;
    for (int c = 0; c < grid->n_columns; c++) {
        const struct nd_store_value *stored = &row->values[filling->source[c]];
        struct nd_store_value *value = &grid->values[cell * grid->n_columns + c];
        value->number = grid->columns[c].is_text ? NAN : stored->number;
        if (grid->columns[c].is_text && stored->text != NULL &&
            (value->text = keep_text(grid, stored->text)) == NULL)
            return nd_fail(filling->error, ND_NO_MEMORY, "no memory for texts") != ND_OK;
    }
    return 0;
}

static enum nd_status find_column(const struct nd_store_layout *layout, const char *name,
                                  int *source, struct nd_error *error)
{
    char names[700] = "";
    size_t used = 0;
    for (int i = layout->n_axes; i < layout->n; i++) {
        if (strcmp(layout->columns[i].name, name) == 0) {
            *source = i;
            return ND_OK;
        }
        if (used < sizeof names)
            used +=
                (size_t)snprintf(names + used, sizeof names - used, " %s", layout->columns[i].name);
    }
    return nd_fail(error, ND_BAD_INPUT, "%s: no such column in the store: allowed are%s", name,
                   names);
}

static enum nd_status make_room(struct nd_store_grid *grid, struct nd_error *error)
{
    double n = (double)grid->plan->n_points;
    for (int i = 0; i < grid->n_axes; i++)
        n /= grid->axes[i].held >= 0 ? (double)grid->axes[i].n : 1.0;
    if (n > (double)ND_STORE_GRID_POINTS_MAX)
        return nd_fail(error, ND_BAD_INPUT,
                       "%.0f points: allowed are %d: hold an axis at one of its values", n,
                       (int)ND_STORE_GRID_POINTS_MAX);
    grid->n_points = lround(n);
    grid->counts[ND_POINT_PENDING] = grid->n_points;
    const size_t n_values = (size_t)grid->n_points * (size_t)grid->n_columns;
    grid->status = calloc((size_t)grid->n_points, sizeof *grid->status);
    grid->values = malloc((n_values + 1) * sizeof *grid->values);
    if (grid->status == NULL || grid->values == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for %ld points", grid->n_points);
    for (size_t i = 0; i < n_values; i++)
        grid->values[i] = (struct nd_store_value){NAN, NULL};
    return ND_OK;
}

enum nd_status nd_store_grid_read(struct nd_store_grid *grid, struct nd_store_reader *reader,
                                  const struct nd_text_list *columns, struct nd_error *error)
{
    const struct nd_store_layout *layout = nd_store_reader_layout(reader);
    int source[ND_LIST_MAX];
    enum nd_status status = ND_OK;
    grid->columns = calloc((size_t)columns->n + 1, sizeof *grid->columns);
    if (grid->columns == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for columns");
    for (int c = 0; c < columns->n && status == ND_OK; c++) {
        status = find_column(layout, columns->values[c], &source[c], error);
        if (status != ND_OK)
            break;
        grid->columns[c] = (struct nd_store_column){strdup(columns->values[c]),
                                                    layout->columns[source[c]].is_text};
        grid->n_columns = c + 1;
        if (grid->columns[c].name == NULL)
            status = nd_fail(error, ND_NO_MEMORY, "no memory for columns");
    }
    if (status == ND_OK)
        status = make_room(grid, error);
    if (status != ND_OK)
        return status;
    struct filling filling = {grid, source, error};
    status = nd_store_reader_rows(reader, fill_row, &filling, error);
    return status == ND_OK ? error->status : status;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int nd_store_grid_words(const struct nd_store_grid *grid, int column, const char **words, int max)
{
    int n = 0;
    for (long p = 0; p < grid->n_points; p++) {
        const char *text = grid->values[p * grid->n_columns + column].text;
        int known = text == NULL;
        for (int i = 0; i < n && !known; i++)
            known = strcmp(words[i], text) == 0;
        if (!known && n == max)
            return max + 1;
        if (!known)
            words[n++] = text;
    }
    qsort(words, (size_t)n, sizeof *words, by_text);
    return n;
}

/* ---- cells ------------------------------------------------------------------------------- */

void nd_cell_edges(const double *centres, int n, int logarithmic, double *edges)
{
    for (int i = 1; i < n; i++)
        edges[i] = logarithmic ? sqrt(centres[i - 1]) * sqrt(centres[i])
                               : 0.5 * (centres[i - 1] + centres[i]);
    const double first = centres[0], last = centres[n - 1];
    if (n == 1) {
        edges[0] = logarithmic ? first / 1.5 : first - 0.5;
        edges[1] = logarithmic ? first * 1.5 : first + 0.5;
        return;
    }
    edges[0] = logarithmic ? first * (first / edges[1]) : first - (edges[1] - first);
    edges[n] = logarithmic ? last * (last / edges[n - 1]) : last + (last - edges[n - 1]);
}
