package dev.slipway.bench.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * One artifact's way through a party, piece by piece, in steps of the time that the fastest link
 * needs for a piece. The source deals each piece once, to whoever; members pass on what they have
 * from the step after, each to random acquaintances who lack something of it, the rarest of a few
 * such pieces first. Who was given nothing for a while may ask the source for any piece that it
 * lacks.
 */
final class Swarm {
  private static final double PATIENCE_SECONDS = 5;
  private static final int TRIES = 12;
  private static final int CANDIDATES = 3;

  /** Of more members it is not kept when each of them had what. */
  private static final int MOST_FOLLOWED = 200;

  private static final int MOST_STEPS = 200_000;

  private final Party party;
  private final int pieces;
  private final double pieceMbit;
  private final double step;
  private final Random random;
  private final List<int[]> known;
  private final List<BitSet> has = new ArrayList<>();
  private final List<BitSet> comes = new ArrayList<>();
  private final int[] holders;
  private final double[] sendable;
  private final double[] receivable;
  private final double[] lastCame;
  private final double[][] cameAt;
  private final Deque<Integer> toDeal = new ArrayDeque<>();
  private double sourceSendable;
  private long dealt;
  private long passed;
  private long crossed;
  private double now;

  /**
   * How it went.
   *
   * @param seconds until the last survivor had everything
   * @param sourceMultiple what the source sent, in artifacts
   * @param crossed of the bytes that members sent each other or got from the source, the part that
   *     came from another zone; the source is in the first
   * @param cameAt when each member had each piece, in seconds; of a small party
   */
  record Outcome(
      double seconds, double sourceMultiple, double crossed, List<List<Double>> cameAt) {}

  private Swarm(Party party, int pieces, double pieceMbit, long seed) {
    this.party = party;
    this.pieces = pieces;
    this.pieceMbit = pieceMbit;
    this.random = new Random(seed);
    var members = party.members();
    this.step = pieceMbit / members.stream().mapToDouble(Party.Member::down).max().orElseThrow();
    this.known = new Acquaintance(members, random).known();
    this.holders = new int[pieces];
    this.sendable = new double[members.size()];
    this.receivable = new double[members.size()];
    this.lastCame = new double[members.size()];
    this.cameAt = new double[members.size()][members.size() <= MOST_FOLLOWED ? pieces : 0];
    for (var member = 0; member < members.size(); member++) {
      has.add(new BitSet(pieces));
      comes.add(new BitSet(pieces));
    }
    IntStream.range(0, pieces)
        .boxed()
        .sorted(Comparator.comparingDouble(this::heldFrom))
        .forEach(toDeal::add);
  }

  /**
   * Lets it happen.
   *
   * @param bytes of the artifact
   * @param pieceBytes of a piece
   * @throws IllegalStateException when it does not come to an end
   */
  static Outcome run(Party party, double bytes, double pieceBytes, long seed) {
    return new Swarm(party, (int) Math.ceil(bytes / pieceBytes), pieceBytes * 8 / 1e6, seed).run();
  }

  private Outcome run() {
    for (var steps = 0; steps < MOST_STEPS; steps++) {
      fill();
      deal();
      pass();
      now += step;
      settle();
      if (isDone()) {
        return outcome();
      }
    }
    throw new IllegalStateException("the swarm does not come to an end");
  }

  private Outcome outcome() {
    var times = new ArrayList<List<Double>>();
    if (cameAt.length <= MOST_FOLLOWED) {
      for (var member : cameAt) {
        times.add(DoubleStream.of(member).boxed().toList());
      }
    }
    return new Outcome(now, (double) dealt / pieces, (double) crossed / (dealt + passed), times);
  }

  private void fill() {
    sourceSendable = Math.min(sourceSendable, 1) + party.sourceMbit() * step / pieceMbit;
    for (var member = 0; member < sendable.length; member++) {
      var link = party.members().get(member);
      sendable[member] = Math.min(sendable[member], 1) + link.up() * step / pieceMbit;
      receivable[member] = Math.min(receivable[member], 1) + link.down() * step / pieceMbit;
    }
  }

  private void deal() {
    for (; sourceSendable >= 1; sourceSendable--) {
      var piece = toDeal.peekFirst();
      if (piece == null || heldFrom(piece) > now) {
        if (!dealAgain()) {
          return;
        }
      } else if (give(piece)) {
        toDeal.removeFirst();
      } else {
        return;
      }
    }
  }

