import Storage

extension DemandMigrations {
  /// Writes each CHECK of the form `x IN (…)` as alternatives. They accept the same values; but SQLite builds a temporary
  /// table for each list of more than two values, every time a row is written, and a demand's row has ten such lists: its
  /// INSERT took ten times as long. The tables' content does not change, which is what SQLite's documentation (ALTER TABLE,
  /// "Making Other Kinds Of Table Schema Changes") allows this procedure for.
  static let checks = Migration(
    name: "0006-checks",
    sql: """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(sql, 'length(region_code) IN (6, 9, 12)',
        'length(region_code) = 6 OR length(region_code) = 9 OR length(region_code) = 12')
        WHERE type = 'table' AND name = 'enterprises';
      UPDATE sqlite_schema SET sql = replace(sql, 'size_band IN (''micro'', ''small'', ''medium'', ''large'')',
        'size_band = ''micro'' OR size_band = ''small'' OR size_band = ''medium'' OR size_band = ''large''')
        WHERE type = 'table' AND name = 'enterprises';
      UPDATE sqlite_schema SET sql = replace(sql, 'platform_grade IN (''A'', ''B'', ''C'', ''D'', ''E'')',
        'platform_grade = ''A'' OR platform_grade = ''B'' OR platform_grade = ''C'' OR platform_grade = ''D'' OR platform_grade = ''E''')
        WHERE type = 'table' AND name = 'enterprises';
      UPDATE sqlite_schema SET sql = replace(sql, 'state IN (''submitted'', ''assessed'', ''hard'', ''pushed'', ''claimed'', ''offered'', ''signed'',
          ''disbursed'', ''closed'', ''declined'', ''withdrawn'', ''expired'')',
        'state = ''submitted'' OR state = ''assessed'' OR state = ''hard'' OR state = ''pushed'' OR state = ''claimed'' OR state = ''offered'' OR state = ''signed'' OR state = ''disbursed'' OR state = ''closed'' OR state = ''declined'' OR state = ''withdrawn'' OR state = ''expired''')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'security_mode IN (''credit'', ''guarantee'', ''mortgage'', ''pledge'')',
        'security_mode = ''credit'' OR security_mode = ''guarantee'' OR security_mode = ''mortgage'' OR security_mode = ''pledge''')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'instrument IN (''loan'', ''guarantee'', ''lease'', ''insurance'', ''equity'',
          ''bridge_loan'', ''factoring'', ''bond'')',
        'instrument = ''loan'' OR instrument = ''guarantee'' OR instrument = ''lease'' OR instrument = ''insurance'' OR instrument = ''equity'' OR instrument = ''bridge_loan'' OR instrument = ''factoring'' OR instrument = ''bond''')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'length(region_code) IN (6, 9, 12)',
        'length(region_code) = 6 OR length(region_code) = 9 OR length(region_code) = 12')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'channel IN (''online'', ''grid'', ''branch'', ''hotline'', ''event'', ''chain_team'')',
        'channel = ''online'' OR channel = ''grid'' OR channel = ''branch'' OR channel = ''hotline'' OR channel = ''event'' OR channel = ''chain_team''')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'profile_size IN (''micro'', ''small'', ''medium'', ''large'')',
        'profile_size = ''micro'' OR profile_size = ''small'' OR profile_size = ''medium'' OR profile_size = ''large''')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'profile_grade IN (''A'', ''B'', ''C'', ''D'', ''E'')',
        'profile_grade = ''A'' OR profile_grade = ''B'' OR profile_grade = ''C'' OR profile_grade = ''D'' OR profile_grade = ''E''')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'assessment_verdict IN (''feasible'', ''conditional'', ''hard'')',
        'assessment_verdict = ''feasible'' OR assessment_verdict = ''conditional'' OR assessment_verdict = ''hard''')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'level IN (''town'', ''county'', ''city'')',
        'level = ''town'' OR level = ''county'' OR level = ''city''')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'state NOT IN (''claimed'', ''offered'', ''signed'', ''disbursed'', ''closed'')',
        '(state <> ''claimed'' AND state <> ''offered'' AND state <> ''signed'' AND state <> ''disbursed'' AND state <> ''closed'')')
        WHERE type = 'table' AND name = 'demands';
      UPDATE sqlite_schema SET sql = replace(sql, 'kind IN (''institution'', ''city_regulator'', ''county_regulator'')',
        'kind = ''institution'' OR kind = ''city_regulator'' OR kind = ''county_regulator''')
        WHERE type = 'table' AND name = 'demand_targets';
      UPDATE sqlite_schema SET sql = replace(sql, 'state IN (''pushed'', ''claimed'', ''declined'')',
        'state = ''pushed'' OR state = ''claimed'' OR state = ''declined''')
        WHERE type = 'table' AND name = 'demand_targets';
      UPDATE sqlite_schema SET sql = replace(sql, 'reason IN (''match'', ''chain_lead'', ''duty_bank'', ''regulator'')',
        'reason = ''match'' OR reason = ''chain_lead'' OR reason = ''duty_bank'' OR reason = ''regulator''')
        WHERE type = 'table' AND name = 'demand_targets';
      PRAGMA writable_schema = RESET;
      """)
}
