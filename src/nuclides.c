/* Nuclides and reactions of Big Bang nucleosynthesis: see nudipole/nuclear_rates.h. */
#include "nudipole/constants.h"
#include "nudipole/nuclear_rates.h"

/* Masses of nuclei up to helium-4: CODATA 2022. Lithium and beryllium: of the atom, A u + mass
 * excess (AME2020: Wang et al., Chin. Phys. C 45 (2021) 030003), less its electrons, plus what
 * binds them (the sum of the ionization energies in NIST's Atomic Spectra Database: 203.5 and 399.1
 * eV). */
#define MASS_UNIT         931.49410372 /* [MeV], CODATA 2022 */
#define EXCESS_LITHIUM7   14.90710463  /* [MeV] +- 4e-6 */
#define EXCESS_BERYLLIUM  15.768998    /* [MeV] +- 7e-5 */
#define BINDING_LITHIUM   203.486e-6   /* [MeV] */
#define BINDING_BERYLLIUM 399.149e-6   /* [MeV] */

static const struct nd_nuclide_data NUCLIDES[ND_N_NUCLIDES] = {
    [ND_NEUTRON] = {"n", 1, 0, ND_M_NEUTRON, 2},
    [ND_PROTON] = {"p", 1, 1, ND_M_PROTON, 2},
    [ND_DEUTERON] = {"d", 2, 1, 1875.61294500, 3},
    [ND_TRITON] = {"t", 3, 1, 2808.92113668, 2},
    [ND_HELIUM3] = {"He3", 3, 2, 2808.39161112, 2},
    [ND_HELIUM4] = {"He4", 4, 2, 3727.3794118, 1},
    [ND_LITHIUM7] = {"Li7", 7, 3,
                     7.0 * MASS_UNIT + EXCESS_LITHIUM7 - 3.0 * ND_M_ELECTRON + BINDING_LITHIUM, 4},
    [ND_BERYLLIUM7] = {"Be7", 7, 4,
                       7.0 * MASS_UNIT + EXCESS_BERYLLIUM - 4.0 * ND_M_ELECTRON + BINDING_BERYLLIUM,
                       4},
};

/* In the order of enum nd_reaction. */
static const struct nd_reaction_data REACTIONS[ND_N_REACTIONS] = {
    {"n_p__d_g", "n + p -> d + gamma", {ND_NEUTRON, ND_PROTON}, {ND_DEUTERON, ND_PHOTON}},
    {"d_p__He3_g", "d + p -> He3 + gamma", {ND_DEUTERON, ND_PROTON}, {ND_HELIUM3, ND_PHOTON}},
    {"d_d__He3_n", "d + d -> He3 + n", {ND_DEUTERON, ND_DEUTERON}, {ND_HELIUM3, ND_NEUTRON}},
    {"d_d__t_p", "d + d -> t + p", {ND_DEUTERON, ND_DEUTERON}, {ND_TRITON, ND_PROTON}},
    {"t_p__a_g", "t + p -> He4 + gamma", {ND_TRITON, ND_PROTON}, {ND_HELIUM4, ND_PHOTON}},
    {"t_d__a_n", "t + d -> He4 + n", {ND_TRITON, ND_DEUTERON}, {ND_HELIUM4, ND_NEUTRON}},
    {"t_a__Li7_g", "t + He4 -> Li7 + gamma", {ND_TRITON, ND_HELIUM4}, {ND_LITHIUM7, ND_PHOTON}},
    {"He3_n__t_p", "He3 + n -> t + p", {ND_HELIUM3, ND_NEUTRON}, {ND_TRITON, ND_PROTON}},
    {"He3_d__a_p", "He3 + d -> He4 + p", {ND_HELIUM3, ND_DEUTERON}, {ND_HELIUM4, ND_PROTON}},
    {"He3_a__Be7_g",
     "He3 + He4 -> Be7 + gamma",
     {ND_HELIUM3, ND_HELIUM4},
     {ND_BERYLLIUM7, ND_PHOTON}},
    {"Be7_n__Li7_p", "Be7 + n -> Li7 + p", {ND_BERYLLIUM7, ND_NEUTRON}, {ND_LITHIUM7, ND_PROTON}},
    {"Li7_p__a_a", "Li7 + p -> He4 + He4", {ND_LITHIUM7, ND_PROTON}, {ND_HELIUM4, ND_HELIUM4}},
};

const struct nd_nuclide_data *nd_nuclide(enum nd_nuclide nuclide)
{
    return &NUCLIDES[nuclide];
}

const struct nd_reaction_data *nd_reaction(enum nd_reaction reaction)
{
    return &REACTIONS[reaction];
}

/* Mass of a nuclide or photon. */
static double mass(int particle)
{
    return particle == ND_PHOTON ? 0.0 : NUCLIDES[particle].mass;
}

double nd_reaction_Q(enum nd_reaction reaction)
{
    const struct nd_reaction_data *r = &REACTIONS[reaction];
    return mass(r->in[0]) + mass(r->in[1]) - mass(r->out[0]) - mass(r->out[1]);
}
