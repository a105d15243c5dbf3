/* What a sweep can store of a point: columns by name, and the work that they need. */
#ifndef NUDIPOLE_SWEEP_COLUMNS_H
#define NUDIPOLE_SWEEP_COLUMNS_H

#include "nudipole/point.h"

/* What is computed at each point, named after the commands that do the same. */
enum nd_sweep_work {
    ND_WORK_RATES,  /* Gamma/H, from the table of rates alone */
    ND_WORK_EVOLVE, /* backreaction off: N as a test particle; on, passive: the coupled Universe */
    ND_WORK_BBN,    /* the coupled Universe and light elements */
    ND_WORK_VIABILITY /* N as a test particle, and with light_elements = on the coupled Universe,
                         light elements, the verdict, and what makes the difference */
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

/* What `work` asks for with the other parameters as they are: a sum of enum nd_point_part. */
int nd_sweep_parts(const struct nd_params *params);

/* What a computation of these parts looks at: a sum of enum nd_params_use. */
int nd_sweep_uses(int parts);

#endif
