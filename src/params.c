/* Parameters: see nudipole/params.h. The option table, values from text, and text from values. */
#include "nudipole/params.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/units.h"
#include "params_internal.h"

static const char *const FLAVOURS[] = {"e", "mu", "tau", NULL};
static const char *const CONVENTIONS[] = {"half", "lagrangian", NULL};
static const char *const STATISTICS[] = {"maxwell-boltzmann", "quantum", NULL};
static const char *const SCREENINGS[] = {"none", "htl", NULL};
static const char *const NEUTRINOS[] = {"equal", "decoupled", NULL};
static const char *const TREATMENTS[] = {"paper", "screened", "full", "configured", NULL};

static const char DEFAULT[] = "default"; /* origin of a value that nobody gave */

#define AT(field) offsetof(struct nd_params, field)

/* key, section, type, unit, default, lowest, highest, words, field, meaning */
const struct nd_option nd_options[] = {
    {"m4_keV", "model", ND_DOUBLE, "keV", "600", 1.0, 1e5, NULL, AT(m4_keV), "mass of N"},
    {"d_muB", "model", ND_DOUBLE, "mu_B", "1e-9", 1e-20, 1e-3, NULL, AT(d_muB),
     "transition dipole moment d in Bohr magnetons, read in the given convention"},
    {"flavour", "model", ND_CHOICE, "", "tau", 0, 0, FLAVOURS, AT(flavour),
     "active neutrino that N couples to; the rates do not depend on it"},
    {"convention", "model", ND_CHOICE, "", "half", 0, 0, CONVENTIONS, AT(convention),
     "half: L = (d/2) nubar sigma F N, where Eq. 2 of arXiv:2007.05513 is exact; lagrangian: "
     "Eq. 1 as printed, every rate four times larger"},

    {"T_RH_MeV", "universe", ND_DOUBLE_LIST, "MeV", "2, 5, 10", 0.011, 100.0, NULL, AT(T_RH_MeV),
     "reheating temperatures, separated by commas; sudden reheating with N absent"},
    {"T_end_MeV", "universe", ND_DOUBLE, "MeV", "0.01", 0.01, 99.0, NULL, AT(T_end_MeV),
     "last temperature of the evolution; below every T_RH_MeV"},

    {"statistics", "rates", ND_CHOICE, "", "quantum", 0, 0, STATISTICS, AT(statistics),
     "of all particles in the collision integrals"},
    {"screening", "rates", ND_CHOICE, "", "htl", 0, 0, SCREENINGS, AT(screening),
     "photons in vacuum (none) or in the plasma (htl)"},
    {"neutrino_temperature", "rates", ND_CHOICE, "", "decoupled", 0, 0, NEUTRINOS,
     AT(neutrino_temperature),
     "in the collision integrals and n_nu: T itself or that of decoupled neutrinos; H keeps the "
     "latter"},
    {"T_min_MeV", "rates", ND_DOUBLE, "MeV", "0.05", 0.01, 99.0, NULL, AT(T_min_MeV),
     "lowest temperature of rates.dat"},
    {"T_max_MeV", "rates", ND_DOUBLE, "MeV", "10", 0.011, 100.0, NULL, AT(T_max_MeV),
     "highest temperature of rates.dat; above 30 MeV muons and hadrons are missing"},
    {"T_points", "rates", ND_INT, "", "201", 2, 100000, NULL, AT(T_points),
     "rows of rates.dat, evenly spaced in ln T"},
    {"rate_tolerance", "rates", ND_DOUBLE, "", "1e-5", 1e-9, 1e-2, NULL, AT(rate_tolerance),
     "relative tolerance of the collision integrals"},

    {"solver_tolerance", "solver", ND_DOUBLE, "", "1e-8", 1e-12, 1e-3, NULL, AT(solver_tolerance),
     "relative tolerance of the abundance in each step of CVODE"},
    {"solver_max_steps", "solver", ND_INT, "", "20000", 10, 100000000, NULL, AT(solver_max_steps),
     "steps that CVODE may take between two rows"},
    {"solver_points", "solver", ND_INT, "", "401", 2, 100000, NULL, AT(solver_points),
     "rows of abundance.dat a reheating temperature, evenly spaced in ln T"},

    {"thermal_fraction", "verdict", ND_DOUBLE, "", "0.5", 1e-12, 1.0, NULL, AT(thermal_fraction),
     "N counts as thermalised when n/n_eq reaches this"},
    {"thermal_x_max", "verdict", ND_DOUBLE, "", "3", 0.1, 1000.0, NULL, AT(thermal_x_max),
     "n/n_eq is judged while m4/T - m4/T_RH is below this: later, n_eq falls below any relic"},

    {"points", "sweep", ND_TEXT_LIST, "", "", 0, 0, NULL, AT(points),
     "parameter files of the points to sweep, relative to the parameter file; empty: the model "
     "given here"},
    {"T_RH_min_MeV", "sweep", ND_DOUBLE, "MeV", "0.5", 0.011, 100.0, NULL, AT(T_RH_min_MeV),
     "lowest reheating temperature of a sweep"},
    {"T_RH_max_MeV", "sweep", ND_DOUBLE, "MeV", "20", 0.011, 100.0, NULL, AT(T_RH_max_MeV),
     "highest reheating temperature of a sweep"},
    {"T_RH_points", "sweep", ND_INT, "", "60", 1, 1000000, NULL, AT(T_RH_points),
     "reheating temperatures of a sweep, evenly spaced in ln T"},

    {"m4_min_keV", "curves", ND_DOUBLE, "keV", "50", 1.0, 1e5, NULL, AT(m4_min_keV),
     "lowest mass of the curves"},
    {"m4_max_keV", "curves", ND_DOUBLE, "keV", "2000", 1.0, 1e5, NULL, AT(m4_max_keV),
     "highest mass of the curves"},
    {"m4_points", "curves", ND_INT, "", "38", 1, 100000, NULL, AT(m4_points),
     "masses of the curves, evenly spaced in ln m4"},
    {"treatments", "curves", ND_CHOICE_LIST, "", "paper, screened, full", 0, 0, TREATMENTS,
     AT(treatments),
     "curves to draw: paper (maxwell-boltzmann, none, equal), screened (maxwell-boltzmann, htl, "
     "equal), full (quantum, htl, decoupled), configured (as the keys of [rates] say)"},
};
const int nd_n_options = (int)(sizeof nd_options / sizeof nd_options[0]);

