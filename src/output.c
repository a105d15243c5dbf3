/* Results on disk: see nudipole/output.h. */
#include "nudipole/output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nudipole/version.h"

enum { PATH_LENGTH_MAX = 1000 };

enum nd_status nd_output_check(const char *directory, struct nd_error *error)
{
    char path[PATH_LENGTH_MAX + 1];
    struct stat info;
    if (*directory == '\0' || strlen(directory) > PATH_LENGTH_MAX)
        return nd_fail(error, ND_IO_ERROR, "output folder '%.80s': empty or longer than %d letters",
                       directory, PATH_LENGTH_MAX);
    snprintf(path, sizeof path, "%s", directory);
    /* the nearest part of the path that exists decides */
    while (stat(path, &info) != 0) {
        if (errno != ENOENT)
            return nd_fail(error, ND_IO_ERROR, "output folder %s: cannot be made: %s", directory,
                           strerror(errno));
        char *slash = strrchr(path, '/');
        if (slash == NULL)
            snprintf(path, sizeof path, ".");
        else if (slash == path)
            path[1] = '\0';
        else
            *slash = '\0';
    }
    if (!S_ISDIR(info.st_mode))
        return nd_fail(error, ND_IO_ERROR, "output folder %s: %s is not a folder", directory, path);
    if (access(path, W_OK | X_OK) != 0)
        return nd_fail(error, ND_IO_ERROR, "output folder %s: cannot write to %s: %s", directory,
                       path, strerror(errno));
    return ND_OK;
}

enum nd_status nd_output_create(const char *directory, struct nd_error *error)
{
    char path[PATH_LENGTH_MAX + 1];
    enum nd_status status = nd_output_check(directory, error);
    if (status != ND_OK)
        return status;
    snprintf(path, sizeof path, "%s", directory);
    for (char *p = path + 1;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        const char end = *p;
        *p = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return nd_fail(error, ND_IO_ERROR, "output folder %s: cannot make %s: %s", directory,
                           path, strerror(errno));
        *p = end;
        if (end == '\0')
            return ND_OK;
    }
}

enum nd_status nd_output_begin(struct nd_output_file *file, const char *directory, const char *name,
                               struct nd_error *error)
{
    file->stream = NULL;
    const int length = snprintf(file->path, sizeof file->path, "%s/%s", directory, name);
    if (length < 0 || (size_t)length >= sizeof file->path)
        return nd_fail(error, ND_IO_ERROR, "%.80s/%.80s: the name is too long", directory, name);
    snprintf(file->temporary, sizeof file->temporary, "%s.tmp", file->path);
    file->stream = fopen(file->temporary, "w");
    if (file->stream == NULL)
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be written: %s", file->temporary,
                       strerror(errno));
    return ND_OK;
}

enum nd_status nd_output_commit(struct nd_output_file *file, struct nd_error *error)
{
    const int failed = ferror(file->stream);
    errno = 0;
    if (fclose(file->stream) != 0 || failed || rename(file->temporary, file->path) != 0) {
        const int reason = errno;
        unlink(file->temporary);
        return nd_fail(error, ND_IO_ERROR, "%s: cannot be written: %s", file->path,
                       reason != 0 ? strerror(reason) : "write error");
    }
    return ND_OK;
}

void nd_output_discard(struct nd_output_file *file)
{
    fclose(file->stream);
    unlink(file->temporary);
}

void nd_output_table_header(FILE *stream, const struct nd_params *params, int uses,
                            const char *title, const char *columns)
{
    fprintf(stream, "# nudipole %s (%s)\n# %s\n#\n", nd_version(), nd_source_version(), title);
    nd_params_write_used(params, uses, stream, "# ");
    fprintf(stream, "#\n# %s\n", columns);
}

enum nd_status nd_output_params(const char *directory, const struct nd_params *params,
                                struct nd_error *error)
{
    struct nd_output_file file;
    enum nd_status status = nd_output_begin(&file, directory, "run.ini", error);
    if (status != ND_OK)
        return status;
    fprintf(file.stream, "# nudipole %s (%s)\n", nd_version(), nd_source_version());
    nd_params_write(params, file.stream, "");
    return nd_output_commit(&file, error);
}
