import FundDomain
import Kernel

/// A row for every path that takes two officers: how the case comes to its last step, and who took the earlier ones.
extension TwoOfficersTests {
  static let paths: [Path] = guaranteePaths + bridgePaths + supportPaths + ledgerPaths

  private static let (maker, checker, cashier, bank) = (Fixture.officer, Fixture.checker, Fixture.cashier, Fixture.bank)
  /// Looks whether the expiring loan was diverted.
  private static let looked = Caller(organisation: "fund", role: .operator, regionPrefix: "37", subject: "sun")
  private static let day = Fixture.day("2020-09-01")

  /// `f` with a guarantee `g` in force, granted by application.
  private static func granted() throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    var facility = try Fixture.facility(feePPM: 0, claimCap: 1_000_000)
    facility.contracting = .application
    try fund.run(facility)
    try fund.run(
      ApplyGuarantee(
        id: "g",
        terms: GuaranteeTerms(
          facility: "f", journey: "", borrower: "firm", affiliates: [], size: .small, isAgricultural: false, lender: "",
          principal: Fixture.yuan(1_000_000), maturesOn: Fixture.day("2021-02-01"),
          expiresOn: Fixture.day("2020-03-01")), businessDate: Fixture.day("2020-02-01")), by: bank)
    try fund.run(approval, by: maker)
    return fund
  }

  private static let approval = ApproveGuaranteeApplication(
    application: "g", businessDate: Fixture.day("2020-02-01"))

  private static func claimed() throws -> MemoryFund {
    let fund = try granted()
    try fund.run(approval, by: checker)
    try fund.run(Fixture.commit("g"))
    try fund.run(Fixture.claim("g"), by: bank)
    return fund
  }

  /// Claimed by the bank, paid by the cashier.
  private static func paid() throws -> MemoryFund {
    let fund = try claimed()
    try fund.run(ApproveClaim(guarantee: "g", businessDate: day), by: cashier)
    return fund
  }

  private static let guaranteePaths: [Path] = [
    Path(step: .guaranteeContract, name: "the second approval of a guarantee") {
      let fund = try granted()
      return Waiting(fund: fund, hands: [bank, maker], beneficiary: "bank-a") { try fund.run(approval, by: $0) }
    },
    Path(step: .claimPayment, name: "the payment of a claim") {
      let fund = try claimed()
      return Waiting(fund: fund, hands: [bank, maker, checker], beneficiary: "bank-a") {
        try fund.run(ApproveClaim(guarantee: "g", businessDate: day), by: $0)
      }
    },
    Path(step: .claimRejection, name: "the rejection of a claim") {
      let fund = try claimed()
      return Waiting(fund: fund, hands: [bank], beneficiary: "bank-a") {
        try fund.run(RejectClaim(guarantee: "g", reason: "no", businessDate: day), by: $0)
      }
    },
    Path(step: .writeOff, name: "a write-off") {
      let fund = try paid()
      try fund.run(ProposeDecision(step: .writeOff, subject: "guarantees/g", on: "2020-09-01"), by: maker)
      return Waiting(fund: fund, hands: [bank, maker, cashier], beneficiary: "bank-a") {
        try fund.run(WriteOffGuarantee(guarantee: "g", reason: "bankrupt", businessDate: day), by: $0)
      }
    },
    Path(step: .recovery, name: "the distribution of a recovery") {
      let fund = try paid()
      let amount = Fixture.yuan(100)
      try fund.run(
        ProposeDecision(
          step: .recovery, subject: "guarantees/g", reasoned: DecisionTerms(amount: amount), on: "2020-09-01"),
        by: maker)
      return Waiting(fund: fund, hands: [maker], beneficiary: "bank-a") {
        try fund.run(RecordRecovery(guarantee: "g", amount: amount, businessDate: day), by: $0)
      }
    },
    Path(step: .partyPayment, name: "the payment of what a pool owes a party") {
      let fund = try paid()
      let recovered = Fixture.yuan(100)
      try fund.run(
        ProposeDecision(
          step: .recovery, subject: "guarantees/g", reasoned: DecisionTerms(amount: recovered), on: "2020-09-01"),
        by: maker)
      try fund.run(RecordRecovery(guarantee: "g", amount: recovered, businessDate: day), by: checker)
      try fund.run(
        ProposeDecision(
          step: .partyPayment, subject: "accounts/pool.1202.bank",
          reasoned: DecisionTerms(amount: Fixture.yuan(20), party: "bank-a"), on: "2020-09-01"), by: maker)
      return Waiting(fund: fund, hands: [maker], beneficiary: "bank-a") {
        try fund.run(
          PayParty(account: "pool.1202.bank", payee: "bank-a", amount: Fixture.yuan(20), businessDate: day), by: $0)
      }
    },
    Path(step: .guaranteeExtension, name: "the extension of a guarantee") {
      let fund = try granted()
      try fund.run(approval, by: checker)
      try fund.run(Fixture.commit("g"))
      let until = Fixture.day("2021-03-03")
      try fund.run(
        ProposeDecision(
          step: .guaranteeExtension, subject: "guarantees/g", reasoned: DecisionTerms(until: until),
          on: "2020-09-01"), by: maker)
      return Waiting(fund: fund, hands: [maker], beneficiary: "bank-a") {
        try fund.run(ChangeGuarantee(guarantee: "g", change: .extend(to: until), businessDate: day), by: $0)
      }
    },
    Path(step: .breakerReset, name: "the reset of a breaker") {
      let fund = MemoryFund(try Fixture.noRules())
      try fund.run(Fixture.pool())
      try fund.run(try Fixture.facility(feePPM: 0, claimCap: 30_000))
      try fund.run(Fixture.reserve("g"))
      try fund.run(Fixture.commit("g"))
      try fund.run(Fixture.claim("g"), by: bank)
      try fund.run(ProposeDecision(step: .breakerReset, subject: "facilities/f", on: "2020-09-01"), by: maker)
      return Waiting(fund: fund, hands: [maker]) {
        try fund.run(ResetBreaker(facility: "f", reason: "agreed", businessDate: day), by: $0)
      }
    },
    Path(step: .bookImport, name: "the claims of a historical book") {
      let fund = MemoryFund(try Fixture.noRules())
      try fund.run(Fixture.pool(on: "1960-01-01"))
      let shares = try LiabilityShares(
        bankPPM: 0, guarantorPPM: 1_000_000, reguarantorPPM: 0, nationalPPM: 0, cityPPM: 0)
      try fund.run(try Fixture.facility(bank: "*", shares: shares, feePPM: 0, claimCap: 1_000_000))
      try fund.run(ProposeDecision(step: .bookImport, subject: "facilities/f", on: "2020-09-01"), by: maker)
      let row = BookRow(
        loanNumber: "1", lender: "First Bank", approvedOn: Fixture.day("1997-02-28"), grossApproval: 100_000_00,
        guaranteed: 80_000_00, disbursedOn: Fixture.day("1997-05-31"), disbursed: 100_000_00, termMonths: 60,
        outcome: .chargedOff, chargedOffOn: Fixture.day("2001-01-31"), chargedOff: 30_000_00)
      return Waiting(fund: fund, hands: [maker]) { caller in
        try fund.run(ImportGuaranteeBook(facility: "f", rows: [row]), by: caller)
      }
    },
  ]

  private static func promised() throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.rules("donghai-2025", "suite-conventions"))
    try fund.run(Fixture.pool(region: "320722"))
    try fund.run(
      CreateBridgeProgramme(
        id: "p", pool: "pool", displayName: "应急转贷", product: "bridge_loan", explicitDailyFee: nil,
        explicitMaximumDays: nil, businessDate: Fixture.day("2025-09-01")))
    try fund.run(Fixture.bridge("b"), by: maker)
    try fund.run(Fixture.promise("b"), by: bank)
    try fund.run(Fixture.useCheck("b"), by: looked)
    return fund
  }

  private static let bridgePaths: [Path] = [
    Path(step: .bridgeApproval, name: "the approval of a bridge loan") {
      let fund = try promised()
      return Waiting(fund: fund, hands: [maker, bank, looked], beneficiary: "bank-a") {
        try fund.run(ApproveBridgeLoan(loan: "b", businessDate: Fixture.day("2025-10-03")), by: $0)
      }
    },
    Path(step: .programmeResumption, name: "that a suspended bank lends again") {
      let fund = try promised()
      func suspend(_ isSuspended: Bool) -> SuspendBridgeProgramme {
        SuspendBridgeProgramme(
          programme: "p", bank: "bank-a", isSuspended: isSuspended, reason: "late",
          businessDate: Fixture.day("2025-10-03"))
      }
      try fund.run(suspend(true), by: maker)
      try fund.run(
        ProposeDecision(
          step: .programmeResumption, subject: "bridgeProgrammes/p", reasoned: DecisionTerms(party: "bank-a"),
          on: "2025-10-03"), by: maker)
      return Waiting(fund: fund, hands: [maker], beneficiary: "bank-a") { try fund.run(suspend(false), by: $0) }
    },
    Path(step: .bridgePayout, name: "the payment of a bridge loan") {
      let fund = try promised()
      try fund.run(ApproveBridgeLoan(loan: "b", businessDate: Fixture.day("2025-10-03")), by: checker)
      return Waiting(fund: fund, hands: [maker, bank, looked, checker], beneficiary: "bank-a") {
        try fund.run(DisburseBridgeLoan(loan: "b", days: 5, businessDate: Fixture.day("2025-10-09")), by: $0)
      }
    },
  ]

  private static func covered() throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(
      CreateCompensationScheme(
        id: "s", pool: "pool", displayName: "s", product: "loan", explicitRatio: Rate(ppm: 500_000),
        paysProvincialReward: false, firmCap: nil, poolCap: Fixture.yuan(1_000_000), stopLoss: nil,
        registrationDays: 30,
        businessDate: Fixture.day("2020-01-05")))
    try fund.run(
      RegisterCover(
        scheme: "s", bank: "bank-a", borrower: "firm", loanNumber: "L1", principal: Fixture.yuan(1000),
        disbursedOn: Fixture.day("2020-02-01"), maturesOn: Fixture.day("2021-02-01"),
        businessDate: Fixture.day("2020-02-01")), by: bank)
    try fund.run(
      ClaimCompensation(
        cover: "bank-a~L1", principal: Fixture.yuan(1000), evidence: Fixture.evidence, businessDate: day),
      by: bank)
    return fund
  }

  private static func programme(
    _ kind: SubsidyKind, _ allocation: SubsidyAllocation, _ facts: SubsidyFacts, firm: String
  ) throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.rules("taian-2023-2", "yantai-2023-8", "suite-conventions"))
    try fund.run(Fixture.pool(region: kind == .inclusiveIncrement ? "3706" : "370923"))
    try fund.run(
      CreateSubsidyProgramme(
        id: "i", pool: "pool", displayName: "i", kind: kind, allocation: allocation, budget: Fixture.yuan(10_000_000),
        explicitRate: kind == .loanInterest ? Rate(ppm: 20_000) : nil, explicitCap: nil,
        opensOn: Fixture.day("2023-09-01"), closesOn: Fixture.day("2023-12-30")))
    try fund.run(
      ApplySubsidy(
        id: "a", programme: "i", beneficiary: firm, facts: facts, evidence: Fixture.evidence,
        businessDate: Fixture.day("2023-09-02")), by: maker)
    return fund
  }

  private static let payment = PaySubsidy(application: "a", businessDate: Fixture.day("2023-12-31"))

  private static let supportPaths: [Path] = [
    Path(step: .compensationPayment, name: "the payment of a compensation") {
      let fund = try covered()
      return Waiting(fund: fund, hands: [bank], beneficiary: "bank-a") {
        try fund.run(ApproveCompensation(cover: "bank-a~L1", businessDate: day), by: $0)
      }
    },
    Path(step: .compensationRejection, name: "the rejection of a compensation") {
      let fund = try covered()
      return Waiting(fund: fund, hands: [bank], beneficiary: "bank-a") {
        try fund.run(RejectCompensation(cover: "bank-a~L1", reason: "no", businessDate: day), by: $0)
      }
    },
    Path(step: .compensationRecovery, name: "the distribution of what a bank recovered") {
      let fund = try covered()
      try fund.run(ApproveCompensation(cover: "bank-a~L1", businessDate: day), by: checker)
      let amount = Fixture.yuan(100)
      try fund.run(
        ProposeDecision(
          step: .compensationRecovery, subject: "covers/bank-a~L1", reasoned: DecisionTerms(amount: amount),
          on: "2020-09-01"), by: maker)
      return Waiting(fund: fund, hands: [maker], beneficiary: "bank-a") {
        try fund.run(RecordCompensationRecovery(cover: "bank-a~L1", recovered: amount, businessDate: day), by: $0)
      }
    },
    Path(step: .subsidyPayment, name: "the payment of a subsidy that a budget was shared out for") {
      let loan = SubsidyFacts.Loan(
        principal: Fixture.yuan(1_000_000), rate: Rate(ppm: 40_000), signedOn: Fixture.day("2022-09-01"),
        from: Fixture.day("2022-09-01"), repaidOn: Fixture.day("2023-08-27"))
      let fund = try programme(.loanInterest, .proRata, .loan(loan), firm: "firm")
      try fund.run(AllocateSubsidies(programme: "i", businessDate: Fixture.day("2023-12-31")), by: checker)
      return Waiting(fund: fund, hands: [maker, checker], beneficiary: "firm") { try fund.run(payment, by: $0) }
    },
    Path(step: .subsidyPayment, name: "the payment of an incentive to a bank") {
      let fund = try programme(.inclusiveIncrement, .firstCome, .increment(Fixture.yuan(1_000_000)), firm: "bank-a")
      return Waiting(fund: fund, hands: [maker], beneficiary: "bank-a") { try fund.run(payment, by: $0) }
    },
  ]

  private static let ledgerPaths: [Path] = [
    Path(step: .reversal, name: "a reversal") {
      let fund = try Fixture.fund()
      try fund.run(
        CreateTransfers([
          TransferDraft(
            id: Fixture.ulid(1),
            .single(.capitalInjection, [LegDraft("pool.1001", 100), LegDraft("pool.3001", -100)]),
            on: Fixture.day("2020-02-01"))
        ]))
      let number = fund.transfers.count
      try fund.run(
        ProposeReversal(
          transfer: Int64(number), reason: .duplicate, note: "twice", businessDate: Fixture.day("2020-02-02")),
        by: maker)
      return Waiting(fund: fund, hands: [maker]) {
        try fund.run(ApproveReversal(transfer: Int64(number), businessDate: Fixture.day("2020-02-02")), by: $0)
      }
    },
    Path(step: .resolution, name: "the resolution of a line of the bank's statement") {
      let fund = try Fixture.fund()
      let csv = "date,amount,reference,counterparty,line_id\n2020-02-01,-12.50,fee,bank,1\n"
      try fund.run(
        ImportStatement(
          pool: "pool", statementID: "s", format: .csv, content: Array(csv.utf8),
          businessDate: Fixture.day("2020-02-02")))
      try fund.run(
        ProposeResolution(line: "pool.s.0001", resolution: .bankCharge, transfer: 0, note: "charge"), by: maker)
      return Waiting(fund: fund, hands: [maker]) {
        try fund.run(ApproveResolution(line: "pool.s.0001", businessDate: Fixture.day("2020-02-03")), by: $0)
      }
    },
    Path(step: .limitChange, name: "a change of an account's limit") {
      let fund = try Fixture.fund()
      try fund.run(
        ProposeDecision(
          step: .limitChange, subject: "accounts/pool.1301",
          reasoned: DecisionTerms(limit: .creditsMustNotExceedDebits, bound: 100), on: "2020-02-01"), by: maker)
      return Waiting(fund: fund, hands: [maker]) {
        try fund.run(
          SetAccountLimit(
            account: "pool.1301", limit: .creditsMustNotExceedDebits, bound: 100, reason: "less",
            businessDate: Fixture.day("2020-02-01")), by: $0)
      }
    },
  ]
}
