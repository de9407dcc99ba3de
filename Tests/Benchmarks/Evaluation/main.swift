import Crypto
import EvaluationDomain
import Foundation
import Kernel

// huirong-evaluation-bench INSTITUTIONS MONTHS ROUNDS: one line of JSON.
// Recomputes a run of 40 indicators from the columns that the service keeps: gathers what the run reads, freezes and
// hashes it, scores, ranks, and records for every score the value, the facts behind it and the places among peers.

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard arguments.count == 3, arguments[0] > 0, arguments[1] > 0, arguments[1] % 12 == 0, arguments[2] > 0 else {
  FileHandle.standardError.write(Data("usage: huirong-evaluation-bench INSTITUTIONS MONTHS ROUNDS\n".utf8))
  exit(64)
}

@Sendable func hash(_ bytes: [UInt8]) -> String {
  SHA256.hash(data: bytes).map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined()
}

func milliseconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) * 1000 + Double(duration.components.attoseconds) / 1e15
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("\(message)\n".utf8))
  exit(1)
}

let book = try BenchBook(institutions: arguments[0], months: arguments[1])
let caller = Caller(organisation: "bench", role: .operator, regionPrefix: "", subject: "bench")
let clock = ContinuousClock()
var whole: [Double] = []
var parts: [String: [Double]] = [:]
var digests: Set<String> = []
var latest: FrozenRun?
for _ in 0..<arguments[2] {
  latest = nil
  let begun = clock.now
  let input = try book.input()
  let run = try await FrozenRun.compute(input, creator: caller, now: Instant(microseconds: 0), hash: hash)
  whole.append(milliseconds(clock.now - begun))
  digests.insert(run.run.digest)
  latest = run
}
guard let latest, digests.count == 1 else { fail("one book, \(digests.count) digests") }

// Each part by itself, one after another.
for _ in 0..<arguments[2] {
  func timed<R>(_ name: String, _ body: () throws -> R) rethrows -> R {
    let begun = clock.now
    let result = try body()
    parts[name, default: []].append(milliseconds(clock.now - begun))
    return result
  }
  let input = try timed("gather_ms") { try book.input() }
  let frozen = timed("freeze_ms") { input.frozenBytes(schemeDigest: hash(Array(book.scheme.canonicalText.utf8))) }
  let digest = timed("digest_ms") { hash(frozen) }
  let evaluation = try timed("score_ms") { try ScoringEngine.evaluate(input) }
  let result = timed("result_ms") { hash(evaluation.canonicalBytes) }
  guard digest == latest.run.digest, result == latest.run.resultDigest else { fail("the parts differ from the whole") }
}

// The explanations must lead back to the facts, and a cent must show.
let begun = clock.now
var lines = 0
for row in latest.evaluation.tables[0].rows {
  let explanation = try latest.evaluation.explain(row.institutionID)
  for node in explanation.nodes {
    for input in node.inputs { lines += input.sources.count }
  }
}
let rendered = milliseconds(clock.now - begun)
let sums = book.indicators.filter { $0.aggregation == .sum }.count
let expected = arguments[0] * (sums * arguments[1] + (book.indicators.count - sums))
guard lines == expected else { fail("\(lines) facts in the explanations, not \(expected)") }
let read = try RunInput(frozenBytes: latest.inputs, scheme: book.scheme) { id in book.indicators.first { $0.id == id } }
guard try ScoringEngine.evaluate(read).canonicalBytes == latest.evaluation.canonicalBytes else {
  fail("the frozen inputs read back to another result")
}
var changed = book
changed.series["bench.i1"] = changed.series["bench.i1"]?.applying([
  IndicatorSeries.Change(owner: 0, period: try Period("2019-01").packed, value: 1, version: 2)
])
let other = try await FrozenRun.compute(
  try changed.input(), creator: caller, now: Instant(microseconds: 0), hash: hash)
guard other.run.digest != latest.run.digest else { fail("a change left the digest as it was") }

var report: [String: Any] = [
  "ms": median(whole), "facts": latest.run.inputCount, "scores": arguments[0] * book.indicators.count,
  "frozen_bytes": latest.inputs.count, "result_digest": latest.run.resultDigest, "rendered_ms": rendered,
  "rounds": arguments[2],
]
for (name, values) in parts { report[name] = median(values) }
FileHandle.standardOutput.write(try JSONSerialization.data(withJSONObject: report, options: [.sortedKeys]))
FileHandle.standardOutput.write(Data("\n".utf8))
