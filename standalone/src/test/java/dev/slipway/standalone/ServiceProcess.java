package dev.slipway.standalone;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** One executable jar as a process of its own, set up by a properties file as an operator would. */
@NullMarked
final class ServiceProcess {
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
  private static final Duration READY_WITHIN = Duration.ofMinutes(5);

  private final String name;
  private final Path log;
  private final Process process;

  private ServiceProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a module's jar.
   *
   * @param folder holds its settings and, below {@code logs}, what it prints
   * @param option says before the file's address where settings are, as {@code --config}
   */
  static ServiceProcess start(
      String module, String name, Path folder, List<String> option, Map<String, String> settings)
      throws IOException {
    var file = folder.resolve(name + ".properties");
    var properties = new Properties();
    properties.putAll(settings);
    try (var out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    var command =
        new ArrayList<>(
            List.of(
                JAVA_HOME.resolve("bin/java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar(module).toString()));
    for (var word : option) {
      command.add(word.replace("FILE", file.toString()));
    }
    var log = Files.createDirectories(folder.resolve("logs")).resolve(name + ".log");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("JAVA_HOME", JAVA_HOME.toString());
    builder.environment().put("LOGGING_STRUCTURED_FORMAT_CONSOLE", "logstash");
    builder
        .environment()
        .merge(
            "PATH",
            JAVA_HOME.resolve("bin").toString(),
            (path, jdk) -> jdk + File.pathSeparator + path);
    return new ServiceProcess(name, log, builder.start());
  }

  private static Path jar(String module) throws IOException {
    var jar =
        Path.of(System.getProperty("slipway.exec-jar", "%1$s").formatted(module)).toRealPath();
    if (!Files.isRegularFile(jar)) {
      throw new IOException(jar + " is not built");
    }
    return jar;
  }

  /** Waits until its readiness probe says so. */
  void awaitReady(URI base) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(base.resolve("/actuator/health/readiness"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      await("readiness at " + base, () -> isOk(http, request));
    }
  }

  private static boolean isOk(HttpClient http, HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Waits for its end, which must be a good one. */
  void awaitSuccess() throws IOException, InterruptedException {
    if (!process.waitFor(READY_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        || process.exitValue() != 0) {
      throw new IOException(name + " did not end well: " + printed());
    }
  }

  /** Waits until it has printed something. */
  void awaitPrinted(String text) throws IOException, InterruptedException {
    await("the words \"" + text + "\"", () -> printed().contains(text));
  }

  /** All that it has printed. */
  String printed() throws IOException {
    return Files.readString(log);
  }

  /** What may be so. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private void await(String what, Condition condition) throws IOException, InterruptedException {
    Wait.until(
        what + " of " + name + ", which logs to " + log,
        READY_WITHIN,
        () -> {
          var holds = condition.holds();
          if (!holds && !process.isAlive()) {
            throw new IOException(
                "%s ended with exit code %d, its log is %s:%n%s"
                    .formatted(name, process.exitValue(), log, printed()));
          }
          return holds ? true : null;
        });
  }

  /** Ends it without a warning, as a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Lets it do nothing until it is thawed. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on. */
  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Shell.run(Path.of("."), "kill", "-s", signal, String.valueOf(process.pid()));
  }

  /** Asks it to end. */
  void askToEnd() {
    process.destroy();
  }

  /** Waits for its end after it was asked; one that does not end is killed. */
  boolean awaitEnd(Duration within) throws InterruptedException {
    var ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    kill();
    return ended;
  }

  @Override
  public String toString() {
    return name;
  }
}
