package dev.slipway.deploy.console.signin;

import dev.slipway.common.access.Caller;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.person.PersonChanges;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** Who one is here, and one's own password. */
@Controller
class AccountPage {
  private final PersonChanges people;
  private final AttemptLimit limit;

  AccountPage(PersonChanges people, AttemptLimit limit) {
    this.people = people;
    this.limit = limit;
  }

  @GetMapping("/account")
  String account(@AuthenticationPrincipal Caller caller, Model model) {
    model.addAttribute("hasPassword", people.hasPassword(caller.name()));
    return "console/account";
  }

  /**
   * Changes the password. The session was opened with the one before and so ends.
   *
   * @param current guesses at it are limited as those at the sign-in are
   */
  @PostMapping("/account/password")
  @ResponseBody
  void change(
      @RequestParam String current,
      @RequestParam String next,
      @AuthenticationPrincipal Caller caller,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (!limit.admits(caller.name(), request.getRemoteAddr())) {
      throw new Problem(429, "too-many-attempts", "try again in a quarter of an hour");
    }
    people.changeOwn(caller.name(), current, next);
    limit.succeeded(caller.name(), request.getRemoteAddr());
    response.setHeader("HX-Redirect", "/login?why=changed");
  }
}
