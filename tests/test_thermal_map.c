/* The map of mass and coupling: its cells and columns against the functions they are made of, its
 * thresholds and highest reheating temperatures against full solutions on either side. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "nudipole/params.h"
#include "nudipole/thermal_map.h"
#include "nudipole/units.h"
#include "support.h"

static struct nd_background *background;
static struct nd_error error;

static void setup(void)
{
    gsl_set_error_handler_off();
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_OK(nd_background_create(&background, &error), error);
}

static void teardown(void)
{
    nd_background_free(background);
}

TestSuite(thermal_map, .init = setup, .fini = teardown);

/* The hotter T_RH is not the last: the table must reach it all the same. */
static struct nd_map_options options_of(enum nd_treatment_name name)
{
    return (struct nd_map_options){
        .treatment = nd_named_treatment(name),
        .T_RH = {2, {5.0, 2.0}},
        .T_end = 0.01,
        .x_max = 3.0,
        .fractions = {3, {0.1, 0.5, 0.9}},
        .rho = 0.01,
        .mu_max = 1e-3 * nd_bohr_magneton(),
        .tolerance = 1e-5,
    };
}

static struct nd_rate_table *table_of(const struct nd_map_options *o, double m4, double T_max)
{
    struct nd_rate_table *table;
    ASSERT_OK(nd_rate_table_create(&table, m4, &o->treatment, background, o->T_end, T_max,
                                   o->tolerance, &error),
              error);
    return table;
}

/* The verdict of CVODE's solution. */
static struct nd_viability judged(const struct nd_rate_table *table, const struct nd_map_options *o,
                                  double T_RH, double mu, double fraction)
{
    const struct nd_viability_options judge = {fraction, o->x_max};
    struct nd_abundance_options options = nd_abundance_defaults(T_RH);
    struct nd_abundance_history history;
    struct nd_model model;
    struct nd_viability v;
    options.T_end = o->T_end;
    ASSERT_OK(nd_model_init(&model, nd_rate_table_m4(table), mu, ND_CONVENTION_HALF, ND_FLAVOUR_TAU,
                            &error),
              error);
    ASSERT_OK(nd_abundance_solve(&model, table, background, &options, &history, &error), error);
    ASSERT_OK(nd_viability_judge(&model, table, background, &history, &judge, &v, &error), error);
    nd_abundance_history_clear(&history);
    return v;
}

/* ---- the map ----------------------------------------------------------------------------- */

enum { N_MASSES = 4, N_MU = 9 };
static const double MASSES[N_MASSES] = {0.05, 0.26, 0.6, 5.0};

static void fill_couplings(double mu[N_MU])
{
    for (int k = 0; k < N_MU; k++)
        mu[k] = 1e-12 * pow(10.0, 0.5 * k) * nd_bohr_magneton();
}

static const struct nd_map_column *column_at(const struct nd_thermal_map *map, int t, int i)
{
    return &map->columns[t * map->n_masses + i];
}

static const struct nd_map_cell *cell_at(const struct nd_thermal_map *map, int t, int i, int k)
{
    return &map->cells[(t * map->n_masses + i) * map->n_mu + k];
}

static void same_columns(const struct nd_map_column *a, const struct nd_map_column *b)
{
    cr_assert(a->paper.m4 == b->paper.m4 && a->paper.mu == b->paper.mu &&
              a->paper.T == b->paper.T && a->paper.dominant == b->paper.dominant &&
              a->paper.relative_error == b->paper.relative_error);
    for (int i = 0; i < 3; i++)
        cr_assert(a->mu_fraction[i] == b->mu_fraction[i]);
    cr_assert(a->mu_rho == b->mu_rho);
}

static void same_cells(const struct nd_map_cell *a, const struct nd_map_cell *b)
{
    cr_assert(a->gamma_over_H == b->gamma_over_H && a->maxima.n_over_neq == b->maxima.n_over_neq &&
              a->maxima.at_window_edge == b->maxima.at_window_edge &&
              a->maxima.rho_N_over_rho_gamma == b->maxima.rho_N_over_rho_gamma);
}

struct told {
    int calls, last, total;
};

static void remember(int done, int total, void *context)
{
    struct told *told = context;
    told->calls++;
    told->last = done > told->last ? done : told->last;
    told->total = total;
}

