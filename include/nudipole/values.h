/* Texts and lists as parameters hold them: of fixed size, so that a struct of them is copied by
 * assignment. */
#ifndef NUDIPOLE_VALUES_H
#define NUDIPOLE_VALUES_H

enum {
    ND_TEXT_MAX = 256, /* with the final NUL */
    ND_LIST_MAX = 64   /* items */
};

/* Every list begins with its length. */
struct nd_double_list {
    int n;
    double values[ND_LIST_MAX];
};

struct nd_text_list {
    int n;
    char values[ND_LIST_MAX][ND_TEXT_MAX];
};

/* Numbers of words. */
struct nd_choice_list {
    int n;
    int values[ND_LIST_MAX];
};

#endif
