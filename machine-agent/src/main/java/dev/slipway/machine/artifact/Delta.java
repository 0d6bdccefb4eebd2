package dev.slipway.machine.artifact;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.delta.BlockSignatures;
import dev.slipway.common.delta.Patch;
import dev.slipway.common.delta.RangeFetch;
import dev.slipway.common.delta.Ranges;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a new artifact's file from the artifact that is here, before anything else brings the rest.
 * It only ever saves: whatever is wrong with it, the artifact still comes the other way.
 */
final class Delta {
  private static final Logger log = LoggerFactory.getLogger(Delta.class);
  private static final int TRIES = 3;
  private static final int LONGEST_PAUSE_MILLIS = 400;
  private static final int AT_A_TIME = 4;
  private static final Duration STALL = Duration.ofSeconds(10);

  /**
   * The swarm waits for the ranges, so they must not take long; without one they are all there is.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration PATIENCE_ALONE = Duration.ofHours(1);

  private final RegionHttp region;
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.machine.delta} by outcome and {@code slipway.machine.bytes} by
   *     source
   */
  Delta(RegionHttp region, MeterRegistry meters) {
    this.region = region;
    this.meters = meters;
  }

  /**
   * What is to be filled.
   *
   * @param file where; perhaps with a part of it
   * @param piece bytes of the pieces that a swarm brings then; none where there is no swarm, so
   *     that all gaps are fetched here
   */
  record Wanted(Assignment release, Manifest manifest, Path file, OptionalLong piece) {}

  /**
   * Fills what can be filled and fetches small gaps.
   *
   * @param old a complete artifact of the same app
   * @return whether the file has all of the artifact now, as far as its blocks tell
   */
  boolean fill(Wanted wanted, Manifest.Blocks blocks, Path old, Progress progress)
      throws InterruptedException {
    var manifest = wanted.manifest();
    try {
      var whole = fill(wanted, signatures(wanted, blocks), old, progress);
      count(whole ? "whole" : "part");
      return whole;
    } catch (IOException | RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      count("failed");
      log.warn(
          "Build {} of {} is not filled from the release before",
          manifest.job(),
          manifest.app(),
          e);
      return false;
    }
  }

  private BlockSignatures signatures(Wanted wanted, Manifest.Blocks blocks)
      throws IOException, InterruptedException {
    InvalidInput.unless(
        blocks.size() <= BlockSignatures.MAX_BYTES,
        "blocks.size",
        "must be at most " + BlockSignatures.MAX_BYTES + " bytes");
    var bytes = fetch(URI.create(wanted.release().artifact() + "/blocks"), blocks.size());
    InvalidInput.unless(
        Sha256.of(bytes).equals(blocks.sha256()), "blocks", "must be what the manifest names");
    var signatures = BlockSignatures.parse(bytes);
    InvalidInput.unless(
        signatures.size() == wanted.manifest().size(), "blocks", "must be of the artifact's size");
    return signatures;
  }

  private byte[] fetch(URI address, int size) throws IOException, InterruptedException {
    for (var tries = 1; ; tries++) {
      try {
        var bytes = region.get("blocks", address, size);
        moved("region-http", bytes.length);
        return bytes;
      } catch (IOException e) {
        if (tries == TRIES) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(
            ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_MILLIS / 2, LONGEST_PAUSE_MILLIS));
      }
    }
  }

  private boolean fill(Wanted wanted, BlockSignatures signatures, Path old, Progress progress)
      throws IOException, InterruptedException {
    var manifest = wanted.manifest();
    var file = wanted.file();
    try (var patch = new Patch(file, signatures)) {
      // it was of the file as it was; what it lists is found again by its hash
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".resume"));
      var filled = patch.fill(old);
      moved("release", filled);
      progress.at(patch.bytesHere());
      if (!patch.isWhole()) {
        mend(wanted, patch, progress);
        progress.at(patch.bytesHere());
      }
      log.info(
          "Build {} of {}: {} of {} bytes came from the release before, {} lack",
          manifest.job(),
          manifest.app(),
          filled,
          manifest.size(),
          manifest.size() - patch.bytesHere());
      return patch.isWhole();
    }
  }

  private void mend(Wanted wanted, Patch patch, Progress progress) throws InterruptedException {
    var manifest = wanted.manifest();
    var piece = wanted.piece();
    var lacking = patch.lacking();
    var spans =
        piece.isPresent() ? Ranges.worthIt(lacking, manifest.size(), piece.getAsLong()) : lacking;
    var fetch =
        new RangeFetch(
            new HttpRanges(
                region,
                wanted.release().artifact(),
                manifest.size(),
                STALL,
                // each may come at its share of what all may
                bytes -> progress.pace(AT_A_TIME * bytes)),
            AT_A_TIME,
            piece.isPresent() ? PATIENCE : PATIENCE_ALONE);
    var failure = fetch.fetch(patch, spans);
    moved("region-http", fetch.moved());
    if (failure != null) {
      log.warn(
          "Not all ranges of build {} of {} came: {}",
          manifest.job(),
          manifest.app(),
          failure.toString());
    }
  }

  private void moved(String source, long bytes) {
    meters.counter("slipway.machine.bytes", "source", source).increment((double) bytes);
  }

  private void count(String outcome) {
    meters.counter("slipway.machine.delta", "outcome", outcome).increment();
  }
}
