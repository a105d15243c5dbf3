/* Single values from text and to text: see options.h. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

/* What an item of a list is, or the scalar. */
static int kind_of(const struct nd_option *option)
{
    return (int)((unsigned)option->type & ~(unsigned)ND_LIST);
}

int nd_option_is_list(const struct nd_option *option)
{
    return (option->type & ND_LIST) != 0;
}

/* Of item `index` of a list, or of a scalar, in the struct of the values. */
static size_t item_offset(const struct nd_option *option, int index)
{
    if (!nd_option_is_list(option))
        return option->offset;
    switch (kind_of(option)) {
    case ND_DOUBLE:
        return option->offset + offsetof(struct nd_double_list, values) +
               (size_t)index * sizeof(double);
    case ND_CHOICE:
        return option->offset + offsetof(struct nd_choice_list, values) +
               (size_t)index * sizeof(int);
    default:
        return option->offset + offsetof(struct nd_text_list, values) + (size_t)index * ND_TEXT_MAX;
    }
}

void nd_option_allowed(const struct nd_option *option, char *text, size_t size)
{
    const int list = nd_option_is_list(option);
    size_t used = 0;
    switch (kind_of(option)) {
    case ND_DOUBLE:
        snprintf(text, size, "%s%g to %g%s%s", list ? "numbers separated by commas, each " : "",
                 option->lowest, option->highest, *option->unit ? " " : "", option->unit);
        break;
    case ND_INT:
        snprintf(text, size, "a whole number from %.0f to %.0f", option->lowest, option->highest);
        break;
    case ND_CHOICE:
        for (int i = 0; option->words[i] != NULL && used < size; i++) {
            const char *separator = list || option->words[i + 1] != NULL ? ", " : " or ";
            used += (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : separator,
                                     option->words[i]);
        }
        if (list && used < size)
            snprintf(text + used, size - used, ", separated by commas");
        break;
    case ND_TEXT:
    case ND_PATH:
    case ND_NAME: {
        const char *one = "a text", *many = "texts";
        if (kind_of(option) == ND_PATH) {
            one = "a file name";
            many = "file names";
        } else if (kind_of(option) == ND_NAME) {
            one = "a name, or a folder (with a slash)";
            many = "names, or folders (with a slash),";
        }
        if (list)
            snprintf(text, size, "%s separated by commas, at most %d", many, ND_LIST_MAX);
        else
            snprintf(text, size, "%s", one);
        break;
    }
    }
}

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

/* Would a file that holds the text read back to it? */
static int survives_a_file(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (iscntrl((unsigned char)*c) ||
            (*c == ';' && (c == text || isspace((unsigned char)c[-1]))))
            return 0;
    return *text != '#';
}

static const char *parse_text(const struct nd_option *option, const char *file, const char *text,
                              char *stored)
{
    const int kind = kind_of(option);
    const int path = kind == ND_PATH || (kind == ND_NAME && strchr(text, '/') != NULL);
    if (strlen(text) >= ND_TEXT_MAX)
        return kind == ND_TEXT ? "a text is too long" : "a name is too long";
    if (!survives_a_file(text))
        return "a control character, or the start of a comment";
    if (!path || *text == '/' || *file == '\0') {
        snprintf(stored, ND_TEXT_MAX, "%s", text);
        return NULL;
    }
    /* stored whole, names survive into run.ini */
    char *whole = realpath(file, NULL);
    if (whole == NULL)
        return "relative to a file that has no folder";
    strrchr(whole, '/')[1] = '\0';
    const int length = snprintf(stored, ND_TEXT_MAX, "%s%s", whole, text);
    free(whole);
    return length < 0 || length >= ND_TEXT_MAX ? "the whole path is too long" : NULL;
}

/* Stores item `index` of a list, or a scalar. */
static const char *store_item(const struct nd_option *option, void *values, int index,
                              const char *file, const char *text)
{
    void *item = (char *)values + item_offset(option, index);
    double number = 0.0;
    const char *wrong = NULL;
    int word = 0;
    switch (kind_of(option)) {
    case ND_DOUBLE:
        return parse_number(option, text, item);
    case ND_INT:
        if ((wrong = parse_number(option, text, &number)) == NULL)
            *(int *)item = (int)number;
        return wrong;
    case ND_CHOICE:
        if ((word = find_word(option->words, text)) < 0)
            return "unknown word";
        *(int *)item = word;
        return NULL;
    default:
        return parse_text(option, file, text, item);
    }
}

char *nd_option_trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

const char *nd_option_store(const struct nd_option *option, void *values, const char *file,
                            const char *text)
{
    if (!nd_option_is_list(option))
        return store_item(option, values, 0, file, text);
    char copy[ND_VALUE_MAX];
    void *count = (char *)values + option->offset; /* every list starts with it */
    if (strlen(text) >= sizeof copy)
        return "too long";
    snprintf(copy, sizeof copy, "%s", text);
    char *rest = copy;
    for (int index = 0; rest != NULL; index++) {
        if (index == ND_LIST_MAX)
            return "too many items";
        char *item = rest, *comma = strchr(rest, ',');
        rest = comma == NULL ? NULL : comma + 1;
        if (comma != NULL)
            *comma = '\0';
        item = nd_option_trim(item);
        if (*item == '\0')
            return "an item is empty";
        const char *wrong = store_item(option, values, index, file, item);
        if (wrong != NULL)
            return wrong;
        *(int *)count = index + 1;
    }
    return NULL;
}

void nd_option_clear(const struct nd_option *option, void *values)
{
    void *field = (char *)values + option->offset;
    if (nd_option_is_list(option) || option->type == ND_INT || option->type == ND_CHOICE)
        *(int *)field = 0;
    else if (option->type == ND_DOUBLE)
        *(double *)field = NAN;
    else
        *(char *)field = '\0';
}

/* ---- to text --------------------------------------------------------------------------- */

int nd_option_count(const struct nd_option *option, const void *values)
{
    const void *field = (const char *)values + option->offset;
    if (nd_option_is_list(option))
        return *(const int *)field;
    switch (kind_of(option)) {
    case ND_DOUBLE:
        return !isnan(*(const double *)field);
    case ND_INT:
    case ND_CHOICE:
        return 1;
    default:
        return *(const char *)field != '\0';
    }
}

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
static int print_item(const struct nd_option *option, const void *values, int index, char *text,
                      size_t size)
{
    const void *item = (const char *)values + item_offset(option, index);
    switch (kind_of(option)) {
    case ND_DOUBLE:
        return print_number(text, size, *(const double *)item);
    case ND_INT:
        return snprintf(text, size, "%d", *(const int *)item);
    case ND_CHOICE:
        return snprintf(text, size, "%s", option->words[*(const int *)item]);
    default:
        return snprintf(text, size, "%s", (const char *)item);
    }
}

void nd_option_write(const struct nd_option *option, const void *values, FILE *stream,
                     const char *prefix)
{
    const int n = nd_option_count(option, values), longest = 150;
    int column = fprintf(stream, "%s%s = ", prefix, option->key);
    for (int i = 0; i < n; i++) {
        char text[ND_TEXT_MAX];
        const int length = print_item(option, values, i, text, sizeof text);
        if (i > 0 && column + length > longest)
            column = fprintf(stream, "\n%s    ", prefix) - 1;
        else if (i > 0)
            column += fprintf(stream, ", ");
        column += fprintf(stream, "%s", text);
    }
    fputc('\n', stream);
}
