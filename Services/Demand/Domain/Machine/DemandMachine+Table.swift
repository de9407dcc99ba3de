import Kernel

extension DemandMachine {
  /// The table as Markdown, one row per command, states and roles in the order they are declared in.
  package static var markdown: String {
    var lines = ["| command | from | to | who |", "|---|---|---|---|"]
    for command in DemandCommandKind.allCases {
      let rows = transitions.filter { $0.command == command }
      let from = ([nil] + DemandState.allCases.map(Optional.some)).filter { state in rows.contains { $0.from == state }
      }
      .map { $0?.rawValue ?? "(new)" }.joined(separator: ", ")
      let to = DemandState.allCases.filter { state in rows.contains { $0.to.contains(state) } }
      let who = Role.allCases.filter { role in rows.contains { $0.who.contains(role) } }
      lines.append(
        "| \(command.rawValue) | \(from) | \(to.map(\.rawValue).joined(separator: ", ")) | "
          + "\(who.map(\.rawValue).joined(separator: ", ")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
