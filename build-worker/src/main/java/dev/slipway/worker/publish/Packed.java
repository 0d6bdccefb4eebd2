package dev.slipway.worker.publish;

import dev.slipway.common.artifact.Form;
import java.io.IOException;
import java.io.OutputStream;

/** An artifact as one stream of bytes; the same bytes each time. */
interface Packed {
  /** One buffer for all reading: large enough that system calls do not matter. */
  int BUFFER = 256 << 10;

  Form form();

  /** The file's or the folder's name. */
  String name();

  /** Bytes that {@link #writeTo} writes. */
  long size();

  void writeTo(OutputStream out) throws IOException;
}
