package dev.slipway.client.admin;

import dev.slipway.client.text.Output;
import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.machine.MachineId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Derives a machine's token. Nothing is called. */
@Command(
    name = "machine-token",
    description = "Prints the token of a machine, derived from its region's secret.")
public final class MachineToken implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      required = true,
      description = "The file with slipway.region.machine-secret.")
  private Path secretFile = Path.of("");

  @Parameters(paramLabel = "MACHINE", description = "The machine's id.")
  private String machine = "";

  @Override
  public Integer call() throws IOException {
    try {
      var secret = Files.readString(secretFile).strip();
      output.line(new MachineTokens(secret).tokenOf(new MachineId(machine)));
      return 0;
    } catch (NoSuchFileException missing) {
      throw new IOException("there is no file " + secretFile);
    }
  }
}
