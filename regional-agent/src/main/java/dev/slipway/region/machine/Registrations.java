package dev.slipway.region.machine;

import dev.slipway.common.access.MachineTokens;
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
  private final MachineTokens credentials;

  public Registrations(BlobStore bucket, RegistrationTokens tokens, MachineTokens credentials) {
    this.bucket = bucket;
    this.tokens = tokens;
    this.credentials = credentials;
  }

  /**
   * A machine's credential, for a registration token or the credential itself.
   *
   * @throws Problem 401 {@code registration-refused}; 409 {@code machine-exists} when another
   *     machine has that name
   */
  Credential register(MachineId machine, String token, String claim) throws IOException {
    var own = credentials.tokenOf(machine);
    if (!Secrets.same(own, token)) {
      var ticket = tokens.check(token);
      var by = Secrets.sha256(machine + ":" + claim);
      use(ticket, machine, by);
      take(ticket, machine, by);
    }
    return new Credential(own);
  }

  private void use(Ticket ticket, MachineId machine, String by) throws IOException {
    if (ticket.machine() != null && !ticket.machine().equals(machine)) {
      throw RegistrationTokens.refused("is one of machine " + ticket.machine());
    }
    for (var use = 1; use <= ticket.uses(); use++) {
      if (isOwn("registrations/" + ticket.nonce() + "/" + use, by)) {
        return;
      }
    }
    throw RegistrationTokens.refused("has been used");
  }

  private void take(Ticket ticket, MachineId machine, String by) throws IOException {
    var name = "machines/" + machine;
    if (isOwn(name, by)) {
      return;
    }
    if (ticket.machine() != null) {
      bucket.delete(name);
      if (isOwn(name, by)) {
        return;
      }
    }
    throw Problem.conflict(
        "machine-exists",
        "there is a machine " + machine + "; to replace it, ask for a token that names it");
  }

  /** Makes an object, unless it is there; whether it is this machine's. */
  private boolean isOwn(String name, String by) throws IOException {
    try {
      bucket.create(name, out -> out.write(by.getBytes(StandardCharsets.US_ASCII)));
      return true;
    } catch (BlobExists e) {
      try (var in = bucket.read(name, 0, DIGEST)) {
        return Secrets.same(new String(in.readAllBytes(), StandardCharsets.US_ASCII), by);
      }
    }
  }
}
