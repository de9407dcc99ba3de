import Storage

extension DemandMigrations {
  /// What demands gained after the first release: level, joint credit, clocks, notes and their words, response times.
  /// Demands of an older store get what their columns say.
  static let handling = Migration(
    name: "0004-handling",
    sql: """
      ALTER TABLE demands ADD COLUMN handling TEXT;
      ALTER TABLE demands ADD COLUMN level TEXT NOT NULL DEFAULT 'town' CHECK (level IN ('town', 'county', 'city'));
      ALTER TABLE demands ADD COLUMN chain TEXT NOT NULL DEFAULT '';
      ALTER TABLE demands ADD COLUMN period TEXT NOT NULL DEFAULT '';
      ALTER TABLE demands ADD COLUMN due_day INTEGER;
      ALTER TABLE demands ADD COLUMN granted_minor INTEGER NOT NULL DEFAULT 0 CHECK (granted_minor >= 0);
      ALTER TABLE demands ADD COLUMN signed_minor INTEGER NOT NULL DEFAULT 0 CHECK (signed_minor >= 0);
      ALTER TABLE demands ADD COLUMN paid_minor INTEGER NOT NULL DEFAULT 0 CHECK (paid_minor >= 0);
      UPDATE demands SET level = 'county' WHERE region_town IS NULL;
      UPDATE demands SET period = strftime('%Y-%m', created_micros / 1000000 + 28800, 'unixepoch');
      UPDATE demands SET granted_minor = offer_minor, signed_minor = contract_minor, paid_minor = disbursed_minor
        WHERE state IN ('signed', 'disbursed', 'closed');
      CREATE INDEX demands_due ON demands (due_day, number) WHERE due_day IS NOT NULL;

      ALTER TABLE demand_targets ADD COLUMN reason TEXT NOT NULL DEFAULT 'match'
        CHECK (reason IN ('match', 'chain_lead', 'duty_bank', 'regulator'));
      ALTER TABLE demand_targets ADD COLUMN acknowledged_micros INTEGER;
      UPDATE demand_targets SET reason = 'regulator' WHERE kind <> 'institution';

      CREATE TABLE demand_words (
        word TEXT NOT NULL,
        demand INTEGER NOT NULL REFERENCES demands (number),
        PRIMARY KEY (word, demand)
      ) STRICT, WITHOUT ROWID;
      WITH RECURSIVE places (number, text, place) AS (
        SELECT number, lower(purpose), 1 FROM demands
        UNION ALL SELECT number, text, place + 1 FROM places WHERE place + 1 < length(text)
      )
      INSERT INTO demand_words (word, demand)
        SELECT DISTINCT substr(text, place, 2), number FROM places
        WHERE length(text) > 1 AND instr(substr(text, place, 2), ' ') = 0;

      CREATE TABLE demand_responses (
        demand INTEGER NOT NULL REFERENCES demands (number),
        position INTEGER NOT NULL,
        institution TEXT NOT NULL,
        pushed_micros INTEGER NOT NULL,
        claimed_micros INTEGER NOT NULL,
        contacted_micros INTEGER,
        decided_micros INTEGER,
        PRIMARY KEY (demand, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE demand_missed_clocks (
        demand INTEGER NOT NULL REFERENCES demands (number),
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('accept', 'contact', 'decide')),
        due_day INTEGER NOT NULL,
        institution TEXT,
        PRIMARY KEY (demand, position)
      ) STRICT, WITHOUT ROWID;

      ALTER TABLE enterprises ADD COLUMN chain TEXT NOT NULL DEFAULT '';
      ALTER TABLE enterprises ADD COLUMN park TEXT NOT NULL DEFAULT '';
      ALTER TABLE enterprises ADD COLUMN merged_into TEXT REFERENCES enterprises (id);
      ALTER TABLE enterprises ADD COLUMN extra TEXT;
      ALTER TABLE enterprise_consents ADD COLUMN institution TEXT NOT NULL DEFAULT '';
      ALTER TABLE enterprise_consents ADD COLUMN revoked_day INTEGER;
      """)

  static let cases = Migration(
    name: "0005-cases",
    sql: """
      CREATE TABLE cases (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
        region_code TEXT NOT NULL CHECK (length(region_code) IN (6, 9, 12)),
        region_reach TEXT NOT NULL,
        title TEXT NOT NULL,
        enterprise TEXT REFERENCES enterprises (id),
        organisation TEXT,
        demand TEXT REFERENCES demands (id),
        parent TEXT REFERENCES cases (id),
        topic TEXT NOT NULL,
        fields TEXT NOT NULL,
        steps TEXT NOT NULL,
        signed_minor INTEGER NOT NULL DEFAULT 0 CHECK (signed_minor >= 0),
        in_place_minor INTEGER NOT NULL DEFAULT 0 CHECK (in_place_minor >= 0),
        due_day INTEGER,
        opened_by TEXT NOT NULL,
        opened_day INTEGER NOT NULL,
        client_id TEXT,
        created_micros INTEGER NOT NULL,
        updated_micros INTEGER NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0)
      ) STRICT;
      CREATE INDEX cases_kind ON cases (kind, number);
      CREATE INDEX cases_region ON cases (region_code, kind, number);
      CREATE INDEX cases_organisation ON cases (organisation, number) WHERE organisation IS NOT NULL;
      CREATE INDEX cases_enterprise ON cases (enterprise, kind, number) WHERE enterprise IS NOT NULL;
      CREATE INDEX cases_parent ON cases (parent, kind, number) WHERE parent IS NOT NULL;
      CREATE INDEX cases_topic ON cases (kind, topic, number) WHERE topic <> '';
      CREATE INDEX cases_opened ON cases (opened_day, number);
      CREATE UNIQUE INDEX cases_client ON cases (opened_by, client_id) WHERE client_id IS NOT NULL;
      """)
}
