/* Upscattering nu e- -> N e- off electrons at rest: kinematics, cross section and recoil spectrum
 * of arXiv:2007.05513, Eqs. 2 to 4 and 6.
 *
 * E_nu is the energy of the neutrino, E_R the kinetic energy of the recoiling electron; t = -2 m_e
 * E_R. Rates are for mu = 1 MeV^-1 (the half convention of nudipole/model.h) and go as mu^2. */
#ifndef NUDIPOLE_RECOIL_H
#define NUDIPOLE_RECOIL_H

#include "nudipole/flux.h"

/* Eq. 4: least E_nu that makes a recoil E_R > 0 with an N of mass m4 [MeV, all]. */
double nd_recoil_neutrino_energy_min(double m4, double E_R);

/* Eq. 6: largest m4 that a neutrino E_nu can make with a recoil E_R; 0 if none [MeV, all]. */
double nd_recoil_mass_max(double E_nu, double E_R);

/* Largest m4 that a neutrino E_nu can make at all: sqrt(m_e^2 + 2 m_e E_nu) - m_e [MeV]. */
double nd_recoil_mass_end(double E_nu);

/* Range of recoils E_R [MeV] of a neutrino E_nu; returns 0 if m4 is above its reach. */
int nd_recoil_range(double m4, double E_nu, double *low, double *high);

/* Eq. 2: dsigma/dE_R for mu = 1 MeV^-1 [MeV^-3]; zero outside the kinematic range. */
double nd_recoil_cross_section(double m4, double E_nu, double E_R);

/* Eq. 3 per free electron and unit of time, for mu = 1 MeV^-1: int dE_nu (dPhi/dE_nu) dsigma/dE_R
 * [a pure number], in closed form for the flux as tabulated. */
double nd_recoil_rate(const struct nd_flux *flux, double m4, double E_R);

/* ---- electrons of an atom ---- */

/* How bound electrons respond. */
enum nd_electrons {
    ND_ELECTRONS_STEPWISE, /* free if bound by less than E_R, else absent */
    ND_ELECTRONS_FREE      /* all of them free */
};

struct nd_atom {
    int n_shells;
    double *binding; /* energy, increasing [MeV] */
    double *number;  /* of electrons */
};

/* Xenon's subshells from the data folder (X-ray Data Booklet). Errors: ND_IO_ERROR, ND_BAD_INPUT
 * with file and line, ND_NO_MEMORY. */
enum nd_status nd_atom_xenon(struct nd_atom *atom, const char *data_folder, struct nd_error *error);
void nd_atom_clear(struct nd_atom *atom);

/* Electrons that take part in a recoil E_R [MeV]. */
double nd_atom_electrons(const struct nd_atom *atom, enum nd_electrons electrons, double E_R);

#endif
