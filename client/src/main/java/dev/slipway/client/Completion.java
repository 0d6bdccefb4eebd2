package dev.slipway.client;

import dev.slipway.client.text.Output;
import dev.slipway.common.problem.InvalidInput;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a shell complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Prints what lets a shell complete commands and options:",
      "source <(slipway completion bash) in ~/.bashrc, or the same with zsh in ~/.zshrc."
    })
final class Completion implements Callable<Integer> {
  private static final List<String> SHELLS = List.of("bash", "zsh");

  @Mixin private Output output = new Output();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "SHELL",
      completionCandidates = Shells.class,
      description = "${COMPLETION-CANDIDATES}")
  private String shell = "";

  /** For the shell itself. */
  static final class Shells implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return SHELLS.iterator();
    }
  }

  @Override
  public Integer call() {
    InvalidInput.unless(SHELLS.contains(shell), "SHELL", "must be bash or zsh");
    // one script does for both: under zsh it switches on what understands bash's
    var all = spec.parent().commandLine();
    output.lines(AutoComplete.bash(all.getCommandName(), all).lines().toList());
    return 0;
  }
}
