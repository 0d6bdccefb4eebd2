package dev.slipway.worker.publish;

import java.util.regex.Pattern;

/** Addresses of repositories as SPDX writes them: {@code git+https://…}. */
final class GitUri {
  private static final Pattern SCP = Pattern.compile("([^/:]+):(?!//)(.+)");

  private GitUri() {}

  static String of(String repository) {
    var scp = SCP.matcher(repository);
    if (scp.matches()) {
      return "git+ssh://" + scp.group(1) + "/" + scp.group(2).replaceFirst("^/", "");
    }
    return "git+" + (repository.startsWith("/") ? "file://" + repository : repository);
  }
}
