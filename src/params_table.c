/* The table of the parameters: unit, default, range, meaning, and which commands look at them.
 * Parsing, checking, help, documentation and the headers of output files all follow from it. */
#include "nudipole/sweep_plan.h"
#include "params_internal.h"

static const char *const FLAVOURS[] = {"e", "mu", "tau", NULL};
static const char *const CONVENTIONS[] = {"half", "lagrangian", NULL};
static const char *const STATISTICS[] = {"maxwell-boltzmann", "quantum", NULL};
static const char *const SCREENINGS[] = {"none", "htl", NULL};
static const char *const NEUTRINOS[] = {"equal", "decoupled", NULL};
static const char *const TREATMENTS[] = {"paper", "screened", "full", "configured", NULL};
static const char *const SOLAR_MODELS[] = {"b16-gs98", "b16-agss09met", NULL};
static const char *const FLAVOUR_WEIGHTS[] = {"none", "oscillated", NULL};
static const char *const ELECTRONS[] = {"stepwise", "free", NULL};
static const char *const EFFICIENCIES_AT[] = {"reconstructed", "true", NULL};
static const char *const NUISANCES[] = {"profiled", "fixed", NULL};
static const char *const TRITIUM[] = {"off", "free", NULL};
static const char *const CONTOURS[] = {"likelihood-ratio", "discovery", NULL};
static const char *const BACKREACTIONS[] = {"off", "on", "passive", NULL};
static const char *const SWITCH[] = {"off", "on", NULL};
static const char *const REHEATINGS[] = {"sudden", "field", NULL};
static const char *const N_INITIALS[] = {"absent", "thermal", NULL};
static const char *const MIXINGS[] = {"none", "averaged", NULL};
static const char *const QEDS[] = {"none", "e2", "e3", NULL};
static const char *const WEAK_CORRECTIONS[] = {"none",      "coulomb", "radiative", "recoil",
                                               "magnetism", "thermal", NULL};
static const char *const ABUNDANCE_ERRORS[] = {"off", "linear", "monte-carlo", NULL};

static const char *const WORKS[] = {"rates", "evolve", "bbn", "viability", NULL};
static const char *const SCALES[] = {"auto", "linear", "log", NULL};
static const char *const OVERLAYS[] = {"all", "regions", "bounds", "none", NULL};
static const char *const SAMPLINGS[] = {"grid", "sobol", "random", NULL};

#define AT(field) offsetof(struct nd_params, field)

#define NUFIT "NuFIT 6.0 (arXiv:2410.05380), normal ordering, without SK atmospheric data"

/* Who looks at an option. */
enum {
    ALL = ND_USE_ALL,
    EVOLUTION = ND_USE_EVOLUTION,
    RATES = ND_USE_RATES,
    CURVES = ND_USE_CURVES,
    FIT = ND_USE_FIT | ND_USE_MAP,
    MAP = ND_USE_MAP,
    UNIVERSE = ND_USE_UNIVERSE,
    STERILE = ND_USE_STERILE,
    BBN = ND_USE_BBN,
    VERDICT = ND_USE_VERDICT,
    PLOT = ND_USE_PLOT,
    PLAN = ND_USE_PLAN,
    EARLY = EVOLUTION | RATES | CURVES | MAP, /* what knows the rates of the early Universe */
    SIGNAL = ND_USE_SPECTRUM | FIT,           /* what knows the recoils in a detector */
    MIXING = SIGNAL | UNIVERSE,               /* what knows how neutrinos mix */
    POINT = EVOLUTION | RATES | STERILE | ND_USE_SPECTRUM /* what is about one mass and coupling */
};

