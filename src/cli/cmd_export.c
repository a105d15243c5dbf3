/* nudipole export: the rows of a sweep as CSV on standard output. */
#include "cli.h"

int nd_cli_export(const struct nd_cli_options *options, struct nd_error *error)
{
    nd_store_export_csv(options->files[0], stdout, error);
    return 0;
}
