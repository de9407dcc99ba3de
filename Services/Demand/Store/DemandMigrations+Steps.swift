import Storage

extension DemandMigrations {
  /// What was done in a case, step by step with the values that each step gave; the opening is step 0. A reading as of a day is
  /// the last step up to it. Steps of older stores stood in their case's row, without values.
  static let steps = Migration(
    name: "0013-case-steps",
    sql: """
      CREATE TABLE case_steps (
        matter INTEGER NOT NULL REFERENCES cases (number),
        position INTEGER NOT NULL CHECK (position >= 0),
        action TEXT NOT NULL CHECK (length(action) > 0),
        from_state TEXT NOT NULL,
        to_state TEXT NOT NULL,
        actor TEXT NOT NULL,
        role TEXT NOT NULL,
        reason TEXT NOT NULL,
        fields TEXT,
        evidence TEXT NOT NULL,
        signed_minor INTEGER NOT NULL CHECK (signed_minor >= 0),
        in_place_minor INTEGER NOT NULL CHECK (in_place_minor >= 0),
        at_micros INTEGER NOT NULL,
        day INTEGER NOT NULL,
        PRIMARY KEY (matter, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX case_steps_day ON case_steps (day, matter);
      UPDATE cases SET signed_minor = 0, in_place_minor = 0 WHERE kind = 'event_deal' AND state = 'failed';
      INSERT INTO case_steps
        SELECT number, 0, 'open', '', coalesce(json_extract(steps, '$[0].from'), state), opened_by, '', '',
          CASE WHEN steps = '[]' OR kind = 'visit' THEN fields END, '[]', 0, 0, created_micros, opened_day FROM cases;
      INSERT INTO case_steps
        SELECT c.number, s.key + 1, json_extract(s.value, '$.action'), json_extract(s.value, '$.from'),
          json_extract(s.value, '$.to'), json_extract(s.value, '$.actor'), json_extract(s.value, '$.role'),
          coalesce(json_extract(s.value, '$.reason'), ''), NULL, coalesce(json_extract(s.value, '$.evidence'), '[]'),
          CASE WHEN json_extract(s.value, '$.to') IN ('signed', 'funded') THEN c.signed_minor ELSE 0 END,
          CASE WHEN json_extract(s.value, '$.to') = 'funded' THEN c.in_place_minor ELSE 0 END,
          json_extract(s.value, '$.time'), (json_extract(s.value, '$.time') + 28800000000) / 86400000000
        FROM cases c, json_each(c.steps) s;
      UPDATE cases SET steps = '[]';

      CREATE TABLE case_clocks (
        matter INTEGER NOT NULL REFERENCES cases (number),
        position INTEGER NOT NULL CHECK (position >= 0),
        started_day INTEGER NOT NULL,
        due_day INTEGER NOT NULL,
        met_day INTEGER,
        missed_day INTEGER,
        PRIMARY KEY (matter, position)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO case_clocks
        SELECT number, 0, opened_day, due_day,
          CASE WHEN state = 'done' OR is_open = 0 THEN (updated_micros + 28800000000) / 86400000000 END, NULL
        FROM cases WHERE due_day IS NOT NULL;
      UPDATE cases SET due_day = NULL WHERE state = 'done' OR is_open = 0;
      CREATE INDEX case_clocks_due ON case_clocks (due_day, matter) WHERE met_day IS NULL AND missed_day IS NULL;

      ALTER TABLE cases ADD COLUMN happened_day INTEGER NOT NULL DEFAULT 0;
      UPDATE cases SET happened_day = CASE kind
        WHEN 'visit' THEN CAST(julianday(json_extract(fields, '$.visited_on')) - 2440587.5 AS INTEGER)
        WHEN 'matching_event' THEN CAST(julianday(json_extract(fields, '$.held_on')) - 2440587.5 AS INTEGER)
        ELSE opened_day END;
      UPDATE cases SET happened_day = (SELECT event.happened_day FROM cases event WHERE event.id = cases.parent)
        WHERE kind = 'event_deal';
      UPDATE cases SET topic = json_extract(fields, '$.person') WHERE kind = 'adviser';
      DROP INDEX cases_opened;
      CREATE INDEX cases_happened ON cases (happened_day, number);
      """)

  /// An index for each way in which cases are listed: by place of any level, with and without a kind, by who opened them, and
  /// notices and the like by the places that they reach.
  static let casePages = Migration(
    name: "0014-case-pages",
    sql: """
      CREATE INDEX cases_province ON cases (substr(region_code, 1, 2), number);
      CREATE INDEX cases_province_kind ON cases (substr(region_code, 1, 2), kind, number);
      CREATE INDEX cases_city ON cases (substr(region_code, 1, 4), number);
      CREATE INDEX cases_city_kind ON cases (substr(region_code, 1, 4), kind, number);
      CREATE INDEX cases_county ON cases (substr(region_code, 1, 6), number);
      CREATE INDEX cases_county_kind ON cases (substr(region_code, 1, 6), kind, number);
      CREATE INDEX cases_town ON cases (substr(region_code, 1, 9), number);
      CREATE INDEX cases_town_kind ON cases (substr(region_code, 1, 9), kind, number);
      CREATE INDEX cases_village ON cases (substr(region_code, 1, 12), number);
      CREATE INDEX cases_village_kind ON cases (substr(region_code, 1, 12), kind, number);
      CREATE INDEX cases_reach ON cases (kind, region_reach, number);
      CREATE INDEX cases_opener ON cases (opened_by, number);
      CREATE INDEX cases_firm ON cases (enterprise, number) WHERE enterprise IS NOT NULL;
      CREATE INDEX cases_children ON cases (parent, number) WHERE parent IS NOT NULL;

      CREATE TABLE field_items (
        organisation TEXT NOT NULL,
        client_id TEXT NOT NULL CHECK (length(client_id) > 0),
        content BLOB NOT NULL CHECK (length(content) = 32),
        resource TEXT NOT NULL CHECK (length(resource) > 0),
        PRIMARY KEY (organisation, client_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE case_report_lines (
        matter INTEGER NOT NULL REFERENCES cases (number),
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        action TEXT NOT NULL,
        count INTEGER NOT NULL CHECK (count > 0),
        cases INTEGER NOT NULL CHECK (cases > 0),
        firms INTEGER NOT NULL CHECK (firms >= 0),
        PRIMARY KEY (matter, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE due_policy (
        name TEXT PRIMARY KEY CHECK (name = 'demands'),
        digest TEXT NOT NULL,
        number INTEGER NOT NULL CHECK (number >= 0)
      ) STRICT, WITHOUT ROWID;
      """)
}
