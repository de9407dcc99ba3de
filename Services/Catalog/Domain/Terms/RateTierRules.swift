import Kernel

/// What must hold of a rate's tiers.
enum RateTierRules {
  /// Tiers follow one another without gap or overlap, their rates lie inside the product's, and they cover every amount that
  /// the product is offered for.
  /// - Throws: the first tier that cannot stand.
  static func validate(_ tiers: RateTiers, of rate: InterestRate, amount: AmountRange?) throws(DomainError) {
    guard !tiers.tiers.isEmpty else {
      throw DomainError(.requiredFieldMissing, "a tier method needs tiers", field: "rate.tiers")
    }
    guard tiers.tiers.count <= CatalogLimits.tiers else {
      throw .invalid("rate.tiers", "at most \(CatalogLimits.tiers) tiers")
    }
    if let amount, amount.currency != tiers.currency {
      throw DomainError(
        .currencyMismatch, "tiers are in \(tiers.currency), the product in \(amount.currency)", field: "rate.tiers")
    }
    for (index, tier) in tiers.tiers.enumerated() {
      let path = "rate.tiers[\(index)]"
      if tier.bounds.isEmpty { throw .invalid("\(path).max", "no amount lies between min and max") }
      try validate(tier, rate, path)
      if index > 0 { try follow(tiers.tiers[index - 1], tier, path) }
    }
    try cover(tiers, amount)
  }

  private static func validate(_ tier: RateTier, _ rate: InterestRate, _ path: String) throws(DomainError) {
    let highest = tier.highest ?? tier.lowest
    if highest < tier.lowest {
      throw .invalid("\(path).highest", "\(highest) is below the tier's lowest \(tier.lowest)")
    }
    if tier.lowest < rate.lowest {
      throw .invalid("\(path).lowest", "\(tier.lowest) is below the product's lowest \(rate.lowest)")
    }
    if let most = rate.highest, highest > most {
      throw .invalid("\(path).highest", "\(highest) is above the product's highest \(most)")
    }
  }

  private static func follow(_ before: RateTier, _ tier: RateTier, _ path: String) throws(DomainError) {
    guard let end = before.bounds.highest else {
      throw .invalid("\(path).min", "the tier before has no upper bound, so that none can follow it")
    }
    guard let start = tier.bounds.lowest else {
      throw DomainError(.requiredFieldMissing, "only the first tier lacks a lower bound", field: "\(path).min")
    }
    if end == .max || start > end + 1 {
      throw .invalid("\(path).min", "amounts between \(end) and \(start) minor units have no tier")
    }
    if start <= end { throw .invalid("\(path).min", "amounts from \(start) to \(end) minor units have two tiers") }
  }

  private static func cover(_ tiers: RateTiers, _ amount: AmountRange?) throws(DomainError) {
    guard let first = tiers.tiers.first, let last = tiers.tiers.last else { return }
    if let start = first.bounds.lowest, start > max(1, amount?.bounds.lowest ?? 1) {
      throw .invalid("rate.tiers[0].min", "amounts below \(start) minor units have no tier")
    }
    guard let end = last.bounds.highest else { return }
    guard let most = amount?.bounds.highest, most <= end else {
      throw .invalid("rate.tiers[\(tiers.tiers.count - 1)].max", "amounts above \(end) minor units have no tier")
    }
  }
}

extension RateTiers {
  /// The tier an amount falls in.
  package func tier(of amount: Int64) -> RateTier? { tiers.first { $0.bounds.contains(amount) } }
}
