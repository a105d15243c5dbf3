/* Contours: see nudipole/contour.h.
 *
 * A crossing is a grid edge between a node in the region and a neighbour that is not. The walker
 * stands on a crossing with the region on its left and takes the next crossing of the cell ahead.
 * Every crossing leads to one other and is reached from one, so the walk ends where it began. */
#include "nudipole/contour.h"

#include <math.h>
#include <stdlib.h>

/* From the node (i, j) in the region towards a neighbour outside; directions are counted
 * counter-clockwise, 0 is +x. */
struct crossing {
    int i, j, direction;
};

static const int STEP_X[4] = {1, 0, -1, 0}, STEP_Y[4] = {0, 1, 0, -1};

struct point {
    double x, y;
};

struct walker {
    const double *x, *y, *values;
    int n_x, n_y;
    double level;
    char *visited;        /* crossings of the edges (i - 1, j) to (i, j): (n_x + 1) x n_y */
    struct point *points; /* the polygon under construction */
    int n, capacity;
};

/* f - level; the nodes around the grid are never asked for. */
static double height(const struct walker *w, int i, int j)
{
    return w->values[(size_t)i * (size_t)w->n_y + (size_t)j] - w->level;
}

static int on_grid(const struct walker *w, int i, int j)
{
    return i >= 0 && i < w->n_x && j >= 0 && j < w->n_y;
}

static int in_region(const struct walker *w, int i, int j)
{
    return on_grid(w, i, j) && height(w, i, j) >= 0.0;
}

/* The next crossing around the cell ahead: its corners are p (in the region) and q (not) and, one
 * step ahead of them, r and s. */
static struct crossing next_crossing(const struct walker *w, struct crossing p)
{
    const int ahead = (p.direction + 1) % 4, back = (p.direction + 3) % 4;
    const int qi = p.i + STEP_X[p.direction], qj = p.j + STEP_Y[p.direction];
    const int ri = p.i + STEP_X[ahead], rj = p.j + STEP_Y[ahead];
    const int si = qi + STEP_X[ahead], sj = qj + STEP_Y[ahead];
    const int r_inside = in_region(w, ri, rj);
    int around_q = in_region(w, si, sj);
    if (around_q && !r_inside) /* a saddle; p and s are on the grid, so q and r are too */
        around_q = 0.25 * height(w, p.i, p.j) + 0.25 * height(w, qi, qj) +
                       0.25 * height(w, ri, rj) + 0.25 * height(w, si, sj) >=
                   0.0;
    if (around_q)
        return (struct crossing){si, sj, back};
    if (r_inside)
        return (struct crossing){ri, rj, p.direction};
    return (struct crossing){p.i, p.j, ahead};
}

static char *visited_mark(const struct walker *w, struct crossing c)
{
    return &w->visited[(size_t)(c.direction == 0 ? c.i + 1 : c.i) * (size_t)w->n_y + (size_t)c.j];
}

/* Between a and b at the fraction near/(near + far), and never beyond them by rounding. */
static double between(double a, double b, double near, double far)
{
    return near < far ? a + (b - a) * (near / (near + far)) : b - (b - a) * (far / (near + far));
}

static struct point locate(const struct walker *w, struct crossing c)
{
    const int i = c.i + STEP_X[c.direction], j = c.j + STEP_Y[c.direction];
    const double x = w->x[c.i], y = w->y[c.j];
    if (!on_grid(w, i, j)) /* closed along the border */
        return (struct point){x, y};
    const double above = height(w, c.i, c.j), below = -height(w, i, j);
    return (struct point){between(x, w->x[i], above, below), between(y, w->y[j], above, below)};
}

static int coincide(struct point a, struct point b)
{
    return a.x == b.x && a.y == b.y;
}

/* Are three points on one grid line? Then the middle one says nothing, or is the tip of a spike
 * without area, as nodes exactly at the level make. */
static int on_a_line(struct point a, struct point b, struct point c)
{
    return (a.x == b.x && b.x == c.x) || (a.y == b.y && b.y == c.y);
}

