import NIOSSL

/// Keys of a certificate authority that exists for these tests alone: one certificate for a server named localhost, one
/// for a client.
enum TestCertificates {
  static func serverConfiguration(verifyClients: Bool = false) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(try certificate(serverCertificate))],
      privateKey: .privateKey(try key(serverKey)))
    if verifyClients {
      configuration.certificateVerification = .noHostnameVerification
      configuration.trustRoots = .certificates([try certificate(authority)])
    }
    return configuration
  }

  static func clientConfiguration(presenting: Bool = false) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates([try certificate(authority)])
    if presenting {
      configuration.certificateChain = [.certificate(try certificate(clientCertificate))]
      configuration.privateKey = .privateKey(try key(clientKey))
    }
    return configuration
  }

  private static func certificate(_ pem: String) throws -> NIOSSLCertificate {
    try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem)
  }

  private static func key(_ pem: String) throws -> NIOSSLPrivateKey {
    try NIOSSLPrivateKey(bytes: Array(pem.utf8), format: .pem)
  }

  private static let authority = """
    -----BEGIN CERTIFICATE-----
    MIIBjDCCATGgAwIBAgIURwBXOvWbx+6WadYAEM/+Jk3R9LswCgYIKoZIzj0EAwIw
    GjEYMBYGA1UEAwwPSHVpcm9uZyB0ZXN0IENBMCAXDTI2MTEyMTA5MjM0NVoYDzIx
    MjYxMDI4MDkyMzQ1WjAaMRgwFgYDVQQDDA9IdWlyb25nIHRlc3QgQ0EwWTATBgcq
    hkjOPQIBBggqhkjOPQMBBwNCAAQRGIkTm9qwme77XRjlThLsUU9IKSVFK0g5m9Gl
    kj72oz8b5NDACAlwyZBOv+jV5qVCn0IxyyNkAA9rRGaVJhW9o1MwUTAdBgNVHQ4E
    FgQUFLq9QKRutf9rC3DZ2wgDLAZVMHkwHwYDVR0jBBgwFoAUFLq9QKRutf9rC3DZ
    2wgDLAZVMHkwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAtvXH
    Ago85LAH3FAv/8m4xyGIv/L2cwiDOVbye2hPCh8CIQDCeeqJe/rNF99YlOr8IOW2
    wM9fEnxG4SnHzlmBsLUxfQ==
    -----END CERTIFICATE-----
    """

  private static let serverCertificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmTCCAT6gAwIBAgIUdbitDQ3RZDfBpvaEZ8BinLCwt7MwCgYIKoZIzj0EAwIw
    GjEYMBYGA1UEAwwPSHVpcm9uZyB0ZXN0IENBMCAXDTI2MTEyMTA5MjM0NVoYDzIx
    MjYxMDI4MDkyMzQ1WjARMQ8wDQYDVQQDDAZzZXJ2ZXIwWTATBgcqhkjOPQIBBggq
    hkjOPQMBBwNCAAQRY8cf01WoS3j29YlVAsMNMgxGeC82r61rTsx5Qq7mSN2z3lpR
    LbmaO/bDHg35h5tZ/XQHHv9Bl82B6sV9xMAwo2kwZzAaBgNVHREEEzARgglsb2Nh
    bGhvc3SHBH8AAAEwCQYDVR0TBAIwADAdBgNVHQ4EFgQUENQQS8lkagL3b48CJX+M
    i+9uyCgwHwYDVR0jBBgwFoAUFLq9QKRutf9rC3DZ2wgDLAZVMHkwCgYIKoZIzj0E
    AwIDSQAwRgIhAJUQdByC5pv1RmCSZGyI8yAL5bXodFKsiE1/qY4fe2KnAiEA/VK6
    tN1p+PxSdsciRN+t9lj47yO79/+zHICiCVbGNqA=
    -----END CERTIFICATE-----
    """

  private static let serverKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrUhB0ZnnL2P/nkn0
    0TScTv3G8DNVAhR7kshHasQosGihRANCAAQRY8cf01WoS3j29YlVAsMNMgxGeC82
    r61rTsx5Qq7mSN2z3lpRLbmaO/bDHg35h5tZ/XQHHv9Bl82B6sV9xMAw
    -----END PRIVATE KEY-----
    """

  private static let clientCertificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmDCCAT6gAwIBAgIUdbitDQ3RZDfBpvaEZ8BinLCwt7QwCgYIKoZIzj0EAwIw
    GjEYMBYGA1UEAwwPSHVpcm9uZyB0ZXN0IENBMCAXDTI2MTEyMTA5MjM0NloYDzIx
    MjYxMDI4MDkyMzQ2WjARMQ8wDQYDVQQDDAZjbGllbnQwWTATBgcqhkjOPQIBBggq
    hkjOPQMBBwNCAAToedQOVbwxe5uH1iXqbIlEbjxo6n4RiW6cQNNC3pk+SpZJjE0m
    Auq/m41Zlhy+RxFR9bvJ1q6ENuAUa5Ww18dBo2kwZzAaBgNVHREEEzARgglsb2Nh
    bGhvc3SHBH8AAAEwCQYDVR0TBAIwADAdBgNVHQ4EFgQU+2nwkVDMLbwk+6uXDIGE
    avFrljkwHwYDVR0jBBgwFoAUFLq9QKRutf9rC3DZ2wgDLAZVMHkwCgYIKoZIzj0E
    AwIDSAAwRQIgbXgeHJEDcxY6iV83QcUqBlG4ZBta7o7+Wf0/169D90MCIQDqLk3D
    9CadqINPtnfD+MIAsbq7lxF2Uw1iHptcvkOHqQ==
    -----END CERTIFICATE-----
    """

  private static let clientKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEOklh+JAxcd2aIGy
    PLsRRyiNGlPUVbKGfqhfeeIt60+hRANCAAToedQOVbwxe5uH1iXqbIlEbjxo6n4R
    iW6cQNNC3pk+SpZJjE0mAuq/m41Zlhy+RxFR9bvJ1q6ENuAUa5Ww18dB
    -----END PRIVATE KEY-----
    """
}
