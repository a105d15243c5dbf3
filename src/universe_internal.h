/* What the files of the coupled Universe share: universe_tables.c (kernels), reheating.c (where it
 * starts), universe_equations.c (the equations and their Jacobian), universe.c (the run). */
#ifndef ND_UNIVERSE_INTERNAL_H
#define ND_UNIVERSE_INTERNAL_H

#include "dipole_collisions.h"
#include "electron_collisions.h"
#include "exchange.h"
#include "momentum_grid.h"
#include "nudipole/universe.h"
#include "photon_processes.h"
#include "self_scattering.h"

struct nd_universe_tables {
    struct nd_momentum_grid grid;
    int n_active; /* nodes that collide with electrons: all that decays reach before collisions end
                   */
    /* what they are made for */
    double m4; /* 0 without N */
    double T_end;
    enum nd_screening screening;
    struct nd_precision precision;
    struct nd_self_scattering *self;
    struct nd_electron_collisions *electrons;
    struct nd_dipole_collisions *dipole; /* NULL without N */
    struct nd_photon_processes *photon;  /* NULL without N */
};

/* Where a run starts. */
struct nd_start {
    double T, a;      /* [MeV], [MeV^-1] */
    double rho_phi;   /* [MeV^4] */
    double Gamma_phi; /* [MeV] */
};

enum nd_status nd_reheating_start(const struct nd_universe_options *options,
                                  const struct nd_plasma_table *plasma, struct nd_start *start,
                                  struct nd_error *error);

/* The scalars of the state, behind the spectra. */
enum nd_scalar {
    ND_PLASMA, /* a^4 rho of the plasma, from which T follows: energy is then linear in the state */
    ND_TIME,   /* ln(1 + H t), H that at the start */
    ND_PHI,    /* a^4 rho_phi */
    ND_ENERGY, /* a^4 rho of everything minus its value at the start, by continuity */
    ND_N_SCALARS
};

/* The system of equations: state = neutrino spectra (classes of flavours without mixing, else
 * eigenstates), the spectrum of N, scalars. Of N it holds f_N E/p: a node's comoving energy is then
 * linear in the state, as it is for neutrinos, and whatever conserves energy in the equations does
 * so in each step of any linear method. */
struct nd_equations {
    const struct nd_model *model; /* NULL without N */
    const struct nd_universe_options *options;
    struct nd_universe_tables *tables;
    struct nd_plasma_table *plasma;
    struct nd_matter_mixing *mixing; /* NULL without mixing */
    struct nd_start start;
    double dark;                  /* a^4 rho of dark radiation, constant */
    double H_start, energy_start; /* [MeV]; a^4 rho at the start */
    int n_classes;                /* of flavours that collide alike */
    int flavours[ND_CLASSES_MAX]; /* how many a class holds */
    int class_of[ND_N_FLAVOURS];
    int n_spectra;                          /* of neutrinos in the state */
    int first_N, first_scalar, n_equations; /* indices in the state */
    double *f[ND_CLASSES_MAX], *f_N; /* occupations of classes and N at the last evaluation */
    double *velocity;                /* p/E of N's nodes then */
    double *change[ND_CLASSES_MAX];  /* of comoving number densities a node, per ln a */
    double *change_N, *ignored;      /* `ignored`: what neutrinos get without back-reaction */
    double *weights;                 /* n x 3 x 3: shares of flavours in eigenstates */
    double *rates;                   /* of the Jacobian */
    double *shifted, *slope_base, *slope_shifted;
    double number_residual; /* largest so far */
    struct nd_error *error;
};

enum nd_status nd_equations_create(struct nd_equations *equations, const struct nd_model *model,
                                   struct nd_universe_tables *tables,
                                   const struct nd_universe_options *options,
                                   struct nd_error *error);
void nd_equations_clear(struct nd_equations *equations);

/* Fills y with the state at the start, ln a = ln(start.a). */
enum nd_status nd_equations_start(struct nd_equations *equations, double *y);

/* nd_ode_function and nd_ode_jacobian of the context struct nd_equations. */
int nd_equations_function(double ln_a, const double *y, double *dydx, void *context);
int nd_equations_jacobian(double ln_a, const double *y, double *J, void *context);

/* Everything that follows from a state without collisions. */
struct nd_universe_state {
    double a, T, H;
    struct nd_plasma_state plasma;
    double rho_nu[ND_N_FLAVOURS], n_nu[ND_N_FLAVOURS];
    double rho_N, p_N, n_N, rho_phi, rho_dark;
    double rho, p; /* of everything that gravitates */
};

/* Temperature of the plasma [MeV]; NAN outside of its table. */
double nd_equations_temperature(const struct nd_equations *equations, double ln_a, const double *y);

/* Sets equations->f, ->f_N, ->velocity and ->weights as well. Returns 0, or 1 for a temperature
 * outside of the plasma's table. */
int nd_equations_evaluate(struct nd_equations *equations, double ln_a, const double *y,
                          struct nd_universe_state *state);

/* Occupation of a flavour at a node, after nd_equations_evaluate. */
double nd_equations_occupation(const struct nd_equations *equations, const double *y, int flavour,
                               int node);

#endif
