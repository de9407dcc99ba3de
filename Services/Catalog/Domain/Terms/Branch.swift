package import Kernel

/// What a branch is. Raw values are the wire's.
package enum BranchKind: Int, Sendable, Codable, CaseIterable {
  case headOffice = 1
  case branch, subBranch, servicePoint
}

/// A place where an institution can be met (网点).
package struct Branch: Hashable, Sendable, Codable {
  package var id: String
  package var kind: BranchKind
  package var nameZH: String
  package var nameEN: String
  /// GB/T 2260 code of the place it stands in.
  package var region: String
  package var address: String
  package var phone: String
  /// GB/T 2260 prefixes; empty means the place it stands in.
  package var serviceRegions: [String]

  package init(
    id: String, kind: BranchKind, nameZH: String, nameEN: String = "", region: String, address: String = "",
    phone: String = "", serviceRegions: [String] = []
  ) {
    self.id = id
    self.kind = kind
    self.nameZH = nameZH
    self.nameEN = nameEN
    self.region = region
    self.address = address
    self.phone = phone
    self.serviceRegions = serviceRegions
  }

  /// Longest telephone number with its separators.
  private static let phoneCharacters = 32

  /// - Throws: the first field that cannot stand, below `path`.
  func validate(_ path: String) throws(DomainError) {
    guard ResourceName.isID(id) else {
      throw .invalid("\(path).branch_id", "an id has 1 to 64 characters of [A-Za-z0-9._~-]")
    }
    guard !nameZH.isEmpty else {
      throw DomainError(.requiredFieldMissing, "a branch has a Chinese name", field: "\(path).name_zh")
    }
    try Text.limit(nameZH, CatalogLimits.titleCharacters, "\(path).name_zh")
    try Text.limit(nameEN, CatalogLimits.titleCharacters, "\(path).name_en")
    try Text.limit(address, CatalogLimits.noteCharacters, "\(path).address")
    try RegionCode.validate(region, field: "\(path).region_code")
    try RegionCode.validate(list: serviceRegions, field: "\(path).service_regions")
    guard phone.count <= Self.phoneCharacters, phone.utf8.allSatisfy({ "0123456789+-() ".utf8.contains($0) }) else {
      throw .invalid("\(path).phone", "at most \(Self.phoneCharacters) of 0-9, +, -, ( ), and blanks")
    }
  }
}
