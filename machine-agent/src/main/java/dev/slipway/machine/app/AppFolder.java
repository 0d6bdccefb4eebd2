package dev.slipway.machine.app;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.machine.artifact.Sworn;
import dev.slipway.machine.file.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * An app's folder: {@code state.json}, {@code releases/BUILD} with the checked manifest beside each
 * as {@code manifests/BUILD.json} and what was sworn of it as {@code manifests/BUILD.sworn.json},
 * the link {@code current}, {@code app.pid} and {@code app.log}.
 */
final class AppFolder {
  private static final long LEAST_FREE = 1 << 20;

  private final Path root;

  AppFolder(Path root) {
    this.root = root;
  }

  /** Makes the folder, or removes from it what a crash left half made. */
  void prepare() throws IOException {
    Files.createDirectories(root.resolve("releases"));
    Files.createDirectories(root.resolve("manifests"));
    Durable.sweep(root);
    Durable.sweep(root.resolve("releases"));
    Durable.sweep(root.resolve("manifests"));
  }

  Path log() {
    return root.resolve("app.log");
  }

  Path pid() {
    return root.resolve("app.pid");
  }

  Path hookPid() {
    return root.resolve("hook.pid");
  }

  Path release(long build) {
    return root.resolve("releases").resolve(Long.toString(build));
  }

  AppMemory memory() throws IOException {
    try {
      return JsonMapper.shared()
          .readValue(Files.readAllBytes(root.resolve("state.json")), AppMemory.class);
    } catch (NoSuchFileException e) {
      return AppMemory.NOTHING;
    } catch (JacksonException e) {
      throw new IOException(root.resolve("state.json") + " cannot be read", e);
    }
  }

  void remember(AppMemory memory) throws IOException {
    Durable.write(root.resolve("state.json"), JsonMapper.shared().writeValueAsBytes(memory));
  }

  /** Whether a release is there, whole. */
  boolean holds(long build) {
    return Files.isDirectory(release(build));
  }

  /** The checked manifest of a release that is there, whole. */
  Optional<Manifest> manifest(long build) throws IOException {
    if (!holds(build)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          JsonMapper.shared().readValue(Files.readAllBytes(manifestFile(build)), Manifest.class));
    } catch (JacksonException e) {
      throw new IOException(manifestFile(build) + " cannot be read", e);
    }
  }

  /**
   * Asked before what runs is stopped: no process can be started, nor noted, on a full disk.
   *
   * @throws IOException when there is no room for a start
   */
  void requireRoom() throws IOException {
    var free = Files.getFileStore(root).getUsableSpace();
    if (free < LEAST_FREE) {
      throw new IOException("the disk is full: " + free + " bytes are free");
    }
  }

  /** What was sworn of a release that is there; none where nobody asked when it came. */
  @Nullable Sworn sworn(long build) throws IOException {
    try {
      return JsonMapper.shared().readValue(Files.readAllBytes(swornFile(build)), Sworn.class);
    } catch (NoSuchFileException e) {
      return null;
    } catch (JacksonException e) {
      throw new IOException(swornFile(build) + " cannot be read", e);
    }
  }

  /** Keeps a checked manifest and what was sworn; before its release folder is made. */
  void keep(Manifest manifest, Sworn sworn) throws IOException {
    Durable.write(swornFile(manifest.job()), JsonMapper.shared().writeValueAsBytes(sworn));
    Durable.write(manifestFile(manifest.job()), JsonMapper.shared().writeValueAsBytes(manifest));
  }

  /** Removes a release; the folder first, which is what says that it is there. */
  void remove(long build) throws IOException {
    var doomed = Durable.temporary(release(build));
    Durable.delete(doomed);
    if (Files.exists(release(build), LinkOption.NOFOLLOW_LINKS)) {
      Durable.move(release(build), doomed);
      Durable.delete(doomed);
    }
    Files.deleteIfExists(swornFile(build));
    Files.deleteIfExists(manifestFile(build));
  }

  /** Removes the releases that a crash left behind. */
  void retain(List<Long> builds) throws IOException {
    try (Stream<Path> all = Files.list(root.resolve("manifests"))) {
      for (var file : all.toList()) {
        var name = file.getFileName().toString();
        var build = Long.parseLong(name.substring(0, name.indexOf('.')));
        if (!builds.contains(build)) {
          remove(build);
        }
      }
    }
  }

  void switchTo(long build) throws IOException {
    Durable.link(root.resolve("current"), Path.of("releases", Long.toString(build)));
  }

  void switchOff() throws IOException {
    Files.deleteIfExists(root.resolve("current"));
  }

  private Path swornFile(long build) {
    return root.resolve("manifests").resolve(build + ".sworn.json");
  }

  private Path manifestFile(long build) {
    return root.resolve("manifests").resolve(build + ".json");
  }
}
