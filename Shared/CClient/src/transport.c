#define _POSIX_C_SOURCE 200809L
#include "transport.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifdef HR_WITH_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#endif

struct hr_transport {
  int fd;
#ifdef HR_WITH_TLS
  SSL_CTX *context;
  SSL *ssl;
#endif
};

hr_time hr_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (hr_time)now.tv_sec * 1000 + (hr_time)(now.tv_nsec / 1000000);
}

hr_time hr_deadline(uint64_t timeout_ms) {
  hr_time now = hr_now();
  return timeout_ms == 0 || timeout_ms > HR_NEVER - now ? HR_NEVER : now + timeout_ms;
}

/* Waits until the socket can do `events`. Returns 1, or 0 at the deadline; errors show in the operation that follows. */
static int wait_for(int fd, short events, hr_time deadline) {
  for (;;) {
    int wait = -1;
    if (deadline != HR_NEVER) {
      hr_time now = hr_now();
      hr_time left = deadline > now ? deadline - now : 0;
      wait = left > 60000 ? 60000 : (int)left;
    }
    struct pollfd poller = {fd, events, 0};
    int ready = poll(&poller, 1, wait);
    if (ready > 0) return 1;
    if (ready < 0 && errno != EINTR) return 1;
    if (deadline != HR_NEVER && hr_now() >= deadline) return 0;
  }
}

static int connect_one(const struct addrinfo *address, hr_time deadline, const char **why) {
  int fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
  if (fd < 0) {
    *why = strerror(errno);
    return -1;
  }
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  int error = 0;
  if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
    error = errno;
    if (error == EINPROGRESS) {
      socklen_t length = sizeof error;
      if (!wait_for(fd, POLLOUT, deadline)) {
        error = ETIMEDOUT;
      } else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) {
        error = errno;
      }
    }
  }
  if (error == 0) return fd;
  *why = strerror(error);
  close(fd);
  return -1;
}

#ifdef HR_WITH_TLS
static int is_address(const char *text) {
  struct addrinfo hints = {0}, *found = NULL;
  hints.ai_flags = AI_NUMERICHOST;
  if (getaddrinfo(text, NULL, &hints, &found) != 0) return 0;
  freeaddrinfo(found);
  return 1;
}

/* OpenSSL writes with write(2), which raises SIGPIPE on a connection that the peer has closed. The signal is held back in this
 * thread and, if it came, taken. */
static int tls_write(SSL *ssl, const void *bytes, int count) {
  sigset_t pipe_only, before, pending;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  sigpending(&pending);
  int was_pending = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
  int result = SSL_write(ssl, bytes, count);
  int error = SSL_get_error(ssl, result);
  sigpending(&pending);
  if (!was_pending && sigismember(&pending, SIGPIPE) == 1) {
    const struct timespec at_once = {0, 0};
    while (sigtimedwait(&pipe_only, NULL, &at_once) < 0 && errno == EINTR) continue;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return result > 0 || (error != SSL_ERROR_SYSCALL && error != SSL_ERROR_SSL) ? result : -1;
}

/* Waits for what TLS says it needs. Returns 1 to try again, 0 at the deadline, -1 when the connection is gone. */
static int tls_wait(hr_transport *transport, int result, hr_time deadline) {
  switch (SSL_get_error(transport->ssl, result)) {
    case SSL_ERROR_WANT_READ: return wait_for(transport->fd, POLLIN, deadline);
    case SSL_ERROR_WANT_WRITE: return wait_for(transport->fd, POLLOUT, deadline);
    default: return -1;
  }
}

static const char *tls_failure(void) {
  const char *text = ERR_reason_error_string(ERR_peek_last_error());
  return text ? text : "the TLS handshake failed";
}

static const char *tls_configure(hr_transport *transport, const hr_tls *tls, const char *name) {
  SSL_CTX *context = transport->context = SSL_CTX_new(TLS_client_method());
  if (!context) return "TLS is not available";
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  int trusted = tls->ca_file ? SSL_CTX_load_verify_locations(context, tls->ca_file, NULL)
                             : SSL_CTX_set_default_verify_paths(context);
  if (trusted != 1) return "the CA file cannot be read";
  if (tls->certificate_file) {
    if (SSL_CTX_use_certificate_chain_file(context, tls->certificate_file) != 1)
      return "the certificate file cannot be read";
    if (SSL_CTX_use_PrivateKey_file(context, tls->key_file, SSL_FILETYPE_PEM) != 1) return "the key file cannot be read";
  }
  SSL *ssl = transport->ssl = SSL_new(context);
  if (!ssl || SSL_set_fd(ssl, transport->fd) != 1) return "TLS is not available";
  if (is_address(name)) {
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) != 1) return "the server name is not usable";
  } else if (SSL_set1_host(ssl, name) != 1 || SSL_set_tlsext_host_name(ssl, name) != 1) {
    return "the server name is not usable";
  }
  return NULL;
}

