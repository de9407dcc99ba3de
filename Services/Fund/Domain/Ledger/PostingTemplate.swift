/// The only shapes in which money moves. A transfer names one; the ledger refuses a leg whose account the template does
/// not allow on that side, so money leaves a pool only as a product defines it.
package enum PostingTemplate: Int64, Sendable, Hashable, CaseIterable {
  case capitalInjection = 1
  case limitGrant = 2
  case guaranteeReserve = 3
  case guaranteeRelease = 4
  case guaranteeFee = 5
  case claimPayout = 6
  case recovery = 7
  case claimWriteOff = 8
  case bridgePayout = 9
  case bridgeRepayment = 10
  case partySettlement = 11
  case clearing = 12
  case reguaranteeFee = 13
  case reversal = 14
  case feeAccrual = 15
  case feeAccrualReturn = 16
  case feeDeferral = 17
  case feeEarned = 18
  case compensationPayout = 19
  case compensationRecovery = 20
  case subsidyPayout = 21
  case unidentifiedReceipt = 22
  case receiptReturn = 23
  case bankCharge = 24
  case partyPayout = 25
  case receiptIdentified = 26

  /// Who may post in this shape.
  package enum Access: Sendable, Hashable {
    /// Any caller whom the access table lets create transfers; such a template never credits cash.
    case direct
    /// Only the fund's own products.
    case product
  }

  package struct Shape: Sendable {
    package let code: String
    package let debits: AccountClasses
    package let credits: AccountClasses
    package let access: Access
  }

  /// One row a template.
  package var shape: Shape {
    switch self {
    case .capitalInjection: Self.shapes.capitalInjection
    case .limitGrant: Self.shapes.limitGrant
    case .guaranteeReserve: Self.shapes.guaranteeReserve
    case .guaranteeRelease: Self.shapes.guaranteeRelease
    case .guaranteeFee: Self.shapes.guaranteeFee
    case .claimPayout: Self.shapes.claimPayout
    case .recovery: Self.shapes.recovery
    case .claimWriteOff: Self.shapes.claimWriteOff
    case .bridgePayout: Self.shapes.bridgePayout
    case .bridgeRepayment: Self.shapes.bridgeRepayment
    case .partySettlement: Self.shapes.partySettlement
    case .clearing: Self.shapes.clearing
    case .reguaranteeFee: Self.shapes.reguaranteeFee
    case .reversal: Self.shapes.reversal
    case .feeAccrual: Self.shapes.feeAccrual
    case .feeAccrualReturn: Self.shapes.feeAccrualReturn
    case .feeDeferral: Self.shapes.feeDeferral
    case .feeEarned: Self.shapes.feeEarned
    case .compensationPayout: Self.shapes.compensationPayout
    case .compensationRecovery: Self.shapes.compensationRecovery
    case .subsidyPayout: Self.shapes.subsidyPayout
    case .unidentifiedReceipt: Self.shapes.unidentifiedReceipt
    case .receiptReturn: Self.shapes.receiptReturn
    case .bankCharge: Self.shapes.bankCharge
    case .partyPayout: Self.shapes.partyPayout
    case .receiptIdentified: Self.shapes.receiptIdentified
    }
  }

  private struct Shapes: Sendable {
    let capitalInjection = Shape(
      code: "capital_injection", debits: [.cash], credits: [.capital], access: .direct)
    let limitGrant = Shape(code: "limit_grant", debits: [.limitContra], credits: [.capacity], access: .product)
    let guaranteeReserve = Shape(
      code: "guarantee_reserve", debits: [.capacity], credits: [.liability], access: .product)
    let guaranteeRelease = Shape(
      code: "guarantee_release", debits: [.liability], credits: [.capacity], access: .product)
    let guaranteeFee = Shape(
      code: "guarantee_fee", debits: [.cash], credits: [.guaranteeFeeIncome], access: .product)
    let reguaranteeFee = Shape(
      code: "reguarantee_fee", debits: [.guaranteeFeeIncome], credits: [.party], access: .product)
    let claimPayout = Shape(
      code: "claim_payout", debits: [.subrogation, .party], credits: [.cash], access: .product)
    let recovery = Shape(
      code: "recovery", debits: [.cash], credits: [.subrogation, .party, .claimLoss], access: .product)
    let claimWriteOff = Shape(
      code: "claim_write_off", debits: [.claimLoss], credits: [.subrogation], access: .product)
    let bridgePayout = Shape(code: "bridge_payout", debits: [.bridgePrincipal], credits: [.cash], access: .product)
    let bridgeRepayment = Shape(
      code: "bridge_repayment", debits: [.cash], credits: [.bridgePrincipal, .bridgeFeeIncome, .penaltyIncome],
      access: .product)
    let partyPayout = Shape(code: "party_payout", debits: [.party], credits: [.cash], access: .product)
    let partySettlement = Shape(code: "party_settlement", debits: [.cash], credits: [.party], access: .direct)
    // The mirror image of a directly posted transfer, by two officers: its accounts are those of what it reverses.
    let reversal = Shape(
      code: "reversal", debits: [.capital, .party, .clearing, .cash], credits: [.capital, .party, .clearing, .cash],
      access: .product)
    let feeAccrual = Shape(code: "fee_accrual", debits: [.accruedFee], credits: [.bridgeFeeIncome], access: .product)
    let feeAccrualReturn = Shape(
      code: "fee_accrual_return", debits: [.bridgeFeeIncome], credits: [.accruedFee], access: .product)
    let feeDeferral = Shape(
      code: "fee_deferral", debits: [.guaranteeFeeIncome], credits: [.unearnedFee], access: .product)
    let feeEarned = Shape(code: "fee_earned", debits: [.unearnedFee], credits: [.guaranteeFeeIncome], access: .product)
    let compensationPayout = Shape(
      code: "compensation_payout", debits: [.compensation], credits: [.cash], access: .product)
    let compensationRecovery = Shape(
      code: "compensation_recovery", debits: [.cash], credits: [.compensation], access: .product)
    let subsidyPayout = Shape(code: "subsidy_payout", debits: [.subsidy], credits: [.cash], access: .product)
    let unidentifiedReceipt = Shape(
      code: "unidentified_receipt", debits: [.cash], credits: [.suspense], access: .product)
    let receiptReturn = Shape(code: "receipt_return", debits: [.suspense], credits: [.cash], access: .product)
    let receiptIdentified = Shape(
      code: "receipt_identified", debits: [.suspense], credits: [.cash], access: .product)
    let bankCharge = Shape(code: "bank_charge", debits: [.bankCharge], credits: [.cash], access: .product)
    let clearing = Shape(code: "clearing", debits: [.clearing], credits: [.clearing], access: .direct)
  }

  private static let shapes = Shapes()

  package var code: String { shape.code }

  private static let byCode = Dictionary(uniqueKeysWithValues: allCases.map { ($0.code, $0) })

  package init?(code: String) {
    guard let template = Self.byCode[code] else { return nil }
    self = template
  }
}

/// Some of the account classes, one bit each.
package struct AccountClasses: Sendable, Hashable, ExpressibleByArrayLiteral {
  private let bits: UInt64

  package init(arrayLiteral classes: AccountClass...) {
    bits = classes.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
  }

  package func contains(_ accountClass: AccountClass) -> Bool { bits & 1 << UInt64(accountClass.rawValue) != 0 }
}
