/* Version of the library. */
#ifndef NUDIPOLE_VERSION_H
#define NUDIPOLE_VERSION_H

/* "0.1.0" */
const char *nd_version(void);

/* State of the source the library was built from: `git describe`, or the version. */
const char *nd_source_version(void);

#endif
