import Kernel
import PlainRPC
import Protos
import SwiftProtobuf

/// The fund's side of the demonstration: pools, facilities, the SBA book, claims and a bridge loan.
struct DemoFund: Sendable {
  let suite: DemoSuite

  static let cityPool = "pools/city"
  static let bridgePool = "pools/bridge"
  static let bookPool = "pools/sba"
  static let bookFacility = "facilities/sba-7a"

  /// Rows of the book in one call, the service's own limit.
  static let batch = 8192

  private var maker: PlainCallOptions { suite.options(as: .fundMaker) }
  private var checker: PlainCallOptions { suite.options(as: .fundChecker) }
  private var cashier: PlainCallOptions { suite.options(as: .fundCashier) }

  /// A guarantee pool and the ¥50 000 000 bridge fund of 淄政办字〔2020〕56号 七, and a dollar pool for the SBA book.
  func open(_ book: SBABook) async throws {
    try await pool("city", "市级融资担保资金池", yuan(50_000_000_000))
    try await pool("bridge", "市级企业应急转贷基金", yuan(5_000_000_000))
    try await pool("sba", "U.S. SBA 7(a) guarantee book", dollars(100_000_000_000))
    let opened = try suite.today.adding(days: -1)
    _ = try await suite.fund.createFacility(
      .with {
        $0.requestID = "demo-facility-city"
        $0.facilityID = "city-small-micro"
        $0.pool = Self.cityPool
        $0.displayName = "小微企业担保（银担二八分险）"
        $0.bank = "*"
        $0.product = "government_guarantee"
        $0.shares = Self.twentyEighty
        $0.feeRate.ppm = 8_000
        $0.explicitFeeCap.ppm = 10_000
        $0.claimRateCap.ppm = 30_000
        $0.claimRateBasis = .committed
        $0.limit = yuan(100_000_000_000)
        $0.explicitDayCount = .actual365
        // Contracts are signed on a journey: the agreement itself grants each guarantee.
        $0.contracting = .agreement
        $0.businessDate = opened.proto
      }, options: maker)
    let first = book.loans.map(\.approvalDate).min() ?? suite.today
    _ = try await suite.fund.createFacility(
      .with {
        $0.requestID = "demo-facility-sba"
        $0.facilityID = "sba-7a"
        $0.pool = Self.bookPool
        $0.displayName = "SBA 7(a), loan by loan"
        $0.bank = "*"
        $0.product = "sba_7a"
        $0.shares = Self.guarantorOnly
        $0.feeRate.ppm = 0
        $0.explicitFeeCap.ppm = 0
        $0.claimRateCap.ppm = 1_000_000
        $0.claimRateBasis = .committed
        $0.limit = dollars(1_000_000_000_000)
        $0.explicitDayCount = .actual365
        $0.contracting = .agreement
        $0.businessDate = first.proto
      }, options: maker)
    _ = try await suite.fund.createBridgeProgramme(
      .with {
        $0.requestID = "demo-programme"
        $0.programmeID = "city-bridge"
        $0.pool = Self.bridgePool
        $0.displayName = "应急转贷"
        $0.product = "bridge_loan"
        $0.businessDate = suite.today.proto
      }, options: maker)
  }

  /// The bank bears 20 %, the guarantee system 80 % (总对总).
  private static let twentyEighty = Huirong_Fund_V1_LiabilityShares.with {
    $0.bankPpm = 200_000
    $0.guarantorPpm = 400_000
    $0.reguarantorPpm = 200_000
    $0.nationalPpm = 200_000
  }
  private static let guarantorOnly = Huirong_Fund_V1_LiabilityShares.with { $0.guarantorPpm = 1_000_000 }

  private func pool(_ id: String, _ name: String, _ seed: Huirong_Common_V1_Money) async throws {
    // The day before: the first contracts are already of that day.
    let opened = id == "sba" ? try Self.bookOpening : try suite.today.adding(days: -1)
    _ = try await suite.fund.createPool(
      .with {
        $0.requestID = "demo-pool-\(id)"
        $0.poolID = id
        $0.displayName = name
        $0.regionCode = "3703"
        $0.seedCapital = seed
        $0.businessDate = opened.proto
      }, options: maker)
  }

