package dev.slipway.common.recipe;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads lists of labels: of the workers that may build, and of the machines that are meant. */
final class LabelKeys {
  private static final int MOST = 6;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");

  private LabelKeys() {}

  static List<String> read(YamlValue value) {
    var labels = new TreeSet<String>();
    for (var item : value.list(MOST)) {
      var label = item.scalar(1000);
      if (!LABEL.matcher(label).matches()) {
        throw item.refused(
            "must be 1 to 40 lower-case letters, digits, '.', '-' and '_', with a letter or digit first");
      }
      if (!labels.add(label)) {
        throw item.refused("is there twice");
      }
    }
    return List.copyOf(labels);
  }
}
