/* Tests of nudipole/detection.h: beams and detectors are what the parameters say, and messages name
 * file, line and key. */
#include "support.h"

#include <stdlib.h>
#include <unistd.h>

#include "nudipole/detection.h"
#include "nudipole/units.h"

static struct nd_params params;
static struct nd_beam beam;
static struct nd_detector detector;
static struct nd_error error;
static char folder[1000];

static void setup(void)
{
    const char *root = getenv("ND_TEST_ROOT");
    gsl_set_error_handler_off();
    snprintf(folder, sizeof folder, "%s/params/data", root == NULL ? "." : root);
    error = (struct nd_error)ND_ERROR_INIT;
    nd_params_init(&params);
}

static void teardown(void)
{
    nd_detector_clear(&detector);
    nd_beam_clear(&beam);
}

TestSuite(detection, .init = setup, .fini = teardown);

static void set(const char *assignment)
{
    ASSERT_OK(nd_params_set(&params, assignment, &error), error);
}

static enum nd_status create_beam(void)
{
    return nd_beam_create(&beam, &params, folder, "m4_keV", params.m4_keV, &error);
}

static enum nd_status create_detector(int index)
{
    return nd_detector_create(&detector, &params, folder, index, &beam, &error);
}

static void open_beam(const char *sources)
{
    char text[200];
    snprintf(text, sizeof text, "sources = %s", sources);
    set(text);
    set("m4_keV = 10");
    ASSERT_OK(create_beam(), error);
}

/* Sum of the counts of the first set. */
static double sum_of_counts(double m4)
{
    double counts[ND_BINS_MAX], sum = 0.0;
    nd_signal_counts(detector.response, &beam.fluxes, &beam.sets[0], m4, counts, NULL);
    for (int j = 0; j < detector.experiment->n_bins; j++)
        sum += counts[j];
    return sum;
}

/* ---- beams ------------------------------------------------------------------------------ */

Test(detection, beam_of_sources)
{
    open_beam("pp, CNO, 8B+hep");
    cr_assert(beam.n_sets == 3);
    cr_assert_str_eq(beam.sets[2].name, "8B+hep");
    cr_assert(beam.sets[0].members == 1u << ND_SOURCE_PP);
    /* fluxes of what is asked for, and of nothing else */
    for (int s = 0; s < ND_N_SOURCES; s++)
        cr_assert((beam.fluxes.of[s] != NULL) == (s != ND_SOURCE_PEP && s != ND_SOURCE_7BE));
    double electrons = 0.0;
    for (int i = 0; i < beam.atom.n_shells; i++)
        electrons += beam.atom.number[i];
    ASSERT_NEAR(electrons, 54.0, 0.0, "electrons of xenon");
    nd_beam_clear(&beam);
    cr_assert(beam.solar == NULL && beam.n_sets == 0 && beam.fluxes.of[ND_SOURCE_PP] == NULL);
}

/* I_0 of the first member at 1 keV. */
static double flux_of(enum nd_source source)
{
    double moments[3];
    nd_flux_moments(beam.fluxes.of[source], 1e-3, moments);
    return moments[0];
}

Test(detection, flavours_of_the_beam)
{
    const double rounding = 1e-12;
    double shares[3], sum = 0.0;
    set("flavour_weight = none");
    open_beam("8B, 7Be");
    const double all = flux_of(ND_SOURCE_7BE), all_8B = flux_of(ND_SOURCE_8B);
    ASSERT_CLOSE(all, beam.solar->sources[ND_SOURCE_7BE].flux, 1e-12, "every neutrino");
    const char *const flavours[] = {"flavour = e", "flavour = mu", "flavour = tau"};
    for (int f = 0; f < 3; f++) {
        nd_beam_clear(&beam);
        set("flavour_weight = oscillated");
        set(flavours[f]);
        open_beam("8B, 7Be");
        shares[f] = flux_of(ND_SOURCE_7BE) / all;
        sum += flux_of(ND_SOURCE_8B) / all_8B;
    }
    ASSERT_CLOSE(sum, 1.0, rounding, "all flavours of 8B");
    ASSERT_CLOSE(shares[0] + shares[1] + shares[2], 1.0, rounding, "all flavours of 7Be");
    ASSERT_CLOSE(shares[2] / shares[1], 0.561 / (1.0 - 0.561), rounding, "tau over mu");
    cr_assert(shares[0] > 0.5 && shares[0] < 0.56, "P_ee of 7Be is %g", shares[0]);
    /* the line at 862 keV makes most of it */
    const struct nd_oscillation o = {0.307, 0.02195, 0.561, 7.49e-17};
    const double P_ee = nd_solar_survival(beam.solar, ND_SOURCE_7BE, &o, 0.8618);
    ASSERT_CLOSE(shares[0], P_ee, 0.01, "P_ee of 7Be");
}

