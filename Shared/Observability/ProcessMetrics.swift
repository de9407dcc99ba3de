internal import Kernel

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The standard `process_…` metrics, read from the kernel when the page is rendered. Linux only; elsewhere they are left
/// out.
package enum ProcessMetrics {
  package static func register(on metrics: Metrics) {
    metrics.reading("process_resident_memory_bytes", "Resident memory.") {
      status("VmRSS:").map { $0 * 1024 }
    }
    metrics.reading("process_threads", "Threads.") { status("Threads:") }
    metrics.reading("process_open_fds", "Open file descriptors.") { openFileDescriptors() }
    metrics.reading("process_max_fds", "Open file descriptors allowed.") {
      let limit = sysconf(Int32(_SC_OPEN_MAX))
      return limit < 0 ? nil : Double(limit)
    }
    metrics.reading("process_cpu_seconds_total", "User and system time.", isCounter: true) {
      var usage = timespec()
      guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &usage) == 0 else { return nil }
      return Double(usage.tv_sec) + Double(usage.tv_nsec) / 1e9
    }
    let start = Double(SystemClock.now().microseconds) / 1e6
    metrics.reading("process_start_time_seconds", "Start of the process, seconds since 1970.") { start }
  }

  /// Resident memory in bytes; `nil` where /proc is not there.
  package static var residentBytes: Int? { status("VmRSS:").map { Int($0) * 1024 } }

  private static func status(_ field: String) -> Double? {
    guard let text = read("/proc/self/status") else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix(field) {
      return line.dropFirst(field.count).split(whereSeparator: { $0 == " " || $0 == "\t" }).first.flatMap { Double($0) }
    }
    return nil
  }

  private static func openFileDescriptors() -> Double? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // ".", ".." and the descriptor that reads the directory.
    return Double(max(0, count - 3))
  }

  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = bytes.withUnsafeMutableBytes { readBytes(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  private static func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, buffer, count)
    #elseif canImport(Musl)
      Musl.read(descriptor, buffer, count)
    #else
      Darwin.read(descriptor, buffer, count)
    #endif
  }
}
