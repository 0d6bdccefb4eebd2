package dev.slipway.deploy;

import dev.slipway.common.machine.Labels;
import dev.slipway.deploy.FleetStore.MachineApp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine as everybody is to see it.
 *
 * @param state what it is at: DOWNLOADING, ACTIVATING, RUNNING or FAILED as it said last, UNKNOWN
 *     once it was silent for longer than {@link Progress#SILENCE}, WAITING while it has said
 *     nothing of the app
 * @param lastState what it said last
 * @param kept the builds on its disk, ready to run
 */
public record FleetMachine(
    String region,
    String machine,
    String zone,
    Labels labels,
    String state,
    @Nullable String lastState,
    double stateSeconds,
    double silentSeconds,
    @Nullable Long build,
    @Nullable Long running,
    long revision,
    long bytesDone,
    long bytesTotal,
    @Nullable String detail,
    List<Long> kept) {
  static FleetMachine of(MachineApp app) {
    var said = app.state() == null ? null : app.state().name();
    return new FleetMachine(
        app.region().value(),
        app.machine().value(),
        app.zone(),
        app.labels(),
        stateOf(app),
        said,
        app.stateSeconds(),
        app.silentSeconds(),
        app.build(),
        app.running(),
        app.revision(),
        app.bytesDone(),
        app.bytesTotal(),
        app.detail(),
        app.kept());
  }

  /** What it counts as. */
  public static String stateOf(MachineApp app) {
    if (app.isSilent()) {
      return "UNKNOWN";
    }
    return app.state() == null ? "WAITING" : app.state().name();
  }
}