_Static_assert(sizeof nd_options / sizeof nd_options[0] <= ND_PARAM_COUNT_MAX,
               "struct nd_params has no room for the origin of every parameter");

/* ---- text to values -------------------------------------------------------------------- */

static void allowed_text(const struct nd_option *option, char *text, size_t size)
{
    const char *unit = option->unit;
    const char *many = "";
    switch (option->type) {
    case ND_DOUBLE_LIST:
        many = "numbers separated by commas, each ";
        /* fall through */
    case ND_DOUBLE:
        snprintf(text, size, "%s%g to %g%s%s", many, option->lowest, option->highest,
                 *unit ? " " : "", unit);
        break;
    case ND_INT:
        snprintf(text, size, "a whole number from %.0f to %.0f", option->lowest, option->highest);
        break;
    case ND_CHOICE_LIST:
    case ND_CHOICE: {
        size_t used = 0;
        for (int i = 0; option->words[i] != NULL && used < size; i++)
            used += (size_t)snprintf(text + used, size - used, "%s%s",
                                     i == 0                           ? ""
                                     : option->type == ND_CHOICE_LIST ? ", "
                                     : option->words[i + 1] == NULL   ? " or "
                                                                      : ", ",
                                     option->words[i]);
        if (option->type == ND_CHOICE_LIST && used < size)
            snprintf(text + used, size - used, ", separated by commas");
        break;
    }
    case ND_TEXT_LIST:
        snprintf(text, size, "file names separated by commas, at most %d", ND_LIST_MAX);
        break;
    }
}

/* Returns NULL, or what is wrong with `text` as a number of this option. */
static const char *parse_number(const struct nd_option *option, const char *text, double *value)
{
    char *end;
    const char *digits = text + strspn(text, "+-");
    if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
        return "not a decimal number";
    *value = strtod(text, &end);
    if (end == text)
        return "not a number";
    if (*end != '\0')
        return "something follows the number";
    if (!isfinite(*value))
        return "not a finite number";
    if (option->type == ND_INT && *value != floor(*value))
        return "not a whole number";
    if (*value < option->lowest || *value > option->highest)
        return "out of range";
    return NULL;
}

static int find_word(const char *const *words, const char *text)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0)
            return i;
    return -1;
}

