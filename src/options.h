/* INI files described by a table: one table drives parsing, checking, help, documentation and what
 * is written. options_text.c (values from text and to text) below options.c (tables) below
 * options_file.c (files and --set); params_table.c is such a table.
 *
 * Every error of a value reads
 *
 *     file:line: key = value: what is wrong: what is allowed */
#ifndef ND_OPTIONS_H
#define ND_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "nudipole/error.h"
#include "nudipole/values.h"

#define ND_ORIGIN_DEFAULT "default" /* origin of a value that nobody gave */
#define ND_ORIGIN_SET     "--set"

enum {
    ND_VALUE_MAX = 17000,     /* longest value of a key */
    ND_OPTION_COUNT_MAX = 128 /* most options of a table */
};

enum { ND_LIST = 16 }; /* bit of a type: several values, separated by commas */

/* The field of a scalar is a double, an int, or char[ND_TEXT_MAX]; that of a list one of the
 * structs of nudipole/params.h. */
enum nd_option_type {
    ND_DOUBLE, /* without a default: NAN until given */
    ND_INT,
    ND_CHOICE, /* the number of a word */
    ND_TEXT,
    ND_PATH, /* a file, relative to the file in which it is named; stored whole */
    ND_NAME, /* a path if it has a slash, and a name otherwise */
    ND_DOUBLE_LIST = ND_LIST | ND_DOUBLE,
    ND_CHOICE_LIST = ND_LIST | ND_CHOICE,
    ND_TEXT_LIST = ND_LIST | ND_TEXT,
    ND_PATH_LIST = ND_LIST | ND_PATH,
    ND_NAME_LIST = ND_LIST | ND_NAME
};

struct nd_option {
    const char *key, *section;
    enum nd_option_type type;
    int uses;            /* bits: who looks at it; 0: everybody */
    const char *unit;    /* "" for pure numbers and words */
    const char *initial; /* default, as text; "" for none: NAN, an empty text or list */
    double lowest, highest;
    const char *const *words; /* of a choice, ends with NULL */
    size_t offset;            /* of the field in the struct of the values */
    const char *meaning;
};

struct nd_option_table {
    const struct nd_option *options; /* those of a section stand together */
    int n;                           /* at most ND_OPTION_COUNT_MAX */
    const char *file;                /* what the file is: "a parameter file" */
    const char *reference;           /* where all keys are listed, in words; "" if nowhere */
};

/* The values of a table, where they came from, and the file read last. */
struct nd_options {
    const struct nd_option_table *table;
    void *values;                 /* the struct that the offsets of the table belong to */
    char (*origins)[ND_TEXT_MAX]; /* one an option: "default", "file:line" or "--set" */
    char *file;                   /* char[ND_TEXT_MAX], "" if none was read */
};

/* ---- tables and files (options.c, options_file.c) ---- */

/* All defaults; no file. */
void nd_options_init(const struct nd_options *options);

/* Reads a file on top of the values. Errors: ND_IO_ERROR if it cannot be read, ND_BAD_INPUT for its
 * contents. */
enum nd_status nd_options_read(const struct nd_options *options, const char *path,
                               struct nd_error *error);

/* Applies one "key=value" of the command line; paths are relative to the file read last.
 * Errors: ND_BAD_INPUT. */
enum nd_status nd_options_set(const struct nd_options *options, const char *assignment,
                              struct nd_error *error);

/* Stores key = value found at `where` ("file:line") in a section ("" for none) of `file`, to which
 * paths are relative ("": they stay as they are). Errors: ND_BAD_INPUT. */
enum nd_status nd_options_assign(const struct nd_options *options, const char *file,
                                 const char *where, const char *section, const char *key,
                                 const char *value, struct nd_error *error);

/* Writes the values as an INI file that reads back to the same ones, each line preceded by
 * `prefix`; only options that share a bit with `uses` or are everybody's. */
void nd_options_write(const struct nd_option_table *table, const void *values, int uses,
                      FILE *stream, const char *prefix);

/* Writes the reference: every key with unit, default, what is allowed and its meaning. */
void nd_options_describe(const struct nd_option_table *table, FILE *stream, int markdown);

/* Index in the table, or -1. */
int nd_option_index(const struct nd_option_table *table, const char *key);

/* ---- single values (options_text.c) ---- */

/* Does it hold several values, separated by commas? */
int nd_option_is_list(const struct nd_option *option);

/* What a value may be, in words: "1 to 100000 keV". */
void nd_option_allowed(const struct nd_option *option, char *text, size_t size);

/* Stores a value; paths are relative to `file`. Returns NULL, or what is wrong. */
const char *nd_option_store(const struct nd_option *option, void *values, const char *file,
                            const char *text);

/* Stores that no value is given. */
void nd_option_clear(const struct nd_option *option, void *values);

/* Items of a list; 1 for a scalar, or 0 if it is not given. */
int nd_option_count(const struct nd_option *option, const void *values);

/* Writes "key = value"; a long list goes on in indented lines, as the reader takes it. */
void nd_option_write(const struct nd_option *option, const void *values, FILE *stream,
                     const char *prefix);

/* Without blanks at both ends; changes the text. */
char *nd_option_trim(char *text);

#endif