/* key, section, type, uses, unit, default, lowest, highest, words, field, meaning */
static const struct nd_option OPTIONS[] = {
    {"m4_keV", "model", ND_DOUBLE, POINT, "keV", "600", 1.0, 1e5, NULL, AT(m4_keV), "mass of N"},
    {"d_muB", "model", ND_DOUBLE, POINT, "mu_B", "1e-9", 1e-20, 1e-3, NULL, AT(d_muB),
     "transition dipole moment d in Bohr magnetons, read in the given convention"},
    {"flavour", "model", ND_CHOICE, POINT | FIT, "", "tau", 0, 0, FLAVOURS, AT(flavour),
     "active neutrino that N couples to; the rates in the early Universe do not depend on it"},
    {"convention", "model", ND_CHOICE, ALL, "", "half", 0, 0, CONVENTIONS, AT(convention),
     "half: L = (d/2) nubar sigma F N, where Eq. 2 of arXiv:2007.05513 is exact; lagrangian: "
     "Eq. 1 as printed, every rate four times larger"},

    {"T_RH_MeV", "universe", ND_DOUBLE_LIST, EVOLUTION | UNIVERSE | CURVES | MAP, "MeV", "2, 5, 10",
     0.011, 100.0, NULL, AT(T_RH_MeV),
     "reheating temperatures, separated by commas; sudden reheating with N absent, unless "
     "`reheating` or `N_initial` says otherwise"},
    {"T_end_MeV", "universe", ND_DOUBLE, EVOLUTION | UNIVERSE | CURVES | MAP, "MeV", "0.01", 1e-4,
     99.0, NULL, AT(T_end_MeV),
     "last temperature of the evolution, of curves and maps; below every T_RH_MeV; at least 0.01 "
     "MeV unless `backreaction` is on"},
    {"backreaction", "universe", ND_CHOICE, UNIVERSE, "", "off", 0, 0, BACKREACTIONS,
     AT(backreaction),
     "of `evolve`. off: abundance of N in a Universe that does not notice it; on: the coupled "
     "Universe of N, neutrinos, plasma and field, with its spectra and N_eff; passive: the same, "
     "but N does not act back; the following keys and [precision] belong to these two"},
    {"sterile", "universe", ND_CHOICE, UNIVERSE, "", "on", 0, 0, SWITCH, AT(sterile),
     "off: a Universe without N"},
    {"reheating", "universe", ND_CHOICE, UNIVERSE, "", "sudden", 0, 0, REHEATINGS, AT(reheating),
     "sudden: everything but N is in equilibrium at T_RH; field: a field that decays to the plasma "
     "at 3 H_rad(T_RH), neutrinos and N absent at the start"},
    {"field_start", "universe", ND_DOUBLE, UNIVERSE, "", "3", 1.5, 20.0, NULL, AT(field_start),
     "with reheating = field: temperature at the start over T_RH"},
    {"N_initial", "universe", ND_CHOICE, STERILE, "", "absent", 0, 0, N_INITIALS, AT(N_initial),
     "N at the start: none, or in equilibrium"},
    {"mixing", "universe", ND_CHOICE, UNIVERSE, "", "averaged", 0, 0, MIXINGS, AT(mixing),
     "averaged: neutrinos collide as flavours and travel as eigenstates in the plasma, with the "
     "mixing angles of [solar]"},
    {"qed", "universe", ND_CHOICE, UNIVERSE, "", "e3", 0, 0, QEDS, AT(qed),
     "interaction of the plasma in its equation of state, up to this order"},
    {"weak", "universe", ND_CHOICE, UNIVERSE, "", "on", 0, 0, SWITCH, AT(weak),
     "weak collisions of neutrinos with each other and with e+-"},
    {"delta_N_eff", "universe", ND_DOUBLE, UNIVERSE, "", "0", -2.0, 20.0, NULL, AT(delta_N_eff),
     "dark radiation: its share of N_eff at the end; only with sudden reheating"},
    {"spectra_T_MeV", "universe", ND_DOUBLE_LIST, UNIVERSE, "MeV", "", 0.001, 100.0, NULL,
     AT(spectra_T_MeV), "temperatures of the spectra in spectra.dat, besides the end"},

    {"omega_b", "bbn", ND_DOUBLE, BBN, "", "0.022425", 1e-4, 0.5, NULL, AT(omega_b),
     "baryons today, Omega_b h^2 (Planck 2018 and BAO, arXiv:1807.06209)"},
    {"omega_b_error", "bbn", ND_DOUBLE, BBN, "", "0.00014", 0.0, 0.1, NULL, AT(omega_b_error),
     "its standard deviation (the same)"},
    {"tau_n_s", "bbn", ND_DOUBLE, BBN, "s", "878.4", 100.0, 5000.0, NULL, AT(tau_n_s),
     "lifetime of the neutron (PDG 2024), which all weak rates are normalised by"},
    {"tau_n_error_s", "bbn", ND_DOUBLE, BBN, "s", "0.5", 0.0, 100.0, NULL, AT(tau_n_error_s),
     "its standard deviation (PDG 2024)"},
    {"rates", "bbn", ND_NAME, BBN, "", "primat2023", 0, 0, NULL, AT(rates),
     "nuclear rates: primat2023, parthenope3, nacre2_yof, or a folder of your own (a name with a "
     "slash)"},
    {"weak_corrections", "bbn", ND_CHOICE_LIST, BBN, "", "coulomb, radiative, recoil, magnetism", 0,
     0, WEAK_CORRECTIONS, AT(weak_corrections),
     "to the Born rates n <-> p: coulomb (Fermi function), radiative (T = 0), recoil (nucleon "
     "mass), magnetism (with recoil), thermal (radiative, by the plasma); or none"},
    {"abundance_errors", "bbn", ND_CHOICE, BBN, "", "linear", 0, 0, ABUNDANCE_ERRORS,
     AT(abundance_errors),
     "errors of abundances by those of nuclear rates, tau_n and omega_b: off, linear, or "
     "monte-carlo"},
    {"bbn_samples", "bbn", ND_INT, BBN, "", "1000", 2, 10000000, NULL, AT(bbn_samples),
     "draws of monte-carlo"},
    {"bbn_seed", "bbn", ND_INT, BBN, "", "1", 1, 2000000000, NULL, AT(bbn_seed),
     "seed of monte-carlo"},
    {"bbn_T_end_MeV", "bbn", ND_DOUBLE, BBN, "MeV", "", 1e-4, 0.02, NULL, AT(bbn_T_end_MeV),
     "last temperature of `bbn` and `viability`; not given: 0.004, or lower, until N is gone: "
     "m4/16 and twenty lifetimes"},
    {"bbn_tolerance", "bbn", ND_DOUBLE, BBN, "", "1e-7", 1e-12, 1e-3, NULL, AT(bbn_tolerance),
     "relative tolerance of the abundances in each step of CVODE"},
    {"bbn_max_steps", "bbn", ND_INT, BBN, "", "100000", 10, 100000000, NULL, AT(bbn_max_steps),
     "steps that CVODE may take"},
    {"bbn_points", "bbn", ND_INT, BBN, "", "401", 2, 100000, NULL, AT(bbn_points),
     "rows of abundances.dat a reheating temperature, evenly spaced in ln T"},
    {"omega_b_min", "bbn", ND_DOUBLE, BBN, "", "0.004", 1e-4, 0.5, NULL, AT(omega_b_min),
     "lowest omega_b of omega_b.dat"},
    {"omega_b_max", "bbn", ND_DOUBLE, BBN, "", "0.06", 1e-4, 0.5, NULL, AT(omega_b_max),
     "highest omega_b of omega_b.dat"},
    {"omega_b_points", "bbn", ND_INT, BBN, "", "0", 0, 100000, NULL, AT(omega_b_points),
     "rows of omega_b.dat, which `bbn` writes and draws for the first reheating temperature, "
     "evenly "
     "spaced in ln omega_b; 0: none"},

    {"statistics", "rates", ND_CHOICE, EARLY, "", "quantum", 0, 0, STATISTICS, AT(statistics),
     "of all particles in the collision integrals"},
    {"screening", "rates", ND_CHOICE, EARLY | STERILE, "", "htl", 0, 0, SCREENINGS, AT(screening),
     "photons in vacuum (none) or in the plasma (htl)"},
    {"neutrino_temperature", "rates", ND_CHOICE, EARLY, "", "decoupled", 0, 0, NEUTRINOS,
     AT(neutrino_temperature),
     "in the collision integrals and n_nu: T itself or that of decoupled neutrinos; H keeps the "
     "latter"},
    {"T_min_MeV", "rates", ND_DOUBLE, RATES, "MeV", "0.05", 0.01, 99.0, NULL, AT(T_min_MeV),
     "lowest temperature of rates.dat"},
    {"T_max_MeV", "rates", ND_DOUBLE, RATES, "MeV", "10", 0.011, 100.0, NULL, AT(T_max_MeV),
     "highest temperature of rates.dat; above 30 MeV muons and hadrons are missing"},
    {"T_points", "rates", ND_INT, RATES, "", "201", 2, 100000, NULL, AT(T_points),
     "rows of rates.dat, evenly spaced in ln T"},
    {"rate_tolerance", "rates", ND_DOUBLE, EARLY, "", "1e-5", 1e-9, 1e-2, NULL, AT(rate_tolerance),
     "relative tolerance of the collision integrals"},

    {"solver_tolerance", "solver", ND_DOUBLE, EVOLUTION, "", "1e-8", 1e-12, 1e-3, NULL,
     AT(solver_tolerance), "relative tolerance of the abundance in each step of CVODE"},
    {"solver_max_steps", "solver", ND_INT, EVOLUTION, "", "20000", 10, 100000000, NULL,
     AT(solver_max_steps), "steps that CVODE may take between two rows"},
    {"solver_points", "solver", ND_INT, EVOLUTION | UNIVERSE, "", "401", 2, 100000, NULL,
     AT(solver_points),
     "rows of abundance.dat or history.dat a reheating temperature, evenly spaced in ln T"},

    {"precision", "precision", ND_PATH, UNIVERSE, "", "", 0, 0, NULL, AT(precision),
     "file with keys of this section, which hold where neither the parameter file nor --set gives "
     "them"},
    {"dy", "precision", ND_DOUBLE, UNIVERSE, "", "0.6", 0.1, 2.0, NULL, AT(dy),
     "spacing of comoving momenta y = a p in the core"},
    {"y_core", "precision", ND_DOUBLE, UNIVERSE, "", "24", 8.0, 100.0, NULL, AT(y_core),
     "end of the core, which is rounded to a multiple of dy; momenta of N, and neutrinos that "
     "scatter off each other"},
    {"tail_growth", "precision", ND_DOUBLE, UNIVERSE, "", "1.25", 1.0, 2.0, NULL, AT(tail_growth),
     "ratio of successive spacings beyond the core"},
    {"exchange_nodes", "precision", ND_INT, UNIVERSE, "", "6", 4, 32, NULL, AT(exchange_nodes),
     "of integrals over the momentum exchanged in a collision"},
    {"step_lnT", "precision", ND_DOUBLE, UNIVERSE, "", "0.35", 0.01, 0.5, NULL, AT(step_lnT),
     "of tables of collisions, in ln T"},
    {"step_lnz", "precision", ND_DOUBLE, UNIVERSE, "", "0.1", 0.01, 0.5, NULL, AT(step_lnz),
     "of tables of collisions, in ln(a T)"},
    {"universe_tolerance", "precision", ND_DOUBLE, UNIVERSE, "", "1e-5", 1e-10, 1e-3, NULL,
     AT(universe_tolerance), "relative tolerance of each step of CVODE in the coupled Universe"},
    {"universe_max_steps", "precision", ND_INT, UNIVERSE, "", "100000", 10, 100000000, NULL,
     AT(universe_max_steps), "steps that CVODE may take for a reheating temperature"},
    {"error_estimate", "precision", ND_CHOICE, UNIVERSE, "", "on", 0, 0, SWITCH, AT(error_estimate),
     "on: a second run with the next coarser precision, whose difference is the error of N_eff"},

    {"light_elements", "verdict", ND_CHOICE, ND_USE_EVOLUTION, "", "on", 0, 0, SWITCH,
     AT(light_elements),
     "of `viability`. on: the coupled Universe, N_eff and light elements, judged by "
     "`observations`; "
     "off: only whether N thermalises, in a fraction of the time"},
    {"observations", "verdict", ND_PATH, VERDICT, "", "", 0, 0, NULL, AT(observations),
     "file of the measured abundances and N_eff; empty: params/observations.ini"},
    {"thermal_fraction", "verdict", ND_DOUBLE, EVOLUTION | MAP, "", "0.5", 1e-12, 1.0, NULL,
     AT(thermal_fraction), "N counts as thermalised when n/n_eq reaches this"},
    {"thermal_x_max", "verdict", ND_DOUBLE, EVOLUTION | MAP, "", "3", 0.5, 1000.0, NULL,
     AT(thermal_x_max),
     "n/n_eq is judged while m4/T - m4/T_RH is below this: later, n_eq falls below any relic"},

    {"points", "sweep", ND_PATH_LIST, PLAN | MAP, "", "", 0, 0, NULL, AT(points),
     "parameter files of points to sweep, or to mark on a map, relative to the parameter file; a "
     "sweep goes over all of them with every combination of its axes, and names them in the column "
     "`point`; empty: the model given here (sweep), none (map)"},
    {"vary", "sweep", ND_TEXT_LIST, PLAN, "", "", 0, 0, NULL, AT(vary),
     "axes of a sweep, each `KEY list V1 V2 ...`, `KEY lin LOW HIGH N` or `KEY log LOW HIGH N`, "
     "where KEY is any parameter of one value, or T_RH_MeV; every combination is a point, the last "
     "axis runs fastest"},
    {"work", "sweep", ND_CHOICE, PLAN, "", "viability", 0, 0, WORKS, AT(work),
     "what is computed at each point: rates (the largest Gamma/H, without solving for the "
     "abundance), evolve (as the command, with `backreaction`: N as a test particle, or the "
     "coupled Universe and N_eff), bbn (the coupled Universe and light elements), viability (as "
     "the command: a verdict, and whether N thermalises)"},
    {"columns", "sweep", ND_TEXT_LIST, PLAN, "", "", 0, 0, NULL, AT(columns),
     "results to store, by name; empty: all of the work"},
    {"sampling", "sweep", ND_CHOICE, PLAN, "", "grid", 0, 0, SAMPLINGS, AT(sampling),
     "grid; or sobol and random, which draw `samples` points from ranges `KEY lin LOW HIGH` and "
     "`KEY log LOW HIGH`"},
    {"samples", "sweep", ND_INT, PLAN, "", "1000", 1, ND_SWEEP_SAMPLES_MAX, NULL, AT(samples),
     "points of sobol and random"},
    {"sweep_seed", "sweep", ND_INT, PLAN, "", "1", 1, 2000000000, NULL, AT(sweep_seed),
     "seed of random"},
    {"T_RH_min_MeV", "sweep", ND_DOUBLE, MAP, "MeV", "0.5", 0.011, 100.0, NULL, AT(T_RH_min_MeV),
     "lowest reheating temperature of a map's search for the highest at which a point does not "
     "thermalise"},
    {"T_RH_max_MeV", "sweep", ND_DOUBLE, MAP, "MeV", "20", 0.011, 100.0, NULL, AT(T_RH_max_MeV),
     "highest reheating temperature of that search"},

    {"m4_min_keV", "grid", ND_DOUBLE, CURVES | FIT, "keV", "50", 1.0, 1e5, NULL, AT(m4_min_keV),
     "lowest mass of curves, fits and maps"},
    {"m4_max_keV", "grid", ND_DOUBLE, CURVES | FIT, "keV", "2000", 1.0, 1e5, NULL, AT(m4_max_keV),
     "highest mass of curves, fits and maps"},
    {"m4_points", "grid", ND_INT, CURVES | FIT, "", "38", 1, 100000, NULL, AT(m4_points),
     "masses of curves, fits and maps, evenly spaced in ln m4"},
    {"d_min_muB", "grid", ND_DOUBLE, FIT, "mu_B", "1e-12", 1e-20, 1e-3, NULL, AT(d_min_muB),
     "lowest coupling of a fit or map, read in the given convention"},
    {"d_max_muB", "grid", ND_DOUBLE, FIT, "mu_B", "1e-7", 1e-20, 1e-3, NULL, AT(d_max_muB),
     "highest coupling of a fit or map, read in the given convention"},
    {"d_points", "grid", ND_INT, FIT, "", "120", 1, 100000, NULL, AT(d_points),
     "couplings of a fit or map, evenly spaced in ln d"},

    {"treatments", "curves", ND_CHOICE_LIST, CURVES, "", "paper, screened, full", 0, 0, TREATMENTS,
     AT(treatments),
     "curves to draw: paper (maxwell-boltzmann, none, equal), screened (maxwell-boltzmann, htl, "
     "equal), full (quantum, htl, decoupled), configured (as the keys of [rates] say)"},

    {"sources", "solar", ND_TEXT_LIST, SIGNAL, "", "pp, CNO, 8B", 0, 0, NULL, AT(sources),
     "signals to test, each on its own: pp, pep, 7Be, 8B, hep, 13N, 15O, 17F, CNO (13N+15O+17F), "
     "all, or a sum such as pp+7Be+pep+CNO"},
    {"solar_model", "solar", ND_CHOICE, SIGNAL, "", "b16-gs98", 0, 0, SOLAR_MODELS, AT(solar_model),
     "standard solar model of fluxes and production regions (Vinyoles et al., arXiv:1611.09867)"},
    {"flux_file", "solar", ND_PATH, SIGNAL, "", "", 0, 0, NULL, AT(flux_file),
     "own fluxes, in place of the model's: CSV with source, flux_per_cm2_s, relative_error and, if "
     "wanted, shape (a CSV of the spectrum)"},
    {"flavour_weight", "solar", ND_CHOICE, SIGNAL, "", "oscillated", 0, 0, FLAVOUR_WEIGHTS,
     AT(flavour_weight),
     "none: every neutrino counts, P = 1; oscillated: the share of `flavour` at Earth (adiabatic "
     "MSW-LMA)"},
    {"sin2_theta12", "solar", ND_DOUBLE, MIXING, "", "0.307", 0.0, 1.0, NULL, AT(sin2_theta12),
     "solar mixing angle; " NUFIT},
    {"sin2_theta13", "solar", ND_DOUBLE, MIXING, "", "0.02195", 0.0, 1.0, NULL, AT(sin2_theta13),
     "reactor mixing angle; " NUFIT},
    {"sin2_theta23", "solar", ND_DOUBLE, MIXING, "", "0.561", 0.0, 1.0, NULL, AT(sin2_theta23),
     "atmospheric mixing angle; " NUFIT},
    {"dm2_21_eV2", "solar", ND_DOUBLE, MIXING, "eV2", "7.49e-5", 1e-6, 1e-3, NULL, AT(dm2_21_eV2),
     "solar splitting of squared masses; " NUFIT},
    {"dm2_31_eV2", "solar", ND_DOUBLE, UNIVERSE, "eV2", "2.534e-3", -0.01, 0.01, NULL,
     AT(dm2_31_eV2),
     "atmospheric splitting of squared masses m_3^2 - m_1^2, negative for inverted "
     "ordering; " NUFIT},

    {"experiment", "detector", ND_NAME, SIGNAL, "", "xenon1t", 0, 0, NULL, AT(experiment),
     "xenon1t, xenonnt, lz2022, lz2024, pandax4t, or a folder with an experiment.ini (a name with "
     "a slash)"},
    {"electrons", "detector", ND_CHOICE, SIGNAL, "", "stepwise", 0, 0, ELECTRONS, AT(electrons),
     "stepwise: electrons bound less than the recoil energy; free: all 54"},
    {"efficiency_at", "detector", ND_CHOICE, SIGNAL, "", "reconstructed", 0, 0, EFFICIENCIES_AT,
     AT(efficiency_at), "energy at which the efficiency is read"},

    {"nuisances", "fit", ND_CHOICE, SIGNAL, "", "profiled", 0, 0, NUISANCES, AT(nuisances),
     "efficiency and background normalisation, each with the experiment's Gaussian error"},
    {"tritium", "fit", ND_CHOICE, SIGNAL, "", "off", 0, 0, TRITIUM, AT(tritium),
     "a tritium background of free, non-negative size in `experiment`, if it has a template"},
    {"window_min_keV", "fit", ND_DOUBLE, SIGNAL, "keV", "", 0.0, 1000.0, NULL, AT(window_min_keV),
     "first energy of the bins of `experiment` that are fitted, an edge of a bin; not given: all "
     "data"},
    {"window_max_keV", "fit", ND_DOUBLE, SIGNAL, "keV", "", 0.0, 1000.0, NULL, AT(window_max_keV),
     "last energy of the bins of `experiment` that are fitted, an edge of a bin; not given: all "
     "data"},
    {"contours", "fit", ND_CHOICE, FIT, "", "likelihood-ratio", 0, 0, CONTOURS, AT(contours),
     "levels of 1, 2, 3 sigma (2 dof): below the best point, or above no signal"},
    {"exclusion", "fit", ND_NAME_LIST, ND_USE_FIT, "", "", 0, 0, NULL, AT(exclusion),
     "further experiments whose upper limits are drawn over the regions; in all their bins, "
     "without "
     "tritium"},
    {"confidence_level", "fit", ND_DOUBLE, SIGNAL, "", "0.9", 0.5, 0.9999, NULL,
     AT(confidence_level),
     "of intervals on d at one mass and their upper ends, the limits: -2 ln L less than "
     "chi^2(confidence_level, 1 dof) above its minimum over d >= 0"},

    {"regions", "map", ND_PATH, MAP | PLOT, "", "", 0, 0, NULL, AT(regions),
     "regions.json of a fit to draw, whose keys of [solar], [detector] and [fit] then hold; empty: "
     "the fit is made on the spot"},
    {"bounds", "map", ND_NAME_LIST, MAP | PLOT, "", "all", 0, 0, NULL, AT(bounds),
     "bounds of the data folder to draw, or files (a name with a slash); all: those that hold for "
     "`flavour` and are not marked `default: no`; none"},
    {"fractions", "map", ND_DOUBLE_LIST, MAP, "", "0.1, 0.5, 0.9", 1e-6, 1.0, NULL, AT(fractions),
     "curves where the largest n/n_eq of the solved equation reaches these"},
    {"rho_fraction", "map", ND_DOUBLE, MAP, "", "0.01", 1e-12, 100.0, NULL, AT(rho_fraction),
     "curve where the largest rho_N/rho_gamma reaches this"},
    {"store", "map", ND_PATH, PLOT, "", "", 0, 0, NULL, AT(store),
     "folder of a sweep over m4_keV and d_muB, whose `column` is drawn below everything else, for "
     "the one T_RH_MeV of the map; empty: none"},

    {"column", "plot", ND_TEXT_LIST, PLOT, "", "", 0, 0, NULL, AT(column),
     "columns of a sweep to draw, by name, a panel each, at most six; empty: the verdict, or the "
     "first that is stored"},
    {"x", "plot", ND_TEXT, PLOT, "", "", 0, 0, NULL, AT(x),
     "key of the sweep along x; empty: m4_keV with d_muB along y, else T_RH_MeV, else the one with "
     "most values"},
    {"y", "plot", ND_TEXT, PLOT, "", "", 0, 0, NULL, AT(y),
     "key along y, for a plane with a panel for each value of the others; empty: d_muB over "
     "m4_keV, else none; none: lines, one for each value of the others"},
    {"at", "plot", ND_TEXT_LIST, PLOT, "", "", 0, 0, NULL, AT(at),
     "keys of a grid that stay at one of their values, each `KEY VALUE`"},
    {"scale", "plot", ND_CHOICE, PLOT, "", "auto", 0, 0, SCALES, AT(scale),
     "of what is drawn; auto: log where it is positive and spans more than a factor of 30"},
    {"levels", "plot", ND_DOUBLE_LIST, PLOT, "", "", -1e4, 1e15, NULL, AT(levels),
     "contours in a plane; empty: 2 and 3 of sigma (of a verdict, too), 1 of Gamma/H, "
     "thermal_fraction of n/n_eq, of other columns even steps (on a map none)"},
    {"overlays", "plot", ND_CHOICE, PLOT, "", "all", 0, 0, OVERLAYS, AT(overlays),
     "over m4_keV and d_muB: the regions of a fit (as `regions` and the keys of [grid], [solar], "
     "[detector] and [fit] say) and `bounds`"},
};

