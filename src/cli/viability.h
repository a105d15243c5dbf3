/* What the files of `nudipole viability` share: cmd_viability.c (the computation),
 * viability_report.c (terminal, table, summary). */
#ifndef ND_CLI_VIABILITY_H
#define ND_CLI_VIABILITY_H

#include "light.h"

/* One reheating temperature of a point. */
struct nd_cli_viability_row {
    double T_RH;                  /* [MeV] */
    struct nd_sweep_row criteria; /* whether N thermalises; of no meaning without N */
    struct nd_error error;        /* of what follows, with light_elements = on */
    struct nd_light_elements light;
    struct nd_verdict verdict;
};

struct nd_cli_viability_point {
    char name[ND_TEXT_MAX];
    struct nd_params params;
    struct nd_nuclear_rates *rates; /* NULL with light_elements = off */
    struct nd_observations observations;
    struct nd_light_elements standard; /* the Standard Model, which effects refer to */
    struct nd_cli_viability_row *rows; /* one a T_RH */
};

/* Did something that was asked for fail? */
int nd_cli_viability_failed(const struct nd_cli_viability_point *point,
                            const struct nd_cli_viability_row *row);

/* Prints the points and writes summary.json, and viability.dat with light_elements = on; for a
 * single point also run.ini. */
enum nd_status nd_cli_viability_finish(const struct nd_cli_options *options,
                                       const struct nd_cli_viability_point *points, int n,
                                       const char *folder, struct nd_error *error);

#endif