/* Appends a vertex in place of those that it makes superfluous; 0 if there is no memory. */
static int append(struct walker *w, struct point p)
{
    if (w->n == w->capacity) {
        const int capacity = w->capacity == 0 ? 256 : 2 * w->capacity;
        struct point *points = realloc(w->points, (size_t)capacity * sizeof *points);
        if (points == NULL)
            return 0;
        w->points = points;
        w->capacity = capacity;
    }
    if (w->n >= 2 && on_a_line(w->points[w->n - 2], w->points[w->n - 1], p))
        w->n--;
    if (w->n == 0 || !coincide(w->points[w->n - 1], p))
        w->points[w->n++] = p;
    return 1;
}

/* Does the same where the last vertex meets the first; returns the index of the new first one. */
static int join_ends(struct walker *w)
{
    const struct point *p = w->points;
    int first = 0;
    while (w->n - first >= 3) {
        const int last = w->n - 1;
        if (coincide(p[last], p[first]) || on_a_line(p[last - 1], p[last], p[first]))
            w->n--;
        else if (on_a_line(p[last], p[first], p[first + 1]))
            first++;
        else
            break;
    }
    return first;
}

static int edges_touched(const struct walker *w, const struct nd_contour *c)
{
    const double x_max = w->x[w->n_x - 1], y_max = w->y[w->n_y - 1];
    int mask = 0;
    for (int b = 0, a = c->n - 1; b < c->n; a = b++) {
        if (c->x[a] == c->x[b])
            mask |= c->x[a] == w->x[0] ? ND_CONTOUR_X_MIN : c->x[a] == x_max ? ND_CONTOUR_X_MAX : 0;
        if (c->y[a] == c->y[b])
            mask |= c->y[a] == w->y[0] ? ND_CONTOUR_Y_MIN : c->y[a] == y_max ? ND_CONTOUR_Y_MAX : 0;
    }
    return mask;
}

/* Adds the finished polygon to the list, unless it encloses nothing; 0 if there is no memory. */
static int keep(struct walker *w, int is_hole, struct nd_contours *list)
{
    const int first = join_ends(w);
    struct nd_contour c = {.n = w->n - first, .is_hole = is_hole};
    if ((list->n & (list->n - 1)) == 0) { /* the list has room for a power of two */
        const size_t capacity = list->n == 0 ? 1 : 2 * (size_t)list->n;
        struct nd_contour *contours = realloc(list->contours, capacity * sizeof *contours);
        if (contours == NULL)
            return 0;
        list->contours = contours;
    }
    c.x = malloc(2 * (size_t)c.n * sizeof *c.x);
    if (c.x == NULL)
        return 0;
    c.y = c.x + c.n;
    for (int k = 0; k < c.n; k++) {
        c.x[k] = w->points[first + k].x;
        c.y[k] = w->points[first + k].y;
    }
    c.touches_edge = edges_touched(w, &c);
    const double area = nd_contour_area(&c);
    if (is_hole ? area < 0.0 : area > 0.0)
        list->contours[list->n++] = c;
    else /* one or two points, or as thin as rounding errors */
        free(c.x);
    return 1;
}

/* Walks from a crossing until it is back; 0 if there is no memory. */
static int trace_one(struct walker *w, struct crossing start, int is_hole, struct nd_contours *list)
{
    struct crossing c = start;
    w->n = 0;
    do {
        if (c.direction % 2 == 0)
            *visited_mark(w, c) = 1;
        if (!append(w, locate(w, c)))
            return 0;
        c = next_crossing(w, c);
    } while (c.i != start.i || c.j != start.j || c.direction != start.direction);
    return keep(w, is_hole, list);
}

static enum nd_status check_axis(const char *name, const double *x, int n, struct nd_error *error)
{
    if (n < 1)
        return nd_fail(error, ND_BAD_INPUT, "contours: %d nodes along %s", n, name);
    for (int i = 0; i < n; i++)
        if (!isfinite(x[i]) || (i > 0 && x[i] <= x[i - 1]))
            return nd_fail(error, ND_BAD_INPUT, "contours: %s[%d] = %g %s", name, i, x[i],
                           isfinite(x[i]) ? "does not increase" : "is not finite");
    return ND_OK;
}

