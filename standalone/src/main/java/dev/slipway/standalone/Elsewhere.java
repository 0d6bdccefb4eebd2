package dev.slipway.standalone;

import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.machine.MachineId;
import java.io.IOException;
import java.nio.file.Path;

/** An installation that runs in another process of this machine, as {@code ./slipway up} does. */
public record Elsewhere(Path data, Ports ports, Size size) implements Installation {
  @Override
  public String adminToken() throws IOException {
    return keys().secret("admin");
  }

  /** The token of a machine, whether it has been heard of or not. */
  public String machineToken(int region, MachineId machine) throws IOException {
    return new MachineTokens(keys().secret("machines-" + size.regions().get(region)))
        .tokenOf(machine);
  }

  /** What machines trust. */
  public Path publicKeyFile() throws IOException {
    return keys().publicKeyFile();
  }

  private Keys keys() throws IOException {
    return new Keys(data.resolve("keys"));
  }
}
