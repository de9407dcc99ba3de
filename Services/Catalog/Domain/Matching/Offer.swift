import Kernel

/// One published version of a product, ready to be matched: its terms, and the conditions that follow from the terms
/// themselves. A class, because matching hands it around: one count to keep instead of one per field.
package final class Offer: Sendable {
  package let id: String
  package let version: Int
  package let terms: ProductTerms
  /// Conditions every product has by its terms, each with the path it is reported under. All must hold.
  package let implied: [ImpliedCondition]

  package struct ImpliedCondition: Hashable, Sendable {
    package let path: String
    package let condition: Condition
  }

  /// - Parameter institutionRegions: where the institution serves; used when the product names no regions of its own.
  package init(id: String, version: Int, terms: ProductTerms, institutionRegions: [String]) {
    self.id = id
    self.version = version
    self.terms = terms
    implied = Self.implied(terms, regions: terms.serviceRegions.isEmpty ? institutionRegions : terms.serviceRegions)
  }

  private static func implied(_ terms: ProductTerms, regions: [String]) -> [ImpliedCondition] {
    var list: [ImpliedCondition] = []
    func add(_ path: String, _ condition: Condition) { list.append(ImpliedCondition(path: path, condition: condition)) }
    add("instrument", .oneOf(.instrument, 1 << UInt64(terms.instrument.rawValue)))
    add("amount.currency", .oneOf(.currency, Currencies.bit(terms.amount?.currency ?? .cny)))
    if let bounds = terms.amount?.bounds {
      if let min = bounds.min {
        add("amount.min", .range(.amount, IntegerRange(min: min, minExclusive: bounds.minExclusive)))
      }
      if let max = bounds.max {
        add("amount.max", .range(.amount, IntegerRange(max: max, maxExclusive: bounds.maxExclusive)))
      }
    }
    if let min = terms.tenor?.min { add("tenor.min", .range(.tenorDays, IntegerRange(min: min.comparableDays))) }
    if let max = terms.tenor?.max { add("tenor.max", .range(.tenorDays, IntegerRange(max: max.comparableDays))) }
    if !terms.securityModes.isEmpty {
      add("security_modes", .oneOf(.securityMode, terms.securityModes.reduce(0) { $0 | 1 << UInt64($1.rawValue) }))
    }
    if !regions.isEmpty { add("service_regions", .within(.region, regions)) }
    if let from = terms.effectiveFrom {
      add("effective_from", .range(.asOfDay, IntegerRange(min: Int64(from.dayNumber))))
    }
    if let to = terms.effectiveTo { add("effective_to", .range(.asOfDay, IntegerRange(max: Int64(to.dayNumber)))) }
    return list
  }
}