/* Column and cells of one mass and T_RH, from the functions that do the work. */
static void check_column(const struct nd_thermal_map *map, const struct nd_map_options *o,
                         const struct nd_rate_table *table, int t, int i, const double *mu)
{
    const double T_RH = o->T_RH.values[t];
    const struct nd_map_column *column = column_at(map, t, i);
    struct nd_map_column expected = {0};
    struct nd_abundance_scan *scan;
    nd_curve_point_compute(table, background, o->T_end, T_RH, &expected.paper);
    ASSERT_OK(nd_abundance_scan_create(&scan, table, background, T_RH, o->T_end, o->x_max, &error),
              error);
    for (int f = 0; f < o->fractions.n; f++)
        expected.mu_fraction[f] =
            nd_abundance_scan_threshold(scan, 0, o->fractions.values[f], o->mu_max);
    expected.mu_rho = nd_abundance_scan_threshold(scan, 1, o->rho, o->mu_max);
    same_columns(column, &expected);
    cr_assert(column->paper.m4 == MASSES[i] && column->paper.T <= T_RH);
    cr_assert(column->mu_fraction[0] < column->mu_fraction[1] &&
              column->mu_fraction[1] < column->mu_fraction[2]);
    for (int k = 0; k < N_MU; k++) {
        const struct nd_map_cell *cell = cell_at(map, t, i, k);
        struct nd_map_cell own = {.gamma_over_H = cell->gamma_over_H};
        struct nd_extremum total;
        struct nd_model model;
        nd_abundance_scan_maxima(scan, mu[k], &own.maxima);
        same_cells(cell, &own);
        ASSERT_OK(
            nd_model_init(&model, MASSES[i], mu[k], ND_CONVENTION_HALF, ND_FLAVOUR_TAU, &error),
            error);
        ASSERT_OK(
            nd_max_gamma_over_H(&model, table, background, o->T_end, T_RH, &total, NULL, &error),
            error);
        ASSERT_CLOSE(cell->gamma_over_H, pow(mu[k] / column->paper.mu, 2.0), 1e-13,
                     "Gamma/H goes as mu^2");
        ASSERT_CLOSE(cell->gamma_over_H, total.value, 1e-10, "Gamma/H of m4 = %g", MASSES[i]);
        /* a cell and the curves say the same */
        for (int f = 0; f < o->fractions.n; f++)
            cr_assert((cell->maxima.n_over_neq >= o->fractions.values[f]) ==
                      (mu[k] >= column->mu_fraction[f]));
        cr_assert((cell->maxima.rho_N_over_rho_gamma >= o->rho) == (mu[k] >= column->mu_rho));
        const struct nd_map_cell *before = k > 0 ? cell_at(map, t, i, k - 1) : NULL;
        if (before != NULL && cell->maxima.n_over_neq < 0.3)
            cr_assert(cell->maxima.n_over_neq > 5.0 * before->maxima.n_over_neq,
                      "few N: nearly as mu^2, a factor 10 from one coupling to the next");
    }
    nd_abundance_scan_free(scan);
}

Test(thermal_map, columns_and_cells_are_those_of_single_masses)
{
    double mu[N_MU];
    fill_couplings(mu);
    for (int n = 0; n < 2; n++) {
        struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
        o.treatment.neutrinos = n == 0 ? ND_NEUTRINOS_EQUAL : ND_NEUTRINOS_DECOUPLED;
        struct nd_thermal_map map;
        struct told told = {0};
        ASSERT_OK(nd_thermal_map_create(&map, background, &o, MASSES, N_MASSES, mu, N_MU, remember,
                                        &told, &error),
                  error);
        cr_assert(map.n_masses == N_MASSES && map.n_mu == N_MU && map.n_T_RH == 2);
        cr_assert(map.failed == 0);
        cr_assert(told.calls == N_MASSES && told.last == N_MASSES && told.total == N_MASSES);
        for (int i = 0; i < N_MASSES; i++) {
            cr_assert(map.errors[i].status == ND_OK);
            struct nd_rate_table *table = table_of(&o, MASSES[i], 5.0);
            for (int t = 0; t < 2; t++)
                check_column(&map, &o, table, t, i, mu);
            nd_rate_table_free(table);
        }
        nd_thermal_map_clear(&map);
        cr_assert(map.columns == NULL && map.cells == NULL && map.errors == NULL);
    }
}

