package dev.slipway.machine.artifact;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.machine.file.Durable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes a release folder of a checked artifact: whole, or not at all. */
public final class Unpacker {
  private Unpacker() {}

  /** Makes {@code release}, which is not there yet. */
  public static void unpack(Manifest manifest, Path artifact, Path release)
      throws IOException, InterruptedException, Refused {
    var temporary = Durable.temporary(release);
    Durable.delete(temporary);
    Files.createDirectories(temporary);
    var place = temporary.resolve(manifest.fileName());
    try {
      switch (manifest.form()) {
        case FILE -> {
          // a copy, no link: what the app writes must not reach the file that is shared
          Files.copy(artifact, place);
          Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        case TAR -> {
          Files.createDirectory(place);
          new TarUnpacker(place, manifest.size()).unpack(artifact);
        }
      }
      bringToDisk(temporary);
      Durable.move(temporary, release);
    } catch (IOException | InterruptedException | Refused e) {
      Durable.delete(temporary);
      throw e;
    }
  }

  private static void bringToDisk(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              Durable.sync(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path path, @org.jspecify.annotations.Nullable IOException e) throws IOException {
            Durable.sync(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
