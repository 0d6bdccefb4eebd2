package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.console.LogHtml.Chunk;
import dev.slipway.deploy.console.LogReader.Part;
import dev.slipway.deploy.console.LogReader.Place;
import java.util.Random;
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
  void strings_that_are_no_text_are_gone_even_when_they_are_cut() {
    assertThat(add("a\u001b]8;;javascript:alert(1)\u001b\\link\u001b]8;;\u0007b"))
        .isEqualTo("alinkb");
    assertThat(
            add("\u001bPq#0;2;0\u001b\\c\u001b_apc\u001b\\d\u001b^pm\u001b\\e\u001bXsos\u001b\\f"))
        .isEqualTo("cdef");
    assertThat(add("\u009b31mg\u009b0m\u0090dcs\u009ch\u009d0;t\u0007i"))
        .isEqualTo("<span class=\"ansi-1\">g</span>hi");
    assertThat(add("j\u001b]0;<script>")).isEqualTo("j");
    assertThat(add("alert(1)\u001b")).isEmpty();
    assertThat(add("\\k")).isEqualTo("k");
  }

  @Test
  void a_string_without_an_end_is_shown_as_text() {
    assertThat(add("\u001b]0;<b>\nnext\n")).isEqualTo("0;&lt;b&gt;\nnext\n");
    assertThat(add("\u001b]" + "x".repeat(3_000))).isEqualTo("x".repeat(3_000));
  }

  @Test
  void whatever_is_printed_only_our_own_markup_comes_out() {
    var random = new Random(7);
    var alphabet = "\u001b\u001b\u001b[]P_;0139m<>&\"'\\\u0007\u009b\u009c\u0090\r\n\u0000 /x";
    for (var round = 0; round < 2_000; round++) {
      var text = new StringBuilder();
      random.ints(40, 0, alphabet.length()).forEach(i -> text.append(alphabet.charAt(i)));
      assertThat(add(text.toString()))
          .as("%s", text.chars().boxed().toList())
          .matches(
              "(?:[^<>&\"'\\p{Cntrl}\u0080-\u009f]|[\n\t]|&(?:amp|lt|gt|quot|#39);"
                  + "|<span class=\"(?:bold)?(?: ?ansi-[0-9]{1,2})?\">|</span>)*");
    }
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
