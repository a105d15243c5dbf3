/* QED at finite temperature: the pressure that the interaction of photons, e- and e+ adds to their
 * ideal gases, to order e^3, without chemical potential and with the full electron mass.
 *
 * Bennett, Buldgen, Drewes & Wong, JCAP 03 (2020) 003, arXiv:1911.04504. It follows from the
 * pressure alone what is added to the energy density: rho = T dp/dT - p. */
#ifndef NUDIPOLE_QED_H
#define NUDIPOLE_QED_H

enum nd_qed {
    ND_QED_NONE, /* ideal gases */
    ND_QED_E2, /* order e^2: photons and electrons get their thermal masses; lowers the pressure */
    ND_QED_E3  /* and order e^3: static charges are screened; raises it */
};

/* Sum of all corrections up to `order` at T [MeV] > 0 [MeV^4]; the ideal gases are not in it.
 * Relative accuracy of each term 1e-10 or better. */
double nd_qed_pressure(double T, enum nd_qed order);

#endif
