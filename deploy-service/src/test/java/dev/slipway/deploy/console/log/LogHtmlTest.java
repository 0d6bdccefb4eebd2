package dev.slipway.deploy.console.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.console.log.LineCutter.Line;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LogHtmlTest {
  private final LogHtml html = new LogHtml(AnsiStyle.PLAIN);

  private String add(String text) {
    var out = new StringBuilder();
    html.write(new Line(text, false, 0), out);
    return out.toString();
  }

  @Test
  void markup_is_escaped_inside_and_outside_of_colours() {
    assertThat(add("<a href=\"x\">&'\u001b[31m<b>\u001b[0m"))
        .isEqualTo("&lt;a href=&quot;x&quot;&gt;&amp;&#39;<span class=\"ansi-1\">&lt;b&gt;</span>");
  }

  @Test
  void a_colour_goes_on_in_the_next_line_whether_the_line_before_was_written_or_skipped() {
    assertThat(add("\u001b[1;32mgreen")).isEqualTo("<span class=\"bold ansi-2\">green</span>");
    assertThat(add("still\u001b[0m not")).isEqualTo("<span class=\"bold ansi-2\">still</span> not");
    html.skip(new Line("\u001b[91mred", false, 0));
    assertThat(add("on")).isEqualTo("<span class=\"ansi-9\">on</span>");
    html.skip(new Line("plain", false, 0));
    assertThat(html.style()).isEqualTo(new AnsiStyle(9, false));
  }

  @Test
  void what_moves_cursors_sets_titles_or_turns_text_is_gone() {
    assertThat(add("\u001b[2J\u001b[1;1Ha\u001b]0;title\u0007b\u0008\u0000c\u202ed\u200f\u001b(B"))
        .isEqualTo("abc\uFFFDd\uFFFD");
  }

  @Test
  void strings_that_are_no_text_are_gone() {
    assertThat(add("a\u001b]8;;javascript:alert(1)\u001b\\link\u001b]8;;\u0007b"))
        .isEqualTo("alinkb");
    assertThat(
            add("\u001bPq#0;2;0\u001b\\c\u001b_apc\u001b\\d\u001b^pm\u001b\\e\u001bXsos\u001b\\f"))
        .isEqualTo("cdef");
    assertThat(add("\u009b31mg\u009b0m\u0090dcs\u009ch\u009d0;t\u0007i"))
        .isEqualTo("<span class=\"ansi-1\">g</span>hi");
  }

  @Test
  void a_string_without_an_end_is_shown_as_text() {
    assertThat(add("\u001b]0;<b>")).isEqualTo("0;&lt;b&gt;");
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
              "(?:[^<>&\"'\\p{Cntrl}\u0080-\u009f]|\t|&(?:amp|lt|gt|quot|#39);"
                  + "|<span class=\"(?:bold)?(?: ?ansi-[0-9]{1,2})?\">|</span>)*");
    }
  }

  @Test
  void long_lines_are_cut_and_say_so() {
    assertThat(add("x".repeat(5_000)))
        .startsWith("x".repeat(LogHtml.LONGEST_LINE) + "<span class=\"cut\">")
        .hasSizeLessThan(4_100);
    assertThat(add("x".repeat(LogHtml.LONGEST_LINE))).doesNotContain("cut");
  }

  @Test
  void what_people_see_has_no_sequences() {
    assertThat(LogHtml.visible("\u001b[31mER\u001b[0mROR\u001b]0;t\u0007")).isEqualTo("ERROR");
  }
}
