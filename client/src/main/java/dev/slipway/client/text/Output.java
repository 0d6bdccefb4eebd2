package dev.slipway.client.text;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How a command answers: in lines for people. */
public class Output {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          // no byte of it does anything to a terminal
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--no-color",
      description = "No colours; so does NO_COLOR in the environment, and so does a pipe.")
  private boolean noColour;

  /** A line, made harmless. */
  public void line(String text) {
    out().println(Clean.line(text));
    out().flush();
  }

  /** Lines that are harmless already. */
  public void lines(List<String> lines) {
    lines.forEach(out()::println);
    out().flush();
  }

  /** A table, or a sentence that says that there is nothing. */
  public void table(Table table, String nothing) {
    lines(table.isEmpty() ? List.of(nothing) : table.lines(terminal()));
  }

  /** What is not the answer itself. */
  public void note(String text) {
    var err = command.commandLine().getErr();
    err.println(Clean.line(text));
    err.flush();
  }

  /** For programs; the keys are those of the API. */
  public void json(Object value) {
    out().println(JSON.writeValueAsString(value));
    out().flush();
  }

  public Terminal terminal() {
    return Terminal.standard(noColour);
  }

  /** Where answers go. */
  public PrintWriter out() {
    return command.commandLine().getOut();
  }
}
