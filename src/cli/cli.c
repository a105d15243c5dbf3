/* Commands and options of the program. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_mpi.h"

struct command {
    const char *name;
    int (*run)(const struct nd_cli_options *options, struct nd_error *error);
    int files_min, files_max;
    int takes_data; /* --data */
    const char *usage, *meaning, *writes;
};

static const struct command COMMANDS[] = {
    {"viability", nd_cli_viability, 1, ND_CLI_FILES_MAX, 1, "FILE.ini [FILE.ini ...]",
     "does a point survive? N_eff and light elements against measurements, and whether N "
     "thermalises; one verdict a point and T_RH",
     "viability.dat, summary.json, run.ini (of a single file)"},
    {"rates", nd_cli_rates, 1, 1, 0, "FILE.ini", "rates against Hubble (Fig. 3)",
     "rates.dat, rates.png/.pdf/.gp, summary.json, run.ini"},
    {"evolve", nd_cli_evolve, 1, 1, 0, "FILE.ini",
     "abundance of N from T_RH down to T_end; with backreaction = on the coupled Universe and "
     "N_eff",
     "abundance.dat, abundance.png/.pdf/.gp, summary.json, run.ini; with backreaction = on\n"
     "        history.dat, spectra.dat, history.png/.pdf/.gp, spectra.png/.pdf/.gp, summary.json,\n"
     "        run.ini"},
    {"bbn", nd_cli_bbn, 1, 1, 1, "FILE.ini",
     "light elements of the coupled Universe from T_RH down: Y_p, D/H, 3He/H, 7Li/H, and N_eff",
     "abundances.dat, abundances.png/.pdf/.gp, summary.json, run.ini; with omega_b_points also\n"
     "        omega_b.dat, omega_b.png/.pdf/.gp"},
    {"sweep", nd_cli_sweep, 1, 1, 1, "FILE.ini",
     "many points: any parameters over lists and ranges (`vary`), for one model or for several "
     "(`points`), resumed where it stopped",
     "sweep.sqlite, summary.json, run.ini"},
    {"export", nd_cli_export, 1, 1, 0, "FOLDER",
     "the rows of a sweep as CSV or HDF5, also while it runs",
     "CSV to standard output, or with --output one CSV or HDF5 file"},
    {"plot", nd_cli_plot, 1, 1, 1, "FOLDER",
     "any stored column of such a sweep over one or two of its parameters, also while it runs",
     "in FOLDER/plot (or --output) plot.dat, plot.png/.pdf/.gp, summary.json, run.ini; over "
     "m4_keV\n"
     "        and d_muB also contours.dat, best.dat, bounds.dat"},
    {"curves", nd_cli_curves, 1, 1, 0, "FILE.ini", "thermalization curves d_th(m4): Gamma/H = 1",
     "curves.dat, curves.png/.pdf/.gp, summary.json, run.ini"},
    {"spectrum", nd_cli_spectrum, 1, 1, 1, "FILE.ini",
     "recoil spectrum of one mass and coupling against data (Fig. 1)",
     "spectrum.dat, spectrum_fine.dat, spectrum.png/.pdf/.gp, summary.json, run.ini"},
    {"fit", nd_cli_fit, 1, 1, 1, "FILE.ini",
     "masses and couplings that a recoil experiment likes, or excludes (Fig. 2)",
     "fit.dat, contours.dat, best.dat, limits.dat, regions.json, fit.png/.pdf/.gp, summary.json, "
     "run.ini"},
    {"map", nd_cli_map, 1, 1, 1, "FILE.ini",
     "regions, thermalization curves and bounds in one plane (Fig. 4)",
     "map.dat, curves.dat, points.dat, verdicts.dat, bounds.dat, contours.dat, best.dat, "
     "map.png/.pdf/.gp, summary.json, run.ini"},
    {"params", nd_cli_params, 0, 0, 0, "[--markdown]",
     "every parameter with unit, default, range and meaning", "nothing"},
};
enum { N_COMMANDS = sizeof COMMANDS / sizeof COMMANDS[0] };

