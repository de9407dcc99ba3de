import Foundation

// Measures the store against itself without its main ideas, in one run, alternating, and prints one line of JSON per
// measurement. docs/benchmarks.md, section Storage, tells what the numbers mean.
//
//   huirong-storage-bench [--directory DIR] [--writes N] [--rounds N] [--only NAME]
//
// DIR lies on the disk to measure (default: the working directory); a folder in it is made and removed.

do {
  let options = try Options(CommandLine.arguments.dropFirst())
  try await Benchmarks(options).run()
} catch {
  FileHandle.standardError.write(Data("huirong-storage-bench: \(error)\n".utf8))
  exit(1)
}
