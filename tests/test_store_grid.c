/* A store laid out by its axes: cells, held axes, what is failed, pending or unknown, refusals. */
#include "nudipole/store_grid.h"

#include "store_support.h"

static struct nd_error error;
static struct nd_sweep_plan plan;
static struct nd_store_grid grid;
static struct nd_store_reader *reader;

static void teardown(void)
{
    nd_store_reader_close(reader);
    nd_store_grid_clear(&grid);
    nd_sweep_plan_clear(&plan);
    remove_folder();
}

TestSuite(store_grid, .init = make_folder, .fini = teardown);

enum { X, WORD, Y, N_TEST_AXES };
static const struct nd_store_column stored[] = {
    {"m4_keV", 0}, {"flavour", 1}, {"d_muB", 0}, {"N_eff", 0}, {"verdict", 1}};
static const struct nd_store_layout shape = {5, stored, N_TEST_AXES};

static void make_plan(const char *const *axes, enum nd_sampling sampling, long samples)
{
    struct nd_text_list list = {0};
    for (; axes[list.n] != NULL; list.n++)
        snprintf(list.values[list.n], ND_TEXT_MAX, "%s", axes[list.n]);
    ASSERT_OK(nd_sweep_plan_create(&plan, &list, sampling, samples, 1, &error), error);
}

/* What N_eff is at a point, so that a cell tells where it belongs. */
static double mark(double m4, const char *flavour, double d)
{
    return m4 + (double)flavour[0] + 1e3 * d;
}

/* Point 3 has failed, 7 is pending, of 5 nothing is known. */
static void fill_store(const char *flavour_prefix)
{
    struct nd_store *store;
    ASSERT_OK(nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &shape, plan.n_points, &error),
              error);
    for (long id = plan.n_points - 1; id >= 0; id--) {
        struct nd_store_value values[5] = {{0.0, NULL}};
        char word[80];
        for (int i = 0; i < N_TEST_AXES; i++)
            values[i] = (struct nd_store_value){nd_sweep_plan_number(&plan, id, i),
                                                nd_sweep_plan_word(&plan, id, i)};
        snprintf(word, sizeof word, "%s%s", flavour_prefix, values[WORD].text);
        values[3].number =
            id == 5 ? NAN : mark(values[X].number, values[WORD].text, values[Y].number);
        values[4].text = id == 5 ? NULL : id % 2 ? "excluded" : "allowed";
        values[WORD].text = word;
        const struct nd_store_row row = {.id = id,
                                         .status = id == 3 ? ND_POINT_FAILED : ND_POINT_OK,
                                         .message = id == 3 ? "why" : NULL,
                                         .values = values};
        if (id != 7)
            ASSERT_OK(nd_store_add(store, &row, &error), error);
    }
    close_store(store);
    ASSERT_OK(nd_store_reader_open(&reader, folder, &error), error);
}

/* m4 is out of order in its list, d is a log axis. */
static const char *const AXES[] = {"m4_keV list 300 100 200", "flavour list tau e",
                                   "d_muB log 1e-10 1e-8 3", NULL};

static void make_grid(const char *prefix)
{
    make_plan(AXES, ND_SAMPLING_GRID, 0);
    fill_store(prefix);
    ASSERT_OK(nd_store_grid_plan(&grid, &plan, &error), error);
    ASSERT_OK(nd_store_grid_match(&grid, reader, &error), error);
}

static const struct nd_text_list both = {2, {"verdict", "N_eff"}};

static void read_grid(void)
{
    ASSERT_OK(nd_store_grid_read(&grid, reader, &both, &error), error);
}

Test(store_grid, every_cell_has_the_values_of_its_axes)
{
    make_grid("");
    read_grid();
    cr_assert(grid.is_grid && grid.n_points == 18, "%ld points", grid.n_points);
    cr_assert(grid.axes[Y].logarithmic && !grid.axes[X].logarithmic && grid.axes[WORD].is_text,
              "kinds of axes");
    int index[ND_SWEEP_AXES_MAX], known = 0;
    for (index[X] = 0; index[X] < 3; index[X]++)
        for (index[WORD] = 0; index[WORD] < 2; index[WORD]++)
            for (index[Y] = 0; index[Y] < 3; index[Y]++) {
                const double m4 = grid.axes[X].numbers[index[X]];
                const char *flavour = grid.axes[WORD].words[index[WORD]];
                const double d = grid.axes[Y].numbers[index[Y]];
                const long cell = nd_store_grid_cell(&grid, index);
                const struct nd_store_value *values = &grid.values[cell * 2];
                cr_assert(m4 == 100.0 * (index[X] + 1), "m4 %g at %d", m4, index[X]);
                if (grid.status[cell] != ND_POINT_OK || isnan(values[1].number))
                    continue;
                known++;
                cr_assert(values[1].number == mark(m4, flavour, d), "m4 %g, nu_%s, d %g: %.17g", m4,
                          flavour, d, values[1].number);
                cr_assert(isnan(values[0].number) && values[1].text == NULL, "text and number");
            }
    cr_assert(known == 15, "%d cells with a value", known);
}

