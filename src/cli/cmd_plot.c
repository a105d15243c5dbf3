/* nudipole plot: any stored column of a sweep over one or two of its parameters. */
#include <stdlib.h>
#include <string.h>

#include "light.h"
#include "plot_run.h"

static int measured(const struct nd_cli_plot *run)
{
    for (int c = 0; c < run->n_columns; c++)
        for (int o = 0; o < ND_N_OBSERVABLES; o++)
            if (strcmp(run->grid.columns[c].name, nd_observable_word((enum nd_observable)o)) == 0)
                return 1;
    return 0;
}

/* Regions and bounds belong to a plane of m4_keV and d_muB for one flavour and convention. */
static enum nd_status read_besides(const struct nd_cli_options *options, struct nd_cli_plot *run,
                                   struct nd_error *error)
{
    char data[ND_DATA_PATH_MAX];
    const struct nd_store_axis *axes = run->grid.axes;
    if (run->y < 0)
        return measured(run)
                   ? nd_cli_read_observations(options, &run->params, &run->observations, error)
                   : ND_OK;
    run->has_overlays =
        run->params.overlays != ND_OVERLAYS_NONE && strcmp(axes[run->x].key, "m4_keV") == 0 &&
        strcmp(axes[run->y].key, "d_muB") == 0 && nd_store_grid_axis(&run->grid, "flavour") < 0 &&
        nd_store_grid_axis(&run->grid, "convention") < 0;
    if (!run->has_overlays)
        return ND_OK;
    enum nd_status status = nd_params_check(&run->params, ND_USE_FIT, error);
    if (status == ND_OK)
        status = nd_data_folder(options->data, data, error);
    return status == ND_OK
               ? nd_cli_overlays_load(&run->overlays, &run->params,
                                      (enum nd_plot_overlays)run->params.overlays, data, error)
               : status;
}

static enum nd_status output_folder(const struct nd_cli_options *options,
                                    char folder[ND_CLI_PATH_MAX], struct nd_error *error)
{
    if (options->output != NULL)
        return nd_cli_folder(options, options->files[0], folder, error);
    const int length = snprintf(folder, ND_CLI_PATH_MAX, "%s/plot", options->files[0]);
    return length < ND_CLI_PATH_MAX
               ? nd_output_check(folder, error)
               : nd_fail(error, ND_IO_ERROR, "%s: the name is too long", options->files[0]);
}

int nd_cli_plot(const struct nd_cli_options *options, struct nd_error *error)
{
    char folder[ND_CLI_PATH_MAX];
    const char *sweep = options->files[0];
    struct nd_cli_plot *run = calloc(1, sizeof *run);
    if (run == NULL)
        return nd_status_exit_code(nd_fail(error, ND_NO_MEMORY, "no memory for a plot"));
    enum nd_status status = nd_cli_plot_swept(options, sweep, &run->params, error);
    if (status == ND_OK)
        status = nd_cli_plot_open(run, sweep, &run->params, error);
    if (status == ND_OK)
        status = output_folder(options, folder, error);
    if (status == ND_OK)
        status = nd_cli_plot_read(run, error);
    if (status == ND_OK)
        status = read_besides(options, run, error);
    if (status == ND_OK)
        nd_cli_plot_finish(options, run, folder, error);
    nd_cli_plot_clear(run);
    free(run);
    return 0;
}
