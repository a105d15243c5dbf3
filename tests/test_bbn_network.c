/* Tests of the equations of nucleosynthesis, in histories that are made up: the right-hand side and
 * its Jacobian, what they conserve, statistical equilibrium, nucleons alone. */
#include "bbn_fixture.h"

#include "integrator.h"

TestSuite(bbn_network, .init = no_gsl_abort);

enum { N = ND_N_NUCLIDES };

static const double OMEGA_B = 0.022425;
static const double TEMPERATURES[] = {0.86, 0.3, 0.07, 0.02, 0.005};
enum { N_TEMPERATURES = sizeof TEMPERATURES / sizeof TEMPERATURES[0] };

struct setting {
    struct nd_bbn_universe *universe;
    struct nd_nuclear_rates *rates;
    struct nd_network network;
    struct nd_error error;
};

static void set_up(struct setting *s, const struct made_up *m, int nuclear)
{
    *s = (struct setting){.error = ND_ERROR_INIT};
    s->universe = made_up_universe(m, 0);
    s->rates = nuclear_rates("primat2023");
    s->network = (struct nd_network){.from = {s->universe, s->universe, s->universe},
                                     .rates = s->rates,
                                     .omega_b = OMEGA_B,
                                     .weak_factor = 1.0,
                                     .nuclear = nuclear,
                                     .error = &s->error};
}

static void tear_down(struct setting *s)
{
    nd_bbn_universe_free(s->universe);
    nd_nuclear_rates_free(s->rates);
}

/* The same numbers each time, between 0 and 1. */
static double random_number(void)
{
    static unsigned long state = 20230623;
    state = (1103515245UL * state + 12345UL) % 2147483648UL;
    return (double)state / 2147483648.0;
}

/* Of all magnitudes from 1e-12 to 1, so that each reaction matters in some of them. */
static void random_state(double *y)
{
    for (int i = 0; i < N; i++)
        y[i] = pow(10.0, -12.0 * random_number());
}

static void derivatives(struct setting *s, double T, const double *y, double *dydx)
{
    cr_assert(nd_network_function(-log(T), y, dydx, &s->network) == 0, "%s", s->error.message);
}

static void jacobian(struct setting *s, double T, const double *y, double *J)
{
    memset(J, 0, (size_t)N * N * sizeof *J);
    cr_assert(nd_network_jacobian(-log(T), y, J, &s->network) == 0, "%s", s->error.message);
}

/* ---- right-hand side --------------------------------------------------------------------- */

struct rates_here {
    double time, baryons; /* dt/dx, n_b */
    struct nd_weak_pair weak;
    double forward[ND_N_REACTIONS], reverse[ND_N_REACTIONS];
};

static struct rates_here rates_at(struct setting *s, double T)
{
    struct rates_here here = {
        .time = nd_bbn_universe_time(s->universe, log(T)),
        .baryons = s->network.omega_b * nd_bbn_universe_baryons(s->universe, log(T)),
        .weak = nd_bbn_universe_weak(s->universe, log(T)),
    };
    ASSERT_OK(nd_nuclear_rates_at(s->rates, T, s->network.deviations, here.forward, here.reverse,
                                  &s->error),
              s->error);
    return here;
}

/* Events of a reaction and of its reverse, by dx; the nuclides written out here once more. */
static void events(const struct rates_here *h, const double *y, double there[ND_N_REACTIONS],
                   double back[ND_N_REACTIONS])
{
    const double n = y[ND_NEUTRON], p = y[ND_PROTON], d = y[ND_DEUTERON], t = y[ND_TRITON],
                 h3 = y[ND_HELIUM3], a = y[ND_HELIUM4], l = y[ND_LITHIUM7], b = y[ND_BERYLLIUM7];
    const double n_b = h->baryons;
    const double in[ND_N_REACTIONS] = {n * p, d * p,  0.5 * d * d, 0.5 * d * d, t * p, t * d,
                                       t * a, h3 * n, h3 * d,      h3 * a,      b * n, l * p};
    const double out[ND_N_REACTIONS] = {
        d, h3,          n_b * h3 * n, n_b * t * p, a,           n_b * a * n,
        l, n_b * t * p, n_b * a * p,  b,           n_b * l * p, n_b * 0.5 * a * a};
    for (int r = 0; r < ND_N_REACTIONS; r++) {
        there[r] = h->time * n_b * h->forward[r] * in[r];
        back[r] = h->time * h->reverse[r] * out[r];
    }
}

