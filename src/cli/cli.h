/* The command line: one file a command, all called from cli.c. Only here is anything printed. */
#ifndef ND_CLI_H
#define ND_CLI_H

#include <jansson.h>
#include <stdio.h>

#include "nudipole/nudipole.h"

enum {
    ND_CLI_FILES_MAX = 256,
    ND_CLI_PATH_MAX = 1024,
    ND_CLI_FIGURES_MAX = 2,
    ND_CLI_LABELS_MAX = ND_LIST_MAX * 64 /* names of all sets of sources */
};

struct nd_cli_options {
    int n_files;
    const char *files[ND_CLI_FILES_MAX];
    int n_sets;
    const char *sets[ND_CLI_FILES_MAX];
    const char *output; /* NULL: output/NAME; of export a file, NULL: standard output */
    const char *data;   /* folder of measured inputs; NULL: see nudipole/data_folder.h */
    int quiet;
    int markdown;     /* params only */
    int retry_failed; /* sweep only: failed points again */
};

/* Runs the program; returns its exit code: 0, 2 for input and files, 3 for a failed computation,
 * 4 where some of several points failed, 130 where a sweep was stopped and has points left. */
int nd_cli_run(int argc, char **argv);

/* The commands. Each returns an exit code and leaves the message in `error`. */
int nd_cli_rates(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_evolve(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_bbn(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_viability(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_sweep(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_export(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_plot(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_curves(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_spectrum(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_fit(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_map(const struct nd_cli_options *options, struct nd_error *error);
int nd_cli_params(const struct nd_cli_options *options, struct nd_error *error);

/* ---- shared by commands (common.c) ---- */

/* Parameters of one file on top of `base` (NULL: the defaults), the --set assignments on top of
 * both, their paths relative to the file of `base` if there is one, checked for what the command
 * uses (a sum of enum nd_params_use). */
enum nd_status nd_cli_load(const struct nd_cli_options *options, const char *file, int uses,
                           const struct nd_params *base, struct nd_params *params,
                           struct nd_error *error);

/* Folder of the run: --output, or output/NAME with the file's name without .ini; checked for
 * writing. */
enum nd_status nd_cli_folder(const struct nd_cli_options *options, const char *file,
                             char folder[ND_CLI_PATH_MAX], struct nd_error *error);

/* Both, for a command with one file. */
enum nd_status nd_cli_start(const struct nd_cli_options *options, int uses,
                            struct nd_params *params, char folder[ND_CLI_PATH_MAX],
                            struct nd_error *error);

struct nd_cli_table {
    const char *name; /* NAME.dat */
    const char *title, *columns;
    enum nd_status (*write_rows)(const void *run, FILE *stream, struct nd_error *error);
};

/* What a command has computed, and how to show it. */
struct nd_cli_result {
    const char *command;
    const struct nd_params *params;
    int uses; /* the parameters in the headers of the tables: a sum of enum nd_params_use */
    const char *folder;
    const struct nd_cli_table *tables; /* the first one is named to the user */
    int n_tables;
    /* Scripts of src/plot/, up to the first NULL: FIGURE.gp makes FIGURE.png and .pdf. */
    const char *figures[ND_CLI_FIGURES_MAX];
    const char *caption;                      /* of each figure */
    int n_blocks;                             /* of the first table */
    const struct nd_plot_variable *variables; /* further ones of each figure */
    int n_variables;
    const void *run; /* handed to the functions */
    /* Prints the numbers and adds them to the summary. */
    enum nd_status (*report)(const void *run, const struct nd_cli_options *options, json_t *summary,
                             struct nd_error *error);
    /* A second JSON file, if there is one: its name and contents. */
    const char *json_name;
    json_t *(*json)(const void *run);
};

/* Makes the folder and writes run.ini, the tables, summary.json and the figures. A figure that
 * cannot be drawn is a warning on stderr. */
enum nd_status nd_cli_finish(const struct nd_cli_options *options,
                             const struct nd_cli_result *result, struct nd_error *error);

/* "b8" of "params/b8.ini"; blanks become underscores. */
void nd_cli_name(const char *file, char *name, size_t size);

/* Prints unless --quiet. */
void nd_cli_say(const struct nd_cli_options *options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One line of what is computed: mass, coupling, flavour, convention, treatment. */
void nd_cli_describe(const struct nd_params *params, char *text, size_t size);
/* The same of the coupled Universe, with N or without. */
void nd_cli_describe_universe(const struct nd_params *params, char *text, size_t size);
void nd_cli_describe_treatment(const struct nd_treatment *treatment, char *text, size_t size);

/* Warns on stderr where muons and hadrons are missing. */
void nd_cli_warn_hot(double T_max);

/* Lifetime at rest if the d that was given is read in a convention [s]. */
double nd_cli_lifetime(const struct nd_params *params, enum nd_convention convention);

/* A number, or null where JSON has none. */
json_t *nd_cli_number(double value);
/* Every parameter as it stands in run.ini, text by key. */
json_t *nd_cli_parameters(const struct nd_params *params);
/* {"program", "version", "source", "command", "file", "parameters" as strings}: the start of every
 * summary. */
json_t *nd_cli_summary(const char *command, const struct nd_params *params);
json_t *nd_cli_extremum(const struct nd_extremum *extremum);
json_t *nd_cli_viability_json(const struct nd_viability *viability,
                              const struct nd_viability_options *options);

/* Writes folder/name and frees `json`; NULL stands for no memory. */
enum nd_status nd_cli_write_json(const char *folder, const char *name, json_t *json,
                                 struct nd_error *error);

/* Progress on stderr if it is a terminal; the context is a text that says what is counted. */
void nd_cli_progress(int done, int total, void *what);

/* ---- shared by spectrum and fit (detection_words.c) ---- */

/* Convention, neutrinos, fluxes and electrons in words. */
void nd_cli_describe_beam(const struct nd_params *params, char *text, size_t size);

/* One line about the data. */
void nd_cli_say_detector(const struct nd_cli_options *options, const struct nd_detector *detector);
json_t *nd_cli_detector_json(const struct nd_detector *detector);

/* Names of all sets, separated by commas. */
void nd_cli_labels(const struct nd_beam *beam, char labels[ND_CLI_LABELS_MAX]);

/* Largest of a list. */
double nd_cli_largest(const struct nd_double_list *list);

#endif
