package dev.slipway.common.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.common.problem.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;

@NullMarked
class RecipeFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void a_slipway_yml_is_refused_by_its_name_or_is_within_bounds(byte[] text) {
    try {
      var recipe = RecipeParser.parse("slipway.yml", new String(text, StandardCharsets.UTF_8));
      assertThat(recipe.build().command().length()).isBetween(1, 10_000);
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(recipe.build().command())).isTrue();
      assertThat(recipe.build().timeout()).isBetween(Duration.ofSeconds(1), Duration.ofHours(24));
      assertThat(recipe.build().env()).hasSizeLessThanOrEqualTo(100);
    } catch (InvalidInput refused) {
      assertThat(refused.getMessage()).startsWith("slipway.yml");
    }
  }
}
