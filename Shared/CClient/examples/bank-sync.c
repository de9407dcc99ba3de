/* bank-sync: what a bank's core runs to keep the city's catalog in step with its own product table.
 *
 *   bank-sync --server HOST:PORT --institution ID --csv FILE [--key-file FILE | --caller TEXT] [--ca FILE] [--watch N]
 *
 * Enters every row of FILE in one call, hands it in for review by a second officer of the bank (four eyes), and prints what became
 * of each; then, with --watch, follows the catalog and prints the next N changes of the institution's own products. A second run with the same file changes nothing. Exit code 0 when no row was
 * refused, 1 when rows were refused, 2 for wrong arguments or a wrong file, 3 when the catalog could not be asked.
 *
 * The file is UTF-8 with a header line:
 *   product_id,title,amount_min_minor,amount_max_minor,tenor_min_months,tenor_max_months,rate_min_ppm,rate_max_ppm,region
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <huirong/client.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "huirong/catalog/v1/catalog_service.pb-c.h"

enum { COLUMNS = 9, MAX_ROWS = 1000, MAX_FILE = 4 << 20, CALL_TIMEOUT_MS = 10000 };

static const char *const header[COLUMNS] = {"product_id",       "title",            "amount_min_minor", "amount_max_minor", "tenor_min_months",
                                            "tenor_max_months", "rate_min_ppm",     "rate_max_ppm",     "region"};

struct arguments {
  char *host, *port;
  const char *institution, *csv, *key_file, *caller, *ca;
  long watch;
};

/* One product and everything it points to. */
struct row {
  char *cells[COLUMNS];
  char *regions[1];
  char *institution;
  Huirong__Catalog__V1__ImportRow import;
  Huirong__Catalog__V1__Product product;
  Huirong__Catalog__V1__LocalizedText title;
  Huirong__Catalog__V1__AmountRange amount;
  Huirong__Common__V1__Money money[2];
  Huirong__Catalog__V1__TenorRange tenor;
  Huirong__Catalog__V1__Tenor months[2];
  Huirong__Catalog__V1__InterestRate rate;
  Huirong__Common__V1__Rate rates[2];
  Huirong__Common__V1__SecurityMode mode;
};

static int usage(const char *problem) {
  fprintf(stderr,
          "bank-sync: %s\nusage: bank-sync --server HOST:PORT --institution ID --csv FILE [--key-file FILE | --caller TEXT] "
          "[--ca FILE] [--watch N]\n",
          problem);
  return 2;
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    fprintf(stderr, "bank-sync: %s: %s\n", path, strerror(errno));
    return NULL;
  }
  char *text = malloc(MAX_FILE + 1);
  size_t length = text ? fread(text, 1, MAX_FILE + 1, file) : 0;
  fclose(file);
  if (!text || length > MAX_FILE || memchr(text, 0, length)) {
    fprintf(stderr, "bank-sync: %s: more than %d bytes, or not text\n", path, MAX_FILE);
    free(text);
    return NULL;
  }
  text[length] = 0;
  return text;
}

/* Cuts the next cell off `*next` in place (RFC 4180). *last says whether it ends its line. Returns NULL for a bad quote. */
static char *cell(char **next, bool *last) {
  char *start = *next, *out = start, *in = start;
  if (*in == '"') {
    for (in++; *in && !(in[0] == '"' && in[1] != '"'); in++) {
      if (*in == '"') in++;
      *out++ = *in;
    }
    if (*in++ != '"') return NULL;
  } else {
    while (*in && *in != ',' && *in != '\n' && *in != '\r') *out++ = *in++;
  }
  char end = *in;
  if (end == '\r' && in[1] == '\n') end = *++in;
  if (end != ',' && end != '\n' && end != 0) return NULL;
  *last = end != ',';
  *next = end ? in + 1 : in;
  *out = 0;
  return start;
}

