package import Kernel

extension ProductTerms {
  /// What must hold of any terms, even of a draft: every field is well formed and no range is empty.
  /// - Throws: the first field that cannot stand, as a path inside the product.
  package func validate() throws(DomainError) {
    try validateTexts()
    try validateAmount()
    try validateTenor()
    try validateRate()
    try validateFees()
    try validateProcess()
    try validateLinks()
    try RegionCode.validate(list: serviceRegions, field: "service_regions")
    if let effectiveFrom, let effectiveTo, effectiveTo < effectiveFrom {
      throw .invalid("effective_to", "\(effectiveTo) lies before effective_from \(effectiveFrom)")
    }
    do { try eligibility?.validate() } catch { throw error.within("eligibility") }
    for (index, id) in bundle.enumerated() where !ResourceName.isID(id) {
      throw .invalid("bundle[\(index)]", "not a product id")
    }
    for (index, programme) in programmes.enumerated() where !Predicate.isWord(programme) {
      throw .invalid("programmes[\(index)]", "lower-case words joined by hyphens")
    }
    guard Set(securityModes).count == securityModes.count else {
      throw .invalid("security_modes", "a security mode is named twice")
    }
  }

  private func validateTexts() throws(DomainError) {
    guard !title.zh.isEmpty else {
      throw DomainError(.requiredFieldMissing, "a product has a Chinese title", field: "title.zh")
    }
    try Text.limit(title, CatalogLimits.titleCharacters, "title")
    try Text.limit(summary, CatalogLimits.summaryCharacters, "summary")
    try Text.limit(marketing, CatalogLimits.summaryCharacters, "marketing")
    try Text.notes(conditionsInWords, "conditions_in_words")
    try count(features.count, CatalogLimits.features, "features")
    for (index, feature) in features.enumerated() {
      try Text.limit(feature, CatalogLimits.noteCharacters, "features[\(index)]")
    }
    try count(documents.count, CatalogLimits.documents, "documents")
    for (index, document) in documents.enumerated() {
      guard !document.title.zh.isEmpty else {
        throw DomainError(.requiredFieldMissing, "a document has a title", field: "documents[\(index)].title.zh")
      }
      try Text.limit(document.title, CatalogLimits.noteCharacters, "documents[\(index)].title")
    }
    try count(bundle.count, CatalogLimits.bundle, "bundle")
    try count(programmes.count, CatalogLimits.bundle, "programmes")
    try Text.validate(sources, "sources")
  }

  private func count(_ count: Int, _ limit: Int, _ field: String) throws(DomainError) {
    guard count <= limit else { throw .invalid(field, "at most \(limit) entries, not \(count)") }
  }

  private func validateAmount() throws(DomainError) {
    guard let amount else { return }
    let bounds = amount.bounds
    if bounds.min == nil && bounds.max == nil {
      throw DomainError(.requiredFieldMissing, "an amount range states min or max", field: "amount")
    }
    if let min = bounds.min, min < 0 { throw .invalid("amount.min", "an amount is not negative") }
    if let max = bounds.max, max <= 0 { throw .invalid("amount.max", "an upper limit is more than 0") }
    if bounds.isEmpty { throw .invalid("amount.max", "no amount lies between min and max") }
  }

  private func validateTenor() throws(DomainError) {
    guard let tenor else { return }
    if tenor.min == nil && tenor.max == nil {
      throw DomainError(.requiredFieldMissing, "a tenor range states min or max", field: "tenor")
    }
    try tenor.min?.validate("tenor.min")
    try tenor.max?.validate("tenor.max")
    if let min = tenor.min, let max = tenor.max, min.comparableDays > max.comparableDays {
      throw .invalid("tenor.max", "the longest tenor is shorter than the shortest")
    }
  }

  private func validateRate() throws(DomainError) {
    guard let rate else { return }
    for (bound, field) in [(rate.lowest, "rate.lowest"), (rate.highest ?? rate.lowest, "rate.highest")] {
      if bound.ppm.magnitude > CatalogLimits.ratePPM.magnitude {
        throw .invalid(field, "\(bound) lies beyond 100 % a year: rates are in parts per million")
      }
      if rate.basis == .fixed, bound.ppm < 0 { throw .invalid(field, "a fixed rate is not negative") }
    }
    if let highest = rate.highest, highest < rate.lowest {
      throw .invalid("rate.highest", "\(highest) is below the lowest rate \(rate.lowest)")
    }
    try Text.notes(rate.notes, "rate.notes")
    if let tiers = rate.tiers { try RateTierRules.validate(tiers, of: rate, amount: amount) }
  }

