/* Parameter files, read with inih. Line numbers are counted in the reader handed to it. */
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "params_internal.h"

struct file_context {
    FILE *stream;
    const char *path;
    int line;
    int indented;                       /* the current line starts with a blank */
    int too_long;                       /* number of a line that inih would have cut, or 0 */
    int first_line[ND_PARAM_COUNT_MAX]; /* where a key was given, or 0 */
    struct nd_params *params;
    struct nd_error *error;
};

static char *read_line(char *buffer, int size, void *stream)
{
    struct file_context *c = stream;
    char *line = fgets(buffer, size, c->stream);
    if (line == NULL)
        return NULL;
    c->line++;
    c->indented = isspace((unsigned char)line[0]) != 0;
    const size_t length = strlen(line);
    if (length + 1 >= (size_t)size && line[length - 1] != '\n' && c->too_long == 0)
        c->too_long = c->line;
    return line;
}

static int handle(void *user, const char *section, const char *key, const char *value)
{
    struct file_context *c = user;
    char where[ND_TEXT_MAX];
    if (c->error->status != ND_OK || c->too_long != 0)
        return 0;
    snprintf(where, sizeof where, "%.230s:%d", c->path, c->line);
    const int index = nd_option_index(key);
    if (index >= 0 && c->first_line[index] != 0) {
        nd_fail(c->error, ND_BAD_INPUT, "%s: %s = %s: %s: allowed is each key once%s", where, key,
                value, c->indented ? "an indented line continues the key above" : "given twice",
                c->indented ? ", from the first column" : "");
        return 0;
    }
    if (index >= 0)
        c->first_line[index] = c->line;
    return nd_params_assign(c->params, where, section, key, value, c->error) == ND_OK;
}

enum nd_status nd_params_read(struct nd_params *params, const char *path, struct nd_error *error)
{
    struct nd_error first = ND_ERROR_INIT;
    struct file_context context = {.path = path, .params = params, .error = &first};
    struct stat info;
    if (strlen(path) >= ND_TEXT_MAX)
        return nd_fail(error, ND_IO_ERROR, "%.100s...: the name is too long: at most %d characters",
                       path, ND_TEXT_MAX - 1);
    if (stat(path, &info) != 0)
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be read: %s", path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return nd_fail(error, ND_IO_ERROR, "%s: is a directory: a parameter file is needed", path);
    context.stream = fopen(path, "r");
    if (context.stream == NULL)
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be read: %s", path, strerror(errno));
    const int bad_line = ini_parse_stream(read_line, &context, handle, &context);
    const int read_failed = ferror(context.stream);
    fclose(context.stream);
    if (read_failed)
        return nd_fail(error, ND_IO_ERROR, "%s: reading failed in line %d", path, context.line);
    if (context.too_long != 0)
        return nd_fail(error, ND_BAD_INPUT, "%s:%d: the line is too long: at most %d characters",
                       path, context.too_long, INI_MAX_LINE - 2);
    if (first.status != ND_OK)
        return nd_fail(error, first.status, "%s", first.message);
    if (bad_line != 0)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s:%d: neither 'key = value' nor '[section]' nor a comment (# or ;)", path,
                       bad_line);
    snprintf(params->file, sizeof params->file, "%s", path);
    return ND_OK;
}
