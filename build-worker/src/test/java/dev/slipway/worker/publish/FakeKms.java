package dev.slipway.worker.publish;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.artifact.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.json.JsonMapper;

/** Cloud KMS as its REST reference describes {@code asymmetricSign}, with one Ed25519 key. */
@NullMarked
final class FakeKms implements AutoCloseable {
  static final String KEY =
      "projects/shop/locations/europe/keyRings/slipway/cryptoKeys/provenance/cryptoKeyVersions/1";
  static final String TOKEN = "ya29.test";

  final SigningKey.PemPair pair = SigningKey.generate();
  final AtomicInteger calls = new AtomicInteger();

  /** Statuses that it answers next, instead of signing. */
  final ConcurrentLinkedQueue<Integer> failures = new ConcurrentLinkedQueue<>();

  volatile boolean damaged;
  private final HttpServer server;

  FakeKms() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      calls.incrementAndGet();
      var request = exchange.getRequestBody().readAllBytes();
      var failure = failures.poll();
      var status = failure == null ? check(exchange) : failure;
      var body = status == 200 ? signed(request) : Map.of("error", Map.of("code", status));
      var bytes = JsonMapper.shared().writeValueAsBytes(body);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static int check(HttpExchange exchange) {
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      return 401;
    }
    var isRight =
        "POST".equals(exchange.getRequestMethod())
            && ("/v1/" + KEY + ":asymmetricSign").equals(exchange.getRequestURI().getPath());
    return isRight ? 200 : 404;
  }

  private Map<String, Object> signed(byte[] request) {
    var json = JsonMapper.shared().readTree(request);
    var data = Base64.getDecoder().decode(json.required("data").asString());
    var made = sign(data);
    return Map.of(
        "signature",
        Base64.getEncoder().encodeToString(made),
        "signatureCrc32c",
        damaged ? "1" : crc(made),
        "verifiedDataCrc32c",
        json.required("dataCrc32c").asString().equals(crc(data)),
        "protectionLevel",
        "HSM",
        "name",
        KEY);
  }

  private byte[] sign(byte[] data) {
    try {
      var signer = Signature.getInstance("Ed25519");
      signer.initSign(key());
      signer.update(data);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private PrivateKey key() throws GeneralSecurityException {
    var base64 = pair.privateKey().replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance("Ed25519")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  private static String crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return Long.toString(crc.getValue());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
