/* Closed contours of a function on a rectangular grid, by marching squares.
 *
 * The region { f >= level } is bounded by polygons with the region on their left: outer boundaries
 * run counter-clockwise, holes clockwise. Outside the grid f counts as below the level, so a region
 * that reaches the border is closed along it, exactly through the border nodes. Coordinates are
 * plain numbers in any unit; polygons are straight in them. */
#ifndef NUDIPOLE_CONTOUR_H
#define NUDIPOLE_CONTOUR_H

#include "nudipole/error.h"

/* Sides of the grid, for a bit mask. */
enum nd_contour_edge {
    ND_CONTOUR_X_MIN = 1,
    ND_CONTOUR_X_MAX = 2,
    ND_CONTOUR_Y_MIN = 4,
    ND_CONTOUR_Y_MAX = 8
};

/* One closed polygon: the last point is joined to the first. Neighbouring vertices differ, and no
 * three in a row lie on one horizontal or vertical line. Where a node is exactly at the level the
 * polygon may touch itself, but it never crosses itself. */
struct nd_contour {
    int n;         /* vertices, >= 3 */
    double *x, *y; /* coordinates of the vertices, in the units of the grid; one block, x first */
    int is_hole;   /* the function is above the level outside of it */
    int touches_edge; /* mask of enum nd_contour_edge: the sides of the grid that a piece of the
                       * polygon runs along. The region goes on beyond them. */
};

struct nd_contours {
    int n;
    struct nd_contour *contours;
};

/* Boundary of { f >= level }, with f = values[i * n_y + j] at the node (x[i], y[j]), x and y
 * strictly increasing. Vertices are where f, linear between neighbouring nodes, takes the level.
 * In a cell with two opposite corners above the level these are connected if the mean of its four
 * nodes is at or above the level. Parts of the region without an area (isolated nodes or lines
 * exactly at the level, or above it by a rounding error) have no contour; nor has a grid of one row
 * or one column. The contours are ordered by the grid column in which they begin. Takes O(n_x n_y)
 * time.
 *
 * What `contours` held before is not freed; after an error it is empty. Errors: ND_BAD_INPUT if
 * the coordinates do not increase or a number is not finite, ND_NO_MEMORY. Free with
 * nd_contours_clear. */
enum nd_status nd_contours_trace(struct nd_contours *contours, const double *x, int n_x,
                                 const double *y, int n_y, const double *values, double level,
                                 struct nd_error *error);

/* Frees all contours and leaves the list empty. */
void nd_contours_clear(struct nd_contours *contours);

/* Signed area: positive for an outer boundary, negative for a hole. The sum over all contours is
 * the area of the region. */
double nd_contour_area(const struct nd_contour *contour);

/* Is a point enclosed by the polygon? A point on the polygon belongs to the region: it is inside
 * an outer boundary, and outside a hole. (Only on horizontal and vertical pieces and at vertices
 * can rounding be trusted to find it there.) */
int nd_contour_contains(const struct nd_contour *contour, double x, double y);

#endif
