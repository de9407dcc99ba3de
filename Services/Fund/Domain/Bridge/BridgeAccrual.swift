import Kernel
import Policy

/// Fees that bridge loans have earned by the end of a day and not paid: for each loan what a repayment that day would
/// cost. The terms of a loan are those of its day of payment; loans of equal terms share one sum of rates.
struct BridgeAccrual {
  private struct Terms: Hashable {
    var programme: String
    var kind: BridgeBorrowerKind
    var size: BorrowerSize?
    var grade: PlatformGrade?
    var disbursedOn: BusinessDate
    var days: Int
  }

  private let pool: Pool
  private let policy: PolicyBook
  private let programmes: [String: BridgeProgramme]
  private var sums: [Terms: Int64] = [:]
  private(set) var total: Int64 = 0

  init(_ fund: FundTransaction, _ pool: Pool, _ policy: PolicyBook) throws {
    self.pool = pool
    self.policy = policy
    programmes = Dictionary(uniqueKeysWithValues: try fund.bridgeProgrammes(ofPool: pool.id).map { ($0.id, $0) })
  }

  mutating func add(_ exposure: BridgeExposure, through date: BusinessDate) throws {
    let (sum, overflow) = total.addingReportingOverflow(try fee(of: exposure, through: date))
    if overflow { throw DomainError.amountOverflow("accrued fees") }
    total = sum
  }

  mutating func fee(of exposure: BridgeExposure, through date: BusinessDate) throws -> Int64 {
    guard let disbursedOn = exposure.disbursedOn, disbursedOn <= date,
      let programme = programmes[exposure.programme]
    else { return 0 }
    let days = max(1, date.days(since: disbursedOn))
    let terms = Terms(
      programme: programme.id, kind: exposure.kind, size: exposure.size, grade: exposure.grade,
      disbursedOn: disbursedOn, days: days)
    let sum: Int64
    if let known = sums[terms] {
      sum = known
    } else {
      var reading = try BridgeTerms(
        programme, pool: pool, attributes: try exposure.attributes(), policy: policy, on: disbursedOn)
      sum = try reading.rates().sum(days: days)
      sums[terms] = sum
    }
    return try ExactRatio.multiply(exposure.amount, sum, dividedBy: Rate.one.ppm)
  }
}

extension BridgeExposure {
  init(_ loan: BridgeLoan) {
    self.init(
      id: loan.id, programme: loan.programme, state: loan.state, kind: loan.borrowerKind, size: loan.borrowerSize,
      grade: loan.grade, amount: loan.amount, disbursedOn: loan.disbursedOn, dueOn: loan.dueOn,
      commitmentEndsOn: loan.commitment?.expiresOn)
  }

  func attributes() throws(DomainError) -> PolicyAttributes {
    let size: SizeBand? = size?.attribute ?? (kind == .company ? nil : .notAFirm)
    return PolicyAttributes(size: size, grade: try grade?.attribute(), borrowerKind: kind.attribute)
  }
}