Test(thermal_map, nothing_is_found_above_mu_max)
{
    struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
    struct nd_thermal_map map;
    double mu[N_MU];
    fill_couplings(mu);
    o.mu_max = 1e-12 * nd_bohr_magneton();
    ASSERT_OK(
        nd_thermal_map_create(&map, background, &o, MASSES, N_MASSES, mu, N_MU, NULL, NULL, &error),
        error);
    for (int j = 0; j < 2 * N_MASSES; j++) {
        const struct nd_map_column *column = &map.columns[j];
        cr_assert(isinf(column->mu_fraction[0]) && isinf(column->mu_fraction[2]) &&
                  isinf(column->mu_rho));
        cr_assert(isfinite(column->paper.mu), "Gamma/H has no limit");
    }
    nd_thermal_map_clear(&map);
}

#ifdef _OPENMP
Test(thermal_map, threads_do_not_matter)
{
    const struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
    const int threads[2] = {1, 3}, before = omp_get_max_threads();
    struct nd_thermal_map maps[2];
    double mu[N_MU];
    fill_couplings(mu);
    for (int m = 0; m < 2; m++) {
        omp_set_num_threads(threads[m]);
        ASSERT_OK(nd_thermal_map_create(&maps[m], background, &o, MASSES, N_MASSES, mu, N_MU, NULL,
                                        NULL, &error),
                  error);
    }
    omp_set_num_threads(before);
    for (int j = 0; j < 2 * N_MASSES; j++)
        same_columns(&maps[0].columns[j], &maps[1].columns[j]);
    for (int j = 0; j < 2 * N_MASSES * N_MU; j++)
        same_cells(&maps[0].cells[j], &maps[1].cells[j]);
    nd_thermal_map_clear(&maps[0]);
    nd_thermal_map_clear(&maps[1]);
}
#endif

Test(thermal_map, a_mass_that_fails_is_marked_and_the_others_go_on)
{
    /* no mass at all, and one so large that exp(-m4/T) is 0 */
    const struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
    const double masses[] = {0.26, -1.0, 0.6, 1e4}, good[] = {0.26, 0.6};
    struct nd_thermal_map map, reference;
    double mu[N_MU];
    fill_couplings(mu);
    ASSERT_OK(nd_thermal_map_create(&map, background, &o, masses, 4, mu, N_MU, NULL, NULL, &error),
              error);
    ASSERT_OK(
        nd_thermal_map_create(&reference, background, &o, good, 2, mu, N_MU, NULL, NULL, &error),
        error);
    cr_assert(map.failed == 2, "%d failed", map.failed);
    cr_assert(map.errors[1].status == ND_BAD_INPUT && strstr(map.errors[1].message, "-1") != NULL,
              "%s", map.errors[1].message);
    cr_assert(map.errors[3].status != ND_OK && strstr(map.errors[3].message, "10000") != NULL, "%s",
              map.errors[3].message);
    for (int i = 0; i < 2; i++) {
        cr_assert(map.errors[2 * i].status == ND_OK);
        for (int t = 0; t < 2; t++) {
            same_columns(column_at(&map, t, 2 * i), column_at(&reference, t, i));
            for (int k = 0; k < N_MU; k++)
                same_cells(cell_at(&map, t, 2 * i, k), cell_at(&reference, t, i, k));
        }
    }
    nd_thermal_map_clear(&map);
    nd_thermal_map_clear(&reference);
}

Test(thermal_map, options_that_no_mass_survives)
{
    double mu[N_MU];
    fill_couplings(mu);
    for (int k = 0; k < 4; k++) {
        static const char *const FRAGMENTS[] = {"200", "T", "x_max = 0", "T"};
        struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
        struct nd_thermal_map map;
        if (k == 0)
            o.T_RH.values[0] = 200.0; /* no table reaches so far */
        else if (k == 1)
            o.T_RH.values[1] = 0.005; /* below T_end; the other T_RH is fine */
        else if (k == 2)
            o.x_max = 0.0;
        else
            o.T_end = 10.0;
        ASSERT_OK(nd_thermal_map_create(&map, background, &o, MASSES, N_MASSES, mu, N_MU, NULL,
                                        NULL, &error),
                  error);
        cr_assert(map.failed == N_MASSES, "case %d: %d failed", k, map.failed);
        for (int i = 0; i < N_MASSES; i++)
            cr_assert(map.errors[i].status == ND_BAD_INPUT &&
                          strstr(map.errors[i].message, FRAGMENTS[k]) != NULL,
                      "case %d: %s", k, map.errors[i].message);
        nd_thermal_map_clear(&map);
    }
}