Test(detection, mixing_reaches_the_beam)
{
    static const char *const changes[] = {"sin2_theta12 = 0.2", "sin2_theta13 = 0.1",
                                          "sin2_theta23 = 0.4", "dm2_21_eV2 = 1e-4"};
    set("flavour = tau");
    open_beam("8B");
    const double before = flux_of(ND_SOURCE_8B);
    for (int k = 0; k < 4; k++) {
        nd_beam_clear(&beam);
        nd_params_init(&params);
        set("flavour = tau");
        set(changes[k]);
        open_beam("8B");
        cr_assert(fabs(flux_of(ND_SOURCE_8B) / before - 1.0) > 0.01, "%s does nothing", changes[k]);
    }
}

Test(detection, solar_model_of_the_beam)
{
    set("flavour_weight = none");
    open_beam("8B");
    const double gs98 = flux_of(ND_SOURCE_8B);
    nd_beam_clear(&beam);
    set("solar_model = b16-agss09met");
    open_beam("8B");
    /* Table 6 of arXiv:1611.09867: 5.46e6 and 4.50e6 */
    ASSERT_CLOSE(flux_of(ND_SOURCE_8B) / gs98, 4.50 / 5.46, 1e-3, "8B");
}

Test(detection, unknown_sources)
{
    set("sources = pp, 9B");
    ASSERT_ERROR(create_beam(), error, ND_BAD_INPUT,
                 "--set: sources = 9B: '9B': unknown source: allowed are pp, pep, 7Be");
    cr_assert(beam.solar == NULL && beam.n_sets == 0);
}

Test(detection, source_twice_in_a_sum)
{
    set("sources = CNO+13N");
    ASSERT_ERROR(create_beam(), error, ND_BAD_INPUT,
                 "--set: sources = CNO+13N: CNO+13N: '13N' counts a source twice");
}

Test(detection, sources_that_are_the_same)
{
    set("sources = CNO, 8B, 17F+13N+15O");
    ASSERT_ERROR(create_beam(), error, ND_BAD_INPUT,
                 "--set: sources = 17F+13N+15O: the same as 'CNO': allowed is each once");
    error = (struct nd_error)ND_ERROR_INIT;
    open_beam("CNO, CNO+8B, 8B"); /* overlapping is fine */
}

Test(detection, flux_file_that_is_missing)
{
    set("flux_file = /nowhere/fluxes.csv");
    ASSERT_ERROR(create_beam(), error, ND_IO_ERROR, "--set: flux_file = /nowhere/fluxes.csv: ");
    cr_assert(beam.solar == NULL);
}

/* sqrt(m_e^2 + 2 m_e E) - m_e of the highest energy. */
Test(detection, masses_beyond_reach)
{
    char expected[200];
    set("sources = pp");
    set("m4_keV = 320");
    ASSERT_OK(create_beam(), error);
    const double E = nd_flux_end(beam.fluxes.of[ND_SOURCE_PP]), m = ND_M_ELECTRON;
    const double end = nd_kev_from_mev(sqrt(m * m + 2.0 * m * E) - m);
    nd_beam_clear(&beam);
    cr_assert(end > 321.0 && end < 329.0, "pp ends at %g keV", end);
    set("m4_keV = 330");
    snprintf(expected, sizeof expected,
             "--set: m4_keV = 330: above the end point of every source: allowed is below %.5g "
             "keV, the largest mass that pp can make off an electron",
             end);
    ASSERT_ERROR(create_beam(), error, ND_BAD_INPUT, expected);
    cr_assert(beam.solar == NULL && beam.fluxes.of[ND_SOURCE_PP] == NULL);
    /* one source within reach is enough */
    error = (struct nd_error)ND_ERROR_INIT;
    set("sources = CNO, pp");
    ASSERT_OK(create_beam(), error);
}