/* Nuclides made less used by each reaction: n, p, d, t, 3He, 4He, 7Li, 7Be. */
static const int MADE[ND_N_REACTIONS][N] = {
    [ND_REACTION_N_P__D_G] = {-1, -1, 1, 0, 0, 0, 0, 0},
    [ND_REACTION_D_P__HE3_G] = {0, -1, -1, 0, 1, 0, 0, 0},
    [ND_REACTION_D_D__HE3_N] = {1, 0, -2, 0, 1, 0, 0, 0},
    [ND_REACTION_D_D__T_P] = {0, 1, -2, 1, 0, 0, 0, 0},
    [ND_REACTION_T_P__A_G] = {0, -1, 0, -1, 0, 1, 0, 0},
    [ND_REACTION_T_D__A_N] = {1, 0, -1, -1, 0, 1, 0, 0},
    [ND_REACTION_T_A__LI7_G] = {0, 0, 0, -1, 0, -1, 1, 0},
    [ND_REACTION_HE3_N__T_P] = {-1, 1, 0, 1, -1, 0, 0, 0},
    [ND_REACTION_HE3_D__A_P] = {0, 1, -1, 0, -1, 1, 0, 0},
    [ND_REACTION_HE3_A__BE7_G] = {0, 0, 0, 0, -1, -1, 0, 1},
    [ND_REACTION_BE7_N__LI7_P] = {-1, 1, 0, 0, 0, 0, 1, -1},
    [ND_REACTION_LI7_P__A_A] = {0, -1, 0, 0, 0, 2, -1, 0},
};

Test(bbn_network, equations_written_out)
{
    const double rounding = 1e-13;
    struct setting s;
    const struct made_up m = made_up_defaults();
    set_up(&s, &m, 1);
    s.network.weak_factor = 1.25; /* a neutron that lives for 0.8 of its time */
    s.network.deviations[ND_REACTION_D_D__T_P] = 2.0;
    for (int k = 0; k < 20 * N_TEMPERATURES; k++) {
        const double T = TEMPERATURES[k % N_TEMPERATURES];
        double y[N], dydx[N], there[ND_N_REACTIONS], back[ND_N_REACTIONS];
        random_state(y);
        derivatives(&s, T, y, dydx);
        const struct rates_here here = rates_at(&s, T);
        events(&here, y, there, back);
        const double decays =
            1.25 * here.time * (here.weak.n_to_p * y[ND_NEUTRON] - here.weak.p_to_n * y[ND_PROTON]);
        for (int i = 0; i < N; i++) {
            double sum = i == ND_NEUTRON ? -decays : i == ND_PROTON ? decays : 0.0;
            double gross = fabs(sum);
            for (int r = 0; r < ND_N_REACTIONS; r++) {
                sum += MADE[r][i] * (there[r] - back[r]);
                gross += abs(MADE[r][i]) * (there[r] + back[r]);
            }
            ASSERT_NEAR(dydx[i], sum, rounding * gross, "%s at %g MeV",
                        nd_nuclide((enum nd_nuclide)i)->name, T);
        }
    }
    tear_down(&s);
}