static int number(const char *text, int64_t most, int64_t *value) {
  char *end = NULL;
  errno = 0;
  long long parsed = strtoll(text, &end, 10);
  if (errno || end == text || *end || parsed < 0 || parsed > most) return -1;
  *value = parsed;
  return 0;
}

static const char *fill(struct row *row, const char *institution) {
  int64_t values[6];
  for (int index = 0; index < 6; index++) {
    bool is_tenor = index == 2 || index == 3;
    if (number(row->cells[2 + index], is_tenor ? INT32_MAX : INT64_MAX, &values[index]) != 0) return header[2 + index];
  }
  huirong__catalog__v1__import_row__init(&row->import);
  huirong__catalog__v1__product__init(&row->product);
  huirong__catalog__v1__localized_text__init(&row->title);
  huirong__catalog__v1__amount_range__init(&row->amount);
  huirong__catalog__v1__tenor_range__init(&row->tenor);
  huirong__catalog__v1__interest_rate__init(&row->rate);
  for (int bound = 0; bound < 2; bound++) {
    huirong__common__v1__money__init(&row->money[bound]);
    huirong__catalog__v1__tenor__init(&row->months[bound]);
    huirong__common__v1__rate__init(&row->rates[bound]);
    row->money[bound].currency_code = (char *)"CNY";
    row->money[bound].minor_units = values[bound];
    row->months[bound].length_case = HUIRONG__CATALOG__V1__TENOR__LENGTH_MONTHS;
    row->months[bound].months = (int32_t)values[2 + bound];
    row->rates[bound].ppm = values[4 + bound];
  }
  row->amount.min = &row->money[0];
  row->amount.max = &row->money[1];
  row->tenor.min = &row->months[0];
  row->tenor.max = &row->months[1];
  row->rate.basis = HUIRONG__CATALOG__V1__RATE_BASIS__RATE_BASIS_FIXED;
  row->rate.lowest = &row->rates[0];
  row->rate.highest = &row->rates[1];
  row->title.zh = row->cells[1];
  row->regions[0] = row->cells[8];
  row->mode = HUIRONG__COMMON__V1__SECURITY_MODE__SECURITY_MODE_CREDIT;
  row->institution = (char *)institution;
  row->product.institution = row->institution;
  row->product.instrument = HUIRONG__COMMON__V1__INSTRUMENT__INSTRUMENT_LOAN;
  row->product.title = &row->title;
  row->product.amount = &row->amount;
  row->product.tenor = &row->tenor;
  row->product.rate = &row->rate;
  row->product.n_security_modes = 1;
  row->product.security_modes = &row->mode;
  row->product.n_service_regions = 1;
  row->product.service_regions = row->regions;
  row->import.product_id = row->cells[0];
  row->import.product = &row->product;
  return NULL;
}

/* Returns the number of rows, or -1 after saying which line is wrong. */
static int parse(char *text, const char *path, const char *institution, struct row *rows) {
  if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3;
  int line = 0, count = 0;
  while (*text) {
    char *cells[COLUMNS];
    bool last = false;
    int column = 0;
    line++;
    for (; !last && column < COLUMNS; column++)
      if (!(cells[column] = cell(&text, &last))) break;
    if (column != COLUMNS || !last) {
      fprintf(stderr, "bank-sync: %s:%d: %d cells are expected\n", path, line, COLUMNS);
      return -1;
    }
    if (line == 1) {
      for (column = 0; column < COLUMNS; column++)
        if (strcmp(cells[column], header[column]) != 0) {
          fprintf(stderr, "bank-sync: %s:1: column %d is \"%s\", not \"%s\"\n", path, column + 1, cells[column], header[column]);
          return -1;
        }
      continue;
    }
    if (count == MAX_ROWS) {
      fprintf(stderr, "bank-sync: %s:%d: more than %d products\n", path, line, MAX_ROWS);
      return -1;
    }
    memcpy(rows[count].cells, cells, sizeof cells);
    const char *wrong = fill(&rows[count], institution);
    if (wrong) {
      fprintf(stderr, "bank-sync: %s:%d: %s is not a whole number in range\n", path, line, wrong);
      return -1;
    }
    count++;
  }
  return count;
}