/* ---- against full solutions ---------------------------------------------------------------- */

static void check_threshold(const struct nd_map_options *o, double m4)
{
    const double mu = 1e-10 * nd_bohr_magneton();
    struct nd_thermal_map map;
    ASSERT_OK(nd_thermal_map_create(&map, background, o, &m4, 1, &mu, 1, NULL, NULL, &error),
              error);
    cr_assert(map.failed == 0, "%s", map.errors[0].message);
    struct nd_rate_table *table = table_of(o, m4, 5.0);
    for (int t = 0; t < o->T_RH.n; t++) {
        const double T_RH = o->T_RH.values[t];
        const struct nd_map_column *column = column_at(&map, t, 0);
        for (int side = 0; side < 2; side++) {
            const double factor = side == 0 ? 0.98 : 1.02;
            cr_assert(judged(table, o, T_RH, factor * column->mu_fraction[1], 0.5)
                              .thermalises_dynamical == side,
                      "n/n_eq, m4 = %g, T_RH = %g, %g", m4, T_RH, factor);
            cr_assert(judged(table, o, T_RH, factor * column->paper.mu, 0.5).thermalises_paper ==
                          side,
                      "Gamma/H, m4 = %g, T_RH = %g, %g", m4, T_RH, factor);
            cr_assert(
                (judged(table, o, T_RH, factor * column->mu_rho, 0.5).rho_N_over_rho_gamma.value >=
                 o->rho) == side,
                "rho, m4 = %g, T_RH = %g, %g", m4, T_RH, factor);
        }
    }
    nd_rate_table_free(table);
    nd_thermal_map_clear(&map);
}

Test(thermal_map, full_solutions_lie_on_either_side_of_the_curves)
{
    struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
    check_threshold(&o, 0.26);
    check_threshold(&o, 0.6);
    o.treatment.neutrinos = ND_NEUTRINOS_DECOUPLED;
    check_threshold(&o, 0.26);
    check_threshold(&o, 0.6);
}

Test(thermal_map, full_solutions_with_quantum_statistics_and_screening)
{
    const struct nd_map_options o = options_of(ND_TREATMENT_FULL);
    cr_assert(o.treatment.statistics == ND_QUANTUM && o.treatment.screening == ND_SCREENING_HTL &&
              o.treatment.neutrinos == ND_NEUTRINOS_DECOUPLED);
    check_threshold(&o, 0.6);
}

/* ---- highest T_RH -------------------------------------------------------------------------- */

static struct nd_highest_T_RH highest_of(const struct nd_map_options *o, double m4, double d_muB,
                                         double fraction, double T_low, double T_high)
{
    struct nd_highest_T_RH highest;
    ASSERT_OK(nd_highest_T_RH(&highest, background, o, m4, d_muB * nd_bohr_magneton(), fraction,
                              T_low, T_high, &error),
              error);
    return highest;
}

/* The criterion flips at `highest`, and nowhere else between T_low and T_high. */
static void check_flip(const struct nd_map_options *o, double m4, double d_muB, double fraction,
                       int dynamical, double highest, double T_low, double T_high)
{
    const double mu = d_muB * nd_bohr_magneton();
    struct nd_rate_table *table = table_of(o, m4, T_high);
    cr_assert(highest > T_low * 1.03 && highest < T_high / 1.03, "%g MeV", highest);
    for (int side = 0; side < 2; side++) {
        const struct nd_viability v =
            judged(table, o, highest * (side == 0 ? 0.98 : 1.02), mu, fraction);
        cr_assert((dynamical ? v.thermalises_dynamical : v.thermalises_paper) == side,
                  "T_RH = %g MeV: Gamma/H %g, n/n_eq %g", v.T_RH, v.total_gamma_over_H.value,
                  v.n_over_neq.value);
    }
    for (int i = 0; i <= 40; i++) {
        const double T_RH = fmin(T_high, T_low * pow(T_high / T_low, i / 40.0));
        if (fabs(log(T_RH / highest)) < 0.02)
            continue;
        const struct nd_viability v = judged(table, o, T_RH, mu, fraction);
        cr_assert((dynamical ? v.thermalises_dynamical : v.thermalises_paper) == (T_RH > highest),
                  "T_RH = %g MeV, highest %g: Gamma/H %g, n/n_eq %g", T_RH, highest,
                  v.total_gamma_over_H.value, v.n_over_neq.value);
    }
    nd_rate_table_free(table);
}