static void print_help(void)
{
    printf("nudipole %s: a sterile neutrino N with a transition dipole moment in the early "
           "Universe\n\nusage: nudipole COMMAND [OPTIONS] FILE.ini\n\ncommands:\n",
           nd_version());
    for (int i = 0; i < N_COMMANDS; i++)
        printf("  %-10s %s\n", COMMANDS[i].name, COMMANDS[i].meaning);
    printf("\n'nudipole COMMAND --help' tells more; 'nudipole --version' the version.\n"
           "Exit code: 0 fine, 2 bad input or file, 3 a computation failed, 4 some of several "
           "points failed,\n130 a sweep was stopped and has points left.\n");
}

/* What `columns` may name. */
static void print_columns(void)
{
    static const struct {
        enum nd_sweep_work work;
        int coupled;
        const char *name;
    } kinds[] = {{ND_WORK_RATES, 0, "rates"},
                 {ND_WORK_EVOLVE, 0, "evolve"},
                 {ND_WORK_EVOLVE, 1, "evolve-coupled"},
                 {ND_WORK_BBN, 0, "bbn"},
                 {ND_WORK_VIABILITY, 0, "viability"}};
    struct nd_params params;
    nd_params_init(&params);
    printf("\ncolumns, and the kinds of work that have them (evolve-coupled: work = evolve with\n"
           "backreaction = on or passive):\n");
    for (int i = 0; nd_sweep_column(i) != NULL; i++) {
        const struct nd_sweep_column *column = nd_sweep_column(i);
        printf("  %-38s", column->name);
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            params.work = (int)kinds[k].work;
            params.backreaction = kinds[k].coupled ? ND_BACKREACTION_ON : ND_BACKREACTION_OFF;
            if ((nd_sweep_parts(&params) & column->parts) == column->parts)
                printf(" %s", kinds[k].name);
        }
        printf("\n");
    }
}

static void print_command_help(const struct command *command)
{
    printf("usage: nudipole %s [OPTIONS] %s\n\n%s\nwrites: %s\n\noptions:\n", command->name,
           command->usage, command->meaning, command->writes);
    if (command->run == nd_cli_export)
        printf("  --output FILE    write FILE.csv, FILE.h5 or FILE.hdf5 (default: CSV to standard\n"
               "                   output)\n"
               "  --quiet          print nothing but errors and, without --output, the rows\n");
    else if (command->files_max > 0)
        printf("  --set KEY=VALUE  override a parameter of the file; may be repeated\n"
               "  --output DIR     folder for the results (default: %s)\n"
               "  --quiet          print nothing but errors and warnings\n",
               command->run == nd_cli_plot ? "FOLDER/plot" : "output/NAME");
    else
        printf("  --markdown       as Markdown tables\n");
    if (command->takes_data)
        printf("  --data DIR       folder of measured inputs (default: environment variable\n"
               "                   NUDIPOLE_DATA, or where the program finds params/data)\n");
    if (command->run == nd_cli_sweep)
        printf("  --retry-failed   compute points again that failed\n");
    printf("  --help           this text\n");
    if (command->run == nd_cli_sweep)
        print_columns();
    if (command->files_max > 0 && command->run != nd_cli_export)
        printf("\n'nudipole params' lists every KEY with its unit, default and range.\n");
}

static int fail(const struct nd_error *error)
{
    fprintf(stderr, "nudipole: %s\n", error->message);
    return nd_status_exit_code(error->status);
}

