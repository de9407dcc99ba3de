#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "huirong/plainrpc/v1/plainrpc.pb-c.h"
#include "internal.h"

static const uint8_t preface[8] = {'H', 'R', 'P', 'C', 1, 0, 0, 0};

void hr_connection_drop(hr_client *client, hr_code code, const char *why) {
  hr_transport_close(client->transport);
  client->transport = NULL;
  client->input_start = client->input_end = 0;
  for (hr_exchange *each = client->open; each; each = each->next) {
    if (each->ended) continue;
    each->ended = true;
    hr_fail(&each->status, code, "%s", why);
    each->status.unprocessed = each->refused;
  }
}

/* Sends a header, a head and a body that are already bytes. */
static hr_io send_bytes(hr_client *client, uint8_t type, uint8_t flags, uint32_t stream, const uint8_t *payload,
                        size_t head_len, size_t body_len, hr_time deadline) {
  uint8_t header[HR_HEADER_BYTES];
  hr_frame_header(header, type, flags, stream, head_len, body_len);
  size_t total = sizeof header + head_len + body_len;
  uint8_t *frame = malloc(total);
  if (!frame) {
    hr_connection_drop(client, HR_UNAVAILABLE, "out of memory");
    return HR_IO_CLOSED;
  }
  memcpy(frame, header, sizeof header);
  if (head_len + body_len > 0) memcpy(frame + sizeof header, payload, head_len + body_len);
  hr_io result = hr_transport_write(client->transport, frame, total, deadline);
  free(frame);
  /* Half a frame cannot be taken back. */
  if (result == HR_IO_TIMEOUT) hr_connection_drop(client, HR_DEADLINE_EXCEEDED, "the peer does not read");
  if (result == HR_IO_CLOSED) hr_connection_drop(client, HR_UNAVAILABLE, "the connection is lost");
  return result;
}

hr_io hr_connection_send(hr_client *client, uint8_t type, uint8_t flags, uint32_t stream, const ProtobufCMessage *head,
                         const ProtobufCMessage *body, hr_time deadline) {
  size_t head_len = head ? protobuf_c_message_get_packed_size(head) : 0;
  size_t body_len = body ? protobuf_c_message_get_packed_size(body) : 0;
  uint8_t *payload = malloc(head_len + body_len + 1);
  if (!payload) {
    hr_connection_drop(client, HR_UNAVAILABLE, "out of memory");
    return HR_IO_CLOSED;
  }
  if (head) protobuf_c_message_pack(head, payload);
  if (body) protobuf_c_message_pack(body, payload + head_len);
  hr_io result = send_bytes(client, type, flags, stream, payload, head_len, body_len, deadline);
  free(payload);
  return result;
}

/* Makes sure that `count` bytes lie in the buffer. */
static hr_io fill(hr_client *client, size_t count, hr_time deadline) {
  while (client->input_end - client->input_start < count) {
    if (client->input_start > 0) {
      memmove(client->input, client->input + client->input_start, client->input_end - client->input_start);
      client->input_end -= client->input_start;
      client->input_start = 0;
    }
    size_t capacity = count > 16384 ? count : 16384;
    if (client->input_capacity < capacity) {
      uint8_t *larger = realloc(client->input, capacity);
      if (!larger) return HR_IO_CLOSED;
      client->input = larger;
      client->input_capacity = capacity;
    }
    size_t got = 0;
    hr_io result = hr_transport_read(client->transport, client->input + client->input_end,
                                     client->input_capacity - client->input_end, &got, deadline);
    if (result != HR_IO_DONE) return result;
    client->input_end += got;
  }
  return HR_IO_DONE;
}

