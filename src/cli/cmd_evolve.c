/* nudipole evolve: from each T_RH down to T_end, with or without what N does to the Universe. */
#include "evolve.h"

int nd_cli_evolve(const struct nd_cli_options *options, struct nd_error *error)
{
    struct nd_params params;
    char folder[ND_CLI_PATH_MAX];
    const int uses = ND_USE_EVOLUTION | ND_USE_UNIVERSE | ND_USE_STERILE;
    if (nd_cli_start(options, uses, &params, folder, error) != ND_OK)
        return 0;
    if (params.backreaction)
        nd_cli_evolve_universe(options, &params, folder, error);
    else
        nd_cli_evolve_abundance(options, &params, folder, error);
    return 0;
}
