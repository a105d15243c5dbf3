/* The option table: every parameter, its unit, default, range and meaning. Parsing, checking, help,
 * documentation and the headers of output files all follow from it. */
#include <stdio.h>
#include <string.h>

#include "params_internal.h"

static const char *const FLAVOURS[] = {"e", "mu", "tau", NULL};
static const char *const CONVENTIONS[] = {"half", "lagrangian", NULL};
static const char *const STATISTICS[] = {"maxwell-boltzmann", "quantum", NULL};
static const char *const SCREENINGS[] = {"none", "htl", NULL};
static const char *const NEUTRINOS[] = {"equal", "decoupled", NULL};
static const char *const TREATMENTS[] = {"paper", "screened", "full", "configured", NULL};

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
    {"thermal_x_max", "verdict", ND_DOUBLE, "", "3", 0.5, 1000.0, NULL, AT(thermal_x_max),
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

int nd_option_index(const char *key)
{
    for (int i = 0; i < nd_n_options; i++)
        if (strcmp(nd_options[i].key, key) == 0)
            return i;
    return -1;
}

int nd_option_is_list(const struct nd_option *option)
{
    return option->type == ND_DOUBLE_LIST || option->type == ND_CHOICE_LIST ||
           option->type == ND_TEXT_LIST;
}

void nd_option_allowed(const struct nd_option *option, char *text, size_t size)
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
