import Kernel

/// When two records stand for one loan although they were made by different offices: one firm, one bank, and evidence that
/// it is the same contract.
enum LoanIdentity {
  /// What says that a guarantee is for the covered loan; nil when nothing does.
  static func evidence(_ guarantee: Guarantee, for cover: Cover) -> String? {
    guard guarantee.borrower == cover.borrower, guarantee.lender == cover.bank, guarantee.currency == cover.currency
    else { return nil }
    if let number = number(of: guarantee, for: cover) { return number }
    guard guarantee.inForceFrom == cover.disbursedOn else { return nil }
    if guarantee.principal == cover.principal { return "day of disbursement and principal" }
    if guarantee.maturesOn == cover.maturesOn { return "day of disbursement and maturity" }
    return nil
  }

  /// As above; a guarantee that carries the number of another cover of the firm is for that one.
  static func evidence(_ guarantee: Guarantee, for cover: Cover, among covers: [Cover]) -> String? {
    let isAnothers =
      number(of: guarantee, for: cover) == nil
      && covers.contains { $0.id != cover.id && number(of: guarantee, for: $0) != nil }
    return isAnothers ? nil : evidence(guarantee, for: cover)
  }

  /// Which number of the cover the guarantee carries; nil for none.
  static func number(of guarantee: Guarantee, for cover: Cover) -> String? {
    guard guarantee.lender == cover.bank else { return nil }
    if guarantee.journey == cover.loanNumber || guarantee.id.hasSuffix("~\(cover.loanNumber)") { return "loan number" }
    if let contract = cover.contract, guarantee.journey == contract || guarantee.id.hasSuffix("~\(contract)") {
      return "contract number"
    }
    return nil
  }

  /// What says that two covers are for one loan. Two contract numbers that differ speak for two loans.
  static func evidence(_ cover: Cover, for other: Cover) -> String? {
    guard cover.borrower == other.borrower, cover.bank == other.bank else { return nil }
    if cover.loanNumber == other.loanNumber { return "loan number" }
    if let contract = cover.contract, let another = other.contract {
      return contract == another ? "contract number" : nil
    }
    return cover.disbursedOn == other.disbursedOn && cover.principal == other.principal
      && cover.currency == other.currency
      ? "day of disbursement and principal" : nil
  }
}

extension FundTransaction {
  /// Every guarantee of the borrower that bears or bore something of the covered loan, with what says so.
  func guarantees(bearing cover: Cover) throws -> [(guarantee: Guarantee, evidence: String)] {
    let ever = try BusinessDate(year: BusinessDate.acceptedYears.lowerBound, month: 1, day: 1)
    let covers = try records(Cover.self, RecordQuery(party: cover.borrower))
    return try guarantees(ofBorrowers: [cover.borrower], reservedSince: ever).compactMap { guarantee in
      if [.voided, .expired, .released].contains(guarantee.state) { return nil }
      return LoanIdentity.evidence(guarantee, for: cover, among: covers).map { (guarantee, $0) }
    }
  }

  /// One loan is covered once, whatever the pool, the scheme or the number it is given.
  /// - Throws: `DOUBLE_COMPENSATION` naming the other cover and the evidence.
  func requireUncovered(_ cover: Cover) throws {
    for other in try records(Cover.self, RecordQuery(party: cover.borrower)) {
      guard let evidence = LoanIdentity.evidence(cover, for: other) else { continue }
      throw DomainError(
        .doubleCompensation,
        """
        the loan is covered by compensationSchemes/\(other.scheme) of pools/\(other.pool) already: \(other.name) has the \
        same borrower, bank and \(evidence); two loans are told apart by their contracts
        """,
        field: "loan_number",
        metadata: ["cover": other.name, "scheme": "compensationSchemes/\(other.scheme)", "evidence": evidence])
    }
  }

  /// A guarantee pays nothing for a loss that a compensation worked out without it has borne.
  /// - Throws: `DOUBLE_COMPENSATION` naming the cover and the evidence.
  func requireUncompensated(_ guarantee: Guarantee) throws {
    if guarantee.borrower.isEmpty { return }
    let covers = try records(Cover.self, RecordQuery(party: guarantee.borrower))
    for cover in covers where cover.state != .registered {
      guard let work = cover.work, let evidence = LoanIdentity.evidence(guarantee, for: cover, among: covers) else {
        continue
      }
      if work.guarantees?.contains(where: { $0.guarantee == guarantee.name }) ?? (work.guaranteed > 0) { continue }
      throw DomainError(
        .doubleCompensation,
        "\(cover.name) compensates this loss without the guarantee: it has the same borrower, bank and \(evidence)",
        field: "name", metadata: ["cover": cover.name, "evidence": evidence])
    }
  }
}
