package import Storage

/// The store's schema, frozen step by step. Kinds and states are the wire's numbers; days are counted from 1970-01-01, times
/// are microseconds since then; `terms` and `body` are the service's own JSON with sorted keys.
package enum CatalogMigrations {
  package static let all: [Migration] = [institutions, products, referenceRates]

  private static let institutions = Migration(
    name: "0001-institutions",
    sql: """
      CREATE TABLE institution (
        id TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
        kind INTEGER NOT NULL CHECK (kind > 0),
        government_backed INTEGER NOT NULL CHECK (government_backed IN (0, 1)),
        body TEXT NOT NULL
      ) STRICT;
      -- '' stands for everywhere.
      CREATE TABLE institution_region (
        institution_id TEXT NOT NULL REFERENCES institution (id),
        prefix TEXT NOT NULL,
        PRIMARY KEY (institution_id, prefix)
      ) STRICT;
      """)

  private static let products = Migration(
    name: "0002-products",
    sql: """
      CREATE TABLE product (
        id TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
        institution_id TEXT NOT NULL REFERENCES institution (id),
        instrument INTEGER NOT NULL CHECK (instrument > 0),
        state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
        state_reason TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        published_version INTEGER NOT NULL CHECK (published_version BETWEEN 0 AND version),
        revision INTEGER NOT NULL CHECK (revision > 0),
        create_time_micros INTEGER NOT NULL,
        update_time_micros INTEGER NOT NULL,
        CHECK (state <> 2 OR published_version > 0)
      ) STRICT;
      CREATE INDEX product_by_institution ON product (institution_id, id);
      CREATE TABLE product_version (
        product_id TEXT NOT NULL REFERENCES product (id),
        version INTEGER NOT NULL CHECK (version > 0),
        terms TEXT NOT NULL,
        create_time_micros INTEGER NOT NULL,
        PRIMARY KEY (product_id, version)
      ) STRICT;
      -- Where the latest version is offered; '' stands for everywhere.
      CREATE TABLE product_region (
        product_id TEXT NOT NULL REFERENCES product (id),
        prefix TEXT NOT NULL,
        PRIMARY KEY (product_id, prefix)
      ) STRICT;
      """)

  private static let referenceRates = Migration(
    name: "0003-reference-rates",
    sql: """
      CREATE TABLE reference_rate (
        basis INTEGER NOT NULL CHECK (basis IN (2, 3)),
        effective_day INTEGER NOT NULL,
        rate_ppm INTEGER NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
        PRIMARY KEY (basis, effective_day)
      ) STRICT;
      """)
}
