#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The file by which scripts and tests learn that a process is ready, and on which ports:
/// `{"pid":123,"service":"fund","ports":{"admin":7303,"grpc":7203,"plain":7103}}`.
struct ReadyFile {
  let path: String

  /// Written beside its place and renamed, so that a reader sees all of it or nothing.
  func write(service: String, ports: [String: Int]) throws(ServiceHostError) {
    let list = ports.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    let text = "{\"pid\":\(getpid()),\"service\":\"\(service)\",\"ports\":{\(list)}}\n"
    let temporary = "\(path).\(getpid()).tmp"
    guard let file = fopen(temporary, "w") else { throw failed("create", temporary) }
    let written = fputs(text, file)
    guard fclose(file) == 0, written >= 0, rename(temporary, path) == 0 else {
      unlink(temporary)
      throw failed("write", path)
    }
  }

  func remove() { unlink(path) }

  private func failed(_ what: String, _ path: String) -> ServiceHostError {
    ServiceHostError(.configuration, "ready-file: cannot \(what) \(path): \(String(cString: strerror(errno)))")
  }
}