  private func dollars(_ cents: Int64) -> Huirong_Common_V1_Money {
    .with {
      $0.currencyCode = "USD"
      $0.minorUnits = cents
    }
  }

  /// Before the first loan of the file.
  private static var bookOpening: BusinessDate {
    get throws(DomainError) { try BusinessDate(year: 1960, month: 1, day: 1) }
  }

  // MARK: The SBA book

  func importBook(_ book: SBABook, _ progress: ProgressBar) async throws -> Huirong_Fund_V1_BookSummary {
    _ = try await suite.fund.proposeDecision(
      .with {
        $0.requestID = "demo-book-proposal"
        $0.step = .bookImport
        $0.subject = Self.bookFacility
        $0.reason = "the book as the SBA published it"
        $0.businessDate = suite.today.proto
      }, options: checker)
    // Oldest approval first, so that the ledger's days run forward.
    let rows = book.loans.sorted { ($0.approvalDate, $0.number) < ($1.approvalDate, $1.number) }
    for (index, start) in stride(from: 0, to: rows.count, by: Self.batch).enumerated() {
      let slice = rows[start..<min(start + Self.batch, rows.count)]
      _ = try await suite.fund.batchImportGuaranteeBook(
        .with {
          $0.requestID = "demo-book-\(index)"
          $0.facility = Self.bookFacility
          $0.rows = slice.map(Self.row)
        }, options: maker)
      progress.advance(by: slice.count)
    }
    return try await suite.fund.getBookSummary(.with { $0.facility = Self.bookFacility }, options: maker)
  }

  private static func row(_ loan: SBALoan) -> Huirong_Fund_V1_BookRow {
    .with {
      $0.loanNumber = loan.number
      $0.lender = loan.bank
      $0.approvedOn = loan.approvalDate.proto
      $0.grossApprovalMinor = loan.approvedCents
      $0.guaranteedMinor = loan.guaranteedCents
      if let day = loan.disbursementDate { $0.disbursedOn = day.proto }
      $0.disbursedMinor = loan.disbursedCents
      $0.termMonths = Int32(loan.termMonths)
      switch loan.outcome {
      case .paidInFull: $0.outcome = .paidInFull
      case .chargedOff: $0.outcome = .chargedOff
      case .blank: $0.outcome = .unspecified
      }
      if let day = loan.chargeOffDate { $0.chargedOffOn = day.proto }
      $0.chargedOffMinor = loan.chargedOffCents
    }
  }

  // MARK: A claim (代偿)

  /// The bank claims, an officer approves, part of the money is recovered and, by two officers, returned to the parties.
  func claim(_ journey: JourneyView) async throws -> Huirong_Fund_V1_Guarantee? {
    guard let guarantee = journey.guarantees.first(where: { $0.state == .inForce }) else { return nil }
    let bank = suite.options(as: .institution(guarantee.lender, officer: "recovery-desk"))
    let key = String(guarantee.name.suffix(26))
    _ = try await suite.fund.claimGuarantee(
      .with {
        $0.requestID = "demo-claim-\(key)"
        $0.name = guarantee.name
        $0.principal = guarantee.principal
        $0.evidence = [DemoJourneys.evidence("overdue-notice", "demo/\(journey.id)")]
        $0.businessDate = suite.today.proto
      }, options: bank)
    _ = try await suite.fund.approveClaim(
      .with {
        $0.requestID = "demo-approve-\(key)"
        $0.name = guarantee.name
        $0.businessDate = suite.today.proto
      }, options: checker)
    let recovered = yuan(guarantee.principal.minorUnits / 3)
    _ = try await suite.fund.proposeDecision(
      .with {
        $0.requestID = "demo-propose-\(key)"
        $0.step = .recovery
        $0.subject = guarantee.name
        $0.amount = recovered
        $0.reason = "received from the borrower"
        $0.businessDate = suite.today.proto
      }, options: maker)
    return try await suite.fund.recordRecovery(
      .with {
        $0.requestID = "demo-recover-\(key)"
        $0.name = guarantee.name
        $0.amount = recovered
        $0.businessDate = suite.today.proto
      }, options: checker)
  }

