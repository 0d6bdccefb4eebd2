package dev.slipway.deploy.console.oidc;

import dev.slipway.deploy.console.signin.SingleSignOn;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a browser was sent to the issuer with, kept by that browser: no session exists before
 * somebody has signed in, and the session's own cookie does not come back from another site.
 */
final class RequestCookie implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
  private static final String NAME = "SLIPWAY_SIGN_IN";
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** What is to be remembered: the attributes are the nonce and the code verifier. */
  private record Kept(
      String clientId,
      String authorizationUri,
      String redirectUri,
      String state,
      Map<String, String> attributes) {
    static Kept of(OAuth2AuthorizationRequest request) {
      var attributes = new HashMap<String, String>();
      request.getAttributes().forEach((key, value) -> attributes.put(key, String.valueOf(value)));
      return new Kept(
          request.getClientId(),
          request.getAuthorizationUri(),
          String.valueOf(request.getRedirectUri()),
          String.valueOf(request.getState()),
          attributes);
    }

    OAuth2AuthorizationRequest request() {
      return OAuth2AuthorizationRequest.authorizationCode()
          .clientId(clientId)
          .authorizationUri(authorizationUri)
          .redirectUri(redirectUri)
          .state(state)
          .scope("openid")
          .attributes(all -> all.putAll(attributes))
          .build();
    }
  }

  @Override
  public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
    var cookies = request.getCookies();
    return cookies == null
        ? null
        : Arrays.stream(cookies)
            .filter(cookie -> cookie.getName().equals(NAME))
            .findFirst()
            .map(RequestCookie::read)
            .orElse(null);
  }

  private static @Nullable OAuth2AuthorizationRequest read(Cookie cookie) {
    try {
      var kept = Base64.getUrlDecoder().decode(cookie.getValue());
      return JsonMapper.shared().readValue(kept, Kept.class).request();
    } catch (IllegalArgumentException | JacksonException notOurs) {
      return null;
    }
  }

  @Override
  public void saveAuthorizationRequest(
      @Nullable OAuth2AuthorizationRequest sent,
      HttpServletRequest request,
      HttpServletResponse response) {
    var value =
        sent == null
            ? ""
            : Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(JsonMapper.shared().writeValueAsBytes(Kept.of(sent)));
    set(value, sent == null ? Duration.ZERO : LONGEST, request, response);
  }

  @Override
  public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
      HttpServletRequest request, HttpServletResponse response) {
    var kept = loadAuthorizationRequest(request);
    set("", Duration.ZERO, request, response);
    return kept;
  }

  private static void set(
      String value, Duration age, HttpServletRequest request, HttpServletResponse response) {
    var cookie =
        ResponseCookie.from(NAME, value)
            .path(SingleSignOn.RETURN)
            .maxAge(age)
            .httpOnly(true)
            .secure(request.isSecure())
            // it has to come along from the issuer's pages
            .sameSite("Lax")
            .build();
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
  }
}
