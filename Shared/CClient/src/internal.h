/* What the library's parts share. */
#ifndef HR_INTERNAL_H
#define HR_INTERNAL_H

#include "frame.h"
#include "huirong/client.h"
#include "transport.h"

enum {
  HR_DEFAULT_FRAME_BYTES = 4194304,
  HR_SMALLEST_FRAME_BYTES = 65536,
  HR_CREDIT_BYTES = 262144,
  HR_MESSAGE_CHARGE = 64,
  HR_CONCURRENT_CALLS = 1024,
  HR_DEFAULT_CONNECT_MS = 5000
};
#define HR_LAST_STREAM 0x7FFFFFFFu

/* A message that has arrived and that nobody has taken yet. */
typedef struct hr_queued {
  struct hr_queued *next;
  size_t length;
  uint8_t bytes[];
} hr_queued;

/* An open call: what the connection knows of it. */
typedef struct hr_exchange {
  struct hr_exchange *next;
  uint32_t stream;
  hr_queued *first, *last;
  bool ended;
  /* The server's GOAWAY named this call among those it did not look at. */
  bool refused;
  hr_status status;
  /* Bytes consumed and not yet granted again. */
  uint32_t owed;
  /* Bytes the peer may still send. */
  int64_t window;
} hr_exchange;

/* Owned copies of the options. */
typedef struct {
  char *host, *port, *agent;
  uint32_t connect_ms, frame_bytes;
  hr_metadatum *metadata;
  size_t metadata_count;
  bool has_tls;
  hr_tls tls;
} hr_settings;

struct hr_client {
  hr_settings settings;
  hr_transport *transport;
  uint32_t next_stream;
  uint32_t peer_frame_bytes, peer_calls;
  bool draining;
  hr_exchange *open;
  uint8_t *input;
  size_t input_start, input_end, input_capacity;
};

struct hr_stream {
  hr_client *client;
  hr_exchange *exchange;
  hr_time deadline;
};

/* status.c */
hr_code hr_fail(hr_status *status, hr_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Reads an EndHead into `status`. Returns 0, or -1 when it is not valid. */
int hr_status_read(hr_status *status, const uint8_t *head, size_t length);
/* Hands `from`'s content to `to` (which may be NULL) and returns its code. */
hr_code hr_status_move(hr_status *to, hr_status *from);

/* settings.c */
int hr_settings_copy(hr_settings *to, const char *host, const char *port, const hr_options *options);
void hr_settings_free(hr_settings *settings);
char *hr_copy(const char *text);

/* connection.c */
hr_code hr_connection_ensure(hr_client *client, hr_time deadline, hr_status *status);
void hr_connection_drop(hr_client *client, hr_code code, const char *why);
hr_io hr_connection_send(hr_client *client, uint8_t type, uint8_t flags, uint32_t stream, const ProtobufCMessage *head,
                         const ProtobufCMessage *body, hr_time deadline);
/* Reads and handles one frame. HR_IO_CLOSED: the connection is gone and every open exchange has ended. */
hr_io hr_connection_pump(hr_client *client, hr_time deadline);

/* exchange.c */
hr_exchange *hr_exchange_start(hr_client *client, const char *method, const ProtobufCMessage *request,
                               const hr_call *call, hr_time deadline, hr_status *status);
void hr_exchange_finish(hr_client *client, hr_exchange *exchange, const char *cancel_reason);
hr_exchange *hr_exchange_find(hr_client *client, uint32_t stream);
int hr_exchange_queue(hr_exchange *exchange, const uint8_t *bytes, size_t length);

#endif
