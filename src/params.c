/* Parameters by their table, against each other, and the physics they stand for: see
 * nudipole/params.h. */
#include "nudipole/params.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/units.h"
#include "params_internal.h"

/* ---- by the table ---------------------------------------------------------------------- */

static struct nd_options options_of(struct nd_params *params)
{
    return (struct nd_options){&nd_params_table, params, params->origin, params->file};
}

void nd_params_init(struct nd_params *params)
{
    const struct nd_options options = options_of(params);
    memset(params, 0, sizeof *params);
    nd_options_init(&options);
}

enum nd_status nd_params_read(struct nd_params *params, const char *path, struct nd_error *error)
{
    const struct nd_options options = options_of(params);
    return nd_options_read(&options, path, error);
}

enum nd_status nd_params_set(struct nd_params *params, const char *assignment,
                             struct nd_error *error)
{
    const struct nd_options options = options_of(params);
    return nd_options_set(&options, assignment, error);
}

void nd_params_write(const struct nd_params *params, FILE *stream, const char *prefix)
{
    nd_params_write_used(params, ND_USE_ALL, stream, prefix);
}

void nd_params_write_used(const struct nd_params *params, int uses, FILE *stream,
                          const char *prefix)
{
    struct nd_params resolved = *params;
    resolved.precision[0] = '\0';
    nd_options_write(&nd_params_table, &resolved, uses, stream, prefix);
}

static char *text_of(const struct nd_option *option, const struct nd_params *params,
                     const char *prefix)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return NULL;
    nd_option_write(option, params, stream, prefix);
    fclose(stream);
    return text;
}

void nd_params_write_differences(const struct nd_params *params, const struct nd_params *base,
                                 int uses, FILE *stream, const char *prefix)
{
    for (int i = 0; i < nd_params_table.n; i++) {
        const struct nd_option *option = &nd_params_table.options[i];
        if (option->uses != 0 && (option->uses & uses) == 0)
            continue;
        char *own = text_of(option, params, prefix), *theirs = text_of(option, base, prefix);
        /* without memory it is written: a difference too many is an error that is seen */
        if (own == NULL || theirs == NULL || strcmp(own, theirs) != 0)
            nd_option_write(option, params, stream, prefix);
        free(own);
        free(theirs);
    }
}

void nd_params_describe(FILE *stream, int markdown)
{
    nd_options_describe(&nd_params_table, stream, markdown);
}

const char *nd_params_origin(const struct nd_params *params, const char *key)
{
    const int index = nd_option_index(&nd_params_table, key);
    return index < 0 ? NULL : params->origin[index];
}

/* ---- a precision file ------------------------------------------------------------------ */

static int is_default(const struct nd_params *params, int index)
{
    return strcmp(params->origin[index], ND_ORIGIN_DEFAULT) == 0;
}

/* Refuses what is no key of [precision], and a file that names another one. */
static enum nd_status must_be_precision(const struct nd_params *given, int index,
                                        struct nd_error *error)
{
    const struct nd_option *option = &nd_params_table.options[index];
    const int is_name = strcmp(option->key, "precision") == 0;
    char text[ND_TEXT_MAX] = "";
    if (is_default(given, index) || (strcmp(option->section, "precision") == 0 && !is_name))
        return ND_OK;
    FILE *stream = fmemopen(text, sizeof text, "w");
    if (stream == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a stream");
    nd_option_write(option, given, stream, "");
    fclose(stream);
    text[strcspn(text, "\n")] = '\0';
    return nd_fail(error, ND_BAD_INPUT, "%s: %s: %s: allowed is [precision] without `precision`",
                   given->origin[index], text,
                   is_name ? "a precision file names no other"
                           : "does not belong in a precision file");
}

enum nd_status nd_params_read_precision(struct nd_params *params, struct nd_error *error)
{
    struct nd_params given;
    struct nd_error own = ND_ERROR_INIT;
    if (*params->precision == '\0')
        return ND_OK;
    nd_params_init(&given);
    enum nd_status status = nd_params_read(&given, params->precision, &own);
    if (status == ND_IO_ERROR) /* the message starts with the name */
        return nd_fail(error, status, "%s: precision = %s", nd_params_origin(params, "precision"),
                       own.message);
    if (status != ND_OK)
        return nd_fail(error, status, "%s", own.message);
    for (int i = 0; i < nd_params_table.n && status == ND_OK; i++)
        status = must_be_precision(&given, i, error);
    for (int i = 0; i < nd_params_table.n && status == ND_OK; i++) {
        const struct nd_option *option = &nd_params_table.options[i];
        if (is_default(&given, i) || !is_default(params, i))
            continue;
        /* every key of [precision] but the name is a number or a word */
        memcpy((char *)params + option->offset, (const char *)&given + option->offset,
               option->type == ND_DOUBLE ? sizeof(double) : sizeof(int));
        memcpy(params->origin[i], given.origin[i], sizeof given.origin[i]);
    }
    return status;
}

/* ---- values against each other --------------------------------------------------------- */

/* `used` tells whether the computation looks at the key; one that was given is checked anyway. */
static enum nd_status must_exceed(const struct nd_params *params, int used, const char *key,
                                  double value, const char *lower_key, double lower,
                                  struct nd_error *error)
{
    const char *origin = nd_params_origin(params, key);
    if (value > lower || (!used && strcmp(origin, ND_ORIGIN_DEFAULT) == 0))
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT, "%s: %s = %g: not above %s = %g (%s): allowed is %s > %s",
                   origin, key, value, lower_key, lower, nd_params_origin(params, lower_key), key,
                   lower_key);
}

