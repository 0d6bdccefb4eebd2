package dev.slipway.deploy.console.settings;

import dev.slipway.common.app.AppName;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The apps that somebody is bound to, as a field of a form has them. */
final class AppNames {
  private AppNames() {}

  /**
   * Names separated by blanks or commas.
   *
   * @return none when there is none: all apps
   */
  static @Nullable Set<AppName> of(String text) {
    var names =
        Arrays.stream(text.split("[\\s,]+", -1))
            .filter(name -> !name.isEmpty())
            .map(AppName::new)
            .collect(Collectors.toUnmodifiableSet());
    return names.isEmpty() ? null : names;
  }
}
