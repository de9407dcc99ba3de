package import Storage

/// The store's schema, frozen step by step. Texts of enumerations are the domain's raw values; days are counted from
/// 1970-01-01, times are microseconds since then, amounts are minor units.
package enum DemandMigrations {
  package static let all: [Migration] = [
    enterprises, demands, tallies, handling, cases, checks, pages, grades, submissions, broadcast, keeping,
    steps, casePages,
  ]

  /// `number` is the order of registration: lists page over it.
  private static let enterprises = Migration(
    name: "0001-enterprises",
    sql: """
      CREATE TABLE enterprises (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE CHECK (length(id) = 18),
        display_name TEXT NOT NULL CHECK (length(display_name) > 0),
        region_code TEXT NOT NULL CHECK (length(region_code) IN (6, 9, 12)),
        region_city TEXT NOT NULL CHECK (length(region_city) = 4),
        region_county TEXT NOT NULL CHECK (length(region_county) = 6),
        industry_code TEXT NOT NULL,
        size_sector TEXT,
        size_staff INTEGER CHECK (size_staff >= 0),
        size_revenue_minor INTEGER CHECK (size_revenue_minor >= 0),
        size_assets_minor INTEGER CHECK (size_assets_minor >= 0),
        size_band TEXT CHECK (size_band IN ('micro', 'small', 'medium', 'large')),
        size_day INTEGER,
        size_policy_digest TEXT,
        size_citations TEXT,
        platform_grade TEXT CHECK (platform_grade IN ('A', 'B', 'C', 'D', 'E')),
        first_loan INTEGER NOT NULL CHECK (first_loan IN (0, 1)),
        created_micros INTEGER NOT NULL,
        updated_micros INTEGER NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        CHECK ((size_sector IS NULL) = (size_day IS NULL)),
        CHECK ((size_sector IS NULL) = (size_policy_digest IS NULL)),
        CHECK ((size_sector IS NULL) = (size_citations IS NULL))
      ) STRICT;
      CREATE INDEX enterprises_city ON enterprises (region_city, number);
      CREATE INDEX enterprises_county ON enterprises (region_county, number);

      CREATE TABLE enterprise_tags (
        enterprise INTEGER NOT NULL REFERENCES enterprises (number),
        position INTEGER NOT NULL,
        tag TEXT NOT NULL,
        from_day INTEGER,
        to_day INTEGER,
        PRIMARY KEY (enterprise, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX enterprise_tags_tag ON enterprise_tags (tag, enterprise);

      CREATE TABLE enterprise_consents (
        enterprise INTEGER NOT NULL REFERENCES enterprises (number),
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('pboc_credit', 'public_credit', 'tax')),
        granted_day INTEGER NOT NULL,
        expires_day INTEGER NOT NULL CHECK (expires_day >= granted_day),
        reference TEXT NOT NULL,
        PRIMARY KEY (enterprise, position)
      ) STRICT, WITHOUT ROWID;
      """)

  /// Each level of the region is a column of its own, so that a page in order of number is one index range whatever the
  /// level asked for. `open_city` and `open_county` repeat the region while a demand is open to every institution (抢单).
  private static let demands = Migration(
    name: "0002-demands",
    sql: """
      CREATE TABLE demands (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
        enterprise TEXT NOT NULL REFERENCES enterprises (id),
        state TEXT NOT NULL CHECK (state IN ('submitted', 'assessed', 'hard', 'pushed', 'claimed', 'offered', 'signed',
          'disbursed', 'closed', 'declined', 'withdrawn', 'expired')),
        reached INTEGER NOT NULL CHECK (reached > 0),
        currency TEXT NOT NULL CHECK (length(currency) = 3),
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        tenor_months INTEGER NOT NULL CHECK (tenor_months BETWEEN 1 AND 600),
        purpose TEXT NOT NULL,
        security_mode TEXT NOT NULL CHECK (security_mode IN ('credit', 'guarantee', 'mortgage', 'pledge')),
        instrument TEXT NOT NULL CHECK (instrument IN ('loan', 'guarantee', 'lease', 'insurance', 'equity',
          'bridge_loan', 'factoring', 'bond')),
        region_code TEXT NOT NULL CHECK (length(region_code) IN (6, 9, 12)),
        region_province TEXT NOT NULL CHECK (length(region_province) = 2),
        region_city TEXT NOT NULL CHECK (length(region_city) = 4),
        region_county TEXT NOT NULL CHECK (length(region_county) = 6),
        region_town TEXT CHECK (length(region_town) = 9),
        region_village TEXT CHECK (length(region_village) = 12),
        channel TEXT NOT NULL CHECK (channel IN ('online', 'grid', 'branch', 'hotline', 'event', 'chain_team')),
        wanted_day INTEGER,
        valid_until_day INTEGER,
        last_day INTEGER,
        contact_person TEXT,
        contact_phone TEXT,
        profile_name TEXT NOT NULL,
        profile_region TEXT NOT NULL,
        profile_industry TEXT NOT NULL,
        profile_size TEXT CHECK (profile_size IN ('micro', 'small', 'medium', 'large')),
        profile_grade TEXT CHECK (profile_grade IN ('A', 'B', 'C', 'D', 'E')),
        profile_first_loan INTEGER NOT NULL CHECK (profile_first_loan IN (0, 1)),
        profile_tags TEXT NOT NULL,
        profile_consents TEXT NOT NULL,
        assessment_number INTEGER CHECK (assessment_number > 0),
        assessment_verdict TEXT CHECK (assessment_verdict IN ('feasible', 'conditional', 'hard')),
        assessment_day INTEGER,
        assessment_digest TEXT,
        assessment_micros INTEGER,
        assessment_rules TEXT,
        push_mode TEXT CHECK (push_mode IN ('directed', 'open')),
        open_city TEXT,
        open_county TEXT,
        target_count INTEGER NOT NULL DEFAULT 0 CHECK (target_count >= 0),
        claimed_by TEXT,
        claimed_micros INTEGER,
        offer_minor INTEGER CHECK (offer_minor > 0),
        offer_rate_ppm INTEGER CHECK (offer_rate_ppm >= 0),
        offer_tenor_months INTEGER,
        offer_guarantee INTEGER CHECK (offer_guarantee IN (0, 1)),
        offer_product TEXT,
        offer_micros INTEGER,
        contract_number TEXT,
        contract_minor INTEGER CHECK (contract_minor > 0),
        contract_day INTEGER,
        contract_revolving INTEGER CHECK (contract_revolving IN (0, 1)),
        contract_draw_by_day INTEGER,
        disbursed_minor INTEGER NOT NULL DEFAULT 0 CHECK (disbursed_minor >= 0),
        decline_count INTEGER NOT NULL DEFAULT 0 CHECK (decline_count >= 0),
        closed_by TEXT,
        close_role TEXT,
        close_note TEXT,
        close_micros INTEGER,
        end_reason TEXT,
        submitted_by TEXT NOT NULL,
        policy_digest TEXT NOT NULL,
        created_micros INTEGER NOT NULL,
        updated_micros INTEGER NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        CHECK ((open_city IS NULL) = (open_county IS NULL)),
        CHECK (open_city IS NULL OR (state = 'pushed' AND push_mode = 'open')),
        CHECK ((claimed_by IS NULL) = (claimed_micros IS NULL)),
        CHECK (offer_minor IS NULL OR claimed_by IS NOT NULL),
        CHECK (contract_minor IS NULL OR offer_minor IS NOT NULL),
        CHECK (disbursed_minor = 0 OR contract_minor IS NOT NULL),
        CHECK ((state = 'closed') = (closed_by IS NOT NULL)),
        CHECK (state NOT IN ('claimed', 'offered', 'signed', 'disbursed', 'closed') OR claimed_by IS NOT NULL)
      ) STRICT;
      CREATE INDEX demands_state ON demands (state, number);
      CREATE INDEX demands_province ON demands (region_province, number);
      CREATE INDEX demands_province_state ON demands (region_province, state, number);
      CREATE INDEX demands_city ON demands (region_city, number);
      CREATE INDEX demands_city_state ON demands (region_city, state, number);
      CREATE INDEX demands_county ON demands (region_county, number);
      CREATE INDEX demands_county_state ON demands (region_county, state, number);
      CREATE INDEX demands_town_state ON demands (region_town, state, number) WHERE region_town IS NOT NULL;
      CREATE INDEX demands_town ON demands (region_town, number) WHERE region_town IS NOT NULL;
      CREATE INDEX demands_village ON demands (region_village, number) WHERE region_village IS NOT NULL;
      CREATE INDEX demands_enterprise ON demands (enterprise, number);
      CREATE INDEX demands_contract ON demands (enterprise, number) WHERE contract_minor IS NOT NULL;
      CREATE INDEX demands_claimed ON demands (claimed_by, number) WHERE claimed_by IS NOT NULL;
      CREATE INDEX demands_claimed_state ON demands (claimed_by, state, number) WHERE claimed_by IS NOT NULL;
      CREATE INDEX demands_open_city ON demands (open_city, number) WHERE open_city IS NOT NULL;
      CREATE INDEX demands_open_county ON demands (open_county, number) WHERE open_county IS NOT NULL;
      CREATE INDEX demands_last_day ON demands (last_day, number) WHERE last_day IS NOT NULL;

      CREATE TABLE demand_targets (
        demand INTEGER NOT NULL REFERENCES demands (number),
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('institution', 'city_regulator', 'county_regulator')),
        organisation TEXT NOT NULL,
        product TEXT NOT NULL,
        score_ppm INTEGER NOT NULL CHECK (score_ppm >= 0),
        state TEXT NOT NULL CHECK (state IN ('pushed', 'claimed', 'declined')),
        pushed_micros INTEGER NOT NULL,
        PRIMARY KEY (demand, position),
        UNIQUE (organisation, demand)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE demand_disbursements (
        demand INTEGER NOT NULL REFERENCES demands (number),
        position INTEGER NOT NULL,
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        paid_day INTEGER NOT NULL,
        evidence_kind TEXT NOT NULL CHECK (length(evidence_kind) > 0),
        evidence_reference TEXT NOT NULL CHECK (length(evidence_reference) > 0),
        evidence_sha256 BLOB NOT NULL CHECK (length(evidence_sha256) IN (0, 32)),
        PRIMARY KEY (demand, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE demand_declines (
        demand INTEGER NOT NULL REFERENCES demands (number),
        position INTEGER NOT NULL,
        institution TEXT NOT NULL,
        reason TEXT NOT NULL CHECK (length(reason) > 0),
        at_micros INTEGER NOT NULL,
        from_state TEXT NOT NULL,
        PRIMARY KEY (demand, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE demand_close_evidence (
        demand INTEGER NOT NULL REFERENCES demands (number),
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (length(kind) > 0),
        reference TEXT NOT NULL CHECK (length(reference) > 0),
        sha256 BLOB NOT NULL CHECK (length(sha256) IN (0, 32)),
        PRIMARY KEY (demand, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE demand_events (
        demand INTEGER NOT NULL REFERENCES demands (number),
        sequence INTEGER NOT NULL CHECK (sequence > 0),
        PRIMARY KEY (demand, sequence)
      ) STRICT, WITHOUT ROWID;
      """)

  /// Counts and sums, changed by every event in its own transaction.
  private static let tallies = Migration(
    name: "0003-tallies",
    sql: """
      CREATE TABLE demand_counts (
        region_code TEXT NOT NULL,
        state TEXT NOT NULL,
        current INTEGER NOT NULL CHECK (current >= 0),
        reached INTEGER NOT NULL CHECK (reached >= 0),
        PRIMARY KEY (region_code, state)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE demand_sums (
        region_code TEXT NOT NULL,
        currency TEXT NOT NULL,
        wanted_minor INTEGER NOT NULL CHECK (wanted_minor >= 0),
        granted_minor INTEGER NOT NULL CHECK (granted_minor >= 0),
        signed_minor INTEGER NOT NULL CHECK (signed_minor >= 0),
        disbursed_minor INTEGER NOT NULL CHECK (disbursed_minor >= 0),
        PRIMARY KEY (region_code, currency)
      ) STRICT, WITHOUT ROWID;
      """)
}
