package dev.slipway.bench.fleet;

import dev.slipway.bench.Memory;
import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import dev.slipway.bench.machine.Bucket;
import java.time.Duration;

/** Ten thousand machines at one regional agent, then at ten of them and one deploy-service. */
public final class Fleet implements Program {
  /** Of the artifact that targets name and regions share; machines here fetch none. */
  private static final long ARTIFACT_BYTES = 10_000_000;

  @Override
  public String name() {
    return "fleet";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(4) : Duration.ofMinutes(20);
  }

  @Override
  public void run(Run run) throws Exception {
    Memory.requireReadable();
    var bucket = new Bucket(run.folder().resolve("bucket"));
    var release = bucket.publish(run.folder().resolve("checkout"), ARTIFACT_BYTES);
    var scale = run.quick() ? Scale.QUICK : Scale.FULL;
    OneRegion.run(run, scale, bucket, release);
    TenRegions.run(run, scale, bucket, release);
  }
}