Test(bbn_network, nucleons_alone)
{
    struct setting s;
    const struct made_up m = made_up_defaults();
    const double rounding = 1e-14, T = 3.0; /* above the tables of nuclear rates */
    set_up(&s, &m, 0);
    double y[N], dydx[N], J[N * N];
    random_state(y);
    derivatives(&s, T, y, dydx);
    jacobian(&s, T, y, J);
    const struct nd_weak_pair weak = nd_bbn_universe_weak(s.universe, log(T));
    const double time = nd_bbn_universe_time(s.universe, log(T));
    const double np = time * weak.n_to_p, pn = time * weak.p_to_n;
    ASSERT_CLOSE(dydx[ND_NEUTRON], pn * y[ND_PROTON] - np * y[ND_NEUTRON], rounding, "dn/dx");
    cr_assert(dydx[ND_PROTON] == -dydx[ND_NEUTRON]);
    for (int i = ND_DEUTERON; i < N; i++)
        cr_assert(dydx[i] == 0.0);
    ASSERT_CLOSE(J[ND_NEUTRON * N + ND_NEUTRON], -np, rounding, "dn'/dn");
    ASSERT_CLOSE(J[ND_NEUTRON * N + ND_PROTON], np, rounding, "dp'/dn");
    ASSERT_CLOSE(J[ND_PROTON * N + ND_NEUTRON], pn, rounding, "dn'/dp");
    ASSERT_CLOSE(J[ND_PROTON * N + ND_PROTON], -pn, rounding, "dp'/dp");
    for (int column = 0; column < N; column++)
        for (int row = 0; row < N; row++)
            cr_assert((column < 2 && row < 2) || J[column * N + row] == 0.0);
    tear_down(&s);
}

/* Baryons are conserved, and charge but for weak interactions, to rounding of the fluxes. */
Test(bbn_network, baryons_and_charge)
{
    const double rounding = 1e-15;
    struct setting s;
    const struct made_up m = made_up_defaults();
    set_up(&s, &m, 1);
    for (int k = 0; k < 20 * N_TEMPERATURES; k++) {
        const double T = TEMPERATURES[k % N_TEMPERATURES];
        double y[N], dydx[N], there[ND_N_REACTIONS], back[ND_N_REACTIONS], gross = 0.0;
        double baryons = 0.0, charge = 0.0;
        random_state(y);
        derivatives(&s, T, y, dydx);
        const struct rates_here here = rates_at(&s, T);
        events(&here, y, there, back);
        for (int r = 0; r < ND_N_REACTIONS; r++)
            gross += 8.0 * (there[r] + back[r]); /* at most so many nucleons in each */
        const double made = here.time * here.weak.n_to_p * y[ND_NEUTRON],
                     lost = here.time * here.weak.p_to_n * y[ND_PROTON];
        for (int i = 0; i < N; i++) {
            baryons += nd_nuclide((enum nd_nuclide)i)->A * dydx[i];
            charge += nd_nuclide((enum nd_nuclide)i)->Z * dydx[i];
        }
        gross += made + lost;
        ASSERT_NEAR(baryons, 0.0, rounding * gross, "baryons at %g MeV", T);
        ASSERT_NEAR(charge, made - lost, rounding * gross, "charge at %g MeV", T);
    }
    tear_down(&s);
}

/* The right-hand side is quadratic, so that symmetric differences are exact but for rounding, which
 * is that of all fluxes of the row. */
struct comparison {
    struct setting s;
    int seen[N][N]; /* is the entry known better than to 1e-6? */
    int there[N][N];
};

static void compare(struct comparison *c, double T, const double *y)
{
    const double rounding = 1e-14, interpolation = 1e-12, well = 1e-6;
    double J[N * N], J_up[N * N];
    jacobian(&c->s, T, y, J);
    for (int column = 0; column < N; column++) {
        double up[N], down[N], moved[N];
        const double step = y[column] > 0.0 ? y[column] : 1.0;
        memcpy(moved, y, sizeof moved);
        moved[column] = y[column] - step;
        derivatives(&c->s, T, moved, down);
        moved[column] = y[column] + step;
        derivatives(&c->s, T, moved, up);
        jacobian(&c->s, T, moved, J_up);
        for (int row = 0; row < N; row++) {
            const double entry = J[column * N + row],
                         difference = 0.5 * (up[row] - down[row]) / step;
            double gross = 0.0;
            for (int i = 0; i < N; i++)
                gross += fabs(J_up[i * N + row]) * moved[i];
            const double allowed = rounding * gross / step;
            ASSERT_NEAR(entry, difference, allowed + interpolation * fabs(entry),
                        "d %s'/d %s at %g MeV", nd_nuclide((enum nd_nuclide)row)->name,
                        nd_nuclide((enum nd_nuclide)column)->name, T);
            c->there[row][column] |= entry != 0.0;
            c->seen[row][column] |= allowed < well * fabs(entry);
        }
    }
}

