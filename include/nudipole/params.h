/* Parameters: one table drives parsing, validation, help, documentation and output headers.
 *
 * Files are INI: `key = value`, sections in brackets, comments in lines that start with # or ;.
 * Keys are unique across sections; a key may stand before any section. Precedence: defaults, then
 * the precision file if one is named, then the parameter file, then --set. Every error reads
 *
 *     file:line: key = value: what is wrong: what is allowed */
#ifndef NUDIPOLE_PARAMS_H
#define NUDIPOLE_PARAMS_H

#include <stdio.h>

#include "nudipole/light_elements.h"
#include "nudipole/model.h"
#include "nudipole/rates.h"
#include "nudipole/universe.h"
#include "nudipole/values.h"
#include "nudipole/viability.h"

enum { ND_PARAM_COUNT_MAX = 128 };

/* Treatments that `curves` can compare. */
enum nd_treatment_name {
    ND_TREATMENT_PAPER,     /* maxwell-boltzmann, none, equal */
    ND_TREATMENT_SCREENED,  /* maxwell-boltzmann, htl, equal */
    ND_TREATMENT_FULL,      /* quantum, htl, decoupled */
    ND_TREATMENT_CONFIGURED /* statistics, screening and neutrino_temperature as given */
};

/* What `evolve` follows. */
enum nd_backreaction {
    ND_BACKREACTION_OFF,    /* the abundance of N on the standard background */
    ND_BACKREACTION_ON,     /* the coupled Universe */
    ND_BACKREACTION_PASSIVE /* the coupled Universe, which N does not act back on */
};

/* Corrections to the Born weak rates. */
enum nd_weak_correction_name {
    ND_CORRECTION_NONE,
    ND_CORRECTION_COULOMB,
    ND_CORRECTION_RADIATIVE,
    ND_CORRECTION_RECOIL,
    ND_CORRECTION_MAGNETISM,
    ND_CORRECTION_THERMAL
};

/* Colours and axes of stored columns. */
enum nd_plot_scale { ND_SCALE_AUTO, ND_SCALE_LINEAR, ND_SCALE_LOG };

/* What is laid over a plane of m4_keV and d_muB. */
enum nd_plot_overlays {
    ND_OVERLAYS_ALL,
    ND_OVERLAYS_REGIONS,
    ND_OVERLAYS_BOUNDS,
    ND_OVERLAYS_NONE
};

