package dev.slipway.client.doctor;

import static dev.slipway.client.text.Table.Column.name;
import static dev.slipway.client.text.Table.Column.prose;
import static dev.slipway.client.text.Table.Column.state;

import dev.slipway.client.call.Service;
import dev.slipway.client.call.Unreachable;
import dev.slipway.client.context.Connection;
import dev.slipway.client.doctor.Finding.Level;
import dev.slipway.client.text.Reading;
import dev.slipway.client.text.Table;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks an installation. */
@Command(
    name = "doctor",
    description = {
      "Checks an installation and says what to mend.",
      "Exits with 0 if all is well, 6 if there are warnings, 1 if something does not work."
    })
public final class Doctor implements Callable<Integer> {
  private static final int WARNINGS = 6;

  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();

  @Override
  public Integer call() throws IOException, InterruptedException {
    var findings = findings();
    if (output.isJson()) {
      output.json(findings);
    } else {
      tell(findings);
    }
    return switch (worst(findings)) {
      case OK -> 0;
      case WARNING -> WARNINGS;
      case ERROR -> 1;
    };
  }

  private List<Finding> findings() throws IOException, InterruptedException {
    var findings = new ArrayList<Finding>();
    var reach = new Reach(Clock.systemUTC());
    for (var service :
        List.of(
            connection.deploy(),
            connection.queue(),
            connection.reaper(),
            connection.replication())) {
      findings.add(reach.look(service));
    }
    findings.addAll(inside(connection.deploy()));
    return findings;
  }

  private static List<Finding> inside(Service deploy) throws IOException, InterruptedException {
    try {
      return Diagnosis.of(
          deploy.get("/api/v1/installation"), Doctor.class.getPackage().getImplementationVersion());
    } catch (Unreachable away) {
      // that is told already
      return List.of();
    } catch (Problem refused) {
      var why = String.valueOf(refused.getMessage());
      return List.of(
          refused.status() == 401 || refused.status() == 403
              ? Finding.error("token", why, "slipway login, with a token of a person")
              : Finding.error("deploy-service", why, "look at its log"));
    }
  }

  private void tell(List<Finding> findings) {
    var table = new Table(state("STATE"), name("CHECK"), prose("FOUND"));
    for (var finding : findings) {
      table.row(finding.level().name().toLowerCase(Locale.ROOT), finding.check(), finding.text());
      if (finding.mend() != null) {
        table.row("", "", "→ " + finding.mend());
      }
    }
    output.lines(table.lines(output.terminal()));
    var bad = findings.stream().filter(f -> f.level() != Level.OK).count();
    output.line(bad == 0 ? "All is well." : bad + " to mend.");
  }

  private static Level worst(List<Finding> findings) {
    return findings.stream().map(Finding::level).max(Level::compareTo).orElse(Level.OK);
  }
}
