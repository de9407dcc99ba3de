import Foundation
import FundDomain
import FundStore
import Kernel
import Policy
import Storage
import Testing

enum Fixture {
  static let now = Instant(microseconds: 1_700_000_000_000_000)
  static let officer = Caller(organisation: "fund", role: .operator, regionPrefix: "37", subject: "wang")
  static let checker = Caller(organisation: "fund", role: .operator, regionPrefix: "37", subject: "li")
  /// Pays what others applied for and approved.
  static let cashier = Caller(organisation: "fund", role: .operator, regionPrefix: "37", subject: "zhou")
  static let bank = Caller(organisation: "bank-a", role: .institution, regionPrefix: "37", subject: "zhao")

  /// A date that the test itself writes; a wrong one is a broken test.
  static func day(_ iso: String) -> BusinessDate {
    do { return try BusinessDate(iso: iso) } catch { preconditionFailure("\(error)") }
  }

  /// Yuan and 分.
  static func yuan(_ amount: Int64, _ cents: Int64 = 0) -> Money { Money(amount * 100 + cents, .cny) }

  // MARK: Policy

  private static let packs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../Shared/Policy/Packs").standardizedFileURL

  /// The shipped packs of the given names, highest precedence first.
  /// - Parameter local: a pack of the test's own that goes before them.
  static func rules(_ names: String..., local: String? = nil) throws -> FundRules {
    let own = local.map { [PolicySource(name: "local.yaml", yaml: $0)] } ?? []
    let sources =
      try own
      + names.map { name in
        PolicySource(
          name: "\(name).yaml",
          yaml: try String(contentsOf: packs.appendingPathComponent("\(name).yaml"), encoding: .utf8))
      }
    // Tests need a digest, not a cryptographic one.
    let book = try PolicyBook.load(sources) { bytes in
      let hash = bytes.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
      return (0..<32).map { UInt8(truncatingIfNeeded: hash >> UInt64($0 % 8 * 8)) }
    }
    return FundRules(policy: book)
  }

  static func noRules() throws -> FundRules { try rules("suite-conventions") }

  // MARK: Commands with sensible values

  static func pool(
    _ id: String = "pool", region: String = "XX", capital: Money = yuan(100_000_000),
    on date: String = "2020-01-01"
  ) -> CreatePool {
    CreatePool(
      id: id, displayName: "pool \(id)", regionCode: region, seedCapital: capital, businessDate: day(date))
  }

  static func facility(
    _ id: String = "f", pool: String = "pool", bank: String = "bank-a", product: String = "guarantee",
    relendingScope: Bool = false, shares: LiabilityShares? = nil, feePPM: Int64 = 10_000, reguaranteePPM: Int64 = 0,
    explicitFeeCap: Int64? = nil, claimCap: Int64? = 30_000, basis: ClaimRateBasis = .committed,
    limit: Money = yuan(50_000_000), dayCount: FeeDayCount? = .actual365,
    reguaranteeDayCount: FeeDayCount? = .actual365, contracting: Contracting = .agreement,
    on date: String = "2020-01-02"
  ) throws -> CreateFacility {
    var command = CreateFacility(
      id: id, pool: pool, displayName: "facility \(id)", bank: bank, product: product, relendingScope: relendingScope,
      shares: try shares ?? Self.shares(), feeRate: Rate(ppm: feePPM), reguaranteeFeeRate: Rate(ppm: reguaranteePPM),
      explicitFeeCap: explicitFeeCap.map { Rate(ppm: $0) }, claimRateCap: claimCap.map { Rate(ppm: $0) },
      claimRateBasis: basis, limit: limit, explicitDayCount: dayCount, contracting: contracting,
      businessDate: day(date))
    command.explicitReguaranteeDayCount = reguaranteeDayCount
    return command
  }

  /// 银担 20 : 80, the 80 shared 40 : 20 : 10 : 10.
  static func shares() throws -> LiabilityShares {
    try LiabilityShares(
      bankPPM: 200_000, guarantorPPM: 400_000, reguarantorPPM: 200_000, nationalPPM: 100_000, cityPPM: 100_000)
  }

