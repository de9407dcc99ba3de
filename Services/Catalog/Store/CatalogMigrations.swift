package import Storage

/// The store's schema, frozen step by step. Kinds and states are the wire's numbers; days are counted from 1970-01-01, times
/// are microseconds since then; `terms` and `body` are the service's own JSON with sorted keys.
package enum CatalogMigrations {
  package static let all: [Migration] = [
    institutions, products, referenceRates, reviews, notices, errorReports, versionFilters,
  ]

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

  /// Who wrote, handed in and reviewed a version; when it was published and from which day on it is in force. Versions in force
  /// before there were reviews count as published when they were written.
  private static let reviews = Migration(
    name: "0004-reviews",
    sql: """
      ALTER TABLE product_version ADD COLUMN review_state INTEGER NOT NULL DEFAULT 0 CHECK (review_state BETWEEN 0 AND 4);
      ALTER TABLE product_version ADD COLUMN review TEXT;
      ALTER TABLE product_version ADD COLUMN publish_time_micros INTEGER;
      ALTER TABLE product_version ADD COLUMN in_force_from_day INTEGER;
      ALTER TABLE product_version ADD COLUMN in_force_to_day INTEGER;
      UPDATE product_version SET publish_time_micros = create_time_micros
        WHERE EXISTS (
          SELECT 1 FROM product p WHERE p.id = product_version.product_id AND p.published_version = product_version.version);
      UPDATE product_version SET
          in_force_from_day = CAST(julianday(json_extract(terms, '$.effectiveFrom')) - 2440587.5 AS INTEGER),
          in_force_to_day = CAST(julianday(json_extract(terms, '$.effectiveTo')) - 2440587.5 AS INTEGER)
        WHERE publish_time_micros IS NOT NULL;
      ALTER TABLE product ADD COLUMN applications INTEGER NOT NULL DEFAULT 0 CHECK (applications >= 0);
      ALTER TABLE product ADD COLUMN granted INTEGER NOT NULL DEFAULT 0 CHECK (granted BETWEEN 0 AND applications);
      CREATE INDEX product_by_update ON product (update_time_micros, id);
      """)

  private static let notices = Migration(
    name: "0005-notices",
    sql: """
      CREATE TABLE notice (
        number INTEGER NOT NULL PRIMARY KEY,
        id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 64),
        kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
        state INTEGER NOT NULL CHECK (state IN (1, 2)),
        body TEXT NOT NULL
      ) STRICT;
      CREATE TABLE notice_receipt (
        notice_id TEXT NOT NULL REFERENCES notice (id),
        organisation TEXT NOT NULL,
        subject TEXT NOT NULL,
        push_time_micros INTEGER,
        acknowledge_time_micros INTEGER,
        note TEXT NOT NULL,
        PRIMARY KEY (notice_id, organisation),
        CHECK (push_time_micros IS NOT NULL OR acknowledge_time_micros IS NOT NULL)
      ) STRICT;
      """)

  private static let errorReports = Migration(
    name: "0006-error-reports",
    sql: """
      CREATE TABLE error_report (
        id TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
        product_id TEXT NOT NULL REFERENCES product (id),
        institution_id TEXT NOT NULL REFERENCES institution (id),
        reporter TEXT NOT NULL,
        state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX error_report_by_institution ON error_report (institution_id, id);
      CREATE INDEX error_report_by_product ON error_report (product_id, id);
      """)

  /// Lists are filtered by the version they show: who sees published versions only must not find a product by its draft.
  private static let versionFilters = Migration(
    name: "0007-version-filters",
    sql: """
      ALTER TABLE product_version ADD COLUMN instrument INTEGER NOT NULL DEFAULT 1 CHECK (instrument > 0);
      UPDATE product_version SET instrument = json_extract(terms, '$.instrument');
      ALTER TABLE product DROP COLUMN instrument;
      DROP TABLE product_region;
      -- Regions of a version's own; a version without any is offered where its institution serves.
      CREATE TABLE version_region (
        product_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        prefix TEXT NOT NULL,
        PRIMARY KEY (product_id, version, prefix),
        FOREIGN KEY (product_id, version) REFERENCES product_version (product_id, version)
      ) STRICT, WITHOUT ROWID;
      INSERT OR IGNORE INTO version_region
        SELECT v.product_id, v.version, r.value FROM product_version v, json_each(v.terms, '$.serviceRegions') r;
      """)
}
