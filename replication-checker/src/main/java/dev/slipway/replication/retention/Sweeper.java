package dev.slipway.replication.retention;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.blob.BlobStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Removes the objects of builds that have been retired for long enough: from the regions at once,
 * in the home bucket by way of {@link Trash}, since an attempt may be publishing the same content
 * just now. All of it may be cut off at any line, and done twice.
 */
final class Sweeper {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  /** What it works with. */
  record Tools(
      Buckets buckets,
      Broom broom,
      Trash trash,
      AuditStore audit,
      TransactionTemplate transaction,
      MeterRegistry meters) {}

  private final RetiredStore store;
  private final String home;
  private final Tools tools;
  private final Duration grace;

  /**
   * @param home address of the bucket that workers publish to
   * @param grace from retirement to here
   */
  Sweeper(RetiredStore store, String home, Duration grace, Tools tools) {
    this.store = store;
    this.home = home;
    this.grace = grace;
    this.tools = tools;
  }

  /**
   * Removes what is due. A bucket that fails is left alone for the rest of the pass; its builds are
   * tried again in the next.
   *
   * @return the builds of which nothing is left
   */
  List<Retired> sweep() {
    var failing = new HashSet<String>();
    var regions = store.regionBuckets().stream().filter(bucket -> !bucket.equals(home)).toList();
    var gone = new ArrayList<Retired>();
    for (var build : store.due(grace)) {
      var kept = store.isKept(build.app(), build.sha256());
      var all = true;
      for (var region : regions) {
        all &= in(region, failing, bucket -> remove(bucket, build, kept));
      }
      all &=
          in(
              home,
              failing,
              bucket -> {
                remove(bucket, build, true);
                if (!kept) {
                  tools.trash().put(bucket, build);
                }
              });
      if (all && isNews(build, kept)) {
        gone.add(build);
      }
    }
    return gone;
  }

  private boolean isNews(Retired build, boolean kept) {
    return Boolean.TRUE.equals(
        tools
            .transaction()
            .execute(t -> {
              var news = store.swept(build);
              if (news) {
                tell(build, kept);
              }
              return news;
            }));
  }

  private void remove(BlobStore bucket, Retired build, boolean kept) throws IOException {
    if (!kept) {
      for (var content : build.contents()) {
        tools.broom().remove(bucket, content);
      }
    }
    for (var paper : build.papers()) {
      tools.broom().remove(bucket, paper);
    }
  }

  private interface Work {
    void in(BlobStore bucket) throws IOException;
  }

  private boolean in(String address, Set<String> failing, Work work) {
    if (failing.contains(address)) {
      return false;
    }
    try {
      work.in(tools.buckets().open(address));
      return true;
    } catch (IOException | RuntimeException e) {
      failing.add(address);
      tools.meters().counter("slipway.retention.failures").increment();
      log.warn("What is retired cannot be removed from {} and is tried again", address, e);
      return false;
    }
  }

  private void tell(Retired build, boolean kept) {
    tools
        .audit()
        .record(
            Retention.NAME,
            "build-delete",
            "build " + build.build(),
            "DELETED",
            "app %s, from every bucket: %s%s"
                .formatted(
                    build.app(),
                    String.join(", ", build.objects()),
                    kept ? "; its content stays, another build has it" : ""));
  }
}
