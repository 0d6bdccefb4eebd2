package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;
import static dev.slipway.deploy.World.EU;
import static dev.slipway.deploy.World.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.trace.LogLines;
import dev.slipway.common.trace.TestCollector;
import dev.slipway.common.trace.TestCollector.Received;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Tracer;
import dev.slipway.common.trace.Traces;
import dev.slipway.deploy.trace.DeploymentTraces;
import dev.slipway.deploy.trace.TraceStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What a trace tells of a deployment. */
@NullMarked
class TracedDeploymentTest {
  private static final DeployRecipe IN_WAVES =
      new DeployRecipe(
          false,
          Order.EVERY,
          List.of(),
          List.of(
              new Wave(List.of(EU), 100, Duration.ZERO),
              new Wave(List.of(EU, US), 100, Duration.ZERO)),
          0,
          false,
          false);

  private final World world = new World();
  private final TraceParent push = TraceParent.start(true);

  private long build() {
    var build = world.ready(IN_WAVES);
    world
        .jdbc
        .sql("update job set trace_parent = :push where id = :build")
        .param("push", push.toString())
        .param("build", build)
        .update();
    return build;
  }

  private List<Received> told(int instances) throws Exception {
    try (var collector = new TestCollector()) {
      try (var traces = Traces.by(Tracer.to(collector.endpoint(), new SimpleMeterRegistry()))) {
        for (var i = 0; i < instances; i++) {
          new DeploymentTraces(new TraceStore(world.jdbc), traces).runOnce();
        }
      }
      return collector.spans();
    }
  }

  private static Received named(List<Received> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void waves_regions_and_machines_are_told_once_when_it_has_ended() throws Exception {
    world.machine(EU, "e1");
    world.machine(US, "u1");
    var id = world.deployer.deploy(APP, build(), "ann").id();
    world.reconciler.runOnce();
    world.activates(EU, "e1");
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(told(1)).as("it has not ended").isEmpty();
    world.obeys(US, "u1");
    world.reconciler.runOnce();

    var spans = told(2);
    var deployment = named(spans, "deployment/" + id);
    assertThat(deployment.parent()).isEqualTo(push.spanId());
    assertThat(deployment.failed()).isFalse();
    for (var part : List.of("wait", "wave/1", "wave/2", "region/eu", "region/us")) {
      assertThat(named(spans, part).parent()).as(part).isEqualTo(deployment.spanId());
    }
    assertThat(named(spans, "wave/1").until()).isEqualTo(named(spans, "wave/2").from());
    assertThat(named(spans, "wave/2").until()).isEqualTo(deployment.until());
    var machine = named(spans, "machine/e1");
    assertThat(machine.parent()).isEqualTo(named(spans, "region/eu").spanId());
    assertThat(named(spans, "download").parent()).isEqualTo(machine.spanId());
    assertThat(named(spans, "activate").until()).isEqualTo(machine.until());
    assertThat(named(spans, "machine/u1").parent()).isEqualTo(named(spans, "region/us").spanId());
    assertThat(spans).as("each once").doesNotHaveDuplicates().hasSize(10);
  }

  @Test
  void one_that_fails_says_why_and_which_machine_did() throws Exception {
    world.machine(EU, "e1");
    var id = world.deployer.deploy(APP, build(), "ann").id();
    world.reconciler.runOnce();
    world.fails(EU, "e1");
    try (var log = new LogLines()) {
      world.reconciler.runOnce();
      assertThat(log.saying("Deployment " + id + " of hello failed"))
          .extracting(LogLines.Line::trace)
          .containsExactly(LogLines.of(push.child("deployment/" + id)));
    }
    var spans = told(1);
    assertThat(named(spans, "deployment/" + id).failed()).isTrue();
    assertThat(named(spans, "machine/e1").failed()).isTrue();
  }

  @Test
  void machines_are_told_of_the_span_that_they_have_in_it() throws Exception {
    world.machine(EU, "e1");
    world.machine(US, "u1");
    var id = world.deployer.deploy(APP, build(), "ann").id();
    world.reconciler.runOnce();
    var told = world.targets.after(EU, 0).targets().getFirst().release();
    assertThat(told.trace()).isEqualTo(push.child("deployment/" + id).child("region/eu"));
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    world.obeys(US, "u1");
    world.reconciler.runOnce();
    assertThat(named(told(1), "region/eu").spanId())
        .isEqualTo(Objects.requireNonNull(told.trace()).spanId());
  }

  @Test
  void a_build_that_is_not_traced_is_passed_over() throws Exception {
    world.machine(EU, "e1");
    world.deployer.deploy(APP, world.ready(DeployRecipe.BY_HAND), "ann");
    world.reconciler.runOnce();
    world.obeys(EU, "e1");
    world.reconciler.runOnce();
    assertThat(told(1)).isEmpty();
  }
}