/* Stores item `index` of a list, or the single value of a scalar. */
static const char *store_item(struct nd_params *params, const struct nd_option *option, int index,
                              const char *text)
{
    char *field = (char *)params + option->offset;
    double number = 0.0;
    const char *wrong = NULL;
    int word = 0;
    switch (option->type) {
    case ND_DOUBLE:
        return parse_number(option, text, (double *)(void *)field);
    case ND_INT:
        if ((wrong = parse_number(option, text, &number)) == NULL)
            *(int *)(void *)field = (int)number;
        return wrong;
    case ND_CHOICE:
        if ((word = find_word(option->words, text)) < 0)
            return "unknown word";
        *(int *)(void *)field = word;
        return NULL;
    case ND_DOUBLE_LIST: {
        struct nd_double_list *list = (void *)field;
        list->n = index + 1;
        return parse_number(option, text, &list->values[index]);
    }
    case ND_CHOICE_LIST: {
        struct nd_choice_list *list = (void *)field;
        if ((word = find_word(option->words, text)) < 0)
            return "unknown word";
        list->n = index + 1;
        list->values[index] = word;
        return NULL;
    }
    case ND_TEXT_LIST: {
        struct nd_text_list *list = (void *)field;
        if (strlen(text) >= ND_TEXT_MAX)
            return "a name is too long";
        list->n = index + 1;
        snprintf(list->values[index], ND_TEXT_MAX, "%s", text);
        return NULL;
    }
    }
    return "unknown type";
}

static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

int nd_option_is_list(const struct nd_option *option)
{
    return option->type == ND_DOUBLE_LIST || option->type == ND_CHOICE_LIST ||
           option->type == ND_TEXT_LIST;
}

static const char *store(struct nd_params *params, const struct nd_option *option,
                         const char *value)
{
    if (!nd_option_is_list(option))
        return store_item(params, option, 0, value);
    char copy[ND_VALUE_MAX];
    if (strlen(value) >= sizeof copy)
        return "too long";
    snprintf(copy, sizeof copy, "%s", value);
    char *rest = copy;
    for (int index = 0; rest != NULL; index++) {
        if (index == ND_LIST_MAX)
            return "too many items";
        char *item = rest, *comma = strchr(rest, ',');
        rest = comma == NULL ? NULL : comma + 1;
        if (comma != NULL)
            *comma = '\0';
        item = trim(item);
        if (*item == '\0')
            return "an item is empty";
        const char *wrong = store_item(params, option, index, item);
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

/* Edits (insert, delete, replace, swap neighbours, change case) that turn a into b. */
static int edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    int d[LONGEST + 1][LONGEST + 1];
    const int n = (int)strlen(a), m = (int)strlen(b);
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (int i = 0; i <= n; i++)
        for (int j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            const int replace = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            const int insert = d[i][j - 1] + 1, delete = d[i - 1][j] + 1;
            d[i][j] = replace < insert ? replace : insert;
            d[i][j] = delete < d[i][j] ? delete : d[i][j];
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1 < d[i][j])
                d[i][j] = d[i - 2][j - 2] + 1;
        }
    return d[n][m];
}

int nd_option_index(const char *key)
{
    for (int i = 0; i < nd_n_options; i++)
        if (strcmp(nd_options[i].key, key) == 0)
            return i;
    return -1;
}

static const char *nearest_key(const char *key)
{
    int best = 0, best_distance = 1 << 20;
    for (int i = 0; i < nd_n_options; i++) {
        const int distance = edit_distance(key, nd_options[i].key);
        if (distance < best_distance) {
            best = i;
            best_distance = distance;
        }
    }
    return nd_options[best].key;
}

enum nd_status nd_params_assign(struct nd_params *params, const char *where, const char *section,
                                const char *key, const char *value, struct nd_error *error)
{
    const int index = nd_option_index(key);
    if (index < 0)
        return nd_fail(
            error, ND_BAD_INPUT,
            "%s: %.80s = %.200s: unknown key: did you mean '%s'? 'nudipole params' lists all",
            where, key, value, nearest_key(key));
    const struct nd_option *option = &nd_options[index];
    if (*section != '\0' && strcmp(section, option->section) != 0)
        return nd_fail(error, ND_BAD_INPUT, "%s: %.80s = %.200s: in section [%s]: belongs in [%s]",
                       where, key, value, section, option->section);
    char allowed[512];
    allowed_text(option, allowed, sizeof allowed);
    if (*value == '\0')
        return nd_fail(error, ND_BAD_INPUT, "%s: %s = : the value is empty: allowed is %s", where,
                       key, allowed);
    const char *wrong = store(params, option, value);
    if (wrong != NULL)
        return nd_fail(error, ND_BAD_INPUT, "%s: %.80s = %.200s: %s: allowed is %s", where, key,
                       value, wrong, allowed);
    snprintf(params->origin[index], ND_TEXT_MAX, "%s", where);
    return ND_OK;
}

