internal import RPCEdge

/// docs/configuration.md, made from the key tables.
package enum ConfigurationPage {
  package static var markdown: String {
    """
    # Configuration

    Every process of the suite takes the same keys in three ways: in a YAML file, as a variable, as a flag. A flag
    overrides a variable, a variable overrides the file, the file overrides the default. A key, a variable beginning with
    `\(ConfigurationKey.environmentPrefix)` or a flag that is not in the table is an error, and so is a value of another type: one line
    on standard error names the flag, the variable or the file and line, and the process ends before it has done anything.

    ```sh
    huirong-fund serve --config fund.yaml --plain-port 0 --ready-file /run/fund.json
    HUIRONG_LOG_FORMAT=human huirong-fund serve --development
    huirong-fund serve --config fund.yaml --print-configuration   # every value and where it came from
    ```

    Verbs: `serve`, `migrate`, `check`, `backup FILE`. `--help` prints the same table as below. Variables that begin with
    \(ConfigurationLoader.foreignEnvironment.map { "`\($0)`" }.joined(separator: ", ")) belong to tests, benches and scripts and are ignored.

    ## Identity

    Callers present an API key as `authorization: Bearer <key>`; the file under `keys` holds the SHA-256 of each:

    ```yaml
    keys:
      - id: icbc-zibo-1
        sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08   # printf %s "$KEY" | sha256sum
        organisation: bank-icbc-zibo
        role: institution       # enterprise, grid_worker, institution, regulator, adviser, analyst, operator, service
        region: "3703"          # GB/T 2260 prefix; left out: everywhere
        subject: core-system
    ```

    With `development` callers say who they are: `\(CallerHeader.development): organisation=…;role=…;region=…;subject=…`. Only
    loopback addresses can be bound then, and the log warns. In both modes a caller of role `service` may act for somebody
    else with `\(CallerHeader.onBehalfOf)` in the same form; access is then decided for that caller.

    ## Readiness and stopping

    `/livez` answers as long as the process runs. `/readyz` answers 200 when the store is migrated and has taken a write and
    every listener is bound, and 503 before that, while draining, and while the store has no room. `grpc.health.v1` says the
    same on both wires. On SIGTERM or SIGINT the process says it is not ready, ends the streams that follow something for
    ever, takes no new calls, lets those in flight finish for up to `drain-seconds`, closes the store and ends with 0.

    With `ready-file` the process writes, when it is ready, `{"pid":…,"service":"fund","ports":{"admin":…,"grpc":…,"plain":…}}`
    in one piece and removes the file when it drains: with ports of 0 that is how a script learns where to call.

    ## Exit codes

    | Code | Meaning |
    |---|---|
    \(ExitCode.allCases.sorted { $0.rawValue < $1.rawValue }.map { "| \($0.rawValue) | \($0.meaning) |" }.joined(separator: "\n"))

    ## Keys

    The table shows the defaults of `huirong-fund`. The ports of the others: demand 7101 / 7201 / 7301, catalog 7102 / 7202 /
    7302, evaluation 7104 / 7204 / 7304; the gateway has no plain and no gRPC listener and its admin port is 7305. A service
    without peers has no peer keys, the gateway no store; `--help` of each shows its own, with the keys it adds.

    \(HelpPage.markdownTable(of: example))
    ### Keys of one service

    | Service | Key (flag `--key`) | Type | Default | Variable | Meaning |
    |---|---|---|---|---|---|
    \(ownKeys)

    This page is generated from the tables in `Shared/ServiceHost/Configuration`; `HUIRONG_WRITE_DOCS=1` with the ServiceHost
    tests writes it anew.

    """
  }

  /// Each service declares its own keys where it is composed. A test of the executables holds these rows to their `--help`.
  private static let ownKeys = """
    | demand | `legacy-codes` | list | — | `HUIRONG_LEGACY_CODES` | Unified social credit codes of the early pilot that are accepted although position 18 fails. |
    | catalog | `product-pages` | text | `http://127.0.0.1:8080/products/` | `HUIRONG_PRODUCT_PAGES` | Where product pages are: QR codes open this address with the product's id behind it. |
    | evaluation | `export-key` | path | — | `HUIRONG_EXPORT_KEY` | File of the Ed25519 key that signs exports, made at the first start; beside the store as `<store>.export-key` when unset. |
    | gateway | `http-address` | text | `127.0.0.1` | `HUIRONG_HTTP_ADDRESS` | Address to bind for HTTP/JSON and the console. |
    | gateway | `http-port` | integer 0…65535 | `8080` | `HUIRONG_HTTP_PORT` | Port for HTTP/JSON and the console; 0 for any free one. |
    | gateway | `reservation-days` | integer 1…365 | `30` | `HUIRONG_RESERVATION_DAYS` | Days after signature within which a guarantee must be drawn when the contract names no last day. |
    | gateway | `push-limit` | integer 1…200 | `20` | `HUIRONG_PUSH_LIMIT` | Institutions that a demand is pushed to at most. |
    | gateway | `reconcile-seconds` | integer 1…86400 | `60` | `HUIRONG_RECONCILE_SECONDS` | Seconds between two looks at every unfinished journey. |
    """

  private static let example = ServiceDefinition(
    name: "fund", summary: "", ports: .fund, migrations: [], methods: [],
    access: AccessTable(service: "", [:]), peers: Peer.allCases
  ) { _ in BuiltService() }
}
