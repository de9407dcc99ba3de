package import Kernel

/// How one line of a table stands against an earlier run.
package struct RankMovement: Sendable, Hashable {
  package var row: ScoreRow
  /// 0 when it was not ranked then.
  package var baselineRank: Int
  /// More than 0 for places gained; 0 when it was not ranked in both.
  package var placesGained: Int
  package var change: Int64

  /// Lines move within their table: an institution that changed its peer group has no earlier rank.
  package static func movements(_ rows: [ScoreRow], since baseline: [ScoreRow]) -> [RankMovement] {
    let before = Dictionary(
      baseline.filter { $0.rank > 0 }.map { ("\($0.table)\t\($0.institutionID)", $0) }, uniquingKeysWith: { $1 })
    return rows.map { row in
      guard let earlier = before["\(row.table)\t\(row.institutionID)"], row.rank > 0 else {
        return RankMovement(row: row, baselineRank: 0, placesGained: 0, change: 0)
      }
      return RankMovement(
        row: row, baselineRank: earlier.rank, placesGained: earlier.rank - row.rank, change: row.total - earlier.total)
    }
  }
}

extension Run {
  /// The run that ranks are compared with when the caller names none: published, of the same scheme and peer group, over
  /// an earlier period of the same length; the latest period, and of it the run published last.
  package func previousComparable(among runs: [Run]) throws(DomainError) -> Run? {
    let period = try Period(period)
    var best: (period: Period, run: Run)?
    for run in runs where run.state == .published && run.schemeID == schemeID && run.peerGroup == peerGroup {
      let other = try Period(run.period)
      guard other.months == period.months, other.endMonth <= period.firstMonth else { continue }
      if let known = best {
        let isLater =
          other != known.period
          ? other > known.period
          : (run.publishTime ?? run.createTime) > (known.run.publishTime ?? known.run.createTime)
        if !isLater { continue }
      }
      best = (other, run)
    }
    return best?.run
  }
}
