/* The gnuplot scripts of src/plot/, embedded in the program when it is built. */
#ifndef ND_PLOT_SCRIPTS_H
#define ND_PLOT_SCRIPTS_H

struct nd_plot_script {
    const char *name; /* file name without .gp */
    const char *text;
};

/* Ends with {NULL, NULL}. */
extern const struct nd_plot_script nd_plot_scripts[];

#endif
