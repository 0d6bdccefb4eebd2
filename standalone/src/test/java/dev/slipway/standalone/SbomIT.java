package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each executable jar says what it is made of, and is made of that. */
@NullMarked
class SbomIT {
  private static final String SBOM = "META-INF/sbom/application.cdx.json";
  private static final String LIBRARIES = "BOOT-INF/lib/";

  /** What the packaging itself puts in. */
  private static final String TOOLS = "spring-boot-jarmode-tools-";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "build-queue-service",
        "build-worker",
        "heartbeat-reaper",
        "replication-checker",
        "deploy-service",
        "regional-agent",
        "machine-agent"
      })
  void the_sbom_lists_every_library_of_the_jar_with_its_digest(String module) throws Exception {
    var path = Path.of(System.getProperty("slipway.exec-jar", "%1$s").formatted(module));
    try (var jar = new ZipFile(path.toFile())) {
      var sbom = JsonMapper.shared().readTree(read(jar, SBOM));
      assertThat(sbom.path("bomFormat").asString()).isEqualTo("CycloneDX");
      assertThat(sbom.path("metadata").path("component").path("name").asString())
          .isEqualTo("slipway-" + module);
      assertThat(listed(sbom)).containsAllEntriesOf(contained(jar));
    }
  }

  /** Digests by file name; our own jars are listed before they are there to be digested. */
  private static Map<String, String> contained(ZipFile jar) throws IOException {
    var found = new TreeMap<String, String>();
    for (var entry : jar.stream().filter(e -> e.getName().endsWith(".jar")).toList()) {
      var name = entry.getName().substring(LIBRARIES.length());
      if (!name.startsWith(TOOLS)) {
        found.put(name, Sha256.of(read(jar, entry.getName())).value());
      }
    }
    assertThat(found).hasSizeGreaterThan(10);
    return found;
  }

  private static Map<String, String> listed(JsonNode sbom) {
    var listed = new TreeMap<String, String>();
    for (var component : sbom.path("components")) {
      var purl = component.path("purl").asString();
      var classifier = purl.replaceFirst(".*[?&]classifier=([^&]*).*|.*", "$1");
      var name = component.path("name").asString() + "-" + component.path("version").asString();
      listed.put(name + (classifier.isEmpty() ? "" : "-" + classifier) + ".jar", sha256(component));
    }
    return listed;
  }

  private static String sha256(JsonNode component) {
    for (var hash : component.path("hashes")) {
      if ("SHA-256".equals(hash.path("alg").asString())) {
        return hash.path("content").asString();
      }
    }
    return "";
  }

  private static byte[] read(ZipFile jar, String name) throws IOException {
    var entry = jar.getEntry(name);
    assertThat(entry).as(name).isNotNull();
    try (var in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
