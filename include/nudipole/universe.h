/* The coupled Universe: everything that e+-, photons, neutrinos, N and a reheating field do to each
 * other, from reheating to the end of electron-positron annihilation and of the decays of N.
 *
 * Unknowns, followed in ln a by CVODE (BDF, dense analytic Jacobian): spectra f(y) of the neutrinos
 * and of N in comoving momentum y = a p; the temperature T of the plasma; the reheating field;
 * time; and a second account of the energy. Components:
 *
 *   plasma      photons and e+- in equilibrium at T, with QED corrections up to O(e^3)
 *   weak        nu e, nu nu scattering and annihilation, tree level, electron mass, full statistics
 *   dipole      N <-> nu gamma, gamma <-> N nubar (photons of the plasma's mass); nu e <-> N e with
 *               |t|/(|t| + m_D^2); e+ e- <-> N nubar; each acts back on nu, N and the plasma
 *   mixing      averaged: neutrinos travel as eigenstates of their Hamiltonian in the plasma, which
 *               follow it adiabatically, and collide as flavours
 *   reheating   sudden: everything but N in equilibrium at T_RH; field: a field that decays to the
 *               plasma at Gamma_phi = 3 H_rad(T_RH), neutrinos and N absent at the start
 *
 * Collisions are events between nodes of momentum: each takes from some nodes what it adds to
 * others and hands the difference of energies to the plasma, so that n_N + n_nu (N <-> nu gamma)
 * and energy are conserved to rounding: energy by each step of the integrator, too, numbers of N to
 * its error.
 *
 * Conventions: no asymmetries: f(nu) = f(nubar), f(N) = f(Nbar), helicities of N alike. Densities
 * count particles and antiparticles. a is in MeV^-1, so that y is a pure number and 1/a is the
 * temperature of a neutrino that decoupled at the start.
 *
 * Approximations: neutrinos have no coherence between eigenstates (no density matrix); nu nu
 * collisions are left out for momenta in the tail of the grid; collisions with e+- and of
 * neutrinos are left out below ND_COLLISIONS_T_MIN; hard photons' mass for soft ones, and no
 * longitudinal photons, in N <-> nu gamma (src/README.md says what that is worth). */
#ifndef NUDIPOLE_UNIVERSE_H
#define NUDIPOLE_UNIVERSE_H

#include "nudipole/constants.h"
#include "nudipole/matter_mixing.h"
#include "nudipole/model.h"
#include "nudipole/plasma_table.h"
#include "nudipole/progress.h"
#include "nudipole/rates.h"
#include "nudipole/values.h"

/* Below, weak interactions and those of the dipole with e+- are less than 1e-5 of H [MeV]. */
#define ND_COLLISIONS_T_MIN 0.03

enum nd_reheating { ND_REHEATING_SUDDEN, ND_REHEATING_FIELD };
enum nd_mixing { ND_MIXING_NONE, ND_MIXING_AVERAGED };
enum nd_N_initial { ND_N_ABSENT, ND_N_THERMAL };

/* Processes that can be left out: a sum. */
enum nd_process {
    ND_PROCESS_WEAK = 1,
    ND_PROCESS_PHOTON = 2,  /* N <-> nu gamma and gamma <-> N nubar */
    ND_PROCESS_SCATTER = 4, /* nu e <-> N e */
    ND_PROCESS_PAIR = 8,    /* e+ e- <-> N nubar */
    ND_PROCESS_ALL = 15
};

/* What the numerical error depends on. */
struct nd_precision {
    double dy;          /* spacing of comoving momenta in the core */
    double y_core;      /* end of the core */
    double tail_growth; /* ratio of successive spacings beyond */
    int exchange_nodes; /* of the integrals over exchanged momenta, 4 to 32 */
    double step_lnT;    /* of the tables of weak collisions, in ln T */
    double step_lnz;    /* and in ln(a T) */
    double tolerance;   /* relative, of each step of CVODE */
    long max_steps;     /* of CVODE in all */
};

/* For looking around, for use (N_eff to 1e-4, with N to 1e-3), to check the default. */
struct nd_precision nd_precision_fast(void);
struct nd_precision nd_precision_default(void);
struct nd_precision nd_precision_high(void);

struct nd_universe_options {
    double T_RH;  /* reheating temperature [MeV] */
    double T_end; /* last temperature of the plasma [MeV] */
    int n_points; /* of the history, >= 2, evenly spaced in ln T */
    enum nd_reheating reheating;
    double field_start; /* field: T at the start over T_RH, > 1 */
    enum nd_N_initial N_initial;
    double N_occupation; /* thermal: factor on the equilibrium occupation, 0 to 1 */
    enum nd_mixing mixing;
    struct nd_mixing_angles angles; /* for averaged mixing */
    enum nd_qed qed;
    double delta_N_eff;          /* of dark radiation: its share of N_eff at the end; only sudden */
    enum nd_screening screening; /* of the dipole's photons */
    int processes;               /* a sum of enum nd_process */
    int backreaction;            /* 0: N feels the Universe and not the Universe N */
    struct nd_double_list spectra_T; /* temperatures of the spectra that are kept [MeV] */
    struct nd_precision precision;
    nd_progress *progress; /* NULL: none; counts rows of the history */
    void *progress_context;
};

