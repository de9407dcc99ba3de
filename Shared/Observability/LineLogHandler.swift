package import Kernel
package import Logging

/// Writes one line for each event, JSON or human text, to a sink.
package struct LineLogHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?

  private let service: String
  private let format: LogFormat
  private let sink: @Sendable (String) -> Void
  private let clock: @Sendable () -> Instant

  /// - Parameter sink: receives whole lines, line feed included; `LogSink.standardError` in production.
  package init(
    service: String, format: LogFormat, level: Logger.Level, clock: @escaping @Sendable () -> Instant = SystemClock.now,
    sink: @escaping @Sendable (String) -> Void = LogSink.standardError
  ) {
    self.service = service
    self.format = format
    self.logLevel = level
    self.clock = clock
    self.sink = sink
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
    if let own = event.metadata { fields.merge(own) { _, new in new } }
    if let error = event.error { fields["error"] = "\(error)" }
    let entry = LogLine.Entry(
      time: clock(), level: event.level, service: service, message: event.message.description,
      fields: fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    sink(LogLine.render(entry, as: format))
  }
}
