/* Tests of nudipole/contour.h: areas, orientation, borders, saddles, nodes at the level, and random
 * fields against areas summed cell by cell. */
#include "support.h"

#include <stdint.h>
#include <stdlib.h>

#include "nudipole/constants.h"
#include "nudipole/contour.h"

TestSuite(contour);

static const double ROUNDING = 1e-13;

enum { N_MAX = 401 };
static const int ALL_EDGES =
    ND_CONTOUR_X_MIN | ND_CONTOUR_X_MAX | ND_CONTOUR_Y_MIN | ND_CONTOUR_Y_MAX;

static struct {
    int n_x, n_y;
    double x[N_MAX], y[N_MAX], values[N_MAX * N_MAX];
} grid;

static double *node(int i, int j)
{
    return &grid.values[i * grid.n_y + j];
}

static void set_axes(int n_x, int n_y, double x_min, double x_max, double y_min, double y_max)
{
    grid.n_x = n_x;
    grid.n_y = n_y;
    for (int i = 0; i < n_x; i++)
        grid.x[i] = n_x == 1 ? x_min : x_min + i * (x_max - x_min) / (n_x - 1);
    for (int j = 0; j < n_y; j++)
        grid.y[j] = n_y == 1 ? y_min : y_min + j * (y_max - y_min) / (n_y - 1);
}

static void set_values(double (*f)(double, double))
{
    for (int i = 0; i < grid.n_x; i++)
        for (int j = 0; j < grid.n_y; j++)
            *node(i, j) = f(grid.x[i], grid.y[j]);
}

/* What must hold for every contour of every field: it is a polygon without repeated vertices or
 * superfluous ones on grid lines, inside the grid, and holes run clockwise. */
static void check_contour(const struct nd_contour *c)
{
    cr_assert(c->n >= 3, "%d vertices", c->n);
    int mask = 0;
    for (int k = 0; k < c->n; k++) {
        const int l = (k + 1) % c->n, m = (k + 2) % c->n;
        cr_assert(c->x[k] >= grid.x[0] && c->x[k] <= grid.x[grid.n_x - 1]);
        cr_assert(c->y[k] >= grid.y[0] && c->y[k] <= grid.y[grid.n_y - 1]);
        cr_assert(c->x[k] != c->x[l] || c->y[k] != c->y[l], "vertex %d is repeated", k);
        cr_assert(!(c->x[k] == c->x[l] && c->x[l] == c->x[m]), "vertices on a vertical line");
        cr_assert(!(c->y[k] == c->y[l] && c->y[l] == c->y[m]), "vertices on a horizontal line");
        if (c->x[k] == c->x[l] && c->x[k] == grid.x[0])
            mask |= ND_CONTOUR_X_MIN;
        if (c->x[k] == c->x[l] && c->x[k] == grid.x[grid.n_x - 1])
            mask |= ND_CONTOUR_X_MAX;
        if (c->y[k] == c->y[l] && c->y[k] == grid.y[0])
            mask |= ND_CONTOUR_Y_MIN;
        if (c->y[k] == c->y[l] && c->y[k] == grid.y[grid.n_y - 1])
            mask |= ND_CONTOUR_Y_MAX;
    }
    cr_assert(c->touches_edge == mask, "edges %d instead of %d", c->touches_edge, mask);
    if (c->is_hole)
        cr_assert(nd_contour_area(c) < 0.0, "a hole is counter-clockwise");
    else
        cr_assert(nd_contour_area(c) > 0.0, "an outer boundary is clockwise");
}

