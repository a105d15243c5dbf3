/* Tables of options: see options.h. */
#include "options.h"

#include <string.h>

int nd_option_index(const struct nd_option_table *table, const char *key)
{
    for (int i = 0; i < table->n; i++)
        if (strcmp(table->options[i].key, key) == 0)
            return i;
    return -1;
}

void nd_options_init(const struct nd_options *options)
{
    options->file[0] = '\0';
    for (int i = 0; i < options->table->n; i++) {
        const struct nd_option *option = &options->table->options[i];
        nd_option_clear(option, options->values);
        if (*option->initial != '\0')
            nd_option_store(option, options->values, "", option->initial);
        snprintf(options->origins[i], ND_TEXT_MAX, "%s", ND_ORIGIN_DEFAULT);
    }
}

/* Edits (insert, delete, replace, swap neighbours, change case) that turn a into b. */
static int edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    int d[LONGEST + 1][LONGEST + 1];
    const int n = (int)strlen(a), m = (int)strlen(b);
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (int i = 0; i <= n; i++)
        for (int j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            const int replace = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            const int insert = d[i][j - 1] + 1, delete = d[i - 1][j] + 1;
            d[i][j] = replace < insert ? replace : insert;
            d[i][j] = delete < d[i][j] ? delete : d[i][j];
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1 < d[i][j])
                d[i][j] = d[i - 2][j - 2] + 1;
        }
    return d[n][m];
}

static const char *nearest_key(const struct nd_option_table *table, const char *key)
{
    int best = 0, best_distance = 1 << 20;
    for (int i = 0; i < table->n; i++) {
        const int distance = edit_distance(key, table->options[i].key);
        if (distance < best_distance) {
            best = i;
            best_distance = distance;
        }
    }
    return table->options[best].key;
}

enum nd_status nd_options_assign(const struct nd_options *options, const char *file,
                                 const char *where, const char *section, const char *key,
                                 const char *value, struct nd_error *error)
{
    const struct nd_option_table *table = options->table;
    const int index = nd_option_index(table, key);
    if (index < 0)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s: %.80s = %.200s: unknown key: did you mean '%s'?%s%s", where, key, value,
                       nearest_key(table, key), *table->reference ? " " : "", table->reference);
    const struct nd_option *option = &table->options[index];
    if (*section != '\0' && strcmp(section, option->section) != 0)
        return nd_fail(error, ND_BAD_INPUT, "%s: %.80s = %.200s: in section [%s]: belongs in [%s]",
                       where, key, value, section, option->section);
    char allowed[512];
    nd_option_allowed(option, allowed, sizeof allowed);
    if (*value == '\0')
        return nd_fail(error, ND_BAD_INPUT, "%s: %s = : the value is empty: allowed is %s", where,
                       key, allowed);
    const char *wrong = nd_option_store(option, options->values, file, value);
    if (wrong != NULL)
        return nd_fail(error, ND_BAD_INPUT, "%s: %.80s = %.200s: %s: allowed is %s", where, key,
                       value, wrong, allowed);
    snprintf(options->origins[index], ND_TEXT_MAX, "%s", where);
    return ND_OK;
}

void nd_options_write(const struct nd_option_table *table, const void *values, int uses,
                      FILE *stream, const char *prefix)
{
    const char *section = "";
    for (int i = 0; i < table->n; i++) {
        const struct nd_option *option = &table->options[i];
        if (option->uses != 0 && (option->uses & uses) == 0)
            continue;
        if (strcmp(section, option->section) != 0)
            fprintf(stream, "%s[%s]\n", prefix, option->section);
        section = option->section;
        /* where nothing is given there is no value to write: the key left out reads back the same
         */
        if (nd_option_count(option, values) > 0)
            nd_option_write(option, values, stream, prefix);
    }
}

void nd_options_describe(const struct nd_option_table *table, FILE *stream, int markdown)
{
    const char *section = "";
    for (int i = 0; i < table->n; i++) {
        const struct nd_option *option = &table->options[i];
        char allowed[512];
        nd_option_allowed(option, allowed, sizeof allowed);
        const char *initial = *option->initial ? option->initial : "(empty)";
        const char *unit = *option->unit ? option->unit : "-";
        if (strcmp(section, option->section) != 0)
            fprintf(stream,
                    markdown ? "\n### [%s]\n\n| key | unit | default | allowed | meaning |\n"
                               "|---|---|---|---|---|\n"
                             : "%s[%s]\n",
                    markdown ? option->section : (*section ? "\n" : ""), option->section);
        section = option->section;
        if (markdown)
            fprintf(stream, "| `%s` | %s | %s | %s | %s |\n", option->key, unit, initial, allowed,
                    option->meaning);
        else
            fprintf(stream, "%-21s unit %-5s default %s\n    %s\n    allowed: %s\n", option->key,
                    unit, initial, option->meaning, allowed);
    }
}
