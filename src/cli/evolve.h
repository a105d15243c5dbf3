/* The two kinds of `nudipole evolve`, and what the files of the coupled one share:
 * evolve_universe.c (the runs), universe_report.c (tables, terminal, summary). */
#ifndef ND_CLI_EVOLVE_H
#define ND_CLI_EVOLVE_H

#include "cli.h"

/* backreaction = off; on and passive. They print, write into the folder, and leave the message in
 * `error`. */
void nd_cli_evolve_abundance(const struct nd_cli_options *options, const struct nd_params *params,
                             const char *folder, struct nd_error *error);
void nd_cli_evolve_universe(const struct nd_cli_options *options, const struct nd_params *params,
                            const char *folder, struct nd_error *error);

/* ---- the coupled Universe ---- */

struct nd_cli_universe {
    const struct nd_params *params;
    struct nd_universe_history *histories; /* one a T_RH */
    double *N_eff_errors;                  /* one a T_RH, NAN where it is not known */
};

/* Writes run.ini, tables, summary and figures. */
enum nd_status nd_cli_universe_finish(const struct nd_cli_options *options,
                                      const struct nd_cli_universe *run, const char *folder,
                                      const char *caption, struct nd_error *error);

#endif