static const char *tls_handshake(hr_transport *transport, hr_time deadline, hr_code *code) {
  for (;;) {
    ERR_clear_error();
    int result = SSL_connect(transport->ssl);
    if (result == 1) return NULL;
    int again = tls_wait(transport, result, deadline);
    if (again == 0) {
      *code = HR_DEADLINE_EXCEEDED;
      return "the TLS handshake took too long";
    }
    if (again < 0) return tls_failure();
  }
}
#endif

hr_transport *hr_transport_open(const char *host, const char *port, const hr_tls *tls, hr_time deadline, hr_code *code,
                                const char **why) {
  struct addrinfo hints = {0}, *addresses = NULL;
  hints.ai_socktype = SOCK_STREAM;
  *code = HR_UNAVAILABLE;
  int failure = getaddrinfo(host, port, &hints, &addresses);
  if (failure != 0) {
    *why = gai_strerror(failure);
    return NULL;
  }
  int fd = -1;
  *why = "the host has no address";
  for (struct addrinfo *each = addresses; each && fd < 0; each = each->ai_next) fd = connect_one(each, deadline, why);
  freeaddrinfo(addresses);
  if (fd < 0) {
    if (hr_now() >= deadline) *code = HR_DEADLINE_EXCEEDED;
    return NULL;
  }
  hr_transport *transport = calloc(1, sizeof *transport);
  if (!transport) {
    close(fd);
    *why = "out of memory";
    return NULL;
  }
  transport->fd = fd;
  if (!tls) return transport;
#ifdef HR_WITH_TLS
  *why = tls_configure(transport, tls, tls->server_name ? tls->server_name : host);
  if (*why) *code = HR_INVALID_ARGUMENT;
  if (!*why) *why = tls_handshake(transport, deadline, code);
  if (!*why) return transport;
#else
  *code = HR_UNIMPLEMENTED;
  *why = "this library was built without TLS";
#endif
  hr_transport_close(transport);
  return NULL;
}

void hr_transport_close(hr_transport *transport) {
  if (!transport) return;
#ifdef HR_WITH_TLS
  if (transport->ssl) SSL_free(transport->ssl);
  if (transport->context) SSL_CTX_free(transport->context);
#endif
  close(transport->fd);
  free(transport);
}

/* Returns bytes moved, 0 for "not now" (after waiting), -1 when the connection is gone, -2 at the deadline. */
static ssize_t move(hr_transport *transport, void *in, const void *out, size_t count, hr_time deadline) {
  ssize_t moved;
#ifdef HR_WITH_TLS
  if (transport->ssl) {
    ERR_clear_error();
    int size = count > INT32_MAX ? INT32_MAX : (int)count;
    int result = in ? SSL_read(transport->ssl, in, size) : tls_write(transport->ssl, out, size);
    if (result > 0) return result;
    int again = tls_wait(transport, result, deadline);
    return again == 1 ? 0 : again == 0 ? -2 : -1;
  }
#endif
  moved = in ? recv(transport->fd, in, count, 0) : send(transport->fd, out, count, MSG_NOSIGNAL);
  if (moved > 0) return moved;
  if (moved == 0) return -1;
  if (errno == EINTR) return 0;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return -1;
  return wait_for(transport->fd, in ? POLLIN : POLLOUT, deadline) ? 0 : -2;
}

hr_io hr_transport_write(hr_transport *transport, const void *bytes, size_t count, hr_time deadline) {
  const uint8_t *next = bytes;
  while (count > 0) {
    ssize_t moved = move(transport, NULL, next, count, deadline);
    if (moved == -2) return HR_IO_TIMEOUT;
    if (moved < 0) return HR_IO_CLOSED;
    next += moved;
    count -= (size_t)moved;
  }
  return HR_IO_DONE;
}

hr_io hr_transport_read(hr_transport *transport, void *bytes, size_t count, size_t *got, hr_time deadline) {
  for (;;) {
    ssize_t moved = move(transport, bytes, NULL, count, deadline);
    if (moved == -2) return HR_IO_TIMEOUT;
    if (moved < 0) return HR_IO_CLOSED;
    if (moved > 0) {
      *got = (size_t)moved;
      return HR_IO_DONE;
    }
  }
}