/* Traces the contours of `grid`; they must be `n`, of which `n_holes` are holes (< 0: any). */
static struct nd_contours trace(double level, int n, int n_holes)
{
    struct nd_contours contours;
    struct nd_error error = ND_ERROR_INIT;
    int holes = 0;
    ASSERT_OK(nd_contours_trace(&contours, grid.x, grid.n_x, grid.y, grid.n_y, grid.values, level,
                                &error),
              error);
    for (int k = 0; k < contours.n; k++) {
        check_contour(&contours.contours[k]);
        holes += contours.contours[k].is_hole;
    }
    cr_assert(n < 0 || contours.n == n, "%d contours instead of %d", contours.n, n);
    cr_assert(n_holes < 0 || holes == n_holes, "%d holes instead of %d", holes, n_holes);
    return contours;
}

static double total_area(const struct nd_contours *contours)
{
    double area = 0.0;
    for (int k = 0; k < contours->n; k++)
        area += nd_contour_area(&contours->contours[k]);
    return area;
}

/* How many regions a point is in: 1 or 0, unless contours are wrong. */
static int regions_around(const struct nd_contours *contours, double x, double y)
{
    int count = 0;
    for (int k = 0; k < contours->n; k++)
        count += (contours->contours[k].is_hole ? -1 : 1) *
                 nd_contour_contains(&contours->contours[k], x, y);
    return count;
}

/* Every node above the level is in one region, every node below in none. Nodes at the level, up to
 * rounding, are on a polygon, or on a line without area. */
static void check_nodes(const struct nd_contours *contours, double level)
{
    for (int i = 0; i < grid.n_x; i++)
        for (int j = 0; j < grid.n_y; j++) {
            const int count = regions_around(contours, grid.x[i], grid.y[j]);
            cr_assert(fabs(*node(i, j) - level) < 1e-14 || count == (*node(i, j) > level),
                      "node [%d, %d] = %g is in %d regions", i, j, *node(i, j), count);
        }
}

/* ---- smooth functions ---- */

static double disc(double x, double y)
{
    return 1.0 - x * x - y * y;
}

Test(contour, circle)
{
    double errors[3];
    for (int k = 0; k < 3; k++) {
        const int n = (50 << k) + 1;
        const double h = 3.0 / (n - 1);
        set_axes(n, n, -1.43, 1.57, -1.51, 1.49);
        set_values(disc);
        struct nd_contours contours = trace(0.0, 1, 0);
        const struct nd_contour *c = &contours.contours[0];
        cr_assert(c->touches_edge == 0);
        for (int v = 0; v < c->n; v++) /* a parabola lies at most h^2/4 above its chord */
            ASSERT_NEAR(hypot(c->x[v], c->y[v]), 1.0, 0.13 * h * h, "radius, %d nodes", n);
        errors[k] = ND_PI - nd_contour_area(c);
        cr_assert(errors[k] > 0.0 && errors[k] < 2.0 * h * h, "area is off by %g", errors[k]);
        cr_assert(nd_contour_contains(c, 0.7, 0.7) && nd_contour_contains(c, -0.99, 0.0));
        cr_assert(!nd_contour_contains(c, 0.72, 0.72) && !nd_contour_contains(c, 1.01, 0.0));
        cr_assert(!nd_contour_contains(c, -1.2, 0.0) && !nd_contour_contains(c, 0.0, NAN));
        check_nodes(&contours, 0.0);
        nd_contours_clear(&contours);
        cr_assert(contours.n == 0 && contours.contours == NULL);
        nd_contours_clear(&contours);
    }
    for (int k = 1; k < 3; k++)
        ASSERT_CLOSE(errors[k - 1] / errors[k], 4.0, 0.1, "area: error ratio of half the step");
}

static double two_discs(double x, double y)
{
    return fmax(disc(x + 1.5, y), 0.25 - (x - 0.5) * (x - 0.5) - (y - 0.3) * (y - 0.3));
}