struct nd_params {
    /* [model] */
    double m4_keV, d_muB;
    int flavour, convention;
    /* [universe] */
    struct nd_double_list T_RH_MeV;
    double T_end_MeV, field_start;
    int backreaction; /* enum nd_backreaction */
    int sterile;      /* 0: off, 1: on */
    int reheating, N_initial, mixing, qed, weak, error_estimate;
    double delta_N_eff;
    struct nd_double_list spectra_T_MeV;
    /* [bbn] */
    double omega_b, omega_b_error, tau_n_s, tau_n_error_s;
    char rates[ND_TEXT_MAX];                /* a name, or a folder: then it has a slash */
    struct nd_choice_list weak_corrections; /* enum nd_weak_correction_name */
    int abundance_errors;                   /* enum nd_light_elements_errors */
    int bbn_samples, bbn_seed;
    double bbn_T_end_MeV; /* NAN where not given */
    double bbn_tolerance;
    int bbn_max_steps, bbn_points;
    double omega_b_min, omega_b_max;
    int omega_b_points;
    /* [rates] */
    int statistics, screening, neutrino_temperature;
    double T_min_MeV, T_max_MeV, rate_tolerance;
    int T_points;
    /* [solver] */
    double solver_tolerance;
    int solver_max_steps, solver_points;
    /* [precision] */
    char precision[ND_TEXT_MAX]; /* "": none */
    double dy, y_core, tail_growth, step_lnT, step_lnz, universe_tolerance;
    int exchange_nodes, universe_max_steps;
    /* [verdict] */
    int light_elements;             /* 0: off, 1: on */
    char observations[ND_TEXT_MAX]; /* "": the shipped ones */
    double thermal_fraction, thermal_x_max;
    /* [sweep] */
    struct nd_text_list points;
    struct nd_text_list vary;    /* axes, see nudipole/sweep_plan.h */
    struct nd_text_list columns; /* names, see nudipole/sweep_columns.h; none: all */
    int work, sampling;          /* enum nd_sweep_work, enum nd_sampling */
    int samples, sweep_seed;
    double T_RH_min_MeV, T_RH_max_MeV;
    /* [grid] */
    double m4_min_keV, m4_max_keV;
    int m4_points;
    double d_min_muB, d_max_muB;
    int d_points;
    /* [curves] */
    struct nd_choice_list treatments;
    /* [solar] */
    struct nd_text_list sources;
    int solar_model;
    char flux_file[ND_TEXT_MAX]; /* "": the model's fluxes */
    int flavour_weight;
    double sin2_theta12, sin2_theta13, sin2_theta23, dm2_21_eV2, dm2_31_eV2;
    /* [detector] */
    char experiment[ND_TEXT_MAX]; /* a name, or a folder: then it has a slash */
    int electrons, efficiency_at;
    /* [fit] */
    int nuisances, tritium;
    double window_min_keV, window_max_keV; /* NAN where not given */
    int contours;
    struct nd_text_list exclusion; /* each like `experiment` */
    double confidence_level;
    /* [map] */
    char regions[ND_TEXT_MAX]; /* "": fit on the spot */
    struct nd_text_list bounds;
    struct nd_double_list fractions;
    double rho_fraction;
    char store[ND_TEXT_MAX]; /* "": none */
    /* [plot] */
    struct nd_text_list column; /* names of stored columns; none: the verdict, or the first */
    char x[ND_TEXT_MAX], y[ND_TEXT_MAX]; /* axes of the sweep; "": by themselves */
    struct nd_text_list at;              /* each "KEY VALUE": axes that stay where they are */
    int scale, overlays;                 /* enum nd_plot_scale, enum nd_plot_overlays */
    struct nd_double_list levels;        /* none: by themselves */

    /* Where each value was set: "default", "file:line" or "--set"; index as in the option table. */
    char origin[ND_PARAM_COUNT_MAX][ND_TEXT_MAX];
    char file[ND_TEXT_MAX]; /* the file read last, "" if none */
};

/* All defaults. */
void nd_params_init(struct nd_params *params);

/* Reads a file on top of what `params` holds. Errors: ND_IO_ERROR if it cannot be read,
 * ND_BAD_INPUT for its contents. */
enum nd_status nd_params_read(struct nd_params *params, const char *path, struct nd_error *error);

/* Applies one "key=value" from the command line; paths are relative to the file read last.
 * Errors: ND_BAD_INPUT. */
enum nd_status nd_params_set(struct nd_params *params, const char *assignment,
                             struct nd_error *error);

/* Reads the file that `precision` names, if one is named: keys of [precision] that nobody has given
 * take its values. To be called after the last file and --set. Errors: as nd_params_read, and
 * ND_BAD_INPUT for keys that do not belong in such a file. */
enum nd_status nd_params_read_precision(struct nd_params *params, struct nd_error *error);

/* What a computation uses, so that values it does not look at cannot stop it and stay out of the
 * headers of its tables. */
enum nd_params_use {
    ND_USE_EVOLUTION =
        1,             /* evolve, viability: model, T_RH_MeV, T_end_MeV, rates, solver, verdict */
    ND_USE_RATES = 2,  /* rates: model, T_min_MeV, T_max_MeV, rates */
    ND_USE_CURVES = 8, /* curves: masses of the grid, T_RH_MeV, T_end_MeV, treatments */
    ND_USE_SPECTRUM = 16,  /* spectrum: model, solar, detector, fit */
    ND_USE_FIT = 32,       /* fit: grid, solar, detector, fit */
    ND_USE_MAP = 64,       /* map: fit, rates, T_RH_MeV, T_end_MeV, verdict, points, map */
    ND_USE_UNIVERSE = 128, /* evolve with backreaction = on: universe, precision, mixing */
    ND_USE_STERILE = 256,  /* the same with N: what it looks at besides */
    ND_USE_BBN = 512, /* bbn, and viability with light_elements = on: what they look at besides */
    ND_USE_VERDICT = 1024, /* viability with light_elements = on: observations */
    ND_USE_PLOT = 2048,    /* plot, and map with a store: what is drawn of it */
    ND_USE_PLAN = 4096,    /* sweep: points, vary, work, columns, sampling */
    ND_USE_ALL = 8191
};

