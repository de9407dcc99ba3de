internal import Foundation
internal import Logging
internal import Observability
internal import Policy

#if canImport(Musl)
  internal import Musl
#endif

/// The one entry point of every process of the suite.
package enum ServiceHost {
  /// Does what the command line asks for and ends the process with a documented exit code.
  package static func run(_ definition: ServiceDefinition) async -> Never {
    // A reader that went away must not end the process.
    signal(SIGPIPE, SIG_IGN)
    let code = await run(
      definition, arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
    exit(code.rawValue)
  }

  static func run(
    _ definition: ServiceDefinition, arguments: [String], environment: [String: String]
  ) async -> ExitCode {
    do {
      switch try CommandLineRequest.parse(arguments, of: definition) {
      case .help:
        print(HelpPage.text(of: definition), terminator: "")
        return .success
      case .run(let verb, let operand, let flags, let printConfiguration):
        let configuration = try ConfigurationLoader(keys: HostKeys.table(of: definition)).load(
          arguments: flags, environment: environment, readFile: readText)
        if printConfiguration {
          print(configuration.printed, terminator: "")
          return .success
        }
        bootstrapLogging(definition, configuration)
        return try await perform(verb, operand, definition, configuration)
      }
    } catch let error as ConfigurationError {
      complain("\(definition.executable): \(error)")
      return error.exitCode
    } catch let error as ServiceHostError {
      complain("\(definition.executable): \(error)")
      return error.exitCode
    } catch {
      complain("\(definition.executable): \(error)")
      return .failure
    }
  }

  private static func perform(
    _ verb: Verb, _ operand: String?, _ definition: ServiceDefinition, _ configuration: Configuration
  ) async throws -> ExitCode {
    switch verb {
    case .serve: try await Serve(definition, configuration).run()
    case .migrate: try MigrateVerb.run(definition, configuration)
    case .check: try await CheckVerb.run(definition, configuration)
    case .backup: try await BackupVerb.run(definition, configuration, to: operand ?? "")
    }
  }

  private static func bootstrapLogging(_ definition: ServiceDefinition, _ configuration: Configuration) {
    let format = configuration.text("log-format").flatMap(LogFormat.init(rawValue:)) ?? .json
    let level = configuration.text("log-level").flatMap(Logger.Level.init(rawValue:)) ?? .info
    let service = definition.executable
    LoggingSystem.bootstrap { _ in LineLogHandler(service: service, format: format, level: level) }
  }

  private static func complain(_ line: String) { LogSink.standardError(line + "\n") }

  private static func readText(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }
}
