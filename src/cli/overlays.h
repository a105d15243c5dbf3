/* What is laid over a plane of m4 and d: regions of a fit and bounds (overlays.c), for `nudipole
 * map` and `nudipole plot`. */
#ifndef ND_CLI_OVERLAYS_H
#define ND_CLI_OVERLAYS_H

#include "fit_run.h"

struct nd_cli_overlays {
    struct nd_cli_fit fit; /* regions, from a file or on the spot */
    int n_bounds;
    struct nd_bound *bounds[ND_LIST_MAX];
};

/* Reads the bounds and solves or reads the fit that `params` name, as far as `which` asks for them;
 * of a file of regions `params` take what it was made with. Clear it also after an error. */
enum nd_status nd_cli_overlays_load(struct nd_cli_overlays *overlays, struct nd_params *params,
                                    enum nd_plot_overlays which, const char *data,
                                    struct nd_error *error);
void nd_cli_overlays_clear(struct nd_cli_overlays *overlays);

/* Name, title and columns of bounds.dat. */
#define ND_CLI_BOUNDS_TABLE                                                                        \
    "bounds", "other bounds: above a curve, left of a mass, inside an outline; one block a bound", \
        "bound excluded m4_keV d_muB"

/* Rows of bounds.dat, d in the convention of `params`. */
void nd_cli_overlays_write_bounds(const struct nd_cli_overlays *overlays,
                                  const struct nd_params *params, FILE *stream);

/* Names of the bounds, separated by commas, or titles, which may have commas, by |. */
void nd_cli_overlays_list_bounds(const struct nd_cli_overlays *overlays, int titles, char *text,
                                 size_t size);

/* The fitted experiment's title; "" without a fit. */
const char *nd_cli_overlays_experiment(const struct nd_cli_overlays *overlays);

#endif
