import Foundation
import Testing

@Suite("Architecture")
struct ArchitectureTests {
  @Test("a folder imports only what its layer allows", arguments: LayerRule.all)
  func imports(rule: LayerRule) throws {
    let files = try SourceTree.swiftFiles(under: rule.folder)
    #expect(!files.isEmpty, "\(rule.folder) has no sources: the rule checks nothing")
    for file in files {
      for (module, line) in file.imports where !LayerRule.standard.contains(module) {
        #expect(rule.allowed.contains(module), "\(file.path):\(line) imports \(module)")
      }
    }
  }

  @Test("every service folder is covered by a rule")
  func coverage() throws {
    let folders = Set(
      try SourceTree.swiftFiles(under: "Services").map { file in
        file.path.split(separator: "/").prefix(3).joined(separator: "/")
      }.filter { !$0.hasPrefix("Services/Ctl") })
    #expect(folders.subtracting(LayerRule.all.map(\.folder)).isEmpty)
  }

  /// Time, ids and parameters arrive as values (docs/architecture.md): these names are how they would sneak in.
  @Test(
    "domain code reads no clock, no randomness and no environment",
    arguments: LayerRule.services.map { "Services/\($0)/Domain" } + ["Shared/Kernel", "Shared/Policy"])
  func purity(folder: String) throws {
    let forbidden = [
      "Date()", "Date.now", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".random(", "UUID(",
      "ProcessInfo", "getenv", "Task.sleep", "Task {", "FileManager", "print(",
    ]
    for file in try SourceTree.swiftFiles(under: folder) {
      for (index, line) in file.lines.enumerated() where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
        // `shanghaiDate()` reads no clock: a word counts where no letter stands before it.
        for word in forbidden where line.contains(word) {
          let isWord = line.ranges(of: word).contains { range in
            range.lowerBound == line.startIndex || !line[line.index(before: range.lowerBound)].isLetter
          }
          #expect(!isWord, "\(file.path):\(index + 1) uses \(word)")
        }
      }
    }
  }

  @Test(
    "money and rates are integers: no floating point in kernel, domain or store",
    arguments: ["Shared/Kernel", "Shared/Storage"]
      + LayerRule.services.flatMap { ["Services/\($0)/Domain", "Services/\($0)/Store"] })
  func integers(folder: String) throws {
    let floating = try Regex(#"\b(Double|Float|Float32|Float64|CGFloat|Decimal)\b"#)
    for file in try SourceTree.swiftFiles(under: folder) {
      for (index, line) in file.lines.enumerated() where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
        #expect(line.firstMatch(of: floating) == nil, "\(file.path):\(index + 1) uses floating point")
      }
    }
  }

  @Test("no source outside generated code traps on purpose", arguments: ["Shared", "Services"])
  func traps(folder: String) throws {
    for file in try SourceTree.swiftFiles(under: folder) where !file.path.hasPrefix("Shared/Protos/") {
      for (index, line) in file.lines.enumerated() where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
        for word in ["try!", "fatalError(", "preconditionFailure(", " as! "] {
          #expect(!line.contains(word), "\(file.path):\(index + 1) uses \(word)")
        }
      }
    }
  }

  @Test("tests wait on conditions, never on time")
  func sleeps() throws {
    for file in try SourceTree.swiftFiles(under: "Tests") where !file.path.hasPrefix("Tests/Architecture/") {
      for (index, line) in file.lines.enumerated() {
        for word in ["Task.sleep", "usleep(", "Thread.sleep"] {
          #expect(!line.contains(word), "\(file.path):\(index + 1) uses \(word)")
        }
      }
    }
  }
}
