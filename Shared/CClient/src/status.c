#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "huirong/plainrpc/v1/plainrpc.pb-c.h"
#include "internal.h"

const char *hr_code_name(hr_code code) {
  static const char *const names[] = {
      "OK",           "CANCELLED",         "UNKNOWN",            "INVALID_ARGUMENT",    "DEADLINE_EXCEEDED", "NOT_FOUND",
      "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",           "OUT_OF_RANGE",
      "UNIMPLEMENTED", "INTERNAL",          "UNAVAILABLE",        "DATA_LOSS",           "UNAUTHENTICATED"};
  return (unsigned)code < sizeof names / sizeof *names ? names[code] : "UNKNOWN";
}

void hr_status_clear(hr_status *status) {
  if (!status) return;
  free(status->message);
  free(status->reason);
  free(status->field);
  free(status->message_zh);
  free(status->details);
  *status = (hr_status)HR_STATUS_INIT;
}

hr_code hr_fail(hr_status *status, hr_code code, const char *format, ...) {
  if (!status) return code;
  hr_status_clear(status);
  status->code = code;
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  status->message = hr_copy(text);
  return code;
}

hr_code hr_status_move(hr_status *to, hr_status *from) {
  hr_code code = from->code;
  if (to) {
    hr_status_clear(to);
    *to = *from;
    *from = (hr_status)HR_STATUS_INIT;
  } else {
    hr_status_clear(from);
  }
  return code;
}

static int is_type(const Google__Protobuf__Any *any, const char *name) {
  const char *slash = any->type_url ? strrchr(any->type_url, '/') : NULL;
  return slash && strcmp(slash + 1, name) == 0;
}

static void keep(char **slot, const char *text) {
  if (!*slot && text && *text) *slot = hr_copy(text);
}

static void read_detail(hr_status *status, const Google__Protobuf__Any *any) {
  if (is_type(any, "google.rpc.ErrorInfo")) {
    Google__Rpc__ErrorInfo *info = google__rpc__error_info__unpack(NULL, any->value.len, any->value.data);
    if (info) keep(&status->reason, info->reason);
    if (info) google__rpc__error_info__free_unpacked(info, NULL);
  } else if (is_type(any, "google.rpc.BadRequest")) {
    Google__Rpc__BadRequest *bad = google__rpc__bad_request__unpack(NULL, any->value.len, any->value.data);
    if (bad && bad->n_field_violations > 0) keep(&status->field, bad->field_violations[0]->field);
    if (bad) google__rpc__bad_request__free_unpacked(bad, NULL);
  } else if (is_type(any, "google.rpc.LocalizedMessage")) {
    Google__Rpc__LocalizedMessage *text =
        google__rpc__localized_message__unpack(NULL, any->value.len, any->value.data);
    if (text && text->locale && strcmp(text->locale, "zh-CN") == 0) keep(&status->message_zh, text->message);
    if (text) google__rpc__localized_message__free_unpacked(text, NULL);
  }
}

static void read_details(hr_status *status) {
  Google__Rpc__Status *rpc = google__rpc__status__unpack(NULL, status->details_len, status->details);
  if (!rpc) return;
  for (size_t index = 0; index < rpc->n_details; index++) read_detail(status, rpc->details[index]);
  google__rpc__status__free_unpacked(rpc, NULL);
}

int hr_status_read(hr_status *status, const uint8_t *head, size_t length) {
  Huirong__Plainrpc__V1__EndHead *end = huirong__plainrpc__v1__end_head__unpack(NULL, length, head);
  if (!end) return -1;
  hr_status_clear(status);
  status->code = end->code <= HR_UNAUTHENTICATED ? (hr_code)end->code : HR_UNKNOWN;
  if (status->code != HR_OK) {
    status->message = hr_copy(end->message);
    if (end->details.len > 0 && (status->details = malloc(end->details.len))) {
      memcpy(status->details, end->details.data, end->details.len);
      status->details_len = end->details.len;
      read_details(status);
    }
  }
  huirong__plainrpc__v1__end_head__free_unpacked(end, NULL);
  return 0;
}