static enum nd_status parse(const struct command *command, int argc, char **argv,
                            struct nd_cli_options *options, int *help, struct nd_error *error)
{
    static const struct option long_options[] = {
        {"set", required_argument, NULL, 's'},  {"output", required_argument, NULL, 'o'},
        {"data", required_argument, NULL, 'd'}, {"quiet", no_argument, NULL, 'q'},
        {"markdown", no_argument, NULL, 'm'},   {"retry-failed", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},       {NULL, 0, NULL, 0},
    };
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":s:o:qh", long_options, NULL)) != -1;) {
        switch (c) {
        case 's':
            if (options->n_sets == ND_CLI_FILES_MAX)
                return nd_fail(error, ND_BAD_INPUT, "--set: at most %d times", ND_CLI_FILES_MAX);
            options->sets[options->n_sets++] = optarg;
            break;
        case 'o':
            options->output = optarg;
            break;
        case 'd':
            options->data = optarg;
            break;
        case 'q':
            options->quiet = 1;
            break;
        case 'm':
            options->markdown = 1;
            break;
        case 'r':
            options->retry_failed = 1;
            break;
        case 'h':
            *help = 1;
            return ND_OK;
        case ':':
            return nd_fail(error, ND_BAD_INPUT, "%s: needs a value: see 'nudipole %s --help'",
                           argv[optind - 1], command->name);
        default:
            return nd_fail(error, ND_BAD_INPUT, "%s: unknown option: see 'nudipole %s --help'",
                           argv[optind - 1], command->name);
        }
    }
    const int takes_files = command->files_max > 0;
    if (options->markdown && takes_files)
        return nd_fail(error, ND_BAD_INPUT, "--markdown: is for 'nudipole params' only");
    if (options->retry_failed && command->run != nd_cli_sweep)
        return nd_fail(error, ND_BAD_INPUT, "--retry-failed: is for 'nudipole sweep' only");
    if (options->n_sets > 0 && command->run == nd_cli_export)
        return nd_fail(error, ND_BAD_INPUT, "%s: takes no --set: the sweep has been set up",
                       command->name);
    if (!takes_files && (options->n_sets > 0 || options->output != NULL))
        return nd_fail(error, ND_BAD_INPUT, "%s: takes neither --set nor --output", command->name);
    if (!command->takes_data && options->data != NULL)
        return nd_fail(error, ND_BAD_INPUT, "%s: takes no --data: it reads no measured inputs",
                       command->name);
    for (; optind < argc; optind++) {
        if (options->n_files == ND_CLI_FILES_MAX)
            return nd_fail(error, ND_BAD_INPUT, "at most %d files", ND_CLI_FILES_MAX);
        options->files[options->n_files++] = argv[optind];
    }
    if (options->n_files < command->files_min || options->n_files > command->files_max)
        return nd_fail(error, ND_BAD_INPUT, "%s: %d files given: usage: nudipole %s [OPTIONS] %s",
                       command->name, options->n_files, command->name, command->usage);
    return ND_OK;
}

static int run_command(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help();
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("nudipole %s (%s)\n", nd_version(), nd_source_version());
        return 0;
    }
    struct nd_error error = ND_ERROR_INIT;
    for (int i = 0; i < N_COMMANDS; i++) {
        if (strcmp(argv[1], COMMANDS[i].name) != 0)
            continue;
        struct nd_cli_options options = {0};
        int help = 0;
        parse(&COMMANDS[i], argc - 1, argv + 1, &options, &help, &error);
        if (!help && COMMANDS[i].run != nd_cli_sweep && nd_mpi_ranks() > 1)
            nd_fail(&error, ND_BAD_INPUT,
                    "%s: started as %d ranks: only 'nudipole sweep' takes several",
                    COMMANDS[i].name, nd_mpi_ranks());
        if (nd_mpi_agree(&error) != ND_OK)
            return fail(&error);
        if (help) {
            print_command_help(&COMMANDS[i]);
            return 0;
        }
        const int code = COMMANDS[i].run(&options, &error);
        if (fflush(stdout) != 0 || ferror(stdout))
            nd_fail(&error, ND_IO_ERROR, "cannot write to standard output: %s", strerror(errno));
        return error.status != ND_OK ? fail(&error) : code;
    }
    nd_fail(&error, ND_BAD_INPUT, "%s: unknown command: see 'nudipole --help'", argv[1]);
    return fail(&error);
}

int nd_cli_run(int argc, char **argv)
{
    struct nd_error error = ND_ERROR_INIT;
    gsl_set_error_handler_off();
    if (nd_mpi_start(&error) != ND_OK)
        return nd_mpi_end(fail(&error));
    return nd_mpi_end(run_command(argc, argv));
}
