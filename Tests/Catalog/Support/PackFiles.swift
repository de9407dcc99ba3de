import Foundation

/// Files of the repository that tests read: policy packs and the built-in products.
enum PackFiles {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ pack: String) throws -> String {
    try String(contentsOf: root.appending(path: "Shared/Policy/Packs/\(pack).yaml"), encoding: .utf8)
  }

  static func products(_ file: String) throws -> String {
    try String(contentsOf: root.appending(path: "data/products/\(file).json"), encoding: .utf8)
  }
}
