package dev.slipway.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.machine.MachineId;
import dev.slipway.common.problem.InvalidInput;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class RegistrationTest {
  private final Path dir;
  private final FakeRegion region;

  RegistrationTest(@TempDir Path folder) throws IOException {
    dir = folder.resolve("machine");
    region = new FakeRegion();
  }

  @AfterEach
  void stop() {
    region.close();
  }

  private String register(String token) throws IOException {
    var nobody = URI.create("http://127.0.0.1:1");
    return new Registration(new SimpleMeterRegistry())
        .credential(new MachineId("m1"), List.of(nobody, region.address()), dir, token);
  }

  @Test
  void a_machine_gets_its_credential_once_and_keeps_it_for_its_account_alone() throws Exception {
    assertThat(register(FakeRegion.ONCE)).isEqualTo(FakeRegion.TOKEN);
    assertThat(Files.getPosixFilePermissions(dir.resolve("credential")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    region.close();
    // the token is used up, and may be gone
    assertThat(register("")).isEqualTo(FakeRegion.TOKEN);
  }

  @Test
  void a_machine_that_did_not_hear_the_answer_asks_again_as_itself() throws Exception {
    region.losesAnswers = true;
    assertThatThrownBy(() -> register(FakeRegion.ONCE))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("machine m1 is not registered");
    region.losesAnswers = false;
    assertThat(register(FakeRegion.ONCE)).isEqualTo(FakeRegion.TOKEN);
    assertThat(region.claims).hasSizeGreaterThan(1);
    assertThat(region.claims.stream().distinct()).hasSize(1);
  }

  @Test
  void another_token_is_asked_for_another_credential_and_the_old_one_stays_where_there_is_none()
      throws Exception {
    assertThat(register(FakeRegion.ONCE)).isEqualTo(FakeRegion.TOKEN);
    var asked = region.claims.size();
    assertThat(register(FakeRegion.ONCE)).as("the same token").isEqualTo(FakeRegion.TOKEN);
    assertThat(region.claims).as("nobody was asked").hasSize(asked);
    assertThat(register("refused")).isEqualTo(FakeRegion.TOKEN);
    assertThat(register(FakeRegion.AGAIN)).isEqualTo(FakeRegion.NEXT_TOKEN);
    region.close();
    assertThat(register("")).isEqualTo(FakeRegion.NEXT_TOKEN);
    assertThat(register("unheard")).isEqualTo(FakeRegion.NEXT_TOKEN);
  }

  @Test
  void a_refusal_is_told_as_the_region_put_it_and_nothing_is_kept() {
    assertThatThrownBy(() -> register("other"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("answered 401: has been used");
    assertThat(dir.resolve("credential")).doesNotExist();
    assertThatThrownBy(() -> register(""))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("registration-token must be given");
  }
}