/* At random states, and at states of two nuclides only, without weak interactions, in which even
 * slow reactions are not drowned by others. */
static void compare_all(int nuclear)
{
    const struct made_up m = made_up_defaults();
    struct comparison c = {.seen = {{0}}};
    set_up(&c.s, &m, nuclear);
    for (int k = 0; k < 20 * N_TEMPERATURES; k++) {
        double y[N];
        random_state(y);
        compare(&c, TEMPERATURES[k % N_TEMPERATURES], y);
    }
    c.s.network.weak_factor = 0.0;
    c.s.network.omega_b = 1e6; /* and pairs of nuclides are not drowned by photons */
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double y[N] = {0.0};
            y[i] = 0.3;
            y[j] += 0.4;
            compare(&c, 0.86, y);
        }
    for (int row = 0; row < N; row++)
        for (int column = 0; column < N; column++)
            cr_assert(c.seen[row][column] == c.there[row][column],
                      "d %s'/d %s drowns in the other fluxes everywhere",
                      nd_nuclide((enum nd_nuclide)row)->name,
                      nd_nuclide((enum nd_nuclide)column)->name);
    tear_down(&c.s);
}

Test(bbn_network, jacobian_against_differences)
{
    compare_all(1);
}

Test(bbn_network, jacobian_against_differences_without_nuclei)
{
    compare_all(0);
}

Test(bbn_network, outside_of_the_tables)
{
    struct setting s;
    const struct made_up m = made_up_defaults();
    double y[N] = {0.5, 0.5}, dydx[N], J[N * N];
    set_up(&s, &m, 1);
    const double T = 1.01 * nd_nuclear_rates_T_max(s.rates);
    cr_assert(nd_network_function(-log(T), y, dydx, &s.network) < 0);
    cr_assert(s.error.status == ND_BAD_INPUT, "status %d", (int)s.error.status);
    s.error = (struct nd_error)ND_ERROR_INIT;
    cr_assert(nd_network_jacobian(-log(T), y, J, &s.network) < 0);
    cr_assert(s.error.status == ND_BAD_INPUT, "status %d", (int)s.error.status);
    tear_down(&s);
}

/* ---- equilibrium ------------------------------------------------------------------------- */

Test(bbn_network, nucleons_start_in_balance)
{
    /* n/p = e^(-Delta/T) among thermal neutrinos at T, for Born rates; what is left is their
     * quadrature. With other corrections the balance of the rates differs by less than 1 %. */
    const double quadrature = 1e-6;
    struct setting s;
    const struct made_up m = made_up_defaults();
    set_up(&s, &m, 0);
    for (double T = 19.9; T > 0.1; T *= 0.6) {
        double y[N];
        nd_network_start(&s.network, T, y);
        ASSERT_CLOSE(y[ND_NEUTRON] / y[ND_PROTON], exp(-(ND_M_NEUTRON - ND_M_PROTON) / T),
                     quadrature, "n/p at %g MeV", T);
        cr_assert(y[ND_NEUTRON] + y[ND_PROTON] == 1.0);
        for (int i = ND_DEUTERON; i < N; i++)
            cr_assert(y[i] == 0.0);
    }
    tear_down(&s);
}

