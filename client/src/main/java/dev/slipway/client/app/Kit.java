package dev.slipway.client.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a repository is built with, and the {@code slipway.yml} to begin with.
 *
 * @param name as people call it
 * @param files one of which is in such a repository
 */
record Kit(String name, List<String> files, String command, String artifact, String start) {
  private static final String JAR = "exec java -jar {artifact} --server.port={port}";

  private static final List<Kit> KNOWN =
      List.of(
          new Kit(
              "Maven's wrapper",
              List.of("mvnw"),
              "./mvnw -q -B package -DskipTests",
              "target/*.jar",
              JAR),
          new Kit(
              "Maven", List.of("pom.xml"), "mvn -q -B package -DskipTests", "target/*.jar", JAR),
          new Kit(
              "Gradle", List.of("gradlew"), "./gradlew --quiet bootJar", "build/libs/*.jar", JAR),
          new Kit(
              "npm",
              List.of("package.json"),
              "npm ci && npm run build",
              "dist",
              "exec node {artifact}/index.js"),
          new Kit("Go", List.of("go.mod"), "go build -o out/app .", "out/app", "exec {artifact}"),
          new Kit(
              "Cargo",
              List.of("Cargo.toml"),
              "cargo build --release --locked && mkdir -p out && find target/release -maxdepth 1 -type f -executable -exec cp {} out/app ';'",
              "out/app",
              "exec {artifact}"));

  private static final Kit ANY =
      new Kit("make", List.of("Makefile"), "make", "out", "exec {artifact}/run");

  /** What a folder looks like; make where it looks like nothing that is known. */
  static Kit of(Path folder) {
    return KNOWN.stream()
        .filter(kit -> kit.files().stream().anyMatch(file -> Files.exists(folder.resolve(file))))
        .findFirst()
        .orElse(ANY);
  }

  /** All of them. */
  static Stream<Kit> all() {
    return Stream.concat(KNOWN.stream(), Stream.of(ANY));
  }

  /** The file to begin with. */
  String recipe() {
    return """
    # Slipway's README says what every key means.
    build:
      command: %s
      artifact: %s
      timeout: 30m
    deploy:
      auto: false   # true: each commit is deployed by itself, once every region has its copy
      max-failed: 5%%
      rollback: true
    run:
      start: %s
      health: {http: "http://localhost:{port}/", within: 60s}
      stop: {signal: TERM, within: 30s}
    """
        .formatted(command, artifact, start);
  }
}
