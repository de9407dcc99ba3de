/// Why a set of packs was refused: every mistake found, in the order of packs and lines.
package struct PolicyLoadError: Error, Sendable, Hashable, CustomStringConvertible {
  package struct Mistake: Sendable, Hashable, CustomStringConvertible {
    /// Name of the pack's file as it was given.
    package let file: String
    /// From 1.
    package let line: Int
    package let message: String

    package var description: String { "\(file):\(line): \(message)" }
  }

  package let mistakes: [Mistake]

  /// One mistake a line, each beginning with `file:line:`.
  package var description: String { mistakes.map(\.description).joined(separator: "\n") }
}
