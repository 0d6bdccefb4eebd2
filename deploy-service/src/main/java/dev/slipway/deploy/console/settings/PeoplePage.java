package dev.slipway.deploy.console.settings;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import dev.slipway.deploy.console.Page;
import dev.slipway.deploy.person.PersonChanges;
import dev.slipway.deploy.person.PersonName;
import dev.slipway.deploy.person.PersonWish;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** People who sign in with a password: administrators let them in, change them, take them out. */
@Controller
class PeoplePage {
  private static final int MOST = 200;

  private final PersonChanges people;

  PeoplePage(PersonChanges people) {
    this.people = people;
  }

  /**
   * A page of people by name.
   *
   * @param after the last name of the page before
   */
  @GetMapping("/settings/people")
  String list(
      @RequestParam(defaultValue = "") String after, Model model, HttpServletRequest request) {
    var page = people.page(after, MOST);
    model.addAttribute("people", page);
    model.addAttribute("after", after);
    model.addAttribute("next", page.size() < MOST ? null : page.getLast().name());
    return Page.of("console/people", request);
  }

  /**
   * Lets somebody in, or changes them.
   *
   * @param apps of a DEPLOYER who is bound to some, separated by blanks or commas; empty: all
   * @param password empty: the one that they have stays
   */
  @PostMapping("/settings/people")
  String put(
      @RequestParam String name,
      @RequestParam Role role,
      @RequestParam(defaultValue = "") String apps,
      @RequestParam(defaultValue = "") String password,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    var person = new PersonName(name.strip());
    var wish = new PersonWish(role, AppNames.of(apps), password.isEmpty() ? null : password);
    var created = people.put(person, wish, caller.name());
    return Page.done(
        created
            ? person + " can sign in now."
            : person + " is changed. Sessions that were open have ended.",
        model,
        response);
  }

  @PostMapping("/settings/people/{name}/remove")
  String remove(
      @PathVariable PersonName name,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    people.remove(name, caller.name());
    return Page.done(name + " cannot sign in any more.", model, response);
  }
}
