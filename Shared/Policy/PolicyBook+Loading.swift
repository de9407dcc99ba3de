/// One pack as it lies on disk.
package struct PolicySource: Sendable {
  /// File name, e.g. `yantai-2023-8.yaml`; mistakes and the digest name it.
  package var name: String
  package var yaml: String
  /// Makes the pack hold for this region prefix instead of the one its document was issued for: a city that adopts
  /// another city's rules. Empty: everywhere.
  package var adoptedFor: String?

  package init(name: String, yaml: String, adoptedFor: String? = nil) {
    self.name = name
    self.yaml = yaml
    self.adoptedFor = adoptedFor
  }
}

extension PolicyBook {
  /// Loads packs. Nearer levels answer first (`PolicyLevel`); packs of one level answer in the order they are given.
  /// - Parameter hash: a cryptographic hash, SHA-256 in production; the module imports no cryptography.
  /// - Throws: every mistake of every pack, each with file and line; nothing is loaded then.
  package static func load(
    _ sources: [PolicySource], hash: ([UInt8]) -> [UInt8]
  ) throws(PolicyLoadError) -> PolicyBook {
    var mistakes: [PolicyLoadError.Mistake] = []
    var packs: [PolicyPack] = []
    var lines = ""
    for source in sources {
      lines += "\(hexadecimal(hash(Array(source.yaml.utf8))))  \(source.name)\n"
      do {
        let pack = try load(source)
        if let earlier = packs.first(where: { $0.id == pack.id }) {
          mistakes.append(.init(file: source.name, line: 1, message: "pack \(earlier.id) is listed twice"))
        }
        packs.append(pack)
      } catch {
        mistakes += error.mistakes
      }
    }
    if !mistakes.isEmpty { throw PolicyLoadError(mistakes: mistakes) }
    let ordered = packs.enumerated().sorted { ($0.element.level, $0.offset) < ($1.element.level, $1.offset) }
    return PolicyBook(packs: ordered.map(\.element), digest: hexadecimal(hash(Array(lines.utf8))))
  }

  /// As `load(_:hash:)` for packs that hold where their documents were issued.
  package static func load(
    packs: [(name: String, yaml: String)], digest: ([UInt8]) -> [UInt8]
  ) throws(PolicyLoadError) -> PolicyBook {
    try load(packs.map { PolicySource(name: $0.name, yaml: $0.yaml) }, hash: digest)
  }

  private static func load(_ source: PolicySource) throws(PolicyLoadError) -> PolicyPack {
    let root = try PackDocument.compose(source.yaml, file: source.name)
    var parser = PackParser(file: source.name, adoptedFor: source.adoptedFor)
    if let adopted = source.adoptedFor, !adopted.isEmpty, !PackParser.isRegion(adopted) {
      parser.mistakes.add(line: 1, "region \"\(adopted.prefix(16))\" to adopt for must be 2, 4, 6, 9 or 12 digits")
    }
    let pack = parser.pack(root)
    var validator = PackValidator(mistakes: parser.mistakes)
    if let pack { validator.check(pack) }
    let mistakes = validator.mistakes.all.sorted { $0.line < $1.line }
    guard let pack, mistakes.isEmpty else { throw PolicyLoadError(mistakes: mistakes) }
    return pack
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
