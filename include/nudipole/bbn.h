/* Big Bang nucleosynthesis: light elements that a Universe makes.
 *
 * With Y_i the number of a nuclide per baryon and n_b the density of baryons,
 *
 *     dY_i/dt = sum over reactions of n_b <sigma v> Y_k Y_l - (reverse), and n <-> p,
 *
 * solved by CVODE (BDF, dense analytic Jacobian) in x = -ln T, in which the expansion enters as
 * dt/dx, from the run of the coupled Universe, as do n_b(T) and the weak rates. Above the tables
 * of the nuclear rates there are nucleons only; the nuclei start in statistical equilibrium where
 * the tables end (T9 = 10). Nucleons start in balance of their weak rates.
 *
 * Baryons are counted today: omega_b = Omega_b h^2 fixes n_b at the end of the run, and backwards
 * n_b ~ a^-3, so that whatever makes entropy in between leaves more baryons per photon before. The
 * end of the run must therefore be after e+- and N are gone.
 *
 * Tritium counts as 3He and 7Be as 7Li in the ratios, which they decay to long after. Left out:
 * heavier nuclei (1e-5 in Y_p, 3e-4 in D/H, 1 % in 7Li), photodisintegration by decays of N, which
 * needs photons above 1.587 (7Be) and 2.2246 MeV (D): m4 above 3.17 and 4.45 MeV. */
#ifndef NUDIPOLE_BBN_H
#define NUDIPOLE_BBN_H

#include "nudipole/nuclear_rates.h"
#include "nudipole/universe.h"
#include "nudipole/weak_rates.h"

/* ---- what nuclei know of the Universe ---------------------------------------------------- */

/* Expansion, baryons and weak rates of one run against temperature. */
struct nd_bbn_universe; /* opaque; may be read by several threads at once */

/* Rows of a history that are apart by this much in ln T are enough for 1e-6 of Y_p. */
#define ND_BBN_STEP_LNT 0.04

/* From a run with evenly spaced rows, at least 16 below 10 MeV, where it starts: above, nucleons
 * are in balance. Errors: ND_BAD_INPUT, ND_NO_MEMORY, ND_NOT_CONVERGED if the run has no
 * temperatures that fall. Free with nd_bbn_universe_free. */
enum nd_status nd_bbn_universe_create(struct nd_bbn_universe **universe,
                                      const struct nd_universe_history *history,
                                      const struct nd_weak_rates *weak, struct nd_error *error);
void nd_bbn_universe_free(struct nd_bbn_universe *universe);

/* Baryons per photon at T [MeV], of omega_b; NAN outside of the run. */
double nd_bbn_universe_eta(const struct nd_bbn_universe *universe, double omega_b, double T);

/* ---- abundances -------------------------------------------------------------------------- */

struct nd_bbn_options {
    double omega_b;     /* Omega_b h^2 */
    double tolerance;   /* relative, of each step of CVODE */
    long max_steps;     /* of CVODE in all */
    int n_points;       /* rows that are kept, evenly spaced in ln T; 0: none */
    double T_start_max; /* start not above this [MeV]; 0: where the Universe does */
};

/* 0.022425, 1e-7, 100000, no rows. */
struct nd_bbn_options nd_bbn_defaults(void);

/* Where the expansion, the density of baryons and the weak rates are taken from: all three from one
 * run, or to see what each does, from different ones; then T is what they have in common. */
struct nd_bbn_ingredients {
    const struct nd_bbn_universe *expansion, *baryons, *weak;
};

/* By how much the inputs are off, for errors: all 0 (or NULL) for none. */
struct nd_bbn_deviations {
    double rates[ND_N_REACTIONS]; /* in standard deviations: f^p */
    double ln_tau_n;              /* logarithms of factors */
    double ln_omega_b;
};

/* The ratios. */
enum nd_abundance_ratio { ND_RATIO_Y_P, ND_RATIO_D_H, ND_RATIO_HE3_H, ND_RATIO_LI7_H, ND_N_RATIOS };

struct nd_bbn_point {
    double T;                /* [MeV] */
    double Y[ND_N_NUCLIDES]; /* nuclides per baryon */
};

struct nd_bbn_stats {
    long steps, rhs_calls, jacobian_calls;
};

/* Free with nd_bbn_clear. */
struct nd_bbn {
    double Y[ND_N_NUCLIDES];   /* at the end */
    double ratio[ND_N_RATIOS]; /* Y_p = 4 Y(4He), D/H, (3He + t)/H, (7Li + 7Be)/H */
    double eta_end;            /* baryons per photon at the end of the run: today's */
    double eta_bbn;            /* when deuterium burns, T = 0.07 MeV */
    double mass_residual;      /* largest |sum of A Y - 1| */
    int n_points;
    struct nd_bbn_point *points;
    struct nd_bbn_stats stats;
};

/* Deuterium burns below: nucleosynthesis must begin here at least [MeV]. */
#define ND_BBN_T_START_MIN 0.3

/* Errors: ND_BAD_INPUT; ND_NOT_CONVERGED with T and the cause: CVODE's, mass fractions that do not
 * sum to 1 to 1e-10, Y_p outside of 0.01 to 0.9, numbers that are not finite. */
enum nd_status nd_bbn_solve(const struct nd_bbn_ingredients *ingredients,
                            const struct nd_nuclear_rates *rates,
                            const struct nd_bbn_deviations *deviations,
                            const struct nd_bbn_options *options, struct nd_bbn *bbn,
                            struct nd_error *error);
void nd_bbn_clear(struct nd_bbn *bbn);

/* ---- their errors ------------------------------------------------------------------------ */

/* Inputs with errors: the reactions, then these. */
enum nd_bbn_input { ND_INPUT_TAU_N = ND_N_REACTIONS, ND_INPUT_OMEGA_B, ND_N_BBN_INPUTS };

/* "n_p__d_g", ..., "tau_n", "omega_b" */
const char *nd_bbn_input_word(int input);

struct nd_bbn_errors {
    double sigma[ND_N_RATIOS]; /* one standard deviation */
    double correlation[ND_N_RATIOS][ND_N_RATIOS];
    double by_input[ND_N_BBN_INPUTS][ND_N_RATIOS]; /* linear only: what one sigma of it does */
    double mean[ND_N_RATIOS];                      /* Monte Carlo only */
    int samples;                                   /* 0: linear */
};

/* Relative errors of tau_n and omega_b; those of the nuclear rates come with them. */
struct nd_bbn_input_errors {
    double tau_n, omega_b;
};

/* Linear: half the differences of what one sigma up and down of each input gives, added in
 * quadrature. On all cores. Errors: as nd_bbn_solve. */
enum nd_status nd_bbn_errors_linear(const struct nd_bbn_ingredients *ingredients,
                                    const struct nd_nuclear_rates *rates,
                                    const struct nd_bbn_input_errors *input,
                                    const struct nd_bbn_options *options,
                                    struct nd_bbn_errors *errors, struct nd_error *error);

/* Monte Carlo: all inputs drawn at once, log-normal; the same seed gives the same errors on any
 * number of threads. At least 2 samples. Errors: as nd_bbn_solve. */
enum nd_status nd_bbn_errors_monte_carlo(const struct nd_bbn_ingredients *ingredients,
                                         const struct nd_nuclear_rates *rates,
                                         const struct nd_bbn_input_errors *input,
                                         const struct nd_bbn_options *options, int samples,
                                         unsigned long seed, struct nd_bbn_errors *errors,
                                         struct nd_error *error);

#endif
