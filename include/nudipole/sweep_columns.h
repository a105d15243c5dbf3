/* What a sweep can store of a point: columns by name, and the work that they need. */
#ifndef NUDIPOLE_SWEEP_COLUMNS_H
#define NUDIPOLE_SWEEP_COLUMNS_H

#include "nudipole/point.h"

/* What is computed at each point. */
enum nd_sweep_work {
    ND_WORK_ABUNDANCE, /* N as a test particle: whether it thermalises */
    ND_WORK_BBN,       /* the coupled Universe and light elements */
    ND_WORK_VIABILITY  /* both, the verdict, and what makes the difference */
};

struct nd_sweep_column {
    const char *name;
    int is_text;
    int parts; /* enum nd_point_part, all of which it needs */
    /* One of the two. A text lives as long as the program. */
    double (*number)(const struct nd_point *point);
    const char *(*text)(const struct nd_point *point);
};

/* All columns; NULL beyond the last one. */
const struct nd_sweep_column *nd_sweep_column(int index);

/* By name; NULL if there is none. */
const struct nd_sweep_column *nd_sweep_column_named(const char *name);

/* A sum of enum nd_point_part. */
int nd_sweep_work_parts(enum nd_sweep_work work);

#endif
