package import Kernel

/// How the liability under a guarantee is shared, in parts per million that sum to exactly 1 000 000.
package struct LiabilityShares: Sendable, Hashable, Codable {
  package let bankPPM: Int64
  package let guarantorPPM: Int64
  package let reguarantorPPM: Int64
  package let nationalPPM: Int64
  package let cityPPM: Int64

  /// - Throws: `INVALID_SPLIT` for a negative part or another sum.
  package init(
    bankPPM: Int64, guarantorPPM: Int64, reguarantorPPM: Int64, nationalPPM: Int64, cityPPM: Int64
  ) throws(DomainError) {
    let parts = [bankPPM, guarantorPPM, reguarantorPPM, nationalPPM, cityPPM]
    guard parts.allSatisfy({ (0...Rate.one.ppm).contains($0) }), parts.reduce(0, +) == Rate.one.ppm else {
      throw DomainError(
        .invalidSplit, "the five shares must lie between 0 and 1000000 ppm and sum to exactly 1000000, not \(parts)",
        field: "shares")
    }
    self.bankPPM = bankPPM
    self.guarantorPPM = guarantorPPM
    self.reguarantorPPM = reguarantorPPM
    self.nationalPPM = nationalPPM
    self.cityPPM = cityPPM
  }

  package func ppm(of party: LiabilityParty) -> Int64 {
    switch party {
    case .bank: bankPPM
    case .guarantor: guarantorPPM
    case .reguarantor: reguarantorPPM
    case .national: nationalPPM
    case .city: cityPPM
    }
  }

  /// Whether somebody besides the bank bears anything.
  package var isGuarantee: Bool { bankPPM < Rate.one.ppm }

  /// Splits an amount among all five, largest remainder, ties to the party named first.
  /// - Throws: `INVALID_SPLIT` never for valid shares.
  package func split(_ amount: Int64) throws(DomainError) -> LiabilitySplit {
    LiabilitySplit(parts: try Allocation.split(amount, weights: LiabilityParty.allCases.map { ppm(of: $0) }))
  }

  /// Splits an amount of which the bank's part is already known, the rest among the other four by their shares.
  package func split(_ amount: Int64, bank: Int64) throws(DomainError) -> LiabilitySplit {
    let others = LiabilityParty.allCases.dropFirst().map { ppm(of: $0) }
    return LiabilitySplit(parts: [bank] + (try Allocation.split(amount - bank, weights: others)))
  }
}

/// An amount split among the parties, minor units.
package struct LiabilitySplit: Sendable, Hashable, Codable {
  package var bank: Int64
  package var guarantor: Int64
  package var reguarantor: Int64
  package var national: Int64
  package var city: Int64

  package static let zero = LiabilitySplit(parts: [0, 0, 0, 0, 0])

  package init(bank: Int64, guarantor: Int64, reguarantor: Int64, national: Int64, city: Int64) {
    self.bank = bank
    self.guarantor = guarantor
    self.reguarantor = reguarantor
    self.national = national
    self.city = city
  }

  /// In the order of `LiabilityParty.allCases`.
  fileprivate init(parts: [Int64]) {
    bank = parts[0]
    guarantor = parts[1]
    reguarantor = parts[2]
    national = parts[3]
    city = parts[4]
  }

  package subscript(party: LiabilityParty) -> Int64 {
    get {
      switch party {
      case .bank: bank
      case .guarantor: guarantor
      case .reguarantor: reguarantor
      case .national: national
      case .city: city
      }
    }
    set {
      switch party {
      case .bank: bank = newValue
      case .guarantor: guarantor = newValue
      case .reguarantor: reguarantor = newValue
      case .national: national = newValue
      case .city: city = newValue
      }
    }
  }

  package var parts: [Int64] { LiabilityParty.allCases.map { self[$0] } }

  package var total: Int64 { bank + guarantor + reguarantor + national + city }

  /// What the pool pays to the bank: every part but the bank's own.
  package var payout: Int64 { total - bank }

  package func adding(_ other: LiabilitySplit) -> LiabilitySplit {
    var sum = self
    for party in LiabilityParty.allCases { sum[party] += other[party] }
    return sum
  }
}
