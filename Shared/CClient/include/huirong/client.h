/* A client of PlainRPC, the plain-TCP wire of Huirong (docs/wire.md), for programs in C99.
 *
 * Messages are libprotobuf-c messages generated from the suite's .proto files; they come with this library as
 * <huirong/catalog/v1/....pb-c.h> and so on.
 *
 * Threads: a client, its streams and what they return belong to one thread at a time. Different clients may be used by
 * different threads at the same time. The library keeps no global state, installs no signal handler and never raises
 * SIGPIPE.
 *
 * Memory: what a function hands out is freed by the function its comment names. Every function may be given a NULL
 * hr_status; otherwise the status must have been zeroed (HR_STATUS_INIT) or cleared before.
 */
#ifndef HUIRONG_CLIENT_H
#define HUIRONG_CLIENT_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HR_VERSION "1.0.0"

/* gRPC's canonical status codes. */
typedef enum {
  HR_OK = 0,
  HR_CANCELLED = 1,
  HR_UNKNOWN = 2,
  HR_INVALID_ARGUMENT = 3,
  HR_DEADLINE_EXCEEDED = 4,
  HR_NOT_FOUND = 5,
  HR_ALREADY_EXISTS = 6,
  HR_PERMISSION_DENIED = 7,
  HR_RESOURCE_EXHAUSTED = 8,
  HR_FAILED_PRECONDITION = 9,
  HR_ABORTED = 10,
  HR_OUT_OF_RANGE = 11,
  HR_UNIMPLEMENTED = 12,
  HR_INTERNAL = 13,
  HR_UNAVAILABLE = 14,
  HR_DATA_LOSS = 15,
  HR_UNAUTHENTICATED = 16
} hr_code;

/* The code's name, "NOT_FOUND"; "UNKNOWN" for a number that is none of gRPC's. */
const char *hr_code_name(hr_code code);

/* How a call ended. `reason`, `field` and `message_zh` are the suite's error details (docs/errors.md); NULL where there are
 * none. `details` is the serialised google.rpc.Status as received. */
typedef struct {
  hr_code code;
  char *message;
  char *reason;
  char *field;
  char *message_zh;
  uint8_t *details;
  size_t details_len;
  /* The server certainly did not act on the call. When false and the code is HR_UNAVAILABLE or HR_DEADLINE_EXCEEDED, it may
   * have: repeat a mutating call under the same request_id. */
  bool unprocessed;
} hr_status;

#define HR_STATUS_INIT {HR_OK, NULL, NULL, NULL, NULL, NULL, 0, false}

/* Frees what a status holds and makes it HR_OK. */
void hr_status_clear(hr_status *status);

/* A metadata entry of a call: a lower-case key; text, or any bytes under a key that ends in "-bin". */
typedef struct {
  const char *key;
  const void *value;
  size_t value_len;
} hr_metadatum;

/* TLS. `ca_file` NULL: the system's certificates. `server_name` NULL: the host. The client's certificate is optional, both files
 * or neither. */
typedef struct {
  const char *ca_file;
  const char *certificate_file;
  const char *key_file;
  const char *server_name;
} hr_tls;

/* `metadata` goes with every call, for example {"authorization", "Bearer ...", ...}. Pointers are copied from; nothing needs to
 * outlive hr_connect. Zero means the default: 5 000 ms, 4 MiB, plain TCP. */
typedef struct {
  const char *agent;
  uint32_t connect_timeout_ms;
  uint32_t max_frame_bytes;
  const hr_metadatum *metadata;
  size_t metadata_count;
  const hr_tls *tls;
} hr_options;

typedef struct hr_client hr_client;
typedef struct hr_stream hr_stream;

/* Connects and shakes hands. A connection that is lost later is made anew by the next call.
 * Returns HR_OK and *client (hr_close), or HR_UNAVAILABLE, HR_DEADLINE_EXCEEDED, HR_INVALID_ARGUMENT (options),
 * HR_UNIMPLEMENTED (TLS was asked of a library built without it). `options` may be NULL. */
hr_code hr_connect(const char *host, const char *port, const hr_options *options, hr_client **client, hr_status *status);

/* Closes the connection and frees the client. Streams that are still open must not be used any more except to be closed
 * before this call. */
void hr_close(hr_client *client);

/* One call's own settings. `timeout_ms` 0: no deadline. The time left travels to the server. */
typedef struct {
  uint64_t timeout_ms;
  const hr_metadatum *metadata;
  size_t metadata_count;
} hr_call;

/* A unary call. `method` is "huirong.fund.v1.FundService/GetPool". `call` may be NULL.
 * Returns HR_OK and *reply (protobuf_c_message_free_unpacked), or the code that `status` explains. A call that the server
 * certainly did not look at (it was draining) is sent once more on a new connection within the same deadline. */
hr_code hr_unary(hr_client *client, const char *method, const ProtobufCMessage *request,
                 const ProtobufCMessageDescriptor *reply_type, const hr_call *call, ProtobufCMessage **reply,
                 hr_status *status);

/* Opens a server-streaming call. Returns HR_OK and *stream (hr_stream_close). Unary calls may be made on the same client
 * meanwhile. */
hr_code hr_open_stream(hr_client *client, const char *method, const ProtobufCMessage *request, const hr_call *call,
                       hr_stream **stream, hr_status *status);

/* Waits for the stream's next message, at most `wait_ms` (0: until the call's own deadline).
 * Returns HR_OK and *message (protobuf_c_message_free_unpacked); HR_OK and *message NULL at the stream's orderly end;
 * HR_DEADLINE_EXCEEDED with status->unprocessed true when only `wait_ms` passed and the stream goes on; any other code ends
 * the stream. */
hr_code hr_stream_next(hr_stream *stream, const ProtobufCMessageDescriptor *type, uint64_t wait_ms,
                       ProtobufCMessage **message, hr_status *status);

/* Cancels the call when it has not ended, and frees the stream. */
void hr_stream_close(hr_stream *stream);

#ifdef __cplusplus
}
#endif
#endif