/* T_end 0.01 MeV, 201 points, sudden, N absent, averaged mixing (NuFIT 6.0), O(e^3), no dark
 * radiation, htl, all processes, spectra at the end only, default precision. */
struct nd_universe_options nd_universe_defaults(double T_RH);

/* Temperature at the start of a run [MeV]: T_RH, or with a field field_start T_RH. */
double nd_universe_T_start(const struct nd_universe_options *options);

/* Collision kernels of one mass of N, filled as runs need them: hand the same object to every run
 * with that mass, T_end, screening and precision. For one thread at a time. */
struct nd_universe_tables; /* opaque */

/* `model` NULL: a Universe without N. Errors: ND_BAD_INPUT, ND_NO_MEMORY. */
enum nd_status nd_universe_tables_create(struct nd_universe_tables **tables,
                                         const struct nd_model *model,
                                         const struct nd_universe_options *options,
                                         struct nd_error *error);
void nd_universe_tables_free(struct nd_universe_tables *tables);

/* Whether a run of `model` with these options can use the tables. */
int nd_universe_tables_fit(const struct nd_universe_tables *tables, const struct nd_model *model,
                           const struct nd_universe_options *options);

struct nd_universe_point {
    double T;          /* temperature of photons and e+- [MeV] */
    double a;          /* scale factor [MeV^-1] */
    double t;          /* since the start of the run [MeV^-1] */
    double H;          /* [MeV] */
    double rho_gamma;  /* ideal photons [MeV^4] */
    double rho_plasma; /* photons, e+- and their interaction [MeV^4] */
    double rho_nu[ND_N_FLAVOURS],
        n_nu[ND_N_FLAVOURS]; /* nu + nubar of each flavour [MeV^4, MeV^3] */
    double rho_N, n_N;       /* N + Nbar [MeV^4, MeV^3] */
    double n_N_eq;           /* in equilibrium at T without chemical potential [MeV^3] */
    double rho_phi;          /* [MeV^4] */
    double rho_dark;         /* dark radiation [MeV^4] */
    double N_eff; /* 8/7 (11/4)^(4/3) (rho_nu + rho_dark)/rho_gamma: what the name says once e+-
                     are gone */
};

/* Spectra at one temperature: occupations, n_nodes of the neutrinos, n_core of N. */
struct nd_universe_spectrum {
    double T, a;
    double *f[ND_N_FLAVOURS]; /* nu_e, nu_mu, nu_tau */
    double *f_N;              /* all 0 without N */
};

struct nd_universe_stats {
    long steps, rhs_calls, jacobian_calls, factorisations, error_test_failures, newton_failures;
    int equations, nodes;
    int weak_tables, dipole_tables; /* points in (T, a T) for which kernels were computed, in all */
};

/* A solution owns its arrays; free with nd_universe_history_clear. */
struct nd_universe_history {
    int n_points;
    struct nd_universe_point *points; /* from the start to T_end */
    int n_nodes, n_core;
    double *y;      /* nodes */
    double *f_nu_e; /* occupation of nu_e at [point * n_nodes + node]: weak rates need it */
    int n_spectra;
    struct nd_universe_spectrum *spectra;
    double N_eff;           /* at the end, energy that N still holds not counted */
    double z;               /* a T at the end */
    double energy_residual; /* largest relative difference between the energy and its continuity */
    double number_residual; /* largest of N <-> nu gamma: rounding */
    double tail_share;      /* largest share of the neutrinos' energy in the tail of the grid while
                               weak collisions are faster than H/100 */
    struct nd_universe_stats stats;
};

/* Solves for the model's mu; `tables` must be of its mass and of the options' precision. With dark
 * radiation, whose density is asked for at the end, it solves again until what comes out agrees to
 * 1e-6, relative above 1.
 * Errors: ND_BAD_INPUT; ND_NOT_CONVERGED with T, the state, the cause and what to try, also when
 * energy is not conserved to 1e-6, N <-> nu gamma to 1e-12, when more than one per cent of the
 * neutrinos' energy would need collisions in the tail, or when N is too cold for the grid. */
enum nd_status nd_universe_solve(const struct nd_model *model, struct nd_universe_tables *tables,
                                 const struct nd_universe_options *options,
                                 struct nd_universe_history *history, struct nd_error *error);

void nd_universe_history_clear(struct nd_universe_history *history);

/* What a run comes to. */
struct nd_universe_outcome {
    struct nd_universe_point end;
    int N_eff_is_final; /* of the photons' energy, less than 1e-4 is left in N, the field and e+- */
    double max_rho_N_over_rho_gamma, max_rho_N_T; /* of the rows [1, MeV]; 0 if there never is N */
    double energy_residual, number_residual;
    struct nd_universe_stats stats;
};
struct nd_universe_outcome nd_universe_outcome(const struct nd_universe_history *history);

/* The next coarser precision: spacings 1.4 times larger, tolerance 10 times. */
struct nd_precision nd_precision_coarser(const struct nd_precision *precision);

/* Numerical error of N_eff: solves again with the next coarser precision and takes the largest
 * relative difference of N_eff in the colder half of the history, times N_eff at the end. Costs
 * about half of what the solution did. Errors: as nd_universe_solve. */
enum nd_status nd_universe_N_eff_error(const struct nd_model *model,
                                       const struct nd_universe_options *options,
                                       const struct nd_universe_history *history,
                                       double *N_eff_error, struct nd_error *error);

#endif
