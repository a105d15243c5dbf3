/* Measured inputs from CSV files: see nudipole/datafile.h. */
#include "nudipole/datafile.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { LINE_LENGTH_MAX = 65536, ROWS_MAX = 10000000, PATH_SHOWN = 400 };
static const double ENERGY_MAX = 1e12; /* in any unit: no product below overflows */

/* A comment line `# key: value`; both point into one block. */
struct header {
    char *block, *key, *value;
    int line;
};

struct nd_datafile {
    char *path;
    struct header *headers;
    int n_headers;
    int names_line;              /* of the column names; 0 before they are read */
    int n_columns, n_rows, room; /* room: rows that fit into cells and lines */
    char **names;                /* point into the first text */
    char **cells;                /* cells[row * n_columns + column], they point into the texts */
    char **texts;                /* one block a line: the column names, then the rows */
    int *lines;                  /* line number of each row */
};

/* ---- errors ----------------------------------------------------------------------------- */

/* The end of a path: a longer one would push the message out of struct nd_error. */
static const char *shown(const char *path)
{
    const size_t length = strlen(path);
    return length > PATH_SHOWN ? path + length - PATH_SHOWN : path;
}

static enum nd_status fail_at(const struct nd_datafile *file, int line, struct nd_error *error,
                              const char *format, va_list args)
{
    char message[900];
    vsnprintf(message, sizeof message, format, args);
    return nd_fail(error, ND_BAD_INPUT, "%s:%d: %s", shown(file->path), line, message);
}

__attribute__((format(printf, 4, 5))) static enum nd_status
fail_line(const struct nd_datafile *file, int line, struct nd_error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const enum nd_status status = fail_at(file, line, error, format, args);
    va_end(args);
    return status;
}

enum nd_status nd_datafile_fail(const struct nd_datafile *file, int row, struct nd_error *error,
                                const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const enum nd_status status =
        fail_at(file, row < 0 ? file->names_line : file->lines[row], error, format, args);
    va_end(args);
    return status;
}

static enum nd_status no_memory(const char *path, struct nd_error *error)
{
    return nd_fail(error, ND_NO_MEMORY, "no memory for %s", shown(path));
}

/* ---- reading ---------------------------------------------------------------------------- */

static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

/* Keeps a comment that has a key. */
static enum nd_status take_comment(struct nd_datafile *file, const char *text, int line,
                                   struct nd_error *error)
{
    if (strchr(text, ':') == NULL)
        return ND_OK;
    const size_t n = (size_t)file->n_headers;
    if ((n & (n - 1)) == 0) { /* there is room for a power of two */
        struct header *headers = realloc(file->headers, (n == 0 ? 1 : 2 * n) * sizeof *headers);
        if (headers == NULL)
            return no_memory(file->path, error);
        file->headers = headers;
    }
    char *block = strdup(text + 1); /* after the # */
    if (block == NULL)
        return no_memory(file->path, error);
    char *colon = strchr(block, ':');
    *colon = '\0';
    file->headers[file->n_headers++] =
        (struct header){.block = block, .key = trim(block), .value = trim(colon + 1), .line = line};
    return ND_OK;
}

static int count_cells(const char *text)
{
    int n = 1;
    for (; *text != '\0'; text++)
        n += *text == ',';
    return n;
}

/* Cuts a text into its n cells. */
static void split(char *text, char **cells, int n)
{
    for (int i = 0; i < n; i++) {
        char *end = text + strcspn(text, ",");
        char *next = *end == '\0' ? end : end + 1;
        *end = '\0';
        cells[i] = trim(text);
        text = next;
    }
}

/* The column names, for a message. */
static void list_columns(const struct nd_datafile *file, char *text, size_t size)
{
    size_t used = 0;
    *text = '\0';
    for (int i = 0; i < file->n_columns && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.60s", i > 0 ? ", " : "",
                                 file->names[i]);
    if (used >= size)
        memcpy(text + size - 4, "...", 4);
}