Test(contour, two_blobs)
{
    set_axes(301, 201, -3.0, 3.0, -2.0, 2.0);
    set_values(two_discs);
    struct nd_contours contours = trace(0.0, 2, 0);
    const struct nd_contour *c = contours.contours; /* the first begins further left */
    ASSERT_CLOSE(nd_contour_area(&c[0]), ND_PI, 1e-3, "larger disc");
    ASSERT_CLOSE(nd_contour_area(&c[1]), ND_PI / 4.0, 1e-3, "smaller disc");
    cr_assert(nd_contour_contains(&c[0], -1.5, 0.0) && !nd_contour_contains(&c[1], -1.5, 0.0));
    cr_assert(nd_contour_contains(&c[1], 0.5, 0.3) && !nd_contour_contains(&c[0], 0.5, 0.3));
    check_nodes(&contours, 0.0);
    nd_contours_clear(&contours);
}

static double ring(double x, double y)
{
    const double r = hypot(x, y);
    return fmax(fmin(1.0 - r, r - 0.6), 0.2 - r); /* 0.6 < r < 1 and an island r < 0.2 */
}

Test(contour, annulus_with_an_island)
{
    set_axes(201, 301, -1.2, 1.2, -1.2, 1.2);
    set_values(ring);
    struct nd_contours contours = trace(0.0, 3, 1);
    const struct nd_contour *c = contours.contours;
    cr_assert(!c[0].is_hole && c[1].is_hole && !c[2].is_hole);
    ASSERT_CLOSE(nd_contour_area(&c[0]), ND_PI, 1e-3, "outside");
    ASSERT_CLOSE(nd_contour_area(&c[1]), -0.36 * ND_PI, 1e-3, "hole");
    ASSERT_CLOSE(nd_contour_area(&c[2]), 0.04 * ND_PI, 1e-2, "island");
    check_nodes(&contours, 0.0);
    nd_contours_clear(&contours);
}

/* ---- borders ---- */

static double gentle_disc(double x, double y)
{
    return 1.0 - hypot(x, y);
}

Test(contour, cut_by_the_border)
{
    const struct {
        double x_min, x_max, y_min, y_max, area;
        int edges;
    } cases[] = {
        {0.0, 1.2, -1.2, 1.2, ND_PI / 2.0, ND_CONTOUR_X_MIN},
        {-1.2, 0.0, -1.2, 1.2, ND_PI / 2.0, ND_CONTOUR_X_MAX},
        {-1.2, 1.2, 0.0, 1.2, ND_PI / 2.0, ND_CONTOUR_Y_MIN},
        {-1.2, 1.2, -1.2, 0.0, ND_PI / 2.0, ND_CONTOUR_Y_MAX},
        {0.0, 1.2, -1.2, 0.0, ND_PI / 4.0, ND_CONTOUR_X_MIN | ND_CONTOUR_Y_MAX},
        {-1.2, 1.2, -0.5, 0.5, ND_PI / 3.0 + sqrt(0.75), ND_CONTOUR_Y_MIN | ND_CONTOUR_Y_MAX},
        {-0.7, 0.7, -0.7, 0.7, 1.96, 15}, /* the corners are at r = 0.99 */
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        set_axes(241, 241, cases[k].x_min, cases[k].x_max, cases[k].y_min, cases[k].y_max);
        set_values(gentle_disc);
        struct nd_contours contours = trace(0.0, 1, 0);
        cr_assert(contours.contours[0].touches_edge == cases[k].edges, "case %zu: edges %d", k,
                  contours.contours[0].touches_edge);
        ASSERT_CLOSE(nd_contour_area(contours.contours), cases[k].area, 1e-4, "case %zu", k);
        check_nodes(&contours, 0.0);
        nd_contours_clear(&contours);
    }
}

static double strip_up(double x, double y)
{
    return 0.5 - fabs(x) + 0.0 * y;
}

static double hole_only(double x, double y)
{
    return -disc(x, y);
}

