import Foundation

/// The project's own Swift sources, read from the checkout that this test was compiled from.
struct SourceFile: Sendable, CustomStringConvertible {
  /// Path relative to the project's root.
  let path: String
  let lines: [String]

  var description: String { path }

  /// Modules the file imports, with the line that does.
  var imports: [(module: String, line: Int)] {
    lines.enumerated().compactMap { index, line in
      var words = line.split(separator: " ").map(String.init)
      while let first = words.first, first.hasPrefix("@") || Self.accessLevels.contains(first) { words.removeFirst() }
      guard words.first == "import", words.count >= 2 else { return nil }
      let kinds: Set = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
      let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
      return (String(name.split(separator: ".")[0]), index + 1)
    }
  }

  private static let accessLevels: Set = ["public", "package", "internal", "private", "fileprivate"]
}

enum SourceTree {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func swiftFiles(under folder: String) throws -> [SourceFile] {
    let base = root.appending(path: folder)
    guard let walker = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else { return [] }
    var files: [SourceFile] = []
    for case let url as URL in walker where url.pathExtension == "swift" {
      let text = try String(contentsOf: url, encoding: .utf8)
      let path = String(url.path.dropFirst(root.path.count).drop { $0 == "/" })
      files.append(SourceFile(path: path, lines: text.components(separatedBy: "\n")))
    }
    return files.sorted { $0.path < $1.path }
  }
}
