/* nudipole export: the rows of a sweep as CSV on standard output, or as a CSV or HDF5 file. */
#include <hdf5.h>
#include <string.h>
#include <strings.h>

#include "cli.h"

static int ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), n = strlen(end);
    return length > n && strcasecmp(text + length - n, end) == 0;
}

static enum nd_status begin(struct nd_output_file *file, const char *path, struct nd_error *error)
{
    char folder[ND_CLI_PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return nd_output_begin(file, ".", path, error);
    const int length =
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + (slash == path), path);
    if (length >= (int)sizeof folder)
        return nd_fail(error, ND_IO_ERROR, "--output: the name is too long: at most %d letters",
                       ND_CLI_PATH_MAX - 1);
    return nd_output_begin(file, folder, slash + 1, error);
}

static void write_file(const struct nd_cli_options *options, int hdf5, struct nd_error *error)
{
    const char *folder = options->files[0];
    struct nd_output_file file;
    /* nothing is left open, and after a full disk HDF5's clean-up at the exit crashes */
    H5dont_atexit();
    if (begin(&file, options->output, error) != ND_OK)
        return;
    enum nd_status status = hdf5 ? nd_store_export_hdf5(folder, file.temporary, error)
                                 : nd_store_export_csv(folder, file.stream, error);
    if (status != ND_OK)
        nd_output_discard(&file);
    else if (nd_output_commit(&file, error) == ND_OK)
        nd_cli_say(options, "table    %s\n", options->output);
}

int nd_cli_export(const struct nd_cli_options *options, struct nd_error *error)
{
    const char *path = options->output;
    if (path == NULL)
        nd_store_export_csv(options->files[0], stdout, error);
    else if (ends_with(path, ".csv"))
        write_file(options, 0, error);
    else if (ends_with(path, ".h5") || ends_with(path, ".hdf5"))
        write_file(options, 1, error);
    else
        nd_fail(error, ND_BAD_INPUT,
                "--output: %s: the end of the name is the format: allowed is FILE.csv, FILE.h5 or "
                "FILE.hdf5",
                path);
    return 0;
}
