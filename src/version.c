/* Version: the build passes both macros to this file alone. */
#include "nudipole/version.h"

#ifndef ND_VERSION_STRING
#define ND_VERSION_STRING "unknown"
#endif
#ifndef ND_GIT_HASH
#define ND_GIT_HASH ND_VERSION_STRING
#endif

const char *nd_version(void)
{
    return ND_VERSION_STRING;
}

const char *nd_source_version(void)
{
    return ND_GIT_HASH;
}
