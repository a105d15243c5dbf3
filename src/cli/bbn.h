/* What the files of `nudipole bbn` share: cmd_bbn.c (the runs), bbn_report.c (tables, terminal,
 * summary, figures). */
#ifndef ND_CLI_BBN_H
#define ND_CLI_BBN_H

#include "light.h"

/* A row of omega_b.dat; errors are those of nuclear rates and tau_n. */
struct nd_cli_omega_b {
    double omega_b, eta;
    double ratio[ND_N_RATIOS], sigma[ND_N_RATIOS];
};

struct nd_cli_bbn {
    struct nd_params params;
    struct nd_nuclear_rates *rates;
    struct nd_observations observations;
    struct nd_light_elements *results; /* one a T_RH */
    struct nd_verdict *verdicts;       /* the same */
    struct nd_cli_omega_b *omega_b;    /* omega_b_points, of the first T_RH */
};

/* Writes run.ini, tables, summary and figures. */
enum nd_status nd_cli_bbn_finish(const struct nd_cli_options *options, const struct nd_cli_bbn *run,
                                 const char *folder, const char *caption, struct nd_error *error);

#endif
