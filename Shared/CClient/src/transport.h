/* A byte stream over TCP, with or without TLS, whose every wait ends at a deadline. */
#ifndef HR_TRANSPORT_H
#define HR_TRANSPORT_H

#include <stdint.h>

#include "huirong/client.h"

typedef struct hr_transport hr_transport;

/* Milliseconds of a clock that never goes back. HR_NEVER is a deadline that does not come. */
typedef uint64_t hr_time;
#define HR_NEVER UINT64_MAX
hr_time hr_now(void);
hr_time hr_deadline(uint64_t timeout_ms);

typedef enum { HR_IO_DONE, HR_IO_TIMEOUT, HR_IO_CLOSED } hr_io;

/* Returns NULL and sets *why (a static or strerror text) and *code when it cannot connect. */
hr_transport *hr_transport_open(const char *host, const char *port, const hr_tls *tls, hr_time deadline, hr_code *code,
                                const char **why);
void hr_transport_close(hr_transport *transport);

hr_io hr_transport_write(hr_transport *transport, const void *bytes, size_t count, hr_time deadline);

/* Reads up to `count` bytes into `bytes`, at least one. *got says how many. */
hr_io hr_transport_read(hr_transport *transport, void *bytes, size_t count, size_t *got, hr_time deadline);

#endif
