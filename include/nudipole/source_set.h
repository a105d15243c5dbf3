/* Sets of solar sources, whose neutrinos make one signal together. */
#ifndef NUDIPOLE_SOURCE_SET_H
#define NUDIPOLE_SOURCE_SET_H

#include "nudipole/solar.h"

struct nd_source_set {
    char name[64];
    unsigned members; /* bit s: source s belongs to it */
};

/* From "8B", "CNO" (13N + 15O + 17F), "all", or a sum such as "pp+7Be+pep+CNO".
 * Errors: ND_BAD_INPUT for an unknown source or one named twice. */
enum nd_status nd_source_set_parse(struct nd_source_set *set, const char *text,
                                   struct nd_error *error);

static inline int nd_source_set_has(const struct nd_source_set *set, enum nd_source source)
{
    return (set->members >> source & 1u) != 0;
}

#endif
