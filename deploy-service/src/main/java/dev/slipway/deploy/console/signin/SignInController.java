package dev.slipway.deploy.console.signin;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where people say who they are. */
@Controller
class SignInController {
  /** Why somebody is back here; none of it tells who is known. */
  private static final Map<String, String> REASONS =
      Map.of(
          "token",
          "This token opens no console. It may be mistyped, expired or revoked, or belong to a worker or a region.",
          "password",
          "The name or the password is wrong.",
          "changed",
          "Your password is changed. Sign in with it.",
          "busy",
          "Too many people sign in just now, or the database is away. Try again in a moment.",
          "wait",
          "Too many attempts for this name or from this address. Try again in a quarter of an hour.",
          "denied",
          "You are signed in there, but nobody has given you a role here. Ask an administrator.",
          "failed",
          "The sign-in did not come to its end. Try again.",
          "away",
          "The sign-in service does not answer. Try again in a moment, or use a token.");

  private final @Nullable SingleSignOn sso;

  SignInController(ObjectProvider<SingleSignOn> sso) {
    this.sso = sso.getIfAvailable();
  }

  /**
   * The sign-in page.
   *
   * @param why one of {@link #REASONS}; none for who comes for the first time
   */
  @GetMapping("/login")
  String login(@RequestParam(defaultValue = "") String why, Model model) {
    model.addAttribute("why", REASONS.get(why));
    model.addAttribute("sso", sso != null);
    return "console/login";
  }

  /** Goes to the issuer, if it is there. */
  @GetMapping("/login/sso")
  String issuer() {
    return sso != null && sso.isThere()
        ? "redirect:" + SingleSignOn.START
        : "redirect:/login?why=away";
  }
}
