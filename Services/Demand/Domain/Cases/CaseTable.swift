package import Kernel

/// What the value of a field must be.
package enum CaseValue: Sendable, Hashable {
  case text, date
  /// Minor units of CNY, not negative.
  case amount
  /// A whole number from 1 to a billion.
  case count
  case word([String])
  /// Organisations or case ids joined by commas, each once.
  case list
}

package struct CaseField: Sendable, Hashable {
  package let name: String
  package let value: CaseValue
  package let required: Bool
}

/// Until when something is to be done.
package enum CaseClock: Sendable, Hashable {
  /// Days of a policy parameter, from today.
  case days(String)
  /// Months of a policy parameter, from a field's date.
  case months(String, from: String)
  /// The date of a field.
  case field(String)
  /// Nothing is to be done by a day.
  case none
}

/// What may be done in a case: one row of its kind's table.
package struct CaseAction: Sendable, Hashable {
  package let name: String
  package let from: [String]
  package let to: String
  package let who: Set<Role>
  package var reason = false
  package var evidence = false
  /// Fields that the action must give.
  package var gives: [String] = []
  /// `nil` leaves the clock as it is.
  package var clock: CaseClock?
  /// Only the case's own organisation among the institutions.
  package var own = false
  /// Of helpers only those whom the adviser, the group or the question is of.
  package var helpersOwn = false
}

/// One kind of case.
package struct CaseRule: Sendable {
  package let kind: CaseKind
  package let chinese: String
  /// Document and article.
  package let source: String
  package let opens: Set<Role>
  package let first: String
  package var clock: CaseClock = .none
  package var needs: Set<Link> = []
  /// Kind of the parent; `nil` when it has none.
  package var parent: CaseKind?
  /// Whether institutions of the region see it without being named.
  package var isForInstitutions = false
  /// Roles that may see it where its place, its firm or its organisation lets them; whoever opened it always does.
  package var seenBy = Set(Role.allCases)
  package let fields: [CaseField]
  package let actions: [CaseAction]

  package enum Link: String, Sendable, Hashable, CaseIterable { case enterprise, organisation, demand, parent }

  package func field(_ name: String) -> CaseField? { fields.first { $0.name == name } }
  package func action(_ name: String, from state: String) -> CaseAction? {
    actions.first { $0.name == name && $0.from.contains(state) }
  }
}

/// The kinds of case as tables: the code executes them and docs/demand.md prints them. A new kind is a new entry.
package enum CaseTable {
  static let bureau: Set<Role> = [.regulator, .operator]
  static let ledger: Set<Role> = [.gridWorker, .regulator, .operator, .service]
  static let lenders: Set<Role> = [.institution, .operator, .service]
  static let helpers: Set<Role> = [.adviser, .institution, .operator]
  static let everyone = Set(Role.allCases.filter { $0 != .analyst })

  /// Those who answer for complaints, risks and leads, which concern others than those they are about.
  static let confidants: Set<Role> = [.regulator, .operator, .service]

  package static let rules: [CaseRule] = field + reports + advisers + stewards + events + lists + risks + tasks + plans

  private static let byKind = Dictionary(uniqueKeysWithValues: rules.map { ($0.kind, $0) })

  /// Every kind has its table, and a test says so; one without would open for nobody and do nothing.
  package static func rule(_ kind: CaseKind) -> CaseRule {
    byKind[kind]
      ?? CaseRule(kind: kind, chinese: "", source: "", opens: [], first: "", fields: [], actions: [])
  }

  static func text(_ name: String, required: Bool = true) -> CaseField {
    CaseField(name: name, value: .text, required: required)
  }
  static func date(_ name: String, required: Bool = true) -> CaseField {
    CaseField(name: name, value: .date, required: required)
  }
  static func amount(_ name: String, required: Bool = false) -> CaseField {
    CaseField(name: name, value: .amount, required: required)
  }
  static func word(_ name: String, _ words: [String]) -> CaseField {
    CaseField(name: name, value: .word(words), required: true)
  }
  static func list(_ name: String, required: Bool = true) -> CaseField {
    CaseField(name: name, value: .list, required: required)
  }

  /// The tables as Markdown.
  package static var markdown: String {
    rules.map { rule in
      let fields = rule.fields.map { "`\($0.name)` \($0.value.words)\($0.required ? "" : " (optional)")" }
      let needs = CaseRule.Link.allCases.filter(rule.needs.contains).map(\.rawValue)
      let opens = Role.allCases.filter(rule.opens.contains).map(\.rawValue)
      var lines = [
        "### \(rule.kind.rawValue) \(rule.chinese)", "",
        "\(rule.source). Opened as `\(rule.first)` by \(opens.joined(separator: ", "))"
          + (needs.isEmpty ? "" : "; names its \(needs.joined(separator: ", "))")
          + "\(rule.clock.words). Seen by \(rule.readers). Fields: \(fields.isEmpty ? "none" : fields.joined(separator: ", ")).",
        "",
        "| action | from | to | who | asks for |", "|---|---|---|---|---|",
      ]
      lines += rule.actions.map(\.row)
      return lines.joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }
}

extension CaseRule {
  fileprivate var readers: String {
    let roles = Role.allCases.filter(seenBy.contains)
    return roles.count == Role.allCases.count ? "every role" : roles.map(\.rawValue).joined(separator: ", ")
  }
}

extension CaseAction {
  fileprivate var row: String {
    let roles = Role.allCases.filter(who.contains).map(\.rawValue).joined(separator: ", ")
    var asks = gives.map { "`\($0)`" }
    if reason { asks.append("reason") }
    if evidence { asks.append("evidence") }
    return "| \(name) | \(from.joined(separator: ", ")) | \(to) | \(roles)\(own || helpersOwn ? " (its own)" : "") | "
      + "\(asks.joined(separator: ", "))\(clock?.words ?? "") |"
  }
}

extension CaseClock {
  fileprivate var words: String {
    switch self {
    case .days(let parameter): "; due in `\(parameter)`"
    case .months(let parameter, let field): "; due `\(parameter)` after `\(field)`"
    case .field(let field): "; due on `\(field)`"
    case .none: ""
    }
  }
}

extension CaseValue {
  fileprivate var words: String {
    switch self {
    case .text: "text"
    case .date: "date"
    case .amount: "minor units"
    case .count: "whole number"
    case .word(let words): words.joined(separator: "/")
    case .list: "list"
    }
  }
}
