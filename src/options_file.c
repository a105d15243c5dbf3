/* Where values come from: files, read with inih, and --set. Line numbers are counted in the reader
 * handed to inih. */
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "options.h"

struct file_context {
    const struct nd_options *options;
    FILE *stream;
    const char *path;
    int line;
    int indented;                        /* the current line starts with a blank */
    int too_long;                        /* number of a line that inih would have cut, or 0 */
    int binary;                          /* number of a line with a NUL, or 0 */
    int unknown_section;                 /* number of a line with one, or 0 */
    char section[ND_TEXT_MAX];           /* its name */
    int first_line[ND_OPTION_COUNT_MAX]; /* where a key was given, or 0 */
    int last_index;                      /* option of the key read last, or -1 */
    char last[ND_VALUE_MAX];             /* its value so far: a list may go on in indented lines */
    struct nd_error *error;
};

/* "allowed are model, universe and rates" */
static void allowed_sections(const struct nd_option_table *table, char *text, size_t size)
{
    const char *names[ND_OPTION_COUNT_MAX];
    int n = 0;
    for (int i = 0; i < table->n; i++)
        if (n == 0 || strcmp(names[n - 1], table->options[i].section) != 0)
            names[n++] = table->options[i].section;
    size_t used = (size_t)snprintf(text, size, "allowed %s ", n == 1 ? "is" : "are");
    for (int i = 0; i < n && used < size; i++) {
        const char *separator = i < n - 1 ? ", " : " and ";
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : separator, names[i]);
    }
}

/* inih hands over keys only, so a section that is misspelt and empty would pass unseen. */
static void check_section(struct file_context *c, const char *line)
{
    const char *end = strchr(line, ']');
    if (line[0] != '[' || end == NULL || c->unknown_section != 0)
        return;
    snprintf(c->section, sizeof c->section, "%.*s", (int)(end - line - 1), line + 1);
    const struct nd_option_table *table = c->options->table;
    for (int i = 0; i < table->n; i++)
        if (strcmp(table->options[i].section, c->section) == 0)
            return;
    c->unknown_section = c->line;
}

static char *read_line(char *buffer, int size, void *stream)
{
    struct file_context *c = stream;
    char *line = fgets(buffer, size, c->stream);
    if (line == NULL)
        return NULL;
    c->line++;
    c->indented = isspace((unsigned char)line[0]) != 0;
    check_section(c, line);
    const size_t length = strlen(line);
    if (length + 1 >= (size_t)size && line[length - 1] != '\n' && c->too_long == 0)
        c->too_long = c->line;
    /* a line that ends early without being the last holds a NUL */
    else if ((length == 0 || line[length - 1] != '\n') && !feof(c->stream) && c->binary == 0)
        c->binary = c->line;
    return line;
}

static int handle(void *user, const char *section, const char *key, const char *value)
{
    struct file_context *c = user;
    char where[ND_TEXT_MAX];
    if (c->error->status != ND_OK || c->too_long != 0 || c->binary != 0 || c->unknown_section != 0)
        return 0;
    snprintf(where, sizeof where, "%.230s:%d", c->path, c->line);
    const struct nd_option_table *table = c->options->table;
    const int index = nd_option_index(table, key);
    const int goes_on = c->indented && index >= 0 && index == c->last_index &&
                        nd_option_is_list(&table->options[index]);
    if (index >= 0 && c->first_line[index] != 0 && !goes_on)
        return nd_fail(c->error, ND_BAD_INPUT, "%s: %s = %s: %s: allowed is each key once%s", where,
                       key, value,
                       c->indented ? "an indented line continues the key above" : "given twice",
                       c->indented ? ", from the first column" : "") == ND_OK;
    const size_t used = goes_on ? strlen(c->last) : 0;
    const int length =
        snprintf(c->last + used, sizeof c->last - used, "%s%s", goes_on ? ", " : "", value);
    if (length < 0 || (size_t)length >= sizeof c->last - used)
        return nd_fail(c->error, ND_BAD_INPUT, "%s: %s: the list is too long: at most %zu letters",
                       where, key, sizeof c->last - 1) == ND_OK;
    c->last_index = index;
    if (index >= 0)
        c->first_line[index] = c->line;
    return nd_options_assign(c->options, c->path, where, section, key, c->last, c->error) == ND_OK;
}

enum nd_status nd_options_read(const struct nd_options *options, const char *path,
                               struct nd_error *error)
{
    struct nd_error first = ND_ERROR_INIT;
    struct file_context context = {
        .options = options, .path = path, .error = &first, .last_index = -1};
    struct stat info;
    if (strlen(path) >= ND_TEXT_MAX)
        return nd_fail(error, ND_IO_ERROR, "%.100s...: the name is too long: at most %d characters",
                       path, ND_TEXT_MAX - 1);
    if (stat(path, &info) != 0)
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be read: %s", path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return nd_fail(error, ND_IO_ERROR, "%s: is a directory: %s is needed", path,
                       options->table->file);
    context.stream = fopen(path, "r");
    if (context.stream == NULL)
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be read: %s", path, strerror(errno));
    const int bad_line = ini_parse_stream(read_line, &context, handle, &context);
    const int read_failed = ferror(context.stream);
    fclose(context.stream);
    if (read_failed)
        return nd_fail(error, ND_IO_ERROR, "%s: reading failed in line %d", path, context.line);
    if (context.binary != 0 && (bad_line == 0 || context.binary <= bad_line))
        return nd_fail(error, ND_BAD_INPUT, "%s:%d: a NUL character: a text file is needed", path,
                       context.binary);
    if (context.too_long != 0)
        return nd_fail(error, ND_BAD_INPUT, "%s:%d: the line is too long: at most %d characters",
                       path, context.too_long, INI_MAX_LINE - 2);
    if (context.unknown_section != 0 &&
        (first.status == ND_OK || bad_line == 0 || bad_line >= context.unknown_section)) {
        char allowed[512];
        allowed_sections(options->table, allowed, sizeof allowed);
        return nd_fail(error, ND_BAD_INPUT, "%s:%d: [%s]: unknown section: %s", path,
                       context.unknown_section, context.section, allowed);
    }
    if (first.status != ND_OK)
        return nd_fail(error, first.status, "%s", first.message);
    if (bad_line != 0)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s:%d: neither 'key = value' nor '[section]' nor a comment (# or ;)", path,
                       bad_line);
    snprintf(options->file, ND_TEXT_MAX, "%s", path);
    return ND_OK;
}

enum nd_status nd_options_set(const struct nd_options *options, const char *assignment,
                              struct nd_error *error)
{
    char copy[ND_VALUE_MAX];
    const char *equals = strchr(assignment, '=');
    if (equals == NULL)
        return nd_fail(error, ND_BAD_INPUT,
                       "--set: %.200s: not an assignment: allowed is key=value", assignment);
    if (strlen(assignment) >= sizeof copy)
        return nd_fail(error, ND_BAD_INPUT, "--set: %.200s...: too long: at most %zu characters",
                       assignment, sizeof copy - 1);
    snprintf(copy, sizeof copy, "%s", assignment);
    copy[equals - assignment] = '\0';
    return nd_options_assign(options, options->file, ND_ORIGIN_SET, "", nd_option_trim(copy),
                             nd_option_trim(copy + (equals - assignment) + 1), error);
}
