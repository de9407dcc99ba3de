/// The command line: the same words as cpp-grpc-bench.
struct Options {
  enum Role: String { case server, client }
  /// `plain` is PlainRPC; `grpc` is grpc-swift-2 over HTTP/2.
  enum Wire: String { case plain, grpc }
  enum Mode: String { case unary, stream }
  /// Where the callers' tasks run: on the connection's event loop, or on the global pool.
  enum Callers: String { case loop, pool }

  struct Usage: Error, CustomStringConvertible {
    let problem: String
    var description: String {
      """
      \(problem)
      usage: huirong-bench server --wire plain|grpc
             huirong-bench client --wire plain|grpc --target HOST:PORT [--in-flight N] [--seconds S] [--payload BYTES]
                                  [--mode unary|stream] [--callers loop|pool]
      """
    }
  }

  var role: Role
  var wire = Wire.plain
  var mode = Mode.unary
  var callers = Callers.loop
  var host = "127.0.0.1"
  var port = 0
  var inFlight = 1
  var seconds = 2.0
  var payload = 64

  init(_ arguments: [String]) throws(Usage) {
    guard let first = arguments.first, let role = Role(rawValue: first) else {
      throw Usage(problem: "say server or client")
    }
    self.role = role
    var rest = arguments.dropFirst()
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Usage(problem: "\(name) needs a value") }
      try set(name, value)
    }
  }

  private mutating func set(_ name: String, _ value: String) throws(Usage) {
    switch name {
    case "--wire": wire = try Self.parse(name, value, Wire.init)
    case "--mode": mode = try Self.parse(name, value, Mode.init)
    case "--callers": callers = try Self.parse(name, value, Callers.init)
    case "--in-flight": inFlight = try Self.parse(name, value) { Int($0) }
    case "--seconds": seconds = try Self.parse(name, value) { Double($0) }
    case "--payload": payload = try Self.parse(name, value) { Int($0) }
    case "--target":
      let parts = value.split(separator: ":")
      guard parts.count == 2, let port = Int(parts[1]) else { throw Usage(problem: "--target is HOST:PORT") }
      host = String(parts[0])
      self.port = port
    default: throw Usage(problem: "unknown option \(name)")
    }
  }

  private static func parse<T>(_ name: String, _ value: String, _ make: (String) -> T?) throws(Usage) -> T {
    guard let parsed = make(value) else { throw Usage(problem: "\(name): \"\(value)\" is not valid") }
    return parsed
  }
}