Test(store_grid, failed_pending_and_unknown_points_are_told_apart)
{
    make_grid("");
    read_grid();
    cr_assert(grid.counts[ND_POINT_OK] == 16 && grid.counts[ND_POINT_FAILED] == 1 &&
                  grid.counts[ND_POINT_PENDING] == 1,
              "%ld ok, %ld failed, %ld pending", grid.counts[ND_POINT_OK],
              grid.counts[ND_POINT_FAILED], grid.counts[ND_POINT_PENDING]);
    /* ids 3, 7, 5: m4 = 300 e, 100 tau, 300 e */
    const int failed[] = {2, 1, 0}, pending[] = {0, 0, 1}, unknown[] = {2, 1, 2};
    const long cells[] = {nd_store_grid_cell(&grid, failed), nd_store_grid_cell(&grid, pending),
                          nd_store_grid_cell(&grid, unknown)};
    const enum nd_store_status statuses[] = {ND_POINT_FAILED, ND_POINT_PENDING, ND_POINT_OK};
    for (int i = 0; i < 3; i++) {
        const struct nd_store_value *values = &grid.values[cells[i] * 2];
        cr_assert(grid.status[cells[i]] == statuses[i], "point %d: status %d", i,
                  (int)grid.status[cells[i]]);
        cr_assert(values[0].text == NULL && isnan(values[1].number), "point %d has values", i);
    }
}

Test(store_grid, a_held_axis_leaves_its_slice)
{
    make_grid("");
    ASSERT_OK(nd_store_grid_hold(&grid, "m4_keV 200.1", &error), error);
    ASSERT_OK(nd_store_grid_hold(&grid, "flavour  tau", &error), error);
    read_grid();
    cr_assert(grid.n_points == 3 && grid.counts[ND_POINT_OK] == 3, "%ld points", grid.n_points);
    for (int i = 0; i < 3; i++) {
        const int index[] = {0, 0, i};
        const double d = grid.axes[Y].numbers[i];
        const double value = grid.values[nd_store_grid_cell(&grid, index) * 2 + 1].number;
        cr_assert(value == mark(200.0, "tau", d), "d %g: %.17g", d, value);
    }
}

Test(store_grid, words_of_an_axis_are_those_that_are_stored)
{
    make_grid("of ");
    cr_assert(strcmp(grid.axes[WORD].words[0], "of tau") == 0, "'%s'", grid.axes[WORD].words[0]);
    ASSERT_OK(nd_store_grid_hold(&grid, "flavour of e", &error), error);
}

Test(store_grid, words_of_a_column_are_sorted)
{
    const char *words[4];
    make_grid("");
    read_grid();
    cr_assert(nd_store_grid_words(&grid, 0, words, 4) == 2 && strcmp(words[0], "allowed") == 0 &&
                  strcmp(words[1], "excluded") == 0,
              "words");
    cr_assert(nd_store_grid_words(&grid, 0, words, 1) == 2, "more than one");
}

Test(store_grid, points_that_were_drawn_keep_their_ids)
{
    static const char *const drawn[] = {"m4_keV lin 100 300", "d_muB log 1e-10 1e-8", NULL};
    static const struct nd_store_column columns_of[] = {{"m4_keV", 0}, {"d_muB", 0}, {"N_eff", 0}};
    static const struct nd_store_layout drawn_shape = {3, columns_of, 2};
    static const struct nd_text_list one = {1, {"N_eff"}};
    struct nd_store *store;
    make_plan(drawn, ND_SAMPLING_SOBOL, 6);
    ASSERT_OK(nd_store_open(&store, folder, PARAMETERS, PROVENANCE, &drawn_shape, 6, &error),
              error);
    for (long id = 1; id < 6; id++) {
        const struct nd_store_value values[] = {{nd_sweep_plan_number(&plan, id, 0), NULL},
                                                {nd_sweep_plan_number(&plan, id, 1), NULL},
                                                {(double)id, NULL}};
        const struct nd_store_row row = {.id = id, .status = ND_POINT_OK, .values = values};
        ASSERT_OK(nd_store_add(store, &row, &error), error);
    }
    close_store(store);
    ASSERT_OK(nd_store_reader_open(&reader, folder, &error), error);
    ASSERT_OK(nd_store_grid_plan(&grid, &plan, &error), error);
    ASSERT_OK(nd_store_grid_match(&grid, reader, &error), error);
    ASSERT_ERROR(nd_store_grid_hold(&grid, "m4_keV 200", &error), error, ND_BAD_INPUT,
                 "'m4_keV 200': its points were drawn");
    error = (struct nd_error)ND_ERROR_INIT;
    ASSERT_OK(nd_store_grid_read(&grid, reader, &one, &error), error);
    cr_assert(!grid.is_grid && grid.n_points == 6 && grid.axes[1].logarithmic, "layout");
    cr_assert(grid.status[0] == ND_POINT_PENDING && isnan(grid.values[0].number), "pending");
    for (int id = 1; id < 6; id++)
        cr_assert(grid.values[id].number == (double)id, "point %d", id);
}