Test(detection, reach_names_the_key_of_the_mass)
{
    set("sources = pp, CNO");
    set("m4_min_keV = 1000");
    ASSERT_ERROR(nd_beam_create(&beam, &params, folder, "m4_min_keV", 1000.0, &error), error,
                 ND_BAD_INPUT, "--set: m4_min_keV = 1000: above the end point");
    cr_assert(strstr(error.message, "the largest mass that their neutrinos can make") != NULL);
}

/* ---- detectors -------------------------------------------------------------------------- */

Test(detection, experiment_of_the_fit)
{
    set("window_min_keV = 2");
    set("window_max_keV = 7");
    set("tritium = free");
    set("nuisances = fixed");
    open_beam("8B");
    ASSERT_OK(create_detector(-1), error);
    cr_assert_str_eq(detector.experiment->name, "xenon1t");
    cr_assert(detector.likelihood.experiment == detector.experiment);
    cr_assert(detector.likelihood.first == 1 && detector.likelihood.n == 5);
    cr_assert(detector.likelihood.options.tritium == 1);
    cr_assert(detector.likelihood.options.nuisances == ND_NUISANCES_FIXED);
    cr_assert(nd_response_bins(detector.response) == 29);
    nd_detector_clear(&detector);
    cr_assert(detector.experiment == NULL && detector.response == NULL);
}

Test(detection, exclusions)
{
    /* window and tritium are for the experiment of the fit, nuisances for all */
    set("window_min_keV = 2");
    set("window_max_keV = 7");
    set("tritium = free");
    set("nuisances = fixed");
    set("exclusion = lz2024, xenonnt, xenon1t");
    open_beam("8B");
    static const char *const names[] = {"lz2024", "xenonnt", "xenon1t"};
    for (int i = 0; i < 3; i++) {
        ASSERT_OK(create_detector(i), error);
        cr_assert_str_eq(detector.experiment->name, names[i]);
        cr_assert(detector.likelihood.first == 0);
        cr_assert(detector.likelihood.n == detector.experiment->n_bins);
        cr_assert(detector.likelihood.options.tritium == 0);
        cr_assert(detector.likelihood.options.nuisances == ND_NUISANCES_FIXED);
        nd_detector_clear(&detector);
    }
}

Test(detection, options_of_the_response)
{
    static const char *const changes[] = {"m4_keV = 10", "electrons = free",
                                          "efficiency_at = true"};
    double sums[3];
    for (int k = 0; k < 3; k++) {
        const struct nd_response_options options = {
            k == 1 ? ND_ELECTRONS_FREE : ND_ELECTRONS_STEPWISE,
            k == 2 ? ND_EFFICIENCY_AT_TRUE : ND_EFFICIENCY_AT_RECONSTRUCTED};
        struct nd_response *response;
        double counts[ND_BINS_MAX], sum = 0.0;
        nd_params_init(&params);
        set(changes[k]);
        open_beam("8B");
        ASSERT_OK(create_detector(-1), error);
        sums[k] = sum_of_counts(0.64);
        ASSERT_OK(nd_response_create(&response, detector.experiment, &beam.atom, &options, &error),
                  error);
        nd_signal_counts(response, &beam.fluxes, &beam.sets[0], 0.64, counts, NULL);
        for (int j = 0; j < 29; j++)
            sum += counts[j];
        ASSERT_CLOSE(sums[k], sum, 1e-14, "%s", changes[k]);
        cr_assert(k == 0 || fabs(sums[k] / sums[0] - 1.0) > 1e-4, "%s does nothing", changes[k]);
        nd_response_free(response);
        teardown();
    }
}

