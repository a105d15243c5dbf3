/* Sets of sources: see nudipole/source_set.h. */
#include "nudipole/source_set.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned members;
} GROUPS[] = {
    {"CNO", 1u << ND_SOURCE_13N | 1u << ND_SOURCE_15O | 1u << ND_SOURCE_17F},
    {"all", (1u << ND_N_SOURCES) - 1u},
};

static unsigned members_of(const char *name)
{
    for (size_t i = 0; i < sizeof GROUPS / sizeof GROUPS[0]; i++)
        if (strcmp(GROUPS[i].name, name) == 0)
            return GROUPS[i].members;
    const int source = nd_source_find(name);
    return source < 0 ? 0u : 1u << source;
}

enum nd_status nd_source_set_parse(struct nd_source_set *set, const char *text,
                                   struct nd_error *error)
{
    char copy[sizeof set->name];
    *set = (struct nd_source_set){.members = 0};
    if (strlen(text) >= sizeof copy)
        return nd_fail(error, ND_BAD_INPUT, "%.40s...: too long: at most %zu letters", text,
                       sizeof copy - 1);
    snprintf(copy, sizeof copy, "%s", text);
    char *rest = copy;
    while (rest != NULL) {
        char *term = rest, *plus = strchr(rest, '+');
        rest = plus == NULL ? NULL : plus + 1;
        if (plus != NULL)
            *plus = '\0';
        while (*term == ' ')
            term++;
        for (size_t n = strlen(term); n > 0 && term[n - 1] == ' '; n--)
            term[n - 1] = '\0';
        if (*term == '\0')
            return nd_fail(error, ND_BAD_INPUT,
                           "'%s': a source is missing: needed is one, or one on both sides of '+'",
                           text);
        const unsigned members = members_of(term);
        if (members == 0)
            return nd_fail(error, ND_BAD_INPUT,
                           "'%s': unknown source: allowed are pp, pep, 7Be, 8B, hep, 13N, 15O, "
                           "17F, CNO (13N+15O+17F), all, and sums such as pp+7Be",
                           term);
        if (set->members & members)
            return nd_fail(error, ND_BAD_INPUT,
                           "%s: '%s' counts a source twice: allowed is each source once", text,
                           term);
        set->members |= members;
        /* the name stands in a column: no blanks */
        const size_t used = strlen(set->name);
        snprintf(set->name + used, sizeof set->name - used, "%s%s", used > 0 ? "+" : "", term);
    }
    return ND_OK;
}
