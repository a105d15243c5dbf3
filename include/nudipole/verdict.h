/* Measured observables of the early Universe, and the verdict on a prediction against them.
 *
 *   pull   (prediction - measured) / sqrt(error of the prediction^2 + error of the measurement^2)
 *   chi^2  sum of squared pulls of the observables in use, taken as independent
 *   sigma  how many standard deviations of a Gaussian, two-sided, have the p-value of that chi^2
 *          for as many degrees of freedom as there are observables in use
 *
 * sigma < 2: allowed; 2 to 3: in tension; above 3: excluded. */
#ifndef NUDIPOLE_VERDICT_H
#define NUDIPOLE_VERDICT_H

#include "nudipole/error.h"
#include "nudipole/values.h"

enum nd_observable {
    ND_OBSERVABLE_N_EFF,
    ND_OBSERVABLE_Y_P, /* mass fraction */
    ND_OBSERVABLE_D_H, /* this and the next two: ratios by number */
    ND_OBSERVABLE_HE3_H,
    ND_OBSERVABLE_LI7_H,
    ND_N_OBSERVABLES
};

/* "N_eff", "Y_p", "D_H", "He3_H", "Li7_H": in files. */
const char *nd_observable_word(enum nd_observable observable);

/* "N_eff", "Y_p", "D/H", "3He/H", "7Li/H": for people. */
const char *nd_observable_label(enum nd_observable observable);

struct nd_observation {
    int known; /* 0: not in the file */
    int used;  /* does it enter the verdict? */
    double value, error;
    char source[ND_TEXT_MAX];
    char date[ND_TEXT_MAX]; /* "" if not given */
};

struct nd_observations {
    char file[1024];
    struct nd_observation items[ND_N_OBSERVABLES];
};

/* Reads an observations.ini: a section an observable, named by its word, with the keys value,
 * error, source, date (optional) and used (yes if left out). Errors: ND_IO_ERROR if the file cannot
 * be read; ND_BAD_INPUT for its contents, with file and line, and if nothing is used. After an
 * error no observable is known. */
enum nd_status nd_observations_read(struct nd_observations *observations, const char *path,
                                    struct nd_error *error);

struct nd_prediction {
    double value[ND_N_OBSERVABLES];
    double error[ND_N_OBSERVABLES]; /* of the theory, 1 sigma; 0: none */
};

enum nd_verdict_class { ND_ALLOWED, ND_IN_TENSION, ND_EXCLUDED };

/* "allowed", "in tension", "excluded" */
const char *nd_verdict_word(enum nd_verdict_class verdict);

struct nd_verdict {
    double pull[ND_N_OBSERVABLES]; /* NAN where not known; of known ones that are not used, too */
    double chi2[ND_N_OBSERVABLES]; /* pull^2 */
    double chi2_total;             /* of those in use */
    int n_used;
    double sigma;
    enum nd_observable deciding; /* the one in use with the largest chi^2 */
    enum nd_verdict_class verdict;
};

/* Judges a prediction. What is predicted for observables that are not known is not looked at; for
 * known ones that are not used it may be NAN. Errors: ND_BAD_INPUT if a prediction in use or its
 * error is not finite, an error is negative, nothing is used, or chi^2 overflows; sigma is NAN
 * then, and the rest means nothing. */
enum nd_status nd_verdict_judge(const struct nd_observations *observations,
                                const struct nd_prediction *prediction, struct nd_verdict *verdict,
                                struct nd_error *error);

/* The sigma of chi2 >= 0 for n >= 1 degrees of freedom: the solution of
 *     erfc(sigma/sqrt(2)) = Gamma(n/2, chi2/2)/Gamma(n/2),
 * for n = 1 the square root of chi2. It is found from the logarithms of the two sides, so it does
 * not end where they underflow. Accuracy 1e-14, absolute below 1 and relative above. NAN for
 * arguments out of range. */
double nd_chi2_sigma(double chi2, int n);

#endif
