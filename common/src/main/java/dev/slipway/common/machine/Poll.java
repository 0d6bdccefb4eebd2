package dev.slipway.common.machine;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.util.List;

/**
 * A machine's poll: "I run X" up, "run Y" down.
 *
 * @param zone where it stands; peers of the same zone come first
 * @param hosts the apps that it is there for; empty for any app
 * @param sequence grows with each poll of a machine's agent, so that an overtaken report is known
 * @param after the revision it knows
 * @param waitSeconds seconds to wait for a higher one, at most {@value #LONGEST_WAIT}
 * @param labels of the machine
 */
public record Poll(
    String zone,
    List<AppName> hosts,
    List<AppReport> apps,
    long sequence,
    long after,
    @JsonProperty("wait") int waitSeconds,
    Labels labels) {
  /** The longest {@code waitSeconds}, in seconds. */
  public static final int LONGEST_WAIT = 30;

  /** The most apps on a machine. */
  public static final int MOST_APPS = 100;

  public Poll {
    InvalidInput.unless(
        zone.matches("[A-Za-z0-9._-]{1,64}"),
        "zone",
        "must be 1 to 64 letters, digits, dots and hyphens");
    InvalidInput.unless(hosts.size() <= MOST_APPS, "hosts", "must be at most " + MOST_APPS);
    InvalidInput.unless(apps.size() <= MOST_APPS, "apps", "must be at most " + MOST_APPS);
    // an agent that knows nothing of labels says nothing
    labels = labels == null ? Labels.NONE : labels;
  }

  /** Of a machine without labels. */
  public Poll(
      String zone,
      List<AppName> hosts,
      List<AppReport> apps,
      long sequence,
      long after,
      int waitSeconds) {
    this(zone, hosts, apps, sequence, after, waitSeconds, Labels.NONE);
  }
}