Test(contour, border_and_holes)
{
    set_axes(25, 7, -1.2, 1.2, -3.0, 5.0);
    set_values(strip_up);
    struct nd_contours contours = trace(0.0, 1, 0);
    cr_assert(contours.contours[0].n == 4);
    cr_assert(contours.contours[0].touches_edge == (ND_CONTOUR_Y_MIN | ND_CONTOUR_Y_MAX));
    ASSERT_CLOSE(total_area(&contours), 8.0, ROUNDING, "strip");
    nd_contours_clear(&contours);

    set_axes(241, 241, -1.2, 1.2, -1.2, 1.2);
    set_values(hole_only);
    contours = trace(0.0, 2, 1);
    cr_assert(contours.contours[0].touches_edge == ALL_EDGES && contours.contours[0].n == 4);
    cr_assert(contours.contours[1].touches_edge == 0);
    ASSERT_CLOSE(total_area(&contours), 5.76 - ND_PI, 1e-3, "square without a disc");
    check_nodes(&contours, 0.0);
    nd_contours_clear(&contours);

    /* cut by the border, a hole is none: the rest is one polygon with a bay, here in a corner */
    set_axes(241, 241, 0.0, 1.2, 0.0, 1.2);
    set_values(hole_only);
    contours = trace(0.0, 1, 0);
    ASSERT_CLOSE(total_area(&contours), 1.44 - ND_PI / 4.0, 1e-3, "square without a corner");
    check_nodes(&contours, 0.0);
    nd_contours_clear(&contours);
}

Test(contour, everything_or_nothing)
{
    const double levels[] = {-1e300, 2.5, 3.0, 3.0 + 1e-15, 4.0};
    set_axes(5, 4, -1.0, 3.0, 10.0, 12.0);
    for (int k = 0; k < 20; k++)
        grid.values[k] = 3.0;
    for (int k = 0; k < 5; k++) {
        const int above = levels[k] <= 3.0;
        struct nd_contours contours = trace(levels[k], above, 0);
        cr_assert(above || contours.contours == NULL);
        for (int i = 0; above && i < 4; i++) {
            static const double x[] = {-1.0, 3.0, 3.0, -1.0}, y[] = {10.0, 10.0, 12.0, 12.0};
            const struct nd_contour *c = contours.contours;
            int found = 0;
            cr_assert(c->n == 4 && c->touches_edge == ALL_EDGES);
            for (int v = 0; v < 4; v++)
                found += c->x[v] == x[i] && c->y[v] == y[i];
            cr_assert(found == 1, "corner %d", i);
        }
        if (above)
            ASSERT_CLOSE(total_area(&contours), 8.0, ROUNDING, "rectangle");
        check_nodes(&contours, levels[k]);
        nd_contours_clear(&contours);
    }
}

/* ---- small grids ---- */

static void set_nodes(int n_x, int n_y, const double *values)
{
    set_axes(n_x, n_y, 0.0, n_x - 1.0, 0.0, n_y - 1.0);
    memcpy(grid.values, values, sizeof(double) * (size_t)(n_x * n_y));
}

Test(contour, saddle)
{
    /* opposite corners at a, the others at -b; either diagonal */
    for (int diagonal = 0; diagonal < 2; diagonal++)
        for (double a = 0.3; a < 3.0; a += 0.4) {
            const double b = 1.0, t = a / (a + b);
            const double values[] = {diagonal ? a : -b, diagonal ? -b : a, diagonal ? -b : a,
                                     diagonal ? a : -b};
            const int joined = a >= b;
            set_nodes(2, 2, values);
            struct nd_contours contours = trace(0.0, joined ? 1 : 2, 0);
            ASSERT_CLOSE(total_area(&contours), joined ? 1.0 - (1.0 - t) * (1.0 - t) : t * t,
                         ROUNDING, "saddle, a = %g", a);
            cr_assert(regions_around(&contours, 0.5, 0.5) == joined);
            check_nodes(&contours, 0.0);
            nd_contours_clear(&contours);
        }
    const double tie[] = {1.0, -1.0, -1.0, 1.0}; /* a mean at the level joins */
    set_nodes(2, 2, tie);
    struct nd_contours contours = trace(0.0, 1, 0);
    ASSERT_CLOSE(total_area(&contours), 0.75, ROUNDING, "tie");
    nd_contours_clear(&contours);
}

