package dev.slipway.region.machine;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.blob.BlobExists;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.machine.Credential;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.Problem;
import dev.slipway.region.machine.RegistrationTokens.Ticket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Machines that came by a registration token. What was used, and by whom, is in the region's
 * bucket, which all agents of the region share and whose objects nobody makes twice. Every step may
 * be made again by who has made it.
 */
public final class Registrations {
  private static final int DIGEST = 64;

  private final BlobStore bucket;
  private final RegistrationTokens tokens;
  private final Revocations credentials;

  public Registrations(BlobStore bucket, RegistrationTokens tokens, Revocations credentials) {
    this.bucket = bucket;
    this.tokens = tokens;
    this.credentials = credentials;
  }

  /**
   * A machine's credential, for a registration token or the credential itself.
   *
   * @throws Problem 401 {@code registration-refused}; 409 {@code machine-exists} when another
   *     machine has that name, and the token stays good for another
   */
  Credential register(MachineId machine, String token, String claim) throws IOException {
    if (!Secrets.same(credentials.tokenOf(machine), token)) {
      var ticket = tokens.check(token);
      var epoch = credentials.epochOf(machine);
      var by = who(machine, claim, epoch);
      var name = nameOf(machine, epoch);
      requireUse(ticket, machine, by);
      if (ticket.machine() == null) {
        requireFree(name, by, machine);
      }
      var use = use(ticket, by);
      if (!take(ticket, name, by)) {
        // somebody was faster; what was not needed is there for another
        bucket.delete(use);
        throw taken(machine);
      }
    }
    return new Credential(credentials.tokenOf(machine));
  }

  /** Once it was revoked a machine is somebody else, also for the tokens that it has used. */
  private static String who(MachineId machine, String claim, long epoch) {
    return Secrets.sha256(machine + ":" + claim + (epoch == 0 ? "" : ":" + epoch));
  }

  /** A name is free again once its machine was revoked. */
  private static String nameOf(MachineId machine, long epoch) {
    return epoch == 0 ? "machines/" + machine : "machines-again/" + machine + "/" + epoch;
  }

  private void requireFree(String name, String by, MachineId machine) throws IOException {
    if (bucket.stat(name).isPresent() && !isBy(name, by)) {
      throw taken(machine);
    }
  }

  private static Problem taken(MachineId machine) {
    return Problem.conflict(
        "machine-exists",
        "there is a machine " + machine + "; to replace it, ask for a token that names it");
  }

  /** Uses up nothing yet. */
  private void requireUse(Ticket ticket, MachineId machine, String by) throws IOException {
    if (ticket.machine() != null && !ticket.machine().equals(machine)) {
      throw RegistrationTokens.refused("is one of machine " + ticket.machine());
    }
    for (var n = 1; n <= ticket.uses(); n++) {
      var use = use(ticket, n);
      if (bucket.stat(use).isEmpty() || isBy(use, by)) {
        return;
      }
    }
    throw RegistrationTokens.refused("has been used");
  }

  private static String use(Ticket ticket, int n) {
    return "registrations/" + ticket.nonce() + "/" + n;
  }

  /** The object that says so. */
  private String use(Ticket ticket, String by) throws IOException {
    for (var n = 1; n <= ticket.uses(); n++) {
      if (isOwn(use(ticket, n), by)) {
        return use(ticket, n);
      }
    }
    throw RegistrationTokens.refused("has been used");
  }

  private boolean take(Ticket ticket, String name, String by) throws IOException {
    if (isOwn(name, by)) {
      return true;
    }
    if (ticket.machine() == null) {
      return false;
    }
    bucket.delete(name);
    return isOwn(name, by);
  }

  /** Makes an object, unless it is there; whether it is this machine's. */
  private boolean isOwn(String name, String by) throws IOException {
    try {
      bucket.create(name, out -> out.write(by.getBytes(StandardCharsets.US_ASCII)));
      return true;
    } catch (BlobExists e) {
      return isBy(name, by);
    }
  }

  private boolean isBy(String name, String by) throws IOException {
    try (var in = bucket.read(name, 0, DIGEST)) {
      return Secrets.same(new String(in.readAllBytes(), StandardCharsets.US_ASCII), by);
    }
  }
}
