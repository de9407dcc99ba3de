import Foundation
import Kernel
import Logging
import Synchronization
import Testing

@testable import Observability

@Suite("Logs")
struct LogTests {
  private final class Lines: Sendable {
    let all = Mutex<[String]>([])
    func logger(_ format: LogFormat, level: Logger.Level = .info) -> Logger {
      Logger(label: "test") { _ in
        LineLogHandler(
          service: "huirong-fund", format: format, level: level,
          clock: { Instant(microseconds: 1_767_323_045_678_901) },
          sink: { line in self.all.withLock { $0.append(line) } })
      }
    }
    var text: String { all.withLock { $0.joined() } }
  }

  @Test("a JSON line is one JSON object with time, level, service, message and the fields")
  func json() throws {
    let lines = Lines()
    var logger = lines.logger(.json)
    logger[metadataKey: "trace_id"] = "4bf9"
    logger.warning(
      "two\nlines \"quoted\" \u{1}\u{2028}", metadata: ["list": ["a", "b"], "map": ["k": "v"], "level": "mine"])
    let text = lines.text
    #expect(text.last == "\n")
    #expect(text.filter { $0 == "\n" }.count == 1)
    let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["time"] as? String == "2026-01-02T03:04:05.678Z")
    #expect(object["level"] as? String == "warning")
    #expect(object["level_"] as? String == "mine")
    #expect(object["service"] as? String == "huirong-fund")
    #expect(object["message"] as? String == "two\nlines \"quoted\" \u{1}\u{2028}")
    #expect(object["trace_id"] as? String == "4bf9")
    #expect(object["list"] as? [String] == ["a", "b"])
    #expect(object["map"] as? [String: String] == ["k": "v"])
  }

  @Test("a human line is one line whatever it is given, and no terminal obeys it")
  func human() {
    let lines = Lines()
    lines.logger(.human).error("bad\u{1B}[2J\r\nthing", metadata: ["b": "2", "a": "1"])
    #expect(
      lines.text
        == "2026-01-02T03:04:05.678Z ERROR    huirong-fund: bad\\u001b[2J\\u000d\\u000athing a=1 b=2\n")
  }

  @Test("an overlong field is cut and marked")
  func overlong() {
    let lines = Lines()
    lines.logger(.json).info("m", metadata: ["f": "\(String(repeating: "x", count: 10_000))"])
    #expect(lines.text.utf8.count < 4400)
    #expect(lines.text.contains("x…\""))
  }

  @Test("below its level nothing is written")
  func level() {
    let lines = Lines()
    lines.logger(.json, level: .error).warning("quiet")
    #expect(lines.text.isEmpty)
  }

  @Test("times before 1970 are printed too")
  func early() {
    #expect(LogLine.timestamp(Instant(microseconds: -1)) == "1969-12-31T23:59:59.999Z")
  }
}