_Static_assert(sizeof OPTIONS / sizeof OPTIONS[0] <= ND_PARAM_COUNT_MAX &&
                   (int)ND_PARAM_COUNT_MAX <= (int)ND_OPTION_COUNT_MAX,
               "no room for the origin of every parameter");

const struct nd_option_table nd_params_table = {
    .options = OPTIONS,
    .n = (int)(sizeof OPTIONS / sizeof OPTIONS[0]),
    .file = "a parameter file",
    .reference = "'nudipole params' lists all",
};

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

const char *nd_flavour_weight_word(int weight)
{
    return FLAVOUR_WEIGHTS[weight];
}

const char *nd_solar_model_word(int model)
{
    return SOLAR_MODELS[model];
}

const char *nd_electrons_word(int electrons)
{
    return ELECTRONS[electrons];
}

const char *nd_efficiency_at_word(int efficiency_at)
{
    return EFFICIENCIES_AT[efficiency_at];
}

const char *nd_nuisances_word(int nuisances)
{
    return NUISANCES[nuisances];
}

const char *nd_tritium_word(int tritium)
{
    return TRITIUM[tritium];
}

const char *nd_contours_word(int contours)
{
    return CONTOURS[contours];
}

const char *nd_backreaction_word(int backreaction)
{
    return BACKREACTIONS[backreaction];
}

const char *nd_reheating_word(int reheating)
{
    return REHEATINGS[reheating];
}

const char *nd_N_initial_word(int N_initial)
{
    return N_INITIALS[N_initial];
}

const char *nd_mixing_word(int mixing)
{
    return MIXINGS[mixing];
}

const char *nd_qed_word(int qed)
{
    return QEDS[qed];
}

const char *nd_weak_correction_word(int name)
{
    return WEAK_CORRECTIONS[name];
}

const char *nd_work_word(int work)
{
    return WORKS[work];
}

const char *nd_sampling_word(int sampling)
{
    return SAMPLINGS[sampling];
}

const char *nd_abundance_errors_word(int errors)
{
    return ABUNDANCE_ERRORS[errors];
}
