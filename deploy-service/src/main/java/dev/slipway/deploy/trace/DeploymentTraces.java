package dev.slipway.deploy.trace;

import dev.slipway.common.trace.Span;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Traces;
import dev.slipway.deploy.trace.Journey.Machine;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tells of deployments that have ended, down to their last machines, out of the times that the
 * database has: machines make no spans of their own, so tracing costs them nothing.
 */
public final class DeploymentTraces {
  private static final String SERVICE = "deploy-service";
  private static final String MACHINE = "machine-agent";

  private final TraceStore store;
  private final Traces traces;

  public DeploymentTraces(TraceStore store, Traces traces) {
    this.store = store;
    this.traces = traces;
  }

  /** The span of a deployment. */
  public static TraceParent place(TraceParent push, long deployment) {
    return push.child(deployment(deployment));
  }

  /** The span of what a region's machines do for a deployment. */
  public static TraceParent placeIn(TraceParent push, long deployment, String region) {
    return place(push, deployment).child(region(region));
  }

  private static String deployment(long id) {
    return "deployment/" + id;
  }

  private static String region(String name) {
    return "region/" + name;
  }

  /** Tells of what ended since; says whether there was any. */
  public boolean runOnce() {
    if (!traces.areOn()) {
      return false;
    }
    var ended = store.take();
    ended.forEach(this::tell);
    return !ended.isEmpty();
  }

  private void tell(Journey journey) {
    var push = journey.push();
    var whole =
        Span.of(
                push,
                SERVICE,
                deployment(journey.deployment()),
                journey.createdAt(),
                journey.finishedAt())
            .with("slipway.app", journey.app())
            .with("slipway.build", journey.build())
            .with("slipway.cause", journey.cause())
            .with("slipway.status", journey.status())
            .failed(journey.problem());
    traces.tell(push, () -> whole);
    var started = journey.startedAt();
    if (started != null) {
      traces.tell(
          push, () -> Span.of(whole.place(), SERVICE, "wait", journey.createdAt(), started));
    }
    tellWaves(journey, whole.place());
    journey.machines().stream()
        .collect(Collectors.groupingBy(Machine::region))
        .forEach((region, machines) -> tellRegion(push, whole.place(), region, machines));
  }

  private void tellWaves(Journey journey, TraceParent within) {
    var waves = journey.waves();
    for (var i = 0; i < waves.size(); i++) {
      var name = "wave/" + (i + 1);
      var from = waves.get(i);
      var until = i + 1 < waves.size() ? waves.get(i + 1) : journey.finishedAt();
      traces.tell(journey.push(), () -> Span.of(within, SERVICE, name, from, until));
    }
  }

  private void tellRegion(
      TraceParent push, TraceParent within, String region, List<Machine> machines) {
    var whole =
        Span.of(
                within,
                "regional-agent",
                region(region),
                edge(machines, Machine::toldAt, false),
                edge(machines, Machine::doneAt, true))
            .with("slipway.region", region)
            .with("slipway.machines", machines.size());
    traces.tell(push, () -> whole);
    machines.forEach(machine -> tellMachine(push, whole.place(), machine));
  }

  private static Instant edge(
      List<Machine> machines, Function<Machine, Instant> time, boolean last) {
    var times = machines.stream().map(time);
    return (last ? times.max(Comparator.naturalOrder()) : times.min(Comparator.naturalOrder()))
        .orElseThrow();
  }

  private void tellMachine(TraceParent push, TraceParent within, Machine machine) {
    var whole =
        Span.of(within, MACHINE, "machine/" + machine.id(), machine.toldAt(), machine.doneAt())
            .with("slipway.region", machine.region())
            .with("slipway.machine", machine.id())
            .failed(machine.problem());
    traces.tell(push, () -> whole);
    var activating = machine.activatingAt();
    if (activating != null) {
      traces.tell(
          push, () -> Span.of(whole.place(), MACHINE, "download", machine.toldAt(), activating));
      traces.tell(
          push, () -> Span.of(whole.place(), MACHINE, "activate", activating, machine.doneAt()));
    }
  }
}