  static func reserve(
    _ id: String, facility: String = "f", borrower: String = "firm", affiliates: [String] = [],
    size: BorrowerSize? = .small, agricultural: Bool = false, principal: Money = yuan(1_000_000),
    on date: String = "2020-02-01", expires: String = "2020-03-01", matures: String = "2021-02-01"
  ) -> ReserveGuarantee {
    ReserveGuarantee(
      id: id, facility: facility, journey: "journeys/\(id)", borrower: borrower, affiliates: affiliates,
      borrowerSize: size, isAgricultural: agricultural, lender: "", principal: principal, maturesOn: day(matures),
      expiresOn: day(expires), businessDate: day(date))
  }

  static func commit(_ id: String, _ disbursed: Money? = nil, on date: String = "2020-02-10") -> CommitGuarantee {
    CommitGuarantee(guarantee: id, disbursed: disbursed, businessDate: day(date), evidence: [])
  }

  static let evidence = [Evidence(kind: "overdue-notice", reference: "archive/1", sha256: [])]

  static func claim(
    _ id: String, principal: Money = yuan(1_000_000), interest: Money? = nil, on date: String = "2020-08-01"
  ) -> ClaimGuarantee {
    ClaimGuarantee(
      guarantee: id, principal: principal, interest: interest, evidence: evidence, businessDate: day(date))
  }

  /// A bridge of an expiring loan of 10 million to a firm with the rest in hand.
  static func bridge(
    _ id: String, _ amount: Money = yuan(9_000_000), kind: BridgeBorrowerKind = .company, grade: PlatformGrade? = .b,
    bank: String = "bank-a", on date: String = "2025-10-01"
  ) -> ApplyBridgeLoan {
    var command = ApplyBridgeLoan(
      id: id, programme: "p", journey: "journeys/\(id)", borrower: "firm-\(id)", borrowerKind: kind,
      borrowerSize: kind == .company ? .small : nil, grade: grade, bank: bank, existingLoan: "L-\(id)",
      loanAccount: "6222", existingLoanAmount: yuan(10_000_000), amount: amount, ownFunds: yuan(10_000_000),
      renewalDate: day("2025-10-09"), purpose: "working_capital", businessDate: day(date))
    command.ownFundsEvidence = [Evidence(kind: "account-statement", reference: "archive/2", sha256: [])]
    return command
  }

  static func promise(_ id: String, expires: String = "2025-10-20", on date: String = "2025-10-02") -> CommitRenewal {
    CommitRenewal(
      loan: id, amount: yuan(10_000_000), expiresOn: day(expires), condition: "", businessDate: day(date))
  }

  /// Somebody looked: the expiring loan was not diverted.
  static func useCheck(_ id: String, on date: String = "2025-10-02") -> CheckLoanUse {
    CheckLoanUse(
      loan: id, finding: .notDiverted, note: "",
      evidence: [Evidence(kind: "invoices", reference: "archive/3", sha256: [])], businessDate: day(date))
  }

  /// The bank renewed that day.
  static func renewed(_ id: String, _ amount: Money = yuan(10_000_000), on date: String) -> RecordRenewal {
    RecordRenewal(
      loan: id, outcome: .renewed, newLoan: "N-\(id)", amount: amount, renewedOn: day(date), reason: "",
      evidence: [Evidence(kind: "loan-contract", reference: "archive/4", sha256: [])], businessDate: day(date))
  }

  // MARK: Funds

  /// A pool and a facility whose explicit terms cover what no pack states.
  static func fund(feePPM: Int64 = 10_000) throws -> MemoryFund {
    let fund = MemoryFund(try noRules())
    try fund.run(pool())
    try fund.run(try facility(feePPM: feePPM, explicitFeeCap: 20_000))
    return fund
  }

  static func ulid(_ number: Int) -> TransferID { TransferID(high: 0, low: UInt64(number)) }
}

/// The error a body is refused with; `nil` when it is not.
func refusal(_ body: () throws -> Void) -> DomainError? {
  do {
    try body()
    return nil
  } catch {
    return error as? DomainError ?? DomainError(.internal, "\(error)")
  }
}

func refusalLater(_ body: () async throws -> Void) async -> DomainError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? DomainError ?? DomainError(.internal, "\(error)")
  }
}

/// SplitMix64: the same numbers on every run, so that a failing property test names its case.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
