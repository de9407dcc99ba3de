import Foundation
import Synchronization

/// One line of progress on standard error: redrawn on a terminal, begun and finished only on a pipe.
final class ProgressBar: Sendable {
  private struct State {
    var done = 0
    var drawnAt = ContinuousClock.now
  }

  private let title: String
  private let total: Int
  private let started = ContinuousClock.now
  private let state = Mutex(State())
  private static let isTerminal = isatty(STDERR_FILENO) == 1
  private static let width = 28
  private static let redrawInterval = Duration.milliseconds(80)

  init(_ title: String, total: Int) {
    self.title = title
    self.total = max(total, 1)
    if Self.isTerminal { draw(0, final: false) }
  }

  func advance(by count: Int = 1) {
    let drawn: Int? = state.withLock { state in
      state.done += count
      guard Self.isTerminal, ContinuousClock.now - state.drawnAt > Self.redrawInterval else { return nil }
      state.drawnAt = .now
      return state.done
    }
    if let drawn { draw(drawn, final: false) }
  }

  /// Ends the line, with a remark such as "20 000 loans".
  func finish(_ remark: String = "") {
    draw(total, final: true, remark: remark)
  }

  private func draw(_ done: Int, final: Bool, remark: String = "") {
    let filled = min(Self.width, done * Self.width / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    let elapsed = (ContinuousClock.now - started).components
    let seconds = "\(elapsed.seconds).\(elapsed.attoseconds / 100_000_000_000_000_000) s"
    let name = title.padding(toLength: 34, withPad: " ", startingAt: 0)
    let line = final ? "  \(name) \(bar) \(seconds)  \(remark)\n" : "  \(name) \(bar) \(done * 100 / total) %"
    FileHandle.standardError.write(Data(((Self.isTerminal ? "\r\u{1B}[K" : "") + line).utf8))
  }
}