static int failed(const char *what, hr_status *status) {
  fprintf(stderr, "bank-sync: %s: %s: %s%s%s%s%s\n", what, hr_code_name(status->code), status->message ? status->message : "",
          status->reason ? " [" : "", status->reason ? status->reason : "", status->reason ? "]" : "",
          status->message_zh ? status->message_zh : "");
  hr_status_clear(status);
  return 3;
}

/* The same file gets the same key, so that a repeated run is answered from the record. */
static void key_of(const struct row *rows, int count, char out[32]) {
  uint64_t hash = UINT64_C(14695981039346656037);
  for (int index = 0; index < count; index++)
    for (int column = 0; column < COLUMNS; column++)
      for (const char *at = rows[index].cells[column];; at++) {
        hash = (hash ^ (uint8_t)*at) * UINT64_C(1099511628211);
        if (!*at) break;
      }
  snprintf(out, 32, "bank-sync-%016" PRIx64, hash);
}

static int publish(hr_client *client, struct row *rows, int count) {
  Huirong__Catalog__V1__BatchImportProductsRequest request = HUIRONG__CATALOG__V1__BATCH_IMPORT_PRODUCTS_REQUEST__INIT;
  Huirong__Catalog__V1__ImportRow *pointers[MAX_ROWS];
  char key[32];
  key_of(rows, count, key);
  for (int index = 0; index < count; index++) pointers[index] = &rows[index].import;
  request.request_id = key;
  request.n_rows = (size_t)count;
  request.rows = pointers;
  request.submit = true;
  hr_call call = {CALL_TIMEOUT_MS, NULL, 0};
  hr_status status = HR_STATUS_INIT;
  ProtobufCMessage *reply = NULL;
  if (hr_unary(client, "huirong.catalog.v1.CatalogService/BatchImportProducts", &request.base,
               &huirong__catalog__v1__batch_import_products_response__descriptor, &call, &reply, &status) != HR_OK)
    return failed("import", &status);
  Huirong__Catalog__V1__BatchImportProductsResponse *answer = (Huirong__Catalog__V1__BatchImportProductsResponse *)reply;
  static const char *const outcomes[] = {"?", "created", "updated", "unchanged", "refused"};
  for (size_t index = 0; index < answer->n_results; index++) {
    const Huirong__Catalog__V1__ImportResult *result = answer->results[index];
    unsigned outcome = (unsigned)result->outcome < 5 ? (unsigned)result->outcome : 0;
    printf("row %" PRId32 ": %s %s%s%s %s\n", result->row, outcomes[outcome], result->name, *result->field ? " " : "",
           result->field, result->message);
  }
  int refused = answer->refused > 0;
  protobuf_c_message_free_unpacked(reply, NULL);
  return refused;
}

static int watch(hr_client *client, const char *institution, long wanted) {
  Huirong__Catalog__V1__WatchProductsRequest request = HUIRONG__CATALOG__V1__WATCH_PRODUCTS_REQUEST__INIT;
  hr_status status = HR_STATUS_INIT;
  hr_stream *stream = NULL;
  if (hr_open_stream(client, "huirong.catalog.v1.CatalogService/WatchProducts", &request.base, NULL, &stream, &status) != HR_OK)
    return failed("watch", &status);
  int result = 0;
  while (wanted > 0 && result == 0) {
    ProtobufCMessage *message = NULL;
    hr_code code = hr_stream_next(stream, &huirong__catalog__v1__watch_products_response__descriptor, 0, &message, &status);
    if (code != HR_OK || !message) {
      result = code == HR_OK ? 3 : failed("watch", &status);
      break;
    }
    const Huirong__Catalog__V1__WatchProductsResponse *event = (const Huirong__Catalog__V1__WatchProductsResponse *)message;
    if (event->subject_case == HUIRONG__CATALOG__V1__WATCH_PRODUCTS_RESPONSE__SUBJECT_PRODUCT && event->product &&
        strcmp(event->product->institution, institution) == 0) {
      printf("event %" PRId64 ": %s version %" PRId32 "\n", event->header ? event->header->sequence : 0, event->product->name,
             event->product->version);
      wanted--;
    }
    protobuf_c_message_free_unpacked(message, NULL);
  }
  hr_stream_close(stream);
  return result;
}

