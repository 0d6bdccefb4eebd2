package dev.slipway.client.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.client.text.Terminal;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class ToldTest {
  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static void assertRow(List<String> lines, String... cells) {
    assertThat(lines)
        .anySatisfy(line -> assertThat(line.strip().split(" {2,}")).containsExactly(cells));
  }

  @Test
  void a_preview_tells_what_is_in_the_way_what_is_skipped_and_what_each_region_must_move() {
    var lines =
        Told.preview(
            json(
                """
                {"app": "hello", "build": 9, "commit": "abc123", "sizeBytes": 2048, "waves": [{}],
                 "obstacles": [{"code": "pinned", "text": "pinned by ann", "blocks": false},
                               {"code": "retired", "text": "no longer kept", "blocks": true}],
                 "skipped": [{"build": 7}, {"build": 8}],
                 "regions": [{"region": "eu", "now": 6, "copyBytes": 0, "machineBytes": 4096, "machines": 5,
                              "running": 1, "warm": 2, "silent": 1}],
                 "expectedSeconds": 42.0, "basedOn": 5}
                """),
            Terminal.NONE);
    assertThat(lines)
        .contains(
            "Build #9 (abc123) of hello, 2.0 kB, in 1 wave",
            "  mind: pinned by ann",
            "  in the way: no longer kept",
            "  skips #7, #8",
            "about 42 s, by the last 5 that went well");
    assertRow(lines, "eu", "#6", "0 B", "4.1 kB", "1", "2", "2", "1");
  }

  @Test
  void a_status_counts_by_region_and_names_who_is_behind() {
    var seen =
        json(
            """
            {"deployment": {"id": 3, "build": 9, "app": "hello", "status": "ROLLING", "wave": 0,
                            "plan": {"steps": [{}, {}]}, "reason": null},
             "regions": {"eu": {"healthy": 4, "pending": 1, "failed": 1, "unknown": 0}}, "secondsLeft": 180.0}
            """);
    var stragglers =
        json(
            """
            [{"region": "eu", "machine": "e1", "standing": "FAILED", "seconds": 12.0, "reason": "unhealthy"}]
            """);
    var lines = Told.status(seen, stragglers, Terminal.NONE);
    assertThat(lines)
        .contains(
            "Deployment 3 of build #9 of hello is ROLLING, wave 1 of 2, about 3 min 0 s to go");
    assertRow(lines, "eu", "4", "1", "1", "0");
    assertRow(lines, "eu", "e1", "FAILED", "12 s", "unhealthy");
  }
}