Test(bbn_network, deuterium_by_hand)
{
    /* n_d/(n_n n_p) = 3/4 (2 pi m_d/(m_n m_p T))^(3/2) e^(B/T), B = 2.224566 MeV (AME2020) */
    const double binding = 2.224566, m_d = ND_M_NEUTRON + ND_M_PROTON - binding;
    /* Kolb, Turner, The Early Universe, Sec. 4.2: X_2 = 2 Y_d = 16.3 (T/m_N)^(3/2) eta e^(B/T) X_n
     * X_p and X_4 = 4 Y_a = 113 (T/m_N)^(9/2) eta^3 e^(B/T) X_n^2 X_p^2, three digits; with m_A in
     * place of their A m_N. */
    const double three_digits = 0.003, binding_alpha = 28.29566, m_alpha = 3727.379;
    const double fine = 1e-5; /* of B/T, of which six digits are quoted */
    struct setting s;
    const struct made_up m = made_up_defaults();
    set_up(&s, &m, 1);
    for (double T = 0.86; T > 0.25; T *= 0.8) {
        const double n = 0.3, p = 0.7;
        double y[N] = {n, p};
        nd_network_equilibrium(&s.network, T, y);
        const double n_b = OMEGA_B * nd_bbn_universe_baryons(s.universe, log(T));
        const double eta = nd_bbn_universe_eta(s.universe, OMEGA_B, T);
        const double ratio = 0.75 * pow(2.0 * ND_PI * m_d / (ND_M_NEUTRON * ND_M_PROTON * T), 1.5) *
                             exp(binding / T);
        ASSERT_CLOSE(y[ND_DEUTERON], n_b * n * p * ratio, fine, "d at %g MeV", T);
        const double m_N = 0.5 * (ND_M_NEUTRON + ND_M_PROTON);
        const double of_d = pow(m_d / (2.0 * m_N), 1.5), of_a = pow(m_alpha / (4.0 * m_N), 1.5);
        ASSERT_CLOSE(2.0 * y[ND_DEUTERON],
                     of_d * 16.3 * eta * pow(T / m_N, 1.5) * exp(binding / T) * n * p, three_digits,
                     "X_d at %g MeV", T);
        ASSERT_CLOSE(4.0 * y[ND_HELIUM4],
                     of_a * 113.0 * pow(eta, 3) * pow(T / m_N, 4.5) * exp(binding_alpha / T) *
                         pow(n * p, 2),
                     three_digits, "X_4 at %g MeV", T);
    }
    tear_down(&s);
}

/* Of each reaction as much happens as of its reverse, to what was taken from the nucleons for the
 * nuclei and to the rounding of e^(mu/T), with A mu/T up to 300; mass fractions sum to 1. */
Test(bbn_network, statistical_equilibrium)
{
    const double rounding = 1e-12;
    struct setting s;
    const struct made_up m = made_up_defaults();
    set_up(&s, &m, 1);
    s.network.weak_factor = 0.0;
    for (double T = 0.86; T > 0.35; T *= 0.85) {
        const double n = 0.2, p = 0.8;
        double y[N] = {n, p}, dydx[N], there[ND_N_REACTIONS], back[ND_N_REACTIONS], sum = 0.0;
        nd_network_equilibrium(&s.network, T, y);
        for (int i = 0; i < N; i++)
            sum += nd_nuclide((enum nd_nuclide)i)->A * y[i];
        ASSERT_CLOSE(sum, 1.0, 1e-15, "mass fractions at %g MeV", T);
        const double bound = 1.0 - y[ND_NEUTRON] / n;
        cr_assert(bound < 1e-3, "%g of the nucleons are bound at %g MeV", bound, T);
        const struct rates_here here = rates_at(&s, T);
        events(&here, y, there, back);
        derivatives(&s, T, y, dydx);
        for (int r = 0; r < ND_N_REACTIONS; r++)
            ASSERT_CLOSE(there[r], back[r], rounding + 7.0 * bound, "%s at %g MeV",
                         nd_reaction((enum nd_reaction)r)->name, T);
        for (int i = 0; i < N; i++) {
            double gross = 0.0;
            for (int r = 0; r < ND_N_REACTIONS; r++)
                gross += abs(MADE[r][i]) * (there[r] + back[r]);
            ASSERT_NEAR(dydx[i], 0.0, (rounding + 7.0 * bound) * gross, "%s at %g MeV",
                        nd_nuclide((enum nd_nuclide)i)->name, T);
        }
    }
    tear_down(&s);
}

