import DemandDomain
import Kernel
import Storage

enum TargetReading {
  /// Firms of the target's place whose first loan is a standing contract signed in its period, up to a day. A firm counts once,
  /// under whatever codes it was registered.
  static func reached(_ target: Case, asOf: BusinessDate, _ session: ReadSession) throws -> Int64 {
    let (from, to) = try target.period
    let prefix = target.region.reach
    // A target may be of one chain, of one channel, or of both.
    let narrower = ["chain", "channel"].compactMap { name in target.fields[name].map { (name: name, value: $0) } }
    let filter = narrower.map { " AND (d.\($0.name) || '') = ?" }.joined()
    return try session.first(
      """
      SELECT count(DISTINCT coalesce(e.merged_into, e.id)) FROM demands d JOIN enterprises e ON e.id = d.enterprise
      WHERE d.contract_minor IS NOT NULL AND d.contract_first_loan = 1 AND d.contract_day BETWEEN ? AND ?
        AND d.region_code >= ? AND d.region_code < ? AND d.signed_minor > 0\(filter)
      """,
      [.day(from), .day(min(to, asOf)), .text(prefix), .text(prefix + ":")] + narrower.map { .text($0.value) }
    ) { try $0.int64(0) } ?? 0
  }
}
