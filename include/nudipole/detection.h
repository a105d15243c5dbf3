/* What a fit or a spectrum needs, made from parameters: the neutrinos that arrive, and detectors
 * that see them. */
#ifndef NUDIPOLE_DETECTION_H
#define NUDIPOLE_DETECTION_H

#include "nudipole/fit.h"
#include "nudipole/params.h"

/* The Sun, the fluxes that the dipole couples to, xenon's electrons, and the signals asked for. */
struct nd_beam {
    struct nd_solar *solar;
    struct nd_fluxes fluxes;
    struct nd_atom atom;
    int n_sets;
    struct nd_source_set sets[ND_LIST_MAX]; /* one each of `sources` */
};

/* Reads the data and checks `sources`, and that `m4_key` ("m4_keV", "m4_min_keV"), whose value in
 * keV is given, is within reach of one of them. Errors: ND_BAD_INPUT and ND_IO_ERROR that name
 * file, line and key. Free with nd_beam_clear. */
enum nd_status nd_beam_create(struct nd_beam *beam, const struct nd_params *params,
                              const char *data_folder, const char *m4_key, double m4_keV,
                              struct nd_error *error);
void nd_beam_clear(struct nd_beam *beam);

/* An experiment with its response and likelihood. */
struct nd_detector {
    struct nd_experiment *experiment;
    struct nd_response *response;
    struct nd_likelihood likelihood;
};

/* Experiment number `index` of the parameters: -1 is `experiment`, others are items of `exclusion`.
 * The window and the tritium component are those of `experiment`; the others are fitted in all
 * their bins and without. Refers to the beam. Free with nd_detector_clear. */
enum nd_status nd_detector_create(struct nd_detector *detector, const struct nd_params *params,
                                  const char *data_folder, int index, const struct nd_beam *beam,
                                  struct nd_error *error);
void nd_detector_clear(struct nd_detector *detector);

/* d in the convention of the parameters [mu_B] for a coupling mu [MeV^-1], and back. */
double nd_params_d_muB(const struct nd_params *params, double mu);
double nd_params_mu(const struct nd_params *params, double d_muB);

#endif
