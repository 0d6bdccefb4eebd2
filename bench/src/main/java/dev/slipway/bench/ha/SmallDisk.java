package dev.slipway.bench.ha;

import dev.slipway.bench.fanout.Shell;
import dev.slipway.standalone.Teller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A folder on a disk of its own, of 64 MB in memory, which can be filled. Made by root only. */
final class SmallDisk implements AutoCloseable {
  private static final int CHUNK = 4_096;

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Makes one, or says why there is none. */
  static Optional<SmallDisk> mount(Path folder, Teller teller)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    try {
      Shell.run(
          List.of("mount", "-t", "tmpfs", "-o", "size=64m", "slipway-drill", folder.toString()));
      return Optional.of(new SmallDisk(folder));
    } catch (IOException refused) {
      teller.line("FULL DISK SKIPPED: " + refused.getMessage());
      return Optional.empty();
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  /** Nothing more can be written to it. */
  void fill() throws IOException {
    var bytes = new byte[CHUNK];
    try (var out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(bytes);
      }
    } catch (IOException full) {
      if (folder.toFile().getUsableSpace() >= CHUNK) {
        throw full;
      }
    }
  }

  void makeRoom() throws IOException {
    Files.delete(filler());
  }

  @Override
  public void close() throws IOException {
    var interrupted = Thread.interrupted();
    try {
      // also where somebody still has a file open there
      Shell.run(List.of("umount", "-l", folder.toString()));
    } catch (InterruptedException again) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
