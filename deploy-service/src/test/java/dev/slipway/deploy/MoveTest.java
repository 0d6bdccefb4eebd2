package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class MoveTest {
  private static final Pattern ARROW = Pattern.compile("  ([A-Z]+) --> ([A-Z]+): ([a-z ]+).*");

  @Test
  void the_drawing_shows_exactly_the_moves_of_the_table() throws IOException {
    var text = Files.readString(Path.of("../docs/architecture.md"));
    var drawing = text.substring(text.indexOf("### Deployment (`deploy.DeploymentStatus`"));
    var drawn =
        drawing
            .lines()
            .takeWhile(line -> !line.startsWith("### App on a machine"))
            .map(ARROW::matcher)
            .filter(arrow -> arrow.matches())
            .map(arrow -> arrow.group(1) + " " + arrow.group(3).strip() + " " + arrow.group(2))
            .toList();
    assertThat(drawn)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Move.values())
                .flatMap(move ->
                    move.from().stream()
                        .map(from ->
                            from
                                + " "
                                + move.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                                + " "
                                + move.next()))
                .toList());
  }

  @Test
  void no_move_leads_out_of_an_end() {
    for (var move : Move.values()) {
      assertThat(move.from()).noneMatch(DeploymentStatus::isEnded);
    }
  }

  @Test
  void people_make_peoples_moves_alone() {
    assertThat(Move.of("promote-all")).isEqualTo(Move.PROMOTE_ALL);
    for (var word : new String[] {"succeed", "supersede", "start", "PAUSE", "explode", ""}) {
      assertThatThrownBy(() -> Move.of(word)).isInstanceOf(Problem.class);
    }
  }
}
