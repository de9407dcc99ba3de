#include <stdlib.h>
#include <string.h>

#include "huirong/plainrpc/v1/plainrpc.pb-c.h"
#include "internal.h"

hr_code hr_connect(const char *host, const char *port, const hr_options *options, hr_client **client, hr_status *status) {
  *client = NULL;
  if (options && options->max_frame_bytes && options->max_frame_bytes < HR_SMALLEST_FRAME_BYTES)
    return hr_fail(status, HR_INVALID_ARGUMENT, "max_frame_bytes is at least %d", HR_SMALLEST_FRAME_BYTES);
  if (options && options->tls && !options->tls->certificate_file != !options->tls->key_file)
    return hr_fail(status, HR_INVALID_ARGUMENT, "certificate_file and key_file are given together or not at all");
  hr_client *made = calloc(1, sizeof *made);
  if (!made) return hr_fail(status, HR_UNAVAILABLE, "out of memory");
  hr_code code = HR_OK;
  if (hr_settings_copy(&made->settings, host, port, options) != 0)
    code = hr_fail(status, HR_UNAVAILABLE, "out of memory");
  if (code == HR_OK) code = hr_connection_ensure(made, HR_NEVER, status);
  if (code == HR_OK)
    *client = made;
  else
    hr_close(made);
  return code;
}

void hr_close(hr_client *client) {
  if (!client) return;
  hr_connection_drop(client, HR_CANCELLED, "the client was closed");
  while (client->open) hr_exchange_finish(client, client->open, NULL);
  hr_settings_free(&client->settings);
  free(client->input);
  free(client);
}

/* Takes the first message that waits. The bytes are freed. */
static hr_code take_message(hr_exchange *exchange, const ProtobufCMessageDescriptor *type, ProtobufCMessage **message,
                            hr_status *status) {
  hr_queued *queued = exchange->first;
  exchange->first = queued->next;
  if (!exchange->first) exchange->last = NULL;
  exchange->owed += (uint32_t)queued->length + HR_MESSAGE_CHARGE;
  *message = protobuf_c_message_unpack(type, NULL, queued->length, queued->bytes);
  free(queued);
  return *message ? HR_OK : hr_fail(status, HR_INTERNAL, "the server's message is not a %s", type->name);
}

/* Reads until the exchange has ended (or, where `any`, has a message). Returns false at the deadline. */
static bool await_answer(hr_client *client, hr_exchange *exchange, bool any, hr_time deadline) {
  while (!exchange->ended && !(any && exchange->first))
    if (hr_connection_pump(client, deadline) == HR_IO_TIMEOUT) return false;
  return true;
}

static hr_code unary_once(hr_client *client, const char *method, const ProtobufCMessage *request,
                          const ProtobufCMessageDescriptor *reply_type, const hr_call *call, hr_time deadline,
                          ProtobufCMessage **reply, hr_status *status) {
  hr_exchange *exchange = hr_exchange_start(client, method, request, call, deadline, status);
  if (!exchange) return status->code;
  hr_code code;
  if (!await_answer(client, exchange, false, deadline))
    code = hr_fail(status, HR_DEADLINE_EXCEEDED, "no answer in time");
  else if (exchange->status.code != HR_OK)
    code = hr_status_move(status, &exchange->status);
  else if (!exchange->first || exchange->first->next)
    code = hr_fail(status, HR_INTERNAL, "the server did not answer with exactly one message");
  else
    code = take_message(exchange, reply_type, reply, status);
  hr_exchange_finish(client, exchange, "deadline");
  return code;
}

hr_code hr_unary(hr_client *client, const char *method, const ProtobufCMessage *request,
                 const ProtobufCMessageDescriptor *reply_type, const hr_call *call, ProtobufCMessage **reply,
                 hr_status *status) {
  *reply = NULL;
  hr_status own = HR_STATUS_INIT;
  hr_time deadline = hr_deadline(call ? call->timeout_ms : 0);
  hr_code code = unary_once(client, method, request, reply_type, call, deadline, reply, &own);
  if (code == HR_UNAVAILABLE && own.unprocessed && client->draining) {
    hr_status_clear(&own);
    code = unary_once(client, method, request, reply_type, call, deadline, reply, &own);
  }
  if (code == HR_OK)
    hr_status_clear(&own);
  hr_status_move(status, &own);
  return code;
}

hr_code hr_open_stream(hr_client *client, const char *method, const ProtobufCMessage *request, const hr_call *call,
                       hr_stream **stream, hr_status *status) {
  hr_status own = HR_STATUS_INIT;
  *stream = calloc(1, sizeof **stream);
  if (!*stream) return hr_fail(status, HR_UNAVAILABLE, "out of memory");
  (*stream)->client = client;
  (*stream)->deadline = hr_deadline(call ? call->timeout_ms : 0);
  (*stream)->exchange = hr_exchange_start(client, method, request, call, (*stream)->deadline, &own);
  if ((*stream)->exchange) return HR_OK;
  free(*stream);
  *stream = NULL;
  return hr_status_move(status, &own);
}

/* Gives back what was consumed, in pieces of half the window. */
static void grant(hr_stream *stream) {
  hr_exchange *exchange = stream->exchange;
  if (exchange->ended || !stream->client->transport || exchange->owed < HR_CREDIT_BYTES / 2) return;
  Huirong__Plainrpc__V1__CreditHead head = HUIRONG__PLAINRPC__V1__CREDIT_HEAD__INIT;
  head.bytes = exchange->owed;
  exchange->window += exchange->owed;
  exchange->owed = 0;
  hr_connection_send(stream->client, HR_CREDIT, 0, exchange->stream, &head.base, NULL, stream->deadline);
}

hr_code hr_stream_next(hr_stream *stream, const ProtobufCMessageDescriptor *type, uint64_t wait_ms,
                       ProtobufCMessage **message, hr_status *status) {
  *message = NULL;
  hr_exchange *exchange = stream->exchange;
  hr_time until = hr_deadline(wait_ms);
  bool is_pause = until < stream->deadline;
  if (!is_pause) until = stream->deadline;
  if (!await_answer(stream->client, exchange, true, until)) {
    hr_code code = hr_fail(status, HR_DEADLINE_EXCEEDED, is_pause ? "nothing yet" : "the stream's deadline has passed");
    if (is_pause && status) status->unprocessed = true;
    return code;
  }
  if (exchange->first) {
    hr_code code = take_message(exchange, type, message, status);
    grant(stream);
    return code;
  }
  if (exchange->status.code == HR_OK) return HR_OK;
  hr_code code = exchange->status.code;
  hr_fail(status, code, "%s", exchange->status.message ? exchange->status.message : "");
  if (status) {
    status->reason = hr_copy(exchange->status.reason);
    status->field = hr_copy(exchange->status.field);
    status->message_zh = hr_copy(exchange->status.message_zh);
  }
  return code;
}

void hr_stream_close(hr_stream *stream) {
  if (!stream) return;
  hr_exchange_finish(stream->client, stream->exchange, "closed by the application");
  free(stream);
}
