/* nudipole sweep: many points, over the axes of `vary`. */
#include "sweep_mpi.h"
#include "sweep_store.h"

int nd_cli_sweep(const struct nd_cli_options *options, struct nd_error *error)
{
    struct nd_params params;
    char folder[ND_CLI_PATH_MAX];
    if (nd_cli_start(options, ND_USE_PLAN, &params, folder, error) == ND_OK && params.vary.n == 0)
        nd_fail(error, ND_BAD_INPUT,
                "%s: vary: a sweep needs axes: allowed is one or more, as in vary = m4_keV log 100 "
                "1000 7, T_RH_MeV list 2 5 10",
                options->files[0]);
    return nd_mpi_agree(error) == ND_OK ? nd_cli_sweep_store(options, &params, folder, error) : 0;
}
