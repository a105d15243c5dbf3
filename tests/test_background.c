/* Tests of nudipole/background.h: neutrino temperature, expansion and time of the standard
 * Universe, by limits, conservation laws, finite differences, and the Hubble rates of
 * an independent computation. */
#include "support.h"

#include "nudipole/background.h"
#include "nudipole/constants.h"
#include "nudipole/plasma.h"

TestSuite(background, .init = no_gsl_abort);

static struct nd_background *make_background(void)
{
    struct nd_background *background;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_background_create(&background, &error), error);
    return background;
}

static struct nd_background_state state_at(const struct nd_background *background, double T)
{
    struct nd_background_state state;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_background_at(background, T, &state, &error), error);
    ASSERT_CLOSE(state.T, T, 0.0, "T");
    return state;
}

Test(background, neutrino_temperature_limits)
{
    struct nd_background *background = make_background();
    const double tolerance = 1e-5; /* electrons at 5 keV: e^-100; m_e^2/T^2 at 150 MeV: 1e-5 */
    ASSERT_CLOSE(state_at(background, ND_BACKGROUND_T_MIN).T_nu / ND_BACKGROUND_T_MIN,
                 cbrt(4.0 / 11.0), tolerance, "T_nu/T, cold");
    ASSERT_CLOSE(state_at(background, ND_BACKGROUND_T_MAX).T_nu / ND_BACKGROUND_T_MAX, 1.0,
                 tolerance, "T_nu/T, hot");
    nd_background_free(background);
    nd_background_free(NULL);
}

Test(background, comoving_entropy_and_neutrinos)
{
    /* s a^3 and (T_nu a)^3 are constant, so T_nu^3/s is. */
    struct nd_background *background = make_background();
    const struct nd_background_state start = state_at(background, 100.0);
    for (double T = 100.0; T > 0.006; T /= 1.37) {
        const struct nd_background_state state = state_at(background, T);
        struct nd_plasma plasma;
        nd_plasma_init(&plasma, T);
        const double tolerance = 1e-8; /* interpolation of s */
        ASSERT_CLOSE(state.s, plasma.s, tolerance, "s at %g", T);
        ASSERT_CLOSE(pow(state.T_nu, 3) / plasma.s, pow(start.T_nu, 3) / start.s, tolerance,
                     "T_nu^3/s at %g", T);
    }
    nd_background_free(background);
}

Test(background, hubble_rate)
{
    /* Independently: T, H, one unit of the last digit */
    static const double rows[][3] = {
        {0.05, 6.26e-25, 0.01e-25}, {0.1, 2.82e-24, 0.01e-24}, {0.15, 7.46e-24, 0.01e-24},
        {0.2, 1.47e-23, 0.01e-23},  {0.3, 3.65e-23, 0.01e-23}, {0.5, 1.08e-22, 0.01e-22},
        {1.0, 4.42e-22, 0.01e-22},  {2.0, 1.78e-21, 0.01e-21}, {5.0, 1.11e-20, 0.01e-20},
        {10.0, 4.46e-20, 0.01e-20},
    };
    struct nd_background *background = make_background();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ASSERT_NEAR(state_at(background, rows[i][0]).H, rows[i][1], 0.55 * rows[i][2], "H at %g",
                    rows[i][0]);
    nd_background_free(background);
}

Test(background, friedmann_equation)
{
    /* H^2 = rho/(3 M_pl^2) with the reduced Planck mass 2.435323e21 MeV (PDG 2024) and three
     * neutrinos of two helicity states each. */
    const double reduced_planck_mass = 2.435323e21, tolerance = 1e-6;
    struct nd_background *background = make_background();
    for (double T = 0.006; T < 140.0; T *= 2.3) {
        const struct nd_background_state state = state_at(background, T);
        struct nd_plasma plasma;
        nd_plasma_init(&plasma, T);
        const double neutrinos = 3.0 * 7.0 / 8.0 * ND_PI * ND_PI / 15.0 * pow(state.T_nu, 4);
        ASSERT_CLOSE(state.rho, plasma.rho + neutrinos, tolerance, "rho at %g", T);
        ASSERT_CLOSE(state.H, sqrt(state.rho / 3.0) / reduced_planck_mass, tolerance, "H at %g", T);
    }
    nd_background_free(background);
}

