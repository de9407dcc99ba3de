internal import GRPCCore
internal import Kernel

/// The table behind every error of the suite, as docs/errors.md shows it.
package enum ErrorCatalogue {
  /// The whole page; a test keeps docs/errors.md equal to it.
  package static var markdown: String {
    var page = """
      # Errors

      Every failed call, on PlainRPC and on gRPC alike, ends with one canonical gRPC status code and a serialised
      `google.rpc.Status` (PlainRPC: the `details` of END; gRPC: trailing metadata `grpc-status-details-bin`). It carries

      - exactly one `google.rpc.ErrorInfo`: `reason` from the table below, `domain` `\(ErrorStatus.domain)`, and metadata
        with the facts of the case, keys in lower_snake_case;
      - a `google.rpc.BadRequest` when one field of the request is to blame, with the field's path (`amount.currency_code`);
      - a `google.rpc.LocalizedMessage` in \(ErrorStatus.locale).

      The status message is English, for a developer. A reason is stable: switch on it, never on a message. The text of an
      unexpected error never leaves a process: the caller gets `INTERNAL` with an `incident` that finds it in the log.

      *Retry* says whether the same request may succeed later by itself. Commands are exactly-once under their
      `request_id`: repeating one with the same key and body is always safe.

      This page is generated from the table in `Shared/RPCEdge/Errors`; `HUIRONG_WRITE_DOCS=1` with the RPCEdge tests
      writes it anew.

      | Reason | Status | Kind | Retry | Meaning | 中文 |
      |---|---|---|---|---|---|

      """
    for reason in ErrorReason.allCases { page += row(reason) }
    return page
  }

  private static func row(_ reason: ErrorReason) -> String {
    let (kind, texts) = (reason.kind, reason.texts)
    return "| `\(reason.rawValue)` | \(StatusName.of(kind.code.rawValue)) | \(kind.rawValue) | "
      + "\(kind.isRetryable ? "yes" : "no") | \(texts.meaning) | \(texts.chinese) |\n"
  }
}
