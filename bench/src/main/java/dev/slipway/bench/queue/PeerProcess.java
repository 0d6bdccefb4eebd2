package dev.slipway.bench.queue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that answers each line with a line; see {@link Reply}. It begins with an answer. */
public final class PeerProcess implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final int LONGEST_STOP_SECONDS = 10;

  private final Process process;
  private final Writer commands;

  /** Empty once the process says no more. */
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  private PeerProcess(Process process) {
    this.process = process;
    this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
  }

  /**
   * Starts it and waits until it is there.
   *
   * @param errors gets what it prints to stderr
   */
  public static PeerProcess start(List<String> command, Path folder, Path errors)
      throws IOException, InterruptedException {
    var peer =
        new PeerProcess(
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start());
    Thread.ofPlatform().daemon().name("peer").start(peer::read);
    try {
      peer.answer();
      return peer;
    } catch (IOException | InterruptedException failed) {
      peer.close();
      throw failed;
    }
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  private void read() {
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException ended) {
      // it is said below
    }
    lines.add(Optional.empty());
  }

  /**
   * Sends a command and waits for its answer.
   *
   * @throws IOException when the answer is an error, or does not come within three minutes
   */
  public List<Double> call(String command, int... numbers)
      throws IOException, InterruptedException {
    var line = new StringBuilder(command);
    for (var number : numbers) {
      line.append(' ').append(number);
    }
    commands.append(line).append('\n').flush();
    return answer();
  }

  private List<Double> answer() throws IOException, InterruptedException {
    var deadline = System.nanoTime() + LONGEST.toNanos();
    while (true) {
      var line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new IOException("a peer did not answer within " + LONGEST.toMinutes() + " minutes");
      }
      var numbers =
          Reply.parse(line.orElseThrow(() -> new IOException("a peer's process has ended")));
      if (numbers.isPresent()) {
        return numbers.get();
      }
    }
  }

  /** It ends when its stdin does; by force when it does not. */
  @Override
  public void close() {
    var interrupted = Thread.interrupted();
    try {
      commands.close();
    } catch (IOException alreadyEnded) {
      // then there is nobody to tell
    }
    try {
      if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
