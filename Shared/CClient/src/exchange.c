#include <stdlib.h>
#include <string.h>

#include "huirong/plainrpc/v1/plainrpc.pb-c.h"
#include "internal.h"

/* The wire's bound on metadata entries. */
enum { HR_MAX_METADATA = 64 };

hr_exchange *hr_exchange_find(hr_client *client, uint32_t stream) {
  for (hr_exchange *each = client->open; each; each = each->next)
    if (each->stream == stream) return each;
  return NULL;
}

int hr_exchange_queue(hr_exchange *exchange, const uint8_t *bytes, size_t length) {
  hr_queued *message = malloc(sizeof *message + length);
  if (!message) return -1;
  message->next = NULL;
  message->length = length;
  if (length > 0) memcpy(message->bytes, bytes, length);
  if (exchange->last)
    exchange->last->next = message;
  else
    exchange->first = message;
  exchange->last = message;
  return 0;
}

static void fill_metadata(Huirong__Plainrpc__V1__Metadatum *entries, Huirong__Plainrpc__V1__Metadatum **pointers,
                          const hr_metadatum *from, size_t count) {
  for (size_t index = 0; index < count; index++) {
    huirong__plainrpc__v1__metadatum__init(&entries[index]);
    entries[index].key = (char *)from[index].key;
    entries[index].value.data = (uint8_t *)from[index].value;
    entries[index].value.len = from[index].value_len;
    pointers[index] = &entries[index];
  }
}

static hr_code send_open(hr_client *client, hr_exchange *exchange, const char *method, const ProtobufCMessage *request,
                         const hr_call *call, hr_time deadline, hr_status *status) {
  size_t own = call ? call->metadata_count : 0, count = client->settings.metadata_count + own;
  if (count > HR_MAX_METADATA) return hr_fail(status, HR_INVALID_ARGUMENT, "more than %d metadata entries", HR_MAX_METADATA);
  Huirong__Plainrpc__V1__Metadatum entries[HR_MAX_METADATA], *pointers[HR_MAX_METADATA];
  fill_metadata(entries, pointers, client->settings.metadata, client->settings.metadata_count);
  if (own > 0)
    fill_metadata(entries + client->settings.metadata_count, pointers + client->settings.metadata_count, call->metadata, own);
  Huirong__Plainrpc__V1__CallHead head = HUIRONG__PLAINRPC__V1__CALL_HEAD__INIT;
  head.method = (char *)method;
  head.n_metadata = count;
  head.metadata = pointers;
  if (deadline != HR_NEVER) {
    hr_time now = hr_now();
    if (now >= deadline) return hr_fail(status, HR_DEADLINE_EXCEEDED, "the deadline had passed before the call was sent");
    head.timeout_micros = (deadline - now) * 1000;
  }
  size_t head_len = protobuf_c_message_get_packed_size(&head.base);
  size_t body_len = protobuf_c_message_get_packed_size(request);
  if (head_len > HR_MAX_HEAD_BYTES) return hr_fail(status, HR_INVALID_ARGUMENT, "method and metadata take %zu bytes", head_len);
  if (HR_FIXED_BYTES + head_len + body_len > client->peer_frame_bytes)
    return hr_fail(status, HR_RESOURCE_EXHAUSTED, "the request of %zu bytes is larger than the server accepts", body_len);
  exchange->stream = client->next_stream++;
  hr_io result = hr_connection_send(client, HR_OPEN, HR_FLAG_MESSAGE | HR_FLAG_HALF_CLOSE, exchange->stream, &head.base,
                                    request, deadline);
  if (result == HR_IO_DONE) return HR_OK;
  return hr_fail(status, result == HR_IO_TIMEOUT ? HR_DEADLINE_EXCEEDED : HR_UNAVAILABLE, "the call could not be sent");
}

static size_t open_count(const hr_client *client) {
  size_t count = 0;
  for (const hr_exchange *each = client->open; each; each = each->next) count += !each->ended;
  return count;
}

hr_exchange *hr_exchange_start(hr_client *client, const char *method, const ProtobufCMessage *request,
                               const hr_call *call, hr_time deadline, hr_status *status) {
  if (hr_connection_ensure(client, deadline, status) != HR_OK) return NULL;
  if (open_count(client) >= client->peer_calls) {
    hr_fail(status, HR_RESOURCE_EXHAUSTED, "the server accepts %u calls at once", client->peer_calls);
    return NULL;
  }
  hr_exchange *exchange = calloc(1, sizeof *exchange);
  if (!exchange) {
    hr_fail(status, HR_UNAVAILABLE, "out of memory");
    return NULL;
  }
  exchange->window = HR_CREDIT_BYTES;
  if (send_open(client, exchange, method, request, call, deadline, status) != HR_OK) {
    free(exchange);
    return NULL;
  }
  exchange->next = client->open;
  client->open = exchange;
  return exchange;
}

void hr_exchange_finish(hr_client *client, hr_exchange *exchange, const char *cancel_reason) {
  if (!exchange->ended && client->transport) {
    Huirong__Plainrpc__V1__CancelHead head = HUIRONG__PLAINRPC__V1__CANCEL_HEAD__INIT;
    head.reason = (char *)cancel_reason;
    exchange->ended = true;
    hr_connection_send(client, HR_CANCEL, 0, exchange->stream, &head.base, NULL, hr_deadline(1000));
  }
  for (hr_exchange **link = &client->open; *link; link = &(*link)->next) {
    if (*link != exchange) continue;
    *link = exchange->next;
    break;
  }
  while (exchange->first) {
    hr_queued *message = exchange->first;
    exchange->first = message->next;
    free(message);
  }
  hr_status_clear(&exchange->status);
  free(exchange);
}
