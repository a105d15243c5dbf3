/* Parameters from text and to text, by the option table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "params_internal.h"

/* ---- from text ------------------------------------------------------------------------- */

/* Returns NULL, or what is wrong with `text` as a number of this option. */
static const char *parse_number(const struct nd_option *option, const char *text, double *value)
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
    if (option->type == ND_INT && *value != floor(*value))
        return "not a whole number";
    if (*value < option->lowest || *value > option->highest)
        return "out of range";
    return NULL;
}

static int find_word(const char *const *words, const char *text)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0)
            return i;
    return -1;
}

/* Stores item `index` of a list, or the single value of a scalar. */
static const char *store_item(struct nd_params *params, const struct nd_option *option, int index,
                              const char *text)
{
    char *field = (char *)params + option->offset;
    double number = 0.0;
    const char *wrong = NULL;
    int word = 0;
    switch (option->type) {
    case ND_DOUBLE:
        return parse_number(option, text, (double *)(void *)field);
    case ND_INT:
        if ((wrong = parse_number(option, text, &number)) == NULL)
            *(int *)(void *)field = (int)number;
        return wrong;
    case ND_CHOICE:
        if ((word = find_word(option->words, text)) < 0)
            return "unknown word";
        *(int *)(void *)field = word;
        return NULL;
    case ND_DOUBLE_LIST: {
        struct nd_double_list *list = (void *)field;
        list->n = index + 1;
        return parse_number(option, text, &list->values[index]);
    }
    case ND_CHOICE_LIST: {
        struct nd_choice_list *list = (void *)field;
        if ((word = find_word(option->words, text)) < 0)
            return "unknown word";
        list->n = index + 1;
        list->values[index] = word;
        return NULL;
    }
    case ND_TEXT_LIST: {
        struct nd_text_list *list = (void *)field;
        if (strlen(text) >= ND_TEXT_MAX)
            return "a name is too long";
        list->n = index + 1;
        snprintf(list->values[index], ND_TEXT_MAX, "%s", text);
        return NULL;
    }
    }
    return "unknown type";
}

char *nd_params_trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

