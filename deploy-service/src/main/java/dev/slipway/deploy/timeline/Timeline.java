package dev.slipway.deploy.timeline;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.slipway.deploy.timeline.Stage.Name;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One commit's way from push to last machine, held against the budget.
 *
 * @param seconds that count: without the wait for somebody who is to press Deploy
 * @param budgetSeconds how many there may be
 * @param warning why the budget will not suffice, or did not; none while it does
 */
public record Timeline(
    long build,
    String app,
    String commit,
    List<Stage> stages,
    double seconds,
    double budgetSeconds,
    Outlook outlook,
    @Nullable String warning) {
  /** From push to last machine. */
  public static final Duration BUDGET = Duration.ofMinutes(30);

  /** How it stands. */
  public enum Outlook {
    /** What is left to do fits into what is left of the budget. */
    ON_TIME,
    /** It does not, if every stage that is left takes its share; there is still time. */
    AT_RISK,
    /** The budget is used up. */
    LATE,
    /** Somebody has to press Deploy. */
    WAITING,
    /** The last machine runs it. */
    DONE,
    /** It ended on the way. */
    STOPPED
  }

  /**
   * How a way goes on.
   *
   * @param stopped whether it has ended before the last machine
   * @param byHand whether its wait is for a person
   */
  record Course(boolean stopped, boolean byHand) {}

  static Timeline of(long build, String app, String commit, List<Stage> stages, Course course) {
    var counted = stages.stream().filter(s -> !(course.byHand() && s.name() == Name.WAIT)).toList();
    var spent = counted.stream().mapToDouble(Stage::spent).sum();
    var left = counted.stream().mapToDouble(Stage::left).sum();
    var outlook = outlook(stages, spent, left, course);
    double budget = BUDGET.toSeconds();
    var tight = outlook == Outlook.AT_RISK || (outlook != Outlook.STOPPED && spent > budget);
    return new Timeline(
        build,
        app,
        commit,
        stages,
        spent,
        budget,
        outlook,
        tight ? warning(counted, spent, left) : null);
  }

  private static Outlook outlook(List<Stage> stages, double spent, double left, Course course) {
    if (course.stopped()) {
      return Outlook.STOPPED;
    }
    if (stages.getLast().until() != null) {
      return Outlook.DONE;
    }
    if (spent > BUDGET.toSeconds()) {
      return Outlook.LATE;
    }
    if (course.byHand() && stages.stream().anyMatch(s -> s.name() == Name.WAIT && s.isUnderWay())) {
      return Outlook.WAITING;
    }
    return spent + left > BUDGET.toSeconds() ? Outlook.AT_RISK : Outlook.ON_TIME;
  }

  private static String warning(List<Stage> stages, double spent, double left) {
    var slowest = stages.stream().max(Comparator.comparingDouble(Stage::overrun)).orElseThrow();
    var why =
        "%s took %s of its %s"
            .formatted(
                slowest.name().word(), minutes(slowest.spent()), minutes(slowest.budgetSeconds()));
    double budget = BUDGET.toSeconds();
    return spent > budget
        ? "over the budget of %s by %s: %s".formatted(minutes(budget), minutes(spent - budget), why)
        : "%s left and %s to go: %s".formatted(minutes(budget - spent), minutes(left), why);
  }

  private static String minutes(double seconds) {
    return String.format(Locale.ROOT, "%.1f min", seconds / 60);
  }

  /** Whether its wait is for a person, so that it does not count. */
  @JsonIgnore
  public boolean isWaitFree() {
    return outlook == Outlook.WAITING
        || stages.stream().mapToDouble(Stage::spent).sum() - seconds > 0.0005;
  }

  /** Whether somebody should look, now or because it is too late. */
  public boolean isTight() {
    return outlook == Outlook.AT_RISK || outlook == Outlook.LATE;
  }
}
