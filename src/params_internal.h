/* The table of the parameters: params_table.c below params.c. */
#ifndef ND_PARAMS_INTERNAL_H
#define ND_PARAMS_INTERNAL_H

#include "nudipole/params.h"
#include "options.h"

extern const struct nd_option_table nd_params_table;

#endif
