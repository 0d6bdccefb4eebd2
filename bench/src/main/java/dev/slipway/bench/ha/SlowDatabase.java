package dev.slipway.bench.ha;

import dev.slipway.bench.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Each word from and to the database takes 25 ms longer: everything is slower, and goes on. */
final class SlowDatabase {
  private static final Wire.Length FAR = new Wire.Length(Duration.ofMillis(25), 0);

  private SlowDatabase() {}

  static void run(Scene scene, Duration howLong) throws IOException, InterruptedException {
    var calm = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(howLong.toNanos() / 2);
    var slow = System.nanoTime();
    var built = scene.ledger().built();
    var mark = scene.ledger().mark();
    scene.pair().wire().stretch(FAR);
    try {
      TimeUnit.NANOSECONDS.sleep(howLong.toNanos());
      scene.awaitPush();
    } finally {
      scene.pair().wire().stretch(Wire.Length.NONE);
    }
    var found = scene.found();
    found.detail("calm: a webhook takes", "s", webhook(scene, calm, slow));
    found.detail("slow: a webhook takes", "s", webhook(scene, slow, System.nanoTime()));
    var after = scene.ledger().built() - built;
    found.detail("slow: builds a minute", "", after * 60.0 / howLong.toSeconds());
    found.must(after > 0, "nothing was built while the database was slow");
    found.must(!scene.ledger().mark().equals(mark), "nothing moved while the database was slow");
    scene.noteLongestCall(slow);
    scene.mustBeWhole();
    scene.teller().tell("slow", after + " builds while each word took 25 ms longer");
  }

  /** The median, of those that were told of in between. */
  private static double webhook(Scene scene, long from, long to) {
    var samples = new Samples();
    for (var push : scene.traffic().taken()) {
      if (push.asked() - from >= 0 && push.asked() - to < 0) {
        samples.add(push.seconds());
      }
    }
    return samples.median();
  }
}
