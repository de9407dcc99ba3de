import Foundation
import Kernel
import Logging
import Storage

// Writes commands to a store and logs each acknowledgement, for drivers that kill it or cut its power.
//
//   huirong-storage-writer write STORE LOG [--normal] [--callers N] [--count N]   write until killed or N are acknowledged
//   huirong-storage-writer verify STORE LOG [NANOSECONDS]                        compare the store with the log
//
// A command is one row, one event and one stored outcome. LOG is appended with one line per acknowledged command after
// the acknowledgement, its id and the time by the monotonic clock, and belongs on a filesystem whose power is not cut.
// What was logged later than NANOSECONDS is counted apart: when the power was already going, an acknowledgement would
// not have left the machine.

let arguments = Array(CommandLine.arguments.dropFirst())
do {
  switch arguments.first {
  case "write" where arguments.count >= 3: try await Writer(arguments).run()
  case "verify" where arguments.count >= 3:
    try await Verifier(store: arguments[1], log: arguments[2], until: arguments.dropFirst(3).first).run()
  default:
    FileHandle.standardError.write(
      Data("usage: write STORE LOG [--normal] [--callers N] [--count N] | verify STORE LOG [NANOSECONDS]\n".utf8))
    exit(64)
  }
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
