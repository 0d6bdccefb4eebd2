package dev.slipway.bench.fanout;

import dev.slipway.bench.fanout.Crew.Fetcher;
import dev.slipway.bench.fanout.Network.Host;
import dev.slipway.standalone.Teller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * aria2 from Debian, unpacked into a folder that is kept for the next run; nothing is installed.
 */
final class Aria2 {
  private static final List<String> PACKAGES = List.of("aria2", "libaria2-0", "libc-ares2");

  private final Path program;
  private final String libraries;

  /** It tells of a complete file by itself only when it ends. */
  private final Path tellDone;

  private Aria2(Path program, String libraries, Path tellDone) {
    this.program = program;
    this.libraries = libraries;
    this.tellDone = tellDone;
  }

  /** Empty, and people are told why, where it cannot be had. */
  static Optional<Aria2> fetch(Path folder, Teller teller) throws InterruptedException {
    try {
      var root = folder.resolve("root");
      var program = root.resolve("usr/bin/aria2c");
      if (!Files.isExecutable(program)) {
        Files.createDirectories(root);
        teller.tell("apt-get", "fetching aria2");
        for (var name : PACKAGES) {
          Shell.run(
              List.of(
                  "sh", "-c", "cd \"$0\" && apt-get download -q \"$1\"", folder.toString(), name));
        }
        try (Stream<Path> files = Files.list(folder)) {
          for (var file : files.filter(f -> f.toString().endsWith(".deb")).toList()) {
            Shell.run(List.of("dpkg-deb", "-x", file.toString(), root.toString()));
          }
        }
      }
      try (Stream<Path> folders = Files.list(root.resolve("usr/lib"))) {
        var libraries = folders.map(Path::toString).toList();
        var tellDone = folder.resolve("done.sh");
        Files.writeString(tellDone, "#!/bin/sh\necho DONE\n");
        Files.setPosixFilePermissions(tellDone, PosixFilePermissions.fromString("rwxr-xr-x"));
        var aria = new Aria2(program, String.join(":", libraries), tellDone);
        Shell.run(aria.command(List.of("--version")));
        return Optional.of(aria);
      }
    } catch (IOException failed) {
      teller.line("");
      teller.line("!! aria2 is MISSING from this run: " + failed.getMessage());
      teller.line("");
      return Optional.empty();
    }
  }

  private List<String> command(List<String> options) {
    var command =
        new ArrayList<>(List.of("env", "LD_LIBRARY_PATH=" + libraries, program.toString()));
    command.addAll(options);
    return command;
  }

  /** Has the artifact. */
  void share(Crew crew, Host host, Cargo cargo, String tracker) throws IOException {
    Files.write(metainfo(cargo), metainfo(cargo.torrent().info()));
    crew.addOrigin(
        Member.start(
            host.command(
                options(
                    host, cargo, cargo.folder(), tracker, List.of("--bt-seed-unverified=true"))),
            "",
            "DONE",
            crew.errors()));
  }

  /** Fetches it, and goes on sharing. */
  void fetch(Crew crew, Host host, Cargo cargo, String tracker) throws IOException {
    var own = crew.own(host);
    crew.add(
        new Fetcher(
            Member.start(
                host.command(options(host, cargo, own, tracker, List.of())),
                "",
                "DONE",
                crew.errors()),
            host,
            own));
  }

  /** Written once, before anybody reads it. */
  private static Path metainfo(Cargo cargo) {
    return cargo.folder().resolve("aria.torrent");
  }

  private static byte[] metainfo(byte[] info) {
    var out = new ByteArrayOutputStream();
    out.writeBytes("d4:info".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(info);
    out.write('e');
    return out.toByteArray();
  }

  private List<String> options(
      Host host, Cargo cargo, Path folder, String tracker, List<String> more) throws IOException {
    var options =
        new ArrayList<>(
            List.of(
                "--no-conf=true",
                "--dir=" + folder,
                "--bt-tracker=" + Node.announce(tracker, host.ip()),
                "--bt-tracker-interval=5",
                "--listen-port=" + Node.PEER_PORT,
                "--enable-dht=false",
                "--bt-enable-lpd=false",
                "--enable-peer-exchange=false",
                "--seed-ratio=0",
                "--file-allocation=none",
                "--summary-interval=0",
                "--console-log-level=error",
                "--on-bt-download-complete=" + tellDone,
                "--allow-overwrite=true"));
    options.addAll(more);
    options.add(metainfo(cargo).toString());
    return command(options);
  }
}
