package dev.slipway.standalone;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.artifact.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** An installation's secrets: made once, kept in files that only their owner can read. */
public final class Keys {
  private final Path folder;

  /** Those of a folder; its key pairs are made where they are missing. */
  public Keys(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    makePair(signingKeyFile(), publicKeyFile());
    makePair(targetKeyFile(), targetPublicKeyFile());
  }

  private static void makePair(Path privateFile, Path publicFile) throws IOException {
    if (Files.notExists(publicFile)) {
      var pair = SigningKey.generate();
      write(privateFile, pair.privateKey());
      write(publicFile, pair.publicKey());
    }
  }

  /** A secret by its name; made now when there is none. */
  public String secret(String name) throws IOException {
    var file = folder.resolve(name);
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException first) {
      var secret = Secrets.random();
      write(file, secret);
      return secret;
    }
  }

  /** Whether a secret has been made before. */
  boolean has(String name) {
    return Files.exists(folder.resolve(name));
  }

  /** What workers sign with. */
  public Path signingKeyFile() {
    return folder.resolve("signing.pem");
  }

  /** What machines trust. */
  public Path publicKeyFile() {
    return folder.resolve("signing.pub.pem");
  }

  /** What deploy-service signs targets with. */
  public Path targetKeyFile() {
    return folder.resolve("targets.pem");
  }

  /** What machines believe targets by. */
  public Path targetPublicKeyFile() {
    return folder.resolve("targets.pub.pem");
  }

  private static void write(Path file, String text) throws IOException {
    var half = file.resolveSibling(file.getFileName() + ".half");
    Files.deleteIfExists(half);
    Files.createFile(
        half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(half, text);
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
