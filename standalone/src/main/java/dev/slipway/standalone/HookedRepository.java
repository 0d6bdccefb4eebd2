package dev.slipway.standalone;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A bare git repository as a forge would host it: after each push its hook calls the webhook. */
public final class HookedRepository {
  private HookedRepository() {}

  /**
   * Makes the repository, or gives the one that is there its hook anew.
   *
   * @param bare its folder
   * @param address what apps register it with
   * @param webhook where pushes are told to
   * @param secretFile holds what the hook signs with
   */
  public static void make(Path bare, URI address, URI webhook, Path secretFile)
      throws IOException, InterruptedException {
    if (Files.notExists(bare.resolve("HEAD"))) {
      Files.createDirectories(bare);
      Shell.run(bare, "git", "init", "--quiet", "--bare", "-b", "master", bare.toString());
    }
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var script =
        """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx32m -cp '%s' %s '%s' '%s' '%s'
        """
            .formatted(
                java,
                absoluteClassPath(),
                PostReceive.class.getName(),
                webhook,
                address,
                secretFile);
    var hook = bare.resolve("hooks/post-receive");
    Files.createDirectories(bare.resolve("hooks"));
    Files.writeString(hook, script);
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The hook runs in a folder of its own. */
  private static String absoluteClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
