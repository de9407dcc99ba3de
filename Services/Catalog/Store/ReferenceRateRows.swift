import CatalogDomain
import Kernel
import Storage

/// Reference rates as rows.
enum ReferenceRateRows {
  static func load(_ session: ReadSession) throws -> ReferenceRateTable {
    ReferenceRateTable(
      try session.query("SELECT basis, effective_day, rate_ppm FROM reference_rate ORDER BY basis, effective_day") {
        row in
        guard let basis = RateBasis(rawValue: try row.int(0)) else {
          throw StorageError(.columnType, "no reference rate has basis \(try row.int(0))")
        }
        return ReferenceRate(
          basis: basis, effectiveFrom: try BusinessDate(dayNumber: try row.int32(1)), rate: Rate(ppm: try row.int64(2)))
      })
  }

  static func insert(_ rate: ReferenceRate, _ session: WriteSession) throws {
    try session.execute(
      "INSERT INTO reference_rate (basis, effective_day, rate_ppm) VALUES (?, ?, ?)",
      [
        .integer(Int64(rate.basis.rawValue)), .integer(Int64(rate.effectiveFrom.dayNumber)), .integer(rate.rate.ppm),
      ])
  }
}