static const char *store(struct nd_params *params, const struct nd_option *option,
                         const char *value)
{
    if (!nd_option_is_list(option))
        return store_item(params, option, 0, value);
    char copy[ND_VALUE_MAX];
    if (strlen(value) >= sizeof copy)
        return "too long";
    snprintf(copy, sizeof copy, "%s", value);
    char *rest = copy;
    for (int index = 0; rest != NULL; index++) {
        if (index == ND_LIST_MAX)
            return "too many items";
        char *item = rest, *comma = strchr(rest, ',');
        rest = comma == NULL ? NULL : comma + 1;
        if (comma != NULL)
            *comma = '\0';
        item = nd_params_trim(item);
        if (*item == '\0')
            return "an item is empty";
        const char *wrong = store_item(params, option, index, item);
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
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

static const char *nearest_key(const char *key)
{
    int best = 0, best_distance = 1 << 20;
    for (int i = 0; i < nd_n_options; i++) {
        const int distance = edit_distance(key, nd_options[i].key);
        if (distance < best_distance) {
            best = i;
            best_distance = distance;
        }
    }
    return nd_options[best].key;
}

enum nd_status nd_params_assign(struct nd_params *params, const char *where, const char *section,
                                const char *key, const char *value, struct nd_error *error)
{
    const int index = nd_option_index(key);
    if (index < 0)
        return nd_fail(
            error, ND_BAD_INPUT,
            "%s: %.80s = %.200s: unknown key: did you mean '%s'? 'nudipole params' lists all",
            where, key, value, nearest_key(key));
    const struct nd_option *option = &nd_options[index];
    if (*section != '\0' && strcmp(section, option->section) != 0)
        return nd_fail(error, ND_BAD_INPUT, "%s: %.80s = %.200s: in section [%s]: belongs in [%s]",
                       where, key, value, section, option->section);
    char allowed[512];
    nd_option_allowed(option, allowed, sizeof allowed);
    if (*value == '\0')
        return nd_fail(error, ND_BAD_INPUT, "%s: %s = : the value is empty: allowed is %s", where,
                       key, allowed);
    const char *wrong = store(params, option, value);
    if (wrong != NULL)
        return nd_fail(error, ND_BAD_INPUT, "%s: %.80s = %.200s: %s: allowed is %s", where, key,
                       value, wrong, allowed);
    snprintf(params->origin[index], ND_TEXT_MAX, "%s", where);
    return ND_OK;
}

void nd_params_init(struct nd_params *params)
{
    memset(params, 0, sizeof *params);
    for (int i = 0; i < nd_n_options; i++) {
        if (*nd_options[i].initial != '\0')
            store(params, &nd_options[i], nd_options[i].initial);
        snprintf(params->origin[i], ND_TEXT_MAX, "%s", ND_ORIGIN_DEFAULT);
    }
}

/* ---- to text --------------------------------------------------------------------------- */

/* The fewest digits that read back to the same number. */
static int print_number(char *text, size_t size, double value)
{
    int length = 0;
    for (int digits = 15; digits <= 17; digits++) {
        length = snprintf(text, size, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return length;
}

/* Item of a list, or the value of a scalar, as text. */
static int print_item(const struct nd_params *params, const struct nd_option *option, int index,
                      char *text, size_t size)
{
    const char *field = (const char *)params + option->offset;
    switch (option->type) {
    case ND_DOUBLE:
        return print_number(text, size, *(const double *)(const void *)field);
    case ND_INT:
        return snprintf(text, size, "%d", *(const int *)(const void *)field);
    case ND_CHOICE:
        return snprintf(text, size, "%s", option->words[*(const int *)(const void *)field]);
    case ND_DOUBLE_LIST:
        return print_number(text, size,
                            ((const struct nd_double_list *)(const void *)field)->values[index]);
    case ND_CHOICE_LIST: {
        const struct nd_choice_list *list = (const void *)field;
        return snprintf(text, size, "%s", option->words[list->values[index]]);
    }
    case ND_TEXT_LIST:
        return snprintf(text, size, "%s",
                        ((const struct nd_text_list *)(const void *)field)->values[index]);
    }
    return 0;
}

/* Every list starts with its length; a scalar is one item. */
static int item_count(const struct nd_params *params, const struct nd_option *option)
{
    const char *field = (const char *)params + option->offset;
    switch (option->type) {
    case ND_DOUBLE_LIST:
        return ((const struct nd_double_list *)(const void *)field)->n;
    case ND_CHOICE_LIST:
        return ((const struct nd_choice_list *)(const void *)field)->n;
    case ND_TEXT_LIST:
        return ((const struct nd_text_list *)(const void *)field)->n;
    case ND_DOUBLE:
    case ND_INT:
    case ND_CHOICE:
        break;
    }
    return 1;
}

/* A long list goes on in indented lines, as the reader takes it. */
static void write_option(const struct nd_params *params, const struct nd_option *option,
                         FILE *stream, const char *prefix)
{
    const int n = item_count(params, option), longest = 150;
    int column = fprintf(stream, "%s%s = ", prefix, option->key);
    for (int i = 0; i < n; i++) {
        char text[ND_TEXT_MAX];
        const int length = print_item(params, option, i, text, sizeof text);
        if (i > 0 && column + length > longest)
            column = fprintf(stream, "\n%s    ", prefix) - 1;
        else if (i > 0)
            column += fprintf(stream, ", ");
        column += fprintf(stream, "%s", text);
    }
    fputc('\n', stream);
}

void nd_params_write(const struct nd_params *params, FILE *stream, const char *prefix)
{
    const char *section = "";
    for (int i = 0; i < nd_n_options; i++) {
        const struct nd_option *option = &nd_options[i];
        if (strcmp(section, option->section) != 0)
            fprintf(stream, "%s[%s]\n", prefix, option->section);
        section = option->section;
        /* an empty list has no value to write: leaving the key out reads back the same */
        if (item_count(params, option) > 0)
            write_option(params, option, stream, prefix);
    }
}

void nd_params_describe(FILE *stream, int markdown)
{
    const char *section = "";
    for (int i = 0; i < nd_n_options; i++) {
        const struct nd_option *option = &nd_options[i];
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
