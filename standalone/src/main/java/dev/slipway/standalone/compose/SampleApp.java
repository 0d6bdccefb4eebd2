package dev.slipway.standalone.compose;

import dev.slipway.standalone.Api;
import dev.slipway.standalone.Journey;
import dev.slipway.standalone.Keys;
import dev.slipway.standalone.Reach;
import dev.slipway.standalone.Shell;
import dev.slipway.standalone.Teller;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A small app whose first commit is pushed, and which goes to every machine by itself. Its build
 * needs nothing but a shell and its run nothing but the Java runtime that is in every image.
 */
final class SampleApp {
  static final String NAME = "hello";

  private static final String PLACE = "/compose/";
  private static final List<String> FILES = List.of("slipway.yml", "index.html");

  private final Keys keys;
  private final Reach reach;
  private final Teller teller;

  SampleApp(Keys keys, Reach reach, Teller teller) {
    this.keys = keys;
    this.reach = reach;
    this.teller = teller;
  }

  static URI repository() {
    return URI.create(Composed.git() + "/" + NAME + ".git");
  }

  /** Registers it, pushes its first commit unless it has one, and follows the newest to the end. */
  void run() throws IOException, InterruptedException {
    Patience.put(
        new Api(reach.queue(), reach.adminToken()),
        "/api/v1/apps/" + NAME,
        Map.of(
            "repository", repository(),
            "branch", "master",
            "webhookSecret", keys.secret("webhook")));
    var commit = pushed();
    var journey = new Journey(reach, NAME, teller);
    var build = journey.awaitBuild(commit);
    journey.awaitReplicas(build);
    journey.awaitMachines(build, commit);
    journey.summarise(build);
  }

  private String pushed() throws IOException, InterruptedException {
    var head =
        Shell.run(Path.of("/"), "git", "ls-remote", repository().toString(), "refs/heads/master");
    if (!head.isEmpty()) {
      var commit = head.substring(0, head.indexOf('\t'));
      teller.tell("there", "commit " + commit.substring(0, 12) + " was pushed before");
      return commit;
    }
    var clone = Files.createTempDirectory("sample");
    Shell.run(clone, "git", "init", "--quiet", "-b", "master");
    for (var file : FILES) {
      try (var in = SampleApp.class.getResourceAsStream(PLACE + file)) {
        if (in == null) {
          throw new IOException("the sample's " + file + " is not in the jar");
        }
        Files.copy(in, clone.resolve(file));
      }
    }
    Shell.run(clone, "git", "add", "--all");
    Shell.run(
        clone,
        "git",
        "-c",
        "user.name=Ann Example",
        "-c",
        "user.email=ann@example.com",
        "commit",
        "--quiet",
        "-m",
        "Say hello");
    Shell.run(clone, "git", "push", "--quiet", repository().toString(), "HEAD:refs/heads/master");
    var commit = Shell.run(clone, "git", "rev-parse", "HEAD");
    teller.tell(
        "pushed",
        "commit " + commit.substring(0, 12) + " to master; the hook has called the webhook");
    return commit;
  }
}
