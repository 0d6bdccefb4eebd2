package dev.slipway.machine;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.machine.Credential;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.RegistrationRequest;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.machine.file.Durable;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A machine's own credential: had once for a one-time token, and kept, readable for the agent's
 * account alone. Another token than the one that it came for is asked for another: so comes a
 * machine back that was revoked.
 */
final class Registration {
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int LARGEST = 10_000;
  private static final Logger log = LoggerFactory.getLogger(Registration.class);

  private final MeterRegistry meters;

  Registration(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * The credential that is kept in {@code dir}, or a new one where there is none, or it came for
   * another token. A new one that cannot be had leaves the one that is kept: apps that run must be
   * looked after whatever the region says.
   *
   * @param agents asked in order
   * @param token the region's, to register with
   * @throws IOException when no agent gives one, with what the last one said; may be tried again
   */
  String credential(MachineId machine, List<URI> agents, Path dir, String token)
      throws IOException {
    var file = dir.resolve("credential");
    if (Files.notExists(file)) {
      InvalidInput.unless(
          !token.isEmpty(), "registration-token", "must be given until the machine is registered");
      return register(machine, agents, dir, token);
    }
    if (token.isEmpty() || isFor(token, dir)) {
      return Files.readString(file);
    }
    try {
      return register(machine, agents, dir, token);
    } catch (IOException e) {
      log.warn("Machine {} keeps the credential that it has", machine, e);
      return Files.readString(file);
    }
  }

  private static boolean isFor(String token, Path dir) throws IOException {
    var by = dir.resolve("registered-by");
    return Files.exists(by) && Files.readString(by).equals(Secrets.sha256(token));
  }

  private String register(MachineId machine, List<URI> agents, Path dir, String token)
      throws IOException {
    Files.createDirectories(dir);
    var claim = dir.resolve("claim");
    if (Files.notExists(claim)) {
      Durable.write(claim, Secrets.random().getBytes(StandardCharsets.US_ASCII));
    }
    var credential = ask(machine, agents, token, Files.readString(claim));
    Durable.write(dir.resolve("credential"), credential.getBytes(StandardCharsets.US_ASCII));
    Durable.write(
        dir.resolve("registered-by"), Secrets.sha256(token).getBytes(StandardCharsets.US_ASCII));
    return credential;
  }

  private String ask(MachineId machine, List<URI> agents, String token, String claim)
      throws IOException {
    var json = JsonMapper.shared().writeValueAsBytes(new RegistrationRequest(claim));
    var last = new IOException("there is no regional agent");
    try (var http = new RegionHttp(token, meters)) {
      for (var agent : agents) {
        try {
          var address = agent.resolve("/api/v1/machines/" + machine + "/registration");
          var answer = http.post("registration", address, json, LARGEST, ANSWER);
          return JsonMapper.shared().readValue(answer, Credential.class).token();
        } catch (JacksonException e) {
          last = new IOException(agent + " answers something else than a credential", e);
        } catch (IOException e) {
          last = e;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while it registered", e);
    }
    throw new IOException("machine " + machine + " is not registered: " + last.getMessage(), last);
  }
}
