import Foundation

/// One round: how fast, and how long each call took.
struct Measurement {
  var count: Int
  var seconds: Double
  /// Microseconds per call, sorted.
  var latencies: [Int]
  var extra: [(String, Double)] = []

  var rate: Double { Double(count) / seconds }

  func percentile(_ percent: Double) -> Int {
    if latencies.isEmpty { return 0 }
    return latencies[min(latencies.count - 1, Int(Double(latencies.count) * percent / 100))]
  }

  /// The round with the middle rate.
  static func median(_ rounds: [Measurement]) -> Measurement {
    rounds.sorted { $0.rate < $1.rate }[rounds.count / 2]
  }
}

/// One line of JSON, keys in a fixed order.
struct Line {
  private var parts: [String] = []

  init(_ name: String, _ own: Measurement, peer: String, _ other: Measurement) {
    add("bench", name)
    add("value", own.rate)
    parts.append("\"unit\":\"1/s\"")
    add("peer", peer)
    add("peer_value", other.rate)
    add("ratio", own.rate / other.rate)
    add("n", Double(own.count))
    add("p50_us", Double(own.percentile(50)))
    add("p99_us", Double(own.percentile(99)))
    add("max_us", Double(own.latencies.last ?? 0))
    add("peer_p50_us", Double(other.percentile(50)))
    add("peer_p99_us", Double(other.percentile(99)))
    for (key, value) in own.extra { add(key, value) }
    for (key, value) in other.extra { add("peer_\(key)", value) }
  }

  mutating func add(_ key: String, _ text: String) { parts.append("\"\(key)\":\"\(text)\"") }

  mutating func add(_ key: String, _ number: Double) {
    let text = number == number.rounded() ? "\(Int64(number))" : String(format: "%.2f", number)
    parts.append("\"\(key)\":\(text)")
  }

  func print() { Swift.print("{\(parts.joined(separator: ","))}") }
}

enum Stopwatch {
  static func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
