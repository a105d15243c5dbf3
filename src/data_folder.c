/* Where the measured inputs are: see nudipole/data_folder.h. */
#include "nudipole/data_folder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* A folder of data holds this file. */
static const char MARK[] = "solar/fluxes.csv";

enum { LEVELS_ABOVE_PROGRAM = 3, LEVELS_ABOVE_HERE = 2 };

struct search {
    char *folder;    /* of ND_DATA_PATH_MAX letters: the one tried last */
    char tried[800]; /* all of them, for the message */
};

static int is_data_folder(const char *folder)
{
    char path[ND_DATA_PATH_MAX];
    struct stat info;
    const int length = snprintf(path, sizeof path, "%s/%s", folder, MARK);
    return length > 0 && (size_t)length < sizeof path && stat(path, &info) == 0 &&
           S_ISREG(info.st_mode);
}

/* Tries start/name; a path that is too long is none. */
static int try_folder(struct search *search, const char *start, const char *name)
{
    const int length = snprintf(search->folder, ND_DATA_PATH_MAX, "%s%s", start, name);
    if (length < 0 || length >= ND_DATA_PATH_MAX)
        return 0;
    const size_t used = strlen(search->tried);
    snprintf(search->tried + used, sizeof search->tried - used, "%s%s", used > 0 ? ", " : "",
             search->folder);
    return is_data_folder(search->folder);
}

/* Cuts off what follows the last slash, and the slash; returns 0 where there is none. */
static int go_up(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return 0;
    *slash = '\0';
    return 1;
}

static int search_from_program(struct search *search, const char *program)
{
    char at[ND_DATA_PATH_MAX];
    if (strlen(program) >= sizeof at)
        return 0;
    snprintf(at, sizeof at, "%s", program);
    if (!go_up(at))
        return 0;
    char above[ND_DATA_PATH_MAX];
    snprintf(above, sizeof above, "%s", at);
    if (go_up(above) && try_folder(search, above, "/share/nudipole/data"))
        return 1;
    for (int level = 0; level <= LEVELS_ABOVE_PROGRAM; level++) {
        if (try_folder(search, at, "/params/data"))
            return 1;
        if (!go_up(at))
            break;
    }
    return 0;
}

static int search_from_here(struct search *search)
{
    static const char *const starts[LEVELS_ABOVE_HERE + 1] = {"", "../", "../../"};
    for (int level = 0; level <= LEVELS_ABOVE_HERE; level++)
        if (try_folder(search, starts[level], "params/data"))
            return 1;
    return 0;
}

/* A folder that the user named: it is right, or an error. */
static enum nd_status take_named(const char *name, const char *origin,
                                 char folder[ND_DATA_PATH_MAX], struct nd_error *error)
{
    struct stat info;
    if (strlen(name) >= ND_DATA_PATH_MAX)
        return nd_fail(error, ND_IO_ERROR,
                       "%s %.80s...: the name is too long: at most %d characters", origin, name,
                       ND_DATA_PATH_MAX - 1);
    snprintf(folder, ND_DATA_PATH_MAX, "%s", name);
    if (is_data_folder(folder))
        return ND_OK;
    const int is_folder = stat(name, &info) == 0 && S_ISDIR(info.st_mode);
    return nd_fail(error, ND_IO_ERROR,
                   "%s %.500s: %s: needed is the folder of data, one that holds %s", origin, name,
                   is_folder ? "it does not hold the data" : "there is no such folder", MARK);
}

enum nd_status nd_data_folder_search(const char *given, const char *environment,
                                     const char *program, char folder[ND_DATA_PATH_MAX],
                                     struct nd_error *error)
{
    if (given != NULL && *given != '\0')
        return take_named(given, "--data", folder, error);
    if (environment != NULL && *environment != '\0')
        return take_named(environment, "NUDIPOLE_DATA =", folder, error);
    struct search search = {.folder = folder};
    if (program != NULL && search_from_program(&search, program))
        return ND_OK;
    if (search_from_here(&search))
        return ND_OK;
    folder[0] = '\0';
    return nd_fail(
        error, ND_IO_ERROR,
        "no folder of data found: say where it is with --data DIR or NUDIPOLE_DATA; none "
        "of these holds %s: %s",
        MARK, search.tried);
}

enum nd_status nd_data_folder(const char *given, char folder[ND_DATA_PATH_MAX],
                              struct nd_error *error)
{
    char program[ND_DATA_PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program);
    /* a full buffer may be a path cut short */
    const int known = length > 0 && (size_t)length < sizeof program;
    if (known)
        program[length] = '\0';
    return nd_data_folder_search(given, getenv("NUDIPOLE_DATA"), known ? program : NULL, folder,
                                 error);
}

enum nd_status nd_data_path(char path[ND_DATA_PATH_MAX], struct nd_error *error, const char *folder,
                            const char *format, ...)
{
    char name[ND_DATA_PATH_MAX];
    va_list args;
    va_start(args, format);
    const int name_length = vsnprintf(name, sizeof name, format, args);
    va_end(args);
    const int length = snprintf(path, ND_DATA_PATH_MAX, "%s/%s", folder, name);
    if (name_length < 0 || (size_t)name_length >= sizeof name || length < 0 ||
        length >= ND_DATA_PATH_MAX)
        return nd_fail(error, ND_IO_ERROR,
                       "%.200s/%.200s: the name is too long: at most %d characters", folder, name,
                       ND_DATA_PATH_MAX - 1);
    return ND_OK;
}