  // MARK: A bridge loan (应急转贷)

  /// The bank promises the renewal first; the fund pays straight to the loan account; principal and fee come back.
  func bridge(_ number: Int, borrower: String, amount: Int64) async throws -> Huirong_Fund_V1_BridgeLoan {
    let bank = Actor.institution(DemoJourneys.bankOfLastResort, officer: "credit-desk")
    let renewal = try suite.today.adding(days: 5)
    let promiseEnds = try suite.today.adding(days: 30).proto
    let loan = try await suite.fund.applyBridgeLoan(
      .with {
        $0.requestID = "demo-bridge-\(number)-apply"
        $0.programme = "bridgeProgrammes/city-bridge"
        $0.journey = "demo-bridge-\(number)"
        $0.borrower = borrower
        $0.borrowerKind = .company
        $0.grade = .c
        $0.bank = bank.organisation
        $0.existingLoan = "LN-\(number)"
        $0.loanAccount = "6222-\(number)"
        $0.existingLoanAmount = yuan(amount)
        $0.amount = yuan(amount / 10 * 8)
        $0.ownFunds = yuan(amount - amount / 10 * 8)
        $0.renewalDate = renewal.proto
        $0.purpose = "working_capital"
        $0.ownFundsEvidence = [DemoJourneys.evidence("account-statement", "demo/LN-\(number)")]
        $0.businessDate = suite.today.proto
      }, options: maker)
    _ = try await suite.fund.commitRenewal(
      .with {
        $0.requestID = "demo-bridge-\(number)-renewal"
        $0.name = loan.name
        $0.amount = yuan(amount)
        $0.expiresOn = promiseEnds
        $0.businessDate = suite.today.proto
      }, options: suite.options(as: bank))
    _ = try await suite.fund.checkLoanUse(
      .with {
        $0.requestID = "demo-bridge-\(number)-use"
        $0.name = loan.name
        $0.finding = .notDiverted
        $0.evidence = [DemoJourneys.evidence("invoices", "demo/LN-\(number)")]
        $0.businessDate = suite.today.proto
      }, options: suite.options(as: bank))
    _ = try await suite.fund.approveBridgeLoan(
      .with {
        $0.requestID = "demo-bridge-\(number)-approve"
        $0.name = loan.name
        $0.businessDate = suite.today.proto
      }, options: checker)
    _ = try await suite.fund.disburseBridgeLoan(
      .with {
        $0.requestID = "demo-bridge-\(number)-pay"
        $0.name = loan.name
        $0.days = 5
        $0.businessDate = suite.today.proto
      }, options: cashier)
    _ = try await suite.fund.recordRenewal(
      .with {
        $0.requestID = "demo-bridge-\(number)-renewed"
        $0.name = loan.name
        $0.outcome = .renewed
        $0.newLoan = "LN-\(number)-R"
        $0.amount = yuan(amount)
        $0.renewedOn = renewal.proto
        $0.evidence = [DemoJourneys.evidence("loan-contract", "demo/LN-\(number)-R")]
        $0.businessDate = renewal.proto
      }, options: suite.options(as: bank))
    let quote = try await suite.fund.quoteBridgeRepayment(
      .with {
        $0.name = loan.name
        $0.businessDate = renewal.proto
      }, options: maker)
    return try await suite.fund.repayBridgeLoan(
      .with {
        $0.requestID = "demo-bridge-\(number)-repay"
        $0.name = loan.name
        $0.amount = yuan(loan.amount.minorUnits + quote.fee.minorUnits)
        $0.businessDate = renewal.proto
      }, options: maker)
  }
}
