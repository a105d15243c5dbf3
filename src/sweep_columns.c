/* What a sweep can store of a point: see nudipole/sweep_columns.h. */
#include "nudipole/sweep_columns.h"

#include <string.h>

#define CRITERION(function, expression)                                                            \
    static double function(const struct nd_point *p)                                               \
    {                                                                                              \
        return p->criteria.expression;                                                             \
    }
#define LIGHT(function, expression)                                                                \
    static double function(const struct nd_point *p)                                               \
    {                                                                                              \
        return p->light.expression;                                                                \
    }
#define UNIVERSE(function, expression)                                                             \
    static double function(const struct nd_point *p)                                               \
    {                                                                                              \
        return p->universe.expression;                                                             \
    }
#define PREDICTION(name, OBSERVABLE)                                                               \
    LIGHT(name##_value, prediction.value[OBSERVABLE])                                              \
    LIGHT(name##_error, prediction.error[OBSERVABLE])                                              \
    static double name##_pull(const struct nd_point *p)                                            \
    {                                                                                              \
        return p->verdict.pull[OBSERVABLE];                                                        \
    }

CRITERION(max_gamma, total_gamma_over_H.value)
CRITERION(max_gamma_T, total_gamma_over_H.T)
CRITERION(max_n, n_over_neq.value)
CRITERION(max_n_T, n_over_neq.T)
CRITERION(max_rho, rho_N_over_rho_gamma.value)
CRITERION(paper, thermalises_paper)
CRITERION(dynamical, thermalises_dynamical)
PREDICTION(Y_p, ND_OBSERVABLE_Y_P)
PREDICTION(D_H, ND_OBSERVABLE_D_H)
PREDICTION(He3_H, ND_OBSERVABLE_HE3_H)
PREDICTION(Li7_H, ND_OBSERVABLE_LI7_H)
LIGHT(eta_bbn, bbn.eta_bbn)
LIGHT(eta_cmb, bbn.eta_end)
UNIVERSE(N_eff, end.N_eff)
UNIVERSE(N_eff_is_final, N_eff_is_final)
UNIVERSE(coupled_rho, max_rho_N_over_rho_gamma)
UNIVERSE(coupled_rho_T, max_rho_N_T)
UNIVERSE(energy_residual, energy_residual)

static double final_a_T(const struct nd_point *p)
{
    return p->universe.end.a * p->universe.end.T;
}

static double rho_left(const struct nd_point *p)
{
    return p->universe.end.rho_N / p->universe.end.rho_gamma;
}

static double N_eff_error(const struct nd_point *p)
{
    return p->N_eff_error;
}

static double N_eff_pull(const struct nd_point *p)
{
    return p->verdict.pull[ND_OBSERVABLE_N_EFF];
}

static double chi2(const struct nd_point *p)
{
    return p->verdict.chi2_total;
}

static double sigma(const struct nd_point *p)
{
    return p->verdict.sigma;
}

static const char *verdict(const struct nd_point *p)
{
    return nd_verdict_word(p->verdict.verdict);
}

static const char *decided_by(const struct nd_point *p)
{
    return nd_observable_word(p->verdict.deciding);
}

static const char *through(const struct nd_point *p)
{
    const char *effect = nd_point_through(p, p->verdict.deciding);
    return effect != NULL ? effect : "-";
}

enum {
    RATES = ND_POINT_RATES,
    TEST = ND_POINT_ABUNDANCE,
    COUPLED = ND_POINT_UNIVERSE,
    NUCLEOSYNTHESIS = ND_POINT_UNIVERSE | ND_POINT_LIGHT,
    JUDGED = NUCLEOSYNTHESIS | ND_POINT_EFFECTS
};

static const struct nd_sweep_column COLUMNS[] = {
    {"N_eff", 0, COUPLED, N_eff, NULL},
    {"N_eff_error", 0, COUPLED | ND_POINT_N_EFF_ERROR, N_eff_error, NULL},
    {"N_eff_is_final", 0, COUPLED, N_eff_is_final, NULL},
    {"Y_p", 0, NUCLEOSYNTHESIS, Y_p_value, NULL},
    {"Y_p_error", 0, NUCLEOSYNTHESIS, Y_p_error, NULL},
    {"D_H", 0, NUCLEOSYNTHESIS, D_H_value, NULL},
    {"D_H_error", 0, NUCLEOSYNTHESIS, D_H_error, NULL},
    {"He3_H", 0, NUCLEOSYNTHESIS, He3_H_value, NULL},
    {"He3_H_error", 0, NUCLEOSYNTHESIS, He3_H_error, NULL},
    {"Li7_H", 0, NUCLEOSYNTHESIS, Li7_H_value, NULL},
    {"Li7_H_error", 0, NUCLEOSYNTHESIS, Li7_H_error, NULL},
    {"eta_cmb", 0, NUCLEOSYNTHESIS, eta_cmb, NULL},
    {"eta_bbn", 0, NUCLEOSYNTHESIS, eta_bbn, NULL},
    {"max_rho_N_over_rho_gamma", 0, COUPLED, coupled_rho, NULL},
    {"T_max_rho_N_MeV", 0, COUPLED, coupled_rho_T, NULL},
    {"rho_N_over_rho_gamma_at_end", 0, COUPLED, rho_left, NULL},
    {"final_a_T", 0, COUPLED, final_a_T, NULL},
    {"energy_residual", 0, COUPLED, energy_residual, NULL},
    {"pull_N_eff", 0, JUDGED, N_eff_pull, NULL},
    {"pull_Y_p", 0, JUDGED, Y_p_pull, NULL},
    {"pull_D_H", 0, JUDGED, D_H_pull, NULL},
    {"pull_He3_H", 0, JUDGED, He3_H_pull, NULL},
    {"pull_Li7_H", 0, JUDGED, Li7_H_pull, NULL},
    {"chi2", 0, JUDGED, chi2, NULL},
    {"sigma", 0, JUDGED, sigma, NULL},
    {"verdict", 1, JUDGED, NULL, verdict},
    {"decided_by", 1, JUDGED, NULL, decided_by},
    {"through", 1, JUDGED, NULL, through},
    {"max_Gamma_over_H", 0, RATES, max_gamma, NULL},
    {"T_max_Gamma_MeV", 0, RATES, max_gamma_T, NULL},
    {"max_n_over_neq", 0, TEST, max_n, NULL},
    {"T_max_n_MeV", 0, TEST, max_n_T, NULL},
    {"max_rho_N_over_rho_gamma_test_particle", 0, TEST, max_rho, NULL},
    {"thermalises_paper", 0, RATES, paper, NULL},
    {"thermalises_dynamical", 0, TEST, dynamical, NULL},
};

enum { N_COLUMNS = sizeof COLUMNS / sizeof COLUMNS[0] };

const struct nd_sweep_column *nd_sweep_column(int index)
{
    return index >= 0 && index < N_COLUMNS ? &COLUMNS[index] : NULL;
}

const struct nd_sweep_column *nd_sweep_column_named(const char *name)
{
    for (int i = 0; i < N_COLUMNS; i++)
        if (strcmp(COLUMNS[i].name, name) == 0)
            return &COLUMNS[i];
    return NULL;
}

/* Without N there is none to follow as a test particle. */
static int parts_of_evolve(const struct nd_params *p)
{
    if (p->backreaction == ND_BACKREACTION_OFF)
        return p->sterile ? ND_POINT_CRITERIA : 0;
    return ND_POINT_UNIVERSE | (p->error_estimate ? ND_POINT_N_EFF_ERROR : 0);
}

int nd_sweep_parts(const struct nd_params *p)
{
    switch ((enum nd_sweep_work)p->work) {
    case ND_WORK_RATES:
        return p->sterile ? ND_POINT_RATES : 0;
    case ND_WORK_EVOLVE:
        return parts_of_evolve(p);
    case ND_WORK_BBN:
        return NUCLEOSYNTHESIS;
    case ND_WORK_VIABILITY:
        break;
    }
    return (p->sterile ? ND_POINT_CRITERIA : 0) | (p->light_elements ? JUDGED : 0);
}

int nd_sweep_uses(int parts)
{
    const int coupled = ND_POINT_UNIVERSE | ND_POINT_LIGHT;
    return (parts & coupled ? ND_USE_UNIVERSE | ND_USE_STERILE : 0) |
           (parts & ND_POINT_CRITERIA || !(parts & coupled) ? ND_USE_EVOLUTION : 0) |
           (parts & ND_POINT_LIGHT ? ND_USE_BBN : 0) |
           (parts & ND_POINT_EFFECTS ? ND_USE_VERDICT : 0);
}
