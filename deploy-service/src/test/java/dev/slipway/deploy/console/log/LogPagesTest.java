package dev.slipway.deploy.console.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.log.LogReadStore;
import dev.slipway.common.problem.InvalidInput;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
@SuppressWarnings("NullAway.Init")
class LogPagesTest {
  private JdbcClient jdbc;
  private long build;
  private long printed;
  private LogPages pages;
  private LogSearch search;

  @BeforeEach
  void start() {
    jdbc = TestDatabase.create().jdbc();
    var rows = new JobRows(jdbc);
    rows.app("hello");
    build = rows.running("hello", "worker-1");
    var logs = new BuildLogs(new LogReadStore(jdbc), new SimpleMeterRegistry());
    pages = new LogPages(logs);
    search = new LogSearch(logs);
  }

  private void print(String text) {
    jdbc.sql("insert into job_log (job, attempt, start, content) values (?, 1, ?, ?)")
        .params(build, printed, text)
        .update();
    printed += text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void printNumbers(int from, int to) {
    print(
        IntStream.rangeClosed(from, to)
            .mapToObj(n -> "line " + n + "\n")
            .collect(Collectors.joining()));
  }

  @Test
  void a_log_is_read_page_by_page_with_numbers_that_are_links() {
    printNumbers(1, 450);
    print("no end");
    assertThat(pages.extent(build, 1).lines()).isEqualTo(451);
    assertThat(pages.page(build, 1, 1).lines())
        .hasSize(200)
        .first()
        .asString()
        .isEqualTo(
            "<div class=\"line\" id=\"L1\"><a class=\"n\" tabindex=\"-1\" href=\"#L1\">1</a><span class=\"t\">line 1</span></div>");
    assertThat(pages.page(build, 1, 401).lines())
        .hasSize(51)
        .first()
        .asString()
        .contains("id=\"L401\"", "line 401");
    assertThat(pages.page(build, 1, 401)).contains("id=\"L451\"", "no end");
    assertThat(pages.page(build, 1, 601)).isEmpty();
  }

  @Test
  void what_is_printed_later_is_there_at_the_next_look() {
    printNumbers(1, 199);
    print("half of ");
    assertThat(pages.extent(build, 1).lines()).isEqualTo(200);
    print("a line\nand ");
    print("the next");
    var extent = pages.extent(build, 1);
    assertThat(extent.lines()).isEqualTo(201);
    assertThat(extent.bytes()).isEqualTo(printed);
    assertThat(pages.page(build, 1, 1)).contains(">half of a line<");
    assertThat(pages.page(build, 1, 201)).contains("id=\"L201\"", ">and the next<");
  }

  @Test
  void a_page_begins_in_the_colour_that_the_lines_before_have_left() {
    print("\u001b[31mred from here\n");
    printNumbers(2, 300);
    print("\u001b[0mno more\n");
    printNumbers(302, 420);
    assertThat(pages.page(build, 1, 201))
        .startsWith(
            "<div class=\"line\" id=\"L201\"><a class=\"n\" tabindex=\"-1\" href=\"#L201\">201</a><span class=\"t\"><span class=\"ansi-1\">line 201");
    assertThat(pages.page(build, 1, 401)).doesNotContain("ansi");
  }

  @Test
  void pages_begin_where_pages_begin() {
    assertThatThrownBy(() -> pages.page(build, 1, 17))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("from");
  }

  @Test
  void a_line_of_a_megabyte_is_short_on_its_page_and_found_by_its_end() {
    print("first\n");
    print("x".repeat(1_000_000));
    print("needle\nlast\n");
    assertThat(pages.page(build, 1, 1))
        .hasSizeLessThan(5_000)
        .contains("the download has all", ">last<");
    assertThat(search.find(build, 1, "NEEDLE").lines()).containsExactly(2L);
  }

  @Test
  void a_search_counts_the_lines_that_have_a_text_as_people_see_it() {
    print("an er\u001b[31mror\u001b[0m\nnothing\nError, error\nerr\ror\n");
    assertThat(search.find(build, 1, "error")).isEqualTo(new LogSearch.Found(List.of(1L, 3L), 2));
    assertThat(search.find(build, 1, "31m").total()).isZero();
    assertThatThrownBy(() -> search.find(build, 1, "")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> search.find(build, 1, "x".repeat(201)))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void a_search_lists_so_many_lines_and_counts_all() {
    for (var n = 0; n < 3; n++) {
      print("hit\n".repeat(5_000));
    }
    var found = search.find(build, 1, "hit");
    assertThat(found.total()).isEqualTo(15_000);
    assertThat(found.lines()).hasSize(10_000).endsWith(10_000L);
  }
}
