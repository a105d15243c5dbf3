/* Bounds on mass and coupling from other experiments, from stars and from cosmology.
 *
 * A bound is a CSV file in the folder `bounds` of the data: a curve, an outline or a mass, with
 * comment lines that say where it is from, how its d is to be read and to which flavours it
 * applies; see params/data/README.md. A new one needs a file and no code.
 *
 * Collections of such curves disagree by factors of two: some print d of L = d nubar sigma F N,
 * some the magnetic moment mu = 2 d. Each file says which, here everything is mu. */
#ifndef NUDIPOLE_BOUNDS_H
#define NUDIPOLE_BOUNDS_H

#include "nudipole/error.h"
#include "nudipole/model.h"
#include "nudipole/values.h"

/* What is excluded. */
enum nd_bound_side {
    ND_BOUND_ABOVE, /* couplings above a curve, between its first and its last mass */
    ND_BOUND_LEFT,  /* masses below one mass, at any coupling */
    ND_BOUND_INSIDE /* what a closed outline encloses */
};

struct nd_bound {
    char name[ND_TEXT_MAX];       /* of the file, without blanks and commas */
    char title[ND_TEXT_MAX];      /* for people */
    char source[ND_TEXT_MAX];     /* the paper */
    char confidence[ND_TEXT_MAX]; /* "90 %", or "none stated" */
    unsigned flavours;            /* bit f: applies to enum nd_flavour f */
    enum nd_bound_side excluded;
    int by_default; /* one of "all": not another reading of a bound that is there already */
    int n;          /* points: >= 2 of a curve, >= 3 of an outline, 1 mass */
    double *m4;     /* > 0 [MeV]; of a curve increasing */
    double *mu;     /* > 0, half convention [MeV^-1]; NULL for a mass */
    double *log_m4, *log_mu; /* their natural logarithms; log_mu is NULL for a mass */
};

/* `name` is that of a file data_folder/bounds/NAME.csv, or, with a slash in it, a path. Errors:
 * ND_IO_ERROR if it cannot be read; ND_BAD_INPUT with file and line for a comment line that is
 * missing, given twice or not understood, for a coupling in no unit or in two, for a mass or
 * coupling that is not above 0, masses of a curve that do not increase, too few or too many points;
 * ND_NO_MEMORY. */
enum nd_status nd_bound_create(struct nd_bound **result, const char *data_folder, const char *name,
                               struct nd_error *error);
void nd_bound_free(struct nd_bound *bound);

/* "above", "left" or "inside", as in the files. */
const char *nd_bound_side_word(enum nd_bound_side side);

/* Does it hold for an N that couples to this flavour? */
int nd_bound_applies(const struct nd_bound *bound, enum nd_flavour flavour);

/* Is a point of mass m4 [MeV] and coupling mu [MeV^-1] excluded? 1, 0, or -1 where the bound is not
 * known: at masses outside its range. Straight lines in log m4 and log mu join the points of a
 * curve or an outline. A point on a curve is allowed, one on an outline excluded. */
int nd_bound_excludes(const struct nd_bound *bound, double m4, double mu);

/* Names of all bounds in data_folder/bounds, sorted: every NAME.csv that is not hidden. Errors:
 * ND_IO_ERROR if the folder cannot be read, ND_BAD_INPUT for more than ND_LIST_MAX. */
enum nd_status nd_bound_names(struct nd_text_list *names, const char *data_folder,
                              struct nd_error *error);

#endif