static enum nd_status take_names(struct nd_datafile *file, const char *text, int line,
                                 struct nd_error *error)
{
    file->n_columns = count_cells(text);
    file->names_line = line;
    file->texts = calloc(1, sizeof *file->texts);
    file->names = calloc((size_t)file->n_columns, sizeof *file->names);
    char *copy = strdup(text);
    if (file->texts == NULL || file->names == NULL || copy == NULL) {
        free(copy);
        return no_memory(file->path, error);
    }
    file->texts[0] = copy;
    split(copy, file->names, file->n_columns);
    for (int i = 0; i < file->n_columns; i++) {
        if (*file->names[i] == '\0')
            return nd_datafile_fail(
                file, -1, error,
                "column %d has no name: allowed are names separated by single commas", i + 1);
        for (int j = 0; j < i; j++)
            if (strcmp(file->names[i], file->names[j]) == 0)
                return nd_datafile_fail(file, -1, error,
                                        "column '%.80s': named twice: allowed is each name once",
                                        file->names[i]);
    }
    return ND_OK;
}

/* Makes room for one more row; returns 0 without memory. */
static int grow(struct nd_datafile *file)
{
    if (file->n_rows < file->room)
        return 1;
    const int room = file->room == 0 ? 64 : 2 * file->room;
    const size_t rows = (size_t)room;
    char **texts = realloc(file->texts, (rows + 1) * sizeof *texts);
    if (texts == NULL)
        return 0;
    file->texts = texts;
    char **cells = realloc(file->cells, rows * (size_t)file->n_columns * sizeof *cells);
    if (cells == NULL)
        return 0;
    file->cells = cells;
    int *lines = realloc(file->lines, rows * sizeof *lines);
    if (lines == NULL)
        return 0;
    file->lines = lines;
    file->room = room;
    return 1;
}

static enum nd_status take_row(struct nd_datafile *file, const char *text, int line,
                               struct nd_error *error)
{
    const int n = count_cells(text);
    if (n != file->n_columns) {
        char columns[512];
        list_columns(file, columns, sizeof columns);
        return fail_line(file, line, error, "%d cell%s: expected are %d: %s", n, n == 1 ? "" : "s",
                         file->n_columns, columns);
    }
    if (file->n_rows == ROWS_MAX)
        return fail_line(file, line, error, "too many rows: allowed are %d", ROWS_MAX);
    char *copy = grow(file) ? strdup(text) : NULL;
    if (copy == NULL)
        return no_memory(file->path, error);
    char **cells = file->cells + (size_t)file->n_rows * (size_t)n;
    file->lines[file->n_rows] = line;
    file->texts[++file->n_rows] = copy;
    split(copy, cells, n);
    for (int i = 0; i < n; i++)
        if (*cells[i] == '\0')
            return fail_line(file, line, error,
                             "%.80s: the cell is empty: allowed is a value in every cell",
                             file->names[i]);
    return ND_OK;
}

/* One line, without the byte order mark: a comment, blank, the column names or a row. */
static enum nd_status take_line(struct nd_datafile *file, char *text, int line,
                                struct nd_error *error)
{
    text = trim(text);
    if (*text == '\0')
        return ND_OK;
    if (*text == '#' && file->n_rows == 0)
        return take_comment(file, text, line, error);
    if (*text == '#')
        return fail_line(file, line, error,
                         "a comment between rows: allowed are comments before the data");
    return file->names_line == 0 ? take_names(file, text, line, error)
                                 : take_row(file, text, line, error);
}

static enum nd_status read_lines(struct nd_datafile *file, FILE *stream, struct nd_error *error)
{
    enum nd_status status = ND_OK;
    char *buffer = NULL;
    size_t size = 0;
    ssize_t length;
    int line = 0;
    while (status == ND_OK && (length = getline(&buffer, &size, stream)) >= 0) {
        char *text = buffer;
        if (++line == 1 && strncmp(text, "\xef\xbb\xbf", 3) == 0)
            text += 3;
        if (strlen(buffer) != (size_t)length)
            status = fail_line(file, line, error, "a NUL character: allowed is plain text");
        else if (length > LINE_LENGTH_MAX)
            status = fail_line(file, line, error, "the line is too long: allowed are %d characters",
                               LINE_LENGTH_MAX);
        else
            status = take_line(file, text, line, error);
    }
    const int reason = errno;
    free(buffer);
    if (status != ND_OK)
        return status;
    if (ferror(stream))
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be read: %s", shown(file->path),
                       strerror(reason));
    if (!feof(stream))
        return no_memory(file->path, error);
    if (file->names_line == 0)
        return fail_line(file, line, error, "no column names: needed are a line of them and rows");
    if (file->n_rows == 0)
        return fail_line(file, line, error,
                         "no rows: at least one is needed after the column names");
    return ND_OK;
}