static enum nd_status check_values(const struct walker *w, struct nd_error *error)
{
    if (!isfinite(w->level))
        return nd_fail(error, ND_BAD_INPUT, "contours: the level %g is not finite", w->level);
    for (int i = 0; i < w->n_x; i++)
        for (int j = 0; j < w->n_y; j++)
            if (!isfinite(height(w, i, j))) /* nor may the difference overflow */
                return nd_fail(error, ND_BAD_INPUT,
                               "contours: node [%d, %d] at (%g, %g): %g - %g is not finite", i, j,
                               w->x[i], w->y[j], w->values[(size_t)i * (size_t)w->n_y + (size_t)j],
                               w->level);
    return ND_OK;
}

enum nd_status nd_contours_trace(struct nd_contours *contours, const double *x, int n_x,
                                 const double *y, int n_y, const double *values, double level,
                                 struct nd_error *error)
{
    struct walker w = {.x = x, .y = y, .values = values, .n_x = n_x, .n_y = n_y, .level = level};
    enum nd_status status;
    *contours = (struct nd_contours){0, NULL};
    if ((status = check_axis("x", x, n_x, error)) != ND_OK ||
        (status = check_axis("y", y, n_y, error)) != ND_OK ||
        (status = check_values(&w, error)) != ND_OK)
        return status;
    w.visited = calloc(((size_t)n_x + 1) * (size_t)n_y, 1);
    int enough_memory = w.visited != NULL;
    /* Every contour crosses edges along x, and in each row the first one met leads into it: the
     * contour is a hole if that edge leads out of the region. */
    for (int i = 0; enough_memory && i <= n_x; i++)
        for (int j = 0; enough_memory && j < n_y; j++) {
            const int is_hole = in_region(&w, i - 1, j);
            const struct crossing start = {is_hole ? i - 1 : i, j, is_hole ? 0 : 2};
            if (is_hole != in_region(&w, i, j) && !*visited_mark(&w, start))
                enough_memory = trace_one(&w, start, is_hole, contours);
        }
    free(w.visited);
    free(w.points);
    if (enough_memory)
        return ND_OK;
    nd_contours_clear(contours);
    return nd_fail(error, ND_NO_MEMORY, "no memory for contours on a grid of %d x %d nodes", n_x,
                   n_y);
}

void nd_contours_clear(struct nd_contours *contours)
{
    for (int k = 0; k < contours->n; k++)
        free(contours->contours[k].x);
    free(contours->contours);
    *contours = (struct nd_contours){0, NULL};
}

double nd_contour_area(const struct nd_contour *contour)
{
    const double *x = contour->x, *y = contour->y;
    double twice = 0.0; /* triangles from the first vertex, lest large coordinates cancel */
    for (int k = 1; k + 1 < contour->n; k++)
        twice += (x[k] - x[0]) * (y[k + 1] - y[0]) - (x[k + 1] - x[0]) * (y[k] - y[0]);
    return 0.5 * twice;
}

int nd_contour_contains(const struct nd_contour *contour, double x, double y)
{
    const double *px = contour->x, *py = contour->y;
    int inside = 0;
    for (int b = 0, a = contour->n - 1; b < contour->n; a = b++) {
        /* > 0 if the point is on the left of the side from a to b */
        const double left = (px[b] - px[a]) * (y - py[a]) - (py[b] - py[a]) * (x - px[a]);
        if (left == 0.0 && x >= fmin(px[a], px[b]) && x <= fmax(px[a], px[b]) &&
            y >= fmin(py[a], py[b]) && y <= fmax(py[a], py[b]))
            return !contour->is_hole;
        if ((py[a] > y) != (py[b] > y) && (left > 0.0) == (py[b] > py[a]))
            inside = !inside;
    }
    return inside;
}
