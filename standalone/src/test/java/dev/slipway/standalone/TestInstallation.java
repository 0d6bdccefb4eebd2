package dev.slipway.standalone;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.region.RegionName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One small installation for all tests of this JVM: started by the first that asks for it, ended
 * after the last.
 */
@NullMarked
final class TestInstallation implements AutoCloseable {
  static final RegionName EAST = new RegionName("east");
  static final RegionName WEST = new RegionName("west");
  private static final Size SIZE = new Size(List.of(EAST, WEST), 2, 2);

  private final Path folder;
  private final Ports ports;
  private Standalone standalone;

  private TestInstallation(Path folder, Ports ports) throws Exception {
    this.folder = folder;
    this.ports = ports;
    this.standalone = Standalone.start(data(), ports, SIZE);
  }

  /** One for a test alone, which closes it. */
  static TestInstallation start() {
    try {
      return new TestInstallation(Files.createTempDirectory("slipway-it"), freePorts());
    } catch (Exception e) {
      throw new IllegalStateException("the installation does not start", e);
    }
  }

  private static Ports freePorts() {
    while (true) {
      // below the range that the system gives to clients, and above those that a browser refuses to
      // open, of which 10080 is the highest
      var ports = new Ports(ThreadLocalRandom.current().nextInt(51, 160) * 200);
      try {
        ports.requireFree(SIZE);
        return ports;
      } catch (InvalidInput taken) {
        // another base
      }
    }
  }

  Standalone standalone() {
    return standalone;
  }

  private Path data() {
    return folder.resolve("data");
  }

  /** Where workers publish to. */
  Path homeBucket() {
    return data().resolve("buckets/home");
  }

  /** A folder of the tests' own. */
  Path folder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /** An app with a repository and a hook of its own. */
  TestApp app(String name) throws IOException, InterruptedException {
    return TestApp.register(this, name);
  }

  /** Ends it and starts it again on what it left. */
  void restart() throws Exception {
    restart(() -> {});
  }

  /** What is done with an installation that does not run. */
  @FunctionalInterface
  interface Change {
    void make() throws Exception;
  }

  /** Ends it, changes what it left, and starts it again on that. */
  void restart(Change change) throws Exception {
    standalone.close();
    change.make();
    standalone = Standalone.start(data(), ports, SIZE);
  }

  @Override
  public void close() throws IOException {
    standalone.close();
    Running.delete(folder);
  }

  /** Hands the installation to tests that have it as a parameter. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TestInstallation.class;
    }

    @Override
    public TestInstallation resolveParameter(ParameterContext parameter, ExtensionContext context) {
      // JUnit closes what is in its outermost store at the very end
      return context
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .computeIfAbsent(TestInstallation.class, _ -> start(), TestInstallation.class);
    }
  }
}
