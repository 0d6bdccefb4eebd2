package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.Credential;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.RegistrationRequest;
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.region.machine.RegistrationController.Made;
import dev.slipway.region.machine.Revocations;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Machines that come by a token, to two agents of one region. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistrationTest {
  private static final String ADMIN = "an administrator's token, which nobody guesses";
  private static final String CLAIM = "c".repeat(43);

  private final FakeCentre centre;
  private final Region a;
  private final Region b;

  RegistrationTest(@TempDir Path folder) throws Exception {
    var home = new Home(folder);
    centre = new FakeCentre();
    a = agent("a", folder, home);
    b = agent("b", folder, home);
  }

  private Region agent(String name, Path folder, Home home) {
    return new Region(
        "eu", name, folder, home, centre.address(), "slipway.region.admin-token=" + ADMIN);
  }

  @AfterAll
  void stop() {
    a.close();
    b.close();
    centre.close();
  }

  private static HttpResponse<String> post(URI address, String token, String json)
      throws Exception {
    return Region.HTTP.send(
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> ask(Region agent, String token, String wish)
      throws Exception {
    return post(agent.address().resolve("/api/v1/registrations"), token, wish);
  }

  private String token(String wish) throws Exception {
    var answer = ask(a, ADMIN, wish);
    assertThat(answer.statusCode()).isEqualTo(201);
    return JsonMapper.shared().readValue(answer.body(), Made.class).token();
  }

  private static HttpResponse<String> register(
      Region agent, String machine, String token, String claim) throws Exception {
    return post(
        agent.address().resolve("/api/v1/machines/" + machine + "/registration"),
        token,
        JsonMapper.shared().writeValueAsString(new RegistrationRequest(claim)));
  }

  private static String credential(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readValue(answer.body(), Credential.class).token();
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String why) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  @Test
  void a_new_machine_gets_a_credential_that_all_agents_of_the_region_know() throws Exception {
    var own = credential(register(a, "new-1", token("{}"), CLAIM));
    var poll = new Poll("z1", List.of(), List.of(), 1, 0, 0);
    for (var agent : List.of(a, b)) {
      assertThat(agent.poll("new-1", own, poll).statusCode()).isEqualTo(200);
      assertThat(agent.poll("new-2", own, poll).statusCode()).isEqualTo(403);
    }
    // by it, it is registered as itself, and as nobody else
    assertThat(credential(register(b, "new-1", own, CLAIM))).isEqualTo(own);
    assertRefused(register(b, "new-2", own, CLAIM), 401, "registration-refused");
  }

  @Test
  void a_token_is_good_for_one_machine_at_whichever_agent_and_for_its_second_try()
      throws Exception {
    var token = token("{}");
    var first = credential(register(a, "one-1", token, CLAIM));
    assertThat(credential(register(b, "one-1", token, CLAIM))).isEqualTo(first);
    assertRefused(register(b, "one-2", token, CLAIM), 401, "has been used");
    // who has read it on its way cannot be that machine
    assertRefused(register(b, "one-1", token, "d".repeat(43)), 401, "has been used");
  }

  @Test
  void a_token_for_several_machines_is_used_up_too() throws Exception {
    var token = token("{\"uses\": 2, \"validSeconds\": 60}");
    credential(register(a, "two-1", token, CLAIM));
    credential(register(b, "two-2", token, CLAIM));
    assertRefused(register(a, "two-3", token, CLAIM), 401, "has been used");
  }

  @Test
  void nobody_takes_the_name_of_a_machine_that_is_there_but_its_replacement() throws Exception {
    credential(register(a, "name-1", token("{}"), CLAIM));
    assertRefused(register(a, "name-1", token("{}"), "e".repeat(43)), 409, "machine-exists");
    var replacement = token("{\"machine\": \"name-1\"}");
    assertRefused(register(b, "name-2", replacement, CLAIM), 401, "is one of machine name-1");
    credential(register(b, "name-1", replacement, "e".repeat(43)));
    assertRefused(register(b, "name-1", replacement, "f".repeat(43)), 401, "has been used");
  }

  @Test
  void a_name_that_is_taken_uses_up_no_token() throws Exception {
    credential(register(a, "taken-1", token("{}"), CLAIM));
    var token = token("{}");
    var other = "e".repeat(43);
    assertRefused(register(b, "taken-1", token, other), 409, "machine-exists");
    credential(register(b, "taken-2", token, other));
  }

  @Test
  void a_revoked_machine_is_refused_by_all_agents_until_it_has_another_token() throws Exception {
    var token = token("{}");
    var own = credential(register(a, "rev-1", token, CLAIM));
    var poll = new Poll("z1", List.of(), List.of(), 1, 0, 0);
    var held = a.pollLater("rev-1", own, new Poll("z1", List.of(), List.of(), 2, 9, 30));
    var epoch = centre.revoke("rev-1");
    assertThat(held.get(30, TimeUnit.SECONDS).statusCode()).as("while it waited").isEqualTo(401);
    for (var agent : List.of(a, b)) {
      eventually("it is revoked", () -> agent.poll("rev-1", own, poll).statusCode() == 401);
      assertThat(agent.poll("rev-2", Region.tokenOf("rev-2"), poll).statusCode()).isEqualTo(200);
      var seed = agent.address().resolve("/artifacts/hello/" + "ab".repeat(32));
      assertThat(agent.get(seed, own).statusCode()).isEqualTo(401);
      assertThat(agent.get(seed, Region.tokenOf("rev-2")).statusCode()).isEqualTo(404);
      assertRefused(register(agent, "rev-1", own, CLAIM), 401, "registration-refused");
      assertRefused(register(agent, "rev-1", token, CLAIM), 401, "has been used");
    }
    var next = credential(register(b, "rev-1", token("{}"), "e".repeat(43)));
    assertThat(next).isNotEqualTo(own);
    assertThat(a.poll("rev-1", next, poll).statusCode()).isEqualTo(200);
    assertThat(b.poll("rev-1", own, poll).statusCode()).isEqualTo(401);
    assertRefused(register(a, "rev-1", token("{}"), CLAIM), 409, "machine-exists");
    eventually(
        "the centre knows which it is",
        () ->
            centre.reports.stream()
                .anyMatch(r -> r.id().value().equals("rev-1") && r.epoch() == epoch));
    centre.revoke("rev-1");
    eventually("it is revoked again", () -> a.poll("rev-1", next, poll).statusCode() == 401);
  }

  @Test
  void an_announce_address_ends_with_its_machine() throws Exception {
    var keys = a.bean(AnnounceKeys.class);
    var artifact = new Sha256("ab".repeat(32));
    var query =
        "?info_hash=" + "%01".repeat(20) + "&peer_id=" + "p".repeat(20) + "&port=6881&left=1";
    var address = keys.address(a.address(), artifact, "ann-1", "");
    assertThat(a.get(URI.create(address + query), "none").statusCode()).isEqualTo(200);
    centre.revoke("ann-1");
    eventually(
        "it is refused", () -> a.get(URI.create(address + query), "none").statusCode() == 403);
    var again = a.bean(Revocations.class).memberOf(new MachineId("ann-1"));
    var next = keys.address(a.address(), artifact, again, "");
    assertThat(a.get(URI.create(next + query), "none").statusCode()).isEqualTo(200);
  }

  @Test
  void an_administrator_alone_makes_tokens_within_bounds() throws Exception {
    assertThat(ask(a, Region.tokenOf("m1"), "{}").statusCode()).isEqualTo(403);
    assertThat(ask(a, "nobody", "{}").statusCode()).isEqualTo(401);
    assertRefused(ask(a, ADMIN, "{\"uses\": 101}"), 400, "uses must be 1 to 100");
    assertRefused(
        ask(a, ADMIN, "{\"validSeconds\": 604801}"), 400, "validSeconds must be 60 to 604800");
    assertRefused(ask(a, ADMIN, "{\"machine\": \"m1\", \"uses\": 2}"), 400, "uses must be 1");
  }

  @Test
  void forged_and_broken_tokens_are_refused() throws Exception {
    var token = token("{}");
    var other = token("{\"uses\": 100}");
    var mixed = other.substring(0, other.indexOf('.')) + token.substring(token.indexOf('.'));
    for (var wrong : List.of("x", ".", mixed, token + "0", "x".repeat(400) + ".y")) {
      assertRefused(register(a, "forged", wrong, CLAIM), 401, "registration-refused");
    }
    var brief =
        post(
            a.address().resolve("/api/v1/machines/forged/registration"),
            token,
            "{\"claim\": \"short\"}");
    assertRefused(brief, 400, "claim must be 32 to 100");
    credential(register(a, "forged", token, CLAIM));
  }
}
