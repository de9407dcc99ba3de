internal import Observability
internal import RPCEdge

/// What the admin listener answers.
struct AdminPages: Sendable {
  struct Page {
    let status: Int
    let contentType: String
    let body: String
  }

  let metrics: Metrics
  let health: HealthBoard
  /// Why a process that runs is not ready after all (its store is full); `nil` when nothing is wrong.
  let impediment: @Sendable () -> String?

  func page(_ method: String, _ path: String) -> Page {
    guard method == "GET" || method == "HEAD" else { return text(405, "only GET and HEAD\n") }
    switch path.prefix(while: { $0 != "?" }) {
    case "/livez": return text(200, "ok\n")
    case "/readyz":
      if !health.isServing { return text(503, "not ready: starting or draining\n") }
      if let reason = impediment() { return text(503, "not ready: \(reason)\n") }
      return text(200, "ready\n")
    case "/metrics":
      return Page(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: metrics.render())
    default: return text(404, "there are /livez, /readyz and /metrics\n")
    }
  }

  private func text(_ status: Int, _ body: String) -> Page {
    Page(status: status, contentType: "text/plain; charset=utf-8", body: body)
  }
}