/* Only the coupled Universe goes below 0.01 MeV, to the end of the decays of N. */
static enum nd_status check_T_end(const struct nd_params *p, int uses, struct nd_error *error)
{
    const double lowest = 0.01;
    const int others = ND_USE_EVOLUTION | ND_USE_CURVES | ND_USE_MAP;
    if (p->T_end_MeV >= lowest ||
        (p->backreaction && ((uses & ND_USE_UNIVERSE) || !(uses & others))))
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT,
                   "%s: T_end_MeV = %g: out of range: allowed is %g to 99 MeV, and in evolve with "
                   "backreaction = on 0.0001 to 99 MeV",
                   nd_params_origin(p, "T_end_MeV"), p->T_end_MeV, lowest);
}

/* What only the coupled Universe has cannot be asked of another. */
static enum nd_status needs_backreaction(const struct nd_params *p, int wanted, const char *key,
                                         const char *word, const char *allowed,
                                         struct nd_error *error)
{
    if (!wanted || p->backreaction)
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT,
                   "%s: %s = %s: only the coupled Universe knows it, but backreaction = off (%s): "
                   "allowed is %s, or backreaction = on",
                   nd_params_origin(p, key), key, word, nd_params_origin(p, "backreaction"),
                   allowed);
}

/* What the coupled Universe, asked for, does not have. */
static enum nd_status never_coupled(const struct nd_params *p, int wrong, const char *key,
                                    const char *word, const char *what, const char *allowed,
                                    struct nd_error *error)
{
    if (!wrong)
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT,
                   "%s: %s = %s: the coupled Universe (backreaction = on, %s) has %s: allowed is "
                   "%s",
                   nd_params_origin(p, key), key, word, nd_params_origin(p, "backreaction"), what,
                   allowed);
}

static enum nd_status check_spectra_T(const struct nd_params *p, struct nd_error *error)
{
    double T_start = 0.0;
    for (int i = 0; i < p->T_RH_MeV.n; i++)
        T_start = fmax(T_start, nd_params_T_start(p, p->T_RH_MeV.values[i]));
    const int n_max = ND_LIST_MAX - 1; /* the end is one of them */
    if (p->spectra_T_MeV.n > n_max)
        return nd_fail(error, ND_BAD_INPUT, "%s: spectra_T_MeV = %g, ...: %d items: allowed are %d",
                       nd_params_origin(p, "spectra_T_MeV"), p->spectra_T_MeV.values[0],
                       p->spectra_T_MeV.n, n_max);
    for (int i = 0; i < p->spectra_T_MeV.n; i++) {
        const double T = p->spectra_T_MeV.values[i];
        if (!(T > p->T_end_MeV && T < T_start))
            return nd_fail(error, ND_BAD_INPUT,
                           "%s: spectra_T_MeV = %g: no run passes it: allowed is between "
                           "T_end_MeV = %g (%s) and the highest temperature at the start, %g MeV",
                           nd_params_origin(p, "spectra_T_MeV"), T, p->T_end_MeV,
                           nd_params_origin(p, "T_end_MeV"), T_start);
    }
    return ND_OK;
}

