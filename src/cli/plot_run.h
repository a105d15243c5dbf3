/* A picture of a stored sweep: chosen in cmd_plot.c, written by plot_report.c. */
#ifndef ND_CLI_PLOT_RUN_H
#define ND_CLI_PLOT_RUN_H

#include "overlays.h"

enum {
    ND_CLI_PLOT_COLUMNS_MAX = 6,
    ND_CLI_PLOT_GROUPS_MAX = 12, /* panels of a column, or lines */
    ND_CLI_PLOT_WORDS_MAX = 8    /* different texts of a column */
};

struct nd_cli_plot {
    struct nd_params params; /* of the sweep, and [plot] */
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

/* The index of each axis for a group, the others at 0. */
void nd_cli_plot_group(const struct nd_cli_plot *run, int group, int index[ND_SWEEP_AXES_MAX]);

/* plot.dat, summary.json, figure, and the report on the terminal. */
enum nd_status nd_cli_plot_finish(const struct nd_cli_options *options,
                                  const struct nd_cli_plot *run, const char *folder,
                                  struct nd_error *error);

#endif