static int take(struct arguments *arguments, int argc, char **argv) {
  for (int index = 1; index < argc; index += 2) {
    if (index + 1 == argc) return usage("an option lacks its value");
    const char *name = argv[index];
    char *value = argv[index + 1], *colon = strrchr(value, ':'), *end = NULL;
    if (strcmp(name, "--server") == 0) {
      if (!colon || colon == value || !colon[1]) return usage("--server is HOST:PORT");
      *colon = 0;
      arguments->host = value;
      arguments->port = colon + 1;
    } else if (strcmp(name, "--institution") == 0) {
      arguments->institution = value;
    } else if (strcmp(name, "--csv") == 0) {
      arguments->csv = value;
    } else if (strcmp(name, "--key-file") == 0) {
      arguments->key_file = value;
    } else if (strcmp(name, "--caller") == 0) {
      arguments->caller = value;
    } else if (strcmp(name, "--ca") == 0) {
      arguments->ca = value;
    } else if (strcmp(name, "--watch") == 0) {
      arguments->watch = strtol(value, &end, 10);
      if (end == value || *end || arguments->watch < 0) return usage("--watch is a number");
    } else {
      return usage("unknown option");
    }
  }
  if (!arguments->host || !arguments->institution || !arguments->csv) return usage("--server, --institution and --csv are required");
  if (arguments->key_file && arguments->caller) return usage("--key-file or --caller, not both");
  return 0;
}

static int run(const struct arguments *arguments, struct row *rows, int count, const char *institution, const char *credential) {
  hr_metadatum metadatum = {arguments->key_file ? "authorization" : "x-huirong-caller", credential, strlen(credential)};
  hr_tls tls = {arguments->ca, NULL, NULL, NULL};
  hr_options options = {"bank-sync/1", 0, 0, &metadatum, *credential ? 1 : 0, arguments->ca ? &tls : NULL};
  hr_status status = HR_STATUS_INIT;
  hr_client *client = NULL;
  if (hr_connect(arguments->host, arguments->port, &options, &client, &status) != HR_OK) return failed("connect", &status);
  int result = publish(client, rows, count);
  if (result < 2 && arguments->watch > 0) {
    int followed = watch(client, institution, arguments->watch);
    if (followed != 0) result = followed;
  }
  hr_close(client);
  return result;
}

int main(int argc, char **argv) {
  struct arguments arguments = {0};
  int result = take(&arguments, argc, argv);
  if (result != 0) return result;
  char *text = read_file(arguments.csv), *key = arguments.key_file ? read_file(arguments.key_file) : NULL;
  struct row *rows = calloc(MAX_ROWS, sizeof *rows);
  char institution[128], credential[512];
  snprintf(institution, sizeof institution, "institutions/%s", arguments.institution);
  if (key) key[strcspn(key, "\r\n")] = 0;
  int length = snprintf(credential, sizeof credential, "%s%s", key ? "Bearer " : "", key ? key : arguments.caller ? arguments.caller : "");
  int count = text && rows ? parse(text, arguments.csv, institution, rows) : -1;
  result = 2;
  if (length >= (int)sizeof credential)
    usage("the key is too long");
  else if (count >= 0 && (key || !arguments.key_file))
    result = run(&arguments, rows, count, institution, credential);
  free(rows);
  free(key);
  free(text);
  return result;
}
