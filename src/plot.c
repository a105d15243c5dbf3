/* Figures: see nudipole/plot.h. */
#define _GNU_SOURCE /* posix_spawn_file_actions_addchdir_np */
#include "nudipole/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plot_scripts.h"

enum { said_size = 600 }; /* the end of what gnuplot said, for the message */

static const char *find_script(const char *name)
{
    for (const struct nd_plot_script *s = nd_plot_scripts; s->name != NULL; s++)
        if (strcmp(s->name, name) == 0)
            return s->text;
    return NULL;
}

static enum nd_status unknown_script(const char *name, struct nd_error *error)
{
    char known[256] = "";
    size_t used = 0;
    for (const struct nd_plot_script *s = nd_plot_scripts; s->name != NULL; s++) {
        const int n = snprintf(known + used, sizeof known - used, " %s", s->name);
        if (n < 0 || (size_t)n >= sizeof known - used)
            break;
        used += (size_t)n;
    }
    return nd_fail(error, ND_BAD_INPUT, "there is no plot script '%s'; allowed:%s", name, known);
}

static int is_identifier(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return name[0] != '\0' && !(name[0] >= '0' && name[0] <= '9') &&
           name[strspn(name, allowed)] == '\0';
}

/* A single-quoted gnuplot string: nothing in it is special but the quote, written twice. A double-
 * quoted one would execute `commands`. */
static void write_string(FILE *file, const char *value)
{
    fputc('\'', file);
    for (const char *c = value; *c != '\0'; c++) {
        const unsigned char u = (unsigned char)*c;
        if (u == '\'')
            fputc('\'', file);
        fputc(u < 0x20 || u == 0x7f ? ' ' : u, file);
    }
    fputc('\'', file);
}

static enum nd_status write_script(const char *path, const char *script, const char *text,
                                   const struct nd_plot_variable *variables, size_t n_variables,
                                   struct nd_error *error)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return nd_fail(error, ND_IO_ERROR, "cannot write %s: %s", path, strerror(errno));
    fprintf(file, "# drawn by nudipole; run `gnuplot %s.gp` in this folder\n", script);
    for (size_t i = 0; i < n_variables; i++) {
        fprintf(file, "%s = ", variables[i].name);
        write_string(file, variables[i].value);
        fputc('\n', file);
    }
    fprintf(file, "\n%s", text);
    const int failed = ferror(file);
    if (fclose(file) != 0 || failed)
        return nd_fail(error, ND_IO_ERROR, "cannot write %s: %s", path, strerror(errno));
    return ND_OK;
}

/* Starts `gnuplot file` in a directory with its output in a pipe; returns 0 or an errno. */
static int start_gnuplot(const char *directory, char *file, const int ends[2], pid_t *pid)
{
    char program[] = "gnuplot", defaults[] = "-d"; /* -d: no ~/.gnuplot */
    char *const argv[] = {program, defaults, file, NULL};
    posix_spawn_file_actions_t actions;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure != 0)
        return failure;
    if ((failure = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)) == 0 &&
        (failure = posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)) == 0 &&
        (failure = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY,
                                                    0)) == 0 &&
        (failure = posix_spawn_file_actions_addchdir_np(&actions, directory)) == 0)
        failure = posix_spawnp(pid, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* Reads to the end of the file; keeps its last said_size - 1 bytes, on one line. */
static void read_tail(int end, char said[said_size])
{
    size_t used = 0;
    char part[said_size - 1];
    for (;;) {
        const ssize_t got = read(end, part, sizeof part);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        const size_t n = (size_t)got, room = said_size - 1 - used;
        if (n > room) {
            const size_t drop = n - room;
            memmove(said, said + drop, used - drop);
            used -= drop;
        }
        memcpy(said + used, part, n);
        used += n;
    }
    /* Spaces and line breaks collapse: gnuplot points at columns of a line that is not shown. */
    size_t kept = 0;
    for (size_t i = 0; i < used; i++) {
        const char c = (unsigned char)said[i] <= ' ' ? ' ' : said[i];
        if (c != ' ' || (kept > 0 && said[kept - 1] != ' '))
            said[kept++] = c;
    }
    said[kept] = '\0';
}

static enum nd_status run_gnuplot(const char *directory, const char *script, struct nd_error *error)
{
    char file[64], said[said_size];
    int ends[2], state;
    pid_t pid, done;
    snprintf(file, sizeof file, "%s.gp", script);
    if (pipe(ends) != 0)
        return nd_fail(error, ND_IO_ERROR, "cannot make a pipe to gnuplot: %s", strerror(errno));
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    const int failure = start_gnuplot(directory, file, ends, &pid);
    close(ends[1]);
    if (failure != 0) {
        close(ends[0]);
        return nd_fail(error, ND_IO_ERROR,
                       "cannot run gnuplot to draw the figure (%s). The table and %s are in %s: "
                       "install gnuplot (Debian package: gnuplot-nox) and run `gnuplot %s` there",
                       strerror(failure), file, directory, file);
    }
    read_tail(ends[0], said);
    close(ends[0]);
    do
        done = waitpid(pid, &state, 0);
    while (done < 0 && errno == EINTR);
    if (done < 0 || !WIFEXITED(state) || WEXITSTATUS(state) != 0)
        return nd_fail(error, ND_IO_ERROR, "gnuplot could not draw %s/%s; it said: %s", directory,
                       file, said[0] != '\0' ? said : "nothing");
    return ND_OK;
}

enum nd_status nd_plot_write(const char *directory, const char *script,
                             const struct nd_plot_variable *variables, size_t n_variables, int draw,
                             struct nd_error *error)
{
    const char *text = find_script(script);
    if (text == NULL)
        return unknown_script(script, error);
    for (size_t i = 0; i < n_variables; i++)
        if (!is_identifier(variables[i].name))
            return nd_fail(error, ND_BAD_INPUT,
                           "'%s' cannot be a gnuplot variable: allowed are letters, digits and _",
                           variables[i].name);
    const size_t size = strlen(directory) + strlen(script) + sizeof "/.gp";
    char *path = malloc(size);
    if (path == NULL)
        return nd_fail(error, ND_NO_MEMORY, "no memory for a path");
    snprintf(path, size, "%s/%s.gp", directory, script);
    enum nd_status status = write_script(path, script, text, variables, n_variables, error);
    free(path);
    if (status == ND_OK && draw)
        status = run_gnuplot(directory, script, error);
    return status;
}
