/* Tests of nudipole/rate_table.h: interpolated rates against nd_rate_compute at random
 * temperatures and the errors the table states for itself, scaling with mu, normalisations, range.
 */
#include "support.h"

#include "nudipole/constants.h"
#include "nudipole/rate_table.h"

TestSuite(rate_table, .init = no_gsl_abort);

static const double REQUESTED = 1e-6; /* tolerance of the tables' quadrature */
static const double M4 = 0.6;

static const struct nd_treatment BEST = {ND_QUANTUM, ND_SCREENING_HTL, ND_NEUTRINOS_DECOUPLED};
static const struct nd_treatment EQUAL = {ND_QUANTUM, ND_SCREENING_HTL, ND_NEUTRINOS_EQUAL};
static const struct nd_treatment CLASSICAL = {ND_MAXWELL_BOLTZMANN, ND_SCREENING_NONE,
                                              ND_NEUTRINOS_DECOUPLED};

struct fixture {
    struct nd_background *background;
    struct nd_rate_table *table;
};

static struct fixture make_fixture(double m4, const struct nd_treatment *treatment, double T_min,
                                   double T_max)
{
    struct fixture fixture;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_background_create(&fixture.background, &error), error);
    ASSERT_OK(nd_rate_table_create(&fixture.table, m4, treatment, fixture.background, T_min, T_max,
                                   REQUESTED, &error),
              error);
    return fixture;
}

static void free_fixture(struct fixture *fixture)
{
    nd_rate_table_free(fixture->table);
    nd_background_free(fixture->background);
}

static struct nd_background_state state_at(const struct fixture *fixture, double T)
{
    struct nd_background_state state;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_background_at(fixture->background, T, &state, &error), error);
    return state;
}

static struct nd_rates rates_at(const struct fixture *fixture, double mu,
                                const struct nd_background_state *state)
{
    struct nd_rates rates;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_OK(nd_rate_table_at(fixture->table, mu, state, &rates, &error), error);
    return rates;
}

static double direct(enum nd_channel channel, double m4, const struct nd_treatment *treatment,
                     double T, double T_nu)
{
    const struct nd_model model = {m4, 1.0, ND_FLAVOUR_TAU};
    struct nd_plasma plasma;
    struct nd_rate rate;
    struct nd_error error = ND_ERROR_INIT;
    nd_plasma_init(&plasma, T);
    ASSERT_OK(nd_rate_compute(&rate, channel, &model, treatment, &plasma, T_nu, 1e-9, &error),
              error);
    return exp(rate.log_gamma);
}