Test(contour, saddles_of_a_chequerboard)
{
    for (int joined = 0; joined < 2; joined++) {
        const int n = 8;
        set_axes(n, n, 0.0, n - 1.0, 0.0, n - 1.0);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                *node(i, j) = (i + j) % 2 == 0 ? (joined ? 1.5 : 0.5) : -1.0;
        /* apart: one diamond for each node above; joined: one net, with a diamond-shaped hole
         * around each node below that is not at the border */
        struct nd_contours contours =
            joined ? trace(0.0, 1 + (n - 2) * (n - 2) / 2, (n - 2) * (n - 2) / 2)
                   : trace(0.0, n * n / 2, 0);
        check_nodes(&contours, 0.0);
        nd_contours_clear(&contours);
    }
}

Test(contour, nodes_at_the_level)
{
    /* a digit is the height of a node, '.' is -1; rows of the string run along y */
    const struct {
        int n_x, n_y;
        const char *nodes, *what;
        int n, n_holes, edges; /* edges of the first contour */
        double area;
    } cases[] = {
        {4, 4,
         "...."
         ".00."
         ".00."
         "....",
         "plateau", 1, 0, 0, 1.0},
        {3, 4,
         "...."
         ".00."
         "....",
         "line", 0, 0, 0, 0.0},
        {4, 4,
         "...."
         ".00."
         ".0.."
         "....",
         "angle", 1, 0, 0, 0.5},
        {3, 3,
         "..."
         ".0."
         "...",
         "node", 0, 0, 0, 0.0},
        {3, 3,
         "0.."
         ".0."
         "..0",
         "diagonal", 0, 0, 0, 0.0},
        {3, 3,
         "..."
         "..."
         "000",
         "border", 0, 0, 0, 0.0},
        {3, 3,
         "0.0"
         "..."
         "0.0",
         "corners", 0, 0, 0, 0.0},
        {3, 3,
         "000"
         "0.."
         "0..",
         "borders", 1, 0, ND_CONTOUR_X_MIN | ND_CONTOUR_Y_MIN, 0.5},
        {6, 4,
         "...."
         ".00."
         ".00."
         ".0.."
         ".0.."
         "....",
         "whisker", 1, 0, 0, 1.5},
        {4, 5,
         "..0.."
         "..0.."
         "..1.."
         ".....",
         "whisker at the start", 1, 0, 0, 0.75},
        {3, 5,
         "....."
         ".1001"
         ".....",
         "two joined by a line", 1, 0, ND_CONTOUR_Y_MAX, 1.25},
        {3, 3,
         "000"
         "0.0"
         "000",
         "hole", 2, 1, 15, 2.0},
        {3, 5,
         "00000"
         "0.0.0"
         "00000",
         "two holes that touch", 3, 2, 15, 4.0},
        {3, 3,
         "000"
         "010"
         "000",
         "nothing below", 1, 0, 15, 4.0},
        {3, 3,
         "1.."
         ".0."
         "..1",
         "apart", 2, 0, ND_CONTOUR_X_MIN | ND_CONTOUR_Y_MIN, 0.25},
        {3, 3,
         "2.."
         ".0."
         "..2",
         "joined", 1, 0, 15, 4.0 / 3.0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const int n_nodes = cases[k].n_x * cases[k].n_y;
        const char *what = cases[k].what;
        cr_assert((int)strlen(cases[k].nodes) == n_nodes, "%s", what);
        for (int scale = 0; scale < 2; scale++) { /* a level of 0.7 is not exact in binary */
            const double level = scale ? 0.7 : 0.0;
            set_axes(cases[k].n_x, cases[k].n_y, 0.0, cases[k].n_x - 1.0, 0.0, cases[k].n_y - 1.0);
            for (int l = 0; l < n_nodes; l++) {
                const char c = cases[k].nodes[l];
                grid.values[l] = level + (c == '.' ? -1.0 : c - '0');
            }
            struct nd_contours contours = trace(level, cases[k].n, cases[k].n_holes);
            const int edges = contours.n > 0 ? contours.contours[0].touches_edge : 0;
            ASSERT_NEAR(total_area(&contours), cases[k].area, ROUNDING, "%s", what);
            cr_assert(edges == cases[k].edges, "%s: edges %d", what, edges);
            check_nodes(&contours, level);
            nd_contours_clear(&contours);
        }
    }
}

/* A diamond whose area underflows is dropped like a node at the level. */
Test(contour, area_of_nothing)
{
    const double values[] = {-1.0, -1.0, -1.0, -1.0, 1e-200, -1.0, -1.0, -1.0, -1.0};
    set_nodes(3, 3, values);
    set_axes(3, 3, -1.0, 1.0, -1.0, 1.0);
    struct nd_contours contours = trace(0.0, 0, 0);
    nd_contours_clear(&contours);
}

Test(contour, single_rows_have_no_area)
{
    const int sizes[][2] = {{1, 1}, {1, 7}, {7, 1}};
    const double values[] = {1.0, 2.0, -1.0, 0.0, 0.0, 3.0, 1.0};
    for (int k = 0; k < 3; k++) {
        set_nodes(sizes[k][0], sizes[k][1], values);
        struct nd_contours contours = trace(0.0, 0, 0);
        nd_contours_clear(&contours);
    }
}

/* ---- random fields ---- */

static uint64_t random_state;

static double uniform_number(void) /* xorshift64*, [0, 1) */
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (double)((random_state * UINT64_C(2685821657736338717)) >> 11) * 0x1p-53;
}

