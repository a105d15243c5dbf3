/* The work of a sweep over axes: threads and ranks take points, by mass, and give rows. */
#include "sweep_run.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "sweep_mpi.h"

/* What is shared by the threads that compute and the one that serves other ranks. */
struct work {
    struct nd_cli_sweep *run;
    int workers; /* threads of all ranks */
    atomic_int stop;
    pthread_mutex_t lock; /* of all that follows, and of the store */
    long position;        /* in run->order: what comes before it was handed out or is done */
    long handed, done, failed;
    double started, said; /* [s] */
    struct nd_error *error;
};

static int threads(void)
{
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- signals ----------------------------------------------------------------------------- */

static volatile sig_atomic_t interrupted, on_terminal;

static void interrupt(int signal_number)
{
    static const char text[] = "\nnudipole: finishing the points in flight\n";
    const int skipped = !on_terminal; /* there the line of progress is open */
    (void)signal_number;
    if (!interrupted &&
        write(STDERR_FILENO, text + skipped, sizeof text - 1 - (size_t)skipped) < 0) {
        /* there is nobody to tell */
    }
    interrupted = 1;
}

/* Batch systems send SIGTERM more than once; a second Ctrl-C means it. SIGUSR1 is what mpirun
 * hands on as it is. */
static const struct {
    int number, flags;
} SIGNALS[] = {{SIGINT, (int)SA_RESETHAND}, {SIGTERM, 0}, {SIGUSR1, 0}};
enum { N_SIGNALS = sizeof SIGNALS / sizeof SIGNALS[0] };

static void catch_signals(struct sigaction before[N_SIGNALS])
{
    on_terminal = isatty(STDERR_FILENO);
    for (int i = 0; i < N_SIGNALS; i++) {
        const struct sigaction action = {.sa_handler = interrupt, .sa_flags = SIGNALS[i].flags};
        sigaction(SIGNALS[i].number, &action, &before[i]);
    }
}

static void release_signals(const struct sigaction before[N_SIGNALS])
{
    for (int i = 0; i < N_SIGNALS; i++)
        sigaction(SIGNALS[i].number, &before[i], NULL);
}

/* ---- progress ---------------------------------------------------------------------------- */

/* On a terminal a line that is written over, in a log a plain one now and then. */
static void say_progress(struct work *work)
{
    const struct nd_cli_sweep *run = work->run;
    const int terminal = isatty(STDERR_FILENO);
    const double t = now(), often = terminal ? 0.2 : 30.0;
    const int last = work->done == run->todo;
    if (run->options->quiet || (t - work->said < often && !(last && terminal)))
        return;
    work->said = t;
    const double rate = (double)work->done / fmax(t - work->started, 1e-9);
    fprintf(stderr, "%s%ld of %ld points, %ld failed, %.3g a second, %.0f s left%s",
            terminal ? "\r\033[K" : "", work->done, run->todo, work->failed, rate,
            (double)(run->todo - work->done) / rate, terminal && !last ? "" : "\n");
    fflush(stderr);
}

/* ---- rank 0: points out, rows in ----------------------------------------------------------- */

/* On other ranks than 0 also when it says so. */
static int stopping(struct work *work)
{
    return interrupted || atomic_load(&work->stop) || nd_mpi_told_to_stop();
}

static int at_most(long n)
{
    return n < ND_MPI_IDS_MAX ? (int)n : ND_MPI_IDS_MAX;
}

static int is_todo(const struct nd_cli_sweep *run, long id)
{
    const enum nd_store_status status = nd_store_status_of(run->store, id);
    return status == ND_POINT_PENDING || (status == ND_POINT_FAILED && run->options->retry_failed);
}

static int same_mass(const struct nd_cli_sweep *run, long a, long b)
{
    return nd_cli_sweep_mass(run, a) == nd_cli_sweep_mass(run, b);
}

/* The next points: an eighth of a worker's part of what is left, so that all end together, and
 * from there to where the mass changes unless that takes too much, so that few workers make the
 * same tables. */
static int hand_out(void *context, long ids[ND_MPI_IDS_MAX])
{
    enum { SHARES = 8 };
    struct work *work = context;
    const struct nd_cli_sweep *run = work->run;
    int n = 0, whole = 1;
    if (stopping(work))
        return 0;
    pthread_mutex_lock(&work->lock);
    const long left = run->todo - work->handed;
    const int some = at_most(left / ((long)SHARES * work->workers) + 1),
              most = at_most(left / (work->workers + 1));
    long position = work->position, after_some = position;
    for (; position < run->plan.n_points; position++) {
        const long id = run->order[position];
        if (!is_todo(run, id))
            continue;
        if (n >= some && !same_mass(run, ids[n - 1], id))
            break;
        whole = n < some || n < most;
        if (!whole)
            break;
        ids[n++] = id;
        if (n == some)
            after_some = position + 1;
    }
    if (!whole) {
        n = some;
        position = after_some;
    }
    work->position = position;
    work->handed += n;
    pthread_mutex_unlock(&work->lock);
    return n;
}

/* The first error is kept, and ends the sweep. */
static void fail(struct work *work, const struct nd_error *error)
{
    pthread_mutex_lock(&work->lock);
    nd_fail(work->error, error->status, "%s", error->message);
    pthread_mutex_unlock(&work->lock);
    atomic_store(&work->stop, 1);
}

static void take_row(void *context, const struct nd_store_row *row)
{
    struct work *work = context;
    struct nd_error error = ND_ERROR_INIT;
    pthread_mutex_lock(&work->lock);
    if (nd_store_add(work->run->store, row, &error) == ND_OK) {
        work->done++;
        work->failed += row->status == ND_POINT_FAILED;
        say_progress(work);
    }
    pthread_mutex_unlock(&work->lock);
    if (error.status != ND_OK)
        fail(work, &error);
}

/* ---- other ranks, served by a thread of rank 0 ----------------------------------------------- */

static int is_stopped(void *context)
{
    return stopping(context);
}

static void rank_left(void *context, const struct nd_error *error, int was_interrupted)
{
    struct work *work = context;
    if (error->status != ND_OK)
        fail(work, error);
    if (was_interrupted)
        atomic_store(&work->stop, 1);
}

static void *serve(void *context)
{
    struct work *work = context;
    const struct nd_store_layout layout = nd_cli_sweep_layout(work->run);
    nd_mpi_serve(&(struct nd_mpi_service){.context = work,
                                          .layout = &layout,
                                          .hand_out = hand_out,
                                          .take = take_row,
                                          .left = rank_left,
                                          .stopped = is_stopped});
    return NULL;
}

/* ---- the work, on every rank ----------------------------------------------------------------- */

static void give_row(struct work *work, const struct nd_store_row *row)
{
    const struct nd_store_layout layout = nd_cli_sweep_layout(work->run);
    struct nd_error error = ND_ERROR_INIT;
    if (nd_mpi_rank() == 0)
        take_row(work, row);
    else if (nd_mpi_send(&layout, row, &error) != ND_OK)
        fail(work, &error);
}

static void solve_one(struct work *work, long id, struct nd_point_cache *cache,
                      struct nd_params *params)
{
    struct nd_cli_sweep *run = work->run;
    const struct nd_point_inputs inputs = {
        run->background, run->rates, run->parts & ND_POINT_EFFECTS ? &run->observations : NULL,
        run->T_RH_max};
    struct nd_store_value values[ND_SWEEP_AXES_MAX + ND_CLI_SWEEP_COLUMNS_MAX] = {{0.0, NULL}};
    struct nd_point point = {0};
    struct nd_error failure = ND_ERROR_INIT;
    const double start = now();
    if (nd_cli_point_params(run, id, params, &failure) == ND_OK) {
        nd_point_solve(params, params->T_RH_MeV.values[0], run->parts, &inputs, cache, &point);
        if (point.criteria_error.status != ND_OK)
            failure = point.criteria_error;
        else if (point.light_error.status != ND_OK)
            failure = point.light_error;
    }
    const double seconds = now() - start;
    const int n_axes = run->plan.n_axes, ok = failure.status == ND_OK;
    for (int axis = 0; axis < n_axes; axis++)
        values[axis] = (struct nd_store_value){nd_sweep_plan_number(&run->plan, id, axis),
                                               nd_sweep_plan_word(&run->plan, id, axis)};
    for (int i = 0; ok && i < run->n_columns; i++) {
        const struct nd_sweep_column *column = run->columns[i];
        values[n_axes + i].number = column->is_text ? 0.0 : column->number(&point);
        values[n_axes + i].text = column->is_text ? column->text(&point) : NULL;
    }
    give_row(work, &(struct nd_store_row){.id = id,
                                          .status = ok ? ND_POINT_OK : ND_POINT_FAILED,
                                          .seconds = seconds,
                                          .message = ok ? NULL : failure.message,
                                          .values = values});
    nd_point_clear(&point);
}

/* One thread. Of the points that it was handed it leaves what it has not begun when all are to
 * stop. */
static void solve_some(struct work *work)
{
    long ids[ND_MPI_IDS_MAX];
    struct nd_point_cache *cache = NULL;
    struct nd_error error = ND_ERROR_INIT;
    struct nd_params *params = malloc(sizeof *params);
    if (params == NULL)
        nd_fail(&error, ND_NO_MEMORY, "no memory for parameters");
    else
        nd_point_cache_create(&cache, &error);
    if (error.status != ND_OK)
        fail(work, &error);
    while (!stopping(work)) {
        const int n = nd_mpi_rank() == 0 ? hand_out(work, ids) : nd_mpi_ask(ids);
        for (int i = 0; i < n && !stopping(work); i++)
            solve_one(work, ids[i], cache, params);
        if (n == 0)
            break;
    }
    nd_point_cache_free(cache);
    free(params);
}

enum nd_status nd_cli_sweep_run(struct nd_cli_sweep *run, struct nd_error *error)
{
    struct work work = {.run = run, .error = error, .lock = PTHREAD_MUTEX_INITIALIZER};
    struct sigaction before[N_SIGNALS];
    pthread_t service;
    const int serves = nd_mpi_rank() == 0 && nd_mpi_ranks() > 1;
    work.workers = nd_mpi_sum(threads());
    if (serves && pthread_create(&service, NULL, serve, &work) != 0)
        nd_fail(error, ND_NO_MEMORY, "no thread to serve other ranks");
    if (nd_mpi_agree(error) != ND_OK)
        return error->status;
    work.started = work.said = now();
    catch_signals(before);
#pragma omp parallel
    solve_some(&work);
    if (serves)
        pthread_join(service, NULL);
    if (nd_mpi_rank() > 0)
        nd_mpi_leave(error, interrupted);
    release_signals(before);
    return error->status;
}
