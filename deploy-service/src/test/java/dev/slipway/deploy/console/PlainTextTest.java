package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class PlainTextTest {
  @Test
  void what_turns_text_round_or_hides_is_written_out() {
    assertThat(PlainText.line("eu\u202Etsew\u2066x\u200B\uFEFF", 100))
        .isEqualTo("eu⟨U+202E⟩tsew⟨U+2066⟩x⟨U+200B⟩⟨U+FEFF⟩");
  }

  @Test
  void control_characters_are_written_out_and_breaks_are_kept_only_where_lines_are() {
    assertThat(PlainText.line("a\u001b[31m\nb", 100)).isEqualTo("a⟨U+001B⟩[31m⟨U+000A⟩b");
    assertThat(PlainText.lines("a\n\tb\r", 100)).isEqualTo("a\n\tb⟨U+000D⟩");
  }

  @Test
  void half_a_surrogate_is_written_out() {
    assertThat(PlainText.line("\uD83D", 100)).isEqualTo("⟨U+D83D⟩");
    assertThat(PlainText.line("\uD83D\uDE80", 100)).isEqualTo("\uD83D\uDE80");
  }

  @Test
  void a_megabyte_is_cut_between_characters() {
    assertThat(PlainText.line("\uD83D\uDE80".repeat(500_000), 3))
        .isEqualTo("\uD83D\uDE80".repeat(3) + "…");
    assertThat(PlainText.line("abc", 3)).isEqualTo("abc");
  }
}
