/* Recoils: see nudipole/recoil.h. */
#include "nudipole/recoil.h"

#include <math.h>
#include <stdlib.h>

#include "nudipole/constants.h"
#include "nudipole/data_folder.h"
#include "nudipole/datafile.h"

static const double ME = ND_M_ELECTRON;

double nd_recoil_neutrino_energy_min(double m4, double E_R)
{
    /* p - E_R without cancellation, p the electron's momentum */
    const double p = sqrt(E_R * (E_R + 2.0 * ME)), difference = 2.0 * ME * E_R / (p + E_R);
    return (m4 * m4 + 2.0 * ME * E_R) / (2.0 * difference);
}

double nd_recoil_mass_max(double E_nu, double E_R)
{
    const double p = sqrt(E_R * (E_R + 2.0 * ME));
    const double m2 = 2.0 * (E_nu * p - E_R * (E_nu + ME));
    return m2 > 0.0 ? sqrt(m2) : 0.0;
}

double nd_recoil_mass_end(double E_nu)
{
    return 2.0 * ME * E_nu / (sqrt(ME * ME + 2.0 * ME * E_nu) + ME);
}

int nd_recoil_range(double m4, double E_nu, double *low, double *high)
{
    const double s = ME * ME + 2.0 * ME * E_nu, m2 = m4 * m4;
    if (m4 > nd_recoil_mass_end(E_nu))
        return 0;
    /* energies in the centre of mass: -t = 2 k E_N - m4^2 -+ 2 k p, k of the neutrino */
    const double sum = sqrt(s) + ME, difference = nd_recoil_mass_end(E_nu);
    const double lambda = fmax(0.0, (sum * sum - m2) * (difference - m4) * (difference + m4));
    const double S = 2.0 * ME * E_nu;
    *high = (S * (s + m2 - ME * ME + sqrt(lambda)) / (2.0 * s) - m2) / (2.0 * ME);
    /* t_- t_+ = m4^4 m_e^2 / s gives the small root without cancellation */
    *low = *high > 0.0 ? m2 * m2 / (4.0 * s * *high) : 0.0;
    return *high > 0.0;
}

/* Eq. 2 as c[0] + c[1]/E_nu + c[2]/E_nu^2, over alpha mu^2. */
static void coefficients(double m4, double E_R, double c[3])
{
    const double m2 = m4 * m4;
    c[0] = 1.0 / E_R;
    c[1] = -1.0 - m2 / (2.0 * E_R * ME);
    c[2] = -(ME - E_R) * m2 / (4.0 * E_R * ME) * (1.0 + m2 / (2.0 * E_R * ME));
}

double nd_recoil_cross_section(double m4, double E_nu, double E_R)
{
    double c[3];
    if (!(E_R > 0.0) || E_nu < nd_recoil_neutrino_energy_min(m4, E_R))
        return 0.0;
    coefficients(m4, E_R, c);
    return ND_ALPHA * (c[0] + (c[1] + c[2] / E_nu) / E_nu);
}

double nd_recoil_rate(const struct nd_flux *flux, double m4, double E_R)
{
    double c[3], moments[3];
    nd_flux_moments(flux, nd_recoil_neutrino_energy_min(m4, E_R), moments);
    if (moments[0] == 0.0)
        return 0.0;
    coefficients(m4, E_R, c);
    /* at the end point the terms cancel, to less than nothing by rounding */
    return ND_ALPHA * fmax(0.0, c[0] * moments[0] + c[1] * moments[1] + c[2] * moments[2]);
}

enum nd_status nd_atom_xenon(struct nd_atom *atom, const char *data_folder, struct nd_error *error)
{
    char path[ND_DATA_PATH_MAX];
    struct nd_datafile *file = NULL;
    *atom = (struct nd_atom){0};
    enum nd_status status = nd_data_path(path, error, data_folder, "xenon/binding_energies.csv");
    if (status == ND_OK)
        status = nd_datafile_read(&file, path, error);
    if (status != ND_OK)
        return status;
    atom->n_shells = nd_datafile_rows(file);
    atom->binding = malloc((size_t)atom->n_shells * sizeof *atom->binding);
    atom->number = malloc((size_t)atom->n_shells * sizeof *atom->number);
    if (atom->binding == NULL || atom->number == NULL)
        status = nd_fail(error, ND_NO_MEMORY, "no memory for the electrons of xenon");
    if (status == ND_OK)
        status = nd_datafile_energies(file, "e_xdb", ND_MEV, 1, atom->binding, error);
    if (status == ND_OK)
        status = nd_datafile_numbers(file, "n", 0.0, 14.0, atom->number, error);
    nd_datafile_free(file);
    if (status != ND_OK)
        nd_atom_clear(atom);
    return status;
}

void nd_atom_clear(struct nd_atom *atom)
{
    free(atom->binding);
    free(atom->number);
    *atom = (struct nd_atom){0};
}

double nd_atom_electrons(const struct nd_atom *atom, enum nd_electrons electrons, double E_R)
{
    double sum = 0.0;
    for (int i = 0; i < atom->n_shells; i++)
        if (electrons == ND_ELECTRONS_FREE || atom->binding[i] < E_R)
            sum += atom->number[i];
    return sum;
}
