#include "frame.h"

void hr_frame_header(uint8_t out[HR_HEADER_BYTES], uint8_t type, uint8_t flags, uint32_t stream, size_t head_len,
                     size_t body_len) {
  hr_put32(out, (uint32_t)(HR_FIXED_BYTES + head_len + body_len));
  out[4] = type;
  out[5] = flags;
  out[6] = (uint8_t)(head_len >> 8);
  out[7] = (uint8_t)head_len;
  hr_put32(out + 8, stream);
}

size_t hr_frame_rest(const uint8_t length[HR_LENGTH_BYTES], uint32_t max_frame_bytes) {
  uint32_t rest = hr_get32(length);
  return rest < HR_FIXED_BYTES || rest > max_frame_bytes ? 0 : rest;
}

int hr_frame_parse(const uint8_t *rest, size_t rest_len, hr_frame *frame) {
  size_t head_len = (size_t)rest[2] << 8 | rest[3];
  if (head_len > rest_len - HR_FIXED_BYTES || head_len > HR_MAX_HEAD_BYTES) return -1;
  frame->type = rest[0];
  frame->flags = rest[1];
  frame->stream = hr_get32(rest + 4);
  frame->head = rest + HR_FIXED_BYTES;
  frame->head_len = head_len;
  frame->body = frame->head + head_len;
  frame->body_len = rest_len - HR_FIXED_BYTES - head_len;
  return 0;
}
