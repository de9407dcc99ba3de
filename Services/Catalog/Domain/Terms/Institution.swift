package import Kernel

/// One organisation that offers products. Its id is the organisation that signs its calls, which is what makes
/// "an institution edits only its own" a comparison of two strings.
package struct Institution: Hashable, Sendable, Codable {
  package var id: String
  package var kind: InstitutionKind
  package var nameZH: String
  package var nameEN: String
  /// Unified social credit code; `nil` when no source states it.
  package var uscc: String?
  /// GB/T 2260 prefixes; empty means everywhere.
  package var serviceRegions: [String]
  /// 政府性融资担保机构: the published caps on guarantee fees bind it.
  package var governmentBacked: Bool
  package var sources: [Source]
  package var createTime: Instant
  package var updateTime: Instant
  /// Counts changes; the etag is made from it.
  package var revision: Int64
  @OrEmpty package var branches: [Branch]

  package init(
    id: String, kind: InstitutionKind, nameZH: String, nameEN: String = "", uscc: String? = nil,
    serviceRegions: [String] = [], governmentBacked: Bool = false, sources: [Source] = [],
    createTime: Instant = Instant(microseconds: 0), updateTime: Instant = Instant(microseconds: 0), revision: Int64 = 1,
    branches: [Branch] = []
  ) {
    self.id = id
    self.kind = kind
    self.nameZH = nameZH
    self.nameEN = nameEN
    self.uscc = uscc
    self.serviceRegions = serviceRegions
    self.governmentBacked = governmentBacked
    self.sources = sources
    self.createTime = createTime
    self.updateTime = updateTime
    self.revision = revision
    _branches = OrEmpty(wrappedValue: branches)
  }

  package static let collection = "institutions"
  package var name: String { "\(Self.collection)/\(id)" }
  package var etag: String { "\(revision)" }

  /// - Throws: the first field that cannot stand.
  package func validate() throws(DomainError) {
    guard ResourceName.isID(id) else {
      throw .invalid("institution_id", "an id has 1 to 64 characters of [A-Za-z0-9._~-]")
    }
    guard !nameZH.isEmpty else {
      throw DomainError(.requiredFieldMissing, "the registered name is required", field: "institution.name_zh")
    }
    try Text.limit(nameZH, CatalogLimits.titleCharacters, "institution.name_zh")
    try Text.limit(nameEN, CatalogLimits.titleCharacters, "institution.name_en")
    if let uscc { _ = try UnifiedSocialCreditCode(uscc, field: "institution.uscc") }
    try RegionCode.validate(list: serviceRegions, field: "institution.service_regions")
    try Text.validate(sources, "institution.sources")
    guard branches.count <= CatalogLimits.branches else {
      throw .invalid("institution.branches", "at most \(CatalogLimits.branches) branches")
    }
    var seen: Set<String> = []
    for (index, branch) in branches.enumerated() {
      let path = "institution.branches[\(index)]"
      guard seen.insert(branch.id).inserted else {
        throw .invalid("\(path).branch_id", "stands in an earlier branch too")
      }
      try branch.validate(path)
    }
  }
}

/// Checks on free text.
enum Text {
  static func notes(_ notes: [LocalizedText], _ field: String) throws(DomainError) {
    guard notes.count <= CatalogLimits.notes else {
      throw .invalid(field, "at most \(CatalogLimits.notes) entries, not \(notes.count)")
    }
    for (index, note) in notes.enumerated() {
      if note.zh.isEmpty && note.en.isEmpty {
        throw DomainError(.requiredFieldMissing, "an entry has words", field: "\(field)[\(index)]")
      }
      try limit(note, CatalogLimits.summaryCharacters, "\(field)[\(index)]")
    }
  }

  static func limit(_ text: String, _ characters: Int, _ field: String) throws(DomainError) {
    guard text.count <= characters else {
      throw .invalid(field, "at most \(characters) characters, not \(text.count)")
    }
  }

  static func limit(_ text: LocalizedText?, _ characters: Int, _ field: String) throws(DomainError) {
    guard let text else { return }
    try limit(text.zh, characters, "\(field).zh")
    try limit(text.en, characters, "\(field).en")
  }

  static func validate(_ sources: [Source], _ field: String) throws(DomainError) {
    guard sources.count <= CatalogLimits.sources else {
      throw .invalid(field, "at most \(CatalogLimits.sources) sources")
    }
    for (index, source) in sources.enumerated() {
      let path = "\(field)[\(index)]"
      if source.document.isEmpty {
        throw DomainError(.requiredFieldMissing, "a source names its document", field: "\(path).document")
      }
      try limit(source.document, CatalogLimits.titleCharacters, "\(path).document")
      try limit(source.article, CatalogLimits.noteCharacters, "\(path).article")
      try limit(source.quote, CatalogLimits.noteCharacters, "\(path).quote")
    }
  }
}
