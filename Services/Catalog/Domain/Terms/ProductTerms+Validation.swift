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
  }

  private func validateFees() throws(DomainError) {
    try count(fees.count, CatalogLimits.fees, "fees")
    for (index, fee) in fees.enumerated() {
      let path = "fees[\(index)]"
      switch fee.measure {
      case .rate(let rate): try share(rate, "\(path).rate")
      case .fixed(let money):
        if money.isNegative { throw .invalid("\(path).fixed", "a fee is not negative") }
        if let amount, money.currency != amount.currency {
          throw DomainError(
            .currencyMismatch, "\(money.currency) differs from the product's \(amount.currency)",
            field: "\(path).fixed.currency_code")
        }
      case .range(let lowest, let highest):
        try share(lowest, "\(path).rate_range.min")
        try share(highest, "\(path).rate_range.max")
        if highest < lowest { throw .invalid("\(path).rate_range", "the highest rate is below the lowest") }
      }
      if let cap = fee.cap { try share(cap, "\(path).cap") }
      try Text.limit(fee.note, CatalogLimits.noteCharacters, "\(path).note")
    }
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
