package import Kernel
import Policy

/// Movements of an account by value date and number, minor units.
package struct AccountStatement: Sendable, Hashable {
  /// A statement that nobody reads further than that; a longer span is asked for in parts.
  package static let maximumEntries = 10_000

  package struct Entry: Sendable, Hashable {
    package let transfer: Int64
    package let businessDate: BusinessDate
    package let template: PostingTemplate
    package let reference: String
    package let amount: Int64
    /// On the normal side, after it.
    package let balance: Int64

    package init(
      transfer: Int64, businessDate: BusinessDate, template: PostingTemplate, reference: String, amount: Int64,
      balance: Int64
    ) {
      self.transfer = transfer
      self.businessDate = businessDate
      self.template = template
      self.reference = reference
      self.amount = amount
      self.balance = balance
    }
  }

  package let account: Account
  package let from: BusinessDate
  package let to: BusinessDate
  package let opening: Int64
  package let entries: [Entry]

  package init(account: Account, from: BusinessDate, to: BusinessDate, opening: Int64, entries: [Entry]) {
    self.account = account
    self.from = from
    self.to = to
    self.opening = opening
    self.entries = entries
  }

  package var closing: Int64 { entries.last?.balance ?? opening }
}

/// Proof that a transfer is a leaf of the tree with that root (RFC 6962).
package struct InclusionProof: Sendable, Hashable {
  package let number: Int64
  package let hash: [UInt8]
  package let treeSize: Int64
  package let path: [[UInt8]]
  package let root: [UInt8]

  package init(number: Int64, hash: [UInt8], treeSize: Int64, path: [[UInt8]], root: [UInt8]) {
    self.number = number
    self.hash = hash
    self.treeSize = treeSize
    self.path = path
    self.root = root
  }
}

/// A facility's business over a span of days, minor units.
package struct FacilityReport: Sendable, Hashable {
  package struct Count: Sendable, Hashable {
    package var count: Int64 = 0
    package var amount: Int64 = 0

    package init(count: Int64 = 0, amount: Int64 = 0) {
      self.count = count
      self.amount = amount
    }
  }

  package let facility: Facility
  package let from: BusinessDate
  package let to: BusinessDate
  package var committed = Count()
  package var fees: Int64 = 0
  package var reguaranteeFees: Int64 = 0
  package var released = Count()
  package var paidClaims = Count()
  package var inForce = Count()
  /// Principal in force for small and micro firms or agriculture.
  package var smallAndAgricultural: Int64 = 0
  /// Principal in force of borrowers with no more than the packs' small amount.
  package var smallAmount: Int64 = 0
  /// Principal in force × yearly fee rate, summed exactly: minor units times parts per million.
  package var weightedFees: Int128 = 0
  package var years: [FacilityYear] = []
  package var shares: [CompositionShare] = []

  package init(facility: Facility, from: BusinessDate, to: BusinessDate) {
    self.facility = facility
    self.from = from
    self.to = to
  }
}

/// A share of the principal in force, against the least or the most that the packs state.
package struct CompositionShare: Sendable, Hashable {
  package let measure: String
  package let amount: Int64
  package let total: Int64
  /// Nil without anything in force.
  package let share: Rate?
  package let floor: Rate?
  package let isMet: Bool
  package let citation: Citation?
  package var cap: Rate?
}

extension FundRules {
  /// What counts as a small amount in the pool's region that day (单户 500 万元及以下), in minor units.
  package func smallAmount(_ pool: Pool, _ facility: Facility, on date: BusinessDate) throws(DomainError) -> Int64? {
    try policy.parameterIfStated(
      "guarantee.small_amount.cap", as: .money, scope: scope(pool, facility), on: date)?.value.minorUnits
  }

  /// The shares of the report against the floors of the day it ends.
  package func composition(_ report: FacilityReport, _ pool: Pool) throws(DomainError) -> [CompositionShare] {
    let measures = [
      ("small_and_agricultural", report.smallAndAgricultural, "guarantee.small_and_agricultural.share.floor"),
      ("small_amount", report.smallAmount, "guarantee.small_amount.share.floor"),
    ]
    var shares: [CompositionShare] = []
    for (measure, amount, parameter) in measures {
      let floor = try policy.parameterIfStated(
        parameter, as: .rate, scope: scope(pool, report.facility), on: report.to)
      let total = report.inForce.amount
      shares.append(
        CompositionShare(
          measure: measure, amount: amount, total: total, share: total == 0 ? nil : try Rate(amount, over: total),
          floor: floor?.value, isMet: floor.map { Self.meets(amount, total, $0) } ?? true,
          citation: floor.map { Citation($0.citation) }))
    }
    return shares + [try averageFee(report, pool)]
  }

  /// The average fee of what is in force, at the rates charged (国办发〔2019〕6号: below 1 %).
  private func averageFee(_ report: FacilityReport, _ pool: Pool) throws(DomainError) -> CompositionShare {
    let cap = try policy.parameterIfStated(
      "guarantee_fee.average.cap", as: .rate, scope: scope(pool, report.facility), on: report.to)
    let total = report.inForce.amount
    let weighted = report.weightedFees
    var share = CompositionShare(
      measure: "average_fee", amount: try ExactRatio.round(weighted, dividedBy: Int128(Rate.one.ppm)), total: total,
      share: total == 0 ? nil : Rate(ppm: try ExactRatio.round(weighted, dividedBy: Int128(total))), floor: nil,
      isMet: cap.map { Self.keeps(weighted, total, $0) } ?? true, citation: cap.map { Citation($0.citation) })
    share.cap = cap?.value
    return share
  }

  private static func keeps(_ weighted: Int128, _ total: Int64, _ cap: PolicyValue<Rate>) -> Bool {
    let most = Int128(total) * Int128(cap.value.ppm)
    return total == 0 || (cap.inclusive ? weighted <= most : weighted < most)
  }

  /// Compared exactly, not by the rounded share; nothing in force breaks no floor.
  private static func meets(_ amount: Int64, _ total: Int64, _ floor: PolicyValue<Rate>) -> Bool {
    let left = Int128(amount) * Int128(Rate.one.ppm)
    let right = Int128(total) * Int128(floor.value.ppm)
    return total == 0 || (floor.inclusive ? left >= right : left > right)
  }

  private func scope(_ pool: Pool, _ facility: Facility) -> PolicyScope {
    PolicyScope(
      region: pool.regionCode, product: facility.product,
      attributes: PolicyAttributes(relendingScope: facility.relendingScope))
  }
}

/// Liquidity and turnover of a bridge programme, minor units.
package struct BridgeTurnover: Sendable, Hashable {
  package let programme: BridgeProgramme
  package var disbursed = FacilityReport.Count()
  package var repaid = FacilityReport.Count()
  package var fees: Int64 = 0
  package var outstanding: Int64 = 0
  package var overdue: Int64 = 0
  package var freeCash: Int64 = 0
  /// Mean days of use of what came back, weighted by principal, thousandths.
  package var meanDaysMilli: Int64 = 0

  package init(programme: BridgeProgramme) { self.programme = programme }
}

/// A movement of a pool's cash, minor units; positive came in.
package struct CashMovement: Sendable, Hashable {
  package let number: Int64
  package let businessDate: BusinessDate
  package let amount: Int64
  package let reference: String

  package init(number: Int64, businessDate: BusinessDate, amount: Int64, reference: String) {
    self.number = number
    self.businessDate = businessDate
    self.amount = amount
    self.reference = reference
  }
}
