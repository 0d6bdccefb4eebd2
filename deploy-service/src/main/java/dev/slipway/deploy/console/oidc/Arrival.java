package dev.slipway.deploy.console.oidc;

import dev.slipway.deploy.console.signin.Proof;
import dev.slipway.deploy.console.signin.SignIns;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.savedrequest.CookieRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.web.util.HtmlUtils;

/** Somebody comes back from the issuer: with what it says of them, or without. */
final class Arrival implements AuthenticationSuccessHandler, AuthenticationFailureHandler {
  private static final Logger log = LoggerFactory.getLogger(Arrival.class);

  private final RequestCache askedFor = new CookieRequestCache();
  private final HttpSessionSecurityContextRepository sessions =
      new HttpSessionSecurityContextRepository();
  private final Grants grants;
  private final SignIns signIns;

  Arrival(Grants grants, SignIns signIns) {
    this.grants = grants;
    this.signIns = signIns;
  }

  /** What the issuer said is not kept: only who it is, and what they may do here. */
  @Override
  public void onAuthenticationSuccess(
      HttpServletRequest request, HttpServletResponse response, Authentication vouched)
      throws IOException {
    if (!(vouched.getPrincipal() instanceof OidcUser user)) {
      throw new IllegalStateException("not by OpenID Connect");
    }
    var caller = grants.callerOf(user.getClaims()).orElseThrow();
    var context = SecurityContextHolder.createEmptyContext();
    // until the session has lasted long enough: the issuer is not asked again
    context.setAuthentication(Proof.signedIn(caller, () -> true));
    SecurityContextHolder.setContext(context);
    sessions.saveContext(context, request, response);
    signIns.count(true);
    goOn(request, response);
  }

  /**
   * By a page and not by a redirect: the session's cookie is not sent along with what another site
   * began.
   */
  private void goOn(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var saved = askedFor.getRequest(request, response);
    askedFor.removeRequest(request, response);
    response.setContentType(MediaType.TEXT_HTML_VALUE);
    var path = HtmlUtils.htmlEscape(saved == null ? "/" : pathOf(saved.getRedirectUrl()));
    response
        .getWriter()
        .write(
            """
            <!DOCTYPE html><html lang="en"><head><title>Signed in</title><meta http-equiv="refresh" content="0;url=%1$s"></head>
            <body><p><a href="%1$s">Go on</a></p></body></html>
            """
                .formatted(path));
  }

  /** Of this console, whatever host it names. */
  private static String pathOf(String address) {
    var uri = URI.create(address);
    var path = uri.getRawPath() == null ? "/" : uri.getRawPath().replaceFirst("^/*", "/");
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  @Override
  public void onAuthenticationFailure(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException refused)
      throws IOException {
    signIns.count(false);
    var code =
        refused instanceof OAuth2AuthenticationException known
            ? known.getError().getErrorCode()
            : "";
    log.warn("A sign-in by OpenID Connect came to nothing: {}", code, refused);
    response.sendRedirect("/login?why=" + (code.equals(OidcSignIn.NO_ROLE) ? "denied" : "failed"));
  }
}
