internal import Observability
internal import PlainRPC

/// Connections and bytes of the plain wire as metrics; calls are counted by the edge.
struct PlainMetrics: PlainServerObserver {
  private let open: Gauge
  private let accepted: Counter
  private let received: Counter
  private let sent: Counter
  private let metrics: Metrics

  init(on metrics: Metrics) {
    self.metrics = metrics
    open = metrics.gauge("huirong_plain_connections", "Connections of the plain wire now.")
    accepted = metrics.counter("huirong_plain_connections_total", "Connections of the plain wire accepted.")
    let help = "Bytes on the plain wire."
    received = metrics.counter("huirong_plain_bytes_total", help, labels: [("direction", "received")])
    sent = metrics.counter("huirong_plain_bytes_total", help, labels: [("direction", "sent")])
  }

  func connectionOpened() {
    open.add(1)
    accepted.increment()
  }

  func connectionClosed() { open.add(-1) }

  func connectionFailed(reason: String) {
    metrics.counter(
      "huirong_plain_connection_faults_total", "Connections ended for a breach of the wire's rules.",
      labels: [("reason", reason)]
    ).increment()
  }

  func bytesTransferred(received: Int, sent: Int) {
    self.received.increment(by: Int64(received))
    self.sent.increment(by: Int64(sent))
  }
}
