/* nudipole params: the reference of all parameters. */
#include "cli.h"

int nd_cli_params(const struct nd_cli_options *options, struct nd_error *error)
{
    (void)error;
    nd_params_describe(stdout, options->markdown);
    return 0;
}
