/* A map: solved in cmd_map.c, written and printed by map_report.c. */
#ifndef ND_CLI_MAP_RUN_H
#define ND_CLI_MAP_RUN_H

#include "plot_run.h"

/* A benchmark or a best point, and what the early Universe and other bounds say about it. */
struct nd_cli_map_point {
    char name[ND_TEXT_MAX];
    double m4, mu; /* [MeV], [MeV^-1] */
    int at_edge;   /* a best point at the edge of the fit's grid: enum nd_contour_edge */
    struct nd_highest_T_RH highest;
    struct nd_error error; /* of its rates: then nothing is known */
};

struct nd_cli_map {
    struct nd_params params;
    struct nd_cli_overlays overlays;
    struct nd_background *background;
    struct nd_map_options options;
    double *m4, *mu;           /* the grid, m4_points and d_points [MeV], [MeV^-1] */
    struct nd_thermal_map map; /* on the grid */
    struct nd_cli_plot stored; /* of a sweep, where one is named */
    int n_points;
    struct nd_cli_map_point *points;
    struct nd_thermal_map at_points; /* masses and couplings of the points: the diagonal is used */
};

/* Cell of a point for one T_RH. */
static inline const struct nd_map_cell *nd_cli_map_cell(const struct nd_cli_map *run, int T_RH,
                                                        int point)
{
    const int n = run->n_points;
    return &run->at_points.cells[(T_RH * n + point) * n + point];
}

/* Tables, summary.json, figure, and the report on the terminal. */
enum nd_status nd_cli_map_finish(const struct nd_cli_options *options, const struct nd_cli_map *run,
                                 const char *folder, struct nd_error *error);

#endif
