/// The texts made from the key table: `--help`, and the tables of docs/configuration.md.
package enum HelpPage {
  static func text(of definition: ServiceDefinition) -> String {
    var page = """
      \(definition.executable): \(definition.summary)

      usage: \(definition.executable) VERB [--KEY VALUE | --KEY=VALUE]…

      verbs:

      """
    for verb in Verb.allCases where verb.applies(to: definition) {
      page += "  \(verb.usage.padded(to: 14)) \(verb.summary)\n"
    }
    page += """

      other flags:
        --help                 this page
        --print-configuration  print every key with its value and where it came from, and end

      Every key is a key of the file, a variable and a flag; a flag overrides a variable, a variable overrides the file.


      """
    page += "keys:\n"
    for key in HostKeys.table(of: definition) {
      let value = key.defaultText.map { "default \($0)" } ?? "unset by default"
      page += "  \(key.flag)  (\(key.typeName); \(value); \(key.environment))\n"
      page += wrapped(key.summary, indent: 6, width: 100)
    }
    page += "\nexit codes:\n"
    for code in ExitCode.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
      page += "  \("\(code.rawValue)".padded(to: 4)) \(code.meaning)\n"
    }
    return page
  }

  /// The key table in Markdown.
  package static func markdownTable(of definition: ServiceDefinition) -> String {
    var table = "| Key (flag `--key`) | Type | Default | Variable | Meaning |\n|---|---|---|---|---|\n"
    for key in HostKeys.table(of: definition) {
      table +=
        "| `\(key.name)` | \(key.typeName) | \(key.defaultText.map { "`\($0)`" } ?? "—") | `\(key.environment)` | "
        + "\(key.summary) |\n"
    }
    return table
  }

  private static func wrapped(_ text: String, indent: Int, width: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = margin
    for word in text.split(separator: " ") {
      if line.count + word.count + 1 > width {
        lines.append(line)
        line = margin
      }
      line += (line.count == indent ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n") + "\n"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
