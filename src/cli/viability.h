/* What the files of `nudipole viability` share: cmd_viability.c (the computation),
 * viability_report.c (terminal, table, summary). */
#ifndef ND_CLI_VIABILITY_H
#define ND_CLI_VIABILITY_H

#include "light.h"

/* The points of one file: one a T_RH. */
struct nd_cli_viability_point {
    char name[ND_TEXT_MAX];
    struct nd_params params;
    struct nd_nuclear_rates *rates; /* NULL with light_elements = off */
    struct nd_observations observations;
    struct nd_point *rows;
};

/* Did something that was asked for fail? */
int nd_cli_viability_failed(const struct nd_point *row);

/* Prints the points and writes summary.json, and viability.dat with light_elements = on; for a
 * single point also run.ini. */
enum nd_status nd_cli_viability_finish(const struct nd_cli_options *options,
                                       const struct nd_cli_viability_point *points, int n,
                                       const char *folder, struct nd_error *error);

#endif
