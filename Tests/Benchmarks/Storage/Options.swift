struct Options {
  var directory = "."
  /// Writes per round; the group-commit claim is about 10 000 of them by 64 callers.
  var writes = 10_000
  /// Rounds of each side; the median counts.
  var rounds = 3
  var only: String?

  struct Wrong: Error, CustomStringConvertible { let description: String }

  init(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    while let flag = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Wrong(description: "\(flag) needs a value") }
      switch flag {
      case "--directory": directory = value
      case "--writes": writes = try Self.positive(value, flag)
      case "--rounds": rounds = try Self.positive(value, flag)
      case "--only": only = value
      default: throw Wrong(description: "unknown flag \(flag)")
      }
    }
  }

  private static func positive(_ text: String, _ flag: String) throws -> Int {
    guard let number = Int(text), number > 0 else { throw Wrong(description: "\(flag) needs a positive number") }
    return number
  }
}