/* Returns 0, or -1 when the head is not a lawful SETTINGS. */
static int take_settings(hr_client *client, const hr_frame *frame) {
  Huirong__Plainrpc__V1__Settings *settings =
      huirong__plainrpc__v1__settings__unpack(NULL, frame->head_len, frame->head);
  if (!settings) return -1;
  int lawful = settings->max_frame_bytes >= HR_SMALLEST_FRAME_BYTES && settings->max_concurrent_calls >= 1;
  client->peer_frame_bytes = settings->max_frame_bytes;
  client->peer_calls = settings->max_concurrent_calls;
  huirong__plainrpc__v1__settings__free_unpacked(settings, NULL);
  return lawful ? 0 : -1;
}

static void take_goaway(hr_client *client, const hr_frame *frame) {
  Huirong__Plainrpc__V1__GoAwayHead *head =
      huirong__plainrpc__v1__go_away_head__unpack(NULL, frame->head_len, frame->head);
  client->draining = true;
  if (!head) return;
  bool is_drain = head->reason == HUIRONG__PLAINRPC__V1__GO_AWAY_REASON__GO_AWAY_REASON_DRAIN;
  for (hr_exchange *each = client->open; each; each = each->next) {
    if (each->ended) continue;
    if (each->stream > head->last_stream) {
      each->ended = each->refused = true;
      hr_fail(&each->status, HR_UNAVAILABLE, "the server goes away");
      each->status.unprocessed = true;
    } else if (!is_drain) {
      each->ended = true;
      hr_fail(&each->status, HR_UNAVAILABLE, "the server closed the connection: %s", head->message);
    }
  }
  huirong__plainrpc__v1__go_away_head__free_unpacked(head, NULL);
}

/* Returns 0, or -1 for a breach of the protocol. */
static int take_message(hr_client *client, const hr_frame *frame) {
  hr_exchange *exchange = hr_exchange_find(client, frame->stream);
  if (!exchange || exchange->ended) return frame->stream < client->next_stream ? 0 : -1;
  bool has_message = frame->flags & HR_FLAG_MESSAGE;
  if (!has_message && frame->body_len > 0) return -1;
  if (frame->type == HR_MESSAGE && has_message) {
    if (exchange->window <= 0) return -1;
    exchange->window -= (int64_t)frame->body_len + HR_MESSAGE_CHARGE;
  }
  if (has_message && hr_exchange_queue(exchange, frame->body, frame->body_len) != 0) return -1;
  if (frame->type != HR_END) return 0;
  exchange->ended = true;
  return hr_status_read(&exchange->status, frame->head, frame->head_len);
}

/* Returns NULL, or what the peer did wrong. */
static const char *take(hr_client *client, const hr_frame *frame, hr_time deadline) {
  switch (frame->type) {
    case HR_MESSAGE:
    case HR_END: return take_message(client, frame) == 0 ? NULL : "a breach of the protocol by the server";
    case HR_PING:
      if (frame->body_len != 8) return "a PING without 8 bytes";
      send_bytes(client, HR_PONG, 0, 0, frame->body, 0, 8, deadline);
      return NULL;
    case HR_GOAWAY: take_goaway(client, frame); return NULL;
    case HR_CREDIT:
    case HR_PONG: return NULL;
    case HR_SETTINGS: return "SETTINGS twice";
    default: return frame->flags & HR_FLAG_OPTIONAL ? NULL : "a frame of an unknown type";
  }
}

/* Reads one frame into `frame`; it stays valid until the next read. */
static hr_io read_frame(hr_client *client, hr_frame *frame, hr_time deadline) {
  hr_io result = fill(client, HR_LENGTH_BYTES, deadline);
  if (result != HR_IO_DONE) return result;
  size_t rest = hr_frame_rest(client->input + client->input_start, client->settings.frame_bytes);
  if (rest == 0) return HR_IO_CLOSED;
  result = fill(client, HR_LENGTH_BYTES + rest, deadline);
  if (result != HR_IO_DONE) return result;
  const uint8_t *start = client->input + client->input_start + HR_LENGTH_BYTES;
  client->input_start += HR_LENGTH_BYTES + rest;
  return hr_frame_parse(start, rest, frame) == 0 ? HR_IO_DONE : HR_IO_CLOSED;
}