enum nd_status nd_datafile_read(struct nd_datafile **file, const char *path, struct nd_error *error)
{
    struct stat info;
    *file = NULL;
    FILE *stream = fopen(path, "r");
    if (stream == NULL)
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be read: %s", shown(path), strerror(errno));
    if (fstat(fileno(stream), &info) == 0 && S_ISDIR(info.st_mode)) {
        fclose(stream);
        return nd_fail(error, ND_IO_ERROR, "%s: is a folder: a file is needed", shown(path));
    }
    struct nd_datafile *result = calloc(1, sizeof *result);
    if (result != NULL)
        result->path = strdup(path);
    const enum nd_status status = result == NULL || result->path == NULL
                                      ? no_memory(path, error)
                                      : read_lines(result, stream, error);
    fclose(stream);
    if (status == ND_OK)
        *file = result;
    else
        nd_datafile_free(result);
    return status;
}

void nd_datafile_free(struct nd_datafile *file)
{
    if (file == NULL)
        return;
    for (int i = 0; file->texts != NULL && i <= file->n_rows; i++)
        free(file->texts[i]);
    for (int i = 0; i < file->n_headers; i++)
        free(file->headers[i].block);
    free(file->headers);
    free(file->texts);
    free(file->cells);
    free(file->lines);
    free(file->names);
    free(file->path);
    free(file);
}

/* ---- answers ---------------------------------------------------------------------------- */

/* Index of a column, or -1. */
static int find_column(const struct nd_datafile *file, const char *column)
{
    for (int i = 0; i < file->n_columns; i++)
        if (strcmp(file->names[i], column) == 0)
            return i;
    return -1;
}

static const char *cell_at(const struct nd_datafile *file, int row, int column)
{
    return file->cells[(size_t)row * (size_t)file->n_columns + (size_t)column];
}

int nd_datafile_rows(const struct nd_datafile *file)
{
    return file->n_rows;
}

/* Index of the first comment line with a key at or after `from`, or -1. */
static int find_header(const struct nd_datafile *file, const char *key, int from)
{
    for (int i = from; i < file->n_headers; i++)
        if (strcmp(file->headers[i].key, key) == 0)
            return i;
    return -1;
}

const char *nd_datafile_header(const struct nd_datafile *file, const char *key)
{
    const int index = find_header(file, key, 0);
    return index < 0 ? NULL : file->headers[index].value;
}

int nd_datafile_header_count(const struct nd_datafile *file, const char *key)
{
    int n = 0;
    for (int i = 0; (i = find_header(file, key, i)) >= 0; i++)
        n++;
    return n;
}

enum nd_status nd_datafile_header_fail(const struct nd_datafile *file, const char *key,
                                       struct nd_error *error, const char *format, ...)
{
    int line = file->names_line;
    for (int i = 0; (i = find_header(file, key, i)) >= 0; i++)
        line = file->headers[i].line;
    va_list args;
    va_start(args, format);
    const enum nd_status status = fail_at(file, line, error, format, args);
    va_end(args);
    return status;
}

const char *nd_datafile_path(const struct nd_datafile *file)
{
    return file->path;
}

int nd_datafile_has(const struct nd_datafile *file, const char *column)
{
    return find_column(file, column) >= 0;
}

const char *nd_datafile_text(const struct nd_datafile *file, int row, const char *column)
{
    const int index = find_column(file, column);
    return index < 0 ? NULL : cell_at(file, row, index);
}

/* Returns NULL, or what is wrong with `text` as a number. strtod also reads hexadecimal numbers,
 * "inf" and "nan". */
static const char *parse_number(const char *text, double *value)
{
    char *end;
    const char *digits = text + strspn(text, "+-");
    if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
        return "not a decimal number";
    *value = strtod(text, &end);
    if (end == text)
        return "not a number";
    if (*end != '\0')
        return "something follows the number";
    if (!isfinite(*value))
        return "not a finite number";
    return NULL;
}

/* "a number", "a number from 0 to 1" or "a number of at least 0". */
static void describe_range(double low, double high, const char *unit, char *text, size_t size)
{
    const int below = low > -DBL_MAX, above = high < DBL_MAX;
    if (below && above)
        snprintf(text, size, "a number from %g to %g%s", low, high, unit);
    else if (below)
        snprintf(text, size, "a number of at least %g%s", low, unit);
    else if (above)
        snprintf(text, size, "a number of at most %g%s", high, unit);
    else
        snprintf(text, size, "a finite decimal number");
}

