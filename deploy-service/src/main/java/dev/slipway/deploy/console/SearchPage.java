package dev.slipway.deploy.console;

import dev.slipway.common.problem.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Search over apps, builds, deployments and machines. */
@Controller
class SearchPage {
  private static final int LONGEST = 100;
  private static final int MOST = 20;
  private static final Pattern NUMBER = Pattern.compile("#?([0-9]{1,18})");

  /** Fewer digits of a commit name too many. */
  private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{4,64}");

  private final SearchStore store;

  SearchPage(SearchStore store) {
    this.store = store;
  }

  /**
   * What is called so.
   *
   * @param q a name or a part of one, a number, with # or without, or the first four or more digits
   *     of a commit; at most 100 characters
   */
  @GetMapping("/search")
  String search(@RequestParam(defaultValue = "") String q, Model model) {
    InvalidInput.unless(
        q.length() <= LONGEST && q.indexOf('\0') < 0,
        "q",
        "must be at most " + LONGEST + " characters, none of them NUL");
    var query = q.strip();
    model.addAttribute("query", query);
    model.addAttribute("apps", query.isEmpty() ? List.of() : store.apps(query, MOST));
    model.addAttribute("machines", query.isEmpty() ? List.of() : store.machines(query, MOST));
    var number = numberIn(query);
    model.addAttribute("builds", builds(query, number));
    model.addAttribute("deployments", number > 0 ? store.deployment(number) : List.of());
    return "console/search";
  }

  private List<SearchStore.Build> builds(String query, long number) {
    var builds = new ArrayList<SearchStore.Build>();
    if (number > 0) {
      builds.addAll(store.build(number));
    }
    if (COMMIT.matcher(query).matches()) {
      builds.addAll(store.builds(query.toLowerCase(Locale.ROOT), MOST));
    }
    return builds;
  }

  /** Zero where it is none. */
  private static long numberIn(String query) {
    var number = NUMBER.matcher(query);
    return number.matches() ? Long.parseLong(number.group(1)) : 0;
  }
}
