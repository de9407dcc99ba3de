import EvaluationDomain
import Foundation
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func sealExport(
    request: ServerRequest<Huirong_Evaluation_V1_SealExportRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ExportSeal> {
    try await edge.command(request, context) { (seal: ExportSeal) in
      Huirong_Evaluation_V1_ExportSeal(seal)
    } _: { message, command in
      let id = try ResourceName.id(of: message.name, in: "runs")
      let format = try ExportSeal.Format(message.format)
      let run = try await visibleRun(id, to: command.caller)
      try run.requireSealable()
      let bytes = try RunExport(run: run, evaluation: try await recomputed.evaluation(of: id), format: format).bytes()
      let seal = ExportSeal(
        run: run, format: format, sha256: signer.sha256(bytes), size: bytes.count, signature: try signer.sign(bytes),
        publicKey: signer.publicKey)
      return try await commands.sealExport(seal, envelope: command.envelope, encode: command.encode)
    }
  }
}

extension ExportSeal.Format {
  init(_ proto: Huirong_Evaluation_V1_ExportFormat) throws(DomainError) {
    switch try Require.value(proto, "format") {
    case .csv: self = .csv
    case .json: self = .json
    case .html: self = .html
    default: self = .jsonLines
    }
  }

  var proto: Huirong_Evaluation_V1_ExportFormat {
    switch self {
    case .csv: .csv
    case .json: .json
    case .html: .html
    case .jsonLines: .jsonLines
    }
  }
}

extension Huirong_Evaluation_V1_ExportSeal {
  init(_ seal: ExportSeal) {
    self.init()
    run = "runs/\(seal.runID)"
    format = seal.format.proto
    sha256 = Data(Hexadecimal.bytes(seal.sha256))
    size = Int64(seal.size)
    digest = Data(Hexadecimal.bytes(seal.digest))
    resultDigest = Data(Hexadecimal.bytes(seal.resultDigest))
    sequence = seal.sequence
    signature = Data(seal.signature)
    publicKey = Data(seal.publicKey)
    publicKeyPem = Self.pem(seal.publicKey)
  }

  /// RFC 8410: the algorithm's fixed prefix and the 32 bytes of the key.
  private static func pem(_ key: [UInt8]) -> String {
    let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    return "-----BEGIN PUBLIC KEY-----\n\(Data(prefix + key).base64EncodedString())\n-----END PUBLIC KEY-----\n"
  }
}
