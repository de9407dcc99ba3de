package import Kernel
import Policy

/// Puts a firm on a bank's white list, or takes it off.
package struct SetWhiteListed: FundCommand {
  package var bank: String
  package var firm: String
  package var regionCode: String
  package var isListed: Bool
  package var reason: String
  package var businessDate: BusinessDate

  package init(
    bank: String, firm: String, regionCode: String, isListed: Bool, reason: String, businessDate: BusinessDate
  ) {
    self.bank = bank
    self.firm = firm
    self.regionCode = regionCode
    self.isListed = isListed
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> WhiteListEntry {
    try Field.id(bank, "bank", FundLimits.organisationLength)
    try Field.text(firm, "firm", 1...FundLimits.borrowerLength)
    try Field.text(regionCode, "region_code", 1...12)
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    try context.requireInstitution(bank)
    let known = try fund.recordIfAny(WhiteListEntry.self, WhiteListEntry.id(bank: bank, firm: firm))
    if known?.isListed ?? false == isListed {
      throw DomainError(
        .stateConflict, "\(firm) is \(isListed ? "on" : "not on") the white list of \(bank) already",
        metadata: ["bank": bank, "firm": firm])
    }
    var entry = WhiteListEntry(
      bank: bank, firm: firm, regionCode: regionCode, isListed: isListed, reason: reason, businessDate: businessDate,
      stamp: known?.stamp ?? RecordStamp(context.now))
    if known != nil { entry.stamp.touch(context.now) }
    fund.save(entry)
    fund.emit(
      isListed ? .renewalListed : .renewalRemoved, "whiteList/\(entry.id)", pool: "",
      state: isListed ? "listed" : "removed", party: firm, on: businessDate)
    return entry
  }
}

/// Applies for a renewal: one application, and the clock of the packs starts (一申即享).
package struct ApplyRenewal: FundCommand {
  package var id: String
  package var bank: String
  package var firm: String
  package var loanNumber: String
  package var amount: Money
  package var maturesOn: BusinessDate
  package var businessDate: BusinessDate

  package init(
    id: String, bank: String, firm: String, loanNumber: String, amount: Money, maturesOn: BusinessDate,
    businessDate: BusinessDate
  ) {
    self.id = id
    self.bank = bank
    self.firm = firm
    self.loanNumber = loanNumber
    self.amount = amount
    self.maturesOn = maturesOn
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Renewal {
    try Field.text(loanNumber, "loan_number", 1...96)
    try Field.positive(amount, "amount")
    try context.requireInstitution(bank)
    guard let entry = try fund.recordIfAny(WhiteListEntry.self, WhiteListEntry.id(bank: bank, firm: firm)),
      entry.isListed
    else {
      throw DomainError(
        .policyConditionFailed, "\(firm) is not on the white list of \(bank)", field: "firm",
        metadata: ["bank": bank, "firm": firm])
    }
    if maturesOn < businessDate {
      throw DomainError.invalid("matures_on", "the old contract matured on \(maturesOn); it can no longer be renewed")
    }
    var reading = PolicyReading(
      context.policy, scope: PolicyScope(region: entry.regionCode, product: "renewal"), on: businessDate)
    _ = try reading.ifStated("renewal.white_list", as: .boolean)
    var decideBy: BusinessDate?
    if let days = try reading.ifStated("renewal.approval.days.cap", as: .days) {
      decideBy = try WorkingCalendar(context.policy).deadline(days.value, after: businessDate)
    }
    let renewal = Renewal(
      id: id, bank: bank, firm: firm, regionCode: entry.regionCode, loanNumber: loanNumber,
      amount: amount.minorUnits, currency: amount.currency, maturesOn: maturesOn, appliedOn: businessDate,
      decideBy: decideBy, state: .applied, decidedOn: nil, isLate: false, staysNormal: false, failedConditions: [],
      remark: "", citations: reading.citations.map(Citation.init), stamp: RecordStamp(context.now))
    fund.save(renewal)
    fund.emit(
      .renewalApplied, renewal.name, pool: "", state: "applied", party: firm, amount: amount, on: businessDate)
    return renewal
  }
}

/// The bank's decision. The new contract is signed before the old one matures, and the loan stays in class normal only
/// when every condition of the packs holds (金规〔2024〕13号).
package struct DecideRenewal: FundCommand {
  package var renewal: String
  package var isApproved: Bool
  package var conditionsMet: [String]
  package var reason: String
  package var businessDate: BusinessDate

  package init(
    renewal: String, isApproved: Bool, conditionsMet: [String], reason: String, businessDate: BusinessDate
  ) {
    self.renewal = renewal
    self.isApproved = isApproved
    self.conditionsMet = conditionsMet
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Renewal {
    try Field.text(reason, "reason", (isApproved ? 0 : 1)...FundLimits.reasonLength)
    var renewal = try fund.record(Renewal.self, renewal, in: "renewals")
    try context.requireInstitution(renewal.bank)
    guard renewal.state == .applied else {
      throw DomainError(
        .stateConflict, "\(renewal.name) is \(renewal.state)", metadata: ["state": "\(renewal.state)"])
    }
    if businessDate < renewal.appliedOn {
      throw DomainError.invalid("business_date", "\(businessDate) lies before the application of \(renewal.appliedOn)")
    }
    var reading = PolicyReading(
      context.policy, scope: PolicyScope(region: renewal.regionCode, product: "renewal"), on: businessDate)
    if isApproved { try sign(&renewal, &reading) }
    renewal.state = isApproved ? .signed : .refused
    renewal.decidedOn = businessDate
    renewal.isLate = renewal.decideBy.map { businessDate > $0 } ?? false
    renewal.remark = reason
    for citation in reading.citations.map(Citation.init) where !renewal.citations.contains(citation) {
      renewal.citations.append(citation)
    }
    renewal.stamp.touch(context.now)
    fund.save(renewal)
    fund.emit(
      .renewalDecided, renewal.name, pool: "", state: isApproved ? "signed" : "refused", party: renewal.firm,
      amount: Money(renewal.amount, renewal.currency), on: businessDate)
    return renewal
  }

  private func sign(_ renewal: inout Renewal, _ reading: inout PolicyReading) throws(DomainError) {
    if let before = try reading.ifStated("renewal.signed_before_maturity", as: .boolean), before.value,
      businessDate >= renewal.maturesOn
    {
      throw DomainError(
        .policyConditionFailed,
        "the new contract is signed before the old one matures on \(renewal.maturesOn) (\(before.citation.ruleID))",
        field: "business_date", metadata: ["rule": before.citation.ruleID])
    }
    let conditions = try reading.ifStated("renewal.normal_class_conditions", as: .texts)?.value ?? []
    if let unknown = conditionsMet.first(where: { !conditions.contains($0) }) {
      throw .invalid("conditions_met", "\"\(unknown)\" is none of \(conditions.joined(separator: ", "))")
    }
    renewal.failedConditions = conditions.filter { !conditionsMet.contains($0) }
    renewal.staysNormal = !conditions.isEmpty && renewal.failedConditions.isEmpty
  }
}

/// Defers principal or interest, to no later day than the packs state (Zibo 2020: 2020-06-30, without penalty interest).
package struct DeferLoan: FundCommand {
  package var id: String
  package var bank: String
  package var firm: String
  package var loanNumber: String
  package var regionCode: String
  package var dueOn: BusinessDate
  package var deferredTo: BusinessDate
  package var businessDate: BusinessDate

  package init(
    id: String, bank: String, firm: String, loanNumber: String, regionCode: String, dueOn: BusinessDate,
    deferredTo: BusinessDate, businessDate: BusinessDate
  ) {
    self.id = id
    self.bank = bank
    self.firm = firm
    self.loanNumber = loanNumber
    self.regionCode = regionCode
    self.dueOn = dueOn
    self.deferredTo = deferredTo
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Deferral {
    try Field.text(bank, "bank", 1...FundLimits.organisationLength)
    try Field.text(firm, "firm", 1...FundLimits.borrowerLength)
    try Field.text(loanNumber, "loan_number", 1...96)
    try Field.text(regionCode, "region_code", 1...12)
    try context.requireInstitution(bank)
    if deferredTo <= dueOn { throw DomainError.invalid("deferred_to", "\(deferredTo) is not after \(dueOn)") }
    var reading = PolicyReading(context.policy, scope: PolicyScope(region: regionCode), on: businessDate)
    let latest = try reading("deferral.latest_date", as: .date)
    if deferredTo > latest.value {
      throw DomainError(
        .policyConditionFailed, "\(deferredTo) lies after \(latest.value) (\(latest.citation.ruleID))",
        field: "deferred_to", metadata: ["rule": latest.citation.ruleID, "latest": "\(latest.value)"])
    }
    let penalty = try reading("deferral.penalty_interest", as: .boolean)
    let deferral = Deferral(
      id: id, bank: bank, firm: firm, loanNumber: loanNumber, dueOn: dueOn, deferredTo: deferredTo,
      penaltyInterest: penalty.value, citations: reading.citations.map(Citation.init),
      stamp: RecordStamp(context.now))
    fund.save(deferral)
    fund.emit(.renewalDeferred, "deferrals/\(id)", pool: "", state: "deferred", party: firm, on: businessDate)
    return deferral
  }
}
