package import Kernel
import Synchronization

/// One published version of a product, ready to be matched: its terms, and the conditions that follow from the terms
/// themselves. A class, because matching hands it around: one count to keep instead of one per field.
package final class Offer: Sendable {
  package let id: String
  package let version: Int
  package let terms: ProductTerms
  /// Conditions every product has by its terms, each with the path it is reported under. All must hold.
  package let implied: [ImpliedCondition]
  /// First and last day this version is in force, as day numbers; `nil` is open.
  package let window: Window
  package let record: TrackRecord
  /// Who offers it, for search; empty when only matching is asked.
  package let institutionName: String
  package let institutionKind: InstitutionKind?
  /// Where it is offered; empty is everywhere.
  package let regions: [String]
  private let rendering = AtomicLazyReference<Rendering>()

  private final class Rendering: Sendable {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
  }

  package struct Window: Hashable, Sendable {
    package var from: BusinessDate?
    package var to: BusinessDate?

    package init(from: BusinessDate? = nil, to: BusinessDate? = nil) {
      self.from = from
      self.to = to
    }

    package func contains(_ day: BusinessDate) -> Bool {
      if let from, day < from { return false }
      if let to, to < day { return false }
      return true
    }
  }

  package struct ImpliedCondition: Hashable, Sendable {
    package let path: String
    package let condition: Condition
  }

  /// - Parameters:
  ///   - institutionRegions: where the institution serves; used when the product names no regions of its own.
  ///   - window: the days it is in force; `nil` takes the terms' own dates.
  package init(
    id: String, version: Int, terms: ProductTerms, institutionRegions: [String], window: Window? = nil,
    record: TrackRecord = .none, institutionName: String = "", institutionKind: InstitutionKind? = nil
  ) {
    self.id = id
    self.version = version
    self.terms = terms
    self.record = record
    self.institutionName = institutionName
    self.institutionKind = institutionKind
    let window = window ?? Window(from: terms.effectiveFrom, to: terms.effectiveTo)
    self.window = window
    let regions = terms.serviceRegions.isEmpty ? institutionRegions : terms.serviceRegions
    self.regions = regions
    implied = Self.implied(terms, regions: regions, window)
  }

  /// What an edge makes of the offer once and sends with every match: kept here because it lives exactly as long.
  package func rendered(_ make: (Offer) -> [UInt8]) -> [UInt8] {
    if let known = rendering.load() { return known.bytes }
    return rendering.storeIfNil(Rendering(make(self))).bytes
  }

  private static func implied(_ terms: ProductTerms, regions: [String], _ window: Window) -> [ImpliedCondition] {
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
    if let from = window.from {
      add("effective_from", .range(.asOfDay, IntegerRange(min: Int64(from.dayNumber))))
    }
    if let to = window.to { add("effective_to", .range(.asOfDay, IntegerRange(max: Int64(to.dayNumber)))) }
    return list
  }
}