hr_io hr_connection_pump(hr_client *client, hr_time deadline) {
  if (!client->transport) return HR_IO_CLOSED;
  hr_frame frame;
  hr_io result = read_frame(client, &frame, deadline);
  if (result == HR_IO_TIMEOUT) return result;
  const char *fault = result == HR_IO_DONE ? take(client, &frame, deadline) : "the connection is lost";
  if (!fault && client->transport) return HR_IO_DONE;
  if (fault) hr_connection_drop(client, HR_UNAVAILABLE, fault);
  return HR_IO_CLOSED;
}

static hr_code handshake(hr_client *client, hr_time deadline, hr_status *status) {
  Huirong__Plainrpc__V1__Settings settings = HUIRONG__PLAINRPC__V1__SETTINGS__INIT;
  settings.max_frame_bytes = client->settings.frame_bytes;
  settings.max_concurrent_calls = HR_CONCURRENT_CALLS;
  settings.initial_credit_bytes = HR_CREDIT_BYTES;
  settings.agent = client->settings.agent;
  hr_io result = hr_transport_write(client->transport, preface, sizeof preface, deadline);
  if (result == HR_IO_DONE)
    result = hr_connection_send(client, HR_SETTINGS, 0, 0, &settings.base, NULL, deadline);
  hr_frame frame;
  if (result == HR_IO_DONE) result = read_frame(client, &frame, deadline);
  if (result == HR_IO_TIMEOUT) return hr_fail(status, HR_DEADLINE_EXCEEDED, "the server does not shake hands");
  if (result == HR_IO_CLOSED) return hr_fail(status, HR_UNAVAILABLE, "the server closed the connection");
  if (frame.type == HR_GOAWAY) {
    Huirong__Plainrpc__V1__GoAwayHead *head =
        huirong__plainrpc__v1__go_away_head__unpack(NULL, frame.head_len, frame.head);
    hr_fail(status, HR_UNAVAILABLE, "the server refuses the connection: %s", head ? head->message : "");
    if (head) huirong__plainrpc__v1__go_away_head__free_unpacked(head, NULL);
    return HR_UNAVAILABLE;
  }
  if (frame.type == HR_SETTINGS && take_settings(client, &frame) == 0) return HR_OK;
  return hr_fail(status, HR_UNAVAILABLE, "the server does not speak PlainRPC");
}

static hr_code connect_anew(hr_client *client, hr_time deadline, hr_status *status) {
  hr_time patience = hr_deadline(client->settings.connect_ms);
  if (patience < deadline) deadline = patience;
  hr_code code = HR_UNAVAILABLE;
  const char *why = "";
  hr_connection_drop(client, HR_UNAVAILABLE, "the connection is lost");
  client->transport = hr_transport_open(client->settings.host, client->settings.port,
                                        client->settings.has_tls ? &client->settings.tls : NULL, deadline, &code, &why);
  if (!client->transport)
    return hr_fail(status, code, "no connection to %s:%s: %s", client->settings.host, client->settings.port, why);
  client->next_stream = 1;
  client->draining = false;
  code = handshake(client, deadline, status);
  if (code != HR_OK) hr_connection_drop(client, code, "no connection");
  return code;
}

hr_code hr_connection_ensure(hr_client *client, hr_time deadline, hr_status *status) {
  /* What came while nobody called: a PING to answer, a GOAWAY, the end of the connection. */
  while (client->transport && hr_connection_pump(client, hr_now()) == HR_IO_DONE) continue;
  bool is_busy = false;
  for (hr_exchange *each = client->open; each; each = each->next) is_busy |= !each->ended;
  if (client->transport && !client->draining && client->next_stream < HR_LAST_STREAM) return HR_OK;
  if (client->transport && is_busy)
    return hr_fail(status, HR_UNAVAILABLE, "the server goes away: close the open streams first");
  hr_code code = connect_anew(client, deadline, status);
  if (code != HR_OK && status) status->unprocessed = true;
  return code;
}
