package dev.slipway.common.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.libtorrent4j.LibTorrent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The native library: taken out of its jar and loaded, once a JVM. */
final class NativeEngine {
  private static final Logger log = LoggerFactory.getLogger(NativeEngine.class);
  private static final String RESOURCE = "lib/x86_64/libtorrent4j.so";
  private static final String PATH_PROPERTY = "libtorrent4j.jni.path";

  /** Why there is none; empty when it is loaded. The class's initialisation makes it once. */
  private static final Optional<String> MISSING = load();

  private NativeEngine() {}

  static boolean isLoaded() {
    return MISSING.isEmpty();
  }

  static void require() {
    MISSING.ifPresent(why -> {
      throw new IllegalStateException("no peer-to-peer engine: " + why);
    });
  }

  private static Optional<String> load() {
    var missing = unsupported().or(NativeEngine::tryLoad);
    missing.ifPresentOrElse(
        why -> log.warn("No peer-to-peer engine here, transfers go by HTTP: {}", why),
        () -> log.info("Peer-to-peer engine: libtorrent {}", LibTorrent.version()));
    return missing;
  }

  private static Optional<String> unsupported() {
    var os = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!os.equals("Linux amd64")) {
      return Optional.of("there is a library for Linux amd64 only, this is " + os);
    }
    return Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
        ? Optional.empty()
        : Optional.of("the library needs glibc");
  }

  private static Optional<String> tryLoad() {
    try {
      if (System.getProperty(PATH_PROPERTY) != null) {
        LibTorrent.version();
        return Optional.empty();
      }
      var file = extract();
      try {
        System.setProperty(PATH_PROPERTY, file.toString());
        LibTorrent.version();
        return Optional.empty();
      } finally {
        // loaded, it needs no name; so nothing is left behind, however this JVM ends
        Files.deleteIfExists(file);
      }
    } catch (IOException | LinkageError e) {
      return Optional.of(e.toString());
    }
  }

  private static Path extract() throws IOException {
    try (var in = NativeEngine.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException(RESOURCE + " is not on the class path");
      }
      var file = Files.createTempFile("slipway-libtorrent", ".so");
      file.toFile().deleteOnExit();
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    }
  }
}
