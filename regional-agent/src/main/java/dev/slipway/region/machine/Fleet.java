package dev.slipway.region.machine;

import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.target.FleetReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.LongSupplier;

/**
 * The region's machines by their own last word, in memory: they say it again with each poll. At
 * most so many machines; a new one beyond them takes the place of the one silent for longest.
 */
public final class Fleet {
  /**
   * After this no request can be under way any more: a lower sequence is then an agent restarted.
   */
  private static final Duration OVERTAKEN = Duration.ofSeconds(2L * Poll.LONGEST_WAIT);

  /**
   * What a machine said last.
   *
   * @param epoch of the credential that it said it with
   */
  private record Word(MachineId id, Poll poll, long epoch, long heardNanos) {
    boolean saysAs(Word other) {
      return epoch == other.epoch
          && poll.zone().equals(other.poll.zone())
          && poll.hosts().equals(other.poll.hosts())
          && poll.labels().equals(other.poll.labels())
          && poll.apps().equals(other.poll.apps());
    }

    /** Who was let in again counts anew. */
    boolean isOvertakenBy(Word other) {
      return epoch < other.epoch
          || (epoch == other.epoch
              && poll.sequence() <= other.poll.sequence()
              && heardNanos - other.heardNanos < OVERTAKEN.toNanos());
    }

    MachineReport report(long now) {
      var silentMillis = Math.max(0, (now - heardNanos) / 1_000_000);
      return new MachineReport(
          id,
          poll.zone(),
          poll.hosts(),
          poll.labels(),
          epoch,
          poll.sequence(),
          silentMillis,
          poll.apps());
    }
  }

  private final Map<MachineId, Word> words = new HashMap<>();
  private final LinkedHashSet<MachineId> changed = new LinkedHashSet<>();
  private final LinkedHashSet<MachineId> heard = new LinkedHashSet<>();
  private final int most;
  private final LongSupplier nanos;
  private final Changes changes = new Changes();

  /**
   * @param most machines
   * @param nanos a clock for durations, as {@link System#nanoTime}
   */
  public Fleet(int most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
  }

  /** Signalled when a machine says something new. */
  Changes changes() {
    return changes;
  }

  /**
   * Takes a machine's word, unless a later one is here already.
   *
   * @param epoch of the machine's credential
   */
  public void hear(MachineId id, Poll poll, long epoch) {
    if (take(new Word(id, poll, epoch, nanos.getAsLong()))) {
      changes.signal();
    }
  }

  /** The labels that a machine told last; none of one that was not heard of. */
  public synchronized Labels labelsOf(MachineId id) {
    var word = words.get(id);
    return word == null ? Labels.NONE : word.poll.labels();
  }

  private synchronized boolean take(Word word) {
    var before = words.get(word.id);
    if (before != null && word.isOvertakenBy(before)) {
      return false;
    }
    if (before == null && words.size() >= most) {
      forgetTheMostSilent();
    }
    words.put(word.id, word);
    heard.add(word.id);
    return (before == null || !word.saysAs(before)) && changed.add(word.id);
  }

  private void forgetTheMostSilent() {
    words.values().stream()
        .min(Comparator.comparingLong(word -> word.heardNanos - nanos.getAsLong()))
        .ifPresent(word -> {
          words.remove(word.id);
          changed.remove(word.id);
          heard.remove(word.id);
        });
  }

  /** Takes up to {@link FleetReport#MOST} machines whose word has changed since it was taken. */
  public synchronized List<MachineReport> takeChanged() {
    return take(changed);
  }

  /** As {@link #takeChanged}, for those heard of since they were taken. */
  public synchronized List<MachineReport> takeHeard() {
    return take(heard);
  }

  private List<MachineReport> take(SequencedSet<MachineId> from) {
    var now = nanos.getAsLong();
    var taken = new ArrayList<MachineReport>();
    while (!from.isEmpty() && taken.size() < FleetReport.MOST) {
      var id = from.removeFirst();
      changed.remove(id);
      heard.remove(id);
      var word = words.get(id);
      if (word != null) {
        taken.add(word.report(now));
      }
    }
    return taken;
  }

  /** Puts machines back whose report did not arrive. */
  public synchronized void putBack(List<MachineReport> reports) {
    for (var report : reports) {
      if (words.containsKey(report.id())) {
        changed.add(report.id());
      }
    }
  }

  public synchronized boolean hasChanged() {
    return !changed.isEmpty();
  }

  public synchronized int size() {
    return words.size();
  }
}
