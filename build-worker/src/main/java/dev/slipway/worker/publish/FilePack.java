package dev.slipway.worker.publish;

import dev.slipway.common.artifact.Form;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A single file, as it is. */
record FilePack(Path file, String name, long size) implements Packed {
  @Override
  public Form form() {
    return Form.FILE;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    copy(file, out);
  }

  static void copy(Path file, OutputStream out) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
  }
}