static enum nd_status check_universe(const struct nd_params *p, int uses, struct nd_error *error)
{
    const int early = ND_USE_EVOLUTION | ND_USE_RATES | ND_USE_CURVES | ND_USE_MAP |
                      ND_USE_UNIVERSE | ND_USE_STERILE | ND_USE_BBN;
    const int light = uses & ND_USE_BBN; /* coupled, whatever `backreaction` is */
    const int coupled = light || (p->backreaction && (uses & ND_USE_UNIVERSE));
    const int field = p->reheating == ND_REHEATING_FIELD, thermal = p->N_initial == ND_N_THERMAL;
    if (!(uses & early)) /* a sweep's points are checked for what they are used for */
        return ND_OK;
    enum nd_status status =
        needs_backreaction(p, field && !light, "reheating", "field", "sudden", error);
    if (status == ND_OK)
        status = needs_backreaction(p, thermal && !light, "N_initial", "thermal", "absent", error);
    if (status == ND_OK)
        status = needs_backreaction(p, !p->sterile && !light, "sterile", "off", "on", error);
    if (status != ND_OK || !coupled)
        return status;
    if (p->backreaction == ND_BACKREACTION_PASSIVE && !p->sterile)
        return nd_fail(
            error, ND_BAD_INPUT,
            "%s: backreaction = passive: there is no N (sterile = off, %s): allowed is on",
            nd_params_origin(p, "backreaction"), nd_params_origin(p, "sterile"));
    if (p->reheating == ND_REHEATING_FIELD && p->delta_N_eff != 0.0)
        return nd_fail(error, ND_BAD_INPUT,
                       "%s: delta_N_eff = %g: a reheating field (%s) dilutes what dark radiation "
                       "there was: allowed is 0, or reheating = sudden",
                       nd_params_origin(p, "delta_N_eff"), p->delta_N_eff,
                       nd_params_origin(p, "reheating"));
    status =
        never_coupled(p, !light && p->statistics != ND_QUANTUM, "statistics",
                      nd_statistics_word(p->statistics), "quantum statistics", "quantum", error);
    if (status == ND_OK)
        status = never_coupled(p, !light && p->neutrino_temperature != ND_NEUTRINOS_DECOUPLED,
                               "neutrino_temperature",
                               nd_neutrino_temperature_word(p->neutrino_temperature),
                               "its own neutrino temperatures", "decoupled", error);
    if (status == ND_OK)
        status = never_coupled(p, thermal && !p->sterile, "N_initial", "thermal",
                               "no N with sterile = off", "absent", error);
    if (status == ND_OK)
        status = never_coupled(p, thermal && field, "N_initial", "thermal",
                               "no N at the start with reheating = field", "absent", error);
    if (status == ND_OK && p->mixing == ND_MIXING_AVERAGED && fabs(p->dm2_31_eV2) <= p->dm2_21_eV2)
        status = nd_fail(error, ND_BAD_INPUT,
                         "%s: dm2_31_eV2 = %g: not larger in magnitude than dm2_21_eV2 = %g (%s): "
                         "allowed is |dm2_31_eV2| > dm2_21_eV2",
                         nd_params_origin(p, "dm2_31_eV2"), p->dm2_31_eV2, p->dm2_21_eV2,
                         nd_params_origin(p, "dm2_21_eV2"));
    if (status == ND_OK && p->y_core < 8.0 * p->dy)
        status =
            nd_fail(error, ND_BAD_INPUT,
                    "%s: y_core = %g: less than 8 spacings dy = %g (%s): allowed is y_core >= "
                    "8 dy",
                    nd_params_origin(p, "y_core"), p->y_core, p->dy, nd_params_origin(p, "dy"));
    return status == ND_OK && !light ? check_spectra_T(p, error) : status;
}

static enum nd_status check_bbn(const struct nd_params *p, struct nd_error *error)
{
    const struct nd_choice_list *list = &p->weak_corrections;
    int given[ND_CORRECTION_THERMAL + 1] = {0};
    for (int i = 0; i < list->n; i++)
        given[list->values[i]] = 1;
    const char *wrong = NULL;
    if (given[ND_CORRECTION_NONE] && list->n > 1)
        wrong = "none, and others: allowed is none alone, or others without it";
    else if (given[ND_CORRECTION_MAGNETISM] && !given[ND_CORRECTION_RECOIL])
        wrong = "magnetism without recoil, of which it is a part: allowed is both, or neither";
    if (wrong != NULL)
        return nd_fail(error, ND_BAD_INPUT, "%s: weak_corrections: %s",
                       nd_params_origin(p, "weak_corrections"), wrong);
    for (int i = 0; i < p->T_RH_MeV.n; i++)
        if (!(p->T_RH_MeV.values[i] >= ND_BBN_T_START_MIN))
            return nd_fail(error, ND_BAD_INPUT,
                           "%s: T_RH_MeV = %g: nucleosynthesis needs to begin above the burning of "
                           "deuterium: allowed is %g to 100 MeV",
                           nd_params_origin(p, "T_RH_MeV"), p->T_RH_MeV.values[i],
                           ND_BBN_T_START_MIN);
    return p->omega_b_points > 0 ? must_exceed(p, 1, "omega_b_max", p->omega_b_max, "omega_b_min",
                                               p->omega_b_min, error)
                                 : ND_OK;
}

