package dev.slipway.common.swarm;

import org.libtorrent4j.TorrentHandle;
import org.libtorrent4j.Vectors;
import org.libtorrent4j.swig.byte_vector;

/** How a torrent in the engine gets its certificate: for the handshakes from then on. */
final class Tls {
  /** ffdhe2048 of RFC 7919: the engine asks for a group, though its handshakes use X25519. */
  private static final String GROUP =
      """
      -----BEGIN DH PARAMETERS-----
      MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
      +8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
      87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
      YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
      7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
      ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
      -----END DH PARAMETERS-----
      """;

  private Tls() {}

  static void show(TorrentHandle handle, Credential credential) {
    handle
        .swig()
        .set_ssl_certificate_buffer_ex(
            pem(credential.certificate()), pem(credential.privateKey()), pem(GROUP));
  }

  private static byte_vector pem(String text) {
    return Vectors.bytes2byte_vector(BencodeReader.ascii(text));
  }
}
