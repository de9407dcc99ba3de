package import Kernel

/// An institution under evaluation.
package struct Institution: Hashable, Sendable, Codable {
  package var id: String
  package var title: String
  /// The table it is ranked in when a scheme ranks peer groups apart.
  package var peerGroup: String
  /// GB/T 2260, empty when unknown.
  package var regionCode: String
  package var type: String
  /// First calendar year of business here; 0 when unknown.
  package var firstYear: Int
  package var registeredByFeed: Bool
  package var createTime: Instant
  /// Of an adviser: the institution that nominated it; empty for everyone else.
  package var employerID: String

  package init(
    id: String, title: String, peerGroup: String, regionCode: String = "", type: String, firstYear: Int = 0,
    registeredByFeed: Bool = false, employerID: String = "", createTime: Instant
  ) {
    self.id = id
    self.title = title
    self.peerGroup = peerGroup
    self.regionCode = regionCode
    self.type = type
    self.firstYear = firstYear
    self.registeredByFeed = registeredByFeed
    self.employerID = employerID
    self.createTime = createTime
  }

  /// The type of financial advisers (金融顾问), who are people: their lines leave the office in no open data.
  package static let adviserType = "adviser"
  package var isPerson: Bool { type == Self.adviserType }

  /// The peer group of institutions that an event stream named before anyone registered them.
  package static let unassignedPeerGroup = "unassigned"

  /// - Throws: `INVALID_ARGUMENT`, `REQUIRED_FIELD_MISSING`, `INVALID_RESOURCE_NAME`, `INVALID_REGION`.
  package func validate() throws(DomainError) {
    guard ResourceName.isID(id) else {
      throw DomainError(.invalidResourceName, "not an id of 1 to 64 characters", field: "name")
    }
    try Indicator.requireTitle(title, field: "title")
    guard ResourceName.isID(peerGroup) else {
      throw .invalid("peer_group", "1 to 64 characters of letters, digits, dots, hyphens, underscores or tildes")
    }
    if !regionCode.isEmpty, !EvaluationID.isRegionCode(regionCode) {
      throw DomainError(.invalidRegion, "a region code has 2 to 12 digits", field: "region_code")
    }
    guard EvaluationID.isNodeID(type) else { throw .invalid("type", "lower-case letters, digits and hyphens") }
    if firstYear != 0, !Period.acceptedYears.contains(firstYear) {
      throw .invalid("first_year", "1900 to 2199, or 0 when unknown")
    }
    if !employerID.isEmpty {
      guard isPerson else { throw .invalid("employer_id", "only advisers have one") }
      guard ResourceName.isID(employerID), employerID != id else {
        throw .invalid("employer_id", "the id of the institution that nominated the adviser")
      }
    }
  }

  /// Whether two entries say the same apart from bookkeeping.
  package func agrees(with other: Institution) -> Bool {
    id == other.id && title == other.title && peerGroup == other.peerGroup && regionCode == other.regionCode
      && type == other.type && firstYear == other.firstYear && registeredByFeed == other.registeredByFeed
      && employerID == other.employerID
  }
}