/* Reproducible numbers in [0, 1): Knuth's linear congruential generator. */
static double next_random(unsigned long long *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* Gain and loss of all channels agree with the direct computation within `factor` times what the
 * table claims, relative to all channels together, as the claim is. */
static void compare_with_direct(double m4, const struct nd_treatment *treatment, double T_min,
                                double T_max, int n_points, double largest_claim)
{
    const double factor = 3.0;    /* the estimate samples every second node only */
    const double rounding = 1e-9; /* of the background's T_nu, to which the exponent is sensitive */
    unsigned long long seed = 20240117;
    struct fixture fixture = make_fixture(m4, treatment, T_min, T_max);
    for (int i = 0; i < n_points; i++) {
        const double T = T_min * pow(T_max / T_min, next_random(&seed));
        const struct nd_background_state state = state_at(&fixture, T);
        const struct nd_rates rates = rates_at(&fixture, 1.0, &state);
        const double T_nu = nd_collision_T_nu(treatment, &state);
        double gain[ND_N_CHANNELS], loss[ND_N_CHANNELS], all_gain = 0.0, all_loss = 0.0;
        for (int c = 0; c < ND_N_CHANNELS; c++) {
            all_gain += gain[c] = direct((enum nd_channel)c, m4, treatment, T, T_nu);
            all_loss += loss[c] = direct((enum nd_channel)c, m4, treatment, T, T);
        }
        for (int c = 0; c < ND_N_CHANNELS; c++) {
            const enum nd_channel channel = (enum nd_channel)c;
            const double claim = nd_rate_table_interpolation_error(fixture.table, channel) +
                                 nd_rate_table_quadrature_error(fixture.table, channel);
            cr_assert(claim <= largest_claim, "%s claims an error of %g only",
                      nd_channel_name(channel), claim);
            const double allowed = factor * claim + rounding;
            ASSERT_NEAR(exp(rates.log_loss[c]) / all_loss, loss[c] / all_loss, allowed,
                        "%s, loss at T = %g, m4 = %g", nd_channel_name(channel), T, m4);
            ASSERT_NEAR(exp(rates.log_gain[c]) / all_gain, gain[c] / all_gain, allowed,
                        "%s, gain at T = %g, m4 = %g", nd_channel_name(channel), T, m4);
        }
        const struct nd_model model = {m4, 1.0, ND_FLAVOUR_TAU};
        ASSERT_NEAR(rates.log_n_eq, nd_log_n_equilibrium(&model, treatment->statistics, T), 1e-5,
                    "ln n_N^eq at T = %g", T);
    }
    free_fixture(&fixture);
}

Test(rate_table, agrees_with_direct_computation)
{
    compare_with_direct(M4, &BEST, 0.05, 10.0, 40, 2e-5);
}

Test(rate_table, agrees_with_direct_computation_classical)
{
    compare_with_direct(M4, &CLASSICAL, 0.02, 20.0, 60, 2e-5);
}

Test(rate_table, agrees_with_direct_computation_across_a_threshold)
{
    /* m4 = 0.1 MeV: inverse decay closes and plasmon decay opens at 0.885 MeV. */
    compare_with_direct(0.1, &BEST, 0.3, 3.0, 40, 5e-5);
}

Test(rate_table, equal_temperatures_balance)
{
    /* neutrinos at T: gain and loss are the same number */
    struct fixture fixture = make_fixture(M4, &EQUAL, 0.1, 1.0);
    for (double T = 0.11; T < 1.0; T *= 1.3) {
        const struct nd_background_state state = state_at(&fixture, T);
        const struct nd_rates rates = rates_at(&fixture, 1.0, &state);
        ASSERT_CLOSE(nd_collision_T_nu(&EQUAL, &state), T, 0.0, "T_nu");
        for (int c = 0; c < ND_PLASMON_DECAY; c++)
            ASSERT_NEAR(rates.log_gain[c], rates.log_loss[c], 1e-12, "channel %d at %g", c, T);
    }
    free_fixture(&fixture);
}

Test(rate_table, scales_with_mu_squared)
{
    const double mu = 2.9e-10, rounding = 1e-12;
    struct fixture fixture = make_fixture(M4, &BEST, 0.5, 8.0);
    for (double T = 0.5; T <= 8.0; T *= 2.0) {
        const struct nd_background_state state = state_at(&fixture, T);
        const struct nd_rates one = rates_at(&fixture, 1.0, &state);
        const struct nd_rates other = rates_at(&fixture, mu, &state);
        for (int c = 0; c < ND_N_CHANNELS; c++) {
            if (one.log_gain[c] == -INFINITY) {
                cr_assert(other.log_gain[c] == -INFINITY && c == ND_PLASMON_DECAY);
                continue;
            }
            ASSERT_NEAR(other.log_gain[c] - one.log_gain[c], 2.0 * log(mu), 60.0 * rounding,
                        "gain %d", c);
            ASSERT_NEAR(other.log_loss[c] - one.log_loss[c], 2.0 * log(mu), 60.0 * rounding,
                        "loss %d", c);
        }
        ASSERT_CLOSE(other.log_n_eq, one.log_n_eq, rounding, "ln n_N^eq");
    }
    free_fixture(&fixture);
}

Test(rate_table, plasmon_decay_is_never_nan)
{
    /* its spline starts from exact zeros */
    struct fixture fixture = make_fixture(0.1, &BEST, 0.3, 3.0);
    int closed = 0, open = 0;
    for (double T = 0.3; T <= 3.0; T *= 1.001) {
        const struct nd_background_state state = state_at(&fixture, T);
        const struct nd_rates rates = rates_at(&fixture, 1.0, &state);
        const double log_gain = rates.log_gain[ND_PLASMON_DECAY];
        cr_assert(!isnan(log_gain) && !isnan(rates.log_loss[ND_PLASMON_DECAY]), "NAN at T = %g", T);
        if (log_gain == -INFINITY)
            closed++;
        else
            open++;
        /* one node, 0.1 in ln T, on either side of T* = 0.885 MeV */
        cr_assert(T > 0.79 || log_gain == -INFINITY, "open at T = %g", T);
        cr_assert(T < 1.0 || isfinite(log_gain), "closed at T = %g", T);
    }
    cr_assert(closed > 0 && open > 0);
    free_fixture(&fixture);
}

Test(rate_table, normalisations)
{
    struct fixture fixture = make_fixture(M4, &BEST, 0.1, 2.0);
    const double mu = 3e-10, rounding = 1e-12;
    for (double T = 0.1; T < 2.0; T *= 1.7) {
        const struct nd_background_state state = state_at(&fixture, T);
        const struct nd_rates rates = rates_at(&fixture, mu, &state);
        for (int c = 0; c < ND_PLASMON_DECAY; c++) {
            const enum nd_channel channel = (enum nd_channel)c;
            const double gamma = exp(rates.log_gain[c]);
            const double unit = 3.0 * ND_ZETA3 / (4.0 * ND_PI * ND_PI);
            ASSERT_CLOSE(nd_gamma_over_H_per_neutrino(&rates, &state, &BEST, channel),
                         gamma / (unit * pow(state.T_nu, 3)) / state.H, rounding,
                         "per neutrino, decoupled, at %g", T);
            ASSERT_CLOSE(nd_gamma_over_H_per_neutrino(&rates, &state, &EQUAL, channel),
                         gamma / (unit * pow(T, 3)) / state.H, rounding,
                         "per neutrino, equal, at %g", T);
            ASSERT_CLOSE(nd_gamma_over_H_per_N(&rates, &state, channel),
                         gamma / exp(rates.log_n_eq) / state.H, rounding, "per N at %g", T);
        }
        ASSERT_CLOSE(nd_collision_T_nu(&BEST, &state), state.T_nu, 0.0, "T_nu");
        cr_assert(state.T_nu < T);
    }
    free_fixture(&fixture);
}

Test(rate_table, knows_what_it_was_built_for)
{
    struct fixture fixture = make_fixture(M4, &CLASSICAL, 0.2, 2.0);
    ASSERT_CLOSE(nd_rate_table_m4(fixture.table), M4, 0.0, "m4");
    ASSERT_CLOSE(nd_rate_table_T_min(fixture.table), 0.2, 0.0, "T_min");
    ASSERT_CLOSE(nd_rate_table_T_max(fixture.table), 2.0, 0.0, "T_max");
    const struct nd_treatment *treatment = nd_rate_table_treatment(fixture.table);
    cr_assert(treatment->statistics == CLASSICAL.statistics &&
              treatment->screening == CLASSICAL.screening &&
              treatment->neutrinos == CLASSICAL.neutrinos);
    /* at most 0.1 in ln T between nodes */
    cr_assert(nd_rate_table_nodes(fixture.table) > log(2.0 / 0.2) / 0.1);
    free_fixture(&fixture);
    nd_rate_table_free(NULL);
}

Test(rate_table, range_errors)
{
    struct fixture fixture = make_fixture(M4, &CLASSICAL, 0.2, 2.0);
    const double outside[] = {0.199, 2.001};
    const char *fragments[] = {"T = 0.199 MeV", "T = 2.001 MeV"};
    for (int i = 0; i < 2; i++) {
        const struct nd_background_state state = state_at(&fixture, outside[i]);
        struct nd_rates rates;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(nd_rate_table_at(fixture.table, 1.0, &state, &rates, &error), error,
                     ND_BAD_INPUT, fragments[i]);
        cr_assert(strstr(error.message, "0.2 to 2 MeV") != NULL, "'%s' lacks the range",
                  error.message);
    }
    /* both ends belong to the table, also when T went through a logarithm */
    const double ends[] = {0.2, 2.0, exp(log(0.2)), exp(log(2.0))};
    for (int i = 0; i < 4; i++) {
        const struct nd_background_state state = state_at(&fixture, ends[i]);
        const struct nd_rates rates = rates_at(&fixture, 1.0, &state);
        cr_assert(isfinite(rates.log_gain[ND_INVERSE_DECAY]));
    }
    free_fixture(&fixture);
}

Test(rate_table, creation_errors)
{
    static const struct {
        double m4, T_min, T_max;
        const char *fragment;
    } cases[] = {{0.6, 0.009, 1.0, "T = 0.009 to 1 MeV"},
                 {0.6, 1.0, 101.0, "T = 1 to 101 MeV"},
                 {0.6, 2.0, 1.0, "must increase"},
                 {0.6, NAN, 1.0, "within 0.01 to 100 MeV"},
                 {-0.6, 0.1, 1.0, "m4 = -0.6 MeV"}};
    struct nd_background *background;
    struct nd_error fine = ND_ERROR_INIT;
    ASSERT_OK(nd_background_create(&background, &fine), fine);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nd_rate_table *table;
        struct nd_error error = ND_ERROR_INIT;
        ASSERT_ERROR(nd_rate_table_create(&table, cases[i].m4, &CLASSICAL, background,
                                          cases[i].T_min, cases[i].T_max, REQUESTED, &error),
                     error, ND_BAD_INPUT, cases[i].fragment);
        cr_assert(table == NULL, "case %zu", i);
    }
    nd_background_free(background);
}

Test(rate_table, covers_its_whole_range_of_temperatures)
{
    /* margins included, a table over all temperatures stays inside the background's range */
    struct fixture fixture = make_fixture(M4, &CLASSICAL, ND_RATE_T_MIN, ND_RATE_T_MAX);
    for (double T = ND_RATE_T_MIN; T <= ND_RATE_T_MAX; T *= 1.5) {
        const struct nd_background_state state = state_at(&fixture, T);
        const struct nd_rates rates = rates_at(&fixture, 1.0, &state);
        for (int c = 0; c < ND_PLASMON_DECAY; c++)
            cr_assert(isfinite(rates.log_gain[c]) && isfinite(rates.log_loss[c]),
                      "channel %d at T = %g", c, T);
    }
    free_fixture(&fixture);
}