Test(background, radiation_domination)
{
    /* t = 1/(2H) while everything is relativistic: g changes by m_e^2/T^2 = 3e-3 at 10 MeV. */
    struct nd_background *background = make_background();
    const double tolerance = 2e-3;
    for (double T = 10.0; T < 150.0; T *= 1.5) {
        const struct nd_background_state state = state_at(background, T);
        ASSERT_CLOSE(state.t, 0.5 / state.H, tolerance, "t at %g", T);
        ASSERT_CLOSE(state.dt_dlnT, -1.0 / state.H, tolerance, "dt/dlnT at %g", T);
    }
    /* After annihilation T ~ 1/a again, and t differs from 1/(2H) by a constant that fades:
     * t = 1/(2H) + O(1 s), at 5 keV of 5e4 s. 1.32 s (1 MeV/T)^2 is the textbook number there. */
    const struct nd_background_state cold = state_at(background, 5e-3);
    ASSERT_CLOSE(cold.t, 0.5 / cold.H, 1e-3, "t at 5 keV");
    ASSERT_CLOSE(ND_HBAR * cold.t, 1.32 / (5e-3 * 5e-3), 0.01, "t [s] at 5 keV");
    nd_background_free(background);
}

Test(background, time_and_its_derivative)
{
    struct nd_background *background = make_background();
    const double h = 0.01, tolerance = 1e-6; /* h^4/30 times 2^5, and interpolation */
    for (double T = 0.006; T < 140.0; T *= 1.31) {
        double t[5];
        for (int i = 0; i < 5; i++)
            t[i] = state_at(background, T * exp((i - 2) * h)).t;
        const double slope = (t[0] - 8.0 * t[1] + 8.0 * t[3] - t[4]) / (12.0 * h);
        ASSERT_CLOSE(state_at(background, T).dt_dlnT, slope, tolerance, "dt/dlnT at %g", T);
        cr_assert(slope < 0.0, "time must grow as T falls, at %g", T);
    }
    nd_background_free(background);
}

Test(background, energy_conservation)
{
    /* drho/dt = -3 H (rho + p), p of the plasma plus a third of the neutrinos' rho. */
    struct nd_background *background = make_background();
    const double h = 0.01, tolerance = 2e-6;
    for (double T = 0.006; T < 140.0; T *= 1.31) {
        double rho[5];
        struct nd_plasma plasma;
        for (int i = 0; i < 5; i++)
            rho[i] = state_at(background, T * exp((i - 2) * h)).rho;
        const struct nd_background_state state = state_at(background, T);
        nd_plasma_init(&plasma, T);
        const double p = plasma.p + (state.rho - plasma.rho) / 3.0;
        const double slope = (rho[0] - 8.0 * rho[1] + 8.0 * rho[3] - rho[4]) / (12.0 * h);
        ASSERT_CLOSE(slope / state.dt_dlnT, -3.0 * state.H * (state.rho + p), tolerance,
                     "drho/dt at %g", T);
    }
    nd_background_free(background);
}

static double density_integrand(double p, void *context)
{
    (void)context;
    return p * p / (2.0 * ND_PI * ND_PI) / (exp(p) + 1.0);
}

Test(background, neutrino_density)
{
    const double T = 0.7, unit = integrate(density_integrand, NULL, 0.0, 60.0, 1e-11);
    ASSERT_CLOSE(nd_neutrino_density(T), unit * T * T * T, 1e-10, "n_nu");
}

Test(background, range)
{
    struct nd_background *background = make_background();
    struct nd_background_state state;
    const double outside[] = {4.999e-3, 150.1, -1.0, NAN};
    const char *fragments[] = {"T = 0.004999 MeV", "T = 150.1 MeV", "T = -1 MeV", "0.005 to 150"};
    for (int i = 0; i < 4; i++) {
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(nd_background_at(background, outside[i], &state, &error), error, ND_BAD_INPUT,
                     fragments[i]);
    }
    nd_background_free(background);
}
