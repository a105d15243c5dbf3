/* The Sun as a source of neutrinos: eight sources with flux, spectrum and production region.
 *
 * Fluxes and production regions: B16 standard solar models, Vinyoles et al., ApJ 835 (2017) 202,
 * arXiv:1611.09867. Spectra: Bahcall and collaborators, Winter et al. for 8B; see
 * params/data/README.md. Spectra are those at production, linear between the nodes of their tables
 * and of unit area; 7Be and pep are lines of no width. */
#ifndef NUDIPOLE_SOLAR_H
#define NUDIPOLE_SOLAR_H

#include "nudipole/oscillation.h"

enum nd_source {
    ND_SOURCE_PP,
    ND_SOURCE_PEP,
    ND_SOURCE_7BE, /* both lines */
    ND_SOURCE_8B,
    ND_SOURCE_HEP,
    ND_SOURCE_13N,
    ND_SOURCE_15O,
    ND_SOURCE_17F,
    ND_N_SOURCES
};

enum { ND_LINES_MAX = 16 }; /* of one source */

enum nd_solar_model { ND_SOLAR_B16_GS98, ND_SOLAR_B16_AGSS09MET };

struct nd_solar_source {
    double flux;           /* at 1 au, all flavours together [MeV^3] */
    double relative_error; /* 1 sigma of it */
    int is_line;           /* a sum of lines rather than a continuum */
    int n;                 /* nodes, or lines */
    double *energy;        /* increasing [MeV] */
    double *shape;         /* continuum: [1/MeV]; lines: share of the flux */
    double *production;    /* dF/dr on the zones, any normalisation */
};

struct nd_solar {
    struct nd_solar_source sources[ND_N_SOURCES];
    int n_zones;
    double *radius;           /* of a zone, increasing [solar radii] */
    double *electron_density; /* in it [MeV^3] */
};

/* Reads a solar model from the data folder. `flux_file`, unless NULL or "", replaces fluxes (and,
 * where it has a column `shape`, spectra) of the sources that it lists.
 * Errors: ND_IO_ERROR and ND_BAD_INPUT that name file and line, ND_NO_MEMORY. */
enum nd_status nd_solar_create(struct nd_solar **result, const char *data_folder,
                               enum nd_solar_model model, const char *flux_file,
                               struct nd_error *error);
void nd_solar_free(struct nd_solar *solar);

/* "pp", "pep", "7Be", "8B", "hep", "13N", "15O", "17F". */
const char *nd_source_name(enum nd_source source);
/* The source of that name, or -1. */
int nd_source_find(const char *name);

/* P_ee at energy E [MeV], averaged over the production region of a source. */
double nd_solar_survival(const struct nd_solar *solar, enum nd_source source,
                         const struct nd_oscillation *oscillation, double E);

#endif