/* Where nuclei are not rare, nucleons give what they are made of, both alike. */
Test(bbn_network, equilibrium_takes_from_nucleons)
{
    struct setting s;
    const struct made_up m = made_up_defaults();
    const double n = 0.2, p = 0.8, rounding = 1e-15;
    set_up(&s, &m, 1);
    s.network.omega_b = 1e5;
    double y[N] = {n, p}, bound = 0.0;
    nd_network_equilibrium(&s.network, 0.86, y);
    for (int i = ND_DEUTERON; i < N; i++)
        bound += nd_nuclide((enum nd_nuclide)i)->A * y[i];
    cr_assert(bound > 1e-6 && bound < 0.1, "bound: %g", bound);
    ASSERT_NEAR(y[ND_NEUTRON], n * (1.0 - bound), rounding, "n");
    ASSERT_NEAR(y[ND_PROTON], p * (1.0 - bound), rounding, "p");
    tear_down(&s);
}

static double rising_aT(double ln_T)
{
    return exp(-0.1 * ln_T);
}

static double hotter_f(double E, double y)
{
    (void)E;
    return 1.0 / (exp(0.8 * y) + 1.0);
}

/* Nucleons start by the weak rates of one Universe, nuclei with the baryons of another. */
Test(bbn_network, ingredients_of_the_start)
{
    struct made_up m = made_up_defaults();
    struct setting s;
    set_up(&s, &m, 1);
    m.aT = rising_aT;
    struct nd_bbn_universe *baryons = made_up_universe(&m, 0);
    m.aT = constant_aT;
    m.f = hotter_f;
    struct nd_bbn_universe *weak = made_up_universe(&m, 0);
    const double T = 0.86;
    const double more =
        nd_bbn_universe_baryons(baryons, log(T)) / nd_bbn_universe_baryons(s.universe, log(T));
    const struct nd_weak_pair rates = nd_bbn_universe_weak(weak, log(T));
    double plain[N], y[N];
    nd_network_start(&s.network, T, plain);
    nd_network_equilibrium(&s.network, T, plain);
    s.network.from.weak = weak;
    nd_network_start(&s.network, T, y);
    ASSERT_CLOSE(y[ND_NEUTRON] / y[ND_PROTON], rates.p_to_n / rates.n_to_p, 1e-14, "n/p");
    cr_assert(relative_difference(y[ND_NEUTRON], plain[ND_NEUTRON]) > 0.001);
    s.network.from.weak = s.universe;
    s.network.from.baryons = baryons;
    nd_network_start(&s.network, T, y);
    nd_network_equilibrium(&s.network, T, y);
    cr_assert(more > 1.5);
    ASSERT_CLOSE(y[ND_DEUTERON], more * plain[ND_DEUTERON], 1e-10, "d");
    nd_bbn_universe_free(baryons);
    nd_bbn_universe_free(weak);
    tear_down(&s);
}

/* ---- nucleons that relax ----------------------------------------------------------------- */

/* Neutrinos at 1.5 MeV whatever the scale factor, which hardly grows: where e+- are gone rates
 * n <-> p do not change. */
static const double HOT = 1.5, GROWTH = 0.01;
static double hot_f(double E, double y)
{
    (void)y;
    return 1.0 / (exp(E / HOT) + 1.0);
}

static double slow_aT(double ln_T)
{
    return 0.5 * exp(ln_T - GROWTH * (ln_T - log(0.01)));
}

static double no_f(double E, double y)
{
    (void)E, (void)y;
    return 0.0;
}

