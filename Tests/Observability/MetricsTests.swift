import Testing

@testable import Observability

@Suite("Metrics")
struct MetricsTests {
  @Test("the page is Prometheus text format 0.0.4, in alphabetical order")
  func page() {
    let metrics = Metrics()
    metrics.counter("b_total", "Things \\ done\nhere.", labels: [("method", "a\"b\\c\nd"), ("code", "OK")]).increment(
      by: 3)
    metrics.gauge("a", "Now.").set(-2)
    metrics.reading("c_ratio", "A share.") { 0.25 }
    metrics.reading("d_absent", "Not there.") { nil }
    let histogram = metrics.histogram(
      "e_seconds", "Times.", labels: [("x", "1")],
      buckets: HistogramBuckets(bounds: [1_000_000, 2_000_000], divisor: 1e9))
    for value: Int64 in [1_000_000, 1_000_001, 3_000_000] { histogram.record(value) }
    #expect(
      metrics.render() == """
        # HELP a Now.
        # TYPE a gauge
        a -2
        # HELP b_total Things \\\\ done\\nhere.
        # TYPE b_total counter
        b_total{method="a\\"b\\\\c\\nd",code="OK"} 3
        # HELP c_ratio A share.
        # TYPE c_ratio gauge
        c_ratio 0.25
        # HELP d_absent Not there.
        # TYPE d_absent gauge
        # HELP e_seconds Times.
        # TYPE e_seconds histogram
        e_seconds_bucket{x="1",le="0.001"} 1
        e_seconds_bucket{x="1",le="0.002"} 2
        e_seconds_bucket{x="1",le="+Inf"} 3
        e_seconds_sum{x="1"} 0.005000001
        e_seconds_count{x="1"} 3

        """)
  }

  @Test("the same name and labels give the same handle")
  func sameHandle() {
    let metrics = Metrics()
    metrics.counter("n_total", "N.", labels: [("a", "1")]).increment()
    metrics.counter("n_total", "N.", labels: [("a", "1")]).increment()
    #expect(metrics.counter("n_total", "N.", labels: [("a", "1")]).value == 2)
  }

  @Test("series beyond the bound share one that says so")
  func boundedSeries() {
    let metrics = Metrics()
    for index in 0..<(Metrics.maximumSeriesPerMetric + 10) {
      metrics.counter("n_total", "N.", labels: [("id", "\(index)")]).increment()
    }
    let lines = metrics.render().split(separator: "\n")
    #expect(lines.count == 2 + Metrics.maximumSeriesPerMetric + 1)
    #expect(lines.contains("n_total{overflow=\"true\"} 10"))
  }

  @Test("recording from many tasks loses nothing")
  func concurrent() async {
    let metrics = Metrics()
    let (counter, histogram) = (metrics.counter("n_total", "N."), metrics.histogram("h", "H.", buckets: .powersOfTwo))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for value in 0..<10_000 {
            counter.increment()
            histogram.record(Int64(value))
          }
        }
      }
    }
    #expect(counter.value == 80_000)
    #expect(histogram.count == 80_000)
  }

  @Test("a Linux process reports its memory, descriptors, threads and processor time")
  func process() throws {
    let metrics = Metrics()
    ProcessMetrics.register(on: metrics)
    let page = metrics.render()
    #if os(Linux)
      for name in [
        "process_resident_memory_bytes", "process_open_fds", "process_threads", "process_cpu_seconds_total",
        "process_start_time_seconds", "process_max_fds",
      ] {
        let line = try #require(page.split(separator: "\n").first { $0.hasPrefix(name + " ") })
        #expect(try #require(Double(line.dropFirst(name.count + 1))) > 0, "\(line)")
      }
    #endif
  }
}
