package dev.slipway.deploy.console;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where people show their token. */
@Controller
class SignInController {
  /**
   * The sign-in page.
   *
   * @param wrong there after a token that nobody has
   */
  @GetMapping("/login")
  String login(@RequestParam(required = false) @Nullable String wrong, Model model) {
    model.addAttribute("wrong", wrong != null);
    return "console/login";
  }
}
