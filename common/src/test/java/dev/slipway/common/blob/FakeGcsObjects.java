package dev.slipway.common.blob;

import dev.slipway.common.blob.FakeGcsReply.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;

/** One bucket's objects, and the conditions under which they change. */
@NullMarked
final class FakeGcsObjects {
  private final String bucket;
  private final TreeMap<String, FakeGcsObject> objects = new TreeMap<>();
  private long generation = 1_700_000_000_000_000L;

  FakeGcsObjects(String bucket) {
    this.bucket = bucket;
  }

  synchronized FakeGcsObject get(String name, FakeGcsCall conditions) {
    conditions.parameter("generation").ifPresent(wanted -> find(name, wanted));
    check(name, conditions, "ifGenerationMatch");
    var object = objects.get(name);
    if (object == null) {
      throw new Refusal(404, "No such object: " + bucket + "/" + name);
    }
    return object;
  }

  synchronized FakeGcsObject put(String name, FakeGcsContent content, FakeGcsCall conditions) {
    return put(name, content, Map.of(), conditions);
  }

  synchronized FakeGcsObject put(
      String name, FakeGcsContent content, Map<String, String> metadata, FakeGcsCall conditions) {
    check(name, conditions, "ifGenerationMatch");
    var object = new FakeGcsObject(bucket, name, content, ++generation, metadata);
    objects.put(name, object);
    return object;
  }

  synchronized void delete(String name, FakeGcsCall conditions) {
    get(name, conditions);
    objects.remove(name);
  }

  /** The source of a copy has conditions of its own. */
  synchronized FakeGcsObject source(String name, FakeGcsCall conditions) {
    check(name, conditions, "ifSourceGenerationMatch");
    return Optional.ofNullable(objects.get(name))
        .orElseThrow(() -> new Refusal(404, "No such object: " + bucket + "/" + name));
  }

  /** Generation 0 stands for no object; one that is missing matches no other. */
  synchronized void check(String name, FakeGcsCall conditions, String parameter) {
    var wanted = conditions.parameter(parameter);
    if (wanted.isPresent() && Long.parseLong(wanted.get()) != generationOf(name)) {
      throw new Refusal(412, "At least one of the pre-conditions you specified did not hold.");
    }
  }

  /** From the name {@code from} on, one more than {@code limit} where there are more. */
  synchronized List<FakeGcsObject> list(String prefix, String from, int limit) {
    return objects.tailMap(from).values().stream()
        .filter(object -> object.name().startsWith(prefix))
        .limit(limit + 1L)
        .toList();
  }

  private void find(String name, String wanted) {
    if (Long.parseLong(wanted) != generationOf(name)) {
      throw new Refusal(404, "No such object: " + bucket + "/" + name + "#" + wanted);
    }
  }

  private long generationOf(String name) {
    var object = objects.get(name);
    return object == null ? 0 : object.generation();
  }
}
