package import Kernel

/// Entering institutions and reference rates.
package enum InstitutionDecisions {
  /// - Throws: `RESOURCE_EXISTS`, and what `validate` throws.
  package static func create(
    _ draft: Institution, existing: Institution?, now: Instant
  ) throws(DomainError) -> Institution {
    var institution = draft
    institution.createTime = now
    institution.updateTime = now
    institution.revision = 1
    try institution.validate()
    if existing != nil {
      throw DomainError(
        .resourceExists, "\(institution.name) already exists", field: "institution_id",
        metadata: ["resource": institution.name])
    }
    return institution
  }
}

package enum ReferenceRateDecisions {
  /// The rates that are new; equal ones are accepted, different ones refused: a published rate never changes.
  /// - Throws: `RESOURCE_EXISTS` naming the entry; `INVALID_ARGUMENT` for a rate outside 0 to 100 % or a fixed basis.
  package static func new(
    _ rates: [ReferenceRate], known: ReferenceRateTable
  ) throws(DomainError) -> [ReferenceRate] {
    var fresh: [ReferenceRate] = []
    for (index, rate) in rates.enumerated() {
      let field = "rates[\(index)]"
      if rate.basis == .fixed { throw .invalid("\(field).basis", "LPR_1Y or LPR_5Y") }
      guard (0...CatalogLimits.ratePPM).contains(rate.rate.ppm) else {
        throw .invalid("\(field).rate", "\(rate.rate) is not a yearly rate: rates are in parts per million")
      }
      let same = (known.rates + fresh).first { $0.basis == rate.basis && $0.effectiveFrom == rate.effectiveFrom }
      guard let same else {
        fresh.append(rate)
        continue
      }
      if same.rate != rate.rate {
        throw DomainError(
          .resourceExists, "for \(rate.effectiveFrom) the rate \(same.rate) is already recorded, not \(rate.rate)",
          field: field)
      }
    }
    return fresh
  }
}
