package import Kernel
internal import Yams

/// The file of API keys.
///
/// ```yaml
/// keys:
///   - id: icbc-zibo-1
///     sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
///     organisation: bank-icbc-zibo
///     role: institution
///     region: "3703"
///     subject: core-system
/// ```
package struct KeyFile: Sendable {
  package struct Entry: Sendable, Hashable {
    /// For logs and for whoever withdraws the key.
    package let id: String
    /// SHA-256 of the key, 32 bytes.
    package let sha256: [UInt8]
    package let caller: Caller
  }

  package let entries: [Entry]

  /// - Throws: `KeyFileError` that names file, line and what is wrong.
  package init(yaml: String, file: String) throws(KeyFileError) {
    let reader = KeyFileReader(file: file)
    entries = try reader.entries(yaml)
  }
}

/// What is wrong with a key file, and where.
package struct KeyFileError: Error, Equatable, CustomStringConvertible {
  package let file: String
  package let line: Int
  package let message: String

  package var description: String { "\(file):\(line): \(message)" }
}

private struct KeyFileReader {
  private static let fields = ["id", "sha256", "organisation", "role", "region", "subject"]

  let file: String

  func entries(_ yaml: String) throws(KeyFileError) -> [KeyFile.Entry] {
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch {
      throw KeyFileError(file: file, line: Self.line(of: error), message: "is not YAML")
    }
    guard let mapping = root?.mapping else { throw wrong(root, "needs a list under \"keys\"") }
    for (key, _) in mapping where key.string != "keys" {
      throw wrong(key, "unknown key \"\((key.string ?? "?").prefix(32))\"; known: keys")
    }
    guard let list = mapping["keys"]?.sequence else { throw wrong(root, "needs a list under \"keys\"") }
    var entries: [KeyFile.Entry] = []
    for node in list {
      let entry = try entry(node)
      if entries.contains(where: { $0.id == entry.id }) { throw wrong(node, "id \(entry.id) is given twice") }
      if entries.contains(where: { $0.sha256 == entry.sha256 }) {
        throw wrong(node, "sha256 of \(entry.id) is given twice")
      }
      entries.append(entry)
    }
    return entries
  }

  private func entry(_ node: Node) throws(KeyFileError) -> KeyFile.Entry {
    guard let mapping = node.mapping else {
      throw wrong(node, "a key is a mapping of \(Self.fields.joined(separator: ", "))")
    }
    var values: [String: String] = [:]
    for (key, value) in mapping {
      guard let name = key.string, Self.fields.contains(name) else {
        throw wrong(
          key, "unknown key \"\((key.string ?? "?").prefix(32))\"; known: \(Self.fields.joined(separator: ", "))")
      }
      guard let text = value.scalar?.string else { throw wrong(value, "\(name) must be text") }
      values[name] = text
    }
    guard let id = values["id"], !id.isEmpty else { throw wrong(node, "id is missing") }
    guard let digest = values["sha256"].flatMap(Self.digest) else {
      throw wrong(node, "sha256 of \(id) must be 64 hexadecimal digits")
    }
    guard let role = values["role"].flatMap(Role.init(rawValue:)) else {
      throw wrong(node, "role of \(id) must be one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    do {
      let caller = try CallerHeader.validated(
        Caller(
          organisation: values["organisation"] ?? "", role: role, regionPrefix: values["region"] ?? "",
          subject: values["subject"] ?? ""), source: id)
      return KeyFile.Entry(id: id, sha256: digest, caller: caller)
    } catch {
      throw wrong(node, error.message)
    }
  }

  private func wrong(_ node: Node?, _ message: String) -> KeyFileError {
    KeyFileError(file: file, line: node?.mark?.line ?? 1, message: message)
  }

  private static func line(of error: any Error) -> Int {
    switch error as? YamlError {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    default: 1
    }
  }

  private static func digest(_ text: String) -> [UInt8]? {
    guard text.utf8.count == 64 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text.utf8 {
      let digit: UInt8
      switch character {
      case 0x30...0x39: digit = character - 0x30
      case 0x41...0x46: digit = character - 0x37
      case 0x61...0x66: digit = character - 0x57
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return bytes
  }
}
