/* Errors: see nudipole/error.h. */
#include "nudipole/error.h"

#include <stdarg.h>
#include <stdio.h>

enum nd_status nd_fail(struct nd_error *error, enum nd_status status, const char *format, ...)
{
    if (error == NULL)
        return status;
    if (error->status != ND_OK)
        return error->status;
    error->status = status;
    va_list args;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    return status;
}

int nd_status_exit_code(enum nd_status status)
{
    static const int codes[] = {
#define ND_STATUS_CODE(name, text, code) code,
        ND_STATUS_LIST(ND_STATUS_CODE)
#undef ND_STATUS_CODE
    };
    return codes[status];
}
