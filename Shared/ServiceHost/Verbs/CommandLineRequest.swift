/// What the command line asks for.
package enum CommandLineRequest: Sendable, Hashable {
  case help
  case run(Verb, operand: String?, flags: [String], printConfiguration: Bool)

  /// - Parameter arguments: without the program's name.
  /// - Throws: `ConfigurationError` of origin `flag`.
  static func parse(
    _ arguments: [String], of definition: ServiceDefinition
  ) throws(ConfigurationError) -> CommandLineRequest {
    if arguments.contains("--help") || arguments.contains("-h") || arguments.first == "help" { return .help }
    let verbs = Verb.allCases.filter { $0.applies(to: definition) }
    guard let first = arguments.first, let verb = verbs.first(where: { $0.rawValue == first }) else {
      throw ConfigurationError(
        .flag(arguments.first.map { String($0.prefix(64)) } ?? definition.executable),
        "a verb is needed first: \(verbs.map(\.rawValue).joined(separator: ", ")); --help explains them")
    }
    var rest = Array(arguments.dropFirst())
    var operand: String?
    if verb == .backup {
      guard let file = rest.first, !file.hasPrefix("--") else {
        throw ConfigurationError(.flag("backup"), "needs the file to write")
      }
      operand = file
      rest.removeFirst()
    }
    let flags = rest.filter { $0 != "--print-configuration" }
    return .run(verb, operand: operand, flags: flags, printConfiguration: flags.count < rest.count)
  }
}
