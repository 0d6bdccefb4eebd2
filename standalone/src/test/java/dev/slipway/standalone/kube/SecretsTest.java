package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Secrets that manifests name are those that the document says how to make. */
class SecretsTest {
  private static final Path DOCUMENT = View.FOLDER.resolveSibling("docs/operations.md");

  /** Made by hand, one command each: these are to be found in the document. */
  private static final Pattern MADE =
      Pattern.compile("kubectl (?:-n \\S+ )?create secret (?:generic|tls) (\\S+)((?: .*)?)");

  private static final Pattern KEY =
      Pattern.compile("--(?:from-(?:literal|file)=([^=\\s]+)|(cert|key)=)");

  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void secrets_and_their_keys_are_in_the_document(View view) {
    var made = made();
    assertThat(made).isNotEmpty();
    for (var workload : view.workloads().toList()) {
      for (var variable :
          workload.containers().flatMap(c -> Manifest.each(c.path("env"))).toList()) {
        var secret = variable.at("/valueFrom/secretKeyRef");
        if (!secret.isMissingNode()) {
          assertThat(made.getOrDefault(secret.path("name").asString(), Set.of()))
              .as(secret.toString())
              .contains(secret.path("key").asString());
        }
      }
      var mounts = mounts(workload);
      for (var volume : workload.pod().path("volumes")) {
        if (volume.has("secret")) {
          assertThat(made).containsKey(volume.at("/secret/secretName").asString());
        }
      }
      for (var container : workload.ours().toList()) {
        var files = Stream.concat(Settings.of(view, container).files(), configured(view, workload));
        for (var file : files.map(Path::of).toList()) {
          var secret = mounts.get(String.valueOf(file.getParent()));
          assertThat(secret).as(file + " is mounted in " + workload).isNotNull();
          assertThat(made.getOrDefault(secret, Set.of()))
              .as("keys of " + secret)
              .contains(String.valueOf(file.getFileName()));
        }
      }
    }
    for (var ingress : view.ofKind("Ingress").toList()) {
      ingress
          .spec()
          .path("tls")
          .forEach(tls -> assertThat(made).containsKey(tls.path("secretName").asString()));
    }
    for (var trigger : view.ofKind("TriggerAuthentication").toList()) {
      for (var secret : trigger.spec().path("secretTargetRef")) {
        assertThat(made.getOrDefault(secret.path("name").asString(), Set.of()))
            .contains(secret.path("key").asString());
      }
    }
  }

  /** The files that the settings of a machine name, which are in a file themselves. */
  private static Stream<String> configured(View view, Manifest workload) {
    return workload.isMachine()
        ? view.ofKind("ConfigMap")
            .map(map -> map.json().at("/data/machine.properties").asString(""))
            .flatMap(String::lines)
            .map(line -> line.replaceFirst("^[^=]*=", ""))
            .filter(value -> value.startsWith("/etc/slipway/"))
        : Stream.empty();
  }

  private static Map<String, String> mounts(Manifest workload) {
    var secrets = new HashMap<String, String>();
    workload
        .pod()
        .path("volumes")
        .forEach(volume ->
            secrets.put(
                volume.path("name").asString(), volume.at("/secret/secretName").asString("")));
    var mounts = new HashMap<String, String>();
    workload
        .containers()
        .flatMap(container -> Manifest.each(container.path("volumeMounts")))
        .forEach(mount ->
            mounts.put(
                mount.path("mountPath").asString(),
                secrets.getOrDefault(mount.path("name").asString(), "")));
    return mounts;
  }

  /** The secrets that the document says how to make, with their keys. */
  private static Map<String, Set<String>> made() {
    var made = new HashMap<String, Set<String>>();
    var text = View.read(DOCUMENT).replaceAll("\\\\\n\\s*", "");
    var secrets = MADE.matcher(text);
    while (secrets.find()) {
      var keys = made.computeIfAbsent(secrets.group(1), name -> new TreeSet<>());
      var each = KEY.matcher(secrets.group(2));
      while (each.find()) {
        keys.add(each.group(1) != null ? each.group(1) : "tls." + each.group(2));
      }
    }
    return made;
  }
}
