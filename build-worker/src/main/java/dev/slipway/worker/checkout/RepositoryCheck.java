package dev.slipway.worker.checkout;

import dev.slipway.worker.job.BuildFailed;
import java.util.regex.Pattern;

/**
 * Which addresses git is given at all: also one that was stored while more was allowed, or by
 * somebody else than the API.
 */
final class RepositoryCheck {
  private static final Pattern URL =
      Pattern.compile("(?i)(https?|ssh)://[^-/\\s\\p{Cntrl}][^\\s\\p{Cntrl}]*");
  private static final Pattern SCP =
      Pattern.compile(
          "([A-Za-z0-9_][A-Za-z0-9._-]*@)?[A-Za-z0-9\\[][A-Za-z0-9.:\\]-]*:[^:\\s\\p{Cntrl}-][^:\\s\\p{Cntrl}]*");
  private static final Pattern FILE = Pattern.compile("(?i)(file://)?/[^\\p{Cntrl}]*");

  private RepositoryCheck() {}

  static void check(String repository, boolean allowFiles) throws BuildFailed {
    var isFile = FILE.matcher(repository).matches();
    var isRemote =
        URL.matcher(repository).matches()
            || (SCP.matcher(repository).matches() && !repository.matches(".*(::|://).*"));
    if (isFile ? !allowFiles : !isRemote) {
      throw new BuildFailed(
          "the repository's address %s is not allowed: it must be an https, http or ssh address or user@host:path%s"
              .formatted(
                  Git.withoutCredentials(repository),
                  isFile ? ", as slipway.worker.allow-file-repositories is off" : ""));
    }
  }
}
