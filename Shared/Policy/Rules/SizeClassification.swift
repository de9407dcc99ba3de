package import Kernel

/// 中小企业划型 (工信部联企业〔2011〕300号): the size of a firm from its sector's indicators.
package enum SizeClassification {
  /// What a firm reports. Indicators its sector does not use are ignored; those it uses are required.
  package struct Indicators: Sendable, Hashable {
    /// X, 从业人员.
    package var staff: Int64?
    /// Y, 营业收入 of the last year.
    package var revenue: Money?
    /// Z, 资产总额.
    package var assets: Money?

    package init(staff: Int64? = nil, revenue: Money? = nil, assets: Money? = nil) {
      self.staff = staff
      self.revenue = revenue
      self.assets = assets
    }
  }

  /// The smallest size over the sector's indicators: a firm has a size only if it meets every bound of it.
  /// - Throws: `POLICY_NOT_STATED` when no pack classifies the sector; `POLICY_FACT_MISSING` naming an indicator the
  ///   sector uses and the firm did not report; `INVALID_ARGUMENT` for a negative one; `CURRENCY_MISMATCH` when an
  ///   amount is not in CNY.
  package static func classify(
    _ indicators: Indicators, in sector: IndustrySector, with reading: inout PolicyReading
  ) throws(DomainError) -> SizeBand {
    reading.scope.attributes.industry = sector
    let sizes = [
      try size("size.by_staff", "staff", indicators.staff, &reading),
      try size("size.by_revenue", "revenue", try yuan(indicators.revenue, "revenue"), &reading),
      try size("size.by_assets", "assets", try yuan(indicators.assets, "assets"), &reading),
    ].compactMap(\.self)
    guard let smallest = sizes.min(by: { rank($0) < rank($1) }) else {
      throw DomainError(
        .policyNotStated, "no policy pack classifies firms of sector \(sector.rawValue) on \(reading.date)",
        metadata: ["parameter": "size.by_staff", "industry": sector.rawValue, "date": reading.date.description])
    }
    return smallest
  }

  /// `nil` when the sector does not use the indicator.
  private static func size(
    _ parameter: String, _ indicator: String, _ number: Int64?, _ reading: inout PolicyReading
  ) throws(DomainError) -> SizeBand? {
    guard let bands = try reading.ifStated(parameter, as: .bands) else { return nil }
    guard let number else {
      throw DomainError(
        .policyFactMissing, "the size of the firm depends on its \(indicator), which was not given", field: indicator,
        metadata: ["parameter": parameter, "attribute": indicator, "rule": bands.citation.ruleID])
    }
    if number < 0 { throw .invalid(indicator, "\(indicator) is negative: \(number)") }
    guard case .text(let word) = bands.value.band(at: number)?.value, let size = SizeBand(rawValue: word) else {
      throw DomainError(.internal, "rule \(bands.citation.ruleID) gives no size for \(number)")
    }
    return size
  }

  private static func yuan(_ amount: Money?, _ indicator: String) throws(DomainError) -> Int64? {
    guard let amount else { return nil }
    guard amount.currency == .cny else {
      throw DomainError(
        .currencyMismatch, "\(indicator) is classified in CNY, not \(amount.currency)", field: indicator)
    }
    return amount.minorUnits
  }

  private static func rank(_ size: SizeBand) -> Int { SizeBand.allCases.firstIndex(of: size) ?? 0 }
}
