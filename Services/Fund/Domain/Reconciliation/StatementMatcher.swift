import Kernel

/// Finds for each line the movement of cash that it shows. A line matches a movement of exactly its amount whose value
/// date is near; when several do, only one whose reference the bank repeats. Lines that name a movement choose before lines
/// that name none, in whatever order the bank lists them. What is not certain is left to officers.
struct StatementMatcher {
  /// Days by which a bank may book later or earlier than the value date.
  static let window = 5

  enum Verdict: Hashable {
    case match(transfer: Int64, explanation: String)
    case exception(String)
  }

  private var movements: [Int64: [CashMovement]] = [:]
  private var used: Set<Int64> = []

  /// - Parameter movements: those that belong to no line yet.
  init(_ movements: [CashMovement]) {
    for movement in movements { self.movements[movement.amount, default: []].append(movement) }
  }

  /// One a line, in their order.
  mutating func verdicts(_ lines: [ParsedStatement.Line]) -> [Verdict] {
    var verdicts = lines.map { named($0) }
    for (index, line) in lines.enumerated() where verdicts[index] == nil { verdicts[index] = unnamed(line) }
    return verdicts.map { $0 ?? .exception("nothing matches") }
  }

  private func near(_ line: ParsedStatement.Line) -> [CashMovement] {
    (movements[line.amount] ?? []).filter {
      !used.contains($0.number) && abs(line.bookedOn.days(since: $0.businessDate)) <= Self.window
    }
  }

  /// The verdict on a line that names exactly one movement; nil for any other.
  private mutating func named(_ line: ParsedStatement.Line) -> Verdict? {
    let named = near(line).filter { Self.names(line, $0) }
    guard let only = named.first, named.count == 1 else { return nil }
    return take(only, "amount, date and reference \(only.reference) agree")
  }

  private mutating func unnamed(_ line: ParsedStatement.Line) -> Verdict {
    if (movements[line.amount] ?? []).allSatisfy({ used.contains($0.number) }) {
      return .exception("no open movement of cash has this amount")
    }
    let near = near(line)
    if near.isEmpty {
      return .exception("movements have this amount, but none within \(Self.window) days of \(line.bookedOn)")
    }
    let named = near.filter { Self.names(line, $0) }
    if named.isEmpty, near.count == 1 {
      // A reference that names something else speaks against the only candidate.
      if line.reference.contains("/") {
        return .exception("transfer \(near[0].number) has this amount and date, but another reference")
      }
      return take(near[0], "the only open movement with this amount within \(Self.window) days")
    }
    return .exception("\(max(named.count, near.count)) movements agree in amount and date")
  }

  private mutating func take(_ movement: CashMovement, _ explanation: String) -> Verdict {
    used.insert(movement.number)
    return .match(transfer: movement.number, explanation: explanation)
  }

  /// The bank repeats the resource's name, its id, or the number of the transfer.
  private static func names(_ line: ParsedStatement.Line, _ movement: CashMovement) -> Bool {
    let words = line.reference.split(whereSeparator: { $0 == " " || $0 == "," || $0 == ";" })
    let id = movement.reference.split(separator: "/").last ?? ""
    return words.contains { word in
      word == movement.reference || (!id.isEmpty && word == id) || word == "transfers/\(movement.number)"
    }
  }
}
