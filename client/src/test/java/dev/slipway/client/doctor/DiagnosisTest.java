package dev.slipway.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.client.doctor.Finding.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class DiagnosisTest {
  private static final String WELL =
      """
      {"version": "1.0", "you": {"name": "ann", "role": "ADMIN"}, "targetsSigned": true, "schema": "19", "knownSchema": 19,
       "queue": {"waiting": 1, "oldestSeconds": 3.5, "workers": 2, "slots": 4, "busy": 1},
       "regions": [{"name": "eu", "wanted": true, "reason": "r", "agents": 1, "silentSeconds": 900, "machines": 4, "silent": 0,
                    "corrupt": 0, "problem": "size differs", "unreadSeconds": 2}],
       "apps": [{"name": "hello", "foundBy": "WEBHOOK", "failedLooks": 0}]}
      """;

  private static List<Finding> of(String installation) {
    return Diagnosis.of(JsonMapper.shared().readTree(installation), "1.0");
  }

  @Test
  void where_all_is_well_there_is_nothing_to_mend() {
    assertThat(of(WELL)).isNotEmpty().allMatch(found -> found.level() == Level.OK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"workers\": 2            | \"workers\": 0             | ERROR   | workers    | none was heard of",
        "\"oldestSeconds\": 3.5    | \"oldestSeconds\": 300     | WARNING | queue      | the first for 5 min",
        "\"targetsSigned\": true   | \"targetsSigned\": false   | WARNING | target key | not signed",
        "\"schema\": \"19\"        | \"schema\": \"25\"         | WARNING | schema     | built for 19",
        "\"version\": \"1.0\"      | \"version\": \"2.0\"       | WARNING | version    | deploy-service is 2.0",
        "\"wanted\": true          | \"wanted\": false          | WARNING | region eu  | is excluded: r",
        "\"agents\": 1             | \"agents\": 0              | ERROR   | region eu  | silent since 15 min",
        "\"corrupt\": 0            | \"corrupt\": 2             | ERROR   | region eu  | size differs",
        "\"unreadSeconds\": 2      | \"unreadSeconds\": 400     | ERROR   | region eu  | waits to be read back",
        "\"silent\": 0             | \"silent\": 3              | WARNING | region eu  | 3 of 4 machines",
        "\"failedLooks\": 0        | \"failedLooks\": 3         | ERROR   | app hello  | did not answer",
        "\"foundBy\": \"WEBHOOK\"  | \"foundBy\": null          | WARNING | app hello  | nothing was pushed",
        "\"WEBHOOK\"               | \"RECONCILIATION\"         | WARNING | app hello  | no webhook"
      })
  void whatever_is_not_well_is_told_with_what_to_do(
      String well, String ill, Level level, String check, String text) {
    assertThat(WELL).contains(well);
    assertThat(of(WELL.replace(well, ill)))
        .filteredOn(found -> found.level() != Level.OK)
        .singleElement()
        .satisfies(found -> {
          assertThat(found.level()).isEqualTo(level);
          assertThat(found.check()).isEqualTo(check);
          assertThat(found.text()).contains(text);
          assertThat(found.mend()).isNotBlank();
        });
  }

  @Test
  void a_wanted_region_that_never_had_an_agent_is_told_from_one_whose_agents_are_silent() {
    assertThat(of(WELL.replace("\"agents\": 1, \"silentSeconds\": 900", "\"agents\": 0")))
        .anyMatch(found -> found.text().contains("is wanted and has no agent"));
  }

  @Test
  void clocks_are_compared_with_the_time_that_the_call_took() {
    var begun = Instant.parse("2026-01-01T00:00:00Z");
    var ended = begun.plusSeconds(5);
    assertThat(Reach.apart(begun.plusSeconds(3), begun, ended)).isZero();
    assertThat(Reach.apart(begun.minusSeconds(30), begun, ended)).isEqualTo(Duration.ofSeconds(30));
    assertThat(Reach.apart(ended.plusSeconds(30), begun, ended)).isEqualTo(Duration.ofSeconds(30));
  }
}