enum nd_status nd_params_check(const struct nd_params *p, int uses, struct nd_error *error)
{
    if ((uses & ND_USE_EVOLUTION) && !p->light_elements) /* viability, without them */
        uses &= ~(ND_USE_UNIVERSE | ND_USE_STERILE | ND_USE_BBN | ND_USE_VERDICT);
    const int T_RH = uses & (ND_USE_EVOLUTION | ND_USE_UNIVERSE | ND_USE_CURVES | ND_USE_MAP);
    const int map = uses & ND_USE_MAP, fit = uses & (ND_USE_FIT | ND_USE_MAP);
    enum nd_status status = check_T_end(p, uses, error);
    for (int i = 0; i < p->T_RH_MeV.n && status == ND_OK; i++)
        status = must_exceed(p, T_RH, "T_RH_MeV", p->T_RH_MeV.values[i], "T_end_MeV", p->T_end_MeV,
                             error);
    if (status == ND_OK)
        status = must_exceed(p, uses & ND_USE_RATES, "T_max_MeV", p->T_max_MeV, "T_min_MeV",
                             p->T_min_MeV, error);
    if (status == ND_OK)
        status =
            must_exceed(p, map, "T_RH_min_MeV", p->T_RH_min_MeV, "T_end_MeV", p->T_end_MeV, error);
    if (status == ND_OK)
        status = must_exceed(p, map, "T_RH_max_MeV", p->T_RH_max_MeV, "T_RH_min_MeV",
                             p->T_RH_min_MeV, error);
    if (status == ND_OK && p->m4_points > 1)
        status = must_exceed(p, fit | (uses & ND_USE_CURVES), "m4_max_keV", p->m4_max_keV,
                             "m4_min_keV", p->m4_min_keV, error);
    if (status == ND_OK && p->d_points > 1)
        status = must_exceed(p, fit, "d_max_muB", p->d_max_muB, "d_min_muB", p->d_min_muB, error);
    if (status == ND_OK && !isnan(p->window_min_keV) && !isnan(p->window_max_keV))
        status = must_exceed(p, fit | (uses & ND_USE_SPECTRUM), "window_max_keV", p->window_max_keV,
                             "window_min_keV", p->window_min_keV, error);
    if (status == ND_OK)
        status = check_universe(p, uses, error);
    return status == ND_OK && (uses & ND_USE_BBN) ? check_bbn(p, error) : status;
}

/* ---- the physics they stand for -------------------------------------------------------- */

enum nd_status nd_params_model(const struct nd_params *params, struct nd_model *model,
                               struct nd_error *error)
{
    return nd_model_init(model, nd_mev_from_kev(params->m4_keV), params->d_muB * nd_bohr_magneton(),
                         (enum nd_convention)params->convention, (enum nd_flavour)params->flavour,
                         error);
}

struct nd_treatment nd_params_treatment(const struct nd_params *params)
{
    return (struct nd_treatment){(enum nd_statistics)params->statistics,
                                 (enum nd_screening)params->screening,
                                 (enum nd_neutrino_temperature)params->neutrino_temperature};
}

struct nd_treatment nd_params_named_treatment(const struct nd_params *params,
                                              enum nd_treatment_name name)
{
    return name == ND_TREATMENT_CONFIGURED ? nd_params_treatment(params) : nd_named_treatment(name);
}

struct nd_treatment nd_named_treatment(enum nd_treatment_name name)
{
    switch (name) {
    case ND_TREATMENT_PAPER:
        return (struct nd_treatment){ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE, ND_NEUTRINOS_EQUAL};
    case ND_TREATMENT_SCREENED:
        return (struct nd_treatment){ND_MAXWELL_BOLTZMANN, ND_SCREENING_HTL, ND_NEUTRINOS_EQUAL};
    case ND_TREATMENT_FULL:
    case ND_TREATMENT_CONFIGURED:
        break;
    }
    return (struct nd_treatment){ND_QUANTUM, ND_SCREENING_HTL, ND_NEUTRINOS_DECOUPLED};
}

