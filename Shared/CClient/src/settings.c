#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "internal.h"

char *hr_copy(const char *text) {
  if (!text) return NULL;
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  if (copy) memcpy(copy, text, size);
  return copy;
}

/* Copies `text` unless it is NULL. Returns 0, or -1 when memory is short. */
static int copy_to(const char **slot, const char *text) {
  *slot = hr_copy(text);
  return text && !*slot ? -1 : 0;
}

static int copy_metadata(hr_settings *to, const hr_options *options) {
  if (options->metadata_count == 0) return 0;
  to->metadata = calloc(options->metadata_count, sizeof *to->metadata);
  if (!to->metadata) return -1;
  for (size_t index = 0; index < options->metadata_count; index++) {
    const hr_metadatum *from = &options->metadata[index];
    void *value = malloc(from->value_len ? from->value_len : 1);
    if (value && from->value_len) memcpy(value, from->value, from->value_len);
    to->metadata[index] = (hr_metadatum){hr_copy(from->key), value, from->value_len};
    to->metadata_count = index + 1;
    if (!value || !to->metadata[index].key) return -1;
  }
  return 0;
}

int hr_settings_copy(hr_settings *to, const char *host, const char *port, const hr_options *options) {
  static const hr_options defaults;
  if (!options) options = &defaults;
  to->host = hr_copy(host);
  to->port = hr_copy(port);
  to->agent = hr_copy(options->agent ? options->agent : "huirong-c/" HR_VERSION);
  to->connect_ms = options->connect_timeout_ms ? options->connect_timeout_ms : HR_DEFAULT_CONNECT_MS;
  to->frame_bytes = options->max_frame_bytes ? options->max_frame_bytes : HR_DEFAULT_FRAME_BYTES;
  if (!to->host || !to->port || !to->agent || copy_metadata(to, options) != 0) return -1;
  if (!options->tls) return 0;
  to->has_tls = true;
  return copy_to(&to->tls.ca_file, options->tls->ca_file) || copy_to(&to->tls.key_file, options->tls->key_file) ||
                 copy_to(&to->tls.certificate_file, options->tls->certificate_file) ||
                 copy_to(&to->tls.server_name, options->tls->server_name)
             ? -1
             : 0;
}

void hr_settings_free(hr_settings *settings) {
  for (size_t index = 0; index < settings->metadata_count; index++) {
    free((char *)settings->metadata[index].key);
    free((void *)settings->metadata[index].value);
  }
  free(settings->metadata);
  free(settings->host);
  free(settings->port);
  free(settings->agent);
  free((char *)settings->tls.ca_file);
  free((char *)settings->tls.key_file);
  free((char *)settings->tls.certificate_file);
  free((char *)settings->tls.server_name);
}