Test(store_grid, what_does_not_fit_is_refused)
{
    static const char *const HOLDS[][2] = {
        {"m4_keV", "'m4_keV': no value: allowed is KEY VALUE"},
        {"m4_keV two", "'m4_keV two': not a number"},
        {"m4_keV 201", "'m4_keV 201': no such value: allowed are 100 200 300"},
        {"flavour mu", "'flavour mu': no such value: allowed are tau e"},
        {"T_RH_MeV 2", "'T_RH_MeV 2': not an axis of the sweep"}};
    static const struct nd_text_list absent = {1, {"Y_q"}}, axis = {1, {"m4_keV"}};
    make_grid("");
    for (size_t i = 0; i < sizeof HOLDS / sizeof HOLDS[0]; i++) {
        struct nd_error e = ND_ERROR_INIT;
        ASSERT_ERROR(nd_store_grid_hold(&grid, HOLDS[i][0], &e), e, ND_BAD_INPUT, HOLDS[i][1]);
    }
    ASSERT_OK(nd_store_grid_hold(&grid, "m4_keV 200", &error), error);
    struct nd_error e = ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_grid_hold(&grid, "m4_keV 300", &e), e, ND_BAD_INPUT, "given twice");
    e = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_grid_read(&grid, reader, &absent, &e), e, ND_BAD_INPUT,
                 "Y_q: no such column in the store: allowed are N_eff verdict");
    nd_store_grid_clear(&grid);
    ASSERT_OK(nd_store_grid_plan(&grid, &plan, &error), error);
    e = (struct nd_error)ND_ERROR_INIT;
    ASSERT_ERROR(nd_store_grid_read(&grid, reader, &axis, &e), e, ND_BAD_INPUT, "m4_keV: no such");
}

Test(store_grid, the_store_of_another_plan_is_refused)
{
    static const char *const OTHERS[][4] = {
        {"m4_keV list 300 100 201", "flavour list tau e", "d_muB log 1e-10 1e-8 3", NULL},
        {"m4_keV list 300 100", "flavour list tau e", "d_muB log 1e-10 1e-8 3", NULL},
        {"flavour list tau e", "m4_keV list 300 100 200", "d_muB log 1e-10 1e-8 3", NULL}};
    static const char *const EXPECTED[] = {
        "m4_keV is 200 in the store and 201 in the parameters",
        "the store has 18 points of 3 axes, the parameters ask for 12 of 3", "or for other axes"};
    make_grid("");
    for (int i = 0; i < 3; i++) {
        struct nd_error e = ND_ERROR_INIT;
        nd_store_grid_clear(&grid);
        nd_sweep_plan_clear(&plan);
        make_plan(OTHERS[i], ND_SAMPLING_GRID, 0);
        ASSERT_OK(nd_store_grid_plan(&grid, &plan, &error), error);
        ASSERT_ERROR(nd_store_grid_match(&grid, reader, &e), e, ND_BAD_INPUT, EXPECTED[i]);
    }
}

Test(store_grid, cells_end_half_way_to_their_neighbours)
{
    const double even[] = {1.0, 2.0, 4.0}, decades[] = {1e-11, 1e-10, 1e-8};
    const double even_edges[] = {0.5, 1.5, 3.0, 5.0};
    const double decade_edges[] = {1e-11 / sqrt(10.0), 1e-11 * sqrt(10.0), 1e-9, 1e-7};
    double edges[4];
    nd_cell_edges(even, 3, 0, edges);
    for (int i = 0; i < 4; i++)
        ASSERT_CLOSE(edges[i], even_edges[i], 1e-14, "edge %d", i);
    nd_cell_edges(decades, 3, 1, edges);
    for (int i = 0; i < 4; i++)
        ASSERT_CLOSE(edges[i], decade_edges[i], 1e-14, "edge %d of decades", i);
    nd_cell_edges(decades, 1, 1, edges);
    ASSERT_CLOSE(edges[1] / edges[0], 2.25, 1e-14, "a single cell of a logarithm");
    nd_cell_edges(even, 1, 0, edges);
    cr_assert(edges[0] == 0.5 && edges[1] == 1.5, "a single cell");
}

Test(store_grid, lists_that_grow_get_a_logarithmic_axis)
{
    static const struct {
        const char *axis;
        int logarithmic;
    } CASES[] = {{"T_RH_MeV list 10 2 5", 1}, {"T_RH_MeV list 1 2 3 4", 0},
                 {"T_RH_MeV list 2 5", 0},    {"T_RH_MeV list 2 10", 1},
                 {"T_RH_MeV lin 1 100 9", 0}, {"T_RH_MeV log 1 2 9", 1}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const char *const axes[] = {CASES[i].axis, NULL};
        make_plan(axes, ND_SAMPLING_GRID, 0);
        ASSERT_OK(nd_store_grid_plan(&grid, &plan, &error), error);
        cr_assert(grid.axes[0].logarithmic == CASES[i].logarithmic, "'%s'", CASES[i].axis);
        nd_store_grid_clear(&grid);
        nd_sweep_plan_clear(&plan);
    }
}
