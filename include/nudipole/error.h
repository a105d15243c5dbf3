/* Errors: a status returned by every function that can fail, and one message that travels with it.
 *
 * The caller owns a `struct nd_error`, set to ND_ERROR_INIT; the first failure fills it and later
 * ones leave it alone, so the message is the cause and not its consequence. The library never
 * prints and never exits. */
#ifndef NUDIPOLE_ERROR_H
#define NUDIPOLE_ERROR_H

/* name, what it means, exit code of the program */
#define ND_STATUS_LIST(X)                                                                          \
    X(ND_OK, "success", 0)                                                                         \
    X(ND_BAD_INPUT, "bad input", 2)                                                                \
    X(ND_IO_ERROR, "cannot read or write", 2)                                                      \
    X(ND_NOT_CONVERGED, "a computation did not converge", 3)                                       \
    X(ND_NO_MEMORY, "out of memory", 3)

enum nd_status {
#define ND_STATUS_ENUM(name, text, code) name,
    ND_STATUS_LIST(ND_STATUS_ENUM)
#undef ND_STATUS_ENUM
};

struct nd_error {
    enum nd_status status; /* ND_OK until something fails */
    char message[1024];    /* what, where, which value, what is allowed */
};

#define ND_ERROR_INIT                                                                              \
    {                                                                                              \
        ND_OK, ""                                                                                  \
    }

/* Records a failure unless one is recorded already; returns the status that `error` then holds.
 * `error` may be NULL: then only the status travels. */
enum nd_status nd_fail(struct nd_error *error, enum nd_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Exit code of the program for a status: 0 fine, 2 input or file, 3 the computation failed. */
int nd_status_exit_code(enum nd_status status);

#endif
