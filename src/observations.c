/* Measured observables: see nudipole/verdict.h. The file is read with inih; line numbers are
 * counted in the reader handed to it. */
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "nudipole/verdict.h"
#include "options.h"

/* ---- what there is ----------------------------------------------------------------------- */

static const struct {
    const char *word, *label;
    double highest; /* of value and error */
} OBSERVABLES[ND_N_OBSERVABLES] = {
    [ND_OBSERVABLE_N_EFF] = {"N_eff", "N_eff", 20.0},
    [ND_OBSERVABLE_Y_P] = {"Y_p", "Y_p", 1.0},
    [ND_OBSERVABLE_D_H] = {"D_H", "D/H", 1.0},
    [ND_OBSERVABLE_HE3_H] = {"He3_H", "3He/H", 1.0},
    [ND_OBSERVABLE_LI7_H] = {"Li7_H", "7Li/H", 1.0},
};

const char *nd_observable_word(enum nd_observable observable)
{
    return OBSERVABLES[observable].word;
}

const char *nd_observable_label(enum nd_observable observable)
{
    return OBSERVABLES[observable].label;
}

/* The observable of a word, or -1. */
static int find_observable(const char *word)
{
    for (int o = 0; o < ND_N_OBSERVABLES; o++)
        if (strcmp(OBSERVABLES[o].word, word) == 0)
            return o;
    return -1;
}

enum key { KEY_VALUE, KEY_ERROR, KEY_SOURCE, KEY_DATE, KEY_USED, N_KEYS };
enum { N_REQUIRED = KEY_SOURCE + 1 }; /* the first ones */

static const char *const NO_YES[] = {"no", "yes", NULL};

#define AT(field) offsetof(struct nd_observation, field)
static const struct nd_option KEYS[N_KEYS] = {
    [KEY_VALUE] = {.key = "value", .type = ND_DOUBLE, .unit = "", .offset = AT(value)},
    [KEY_ERROR] = {.key = "error", .type = ND_DOUBLE, .unit = "", .offset = AT(error)},
    [KEY_SOURCE] = {.key = "source", .type = ND_TEXT, .unit = "", .offset = AT(source)},
    [KEY_DATE] = {.key = "date", .type = ND_TEXT, .unit = "", .offset = AT(date)},
    [KEY_USED] =
        {.key = "used", .type = ND_CHOICE, .unit = "", .words = NO_YES, .offset = AT(used)},
};

static int find_key(const char *word)
{
    for (int k = 0; k < N_KEYS; k++)
        if (strcmp(KEYS[k].key, word) == 0)
            return k;
    return -1;
}

/* A key in the section of an observable. */
static struct nd_option option_of(int observable, int key)
{
    struct nd_option option = KEYS[key];
    option.highest = OBSERVABLES[observable].highest;
    return option;
}

static void allowed_values(int observable, int key, char *text, size_t size)
{
    const struct nd_option option = option_of(observable, key);
    if (key == KEY_ERROR)
        snprintf(text, size, "above 0, up to %g", option.highest);
    else
        nd_option_allowed(&option, text, size);
}

/* ---- reading ----------------------------------------------------------------------------- */

#define ALLOWED_SECTIONS "allowed are N_eff, Y_p, D_H, He3_H and Li7_H"
#define ALLOWED_KEYS     "allowed are value, error, source, date and used"

struct reader {
    struct nd_observations *observations;
    FILE *stream;
    int line;
    int indented;                       /* the current line starts with a blank */
    int section_line[ND_N_OBSERVABLES]; /* where a section begins, or 0 */
    int key_line[ND_N_OBSERVABLES][N_KEYS];
    int error_line; /* of the first error */
    struct nd_error error;
};

/* Records "file:line: ..." unless there is an error already; returns 0, inih's sign of one. */
static int __attribute__((format(printf, 3, 4)))
fail_at(struct reader *reader, int line, const char *format, ...)
{
    char text[600];
    va_list args;
    if (reader->error.status != ND_OK)
        return 0;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    reader->error_line = line;
    nd_fail(&reader->error, ND_BAD_INPUT, "%.400s:%d: %s", reader->observations->file, line, text);
    return 0;
}

static int begin_section(struct reader *reader, const char *name)
{
    const int o = find_observable(name);
    if (o < 0)
        return fail_at(reader, reader->line, "[%.80s]: unknown section: " ALLOWED_SECTIONS, name);
    if (reader->section_line[o] != 0)
        return fail_at(reader, reader->line, "[%s]: given twice: allowed is each section once",
                       name);
    reader->section_line[o] = reader->line;
    return 1;
}

/* inih hands over keys only, so sections without any are seen here. */
static char *read_line(char *buffer, int size, void *stream)
{
    struct reader *reader = stream;
    char *line = fgets(buffer, size, reader->stream);
    if (line == NULL)
        return NULL;
    reader->line++;
    reader->indented = isspace((unsigned char)line[0]) != 0;
    const size_t length = strlen(line);
    const char *end = strchr(line, ']');
    char section[INI_MAX_LINE];
    if (length + 1 >= (size_t)size && line[length - 1] != '\n')
        fail_at(reader, reader->line, "the line is too long: at most %d characters", size - 2);
    /* a line that ends early without being the last holds a NUL */
    else if ((length == 0 || line[length - 1] != '\n') && !feof(reader->stream))
        fail_at(reader, reader->line, "a NUL character: a text file is needed");
    else if (line[0] == '[' && end != NULL) {
        snprintf(section, sizeof section, "%.*s", (int)(end - line - 1), line + 1);
        begin_section(reader, section);
    }
    return line;
}