/* A convex piece of the region in one cell, counter-clockwise. */
struct piece {
    int n;
    double x[6], y[6];
};

/* The region in the cell with the lower left node (i, j): the polygon of the corners above the
 * level and the crossings between them, or two triangles. */
static int cell_pieces(int i, int j, double level, struct piece pieces[2])
{
    const int ci[] = {i, i + 1, i + 1, i}, cj[] = {j, j, j + 1, j + 1};
    double f[4], mean = 0.0;
    for (int k = 0; k < 4; k++) {
        f[k] = *node(ci[k], cj[k]) - level;
        mean += f[k] / 4.0;
    }
    const int saddle = (f[0] >= 0.0) == (f[2] >= 0.0) && (f[1] >= 0.0) == (f[3] >= 0.0) &&
                       (f[0] >= 0.0) != (f[1] >= 0.0);
    const int apart = saddle && mean < 0.0;
    /* begin behind a corner below, so that each triangle is complete */
    const int first = f[0] >= 0.0 ? 1 : 0;
    struct piece *p = pieces;
    p->n = 0;
    for (int l = 0; l < 4; l++) {
        const int a = (first + l) % 4, b = (a + 1) % 4;
        if (f[a] >= 0.0) {
            p->x[p->n] = grid.x[ci[a]];
            p->y[p->n++] = grid.y[cj[a]];
        }
        if ((f[a] >= 0.0) != (f[b] >= 0.0)) {
            const double t = f[a] / (f[a] - f[b]);
            p->x[p->n] = (1.0 - t) * grid.x[ci[a]] + t * grid.x[ci[b]];
            p->y[p->n++] = (1.0 - t) * grid.y[cj[a]] + t * grid.y[cj[b]];
        }
        if (apart && p == pieces && p->n == 3)
            (++p)->n = 0;
    }
    return apart ? 2 : 1;
}

static double piece_area(const struct piece *p)
{
    double twice = 0.0;
    for (int k = 0; k < p->n; k++) {
        const int l = (k + 1) % p->n;
        twice += p->x[k] * p->y[l] - p->x[l] * p->y[k];
    }
    return twice / 2.0;
}