Test(detection, efficiency_that_is_not_known)
{
    set("efficiency_at = true");
    set("experiment = xenonnt");
    open_beam("8B");
    ASSERT_ERROR(
        create_detector(-1), error, ND_BAD_INPUT,
        "--set: efficiency_at = true: the efficiency of XENONnT SR0 is known up to 30 keV");
    cr_assert(detector.experiment == NULL && detector.response == NULL);
}

/* A folder instead of a name: any with a slash. */
Test(detection, experiment_in_a_folder)
{
    char text[1200];
    snprintf(text, sizeof text, "experiment = %s/experiments/xenonnt", folder);
    if (strlen(folder) + 30 >= ND_TEXT_MAX)
        cr_skip_test("the path of the project is too long");
    set(text);
    open_beam("8B");
    ASSERT_OK(create_detector(-1), error);
    cr_assert_str_eq(detector.experiment->name, "xenonnt");
}

Test(detection, unknown_experiments)
{
    set("experiment = xenon2t");
    set("exclusion = xenonnt, lz1999");
    open_beam("8B");
    ASSERT_ERROR(create_detector(-1), error, ND_IO_ERROR, "--set: experiment = xenon2t: ");
    cr_assert(strstr(error.message, "experiments/xenon2t/experiment.ini") != NULL, "%s",
              error.message);
    cr_assert(detector.experiment == NULL && detector.response == NULL);
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(create_detector(1), error, ND_IO_ERROR, "--set: exclusion = lz1999: ");
    cr_assert(strstr(error.message, "experiments/lz1999/experiment.ini") != NULL);
}

static void assert_detector_fails(const char *fragment)
{
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(create_detector(-1), error, ND_BAD_INPUT, fragment);
    cr_assert(detector.experiment == NULL && detector.response == NULL);
}

Test(detection, windows_that_are_refused)
{
    open_beam("8B");
    set("window_max_keV = 6.5");
    assert_detector_fails(
        "--set: window_max_keV = 6.5: no bin of XENON1T SR1 ends at 6.5 keV: allowed are");
    error = (struct nd_error)ND_ERROR_INIT;
    nd_params_init(&params);
    set("window_min_keV = 1.5");
    assert_detector_fails(
        "--set: window_min_keV = 1.5: no bin of XENON1T SR1 begins at 1.5 keV: allowed are");
}

Test(detection, tritium_without_template)
{
    set("experiment = xenonnt");
    set("tritium = free");
    open_beam("8B");
    assert_detector_fails(
        "--set: tritium = free: XENONnT SR0 has no tritium template: allowed is off");
}

/* Parameters of a file, whose name is put in `path`. */
static void read_file(char path[64], const char *text)
{
    snprintf(path, 64, "/tmp/nd_detection_XXXXXX");
    const int descriptor = mkstemp(path);
    cr_assert(descriptor >= 0, "no temporary file");
    FILE *stream = fdopen(descriptor, "w");
    cr_assert(stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0);
    const enum nd_status status = nd_params_read(&params, path, &error);
    unlink(path);
    ASSERT_OK(status, error);
}

static void assert_at_line(const char *path, int line, const char *rest)
{
    char expected[200];
    snprintf(expected, sizeof expected, "%s:%d: %s", path, line, rest);
    cr_assert(strncmp(error.message, expected, strlen(expected)) == 0, "'%s' instead of '%s'",
              error.message, expected);
}

