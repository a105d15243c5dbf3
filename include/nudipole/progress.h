/* Progress of work that is done in parallel. */
#ifndef NUDIPOLE_PROGRESS_H
#define NUDIPOLE_PROGRESS_H

/* Called from time to time with the number of finished items; may be NULL. One call at a time. */
typedef void nd_progress(int done, int total, void *context);

/* Counts one item more and tells; safe to call from several threads. */
void nd_progress_report(nd_progress *progress, void *context, int *done, int total);

#endif