  private double heldFrom(int piece) {
    return party.heldFrom().isEmpty() ? 0 : party.heldFrom().get(piece);
  }

  /** To somebody who lacks it and can take it. */
  private boolean give(int piece) {
    for (var tries = 0; tries < TRIES; tries++) {
      var member = random.nextInt(has.size());
      if (canTake(member) && !has.get(member).get(piece) && !comes.get(member).get(piece)) {
        dealTo(member, piece);
        return true;
      }
    }
    return false;
  }

  private boolean dealAgain() {
    var first = random.nextInt(has.size());
    for (var n = 0; n < has.size(); n++) {
      var member = (first + n) % has.size();
      if (canTake(member) && now - lastCame[member] > PATIENCE_SECONDS) {
        var piece = lacking(member);
        if (piece >= 0) {
          dealTo(member, piece);
          return true;
        }
      }
    }
    return false;
  }

  private int lacking(int member) {
    for (var piece = has.get(member).nextClearBit(0);
        piece < pieces;
        piece = has.get(member).nextClearBit(piece + 1)) {
      if (!comes.get(member).get(piece) && heldFrom(piece) <= now) {
        return piece;
      }
    }
    return -1;
  }

  private void dealTo(int member, int piece) {
    dealt++;
    if (party.members().get(member).zone() != 0) {
      crossed++;
    }
    take(member, piece);
  }

  private void take(int member, int piece) {
    receivable[member]--;
    comes.get(member).set(piece);
    holders[piece]++;
  }

  private boolean canTake(int member) {
    return receivable[member] >= 1
        && party.members().get(member).isAliveAt(now)
        && has.get(member).cardinality() < pieces;
  }

  private void pass() {
    var first = random.nextInt(has.size());
    for (var n = 0; n < has.size(); n++) {
      var sender = (first + n) % has.size();
      if (party.members().get(sender).isAliveAt(now) && !has.get(sender).isEmpty()) {
        while (sendable[sender] >= 1 && passOn(sender)) {
          sendable[sender]--;
        }
      }
    }
  }

  private boolean passOn(int sender) {
    var acquaintances = known.get(sender);
    for (var tries = 0; tries < TRIES && acquaintances.length > 0; tries++) {
      var receiver = acquaintances[random.nextInt(acquaintances.length)];
      if (canTake(receiver)) {
        var piece = useful(sender, receiver);
        if (piece >= 0) {
          passed++;
          if (party.members().get(sender).zone() != party.members().get(receiver).zone()) {
            crossed++;
          }
          take(receiver, piece);
          return true;
        }
      }
    }
    return false;
  }

  /** The rarest of a few pieces that one has and the other lacks; -1 when there is none. */
  private int useful(int sender, int receiver) {
    var useful = (BitSet) has.get(sender).clone();
    useful.andNot(has.get(receiver));
    useful.andNot(comes.get(receiver));
    var best = -1;
    for (var n = 0; n < CANDIDATES; n++) {
      var piece = useful.nextSetBit(random.nextInt(pieces));
      if (piece < 0) {
        piece = useful.nextSetBit(0);
      }
      if (piece >= 0 && (best < 0 || holders[piece] < holders[best])) {
        best = piece;
      }
    }
    return best;
  }

  /** What was on its way has come; what only the dead had is dealt again. */
  private void settle() {
    for (var member = 0; member < has.size(); member++) {
      var number = member;
      var came = comes.get(member);
      if (!came.isEmpty()) {
        if (cameAt[member].length > 0) {
          came.stream().forEach(piece -> cameAt[number][piece] = now);
        }
        has.get(member).or(came);
        came.clear();
        lastCame[member] = now;
      }
      var link = party.members().get(member);
      if (!link.isAliveAt(now) && link.isAliveAt(now - step)) {
        bury(member);
      }
    }
  }

  private void bury(int member) {
    for (var piece = 0; piece < pieces; piece++) {
      if (has.get(member).get(piece) && --holders[piece] == 0) {
        toDeal.addFirst(piece);
      }
    }
  }

  private boolean isDone() {
    for (var member = 0; member < has.size(); member++) {
      if (party.members().get(member).survives() && has.get(member).cardinality() < pieces) {
        return false;
      }
    }
    return true;
  }
}