/* Checks values against each other, e.g. that T_RH is above T_end; `uses` is a sum of the above.
 * Errors: ND_BAD_INPUT. */
enum nd_status nd_params_check(const struct nd_params *params, int uses, struct nd_error *error);

/* Writes all parameters as an INI file that reads back to the same values, each line preceded by
 * `prefix` ("" for run.ini, "# " for headers of tables). Of a precision file the values are written
 * and not the name, so that what is written stands on its own. */
void nd_params_write(const struct nd_params *params, FILE *stream, const char *prefix);

/* The same for those that a computation uses: `uses` is a sum of enum nd_params_use. */
void nd_params_write_used(const struct nd_params *params, int uses, FILE *stream,
                          const char *prefix);

/* The same for those whose values differ from `base`, without sections; a value that is not given
 * any more is an empty one. */
void nd_params_write_differences(const struct nd_params *params, const struct nd_params *base,
                                 int uses, FILE *stream, const char *prefix);

/* Where the value of a key comes from: "default", "file:line" or "--set"; NULL if there is no such
 * key. */
const char *nd_params_origin(const struct nd_params *params, const char *key);

/* Writes the reference: every key with unit, default, what is allowed and its meaning. */
void nd_params_describe(FILE *stream, int markdown);

/* The physics objects that the parameters stand for. */
enum nd_status nd_params_model(const struct nd_params *params, struct nd_model *model,
                               struct nd_error *error);
struct nd_treatment nd_params_treatment(const struct nd_params *params);
/* One of the three fixed treatments. */
struct nd_treatment nd_named_treatment(enum nd_treatment_name name);
/* The same, and for ND_TREATMENT_CONFIGURED what the parameters say. */
struct nd_treatment nd_params_named_treatment(const struct nd_params *params,
                                              enum nd_treatment_name name);
/* The abundance of N as a test particle from T_RH [MeV], and how it is judged. */
struct nd_abundance_options nd_params_abundance(const struct nd_params *params, double T_RH);
struct nd_viability_options nd_params_viability(const struct nd_params *params);
/* The coupled Universe; the number of points is solver_points, spectra are those that a run from
 * T_RH [MeV] passes. */
struct nd_universe_options nd_params_universe(const struct nd_params *params, double T_RH);
/* Nucleosynthesis in it: down to bbn_T_end_MeV or, where that is not given, to 0.004 MeV or until N
 * of twenty lifetimes is gone, but not below 1e-4 MeV. */
struct nd_light_elements_options nd_params_light_elements(const struct nd_params *params,
                                                          double T_RH);
/* Highest temperature of a run that is reheated to T_RH. */
double nd_params_T_start(const struct nd_params *params, double T_RH);

/* The words of a choice, as in a parameter file: "tau", "half", "quantum", "paper", ... */
const char *nd_flavour_word(int flavour);
const char *nd_convention_word(int convention);
const char *nd_statistics_word(int statistics);
const char *nd_screening_word(int screening);
const char *nd_neutrino_temperature_word(int neutrinos);
const char *nd_treatment_word(int name);
const char *nd_solar_model_word(int model);
const char *nd_flavour_weight_word(int weight);
const char *nd_electrons_word(int electrons);
const char *nd_efficiency_at_word(int efficiency_at);
const char *nd_nuisances_word(int nuisances);
const char *nd_tritium_word(int tritium);
const char *nd_contours_word(int contours);
const char *nd_backreaction_word(int backreaction);
const char *nd_reheating_word(int reheating);
const char *nd_N_initial_word(int N_initial);
const char *nd_mixing_word(int mixing);
const char *nd_qed_word(int qed);
const char *nd_weak_correction_word(int name);
const char *nd_work_word(int work);
const char *nd_sampling_word(int sampling);
const char *nd_abundance_errors_word(int errors);

#endif
