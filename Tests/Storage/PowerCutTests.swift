import Foundation
import TestProgram
import Testing

/// Drives `powercut/cycles`; a few cycles here, any number by hand.
@Suite(.serialized) struct PowerCutTests {
  private func cycles(_ arguments: [String]) async throws {
    let driver = StorageWriter.repository + "/Tests/Storage/powercut/cycles"
    let ended = try await Program.run(driver, ["--writer", try StorageWriter.locate()] + arguments)
    print(ended.output)
    #expect(ended.status == 0 || ended.status == 77, "\(ended.errors)")
    if ended.status == 77 { print("SKIPPED \(arguments[0]): \(ended.errors)") }
  }

  @Test func `a writer killed at random moments loses nothing it acknowledged`() async throws {
    try await cycles(["kill", "--cycles", "4"])
  }

  @Test func `a power cut loses nothing that was acknowledged`() async throws {
    try await cycles(["cut", "--cycles", "3"])
  }

  @Test func `the control without FULL loses, which shows that the power is really cut`() async throws {
    try await cycles(["control", "--cycles", "6"])
  }
}