static int store(struct reader *reader, int observable, int key, const char *value)
{
    struct nd_observation *item = &reader->observations->items[observable];
    const struct nd_option option = option_of(observable, key);
    char allowed[512];
    allowed_values(observable, key, allowed, sizeof allowed);
    const char *wrong =
        *value == '\0' ? "the value is empty" : nd_option_store(&option, item, "", value);
    if (wrong == NULL && key == KEY_ERROR && item->error == 0.0)
        wrong = "out of range";
    if (wrong != NULL)
        return fail_at(reader, reader->line, "%s = %.200s: %s: allowed is %s", option.key, value,
                       wrong, allowed);
    reader->key_line[observable][key] = reader->line;
    return 1;
}

static int handle(void *user, const char *section, const char *word, const char *value)
{
    struct reader *reader = user;
    const int key = find_key(word), o = find_observable(section);
    if (*section == '\0')
        return fail_at(reader, reader->line,
                       "%.80s = %.200s: before any section: " ALLOWED_SECTIONS, word, value);
    /* the reader has not seen a section that does not begin in the first column */
    if ((o < 0 || reader->section_line[o] == 0) && !begin_section(reader, section))
        return 0;
    if (key < 0)
        return fail_at(reader, reader->line, "%.80s = %.200s: unknown key: " ALLOWED_KEYS, word,
                       value);
    if (reader->key_line[o][key] != 0)
        return fail_at(
            reader, reader->line, "%s = %.200s: %s: allowed is each key once%s", word, value,
            reader->indented ? "an indented line continues the key above" : "given twice",
            reader->indented ? ", from the first column" : "");
    return store(reader, o, key, value);
}

/* ---- the whole file ---------------------------------------------------------------------- */

static enum nd_status open_file(struct reader *reader, const char *path, struct nd_error *error)
{
    struct stat info;
    if (strlen(path) >= sizeof reader->observations->file)
        return nd_fail(error, ND_IO_ERROR,
                       "%.100s...: the name is too long: at most %zu characters", path,
                       sizeof reader->observations->file - 1);
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return nd_fail(error, ND_IO_ERROR, "%.400s: is a directory: an observations.ini is needed",
                       path);
    if ((reader->stream = fopen(path, "r")) == NULL)
        return nd_fail(error, ND_IO_ERROR, "%.400s: cannot be read: %s", path, strerror(errno));
    snprintf(reader->observations->file, sizeof reader->observations->file, "%s", path);
    return ND_OK;
}

/* What the lines alone do not show: keys that are missing. */
static void check_complete(struct reader *reader)
{
    int n_used = 0;
    char allowed[512];
    for (int o = 0; o < ND_N_OBSERVABLES; o++) {
        struct nd_observation *item = &reader->observations->items[o];
        item->known = reader->section_line[o] != 0;
        item->used = item->known && (item->used || reader->key_line[o][KEY_USED] == 0);
        n_used += item->used;
        for (int k = 0; item->known && k < N_REQUIRED; k++) {
            allowed_values(o, k, allowed, sizeof allowed);
            if (reader->key_line[o][k] == 0)
                fail_at(reader, reader->section_line[o], "[%s]: %s is missing: allowed is %s",
                        nd_observable_word((enum nd_observable)o), KEYS[k].key, allowed);
        }
    }
    if (n_used == 0)
        nd_fail(&reader->error, ND_BAD_INPUT,
                "%.400s: no observable has used = yes: at least one is needed",
                reader->observations->file);
}

static enum nd_status read_stream(struct reader *reader)
{
    const int bad_line = ini_parse_stream(read_line, reader, handle, reader);
    const char *file = reader->observations->file;
    if (ferror(reader->stream)) {
        reader->error = (struct nd_error)ND_ERROR_INIT;
        return nd_fail(&reader->error, ND_IO_ERROR, "%.400s: reading failed in line %d", file,
                       reader->line);
    }
    if (bad_line != 0 && (reader->error.status == ND_OK || bad_line < reader->error_line)) {
        reader->error = (struct nd_error)ND_ERROR_INIT;
        fail_at(reader, bad_line, "neither 'key = value' nor '[section]' nor a comment (# or ;)");
    }
    if (reader->error.status == ND_OK)
        check_complete(reader);
    return reader->error.status;
}

enum nd_status nd_observations_read(struct nd_observations *observations, const char *path,
                                    struct nd_error *error)
{
    struct reader reader = {.observations = observations, .error = ND_ERROR_INIT};
    memset(observations, 0, sizeof *observations);
    enum nd_status status = open_file(&reader, path, error);
    if (status != ND_OK)
        return status;
    status = read_stream(&reader);
    fclose(reader.stream);
    if (status != ND_OK) {
        memset(observations, 0, sizeof *observations);
        return nd_fail(error, status, "%s", reader.error.message);
    }
    return ND_OK;
}
