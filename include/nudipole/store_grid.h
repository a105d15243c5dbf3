/* What a sweep has stored, laid out by what was varied: a grid of cells, or points that were drawn.
 *
 * The plan of the sweep says where each point is, the store what is known of it, also while the
 * sweep runs. Axes can be held at one of their values; the others are free. */
#ifndef NUDIPOLE_STORE_GRID_H
#define NUDIPOLE_STORE_GRID_H

#include "nudipole/store.h"
#include "nudipole/sweep_plan.h"

enum { ND_STORE_GRID_POINTS_MAX = 1000000 };

/* An axis of the plan. Of a grid numbers increase; words stand in the order of the plan, also where
 * they come before numbers that were drawn. */
struct nd_store_axis {
    const char *key; /* of the plan */
    int is_text, logarithmic;
    int n;                            /* values; 0 of numbers that were drawn */
    double *numbers;                  /* n, else NULL */
    char (*words)[ND_SWEEP_WORD_MAX]; /* n, else NULL: as stored, as planned where nothing is */
    int *place;                       /* n: which one here is a value of the plan */
    int held;                         /* index of the value it is held at; -1 if it is free */
};

struct nd_store_grid {
    int is_grid; /* 0: points that were drawn */
    int n_axes;
    struct nd_store_axis axes[ND_SWEEP_AXES_MAX];
    const struct nd_sweep_plan *plan;
    int n_columns;
    struct nd_store_column *columns; /* those that were asked for */
    long n_points;                   /* of a grid cells, see nd_store_grid_cell; else by id, of
                                        what is held */
    enum nd_store_status *status;    /* n_points */
    struct nd_store_value *values;   /* n_points x n_columns: NAN and NULL where not known */
    long counts[ND_POINT_STATUSES];  /* of n_points */
    char **texts;                    /* n_texts, what the values point to */
    size_t n_texts;
};

/* Lays out the axes of a plan, which has to outlive the grid; no point is known yet. Clear it also
 * after an error. Errors: ND_BAD_INPUT for more than ND_STORE_GRID_POINTS_MAX values of an axis;
 * ND_NO_MEMORY. */
enum nd_status nd_store_grid_plan(struct nd_store_grid *grid, const struct nd_sweep_plan *plan,
                                  struct nd_error *error);

/* Takes the words of text axes from the store, and refuses one of another plan. Errors:
 * ND_BAD_INPUT; those of reading a store. */
enum nd_status nd_store_grid_match(struct nd_store_grid *grid, struct nd_store_reader *reader,
                                   struct nd_error *error);

/* Holds an axis at a value: "KEY VALUE", where a number agrees with one of the axis to a part in a
 * thousand. Errors: ND_BAD_INPUT, "'KEY VALUE': what is wrong: what is allowed". */
enum nd_status nd_store_grid_hold(struct nd_store_grid *grid, const char *text,
                                  struct nd_error *error);

/* Reads columns of the points on the free axes, once. Errors: ND_BAD_INPUT if a column is not there
 * (the message lists those that are) or for more than ND_STORE_GRID_POINTS_MAX points; those of
 * reading a store; ND_NO_MEMORY. */
enum nd_status nd_store_grid_read(struct nd_store_grid *grid, struct nd_store_reader *reader,
                                  const struct nd_text_list *columns, struct nd_error *error);
void nd_store_grid_clear(struct nd_store_grid *grid);

/* Index of the axis of a key, or -1. */
int nd_store_grid_axis(const struct nd_store_grid *grid, const char *key);

/* Of a grid: the point at an index of each axis; those of held axes are not looked at. */
long nd_store_grid_cell(const struct nd_store_grid *grid, const int *index);

/* The texts of a column, sorted, each once; at most `max` are written. Returns how many there are,
 * or max + 1 if there are more. */
int nd_store_grid_words(const struct nd_store_grid *grid, int column, const char **words, int max);

/* Edges of cells around n increasing centres: half way to the neighbours, the outer ones as far
 * out as the inner ones are in; in the logarithm if `logarithmic`. Of a single centre 0.5 to both
 * sides, or a factor of 1.5. `edges` has room for n + 1. */
void nd_cell_edges(const double *centres, int n, int logarithmic, double *edges);

#endif
