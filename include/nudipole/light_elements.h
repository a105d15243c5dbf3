/* From a point to what is measured of it: the coupled Universe, nucleosynthesis in it, N_eff and
 * abundances with their errors, and what makes them differ from the Standard Model's. */
#ifndef NUDIPOLE_LIGHT_ELEMENTS_H
#define NUDIPOLE_LIGHT_ELEMENTS_H

#include "nudipole/bbn.h"
#include "nudipole/universe.h"
#include "nudipole/verdict.h"

enum nd_light_elements_errors {
    ND_LIGHT_ERRORS_OFF,
    ND_LIGHT_ERRORS_LINEAR,
    ND_LIGHT_ERRORS_MONTE_CARLO
};

struct nd_light_elements_options {
    struct nd_universe_options universe; /* its rows are chosen for nucleosynthesis */
    int weak_corrections;                /* a sum of enum nd_weak_correction */
    double tau_n;                        /* lifetime of the neutron [MeV^-1] */
    struct nd_bbn_options bbn;
    enum nd_light_elements_errors errors;
    struct nd_bbn_input_errors input;
    int samples; /* of Monte Carlo */
    unsigned long seed;
};

/* The ways in which N, reheating or dark radiation change abundances. What one of them does: the
 * Standard Model's nucleosynthesis with that one of its ingredients taken from the run. Of N_eff,
 * entropy is what the photons' share does, and neutrinos the rest; with a reheating field neutrinos
 * are all of it. */
enum nd_effect {
    ND_EFFECT_EXPANSION, /* time against temperature */
    ND_EFFECT_ENTROPY,   /* baryons per photon before today's are left */
    ND_EFFECT_NEUTRINOS, /* n <-> p among these nu_e; of N_eff, the energy of all of them */
    ND_N_EFFECTS
};

/* What is observed of an enum nd_abundance_ratio. */
enum nd_observable nd_observable_of_ratio(int ratio);

/* "expansion", "entropy", "neutrinos" */
const char *nd_effect_word(enum nd_effect effect);

/* Free with nd_light_elements_clear. */
struct nd_light_elements {
    struct nd_universe_outcome run;
    struct nd_bbn_universe *universe; /* the run as nucleosynthesis sees it */
    struct nd_bbn bbn;
    int has_errors;
    struct nd_bbn_errors errors; /* all 0 without */
    struct nd_prediction prediction;
    int has_effects;
    double effect[ND_N_EFFECTS][ND_N_OBSERVABLES];
};

/* Runs the Universe from its start to options->universe.T_end, at most 0.02 MeV, and
 * nucleosynthesis in it. `model` NULL: without N. `tables` as for nd_universe_solve. `reference`: a
 * result without N, from a start at least as hot, that effects are differences to; NULL: no
 * effects. Errors: as nd_universe_solve and nd_bbn_solve, and ND_NOT_CONVERGED if N (when it
 * decays), the field or e+- hold more than 1e-3 of the photons' energy at the end: their entropy
 * would be missing from the count of baryons. */
enum nd_status nd_light_elements_solve(const struct nd_model *model,
                                       struct nd_universe_tables *tables,
                                       const struct nd_nuclear_rates *rates,
                                       const struct nd_light_elements *reference,
                                       const struct nd_light_elements_options *options,
                                       struct nd_light_elements *result, struct nd_error *error);
void nd_light_elements_clear(struct nd_light_elements *result);

/* Rows of the history that nucleosynthesis needs. */
int nd_light_elements_rows(const struct nd_universe_options *options);

/* Last temperature that lets N go: `latest`, or lower, until twenty lifetimes have passed and N in
 * equilibrium is rare, m4/16, but not below ND_WEAK_T_MIN [MeV]. `model` may be NULL. */
double nd_light_elements_T_end(const struct nd_model *model, double latest);

#endif
