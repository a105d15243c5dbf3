/* The processes of a sweep: ranks of MPI if the program is built with MPI=1, else one.
 *
 * Rank 0 hands out points and takes rows, the others ask for points and send rows. Nobody waits
 * without sleeping, so that a rank that waits leaves its core to the computation. Without MPI all
 * is as with one rank.
 *
 * A rank that dies ends all of them: mpirun and srun see to it. Errors of MPI itself do the same.
 */
#ifndef ND_CLI_SWEEP_MPI_H
#define ND_CLI_SWEEP_MPI_H

#include "nudipole/error.h"
#include "nudipole/store.h"

enum { ND_MPI_IDS_MAX = 1024 }; /* points that are handed out at a time */

/* ---- all ranks ------------------------------------------------------------------------------ */

/* First and last of the program. MPI is started if mpirun or srun started the program. Ranks other
 * than 0 print nothing from then on. Errors: ND_BAD_INPUT if MPI has no threads, or if several
 * ranks were started of a program without MPI. nd_mpi_end waits for all ranks and returns the exit
 * code: rank 0's own, and 0 for the others, which agree with it. */
enum nd_status nd_mpi_start(struct nd_error *error);
int nd_mpi_end(int code);

int nd_mpi_rank(void);
int nd_mpi_ranks(void);

/* Waits for all ranks and makes the first error of them that of all; returns its status. The
 * message of another rank than 0 says which, and on which machine. */
enum nd_status nd_mpi_agree(struct nd_error *error);

/* Is a text, which `what` names, the same on all ranks? Agrees on earlier errors, with which it may
 * be NULL, and on its own: ND_BAD_INPUT with the first line that differs. */
enum nd_status nd_mpi_same(const char *text, const char *what, struct nd_error *error);

/* Sum over all ranks. */
int nd_mpi_sum(int number);

/* ---- rank 0 --------------------------------------------------------------------------------- */

/* What the other ranks are served with, by one thread. */
struct nd_mpi_service {
    void *context;
    const struct nd_store_layout *layout;
    /* Chooses up to ND_MPI_IDS_MAX points; 0: there are no more. */
    int (*hand_out)(void *context, long ids[ND_MPI_IDS_MAX]);
    /* Takes a row. It lives until the return. */
    void (*take)(void *context, const struct nd_store_row *row);
    /* A rank has ended; not because there are no more points if it failed or was interrupted. */
    void (*left)(void *context, const struct nd_error *error, int interrupted);
    int (*stopped)(void *context); /* are all to end now? */
};

/* Returns when all other ranks have ended. */
void nd_mpi_serve(const struct nd_mpi_service *service);

/* ---- other ranks, any thread ------------------------------------------------------------------
 */

/* The next points and how many; 0: there are no more. */
int nd_mpi_ask(long ids[ND_MPI_IDS_MAX]);

/* Errors: ND_NO_MEMORY. */
enum nd_status nd_mpi_send(const struct nd_store_layout *layout, const struct nd_store_row *row,
                           struct nd_error *error);

/* Has rank 0 stopped the sweep? */
int nd_mpi_told_to_stop(void);

/* The last thing, after all rows; returns when all ranks have done so. */
void nd_mpi_leave(const struct nd_error *error, int interrupted);

#endif