struct nd_viability_options nd_params_viability(const struct nd_params *params)
{
    return (struct nd_viability_options){params->thermal_fraction, params->thermal_x_max};
}

struct nd_abundance_options nd_params_abundance(const struct nd_params *params, double T_RH)
{
    struct nd_abundance_options options = nd_abundance_defaults(T_RH);
    options.T_end = params->T_end_MeV;
    options.n_points = params->solver_points;
    options.tolerance = params->solver_tolerance;
    options.max_steps = params->solver_max_steps;
    return options;
}

double nd_params_T_start(const struct nd_params *params, double T_RH)
{
    const struct nd_universe_options options = nd_params_universe(params, T_RH);
    return nd_universe_T_start(&options);
}

struct nd_universe_options nd_params_universe(const struct nd_params *params, double T_RH)
{
    struct nd_universe_options options = nd_universe_defaults(T_RH);
    options.T_end = params->T_end_MeV;
    options.n_points = params->solver_points;
    options.reheating = (enum nd_reheating)params->reheating;
    options.field_start = params->field_start;
    options.N_initial = (enum nd_N_initial)params->N_initial;
    options.mixing = (enum nd_mixing)params->mixing;
    options.angles = (struct nd_mixing_angles){
        params->sin2_theta12, params->sin2_theta13, params->sin2_theta23,
        nd_mev2_from_ev2(params->dm2_21_eV2), nd_mev2_from_ev2(params->dm2_31_eV2)};
    options.delta_N_eff = params->delta_N_eff;
    options.qed = (enum nd_qed)params->qed;
    options.screening = (enum nd_screening)params->screening;
    if (!params->weak)
        options.processes &= ~ND_PROCESS_WEAK;
    options.backreaction = params->backreaction != ND_BACKREACTION_PASSIVE;
    options.spectra_T.n = 0;
    for (int i = 0; i < params->spectra_T_MeV.n; i++)
        if (params->spectra_T_MeV.values[i] < nd_universe_T_start(&options))
            options.spectra_T.values[options.spectra_T.n++] = params->spectra_T_MeV.values[i];
    options.precision = (struct nd_precision){
        .dy = params->dy,
        .y_core = params->y_core,
        .tail_growth = params->tail_growth,
        .exchange_nodes = params->exchange_nodes,
        .step_lnT = params->step_lnT,
        .step_lnz = params->step_lnz,
        .tolerance = params->universe_tolerance,
        .max_steps = params->universe_max_steps,
    };
    return options;
}

static int weak_corrections(const struct nd_choice_list *list)
{
    static const int BITS[] = {
        0, ND_WEAK_COULOMB, ND_WEAK_RADIATIVE, ND_WEAK_RECOIL, ND_WEAK_MAGNETISM, ND_WEAK_THERMAL};
    int sum = 0;
    for (int i = 0; i < list->n; i++)
        sum |= BITS[list->values[i]];
    return sum;
}

struct nd_light_elements_options nd_params_light_elements(const struct nd_params *params,
                                                          double T_RH)
{
    const double latest = 0.004;
    struct nd_model model;
    const int has_N = params->sterile && nd_params_model(params, &model, NULL) == ND_OK;
    struct nd_light_elements_options options = {
        .universe = nd_params_universe(params, T_RH),
        .weak_corrections = weak_corrections(&params->weak_corrections),
        .tau_n = params->tau_n_s / ND_HBAR,
        .bbn = {.omega_b = params->omega_b,
                .tolerance = params->bbn_tolerance,
                .max_steps = params->bbn_max_steps,
                .n_points = params->bbn_points},
        .errors = (enum nd_light_elements_errors)params->abundance_errors,
        .input = {.tau_n = params->tau_n_error_s / params->tau_n_s,
                  .omega_b = params->omega_b_error / params->omega_b},
        .samples = params->bbn_samples,
        .seed = (unsigned long)params->bbn_seed,
    };
    options.universe.T_end = isnan(params->bbn_T_end_MeV)
                                 ? nd_light_elements_T_end(has_N ? &model : NULL, latest)
                                 : params->bbn_T_end_MeV;
    return options;
}
