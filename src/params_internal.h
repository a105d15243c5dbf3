/* What the files of the parameters share: params_table.c below params_text.c below params_file.c
 * and params.c. */
#ifndef ND_PARAMS_INTERNAL_H
#define ND_PARAMS_INTERNAL_H

#include <stddef.h>

#include "nudipole/params.h"

#define ND_ORIGIN_DEFAULT "default" /* origin of a value that nobody gave */

enum { ND_VALUE_MAX = 17000 }; /* longest value of a key */

enum nd_option_type { ND_DOUBLE, ND_INT, ND_CHOICE, ND_DOUBLE_LIST, ND_CHOICE_LIST, ND_TEXT_LIST };

struct nd_option {
    const char *key, *section;
    enum nd_option_type type;
    const char *unit;    /* "" for pure numbers and words */
    const char *initial; /* default, as text */
    double lowest, highest;
    const char *const *words; /* of a choice, ends with NULL */
    size_t offset;            /* of the field in struct nd_params */
    const char *meaning;
};

extern const struct nd_option nd_options[];
extern const int nd_n_options;

/* Index in the table, or -1. */
int nd_option_index(const char *key);

/* What a value may be, in words: "1 to 100000 keV". */
void nd_option_allowed(const struct nd_option *option, char *text, size_t size);

/* Without blanks at both ends; changes the text. */
char *nd_params_trim(char *text);

/* Does it hold several values, separated by commas? */
int nd_option_is_list(const struct nd_option *option);

/* Stores key = value found at `where` ("file:line") in a section ("" for none). */
enum nd_status nd_params_assign(struct nd_params *params, const char *where, const char *section,
                                const char *key, const char *value, struct nd_error *error);

#endif
