package dev.slipway.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A small git repository as a forge would host it: bare, with a hook that calls the webhook after
 * each push, and a clone to work in.
 */
final class SampleRepository {
  private final Path bare;
  private final Path clone;

  private SampleRepository(Path bare, Path clone) {
    this.bare = bare;
    this.clone = clone;
  }

  /**
   * Makes the repository anew below a folder.
   *
   * @param webhook where pushes are told to
   * @param secret what the hook signs with
   */
  static SampleRepository create(Path folder, URI webhook, String secret)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var repository = new SampleRepository(folder.resolve("hello.git"), folder.resolve("hello"));
    var secretFile = folder.resolve("webhook-secret");
    Files.createFile(
        secretFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secretFile, secret);
    HookedRepository.make(repository.bare, repository.address(), webhook, secretFile);
    Shell.run(folder, "git", "init", "--quiet", "-b", "master", repository.clone.toString());
    Shell.run(repository.clone, "git", "remote", "add", "origin", repository.bare.toString());
    Shell.run(repository.clone, "git", "config", "user.name", "Ann Example");
    Shell.run(repository.clone, "git", "config", "user.email", "ann@example.com");
    repository.add("Hello.java");
    repository.add("slipway.yml");
    return repository;
  }

  /** The address that is registered and cloned. */
  URI address() {
    return URI.create("file://" + bare);
  }

  /** Writes a file anew. */
  void write(String file, String text) throws IOException {
    Files.writeString(clone.resolve(file), text);
  }

  /** Changes a file by replacing text in it. */
  void replace(String file, String what, String by) throws IOException {
    var path = clone.resolve(file);
    Files.writeString(path, Files.readString(path).replace(what, by));
  }

  /** Gives the line that begins with {@code head} another tail. */
  void replaceLine(String file, String head, String tail) throws IOException {
    var path = clone.resolve(file);
    var lines =
        Files.readAllLines(path).stream()
            .map(line -> line.startsWith(head) ? head + tail : line)
            .toList();
    Files.write(path, lines);
  }

  /** Commits everything and pushes; the hook runs before this returns. */
  String push(String message) throws IOException, InterruptedException {
    return push(message, "master");
  }

  /** As {@link #push(String)}, to a branch of any name. */
  String push(String message, String branch) throws IOException, InterruptedException {
    Shell.run(clone, "git", "add", "--all");
    Shell.run(clone, "git", "commit", "--quiet", "-m", message);
    Shell.run(clone, "git", "push", "--quiet", "origin", "HEAD:refs/heads/" + branch);
    return Shell.run(clone, "git", "rev-parse", "HEAD");
  }

  private void add(String file) throws IOException {
    try (InputStream in = SampleRepository.class.getResourceAsStream("/sample/" + file)) {
      if (in == null) {
        throw new IOException("the sample's " + file + " is not in the jar");
      }
      Files.copy(in, clone.resolve(file));
    }
  }
}
