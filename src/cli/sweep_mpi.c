/* The processes of a sweep: see sweep_mpi.h. The only file that knows MPI. */
#include "sweep_mpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum nd_status silence(struct nd_error *error)
{
    return freopen("/dev/null", "w", stdout) != NULL && freopen("/dev/null", "w", stderr) != NULL
               ? ND_OK
               : nd_fail(error, ND_IO_ERROR, "/dev/null: cannot be opened");
}

#ifdef ND_MPI

#include <mpi.h>
#include <time.h>

enum { TAG_ASK, TAG_IDS, TAG_ROW, TAG_LEAVE, TAG_END, TAGS };

static int rank, ranks = 1;
static int initialised, end_seen;

static void nap(long microseconds)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000 * microseconds}, NULL);
}

/* ---- all ranks ------------------------------------------------------------------------------ */

/* MPI_Init of a program that was started alone takes half a second. */
static int started_by_a_launcher(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE",
                                        "PMI_FD"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (getenv(names[i]) != NULL)
            return 1;
    return 0;
}

enum nd_status nd_mpi_start(struct nd_error *error)
{
    int provided;
    if (!started_by_a_launcher())
        return ND_OK;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
    initialised = 1;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (rank > 0)
        silence(error);
    if (ranks > 1 && provided < MPI_THREAD_SERIALIZED)
        nd_fail(error, ND_BAD_INPUT,
                "this MPI has no threads: level %d, needed is %d, MPI_THREAD_SERIALIZED", provided,
                MPI_THREAD_SERIALIZED);
    return nd_mpi_agree(error);
}

/* Waits for all ranks, asleep, where a collective call alone would keep its core busy. */
static void meet(void)
{
    MPI_Request request;
    int met = 0;
    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    for (MPI_Test(&request, &met, MPI_STATUS_IGNORE); !met;
         MPI_Test(&request, &met, MPI_STATUS_IGNORE))
        nap(500);
}

int nd_mpi_end(int code)
{
    if (!initialised)
        return code;
    meet();
    MPI_Finalize();
    return rank == 0 ? code : 0;
}

int nd_mpi_rank(void)
{
    return rank;
}

int nd_mpi_ranks(void)
{
    return ranks;
}

enum nd_status nd_mpi_agree(struct nd_error *error)
{
    struct {
        int failed, rank;
    } mine = {error->status != ND_OK, rank}, first;
    char machine[MPI_MAX_PROCESSOR_NAME];
    struct nd_error agreed = *error;
    int length;
    if (ranks == 1)
        return error->status;
    meet();
    MPI_Allreduce(&mine, &first, 1, MPI_2INT, MPI_MAXLOC, MPI_COMM_WORLD); /* the lowest rank */
    if (!first.failed)
        return ND_OK;
    if (rank == first.rank && rank > 0) {
        MPI_Get_processor_name(machine, &length);
        agreed = (struct nd_error)ND_ERROR_INIT;
        nd_fail(&agreed, error->status, "rank %d on %s: %s", rank, machine, error->message);
    }
    MPI_Bcast(&agreed, (int)sizeof agreed, MPI_BYTE, first.rank, MPI_COMM_WORLD);
    *error = agreed;
    return error->status;
}

/* Fails at the first line that differs from that of rank 0. */
static void compare(const char *text, const char *first, const char *what, struct nd_error *error)
{
    while (strcmp(text, first) != 0 && error->status == ND_OK) {
        const int n = (int)strcspn(text, "\n"), n_first = (int)strcspn(first, "\n");
        if (n != n_first || strncmp(text, first, (size_t)n) != 0)
            nd_fail(error, ND_BAD_INPUT,
                    "%s: '%.*s' here, '%.*s' for rank 0: all ranks must use the same program and "
                    "read the same files",
                    what, n, text, n_first, first);
        text += n + (text[n] != '\0');
        first += n_first + (first[n_first] != '\0');
    }
}

enum nd_status nd_mpi_same(const char *text, const char *what, struct nd_error *error)
{
    if (nd_mpi_agree(error) != ND_OK || ranks == 1)
        return error->status;
    int size = (int)strlen(text) + 1;
    MPI_Bcast(&size, 1, MPI_INT, 0, MPI_COMM_WORLD);
    char *first = malloc((size_t)size);
    if (first == NULL)
        nd_fail(error, ND_NO_MEMORY, "no memory for %s", what);
    if (nd_mpi_agree(error) == ND_OK) {
        memcpy(first, text, rank == 0 ? (size_t)size : 0);
        MPI_Bcast(first, size, MPI_CHAR, 0, MPI_COMM_WORLD);
        compare(text, first, what, error);
    }
    free(first);
    return nd_mpi_agree(error);
}

