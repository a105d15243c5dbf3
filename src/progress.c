/* Progress: see nudipole/progress.h. */
#include "nudipole/progress.h"

#include <stddef.h>

void nd_progress_report(nd_progress *progress, void *context, int *done, int total)
{
    if (progress == NULL)
        return;
#pragma omp critical(nd_progress)
    progress(++*done, total, context);
}
