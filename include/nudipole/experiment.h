/* A measured electron-recoil spectrum and the detector that took it.
 *
 * An experiment is a folder with an `experiment.ini`, which names the files of counts, background
 * and efficiency beside it; see params/data/README.md. Nothing here depends on which one it is.
 * Energies are in keV and exposures in t yr, as measured. */
#ifndef NUDIPOLE_EXPERIMENT_H
#define NUDIPOLE_EXPERIMENT_H

#include "nudipole/error.h"
#include "nudipole/values.h"

enum { ND_BINS_MAX = 512 };

struct nd_experiment {
    char name[ND_TEXT_MAX], title[ND_TEXT_MAX];
    int secondary;            /* digitised or with assumed resolution: a cross-check, no result */
    double exposure;          /* [t yr] */
    double resolution_sqrt;   /* sigma(E) = resolution_sqrt sqrt(E) + resolution_linear E */
    double resolution_linear; /* E in keV */
    double efficiency_error;  /* relative, 1 sigma, of efficiency times exposure */
    double background_error;  /* relative, 1 sigma, of the background's normalisation */

    int n_bins;         /* 1 to ND_BINS_MAX */
    double *low, *high; /* edges of a bin, contiguous [keV] */
    double *counts;     /* observed; whole numbers unless digitised */
    double *background; /* expected, efficiency included */
    double *tritium;    /* expected for one unit of tritium, efficiency included; may be NULL */

    int n_efficiency;
    double *efficiency_energy; /* increasing [keV] */
    double *efficiency;        /* in [0, 1], linear between nodes, 0 outside */

    int n_curve;          /* 0 where there is no smooth background */
    double *curve_energy; /* increasing [keV] */
    double *curve;        /* efficiency included [1/(t yr keV)] */
};

/* `name` is that of a shipped experiment (data_folder/experiments/name), or, with a slash in it, a
 * folder. Errors: ND_IO_ERROR and ND_BAD_INPUT that name file and line, ND_NO_MEMORY. */
enum nd_status nd_experiment_create(struct nd_experiment **result, const char *data_folder,
                                    const char *name, struct nd_error *error);
void nd_experiment_free(struct nd_experiment *x);

/* Efficiency at an energy [keV]. */
double nd_experiment_efficiency(const struct nd_experiment *x, double E);

/* Standard deviation of the reconstructed energy at a true energy E > 0 [keV]. */
double nd_experiment_resolution(const struct nd_experiment *x, double E);

/* Expected background at an energy [1/(t yr keV)]: the smooth curve where there is one, else that
 * of the bin; NAN outside. */
double nd_experiment_background(const struct nd_experiment *x, double E);

#endif