static enum nd_status read_column(const struct nd_datafile *file, int column, double low,
                                  double high, const char *unit, double *values,
                                  struct nd_error *error)
{
    for (int row = 0; row < file->n_rows; row++) {
        const char *text = cell_at(file, row, column);
        const char *wrong = parse_number(text, &values[row]);
        if (wrong == NULL && (values[row] < low || values[row] > high))
            wrong = "out of range";
        if (wrong != NULL) {
            char allowed[128];
            describe_range(low, high, unit, allowed, sizeof allowed);
            return nd_datafile_fail(file, row, error, "%.80s = %.80s: %s: allowed is %s",
                                    file->names[column], text, wrong, allowed);
        }
    }
    return ND_OK;
}

enum nd_status nd_datafile_numbers(const struct nd_datafile *file, const char *column, double low,
                                   double high, double *values, struct nd_error *error)
{
    const int index = find_column(file, column);
    if (index >= 0)
        return read_column(file, index, low, high, "", values, error);
    char columns[512];
    list_columns(file, columns, sizeof columns);
    return nd_datafile_fail(file, -1, error, "column '%.80s': missing: there are %s", column,
                            columns);
}

/* ---- energies --------------------------------------------------------------------------- */

struct energy_unit {
    const char *suffix, *name;
    double multiply[2], divide[2]; /* to enum nd_energy_unit */
};

/* Dividing by 1000 rounds once, multiplying by 0.001 twice. */
static const struct energy_unit UNITS[] = {
    {"_ev", " eV", {1.0, 1.0}, {1e6, 1e3}},
    {"_kev", " keV", {1.0, 1.0}, {1e3, 1.0}},
    {"_mev", " MeV", {1.0, 1e3}, {1.0, 1.0}},
};
enum { N_UNITS = sizeof UNITS / sizeof UNITS[0] };

/* A column whose name is the quantity alone or with an unknown ending, or -1. */
static int find_without_unit(const struct nd_datafile *file, const char *quantity)
{
    const size_t length = strlen(quantity);
    int found = find_column(file, quantity);
    for (int i = 0; i < file->n_columns && found < 0; i++)
        if (strncmp(file->names[i], quantity, length) == 0 && file->names[i][length] == '_' &&
            strchr(file->names[i] + length + 1, '_') == NULL)
            found = i;
    return found;
}

static enum nd_status no_unit(const struct nd_datafile *file, const char *q, struct nd_error *error)
{
    const int index = find_without_unit(file, q);
    char columns[512];
    list_columns(file, columns, sizeof columns);
    if (index < 0)
        return nd_datafile_fail(file, -1, error,
                                "column '%.80s_kev': missing: there are %s: allowed is %.80s_ev, "
                                "%.80s_kev or %.80s_mev",
                                q, columns, q, q, q);
    const char *name = file->names[index];
    return nd_datafile_fail(
        file, -1, error, "column '%.80s': %s: allowed is %.80s_ev, %.80s_kev or %.80s_mev", name,
        strcmp(name, q) == 0 ? "the unit is missing" : "the unit is unknown", q, q, q);
}

enum nd_status nd_datafile_energies(const struct nd_datafile *file, const char *quantity,
                                    enum nd_energy_unit unit, int increasing, double *values,
                                    struct nd_error *error)
{
    int column = -1, own = 0;
    for (int i = 0; i < N_UNITS; i++) {
        char name[256];
        snprintf(name, sizeof name, "%s%s", quantity, UNITS[i].suffix);
        const int index = find_column(file, name);
        if (index >= 0 && column >= 0)
            return nd_datafile_fail(file, -1, error,
                                    "columns '%.80s' and '%.80s': one energy twice: allowed is one",
                                    file->names[column], file->names[index]);
        if (index >= 0) {
            column = index;
            own = i;
        }
    }
    if (column < 0)
        return no_unit(file, quantity, error);
    const struct energy_unit *u = &UNITS[own];
    enum nd_status status = read_column(file, column, 0.0, ENERGY_MAX, u->name, values, error);
    if (status != ND_OK)
        return status;
    for (int row = 0; row < file->n_rows; row++) {
        values[row] = values[row] * u->multiply[unit] / u->divide[unit];
        if (increasing && row > 0 && values[row] <= values[row - 1])
            return nd_datafile_fail(file, row, error,
                                    "%.80s = %.80s: not above the one before it: allowed is more "
                                    "than %.80s",
                                    file->names[column], cell_at(file, row, column),
                                    cell_at(file, row - 1, column));
    }
    return ND_OK;
}
