/* A picture of a stored sweep: opened and chosen in plot_run.c, written by plot_report.c for
 * `nudipole plot`, and drawn below everything else by `nudipole map`. */
#ifndef ND_CLI_PLOT_RUN_H
#define ND_CLI_PLOT_RUN_H

#include "overlays.h"

enum {
    ND_CLI_PLOT_COLUMNS_MAX = 6,
    ND_CLI_PLOT_GROUPS_MAX = 12, /* panels of a column, or lines */
    ND_CLI_PLOT_WORDS_MAX = 8,   /* different texts of a column */
    ND_CLI_PLOT_TEXT_MAX = 4096
};

struct nd_cli_plot {
    struct nd_params params; /* with [plot] */
    struct nd_store_reader *reader;
    struct nd_sweep_plan plan;
    struct nd_store_grid grid;
    int x, y;     /* axes; y is -1 of lines */
    int n_others; /* free axes besides: their values make the groups */
    int others[ND_SWEEP_AXES_MAX];
    int n_groups;  /* panels of a plane, lines */
    int n_columns; /* drawn; the grid may have one more, sigma for the contours of a verdict */
    int n_words[ND_CLI_PLOT_COLUMNS_MAX]; /* of each column; 0 of a number */
    const char *words[ND_CLI_PLOT_COLUMNS_MAX][ND_CLI_PLOT_WORDS_MAX + 1];
    long unknown;                        /* points that are done, but lack a number that is drawn */
    struct nd_observations observations; /* of lines */
    int has_overlays;
    struct nd_cli_overlays overlays;
};

/* Parameters of a sweep from folder/run.ini, with --set on top unless `options` are NULL. Errors:
 * those of reading; ND_BAD_INPUT if it is none over axes. */
enum nd_status nd_cli_plot_swept(const struct nd_cli_options *options, const char *folder,
                                 struct nd_params *params, struct nd_error *error);

/* Opens the store of a sweep with these parameters: its axes are known then. Clear it also after an
 * error. */
enum nd_status nd_cli_plot_open(struct nd_cli_plot *run, const char *folder,
                                const struct nd_params *swept, struct nd_error *error);

/* Chooses axes and columns as run->params say, and reads them. */
enum nd_status nd_cli_plot_read(struct nd_cli_plot *run, struct nd_error *error);
void nd_cli_plot_clear(struct nd_cli_plot *run);

/* The index of each axis for a group, the others at 0. */
void nd_cli_plot_group(const struct nd_cli_plot *run, int group, int index[ND_SWEEP_AXES_MAX]);

/* Rows of plot.dat, and what their columns are. */
enum nd_status nd_cli_plot_write_rows(const void *run, FILE *stream, struct nd_error *error);
void nd_cli_plot_list_columns(const struct nd_cli_plot *run, char text[ND_CLI_PLOT_TEXT_MAX]);

/* The words of a column between commas, "" of a number; its contours, "" where they come by
 * themselves; which column is sigma, from 1 on, or 0. */
void nd_cli_plot_list_words(const struct nd_cli_plot *run, int column,
                            char text[ND_CLI_PLOT_TEXT_MAX]);
void nd_cli_plot_list_levels(const struct nd_cli_plot *run, int column,
                             char text[ND_CLI_PLOT_TEXT_MAX]);
int nd_cli_plot_sigma(const struct nd_cli_plot *run);
const char *nd_cli_plot_scale(const struct nd_cli_plot *run);

/* plot.dat, summary.json, figure, and the report on the terminal. */
enum nd_status nd_cli_plot_finish(const struct nd_cli_options *options,
                                  const struct nd_cli_plot *run, const char *folder,
                                  struct nd_error *error);

#endif
