import Yams

/// The YAML of one pack as a tree of nodes that know their lines, or the mistake that kept it from being one.
enum PackDocument {
  /// A pack is a few hundred lines; more is a wrong file.
  static let maximumBytes = 1 << 20
  /// The format needs five levels (rule, value, band); deeper nesting is a wrong file, and a limit keeps the parser's
  /// recursion shallow.
  static let maximumDepth = 12

  static func compose(_ yaml: String, file: String) throws(PolicyLoadError) -> Node {
    func refuse(_ line: Int, _ message: String) -> PolicyLoadError {
      PolicyLoadError(mistakes: [.init(file: file, line: max(1, line), message: message)])
    }
    if yaml.utf8.count > maximumBytes { throw refuse(1, "larger than \(maximumBytes) bytes") }
    if let (line, message) = forbidden(in: yaml) { throw refuse(line, message) }
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml, .basic, .default, .utf8)
    } catch let error as YamlError {
      let (line, message) = describe(error, in: yaml)
      throw refuse(line, message)
    } catch {
      throw refuse(1, "not YAML")
    }
    guard let root else { throw refuse(1, "the file is empty") }
    return root
  }

  /// Anchors, aliases and deep nesting, found before the parser allocates or recurses for them.
  private static func forbidden(in yaml: String) -> (Int, String)? {
    var line = 1
    var depth = 0
    var dashes = 0
    var previous = UInt8(ascii: "\n")
    for byte in yaml.utf8 {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        dashes = 0
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
      case UInt8(ascii: "-"), UInt8(ascii: "?"): dashes += 1
      case UInt8(ascii: "&"), UInt8(ascii: "*"):
        if " \n[{,-:?".utf8.contains(previous) { return (line, "anchors and aliases are not part of the pack format") }
      default: break
      }
      if depth > maximumDepth || dashes > 200 { return (line, "nested deeper than the pack format") }
      previous = byte
    }
    return nil
  }

  private static func describe(_ error: YamlError, in yaml: String) -> (Int, String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return (mark.line, "not YAML: \(problem)")
    case .reader(let problem, let offset, _, _):
      let before = yaml.utf8.prefix(max(0, offset ?? 0))
      return (1 + before.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }, "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      return (context.mark.line, "key given twice: \(keys.joined(separator: ", "))")
    default:
      return (1, "not YAML")
    }
  }
}
