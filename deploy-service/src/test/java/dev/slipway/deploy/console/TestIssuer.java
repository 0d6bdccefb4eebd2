package dev.slipway.deploy.console;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.access.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * An OpenID Connect issuer on a port of this host: discovery, keys, authorization code with PKCE.
 * Whoever comes is the person of the test, signed in already. It can be told to lie.
 */
@NullMarked
public final class TestIssuer implements AutoCloseable {
  public static final String CLIENT = "slipway";
  public static final String SECRET = "the client's secret, of the issuer for tests";

  private final HttpServer server;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private volatile ECKey key = newKey();

  /** What the next ID token says, before it is signed. */
  public volatile UnaryOperator<JWTClaimsSet.Builder> claims = UnaryOperator.identity();

  /** Signs with a key that it does not publish. */
  public volatile boolean forges;

  /** Does not sign at all. */
  public volatile boolean unsigned;

  /** What it calls itself, where it lies about it. */
  public volatile String name = "";

  public TestIssuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/.well-known/openid-configuration", this::discovery);
    server.createContext("/keys", this::keys);
    server.createContext("/authorize", this::authorize);
    server.createContext("/token", this::token);
    server.start();
  }

  /** Its address, which is its name unless it lies. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Signs with another key from now on. */
  public void rotate() {
    key = newKey();
  }

  private static ECKey newKey() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(Secrets.random()).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private void discovery(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        200,
        """
        {"issuer":"%1$s","authorization_endpoint":"%2$s/authorize","token_endpoint":"%2$s/token","jwks_uri":"%2$s/keys"}
        """
            .formatted(name.isEmpty() ? address() : name, address()));
  }

  private void keys(HttpExchange exchange) throws IOException {
    answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString());
  }

  private void authorize(HttpExchange exchange) throws IOException {
    var asked = parameters(exchange.getRequestURI().getRawQuery());
    var complete =
        CLIENT.equals(asked.get("client_id"))
            && "code".equals(asked.get("response_type"))
            && "S256".equals(asked.get("code_challenge_method"))
            && asked.getOrDefault("scope", "").contains("openid")
            && asked.keySet().containsAll(List.of("state", "nonce", "code_challenge"));
    if (!complete) {
      answer(exchange, 400, "{\"error\":\"invalid_request\"}");
      return;
    }
    var code = Secrets.random();
    codes.put(code, asked);
    exchange
        .getResponseHeaders()
        .set(
            "Location",
            asked.get("redirect_uri") + "?code=" + code + "&state=" + asked.get("state"));
    answer(exchange, 302, "");
  }

  private void token(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var sent = parameters(body);
    var asked = codes.remove(sent.getOrDefault("code", ""));
    if (asked == null || !isTheClient(exchange) || !fits(asked, sent)) {
      answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
      return;
    }
    answer(
        exchange,
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":300,\"id_token\":\"%s\"}"
            .formatted(Secrets.random(), idToken(asked.getOrDefault("nonce", ""))));
  }

  private static boolean fits(Map<String, String> asked, Map<String, String> sent) {
    return asked.getOrDefault("redirect_uri", "none").equals(sent.getOrDefault("redirect_uri", ""))
        && asked
            .getOrDefault("code_challenge", "none")
            .equals(challenge(sent.getOrDefault("code_verifier", "")));
  }

  private static boolean isTheClient(HttpExchange exchange) {
    var header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.startsWith("Basic ")) {
      return false;
    }
    var pair =
        new String(
            Base64.getDecoder().decode(header.substring("Basic ".length())),
            StandardCharsets.UTF_8);
    return Arrays.stream(pair.split(":", -1))
        .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
        .toList()
        .equals(List.of(CLIENT, SECRET));
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String idToken(String nonce) {
    var now = Instant.now();
    var said =
        claims
            .apply(
                new JWTClaimsSet.Builder()
                    .issuer(address())
                    .audience(CLIENT)
                    .subject("1234")
                    .claim("nonce", nonce)
                    .issueTime(Date.from(now))
                    .expirationTime(Date.from(now.plusSeconds(300))))
            .build();
    try {
      if (unsigned) {
        return new PlainJWT(said).serialize();
      }
      var signer = forges ? new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate() : key;
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(signer.getKeyID()).build(), said);
      token.sign(new ECDSASigner(signer));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> parameters(String form) {
    return Arrays.stream(form.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(
            Collectors.toMap(
                pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