void nd_params_init(struct nd_params *params)
{
    memset(params, 0, sizeof *params);
    for (int i = 0; i < nd_n_options; i++) {
        if (*nd_options[i].initial != '\0')
            store(params, &nd_options[i], nd_options[i].initial);
        snprintf(params->origin[i], ND_TEXT_MAX, "%s", DEFAULT);
    }
}

enum nd_status nd_params_set(struct nd_params *params, const char *assignment,
                             struct nd_error *error)
{
    char copy[ND_VALUE_MAX];
    const char *equals = strchr(assignment, '=');
    if (equals == NULL)
        return nd_fail(error, ND_BAD_INPUT,
                       "--set: %.200s: not an assignment: allowed is key=value", assignment);
    if (strlen(assignment) >= sizeof copy)
        return nd_fail(error, ND_BAD_INPUT, "--set: %.200s...: too long: at most %zu characters",
                       assignment, sizeof copy - 1);
    snprintf(copy, sizeof copy, "%s", assignment);
    copy[equals - assignment] = '\0';
    const enum nd_status status = nd_params_assign(params, "--set", "", trim(copy),
                                                   trim(copy + (equals - assignment) + 1), error);
    if (status != ND_OK || *params->file == '\0')
        return status;
    return nd_params_resolve_points(params, params->file, error);
}

/* ---- values against each other --------------------------------------------------------- */

/* `used` tells whether the computation looks at the key; one that was given is checked anyway. */
static enum nd_status must_exceed(const struct nd_params *params, int used, const char *key,
                                  double value, const char *lower_key, double lower,
                                  struct nd_error *error)
{
    const char *origin = params->origin[nd_option_index(key)];
    if (value > lower || (!used && strcmp(origin, DEFAULT) == 0))
        return ND_OK;
    return nd_fail(error, ND_BAD_INPUT, "%s: %s = %g: not above %s = %g (%s): allowed is %s > %s",
                   origin, key, value, lower_key, lower, params->origin[nd_option_index(lower_key)],
                   key, lower_key);
}

enum nd_status nd_params_check(const struct nd_params *p, int uses, struct nd_error *error)
{
    const int T_RH = uses & (ND_USE_EVOLUTION | ND_USE_CURVES), sweep = uses & ND_USE_SWEEP;
    enum nd_status status = ND_OK;
    for (int i = 0; i < p->T_RH_MeV.n && status == ND_OK; i++)
        status = must_exceed(p, T_RH, "T_RH_MeV", p->T_RH_MeV.values[i], "T_end_MeV", p->T_end_MeV,
                             error);
    if (status == ND_OK)
        status = must_exceed(p, uses & ND_USE_RATES, "T_max_MeV", p->T_max_MeV, "T_min_MeV",
                             p->T_min_MeV, error);
    if (status == ND_OK)
        status = must_exceed(p, sweep, "T_RH_min_MeV", p->T_RH_min_MeV, "T_end_MeV", p->T_end_MeV,
                             error);
    if (status == ND_OK && p->T_RH_points > 1)
        status = must_exceed(p, sweep, "T_RH_max_MeV", p->T_RH_max_MeV, "T_RH_min_MeV",
                             p->T_RH_min_MeV, error);
    if (status == ND_OK && p->m4_points > 1)
        status = must_exceed(p, uses & ND_USE_CURVES, "m4_max_keV", p->m4_max_keV, "m4_min_keV",
                             p->m4_min_keV, error);
    return status;
}

/* ---- values to text -------------------------------------------------------------------- */

