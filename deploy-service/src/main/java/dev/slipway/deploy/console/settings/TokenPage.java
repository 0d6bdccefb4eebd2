package dev.slipway.deploy.console.settings;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.console.Page;
import dev.slipway.deploy.token.IssuedTokens;
import dev.slipway.deploy.token.TokenWish;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Tokens: administrators give them out, rotate them and take them back. */
@Controller
class TokenPage {
  private static final int MOST = 200;
  private static final Duration OVERLAP = Duration.ofHours(1);

  private final IssuedTokens tokens;

  TokenPage(IssuedTokens tokens) {
    this.tokens = tokens;
  }

  /**
   * A page of tokens, oldest first.
   *
   * @param after the last id of the page before
   */
  @GetMapping("/settings/tokens")
  String list(
      @RequestParam(defaultValue = "0") long after, Model model, HttpServletRequest request) {
    var page = tokens.page(after, MOST);
    model.addAttribute("tokens", page);
    model.addAttribute("after", after);
    model.addAttribute("next", page.size() < MOST ? null : page.getLast().id());
    return Page.of("console/tokens", request);
  }

  /**
   * Makes a token and shows its secret, this once.
   *
   * @param scope the region of a REGION token; empty for others
   * @param apps of a DEPLOYER that is bound to some, separated by blanks or commas; empty: all
   * @param validDays empty: what is usual for the role
   */
  @PostMapping("/settings/tokens")
  String make(
      @RequestParam String name,
      @RequestParam Role role,
      @RequestParam(defaultValue = "") String scope,
      @RequestParam(defaultValue = "") String apps,
      @RequestParam(required = false) @Nullable Integer validDays,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    var wish =
        new TokenWish(
            name.strip(),
            role,
            scope.isBlank() ? null : new RegionName(scope.strip()),
            AppNames.of(apps),
            validDays);
    return show(tokens.make(wish, caller.name()), model, response);
  }

  /** Gives a token another secret, which is shown this once; the one before is good for an hour. */
  @PostMapping("/settings/tokens/{id}/rotate")
  String rotate(
      @PathVariable long id,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    return show(tokens.rotate(id, OVERLAP, null, caller.name()), model, response);
  }

  @PostMapping("/settings/tokens/{id}/revoke")
  String revoke(
      @PathVariable long id,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    tokens.revoke(id, caller.name());
    return Page.done("The token is good for nothing any more.", model, response);
  }

  private static String show(IssuedTokens.Made made, Model model, HttpServletResponse response) {
    model.addAttribute("made", made);
    response.setHeader("HX-Trigger", "changed");
    return "console/token :: made";
  }
}
