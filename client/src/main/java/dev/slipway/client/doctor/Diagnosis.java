package dev.slipway.client.doctor;

import dev.slipway.client.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Judges what deploy-service tells of an installation. */
final class Diagnosis {
  /** The queue's share of a commit's thirty minutes. */
  private static final double LONGEST_WAIT = 60;

  /** Copies are read back within seconds; a bucket that cannot be read keeps them waiting. */
  private static final double LONGEST_UNREAD = 300;

  private static final int LOOKS = 3;

  private final JsonNode installation;
  private final List<Finding> findings = new ArrayList<>();

  private Diagnosis(JsonNode installation) {
    this.installation = installation;
  }

  /**
   * What there is to say.
   *
   * @param installation as {@code GET /api/v1/installation} answers
   * @param version of this command line; none where it is not known
   */
  static List<Finding> of(JsonNode installation, @Nullable String version) {
    var diagnosis = new Diagnosis(installation);
    diagnosis.token();
    diagnosis.versions(version);
    diagnosis.schema();
    diagnosis.targetKey();
    diagnosis.workers();
    diagnosis.queue();
    installation.path("regions").forEach(diagnosis::region);
    if (installation.path("regions").isEmpty()) {
      diagnosis.findings.add(
          Finding.error(
              "regions",
              "there are none, so nothing can be deployed",
              "PUT /api/v1/regions/NAME at replication-checker, then start its agent"));
    }
    installation.path("apps").forEach(diagnosis::app);
    return diagnosis.findings;
  }

  private void token() {
    var you = installation.path("you");
    findings.add(
        Finding.ok(
            "token",
            "is %s's, %s"
                .formatted(
                    you.path("name").asString(),
                    you.path("role").asString().toLowerCase(Locale.ROOT))));
  }

  private void versions(@Nullable String ours) {
    var theirs = installation.path("version").asString("unknown");
    findings.add(
        ours == null || ours.equals(theirs)
            ? Finding.ok("version", theirs)
            : Finding.warning(
                "version",
                "deploy-service is %s, this command line is %s".formatted(theirs, ours),
                "use the same of both"));
  }

  private void schema() {
    var schema = installation.path("schema").asString("kept by another tool");
    var known = installation.path("knownSchema").asString("unknown");
    findings.add(
        schema.equals(known) || !installation.path("schema").isString()
            ? Finding.ok("schema", "version " + schema)
            : Finding.warning(
                "schema",
                "is at version %s, deploy-service was built for %s".formatted(schema, known),
                "run the same version of every service"));
  }

  private void targetKey() {
    findings.add(
        installation.path("targetsSigned").asBoolean()
            ? Finding.ok("target key", "targets are signed")
            : Finding.warning(
                "target key",
                "targets are not signed: whoever is in a region's agent can choose builds",
                "set slipway.deploy.target-key-file, and trust its public half on machines"));
  }

  private void workers() {
    var queue = installation.path("queue");
    var workers = queue.path("workers").asInt();
    findings.add(
        workers == 0
            ? Finding.error(
                "workers",
                "none was heard of for a minute: nothing is built",
                "start a build-worker")
            : Finding.ok(
                "workers",
                "%s, %d of %s busy"
                    .formatted(
                        Words.count(workers, "worker"),
                        queue.path("busy").asInt(),
                        Words.count(queue.path("slots").asInt(), "slot"))));
  }

  private void queue() {
    var queue = installation.path("queue");
    var waiting = Words.count(queue.path("waiting").asInt(), "build");
    var oldest = queue.path("oldestSeconds").asDouble(0);
    findings.add(
        oldest > LONGEST_WAIT
            ? Finding.warning(
                "queue",
                "%s wait, the first for %s".formatted(waiting, Words.seconds(oldest)),
                "add workers, or those with the labels that the builds ask for")
            : Finding.ok("queue", waiting + " wait"));
  }

  private void region(JsonNode region) {
    var check = "region " + region.path("name").asString();
    if (!region.path("wanted").asBoolean()) {
      findings.add(
          Finding.warning(
              check,
              "is excluded: " + region.path("reason").asString("no reason was given"),
              "include it again once it is well"));
      return;
    }
    var found = findings.size();
    agents(check, region);
    copies(check, region);
    machines(check, region);
    if (findings.size() == found) {
      findings.add(
          Finding.ok(
              check,
              "%s, %s"
                  .formatted(
                      Words.count(region.path("agents").asInt(), "agent"),
                      Words.count(region.path("machines").asInt(), "machine"))));
    }
  }

  private void agents(String check, JsonNode region) {
    if (region.path("agents").asInt() > 0) {
      return;
    }
    var silent = region.path("silentSeconds");
    findings.add(
        Finding.error(
            check,
            silent.isNumber()
                ? "its agents are silent since " + Words.seconds(silent.asDouble())
                : "is wanted and has no agent: no build becomes deployable",
            "start its regional-agent, or exclude the region"));
  }

  private void copies(String check, JsonNode region) {
    var corrupt = region.path("corrupt").asInt();
    if (corrupt > 0) {
      findings.add(
          Finding.error(
              check,
              "%d of its copies are wrong: %s"
                  .formatted(corrupt, region.path("problem").asString("")),
              "they are copied anew; look at the bucket if it happens again"));
    }
    var unread = region.path("unreadSeconds").asDouble(0);
    if (unread > LONGEST_UNREAD) {
      findings.add(
          Finding.error(
              check,
              "a copy waits to be read back since " + Words.seconds(unread),
              "see in replication-checker's log whether it can read the bucket"));
    }
  }

  private void machines(String check, JsonNode region) {
    var silent = region.path("silent").asInt();
    if (silent > 0) {
      findings.add(
          Finding.warning(
              check,
              "%d of %s silent for more than a minute"
                  .formatted(silent, Words.count(region.path("machines").asInt(), "machine")),
              "see which: slipway machines --state unknown"));
    }
  }

  private void app(JsonNode app) {
    var check = "app " + app.path("name").asString();
    var looks = app.path("failedLooks").asInt();
    if (looks >= LOOKS) {
      findings.add(
          Finding.error(
              check,
              "its repository did not answer, %d times in a row".formatted(looks),
              "see whether build-queue-service can reach and read it"));
    } else if (app.path("foundBy").asString("").equals("RECONCILIATION")) {
      findings.add(
          Finding.warning(
              check,
              "no webhook told of its newest commit; it was found by comparison",
              "look at the webhook's deliveries at the forge: its URL and secret"));
    } else if (!app.path("foundBy").isString()) {
      findings.add(
          Finding.warning(check, "nothing was pushed yet", "push, and see that the webhook tells"));
    } else {
      findings.add(Finding.ok(check, "its pushes are heard of, its repository answers"));
    }
  }
}
