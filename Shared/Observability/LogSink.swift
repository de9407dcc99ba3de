internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Where log lines go.
package enum LogSink {
  private static let lock = Mutex(())

  /// Whole lines to standard error, never interleaved. A closed or full pipe loses lines rather than stopping the
  /// process.
  package static let standardError: @Sendable (String) -> Void = { line in
    var line = line
    lock.withLock { _ in
      line.withUTF8 { bytes in
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
          let written = write(STDERR_FILENO, rest.baseAddress, rest.count)
          if written < 0, errno == EINTR { continue }
          if written <= 0 { return }
          rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
      }
    }
  }
}
