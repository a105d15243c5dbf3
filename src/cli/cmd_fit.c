/* nudipole fit: masses and couplings that an experiment likes, source by source, and the upper
 * limits of others. */
#include "fit_run.h"

int nd_cli_fit(const struct nd_cli_options *options, struct nd_error *error)
{
    struct nd_cli_fit run = {0};
    char folder[ND_CLI_PATH_MAX], data[ND_DATA_PATH_MAX];
    enum nd_status status = nd_cli_start(options, ND_USE_FIT, &run.params, folder, error);
    if (status == ND_OK)
        status = nd_data_folder(options->data, data, error);
    if (status == ND_OK)
        status = nd_cli_fit_solve(&run, data, error);
    if (status == ND_OK)
        nd_cli_fit_finish(options, &run, folder, error);
    nd_cli_fit_clear(&run);
    return 0;
}