Test(detection, messages_name_the_line)
{
    char path[64];
    read_file(path, "[fit]\nwindow_max_keV = 8.5\n[detector]\n\nexperiment = nothing\n"
                    "[solar]\nsources = pp, 1B\n[model]\nm4_keV = 9000\n");
    cr_assert(create_beam() == ND_BAD_INPUT);
    assert_at_line(path, 7, "sources = 1B: '1B': unknown source");
    error = (struct nd_error)ND_ERROR_INIT;
    set("sources = 8B");
    cr_assert(create_beam() == ND_BAD_INPUT);
    assert_at_line(path, 9, "m4_keV = 9000: above the end point");
    error = (struct nd_error)ND_ERROR_INIT;
    open_beam("8B");
    cr_assert(create_detector(-1) == ND_IO_ERROR);
    assert_at_line(path, 5, "experiment = nothing: ");
    error = (struct nd_error)ND_ERROR_INIT;
    set("experiment = lz2024");
    cr_assert(create_detector(-1) == ND_BAD_INPUT);
    assert_at_line(path, 2, "window_max_keV = 8.5: no bin of ");
}

/* The line of the key that is wrong, whatever other keys are given. */
Test(detection, messages_name_the_line_that_is_wrong)
{
    char path[64];
    read_file(path, "[fit]\nwindow_max_keV = 7\nwindow_min_keV = 1.5\ntritium = free\n");
    open_beam("8B");
    cr_assert(create_detector(-1) == ND_BAD_INPUT);
    assert_at_line(path, 3, "window_min_keV = 1.5: no bin of XENON1T SR1 begins at 1.5 keV");
    error = (struct nd_error)ND_ERROR_INIT;
    set("window_min_keV = 12");
    cr_assert(create_detector(-1) == ND_BAD_INPUT);
    assert_at_line(path, 2, "window_max_keV = 7: window from 12 to 7 keV: allowed is an upper end");
    error = (struct nd_error)ND_ERROR_INIT;
    set("window_min_keV = 1");
    set("experiment = xenonnt");
    cr_assert(create_detector(-1) == ND_BAD_INPUT);
    assert_at_line(path, 4, "tritium = free: XENONnT SR0 has no tritium template");
    cr_assert(detector.experiment == NULL && detector.response == NULL);
}

Test(detection, exclusion_given_twice)
{
    set("exclusion = lz2024, xenonnt, lz2024");
    open_beam("8B");
    for (int i = 0; i < 2; i++) {
        ASSERT_OK(create_detector(i), error);
        nd_detector_clear(&detector);
    }
    ASSERT_ERROR(create_detector(2), error, ND_BAD_INPUT,
                 "--set: exclusion = lz2024: given twice: allowed is each once");
    cr_assert(detector.experiment == NULL && detector.response == NULL);
}

/* What an experiment's own files say is not blamed on the parameters. */
Test(detection, bad_experiment_names_its_own_file)
{
    char top[] = "/tmp/nd_detection_XXXXXX", path[200], text[200];
    cr_assert(mkdtemp(top) != NULL);
    snprintf(path, sizeof path, "%s/experiment.ini", top);
    FILE *stream = fopen(path, "w");
    cr_assert(stream != NULL && fputs("[experiment]\ntitle = X\nexposure_t_yr = much\n", stream) &&
              fclose(stream) == 0);
    snprintf(text, sizeof text, "experiment = %s", top);
    set(text);
    open_beam("8B");
    const enum nd_status status = create_detector(-1);
    unlink(path);
    rmdir(top);
    cr_assert(status == ND_BAD_INPUT && error.status == ND_BAD_INPUT);
    assert_at_line(path, 3, "exposure_t_yr = much");
}

/* ---- conventions ------------------------------------------------------------------------ */

Test(detection, couplings)
{
    const double rounding = 1e-14, bohr = 0.2963041; /* e / (2 m_e) [MeV^-1] */
    ASSERT_CLOSE(nd_params_mu(&params, 3e-9), 3e-9 * bohr, 1e-6, "half");
    ASSERT_CLOSE(nd_params_d_muB(&params, nd_params_mu(&params, 3e-9)), 3e-9, rounding, "back");
    const double half = nd_params_mu(&params, 3e-9);
    set("convention = lagrangian");
    ASSERT_CLOSE(nd_params_mu(&params, 3e-9), 2.0 * half, rounding, "lagrangian");
    ASSERT_CLOSE(nd_params_d_muB(&params, half), 1.5e-9, rounding, "lagrangian, back");
}
