package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.standalone.ClientProcess.Ran;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/** The command line against a real installation. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class ClientIT {
  private final TestInstallation installation;

  ClientIT(TestInstallation installation) {
    this.installation = installation;
  }

  private ClientProcess client(String name) throws IOException {
    return new ClientProcess(installation.folder("clients/" + name));
  }

  private ClientProcess signedIn(String name) throws Exception {
    var client = client(name);
    done(signIn(client, installation.standalone().adminToken()));
    return client;
  }

  private Ran signIn(ClientProcess client, String token) throws Exception {
    return client.run(
        installation.folder("clients"),
        token + "\n",
        "login",
        installation.standalone().console().toString());
  }

  private static String done(Ran ran) {
    assertThat(ran.code()).as("%s%s", ran.out(), ran.err()).isZero();
    return ran.out();
  }

  private static void assertEnds(int code, String why, Ran ran) {
    assertThat(ran.err()).as(ran.out()).startsWith("slipway: ").contains(why);
    assertThat(ran.code()).as(ran.err()).isEqualTo(code);
  }

  @Test
  void a_commit_is_followed_deployed_seen_everywhere_and_taken_back() throws Exception {
    var client = signedIn("person");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(client.contexts())))
        .isEqualTo("rw-------");
    var app = installation.app("commands");

    var first = app.repository.push("Say hello");
    app.job(first, List.of("QUEUED", "RUNNING", "SUCCEEDED"));
    assertThat(done(client.run("logs", "commands", "--follow"))).contains("slipway: published");
    var build = app.replicated(first);
    assertThat(done(client.run("deploy", "commands", "--dry-run"))).contains("Build #" + build);
    assertThat(done(client.run("deploy", "commands", "--watch"))).contains("is SUCCEEDED");

    app.repository.replace("slipway.yml", "timeout: 5m", "timeout: 6m");
    var second = app.repository.push("Say it again");
    var next = app.replicated(second);
    assertThat(done(client.run("deploy", "commands", "--watch"))).contains("build #" + next);
    assertThat(done(client.run("rollback", "commands", "--watch"))).contains("build #" + build);
    app.journey().awaitMachines(build, first);

    assertThat(done(client.run("apps")))
        .containsPattern("commands +#" + next + " +READY +#" + build);
    assertThat(done(client.run("builds", "commands")))
        .contains("#" + build, first.substring(0, 12), "READY");
    assertThat(done(client.run("status", "commands"))).contains("east", "west");
    assertThat(done(client.run("status"))).contains("commands", "SUCCEEDED");
    assertThat(done(client.run("timeline", "#" + build))).contains("queue", "deploy", "█");
    assertThat(done(client.run("workers"))).contains("worker-1", "worker-2");
    assertThat(done(client.run("audit", "--limit", "200"))).contains("rollback", "app commands");
    var machines = JsonMapper.shared().readTree(done(client.run("machines", "commands", "--json")));
    assertThat(machines)
        .hasSize(installation.standalone().size().machines())
        .allSatisfy(m -> assertThat(m.path("running").asLong()).isEqualTo(build));
    assertThat(done(client.run("machines", "commands", "--region", "east")).lines()).hasSize(3);
  }

  @Test
  void the_doctor_sees_every_service_worker_and_region() throws Exception {
    var seen = signedIn("doctor").run("doctor").out();
    assertThat(seen)
        .contains("deploy-service", "build-queue-service", "heartbeat-reaper")
        .contains("replication-checker", "region east", "region west")
        .containsPattern("ok +token +is admin's, admin")
        .containsPattern("ok +workers +2 workers")
        .containsPattern("ok +target key");
  }

  @Test
  void whatever_goes_wrong_is_told_in_a_line_and_ends_with_a_code_of_its_own() throws Exception {
    var stranger = client("stranger");
    assertEnds(5, "slipway login", stranger.run("apps"));
    assertEnds(5, "does not accept your token", signIn(stranger, "not-the-token"));
    assertEnds(2, "the token must be", signIn(stranger, "x".repeat(900)));
    assertThat(stranger.contexts()).doesNotExist();

    var client = signedIn("careless");
    assertEnds(3, "app nobody does not exist", client.run("builds", "nobody"));
    assertEnds(3, "app nobody does not exist", client.run("machines", "nobody"));
    assertEnds(3, "999999", client.run("timeline", "999999"));
    assertEnds(2, "lower-case letters", client.run("status", "\033]0;owned\007"));
    assertEnds(2, "Unknown option", client.run("apps", "--nonsense"));
    // bound, so that nobody else gets the port, and not listening
    try (var bound = new Socket()) {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var nobody = "http://127.0.0.1:" + bound.getLocalPort();
      var away = client.run(installation.folder("clients"), "any\n", "login", nobody);
      assertEnds(4, "deploy-service cannot be reached at " + nobody, away);
    }
    done(client.run("logout"));
    assertEnds(5, "slipway login", client.run("apps"));
  }

  @Test
  void what_a_build_prints_and_a_commit_says_does_nothing_to_a_terminal() throws Exception {
    var client = signedIn("curious");
    var app = installation.app("escapes");
    var commit =
        app.pushRecipe(
            """
            build:
              command: |
                printf 'before \\033[31mred \\033]0;title\\007\\033[2J\\342\\200\\256 after\\n'
                exit 3
              artifact: out
            """);
    app.ended(commit);
    var followed = client.run("logs", "escapes", "-f");
    assertThat(followed.code()).isEqualTo(1);
    assertThat(followed.err()).contains("is FAILED");
    for (var out :
        List.of(followed.out(), done(client.run("logs", "escapes")), done(client.run("builds")))) {
      assertThat(out).doesNotContain("\033", "\007", "\u202e");
    }
    assertThat(followed.out()).contains("before red ", " after");
  }

  @Test
  void a_clone_becomes_an_app_once_and_its_file_is_never_written_over() throws Exception {
    var client = signedIn("beginner");
    var clone = installation.folder("clones").resolve("starter");
    var bare = installation.folder("clones").resolve("starter.git");
    Shell.run(installation.folder("clones"), "git", "init", "-q", "--bare", bare.toString());
    Shell.run(installation.folder("clones"), "git", "init", "-q", "-b", "trunk", clone.toString());
    Shell.run(clone, "git", "remote", "add", "origin", bare.toString());

    var made = done(client.run(clone, "", "app", "init"));

    assertThat(made).contains("Registered app starter", "branch trunk", "/webhooks/github");
    var file = clone.resolve("slipway.yml");
    assertThat(file).content().contains("command: make");
    Files.writeString(file, Files.readString(file).replace("make", "make all"));
    var again = done(client.run(clone, "", "app", "init"));
    assertThat(again).contains("stays as it is", "registered already");
    assertThat(file).content().contains("make all");
    Files.writeString(file, "build: {comand: make}");
    assertEnds(2, "slipway.yml:1:", client.run(clone, "", "app", "init"));
    done(client.run(clone, "", "app", "init", "--force"));
    assertThat(file).content().contains("command: make");
    var elsewhere = "file:///somewhere/else.git";
    assertEnds(
        1,
        "builds " + bare,
        client.run(clone, "", "app", "init", "starter", "--repository", elsewhere));
    assertEnds(2, "clone", client.run(Path.of("/"), "", "app", "init"));
  }
}
