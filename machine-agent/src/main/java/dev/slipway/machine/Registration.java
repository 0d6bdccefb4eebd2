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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A machine's own credential: had once for a one-time token, and kept, readable for the agent's
 * account alone.
 */
final class Registration {
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int LARGEST = 10_000;

  private final MeterRegistry meters;

  Registration(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * The credential that is kept in {@code dir}, or else a new one.
   *
   * @param agents asked in order
   * @param token the region's, to register with
   * @throws IOException when no agent gives one, with what the last one said; may be tried again
   */
  String credential(MachineId machine, List<URI> agents, Path dir, String token)
      throws IOException {
    var file = dir.resolve("credential");
    if (Files.exists(file)) {
      return Files.readString(file);
    }
    InvalidInput.unless(
        !token.isEmpty(), "registration-token", "must be given until the machine is registered");
    Files.createDirectories(dir);
    var claim = dir.resolve("claim");
    if (Files.notExists(claim)) {
      Durable.write(claim, Secrets.random().getBytes(StandardCharsets.US_ASCII));
    }
    var credential = ask(machine, agents, token, Files.readString(claim));
    Durable.write(file, credential.getBytes(StandardCharsets.US_ASCII));
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