/* 1 inside, 0 outside, -1 too close to tell. */
static int in_piece(const struct piece *p, double x, double y)
{
    int inside = p->n >= 3;
    for (int k = 0; k < p->n; k++) {
        const int l = (k + 1) % p->n;
        const double left =
            (p->x[l] - p->x[k]) * (y - p->y[k]) - (p->y[l] - p->y[k]) * (x - p->x[k]);
        if (fabs(left) < 1e-10)
            return -1;
        inside = inside && left > 0.0;
    }
    return inside;
}

static void compare_with_cells(double level, int n_points)
{
    struct nd_contours contours = trace(level, -1, -1);
    struct piece pieces[2];
    double area = 0.0;
    for (int i = 0; i + 1 < grid.n_x; i++)
        for (int j = 0; j + 1 < grid.n_y; j++)
            for (int k = cell_pieces(i, j, level, pieces); k > 0; k--)
                area += piece_area(&pieces[k - 1]);
    ASSERT_NEAR(total_area(&contours), area, 1e-11, "%d x %d nodes, level %g", grid.n_x, grid.n_y,
                level);
    check_nodes(&contours, level);
    for (int k = 0; k < n_points; k++) {
        const int i = (int)(uniform_number() * (grid.n_x - 1)),
                  j = (int)(uniform_number() * (grid.n_y - 1));
        const double x = grid.x[i] + uniform_number() * (grid.x[i + 1] - grid.x[i]);
        const double y = grid.y[j] + uniform_number() * (grid.y[j + 1] - grid.y[j]);
        int expected = 0, unclear = 0;
        for (int l = cell_pieces(i, j, level, pieces); l > 0; l--) {
            const int answer = in_piece(&pieces[l - 1], x, y);
            unclear = unclear || answer < 0;
            expected += answer > 0;
        }
        const int count = regions_around(&contours, x, y);
        cr_assert(unclear || count == expected, "(%g, %g) is in %d regions instead of %d", x, y,
                  count, expected);
    }
    nd_contours_clear(&contours);
}

/* An uneven grid. */
static void set_random_axes(int n_x, int n_y)
{
    set_axes(n_x, n_y, -2.0, 2.0, 0.0, 0.0);
    for (int i = 1; i < n_x; i++)
        grid.x[i] = grid.x[i - 1] + 0.05 + uniform_number();
    for (int j = 1; j < n_y; j++)
        grid.y[j] = grid.y[j - 1] + 0.05 + uniform_number();
}

Test(contour, random_nodes)
{
    random_state = 20240607;
    for (int k = 0; k < 1500; k++) {
        set_random_axes(2 + (int)(uniform_number() * 15.0), 2 + (int)(uniform_number() * 15.0));
        for (int l = 0; l < grid.n_x * grid.n_y; l++)
            grid.values[l] = uniform_number();
        compare_with_cells(0.2 + 0.6 * uniform_number(), 100);
    }
}

/* Whole numbers: many nodes are exactly at the level, and saddles tie. */
Test(contour, random_plateaus)
{
    random_state = 4711;
    for (int k = 0; k < 3000; k++) {
        const int n_heights = 2 + k % 4;
        set_random_axes(2 + (int)(uniform_number() * 11.0), 2 + (int)(uniform_number() * 11.0));
        for (int l = 0; l < grid.n_x * grid.n_y; l++)
            grid.values[l] = floor(uniform_number() * n_heights);
        compare_with_cells(1.0, 100);
    }
}