int nd_mpi_sum(int number)
{
    int sum = number;
    if (ranks > 1)
        MPI_Allreduce(&number, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    return sum;
}

/* ---- messages ------------------------------------------------------------------------------- */

/* A row as it travels. Once memory is missing, nothing more is put in. */
struct parcel {
    char *data;
    int size, used, no_memory;
};

static void put(struct parcel *parcel, const void *items, int count, MPI_Datatype type)
{
    int more;
    MPI_Pack_size(count, type, MPI_COMM_WORLD, &more);
    if (!parcel->no_memory && parcel->used + more > parcel->size) {
        const int size = 2 * (parcel->used + more);
        char *data = realloc(parcel->data, (size_t)size);
        parcel->no_memory = data == NULL;
        if (data != NULL) {
            parcel->data = data;
            parcel->size = size;
        }
    }
    if (!parcel->no_memory)
        MPI_Pack(items, count, type, parcel->data, parcel->size, &parcel->used, MPI_COMM_WORLD);
}

/* A NULL is not the empty text. */
static void put_text(struct parcel *parcel, const char *text)
{
    const int size = text == NULL ? 0 : (int)strlen(text) + 1;
    put(parcel, &size, 1, MPI_INT);
    put(parcel, text, size, MPI_CHAR);
}

static void get(struct parcel *parcel, void *items, int count, MPI_Datatype type)
{
    MPI_Unpack(parcel->data, parcel->size, &parcel->used, items, count, type, MPI_COMM_WORLD);
}

/* Appends to `texts`, which has room for what is in the parcel. */
static const char *get_text(struct parcel *parcel, char **texts)
{
    int size;
    char *text = *texts;
    get(parcel, &size, 1, MPI_INT);
    get(parcel, text, size, MPI_CHAR);
    *texts += size;
    return size == 0 ? NULL : text;
}

/* ---- rank 0 --------------------------------------------------------------------------------- */

static void give_ids(const struct nd_mpi_service *service, int to)
{
    long ids[ND_MPI_IDS_MAX];
    MPI_Recv(NULL, 0, MPI_BYTE, to, TAG_ASK, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    const int n = service->hand_out(service->context, ids);
    MPI_Send(ids, n, MPI_LONG, to, TAG_IDS, MPI_COMM_WORLD);
}

/* Without memory for a row there is no going on: its point would be neither done nor left. */
static void take_row(const struct nd_mpi_service *service, int from, int size)
{
    const struct nd_store_layout *layout = service->layout;
    struct parcel parcel = {.data = malloc((size_t)size), .size = size};
    struct nd_store_value *values = calloc((size_t)layout->n, sizeof *values);
    char *texts = malloc((size_t)size), *end = texts;
    struct nd_store_row row = {.values = values};
    int status;
    if (parcel.data == NULL || values == NULL || texts == NULL)
        MPI_Abort(MPI_COMM_WORLD, nd_status_exit_code(ND_NO_MEMORY));
    MPI_Recv(parcel.data, size, MPI_PACKED, from, TAG_ROW, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    get(&parcel, &row.id, 1, MPI_LONG);
    get(&parcel, &status, 1, MPI_INT);
    get(&parcel, &row.seconds, 1, MPI_DOUBLE);
    row.status = (enum nd_store_status)status;
    row.message = get_text(&parcel, &end);
    for (int i = 0; i < layout->n; i++)
        if (layout->columns[i].is_text)
            values[i].text = get_text(&parcel, &end);
        else
            get(&parcel, &values[i].number, 1, MPI_DOUBLE);
    service->take(service->context, &row);
    free(parcel.data);
    free(values);
    free(texts);
}

static void say_end(void)
{
    for (int to = 1; to < ranks; to++)
        MPI_Send(NULL, 0, MPI_BYTE, to, TAG_END, MPI_COMM_WORLD);
}

void nd_mpi_serve(const struct nd_mpi_service *service)
{
    /* the longer nothing comes, the longer it sleeps [us] */
    const long shortest = 100, longest = 5000;
    long pause = shortest;
    int left = 1, said = 0;
    while (left < ranks) {
        struct {
            struct nd_error error;
            int interrupted;
        } farewell;
        MPI_Status status;
        int there, size;
        if (!said && service->stopped(service->context)) {
            say_end();
            said = 1;
        }
        MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
        if (!there) {
            nap(pause);
            pause = 2 * pause < longest ? 2 * pause : longest;
            continue;
        }
        pause = shortest;
        switch (status.MPI_TAG) {
        case TAG_ASK:
            give_ids(service, status.MPI_SOURCE);
            break;
        case TAG_ROW:
            MPI_Get_count(&status, MPI_PACKED, &size);
            take_row(service, status.MPI_SOURCE, size);
            break;
        default: /* TAG_LEAVE */
            MPI_Recv(&farewell, (int)sizeof farewell, MPI_BYTE, status.MPI_SOURCE, TAG_LEAVE,
                     MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            service->left(service->context, &farewell.error, farewell.interrupted);
            left++;
        }
    }
    if (!said)
        say_end();
}

/* ---- other ranks ------------------------------------------------------------------------------
 */

/* One thread at a time, also while it waits for the answer: rank 0 then never sends points to a
 * rank that is sending a row, and neither can wait for the other for ever. */
int nd_mpi_ask(long ids[ND_MPI_IDS_MAX])
{
    int n = 0;
#pragma omp critical(nd_mpi)
    {
        MPI_Status status;
        int there = 0;
        MPI_Send(NULL, 0, MPI_BYTE, 0, TAG_ASK, MPI_COMM_WORLD);
        while (MPI_Iprobe(0, TAG_IDS, MPI_COMM_WORLD, &there, &status), !there)
            nap(100);
        MPI_Recv(ids, ND_MPI_IDS_MAX, MPI_LONG, 0, TAG_IDS, MPI_COMM_WORLD, &status);
        MPI_Get_count(&status, MPI_LONG, &n);
    }
    return n;
}

enum nd_status nd_mpi_send(const struct nd_store_layout *layout, const struct nd_store_row *row,
                           struct nd_error *error)
{
    struct parcel parcel = {0};
    const int status = (int)row->status;
#pragma omp critical(nd_mpi)
    {
        put(&parcel, &row->id, 1, MPI_LONG);
        put(&parcel, &status, 1, MPI_INT);
        put(&parcel, &row->seconds, 1, MPI_DOUBLE);
        put_text(&parcel, row->message);
        for (int i = 0; i < layout->n; i++)
            if (layout->columns[i].is_text)
                put_text(&parcel, row->values[i].text);
            else
                put(&parcel, &row->values[i].number, 1, MPI_DOUBLE);
        if (!parcel.no_memory)
            MPI_Send(parcel.data, parcel.used, MPI_PACKED, 0, TAG_ROW, MPI_COMM_WORLD);
    }
    free(parcel.data);
    return parcel.no_memory ? nd_fail(error, ND_NO_MEMORY, "no memory to send a row") : ND_OK;
}

int nd_mpi_told_to_stop(void)
{
    int seen = 0;
    if (rank == 0)
        return 0;
#pragma omp critical(nd_mpi)
    {
        int there;
        if (!end_seen)
            MPI_Iprobe(0, TAG_END, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
        if (!end_seen && there) {
            MPI_Recv(NULL, 0, MPI_BYTE, 0, TAG_END, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            end_seen = 1;
        }
        seen = end_seen;
    }
    return seen;
}

void nd_mpi_leave(const struct nd_error *error, int interrupted)
{
    const struct {
        struct nd_error error;
        int interrupted;
    } farewell = {*error, interrupted};
    MPI_Send(&farewell, (int)sizeof farewell, MPI_BYTE, 0, TAG_LEAVE, MPI_COMM_WORLD);
    while (!nd_mpi_told_to_stop())
        nap(500);
}

#else /* one process */

static int number_in_environment(const char *name, int otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? atoi(text) : otherwise;
}

static int is_silent;

/* Each of several ranks would do all of the work, into one folder. */
enum nd_status nd_mpi_start(struct nd_error *error)
{
    const int ranks =
        number_in_environment("OMPI_COMM_WORLD_SIZE", number_in_environment("PMI_SIZE", 1));
    if (ranks < 2)
        return ND_OK;
    is_silent =
        number_in_environment("OMPI_COMM_WORLD_RANK", number_in_environment("PMI_RANK", 0)) > 0;
    if (is_silent)
        silence(error);
    return nd_fail(error, ND_BAD_INPUT,
                   "started as %d ranks, but built for one: 'make MPI=1' builds it with MPI",
                   ranks);
}

/* A silent rank that failed first would have rank 0 killed before it said why. */
int nd_mpi_end(int code)
{
    return is_silent ? 0 : code;
}

int nd_mpi_rank(void)
{
    return 0;
}

int nd_mpi_ranks(void)
{
    return 1;
}

enum nd_status nd_mpi_agree(struct nd_error *error)
{
    return error->status;
}

enum nd_status nd_mpi_same(const char *text, const char *what, struct nd_error *error)
{
    (void)text;
    (void)what;
    return error->status;
}

int nd_mpi_sum(int number)
{
    return number;
}

void nd_mpi_serve(const struct nd_mpi_service *service)
{
    (void)service;
}

int nd_mpi_ask(long ids[ND_MPI_IDS_MAX])
{
    (void)ids;
    return 0;
}

enum nd_status nd_mpi_send(const struct nd_store_layout *layout, const struct nd_store_row *row,
                           struct nd_error *error)
{
    (void)layout;
    (void)row;
    (void)error;
    return ND_OK;
}

int nd_mpi_told_to_stop(void)
{
    return 0;
}

void nd_mpi_leave(const struct nd_error *error, int interrupted)
{
    (void)error;
    (void)interrupted;
}

#endif
