package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ProblemCodesTest {
  @Test
  void the_docs_list_every_code_of_the_sources_and_no_other() throws Exception {
    assertThat(ProblemCodes.inSources())
        .as("the rows of docs/api.md's table, and the codes in the sources")
        .isEqualTo(ProblemCodes.documented());
  }
}
