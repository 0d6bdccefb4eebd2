package dev.slipway.standalone;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/**
 * One executable jar as a process of its own, set up by a properties file as an operator would, or
 * by its environment as in a container.
 */
@NullMarked
public final class ServiceProcess {
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
  private static final Map<String, Path> PROGRAMS = new ConcurrentHashMap<>();
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
    var arguments = option.stream().map(word -> word.replace("FILE", file.toString())).toList();
    var environment = new HashMap<>(System.getenv());
    environment.put("JAVA_HOME", JAVA_HOME.toString());
    environment.put("LOGGING_STRUCTURED_FORMAT_CONSOLE", "logstash");
    environment.merge(
        "PATH",
        JAVA_HOME.resolve("bin").toString(),
        (path, jdk) -> jdk + File.pathSeparator + path);
    return start(
        module, name, folder, List.of("-Xmx128m", "-XX:+UseSerialGC"), arguments, environment);
  }

  /**
   * Starts a module's jar with nothing but this.
   *
   * @param folder where it works, and what it prints is kept, below {@code logs}
   * @param options of the JVM, beside one that has it compile less
   * @param environment all of it
   */
  public static ServiceProcess start(
      String module,
      String name,
      Path folder,
      List<String> options,
      List<String> arguments,
      Map<String, String> environment)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(JAVA_HOME.resolve("bin/java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.add("-jar");
    command.add(PROGRAMS.computeIfAbsent(module, ServiceProcess::program).toString());
    command.addAll(arguments);
    var log = Files.createDirectories(folder.resolve("logs")).resolve(name + ".log");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new ServiceProcess(name, log, builder.start());
  }

  /** Where a module's jar can be started: as it is, or taken apart, where it is one of Spring's. */
  private static Path program(String module) {
    try {
      var jar =
          Path.of(System.getProperty("slipway.exec-jar", "%1$s").formatted(module)).toRealPath();
      return module.equals("machine-agent") ? jar : apart(module, jar);
    } catch (IOException e) {
      throw new UncheckedIOException(module + " is not built", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** As the images do it: with half the work at each start. */
  private static Path apart(String module, Path jar) throws IOException, InterruptedException {
    var folder = Path.of("target", "apart", module).toAbsolutePath();
    Shell.run(
        Path.of("."),
        JAVA_HOME.resolve("bin/java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Djarmode=tools",
        "-jar",
        jar.toString(),
        "extract",
        "--force",
        "--application-filename",
        "app.jar",
        "--destination",
        folder.toString());
    return folder.resolve("app.jar");
  }

  /** Waits until its readiness probe says so. */
  void awaitReady(URI base) throws IOException, InterruptedException {
    awaitOk(base.resolve("/actuator/health/readiness"));
  }

  /** Waits until an address of it answers 200. */
  public void awaitOk(URI address) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build();
    try (var http = HttpClient.newHttpClient()) {
      await("200 at " + address, () -> isOk(http, request));
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
  public void awaitSuccess() throws IOException, InterruptedException {
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
  public void kill() throws InterruptedException {
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
  public void askToEnd() {
    process.destroy();
  }

  /** Waits for its end after it was asked; one that does not end is killed. */
  public boolean awaitEnd(Duration within) throws InterruptedException {
    var ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    kill();
    return ended;
  }

  /** Of one that has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public String toString() {
    return name;
  }
}
