import DemandDomain
import Kernel
import Storage

enum TargetReading {
  /// First-loan firms of the target's place with a standing contract signed in its period, up to a day. A firm counts once.
  static func reached(_ target: Case, asOf: BusinessDate, _ session: ReadSession) throws -> Int64 {
    let (from, to) = try target.period
    let prefix = target.region.reach
    return try session.first(
      """
      SELECT count(DISTINCT enterprise) FROM demands
      WHERE contract_minor IS NOT NULL AND profile_first_loan = 1 AND contract_day BETWEEN ? AND ?
        AND region_code >= ? AND region_code < ? AND signed_minor > 0
      """, [.day(from), .day(min(to, asOf)), .text(prefix), .text(prefix + ":")]
    ) { try $0.int64(0) } ?? 0
  }
}
