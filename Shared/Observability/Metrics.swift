import Atomics
import Synchronization

/// Label names and values of one series, in the order in which they print.
package typealias MetricLabels = [(name: String, value: String)]

/// The metrics of one process. A handle is looked up once and kept; recording into it is one or two atomic additions and
/// builds no string. `render()` writes Prometheus text format 0.0.4.
package final class Metrics: Sendable {
  /// Series that one metric may have. A label whose values come from outside would otherwise grow without bound; what
  /// exceeds it is counted in one series labelled `overflow="true"`.
  package static let maximumSeriesPerMetric = 1024

  /// What a metric is, as `# TYPE` prints it.
  enum Kind: String { case counter, gauge, histogram }

  /// Guarded by the lock around `families`; a class, so that adding a series copies nothing.
  private final class Family {
    let kind: Kind
    let help: String
    var series: [String: Series] = [:]

    init(_ kind: Kind, _ help: String) {
      self.kind = kind
      self.help = help
    }
  }

  private struct Families: ~Copyable {
    var byName: [String: Family] = [:]
  }

  enum Series {
    case counter(Counter)
    case gauge(Gauge)
    case reading(@Sendable () -> Double?)
    case histogram(Histogram)
  }

  private let families = Mutex(Families())

  package init() {}

  /// A number that only grows. The same name and labels give the same handle.
  package func counter(_ name: String, _ help: String, labels: MetricLabels = []) -> Counter {
    let series = register(name, .counter, help, labels) { .counter(Counter()) }
    if case .counter(let counter) = series { return counter }
    return Counter()
  }

  /// A number that goes up and down.
  package func gauge(_ name: String, _ help: String, labels: MetricLabels = []) -> Gauge {
    let series = register(name, .gauge, help, labels) { .gauge(Gauge()) }
    if case .gauge(let gauge) = series { return gauge }
    return Gauge()
  }

  /// A number read when the page is rendered; `nil` leaves it out. The first reading registered for a series stays.
  package func reading(
    _ name: String, _ help: String, labels: MetricLabels = [], isCounter: Bool = false,
    _ read: @escaping @Sendable () -> Double?
  ) {
    _ = register(name, isCounter ? .counter : .gauge, help, labels) { .reading(read) }
  }

  /// A distribution over fixed buckets.
  package func histogram(
    _ name: String, _ help: String, labels: MetricLabels = [], buckets: HistogramBuckets = .latency
  ) -> Histogram {
    let series = register(name, .histogram, help, labels) { .histogram(Histogram(buckets)) }
    if case .histogram(let histogram) = series { return histogram }
    return Histogram(buckets)
  }

  private func register(
    _ name: String, _ kind: Kind, _ help: String, _ labels: MetricLabels, _ make: () -> Series
  ) -> Series {
    let key = Self.render(labels)
    return families.withLock { families in
      let family = families.byName[name] ?? Family(kind, help)
      families.byName[name] = family
      // One name has one kind; a second kind under it is a fault of the program that would make the page unreadable.
      precondition(family.kind == kind, "metric \(name) is a \(family.kind.rawValue)")
      if let existing = family.series[key] { return existing }
      let bounded = family.series.count < Self.maximumSeriesPerMetric ? key : "overflow=\"true\""
      let series = family.series[bounded] ?? make()
      family.series[bounded] = series
      return series
    }
  }

  private static func render(_ labels: MetricLabels) -> String {
    labels.map { "\($0.name)=\"\(escape($0.value))\"" }.joined(separator: ",")
  }

  /// Prometheus text format 0.0.4, metrics and series in alphabetical order.
  package func render() -> String {
    typealias Snapshot = (name: String, kind: Kind, help: String, series: [String: Series])
    let snapshot = families.withLock { families in
      families.byName.map { name, family -> Snapshot in (name, family.kind, family.help, family.series) }
    }
    var text = ""
    for family in snapshot.sorted(by: { $0.name < $1.name }) {
      let name = family.name
      text += "# HELP \(name) \(Self.escapeHelp(family.help))\n# TYPE \(name) \(family.kind.rawValue)\n"
      for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
        let suffix = labels.isEmpty ? "" : "{\(labels)}"
        switch series {
        case .counter(let counter): text += "\(name)\(suffix) \(counter.value)\n"
        case .gauge(let gauge): text += "\(name)\(suffix) \(gauge.value)\n"
        case .reading(let read): if let value = read() { text += "\(name)\(suffix) \(Self.format(value))\n" }
        case .histogram(let histogram): histogram.render(name: name, labels: labels, into: &text)
        }
      }
    }
    return text
  }

  static func format(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return "\(value)"
  }

  private static func escape(_ value: String) -> String {
    var escaped = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  private static func escapeHelp(_ help: String) -> String {
    help.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
      .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
  }
}

/// A number that only grows.
package final class Counter: Sendable {
  private let count = ManagedAtomic<Int64>(0)

  init() {}

  package func increment(by amount: Int64 = 1) { count.wrappingIncrement(by: amount, ordering: .relaxed) }
  package var value: Int64 { count.load(ordering: .relaxed) }
}

/// A number that goes up and down.
package final class Gauge: Sendable {
  private let current = ManagedAtomic<Int64>(0)

  init() {}

  package func set(_ value: Int64) { current.store(value, ordering: .relaxed) }
  package func add(_ amount: Int64) { current.wrappingIncrement(by: amount, ordering: .relaxed) }
  package var value: Int64 { current.load(ordering: .relaxed) }
}
