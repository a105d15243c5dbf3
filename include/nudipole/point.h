/* One point at one reheating temperature: whether N thermalises, what it does to N_eff and to light
 * elements, and the verdict. Successive points share what they have in common. */
#ifndef NUDIPOLE_POINT_H
#define NUDIPOLE_POINT_H

#include "nudipole/background.h"
#include "nudipole/light_elements.h"
#include "nudipole/params.h"
#include "nudipole/verdict.h"
#include "nudipole/viability.h"

/* Which parts are wanted: a sum. */
enum nd_point_part {
    ND_POINT_RATES = 1,     /* Gamma/H and the paper's criterion, from the table of rates */
    ND_POINT_ABUNDANCE = 2, /* N as a test particle, and the rates */
    ND_POINT_CRITERIA = ND_POINT_RATES | ND_POINT_ABUNDANCE, /* whether N thermalises */
    ND_POINT_UNIVERSE = 4,    /* the coupled Universe down to T_end_MeV */
    ND_POINT_N_EFF_ERROR = 8, /* numerical error of its N_eff: a second run */
    ND_POINT_LIGHT = 16,      /* the coupled Universe down to bbn_T_end_MeV instead, light elements,
                                 and if there are observations the verdict */
    ND_POINT_EFFECTS = 32     /* what makes them differ from the Standard Model */
};

/* Shared by all points and threads. */
struct nd_point_inputs {
    const struct nd_background *background;
    const struct nd_nuclear_rates *rates;       /* NULL without ND_POINT_LIGHT */
    const struct nd_observations *observations; /* NULL: no verdict */
    double T_RH_max; /* highest of all points [MeV]: tables of rates reach up to it */
};

/* What successive points of one thread share, as long as it fits: tables of rates and collision
 * kernels of a mass, the Standard Model. Results do not depend on what came before. */
struct nd_point_cache; /* opaque */
enum nd_status nd_point_cache_create(struct nd_point_cache **cache, struct nd_error *error);
void nd_point_cache_free(struct nd_point_cache *cache);

/* Free with nd_point_clear. Parts fail on their own; what they leave is valid if their error is
 * ND_OK. */
struct nd_point {
    double T_RH; /* [MeV] */
    struct nd_viability criteria;
    struct nd_error criteria_error;
    struct nd_universe_outcome universe; /* for ND_POINT_UNIVERSE and ND_POINT_LIGHT */
    double N_eff_error; /* NAN if it was not asked for or cannot be had, which is no failure */
    struct nd_light_elements light, standard; /* `standard` without arrays, for ND_POINT_EFFECTS */
    struct nd_verdict verdict;
    struct nd_error light_error; /* of the coupled Universe and all that follows from it */
};

/* T_RH [MeV] in place of the parameters' T_RH_MeV. */
void nd_point_solve(const struct nd_params *params, double T_RH, int parts,
                    const struct nd_point_inputs *inputs, struct nd_point_cache *cache,
                    struct nd_point *point);
void nd_point_clear(struct nd_point *point);

/* The effect that moves an observable most towards where it went; NULL if it is within 5e-4 of the
 * Standard Model's or there are no effects. */
const char *nd_point_through(const struct nd_point *point, enum nd_observable observable);

/* "excluded (5.1 sigma, chi^2 = 33 for 3): D/H decides, 8.2 % above the Standard Model's, through
 * expansion". */
void nd_point_words(const struct nd_point *point, char *text, size_t size);

#endif
