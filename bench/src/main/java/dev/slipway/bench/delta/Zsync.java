package dev.slipway.bench.delta;

import dev.slipway.standalone.Teller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** zsync from Debian, as a person would use it. */
final class Zsync {
  private static final String NAME = "new";

  private final Path programs;

  private Zsync(Path programs) {
    this.programs = programs;
  }

  /** What an update took and what moved for it. */
  record Updated(double seconds, long moved) {}

  /** Empty, and people are told why, where it cannot be had. */
  static Optional<Zsync> fetch(Path folder, Teller teller) throws InterruptedException {
    try {
      var programs = folder.resolve("root/usr/bin");
      if (!Files.isExecutable(programs.resolve("zsync"))) {
        Files.createDirectories(folder.resolve("root"));
        teller.tell("apt-get", "fetching zsync");
        run(folder, List.of("apt-get", "download", "-q", "zsync"));
        run(folder, List.of("sh", "-c", "dpkg-deb -x zsync_*.deb root"));
      }
      run(folder, List.of(programs.resolve("zsync").toString(), "-V"));
      return Optional.of(new Zsync(programs));
    } catch (IOException failed) {
      teller.line("");
      teller.line("!! zsync is MISSING from this run: " + failed.getMessage());
      teller.line("");
      return Optional.empty();
    }
  }

  /** Makes what its server offers of a file. */
  void offer(Path folder, Path file, int port) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Files.deleteIfExists(folder.resolve(NAME));
    Files.createSymbolicLink(folder.resolve(NAME), file);
    run(
        folder,
        List.of(
            programs.resolve("zsyncmake").toString(),
            "-u",
            "http://127.0.0.1:%d/%s".formatted(port, NAME),
            "-o",
            NAME + ".zsync",
            NAME));
  }

  /** Updates a copy of an old file to what is offered. */
  Updated update(Path folder, ByteServer server, Path old, int port)
      throws IOException, InterruptedException {
    var before = server.served();
    var begun = System.nanoTime();
    run(
        folder,
        List.of(
            programs.resolve("zsync").toString(),
            "-q",
            "-i",
            old.toString(),
            "-o",
            "got",
            "http://127.0.0.1:%d/%s.zsync".formatted(port, NAME)));
    var seconds = (System.nanoTime() - begun) / 1e9;
    if (Files.mismatch(folder.resolve("got"), folder.resolve(NAME)) != -1) {
      throw new IOException("zsync made another file");
    }
    Files.delete(folder.resolve("got"));
    return new Updated(seconds, server.served() - before);
  }

  private static void run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (process.waitFor() != 0) {
        throw new IOException(
            command.getFirst() + " failed: " + Files.readString(folder.resolve("said")).strip());
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
