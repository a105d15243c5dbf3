/* `nudipole sweep` over axes (`vary`): a store that survives a kill. */
#ifndef ND_CLI_SWEEP_STORE_H
#define ND_CLI_SWEEP_STORE_H

#include "cli.h"

/* Runs or resumes the sweep of `params` in `folder`; returns an exit code and leaves the message in
 * `error`. */
int nd_cli_sweep_store(const struct nd_cli_options *options, const struct nd_params *params,
                       const char *folder, struct nd_error *error);

#endif
