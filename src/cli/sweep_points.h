/* The points of a sweep: its plan, and those that have files of their own (sweep_points.c). */
#ifndef ND_CLI_SWEEP_POINTS_H
#define ND_CLI_SWEEP_POINTS_H

#include "cli.h"

/* The axes of `vary`, and before them that of the files, `point`. Errors: as
 * nd_sweep_plan_create and nd_sweep_plan_lead; it is cleared then. */
enum nd_status nd_cli_sweep_plan(const struct nd_params *sweep, struct nd_sweep_plan *plan,
                                 struct nd_error *error);

/* What `points` names; n = 0 if it names none. */
struct nd_cli_sweep_points {
    int n;
    char names[ND_LIST_MAX][ND_TEXT_MAX]; /* "b8" of "params/b8.ini" */
    struct nd_params *params; /* each file on top of the sweep's own, --set on top of both */
};

/* `sweep`: the parameters of the sweep's file. Free with nd_cli_sweep_points_clear, also after an
 * error: ND_IO_ERROR and ND_BAD_INPUT as of reading parameters, ND_NO_MEMORY. */
enum nd_status nd_cli_sweep_points_read(const struct nd_cli_options *options,
                                        const struct nd_params *sweep,
                                        struct nd_cli_sweep_points *points, struct nd_error *error);
void nd_cli_sweep_points_clear(struct nd_cli_sweep_points *points);

/* Whether the parameters of a point can be of this sweep: they must leave alone what is one for all
 * points. Errors: ND_BAD_INPUT. */
enum nd_status nd_cli_sweep_point_check(const struct nd_params *sweep,
                                        const struct nd_params *point, struct nd_error *error);

#endif