  private func validateFees() throws(DomainError) {
    try count(fees.count, CatalogLimits.fees, "fees")
    for (index, fee) in fees.enumerated() {
      let path = "fees[\(index)]"
      switch fee.measure {
      case .rate(let rate): try share(rate, "\(path).rate")
      case .fixed(let money): try sum(money, "\(path).fixed")
      case .fixedRange(let lowest, let highest):
        try sum(lowest, "\(path).fixed_range.min")
        try sum(highest, "\(path).fixed_range.max")
        guard lowest.currency == highest.currency else {
          throw DomainError(.currencyMismatch, "min and max differ", field: "\(path).fixed_range.max.currency_code")
        }
        if highest.minorUnits < lowest.minorUnits {
          throw .invalid("\(path).fixed_range", "the highest amount is below the lowest")
        }
      case .unstated: break
      case .range(let lowest, let highest):
        try share(lowest, "\(path).rate_range.min")
        try share(highest, "\(path).rate_range.max")
        if highest < lowest { throw .invalid("\(path).rate_range", "the highest rate is below the lowest") }
      }
      if let cap = fee.cap { try share(cap, "\(path).cap") }
      if let cap = fee.periodCap { try sum(cap, "\(path).period_cap") }
      try Text.limit(fee.note, CatalogLimits.summaryCharacters, "\(path).note")
      try Text.limit(fee.title, CatalogLimits.noteCharacters, "\(path).title")
      try validateDiscounts(fee, path)
    }
  }

  /// A fee may be in another currency than the product only while it is no part of its cost.
  private func sum(_ money: Money, _ field: String) throws(DomainError) {
    if money.isNegative { throw .invalid(field, "a fee is not negative") }
    if let amount, money.currency != amount.currency {
      throw DomainError(
        .currencyMismatch, "\(money.currency) differs from the product's \(amount.currency)",
        field: "\(field).currency_code")
    }
  }

  private func validateDiscounts(_ fee: Fee, _ path: String) throws(DomainError) {
    try count(fee.discounts.count, CatalogLimits.discounts, "\(path).discounts")
    for (index, discount) in fee.discounts.enumerated() {
      let field = "\(path).discounts[\(index)]"
      switch discount.reduction {
      case .shareOff(let rate): try share(rate, "\(field).share_off")
      case .amountOff(let money): try sum(money, "\(field).amount_off")
      case .rateInstead(let rate):
        try share(rate, "\(field).rate_instead")
        guard let own = fee.highestRate else {
          throw .invalid("\(field).rate_instead", "only a fee that is a share of the principal has a rate")
        }
        if rate > own { throw .invalid("\(field).rate_instead", "\(rate) is above the fee's own \(own)") }
      }
      if discount.condition == nil && discount.note == nil {
        throw DomainError(.requiredFieldMissing, "a condition, or its words", field: "\(field).condition")
      }
      try Text.limit(discount.note, CatalogLimits.summaryCharacters, "\(field).note")
      do { try discount.condition?.validate() } catch { throw error.within("\(field).condition") }
    }
  }

  private func validateLinks() throws(DomainError) {
    try count(collateralKinds.count, CatalogLimits.collateralKinds, "collateral_kinds")
    for (index, kind) in collateralKinds.enumerated() where !Predicate.isWord(kind) {
      throw .invalid("collateral_kinds[\(index)]", "lower-case words joined by hyphens")
    }
    guard Set(repaymentMethods).count == repaymentMethods.count else {
      throw .invalid("repayment_methods", "a method is named twice")
    }
    if let predecessor, !ResourceName.isID(predecessor) { throw .invalid("predecessor", "not a product id") }
    if !pageURI.isEmpty { try PageURI.validate(pageURI, "page_uri") }
  }

  private func share(_ rate: Rate, _ field: String) throws(DomainError) {
    guard (0...CatalogLimits.ratePPM).contains(rate.ppm) else {
      throw .invalid(field, "\(rate) is not a share of the principal: rates are in parts per million")
    }
  }

  private func validateProcess() throws(DomainError) {
    guard let process else { return }
    for (number, field) in [
      (process.steps, "steps"), (process.workingDays, "working_days"), (process.documentCount, "document_count"),
    ] {
      if let number, !(0...1_000).contains(number) { throw .invalid("process.\(field)", "0 to 1000, not \(number)") }
    }
    try Text.limit(process.note, CatalogLimits.noteCharacters, "process.note")
  }
}
