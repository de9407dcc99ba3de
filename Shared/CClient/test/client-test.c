/* A probe of the C client for the tests: client-test COMMAND HOST:PORT [CALLER] [ARGUMENT]. Prints what it sees; the tests in
 * Tests/External/test_c_client.py say what it must be.
 *
 *   product   CALLER NAME   the product's bytes in hexadecimal, or the error with its details
 *   threads   CALLER NAME   8 threads, 200 calls each, a client each; prints the number of answers
 *   again     CALLER NAME   one call, waits for a line on standard input, another call on the same client
 *   replay    -             the echo calls of docs/wire.md by agent "doc/1"
 *   deadline  -             an echo call with a deadline of 200 ms
 *   connect   -             only connects
 */
#define _POSIX_C_SOURCE 200809L
#include <huirong/client.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "echo/v1/echo.pb-c.h"
#include "huirong/catalog/v1/catalog_service.pb-c.h"

enum { THREADS = 8, CALLS = 200 };

struct target {
  const char *host, *port, *caller, *argument, *agent, *ca;
};

static int show(hr_status *status) {
  printf("%s|%s|%s|%s|%s|%s\n", hr_code_name(status->code), status->message ? status->message : "",
         status->reason ? status->reason : "", status->field ? status->field : "",
         status->message_zh ? status->message_zh : "", status->unprocessed ? "unprocessed" : "");
  hr_status_clear(status);
  return 1;
}

static hr_code dial(const struct target *target, hr_client **client, hr_status *status) {
  hr_metadatum caller = {"x-huirong-caller", target->caller, target->caller ? strlen(target->caller) : 0};
  hr_tls tls = {target->ca, NULL, NULL, "localhost"};
  hr_options options = {target->agent, 2000, 0, &caller, target->caller ? 1 : 0, target->ca ? &tls : NULL};
  return hr_connect(target->host, target->port, &options, client, status);
}

static hr_code get(hr_client *client, const char *name, ProtobufCMessage **reply, hr_status *status) {
  Huirong__Catalog__V1__GetProductRequest request = HUIRONG__CATALOG__V1__GET_PRODUCT_REQUEST__INIT;
  request.name = (char *)name;
  hr_call call = {5000, NULL, 0};
  return hr_unary(client, "huirong.catalog.v1.CatalogService/GetProduct", &request.base,
                  &huirong__catalog__v1__product__descriptor, &call, reply, status);
}

static int product(const struct target *target, bool twice) {
  hr_client *client;
  hr_status status = HR_STATUS_INIT;
  if (dial(target, &client, &status) != HR_OK) return show(&status);
  int result = 0;
  for (int round = 0; round < (twice ? 2 : 1) && result == 0; round++) {
    ProtobufCMessage *reply;
    if (round == 1) getchar();
    if (get(client, target->argument, &reply, &status) != HR_OK) {
      result = show(&status);
      continue;
    }
    size_t size = protobuf_c_message_get_packed_size(reply);
    uint8_t *bytes = malloc(size + 1);
    protobuf_c_message_pack(reply, bytes);
    for (size_t index = 0; index < size; index++) printf("%02x", bytes[index]);
    printf("\n");
    fflush(stdout);
    free(bytes);
    protobuf_c_message_free_unpacked(reply, NULL);
  }
  hr_close(client);
  return result;
}

static void *many(void *argument) {
  const struct target *target = argument;
  intptr_t answers = 0;
  hr_client *client;
  if (dial(target, &client, NULL) != HR_OK) return NULL;
  for (int call = 0; call < CALLS; call++) {
    ProtobufCMessage *reply;
    if (get(client, target->argument, &reply, NULL) != HR_OK) break;
    answers++;
    protobuf_c_message_free_unpacked(reply, NULL);
  }
  hr_close(client);
  return (void *)answers;
}

static int threads(struct target *target) {
  pthread_t all[THREADS];
  intptr_t total = 0;
  for (int index = 0; index < THREADS; index++) pthread_create(&all[index], NULL, many, target);
  for (int index = 0; index < THREADS; index++) {
    void *answers;
    pthread_join(all[index], &answers);
    total += (intptr_t)answers;
  }
  printf("%ld\n", (long)total);
  return 0;
}

static int echo(hr_client *client, const char *method, const hr_call *call) {
  Echo__V1__EchoRequest request = ECHO__V1__ECHO_REQUEST__INIT;
  hr_status status = HR_STATUS_INIT;
  ProtobufCMessage *reply;
  bool is_get = strcmp(method, "echo.v1.EchoService/Get") == 0;
  request.id = is_get ? 7 : 0;
  request.text = (char *)(is_get ? "hi" : "");
  if (hr_unary(client, method, &request.base, &echo__v1__echo_response__descriptor, call, &reply, &status) != HR_OK)
    return show(&status);
  const Echo__V1__EchoResponse *answer = (const Echo__V1__EchoResponse *)reply;
  printf("%ld %s\n", (long)answer->id, answer->text);
  protobuf_c_message_free_unpacked(reply, NULL);
  return 0;
}

static int replay(const struct target *target, uint64_t timeout_ms) {
  hr_client *client;
  hr_status status = HR_STATUS_INIT;
  if (dial(target, &client, &status) != HR_OK) return show(&status);
  hr_metadatum metadatum = {"x-echo-a", "b", 1};
  hr_call call = {timeout_ms, &metadatum, 1};
  int result = echo(client, "echo.v1.EchoService/Get", &call);
  if (timeout_ms == 0) result = echo(client, "echo.v1.EchoService/No", NULL);
  hr_close(client);
  return result;
}

static int connect_only(const struct target *target) {
  hr_client *client;
  hr_status status = HR_STATUS_INIT;
  if (dial(target, &client, &status) != HR_OK) return show(&status);
  hr_close(client);
  printf("connected\n");
  return 0;
}

int main(int argc, char **argv) {
  char *colon = argc > 2 ? strrchr(argv[2], ':') : NULL;
  if (!colon) {
    fprintf(stderr, "usage: client-test COMMAND HOST:PORT [CALLER] [ARGUMENT]\n");
    return 2;
  }
  *colon = 0;
  struct target target = {argv[2], colon + 1, argc > 3 ? argv[3] : NULL, argc > 4 ? argv[4] : NULL, NULL, getenv("CLIENT_TEST_CA")};
  const char *command = argv[1];
  if (strcmp(command, "product") == 0) return product(&target, false);
  if (strcmp(command, "again") == 0) return product(&target, true);
  if (strcmp(command, "threads") == 0) return threads(&target);
  if (strcmp(command, "connect") == 0) return connect_only(&target);
  target.agent = "doc/1";
  if (strcmp(command, "replay") == 0) return replay(&target, 0);
  if (strcmp(command, "deadline") == 0) return replay(&target, 200);
  fprintf(stderr, "client-test: unknown command %s\n", command);
  return 2;
}