/* Heights of very different size: crossings fall on nodes by rounding. */
Test(contour, random_magnitudes)
{
    random_state = 99;
    for (int k = 0; k < 1500; k++) {
        set_random_axes(2 + (int)(uniform_number() * 11.0), 2 + (int)(uniform_number() * 11.0));
        for (int l = 0; l < grid.n_x * grid.n_y; l++)
            grid.values[l] =
                (uniform_number() < 0.5 ? -1.0 : 1.0) * pow(10.0, -40.0 + 80.0 * uniform_number());
        struct nd_contours contours = trace(0.0, -1, -1);
        for (int l = 0; l < contours.n; l++)
            cr_assert(isfinite(nd_contour_area(&contours.contours[l])));
        struct piece pieces[2];
        double area = 0.0;
        for (int i = 0; i + 1 < grid.n_x; i++)
            for (int j = 0; j + 1 < grid.n_y; j++)
                for (int m = cell_pieces(i, j, 0.0, pieces); m > 0; m--)
                    area += piece_area(&pieces[m - 1]);
        ASSERT_NEAR(total_area(&contours), area, 1e-11, "field %d", k);
        nd_contours_clear(&contours);
    }
}

enum { N_WAVES = 6 };
static double waves[N_WAVES][3];

static double wavy(double x, double y)
{
    double sum = 0.0;
    for (int k = 0; k < N_WAVES; k++)
        sum += cos(waves[k][0] * x + waves[k][1] * y + waves[k][2]);
    return sum;
}

/* The region of a smooth function, counted on a much finer grid. */
Test(contour, smooth_fields_against_sampling)
{
    const int n_samples = 1000;
    random_state = 31415;
    for (int k = 0; k < 8; k++) {
        for (int l = 0; l < N_WAVES; l++) {
            waves[l][0] = 12.0 * uniform_number() - 6.0;
            waves[l][1] = 12.0 * uniform_number() - 6.0;
            waves[l][2] = 2.0 * ND_PI * uniform_number();
        }
        const double level = 2.0 * uniform_number() - 1.0;
        set_axes(151, 131, 0.0, 3.0, 0.0, 2.0);
        set_values(wavy);
        struct nd_contours contours = trace(level, -1, -1);
        int inside = 0;
        for (int i = 0; i < n_samples; i++)
            for (int j = 0; j < n_samples; j++)
                inside += wavy(3.0 * (i + 0.5) / n_samples, 2.0 * (j + 0.5) / n_samples) >= level;
        ASSERT_NEAR(total_area(&contours), 6.0 * inside / (1.0 * n_samples * n_samples), 2e-3,
                    "field %d", k);
        check_nodes(&contours, level);
        nd_contours_clear(&contours);
    }
}

/* ---- errors ---- */

static void expect_error(double level, const char *fragment)
{
    struct nd_contour rubbish;
    struct nd_contours contours = {7, &rubbish};
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_contours_trace(&contours, grid.x, grid.n_x, grid.y, grid.n_y, grid.values,
                                   level, &error),
                 error, ND_BAD_INPUT, fragment);
    cr_assert(contours.n == 0 && contours.contours == NULL);
    cr_assert(nd_contours_trace(&contours, grid.x, grid.n_x, grid.y, grid.n_y, grid.values, level,
                                NULL) == ND_BAD_INPUT);
}

Test(contour, refuses_bad_input)
{
    const double bad[] = {NAN, INFINITY, -INFINITY};
    set_axes(11, 6, -1.0, 1.0, -1.0, 1.0);
    set_values(disc);
    for (int k = 0; k < 3; k++) {
        const double value = *node(7, 3);
        *node(7, 3) = bad[k];
        expect_error(0.0, "node [7, 3] at (0.4, 0.2)");
        *node(7, 3) = value;
        expect_error(bad[k], "level");
        const double x = grid.x[4];
        grid.x[4] = bad[k];
        expect_error(0.0, "x[4]");
        grid.x[4] = x;
    }
    *node(10, 5) = 1.5e308;
    expect_error(-1.5e308, "node [10, 5]");
    set_values(disc);
    grid.y[2] = grid.y[1];
    expect_error(0.0, "y[2] = -0.6 does not increase");
    grid.n_y = 0;
    expect_error(0.0, "0 nodes along y");
    grid.n_x = -1;
    expect_error(0.0, "-1 nodes along x");
}
