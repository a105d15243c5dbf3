/* A sweep between cmd_sweep.c, which knows what is asked for and where it goes, and
 * sweep_run.c, which does the work. */
#ifndef ND_CLI_SWEEP_RUN_H
#define ND_CLI_SWEEP_RUN_H

#include "cli.h"
#include "sweep_points.h"

enum { ND_CLI_SWEEP_COLUMNS_MAX = 64 };

struct nd_cli_sweep {
    const struct nd_cli_options *options;
    const struct nd_params *params;
    struct nd_cli_sweep_points points; /* axis 0 of the plan, if there are any */
    struct nd_sweep_plan plan;
    int parts; /* enum nd_point_part of the work */
    const struct nd_sweep_column *columns[ND_CLI_SWEEP_COLUMNS_MAX];
    int n_columns;
    struct nd_store_column layout[ND_SWEEP_AXES_MAX + ND_CLI_SWEEP_COLUMNS_MAX];
    struct nd_background *background;
    struct nd_nuclear_rates *rates;
    struct nd_observations observations;
    double T_RH_max; /* [MeV] */
    /* of rank 0 */
    struct nd_store *store;
    long *order; /* of all points, by mass */
    long todo;
};

struct nd_store_layout nd_cli_sweep_layout(const struct nd_cli_sweep *run);

/* The mass at a point [keV]. */
double nd_cli_sweep_mass(const struct nd_cli_sweep *run, long id);

/* The parameters of a point: those of the file, its own or the sweep's, with the values of the
 * axes. */
enum nd_status nd_cli_point_params(const struct nd_cli_sweep *run, long id,
                                   struct nd_params *params, struct nd_error *error);

/* Computes what is left to do, until it is done or SIGINT, SIGTERM or SIGUSR1 comes: points in
 * flight are then finished and stored. On all ranks; the errors are rank 0's. */
enum nd_status nd_cli_sweep_run(struct nd_cli_sweep *run, struct nd_error *error);

#endif