Test(thermal_map, highest_T_RH_of_the_cno_point)
{
    const struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
    const struct nd_highest_T_RH highest = highest_of(&o, 0.26, 1e-10, 0.5, 0.1, 20.0);
    check_flip(&o, 0.26, 1e-10, 0.5, 0, highest.paper, 0.1, 20.0);
    check_flip(&o, 0.26, 1e-10, 0.5, 1, highest.dynamical, 0.1, 20.0);
    /* less of equilibrium is reached earlier, and the range does not matter */
    cr_assert(highest_of(&o, 0.26, 1e-10, 0.3, 1.0, 20.0).dynamical < highest.dynamical);
    const struct nd_highest_T_RH other = highest_of(&o, 0.26, 1e-10, 0.5, 1.0, 50.0);
    ASSERT_CLOSE(other.paper, highest.paper, 1e-3, "Gamma/H, another range");
    ASSERT_CLOSE(other.dynamical, highest.dynamical, 1e-3, "n/n_eq, another range");
}

Test(thermal_map, highest_T_RH_none_and_any)
{
    const struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
    struct nd_highest_T_RH highest = highest_of(&o, 0.6, 1e-9, 0.5, 0.1, 20.0);
    cr_assert(highest.paper == 0.0 && highest.dynamical == 0.0, "8B: %g, %g", highest.paper,
              highest.dynamical);
    highest = highest_of(&o, 0.64, 2.2e-9, 0.5, 0.1, 20.0);
    cr_assert(highest.paper == 0.0 && highest.dynamical == 0.0, "Fig. 1: %g, %g", highest.paper,
              highest.dynamical);
    highest = highest_of(&o, 0.6, 1e-14, 0.5, 0.1, 20.0);
    cr_assert(isinf(highest.paper) && isinf(highest.dynamical) && highest.paper > 0.0);
}

/* Cold starts make few N, but far from where n_eq has them: after T_RH << m4 the window reaches
 * down to m4/T = m4/T_RH + x_max, and max n/n_eq falls with T_RH before it rises. 0.6 MeV and
 * 1e-10 mu_B: 1.8 at 0.1 MeV, 0.2 at 1 MeV, 0.5 at 5 MeV. */
Test(thermal_map, highest_T_RH_where_a_cold_start_exceeds_equilibrium)
{
    const struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
    const double warm = highest_of(&o, 0.6, 1e-10, 0.5, 1.0, 20.0).dynamical;
    check_flip(&o, 0.6, 1e-10, 0.5, 1, warm, 1.0, 20.0);
    ASSERT_CLOSE(highest_of(&o, 0.6, 1e-10, 0.5, 0.1, 20.0).dynamical, warm, 1e-3,
                 "found from 0.1 MeV on");
}

Test(thermal_map, highest_T_RH_errors)
{
    static const double RANGES[][2] = {{0.1, 200.0}, {0.005, 5.0}};
    const struct nd_map_options o = options_of(ND_TREATMENT_PAPER);
    for (int i = 0; i < 3; i++) {
        struct nd_error own = ND_ERROR_INIT;
        struct nd_highest_T_RH highest;
        const double m4 = i < 2 ? 0.26 : -1.0;
        ASSERT_ERROR(nd_highest_T_RH(&highest, background, &o, m4, 1e-10 * nd_bohr_magneton(), 0.5,
                                     i < 2 ? RANGES[i][0] : 0.1, i < 2 ? RANGES[i][1] : 5.0, &own),
                     own, ND_BAD_INPUT, "MeV");
        cr_assert(isnan(highest.paper) && isnan(highest.dynamical));
    }
}
