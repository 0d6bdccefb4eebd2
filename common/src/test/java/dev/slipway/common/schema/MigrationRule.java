package dev.slipway.common.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads a migration and says what in it the services of the version before could trip over. It
 * knows a few forms of statements that add; what it does not know it refuses, unless the migration
 * says what it takes away and since when nobody uses that.
 */
final class MigrationRule {
  /** {@code -- contract: since 0.3 nothing reads job.ref}. */
  private static final Pattern CONTRACT =
      Pattern.compile("^-- contract: since \\d+\\.\\d+ .+", Pattern.MULTILINE);

  private static final Pattern DOLLARS =
      Pattern.compile("\\$(\\w*)\\$.*?\\$\\1\\$", Pattern.DOTALL);
  private static final Pattern COMMENT = Pattern.compile("--[^\n]*");
  private static final Pattern TEXT = Pattern.compile("'(?:[^']|'')*'");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** Statements that take nothing from who does not know what they make. */
  private static final Pattern ADDS =
      Pattern.compile(
          "create (table|index|view|function|or replace function|sequence|type|extension)\\b.*"
              + "|comment on .*|grant .*|select .*|insert into .*");

  private static final Pattern ALTER = Pattern.compile("alter table (?:only )?\\w+ (.*)");

  /**
   * Of a table that is there. A trigger or a unique index on it may refuse what was written before.
   */
  private static final Pattern ADDS_COLUMN =
      Pattern.compile(
          "add (?:column )?(?!(?:constraint|check|unique|primary|foreign|exclude)\\b)\\w+ .*");

  private static final Pattern LOOSENS =
      Pattern.compile("alter (?:column )?\\w+ (?:drop not null|set default .*)|set \\(.*\\)");

  private MigrationRule() {}

  /** What breaks the rule; nothing for a migration that only adds, or that says what it takes. */
  static List<String> broken(String migration) {
    if (CONTRACT.matcher(migration).find()) {
      return List.of();
    }
    var plain = DOLLARS.matcher(migration).replaceAll("''");
    plain = TEXT.matcher(COMMENT.matcher(plain).replaceAll("")).replaceAll("''");
    var made = new ArrayList<String>();
    var broken = new ArrayList<String>();
    for (var statement : plain.split(";", -1)) {
      var words = SPACE.matcher(statement).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
      var table = words.replaceFirst("^create table (?:if not exists )?(\\w+).*", "$1");
      if (!table.equals(words)) {
        made.add(table);
      }
      if (!words.isEmpty() && !adds(words, made)) {
        broken.add(words);
      }
    }
    return broken;
  }

  private static boolean adds(String statement, List<String> made) {
    if (made.stream().anyMatch(table -> isAbout(statement, table))) {
      // nobody has used it yet
      return true;
    }
    var alter = ALTER.matcher(statement);
    return alter.matches()
        ? clauses(alter.group(1)).stream().allMatch(MigrationRule::isHarmless)
        : ADDS.matcher(statement).matches();
  }

  private static boolean isAbout(String statement, String table) {
    return statement.matches(
        "(alter table|create trigger .* on|create unique index .* on|update) %s\\b.*"
            .formatted(table));
  }

  private static boolean isHarmless(String clause) {
    return LOOSENS.matcher(clause).matches()
        || (ADDS_COLUMN.matcher(clause).matches()
            && (!clause.contains("not null") || clause.contains(" default ")));
  }

  /** The parts between commas that are in no brackets. */
  private static List<String> clauses(String text) {
    var clauses = new ArrayList<String>();
    var depth = 0;
    var from = 0;
    for (var i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '(' -> depth++;
        case ')' -> depth--;
        case ',' -> {
          if (depth == 0) {
            clauses.add(text.substring(from, i).strip());
            from = i + 1;
          }
        }
        default -> {
          // part of a clause
        }
      }
    }
    clauses.add(text.substring(from).strip());
    return clauses;
  }
}
