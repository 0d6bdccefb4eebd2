package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.console.LogHtml.Chunk;
import dev.slipway.deploy.console.LogReader.Part;
import dev.slipway.deploy.console.LogReader.Place;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LogHtmlTest {
  private final LogHtml html = new LogHtml(1);
  private int part;

  private String add(String text) {
    return html.add(new Part(new Place(1, part++), text)).stream()
        .map(Chunk::html)
        .collect(Collectors.joining());
  }

  @Test
  void markup_is_escaped_inside_and_outside_of_colours() {
    assertThat(add("<a href=\"x\">&'\u001b[31m<b>\u001b[0m"))
        .isEqualTo("&lt;a href=&quot;x&quot;&gt;&amp;&#39;<span class=\"ansi-1\">&lt;b&gt;</span>");
  }

  @Test
  void a_colour_and_a_cut_sequence_go_on_in_the_next_part() {
    assertThat(add("\u001b[1;32mgreen\u001b["))
        .isEqualTo("<span class=\"bold ansi-2\">green</span>");
    assertThat(add("0mplain")).isEqualTo("plain");
  }

  @Test
  void what_moves_cursors_sets_titles_or_turns_text_is_gone() {
    assertThat(add("\u001b[2J\u001b[1;1Ha\u001b]0;title\u0007b\u0008\u0000c\u202ed\u001b(B"))
        .isEqualTo("abc\uFFFDd");
  }

  @Test
  void a_line_written_over_shows_what_was_written_last() {
    assertThat(add("10%\r50%\r100%\r\ndone\n")).isEqualTo("100%\ndone\n");
  }

  @Test
  void a_new_attempt_is_announced() {
    add("first\n");
    assertThat(html.add(new Part(new Place(2, 0), "again\n")).getFirst().html())
        .contains("attempt 2", "again");
  }

  @Test
  void long_lines_are_cut_and_chunks_have_few_lines() {
    assertThat(add("x".repeat(5_000)).length()).isLessThan(4_100);
    var chunks = html.add(new Part(new Place(1, part++), "y\n".repeat(250)));
    assertThat(chunks).extracting(Chunk::lines).containsExactly(100, 100, 50);
  }
}
