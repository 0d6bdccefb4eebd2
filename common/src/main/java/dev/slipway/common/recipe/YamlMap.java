package dev.slipway.common.recipe;

import dev.slipway.common.problem.InvalidInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** A map of the file. Each key is there once; {@link #only} refuses those that nobody knows. */
record YamlMap(YamlValue self, Map<String, YamlValue> keys, Map<String, YamlValue> values) {
  /** A longer key is cut in messages. */
  private static final int SHOWN = 60;

  static YamlMap of(YamlValue self, MappingNode node) {
    var keys = new LinkedHashMap<String, YamlValue>();
    var values = new LinkedHashMap<String, YamlValue>();
    for (var entry : node.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode name)) {
        throw new YamlValue(self.file(), self.key(), entry.getKeyNode())
            .refused("must have plain words as keys");
      }
      var path = self.key().isEmpty() ? shown(name) : self.key() + "." + shown(name);
      var key = new YamlValue(self.file(), path, name);
      if (keys.putIfAbsent(name.getValue(), key) != null) {
        throw key.refused("is there twice");
      }
      values.put(name.getValue(), new YamlValue(self.file(), path, entry.getValueNode()));
    }
    return new YamlMap(self, keys, values);
  }

  private static String shown(ScalarNode name) {
    var text = name.getValue().replaceAll("\\p{Cntrl}", "?");
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  /** Refuses keys other than these. */
  YamlMap only(List<String> known) {
    for (var entry : keys.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw entry.getValue().refused("is not a known key; known are " + String.join(", ", known));
      }
    }
    return this;
  }

  Optional<YamlValue> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  YamlValue required(String key) {
    return get(key).orElseThrow(() -> missing(key));
  }

  private InvalidInput missing(String key) {
    var path = self.key().isEmpty() ? key : self.key() + "." + key;
    return new YamlValue(self.file(), path, self.node()).refused("is missing");
  }
}