/* The fewest digits that read back to the same number. */
static int print_number(char *text, size_t size, double value)
{
    int length = 0;
    for (int digits = 15; digits <= 17; digits++) {
        length = snprintf(text, size, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return length;
}

/* Item of a list, or the value of a scalar, as text. */
static int print_item(const struct nd_params *params, const struct nd_option *option, int index,
                      char *text, size_t size)
{
    const char *field = (const char *)params + option->offset;
    switch (option->type) {
    case ND_DOUBLE:
        return print_number(text, size, *(const double *)(const void *)field);
    case ND_INT:
        return snprintf(text, size, "%d", *(const int *)(const void *)field);
    case ND_CHOICE:
        return snprintf(text, size, "%s", option->words[*(const int *)(const void *)field]);
    case ND_DOUBLE_LIST:
        return print_number(text, size,
                            ((const struct nd_double_list *)(const void *)field)->values[index]);
    case ND_CHOICE_LIST: {
        const struct nd_choice_list *list = (const void *)field;
        return snprintf(text, size, "%s", option->words[list->values[index]]);
    }
    case ND_TEXT_LIST:
        return snprintf(text, size, "%s",
                        ((const struct nd_text_list *)(const void *)field)->values[index]);
    }
    return 0;
}

/* Every list starts with its length; a scalar is one item. */
static int item_count(const struct nd_params *params, const struct nd_option *option)
{
    const char *field = (const char *)params + option->offset;
    switch (option->type) {
    case ND_DOUBLE_LIST:
        return ((const struct nd_double_list *)(const void *)field)->n;
    case ND_CHOICE_LIST:
        return ((const struct nd_choice_list *)(const void *)field)->n;
    case ND_TEXT_LIST:
        return ((const struct nd_text_list *)(const void *)field)->n;
    case ND_DOUBLE:
    case ND_INT:
    case ND_CHOICE:
        break;
    }
    return 1;
}

/* A long list goes on in indented lines, as the reader takes it. */
static void write_option(const struct nd_params *params, const struct nd_option *option,
                         FILE *stream, const char *prefix)
{
    const int n = item_count(params, option), longest = 150;
    int column = fprintf(stream, "%s%s = ", prefix, option->key);
    for (int i = 0; i < n; i++) {
        char text[ND_TEXT_MAX];
        const int length = print_item(params, option, i, text, sizeof text);
        if (i > 0 && column + length > longest)
            column = fprintf(stream, "\n%s    ", prefix) - 1;
        else if (i > 0)
            column += fprintf(stream, ", ");
        column += fprintf(stream, "%s", text);
    }
    fputc('\n', stream);
}

void nd_params_write(const struct nd_params *params, FILE *stream, const char *prefix)
{
    const char *section = "";
    for (int i = 0; i < nd_n_options; i++) {
        const struct nd_option *option = &nd_options[i];
        if (strcmp(section, option->section) != 0)
            fprintf(stream, "%s[%s]\n", prefix, option->section);
        section = option->section;
        /* an empty list has no value to write: leaving the key out reads back the same */
        if (item_count(params, option) > 0)
            write_option(params, option, stream, prefix);
    }
}

void nd_params_describe(FILE *stream, int markdown)
{
    const char *section = "";
    for (int i = 0; i < nd_n_options; i++) {
        const struct nd_option *option = &nd_options[i];
        char allowed[512];
        allowed_text(option, allowed, sizeof allowed);
        const char *initial = *option->initial ? option->initial : "(empty)";
        const char *unit = *option->unit ? option->unit : "-";
        if (strcmp(section, option->section) != 0)
            fprintf(stream,
                    markdown ? "\n### [%s]\n\n| key | unit | default | allowed | meaning |\n"
                               "|---|---|---|---|---|\n"
                             : "%s[%s]\n",
                    markdown ? option->section : (*section ? "\n" : ""), option->section);
        section = option->section;
        if (markdown)
            fprintf(stream, "| `%s` | %s | %s | %s | %s |\n", option->key, unit, initial, allowed,
                    option->meaning);
        else
            fprintf(stream, "%-21s unit %-5s default %s\n    %s\n    allowed: %s\n", option->key,
                    unit, initial, option->meaning, allowed);
    }
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

const char *nd_flavour_word(int flavour)
{
    return FLAVOURS[flavour];
}

const char *nd_convention_word(int convention)
{
    return CONVENTIONS[convention];
}

const char *nd_statistics_word(int statistics)
{
    return STATISTICS[statistics];
}

const char *nd_screening_word(int screening)
{
    return SCREENINGS[screening];
}

const char *nd_neutrino_temperature_word(int neutrinos)
{
    return NEUTRINOS[neutrinos];
}

const char *nd_treatment_word(int name)
{
    return TREATMENTS[name];
}
