package dev.slipway.deploy.console.oidc;

import dev.slipway.deploy.console.signin.SingleSignOn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the issuer says of itself, asked when somebody first signs in by it: while it is away the
 * service starts, and tokens open the console.
 */
final class Issuer implements ClientRegistrationRepository {
  /** What this client calls the issuer in its addresses. */
  static final String ID = "sso";

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int LARGEST = 1_000_000;

  private final OidcProperties properties;
  private final HttpClient http;
  private volatile @Nullable ClientRegistration known;

  Issuer(OidcProperties properties) {
    this.properties = properties;
    this.http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  }

  /**
   * The issuer, if that is the id.
   *
   * @throws UncheckedIOException when it cannot be reached, or is not who it should be
   */
  @Override
  public @Nullable ClientRegistration findByRegistrationId(String id) {
    if (!id.equals(ID)) {
      return null;
    }
    var found = known;
    if (found == null) {
      try {
        found = discover();
      } catch (IOException away) {
        throw new UncheckedIOException(away);
      }
      known = found;
    }
    return found;
  }

  private ClientRegistration discover() throws IOException {
    var said = ask(URI.create(properties.issuer() + "/.well-known/openid-configuration"));
    if (!said.path("issuer").asString("").equals(properties.issuer().toString())) {
      throw new IOException("the issuer calls itself " + said.path("issuer"));
    }
    var secretFile = properties.clientSecretFile();
    return ClientRegistration.withRegistrationId(ID)
        .clientId(properties.clientId())
        .clientSecret(secretFile == null ? "" : Files.readString(secretFile).strip())
        .clientAuthenticationMethod(method(said))
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        .redirectUri("{baseUrl}" + SingleSignOn.RETURN)
        .scope(scopes())
        .issuerUri(properties.issuer().toString())
        .authorizationUri(address(said, "authorization_endpoint"))
        .tokenUri(address(said, "token_endpoint"))
        .jwkSetUri(address(said, "jwks_uri"))
        .build();
  }

  private List<String> scopes() {
    var scopes = new ArrayList<>(List.of("openid"));
    scopes.addAll(properties.scopes());
    return scopes;
  }

  private ClientAuthenticationMethod method(JsonNode said) {
    if (properties.clientSecretFile() == null) {
      return ClientAuthenticationMethod.NONE;
    }
    var methods = said.path("token_endpoint_auth_methods_supported");
    return methods.isMissingNode() || methods.toString().contains("\"client_secret_basic\"")
        ? ClientAuthenticationMethod.CLIENT_SECRET_BASIC
        : ClientAuthenticationMethod.CLIENT_SECRET_POST;
  }

  private static String address(JsonNode said, String key) throws IOException {
    var address = said.path(key).asString("");
    if (!address.startsWith("http")) {
      throw new IOException("the issuer does not say its " + key);
    }
    return address;
  }

  private JsonNode ask(URI address) throws IOException {
    var request = HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
    try {
      var answer = http.send(request, BodyHandlers.ofInputStream());
      try (var body = answer.body()) {
        if (answer.statusCode() != 200) {
          throw new IOException(address + " answered " + answer.statusCode());
        }
        return JsonMapper.shared().readTree(body.readNBytes(LARGEST));
      }
    } catch (JacksonException notJson) {
      throw new IOException(address + " did not answer with JSON", notJson);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while asking " + address, stopped);
    }
  }
}
