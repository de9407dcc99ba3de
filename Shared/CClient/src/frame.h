/* Frames: docs/wire.md, "Frames". */
#ifndef HR_FRAME_H
#define HR_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum hr_frame_type {
  HR_SETTINGS = 1,
  HR_OPEN = 2,
  HR_MESSAGE = 3,
  HR_END = 4,
  HR_CANCEL = 5,
  HR_CREDIT = 6,
  HR_PING = 7,
  HR_PONG = 8,
  HR_GOAWAY = 9
};

enum { HR_FLAG_MESSAGE = 0x01, HR_FLAG_HALF_CLOSE = 0x02, HR_FLAG_OPTIONAL = 0x80 };
enum { HR_HEADER_BYTES = 12, HR_LENGTH_BYTES = 4, HR_FIXED_BYTES = 8, HR_MAX_HEAD_BYTES = 16384 };

/* A frame whose head and body lie in one buffer. */
typedef struct {
  uint8_t type;
  uint8_t flags;
  uint32_t stream;
  const uint8_t *head;
  size_t head_len;
  const uint8_t *body;
  size_t body_len;
} hr_frame;

static inline void hr_put32(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 24);
  at[1] = (uint8_t)(value >> 16);
  at[2] = (uint8_t)(value >> 8);
  at[3] = (uint8_t)value;
}

static inline uint32_t hr_get32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Writes the 12 bytes of a header. The lengths must have been checked. */
void hr_frame_header(uint8_t out[HR_HEADER_BYTES], uint8_t type, uint8_t flags, uint32_t stream, size_t head_len,
                     size_t body_len);

/* The number of bytes that follow the first four; 0 when they break the rules or `max_frame_bytes`. */
size_t hr_frame_rest(const uint8_t length[HR_LENGTH_BYTES], uint32_t max_frame_bytes);

/* Reads what follows the first four bytes. Returns 0, or -1 for a head that does not fit. */
int hr_frame_parse(const uint8_t *rest, size_t rest_len, hr_frame *frame);

#endif