/* 0.5 T^2/MeV^2 s^-1 with T in units of 1 MeV: t = 1 s/T^2. */
static double slow_H(double T)
{
    return 0.5 * T * T * ND_HBAR;
}

/* t = 1e-3 s GROWTH/T^2 if a ~ T^-GROWTH. */
static double fast_H(double T)
{
    return 0.5 * T * T * ND_HBAR / 1e-3;
}

static double neutrons_after(struct setting *s, double T_from, double T_to, double tolerance,
                             double n)
{
    double y[N] = {n, 1.0 - n}, absolute[N];
    struct nd_integrator *integrator;
    for (int i = 0; i < N; i++)
        absolute[i] = 1e-22;
    const struct nd_ode ode = {.n = N,
                               .function = nd_network_function,
                               .jacobian = nd_network_jacobian,
                               .context = &s->network,
                               .tolerance = tolerance,
                               .tolerance_abs = absolute,
                               .max_steps = 100000,
                               .fresh_jacobian = 1,
                               .x_stop = -log(T_to),
                               .tolerance_key = "",
                               .steps_key = ""};
    ASSERT_OK(nd_integrator_create(&integrator, &ode, -log(T_from), y, &s->error), s->error);
    ASSERT_OK(nd_integrator_advance(integrator, -log(T_to), y), s->error);
    nd_integrator_free(integrator);
    ASSERT_NEAR(y[ND_NEUTRON] + y[ND_PROTON], 1.0, 1e-14, "baryons");
    return y[ND_NEUTRON];
}

Test(bbn_network, decay_of_free_neutrons)
{
    /* From 0.016 to 0.0081 MeV 11000 s pass, 3e-6 of the neutrons are left; e+- block and feed less
     * than e^(-m_e/T) = 1e-14. */
    const double tolerance = 1e-6;
    const struct made_up m = {0.016, 0.0045, 60, constant_aT, slow_H, no_f};
    struct setting s;
    set_up(&s, &m, 0);
    for (double T = 0.0155; T > 0.008; T *= 0.85) {
        const double t = 1.0 / (T * T) - 1.0 / (0.016 * 0.016);
        ASSERT_CLOSE(neutrons_after(&s, 0.016 * (1.0 - 1e-12), T, 1e-9, 0.9),
                     0.9 * exp(-t / TAU_N_S), tolerance, "at %g MeV", T);
    }
    tear_down(&s);
}

Test(bbn_network, nucleons_relax)
{
    const double tolerance = 1e-6, T_from = 0.0159, n = 0.9;
    const struct made_up m = {0.018, 0.0042, 300, slow_aT, fast_H, hot_f};
    struct setting s;
    set_up(&s, &m, 0);
    const struct nd_weak_pair weak = nd_bbn_universe_weak(s.universe, log(0.01));
    const double both = weak.n_to_p + weak.p_to_n, balance = weak.p_to_n / both;
    cr_assert(balance > 0.1 && balance < 0.9, "balance %g", balance);
    double longest = 0.0;
    for (double T = 0.0155; T > 0.0046; T *= 0.85) {
        const struct nd_weak_pair here = nd_bbn_universe_weak(s.universe, log(T));
        ASSERT_CLOSE(here.n_to_p, weak.n_to_p, 1e-9, "n -> p at %g MeV", T);
        ASSERT_CLOSE(here.p_to_n, weak.p_to_n, 1e-9, "p -> n at %g MeV", T);
        const double t = 1e-3 * GROWTH * (1.0 / (T * T) - 1.0 / (T_from * T_from)) / ND_HBAR;
        longest = fmax(longest, both * t);
        ASSERT_CLOSE(neutrons_after(&s, T_from, T, 1e-9, n),
                     balance + (n - balance) * exp(-both * t), tolerance, "at %g MeV", T);
    }
    cr_assert(longest > 0.5 && longest < 20.0, "%g relaxation times", longest);
    tear_down(&s);
}
