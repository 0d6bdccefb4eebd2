package dev.slipway.common.recipe;

import dev.slipway.common.problem.InvalidInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One value of the file, which knows where it stands, so that a refusal names file, line and key.
 */
record YamlValue(String file, String key, Node node) {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smh])");
  private static final Pattern SHARE = Pattern.compile("([0-9]{1,3})%");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,15})?");
  private static final Set<Tag> SCALARS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP);

  InvalidInput refused(String limit) {
    var line = node.getStartMark().getLine() + 1;
    return new InvalidInput(file + ":" + line + ": " + (key.isEmpty() ? "the file" : key), limit);
  }

  YamlMap map() {
    if (node instanceof MappingNode map && map.getTag().equals(Tag.MAP)) {
      return YamlMap.of(this, map);
    }
    throw refused("must be a map of keys and values");
  }

  /** The items of a list of at most {@code most}. */
  List<YamlValue> list(int most) {
    if (!(node instanceof SequenceNode list) || !list.getTag().equals(Tag.SEQ)) {
      throw refused("must be a list");
    }
    if (list.getValue().size() > most) {
      throw refused("must have at most " + most + " items");
    }
    var items = new ArrayList<YamlValue>();
    for (var item : list.getValue()) {
      items.add(new YamlValue(file, key + "[" + items.size() + "]", item));
    }
    return items;
  }

  /** A text that is not taken for a number or a truth value. */
  String text(int most) {
    var text = scalar(most);
    if (!node.getTag().equals(Tag.STR)) {
      throw refused("must be text; put it in quotes");
    }
    if (text.isBlank()) {
      throw refused("must not be empty");
    }
    return text;
  }

  /** Any single value, as it is written. */
  String scalar(int most) {
    if (!(node instanceof ScalarNode scalar) || !SCALARS.contains(node.getTag())) {
      throw refused("must be a single value");
    }
    var text = scalar.getValue();
    if (text.length() > most) {
      throw refused("must be at most " + most + " characters");
    }
    if (text.indexOf('\0') >= 0) {
      throw refused("must not hold a NUL character");
    }
    if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      throw refused("must not hold half of a character");
    }
    return text;
  }

  boolean truth() {
    return switch (scalar(10)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused("must be true or false");
    };
  }

  /** A duration as 90s, 30m or 1h. */
  Duration duration(Duration least, Duration most) {
    var match = DURATION.matcher(scalar(100));
    if (!match.matches()) {
      throw refused("must be a duration as 90s, 30m or 1h");
    }
    var number = Long.parseLong(match.group(1));
    var duration =
        switch (match.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        };
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw refused("must be " + Times.written(least) + " to " + Times.written(most));
    }
    return duration;
  }

  /** A whole number from 0 on. */
  int count(int most) {
    var text = scalar(100);
    if (!COUNT.matcher(text).matches() || Integer.parseInt(text) > most) {
      throw refused("must be a whole number, 0 to " + most);
    }
    return Integer.parseInt(text);
  }

  /** A number with or without decimals. */
  double number() {
    var text = scalar(100);
    if (!NUMBER.matcher(text).matches()) {
      throw refused("must be a number as 0.05");
    }
    return Double.parseDouble(text);
  }

  /** A share of machines in percent. */
  int share(int least) {
    var match = SHARE.matcher(scalar(100));
    if (!match.matches()) {
      throw refused("must be a percentage as 10%");
    }
    var share = Integer.parseInt(match.group(1));
    if (share < least || share > 100) {
      throw refused("must be " + least + "% to 100%");
    }
    return share;
  }
}
